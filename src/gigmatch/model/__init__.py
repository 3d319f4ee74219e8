"""What a user writes: the morning's workers, shifts and everybody else, as frozen pydantic models.

Conventions, once for the whole module:

* Times are minutes since the midnight that begins the morning's date, in the morning's time zone; 1440 and
  more is a later day, below 0 an earlier one. Text such as ``"08:30"`` or ``"32:00"`` (08:00 tomorrow) is
  read as minutes. Intervals are half-open.
* Minutes are those of the clock on the wall, counted from midnight. On a day when clocks change, the hour
  lost or gained is not counted: hours and pay follow the minutes given.
* A worker's ``commitments`` only take time: they count neither for rest nor for hours. A shift in the past
  is not refused.
* Money is in the morning's currency. Units stand in the field names.
* Skill and credential levels run from 5 (the lowest) to 1 (the highest).
* ``None`` means *unknown*, never zero; each rule and scorer says what it makes of it.
"""

from __future__ import annotations

from gigmatch.model.law import Jurisdiction, LegalLimit, ReferenceWage
from gigmatch.model.morning import SCHEMA_VERSION, Morning
from gigmatch.model.people import Broker, Employer, EmployerHours, PastEmployer, Worker
from gigmatch.model.places import Location, Market, Period, Station, TimeSpan
from gigmatch.model.skills import Credential, CredentialRequirement, Skill, SkillRequirement, WorkerSkill
from gigmatch.model.values import (
    MINUTES_PER_DAY,
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
    "Worker",
    "WorkerSkill",
]
