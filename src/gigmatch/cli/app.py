"""The shell itself: its exit codes, how a command is added, and the options that several commands have."""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

import gigmatch as gm
from gigmatch import i18n
from gigmatch.cli.formats import complaint, echo, meaning, say
from gigmatch.cli.help import LocalisedCommand, LocalisedGroup, choose_lang
from gigmatch.cli.sources import Extra, Form, OnError

__all__ = ["app", "command"]

NOT_PROVED, BAD_INPUT, REJECTED, INTERRUPTED = 3, 2, 1, 130

# Help texts are keys below ``cli.help``; the classes put the texts in their place.
app = typer.Typer(
    cls=LocalisedGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Audience(StrEnum):
    """Whose eyes an explanation is for."""

    worker = "worker"
    employer = "employer"
    manager = "manager"
    auditor = "auditor"


class OpenTerm(StrEnum):
    """What published terms may leave open."""

    seed = "seed"
    kept = "kept"
    requested = "requested"
    barred = "barred"
    status = "status"


Lang = Annotated[
    str | None,
    typer.Option(
        "--lang", help="opt.lang", metavar="|".join(i18n.languages()), is_eager=True, callback=choose_lang
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="opt.seed")]
Size = Annotated[int | None, typer.Option(min=1, help="opt.size")]
AsJson = Annotated[bool, typer.Option("--json", help="opt.json")]
To = Annotated[Form | None, typer.Option("--to", help="opt.to")]
ExtraOption = Annotated[Extra, typer.Option("--extra", help="opt.extra")]
EncodingOption = Annotated[str | None, typer.Option("--encoding", help="opt.encoding")]
OnErrorOption = Annotated[OnError, typer.Option("--on-error", help="opt.on_error")]
OpenOption = Annotated[
    list[OpenTerm] | None, typer.Option("--open", help="opt.open", metavar="|".join(OpenTerm))
]
Answer = Annotated[Path, typer.Argument(help="arg.assignment")]
SourceMorning = Annotated[Path, typer.Argument(help="arg.morning")]
Others = Annotated[
    list[Path] | None,
    typer.Argument(metavar="MORNING ASSIGNMENT", help="arg.others", show_default=False),
]


def _answers_mistakes(command: Callable[..., None]) -> Callable[..., None]:
    """Turn a user's mistake into one message and an exit code, never a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except gm.CertificateError as error:
            _fail(say("rejected", error=complaint(error)), REJECTED)
        except gm.GigmatchError as error:
            _fail(say("error", error=complaint(error)), BAD_INPUT)
        except OSError as error:
            file, why = error.filename or say("the_output"), meaning(error)
            _fail(say("error", error=say("not_written", file=file, why=why)), BAD_INPUT)
        except KeyboardInterrupt:
            _fail(say("interrupted"), INTERRUPTED)

    return run


def _fail(message: str, code: int) -> None:
    echo(message, err=True)
    raise typer.Exit(code)


def command(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add a command of a name, its help from the catalogue, its mistakes answered."""

    def add(function: Callable[..., None]) -> Callable[..., None]:
        return app.command(name, cls=LocalisedCommand)(_answers_mistakes(function))

    return add


@app.callback(invoke_without_command=True)
def _version(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="opt.version")] = False,
    lang: Lang = None,
) -> None:
    if version:
        echo(gm.__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        echo(context.get_help())
        raise typer.Exit(BAD_INPUT)
