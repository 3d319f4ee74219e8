"""Every default rule once more, for one pair and straight from the model; what a remedy does to a morning."""

from __future__ import annotations

import datetime as dt
from math import asin, cos, radians, sin, sqrt
from typing import Any

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
from gigmatch.model.pay import pay_rates
from tests.conftest import changed

SPEED_KMH = {"walk": 4.8, "cycle": 14.0, "transit": 20.0, "drive": 28.0}
START_MIN = {"walk": 0.0, "cycle": 2.0, "transit": 10.0, "drive": 5.0}


def limit(morning: Morning, kind: Any) -> float | None:
    """The legal limit in force."""
    found = morning.jurisdiction.limit(kind, morning.date)
    return None if found is None else found.value


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
    last = max(period.end_min for period in shift.periods) - 1
    day = morning.date + dt.timedelta(minutes=last) if last < 0 else morning.date + dt.timedelta(last // 1440)

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


def minutes_of(spans: Any) -> set[int]:
    return {minute for span in spans for minute in range(span.start_min, span.end_min)}


def availability(morning: Morning, worker: Worker, shift: Shift) -> bool:
    inside = minutes_of(shift.periods)
    free = inside - minutes_of(worker.commitments)
    if worker.windows:
        free &= minutes_of(worker.windows)
    if worker.last_shift_end_min is not None:
        free = {minute for minute in free if minute >= worker.last_shift_end_min}
    return free == inside if shift.attendance == "fixed" else len(free) >= (shift.min_minutes or 0)


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
    days = limit(morning, "paid_days_per_month")
    return pay_rates(shift, days) if days else pay_rates(shift)


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


def age(morning: Morning, worker: Worker) -> int | None:
    if worker.birth_date is None:
        return worker.age_years
    had_it = (morning.date.month, morning.date.day) >= (worker.birth_date.month, worker.birth_date.day)
    return morning.date.year - worker.birth_date.year - (not had_it)


def age_bounds(morning: Morning, worker: Worker, shift: Shift) -> bool:
    years = age(morning, worker)
    least, most = shift.min_age_years, shift.max_age_years
    return years is None or ((least is None or years >= least) and (most is None or years <= most))


def minimum_age(morning: Morning, worker: Worker, shift: Shift) -> bool:
    years, least = age(morning, worker), limit(morning, "minimum_age_years")
    return years is None or least is None or years >= least


def youth_protection(morning: Morning, worker: Worker, shift: Shift) -> bool:
    years, adult = age(morning, worker), limit(morning, "youth_age_years")
    return years is None or adult is None or years >= adult or not shift.hazards


def longest_day(shift: Shift) -> float:
    days = {period.start_min // 1440 for period in shift.periods}
    if shift.min_minutes is not None:
        return shift.min_minutes / (60 * len(days))
    return max(
        sum(p.minutes - p.break_min for p in shift.periods if p.start_min // 1440 == day) / 60 for day in days
    )


def over_age_protection(morning: Morning, worker: Worker, shift: Shift) -> bool:
    years, old = age(morning, worker), limit(morning, "over_age_years")
    if years is None or old is None or years < old:
        return True
    most = limit(morning, "max_hours_per_day")
    overtime = longest_day(shift) > (8 if most is None else most)
    return not shift.hazards and not overtime and covered(morning, worker, shift)


def minimum_wage(morning: Morning, worker: Worker, shift: Shift) -> bool:
    least = limit(morning, "minimum_wage_per_hour")
    has_its_own = longest_day(shift) <= 4 and limit(morning, "minimum_wage_per_hour_part_time") is not None
    return least is None or has_its_own or pay(morning, shift).per_hour >= least


def minimum_wage_part_time(morning: Morning, worker: Worker, shift: Shift) -> bool:
    least = limit(morning, "minimum_wage_per_hour_part_time")
    return least is None or longest_day(shift) > 4 or pay(morning, shift).per_hour >= least


def rest(morning: Morning, worker: Worker, shift: Shift) -> bool:
    least = limit(morning, "min_rest_hours")
    if least is None or worker.last_shift_end_min is None:
        return True
    return min(p.start_min for p in shift.periods) - worker.last_shift_end_min >= least * 60


def daily_hours(morning: Morning, worker: Worker, shift: Shift) -> bool:
    most = limit(morning, "max_hours_per_day")
    return most is None or longest_day(shift) <= most


def hours_in_week(morning: Morning, shift: Shift) -> float:
    """Paid hours of the periods that begin in the morning's week or before it."""
    week = morning.date.isocalendar()[:2]
    inside = [
        p
        for p in shift.periods
        if (morning.date + dt.timedelta(p.start_min // 1440)).isocalendar()[:2] <= week
    ]
    length = sum(p.minutes - p.break_min for p in inside)
    if shift.min_minutes is None:
        return length / 60
    return shift.min_minutes * length / sum(p.minutes - p.break_min for p in shift.periods) / 60


def weekly_hours(morning: Morning, worker: Worker, shift: Shift) -> bool:
    most = limit(morning, "max_hours_per_week")
    worked = worker.hours_this_week
    if worked is None:
        worked = sum(row.hours for row in worker.hours_by_employer)
    return most is None or worked + hours_in_week(morning, shift) <= most


def weekly_hours_per_employer(morning: Morning, worker: Worker, shift: Shift) -> bool:
    most = limit(morning, "max_hours_per_week_per_employer")
    worked = sum(row.hours for row in worker.hours_by_employer if row.employer_id == shift.employer_id)
    return most is None or worked + hours_in_week(morning, shift) <= most


ORACLES = {
    oracle.__name__: oracle
    for oracle in (
        skill,
        credential,
        availability,
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
        daily_hours,
        weekly_hours,
        weekly_hours_per_employer,
        long_way,
    )
}


def remedied(morning: Morning, worker: Worker, shift: Shift, remedy: Any) -> Morning:
    """The morning after one remedy for one pair."""
    needed, market = remedy.needed, {}
    match remedy.side, remedy.field:
        case "worker", "skills":
            worker = changed(worker, skills=(*worker.skills, *(WorkerSkill(**one) for one in needed)))
        case "worker", "credentials":
            held = (*worker.credentials, *(Credential(**one) for one in needed))
            worker = changed(worker, credentials=held)
        case "worker", "free":
            spans = [TimeSpan(start_min=start, end_min=end) for start, end in needed]
            kept = [c for c in worker.commitments if not minutes_of([c]) & minutes_of(spans)]
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
