"""Histograms of a report, each with a sentence for whoever does not see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gigmatch.pages.figures import Bins, bins, pay_per_day
from gigmatch.pages.plot import pay as plot_pay
from gigmatch.pages.plot import travel as plot_travel
from gigmatch.pages.reports.report import Report
from gigmatch.pages.svg import svg_of

__all__ = ["plots"]


def plots(report: Report) -> list[dict[str, str]]:
    """Histograms of pay and, for eyes that may see everybody's, of the way to work."""
    words, currency = report.words, report.columns.currency

    def pay(axes: Any) -> None:
        plot_pay(report.assignment, axes, morning=report.solved.morning)

    def travel(axes: Any) -> None:
        plot_travel(report.assignment, axes)

    def money(amount: float) -> str:
        return words.money(round(amount), currency)

    pay_axis = words("pay_axis", currency=words.currency(currency))
    shown = [_plot(report, "pay_title", pay_axis, pay, bins(pay_per_day(report.solved)), money)]
    if not report.shows_people:
        return shown
    return [
        *shown,
        _plot(
            report,
            "travel_title",
            words("travel_axis"),
            travel,
            bins(report.assignment.minutes),
            words.minutes,
        ),
    ]


def _plot(
    report: Report,
    key: str,
    axis: str,
    draw: Callable[[Any], None],
    found: Bins,
    write: Callable[[float], str],
) -> dict[str, str]:
    words = report.words
    label = _histogram_label(report, words(key), found, write)
    axes = axis, words("people_axis" if report.solved.is_plain else "placements_of_days")
    notes = [] if found.median is None else [words("median", value=write(found.median))]
    if found.beyond:
        notes.append(words("no_way_known", n=words.count(found.beyond)))
    return {
        "title": words(key),
        "svg": svg_of(key, draw, label, axes),
        "note": words.sentences(notes),
    }


def _histogram_label(report: Report, title: str, found: Bins, write: Callable[[float], str]) -> str:
    if found.median is None:
        return report.words("histogram_empty", title=title)
    counted = "people" if report.solved.is_plain else "placements_of_days"
    top = int(found.counts.argmax())
    low, high = found.edges[top : top + 2].tolist()
    return report.words(
        "histogram_label",
        title=title,
        people=report.words.some(counted, int(found.counts.sum())),
        median=write(found.median),
        most=report.words.count(int(found.counts[top])),
        low=write(low),
        high=write(high),
    )
