"""Every default rule once more, for one pair and straight from the model; what a remedy does to a morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from itertools import count, pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any
from zoneinfo import ZoneInfo

from gigmatch.model import (
    Credential,
    Location,
    Morning,
    Pay,
    Period,
    Shift,
    TimeSpan,
    Worker,
    WorkerSkill,
)
from gigmatch.model.clock import SecondTime
from gigmatch.model.pay import PAID_DAYS_PER_MONTH, pay_rates
from tests.conftest import changed

SPEED_KMH = {"walk": 4.8, "cycle": 14.0, "transit": 20.0, "drive": 28.0}
START_MIN = {"walk": 0.0, "cycle": 2.0, "transit": 10.0, "drive": 5.0}


DAY = dt.timedelta(1)
CEILINGS = ("max_hours_per_day", "max_hours_per_week", "max_hours_per_week_per_employer", "over_age_years")


def midnight(morning: Morning) -> dt.datetime:
    """The midnight that begins the morning's date."""
    return dt.datetime.combine(morning.date, dt.time(), ZoneInfo(morning.time_zone))


def real(morning: Morning, minute: int) -> int:
    """Minutes that pass until the clock shows a time, as Python's own time zones have it."""
    wall = midnight(morning).replace(tzinfo=None) + dt.timedelta(minutes=minute)
    moment = wall.replace(tzinfo=ZoneInfo(morning.time_zone), fold=isinstance(minute, SecondTime))
    return round(moment.timestamp() - midnight(morning).timestamp()) // 60


def wall(morning: Morning, passed: int) -> dt.datetime:
    """What the clock shows after some minutes."""
    moment = midnight(morning).timestamp() + 60 * passed
    return dt.datetime.fromtimestamp(moment, ZoneInfo(morning.time_zone)).replace(tzinfo=None)


def days_of_work(morning: Morning, shift: Shift) -> list[tuple[dt.date, int, int, Fraction]]:
    """Of each day of work: date, beginning, end and minutes worked."""
    spans: list[list[int]] = []
    for period in sorted(shift.periods, key=lambda p: real(morning, p.start_min)):
        start, end = real(morning, period.start_min), real(morning, period.end_min)
        if spans and spans[-1][1] == start:
            spans[-1] = [spans[-1][0], end, spans[-1][2] + period.break_min]
        else:
            spans.append([start, end, period.break_min])
    found: dict[dt.date, tuple[int, int, Fraction]] = {}
    for start, end, rest in spans:
        begins, at = wall(morning, start), start
        worked = Fraction(end - start - rest, end - start)
        for k in count(1):
            until = midnight(morning).replace(tzinfo=None)
            until = min(end, real(morning, (begins + k * DAY - until) // dt.timedelta(minutes=1)))
            day = begins.date() + (k - 1) * DAY
            first, _, minutes = found.get(day, (at, at, Fraction(0)))
            found[day] = first, until, minutes + worked * (until - at)
            at = until
            if at >= end:
                break
    return [(day, *found[day]) for day in sorted(found)]


def limit(morning: Morning, kind: Any, shift: Shift) -> float | None:
    """The legal limit in force on the days of work, the strictest."""
    first, *_, last = [day for day, *_ in days_of_work(morning, shift)] * 2
    days = [first + n * DAY for n in range((last - first).days + 1)]
    found = [x.value for day in days if (x := morning.jurisdiction.limit(kind, day))]
    return (min if kind in CEILINGS else max)(found, default=None)


def employer(morning: Morning, shift: Shift) -> Any:
    return next(e for e in morning.employers if e.id == shift.employer_id)


def broker(morning: Morning, shift: Shift) -> Any:
    return next((b for b in morning.brokers if b.id == shift.broker_id), None)


def given_by(morning: Morning, code: str) -> set[str]:
    """A skill and all it covers, however far."""
    covers = {skill.code: skill.covers for skill in morning.skills}
    found = {code}
    for _ in morning.skills:
        found |= {covered for known in found for covered in covers[known]}
    return found


def meets(morning: Morning, worker: Worker, need: Any) -> bool:
    return any(
        need.skill in given_by(morning, has.skill) and (has.level or 5) <= need.least_level
        for has in worker.skills
    )


def skill(morning: Morning, worker: Worker, shift: Shift) -> bool:
    every = all(meets(morning, worker, need) for need in shift.all_of)
    return every and (not shift.any_of or any(meets(morning, worker, need) for need in shift.any_of))


def credential(morning: Morning, worker: Worker, shift: Shift) -> bool:
    day = wall(morning, max(real(morning, period.end_min) for period in shift.periods) - 1).date()

    def valid(held: Credential) -> bool:
        return (held.valid_to is None or held.valid_to >= day) and (
            held.review_due is None or held.review_due >= day
        )

    return all(
        any(
            held.kind == need.kind and (held.level or 5) <= need.least_level and valid(held)
            for held in worker.credentials
        )
        for need in shift.credentials
    )


def minutes_of(morning: Morning, spans: Any) -> set[int]:
    bounds = [(real(morning, span.start_min), real(morning, span.end_min)) for span in spans]
    return {minute for start, end in bounds for minute in range(start, end)}


def free_minutes(morning: Morning, worker: Worker, shift: Shift) -> set[int]:
    free = minutes_of(morning, shift.periods) - minutes_of(morning, worker.commitments)
    if worker.windows:
        free &= minutes_of(morning, worker.windows)
    if worker.last_shift_end_min is not None:
        free = {minute for minute in free if minute >= real(morning, worker.last_shift_end_min)}
    return free


def availability(morning: Morning, worker: Worker, shift: Shift) -> bool:
    inside, free = minutes_of(morning, shift.periods), free_minutes(morning, worker, shift)
    return free == inside if shift.attendance == "fixed" else len(free) >= (shift.min_minutes or 0)


def arrival(morning: Morning, worker: Worker, shift: Shift) -> bool:
    if worker.arrived_at_min is None or not morning.arrivals_bind:
        return True
    arrived = real(morning, worker.arrived_at_min)
    if min(real(morning, period.start_min) for period in shift.periods) >= arrived:
        return True
    left = [minute for minute in free_minutes(morning, worker, shift) if minute >= arrived]
    return shift.attendance == "flexible" and len(left) >= (shift.min_minutes or 0)


def haversine_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres on the mean sphere between two points in degrees."""
    (lat_a, lon_a), (lat_b, lon_b) = ([radians(x) for x in point] for point in (a, b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6_371_008.8 * asin(min(1.0, sqrt(h)))


def place(morning: Morning, worker: Worker) -> Location:
    stations = {station.id: station.location for station in (morning.market, *morning.market.stations)}
    return worker.home or stations[worker.station_id]


def chord_m(morning: Morning, worker: Worker, shift: Shift) -> float:
    arc = haversine_m(place(morning, worker).wgs84(), shift.location.wgs84()) / 6_371_008.8
    return 2 * 6_371_008.8 * sin(arc / 2)


def minutes(morning: Morning, worker: Worker, shift: Shift) -> float:
    mode = worker.travel_mode
    return START_MIN[mode] + 1.3 * chord_m(morning, worker, shift) / (SPEED_KMH[mode] * 1000 / 60)


def reach(morning: Morning, worker: Worker, shift: Shift) -> bool:
    return worker.travel_limit_min is None or minutes(morning, worker, shift) <= worker.travel_limit_min


def long_way(morning: Morning, worker: Worker, shift: Shift) -> bool:
    return minutes(morning, worker, shift) <= 180


def pay(morning: Morning, shift: Shift) -> Any:
    found = morning.jurisdiction.limit("paid_days_per_month", days_of_work(morning, shift)[0][0])
    return pay_rates(shift, found.value if found else PAID_DAYS_PER_MONTH, morning.clock)


def pay_floor(morning: Morning, worker: Worker, shift: Shift) -> bool:
    paid = pay(morning, shift)
    return paid.per_hour >= (worker.pay_floor_per_hour or 0) and paid.per_day >= (
        worker.pay_floor_per_day or 0
    )


def refused(morning: Morning, worker: Worker, shift: Shift) -> bool:
    by = broker(morning, shift)
    return not (
        shift.employer_id in worker.refused_employer_ids
        or worker.id in employer(morning, shift).refused_worker_ids
        or (by is not None and worker.id in by.refused_worker_ids)
    )


def employer_standing(morning: Morning, worker: Worker, shift: Shift) -> bool:
    return employer(morning, shift).standing == "ok"


def broker_standing(morning: Morning, worker: Worker, shift: Shift) -> bool:
    by = broker(morning, shift)
    return by is None or (bool(by.licence) and by.standing == "ok")


def covered(morning: Morning, worker: Worker, shift: Shift) -> bool:
    return morning.market_insurance or shift.insurance is True or worker.insured is True


def insurance(morning: Morning, worker: Worker, shift: Shift) -> bool:
    return not worker.insurance_required or covered(morning, worker, shift)


def age(worker: Worker, day: dt.date) -> int | None:
    if worker.birth_date is None:
        return worker.age_years
    had_it = (day.month, day.day) >= (worker.birth_date.month, worker.birth_date.day)
    return day.year - worker.birth_date.year - (not had_it)


def first_age(morning: Morning, worker: Worker, shift: Shift) -> int | None:
    return age(worker, days_of_work(morning, shift)[0][0])


def last_age(morning: Morning, worker: Worker, shift: Shift) -> int | None:
    return age(worker, days_of_work(morning, shift)[-1][0])


def age_bounds(morning: Morning, worker: Worker, shift: Shift) -> bool:
    first, last = first_age(morning, worker, shift), last_age(morning, worker, shift)
    least, most = shift.min_age_years, shift.max_age_years
    return first is None or ((least is None or first >= least) and (most is None or last <= most))


def minimum_age(morning: Morning, worker: Worker, shift: Shift) -> bool:
    years, least = first_age(morning, worker, shift), limit(morning, "minimum_age_years", shift)
    return years is None or least is None or years >= least


def youth_protection(morning: Morning, worker: Worker, shift: Shift) -> bool:
    years, adult = first_age(morning, worker, shift), limit(morning, "youth_age_years", shift)
    return years is None or adult is None or years >= adult or not shift.hazards


def longest_day(morning: Morning, shift: Shift) -> float:
    days = days_of_work(morning, shift)
    if shift.min_minutes is not None:
        return shift.min_minutes / (60 * len(days))
    return float(max(minutes for *_, minutes in days) / 60)


def over_age_protection(morning: Morning, worker: Worker, shift: Shift) -> bool:
    years, old = last_age(morning, worker, shift), limit(morning, "over_age_years", shift)
    if years is None or old is None or years < old:
        return True
    most = limit(morning, "max_hours_per_day", shift)
    overtime = longest_day(morning, shift) > (8 if most is None else most)
    return not shift.hazards and not overtime and covered(morning, worker, shift)


def minimum_wage(morning: Morning, worker: Worker, shift: Shift) -> bool:
    least = limit(morning, "minimum_wage_per_hour", shift)
    part_time = limit(morning, "minimum_wage_per_hour_part_time", shift)
    has_its_own = longest_day(morning, shift) <= 4 and part_time is not None
    return least is None or has_its_own or pay(morning, shift).per_hour >= least


def minimum_wage_part_time(morning: Morning, worker: Worker, shift: Shift) -> bool:
    least = limit(morning, "minimum_wage_per_hour_part_time", shift)
    return least is None or longest_day(morning, shift) > 4 or pay(morning, shift).per_hour >= least


def rest(morning: Morning, worker: Worker, shift: Shift) -> bool:
    least = limit(morning, "min_rest_hours", shift)
    if least is None:
        return True
    days = days_of_work(morning, shift)
    rests = [after[1] - before[2] for before, after in pairwise(days) if shift.attendance == "fixed"]
    if worker.last_shift_end_min is not None:
        rests.append(days[0][1] - real(morning, worker.last_shift_end_min))
    return all(minutes >= least * 60 for minutes in rests)


def daily_hours(morning: Morning, worker: Worker, shift: Shift) -> bool:
    most = limit(morning, "max_hours_per_day", shift)
    return most is None or longest_day(morning, shift) <= most


def hours_today(morning: Morning, worker: Worker, shift: Shift) -> bool:
    days = days_of_work(morning, shift)
    today = sum((minutes for day, *_, minutes in days if day == morning.date), Fraction(0)) / 60
    if shift.min_minutes is not None and today:
        today = Fraction(shift.min_minutes, 60 * len({day for day, *_ in days}))
    return within(worker.max_hours_today, [], today)


def hours_in_week(morning: Morning, shift: Shift) -> Fraction:
    """Paid hours of the days in the morning's week or before it."""
    week = morning.date.isocalendar()[:2]
    days = days_of_work(morning, shift)
    inside = sum((minutes for day, *_, minutes in days if day.isocalendar()[:2] <= week), Fraction(0)) / 60
    if shift.min_minutes is None:
        return inside
    return shift.min_minutes * inside / sum(minutes for *_, minutes in days)


def within(most: float | None, worked: Sequence[float], hours: Fraction) -> bool:
    """Whether hours as they are written stay within a limit, but for what is less than a second."""
    total = sum(map(Fraction, map(str, worked)), hours)
    return most is None or total <= Fraction(str(most)) + Fraction(1, 3600)


def weekly_hours(morning: Morning, worker: Worker, shift: Shift) -> bool:
    worked = [row.hours for row in worker.hours_by_employer]
    if worker.hours_this_week is not None:
        worked = [worker.hours_this_week]
    return within(limit(morning, "max_hours_per_week", shift), worked, hours_in_week(morning, shift))


def weekly_hours_per_employer(morning: Morning, worker: Worker, shift: Shift) -> bool:
    worked = [row.hours for row in worker.hours_by_employer if row.employer_id == shift.employer_id]
    most = limit(morning, "max_hours_per_week_per_employer", shift)
    return within(most, worked, hours_in_week(morning, shift))


ORACLES = {
    oracle.__name__: oracle
    for oracle in (
        skill,
        credential,
        availability,
        arrival,
        reach,
        pay_floor,
        refused,
        employer_standing,
        broker_standing,
        insurance,
        age_bounds,
        minimum_age,
        youth_protection,
        over_age_protection,
        minimum_wage,
        minimum_wage_part_time,
        rest,
        hours_today,
        daily_hours,
        weekly_hours,
        weekly_hours_per_employer,
        long_way,
    )
}


def made_good(held: tuple[Credential, ...], needed: dict[str, Any]) -> tuple[Credential, ...]:
    """Credentials after one has been got, or the one that needs least renewed, reviewed, raised, entered."""
    day, level = dt.date.fromisoformat(needed["valid_to"]), needed["level"]
    if needed["lacks"] == ["certificate"]:
        assert all(one.kind != needed["kind"] for one in held)
        return (*held, Credential(kind=needed["kind"], level=level, valid_to=day))

    def fields(one: Credential) -> dict[str, Any]:
        new: dict[str, Any] = {}
        if "validity" in needed["lacks"] and one.valid_to and one.valid_to < day:
            new["valid_to"] = day
        if "review" in needed["lacks"] and one.review_due and one.review_due < day:
            new["review_due"] = day
        wrong = "known_level" if one.level is None else "level"
        if wrong in needed["lacks"] and (one.level or 5) > level:
            new["level"] = level
        return new

    better = [changed(one, **fields(one)) for one in held]
    at = next(
        k
        for k, one in enumerate(better)
        if one.kind == needed["kind"]
        and len(fields(held[k])) == len(needed["lacks"])
        and (one.level or 5) <= level
        and min(one.valid_to or day, one.review_due or day) >= day
    )
    return (*held[:at], better[at], *held[at + 1 :])


def remedied(morning: Morning, worker: Worker, shift: Shift, remedy: Any) -> Morning:
    """The morning after one remedy for one pair."""
    needed, market = remedy.needed, {}
    match remedy.side, remedy.field:
        case "worker", "skills":
            worker = changed(worker, skills=(*worker.skills, *(WorkerSkill(**one) for one in needed)))
        case "worker", "credentials":
            for one in needed:
                worker = changed(worker, credentials=made_good(worker.credentials, one))
        case "worker", "free":
            shown = [[morning.clock.shown(minute) for minute in span] for span in needed]
            spans = [TimeSpan(start_min=start, end_min=end) for start, end in shown]
            taken = minutes_of(morning, spans)
            kept = [c for c in worker.commitments if not minutes_of(morning, [c]) & taken]
            windows = (*worker.windows, *spans) if worker.windows else ()
            end = worker.last_shift_end_min
            end = None if end is None else min(end, *(span.start_min for span in spans))
            worker = changed(worker, windows=windows, commitments=tuple(kept), last_shift_end_min=end)
        case "worker", field:
            worker = changed(worker, **{field: needed})
        case "shift", "pay_total":
            shift = changed(shift, pay=Pay(amount=needed, unit="shift"))
        case "shift", "start_min":
            later = needed - min(p.start_min for p in shift.periods)
            moved = [
                changed(p, start_min=p.start_min + later, end_min=p.end_min + later) for p in shift.periods
            ]
            shift = changed(shift, periods=tuple(moved))
        case "shift", "hours_this_week" | "longest_day_hours" if not isinstance(needed, dict):
            shift = _shortened(shift, needed)
        case "shift", "employer.standing":
            market = {"employers": [changed(e, standing=needed) for e in morning.employers]}
        case "shift", "broker":
            market = {"brokers": [changed(b, **needed) for b in morning.brokers]}
        case "shift", _ if isinstance(needed, dict):
            if "longest_day_hours" in needed:
                shift = _shortened(shift, needed["longest_day_hours"])
            shift = changed(shift, **{k: v for k, v in needed.items() if k != "longest_day_hours"})
        case "shift", field:
            shift = changed(shift, **{field: needed})
        case "market", "refusals":
            market, worker = _taken_back(morning, worker, shift, needed)
        case "market", field:
            market = {field: needed}
    return changed(
        morning,
        **market,
        workers=tuple(worker if w.id == worker.id else w for w in morning.workers),
        shifts=tuple(shift if s.id == shift.id else s for s in morning.shifts),
    )


def _shortened(shift: Shift, hours: float) -> Shift:
    """The shift with no more than these hours; the model knows whole minutes only, and at least one."""
    start = min(p.start_min for p in shift.periods)
    period = Period(start_min=start, end_min=start + max(1, int(hours * 60)))
    return changed(shift, periods=(period,), attendance="fixed", min_minutes=None)


def _taken_back(
    morning: Morning, worker: Worker, shift: Shift, who: list[str]
) -> tuple[dict[str, Any], Worker]:
    if "by_worker" in who:
        kept = tuple(name for name in worker.refused_employer_ids if name != shift.employer_id)
        worker = changed(worker, refused_employer_ids=kept)
    market = {}
    for side, parties in (("by_employer", "employers"), ("by_broker", "brokers")):
        if side in who:
            market[parties] = [changed(p, refused_worker_ids=()) for p in getattr(morning, parties)]
    return market, worker
