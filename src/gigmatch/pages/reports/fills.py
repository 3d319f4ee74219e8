"""Who fills what: tables of seats by skill, by starting hour and by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gigmatch.assignment import WaitingCount
from gigmatch.evidence.eyes import gathered
from gigmatch.pages.figures import Tally, fill_by_hour, fill_by_place, fill_by_skill
from gigmatch.pages.reports.report import Report, Row

__all__ = ["fills", "table_of_rows"]

_MOST_ROWS = 40


def fills(report: Report) -> list[dict[str, Any]]:
    """Tables of seats by skill and by hour, and of people and seats by place where there are several."""
    words, places = report.words, report.formatter.places
    seats_head = tuple(words(key) for key in ("seats", "filled", "open"))
    by_skill = _tally_rows(report, fill_by_skill(report.solved))
    by_hour = _tally_rows(report, fill_by_hour(report.solved))
    tables = [
        table_of_rows(report, "by_skill", "skill", seats_head, "share", by_skill),
        table_of_rows(report, "by_hour", "hour", seats_head, "share", by_hour),
    ]
    if report.shows_people and (waiting := report.solved.waiting):
        rows = [_waiting_row(report, each) for each in waiting]
        heads = tuple(words(key) for key in ("people_able", "placed", "placed_first_come"))
        tables.append(table_of_rows(report, "by_waiting", "waited", heads, "share_placed", rows))
    if places.is_one or not report.shows(places):
        return tables
    kind = "place" if places.are_stations else "area"
    return [
        *tables,
        table_of_rows(
            report,
            f"by_{kind}",
            "place" if places.are_stations else "area_head",
            tuple(words(key) for key in ("people", "placed", "seats_near", "open_near")),
            "share_placed",
            list(_place_rows(report)),
        ),
    ]


def table_of_rows(
    report: Report, title: str, first: str, heads: Sequence[str], share: str, rows: list[Row]
) -> dict[str, Any]:
    """Return a table as the page takes it: keys of its texts, names of its columns, its first rows."""
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


def _waiting_row(report: Report, each: WaitingCount) -> Row:
    """Of those who have waited so long."""
    words, name = report.words, report.words.plural("waited_days", each.at_least, n=f"{each.at_least:,}")
    figures = tuple(words.count(n) for n in (each.people, each.placed, each.first_come))
    share = each.placed / each.people if each.people else 0.0
    return Row(name, figures, share, words.share(each.placed, each.people))


def _place_rows(report: Report) -> Iterator[Row]:
    tallies = fill_by_place(report.solved, report.formatter.places)
    workers = _people(report, [row.workers for row in tallies])
    placed = _people(report, [row.placed for row in tallies])
    count = report.words.count
    for place, row in sorted(enumerate(tallies), key=lambda entry: -(workers[entry[0]] or 0)):
        there, of_them = workers[place], placed[place]
        written = [report.words.share(0, 0) if n is None else count(n) for n in (there, of_them)]
        is_told = there is not None and of_them is not None
        share = of_them / there if there and of_them else 0.0
        told = report.words.share(of_them or 0, there or 0) if is_told else report.words.share(0, 0)
        seats = (count(row.seats), count(row.seats - row.filled))
        yield Row(report.formatter.place(place), (*written, *seats), share, told)


def _people(report: Report, counts: list[int]) -> Sequence[int | None]:
    """People by place as they are seen; two are hidden or none, since the sum is known."""
    return counts if report.shows_people else gathered(counts)
