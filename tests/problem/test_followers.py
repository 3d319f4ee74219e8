"""Which pair may follow on which: as asked one by one, whatever the kinds of workers and the blocks."""

import numpy as np
import pytest

from gigmatch.core.arrays import row_pointers
from gigmatch.problem import followers as module
from gigmatch.problem.followers import follower_rows


def drawn(seed, n_workers=12, n_shifts=15):
    """Pairs, who takes several shifts, times, and kinds of workers."""
    rng = np.random.default_rng(seed)
    has = rng.random((n_workers, n_shifts)) < 0.6
    begin = rng.integers(0, 20, n_shifts)
    end = begin + rng.integers(1, 8, n_shifts)
    several, kind = rng.random(n_workers) < 0.8, rng.integers(-1, 2, n_workers)
    return row_pointers(has.sum(axis=1)), np.nonzero(has)[1].astype(np.int32), several, begin, end, kind


def joins_of(kind, begin, end):
    """A rule that is alike for workers of one kind, and for nobody else."""

    def joins(worker, first, second):
        wanted = np.where(kind[worker] >= 0, kind[worker], worker % 4)
        return (begin[second] - end[first] + first + second) % 4 != wanted

    return joins


@pytest.mark.parametrize("block", [1, 100, 1 << 20])
@pytest.mark.parametrize("seed", range(3))
def test_as_one_asks_about_each(seed, block, monkeypatch):
    """Followers are those of the same worker that begin late enough and that the rule lets follow."""
    monkeypatch.setattr(module, "_BLOCK", block)
    indptr, shift, several, begin, end, kind = drawn(seed)
    joins = joins_of(kind, begin, end)
    expected = []
    for worker in range(len(several)):
        mine = range(int(indptr[worker]), int(indptr[worker + 1]))
        for first in mine:
            expected.append(
                [
                    second
                    for second in mine
                    if several[worker]
                    and end[shift[first]] <= begin[shift[second]]
                    and joins(np.array([worker]), shift[[first]], shift[[second]])[0]
                ]
            )
    for kinds in (None, kind):
        found_indptr, follower = follower_rows(indptr, shift, several, begin, end, joins, kinds)
        assert [part.tolist() for part in np.split(follower, found_indptr[1:-1])] == expected
        assert follower.dtype == np.int32
    assert any(expected)


def test_a_kind_with_many_pairs_is_asked_once():
    """A table of the shifts is made for one of its workers; who is like nobody is asked about alone."""
    indptr, shift, _, begin, end, _ = drawn(0)
    asked = []

    def joins(worker, first, second):
        asked.append(set(worker.tolist()))
        return np.ones(len(worker), dtype=bool)

    several, kind = np.ones(12, dtype=bool), np.array([7] * 11 + [-1])
    follower_rows(indptr, shift, several, begin, end, joins, kind, threads=1)
    assert asked == [{0}, {11}]
