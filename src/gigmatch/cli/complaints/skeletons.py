"""Skeletons of messages: the literal text with holes, and what stands in the holes of a message.

A skeleton is written as a format string: ``{path}: cannot be read ({error})``. A hole holds anything, line
breaks and quotes included. Two kinds know better how far they reach: ``{name!r}`` is a quoted text, as
``repr`` writes it, and ``{n:,}`` or another format is a number. Where these do not fit, they hold anything too.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import NamedTuple

__all__ = ["QUOTED", "Skeleton", "veiled"]

QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")
_QUOTATION = re.compile(rf"(?<![\w\\])(?:{QUOTED.pattern})", re.DOTALL)


def veiled(text: str) -> str:
    """The text with whatever stands in quotes made unreadable: as long, and no literal is found there.

    An apostrophe after a letter begins no quotation, and no mark after a backslash, so that one look is enough.
    """
    return _QUOTATION.sub(lambda found: found[0][0] + "\0" * (len(found[0]) - 2) + found[0][-1], text)


class Skeleton(NamedTuple):
    """Literals with a hole between each and the next."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[re.Pattern[str] | None, ...]
    """What a hole holds; None where that is anything."""
    veiled_literals: tuple[str, ...]
    """As they stand in a veiled text."""

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
        return cls(tuple(literals), tuple(names), tuple(kinds), tuple(map(veiled, literals)))

    @property
    def size(self) -> int:
        """How many characters are literal: the more, the more specific."""
        return sum(map(len, self.literals))

    def values(self, text: str, shape: str | None = None) -> dict[str, str] | None:
        """What stands in the holes of a message, by name; None where it is not made from this skeleton.

        A hole ends where the next literal begins for the first time. So one look along the text is enough,
        however long and however hostile it is; regular expressions with many holes may take forever. Where
        the veiled text is given too, literals are not looked for within quotes.
        """
        literals = self.literals if shape is None else self.veiled_literals
        shape = text if shape is None else shape
        if not self.names:
            return {} if text == self.literals[0] else None
        if not (shape.startswith(literals[0]) and shape.endswith(literals[-1])):
            return None
        found = self._filled(text, shape, literals, self.kinds)
        return self._filled(text, shape, literals, (None,) * len(self.kinds)) if found is None else found

    def _filled(
        self,
        text: str,
        shape: str,
        literals: tuple[str, ...],
        kinds: tuple[re.Pattern[str] | None, ...],
    ) -> dict[str, str] | None:
        at, end = len(literals[0]), len(text) - len(literals[-1])
        if at > end:
            return None
        found: dict[str, str] = {}
        for number, (name, kind) in enumerate(zip(self.names, kinds, strict=True), 1):
            is_last = number == len(self.names)
            literal = "" if is_last else literals[number]
            stop = end if is_last else shape.find(literal, at, end)
            if kind is not None:
                told = kind.match(text, at, end)
                stop = told.end() if told else -1
                if (is_last and stop != end) or not shape.startswith(literal, max(stop, 0)):
                    return None
            if stop < 0:
                return None
            found[name] = text[at:stop]
            at = stop + len(literal)
        return found
