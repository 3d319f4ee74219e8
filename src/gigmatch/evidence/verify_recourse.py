"""The checker of advice: changes are made again, and what they are said to bring is verified."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.evidence.advice import Advice, Lesson, Option, Outcome, TrainingPlan
from gigmatch.evidence.assertions import same
from gigmatch.evidence.counterfactuals import (
    SHIFT_KINDS,
    WORKER_KINDS,
    Candidate,
    Kind,
    changes_of_one_field,
    for_three,
    other_stations,
)
from gigmatch.evidence.outcomes import reached, wages
from gigmatch.evidence.programmes import counts_in
from gigmatch.evidence.recourse import eligible_after, with_changes
from gigmatch.evidence.smaller_changes import LessWouldDo
from gigmatch.i18n import Told
from gigmatch.model import Morning

__all__ = ["RecourseVerifier"]

_SKILL = WORKER_KINDS["skills"]


class RecourseVerifier:
    """Verifies what would change an assignment.

    That a smaller change does nothing follows from paths: one more is placed only if people can move, one
    after the other, from somebody without a shift to an empty seat, and the first new pair on such a path is
    one that the change opens. Which changes there are is found twice: by what refusing rules name, and by
    making all of a kind at once, see `LessWouldDo`.

    Parameters
    ----------
    solved : SolvedMorning
        The morning, with its objects, and the assignment.
    from_home : bool[n_shifts]
        Shifts that somebody without a shift could come to, directly or by others moving on.
    to_empty : bool[n_shifts]
        Shifts with an empty seat, and those from which people could move on to one.

    Raises
    ------
    CertificateError
        The morning came as columns: no change can be made to its objects.
    """

    def __init__(self, solved: SolvedMorning, from_home: BoolArray, to_empty: BoolArray) -> None:
        if not isinstance(solved.morning, Morning):
            raise CertificateError("advice_needs_morning")
        self.solved, self.morning = solved, solved.morning
        at = solved.solution.shift
        spared = np.where(at >= 0, from_home[at], True) if len(from_home) else at < 0
        self.spared: Int64Array = np.flatnonzero((solved.instance.kept < 0) & spared).astype(np.int64)
        self.to_empty = to_empty

    def advice(self, said: Advice) -> None:
        """Raise CertificateError, naming the first thing that does not hold."""
        if (said.worker_id is None) == (said.shift_id is None):
            raise CertificateError("advice_about_both")
        if said.is_smallest != (self.solved.problem.fills_seats):
            raise CertificateError("smallest_not_proved")
        if said.worker_id is None:
            kinds, candidates = SHIFT_KINDS, self._of_shift(str(said.shift_id))
        else:
            kinds, candidates = WORKER_KINDS, self._of_worker(said.worker_id)
        told = [Kind(option.kind, option.unit) for option in said.options]
        if told != [kind for kind in dict.fromkeys(kinds.values()) if kind in told]:
            raise CertificateError("options_out_of_order")
        self._hold(said, candidates)
        if said.is_smallest:
            self._smallest(said, candidates)
            self._nothing_less(said, kinds.values())
        self._for_three(said, candidates)

    def plan(self, said: TrainingPlan, *, is_of_others: bool = False) -> None:
        """Raise CertificateError, naming the first thing that does not hold.

        Parameters
        ----------
        said : TrainingPlan
            What is told.
        is_of_others : bool
            Whether lessons were chosen for other mornings, so that none here does not say that none would do.
        """
        people = [lesson.worker_id for lesson in said.lessons]
        if not len(set(people)) == len(people) <= said.people:
            raise CertificateError("trained_too_many")
        if said.bound != (bound := min(said.people, int(self.solved.open.sum()))):
            raise CertificateError("does_not_hold", name="bound", said=said.bound, found=bound)
        if not said.lessons and not is_of_others and self._less_would_do(self.spared, _SKILL, None):
            raise CertificateError("lesson_would_do")
        changed = self.morning
        for lesson in said.lessons:
            changed = self._taught(changed, lesson)
        outcome = _given(said.outcome)
        after = reached(self.solved, changed, outcome)
        more = after.wages - wages(self.solved.columns, self.solved.at)
        if (said.more_placements, said.more_wages) != (outcome.more_placements, more):
            raise CertificateError(
                "advice_does_not_hold",
                a=said.more_placements,
                b=said.more_wages,
                c=outcome.more_placements,
                d=more,
            )

    def _taught(self, morning: Morning, lesson: Lesson) -> Morning:
        """A morning in which a lesson has been given, which is new to the person and opens the shift told."""
        self.solved.worker_row(lesson.worker_id)
        if not counts_in(morning, lesson):
            raise CertificateError("lesson_in_vain", worker=lesson.worker_id, skill=lesson.skill)
        if lesson.shift_id is not None:
            row, at = self.solved.worker_row(lesson.worker_id), self.solved.shift_row(lesson.shift_id)
            before, after = (
                eligible_after(self.solved.instance, lesson.worker_id, {lesson.shift_id}, changes)
                for changes in ((), (lesson.change,))
            )
            if before or not after or self.solved.is_barred(row, at):
                raise CertificateError("lesson_opens_nothing", worker=lesson.worker_id, shift=lesson.shift_id)
        return with_changes(morning, lesson.worker_id, None, (lesson.change,))

    def _less_would_do(
        self, workers: Int64Array, kind: Kind, size: float | None, shifts: Int64Array | None = None
    ) -> bool:
        """Whether any change of a kind below a size makes one of them eligible where that places one more."""
        shifts = np.flatnonzero(self.to_empty).astype(np.int64) if shifts is None else shifts
        return LessWouldDo(self.solved.instance, workers, shifts).than(kind, size)

    def _of_shift(self, shift_id: str) -> list[Candidate]:
        shift = self.solved.shift_row(shift_id)
        filled = np.count_nonzero(self.solved.solution.shift == shift)
        if filled >= self.solved.problem.capacity[shift]:
            raise CertificateError("no_empty_seat", shift=shift_id)
        pairs = self.spared, np.full(len(self.spared), shift)
        return list(changes_of_one_field(self.solved, *pairs, SHIFT_KINDS))

    def _of_worker(self, worker_id: str) -> list[Candidate]:
        worker = self.solved.worker_row(worker_id)
        if self.solved.at[worker] >= 0:
            raise CertificateError("worker_has_shift", worker=worker_id)
        shifts = np.flatnonzero(self.to_empty)
        pairs = np.full(len(shifts), worker), shifts
        candidates = changes_of_one_field(self.solved, *pairs, WORKER_KINDS)
        return [*candidates, *other_stations(self.solved, worker)]

    def _hold(self, said: Advice, candidates: list[Candidate]) -> None:
        """Every option is a change that rules name, and brings what it says; those in vain bring nothing."""
        for option in (*said.options, *said.in_vain):
            if _candidate(self.solved, option) not in candidates:
                raise CertificateError("no_such_change", kind=Told.named("changes", option.kind))
            changed = with_changes(self.morning, str(option.worker_id), option.shift_id, option.changes)
            outcome = _given(option.outcome)
            reached(self.solved, changed, outcome)
            if (option.more_placements, option.moved) != (outcome.more_placements, outcome.moved):
                raise CertificateError(
                    "option_does_not_hold",
                    kind=Told.named("changes", option.kind),
                    a=option.more_placements,
                    b=option.moved,
                    c=outcome.more_placements,
                    d=outcome.moved,
                )
        if any((option.more_placements or 0) < 1 for option in said.options):
            raise CertificateError("option_places_nobody")
        if any((option.more_placements or 0) > 0 for option in said.in_vain):
            raise CertificateError("vain_change_places")

    def _for_three(self, said: Advice, candidates: list[Candidate]) -> None:
        """How large a change is that helps three people, where it is told."""
        for option in (one for one in said.options if one.for_three is not None):
            of_kind = [one for one in candidates if one.kind == Kind(option.kind, option.unit)]
            same("for_three", option.for_three, for_three(self.solved, of_kind, self.to_empty))
        for option in said.in_vain:
            same("for_three", option.for_three, None)

    def _smallest(self, said: Advice, candidates: list[Candidate]) -> None:
        """Of every kind all changes before the option, in order of size, do nothing."""
        told = {c.kind: c[1:4] for c in (_candidate(self.solved, option) for option in said.options)}
        in_vain = [_candidate(self.solved, option) for option in said.in_vain]
        for candidate in candidates:
            kind, size = candidate.kind, candidate.size
            if kind in told and candidate[1:4] >= told[kind]:
                continue
            if candidate not in in_vain and candidate.helps(self.solved, self.to_empty):
                told_kind, unit = Told.named("changes", kind.name), Told.named("units", kind.unit)
                raise CertificateError("smaller_change_would_do", kind=told_kind, size=size, unit=unit)

    def _nothing_less(self, said: Advice, kinds: Iterable[Kind]) -> None:
        """The same without asking what rules name: nobody is opened anything by less than what is told."""
        sizes = {Kind(option.kind, option.unit): option.size for option in said.options}
        if said.worker_id is None:
            workers, shifts = self.spared, np.array([self.solved.shift_row(str(said.shift_id))])
        else:
            workers, shifts = np.array([self.solved.worker_row(said.worker_id)]), None
        for kind in dict.fromkeys(kinds):
            if self._less_would_do(workers, kind, sizes.get(kind), shifts):
                raise CertificateError("untold_change_would_do", kind=Told.named("changes", kind.name))


def _candidate(solved: SolvedMorning, option: Option) -> Candidate:
    """The candidate that an option must be."""
    worker = solved.worker_row(str(option.worker_id))
    shift = -1 if option.shift_id is None else solved.shift_row(option.shift_id)
    return Candidate(Kind(option.kind, option.unit), option.size or 0.0, worker, shift, option.changes)


def _given(outcome: Outcome | None) -> Outcome:
    if outcome is None:
        raise CertificateError("effect_proof_missing")
    return outcome
