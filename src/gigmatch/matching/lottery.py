"""The fair lottery: chances as equal as the best seats allow, instead of one best answer for the same few."""

from __future__ import annotations

from collections.abc import Sequence

from gigmatch.assignment import FairLottery
from gigmatch.assignment.instance import Progress
from gigmatch.assignment.promises import IdPairs
from gigmatch.columns import Columns
from gigmatch.core.logs import log_stage
from gigmatch.errors import UnsupportedError
from gigmatch.matching.optimal import match
from gigmatch.model import Morning
from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
from gigmatch.pairing.rules import DEFAULT_RULES, Rule
from gigmatch.pairing.travel import Travel
from gigmatch.problem import Problem, Solution
from gigmatch.problem.fair import LEVELS
from gigmatch.solvers import Control, Solver, solve
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
    memory_bytes: int | None = None,
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
    threads, memory_bytes, progress
        As for ``gigmatch.match``.

    Returns
    -------
    FairLottery
        Chances, proof, and ``draw``; the same for the same input.

    Raises
    ------
    UnsupportedError
        The policy has other levels, which change who can be placed together; or the solver is not exact.
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
    0
    """
    if isinstance(policy, Policy) and policy.levels != LEVELS:
        names = ", ".join(level.name for level in policy.levels)
        raise UnsupportedError("lottery_with_levels", names=names)
    best = match(
        morning,
        rules=rules,
        policy=policy,
        travel=travel,
        solver=solver,
        keep=keep,
        forbid=forbid,
        threads=threads,
        memory_bytes=memory_bytes,
        progress=progress,
    )
    if best.status != "optimal":
        raise UnsupportedError("lottery_needs_optimum", solver=best.solution.solver)
    assert best.solved is not None

    def solved(problem: Problem) -> Solution:
        return solve(problem, solver, threads=threads)

    lottery = FairLottery(best, fair_shares(best.solved.problem, best.plain_solution, solved, Control()))
    log_stage("shared", blocks=len(lottery.shares.blocks))
    return lottery
