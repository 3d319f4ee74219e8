"""From a morning to a problem: columns, candidates and scoring, beside OR-Tools solving what comes out.

Run with ``pytest benchmarks/test_prepare.py --benchmark-group-by=group``. All three together should take no
longer than OR-Tools, its graph included, at 10,000 workers, and no longer than five times that at 1,200.
"""

from __future__ import annotations

from functools import cache
from statistics import median
from time import perf_counter

import pytest

from gigmatch import DEFAULT_POLICY, DEFAULT_RULES, StraightLine, columns_of, feasible_pairs, samples
from gigmatch.solvers import flow

SIZES = [1_200, 10_000]
SEED = 7


@cache
def morning_of(size: int):
    return samples.jingshi(seed=SEED, workers=size)


@cache
def columns(size: int):
    return columns_of(morning_of(size))


@cache
def pairs(size: int):
    return feasible_pairs(columns(size), DEFAULT_RULES, StraightLine())


def prepare(size: int):
    """All three phases, from the morning on."""
    made = columns_of(morning_of(size))
    found = feasible_pairs(made, DEFAULT_RULES, StraightLine())
    return DEFAULT_POLICY.points(made, found)


def by_ortools(size: int, points):
    return flow.solve_flow(pairs(size).indptr, pairs(size).shift, points, columns(size).shifts.capacity)


@pytest.fixture(params=SIZES, ids="{:,} workers".format)
def size(request):
    return request.param


@pytest.fixture
def timed(benchmark, size):
    """Run something a few times in the group of its size."""

    def run(function, *arguments):
        benchmark.group = f"jingshi, {size:,} workers, {len(pairs(size)):,} pairs"
        return benchmark.pedantic(function, arguments, rounds=3 if size > 5_000 else 10, warmup_rounds=1)

    return run


def test_columns(timed, size):
    """A morning as arrays."""
    assert timed(columns_of, morning_of(size)).n_workers == size


def test_candidates(timed, size):
    """The feasible pairs."""
    assert len(timed(feasible_pairs, columns(size), DEFAULT_RULES, StraightLine())) == len(pairs(size))


def test_scoring(timed, size):
    """Points of every pair."""
    assert timed(DEFAULT_POLICY.points, columns(size), pairs(size)).min() >= 0


def test_ortools(timed, size):
    """The peer: SimpleMinCostFlow on the same points, graph included."""
    assert (timed(by_ortools, size, DEFAULT_POLICY.points(columns(size), pairs(size))) >= 0).any()


def test_all_three(timed, benchmark, size):
    """Together; ``over_ortools`` holds the median of ratios taken in turns."""
    points, ratios = DEFAULT_POLICY.points(columns(size), pairs(size)), []
    for _ in range(3):
        began = perf_counter()
        prepare(size)
        between = perf_counter()
        by_ortools(size, points)
        ratios.append((between - began) / (perf_counter() - between))
    benchmark.extra_info["over_ortools"] = round(median(ratios), 2)
    assert timed(prepare, size).shape == points.shape
