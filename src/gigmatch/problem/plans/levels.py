"""The levels of a problem with plans: each tier of seats one of its own, then the others in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gigmatch.core.arrays import Int64Array
from gigmatch.problem.integers import exact_sum
from gigmatch.problem.levels.base import Weights, laid_out, weights_at
from gigmatch.problem.levels.seats import SEATS
from gigmatch.problem.problem import Problem

__all__ = ["PlanLevel", "is_of_seats", "plan_levels"]


@dataclass(frozen=True, eq=False)
class PlanLevel:
    """Weights that are maximised among the best of the levels above."""

    name: str
    """Names it in claims and certificates; the n-th tier of seats is called ``"seats n"``."""
    pairs: Problem
    """Whose pairs are weighed."""
    parts: Weights
    """The weights, in parts of workers, shifts and pairs that add up."""

    @property
    def weight(self) -> Int64Array:
        """The weight of every pair: int64[n_pairs], laid out anew unless pairs alone have weights."""
        return laid_out(self.pairs, self.parts)

    def weight_of(self, pairs: Int64Array) -> Int64Array:
        """The weight of some pairs, given by position: int64."""
        return weights_at(self.pairs, self.parts, pairs)

    def value_of(self, pairs: Int64Array) -> int:
        """What some pairs are worth together, exactly."""
        return exact_sum(self.weight_of(pairs))

    @property
    def largest(self) -> int:
        """No weight is farther from 0."""
        least, most = self.parts.extent
        return max(most, -least)


def plan_levels(pairs: Problem) -> Iterator[PlanLevel]:
    """Return the weighted levels of a problem in order, with a level for each tier in place of the seats.

    Where workers take several shifts, or shifts come whole, no small weights put tier after tier.
    """
    for level, parts in zip(pairs.weighted, pairs.weights, strict=True):
        if level.name != SEATS.name:
            yield PlanLevel(level.name, pairs, parts)
            continue
        highest = int(pairs.tier_weight.max(initial=0))
        for number in range(1, highest + 1):
            of_tier = (pairs.tier_weight == highest + 1 - number).astype(np.int64)
            yield PlanLevel(f"{SEATS.name} {number}", pairs, Weights(shift=of_tier))


def is_of_seats(level: str) -> bool:
    """Whether a level is that of one tier of seats."""
    return level.startswith(f"{SEATS.name} ")
