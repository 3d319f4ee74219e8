"""From a fair lottery back to its proof, and from a seed to what was drawn: no solver is known here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gigmatch.assignment import Assignment, FairLottery
from gigmatch.assignment.choosing import Drawn
from gigmatch.assignment.restoring import restore_instance
from gigmatch.columns import Columns
from gigmatch.core.kernels import plainly
from gigmatch.errors import CertificateError, InvalidInputError
from gigmatch.evidence.checking import check
from gigmatch.evidence.terms import Terms, refuse_other_terms, terms_of_lottery
from gigmatch.model import Morning
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel
from gigmatch.problem.fair import draw, verify_shares

__all__ = ["check_lottery"]


@plainly()
def check_lottery(
    morning: Morning | Columns,
    lottery: FairLottery,
    drawn: Assignment | None = None,
    *,
    seed: int | None = None,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
    policy: Policy | None = None,
    terms: Terms | None = None,
) -> Terms:
    """Verify a fair lottery, saved or not, against its morning, and replay what was drawn; asks no solver.

    Who may go where is made anew from the morning alone. Then the chain of Hall sets is counted: it proves
    that nobody's chance can be raised without lowering that of somebody who has no greater one. The plan is
    added up: it reaches these chances. Its prices are checked: no lottery with these chances has more points
    on average, and among equal ones this is the one due by lot.

    Parameters
    ----------
    morning : Morning or Columns
        What it was made from.
    lottery : FairLottery
        What to check.
    drawn : Assignment, optional
        What was drawn from it: verified, and drawn once more from the seed that it names.
    seed : int, optional
        The seed that was published; a drawn assignment that names another is rejected.
    rules, scorers, travel
        The user's own that the lottery names, as for ``gigmatch.check``.
    policy : Policy, optional
        The policy that was published, with the seed that decides between equal lotteries.
    terms : Terms, optional
        All that was published: ``Terms.of(..., mechanism="lottery")``, with the seed of the draw or with that
        left open.

    Returns
    -------
    Terms
        What the lottery was asked for, as of ``gigmatch.check``; with the seed that was drawn with, where
        something was.

    Raises
    ------
    InvalidInputError
        The lottery was made from another morning, or something is of another kind.
    CertificateError
        Naming the first thing that does not hold.
    InvalidPolicyError
        A rule, scorer or travel that the lottery names was not given, or is of another version.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7)
    >>> lottery = gm.fair_lottery(morning)
    >>> published = gm.Terms.of(morning, mechanism="lottery").with_open("seed")
    >>> check_lottery(morning, lottery, lottery.draw(11), seed=11, terms=published).seed
    11
    """
    if not isinstance(lottery, FairLottery):
        raise InvalidInputError("wrong_type", name="lottery", kinds="FairLottery", value=lottery)
    best = lottery.best
    own: dict[str, Any] = {"rules": rules, "scorers": scorers, "travel": travel}
    found = terms_of_lottery(check(morning, best, policy=policy, **own))
    if best.status != "optimal":
        raise CertificateError("lottery_best_not_proved")
    if drawn is not None:
        found = check(morning, drawn, **own)
        _check_same_terms(best, drawn)
    if terms is not None:
        refuse_other_terms(found, terms)
    instance = restore_instance(morning, best, **own)
    verify_shares(instance.problem(instance.eligible()), lottery.shares, best.plain_solution)
    if drawn is not None:
        if seed is not None and drawn.policy["seed"] != seed:
            raise CertificateError("drawn_with_other_seed", seed=drawn.policy["seed"], due=seed)
        due = instance.with_promises(draw(lottery.shares, drawn.policy["seed"]))
        if not np.array_equal(due, drawn.shift):
            row = int(np.argmax(due != drawn.shift))
            raise CertificateError("not_what_was_drawn", worker=best.worker_ids[row])
    return found


def _check_same_terms(best: Assignment, drawn: Assignment) -> None:
    """What was drawn is of this lottery: all but the seed is alike."""
    if drawn.mechanism != Drawn(best.policy["seed"]).describe():
        raise CertificateError("drawn_under_other_terms", name="mechanism")
    for name in ("policy", "rules", "travel", "keep", "forbid"):
        said, due = getattr(drawn, name), getattr(best, name)
        if name == "policy":
            said, due = ({**each, "seed": None} for each in (said, due))
        if said != due:
            raise CertificateError("drawn_under_other_terms", name=name)
