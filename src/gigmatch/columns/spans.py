"""Intervals in bulk: free time, and the hours of shifts.

By hand in whole arrays: libraries of intervals make an object of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns.columns import FOREVER_MIN, Spans
from gigmatch.columns.orders import by_number, by_row
from gigmatch.columns.rows import Times
from gigmatch.core.arrays import (
    BoolArray,
    Float64Array,
    IndexArray,
    Int32Array,
    Int64Array,
    per_entry,
    row_counts,
    row_pointers,
    run_pointers,
)
from gigmatch.model import WallClock
from gigmatch.model.working_time import days_of_work

__all__ = ["Hours", "first_seen", "free_spans", "hours_of", "merged_spans", "schedules", "spans_of"]


def spans_of(n: int, times: Times) -> Spans:
    """Intervals in rows, those of a row in order of start, then end."""
    order = by_row(times.row, times.start, times.end)
    return _as_spans(n, times.row[order], times.start[order], times.end[order])


def _as_spans(n: int, row: Int64Array, start: Int64Array | Int32Array, end: Int64Array | Int32Array) -> Spans:
    """Intervals that stand in order of their rows already."""
    indptr = row_pointers(np.bincount(row, minlength=n))
    return Spans(indptr, start.astype(np.int32, copy=False), end.astype(np.int32, copy=False))


def free_spans(windows: Times, commitments: Times, last_end: Float64Array) -> Spans:
    """Windows less commitments and less all before the last shift's end, merged and in order.

    IndexArray without a window are always free until something takes them: from ``-FOREVER_MIN`` on.
    """
    n = len(last_end)
    given = np.bincount(windows.row, minlength=n)
    several = (given > 1) | (np.bincount(commitments.row, minlength=n) > 0)
    start, end = np.full(n, -FOREVER_MIN, dtype=np.int32), np.full(n, FOREVER_MIN, dtype=np.int32)
    start[windows.row], end[windows.row] = windows.start, windows.end
    began = np.where(np.isnan(last_end), -FOREVER_MIN, last_end).astype(np.int32)
    np.maximum(start, began, out=start)
    one = np.flatnonzero(~several & (start < end))  # at most one window, and no more
    start, end = start[one], end[one]
    row, swept_start, swept_end = _swept(
        _cut(windows, several), _cut(commitments, several), np.flatnonzero(several & (given == 0))
    )
    swept_start = np.maximum(swept_start, began[row])
    kept = swept_start < swept_end
    if not kept.any():
        return _as_spans(n, one, start, end)
    rows = np.concatenate([one, row[kept]])
    order = by_number(rows)
    start, end = np.append(start, swept_start[kept]), np.append(end, swept_end[kept])
    return _as_spans(n, rows[order], start[order], end[order])


def merged_spans(n: int, times: Times) -> Spans:
    """Intervals in rows, in order, those of a row that overlap or touch as one."""
    nobody = np.empty(0, np.int64)
    return _as_spans(n, *_swept(times, Times(nobody, nobody, nobody), np.empty(0, np.intp)))


def _cut(times: Times, wanted: BoolArray) -> Times:
    """The intervals of some rows."""
    at = np.flatnonzero(wanted[times.row])
    return Times(times.row[at], times.start[at], times.end[at])


def _swept(windows: Times, taken: Times, always: IndexArray) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Row, start and end of what lies in a window and in nothing taken; rows in ``always`` have all time.

    A sweep over the bounds of all intervals counts how many windows, and how many times taken, lie over each
    stretch between two bounds; stretches that touch are joined.
    """
    if not len(windows.row) and not len(always):
        nobody = np.empty(0, np.int64)
        return nobody, nobody, nobody
    bound = np.full(len(always), FOREVER_MIN, dtype=np.int64)
    open_row = np.concatenate([windows.row, always])
    row = np.concatenate([open_row, open_row, taken.row, taken.row])
    time = np.concatenate([windows.start, -bound, windows.end, bound, taken.start, taken.end])
    step = np.repeat([1, -1, -_TAKEN, _TAKEN], [len(open_row)] * 2 + [len(taken.row)] * 2)
    order = np.lexsort((time, row))
    row, time, over = row[order], time[order], np.cumsum(step[order])
    last = run_pointers(row, time)[1:] - 1  # of equal bounds
    row, time, free = row[last], time[last], over[last] > 0
    before = np.append(False, free[:-1])[: len(free)]  # a row's last stretch ends with nothing over it
    opens, closes = np.flatnonzero(free & ~before), np.flatnonzero(~free & before)
    return row[opens], time[opens], time[closes]


_TAKEN = 1 << 32  # weighs more than any number of windows


class Hours(NamedTuple):
    """Of each shift, from its periods."""

    minutes: Int64Array
    """Minutes of paid work: those of the periods less their breaks, or the ones a flexible shift asks for."""
    days: Int64Array
    """Days of work."""
    first_day: Int64Array
    last_day: Int64Array
    longest_day_hours: Float64Array
    first_day_hours: Float64Array
    last_day_hours: Float64Array
    rest_hours: Float64Array
    """Shortest time between the work of one day and that of the next; infinite for one day, and for a
    flexible shift, whose work is done when the worker likes."""
    before_sunday: Float64Array
    """Paid hours of the days before one, a flexible shift's in proportion."""


def hours_of(
    periods: Times, break_min: Int64Array, min_minutes: Int64Array, clock: WallClock, next_monday: int
) -> Hours:
    """Working time of shifts: of each at least one period, in any order."""
    n = len(min_minutes)
    order = by_row(periods.row, periods.start)
    row, start, end, rest = (each[order] for each in (*periods, break_min))
    work = days_of_work(row, start, end, rest, clock)
    indptr = row_pointers(np.bincount(work.row, minlength=n))
    worked, days, flexible = _sums(work.row, work.minutes, n), row_counts(indptr), min_minutes > 0
    busiest = np.zeros(n)
    np.maximum.at(busiest, work.row, work.minutes)
    rested = np.full(n, np.inf)
    next_day = np.flatnonzero(work.row[1:] == work.row[:-1])
    np.minimum.at(rested, work.row[next_day], (work.start[next_day + 1] - work.end[next_day]) / 60)
    minutes, evenly = np.where(flexible, min_minutes, worked), min_minutes / (60 * days)
    return Hours(
        minutes=minutes,
        days=days,
        first_day=work.day[indptr[:-1]],
        last_day=work.day[indptr[1:] - 1],
        longest_day_hours=np.where(flexible, evenly, busiest / 60),
        first_day_hours=np.where(flexible, evenly, work.minutes[indptr[:-1]] / 60),
        last_day_hours=np.where(flexible, evenly, work.minutes[indptr[1:] - 1] / 60),
        rest_hours=np.where(flexible, np.inf, rested),
        before_sunday=minutes * _sums(work.row, work.minutes * (work.day < next_monday), n) / worked / 60,
    )


def _sums(row: Int64Array, value: Float64Array, n: int) -> Int64Array:
    return np.rint(np.bincount(row, weights=value, minlength=n)).astype(np.int64)  # exact: far below 2**53


def schedules(periods: Spans, min_minutes: Int64Array) -> Int32Array:
    """Equal periods and minutes have equal numbers, from 0 in order of first appearance: int32[m]."""
    code = np.unique(min_minutes, return_inverse=True)[1].astype(np.int64)
    for n in range(periods.most):
        rows = np.flatnonzero(periods.counts > n)
        start, end = periods.nth(rows, n)
        longer = first_seen([code[rows], start, end])
        code[rows] = longer + code.max() + 1  # apart from those that have ended
    return first_seen([code])


def first_seen(keys: Sequence[NDArray[np.integer]]) -> Int32Array:
    """Rows with equal keys have equal numbers, from 0 in order of first appearance: int32[n]."""
    keys = [key for key in keys if (key[1:] != key[:-1]).any()] or keys[:1]  # the others are constant
    order = np.lexsort(keys)
    runs = run_pointers(*(key[order] for key in keys))
    first = order[runs[:-1]]  # of each group: the sort is stable
    number = np.empty(len(first), dtype=np.int32)
    number[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    numbers = np.empty(len(order), dtype=np.int32)
    numbers[order] = per_entry(number, runs)
    return numbers
