"""First come, first served, where no process sees all pairs: from the best few shifts of everybody.

Whoever comes first has the seat, whoever asked for it first: workers ask for their shifts in order, and a
shift keeps the earliest who asked (`gigmatch.matching.deferred_acceptance`; everybody's order is the same, so
there is one such answer, and it is that of a queue). Whoever is refused by all that are listed is asked for
more, of shifts that somebody later holds or nobody; what is refused once is refused for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gigmatch.core.arrays import BoolArray, IndexArray, Int32Array, Int64Array, place_in_row, row_pointers
from gigmatch.matching.deferred_acceptance import Lists, deferred_acceptance

__all__ = ["Favoured", "More", "first_come"]

LONGER = 4
"""Whoever is asked again tells so many times as many shifts."""


class Favoured(NamedTuple):
    """The best few shifts of some workers."""

    worker: Int32Array
    """Row of a worker, in any order."""
    shift: Int32Array
    """Row of a shift, the best of each worker first."""
    is_all: BoolArray
    """Whether a worker has no others: bool[n_workers], True for workers who were not asked."""


More = Callable[[IndexArray, Int64Array, int], Favoured]
"""``(workers, last, times)``: the best shifts of some workers, of those with ``last[shift]`` above their row,
and so many times as many as were told at first."""


def first_come(favoured: Favoured, seats: Int64Array, more: More) -> Int32Array:
    """Shift of every worker, -1 for none, where the workers choose in order of their rows.

    Parameters
    ----------
    favoured : Favoured
        Of everybody.
    seats : int64[n_shifts]
        How many each shift has.
    more : callable
        Called with workers who may have shifts that are not listed, and for each shift the first row that
        has no chance of it; called again until nobody has.

    Returns
    -------
    int32[n_workers]
    """
    n, (worker, shift, is_all) = len(favoured.is_all), favoured
    times = 1
    while True:
        at, last = _seated(n, worker, shift, seats)
        asking = np.flatnonzero((at < 0) & ~is_all)
        if not len(asking):
            return at
        times *= LONGER
        found = more(asking, last, times)
        worker, shift = np.concatenate([worker, found.worker]), np.concatenate([shift, found.shift])
        is_all = np.where(at < 0, found.is_all, is_all)


def _seated(
    n: int, worker: Int32Array, shift: Int32Array, seats: Int64Array
) -> tuple[Int32Array, Int64Array]:
    """Shift of every worker by what is listed, and the first row that has no chance of each shift."""
    order = np.argsort(worker, kind="stable")
    indptr = row_pointers(np.bincount(worker, minlength=n))
    theirs: Int64Array = n - worker[order].astype(np.int64)
    lists = Lists(indptr, shift[order], len(seats), -1 - place_in_row(indptr) + len(worker), theirs)
    placed, taken, _ = deferred_acceptance(lists, np.ones(n, np.int64), seats)
    at = np.full(n, -1, np.int32)
    at[placed] = taken
    last = np.full(len(seats), -1, np.int64)
    np.maximum.at(last, taken, placed)
    is_full = np.bincount(taken, minlength=len(seats)) >= seats
    return at, np.where(is_full, last, n)
