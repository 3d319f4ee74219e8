"""Solving, phase by family by size, beside OR-Tools itself, building its graph included, and scipy.

Run with ``pytest benchmarks/test_solve.py --benchmark-group-by=group``; figures of one group are comparable.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from families import FAMILIES, with_levels
from gigmatch.problem import Problem, verify
from gigmatch.solvers import Control, Greedy, _flow, greatest_prices, least_prices, solve

SIZES = [(1_200, 240), (10_000, 2_000)]
SEED = 1

each_problem = pytest.mark.parametrize(
    ("family", "size"), [(family, size) for size in SIZES for family in FAMILIES], ids=str
)


@cache
def problem_of(family: str, size: tuple[int, int]) -> Problem:
    return FAMILIES[family](*size, SEED)


@cache
def levelled(family: str, size: tuple[int, int]) -> Problem:
    return with_levels(problem_of(family, size), SEED)


@cache
def solution_of(family: str, size: tuple[int, int], levels: bool = False):
    return solve(levelled(family, size) if levels else problem_of(family, size))


@pytest.fixture
def timed(benchmark, family, size):
    """Run something a few times in the group of its family and size."""

    def run(function, *arguments):
        benchmark.group = f"{family}, {size[0]:,} workers, {problem_of(family, size).n_pairs:,} pairs"
        return benchmark.pedantic(function, arguments, rounds=3, warmup_rounds=1 if size[0] < 5_000 else 0)

    return run


@each_problem
def test_ortools(timed, family, size):
    """The peer: SimpleMinCostFlow in this process, plain problem."""
    problem = problem_of(family, size)
    shift = timed(_flow.solve_flow, problem.indptr, problem.shift, problem.weight, problem.capacity)
    assert _value(problem, shift) == solution_of(family, size).value


@each_problem
def test_solve(timed, family, size):
    """Plain problem: flow, child process where it takes one, prices and verification."""
    assert timed(solve, problem_of(family, size)).status == "optimal"


@each_problem
def test_solve_all_levels(timed, family, size):
    """Seats by tier, points and lottery, all proved."""
    assert timed(solve, levelled(family, size)).status == "optimal"


@each_problem
def test_least_prices(timed, family, size):
    """Proof of an optimal assignment."""
    assert timed(least_prices, problem_of(family, size), solution_of(family, size).shift) is not None


@each_problem
def test_greatest_prices(timed, family, size):
    """The other end of the range."""
    assert timed(greatest_prices, problem_of(family, size), solution_of(family, size).shift) is not None


@each_problem
def test_verify(timed, family, size):
    """Checking a plain solution."""
    timed(verify, problem_of(family, size), solution_of(family, size))


@each_problem
def test_verify_all_levels(timed, family, size):
    """Checking every level."""
    timed(verify, levelled(family, size), solution_of(family, size, levels=True))


@each_problem
def test_greedy(timed, family, size):
    """First come, first served; never better."""
    problem = problem_of(family, size)
    shift = timed(Greedy(), problem, Control()).shift
    assert _value(problem, shift) <= solution_of(family, size).value


@pytest.mark.parametrize(("family", "size"), [(family, SIZES[0]) for family in FAMILIES], ids=str)
def test_scipy(timed, family, size):
    """The peer with seats expanded: min_weight_full_bipartite_matching; too slow for the larger size."""
    problem = problem_of(family, size)
    assert timed(_by_scipy, problem) == solution_of(family, size).value


def _by_scipy(problem: Problem) -> int:
    """A column per seat, and one per worker that stands for staying at home."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    first = np.concatenate([[0], np.cumsum(problem.capacity)])
    seats = problem.capacity[problem.shift]
    row = np.repeat(problem.worker, seats)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(seats) - seats, seats)
    column = np.repeat(first[problem.shift], seats) + offset
    home = np.arange(problem.n_workers)
    row, column = np.concatenate([row, home]), np.concatenate([column, first[-1] + home])
    # A cost of 0 would be no edge at all.
    weight = np.concatenate([np.repeat(problem.weight, seats), np.zeros(problem.n_workers, np.int64)])
    big = int(weight.max()) + 1
    shape = (problem.n_workers, int(first[-1]) + problem.n_workers)
    table = csr_array((big - weight, (row, column)), shape=shape)
    rows, columns = min_weight_full_bipartite_matching(table)
    return big * problem.n_workers - int(table[rows, columns].sum())


def _value(problem: Problem, shift) -> int:
    workers = np.flatnonzero(shift >= 0)
    return int(problem.weight[problem.find(workers, shift[workers])].sum())
