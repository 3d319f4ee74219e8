"""What would change an assignment, as data: the changes, what they bring, and the proof of it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from gigmatch.core.saved import FileFormat
from gigmatch.evidence.audience import Audience, Explanation, Hidden
from gigmatch.evidence.parts import Change, Move, Record, SavedRecord
from gigmatch.model.values import Level

__all__ = ["Advice", "Lesson", "LevelPrices", "Option", "Outcome", "TrainingPlan"]


class LevelPrices(Record):
    """The certificate of a level by its seat prices; a worker's is the most that it could gain at them."""

    level: str
    multipliers: dict[str, int]
    """As in `Certificate`, and so are ``multiplier`` and ``draw`` of a level that is drawn."""
    multiplier: int = 0
    draw: int = 0
    prices: dict[str, int]
    """Of a seat by shift; prices of 0 are left out."""


class Outcome(Record):
    """The best assignment of a changed morning, that of the lottery, and prices that none can beat."""

    moves: tuple[Move, ...]
    """From the assignment explained, in order of row; promised workers do not move."""
    proofs: tuple[LevelPrices, ...]
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
    size: float
    """How large it is."""
    unit: str
    changes: tuple[Change, ...]
    worker_id: str | None
    """Whom it makes eligible; None where it is not shown."""
    shift_id: str | None
    """For which shift; None for another station, which may make many eligible."""
    more_placements: int
    """Placements more in all."""
    moved: int
    """People who have another shift then."""
    outcome: Outcome | None
    """The proof; None where it is not shown."""


class Advice(Explanation, SavedRecord):
    """The smallest change of each kind that fills a seat of a shift, or places a worker.

    Smallest of the changes of one field that refusing rules name. Where seats come first that is proved: a
    smaller one makes nobody eligible who could be spared elsewhere, or was tried in vain. Kinds without an
    option have none then.
    """

    saved_as: ClassVar = FileFormat("advice", 2)
    kind: Literal["advice"] = "advice"
    worker_id: str | None
    shift_id: str | None
    options: tuple[Option, ...]
    """In order of the kinds, one each at most."""
    in_vain: tuple[Option, ...] = ()
    """Changes not larger than these that were made and placed nobody more."""
    is_smallest: bool
    """Whether smallest is proved; where points alone count they are the smallest that were found."""
    private: ClassVar[Hidden] = {"in_vain": ()}

    def seen_by(self, audience: Audience) -> Self:
        """As for every explanation; a worker's own remedies are not for an employer's eyes."""
        seen = super().seen_by(audience)
        if audience in ("manager", "auditor"):
            return seen
        if audience == "employer" and self.worker_id is not None:
            return seen.model_copy(update={"options": ()})
        bare = {"worker_id": self.worker_id, "outcome": None}
        options = tuple(option.model_copy(update=bare) for option in self.options)
        return seen.model_copy(update={"options": options})


class Lesson(Record):
    """One skill for one person."""

    worker_id: str
    skill: str
    level: Level
    """Level to reach, 5 the lowest."""
    shift_id: str | None
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
    people: Annotated[int, Field(ge=1)]
    """How many could be trained."""
    lessons: tuple[Lesson, ...]
    """In the order they were chosen, at most one for everybody. None at all: no single skill brings one more
    into work."""
    more_placements: int
    more_wages: float
    """Wages offered to those placed, in the morning's currency."""
    bound: int
    """No plan for so many people places more in addition."""
    outcome: Outcome | None
    """The proof; None where it is not shown."""
    private: ClassVar[Hidden] = {"lessons": (), "outcome": None}
