"""Whole days and whole crews: column generation over plans, branch and bound over teams and pairs."""

from gigmatch.solvers.plans.driver import NAME, solve_plans

__all__ = ["NAME", "solve_plans"]
