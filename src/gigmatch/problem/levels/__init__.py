"""The levels of the objective, one file each, and the faces between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gigmatch.problem.levels.base import DrawnLevel, Level, ToldAs, WeightedLevel, Weights
from gigmatch.problem.levels.faces import Face, drawn_problem, level_problem, tight_pairs, weights_of
from gigmatch.problem.levels.further import Further
from gigmatch.problem.levels.lottery import LOTTERY, Lottery
from gigmatch.problem.levels.points import POINTS, Points
from gigmatch.problem.levels.seats import SEATS, Seats

__all__ = [
    "LOTTERY",
    "POINTS",
    "SEATS",
    "STANDARD",
    "DrawnLevel",
    "Face",
    "Further",
    "Level",
    "Lottery",
    "Points",
    "Seats",
    "ToldAs",
    "WeightedLevel",
    "Weights",
    "drawn_problem",
    "level_problem",
    "tight_pairs",
    "weights_of",
]

STANDARD: Final[Mapping[str, Level]] = {level.name: level for level in (SEATS, POINTS, LOTTERY)}
"""The levels that a `Problem` has arrays for, by name; a new one stands here."""
