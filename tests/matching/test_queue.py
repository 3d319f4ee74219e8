"""First come, first served from everybody's best few shifts is what a queue gives that sees all pairs."""

from __future__ import annotations

import numpy as np
import pytest

from gigmatch.core.arrays import row_pointers
from gigmatch.matching.queue import Favoured, first_come
from gigmatch.problem.first_come import Favourites, FirstCome


def noted(n: int, most: int, indptr, shift, weight) -> Favoured:
    served = Favourites(n, most)
    served.serve_all(indptr, shift, weight)
    return Favoured(*served.noted, served.is_all)


@pytest.mark.parametrize("seed", range(6))
def test_a_queue_of_lists(seed):
    """Whatever the length of the lists, equal weights and shifts without seats included."""
    random = np.random.default_rng(seed)
    n, m = 60, 12
    there = random.random((n, m)) < 0.5
    indptr, (row, shift) = row_pointers(there.sum(axis=1)), np.nonzero(there)
    weight = random.integers(0, 6, len(shift)) * (10**14 if seed % 2 else 1)
    seats, asked = random.integers(0, 4, m), []

    def more(workers, last, times):
        asked.append(len(workers))
        some = np.isin(row, workers) & (last[shift] > row)
        rows = row_pointers(np.bincount(row[some], minlength=n))
        return noted(n, times, rows, shift[some], weight[some])

    whole = FirstCome(n, seats)
    whole.serve_all(indptr, shift, weight)
    found = first_come(noted(n, 1, indptr, shift, weight), seats, more)
    assert found.tolist() == whole.shift.tolist()
    assert asked


def test_the_best_few_of_everybody():
    """In order, of equal ones the first by row, and whether there are others."""
    indptr, shift = np.array([0, 3, 3, 5]), np.array([4, 5, 6, 1, 2])
    weight = np.array([7, 9, 7, 3, 3])
    served = Favourites(3, 2)
    served.serve_all(indptr, shift, weight)
    worker, best = served.noted
    assert list(zip(worker.tolist(), best.tolist(), strict=True)) == [(0, 5), (0, 4), (2, 1), (2, 2)]
    assert served.is_all.tolist() == [False, True, True]
