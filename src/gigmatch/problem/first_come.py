"""First come, first served: what a hall without an optimiser does, and what an assignment is held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gigmatch.core import kernels
from gigmatch.core.arrays import (
    BoolArray,
    Int32Array,
    Int64Array,
    per_entry,
    place_in_row,
    read_only,
    row_counts,
    row_maximum,
    row_owners,
    row_pointers,
)

__all__ = ["Favourites", "FirstCome", "Serving", "Unserved"]

# Below every weight a Problem accepts, and far enough from the end of int64 to add one to it.
_CLOSED = -(2**62)
_WORKERS_AT_ONCE = 512
_BITS = 63  # of a number that is not negative
_COMPILED = "gigmatch.problem.loops"


class Serving(Protocol):
    """What is told of the pairs of workers who come in turn."""

    shift: Int32Array
    """Shift row of every worker served so far, -1 for none: int32[n_workers]."""

    def serve(
        self,
        workers: npt.NDArray[np.signedinteger],
        indptr: Int64Array,
        shift: npt.NDArray[np.signedinteger],
        weight: Int64Array,
    ) -> None:
        """Go on with some workers in turn: ``workers[k]`` has pairs ``indptr[k]`` up to ``indptr[k + 1]``."""
        ...

    def serve_all(self, indptr: Int64Array, shift: npt.NDArray[np.signedinteger], weight: Int64Array) -> None:
        """Serve everybody, in order of the rows."""
        ...


class Unserved:
    """Nobody is served: for pairs that are some of all."""

    def __init__(self, n_workers: int) -> None:
        self.shift = np.full(n_workers, -1, np.int32)

    def serve(self, *_: object) -> None:
        """Leave them unserved."""

    def serve_all(self, *_: object) -> None:
        """Leave everybody unserved."""


class Favourites:
    """The best few shifts of everybody, for whoever gives out seats later and elsewhere.

    Parameters
    ----------
    n_workers : int
        Rows of the workers.
    most : int
        Shifts of a worker that are noted at most; of equal ones the first by row.

    Attributes
    ----------
    shift : array of int32, shape (n_workers,)
        -1: nobody is given a seat here.
    is_all : array of bool, shape (n_workers,)
        Whether a worker has no other shifts than those noted.
    """

    def __init__(self, n_workers: int, most: int) -> None:
        self.shift = np.full(n_workers, -1, np.int32)
        self.is_all: BoolArray = np.ones(n_workers, dtype=bool)
        self.most = most
        self._noted: list[tuple[Int32Array, Int32Array]] = []

    @property
    def noted(self) -> tuple[Int32Array, Int32Array]:
        """Rows of workers and of their shifts, the best of each worker first."""
        none = np.empty(0, np.int32)
        worker, shift = zip((none, none), *self._noted, strict=True)
        return np.concatenate(worker), np.concatenate(shift)

    def serve(
        self,
        workers: npt.NDArray[np.signedinteger],
        indptr: Int64Array,
        shift: npt.NDArray[np.signedinteger],
        weight: Int64Array,
    ) -> None:
        """Note the best of some workers: ``workers[k]`` has pairs ``indptr[k]`` up to ``indptr[k + 1]``."""
        low, high = indptr[0], indptr[-1]
        row, count = row_owners(indptr), row_counts(indptr)
        order = _best_first(row, weight[low:high])
        at = order[place_in_row(row_pointers(count)) < self.most]
        self._noted.append((workers[row[at]].astype(np.int32), shift[low + at].astype(np.int32)))
        self.is_all[workers] = count <= self.most

    def serve_all(self, indptr: Int64Array, shift: npt.NDArray[np.signedinteger], weight: Int64Array) -> None:
        """Note the best of everybody."""
        self.serve(np.arange(len(self.shift)), indptr, shift, weight)


class FirstCome:
    """First come, first served, some workers at a time.

    Parameters
    ----------
    n_workers : int
        Rows of the workers.
    capacity : array of int64, shape (n_shifts,)
        Seats.
    compiled : bool, optional
        Whether it is done in a compiled loop; unless given, where that saves time.

    Attributes
    ----------
    shift : array of int32, shape (n_workers,)
        Shift row of every worker served so far, -1 for none.
    """

    def __init__(self, n_workers: int, capacity: Int64Array, *, compiled: bool | None = None) -> None:
        self.shift = np.full(n_workers, -1, np.int32)
        if compiled is None:
            compiled = kernels.are_worth_it(_COMPILED, n_workers * len(capacity))
        self._left = capacity.astype(np.int64) if compiled else None
        self._seats = capacity.tolist()
        self._closed = np.where(capacity > 0, 0, _CLOSED)

    def serve(
        self,
        workers: npt.NDArray[np.signedinteger],
        indptr: Int64Array,
        shift: npt.NDArray[np.signedinteger],
        weight: Int64Array,
    ) -> None:
        """Seat some workers in order; ``workers[k]`` has the pairs ``indptr[k]`` up to ``indptr[k + 1]``."""
        if self._left is not None:
            self._serve_compiled(self._left, workers, indptr, shift, weight)
            return
        some = np.flatnonzero(row_counts(indptr))
        if not some.size:
            return
        low, high = indptr[0], indptr[-1]
        shift, weight = shift[low:high], weight[low:high]
        starts, ends = indptr[some] - low, indptr[some + 1] - low
        offer = weight + self._closed.take(shift)
        best = row_maximum(offer, indptr)
        tops = np.flatnonzero(offer == per_entry(best, indptr))
        first = shift[tops[np.searchsorted(tops, starts)]]
        columns = (workers[some], first, best[some], starts, ends)
        for worker, wanted, value, start, end in zip(*(part.tolist() for part in columns), strict=True):
            if value < 0:
                continue
            if not self._seats[wanted]:  # filled since the offers were looked at
                left = weight[start:end] + self._closed.take(shift[start:end])
                at = left.argmax()
                if left[at] < 0:
                    continue
                wanted = int(shift[start + at])
            self._take(worker, wanted)

    def _serve_compiled(
        self,
        left: Int64Array,
        workers: npt.NDArray[np.signedinteger],
        indptr: Int64Array,
        shift: npt.NDArray[np.signedinteger],
        weight: Int64Array,
    ) -> None:
        """`serve` in one loop; the plain way asks all pairs of some workers at once what is still open."""
        from gigmatch.problem.loops import serve

        given = ((workers, np.int64), (indptr, np.int64), (shift, np.int32), (weight, np.int64))
        serve(left, self.shift, *(read_only(np.ascontiguousarray(part, kind)) for part, kind in given))

    def serve_all(
        self,
        indptr: Int64Array,
        shift: npt.NDArray[np.signedinteger],
        weight: Int64Array,
        is_stopped: Callable[[], bool] | None = None,
    ) -> None:
        """Seat everybody, or as many as there is time for: ``is_stopped`` is asked every now and then."""
        n_workers = len(self.shift)
        for first in range(0, n_workers, _WORKERS_AT_ONCE):
            if is_stopped is not None and is_stopped():
                return
            rows = np.arange(first, min(first + _WORKERS_AT_ONCE, n_workers))
            self.serve(rows, indptr[first : rows[-1] + 2], shift, weight)

    def _take(self, worker: int, shift: int) -> None:
        self.shift[worker] = shift
        self._seats[shift] -= 1
        if not self._seats[shift]:
            self._closed[shift] = _CLOSED


def _best_first(row: npt.NDArray[np.intp], weight: Int64Array) -> npt.NDArray[np.signedinteger]:
    """The order of some pairs by row, then the greatest weight, then as they stand."""
    if not len(row):
        return row
    below = int(weight.max()) - weight
    of_weight, of_place = int(below.max()).bit_length(), len(row).bit_length()
    if int(row[-1]).bit_length() + of_weight + of_place > _BITS:
        return np.lexsort((below, row))
    key = (row << of_weight | below) << of_place | np.arange(len(row))  # sorted in a tenth of the time
    key.sort()
    place: npt.NDArray[np.signedinteger] = key & ((1 << of_place) - 1)
    return place
