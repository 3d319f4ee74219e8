"""Shortest augmenting paths on the lists: place one more worker, or fill one more seat, at exact prices.

Reduced costs ``u[i] + p[j] - w[i, j]`` are 0 or more and 0 where somebody sits, so Dijkstra's algorithm
finds the cheapest chain of moves, and moving the prices by what is left of its length keeps both properties
(Edmonds and Karp 1972; Jonker and Volgenant 1987).

By hand: scipy's Dijkstra takes a whole graph anew for every path, and counts in floats.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel, kernel_part
from gigmatch.solvers.auction.seats import assign, release
from gigmatch.solvers.auction.workspace import Lists, PairColumns, Search, Seating, Seats, State

__all__ = ["fill_seats", "place_workers", "pop", "reach", "shift_along"]

_FAR = 2**62
_NOWHERE = np.int64(-1)  # typed, as other arguments are: every type more would be compiled once more


@kernel_part
def _rise(search: Search, at: Number) -> None:
    """Let the heap's entry ``at`` rise to its place."""
    j = search.heap[at]
    while at > 0:
        parent = (at - 1) >> 1
        other = search.heap[parent]
        if search.distance[other] <= search.distance[j]:
            break
        search.heap[at] = other
        search.position[other] = at
        at = parent
    search.heap[at] = j
    search.position[j] = at


@kernel_part
def pop(search: Search, size: Number) -> Number:
    """Take the nearest shift from a heap of ``size``."""
    nearest = search.heap[0]
    search.position[nearest] = -1
    size -= 1
    j = search.heap[size]
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and search.distance[search.heap[child + 1]] < search.distance[search.heap[child]]:
            child += 1
        other = search.heap[child]
        if search.distance[other] >= search.distance[j]:
            break
        search.heap[at] = other
        search.position[other] = at
        at = child
    if size > 0:
        search.heap[at] = j
        search.position[j] = at
    return nearest


@kernel_part
def reach(
    search: Search, size: Number, j: Number, distance: Number, worker: Number, weight: Number, source: Number
) -> Number:
    """Note a way to shift ``j`` if it is the shortest yet; returns the size of the heap."""
    number = search.number[0]
    if search.mark[j] != number:
        search.mark[j] = number
        search.heap[size] = j
        search.position[j] = size
        size += 1
    elif search.position[j] < 0 or distance >= search.distance[j]:
        return size
    search.distance[j] = distance
    search.worker[j] = worker
    search.weight[j] = weight
    search.source[j] = source
    _rise(search, search.position[j])
    return size


@kernel_part
def _place(lists: Lists, state: State, search: Search, i: Number, are_long: bool) -> Number:
    """Place worker ``i``, or find that nobody gains by it; returns the entries looked at.

    The way ends at an empty seat, or with a worker (perhaps ``i``) that goes home.
    """
    price, profit, seats, seating = state
    if are_long:
        shortest, seat, leaver, n_done, work = _way_out_of_long_rows(lists, state, search, i)
    else:
        shortest, seat, leaver, n_done, work = _way_out(lists, state, search, i)
    for z in range(n_done):
        j = search.done[z]
        rise = shortest - search.distance[j]
        if rise > 0:
            price[j] += rise
            for slot in range(seats.first[j], seats.first[j + 1]):
                profit[seats.holder[slot]] -= rise
    profit[i] -= shortest
    if seat >= 0:
        slot = seats.first[seat] + seats.filled[seat]
        seats.filled[seat] += 1
        shift_along(search, seats, seating, i, seat, slot)
    elif leaver != i:
        seat = np.int64(seating.shift[leaver])
        seating.shift[leaver] = -1
        shift_along(search, seats, seating, i, seat, seating.slot[leaver])
    return work


@kernel_part
def _way_out(
    lists: Lists, state: State, search: Search, i: Number
) -> tuple[Number, Number, Number, Number, Number]:
    """The shortest way from worker ``i`` to an empty seat or to somebody who goes home.

    Returns its length, the shift with the empty seat or -1, who goes home, how many shifts were passed by
    (``search.done``), and the entries looked at.
    """
    price, profit, seats = state.price, state.profit, state.seats
    search.number[0] += 1
    shortest = profit[i]
    leaver = i
    seat = np.int64(-1)
    size = np.int64(0)
    n_done = 0
    work = lists.size[i] + 1
    for e in range(lists.start[i], lists.start[i] + lists.size[i]):
        j = np.int64(lists.shift[e])
        distance = profit[i] + price[j] - lists.weight[e]
        if distance < shortest:
            size = reach(search, size, j, distance, i, lists.weight[e], _NOWHERE)
    while size > 0:
        j = pop(search, size)
        size -= 1
        here = search.distance[j]
        if here >= shortest:
            break
        if seats.filled[j] < seats.first[j + 1] - seats.first[j]:
            shortest = here
            seat = j
            break
        search.done[n_done] = j
        n_done += 1
        for slot in range(seats.first[j], seats.first[j + 1]):
            if here + profit[seats.holder[slot]] < shortest:
                leaver = seats.holder[slot]
                shortest = here + profit[leaver]
        work += seats.filled[j]
        if shortest <= here:
            break
        for slot in range(seats.first[j], seats.first[j + 1]):
            w = np.int64(seats.holder[slot])
            base = here + profit[w]
            work += lists.size[w]
            for e in range(lists.start[w], lists.start[w] + lists.size[w]):
                k = np.int64(lists.shift[e])
                distance = base + price[k] - lists.weight[e]
                if distance < shortest:
                    size = reach(search, size, k, distance, w, lists.weight[e], j)
    return shortest, seat, leaver, n_done, work


@kernel_part
def _way_out_of_long_rows(
    lists: Lists, state: State, search: Search, i: Number
) -> tuple[Number, Number, Number, Number, Number]:
    """The same without a heap: where rows are dense, looking for the nearest is no more than reading a row.

    ``search.heap`` holds the distance of what has been reached and not passed by.
    """
    price, profit, seats = state.price, state.profit, state.seats
    search.number[0] += 1
    shortest = profit[i]
    leaver = i
    seat = np.int64(-1)
    n_done = 0
    for j in range(len(price)):
        search.distance[j] = shortest
        search.heap[j] = _FAR
    work = _reach_all(lists, price, search, i, profit[i], _NOWHERE)
    while seat < 0:
        here = np.int64(_FAR)
        for j in range(len(price)):
            here = min(here, search.heap[j])
        if here >= shortest:
            break
        for j in range(len(price)):
            if search.heap[j] != here or here >= shortest:
                continue
            if seats.filled[j] < seats.first[j + 1] - seats.first[j]:
                shortest = here
                seat = np.int64(j)
                break
            search.heap[j] = _FAR
            search.done[n_done] = j
            n_done += 1
            for slot in range(seats.first[j], seats.first[j + 1]):
                w = np.int64(seats.holder[slot])
                if here + profit[w] < shortest:
                    leaver = w
                    shortest = here + profit[w]
                work += _reach_all(lists, price, search, w, here + profit[w], np.int64(j))
    return shortest, seat, leaver, n_done, work


@kernel_part
def _reach_all(lists: Lists, price: Array, search: Search, w: Number, base: Number, source: Number) -> Number:
    """Note the ways on from worker ``w`` that are the shortest yet; returns the entries looked at."""
    for e in range(lists.start[w], lists.start[w] + lists.size[w]):
        k = lists.shift[e]
        distance = base + price[k] - lists.weight[e]
        if distance < search.distance[k]:
            search.distance[k] = distance
            search.heap[k] = distance
            search.worker[k] = w
            search.weight[k] = lists.weight[e]
            search.source[k] = source
    return np.int64(lists.size[w]) + 1


@kernel_part
def shift_along(search: Search, seats: Seats, seating: Seating, i: Number, j: Number, slot: Number) -> None:
    """Everybody on the way to slot ``slot`` of shift ``j`` moves up, worker ``i`` last."""
    while True:
        w = search.worker[j]
        left, left_slot = seating.shift[w], seating.slot[w]
        seats.holder[slot] = w
        seating.shift[w] = j
        seating.slot[w] = slot
        seating.weight[w] = search.weight[j]
        if w == i:
            return
        j, slot = np.int64(left), left_slot


@kernel
def place_workers(
    lists: Lists, state: State, search: Search, stack: Array, waiting: Number, budget: Number, are_long: bool
) -> tuple[Number, Number]:
    """Place the stacked workers, for about ``budget`` entries; returns how many still wait, and the work.

    ``are_long``: rows hold so many of all shifts that a search does without a heap.
    """
    work = 0
    while waiting > 0 and work < budget:
        waiting -= 1
        i = np.int64(stack[waiting])
        if state.seating.shift[i] < 0 and state.profit[i] > 0:
            work += _place(lists, state, search, i, are_long)
    return waiting, work


@kernel_part
def _fill(columns: PairColumns, state: State, search: Search, j0: Number) -> Number:
    """Fill an empty seat of shift ``j0``, or lower prices until one of price 0 is empty; returns the work.

    The gap moves from shift to shift until somebody without a seat takes it, or where a seat is worth least.
    """
    price, profit, seats, seating = state
    shortest, end, entrant, weight, n_done, work = _way_in(columns, state, search, j0)
    for z in range(n_done):
        j = search.done[z]
        fall = shortest - search.distance[j]
        if fall > 0:
            price[j] -= fall
            for slot in range(seats.first[j], seats.first[j] + seats.filled[j]):
                profit[seats.holder[slot]] += fall
    _move_gap(search, seats, seating, j0, end, entrant, weight)
    return work


@kernel_part
def _way_in(
    columns: PairColumns, state: State, search: Search, j0: Number
) -> tuple[Number, Number, Number, Number, Number, Number]:
    """The shortest way from an empty seat of shift ``j0`` to whoever takes one, or to a seat worth least.

    Returns its length, the shift where it ends, who comes in (-1 nobody) at which weight, how many shifts
    were passed by (``search.done``), and the entries looked at.
    """
    price, profit, seating = state.price, state.profit, state.seating
    search.number[0] += 1
    shortest = price[j0]
    end = j0
    entrant = _NOWHERE
    entrant_weight = np.int64(0)
    n_done = 0
    work = 1
    size = reach(search, np.int64(0), j0, np.int64(0), _NOWHERE, np.int64(0), _NOWHERE)
    while size > 0:
        j = pop(search, size)
        size -= 1
        here = search.distance[j]
        if here >= shortest:
            break
        search.done[n_done] = j
        n_done += 1
        base = here + price[j]
        if base < shortest:
            shortest = base
            end = j
            entrant = _NOWHERE
        work += columns.start[j + 1] - columns.start[j]
        for e in range(columns.start[j], columns.start[j + 1]):
            w = np.int64(columns.worker[e])
            k = np.int64(seating.shift[w])
            distance = base + profit[w] - columns.weight[e]
            if k == j or distance >= shortest:
                continue
            if k < 0:
                shortest = distance
                end = j
                entrant = w
                entrant_weight = columns.weight[e]
            else:
                size = reach(search, size, k, distance, w, columns.weight[e], j)
    return shortest, end, entrant, entrant_weight, n_done, work


@kernel_part
def _move_gap(
    search: Search, seats: Seats, seating: Seating, j0: Number, j: Number, entrant: Number, weight: Number
) -> None:
    """Everybody on the way from ``j0`` to ``j`` moves one back; ``entrant``, if any, takes the last seat."""
    while j != j0:
        mover = search.worker[j]
        slot = seating.slot[mover]
        if entrant < 0:
            release(seats, seating, mover)
        else:
            seats.holder[slot] = entrant
            seating.shift[entrant] = j
            seating.slot[entrant] = slot
            seating.weight[entrant] = weight
        entrant = mover
        weight = search.weight[j]
        j = search.source[j]
    if entrant >= 0:
        assign(seats, seating, entrant, j0, weight)


@kernel
def fill_seats(
    columns: PairColumns, state: State, search: Search, begin: Number, budget: Number
) -> tuple[Number, Number]:
    """Fill empty seats with a price, from shift ``begin`` on; returns where to go on, and the work."""
    price, seats = state.price, state.seats
    work = 0
    for j in range(begin, len(price)):
        while price[j] > 0 and seats.filled[j] < seats.first[j + 1] - seats.first[j]:
            if work >= budget:
                return j, work
            work += _fill(columns, state, search, j)
    return len(price), work
