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
from gigmatch.assignment.reduced_costs import Prices, ReducedCosts, prices_of
from gigmatch.core.arrays import Int64Array, row_maximum
from gigmatch.core.limits import Limits
from gigmatch.core.logs import log_stage
from gigmatch.core.statistics import Stages
from gigmatch.errors import TooLargeError
from gigmatch.matching.all_pairs import AllPairs, Near
from gigmatch.matching.pricing import Found
from gigmatch.pairing.eligible import Eligible, Held
from gigmatch.pairing.nearest import UNBOUNDED, nearest_first
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
    pairs: AllPairs,
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
        The morning: its rows, and what is wanted of them.
    pairs : AllPairs
        All its eligible pairs, wherever they are.
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
        Called with ``("pricing", share)`` of the pairs that matter that is held already.

    Returns
    -------
    eligible, problem, solution
        The pairs held in the end, their problem, and its solution; the bound of one that was stopped holds
        for all pairs.
    """
    run = _Run(instance, pairs, most, solvers, limits, stages, progress)
    near, sample, slack = run.sampled(start)
    run.begin(near, sample, slack)
    solution, earlier = near, [near] if near is not None and start is None else []
    all_levels = False
    while True:
        problem, solution = run.solved(pairs.held, solution, all_levels=all_levels)
        if solution.status != "optimal":
            return pairs.held, problem, run.best_bounded(problem, [*earlier, solution])
        earlier = [solution]
        found = run.look(solution)
        if all_levels and not found.violating:
            break
        all_levels = all_levels or found.violating * FEW <= instance.columns.n_workers
    if found.is_cut:
        run.look(solution, whole_face=True)
    stages.at("problem")
    problem = instance.problem(pairs.held)
    return pairs.held, problem, solvers.draw(problem, solution)


class _Run:
    """The steps of a run, and the prices at which pairs were chosen last."""

    def __init__(
        self,
        instance: Instance,
        pairs: AllPairs,
        most: int,
        solvers: Solvers,
        limits: Limits,
        stages: Stages,
        progress: Progress | None,
    ) -> None:
        self.instance, self.pairs, self.solvers, self.limits = instance, pairs, solvers, limits
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
        every = self.pairs.estimate() // max(self.n_workers * self.count, 1)
        if every < 2:
            return start, None, None
        sample = self.pairs.sampled(every)
        if start is not None:
            return start, None, self._slack(sample, start)
        near = self.solved(sample, None)[1]
        if near.status == "optimal" and every > ROUGH:
            sample = self.pairs.sampled(FINER, self._near(near, self._slack(sample, near)))
            near = self.solved(sample, near)[1]
        if near.status != "optimal":
            return None, None, None
        return near, sample, self._slack(sample, near)

    def begin(self, near: Solution | None, sample: Eligible | None, slack: Int64Array | None) -> None:
        """Hold what is chosen among all pairs, and what a sample was solved with."""
        chosen = Held.joined([])
        if near is not None and sample is not None:
            is_chosen = near.shift.take(sample.pairs.worker) == sample.shift
            chosen = Held.some_of(sample.pairs, sample.points, is_chosen)
        wanted = self._near(near, slack)
        self.price = wanted.prices.shift
        self.pairs.begin(wanted, chosen)
        log_stage("eligible", pairs=len(self.pairs.held.shift))

    def look(self, solution: Solution, *, whole_face: bool = False) -> Found:
        """Bring back what matters at the prices of a solution."""
        self.stages.at("pricing")
        self.stages.count("rounds")
        price, before = self._prices(solution).shift, len(self.pairs.held.shift)
        slack = None if whole_face else _spread(price - self.price) // CALM
        self.price = price
        found = self.pairs.look(prices_of(self.instance, solution), slack)
        log_stage("priced", held=before, missing=found.violating)
        held, allowed = len(self.pairs.held.shift), self.limits.allowed_bytes
        if self.progress:
            missing = held - before if found.violating or found.is_cut else 0
            self.progress("pricing", 1 - missing / max(held, 1))
        if self.solvers.taken(held) > allowed:
            raise TooLargeError("too_many_pairs_matter", n=held, most=allowed / 2**30)
        return found

    def best_bounded(self, problem: Problem, found: Sequence[Solution]) -> Solution:
        """Of a run that was stopped, the best assignment of its last rounds and the best bound of them."""
        best = max(found, key=lambda solution: level_values(problem, solution.shift))
        proofs = [solution.points_certificate for solution in found]
        proofs.append(_free(problem))  # no prices at all may bound better than bad ones
        proof = min(self._of_all_pairs(problem, proofs), key=lambda proof: proof.bound(problem))
        last, bound = found[-1], proof.bound(problem)
        value = level_values(problem, best.shift)[problem.place(POINTS.name)]
        return replace(last, shift=best.shift, value=value, bound=bound, certificates=(proof,))

    def _of_all_pairs(self, problem: Problem, proofs: Sequence[Certificate]) -> list[Certificate]:
        """Certificates of the points with the least prices of workers that hold for all pairs."""
        level = problem.bound_level
        prices = []
        for points in proofs:
            above = weights_of(problem, level, points.multipliers).shift
            prices.append(np.maximum(points.shift_price if above is None else points.shift_price - above, 0))
        worker_prices = self.pairs.most(prices)
        worker_prices[:, self.instance.kept >= 0] = 0
        return [
            Certificate(level=level.name, worker_price=worker_price, shift_price=price)
            for worker_price, price in zip(worker_prices, prices, strict=True)
        ]

    def _near(self, near: Solution | None, slack: Int64Array | None) -> Near:
        slack = np.full(self.n_workers, UNBOUNDED) if slack is None else slack
        return Near(self._prices(near), slack, self.each, self.of_shift, max(self.count // 2, 1))

    def _prices(self, near: Solution | None) -> Prices:
        """Prices at the level of the points; none at all where there is no solution."""
        frame = self.instance.frame(lots=False)
        proof = _free(frame) if near is None else near.points_certificate
        return Prices.of(self.instance, frame, proof)

    def _slack(self, sample: Eligible, near: Solution) -> Int64Array:
        """Within what of its best every worker surely has the pairs that are to be held, by some of them."""
        cost, pairs = ReducedCosts(self._prices(near), self.instance), sample.pairs
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
