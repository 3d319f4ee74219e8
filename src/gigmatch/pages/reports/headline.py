"""The head of a report: a sentence, and figures beside those of first come, first served."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import NamedTuple

from gigmatch.assignment import Summary
from gigmatch.pages.reports.report import Report, Row

__all__ = ["Cell", "cells", "lead", "tiers"]


class Cell(NamedTuple):
    """One headline figure, the same of first come, first served, and the difference."""

    name: str
    value: str
    baseline: str
    change: str


class _Figure(NamedTuple):
    """How a headline figure is taken from a summary, and how it and a difference of it are written."""

    of: Callable[[Summary], float | None]
    write: Callable[[float], str]
    write_change: Callable[[float], str]
    digits: int = 0


def lead(report: Report) -> str:
    """Say how many have work, and how many would have had it first come, first served."""
    summary, n = report.assignment.summary, report.words.count
    placed = int((~report.solved.is_waiting).sum())
    return report.words.plural(
        "lead",
        placed,
        placements=n(placed),
        people=report.words.some("people", summary.workers),
        filled=n(summary.placements),
        seats=report.words.some("seats", summary.seats),
        shifts=report.words.some("shifts", summary.shifts),
        baseline=n(report.assignment.baseline.placements),
    )


def cells(report: Report) -> list[Cell]:
    """Headline figures, each beside that of first come, first served."""
    return [_cell(report, key, figure) for key, figure in _figures(report).items()]


def _figures(report: Report) -> dict[str, _Figure]:
    words, currency = report.words, report.columns.currency

    def money(amount: float) -> str:
        return words.money(round(amount), currency)

    def of_share(change: float) -> str:
        return words("change_of_share", change=f"{change:.1f}")

    placements = "placements" if report.solved.is_plain else "placements_of_days"
    return {
        placements: _Figure(lambda s: s.placements, words.count, words.count),
        "seats_filled": _Figure(_percent, lambda share: f"{share:.1f}%", of_share, digits=1),
        "points_in_all": _Figure(
            lambda s: report.shown("points_in_all", s.points, s.placements), words.count, words.count
        ),
        "wages": _Figure(lambda s: s.wages_offered, money, money),
        "travel": _Figure(
            lambda s: report.shown("median_way", s.median_travel_min, s.placements),
            words.minutes,
            words.minutes,
        ),
        "open_shifts": _Figure(lambda s: s.open_shifts, words.count, words.count),
    }


def _percent(summary: Summary) -> float | None:
    return 100 * summary.placements / summary.seats if summary.seats else None


def _cell(report: Report, key: str, figure: _Figure) -> Cell:
    values = [figure.of(summary) for summary in (report.assignment.summary, report.assignment.baseline)]
    known = [value for value in values if value is not None and isfinite(value)]
    shown, baseline = ("–" if value is None else figure.write(value) for value in values)
    change = _change(report, figure, *known) if len(known) == len(values) else ""
    return Cell(report.words(key), shown, baseline, change)


def _change(report: Report, figure: _Figure, ours: float, first_come: float) -> str:
    """The difference of what is shown, with its sign."""
    change = round(round(ours, figure.digits) - round(first_come, figure.digits), figure.digits)
    written = figure.write_change(abs(change))
    return f"{'+' if change > 0 else '−'}{written}" if change else report.words("no_change")


def tiers(report: Report) -> list[Row]:
    """Seats by priority."""
    return [
        report.row(report.words("tier_1") if tier == 1 else str(tier), filled, seats)
        for tier, (filled, seats) in report.assignment.summary.seats_by_tier.items()
    ]
