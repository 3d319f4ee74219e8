"""The commands; each says in its help what it reads, writes and returns."""

from __future__ import annotations

import functools
import json
import sys
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

__all__ = ["app"]

NOT_PROVED, BAD_INPUT, REJECTED, INTERRUPTED = 3, 2, 1, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Match gig workers to shifts: the best morning assignment, proved optimal.",
    epilog="Exit codes: 0 done; 1 a check failed; 2 the input is wrong; 3 solved, but not proved optimal; "
    "130 interrupted.",
)


class Audience(StrEnum):
    """Whose eyes an explanation is for."""

    worker = "worker"
    employer = "employer"
    manager = "manager"
    auditor = "auditor"


class Lang(StrEnum):
    """Languages."""

    en = "en"
    zh = "zh"


class Sample(StrEnum):
    """Sample mornings."""

    jingshi = "jingshi"


Seed = Annotated[int, typer.Option(min=0, help="Seed of the sample.")]
Workers = Annotated[int | None, typer.Option(min=50, help="Size of the sample.", show_default="its own")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File to write.", dir_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def _answers_mistakes(command: Callable[..., None]) -> Callable[..., None]:
    """Turn a user's mistake into one message and an exit code, never a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except gm.CertificateError as error:
            _fail(f"rejected: {error}", REJECTED)
        except (gm.GigmatchError, OSError) as error:
            _fail(f"error: {error}", BAD_INPUT)
        except KeyboardInterrupt:
            _fail("interrupted", INTERRUPTED)

    return run


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)


@app.callback(invoke_without_command=True)
def _version(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(gm.__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
@_answers_mistakes
def solve(
    morning: Annotated[Path | None, typer.Argument(help="Morning in JSON; see `gigmatch schema`.")] = None,
    sample: Annotated[Sample | None, typer.Option(help="Solve a sample morning instead.")] = None,
    seed: Seed = 7,
    workers: Workers = None,
    policy: Annotated[Path | None, typer.Option(help="Policy in JSON, from Policy.save.")] = None,
    time_limit: Annotated[float | None, typer.Option(min=0, help="Seconds for everything.")] = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Solve a morning and print the summary.

    Examples: `gigmatch solve morning.json --out assignment.json`; `gigmatch solve --sample jingshi --seed 7`.
    """
    if (morning is None) == (sample is None):
        raise gm.InvalidInputError("give a morning's file or --sample, one of the two")
    if out and not out.absolute().parent.is_dir():
        raise gm.InvalidInputError(f"{out}: there is no folder {out.absolute().parent} to write to")
    source = gm.Morning.load(morning) if morning else _sampled(sample or Sample.jingshi, seed, workers)
    aims = gm.Policy.load(policy) if policy else gm.DEFAULT_POLICY
    with _progress() as progress:
        assignment = gm.match(source, policy=aims, time_limit_s=time_limit, progress=progress)
    if out:
        assignment.save(out)
    typer.echo(json.dumps(_as_data(assignment), ensure_ascii=False, indent=1) if as_json else str(assignment))
    if assignment.status != "optimal":
        raise typer.Exit(NOT_PROVED)


@app.command()
@_answers_mistakes
def sample(
    name: Annotated[Sample, typer.Argument(help="Which sample.")],
    seed: Seed = 7,
    workers: Workers = None,
    out: Out = None,
) -> None:
    """Write a sample morning in JSON, to a file or to standard output.

    Example: `gigmatch sample jingshi --seed 7 --out morning.json`.
    """
    morning = _sampled(name, seed, workers)
    if out:
        morning.save(out)
    else:
        typer.echo(morning.to_json().decode(), nl=False)


@app.command()
@_answers_mistakes
def check(
    assignment: Annotated[Path, typer.Argument(help="Saved assignment.")],
    morning: Annotated[Path, typer.Argument(help="The morning it was made from.")],
    policy: Annotated[Path | None, typer.Option(help="The policy that was published, in JSON.")] = None,
    reasons: Annotated[Path | None, typer.Option(help="Explanations to verify too, in JSON.")] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="Reject explanations that leave anybody out.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Verify a saved assignment against its morning, from the files alone, and print its terms.

    Explanations of the whole morning (`gigmatch explain --out`) must give everybody a reason; answers to
    single questions need not, and who has none is counted. `--complete` asks it of any file; `--json` lists
    them all.

    Example: `gigmatch check assignment.json morning.json --policy published.json --reasons reasons.json`.
    """
    if complete and not reasons:
        raise gm.InvalidInputError("--complete needs --reasons: without explanations, none can be missing")
    answer, source = gm.Assignment.load(assignment), gm.Morning.load(morning)
    published = gm.Policy.load(policy) if policy else None
    terms = gm.check(source, answer, policy=published)
    told = gm.Reasons.load(reasons) if reasons else gm.Reasons(reasons=())
    verified = gm.check_reasons(source, answer, told, complete=complete) if reasons else 0
    missing = told.missing(answer)
    if as_json:
        figures = {"verified": True, "status": answer.status, "terms": terms._asdict(), "reasons": verified}
        typer.echo(json.dumps({**figures, "missing": missing._asdict()} if reasons else figures))
    else:
        claim = "proved optimal" if answer.status == "optimal" else "feasible, not proved optimal"
        proof = f"{len(answer.solution.certificates)} certificates"
        typer.echo(f"verified: {len(answer.pairs):,} placements, {claim}, {proof}\n{terms}")
        if reasons:
            typer.echo(f"verified: {verified:,} reasons\nwithout a reason: {missing}")


@app.command()
@_answers_mistakes
def explain(
    assignment: Annotated[Path, typer.Argument(help="Saved assignment.")],
    morning: Annotated[Path, typer.Argument(help="The morning it was made from.")],
    worker: Annotated[str | None, typer.Option(help="Why this worker has a shift, or none.")] = None,
    shift: Annotated[str | None, typer.Option(help="Why this shift has an empty seat.")] = None,
    recommend: Annotated[bool, typer.Option("--recommend", help="Rank the choices instead.")] = False,
    newcomer: Annotated[Path | None, typer.Option(help="Rank the shifts for this walk-in, in JSON.")] = None,
    skills: Annotated[bool, typer.Option("--skills", help="What one more of each skill brings.")] = False,
    audience: Annotated[Audience, typer.Option(help="Whose eyes it is for.")] = Audience.manager,
    lang: Annotated[Lang, typer.Option(help="Language.")] = Lang.en,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Say why: of a worker, a shift, a worker and a shift that is not theirs, or, with neither, everybody.

    A walk-in is a file with one worker, as in a morning's "workers".

    Examples: `gigmatch explain assignment.json morning.json --worker w-000012 --lang zh`;
    `gigmatch explain assignment.json morning.json --shift s-00031 --recommend`;
    `gigmatch explain assignment.json morning.json --newcomer walk-in.json`;
    `gigmatch explain assignment.json morning.json --skills`;
    `gigmatch explain assignment.json morning.json --out reasons.json`.
    """
    walk_in = _one_alone(newcomer, skills, worker or shift or recommend)
    explainer = gm.explain(gm.Morning.load(morning), gm.Assignment.load(assignment))
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
            typer.echo(gm.in_words(reason, lang.value))


@app.command()
@_answers_mistakes
def advise(
    assignment: Annotated[Path, typer.Argument(help="Saved assignment.")],
    morning: Annotated[Path, typer.Argument(help="The morning it was made from.")],
    worker: Annotated[str | None, typer.Option(help="What would place this worker.")] = None,
    shift: Annotated[str | None, typer.Option(help="What would fill a seat of this shift.")] = None,
    train: Annotated[int | None, typer.Option(min=1, help="Whom to train, so many people.")] = None,
    lang: Annotated[Lang, typer.Option(help="Language.")] = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Say what would change the answer, each change confirmed by matching anew; ask one thing.

    Examples: `gigmatch advise assignment.json morning.json --shift s-00031`;
    `gigmatch advise assignment.json morning.json --train 10 --lang zh`.
    """
    asked = [name for name, value in (("--worker", worker), ("--shift", shift), ("--train", train)) if value]
    if len(asked) != 1:
        raise gm.InvalidInputError(
            f"give one of --worker, --shift and --train; got {', '.join(asked) or 'none'}"
        )
    adviser = gm.Adviser(gm.explain(gm.Morning.load(morning), gm.Assignment.load(assignment)))
    with _progress() as progress:
        found: gm.Advice | gm.TrainingPlan
        if train:
            found = adviser.train(train, progress=progress)
        else:
            found = adviser.place(worker) if worker else adviser.fill(str(shift))
    typer.echo(found.model_dump_json(indent=1) if as_json else gm.in_words(found, lang.value))


def _one_alone(newcomer: Path | None, skills: bool, others: object) -> Any:
    """The newcomer's fields, if there is one; --newcomer and --skills go with nothing else."""
    if (newcomer or skills) and sum(map(bool, (newcomer, skills, others))) > 1:
        raise gm.InvalidInputError("give --newcomer or --skills alone, without --worker and --shift")
    if newcomer is None:
        return None
    try:
        return json.loads(newcomer.read_bytes())
    except (ValueError, RecursionError) as error:
        raise gm.InvalidFileError(f"{newcomer}: is not JSON ({error})") from None


def _reasons(explainer: gm.Explainer, worker: str | None, shift: str | None, recommend: bool) -> gm.Reasons:
    """What was asked for."""
    if recommend and (worker is None) == (shift is None):
        raise gm.InvalidInputError("--recommend needs --worker or --shift, one of the two")
    if worker is None and shift is None:
        return explainer.everything()
    if worker is not None and shift is not None:
        reason = explainer.why_not(worker, shift)
    elif worker is not None:
        reason = explainer.recommend(worker) if recommend else explainer.why(worker)
    else:
        reason = explainer.recommend_workers(str(shift)) if recommend else explainer.why_empty(str(shift))
    return gm.Reasons.of([reason])


@app.command()
def schema() -> None:
    """Print the JSON schema of a morning, every field documented."""
    typer.echo(json.dumps(gm.Morning.model_json_schema(), ensure_ascii=False, indent=1))


@app.command()
@_answers_mistakes
def warmup() -> None:
    """Compile the auction ahead, for a container image; once per installation, some 15 seconds.

    Example: `pip install 'gigmatch[cli,fast]' && gigmatch warmup`.
    """
    gm.warmup()
    typer.echo("compiled")


def _sampled(name: Sample, seed: int, workers: int | None) -> gm.Morning:
    make: Callable[..., gm.Morning] = getattr(gm.samples, name.value)
    return make(seed=seed) if workers is None else make(seed=seed, workers=workers)


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
def _progress() -> Iterator[Callable[[str, float], None] | None]:
    """A bar on standard error where somebody is looking; nothing in a pipe or a log."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description:12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("columns", total=1.0)
        yield lambda stage, fraction: bar.update(task, description=stage, completed=fraction)
