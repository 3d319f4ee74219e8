"""The command that shares too few seats by lot: chances, and an answer drawn with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

import gigmatch as gm
from gigmatch.cli import sources
from gigmatch.cli.app import AsJson, EncodingOption, ExtraOption, Lang, OnErrorOption, To, command
from gigmatch.cli.formats import echo, say, spoken
from gigmatch.cli.help import refuse_folder
from gigmatch.cli.sources import Extra, OnError, Reading
from gigmatch.cli.working import working

__all__ = ["lottery"]


@command("lottery")
def lottery(
    morning: Annotated[Path, typer.Argument(help="arg.source")],
    policy: Annotated[Path | None, typer.Option(help="opt.policy")] = None,
    time_limit: Annotated[float | None, typer.Option(min=0, help="lottery.time_limit")] = None,
    worker: Annotated[str | None, typer.Option(help="lottery.worker")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="lottery.out", callback=refuse_folder)
    ] = None,
    draw: Annotated[int | None, typer.Option(min=0, help="lottery.draw")] = None,
    answer: Annotated[Path | None, typer.Option(help="lottery.answer")] = None,
    to: To = None,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say everybody's fairest chance of a seat, and draw an answer with exactly these chances."""
    if (draw is None) != (answer is None):
        raise gm.InvalidInputError(say("draw_needs_answer"))
    aims = gm.Policy.load(policy) if policy else gm.DEFAULT_POLICY
    with working(Reading(on_error, extra, encoding)) as work:
        given = work.read(morning)
        if answer:
            form = sources.form_of_answer(answer, given.form, to)
            sources.refuse_target(answer, form, morning)
        found = gm.fair_lottery(given.morning, policy=aims, time_limit_s=time_limit, progress=work.progress)
        work.at("writing")
        if out:
            found.save(out)
        if answer:
            drawn = found.draw(draw)
            sources.write_answer(drawn, answer, form, given.morning.reading.left_out, None)
    if as_json:
        echo(json.dumps(_as_data(found, worker), ensure_ascii=False, indent=1))
    else:
        echo(found.chance_text(worker, lang=spoken()) if worker else found.text(spoken()))
    if answer and not as_json:
        echo(say("drawn", seed=draw, out=answer))


def _as_data(lottery: gm.FairLottery, worker: str | None) -> dict[str, Any]:
    chances = [lottery.chance_of(worker)] if worker else lottery.chances
    return {
        "seed": lottery.seed,
        "expected_points": float(lottery.expected_points),
        "points_given_up": float(lottery.points_given_up),
        "chances": [each._asdict() | {"chance": str(each.chance)} for each in chances],
    }
