"""Whole days and whole crews: the steps from a made-ready morning to its answer, one line each."""

from __future__ import annotations

from gigmatch.assignment import Assignment
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.limits import Limits
from gigmatch.core.logs import log_stage
from gigmatch.core.statistics import Stages
from gigmatch.errors import UnsupportedError
from gigmatch.matching.starts import plan_start
from gigmatch.problem.plans import verify_plans
from gigmatch.solvers import CancelToken, Progress, Solver
from gigmatch.solvers.plans import NAME, solve_plans

__all__ = ["match_plans"]


def match_plans(
    instance: Instance,
    solver: str | Solver,
    start: Assignment | None,
    limits: Limits,
    stages: Stages,
    watch: Progress,
    cancel: CancelToken | None,
    progress: Progress | None,
) -> SolvedMorning:
    """Solve a morning in which people have several shifts, or shifts come whole, and verify the answer.

    Parameters
    ----------
    instance : Instance
        Made ready for plans.
    solver : str or Solver
        ``"auto"`` or ``"branchandprice"``, which are the same here.
    start : Assignment, optional
        Of a similar morning.
    limits, cancel, progress
        As for ``match``.
    stages : Stages
        Told what it takes.
    watch : callable
        Told how far the pairs are; it ends them after a stop.

    Raises
    ------
    UnsupportedError
        The solver is another one, ``max_pairs`` is given, or no answer keeps all that is promised.
    """
    if solver not in ("auto", NAME):
        raise UnsupportedError("solver_without_plans", name=NAME, value=solver)
    if limits.max_pairs is not None:
        raise UnsupportedError("plans_hold_all_pairs")
    instance.candidates.refuse_too_large(limits)
    near = None if start is None else plan_start(instance.columns, start)
    stages.at("candidates")
    eligible = instance.eligible(None, watch, stages)
    log_stage("eligible", pairs=len(eligible.shift))
    stages.at("problem")
    problem = instance.plan_problem(eligible, limits.threads)
    left = limits.after(stages.so_far)
    solution = solve_plans(problem, start=near, limits=left, cancel=cancel, progress=progress)
    stages.include(solution.statistics)
    stages.at("verify")
    verify_plans(problem, solution)
    stages.count("pairs held", len(eligible.shift))
    return SolvedMorning.from_plans(instance, eligible, problem, solution)
