"""The morning as rows of numbers: what is left once names are numbered, and all that compiling looks at.

Both ways in lead here, the one from a `Morning` and the one from tables. Row i of every worker array is
``workers.ids()[i]``, in order of arrival, unknown arrivals last, then of id; row j of every shift array is
``shifts.ids()[j]``, in order of id; so are employers and brokers. Rows of a relation stand in any order
unless their docstring says which. Everything is checked before it comes here, and every time is in minutes
that pass since the morning's midnight, not in those of the clock on the wall.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns.labels import Labels
from gigmatch.core.arrays import BoolArray, Float64Array, Int64Array
from gigmatch.i18n import Told
from gigmatch.model import LegalLimit, WallClock

__all__ = ["Asked", "GoTogether", "Held", "Links", "Places", "Rows", "ShiftRows", "Times", "WorkerRows"]

Codes = NDArray[np.int8]
Days = NDArray[np.datetime64]


class Places(NamedTuple):
    """Points on the map."""

    lat: Float64Array
    lon: Float64Array
    datum: Codes
    """Positions in ``DATUMS``."""


class Times(NamedTuple):
    """Intervals, each of one worker or shift."""

    row: Int64Array
    start: Int64Array
    end: Int64Array


class Held(NamedTuple):
    """Skills or credentials of workers."""

    row: Int64Array
    what: Int64Array
    """Row of the skill in ``Rows.skill_codes``, or position of the kind in ``Rows.kinds``; -1 for others."""
    level: Int64Array
    """5 (lowest) to 1."""


class Asked(NamedTuple):
    """Skills or credentials that shifts ask for; each shift's in its own order, the leading one first."""

    row: Int64Array
    what: Int64Array
    """As in `Held`, without -1."""
    level: Int64Array


class GoTogether(NamedTuple):
    """Who goes together with others."""

    row: Int64Array
    """Row of each worker who does; -1 for workers who are not here."""
    group: Int64Array
    """Number of the group, in order of the groups' ids."""
    in_crew: BoolArray
    """Whether each group goes to one crew; else to one shift."""


class Links(NamedTuple):
    """What is known between workers and employers or brokers."""

    worker: Int64Array
    """Row of the worker; -1 for workers who are not here."""
    other: Int64Array
    """Row of the employer or broker; -1 likewise."""
    value: Float64Array


NO_LINKS = Links(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


class WorkerRows(NamedTuple):
    """Workers and what belongs to them."""

    ids: Callable[[], tuple[str, ...]]
    """Gives them; a million texts take their time, in which other threads compile the rest."""
    plain: Mapping[str, NDArray[Any]]
    """The arrays of ``WorkerColumns`` that need no more work, by name."""
    places: Places
    birth_date: Days
    """NaT unknown."""
    age_years: Float64Array
    hours_this_week: Float64Array
    """As stated; NaN unknown."""
    windows: Times
    commitments: Times
    skills: Held
    credentials: Held
    level_known: BoolArray
    """Whether the level of each credential is; the others count as 5."""
    valid_to: Days
    """Last day of validity of each credential; NaT none known."""
    review_due: Days
    """Day by which each credential must be reviewed; NaT none."""
    group_names: tuple[str, ...]
    """Sorted."""
    group_row: Int64Array
    group: Int64Array
    """Position in ``group_names`` of the group that worker ``group_row`` is in."""
    companions: GoTogether
    attributes: Mapping[str, NDArray[np.object_]]

    @property
    def n(self) -> int:
        """How many workers there are."""
        return len(self.places.lat)


class ShiftRows(NamedTuple):
    """Shifts and what belongs to them."""

    ids: Callable[[], tuple[str, ...]]
    plain: Mapping[str, NDArray[Any]]
    """The arrays of ``ShiftColumns`` that need no more work, by name."""
    places: Places
    periods: Times
    """At least one each, in no order."""
    break_min: Int64Array
    """Of each period."""
    min_minutes: Int64Array
    """Minutes a flexible shift asks for; 0 for a fixed one."""
    pay_amount: Float64Array
    pay_unit: Codes
    """Position in ``PAY_UNITS``."""
    pieces: Int64Array
    """0 for other units."""
    hazard_row: Int64Array
    hazard: Int64Array
    """Position in ``HAZARDS`` of the hazard of shift ``hazard_row``."""
    crew: Int64Array
    """Numbers in order of the crews' ids, with or without gaps; -1 none."""
    minimum_headcount: Int64Array
    """As stated; 0 unset."""
    all_of: Asked
    any_of: Asked
    credentials: Asked
    attributes: Mapping[str, NDArray[np.object_]]

    @property
    def n(self) -> int:
        """How many shifts there are."""
        return len(self.places.lat)


class Rows(NamedTuple):
    """A whole morning."""

    clock: WallClock
    currency: str
    market_insurance: bool
    arrivals_bind: bool
    limits: tuple[LegalLimit, ...]
    """Every legal limit, in force or not."""
    skill_codes: tuple[str, ...]
    """Every skill of the morning, in any order."""
    covers: tuple[Int64Array, Int64Array]
    """Rows of skills, and of a skill that each covers."""
    wages: Float64Array
    """Going wage of each skill, NaN without one."""
    kinds: tuple[str, ...]
    """Kinds of credential that some shift asks for, sorted."""
    workers: WorkerRows
    shifts: ShiftRows
    employer_ids: tuple[str, ...]
    employer_standing: Codes
    employer_punctuality: Float64Array
    broker_ids: tuple[str, ...]
    broker_standing: Codes
    broker_licensed: BoolArray
    hours: Links
    """Hours worked this week."""
    past: Links
    """Employers worked for: 1 praised, 0 complained of, 2 neither known."""
    preferred: Links
    refused_by_worker: Links
    refused_by_employer: Links
    refused_by_broker: Links
    requested_shifts: Links = NO_LINKS
    """Workers asked for by name; the others are shifts."""
    requested_employers: Links = NO_LINKS
    """Workers asked for by name, by employers for any of their shifts."""
    labels: Labels | None = None
    """What people read of the rows."""
    notes: tuple[Told, ...] = ()
    """What looks wrong, and is taken as it is."""

    @property
    def date(self) -> dt.date:
        """The morning's date."""
        return self.clock.date
