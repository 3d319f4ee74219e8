"""Every way to write a value is read as what it says, exactly or not at all."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.tables.cells import Clock, codes_of, read_cells, unread
from gigmatch.tables.schema import Column, Kind
from tests.conftest import examples

CLOCK = Clock(dt.date(2025, 7, 19), "Asia/Shanghai")
BAD = "bad"


def read(kind: str, raw: Any, clock: Clock | None = CLOCK) -> list[Any]:
    """What is read of an array: a value, None where nothing is known, BAD where it cannot be read."""
    column = Column("x", kind, False, "", choices=("ok", "arrears") if kind == "choice" else ())  # type: ignore[arg-type]
    array = raw if isinstance(raw, pa.Array | pa.ChunkedArray) else pa.array(raw)
    cells = read_cells(column, array, clock)
    values = cells.values.tolist() if isinstance(cells.values, np.ndarray) else cells.values.to_pylist()
    rows = zip(values, cells.known.tolist(), cells.bad.tolist(), strict=True)
    return [BAD if bad else value if known else None for value, known, bad in rows]


UTC = dt.UTC
NEW_YORK = Clock(dt.date(2025, 11, 2), "America/New_York")


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("id", ["a", None, "", "a\tb", "x" * 200, "x" * 201], ["a", None, BAD, BAD, "x" * 200, BAD]),
        ("id", pa.array(["a", "b\n", "c"])[2:], ["c"]),
        ("id", pa.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
        ("id", pa.chunked_array([["a"], [], ["b"]]), ["a", "b"]),
        ("id", pa.chunked_array([], pa.string()), []),
        ("id", pa.array(["a"], pa.string_view()), ["a"]),
        ("id", [1, None, -3], ["1", None, "-3"]),
        ("id", [1.0, 1.5, float("nan"), 1e300], ["1", BAD, None, BAD]),
        ("id", [decimal.Decimal("7"), decimal.Decimal("7.5")], ["7", BAD]),
        ("id", [True], [BAD]),
        ("text", ["", "x\ty", None], ["", "x\ty", None]),
        ("text", [dt.date(2025, 1, 1)], [BAD]),
        ("choice", ["ok", "arrears", "OK", None], [0, 1, BAD, None]),
        ("choice", [0], [BAD]),
        ("number", [1, None], [1.0, None]),
        ("number", pa.array([0.5, None], pa.float32()), [0.5, None]),
        ("number", [float("inf"), float("nan"), -0.5], [BAD, None, -0.5]),
        (
            "number",
            [" 14.6", "+1e3", ".5", "5.", "1,5", "nan", "inf", "0x1", "", None],
            [14.6, 1000, 0.5, 5, BAD, BAD, BAD, BAD, BAD, None],
        ),
        ("number", ["1e999"], [BAD]),
        ("number", [True], [BAD]),
        ("money", [decimal.Decimal("14.60"), None], [14.6, None]),
        ("integer", [1.0, 1.5, None], [1, BAD, None]),
        ("integer", ["12", "12.0", "1.2", "x"], [12, 12, BAD, BAD]),
        (
            "minute",
            ["08:30", "32:00", "540", "-60", "8:5", "08:60", None],
            [510, 1920, 540, -60, BAD, BAD, None],
        ),
        ("minute", [dt.time(8, 30, 59), None], [510, None]),
        ("minute", [dt.datetime(2025, 7, 20, 8), None], [1920, None]),
        ("minute", [dt.datetime(2025, 7, 18, 16, tzinfo=UTC), None], [0, None]),
        ("minute", [dt.date(2025, 7, 19)], [BAD]),
        ("boolean", [True, False, None], [1, 0, None]),
        ("boolean", [1, 0, 2, None], [1, 0, BAD, None]),
        ("boolean", [1.0, float("nan"), 0.5], [1, None, BAD]),
        ("boolean", ["True", "no", "是", "maybe", None], [1, 0, 1, BAD, None]),
        ("date", [dt.date(2025, 2, 28), None], [dt.date(2025, 2, 28), None]),
        ("date", ["2025-02-28", "2025-02-29", "28.2.2025", None], [dt.date(2025, 2, 28), BAD, BAD, None]),
        (
            "date",
            [dt.datetime(2025, 2, 28), dt.datetime(2025, 2, 28, 1), None],
            [dt.date(2025, 2, 28), BAD, None],
        ),
        ("date", [dt.datetime(2025, 2, 27, 16, tzinfo=UTC)], [dt.date(2025, 2, 28)]),
        (
            "date",
            pa.array([10**7, -(10**6), 0], pa.int32()).cast(pa.date32()),
            [BAD, BAD, dt.date(1970, 1, 1)],
        ),
        ("date", [20250228], [BAD]),
    ],
)
def test_values(kind: str, raw: Any, expected: list[Any]) -> None:
    """By kind of column, as the type of Arrow that frames and files come in."""
    assert read(kind, raw) == expected


@pytest.mark.parametrize("kind", get_args(Kind))
@examples(20)
@given(parts=st.lists(st.lists(st.sampled_from([None, "", "ok", "1", "08:30", "true", "2025-7-19", "x\t"]))))
def test_codes_are_read_as_what_they_stand_for(kind: str, parts: list[list[str | None]]) -> None:
    """In one piece or in several, each with codes of its own."""
    plain = pa.chunked_array([pa.array(part, pa.string()) for part in parts], pa.string())
    codes = [pa.array(part, pa.string()).dictionary_encode() for part in parts]
    coded = pa.chunked_array(codes, pa.dictionary(pa.int32(), pa.string()))
    assert read(kind, coded) == read(kind, plain)


@pytest.mark.parametrize("index", [pa.int8(), pa.uint8(), pa.uint32(), pa.int64()])
def test_codes_of_every_width(index: Any) -> None:
    """As many values as eight bits have codes for, and one that is missing; polars has no signed codes."""
    names = [f"n{at}" for at in range(128)]
    array = pa.DictionaryArray.from_arrays(pa.array([127, None, 0], index), pa.array(names))
    assert read("id", array) == ["n127", None, "n0"]
    assert read("number", pa.DictionaryArray.from_arrays(array.indices, pa.array([*range(128)]))) == [
        127,
        None,
        0,
    ]
    assert codes_of(array).tolist() == [127, -1, 0]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_nothing_is_known_of_nulls(kind: str) -> None:
    """A column without a type of its own."""
    assert read(kind, pa.nulls(3)) == [None] * 3
    assert read(kind, pa.nulls(0)) == []


@given(st.lists(st.none() | st.uuids(), max_size=5))
def test_uuids(values: list[uuid.UUID | None]) -> None:
    """Sixteen bytes become the text that Python gives."""
    array = pa.array([None if x is None else x.bytes for x in values], pa.binary(16))
    expected = [None if x is None else str(x) for x in values]
    assert read("id", array) == expected
    assert read("id", pa.ExtensionArray.from_storage(pa.uuid(), array)) == expected


@given(st.decimals(0, 10**9, places=2))
def test_decimals_are_read_as_written(value: decimal.Decimal) -> None:
    """To the float nearest to what is written, as JSON would be."""
    assert read("money", pa.array([value])) == [float(str(value))]


@given(st.datetimes(dt.datetime(2025, 10, 1), dt.datetime(2025, 12, 1), timezones=st.just(UTC)))
def test_timestamps_through_a_change_of_clocks(moment: dt.datetime) -> None:
    """Minutes are those that pass since the midnight, on the night of the change as on others."""
    expected = (moment - dt.datetime(2025, 11, 2, 4, tzinfo=UTC)) // dt.timedelta(minutes=1)
    for unit in ("s", "ms", "us", "ns"):
        array = pa.array([moment], pa.timestamp("us", "UTC")).cast(pa.timestamp(unit, "UTC"), safe=False)
        assert read("minute", array, NEW_YORK) == [expected]


def test_times_that_no_calendar_has() -> None:
    """A timestamp beyond the year 9999 is a number of minutes all the same: one out of range."""
    array = pa.array([10**18], pa.int64()).cast(pa.timestamp("us", "UTC"))
    assert read("minute", array)[0] > 600_000


def test_without_a_morning_no_timestamp_is_a_minute() -> None:
    """Where date or zone are broken, which is reported as such."""
    assert read("minute", [dt.datetime(2025, 7, 19)], None) == [BAD]
    assert read("minute", ["08:30"], None) == [510]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_says_what_it_wants(kind: str) -> None:
    """A message for each."""
    assert unread(Column("x", kind, False, "", choices=("a", "b", "c")))  # type: ignore[arg-type]
