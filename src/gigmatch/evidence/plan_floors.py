"""The least that is lost by other answers of plans and teams, as the answer's own proof tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.problem.plans import NEVER, LeastLosses, LevelClaim, PlanProblem, PlanSolution, least_losses

__all__ = ["Floor", "Floors"]


class Floor(NamedTuple):
    """Nothing or more is lost on the levels before one; if nothing, so much or more is lost on that one.

    Where nothing is lost for certain, it is 0 on the last level, or on the first one that is not proved.
    """

    place: int
    """Of the level."""
    least: int

    def by_level(self, n_levels: int) -> list[int | None]:
        """The least loss on each level if exactly that is lost on those above; None where it is not known."""
        known = [*[0] * self.place, self.least]
        return [*known, *[None] * (n_levels - len(known))]


class Floors:
    """The least losses of a verified answer's pairs and shifts.

    Parameters
    ----------
    problem : PlanProblem
        What was asked.
    answer : PlanSolution
        Verified.
    needed : array of int64, shape (n_shifts,)
        People asked for at each shift, see `least_losses`.
    """

    def __init__(self, problem: PlanProblem, answer: PlanSolution, needed: Int64Array) -> None:
        losses = least_losses(problem, answer, needed)
        self._pair, self._shift = (_floors(losses, name, answer.claims) for name in LeastLosses._fields)

    def of_pairs(self, pairs: Int64Array) -> Floor | None:
        """The least that is lost if any of some pairs is taken; None if no answer has any of them."""
        return self._pair.of(pairs)

    def of_shift(self, shift: int) -> Floor | None:
        """The least that is lost if there are so many people at a shift; None if no answer has them."""
        return self._shift.of(np.array([shift]))


class _Least(NamedTuple):
    """Floors of many, laid out."""

    place: Int64Array
    least: Int64Array
    never: BoolArray

    def of(self, rows: Int64Array) -> Floor | None:
        """The least of some."""
        rows = rows[~self.never[rows]]
        if not len(rows):
            return None
        place = self.place[rows].max()
        return Floor(int(place), int(self.least[rows][self.place[rows] == place].min()))


def _floors(losses: Sequence[LeastLosses], name: str, claims: Sequence[LevelClaim]) -> _Least:
    """Of pairs or of shifts."""
    lost: Int64Array = getattr(losses[0], name)
    never, goes_on = lost == NEVER, np.full(len(lost), True)
    place, least = np.zeros(len(lost), np.int64), np.maximum(lost, 0)
    for at, (level, above) in enumerate(zip(losses[1:], claims, strict=False), start=1):
        lost = getattr(level, name)
        goes_on &= (least == 0) & above.is_closed
        here = goes_on & (lost != NEVER)
        place[here], least[here] = at, np.maximum(lost[here], 0)
        least[goes_on & (lost == NEVER)] = 1  # on the level above, whose best no such answer reaches
    return _Least(place, least, never)
