"""Who: workers, employers and brokers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from gigmatch.model.cross_rules import NOWHERE, TWO_AGES
from gigmatch.model.places import Location, TimeSpan
from gigmatch.model.problems import broken_rules
from gigmatch.model.skills import Credential, WorkerSkill
from gigmatch.model.values import (
    Count,
    Day,
    DayHours,
    Flag,
    Group,
    Hours,
    Id,
    Minute,
    Mode,
    Model,
    Money,
    Settlement,
    Share,
    Standing,
    Text,
    WorkerAttributes,
    Years,
)

__all__ = ["Broker", "Companions", "Employer", "EmployerHours", "PastEmployer", "Worker"]


class PastEmployer(Model):
    """An employer the worker has worked for."""

    employer_id: Id
    """The employer; need not be hiring this morning."""
    shifts: Count | None = None
    """How many shifts; unknown if missing."""
    praise: Flag | None = None
    """True if the employer praised the worker, False if they complained; missing: neither is known."""


class EmployerHours(Model):
    """Hours already worked this week for one employer."""

    employer_id: Id
    """The employer; need not be hiring this morning."""
    hours: Hours
    """Hours since Monday."""


class Worker(Model):
    """A person looking for work this morning."""

    id: Id
    """Identifier, unique among workers."""
    name: Text = ""
    """Name people read; no rule and no scorer sees it."""
    contact: Text = ""
    """How to reach them, such as a telephone number; for the market's own people alone."""
    home: Location | None = None
    """Where the worker sets out from; if missing, from the station."""
    station_id: Id | None = None
    """Station or market where the worker registered."""
    skills: tuple[WorkerSkill, ...] = ()
    """Skills with levels."""
    credentials: tuple[Credential, ...] = ()
    """Licences and certificates."""
    windows: tuple[TimeSpan, ...] = ()
    """When the worker can work; missing: no limit is known, and the whole time counts as free."""
    commitments: tuple[TimeSpan, ...] = ()
    """When the worker is taken already, within or outside the windows; neither work nor rest."""
    arrived_at_min: Minute | None = None
    """When the worker came or registered: where arrivals bind, nobody is placed in work that begins before;
    unknown counts as after everybody else, and binds nothing."""
    birth_date: Day | None = None
    """Date of birth; give this or ``age_years``."""
    age_years: Years | None = None
    """Age in completed years, where the date of birth is not recorded."""
    pay_floor_per_hour: Money | None = None
    """Least pay per hour the worker accepts."""
    pay_floor_per_day: Money | None = None
    """Least pay per day the worker accepts."""
    wanted_settlement: Settlement | None = None
    """How the worker wants to be paid; a wish, never a condition."""
    travel_limit_min: Annotated[float, Field(strict=True, gt=0, le=1440)] | None = None
    """Longest way to work in minutes; unknown: no limit is known."""
    travel_mode: Mode = "transit"
    """How the worker gets to work."""
    insured: Flag | None = None
    """Whether the worker has cover of their own; unknown counts as no cover."""
    insurance_required: Flag = False
    """Whether the worker refuses work without cover."""
    max_shifts: Annotated[int, Field(strict=True, ge=1, le=20)] = 1
    """Most shifts the worker takes this morning, one after the other."""
    max_hours_today: DayHours | None = None
    """Most paid hours the worker takes on the morning's date; unknown: no limit is known."""
    least_break_min: Annotated[int, Field(strict=True, ge=0, le=1440)] = 0
    """Least break the worker wants between two shifts, besides the way from one to the other."""
    last_shift_end_min: Minute | None = None
    """When the last shift ended; unknown counts as rested."""
    hours_this_week: Hours | None = None
    """Hours worked since Monday for everybody; unknown: the sum of ``hours_by_employer``."""
    hours_by_employer: tuple[EmployerHours, ...] = ()
    """Hours worked since Monday, by employer; an employer not named counts as none."""
    past_employers: tuple[PastEmployer, ...] = ()
    """Employers worked for before."""
    days_since_last_placement: Count | None = None
    """Days without a placement; unknown is neutral."""
    rating: Annotated[float, Field(strict=True, ge=0, le=5)] | None = None
    """Rating by employers, 0 to 5; unknown is neutral."""
    priority_groups: tuple[Group, ...] = ()
    """Groups such as ``zero_employment_household``; count only where a market's policy opts in; protected
    ones are refused."""
    refused_employer_ids: tuple[Id, ...] = ()
    """Employers the worker will not work for; need not be hiring this morning."""
    preferred_employer_ids: tuple[Id, ...] = ()
    """Employers the worker would rather work for; need not be hiring this morning."""
    attributes: WorkerAttributes = Field(default_factory=dict)
    """Free attributes for a market's own rules and scorers; protected ones are refused."""

    @model_validator(mode="after")
    def _one_age_and_a_place(self) -> Self:
        rules = [
            (TWO_AGES.broken(self.birth_date is not None, self.age_years is not None), TWO_AGES.said),
            (NOWHERE.broken(self.home is None, self.station_id is None), NOWHERE.said),
        ]
        broken_rules(rules)
        return self


class Companions(Model):
    """Workers who go together or not at all, such as a mason and his helper, or a couple."""

    id: Id
    """Identifier, unique among companions."""
    worker_ids: Annotated[tuple[Id, ...], Field(min_length=2)]
    """Two or more workers, each of them in no other such group and with ``max_shifts`` 1."""
    together: Literal["shift", "crew"] = "shift"
    """``shift``: all of them to the same shift. ``crew``: each of them to a shift of the same crew."""


class _Party(Model):
    id: Id
    """Identifier, unique among its kind."""
    name: Text = ""
    """Name people read."""
    contact: Text = ""
    """How workers reach them, such as a telephone number."""
    licence: Text | None = None
    """Licence number, if there is one."""
    standing: Standing = "ok"
    """``arrears`` owes wages; ``suspended`` may not hire."""
    payment_punctuality: Share | None = None
    """Share of wages paid on time, 0 to 1; unknown is neutral."""
    refused_worker_ids: tuple[Id, ...] = ()
    """Workers refused; need not be here this morning."""


class Employer(_Party):
    """Somebody who offers shifts."""


class Broker(_Party):
    """A labour broker through whom shifts are offered; without a licence, kept out."""
