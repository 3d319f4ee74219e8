"""A first answer of whole teams: one after the other is filled as well as it can be from who is left."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from gigmatch.core.arrays import Int64Array, row_owners
from gigmatch.problem.first_come import FirstCome
from gigmatch.problem.plans import PlanProblem, whole_only
from gigmatch.solvers.base import Control
from gigmatch.solvers.plans.teams import Teams
from gigmatch.solvers.plans.units import Units

__all__ = ["by_teams", "first_come"]


def first_come(problem: PlanProblem) -> Int64Array:
    """Return pairs of an answer as in a hall: all in turn take their best seat, what is not whole goes.

    Parameters
    ----------
    problem : PlanProblem
        Without promises.
    """
    pairs = problem.pairs
    served = FirstCome(pairs.n_workers, pairs.capacity)
    served.serve_all(pairs.indptr, pairs.shift, pairs.weight)
    at, owner = served.shift, row_owners(pairs.indptr)
    taken = np.flatnonzero(at[owner] == pairs.shift)
    at[owner[taken[~problem.fits_alone(taken)]]] = -1
    at = whole_only(problem, at)
    return np.flatnonzero(at[owner] == pairs.shift)


def by_teams(units: Units, teams: Teams, weight: Int64Array, control: Control) -> Int64Array:
    """Return pairs of whole teams, filled in order of what they are worth a head; plain shifts stay empty.

    Parameters
    ----------
    units, teams
        Both sides of the problem.
    weight : array of int64, shape (n_pairs,)
        What is maximised.
    control : Control
        Asked before each team whether to stop.
    """
    filling = _Filling(units, teams, weight)
    for team in filling.order().tolist():
        control.check()
        filling.fill(team)
    return np.array(sorted(filling.found), np.int64)


class _Filling:
    """Who is free yet, and the pairs found."""

    def __init__(self, units: Units, teams: Teams, weight: Int64Array) -> None:
        self.problem, self.teams, self.weight = units.problem, teams, weight
        self.pairs = self.problem.pairs
        self.worker = row_owners(self.pairs.indptr)
        self.free = np.ones(units.problem.pairs.n_workers, bool)
        self.found = list[int]()
        entry = teams.entry[self.problem.fits_alone(teams.entry)]
        own = teams.place[self.pairs.shift[entry]]
        order = np.lexsort((-weight[entry], own))
        self._entry, own = entry[order], own[order]
        self._begin = np.searchsorted(own, np.arange(len(teams.shift) + 1))
        self._options = [list[list[Int64Array]]() for _ in range(teams.n_teams)]
        for option in units.options():
            team = teams.of_shift[self.pairs.shift[option[0][0]]]
            if team >= 0:
                self._options[team].append(option)

    def order(self) -> Int64Array:
        """Teams by what they are worth a head if each has the best people, the greatest first."""
        value, people = np.zeros(self.teams.n_teams), np.zeros(self.teams.n_teams)
        for place, (low, high) in enumerate(pairwise(self._begin.tolist())):
            least = self.teams.minimum[place]
            team = self.teams.of_shift[self.teams.shift[place]]
            value[team] += self.weight[self._entry[low : min(high, low + least)]].sum()
            people[team] += least
        return np.lexsort((people, -value / np.maximum(people, 1)))

    def fill(self, team: int) -> None:
        """Fill a team with groups first, else without any; nobody where it cannot be whole."""
        for taken in (self._groups(team), list[int]()):
            more = self._whole(team, taken)
            if more is not None and self.weight[taken + more].sum() > 0:
                self.found += taken + more
                self.free[self.worker[taken + more]] = False
                return

    def _groups(self, team: int) -> list[int]:
        """Pairs of groups that find room in a team, each member where they are best."""
        left = self.pairs.capacity.copy() if self._options[team] else self.pairs.capacity
        free, taken = self.free.copy() if self._options[team] else self.free, list[int]()
        for option in self._options[team]:
            plan, room = list[int](), left.copy()
            for entries in option:
                fitting = entries[(room[self.pairs.shift[entries]] > 0) & free[self.worker[entries]]]
                if not len(fitting):
                    break
                plan.append(int(fitting[self.weight[fitting].argmax()]))
                room[self.pairs.shift[plan[-1]]] -= 1
            else:
                taken += plan
                free[self.worker[plan]] = False
                left = room
        return taken

    def _whole(self, team: int, taken: list[int]) -> list[int] | None:
        """The pairs of the best people who make a team whole, besides some; None where it cannot be."""
        from scipy.optimize import linear_sum_assignment

        places = np.arange(*self.teams.first[team : team + 2].tolist())
        there = np.bincount(self.teams.place[self.pairs.shift[taken]], minlength=len(self.teams.shift))[
            places
        ]
        least = np.maximum(self.teams.minimum[places] - there, 0)
        most = np.maximum(self.teams.capacity[places] - there, least)
        rows = [self._best_free(place, int(most.sum())) for place in places.tolist()]
        people, column = np.unique(self.worker[np.concatenate(rows)], return_inverse=True)
        seat = np.repeat(np.arange(len(places)), most)
        needed = np.concatenate([np.arange(many) < few for few, many in zip(least, most, strict=True)])
        pair = np.full((len(places), len(people)), -1, np.int64)
        at = np.repeat(np.arange(len(places)), [len(row) for row in rows])
        pair[at, column] = np.concatenate(rows)
        worth = np.where(pair >= 0, self.weight[pair], 0)[seat].astype(np.float64)
        first = 2 * np.abs(worth).max(initial=0) * (len(seat) + 1) + 1
        worth[needed] += np.where(pair[seat[needed]] >= 0, first, 0)
        chosen, by = linear_sum_assignment(worth, maximize=True)
        found = pair[seat[chosen], by]
        held = (found >= 0) & (needed[chosen] | (self.weight[found] > 0))
        if np.count_nonzero(held & needed[chosen]) < np.count_nonzero(needed):
            return None
        result: list[int] = found[held].tolist()
        return result

    def _best_free(self, place: int, count: int) -> Int64Array:
        """The best pairs of a shift whose workers are free and belong to no group."""
        entry = self._entry[self._begin[place] : self._begin[place + 1]]
        worker = self.worker[entry]
        return entry[self.free[worker] & (self.problem.group[worker] < 0)][:count]
