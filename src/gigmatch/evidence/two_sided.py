"""Reasons of a stable answer: who ranks whom above whom, counted anew from the morning."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.assignment.two_sided import Keys, Standing
from gigmatch.core.arrays import IndexArray, Int32Array, Int64Array
from gigmatch.evidence.data import Outranked, OutrankedEverywhere, SeatUnwanted, StablyPlaced
from gigmatch.pairing.preferences import NOBODY

__all__ = ["StableReasons"]


class StableReasons:
    """Says of anybody, and of every empty seat, why; what both sides think of all pairs is asked once.

    Parameters
    ----------
    solved : SolvedMorning
        With a stable answer.
    """

    def __init__(self, solved: SolvedMorning) -> None:
        self.solved = solved

    def placed(self, worker: int) -> StablyPlaced:
        """Why somebody has the shift: nothing that is ranked above it would have them."""
        solved, shift = self.solved, int(self.solved.at[worker])
        promised = solved.is_promised(worker)
        own = self._keys.worker[self._row(worker)]
        return StablyPlaced(
            worker_id=solved.columns.worker_ids[worker],
            shift_id=solved.columns.shift_ids[shift],
            promised=promised,
            place=None if promised else int((own > self._standing.own[worker]).sum()) + 1,
            n_shifts=None if promised else int((own > NOBODY).sum()),
        )

    def outranked(self, worker: int, shift: int) -> Outranked:
        """Why not: one of the two would rather have what it has."""
        solved = self.solved
        at = self._row(worker)
        at = at[solved.eligible.shift[at] == shift]
        own, theirs = int(self._keys.worker[at[0]]), int(self._keys.employer[at[0]])
        by = self._decided_by(worker, own, theirs)
        holders = solved.worker[solved.shift == shift] if by == "employer" else solved.worker[:0]
        free = holders[solved.instance.kept[holders] < 0]
        return Outranked(
            worker_id=solved.columns.worker_ids[worker],
            shift_id=solved.columns.shift_ids[shift],
            decided_by=by,
            instead=None if by == "employer" else self._shift_of(worker),
            n_holders=len(free),
            n_promised=len(holders) - len(free),
            n_by_lot=self._alike(self._likings(free, shift), theirs),
            holders=solved.names(free),
        )

    def outranked_everywhere(self, worker: int) -> OutrankedEverywhere:
        """Why somebody has no shift: all that could be had are full of people ranked above."""
        at = self._row(worker)
        own, theirs = self._keys.worker[at], self._keys.employer[at]
        unwanted = own == NOBODY
        refused = ~unwanted & (theirs == NOBODY)
        full = ~unwanted & ~refused
        worst = self._standing.worst[self.solved.eligible.shift[at[full]]]
        return OutrankedEverywhere(
            worker_id=self.solved.columns.worker_ids[worker],
            n_shifts=len(at),
            n_full=int(full.sum()),
            n_by_lot=self._alike(worst, theirs[full]),
            n_refused=int(refused.sum()),
            n_unwanted=int(unwanted.sum()),
        )

    def seat_unwanted(self, shift: int) -> SeatUnwanted:
        """Why a seat is empty: all who could take it would rather have what they have."""
        low, high = np.searchsorted(self._by_shift[0], [shift, shift + 1])
        at = self._by_shift[1][low:high]
        worker = self._worker_of[at]
        promised = self.solved.instance.kept[worker] >= 0
        refused = ~promised & (self._keys.employer[at] == NOBODY)
        unwanted = ~promised & ~refused & (self._keys.worker[at] == NOBODY)
        return SeatUnwanted(
            shift_id=self.solved.columns.shift_ids[shift],
            n_workers=len(at),
            n_elsewhere=int((~promised & ~refused & ~unwanted & (self.solved.at[worker] != shift)).sum()),
            n_here=int((~promised & (self.solved.at[worker] == shift)).sum()),
            n_promised=int(promised.sum()),
            n_refused=int(refused.sum()),
            n_unwanted=int(unwanted.sum()),
        )

    # -- what is asked once ---------------------------------------------------------------------------------

    @cached_property
    def _keys(self) -> Keys:
        """How both sides like every eligible pair, in order of the pairs."""
        return self.solved.sides.keys(self.solved.eligible.pairs)

    @cached_property
    def _standing(self) -> Standing:
        return Standing.of(self.solved.sides, self.solved.worker, self.solved.shift)

    @property
    def _worker_of(self) -> IndexArray:
        return self._keys.rows[0]

    @cached_property
    def _by_shift(self) -> tuple[IndexArray, IndexArray]:
        """Shifts of all pairs, ascending, and where the pairs are."""
        order = np.argsort(self._keys.rows[1], kind="stable")
        return self._keys.rows[1][order], order

    def _row(self, worker: int) -> IndexArray:
        """Where the pairs of a worker are."""
        return np.arange(*self.solved.eligible.indptr[worker : worker + 2])

    def _decided_by(
        self, worker: int, own: int, theirs: int
    ) -> Literal["employer", "worker", "employer_least", "worker_least"]:
        if own == NOBODY:
            return "worker_least"
        if own < self._standing.own[worker]:
            return "worker"
        return "employer_least" if theirs == NOBODY else "employer"

    def _likings(self, workers: Int32Array, shift: int) -> Int64Array:
        """How a shift likes some workers."""
        pairs = self.solved.pairs(workers.astype(np.intp), np.full(len(workers), shift))
        return self.solved.sides.keys(pairs).employer

    def _alike(self, liked: Int64Array, theirs: Int64Array | int) -> int:
        """Of how many the points are the same, so that the lot decided."""
        people = max(self.solved.columns.n_workers, 1)
        return int((liked // people == np.asarray(theirs) // people).sum())

    def _shift_of(self, worker: int) -> str | None:
        shift = int(self.solved.at[worker])
        return None if shift < 0 else self.solved.columns.shift_ids[shift]
