"""What is lost at least by answers that are other in one thing: bounds that an answer's own proof gives.

No search is needed: under each leaf of the answer's trees, the units that the one thing is about do worse by
so much, whatever all others do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from gigmatch.core.arrays import Int64Array
from gigmatch.problem.integers import LARGEST_NUMBER
from gigmatch.problem.plans.bounds import BestUnits, Decision, SplitBound
from gigmatch.problem.plans.certificate import PlanCertificate, Split
from gigmatch.problem.plans.longest import GONE, NOTHING, TAKEN
from gigmatch.problem.plans.problem import PlanProblem
from gigmatch.problem.plans.solution import PlanSolution
from gigmatch.problem.plans.verify import leaves

__all__ = ["NEVER", "LeastLosses", "least_losses"]

NEVER: Final = np.int64(LARGEST_NUMBER)
"""The loss of what no answer has."""
_FAR: Final = LARGEST_NUMBER // 4


class LeastLosses(NamedTuple):
    """What any answer that has it loses at a level, if it loses nothing on those above; `NEVER` if none has.

    Against the answer's value there; below 0 where a gap is left in which it could be better.
    """

    pair: Int64Array
    """Answers in which each pair is taken: int64[n_pairs]."""
    shift: Int64Array
    """Answers in which each shift has so many people as were asked for: int64[n_shifts]."""


def least_losses(problem: PlanProblem, solution: PlanSolution, needed: Int64Array) -> list[LeastLosses]:
    """Return what is lost at least, level by level, as the certificates of a verified answer prove it.

    Parameters
    ----------
    problem : PlanProblem
        What was asked.
    solution : PlanSolution
        Verified.
    needed : array of int64, shape (n_shifts,)
        So many people, at least as many as its least headcount and at most its capacity, are asked for at
        each shift, one at a time.

    Examples
    --------
    Worker 1 is left out; with them, 9 and 7 would make way for 8 and 7 at best.

    >>> from gigmatch.problem import Problem
    >>> from gigmatch.problem.plans import Branching, LevelClaim, Split
    >>> pairs = Problem(indptr=[0, 1, 2], shift=[0, 0], weight=[9, 8], capacity=[1])
    >>> problem = PlanProblem.of(pairs)
    >>> split = Split(scale=1, shift_price=[9], pair=[], pair_price=[])
    >>> proof = PlanCertificate(level="points", branching=Branching(kind=[0], what=[0]), splits=(split,))
    >>> solution = PlanSolution(
    ...     worker=[0], shift=[0], claims=(LevelClaim("points", 9, 9),), certificates=(proof,),
    ...     status="optimal", stopped="proved",
    ... )
    >>> least_losses(problem, solution, needed=np.array([1]))[0].pair.tolist()
    [0, 1]
    """
    values = [claim.value for claim in solution.claims]
    return [
        _of_level(problem, place, proof, values, needed) for place, proof in enumerate(solution.certificates)
    ]


def _of_level(
    problem: PlanProblem, place: int, proof: PlanCertificate, values: Sequence[int], needed: Int64Array
) -> LeastLosses:
    pairs = problem.pairs
    least = LeastLosses(np.full(pairs.n_pairs, NEVER), np.full(pairs.n_shifts, NEVER))
    bounds: dict[int, _Changed] = {}
    for at, decisions in leaves(problem, proof):
        if at not in bounds:
            bounds[at] = _Changed(problem, place, proof.splits[at], needed)
        found = bounds[at].losses(decisions, values[:place], values[place])
        if found is not None:
            for mine, its in zip(least, found, strict=True):
                np.minimum(mine, its, out=mine)
    return least


class _Changed(SplitBound):
    """What a split proves of answers with one thing more."""

    def __init__(self, problem: PlanProblem, place: int, split: Split, needed: Int64Array) -> None:
        super().__init__(problem, place, split)
        self._needed = needed
        everything = np.arange(problem.pairs.n_pairs)
        self._gains, self._fits = self._gain(everything), problem.fits_alone(everything)
        self._takes_one = (problem.most_shifts == 1) & (problem.group < 0)

    def losses(self, decisions: Sequence[Decision], above: Sequence[int], value: int) -> LeastLosses | None:
        """What is lost under some decisions; None where they allow nothing."""
        best = self._best(decisions)
        if best is None or not self._split.scale:
            return None
        left = best.total - sum(by * own for by, own in zip(self._split.multipliers, above, strict=False))
        whole, rest = divmod(left, self._split.scale)
        if abs(value - whole) >= _FAR:  # nothing is proved, or that it is never nearly so good
            known = _FAR if value > whole else -LARGEST_NUMBER
            return LeastLosses(*(np.full(n, known) for n in (len(self._gains), len(self._needed))))
        teams, shifts = self._teams_changed(best)
        pairs = _both(self._plans_changed(best), teams)
        return LeastLosses(*(self._lost(value - whole, rest, change) for change in (pairs, shifts)))

    def _plans_changed(self, best: BestUnits) -> Int64Array:
        """How much less a worker or group gains with each pair; `NOTHING` where they cannot have it."""
        pairs, state = self._problem.pairs, best.decided.state
        worker, is_taken = pairs.worker, state == TAKEN
        taken = np.bincount(worker[is_taken], minlength=pairs.n_workers)[worker]
        own, one = best.workers[worker], self._takes_one[worker]
        # Where no plan gains anything no pair does: one pair is a plan, and of a plan no pair gains less.
        counts = (taken == 0) & (one | (own == 0))
        never = (state == GONE) | ~self._fits | (one & (taken > is_taken))
        change = np.where(never, NOTHING, np.where(counts, self._gains - own, 0))
        return self._groups_changed(best, change)

    def _groups_changed(self, best: BestUnits, change: Int64Array) -> Int64Array:
        """Likewise, with what a group loses by each goal at the pairs that its members have there."""
        problem = self._problem
        rows = np.flatnonzero(problem.group[problem.pairs.worker] >= 0)
        if not len(rows):
            return change
        group, shift = problem.group[problem.pairs.worker[rows]], problem.pairs.shift[rows]
        goal = np.where(problem.group_in_crew[group], problem.crew[shift], shift)
        found = self._together(np.arange(problem.n_groups), best.decided)
        keys, asked = (
            a * (problem.pairs.n_shifts + 1) + b for a, b in ((found.group, found.goal), (group, goal))
        )
        at = np.searchsorted(keys, asked)
        there = np.isin(asked, keys) & (best.decided.state[rows] != GONE)
        change[rows] = NOTHING
        change[rows[there]] = found.gain[at[there]] - best.groups[group[there]]
        return change

    def _teams_changed(self, best: BestUnits) -> tuple[Int64Array, Int64Array]:
        """How much less a unit is worth if the shift of each pair takes place, and each with those needed."""
        problem, unit, state = self._problem, self._problem.unit, best.decided.state
        shifts = np.arange(problem.pairs.n_shifts)
        value, possible, _ = self._teams(shifts, state, problem.minimum)
        more, enough, _ = self._teams(shifts, state, self._needed)
        coming, fits = np.zeros(problem.n_units, np.int64), np.ones(problem.n_units, np.bool_)
        np.add.at(coming, unit, value)
        fits[unit[~possible]] = False
        comes = np.where(fits, coming - best.units, NOTHING)[unit]
        raised = np.where(fits[unit] & enough, (coming - best.units)[unit] - value + more, NOTHING)
        return comes[problem.pairs.shift], raised

    def _lost(self, gap: int, rest: int, change: Int64Array) -> Int64Array:
        """By changes of the total, 0 or less: level's units that are lost."""
        floor = (np.where(change == NOTHING, 0, change) + rest) // self._split.scale
        return np.where(change == NOTHING, NEVER, gap - floor)


def _both(first: Int64Array, second: Int64Array) -> Int64Array:
    """The sum of two changes, `NOTHING` where either is."""
    never = (first == NOTHING) | (second == NOTHING)
    return np.where(never, NOTHING, np.where(never, 0, first) + np.where(never, 0, second))
