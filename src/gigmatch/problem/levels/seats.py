"""Seats: as many as possible of the most urgent tier, then of the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from gigmatch.i18n.texts import every_lang
from gigmatch.problem.levels.base import ToldAs, Weights

if TYPE_CHECKING:
    from gigmatch.problem.problem import Problem

__all__ = ["SEATS", "Seats"]


@dataclass(frozen=True)
class Seats:
    """Every filled seat weighs `Problem.tier_weight`.

    Seats that can be filled together form a transversal matroid, so these small weights have the same optimum
    as tier after tier (Edmonds 1971), and the number of filled seats is then greatest too.
    """

    name: str = "seats"
    needs: ClassVar[tuple[str, ...]] = ("tier",)
    is_drawn: ClassVar[Literal[False]] = False
    is_bound: ClassVar[bool] = False
    fills_seats: ClassVar[bool] = True
    told: ClassVar[ToldAs] = ToldAs.SEATS_BY_TIER

    @property
    def words(self) -> Mapping[str, str]:
        """What people call it, by language."""
        return every_lang("levels.seats")

    def weights(self, problem: Problem) -> Weights:
        """The tier's weight on every shift."""
        return Weights(shift=problem.tier_weight)


SEATS = Seats()
"""The level of the seats, by tier."""
