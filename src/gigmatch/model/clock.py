"""The clock on the wall, and minutes that really pass: the one place that knows when clocks change.

People write clock times; what lasts is counted in *elapsed* minutes since the midnight that begins the
morning's date. On most days both are one number. After clocks have gone forward or back they differ by what
was lost or gained, and follow the rules of Python's ``zoneinfo``:

* a time that the clock shows twice is the first one; ``"26:30B"`` is the second, as timetables write it;
* a time that the clock leaves out is read by the clock before the change: 02:30 on a night on which 02:00
  becomes 03:00 is the moment at which the clock shows 03:30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from gigmatch.core.arrays import BoolArray, Float64Array, Int32Array, Int64Array

__all__ = ["MINUTES_PER_DAY", "MOST_TURNED_BACK", "SecondTime", "WallClock", "clock_minute", "clock_text"]

MINUTES_PER_DAY = 1440
MOST_TURNED_BACK = 120
"""Minutes by which clocks go back at most: what a span may last longer than they show."""

_FIRST_DAY, _LAST_DAY = -15, 419  # beyond the earliest and the latest minute that a morning knows
_AGAIN = "B"

Minutes = TypeVar("Minutes", Int32Array, Int64Array, Float64Array)


class SecondTime(int):
    """A minute of the clock on the wall, shown for the second time after clocks went back.

    Examples
    --------
    >>> str(SecondTime(1590)), SecondTime(1590) == SecondTime(1590), SecondTime(1590) == 1590
    ('26:30B', True, False)
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecondTime) and int(self) == int(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((SecondTime, int(self)))

    def __str__(self) -> str:
        return clock_text(self)


def clock_text(minutes: int) -> str:
    """Minutes since midnight as clocks show them: ``8:05``, ``30:00`` for 6:00 tomorrow, ``-0:30``.

    Examples
    --------
    >>> clock_text(485), clock_text(SecondTime(1590))
    ('8:05', '26:30B')
    """
    hours, rest = divmod(abs(minutes), 60)
    again = _AGAIN if isinstance(minutes, SecondTime) else ""
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}{again}"


def clock_minute(text: str) -> tuple[str, bool]:
    """A clock time without the sign of its second time, and whether it had one.

    Examples
    --------
    >>> clock_minute("26:30B"), clock_minute("26:30")
    (('26:30', True), ('26:30', False))
    """
    return text.removesuffix(_AGAIN), text.endswith(_AGAIN)


class _Changes(NamedTuple):
    """When clocks change, in elapsed minutes, and by how much they are ahead before, between and after."""

    at: Int64Array
    ahead: Int64Array
    once: Int64Array
    """First minute of the clock that is read by the clock after each change."""
    again: Int64Array
    """The same for times that are shown for the second time."""


class WallClock(NamedTuple):
    """The clock of a morning's place.

    Examples
    --------
    >>> import datetime as dt
    >>> import numpy as np
    >>> clock = WallClock(dt.date(2025, 10, 25), "Europe/Berlin")
    >>> clock.elapsed(np.array([1320, 1800])).tolist()  # 22:00 to 30:00, a night of nine hours
    [1320, 1860]
    >>> str(clock.shown(1620)), clock.shown(1680)
    ('26:00B', 1620)
    """

    date: dt.date
    """The day whose midnight all minutes count from."""
    zone: str
    """IANA name; of a machine without a time zone database, no clock changes are known."""

    def elapsed(self, minutes: Minutes, again: BoolArray | None = None) -> Minutes:
        """Elapsed minutes at some times of the clock: an array like that given; NaN stays.

        Parameters
        ----------
        minutes : int64[n] or float64[n]
            Times on the wall.
        again : bool[n], optional
            Whether each is the second time that the clock shows it.
        """
        changes = _changes(*self)
        if not len(minutes):
            return minutes
        low, high = np.fmin.reduce(minutes), np.fmax.reduce(minutes)
        before, after = (
            np.searchsorted(changes.once, low, "right"),
            np.searchsorted(changes.again, high, "right"),
        )
        if before == after:  # no clock changes near any of them
            ahead = changes.ahead[before]
            return minutes - ahead if ahead else minutes
        piece = np.searchsorted(changes.once, minutes, "right")
        if again is not None and again.any():
            piece[again] = np.searchsorted(changes.again, minutes[again], "right")
        return minutes - changes.ahead[piece]

    @property
    def changes(self) -> bool:
        """Whether the clock changes at all in the time that a morning can speak of."""
        return len(_changes(*self).at) > 0

    def minutes(self, given: Iterable[int]) -> Int64Array:
        """Elapsed minutes at the times of fields: int64[n]."""
        times = list(given)
        again = np.array([type(time) is SecondTime for time in times], dtype=bool)
        found: Int64Array = self.elapsed(np.array(times, dtype=np.int64), again)
        return found

    def minute(self, time: int) -> int:
        """Elapsed minutes at one time of a field."""
        return int(self.minutes((time,))[0])

    def wall(self, elapsed: Minutes) -> Minutes:
        """What the clock shows at some elapsed minutes: an array like that given; NaN stays."""
        changes = _changes(*self)
        if not len(changes.at):
            return elapsed
        return elapsed + changes.ahead[np.searchsorted(changes.at, elapsed, "right")]

    def days(self, elapsed: Int64Array) -> Int64Array:
        """The day of each minute, 0 the morning's: int64[n]."""
        found: Int64Array = self.wall(elapsed) // MINUTES_PER_DAY
        return found

    def shown(self, elapsed: int) -> int:
        """What the clock shows, as fields hold it."""
        changes = _changes(*self)
        piece = int(np.searchsorted(changes.at, elapsed, "right"))
        wall = int(elapsed + changes.ahead[piece])
        is_again = piece and wall < changes.at[piece - 1] + changes.ahead[piece - 1]
        return SecondTime(wall) if is_again else wall

    def since_midnight(self, moments: Int64Array) -> Int64Array:
        """Elapsed minutes, seconds dropped, at microseconds since 1970 in UTC: int64[n]."""
        return (moments // 1_000_000 - _midnight(*self)) // 60

    def moments(self, elapsed: Int64Array) -> Int64Array:
        """Microseconds since 1970 in UTC at elapsed minutes, as `since_midnight` reads them: int64[n]."""
        return (elapsed * 60 + _midnight(*self)) * 1_000_000


@lru_cache(256)
def _midnight(date: dt.date, zone: str) -> int:
    """Seconds since 1970 at the midnight that begins the date."""
    seconds = (date - dt.date(1970, 1, 1)).days * 86_400
    place = _place(zone)
    if place is None:
        return seconds
    ahead = dt.datetime.combine(date, dt.time(), place).utcoffset() or dt.timedelta()
    return seconds - round(ahead.total_seconds())


def _place(zone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(256)
def _changes(date: dt.date, zone: str) -> _Changes:
    place, midnight = _place(zone), _midnight(date, zone)
    epoch = (date - dt.date(1970, 1, 1)).days * 86_400

    def ahead_at(minute: int) -> int:
        """Minutes that the clock is ahead of the elapsed ones."""
        if place is None:
            return 0
        moment = dt.datetime.fromtimestamp(midnight + minute * 60, place)
        offset = moment.utcoffset() or dt.timedelta()
        return round((midnight - epoch + offset.total_seconds()) / 60)

    at: list[int] = []
    ahead = [ahead_at(_FIRST_DAY * MINUTES_PER_DAY)]
    for day in range(_FIRST_DAY, _LAST_DAY):
        low, high = day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY
        if (then := ahead_at(high)) == ahead[-1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if ahead_at(middle) == ahead[-1] else (low, middle)
        at.append(high)
        ahead.append(then)
    when, by = np.array(at, dtype=np.int64), np.array(ahead, dtype=np.int64)
    return _Changes(when, by, when + np.maximum(by[:-1], by[1:]), when + np.minimum(by[:-1], by[1:]))
