"""What a day leaves behind for the next: every carried figure by hand, and the rules that act on it."""

from __future__ import annotations

from typing import Any

import pytest

import gigmatch as gm
from gigmatch.errors import InvalidInputError
from gigmatch.ledger import Promise, carry_over
from gigmatch.model import (
    EmployerHours,
    Jurisdiction,
    LegalLimit,
    Morning,
    PastEmployer,
    Period,
    TimeSpan,
    Worker,
)
from gigmatch.pairing.rules import (
    IsFree,
    Rested,
    WeeklyHours,
    WeeklyHoursPerEmployer,
    apply_rule,
)
from tests.conftest import DAY, a_morning, a_shift, a_worker, all_pairs

SATURDAY, SUNDAY, FRIDAY = "2025-07-19", "2025-07-20", "2025-07-18"
TODAY = Period(start_min="08:00", end_min="18:00", break_min=60)
TOMORROW = Period(start_min="32:00", end_min="42:00", break_min=60)
NIGHT = Period(start_min="22:00", end_min="29:00")
LAW = Jurisdiction(
    name="here",
    limits=tuple(
        LegalLimit(kind=kind, value=value, valid_from="2020-01-01", source="s", severity="block")
        for kind, value in (
            ("min_rest_hours", 8),
            ("max_hours_per_week", 44),
            ("max_hours_per_week_per_employer", 24),
        )
    ),
)


def next_to(
    worker: Worker, *periods: Period, date: str = FRIDAY, promised: Any = (), **shift: Any
) -> tuple[Worker, Morning, tuple[Promise, ...]]:
    """The worker on the morning after having taken a shift of these periods."""
    taken = a_shift("taken", periods=periods, **shift)
    morning = a_morning(worker, taken, date=date, jurisdiction=LAW)
    after, left = carry_over(morning, [("w", "taken")], promised)
    return after.workers[0], after, left


def verdict(rule: Any, worker: Worker, *periods: Period, date: str) -> bool:
    """Whether a rule lets the worker take a shift of these periods, of employer ``e``."""
    pairs = all_pairs(a_morning(worker, a_shift(periods=periods), date=date, jurisdiction=LAW))
    return bool(apply_rule(rule, pairs.columns, pairs)[0])


def test_the_date_is_the_next() -> None:
    """And nothing else of the market changes; what has begun is not offered again."""
    morning = a_morning(a_worker(), a_shift(headcount=3), date=SATURDAY)
    after, left = carry_over(morning, [])
    assert (str(after.date), after.shifts, left) == (SUNDAY, (), ())
    assert after.model_copy(update={"date": morning.date, "shifts": morning.shifts}).workers[0].id == "w"
    assert (after.employers, after.market, after.jurisdiction) == (
        morning.employers,
        morning.market,
        morning.jurisdiction,
    )


@pytest.mark.parametrize(
    ("periods", "last", "expected"),
    [
        ((TODAY,), None, 18 * 60 - 1440),
        ((TODAY, TOMORROW), None, 18 * 60 - 1440),  # tomorrow's half has not been worked
        ((NIGHT,), None, 5 * 60),  # ends tomorrow at five
        ((TOMORROW,), 320, 320 - 1440),  # only begins tomorrow: the night before this morning was the last
        ((TOMORROW,), None, None),
    ],
)
def test_the_last_shift_ends_when_it_ended(periods: Any, last: int | None, expected: int | None) -> None:
    """Of the periods that have begun, the last end; the worker's own where none has."""
    worker, _, _ = next_to(a_worker(last_shift_end_min=last), *periods)
    assert worker.last_shift_end_min == expected


def test_whoever_was_not_placed_has_rested_a_day_more() -> None:
    """Until it is two weeks ago and forgotten."""
    morning = a_morning(a_worker("a", last_shift_end_min=0), a_worker("b", last_shift_end_min=-18_721))
    workers = carry_over(morning, [])[0].workers
    assert [worker.last_shift_end_min for worker in workers] == [-1440, None]


def test_a_night_blocks_the_morning_after() -> None:
    """Rested until 13:00, not before; nor is anybody free before the night is over."""
    worker, _, _ = next_to(a_worker(), NIGHT)
    later = Period(start_min="13:00", end_min="17:00")
    assert not verdict(Rested(), worker, TODAY, date=SATURDAY)
    assert verdict(Rested(), worker, later, date=SATURDAY)
    assert not verdict(IsFree(), worker, Period(start_min="04:00", end_min="09:00"), date=SATURDAY)
    rested, _, _ = next_to(a_worker(), TODAY)
    assert verdict(Rested(), rested, TODAY, date=SATURDAY)


def test_tomorrows_half_is_a_commitment() -> None:
    """The worker is not free for it, is for the rest of the day, and is again once it is over."""
    worker, after, left = next_to(a_worker(), TODAY, TOMORROW)
    assert worker.commitments == (TimeSpan(start_min="08:00", end_min="18:00"),)
    assert left == (Promise("w", "e", 480, 1080, 9.0, True),)
    assert not verdict(IsFree(), worker, TODAY, date=SATURDAY)
    assert verdict(IsFree(), worker, Period(start_min="19:00", end_min="22:00"), date=SATURDAY)
    then, none_left = carry_over(after, [], left)
    worker = then.workers[0]
    assert (worker.commitments, none_left) == ((), ())
    assert worker.last_shift_end_min == 18 * 60 - 1440
    assert verdict(IsFree(), worker, TODAY, date=SUNDAY)


def test_a_worker_at_tomorrows_half_is_not_matched_elsewhere() -> None:
    """The match of the next morning leaves them alone, and takes them for the evening."""
    _, after, _ = next_to(a_worker(), TODAY, TOMORROW)
    evening = a_shift("evening", periods=(Period(start_min="19:00", end_min="22:00"),))
    shifts = (a_shift("day"), evening)
    assert gm.match(after.model_copy(update={"shifts": shifts})).pairs == (("w", "evening"),)


def test_commitments_of_ones_own_run_out() -> None:
    """They move with the days, and are dropped once over."""
    spans = (TimeSpan(start_min=0, end_min=1440), TimeSpan(start_min=1000, end_min=1500))
    worker = carry_over(a_morning(a_worker(commitments=spans)), [])[0].workers[0]
    assert worker.commitments == (TimeSpan(start_min=-440, end_min=60),)


def test_flexible_work_binds_nobody() -> None:
    """Hours are spread over its periods by their length; no commitment, and a rest after each."""
    worker, _, left = next_to(a_worker(), TODAY, TOMORROW, attendance="flexible", min_minutes=300)
    assert worker.commitments == ()
    assert left == (Promise("w", "e", 480, 1080, 2.5, False),)
    assert worker.hours_by_employer == (EmployerHours(employer_id="e", hours=5.0),)
    assert worker.last_shift_end_min == 18 * 60 - 1440


def test_hours_of_the_week_add_up() -> None:
    """By employer and in all, both days of the shift at once, as the rules count it."""
    before = (EmployerHours(employer_id="e", hours=4), EmployerHours(employer_id="x", hours=10))
    worker, _, _ = next_to(a_worker(hours_this_week=20, hours_by_employer=before), TODAY, TOMORROW)
    assert worker.hours_this_week == 20 + 18
    assert {row.employer_id: row.hours for row in worker.hours_by_employer} == {"e": 22, "x": 10}
    unknown, _, _ = next_to(a_worker(hours_by_employer=before), TODAY)
    assert unknown.hours_this_week is None  # still the sum over employers
    assert {row.employer_id: row.hours for row in unknown.hours_by_employer} == {"e": 13, "x": 10}


def test_a_night_is_carried_as_the_rules_count_it() -> None:
    """From Sunday to Monday it is Sunday's, in one period or two: nothing is left for Monday."""
    whole, parts = ([(18, 32)], [(18, 24), (24, 32)])
    for bounds in (whole, parts):
        periods = [Period(start_min=60 * start, end_min=60 * end) for start, end in bounds]
        worker, _, left = next_to(a_worker(hours_this_week=10), *periods, date=SUNDAY)
        assert (left, worker.hours_this_week) == ((), 0)  # a new week
        assert worker.last_shift_end_min == 8 * 60
        worker, _, _ = next_to(a_worker(hours_this_week=10), *periods, date=SATURDAY)
        assert worker.hours_this_week == 24


def test_hours_that_pass_are_carried() -> None:
    """Nine hours of a night on which clocks go back, until six on the wall."""
    taken = a_shift("taken", periods=(Period(start_min="22:00", end_min="30:00"),))
    morning = a_morning(a_worker(hours_this_week=0.1), taken, date="2025-10-25", time_zone="Europe/Berlin")
    worker = carry_over(morning, [("w", "taken")])[0].workers[0]
    assert (worker.hours_this_week, worker.last_shift_end_min) == (9.1, 360)
    assert carry_over(morning, [("w", "taken")])[0].clock.minute(360) == 420


def test_hours_of_the_week_block() -> None:
    """36 hours so far leave 8; 18 with one employer leave 6 with that one."""
    worker, _, _ = next_to(a_worker(hours_this_week=27), TODAY)
    six = Period(start_min="08:00", end_min="14:00")
    assert not verdict(WeeklyHours(), worker, TODAY, date=SATURDAY)
    assert verdict(WeeklyHours(), worker, six, date=SATURDAY)
    worker, _, _ = next_to(a_worker(), TODAY, TOMORROW)
    assert not verdict(WeeklyHoursPerEmployer(), worker, TODAY, date=SATURDAY)
    assert verdict(WeeklyHoursPerEmployer(), worker, six, date=SATURDAY)


def test_a_week_begins_on_monday() -> None:
    """Only what is promised for it counts: the third day of a shift that began on Saturday."""
    three = (TODAY, TOMORROW, Period(start_min="56:00", end_min="66:00", break_min=60))
    worker, sunday, left = next_to(a_worker(hours_this_week=20), *three, date=SATURDAY)
    assert worker.hours_this_week == 38  # Saturday and Sunday
    monday, left = carry_over(sunday, [], left)
    worker = monday.workers[0]
    assert (worker.hours_this_week, worker.hours_by_employer) == (
        9,
        (EmployerHours(employer_id="e", hours=9),),
    )
    assert worker.commitments == (TimeSpan(start_min="08:00", end_min="18:00"),)
    tuesday, left = carry_over(monday, [], left)
    assert (tuesday.workers[0].hours_this_week, left) == (9, ())
    idle = carry_over(a_morning(a_worker(hours_this_week=40), date=SUNDAY), [])[0].workers[0]
    assert (idle.hours_this_week, idle.hours_by_employer) == (0, ())


@pytest.mark.parametrize(("days", "expected"), [(None, 1), (0, 1), (6, 7)])
def test_days_of_waiting(days: int | None, expected: int) -> None:
    """One more without a placement, none with one, none while a shift taken earlier goes on."""
    waiting = carry_over(a_morning(a_worker(days_since_last_placement=days)), [])[0].workers[0]
    assert waiting.days_since_last_placement == expected
    placed, after, left = next_to(a_worker(days_since_last_placement=days), TODAY, TOMORROW)
    assert placed.days_since_last_placement == 0
    again, left = carry_over(after, [], left)
    assert again.workers[0].days_since_last_placement == 0
    assert carry_over(again, [], left)[0].workers[0].days_since_last_placement == 1


def test_employers_are_remembered() -> None:
    """One shift more, praise as it was, the newest last."""
    past = (PastEmployer(employer_id="e", shifts=2, praise=True), PastEmployer(employer_id="x"))
    worker, _, _ = next_to(a_worker(past_employers=past), TODAY)
    assert worker.past_employers == (past[1], PastEmployer(employer_id="e", shifts=3, praise=True))
    assert next_to(a_worker(), TODAY)[0].past_employers == (PastEmployer(employer_id="e", shifts=1),)


def test_shifts_that_begin_later_stay_open() -> None:
    """With the seats that are left, a day nearer; full ones go."""
    later = a_shift("later", periods=(TOMORROW,), headcount=3, minimum_headcount=3)
    full = a_shift("full", periods=(TOMORROW,))
    morning = a_morning(a_worker("a"), a_worker("b"), later, full)
    after, _ = carry_over(morning, [("a", "later"), ("b", "full")])
    (shift,) = after.shifts
    assert (shift.id, shift.headcount, shift.minimum_headcount) == ("later", 2, 2)
    assert shift.periods == (TODAY,)
    assert Morning.from_json(after.to_json()) == after


@pytest.mark.parametrize(
    ("placed", "message"),
    [
        ([("nobody", "s")], "placed names worker 'nobody'"),
        ([("a", "nothing")], "placed names shift 'nothing'"),
        ([("a", "s"), ("a", "t")], "placed has worker 'a' too often"),
        ([("b", "s"), ("b", "s")], "placed has worker 'b' too often"),
        ([("a", "s"), ("b", "s")], "placed has 2 in shift 's', over its 1"),
    ],
)
def test_placements_that_cannot_be(placed: Any, message: str) -> None:
    """Each is named."""
    morning = a_morning(a_worker("a"), a_worker("b", max_shifts=2), a_shift("s"), a_shift("t"))
    with pytest.raises(InvalidInputError, match=message):
        carry_over(morning, placed)


def test_the_default_day_is_the_oracles() -> None:
    """What the cases by hand rest on: nine paid hours."""
    assert (DAY.start_min, DAY.end_min, DAY.break_min) == (TODAY.start_min, TODAY.end_min, TODAY.break_min)


def test_columns_are_no_morning_to_carry_over() -> None:
    """They do not hold all of it; refused by name."""
    columns = gm.columns_of(gm.samples.jingshi(workers=50))
    with pytest.raises(gm.InvalidInputError, match="morning_from_frames"):
        carry_over(columns, [])
