"""The command that holds mechanisms against each other."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

import gigmatch as gm
from gigmatch.cli import sources
from gigmatch.cli.app import (
    AsJson,
    EncodingOption,
    ExtraOption,
    Lang,
    OnErrorOption,
    Seed,
    Size,
    command,
)
from gigmatch.cli.formats import echo, say, spoken
from gigmatch.cli.help import refuse_folder
from gigmatch.cli.sources import Extra, Form, OnError, Reading
from gigmatch.cli.working import Work, working

__all__ = ["compare"]

_PLOTS = (".png", ".svg", ".pdf")


@command("compare")
def compare(
    morning: Annotated[Path | None, typer.Argument(help="arg.source")] = None,
    sample: Annotated[str | None, typer.Option(help="compare.sample")] = None,
    seed: Seed = 7,
    size: Size = None,
    mechanism: Annotated[
        list[str] | None, typer.Option("--mechanism", "-m", help="compare.mechanism")
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="compare.days")] = 1,
    seeds: Annotated[int, typer.Option(min=1, help="compare.seeds")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="compare.out", callback=refuse_folder)
    ] = None,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Hold mechanisms against each other over a morning or a row of days."""
    if (morning is None) == (sample is None):
        raise gm.InvalidInputError(say("one_source"))
    if out:
        sources.refuse_target(out, Form.json, morning)
        _writer(out)  # refuses other endings before the work
    with working(Reading(on_error, extra, encoding)) as work:
        start = _start(morning, str(sample), size, work)
        chosen = mechanism or gm.mechanisms.STANDARD
        numbers = range(seed, seed + seeds)
        found = gm.compare([*chosen], start, seeds=numbers, days=days, progress=work.progress)
    if out:
        _writer(out)(found, out)
    echo(found.to_json().decode().rstrip("\n") if as_json else found.text(spoken()))
    if out and not as_json:
        echo(say("written", out=out))


def _start(morning: Path | None, sample: str, size: int | None, work: Work) -> Any:
    """The morning of a file, or of a sample the first day that a seed gives."""
    if morning is not None:
        return work.read(morning).morning
    if sample == "city":
        return lambda seed: sources.sample_named("city", seed, size)
    return partial(gm.samples.first_day, sample, workers=size)


def _writer(out: Path) -> Any:
    """What writes a comparison to a file of such a name."""
    ending = out.suffix.lower()
    if ending == ".json":
        return gm.Comparison.save
    if ending == ".html":
        return partial(gm.pages.comparison, lang=spoken())
    if ending == ".csv":
        return _write_rows
    if ending in _PLOTS:
        return _draw
    raise gm.InvalidInputError(say("compare_ending", out=out))


def _write_rows(found: gm.Comparison, out: Path) -> None:
    rows = found.records(spoken())
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, [*rows[0]])
        table.writeheader()
        table.writerows(rows)


def _draw(found: gm.Comparison, out: Path) -> None:
    gm.plot.comparison(found, lang=spoken())[0].figure.savefig(out)
