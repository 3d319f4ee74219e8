"""Workers, employers and brokers of a sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from gigmatch.core.splitmix import SplitMix64
from gigmatch.model import (
    Broker,
    Credential,
    Employer,
    EmployerHours,
    PastEmployer,
    TimeSpan,
    Worker,
    WorkerSkill,
)
from gigmatch.scenarios.sample_spec import SampleSpec
from gigmatch.scenarios.trades import DATE, DAY, HOME_HOURS, Trade

__all__ = ["brokers", "day_windows", "employers", "li_shifu", "newcomers", "workers"]


def workers(rng: SplitMix64, spec: SampleSpec, count: int, employer_ids: list[str]) -> tuple[Worker, ...]:
    """Those whom everybody knows, and others."""
    return (*spec.known, *newcomers(rng, spec, len(spec.known) + 1, count, employer_ids))


def newcomers(
    rng: SplitMix64, spec: SampleSpec, first: int, last: int, employer_ids: list[str]
) -> Iterator[Worker]:
    """Worker number ``first`` up to number ``last``."""
    trades = [(trade, trade.share) for trade in spec.trades]
    for number in range(first, last + 1):
        yield _worker(rng, spec, f"w-{number:06d}", rng.weighted(trades), employer_ids)


def li_shifu() -> Worker:
    """The man of the newspaper: he has just unloaded parcels all night, and will go for two days."""
    return Worker(
        id="li-shifu",
        station_id="hall",
        skills=(WorkerSkill(skill="helper", level=4), WorkerSkill(skill="loading", level=4)),
        arrived_at_min="05:30",
        windows=_days_free(2),  # the nights are for sleeping, after this one
        age_years=45,
        pay_floor_per_day=180,
        wanted_settlement="same_day",
        travel_mode="walk",
        travel_limit_min=30,
        last_shift_end_min="05:20",
        past_employers=(PastEmployer(employer_id="e-0001", shifts=12, praise=True),),
        preferred_employer_ids=("e-0001",),
        days_since_last_placement=0,
        rating=4.9,
    )


def _days_free(days: int) -> tuple[TimeSpan, ...]:
    return tuple(TimeSpan(start_min=day * DAY + 330, end_min=day * DAY + 1200) for day in range(days))


def _worker(
    rng: SplitMix64, spec: SampleSpec, identifier: str, trade: Trade, employer_ids: list[str]
) -> Worker:
    at_home = trade.code == "nail_sets"
    return Worker(
        id=identifier,
        **spec.whereabouts(rng, at_home),
        skills=_skills(rng, spec, trade),
        credentials=_credentials(rng, trade.code),
        windows=_home_windows(rng) if at_home else spec.windows(rng, trade.code),
        **_age(rng),
        **_floors(rng, trade, at_home),
        wanted_settlement=rng.weighted(spec.wanted),
        insured=rng.weighted(((None, 70), (True, 10), (False, 20))),
        insurance_required=rng.chance(15),
        **_week(rng, spec, trade.code, employer_ids),
        **_history(rng, employer_ids),
        **(_day(rng) if spec.several and rng.chance(spec.several) else {}),
    )


def _day(rng: SplitMix64) -> dict[str, Any]:
    """How many shifts, what there is to be between them, and how much is enough."""
    return {
        "max_shifts": rng.weighted(((2, 75), (3, 25))),
        "least_break_min": rng.weighted(((0, 40), (15, 20), (30, 40))),
        "max_hours_today": rng.weighted(((None, 30), (10, 40), (12, 30))),
    }


def _skills(rng: SplitMix64, spec: SampleSpec, trade: Trade) -> tuple[WorkerSkill, ...]:
    codes = [trade.code]
    if trade.code in spec.crafts and rng.chance(25):
        codes.append(rng.choice([code for code in spec.crafts if code not in ("plumber", trade.code)]))
    if trade.code == "nail_sets" and rng.chance(40):
        codes.append("cleaning")
    levels = ((None, 35), (5, 25), (4, 22), (3, 14), (2, 4))
    return tuple(WorkerSkill(skill=code, level=rng.weighted(levels)) for code in codes)


def _credentials(rng: SplitMix64, trade: str) -> tuple[Credential, ...]:
    if trade == "electrician" and rng.chance(85):
        return (_electrician(rng),)
    if trade in ("elder_care", "catering") and rng.chance(85):
        return (Credential(kind="health", valid_to=_after(rng.between(-60, 365))),)
    return ()


def _electrician(rng: SplitMix64) -> Credential:
    """Six years, with a review after three; one in eight has let the review pass, one in twelve the end."""
    expired, unreviewed = rng.below(12) == 0, rng.below(8) == 0
    left = -rng.between(1, 300) if expired else rng.between(30, 2190)
    review = -rng.between(1, 200) if unreviewed else rng.between(20, 1095)
    return Credential(
        kind="electrician",
        level=rng.weighted(((None, 30), (5, 30), (4, 25), (3, 15))),
        valid_to=_after(left),
        review_due=_after(review),
    )


def _after(days: int) -> dt.date:
    return DATE + dt.timedelta(days)


def day_windows(rng: SplitMix64, trade: str) -> tuple[TimeSpan, ...]:
    """Nothing said, today only, or some days on end; carers may be free for weeks."""
    if rng.chance(15) or (trade == "elder_care" and rng.chance(50)):
        return ()
    start = rng.between(5 * 60, 7 * 60, 30)
    if rng.chance(40):
        return (TimeSpan(start_min=start, end_min=rng.between(3, 5) * DAY),)
    return (TimeSpan(start_min=start, end_min=rng.between(18 * 60, 23 * 60, 30)),)


def _home_windows(rng: SplitMix64) -> tuple[TimeSpan, ...]:
    """Two or three of the gaps that housework leaves, a little longer or shorter."""
    left_out = rng.below(4)
    return tuple(
        TimeSpan(start_min=f"{start[:2]}:{rng.choice(('00', '15', '30'))}", end_min=end)
        for index, (start, end) in enumerate(HOME_HOURS)
        if index != left_out
    )


def _age(rng: SplitMix64) -> dict[str, Any]:
    bands = (((17, 17), 1), ((18, 29), 12), ((30, 39), 25), ((40, 49), 30), ((50, 59), 24), ((60, 68), 8))
    years = rng.between(*rng.weighted(bands))
    known = rng.below(10)
    if known < 7:
        birth = dt.date(DATE.year - years, DATE.month, DATE.day) - dt.timedelta(rng.below(365))
        return {"birth_date": birth}
    return {"age_years": years} if known == 7 else {}


def _floors(rng: SplitMix64, trade: Trade, at_home: bool) -> dict[str, Any]:
    """The least the worker accepts: below the going wage, by the day or the hour, or unsaid."""
    if rng.chance(20):
        return {}
    percent = rng.between(70, 100)
    if at_home:
        return {"pay_floor_per_hour": rng.between(10, 18)}
    if rng.chance(10):
        return {"pay_floor_per_hour": max(12, trade.wage[0] * percent // 1000)}  # a day of ten hours
    return {"pay_floor_per_day": trade.wage[0] * percent // 1000 * 10}


def _week(rng: SplitMix64, spec: SampleSpec, trade: str, employer_ids: list[str]) -> dict[str, Any]:
    """The week so far: hours by employer, and for some a night that has only just ended."""
    names = sorted({rng.choice(employer_ids) for _ in range(rng.below(3))})
    hours = [EmployerHours(employer_id=name, hours=rng.between(4, 20)) for name in names]
    worked = sum(entry.hours for entry in hours)
    found: dict[str, Any] = {"hours_by_employer": tuple(hours)}
    if rng.chance(70):
        found["hours_this_week"] = worked + rng.weighted(((0, 60), (4, 20), (8, 15), (16, 5)))
    if trade in ("helper", "loading", "sorting") and rng.chance(spec.from_the_night):
        found["last_shift_end_min"] = rng.between(0, 5 * 60 + 40, 10)
    elif rng.chance(50):
        found["last_shift_end_min"] = rng.between(16 * 60, 20 * 60, 30) - DAY
    return found


def _history(rng: SplitMix64, employer_ids: list[str]) -> dict[str, Any]:
    """What employers and workers think of each other, and how long the worker has waited."""
    known = sorted(
        {rng.choice(employer_ids) for _ in range(rng.weighted(((0, 40), (1, 30), (2, 20), (4, 10))))}
    )
    praise = ((True, 35), (False, 5), (None, 60))
    groups = ("zero_employment_household", "low_income_household", "newly_hired_carer")
    return {
        "past_employers": tuple(
            PastEmployer(employer_id=name, shifts=rng.between(1, 20), praise=rng.weighted(praise))
            for name in known
        ),
        "rating": rng.between(30, 50) / 10 if known and rng.chance(60) else None,
        "days_since_last_placement": rng.weighted(
            ((0, 30), (1, 25), (2, 12), (4, 8), (9, 4), (30, 1), (None, 20))
        ),
        "priority_groups": (rng.choice(groups),) if rng.chance(4) else (),
        "refused_employer_ids": (rng.choice(employer_ids),) if rng.chance(5) else (),
        "preferred_employer_ids": (rng.choice(known),) if known and rng.chance(25) else (),
    }


def employers(rng: SplitMix64, ids: list[str], workers: int) -> tuple[Employer, ...]:
    return tuple(
        Employer(
            id=identifier,
            name=f"样例用工单位{index:04d}",
            standing={5: "arrears", 41: "arrears", 9: "suspended"}.get(index % 60, "ok"),
            payment_punctuality=rng.between(60, 100) / 100 if rng.chance(70) else None,
            refused_worker_ids=(f"w-{rng.between(2, workers):06d}",) if rng.chance(10) else (),
        )
        for index, identifier in enumerate(ids, start=1)
    )


def brokers(rng: SplitMix64, ids: list[str]) -> tuple[Broker, ...]:
    """In every dozen one broker without a licence and one suspended."""
    return tuple(
        Broker(
            id=identifier,
            licence=None if index % 12 == 3 else f"sample-{index:04d}",
            standing="suspended" if index % 12 == 8 else "ok",
            payment_punctuality=rng.between(80, 100) / 100 if rng.chance(50) else None,
        )
        for index, identifier in enumerate(ids, start=1)
    )
