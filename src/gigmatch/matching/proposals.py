"""Deferred acceptance, compiled: proposals in order of liking, kept until somebody better comes.

A proposer looks at its row now and then only: the `LISTED` it likes best of those who would take it today are
listed, and the row is gone through again where the list is at its end. Whoever refuses today refuses ever
after, so that later looks leave most of a row out.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel, kernel_part

__all__ = ["propose", "turn"]

LISTED = 16


@kernel_part
def _list(
    p: Number, floor: Number, indptr: Array, other: Array, own: Array, theirs: Array, worst: Array, at: Array,
    key: Array,
) -> Number:  # fmt: skip
    """List the best of a row below a key, of those who would take the proposer; returns how many."""
    n = 0
    for e in range(indptr[p], indptr[p + 1]):
        k = own[e]
        if k < 0 or k >= floor or (n == LISTED and k <= key[n - 1]) or theirs[e] <= worst[other[e]]:
            continue
        i = n if n < LISTED else n - 1
        while i > 0 and key[i - 1] < k:
            key[i], at[p, i] = key[i - 1], at[p, i - 1]
            i -= 1
        key[i], at[p, i] = k, e
        n = min(n + 1, LISTED)
    return n


@kernel_part
def _sink(key: Array, who: Array, low: Number, size: Number) -> None:
    """Let the first entry of a heap, the least above, sink to its place."""
    i = 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and key[low + child + 1] < key[low + child]:
            child += 1
        if key[low + i] <= key[low + child]:
            return
        key[low + i], key[low + child] = key[low + child], key[low + i]
        who[low + i], who[low + child] = who[low + child], who[low + i]
        i = child


@kernel_part
def _rise(key: Array, who: Array, low: Number, size: Number) -> None:
    """Let the last entry of a heap rise to its place."""
    i = size - 1
    while i > 0 and key[low + i] < key[low + (i - 1) // 2]:
        up = (i - 1) // 2
        key[low + i], key[low + up] = key[low + up], key[low + i]
        who[low + i], who[low + up] = who[low + up], who[low + i]
        i = up


@kernel
def propose(
    indptr: Array, other: Array, own: Array, theirs: Array, quota: Array, start: Array, stack: Array,
    who: Array,
) -> Number:  # fmt: skip
    """Serve every proposer; ``who[start[r]:start[r + 1]]`` are those whom receiver r keeps, -1 for none.

    Parameters
    ----------
    indptr, other, own, theirs
        Rows by proposer: the receiver, and how each of the two likes the other, the greater the better, below
        0 for not at all.
    quota : int64[n_proposers]
        How many each wants.
    start : int64[n_receivers + 1]
        Where the seats of each receiver begin.
    stack : int64[n_proposers]
        Every proposer once, those served first at the end; used up. What comes out does not depend on it.
    who : int32[n_seats]
        Filled here.

    Returns
    -------
    int
        Proposals that were kept, some only until somebody better came.
    """
    n = len(quota)
    left = quota.copy()
    worst = np.full(len(start) - 1, -1)
    for r in range(len(worst)):
        if start[r] == start[r + 1]:
            worst[r] = np.iinfo(np.int64).max
    key = np.empty(len(who), np.int64)
    taken = np.zeros(len(worst), np.int64)
    listed = np.empty((n, LISTED), np.int64)
    size, place = np.zeros(n, np.int64), np.zeros(n, np.int64)
    floor = np.full(n, np.iinfo(np.int64).max)
    best = np.empty(LISTED, np.int64)
    waits = np.ones(n, np.bool_)
    top, made = n, 0
    while top > 0:
        p = stack[top - 1]
        if left[p] > 0 and place[p] == size[p] and floor[p] > 0:
            size[p] = _list(p, floor[p], indptr, other, own, theirs, worst, listed, best)
            place[p] = 0
            floor[p] = best[LISTED - 1] if size[p] == LISTED else 0
        if left[p] == 0 or place[p] == size[p]:
            if left[p] == 0 or floor[p] == 0:
                top -= 1
                waits[p] = False
            continue
        e = listed[p, place[p]]
        place[p] += 1
        r, k = other[e], theirs[e]
        if k <= worst[r]:
            continue
        made += 1
        low, seats = start[r], start[r + 1] - start[r]
        left[p] -= 1
        if taken[r] < seats:
            key[low + taken[r]], who[low + taken[r]] = k, p
            taken[r] += 1
            _rise(key, who, low, taken[r])
        else:
            out = who[low]
            key[low], who[low] = k, p
            _sink(key, who, low, seats)
            left[out] += 1
            if not waits[out]:
                waits[out] = True
                stack[top] = out
                top += 1
        if taken[r] == seats:
            worst[r] = key[low]
    return made


@kernel
def turn(
    indptr: Array, other: Array, own: Array, theirs: Array, begin: Array, row: Array, turned: Array,
    turned_theirs: Array,
) -> None:  # fmt: skip
    """Put every pair into its row of the other side, rows ascending; ``begin`` ends where the rows end."""
    for i in range(len(indptr) - 1):
        for e in range(indptr[i], indptr[i + 1]):
            j = other[e]
            at = begin[j]
            begin[j] = at + 1
            row[at], turned[at], turned_theirs[at] = i, theirs[e], own[e]
