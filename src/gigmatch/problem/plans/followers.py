"""Which pair of a worker may follow on which: all of them in bulk, from a question about pairs of shifts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int32Array,
    Int64Array,
    Integers,
    row_counts,
    row_pointers,
)
from gigmatch.core.threads import in_order

__all__ = ["Joins", "follower_rows"]

Joins = Callable[[IndexArray, Int32Array, Int32Array], BoolArray]
"""``(worker, first, second) -> bool[k]``: whether each worker could take the second shift after the first."""
_BLOCK = 1 << 20  # pairs of pairs that are looked at in one go


def follower_rows(
    indptr: Int64Array,
    shift: Int32Array,
    several: BoolArray,
    begin: Integers,
    end: Integers,
    joins: Joins | None = None,
    threads: int | None = None,
) -> tuple[Int64Array, Int32Array]:
    """Which pairs may come directly after each pair, as a `PlanProblem` holds them.

    Parameters
    ----------
    indptr : array of int64, shape (n_workers + 1,)
        Pairs of each worker.
    shift : array of int32, shape (n_pairs,)
        Their shifts.
    several : array of bool, shape (n_workers,)
        Who may take more than one shift; the pairs of others have no followers.
    begin, end : array of int, shape (n_shifts,)
        A shift follows only on one that has ended when it begins: the first question, and the cheapest.
    joins : callable, optional
        ``(worker, first, second) -> bool[k]``, asked in blocks, from several threads at once, for those that
        are left.
    threads : int, optional
        As for ``gigmatch.match``.

    Returns
    -------
    follower_indptr : array of int64, shape (n_pairs + 1,)
    follower : array of int32, shape (n_followers,)
        Positions of pairs, ascending within each pair.

    Examples
    --------
    >>> indptr, follower = follower_rows(
    ...     np.array([0, 3]), np.array([0, 1, 2], np.int32), np.array([True]), np.array([6, 9, 12]),
    ...     np.array([9, 14, 15])
    ... )
    >>> indptr.tolist(), follower.tolist()
    ([0, 2, 2, 2], [1, 2])
    """
    ends, begins = end[shift], begin[shift]

    def joined(rows: IndexArray) -> tuple[IndexArray, IndexArray]:
        first, second = _in_order(rows, indptr, ends, begins)
        if joins is None or not len(first):
            return first, second
        worker = np.searchsorted(indptr, first, side="right") - 1
        kept = joins(worker, shift[first], shift[second])
        return first[kept], second[kept]

    counts, parts = np.zeros(len(shift), np.int64), [np.empty(0, np.int32)]
    for first, second in in_order(joined, _blocks(indptr, several), threads):
        if len(first):
            found = np.bincount(first - first[0])
            counts[first[0] : first[0] + len(found)] += found
            parts.append(second.astype(np.int32))
    return row_pointers(counts), np.concatenate(parts)


def _blocks(indptr: Int64Array, several: BoolArray) -> Iterator[IndexArray]:
    """Workers in rows, as many at a time as a block holds."""
    degree = row_counts(indptr)
    rows = np.flatnonzero(several & (degree > 1))
    block = np.cumsum(degree[rows] ** 2) // _BLOCK
    yield from (part for part in np.split(rows, np.flatnonzero(np.diff(block)) + 1) if len(part))


def _in_order(
    rows: IndexArray, indptr: Int64Array, ends: Integers, begins: Integers
) -> tuple[IndexArray, IndexArray]:
    """Positions of every first and second pair of some workers, ascending in both, in order of time."""
    firsts, seconds = [], []
    for low, high in zip(indptr[rows].tolist(), indptr[rows + 1].tolist(), strict=True):
        first, second = np.nonzero(ends[low:high, None] <= begins[low:high])
        firsts.append(first + low)
        seconds.append(second + low)
    return np.concatenate(firsts), np.concatenate(seconds)
