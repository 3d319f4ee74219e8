"""From an assignment back to its proof: all is made anew from the morning, and no solver is known here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gigmatch.assignment import Assignment
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.reduced_costs import pairs_to_verify
from gigmatch.assignment.restoring import refuse_other, restore_instance
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.assignment.verifying import verify_chosen
from gigmatch.columns import Columns
from gigmatch.core.kernels import plainly
from gigmatch.errors import CertificateError, InvalidInputError
from gigmatch.evidence import Explanation, Reasons, TrainingPlan, TrainingProgramme
from gigmatch.evidence.programmes import counts_in, most_placements
from gigmatch.evidence.terms import Terms, refuse_other_terms, terms_of
from gigmatch.evidence.verifier import ReasonVerifier
from gigmatch.evidence.verify_plans import PlanReasonVerifier
from gigmatch.evidence.verify_refusals import RefusalVerifier
from gigmatch.model import Morning
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel
from gigmatch.problem import Solution, check_claim, verify
from gigmatch.problem.plans import PlanSolution, check_plan_claims, verify_plans

__all__ = ["check", "check_programme", "check_reasons"]


@plainly()
def check(
    morning: Morning | Columns,
    assignment: Assignment,
    *,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
    policy: Policy | None = None,
    terms: Terms | None = None,
) -> Terms:
    """Verify an assignment, saved or not, against its morning; asks no solver for the answer.

    Pairs and points are made anew from the morning, block by block, and only those are held on which the
    claims rest (all, where somebody may take several shifts, or shifts come whole); the certificates are
    checked in integers over all, and every figure of the assignment is held against the one that follows.
    What is proved is proved *under the assignment's own terms*: they are returned, with whatever differs from
    the defaults, and held against the published ones where these are given. An answer that is only feasible
    holds what it claims, too: the terms say so. A stable one is looked through for pairs that block, what a
    hall does is done once more; what a lottery drew is replayed by `check_lottery`. The name of the solver is
    not checked; it proves nothing.

    Parameters
    ----------
    morning : Morning or Columns
        What it was made from.
    assignment : Assignment
        What to check.
    rules, scorers : sequence, optional
        The user's own rules (those of succession, too), scorers and levels that the assignment names;
        built-in ones are found by name, and one that was just made has them at hand.
    travel : Travel, optional
        The travel used, where it was not a `StraightLine`; likewise.
    policy : Policy, optional
        The policy that was published, seed included; an assignment made under another one is rejected.
    terms : Terms, optional
        All that was published, as `Terms.of` makes it: policy, rules, travel, promised and barred pairs, the
        morning's law and settings, and that the answer is proved. An assignment under any other is rejected,
        with every difference.

    Returns
    -------
    Terms
        What the assignment was asked for, and how far it is proved; ``departures`` lists what is no default.

    Raises
    ------
    InvalidInputError
        The assignment was made from another morning: nothing is proved or refuted of it.
    CertificateError
        Naming the first thing that does not hold.
    InvalidPolicyError
        A rule, scorer or travel that the assignment names was not given, or is of another version.
    """
    refuse_other(morning, assignment)
    if not isinstance(terms, Terms | None):
        raise InvalidInputError("wrong_type", name="terms", kinds="Terms", value=terms)
    if policy is not None and policy.describe() != assignment.policy:
        raise CertificateError("another_policy")
    instance = restore_instance(morning, assignment, rules=rules, scorers=scorers, travel=travel)
    solution = assignment.solution
    if isinstance(solution, PlanSolution):
        check_plan_claims(instance.frame(lots=False), solution)
    else:
        check_claim(instance.frame(), solution)
    found_terms = terms_of(instance, solution)
    if terms is not None:
        refuse_other_terms(found_terms, terms)
    anew = _verified_anew(instance, solution)
    said, found = assignment.to_dict(), anew.assignment(digest=assignment.morning_digest).to_dict()
    for name, value in found.items():
        if said[name] != value:
            raise CertificateError("does_not_follow", name=name)
    return found_terms


def _verified_anew(instance: Instance, solution: Solution | PlanSolution) -> SolvedMorning:
    """The morning with a solution that holds what it claims, over pairs made anew."""
    if isinstance(solution, PlanSolution):
        everything = instance.eligible()
        plans = instance.plan_problem(everything)
        verify_plans(plans, solution)
        return SolvedMorning.from_plans(instance, everything, plans, solution)
    eligible = instance.eligible(pairs_to_verify(instance, solution))
    problem = instance.problem(eligible)
    verify(problem, solution)
    verify_chosen(instance, solution)
    return SolvedMorning.from_solution(instance, eligible, problem, solution)


@plainly()
def check_reasons(
    morning: Morning | Columns,
    assignment: Assignment,
    reasons: Reasons | Iterable[Explanation],
    *,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
    complete: bool = False,
) -> int:
    """Verify explanations of an assignment, from the morning alone; the assignment itself with `check`.

    Its certificates are verified first. Eligibility, refusals and points are made anew; an exact figure is
    accepted only with an assignment that reaches it and prices that none can beat; a set short of seats or
    workers is counted. What they share is verified once.

    Answers to single questions leave most people out, and may: ``reasons.missing(assignment)`` tells whom.
    But reasons that say to be those of the whole morning, as `Explainer.everything` makes them, must leave
    out nobody: every worker, with or without a shift, and every shift with an empty seat has one.

    Parameters
    ----------
    morning : Morning or Columns
        What the assignment was made from.
    assignment : Assignment
        What is explained.
    reasons : Reasons or iterable of Explanation
        Made for a manager or an auditor.
    rules, scorers, travel
        The user's own, as for `check`.
    complete : bool
        Let nobody be missing, whatever the reasons say of themselves: an auditor asks for it, since whoever
        leaves people out may leave out the claim, too.

    Returns
    -------
    int
        How many there are, all of them right.

    Raises
    ------
    InvalidInputError
        The assignment was made from another morning.
    CertificateError
        Naming the first explanation that does not hold, and what is wrong with it; or who has none, counted,
        where everybody must have one.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7)
    >>> assignment = gm.match(morning)
    >>> why = gm.explain(morning, assignment).why(assignment.pairs[0][0])
    >>> check_reasons(morning, assignment, [why])
    1
    """
    shared = reasons if isinstance(reasons, Reasons) else Reasons.of(reasons)
    solved = SolvedMorning.of(assignment, morning=morning, rules=rules, scorers=scorers, travel=travel)
    checker = _verifier(solved.verified(), shared)
    for at, reason in enumerate(shared.reasons):
        try:
            checker.check(reason)
        except (CertificateError, InvalidInputError) as error:
            raise CertificateError("error_in_reason", at=at, kind=reason.kind, error=error) from None
    if (shared.whole or complete) and (missing := shared.missing(assignment)):
        raise CertificateError("reasons_missing", missing=missing.told())
    return len(shared.reasons)


def _verifier(solved: SolvedMorning, shared: Reasons) -> RefusalVerifier:
    """Who verifies the reasons of such an answer."""
    if solved.has_plans:
        return PlanReasonVerifier(solved)
    return ReasonVerifier(solved, shared.greatest, shared.sets)


@plainly()
def check_programme(
    mornings: Sequence[tuple[Morning, Assignment]],
    programme: TrainingProgramme,
    *,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
) -> None:
    """Verify a training programme, from its mornings alone; the assignments themselves with `check`.

    Every morning's plan must hold the lessons of all who are there, no other ones, and the proof of what
    they bring; the bound is counted again. That the choice is a good one is not asked.

    Parameters
    ----------
    mornings : sequence of (Morning, Assignment)
        In the order the programme was made for.
    programme : TrainingProgramme
        Made for a manager or an auditor.
    rules, scorers, travel
        The user's own, as for `check`.

    Raises
    ------
    InvalidInputError
        An assignment was made from another morning.
    CertificateError
        Naming the first thing that does not hold.
    """
    pairs, plans = list(mornings), programme.mornings
    if len(pairs) != len(plans):
        raise CertificateError("programme_for_other_mornings", n=len(plans), m=len(pairs))
    people = [lesson.worker_id for lesson in programme.lessons]
    if not len(set(people)) == len(people) <= programme.people:
        raise CertificateError("trained_too_many")
    for at, ((morning, assignment), plan) in enumerate(zip(pairs, plans, strict=True)):
        try:
            solved = SolvedMorning.of(
                assignment, morning=morning, rules=rules, scorers=scorers, travel=travel
            )
        except InvalidInputError as error:
            raise InvalidInputError("error_in_morning", at=at, error=error) from None
        try:
            _check_part(solved.verified(), plan, programme)
        except (CertificateError, InvalidInputError) as error:  # the morning is right: the plan is not
            raise CertificateError("error_in_morning", at=at, error=error) from None
    given = {lesson.worker_id for plan in plans for lesson in plan.lessons}
    if useless := [lesson for lesson in programme.lessons if lesson.worker_id not in given]:
        raise CertificateError("lesson_in_vain", worker=useless[0].worker_id, skill=useless[0].skill)
    ids = (worker.id for morning, _ in pairs for worker in morning.workers)
    if programme.bound != (bound := most_placements(ids, plans, programme.people)):
        raise CertificateError("does_not_hold", name="bound", said=programme.bound, found=bound)


def _check_part(solved: SolvedMorning, plan: TrainingPlan, programme: TrainingProgramme) -> None:
    """What a programme comes to in one morning."""
    if plan.people != programme.people:
        raise CertificateError("plan_for_other_people", n=plan.people)
    if not isinstance(solved.morning, Morning):
        raise CertificateError("advice_needs_morning")
    due = [lesson for lesson in programme.lessons if counts_in(solved.morning, lesson)]
    if [lesson.model_copy(update={"shift_id": None}) for lesson in plan.lessons] != due:
        raise CertificateError("lessons_differ")
    ReasonVerifier(solved).check_part(plan, is_of_others=bool(programme.lessons))
