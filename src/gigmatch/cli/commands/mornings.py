"""Commands that solve, convert and draw mornings."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, cast

import typer

import gigmatch as gm
from gigmatch.cli import sources
from gigmatch.cli.app import (
    NOT_PROVED,
    AsJson,
    EncodingOption,
    ExtraOption,
    Lang,
    OnErrorOption,
    OpenOption,
    Seed,
    Size,
    To,
    command,
)
from gigmatch.cli.formats import echo, say, spoken
from gigmatch.cli.help import refuse_folder
from gigmatch.cli.sources import PLAIN, Extra, Form, OnError, Reading
from gigmatch.cli.working import Work, working

__all__ = ["convert", "sample", "solve", "terms"]


class Side(StrEnum):
    """For whom a stable answer is the best."""

    worker = "worker"
    employer = "employer"


@command("solve")
def solve(
    morning: Annotated[Path | None, typer.Argument(help="arg.source")] = None,
    sample: Annotated[str | None, typer.Option(help="solve.sample")] = None,
    seed: Seed = 7,
    size: Size = None,
    policy: Annotated[Path | None, typer.Option(help="opt.policy")] = None,
    time_limit: Annotated[float | None, typer.Option(min=0, help="solve.time_limit")] = None,
    stable: Annotated[Side | None, typer.Option(help="solve.stable")] = None,
    dask: Annotated[str | None, typer.Option("--dask", help="solve.dask")] = None,
    local: Annotated[int | None, typer.Option("--local", min=1, max=1024, help="solve.local")] = None,
    statistics: Annotated[bool, typer.Option("--statistics", help="solve.statistics")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="solve.out")] = None,
    to: To = None,
    names: Annotated[bool, typer.Option("--names", help="solve.names")] = False,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Solve a morning, print the summary and the first placements, and write the answer."""
    if (morning is None) == (sample is None):
        raise gm.InvalidInputError(say("one_source"))
    aims = gm.Policy.load(policy) if policy else gm.DEFAULT_POLICY
    reading = Reading(on_error, extra, encoding)
    if dask is not None or local is not None:
        if dask is not None and local is not None:
            raise gm.InvalidInputError(say("one_cluster"))
        if morning is not None:
            sources.require(morning)
        if morning is None or not morning.is_dir() or stable or names or to or reading != PLAIN:
            raise gm.InvalidInputError(say("cluster_takes_parts"))
        _solve_in_parts(morning, (dask, local), aims, time_limit, out, as_json, statistics)
        return
    with working(reading) as work:
        given = _given(morning, sample, seed, size, work)
        form = sources.form_of_answer(out, given.form, to) if out else given.form
        if out:
            sources.refuse_target(out, form, morning)
        how: dict[str, Any] = {"policy": aims, "time_limit_s": time_limit, "progress": work.progress}
        if stable:
            assignment = gm.stable(given.morning, side=stable.value, **how)
        else:
            assignment = gm.match(given.morning, **how)
        if out:
            work.at("writing")
            named = given.morning if names else None
            sources.write_answer(assignment, out, form, given.morning.reading.left_out, named)
        work.notes.clear()  # the answer tells them
    _tell(assignment, given.morning.reading, as_json)
    if statistics and not as_json:
        echo(cast(gm.Statistics, assignment.statistics).text(spoken()))
    if given.form is not Form.json:
        _note_what_is_not_there(assignment, given.form)
    if assignment.status == "feasible":
        raise typer.Exit(NOT_PROVED)


def _solve_in_parts(
    folder: Path,
    at: tuple[str | None, int | None],
    policy: gm.Policy,
    time_limit: float | None,
    out: Path | None,
    as_json: bool,
    statistics: bool,
) -> None:
    """Solve a morning that lies in parts, on a cluster."""
    form = sources.form_of_answer(out, Form.parquet, None) if out else Form.parquet
    if out:
        sources.refuse_target(out, form, folder)
    into = out if out and form is not Form.json else None
    source = gm.Partitioned(folder, into)
    with working() as work, gm.dask_client(at[0], local=at[1]) as client:
        echo(say("dashboard", address=client.dashboard_link), err=True)
        how: dict[str, Any] = {"policy": policy, "time_limit_s": time_limit, "progress": work.progress}
        assignment = gm.match(source, cluster=client, **how)
    if out:
        assignment.save(out / "assignment.json" if into else out)
    if as_json:
        echo(json.dumps(_as_data(assignment), ensure_ascii=False, indent=1))
    else:
        echo(assignment.text(spoken()))
    if statistics and not as_json:
        echo(cast(gm.Statistics, assignment.statistics).text(spoken()))
    if assignment.status == "feasible":
        raise typer.Exit(NOT_PROVED)


@command("terms")
def terms(
    morning: Annotated[Path, typer.Argument(help="arg.source")],
    policy: Annotated[Path | None, typer.Option(help="opt.policy")] = None,
    mechanism: Annotated[str, typer.Option("--mechanism", "-m", help="opt.mechanism")] = "optimal",
    side: Annotated[Side | None, typer.Option(help="opt.side")] = None,
    left_open: OpenOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="opt.terms_out", callback=refuse_folder)
    ] = None,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Tell the terms under which a morning will be matched, and write them to be published."""
    aims = gm.Policy.load(policy) if policy else gm.DEFAULT_POLICY
    if out:
        sources.refuse_target(out, Form.json, morning)
    with working(Reading(on_error, extra, encoding)) as work:
        source = work.read(morning).morning
        found = gm.Terms.of(source, policy=aims, mechanism=mechanism, side=side.value if side else None)
    found = found.with_open(*(left_open or ()))
    if out:
        found.save(out)
    echo(found.to_json(indent=1).decode().rstrip("\n") if as_json else found.text(spoken()))
    if out and not as_json:
        echo(say("written", out=out))


@command("convert")
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="arg.source")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="convert.out")],
    to: To = None,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    lang: Lang = None,
) -> None:
    """Turn a morning from one form into another."""
    form = sources.form_of_morning(source, out, to)
    sources.refuse_target(out, form, source)
    with working(Reading(on_error, extra, encoding)) as work:
        morning = work.whole(source)
        work.at("writing")
        sources.write_morning(morning, out, form)
    echo(say("written", out=out))


@command("sample")
def sample(
    name: Annotated[str | None, typer.Argument(help="sample.name")] = None,
    named: Annotated[str | None, typer.Option("--name", help="sample.name")] = None,
    seed: Seed = 7,
    size: Size = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="sample.out")] = None,
    to: To = None,
    lang: Lang = None,
) -> None:
    """Write a sample morning."""
    if (name is None) == (named is None):
        raise gm.InvalidInputError(say("one_name"))
    form = sources.form_of_answer(out, Form.json, to) if out else to or Form.json
    if out:
        sources.refuse_target(out, form)
    elif form is not Form.json:
        raise gm.InvalidInputError(say("tables_need_out", to=form.value))
    with working() as work:
        work.at("drawing")
        morning = sources.sample_to_write(name or str(named), seed, size)
        work.at("writing")
        if out:
            sources.write_morning(morning, out, form)
        else:
            text = sources.as_objects(morning).to_json().decode()
    echo(say("written", out=out) if out else text, nl=out is not None)


def _given(
    morning: Path | None, sample: str | None, seed: int, size: int | None, work: Work
) -> sources.Source:
    """The morning that is asked for, from its files or drawn."""
    if morning is not None:
        return work.read(morning)
    work.at("drawing")
    return sources.Source(sources.sample_named(str(sample), seed, size), Form.json)


def _tell(assignment: gm.Assignment, reading: gm.tables.Reading, as_json: bool) -> None:
    """Print the summary and the first placements, or everything for a program."""
    if as_json:
        left_out = {"left_out": [row._asdict() for row in reading.left_out]}
        data = _as_data(assignment) | left_out | {"left_out_counts": dict(reading.counts)}
        echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        told = (assignment.text(spoken()), assignment.placements_text(lang=spoken()))
        echo("\n\n".join(filter(None, told)))


def _note_what_is_not_there(assignment: gm.Assignment, form: Form) -> None:
    """Tables may be missing; without workers or shifts that is hardly meant."""
    for name in ("workers", "shifts"):
        if not getattr(assignment.summary, name):
            echo(say("nobody", what=say(name), file=f"{name}.{form.value}"), err=True)


def _figures(summary: gm.assignment.Summary) -> dict[str, Any]:
    return asdict(summary) | {"points": summary.points}


def _as_data(assignment: gm.Assignment) -> dict[str, Any]:
    return {
        "status": assignment.status,
        "stopped": assignment.solution.stopped,
        "gap_points": assignment.solution.gap / 100,
        "seconds": assignment.seconds,
        "statistics": asdict(assignment.statistics) if assignment.statistics else None,
        "summary": _figures(assignment.summary),
        "first_come_first_served": _figures(assignment.baseline),
        "warnings": {warning.rule: len(warning.pairs) for warning in assignment.warnings},
        "requests": [request._asdict() for request in assignment.requests],
        "notes": [note.text(spoken()) for note in assignment.notes],
        "placements": [placement._asdict() for placement in assignment.placements],
        "unplaced": [worker._asdict() for worker in assignment.unplaced],
        "open_shifts": [shift._asdict() for shift in assignment.open_shifts],
    }
