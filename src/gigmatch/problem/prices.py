"""Prices of workers that go with given prices of seats."""

from __future__ import annotations

from typing import Final

import numpy as np

from gigmatch.core.arrays import Int64Array, row_maximum
from gigmatch.problem.integers import row_blocks
from gigmatch.problem.problem import Problem

__all__ = ["worker_prices_at"]

_PAIRS_AT_ONCE: Final = 1 << 16  # blocks that fit into a processor's cache


def worker_prices_at(problem: Problem, shift_price: Int64Array) -> Int64Array:
    """Return ``u[i] = max(0, max over k of w[i, k] - p[k])``, the least that go with the seats' prices.

    Together they are dual feasible, so they prove some bound whatever the seats' prices are.

    Parameters
    ----------
    problem : Problem
        A plain problem: its tiers and lots are ignored.
    shift_price : array of int64, shape (n_shifts,)
        ``p``, of a seat of every shift; prices below 0 prove nothing.

    Returns
    -------
    array of int64, shape (n_workers,)
        ``u``, 0 for a worker without pairs.

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2, 3, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> worker_prices_at(problem, np.array([8, 0])).tolist()
    [7, 0, 0]
    """
    worker_price = np.zeros(problem.n_workers, np.int64)
    for begin, end in row_blocks(problem.indptr, _PAIRS_AT_ONCE):
        indptr = problem.indptr[begin : end + 1]
        pairs = slice(indptr[0], indptr[-1])
        surplus = problem.weight[pairs] - shift_price.take(problem.shift[pairs])
        worker_price[begin:end] = row_maximum(surplus, indptr)
    return np.maximum(worker_price, 0, out=worker_price)
