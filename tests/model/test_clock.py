"""Clock times and minutes that pass are those of Python's own time zones, in every zone."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.model import Period, TimeSpan, WallClock
from gigmatch.model.clock import SecondTime
from tests.conftest import a_morning, a_shift, a_worker, examples

ZONES = sorted(available_timezones())
DAYS = st.dates(dt.date(1975, 1, 1), dt.date(2090, 1, 1))


def change_near(date: dt.date, zone: str) -> int:
    """The elapsed hour in which the clock changes next, or noon where it does not within a year."""
    place = ZoneInfo(zone)
    midnight = dt.datetime.combine(date, dt.time(), place).timestamp()
    offsets = [dt.datetime.fromtimestamp(midnight + 86_400 * n, place).utcoffset() for n in range(365)]
    changed = [n for n, (before, after) in enumerate(pairwise(offsets)) if before != after]
    return 1440 * changed[0] if changed else 720


@examples(150)
@given(st.sampled_from(ZONES), DAYS, st.lists(st.integers(-300, 1800), min_size=1), st.booleans())
def test_as_python_has_it(zone: str, date: dt.date, minutes: list[int], again: bool) -> None:
    """Times around the next change: elapsed minutes, what the clock shows, and back again."""
    clock, place, near = WallClock(date, zone), ZoneInfo(zone), change_near(date, zone)
    naive = dt.datetime.combine(date, dt.time())
    midnight = naive.replace(tzinfo=place).timestamp()
    times = np.array([near + minute for minute in minutes])
    found = clock.elapsed(times, np.full(len(times), again))
    for time, elapsed in zip(times.tolist(), found.tolist(), strict=True):
        wall = (naive + dt.timedelta(minutes=time)).replace(tzinfo=place, fold=int(again))
        assert elapsed == (wall.timestamp() - midnight) // 60
        back = dt.datetime.fromtimestamp(midnight + 60 * elapsed, place)
        shown = clock.shown(elapsed)
        assert naive + dt.timedelta(minutes=int(shown)) == back.replace(tzinfo=None)
        assert isinstance(shown, SecondTime) == bool(back.fold)
        assert clock.minute(shown) == elapsed
    assert clock.wall(found).tolist() == [int(clock.shown(minute)) for minute in found.tolist()]


@pytest.mark.parametrize(
    ("date", "zone", "start", "end", "minutes"),
    [
        ("2025-10-25", "Europe/Berlin", "22:00", "30:00", 540),
        ("2025-03-29", "Europe/Berlin", "22:00", "30:00", 420),
        ("2025-10-26", "Europe/Berlin", "02:15", "02:45", 30),
        ("2025-10-26", "Europe/Berlin", "02:45", "02:15B", 30),
        ("2025-10-26", "Europe/Berlin", "02:15B", "02:45B", 30),
        ("2025-03-30", "Europe/Berlin", "01:30", "02:30", 60),  # 02:30 is when the clock shows 03:30
        ("2025-03-30", "Europe/Berlin", "02:30", "03:45", 15),
        ("2025-04-05", "Australia/Lord_Howe", "22:00", "30:00", 510),
        ("2025-10-04", "Australia/Lord_Howe", "22:00", "30:00", 450),
        ("2025-09-07", "America/Santiago", "00:00", "08:00", 420),  # that midnight there is none
        ("2025-09-06", "America/Santiago", "18:00", "24:00", 360),
        ("2025-07-19", "Asia/Shanghai", "22:00", "30:00", 480),
    ],
)
def test_lengths(date: str, zone: str, start: str, end: str, minutes: int) -> None:
    """What passes between two times of the clock; a morning takes every one of them."""
    span = TimeSpan(start_min=start, end_min=end)
    morning = a_morning(a_worker(windows=(span,)), date=date, time_zone=zone)
    assert morning.clock.minute(span.end_min) - morning.clock.minute(span.start_min) == minutes
    assert type(morning).model_validate_json(morning.to_json()) == morning


@pytest.mark.parametrize(
    ("date", "periods", "wrong"),
    [
        (
            "2025-03-30",
            [("02:45", "03:15")],
            "ends at 03:15 no later than it starts at 02:45: on that day the clock",
        ),
        (
            "2025-10-26",
            [("02:15B", "02:45")],
            "ends at 02:45 no later than it starts at 02:15B: on that day the clock",
        ),
        ("2025-10-26", [("02:15", "02:15B")], ""),
        ("2025-03-30", [("01:00", "02:30"), ("03:00", "04:00")], "overlap"),
        ("2025-10-26", [("01:00", "02:30"), ("02:10B", "04:00")], ""),
    ],
)
def test_what_only_the_zone_knows(date: str, periods: list[tuple[str, str]], wrong: str) -> None:
    """Spans that are reversed or overlap in real time are refused, others of that look are not."""
    shift = a_shift(periods=[Period(start_min=start, end_min=end) for start, end in periods])
    if not wrong:
        a_morning(shift, date=date, time_zone="Europe/Berlin")
        return
    with pytest.raises(ValueError, match=re.escape(wrong)):
        a_morning(shift, date=date, time_zone="Europe/Berlin")


def test_work_that_a_night_is_too_short_for() -> None:
    """Seven hours pass: neither is a break of seven, nor a flexible shift of eight, possible in them."""
    for part in ({"min_minutes": 480, "attendance": "flexible"}, {}):
        night = Period(start_min="22:00", end_min="30:00", break_min=0 if part else 420)
        shift = a_shift(periods=(night,), **part)
        a_morning(shift, date="2025-03-28", time_zone="Europe/Berlin")
        with pytest.raises(ValueError, match=r"min_minutes|leaves no work"):
            a_morning(shift, date="2025-03-29", time_zone="Europe/Berlin")


def test_a_second_time_is_another() -> None:
    """Neither equal to the first nor lost on the way through JSON; without a sign it is the first."""
    once, again = (TimeSpan(start_min=0, end_min=time) for time in ("02:30", "02:30B"))
    assert once != again
    assert TimeSpan.model_validate_json(again.model_dump_json()) == again == TimeSpan(**again.model_dump())
    assert len({SecondTime(150), 150, SecondTime(150)}) == 2
    for wrong in ("02:30b", "150B", "B", "02:30BB"):
        with pytest.raises(ValueError, match="time"):
            TimeSpan(start_min=0, end_min=wrong)


def test_without_a_database_no_clock_changes() -> None:
    """A zone that the machine does not know has nothing to say."""
    clock = WallClock(dt.date(2025, 10, 25), "Mars/Olympus")
    assert not clock.changes
    assert clock.minute(1800) == clock.shown(1800) == 1800
