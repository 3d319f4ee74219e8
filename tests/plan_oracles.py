"""Slow, independent answers to a ``PlanProblem``: by definition; and problems to try them."""

from __future__ import annotations

from typing import Any

import numpy as np

from gigmatch.problem import Problem
from gigmatch.problem.plans import PlanProblem


def make(pairs: Problem, **arrays: Any) -> PlanProblem:
    """A problem in which everybody takes one shift and every shift one or more people, but for ``arrays``."""
    n, m = pairs.n_workers, pairs.n_shifts
    plain: dict[str, Any] = {
        "most_shifts": np.ones(n, np.int64),
        "follower_indptr": np.zeros(pairs.n_pairs + 1, np.int64),
        "follower": [],
        "rank": np.arange(m),
        "amount": np.zeros((0, m), np.int64),
        "amount_class": np.zeros((0, m), np.int64),
        "limit_indptr": np.zeros(n + 1, np.int64),
        "limit_amount": [],
        "limit_class": [],
        "limit_most": [],
        "minimum": np.ones(m, np.int64),
        "crew": np.full(m, -1),
        "group": np.full(n, -1),
        "group_in_crew": [],
        "kept": [],
    }
    return PlanProblem(pairs=pairs, **plain | arrays)
