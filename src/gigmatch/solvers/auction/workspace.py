"""The arrays that the phases share; tuples, so that a kernel takes one name instead of five."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gigmatch.core.arrays import read_only
from gigmatch.core.kernels import Array

__all__ = ["WIDTH", "Lists", "PairColumns", "PairRows", "Search", "Seating", "Seats", "State", "Workspace"]

WIDTH = 32


class PairRows(NamedTuple):
    """All pairs by worker, as numba sees them: read-only, weights int32 where they fit, else int64."""

    start: Array
    shift: Array
    weight: Array


class Lists(NamedTuple):
    """The pairs of every worker that are looked at: entries ``start[i]`` up to ``start[i] + size[i]``.

    Weights are int64 whatever those of `PairRows` are, so that what reads no row is compiled once.
    ``bound[i]`` is at least the scaled surplus of every pair of worker ``i`` that is not on its list, as long
    as no price has fallen since the list was made.
    """

    start: Array
    size: Array
    shift: Array
    weight: Array
    bound: Array

    @classmethod
    def empty(cls, n_workers: int) -> Lists:
        """Room for ``WIDTH`` pairs a worker."""
        return cls(
            np.arange(n_workers, dtype=np.int64) * WIDTH,
            np.zeros(n_workers, np.int32),
            np.empty(n_workers * WIDTH, np.int32),
            np.empty(n_workers * WIDTH, np.int64),
            np.zeros(n_workers, np.int64),
        )

    @property
    def read_only(self) -> Lists:
        """The same to those who only read, of one type with whole rows."""
        return Lists(*map(read_only, self))


class Workspace(NamedTuple):
    """Room for making one list: surpluses of the row, their lanes, a heap, and positions."""

    values: Array
    top: Array
    key: Array
    found: Array
    kept: Array


class PairColumns(NamedTuple):
    """Pairs by shift: of the lists, or all of them."""

    start: Array
    worker: Array
    weight: Array

    @classmethod
    def empty(cls, n_shifts: int, n_pairs: int) -> PairColumns:
        """Room for so many pairs."""
        return cls(np.zeros(n_shifts + 1, np.int64), np.empty(n_pairs, np.int32), np.empty(n_pairs, np.int64))


class Seats(NamedTuple):
    """Who sits at every shift: slots ``first[j]`` to ``first[j] + filled[j]``, room to ``first[j + 1]``.

    ``bid`` is a binary heap per shift, smallest first, during the forward auction only.
    """

    first: Array
    filled: Array
    bid: Array
    holder: Array


class Seating(NamedTuple):
    """Where every worker sits: shift row or -1, weight of that pair, slot in ``Seats``.

    ``slot`` is kept outside the forward auction only.
    """

    shift: Array
    weight: Array
    slot: Array


class State(NamedTuple):
    """The assignment of the moment and the prices beside it, all of them changed in place."""

    price: Array
    """Of a seat of every shift."""
    profit: Array
    """Of every worker: its price in the certificate."""
    seats: Seats
    seating: Seating


class Search(NamedTuple):
    """What a shortest-path search notes per shift; valid where ``mark`` holds the number of the search."""

    number: Array
    distance: Array
    mark: Array
    worker: Array
    weight: Array
    source: Array
    heap: Array
    position: Array
    done: Array

    @classmethod
    def empty(cls, n_shifts: int) -> Search:
        """Nothing searched yet."""
        number = np.zeros(1, np.int64)
        return cls(number, *(np.zeros(n_shifts + 1, np.int64) for _ in range(8)))
