"""What would change it: the smallest changes that fill a seat or place somebody, confirmed by a new match.

Who could fill an empty seat is known beforehand: people at home, and holders of seats to which a chain of
moves leads from home. Likewise where somebody at home would raise the number of placements: shifts from which
a chain leads to an empty seat. So only pairs that matter are looked at, the smallest change of each kind is
tried first, and the morning so changed is matched anew, from the old answer. Nothing is told that this did
not confirm, and its certificates are the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.core.threads import Progress
from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.evidence.advice import Advice, Lesson, Option, TrainingPlan
from gigmatch.evidence.counterfactuals import (
    SHIFT_KINDS,
    WORKER_KINDS,
    Candidate,
    Kind,
    changes_of_one_field,
    for_three,
    other_stations,
)
from gigmatch.evidence.outcomes import outcome_of
from gigmatch.evidence.parts import Amount
from gigmatch.evidence.recourse import with_changes
from gigmatch.explaining.explainer import Explainer, at_least, explain
from gigmatch.matching import match
from gigmatch.model import Morning

__all__ = ["Adviser", "plan_of"]

_TRIES = 3  # where points alone count, and many changes may not help


class Adviser:
    """Finds what would change an assignment of a `Morning`, and confirms it.

    Parameters
    ----------
    explainer : Explainer
        Of an assignment that is proved optimal.

    Raises
    ------
    InvalidInputError
        The assignment is not proved optimal.
    UnsupportedError
        The morning came as columns: changes are made to its objects.
    """

    def __init__(self, explainer: Explainer) -> None:
        self.explainer, self.solved = explainer, explainer.solved
        if not isinstance(self.solved.morning, Morning):
            raise UnsupportedError("advice_needs_morning")
        if self.solved.has_plans:
            raise UnsupportedError("advice_of_plans")
        if explainer.assignment.status != "optimal":
            raise InvalidInputError("changes_unknown")
        self.morning, self.old = self.solved.morning, explainer.assignment

    def fill(self, shift_id: str) -> Advice:
        """The smallest change of each kind that fills an empty seat of a shift.

        Parameters
        ----------
        shift_id : str
            A shift with an empty seat.

        Returns
        -------
        Advice
            For higher pay, transport for one worker, an earlier end: the smallest change of that kind alone
            after which one more person is placed in all. Kinds that cannot do it are left out.

        Raises
        ------
        InvalidInputError
            Every seat of the shift is taken.
        """
        shift = self.solved.shift_row(shift_id)
        residual = self.explainer.residual
        if residual.filled[shift] >= self.solved.problem.capacity[shift]:
            raise InvalidInputError("nothing_to_fill", shift=shift_id)
        workers = self.can_be_spared
        pairs = workers, np.full(len(workers), shift)
        candidates = changes_of_one_field(self.solved, *pairs, SHIFT_KINDS)
        return self._advice(list(candidates), SHIFT_KINDS, shift_id=shift_id)

    def place(self, worker_id: str) -> Advice:
        """The smallest change of each kind that places a worker who has no shift.

        Parameters
        ----------
        worker_id : str
            Somebody without a shift.

        Returns
        -------
        Advice
            For a lower pay floor, a wider reach, more free time, one certificate, one skill, another station:
            the smallest change of that kind alone after which one more person is placed in all. Kinds that
            cannot do it are left out.

        Raises
        ------
        InvalidInputError
            The worker has a shift.
        """
        worker = self.solved.worker_row(worker_id)
        if self.solved.at[worker] >= 0:
            raise InvalidInputError("nothing_to_change", worker=worker_id)
        shifts = np.flatnonzero(self.leads_to_empty)
        pairs = np.full(len(shifts), worker), shifts
        candidates = changes_of_one_field(self.solved, *pairs, WORKER_KINDS)
        everywhere = other_stations(self.solved, worker)
        return self._advice([*candidates, *everywhere], WORKER_KINDS, worker_id=worker_id)

    def train(self, people: int, *, progress: Progress | None = None) -> TrainingPlan:
        """Whom to train in what, so that more are placed: one skill each, chosen one after the other.

        Parameters
        ----------
        people : int
            At most so many, 1 or more.
        progress : callable, optional
            ``progress("training", share done)``.

        Returns
        -------
        TrainingPlan
            The effect of the whole batch is exact; the choice is greedy. No plan for so many people places
            more than ``bound`` in addition, since training one person places one more at most.
        """
        at_least(1, people=people)
        adviser, lessons = self, list[Lesson]()
        trained: set[str] = set()
        while len(lessons) < people:
            lesson = adviser._next_lesson(trained)
            if lesson is None:
                break
            adviser = adviser.after(lesson)
            lessons.append(lesson)
            trained.add(lesson.worker_id)
            if progress:
                progress("training", len(lessons) / people)
        return plan_of(people, self, adviser, lessons)

    def seat_values(self) -> dict[str, Amount]:
        """Exact gain of one more seat of every shift that is worth anything, by id of the shift."""
        residual, columns = self.explainer.residual, self.solved.columns
        rows = np.flatnonzero(residual.least_price > 0)
        return {columns.shift_ids[row]: self._gain(row) for row in rows.tolist()}

    # -- candidates -----------------------------------------------------------------------------------------

    def _gain(self, shift: int) -> Amount:
        return -self.explainer.amount_of(self.explainer.residual.with_seat(shift))

    @cached_property
    def leads_to_empty(self) -> BoolArray:
        """Shifts that have an empty seat, or whose people could move on to one: bool[n_shifts]."""
        residual = self.explainer.residual
        return residual.reach(np.flatnonzero(residual.filled < self.solved.problem.capacity), back=True)

    @cached_property
    def can_be_spared(self) -> Int64Array:
        """Workers at home, and those whose seat somebody from home can take, perhaps by a chain of moves."""
        residual, problem = self.explainer.residual, self.solved.problem
        from_home = residual.from_home
        spared = (
            np.where(residual.at >= 0, from_home[residual.at], True) if problem.n_shifts else residual.at < 0
        )
        return np.flatnonzero((self.solved.instance.kept < 0) & spared).astype(np.int64)

    # -- trying them ----------------------------------------------------------------------------------------

    def _advice(
        self,
        candidates: list[Candidate],
        kinds: Mapping[str, Kind],
        worker_id: str | None = None,
        shift_id: str | None = None,
    ) -> Advice:
        """Of each kind the smallest change that a new match confirms; of equal ones the first pair's."""
        seats_first = self.solved.problem.fills_seats
        options, in_vain = list[Option](), list[Option]()
        for kind in dict.fromkeys(kinds.values()):
            of_kind = sorted((c for c in candidates if c.kind == kind), key=lambda c: c[1:4])
            tries = (self._tried(c) for c in of_kind if c.helps(self.solved, self.leads_to_empty))
            for option in tries if seats_first else islice(tries, _TRIES):
                if option.outcome is not None and option.outcome.more_placements > 0:
                    size = for_three(self.solved, of_kind, self.leads_to_empty)
                    options.append(option.model_copy(update={"for_three": size}))
                    break
                in_vain.append(option)
        return Advice(
            worker_id=worker_id,
            shift_id=shift_id,
            options=tuple(options),
            in_vain=tuple(in_vain),
            is_smallest=seats_first,
        )

    def _tried(self, candidate: Candidate) -> Option:
        """What the change brings, by a new match."""
        columns = self.solved.columns
        worker_id = columns.worker_ids[candidate.worker]
        shift_id = None if candidate.shift < 0 else columns.shift_ids[candidate.shift]
        new = self._matched(with_changes(self.morning, worker_id, shift_id, candidate.changes))
        outcome = outcome_of(self.solved.problem, self.old, new)
        return Option(
            kind=candidate.kind.name,
            size=candidate.size,
            unit=candidate.kind.unit,
            changes=candidate.changes,
            worker_id=worker_id,
            shift_id=shift_id,
            more_placements=outcome.more_placements,
            moved=outcome.moved,
            outcome=outcome,
        )

    def _matched(self, morning: Morning) -> Assignment:
        """A changed morning under the same rules, policy and promises, from the old answer."""
        instance = self.solved.instance
        return match(
            morning,
            rules=instance.rules,
            policy=instance.policy,
            travel=instance.travel,
            keep=instance.keep,
            forbid=instance.forbid,
            start=self.old,
        )

    # -- training -------------------------------------------------------------------------------------------

    def _next_lesson(self, trained: set[str]) -> Lesson | None:
        """One skill for one person that leads to the best paid of the seats it can lead to."""
        columns = self.solved.columns
        workers, shifts = self.can_be_spared, np.flatnonzero(self.leads_to_empty)
        order = np.argsort(-columns.shifts.pay_total[shifts], kind="stable")
        for shift in shifts[order].tolist():
            pairs = (workers, np.full(len(workers), shift))
            for candidate in changes_of_one_field(self.solved, *pairs, {"skills": WORKER_KINDS["skills"]}):
                worker_id = columns.worker_ids[candidate.worker]
                if worker_id not in trained and candidate.helps(self.solved, self.leads_to_empty):
                    needed = candidate.changes[0].needed[0]
                    return Lesson(
                        worker_id=worker_id,
                        skill=needed["skill"],
                        level=needed["level"],
                        shift_id=columns.shift_ids[shift],
                    )
        return None

    def after(self, lesson: Lesson) -> Adviser:
        """The adviser of the morning in which somebody has been trained."""
        changed = with_changes(self.morning, lesson.worker_id, None, (lesson.change,))
        return Adviser(explain(changed, self._matched(changed)))


def plan_of(people: int, first: Adviser, now: Adviser, lessons: Sequence[Lesson]) -> TrainingPlan:
    """What some lessons come to in one morning.

    Parameters
    ----------
    people : int
        How many could be trained.
    first, now : Adviser
        Of the morning as it is, and with the lessons.
    lessons : sequence of Lesson
        In the order they were chosen.
    """
    before, after = first.old.summary, now.old.summary
    return TrainingPlan(
        people=people,
        lessons=tuple(lessons),
        more_placements=after.placements - before.placements,
        more_wages=after.wages_offered - before.wages_offered,
        bound=min(people, before.seats - before.placements),
        outcome=outcome_of(first.solved.problem, first.old, now.old),
    )
