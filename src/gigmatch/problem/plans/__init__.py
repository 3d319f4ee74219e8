"""Whole days and whole crews, in integers: several shifts a worker, shifts all or nothing.

Beside the plain `Problem`, which stays what it is. A worker (or a group that goes together) takes one of
its *plans*, a shift (or a crew of shifts) has one of its *teams*; a `Split` of every pair's weight between
the two sides proves a bound, and a tree of decisions with a split at each leaf closes what one split cannot.
"""

from __future__ import annotations

from gigmatch.problem.plans.certificate import Branching, PlanCertificate, Split
from gigmatch.problem.plans.followers import Joins, follower_rows
from gigmatch.problem.plans.levels import PlanLevel
from gigmatch.problem.plans.problem import PlanProblem
from gigmatch.problem.plans.solution import LevelClaim, PlanSolution

__all__ = [
    "Branching",
    "Joins",
    "LevelClaim",
    "PlanCertificate",
    "PlanLevel",
    "PlanProblem",
    "PlanSolution",
    "Split",
    "follower_rows",
]
