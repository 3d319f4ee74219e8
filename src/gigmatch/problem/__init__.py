"""Integers only: a matching problem, its solution, and the proof that the solution is optimal.

Knows no solver and no market. Every claim rests on a *certificate*: dual prices ``u >= 0`` per worker and
``p >= 0`` per shift with ``u[i] + p[j] >= w[i, j]`` for every pair. Weak duality makes
``sum(u) + sum(capacity * p)`` an upper bound on every assignment; where it equals the value, the assignment
is optimal. The assignments that are just as good form a *face*: they use pairs with reduced cost 0 only,
place every worker and fill every shift that has a positive price. The next level is decided on that face.
"""

from __future__ import annotations

from gigmatch.problem.levels import (
    LOTTERY,
    POINTS,
    SEATS,
    DrawnLevel,
    Face,
    Further,
    Level,
    ToldAs,
    WeightedLevel,
    Weights,
    drawn_problem,
    level_problem,
    tight_pairs,
    weights_of,
)
from gigmatch.problem.problem import Problem
from gigmatch.problem.solution import Certificate, Solution, Status, Stopped
from gigmatch.problem.verify import (
    assignment_value,
    check_assignment,
    check_claim,
    check_multipliers,
    level_values,
    verify,
)

__all__ = [
    "LOTTERY",
    "POINTS",
    "SEATS",
    "Certificate",
    "DrawnLevel",
    "Face",
    "Further",
    "Level",
    "Problem",
    "Solution",
    "Status",
    "Stopped",
    "ToldAs",
    "WeightedLevel",
    "Weights",
    "assignment_value",
    "check_assignment",
    "check_claim",
    "check_multipliers",
    "drawn_problem",
    "level_problem",
    "level_values",
    "tight_pairs",
    "verify",
    "weights_of",
]
