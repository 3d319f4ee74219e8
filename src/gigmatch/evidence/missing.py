"""Whom some reasons leave out: everybody, placed or not, and every shift with an empty seat has a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

from gigmatch.assignment import Assignment
from gigmatch.evidence import data
from gigmatch.i18n import Told, joined

__all__ = ["Missing"]

_LISTED = 5


class Missing(NamedTuple):
    """Ids of all who have no reason; false if there are none. As text, counted, and a few of them listed."""

    unplaced: tuple[str, ...]
    """Workers without a shift of whom it is not told why, in order of row."""
    placed: tuple[str, ...]
    """Workers with a shift of whom it is not told why, in order of row."""
    open_shifts: tuple[str, ...]
    """Shifts with an empty seat of which it is not told why, in order of id."""

    @classmethod
    def of(cls, assignment: Assignment, reasons: Iterable[data.Explanation]) -> Self:
        """Hold some reasons, right or not, against everybody of an assignment.

        Why a worker does not have a certain shift is no reason for having none, unless it is a tie: but for
        the lot the worker could as well be placed. A bound stands for a reason where the assignment is not
        proved optimal.

        Parameters
        ----------
        assignment : Assignment
            What is explained.
        reasons : iterable of Explanation
            In any order.
        """
        told = {question for reason in reasons for question in _questions(reason)}
        unplaced = (worker.worker_id for worker in assignment.unplaced)
        open_shifts = (shift.shift_id for shift in assignment.open_shifts)
        return cls(
            unplaced=tuple(key for key in unplaced if (key, None) not in told),
            placed=tuple(pair[0] for pair in assignment.pairs if pair not in told),
            open_shifts=tuple(key for key in open_shifts if (None, key) not in told),
        )

    def __bool__(self) -> bool:
        return any(map(len, self))

    def told(self) -> Told:
        """Return it as text, to be told in whatever language."""
        told = [
            Told.of(f"missing.{name}", n=len(ids), ids=_listed(ids))
            for name, ids in self._asdict().items()
            if ids
        ]
        return joined("missing.gap", told) if told else Told.of("missing.nobody")

    def __str__(self) -> str:
        return str(self.told())


def _questions(reason: data.Explanation) -> list[tuple[str | None, str | None]]:
    """What a reason answers: why a worker is at a shift; None stands for no shift, and for nobody."""
    if isinstance(reason, data.PlanHeld):
        return [(reason.worker_id, one.shift_id) for one in reason.shifts]
    worker, shift = (getattr(reason, name, None) for name in ("worker_id", "shift_id"))
    told = {"why there": (worker, shift), "why unplaced": (worker, None), "why open": (None, shift)}
    return [told.get(reason.answers or "", (None, None))]


def _listed(ids: tuple[str, ...]) -> Told:
    more = [Told.of("missing.more", n=len(ids) - _LISTED)] if len(ids) > _LISTED else []
    return joined("errors.comma", [*(Told(each, "") for each in ids[:_LISTED]), *more])
