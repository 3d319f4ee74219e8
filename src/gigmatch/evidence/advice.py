"""What would change an assignment, as data."""

from __future__ import annotations

from gigmatch.evidence.parts import Change, Record

__all__ = ["Advice", "Lesson", "Option", "TrainingPlan"]


class Option(Record):
    """One change after which more people are placed, confirmed by matching the changed morning."""

    kind: str
    """Kind of change."""
    size: float
    """How large it is; no smaller change of this kind would do."""
    unit: str
    changes: tuple[Change, ...]
    worker_id: str
    """Whom it makes eligible."""
    more_placements: int
    """Placements more in all."""
    moved: int
    """People who have another shift then."""


class Advice(Record):
    """The smallest change of each kind that fills a seat of a shift, or places a worker."""

    worker_id: str | None
    shift_id: str | None
    options: tuple[Option, ...]


class Lesson(Record):
    """One skill for one person."""

    worker_id: str
    skill: str
    level: int
    """Level to reach, 5 the lowest."""
    shift_id: str
    """The shift that it was chosen for."""


class TrainingPlan(Record):
    """Whom to train in what; its effect is exact, the choice greedy."""

    people: int
    """How many could be trained."""
    lessons: tuple[Lesson, ...]
    """In the order they were chosen."""
    more_placements: int
    more_wages: float
    """Wages offered to those placed, in the morning's currency."""
    bound: int
    """No plan for so many people places more in addition."""
