"""Pairs of a worker and a shift, in bulk: what rules and scorers are called with."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns
from gigmatch.core.arrays import (
    BoolArray,
    Float64Array,
    IndexArray,
    Int64Array,
    per_entry,
    read_only,
    row_pointers,
    run_pointers,
)
from gigmatch.core.plugins import checked_array
from gigmatch.errors import PluginError
from gigmatch.pairing.travel import Travel

__all__ = ["Pairs"]


class Pairs:
    """Some pairs of rows, with their travel computed at most once.

    Parameters
    ----------
    columns : Columns
        Where the rows are from.
    travel : Travel
        How long the way is.
    worker, shift : array of int, shape (k,)
        Row of the worker and of the shift of each pair; held as intp, with which numpy gathers fastest.
    runs : array of intp, optional
        Where each run of pairs of one worker begins, and where the last one ends, where it is known.

    Notes
    -----
    The feasible pairs of a morning come as one such object, rows by worker, shifts ascending; rules and
    scorers see it in blocks, and every array is read-only to them.
    """

    def __init__(
        self,
        columns: Columns,
        travel: Travel,
        worker: NDArray[np.signedinteger[Any]],
        shift: NDArray[np.signedinteger[Any]],
        runs: IndexArray | None = None,
    ) -> None:
        self.columns = columns.unlabelled
        self.travel = travel
        self.worker: IndexArray = read_only(worker.astype(np.intp, copy=False))
        self.shift: IndexArray = read_only(shift.astype(np.intp, copy=False))
        self.ways: dict[str, Float64Array] = {}
        self._runs = runs

    def __len__(self) -> int:
        return len(self.worker)

    @property
    def minutes(self) -> Float64Array:
        """Minutes from the worker's place to the shift's: float64[k]."""
        return self._asked_once("minutes", self.travel.minutes)

    @property
    def metres(self) -> Float64Array:
        """Length of that way in metres: float64[k]."""
        return self._asked_once("metres", self.travel.metres)

    def take(self, which: BoolArray | slice) -> Self:
        """The pairs of a mask or a slice, with the travel that is known already."""
        if isinstance(which, np.ndarray):
            at = np.flatnonzero(which)  # once; gathering by position is faster than by mask
            return self._part(lambda values: values.take(at))
        return self._part(lambda values: values[which])

    def _part(self, select: Callable[[NDArray[Any]], NDArray[Any]]) -> Self:
        part = type(self)(self.columns, self.travel, select(self.worker), select(self.shift))
        part.ways.update((name, read_only(select(way))) for name, way in self.ways.items())
        return part

    @cached_property
    def indptr(self) -> Int64Array:
        """Where each worker's pairs begin, of pairs sorted by worker: int64[n_workers + 1]."""
        return row_pointers(np.bincount(self.worker, minlength=self.columns.n_workers))

    @property
    def runs(self) -> IndexArray:
        """Where each run of pairs of one worker begins, and where the last one ends: intp[n_runs + 1]."""
        if self._runs is None:  # `functools.cached_property` has a lock, see below
            self._runs = run_pointers(self.worker)
        return self._runs

    @property
    def starts(self) -> IndexArray:
        """Where each run of pairs of one worker begins: intp[n_runs], ascending."""
        return self.runs[:-1]

    def per_run(self, values: NDArray[Any]) -> NDArray[Any]:
        """One value per run, in the order of ``starts``, given to every pair of the run."""
        return per_entry(values, self.runs)

    def _asked_once(self, name: str, ask: Callable[[Columns, IndexArray, IndexArray], Any]) -> Float64Array:
        """What a travel returns, held to its contract.

        Not `functools.cached_property`: up to Python 3.11 all objects share its lock, and the threads that
        work on blocks would wait for each other's ways.
        """
        if name not in self.ways:
            self.ways[name] = self._held(name, ask(self.columns, self.worker, self.shift))
        return self.ways[name]

    def _held(self, name: str, values: Any) -> Float64Array:
        what = f"{type(self.travel).__name__}.{name}"
        array: Float64Array = checked_array(what, values, np.float64, len(self))
        if len(array) and not array.min() >= 0:
            raise PluginError("travel_below_zero", what=what, value=array.min())
        return read_only(array)
