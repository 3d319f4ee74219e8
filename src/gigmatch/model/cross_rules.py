"""What fields say about each other: each rule once, for objects and for tables in bulk.

A rule asks plain values or arrays of them alike, hence ``&`` and comparisons only; a number that is not known
is NaN, and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import and_, ge, gt, le, ne
from typing import Any, NamedTuple

__all__ = ["CrossRule", "already_there", "leads_nowhere"]


class CrossRule(NamedTuple):
    """A rule between fields."""

    text: str
    """What is said where it is broken; the names in braces are filled in."""
    broken: Callable[..., Any]
    """Called with the fields in the order in which the rule names them."""


SPAN = CrossRule("ends at {end} before it starts at {start}; past midnight, add 1440 to {column}", le)
"""End and start."""
BREAK = CrossRule("break_min {rest} leaves no work in a period of {length} minutes", ge)
"""Break and length, in minutes."""
OVERLAP = CrossRule("periods overlap: join them into one", gt)
"""End of a period and start of the next one of the same shift."""
TWO_AGES = CrossRule("give birth_date or age_years, not both: they can disagree", and_)
"""Whether each is there."""
NOWHERE = CrossRule("needs a home or a station_id: nobody can be placed from nowhere", and_)
"""Whether each is missing."""
UNBORN = CrossRule("is after the morning's date", gt)
"""Date of birth and the morning's date."""
HEADCOUNT = CrossRule("minimum_headcount is above headcount: it could never take place", gt)
AGES = CrossRule("min_age_years is above max_age_years", gt)
FLEXIBLE = CrossRule("min_minutes goes with attendance 'flexible', and only with it", ne)
"""Whether the shift is flexible, and whether it has ``min_minutes``."""
TOO_LONG = CrossRule("min_minutes is longer than all periods less their breaks", gt)
"""``min_minutes`` and the length of all periods; of flexible shifts."""
PIECES = CrossRule("{pieces} goes with {unit} 'piece', and only with it", ne)
"""Whether the shift pays by the piece, and whether its pieces are there."""


def already_there(earlier: str, key: str) -> str:
    """Return what is said of a key that was given at ``earlier`` before."""
    return f"is already {earlier}: every {key} must be given once"


def leads_nowhere(kind: str) -> str:
    """Return what is said of a reference to something that is not there."""
    return f"names nothing in {kind}: add it there, or correct the reference"
