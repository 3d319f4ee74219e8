"""Shortages, counted: workers whose only shifts have fewer seats, or seats whose only workers are fewer.

Both are sets that break the condition of Hall (1935). A set that many reasons share is verified once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.evidence.assertions import mask, same
from gigmatch.evidence.data import OthersFirst, ShortOfSeats, ShortOfWorkers
from gigmatch.evidence.parts import HallSet

__all__ = ["Shortages"]


class _Shortage(NamedTuple):
    """A set that was verified."""

    workers: BoolArray
    shifts: BoolArray
    n_workers: int
    n_seats: int
    n_promised: int
    n_shifts: int


class Shortages:
    """Verifies that some workers are short of seats, or some seats short of workers.

    Parameters
    ----------
    solved : SolvedMorning
        The morning, its eligible pairs and the assignment.
    shared : sequence of HallSet
        Sets that reasons refer to by number.
    """

    def __init__(self, solved: SolvedMorning, shared: Sequence[HallSet] = ()) -> None:
        self.solved, self.problem, self.shared = solved, solved.problem, shared
        self.at = solved.solution.shift
        self._verified: dict[tuple[str, int | None], _Shortage] = {}

    def of_seats(self, said: ShortOfSeats | OthersFirst) -> Int64Array:
        """The only shifts of these workers, this one among them, are full and hold nobody else.

        Parameters
        ----------
        said : ShortOfSeats or OthersFirst
            What is told.

        Returns
        -------
        array of int64
            Rows of those who have the seats.
        """
        found = self._figures_of(said, self._short_of_seats)
        if not found.workers[self.solved.worker_row(said.worker_id)]:
            raise CertificateError("worker_not_in_set", worker=said.worker_id)
        return np.flatnonzero(self._inside(found))

    def of_workers(self, said: ShortOfWorkers) -> None:
        """The only workers of these shifts, this one among them, are all there and fewer than the seats.

        Parameters
        ----------
        said : ShortOfWorkers
            What is told.
        """
        found = self._figures_of(said, self._short_of_workers)
        if not found.shifts[self.solved.shift_row(said.shift_id)]:
            raise CertificateError("shift_not_in_set", shift=said.shift_id)

    def _figures_of(
        self, said: ShortOfSeats | OthersFirst | ShortOfWorkers, verify: Callable[[_Shortage], None]
    ) -> _Shortage:
        """The set that is meant, verified, and its figures held against those told."""
        if said.shared_set is not None and (said.workers or said.shifts):
            raise CertificateError("shared_set_told_again")
        found = self._verified.get((said.kind, said.shared_set))
        if found is None:
            found = self._counted(self._named(said))
            verify(found)
        for name in ("n_workers", "n_shifts", "n_seats", "n_promised"):
            same(name, getattr(said, name), getattr(found, name))
        if said.shared_set is not None:
            self._verified[said.kind, said.shared_set] = found
        return found

    def _named(self, said: ShortOfSeats | OthersFirst | ShortOfWorkers) -> HallSet:
        """By the ids told, or those of a shared set."""
        number = said.shared_set
        if number is None:
            return HallSet(workers=said.workers, shifts=said.shifts)
        if not 0 <= number < len(self.shared):
            raise CertificateError("no_shared_set", at=number, n=len(self.shared))
        return self.shared[number]

    def _counted(self, named: HallSet) -> _Shortage:
        """Each worker and each shift once, all of them looking for a seat or for somebody."""
        workers = np.array([self.solved.worker_row(key) for key in named.workers], np.int64)
        shifts = np.array([self.solved.shift_row(key) for key in named.shifts], np.int64)
        if len(np.unique(workers)) < len(workers) or len(np.unique(shifts)) < len(shifts):
            raise CertificateError("counted_twice")
        if (self.solved.instance.kept[workers] >= 0).any():
            raise CertificateError("promised_worker_counted")
        eligible = self.solved.eligible
        if not eligible.shifts_of[workers].all() or not eligible.workers_of[shifts].all():
            raise CertificateError("nothing_eligible_counted")
        return _Shortage(
            workers=mask(workers, self.problem.n_workers),
            shifts=mask(shifts, self.problem.n_shifts),
            n_workers=len(workers),
            n_seats=int(self.problem.capacity[shifts].sum()),
            n_promised=int(self.solved.promised_seats[shifts].sum()),
            n_shifts=len(shifts),
        )

    def _short_of_seats(self, found: _Shortage) -> None:
        if (found.workers[self.problem.worker] & ~found.shifts[self.problem.shift]).any():
            raise CertificateError("eligible_shift_outside_set")
        if found.n_seats >= found.n_workers:
            raise CertificateError("seats_enough", seats=found.n_seats, workers=found.n_workers)
        inside = self._inside(found)
        filled = np.bincount(self.at[inside], minlength=self.problem.n_shifts)
        if (filled < self.problem.capacity)[found.shifts].any() or (inside & ~found.workers).any():
            raise CertificateError("set_has_free_seat")

    def _short_of_workers(self, found: _Shortage) -> None:
        if (found.shifts[self.problem.shift] & ~found.workers[self.problem.worker]).any():
            raise CertificateError("eligible_worker_outside_set")
        if found.n_workers >= found.n_seats:
            raise CertificateError("workers_enough", workers=found.n_workers, seats=found.n_seats)
        if (found.workers & ~self._inside(found)).any():
            raise CertificateError("set_member_without_seat")

    def _inside(self, found: _Shortage) -> BoolArray:
        """Who holds a seat of the set: bool[n_workers]."""
        inside = self.at >= 0
        inside[inside] = found.shifts[self.at[inside]]
        return inside
