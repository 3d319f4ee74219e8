"""The command that keeps a ledger of days."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import gigmatch as gm
from gigmatch.cli.app import EncodingOption, ExtraOption, Lang, OnErrorOption, command
from gigmatch.cli.formats import echo, say, spoken
from gigmatch.cli.help import refuse_folder
from gigmatch.cli.sources import Extra, OnError, Reading, pairs_of
from gigmatch.cli.working import working

__all__ = ["ledger"]

Names = list[str] | None


@command("ledger")
def ledger(
    ledger: Annotated[Path, typer.Argument(help="arg.ledger", callback=refuse_folder)],
    days: Annotated[
        list[Path] | None,
        typer.Argument(metavar="MORNING ASSIGNMENT", help="arg.days", show_default=False),
    ] = None,
    no_show: Annotated[Names, typer.Option(help="ledger.no_show")] = None,
    excused: Annotated[Names, typer.Option(help="ledger.excused")] = None,
    line: Annotated[str | None, typer.Option(help="ledger.line")] = None,
    erase: Annotated[str | None, typer.Option(help="ledger.erase")] = None,
    into: Annotated[Path | None, typer.Option(help="ledger.into")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="ledger.out", callback=refuse_folder)
    ] = None,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    lang: Lang = None,
) -> None:
    """Add days to a ledger, and print its measures or somebody's line."""
    pairs = pairs_of(days or ())
    if (no_show or excused) and len(pairs) != 1:
        raise gm.InvalidInputError(say("ledger_one_day"))
    if (into is None) != (out is None):
        raise gm.InvalidInputError(say("ledger_needs_out"))
    with working(Reading(on_error, extra, encoding)) as work:
        kept = gm.Ledger.load(ledger) if ledger.exists() or not pairs else gm.Ledger.new()
        for pair in pairs:
            morning, answer = work.loaded(*pair, whole=True)
            assert isinstance(morning, gm.Morning)
            kept = kept.with_day(morning, answer, no_shows=no_show or (), excused=excused or ())
        if erase is not None:
            kept = kept.without(erase)
        if pairs or erase is not None:
            kept.save(ledger)
        if into is not None and out is not None:
            kept.carry_into(work.whole(into)).save(out)
    echo(kept.line(line).text(spoken()) if line is not None else kept.measures().text(spoken()))
