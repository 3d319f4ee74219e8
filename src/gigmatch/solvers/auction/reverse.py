"""The reverse auction: shifts with empty seats and a price bid for workers, prices only fall."""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel, kernel_part
from gigmatch.solvers.auction.seats import assign, release
from gigmatch.solvers.auction.shortlists import best_on_list
from gigmatch.solvers.auction.workspace import Lists, PairColumns, Seating, Seats, State

__all__ = ["attract", "column_counts", "count_unhappy", "fill_columns", "note_slots", "queue_empty_seats"]


@kernel
def note_slots(seats: Seats, seating: Seating) -> None:
    """Note every worker's slot."""
    for j in range(len(seats.filled)):
        for slot in range(seats.first[j], seats.first[j] + seats.filled[j]):
            seating.slot[seats.holder[slot]] = slot


@kernel
def queue_empty_seats(price: Array, seats: Seats, queue: Array) -> Number:
    """Queue the shifts with an empty seat and a price; returns how many."""
    size = 0
    for j in range(len(price)):
        if price[j] > 0 and seats.filled[j] < seats.first[j + 1] - seats.first[j]:
            queue[size] = j
            size += 1
    return size


@kernel_part
def _select(value: Array, entry: Array, count: Number, rank: Number) -> None:
    """Partial sort, greatest first, so that ``value[:rank]`` are the greatest and ``value[rank]`` the next.

    Hoare's quickselect (1961).
    """
    low = np.int64(0)
    high = count - 1
    while low < high:
        pivot = value[(low + high) >> 1]
        x = low
        y = high
        while x <= y:
            while value[x] > pivot:
                x += 1
            while value[y] < pivot:
                y -= 1
            if x <= y:
                value[x], value[y] = value[y], value[x]
                entry[x], entry[y] = entry[y], entry[x]
                x += 1
                y -= 1
        if rank <= y:
            high = y
        elif rank >= x:
            low = x
        else:
            return


@kernel_part
def _suitors(
    columns: PairColumns,
    unit: Number,
    seating: Seating,
    profit: Array,
    epsilon: Number,
    j: Number,
    need: Number,
    value: Array,
    entry: Array,
) -> Number:
    """The workers elsewhere to whom shift ``j`` is worth most, ``epsilon`` or more.

    Fills ``value`` and ``entry``, the ``need`` greatest first and the next one after them; returns how many.
    """
    count = np.int64(0)
    least = np.int64(epsilon)
    room = 2 * need + 64
    for e in range(columns.start[j], columns.start[j + 1]):
        worth = columns.weight[e] * unit - profit[columns.worker[e]]
        if worth >= least and seating.shift[columns.worker[e]] != j:
            value[count] = worth
            entry[count] = e
            count += 1
            if count >= room:
                _select(value, entry, count, need)
                count = need + 1
                least = value[need]
    if count > need:
        _select(value, entry, count, need)
    return count


@kernel
def attract(
    columns: PairColumns,
    unit: Number,
    state: State,
    epsilon: Number,
    queue: Array,
    size: Number,
    value: Array,
    entry: Array,
    budget: Number,
) -> tuple[Number, Number]:
    """Let queued shifts fill their seats, for about ``budget`` entries; returns queue size and work.

    A shift lowers its price to what its first worker beyond the seats would pay, less ``epsilon``, and takes
    the workers that would pay more, wherever they are. A worker's ``profit`` rises by ``epsilon`` or more
    whenever it is taken, so this ends.
    """
    price, profit, seats, seating = state
    work = 0
    while size > 0 and work < budget:
        size -= 1
        j = queue[size]
        first = seats.first[j]
        need = seats.first[j + 1] - first - seats.filled[j]
        if need <= 0 or price[j] <= 0:
            continue
        work += columns.start[j + 1] - columns.start[j] + 64
        count = _suitors(columns, unit, seating, profit, epsilon, j, need, value, entry)
        taken = min(count, need)
        lower = np.int64(0)
        if count > need:
            lower = min(max(value[need] - epsilon, np.int64(0)), price[j])
        fall = price[j] - lower
        price[j] = lower
        if fall > 0:
            for slot in range(first, first + seats.filled[j]):
                profit[seats.holder[slot]] += fall
        for z in range(taken):
            i = np.int64(columns.worker[entry[z]])
            k = np.int64(seating.shift[i])
            if k >= 0:
                if price[k] > 0 and seats.filled[k] == seats.first[k + 1] - seats.first[k]:
                    queue[size] = k
                    size += 1
                release(seats, seating, i)
            assign(seats, seating, i, j, columns.weight[entry[z]])
            profit[i] = seating.weight[i] * unit - lower
    return size, work


@kernel
def count_unhappy(
    lists: Lists, unit: Number, price: Array, seating: Seating, epsilon: Number, begin: Number, end: Number
) -> Number:
    """How many workers from ``begin`` up to ``end`` miss their best by over ``epsilon`` and one unit."""
    unhappy = 0
    for i in range(begin, end):
        best = best_on_list(lists, unit, price, i)
        surplus = np.int64(0)
        if seating.shift[i] >= 0:
            surplus = seating.weight[i] * unit - price[seating.shift[i]]
        unhappy += surplus < best - epsilon - unit
    return unhappy


@kernel
def column_counts(lists: Lists, begin: Number, end: Number, counts: Array) -> None:
    """Count the pairs of every shift in the lists from ``begin`` up to ``end``."""
    for i in range(begin, end):
        for e in range(lists.start[i], lists.start[i] + lists.size[i]):
            counts[lists.shift[e]] += 1


@kernel
def fill_columns(lists: Lists, begin: Number, end: Number, place: Array, columns: PairColumns) -> None:
    """Write the lists from ``begin`` up to ``end`` into columns, from ``place`` on."""
    for i in range(begin, end):
        for e in range(lists.start[i], lists.start[i] + lists.size[i]):
            j = lists.shift[e]
            columns.worker[place[j]] = i
            columns.weight[place[j]] = lists.weight[e]
            place[j] += 1
