"""Placing by rank: the workers that a flow would place, and the least prices that prove it."""

from __future__ import annotations

import numpy as np
import pytest

import oracles
from gigmatch.problem import LOTTERY, Face, Problem, assignment_value, drawn_problem
from gigmatch.solvers import Control, MinCostFlow, least_prices

pytest.importorskip("numba")
ranks = pytest.importorskip("gigmatch.solvers.auction.ranks")


def drawn(seed: int) -> tuple[Problem, Face, np.ndarray, int]:
    """The first round of a lottery, an assignment, and some of what it does as obligations."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(2, 30, 2)
    table = np.where(rng.random((n, m)) < rng.choice([0.1, 0.4]), rng.integers(1, 9, (n, m)), -1)
    rows = [[None if weight < 0 else int(weight) for weight in row] for row in table]
    seats = rng.integers(0, 4, m)
    problem = oracles.make(rows, seats.tolist(), lot=rng.permutation(n).tolist())
    start = MinCostFlow()(problem, Control()).shift
    full = np.bincount(start[start >= 0], minlength=m) == seats
    face = Face(
        np.arange(problem.n_pairs),
        (start >= 0) & (rng.random(n) < 0.3),
        full & (seats > 0) & (rng.random(m) < 0.5),
    )
    return drawn_problem(problem, LOTTERY, face, multiplier=n + 1), face, start, n + 1


@pytest.mark.parametrize("seed", range(60))
def test_it_is_what_a_flow_finds(seed):
    """The value, every obligation met, and prices that are the least."""
    plain, face, start, multiplier = drawn(seed)
    shift, prices = ranks.place_by_rank(plain, face, multiplier, start, Control())
    flow = MinCostFlow()(plain, Control()).shift
    assert assignment_value(plain, shift) == assignment_value(plain, flow)
    assert face.met(shift) == face.obligations(plain)
    least = least_prices(plain, shift)
    assert prices.shift.tolist() == least.shift.tolist()
    assert prices.worker.tolist() == least.worker.tolist()


def test_it_stops_where_it_goes_through_too_much(monkeypatch):
    """Whoever asked then asks a flow."""
    monkeypatch.setattr(ranks, "_PATIENCE", 0)
    plain, face, start, multiplier = drawn(1)
    assert ranks.place_by_rank(plain, face, multiplier, start, Control()) is None
