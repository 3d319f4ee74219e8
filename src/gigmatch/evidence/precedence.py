"""Who comes first: the level of a policy that puts people before others, whatever else is still to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import Int64Array
from gigmatch.pairing.people import People
from gigmatch.problem import WeightedLevel

__all__ = ["Precedence", "Ranks", "precedence"]


GoesBy = Literal["waiting", "groups", "level"]


class Ranks(NamedTuple):
    """How many of some people come before one of them, beside, and after."""

    ahead: int
    alike: int
    behind: int


@dataclass(frozen=True, eq=False)
class Precedence:
    """A level that weighs people alone, and what it goes by."""

    level: WeightedLevel
    by: GoesBy
    """Days without work alone, priority groups before them, or what a market made up."""
    weight: Int64Array
    """Of every worker, the greatest first: int64[n_workers]."""

    def among(self, worker: int, others: Int64Array) -> Ranks:
        """How a worker stands among others, all given by row."""
        weight, own = self.weight[others], self.weight[worker]
        return Ranks(int((weight > own).sum()), int((weight == own).sum()), int((weight < own).sum()))


def precedence(solved: SolvedMorning) -> Precedence | None:
    """Find the level that alone decides whose seat it is; None where there is none.

    Seats that are full stay full whoever of the people who can come there has them. So a level of people
    alone, with none but levels of shifts alone above it, never has somebody there who comes after one that is
    left out and could come, too (an exchange in a matroid: Edmonds 1971).

    Parameters
    ----------
    solved : SolvedMorning
        Its policy and its problem.
    """
    problem = solved.problem
    for level, weights in zip(problem.weighted, problem.weights, strict=True):
        if weights.worker is not None and weights.shift is None and weights.pair is None:
            return Precedence(level, _goes_by(level, solved.instance.policy.people), weights.worker)
        if not weights.is_of_shifts:
            return None
    return None


def _goes_by(level: WeightedLevel, people: People | None) -> GoesBy:
    if people is None or people.name != level.name:
        return "level"
    return "groups" if people.groups else "waiting"
