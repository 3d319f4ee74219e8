"""The forward auction: workers without a shift bid, prices only rise."""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel, kernel_part
from gigmatch.solvers.auction.shortlists import best_on_list, relist, workspace_for
from gigmatch.solvers.auction.workspace import Lists, PairRows, Seating, Seats, State

__all__ = ["bid", "bid_exactly", "keep_happy"]

_LOWEST = -(2**62)
# Fewer stale lists than this are not worth waking the threads.
_FEW = 256


@kernel
def keep_happy(
    lists: Lists,
    unit: Number,
    state: State,
    epsilon: Number,
    stack: Array,
    waiting: Number,
    begin: Number,
    end: Number,
) -> Number:
    """Start a phase: keep every pair within ``epsilon`` of its worker's best, unseat the others.

    Looks at the workers from ``begin`` up to ``end``; no seat must be filled before the first call. Stacks
    those that are not placed and want something onto ``waiting`` others; returns how many wait.
    """
    price, seats, seating = state.price, state.seats, state.seating
    for i in range(begin, end):
        best = best_on_list(lists, unit, price, i)
        j = seating.shift[i]
        if j >= 0:
            surplus = seating.weight[i] * unit - price[j]
            if surplus >= best - epsilon and surplus >= -epsilon:
                slot = seats.first[j] + seats.filled[j]
                seats.filled[j] += 1
                _hold(seats, slot, price[j], i)
                continue
            seating.shift[i] = -1
        if best > 0:
            stack[waiting] = i
            waiting += 1
    return waiting


@kernel_part
def _hold(seats: Seats, slot: Number, bid: Number, worker: Number) -> None:
    """Let a worker hold a slot with a bid."""
    seats.bid[slot] = bid
    seats.holder[slot] = worker


@kernel_part
def _push(seats: Seats, first: Number, at: Number, offer: Number, worker: Number) -> None:
    """Put a bid at the end of a heap and let it rise."""
    while at > 0:
        parent = (at - 1) >> 1
        if seats.bid[first + parent] <= offer:
            break
        _hold(seats, first + at, seats.bid[first + parent], seats.holder[first + parent])
        at = parent
    _hold(seats, first + at, offer, worker)


@kernel_part
def _replace(seats: Seats, first: Number, size: Number, offer: Number, worker: Number) -> None:
    """Put a bid in the place of the lowest of a heap and let it sink."""
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and seats.bid[first + child + 1] < seats.bid[first + child]:
            child += 1
        if seats.bid[first + child] >= offer:
            break
        _hold(seats, first + at, seats.bid[first + child], seats.holder[first + child])
        at = child
    _hold(seats, first + at, offer, worker)


@kernel_part
def _two_best(lists: Lists, unit: Number, price: Array, i: Number) -> tuple[Number, Number, Number]:
    """The greatest and second greatest surplus on the list of worker ``i``, and the entry of the first."""
    best = np.int64(_LOWEST)
    second = np.int64(_LOWEST)
    entry = np.int64(-1)
    start = lists.start[i]
    for e in range(start, start + lists.size[i]):
        surplus = lists.weight[e] * unit - price[lists.shift[e]]
        if surplus > best:
            second = best
            best = surplus
            entry = np.int64(e)
        elif surplus > second:
            second = surplus
    return best, second, entry


@kernel_part
def _accept(price: Array, seats: Seats, seating: Seating, j: Number, offer: Number, worker: Number) -> Number:
    """Let shift ``j`` take an offer; returns who is outbid, -1 for nobody."""
    first = seats.first[j]
    size = seats.first[j + 1] - first
    outbid = np.int64(-1)
    if seats.filled[j] < size:
        _push(seats, first, seats.filled[j], offer, worker)
        seats.filled[j] += 1
    else:
        outbid = np.int64(seats.holder[first])
        seating.shift[outbid] = -1
        _replace(seats, first, size, offer, worker)
    if seats.filled[j] == size and seats.bid[first] > price[j]:
        price[j] = seats.bid[first]
    return outbid


@kernel
def bid(
    rows: PairRows,
    whole: Array,
    floor: Number,
    widest: Number,
    lists: Lists,
    unit: Number,
    state: State,
    epsilon: Number,
    slack: Number,
    stack: Array,
    waiting: Number,
    stale: Array,
    budget: Number,
) -> tuple[Number, Number, Number]:
    """Let the stacked workers bid, at most ``budget`` times.

    A worker offers its best shift so much that it would still be within ``epsilon`` of its second best.
    A list whose best falls ``slack`` below its bound is stale, since a pair left out may be better; 0 trusts
    every list. (At least one unit, since bounds are rounded up: else a new list could be stale at once.)
    While few wait it is made anew here, otherwise it is set aside for the threads. ``whole`` is the price in
    whole units, rounded down, kept along.

    Returns how many still wait, how many are stale, and how many bids were made.

    Invariant: every seated worker is within ``epsilon + slack`` of the best of its row; every seat was taken
    at its shift's price or more, and a shift with an empty seat kept the price it had.
    """
    price, seats, seating = state.price, state.seats, state.seating
    workspace = workspace_for(rows, widest)
    n_stale = 0
    bids = 0
    while waiting > 0 and bids < budget:
        waiting -= 1
        bids += 1
        i = np.int64(stack[waiting])
        best, second, entry = _two_best(lists, unit, price, i)
        if slack > 0:
            bound = lists.bound[i]
            if bound > 0 and best <= bound - slack:
                if waiting + n_stale < _FEW:
                    relist(rows, whole, unit, floor, i, np.int64(-1), lists, workspace)
                    bids += rows.start[i + 1] - rows.start[i] >> 5
                    stack[waiting] = i
                    waiting += 1
                else:
                    stale[n_stale] = i
                    n_stale += 1
                continue
            second = min(best, max(second, bound))
        if best <= 0:
            continue
        j = lists.shift[entry]
        offer = price[j] + best - max(second, np.int64(0)) + epsilon
        before = price[j]
        outbid = _accept(price, seats, seating, j, offer, i)
        if price[j] > before:
            whole[j] = price[j] // unit
        seating.shift[i] = j
        seating.weight[i] = lists.weight[entry]
        if outbid >= 0:
            stack[waiting] = outbid
            waiting += 1
    return waiting, n_stale, bids


@kernel_part
def _with_free_seat(lists: Lists, price: Array, seats: Seats, i: Number, best: Number) -> Number:
    """The first entry of worker ``i`` that leaves it ``best`` and has a seat left, -1 if there is none."""
    for e in range(lists.start[i], lists.start[i] + lists.size[i]):
        j = lists.shift[e]
        free = seats.filled[j] < seats.first[j + 1] - seats.first[j]
        if free and lists.weight[e] - price[j] == best:
            return np.int64(e)
    return np.int64(-1)


@kernel
def bid_exactly(
    lists: Lists, state: State, stack: Array, waiting: Number, begin: Number, end: Number, most: Number
) -> Number:
    """Let the workers on the stack from place ``begin`` up to ``end`` bid in whole units, at an epsilon of 0.

    Prices began at 0, so that whoever is seated has its best, and an empty seat costs nothing. Whoever is
    outbid bids next, but for ``most`` bids on end and as long as prices rise: where two want one seat for the
    same price, they would take it from each other for ever. Puts who is left over onto ``waiting`` others at
    the bottom of the stack, no more than ``begin``; returns how many wait there.
    """
    price, seats, seating = state.price, state.seats, state.seating
    for at in range(begin, end):
        i = np.int64(stack[at])
        for _ in range(most):
            best, second, entry = _two_best(lists, np.int64(1), price, i)
            if best <= 0:
                i = np.int64(-1)
                break
            if best == second:
                free = _with_free_seat(lists, price, seats, i, best)
                entry = free if free >= 0 else entry
            j = lists.shift[entry]
            before = price[j]
            outbid = _accept(price, seats, seating, j, before + best - max(second, np.int64(0)), i)
            seating.shift[i] = j
            seating.weight[i] = lists.weight[entry]
            i = outbid
            if i < 0 or price[j] == before:
                break
        if i >= 0:
            stack[waiting] = i
            waiting += 1
    return waiting
