"""Training for many mornings, as data: one plan a morning, each with its own proof."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from gigmatch.evidence.advice import Lesson, TrainingPlan
from gigmatch.evidence.audience import Audience, Explanation, Hidden

__all__ = ["TrainingProgramme"]


class TrainingProgramme(Explanation):
    """Whom to train in what, for several mornings together; the effect is exact, the choice greedy."""

    kind: Literal["training_programme"] = "training_programme"
    people: int
    """How many could be trained."""
    lessons: tuple[Lesson, ...]
    """In the order they were chosen, at most one for everybody, each for no shift in particular."""
    mornings: tuple[TrainingPlan, ...]
    """What the lessons come to in each morning, in the order given: those of the people who are there and do
    not have the skill at that level. Each is verified against its morning and assignment alone."""
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
