"""The commands that write what people look at: report, board, slips and call lists."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

import gigmatch as gm
from gigmatch.cli.app import (
    Answer,
    Audience,
    EncodingOption,
    ExtraOption,
    Lang,
    OnErrorOption,
    SourceMorning,
    command,
)
from gigmatch.cli.formats import echo, say, spoken
from gigmatch.cli.help import refuse_folder
from gigmatch.cli.sources import Extra, Form, OnError, Reading, refuse_target
from gigmatch.cli.working import working

__all__ = ["board", "report", "slips"]


class Paper(StrEnum):
    """What is printed on."""

    a4 = "a4"
    roll = "80mm"


Page = Annotated[Path, typer.Option("--out", "-o", help="page.out", callback=refuse_folder)]
PaperOption = Annotated[Paper, typer.Option(help="slips.paper")]


@command("report")
def report(
    morning: SourceMorning,
    assignment: Answer,
    out: Page = Path("report.html"),
    audience: Annotated[Audience, typer.Option(help="explain.audience")] = Audience.manager,
    advice: Annotated[int, typer.Option(min=0, help="report.advice")] = 3,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    lang: Lang = None,
) -> None:
    """Write the report of a morning: one HTML file that loads nothing from elsewhere."""
    refuse_target(out, Form.json)
    with working(Reading(on_error, extra, encoding)) as work:
        source, answer = work.loaded(morning, assignment, whole=True)
        work.at("explaining")
        answer.report(out, morning=source, lang=spoken(), audience=audience.value, advice=advice)
    echo(out)


@command("board")
def board(
    morning: SourceMorning,
    assignment: Answer,
    out: Page = Path("board.html"),
    text: Annotated[bool, typer.Option("--text", help="board.text")] = False,
    width: Annotated[int, typer.Option(min=40, help="board.width")] = 80,
    seconds: Annotated[float | None, typer.Option(min=1, max=3600, help="board.seconds")] = None,
    reload: Annotated[bool, typer.Option("--reload", help="board.reload")] = False,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    lang: Lang = None,
) -> None:
    """Write the board of open seats for the hall's screen, or print it."""
    if not text:
        refuse_target(out, Form.json)
    with working(Reading(on_error, extra, encoding)) as work:
        source, answer = work.loaded(morning, assignment, whole=True)
        work.at("writing")
        if text:
            told = answer.board_text(morning=source, lang=spoken(), width=width)
        else:
            answer.board(out, morning=source, lang=spoken(), seconds=seconds, reload=reload)
    echo(told if text else out)


@command("slips")
def slips(
    morning: SourceMorning,
    assignment: Answer,
    out: Page = Path("slips.html"),
    calls: Annotated[bool, typer.Option("--calls", help="slips.calls")] = False,
    employer: Annotated[str | None, typer.Option(help="slips.employer")] = None,
    paper: PaperOption = Paper.a4,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    lang: Lang = None,
) -> None:
    """Write slips to print, one for everybody who has work; with --calls, a list of names for every shift."""
    if employer and not calls:
        raise gm.InvalidInputError(say("employer_needs", option="--calls"))
    refuse_target(out, Form.json)
    with working(Reading(on_error, extra, encoding)) as work:
        source, answer = work.loaded(morning, assignment, whole=True)
        work.at("writing")
        options: dict[str, Any] = {"morning": source, "lang": spoken(), "paper": paper.value}
        if calls:
            answer.call_lists(out, employer=employer, **options)
        else:
            answer.slips(out, **options)
    echo(out)
