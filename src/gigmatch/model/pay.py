"""The one table that turns every pay unit into pay per hour and per day.

Let *hours* be the paid working time of the shift: for a fixed shift its periods less their unpaid breaks, for
a flexible one its ``min_minutes``; and *days* the number of days of work (`gigmatch.model.working_time`).

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

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import Float64Array, Int64Array
from gigmatch.model.clock import WallClock
from gigmatch.model.values import PayUnit
from gigmatch.model.work import Shift
from gigmatch.model.working_time import days_of_work

__all__ = [
    "PAID_DAYS_PER_MONTH",
    "PAY_UNITS",
    "PayRates",
    "pay_rates",
    "pay_table",
]

PAID_DAYS_PER_MONTH = 21.75
PAY_UNITS: tuple[str, ...] = get_args(PayUnit)

_NO_CHANGES = WallClock(dt.date(2000, 1, 1), "UTC")
_EXACT = 2.0**53  # whole numbers below are exact in 64-bit floats, and their quotients rounded once


class PayRates(NamedTuple):
    """Pay of a shift for one worker, in the morning's currency."""

    total: float
    per_hour: float
    per_day: float
    hours: float
    days: int


def pay_rates(
    shift: Shift, paid_days_per_month: float = PAID_DAYS_PER_MONTH, clock: WallClock = _NO_CHANGES
) -> PayRates:
    """Pay in all, per hour and per day, by the table above.

    Parameters
    ----------
    shift : Shift
        Any unit of pay.
    paid_days_per_month : float
        Days that a month's pay is spread over.
    clock : WallClock
        Of the morning, ``morning.clock``; unless given, clocks do not change.

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
    periods = sorted(shift.periods, key=lambda period: clock.minute(period.start_min))
    start, end = (clock.minutes(getattr(p, side) for p in periods) for side in ("start_min", "end_min"))
    rest = np.array([period.break_min for period in periods], dtype=np.int64)
    work = days_of_work(np.zeros_like(start), start, end, rest, clock)
    minutes, days = shift.min_minutes or round(work.minutes.sum()), len(work.day)
    count, of = _units(shift.pay.unit, minutes, days, shift.pay.expected_pieces or 0, paid_days_per_month)
    return PayRates(*_rates(shift.pay.amount, count, of, minutes, days), minutes / 60, days)


def pay_table(
    amount: Float64Array,
    unit: NDArray[np.int8],
    minutes: Int64Array,
    days: Int64Array,
    pieces: Int64Array,
    paid_days_per_month: float = PAID_DAYS_PER_MONTH,
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """`pay_rates` of many shifts at once: pay in all, per hour and per day, to the same bit.

    Parameters
    ----------
    amount : float64[m]
        Amount for one unit.
    unit : int8[m]
        Positions in ``PAY_UNITS``.
    minutes, days, pieces : int64[m]
        Minutes of paid work, days of work, and pieces, 0 for other units.
    paid_days_per_month : float
        Days that a month's pay is spread over.

    Returns
    -------
    tuple of float64[m]
        ``(total, per_hour, per_day)``.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.ones(1, dtype=np.int64)
    >>> pay_table(np.array([14.6]), np.zeros(1, np.int8), one * 480, one, one * 0)
    (array([116.8]), array([14.6]), array([116.8]))
    """
    units = [_units(name, minutes, days, pieces, paid_days_per_month) for name in PAY_UNITS]
    count = np.choose(unit, [np.broadcast_to(many, len(unit)) for many, _ in units])
    of = np.array([one for _, one in units])[unit]
    whole, parts = _written_many(amount)
    exact = (parts > 0) & (whole * count * 60.0 < _EXACT) & (parts * of * minutes.astype(np.float64) < _EXACT)
    amounts, below = np.where(exact, whole * count, 0.0), np.where(exact, parts * of, 1.0)
    table = np.stack([amounts / below, amounts * 60 / (below * minutes), amounts / (below * days)])
    for j in np.flatnonzero(~exact).tolist():
        terms = (int(array[j]) for array in (count, of, minutes, days))
        table[:, j] = _rates(float(amount[j]), *terms)
    return table[0], table[1], table[2]


def _units(unit: str, minutes: Any, days: Any, pieces: Any, paid_days_per_month: float) -> tuple[Any, int]:
    """How many units of pay a shift is, or many shifts are, as a quotient of whole numbers."""
    month, parts = _written(paid_days_per_month)
    return {
        "hour": (minutes, 60),
        "day": (days, 1),
        "shift": (1, 1),
        "piece": (pieces, 1),
        "month": (days * parts, month),
    }[unit]


def _rates(amount: float, count: int, of: int, minutes: int, days: int) -> tuple[float, float, float]:
    """Total, per hour and per day: quotients of whole numbers, each rounded once."""
    whole, parts = _written(amount)
    whole, parts = whole * count, parts * of
    return whole / parts, whole * 60 / (parts * minutes), whole / (parts * days)


def _written(figure: float) -> tuple[int, int]:
    """A figure as it is written, not as binary holds it, as a quotient of whole numbers: 14.6 is 73 / 5."""
    return Decimal(str(figure)).as_integer_ratio()


def _written_many(figures: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Figures as they are written, over a power of ten; over 0 where that takes more than six places.

    Up to fifteen digits, only one number of so many digits is read as a given float.
    """
    whole, parts = np.zeros(len(figures)), np.zeros(len(figures))
    for ten in (10.0**places for places in range(7)):
        scaled = np.rint(figures * ten)
        found = (parts == 0) & (scaled / ten == figures) & (scaled < 1e15)
        whole[found], parts[found] = scaled[found], ten
    return whole, parts
