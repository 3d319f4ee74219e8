"""A good answer from prices alone: round by round, everybody asks for their best plan of seats left."""

from __future__ import annotations

from typing import Final

import numpy as np

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, consecutive, row_counts, run_pointers
from gigmatch.solvers.base import Control
from gigmatch.solvers.plans.decisions import GONE
from gigmatch.solvers.plans.teams import Teams
from gigmatch.solvers.plans.units import Units

__all__ = ["at_prices"]

_SHARES: Final = (4, 2, 0)  # quarters of the prices; seats that are left in the end are given away


def at_prices(
    units: Units,
    teams: Teams,
    weight: Int64Array,
    price: Int64Array,
    control: Control,
    whole: Int64Array | None = None,
) -> Int64Array:
    """Return pairs of an answer without any team but those that are given.

    In each round those who gain most go first; who does not get all of a plan asks again in the next.

    Parameters
    ----------
    units, teams
        Both sides of the problem.
    weight : array of int64, shape (n_pairs,)
        What is maximised.
    price : array of int64, shape (n_shifts,)
        In the same units.
    control : Control
        Asked each round whether to stop.
    whole : array of int64, optional
        Pairs of teams that are whole, which stay.
    """
    pairs = units.problem.pairs
    left = np.where(teams.plain, pairs.capacity, 0)
    free = np.ones(units.n_units, bool)
    found = [np.empty(0, np.int64) if whole is None else whole]
    free[units.of_pair[found[0]]] = False
    for share in _SHARES:
        worth = weight - (share * price // 4)[pairs.shift]
        while True:
            control.check()
            best = units.best(np.where((left[pairs.shift] > 0) & free[units.of_pair], worth, GONE))
            asks = np.flatnonzero(best.value > 0)
            asks = asks[np.argsort(-best.value[asks], kind="stable")]
            plans = best.plan[asks]
            plans = plans[_served(pairs.shift, plans, left)]
            if not len(plans):
                break
            taken = plans[plans >= 0]
            left -= np.bincount(pairs.shift[taken], minlength=pairs.n_shifts)
            free[units.of_pair[taken]] = False
            found.append(taken)
    return np.sort(np.concatenate(found))


def _served(shift: Int32Array, plans: Int64Array, left: Int64Array) -> BoolArray:
    """Which of some plans get all their seats, the first come first."""
    row, place = np.nonzero(plans >= 0)
    wanted = shift[plans[row, place]]
    order = np.argsort(wanted, kind="stable")
    runs = run_pointers(wanted[order])
    before = np.empty(len(row), np.int64)
    before[order] = consecutive(np.zeros(len(runs) - 1, np.int64), row_counts(runs))
    missed = np.zeros(len(plans), bool)
    missed[row[before >= left[wanted]]] = True
    return ~missed
