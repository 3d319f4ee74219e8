"""Going wages and legal limits: dated, sourced data, never code."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from gigmatch.i18n import Told
from gigmatch.model.problems import broken_rules
from gigmatch.model.values import Day, Id, LimitKind, Model, Text

__all__ = ["Jurisdiction", "LegalLimit", "ReferenceWage"]


class ReferenceWage(Model):
    """The going wage for a skill, frozen so that no shift's pay changes another shift's score."""

    skill: Id
    """Code of the skill."""
    per_hour: Annotated[float, Field(strict=True, gt=0, le=1e9)]
    """Going wage per hour."""
    as_of: Day
    """Day it was frozen."""
    source: Text
    """Where it comes from."""


class LegalLimit(Model):
    """One legal figure, dated and sourced, with what to do when a pair breaks it."""

    kind: LimitKind
    """What is limited; the unit stands in the name."""
    value: Annotated[float, Field(strict=True, ge=0, le=1e9)]
    """The figure."""
    valid_from: Day
    """First day in force."""
    valid_to: Day | None = None
    """Last day in force; missing: in force until replaced."""
    source: Text
    """Where it is written."""
    severity: Literal["warn", "block"] = "warn"
    """``warn`` lets the pair pass and lists it; ``block`` makes it infeasible."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        ends_early = self.valid_to is not None and self.valid_to < self.valid_from
        no_days = self.kind == "paid_days_per_month" and not self.value
        rules = [
            (ends_early, partial(Told.of, "errors.limit_never_in_force")),
            (no_days, partial(Told.of, "errors.month_without_days")),
        ]
        broken_rules(rules)
        return self

    def in_force(self, day: dt.date) -> bool:
        """Whether the limit is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Jurisdiction(Model):
    """The legal limits of a place; what is not in the table is not checked."""

    name: Text
    """Whose law it is."""
    limits: tuple[LegalLimit, ...] = ()
    """Limits, dated; at most one of a kind in force on any day."""

    def limit(self, kind: LimitKind, day: dt.date) -> LegalLimit | None:
        """The limit of a kind in force on a day, or None."""
        return next((x for x in self.limits if x.kind == kind and x.in_force(day)), None)
