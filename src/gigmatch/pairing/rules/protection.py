"""Age, hazards and cover. An age that is not known passes every rule here: unknown is not zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gigmatch.columns import HAZARDS, YEAR, Columns
from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int32Array
from gigmatch.model import LimitKind
from gigmatch.pairing.compiled.forms import AtMost, RuleForm
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules.base import CatalogueSentence, Finding, Remedy, Severity
from gigmatch.pairing.rules.legal import LegalRule

__all__ = ["AgeBounds", "IsInsured", "MinimumAge", "OverAgeProtection", "YouthProtection"]

DEFAULT_HOURS_PER_DAY = 8.0


def _first_age(columns: Columns, pairs: Pairs) -> Float64Array:
    """Age on the day on which the work begins: float64[k]."""
    return columns.ages(pairs.worker, columns.shifts.first_day.take(pairs.shift))


def _last_age(columns: Columns, pairs: Pairs) -> Float64Array:
    """Age on the last day of work: float64[k]."""
    return columns.ages(pairs.worker, columns.shifts.last_day.take(pairs.shift))


def _at_least(columns: Columns, day: Int32Array, least: Float64Array) -> tuple[AtMost, ...]:
    """Say in arrays that workers have an age, by shift, on a day; NaN any."""
    number, born, stated = _by_birth(columns, day)
    return (AtMost(-stated, -least), AtMost(born, number - YEAR * np.ceil(least)))


def _below(
    columns: Columns, day: Int32Array, age: Float64Array, *, of: BoolArray | None = None
) -> tuple[AtMost, ...]:
    """Say in arrays that workers, or some of them, are below an age, by shift, on a day; NaN any."""
    number, born, stated = _by_birth(columns, day)
    if of is not None:
        born, stated = np.where(of, born, np.nan), np.where(of, stated, np.nan)
    return (AtMost(stated, np.nextafter(age, -np.inf)), AtMost(-born, YEAR * np.ceil(age) - 1 - number))


def _by_birth(columns: Columns, day: Int32Array) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Numbers of days, dates of birth, and stated ages; NaN where `Columns.ages` reads the other."""
    number, born = columns.day_numbers(day).astype(np.float64), columns.workers.born
    is_known = (born >= 0) & bool(day.any())  # on the morning's day everybody's age is stated
    return number, np.where(is_known, born, np.nan), np.where(is_known, np.nan, columns.workers.age_years)


def _years(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _hazards(columns: Columns, pair: Pairs) -> list[str]:
    bits = int(columns.shifts.hazards[pair.shift[0]])
    return [name for at, name in enumerate(HAZARDS) if bits >> at & 1]


def _covered(columns: Columns, pairs: Pairs) -> BoolArray:
    """Whether the market, the employer or the worker has cover; not known counts as none: bool[k]."""
    if columns.market_insurance:
        return np.ones(len(pairs), dtype=bool)
    return columns.shifts.insured[pairs.shift] | columns.workers.insured[pairs.worker]


@dataclass(frozen=True)
class MinimumAge(LegalRule):
    """The worker has reached the legal minimum age by the first day of work."""

    name: ClassVar[str] = "minimum_age"
    sentence = CatalogueSentence()
    limit: ClassVar[LimitKind] = "minimum_age_years"

    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        return ~(_first_age(columns, pairs) < value)

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        return _at_least(columns, columns.shifts.first_day, self._value(columns))

    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        return Finding({"age_years": _years(_first_age(columns, pair)[0]), self.limit: value})


@dataclass(frozen=True)
class AgeBounds:
    """The worker is no younger on the first day of work, and no older on the last, than the shift accepts."""

    severity: Severity = "block"
    name: ClassVar[str] = "age_bounds"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        too_young = _first_age(columns, pairs) < columns.shifts.min_age_years[pairs.shift]
        return ~(too_young | (_last_age(columns, pairs) > columns.shifts.max_age_years[pairs.shift]))

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        shifts = columns.shifts
        above = np.nextafter(shifts.max_age_years, np.inf)
        return (
            *_at_least(columns, shifts.first_day, shifts.min_age_years),
            *_below(columns, shifts.last_day, above),
        )

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Age on the day that counts, and bounds."""
        age, shift = _years(_first_age(columns, pair)[0]), pair.shift[0]
        least, most = columns.shifts.min_age_years[shift], columns.shifts.max_age_years[shift]
        bounds = {"min_age_years": least, "max_age_years": most}
        broken = "min_age_years" if age is not None and age < least else "max_age_years"
        age = age if broken == "min_age_years" else _years(_last_age(columns, pair)[0])
        values = {"age_years": age} | {name: _years(value) for name, value in bounds.items()}
        return Finding(values, (Remedy("shift", broken, age),))


@dataclass(frozen=True)
class YouthProtection(LegalRule):
    """Workers below the youth age on the first day of work do no work with hazards."""

    name: ClassVar[str] = "youth_protection"
    sentence = CatalogueSentence()
    limit: ClassVar[LimitKind] = "youth_age_years"

    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        young = _first_age(columns, pairs) < value
        refused: BoolArray = young & (columns.shifts.hazards[pairs.shift] != 0)
        return ~refused

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        least = np.where(columns.shifts.hazards != 0, self._value(columns), np.nan)
        return _at_least(columns, columns.shifts.first_day, least)

    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        values = {"age_years": _years(_first_age(columns, pair)[0]), self.limit: value}
        return Finding(values | {"hazards": _hazards(columns, pair)}, (Remedy("shift", "hazards", []),))


@dataclass(frozen=True)
class OverAgeProtection(LegalRule):
    """Workers of the over-age limit and above do no hazardous work, no overtime, and only work with cover.

    Their age is that on the last day of work. Overtime is more paid hours on the longest day than
    ``max_hours_per_day``, 8 where the table has none.
    """

    name: ClassVar[str] = "over_age_protection"
    sentence = CatalogueSentence()
    limit: ClassVar[LimitKind] = "over_age_years"

    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        old = _last_age(columns, pairs) >= value
        overtime = columns.shifts.longest_day_hours[pairs.shift] > _hours_per_day(columns, pairs.shift)
        hazardous = columns.shifts.hazards[pairs.shift] != 0
        refused: BoolArray = old & (hazardous | overtime | ~_covered(columns, pairs))
        return ~refused

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        shifts, age = columns.shifts, self._value(columns)
        overtime = shifts.longest_day_hours > _hours_per_day(columns, np.arange(columns.n_shifts))
        barred = (shifts.hazards != 0) | overtime
        forms = _below(columns, shifts.last_day, np.where(barred, age, np.nan))
        if columns.market_insurance:
            return forms
        uncovered = np.where(shifts.insured, np.nan, age)
        return (*forms, *_below(columns, shifts.last_day, uncovered, of=~columns.workers.insured))

    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        hours = float(columns.shifts.longest_day_hours[pair.shift[0]])
        most = float(_hours_per_day(columns, pair.shift)[0])
        hazards, covered = _hazards(columns, pair), bool(_covered(columns, pair)[0])
        values = {
            "age_years": _years(_last_age(columns, pair)[0]),
            self.limit: value,
            "hazards": hazards,
            "longest_day_hours": hours,
            "max_hours_per_day": most,
            "covered": covered,
        }
        needed: dict[str, object] = {"hazards": []} if hazards else {}
        needed |= {"longest_day_hours": most} if hours > most else {}
        needed |= {} if covered else {"insurance": True}
        return Finding(values, (Remedy("shift", ", ".join(needed), needed),))


@dataclass(frozen=True)
class IsInsured:
    """A worker who refuses work without cover has it, from the market, the employer or themself."""

    severity: Severity = "block"
    name: ClassVar[str] = "insurance"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        if columns.market_insurance:
            return np.ones(len(pairs), dtype=bool)
        return ~columns.workers.insurance_required[pairs.worker] | _covered(columns, pairs)

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        workers = columns.workers
        if columns.market_insurance:
            return ()
        bare = (workers.insurance_required & ~workers.insured).astype(np.float64)
        return (AtMost(bare, columns.shifts.insured.astype(np.float64)),)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Whether cover is asked for, and who provides it."""
        values = {
            "insurance_required": bool(columns.workers.insurance_required[pair.worker[0]]),
            "market_insurance": columns.market_insurance,
            "shift_insurance": bool(columns.shifts.insured[pair.shift[0]]),
            "worker_insured": bool(columns.workers.insured[pair.worker[0]]),
        }
        ways = (("shift", "insurance"), ("worker", "insured"), ("market", "market_insurance"))
        return Finding(values, tuple(Remedy(side, field, True) for side, field in ways))  # type: ignore[arg-type]


def _hours_per_day(columns: Columns, shift: IndexArray) -> Float64Array:
    """The most hours a day of some shifts, for each or in one for all."""
    limit = columns.limits.get("max_hours_per_day")
    if limit is None:
        return np.array([DEFAULT_HOURS_PER_DAY])
    return np.nan_to_num(limit.of(shift), nan=DEFAULT_HOURS_PER_DAY)
