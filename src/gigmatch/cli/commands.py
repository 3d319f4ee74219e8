"""The commands; each says in its help what it reads, writes and returns."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

import gigmatch as gm
from gigmatch.cli import sources
from gigmatch.cli.sources import Form, LeftOut, OnError
from gigmatch.cli.speaking import (
    SpeakingCommand,
    SpeakingGroup,
    choose_language,
    complaint,
    language,
    meaning,
    say,
    some,
)
from gigmatch.cli.summary import missing_of, summary_of, terms_of
from gigmatch.cli.working import Work, working

__all__ = ["app"]

NOT_PROVED, BAD_INPUT, REJECTED, INTERRUPTED = 3, 2, 1, 130

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
Others = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[ASSIGNMENT MORNING]...", help="arg.others", show_default=False),
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
            file, why = error.filename or say("the_output"), meaning(error.strerror or str(error))
            _fail(say("error", error=say("not_written", file=file, why=why)), BAD_INPUT)
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
    with working(on_error) as work:
        given = _given(morning, sample, seed, size, work)
        form = sources.form_of_answer(out, given.form, to) if out else given.form
        if out:
            sources.refuse_target(out, form, morning)
        assignment = gm.match(given.morning, policy=aims, time_limit_s=time_limit, progress=work.progress)
        if out:
            work.at("writing")
            sources.write_answer(assignment, out, form, given.left_out)
    _tell(assignment, given.left_out, as_json)
    if given.form is not Form.json:
        _note_what_is_not_there(assignment, given.form)
    if assignment.status != "optimal":
        raise typer.Exit(NOT_PROVED)


@_command("convert")
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="arg.source")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="convert.out")],
    to: To = None,
    on_error: OnErrorOption = OnError.raising,
    lang: Lang = None,
) -> None:
    """Turn a morning from one form into another."""
    form = sources.form_of_morning(source, out, to)
    sources.refuse_target(out, form, source)
    with working(on_error) as work:
        morning = work.whole(source)
        work.at("writing")
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
    typer.echo(say("written", out=out) if out else text, nl=out is not None)


@_command("check")
def check(
    assignment: Answer,
    morning: Made,
    others: Others = None,
    policy: Annotated[Path | None, typer.Option(help="check.policy")] = None,
    reasons: Annotated[Path | None, typer.Option(help="check.reasons")] = None,
    complete: Annotated[bool, typer.Option("--complete", help="check.complete")] = False,
    programme: Annotated[Path | None, typer.Option(help="check.programme")] = None,
    on_error: OnErrorOption = OnError.raising,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Verify a saved assignment against its morning, from the files alone, and print its terms."""
    if complete and not reasons:
        raise gm.InvalidInputError(say("complete_needs"))
    if others and not programme:
        raise gm.InvalidInputError(say("others_need", option="--programme"))
    pairs = _pairs(assignment, morning, others)
    with working(on_error) as work:
        answer, source = _loaded(work, *pairs[0], whole=programme is not None)
        published = gm.Policy.load(policy) if policy else None
        work.at("checking")
        terms = gm.check(source, answer, policy=published)
        told = gm.Reasons.load(reasons) if reasons else gm.Reasons(reasons=())
        verified = gm.check_reasons(source, answer, told, complete=complete) if reasons else 0
        missing = told.missing(answer)
        if programme:
            _check_programme(work, programme, [(source, answer)], pairs[1:], published)
    if as_json:
        figures = {"verified": True, "status": answer.status, "terms": terms._asdict(), "reasons": verified}
        figures |= {"missing": missing._asdict()} if reasons else {}
        typer.echo(json.dumps(figures | ({"programme_mornings": len(pairs)} if programme else {})))
        return
    claim = say("proved" if answer.status == "optimal" else "feasible")
    placements = some("placements", len(answer.pairs))
    certificates = some("certificates", len(answer.solution.certificates))
    typer.echo(say("verified", placements=placements, claim=claim, certificates=certificates))
    typer.echo(terms_of(terms))
    if reasons:
        typer.echo(say("verified_reasons", count=verified))
        typer.echo(say("without_reason", missing=missing_of(missing)))
    if programme:
        typer.echo(say("verified_programme", count=len(pairs)))


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
    with working(on_error) as work:
        answer, source = _loaded(work, assignment, morning, whole=newcomer is not None or skills)
        work.at("explaining")
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
            typer.echo(gm.in_words(reason, language(), source))


@_command("advise")
def advise(
    assignment: Answer,
    morning: Made,
    others: Others = None,
    worker: Annotated[str | None, typer.Option(help="advise.worker")] = None,
    shift: Annotated[str | None, typer.Option(help="advise.shift")] = None,
    train: Annotated[int | None, typer.Option(min=1, help="advise.train")] = None,
    on_error: OnErrorOption = OnError.raising,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="advise.out", dir_okay=False)] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say what would change the answer, each change confirmed by matching anew; ask one thing."""
    asked = [name for name, value in (("--worker", worker), ("--shift", shift), ("--train", train)) if value]
    if len(asked) != 1:
        raise gm.InvalidInputError(say("one_question", got=say("summary.list").join(asked) or say("none")))
    if others and not train:
        raise gm.InvalidInputError(say("others_need", option="--train"))
    if out:
        sources.refuse_target(out, Form.json)
    pairs = _pairs(assignment, morning, others)
    with working(on_error) as work:
        read = [_loaded(work, *pair, whole=True) for pair in pairs]
        work.at("explaining")
        found = _advice(work, [(source, answer) for answer, source in read], worker, shift, train)
    if out:
        out.write_text(found.model_dump_json() + "\n", encoding="utf-8")
    else:
        mornings = [source for _, source in read]
        typer.echo(found.model_dump_json(indent=1) if as_json else gm.in_words(found, language(), *mornings))


def _advice(
    work: Work, mornings: Any, worker: str | None, shift: str | None, train: int | None
) -> gm.Advice | gm.TrainingPlan | gm.TrainingProgramme:
    """What was asked for; training of one morning is a plan, of several a programme."""
    if train and len(mornings) > 1:
        return gm.plan_training(mornings, people=train, progress=work.progress)
    adviser = gm.Adviser(gm.explain(*mornings[0]))
    if train:
        return adviser.train(train, progress=work.progress)
    return adviser.place(worker) if worker else adviser.fill(str(shift))


@_command("schema")
def schema(lang: Lang = None) -> None:
    """Print the JSON schema of a morning, every field documented."""
    typer.echo(json.dumps(gm.Morning.model_json_schema(), ensure_ascii=False, indent=1))


@_command("warmup")
def warmup(lang: Lang = None) -> None:
    """Compile ahead what is compiled at its first use."""
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
    morning: Path | None, sample: str | None, seed: int, size: int | None, work: Work
) -> sources.Source:
    """The morning that is asked for, from its files or drawn."""
    if morning is not None:
        return work.read(morning)
    work.at("drawing")
    return sources.Source(sources.sample_named(str(sample), seed, size), Form.json)


def _pairs(assignment: Path, morning: Path, others: Sequence[Path] | None) -> list[tuple[Path, Path]]:
    """Files of assignments, each with that of its morning."""
    paths = [assignment, morning, *(others or ())]
    if len(paths) % 2:
        raise gm.InvalidInputError(say("others_in_pairs", last=paths[-1]))
    return list(zip(paths[::2], paths[1::2], strict=True))


def _loaded(
    work: Work, assignment: Path, morning: Path, *, whole: bool
) -> tuple[gm.Assignment, gm.Morning | gm.Columns]:
    """An assignment, from its file or the folder it was written to, and what it was made from."""
    work.at("reading")
    answer = sources.load_answer(assignment)
    return answer, work.whole(morning) if whole else work.made_from(answer, morning)


def _check_programme(
    work: Work,
    programme: Path,
    checked: list[tuple[Any, gm.Assignment]],
    others: Sequence[tuple[Path, Path]],
    published: gm.Policy | None,
) -> None:
    """Verify a training programme, and the assignments of the other mornings that it was made for."""
    try:
        said = gm.TrainingProgramme.model_validate_json(programme.read_bytes())
    except ValueError as error:
        raise gm.InvalidFileError(say("not_a_programme", file=programme, error=_first(error))) from None
    for pair in others:
        answer, source = _loaded(work, *pair, whole=True)
        work.at("checking")
        gm.check(source, answer, policy=published)
        checked.append((source, answer))
    gm.check_programme(checked, said)


def _first(error: ValueError) -> str:
    """The first thing that is wrong, in a line."""
    details = error.errors() if hasattr(error, "errors") else []
    at = ".".join(map(str, details[0]["loc"])) if details else ""
    return f"{at}: {details[0]['msg']}".removeprefix(": ") if details else str(error)


def _tell(assignment: gm.Assignment, left_out: LeftOut, as_json: bool) -> None:
    """Print the summary, or everything for a program."""
    if as_json:
        data = _as_data(assignment) | {"left_out": [row._asdict() for row in left_out]}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        typer.echo(summary_of(assignment))


def _note_what_is_not_there(assignment: gm.Assignment, form: Form) -> None:
    """Tables may be missing; without workers or shifts that is hardly meant."""
    for name in ("workers", "shifts"):
        if not getattr(assignment.summary, name):
            typer.echo(say("nobody", what=say(name), file=f"{name}.{form.value}"), err=True)


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
