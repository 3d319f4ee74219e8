"""What a day leaves behind for the next, from a morning and its placements.

Minutes count from the new midnight:

=================================  ========================================================================
``last_shift_end_min``             end of the worker's last period that has begun, of any day; forgotten after
                                   two weeks
``commitments``                    periods not yet over of shifts taken earlier: tomorrow's half of a two-day
                                   shift; fixed shifts only, since flexible work is done when the worker likes
``hours_this_week``,               plus the paid hours of the shift up to Sunday, at once, as the rules count
``hours_by_employer``              them; on a Monday only the hours promised for the new week
``days_since_last_placement``      0 for whoever was placed or has periods still to come, else one more;
                                   unknown becomes 1
``past_employers``                 each shift's employer, with one shift more
``windows``, ``arrived_at_min``    as they were: people come and go at the same times again
shifts                             those that begin tomorrow or later and have seats left, with these; what
                                   has begun is over, its empty seats lapse
=================================  ========================================================================

Everything else stays: people, employers, brokers, places, wages and law. Flexible work counts as done in all
its periods alike, and as ended with the last that has begun.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from gigmatch.assignment.promises import IdPairs
from gigmatch.errors import InvalidInputError
from gigmatch.i18n import Told
from gigmatch.model import MINUTES_PER_DAY as DAY
from gigmatch.model import EmployerHours, Morning, PastEmployer, Shift, TimeSpan, WallClock, Worker
from gigmatch.model.working_time import HOUR_PARTS, days_of_work, hour_parts

__all__ = [
    "EARLIEST_MIN",
    "Closing",
    "Promise",
    "carry_over",
    "closing",
    "opened",
    "promises_of",
    "shifts_taken",
    "total_hours",
]

EARLIEST_MIN = -20_160  # two weeks, the earliest minute that the model knows


class Promise(NamedTuple):
    """A day's work, still to come, of a shift that somebody has taken."""

    worker_id: str
    employer_id: str
    start_min: int
    """Of the clock on the wall, and so ``end_min``."""
    end_min: int
    hours: float
    """Paid."""
    fixed: bool
    """Whether the worker is bound to be there throughout."""

    def later(self, days: int) -> Promise:
        """The same, counted from the midnight so many days after."""
        return self._replace(start_min=_later(self.start_min, days), end_min=_later(self.end_min, days))


class Closing(NamedTuple):
    """What is known of somebody when a day is over, besides their promises; minutes since its midnight."""

    last_shift_end_min: int | None
    """As it was in the morning."""
    commitments: tuple[TimeSpan, ...]
    """With those taken today."""
    hours_this_week: float | None
    """With today's, up to Sunday."""
    hours_by_employer: tuple[EmployerHours, ...]
    """Likewise."""


def carry_over(
    morning: Morning, placed: IdPairs, promised: Sequence[Promise] = ()
) -> tuple[Morning, tuple[Promise, ...]]:
    """The same people on the next morning, with what the day has changed; nobody and nothing new.

    Parameters
    ----------
    morning : Morning
        Of a sample or of one's own; `Columns` do not hold all of one.
    placed : iterable of (worker id, shift id)
        Who took which shift.
    promised : sequence of Promise
        What earlier days left, as `carry_over` returned it; their fixed ones are ``commitments`` already.

    Returns
    -------
    morning : Morning
        The next one, as the table in the module's docstring says.
    promised : tuple of Promise
        For the call after.

    Raises
    ------
    InvalidInputError
        A pair names somebody or something that is not there, a worker more often than ``max_shifts``, or more
        people than a shift has seats; or what is given is no Morning.
    """
    if not isinstance(morning, Morning):
        raise InvalidInputError("only_a_morning", value=morning)
    shifts_of = shifts_taken(morning, placed)
    earlier: dict[str, list[Promise]] = defaultdict(list)
    for promise in promised:
        earlier[promise.worker_id].append(promise)
    date = morning.date + dt.timedelta(1)
    workers: list[Worker] = []
    left: list[Promise] = []
    for worker in morning.workers:
        shifts_taken_by = shifts_of.get(worker.id, ())
        taken = [p for shift in shifts_taken_by for p in promises_of(worker.id, shift, morning.clock)]
        promises = [promise.later(1) for promise in (*earlier[worker.id], *taken)]
        workers.append(_after(worker, shifts_taken_by, taken, promises, morning.date))
        left += [promise for promise in promises if promise.start_min >= 0]
    filled = Counter(shift.id for shifts in shifts_of.values() for shift in shifts)
    shifts = tuple(later for shift in morning.shifts if (later := _still_open(shift, filled[shift.id])))
    changed = {"date": date, "workers": tuple(workers), "shifts": shifts}
    return morning.model_copy(update=changed), tuple(left)


def shifts_taken(morning: Morning, placed: IdPairs) -> dict[str, tuple[Shift, ...]]:
    """The shifts of everybody placed, in the morning's order, each's by their beginning, if that can be."""
    shifts, found = {shift.id: shift for shift in morning.shifts}, dict[str, dict[str, Shift]]()
    workers = {worker.id: worker for worker in morning.workers}
    for worker, shift in placed:
        if worker not in workers or shift not in shifts:
            kind, name = ("worker", worker) if worker not in workers else ("shift", shift)
            raise InvalidInputError(
                "placed_unknown", field="placed", kind=Told.of(f"words.{kind}"), name=name
            )
        of_worker, most = found.setdefault(worker, {}), workers[worker].max_shifts
        if shift in of_worker or len(of_worker) == most:
            raise InvalidInputError("placed_too_often", name=worker, most=most)
        of_worker[shift] = shifts[shift]
    for name, count in Counter(name for of_worker in found.values() for name in of_worker).items():
        if count > shifts[name].headcount:
            raise InvalidInputError("placed_over_headcount", n=count, name=name, most=shifts[name].headcount)
    return {
        worker: tuple(sorted(found[worker].values(), key=lambda shift: _beginning(shift, morning.clock)))
        for worker in workers
        if worker in found
    }


def _beginning(shift: Shift, clock: WallClock) -> int:
    return min(clock.minute(period.start_min) for period in shift.periods)


def promises_of(worker: str, shift: Shift, clock: WallClock) -> list[Promise]:
    """The days of work of a shift, with their hours; those of a flexible one are spread over all alike."""
    periods = sorted(shift.periods, key=lambda period: clock.minute(period.start_min))
    start, end = (clock.minutes(getattr(p, side) for p in periods) for side in ("start_min", "end_min"))
    rest = np.array([period.break_min for period in periods], dtype=np.int64)
    work = days_of_work(np.zeros_like(start), start, end, rest, clock)
    share = 1.0 if shift.min_minutes is None else shift.min_minutes / float(work.minutes.sum())
    rows = zip(work.start.tolist(), work.end.tolist(), (work.minutes * share / 60).tolist(), strict=True)
    is_fixed = shift.attendance == "fixed"
    return [
        Promise(worker, shift.employer_id, clock.shown(begins), clock.shown(ends), hours, is_fixed)
        for begins, ends, hours in rows
    ]


def _after(
    worker: Worker, shifts: Sequence[Shift], taken: list[Promise], promises: list[Promise], date: dt.date
) -> Worker:
    """A worker on the morning after a date; ``promises`` are all of theirs, counted from its midnight."""
    waited = worker.days_since_last_placement
    changed: dict[str, Any] = {
        "days_since_last_placement": 0 if promises else 1 if waited is None else waited + 1
    }
    if shifts:
        changed["past_employers"] = reduce(
            _met, (shift.employer_id for shift in shifts), worker.past_employers
        )
    over = closing(worker, shifts, taken, date)
    return opened(worker.model_copy(update=changed), over, promises, date + dt.timedelta(1), 1)


def closing(worker: Worker, shifts: Sequence[Shift], taken: Sequence[Promise], date: dt.date) -> Closing:
    """What is known of a worker after a day on which they took shifts, with their days of work, or none."""
    known, by_employer = worker.hours_this_week, worker.hours_by_employer
    spans: tuple[TimeSpan, ...] = worker.commitments
    if shifts:
        week_ends = (7 - date.weekday()) * DAY
        taken = [promise for promise in taken if promise.start_min < week_ends]
        by_employer = _summed(
            [(r.employer_id, r.hours) for r in by_employer] + [(p.employer_id, p.hours) for p in taken]
        )
        known = None if known is None else total_hours((known, *(promise.hours for promise in taken)))
        spans += tuple(span for each in shifts if each.attendance == "fixed" for span in each.periods)
    return Closing(worker.last_shift_end_min, spans, known, by_employer)


def opened(worker: Worker, over: Closing, promises: Sequence[Promise], date: dt.date, days: int) -> Worker:
    """A worker on a morning, so many days after what was known of them.

    Parameters
    ----------
    worker : Worker
        As they come.
    over : Closing
        Of the day ``days`` before.
    promises : sequence of Promise
        All days of work that they have taken since, in order, counted from the morning's midnight.
    date : date
        The morning's.
    days : int
        At least 1.
    """
    hours, by_employer = over.hours_this_week, over.hours_by_employer
    begun = date.weekday()  # days since Monday
    if begun < days:
        week = [p for p in promises if -begun * DAY <= p.start_min < (7 - begun) * DAY]
        hours = total_hours(promise.hours for promise in week)
        by_employer = _summed((promise.employer_id, promise.hours) for promise in week)
    changed = {
        "last_shift_end_min": _last_end(over.last_shift_end_min, promises, days),
        "commitments": _commitments(over.commitments, days),
        "hours_this_week": hours,
        "hours_by_employer": by_employer,
    }
    return worker.model_copy(update=changed)


def _last_end(known: int | None, promises: Sequence[Promise], days: int) -> int | None:
    before = [] if known is None else [_later(known, days)]
    last = max(before + [promise.end_min for promise in promises if promise.start_min < 0], default=None)
    return last if last is not None and last >= EARLIEST_MIN else None


def _commitments(spans: Sequence[TimeSpan], days: int) -> tuple[TimeSpan, ...]:
    """Those that are not over so many days later."""
    return tuple(
        TimeSpan(start_min=_later(span.start_min, days), end_min=_later(span.end_min, days))
        for span in spans
        if span.end_min > days * DAY
    )


def _later(minute: int, days: int) -> int:
    """The same time of the clock, counted from the midnight so many days after."""
    return type(minute)(minute - days * DAY)


def _summed(rows: Iterable[tuple[str, float]]) -> tuple[EmployerHours, ...]:
    each: dict[str, list[float]] = defaultdict(list)
    for employer, hours in rows:
        each[employer].append(hours)
    return tuple(
        EmployerHours(employer_id=employer, hours=total_hours(hours)) for employer, hours in each.items()
    )


def total_hours(hours: Iterable[float]) -> float:
    """The sum of some hours, the same in any order."""
    return float(hour_parts(list(hours)).sum()) / HOUR_PARTS


def _met(past: Sequence[PastEmployer], employer: str) -> tuple[PastEmployer, ...]:
    """Past employers with one shift more for one of them; praise is for them to give."""
    known = next((row for row in past if row.employer_id == employer), PastEmployer(employer_id=employer))
    once_more = known.model_copy(update={"shifts": (known.shifts or 0) + 1})
    return (*(row for row in past if row.employer_id != employer), once_more)


def _still_open(shift: Shift, filled: int) -> Shift | None:
    """A shift that begins tomorrow or later, with the seats it has left; else None."""
    left = shift.headcount - filled
    if not left or min(period.start_min for period in shift.periods) < DAY:
        return None
    periods = tuple(
        period.model_copy(
            update={"start_min": _later(period.start_min, 1), "end_min": _later(period.end_min, 1)}
        )
        for period in shift.periods
    )
    least = shift.minimum_headcount and min(shift.minimum_headcount, left)
    return shift.model_copy(update={"periods": periods, "headcount": left, "minimum_headcount": least})
