"""Who is placed where workers have ranks and pairs have none: one by one, the highest rank first.

The sets of workers that can be placed together are the independent sets of a matroid, so whoever can be
placed beside all those ahead is placed for good (Edmonds and Fulkerson 1965). That takes one search for an
empty seat, or for somebody behind; where it finds none, all that it went through is full of people who stay,
and is never searched again. No search empties a seat, so what has to be full stays full.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array, read_only, row_pointers
from gigmatch.core.kernels import Array, Number, kernel, kernel_part
from gigmatch.problem import Face, Problem
from gigmatch.solvers.base import Control
from gigmatch.solvers.dual_recovery import Prices, prices_at

__all__ = ["place_by_rank"]

# Pairs between two looks at the clock, and how many times all pairs may be gone through.
_PAIRS: Final = 2_000_000
_PATIENCE: Final = 50


class _Rows(NamedTuple):
    """Pairs by worker."""

    start: Array
    shift: Array


class _Places(NamedTuple):
    """Where everybody is; ``loose`` counts those at a shift who may still have to leave it."""

    at: Array
    slot: Array
    first: Array
    filled: Array
    holder: Array
    loose: Array
    is_loose: Array


class _Walk(NamedTuple):
    """Of every shift: the last search, -1 for the last ever; who came by there; what rank wants in."""

    mark: Array
    source: Array
    queue: Array
    wanted: Array


def place_by_rank(
    problem: Problem, face: Face, multiplier: int, start: Int32Array, control: Control
) -> tuple[Int32Array, Prices] | None:
    """Best answer and least prices where a worker's pairs weigh the same; None if other ways are quicker.

    Parameters
    ----------
    problem : Problem
        Plain, on the pairs of ``face``. A weight is the worker's rank, 0 or more, and ``multiplier`` for
        every obligation that the pair meets.
    face : Face
        Whom to place and what to fill in any case.
    multiplier : int
        Above all ranks.
    start : array of int32, shape (n_workers,)
        An assignment that meets all obligations.
    control : Control
        Checked every now and then.
    """
    rank = _ranks(problem, face, multiplier)
    order = np.lexsort((-rank, ~face.worker)).astype(np.int32)
    rows = _Rows(read_only(problem.indptr), read_only(problem.shift))
    places, walk = _placed(problem, start), _not_walked(problem)
    begin, left = 0, _PATIENCE * (problem.n_pairs + problem.n_workers)
    while begin < problem.n_workers:
        control.check()
        if left <= 0:
            return None
        begin, work = _place(rows, places, walk, order, rank, begin, _PAIRS)
        left -= work
    _spread_nothing(rows, places, walk, face.shift)
    price = np.where(walk.wanted < 0, 0, walk.wanted + multiplier * face.shift)
    return places.at, prices_at(problem, price)


def _ranks(problem: Problem, face: Face, multiplier: int) -> Int64Array:
    """The weight of everybody's first pair without what obligations add to it; -1 where there is no pair."""
    some = np.flatnonzero(problem.degree)
    pair = problem.indptr[some]
    rank = np.full(problem.n_workers, -1, np.int64)
    owed = face.worker[some].astype(np.int64) + face.shift[problem.shift[pair]]
    rank[some] = problem.weight[pair] - multiplier * owed
    return rank


def _placed(problem: Problem, shift: Int32Array) -> _Places:
    """An assignment in slots, as many as there are seats that anybody can take; all may have to leave."""
    degree = np.bincount(problem.shift, minlength=problem.n_shifts)
    first = row_pointers(np.minimum(problem.capacity, degree))
    placed = np.flatnonzero(shift >= 0)
    order = placed[np.argsort(shift[placed], kind="stable")]
    filled = np.bincount(shift[placed], minlength=problem.n_shifts)
    slot = np.full(problem.n_workers, -1, np.int64)
    slot[order] = np.arange(len(order)) + np.repeat(first[:-1] - row_pointers(filled)[:-1], filled)
    holder = np.full(first[-1], -1, np.int32)
    holder[slot[order]] = order
    at, loose = shift.astype(np.int32), filled.astype(np.int64)
    return _Places(at, slot, first, loose.copy(), holder, loose, np.ones(problem.n_workers, np.bool_))


def _not_walked(problem: Problem) -> _Walk:
    n_shifts = problem.n_shifts
    return _Walk(
        np.zeros(n_shifts, np.int64),
        np.zeros(n_shifts, np.int32),
        np.zeros(n_shifts, np.int32),
        np.full(n_shifts, -1, np.int64),
    )


@kernel
def _place(
    rows: _Rows, places: _Places, walk: _Walk, order: Array, rank: Array, begin: Number, budget: Number
) -> tuple[Number, Number]:
    """Place the workers from place ``begin`` of the order on; returns where to go on, and the pairs seen."""
    work = np.int64(0)
    for turn in range(begin, len(order)):
        if work >= budget:
            return turn, work
        i = np.int64(order[turn])
        places.is_loose[i] = False
        if places.at[i] >= 0:
            places.loose[places.at[i]] -= 1
        elif rank[i] >= 0:
            work += _find_seat(rows, places, walk, i, np.int64(turn + 1), rank)
    return np.int64(len(order)), work


@kernel_part
def _find_seat(rows: _Rows, places: _Places, walk: _Walk, i: Number, number: Number, rank: Array) -> Number:
    """Place worker ``i`` if that drives nobody out who stays; returns the pairs seen."""
    size, work = np.int64(0), np.int64(0)
    w = i
    next_shift, next_slot, end_slot = np.int64(0), np.int64(0), np.int64(0)
    while True:
        work += rows.start[w + 1] - rows.start[w] + 1
        for e in range(rows.start[w], rows.start[w + 1]):
            j = np.int64(rows.shift[e])
            if walk.mark[j] == number or walk.mark[j] < 0:
                continue
            walk.mark[j] = number
            walk.source[j] = w
            if _has_room(places, j):
                _move_up(places, walk, i, j)
                return work
            walk.queue[size] = j
            size += 1
        while next_slot == end_slot:
            if next_shift == size:
                _close(walk, size, rank[i])
                return work
            j = np.int64(walk.queue[next_shift])
            next_shift += 1
            next_slot, end_slot = places.first[j], places.first[j] + places.filled[j]
        w = np.int64(places.holder[next_slot])
        next_slot += 1


@kernel_part
def _has_room(places: _Places, j: Number) -> bool:
    """Whether somebody more can be at shift ``j`` for good."""
    return bool(places.loose[j] > 0 or places.filled[j] < places.first[j + 1] - places.first[j])


@kernel_part
def _close(walk: _Walk, size: Number, rank: Number) -> None:
    """Never search again what is full of people who stay; one of ``rank`` wants in."""
    for q in range(size):
        walk.mark[walk.queue[q]] = -1
        walk.wanted[walk.queue[q]] = rank


@kernel_part
def _move_up(places: _Places, walk: _Walk, i: Number, j: Number) -> None:
    """Everybody on the way to shift ``j`` moves up, worker ``i`` last; whoever may have to leave it does."""
    slot = places.first[j] + places.filled[j]
    if slot < places.first[j + 1]:
        places.filled[j] += 1
    else:
        slot = places.first[j]
        while not places.is_loose[places.holder[slot]]:
            slot += 1
        places.at[places.holder[slot]] = -1
        places.loose[j] -= 1
    while True:
        w = np.int64(walk.source[j])
        left, left_slot = np.int64(places.at[w]), places.slot[w]
        places.holder[slot] = w
        places.at[w] = j
        places.slot[w] = slot
        if w == i:
            return
        j, slot = left, left_slot


@kernel
def _spread_nothing(rows: _Rows, places: _Places, walk: _Walk, is_owed: Array) -> None:
    """A seat costs no obligation's worth where somebody who has one that nobody is owed could take it."""
    size = np.int64(0)
    for j in range(len(walk.wanted)):
        if walk.wanted[j] < 0 and not is_owed[j]:
            walk.wanted[j] = 0
            walk.queue[size] = j
            size += 1
    done = 0
    while done < size:
        j = walk.queue[done]
        done += 1
        for slot in range(places.first[j], places.first[j] + places.filled[j]):
            w = np.int64(places.holder[slot])
            for e in range(rows.start[w], rows.start[w + 1]):
                k = rows.shift[e]
                if walk.wanted[k] < 0:
                    walk.wanted[k] = 0
                    walk.queue[size] = k
                    size += 1
