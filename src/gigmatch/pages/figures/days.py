"""The days of people: their shifts in order, the ways from one to the next, and the time between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import Float64Array, IndexArray, run_pointers
from gigmatch.pairing.travel import minutes_between

__all__ = ["Day", "Stint", "days_of", "fullest_first", "hours_between", "stints_of"]

_STEPS = (60, 120, 180, 360, 720)
_MOST_MARKS = 9


class Stint(NamedTuple):
    """Some time at work."""

    shift: int
    start_min: int
    """Since the morning's midnight, as columns count, and so the end."""
    end_min: int
    in_crew: bool


class Day(NamedTuple):
    """What one worker has to do."""

    worker: int
    """Row of the worker."""
    places: tuple[int, ...]
    """Positions of the placements in the solved morning, in order of time."""
    shifts: tuple[int, ...]
    """Rows of their shifts."""
    ways: tuple[float, ...]
    """Minutes from each shift to the next, in the worker's mode; NaN where they are not known."""
    free: tuple[int, ...]
    """Minutes from the end of each shift to the beginning of the next."""


def days_of(solved: SolvedMorning) -> list[Day]:
    """Return the day of everybody placed, in order of the worker's row.

    Parameters
    ----------
    solved : SolvedMorning
        Any; the instance is asked for only where somebody has several shifts.
    """
    shifts, order = (
        solved.columns.shifts,
        np.lexsort((solved.columns.shifts.start_min[solved.shift], solved.worker)),
    )
    worker, shift = solved.worker[order].astype(np.intp), solved.shift[order].astype(np.intp)
    runs = run_pointers(worker)
    ways = np.full(len(worker), np.nan)
    free = np.zeros(len(worker), np.int64)
    after = np.flatnonzero(worker[1:] == worker[:-1])
    free[after] = shifts.start_min[shift[after + 1]].astype(np.int64) - shifts.end_min[shift[after]]
    ways[after] = _ways(solved, worker[after], shift[after], shift[after + 1])
    return [
        Day(
            int(worker[low]),
            tuple(order[low:high].tolist()),
            tuple(shift[low:high].tolist()),
            tuple(ways[low : high - 1].tolist()),
            tuple(free[low : high - 1].tolist()),
        )
        for low, high in zip(runs[:-1].tolist(), runs[1:].tolist(), strict=True)
    ]


def _ways(solved: SolvedMorning, worker: IndexArray, first: IndexArray, second: IndexArray) -> Float64Array:
    """Minutes from shift to shift; NaN with a travel of one's own that does not know."""
    if not len(worker) or not hasattr(solved.instance.travel, "minutes_between"):
        return np.full(len(worker), np.nan)
    return minutes_between(solved.instance.travel, solved.columns, worker, first, second)


def fullest_first(solved: SolvedMorning, days: Sequence[Day]) -> list[Day]:
    """Return days with those of most shifts first, then by the beginning of the first, then by row."""
    start = solved.columns.shifts.start_min
    return sorted(days, key=lambda day: (-len(day.shifts), int(start[day.shifts[0]]), day.worker))


def stints_of(solved: SolvedMorning, day: Day) -> list[Stint]:
    """Return the periods of a day's shifts, in order of the shifts."""
    shifts, found = solved.columns.shifts, list[Stint]()
    for shift in day.shifts:
        low, high = shifts.periods.indptr[shift : shift + 2].tolist()
        in_crew = bool(shifts.crew[shift] >= 0)
        found += [
            Stint(shift, int(shifts.periods.start[at]), int(shifts.periods.end[at]), in_crew)
            for at in range(low, high)
        ]
    return found


def hours_between(stints: Sequence[Stint]) -> range:
    """Return minutes at which a timeline of some stints has marks: the first and last enclose them all.

    Examples
    --------
    >>> [mark // 60 for mark in hours_between([Stint(0, 370, 600, False), Stint(1, 1080, 1320, False)])]
    [6, 8, 10, 12, 14, 16, 18, 20, 22]
    """
    first = min((stint.start_min for stint in stints), default=0)
    last = max((stint.end_min for stint in stints), default=24 * 60)
    days = 1440 * (1 + (last - first) // (1440 * (_MOST_MARKS - 1)))
    for step in (*_STEPS, days):
        low, high = first // step * step, -(-last // step) * step
        if (high - low) // step < _MOST_MARKS or step == days:
            break
    return range(low, high + 1, step)
