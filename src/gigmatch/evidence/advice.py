"""What would change an assignment, as data: the changes, what they bring, and the proof of it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gigmatch.core.saved import FileFormat
from gigmatch.evidence.audience import Explanation
from gigmatch.evidence.eyes import (
    DECIDED,
    LEAST_PEOPLE,
    MARKET,
    OWN,
    OWN_DECIDED,
    OWN_OR_FROM_THREE,
    OWN_OR_SIZE,
    PEOPLE,
    PUBLIC,
    ROUNDED_MONEY,
)
from gigmatch.evidence.parts import Change, Move, Record, SavedRecord
from gigmatch.model.values import Level

__all__ = ["Advice", "Lesson", "LevelPrices", "Option", "Outcome", "TrainingPlan"]


class LevelPrices(Record):
    """The certificate of a level by its seat prices; a worker's is the most that it could gain at them."""

    level: Annotated[str, MARKET]
    multipliers: Annotated[dict[str, int], MARKET]
    """As in `Certificate`, and so are ``multiplier`` and ``draw`` of a level that is drawn."""
    multiplier: Annotated[int, MARKET] = 0
    draw: Annotated[int, MARKET] = 0
    prices: Annotated[dict[str, int], MARKET]
    """Of a seat by shift; prices of 0 are left out."""


class Outcome(Record):
    """The best assignment of a changed morning, that of the lottery, and prices that none can beat."""

    moves: Annotated[tuple[Move, ...], MARKET]
    """From the assignment explained, in order of row; promised workers do not move."""
    proofs: Annotated[tuple[LevelPrices, ...], MARKET]
    """Of every level in order, and of every round of the lottery."""

    @property
    def moved(self) -> int:
        """People who have another shift then."""
        return sum(move.leaves is not None and move.goes_to is not None for move in self.moves)

    @property
    def more_placements(self) -> int:
        """Placements more in all, below 0 for fewer."""
        return sum((move.goes_to is not None) - (move.leaves is not None) for move in self.moves)


class Option(Record):
    """One change after which the changed morning was matched."""

    kind: str
    """Kind of change."""
    size: Annotated[float | None, OWN]
    """How large it is; None where it is not shown."""
    unit: Annotated[str, PUBLIC]
    changes: Annotated[tuple[Change, ...], OWN]
    worker_id: Annotated[str | None, OWN]
    """Whom it makes eligible; None where it is not shown."""
    shift_id: Annotated[str | None, DECIDED]
    """For which shift; None for another station, which may make many eligible."""
    more_placements: Annotated[int | None, OWN_DECIDED]
    """Placements more in all; None where it is not shown: one at least."""
    moved: Annotated[int | None, MARKET]
    """People who have another shift then; None where it is not shown."""
    for_three: Annotated[float | None, OWN_OR_SIZE] = None
    """How large changes of this kind are that help three people; None where there are not so many, or nobody
    looked."""
    outcome: Annotated[Outcome | None, MARKET]
    """The proof; None where it is not shown."""

    @property
    def people_behind(self) -> int:
        """Three, where so many have such a change."""
        return 0 if self.for_three is None else LEAST_PEOPLE


class Advice(Explanation, SavedRecord):
    """The smallest change of each kind that fills a seat of a shift, or places a worker.

    Smallest of the changes of one field that refusing rules name. Where seats come first that is proved: a
    smaller one makes nobody eligible who could be spared elsewhere, or was tried in vain. Kinds without an
    option have none then.
    """

    saved_as: ClassVar = FileFormat("advice", 2)
    kind: Literal["advice"] = "advice"
    worker_id: Annotated[str | None, PUBLIC]
    shift_id: Annotated[str | None, PUBLIC]
    options: Annotated[tuple[Option, ...], OWN_OR_FROM_THREE]
    """In order of the kinds, one each at most."""
    in_vain: Annotated[tuple[Option, ...], MARKET] = ()
    """Changes not larger than these that were made and placed nobody more."""
    is_smallest: Annotated[bool, PUBLIC]
    """Whether smallest is proved; where points alone count they are the smallest that were found."""


class Lesson(Record):
    """One skill for one person."""

    worker_id: Annotated[str, MARKET]
    skill: Annotated[str, MARKET]
    level: Annotated[Level, MARKET]
    """Level to reach, 5 the lowest."""
    shift_id: Annotated[str | None, MARKET]
    """A shift that it opens to the person, for which it was chosen; None where it was chosen for others."""

    @property
    def change(self) -> Change:
        """What it changes."""
        needed = [{"skill": self.skill, "level": self.level}]
        return Change(side="worker", field="skills", needed=needed, rule="skill")


class TrainingPlan(Explanation, SavedRecord):
    """Whom to train in what; its effect is exact, the choice greedy."""

    saved_as: ClassVar = FileFormat("training_plan", 2)
    kind: Literal["training_plan"] = "training_plan"
    people: Annotated[int, Field(ge=1), PUBLIC]
    """How many could be trained."""
    lessons: Annotated[tuple[Lesson, ...], MARKET]
    """In the order they were chosen, at most one for everybody. None at all: no single skill brings one more
    into work."""
    more_placements: Annotated[int | None, PEOPLE]
    more_wages: Annotated[float | None, ROUNDED_MONEY]
    """Wages offered to those placed, in the morning's currency."""
    bound: Annotated[int, DECIDED]
    """No plan for so many people places more in addition."""
    outcome: Annotated[Outcome | None, MARKET]
    """The proof; None where it is not shown."""

    @property
    def people_behind(self) -> int:
        """How many it places."""
        return self.more_placements or 0
