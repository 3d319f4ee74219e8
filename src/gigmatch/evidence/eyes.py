"""Who may see what: the eye that stands beside each field of explanations, and each figure of pages.

The market's manager and an auditor see everything as it is. For a worker and an employer it is declared, with
the field itself, and one that nobody declared cannot be there: its class is not made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isfinite
from typing import Any, Literal

__all__ = [
    "DECIDED",
    "DRAWN",
    "FROM_THREE",
    "LEAST_PEOPLE",
    "MARKET",
    "MEASURES",
    "OWN",
    "OWN_DECIDED",
    "OWN_FROM_THREE",
    "OWN_OR_FROM_THREE",
    "OWN_OR_SIZE",
    "OWN_PEOPLE",
    "PEOPLE",
    "PUBLIC",
    "ROUNDED_MINUTES",
    "ROUNDED_MONEY",
    "ROUNDED_POINTS",
    "STEPS",
    "Audience",
    "Eye",
    "Eyes",
    "Measure",
    "eyes_of",
    "gathered",
    "people_told",
    "rounded",
    "seen_with",
    "sees_everything",
]

Audience = Literal["worker", "employer", "manager", "auditor"]
Measure = Literal["minutes", "money", "metres", "points", "people", "certificates", "levels"]
"""What is counted in."""

LEAST_PEOPLE = 3
"""So many people at least stand behind a figure that others see."""
STEPS: Mapping[Measure, int] = {
    "minutes": 15,
    "money": 10,
    "metres": 1_000,
    "points": 10,
    "people": LEAST_PEOPLE,
}
"""By what figures are rounded for other eyes: people down, all else up; what is not here stays as it is."""
MEASURES: Mapping[str, Measure] = {
    "higher pay": "money",
    "transport": "minutes",
    "earlier end": "minutes",
    "lower pay floor": "money",
    "wider reach": "minutes",
    "more free time": "minutes",
    "one certificate": "certificates",
    "one skill": "levels",
    "another station": "metres",
}
"""What the size of each kind of change is."""


def sees_everything(audience: Audience) -> bool:
    """Whether somebody sees all there is, as it is."""
    return audience in ("manager", "auditor")


def rounded(value: float, measure: Measure) -> float:
    """A figure by the step of its measure, up: what it says still suffices.

    Examples
    --------
    >>> rounded(31.2, "minutes"), rounded(30, "money"), rounded(-31.2, "points")
    (45.0, 30.0, -30.0)
    """
    step = STEPS.get(measure, 0)
    return float(ceil(Fraction(str(value)) / step) * step) if step and isfinite(value) else value


def people_told(people: int, oneself: int = 0) -> int | None:
    """How many people are told of, down to a multiple of three; None where fewer stand behind it.

    Parameters
    ----------
    people : int
        All of them.
    oneself : int
        How many of them it is told to, who are not rounded away.

    Examples
    --------
    >>> people_told(856), people_told(856, 1), people_told(2), people_told(0)
    (855, 856, None, None)
    """
    others = people - oneself
    return None if others < LEAST_PEOPLE else others - others % LEAST_PEOPLE + oneself


def gathered(counts: Sequence[int]) -> list[int | None]:
    """Counts of a column whose sum is known: where one alone would not be told, another is not, either.

    Parameters
    ----------
    counts : sequence of int
        People, row by row.

    Returns
    -------
    list of int or None
        Each as `people_told` gives it.

    Examples
    --------
    >>> gathered([10, 7, 1]), gathered([10, 1, 0]), gathered([4, 5])
    ([9, None, None], [9, None, None], [3, 3])
    """
    told = [people_told(n) for n in counts]
    if told.count(None) == 1 and len(told) > 1:
        least = min((n, at) for at, n in enumerate(counts) if told[at] is not None)
        told[least[1]] = None
    return told


@dataclass(frozen=True)
class Eye:
    """How somebody sees a field or a figure."""

    is_shown: bool = True
    measure: Measure | Literal["", "size"] = ""
    """By whose step it is rounded; "size" for that of the kind of change."""
    from_three: bool = False
    """Whether it is shown only where three people stand behind it; of a list, each entry so."""
    of_oneself: bool = False
    """Whether only one's own entry of it is shown."""
    is_decided: bool = False
    """Whether it follows from the match, and so from what everybody brought."""

    @property
    def varies(self) -> bool:
        """Whether it may be another where only what is hidden of somebody is."""
        return self.is_shown and (self.is_decided or self.from_three or bool(self.measure))


def seen_with(eye: Eye, value: Any, *, people: int = 0, oneself: int = 0, size: str = "") -> Any:
    """What is shown of a value; None for nothing.

    Parameters
    ----------
    eye : Eye
        Whose.
    value : object
        A number where it is rounded, or numbers by name.
    people : int
        How many others stand behind it.
    oneself : int
        How many of those counted it is told to.
    size : str
        Kind of change, for one whose size this is.
    """
    measure = MEASURES.get(size) if eye.measure == "size" else eye.measure
    if not eye.is_shown or value is None:
        return None
    if measure == "people":
        return _people(value, oneself)
    if eye.from_three and not isinstance(value, tuple) and people < LEAST_PEOPLE:
        return None
    return rounded(value, measure) if measure else value


def _people(value: Any, oneself: int) -> Any:
    if not isinstance(value, dict):
        return people_told(value, oneself)
    told = {name: people_told(n) for name, n in value.items()}
    return {name: n for name, n in told.items() if n is not None}


@dataclass(frozen=True)
class Eyes:
    """How the worker whom it is about, and an employer, see a field or a figure."""

    worker: Eye
    employer: Eye

    def of(self, audience: Audience) -> Eye:
        """Those of somebody: of the market's own people all is shown."""
        if sees_everything(audience):
            return _SEEN
        return self.worker if audience == "worker" else self.employer

    @classmethod
    def both(cls, **how: Any) -> Eyes:
        """The same for worker and employer."""
        return cls(Eye(**how), Eye(**how))


_SEEN, _HIDDEN = Eye(), Eye(is_shown=False)
_PEOPLE = Eye(measure="people")
_FROM_THREE = Eye(from_three=True)
_DECIDED = Eye(is_decided=True)
PUBLIC = Eyes(_SEEN, _SEEN)
"""Known anyway: what was asked, and what a shift offers."""
DECIDED = Eyes(_DECIDED, _DECIDED)
"""What the match came to, and is not hidden from those whom it is about."""
OWN = Eyes(_SEEN, _HIDDEN)
"""The worker's own business."""
OWN_DECIDED = Eyes(_DECIDED, _HIDDEN)
"""What was decided of the worker."""
OWN_PEOPLE = Eyes(_PEOPLE, _HIDDEN)
"""A count of people that is a worker's business."""
OWN_FROM_THREE = Eyes(_FROM_THREE, _HIDDEN)
"""What is a worker's business, where three others stand behind it."""
PEOPLE = Eyes(_PEOPLE, _PEOPLE)
"""A count of people."""
FROM_THREE = Eyes(_FROM_THREE, _FROM_THREE)
"""What three people stand behind; each entry of a list."""
MARKET = Eyes(_HIDDEN, _HIDDEN)
"""Other people, or what tells on one of them."""
DRAWN = Eyes.both(of_oneself=True)
"""Draws of the lottery; anybody can compute them from the seed."""
ROUNDED_POINTS = Eyes.both(measure="points", from_three=True)
"""Points of three people or more."""
ROUNDED_MONEY = Eyes.both(measure="money", from_three=True)
"""Money of three people or more."""
ROUNDED_MINUTES = Eyes.both(measure="minutes", from_three=True)
"""Minutes of three people or more."""
OWN_OR_FROM_THREE = Eyes(_SEEN, _FROM_THREE)
"""The worker's own, and for others where three people stand behind it."""
OWN_OR_SIZE = Eyes(_SEEN, Eye(measure="size"))
"""The worker's own change, and by the step of its kind for others."""


def eyes_of(metadata: Sequence[Any]) -> Iterator[Eyes]:
    """Those among what is declared beside a field."""
    return (one for one in metadata if isinstance(one, Eyes))
