"""Small problems, and what the best assignment of one is worth by definition."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gigmatch.core.arrays import row_pointers
from gigmatch.problem import Problem

__all__ = ["best_value", "problem_of", "problems"]


def problem_of(table: Sequence[Sequence[int | None]], capacity: Any, **levels: Any) -> Problem:
    """A problem from nested lists.

    Parameters
    ----------
    table : sequence of sequence of int or None
        Weight of each worker (row) at each shift, None where there is no pair.
    capacity : sequence of int
        Seats of each shift.
    **levels
        ``tier``, ``lot`` and ``shift_lot`` of `Problem`.

    Examples
    --------
    >>> problem_of([[9, 7], [8, None]], [1, 1]).n_pairs
    3
    """
    rows = [[j for j, weight in enumerate(row) if weight is not None] for row in table]
    weight = [row[j] for row, shifts in zip(table, rows, strict=True) for j in shifts]
    return Problem(
        indptr=row_pointers(np.array([len(row) for row in rows], np.int64)),
        shift=np.array([j for row in rows for j in row], np.int32),
        weight=np.array(weight, np.int64),
        capacity=np.array(capacity, np.int64),
        **levels,
    )


@st.composite
def problems(
    draw: st.DrawFn,
    max_workers: int = 5,
    max_shifts: int = 4,
    tiers: bool | None = None,
    lots: bool | None = None,
    weights: st.SearchStrategy[int] | None = None,
) -> Problem:
    """Small problems, most of them heavily tied, some with capacity 0 and empty rows.

    Parameters
    ----------
    max_workers, max_shifts : int
        How many there are at most.
    tiers, lots : bool, optional
        Whether there are any: always, never, or now and then.
    weights : strategy of int, optional
        Few or many distinct ones, some negative, unless given.
    """
    n, m = draw(st.integers(0, max_workers)), draw(st.integers(0, max_shifts))
    if weights is None:
        weights = draw(st.sampled_from([st.integers(-2, 3), st.integers(-50, 100), st.just(0), st.just(4)]))
    table = draw(st.lists(st.lists(st.none() | weights, min_size=m, max_size=m), min_size=n, max_size=n))
    levels = {}
    if tiers if tiers is not None else draw(st.booleans()):
        levels["tier"] = np.array(draw(st.lists(st.integers(-1, 2), min_size=m, max_size=m)), np.int64)
    if lots if lots is not None else draw(st.booleans()):
        for name, size in (("lot", n), ("shift_lot", m)):
            numbers = st.integers(-(2**63), 2**63 - 1)
            drawn_lots = draw(st.lists(numbers, min_size=size, max_size=size, unique=True))
            levels[name] = np.array(drawn_lots, np.int64)
    capacity = draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))
    return problem_of(table, capacity, **levels)


def best_value(problem: Problem) -> int:
    """The greatest sum of weights of any assignment, by trying all; for a handful of workers and shifts.

    Examples
    --------
    >>> best_value(problem_of([[9, 7], [8, None]], [1, 1]))
    15
    """
    pairs = list(zip(problem.shift.tolist(), problem.weight.tolist(), strict=True))
    ends = problem.indptr.tolist()

    @cache
    def best(worker: int, seats: tuple[int, ...]) -> int:
        if worker == problem.n_workers:
            return 0
        found = best(worker + 1, seats)
        for shift, weight in pairs[ends[worker] : ends[worker + 1]]:
            if seats[shift]:
                left = (*seats[:shift], seats[shift] - 1, *seats[shift + 1 :])
                found = max(found, weight + best(worker + 1, left))
        return found

    return best(0, tuple(problem.capacity.tolist()))
