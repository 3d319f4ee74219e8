"""Whole days and whole crews: ``solve_plans`` beside HiGHS and CP-SAT on the whole model, in turns.

Everybody gets the same problem, the same limit and one process. A peer's model has a variable of 0 or 1 a
pair, one an arc between two pairs of a worker, one a shift or crew that takes place; building it counts. It
is asked for the points alone. Others may work on the machine, so processor seconds stand beside the wall's.
"""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array

from gigmatch.core.arrays import row_owners
from gigmatch.problem.plans import PlanProblem, verify_plans
from gigmatch.scenarios.plan_families import PLANS
from gigmatch.solvers.plans import solve_plans
from measure import cpu_seconds
from report import basic_options, in_digits, save, table

__all__ = ["CASES", "SOLVERS", "Found", "main"]

CASES = {
    "days 2,000": ("chains", 2000, 800, False),
    "days 10,000": ("chains", 10_000, 4000, False),
    "days 50,000": ("chains", 50_000, 20_000, False),
    "days 2,000, scarce": ("chains", 2000, 800, True),
    "headcounts, scarce": ("headcounts", 2000, 700, True),
    "crews, scarce": ("crews", 2000, 700, True),
    "crews of 60, scarce": ("crews", 60, 30, True),
    "mixed of 300, scarce": ("mixed", 300, 150, True),
}


@dataclass
class Found:
    """What one solver found of one case."""

    case: str
    solver: str
    pairs: int
    value: float | None
    bound: float | None
    seconds: float
    cpu_seconds: float

    @property
    def gap(self) -> float | None:
        """Share of the value."""
        if self.value is None or self.bound is None:
            return None
        return (self.bound - self.value) / max(abs(self.value), 1)


Rows = tuple[csr_array, np.ndarray[Any, Any], np.ndarray[Any, Any]]


def whole_model(problem: PlanProblem) -> tuple[int, Rows]:
    """Variables, and rows ``low <= matrix @ x <= high``; pairs come first. Groups are left out."""
    pairs = problem.pairs
    n, m, arcs = pairs.n_pairs, pairs.n_shifts, len(problem.follower)
    before, after = row_owners(problem.follower_indptr), problem.follower.astype(np.int64)
    arc, begin, comes = n + np.arange(arcs), n + arcs + np.arange(n), n + arcs + n
    own, worker, shift = np.arange(n), pairs.worker.astype(np.int64), pairs.shift.astype(np.int64)
    parts, lows, highs, first = [], [], [], 0

    def add(count: int, low: Any, high: Any, *entries: tuple[Any, Any, Any]) -> None:
        nonlocal first
        for row, column, value in entries:
            parts.append((row + first, column, np.broadcast_to(value, np.shape(column))))
        lows.append(np.broadcast_to(low, count).astype(float))
        highs.append(np.broadcast_to(high, count).astype(float))
        first += count

    add(n, 0, 0, (own, own, 1), (own, begin, -1), (after, arc, -1))  # begun, or entered from another
    add(n, -1, 0, (before, arc, 1), (own, own, -1))  # left once at most
    add(pairs.n_workers, 0, 1, (worker, begin, 1))
    add(pairs.n_workers, 0, problem.most_shifts, (worker, own, 1))
    every = np.arange(m)
    unit = comes + problem.unit
    add(m, -np.inf, 0, (shift, own, 1), (every, unit, -pairs.capacity))
    add(m, 0, np.inf, (shift, own, 1), (every, unit, -problem.minimum))
    for at in range(len(problem.limit_most)):
        i = int(np.searchsorted(problem.limit_indptr, at, side="right")) - 1
        mine = np.arange(pairs.indptr[i], pairs.indptr[i + 1])
        kind, row = problem.limit_class[at], problem.limit_amount[at]
        mine = mine[(kind < 0) | (problem.amount_class[row, shift[mine]] == kind)]
        add(1, 0, problem.limit_most[at], (0 * mine, mine, problem.amount[row, shift[mine]]))
    row, column, value = map(np.concatenate, zip(*parts, strict=True))
    size = comes + problem.n_units
    matrix = coo_array((value, (row, column)), shape=(first, size)).tocsr()
    return size, (matrix, np.concatenate(lows), np.concatenate(highs))


def by_gigmatch(problem: PlanProblem, limit_s: float) -> tuple[float | None, float | None]:
    """Ours; what it claims is verified."""
    solution = solve_plans(problem, time_limit_s=limit_s)
    verify_plans(problem, solution)
    return solution.value, solution.bound


def by_highs(problem: PlanProblem, limit_s: float) -> tuple[float | None, float | None]:
    """HiGHS on one thread."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    began = time.perf_counter()
    size, rows = whole_model(problem)
    cost = np.zeros(size)
    cost[: problem.pairs.n_pairs] = -problem.pairs.weight
    left = max(limit_s - (time.perf_counter() - began), 0.1)
    answer = milp(
        cost,
        constraints=LinearConstraint(*rows),
        bounds=Bounds(0, 1),
        integrality=np.ones(size),
        options={"mip_rel_gap": 0.0, "time_limit": left},
    )
    bound = getattr(answer, "mip_dual_bound", None)
    return (
        None if answer.x is None else round(-answer.fun),
        None if bound is None or not np.isfinite(bound) else float(np.floor(-bound + 1e-6)),
    )


def by_cp_sat(problem: PlanProblem, limit_s: float) -> tuple[float | None, float | None]:
    """CP-SAT with a worker for each of two cores."""
    from ortools.sat.python import cp_model

    began = time.perf_counter()
    size, (matrix, low, high) = whole_model(problem)
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in range(size)]
    least = np.where(np.isfinite(low), low, -(2**40)).astype(int).tolist()
    most = np.where(np.isfinite(high), high, 2**40).astype(int).tolist()
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        names = [variables[column] for column in matrix.indices[part].tolist()]
        weighed = cp_model.LinearExpr.weighted_sum(names, matrix.data[part].astype(int).tolist())
        model.add_linear_constraint(weighed, least[row], most[row])
    weight = problem.pairs.weight.tolist()
    model.maximize(cp_model.LinearExpr.weighted_sum(variables[: len(weight)], weight))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = max(limit_s - (time.perf_counter() - began), 0.1)
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return (solver.objective_value if found else None), solver.best_objective_bound


SOLVERS: dict[str, Callable[[PlanProblem, float], tuple[float | None, float | None]]] = {
    "gigmatch": by_gigmatch,
    "HiGHS": by_highs,
    "CP-SAT": by_cp_sat,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the cases asked for, and write them down after each."""
    parser = basic_options(__doc__, "days")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=["days 2,000", "crews of 60, scarce"])
    parser.add_argument("--solvers", nargs="+", choices=SOLVERS, default=list(SOLVERS))
    parser.add_argument("--limit", type=float, default=60, help="seconds for everybody")
    options = parser.parse_args(arguments)
    solve_plans(PLANS["mixed"](20, 10, 1))  # kernels are compiled
    found: list[Found] = []
    for case in options.cases:
        family, workers, shifts, scarce = CASES[case]
        problem = PLANS[family](workers, shifts, options.seed, scarce=scarce)
        for name in options.solvers:
            if name == "gigmatch" or (len(problem.levels) == 1 and not problem.n_groups):
                found.append(_measured(case, name, problem, options.limit))
                print(" | ".join(_row(found[-1])), flush=True)
                save(options, "Days and crews", _parts(found, options), {"found": list(map(asdict, found))})
    return 0


def _measured(case: str, name: str, problem: PlanProblem, limit_s: float) -> Found:
    began, cpu = time.perf_counter(), cpu_seconds()
    value, bound = SOLVERS[name](problem, limit_s)
    seconds, spent = time.perf_counter() - began, cpu_seconds() - cpu
    return Found(case, name, problem.pairs.n_pairs, value, bound, seconds, spent)


def _parts(found: Sequence[Found], options: Namespace) -> list[str]:
    head = ("case", "pairs", "solver", "points", "bound", "gap, %", "s", "s of processors")
    return [
        f"One run each, at most {options.limit:g} s.",
        table(head, map(_row, found)),
        __doc__.partition("\n\n")[2].strip(),
    ]


def _row(found: Found) -> tuple[str, ...]:
    value, bound = ("" if each is None else f"{each:,.0f}" for each in (found.value, found.bound))
    gap = "" if found.gap is None else f"{100 * found.gap:.5f}"
    times = in_digits(found.seconds), in_digits(found.cpu_seconds)
    return (found.case, f"{found.pairs:,}", found.solver, value, bound, gap, *times)


if __name__ == "__main__":
    raise SystemExit(main())
