"""Training for many mornings, as data: one plan a morning, each with its own proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from gigmatch.core.saved import FileFormat
from gigmatch.evidence.advice import Lesson, TrainingPlan
from gigmatch.evidence.audience import Explanation
from gigmatch.evidence.eyes import DECIDED, MARKET, PUBLIC, Audience
from gigmatch.evidence.lessons import LOWEST
from gigmatch.evidence.parts import SavedRecord
from gigmatch.model import Morning

__all__ = ["TrainingProgramme", "counts_in", "most_placements"]


class TrainingProgramme(Explanation, SavedRecord):
    """Whom to train in what, for several mornings together; the effect is exact, the choice greedy."""

    saved_as: ClassVar = FileFormat("training_programme", 2)
    kind: Literal["training_programme"] = "training_programme"
    people: Annotated[int, Field(ge=1), PUBLIC]
    """How many could be trained."""
    lessons: Annotated[tuple[Lesson, ...], MARKET]
    """In the order they were chosen, at most one for everybody, each for no shift in particular."""
    mornings: Annotated[tuple[TrainingPlan, ...], PUBLIC]
    """What the lessons come to in each morning, in the order given: those of the people who are there and do
    not have the skill at that level. Each is evidence of its own, see `check_programme`."""
    bound: Annotated[int, DECIDED]
    """No programme for so many people places more in all mornings together."""

    @property
    def more_placements(self) -> int:
        """Placements more in all mornings together, of those that show them."""
        return sum(plan.more_placements or 0 for plan in self.mornings)

    @property
    def more_wages(self) -> float:
        """Wages more that are offered to those placed, in all mornings together, of those that show them."""
        return sum(plan.more_wages or 0.0 for plan in self.mornings)

    def seen_by(self, audience: Audience) -> Self:
        """As for every explanation, the plan of every morning likewise."""
        plans = tuple(plan.seen_by(audience) for plan in self.mornings)
        return super().seen_by(audience).model_copy(update={"mornings": plans})


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
