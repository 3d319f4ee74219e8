"""Solve on some of the eligible pairs, price all the others, and bring back every one that matters.

Delayed column generation (Ford and Fulkerson 1958; Gilmore and Gomory 1961): dual prices that prove an answer
optimal on some pairs prove it on all if no pair left out has a reduced cost below 0. A pair left out whose
reduced cost is 0 on every level is brought back too, since the lottery is drawn among all best answers. So
the answer is the one that all pairs at once would give.

That it takes few passes rests on the prices at which pairs are chosen:

1. *Samples*. Solving on one pair in many of each worker, spread over the map, gives rough prices; what is
   near them among one pair in four, better ones. A start takes their place.
2. *One pass over all pairs* holds, within a slack of these prices, each worker's best pairs and each shift's
   best workers (`gigmatch.pairing.nearest`).
3. *Looks* (`gigmatch.matching.pricing`) at those workers and shifts for which a pair left out may matter at
   the prices of now. Besides pairs that violate them those within a slack are brought back, a part of how far
   prices moved, so that the next prices are hardly violated. What is on the face comes with the last one.

Until hardly any pair violates them, prices are those of the points alone: with levels above multiplied, an
answer has many more prices, and which of them comes out says little of which will hold.

Slacks follow from counts and prices and never from a clock, so that the same pairs are held everywhere. It
ends, since pairs are only ever added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gigmatch.assignment.instance import Instance, Progress
from gigmatch.assignment.reduced_costs import ReducedCosts
from gigmatch.core.arrays import Int64Array, row_maximum
from gigmatch.core.limits import Limits
from gigmatch.core.logs import log_stage
from gigmatch.core.statistics import Stages
from gigmatch.errors import TooLargeError
from gigmatch.matching.pricing import Found, LeftOut, Pricing
from gigmatch.pairing.eligible import Eligible, Held, Selection, eligible_pairs, scored_blocks
from gigmatch.pairing.nearest import UNBOUNDED, Nearest, nearest_first
from gigmatch.pairing.pairs import Pairs
from gigmatch.problem import POINTS, Certificate, Problem, Solution, level_problem, level_values, weights_of

__all__ = ["Solvers", "solve_on_some"]

FINER: Final = 4
"""The second sample is of one pair in so many."""
ROUGH: Final = 8
"""A first sample of one pair in so many, or in fewer, needs no second."""
SPARE: Final = 2
"""Workers of a shift held at first, besides one for every seat."""
FEW: Final = 500
"""Levels above the points come in once no more than one pair for so many workers violates the prices."""
CALM: Final = 4
"""Prices are taken to move next by one part in so many of how differently they moved."""


@dataclass(frozen=True)
class Solvers:
    """What solves the weighted levels, and what draws lots once they are proved; exact unless stopped."""

    solve: Callable[[Problem, Solution | None], Solution]
    draw: Callable[[Problem, Solution], Solution]
    taken: Callable[[int], float]
    """How many bytes so many pairs take."""


def solve_on_some(
    instance: Instance,
    most: int,
    solvers: Solvers,
    limits: Limits,
    stages: Stages,
    start: Solution | None = None,
    progress: Progress | None = None,
) -> tuple[Eligible, Problem, Solution]:
    """The optimum over all eligible pairs, from some of them.

    Parameters
    ----------
    instance : Instance
        The morning.
    most : int
        Pairs to begin with, two a worker or more.
    solvers : Solvers
        What solves and draws.
    limits : Limits
        How much memory the pairs held may take.
    stages : Stages
        Told what it takes.
    start : Solution, optional
        Of a similar problem.
    progress : callable, optional
        Called with ``("candidates", share done)``, and with ``("pricing", share)`` of the pairs that matter
        that is held already.

    Returns
    -------
    eligible, problem, solution
        The pairs held in the end, their problem, and its solution; the bound of one that was stopped holds
        for all pairs.
    """
    run = _Run(instance, most, solvers, limits, stages, progress)
    near, sample, slack = run.sampled(start)
    pricing = run.begun(near, sample, slack)
    solution, earlier = near, [near] if near is not None and start is None else []
    all_levels = False
    while True:
        problem, solution = run.solved(pricing.eligible, solution, all_levels=all_levels)
        if solution.status != "optimal":
            return pricing.eligible, problem, _best_bounded(instance, problem, [*earlier, solution])
        earlier = [solution]
        found = run.look(pricing, solution)
        if all_levels and not found.violating:
            break
        all_levels = all_levels or found.violating * FEW <= instance.columns.n_workers
    if found.is_cut:
        run.look(pricing, solution, whole_face=True)
    stages.at("problem")
    problem = instance.problem(pricing.eligible)
    return pricing.eligible, problem, solvers.draw(problem, solution)


class _Run:
    """The steps of a run, and the prices at which pairs were chosen last."""

    def __init__(
        self,
        instance: Instance,
        most: int,
        solvers: Solvers,
        limits: Limits,
        stages: Stages,
        progress: Progress | None,
    ) -> None:
        self.instance, self.solvers, self.limits = instance, solvers, limits
        self.stages, self.progress = stages, progress
        self.n_workers, n_shifts = instance.columns.n_workers, instance.columns.n_shifts
        self.count = most // max(self.n_workers, 1)
        self.each = self.count - self.count // 4
        rest = (most - self.each * self.n_workers) // max(n_shifts, 1)
        self.of_shift = np.minimum(instance.seats + SPARE, rest)
        self.price = np.zeros(n_shifts, np.int64)

    def solved(
        self, eligible: Eligible, near: Solution | None, *, all_levels: bool = False
    ) -> tuple[Problem, Solution]:
        """The problem of some pairs without its lottery, and the solution of it or of its points alone."""
        self.stages.at("problem")
        problem = self.instance.problem(eligible, lots=False)
        asked = problem if all_levels else level_problem(problem, problem.bound_level)
        return problem, self.solvers.solve(asked, near)

    def sampled(self, start: Solution | None) -> tuple[Solution | None, Eligible | None, Int64Array | None]:
        """Prices at which to choose among all pairs, the sample they are of, and the slacks of the workers.

        All None where there are so few pairs that no sample is needed, or where a run is stopped.
        """
        pairs = self.instance.candidates.estimate()
        every = pairs // max(self.n_workers * self.count, 1)
        if every < 2:
            return start, None, None
        sample = self._eligible(every, stage="sampling")
        if start is not None:
            return start, None, self._slack(sample, start)
        near = self.solved(sample, None)[1]
        if near.status == "optimal" and every > ROUGH:
            nearest = self._nearest(near, self._slack(sample, near))
            sample = nearest.held(self._eligible(FINER, nearest, stage="sampling"))
            near = self.solved(sample, near)[1]
        if near.status != "optimal":
            return None, None, None
        return near, sample, self._slack(sample, near)

    def begun(self, near: Solution | None, sample: Eligible | None, slack: Int64Array | None) -> Pricing:
        """What is chosen among all pairs, and what a sample was solved with."""
        nearest = self._nearest(near, slack)
        eligible = nearest.held(self._eligible(1, nearest, stage="candidates"))
        if near is not None and sample is not None:
            chosen = near.shift.take(sample.pairs.worker) == sample.shift
            missing = chosen & ~eligible.holds(sample.pairs)
            eligible = eligible.union(Held.some_of(sample.pairs, sample.points, missing))
        cost = self._cost(near)
        self.price = cost.shift
        log_stage("eligible", pairs=len(eligible.shift))
        left = LeftOut(cost.scales, cost.shift, nearest.left)
        return Pricing(self.instance, eligible, left, max(self.count // 2, 1), self.stages)

    def look(self, pricing: Pricing, solution: Solution, *, whole_face: bool = False) -> Found:
        """Bring back what matters at the prices of a solution."""
        self.stages.at("pricing")
        self.stages.count("rounds")
        price = self._cost(solution).shift
        slack = None if whole_face else _spread(price - self.price) // CALM
        self.price = price
        found = pricing.look(solution, slack)
        more = len(found.pairs.shift)
        log_stage("priced", held=len(pricing.eligible.shift), missing=found.violating)
        if self.progress:
            missing = more if found.violating or found.is_cut else 0
            self.progress("pricing", 1 - missing / max(more + len(pricing.eligible.shift), 1))
        pricing.eligible = pricing.eligible.union(found.pairs)
        held, allowed = len(pricing.eligible.shift), self.limits.allowed_bytes
        if self.solvers.taken(held) > allowed:
            raise TooLargeError("too_many_pairs_matter", n=held, most=allowed / 2**30)
        return found

    def _eligible(self, every: int, select: Selection | None = None, *, stage: str) -> Eligible:
        """The pairs of all workers, or about one in ``every`` so many."""
        self.stages.at(stage)
        instance, spent = self.instance, self.stages if every == 1 else Stages()
        found = eligible_pairs(
            instance.candidates.sampled(every),
            instance.policy,
            instance.barred,
            select,
            self.progress,
            spent,
        )
        if every > 1:
            self.stages.count("pairs in samples", spent.counts.get("pairs looked at", 0))
        return found

    def _nearest(self, near: Solution | None, slack: Int64Array | None) -> Nearest:
        cost = self._cost(near)
        slack = np.full(self.n_workers, UNBOUNDED) if slack is None else slack
        return Nearest(cost.without_worker, cost.nothing, slack, self.each, self.of_shift)

    def _cost(self, near: Solution | None) -> ReducedCosts:
        """Reduced costs at the level of the points, without prices where there is no solution."""
        frame = self.instance.frame(lots=False)
        proof = _free(frame) if near is None else near.points_certificate
        return ReducedCosts(self.instance, frame, proof)

    def _slack(self, sample: Eligible, near: Solution) -> Int64Array:
        """Within what of its best every worker surely has the pairs that are to be held, by some of them."""
        cost, pairs = self._cost(near), sample.pairs
        distance = cost.without_worker(pairs, sample.points)
        best = np.maximum(row_maximum(-distance, sample.indptr), cost.nothing)
        distance += best.take(pairs.worker)
        distance = distance[nearest_first(pairs.worker, distance)]
        last = sample.indptr[:-1] + self.each * 2 // 3
        slack = np.full(self.n_workers, UNBOUNDED)
        enough = np.flatnonzero(last < sample.indptr[1:])
        slack[enough] = distance[last[enough]]
        return slack


def _spread(moves: Int64Array) -> int:
    """By how much three in four of some moves differ at most from the one in the middle."""
    if not len(moves):
        return 0
    return int(np.quantile(np.abs(moves - np.median(moves)), 0.75))


def _free(problem: Problem) -> Certificate:
    """No prices at all."""
    return Certificate(
        level=problem.bound_level.name,
        worker_price=np.zeros(problem.n_workers, np.int64),
        shift_price=np.zeros(problem.n_shifts, np.int64),
    )


def _best_bounded(instance: Instance, problem: Problem, found: Sequence[Solution]) -> Solution:
    """Of a run that was stopped, the best assignment of its last rounds and the best bound of them."""
    best = max(found, key=lambda solution: level_values(problem, solution.shift))
    proofs = [solution.points_certificate for solution in found]
    proofs.append(_free(problem))  # no prices at all may bound better than bad ones
    proof = min(_of_all_pairs(instance, problem, proofs), key=lambda proof: proof.bound(problem))
    last, bound = found[-1], proof.bound(problem)
    value = level_values(problem, best.shift)[problem.place(POINTS.name)]
    return replace(last, shift=best.shift, value=value, bound=bound, certificates=(proof,))


def _of_all_pairs(instance: Instance, problem: Problem, proofs: Sequence[Certificate]) -> list[Certificate]:
    """Certificates of the points with the least prices of workers that hold for the pairs left out, too."""
    level = problem.bound_level
    prices = []
    for points in proofs:
        above = weights_of(problem, level, points.multipliers).shift
        prices.append(np.maximum(points.shift_price if above is None else points.shift_price - above, 0))
    worker_prices = np.zeros((len(proofs), problem.n_workers), np.int64)
    scored = scored_blocks(instance.candidates, instance.policy, instance.barred)

    def best(block: Pairs) -> tuple[Int64Array, list[Int64Array]]:
        pairs, weight = scored(block)
        most = [row_maximum(weight - price.take(pairs.shift), pairs.runs) for price in prices]
        return pairs.worker[pairs.starts], most

    for workers, most in instance.candidates.each(best):
        for worker_price, part in zip(worker_prices, most, strict=True):
            worker_price[workers] = np.maximum(part, 0)
    worker_prices[:, instance.kept >= 0] = 0
    return [
        Certificate(level=level.name, worker_price=worker_price, shift_price=price)
        for worker_price, price in zip(worker_prices, prices, strict=True)
    ]
