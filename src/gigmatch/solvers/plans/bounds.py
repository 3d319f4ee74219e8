"""What a split proves under decisions, in whole numbers, and the plans that come with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gigmatch.core.arrays import Int64Array
from gigmatch.problem.integers import exact_sum
from gigmatch.problem.plans import PlanProblem, Split
from gigmatch.solvers.plans.decisions import FORCED, GONE, Decisions
from gigmatch.solvers.plans.teams import Teams
from gigmatch.solvers.plans.units import Best, Units

__all__ = ["Bounds", "Proved"]


@dataclass(frozen=True, eq=False)
class Proved:
    """What a split proves, and the best plan of every unit under it."""

    bound: int | None
    """None where nothing is feasible."""
    best: Best


class Bounds:
    """Bounds of one level, whose weights and those of the levels above are given.

    Parameters
    ----------
    problem, units, teams
        What is solved, and both of its sides.
    weight : array of int64, shape (n_pairs,)
        Of the level.
    above : sequence of (weights, value)
        Of the levels above.
    """

    def __init__(
        self,
        problem: PlanProblem,
        units: Units,
        teams: Teams,
        weight: Int64Array,
        above: Sequence[tuple[Int64Array, int]],
    ) -> None:
        self.problem, self.units, self.teams = problem, units, teams
        self.weight, self.above = weight, above

    def of(self, split: Split, decisions: Decisions) -> Proved:
        """The bound of a split."""
        pairs = self.problem.pairs
        price, worth = self.sides(split)
        for side in (price, worth):
            side[decisions.taken] += FORCED
            side[decisions.gone] = GONE
        best = self.units.best(worth)
        value = best.value - FORCED * decisions.needs
        team = self.teams.best(price, decisions.comes)
        of_taken = self.teams.of_shift[pairs.shift[decisions.taken]]
        team -= FORCED * np.bincount(of_taken[of_taken >= 0], minlength=self.teams.n_teams)
        if value.min(initial=0) < -FORCED // 2 or team.min(initial=0) < -FORCED // 2:
            return Proved(None, best)
        plain = self.teams.plain
        seats = exact_sum(split.shift_price[plain] * pairs.capacity[plain])
        total = exact_sum(value) + exact_sum(team) + seats
        total -= sum(by * value for by, (_, value) in zip(split.multipliers, self.above, strict=True))
        if split.scale == 0:
            return Proved(None if total < 0 else 1 << 62, best)
        return Proved(total // split.scale, Best(value, best.plan))

    def worth_of(self, split: Split, plans: Int64Array) -> Int64Array:
        """What plans, of pairs and then -1, are worth to who has them."""
        worth = np.append(self.sides(split)[1], 0)
        total: Int64Array = worth[plans].sum(axis=1)
        return total

    def sides(self, split: Split) -> tuple[Int64Array, Int64Array]:
        """What every pair is worth to its shift, and to its worker."""
        price = split.shift_price[self.problem.pairs.shift]
        price[split.pair] = split.pair_price
        worth = split.scale * self.weight - price
        for by, (weight, _) in zip(split.multipliers, self.above, strict=True):
            if by:
                worth += by * weight
        return price, worth
