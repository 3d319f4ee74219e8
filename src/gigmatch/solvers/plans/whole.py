"""Good whole answers from the plans that the master program has; they prove nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import numpy as np

from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int64Array
from gigmatch.solvers.base import StopSolving
from gigmatch.solvers.plans.decisions import Decisions
from gigmatch.solvers.plans.highs import run_highs
from gigmatch.solvers.plans.master import Master, MasterAnswer

__all__ = ["among", "around", "by_diving", "undecided"]

_NODES: Final = 200
_DIVES: Final = 40
_SURE: Final = 0.7
_ALMOST: Final = 1e-6
_OPEN: Final = 0.25  # of the units


def undecided(master: Master, answer: MasterAnswer) -> float:
    """Share of the units that are in the middle between several plans."""
    between = (answer.used > 0.01) & (answer.used < 0.99)
    return len(np.unique(master.unit[: len(between)][between])) / max(master.units.n_units, 1)


def among(
    master: Master, usable: BoolArray, settled: IndexArray | None = None, *, nodes: int = _NODES
) -> IndexArray | None:
    """The best of some plans of the pool together, by an integer program of so many nodes at most.

    Where the run is stopped in the middle they are the best ones so far; whoever looks next is stopped.

    Parameters
    ----------
    master : Master
    usable : array of bool, shape (n_plans,)
    settled : array of int, optional
        Plans that are taken in any case, ascending.
    nodes : int, optional
        Of the search.

    Returns
    -------
    array of int or None
        Plans, ascending; None where none were found.
    """
    held = np.empty(0, np.intp) if settled is None else settled
    is_open = usable.copy()
    is_open[held] = False
    plans = np.flatnonzero(is_open)
    program = master.part(np.concatenate([master.team_column, master.column[plans]]), master.column[held])
    if program is None or not len(plans):
        return None
    for name, value in (("mip_max_nodes", nodes), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        program.setOptionValue(name, value)
    with suppress(StopSolving):
        run_highs(program, master.control)
    if program.getInfo().primal_solution_status != 2:
        return None
    used = np.asarray(program.getSolution().col_value)[-len(plans) :] > 0.5
    return np.sort(np.concatenate([held, plans[used]]))


def around(master: Master, answer: Int64Array, weight: Int64Array, price: Int64Array) -> Int64Array | None:
    """Pairs of an answer that is better where one loses against prices; all else stays as it is.

    Open are the units that lose, and those that hold seats which these would rather have.

    Parameters
    ----------
    master : Master
        With the plans of the answer in its pool.
    answer : array of int64
        Positions of pairs.
    weight : array of int64, shape (n_pairs,)
    price : array of int64, shape (n_shifts,)
        In the same units.

    Returns
    -------
    array of int64 or None
        None where too much would be open, or none is found.
    """
    units, pairs = master.units, master.problem.pairs
    worth = weight - price[pairs.shift]
    best = units.best(worth)
    gained = np.zeros(units.n_units, np.int64)
    np.add.at(gained, units.of_pair[answer], worth[answer])
    is_open = gained < best.value
    asked = best.plan[is_open]
    contested = np.zeros(pairs.n_shifts, bool)
    contested[pairs.shift[asked[asked >= 0]]] = True
    is_open[units.of_pair[answer[contested[pairs.shift[answer]]]]] = True
    if is_open.mean() > _OPEN:
        return None
    some = np.flatnonzero(is_open)
    master.add_plans(some, best.plan[some])
    held = master.plans_of(answer)[~is_open]
    found = among(master, is_open[master.unit], np.sort(held[held >= 0]))
    return None if found is None else master.pairs_of(found)


def by_diving(master: Master, answer: MasterAnswer, decisions: Decisions) -> Int64Array | None:
    """Pairs of an answer that is found by taking what is nearly taken, and solving again, until all is whole.

    Returns
    -------
    array of int64 or None
        None where it ends in nothing feasible.
    """
    taken = np.zeros(len(master.unit), bool)
    try:
        for _ in range(_DIVES):
            if answer.slack > _ALMOST:
                return None
            used = np.zeros(len(taken))  # plans may have come since
            used[: len(answer.used)] = answer.used
            if _is_whole(used):  # rows that hold pairs to their teams may be missing still
                return master.pairs_of(used > 0.5) if _is_whole(answer.comes) else None
            new = _next(master, used, taken)
            if not len(new):
                return None
            taken[new] = True
            ones = np.ones(len(new))
            master.highs.changeColsBounds(len(new), master.column[new], ones, ones)
            answer = master.solve()
    finally:
        master.decide(decisions)
        master.forget_corner()
    return None


def _is_whole(used: Float64Array) -> bool:
    return bool(np.all((used < _ALMOST) | (used > 1 - _ALMOST)))


def _next(master: Master, used: Float64Array, taken: BoolArray) -> IndexArray:
    """Plans to take next: all that are nearly taken, a twentieth at least, as far as they fit."""
    done = np.zeros(master.units.n_units, bool)
    done[master.unit[taken]] = True
    open_plans = np.flatnonzero((used > 0.01) & ~done[master.unit])
    order = open_plans[np.argsort(-used[open_plans], kind="stable")]
    count = max(int(np.count_nonzero(used[order] >= _SURE)), len(order) // 20, 1)
    pairs = master.problem.pairs
    held = master.pool[taken]
    left = pairs.capacity - np.bincount(pairs.shift[held[held >= 0]], minlength=pairs.n_shifts)
    found = list[int]()
    for plan in order[:count].tolist():
        places = pairs.shift[master.pool[plan][master.pool[plan] >= 0]]
        if not done[master.unit[plan]] and np.all(left[places] >= np.bincount(places)[places]):
            np.subtract.at(left, places, 1)
            done[master.unit[plan]] = True
            found.append(plan)
    return np.array(found, np.intp)
