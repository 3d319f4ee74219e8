"""What fields say about each other: each rule once, for objects and for tables in bulk.

A rule asks plain values or arrays of them alike, hence ``&`` and comparisons only; a number that is not known
is NaN, and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import and_, eq, ge, gt, le, ne
from typing import Any, NamedTuple

from gigmatch.i18n import Told
from gigmatch.model.aliases import named
from gigmatch.model.clock import MINUTES_PER_DAY, clock_text

__all__ = ["CrossRule", "already_there", "ends_too_soon", "goes_already", "leads_nowhere"]


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
ASKED_FOR = CrossRule("asked_for_one", eq)
"""Whether a request names a shift, and whether it names an employer; exactly one of them."""
COMPANIONS = CrossRule("companions_few", lambda n: n < 2)
"""How many workers there are in a group of companions."""
ALONE = CrossRule("companion_of_several_shifts", lambda n: n > 1)
"""``max_shifts`` of somebody who goes together with others."""
PIECES = CrossRule("pieces_and_unit", ne)
"""Whether the shift pays by the piece, and whether its pieces are there."""


def ends_too_soon(start: int, end: int, column: str) -> Told:
    """Return what is said of a span that ends before it starts: as the next day's end, it would be after it.

    The times are those of fields. Where they stand in the right order on the clock, or one of them is a
    second time, clocks that change are to blame.
    """
    times = {"start": clock_text(start), "end": clock_text(end)}
    if type(end) is not type(start) or not SPAN.broken(end, start):
        return Told.of("errors.span_reversed_by_clock", **times)
    later = end + MINUTES_PER_DAY * max(1, -((end - start - 1) // MINUTES_PER_DAY))
    return SPAN.said(column=named(column), minutes=later, later=clock_text(later), **times)


def already_there(earlier: str, key: str) -> Told:
    """Return what is said of a key that was given at ``earlier`` before."""
    return Told.of("errors.already_there", earlier=earlier, key=named(key))


def goes_already(worker: str, earlier: str) -> Told:
    """Return what is said of somebody who goes with those of ``earlier`` already."""
    return Told.of("errors.goes_already", worker=worker, earlier=earlier)


def leads_nowhere(kind: str) -> Told:
    """Return what is said of a reference to something that is not there."""
    return Told.of("errors.leads_nowhere", kind=named(kind))
