"""Good whole answers from the plans that the master program has; they prove nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int64Array
from gigmatch.solvers.base import StopSolving
from gigmatch.solvers.plans.decisions import Decisions
from gigmatch.solvers.plans.highs import run_highs
from gigmatch.solvers.plans.master import Master, MasterAnswer

if TYPE_CHECKING:
    from highspy import Highs

__all__ = ["among", "around", "by_diving", "undecided"]

_NODES: Final = 200
_DIVES: Final = 100
_LAST: Final = 200  # plans between
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
    master.control.check()
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


def by_diving(master: Master, answer: MasterAnswer, decisions: Decisions) -> Int64Array:
    """Pairs of an answer that is found by taking what is nearly taken, and solving again.

    First it is decided which teams come. In the end an integer program decides what is left, and all plans
    that lean on a team which is short.
    """
    taken, comes, used = np.zeros(len(master.unit), bool), answer.comes, answer.used
    master.let_miss()
    try:
        for _ in range(_DIVES):
            used = np.append(used, np.zeros(len(taken) - len(used)))  # plans may have come since
            if not _is_whole(comes):
                _settle(master.highs, master.team_column, *_sure_teams(comes))
            else:
                new = _next(master, used, taken)
                taken[new] = True
                if np.count_nonzero(_between(used)) <= _LAST or not len(new):
                    break
                _settle(master.highs, master.column, new, np.ones(len(new)))
            answer = master.solve()
            comes, used = answer.comes, answer.used
    finally:
        master.decide(decisions)
        master.forget_corner()
    settled = _of_whole_teams(master, np.flatnonzero(taken))
    found = among(master, np.ones(len(taken), bool), settled)
    return master.pairs_of(settled if found is None else found)


def _settle(highs: Highs, columns: NDArray[np.int32], which: IndexArray, value: Float64Array) -> None:
    highs.changeColsBounds(len(which), columns[which], value, value)


def _sure_teams(comes: Float64Array) -> tuple[IndexArray, Float64Array]:
    """Teams that nearly come, or nearly do not, else the one that is nearest to; and whether they come."""
    between = _between(comes)
    sure = np.flatnonzero(between & (np.abs(comes - 0.5) >= _SURE - 0.5))
    if not len(sure):
        sure = np.array([np.where(between, comes, -1).argmax()])
        return sure, np.ones(1)
    return sure, np.rint(comes[sure])


def _of_whole_teams(master: Master, plans: IndexArray) -> IndexArray:
    """Plans that are left where those are dropped that need a team which is short without them."""
    problem, shift = master.problem, np.append(master.problem.pairs.shift, -1)
    while True:
        held = shift[master.pool[plans]]
        short = np.bincount(held[held >= 0], minlength=problem.pairs.n_shifts) < problem.minimum
        is_short = np.zeros(problem.n_units + 1, bool)
        is_short[problem.unit[short]] = True
        broken = is_short[np.append(problem.unit, -1)[held]].any(axis=1)
        if not broken.any():
            return plans
        plans = plans[~broken]


def _is_whole(share: Float64Array) -> bool:
    return not _between(share).any()


def _between(share: Float64Array) -> BoolArray:
    found: BoolArray = (share > _ALMOST) & (share < 1 - _ALMOST)
    return found


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
