"""Answers that are not the best by any level: what they are as solutions, with a bound that is easily had."""

from __future__ import annotations

import numpy as np

from gigmatch.core.arrays import Int32Array, row_maximum
from gigmatch.problem import Certificate, Problem, Solution, assignment_value, verify
from gigmatch.problem.solution import Stopped

__all__ = ["unproved"]


def unproved(problem: Problem, shift: Int32Array, solver: str, stopped: Stopped = "heuristic") -> Solution:
    """Return an answer as a solution to the problem: so many points, and everybody's best as the bound.

    Parameters
    ----------
    problem : Problem
        What it answers.
    shift : int32[n_workers]
        Shift of each worker, -1 for none.
    solver : str
        What found it.
    stopped : str
        Why nobody looked further.

    Raises
    ------
    CertificateError
        It is no answer to the problem.
    """
    most = np.maximum(row_maximum(problem.weight, problem.indptr), 0)
    free = Certificate(
        level=problem.bound_level.name,
        worker_price=most,
        shift_price=np.zeros(problem.n_shifts, np.int64),
    )
    solution = Solution(
        shift=shift,
        value=assignment_value(problem, shift),
        bound=free.bound(problem),
        certificates=(free,),
        status="feasible",
        stopped=stopped,
        solver=solver,
    )
    verify(problem, solution)
    return solution
