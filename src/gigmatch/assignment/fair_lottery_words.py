"""A fair lottery in words: who has which chance, and to somebody their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from gigmatch.i18n.texts import Texts

if TYPE_CHECKING:
    from gigmatch.assignment.fair_lottery import Chance, FairLottery

__all__ = ["FairLotteryWords"]

_MOST_BLOCKS = 10  # that are listed


class FairLotteryWords:
    """Tells a fair lottery in a language.

    Parameters
    ----------
    lottery : FairLottery
        What it is of.
    lang : str
        Such as ``"zh"``.
    """

    def __init__(self, lottery: FairLottery, lang: str) -> None:
        self._lottery, self.texts = lottery, Texts("fair_lottery", lang)

    def __str__(self) -> str:
        return "\n".join([*self._counts(), *self._blocks(), self._points()])

    def chance(self, chance: Chance) -> str:
        """Tell somebody their chance."""
        if chance.fact != "shared":
            return self.texts(f"you_{chance.fact}")
        return self.texts(
            "you_shared", chance=self._of_hundred(chance.chance), **self._sizes(chance.people, chance.seats)
        )

    def _counts(self) -> Iterator[str]:
        counts = Counter(each.fact for each in self._lottery.chances)
        people = self.texts.plural("n_people", len(self._lottery.chances))
        yield self.texts("head", people=people, seed=self._lottery.seed)
        for fact in ("promised", "sure", "none", "shared"):
            if counts[fact]:
                people = self.texts.plural("n_people", counts[fact])
                yield self.texts(f"fact_{fact}", people=people)

    def _blocks(self) -> Iterator[str]:
        blocks = self._lottery.shares.blocks
        for block in blocks[:_MOST_BLOCKS]:
            sizes = self._sizes(block.people, block.seats)
            yield self.texts("block", chance=self._of_hundred(block.chance), **sizes)
        if (left := len(blocks) - _MOST_BLOCKS) > 0:
            yield self.texts.plural("more_blocks", left)

    def _points(self) -> str:
        expected, less = self._lottery.expected_points, self._lottery.points_given_up
        return self.texts("points", points=f"{float(expected):,.2f}", less=f"{float(less):,.2f}")

    def _sizes(self, people: int, seats: int) -> dict[str, str]:
        return {
            "people": self.texts.plural("n_people", people),
            "seats": self.texts.plural("n_seats", seats),
        }

    def _of_hundred(self, chance: Fraction) -> str:
        """A chance in hundredths; what is neither sure nor without hope is not rounded to it."""
        hundredths = round(100 * chance)
        if hundredths in (0, 100):
            return self.texts("under_one" if hundredths == 0 else "over_99")
        return self.texts("of_hundred", n=hundredths)
