"""The fair lottery of a problem: blocks by least cuts, a plan and prices for each by min-cost flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, freeze, row_entries
from gigmatch.errors import SolverError
from gigmatch.problem import Problem, Solution
from gigmatch.problem.fair import (
    BlockPairs,
    BlockPrices,
    FairBlock,
    FairShares,
    block_pairs,
    is_single,
    sure_problem,
)
from gigmatch.problem.integers import exact_sum
from gigmatch.problem.reach import Moves
from gigmatch.solvers.base import Control
from gigmatch.solvers.mincostflow import SHORT_CUT, SHORT_WORK, flow_work, run_flow

__all__ = ["fair_shares"]

_MOST_ROUNDS: Final = 64


def fair_shares(
    problem: Problem, best: Solution, solved: Callable[[Problem], Solution], control: Control
) -> FairShares:
    """Return the fair lottery of a problem.

    Whoever could still be left out by an assignment with the best seats shares seats that are too few; the
    tightest set of them is found by halving at the average chance (Fujishige 1980), a least cut a step.

    Parameters
    ----------
    problem : Problem
        With the levels seats, points and lottery.
    best : Solution
        Optimal for it.
    solved : callable
        Solves the problem of those who are sure of a seat.
    control : Control
        Asked whether to stop, and told of every block that is divided.

    Raises
    ------
    StopSolving
        As ``control`` says; there is no lottery then.
    """
    parts = sorted(_chain(problem, best.shift, control), key=_by_chance(problem))
    blocks = list[FairBlock]()
    for part in parts:
        blocks.append(_divided(problem, part, control))
        control.report("chances", len(blocks) / len(parts))
    control.check()
    sure = solved(sure_problem(problem, blocks)) if blocks else best
    return FairShares(blocks=tuple(blocks), sure=sure)


class _Part(NamedTuple):
    """Some people, and the shifts that only they and people with less to hope for can go to."""

    worker: Int32Array
    shift: Int32Array


def _by_chance(problem: Problem) -> Callable[[_Part], tuple[Fraction, int]]:
    def key(part: _Part) -> tuple[Fraction, int]:
        seats = exact_sum(problem.capacity[part.shift])
        return Fraction(seats, len(part.worker)), int(part.worker[0])

    return key


# -- who shares which seats ---------------------------------------------------------------------------------


def _chain(problem: Problem, at: Int32Array, control: Control) -> Iterator[_Part]:
    """The blocks, in any order."""
    left = _contested(problem, at)
    while left:
        control.check()
        part = left.pop()
        pairs = block_pairs(problem, part.worker, part.shift)
        pieces = _pieces(part, pairs)
        if len(pieces) > 1:
            left += pieces
            continue
        some = _worse_off(problem, part, pairs, control)
        if not some.any():
            yield part
            continue
        reached = np.zeros(len(part.shift), np.bool_)
        reached[pairs.shift[some[pairs.worker]]] = True
        left.append(_Part(part.worker[some], part.shift[reached]))
        left.append(_Part(part.worker[~some], part.shift[~reached]))


def _contested(problem: Problem, at: Int32Array) -> list[_Part]:
    """All whom some assignment with the best seats leaves out, though they have a seat to go to."""
    is_open = problem.capacity > 0
    pairs = np.flatnonzero(is_open[problem.shift])
    hopes = np.bincount(problem.worker[pairs], minlength=problem.n_workers) > 0
    waiting = hopes & (at < 0)
    wanted = np.unique(problem.shift[pairs[waiting[problem.worker[pairs]]]]).astype(np.int64)
    if not len(wanted):
        return []
    shared = Moves.of(problem, at).reach(wanted) & is_open
    people = waiting | ((at >= 0) & shared[at])
    return [_Part(np.flatnonzero(people).astype(np.int32), np.flatnonzero(shared).astype(np.int32))]


def _pieces(part: _Part, pairs: BlockPairs) -> list[_Part]:
    """The parts of a part that share nothing."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    people = len(part.worker)
    size = people + len(part.shift)
    ends = pairs.worker, people + pairs.shift
    graph = coo_array((np.ones(len(pairs.at), np.int8), ends), shape=(size, size)).tocsr()
    n, label = connected_components(graph, directed=False)
    if n == 1:
        return [part]
    workers, shifts = (
        np.split(rows[order], np.searchsorted(of[order], np.arange(1, n)))
        for rows, of in ((part.worker, label[:people]), (part.shift, label[people:]))
        for order in [np.argsort(of, kind="stable")]
    )
    return list(map(_Part, workers, shifts))


def _worse_off(problem: Problem, part: _Part, pairs: BlockPairs, control: Control) -> BoolArray:
    """The fewest people of a part whose chances are furthest below the average; nobody if all are alike."""
    people, capacity = len(part.worker), problem.capacity[part.shift]
    chance = Fraction(exact_sum(capacity), people)
    if len(part.shift) == 1:
        return np.zeros(people, np.bool_)
    supply = np.full(people, chance.numerator)
    arrays = [pairs.indptr(people), pairs.shift.astype(np.int32), supply, capacity * chance.denominator]
    is_long = flow_work(len(pairs.at), people, len(part.shift)) > SHORT_CUT
    return run_flow("cut", arrays, np.bool_, people, control, is_long=is_long)


# -- how a block is divided ---------------------------------------------------------------------------------


def _divided(problem: Problem, part: _Part, control: Control) -> FairBlock:
    """Divide the seats of a block: for the most weight, then by one round of the lots after the other."""
    people, n_shifts = len(part.worker), len(part.shift)
    seats = exact_sum(problem.capacity[part.shift])
    chance = Fraction(seats, people)
    sums = np.full(people, chance.numerator), problem.capacity[part.shift] * chance.denominator
    pairs = block_pairs(problem, part.worker, part.shift)
    weight, rounds = problem.weight[pairs.at], list[BlockPrices]()
    drawn = problem.drawn
    assert drawn is not None
    while True:
        control.check()
        amount = _transport(pairs, weight, *sums, control)
        rounds.append(prices := _prices(pairs, weight, amount, people, n_shifts))
        tight = prices.worker[pairs.worker] + prices.shift[pairs.shift] == weight
        pairs, amount = pairs.take(tight), amount[tight]
        if is_single(pairs, amount, people, n_shifts):
            break
        if len(rounds) > _MOST_ROUNDS:
            raise SolverError("draws_exhausted", level=drawn.name, n=len(rounds))
        worker, shift = part.worker[pairs.worker], part.shift[pairs.shift]
        weight = drawn.drawn(problem, len(rounds), worker, shift)
    used = amount > 0
    at, share = pairs.at[used], amount[used]
    return FairBlock(
        worker=freeze(part.worker),
        shift=freeze(part.shift),
        seats=seats,
        plan_worker=freeze(part.worker[pairs.worker[used]]),
        plan_shift=freeze(part.shift[pairs.shift[used]]),
        share=freeze(share),
        value=sum(a * b for a, b in zip(problem.weight[at].tolist(), share.tolist(), strict=True)),
        rounds=tuple(rounds),
    )


def _transport(
    pairs: BlockPairs, weight: Int64Array, supply: Int64Array, demand: Int64Array, control: Control
) -> Int64Array:
    """The amounts with these sums by worker and by shift that have the most weight."""
    arrays = [pairs.indptr(len(supply)), pairs.shift.astype(np.int32), weight, supply, demand]
    is_long = flow_work(len(pairs.at), len(supply), len(demand)) > SHORT_WORK
    return run_flow("transport", arrays, np.int64, len(pairs.at), control, is_long=is_long)


def _prices(
    pairs: BlockPairs, weight: Int64Array, amount: Int64Array, people: int, n_shifts: int
) -> BlockPrices:
    """Prices that prove amounts to be best: longest paths from all shifts (Bellman 1958), least for shifts.

    A worker's price falls to what pairs that are used leave it, and a shift's rises to what that asks for.
    """
    indptr, used = pairs.indptr(people), np.flatnonzero(amount)
    of_worker = np.full(people, np.iinfo(np.int64).max)
    of_shift = np.zeros(n_shifts, np.int64)
    for _ in range(n_shifts + 1):
        before = of_worker.copy()
        np.minimum.at(of_worker, pairs.worker[used], weight[used] - of_shift[pairs.shift[used]])
        changed = np.flatnonzero(of_worker < before)
        if not len(changed):
            return BlockPrices(freeze(of_worker), freeze(of_shift))
        entries, count = row_entries(indptr, changed)
        asked = weight[entries] - np.repeat(of_worker[changed], count)
        np.maximum.at(of_shift, pairs.shift[entries], asked)
    raise SolverError("flow_not_best")
