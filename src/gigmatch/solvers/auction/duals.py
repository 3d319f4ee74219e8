"""From the auction's prices to integer duals that almost fit its assignment, and complementary slackness."""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel
from gigmatch.solvers.auction.seats import assign, release
from gigmatch.solvers.auction.shortlists import best_on_list
from gigmatch.solvers.auction.workspace import WIDTH, Lists, State

__all__ = [
    "correct_upward",
    "note_profits",
    "queue_everybody",
    "repair_slackness",
    "repair_slackness_of",
    "use_free_seats",
]

_ONE = np.int64(1)  # typed, as other units are


@kernel
def queue_everybody(state: State, queue: Array, queued: Array) -> None:
    """Begin a correction: what everybody has at these prices, and everybody is to be looked at."""
    price, profit, seating = state.price, state.profit, state.seating
    for i in range(len(seating.shift)):
        profit[i] = seating.weight[i] - price[seating.shift[i]] if seating.shift[i] >= 0 else 0
        queue[i] = i
        queued[i] = True


@kernel
def correct_upward(
    lists: Lists, state: State, queue: Array, queued: Array, head: Number, size: Number, budget: Number
) -> tuple[Number, Number, Number]:
    """Raise integer prices until nobody would rather be at another full shift; the assignment stays.

    Label correction in a ring queue, for about ``budget`` entries; returns the queue's head and size, and the
    work. Where the assignment is not optimal a cycle of raises has no end: the caller stops it, and what is
    left is repaired.
    """
    price, profit, seats, seating = state
    n_workers = len(seating.shift)
    work = 0
    while size > 0 and work < budget:
        i = queue[head]
        head = head + 1 if head + 1 < n_workers else 0
        size -= 1
        queued[i] = False
        work += WIDTH
        if profit[i] < 0:
            continue
        for e in range(lists.start[i], lists.start[i] + lists.size[i]):
            j = lists.shift[e]
            rise = lists.weight[e] - price[j] - profit[i]
            if rise <= 0 or j == seating.shift[i] or seats.filled[j] < seats.first[j + 1] - seats.first[j]:
                continue
            price[j] += rise
            work += seats.filled[j]
            for slot in range(seats.first[j], seats.first[j] + seats.filled[j]):
                holder = seats.holder[slot]
                profit[holder] -= rise
                if not queued[holder]:
                    queued[holder] = True
                    tail = head + size
                    queue[tail if tail < n_workers else tail - n_workers] = holder
                    size += 1
    return head, size, work


@kernel
def repair_slackness(lists: Lists, state: State, begin: Number, end: Number) -> None:
    """Make ``profit`` feasible on the lists and unseat whoever is not at its best.

    Looks at the workers from ``begin`` up to ``end``; no seat must be filled before the first call.
    Afterwards ``u[i] + p[j] >= w[i, j]`` on the lists, with equality where somebody sits.
    """
    price, profit, seats, seating = state
    for i in range(begin, end):
        profit[i] = best_on_list(lists, _ONE, price, i)
        j = np.int64(seating.shift[i])
        if j >= 0:
            if seating.weight[i] - price[j] == profit[i]:
                assign(seats, seating, i, j, seating.weight[i])
            else:
                seating.shift[i] = -1


@kernel
def note_profits(lists: Lists, price: Array, profit: Array, begin: Number, end: Number) -> None:
    """Make ``profit`` feasible on the lists, of the workers from ``begin`` up to ``end``."""
    for i in range(begin, end):
        profit[i] = best_on_list(lists, _ONE, price, i)


@kernel
def use_free_seats(
    lists: Lists, state: State, stack: Array, waiting: Number, begin: Number, end: Number
) -> Number:
    """Seat those of the workers from ``begin`` up to ``end`` whose best shift has a seat left.

    Stacks those that have a profit and no seat onto ``waiting`` others; returns how many wait.
    """
    price, profit, seats, seating = state
    for i in range(begin, end):
        if seating.shift[i] >= 0 or profit[i] == 0:
            continue
        for e in range(lists.start[i], lists.start[i] + lists.size[i]):
            j = np.int64(lists.shift[e])
            free = seats.filled[j] < seats.first[j + 1] - seats.first[j]
            if free and lists.weight[e] - price[j] == profit[i]:
                assign(seats, seating, i, j, lists.weight[e])
                break
        if seating.shift[i] < 0:
            stack[waiting] = i
            waiting += 1
    return waiting


@kernel
def repair_slackness_of(lists: Lists, state: State, workers: Array, stack: Array) -> Number:
    """``repair_slackness`` for workers whose lists have grown; stacks those who want a seat and have none."""
    price, profit, seats, seating = state
    waiting = 0
    for q in range(len(workers)):
        i = np.int64(workers[q])
        profit[i] = best_on_list(lists, _ONE, price, i)
        j = seating.shift[i]
        if j >= 0 and seating.weight[i] - price[j] < profit[i]:
            release(seats, seating, i)
        if seating.shift[i] < 0 and profit[i] > 0:
            stack[waiting] = i
            waiting += 1
    return waiting
