"""Shifts of a sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gigmatch.model import CredentialRequirement, Pay, Period, Shift, SkillRequirement
from gigmatch.samples.dice import Dice
from gigmatch.samples.places import AROUND, CAR_PARK, DISTRICT, FAR, STATIONS, at, near
from gigmatch.samples.trades import DAY, HOME_HOURS, LIVE_IN_DAYS, SETTLEMENTS, TRADES_BY_DAYS, WORKS, Work

__all__ = ["shifts"]


def shifts(dice: Dice, seats: int, employer_ids: list[str], broker_ids: list[str]) -> tuple[Shift, ...]:
    """Shifts until there are at least so many seats."""
    shifts = [_parking_locks(), _storm_drain(), _chimney_repair()]
    left = seats - sum(shift.headcount for shift in shifts)
    works = [(work, work.share) for work in WORKS]
    while left > 0:
        work = dice.weighted(works)
        shifts.append(_shift(dice, f"s-{len(shifts) + 1:05d}-{work.name}", work, employer_ids, broker_ids))
        left -= shifts[-1].headcount
    return tuple(shifts)


def _parking_locks() -> Shift:
    """Two days, 420 yuan, labourers to fit parking locks, in a car park around the corner from the hall."""
    return Shift(
        id="parking-locks",
        employer_id="e-0001",
        broker_id="b-0001",
        location=at(CAR_PARK),
        periods=_periods(8 * 60, 540, 60, (0, 1)),
        headcount=12,
        all_of=(SkillRequirement(skill="helper"),),
        pay=Pay(amount=420, unit="shift"),
        settlement="on_completion",
        outdoor=True,
    )


def _storm_drain() -> Shift:
    """After the rain of the night: plumbers or masons, at once."""
    return Shift(
        id="storm-drain",
        employer_id="e-0002",
        location=at(DISTRICT[8]),
        periods=_periods(7 * 60 + 30, 600, 60, (0,)),
        headcount=3,
        any_of=(SkillRequirement(skill="plumber"), SkillRequirement(skill="mason")),
        pay=Pay(amount=400, unit="day"),
        settlement="same_day",
        outdoor=True,
        hazards=("confined",),
        min_age_years=18,
        priority_tier=1,
    )


def _chimney_repair() -> Shift:
    """Asks for a certificate that nobody in this morning holds."""
    return Shift(
        id="chimney-repair",
        employer_id="e-0003",
        location=at(DISTRICT[6]),
        periods=_periods(8 * 60, 540, 60, (0,)),
        all_of=(SkillRequirement(skill="mason", least_level=1),),
        credentials=(CredentialRequirement(kind="work_at_height"),),
        pay=Pay(amount=600, unit="day"),
        settlement="same_day",
        outdoor=True,
        hazards=("height",),
    )


def _shift(dice: Dice, identifier: str, work: Work, employer_ids: list[str], broker_ids: list[str]) -> Shift:
    live_in, by_day = work.unit == "month", work.unit == "day"
    return Shift(
        id=identifier,
        employer_id=dice.choice(employer_ids),
        broker_id=dice.choice(broker_ids) if dice.chance(45) else None,
        **_place_and_time(dice, work),
        headcount=dice.weighted(work.headcounts),
        all_of=(SkillRequirement(skill=work.skill, least_level=dice.weighted(((5, 78), (4, 17), (3, 5)))),),
        credentials=(CredentialRequirement(kind=work.credential),) if work.credential else (),
        settlement="monthly" if live_in else dice.weighted(SETTLEMENTS),
        meals=True if live_in else dice.weighted(((None, 60), (True, 25), (False, 15))),
        lodging=True if live_in else None,
        insurance=dice.weighted(((None, 50), (True, 30), (False, 20))),
        outdoor=work.outdoor,
        hazards=work.hazards,
        min_age_years=18 if work.hazards or dice.chance(30) else None,
        max_age_years=dice.choice((50, 55, 60, 65)) if by_day and dice.chance(30) else None,
        priority_tier=_tier(dice, work),
    )


def _tier(dice: Dice, work: Work) -> int:
    if work.skill == "elder_care":
        return dice.weighted(((2, 25), (5, 75)))
    return dice.weighted(((2, 1), (3, 3), (5, 92), (6, 4)))


def _place_and_time(dice: Dice, work: Work) -> dict[str, Any]:
    """Where, when, and the pay, which depends on the days."""
    if work.unit == "piece":
        return _nail_sets(dice, work)
    places = dice.weighted(((DISTRICT, 62), (AROUND, 34), (FAR, 4)))
    days = _days(dice, work)
    hours, minutes = dice.choice(work.starts).split(":")
    amount = dice.between(*work.pay)
    pay = Pay(amount=amount, unit=work.unit)
    if len(days) > 1 and work.unit == "day" and dice.chance(50):
        pay = Pay(amount=amount * len(days), unit="shift")
    return {
        "location": at(near(dice, dice.choice(places), 6_000)),
        "periods": _periods(int(hours) * 60 + int(minutes), work.minutes, work.break_min, days),
        "pay": pay,
    }


def _days(dice: Dice, work: Work) -> tuple[int, ...]:
    """Live-in work is for a month; craftsmen are often asked for two or three days."""
    if work.unit == "month":
        return LIVE_IN_DAYS
    return tuple(range(dice.weighted(((1, 82), (2, 13), (3, 5))) if work.skill in TRADES_BY_DAYS else 1))


def _nail_sets(dice: Dice, work: Work) -> dict[str, Any]:
    """Piece work at a street station in the gaps of the day, some twenty minutes a set."""
    minutes = dice.choice((90, 120, 180))
    return {
        "location": at(dice.choice(STATIONS)[1]),
        "periods": tuple(Period(start_min=start, end_min=end) for start, end in HOME_HOURS),
        "attendance": "flexible",
        "min_minutes": minutes,
        "pay": Pay(amount=dice.between(*work.pay), unit="piece", expected_pieces=minutes // 20),
    }


def _periods(start: int, minutes: int, break_min: int, days: Sequence[int]) -> tuple[Period, ...]:
    return tuple(
        Period(start_min=day * DAY + start, end_min=day * DAY + start + minutes, break_min=break_min)
        for day in days
    )
