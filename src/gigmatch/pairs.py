"""Pairs of a worker and a shift, in bulk: what rules and scorers are called with."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns
from gigmatch.errors import PluginError
from gigmatch.plugins import checked_array
from gigmatch.travel import Travel

__all__ = ["Pairs"]

A = TypeVar("A", bound=NDArray[Any])


class Pairs:
    """Some pairs of rows, with their travel computed at most once.

    Parameters
    ----------
    columns : Columns
        Where the rows are from.
    travel : Travel
        How long the way is.
    worker, shift : int32[k]
        Row of the worker and of the shift of each pair.

    Notes
    -----
    The feasible pairs of a morning come as one such object, rows by worker, shifts ascending; rules and
    scorers see it in blocks, and every array is read-only to them.
    """

    def __init__(
        self, columns: Columns, travel: Travel, worker: NDArray[np.int32], shift: NDArray[np.int32]
    ) -> None:
        self.columns = columns
        self.travel = travel
        self.worker = _read_only(worker)
        self.shift = _read_only(shift)

    def __len__(self) -> int:
        return len(self.worker)

    @cached_property
    def minutes(self) -> NDArray[np.float64]:
        """Minutes from the worker's place to the shift's: float64[k]."""
        return self._held("minutes", self.travel.minutes(self.columns, self.worker, self.shift))

    @cached_property
    def metres(self) -> NDArray[np.float64]:
        """Length of that way in metres: float64[k]."""
        return self._held("metres", self.travel.metres(self.columns, self.worker, self.shift))

    def take(self, which: NDArray[np.bool_] | slice) -> Self:
        """The pairs of a mask or a slice, with the travel that is known already."""
        part = type(self)(self.columns, self.travel, self.worker[which], self.shift[which])
        for name in ("minutes", "metres"):
            if name in self.__dict__:
                part.__dict__[name] = _read_only(self.__dict__[name][which])
        return part

    @cached_property
    def indptr(self) -> NDArray[np.int64]:
        """Where each worker's pairs begin, of pairs sorted by worker: int64[n_workers + 1]."""
        count = np.bincount(self.worker, minlength=self.columns.n_workers)
        return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)

    def _held(self, name: str, values: Any) -> NDArray[np.float64]:
        """What a travel returned, held to its contract."""
        what = f"{type(self.travel).__name__}.{name}"
        array: NDArray[np.float64] = checked_array(what, values, np.float64, len(self))
        if len(array) and not array.min() >= 0:
            raise PluginError(f"{what} gave {array.min()}: at least 0, inf for no way")
        return _read_only(array)


def _read_only(values: A) -> A:
    view = values.view()
    view.flags.writeable = False
    return view
