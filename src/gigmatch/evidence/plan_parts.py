"""What explanations of plans and teams are made of: losses between bounds, other days, and their proof."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gigmatch.evidence.eyes import DECIDED, MARKET, OWN, OWN_DECIDED, PUBLIC
from gigmatch.evidence.parts import Amount, Record

__all__ = [
    "Clash",
    "DayChange",
    "HeldShift",
    "LevelTree",
    "PlanCause",
    "PlanLoss",
    "PlanProof",
    "SplitPrices",
    "TriedShift",
    "Verdict",
]

Verdict = Literal["worse", "tied", "open"]
"""What is proved of another answer against the best: open where the search ended before either was."""


class PlanLoss(Record):
    """What the whole loses: exactly, down the levels, as far as it is proved, then between bounds."""

    exact: Annotated[Amount, MARKET]
    """On the levels above any that is not proved."""
    at_least: Annotated[Amount | None, MARKET] = None
    """On the first level that is not proved, below which nothing is told; with no ``at_most``, on the first
    level on which something is lost for certain, unless more is on one above. None where all are proved, or
    nothing is known."""
    at_most: Annotated[Amount | None, MARKET] = None
    """On the first level that is not proved; None where all are, or no other answer was found."""

    @property
    def is_exact(self) -> bool:
        """Whether every level is proved."""
        return self.at_least is None and self.at_most is None

    @property
    def verdict(self) -> Verdict:
        """What is proved by it."""
        if not self.exact.is_nothing or (self.at_least is not None and self.at_least.is_gain):
            return "worse"
        return "tied" if self.is_exact else "open"


class Clash(Record):
    """A shift of somebody's day beside which they could not have another."""

    shift_id: Annotated[str, OWN_DECIDED]
    rules: Annotated[tuple[str, ...], OWN_DECIDED]
    """Rules of succession that refuse the one after the other, by name; none where their times overlap."""


class PlanCause(Record):
    """What stands in the way of a pair that no answer has: the first thing that tells it."""

    what: Annotated[
        Literal[
            "seats",
            "most_shifts",
            "times",
            "succession",
            "limit",
            "companion",
            "companion_promised",
            "no_crew",
            "team",
            "together",
        ],
        OWN_DECIDED,
    ]
    """Promised seats; of what the worker was promised the number of shifts, a time, a rule of succession or a
    limit; somebody who goes with the worker, or that they go to a crew alone; too few for the shift or its
    crew; or nothing less than all together."""
    shift_id: Annotated[str | None, OWN_DECIDED] = None
    """The promised shift, or the one for which there are too few."""
    worker_id: Annotated[str | None, MARKET] = None
    """Who goes with the worker."""
    rule: Annotated[str | None, OWN] = None
    """The first rule that refuses it, by name."""
    figures: Annotated[dict[str, float], OWN] = Field(default_factory=dict)
    """Of the worker's day: ``most`` shifts; ``minutes_there`` and ``minutes_needed``; ``hours`` and the
    ``most`` of them."""
    counts: Annotated[dict[str, int], MARKET] = Field(default_factory=dict)
    """Of people: ``coming``, ``promised`` and ``seats``, or ``eligible`` and ``needed``."""


class DayChange(Record):
    """What is other in the day of a worker."""

    worker_id: Annotated[str, MARKET]
    leaves: Annotated[tuple[str, ...], MARKET]
    """Shifts given up, in order of id."""
    goes_to: Annotated[tuple[str, ...], MARKET]
    """Shifts taken instead, in order of id."""


class SplitPrices(Record):
    """Prices of a leaf, see `gigmatch.problem.plans.Split`."""

    scale: Annotated[int, MARKET]
    multipliers: Annotated[tuple[int, ...], MARKET]
    shift_price: Annotated[tuple[int, ...], MARKET]
    """By shift, in order of id."""
    pair: Annotated[tuple[int, ...], MARKET]
    """Positions among the eligible pairs, by worker in order of row, then by shift in order of id."""
    pair_price: Annotated[tuple[int, ...], MARKET]


class LevelTree(Record):
    """What proves a level of another answer, see `gigmatch.problem.plans.PlanCertificate`."""

    level: Annotated[str, MARKET]
    bound: Annotated[int, MARKET]
    """What nothing that is as good on the levels above exceeds."""
    node: Annotated[tuple[int, ...], MARKET]
    """Kinds of the nodes of the tree."""
    what: Annotated[tuple[int, ...], MARKET]
    splits: Annotated[tuple[SplitPrices, ...], MARKET]


class PlanProof(Record):
    """Another answer, and how far it is proved to be the best of its kind."""

    days: Annotated[tuple[DayChange, ...], MARKET]
    """Where it differs from the assignment explained, in order of row."""
    levels: Annotated[tuple[LevelTree, ...], MARKET]
    """Every level, in order."""


class TriedShift(Record):
    """A shift that somebody without one was tried at."""

    shift_id: Annotated[str, MARKET]
    is_possible: Annotated[bool, MARKET]
    """Whether there is an answer in which the worker has it."""
    proof: Annotated[PlanProof | None, MARKET]
    """The best such answer; where there is none, that there is none, as a problem in which nothing else
    counts."""


class HeldShift(Record):
    """A shift of somebody's day, and what it is to the whole."""

    shift_id: Annotated[str, DECIDED]
    points: Annotated[float | None, OWN]
    """None where it is not shown."""
    points_by_scorer: Annotated[dict[str, float], OWN]
    """In order of the policy; they add up to ``points``."""
    minutes: Annotated[float | None, OWN]
    """Of the way between home and shift; None where there is none."""
    pay_total: Annotated[float, PUBLIC]
    promised: Annotated[bool, DECIDED]
    without: Annotated[PlanLoss | None, MARKET] = None
    """Loss if the worker had to do without this one; None for a promised one, and where it was not asked."""
    proof: Annotated[PlanProof | None, MARKET] = None
