"""Age, hazards and cover. An age that is not known passes every rule here: unknown is not zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import HAZARDS, Columns
from gigmatch.model import LimitKind
from gigmatch.pairs import Pairs
from gigmatch.rules.base import Finding, Remedy, Severity

__all__ = ["AgeBounds", "IsInsured", "MinimumAge", "OverAgeProtection", "YouthProtection"]

Bools = NDArray[np.bool_]
DEFAULT_HOURS_PER_DAY = 8.0


def _all_pass(pairs: Pairs) -> Bools:
    return np.ones(len(pairs), dtype=bool)


def _age(columns: Columns, pair: Pairs) -> int | None:
    return _years(columns.workers.age_years[pair.worker[0]])


def _years(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _hazards(columns: Columns, pair: Pairs) -> list[str]:
    bits = int(columns.shifts.hazards[pair.shift[0]])
    return [name for at, name in enumerate(HAZARDS) if bits >> at & 1]


def _covered(columns: Columns, pairs: Pairs) -> Bools:
    """Whether the market, the employer or the worker has cover; not known counts as none: bool[k]."""
    if columns.market_insurance:
        return _all_pass(pairs)
    return columns.shifts.insured[pairs.shift] | columns.workers.insured[pairs.worker]


@dataclass(frozen=True)
class MinimumAge:
    """The worker has reached the legal minimum age."""

    severity: Severity | None = None
    name: ClassVar[str] = "minimum_age"
    version: ClassVar[int] = 1
    sentence: ClassVar[str] = "The worker has reached the legal minimum age."
    prunes: ClassVar[str] = "worker"
    limit: ClassVar[LimitKind] = "minimum_age_years"

    def __call__(self, columns: Columns, pairs: Pairs) -> Bools:
        limit = columns.limits.get(self.limit)
        if limit is None:
            return _all_pass(pairs)
        return ~(columns.workers.age_years[pairs.worker] < limit.value)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Age and least age; nothing can be changed."""
        limit = columns.limits.get(self.limit)
        return Finding({"age_years": _age(columns, pair), self.limit: limit.value if limit else None})


@dataclass(frozen=True)
class AgeBounds:
    """The worker is neither younger nor older than the shift accepts."""

    severity: Severity = "block"
    name: ClassVar[str] = "age_bounds"
    version: ClassVar[int] = 1
    sentence: ClassVar[str] = "The worker's age is within the bounds of the shift."

    def __call__(self, columns: Columns, pairs: Pairs) -> Bools:
        age = columns.workers.age_years[pairs.worker]
        shifts = columns.shifts
        return ~((age < shifts.min_age_years[pairs.shift]) | (age > shifts.max_age_years[pairs.shift]))

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Age and bounds."""
        age, shift = _age(columns, pair), pair.shift[0]
        least, most = columns.shifts.min_age_years[shift], columns.shifts.max_age_years[shift]
        bounds = {"min_age_years": least, "max_age_years": most}
        values = {"age_years": age} | {name: _years(value) for name, value in bounds.items()}
        broken = "min_age_years" if age is not None and age < least else "max_age_years"
        return Finding(values, (Remedy("shift", broken, age),))


@dataclass(frozen=True)
class YouthProtection:
    """Workers below the youth age do no work with hazards."""

    severity: Severity | None = None
    name: ClassVar[str] = "youth_protection"
    version: ClassVar[int] = 1
    sentence: ClassVar[str] = "Young workers are kept from hazardous work."
    limit: ClassVar[LimitKind] = "youth_age_years"

    def __call__(self, columns: Columns, pairs: Pairs) -> Bools:
        limit = columns.limits.get(self.limit)
        if limit is None:
            return _all_pass(pairs)
        young = columns.workers.age_years[pairs.worker] < limit.value
        refused: Bools = young & (columns.shifts.hazards[pairs.shift] != 0)
        return ~refused

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Age, youth age and hazards."""
        limit = columns.limits.get(self.limit)
        values = {"age_years": _age(columns, pair), self.limit: limit.value if limit else None}
        return Finding(values | {"hazards": _hazards(columns, pair)}, (Remedy("shift", "hazards", []),))


@dataclass(frozen=True)
class OverAgeProtection:
    """Workers of the over-age limit and above do no hazardous work, no overtime, and only work with cover.

    Overtime is more paid hours on the longest day than ``max_hours_per_day``, 8 where the table has none.
    """

    severity: Severity | None = None
    name: ClassVar[str] = "over_age_protection"
    version: ClassVar[int] = 1
    sentence: ClassVar[str] = (
        "Over-age workers are kept from hazardous work, overtime and work without cover."
    )
    limit: ClassVar[LimitKind] = "over_age_years"

    def __call__(self, columns: Columns, pairs: Pairs) -> Bools:
        limit = columns.limits.get(self.limit)
        if limit is None:
            return _all_pass(pairs)
        old = columns.workers.age_years[pairs.worker] >= limit.value
        overtime = columns.shifts.longest_day_hours[pairs.shift] > _hours_per_day(columns)
        hazardous = columns.shifts.hazards[pairs.shift] != 0
        refused: Bools = old & (hazardous | overtime | ~_covered(columns, pairs))
        return ~refused

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Age, hazards, hours and cover; every remedy needed stands in one."""
        limit = columns.limits.get(self.limit)
        hours, most = float(columns.shifts.longest_day_hours[pair.shift[0]]), _hours_per_day(columns)
        hazards, covered = _hazards(columns, pair), bool(_covered(columns, pair)[0])
        values = {
            "age_years": _age(columns, pair),
            self.limit: limit.value if limit else None,
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
    sentence: ClassVar[str] = "A worker who asks for cover is covered."

    def __call__(self, columns: Columns, pairs: Pairs) -> Bools:
        return ~columns.workers.insurance_required[pairs.worker] | _covered(columns, pairs)

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


def _hours_per_day(columns: Columns) -> float:
    limit = columns.limits.get("max_hours_per_day")
    return limit.value if limit else DEFAULT_HOURS_PER_DAY
