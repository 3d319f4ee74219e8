"""What a call may take: time, threads, memory and pairs held at once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from typing import Any, Final, Self

from gigmatch.core.memory import available_bytes
from gigmatch.core.threads import thread_count
from gigmatch.errors import InvalidInputError

__all__ = ["LARGEST", "Limits", "check_whole"]

LONGEST_S: Final = 1_000_000_000
LARGEST: Final = 1 << 62


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a call may take, in one object; the answer never depends on it, unless time runs out.

    Whatever takes it takes the same as keywords, too; what a call has no use for is left alone.

    Parameters
    ----------
    time_limit_s : float, optional
        Seconds of wall time, 0 to 1,000,000,000; no limit unless given.
    threads : int, optional
        Threads at most, 1 to 1,024; unless given, ``GIGMATCH_THREADS`` of the environment, else every CPU
        allowed.
    memory_bytes : int, optional
        Memory that pairs and solver may take, 1 or more; what is free unless given.
    max_pairs : int, optional
        Pairs held at first, 1 or more, and two a worker at least; unless given all of them where they fit.

    Raises
    ------
    InvalidInputError
        Something is no such number; True and False are none.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(workers=50)
    >>> short = gm.Limits(time_limit_s=5, threads=2)
    >>> short
    Limits(time_limit_s=5, threads=2)
    >>> gm.match(morning, limits=short).pairs == gm.match(morning, time_limit_s=5, threads=2).pairs
    True
    """

    time_limit_s: float | None = None
    threads: int | None = None
    memory_bytes: int | None = None
    max_pairs: int | None = None

    def __post_init__(self) -> None:
        if self.time_limit_s is not None and not _is_seconds(self.time_limit_s):
            raise InvalidInputError("time_limit_out_of_range", most=LONGEST_S, value=self.time_limit_s)
        thread_count(self.threads)
        for name in ("memory_bytes", "max_pairs"):
            value = getattr(self, name)
            if value is not None and not _is_count(value):
                raise InvalidInputError("integer_out_of_range", name=name, least=1, most=LARGEST, value=value)

    @classmethod
    def of(cls, limits: Self | None, **keywords: Any) -> Self:
        """Limits given as one object, as keywords, or some in this way and some in that.

        Parameters
        ----------
        limits : Limits, optional
            The object.
        **keywords
            The fields; None where they are not given.

        Raises
        ------
        InvalidInputError
            One is given twice, or something is no such limit.
        """
        if limits is None:
            return cls(**keywords)
        if not isinstance(limits, cls):
            raise InvalidInputError("wrong_type", name="limits", kinds=cls.__name__, value=limits)
        given = {name: value for name, value in keywords.items() if value is not None}
        for name in given:
            if getattr(limits, name) is not None:
                raise InvalidInputError("limit_twice", name=name)
        return replace(limits, **given)

    def after(self, seconds: float) -> Self:
        """Return them with what is left of the time after so many seconds of it."""
        if self.time_limit_s is None:
            return self
        return replace(self, time_limit_s=max(self.time_limit_s - seconds, 0))

    @property
    def allowed_bytes(self) -> int:
        """Memory that may be taken."""
        return available_bytes() if self.memory_bytes is None else self.memory_bytes

    def __repr__(self) -> str:
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        told = ", ".join(f"{name}={value!r}" for name, value in values if value is not None)
        return f"{type(self).__name__}({told})"


def check_whole(name: str, value: Any, least: int, most: int) -> None:
    """Raise InvalidInputError unless a value is a whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidInputError("integer_out_of_range", name=name, least=least, most=most, value=value)


def _is_seconds(value: Any) -> bool:
    is_number: bool = isinstance(value, Real) and not isinstance(value, bool)
    return is_number and 0 <= value <= LONGEST_S


def _is_count(value: Any) -> bool:
    is_whole: bool = isinstance(value, Integral) and not isinstance(value, bool)
    return is_whole and 1 <= value <= LARGEST
