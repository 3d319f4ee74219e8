"""How wide a text stands in a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata

__all__ = ["columns_of_text", "to_the_left", "to_the_right"]


def columns_of_text(text: str) -> int:
    """Count the columns of a terminal that a text takes: two for a Chinese character.

    Examples
    --------
    >>> columns_of_text("seat"), columns_of_text("名额")
    (4, 4)
    """
    return sum(map(_columns, text))


def to_the_left(text: str, columns: int) -> str:
    """Return a text with blanks after it, if it is not as wide."""
    return text + " " * (columns - columns_of_text(text))


def to_the_right(text: str, columns: int) -> str:
    """Return a text with blanks before it, at least one."""
    return " " * max(columns - columns_of_text(text), 1) + text


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
