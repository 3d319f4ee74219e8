"""Whole days and whole crews: column generation over plans, branch and bound over teams and pairs."""

from gigmatch.solvers.plans.driver import solve_plans

__all__ = ["solve_plans"]
