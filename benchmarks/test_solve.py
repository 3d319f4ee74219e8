"""Solving, phase by family by size, beside OR-Tools itself, building its graph included, and scipy.

Run with ``pytest benchmarks/test_solve.py --benchmark-group-by=group``; figures of one group are comparable.
"""

from __future__ import annotations

from functools import cache

import pytest

from gigmatch.problem import Problem, assignment_value, verify
from gigmatch.scenarios.families import FAMILIES, with_levels
from gigmatch.solvers import Control, Greedy, greatest_prices, least_prices, solve
from peers import by_ortools, by_scipy

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
    assert assignment_value(problem, timed(by_ortools, problem)) == solution_of(family, size).value


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
    assert assignment_value(problem, shift) <= solution_of(family, size).value


@pytest.mark.parametrize(("family", "size"), [(family, SIZES[0]) for family in FAMILIES], ids=str)
def test_scipy(timed, family, size):
    """The peer with seats expanded: min_weight_full_bipartite_matching; too slow for the larger size."""
    problem = problem_of(family, size)
    assert assignment_value(problem, timed(by_scipy, problem)) == solution_of(family, size).value
