"""The reasons of a whole morning, made together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gigmatch.evidence import Reasons, data
from gigmatch.evidence.facts import known
from gigmatch.explaining.grounds import Grounds
from gigmatch.explaining.residual import Residual
from gigmatch.policy import QUANTUM

if TYPE_CHECKING:
    from gigmatch.explaining.explainer import Explainer

__all__ = ["Bulk"]

_IMPOSSIBLE = 2**61


class Bulk(Grounds):
    """Everybody's reason at a small part of the cost of asking one by one.

    Parameters
    ----------
    one_by_one : Explainer
        Asked for what is not made together, and whose residual network is used.
    """

    def __init__(self, one_by_one: Explainer) -> None:
        super().__init__(one_by_one.facts)
        self.one_by_one = one_by_one

    def everything(self) -> Reasons:
        """See `Explainer.everything`."""
        return Reasons(
            greatest=self._greatest() if self.assignment.status == "optimal" else {},
            reasons=(*self._of_everybody(), *self._of_every_open_shift()),
        )

    @cached_property
    def residual(self) -> Residual:
        """The residual network, made once for both."""
        return self.one_by_one.residual

    def _of_everybody(self) -> Iterator[Any]:
        parts = self.assignment.points_by_scorer / QUANTUM
        row = 0
        for worker, shift in enumerate(self.assignment.shift.tolist()):
            if shift < 0:
                yield self._unplaced_in_bulk(worker)
                continue
            yield self._placement(worker, shift, row, parts[row].tolist())
            row += 1

    def _placement(self, worker: int, shift: int, row: int, parts: list[float]) -> data.Explanation:
        if self.assignment.status != "optimal":
            return self._not_proved(worker=worker, shift=shift)
        return data.Placed(
            worker_id=self.facts.columns.worker_ids[worker],
            shift_id=self._shift_id(shift),
            points=int(self.assignment.points_by_scorer[row].sum()) / QUANTUM,
            points_by_scorer=dict(zip(self.assignment.scorers, parts, strict=True)),
            minutes=known(float(self.assignment.minutes[row])),
            pay_total=float(self.assignment.pay_total[row]),
            promised=bool(self.facts.case.kept[worker] >= 0),
        )

    def _unplaced_in_bulk(self, worker: int) -> data.Explanation:
        if not self.facts.eligible.shifts_of[worker]:
            return self.facts.no_eligible_shift(worker)
        if self.assignment.status != "optimal" or worker not in self._short:
            return self.one_by_one.why_unplaced(self.facts.columns.worker_ids[worker])
        return self._short_of_seats(worker, self._crowded, self.residual.placed_at_most(worker), shared=True)

    def _of_every_open_shift(self) -> Iterator[Any]:
        for open_shift in self.assignment.open_shifts:
            shift = self.facts.shift(open_shift.shift_id)
            if self.assignment.status == "optimal" and self._lonely[shift] and open_shift.eligible_workers:
                yield self._short_of_workers(shift, self._lonely, self._workers_of(self._lonely))
            else:
                yield self.one_by_one.why_empty(open_shift.shift_id)

    @cached_property
    def _short(self) -> frozenset[int]:
        """Workers without a shift for whom there are seats, but no chain of moves ends at a free one."""
        problem, residual = self.facts.problem, self.residual
        open_ = np.flatnonzero(residual.filled < problem.capacity)
        to_open = residual.reach(open_, back=True)
        rows = np.flatnonzero((residual.at < 0) & (np.diff(problem.indptr) > 0))
        return frozenset(
            row for row in rows.tolist() if self._has_seats(row) and not to_open[self._row_of(row)].any()
        )

    @cached_property
    def _crowded(self) -> npt.NDArray[np.bool_]:
        """The shifts that those workers could come to, directly or by others moving: all of them full."""
        wanted = [self._row_of(row) for row in sorted(self._short)]
        return self.residual.reach(np.unique(np.concatenate([np.zeros(0, np.int64), *wanted])))

    @cached_property
    def _lonely(self) -> npt.NDArray[np.bool_]:
        """Shifts with empty seats and eligible workers to which no chain leads from home, and theirs."""
        problem, residual = self.facts.problem, self.residual
        somebody = self.facts.eligible.workers_of > 0
        empty = np.flatnonzero((residual.filled < problem.capacity) & somebody & ~residual.from_home)
        return residual.reach(empty, back=True)

    def _greatest(self) -> dict[str, int]:
        """Price changes to the greatest prices."""
        change = np.where(self.residual.to_outside[:-1] < _IMPOSSIBLE, self.residual.to_outside[:-1], 0)
        rows = np.flatnonzero(change)
        return dict(zip(self.facts.shift_names(rows), change[rows].tolist(), strict=True))
