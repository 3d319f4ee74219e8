"""Good prices of shifts before any linear program: a price rises where more want a shift than it has seats.

Every price has a step of its own, which grows while the sign of what is missing stays and shrinks where it
turns (resilient propagation, Riedmiller and Braun 1993), on the dual of the problem in which teams may be
of any size. It proves nothing; its prices begin the column generation, its plans are the first columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from gigmatch.core.arrays import Int64Array, row_pointers
from gigmatch.core.mixing import mixed
from gigmatch.problem.plans import PlanProblem
from gigmatch.solvers.plans.units import Best, Units

__all__ = ["SCALE", "first_prices", "near_plans", "price_rounds"]

_GROW: Final = 1.3
_SHRINK: Final = 0.6
SCALE: Final = 8
"""Prices and bounds are in eighths of a point."""
_SPREAD: Final = 0.02  # of the greatest weight
_FIRST_STEP: Final = 0.02
_WANTED: Final = 2  # people a seat whom the first prices leave


def first_prices(problem: PlanProblem, weight: Int64Array) -> Int64Array:
    """Return prices at which as many would gain by a shift as it has seats twice over, were it alone.

    Nearly all pairs gain nothing under them, so that the first rounds, which find out more, cost little.

    Parameters
    ----------
    problem : PlanProblem
    weight : array of int64, shape (n_pairs,)
        What is maximised.
    """
    pairs, count = problem.pairs, problem.pairs_of_shift
    falling = np.lexsort((-weight, pairs.shift))
    place = row_pointers(count)[:-1] + _WANTED * pairs.capacity
    price, some = np.zeros(pairs.n_shifts, np.int64), _WANTED * pairs.capacity < count
    price[some] = np.maximum(weight[falling[place[some]]], 0)
    return price


def price_rounds(
    units: Units, weight: Int64Array, price: Int64Array, rounds: int
) -> Iterator[tuple[int, Int64Array, Best]]:
    """Yield bound, prices and best plans of one round after the other, all in units of an eighth.

    Parameters
    ----------
    units : Units
    weight : array of int64, shape (n_pairs,)
        What is maximised.
    price : array of int64, shape (n_shifts,)
        To begin with.
    rounds : int
        How many.
    """
    pairs = units.problem.pairs
    top = float(weight.max(initial=1))
    now, step = price.astype(np.float64), np.full(pairs.n_shifts, top * _FIRST_STEP)
    last = np.zeros(pairs.n_shifts)
    for _ in range(rounds):
        whole = np.rint(SCALE * now).astype(np.int64)
        best = units.best(SCALE * weight - whole[pairs.shift])
        yield int(best.value.sum() + (whole * pairs.capacity).sum()), whole, best
        wanted = np.bincount(pairs.shift[best.plan[best.plan >= 0]], minlength=pairs.n_shifts)
        missing = wanted - pairs.capacity
        share = np.sqrt(np.minimum(np.abs(missing) / pairs.capacity, 1))
        sign = np.where((now <= 0) & (missing < 0), 0, np.sign(missing))
        turn = sign * last
        step *= np.where(turn > 0, _GROW, np.where(turn < 0, _SHRINK, 1))
        step = np.clip(step, 1 / SCALE, top / 3)
        last = np.where(sign != 0, sign, last)
        now = np.maximum(0, now + sign * step * share)


def near_plans(units: Units, weight: Int64Array, price: Int64Array, rounds: int) -> Iterator[Best]:
    """Yield best plans under prices that are scattered around some, ever nearer.

    Parameters
    ----------
    units, weight, price, rounds
        As for `price_rounds`; ``price`` in eighths.
    """
    pairs = units.problem.pairs
    number = np.arange(pairs.n_shifts, dtype=np.uint64)
    for turn in range(rounds):
        spread = int(SCALE * _SPREAD * weight.max(initial=1) * (rounds - turn) / rounds) + 1
        noise = (mixed(number + np.uint64(turn * pairs.n_shifts + 1)) % np.uint64(2 * spread + 1)).astype(
            np.int64
        )
        yield units.best(SCALE * weight - np.maximum(price + noise - spread, 0)[pairs.shift])
