"""A ``PlanProblem`` as a whole model of linear rows, for solvers that know nothing of plans: HiGHS, CP-SAT.

A variable of 0 or 1 a pair, one an arc between two pairs of a worker, one a crew or shift that takes place,
one a goal that a group may have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from gigmatch.problem.plans import PlanProblem

MOST_S = 120

Row = tuple[dict[int, int], int, int]
Best = Callable[["FullModel", dict[int, int], list[Row]], int]


class FullModel(NamedTuple):
    """``low <= sum of coefficients <= high`` for every row."""

    n_variables: int
    rows: list[Row]


def full_model(problem: PlanProblem) -> FullModel:
    """Variables of pairs come first, in order."""
    return FullModelMaker(problem).made()


class FullModelMaker:
    """Adds variables and rows, one rule after the other."""

    def __init__(self, problem: PlanProblem) -> None:
        self.problem, self.count, self.rows = problem, problem.pairs.n_pairs, []
        self.shift = problem.pairs.shift.tolist()

    def made(self) -> FullModel:
        for worker in range(self.problem.pairs.n_workers):
            self._plan(worker)
        self._teams()
        for group in range(self.problem.n_groups):
            self._group(group)
        self.rows += [({pair: 1}, 1, 1) for pair in self.problem.kept.tolist()]
        return FullModel(self.count, self.rows)

    def _new(self) -> int:
        self.count += 1
        return self.count - 1

    def _pairs(self, worker: int) -> range:
        return range(*self.problem.pairs.indptr[worker : worker + 2].tolist())

    def _plan(self, worker: int) -> None:
        """A path: one pair begins it, every other one is entered from another, and left at most once."""
        problem, pairs = self.problem, self._pairs(worker)
        begins, entered = {}, {pair: {pair: -1} for pair in pairs}
        left = {pair: {pair: -1} for pair in pairs}
        for pair in pairs:
            begin = self._new()
            begins[begin] = entered[pair][begin] = 1
            for at in range(*problem.follower_indptr[pair : pair + 2].tolist()):
                arc = self._new()
                left[pair][arc] = entered[int(problem.follower[at])][arc] = 1
        self.rows += [(row, 0, 0) for row in entered.values()]
        self.rows += [(row, -1, 0) for row in left.values()]
        self.rows.append((begins, 0, 1))
        self.rows.append((dict.fromkeys(pairs, 1), 0, int(problem.most_shifts[worker])))
        for limit in range(*problem.limit_indptr[worker : worker + 2].tolist()):
            amount, asked = problem.limit_amount[limit], problem.limit_class[limit]
            row = {
                pair: int(problem.amount[amount, self.shift[pair]])
                for pair in pairs
                if asked in (-1, problem.amount_class[amount, self.shift[pair]])
            }
            self.rows.append((row, 0, int(problem.limit_most[limit])))

    def _teams(self) -> None:
        """Nobody, or from the least to the most; all of a crew or none."""
        problem = self.problem
        team = [self._new() for _ in range(problem.n_units)]
        for shift in range(problem.pairs.n_shifts):
            pairs = np.flatnonzero(problem.pairs.shift == shift).tolist()
            there = team[problem.unit[shift]]
            most, least = int(problem.pairs.capacity[shift]), int(problem.minimum[shift])
            self.rows.append((dict.fromkeys(pairs, 1) | {there: -least}, 0, len(pairs)))
            self.rows.append((dict.fromkeys(pairs, 1) | {there: -most}, -most, 0))

    def _group(self, group: int) -> None:
        """Every member has one pair at a goal that the group has, none at any other."""
        problem = self.problem
        goal = problem.crew if problem.group_in_crew[group] else np.arange(problem.pairs.n_shifts)
        goals: dict[int, int] = defaultdict(self._new)
        members = np.flatnonzero(problem.group == group).tolist()
        reached = {int(goal[self.shift[pair]]) for member in members for pair in self._pairs(member)}
        for number in sorted(reached):
            for member in members:
                row = {pair: 1 for pair in self._pairs(member) if goal[self.shift[pair]] == number}
                self.rows.append((row | ({goals[number]: -1} if number >= 0 else {}), 0, 0))


def level_by_level(problem: PlanProblem, best: Best) -> tuple[int, ...]:
    """Best values in order, each among the answers that have those above."""
    model, fixed, found = full_model(problem), [], []
    for level in problem.levels:
        weight = {pair: value for pair, value in enumerate(level.weight.tolist()) if value}
        found.append(best(model, weight, fixed))
        fixed.append((weight, found[-1], found[-1]))
    return tuple(found)


def by_highs(model: FullModel, weight: dict[int, int], fixed: list[Row]) -> int:
    """Greatest sum, by HiGHS in scipy."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows = [row for row in (*model.rows, *fixed) if row[0]]
    entries = [(at, variable, by) for at, (row, _, _) in enumerate(rows) for variable, by in row.items()]
    at, variable, by = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = csr_array((by, (at, variable)), shape=(len(rows), model.n_variables))
    cost = np.zeros(model.n_variables)
    cost[list(weight)] = [-value for value in weight.values()]
    answer = milp(
        cost,
        constraints=LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows]),
        bounds=Bounds(0, 1),
        integrality=np.ones(model.n_variables),
        options={"mip_rel_gap": 0.0, "time_limit": MOST_S},
    )
    if answer.status == 1:
        pytest.skip(f"HiGHS needs more than {MOST_S} s for the whole model")
    assert answer.status == 0, answer.message
    return sum(value for pair, value in weight.items() if answer.x[pair] > 0.5)


def by_cp_sat(model: FullModel, weight: dict[int, int], fixed: list[Row]) -> int:
    """Greatest sum, by CP-SAT in OR-Tools."""
    from ortools.sat.python import cp_model

    whole = cp_model.CpModel()
    variables = [whole.new_bool_var(f"x{at}") for at in range(model.n_variables)]

    def total(row: dict[int, int]):
        return sum(by * variables[at] for at, by in row.items())

    for row, low, high in (*model.rows, *fixed):
        if row:
            whole.add_linear_constraint(total(row), low, high)
    whole.maximize(total(weight))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = MOST_S
    status = solver.solve(whole)
    if status in (cp_model.FEASIBLE, cp_model.UNKNOWN):
        pytest.skip(f"CP-SAT needs more than {MOST_S} s for the whole model")
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    return sum(value for pair, value in weight.items() if solver.boolean_value(variables[pair]))
