"""What a day and an hour are: clock changes, midnight, birthdays, laws that change, arrivals and sums."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from columns.test_compile import same
from gigmatch.columns import Columns, columns_of
from gigmatch.errors import InvalidInputError
from gigmatch.model import EmployerHours, Jurisdiction, LegalLimit, Morning, Pay, Period, Shift, TimeSpan
from gigmatch.pairing.rules import DEFAULT_RULES, Remedy, apply_rule, explain_rule, rule_name
from gigmatch.tables.from_morning import tables_of
from tests.conftest import DATE, a_morning, a_shift, a_worker, all_pairs, changed, examples

RULES = {rule_name(rule): rule for rule in DEFAULT_RULES}


def compiled(morning: Morning) -> Columns:
    """Columns by both ways in, which must agree."""
    columns = columns_of(morning)
    assert same(gm.columns_from_frames(**tables_of(morning)), columns)
    return columns


def refusing(morning: Morning) -> set[str]:
    """The rules that refuse the only pair of a morning."""
    pair = all_pairs(morning)
    return {name for name, rule in RULES.items() if not apply_rule(rule, pair.columns, pair)[0]}


def law(*limits: tuple[str, float], since: dt.date = DATE, **fields: Any) -> Jurisdiction:
    rows = (LegalLimit(kind=k, value=v, valid_from=since, source="s", **fields) for k, v in limits)
    return Jurisdiction(name="here", limits=tuple(rows))


def spans(*bounds: tuple[str, str], rest: int = 0) -> tuple[Period, ...]:
    return tuple(Period(start_min=start, end_min=end, break_min=rest) for start, end in bounds)


NIGHT = spans(("22:00", "30:00"))


# ----------------------------------------------------------------------------------------- clocks change


@pytest.mark.parametrize(
    ("date", "zone", "hours"),
    [
        ("2025-10-25", "Europe/Berlin", 9),
        ("2025-03-29", "Europe/Berlin", 7),
        ("2025-10-24", "Europe/Berlin", 8),
        ("2025-04-05", "Australia/Lord_Howe", 8.5),
        ("2025-10-04", "Australia/Lord_Howe", 7.5),
        ("2025-11-01", "America/New_York", 9),
    ],
)
def test_a_night_on_which_clocks_change(date: str, zone: str, hours: float) -> None:
    """Hours, wages per hour and every limit go by the hours that pass."""
    wage = {"pay": Pay(amount=15 * hours, unit="shift")}
    place = {"date": date, "time_zone": zone}
    shifts = compiled(a_morning(a_shift(periods=NIGHT, **wage), **place)).shifts
    assert (shifts.hours.tolist(), shifts.days.tolist()) == ([hours], [1])
    assert (shifts.longest_day_hours.tolist(), shifts.pay_per_hour.tolist()) == ([hours], [15])
    for limits, refused in (
        (
            (("max_hours_per_day", hours), ("minimum_wage_per_hour", 15), ("max_hours_per_week", 30 + hours)),
            {},
        ),
        (
            (
                ("max_hours_per_day", hours - 0.25),
                ("minimum_wage_per_hour", 15.01),
                ("max_hours_per_week", 29.99 + hours),
            ),
            {"daily_hours", "minimum_wage", "weekly_hours"},
        ),
    ):
        rules = law(*limits, since=dt.date(2025, 1, 1))
        worker = a_worker(hours_this_week=30)
        found = refusing(a_morning(worker, a_shift(periods=NIGHT, **wage), jurisdiction=rules, **place))
        assert found == set(refused)


@pytest.mark.parametrize(("date", "rest"), [("2025-10-25", 11), ("2025-03-29", 9), ("2025-07-19", 10)])
def test_rest_on_such_a_night(date: str, rest: int) -> None:
    """From 20:00 to 06:00 are as many hours as pass, before a shift and inside one."""
    for least, refused in ((rest, set()), (rest + 0.1, {"rest"})):
        limit = law(("min_rest_hours", least), since=dt.date(2025, 1, 1))
        place = {"date": date, "time_zone": "Europe/Berlin", "jurisdiction": limit}
        late = a_worker(last_shift_end_min="20:00")
        assert refusing(a_morning(late, a_shift(periods=spans(("30:00", "36:00"))), **place)) == refused
        both = a_shift(periods=spans(("12:00", "20:00"), ("30:00", "36:00")))
        assert refusing(a_morning(a_worker(), both, **place)) == refused


def test_timestamps_with_a_zone_know_the_repeated_hour() -> None:
    """Half past two comes twice: each timestamp is its own moment, through frames and back."""
    morning = a_morning(a_worker("a"), a_worker("b"), a_shift(), date="2025-10-25", time_zone="Europe/Berlin")
    tables = tables_of(morning)
    import pyarrow as pa

    utc = [dt.datetime(2025, 10, 26, hour, 30, tzinfo=dt.UTC) for hour in (0, 1)]
    ends = [dt.datetime(2025, 10, 26, 4, tzinfo=dt.UTC)] * 2
    moments = {"worker_id": ["a", "b"], "start_min": utc, "end_min": ends}
    tables["windows"] = pa.table(moments)
    read = gm.morning_from_frames(**tables)
    assert [str(w.windows[0].start_min) for w in read.workers] == ["1590", "26:30B"]
    columns = gm.columns_from_frames(**tables)
    assert columns.workers.free.start.tolist() == [1590, 1650]
    assert same(columns, compiled(read))
    assert gm.morning_from_frames(**tables_of(read)) == read
    written = pa.table({**moments, "start_min": ["26:30", "26:30B"], "end_min": ["29:00", "1740"]})
    assert same(gm.columns_from_frames(**{**tables, "windows": written}), columns)


# ---------------------------------------------------------------------------------------------- midnight


@examples(30)
@given(
    st.sampled_from([("Asia/Shanghai", "2025-07-19"), ("Europe/Berlin", "2025-10-25")]),
    st.lists(st.integers(0, 70), min_size=2, max_size=4, unique=True).map(sorted),
    st.lists(st.integers(1, 69), max_size=4, unique=True),
    st.sampled_from(["hour", "day", "month", "shift"]),
)
def test_cutting_periods_changes_nothing(
    place: tuple[str, str], bounds: list[int], cuts: list[int], unit: str
) -> None:
    """However touching periods are cut: days, longest day, rest, week and pay stay the same."""
    whole = [(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
    parts = [
        (first, last)
        for a, b in whole
        for inside in [[a, *(cut for cut in sorted(cuts) if a < cut < b), b]]
        for first, last in pairwise(inside)
    ]
    zone, date = place

    def shift(pieces: list[tuple[int, int]]) -> Shift:
        periods = [Period(start_min=60 * a, end_min=60 * b) for a, b in pieces]
        return a_shift(periods=periods, pay=Pay(amount=100, unit=unit))

    one, many = (columns_of(a_morning(shift(p), date=date, time_zone=zone)).shifts for p in (whole, parts))
    names = "days hours longest_day_hours rest_hours hours_this_week pay_total pay_per_hour pay_per_day"
    for name in (*names.split(), "first_day", "last_day", "start_min", "end_min"):
        assert getattr(one, name).tolist() == getattr(many, name).tolist(), name


@pytest.mark.parametrize(
    ("bounds", "days", "longest", "rest"),
    [
        ([("18:00", "32:00")], 1, 14, np.inf),
        ([("18:00", "24:00"), ("24:00", "32:00")], 1, 14, np.inf),
        ([("18:00", "26:00"), ("28:00", "36:00")], 2, 8, 2),
        ([("08:00", "12:00"), ("14:00", "18:00"), ("32:00", "36:00")], 2, 8, 14),
        ([("00:00", "24:00"), ("24:00", "48:00"), ("48:00", "72:00")], 3, 24, 0),
        ([("00:00", "72:00")], 3, 24, 0),
    ],
)
def test_days_of_work(bounds: list[tuple[str, str]], days: int, longest: float, rest: float) -> None:
    """A night is work of the day on which it begins, and rest lies between the work of two days."""
    shifts = compiled(a_morning(a_shift(periods=spans(*bounds)))).shifts
    assert (shifts.days[0], shifts.longest_day_hours[0], shifts.rest_hours[0]) == (days, longest, rest)


def test_two_nights_need_a_rest_between_them() -> None:
    """Two hours are not eleven; where people choose their own hours, they choose their rest."""
    nights, limit = spans(("18:00", "26:00"), ("28:00", "36:00")), law(("min_rest_hours", 11))
    morning = a_morning(a_worker(), a_shift(periods=nights), jurisdiction=limit)
    assert refusing(morning) == {"rest"}
    pair = all_pairs(morning)
    assert explain_rule(RULES["rest"], pair.columns, pair).values == {"rest_hours": 2, "min_rest_hours": 11}
    flexible = a_shift(periods=nights, attendance="flexible", min_minutes=60)
    assert refusing(a_morning(a_worker(), flexible, jurisdiction=limit)) == set()


def test_a_night_out_of_the_week_counts_whole_and_once() -> None:
    """The night from Sunday to Monday is Sunday's, in one period or two."""
    for bounds in ([("18:00", "32:00")], [("18:00", "24:00"), ("24:00", "32:00")]):
        for most, refused in ((14, set()), (13.9, {"weekly_hours"})):
            limit = law(("max_hours_per_week", most))
            sunday = a_morning(
                a_worker(), a_shift(periods=spans(*bounds)), date="2025-07-20", jurisdiction=limit
            )
            assert refusing(sunday) == refused


# --------------------------------------------------------------------------------- ages and laws by day


def on_day(day: int, **fields: Any) -> Shift:
    start = 1440 * day + 480
    return a_shift(periods=(Period(start_min=start, end_min=start + 480),), **fields)


def born(years: int, days_later: int) -> dt.date:
    """Somebody who will be so many years old in so many days."""
    day = DATE + dt.timedelta(days_later)
    return day.replace(year=day.year - years)


@pytest.mark.parametrize("day", [0, 1, 2, 40])
def test_ages_are_those_of_the_day(day: int) -> None:
    """Old enough on the very day, and not the day before; too old by then."""
    for kind, years, fields, limits in (
        ("age_bounds", 18, {"min_age_years": 18}, ()),
        ("minimum_age", 18, {}, (("minimum_age_years", 18),)),
        ("youth_protection", 18, {"hazards": ("heat",)}, (("youth_age_years", 18),)),
    ):
        for birthday, refused in ((day, set()), (day + 1, {kind})):
            worker = a_worker(birth_date=born(years, birthday))
            morning = a_morning(worker, on_day(day, **fields), jurisdiction=law(*limits))
            assert refusing(morning) == refused, (kind, birthday)
    for kind, fields, limits in (
        ("age_bounds", {"max_age_years": 60}, ()),
        ("over_age_protection", {"hazards": ("heat",)}, (("over_age_years", 61),)),
    ):
        for birthday, refused in ((day + 1, set()), (day, {kind})):
            worker = a_worker(birth_date=born(61, birthday))
            morning = a_morning(worker, on_day(day, **fields), jurisdiction=law(*limits))
            assert refusing(morning) == refused, (kind, birthday)


def test_a_stated_age_stays() -> None:
    """Nobody knows when the birthday is."""
    assert refusing(a_morning(a_worker(age_years=17), on_day(40, min_age_years=18))) == {"age_bounds"}


def test_the_last_day_of_several_counts_for_the_greatest_age() -> None:
    """Sixty-one on the second of two days; sixteen on the first is no matter on the second."""
    two = [Period(start_min=480 + 1440 * day, end_min=960 + 1440 * day) for day in (0, 1)]
    old, young = a_worker(birth_date=born(61, 1)), a_worker(birth_date=born(16, 1))
    assert refusing(a_morning(old, a_shift(periods=two, max_age_years=60))) == {"age_bounds"}
    assert refusing(a_morning(young, a_shift(periods=two, min_age_years=16))) == {"age_bounds"}
    pair = all_pairs(a_morning(old, a_shift(periods=two, max_age_years=60)))
    assert explain_rule(RULES["age_bounds"], pair.columns, pair).values["age_years"] == 61


@pytest.mark.parametrize(
    ("kind", "value", "rule", "worker"),
    [
        ("minimum_wage_per_hour", 26, "minimum_wage", {}),
        ("max_hours_per_day", 7, "daily_hours", {}),
        ("min_rest_hours", 90, "rest", {"last_shift_end_min": 0}),
        ("minimum_age_years", 18, "minimum_age", {"age_years": 17}),
        ("max_hours_per_week", 7, "weekly_hours", {}),
    ],
)
def test_laws_are_those_of_the_day(kind: str, value: float, rule: str, worker: dict[str, Any]) -> None:
    """One that comes into force on the day after tomorrow binds then, and not before."""
    limit = law((kind, value), since=DATE + dt.timedelta(2), severity="block")
    saturday = {"date": DATE, "jurisdiction": limit}  # a Saturday: nothing on Monday is this week's
    for day, refused in ((1, set()), (2, {rule} - {"weekly_hours"}), (3, {rule} - {"weekly_hours"})):
        assert refusing(a_morning(a_worker(**worker), on_day(day), **saturday)) == refused, day


def test_of_two_laws_each_has_its_days() -> None:
    """The new wage binds the shift of its day alone, and the strictest one a shift that sees both."""
    old, new = (
        LegalLimit(kind="minimum_wage_per_hour", value=value, valid_from=since, valid_to=until, source="s")
        for value, since, until in ((20, DATE, DATE), (26, DATE + dt.timedelta(1), None))
    )
    both = Jurisdiction(name="here", limits=(old, new))
    two = a_shift(
        "two", periods=[on_day(day).periods[0] for day in (0, 1)], pay=Pay(amount=400, unit="shift")
    )
    shifts = (changed(on_day(0), id="0"), changed(on_day(1), id="1"), two)
    pairs = all_pairs(a_morning(a_worker(), *shifts, jurisdiction=both))
    assert apply_rule(RULES["minimum_wage"], pairs.columns, pairs).tolist() == [True, False, False]


def test_a_law_of_two_severities_is_refused() -> None:
    """A rule warns or blocks: where the days of the shifts want both, nobody is matched by half of it."""
    warn, block = (
        LegalLimit(kind="max_hours_per_day", value=8, source="s", **fields)
        for fields in (
            {"valid_from": DATE, "valid_to": DATE},
            {"valid_from": DATE + dt.timedelta(1), "severity": "block"},
        )
    )
    both = Jurisdiction(name="here", limits=(warn, block))
    assert columns_of(a_morning(on_day(0), jurisdiction=both)).limits["max_hours_per_day"].severity == "warn"
    with pytest.raises(InvalidInputError, match="max_hours_per_day"):
        columns_of(a_morning(on_day(0), changed(on_day(1), id="1"), jurisdiction=both))


# ----------------------------------------------------------------------------------------------- arrivals


def test_nobody_works_before_they_arrive() -> None:
    """Who came at half past nine is not placed at eight, unless arrivals do not bind."""
    late, eight, ten = a_worker(arrived_at_min="09:30"), a_shift(), a_shift(periods=spans(("09:30", "18:00")))
    morning = a_morning(late, eight)
    assert refusing(morning) == {"arrival"}
    assert refusing(a_morning(late, ten)) == refusing(a_morning(a_worker(), eight)) == set()
    assert refusing(a_morning(late, eight, arrivals_bind=False)) == set()
    assert gm.match(morning).pairs == ()
    assert gm.match(a_morning(late, eight, arrivals_bind=False)).pairs == (("w", "s"),)
    pair = all_pairs(morning)
    found = explain_rule(RULES["arrival"], pair.columns, pair)
    assert found.values == {"arrived_at_min": 570, "start_min": 480}
    ways = (Remedy("market", "arrivals_bind", False), Remedy("worker", "arrived_at_min", 480))
    assert found.remedies == ways


def test_a_flexible_shift_waits_for_who_is_late() -> None:
    """As long as enough of it is left, within the hours in which they are free."""
    offer = a_shift(periods=spans(("08:00", "12:00")), attendance="flexible", min_minutes=120)
    for arrived, window, refused in (
        ("10:00", ("08:00", "12:00"), set()),
        ("10:01", ("08:00", "12:00"), {"arrival"}),
        ("09:30", ("08:00", "11:00"), {"arrival"}),
        ("12:00", ("08:00", "11:00"), {"arrival"}),
    ):
        free = (TimeSpan(start_min=window[0], end_min=window[1]),)
        assert refusing(a_morning(a_worker(arrived_at_min=arrived, windows=free), offer)) == refused


def test_words_for_an_arrival() -> None:
    """What a late comer is told, with both times as the clock shows them, in English and in Chinese."""
    morning = a_morning(
        a_worker(arrived_at_min="27:30"),
        a_shift(periods=spans(("26:30B", "30:00"))),
        date="2025-10-25",
        time_zone="Europe/Berlin",
    )
    reason = gm.explain(morning, gm.match(morning)).why_not("w", "s")
    assert "arrived: day 2 03:30" in gm.in_words(reason, morning)
    assert "work begins: day 2 02:30 (second time)" in gm.in_words(reason, morning)
    assert "02:30（第二次）" in gm.in_words(reason, morning, lang="zh")
    gm.check_reasons(morning, gm.match(morning), gm.Reasons(reasons=(reason,)))


# ------------------------------------------------------------------------------------------- sums of hours


@pytest.mark.parametrize(("last", "refused"), [(8.0, set()), (8.02, {"weekly_hours_per_employer"})])
def test_sums_of_hours_are_exact(last: float, refused: set[str]) -> None:
    """7.3 + 11.1 + 13.6 + 8.0 is 40.0 in every order, for one employer and for all, and 40.02 is more."""
    limit = law(("max_hours_per_week_per_employer", 40), ("max_hours_per_week", 40))
    more = {"weekly_hours"} if refused else set()
    for worked in permutations((7.3, 11.1, 13.6)):
        rows = tuple(EmployerHours(employer_id="e", hours=hours) for hours in worked)
        minutes = round(last * 60 + 0.4)
        offer = a_shift(periods=(Period(start_min=0, end_min=minutes),))
        found = refusing(a_morning(a_worker(hours_by_employer=rows), offer, jurisdiction=limit))
        assert found == refused | more


@examples(30)
@given(st.lists(st.integers(1, 80_000), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_hundredths_of_hours_add_up(hundredths: list[int], random: Any) -> None:
    """Whatever is written with two digits, in any order: the sum is the one on paper."""
    hundredths = [each % 2000 + 1 for each in hundredths]
    random.shuffle(hundredths)
    rows = tuple(EmployerHours(employer_id="e", hours=each / 100) for each in hundredths)
    columns = columns_of(a_morning(a_worker(hours_by_employer=rows)))
    assert columns.workers.hours_this_week.tolist() == [sum(hundredths) / 100]
    assert columns.employer_hours.value.tolist() == [sum(hundredths) / 100]
