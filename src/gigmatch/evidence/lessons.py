"""Skills to learn: what a shift asks for and a worker lacks, and the fewest lessons that make up for it.

A skill covers others, and one skill may be asked for at two levels: what is missing is counted in skills to
learn, not in what the shift lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from gigmatch.columns import RANKS
from gigmatch.model import Morning, Shift, Skill, Worker
from gigmatch.model.covering import covering

__all__ = ["LOWEST", "Learned", "covered", "fewest_lessons", "levels_of", "single_lessons"]

LOWEST = RANKS - 1  # the level of a skill held without one


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


def covered(skills: Sequence[Skill]) -> dict[str, frozenset[str]]:
    """Codes that each skill covers, directly or by what it covers, itself included.

    Parameters
    ----------
    skills : sequence of Skill
        Of a morning.
    """
    below = {skill.code: skill.covers for skill in skills}
    return covering(below, lambda code: frozenset((code,)), lambda sets: frozenset().union(*sets))


def levels_of(worker: Worker, covers: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """The best level that a worker has of every skill, covered ones included; those not there are not had.

    Parameters
    ----------
    worker : Worker
        As they are.
    covers : mapping of str to frozenset of str
        As `covered` tells.
    """
    best: dict[str, int] = {}
    for own in worker.skills:
        for code in covers.get(own.skill, ()):
            best[code] = min(own.level or LOWEST, best.get(code, LOWEST))
    return best


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
    missing = _Missing.of(covered(morning.skills), worker, shift)
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
        missing.
    """
    missing = _Missing.of(covered(morning.skills), worker, shift)
    easiest: dict[frozenset[int], Learned] = {}
    for lesson, met in sorted(missing.lessons(), key=lambda entry: entry[0]):
        easiest.setdefault(met, lesson)
    for many in range(1, len(missing.all) + 1):
        sets = [
            tuple(easiest[met] for met in chosen)
            for chosen in combinations(easiest, many)
            if frozenset().union(*chosen) == missing.all
        ]
        if sets:
            return sorted(sets, key=lambda lessons: (sum(one.levels for one in lessons), lessons))
    return []


class _Missing(NamedTuple):
    """What is missing, each a choice of skills at a level of which one will do."""

    covers: Mapping[str, frozenset[str]]
    held: Mapping[str, int]
    choices: tuple[Mapping[str, int], ...]
    """By code, the lowest level that will do."""

    @classmethod
    def of(cls, covers: Mapping[str, frozenset[str]], worker: Worker, shift: Shift) -> _Missing:
        held = levels_of(worker, covers)
        choices = [{need.skill: need.least_level} for need in shift.all_of]
        if shift.any_of:
            lowest: dict[str, int] = {}
            for need in shift.any_of:
                lowest[need.skill] = max(need.least_level, lowest.get(need.skill, need.least_level))
            choices.append(lowest)
        lacking = [choice for choice in choices if not _has_one(held, choice)]
        return cls(covers, held, tuple(lacking))

    @property
    def all(self) -> frozenset[int]:
        return frozenset(range(len(self.choices)))

    def lessons(self) -> Iterator[tuple[Learned, frozenset[int]]]:
        """Every skill at every level asked for, with what it makes up for; the lowest level that does so."""
        levels = sorted({level for choice in self.choices for level in choice.values()}, reverse=True)
        for skill, codes in self.covers.items():
            before: frozenset[int] = frozenset()
            for level in levels:
                given = dict.fromkeys(codes, level)
                met = frozenset(k for k, choice in enumerate(self.choices) if _has_one(given, choice))
                if met > before:
                    gained = self.held.get(skill, RANKS) - level
                    yield Learned(gained, skill, level), met
                    before = met


def _has_one(held: Mapping[str, int], choice: Mapping[str, int]) -> bool:
    return any(held.get(code, RANKS) <= level for code, level in choice.items())
