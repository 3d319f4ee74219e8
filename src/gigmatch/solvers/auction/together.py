"""Many augmenting paths at once: one search from everybody who waits, then paths that share no shift.

Where everything is nearly as good as everything else, a search from one worker goes through a large part of
all pairs, and the next one does so again. Here the price of everybody who waits falls by the same amount, the
length of the shortest way out of them all; then as many as find one take ways that cost nothing (the
primal-dual method of Kuhn 1955, with depth-first search as in Hopcroft and Karp 1973).
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel, kernel_part
from gigmatch.solvers.auction.augment import pop, reach, shift_along
from gigmatch.solvers.auction.workspace import Lists, Search, State

__all__ = ["place_together"]

_FAR = 2**62


@kernel
def place_together(
    lists: Lists, state: State, search: Search, stack: Array, waiting: Number
) -> tuple[Number, Number]:
    """Move prices until somebody on the stack can be placed, and place as many as can be.

    Returns how many still wait, and the entries looked at.
    """
    waiting = _keep_waiting(state, stack, waiting)
    if waiting == 0:
        return waiting, np.int64(0)
    work = _move_prices(lists, state, search, stack, waiting)
    search.number[0] += 1
    for q in range(waiting):
        if state.profit[stack[q]] > 0:
            work += _place_for_nothing(lists, state, search, np.int64(stack[q]))
    return _keep_waiting(state, stack, waiting), work


@kernel_part
def _keep_waiting(state: State, stack: Array, waiting: Number) -> Number:
    """Drop from the stack who has a seat or wants none; returns how many are left."""
    left = 0
    for q in range(waiting):
        i = stack[q]
        if state.seating.shift[i] < 0 and state.profit[i] > 0:
            stack[left] = i
            left += 1
    return left


@kernel_part
def _move_prices(lists: Lists, state: State, search: Search, stack: Array, waiting: Number) -> Number:
    """Let the profits of all who wait fall by the length of the shortest way out; returns the entries."""
    price, profit, seats = state.price, state.profit, state.seats
    search.number[0] += 1
    shortest = np.int64(_FAR)
    size = np.int64(0)
    n_done = 0
    work = 0
    for q in range(waiting):
        shortest = min(shortest, profit[stack[q]])
    for q in range(waiting):
        i = np.int64(stack[q])
        work += lists.size[i] + 1
        for e in range(lists.start[i], lists.start[i] + lists.size[i]):
            j = np.int64(lists.shift[e])
            distance = profit[i] + price[j] - lists.weight[e]
            if distance < shortest:
                size = reach(search, size, j, distance, i, lists.weight[e], np.int64(-1))
    while size > 0:
        j = pop(search, size)
        size -= 1
        here = search.distance[j]
        if here >= shortest:
            break
        if seats.filled[j] < seats.first[j + 1] - seats.first[j]:
            shortest = here
            break
        search.done[n_done] = j
        n_done += 1
        for slot in range(seats.first[j], seats.first[j + 1]):
            w = seats.holder[slot]
            shortest = min(shortest, here + profit[w])
        for slot in range(seats.first[j], seats.first[j + 1]):
            w = np.int64(seats.holder[slot])
            base = here + profit[w]
            work += lists.size[w] + 1
            for e in range(lists.start[w], lists.start[w] + lists.size[w]):
                k = np.int64(lists.shift[e])
                distance = base + price[k] - lists.weight[e]
                if distance < shortest:
                    size = reach(search, size, k, distance, w, lists.weight[e], j)
    for z in range(n_done):
        j = search.done[z]
        rise = shortest - search.distance[j]
        if rise > 0:
            price[j] += rise
            for slot in range(seats.first[j], seats.first[j + 1]):
                profit[seats.holder[slot]] -= rise
    for q in range(waiting):
        profit[stack[q]] -= shortest
    return work


@kernel_part
def _enter(state: State, search: Search, j: Number, worker: Number, weight: Number) -> tuple[bool, Number]:
    """Visit shift ``j``: whether the way ends here, and the slot that becomes free if it does."""
    seats = state.seats
    search.mark[j] = search.number[0]
    search.worker[j] = worker
    search.weight[j] = weight
    search.position[j] = seats.first[j]
    search.distance[j] = 0
    end = seats.first[j] + seats.filled[j]
    if end < seats.first[j + 1]:
        seats.filled[j] += 1
        return True, end
    for slot in range(seats.first[j], end):
        if state.profit[seats.holder[slot]] == 0:
            state.seating.shift[seats.holder[slot]] = -1
            return True, slot
    return False, end


@kernel_part
def _next_tight(lists: Lists, state: State, search: Search, w: Number, begin: Number) -> Number:
    """The first entry of worker ``w`` from the ``begin``-th on that costs nothing and leads on, else -1."""
    for at in range(begin, lists.size[w]):
        e = lists.start[w] + at
        j = lists.shift[e]
        if search.mark[j] != search.number[0] and state.profit[w] + state.price[j] == lists.weight[e]:
            return np.int64(at)
    return np.int64(-1)


@kernel_part
def _place_for_nothing(lists: Lists, state: State, search: Search, i: Number) -> Number:
    """Place worker ``i`` by a way of tight pairs through shifts not visited yet, if there is one.

    Depth first: ``search.heap`` holds the shifts on the way, ``position`` the slot and ``distance`` the entry
    of its holder where each of them goes on. Returns the entries looked at.
    """
    seats = state.seats
    depth = 0
    work = np.int64(0)
    begin = np.int64(0)
    while True:
        w = i
        if depth == 0:
            at = _next_tight(lists, state, search, i, begin)
            work += (at if at >= 0 else np.int64(lists.size[i])) - begin + 1
            begin = np.int64(at + 1)
            if at < 0:
                return work
        else:
            j = search.heap[depth - 1]
            at = np.int64(-1)
            while at < 0 and search.position[j] < seats.first[j + 1]:
                w = np.int64(seats.holder[search.position[j]])
                at = _next_tight(lists, state, search, w, search.distance[j])
                work += (at if at >= 0 else np.int64(lists.size[w])) - search.distance[j] + 1
                search.distance[j] = at + 1
                search.position[j] += at < 0
            if at < 0:
                depth -= 1
                continue
        e = lists.start[w] + at
        k = np.int64(lists.shift[e])
        ends, slot = _enter(state, search, k, w, lists.weight[e])
        if ends:
            shift_along(search, seats, state.seating, i, k, slot)
            return work
        search.heap[depth] = k
        depth += 1
