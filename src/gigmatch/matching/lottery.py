"""The fair lottery: chances as equal as the best seats allow, instead of one best answer for the same few."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gigmatch.assignment import Assignment, FairLottery
from gigmatch.assignment.instance import Progress
from gigmatch.assignment.promises import IdPairs
from gigmatch.columns import Columns
from gigmatch.core.limits import Limits
from gigmatch.core.logs import log_stage
from gigmatch.core.statistics import Stages
from gigmatch.errors import StoppedError, UnsupportedError
from gigmatch.i18n import Told
from gigmatch.matching.optimal import match_one_each
from gigmatch.model import Morning
from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
from gigmatch.pairing.rules import DEFAULT_RULES, Rule
from gigmatch.pairing.travel import Travel
from gigmatch.problem import Problem, Solution
from gigmatch.problem.fair import LEVELS, FairShares
from gigmatch.solvers import CancelToken, Control, Solver, solve
from gigmatch.solvers.base import StopSolving
from gigmatch.solvers.fair_shares import fair_shares

__all__ = ["fair_lottery"]


def fair_lottery(
    morning: Morning | Columns,
    *,
    rules: Sequence[Rule] = DEFAULT_RULES,
    policy: Policy = DEFAULT_POLICY,
    travel: Travel | None = None,
    solver: str | Solver = "auto",
    keep: IdPairs = (),
    forbid: IdPairs = (),
    threads: int | None = None,
    time_limit_s: float | None = None,
    memory_bytes: int | None = None,
    limits: Limits | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> FairLottery:
    """Give everybody the fairest chance of a seat that the best seats allow, and prove it.

    Of all lotteries over assignments with the best seats, tier by tier, the one whose chances are *leximin*:
    the least is as great as can be, then the next, and so on. Nobody's chance can be raised without lowering
    that of somebody who has no greater one. Among the lotteries with these chances it is one with the most
    points on average; of several, the one whose pairs have the greatest sum of the lottery's hashes, weighed
    by their chances, round by round until one is left.

    Parameters
    ----------
    morning : Morning or Columns
        Everything known; columns where it was never made of objects.
    rules, travel, keep, forbid
        As for ``gigmatch.match``.
    policy : Policy
        What is good; its levels are seats, points and the lottery. Its seed decides between equal lotteries,
        and is drawn with unless ``FairLottery.draw`` is given another.
    solver : str or Solver
        As for ``gigmatch.solve``, one that is exact.
    threads, time_limit_s, memory_bytes, limits, cancel, progress
        As for ``gigmatch.match``, but what is stopped has no answer: there are no chances before the end. The
        last stage is ``"chances"``.

    Returns
    -------
    FairLottery
        Chances, proof, and ``draw``; the same for the same input.

    Raises
    ------
    UnsupportedError
        The policy has other levels, which change who can be placed together; people may take several shifts
        or go together, or shifts come whole; or the solver is not exact.
    StoppedError
        Time is up, or ``cancel`` is set, before the chances are proved.
    InvalidInputError
        And whatever else ``gigmatch.match`` raises.

    Notes
    -----
    The chances are the lexicographically optimal base of a polymatroid (Fujishige 1980), taken for random
    assignment by Bogomolnaia and Moulin (2004). A draw is dependent rounding (Gandhi, Khuller, Parthasarathy
    and Srinivasan 2006): who is placed is not independent of who else is, each one's chance is exact.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7)
    >>> lottery = gm.fair_lottery(morning)
    >>> min(lottery.chances, key=lambda each: each.chance).chance
    Fraction(0, 1)
    >>> drawn = lottery.draw(seed=11)
    >>> drawn.summary.placements == lottery.best.summary.placements
    True
    >>> gm.check_lottery(morning, lottery, drawn).seed
    11
    """
    if isinstance(policy, Policy) and policy.levels != LEVELS:
        names = ", ".join(level.name for level in policy.levels)
        raise UnsupportedError("lottery_with_levels", names=names)
    limits = Limits.of(limits, threads=threads, time_limit_s=time_limit_s, memory_bytes=memory_bytes)
    clock, control = Stages(), Control(limits.time_limit_s, cancel, progress)
    best = match_one_each(
        morning,
        rules=rules,
        policy=policy,
        travel=travel,
        solver=solver,
        keep=keep,
        forbid=forbid,
        limits=limits,
        cancel=cancel,
        progress=progress,
    )

    def solved(problem: Problem) -> Solution:
        found = solve(problem, solver, limits=limits.after(clock.so_far), cancel=cancel)
        control.check()
        return found

    try:
        lottery = FairLottery(best, _shares(best, solved, control))
    except StopSolving as stop:
        reason = Told.named("stopped", stop.reason)
        raise StoppedError("stopped_before_lottery", reason=reason) from None
    log_stage("shared", blocks=len(lottery.shares.blocks))
    return lottery


def _shares(best: Assignment, solved: Callable[[Problem], Solution], control: Control) -> FairShares:
    """The chances, where the best is proved; raises StopSolving where time has not sufficed for that."""
    if best.status != "optimal":
        control.check()
        raise UnsupportedError("lottery_needs_optimum", solver=best.solution.solver)
    assert best.solved is not None
    return fair_shares(best.solved.problem, best.plain_solution, solved, control)
