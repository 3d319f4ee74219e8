"""Skills to learn: what a shift asks for and a worker lacks, and the fewest lessons that make up for it.

A skill covers others, and one skill may be asked for at two levels: what is missing is counted in skills to
learn, not in what the shift lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from operator import or_
from typing import NamedTuple

from gigmatch.columns import RANKS
from gigmatch.model import Morning, Shift, Skill, Worker
from gigmatch.model.covering import covering

__all__ = ["LOWEST", "Held", "Learned", "fewest_lessons", "given_bits", "single_lessons"]

LOWEST = RANKS - 1  # the level of a skill held without one
_MOST_TRIED = 20_000


class Learned(NamedTuple):
    """One skill to learn; the least effort comes first."""

    levels: int
    """How many levels it is above what the worker has."""
    skill: str
    level: int
    """To reach, 5 the lowest."""

    @property
    def needed(self) -> dict[str, object]:
        """As an entry of a change to skills."""
        return {"skill": self.skill, "level": self.level}


def given_bits(skills: Iterable[Skill], own: Mapping[str, int]) -> dict[str, int]:
    """Bits that each skill gives, those of the skills it covers included, by whatever way.

    Bits, so that a long row of skills, each of which covers the next, takes a bit a pair.

    Parameters
    ----------
    skills : iterable of Skill
        Of a morning.
    own : mapping of str to int
        Bits that a skill gives by itself, by code; none where it is not there.
    """
    below = {skill.code: skill.covers for skill in skills}
    return covering(below, lambda code: own.get(code, 0), partial(reduce, or_))


class Held(NamedTuple):
    """What some workers have of every skill, covered ones included."""

    place: Mapping[str, int]
    """The bit of each skill that one of them names."""
    above: Mapping[str, int]
    """For every skill the bits of those that cover it."""

    @classmethod
    def of(cls, skills: Iterable[Skill], workers: Iterable[Worker]) -> Held:
        """Look at what workers name."""
        names = dict.fromkeys(own.skill for worker in workers for own in worker.skills)
        place = {code: at for at, code in enumerate(names)}
        covered_by: dict[str, list[str]] = {}
        for skill in skills:
            covered_by.setdefault(skill.code, [])
            for under in skill.covers:
                covered_by.setdefault(under, []).append(skill.code)
        above = covering(
            covered_by, lambda code: 1 << place[code] if code in place else 0, partial(reduce, or_)
        )
        return cls(place, above)

    def level(self, worker: Worker, skill: str) -> int:
        """The best level that one of them has of a skill, 1 the best; one below the lowest for none."""
        above = self.above.get(skill, 0)
        had = (own.level or LOWEST for own in worker.skills if above >> self.place[own.skill] & 1)
        return min(had, default=RANKS)


def single_lessons(morning: Morning, worker: Worker, shift: Shift) -> list[Learned]:
    """Every skill that alone gives a worker what a shift asks for, at the lowest level that will do.

    Parameters
    ----------
    morning : Morning
        Whose skills are known.
    worker, shift : Worker and Shift
        Who lacks something there; nothing is returned for who does not.

    Returns
    -------
    list of Learned
        In order of effort, then of the skill's code.
    """
    missing = _Missing.of(morning.skills, worker, shift)
    return sorted(lesson for lesson, met in missing.lessons() if met == missing.all)


def fewest_lessons(morning: Morning, worker: Worker, shift: Shift) -> list[tuple[Learned, ...]]:
    """The sets of fewest skills that together give a worker what a shift asks for.

    Parameters
    ----------
    morning, worker, shift
        As for `single_lessons`.

    Returns
    -------
    list of tuple of Learned
        In order of effort; of skills that do the same, the one of least effort. Empty where nothing is
        missing, and where so much is missing in so many ways that the fewest are not known.
    """
    missing = _Missing.of(morning.skills, worker, shift)
    easiest: dict[int, Learned] = {}
    for lesson, met in sorted(missing.lessons(), key=lambda entry: entry[0]):
        easiest.setdefault(met, lesson)
    search = _Search(tuple(easiest))
    for many in range(1, len(missing.choices) + 1):
        found = {*search.sets(missing.all, many)}
        if search.tried > _MOST_TRIED:
            break
        if found:
            sets = [tuple(easiest[met] for met in easiest if met in chosen) for chosen in found]
            return sorted(sets, key=lambda lessons: (sum(one.levels for one in lessons), lessons))
    return []


class _Search:
    """Sets of bits that together are all that is wanted."""

    def __init__(self, given: Sequence[int]) -> None:
        self.given = given
        self.most = max((bits.bit_count() for bits in given), default=0)
        self.tried = 0

    def sets(self, wanted: int, many: int) -> Iterator[frozenset[int]]:
        """So many at most; whoever gives the first that is wanted is tried, until too many have been."""
        self.tried += 1
        if not wanted:
            yield frozenset()
        elif wanted.bit_count() <= many * self.most and self.tried <= _MOST_TRIED:
            for bits in self.given:
                if bits & wanted & -wanted:
                    for rest in self.sets(wanted & ~bits, many - 1):
                        yield rest | {bits}


class _Missing(NamedTuple):
    """What is missing, each a choice of skills at a level of which one will do."""

    skills: Sequence[Skill]
    worker: Worker
    choices: tuple[Mapping[str, int], ...]
    """By code, the lowest level that will do."""

    @classmethod
    def of(cls, skills: Sequence[Skill], worker: Worker, shift: Shift) -> _Missing:
        held = Held.of(skills, [worker])
        choices = [{need.skill: need.least_level} for need in shift.all_of]
        if shift.any_of:
            lowest: dict[str, int] = {}
            for need in shift.any_of:
                lowest[need.skill] = max(need.least_level, lowest.get(need.skill, need.least_level))
            choices.append(lowest)
        lacking = [
            choice
            for choice in choices
            if all(held.level(worker, code) > level for code, level in choice.items())
        ]
        return cls(skills, worker, tuple(lacking))

    @property
    def all(self) -> int:
        """A bit for each choice."""
        return (1 << len(self.choices)) - 1

    def lessons(self) -> Iterator[tuple[Learned, int]]:
        """Every skill at every level asked for, with what it makes up for; the lowest level that does so."""
        held = Held.of(self.skills, [self.worker])
        before: dict[str, int] = {}
        for to in sorted({level for choice in self.choices for level in choice.values()}, reverse=True):
            own: dict[str, int] = {}
            for k, choice in enumerate(self.choices):
                for code, level in choice.items():
                    own[code] = own.get(code, 0) | (level >= to) << k
            for skill, met in given_bits(self.skills, own).items():
                if met & ~before.get(skill, 0):
                    yield Learned(held.level(self.worker, skill) - to, skill, to), met
                    before[skill] = met
