"""Catalogues as gettext has them: ``.po`` files, read as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from gettext import c2py
from json import JSONDecoder
from pathlib import Path
from typing import Final, NamedTuple

__all__ = ["Catalogue", "read_po"]

_LINE: Final = re.compile(r'(msgid|msgid_plural|msgstr|msgstr\[\d\])?\s*(".*")')
_PLURAL: Final = re.compile(r"^Plural-Forms:.*?plural=([^;\n]+)", re.MULTILINE)

_UNQUOTED: Final = JSONDecoder(strict=False).decode  # quoted as in C, which JSON quotes alike


class Catalogue(NamedTuple):
    """The texts of one file."""

    texts: Mapping[str, tuple[str, ...]]
    """By key, in all forms, none of them empty."""
    plural: Callable[[int], int]
    """Which of several forms is for a number."""

    def find(self, key: str, n: int) -> str | None:
        """Return a text in the form for a number, None if it is not there."""
        forms = self.texts.get(key)
        if forms is None or len(forms) == 1:
            return forms and forms[0]
        return forms[min(self.plural(n), len(forms) - 1)]


def read_po(path: Path) -> Catalogue:
    """Read a catalogue in UTF-8; what is marked as fuzzy or has no text is not there.

    Parameters
    ----------
    path : Path
        Of a ``.po`` file.

    Raises
    ------
    OSError
        It cannot be read.
    ValueError
        It is no such file, or not in UTF-8.
    """
    texts: dict[str, tuple[str, ...]] = {}
    for entry in _entries(path.read_text(encoding="utf-8")):
        forms = tuple(text for field, text in entry.items() if field.startswith("msgstr"))
        if all(forms) and not (entry["msgid"] and "fuzzy" in entry):
            texts[entry["msgid"]] = forms
    rule = _PLURAL.search("".join(texts.pop("", ())))
    return Catalogue(texts, c2py(rule.group(1) if rule else "n != 1"))


def _entries(source: str) -> list[dict[str, str]]:
    """What each entry has, by field in order; ``fuzzy`` is one of them."""
    found: list[dict[str, str]] = []
    field, marks = "", dict[str, str]()
    for number, line in enumerate(map(str.strip, source.split("\n")), 1):
        if not line or line.startswith("#"):
            marks |= {"fuzzy": ""} if line.startswith("#,") and "fuzzy" in line else {}
            continue
        matched = _LINE.fullmatch(line)
        if matched is None or not (found or matched[1] == "msgid"):
            raise ValueError(f"line {number}: {line:.40}")
        field = matched[1] or field
        if matched[1] == "msgid":
            found.append(marks)
            marks = {}
        found[-1][field] = found[-1].get(field, "") + _UNQUOTED(matched[2])
    return found
