"""What a user writes: the morning's workers, shifts and everybody else, as frozen pydantic models.

Conventions, once for the whole module:

* Times are minutes of the clock on the wall since the midnight that begins the morning's date, in the
  morning's time zone; 1440 and more is a later day, below 0 an earlier one. Text such as ``"08:30"`` or
  ``"32:00"`` (08:00 tomorrow) is read as minutes. Intervals are half-open.
* What lasts is counted in minutes that pass: 22:00 to 30:00 is nine hours on a night on which clocks go back,
  seven on one on which they go forward. ``gigmatch.model.clock`` says what a time is that the clock shows
  twice (``"26:30B"`` is the second) or not at all.
* A worker's ``commitments`` only take time: they count neither for rest nor for hours. A shift in the past
  is not refused.
* Money is in the morning's currency. Units stand in the field names.
* Skill and credential levels run from 5 (the lowest) to 1 (the highest).
* ``None`` means *unknown*, never zero; each rule and scorer says what it makes of it.
"""

from __future__ import annotations

from gigmatch.model.clock import MINUTES_PER_DAY, WallClock
from gigmatch.model.law import Jurisdiction, LegalLimit, ReferenceWage
from gigmatch.model.morning import SCHEMA_VERSION, Morning
from gigmatch.model.people import Broker, Companions, Employer, EmployerHours, PastEmployer, Worker
from gigmatch.model.places import Location, Market, Period, Station, TimeSpan
from gigmatch.model.skills import Credential, CredentialRequirement, Skill, SkillRequirement, WorkerSkill
from gigmatch.model.values import (
    PROTECTED_ATTRIBUTES,
    Hazard,
    LimitKind,
    Mode,
    PayUnit,
    Settlement,
    Standing,
)
from gigmatch.model.work import Crew, Pay, Request, Shift

__all__ = [
    "MINUTES_PER_DAY",
    "PROTECTED_ATTRIBUTES",
    "SCHEMA_VERSION",
    "Broker",
    "Companions",
    "Credential",
    "CredentialRequirement",
    "Crew",
    "Employer",
    "EmployerHours",
    "Hazard",
    "Jurisdiction",
    "LegalLimit",
    "LimitKind",
    "Location",
    "Market",
    "Mode",
    "Morning",
    "PastEmployer",
    "Pay",
    "PayUnit",
    "Period",
    "ReferenceWage",
    "Request",
    "Settlement",
    "Shift",
    "Skill",
    "SkillRequirement",
    "Standing",
    "Station",
    "TimeSpan",
    "WallClock",
    "Worker",
    "WorkerSkill",
]
