"""Training for many mornings, as data: one plan a morning, each with its own proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from gigmatch.core.saved import FileFormat
from gigmatch.evidence.advice import Lesson, TrainingPlan
from gigmatch.evidence.audience import Audience, Explanation, Hidden
from gigmatch.evidence.lessons import LOWEST
from gigmatch.evidence.parts import SavedRecord
from gigmatch.model import Morning

__all__ = ["TrainingProgramme", "counts_in", "most_placements"]


class TrainingProgramme(Explanation, SavedRecord):
    """Whom to train in what, for several mornings together; the effect is exact, the choice greedy."""

    saved_as: ClassVar = FileFormat("training_programme", 2)
    kind: Literal["training_programme"] = "training_programme"
    people: Annotated[int, Field(ge=1)]
    """How many could be trained."""
    lessons: tuple[Lesson, ...]
    """In the order they were chosen, at most one for everybody, each for no shift in particular."""
    mornings: tuple[TrainingPlan, ...]
    """What the lessons come to in each morning, in the order given: those of the people who are there and do
    not have the skill at that level. Each is evidence of its own, see `check_programme`."""
    bound: int
    """No programme for so many people places more in all mornings together."""
    private: ClassVar[Hidden] = {"lessons": ()}

    @property
    def more_placements(self) -> int:
        """Placements more in all mornings together."""
        return sum(plan.more_placements for plan in self.mornings)

    @property
    def more_wages(self) -> float:
        """Wages more that are offered to those placed, in all mornings together."""
        return sum(plan.more_wages for plan in self.mornings)

    def seen_by(self, audience: Audience) -> Self:
        """As for every explanation, the plan of every morning likewise."""
        seen = super().seen_by(audience)
        return seen.model_copy(update={"mornings": tuple(plan.seen_by(audience) for plan in self.mornings)})


def counts_in(morning: Morning, lesson: Lesson) -> bool:
    """Whether somebody is there and does not have the skill at that level, which is known there.

    Parameters
    ----------
    morning : Morning
        As it is, or with others trained.
    lesson : Lesson
        For any morning.
    """
    if all(skill.code != lesson.skill for skill in morning.skills):
        return False
    held = [worker.skills for worker in morning.workers if worker.id == lesson.worker_id]
    levels = [own.level or LOWEST for skills in held for own in skills if own.skill == lesson.skill]
    return bool(held) and all(level > lesson.level for level in levels)


def most_placements(worker_ids: Iterable[str], plans: Iterable[TrainingPlan], people: int) -> int:
    """What no programme exceeds: one placement more a morning for everybody trained who is there.

    Parameters
    ----------
    worker_ids : iterable of str
        Of all mornings, one after the other.
    plans : iterable of TrainingPlan
        One a morning; their bounds count people and empty seats.
    people : int
        How many could be trained.
    """
    at_most = sum(many for _, many in Counter(worker_ids).most_common(people))
    return min(at_most, sum(plan.bound for plan in plans))
