"""What fields say about each other: each rule once, for objects and for tables in bulk.

A rule asks plain values or arrays of them alike, hence ``&`` and comparisons only; a number that is not known
is NaN, and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import and_, ge, gt, le, ne
from typing import Any, NamedTuple

from gigmatch.i18n import Told
from gigmatch.model.aliases import named
from gigmatch.model.clock import SecondTime

__all__ = ["CrossRule", "already_there", "leads_nowhere", "said_reversed"]


class CrossRule(NamedTuple):
    """A rule between fields."""

    code: str
    """Of what is said where it is broken."""
    broken: Callable[..., Any]
    """Called with the fields in the order in which the rule names them."""

    def said(self, **values: Any) -> Told:
        """Return what is said where it is broken, with what fills its gaps."""
        return Told.of(f"errors.{self.code}", **values)


SPAN = CrossRule("span_reversed", le)
"""End and start."""
BREAK = CrossRule("break_too_long", ge)
"""Break and length, in minutes."""
OVERLAP = CrossRule("periods_overlap", gt)
"""End of a period and start of the next one of the same shift."""
TWO_AGES = CrossRule("two_ages", and_)
"""Whether each is there."""
NOWHERE = CrossRule("no_place", and_)
"""Whether each is missing."""
UNBORN = CrossRule("unborn", gt)
"""Date of birth and the morning's date."""
HEADCOUNT = CrossRule("headcount_below_minimum", gt)
AGES = CrossRule("ages_reversed", gt)
FLEXIBLE = CrossRule("min_minutes_and_flexible", ne)
"""Whether the shift is flexible, and whether it has ``min_minutes``."""
TOO_LONG = CrossRule("min_minutes_too_long", gt)
"""``min_minutes`` and the length of all periods; of flexible shifts."""
PIECES = CrossRule("pieces_and_unit", ne)
"""Whether the shift pays by the piece, and whether its pieces are there."""


def said_reversed(end: int, start: int, column: str) -> Told:
    """Return what is said of times in the wrong order, where clocks that change may be to blame."""
    if type(end) is type(start) and SPAN.broken(end, start):
        return SPAN.said(end=end, start=start, column=column)
    return Told.of("errors.span_reversed_by_clock", end=_clock(end), start=_clock(start))


def _clock(time: int) -> str:
    return str(time) if isinstance(time, SecondTime) else f"{time // 60:02}:{time % 60:02}"


def already_there(earlier: str, key: str) -> Told:
    """Return what is said of a key that was given at ``earlier`` before."""
    return Told.of("errors.already_there", earlier=earlier, key=named(key))


def leads_nowhere(kind: str) -> Told:
    """Return what is said of a reference to something that is not there."""
    return Told.of("errors.leads_nowhere", kind=named(kind))
