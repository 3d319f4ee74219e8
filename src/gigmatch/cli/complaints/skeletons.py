"""Skeletons of messages: the literal text with holes, and what stands in the holes of a message.

A skeleton is written as a format string: ``{path}: cannot be read ({error})``. A hole holds anything, line
breaks and quotes included. Two kinds know better how far they reach: ``{name!r}`` is a quoted text, as
``repr`` writes it, and ``{n:,}`` or another format is a number. Where these do not fit, they hold anything too.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import NamedTuple

__all__ = ["QUOTED", "Skeleton"]

QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")


class Skeleton(NamedTuple):
    """Literals with a hole between each and the next."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[re.Pattern[str] | None, ...]
    """What a hole holds; None where that is anything."""

    @classmethod
    def of(cls, text: str) -> Skeleton:
        """The skeleton that is written as a format string."""
        literals, names, kinds = [""], [], []
        for literal, name, form, conversion in Formatter().parse(text):
            literals[-1] += literal
            if name is not None:
                literals.append("")
                names.append(name)
                kinds.append(QUOTED if conversion == "r" else _NUMBER if form else None)
        return cls(tuple(literals), tuple(names), tuple(kinds))

    @property
    def size(self) -> int:
        """How many characters are literal: the more, the more specific."""
        return sum(map(len, self.literals))

    def values(self, text: str) -> dict[str, str] | None:
        """What stands in the holes of a message, by name; None where it is not made from this skeleton.

        A hole ends where the next literal begins for the first time. So one look along the text is enough,
        however long and however hostile it is; regular expressions with many holes may take forever.
        """
        if not self.names:
            return {} if text == self.literals[0] else None
        if not (text.startswith(self.literals[0]) and text.endswith(self.literals[-1])):
            return None
        found = self._filled(text, self.kinds)
        return self._filled(text, (None,) * len(self.kinds)) if found is None else found

    def _filled(self, text: str, kinds: tuple[re.Pattern[str] | None, ...]) -> dict[str, str] | None:
        at, end = len(self.literals[0]), len(text) - len(self.literals[-1])
        if at > end:
            return None
        found: dict[str, str] = {}
        for number, (name, kind) in enumerate(zip(self.names, kinds, strict=True), 1):
            is_last = number == len(self.names)
            literal = "" if is_last else self.literals[number]
            stop = end if is_last else text.find(literal, at, end)
            if kind is not None:
                told = kind.match(text, at, end)
                stop = told.end() if told else -1
                if (is_last and stop != end) or not text.startswith(literal, max(stop, 0)):
                    return None
            if stop < 0:
                return None
            found[name] = text[at:stop]
            at = stop + len(literal)
        return found
