"""Pairs know their runs, carry the travel that is known along, and cannot be written into."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.model import Location
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.travel import StraightLine
from tests.conftest import a_morning, a_shift, a_worker, all_pairs

FEW = st.lists(st.integers(0, 2), max_size=12)


class Counting:
    """A travel that notes of how many pairs it was asked what."""

    def __init__(self):
        self.asked = []

    def minutes(self, columns, worker, shift):
        self.asked.append(("minutes", len(worker)))
        return StraightLine().minutes(columns, worker, shift)

    def metres(self, columns, worker, shift):
        self.asked.append(("metres", len(worker)))
        return StraightLine().metres(columns, worker, shift)

    def radius_m(self, columns, minutes):
        return None


@pytest.fixture
def pairs() -> Pairs:
    """Three workers, four shifts at different places, all twelve pairs."""
    places = [Location(lat=39.9 + at / 50, lon=116.2, datum="WGS-84") for at in range(4)]
    shifts = [a_shift(name, location=place) for name, place in zip("wxyz", places, strict=True)]
    return all_pairs(a_morning(*(a_worker(name) for name in "abc"), *shifts), Counting())


@given(FEW)
def test_a_value_per_run_reaches_every_pair_of_it(workers):
    """Also where one worker has several runs, and where there are no pairs."""
    columns = all_pairs(a_morning(*(a_worker(name) for name in "abc"), a_shift())).columns
    pairs = Pairs(columns, StraightLine(), np.array(workers, np.intp), np.zeros(len(workers), np.intp))
    number = [at for at, (_, run) in enumerate(groupby(workers)) for _ in run]
    assert pairs.per_run(np.arange(len(pairs.starts))).tolist() == number
    assert pairs.worker[pairs.starts].tolist() == [worker for worker, _ in groupby(workers)]


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.intp])
def test_rows_of_any_width_are_held_as_intp(pairs, dtype):
    """Read-only to rules and scorers, while the caller's own arrays stay writable."""
    worker, shift = (part.astype(dtype) for part in (pairs.worker, pairs.shift))
    made = Pairs(pairs.columns, pairs.travel, worker, shift)
    assert (made.worker.dtype, made.shift.dtype) == (np.intp, np.intp)
    assert (made.worker.tolist(), made.shift.tolist()) == (worker.tolist(), shift.tolist())
    assert not made.worker.flags.writeable
    assert not made.shift.flags.writeable
    worker[0] = shift[0] = 1


@pytest.mark.parametrize(
    "which",
    [np.arange(12) % 5 == 1, np.zeros(12, bool), np.ones(12, bool), slice(3, 9), slice(0, 0)],
    ids=["some", "none", "all", "slice", "empty slice"],
)
def test_taking_some_keeps_the_travel_that_is_known(pairs, which):
    """A mask or a slice of pairs, minutes and metres alike; nothing is asked twice or can be written."""
    minutes, metres = pairs.minutes, pairs.metres
    some = pairs.take(which)
    assert some.worker.tolist() == pairs.worker[which].tolist()
    assert some.shift.tolist() == pairs.shift[which].tolist()
    assert some.minutes.tolist() == minutes[which].tolist()
    assert some.metres.tolist() == metres[which].tolist()
    assert pairs.travel.asked == [("minutes", 12), ("metres", 12)]
    assert not any(a.flags.writeable for a in (some.worker, some.shift, some.minutes, some.metres))


def test_taking_some_asks_no_travel(pairs):
    """What was not known before is asked later, of those pairs alone."""
    some = pairs.take(pairs.shift == 2)
    assert pairs.travel.asked == []
    assert some.minutes.tolist() == pairs.minutes[pairs.shift == 2].tolist()
    assert pairs.travel.asked == [("minutes", 3), ("minutes", 12)]
