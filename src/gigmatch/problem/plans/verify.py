"""The verifier of plans and teams: recomputes every claim in integers, asks no solver and trusts nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from gigmatch.errors import CertificateError
from gigmatch.problem.plans.answers import check_answer
from gigmatch.problem.plans.bounds import Decision, SplitBound
from gigmatch.problem.plans.certificate import LEAF, PAIR, TEAM, PlanCertificate
from gigmatch.problem.plans.levels import plan_levels
from gigmatch.problem.plans.problem import PlanProblem
from gigmatch.problem.plans.solution import LevelClaim, PlanSolution
from gigmatch.problem.problem import Problem
from gigmatch.problem.solution import Status, Stopped

__all__ = ["certified_bound", "check_plan_claims", "leaves", "verify_plans"]


def verify_plans(problem: PlanProblem, solution: PlanSolution) -> None:
    """Check everything that an answer claims, from the problem and the answer alone.

    Recomputes in exact integers: that everybody's plan and every team is one, what that is worth on every
    level, and the bound of every level from its tree of decisions, leaf by leaf.

    Parameters
    ----------
    problem : PlanProblem
        What was asked.
    solution : PlanSolution
        What was answered.

    Raises
    ------
    CertificateError
        Naming the first thing that breaks, with its rows and numbers.

    Examples
    --------
    >>> from gigmatch.problem import Problem
    >>> from gigmatch.problem.plans import Branching, Split
    >>> pairs = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> problem = PlanProblem.of(pairs)
    >>> split = Split(scale=1, shift_price=[2, 0], pair=[], pair_price=[])
    >>> proof = PlanCertificate(level="points", branching=Branching(kind=[0], what=[0]), splits=(split,))
    >>> solution = PlanSolution(
    ...     worker=[0, 1], shift=[1, 0], claims=(LevelClaim("points", 15, 15),), certificates=(proof,),
    ...     status="optimal", stopped="proved",
    ... )
    >>> verify_plans(problem, solution)
    """
    check_plan_claims(problem.pairs, solution)
    pairs = check_answer(problem, solution.worker, solution.shift)
    values = [level.value_of(pairs) for level in problem.levels]
    for claim, value in zip(solution.claims, values, strict=True):
        if claim.value != value:
            error = CertificateError("value_does_not_hold", said=claim.value, found=value)
            raise _of_level(claim.level, error)
    for place, (claim, proof) in enumerate(zip(solution.claims, solution.certificates, strict=True)):
        _check_multipliers(solution.claims[:place], proof)
        try:
            found = certified_bound(problem, place, proof, values)
            if found != claim.bound:
                raise CertificateError("bound_not_proved", said=claim.bound, found=found)
        except CertificateError as error:
            raise _of_level(claim.level, error) from None


def _of_level(level: str, error: CertificateError) -> CertificateError:
    return CertificateError("in_place", place=level, error=error)


def check_plan_claims(pairs: Problem, solution: PlanSolution) -> None:
    """Raise CertificateError unless a claim and a proof stand for every level, and the status fits them."""
    due = [level.name for level in plan_levels(pairs)]
    for what, found in (
        ("claims", [claim.level for claim in solution.claims]),
        ("certificates", [proof.level for proof in solution.certificates]),
    ):
        if found != due:
            raise CertificateError("not_all_levels", name=what, due=due, found=found)
    for name, options in (("status", get_args(Status)), ("stopped", get_args(Stopped))):
        if (value := getattr(solution, name)) not in options:
            names = ", ".join(map(repr, options))
            raise CertificateError("unknown_option", name=name, names=names, value=value)
    is_optimal = solution.status == "optimal"
    if is_optimal != (solution.stopped == "proved"):
        raise CertificateError("status_and_stopped", status=solution.status, stopped=solution.stopped)
    still_open = [claim.level for claim in solution.claims if not claim.is_closed]
    if is_optimal != (not still_open):
        raise CertificateError("status_and_levels", status=solution.status, names=still_open)


def _check_multipliers(above: Sequence[LevelClaim], proof: PlanCertificate) -> None:
    """Only the values of levels that are closed, as all above them are, hold for the best answers."""
    closed = next((at for at, claim in enumerate(above) if not claim.is_closed), len(above))
    for split in proof.splits:
        for claim, by in list(zip(above, split.multipliers, strict=False))[closed:]:
            if by:
                raise CertificateError("level_above_not_proved", level=proof.level, by=by, name=claim.level)


def certified_bound(
    problem: PlanProblem, place: int, proof: PlanCertificate, values: Sequence[int]
) -> int | None:
    """Return what a certificate proves of a level: its greatest leaf; None if nothing is feasible.

    Parameters
    ----------
    problem : PlanProblem
    place : int
        Of the level in ``problem.levels``.
    proof : PlanCertificate
    values : sequence of int
        What is proved of the levels above.

    Raises
    ------
    CertificateError
        If it is no certificate of this level.
    """
    bounds: dict[int, SplitBound] = {}
    greatest: int | None = None
    for split, decisions in leaves(problem, proof):
        if split not in bounds:
            bounds[split] = SplitBound(problem, place, proof.splits[split])
        bound = bounds[split].bound(decisions, values)
        if bound is not None and (greatest is None or bound > greatest):
            greatest = bound
    return greatest


def leaves(problem: PlanProblem, proof: PlanCertificate) -> Iterator[tuple[int, list[Decision]]]:
    """Every leaf of a certificate in order: the position of its split, and the decisions on the way to it.

    Raises
    ------
    CertificateError
        If it is no tree, or a node names what is not there.
    """
    kinds, whats = proof.branching.kind.tolist(), proof.branching.what.tolist()
    if len(kinds) != len(whats):
        raise CertificateError("wrong_length", name="what", n=len(whats), m=len(kinds))
    most = {LEAF: len(proof.splits), PAIR: problem.pairs.n_pairs, TEAM: problem.pairs.n_shifts}
    path: list[Decision] = []
    is_done = False
    for node, (kind, what) in enumerate(zip(kinds, whats, strict=True)):
        if is_done:
            raise CertificateError("tree_not_whole", n=len(kinds))
        if not 0 <= what < most.get(kind, 0):
            raise CertificateError("no_such_node", at=node, kind=kind, what=what)
        if kind != LEAF:
            path.append(Decision(kind, what, True))
            continue
        yield what, list(path)
        while path and not path[-1].holds:
            path.pop()
        is_done = not path
        if path:
            path[-1] = path[-1]._replace(holds=False)
    if not is_done:
        raise CertificateError("tree_not_whole", n=len(kinds))
