"""What an assignment lists: placements, who has none, open shifts, and rules that warn."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from gigmatch import i18n
from gigmatch.i18n.texts import own_text

__all__ = ["OpenShift", "Placement", "RequestOutcome", "SoftViolation", "Unplaced", "WaitingCount"]


class Placement(NamedTuple):
    """One worker in one seat."""

    worker_id: str
    shift_id: str
    points: float
    """Points of the pair under the policy."""
    minutes: float
    """Minutes of the way to work."""
    pay_total: float
    """Pay offered for the whole shift, in the morning's currency."""
    kept: bool
    """Whether the pair was promised beforehand."""


class Unplaced(NamedTuple):
    """A worker without a shift, and the fact about it."""

    worker_id: str
    eligible_shifts: int
    fact: Literal["no eligible shift", "eligible, not placed"]


class OpenShift(NamedTuple):
    """A shift with empty seats, and the fact about it."""

    shift_id: str
    open_seats: int
    eligible_workers: int
    fact: Literal["no eligible worker", "eligible workers, seats left open"]


class RequestOutcome(NamedTuple):
    """What became of a request: somebody who is here, and whom an employer asked for by name."""

    worker_id: str
    shift_id: str | None
    """The shift they are wanted for; None for any shift of the employer."""
    employer_id: str | None
    fact: Literal["met", "barred", "refused", "missed"]
    rule: str | None
    """The first rule that refuses, where the fact is ``refused``; ``missed`` is no seat, or another shift."""


class WaitingCount(NamedTuple):
    """How many of those who have waited so long have work now."""

    at_least: int
    """Days without work."""
    people: int
    """Who has waited so long and could take a shift of this morning."""
    placed: int
    first_come: int
    """Who of them would have had a shift first come, first served."""


class SoftViolation(NamedTuple):
    """A rule that warns, with the placed pairs that break it."""

    rule: str
    sentence: str | dict[str, str]
    """What it demands, in English; in each of its languages where a rule of one's own brings them."""
    pairs: tuple[tuple[str, str], ...]
    """(worker id, shift id), in order of the worker's row."""

    def text(self, lang: str = "en") -> str:
        """Tell what it demands in a language, in English where it has no words in it."""
        return i18n.text(self._key, lang) if self.is_built_in else own_text(self.sentence, lang)

    @property
    def is_built_in(self) -> bool:
        """Whether the catalogue has what it demands: so that no file needs it."""
        return self.sentence == i18n.text(self._key)

    @property
    def _key(self) -> str:
        return f"rules.{self.rule}.sentence"

    @classmethod
    def loaded(cls, rule: str, sentence: str | dict[str, str] | None, pairs: Any) -> SoftViolation:
        """What a file says; files of before told what rules of the library demanded in words of then."""
        key = f"rules.{rule}.sentence"
        is_told = isinstance(sentence, dict) or not i18n.has(key)
        return cls(rule, sentence if is_told and sentence is not None else i18n.text(key), pairs)
