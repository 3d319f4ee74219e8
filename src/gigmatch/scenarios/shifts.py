"""Shifts of a sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from gigmatch.core.splitmix import SplitMix64
from gigmatch.model import CredentialRequirement, Pay, Period, Shift, SkillRequirement
from gigmatch.scenarios.places import Place, at, near
from gigmatch.scenarios.sample_spec import SampleSpec
from gigmatch.scenarios.trades import DAY, Work

__all__ = ["fresh_shifts", "parking_locks", "periods", "shifts"]


def shifts(
    rng: SplitMix64,
    spec: SampleSpec,
    seats: int,
    employer_ids: list[str],
    broker_ids: list[str],
    date: dt.date,
) -> tuple[Shift, ...]:
    """Those that are always there, and others until there are at least so many seats."""
    found = list(spec.offered)
    left = seats - sum(shift.headcount for shift in found)
    return (*found, *fresh_shifts(rng, spec, left, employer_ids, broker_ids, date, len(found) + 1))


def fresh_shifts(
    rng: SplitMix64,
    spec: SampleSpec,
    seats: int,
    employer_ids: list[str],
    broker_ids: list[str],
    date: dt.date,
    first: int = 1,
    prefix: str = "s-",
) -> Iterator[Shift]:
    """Shifts until there are at least so many seats, numbered from ``first``."""
    works = [(work, work.share) for work in spec.works]
    while seats > 0:
        work = rng.weighted(works)
        name = f"{prefix}{first:05d}-{work.name}"
        shift = _shift(rng, spec, name, work, employer_ids, broker_ids, date)
        yield shift
        seats, first = seats - shift.headcount, first + 1


def parking_locks(place: Place) -> Shift:
    """Two days, 420 yuan, labourers to fit parking locks, around the corner from the hall."""
    return Shift(
        id="parking-locks",
        employer_id="e-0001",
        broker_id="b-0001",
        location=at(place),
        periods=periods(8 * 60, 540, 60, (0, 1)),
        headcount=12,
        all_of=(SkillRequirement(skill="helper"),),
        pay=Pay(amount=420, unit="shift"),
        settlement="on_completion",
        outdoor=True,
    )


def _shift(
    rng: SplitMix64,
    spec: SampleSpec,
    identifier: str,
    work: Work,
    employer_ids: list[str],
    broker_ids: list[str],
    date: dt.date,
) -> Shift:
    by_month, by_day = work.unit == "month", work.unit == "day"
    return Shift(
        id=identifier,
        employer_id=rng.choice(employer_ids),
        broker_id=rng.choice(broker_ids) if rng.chance(spec.through_brokers) else None,
        **_place_and_time(rng, spec, work, date),
        headcount=rng.weighted(work.headcounts),
        all_of=(SkillRequirement(skill=work.skill, least_level=rng.weighted(((5, 78), (4, 17), (3, 5)))),),
        credentials=(CredentialRequirement(kind=work.credential),) if work.credential else (),
        settlement="monthly" if by_month else rng.weighted(spec.settlements),
        meals=True if work.board else rng.weighted(((None, 60), (True, 25), (False, 15))),
        lodging=True if work.board else None,
        insurance=rng.weighted(((None, 50), (True, 30), (False, 20))),
        outdoor=work.outdoor,
        hazards=work.hazards,
        min_age_years=18 if work.hazards or rng.chance(30) else None,
        max_age_years=rng.choice((50, 55, 60, 65)) if by_day and rng.chance(30) else None,
        priority_tier=_tier(rng, work),
    )


def _tier(rng: SplitMix64, work: Work) -> int:
    if work.skill == "elder_care":
        return rng.weighted(((2, 25), (5, 75)))
    return rng.weighted(((2, 1), (3, 3), (5, 92), (6, 4)))


def _place_and_time(rng: SplitMix64, spec: SampleSpec, work: Work, date: dt.date) -> dict[str, Any]:
    """Where, when, and the pay, which depends on the days."""
    if work.gaps:
        return _in_gaps(rng, spec, work)
    places = rng.weighted(spec.places)
    days = _days(rng, work, date)
    start = _clock(rng.choice(work.starts))
    amount = rng.between(*work.pay)
    pay = Pay(amount=amount, unit=work.unit)
    if len(days) > 1 and work.unit == "day" and rng.chance(50):
        pay = Pay(amount=amount * len(days), unit="shift")
    return {
        "location": at(near(rng, rng.choice(places), 6_000)),
        "periods": periods(start, work.minutes, work.break_min, days),
        "pay": pay,
    }


def _days(rng: SplitMix64, work: Work, date: dt.date) -> tuple[int, ...]:
    """Steady work is for the working days of a month or a week, the rest for a day or some days on end."""
    if work.weekdays_to:
        days = range(work.first_day, work.weekdays_to)
        return tuple(day for day in days if (date + dt.timedelta(day)).weekday() < 5)
    count = rng.weighted(work.days) if work.days else 1
    return tuple(range(work.first_day, work.first_day + count))


def _in_gaps(rng: SplitMix64, spec: SampleSpec, work: Work) -> dict[str, Any]:
    """Flexible work in the gaps of a day; by the piece, some twenty minutes each."""
    minutes = rng.choice((90, 120, 180))
    pieces = minutes // 20 if work.unit == "piece" else None
    return {
        "location": at(rng.choice(spec.gap_places)),
        "periods": tuple(
            Period(start_min=work.first_day * DAY + _clock(start), end_min=work.first_day * DAY + _clock(end))
            for start, end in work.gaps
        ),
        "attendance": "flexible",
        "min_minutes": minutes,
        "pay": Pay(amount=rng.between(*work.pay), unit=work.unit, expected_pieces=pieces),
    }


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def periods(start: int, minutes: int, break_min: int, days: Sequence[int]) -> tuple[Period, ...]:
    return tuple(
        Period(start_min=day * DAY + start, end_min=day * DAY + start + minutes, break_min=break_min)
        for day in days
    )
