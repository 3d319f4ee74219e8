"""When a worker is free, rested, and within the hours of a day and of a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import ClassVar

import numpy as np

from gigmatch.columns import FOREVER_MIN, Columns
from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int32Array, Int64Array, Integers
from gigmatch.model import LimitKind
from gigmatch.model.working_time import HOUR_PARTS, hour_parts
from gigmatch.pairing.compiled.forms import AtMost, ByClass, RuleForm
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules.base import CatalogueSentence, Finding, Remedy, Severity, known
from gigmatch.pairing.rules.legal import LegalRule
from gigmatch.pairing.rules.plan_limits import PlanLimit, hours_by_day, in_parts

__all__ = [
    "DailyHours",
    "HasArrived",
    "HoursToday",
    "IsFree",
    "Rested",
    "WeeklyHours",
    "WeeklyHoursPerEmployer",
]


@dataclass(frozen=True)
class IsFree:
    """The worker is free throughout every period of a fixed shift, or long enough inside a flexible one's.

    Free are the windows less the commitments, nor is anybody free before the last shift has ended; a worker
    who gave no windows is free but for these. Schedules are few, so a worker with many pairs is asked once
    for each schedule.
    """

    severity: Severity = "block"
    name: ClassVar[str] = "availability"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        examples = columns.shifts.schedule_examples
        workers = pairs.worker[pairs.starts]
        if len(workers) * len(examples) >= len(pairs):
            return _is_free(columns, pairs.worker, pairs.shift)
        table = self.table(columns, workers, examples).ravel()
        place = pairs.per_run(np.arange(len(workers)) * len(examples))
        place += columns.shifts.schedule.take(pairs.shift)
        return table.take(place)

    def table(self, columns: Columns, workers: IndexArray, shifts: IndexArray) -> BoolArray:
        """Verdict on each of some workers with each of some shifts."""
        free, periods = columns.workers.free, columns.shifts.periods
        ok = np.ones((len(workers), len(shifts)), dtype=bool)
        for p in range(periods.most):
            has = np.flatnonzero(periods.counts[shifts] > p)
            start, end = periods.nth(shifts[has], p)
            inside = np.zeros((len(workers), len(has)), dtype=bool)
            for f in range(free.most):
                rows = np.flatnonzero(free.counts[workers] > f)
                begins, ends = free.nth(workers[rows], f)
                inside[rows] |= (begins[:, None] <= start) & (end <= ends[:, None])
            ok[:, has] &= inside
        if (flexible := np.flatnonzero(columns.shifts.flexible[shifts])).size:
            worker = np.repeat(workers, len(flexible))
            shift = np.tile(shifts[flexible], len(workers))
            enough = _free_minutes(columns, worker, shift) >= columns.shifts.min_minutes[shift]
            ok[:, flexible] = enough.reshape(len(workers), len(flexible))
        return ok

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        return (ByClass(columns.shifts.schedule),)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """The periods, the free time, and for a flexible shift the minutes found and needed.

        Free time is windows less commitments and the last shift, so more of it takes a wider window, a
        commitment less or an earlier end; where it has no bound, None stands for one.
        """
        shift = int(pair.shift[0])
        periods, free = columns.shifts.periods, columns.workers.free
        spans = [_listed(periods.nth(pair.shift, k)) for k in range(int(periods.counts[shift]))]
        intervals = [_listed(free.nth(pair.worker, k)) for k in range(int(free.counts[pair.worker[0]]))]
        values: dict[str, object] = {"periods": spans, "free": intervals}
        if not columns.shifts.flexible[shift]:
            uncovered = [
                _listed((start, end))
                for start, end in (periods.nth(pair.shift, k) for k in range(int(periods.counts[shift])))
                if not _within(columns, pair.worker, start, end)[0]
            ]
            return Finding(values, (Remedy("worker", "free", uncovered),))
        found = int(_free_minutes(columns, pair.worker, pair.shift)[0])
        values |= {"free_minutes": found, "min_minutes": int(columns.shifts.min_minutes[shift])}
        return Finding(values, (Remedy("shift", "min_minutes", found),) if found else ())


def _listed(span: tuple[Int32Array, Int32Array]) -> list[int | None]:
    return [None if abs(minute) == FOREVER_MIN else minute for minute in (int(side[0]) for side in span)]


def _is_free(columns: Columns, worker: IndexArray, shift: IndexArray) -> BoolArray:
    """Whether each worker is free for the shift: bool[k]."""
    flexible = columns.shifts.flexible[shift]
    ok = _free_throughout(columns, worker, shift)
    if flexible.any():
        worker, shift = worker[flexible], shift[flexible]
        ok[flexible] = _free_minutes(columns, worker, shift) >= columns.shifts.min_minutes[shift]
    return ok


def _free_throughout(columns: Columns, worker: IndexArray, shift: IndexArray) -> BoolArray:
    """Whether every period lies within one free interval: bool[k]."""
    periods = columns.shifts.periods
    ok = _within(columns, worker, *periods.nth(shift, 0))
    more = np.arange(len(ok))
    for n in range(1, periods.most):
        more = more[ok[more] & (periods.counts[shift[more]] > n)]
        ok[more] = _within(columns, worker[more], *periods.nth(shift[more], n))
    return ok


def _within(columns: Columns, worker: IndexArray, start: Int32Array, end: Int32Array) -> BoolArray:
    """Whether ``[start, end)`` lies within one free interval of each worker: bool[k]."""
    free = columns.workers.free
    ok = np.zeros(len(worker), dtype=bool)
    more = np.arange(len(ok))
    for n in range(free.most):
        more = more[~ok[more] & (free.counts[worker[more]] > n)]
        begins, ends = free.nth(worker[more], n)
        ok[more] = (begins <= start[more]) & (end[more] <= ends)
    return ok


def _free_minutes(
    columns: Columns, worker: IndexArray, shift: IndexArray, since: Float64Array | None = None
) -> Int64Array:
    """Free minutes inside the shift's periods, all together, those after a time if given: int64[k]."""
    periods, free = columns.shifts.periods, columns.workers.free
    total = np.zeros(len(worker), dtype=np.int64)
    with_period = np.arange(len(total))
    for p in range(periods.most):
        with_period = with_period[periods.counts[shift[with_period]] > p]
        at = with_period
        for f in range(free.most):
            at = at[free.counts[worker[at]] > f]
            start, end = periods.nth(shift[at], p)
            if since is not None:
                start = np.fmax(start, since[at]).astype(np.int32)
            begins, ends = free.nth(worker[at], f)
            total[at] += np.maximum(np.minimum(end, ends) - np.maximum(start, begins), 0)
    return total


@dataclass(frozen=True)
class HasArrived:
    """The worker had arrived when a fixed shift begins, or early enough for the minutes of a flexible one.

    Not where the market says that arrivals do not bind; nor where the arrival is not known.
    """

    severity: Severity = "block"
    name: ClassVar[str] = "arrival"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        if not columns.arrivals_bind:
            return np.ones(len(pairs), dtype=bool)
        shifts = columns.shifts
        late = columns.workers.arrived_at_min[pairs.worker] > shifts.start_min[pairs.shift]
        flexible = np.flatnonzero(late & shifts.flexible[pairs.shift])
        worker, shift = pairs.worker[flexible], pairs.shift[flexible]
        late[flexible] = self._minutes(columns, worker, shift) < shifts.min_minutes[shift]
        return ~late

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        shifts = columns.shifts
        if not columns.arrivals_bind:
            return ()
        if shifts.flexible.any():
            return (ByClass(shifts.schedule),)
        return (AtMost(columns.workers.arrived_at_min, shifts.start_min.astype(np.float64)),)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Arrival and beginning, and for a flexible shift the free minutes left and needed."""
        shifts, worker, shift = columns.shifts, int(pair.worker[0]), int(pair.shift[0])
        arrived, start = columns.workers.arrived_at_min[worker], int(shifts.start_min[shift])
        values: dict[str, object] = {"arrived_at_min": None if np.isnan(arrived) else int(arrived)}
        values["start_min"] = start
        remedies = [Remedy("market", "arrivals_bind", False)]
        if not shifts.flexible[shift]:
            remedies.append(Remedy("worker", "arrived_at_min", start))
        else:
            left = int(self._minutes(columns, pair.worker, pair.shift)[0])
            values |= {"free_minutes": left, "min_minutes": int(shifts.min_minutes[shift])}
            remedies += [Remedy("shift", "min_minutes", left)] if left else []
        return Finding(values, tuple(remedies))

    @staticmethod
    def _minutes(columns: Columns, worker: IndexArray, shift: IndexArray) -> Int64Array:
        """Free minutes inside the shift's periods that are left after the arrival: int64[k]."""
        return _free_minutes(columns, worker, shift, columns.workers.arrived_at_min[worker])


@dataclass(frozen=True)
class Rested(LegalRule):
    """The worker rests ``min_rest_hours`` since the last shift, and between two days' work of this one.

    An end of the last shift that is not known counts as rested.
    """

    name: ClassVar[str] = "rest"
    sentence = CatalogueSentence()
    limit: ClassVar[LimitKind] = "min_rest_hours"

    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        return ~((self._before(columns, pairs) < value) | (columns.shifts.rest_hours[pairs.shift] < value))

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        return self._by_class(columns, columns.shifts.start_min, columns.shifts.rest_hours)

    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        before, within = self._before(columns, pair)[0], columns.shifts.rest_hours[pair.shift[0]]
        least = before if np.isinf(within) else np.fmin(before, within)
        values = {"rest_hours": known(least), self.limit: value}
        end = columns.workers.last_shift_end_min[pair.worker[0]]
        if within < value:
            return Finding(values)  # it is another shift whose days lie further apart
        if np.isnan(end):
            return Finding(values)
        return Finding(values, (Remedy("shift", "start_min", int(end) + ceil(value * 60)),))

    @staticmethod
    def _before(columns: Columns, pairs: Pairs) -> Float64Array:
        """Hours between the last shift and this one."""
        start = columns.shifts.start_min[pairs.shift]
        return (start - columns.workers.last_shift_end_min[pairs.worker]) / 60


@dataclass(frozen=True)
class DailyHours(LegalRule):
    """The shift's paid hours on its longest day stay within ``max_hours_per_day``."""

    name: ClassVar[str] = "daily_hours"
    sentence = CatalogueSentence()
    prunes: ClassVar[str] = "shift"
    limit: ClassVar[LimitKind] = "max_hours_per_day"

    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        return ~(columns.shifts.longest_day_hours[pairs.shift] > value)

    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        hours = float(columns.shifts.longest_day_hours[pair.shift[0]])
        remedies = (Remedy("shift", "longest_day_hours", value),) if value > 0 else ()
        return Finding({"longest_day_hours": hours, self.limit: value}, remedies)

    def plan_limits(self, columns: Columns) -> Sequence[PlanLimit]:
        """The hours of every day; the figure of a day is that of the shifts that are on it alone."""
        limit = columns.limits.get(self.limit)
        if limit is None:
            return ()
        figures = np.where(np.isnan(limit.value), np.inf, limit.value)
        return [
            _same_for_all(hours, float(figures[hours > 0].max(initial=-np.inf)))
            for _, hours in hours_by_day(columns)
        ]


def _same_for_all(hours: Float64Array, most: float) -> PlanLimit:
    """Hours of shifts, and the most of them; infinite for no limit."""
    left = int(in_parts(np.array([most if np.isfinite(most) else np.nan]))[0])
    return PlanLimit(in_parts(hours), lambda worker, _: np.full(len(worker), left, np.int64))


_HOURS_OF_A_DAY = 24  # the model knows no larger limit


@dataclass(frozen=True)
class HoursToday:
    """The shift's paid hours today stay within the most that the worker takes, if that is known."""

    severity: Severity = "block"
    name: ClassVar[str] = "hours_today"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        most = columns.workers.max_hours_today[pairs.worker]
        if np.isnan(most).all():
            return np.ones(len(pairs), dtype=bool)
        return ~(
            in_parts(self._hours(columns)[pairs.shift]) > np.where(np.isnan(most), np.inf, hour_parts(most))
        )

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        most, hours = hour_parts(columns.workers.max_hours_today), in_parts(self._hours(columns))
        return (AtMost(-most, -hours.astype(np.float64)),)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Hours today, the most of them, and what would do."""
        most = float(columns.workers.max_hours_today[pair.worker[0]])
        hours = float(self._hours(columns)[pair.shift[0]])
        remedies = (Remedy("worker", "max_hours_today", hours),) if hours <= _HOURS_OF_A_DAY else ()
        return Finding({"hours_today": hours, "max_hours_today": known(most)}, remedies)

    def plan_limits(self, columns: Columns) -> Sequence[PlanLimit]:
        """The hours of all shifts today."""
        most = in_parts(columns.workers.max_hours_today)
        return (PlanLimit(in_parts(self._hours(columns)), lambda worker, _: most[worker]),)

    @staticmethod
    def _hours(columns: Columns) -> Float64Array:
        """Paid hours of every shift on the date; of one that began earlier and goes on, its longest day's."""
        shifts = columns.shifts
        today = np.where(shifts.last_day == 0, shifts.last_day_hours, 0.0)
        today = np.where((shifts.first_day < 0) & (shifts.last_day > 0), shifts.longest_day_hours, today)
        return np.where(shifts.first_day == 0, shifts.first_day_hours, today)


@dataclass(frozen=True)
class WeeklyHours(LegalRule):
    """Hours worked this week and the shift's hours up to Sunday stay within ``max_hours_per_week``.

    Where the hours worked are not known, only the shift's own are held against the limit. Sums count to the
    thousandth of a minute.
    """

    name: ClassVar[str] = "weekly_hours"
    sentence = CatalogueSentence()
    limit: ClassVar[LimitKind] = "max_hours_per_week"

    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        hours = self._worked(columns, pairs) + columns.shifts.hours_this_week[pairs.shift]
        return ~(hours > value + 0.5 / HOUR_PARTS)

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        return self._by_class(columns, columns.shifts.hours_this_week)

    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        worked = float(self._worked(columns, pair)[0])
        hours = float(columns.shifts.hours_this_week[pair.shift[0]])
        left = float(hour_parts(value) - hour_parts(worked)) / HOUR_PARTS
        remedies = (Remedy("shift", "hours_this_week", left),) if left > 0 else ()
        return Finding({"hours_worked": worked, "shift_hours": hours, self.limit: value}, remedies)

    def plan_limits(self, columns: Columns) -> Sequence[PlanLimit]:
        """The hours of all shifts up to Sunday; where figures differ, the least one of any shift counts."""
        limit, hours = columns.limits.get(self.limit), columns.shifts.hours_this_week
        figures = limit.value[hours > 0] if limit else np.empty(0)
        if np.isnan(figures).all():
            return ()
        figure = int(hour_parts(np.nanmin(figures)))

        def most(worker: IndexArray, of_class: IndexArray) -> Int64Array:
            worked = in_parts(self._hours_worked(columns, worker, of_class))
            return np.maximum(figure - worked, 0)

        return (PlanLimit(in_parts(hours), most, self._classes(columns)),)

    def _classes(self, columns: Columns) -> Int32Array | None:
        """What hours are added up by: the whole week's, all together."""
        return None

    def _worked(self, columns: Columns, pairs: Pairs) -> Float64Array:
        return self._hours_worked(columns, pairs.worker, columns.shifts.employer[pairs.shift])

    def _hours_worked(self, columns: Columns, worker: IndexArray, employer: Integers) -> Float64Array:
        """Hours worked this week that count: float64[k]."""
        return np.nan_to_num(columns.workers.hours_this_week[worker], nan=0.0)


@dataclass(frozen=True)
class WeeklyHoursPerEmployer(WeeklyHours):
    """Hours this week for the shift's employer stay within ``max_hours_per_week_per_employer``.

    An employer whom the worker's hours do not name counts as none worked.
    """

    name: ClassVar[str] = "weekly_hours_per_employer"
    sentence = CatalogueSentence()
    limit: ClassVar[LimitKind] = "max_hours_per_week_per_employer"

    def _hours_worked(self, columns: Columns, worker: IndexArray, employer: Integers) -> Float64Array:
        return columns.employer_hours.get(worker, employer, 0.0)

    def _classes(self, columns: Columns) -> Int32Array | None:
        """By employer."""
        return columns.shifts.employer
