"""The commands that write what people look at: report, board, slips and call lists."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import gigmatch as gm
from gigmatch.cli.commands import Audience, _answers_mistakes, app

__all__ = ["app"]


class PageLang(StrEnum):
    """Languages of a page."""

    en = "en"
    zh = "zh"


class Paper(StrEnum):
    """What is printed on."""

    a4 = "a4"
    roll = "80mm"


Answer = Annotated[Path, typer.Argument(help="Saved assignment.")]
Made = Annotated[Path, typer.Argument(help="The morning it was made from.")]
Page = Annotated[Path, typer.Option("--out", "-o", help="HTML file to write.", dir_okay=False)]
Lang = Annotated[PageLang, typer.Option(help="Language of the page.")]
PaperOption = Annotated[Paper, typer.Option(help="Paper to print on.")]


@app.command()
@_answers_mistakes
def report(
    assignment: Answer,
    morning: Made,
    out: Page = Path("report.html"),
    audience: Annotated[Audience, typer.Option(help="Whose eyes it is for.")] = Audience.manager,
    advice: Annotated[int, typer.Option(min=0, help="Shifts to fill, people to train, at most.")] = 3,
    lang: Lang = PageLang.en,
) -> None:
    """Write the report of a morning: one HTML file that loads nothing from elsewhere.

    Example: `gigmatch report assignment.json morning.json --out morning.html --lang zh`.
    """
    gm.Assignment.load(assignment).report(
        out, gm.Morning.load(morning), lang=lang.value, audience=audience.value, advice=advice
    )
    typer.echo(out)


@app.command()
@_answers_mistakes
def board(
    assignment: Answer,
    morning: Made,
    out: Page = Path("board.html"),
    text: Annotated[bool, typer.Option("--text", help="Print it to the terminal instead.")] = False,
    columns: Annotated[int, typer.Option(min=40, help="Width of the terminal, with --text.")] = 80,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long a page stands.")] = 12.0,
    reload: Annotated[
        bool, typer.Option("--reload", help="Read the file again after the last page.")
    ] = False,
    lang: Lang = PageLang.en,
) -> None:
    """Write the board of open seats for the hall's screen, or print it.

    Examples: `gigmatch board assignment.json morning.json --out board.html --reload --lang zh`;
    `gigmatch board assignment.json morning.json --text`.
    """
    answer, source = gm.Assignment.load(assignment), gm.Morning.load(morning)
    if text:
        typer.echo(answer.board_text(source, lang=lang.value, columns=columns))
        return
    answer.board(out, source, lang=lang.value, seconds=seconds, reload=reload)
    typer.echo(out)


@app.command()
@_answers_mistakes
def slips(
    assignment: Answer,
    morning: Made,
    out: Page = Path("slips.html"),
    calls: Annotated[bool, typer.Option("--calls", help="Call lists by shift instead.")] = False,
    paper: PaperOption = Paper.a4,
    lang: Lang = PageLang.en,
) -> None:
    """Write slips to print, one for everybody who has work; with --calls, a list of names for every shift.

    Examples: `gigmatch slips assignment.json morning.json --paper 80mm --lang zh`;
    `gigmatch slips assignment.json morning.json --calls --out calls.html`.
    """
    answer, source = gm.Assignment.load(assignment), gm.Morning.load(morning)
    write = answer.call_lists if calls else answer.slips
    write(out, source, lang=lang.value, paper=paper.value)
    typer.echo(out)
