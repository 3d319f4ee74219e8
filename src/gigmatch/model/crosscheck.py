"""What one part of a morning says about another: duplicates, dangling references, time zone, law.

Works on models and on raw dictionaries alike, so that broken references are found even when a field is broken
too and no model could be built: one look shows everything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from pydantic_core import InitErrorDetails, PydanticCustomError

from gigmatch.i18n import Told
from gigmatch.model.aliases import named
from gigmatch.model.clock import WallClock
from gigmatch.model.cross_rules import (
    ALONE,
    BREAK,
    OVERLAP,
    SPAN,
    TOO_LONG,
    UNBORN,
    already_there,
    ends_too_soon,
    goes_already,
    leads_nowhere,
)
from gigmatch.model.places import TimeSpan
from gigmatch.model.problems import broken
from gigmatch.model.values import Model, read_day
from gigmatch.model.work import Shift

__all__ = ["cross_problems"]

_UNIQUE = {
    "skills": "code",
    "workers": "id",
    "employers": "id",
    "brokers": "id",
    "shifts": "id",
    "crews": "id",
    "companions": "id",
    "reference_wages": "skill",
}

_SIDES = ("start_min", "end_min")

# What must lead somewhere: the list whose items name it, the field, and where it leads.
_REFERENCES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("workers", ("station_id",), "stations"),
    ("workers", ("skills", "skill"), "skills"),
    ("companions", ("worker_ids",), "workers"),
    ("shifts", ("employer_id",), "employers"),
    ("shifts", ("broker_id",), "brokers"),
    ("shifts", ("crew_id",), "crews"),
    ("shifts", ("all_of", "skill"), "skills"),
    ("shifts", ("any_of", "skill"), "skills"),
    ("skills", ("covers",), "skills"),
    ("reference_wages", ("skill",), "skills"),
    ("requests", ("shift_id",), "shifts"),
    ("requests", ("employer_id",), "employers"),
)


def cross_problems(morning: Any) -> list[InitErrorDetails]:
    """Every problem between the parts of a Morning, or of its raw data, as pydantic reports problems."""
    found = _duplicates(morning) + _dangling(morning) + _market_problems(morning) + _limit_problems(morning)
    found += _unborn(morning) + _companion_problems(morning)
    if isinstance(morning, Model):
        found += _clock_problems(morning)
    zone = _get(morning, "time_zone")
    zones = _time_zones()  # empty where the machine has no time zone database: nothing to hold it to
    if isinstance(zone, str) and zones and zone not in zones:
        found.append(_problem(("time_zone",), zone, Told.of("errors.unknown_time_zone")))
    return found


@cache
def _time_zones() -> set[str]:
    """Every zone the machine knows; asking takes 10 ms, more than a whole small morning."""
    return available_timezones()


def _get(item: Any, name: str, default: Any = None) -> Any:
    return item.get(name, default) if isinstance(item, dict) else getattr(item, name, default)


def _each(item: Any, name: str) -> list[tuple[int, Any]]:
    values = _get(item, name, ())
    return list(enumerate(values)) if isinstance(values, list | tuple) else []


def _names(items: list[tuple[int, Any]], key: str) -> set[str]:
    """The names that can be referred to; raw data may hold anything, even what cannot be in a set."""
    return {name for _, item in items if isinstance(name := _get(item, key), str)}


def _problem(loc: tuple[int | str, ...], value: Any, message: Told) -> InitErrorDetails:
    return InitErrorDetails(type=broken(message), loc=loc, input=value)


def _duplicates(morning: Any) -> list[InitErrorDetails]:
    found = []
    for name, key in _UNIQUE.items():
        first: dict[Any, int] = {}
        for index, item in _each(morning, name):
            value = _get(item, key)
            if isinstance(value, str) and first.setdefault(value, index) != index:
                message = already_there(named(f"{name}[{first[value]}].{key}", f"{name}_{key}", key), key)
                found.append(_problem((name, index, key), value, message))
    return found


def _market_problems(morning: Any) -> list[InitErrorDetails]:
    market = _get(morning, "market")
    seen = _names([(0, market)], "id")
    found = []
    for index, station in _each(market, "stations"):
        value = _get(station, "id")
        if isinstance(value, str) and value in seen:
            message = Told.of("errors.already_a_station")
            found.append(_problem(("market", "stations", index, "id"), value, message))
        seen |= _names([(index, station)], "id")
    return found


def _limit_problems(morning: Any) -> list[InitErrorDetails]:
    """Two limits of one kind in force at once would make the answer depend on their order."""
    jurisdiction = _get(morning, "jurisdiction")
    limits = [
        (index, _get(limit, "kind"), *days)
        for index, limit in _each(jurisdiction, "limits")
        if (days := _days(limit))
    ]
    found = []
    for at, (index, kind, first, last) in enumerate(limits):
        for other, other_kind, other_first, other_last in limits[:at]:
            if kind == other_kind and first <= other_last and other_first <= last:
                message = Told.of("errors.limits_overlap", at=other)
                found.append(_problem(("jurisdiction", "limits", index, "valid_from"), str(first), message))
    return found


def _days(limit: Any) -> tuple[dt.date, dt.date] | None:
    """First and last day in force; None where either is broken, which is reported as such."""
    until = _get(limit, "valid_to")
    first, last = _day(_get(limit, "valid_from")), dt.date.max if until is None else _day(until)
    return (first, last) if first and last else None


def _day(value: Any) -> dt.date | None:
    try:
        return None if value is None else read_day(value)
    except PydanticCustomError:
        return None


def _unborn(morning: Any) -> list[InitErrorDetails]:
    today = _day(_get(morning, "date"))
    return [
        _problem(("workers", index, "birth_date"), str(born), UNBORN.said())
        for index, worker in _each(morning, "workers")
        if today and (born := _day(_get(worker, "birth_date"))) and UNBORN.broken(born, today)
    ]


def _companion_problems(morning: Any) -> list[InitErrorDetails]:
    """Who goes together is in one group, once, and takes one shift."""
    most = {
        name: number
        for _, worker in _each(morning, "workers")
        if isinstance(name := _get(worker, "id"), str)
        and isinstance(number := _get(worker, "max_shifts"), int)
    }
    first: dict[str, str] = {}
    found = []
    for index, group in _each(morning, "companions"):
        for at, name in _each(group, "worker_ids"):
            loc = ("companions", index, "worker_ids", at)
            if not isinstance(name, str):
                continue
            if name in first:
                found.append(_problem(loc, name, goes_already(name, first[name])))
            elif ALONE.broken(most.get(name, 1)):
                found.append(_problem(loc, name, ALONE.said(worker=name, n=most[name])))
            first.setdefault(name, f"companions[{index}]")
    return found


def _clock_problems(morning: Any) -> list[InitErrorDetails]:
    """What those know who know when clocks change: spans reversed, overlapping, too short in real time."""
    clock: WallClock = morning.clock
    found = []
    for loc, owner, spans in _span_lists(morning, all_of_them=clock.changes):
        start, end = (_elapsed(clock, [getattr(span, side) for span in spans]) for side in _SIDES)
        for at, span in enumerate(spans):
            length, rest = end[at] - start[at], getattr(span, "break_min", 0)
            if SPAN.broken(end[at], start[at]):
                told = ends_too_soon(span.start_min, span.end_min, "end_min")
                found.append(_problem((*loc, at), None, told))
            elif BREAK.broken(rest, length):
                found.append(_problem((*loc, at), None, BREAK.said(rest=rest, length=length)))
        if isinstance(owner, Shift):
            work = sum(end) - sum(start) - sum(period.break_min for period in owner.periods)
            if owner.min_minutes is not None and TOO_LONG.broken(owner.min_minutes, work):
                found.append(_problem(loc[:-1], None, TOO_LONG.said()))
            if any(OVERLAP.broken(a[1], b[0]) for a, b in pairwise(sorted(zip(start, end, strict=True)))):
                found.append(_problem(loc[:-1], None, OVERLAP.said()))
    return found


def _elapsed(clock: WallClock, times: list[int]) -> list[int]:
    return clock.minutes(times).tolist() if clock.changes else [int(time) for time in times]


def _span_lists(
    morning: Any, *, all_of_them: bool
) -> Iterator[tuple[tuple[int | str, ...], Any, tuple[TimeSpan, ...]]]:
    """Everybody's times, or those of whose length something is said: path, whose they are, and the spans."""
    for index, worker in enumerate(morning.workers) if all_of_them else ():
        yield ("workers", index, "windows"), worker, worker.windows
        yield ("workers", index, "commitments"), worker, worker.commitments
    for index, shift in enumerate(morning.shifts):
        if all_of_them or shift.min_minutes is not None or any(each.break_min for each in shift.periods):
            yield ("shifts", index, "periods"), shift, shift.periods


def _dangling(morning: Any) -> list[InitErrorDetails]:
    known = {name: _names(_each(morning, name), key) for name, key in _UNIQUE.items()}
    market = _get(morning, "market")
    known["stations"] = _names([(0, market), *_each(market, "stations")], "id")
    found = []
    for name, (field, *inner), kind in _REFERENCES:
        there = known[kind]
        for index, item in _each(morning, name):
            value = _get(item, field)
            many = isinstance(value, list | tuple)
            for at, part in enumerate(value if many else (value,)):
                key = _get(part, inner[0]) if inner else part
                if isinstance(key, str) and key not in there:
                    place = (at,) if many else ()
                    loc: tuple[int | str, ...] = (name, index, field, *place, *inner)
                    found.append(_problem(loc, key, leads_nowhere(kind)))
    return found
