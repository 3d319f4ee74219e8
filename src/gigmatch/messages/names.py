"""What a morning calls its skills and stations, and what it pays in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from gigmatch.columns import Columns, names_of
from gigmatch.model import Morning, WallClock

__all__ = ["Names"]

_CHINESE = "\u2e80"  # and whatever comes after it


class Names(NamedTuple):
    """Names by code; of several mornings the first that has one counts."""

    skills: Mapping[str, str]
    stations: Mapping[str, str]
    currency: str | None
    """None where no morning is known."""
    clock: WallClock | None
    """What the minutes that pass are shown as; None likewise."""

    @classmethod
    def of(cls, mornings: Iterable[Morning | Columns], both: str, *, glosses: bool) -> Self:
        """Of some mornings; columns have the names that their labels have.

        Parameters
        ----------
        mornings : iterable of Morning or Columns
            None for no names at all.
        both : str
            How a name that several codes share is told with its code: with gaps ``name`` and ``code``.
        glosses : bool
            Whether Chinese names are told with their codes, too.
        """
        skills: dict[str, str] = {}
        stations: dict[str, str] = {}
        currency = clock = None
        for morning in mornings:
            currency, clock = currency or morning.currency, clock or morning.clock
            of_skills, of_stations = names_of(morning)
            skills, stations = {**of_skills, **skills}, {**of_stations, **stations}
        return cls(_told(skills, both, glosses), _told(stations, both, glosses), currency, clock)


def _told(names: Mapping[str, str], both: str, glosses: bool) -> dict[str, str]:
    """Each name, with its code where another code has the same, or where not everybody can read it."""
    often = Counter(names.values())
    needs_code = {name for name in often if often[name] > 1 or (glosses and max(name) >= _CHINESE)}
    return {
        code: both.format(name=name, code=code) if name in needs_code else name
        for code, name in names.items()
    }
