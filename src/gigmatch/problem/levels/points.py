"""Points: the greatest sum of the weights of the pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from gigmatch.i18n.texts import every_lang
from gigmatch.problem.levels.base import ToldAs, Weights

if TYPE_CHECKING:
    from gigmatch.problem.problem import Problem

__all__ = ["POINTS", "Points"]


@dataclass(frozen=True)
class Points:
    """Every chosen pair weighs ``Problem.weight``; value and bound of a solution are told in these."""

    name: str = "points"
    needs: ClassVar[tuple[str, ...]] = ()
    is_drawn: ClassVar[Literal[False]] = False
    is_bound: ClassVar[bool] = True
    fills_seats: ClassVar[bool] = False
    told: ClassVar[ToldAs] = ToldAs.POINTS

    @property
    def words(self) -> Mapping[str, str]:
        """What people call it, by language."""
        return every_lang("levels.points")

    def weights(self, problem: Problem) -> Weights:
        """The weight of every pair."""
        return Weights(pair=problem.weight)


POINTS = Points()
"""The level of the points."""
