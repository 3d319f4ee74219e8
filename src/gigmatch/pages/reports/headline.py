"""The head of a report: a sentence, and figures beside those of first come, first served."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gigmatch.assignment import Summary
from gigmatch.pages.reports.report import Report, Row

__all__ = ["Cell", "cells", "lead", "tiers"]


class Cell(NamedTuple):
    """One headline figure, and the same of first come, first served."""

    name: str
    value: str
    baseline: str


def lead(report: Report) -> str:
    """Say how many have work, and how many would have had it first come, first served."""
    summary, n = report.assignment.summary, report.words.count
    return report.words.plural(
        "lead",
        summary.placements,
        placements=n(summary.placements),
        people=report.words.some("people", summary.workers),
        filled=n(summary.placements),
        seats=report.words.some("seats", summary.seats),
        shifts=report.words.some("shifts", summary.shifts),
        baseline=n(report.assignment.baseline.placements),
    )


def cells(report: Report) -> list[Cell]:
    """Headline figures, each beside that of first come, first served."""
    written: dict[str, Callable[[Summary], str]] = {
        "placements": lambda s: report.words.count(s.placements),
        "seats_filled": lambda s: report.words.share(s.placements, s.seats),
        "mean_points": lambda s: "–" if s.mean_points is None else f"{s.mean_points:.1f}",
        "wages": lambda s: report.words.money(round(s.wages_offered), report.columns.currency),
        "travel": lambda s: report.words.minutes(s.median_travel_min),
        "open_shifts": lambda s: report.words.count(s.open_shifts),
    }
    ours, greedy = report.assignment.summary, report.assignment.baseline
    return [Cell(report.words(key), write(ours), write(greedy)) for key, write in written.items()]


def tiers(report: Report) -> list[Row]:
    """Seats by priority."""
    return [
        report.row(report.words("tier_1") if tier == 1 else str(tier), filled, seats)
        for tier, (filled, seats) in report.assignment.summary.seats_by_tier.items()
    ]
