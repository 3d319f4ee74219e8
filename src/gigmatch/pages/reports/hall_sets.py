"""Sets that prove a shortage by being counted (Hall 1935), found without prices, in time even for a city.

The same sets as an explainer's, which also says what it would cost to change them and takes longer for it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gigmatch.core.arrays import BoolArray, Int32Array
from gigmatch.problem import Problem

__all__ = ["HallSet", "HallSets"]


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
        self._problem, self._shift = problem, shift
        placed = np.flatnonzero(shift >= 0)
        filled = np.bincount(shift[placed], minlength=problem.n_shifts)
        self._has_room = filled < problem.capacity

    def of_workers(self, shift: int) -> HallSet | None:
        """Shifts, this one among them, whose only eligible workers are fewer than their seats.

        None where somebody at home could come, directly or by others moving on.
        """
        problem = self._problem
        shifts, new = _marked(problem.n_shifts), _marked(problem.n_shifts, shift)
        workers = _marked(problem.n_workers)
        while new.any():
            shifts |= new
            coming = _marked(problem.n_workers, problem.worker[new[problem.shift]]) & ~workers
            if (self._shift[coming] < 0).any():
                return None
            workers |= coming
            new = _marked(problem.n_shifts, self._shift[coming]) & ~shifts
        return self._counted(shifts, workers)

    def of_seats(self, worker: int) -> HallSet | None:
        """Workers, this one among them, for whom there are only shifts with fewer seats.

        None where a seat is free that the worker could have, directly or by others moving on.
        """
        problem = self._problem
        workers, new = _marked(problem.n_workers), _marked(problem.n_workers, worker)
        shifts = _marked(problem.n_shifts)
        while new.any():
            workers |= new
            wanted = _marked(problem.n_shifts, problem.shift[new[problem.worker]]) & ~shifts
            if self._has_room[wanted].any():
                return None
            shifts |= wanted
            new = np.append(wanted, False)[self._shift] & ~workers  # at home is the last entry
        outside = np.bincount(problem.worker[~shifts[problem.shift]], minlength=len(workers))
        return self._counted(shifts, (outside == 0) & (problem.degree > 0))

    def _counted(self, shifts: BoolArray, workers: BoolArray) -> HallSet:
        return HallSet(shifts, workers, int(self._problem.capacity[shifts].sum()))


def _marked(n: int, rows: Any = ()) -> BoolArray:
    """Which of ``n`` rows are among some."""
    found = np.zeros(n, dtype=bool)
    found[np.asarray(rows, dtype=np.int64)] = True
    return found
