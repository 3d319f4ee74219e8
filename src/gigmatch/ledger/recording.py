"""A day into the tables of a ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from math import fsum
from typing import Any, NamedTuple

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.assignment.promises import IdPairs
from gigmatch.assignment.restoring import refuse_other
from gigmatch.errors import InvalidInputError
from gigmatch.i18n import Told
from gigmatch.ledger.carrying import Promise, closing, promises_of, shifts_taken, total_hours
from gigmatch.ledger.rows import (
    EXCUSED,
    KINDS,
    NO_SHOW,
    NOTHING,
    WORKED,
    Held,
    LedgerDay,
    Tables,
    of_rows,
    together,
)
from gigmatch.model import MINUTES_PER_DAY, Morning, Shift, Worker
from gigmatch.model.clock import SecondTime

__all__ = ["recorded"]


class _Day(NamedTuple):
    """What a day came to."""

    taken: Mapping[str, Sequence[Shift]]
    """The shifts of everybody who had any, in order of time, turned up for or not."""
    outcome: Mapping[str, int]
    """What became of it, by worker."""
    offered: Counter[str]
    """Offers of each worker, the shifts they had included."""
    declined: Counter[str]


def recorded(
    morning: Morning,
    assignment: Assignment,
    offered: IdPairs,
    declined: IdPairs,
    no_shows: Iterable[str],
    excused: Iterable[str],
) -> Held:
    """Turn a day into tables; errors and arguments as for ``Ledger.of``."""
    if not isinstance(morning, Morning):
        raise InvalidInputError("only_a_morning", value=morning)
    if not isinstance(assignment, Assignment) or not _is_of(assignment, morning):
        refuse_other(morning, assignment)
    day = _what_happened(morning, assignment, offered, declined, no_shows, excused)
    employers = _employers(morning, day.taken)
    tables = _tables(morning, day, _of_all(morning, assignment), employers)
    day_of = (LedgerDay(morning.date, morning.market.id),)
    return together([Held(day_of, tuple(worker.id for worker in morning.workers), employers, tables)])


def _is_of(assignment: Assignment, morning: Morning) -> bool:
    return assignment.solved is not None and assignment.solved.morning is morning


class _OfAll(NamedTuple):
    """What is looked up for everybody."""

    eligible: Mapping[str, int]
    """Eligible shifts by worker."""
    pay: Mapping[tuple[str, str], float]
    """Of each placement."""
    requested: Collection[tuple[str, str | None, str | None]]
    """Worker, and shift or employer, of whoever was asked for by name."""


def _of_all(morning: Morning, assignment: Assignment) -> _OfAll:
    return _OfAll(
        dict(zip(assignment.worker_ids, assignment.eligible_shifts.tolist(), strict=True)),
        dict(zip(assignment.pairs, assignment.pay_total.tolist(), strict=True)),
        {(each.worker_id, each.shift_id, each.employer_id) for each in morning.requests},
    )


def _tables(morning: Morning, day: _Day, known: _OfAll, employers: Sequence[str]) -> Tables:
    """A row for everybody, and rows for what they worked and what is known of them."""
    employer = {name: row for row, name in enumerate(employers)}
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in Tables._fields}
    for at, worker in enumerate(morning.workers):
        shifts, outcome = day.taken.get(worker.id, ()), day.outcome[worker.id]
        work = [promises_of(worker.id, shift, morning.clock) for shift in shifts]
        waited = worker.days_since_last_placement
        counts = known.eligible[worker.id], day.offered[worker.id], day.declined[worker.id], outcome
        of_shifts = _of_shifts(worker.id, shifts, [*chain(*work)], known)
        rows["presence"].append((0, at, *counts, *of_shifts, -1 if waited is None else waited))
        if outcome != WORKED:
            shifts, work = (), []
        rows["work"] += [
            (0, at, employer[p.employer_id], *_span(p.start_min, p.end_min), p.hours, p.fixed, met)
            for met, taken in zip(_met_before(worker, shifts), work, strict=True)
            for p in taken
        ]
        over = closing(worker, shifts, [*chain(*work)], morning.date)
        rows["closings"].append((0, at, *_minute(over.last_shift_end_min), _number(over.hours_this_week)))
        rows["commitments"] += [(at, *_span(each.start_min, each.end_min)) for each in over.commitments]
        rows["week_hours"] += [
            (at, employer[each.employer_id], each.hours) for each in over.hours_by_employer
        ]
    return Tables(*(of_rows(kind, rows[name]) for name, kind in KINDS.items()))


def _what_happened(
    morning: Morning,
    assignment: Assignment,
    offered: IdPairs,
    declined: IdPairs,
    no_shows: Iterable[str],
    excused: Iterable[str],
) -> _Day:
    refused = _known_pairs(morning, "declined", declined)
    stood = [pair for pair in assignment.pairs if pair not in refused]
    offers = {*_known_pairs(morning, "offered", offered), *refused, *stood}
    taken = shifts_taken(morning, stood)
    outcome = {worker.id: WORKED if worker.id in taken else NOTHING for worker in morning.workers}
    for field, names, code in (("no_shows", no_shows, NO_SHOW), ("excused", excused, EXCUSED)):
        if isinstance(names, str):
            raise InvalidInputError("wrong_type", name=field, kinds="list", value=names)
        for name in names:
            if outcome.get(name) != WORKED:
                raise InvalidInputError("ledger_not_placed", field=field, name=name)
            outcome[name] = code
    return _Day(taken, outcome, *(Counter(worker for worker, _ in pairs) for pairs in (offers, refused)))


def _known_pairs(morning: Morning, field: str, pairs: IdPairs) -> set[tuple[str, str]]:
    """Pairs whose worker and shift are both in the morning."""
    found = {(worker, shift) for worker, shift in pairs}
    known = {
        "worker": {worker.id for worker in morning.workers},
        "shift": {shift.id for shift in morning.shifts},
    }
    for pair in sorted(found):
        for (kind, ids), name in zip(known.items(), pair, strict=True):
            if name not in ids:
                raise InvalidInputError(
                    "placed_unknown", field=field, kind=Told.of(f"words.{kind}"), name=name
                )
    return found


def _employers(morning: Morning, taken: Mapping[str, Sequence[Shift]]) -> tuple[str, ...]:
    """Every employer whom somebody's hours or work are for."""
    named = {shift.employer_id for shifts in taken.values() for shift in shifts}
    named.update(row.employer_id for worker in morning.workers for row in worker.hours_by_employer)
    return tuple(sorted(named))


def _of_shifts(
    worker_id: str, shifts: Sequence[Shift], taken: Sequence[Promise], known: _OfAll
) -> tuple[bool, float, float, int]:
    """Whether one was asked for by name; hours and pay of all, days until their last work begins."""
    if not shifts:
        return False, 0.0, 0.0, 0
    names = [(worker_id, shift.id, None) for shift in shifts]
    of_employers = [(worker_id, None, shift.employer_id) for shift in shifts]
    hours = total_hours(promise.hours for promise in taken)
    until = max(promise.start_min for promise in taken) // MINUTES_PER_DAY
    pay = fsum(known.pay[worker_id, shift.id] for shift in shifts)
    return any(name in known.requested for name in (*names, *of_employers)), hours, pay, max(until, 0)


def _met_before(worker: Worker, shifts: Sequence[Shift]) -> list[int]:
    """Shifts with the employer of each shift before it, those of the same day included."""
    met = Counter({row.employer_id: row.shifts or 0 for row in worker.past_employers})
    found = []
    for shift in shifts:
        found.append(met[shift.employer_id])
        met[shift.employer_id] += 1
    return found


def _span(start: int, end: int) -> tuple[float, bool, float, bool]:
    return *_minute(start), *_minute(end)


def _minute(minute: int | None) -> tuple[float, bool]:
    return _number(minute), isinstance(minute, SecondTime)


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
