"""What every reason stands on: the solved morning, the residual network, and what becomes evidence."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.assignment.instance import draw_lots
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.evidence import data
from gigmatch.evidence.assertions import mask
from gigmatch.evidence.parts import Amount, Move, Proof
from gigmatch.evidence.precedence import Precedence, precedence
from gigmatch.evidence.prices import amount, decided_by
from gigmatch.evidence.refusals import known
from gigmatch.evidence.two_sided import StableReasons
from gigmatch.explaining.residual import Change, Residual
from gigmatch.pairing.policy import POINTS_SCALE

__all__ = ["ExplanationBuilder", "Hall"]


class Hall(NamedTuple):
    """A set short of seats or of workers, as rows in ascending order."""

    workers: Int64Array
    shifts: Int64Array
    number: int | None = None
    """Its place among the sets that reasons share; None if it is named in full."""


class ExplanationBuilder:
    """Rows of the problem and changes of the residual network, as ids and proofs of one assignment.

    Parameters
    ----------
    solved : SolvedMorning
        The morning, its eligible pairs and the solution.
    assignment : Assignment
        The same in ids.
    """

    def __init__(self, solved: SolvedMorning, assignment: Assignment) -> None:
        self.solved, self.assignment = solved, assignment

    @cached_property
    def residual(self) -> Residual:
        """The residual network, made once."""
        return Residual(self.solved.problem, self.solved.solution, self.solved.least_multipliers)

    @cached_property
    def stable(self) -> StableReasons | None:
        """What gives the reasons of a stable answer; None for others."""
        return None if self.solved.instance.stable is None else StableReasons(self.solved)

    def _short_of_seats(self, worker: int, hall: Hall, change: Change | None) -> data.ShortOfSeats:
        """Without a ``change`` every seat there is promised."""
        loss = None if change is None else self.amount_of(change)
        return data.ShortOfSeats(
            worker_id=self.solved.columns.worker_ids[worker],
            lost_by=decided_by(loss),
            shift_id=None if change is None else self._shift_id(change.moves[0][2]),
            loss=loss,
            proof=None if change is None else self._proof(change),
            **self._figures(hall),
        )

    def _others_first_or_short(self, worker: int, hall: Hall, change: Change) -> data.Reason:
        """As `_short_of_seats`; where a level puts people first, how many of those there come first.

        None may come after the worker: the set is what the worker can reach, or others who are alike.
        """
        short, order = self._short_of_seats(worker, hall, change), self.precedence
        if order is None:
            return short
        ranks = order.among(worker, self._seated_in(hall))
        if not ranks.ahead:
            return short
        told = {name: getattr(short, name) for name in type(short).model_fields if name != "kind"}
        return data.OthersFirst(
            **told,
            level=order.level.name,
            by=order.by,
            words=dict(order.level.words),
            ahead=ranks.ahead,
            alike=ranks.alike,
        )

    @cached_property
    def precedence(self) -> Precedence | None:
        """The level that puts people before others, if there is one."""
        return precedence(self.solved)

    def _seated_in(self, hall: Hall) -> Int64Array:
        """Rows of those who have the seats of a set."""
        inside = mask(hall.shifts, self.solved.problem.n_shifts)
        at = self.residual.at
        return np.flatnonzero((at >= 0) & inside[at])

    def _short_of_workers(self, shift: int, hall: Hall) -> data.ShortOfWorkers:
        return data.ShortOfWorkers(shift_id=self._shift_id(shift), **self._figures(hall))

    def _left_out(self, worker: int, change: Change) -> data.LeftOutForPoints:
        return data.LeftOutForPoints(
            worker_id=self.solved.columns.worker_ids[worker],
            shift_id=self._shift_id(change.moves[0][2]),
            loss=self.amount_of(change),
            proof=self._proof(change),
        )

    def _tied(self, worker: int, change: Change) -> data.Tied:
        seed, ids = (
            self.solved.instance.policy.seed,
            self.solved.names(np.array([m[0] for m in change.moves])),
        )
        return data.Tied(
            worker_id=self.solved.columns.worker_ids[worker],
            shift_id=self._shift_id(change.moves[0][2]),
            has_no_shift=bool(self.solved.at[worker] < 0),
            seed=seed,
            draws=dict(zip(ids, draw_lots(seed, "worker", ids).tolist(), strict=True)),
            proof=self._proof(change),
        )

    def _way_and_pay(self, worker: int) -> tuple[float | None, float]:
        """Minutes of the way of somebody placed, None where there is none, and the pay offered."""
        row = int(np.searchsorted(self.solved.worker, worker))
        minutes = float(self.solved.pairs_placed.minutes[row])
        return known(minutes), float(self.solved.columns.shifts.pay_total[self.solved.shift[row]])

    # -- Hall sets ------------------------------------------------------------------------------------------

    def _crowded_in(self, reach: BoolArray) -> Hall:
        """Shifts without a free seat, and all workers who have eligible shifts there only."""
        return Hall(self._only_there(reach), np.flatnonzero(reach))

    def _lonely_in(self, reach: BoolArray) -> Hall:
        """Shifts with empty seats and those from which people could come there, and all who could."""
        return Hall(self._workers_of(reach), np.flatnonzero(reach))

    def _figures(self, hall: Hall) -> dict[str, Any]:
        """What is told of a set: counts always, ids where it is not shared."""
        named = hall.number is None
        return {
            "n_workers": len(hall.workers),
            "n_seats": int(self.solved.problem.capacity[hall.shifts].sum()),
            "n_promised": int(self.solved.promised_seats[hall.shifts].sum()),
            "n_shifts": len(hall.shifts),
            "workers": self.solved.names(hall.workers) if named else (),
            "shifts": self.solved.shift_names(hall.shifts) if named else (),
            "shared_set": hall.number,
        }

    # -- rows and ids ---------------------------------------------------------------------------------------

    def _row_of(self, worker: int) -> Int64Array:
        """Shifts of a worker's pairs."""
        problem = self.solved.problem
        return problem.shift[slice(*problem.indptr[worker : worker + 2])].astype(np.int64)

    def _has_seats(self, worker: int) -> bool:
        """Whether not every seat that the worker could take is promised."""
        return bool(self.solved.problem.capacity[self._row_of(worker)].any())

    def _only_there(self, reach: BoolArray) -> Int64Array:
        """Workers, not promised, who have eligible shifts and all of them among some: rows, ascending."""
        problem = self.solved.problem
        outside = np.bincount(problem.worker[~reach[problem.shift]], minlength=problem.n_workers)
        return np.flatnonzero((outside == 0) & (problem.degree > 0))

    def _workers_of(self, reach: BoolArray) -> Int64Array:
        """Workers, not promised, who are eligible for any of some shifts: rows, ascending."""
        return np.unique(self.solved.problem.worker[reach[self.solved.problem.shift]]).astype(np.int64)

    def amount_of(self, change: Change) -> Amount:
        """What a change loses, as seats and points."""
        after = self.residual.at.copy()
        for worker, _, to in change.moves:
            after[worker] = to
        return amount(self.solved.problem, self.residual.at, after)

    def _proof(self, change: Change) -> Proof:
        columns = self.solved.columns
        moves = tuple(
            Move(worker_id=columns.worker_ids[worker], leaves=self._maybe(leaves), goes_to=self._maybe(to))
            for worker, leaves, to in change.moves
        )
        if change.price_changes is None:
            return Proof(moves=moves, price_changes=None)
        return Proof(moves=moves, price_changes=self._named(change.price_changes), of_others=change.others)

    def _rest(self, prices: tuple[dict[int, int], int]) -> Proof:
        """Prices alone."""
        return Proof(moves=(), price_changes=self._named(prices[0]), of_others=prices[1])

    def _named(self, changes: dict[int, int]) -> dict[str, int]:
        return {self._shift_id(shift): by for shift, by in changes.items()}

    def _maybe(self, shift: int) -> str | None:
        return None if shift < 0 else self._shift_id(shift)

    def _shift_id(self, shift: int) -> str:
        return self.solved.columns.shift_ids[shift]

    def _not_proved(self, *, worker: int | None = None, shift: int | None = None) -> data.NotProved:
        solution = self.solved.solution
        return data.NotProved(
            worker_id=None if worker is None else self.solved.columns.worker_ids[worker],
            shift_id=None if shift is None else self._shift_id(shift),
            gap_points=solution.gap / POINTS_SCALE,
            seats_proved=self.solved.are_seats_proved,
            stopped=solution.stopped,
        )
