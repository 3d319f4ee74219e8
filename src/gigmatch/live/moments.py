"""When something happened: a time of the morning's clock, or a moment of any; kept as microseconds in UTC."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
from pydantic import TypeAdapter, ValidationError

from gigmatch.errors import InvalidInputError
from gigmatch.model import WallClock
from gigmatch.model.clock import MINUTES_PER_DAY, clock_text
from gigmatch.model.values import Minute

__all__ = ["Moment", "clock_at", "datetime_of", "minute_of", "moment_of"]

Moment = dt.datetime | int | str
"""A datetime with its zone or its ISO text, or a time of the morning's clock as in fields: ``"6:12"``."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MINUTE: Final[TypeAdapter[int]] = TypeAdapter(Minute)


def moment_of(value: Moment, clock: WallClock) -> int:
    """Return the microseconds since 1970 in UTC; raises InvalidInputError for what is no time.

    Examples
    --------
    >>> clock = WallClock(dt.date(2025, 7, 19), "Asia/Shanghai")
    >>> moment_of("6:12", clock) == moment_of("2025-07-19T06:12:00+08:00", clock)
    True
    """
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value
        if not isinstance(moment, dt.datetime):
            return int(clock.moments(np.array([clock.minute(_MINUTE.validate_python(moment))]))[0])
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise InvalidInputError("live_no_moment", value=value) from None
    if moment.utcoffset() is None:
        raise InvalidInputError("live_no_zone", value=value)
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def minute_of(value: int | str) -> int:
    """Return a time of the clock as fields hold it; raises InvalidInputError for what is none.

    Examples
    --------
    >>> minute_of("6:12")
    372
    """
    try:
        return _MINUTE.validate_python(value)
    except ValidationError:
        raise InvalidInputError("live_no_minute", value=value) from None


def datetime_of(time: int | None) -> dt.datetime | None:
    """Return what `moment_of` was given, in UTC; None where the time is not known."""
    return None if time is None else _EPOCH + dt.timedelta(microseconds=time)


def clock_at(time: int | None, clock: WallClock) -> str:
    """Return what the clock shows at some microseconds, with the date of another day; a dash for None."""
    if time is None:
        return "–"
    since = clock.since_midnight(np.array([time]))
    if 0 <= since[0] < 2 * MINUTES_PER_DAY:
        return clock_text(clock.shown(int(since[0])))
    midnight = dt.datetime.combine(clock.date, dt.time())
    return (midnight + dt.timedelta(minutes=int(clock.wall(since)[0]))).isoformat(" ", "minutes")
