"""Whom to train in what for many mornings: one lesson after the other, each where it places most people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.columns import RANKS
from gigmatch.core.arrays import BitWords, BoolArray, Int64Array
from gigmatch.core.threads import Progress
from gigmatch.errors import InvalidInputError
from gigmatch.evidence.advice import Lesson
from gigmatch.evidence.lessons import LOWEST, given_bits
from gigmatch.evidence.programmes import TrainingProgramme, counts_in, most_placements
from gigmatch.explaining.advice import Adviser, plan_of
from gigmatch.explaining.explainer import at_least, explain
from gigmatch.model import Morning
from gigmatch.pairing.rules import HasSkills, Rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel

__all__ = ["plan_training"]

_TRIES = 3  # lessons in a row that place nobody, which happens where points alone count
_BLOCK = 1 << 18


def plan_training(
    mornings: Sequence[tuple[Morning, Assignment]],
    people: int,
    *,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
    progress: Progress | None = None,
) -> TrainingProgramme:
    """Whom to train in what, so that more are placed in some mornings together: one skill for each person.

    A lesson counts in every morning in which the person is present, by id, and does not have the skill at
    that level; skills of the same code are the same. Every morning is matched anew with the whole batch.

    Parameters
    ----------
    mornings : sequence of (Morning, Assignment)
        Each assignment proved optimal; one currency throughout.
    people : int
        At most so many are trained, 1 or more.
    rules, scorers, travel
        The user's own that the assignments name, as for `explain`.
    progress : callable, optional
        ``progress("training", share done)``.

    Returns
    -------
    TrainingProgramme
        Lessons are chosen one after the other: the one that leads to an empty seat in most mornings, then to
        those that pay most; only skills that are all that keeps somebody from a shift are looked at. So the
        choice is not the best there is; the effect is exact, and ``bound`` says what no choice can exceed,
        since one person trained places one more a morning at most. `check_programme` verifies it.

    Raises
    ------
    InvalidInputError
        There is no morning, one is not proved optimal, or the currencies differ.
    UnsupportedError
        A morning came as columns.

    Examples
    --------
    >>> import gigmatch as gm
    >>> monday = gm.samples.jingshi(seed=7, workers=100)
    >>> tuesday = monday.model_copy(update={"shifts": monday.shifts[::2]})
    >>> programme = gm.plan_training([(day, gm.match(day)) for day in (monday, tuesday)], people=2)
    >>> programme.more_placements <= programme.bound
    True
    """
    at_least(1, people=people)
    first = [_adviser(at, pair, rules, scorers, travel) for at, pair in enumerate(_pairs(mornings))]
    courses = _Courses(first)
    while len(courses.lessons) < people and courses.add():
        if progress:
            progress("training", len(courses.lessons) / people)
    return courses.programme(people)


def _pairs(mornings: Sequence[tuple[Morning, Assignment]]) -> list[tuple[Morning, Assignment]]:
    pairs = list(mornings)
    for at, pair in enumerate(pairs):
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[1], Assignment):
            raise InvalidInputError("no_morning_and_assignment", at=at, value=pair)
    if not pairs:
        raise InvalidInputError("mornings_empty")
    currencies = sorted({assignment.currency for _, assignment in pairs})
    if len(currencies) > 1:
        raise InvalidInputError("several_currencies", names=", ".join(currencies))
    return pairs


def _adviser(
    at: int,
    pair: tuple[Morning, Assignment],
    rules: Sequence[Rule],
    scorers: Sequence[Scorer],
    travel: Travel | None,
) -> Adviser:
    morning, assignment = pair
    if assignment.status != "optimal":
        raise InvalidInputError("changes_unknown_in_morning", at=at)
    return Adviser(explain(morning, assignment, rules=rules, scorers=scorers, travel=travel))


class _Chance(NamedTuple):
    """A seat that one skill would open to somebody in one morning."""

    level: int
    """That is enough."""
    pay: float
    shift: int


class _Course(NamedTuple):
    """A skill for somebody, and what it leads to; the better one is greater."""

    mornings: int
    """In which it leads to an empty seat."""
    pay: float
    """Of the best paid seats there."""
    level: int
    """Of equally good lessons the lowest level."""


class _Courses:
    """Lessons chosen so far, and the mornings as they are with them."""

    def __init__(self, first: list[Adviser]) -> None:
        self.first, self.now = first, list(first)
        self.lessons: list[Lesson] = []
        self.plans: list[list[Lesson]] = [[] for _ in first]
        self._chances = [_chances(adviser) for adviser in first]
        self._in_vain: set[tuple[str, str, int]] = set()

    def add(self) -> bool:
        """Choose one more lesson and match every morning anew; False if there is none that places anybody."""
        for _ in range(_TRIES):
            found = self._best()
            if found is None:
                return False
            lesson, shifts = found
            after = {at: self.now[at].after(lesson) for at in self._where(lesson)}
            if sum(_placed(new) - _placed(self.now[at]) for at, new in after.items()) > 0:
                self._take(lesson, shifts, after)
                return True
            self._in_vain.add((lesson.worker_id, lesson.skill, lesson.level))
        return False

    def programme(self, people: int) -> TrainingProgramme:
        """What the lessons come to."""
        parts = zip(self.first, self.now, self.plans, strict=True)
        plans = tuple(plan_of(people, *part) for part in parts)
        ids = [worker for adviser in self.first for worker in adviser.solved.columns.worker_ids]
        return TrainingProgramme(
            people=people,
            lessons=tuple(self.lessons),
            mornings=plans,
            bound=most_placements(ids, plans, people),
        )

    def _take(self, lesson: Lesson, shifts: dict[int, str], after: dict[int, Adviser]) -> None:
        self.lessons.append(lesson)
        for at, new in after.items():
            self.plans[at].append(lesson.model_copy(update={"shift_id": shifts.get(at)}))
            self.now[at], self._chances[at] = new, _chances(new)

    def _best(self) -> tuple[Lesson, dict[int, str]] | None:
        """The next lesson, and by morning the shift it is chosen for; of equals the first by id and skill."""
        trained = {lesson.worker_id for lesson in self.lessons}
        best: tuple[_Course, str, str] | None = None
        for worker, skill in sorted({key for chances in self._chances for key in chances}):
            if worker not in trained:
                for course in self._courses(worker, skill):
                    if best is None or course > best[0]:
                        best = course, worker, skill
        if best is None:
            return None
        (_, _, level), worker, skill = best
        shifts = {}
        for at, chance in self._leads_to(worker, skill, level):
            shifts[at] = self.now[at].solved.columns.shift_ids[chance.shift]
        return Lesson(worker_id=worker, skill=skill, level=level, shift_id=None), shifts

    def _courses(self, worker: str, skill: str) -> Iterator[_Course]:
        """A skill at every level that is enough for some seat."""
        every = [chance for chances in self._chances for chance in chances.get((worker, skill), ())]
        for level in sorted({chance.level for chance in every}):
            if (worker, skill, level) not in self._in_vain:
                seats = [chance for _, chance in self._leads_to(worker, skill, level)]
                yield _Course(len(seats), sum(chance.pay for chance in seats), level)

    def _leads_to(self, worker: str, skill: str, level: int) -> Iterator[tuple[int, _Chance]]:
        """By morning the best paid seat to which a skill at this level leads, of equals the first."""
        for at, chances in enumerate(self._chances):
            good = [chance for chance in chances.get((worker, skill), ()) if chance.level >= level]
            if good:
                yield at, max(good, key=lambda chance: (chance.pay, -chance.shift))

    def _where(self, lesson: Lesson) -> list[int]:
        """The mornings in which the lesson counts."""
        return [at for at, adviser in enumerate(self.now) if counts_in(adviser.morning, lesson)]


def _placed(adviser: Adviser) -> int:
    return adviser.old.summary.placements


def _chances(adviser: Adviser) -> dict[tuple[str, str], list[_Chance]]:
    """By worker and skill the levels of it that would each lead to an empty seat, and the best paid of those.

    The worker can be spared, people at the shift could move on to an empty seat, and nothing but skills
    stands in between.
    """
    columns, found = adviser.solved.columns, dict[tuple[str, str], list[_Chance]]()
    pay, lessons = columns.shifts.pay_total, list(_lessons(adviser))
    for worker, shift, needs in _only_skills(adviser):
        for skill, level, given in lessons:
            at = np.flatnonzero(needs.met_by(given))
            order = at[np.lexsort((shift[at], -pay[shift[at]], worker[at]))]
            _, firsts = np.unique(worker[order], return_index=True)
            for row, to in zip(worker[order[firsts]].tolist(), shift[order[firsts]].tolist(), strict=True):
                key = columns.worker_ids[row], skill
                found.setdefault(key, []).append(_Chance(level, float(pay[to]), to))
    return found


def _lessons(adviser: Adviser) -> Iterator[tuple[str, int, int]]:
    """Every skill at the levels at which it meets more needs of shifts, and those needs as bits."""
    needs = adviser.solved.columns.skill_needs
    own: dict[str, int] = {}
    up_to = [sum(1 << at for at, (_, rank) in enumerate(needs) if rank <= top) for top in range(RANKS + 1)]
    for at, (code, _) in enumerate(needs):
        own[code] = own.get(code, 0) | 1 << at
    for skill, asked in given_bits(adviser.morning.skills, own).items():
        before = 0
        for level in range(LOWEST, 0, -1):
            if (given := asked & up_to[RANKS - level]) != before:
                yield skill, level, given
                before = given


def _only_skills(adviser: Adviser) -> Iterator[tuple[Int64Array, Int64Array, _Lacking]]:
    """Pairs that nothing but skills stands between, in blocks: worker, shift, and what is lacking."""
    solved, shifts, workers = adviser.solved, np.flatnonzero(adviser.leads_to_empty), adviser.can_be_spared
    rules = [at for at, rule in enumerate(solved.blocking) if isinstance(rule, HasSkills)]
    if not rules or not solved.columns.skill_needs:
        return
    step = max(_BLOCK // max(len(shifts), 1), 1)
    for low in range(0, len(workers), step):
        some = workers[low : low + step]
        worker, shift = np.repeat(some, len(shifts)), np.tile(shifts, len(some))
        refused = solved.refused(solved.pairs(worker, shift))
        alone = refused[rules[0]] & (refused.sum(axis=0) == 1) & ~_barred(adviser, worker, shift)
        worker, shift = worker[alone], shift[alone]
        yield worker, shift, _Lacking.of(adviser, worker, shift)


def _barred(adviser: Adviser, worker: Int64Array, shift: Int64Array) -> BoolArray:
    barred = adviser.solved.instance.barred
    return np.isin(worker << 32 | shift, barred[:, 0] << 32 | barred[:, 1])


class _Lacking(NamedTuple):
    """What some pairs lack, as bits of needs."""

    every: BitWords
    """All of these."""
    one_of: BitWords
    """One of these, where there are any."""
    is_one_asked: BoolArray

    @classmethod
    def of(cls, adviser: Adviser, worker: Int64Array, shift: Int64Array) -> Self:
        columns = adviser.solved.columns
        met = [word[worker] for word in columns.workers.skills_met]
        every = (need[shift] & ~have for need, have in zip(columns.shifts.skills_all, met, strict=True))
        one_of = tuple(need[shift] for need in columns.shifts.skills_any)
        asked = np.logical_or.reduce([word != 0 for word in one_of])
        held = np.logical_or.reduce([(word & have) != 0 for word, have in zip(one_of, met, strict=True)])
        return cls(tuple(every), one_of, asked & ~held)

    def met_by(self, needs: int) -> BoolArray:
        """Whether meeting some needs more makes up for it: bool[n_pairs]."""
        words = [np.uint64(needs >> 64 * at & 2**64 - 1) for at in range(len(self.every))]
        left = np.logical_or.reduce(
            [(word & ~more) != 0 for word, more in zip(self.every, words, strict=True)]
        )
        one = np.logical_or.reduce(
            [(word & more) != 0 for word, more in zip(self.one_of, words, strict=True)]
        )
        met: BoolArray = ~left & (one | ~self.is_one_asked)
        return met
