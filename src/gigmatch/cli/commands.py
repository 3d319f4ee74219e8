"""The commands; each says in its help what it reads, writes and returns."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

import gigmatch as gm
from gigmatch.cli import sources
from gigmatch.cli.sources import Form, LeftOut, OnError
from gigmatch.cli.speaking import (
    SpeakingCommand,
    SpeakingGroup,
    choose_language,
    language,
    say,
    translated,
)
from gigmatch.cli.summary import summary_of

__all__ = ["app"]

NOT_PROVED, BAD_INPUT, REJECTED, INTERRUPTED = 3, 2, 1, 130
MOST_LISTED = 20

Tell = Callable[[str, float], None]

# Help texts are keys of ``words``; the classes put the words in their place.
app = typer.Typer(
    cls=SpeakingGroup,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="app.help",
    epilog="app.epilog",
)


class Audience(StrEnum):
    """Whose eyes an explanation is for."""

    worker = "worker"
    employer = "employer"
    manager = "manager"
    auditor = "auditor"


class Tier(StrEnum):
    """How much is measured."""

    commit = "commit"
    nightly = "nightly"
    full = "full"


Lang = Annotated[
    str | None,
    typer.Option("--lang", help="opt.lang", metavar="en|zh", is_eager=True, callback=choose_language),
]
Seed = Annotated[int, typer.Option(min=0, help="opt.seed")]
Size = Annotated[int | None, typer.Option("--size", "--workers", min=1, help="opt.size")]
AsJson = Annotated[bool, typer.Option("--json", help="opt.json")]
To = Annotated[Form | None, typer.Option("--to", help="opt.to")]
OnErrorOption = Annotated[OnError, typer.Option("--on-error", help="opt.on_error")]
Answer = Annotated[Path, typer.Argument(help="arg.assignment")]
Made = Annotated[Path, typer.Argument(help="arg.morning")]


def _answers_mistakes(command: Callable[..., None]) -> Callable[..., None]:
    """Turn a user's mistake into one message and an exit code, never a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except gm.CertificateError as error:
            _fail(say("rejected", error=error), REJECTED)
        except (gm.GigmatchError, OSError) as error:
            _fail(say("error", error=error), BAD_INPUT)
        except KeyboardInterrupt:
            _fail(say("interrupted"), INTERRUPTED)

    return run


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)


def _command(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command of a name, its help from the words, its mistakes answered."""

    def add(function: Callable[..., None]) -> Callable[..., None]:
        made = app.command(name, cls=SpeakingCommand, help=f"{name}.help")
        return made(_answers_mistakes(function))

    return add


@app.callback(invoke_without_command=True)
def _version(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="opt.version")] = False,
    lang: Lang = None,
) -> None:
    if version:
        typer.echo(gm.__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@_command("solve")
def solve(
    morning: Annotated[Path | None, typer.Argument(help="arg.source")] = None,
    sample: Annotated[str | None, typer.Option(help="solve.sample")] = None,
    seed: Seed = 7,
    size: Size = None,
    policy: Annotated[Path | None, typer.Option(help="opt.policy")] = None,
    time_limit: Annotated[float | None, typer.Option(min=0, help="solve.time_limit")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="solve.out")] = None,
    to: To = None,
    on_error: OnErrorOption = OnError.raising,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Solve a morning, print the summary and write the answer."""
    if (morning is None) == (sample is None):
        raise gm.InvalidInputError(say("one_source"))
    aims = gm.Policy.load(policy) if policy else gm.DEFAULT_POLICY
    with _progress() as progress:
        given = _given(morning, sample, seed, size, on_error, progress)
        form = sources.form_of_answer(out, given.form, to) if out else given.form
        if out:
            sources.refuse_target(out, form, morning)
        assignment = gm.match(given.morning, policy=aims, time_limit_s=time_limit, progress=progress)
        if out:
            _at("writing", progress)
            sources.write_answer(assignment, out, form, given.left_out)
    _tell(assignment, given.left_out, as_json)
    if assignment.status != "optimal":
        raise typer.Exit(NOT_PROVED)


@_command("convert")
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="arg.source")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="convert.out")],
    to: To = None,
    lang: Lang = None,
) -> None:
    """Turn a morning from one form into another."""
    form = sources.form_of_morning(source, out, to)
    sources.refuse_target(out, form, source)
    with _progress() as progress:
        _at("reading", progress)
        morning = sources.whole_morning(source)
        _at("writing", progress)
        sources.write_morning(morning, out, form)
    typer.echo(say("written", out=out))


@_command("sample")
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
    form = to or Form.json
    if out:
        sources.refuse_target(out, form)
    with _progress() as progress:
        _at("drawing", progress)
        morning = sources.sample_named(name or str(named), seed, size)
        if not isinstance(morning, gm.Morning):
            raise gm.UnsupportedError(say("city_not_written", size=morning.n_workers))
        if out:
            _at("writing", progress)
            sources.write_morning(morning, out, form)
    if not out:
        typer.echo(morning.to_json().decode(), nl=False)


@_command("check")
def check(
    assignment: Answer,
    morning: Made,
    policy: Annotated[Path | None, typer.Option(help="check.policy")] = None,
    reasons: Annotated[Path | None, typer.Option(help="check.reasons")] = None,
    complete: Annotated[bool, typer.Option("--complete", help="check.complete")] = False,
    on_error: OnErrorOption = OnError.raising,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Verify a saved assignment against its morning, from the files alone, and print its terms."""
    if complete and not reasons:
        raise gm.InvalidInputError(say("complete_needs"))
    with _progress() as progress:
        _at("reading", progress)
        answer = gm.Assignment.load(assignment)
        source = sources.morning_of(answer, morning, on_error)
        published = gm.Policy.load(policy) if policy else None
        _at("checking", progress)
        terms = gm.check(source, answer, policy=published)
        told = gm.Reasons.load(reasons) if reasons else gm.Reasons(reasons=())
        verified = gm.check_reasons(source, answer, told, complete=complete) if reasons else 0
        missing = told.missing(answer)
    if as_json:
        figures = {"verified": True, "status": answer.status, "terms": terms._asdict(), "reasons": verified}
        typer.echo(json.dumps({**figures, "missing": missing._asdict()} if reasons else figures))
    else:
        claim = say("proved" if answer.status == "optimal" else "feasible")
        n, certificates = f"{len(answer.pairs):,}", len(answer.solution.certificates)
        typer.echo(say("verified", n=n, claim=claim, certificates=certificates))
        typer.echo(terms)
        if reasons:
            typer.echo(say("verified_reasons", n=f"{verified:,}"))
            typer.echo(say("without_reason", missing=missing))


@_command("explain")
def explain(
    assignment: Answer,
    morning: Made,
    worker: Annotated[str | None, typer.Option(help="explain.worker")] = None,
    shift: Annotated[str | None, typer.Option(help="explain.shift")] = None,
    recommend: Annotated[bool, typer.Option("--recommend", help="explain.recommend")] = False,
    newcomer: Annotated[Path | None, typer.Option(help="explain.newcomer")] = None,
    skills: Annotated[bool, typer.Option("--skills", help="explain.skills")] = False,
    audience: Annotated[Audience, typer.Option(help="explain.audience")] = Audience.manager,
    on_error: OnErrorOption = OnError.raising,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="explain.out", dir_okay=False)] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say why: of a worker, a shift, a worker and a shift that is not theirs, or everybody."""
    walk_in = _one_alone(newcomer, skills, worker or shift or recommend)
    with _progress() as progress:
        _at("reading", progress)
        answer = gm.Assignment.load(assignment)
        whole = newcomer is not None or skills
        source = sources.whole_morning(morning) if whole else sources.morning_of(answer, morning, on_error)
        _at("explaining", progress)
        explainer = gm.explain(source, answer)
        if newcomer is not None:
            found = gm.Reasons.of([explainer.recommend_newcomer(walk_in)])
        elif skills:
            found = gm.Reasons.of([explainer.skill_values()])
        else:
            found = _reasons(explainer, worker, shift, recommend)
        seen = found.seen_by(audience.value)
    if out:
        out.write_text(seen.model_dump_json() + "\n", encoding="utf-8")
    elif as_json:
        typer.echo(seen.model_dump_json(indent=1))
    else:
        for reason in seen.reasons:
            typer.echo(gm.in_words(reason, language()))


@_command("advise")
def advise(
    assignment: Answer,
    morning: Made,
    worker: Annotated[str | None, typer.Option(help="advise.worker")] = None,
    shift: Annotated[str | None, typer.Option(help="advise.shift")] = None,
    train: Annotated[int | None, typer.Option(min=1, help="advise.train")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say what would change the answer, each change confirmed by matching anew; ask one thing."""
    asked = [name for name, value in (("--worker", worker), ("--shift", shift), ("--train", train)) if value]
    if len(asked) != 1:
        raise gm.InvalidInputError(say("one_question", got=", ".join(asked) or say("none")))
    with _progress() as progress:
        _at("reading", progress)
        answer, source = gm.Assignment.load(assignment), sources.whole_morning(morning)
        _at("explaining", progress)
        adviser = gm.Adviser(gm.explain(source, answer))
        found: gm.Advice | gm.TrainingPlan
        if train:
            found = adviser.train(train, progress=progress)
        else:
            found = adviser.place(worker) if worker else adviser.fill(str(shift))
    typer.echo(found.model_dump_json(indent=1) if as_json else gm.in_words(found, language()))


@_command("schema")
def schema(lang: Lang = None) -> None:
    """Print the JSON schema of a morning, every field documented."""
    typer.echo(json.dumps(gm.Morning.model_json_schema(), ensure_ascii=False, indent=1))


@_command("warmup")
def warmup(lang: Lang = None) -> None:
    """Compile the auction ahead."""
    gm.warmup()
    typer.echo(say("compiled"))


@_command("bench")
def bench(
    tier: Annotated[Tier, typer.Option(help="bench.tier")] = Tier.commit,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="bench.out", dir_okay=False)] = None,
    against: Annotated[Path | None, typer.Option(help="bench.against")] = None,
    fail_over: Annotated[float, typer.Option(min=1, help="bench.fail_over")] = 1.15,
    folder: Annotated[Path | None, typer.Option(help="bench.folder")] = None,
    lang: Lang = None,
) -> None:
    """Measure the solver's core beside its peers, and compare with an earlier run."""
    script = _benchmarks(folder) / "tiers.py"
    words = [sys.executable, str(script), "--tier", tier.value, "--fail-over", str(fail_over)]
    for name, path in (("--out", out), ("--against", against)):
        words += [name, str(path)] if path else []
    raise typer.Exit(subprocess.run(words, check=False).returncode)


def _benchmarks(folder: Path | None) -> Path:
    """The folder of the benchmarks, which are no part of what is installed."""
    here = Path.cwd()
    places = [folder] if folder else [above / "benchmarks" for above in (here, *here.parents)]
    for place in places:
        if (place / "tiers.py").is_file():
            return place
    raise gm.InvalidInputError(say("no_benchmarks"))


def _given(
    morning: Path | None,
    sample: str | None,
    seed: int,
    size: int | None,
    on_error: OnError,
    progress: Tell | None,
) -> sources.Source:
    """The morning that is asked for, from its files or drawn."""
    if morning is None:
        _at("drawing", progress)
        return sources.Source(sources.sample_named(str(sample), seed, size), Form.json)
    _at("reading", progress)
    return sources.read_source(morning, on_error)


def _tell(assignment: gm.Assignment, left_out: LeftOut, as_json: bool) -> None:
    """Print the summary, and what was left out of the tables."""
    if as_json:
        data = _as_data(assignment) | {"left_out": [row._asdict() for row in left_out]}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    typer.echo(summary_of(assignment))
    if left_out:
        tables = Counter(row.table for row in left_out)
        told = ", ".join(f"{table} {n:,}" for table, n in tables.items())
        typer.echo(say("left_out", n=f"{len(left_out):,}", tables=told))
    for row in left_out[:MOST_LISTED]:
        typer.echo(say("left_out_row", place=row.place, why=row.why))
    if len(left_out) > MOST_LISTED:
        typer.echo(say("left_out_more", n=f"{len(left_out) - MOST_LISTED:,}"))


def _one_alone(newcomer: Path | None, skills: bool, others: object) -> Any:
    """The newcomer's fields, if there is one; --newcomer and --skills go with nothing else."""
    if (newcomer or skills) and sum(map(bool, (newcomer, skills, others))) > 1:
        raise gm.InvalidInputError(say("one_alone"))
    if newcomer is None:
        return None
    try:
        return json.loads(newcomer.read_bytes())
    except (ValueError, RecursionError) as error:
        raise gm.InvalidFileError(say("not_json", file=newcomer, error=error)) from None


def _reasons(explainer: gm.Explainer, worker: str | None, shift: str | None, recommend: bool) -> gm.Reasons:
    """What was asked for."""
    if recommend and (worker is None) == (shift is None):
        raise gm.InvalidInputError(say("recommend_needs"))
    if worker is None and shift is None:
        return explainer.everything()
    if worker is not None and shift is not None:
        reason = explainer.why_not(worker, shift)
    elif worker is not None:
        reason = explainer.recommend(worker) if recommend else explainer.why(worker)
    else:
        reason = explainer.recommend_workers(str(shift)) if recommend else explainer.why_empty(str(shift))
    return gm.Reasons.of([reason])


def _as_data(assignment: gm.Assignment) -> dict[str, Any]:
    return {
        "status": assignment.status,
        "stopped": assignment.solution.stopped,
        "gap_points": assignment.solution.gap / 100,
        "seconds": assignment.seconds,
        "summary": asdict(assignment.summary),
        "first_come_first_served": asdict(assignment.baseline),
        "warnings": {warning.rule: len(warning.pairs) for warning in assignment.warnings},
        "placements": [placement._asdict() for placement in assignment.placements],
        "unplaced": [worker._asdict() for worker in assignment.unplaced],
        "open_shifts": [shift._asdict() for shift in assignment.open_shifts],
    }


@contextmanager
def _progress() -> Iterator[Tell | None]:
    """A bar on standard error where somebody is looking; nothing in a pipe or a log."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description:12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(stage: str, fraction: float) -> None:
            """Move the bar; while nobody knows how far it is, it only shows that something happens."""
            total = 1.0 if fraction else None
            bar.update(task, description=translated(f"stage.{stage}"), completed=fraction, total=total)

        yield tell


def _at(stage: str, progress: Tell | None) -> None:
    """Say what is being done where nothing says how far it is."""
    if progress is not None:
        progress(stage, 0.0)
