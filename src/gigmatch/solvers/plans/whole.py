"""Good whole answers from the plans that the master program has; they prove nothing."""

from __future__ import annotations

from typing import Final

import numpy as np

from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.problem.plans import check_answer
from gigmatch.solvers.plans.decisions import Decisions
from gigmatch.solvers.plans.highs import new_highs, run_highs
from gigmatch.solvers.plans.master import Master, MasterAnswer

__all__ = ["among", "by_diving", "undecided"]

_NODES: Final = 200
_DIVES: Final = 40
_SURE: Final = 0.7
_ALMOST: Final = 1e-6


def undecided(master: Master, answer: MasterAnswer) -> float:
    """Share of the units that are in the middle between several plans."""
    between = (answer.used > 0.01) & (answer.used < 0.99)
    return len(np.unique(master.unit[: len(between)][between])) / max(master.units.n_units, 1)


def among(master: Master, usable: BoolArray) -> Int64Array | None:
    """Pairs of the best answer of some plans of the pool, by an integer program of so many nodes at most.

    Returns
    -------
    array of int64 or None
        None where none was found.
    """
    highs = new_highs()
    highs.passModel(master.highs.getLp())
    n = highs.getNumCol()
    whole = np.zeros(n, np.uint8)
    whole[master.column] = whole[master.team_column] = 1
    highs.changeColsIntegrality(n, np.arange(n, dtype=np.int32), whole)
    off = np.concatenate([master.column[~usable], np.array(master.slacks, np.int32)])
    highs.changeColsBounds(len(off), off, np.zeros(len(off)), np.zeros(len(off)))
    for name, value in (("mip_max_nodes", _NODES), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        highs.setOptionValue(name, value)
    run_highs(highs, master.control)
    if highs.getInfo().primal_solution_status != 2:
        return None
    return _pairs(master, np.asarray(highs.getSolution().col_value)[master.column] > 0.5)


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
            if np.all((used < _ALMOST) | (used > 1 - _ALMOST)):
                return _whole(master, _pairs(master, used > 0.5))
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


def _whole(master: Master, pairs: Int64Array) -> Int64Array | None:
    """The pairs, if they are an answer: plans may be whole where a team comes in part."""
    base = master.problem.pairs
    worker, shift = base.workers_of(pairs), base.shift[pairs]
    order = np.lexsort((master.problem.rank[shift], worker))
    try:
        check_answer(master.problem, worker[order], shift[order])
    except CertificateError:
        return None
    return pairs


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


def _pairs(master: Master, used: BoolArray) -> Int64Array:
    pairs = master.pool[used]
    return np.sort(pairs[pairs >= 0])
