"""Whole days and whole crews: the steps from a made-ready morning to its answer, one line each."""

from __future__ import annotations

from gigmatch.assignment.instance import Instance
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.errors import UnsupportedError
from gigmatch.matching.memory import bytes_taken
from gigmatch.matching.run import Run
from gigmatch.matching.starts import plan_start
from gigmatch.problem.plans import verify_plans
from gigmatch.solvers.plans import NAME, solve_plans

__all__ = ["match_plans"]


def match_plans(instance: Instance, run: Run) -> SolvedMorning:
    """Solve a morning in which people have several shifts, or shifts come whole, and verify the answer.

    Parameters
    ----------
    instance : Instance
        Made ready for plans.
    run : Run
        Its solver is ``"auto"`` or ``"branchandprice"``, which are the same here.

    Raises
    ------
    UnsupportedError
        The solver is another one, ``max_pairs`` is given, or no answer keeps all that is promised.
    """
    if run.solver not in ("auto", NAME):
        raise UnsupportedError("solver_without_plans", name=NAME, value=run.solver)
    if run.limits.max_pairs is not None:
        raise UnsupportedError("plans_hold_all_pairs")
    instance.candidates.refuse_too_large(run.limits, bytes_taken(instance.columns))
    near = None if run.start is None else plan_start(instance.columns, run.start)
    eligible = run.every_pair(instance)
    problem = instance.plan_problem(eligible, run.limits.threads)
    solution = solve_plans(problem, start=near, **run.left())
    run.stages.include(solution.statistics)
    run.stages.at("verify")
    verify_plans(problem, solution)
    run.stages.count("pairs held", len(eligible.shift))
    return SolvedMorning.from_plans(instance, eligible, problem, solution)
