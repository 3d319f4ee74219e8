"""Compiling ahead what solves and verifies plans, by doing it once on a small problem."""

from __future__ import annotations

import numpy as np

from gigmatch.problem import Problem
from gigmatch.problem.plans import PlanProblem, verify_plans
from gigmatch.solvers.plans.driver import solve_plans

__all__ = ["warmup"]


def warmup() -> None:
    """Call every kernel once: two shifts that fit, a day too short for both, and a team of two."""
    pairs = Problem(
        indptr=np.array([0, 3, 4]),
        shift=np.array([0, 1, 2, 2], np.int32),
        weight=np.array([5, 4, 3, 3]),
        capacity=np.array([1, 1, 2]),
    )
    problem = PlanProblem.of(
        pairs,
        most_shifts=[2, 1],
        follower_indptr=[0, 1, 1, 1, 1],
        follower=[1],
        amount=[[60, 60, 0]],
        amount_class=[[0, 0, 0]],
        limit_indptr=[0, 1, 1],
        limit_amount=[0],
        limit_class=[-1],
        limit_most=[90],
        minimum=[1, 1, 2],
    )
    verify_plans(problem, solve_plans(problem))
