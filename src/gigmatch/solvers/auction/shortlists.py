"""Short lists: the pairs of every worker that are best at today's prices, and what they leave out.

Every kernel here reads whole rows; a row depends on nothing but the prices, so that rows can be shared out
among threads in any way and give the same lists.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel, kernel_part
from gigmatch.solvers.auction.workspace import WIDTH, Lists, PairRows, Workspace

__all__ = [
    "best_on_list",
    "best_surplus",
    "mark_shifts",
    "merge",
    "relist",
    "shortlist",
    "take_free_seats",
    "workspace_for",
]

_LANES = 32
# The best 16 are certain to be kept; ties and chance bring more, at most WIDTH - 1 and the pair held.
_KEPT = 16
_HEAP = WIDTH - 8
_NOTHING_LEFT_OUT = -(2**62)


@kernel_part
def _surpluses(
    rows: PairRows, low: Number, degree: Number, price: Array, floor: Number, values: Array, top: Array
) -> None:
    """Surplus ``w - p`` of a row, and the greatest in each of 32 interleaved lanes."""
    for k in range(degree):
        values[k] = rows.weight[low + k] - price[rows.shift[low + k]]
    padded = (degree + _LANES - 1) // _LANES * _LANES
    for k in range(degree, padded):
        values[k] = floor
    for lane in range(_LANES):
        top[lane] = floor
    for block in range(0, padded, _LANES):
        for lane in range(_LANES):
            top[lane] = max(top[lane], values[block + lane])


@kernel_part
def _ranked(top: Array, rank: Number) -> Number:
    """The ``rank``-th greatest of the lanes: at least ``rank`` surpluses of the row are as great."""
    least = top[0]
    for lane in range(_LANES):
        least = max(least, top[lane])
    for lane in range(_LANES):
        above = 0
        for other in range(_LANES):
            above += top[other] > top[lane]
        if above < rank and top[lane] < least:
            least = top[lane]
    return least


@kernel_part
def _at_least(values: Array, degree: Number, least: Number, first: Number, found: Array) -> Number:
    """Positions with a value of at least ``least``, from ``first`` on and round; returns how many."""
    count = 0
    for k in range(first, degree):
        found[count] = k
        count += values[k] >= least
    for k in range(first):
        found[count] = k
        count += values[k] >= least
    return count


@kernel_part
def _greatest(
    values: Array, found: Array, count: Number, rejected: Number, key: Array, kept: Array
) -> Number:
    """Keep the ``_HEAP`` greatest of ``found`` in ``kept``; returns the greatest value that was left out."""
    size = 0
    for z in range(count):
        k = found[z]
        x = values[k]
        if size < _HEAP:
            at = size
            size += 1
            while at > 0 and key[(at - 1) >> 1] > x:
                key[at] = key[(at - 1) >> 1]
                kept[at] = kept[(at - 1) >> 1]
                at = (at - 1) >> 1
            key[at] = x
            kept[at] = k
        elif x > key[0]:
            rejected = max(rejected, key[0])
            at = 0
            while 2 * at + 1 < size:
                child = 2 * at + 1
                if child + 1 < size and key[child + 1] < key[child]:
                    child += 1
                if key[child] >= x:
                    break
                key[at] = key[child]
                kept[at] = kept[child]
                at = child
            key[at] = x
            kept[at] = k
        else:
            rejected = max(rejected, x)
    return rejected


@kernel_part
def workspace_for(rows: PairRows, widest: Number) -> Workspace:
    """Room to work on one row at a time."""
    dtype = rows.weight.dtype
    return Workspace(
        np.empty(widest + _LANES, dtype),
        np.empty(_LANES, dtype),
        np.empty(_HEAP, dtype),
        np.empty(widest + 1, np.int32),
        np.empty(_HEAP, np.int32),
    )


@kernel_part
def relist(
    rows: PairRows,
    price: Array,
    unit: Number,
    floor: Number,
    i: Number,
    held: Number,
    lists: Lists,
    workspace: Workspace,
) -> None:
    """Make the list of worker ``i``, who is at shift ``held`` or -1, anew.

    ``price`` is in whole units, rounded down, of the dtype of the weights; ``unit`` turns units into scaled
    numbers. The row is read from a hashed position on: otherwise ties would send everybody to the same
    shifts. The pair held is always kept.
    """
    low = rows.start[i]
    degree = rows.start[i + 1] - low
    base = lists.start[i]
    if degree <= WIDTH:
        for k in range(degree):
            lists.shift[base + k] = rows.shift[low + k]
            lists.weight[base + k] = rows.weight[low + k]
        lists.size[i] = degree
        lists.bound[i] = _NOTHING_LEFT_OUT
        return
    values, found = workspace.values, workspace.found
    _surpluses(rows, low, degree, price, floor, values, workspace.top)
    least = _ranked(workspace.top, _KEPT)
    first = i * np.int64(2654435761) % degree
    count = _at_least(values, degree, least, first, found)
    rejected = np.int64(least) - 1
    if count >= WIDTH:
        rejected = np.int64(_greatest(values, found, count, rejected, workspace.key, workspace.kept))
        count = _HEAP
        for z in range(count):
            found[z] = workspace.kept[z]
    lists.size[i] = _write(rows, low, found, count, held, lists, base)
    lists.bound[i] = rejected * unit


@kernel_part
def _write(
    rows: PairRows, low: Number, found: Array, count: Number, held: Number, lists: Lists, base: Number
) -> Number:
    """Write the pairs found, and the pair held should it not be among them; returns how many."""
    missing = held >= 0
    for z in range(count):
        e = low + found[z]
        lists.shift[base + z] = rows.shift[e]
        lists.weight[base + z] = rows.weight[e]
        if rows.shift[e] == held:
            missing = False
    if missing:
        e = low
        while rows.shift[e] != held:
            e += 1
        lists.shift[base + count] = rows.shift[e]
        lists.weight[base + count] = rows.weight[e]
        count += 1
    return count


@kernel
def shortlist(
    rows: PairRows,
    price: Array,
    unit: Number,
    floor: Number,
    workers: Array,
    held: Array,
    widest: Number,
    lists: Lists,
) -> None:
    """Make the lists of some workers anew, see ``relist``."""
    workspace = workspace_for(rows, widest)
    for q in range(len(workers)):
        i = np.int64(workers[q])
        relist(rows, price, unit, floor, i, np.int64(held[i]), lists, workspace)


@kernel_part
def best_on_list(lists: Lists, unit: Number, price: Array, i: Number) -> Number:
    """``max(0, max over k of w[i, k] * unit - p[k])`` over the list of worker ``i``."""
    best = np.int64(0)
    for e in range(lists.start[i], lists.start[i] + lists.size[i]):
        best = max(best, lists.weight[e] * unit - price[lists.shift[e]])
    return best


@kernel
def best_surplus(rows: PairRows, price: Array, begin: Number, end: Number, best: Array) -> None:
    """``max(0, max over k of w[i, k] - p[k])`` of the workers from ``begin`` up to ``end``."""
    for i in range(begin, end):
        most = price[0] - price[0]
        for e in range(rows.start[i], rows.start[i + 1]):
            most = max(most, rows.weight[e] - price[rows.shift[e]])
        best[i] = most


@kernel
def mark_shifts(rows: PairRows, workers: Array, found: Array) -> None:
    """Mark the shifts in the rows of some workers."""
    for q in range(len(workers)):
        for e in range(rows.start[workers[q]], rows.start[workers[q] + 1]):
            found[rows.shift[e]] = True


@kernel
def take_free_seats(rows: PairRows, begin: Number, end: Number, free: Array, at: Array) -> None:
    """Seat the unplaced from ``begin`` up to ``end`` in free seats, each at its greatest weight above 0."""
    for i in range(begin, end):
        if at[i] >= 0:
            continue
        best = np.int64(-1)
        for e in range(rows.start[i], rows.start[i + 1]):
            if (
                rows.weight[e] > 0
                and free[rows.shift[e]] > 0
                and (best < 0 or rows.weight[e] > rows.weight[best])
            ):
                best = np.int64(e)
        if best >= 0:
            at[i] = rows.shift[best]
            free[at[i]] -= 1


@kernel
def merge(old: Lists, new: Lists, merged: Lists, begin: Number, end: Number, fresh: Array) -> None:
    """Lists with the pairs of ``new`` added to those of ``old``, of the workers from ``begin`` up to ``end``.

    ``merged.start`` leaves room for both; ``fresh`` is room for a mark per shift.
    """
    for i in range(begin, end):
        base = merged.start[i]
        for k in range(old.size[i]):
            e = old.start[i] + k
            merged.shift[base + k] = old.shift[e]
            merged.weight[base + k] = old.weight[e]
            fresh[old.shift[e]] = i + 1
        count = old.size[i]
        for e in range(new.start[i], new.start[i] + new.size[i]):
            if fresh[new.shift[e]] != i + 1:
                merged.shift[base + count] = new.shift[e]
                merged.weight[base + count] = new.weight[e]
                count += 1
        merged.size[i] = count
