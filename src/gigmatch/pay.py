"""The one table that turns every pay unit into pay per hour and per day.

Let *hours* be the paid working time of the shift: for a fixed shift its periods less their unpaid breaks, for
a flexible one its ``min_minutes``; and *days* the number of calendar days on which a period begins.

=========  ==================================================  ==============
unit       pay for the whole shift                             breaks
=========  ==================================================  ==============
hour       amount x hours                                      not paid
day        amount x days                                       do not matter
shift      amount                                              do not matter
piece      amount x expected_pieces                            do not matter
month      amount x days / paid days in a month                do not matter
=========  ==================================================  ==============

Pay per hour is that total over *hours*, pay per day the total over *days*; so 150 yuan for 12 hours with an
hour's unpaid break is 13.64 an hour. Paid days in a month come from the jurisdiction's
``paid_days_per_month`` and are 21.75 where it says nothing, the figure in use in China since 2008.

Figures count as they are written, 14.6 as 73 fifths, and are rounded once, at the end: pay that comes to a
floor or a minimum wage on paper equals it here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from gigmatch.model import MINUTES_PER_DAY, Period, Shift

__all__ = ["PAID_DAYS_PER_MONTH", "PayRates", "pay_rates", "work_minutes", "worked_minutes"]

PAID_DAYS_PER_MONTH = 21.75


class PayRates(NamedTuple):
    """Pay of a shift for one worker, in the morning's currency."""

    total: float
    per_hour: float
    per_day: float
    hours: float
    days: int


def work_minutes(shift: Shift) -> int:
    """Minutes of paid work: periods less unpaid breaks, or a flexible shift's ``min_minutes``."""
    if shift.min_minutes is not None:
        return shift.min_minutes
    return worked_minutes(shift.periods)


def worked_minutes(periods: Iterable[Period]) -> int:
    """Minutes of the periods less their unpaid breaks."""
    return sum(period.minutes - period.break_min for period in periods)


def pay_rates(shift: Shift, paid_days_per_month: float = PAID_DAYS_PER_MONTH) -> PayRates:
    """Pay in all, per hour and per day, by the table above.

    Parameters
    ----------
    shift : Shift
        Any unit of pay.
    paid_days_per_month : float
        Days that a month's pay is spread over.

    Returns
    -------
    PayRates

    Examples
    --------
    >>> import gigmatch as gm
    >>> place = gm.Location(lat=39.75, lon=116.54, datum="WGS-84")
    >>> first = gm.Period(start_min="08:00", end_min="18:00", break_min=60)
    >>> second = gm.Period(start_min="32:00", end_min="41:00")
    >>> pay = gm.Pay(amount=420, unit="shift")
    >>> two_days = gm.Shift(id="s", employer_id="e", location=place, periods=(first, second), pay=pay)
    >>> pay_rates(two_days)
    PayRates(total=420.0, per_hour=23.333333333333332, per_day=210.0, hours=18.0, days=2)
    """
    minutes = work_minutes(shift)
    days = len({period.start_min // MINUTES_PER_DAY for period in shift.periods})
    count, of = _units(shift, minutes, days, paid_days_per_month)
    amount, parts = _written(shift.pay.amount)
    total, parts = amount * count, parts * of  # a quotient of whole numbers: each rate below rounds once
    return PayRates(total / parts, total * 60 / (parts * minutes), total / (parts * days), minutes / 60, days)


def _units(shift: Shift, minutes: int, days: int, paid_days_per_month: float) -> tuple[int, int]:
    """How many units of pay the shift is, as a quotient of whole numbers."""
    month, parts = _written(paid_days_per_month)
    return {
        "hour": (minutes, 60),
        "day": (days, 1),
        "shift": (1, 1),
        "piece": (shift.pay.expected_pieces or 0, 1),
        "month": (days * parts, month),
    }[shift.pay.unit]


def _written(figure: float) -> tuple[int, int]:
    """A figure as it is written, not as binary holds it, as a quotient of whole numbers: 14.6 is 73 / 5."""
    return Decimal(str(figure)).as_integer_ratio()
