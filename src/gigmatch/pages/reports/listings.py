"""Every placement and every open shift of a report, as tables that a script searches, sorts and filters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import isfinite, nan
from typing import NamedTuple

from gigmatch.model import MINUTES_PER_DAY
from gigmatch.pages.reports.report import Report
from gigmatch.pairing.policy import POINTS_SCALE

__all__ = ["Cell", "Heading", "Listing", "listings"]

_MOST_ROWS = 5_000


class Heading(NamedTuple):
    """The head of a column."""

    text: str
    is_number: bool = False
    is_time: bool = False
    has_choice: bool = False
    """Whether rows may be chosen by what stands in it."""


class Cell(NamedTuple):
    """What stands in a row under a heading."""

    text: str
    minute: int | None = None
    """Since the morning's midnight, for a time of another day, by which it is sorted."""


class Listing(NamedTuple):
    """A table of everything of one kind."""

    id: str
    caption: str
    headings: tuple[Heading, ...]
    """Those of numbers last."""
    rows: list[tuple[Cell, ...]]
    more: str
    """How many rows it leaves out; empty where it has all."""


def listings(report: Report) -> list[Listing]:
    """Open shifts; before them placements, for eyes that may see who has which."""
    shifts = _Shifts(report)
    return [*([_placements(report, shifts)] if report.shows_people else []), _open_shifts(report, shifts)]


class _Shifts:
    """Cells that tell of a shift where it is, what it is, when it begins and its id, made once each."""

    def __init__(self, report: Report) -> None:
        self._formatter, self._columns = report.formatter, report.columns
        self._made: dict[int, tuple[Cell, ...]] = {}

    def cells(self, row: int) -> tuple[Cell, ...]:
        """Those of one shift."""
        if row not in self._made:
            told = self._formatter
            where, work, key = told.where(row), told.title_and_work(row), self._columns.shift_ids[row]
            self._made[row] = (Cell(where), Cell(work), self._start(row), Cell(key))
        return self._made[row]

    def _start(self, row: int) -> Cell:
        minute = self._formatter.start_minute(row)
        is_another_day = not 0 <= minute < MINUTES_PER_DAY
        return Cell(self._formatter.start(row), minute if is_another_day else None)

    @staticmethod
    def headings(report: Report) -> tuple[Heading, ...]:
        """Their heads, and that of the pay of a day, which comes first of the numbers."""
        words = report.words
        pay = words("pay_head", currency=words.currency(report.columns.currency))
        return (
            Heading(words("where"), has_choice=True),
            Heading(words("skill"), has_choice=True),
            Heading(words("hour"), is_time=True),
            Heading(words("shift_id")),
            Heading(pay, is_number=True),
        )


def _placements(report: Report, shifts: _Shifts) -> Listing:
    solved, columns, answer = report.solved, report.columns, report.assignment
    points = (answer.points_by_scorer.sum(axis=1) / POINTS_SCALE).tolist()
    placed = zip(solved.worker.tolist(), solved.shift.tolist(), answer.minutes.tolist(), points, strict=True)
    rows = [
        (
            Cell(report.person(columns.worker_ids[worker])),
            *shifts.cells(shift),
            *_numbers(report, columns.shifts.pay_per_day[shift], minutes),
            Cell(f"{worth:.1f}"),
        )
        for worker, shift, minutes, worth in islice(placed, _MOST_ROWS)
    ]
    heads = (Heading(report.words("worker")), *shifts.headings(report), *_figures(report, "way", "points"))
    return _listing(report, "placement_list", heads, rows, len(solved.worker))


def _open_shifts(report: Report, shifts: _Shifts) -> Listing:
    columns, rows = report.columns, []
    for shift in report.open_shifts[:_MOST_ROWS]:
        row = columns.shift_row[shift.shift_id]
        figures = (columns.shifts.pay_per_day[row], shift.open_seats, columns.shifts.capacity[row])
        eligible = report.shown("eligible", shift.eligible_workers)
        rows.append((*shifts.cells(row), *_numbers(report, *figures, nan if eligible is None else eligible)))
    heads = (*shifts.headings(report), *_figures(report, "open", "seats", "eligible"))
    return _listing(report, "open_list", heads, rows, len(report.open_shifts))


def _figures(report: Report, *names: str) -> list[Heading]:
    return [Heading(report.words(name), is_number=True) for name in names]


def _numbers(report: Report, *values: float) -> list[Cell]:
    return [Cell(report.words.count(value) if isfinite(value) else "–") for value in values]


def _listing(
    report: Report, name: str, heads: tuple[Heading, ...], rows: Sequence[tuple[Cell, ...]], n: int
) -> Listing:
    words = report.words
    more = words("listing_cut", n=words.count(len(rows)), all=words.count(n)) if n > len(rows) else ""
    return Listing(name, words(name), heads, list(rows), more)
