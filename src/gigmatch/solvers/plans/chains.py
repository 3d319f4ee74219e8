"""The best plan of every worker under given weights of pairs, limits apart; compiled where numba is.

By hand, beside `gigmatch.problem.plans.best_plans`, which the verifier rests on: this one knows no decisions,
passes over pairs that no best plan needs, and says whom it is no answer for.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel_or_plain

__all__ = ["best_chains", "find_dispensable"]


@kernel_or_plain
def best_chains(
    first_worker: Number,
    last_worker: Number,
    indptr: Array,
    order: Array,
    follower_indptr: Array,
    follower: Array,
    most_shifts: Array,
    limit_indptr: Array,
    limits: Array,
    shift: Array,
    amount: Array,
    amount_class: Array,
    dispensable: Array,
    worth: Array,
    value: Array,
    plan: Array,
) -> None:
    """Write the best plan and what it is worth, of some workers.

    Parameters
    ----------
    first_worker, last_worker : int
        Rows from, and up to, not including.
    indptr, follower_indptr, follower, most_shifts, limit_indptr, amount, amount_class
        As in `PlanProblem`.
    order : array of int, shape (n_pairs,)
        Pairs of each worker by rank of their shifts.
    limits : array of int64, shape (n_limits, 3)
        Row of ``amount``, class, and the most.
    shift : array of int32, shape (n_pairs,)
        Of every pair.
    dispensable : array of bool, shape (n_pairs,)
        As `find_dispensable` says: those that are worth nothing are passed over.
    worth : array of int64, shape (n_pairs,)
        Weights.
    value : array of int64, shape (n_workers,)
        Written: 0 where nothing is worth anything, -1 where the best plan without limits breaks one.
    plan : array of int64, shape (n_workers, most)
        Written: the pairs by rank, then -1.
    """
    width = plan.shape[1]
    longest = 0
    for worker in range(first_worker, last_worker):
        longest = max(longest, indptr[worker + 1] - indptr[worker])
    after = np.zeros((longest, width + 1), np.int64)  # best of pair and what follows, with so many at most
    for worker in range(first_worker, last_worker):
        low, most = indptr[worker], min(most_shifts[worker], width)
        value[worker] = 0
        plan[worker] = -1
        if most == 0:
            continue
        best, pair = 0, -1
        for step in range(indptr[worker + 1] - 1, low - 1, -1):
            earlier = order[step]
            row = earlier - low
            after[row] = 0
            if worth[earlier] <= 0 and dispensable[earlier]:
                continue
            if most > 1:
                for entry in range(follower_indptr[earlier], follower_indptr[earlier + 1]):
                    other = follower[entry] - low
                    if after[other, most - 1] > 0:
                        for k in range(2, most + 1):
                            after[row, k] = max(after[row, k], after[other, k - 1])
            after[row] += worth[earlier]
            if after[row, most] > best:
                best, pair = after[row, most], earlier
        value[worker] = best
        length = 0
        while pair >= 0:
            plan[worker, length] = pair
            length += 1
            rest, found = after[pair - low, most - length + 1] - worth[pair], -1
            if rest > 0:
                for entry in range(follower_indptr[pair], follower_indptr[pair + 1]):
                    if found < 0 and after[follower[entry] - low, most - length] == rest:
                        found = follower[entry]
            pair = found
        for limit in range(limit_indptr[worker], limit_indptr[worker + 1]):
            row, kind, rest = limits[limit, 0], limits[limit, 1], limits[limit, 2]
            for place in range(length):
                column = shift[plan[worker, place]]
                if kind == -1 or amount_class[row, column] == kind:
                    rest -= amount[row, column]
            if rest < 0:
                value[worker] = -1


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
