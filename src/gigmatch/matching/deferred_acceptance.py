"""Deferred acceptance with several seats on either side (Gale and Shapley 1962; Roth 1984).

Proposers go down their lists; receivers keep the best who came so far and send the others on. With strict
likings the order in which proposers are served makes no difference: the answer is the stable one that every
proposer likes best of all stable ones, and every receiver least.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import IndexArray, Int32Array, Int64Array, row_counts, row_owners, row_pointers
from gigmatch.core.kernels import is_available

__all__ = ["Lists", "deferred_acceptance"]

_CLOSED = np.iinfo(np.int64).max


class Lists:
    """Rows of pairs by one side, with how either side likes them.

    Parameters
    ----------
    indptr : int64[n + 1]
        The pairs of row i are ``indptr[i]`` up to, not including, ``indptr[i + 1]``.
    other : int32[n_pairs]
        Row of the other side.
    n_others : int
        How many rows the other side has.
    own, theirs : int64[n_pairs]
        How the row likes the other and the other the row: the greater the better, no two alike of one row, or
        of one other; below 0 for not at all.
    """

    def __init__(
        self, indptr: Int64Array, other: Int32Array, n_others: int, own: Int64Array, theirs: Int64Array
    ) -> None:
        self.indptr, self.other, self.n_others, self.own, self.theirs = indptr, other, n_others, own, theirs

    @property
    def arrays(self) -> tuple[Int64Array, Int32Array, Int64Array, Int64Array]:
        """Rows, others, and how either side likes the other."""
        return self.indptr, self.other, self.own, self.theirs

    def turned(self) -> Lists:
        """The same pairs in rows by the other side."""
        n, indptr = len(self.indptr) - 1, row_pointers(np.bincount(self.other, minlength=self.n_others))
        if is_available():
            from gigmatch.matching.proposals import turn

            parts = np.empty(len(self.other), np.int32), *np.empty((2, len(self.other)), np.int64)
            turn(*self.arrays, indptr[:-1].copy(), *parts)
            return Lists(indptr, parts[0], n, *parts[1:])
        at = np.argsort(self.other, kind="stable")
        row = row_owners(self.indptr)[at].astype(np.int32)
        return Lists(indptr, row, n, self.theirs[at], self.own[at])

    def most_wanted_last(self) -> IndexArray:
        """The rows by how well the others like them on the whole: the best are seldom sent on."""
        some = np.flatnonzero(row_counts(self.indptr))
        liked = np.full(len(self.indptr) - 1, -1.0)
        if len(some):
            total = np.add.reduceat(self.theirs, self.indptr[some], dtype=np.float64)
            liked[some] = total / row_counts(self.indptr)[some]
        return np.argsort(liked, kind="stable")


def deferred_acceptance(
    lists: Lists, quota: Int64Array, seats: Int64Array
) -> tuple[Int32Array, Int32Array, int]:
    """Rows of proposers and receivers that keep each other, by receiver, and how many proposals were kept.

    Parameters
    ----------
    lists : Lists
        In rows by proposer.
    quota : int64[n_proposers]
        How many receivers each proposer wants.
    seats : int64[n_receivers]
        How many proposers each receiver has room for.

    Notes
    -----
    Compiled where numba is installed; else with a sort per proposer, some times slower.

    Examples
    --------
    >>> lists = Lists(np.array([0, 1, 3]), np.int32([0, 0, 1]), 2, np.array([5, 7, 3]), np.array([9, 4, 1]))
    >>> deferred_acceptance(lists, np.array([1, 1]), np.array([1, 1]))[:2]
    (array([0, 1], dtype=int32), array([0, 1], dtype=int32))
    """
    room = np.minimum(seats, np.bincount(lists.other, minlength=len(seats)))
    start = row_pointers(room)
    who = np.full(start[-1], -1, np.int32)
    if is_available():
        from gigmatch.matching.proposals import propose

        made = int(propose(*lists.arrays, quota, start, lists.most_wanted_last(), who))
    else:
        made = _propose(lists, quota, start, who)
    kept = np.flatnonzero(who >= 0)
    return who[kept], row_owners(start)[kept].astype(np.int32), made


def _propose(lists: Lists, quota: Int64Array, start: Int64Array, who: Int32Array) -> int:
    """As `proposals.propose`, without a compiler."""
    room = row_counts(start)
    worst = np.where(room > 0, -1, _CLOSED)
    kept: list[list[tuple[int, int]]] = [[] for _ in room]
    left, stack, made = quota.tolist(), lists.most_wanted_last().tolist(), 0
    waits = [True] * len(left)
    options: dict[int, Iterator[tuple[int, int]]] = {}
    while stack:
        p = stack[-1]
        if p not in options:
            options[p] = _in_order(lists, p, worst)
        offer = next(options[p], None) if left[p] else None
        if offer is None:
            stack.pop()
            waits[p] = False
            continue
        r, k = offer
        if k <= worst[r]:
            continue
        made += 1
        left[p] -= 1
        if len(kept[r]) < room[r]:
            heappush(kept[r], (k, p))
        else:
            _, out = heapreplace(kept[r], (k, p))
            left[out] += 1
            if not waits[out]:
                waits[out] = True
                stack.append(out)
        if len(kept[r]) == room[r]:
            worst[r] = kept[r][0][0]
    for low, held in zip(start[:-1].tolist(), kept, strict=True):
        who[low : low + len(held)] = [p for _, p in held]
    return made


def _in_order(lists: Lists, p: int, worst: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Receiver and its liking of every pair of a row that has a chance, in order of its own liking."""
    row = slice(*lists.indptr[p : p + 2].tolist())
    other, own, theirs = lists.other[row], lists.own[row], lists.theirs[row]
    some = np.flatnonzero((own >= 0) & (theirs > worst[other]))
    some = some[np.argsort(-own[some])]
    return zip(other[some].tolist(), theirs[some].tolist(), strict=True)
