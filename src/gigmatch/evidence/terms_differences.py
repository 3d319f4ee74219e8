"""Where the terms of an assignment are others than those that were due, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from gigmatch import i18n
from gigmatch.i18n import Told, joined

__all__ = ["Facts", "TermsDifference", "differences_between", "told_lines"]

Facts = Mapping[tuple[str, ...], Any]
"""Terms by path, one value each; what is left open has no path."""

_NAMES: Final = {
    "rules": "rules.{}.name",
    "succession": "rules.{}.name",
    "scorers": "scorers.{}",
    "levels": "levels.{}",
    "limits": "fields.{}",
    "mechanism": "mechanisms.{}",
}
"""Where the catalogue has what people call the parts of a room."""
_PAIRS: Final = ("kept", "requested", "barred")
_BY_NAME: Final = ("mechanism", "levels")
"""Rooms of which the names are compared as one value, and the parts only where both have them."""
_NONE: Final = object()


class TermsDifference(NamedTuple):
    """One thing that an assignment was made with, and that was not due."""

    path: tuple[str, ...]
    """Where: ``("seed",)``, ``("rules", "rest", "severity")`` or, for a pair, ``("barred",)``."""
    found: Any
    """What the assignment was made with; None where it has no such thing. Of a whole rule, scorer or the like
    ``"own"`` for code of somebody's own, else ``"library"``."""
    due: Any
    """What was published, or is the default; likewise."""

    def told(self) -> Told:
        """Tell it in a sentence, in whatever language."""
        room, *rest = self.path
        if room in _PAIRS:
            worker, shift = self.found or self.due
            return Told.of(f"terms.{room}_{'more' if self.found else 'less'}", worker=worker, shift=shift)
        if len(rest) == 1:
            return Told.of(f"terms.{self._what_is_of_it()}", part=_part(room, rest[0]))
        if isinstance(self.found, bool) and not rest:
            return Told.of(f"terms.{room}_{'yes' if self.found else 'no'}")
        values = {"found": _value(self.path, self.found), "due": _value(self.path, self.due)}
        if not rest:
            return Told.of("terms.is_other", field=Told.of(f"terms.field_{room}"), **values)
        return Told.of("terms.part_is_other", part=_part(room, rest[0]), field=_field(rest[1:]), **values)

    def text(self, lang: str = "en") -> str:
        """Tell it in a language; `str` in English.

        Examples
        --------
        >>> TermsDifference(("rules", "rest", "severity"), "warn", "block").text()
        'rule rest: severity is warn, not block'
        """
        return self.told().text(i18n.known(lang) or "en")

    def __str__(self) -> str:
        return self.text()

    def _what_is_of_it(self) -> str:
        """What there is to say of a whole rule, scorer or the like."""
        if self.found is None:
            return "left_out"
        return f"{'added' if self.due is None else 'part'}_{self.found}"


def differences_between(found: Facts, due: Facts) -> Iterator[TermsDifference]:
    """Yield every difference, in the order of what was due; what either leaves open is not compared."""
    rooms = list(dict.fromkeys(path[0] for path in (*due, *found)))
    for path in sorted(dict.fromkeys((*due, *found)), key=lambda path: rooms.index(path[0])):
        here, there = found.get(path, _NONE), due.get(path, _NONE)
        is_whole = len(path) == 2 and path[0] not in _BY_NAME
        if not is_whole and any(path[:2] not in facts for facts in (found, due)):
            continue  # left open, or the whole of it is told; of levels their order, of mechanisms the name
        if path[0] in _PAIRS:
            yield from (TermsDifference(path, pair, None) for pair in sorted({*here} - {*there}))
            yield from (TermsDifference(path, None, pair) for pair in sorted({*there} - {*here}))
        elif not _is_same(here, there):
            yield TermsDifference(path, *(None if value is _NONE else value for value in (here, there)))


def _is_same(here: Any, there: Any) -> bool:
    """Whether two values are equal, and no truth value stands for a number."""
    return bool(here == there) and isinstance(here, bool) == isinstance(there, bool)


def told_lines(found: Sequence[TermsDifference], most: int) -> list[Told]:
    """Tell the first of some differences, and how many more there are."""
    lines = [difference.told() for difference in found[:most]]
    return [*lines, Told.of("terms.more", n=len(found) - most)] if len(found) > most else lines


def told_settings(asked: Mapping[str, Any], scorers: Mapping[str, Any]) -> Iterator[Told]:
    """Tell what a mechanism was set to, as far as it is no default of it.

    Parameters
    ----------
    asked : mapping
        Its parameters.
    scorers : mapping
        What points are made of, as parameters name likings.
    """
    for side in ("worker", "employer"):
        if (least := asked.get(f"{side}_least")) is not None:
            yield Told.of("terms.least", side=Told.of(f"terms.value_{side}"), points=f"{least:g}")
    if "tie_seed" in asked:
        yield Told.of("terms.ties", seed=asked["tie_seed"])
    liked = asked.get("preferences", scorers)
    if liked != scorers:
        parts = [
            Told.of("terms.liked", name=Told(name, f"scorers.{name}"), weight=f"{scorer['weight']:g}")
            for name, scorer in liked.items()
        ]
        yield Told.of("terms.likings", scorers=joined("terms.and_liked", parts))


def _part(room: str, name: str) -> Told:
    """A rule, scorer, level, travel, limit or mechanism, by what people call it; in English by its name."""
    return Told.of(f"terms.part_{room}", name=Told(name, _NAMES.get(room, "terms.value_{}").format(name)))


def _field(path: Sequence[str]) -> Told:
    """What is different of a part: parameters by their names."""
    first, *rest = path
    if first != "parameters":
        return Told.of(f"terms.field_{first}")
    name = ".".join(rest)
    key = f"terms.parameter_{name}"
    return Told.of(key) if i18n.has(key) else Told(name, "")


def _listed(values: Sequence[Any]) -> str:
    """Some values; three whole numbers or more in a row as from and to."""
    is_row = len(values) > 2 and all(type(each) is int for each in values)
    if is_row and [*values] == [*range(values[0], values[0] + len(values))]:
        return f"{values[0]}–{values[-1]}"
    return ", ".join(map(str, values))


def _value(path: Sequence[str], value: Any) -> Any:
    """A value as people read it."""
    if value in (None, (), []):
        return Told.of("words.none")
    if path == ("levels",):
        return joined("policy.then", [Told(name, f"levels.{name}") for name in value])
    if path == ("mechanism",):
        return Told.of(f"mechanisms.{value}")
    if isinstance(value, bool):
        return Told.of("answers.yes" if value else "answers.no")
    if isinstance(value, tuple):
        return ", ".join(f"{figure:g}" for figure in value)
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, list):
        return _listed(value)
    key = f"terms.value_{value}"
    return Told.of(key) if i18n.has(key) else value
