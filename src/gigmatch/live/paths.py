"""Shortest augmenting paths at prices of several words: what one worker or one seat more or less changes.

All levels are carried in one weight of `WORDS` whole numbers, compared in order: seats and points, whether
the worker was told of the pair, the worker's lot, and the draws of the pair. Reduced costs ``u[i] + p[j] -
w[i, j]`` are never below 0 in that order, and 0 where somebody sits, so Dijkstra's algorithm finds the
shortest chain of moves, and moving the prices by what is left of its length keeps both (Edmonds and Karp
1972; the order of the words is one of a group, which is all that the proof needs). Later words are
looked at only where the earlier ones are equal.

By hand: neither scipy nor networkx has lengths of several words, or keeps prices from path to path.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, UInt64Array
from gigmatch.core.kernels import Array, Number, kernel_or_plain, kernel_part
from gigmatch.core.mixing import mixed
from gigmatch.problem.levels.lottery import HASH_BITS

__all__ = [
    "DRAWS",
    "WORDS",
    "Net",
    "Pool",
    "Search",
    "fill",
    "lay_columns",
    "lay_rows",
    "place",
    "price_seat",
    "price_worker",
    "seat",
    "settle",
    "tight",
]

DRAWS: Final = 4
"""Rounds of the lottery that are carried."""
WORDS: Final = 4 + DRAWS
_NONE: Final[Number] = np.int64(-1)
_NOTHING: Final[Number] = np.int64(0)
_TOLD: Final = 1
_LOT: Final = 2
_DRAW: Final = 4
_SHIFT: Final[Number] = np.uint64(64 - HASH_BITS)
_mixed = kernel_part(mixed)

Pool = tuple[Array, Array]
"""Of some rows, end to end: what stands on the other side, and first words of weights."""


class Net(NamedTuple):
    """Who could work where, who does, and the prices."""

    row_start: Int64Array
    """Where the pairs of each worker begin: int64[n]."""
    row_size: Int64Array
    row_shift: Int32Array
    row_value: Int64Array
    """First word of the weight of each pair."""
    column_start: Int64Array
    """The same pairs by shift: int64[m]."""
    column_size: Int64Array
    column_worker: Int32Array
    column_value: Int64Array
    seats: Int64Array
    """Seats that are not promised; 0 where the shift is gone: int64[m]."""
    filled: Int64Array
    first: Int64Array
    """Somebody in each shift, -1 for nobody: int64[m]."""
    after: Int64Array
    """Who else is in the worker's shift, -1 at the end: int64[n]."""
    before: Int64Array
    at: Int64Array
    """Shift of each worker, -1 for none: int64[n]."""
    told: Int64Array
    """Shift that each worker was told, -1 for none: int64[n]."""
    open: BoolArray
    """Whether each worker is here and not promised: bool[n]."""
    lot: Int64Array
    """The two words of each worker's lot, greater for who goes first: int64[n, 2]."""
    draws: UInt64Array
    """The worker's part of the draws of all pairs, by round: uint64[n, DRAWS]."""
    shift_draws: UInt64Array
    """The shift's part of all draws: uint64[m]."""
    profit: Int64Array
    """Price of each worker: int64[n, WORDS], word by word, as the first ones decide nearly always."""
    price: Int64Array
    """Price of a seat of each shift: int64[m, WORDS], likewise."""


class Search(NamedTuple):
    """Room for one search."""

    number: Int64Array
    mark: Int64Array
    heap: Int64Array
    position: Int64Array
    distance: Int64Array
    worker: Int64Array
    """Who comes to the shift, or leaves it where gaps are filled."""
    source: Int64Array
    done: Int64Array
    best: Int64Array
    base: Int64Array
    log: Int64Array
    """Worker and the shift left or -1, move by move."""
    logged: Int64Array


@kernel_part
def _less(a: Array, b: Array) -> Any:
    for k in range(WORDS):
        if a[k] != b[k]:
            return a[k] < b[k]
    return False


@kernel_part
def _positive(a: Array) -> Any:
    for k in range(WORDS):
        if a[k] != 0:
            return a[k] > 0
    return False


@kernel_part
def _drawn(net: Net, draw: Number, i: Number, j: Number) -> Any:
    """What `Lottery.of_lots` gives for a pair."""
    return np.int64(_mixed(net.draws[i, draw] + net.shift_draws[j]) >> _SHIFT)


@kernel_part
def _word(net: Net, k: Number, i: Number, j: Number, value: Number) -> Any:
    """Word ``k`` of the weight of a pair."""
    if k == 0:
        return value
    if k == _TOLD:
        return np.int64(1) if net.told[i] == j else np.int64(0)
    if k < _DRAW:
        return net.lot[i, k - _LOT]
    return _drawn(net, k - _DRAW, i, j)


@kernel_part
def _shorter(net: Net, base: Array, side: Array, i: Number, j: Number, value: Number, other: Array) -> Any:
    """Whether ``base`` and the way over a pair are shorter than ``other``."""
    for k in range(WORDS):
        length = base[k] + side[k] - _word(net, k, i, j, value)
        if length != other[k]:
            return length < other[k]
    return False


@kernel_part
def _measure(net: Net, base: Array, side: Array, i: Number, j: Number, value: Number, out: Array) -> None:
    for k in range(WORDS):
        out[k] = base[k] + side[k] - _word(net, k, i, j, value)


@kernel_part
def _add(out: Array, one: Array, other: Array) -> None:
    """Word by word, ``out`` is ``one`` and ``other``."""
    for k in range(WORDS):
        out[k] = one[k] + other[k]


@kernel_part
def _rise(search: Search, at: Number) -> None:
    """Let the heap's entry ``at`` rise to its place."""
    j = search.heap[at]
    while at > 0:
        parent = (at - 1) >> 1
        other = search.heap[parent]
        if not _less(search.distance[j], search.distance[other]):
            break
        search.heap[at] = other
        search.position[other] = at
        at = parent
    search.heap[at] = j
    search.position[j] = at


@kernel_part
def _pop(search: Search, size: Number) -> Any:
    """Take the nearest shift from a heap of ``size``."""
    nearest = search.heap[0]
    search.position[nearest] = -1
    size -= 1
    j = search.heap[size]
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and _less(
            search.distance[search.heap[child + 1]], search.distance[search.heap[child]]
        ):
            child += 1
        other = search.heap[child]
        if not _less(search.distance[other], search.distance[j]):
            break
        search.heap[at] = other
        search.position[other] = at
        at = child
    if size > 0:
        search.heap[at] = j
        search.position[j] = at
    return nearest


@kernel_part
def _reach(
    net: Net,
    search: Search,
    size: Number,
    to: Number,
    side: Array,
    i: Number,
    j: Number,
    value: Number,
    source: Number,
) -> Any:
    """Note the way over pair ``(i, j)`` to shift ``to`` if none is as short; returns the size of the heap."""
    number = search.number[0]
    if search.mark[to] == number:
        if search.position[to] < 0 or not _shorter(net, search.base, side, i, j, value, search.distance[to]):
            return size
    else:
        search.mark[to] = number
        search.heap[size] = to
        search.position[to] = size
        size += 1
    _measure(net, search.base, side, i, j, value, search.distance[to])
    search.worker[to] = i
    search.source[to] = source
    _rise(search, search.position[to])
    return size


@kernel_part
def _move_prices(net: Net, search: Search, n_done: Number, sign: Number) -> None:
    """Let seats that were passed rise by what they lie nearer than the end (fall for -1), against workers."""
    for z in range(n_done):
        j = search.done[z]
        if not _less(search.distance[j], search.best):
            continue
        for k in range(WORDS):
            change = sign * (search.best[k] - search.distance[j, k])
            net.price[j, k] += change
            w = net.first[j]
            while w >= 0:
                net.profit[w, k] -= change
                w = net.after[w]


@kernel_or_plain
def lay_rows(indptr: Array, shift: Array, points: Array, base: Array, start: Array, to: Pool) -> None:
    """Write the pairs of each worker from ``start`` on: the shift, and points beyond the shift's ``base``."""
    shifts, values = to
    for i in range(len(start)):
        at = start[i]
        for e in range(indptr[i], indptr[i + 1]):
            shifts[at] = shift[e]
            values[at] = base[shift[e]] + points[e]
            at += 1


@kernel_or_plain
def lay_columns(indptr: Array, shift: Array, points: Array, base: Array, start: Array, to: Pool) -> None:
    """Write the same pairs by shift, workers in order."""
    workers, values = to
    place = start.copy()
    for i in range(len(indptr) - 1):
        for e in range(indptr[i], indptr[i + 1]):
            j = shift[e]
            workers[place[j]] = i
            values[place[j]] = base[j] + points[e]
            place[j] += 1


@kernel_or_plain
def seat(net: Net, search: Search, i: Number, j: Number) -> None:
    """Seat worker ``i`` at shift ``j``, or at home for -1; they leave the seat that they have."""
    old = net.at[i]
    search.log[search.logged[0], 0] = i
    search.log[search.logged[0], 1] = old
    search.logged[0] += 1
    if old >= 0:
        net.filled[old] -= 1
        if net.before[i] >= 0:
            net.after[net.before[i]] = net.after[i]
        else:
            net.first[old] = net.after[i]
        if net.after[i] >= 0:
            net.before[net.after[i]] = net.before[i]
    net.at[i] = j
    if j >= 0:
        net.filled[j] += 1
        net.before[i] = -1
        net.after[i] = net.first[j]
        if net.first[j] >= 0:
            net.before[net.first[j]] = i
        net.first[j] = i


@kernel_or_plain
def price_worker(net: Net, i: Number) -> None:
    """Give worker ``i`` the least price that goes with those of the seats."""
    profit = net.profit[i]
    profit[:] = 0
    for e in range(net.row_start[i], net.row_start[i] + net.row_size[i]):
        j = np.int64(net.row_shift[e])
        if net.seats[j] == 0:
            continue
        sign = 0
        for k in range(WORDS):
            gain = _word(net, k, i, j, net.row_value[e]) - net.price[j, k]
            if sign == 0:
                if gain < profit[k]:
                    break
                if gain > profit[k]:
                    sign = 1
            if sign == 1:
                profit[k] = gain


@kernel_or_plain
def price_seat(net: Net, j: Number) -> None:
    """Give a seat of shift ``j``, where nobody sits, the least price that goes with those of the workers."""
    price = net.price[j]
    price[:] = 0
    for e in range(net.column_start[j], net.column_start[j] + net.column_size[j]):
        i = np.int64(net.column_worker[e])
        if not net.open[i]:
            continue
        sign = 0
        for k in range(WORDS):
            gain = _word(net, k, i, j, net.column_value[e]) - net.profit[i, k]
            if sign == 0:
                if gain < price[k]:
                    break
                if gain > price[k]:
                    sign = 1
            if sign == 1:
                price[k] = gain


@kernel_or_plain
def tight(net: Net, i: Number, j: Number) -> Any:
    """Whether worker ``i`` has shift ``j`` among their pairs, at reduced cost 0."""
    for e in range(net.row_start[i], net.row_start[i] + net.row_size[i]):
        if net.row_shift[e] == j:
            for k in range(WORDS):
                word = _word(net, k, i, j, net.row_value[e])
                if net.profit[i, k] + net.price[j, k] != word:
                    return False
            return True
    return False


@kernel_part
def _look_along(net: Net, search: Search, size: Number, i: Number, source: Number) -> Any:
    """Note the ways to all shifts of worker ``i`` but ``source``, where they sit; returns the heap's size."""
    best, base = search.best, search.base
    room = best[0] - base[0]
    for e in range(net.row_start[i], net.row_start[i] + net.row_size[i]):
        j = np.int64(net.row_shift[e])
        value = net.row_value[e]
        if net.price[j, 0] - value > room or j == source or net.seats[j] == 0:
            continue
        if _shorter(net, base, net.price[j], i, j, value, best):
            size = _reach(net, search, size, j, net.price[j], i, j, value, source)
    return size


@kernel_or_plain
def place(net: Net, search: Search, i: Number) -> Any:
    """Place worker ``i``, who is at home, or find that nobody gains by it; returns the pairs looked at.

    The way ends at an empty seat, or with a worker, perhaps ``i``, who goes home.
    """
    search.logged[0] = 0
    if net.at[i] >= 0 or not net.open[i] or not _positive(net.profit[i]):
        return 0
    search.number[0] += 1
    best, base = search.best, search.base
    best[:] = net.profit[i]
    base[:] = net.profit[i]
    leaver, last, size, n_done = i, _NONE, _NOTHING, _NOTHING
    work, size = net.row_size[i], _look_along(net, search, size, i, _NONE)
    while size > 0:
        j = _pop(search, size)
        size -= 1
        if not _less(search.distance[j], best):
            break
        if net.filled[j] < net.seats[j]:
            best[:] = search.distance[j]
            last = j
            break
        search.done[n_done] = j
        n_done += 1
        w = net.first[j]
        while w >= 0:
            _add(base, search.distance[j], net.profit[w])
            if _less(base, best):
                best[:] = base
                leaver = w
            w = net.after[w]
        w = net.first[j]
        while w >= 0:
            _add(base, search.distance[j], net.profit[w])
            work += net.row_size[w]
            size = _look_along(net, search, size, w, j)
            w = net.after[w]
    _move_prices(net, search, n_done, 1)
    for k in range(WORDS):
        net.profit[i, k] -= best[k]
    if last < 0:
        if leaver == i:
            return work
        last = net.at[leaver]
        seat(net, search, leaver, _NONE)
    while last >= 0:
        w, source = search.worker[last], search.source[last]
        seat(net, search, w, last)
        last = source
    return work


@kernel_or_plain
def fill(net: Net, search: Search, j0: Number) -> Any:
    """Fill an empty seat of shift ``j0``, or lower prices until an empty one costs 0; returns the pairs
    looked at.

    The gap moves from shift to shift until somebody from home takes it, or where a seat is worth least.
    """
    search.logged[0] = 0
    if net.filled[j0] >= net.seats[j0] or not _positive(net.price[j0]):
        return 0
    search.number[0] += 1
    best, base = search.best, search.base
    best[:] = net.price[j0]
    end, entrant, n_done, work = j0, _NONE, _NOTHING, _NOTHING
    search.mark[j0] = search.number[0]
    search.heap[0] = j0
    search.position[j0] = 0
    search.distance[j0, :] = 0
    search.worker[j0] = -1
    search.source[j0] = -1
    size = np.int64(1)
    while size > 0:
        j = _pop(search, size)
        size -= 1
        if not _less(search.distance[j], best):
            break
        search.done[n_done] = j
        n_done += 1
        _add(base, search.distance[j], net.price[j])
        if _less(base, best):
            best[:] = base
            end, entrant = j, _NONE
        work += net.column_size[j]
        room = best[0] - base[0]
        for e in range(net.column_start[j], net.column_start[j] + net.column_size[j]):
            w = np.int64(net.column_worker[e])
            value = net.column_value[e]
            if net.profit[w, 0] - value > room or not net.open[w]:
                continue
            to = net.at[w]
            if to == j or not _shorter(net, base, net.profit[w], w, j, value, best):
                continue
            if to < 0:
                _measure(net, base, net.profit[w], w, j, value, best)
                end, entrant, room = j, w, best[0] - base[0]
            else:
                size = _reach(net, search, size, to, net.profit[w], w, j, value, j)
    _move_prices(net, search, n_done, -1)
    while end != j0:  # from the far end, everybody moves one back
        mover, source = search.worker[end], search.source[end]
        if entrant >= 0:
            seat(net, search, mover, _NONE)
            seat(net, search, entrant, end)
        entrant, end = mover, source
    if entrant >= 0:
        seat(net, search, entrant, j0)
    return work


@kernel_or_plain
def settle(net: Net, search: Search, near: Array) -> Any:
    """Make the answer the best at any prices of seats; ``near`` says where workers sit where that is tight.

    Returns the pairs looked at.
    """
    work = 0
    for i in range(len(near)):
        search.logged[0] = 0
        if not net.open[i]:
            continue
        price_worker(net, i)
        j = near[i]
        if j >= 0 and net.filled[j] < net.seats[j] and tight(net, i, j):
            seat(net, search, i, j)
    for i in range(len(near)):
        work += place(net, search, i)
    for j in range(len(net.seats)):
        while net.filled[j] < net.seats[j] and _positive(net.price[j]):
            work += fill(net, search, j)
    search.logged[0] = 0
    return work
