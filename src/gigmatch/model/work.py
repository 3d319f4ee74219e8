"""What is offered: shifts, their pay, and crews."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import nan
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from gigmatch.i18n import Told
from gigmatch.model.clock import MOST_TURNED_BACK
from gigmatch.model.cross_rules import AGES, ASKED_FOR, FLEXIBLE, HEADCOUNT, OVERLAP, PIECES, TOO_LONG
from gigmatch.model.places import Location, Period
from gigmatch.model.problems import broken, broken_rules
from gigmatch.model.skills import CredentialRequirement, SkillRequirement
from gigmatch.model.values import (
    Flag,
    Hazard,
    Id,
    Model,
    Money,
    PayUnit,
    Settlement,
    ShiftAttributes,
    Text,
    Years,
)

__all__ = ["Crew", "Pay", "Request", "Shift"]


class Pay(Model):
    """What a shift pays; ``gigmatch.model.pay`` turns every unit into pay per hour and per day."""

    amount: Money
    """Amount for one ``unit``."""
    unit: PayUnit
    """What the amount is paid for; ``shift`` is the whole shift, all its days together."""
    expected_pieces: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    """Pieces one worker is expected to make in the whole shift; with ``piece``, and only then."""

    @model_validator(mode="after")
    def _pieces(self) -> Self:
        if PIECES.broken(self.unit == "piece", self.expected_pieces is not None):
            raise broken(PIECES.said(pieces="expected_pieces", unit="unit"))
        return self


class Shift(Model):
    """Work offered: one or more seats for the same periods at the same place."""

    id: Id
    """Identifier, unique among shifts."""
    title: Text = ""
    """What people call the work; the leading skill if missing."""
    employer_id: Id
    """Who offers it."""
    broker_id: Id | None = None
    """Broker it is offered through; missing: the employer hires directly."""
    location: Location
    """Where the work is."""
    address: Text = ""
    """How people find it: street, number, gate."""
    periods: Annotated[tuple[Period, ...], Field(min_length=1)]
    """When; several periods make one shift ("two days, 420 yuan")."""
    attendance: Literal["fixed", "flexible"] = "fixed"
    """``fixed``: there throughout every period. ``flexible``: at least ``min_minutes`` inside the periods."""
    min_minutes: Annotated[int, Field(strict=True, ge=1)] | None = None
    """Minutes of work a flexible shift asks for; with ``flexible``, and only then."""
    headcount: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 1
    """Seats."""
    minimum_headcount: Annotated[int, Field(strict=True, ge=1)] | None = None
    """Fewest people with whom the shift takes place; unset: 1, but in a crew the full ``headcount``."""
    all_of: tuple[SkillRequirement, ...] = ()
    """Skills of which a worker needs every one. The first skill named, here or else in ``any_of``, is the
    leading one, which skill fit and the going wage are held against."""
    any_of: tuple[SkillRequirement, ...] = ()
    """Skills of which a worker needs at least one, if there are any; the first is the leading one if
    ``all_of`` is empty."""
    credentials: tuple[CredentialRequirement, ...] = ()
    """Licences and certificates of which a worker needs every one."""
    pay: Pay
    """What it pays."""
    settlement: Settlement | None = None
    """When it pays; unknown is neutral."""
    meals: Flag | None = None
    """Whether meals are provided; unknown if missing."""
    lodging: Flag | None = None
    """Whether lodging is provided; unknown if missing."""
    insurance: Flag | None = None
    """Whether the employer provides cover; unknown counts as no cover."""
    outdoor: Flag | None = None
    """Whether the work is outdoors; unknown if missing."""
    hazards: tuple[Hazard, ...] = ()
    """Hazards that legal limits and people ask about."""
    min_age_years: Years | None = None
    """Youngest age accepted."""
    max_age_years: Years | None = None
    """Oldest age accepted."""
    priority_tier: Annotated[int, Field(strict=True, ge=1, le=9)] = 5
    """1 is filled before 2, and so on; 5 is ordinary."""
    crew_id: Id | None = None
    """Crew the shift belongs to."""
    attributes: ShiftAttributes = Field(default_factory=dict)
    """Free attributes for a market's own rules and scorers."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        broken_rules(_shift_rules(self))
        return self


def _shift_rules(shift: Shift) -> list[tuple[bool, Callable[[], Told]]]:
    spans = sorted((p.start_min, p.end_min) for p in shift.periods)
    length = sum(period.minutes - period.break_min for period in shift.periods)
    youngest, oldest, least, fewest = (
        nan if number is None else number
        for number in (shift.min_age_years, shift.max_age_years, shift.min_minutes, shift.minimum_headcount)
    )
    flexible, plain = shift.attendance == "flexible", all(period.is_plain for period in shift.periods)
    return [
        (HEADCOUNT.broken(fewest, shift.headcount), HEADCOUNT.said),
        (AGES.broken(youngest, oldest), AGES.said),
        (FLEXIBLE.broken(flexible, shift.min_minutes is not None), FLEXIBLE.said),
        (plain and flexible and TOO_LONG.broken(least, length + MOST_TURNED_BACK), TOO_LONG.said),
        (plain and any(OVERLAP.broken(a[1], b[0]) for a, b in pairwise(spans)), OVERLAP.said),
    ]


class Request(Model):
    """Somebody whom an employer asked for by name."""

    worker_id: Id
    """The worker; need not be here this morning."""
    shift_id: Id | None = None
    """The shift they are wanted for; give this or ``employer_id``."""
    employer_id: Id | None = None
    """The employer who wants them, whichever of their shifts it is."""

    @model_validator(mode="after")
    def _for_one(self) -> Self:
        rule = ASKED_FOR.broken(self.shift_id is not None, self.employer_id is not None)
        broken_rules([(rule, ASKED_FOR.said)])
        return self


class Crew(Model):
    """Shifts that are filled all together or not at all."""

    id: Id
    """Identifier, unique among crews."""
    name: Text = ""
    """Name people read."""
