"""Who fills what: tables of seats by skill, by starting hour and by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gigmatch.pages.figures import Tally, fill_by_hour, fill_by_place, fill_by_skill
from gigmatch.pages.reports.report import LEAST_PEOPLE, Report, Row

__all__ = ["fills"]

_MOST_ROWS = 40


def fills(report: Report) -> list[dict[str, Any]]:
    """Tables of seats by skill and by hour, and of people and seats by place where there are several."""
    words, places = report.words, report.formatter.places
    seats_head = tuple(words(key) for key in ("seats", "filled", "open"))
    by_skill = _tally_rows(report, fill_by_skill(report.solved))
    by_hour = _tally_rows(report, fill_by_hour(report.solved))
    tables = [
        _table(report, "by_skill", "skill", seats_head, "share", by_skill),
        _table(report, "by_hour", "hour", seats_head, "share", by_hour),
    ]
    if places.is_one:
        return tables
    kind = "place" if places.are_stations else "area"
    return [
        *tables,
        _table(
            report,
            f"by_{kind}",
            "place" if places.are_stations else "area_head",
            tuple(words(key) for key in ("people", "placed", "seats_near", "open_near")),
            "share_placed",
            list(_place_rows(report)),
        ),
    ]


def _table(
    report: Report, title: str, first: str, heads: Sequence[str], share: str, rows: list[Row]
) -> dict[str, Any]:
    cut = len(rows) - _MOST_ROWS
    return {
        "title": report.words(title),
        "first": report.words(first),
        "heads": heads,
        "share": report.words(share),
        "rows": rows[:_MOST_ROWS],
        "more": report.more(cut),
    }


def _tally_rows(report: Report, tallies: Iterable[Tally]) -> list[Row]:
    return [
        report.row(tally.name or report.words("no_skill"), tally.filled, tally.seats) for tally in tallies
    ]


def _place_rows(report: Report) -> Iterator[Row]:
    rows = list(enumerate(fill_by_place(report.solved, report.formatter.places)))
    for place, row in sorted(rows, key=lambda entry: -entry[1].workers):
        few = not report.shows_people and 0 < row.workers < LEAST_PEOPLE
        hidden = report.words.share(0, 0)
        people = (
            (hidden, hidden) if few else (report.words.count(row.workers), report.words.count(row.placed))
        )
        seats = (report.words.count(row.seats), report.words.count(row.seats - row.filled))
        share = row.placed / row.workers if row.workers and not few else 0.0
        written = hidden if few else report.words.share(row.placed, row.workers)
        yield Row(report.formatter.place(place), (*people, *seats), share, written)
