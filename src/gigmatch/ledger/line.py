"""One person's own line in a ledger: their days and sums, and nothing of anybody else."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from gigmatch.i18n.texts import Texts

__all__ = ["Line", "LineDay"]


class LineDay(NamedTuple):
    """A day on which somebody was there."""

    date: dt.date
    market: str
    """Id of the market."""
    eligible: int
    """Shifts they could have taken."""
    offered: int
    """Shifts they were offered, the one they had included."""
    declined: int
    """Offers they declined."""
    outcome: str
    """``"nothing"``, ``"worked"``, ``"missed"`` or ``"excused"``."""
    requested: bool
    """Whether an employer had asked for them by name for the shift they had."""
    hours: float
    """Paid hours of the shift they had, turned up for or not."""
    wages: float
    """Its pay, likewise."""
    is_turn: bool
    """Whether the day counts as a turn."""
    waiting: int
    """Days they have waited when the day is over."""


class Line(NamedTuple):
    """What a ledger has of one person."""

    worker_id: str
    currency: str
    days: tuple[LineDay, ...]
    """By date."""
    idle: int
    """Days without work, all that count as waiting."""
    waiting: int
    """Days they have waited by now."""
    longest: int
    """The most days in a row that they have waited."""
    hours: float
    """Paid hours worked."""
    wages: float
    """Pay of these."""

    def text(self, lang: str = "en") -> str:
        """Tell it in a language: the sums, then a day a line."""
        texts = Texts("line", lang)
        code = self.currency
        currency = texts.known(f"currencies.{code}", code)
        n = len(self.days)
        sums = texts.plural("sums", n, hours=f"{self.hours:g}", wages=_money(texts, self.wages, currency))
        waits = texts("waits", idle=self.idle, waiting=self.waiting, longest=self.longest)
        head = texts("head", worker=self.worker_id)
        return "\n".join([head, sums, waits, *(_told(texts, day, currency) for day in self.days)])


def _told(texts: Texts, day: LineDay, currency: str) -> str:
    """What a day came to, in a line."""
    key = day.outcome
    outcome = texts(key, hours=f"{day.hours:g}", wages=_money(texts, day.wages, currency))
    parts = [outcome, texts.plural("eligible", day.eligible)]
    if day.requested:
        parts.append(texts("requested"))
    if day.declined:
        parts.append(texts.plural("declined", day.declined))
    parts.append(texts("turn") if day.is_turn else texts.plural("waited", day.waiting))
    return texts("day", date=day.date.isoformat(), market=day.market, told=texts("list").join(parts))


def _money(texts: Texts, amount: float, currency: str) -> str:
    return texts("money", amount=f"{amount:,.2f}".removesuffix(".00"), currency=currency)
