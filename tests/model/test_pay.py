"""Every unit of pay becomes pay per hour and per day by one table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from gigmatch.model import Location, Pay, Period, Shift
from gigmatch.model.pay import PAID_DAYS_PER_MONTH, pay_rates
from strategies import shifts
from tests.conftest import examples, for_each, is_nightly

PLACE = Location(lat=39.9, lon=116.2, datum="WGS-84")
DAY = Period(start_min="08:00", end_min="18:00", break_min=60)  # 9 hours' work
NEXT = Period(start_min="32:00", end_min="41:00")  # 9 hours' work
EVENING = Period(start_min="19:00", end_min="20:30")  # an hour and a half
OVERNIGHT = Period(start_min="20:00", end_min="30:00")  # 10 hours, begun today
BEFORE = Period(start_min=-120, end_min=60)  # 3 hours, begun yesterday at 22:00


def shift(pay: dict[str, Any], *periods: Period, **parts: Any) -> Shift:
    return Shift(id="s", employer_id="e", location=PLACE, periods=periods, pay=Pay(**pay), **parts)


@pytest.mark.parametrize(
    ("pay", "total"),
    [
        ({"amount": 20, "unit": "hour"}, 180),  # the break is not paid
        ({"amount": 210, "unit": "day"}, 210),
        ({"amount": 420, "unit": "shift"}, 420),
        ({"amount": 8, "unit": "piece", "expected_pieces": 30}, 240),
        ({"amount": 6525, "unit": "month"}, 300),
    ],
)
def test_one_day(pay: dict[str, Any], total: float) -> None:
    """Ten hours with an hour's unpaid break are nine hours' work on one day."""
    rates = pay_rates(shift(pay, DAY))
    assert (rates.hours, rates.days) == (9, 1)
    assert rates.total == pytest.approx(total)
    assert rates.per_hour == pytest.approx(total / 9)
    assert rates.per_day == pytest.approx(total)


@pytest.mark.parametrize(
    ("pay", "total"),
    [
        ({"amount": 20, "unit": "hour"}, 390),
        ({"amount": 210, "unit": "day"}, 420),
        ({"amount": 420, "unit": "shift"}, 420),
        ({"amount": 8, "unit": "piece", "expected_pieces": 30}, 240),
        ({"amount": 6525, "unit": "month"}, 600),
    ],
)
def test_two_days(pay: dict[str, Any], total: float) -> None:
    """Two periods of one day are one day; the unit says whether the second day counts."""
    rates = pay_rates(shift(pay, NEXT, DAY, EVENING))
    assert (rates.hours, rates.days) == (19.5, 2)
    assert rates.total == pytest.approx(total)
    assert rates.per_hour == pytest.approx(total / 19.5)
    assert rates.per_day == pytest.approx(total / 2)


@pytest.mark.parametrize(
    ("pay", "total"),
    [
        ({"amount": 20, "unit": "hour"}, 40),
        ({"amount": 210, "unit": "day"}, 210),
        ({"amount": 420, "unit": "shift"}, 420),
        ({"amount": 8, "unit": "piece", "expected_pieces": 6}, 48),
        ({"amount": 6525, "unit": "month"}, 300),
    ],
)
def test_flexible(pay: dict[str, Any], total: float) -> None:
    """A flexible shift pays for the minutes it asks for, however long its periods are open."""
    rates = pay_rates(shift(pay, DAY, EVENING, attendance="flexible", min_minutes=120))
    assert (rates.hours, rates.days) == (2, 1)
    assert rates.total == pytest.approx(total)
    assert rates.per_hour == pytest.approx(total / 2)


@pytest.mark.parametrize(
    ("periods", "days"), [((OVERNIGHT,), 1), ((BEFORE,), 1), ((BEFORE, DAY), 2), ((DAY, OVERNIGHT), 1)]
)
def test_a_night_counts_on_the_day_it_begins(periods: tuple[Period, ...], days: int) -> None:
    """Days are those on which a period begins, before the morning's midnight too."""
    assert pay_rates(shift({"amount": 200, "unit": "day"}, *periods)).total == 200 * days


def test_long_day_below_the_minimum() -> None:
    """150 yuan for 12 hours with an hour's break are 13.64 an hour: below 14.6, whatever they look like."""
    long = Period(start_min="07:00", end_min="19:00", break_min=60)
    assert pay_rates(shift({"amount": 150, "unit": "day"}, long)).per_hour == pytest.approx(13.636, abs=1e-3)


def test_paid_days_per_month() -> None:
    """A month's pay is spread over 21.75 days unless the place has another figure."""
    live_in = shift({"amount": 7000, "unit": "month"}, DAY, NEXT)
    assert PAID_DAYS_PER_MONTH == 21.75
    assert pay_rates(live_in).per_day == pytest.approx(7000 / 21.75)
    assert pay_rates(live_in, 30).per_day == pytest.approx(7000 / 30)
    assert pay_rates(live_in, paid_days_per_month=1).total == 14_000


def test_nothing_is_paid_for_nothing() -> None:
    """Unpaid work, a trial day say, is a rate of zero and no error."""
    assert pay_rates(shift({"amount": 0, "unit": "day"}, DAY)).per_hour == 0


RATES = (0.1, 8.35, 14.6, 20.1, 25.5, 26.4, 27.7, 1e-7, 33.333333333333336)


@for_each(RATES)
def test_no_rate_is_lost_in_rounding(rate: float) -> None:
    """Pay per hour is per hour, pay per day per day, whatever the length and the days: exactly."""
    for minutes in range(5, 1441, 5 if is_nightly() else 25):
        days = [Period(start_min=1440 * day, end_min=1440 * day + minutes) for day in range(3)]
        for n in (1, 2, 3):
            assert pay_rates(shift({"amount": rate, "unit": "hour"}, *days[:n])).per_hour == rate
            assert pay_rates(shift({"amount": rate, "unit": "day"}, *days[:n])).per_day == rate
        assert pay_rates(shift({"amount": rate, "unit": "shift"}, days[0])).per_day == rate


@for_each(range(6, 1441, 6))
def test_pay_that_comes_to_a_rate_on_paper(minutes: int) -> None:
    """14.6 an hour for tenths of hours, paid as one sum of yuan and fen: what is written decides."""
    total = 146 * minutes // 6 / 100
    rates = pay_rates(shift({"amount": total, "unit": "shift"}, Period(start_min=0, end_min=minutes)))
    assert rates.per_hour == 14.6


@examples(75)
@given(shifts("s"))
def test_rates_agree(offer: Shift) -> None:
    """Whatever the shift, there is work on at least one day, and the rates multiply back to the total."""
    rates = pay_rates(offer)
    worked = sum(period.minutes - period.break_min for period in offer.periods)
    assert rates.hours * 60 == pytest.approx(offer.min_minutes or worked)
    assert 1 <= rates.days <= sum(-(-period.minutes // 1440) for period in offer.periods)
    assert rates.per_hour * rates.hours == pytest.approx(rates.total)
    assert rates.per_day * rates.days == pytest.approx(rates.total)
    if offer.pay.unit == "hour" and offer.pay.amount:
        assert rates.per_hour == pytest.approx(offer.pay.amount)
