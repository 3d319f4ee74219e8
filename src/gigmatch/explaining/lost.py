"""What an assignment loses, seat by seat and point by point, against the best there is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from gigmatch.assignment import Assignment
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.errors import InvalidInputError
from gigmatch.evidence.parts import Amount
from gigmatch.evidence.prices import amount
from gigmatch.matching import match_one_each
from gigmatch.model import Morning
from gigmatch.pairing.rules import Rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel

__all__ = ["lost_to_optimum"]

_TERMS = ("morning_digest", "policy", "rules", "travel", "keep", "forbid")


def lost_to_optimum(
    assignment: Assignment,
    optimum: Assignment | None = None,
    *,
    morning: Morning | Columns | None = None,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
) -> Amount:
    """What an assignment loses against the optimum of its own terms: seats, points, and every other level.

    Exact, where the optimum is proved: the difference of two sums of whole numbers. Of a stable answer it is
    what *this* one costs; another stable one may cost less.

    Parameters
    ----------
    assignment : Assignment
        However it was made.
    optimum : Assignment, optional
        Proved, of the same morning, rules, policy, travel and promises; solved here unless given.
    morning : Morning or Columns, optional
        What both were made from; where one was loaded it is needed.
    rules, scorers, travel
        The user's own that a loaded assignment names, as for ``gigmatch.check``.

    Returns
    -------
    gigmatch.evidence.Amount
        By tier and level; above nothing, unless the assignment is as good.

    Raises
    ------
    InvalidInputError
        The optimum is not proved, or was made under other terms; or as for ``gigmatch.explain``.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7)
    >>> lost = gm.lost_to_optimum(gm.stable(morning))
    >>> lost.seats, lost.points
    (11, 3611.67)
    """
    restored = partial(SolvedMorning.of, morning=morning, rules=rules, scorers=scorers, travel=travel)
    solved = restored(assignment).verified()
    instance, problem = solved.instance, solved.problem
    if optimum is None:
        best = match_one_each(
            solved.morning,
            rules=instance.rules,
            policy=instance.policy,
            travel=instance.travel,
            keep=instance.keep,
            forbid=instance.forbid,
        ).solved
        assert best is not None
    else:
        best = restored(optimum).verified()
        if different := [n for n in _TERMS if getattr(assignment, n) != getattr(optimum, n)]:
            raise InvalidInputError("optimum_of_other_terms", name=different[0])
    if not best.is_optimal:
        raise InvalidInputError("optimum_not_proved")
    return amount(problem, best.solution.shift, solved.solution.shift)
