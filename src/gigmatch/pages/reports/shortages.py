"""Shortages of a report: open seats and people without a shift, with sets that prove it by being counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from gigmatch.assignment import OpenShift
from gigmatch.core.arrays import BoolArray, IndexArray
from gigmatch.evidence import NoEligibleWorker
from gigmatch.pages.reports.hall_sets import HallSet, HallSets
from gigmatch.pages.reports.report import Report

__all__ = ["shortages"]

_MOST_SETS = 6
_MOST_OPEN = 24
_MOST_REASONS = 6


class ShortSet(NamedTuple):
    """A set of shifts, or of people, that proves a shortage by being counted."""

    title: str
    text: str
    skills: str


def shortages(report: Report) -> dict[str, Any]:
    """Open seats and people without a shift, and the sets that prove that it must be so."""
    words = report.words
    seats = sum(shift.open_seats for shift in report.open_shifts)
    people = int(report.solved.is_waiting.sum())
    lead = words(
        "shortages_lead" if report.is_proved else "shortages_unproved",
        seats=words.some("seats", seats),
        shifts=words.some("shifts", len(report.open_shifts)),
        people=words.some("people", people),
    )
    sets, others = _sets(report)
    return {
        "lead": lead if seats or people else words("no_shortage"),
        "sets": sets,
        "others": others,
        "open": [_open_row(report, shift) for shift in report.open_shifts[:_MOST_OPEN]],
        "more": report.more(len(report.open_shifts) - _MOST_OPEN),
    }


def _open_row(report: Report, shift: OpenShift) -> tuple[str, ...]:
    row = report.columns.shift_row[shift.shift_id]
    seats = (shift.open_seats, shift.eligible_workers)
    figures = (report.words.count(figure) for figure in seats)
    return (shift.shift_id, report.formatter.work(row), report.formatter.where(row), *figures)


def _sets(report: Report) -> tuple[list[ShortSet], list[str]]:
    """The sets, and the reasons for shortages that are none; neither where somebody has several shifts."""
    if not report.solved.is_plain:
        return [], [report.words("several_shifts")]
    sets = _Sets(report)
    return sets.found(), sets.others


class _Sets:
    """The sets of one report, and the reasons for shortages that are none."""

    def __init__(self, report: Report) -> None:
        self.report, self.words = report, report.words
        self.hall = HallSets(report.solved.problem, report.assignment.solution.shift)
        self.others: list[str] = []
        """Reasons in words that are no set to be counted; filled while the sets are looked for."""

    def found(self) -> list[ShortSet]:
        """Look for all of them."""
        return [*self._short_of_workers(), *self._nobody(), *self._short_of_seats(), *self._unfit()]

    def _say(self, reason: Any) -> None:
        said = self.report.told(reason.seen_by(self.report.audience))
        if said not in self.others and len(self.others) < _MOST_REASONS:
            self.others.append(said)

    def _short_of_workers(self) -> Iterator[ShortSet]:
        """Sets of seats with too few people, until every open shift that some may take is in one."""
        covered = np.zeros(self.report.columns.n_shifts, dtype=bool)
        asked = 0
        for shift in self.report.open_shifts:
            row = self.report.columns.shift_row[shift.shift_id]
            if not shift.eligible_workers or covered[row] or asked == _MOST_SETS:
                continue
            asked += 1
            found = self.hall.of_workers(row)
            if found is None:
                self._say(self.report.explainer.why_empty(shift.shift_id))
            else:
                covered |= found.shifts
                text = self._counted("too_few_workers_text", found, "seats", found.seats - found.people)
                yield self._set("too_few_workers", text, found.shifts)

    def _nobody(self) -> Iterator[ShortSet]:
        nobody = [shift for shift in self.report.open_shifts if not shift.eligible_workers]
        if not nobody:
            return
        seats = sum(shift.open_seats for shift in nobody)
        figures = {"seats": self.words.some("seats", seats), "shifts": self.words.some("shifts", len(nobody))}
        skills = self._skills(np.array([self.report.columns.shift_row[shift.shift_id] for shift in nobody]))
        yield ShortSet(self.words("nobody_eligible"), self.words("nobody_eligible_text", **figures), skills)
        for shift in nobody[: _MOST_REASONS // 2]:
            reason = self.report.explainer.why_empty(shift.shift_id)
            if isinstance(reason, NoEligibleWorker):
                self._say(reason)

    def _short_of_seats(self) -> Iterator[ShortSet]:
        """Sets of people with too few seats, of those who could work somewhere."""
        covered = np.zeros(self.report.columns.n_workers, dtype=bool)
        asked = 0
        for worker in self.report.assignment.unplaced:
            row = self.report.columns.worker_row[worker.worker_id]
            if not worker.eligible_shifts or covered[row] or asked == _MOST_SETS:
                continue
            asked += 1
            found = self.hall.of_seats(row)
            if found is not None:
                covered |= found.workers
                text = self._counted("too_few_seats_text", found, "people", found.people - found.seats)
                yield self._set("too_few_seats", text, found.shifts)
            elif self.report.shows_people:
                self._say(self.report.explainer.why_unplaced(worker.worker_id))

    def _set(self, title: str, text: str, shifts: BoolArray) -> ShortSet:
        return ShortSet(self.words(title), text, self._skills(np.flatnonzero(shifts)))

    def _unfit(self) -> Iterator[ShortSet]:
        people = sum(not worker.eligible_shifts for worker in self.report.assignment.unplaced)
        if people:
            text = self.words("no_shift_eligible_text", people=self.words.some("people", people))
            yield ShortSet(self.words("no_shift_eligible"), text, "")

    def _counted(self, key: str, found: HallSet, what: str, gap: int) -> str:
        return self.words(
            key,
            people=self.words.some("people", found.people),
            seats=self.words.some("seats", found.seats),
            shifts=self.words.some("shifts", int(found.shifts.sum())),
            gap=self.words.some(what, gap),
        )

    def _skills(self, rows: IndexArray) -> str:
        """The skills that most of some shifts' seats ask for."""
        codes = self.report.columns.shifts.leading_skill[rows]
        seats = np.bincount(codes[codes >= 0], self.report.columns.shifts.capacity[rows[codes >= 0]])
        order = [k for k in np.argsort(-seats, kind="stable").tolist() if seats[k]]
        if not order:
            return ""
        names = [
            self.words(
                "in_brackets",
                name=self.report.solved.skill_names[self.report.columns.skill_codes[k]],
                value=self.words.count(seats[k]),
            )
            for k in order
        ]
        return self.words("skills_concerned", skills=self.words.listed(names, 4))
