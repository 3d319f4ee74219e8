"""From a Morning to its rows, one object after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns.columns import HAZARDS, MODES, SETTLEMENTS, STANDINGS
from gigmatch.columns.labels import Labels, in_order, labels_of
from gigmatch.columns.rows import (
    Asked,
    Codes,
    Days,
    GoTogether,
    Held,
    Links,
    Places,
    Rows,
    ShiftRows,
    Times,
    WorkerRows,
)
from gigmatch.columns.sites import place_notes, sites_of
from gigmatch.core.arrays import Float64Array, Int64Array
from gigmatch.model import Location, Morning, Request, Shift, WallClock, Worker
from gigmatch.model.datum import DATUMS
from gigmatch.model.pay import PAY_UNITS
from gigmatch.model.unmet import names_of, unmet

__all__ = ["Others", "rows_of", "with_kinds", "with_shifts", "with_workers"]

Numbers = Mapping[str, int]
"""Row by id."""


def rows_of(morning: Morning, *, is_read: bool = True) -> Rows:
    """The morning as rows: workers in order of arrival then id, all others in order of id.

    Labels and notes are left out where nobody is to read them.
    """
    workers, shifts, employers, brokers = in_order(morning)
    employer_row, broker_row = _numbers(e.id for e in employers), _numbers(b.id for b in brokers)
    skill_row = _numbers(s.code for s in morning.skills)
    kind_row = _numbers(sorted({need.kind for shift in shifts for need in shift.credentials}))
    wages = {wage.skill: wage.per_hour for wage in morning.reference_wages}
    covers = [(skill.code, code) for skill in morning.skills for code in skill.covers]
    return Rows(
        clock=morning.clock,
        currency=morning.currency,
        market_insurance=morning.market_insurance,
        arrivals_bind=morning.arrivals_bind,
        limits=morning.jurisdiction.limits,
        skill_codes=tuple(skill_row),
        covers=(_rows((a for a, _ in covers), skill_row), _rows((b for _, b in covers), skill_row)),
        wages=_doubles(map(wages.get, skill_row)),
        kinds=tuple(kind_row),
        workers=_worker_rows(workers, morning, skill_row, kind_row),
        shifts=_shift_rows(shifts, morning, employer_row, broker_row, skill_row, kind_row),
        employer_ids=tuple(employer_row),
        employer_standing=_codes(employers, "standing", STANDINGS),
        employer_punctuality=_floats(employers, "payment_punctuality"),
        broker_ids=tuple(broker_row),
        broker_standing=_codes(brokers, "standing", STANDINGS),
        broker_licensed=np.array([bool(b.licence) for b in brokers], dtype=bool),
        labels=labels_of(morning) if is_read else Labels(),
        notes=place_notes(*sites_of(morning)) + unmet(names_of(morning)) if is_read else (),
        **_relations(workers, Others(morning)),
    )


def with_workers(rows: Rows, morning: Morning, workers: Sequence[Worker], others: Others) -> Rows:
    """The rows of a morning with other workers, in their order; all else is taken as it is.

    Skills, kinds of credential and employers that the morning does not know are nobody's there.
    """
    skill_row, kind_row = _numbers(rows.skill_codes), _numbers(rows.kinds)
    known = _relations(workers, others)
    return rows._replace(workers=_worker_rows(workers, morning, skill_row, kind_row), **known)


def with_kinds(rows: Rows, morning: Morning) -> Rows:
    """The rows of a morning, with numbers for all kinds of credential that are held, asked for or not."""
    row, held = _each(in_order(morning)[0], attrgetter("credentials"))
    kinds = tuple(sorted({*rows.kinds, *(one.kind for one in held)}))
    credentials = _held(row, held, attrgetter("kind"), _numbers(kinds))
    return rows._replace(kinds=kinds, workers=rows.workers._replace(credentials=credentials))


def with_shifts(rows: Rows, morning: Morning, shifts: Sequence[Shift]) -> Rows:
    """The rows of a morning with other shifts, in their order, and requests for them; all else as it is."""
    asked = sorted({need.kind for shift in shifts for need in shift.credentials}.difference(rows.kinds))
    kinds, ids = (*rows.kinds, *asked), {shift.id for shift in shifts}
    numbers = map(_numbers, (rows.employer_ids, rows.broker_ids, rows.skill_codes, kinds))
    asked_for = [each for each in morning.requests if each.shift_id is None or each.shift_id in ids]
    worker_row = _numbers(rows.workers.ids()) if asked_for else {}
    return rows._replace(
        kinds=kinds,
        shifts=_shift_rows(shifts, morning, *numbers),
        requested_shifts=_requests(
            [(each.worker_id, each.shift_id) for each in asked_for],
            worker_row,
            _numbers(shift.id for shift in shifts),
        ),
        requested_employers=_requests(
            [(each.worker_id, each.employer_id) for each in asked_for],
            worker_row,
            _numbers(rows.employer_ids),
        ),
    )


class Others:
    """What employers, brokers and requests of a morning say of workers, found by the worker's id.

    Parameters
    ----------
    morning : Morning
        Where the others are.
    """

    def __init__(self, morning: Morning) -> None:
        employers, brokers = (
            sorted(parties, key=lambda party: party.id) for parties in (morning.employers, morning.brokers)
        )
        self.employer_row = _numbers(employer.id for employer in employers)
        self._shift_row = _numbers(sorted(shift.id for shift in morning.shifts))
        self.refused_by_employer = _by_worker(_refusals(employers))
        self.refused_by_broker = _by_worker(_refusals(brokers))
        self.take_requests(morning.requests)

    def take_requests(self, requests: Iterable[Request]) -> None:
        """Let these be all whom employers ask for by name."""
        asked = [(r.worker_id, r.shift_id or "", r.employer_id or "") for r in requests]
        shift_row, employer_row = self._shift_row, self.employer_row
        self.requested_shifts = _by_worker((key, shift_row.get(shift, -1)) for key, shift, _ in asked)
        self.requested_employers = _by_worker((key, employer_row.get(by, -1)) for key, _, by in asked)


def _refusals(parties: Iterable[Any]) -> Iterator[tuple[str, int]]:
    return ((key, row) for row, party in enumerate(parties) for key in party.refused_worker_ids)


def _by_worker(said: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for worker, row in said:
        found.setdefault(worker, []).append(row)
    return found


def _relations(workers: Sequence[Worker], others: Others) -> dict[str, Any]:
    """What is known between some workers and the morning's employers and brokers."""
    employer_row = others.employer_row
    return {
        "hours": _links(workers, "hours_by_employer", _employer, attrgetter("hours"), employer_row),
        "past": _links(
            workers, "past_employers", _employer, lambda past: _OPINION[past.praise], employer_row
        ),
        "preferred": _links(workers, "preferred_employer_ids", str, lambda _: 1.0, employer_row),
        "refused_by_worker": _links(workers, "refused_employer_ids", str, lambda _: 1.0, employer_row),
        "refused_by_employer": _said(workers, others.refused_by_employer, 2.0),
        "refused_by_broker": _said(workers, others.refused_by_broker, 1.0),
        "requested_shifts": _said(workers, others.requested_shifts, 1.0),
        "requested_employers": _said(workers, others.requested_employers, 1.0),
    }


_employer = attrgetter("employer_id")
_OPINION = {False: 0.0, True: 1.0, None: 2.0}


def _worker_rows(
    workers: Sequence[Worker], morning: Morning, skill_row: Numbers, kind_row: Numbers
) -> WorkerRows:
    stations = {station.id: station.location for station in (morning.market, *morning.market.stations)}
    row, credentials = _each(workers, attrgetter("credentials"))
    group_row, groups = _each(workers, attrgetter("priority_groups"))
    group_names = tuple(sorted(set(groups)))
    return WorkerRows(
        ids=lambda: tuple(worker.id for worker in workers),
        plain={
            "mode": _codes(workers, "travel_mode", MODES),
            "travel_limit_min": _floats(workers, "travel_limit_min"),
            "floor_per_hour": _floats(workers, "pay_floor_per_hour"),
            "floor_per_day": _floats(workers, "pay_floor_per_day"),
            "settlement": _codes(workers, "wanted_settlement", SETTLEMENTS),
            "insured": np.array([w.insured is True for w in workers], dtype=bool),
            "insurance_required": np.array([w.insurance_required for w in workers], dtype=bool),
            "arrived_at_min": _moments(workers, "arrived_at_min", morning.clock),
            "last_shift_end_min": _moments(workers, "last_shift_end_min", morning.clock),
            "days_waiting": _floats(workers, "days_since_last_placement"),
            "rating": _floats(workers, "rating"),
            "max_shifts": _longs(map(attrgetter("max_shifts"), workers)).astype(np.int32),
            "max_hours_today": _floats(workers, "max_hours_today"),
            "least_break_min": _longs(map(attrgetter("least_break_min"), workers)).astype(np.int32),
        },
        places=_places([w.home or stations[w.station_id or ""] for w in workers]),
        birth_date=_days(workers, "birth_date"),
        age_years=_floats(workers, "age_years"),
        hours_this_week=_floats(workers, "hours_this_week"),
        windows=_times(workers, attrgetter("windows"), morning.clock)[0],
        commitments=_times(workers, attrgetter("commitments"), morning.clock)[0],
        skills=_held(*_each(workers, attrgetter("skills")), attrgetter("skill"), skill_row),
        credentials=_held(row, credentials, attrgetter("kind"), kind_row),
        level_known=np.array([c.level is not None for c in credentials], dtype=bool),
        valid_to=_days(credentials, "valid_to"),
        review_due=_days(credentials, "review_due"),
        group_names=group_names,
        group_row=group_row,
        group=_rows(groups, _numbers(group_names)),
        companions=_companions(workers, morning),
        attributes=_attributes(workers),
    )


def _companions(workers: Sequence[Worker], morning: Morning) -> GoTogether:
    groups = sorted(morning.companions, key=lambda each: each.id)
    number, names = _each(groups, lambda each: each.worker_ids)
    row = _rows(names, _numbers(worker.id for worker in workers))
    return GoTogether(row, number, np.array([each.together == "crew" for each in groups], dtype=bool))


def _shift_rows(
    shifts: Sequence[Shift],
    morning: Morning,
    employer_row: Numbers,
    broker_row: Numbers,
    skill_row: Numbers,
    kind_row: Numbers,
) -> ShiftRows:
    times, periods = _times(shifts, attrgetter("periods"), morning.clock)
    hazard_row, hazards = _each(shifts, attrgetter("hazards"))
    crew_row = _numbers(sorted({s.crew_id for s in shifts if s.crew_id is not None}))
    return ShiftRows(
        ids=lambda: tuple(shift.id for shift in shifts),
        plain={
            "employer": _rows((s.employer_id for s in shifts), employer_row).astype(np.int32),
            "broker": _rows((s.broker_id for s in shifts), broker_row).astype(np.int32),
            "capacity": _longs(s.headcount for s in shifts),
            "tier": _longs(s.priority_tier for s in shifts),
            "settlement": _codes(shifts, "settlement", SETTLEMENTS),
            "insured": np.array([s.insurance is True for s in shifts], dtype=bool),
            "outdoor": _known_flags(shifts, lambda s: s.outdoor),
            "meals": _known_flags(shifts, lambda s: s.meals),
            "lodging": _known_flags(shifts, lambda s: s.lodging),
            "min_age_years": _floats(shifts, "min_age_years"),
            "max_age_years": _floats(shifts, "max_age_years"),
        },
        places=_places([s.location for s in shifts]),
        periods=times,
        break_min=_longs(period.break_min for period in periods),
        min_minutes=_longs(s.min_minutes or 0 for s in shifts),
        pay_amount=_floats(shifts, "pay.amount"),
        pay_unit=_codes(shifts, "pay.unit", PAY_UNITS),
        pieces=_longs(s.pay.expected_pieces or 0 for s in shifts),
        hazard_row=hazard_row,
        hazard=_rows(hazards, _numbers(HAZARDS)),
        crew=_rows((s.crew_id for s in shifts), crew_row),
        minimum_headcount=_longs(s.minimum_headcount or 0 for s in shifts),
        all_of=_asked(shifts, attrgetter("all_of"), attrgetter("skill"), skill_row),
        any_of=_asked(shifts, attrgetter("any_of"), attrgetter("skill"), skill_row),
        credentials=_asked(shifts, attrgetter("credentials"), attrgetter("kind"), kind_row),
        attributes=_attributes(shifts),
    )


def _numbers(names: Iterable[str]) -> dict[str, int]:
    return {name: row for row, name in enumerate(names)}


def _rows(names: Iterable[str | None], numbers: Numbers) -> Int64Array:
    """Row of each name, -1 for those that are not there."""
    return _longs(-1 if name is None else numbers.get(name, -1) for name in names)


def _each(owners: Sequence[Any], parts: Callable[[Any], Sequence[Any]]) -> tuple[Int64Array, list[Any]]:
    """Everything that belongs to somebody, with the row of the one it belongs to."""
    found = list(map(parts, owners))
    return np.repeat(np.arange(len(found)), _longs(map(len, found))), list(chain.from_iterable(found))


def _times(
    owners: Sequence[Any], parts: Callable[[Any], Sequence[Any]], clock: WallClock
) -> tuple[Times, list[Any]]:
    row, spans = _each(owners, parts)
    start, end = (clock.minutes(map(attrgetter(side), spans)) for side in ("start_min", "end_min"))
    return Times(row, start, end), spans


def _moments(items: Iterable[Any], field: str, clock: WallClock) -> Float64Array:
    """Elapsed minutes at times that may be unknown."""
    times = list(map(attrgetter(field), items))
    found = _doubles(times)
    known = np.flatnonzero(~np.isnan(found))
    found[known] = clock.minutes(time for time in times if time is not None)
    return found


def _held(row: Int64Array, parts: Sequence[Any], name: Callable[[Any], str], numbers: Numbers) -> Held:
    return Held(row, _rows(map(name, parts), numbers), _longs(part.level or 5 for part in parts))


def _asked(
    shifts: Sequence[Shift],
    parts: Callable[[Shift], Sequence[Any]],
    name: Callable[[Any], str],
    numbers: Numbers,
) -> Asked:
    row, needs = _each(shifts, parts)
    return Asked(row, _rows(map(name, needs), numbers), _longs(need.least_level for need in needs))


def _links(
    workers: Sequence[Worker],
    field: str,
    name: Callable[[Any], str],
    value: Callable[[Any], float],
    numbers: Numbers,
) -> Links:
    row, links = _each(workers, attrgetter(field))
    return Links(row, _rows(map(name, links), numbers), _doubles(map(value, links)))


def _said(workers: Sequence[Worker], said: Mapping[str, Sequence[int]], value: float) -> Links:
    """What others say of workers, who stand in order of their rows."""
    row, other = _each(workers if said else (), lambda w: said.get(w.id, ()))
    return Links(row, _longs(other), np.full(len(row), value))


def _requests(asked: Sequence[tuple[str, str | None]], worker_row: Numbers, other_row: Numbers) -> Links:
    worker = _rows((worker for worker, _ in asked), worker_row)
    return Links(worker, _rows((other for _, other in asked), other_row), np.ones(len(asked)))


def _places(places: Sequence[Location]) -> Places:
    lat, lon = _floats(places, "lat"), _floats(places, "lon")
    return Places(lat, lon, _codes(places, "datum", DATUMS))


def _longs(values: Iterable[int]) -> Int64Array:
    return np.fromiter(values, dtype=np.int64)


def _floats(items: Iterable[Any], field: str) -> Float64Array:
    return _doubles(map(attrgetter(field), items))


def _doubles(values: Iterable[float | None]) -> Float64Array:
    return np.array(list(values), dtype=np.float64)  # None becomes NaN


def _days(items: Iterable[Any], field: str) -> Days:
    return np.array(list(map(attrgetter(field), items)), dtype="datetime64[D]")  # None becomes NaT


def _codes(items: Iterable[Any], field: str, names: Sequence[str]) -> Codes:
    code: dict[Any, int] = {None: -1, **_numbers(names)}
    return np.array(list(map(code.__getitem__, map(attrgetter(field), items))), dtype=np.int8)


def _known_flags(items: Iterable[Any], value: Callable[[Any], bool | None]) -> Codes:
    return np.array([-1 if (x := value(item)) is None else x for item in items], dtype=np.int8)


def _attributes(items: Sequence[Any]) -> dict[str, NDArray[np.object_]]:
    names = sorted({name for item in items for name in item.attributes})
    found = {}
    for name in names:
        found[name] = np.empty(len(items), dtype=object)
        found[name][:] = [item.attributes.get(name) for item in items]
    return found
