"""From a Morning to its Columns: the one compile step, after which nothing looks at a Worker again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import (
    FOREVER_MIN,
    HAZARDS,
    MODES,
    SETTLEMENTS,
    STANDINGS,
    Bools,
    Columns,
    Floats,
    Ints,
    Relation,
    ShiftColumns,
    Spans,
    Words,
    WorkerColumns,
    Xyz,
    bit_words,
    frozen,
)
from gigmatch.datum import cartesian_dm
from gigmatch.model import MINUTES_PER_DAY, LegalLimit, Location, Morning, Period, Shift, Worker
from gigmatch.pay import PAID_DAYS_PER_MONTH, pay_rates, work_minutes, worked_minutes

__all__ = ["columns_of"]

ALWAYS = (-FOREVER_MIN, FOREVER_MIN)  # the free time of somebody who gave no windows


def columns_of(morning: Morning) -> Columns:
    """Compile a morning into columns.

    Parameters
    ----------
    morning : Morning
        Valid by construction.

    Returns
    -------
    Columns
        Workers in order of arrival then id, shifts in order of id.

    Examples
    --------
    >>> import gigmatch as gm
    >>> columns = columns_of(gm.samples.jingshi(seed=7))
    >>> columns.workers.rating.shape == (columns.n_workers,)
    True
    """
    workers = sorted(morning.workers, key=lambda w: (w.arrived_at_min is None, w.arrived_at_min or 0, w.id))
    shifts = sorted(morning.shifts, key=lambda s: s.id)
    employers = sorted(morning.employers, key=lambda e: e.id)
    brokers = sorted(morning.brokers, key=lambda b: b.id)
    employer_row = {employer.id: row for row, employer in enumerate(employers)}
    broker_row = {broker.id: row for row, broker in enumerate(brokers)}
    needs = _Needs(morning, shifts)
    groups = tuple(sorted({group for worker in workers for group in worker.priority_groups}))
    relations = _Relations(workers, morning, employer_row, broker_row)
    columns = Columns(
        worker_ids=tuple(worker.id for worker in workers),
        shift_ids=tuple(shift.id for shift in shifts),
        employer_ids=tuple(employer_row),
        broker_ids=tuple(broker_row),
        skill_codes=tuple(needs.column),
        skill_needs=tuple(needs.skills),
        credential_needs=tuple(needs.credentials),
        priority_groups=groups,
        workers=_worker_columns(workers, morning, needs, groups),
        shifts=_shift_columns(shifts, morning, needs, employer_row, broker_row),
        employer_standing=_codes(employers, lambda e: e.standing, STANDINGS),
        employer_punctuality=_floats(employers, lambda e: e.payment_punctuality),
        broker_standing=_codes(brokers, lambda b: b.standing, STANDINGS),
        broker_licensed=np.array([bool(b.licence) for b in brokers], dtype=bool),
        employer_hours=relations.hours(),
        praise=relations.praise(),
        preferred=relations.preferred(),
        refused_employer=relations.refused_employer(),
        refused_broker=relations.refused_broker(),
        limits={x.kind: x for x in morning.jurisdiction.limits if x.in_force(morning.date)},
        market_insurance=morning.market_insurance,
        currency=morning.currency,
    )
    return frozen(columns)


def _worker_columns(
    workers: Sequence[Worker], morning: Morning, needs: _Needs, groups: Sequence[str]
) -> WorkerColumns:
    places = {station.id: station.location for station in (morning.market, *morning.market.stations)}
    rank = needs.ranks(workers)
    return WorkerColumns(
        xyz_dm=_xyz([w.home or places[w.station_id or ""] for w in workers]),
        mode=_codes(workers, lambda w: w.travel_mode, MODES),
        travel_limit_min=_floats(workers, lambda w: w.travel_limit_min),
        age_years=_floats(workers, lambda w: _age(w, morning.date)),
        floor_per_hour=_floats(workers, lambda w: w.pay_floor_per_hour),
        floor_per_day=_floats(workers, lambda w: w.pay_floor_per_day),
        settlement=_codes(workers, lambda w: w.wanted_settlement, SETTLEMENTS),
        insured=np.array([w.insured is True for w in workers], dtype=bool),
        insurance_required=np.array([w.insurance_required for w in workers], dtype=bool),
        last_shift_end_min=_floats(workers, lambda w: w.last_shift_end_min),
        hours_this_week=_floats(workers, _week),
        days_waiting=_floats(workers, lambda w: w.days_since_last_placement),
        rating=_floats(workers, lambda w: w.rating),
        free=_spans([_free(w) for w in workers]),
        skill_rank=rank,
        skills_met=bit_words(
            [rank[:, needs.column[code]] >= least for code, least in needs.skills], len(workers)
        ),
        credentials_met=bit_words(needs.credentials_met(workers), len(workers)),
        groups=np.array([[g in w.priority_groups for g in groups] for w in workers], dtype=bool).reshape(
            len(workers), len(groups)
        ),
        attributes=_attributes(workers),
    )


def _shift_columns(
    shifts: Sequence[Shift],
    morning: Morning,
    needs: _Needs,
    employer_row: Mapping[str, int],
    broker_row: Mapping[str, int],
) -> ShiftColumns:
    month = next((x.value for x in morning.jurisdiction.limits if _is_month(x, morning)), PAID_DAYS_PER_MONTH)
    pay = [pay_rates(shift, month) for shift in shifts]
    wages = {wage.skill: wage.per_hour for wage in morning.reference_wages}
    leading = [next(iter((*shift.all_of, *shift.any_of)), None) for shift in shifts]
    sunday_end = (7 - morning.date.weekday()) * MINUTES_PER_DAY
    return ShiftColumns(
        xyz_dm=_xyz([s.location for s in shifts]),
        employer=np.array([employer_row[s.employer_id] for s in shifts], dtype=np.int32),
        broker=np.array([broker_row.get(s.broker_id or "", -1) for s in shifts], dtype=np.int32),
        capacity=np.array([s.headcount for s in shifts], dtype=np.int64),
        tier=np.array([s.priority_tier for s in shifts], dtype=np.int64),
        periods=_spans([sorted((p.start_min, p.end_min) for p in s.periods) for s in shifts]),
        start_min=np.array([min(p.start_min for p in s.periods) for s in shifts], dtype=np.int32),
        end_min=np.array([max(p.end_min for p in s.periods) for s in shifts], dtype=np.int32),
        flexible=np.array([s.attendance == "flexible" for s in shifts], dtype=bool),
        min_minutes=np.array([s.min_minutes or 0 for s in shifts], dtype=np.int32),
        schedule=_numbered(
            (frozenset((p.start_min, p.end_min) for p in s.periods), s.min_minutes) for s in shifts
        ),
        days=np.array([p.days for p in pay], dtype=np.int32),
        hours=_floats(pay, lambda p: p.hours),
        longest_day_hours=_floats(shifts, _longest_day_hours),
        hours_this_week=_floats(shifts, lambda s: _hours_before(s, sunday_end)),
        pay_total=_floats(pay, lambda p: p.total),
        pay_per_hour=_floats(pay, lambda p: p.per_hour),
        pay_per_day=_floats(pay, lambda p: p.per_day),
        reference_per_hour=_floats(leading, lambda need: wages.get(need.skill) if need else None),
        settlement=_codes(shifts, lambda s: s.settlement, SETTLEMENTS),
        insured=np.array([s.insurance is True for s in shifts], dtype=bool),
        hazards=np.array(
            [sum(1 << HAZARDS.index(h) for h in set(s.hazards)) for s in shifts], dtype=np.int32
        ),
        outdoor=_known_flags(shifts, lambda s: s.outdoor),
        meals=_known_flags(shifts, lambda s: s.meals),
        lodging=_known_flags(shifts, lambda s: s.lodging),
        min_age_years=_floats(shifts, lambda s: s.min_age_years),
        max_age_years=_floats(shifts, lambda s: s.max_age_years),
        leading_skill=np.array([needs.column[x.skill] if x else -1 for x in leading], dtype=np.int32),
        leading_rank=np.array([_rank(x.least_level) if x else 0 for x in leading], dtype=np.int8),
        skills_all=needs.skill_words(lambda s: s.all_of),
        skills_any=needs.skill_words(lambda s: s.any_of),
        credentials_all=needs.credential_words(),
        requirement=needs.requirement(),
        minimum_headcount=np.array([s.minimum_headcount for s in shifts], dtype=np.int32),
        crew=_crews(shifts),
        attributes=_attributes(shifts),
    )


class _Needs:
    """The distinct skills and credentials that shifts ask for, and who meets them."""

    def __init__(self, morning: Morning, shifts: Sequence[Shift]) -> None:
        self.shifts = shifts
        self.credentials_of = [_credentials(shift, morning.date) for shift in shifts]
        asked = [need for shift in shifts for need in (*shift.all_of, *shift.any_of)]
        self.column = {code: at for at, code in enumerate(sorted({need.skill for need in asked}))}
        skills = sorted({(need.skill, _rank(need.least_level)) for need in asked})
        self.skills = {need: at for at, need in enumerate(skills)}
        credentials = sorted({need for needs in self.credentials_of for need in needs})
        self.credentials = {need: at for at, need in enumerate(credentials)}
        self.gives = _covered(morning, self.column)

    def ranks(self, workers: Sequence[Worker]) -> NDArray[np.int8]:
        """int8[n, n_skills]: each worker's best rank in each skill asked for, covered skills included."""
        rank = np.zeros((len(workers), len(self.column)), dtype=np.int8)
        held = [
            (row, column, _rank(skill.level or 5))
            for row, worker in enumerate(workers)
            for skill in worker.skills
            for column in self.gives[skill.skill]
        ]
        row, column, reached = np.array(held, dtype=np.int64).reshape(-1, 3).T
        np.maximum.at(rank, (row, column), reached.astype(np.int8))
        return rank

    def credentials_met(self, workers: Sequence[Worker]) -> list[Bools]:
        """For each credential asked for, who holds a valid one: bool[n] each."""
        held = [(row, c) for row, worker in enumerate(workers) for c in worker.credentials]
        met = []
        for kind, least, day in self.credentials:
            ok = np.zeros(len(workers), dtype=bool)
            good = [
                row for row, c in held if c.kind == kind and _rank(c.level or 5) >= least and _valid(c, day)
            ]
            ok[good] = True
            met.append(ok)
        return met

    def skill_words(self, asked: Callable[[Shift], Iterable[Any]]) -> Words:
        """The skills that each shift asks for, as bits."""
        bits = [{self.skills[need.skill, _rank(need.least_level)] for need in asked(s)} for s in self.shifts]
        return _bit_words(bits, len(self.skills))

    def credential_words(self) -> Words:
        """The credentials that each shift asks for, as bits."""
        bits = [{self.credentials[need] for need in needs} for needs in self.credentials_of]
        return _bit_words(bits, len(self.credentials))

    def requirement(self) -> Ints:
        """Number of each shift's set of needs, in order of first appearance: int32[m]."""
        return _numbered(
            (frozenset(shift.all_of), frozenset(shift.any_of), frozenset(needs))
            for shift, needs in zip(self.shifts, self.credentials_of, strict=True)
        )


class _Relations:
    """What is known between workers and employers or brokers; parties not here this morning do not matter."""

    def __init__(
        self,
        workers: Sequence[Worker],
        morning: Morning,
        employer_row: Mapping[str, int],
        broker_row: Mapping[str, int],
    ) -> None:
        self.workers = workers
        self.morning = morning
        self.employer_row = employer_row
        self.broker_row = broker_row
        self.worker_row = {worker.id: row for row, worker in enumerate(workers)}

    def hours(self) -> Relation:
        return self._relation(
            (
                (row, h.employer_id, h.hours)
                for row, w in enumerate(self.workers)
                for h in w.hours_by_employer
            ),
            np.add,
        )

    def praise(self) -> Relation:
        opinion = {False: 0.0, True: 1.0, None: 2.0}  # what is known wins over what is not
        found = self._relation(
            (row, p.employer_id, opinion[p.praise])
            for row, w in enumerate(self.workers)
            for p in w.past_employers
        )
        return replace(found, value=np.where(found.value == 2.0, 0.5, found.value))

    def preferred(self) -> Relation:
        return self._relation(
            (row, key, 1.0) for row, w in enumerate(self.workers) for key in w.preferred_employer_ids
        )

    def refused_employer(self) -> Relation:
        by_worker = [
            (row, key, 1.0) for row, w in enumerate(self.workers) for key in set(w.refused_employer_ids)
        ]
        by_employer = [
            (self.worker_row[key], employer.id, 2.0)
            for employer in self.morning.employers
            for key in set(employer.refused_worker_ids)
            if key in self.worker_row
        ]
        return self._relation(by_worker + by_employer, np.add)

    def refused_broker(self) -> Relation:
        found = (
            (self.worker_row[key], broker.id, 1.0)
            for broker in self.morning.brokers
            for key in broker.refused_worker_ids
            if key in self.worker_row
        )
        return self._relation(found, rows=self.broker_row)

    def _relation(
        self,
        triples: Iterable[tuple[int, str, float]],
        combine: np.ufunc = np.minimum,  # of two opinions the worse: order must not matter
        rows: Mapping[str, int] | None = None,
    ) -> Relation:
        rows = self.employer_row if rows is None else rows
        held = [(worker * len(rows) + rows[key], value) for worker, key, value in triples if key in rows]
        keys = np.array([key for key, _ in held], dtype=np.int64)
        values = np.array([value for _, value in held], dtype=np.float64)
        order = np.lexsort((values, keys))  # sums, too, must not depend on the order of the input
        keys, values = keys[order], values[order]
        key, first = np.unique(keys, return_index=True)
        return Relation(key, combine.reduceat(values, first) if len(key) else values, len(rows))


def _credentials(shift: Shift, date: dt.date) -> list[tuple[str, int, dt.date]]:
    """What a shift asks for, with the day on which it must be valid: the shift's last."""
    last_minute = max(period.end_min for period in shift.periods) - 1
    last_day = date + dt.timedelta(days=last_minute // MINUTES_PER_DAY)
    return [(need.kind, _rank(need.least_level), last_day) for need in shift.credentials]


def _covered(morning: Morning, column: Mapping[str, int]) -> dict[str, list[int]]:
    """For every skill the columns of the asked-for skills that it gives: itself and all it covers."""
    covers = {skill.code: skill.covers for skill in morning.skills}
    gives = {}
    for code in covers:
        seen, todo = {code}, [code]
        while todo:
            new = set(covers[todo.pop()]) - seen
            seen |= new
            todo += new
        gives[code] = sorted(column[c] for c in seen if c in column)
    return gives


def _rank(level: int) -> int:
    """Levels count down to the highest, ranks up: level 5 is rank 1, level 1 is rank 5."""
    return 6 - level


def _valid(credential: Any, day: dt.date) -> bool:
    return all(end is None or day <= end for end in (credential.valid_to, credential.review_due))


def _age(worker: Worker, day: dt.date) -> int | None:
    born = worker.birth_date
    if born is None:
        return worker.age_years
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _week(worker: Worker) -> float | None:
    if worker.hours_this_week is None and worker.hours_by_employer:
        return fsum(h.hours for h in worker.hours_by_employer)  # the same in any order
    return worker.hours_this_week


def _free(worker: Worker) -> list[tuple[int, int]]:
    """Windows less commitments and all before the last shift's end, merged and in order."""
    free: list[tuple[int, int]] = []
    for start, end in sorted((w.start_min, w.end_min) for w in worker.windows) or [ALWAYS]:
        if free and start <= free[-1][1]:
            free[-1] = (free[-1][0], max(end, free[-1][1]))
        else:
            free.append((start, end))
    taken = [(c.start_min, c.end_min) for c in worker.commitments]
    busy_until = worker.last_shift_end_min
    if busy_until is not None and busy_until > free[0][0]:  # until then the worker is still at that shift
        taken.append((-FOREVER_MIN, busy_until))
    for begins, ends in taken:
        cut = [((a, min(b, begins)), (max(a, ends), b)) for a, b in free]
        free = [(a, b) for pieces in cut for a, b in pieces if a < b]
    return free


def _is_month(limit: LegalLimit, morning: Morning) -> bool:
    return limit.kind == "paid_days_per_month" and limit.value > 0 and limit.in_force(morning.date)


def _longest_day_hours(shift: Shift) -> float:
    days: dict[int, list[Period]] = {}
    for period in shift.periods:
        days.setdefault(period.start_min // MINUTES_PER_DAY, []).append(period)
    if shift.min_minutes is not None:
        return shift.min_minutes / (60 * len(days))
    return max(map(worked_minutes, days.values())) / 60


def _hours_before(shift: Shift, end: int) -> float:
    """Paid hours of the part of a shift that begins before a minute; the pay table's total scaled to it."""
    inside = worked_minutes(p for p in shift.periods if p.start_min < end)
    return work_minutes(shift) * inside / worked_minutes(shift.periods) / 60


def _xyz(places: Sequence[Location]) -> Xyz:
    degrees = np.array([place.wgs84() for place in places], dtype=np.float64).reshape(-1, 2)
    xyz = cartesian_dm(degrees[:, 0], degrees[:, 1])
    x, y, z = (np.ascontiguousarray(xyz[:, axis]) for axis in range(3))
    return x, y, z


def _floats(items: Iterable[Any], value: Callable[[Any], float | None]) -> Floats:
    return np.array(list(map(value, items)), dtype=np.float64)  # None becomes NaN


def _codes(
    items: Iterable[Any], value: Callable[[Any], str | None], names: Sequence[str]
) -> NDArray[np.int8]:
    code = {name: at for at, name in enumerate(names)}
    return np.array([-1 if (x := value(item)) is None else code[x] for item in items], dtype=np.int8)


def _known_flags(items: Iterable[Any], value: Callable[[Any], bool | None]) -> NDArray[np.int8]:
    return np.array([-1 if (x := value(item)) is None else x for item in items], dtype=np.int8)


def _numbered(keys: Iterable[Hashable]) -> Ints:
    """Equal keys have equal numbers, from 0 in order of first appearance: int32[n]."""
    number: dict[Hashable, int] = {}
    return np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int32)


def _crews(shifts: Sequence[Shift]) -> Ints:
    """Number of each shift's crew in order of id, -1 for none: int32[m]."""
    number = {key: at for at, key in enumerate(sorted({s.crew_id for s in shifts if s.crew_id is not None}))}
    return np.array([-1 if s.crew_id is None else number[s.crew_id] for s in shifts], dtype=np.int32)


def _spans(rows: Sequence[Sequence[tuple[int, int]]]) -> Spans:
    indptr = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=indptr[1:])
    flat = np.array([span for row in rows for span in row], dtype=np.int32).reshape(-1, 2)
    return Spans(indptr, np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1]))


def _bit_words(rows: Sequence[set[int]], n_bits: int) -> Words:
    """Pack one set of bit numbers per row into uint64[n] words."""
    return tuple(
        np.array(
            [sum(1 << (b - first) for b in row if first <= b < first + 64) for row in rows], dtype=np.uint64
        )
        for first in range(0, n_bits, 64)
    )


def _attributes(items: Sequence[Any]) -> dict[str, NDArray[np.object_]]:
    names = sorted({name for item in items for name in item.attributes})
    found = {}
    for name in names:
        found[name] = np.empty(len(items), dtype=object)
        found[name][:] = [item.attributes.get(name) for item in items]
    return found
