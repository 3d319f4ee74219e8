"""What is computed for many at once is what is computed one at a time, to the same bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.columns.rows import Times
from gigmatch.columns.spans import first_seen, free_spans
from gigmatch.model import Location, Pay, Period, Shift
from gigmatch.model.datum import DATUMS, to_wgs84, to_wgs84_many
from gigmatch.model.pay import PAY_UNITS, pay_rates, pay_table

degrees = st.tuples(
    st.one_of(st.floats(-90, 90), st.floats(1, 56), st.decimals(1, 55, places=8).map(float)),
    st.one_of(st.floats(-180, 180), st.floats(72, 138), st.decimals(73, 137, places=8).map(float)),
    st.sampled_from(DATUMS),
)


@given(st.lists(degrees, max_size=20))
def test_points(points: list[tuple[float, float, str]]) -> None:
    """In China and out of it, and where the eighth decimal is a five."""
    lat, lon = (np.array([point[axis] for point in points], dtype=np.float64) for axis in (0, 1))
    datum = np.array([DATUMS.index(point[2]) for point in points], dtype=np.int8)
    found = to_wgs84_many(lat, lon, datum)
    assert list(zip(*(part.tolist() for part in found), strict=True)) == [
        to_wgs84(*point)  # type: ignore[arg-type]
        for point in points
    ]


def test_more_points_than_a_block() -> None:
    """Blocks are put together in order."""
    lat, lon = np.linspace(20, 50, 40_000), np.linspace(80, 130, 40_000)
    found = to_wgs84_many(lat, lon, np.full(40_000, DATUMS.index("GCJ-02"), dtype=np.int8))
    for at in (0, 16_383, 16_384, 39_999):
        assert (found[0][at], found[1][at]) == to_wgs84(float(lat[at]), float(lon[at]), "GCJ-02")


amounts = st.one_of(
    st.decimals(0, 10**6, places=2).map(float),
    st.floats(0, 1e9),
    st.sampled_from([0.0, 1e-7, 33.333333333333336, 1e9, 5e-324]),
)


@given(
    st.lists(
        st.tuples(amounts, st.sampled_from(PAY_UNITS), st.integers(1, 10), st.integers(1, 1440)), max_size=9
    ),
    st.sampled_from([21.75, 30.0, 1 / 3, 1e-6]),
)
def test_pay(offers: list[tuple[float, str, int, int]], month: float) -> None:
    """Every unit, amounts of any number of digits."""
    place = Location(lat=39.9, lon=116.2, datum="WGS-84")
    shifts = [
        Shift(
            id="s",
            employer_id="e",
            location=place,
            pay=Pay(amount=amount, unit=unit, expected_pieces=7 if unit == "piece" else None),  # type: ignore[arg-type]
            periods=tuple(Period(start_min=1440 * day, end_min=1440 * day + length) for day in range(days)),
        )
        for amount, unit, days, length in offers
    ]
    days, minutes = (
        np.array(x, dtype=np.int64) for x in ([o[2] for o in offers], [o[2] * o[3] for o in offers])
    )
    found = pay_table(
        np.array([offer[0] for offer in offers], dtype=np.float64),
        np.array([PAY_UNITS.index(offer[1]) for offer in offers], dtype=np.int8),
        minutes,
        days,
        np.array([7 if offer[1] == "piece" else 0 for offer in offers], dtype=np.int64),
        month,
    )
    assert list(zip(*(part.tolist() for part in found), strict=True)) == [
        pay_rates(s, month)[:3] for s in shifts
    ]


spans = st.tuples(st.integers(0, 3), st.integers(-5, 30), st.integers(1, 20)).map(
    lambda x: (x[0], x[1], x[1] + x[2])
)


@given(
    st.lists(spans, max_size=8),
    st.lists(spans, max_size=6),
    st.lists(st.none() | st.integers(-9, 40), min_size=4, max_size=4),
)
def test_free_time(
    windows: list[tuple[int, int, int]], taken: list[tuple[int, int, int]], ends: list[int | None]
) -> None:
    """Minute by minute, for several people at once: overlapping and touching windows and commitments."""

    def times(rows: list[tuple[int, int, int]]) -> Times:
        return Times(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)

    free = free_spans(times(windows), times(taken), np.array(ends, dtype=np.float64))
    for row, last in enumerate(ends):
        mine = [set(range(a, b)) for r, a, b in windows if r == row]
        expected = set().union(*mine) if mine else set(range(-60, 120))
        expected -= set().union(*(range(a, b) for r, a, b in taken if r == row))
        expected = {minute for minute in expected if last is None or minute >= last}
        bounds = slice(*free.indptr[row : row + 2])
        pairs = list(zip(free.start[bounds].tolist(), free.end[bounds].tolist(), strict=True))
        assert {m for a, b in pairs for m in range(max(a, -60), min(b, 120))} == expected
        assert all(before[1] < after[0] for before, after in pairwise(pairs))


@pytest.mark.parametrize("keys", [[[]], [[3, 1, 3, 1]], [[0, 0, 1], [5, 4, 5]]])
def test_numbers_in_order_of_first_appearance(keys: list[list[int]]) -> None:
    """Equal rows have equal numbers, from 0 on as they come."""
    numbers: dict[tuple[int, ...], int] = {}
    expected = [numbers.setdefault(row, len(numbers)) for row in zip(*keys, strict=True)]
    assert first_seen([np.array(key, dtype=np.int64) for key in keys]).tolist() == expected
