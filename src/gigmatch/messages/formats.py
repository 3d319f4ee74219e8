"""Figures as people read them: rounded so that what holds exactly still seems to hold.

By hand: Babel rounds to the nearest, and here the direction counts.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

__all__ = ["clock", "counted", "money", "number", "whole"]

_CENT, _ONE = Decimal("0.01"), Decimal(1)


def number(value: float) -> str:
    """Points, or whatever has no unit of its own: two digits at most, none where they are zeros.

    Examples
    --------
    >>> number(1234.5), number(10.0), number(0.0004)
    ('1,234.50', '10', '0.0004')
    """
    written = f"{value:,.2f}".removesuffix(".00")
    return written if value == 0 or written not in ("0", "-0") else f"{value:.2g}"


def money(value: float, *, up: bool = False) -> str:
    """Whole hundredths, down or up: pay that is too low must not look like what is asked for.

    Examples
    --------
    >>> money(170 / 9), money(170 / 9, up=True), money(0.1 + 0.2, up=True), money(210.0)
    ('18.88', '18.89', '0.30', '210')
    """
    return f"{_rounded(value, _CENT, up):,}".removesuffix(".00")


def whole(value: float, *, up: bool = True) -> int:
    """A whole number, up or down.

    Examples
    --------
    >>> whole(30.07), whole(30.07, up=False), whole(30.0)
    (31, 30, 30)
    """
    return int(_rounded(value, _ONE, up))


def counted(written: str) -> int:
    """A number as written, as what chooses the form of its text: many where it is not whole.

    Examples
    --------
    >>> counted("1"), counted("1,234"), counted("1.50")
    (1, 1234, 2)
    """
    digits = written.replace(",", "")
    return int(digits) if digits.isdigit() else 2


def clock(minute: int) -> str:
    """The time of the day.

    Examples
    --------
    >>> clock(450), clock(1440)
    ('07:30', '24:00')
    """
    return f"{minute // 60:02}:{minute % 60:02}"


def _rounded(value: float, unit: Decimal, up: bool) -> Decimal:
    """By what is written, since a sum of decimals may lie a hair beside its value."""
    return Decimal(f"{value:.9f}").quantize(unit, ROUND_CEILING if up else ROUND_FLOOR)
