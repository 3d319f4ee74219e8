"""What is compiled ahead is all that there is to compile."""

from __future__ import annotations

import pytest

from gigmatch.problem.plans import paths, verify_plans
from gigmatch.scenarios.plan_families import mixed
from gigmatch.solvers.plans import dispensable, solve_plans, teams
from gigmatch.solvers.plans.warmup import warmup


def test_nothing_is_compiled_after_the_warmup():
    """Every kernel of plans for the types of arrays that a morning of every kind has."""
    pytest.importorskip("numba")
    warmup()
    kernels = [paths.longest, paths.longest_within, dispensable.find_dispensable, teams._best_teams]
    before = [list(kernel.signatures) for kernel in kernels]
    assert all(before)
    problem = mixed(24, 12, 1)
    verify_plans(problem, solve_plans(problem))
    assert [list(kernel.signatures) for kernel in kernels] == before
