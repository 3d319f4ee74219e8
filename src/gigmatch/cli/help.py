"""Help and usage in the language that the command line speaks."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.text import Text
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from gigmatch.cli.formats import language, sample_names, set_language
from gigmatch.cli.texts import TEXTS

__all__ = ["LocalisedCommand", "LocalisedGroup", "choose_language"]


def choose_language(context: typer.Context, value: str | None) -> str | None:
    """As the callback of an option: what is asked for holds from here on, help included."""
    if value is not None:
        if value not in TEXTS:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(map(repr, TEXTS))}.")
        set_language(value)
    return value


class _Localised:
    """What all commands have in common: ``--lang`` holds wherever it stands, even after ``--help``."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Speak as asked, whatever else is wrong with the arguments."""
        for word, after in zip(args, [*args, ""][1:], strict=True):
            name, _, value = word.partition("=")
            if name == "--lang" and (chosen := value or after) in TEXTS:
                set_language(chosen)
        return super().parse_args(ctx, args)  # type: ignore[misc]

    def get_help_option(self, ctx: Any) -> Any:
        """``--help``, as described in the language spoken."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option = copy.copy(option)
            option.help = TEXTS[language()]["opt.help"]
        return option


class LocalisedCommand(_Localised, TyperCommand):
    """A command whose help texts are keys of the words."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language spoken."""
        with _folded():
            super(LocalisedCommand, _with_texts(self)).format_help(ctx, formatter)


class LocalisedGroup(_Localised, TyperGroup):
    """All commands, with help in the language spoken."""

    def make_context(self, *arguments: Any, **extra: Any) -> Any:
        """Begin with the environment's language, whatever was spoken before in this process."""
        set_language(None)
        return super().make_context(*arguments, **extra)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language spoken."""
        told = _with_texts(self)
        told.commands = {name: _with_texts(command) for name, command in self.commands.items()}
        with _folded():
            super(LocalisedGroup, told).format_help(ctx, formatter)


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


def _with_texts(command: Any) -> Any:
    """A copy of a command with every key replaced by its text."""
    told = copy.copy(command)
    told.help, told.epilog = _text(command.help), _text(command.epilog)
    told.params = [copy.copy(param) for param in command.params]
    for param in told.params:
        param.help = _text(getattr(param, "help", None))
    return told


def _text(key: str | None) -> str | None:
    return key if key is None else TEXTS[language()].get(key, key).replace("{samples}", sample_names())
