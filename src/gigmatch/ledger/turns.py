"""What counts as a turn, and which days as days of waiting: stated, saved with the ledger, told in words."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gigmatch.i18n.texts import Texts
from gigmatch.model.values import Model

__all__ = ["Turns"]


class Turns(Model):
    """What counts as somebody's turn, and which days as days of waiting.

    Whoever has a turn waits for 0 days; until their next one each day that counts is one more. No day counts
    on which work goes on, or is still to come, of a shift that was a turn.

    Examples
    --------
    >>> print(Turns(least_hours=2.5).text())
    Work of at least 2.5 hours is a turn, by name too.
    Whoever declines has not had a turn.
    Whoever does not turn up has had a turn; with an excuse, not.
    A day is a day of waiting for whoever is there, even if no shift was possible.
    A day on which somebody is not there does not count.
    """

    least_hours: Annotated[float, Field(ge=0)] = 0.0
    """A placement of fewer paid hours in all is no turn: that of two hours is none at 2.5."""
    requested: bool = True
    """Whether a placement is a turn for somebody whom the employer asked for by name."""
    declined: bool = False
    """Whether an offer that was declined is a turn."""
    no_show: bool = True
    """Whether a placement is a turn for somebody who did not turn up, without an excuse."""
    excused: bool = False
    """The same with an excuse."""
    nothing_eligible: bool = True
    """Whether a day counts as waiting for somebody who was there and could have taken no shift."""
    not_there: bool = False
    """Whether a day counts as waiting for somebody who was there before, and not on it."""

    def text(self, lang: str = "en") -> str:
        """Tell them in a language, a sentence a line."""
        texts = Texts("turns", lang)
        hours = f"{self.least_hours:g}"
        sentences = [
            texts(f"work_{_yes(self.least_hours)}_{_yes(self.requested)}", hours=hours),
            texts(f"declined_{_yes(self.declined)}"),
            texts(f"no_show_{_yes(self.no_show)}_{_yes(self.excused)}"),
            texts(f"nothing_eligible_{_yes(self.nothing_eligible)}"),
            texts(f"not_there_{_yes(self.not_there)}"),
        ]
        return "\n".join(sentences)


def _yes(setting: object) -> str:
    return "yes" if setting else "no"
