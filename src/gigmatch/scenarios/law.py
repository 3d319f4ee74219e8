"""Going wages and legal limits of Beijing, as far as the samples need them."""

from __future__ import annotations

import datetime as dt

from gigmatch.model import Jurisdiction, LegalLimit, ReferenceWage
from gigmatch.scenarios.trades import Trade

__all__ = ["jurisdiction", "reference_wages"]

_SECONDARY = "public figure, from a secondary source"
_LABOUR_LAW, _CONTRACT_LAW, _WAGES = dt.date(1995, 1, 1), dt.date(2008, 1, 1), dt.date(2025, 9, 1)
_LIMITS = (
    ("minimum_wage_per_hour", 14.6, _WAGES, "warn", "Beijing minimum wage: 2,540 a month, 14.6 an hour"),
    ("minimum_wage_per_hour_part_time", 27.7, _WAGES, "warn", "Beijing minimum wage, part-time"),
    ("minimum_age_years", 16, _LABOUR_LAW, "block", "Labour Law, article 15"),
    ("youth_age_years", 18, _LABOUR_LAW, "block", "Labour Law, article 64: no listed hazards under 18"),
    ("over_age_years", 60, _LABOUR_LAW, "warn", "general retirement age of men; rising since 2025"),
    ("max_hours_per_day", 11, _LABOUR_LAW, "warn", "Labour Law, articles 36, 41: 8 h, 3 h overtime"),
    ("min_rest_hours", 8, _LABOUR_LAW, "warn", "a market's custom rather than a statute"),
    ("max_hours_per_week", 44, _LABOUR_LAW, "warn", "Labour Law, article 36"),
    ("max_hours_per_week_per_employer", 24, _CONTRACT_LAW, "warn", "Labour Contract Law, article 68"),
    ("paid_days_per_month", 21.75, _CONTRACT_LAW, "warn", "conversion of monthly wages in use since 2008"),
)


def reference_wages(trades: tuple[Trade, ...]) -> tuple[ReferenceWage, ...]:
    source = "middle of the sample's day rates over nine hours"
    return tuple(
        ReferenceWage(
            skill=trade.code,
            per_hour=sum(trade.wage) * 10 // 18 / 10,
            as_of=_WAGES,
            source=source,
        )
        for trade in trades
    )


def jurisdiction() -> Jurisdiction:
    limits = tuple(
        LegalLimit(
            kind=kind, value=value, valid_from=since, severity=severity, source=f"{source}; {_SECONDARY}"
        )
        for kind, value, since, severity, source in _LIMITS
    )
    return Jurisdiction(name="Beijing", limits=limits)
