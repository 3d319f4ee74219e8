"""Pairs that need not be looked at unless they are worth something; compiled where numba is."""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, kernel_or_plain

__all__ = ["find_dispensable"]


@kernel_or_plain
def find_dispensable(indptr: Array, follower_indptr: Array, follower: Array, found: Array) -> None:
    """Mark pairs that no best plan needs only to come from one pair to another.

    Whatever may follow on such a pair may follow on all that it follows on, so a plan without it is a plan.

    Parameters
    ----------
    indptr, follower_indptr, follower
        As in `PlanProblem`.
    found : array of bool, shape (n_pairs,)
        Written.
    """
    for worker in range(len(indptr) - 1):
        low, high = indptr[worker], indptr[worker + 1]
        words = (high - low + 62) // 63
        after = np.zeros((high - low, words), np.int64)
        for pair in range(low, high):
            found[pair] = True
            for entry in range(follower_indptr[pair], follower_indptr[pair + 1]):
                other = follower[entry] - low
                after[pair - low, other // 63] |= np.int64(1) << (other % 63)
        for pair in range(low, high):
            for entry in range(follower_indptr[pair], follower_indptr[pair + 1]):
                other = follower[entry]
                for word in range(words):
                    if after[other - low, word] & ~after[pair - low, word]:
                        found[other] = False
