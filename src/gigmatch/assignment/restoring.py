"""From an assignment back to what it was made from: rules, policy and travel are found by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gigmatch.assignment.assignment import Assignment
from gigmatch.assignment.choosing import restored
from gigmatch.assignment.instance import Instance
from gigmatch.columns import Columns, columns_of
from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule, restore_rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.succession import SuccessionRule, restore_succession
from gigmatch.pairing.travel import Travel, restore_travel
from gigmatch.problem.plans import PlanSolution

__all__ = ["refuse_other", "restore_instance", "restore_plugins"]


def refuse_other(morning: Morning | Columns, assignment: Assignment) -> None:
    """Refuse an assignment that was not made from a morning, or from its columns, before anything is proved.

    Raises
    ------
    InvalidInputError
        Something is of another kind, or the assignment names the digest of another morning. Whoever forges
        the digest gains nothing: what follows from the morning is held against it all the same.
    """
    if not isinstance(morning, Morning | Columns):
        raise InvalidInputError("no_morning", value=morning)
    if not isinstance(assignment, Assignment):
        raise InvalidInputError("wrong_type", name="assignment", kinds="Assignment", value=assignment)
    of_columns = isinstance(morning, Morning) and assignment.morning_digest.startswith("columns ")
    source = columns_of(morning) if of_columns else morning  # type: ignore[arg-type]
    if source.digest() != assignment.morning_digest:
        raise InvalidInputError("another_morning")


def restore_instance(
    morning: Morning | Columns,
    assignment: Assignment,
    *,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
    columns: Columns | None = None,
) -> Instance:
    """Prepare the instance that an assignment was made from; rules, scorers and travel are found by name.

    Rules and scorers are asked as they are: what is checked does not rest on compiled forms.

    Parameters
    ----------
    morning : Morning or Columns
        What it was made from.
    assignment : Assignment
        Names its rules, policy, travel and promises; one that was just made has them at hand.
    rules, scorers, travel
        The user's own that it names; those of an assignment that was just made need not be given.
    columns : Columns, optional
        Of the morning, where they have been made.

    Raises
    ------
    InvalidPolicyError
        A rule, scorer or travel that it names was not given, or is of another version.
    """
    plugins = restore_plugins(assignment, rules, scorers, travel)
    chosen = restored(assignment.mechanism, _scorers_of(assignment, scorers))
    of_plans = isinstance(assignment.solution, PlanSolution)
    return Instance.prepare(
        morning,
        *plugins,
        assignment.keep,
        assignment.forbid,
        columns=columns,
        chosen=chosen,
        plain=True,
        plans=of_plans,
        succession=_succession_of(assignment, rules, plugins[-1]) if of_plans else None,
    )


def _succession_of(
    assignment: Assignment, rules: Sequence[Any], travel: Travel
) -> tuple[SuccessionRule, ...]:
    """Find the rules of what follows on what that an assignment names, the user's own among ``rules``."""
    own = () if assignment.solved is None else assignment.solved.instance.succession
    return tuple(restore_succession(entry, (*rules, *own), travel) for entry in assignment.succession)


def _scorers_of(assignment: Assignment, scorers: Sequence[Scorer]) -> tuple[Any, ...]:
    """The user's own scorers and levels, and those at hand of an assignment that was just made."""
    if assignment.solved is None:
        return tuple(scorers)
    own = assignment.solved.instance
    liked = own.stable.preferences.policy.plugins if own.stable else ()
    return (*own.policy.plugins, *liked, *scorers)


def restore_plugins(
    assignment: Assignment, rules: Sequence[Rule], scorers: Sequence[Scorer], travel: Travel | None
) -> tuple[list[Rule], Policy, Travel]:
    """Find the rules, the policy and the travel that an assignment names, as for `restore_instance`."""
    if assignment.solved is not None:
        own = assignment.solved.instance
        rules = (*rules, *own.rules)
        travel = travel or own.travel
    return (
        [restore_rule(entry, tuple(rules)) for entry in assignment.rules],
        Policy.restore(assignment.policy, _scorers_of(assignment, scorers)),
        restore_travel(assignment.travel, travel),
    )
