"""First come, first served."""

from __future__ import annotations

import numpy as np
from hypothesis import given

import oracles
from gigmatch.solvers import Control, Greedy, solve
from tests.conftest import examples


@examples(60)
@given(oracles.problems())
def test_each_takes_the_best_open_seat(problem):
    """In row order, greatest weight first, ties to the lower row, never below 0; feasible and bounded."""
    solution = solve(problem, "greedy")
    assert solution.shift.tolist() == oracles.first_come(problem)
    assert (solution.status, solution.stopped, solution.solver) == ("feasible", "heuristic", "greedy")
    assert solution.bound >= max(oracles.points(problem, a) for a in oracles.assignments(problem))


def test_stopped_early_it_returns_what_it_has():
    """A control that is out of time ends it between two blocks of workers, without an exception."""
    problem = oracles.random_problem(50, 20, 5, seed=1)
    answer = Greedy()(problem, Control(time_limit_s=0))
    assert answer.shift.tolist() == [-1] * 50
    assert not answer.optimal


def test_supports_everything():
    """Tiers and lots are no obstacle: they are ignored."""
    assert Greedy().supports(oracles.make([[1]], [1], tier=[1], lot=np.array([3]))) is None
