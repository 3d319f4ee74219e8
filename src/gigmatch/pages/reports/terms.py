"""Warnings of a report, and the terms under which it was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from gigmatch.assignment import SoftViolation
from gigmatch.assignment.choosing import GIVEN, HALL_WAYS, OPTIMAL, STOPPED
from gigmatch.i18n import Told, text
from gigmatch.i18n.texts import own_text
from gigmatch.pages.reports.report import Report
from gigmatch.pairing.levels import level_words
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.pairing.preferences import Stable
from gigmatch.problem import POINTS
from gigmatch.problem.plans import LevelClaim, PlanSolution, is_of_seats

__all__ = ["terms", "warnings"]

_MOST_PAIRS = 6
_ALONE = (Stable.name, *HALL_WAYS, GIVEN.name)
"""Mechanisms of which the prices prove nothing that anybody asked for."""


def warnings(report: Report) -> list[dict[str, Any]]:
    """Placements that stand although a rule that warns is broken, by rule; for others, of three or more."""

    def whom(pairs: Sequence[tuple[str, str]]) -> list[str]:
        if not report.shows_people:
            return []
        told = [
            report.words("pair", worker=report.person(worker), shift=report.shift(shift))
            for worker, shift in pairs
        ]
        more = [report.words("more", n=len(told) - _MOST_PAIRS)] if len(told) > _MOST_PAIRS else []
        return [*told[:_MOST_PAIRS], *more]

    counts = [(warning, report.shown("warned", len(warning.pairs))) for warning in report.assignment.warnings]
    return [
        {
            "rule": _broken(report, warning),
            "count": report.words.count(n) if report.shows_people else report.words("about", what=n),
            "whom": whom(warning.pairs),
        }
        for warning, n in counts
        if n is not None
    ]


def _broken(report: Report, warning: SoftViolation) -> str:
    """What it means that a rule is broken."""
    said = report.words.known(f"rules.{warning.rule}.name", warning.rule)
    return (
        report.words("rule_own", sentence=warning.text(report.words.lang)) if said == warning.rule else said
    )


def _scorer(report: Report, entry: Mapping[str, Any]) -> str:
    """What people call a scorer, as the policy describes it."""
    name, lang = entry["name"], report.words.lang
    if "words" in entry:
        return own_text(entry["words"], lang)
    return report.words.known(f"scorers.{name}", name)


def terms(report: Report) -> dict[str, Any]:
    """Policy, lottery, promises and certificates."""
    assignment, words = report.assignment, report.words
    parts = assignment.points_by_scorer
    means = parts.mean(axis=0) / POINTS_SCALE if len(parts) else np.zeros(len(assignment.scorers))
    scorers = [
        (_scorer(report, entry), f"{entry['weight']:g}", f"{mean:.1f}" if report.shows_people else "–")
        for entry, mean in zip(assignment.policy["scorers"], means.tolist(), strict=True)
    ]
    promises = {
        "kept": words.some("pairs", len(assignment.keep)),
        "barred": words.count(len(assignment.forbid)),
    }
    return {
        "aims": _aims(report),
        "scorers": scorers,
        "seed": words("not_drawn")
        if report.solved.has_plans
        else words("seed", seed=assignment.policy["seed"]),
        "promises": words("promises", **promises)
        if report.shows_people and (assignment.keep or assignment.forbid)
        else "",
        "certificate": _certificate(report),
        "proofs": _proofs(report),
        "solver": words("solver_told", solver=assignment.solution.solver),
        "digest": assignment.morning_digest if report.shows_people else "",
    }


def _certificate(report: Report) -> str:
    """What is proved, and how far it may be from the best where that is not proved and may be told."""
    words, assignment, solution = report.words, report.assignment, report.assignment.solution
    if assignment.is_stable:
        return words("certificate_stable", side=text(f"words.{assignment.mechanism['side']}", words.lang))
    kind = "certificate_plans" if report.solved.has_plans else "certificate"
    if report.is_proved:
        return words(f"{kind}_lead")
    if assignment.mechanism["name"] in STOPPED:
        return words(f"certificate_{solution.stopped.replace(' ', '_')}")
    stopped = Told.named("stopped", solution.stopped).text(words.lang)
    n = report.assignment.summary.placements
    gap = report.shown("gap", solution.gap / POINTS_SCALE, n)
    if gap is None:
        return words("certificate_open_alone", stopped=stopped)
    return words(f"{kind}_open", gap=words.points(gap), stopped=stopped)


def _aims(report: Report) -> str:
    """What was wanted, in order."""
    policy, words = report.assignment.policy, report.words
    if (name := report.assignment.mechanism["name"]) != OPTIMAL.name:
        return words(f"policy_{name}")
    how = "_plans" if report.solved.has_plans else ""
    if "levels" not in policy:
        return words(f"policy_{policy['objective']}{how}")
    levels = [*level_words(policy, words.lang).values()][:-1]
    return words(f"policy_own{how}", levels=words("then").join(levels))


def _proved(report: Report, level: str) -> str:
    """What the certificate of a level proves."""
    said = report.words.known(f"pages.proof_{level}", level)
    own = level_words(report.assignment.policy, report.words.lang)
    return report.words("proof_own", level=own[level]) if said == level else said


class _Proofs(NamedTuple):
    """A table of what is proved."""

    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def _proofs(report: Report) -> _Proofs:
    """What is proved of each level, for eyes that may see it."""
    if not report.shows_people or report.assignment.mechanism["name"] in _ALONE:
        return _Proofs((), [])
    if isinstance(report.assignment.solution, PlanSolution):
        heads: tuple[str, ...] = "level_of_proof", "level_value", "level_bound", "level_gap"
        claims = [_claim(report, claim) for claim in report.assignment.solution.claims]
        return _Proofs(tuple(map(report.words, heads)), claims)
    heads = "level_of_proof", "sum_of_prices", "rounds"
    return _Proofs(tuple(map(report.words, heads)), _prices(report))


def _claim(report: Report, claim: LevelClaim) -> tuple[str, ...]:
    """What a level is worth, what is proved that nothing exceeds, and what may be missing."""
    words = report.words
    write = words.points if claim.level == POINTS.name else words.count
    scale = POINTS_SCALE if claim.level == POINTS.name else 1
    figures = [write(each / scale) for each in (claim.value, claim.bound)]
    figures.append(words("level_closed") if claim.is_closed else write(claim.gap / scale))
    if not is_of_seats(claim.level):
        return _proved(report, claim.level), *figures
    tier = np.unique(report.columns.shifts.tier)[int(claim.level.split()[-1]) - 1]
    return words("proof_tier", tier=int(tier)), *figures


def _prices(report: Report) -> list[tuple[str, ...]]:
    """What each level proves, the sum of its prices in its last round, and its rounds."""
    found = dict[str, tuple[int, int]]()
    if not report.solved.has_prices:
        return []
    problem = report.solved.problem
    for proof in report.solved.solution.certificates:
        found[proof.level] = proof.bound(problem), found.get(proof.level, (0, 0))[1] + 1
    return [
        (
            _proved(report, level),
            report.words.count(total) if total < 1e15 else str(total),
            str(rounds),
        )
        for level, (total, rounds) in found.items()
    ]
