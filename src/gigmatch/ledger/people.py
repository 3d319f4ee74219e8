"""What a ledger knows of people, put into a later morning."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gigmatch.core.arrays import IndexArray, row_counts, run_pointers, run_starts
from gigmatch.ledger.carrying import EARLIEST_MIN, Closing, Promise, opened
from gigmatch.ledger.rows import Held, Work, some_rows
from gigmatch.model import MINUTES_PER_DAY, EmployerHours, PastEmployer, TimeSpan, Worker
from gigmatch.model.clock import SecondTime

__all__ = ["People"]


class People:
    """Puts what a ledger knows of people into a later morning.

    Parameters
    ----------
    held : Held
        The ledger's.
    waiting : mapping of str to int
        Days since the last turn, of whoever it is known of.
    date : date
        The morning's.
    """

    def __init__(self, held: Held, waiting: Mapping[str, int], date: dt.date) -> None:
        self._held, self._waiting, self._date = held, waiting, date
        tables, work = held.tables, held.tables.work
        self._number = {name: at for at, name in enumerate(held.worker)}
        self._days_ago = np.array([(date - day.date).days for day in held.day], np.int64)
        matters = work.end_min - self._days_ago[work.day] * MINUTES_PER_DAY >= EARLIEST_MIN
        self._work = _by_worker(work.worker, np.flatnonzero(matters))
        self._commitments = _by_worker(tables.commitments.worker)
        self._week_hours = _by_worker(tables.week_hours.worker)
        self._met = _shifts_by_employer(held)

    def on(self, worker: Worker) -> Worker:
        """Somebody with what is known of them; as they come if nothing is."""
        at = self._number.get(worker.id)
        if at is None:
            return worker
        changed: dict[str, Any] = {"past_employers": _past(worker.past_employers, self._met.get(at, {}))}
        if worker.id in self._waiting:
            changed["days_since_last_placement"] = self._waiting[worker.id]
        promises = [self._promise(worker.id, row) for row in self._work.get(at, ())]
        days = int(self._days_ago[self._held.tables.closings.day[at]])
        return opened(worker.model_copy(update=changed), self._closing(at), promises, self._date, days)

    def _promise(self, worker_id: str, row: int) -> Promise:
        work = self._held.tables.work
        start = _shown(work.start_min[row], work.start_again[row])
        end = _shown(work.end_min[row], work.end_again[row])
        employer = self._held.employer[work.employer[row]]
        promise = Promise(worker_id, employer, start, end, float(work.hours[row]), bool(work.fixed[row]))
        return promise.later(int(self._days_ago[work.day[row]]))

    def _closing(self, at: int) -> Closing:
        """What is known from somebody's last day; there is a row for everybody, in their order."""
        closings, spans, week = self._held.tables[2:]
        last, hours = float(closings.last_end_min[at]), float(closings.hours[at])
        commitments = (
            (_shown(spans.start_min[k], spans.start_again[k]), _shown(spans.end_min[k], spans.end_again[k]))
            for k in self._commitments.get(at, ())
        )
        by_employer = (
            EmployerHours(employer_id=self._held.employer[week.employer[k]], hours=float(week.hours[k]))
            for k in self._week_hours.get(at, ())
        )
        return Closing(
            None if np.isnan(last) else _shown(last, closings.last_end_again[at]),
            tuple(TimeSpan(start_min=start, end_min=end) for start, end in commitments),
            None if np.isnan(hours) else hours,
            tuple(by_employer),
        )


def _by_worker(worker: Any, rows: IndexArray | None = None) -> Mapping[int, list[int]]:
    """The rows of each worker, or some of them, in their order."""
    rows = np.arange(len(worker)) if rows is None else rows
    found: dict[int, list[int]] = defaultdict(list)
    for row, at in zip(rows.tolist(), worker[rows].tolist(), strict=True):
        found[at].append(row)
    return found


def _shifts_by_employer(held: Held) -> Mapping[int, dict[str, int]]:
    """Shifts that each worker has done for each employer, in order of the last one.

    With each they had one more than the morning said, or than here before, if that is more.
    """
    work = _first_days(held.tables.work)
    order = np.lexsort((work.day, work.employer, work.worker))
    worker, employer, day, met = (
        column[order] for column in (work.worker, work.employer, work.day, work.met)
    )
    runs = run_pointers(worker, employer)
    still = np.repeat(runs[1:], row_counts(runs)) - np.arange(len(worker))
    shifts = np.maximum.reduceat(met + still, runs[:-1]) if len(worker) else met
    last = runs[1:] - 1
    by_day = np.lexsort((day[last], worker[last])) if len(worker) else last[:0]
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for run in by_day.tolist():
        found[int(worker[last[run]])][held.employer[employer[last[run]]]] = int(shifts[run])
    return found


def _first_days(work: Work) -> Work:
    """The first day of work of each shift; those of one employer and day differ in ``met``."""
    return some_rows(work, run_starts(work.day, work.worker, work.employer, work.met))


def _past(past: Sequence[PastEmployer], met: Mapping[str, int]) -> tuple[PastEmployer, ...]:
    """Past employers with the shifts that were worked for them, those of the last ones at the end."""
    known = {row.employer_id: row for row in past}
    fresh = (known.get(name, PastEmployer(employer_id=name)) for name in met)
    return (
        *(row for row in past if row.employer_id not in met),
        *(row.model_copy(update={"shifts": met[row.employer_id]}) for row in fresh),
    )


def _shown(minute: float, again: bool) -> int:
    """A minute as fields hold it."""
    return SecondTime(minute) if again else int(minute)
