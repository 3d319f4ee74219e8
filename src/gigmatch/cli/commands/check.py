"""The command that verifies a saved answer, its explanations and training programmes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

import gigmatch as gm
from gigmatch.cli.app import (
    Answer,
    AsJson,
    Lang,
    OnErrorOption,
    Others,
    SourceMorning,
    command,
)
from gigmatch.cli.formats import say, some
from gigmatch.cli.sources import OnError, pairs_of
from gigmatch.cli.summary import missing_of, terms_of
from gigmatch.cli.working import Work, working

__all__ = ["check"]


@command("check")
def check(
    assignment: Answer,
    morning: SourceMorning,
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
    pairs = pairs_of(assignment, morning, others)
    with working(on_error) as work:
        answer, source = work.loaded(*pairs[0], whole=programme is not None)
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
        answer, source = work.loaded(*pair, whole=True)
        work.at("checking")
        gm.check(source, answer, policy=published)
        checked.append((source, answer))
    gm.check_programme(checked, said)


def _first(error: ValueError) -> str:
    """The first thing that is wrong, in a line."""
    details = error.errors() if hasattr(error, "errors") else []
    at = ".".join(map(str, details[0]["loc"])) if details else ""
    return f"{at}: {details[0]['msg']}".removeprefix(": ") if details else str(error)
