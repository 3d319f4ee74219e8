"""Which pairs are held at first, where not all are: those near the best of their worker or of their shift.

At given prices a pair's *distance* is by how much it is worse than the best of its worker. The pairs of a
worker within some slack are held, and the nearest workers of every shift: a shift that costs too much is
near the best of nobody, and without anybody its price would fall to nothing.

Every distance is told apart by a number drawn from worker and shift, so that where many are equal not
everybody is sent to the same shifts. Blocks are looked at in threads in any order, and the same is selected.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final

import numpy as np

from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int64Array,
    place_in_row,
    run_pointers,
)
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.pairs import Pairs

__all__ = ["LEAST", "UNBOUNDED", "Nearest", "nearest_first"]

UNBOUNDED: Final = 1 << 40
"""A slack that leaves out nothing."""
LEAST: Final = -(2**60)
"""What a worker of whom nothing is left out has at most."""

_BITS: Final = 20
_FARTHEST: Final = UNBOUNDED
_NEVER: Final = 1 << 62
_MIXED: Final = 0x9E3779B97F4A7C15
_WIDEST: Final = 16  # workers of a shift at most

Costs = Callable[[Pairs, Int64Array], Int64Array]


class Nearest:
    """A selection of pairs near the best of their worker, and of the nearest workers of every shift.

    Parameters
    ----------
    cost : callable
        ``(pairs, points) -> int64[n_pairs]``, the lower the better for the worker.
    nothing : int64[n_workers]
        What is as good to each worker as no shift, 0 less a cost.
    slack : int64[n_workers]
        The greatest distance of a pair of each worker, `UNBOUNDED` for any.
    each : int
        Pairs of a worker at most, but for those that a shift wants.
    of_shift : int64[n_shifts]
        Workers wanted of every shift.

    Attributes
    ----------
    left : int64[n_workers]
        No pair of the worker that is not held is worth more than this (less its cost), or `LEAST`.
    """

    def __init__(
        self, cost: Costs, nothing: Int64Array, slack: Int64Array, each: int, of_shift: Int64Array
    ) -> None:
        self.cost, self.nothing, self.each = cost, nothing, each
        self.of_shift = _BestOfShift(np.minimum(of_shift, _WIDEST))
        self.edges = np.where(slack < _FARTHEST, (slack + 1 << _BITS) - 1, _NEVER - 1)
        self.best = np.zeros(len(nothing), np.int64)
        self.left = np.full(len(nothing), LEAST)

    def __call__(self, pairs: Pairs, points: Int64Array) -> BoolArray:
        """Select among all pairs of some workers; what a shift has no need of later is left to `held`."""
        kept = np.zeros(len(pairs), dtype=bool)
        if not len(pairs):
            return kept
        distance, workers = self.cost(pairs, points), pairs.worker[pairs.starts]
        best = -np.minimum.reduceat(distance, pairs.starts)
        self.best[workers] = np.maximum(best, self.nothing[workers])
        distance += self.best.take(pairs.worker)
        np.minimum(distance, _FARTHEST, out=distance)
        near = np.maximum(self.edges.take(pairs.worker), self.of_shift.farthest.take(pairs.shift))
        at = np.flatnonzero(distance <= near >> _BITS)
        worker, shift = pairs.worker.take(at), pairs.shift.take(at)
        key = _told_apart(distance.take(at), worker, shift)
        self._limit(worker, key)
        self.left[workers] = self._most_left(workers)
        kept[at] = (key <= self.edges.take(worker)) | self.of_shift.offer(shift, key)
        return kept

    def held(self, selected: Eligible) -> Eligible:
        """Those of all that were selected that are to be held."""
        pairs = selected.pairs
        distance = self.cost(pairs, selected.points) + self.best.take(pairs.worker)
        key = _told_apart(np.minimum(distance, _FARTHEST), pairs.worker, pairs.shift)
        kept = (key <= self.edges.take(pairs.worker)) | (key <= self.of_shift.farthest.take(pairs.shift))
        return selected.only(kept)

    def _limit(self, worker: IndexArray, key: Int64Array) -> None:
        """Draw the edge nearer for those who have too many pairs within it."""
        within = np.flatnonzero(key <= self.edges.take(worker))
        order = within[nearest_first(worker.take(within), key.take(within))]
        place = place_in_row(run_pointers(worker.take(order)))
        last = order[place == self.each - 1]
        self.edges[worker[last]] = key[last]

    def _most_left(self, workers: IndexArray) -> Int64Array:
        edge = self.edges[workers]
        most = self.best[workers] - (edge + 1 >> _BITS)
        return np.where(edge == _NEVER - 1, LEAST, most)


class _BestOfShift:
    """The nearest workers of every shift among all who were offered so far."""

    def __init__(self, wanted: Int64Array) -> None:
        self.wanted = wanted
        self.keys = np.full((len(wanted), max(int(wanted.max(initial=0)), 1)), _NEVER)
        self.farthest = np.where(wanted > 0, _NEVER, -1)
        self._lock = Lock()

    def offer(self, shift: IndexArray, key: Int64Array) -> BoolArray:
        """Take in some pairs; which of them are among the nearest now.

        Who is farther than somebody's place was once will never have it, so whatever is in the end among the
        nearest was found so here, in whichever order blocks come.
        """
        found = key <= self.farthest.take(shift)
        at = np.flatnonzero(found)
        order = at[nearest_first(shift.take(at), key.take(at))]
        runs = run_pointers(shift.take(order))
        place, width = place_in_row(runs), self.keys.shape[1]
        rows = shift.take(order[runs[:-1]])
        fresh = np.full((len(rows), width), _NEVER)
        row = np.repeat(np.arange(len(rows)), np.diff(runs))
        few = place < width
        fresh[row[few], place[few]] = key[order[few]]
        with self._lock:
            both = np.concatenate([self.keys[rows], fresh], axis=1)
            both.sort(axis=1)
            self.keys[rows] = both[:, :width]
            self.farthest[rows] = both[np.arange(len(rows)), self.wanted[rows] - 1]
        return found


def nearest_first(row: IndexArray, key: Int64Array) -> IndexArray:
    """The order by row, and within a row by key."""
    return np.lexsort((key, row))


def _told_apart(distance: Int64Array, worker: IndexArray, shift: IndexArray) -> Int64Array:
    """Distances with a number below them that is drawn from the pair."""
    drawn = (worker.astype(np.uint64) << np.uint64(32) | shift.astype(np.uint64)) * np.uint64(_MIXED)
    return distance << _BITS | (drawn >> np.uint64(64 - _BITS)).astype(np.int64)
