"""How a page says things in one language: its texts filled in, figures as people write them."""

from __future__ import annotations

from math import isfinite

from gigmatch.i18n.texts import Texts
from gigmatch.messages.formats import counted
from gigmatch.messages.lang import known_lang

__all__ = ["Words"]


class Words(Texts):
    """The texts in one language.

    Parameters
    ----------
    lang : str
        One that there is a catalogue of, such as ``"en"`` and ``"zh"``.
    room : str
        What the keys of its texts begin with.

    Raises
    ------
    InvalidInputError
        There is none.

    Examples
    --------
    >>> Words("zh")("minutes", n=13)
    '13 分钟'
    """

    def __init__(self, lang: str, room: str = "pages") -> None:
        super().__init__(room, known_lang(lang))

    def some(self, kind: str, n: int) -> str:
        """So many of something: people, seats, shifts.

        Examples
        --------
        >>> Words("en").some("shifts", 1), Words("en").some("shifts", 1200), Words("zh").some("shifts", 1)
        ('1 shift', '1,200 shifts', '1 个班次')
        """
        return self.plural(f"n_{kind}", n)

    def count(self, n: int | float) -> str:
        """A whole number as people write it."""
        return f"{n:,.0f}"

    def points(self, points: float) -> str:
        """Points, exact to 1/100, without needless zeros."""
        written = f"{points:,.2f}".removesuffix(".00")
        return self.plural("n_points", counted(written), n=written)

    def minutes(self, minutes: float | None) -> str:
        """Whole minutes; a dash where no way is known.

        Examples
        --------
        >>> Words("en").minutes(9.76), Words("zh").minutes(0.3), Words("en").minutes(None)
        ('10 min', '不到 1 分钟', '–')
        """
        if minutes is None or not isfinite(minutes):
            return "–"
        return self("under_a_minute") if 0 < minutes < 1 else self("minutes", n=f"{minutes:,.0f}")

    def hours(self, hours: float) -> str:
        """Whole and half hours as such, others with their minutes.

        Examples
        --------
        >>> Words("en").hours(1.5), Words("zh").hours(4 / 3)
        ('1.5 h', '1 小时 20 分钟')
        """
        whole, minutes = divmod(round(hours * 60), 60)
        if minutes in (0, 30):
            return self("hours", n=f"{whole + minutes / 60:g}")
        return self("hours_minutes", hours=whole, minutes=minutes) if whole else self("minutes", n=minutes)

    def share(self, part: float, whole: float) -> str:
        """A share in percent; a dash of nothing."""
        return f"{part / whole:.1%}" if whole else "–"

    def money(self, amount: float, currency: str) -> str:
        """An amount with its currency, cents only where there are any."""
        written = f"{amount:,.2f}".removesuffix(".00")
        return self("money", amount=written, currency=self.currency(currency))

    def currency(self, code: str) -> str:
        """The name of a currency."""
        return self.known(f"currencies.{code}", code)

    def listed(self, parts: list[str], most: int | None = None) -> str:
        """Parts in a row, and how many more there are."""
        shown = (
            parts
            if most is None or len(parts) <= most
            else [*parts[:most], self("more", n=len(parts) - most)]
        )
        return self("list").join(shown)
