"""What it costs to put those first who have waited longest, in a report."""

from __future__ import annotations

from typing import Any

from gigmatch.assignment import FairnessCurve, FairnessPoint
from gigmatch.pages.reports.fills import table_of_rows
from gigmatch.pages.reports.report import Report, Row

__all__ = ["prices"]


def prices(report: Report, curve: FairnessCurve | None) -> list[dict[str, Any]]:
    """Return the table of a curve, for the market's own people; none without one."""
    if curve is None or not report.shows_people:
        return []
    heads = tuple(map(report.words, ("placed", "points_less", "wages", "mean_way", "longest_wait")))
    rows = [_row(report, point) for point in curve.points]
    return [table_of_rows(report, "fairness", "who_first", heads, "waited_a_week", rows)]


def _row(report: Report, point: FairnessPoint) -> Row:
    words, summary, share = report.words, point.summary, point.share_placed()
    figures = (
        words.count(summary.placements),
        "–" if point.cost is None else f"{point.cost:,.2f}",
        words.money(round(summary.wages_offered), report.columns.currency),
        "–" if point.mean_travel_min is None else words("minutes", n=f"{point.mean_travel_min:.1f}"),
        "–" if point.longest_wait is None else words.plural("n_days", point.longest_wait),
    )
    return Row(point.text(words.lang), figures, share or 0.0, "–" if share is None else f"{share:.0%}")
