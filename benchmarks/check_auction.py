"""The auction against min-cost flow on random small problems of every family.

Run ``python benchmarks/check_auction.py --count 10000``; a quick subset is part of the test suite.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import numpy as np

from gigmatch.problem import Certificate, Problem, Solution, assignment_value, verify
from gigmatch.solvers import Auction, Control, PlainAnswer
from peers import by_ortools

__all__ = ["KINDS", "check", "small_problem"]

KINDS = (
    "uniform",
    "tied",
    "near tied",
    "additive",
    "product",
    "giant shift",
    "scarce",
    "capacity 0 or huge",
    "empty rows",
    "negative",
    "wide",
)


def small_problem(kind: str, seed: int) -> Problem:
    """A random problem with up to 40 workers and 40 shifts, rows both short and beyond a list's length."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    n, m = rng.integers(1, 41, 2)
    some = rng.random((n, m)) < rng.choice([0.1, 0.5, 1.0])
    if kind == "giant shift":
        some[:, 0] = True
    if kind == "empty rows":
        some[rng.random(n) < 0.5] = False
    if kind == "scarce":
        some[rng.random(n) < 0.8, : m // 2] = False
    worker, shift = np.nonzero(some)
    capacity = rng.integers(1, rng.choice([2, 4, 30]), m)
    if kind == "giant shift":
        capacity[0] = rng.integers(1, n + 2)
    if kind == "capacity 0 or huge":
        capacity = rng.choice([0, 1, n, 2**40], m)
    return Problem(
        indptr=np.searchsorted(worker, np.arange(n + 1)),
        shift=shift.astype(np.int32),
        weight=_weights(kind, rng, worker, shift),
        capacity=capacity,
    )


def _weights(kind: str, rng: np.random.Generator, worker: np.ndarray, shift: np.ndarray) -> np.ndarray:
    size = len(worker)
    if kind == "tied":
        return rng.integers(0, 3, size)
    if kind == "near tied":
        return 1000 - rng.integers(0, 3, size)
    if kind == "additive":
        return rng.integers(0, 50, 40)[worker] + rng.integers(0, 50, 40)[shift]
    if kind == "product":
        return rng.integers(0, 50, 40)[worker] * rng.integers(0, 50, 40)[shift]
    if kind == "negative":
        return rng.integers(-50, 51, size)
    if kind == "wide":
        return rng.integers(-(2**53), 2**53, size)
    return rng.integers(0, 10_001, size)


def check(problem: Problem, answer: PlainAnswer) -> int:
    """Verify an answer's prices; returns its value, which min-cost flow must reach too."""
    assert answer.optimal
    assert answer.worker_price is not None
    assert answer.shift_price is not None
    value = assignment_value(problem, answer.shift)
    proof = Certificate(level="points", worker_price=answer.worker_price, shift_price=answer.shift_price)
    verify(
        problem,
        Solution(
            shift=answer.shift,
            value=value,
            bound=value,
            certificates=(proof,),
            status="optimal",
            stopped="proved",
        ),
    )
    assert value == assignment_value(problem, by_ortools(problem))
    return value


def main() -> int:
    """Check so many problems, the families in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began, auction, checked = time.monotonic(), Auction(), Counter[str]()
    for number in range(options.count):
        kind = KINDS[number % len(KINDS)]
        problem = small_problem(kind, options.seed + number)
        check(problem, auction(problem, Control()))
        checked[kind] += 1
    print(f"{options.count} problems verified in {time.monotonic() - began:.0f} s: {dict(checked)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
