"""Several mornings of a sample in a row: whole weeks, who comes and who leaves."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import pytest

import gigmatch as gm
from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning, Shift
from gigmatch.pairing.rules import DEFAULT_RULES
from gigmatch.scenarios import Day, first_day

SAMPLES = ("jingshi", "majuqiao", "mentougou")


@cache
def week(sample: str, days: int = 5) -> tuple[tuple[Day, gm.Assignment], ...]:
    """Some days from a Friday on, each matched."""
    found, day = [], first_day(sample, seed=7, workers=150)
    for _ in range(days):
        answer = gm.match(day.morning)
        found.append((day, answer))
        day = day.after(answer.pairs)
    return tuple(found)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_first_day_is_the_sample(sample: str) -> None:
    """As it is drawn alone, in its own size unless asked otherwise."""
    assert week(sample)[0][0].morning == getattr(gm.samples, sample)(7, workers=150)
    assert first_day(sample).morning == getattr(gm.samples, sample)()


@pytest.mark.parametrize("sample", SAMPLES)
def test_days_are_valid_and_matched(sample: str) -> None:
    """Every morning passes validation, has its size and its seats, and is solved; ids never come twice."""
    names: set[str] = set()
    for number, (day, answer) in enumerate(week(sample), start=1):
        morning = day.morning
        assert Morning.from_json(morning.to_json()) == morning
        assert (day.number, str(morning.date)) == (number, f"2025-09-{18 + number}")
        assert len(morning.workers) == 150
        assert answer.status == "optimal"
        fresh = {shift.id for shift in morning.shifts if shift.id.startswith(f"{morning.date:%m%d}-")}
        assert not fresh & names
        names |= fresh
        first = sum(shift.headcount for shift in week(sample)[0][0].morning.shifts)
        assert sum(shift.headcount for shift in morning.shifts) >= 0.8 * first


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_placements_the_same_days(sample: str) -> None:
    """Byte for byte, in whatever order; other placements leave other people waiting."""
    first, answer = week(sample)[0]
    second = week(sample)[1][0].morning
    assert first.after(reversed(answer.pairs)).morning.to_json() == second.to_json()
    assert first.after([]).morning.to_json() != second.to_json()


@pytest.mark.parametrize("sample", SAMPLES)
def test_some_leave_and_others_come(sample: str) -> None:
    """Some in twenty each day, never one who is bound, and the new are as many and have new names."""
    days = [day for day, _ in week(sample)]
    for before, after in pairwise(days):
        was, now = ({worker.id for worker in day.morning.workers} for day in (before, after))
        assert 0 < len(was - now) == len(now - was) < 20
        assert {promise.worker_id for promise in after.promised} <= now
        assert not (now - was) & {w.id for day in days[: before.number] for w in day.morning.workers}


def test_nobody_works_twice_at_once() -> None:
    """Through five days of Majuqiao, with a law that blocks: periods never meet, rests and weeks are kept."""
    strict = [type(rule)(severity="block") if hasattr(rule, "severity") else rule for rule in DEFAULT_RULES]
    day, taken = first_day("majuqiao", seed=3, workers=200), dict[str, list[tuple[int, int, float]]]()
    for number in range(6):
        answer = gm.match(day.morning, rules=strict)
        shifts: dict[str, Shift] = {shift.id: shift for shift in day.morning.shifts}
        for worker, shift in answer.pairs:
            for period in shifts[shift].periods:
                start, end = (number * 1440 + minute for minute in (period.start_min, period.end_min))
                taken.setdefault(worker, []).append((start, end, (period.minutes - period.break_min) / 60))
        day = day.after(answer.pairs)
    assert max(map(len, taken.values())) >= 3
    for spans in taken.values():
        spans.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert sum(hours for start, _, hours in spans if 3 * 1440 <= start < 10 * 1440) <= 44  # from Monday


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sample": "luck"}, "sample must be one of 'jingshi', 'majuqiao', 'mentougou'; got 'luck'"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"workers": 3}, "workers must be a whole number from 50"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    """Each is named, with what would do."""
    with pytest.raises(InvalidInputError, match=message):
        first_day(**arguments)
