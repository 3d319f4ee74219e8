"""Help and usage in the language that the command line speaks, laid out by rich's tables.

typer parses; what it would say itself, in English, is said here from the catalogue.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextvars import copy_context
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Any

import typer
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from gigmatch import i18n
from gigmatch.cli.examples import EXAMPLES
from gigmatch.cli.formats import echo, sample_names, say, set_lang

__all__ = ["LocalisedCommand", "LocalisedGroup", "choose_lang", "refuse_folder"]

_WIDEST_NAME = 34
_UsageError: Any = typer.BadParameter.__base__


def choose_lang(context: typer.Context, value: str | None) -> str | None:
    """As the callback of an option: what is asked for holds from here on, help included."""
    if value is not None:
        if i18n.known(value) is None:
            known = ", ".join(map(repr, i18n.languages()))
            raise typer.BadParameter(say("usage.not_one_of", value=value, choices=known))
        set_lang(value)
    return value


def refuse_folder(context: typer.Context, value: Path | None) -> Path | None:
    """As the callback of an option: what names a file is no folder."""
    if value is not None and value.is_dir():
        raise typer.BadParameter(say("usage.is_a_folder", file=str(value)))
    return value


class _Localised:
    """What all commands have in common: ``--lang`` holds wherever it stands, even after ``--help``."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Speak as asked, whatever else is wrong with the arguments."""
        for word, after in zip(args, [*args, ""][1:], strict=True):
            name, _, value = word.partition("=")
            if name == "--lang" and i18n.known(chosen := value or after):
                set_lang(chosen)
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc]
        except _UsageError as error:
            error.ctx = error.ctx or ctx  # typer leaves it out where an option is misused
            raise

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """List the options, then each argument."""
        pieces = [piece for param in self.get_params(ctx) for piece in param.get_usage_pieces(ctx)]  # type: ignore[attr-defined]
        return [say("usage.options_metavar"), *pieces]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line of the usage, folded beside the command's name."""
        line = Table.grid(padding=(0, 1))
        line.add_column(no_wrap=True)
        line.add_row(
            _text(say("usage.usage", command=ctx.command_path)),
            _text(" ".join(self.collect_usage_pieces(ctx))),
        )
        formatter.write(_rendered([line]))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, what the command does, examples, and what it takes."""
        self.format_usage(ctx, formatter)
        params = self.get_params(ctx)  # type: ignore[attr-defined]
        arguments = [param for param in params if param.param_type_name == "argument"]
        options = [param for param in params if param.param_type_name == "option"]
        blocks = [
            _text(_help(self._key())),
            *_section("help.examples", map(_text, EXAMPLES[self._key()])),
            *_section("usage.arguments", _rows(_described(param, ctx) for param in arguments)),
            *_section("usage.options", _rows(_described(param, ctx) for param in options)),
            *self._more(),
        ]
        formatter.write("\n" + _rendered(blocks, apart=True))

    def _key(self) -> str:
        return str(self.name)  # type: ignore[attr-defined]

    def _more(self) -> list[RenderableType]:
        return []


class LocalisedCommand(_Localised, TyperCommand):
    """A command whose help is in the catalogue under its name."""

    allow_extra_args = True  # and refused here, in the language spoken

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Refuse what no argument takes."""
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            ctx.fail(say("usage.extra", count=len(left), names=" ".join(left)))
        return left


class LocalisedGroup(_Localised, TyperGroup):
    """All commands, with help and mistakes in the language spoken."""

    def main(self, *arguments: Any, **extra: Any) -> Any:
        """Run a command and leave with its code; the language is forgotten with it."""
        return copy_context().run(self._answered, *arguments, **extra)

    def _answered(self, *arguments: Any, **extra: Any) -> Any:
        """Run a command, and say what is wrong where it was asked for wrongly."""
        if not extra.get("standalone_mode", True):
            return super().main(*arguments, **extra)
        try:
            code = super().main(*arguments, **{**extra, "standalone_mode": False})
        except _UsageError as error:
            echo(_told(error), err=True)
            code = error.exit_code
        sys.exit(code)

    def make_context(self, *arguments: Any, **extra: Any) -> Any:
        """Begin with the environment's language, whatever was spoken before in this process."""
        set_lang(None)
        return super().make_context(*arguments, **extra)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or say which have names like it."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            names = ", ".join(map(repr, get_close_matches(name, self.list_commands(ctx))))
            key = "usage.possible_commands" if names else "usage.no_such_command"
            ctx.fail(say(key, name=name, names=names))
        return super().resolve_command(ctx, args)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """List the options, then the command."""
        return [*_Localised.collect_usage_pieces(self, ctx), say("usage.command_metavar")]

    def _key(self) -> str:
        return "app"

    def _more(self) -> list[RenderableType]:
        """Every command with the first paragraph of its help, and what the exit codes mean."""
        commands = _rows((name, _help(name).partition("\n\n")[0]) for name in self.commands)
        return [*_section("usage.commands", commands), _text(_help("app.epilog"))]


def _help(key: str) -> str:
    return say(f"help.{key}", samples=sample_names())


def _text(text: str, style: str = "") -> Text:
    """A text that folds anywhere: Chinese has no spaces to break at."""
    return Text(text, style, overflow="fold")


def _section(heading: str, rows: Iterable[RenderableType]) -> list[RenderableType]:
    """Rows, indented below their heading; nothing where there are none."""
    if not (lines := list(rows)):
        return []
    block = Table.grid()
    block.add_row(_text(say(heading), "bold"))
    for line in lines:
        block.add_row(Padding(line, (0, 0, 0, 2)))
    return [block]


def _rows(told: Iterable[tuple[str, str]]) -> list[RenderableType]:
    """Names to the left, what they mean beside them; a Chinese character is as wide as two others."""
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=_WIDEST_NAME)
    for name, meaning in told:
        table.add_row(_text(name, "cyan"), _text(meaning))
    return [table] if table.row_count else []


def _described(param: Any, ctx: Any) -> tuple[str, str]:
    """Name an argument or option, and say what it is, its default and its bounds."""
    is_help = param.name == "help"
    marks = [_help("opt.help" if is_help else param.help), *([] if is_help else _marks(param, ctx))]
    return param.get_help_record(ctx)[0], " ".join(marks)


def _marks(param: Any, ctx: Any) -> list[str]:
    default = param.get_default(ctx, call=False)
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    marks = []
    if param.required:
        marks.append(say("usage.required"))
    elif param.show_default and default is not None and default is not False:
        value = default.value if isinstance(default, Enum) else default
        marks.append(say("usage.default", value=value))
    if low is not None or high is not None:
        marks.append(f"[x>={low}]" if high is None else f"[{low}<=x<={high}]")
    return marks


def _rendered(blocks: Iterable[RenderableType], apart: bool = False) -> str:
    """Blocks as lines of the terminal's width, an empty line between them if they stand apart."""
    console = Console()
    with console.capture() as captured:
        for at, block in enumerate(blocks):
            if apart and at:
                console.print()
            console.print(block)
    return "\n".join(line.rstrip() for line in captured.get().split("\n"))


def _told(error: Any) -> str:
    """A mistake in asking: the usage, where help is, and what is wrong."""
    lines = [say("usage.error", message=_wrong(error))]
    if error.ctx is not None:
        lines = [error.ctx.get_usage(), say("usage.try", command=error.ctx.command_path), "", *lines]
    return "\n".join(lines)


def _wrong(error: Any) -> str:
    """What is wrong, told from what the error is about; in its own words where nothing is known of it."""
    match type(error).__name__:
        case "MissingParameter":
            return say(f"usage.missing_{error.param.param_type_name}", name=_named(error.param))
        case "NoSuchOption":
            names = ", ".join(sorted(error.possibilities or ()))
            key = "usage.possible_options" if names else "usage.no_such_option"
            return say(key, name=error.option_name, names=names)
        case "BadOptionUsage":
            is_flag = any(p.is_flag for p in _options(error.ctx) if error.option_name in p.opts)
            return say("usage.takes_no_value" if is_flag else "usage.needs_a_value", name=error.option_name)
        case "BadParameter":
            return say("usage.bad_value", name=_named(error.param), why=_why(error))
    return str(error.message)


def _options(ctx: Any) -> list[Any]:
    params = [] if ctx is None else ctx.command.get_params(ctx)
    return [param for param in params if param.param_type_name == "option"]


def _named(param: Any) -> str:
    if param.param_type_name == "option":
        return " / ".join(map(repr, param.opts))
    return repr(param.metavar or param.name)


def _why(error: Any) -> str:
    """Why a value does not do, from what pydantic found where typer asked it."""
    found: dict[str, Any] = error.__cause__.errors()[0] if hasattr(error.__cause__, "errors") else {}
    choices = getattr(getattr(error.param, "type_descriptor", None), "choices", None)
    if choices and "input" in found:
        known = ", ".join(repr(getattr(choice, "value", choice)) for choice in choices)
        return say("usage.not_one_of", value=found["input"], choices=known)
    key = f"usage.value.{found.get('type')}"
    if i18n.has(f"cli.{key}"):
        return say(key, **found.get("ctx", {}))
    return str(error.message)
