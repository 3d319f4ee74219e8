"""Limits of time are kept."""

from __future__ import annotations

from time import perf_counter

import pytest

from gigmatch.problem.plans import verify_plans
from gigmatch.scenarios.plan_families import PLANS
from gigmatch.solvers.plans import solve_plans


@pytest.mark.nightly
@pytest.mark.timing
def test_a_limit_is_kept():
    """Within twice the time, wherever it is stopped; nobody waits for the claims."""
    problem = PLANS["mixed"](2000, 800, 1, scarce=True)
    solve_plans(problem, time_limit_s=1)  # compiles
    for limit in (1, 2, 4):
        began = perf_counter()
        solution = solve_plans(problem, time_limit_s=limit)
        assert perf_counter() - began < 2 * limit
        verify_plans(problem, solution)
