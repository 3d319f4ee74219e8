"""Names that shifts ask for and nobody has, and names that are nobody's but for how they are written.

A skill or an employer misspelt breaks no rule: the shift stays open, the refusal refuses nobody. Hence notes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from gigmatch.i18n import Told, joined
from gigmatch.model.morning import Morning
from gigmatch.model.values import BLANKS

__all__ = ["MOST_COMPARED", "Names", "bare", "folded", "names_of", "unmet"]

MOST_COMPARED = 2000
"""Names that are compared letter by letter."""

_ALIKE = 0.75  # how much of two names is to be the same
_MOST_SHOWN = 10


class Names(NamedTuple):
    """The names that a morning has, each once."""

    anybody: bool
    """Whether there are workers at all."""
    skills: Mapping[str, frozenset[str]]
    """Skills by name, each with those that it covers."""
    skills_asked: frozenset[str]
    skills_had: frozenset[str]
    kinds_asked: frozenset[str]
    """Kinds of credentials."""
    kinds_had: frozenset[str]
    requested: frozenset[str]
    """Workers who were asked for by name."""
    here: frozenset[str]
    """Workers who are here; nobody where they are more than are compared letter by letter."""
    parties: tuple[tuple[frozenset[str], frozenset[str]], ...]
    """Employers, then workers: those who are there, and those whom others name whether they are or not."""
    twins: tuple[frozenset[str], ...]
    """Employers, then skills, among which two may be one that is written in two ways."""


def names_of(morning: Morning) -> Names:
    """The names of a morning."""
    workers, shifts = morning.workers, morning.shifts
    named = {name for w in workers for name in (*w.refused_employer_ids, *w.preferred_employer_ids)}
    named |= {each.employer_id for w in workers for each in w.hours_by_employer}
    named |= {each.employer_id for w in workers for each in w.past_employers}
    people = {name for party in (*morning.employers, *morning.brokers) for name in party.refused_worker_ids}
    people |= {each.worker_id for each in morning.requests}
    return Names(
        anybody=bool(workers),
        skills={skill.code: frozenset(skill.covers) for skill in morning.skills},
        skills_asked=frozenset(need.skill for s in shifts for need in (*s.all_of, *s.any_of)),
        skills_had=frozenset(each.skill for w in workers for each in w.skills),
        kinds_asked=frozenset(need.kind for s in shifts for need in s.credentials),
        kinds_had=frozenset(each.kind for w in workers for each in w.credentials),
        requested=frozenset(each.worker_id for each in morning.requests),
        here=frozenset(w.id for w in workers) if len(workers) <= MOST_COMPARED else frozenset(),
        parties=(
            (frozenset(e.id for e in morning.employers), frozenset(named)),
            (frozenset(w.id for w in workers), frozenset(people)),
        ),
        twins=(
            frozenset(e.id for e in morning.employers),
            frozenset(skill.code for skill in morning.skills),
        ),
    )


def unmet(names: Names) -> tuple[Told, ...]:
    """Notes of what nobody has, with the nearest name that somebody has, in order of the names."""
    if not names.anybody:
        return ()
    had = _with_covered(names)
    notes = [_nobody_has("skill", name, had) for name in sorted(names.skills_asked - had)]
    notes += [
        _nobody_has("credential", name, names.kinds_had)
        for name in sorted(names.kinds_asked - names.kinds_had)
    ]
    for there, named in names.parties:
        lost = sorted(named - there)
        alike = {folded(name): name for name in there} if lost else {}
        notes += [
            Told.of("notes.nobody_called", name=name, near=alike[folded(name)])
            for name in lost
            if folded(name) in alike
        ]
    return (*notes, *_absent(names), *_written_twice(names))


def _absent(names: Names) -> list[Told]:
    """A note of those who were asked for and are not here, but for whom the notes before it name."""
    there, named = names.parties[1]
    alike = set(map(folded, there))
    gone = sorted(name for name in (named - there) & names.requested if folded(name) not in alike)
    if not gone:
        return []
    shown = [_with_near(name, _nearest(name, sorted(names.here))) for name in gone[:_MOST_SHOWN]]
    if more := len(gone) - len(shown):
        shown.append(Told.of("notes.and_others", n=more))
    return [Told.of("notes.requested_absent", n=len(gone), names=joined("errors.comma", shown))]


def _written_twice(names: Names) -> list[Told]:
    """A note of every two names of a kind that look the same, or the same but for capitals."""
    notes = []
    for what, there in zip(("employer", "skill"), names.twins, strict=True):
        seen: dict[str, str] = {}
        for name in sorted(there):
            if (first := seen.setdefault(bare(name), name)) != name:
                notes.append(
                    Told.of("notes.written_twice", what=Told.of(f"words.{what}"), first=first, second=name)
                )
    return notes


def _with_near(name: str, near: str | None) -> Told:
    return Told.of("notes.name_like", name=name, near=near) if near else Told(repr(name), "")


def _with_covered(names: Names) -> frozenset[str]:
    """Skills that somebody has, and those that these cover, one after the other."""
    had, fresh = set(names.skills_had), set(names.skills_had)
    while fresh:
        fresh = {code for name in fresh for code in names.skills.get(name, ())} - had
        had |= fresh
    return frozenset(had)


def _nobody_has(what: str, name: str, had: Iterable[str]) -> Told:
    word = Told.of(f"words.{what}")
    if near := _nearest(name, sorted(had)):
        return Told.of("notes.nobody_has_like", what=word, name=name, near=near)
    return Told.of("notes.nobody_has", what=word, name=name)


def _nearest(name: str, others: list[str]) -> str | None:
    """The name that is written most alike."""
    alike = {_letters(other): other for other in others}
    if _letters(name) in alike:
        return alike[_letters(name)]
    found = get_close_matches(_letters(name), list(alike)[:MOST_COMPARED], 1, _ALIKE)
    return alike[found[0]] if found else None


def _letters(name: str) -> str:
    """A name without what people write in several ways: capitals, wide letters, blanks, hyphens."""
    return re.sub(r"[\W_]+", "", folded(name)) or name


def folded(name: str) -> str:
    """A name in small letters of ordinary width."""
    return unicodedata.normalize("NFKC", name).lower()


def bare(name: str) -> str:
    """A name in small letters of ordinary width, without blanks and marks that nobody sees."""
    return re.sub(f"[{BLANKS}]", "", folded(name))
