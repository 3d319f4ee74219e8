"""The price of fairness: one morning matched under ever stricter rules of who comes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gigmatch.assignment.fairness import FairnessCurve, FairnessPoint
from gigmatch.assignment.instance import Progress
from gigmatch.assignment.promises import IdPairs, id_pairs
from gigmatch.columns import Columns
from gigmatch.core.limits import Limits
from gigmatch.errors import InvalidInputError, StoppedError
from gigmatch.matching.optimal import match_one_each
from gigmatch.model import Morning
from gigmatch.pairing.people import People
from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
from gigmatch.pairing.rules import DEFAULT_RULES, Rule
from gigmatch.pairing.travel import Travel
from gigmatch.solvers import CancelToken, Solver

__all__ = ["EVER_STRICTER", "fairness_curve"]

EVER_STRICTER: Final = (None, People(14), People((7, 14)), People((3, 7, 14)), People())
"""Nobody first; who has waited two weeks; then a week; then three days; then day by day up to 30.

Each tells apart those whom the one before tells apart, so that points never rise from one to the next.
"""


def fairness_curve(
    morning: Morning | Columns,
    *,
    steps: Sequence[People | None] = EVER_STRICTER,
    rules: Sequence[Rule] = DEFAULT_RULES,
    policy: Policy = DEFAULT_POLICY,
    travel: Travel | None = None,
    solver: str | Solver = "auto",
    keep: IdPairs = (),
    forbid: IdPairs = (),
    limits: Limits | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> FairnessCurve:
    """What it costs to put those first who have waited longest, each answer proved.

    The morning is matched once for each step, each time from the answer before; so it takes a few times as
    long as `match`. The price of a step is the exact difference of two proved answers: points with nobody
    first less points with this step. No seat of any tier is lost by any.

    Parameters
    ----------
    morning : Morning or Columns
        Everything known.
    steps : sequence of People or None
        Who comes first, step by step; None for nobody. The first is what the others are held against.
    policy : Policy
        What is good besides; its own level of people gives way to those of the steps.
    rules, travel, solver, keep, forbid
        As for `match`.
    limits : Limits, optional
        Of every single match.
    cancel : CancelToken, optional
        Ends all of it once it is set: half a curve is none.
    progress : callable, optional
        ``progress(stage, fraction)``, ``"match"`` throughout.

    Returns
    -------
    FairnessCurve
        A point for each step, in order.

    Raises
    ------
    InvalidInputError
        There is no step, or one is neither People nor None; and as for `match`, like everything else.
    StoppedError
        ``cancel`` is set before the last match is over.

    Examples
    --------
    >>> import gigmatch as gm
    >>> curve = gm.fairness_curve(gm.samples.jingshi(seed=7), steps=(None, gm.People(7), gm.People()))
    >>> [(row["placements"], row["cost"], row["placed_7"], row["longest_wait"]) for row in curve.records()]
    [(786, 0.0, 49, 9), (786, 29.98, 54, 4), (786, 1335.06, 54, 1)]
    """
    if (
        not isinstance(steps, Sequence)
        or not steps
        or not all(step is None or isinstance(step, People) for step in steps)
    ):
        raise InvalidInputError("fairness_steps", value=steps)
    options: dict[str, Any] = {"rules": rules, "travel": travel, "solver": solver, "limits": limits}
    options |= {"keep": id_pairs(keep, "keep"), "forbid": id_pairs(forbid, "forbid"), "cancel": cancel}
    points, first, last = list[FairnessPoint](), None, None
    for done, step in enumerate(steps, 1):
        last = match_one_each(morning, policy=policy.with_people(step), start=last, **options)
        if cancel is not None and cancel.is_set():
            raise StoppedError("stopped_before_curve", n=done - 1, all=len(steps))
        first = first or last
        points.append(FairnessPoint.of(last, first))
        if progress:
            progress("match", done / len(steps))
    assert last is not None
    return FairnessCurve(tuple(points), last.currency, last.morning_digest)
