"""Slow, independent answers to a ``Problem``: by definition, by scipy, by HiGHS; and problems to try them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array

from gigmatch.problem import LOTTERY, Face, Problem, drawn_problem
from gigmatch.solvers import PlainAnswer
from gigmatch.testing import problem_of as make
from gigmatch.testing import problems as problems


def dense(problem):
    """Weights as nested lists, None where there is no pair."""
    table = [[None] * problem.n_shifts for _ in range(problem.n_workers)]
    for worker, shift, weight in zip(problem.worker, problem.shift, problem.weight.tolist(), strict=True):
        table[worker][shift] = weight
    return table


def assignments(problem) -> Iterator[tuple[int, ...]]:
    """Every feasible assignment."""
    rows = [
        [-1, *problem.shift[a:b].tolist()] for a, b in zip(problem.indptr, problem.indptr[1:], strict=False)
    ]
    seats = problem.capacity.tolist()

    def extend(chosen):
        if len(chosen) == len(rows):
            yield tuple(chosen)
            return
        for shift in rows[len(chosen)]:
            if shift < 0 or chosen.count(shift) < seats[shift]:
                yield from extend([*chosen, shift])

    return extend([])


def points(problem, assignment) -> int:
    table = dense(problem)
    return sum(table[i][j] for i, j in enumerate(assignment) if j >= 0)


def seats_by_tier(problem, assignment) -> tuple[int, ...]:
    """Filled seats of the most urgent tier, of the next, ..."""
    if problem.tier is None:
        return ()
    filled = [problem.tier[j] for j in assignment if j >= 0]
    return tuple(filled.count(tier) for tier in sorted(set(problem.tier.tolist())))


def rank(problem, assignment) -> tuple[Any, ...]:
    """What an assignment is worth on each level: seats by tier, then points, unless levels are listed."""
    if problem.levels is None:
        return seats_by_tier(problem, assignment), points(problem, assignment)
    values = {"seats": seats_by_tier, "points": points}
    return tuple(
        values[level.name](problem, assignment) if level.name in values else total(problem, level, assignment)
        for level in problem.levels
        if not level.is_drawn
    )


def total(problem, level, assignment) -> int:
    """Sum of the weights of a further level."""
    found = 0
    for worker, shift in enumerate(assignment):
        if shift >= 0:
            found += 0 if level.worker is None else int(level.worker[worker])
            found += 0 if level.shift is None else int(level.shift[shift])
            found += 0 if level.pair is None else int(level.pair[problem.find(worker, shift)])
    return found


def best(problem) -> list[tuple[int, ...]]:
    """All assignments that are best level by level."""
    table = {a: rank(problem, a) for a in assignments(problem)}
    top = max(table.values())
    return [assignment for assignment, rank in table.items() if rank == top]


def drawn(problem, rounds=8) -> list[tuple[int, ...]]:
    """What the lottery leaves of ``best``: the placed set that is first by lot, then the hashes in turn."""
    left = best(problem)
    order = np.argsort(problem.lot)
    left = _top(left, lambda a: [a[i] >= 0 for i in order])
    everything = Face.whole(problem)
    for draw in range(1, rounds):
        if len(left) == 1:
            break
        hashes = drawn_problem(problem, LOTTERY, everything, draw=draw).weight
        left = _top(left, lambda a, h=hashes: sum(h[problem.find(i, j)] for i, j in enumerate(a) if j >= 0))
    return left


def first_come(problem) -> list[int]:
    """Worker by worker, each the open seat of the greatest weight from 0 up, ties to the lower row."""
    open_seats, answer = problem.capacity.tolist(), []
    for row in dense(problem):
        offers = [(w, -j) for j, w in enumerate(row) if w is not None and w >= 0 and open_seats[j]]
        answer.append(-max(offers)[1] if offers else -1)
        if offers:
            open_seats[answer[-1]] -= 1
    return answer


def _top(items, key):
    top = max(key(item) for item in items)
    return [item for item in items if key(item) == top]


def by_expanded_seats(problem) -> int:
    """Greatest sum of weights, by scipy's dense solver with a column per seat."""
    seats = np.repeat(np.arange(problem.n_shifts), np.minimum(problem.capacity, problem.n_workers))
    table = np.zeros((problem.n_workers, problem.n_shifts))
    table[problem.worker, problem.shift] = np.maximum(problem.weight, 0)
    rows, columns = linear_sum_assignment(table[:, seats], maximize=True)
    return int(table[:, seats][rows, columns].sum())


def by_highs(problem) -> np.ndarray:
    """An optimal plain assignment, by HiGHS: shift row per worker."""
    answer = np.full(problem.n_workers, -1, np.int32)
    if not problem.n_pairs:
        return answer
    pair, ones = np.arange(problem.n_pairs), np.ones(problem.n_pairs)
    rows = csr_array((ones, (problem.worker, pair)), shape=(problem.n_workers, problem.n_pairs))
    columns = csr_array((ones, (problem.shift, pair)), shape=(problem.n_shifts, problem.n_pairs))
    limits = [
        LinearConstraint(rows, ub=np.ones(problem.n_workers)),
        LinearConstraint(columns, ub=problem.capacity.astype(float)),
    ]
    result = milp(-problem.weight.astype(float), constraints=limits, bounds=Bounds(0, 1), integrality=ones)
    chosen = np.flatnonzero(result.x > 0.5)
    answer[problem.worker[chosen]] = problem.shift[chosen]
    return answer


class Highs:
    """A second exact solver behind the protocol, by another method than min-cost flow."""

    name = "highs"
    exact = True

    def supports(self, problem):
        return None

    def __call__(self, problem, control):
        return PlainAnswer(shift=by_highs(problem), optimal=True)


def permuted(problem, workers, shifts) -> Problem:
    """The same problem with rows and columns in another order, tiers and lots along with them."""
    table = dense(problem)
    moved = [[table[i][j] for j in shifts] for i in workers]
    carried = {
        name: None if value is None else value[order]
        for name, value, order in [
            ("tier", problem.tier, shifts),
            ("lot", problem.lot, workers),
            ("shift_lot", problem.shift_lot, shifts),
        ]
    }
    return make(moved, problem.capacity[shifts], **carried)


def random_problem(n, m, degree, seed, *, high=1000, low=0, seats=3) -> Problem:
    """A uniform sparse random problem without levels."""
    rng = np.random.default_rng(seed)
    rows = [np.sort(rng.choice(m, rng.integers(0, min(m, degree) + 1), replace=False)) for _ in range(n)]
    shift = np.concatenate([np.zeros(0, np.int64), *rows]).astype(np.int32)
    return Problem(
        indptr=np.cumsum([0, *map(len, rows)]),
        shift=shift,
        weight=rng.integers(low, high + 1, len(shift)),
        capacity=rng.integers(0, seats + 1, m),
    )


def assignment_points(problem, shift) -> int:
    """Sum of weights of an assignment in a problem too large for nested lists."""
    workers = np.flatnonzero(shift >= 0)
    return int(problem.weight[problem.find(workers, shift[workers])].sum())
