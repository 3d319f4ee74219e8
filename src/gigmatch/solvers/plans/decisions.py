"""Decisions on the way to a node of the tree, and what they mean for both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.problem.plans import PAIR, TEAM, Decision, PlanProblem
from gigmatch.solvers.plans.teams import Teams
from gigmatch.solvers.plans.units import Units

__all__ = ["FORCED", "GONE", "Decisions"]

FORCED: Final = 1 << 48  # no plan and no team is worth as much
GONE: Final = -(1 << 54)


@dataclass(frozen=True, eq=False)
class Decisions:
    """What has been decided: pairs taken, pairs gone, and teams that take place or do not.

    A pair taken brings its team; a team that does not take place takes its pairs away.
    """

    taken: Int64Array
    """Positions of pairs, ascending."""
    gone: BoolArray
    """bool[n_pairs]."""
    comes: Int64Array
    """For each team 1, 0, or -1 where it is open: int64[n_teams]."""
    needs: Int64Array
    """How many pairs taken each unit has: int64[n_units]."""
    any: bool

    @classmethod
    def of(cls, problem: PlanProblem, units: Units, teams: Teams, path: Iterable[Decision]) -> Decisions:
        """What a path of decisions, the pairs kept and the shifts due mean."""
        path = list(path)
        taken = [what for kind, what, holds in path if kind == PAIR and holds]
        pairs = np.unique(np.concatenate([problem.kept, np.array(taken, np.int64)]))
        gone = np.zeros(problem.pairs.n_pairs, bool)
        gone[[what for kind, what, holds in path if kind == PAIR and not holds]] = True
        comes = np.full(teams.n_teams, -1, np.int64)
        of_taken = teams.of_shift[problem.pairs.shift[pairs]]
        comes[of_taken[of_taken >= 0]] = 1
        comes[teams.of_shift[problem.due]] = 1
        for kind, what, holds in path:
            if kind == TEAM:
                comes[teams.of_shift[what]] = int(holds)
        team = teams.of_shift[problem.pairs.shift[teams.entry]]
        gone[teams.entry[comes[team] == 0]] = True
        needs = np.bincount(units.of_pair[pairs], minlength=units.n_units)
        return cls(pairs, gone, comes, needs, bool(len(pairs) or len(path) or len(problem.due)))

    def allowed(self, plans: Int64Array, unit: Int64Array) -> BoolArray:
        """Which plans keep to them: bool[n_plans]."""
        held = np.zeros(len(self.gone) + 1, np.int64)  # the last for -1, which stands for no pair
        held[:-1][self.gone] = -(1 << 20)
        held[self.taken] += 1
        found: BoolArray = held[plans].sum(axis=1) == self.needs[unit]
        return found
