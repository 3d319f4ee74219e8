"""What is made to hang, swell, deceive or slip through is refused by name, in bounded time and memory."""

from __future__ import annotations

import json
import math
import os
import re
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import gigmatch as gm
from gigmatch.columns import columns_of
from gigmatch.core import files
from gigmatch.i18n import printable
from gigmatch.model import Skill, SkillRequirement, WorkerSkill
from gigmatch.model.covering import covering
from gigmatch.tables import schema
from tests.conftest import a_morning, a_shift, a_worker, for_each, matched, sample

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402

LOADED = (gm.Morning, gm.Policy, gm.Assignment, gm.Reasons, gm.TrainingProgramme)
SMALL = ("jingshi", {"workers": 50})
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
EVIL = "\x1b]0;x\x07\x1b[2J\x9b31m\u202etxt\r"  # a title, a cleared screen, a colour, a line turned around
FORMULAS = [f"{mark}1+1" for mark in "=+-@\t\r\n＝＋－＠'"] + ["'=1", "''=1", "'", "'li", "li"]


# -- JSON ----------------------------------------------------------------------------------------------------


HALVES = 5_000
JSONS = {
    "names twice": "{" + ",".join(f'"a{i}":1,"a{i}":2' for i in range(HALVES)) + "}",
    "one name": "{" + ",".join(['"a":1'] * HALVES) + "}",
    "deep lists": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "a number of 5,000 digits": '{"seed": ' + "9" * 5_000 + "}",
    "half a character": '{"seed": "\\ud800"}',
    "nothing": "",
    "NUL": "\0",
}


@for_each((kind, name) for kind in LOADED for name in JSONS)
def test_every_loader_refuses(kind: Any, name: str) -> None:
    """What is no JSON that every program reads alike, too deep or too long; every loader, and by its name."""
    with pytest.raises(gm.InvalidInputError, match=re.escape("x.json")):
        kind.from_json(JSONS[name], source="x.json")


def test_a_key_twice_in_a_large_object_is_found_once() -> None:
    """Each name is looked at once: the error names the first of very many."""
    with pytest.raises(gm.InvalidFileError, match="'a0' twice"):
        files.parsed_json(JSONS["names twice"], "x.json")


@for_each(LOADED)
def test_a_pipe_a_device_and_a_folder_are_no_files(kind: Any, tmp_path_factory: Any) -> None:
    """They are refused without being opened, which could last for ever."""
    folder = tmp_path_factory.mktemp("pipes")
    os.mkfifo(folder / "pipe.json")
    for path, what in (
        (folder / "pipe.json", "a pipe"),
        (Path("/dev/zero"), "a device"),
        (folder, "a folder"),
    ):
        with pytest.raises(gm.InvalidFileError, match=f"{re.escape(str(path))}: is {what}, no file"):
            kind.load(path)


# -- files of tables -----------------------------------------------------------------------------------------


@for_each(("brokers.csv", "brokers.parquet", "brokers.xlsx"))
def test_a_pipe_among_the_tables_is_named(name: str, tmp_path_factory: Any) -> None:
    """In a folder, in every format."""
    folder = tmp_path_factory.mktemp("tables")
    os.mkfifo(folder / name)
    with pytest.raises(gm.InvalidFileError, match=f"{re.escape(name)}: is a pipe"):
        gm.columns_from_files(folder)
    (folder / name).unlink()
    (folder / name).symlink_to("/dev/zero")
    with pytest.raises(gm.InvalidFileError, match=f"{re.escape(name)}: is a device"):
        gm.columns_from_files(folder)


PARQUETS: dict[str, tuple[Any, dict[str, Any]]] = {
    "rows of one id": (lambda: {"id": pa.nulls(300_000, pa.int8())}, {}),
    "one long text": (lambda: {"name": ["x" * 2_000] * 2_000}, {}),
    "one long text, in bits": (
        lambda: {"name": ["x" * 2_000] * 2_000},
        {"use_dictionary": False, "column_encoding": {"name": "DELTA_BYTE_ARRAY"}},
    ),
}


@for_each(PARQUETS)
def test_a_parquet_file_that_swells_is_not_unpacked(name: str, tmp_path_factory: Any) -> None:
    """Neither very many rows in a few bytes, nor a text that stands once and is meant thousands of times."""
    columns, options = PARQUETS[name]
    folder = tmp_path_factory.mktemp("parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_CALM", 1 << 20)
        _refuse_swollen(folder, columns(), options)


def _refuse_swollen(folder: Path, columns: dict[str, Any], options: dict[str, Any]) -> None:
    pq.write_table(pa.table(columns), folder / "brokers.parquet", **options)
    before = pa.total_allocated_bytes()
    with pytest.raises(gm.TooLargeError, match=r"brokers\.parquet: holds .* more than 200 times as much"):
        gm.read_parquet(folder)
    assert pa.total_allocated_bytes() - before < 1_000_000


def test_a_damaged_chunk_does_not_end_the_process(tmp_path: Path) -> None:
    """As fuzzing found it: pyarrow ends the process if it is asked about such a chunk before it is read."""
    (tmp_path / "shift_skills.parquet").write_bytes(
        (Path(__file__).parent / "tables/damaged.parquet").read_bytes()
    )
    with pytest.raises(gm.InvalidFileError, match=r"shift_skills\.parquet"):
        gm.read_parquet(tmp_path)


def test_a_workbook_that_swells_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip bomb, and one cell far away from all others."""
    monkeypatch.setattr(files, "_CALM", 1 << 20)
    openpyxl = pytest.importorskip("openpyxl")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * (1 << 21))
    with pytest.raises(gm.TooLargeError, match="more than 200 times as much"):
        gm.columns_from_files(tmp_path / "bomb.xlsx")
    book = openpyxl.Workbook()
    book.active.title = "workers"
    book.active.cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(gm.InvalidFileError, match="1,048,576 rows and 16,384 columns"):
        gm.columns_from_files(tmp_path / "far.xlsx")


def test_a_file_beyond_the_memory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one with holes, of a terabyte of nothing."""
    with (tmp_path / "brokers.csv").open("wb") as file:
        file.truncate(1 << 40)
    monkeypatch.setattr(files, "available_bytes", lambda: 1 << 32)
    with pytest.raises(gm.TooLargeError, match=r"takes about 4096\.0 GB of memory and 4\.0 GB are free"):
        gm.columns_from_files(tmp_path)


def frames_of(kind: str, texts: list[str]) -> dict[str, Any]:
    """A small morning of whose employers the names are these texts, ids beside them, as frames of a kind."""
    frames = {
        name: table.to_pydict() for name, table in gm.morning_to_frames(sample(SMALL[0], **SMALL[1])).items()
    }
    employers = {"id": [f"x{at}" for at in range(len(texts))], "name": texts}
    some = {"pandas": "pandas", "polars": "polars"}.get(kind)
    if some:
        library = pytest.importorskip(some)
        return frames | {"employers": library.DataFrame(employers)}
    types = {"large": pa.large_string(), "small": pa.string(), "view": pa.string_view()}
    if kind == "coded":
        return frames | {
            "employers": pa.table({"id": employers["id"], "name": pa.array(texts).dictionary_encode()})
        }
    return frames | {"employers": pa.table({"id": employers["id"], "name": pa.array(texts, types[kind])})}


@for_each(("pandas", "polars", "small", "large", "view", "coded"))
def test_formulas_are_harmless_and_come_back(kind: str, tmp_path_factory: Any) -> None:
    """From whatever frame: every text that a spreadsheet would run is marked, and read as it was."""
    folder = tmp_path_factory.mktemp("formulas")
    frames = frames_of(kind, FORMULAS)
    gm.write_csv({"employers": frames["employers"]}, folder)
    written = pa.csv.read_csv(
        folder / "employers.csv", parse_options=pa.csv.ParseOptions(newlines_in_values=True)
    )
    live = [text for text in written["name"].to_pylist() if re.match("[=+\\-@\t\r\n＝＋－＠]", text)]
    assert not live
    from gigmatch.tables.folders import from_folder

    assert from_folder(folder, "csv").tables["employers"]["name"].to_pylist() == FORMULAS
    gm.write_xlsx({"employers": frames["employers"]}, folder / "book.xlsx")
    book = from_folder(folder / "book.xlsx", "xlsx").tables["employers"]["name"].to_pylist()
    assert [text.replace("\r", "\n") for text in FORMULAS] == [text.replace("\r", "\n") for text in book]


def test_a_header_is_no_formula(tmp_path: Path) -> None:
    """A column of one's own may be called anything."""
    gm.write_csv({"workers": {"id": ["li"], "=1+1": ["x"]}}, tmp_path)
    assert b"'=1+1" in (tmp_path / "workers.csv").read_bytes()
    from gigmatch.tables.folders import from_folder

    assert "=1+1" in from_folder(tmp_path, "csv").tables["workers"].column_names


# -- skills --------------------------------------------------------------------------------------------------


def test_skills_in_a_ring_are_one_kind() -> None:
    """What they cover is worked out once for all of them, and whoever has one has all."""
    n = 1_000
    skills = [Skill(code=f"r{at}", name="r", covers=(f"r{(at + 1) % n}",)) for at in range(n)]
    asked = tuple(SkillRequirement(skill=f"r{at}") for at in range(n))
    worker = a_worker(skills=(WorkerSkill(skill="r7", level=3),))
    columns = columns_of(a_morning(worker, a_shift(any_of=asked), skills=skills))
    assert (columns.workers.skill_rank == 3).all()
    ring = {at: [(at + 1) % n] for at in range(n)}
    found = covering(ring, lambda at: {at}, lambda sets: set().union(*sets))
    assert len({*map(id, found.values())}) == 1
    assert len(found[0]) == n


def test_skills_cover_as_they_are_followed() -> None:
    """Rings, rows and branches against following every skill by itself."""
    import random

    draw = random.Random(7)
    for _ in range(100):
        n = draw.randint(1, 9)
        below = {at: [draw.randrange(n) for _ in range(draw.randint(0, 2))] for at in range(n)}
        found = covering(below, lambda at: {at}, lambda sets: set().union(*sets))
        for start in below:
            seen, todo = {start}, [start]
            while todo:
                new = set(below[todo.pop()]) - seen
                seen |= new
                todo += new
            assert found[start] == seen


# -- what a terminal shows -----------------------------------------------------------------------------------


def evil_morning() -> gm.Morning:
    """A morning in which every id turns lines around and every text clears the screen."""
    data = json.loads(sample(*SMALL[:1], **SMALL[1]).to_json())
    ids = {row["id"] for name in ("workers", "shifts", "employers", "brokers") for row in data[name]}
    ids |= {row["code"] for row in data["skills"]}

    def spoilt(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: spoilt(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [spoilt(each, key) for each in value]
        if key in ("name", "title", "label", "address", "contact") and isinstance(value, str):
            return value + EVIL
        return f"{value}\u202ez" if isinstance(value, str) and value in ids else value

    return gm.Morning.from_json(json.dumps(spoilt(data)))


def test_nothing_that_is_printed_moves_the_cursor() -> None:
    """Every text about a morning that is full of escapes, in both languages, and every error."""
    morning = evil_morning()
    assignment = gm.match(morning)
    explainer = gm.explain(morning, assignment)
    told = [
        str(assignment),
        repr(assignment),
        repr(morning),
        str(morning.workers[0]),
        str(explainer.everything()),
    ]
    for lang in ("en", "zh"):
        reasons = [*explainer.everything().reasons, explainer.skill_values()]
        told += [gm.in_words(reason, *names, lang=lang) for reason in reasons for names in ((), (morning,))]
        told += [
            assignment.text(lang),
            assignment.placements_text(lang=lang),
            gm.check(morning, assignment).text(lang),
        ]
    for wrong in (
        lambda: explainer.why(EVIL),
        lambda: gm.Policy.load(EVIL),
        lambda: gm.match(morning, solver=EVIL),
    ):
        with pytest.raises(gm.GigmatchError) as caught:
            wrong()
        told += [str(caught.value), repr(caught.value), caught.value.text("zh")]
    assert [text for text in told if CONTROL.search(text)] == []
    assert all(CONTROL.search(printable(chr(code))) is None for code in range(0x10000))


def test_the_shell_prints_in_one_way() -> None:
    """`echo` of the command line is the only one that prints."""
    folder = Path(gm.__file__).parent / "cli"
    prints = {
        path.name
        for path in folder.rglob("*.py")
        if re.search(r"typer\.echo|(?<![.\w])print\(", path.read_text("utf-8"))
    }
    assert prints == {"formats.py"}


@for_each(("li\x9b", "li\x1b", "li\ud800", "li\0"))
def test_ids_have_no_control_characters(name: str) -> None:
    """Of neither half of Latin-1, nor halves of characters: in objects and in frames."""
    with pytest.raises(ValueError, match="control characters"):
        a_worker(name)
    workers = {"id": [name], "station_id": ["hall"]}
    frames = gm.morning_to_frames(sample(*SMALL[:1], **SMALL[1])) | {"workers": workers}
    with pytest.raises(gm.InvalidInputError, match=r"control characters|half of a character"):
        gm.columns_from_frames(**frames)


# -- numbers -------------------------------------------------------------------------------------------------


LIMITS = [
    {"memory_bytes": "x"},
    {"memory_bytes": math.nan},
    {"memory_bytes": 1.5},
    {"time_limit_s": 10**400},
    {"time_limit_s": "5"},
    {"time_limit_s": math.nan},
    {"max_pairs": 10**30},
    {"max_pairs": True},
    {"threads": 10**30},
]


@for_each((limit,) for limit in LIMITS)
def test_limits_that_are_none_are_named(limit: dict[str, Any]) -> None:
    """Each by its own name, before anything is computed."""
    with pytest.raises(gm.InvalidInputError, match=f"{next(iter(limit))} must be"):
        gm.Limits(**limit)


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Any:
    """Path and value of what stands in saved data; of a list the first three."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, (*path, name))
    elif isinstance(data, list):
        for at, value in enumerate(data[:3]):
            yield from leaves(value, (*path, at))
    else:
        yield path, data


def put(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value at a path."""
    name, *rest = path
    copy = data.copy()
    copy[name] = put(data[name], tuple(rest), value) if rest else value
    return copy


def test_no_number_of_an_answer_is_cut_off() -> None:
    """2^32 more or less, and True for 1, of whatever is read into arrays."""
    saved = matched(*SMALL[:1], **SMALL[1]).to_dict()
    names = ("placed_worker", "placed_shift", "headcount", "tier", "eligible_workers")
    paths = [(name, 0) for name in names] + [("solution", "shift", 0), ("baseline", "workers")]
    paths += [("baseline", "seats_by_tier", 0, 1), ("solution", "certificates", 0, "worker_price", 0)]
    for path in paths:
        narrow = path[-2] in ("placed_worker", "placed_shift", "shift")
        for other in (True, 1.0, "1", None, *([2**32, -(2**32)] if narrow else [])):
            with pytest.raises(gm.GigmatchError):
                gm.Assignment.from_dict(put(saved, path, other))


@pytest.mark.nightly
def test_no_number_of_an_answer_is_read_as_another() -> None:
    """2^32 more, True for 1, 1.0 for 1, text: every number of a saved answer, one by one."""
    morning, assignment = sample(*SMALL[:1], **SMALL[1]), matched(*SMALL[:1], **SMALL[1])
    saved, accepted = assignment.to_dict(), []
    for path, value in leaves(saved):
        # What was asked for has values of its own, each a policy; where numbers have points, 20.0 is 20.
        if path[0] in ("policy", "travel", "minutes", "pay_total") or not isinstance(value, int):
            continue
        others = [value + 2**32, value - 2**32, value + 2**64, float(value), value + 0.5, str(value), None]
        others += [bool(value)] if value in (0, 1) else []
        for other in others:
            try:
                gm.check(morning, gm.Assignment.from_dict(put(saved, path, other)))
            except gm.GigmatchError:
                continue
            accepted.append((path, other))
    assert accepted == []


def test_figures_have_no_row_too_many() -> None:
    """A tier twice, and one that no shift has."""
    morning, assignment = sample(*SMALL[:1], **SMALL[1]), matched(*SMALL[:1], **SMALL[1])
    saved = assignment.to_dict()
    tiers = saved["baseline"]["seats_by_tier"]
    for more in ([tiers[0]], [[99, 0, 0]]):
        with pytest.raises(gm.GigmatchError):
            gm.check(
                morning, gm.Assignment.from_dict(put(saved, ("baseline", "seats_by_tier"), tiers + more))
            )


@for_each((True, 1.0))
def test_a_version_is_a_whole_number(version: Any) -> None:
    """Of rules, scorers and levels."""
    morning = sample(*SMALL[:1], **SMALL[1])
    assignment = gm.match(morning, policy=gm.DEFAULT_POLICY.with_people(gm.People(7)))
    for path in (
        ("rules", 0, "version"),
        ("policy", "scorers", 0, "version"),
        ("policy", "levels", 1, "version"),
    ):
        with pytest.raises(gm.GigmatchError):
            gm.check(morning, gm.Assignment.from_dict(put(assignment.to_dict(), path, version)))


@for_each(
    (
        lambda morning: gm.People(range(1, 10**9)),
        lambda morning: gm.People(b"1"),
        lambda morning: gm.People(7, ["\ud800"]),
        lambda morning: gm.People(7, ["\x1b[2J"]),
        lambda morning: gm.scoring.InPriorityGroup(("\ud800",)),
        lambda morning: gm.stable(morning, worker_least=10**400),
        lambda morning: gm.stable(morning, employer_least=float("nan")),
        lambda morning: gm.fairness_curve(morning, steps=7),
    )
)
def test_what_decides_who_comes_first_is_looked_at(ask: Callable[[gm.Morning], Any]) -> None:
    """Days and groups without end or that nobody can read, thresholds and steps that are none."""
    with pytest.raises(gm.GigmatchError):
        ask(sample(*SMALL[:1], **SMALL[1]))


def test_a_curve_is_told_as_it_is_read_or_not_read() -> None:
    """Every leaf of its file put to something else: an error says so, or every text is made of it."""
    curve = gm.fairness_curve(sample(*SMALL[:1], **SMALL[1]), steps=(gm.People(7),))
    assert gm.FairnessCurve.from_json(curve.to_json()) == curve
    saved = json.loads(curve.to_json())
    point = saved["points"][0]
    paths = [
        *(("points", 0, name) for name in point),
        *(("points", 0, "summary", name) for name in point["summary"]),
        *(("points", 0, "waiting", 0, at) for at in range(4)),
    ]
    for path, value in product(paths, ("x", [], {}, None, True, -1, 10**400, float("nan"))):
        try:
            read = gm.FairnessCurve.from_json(json.dumps(put(saved, path, value)))
        except gm.GigmatchError:
            continue
        assert read.text("zh")
        assert read.records()
        assert read.to_json()


def test_wide_and_long_files_are_read_in_time(tmp_path: Path) -> None:
    """A header of very many columns, and rows in which nothing stands."""
    frames = gm.morning_to_frames(sample(*SMALL[:1], **SMALL[1]))
    gm.write_csv(frames, tmp_path)
    wide = ",".join(["id", *(f"c{at}" for at in range(300))])
    (tmp_path / "brokers.csv").write_text(f"{wide}\n", encoding="utf-8")
    (tmp_path / "crews.csv").write_text("id\n" + "\n" * 10_000, encoding="utf-8")
    with pytest.raises(gm.InvalidInputError):
        gm.columns_from_files(tmp_path, extra="refuse")
    assert set(schema()) >= {"brokers", "crews"}
