"""Whole days and whole crews, in integers: several shifts a worker, shifts all or nothing.

Beside the plain `Problem`, which stays what it is. A worker (or a group that goes together) takes one of
its *plans*, a shift (or a crew of shifts) has one of its *teams*; a `Split` of every pair's weight between
the two sides proves a bound, and a tree of decisions with a split at each leaf closes what one split cannot.
"""

from __future__ import annotations

from gigmatch.problem.plans.answers import check_answer
from gigmatch.problem.plans.bounds import Decision, SplitBound, check_split, split_weights
from gigmatch.problem.plans.certificate import LEAF, PAIR, TEAM, Branching, PlanCertificate, Split
from gigmatch.problem.plans.levels import PlanLevel, is_of_seats
from gigmatch.problem.plans.longest import FREE, GONE, NOTHING, TAKEN, BestPlans, best_plans
from gigmatch.problem.plans.losses import NEVER, LeastLosses, least_losses
from gigmatch.problem.plans.problem import PlanProblem
from gigmatch.problem.plans.solution import LevelClaim, PlanSolution
from gigmatch.problem.plans.verify import certified_bound, check_plan_claims, leaves, verify_plans
from gigmatch.problem.plans.whole import whole_only

__all__ = [
    "FREE",
    "GONE",
    "LEAF",
    "NEVER",
    "NOTHING",
    "PAIR",
    "TAKEN",
    "TEAM",
    "BestPlans",
    "Branching",
    "Decision",
    "LeastLosses",
    "LevelClaim",
    "PlanCertificate",
    "PlanLevel",
    "PlanProblem",
    "PlanSolution",
    "Split",
    "SplitBound",
    "best_plans",
    "certified_bound",
    "check_answer",
    "check_plan_claims",
    "check_split",
    "is_of_seats",
    "least_losses",
    "leaves",
    "split_weights",
    "verify_plans",
    "whole_only",
]
