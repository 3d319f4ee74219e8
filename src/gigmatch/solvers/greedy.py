"""First come, first served: what a hall without an optimiser does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from gigmatch.problem import Problem
from gigmatch.problem.first_come import FirstCome
from gigmatch.solvers.base import Control, PlainAnswer, StopSolving

__all__ = ["Greedy"]


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
    bytes_per_pair: float = 0.0

    def supports(self, problem: Problem) -> str | None:
        """Support every problem: return None."""
        return None

    def __call__(self, problem: Problem, control: Control) -> PlainAnswer:
        """Serve the workers of ``problem`` in row order."""
        served = FirstCome(problem.n_workers, problem.capacity)
        served.serve_all(problem.indptr, problem.shift, problem.weight, partial(_is_stopped, control))
        return PlainAnswer(shift=served.shift, optimal=False)


def _is_stopped(control: Control) -> bool:
    try:
        control.check()
    except StopSolving:
        return True
    return False
