"""Legal limits by shift: those in force on the days of its work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from gigmatch.columns.columns import LimitColumn, ShiftColumns
from gigmatch.core.arrays import Float64Array, Int32Array, Int64Array
from gigmatch.errors import InvalidInputError
from gigmatch.model import LegalLimit, LimitKind

__all__ = ["figures", "limit_columns"]

_CEILINGS = ("max_hours_per_day", "max_hours_per_week", "max_hours_per_week_per_employer", "over_age_years")
"""Kinds of which the least figure is the strictest."""


def limit_columns(
    limits: Sequence[LegalLimit], date: dt.date, shifts: ShiftColumns
) -> Mapping[LimitKind, LimitColumn]:
    """The limits that bind some shift, or are in force on the date, by kind.

    Raises
    ------
    InvalidInputError
        Limits of one kind bind, and one blocks where another warns: a rule does one or the other.
    """
    found: dict[LimitKind, LimitColumn] = {}
    for kind in sorted({limit.kind for limit in limits}):
        alike = [limit for limit in limits if limit.kind == kind]
        days = (date, shifts.first_day, shifts.last_day)
        severities = {limit.severity for limit in alike if _binds(limit, *days).any()}
        severities = severities or {limit.severity for limit in alike if limit.in_force(date)}
        if len(severities) > 1:
            raise InvalidInputError("limit_severities", kind=kind)
        for severity in severities:
            found[kind] = LimitColumn(figures(alike, *days), severity)
    return found


def figures(
    limits: Sequence[LegalLimit], date: dt.date, first: Int32Array | Int64Array, last: Int32Array | Int64Array
) -> Float64Array:
    """Of limits of one kind, the strictest figure in force from one day to another: float64[m], NaN none."""
    found = np.full(len(first), np.nan)
    for limit in limits:
        stricter = np.fmin if limit.kind in _CEILINGS else np.fmax
        found = np.where(_binds(limit, date, first, last), stricter(found, limit.value), found)
    return found


def _binds(
    limit: LegalLimit, date: dt.date, first: Int32Array | Int64Array, last: Int32Array | Int64Array
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the limit is in force on some day between, in days from the date."""
    begins = (limit.valid_from - date).days
    ends = (limit.valid_to - date).days if limit.valid_to else np.inf
    binds: np.ndarray[tuple[int], np.dtype[np.bool_]] = (first <= ends) & (last >= begins)
    return binds
