"""Warnings of a report, and the terms under which it was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gigmatch.assignment import SoftViolation
from gigmatch.pages.reports.report import Report
from gigmatch.pairing.policy import QUANTUM

__all__ = ["terms", "warnings"]

_MOST_PAIRS = 6


def warnings(report: Report) -> list[dict[str, Any]]:
    """Placements that stand although a rule that warns is broken, by rule."""

    def whom(pairs: Sequence[tuple[str, str]]) -> list[str]:
        if not report.shows_people:
            return []
        told = [report.words("pair", worker=worker, shift=shift) for worker, shift in pairs]
        more = [report.words("more", n=len(told) - _MOST_PAIRS)] if len(told) > _MOST_PAIRS else []
        return [*told[:_MOST_PAIRS], *more]

    return [
        {
            "rule": _broken(report, warning),
            "count": report.words.count(len(warning.pairs)),
            "whom": whom(warning.pairs),
        }
        for warning in report.assignment.warnings
    ]


def _broken(report: Report, warning: SoftViolation) -> str:
    """What it means that a rule is broken."""
    said = report.words.known("rule", warning.rule)
    return report.words("rule_own", sentence=warning.sentence) if said == warning.rule else said


def terms(report: Report) -> dict[str, Any]:
    """Policy, lottery, promises and certificates."""
    assignment, words = report.assignment, report.words
    parts = assignment.points_by_scorer
    means = parts.mean(axis=0) / QUANTUM if len(parts) else np.zeros(len(assignment.scorers))
    scorers = [
        (words.known("scorer", entry["name"]), f"{entry['weight']:g}", f"{mean:.1f}")
        for entry, mean in zip(assignment.policy["scorers"], means.tolist(), strict=True)
    ]
    stopped = words.known("stopped", assignment.solution.stopped)
    gap = words.points(assignment.solution.gap / QUANTUM)
    proved = assignment.status == "optimal"
    promises = {
        "kept": words.some("pairs", len(assignment.keep)),
        "barred": words.count(len(assignment.forbid)),
    }
    return {
        "aims": words(f"policy_{assignment.policy['objective']}"),
        "scorers": scorers,
        "seed": words("seed", seed=assignment.policy["seed"]),
        "promises": words("promises", **promises) if assignment.keep or assignment.forbid else "",
        "certificate": words("certificate_lead")
        if proved
        else words("certificate_open", gap=gap, stopped=stopped),
        "proofs": _proofs(report),
        "solver": words("solver_told", solver=assignment.solution.solver),
        "digest": assignment.morning_digest,
    }


def _proofs(report: Report) -> list[tuple[str, str, str]]:
    """What each level proves, the sum of its prices in its last round, and its rounds."""
    found = dict[str, tuple[int, int]]()
    if not report.solved.is_plain:
        return []
    problem = report.solved.problem
    for proof in report.assignment.certificates:
        found[proof.level] = proof.bound(problem), found.get(proof.level, (0, 0))[1] + 1
    return [
        (
            report.words(f"proof_{level}"),
            report.words.count(total) if total < 1e15 else str(total),
            str(rounds),
        )
        for level, (total, rounds) in found.items()
    ]
