"""The pairs of one run: all of them by worker, the short lists, and either of the two by shift."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, read_only, row_pointers
from gigmatch.problem import Problem
from gigmatch.problem.integers import row_blocks
from gigmatch.solvers.auction import reverse, shortlists
from gigmatch.solvers.auction.pool import WorkerPool
from gigmatch.solvers.auction.workspace import Lists, PairColumns, PairRows
from gigmatch.solvers.base import Control

__all__ = ["PairStore", "shifts_of"]

# Weights and prices below this are held in 32 bits.
_NARROW: Final = 2**29
# Pairs, or workers on their lists, in one task of a thread or between two looks at the clock.
_PAIRS: Final = 1_000_000
_WORKERS: Final = 10_000
_WORKERS_LISTED: Final = 100_000
# Pairs brought into columns at a time, as long as the counters of all parts are not too many.
_SCATTERED: Final = 500_000
_COUNTED: Final = 2**25


class PairStore:
    """Rows, lists and columns of a plain problem.

    Parameters
    ----------
    problem : Problem
        Plain; tiers and lots are ignored.
    pool : WorkerPool
        Runs what can run side by side.
    held : array of int32, shape (n_workers,)
        Where every worker is at the moment, -1 for nowhere: that pair is always on its list.
    """

    def __init__(self, problem: Problem, pool: WorkerPool, held: Int32Array) -> None:
        self.problem, self.pool, self.held = problem, pool, held
        self.count = pool.control.count
        self.n_workers, self.n_shifts = problem.n_workers, problem.n_shifts
        self.everybody = np.arange(self.n_workers, dtype=np.int32)
        self.widest = int(problem.degree.max(initial=0))
        self.blocks = row_blocks(problem.indptr, _PAIRS) if problem.n_workers else []
        self.portions = list(pairwise([*range(0, self.n_workers, _WORKERS_LISTED), self.n_workers]))
        self.rows = PairRows(read_only(problem.indptr), read_only(problem.shift), read_only(problem.weight))
        lightest, heaviest = problem.extent
        self.is_narrow = -_NARROW < lightest <= heaviest < _NARROW
        self.dtype: np.dtype[np.signedinteger[Any]] = np.dtype(np.int32 if self.is_narrow else np.int64)
        self.lists = Lists.empty(self.n_workers)
        self.lists_changed = True
        self._listed: PairColumns | None = None
        self._all: PairColumns | None = None

    @property
    def is_packed(self) -> bool:
        """Whether the weights are in the dtype that they are to be used in."""
        return bool(self.rows.weight.dtype == self.dtype)

    def pack(self) -> None:
        """Bring the weights into 32 bits where all of them fit."""
        problem, weight = self.problem, self.problem.weight
        if not self.is_narrow:
            return
        narrow = np.empty(problem.n_pairs, np.int32)

        def copy(a: int, b: int) -> None:
            low, high = problem.indptr[a], problem.indptr[b]
            narrow[low:high] = weight[low:high]

        self.pool.each(partial(copy, a, b) for a, b in self.blocks)
        self.rows = self.rows._replace(weight=read_only(narrow))

    # -- lists ----------------------------------------------------------------------------------------------

    def refresh(self, workers: Int32Array, price: Int64Array, scale: int, into: Lists | None = None) -> None:
        """Make the lists of some workers anew at prices of the moment, which are multiplied by ``scale``."""
        self.lists_changed = True
        self.count("lists", len(workers))
        self.count("pairs in lists", self._degrees(workers))
        task = partial(shortlists.shortlist, self.rows, self.whole(price, scale), scale, self.floor)
        rest = (self.held, self.widest, self.lists if into is None else into)
        self.pool.each(partial(task, part, *rest) for part in self._parts(workers))

    def whole(self, price: Int64Array, scale: int) -> npt.NDArray[Any]:
        """Prices in whole units, rounded down, as the weights are held."""
        return (price // scale).astype(self.dtype)

    @property
    def floor(self) -> Any:
        """A number below any surplus."""
        return self.dtype.type(np.iinfo(self.dtype).min // 2)

    def _degrees(self, workers: Int32Array) -> int:
        """Pairs of some workers."""
        if workers is self.everybody:
            return self.problem.n_pairs
        return int((self.problem.indptr[workers + 1] - self.problem.indptr[workers]).sum())

    def _parts(self, workers: Int32Array) -> Iterator[Int32Array]:
        """Some workers in portions, each with about as many pairs."""
        if workers is self.everybody:
            return (workers[a:b] for a, b in self.blocks)
        ends = np.linspace(0, len(workers), self.pool.threads + 1).astype(int).tolist()
        return (workers[a:b] for a, b in pairwise(ends) if b > a)

    def grow(self, workers: Int32Array, price: Int64Array, scale: int) -> None:
        """Add the best pairs at prices of the moment to the lists of some workers; none is dropped."""
        new = Lists.empty(self.n_workers)
        self.refresh(workers, price, scale, into=new)
        room = self.lists.size.astype(np.int64) + new.size
        start = row_pointers(room)
        merged = Lists(
            start[:-1],
            np.zeros(self.n_workers, np.int32),
            np.empty(start[-1], np.int32),
            np.empty(start[-1], np.int64),
            np.zeros(self.n_workers, np.int64),
        )
        fresh = np.zeros(self.n_shifts, np.int32)
        for a, b in self.portions:
            shortlists.merge(self.lists, new, merged, a, b, fresh)
            self.pool.control.check()
        self.lists = merged

    # -- all pairs ------------------------------------------------------------------------------------------

    def best_surplus(self, price: Int64Array, scale: int) -> Int64Array:
        """``max(0, max over k of w[i, k] - p[k])`` over all pairs."""
        self.count("pricings of all pairs")
        best = np.zeros(self.n_workers, np.int64)
        if self.problem.n_pairs:
            task = partial(shortlists.best_surplus, self.rows, self.whole(price, scale))
            self.pool.each(partial(task, a, b, best) for a, b in self.blocks)
        return best

    def every_row(self) -> Lists:
        """All pairs as lists."""
        rows, size = self.rows, self.problem.degree.astype(np.int32)
        return Lists(rows.start[:-1], size, rows.shift, self.problem.weight, self.lists.bound).read_only

    # -- by shift -------------------------------------------------------------------------------------------

    def list_columns(self) -> PairColumns:
        """The lists by shift, made anew where the lists have changed; the arrays are used again."""
        if self._listed is not None and not self.lists_changed:
            return self._listed
        self.lists_changed = False
        total = int(self.lists.size.sum())
        if self._listed is None or len(self._listed.worker) < total:
            self._listed = PairColumns.empty(self.n_shifts, total)
        self._by_shift(self.lists.read_only, self._listed, total)
        return self._listed

    def every_column(self) -> PairColumns:
        """All pairs by shift, made once."""
        if self._all is None:
            self._all = PairColumns.empty(self.n_shifts, self.problem.n_pairs)
            self._by_shift(self.every_row(), self._all, self.problem.n_pairs)
        return self._all

    def _by_shift(self, lists: Lists, columns: PairColumns, n_pairs: int) -> None:
        """Transpose lists into columns, a counting sort in two passes.

        Parts of the workers count their pairs of each shift, side by side. The running sum of the counters
        over the parts says where each part writes its pairs of a shift, so that all write at once without
        a lock and workers stand in order within a shift, whatever the number of threads.
        """
        count = min(n_pairs // _SCATTERED, _COUNTED // max(self.n_shifts, 1))
        count = max(4 * self.pool.threads, count)
        bounds = np.searchsorted(np.cumsum(lists.size), np.arange(1, count) * (n_pairs // count))
        parts = list(pairwise([0, *bounds.tolist(), self.n_workers]))
        counts = np.zeros((len(parts), self.n_shifts), np.int64)
        self.pool.each(
            partial(reverse.column_counts, lists, a, b, found)
            for (a, b), found in zip(parts, counts, strict=True)
        )
        np.cumsum(counts.sum(axis=0), out=columns.start[1:])
        place = columns.start[:-1] + np.cumsum(counts, axis=0) - counts
        self.pool.each(
            partial(reverse.fill_columns, lists, a, b, at, columns)
            for (a, b), at in zip(parts, place, strict=True)
        )


def shifts_of(problem: Problem, workers: Int64Array, control: Control) -> BoolArray:
    """Which shifts are in the row of any of some workers."""
    found = np.zeros(problem.n_shifts, np.bool_)
    # The weights play no part; an empty array keeps this to one compiled version.
    rows = PairRows(read_only(problem.indptr), read_only(problem.shift), read_only(np.zeros(0, np.int64)))
    for begin in range(0, len(workers), _WORKERS):
        control.check()
        shortlists.mark_shifts(rows, workers[begin : begin + _WORKERS], found)
    return found
