"""The auction by family and size, beside OR-Tools itself, building its graph included, and greedy.

Run with ``pytest benchmarks/test_auction.py --benchmark-group-by=group``. ``GIGMATCH_BENCH_LARGE=1`` adds
20,000 workers for every family and the city up to 200,000 workers and 140 M pairs: minutes, and 20 GB for the
peer. ``benchmarks/compare.py`` writes the same as a table.
"""

from __future__ import annotations

import os
from functools import cache

import pytest

from gigmatch.matching.warmup import warmup
from gigmatch.problem import Problem, assignment_value
from gigmatch.scenarios.families import EVERY, with_levels
from gigmatch.solvers import Auction, Control, Greedy, solve
from peers import by_ortools

pytest.importorskip("numba")

LARGE = bool(os.environ.get("GIGMATCH_BENCH_LARGE"))
CASES = [(family, 2_000) for family in EVERY] + [("city", 10_000)]
if LARGE:
    CASES += [(family, 20_000) for family in EVERY] + [("city", 50_000), ("city", 200_000)]
SEED = 1

each_case = pytest.mark.parametrize(("family", "n_workers"), CASES, ids=str)


@cache
def problem_of(family: str, n_workers: int) -> Problem:
    return EVERY[family](n_workers, n_workers // 5, SEED)


@pytest.fixture
def timed(benchmark, family, n_workers):
    """Run something a few times in the group of its family and size."""
    warmup()

    def run(function, *arguments):
        benchmark.group = f"{family}, {n_workers:,} workers, {problem_of(family, n_workers).n_pairs:,} pairs"
        return benchmark.pedantic(function, arguments, rounds=3 if n_workers <= 50_000 else 1)

    return run


@each_case
def test_auction(timed, family, n_workers):
    """The plain problem; its prices prove it."""
    assert timed(Auction(), problem_of(family, n_workers), Control()).optimal


@each_case
def test_one_thread(timed, family, n_workers):
    """What the threads bring."""
    assert timed(Auction(threads=1), problem_of(family, n_workers), Control()).optimal


@each_case
def test_solve_all_levels(timed, family, n_workers):
    """Seats by tier, points and lottery, all proved."""
    levels = with_levels(problem_of(family, n_workers), SEED)
    assert timed(solve, levels, "auction").status == "optimal"


@each_case
def test_warm_start(timed, family, n_workers):
    """From the answer of a problem with slightly other weights."""
    problem = problem_of(family, n_workers)
    start = Auction()(problem.plain(problem.weight + problem.weight % 7), Control())
    assert timed(Auction(), problem, Control(), start).optimal


@each_case
def test_ortools(timed, family, n_workers):
    """The peer: SimpleMinCostFlow in this process."""
    problem = problem_of(family, n_workers)
    assert assignment_value(problem, timed(by_ortools, problem)) == solve(problem, "auction").value


@each_case
def test_greedy(timed, family, n_workers):
    """First come, first served; never better."""
    problem = problem_of(family, n_workers)
    shift = timed(Greedy(), problem, Control()).shift
    assert assignment_value(problem, shift) <= solve(problem, "auction").value
