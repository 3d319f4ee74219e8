"""Compiling ahead whatever is compiled at its first use."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from gigmatch.core import kernels
from gigmatch.errors import UnsupportedError
from gigmatch.matching.deferred_acceptance import Lists, deferred_acceptance
from gigmatch.problem import Certificate, Problem, tight_pairs
from gigmatch.problem.problem import MANY
from gigmatch.solvers import least_prices

__all__ = ["warmup"]


def warmup() -> None:
    """Compile all that a match uses; raises UnsupportedError where numba is not installed."""
    if not kernels.is_available():
        raise UnsupportedError.without("fast", "numba", "warmup")
    import gigmatch.solvers.loops  # noqa: F401  (what is loaded is used, however small the problem)
    from gigmatch.pairing.warmup import warmup as warmup_pairs
    from gigmatch.solvers.auction.warmup import warmup as warmup_auction
    from gigmatch.solvers.plans.warmup import warmup as warmup_plans

    warmup_auction()
    warmup_pairs()
    warmup_plans()
    one = np.ones(1, np.int64)
    smallest = Problem(indptr=np.array([0, 1]), shift=np.zeros(1, np.int32), weight=one, capacity=one)
    tight_pairs(smallest, Certificate(level="points", worker_price=one, shift_price=one))
    smallest.find(np.zeros(MANY, np.int64), np.zeros(MANY, np.int64))
    least_prices(smallest, np.zeros(1, np.int32))
    lists = Lists(np.array([0, 1]), np.zeros(1, np.int32), 1, one, one)
    deferred_acceptance(lists.turned(), one, one)
    if find_spec("pyarrow"):  # of the extra `tables`
        from gigmatch.core.hashing import warmup as warmup_tables

        warmup_tables()
