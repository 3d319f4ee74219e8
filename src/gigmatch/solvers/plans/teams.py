"""What takes place: shifts that need several people, crews of shifts, and their best team."""

from __future__ import annotations

import numpy as np

from gigmatch.core.arrays import BoolArray, Int64Array, row_pointers
from gigmatch.core.kernels import Array, kernel_or_plain
from gigmatch.problem.plans import PlanProblem

__all__ = ["Teams"]


class Teams:
    """Shifts with a least headcount, crews, and what is due, numbered; all other shifts are plain.

    Parameters
    ----------
    problem : PlanProblem
        Validated.
    """

    def __init__(self, problem: PlanProblem) -> None:
        pairs = problem.pairs
        inside = (problem.minimum > 1) | (problem.crew >= 0)
        inside[problem.due] = True
        self.shift: Int64Array = np.flatnonzero(inside)
        """Shifts of teams, by team."""
        self.shift = self.shift[np.argsort(problem.unit[self.shift], kind="stable")]
        _, team = np.unique(problem.unit[self.shift], return_inverse=True)
        self.n_teams = int(team.max(initial=-1)) + 1
        self.first = row_pointers(np.bincount(team, minlength=self.n_teams))
        """Where each team's shifts begin."""
        self.of_shift: Int64Array = np.full(pairs.n_shifts, -1, np.int64)
        """Team of every shift, -1 for a plain one."""
        self.of_shift[self.shift] = team
        self.minimum, self.capacity = problem.minimum[self.shift], pairs.capacity[self.shift]
        self.place: Int64Array = np.full(pairs.n_shifts, -1, np.int64)
        """Where every shift stands in ``shift``, -1 for a plain one."""
        self.place[self.shift] = np.arange(len(self.shift))
        own = self.place[pairs.shift]
        self.entry: Int64Array = np.flatnonzero(own >= 0)
        """Pairs of shifts of teams, by shift as in ``shift``."""
        self.entry = self.entry[np.argsort(own[self.entry], kind="stable")]
        self.begin = row_pointers(np.bincount(own[self.entry], minlength=len(self.shift)))
        """Where each shift's pairs begin."""
        self.plain: BoolArray = ~inside
        """Which shifts are plain."""

    def best(self, price: Int64Array, comes: Int64Array) -> Int64Array:
        """What the best team of every team is worth: int64[n_teams].

        Parameters
        ----------
        price : array of int64, shape (n_pairs,)
            What pairs are worth to their shifts.
        comes : array of int64, shape (n_teams,)
            1 where it takes place, 0 where it does not, -1 where either may be.
        """
        found: Int64Array = _best_teams(
            self.first, self.begin, price[self.entry], self.minimum, self.capacity, comes
        )
        return found


_NONE = -(1 << 61)
_GONE = -(1 << 53)  # pairs worth less are not there


@kernel_or_plain
def _best_teams(
    first: Array, begin: Array, price: Array, minimum: Array, capacity: Array, comes: Array
) -> Array:
    found = np.zeros(len(first) - 1, np.int64)
    for team in range(len(first) - 1):
        if comes[team] == 0:
            continue
        total = 0
        for place in range(first[team], first[team + 1]):
            falling = -np.sort(-price[begin[place] : begin[place + 1]])
            while len(falling) and falling[-1] < _GONE:
                falling = falling[:-1]
            if len(falling) < minimum[place]:
                total = _NONE
                break
            for rank in range(min(capacity[place], len(falling))):
                if rank >= minimum[place] and falling[rank] <= 0:
                    break
                total += falling[rank]
        if comes[team] == 1 or total > 0:
            found[team] = total
    return found
