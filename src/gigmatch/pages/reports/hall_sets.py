"""Sets that prove a shortage by being counted (Hall 1935), found without prices, in time even for a city.

The same sets as an explainer's, which also says what it would cost to change them and takes longer for it.
"""

from __future__ import annotations

from typing import NamedTuple

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
        shifts, workers = self._none_of_shifts(), self._none_of_workers()
        new = shifts.copy()
        new[shift] = True
        while new.any():
            shifts |= new
            coming = self._workers_of(new) & ~workers
            if (self._shift[coming] < 0).any():
                return None
            workers |= coming
            new = self._shifts_held_by(coming) & ~shifts
        return self._counted(shifts, workers)

    def of_seats(self, worker: int) -> HallSet | None:
        """Workers, this one among them, for whom there are only shifts with fewer seats.

        None where a seat is free that the worker could have, directly or by others moving on.
        """
        shifts, workers = self._none_of_shifts(), self._none_of_workers()
        new = workers.copy()
        new[worker] = True
        while new.any():
            workers |= new
            wanted = self._shifts_of(new) & ~shifts
            if self._has_room[wanted].any():
                return None
            shifts |= wanted
            new = self._holders_of(wanted) & ~workers
        outside = np.bincount(self._problem.worker[~shifts[self._problem.shift]], minlength=len(workers))
        only_there = (outside == 0) & (self._problem.degree > 0)
        return self._counted(shifts, only_there)

    def _counted(self, shifts: BoolArray, workers: BoolArray) -> HallSet:
        return HallSet(shifts, workers, int(self._problem.capacity[shifts].sum()))

    def _none_of_shifts(self) -> BoolArray:
        return np.zeros(self._problem.n_shifts, dtype=bool)

    def _none_of_workers(self) -> BoolArray:
        return np.zeros(self._problem.n_workers, dtype=bool)

    def _workers_of(self, shifts: BoolArray) -> BoolArray:
        """Who is eligible for any of them."""
        found = self._none_of_workers()
        found[self._problem.worker[shifts[self._problem.shift]]] = True
        return found

    def _shifts_of(self, workers: BoolArray) -> BoolArray:
        """What any of them is eligible for."""
        found = self._none_of_shifts()
        found[self._problem.shift[workers[self._problem.worker]]] = True
        return found

    def _shifts_held_by(self, workers: BoolArray) -> BoolArray:
        found = self._none_of_shifts()
        held = self._shift[workers]
        found[held[held >= 0]] = True
        return found

    def _holders_of(self, shifts: BoolArray) -> BoolArray:
        held = self._shift >= 0
        return held & shifts[np.where(held, self._shift, 0)] if len(shifts) else held
