"""What a rule demands of all shifts of one worker together: amounts that shifts take, and the most of them.

A rule on pairs may have a method ``plan_limits(columns) -> sequence of PlanLimit``: what follows from it for
several shifts. Where the rule blocks, no plan exceeds it; where it warns, plans that do are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array, IndexArray, Int32Array, Int64Array
from gigmatch.model.working_time import hour_parts

__all__ = ["NO_LIMIT", "PlanLimit", "hours_by_day", "in_parts"]

NO_LIMIT = -1
"""What a `PlanLimit` says of whom it does not limit."""


@dataclass(frozen=True, eq=False)
class PlanLimit:
    """One amount, and how much of it the shifts of a worker may take together."""

    amount: Int64Array
    """What each shift takes, 0 or more: int64[n_shifts]."""
    most: Callable[[IndexArray, IndexArray], Int64Array]
    """``(worker, of_class) -> int64[k]``: the most that is left, ``NO_LIMIT`` where there is none."""
    of_class: Int32Array | None = None
    """Shifts of one class are added up, such as an employer's: int32[n_shifts]. None: all are."""


def in_parts(hours: Float64Array) -> Int64Array:
    """Hours in whole thousandths of a minute; ``NO_LIMIT`` for NaN."""
    parts: Float64Array = hour_parts(hours)
    return np.where(np.isnan(parts), NO_LIMIT, parts).astype(np.int64)


def hours_by_day(columns: Columns) -> Iterator[tuple[int, Float64Array]]:
    """Days on which shifts begin or end, and the paid hours of each shift on them: float64[n_shifts].

    Of a shift in between there is none: whoever is at it has no other shift on that day.
    """
    shifts = columns.shifts
    for day in np.union1d(shifts.first_day, shifts.last_day).tolist():
        ending = np.where(shifts.last_day == day, shifts.last_day_hours, 0.0)
        yield day, np.where(shifts.first_day == day, shifts.first_day_hours, ending)
