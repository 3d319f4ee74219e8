"""Which language the command line speaks, and help in it."""

from __future__ import annotations

import copy
import os
from contextvars import ContextVar
from typing import Any, Literal

import typer
from typer.core import TyperCommand, TyperGroup

import gigmatch as gm
from gigmatch.cli.words import SAMPLES, WORDS

__all__ = [
    "SpeakingCommand",
    "SpeakingGroup",
    "choose_language",
    "language",
    "sample_names",
    "say",
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


def say(key: str, **values: object) -> str:
    """A text in the language spoken."""
    return WORDS[language()][key].format(**values)


def translated(text: str) -> str:
    """A text of the library, such as the stage of a run; as it is where it has no translation."""
    return WORDS[language()].get(text, text.partition(".")[2] or text)


def choose_language(context: typer.Context, value: str | None) -> str | None:
    """As the callback of an option: what is asked for holds from here on, help included."""
    if value is not None:
        if value not in WORDS:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(map(repr, WORDS))}.")
        speak(value)
    return value


class SpeakingCommand(TyperCommand):
    """A command whose help texts are keys of the words."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language spoken."""
        super(SpeakingCommand, _in_words(self)).format_help(ctx, formatter)


class SpeakingGroup(TyperGroup):
    """All commands, with help in the language spoken."""

    def make_context(self, *arguments: Any, **extra: Any) -> Any:
        """Begin with the environment's language, whatever was spoken before in this process."""
        speak(None)
        return super().make_context(*arguments, **extra)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language spoken."""
        told = _in_words(self)
        told.commands = {name: _in_words(command) for name, command in self.commands.items()}
        super(SpeakingGroup, told).format_help(ctx, formatter)


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
    return ", ".join(name for name in SAMPLES if hasattr(gm.samples, name))
