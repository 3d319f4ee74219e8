"""Columns made from tables are those made from objects, array for array, from frames of every kind."""

from __future__ import annotations

import datetime as dt
import decimal
import random
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from columns.test_compile import same
from gigmatch.columns import columns_of
from gigmatch.errors import InvalidFileError, InvalidInputError, InvalidMorningError, UnsupportedError
from gigmatch.model import Employer, Morning
from gigmatch.tables import frames as frames_module
from gigmatch.tables import schema
from gigmatch.tables.from_morning import tables_of
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, sample

KINDS = ("pyarrow", "pandas", "polars")


def shuffled(tables: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same tables, their rows and columns in another order."""
    dice = random.Random(seed)
    found = {}
    for name, table in tables.items():
        rows = dice.sample(range(table.num_rows), table.num_rows)
        names = dice.sample(table.column_names, table.num_columns)
        found[name] = table.take(pa.array(rows, pa.int64())).select(names)
    return found


@examples(12)
@given(mornings(crews=True), st.integers(0, 99))
def test_tables_and_objects_make_the_same_columns(morning: Morning, seed: int) -> None:
    """Every array and name, whatever the order of rows and columns; empty tables may be missing."""
    expected = columns_of(morning)
    tables = {name: table for name, table in tables_of(morning).items() if table.num_rows or seed % 2}
    found = gm.columns_from_frames(**shuffled(tables, seed))
    assert same(found, expected)
    assert found.digest() == expected.digest()


@pytest.mark.parametrize("kind", KINDS)
@examples(5)
@given(mornings(crews=True))
def test_frames_lose_nothing(kind: str, morning: Morning) -> None:
    """There and back by every kind of frame: the same morning, the same columns."""
    frames = gm.morning_to_frames(morning, kind)  # type: ignore[arg-type]
    assert {type(frame).__module__.split(".")[0] for frame in frames.values()} == {kind}
    assert gm.morning_from_frames(**frames) == morning
    assert gm.columns_from_frames(**frames).digest() == columns_of(morning).digest()


@examples(4)
@given(mornings(crews=True))
def test_parquet_loses_nothing(morning: Morning) -> None:
    """Files instead of frames."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        gm.write_parquet(morning, folder)
        assert gm.read_parquet(folder).digest() == columns_of(morning).digest()
        assert gm.morning_from_files(folder) == morning


def test_a_sample_by_tables() -> None:
    """1,200 workers with all their relations."""
    morning = sample("jingshi", seed=7)
    assert gm.columns_from_frames(**tables_of(morning)).digest() == columns_of(morning).digest()


def test_no_object_per_row() -> None:
    """Ten times the workers make few more Python calls."""
    import sys

    def calls(workers: int) -> int:
        tables = tables_of(sample("jingshi", workers=workers))
        tables = {name: table for name, table in tables.items() if "attributes" not in name}
        count = 0

        def tick(frame: Any, event: str, arg: Any) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(tick)
        try:
            gm.columns_from_frames(**tables)
        finally:
            sys.setprofile(None)
        return count

    calls(1000)  # imports what is used for the first time
    assert calls(1000) < 2 * calls(100)


MORNING = {"date": "2025-07-19", "time_zone": "Asia/Shanghai", "currency": "CNY", "market_id": "hall"}
HALL = {"id": ["hall"], "name": ["Hall"], "lat": [39.9], "lon": [116.2], "datum": ["WGS-84"]}
BASE: dict[str, Any] = {"morning": MORNING, "stations": HALL}


def of_workers(extra: Any = "ignore", **columns: Any) -> gm.Columns:
    """Columns of two workers at the hall, ``a`` and ``b`` unless told otherwise."""
    workers = pd.DataFrame({"id": ["a", "b"], "station_id": ["hall", "hall"], **columns})
    return gm.columns_from_frames(extra=extra, **BASE, workers=workers)


FIRST = uuid.UUID("0000000a-0000-4000-8000-000000000001")


@pytest.mark.parametrize(
    ("ids", "texts"),
    [
        ([2, 10], ("10", "2")),
        ([2.0, 10.0], ("10", "2")),
        ([decimal.Decimal(2), decimal.Decimal(10)], ("10", "2")),
        ([FIRST, uuid.UUID(int=FIRST.int + 1)], (str(FIRST), str(uuid.UUID(int=FIRST.int + 1)))),
        (["é", "z"], ("z", "é")),
    ],
    ids=["integer", "float", "decimal", "uuid", "text"],
)
@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, dict], ids=["pandas", "polars", "mapping"])
def test_ids_become_text(frame: Any, ids: list[Any], texts: tuple[str, str]) -> None:
    """Whatever a database calls people by, also where others refer to them."""
    workers = frame({"id": ids, "station_id": ["hall", "hall"]})
    windows = frame({"worker_id": ids, "start_min": ["08:00", "09:00"], "end_min": ["18:00", "19:00"]})
    columns = gm.columns_from_frames(**BASE, workers=workers, windows=windows)
    assert columns.worker_ids == texts
    assert sorted(columns.workers.free.start.tolist()) == [480, 540]


def test_timestamps_are_minutes_in_the_zone_of_the_morning() -> None:
    """Aware ones are moved there, naive ones are read there; seconds are dropped."""
    moments = [dt.datetime(2025, 7, 18, 22, 0, 59, tzinfo=dt.UTC), None]
    columns = of_workers(
        arrived_at_min=moments, last_shift_end_min=pd.to_datetime(["2025-07-19 05:20", None])
    )
    assert columns.worker_ids == ("a", "b")
    np.testing.assert_equal(columns.workers.last_shift_end_min, [320, np.nan])
    order = of_workers(
        arrived_at_min=[
            dt.datetime(2025, 7, 19, 6, tzinfo=dt.UTC),
            dt.datetime(2025, 7, 19, 5, 59, tzinfo=dt.timezone(dt.timedelta(hours=-1))),
        ]
    )
    assert order.worker_ids == ("a", "b")


def test_written_in_many_ways() -> None:
    """Decimals, truths as numbers, categories, unknown in every spelling."""
    columns = of_workers(
        pay_floor_per_day=[decimal.Decimal("150.10"), None],
        insurance_required=[1, 0],
        insured=["yes", None],
        rating=[float("nan"), 4.5],
        travel_mode=pd.Categorical(["walk", None]),
        birth_date=pd.to_datetime(["2000-07-20", None]),
        age_years=pd.array([None, 30], dtype="Int64"),
    )
    workers = columns.workers
    np.testing.assert_equal(workers.floor_per_day, [150.1, np.nan])
    np.testing.assert_equal(workers.rating, [np.nan, 4.5])
    np.testing.assert_equal(workers.age_years, [24, 30])
    assert (workers.insured.tolist(), workers.insurance_required.tolist()) == ([True, False], [True, False])
    assert workers.mode.tolist() == [0, 2]  # unknown is the default: transit


def bad_tables() -> dict[str, Any]:
    """A good and a bad worker, and a shift whose employer is bad."""
    place = {"lat": 39.9, "lon": 116.2, "datum": "WGS-84"}
    return {
        **BASE,
        "workers": {"id": ["a", "b", "c"], "station_id": ["hall"] * 3, "rating": [1.0, 9.0, 2.0]},
        "windows": {"worker_id": ["a", "b", "c"], "start_min": [0, 0, 60], "end_min": [60, 60, 0]},
        "employers": {"id": ["e", "f"], "standing": ["ok", "broke"]},
        "shifts": {
            "id": ["s", "t"],
            "employer_id": ["e", "f"],
            **{name: [value] * 2 for name, value in place.items()},
            "pay_amount": [200, 200],
            "pay_unit": ["day", "day"],
        },
        "periods": {"shift_id": ["s", "t"], "start_min": [480, 480], "end_min": [1080, 1080]},
    }


def test_every_problem_is_raised() -> None:
    """One error with table, row, column, value and way out of each."""
    with pytest.raises(InvalidMorningError) as caught:
        gm.columns_from_frames(**bad_tables())
    assert caught.value.problems == (
        ("employers[1].standing", "Input should be 'ok', 'arrears' or 'suspended'. Got 'broke'."),
        ("workers[1].rating", "Input should be less than or equal to 5. Got '9.0'."),
        (
            "windows[2]",
            "ends at 0:00, no later than it starts, at 1:00; "
            "if it ends the next day, write 24:00 (1440 minutes) in end_min.",
        ),
    )


def test_bad_rows_are_left_out_and_listed() -> None:
    """With what they belong to and what refers to them: nobody becomes free all day by a broken window."""
    columns = gm.columns_from_frames(on_error="collect", **bad_tables())
    assert columns.worker_ids == ("a",)
    assert columns.shift_ids == ("s",)
    assert [(row.table, row.row) for row in columns.reading.left_out] == [
        ("employers", 1),
        ("workers", 1),
        ("workers", 2),
        ("windows", 1),
        ("windows", 2),
        ("shifts", 1),
        ("periods", 1),
    ]
    assert columns.reading.left_out[1].why == "rating: Input should be less than or equal to 5. Got '9.0'."
    assert columns.reading.left_out[2].why == "windows[2], which belongs to it, is left out."
    assert columns.reading.left_out[3].why == "worker_id: workers[1] is left out."
    good = gm.columns_from_frames(
        **{
            name: {key: values[:1] for key, values in table.items()} if name != "morning" else table
            for name, table in bad_tables().items()
        }
    )
    assert columns.digest() == good.digest()


def test_rows_keep_their_number_when_others_go_first() -> None:
    """What shows only once other rows are gone is still named by its row in the table as given."""
    tables = bad_tables() | {
        "worker_groups": {"worker_id": ["a", "zz", "c"], "priority_group": ["g", "g", "sex"]},
        "past_employers": {"worker_id": ["a"], "employer_id": ["f"]},
    }
    columns = gm.columns_from_frames(on_error="collect", **tables)
    assert ("worker_groups", 2) in [(row.table, row.row) for row in columns.reading.left_out]
    assert columns.worker_ids == ("a",)
    assert len(columns.praise.key) == 0


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"morning": MORNING | {"currency": "yuan"}}, "morning[0].currency"),
        ({"morning": MORNING | {"time_zone": "Mars"}}, "morning[0].time_zone"),
        ({"morning": MORNING | {"date": "1066-10-14"}}, "morning[0].date"),
        ({"morning": None}, "morning"),
        ({"morning": {**{k: [v, v] for k, v in MORNING.items()}}}, "morning"),
        ({"stations": HALL | {"opening_start_min": [0]}}, "stations[0]"),
        ({"workers": {"id": ["a"]}}, "workers[0]"),
        ({"workers": {"station_id": ["hall"]}}, "workers.id"),
        ({"skills": {"code": ["a", "a"], "name": ["A", "A"]}}, "skills[1].code"),
        (
            {
                "limits": {
                    "kind": ["min_rest_hours"],
                    "value": [1],
                    "valid_from": ["2025-01-01"],
                    "source": ["s"],
                    "valid_to": ["2024-01-01"],
                }
            },
            "limits[0]",
        ),
        (
            {
                "limits": {
                    "kind": ["min_rest_hours"] * 2,
                    "value": [1, 2],
                    "valid_from": ["2025-01-01"] * 2,
                    "source": ["s"] * 2,
                }
            },
            "limits[1].valid_from",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_everybody_depends_on_is_never_left_out(change: dict[str, Any], path: str) -> None:
    """Problems of the morning's own tables and of whole columns are raised, collecting or not."""
    tables = {name: table for name, table in (BASE | change).items() if table is not None}
    for on_error in ("raise", "collect") if not path.startswith("workers[") else ("raise",):
        with pytest.raises(InvalidMorningError) as caught:
            gm.columns_from_frames(on_error=on_error, **tables)  # type: ignore[call-overload]
        assert path in dict(caught.value.problems), caught.value


def test_unknown_columns_are_named_with_a_guess() -> None:
    """Refused or not read; protected ones are dropped in either case, and counted."""
    with pytest.raises(InvalidMorningError, match="did you mean 'rating'"):
        of_workers(extra="refuse", ratings=[1, 2])
    notes = of_workers(ratings=[1, None]).reading.notes
    assert [note.key for note in notes] == ["notes.columns_not_read_like"]
    assert (
        notes[0]
        == "workers.ratings: is no column that gigmatch knows, 'rating' would be; 1 cell was not read"
    )
    for extra in ("refuse", "keep", "ignore"):
        columns = of_workers(extra=extra, sex=["f", "m"])
        assert [note.key for note in columns.reading.notes] == ["notes.protected_dropped"]
        assert not columns.workers.attributes


def test_unknown_columns_are_kept_as_attributes() -> None:
    """In their type, after those that are there."""
    columns = of_workers(
        extra="keep", bunk=["1", None], boots=[True, False], size=[41, 42], phone=["138", None]
    )
    told = {name: values.tolist() for name, values in columns.workers.attributes.items()}
    assert told == {"bunk": ["1", None], "boots": [True, False], "size": [41, 42]}
    assert "workers.phone: is no column that gigmatch knows, 'contact' would be" in columns.reading.notes[0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gm.columns_from_frames(worker={}), "did you mean 'workers'"),
        (lambda: gm.columns_from_frames(workers=5), "give a frame of pandas, polars or pyarrow"),
        (lambda: gm.columns_from_frames(workers={"id": [1], "rating": [1, 2]}), "different lengths"),
        (lambda: gm.columns_from_frames(workers=pd.DataFrame([[1, 2]], columns=["id", "id"])), "is no frame"),
        (lambda: gm.columns_from_frames(on_error="ignore", **BASE), "'raise', 'collect'"),
        (lambda: gm.morning_to_frames(sample("jingshi", workers=50), "excel"), "kind must be one of"),
    ],
)
def test_wrong_calls(call: Any, message: str) -> None:
    """Each says what to do instead."""
    with pytest.raises(InvalidInputError, match=message):
        call()


def test_frames_may_be_lazy() -> None:
    """A query of polars is asked for its rows."""
    workers = pl.LazyFrame({"id": [1, 2], "station_id": ["hall", "hall"]})
    assert gm.columns_from_frames(**BASE, workers=workers).worker_ids == ("1", "2")


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ([1, "x"], "workers[1].rating"),
        ([1, object()], "workers[1].rating"),
        ([[1], [2]], "workers[0].rating"),
    ],
)
@pytest.mark.parametrize("frame", [pd.DataFrame, dict], ids=["pandas", "mapping"])
def test_mixed_columns(frame: Any, values: list[Any], path: str) -> None:
    """What no column of a database could hold is read value by value, and refused where it makes no sense."""
    with pytest.raises(InvalidMorningError) as caught:
        gm.columns_from_frames(
            **BASE, workers=frame({"id": [1, 2], "station_id": ["hall", "hall"], "rating": values})
        )
    assert path in dict(caught.value.problems)


def test_times_of_several_kinds_in_one_column() -> None:
    """Whole numbers are minutes beside texts, too: 830 is no half past eight. Durations begin at midnight."""
    people = {"id": ["a", "b", "c"], "station_id": ["hall"] * 3}
    for values, meant in (
        (["08:00", 830, 1020.0], [480, 830, 1020]),
        ([dt.timedelta(hours=30), dt.timedelta(minutes=5), None], [1800, 5, None]),
    ):
        morning = gm.morning_from_frames(**BASE, workers={**people, "arrived_at_min": values})
        assert [worker.arrived_at_min for worker in morning.workers] == meant


def test_names_that_look_the_same_are_told_of() -> None:
    """Two employers but for capitals, width or a mark that nobody sees; by objects and by tables."""
    employers = {"id": ["wang", "Ｗang", "li", "l\u200bi", "zhao"]}
    people = {"id": ["a"], "station_id": ["hall"]}
    notes = gm.columns_from_frames(**BASE, workers=people, employers=employers).notes
    assert notes == columns_of(gm.morning_from_frames(**BASE, workers=people, employers=employers)).notes
    assert [(note.values["first"], note.values["second"]) for note in notes] == [
        ("li", "l\u200bi"),
        ("wang", "Ｗang"),
    ]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing folder, a file of no table, a broken file, the same table twice."""
    with pytest.raises(InvalidFileError, match="is no folder"):
        gm.read_parquet(tmp_path / "none")
    pq.write_table(pa.table({"id": [1]}), tmp_path / "worker.parquet")
    with pytest.raises(InvalidFileError, match="did you mean 'workers'"):
        gm.read_parquet(tmp_path)
    (tmp_path / "worker.parquet").rename(tmp_path / "workers.parquet")
    (tmp_path / "workers.csv").write_text("id\n1\n")
    with pytest.raises(InvalidFileError, match="workers in Parquet and in CSV"):
        gm.morning_from_files(tmp_path)
    (tmp_path / "workers.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InvalidFileError, match=r"workers\.parquet: cannot be read"):
        gm.read_parquet(tmp_path)


def test_a_column_given_twice_is_refused(tmp_path: Path) -> None:
    """By Parquet files and Arrow's tables, which may have such; so is a file that leads nowhere."""
    twice = pa.table([pa.array(["a"]), pa.array(["b"])], names=["id", "id"])
    pq.write_table(twice, tmp_path / "workers.parquet")
    with pytest.raises(InvalidFileError, match=r"workers\.parquet: names a column twice; it has id, id"):
        gm.read_parquet(tmp_path)
    with pytest.raises(InvalidInputError, match="workers: Table names a column twice"):
        gm.columns_from_frames(workers=twice)
    (tmp_path / "workers.parquet").unlink()
    (tmp_path / "workers.parquet").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InvalidFileError, match=r"workers\.parquet: cannot be read"):
        gm.read_parquet(tmp_path)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error says what to install; the schema can be read all the same."""

    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(frames_module, "import_module", missing)
    assert "workers" in schema()
    for call in (
        lambda: gm.columns_from_frames(**BASE),
        lambda: gm.read_parquet("."),
        lambda: gm.read_csv("."),
        lambda: gm.morning_to_frames(sample("jingshi", workers=50)),
    ):
        with pytest.raises(UnsupportedError, match=r"pip install narwhals openpyxl pyarrow"):
            call()


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_as_a_frame(kind: str) -> None:
    """A row per placement in the caller's kind of frame; none for an empty morning."""
    assignment = gm.match(a_morning(a_worker(), a_shift()))
    frame = gm.assignment_frame(assignment, kind)  # type: ignore[arg-type]
    assert type(frame).__module__.split(".")[0] == kind
    table = frames_module.arrow_table("answer", frame)
    (row,) = table.to_pylist()
    (placed,) = assignment.placements
    assert row.items() >= (placed._asdict() | {"minutes": round(placed.minutes)}).items()
    empty = gm.assignment_frame(gm.match(a_morning()), kind)  # type: ignore[arg-type]
    assert frames_module.arrow_table("answer", empty).num_rows == 0


def test_damaged_text_is_no_traceback(tmp_path: Path) -> None:
    """Arrow reads bytes that are no UTF-8 as text, in cells and in names, and stumbles over them later."""
    gm.write_parquet(sample("jingshi", workers=50), tmp_path)
    path = tmp_path / "brokers.parquet"
    ids = pa.array([b"b-\xff1"]).cast(pa.string(), safe=False)
    pq.write_table(pa.table({"id": ids}), path, use_dictionary=False)
    with pytest.raises(InvalidFileError, match=r"brokers.parquet: cannot be read \(.*UTF8"):
        gm.read_parquet(tmp_path)
    pq.write_table(pa.table({"id": ["b"], "licence": ["L"]}), path)
    path.write_bytes(path.read_bytes().replace(b"licence", b"licen\xffe"))
    with pytest.raises(InvalidFileError, match=r"brokers.parquet: cannot be read \(.*utf-8"):
        gm.read_parquet(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_shift_or_worker_goes_with_its_rows(kind: str) -> None:
    """Rows left behind are named; the helper takes them along, and leaves what others say of the absent."""
    refused = [Employer(id="e", refused_worker_ids=("a",))]
    people = (a_worker("a", attributes={"own": 1}), a_worker("b"))
    morning = a_morning(*people, a_shift("x"), a_shift("y"), employers=refused)
    frames = gm.morning_to_frames(morning, kind)
    alone = gm.morning_to_frames(a_morning(a_shift("y"), employers=refused), kind)
    with pytest.raises(InvalidMorningError, match=r"periods\[0\].shift_id: names nothing in shifts.*'x'"):
        gm.columns_from_frames(**frames | {"shifts": alone["shifts"]})
    fewer = gm.tables.without_rows(frames, workers=["a"], shifts=["x"])
    assert gm.morning_from_frames(**fewer) == morning.without_workers("a").without_shifts("x")
    assert gm.tables.without_rows({"workers": {"id": [7, 12]}}, workers=["7"])["workers"][
        "id"
    ].to_pylist() == [12]


def test_how_a_morning_was_read_is_no_part_of_it() -> None:
    """One type whatever `on_error` says; equality, JSON and digest know nothing of the reading."""
    tables = bad_tables()
    collected = gm.columns_from_frames(on_error="collect", **tables)
    assert isinstance(collected, gm.Columns)
    morning = gm.morning_from_frames(on_error="collect", **tables)
    again = gm.Morning.model_validate_json(morning.to_json())
    assert len(morning.reading.left_out) == len(collected.reading.left_out) == 7
    assert again == morning
    assert (again.digest(), again.to_json()) == (morning.digest(), morning.to_json())
    assert again.reading == gm.columns_from_frames(**BASE).reading == gm.tables.Reading()
    assert columns_of(morning).digest() == collected.digest()


UNTIDY = ("wang ", "wang\u00a0", "\u3000wang", "wang\u200b", "\twang")


@pytest.mark.parametrize("text", UNTIDY)
def test_ids_are_tidied_and_counted(text: str) -> None:
    """A blank behind a name makes nobody another employer, wherever the name stands."""
    tables = BASE | {
        "workers": {"id": ["a", "b"], "station_id": ["hall", f"hall{text[-1] if text[-1] != 'g' else ''}"]},
        "employers": {"id": ["wang"]},
        "worker_refusals": {"worker_id": ["a"], "employer_id": [text]},
    }
    columns = gm.columns_from_frames(**tables)
    assert len(columns.refused_employer.key) == 1
    assert "'wang'" in columns.reading.notes[-1]
    coded = tables | {
        "worker_refusals": pa.table({"worker_id": ["a"], "employer_id": pa.array([text]).dictionary_encode()})
    }
    assert gm.columns_from_frames(**coded).digest() == columns.digest()


def test_ids_in_parts_are_composed_and_may_clash() -> None:
    """Two ways to write one letter are one id; two workers who become one are an error."""
    workers = {"id": ["Jos\u00e9", "Jose\u0301"], "station_id": ["hall", "hall"]}
    with pytest.raises(InvalidMorningError, match=r"workers\[1\].id: is already workers\[0\].id"):
        gm.columns_from_frames(**BASE, workers=workers)


@pytest.mark.parametrize("text", ["1.10105E+17", "#N/A", "####"])
def test_ids_that_a_spreadsheet_has_spoilt(text: str) -> None:
    """They are nobody's any more."""
    with pytest.raises(InvalidMorningError, match="a spreadsheet has"):
        gm.columns_from_frames(**BASE, workers={"id": [text], "station_id": ["hall"]})


@pytest.mark.parametrize("frame", [pd.DataFrame, dict], ids=["pandas", "mapping"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "'True'"),
        (1.5, "'1.5'"),
        (["a"], "['a']"),
        (10**30, str(10**30)),
        (b"x", "b'x'"),
        ("\ud800", "\\ud800"),
    ],
    ids=repr,
)
def test_what_is_no_id_is_refused_among_texts(frame: Any, value: Any, shown: str) -> None:
    """By its row alone; a whole number is one, however it is kept."""
    ids = ["a", value, "b", 3, 4.0, decimal.Decimal(5), FIRST]
    workers = frame({"id": ids, "station_id": ["hall"] * len(ids)})
    with pytest.raises(InvalidMorningError) as caught:
        gm.columns_from_frames(**BASE, workers=workers)
    (path, message), *others = caught.value.problems
    assert (path, others) == ("workers[1].id", [])
    assert shown in message
    assert "write it as text" in message
    columns = gm.columns_from_frames(on_error="collect", **BASE, workers=workers)
    assert columns.worker_ids == (str(FIRST), "3", "4", "5", "a", "b")


def test_half_a_character_in_a_name_is_refused() -> None:
    """By the row that has it."""
    workers = {"id": ["a", "b"], "station_id": ["hall", "hall"], "name": ["Ann", "Bo\ud800"]}
    with pytest.raises(InvalidMorningError, match=r"workers\[1\]\.name: is no text"):
        gm.columns_from_frames(**BASE, workers=workers)


def test_a_value_below_the_least_there_may_be_is_refused() -> None:
    """With the bound."""
    workers = {"id": ["a"], "station_id": ["hall"], "rating": [-1.0]}
    with pytest.raises(InvalidMorningError, match=r"(greater than or equal to|at least) 0"):
        gm.columns_from_frames(**BASE, workers=workers)


@pytest.mark.parametrize("on_error", ["raise", "collect"])
def test_many_wrong_rows_are_counted_and_the_first_told_of(on_error: str) -> None:
    """A thousand in detail, all of them in figures, with what hangs on them."""
    n = 1500
    ids = [f"w{at:04}" for at in range(n)]
    workers = {"id": [*ids, "b"], "station_id": ["hall"] * (n + 1), "rating": [9.0] * n + [4.0]}
    tables = {
        "workers": workers,
        "worker_groups": {"worker_id": [*ids, "b"], "priority_group": ["x"] * (n + 1)},
    }
    if on_error == "raise":
        with pytest.raises(InvalidMorningError, match=r"and 1,400 more.*workers\.rating: 1,500") as caught:
            gm.columns_from_frames(**BASE, **tables)
        error = caught.value
        assert (len(error.problems), error.more, dict(error.counts)) == (1000, 500, {"workers.rating": n})
        return
    columns = gm.columns_from_frames(on_error="collect", **BASE, **tables)
    told = [row.table for row in columns.reading.left_out]
    assert (told.count("workers"), told.count("worker_groups")) == (1000, 1000)
    assert (columns.worker_ids, columns.reading.counts) == (("b",), {"workers": n, "worker_groups": n})
    assert columns.priority_groups == ("x",)


@pytest.mark.parametrize(("lat", "told"), [(116.2, "perhaps exchanged"), (190.0, "less than or equal to 90")])
def test_a_latitude_beyond_the_poles_is_perhaps_a_longitude(lat: float, told: str) -> None:
    """Said where it can be one."""
    with pytest.raises(InvalidMorningError, match=told):
        gm.columns_from_frames(**BASE | {"stations": HALL | {"lat": [lat]}})


def test_who_is_requested_and_absent_is_counted_with_the_nearest_name() -> None:
    """As shifts' skills that nobody has are told of."""
    place = {"lat": 39.9, "lon": 116.2, "datum": "WGS-84", "pay_amount": 1.0, "pay_unit": "day"}
    columns = gm.columns_from_frames(
        **BASE,
        workers={"id": ["wang fang"], "station_id": ["hall"]},
        employers={"id": ["e"]},
        shifts={"id": ["s"], "employer_id": ["e"], **place},
        periods={"shift_id": ["s"], "start_min": ["8:00"], "end_min": ["9:00"]},
        requests={"worker_id": ["wang fan", "xyz"], "shift_id": ["s", "s"]},
    )
    assert list(map(str, columns.notes)) == [
        "2 people who were asked for by name are not here this morning: "
        "'wang fan' (is 'wang fang' meant?), 'xyz'"
    ]


def test_a_name_of_a_shift_is_its_title() -> None:
    """Not a field that shifts lack."""
    tables = gm.morning_to_frames(gm.samples.jingshi(workers=50))
    shifts = tables["shifts"].append_column("name", pa.array(["x"] * len(tables["shifts"])))
    (note,) = gm.columns_from_frames(**tables | {"shifts": shifts}).reading.notes
    assert "title" in str(note)
    attributes = {"shift_id": [tables["shifts"]["id"][0].as_py()], "name": ["name"], "value": ["x"]}
    with pytest.raises(InvalidMorningError, match="field 'title'"):
        gm.columns_from_frames(**tables | {"shift_attributes": attributes})
    with pytest.raises(InvalidMorningError, match="did you mean 'title'"):
        gm.samples.jingshi(workers=50).with_shifts({"name": "x"})


def test_an_edited_morning_keeps_how_it_was_read() -> None:
    """What was noted of the others still holds."""
    morning = gm.morning_from_frames(**BASE, workers={"id": ["a ", "b"], "station_id": ["hall", "hall"]})
    assert morning.without_workers("b").reading == morning.reading != gm.tables.Reading()
