"""Which language the command line speaks, and help in it."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

import typer
from rich.text import Text
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

import gigmatch as gm
from gigmatch.cli.words import SAMPLES, WORDS

__all__ = [
    "SpeakingCommand",
    "SpeakingGroup",
    "choose_language",
    "complaint",
    "language",
    "meaning",
    "place_and_reason",
    "sample_names",
    "say",
    "some",
    "speak",
    "translated",
]

ENVIRONMENT = "GIGMATCH_LANG"
Language = Literal["en", "zh"]
_LANGUAGE: ContextVar[Language] = ContextVar("language", default="en")


def language() -> Language:
    """``en`` or ``zh``."""
    return _LANGUAGE.get()


def speak(chosen: str | None) -> None:
    """Speak a language; the environment's where none is chosen, ``zh`` for ``zh_CN.UTF-8`` and the like."""
    asked = (chosen or os.environ.get(ENVIRONMENT, "")).lower()
    _LANGUAGE.set("zh" if asked.startswith("zh") else "en")


def say(key: str, *, count: int | None = None, **values: object) -> str:
    """A text in the language spoken; of two forms the one for so many, who are ``n`` in it."""
    text = WORDS[language()][key]
    if count is not None:
        forms = text.split("|")
        text, values["n"] = forms[0] if count == 1 else forms[-1], f"{count:,}"
    return text.format(**values)


def some(what: str, n: int) -> str:
    """So many of something."""
    return say(f"some.{what}", count=n)


def translated(text: str) -> str:
    """A text of the library, such as the stage of a run; as it is where it has no translation."""
    return WORDS[language()].get(text, text.partition(".")[2] or text)


def complaint(error: Exception) -> str:
    """What an error says, in the language spoken: the library speaks English, the shell translates."""
    if language() == "en":
        return str(error)
    from gigmatch.cli.complaints import in_chinese

    return in_chinese(error)


def meaning(text: str) -> str:
    """What the system says, in the language spoken."""
    return complaint(gm.GigmatchError(text))


def place_and_reason(row: gm.tables.LeftOut) -> dict[str, Any]:
    """Place and reason of a row that was left out, in the language spoken."""
    if language() == "en":
        return {"place": row.place, "why": row.why}
    from gigmatch.cli.complaints import place, reason

    return {"place": place(row.place), "why": reason(row.why)}


def choose_language(context: typer.Context, value: str | None) -> str | None:
    """As the callback of an option: what is asked for holds from here on, help included."""
    if value is not None:
        if value not in WORDS:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(map(repr, WORDS))}.")
        speak(value)
    return value


class _Speaking:
    """What all commands have in common: ``--lang`` holds wherever it stands, even after ``--help``."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Speak as asked, whatever else is wrong with the arguments."""
        for word, after in zip(args, [*args, ""][1:], strict=True):
            name, _, value = word.partition("=")
            if name == "--lang" and (chosen := value or after) in WORDS:
                speak(chosen)
        return super().parse_args(ctx, args)  # type: ignore[misc]

    def get_help_option(self, ctx: Any) -> Any:
        """``--help``, as described in the language spoken."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option = copy.copy(option)
            option.help = WORDS[language()]["opt.help"]
        return option


class SpeakingCommand(_Speaking, TyperCommand):
    """A command whose help texts are keys of the words."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language spoken."""
        with _folded():
            super(SpeakingCommand, _in_words(self)).format_help(ctx, formatter)


class SpeakingGroup(_Speaking, TyperGroup):
    """All commands, with help in the language spoken."""

    def make_context(self, *arguments: Any, **extra: Any) -> Any:
        """Begin with the environment's language, whatever was spoken before in this process."""
        speak(None)
        return super().make_context(*arguments, **extra)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language spoken."""
        told = _in_words(self)
        told.commands = {name: _in_words(command) for name, command in self.commands.items()}
        with _folded():
            super(SpeakingGroup, told).format_help(ctx, formatter)


@contextmanager
def _folded() -> Iterator[None]:
    """Let help fold its lines anywhere: Chinese has no spaces to break at, and Rich would cut it off."""
    make = getattr(rich_utils, "_make_rich_text", None)

    def folding(**options: Any) -> Any:
        made = make(**options)  # type: ignore[misc]
        if isinstance(made, Text):
            made.overflow = "fold"
        return made

    if make is not None:
        rich_utils._make_rich_text = folding
    try:
        yield
    finally:
        if make is not None:
            rich_utils._make_rich_text = make


def _in_words(command: Any) -> Any:
    """A copy of a command with every key replaced by its text."""
    told = copy.copy(command)
    told.help, told.epilog = _text(command.help), _text(command.epilog)
    told.params = [copy.copy(param) for param in command.params]
    for param in told.params:
        param.help = _text(getattr(param, "help", None))
    return told


def _text(key: str | None) -> str | None:
    return key if key is None else WORDS[language()].get(key, key).replace("{samples}", sample_names())


def sample_names() -> str:
    """The samples that there are, as they are listed in a text."""
    return say("summary.list").join(name for name in SAMPLES if hasattr(gm.samples, name))
