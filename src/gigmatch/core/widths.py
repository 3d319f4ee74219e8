"""How wide a text stands in a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata

__all__ = ["columns_of_text", "fitted", "to_the_left", "to_the_right"]


def columns_of_text(text: str) -> int:
    """Count the columns of a terminal that a text takes: two for a Chinese character.

    Examples
    --------
    >>> columns_of_text("seat"), columns_of_text("名额")
    (4, 4)
    """
    return sum(map(_columns, text))


def fitted(text: str, columns: int) -> str:
    """Return a text that is no wider, cut with an ellipsis.

    Examples
    --------
    >>> fitted("seats", 5), fitted("seats", 4), fitted("名额", 3)
    ('seats', 'sea…', '名…')
    """
    if columns_of_text(text) <= columns:
        return text
    kept, room = "", columns - 1
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        kept += character
    return f"{kept}…"


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
