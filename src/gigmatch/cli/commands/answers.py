"""Commands about a saved answer: verify it, say why, and what would change it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

import gigmatch as gm
from gigmatch.cli.app import (
    NOT_PROVED,
    Answer,
    AsJson,
    Audience,
    EncodingOption,
    ExtraOption,
    Lang,
    OnErrorOption,
    Others,
    SourceMorning,
    command,
)
from gigmatch.cli.formats import echo, listed, say, some, spoken
from gigmatch.cli.help import refuse_folder
from gigmatch.cli.sources import Extra, Form, OnError, Reading, pairs_of, refuse_target
from gigmatch.cli.working import Work, working

__all__ = ["advise", "check", "explain"]


@command("check")
def check(
    morning: SourceMorning,
    assignment: Answer,
    others: Others = None,
    policy: Annotated[Path | None, typer.Option(help="check.policy")] = None,
    published: Annotated[Path | None, typer.Option("--terms", help="check.terms")] = None,
    reasons: Annotated[Path | None, typer.Option(help="check.reasons")] = None,
    complete: Annotated[bool, typer.Option("--complete", help="check.complete")] = False,
    programme: Annotated[Path | None, typer.Option(help="check.programme")] = None,
    lottery: Annotated[Path | None, typer.Option(help="check.lottery")] = None,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Verify a saved assignment against its morning, from the files alone, and print its terms."""
    if complete and not reasons:
        raise gm.InvalidInputError(say("complete_needs"))
    if others and not programme:
        raise gm.InvalidInputError(say("others_need", option="--programme"))
    pairs = pairs_of([morning, assignment, *(others or ())])
    with working(Reading(on_error, extra, encoding)) as work:
        source, answer = work.loaded(*pairs[0], whole=programme is not None)
        due: dict[str, Any] = {
            "policy": gm.Policy.load(policy) if policy else None,
            "terms": gm.Terms.load(published) if published else None,
        }
        work.at("checking")
        if lottery:
            terms = gm.check_lottery(source, gm.FairLottery.load(lottery), answer, **due)
        else:
            terms = gm.check(source, answer, **due)
        told = gm.Reasons.load(reasons) if reasons else gm.Reasons(reasons=())
        verified = gm.check_reasons(source, answer, told, complete=complete) if reasons else 0
        missing = told.missing(answer)
        checked = [(source, answer)]
        if programme:
            _check_programme(work, programme, checked, pairs[1:], due)
    is_proved = all(lottery or _claim(each) not in ("feasible", "lottery", "given") for _, each in checked)
    if as_json:
        figures = {"verified": True, "status": answer.status, "terms": terms.model_dump(mode="json")}
        figures |= {"departures": [each._asdict() for each in terms.departures], "reasons": verified}
        figures |= {"missing": missing._asdict()} if reasons else {}
        figures |= {"seed_drawn": answer.policy["seed"]} if lottery else {}
        echo(json.dumps(figures | ({"programme_mornings": len(pairs)} if programme else {})))
    else:
        _tell_verified(answer, terms, "drawn" if lottery else _claim(answer))
        if reasons:
            echo(say("verified_reasons", count=verified))
            echo(say("without_reason", missing=missing.told().text(spoken())))
        if lottery:
            echo(say("verified_lottery", seed=answer.policy["seed"]))
        if programme:
            echo(say("verified_programme", count=len(pairs)))
    if not is_proved:
        raise typer.Exit(NOT_PROVED)


def _claim(answer: gm.Assignment) -> str:
    """What an assignment claims: what is proved of the best, or by what else it was chosen."""
    name = answer.mechanism["name"]
    if isinstance(gm.mechanisms.STANDARD.get(name), gm.mechanisms.Hall):
        return "hall"
    return str(answer.status if name == "optimal" else name)


def _tell_verified(answer: gm.Assignment, terms: gm.Terms, claim: str) -> None:
    """Print what was verified of an assignment, and its terms."""
    claim = say(f"claim.{claim}")
    placements = some("placements" if answer.is_plain else "placements_of_days", len(answer.pairs))
    certificates = some("certificates", len(answer.solution.certificates))
    echo(say("verified", placements=placements, claim=claim, certificates=certificates))
    echo(terms.text(spoken()))


def _check_programme(
    work: Work,
    programme: Path,
    checked: list[tuple[Any, gm.Assignment]],
    others: Sequence[tuple[Path, Path]],
    due: Mapping[str, Any],
) -> None:
    """Verify a training programme, and the assignments of the other mornings that it was made for."""
    said = gm.TrainingProgramme.load(programme)
    for pair in others:
        source, answer = work.loaded(*pair, whole=True)
        work.at("checking")
        gm.check(source, answer, **due)
        checked.append((source, answer))
    gm.check_programme(checked, said)


@command("explain")
def explain(
    morning: SourceMorning,
    assignment: Answer,
    worker: Annotated[str | None, typer.Option(help="explain.worker")] = None,
    shift: Annotated[str | None, typer.Option(help="explain.shift")] = None,
    recommend: Annotated[bool, typer.Option("--recommend", help="explain.recommend")] = False,
    newcomer: Annotated[Path | None, typer.Option(help="explain.newcomer")] = None,
    skills: Annotated[bool, typer.Option("--skills", help="explain.skills")] = False,
    audience: Annotated[Audience, typer.Option(help="explain.audience")] = Audience.manager,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="explain.out", callback=refuse_folder)
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say why: of a worker, a shift, a worker and a shift that is not theirs, or everybody."""
    _refuse_several(newcomer, skills, worker or shift or recommend)
    _refuse_everybody(audience, worker, shift, newcomer or skills)
    with working(Reading(on_error, extra, encoding)) as work:
        source, answer = work.loaded(morning, assignment, whole=newcomer is not None or skills)
        work.at("explaining")
        explainer = gm.explain(source, answer)
        if newcomer is not None:
            found = gm.Reasons.of([explainer.recommend_newcomer(newcomer)])
        elif skills:
            found = gm.Reasons.of([explainer.skill_values()])
        else:
            found = _reasons(explainer, worker, shift, recommend)
        seen = found.seen_by(audience.value)
    if out:
        seen.save(out)
    elif as_json:
        echo(seen.to_json(indent=1).decode(), nl=False)
    else:
        for reason in seen.reasons:
            echo(gm.in_words(reason, source, lang=spoken()))


def _refuse_several(newcomer: Path | None, skills: bool, others: object) -> None:
    """--newcomer and --skills go with nothing else."""
    if (newcomer or skills) and sum(map(bool, (newcomer, skills, others))) > 1:
        raise gm.InvalidInputError(say("one_alone"))


def _refuse_everybody(audience: Audience, worker: str | None, shift: str | None, other: object) -> None:
    """A worker sees no file of everybody's reasons, and an employer none of other employers' shifts."""
    needed = {Audience.worker: ("--worker", worker or shift), Audience.employer: ("--shift", shift)}
    options, given = needed.get(audience, ("", True))
    if not (given or other):
        raise gm.InvalidInputError(say("audience_needs", audience=audience.value, options=options))


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


@command("advise")
def advise(
    morning: SourceMorning,
    assignment: Answer,
    others: Others = None,
    worker: Annotated[str | None, typer.Option(help="advise.worker")] = None,
    shift: Annotated[str | None, typer.Option(help="advise.shift")] = None,
    train: Annotated[int | None, typer.Option(min=1, help="advise.train")] = None,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="advise.out", callback=refuse_folder)
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say what would change the answer, each change confirmed by matching anew; ask one thing."""
    asked = [name for name, value in (("--worker", worker), ("--shift", shift), ("--train", train)) if value]
    if len(asked) != 1:
        raise gm.InvalidInputError(say("one_question", got=listed(asked)))
    if others and not train:
        raise gm.InvalidInputError(say("others_need", option="--train"))
    if out:
        refuse_target(out, Form.json)
    pairs = pairs_of([morning, assignment, *(others or ())])
    with working(Reading(on_error, extra, encoding)) as work:
        read = [work.loaded(*pair, whole=True) for pair in pairs]
        work.at("explaining")
        found = _advice(work, read, worker, shift, train)
    if out:
        found.save(out)
    else:
        mornings = [source for source, _ in read]
        told = found.to_json(indent=1).decode() if as_json else gm.in_words(found, *mornings, lang=spoken())
        echo(told.rstrip("\n"))


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
