"""Which pair of a worker may follow on which: all of them in bulk, from a question about pairs of shifts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int32Array,
    Int64Array,
    Integers,
    consecutive,
    freeze,
    row_counts,
    row_pointers,
    run_starts,
)
from gigmatch.core.threads import in_order

__all__ = ["Joins", "follower_rows"]

Joins = Callable[[IndexArray, Any, Any], BoolArray]
"""``(worker, first, second) -> bool[k]``: whether each worker could take the second shift after the first."""
_BLOCK = 1 << 20  # pairs of pairs that are looked at in one go
_LARGEST_TABLE = 23_000  # shifts, each of which may follow on each: half a gigabyte
_Followers = tuple[int, tuple[Int64Array, Int32Array]]  # a worker, how many each pair has, and which


def follower_rows(
    indptr: Int64Array,
    shift: Int32Array,
    several: BoolArray,
    begin: Integers,
    end: Integers,
    joins: Joins | None = None,
    kind: Integers | None = None,
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
    several = several & (row_counts(indptr) > 1)
    ask = _Asked(indptr, shift, begin, end, joins)
    alone, tables = _by_kind(indptr, several, kind, len(begin))
    found: dict[int, tuple[Int64Array, Int32Array]] = {}
    for rows in tables:
        table = ask.table(int(rows[0]), threads)
        parts = in_order(lambda some, table=table: ask.looked_up(some, table), _blocks(indptr, rows), threads)  # type: ignore[misc]
        found.update(each for part in parts for each in part)
    parts = in_order(ask.one_by_one, _blocks(indptr, alone), threads)
    found.update(each for part in parts for each in part)
    return _laid_out(indptr, found)


class _Asked:
    """What joins of the pairs of some workers."""

    def __init__(
        self, indptr: Int64Array, shift: Int32Array, begin: Integers, end: Integers, joins: Joins | None
    ) -> None:
        self.indptr, self.shift, self.begin, self.end, self.joins = indptr, shift, begin, end, joins

    def table(self, worker: int, threads: int | None) -> BoolArray:
        """Which shift may follow on which, for somebody: bool[n_shifts, n_shifts]."""
        count = len(self.begin)
        later, table = np.argsort(self.begin, kind="stable"), np.zeros((count, count), np.bool_)
        start = np.searchsorted(self.begin[later], self.end)  # the first that begins late enough

        def filled(firsts: IndexArray) -> None:
            first = np.repeat(firsts, count - start[firsts])
            second = later[consecutive(start[firsts], count - start[firsts])]
            if self.joins is not None and len(first):
                kept = self.joins(np.full(len(first), worker, np.intp), first, second)
                first, second = first[kept], second[kept]
            table[first, second] = True

        step = max(_BLOCK // max(count, 1), 1)
        firsts = np.arange(count)
        for _ in in_order(filled, (firsts[at : at + step] for at in range(0, count, step)), threads):
            pass
        return table

    def looked_up(self, rows: IndexArray, table: BoolArray) -> list[_Followers]:
        """Of workers for whom the table holds."""
        return [_followers(row, self.indptr, table[s].take(s, axis=1)) for row, s in self._rows(rows)]

    def one_by_one(self, rows: IndexArray) -> list[_Followers]:
        """Of any workers."""
        tables = [(row, self.end[s, None] <= self.begin[s]) for row, s in self._rows(rows)]
        if self.joins is not None:
            asked = [
                (row, s, np.nonzero(table))
                for (row, s), (_, table) in zip(self._rows(rows), tables, strict=True)
            ]
            worker = np.concatenate([np.full(len(first), row, np.intp) for row, _, (first, _) in asked])
            first = np.concatenate([s[first] for _, s, (first, _) in asked])
            second = np.concatenate([s[second] for _, s, (_, second) in asked])
            kept = self.joins(worker, first, second) if len(worker) else np.zeros(0, np.bool_)
            for _, table in tables:
                count = np.count_nonzero(table)
                table[table], kept = kept[:count], kept[count:]
        return [_followers(row, self.indptr, table) for row, table in tables]

    def _rows(self, rows: IndexArray) -> Iterator[tuple[int, Int32Array]]:
        """Workers, and the shifts of their pairs."""
        for row in rows.tolist():
            yield row, self.shift[self.indptr[row] : self.indptr[row + 1]]


def _followers(row: int, indptr: Int64Array, table: BoolArray) -> _Followers:
    """How many followers each pair of a worker has, and which, from a table of the pairs."""
    counts, size = np.count_nonzero(table, axis=1), len(table)
    at = np.flatnonzero(table)
    at -= np.repeat(np.arange(size) * size - indptr[row], counts)
    return row, (counts, at.astype(np.int32))


def _by_kind(
    indptr: Int64Array, several: BoolArray, kind: Integers | None, n_shifts: int
) -> tuple[IndexArray, list[IndexArray]]:
    """Workers who are asked about one by one, and those of each kind for which a table is worth its while."""
    rows = np.flatnonzero(several)
    if kind is None or n_shifts > _LARGEST_TABLE:
        return rows, []
    rows = rows[np.argsort(kind[rows], kind="stable")]
    groups = np.split(rows, run_starts(kind[rows])[1:])
    degree = row_counts(indptr)
    is_worth = [
        len(group) > 0 and kind[group[0]] >= 0 and int((degree[group] ** 2).sum()) >= n_shifts**2
        for group in groups
    ]
    alone = [group for group, worth in zip(groups, is_worth, strict=True) if not worth]
    return np.sort(np.concatenate([rows[:0], *alone])), [
        group for group, worth in zip(groups, is_worth, strict=True) if worth
    ]


def _blocks(indptr: Int64Array, rows: IndexArray) -> Iterator[IndexArray]:
    """Workers, as many at a time as a block holds."""
    block = np.cumsum(row_counts(indptr)[rows] ** 2) // _BLOCK
    yield from (part for part in np.split(rows, np.flatnonzero(np.diff(block)) + 1) if len(part))


def _laid_out(
    indptr: Int64Array, found: dict[int, tuple[Int64Array, Int32Array]]
) -> tuple[Int64Array, Int32Array]:
    """Counts and followers of workers, in order."""
    counts = np.zeros(int(indptr[-1]), np.int64)
    for row, (count, _) in found.items():
        counts[indptr[row] : indptr[row + 1]] = count
    follower_indptr = row_pointers(counts)
    follower = np.empty(int(follower_indptr[-1]), np.int32)
    for row in sorted(found):
        _, at = found.pop(row)  # as it is copied it is let go
        first = follower_indptr[indptr[row]]
        follower[first : first + len(at)] = at
    return freeze(follower_indptr), freeze(follower)
