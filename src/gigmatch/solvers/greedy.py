"""First come, first served: what a hall without an optimiser does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigmatch.problem import Problem
from gigmatch.solvers.base import Control, PlainAnswer, StopSolving

__all__ = ["Greedy"]

# Below every weight a Problem accepts, and far enough from the end of int64 to add one to it.
_CLOSED = -(2**62)
_WORKERS_PER_CHECK = 1024


@dataclass(frozen=True)
class Greedy:
    """Workers in row order each take the open seat with the greatest weight.

    Weights below 0 are never taken, ties go to the lower shift row, tiers and lots are ignored. Never claims
    to be optimal. Stopped early, it returns what it has. O(n_pairs).

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> Greedy()(problem, Control()).shift.tolist()
    [0, -1]
    """

    name: str = "greedy"
    exact: bool = False

    def supports(self, problem: Problem) -> str | None:
        """Everything."""
        return None

    def __call__(self, problem: Problem, control: Control) -> PlainAnswer:
        """Serve the workers of ``problem`` in row order."""
        answer = np.full(problem.n_workers, -1, np.int32)
        seats = problem.capacity.tolist()
        closed = np.where(problem.capacity > 0, 0, _CLOSED)
        rows = problem.indptr.tolist()
        for worker in range(problem.n_workers):
            if worker % _WORKERS_PER_CHECK == 0 and _is_stopped(control):
                break
            start, end = rows[worker], rows[worker + 1]
            if start == end:
                continue
            shifts = problem.shift[start:end]
            offer = problem.weight[start:end] + closed.take(shifts)
            best = offer.argmax()
            if offer[best] >= 0:
                taken = shifts[best]
                answer[worker] = taken
                seats[taken] -= 1
                if not seats[taken]:
                    closed[taken] = _CLOSED
        return PlainAnswer(shift=answer, optimal=False)


def _is_stopped(control: Control) -> bool:
    try:
        control.check()
    except StopSolving:
        return True
    return False
