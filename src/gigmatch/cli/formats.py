"""Texts and figures in the language that the command line speaks."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import typer

import gigmatch as gm
from gigmatch import i18n
from gigmatch.i18n.foreign import said_by_system

__all__ = [
    "SAMPLES",
    "complaint",
    "echo",
    "listed",
    "meaning",
    "place_and_reason",
    "sample_names",
    "say",
    "set_lang",
    "some",
    "spoken",
    "translated",
]

SAMPLES = ("jingshi", "majuqiao", "mentougou", "site", "city")
"""Names of the sample mornings, as far as ``gigmatch.scenarios`` has them."""
ENVIRONMENT = "GIGMATCH_LANG"
_LANG: ContextVar[str] = ContextVar("lang", default="en")


def spoken() -> str:
    """The language spoken, one of those that the catalogue has."""
    return _LANG.get()


def set_lang(chosen: str | None) -> None:
    """Speak a language; the environment's where none is chosen, ``zh`` for ``zh_CN.UTF-8`` and the like."""
    _LANG.set(i18n.known(chosen or os.environ.get(ENVIRONMENT, "")) or "en")


def echo(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print a text, the one way of doing so: nothing in it moves the cursor or turns lines around."""
    typer.echo(i18n.printable(str(text)), err=err, nl=nl)


def say(key: str, *, count: int | None = None, **values: object) -> str:
    """A text of the shell in the language spoken; the form for so many, who are ``n`` in it, if counted."""
    if count is not None:
        return i18n.plural(f"cli.{key}", count, spoken(), **values)
    return i18n.text(f"cli.{key}", spoken(), **values)


def some(what: str, n: int) -> str:
    """So many of something."""
    return i18n.plural(f"shared.n_{what}", n, spoken())


def listed(names: Iterable[str]) -> str:
    """Names one after the other, as the language spoken parts them; "none" without any."""
    return i18n.text("shared.list", spoken()).join(names) or i18n.text("words.none", spoken())


def translated(room: str, name: str) -> str:
    """A name of the library, such as a currency or the stage of a run; as it is where it has no text."""
    key = f"{room}.{name}"
    return i18n.text(key, spoken()) if i18n.has(key) else name


def complaint(error: gm.GigmatchError) -> str:
    """Return what an error says in the language spoken, with the shell's options for Python's calls."""
    own = f"cli.errors.{error.code}"
    return i18n.text(own, spoken(), **error.parameters) if i18n.has(own) else error.text(spoken())


def meaning(error: Exception) -> str:
    """Return what Python or the system says, in the language spoken."""
    return said_by_system(error).text(spoken())


def place_and_reason(row: gm.tables.LeftOut) -> dict[str, Any]:
    """Place and reason of a row that was left out, in the language spoken."""
    return {"place": row.place.text(spoken()), "why": row.why.text(spoken())}


def sample_names() -> str:
    """The samples that there are, as they are listed in a text."""
    return listed(name for name in SAMPLES if hasattr(gm.samples, name))
