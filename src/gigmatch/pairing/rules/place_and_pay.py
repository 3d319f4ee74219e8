"""How far a worker goes, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf, nextafter
from sys import float_info
from typing import ClassVar

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray, Float64Array
from gigmatch.errors import InvalidPolicyError
from gigmatch.model import MINUTES_PER_DAY, LimitKind
from gigmatch.pairing.compiled.forms import AtMost, RuleForm, WithinMinutes
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules.base import CatalogueSentence, Finding, Remedy, Severity, known
from gigmatch.pairing.rules.legal import LegalRule

__all__ = ["LongWay", "MeetsPayFloor", "MinimumWage", "PartTimeMinimumWage", "WithinReach"]


PART_TIME_HOURS_PER_DAY = 4.0


@dataclass(frozen=True)
class WithinReach:
    """The way takes no longer than the worker's limit; no limit known, any way that exists will do."""

    severity: Severity = "block"
    name: ClassVar[str] = "reach"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()
    prunes: ClassVar[str] = "reach"

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        limit = columns.workers.travel_limit_min[pairs.worker]
        return ~(pairs.minutes > limit) & (pairs.minutes < np.inf)

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        return (WithinMinutes(np.fmin(columns.workers.travel_limit_min, float_info.max)),)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Minutes of the way, and the most accepted."""
        minutes = float(pair.minutes[0])
        limit = columns.workers.travel_limit_min[pair.worker[0]]
        values = {"minutes": minutes, "travel_limit_min": known(limit)}
        can_be_a_limit = 0 < minutes <= MINUTES_PER_DAY
        return Finding(values, (Remedy("worker", "travel_limit_min", minutes),) if can_be_a_limit else ())


@dataclass(frozen=True)
class LongWay:
    """The way takes at most ``most_min``, whatever the worker accepts: beyond, one of the places is wrong."""

    severity: Severity = "warn"
    most_min: float = 180.0
    name: ClassVar[str] = "long_way"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __post_init__(self) -> None:
        most = self.most_min
        if isinstance(most, bool) or not isinstance(most, int | float) or not 0 < most <= MINUTES_PER_DAY:
            raise InvalidPolicyError("rule_most_min", name=self.name, value=most)

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        near: BoolArray = pairs.minutes <= self.most_min
        return near

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        return (WithinMinutes(np.full(columns.n_workers, float(self.most_min))),)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Minutes of the way, and the most that is plausible."""
        return Finding({"minutes": float(pair.minutes[0]), "most_minutes": float(self.most_min)})


@dataclass(frozen=True)
class MeetsPayFloor:
    """The shift pays the worker's floors, per hour and per day; a floor not known is no floor."""

    severity: Severity = "block"
    name: ClassVar[str] = "pay_floor"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        workers, shifts = columns.workers, columns.shifts
        too_low = shifts.pay_per_hour[pairs.shift] < workers.floor_per_hour[pairs.worker]
        too_low |= shifts.pay_per_day[pairs.shift] < workers.floor_per_day[pairs.worker]
        return ~too_low

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        workers, shifts = columns.workers, columns.shifts
        return (
            AtMost(workers.floor_per_hour, shifts.pay_per_hour),
            AtMost(workers.floor_per_day, shifts.pay_per_day),
        )

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Pay and floor, per hour and per day, and the pay in all that would meet both."""
        worker, shift = int(pair.worker[0]), int(pair.shift[0])
        pay = {x: float(getattr(columns.shifts, f"pay_{x}")[shift]) for x in ("per_hour", "per_day")}
        floor = {x: float(getattr(columns.workers, f"floor_{x}")[worker]) for x in pay}
        values = {f"pay_{x}": pay[x] for x in pay} | {f"pay_floor_{x}": known(floor[x]) for x in pay}
        low = {x: floor[x] for x in pay if pay[x] < floor[x]}
        lower = tuple(Remedy("worker", f"pay_floor_{x}", pay[x]) for x in low) if len(low) == 1 else ()
        parts = {"per_hour": float(columns.shifts.hours[shift]), "per_day": float(columns.shifts.days[shift])}
        needed = max((_least_total(floor[x], parts[x]) for x in low), default=0.0)
        return Finding(values, (Remedy("shift", "pay_total", needed), *lower))


@dataclass(frozen=True)
class MinimumWage(LegalRule):
    """The shift pays the minimum hourly wage; without one in the jurisdiction's table every pay will do.

    Work of at most four paid hours on its longest day is part-time; where the table has a minimum for it,
    that one counts instead.
    """

    name: ClassVar[str] = "minimum_wage"
    sentence = CatalogueSentence()
    prunes: ClassVar[str] = "shift"
    limit: ClassVar[LimitKind] = "minimum_wage_per_hour"

    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        too_low = columns.shifts.pay_per_hour[pairs.shift] < value
        return ~(too_low & self._applies(columns, pairs))

    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        shift = int(pair.shift[0])
        values = {"pay_per_hour": float(columns.shifts.pay_per_hour[shift]), self.limit: value}
        needed = _least_total(value, float(columns.shifts.hours[shift]))
        return Finding(values, (Remedy("shift", "pay_total", needed),))

    def _applies(self, columns: Columns, pairs: Pairs) -> BoolArray:
        other = columns.limits.get(PartTimeMinimumWage.limit)
        if other is None:
            return np.ones(len(pairs), dtype=bool)
        return ~_is_part_time(columns, pairs) | np.isnan(other.of(pairs.shift))


@dataclass(frozen=True)
class PartTimeMinimumWage(MinimumWage):
    """The minimum hourly wage of part-time work, where the jurisdiction's table has one."""

    name: ClassVar[str] = "minimum_wage_part_time"
    sentence = CatalogueSentence()
    limit: ClassVar[LimitKind] = "minimum_wage_per_hour_part_time"

    def _applies(self, columns: Columns, pairs: Pairs) -> BoolArray:
        return _is_part_time(columns, pairs)


def _is_part_time(columns: Columns, pairs: Pairs) -> BoolArray:
    part_time: BoolArray = columns.shifts.longest_day_hours[pairs.shift] <= PART_TIME_HOURS_PER_DAY
    return part_time


def _least_total(rate: float, parts: float) -> float:
    """The least pay in all that comes to the rate for each of the hours or days.

    Figures count as they are written, as in `gigmatch.model.pay`, and hours are whole minutes.
    """
    exact = Fraction(str(rate)) * Fraction(parts).limit_denominator(60)
    total = float(exact)
    while Fraction(str(total)) < exact:  # rounded down
        total = nextafter(total, inf)
    return total
