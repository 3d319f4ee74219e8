"""The reasons of a whole morning, made together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.evidence import Reasons, data, refusals
from gigmatch.evidence.assertions import mask
from gigmatch.evidence.parts import HallSet
from gigmatch.evidence.two_sided import StableReasons
from gigmatch.explaining.builder import ExplanationBuilder, Hall
from gigmatch.explaining.residual import IMPOSSIBLE, Residual
from gigmatch.pairing.policy import POINTS_SCALE

if TYPE_CHECKING:
    from gigmatch.explaining.explainer import Explainer

__all__ = ["Bulk"]


class Bulk(ExplanationBuilder):
    """Everybody's reason at a small part of the cost of asking one by one.

    Parameters
    ----------
    one_by_one : Explainer
        Asked for what is not made together, and whose residual network is used.
    """

    def __init__(self, one_by_one: Explainer) -> None:
        super().__init__(one_by_one.solved, one_by_one.assignment)
        self.one_by_one, self.sets = one_by_one, list[HallSet]()
        self._crowded: dict[int, Hall] = {}

    def everything(self) -> Reasons:
        """See `Explainer.everything`."""
        reasons = (*self._of_everybody(), *self._of_every_open_shift())
        greatest = self._greatest() if self.solved.is_optimal else {}
        return Reasons(greatest=greatest, sets=tuple(self.sets), whole=True, reasons=reasons)

    @property
    def stable(self) -> StableReasons | None:
        """What gives the reasons of a stable answer, made once for both."""
        return self.one_by_one.stable

    @cached_property
    def residual(self) -> Residual:
        """The residual network, made once for both."""
        return self.one_by_one.residual

    def _of_everybody(self) -> Iterator[Any]:
        parts = self.solved.points_placed / POINTS_SCALE
        row = 0
        for worker, shift in enumerate(self.solved.at.tolist()):
            if shift < 0:
                yield self._unplaced_in_bulk(worker)
                continue
            yield self._placement(worker, shift, row, parts[row].tolist())
            row += 1

    def _placement(self, worker: int, shift: int, row: int, parts: list[float]) -> data.Reason:
        if self.stable is not None:
            return self.stable.placed(worker)
        if not self.solved.is_optimal:
            return self._not_proved(worker=worker, shift=shift)
        minutes, pay_total = self._way_and_pay(worker)
        return data.Placed(
            worker_id=self.solved.columns.worker_ids[worker],
            shift_id=self._shift_id(shift),
            points=int(self.solved.points_placed[row].sum()) / POINTS_SCALE,
            points_by_scorer=dict(zip(self.solved.instance.policy.names, parts, strict=True)),
            words=self.solved.instance.policy.words,
            minutes=minutes,
            pay_total=pay_total,
            promised=self.solved.is_promised(worker),
        )

    def _unplaced_in_bulk(self, worker: int) -> data.Reason:
        if not self.solved.eligible.shifts_of[worker]:
            return refusals.no_eligible_shift(self.solved, worker)
        if self.stable is not None:
            return self.stable.outranked_everywhere(worker)
        if not self.solved.is_optimal:
            return self._not_proved(worker=worker)
        if not self._has_seats(worker):
            return self._short_of_seats(worker, self._promised_away, None)
        change = self.residual.placed_at_most(worker)
        if worker in self._short:
            return self._others_first_or_short(worker, self._crowded_with(worker), change)
        return self._left_out(worker, change) if change.loss else self._tied(worker, change)

    def _of_every_open_shift(self) -> Iterator[Any]:
        optimal = self.solved.is_optimal
        for open_shift in self.assignment.open_shifts:
            shift = self.solved.shift_row(open_shift.shift_id)
            if optimal and open_shift.eligible_workers and self._unreached[shift]:
                yield self._short_of_workers(shift, self._lonely)
            else:
                yield self.one_by_one.why_empty(open_shift.shift_id)

    # -- what they share ------------------------------------------------------------------------------------

    def _shared(self, hall: Hall) -> Hall:
        """A set that is told once, by its place among the others."""
        named = HallSet(workers=self.solved.names(hall.workers), shifts=self.solved.shift_names(hall.shifts))
        self.sets.append(named)
        return hall._replace(number=len(self.sets) - 1)

    @cached_property
    def _waiting(self) -> list[int]:
        """Workers who have eligible shifts, no promise and no shift."""
        rows = (self.residual.at < 0) & (self.solved.problem.degree > 0)
        return np.flatnonzero(rows).tolist()

    @cached_property
    def _short(self) -> frozenset[int]:
        """Those for whom there are seats, but no chain of moves ends at a free one."""
        open_ = np.flatnonzero(self.residual.filled < self.solved.problem.capacity)
        to_open = self.residual.reach(open_, back=True)
        return frozenset(
            row for row in self._waiting if self._has_seats(row) and not to_open[self._row_of(row)].any()
        )

    def _crowded_with(self, worker: int) -> Hall:
        """The shifts that those could come to who are alike, directly or by others moving: all are full."""
        own = 0 if self.precedence is None else int(self.precedence.weight[worker])
        if own not in self._crowded:
            reach = self.residual.reach(self._rows_of(self._short_by_weight[own]))
            self._crowded[own] = self._shared(self._crowded_in(reach))
        return self._crowded[own]

    @cached_property
    def _short_by_weight(self) -> dict[int, list[int]]:
        """Those who are short of seats, by what they weigh where people come first."""
        found: dict[int, list[int]] = {}
        for worker in sorted(self._short):
            own = 0 if self.precedence is None else int(self.precedence.weight[worker])
            found.setdefault(own, []).append(worker)
        return found

    @cached_property
    def _promised_away(self) -> Hall:
        """The shifts of those waiting who have promised seats alone before them."""
        rows = self._rows_of(row for row in self._waiting if not self._has_seats(row))
        return self._shared(self._crowded_in(mask(rows, self.solved.problem.n_shifts)))

    @cached_property
    def _unreached(self) -> BoolArray:
        """Shifts with empty seats and eligible workers to which no chain leads from home, and theirs."""
        problem, residual = self.solved.problem, self.residual
        somebody = self.solved.eligible.workers_of > 0
        empty = np.flatnonzero((residual.filled < problem.capacity) & somebody & ~residual.from_home)
        return residual.reach(empty, back=True)

    @cached_property
    def _lonely(self) -> Hall:
        """Those shifts, and everybody who could take a seat there."""
        return self._shared(self._lonely_in(self._unreached))

    def _rows_of(self, workers: Iterable[int]) -> Int64Array:
        """Every shift of any of some workers, ascending."""
        return np.unique(np.concatenate([np.zeros(0, np.int64), *map(self._row_of, sorted(workers))]))

    def _greatest(self) -> dict[str, int]:
        """Price changes to the greatest prices."""
        change = np.where(self.residual.to_outside[:-1] < IMPOSSIBLE, self.residual.to_outside[:-1], 0)
        rows = np.flatnonzero(change)
        return dict(zip(self.solved.shift_names(rows), change[rows].tolist(), strict=True))
