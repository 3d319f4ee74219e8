"""Sets that prove a shortage by being counted (Hall 1935), found without prices, in time even for a city.

The same sets as an explainer's, which also says what it would cost to change them and takes longer for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from gigmatch.core.arrays import BoolArray, Int32Array
from gigmatch.problem import Problem
from gigmatch.problem.reach import Moves

__all__ = ["HallSet", "HallSets", "joined"]


class HallSet(NamedTuple):
    """Shifts and people of which one side cannot be enough for the other."""

    shifts: BoolArray
    """Which shifts: bool[n_shifts]."""
    workers: BoolArray
    """Which workers: bool[n_workers]."""
    seats: int
    """Seats of those shifts, the promised ones left out."""

    @property
    def people(self) -> int:
        """How many workers there are."""
        return int(self.workers.sum())


def joined(sets: Iterable[BoolArray]) -> list[BoolArray]:
    """Join sets that have something in common, so that nothing is counted twice.

    What proves a shortage still does when it is joined: whoever may leave one of the sets stays in the other.

    Parameters
    ----------
    sets : iterable of bool[n]
        Which shifts are in each.

    Returns
    -------
    list of bool[n]
        Sets without a shift in common, that together have the same shifts.
    """
    apart: list[BoolArray] = []
    for one in sets:
        common = [other for other in apart if (other & one).any()]
        rest = [other for other in apart if not (other & one).any()]
        apart = [*rest, np.logical_or.reduce([one, *common])]
    return apart


class HallSets:
    """Finds them in one assignment.

    Parameters
    ----------
    problem : Problem
        Every eligible pair, promised workers and seats left out.
    shift : int32[n_workers]
        Shift of every worker in it, -1 for none.
    """

    def __init__(self, problem: Problem, shift: Int32Array) -> None:
        self._problem, self._shift, self._moves = problem, shift, Moves.of(problem, shift)
        filled = np.bincount(shift[shift >= 0], minlength=problem.n_shifts)
        self._has_room = filled < problem.capacity

    def of_workers(self, shift: int) -> HallSet | None:
        """Shifts, this one among them, whose only eligible workers are fewer than their seats.

        None where somebody at home could come, directly or by others moving on.
        """
        found = self.with_eligible(self._moves.reach(np.array([shift]), back=True))
        return None if (self._shift[found.workers] < 0).any() else found

    def of_seats(self, worker: int) -> HallSet | None:
        """Workers, this one among them, for whom there are only shifts with fewer seats.

        None where a seat is free that the worker could have, directly or by others moving on.
        """
        problem = self._problem
        row = slice(*problem.indptr[worker : worker + 2])
        shifts = self._moves.reach(problem.shift[row].astype(np.int64))
        return None if self._has_room[shifts].any() else self.with_confined(shifts)

    def with_eligible(self, shifts: BoolArray) -> HallSet:
        """Some shifts, and everybody who is eligible for one of them."""
        problem = self._problem
        workers = np.zeros(problem.n_workers, dtype=bool)
        workers[problem.worker[shifts[problem.shift]]] = True
        return self._counted(shifts, workers)

    def with_confined(self, shifts: BoolArray) -> HallSet:
        """Some shifts, and everybody who is eligible for these and no other."""
        problem = self._problem
        outside = np.bincount(problem.worker[~shifts[problem.shift]], minlength=problem.n_workers)
        return self._counted(shifts, (outside == 0) & (problem.degree > 0))

    def _counted(self, shifts: BoolArray, workers: BoolArray) -> HallSet:
        return HallSet(shifts, workers, int(self._problem.capacity[shifts].sum()))
