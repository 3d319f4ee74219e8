"""What a day's work is, and sums of hours that are exact.

Periods of a shift that touch are one *span* of work, however they are cut: 18:00 to 24:00 and 24:00 to 32:00
are the night from 18:00 to 32:00. A span is work of the day on which it begins; one that lasts longer than
from one clock time to the same on the next day is cut there, and the rest is the next day's work, its breaks
spread evenly. *Rest* within a shift lies between the work of one day and that of the next.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gigmatch.core.arrays import (
    Float64Array,
    IndexArray,
    Int64Array,
    place_in_row,
    row_owners,
    row_pointers,
    run_starts,
)
from gigmatch.model.clock import MINUTES_PER_DAY, WallClock

__all__ = ["HOUR_PARTS", "DaysOfWork", "days_of_work", "hour_parts"]

HOUR_PARTS = 60_000
"""Hours are added up and compared in thousandths of a minute: whole numbers, so in any order."""


def hour_parts(hours: Any) -> Any:
    """Hours in `HOUR_PARTS`, as whole floats; NaN stays.

    Examples
    --------
    >>> import numpy as np
    >>> 0.1 + 0.2, float(hour_parts([0.1, 0.2]).sum()) / HOUR_PARTS
    (0.30000000000000004, 0.3)
    """
    return np.rint(np.multiply(hours, HOUR_PARTS))


class DaysOfWork(NamedTuple):
    """Work of one shift on one day, an entry each, in order of shift and day."""

    row: Int64Array
    """The shift."""
    day: Int64Array
    """0 for the morning's."""
    minutes: Float64Array
    """Worked, less breaks."""
    start: Int64Array
    """Of the first span of the day, in elapsed minutes."""
    end: Int64Array
    """Of the last one."""


def days_of_work(
    row: Int64Array, start: Int64Array, end: Int64Array, rest: Int64Array, clock: WallClock
) -> DaysOfWork:
    """Sum up the work of shifts by day.

    Parameters
    ----------
    row, start, end, rest : int64[k]
        Shift, bounds in elapsed minutes, and break of each period; in order of shift and start.
    clock : WallClock
        Of the morning's place.

    Examples
    --------
    >>> import datetime as dt
    >>> import numpy as np
    >>> clock = WallClock(dt.date(2025, 9, 19), "Asia/Shanghai")
    >>> one, two = np.array([0, 0]), np.array([0, 0])
    >>> found = days_of_work(one, np.array([1080, 1440]), np.array([1440, 1920]), two, clock)
    >>> found.day.tolist(), found.minutes.tolist()
    ([0], [840.0])
    """
    first = run_starts(row, _spans(row, start, end))
    if not len(first):
        return DaysOfWork(row, row, row.astype(np.float64), start, end)
    last = np.append(first[1:], len(row)) - 1
    work = np.add.reduceat(end - start - rest, first).astype(np.float64)
    row, start, end = row[first], start[first], end[last]
    begins = clock.wall(start)
    day, count = begins // MINUTES_PER_DAY, -((begins - clock.wall(end)) // MINUTES_PER_DAY)
    if (count > 1).any():
        indptr = row_pointers(np.maximum(count, 1))
        nth, of = place_in_row(indptr), row_owners(indptr)
        cut = np.where(nth > 0, clock.elapsed(begins[of] + MINUTES_PER_DAY * nth), start[of])
        until = np.where(np.append(nth[1:], 0) > 0, np.append(cut[1:], 0), end[of])
        work = work[of] * (until - cut) / (end - start)[of]
        row, start, end, day = row[of], cut, until, day[of] + nth
    of_day = run_starts(row, day)
    last = np.append(of_day[1:], len(row)) - 1
    return DaysOfWork(row[of_day], day[of_day], np.add.reduceat(work, of_day), start[of_day], end[last])


def _spans(row: Int64Array, start: Int64Array, end: Int64Array) -> IndexArray:
    """Number of the span that each period is part of."""
    begins = np.ones(len(row), dtype=bool)
    begins[1:] = (row[1:] != row[:-1]) | (start[1:] > end[:-1])
    return np.cumsum(begins)
