"""Instances with published answers, found beside the project; skipped where they are not."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest

import oracles
from gigmatch.problem import Problem
from gigmatch.solvers import solve

pytestmark = pytest.mark.peers

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"


def published(name) -> str:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no published instance {name} in ../shared/data")
    return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()


def cheapest(table, capacity=None):
    """Cost of the cheapest assignment that places as many as possible, by a tier and by a big weight."""
    capacity = [1] * len(table[0]) if capacity is None else capacity
    negative = [[None if cost is None else -cost for cost in row] for row in table]
    by_tier = solve(oracles.make(negative, capacity, tier=[1] * len(capacity)))
    big = 1 + len(table) * max(abs(cost) for row in table for cost in row if cost is not None)
    lifted = [[None if cost is None else big - cost for cost in row] for row in table]
    by_weight = solve(oracles.make(lifted, capacity))
    placed = int((by_tier.shift >= 0).sum())
    assert (by_weight.shift >= 0).sum() == placed
    assert big * placed - by_weight.value == -by_tier.value
    return -by_tier.value, placed


@pytest.mark.parametrize(
    ("name", "cost"),
    [("assign100.txt", 305), ("assign200.txt", 475), ("assign300.txt", 626), ("assign400.txt.gz", 804)],
)
def test_orlib_assign(name, cost):
    """OR-Library, dense (Beasley 1990)."""
    n, *costs = map(int, published(f"orlib-assign/{name}").split())
    assert cheapest(np.reshape(costs, (n, n)).tolist()) == (cost, n)


@pytest.mark.parametrize(("name", "cost"), [("assignp800.txt.gz", 2239), ("assignp1500.txt.gz", 5839)])
def test_orlib_assignp(name, cost):
    """OR-Library, sparse: a pair that is not listed is forbidden."""
    n, *numbers = map(int, published(f"orlib-assign/{name}").split())
    worker, shift, costs = np.reshape(numbers, (-1, 3)).T
    order = np.lexsort((shift, worker))
    problem = Problem(
        indptr=np.concatenate([[0], np.cumsum(np.bincount(worker - 1, minlength=n))]),
        shift=shift[order] - 1,
        weight=-costs[order],
        capacity=np.ones(n, np.int64),
        tier=np.zeros(n, np.int64),
    )
    solution = solve(problem)
    assert (-solution.value, (solution.shift >= 0).sum()) == (cost, n)


def test_lap_small_cases():
    """The lap package's own cases: ties, forbidden pairs, and full assignments that cannot be."""
    for case in json.loads(published("lap-edge/small_cases.json")):
        table = [[cost if isinstance(cost, int) else None for cost in row] for row in case["cost"]]
        cost, placed = cheapest(table)
        if case["optimum"] == "infeasible":
            assert placed < len(table)
        else:
            assert (cost, placed) == (case["optimum"], len(table))


def test_lap_float_matrix():
    """Floats on which rounding makes naive code loop: exact once they are scaled to integers."""
    table = np.loadtxt(published("lap-edge/cost_eps.csv.gz").splitlines(), delimiter=",")
    cost, placed = cheapest(np.rint(table * 1e9).astype(np.int64).tolist())
    assert placed == len(table) == 368
    assert math.isclose(cost / 1e9, 224.8899507294651, abs_tol=368 * 1e-9)


@pytest.mark.parametrize("name", ["transport_2x3", "transport_40x30"])
def test_transport(name):
    """Transportation problems: a worker per unit of supply, a seat per unit of demand."""
    lines = [line.split() for line in published(f"transport/{name}.min").splitlines()]
    supply = {int(line[1]): int(line[2]) for line in lines if line[:1] == ["n"]}
    arcs = {(int(line[1]), int(line[2])): int(line[5]) for line in lines if line[:1] == ["a"]}
    solved = [line.split() for line in published(f"transport/{name}.sol").splitlines()]
    sources, sinks = [s for s in supply if supply[s] > 0], [s for s in supply if supply[s] < 0]
    table = [[arcs.get((source, sink)) for sink in sinks] for source in sources]
    units = [row for source, row in zip(sources, table, strict=True) for _ in range(supply[source])]
    negative = [[None if cost is None else -cost for cost in row] for row in units]
    seats = [-supply[sink] for sink in sinks]
    solution = solve(oracles.make(negative, seats, tier=[1] * len(sinks)))
    assert (solution.shift >= 0).sum() == min(len(units), sum(seats))
    assert -solution.value == int(next(line[1] for line in solved if line[:1] == ["s"]))
