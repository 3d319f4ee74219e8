"""Good prices of shifts before any linear program: a price rises where more want a shift than it has seats.

Every price has a step of its own, which grows while the sign of what is missing stays and shrinks where it
turns (resilient propagation, Riedmiller and Braun 1993), on the dual of the problem in which teams may be
of any size. It proves nothing; its prices begin the column generation, its plans are the first columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from gigmatch.core.arrays import Int64Array
from gigmatch.solvers.plans.units import Best, Units

__all__ = ["price_rounds"]

_GROW: Final = 1.2
_SHRINK: Final = 0.6
_SCALE: Final = 8  # prices are in eighths


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
    now, step = price.astype(np.float64), np.full(pairs.n_shifts, top / 10)
    last = np.zeros(pairs.n_shifts)
    for _ in range(rounds):
        whole = np.rint(_SCALE * now).astype(np.int64)
        best = units.best(_SCALE * weight - whole[pairs.shift])
        yield int(best.value.sum() + (whole * pairs.capacity).sum()), whole, best
        wanted = np.bincount(pairs.shift[best.plan[best.plan >= 0]], minlength=pairs.n_shifts)
        missing = np.clip((wanted - pairs.capacity) / pairs.capacity, -1, 1)
        sign = np.where((now <= 0) & (missing < 0), 0, np.sign(missing))
        turn = sign * last
        step *= np.where(turn > 0, _GROW, np.where(turn < 0, _SHRINK, 1))
        step = np.clip(step, 1 / _SCALE, top / 3)
        last = np.where(sign != 0, sign, last)
        now = np.maximum(0, now + step * missing)
