"""Texts and figures in the language that the command line speaks."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import Any, Literal

import gigmatch as gm
from gigmatch.cli.texts import SAMPLES, TEXTS
from gigmatch.i18n.foreign import said_by_system

__all__ = [
    "complaint",
    "language",
    "meaning",
    "place_and_reason",
    "sample_names",
    "say",
    "set_language",
    "some",
    "translated",
]

ENVIRONMENT = "GIGMATCH_LANG"
Language = Literal["en", "zh"]
_LANGUAGE: ContextVar[Language] = ContextVar("language", default="en")


def language() -> Language:
    """``en`` or ``zh``."""
    return _LANGUAGE.get()


def set_language(chosen: str | None) -> None:
    """Speak a language; the environment's where none is chosen, ``zh`` for ``zh_CN.UTF-8`` and the like."""
    asked = (chosen or os.environ.get(ENVIRONMENT, "")).lower()
    _LANGUAGE.set("zh" if asked.startswith("zh") else "en")


def say(key: str, *, count: int | None = None, **values: object) -> str:
    """A text in the language spoken; of two forms the one for so many, who are ``n`` in it."""
    text = TEXTS[language()][key]
    if count is not None:
        forms = text.split("|")
        text, values["n"] = forms[0] if count == 1 else forms[-1], f"{count:,}"
    return text.format(**values)


def some(what: str, n: int) -> str:
    """So many of something."""
    return say(f"some.{what}", count=n)


def translated(text: str) -> str:
    """A text of the library, such as the stage of a run; as it is where it has no translation."""
    return TEXTS[language()].get(text, text.partition(".")[2] or text)


def complaint(error: gm.GigmatchError) -> str:
    """Return what an error says, in the language spoken."""
    return error.text(language())


def meaning(error: Exception) -> str:
    """Return what Python or the system says, in the language spoken."""
    return said_by_system(error).text(language())


def place_and_reason(row: gm.tables.LeftOut) -> dict[str, Any]:
    """Place and reason of a row that was left out, in the language spoken."""
    return {"place": row.place.text(language()), "why": row.why.text(language())}


def sample_names() -> str:
    """The samples that there are, as they are listed in a text."""
    return say("summary.list").join(name for name in SAMPLES if hasattr(gm.samples, name))
