"""Solve on some of the eligible pairs, price all the others, and bring back every one that matters.

Delayed column generation (Ford and Fulkerson 1958; Gilmore and Gomory 1961): dual prices that prove an answer
optimal on some pairs prove it on all if no pair left out has a reduced cost below 0. A pair left out whose
reduced cost is 0 on every level is brought back too, since the lottery is drawn among all best answers. So
the answer is the one that all pairs at once would give, and only memory is saved: every round goes through
the candidates anew. It ends, since pairs are only ever added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gigmatch.assignment.instance import Instance, Progress
from gigmatch.assignment.reduced_costs import on_face_or_violating, violating
from gigmatch.core.arrays import Int64Array, row_maximum, row_pointers
from gigmatch.core.limits import Limits
from gigmatch.core.logs import log_stage
from gigmatch.core.statistics import Stages
from gigmatch.errors import TooLargeError
from gigmatch.pairing.candidates import BYTES_PER_PAIR
from gigmatch.pairing.eligible import Eligible, scored_blocks
from gigmatch.pairing.pairs import Pairs
from gigmatch.problem import Certificate, Problem, Solution, level_values, weights_of

__all__ = ["solve_on_some"]

Solve = Callable[[Problem, Solution | None], Solution]


def solve_on_some(
    instance: Instance,
    eligible: Eligible,
    solve: Solve,
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
    eligible : Eligible
        The pairs to begin with.
    solve : callable
        ``(problem, start) -> Solution``, exact unless it is stopped.
    limits : Limits
        How much memory the pairs held may take.
    stages : Stages
        Told what it takes.
    start : Solution, optional
        Of a similar problem.
    progress : callable, optional
        Called with ``("pricing", share of the pairs that matter already held)``.

    Returns
    -------
    eligible, problem, solution
        The pairs held in the end, their problem, and its solution; the bound of one that was stopped holds
        for all pairs.
    """
    allowed = limits.allowed_bytes
    solution = start
    settled = False  # the lottery is drawn once nothing else is missing
    earlier: list[Solution] = []
    while True:
        stages.at("problem")
        problem = instance.problem(eligible, lots=settled)
        solution = solve(problem, solution)
        stages.at("pricing")
        stages.count("rounds")
        if solution.status != "optimal":
            return eligible, problem, _best_bounded(instance, problem, [*earlier, solution])
        earlier = [solution]
        wanted = on_face_or_violating(instance, solution) if settled else violating(instance, solution)
        more = _new(instance.eligible(wanted), eligible)
        log_stage("priced", held=len(eligible.shift), missing=len(more.shift))
        if progress:
            progress("pricing", 1 - len(more.shift) / max(len(more.shift) + len(eligible.shift), 1))
        if len(more.shift):
            eligible = eligible.union(more)
            if len(eligible.shift) * BYTES_PER_PAIR > allowed:
                raise TooLargeError("too_many_pairs_matter", n=len(eligible.shift), most=allowed / 2**30)
        elif settled:
            return eligible, problem, solution
        settled = settled or not len(more.shift)


def _new(found: Eligible, held: Eligible) -> Eligible:
    """Those of the pairs found that are not held yet."""
    n_shifts = max(held.columns.n_shifts, 1)
    of_found, of_held = (part.pairs.worker * n_shifts + part.shift for part in (found, held))
    fresh = ~np.isin(of_found, of_held)
    count = np.bincount(found.pairs.worker[fresh], minlength=held.columns.n_workers)
    return replace(
        found,
        indptr=row_pointers(count),
        shift=found.shift[fresh],
        points=found.points[fresh],
    )


def _best_bounded(instance: Instance, problem: Problem, found: list[Solution]) -> Solution:
    """Of a run that was stopped, the best assignment of its last rounds and the best bound of them."""
    best = max(found, key=lambda solution: level_values(problem, solution.shift))
    free = Certificate(
        level=problem.bound_level.name,
        worker_price=np.zeros(problem.n_workers, np.int64),
        shift_price=np.zeros(problem.n_shifts, np.int64),
    )
    priced = [
        *found,
        replace(found[-1], certificates=(free,)),
    ]  # no prices at all may bound better than bad ones
    bounded = min((_bounded(instance, problem, solution) for solution in priced), key=lambda s: s.bound)
    last = found[-1]
    return replace(bounded, shift=best.shift, value=best.value, status=last.status, stopped=last.stopped)


def _bounded(instance: Instance, problem: Problem, solution: Solution) -> Solution:
    """A stopped solution with a bound that holds for the pairs left out, too."""
    points, level = solution.points_certificate, problem.bound_level
    above = weights_of(problem, level, points.multipliers).shift
    price = np.maximum(points.shift_price if above is None else points.shift_price - above, 0)
    worker_price = np.zeros(problem.n_workers, np.int64)
    scored = scored_blocks(instance.candidates, instance.policy, instance.barred)

    def best(block: Pairs) -> tuple[Int64Array, Int64Array]:
        pairs, weight = scored(block)
        return pairs.worker[pairs.starts], row_maximum(weight - price.take(pairs.shift), pairs.runs)

    for workers, most in instance.candidates.each(best):
        worker_price[workers] = np.maximum(most, 0)
    worker_price[instance.kept >= 0] = 0
    proof = Certificate(level=level.name, worker_price=worker_price, shift_price=price)
    return replace(solution, bound=proof.bound(problem), certificates=(proof,))
