"""From rows to columns: the one compile step, whichever way the rows came in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gigmatch.columns.columns import (
    YEAR,
    Columns,
    Relation,
    ShiftColumns,
    WorkerColumns,
    Xyz,
    day_numbers,
    numbered,
)
from gigmatch.columns.columns import frozen as read_only
from gigmatch.columns.interleaving import n_interleaving
from gigmatch.columns.law import figures, limit_columns
from gigmatch.columns.needs import CredentialNeeds, SkillNeeds, held_credentials, requirements
from gigmatch.columns.orders import by_number, by_row
from gigmatch.columns.rows import Links, Places, Rows, ShiftRows, WorkerRows
from gigmatch.columns.spans import Hours, free_spans, hours_of, merged_spans, schedules, spans_of
from gigmatch.core.arrays import (
    BoolArray,
    Float64Array,
    Int32Array,
    Int64Array,
    run_starts,
)
from gigmatch.core.threads import in_order, thread_count
from gigmatch.i18n import Told
from gigmatch.model.datum import cartesian_dm, to_wgs84_many
from gigmatch.model.pay import PAID_DAYS_PER_MONTH, pay_table
from gigmatch.model.working_time import HOUR_PARTS, hour_parts

__all__ = ["compiled", "needs_of", "relation", "shift_columns", "worker_parts"]

_BLOCK = 1 << 16  # points placed together; of fewer, threads mostly wait for each other
_MANY = 1 << 14  # workers who are worth several threads


def compiled(rows: Rows) -> Columns:
    """Columns of a morning's rows, every array read-only."""
    skills, credentials = needs_of(rows)
    parts = worker_parts(
        rows,
        skills,
        credentials,
        shifts=lambda: shift_columns(rows, skills, credentials),
        shift_ids=rows.shifts.ids,
    )
    columns = Columns(
        employer_ids=rows.employer_ids,
        broker_ids=rows.broker_ids,
        skill_codes=skills.codes,
        skill_needs=skills.needs,
        credential_needs=credentials.needs,
        employer_standing=rows.employer_standing,
        employer_punctuality=rows.employer_punctuality,
        broker_standing=rows.broker_standing,
        broker_licensed=rows.broker_licensed,
        limits=limit_columns(rows.limits, rows.date, parts["shifts"]),
        market_insurance=rows.market_insurance,
        arrivals_bind=rows.arrivals_bind,
        clock=rows.clock,
        currency=rows.currency,
        labels=rows.labels,
        notes=rows.notes + _interleaving(parts["workers"], parts["shifts"]),
        **parts,
    )
    return read_only(columns)


def _interleaving(workers: WorkerColumns, shifts: ShiftColumns) -> tuple[Told, ...]:
    """Where people take several shifts, a note of those that nobody is given both of, if there are any."""
    found = n_interleaving(shifts) if (workers.max_shifts > 1).any() else 0
    return (Told.of("notes.interleaving", n=found),) if found else ()


def needs_of(rows: Rows) -> tuple[SkillNeeds, CredentialNeeds]:
    """What the shifts ask for."""
    last_minute = _greatest(rows.shifts.periods.row, rows.shifts.periods.end, rows.shifts.n) - 1
    return SkillNeeds(rows), CredentialNeeds(rows, rows.clock.days(last_minute))


def worker_parts(
    rows: Rows, skills: SkillNeeds, credentials: CredentialNeeds, **others: Callable[[], Any]
) -> dict[str, Any]:
    """The fields of `Columns` that are about workers, and others that are made side by side with them."""
    workers, n, n_employers = rows.workers, rows.workers.n, len(rows.employer_ids)
    last_end = workers.plain["last_shift_end_min"]
    own = {
        "xyz_dm": lambda: _xyz(workers.places),
        "skill_rank": lambda: skills.ranks(workers.skills, n),
        "skills_met": lambda: skills.met(workers.skills, n),
        "free": lambda: free_spans(workers.windows, workers.commitments, last_end),
        "commitments": lambda: merged_spans(n, workers.commitments),
        "hours_this_week": lambda: _week(workers.hours_this_week, rows.hours),
        "age_years": lambda: _ages(workers, rows.date),
        "born": lambda: _born(workers),
        "credentials_met": lambda: credentials.met(
            workers.credentials, np.fmin(workers.valid_to, workers.review_due), n
        ),
        "credentials": lambda: held_credentials(rows.kinds, workers),
        "groups": lambda: _members(workers),
        "companions": lambda: _together(workers),
    }
    relations = {
        "employer_hours": lambda: _hours_by_employer(rows.hours, n_employers),
        "praise": lambda: _praise(rows.past, n_employers),
        "preferred": lambda: relation(rows.preferred, n_employers),
        "refused_employer": lambda: _refused(rows),
        "refused_broker": lambda: relation(rows.refused_by_broker, len(rows.broker_ids)),
        "requested_shift": lambda: relation(rows.requested_shifts, rows.shifts.n),
        "requested_employer": lambda: relation(rows.requested_employers, n_employers),
    }
    made = _side_by_side({"worker_ids": workers.ids, **own, **others, **relations}, n)
    fields: dict[str, Any] = {**workers.plain, **{name: made.pop(name) for name in own}}
    columns = WorkerColumns(**fields, attributes=workers.attributes)
    named = {"priority_groups": workers.group_names, "companions_in_crew": workers.companions.in_crew}
    return {**named, "workers": columns, **made}


def _side_by_side(parts: Mapping[str, Callable[[], Any]], n: int) -> dict[str, Any]:
    """Parts that do not depend on each other, by name; in threads where there is enough to do."""
    threads = thread_count() if n >= _MANY else 1
    # One more: while texts are made, nobody else has the interpreter, but the others go on computing.
    made = in_order(lambda part: part(), list(parts.values()), threads + 1 if threads > 1 else 1)
    return dict(zip(parts, made, strict=True))


def shift_columns(rows: Rows, skills: SkillNeeds, credentials: CredentialNeeds) -> ShiftColumns:
    """The arrays that are about shifts."""
    shifts, n = rows.shifts, rows.shifts.n
    periods = spans_of(n, shifts.periods)
    next_monday = 7 - rows.date.weekday()
    hours = hours_of(shifts.periods, shifts.break_min, shifts.min_minutes, rows.clock, next_monday)
    total, per_hour, per_day = _pay(rows, hours)
    words = (*skills.all_words, *skills.any_words, *credentials.words)
    leading_skill, leading_rank = skills.leading()
    return ShiftColumns(
        **shifts.plain,
        xyz_dm=_xyz(shifts.places),
        periods=periods,
        start_min=periods.start[periods.indptr[:-1]],
        end_min=_greatest(shifts.periods.row, shifts.periods.end, n).astype(np.int32),
        flexible=shifts.min_minutes > 0,
        min_minutes=shifts.min_minutes.astype(np.int32),
        schedule=schedules(periods, shifts.min_minutes),
        days=hours.days.astype(np.int32),
        first_day=hours.first_day.astype(np.int32),
        last_day=hours.last_day.astype(np.int32),
        hours=hours.minutes / 60,
        longest_day_hours=hours.longest_day_hours,
        first_day_hours=hours.first_day_hours,
        last_day_hours=hours.last_day_hours,
        rest_hours=hours.rest_hours,
        hours_this_week=hours.before_sunday,
        pay_total=total,
        pay_per_hour=per_hour,
        pay_per_day=per_day,
        reference_per_hour=skills.wages(rows.wages),
        hazards=_hazards(shifts),
        leading_skill=leading_skill,
        leading_rank=leading_rank,
        skills_all=skills.all_words,
        skills_any=skills.any_words,
        credentials_all=credentials.words,
        requirement=requirements(words, n),
        crew=_crews(shifts.crew),
        minimum_headcount=_minimum_headcount(shifts),
        attributes=shifts.attributes,
    )


def _pay(rows: Rows, hours: Hours) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Pay in all, per hour and per day; a month has the paid days that the law says on the first day."""
    shifts, kind = rows.shifts, "paid_days_per_month"
    limits = [limit for limit in rows.limits if limit.kind == kind]
    paid_days = figures(limits, rows.date, hours.first_day, hours.first_day)
    paid_days = np.where(np.isnan(paid_days), PAID_DAYS_PER_MONTH, paid_days)
    table = np.empty((3, shifts.n))
    for figure in np.unique(paid_days).tolist():
        at = np.flatnonzero(paid_days == figure)
        amount, unit, pieces = shifts.pay_amount[at], shifts.pay_unit[at], shifts.pieces[at]
        table[:, at] = pay_table(amount, unit, hours.minutes[at], hours.days[at], pieces, figure)
    return table[0], table[1], table[2]


def _xyz(places: Places) -> Xyz:
    lat, lon, datum = places
    xyz = np.empty((3, len(lat)), dtype=np.int32)
    blocks = [slice(first, first + _BLOCK) for first in range(0, len(lat), _BLOCK)]
    placed = in_order(lambda at: cartesian_dm(*to_wgs84_many(lat[at], lon[at], datum[at])), blocks)
    for block, found in zip(blocks, placed, strict=True):
        xyz[:, block] = found.T
    x, y, z = xyz
    return x, y, z


def _greatest(row: Int64Array, value: Int64Array, n: int) -> Int64Array:
    """The greatest value of each row, all of which have one."""
    found = np.full(n, np.iinfo(np.int64).min, dtype=np.int64)
    np.maximum.at(found, row, value)
    return found


def _ages(workers: WorkerRows, today: dt.date) -> Float64Array:
    """Completed years on the morning's date: from the date of birth, or as stated."""
    ages = workers.age_years.copy()
    known = np.flatnonzero(~np.isnat(workers.birth_date))
    ages[known] = (day_numbers(today, 0, 0) - numbered(workers.birth_date[known])) // YEAR
    return ages


def _born(workers: WorkerRows) -> Int32Array:
    born = np.full(workers.n, -1, dtype=np.int32)
    known = np.flatnonzero(~np.isnat(workers.birth_date))
    born[known] = numbered(workers.birth_date[known])
    return born


def _week(stated: Float64Array, hours: Links) -> Float64Array:
    """Hours this week as stated, else the sum over employers."""
    if not len(hours.worker):
        return stated
    order = by_number(hours.worker)
    worker, parts = hours.worker[order], hour_parts(hours.value[order])
    first = run_starts(worker)
    summed = np.full(len(stated), np.nan)
    summed[worker[first]] = np.add.reduceat(parts, first) / HOUR_PARTS
    return np.where(np.isnan(stated), summed, stated)


def _hours_by_employer(hours: Links, n_employers: int) -> Relation:
    parts = relation(hours._replace(value=hour_parts(hours.value)), n_employers, np.add)
    return replace(parts, value=parts.value / HOUR_PARTS)


def _members(workers: WorkerRows) -> BoolArray:
    groups = np.zeros((workers.n, len(workers.group_names)), dtype=bool)
    groups[workers.group_row, workers.group] = True
    return groups


def _together(workers: WorkerRows) -> Int32Array:
    groups = np.full(workers.n, -1, dtype=np.int32)
    row, number, _ = workers.companions
    groups[row[row >= 0]] = number[row >= 0]
    return groups


def _minimum_headcount(shifts: ShiftRows) -> Int32Array:
    """As stated; else 1, and in a crew all the seats."""
    seats = np.where(shifts.crew >= 0, shifts.plain["capacity"], 1)
    return np.where(shifts.minimum_headcount > 0, shifts.minimum_headcount, seats).astype(np.int32)


def _hazards(shifts: ShiftRows) -> Int32Array:
    hazards = np.zeros(shifts.n, dtype=np.int32)
    np.bitwise_or.at(hazards, shifts.hazard_row, (1 << shifts.hazard).astype(np.int32))
    return hazards


def _crews(crew: Int64Array) -> Int32Array:
    """Number of each shift's crew in order of id, -1 for none: int32[m]."""
    numbers = np.full(len(crew), -1, dtype=np.int32)
    inside = crew >= 0
    numbers[inside] = np.unique(crew[inside], return_inverse=True)[1]
    return numbers


def relation(links: Links, n_others: int, combine: np.ufunc = np.minimum) -> Relation:
    """Values by pair; of two opinions the worse, unless they are added up: the order must not matter."""
    here = np.flatnonzero((links.worker >= 0) & (links.other >= 0))
    worker, other, values = links.worker[here], links.other[here], links.value[here]
    order = by_row(worker, other)
    keys, values = (worker * n_others + other)[order], values[order]
    first = run_starts(keys)
    if len(first) < len(keys):  # some are there several times
        order = np.lexsort((values, keys))
        keys, values = keys[order], combine.reduceat(values[order], first)
    return Relation(keys[first], values, n_others)


def _praise(past: Links, n_employers: int) -> Relation:
    found = relation(past, n_employers)  # what is known wins over what is not
    return replace(found, value=np.where(found.value == 2.0, 0.5, found.value))


def _refused(rows: Rows) -> Relation:
    """By the worker 1, by the employer 2, by both 3."""
    n = len(rows.employer_ids)
    sides = [relation(links, n) for links in (rows.refused_by_worker, rows.refused_by_employer)]
    keys = np.concatenate([side.key for side in sides])
    values = np.concatenate([side.value for side in sides])
    key, at = np.unique(keys, return_inverse=True)
    return Relation(key, np.bincount(at, weights=values, minlength=len(key)).astype(np.float64), n)
