"""Shortages of a report: open seats and people without a shift, with sets that prove it by being counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from gigmatch.assignment import OpenShift
from gigmatch.core.arrays import BoolArray, IndexArray
from gigmatch.evidence import NoEligibleWorker
from gigmatch.evidence.eyes import LEAST_PEOPLE
from gigmatch.pages.reports.hall_sets import HallSet, HallSets, joined
from gigmatch.pages.reports.report import Report

__all__ = ["shortages"]

_MOST_SETS = 6
_MOST_ASKED = 200  # shifts that are asked what keeps everybody out,
_MOST_PAIRS = 2_000_000  # and as few pairs as a city has time for
_MOST_REASONS = 6


class _Gap(NamedTuple):
    """Seats left open, or people left without a shift, and how it is said."""

    size: int
    told: str


class ShortSet(NamedTuple):
    """A set of shifts, or of people, that proves a shortage by being counted."""

    title: str
    text: str
    skills: str
    size: int
    """Seats left open, or people left without a shift."""


def shortages(report: Report) -> dict[str, Any]:
    """Open seats and people without a shift, and the sets that prove that it must be so."""
    words = report.words
    seats = sum(shift.open_seats for shift in report.open_shifts)
    people = int(report.solved.is_waiting.sum())
    lead = words(
        "shortages_lead" if report.is_proved and not report.solved.has_plans else "shortages_unproved",
        seats=words.some("seats", seats),
        shifts=words.some("shifts", len(report.open_shifts)),
        people=words.some("people", people),
    )
    groups, others = _groups(report)
    return {
        "lead": lead if seats or people else words("no_shortage"),
        "groups": {words(name): sets for name, sets in groups.items() if sets},
        "others": others,
    }


def _groups(report: Report) -> tuple[dict[str, list[ShortSet]], list[str]]:
    """The sets, the largest first, and reasons that are none.

    Where people take several shifts, or teams come whole, only what rules alone leave open is a set.
    """
    sets = _Sets(report) if report.solved.has_prices else _OfRulesAlone(report)
    groups = {"empty_seats": sets.of_empty_seats(), "without_shift": sets.of_people()}
    return {name: sorted(found, key=lambda one: -one.size) for name, found in groups.items()}, sets.others


class _OfRulesAlone:
    """The sets of one report that rest on rules alone, and the reasons for shortages that are none."""

    def __init__(self, report: Report) -> None:
        self.report, self.words = report, report.words
        self.others: list[str] = []
        """Reasons in words that are no set to be counted; filled while the sets are looked for."""
        if report.solved.has_plans:
            self.others.append(self.words("plans_no_sets"))
        elif not report.solved.is_plain:
            self.others.append(self.words("several_shifts"))

    def of_empty_seats(self) -> list[ShortSet]:
        """Look for those that leave seats open."""
        return [*self._nobody()]

    def of_people(self) -> list[ShortSet]:
        """Look for those that leave people without a shift."""
        return [*self._unfit()]

    def _why_nobody(self, shift: OpenShift) -> Any:
        """Why nobody may take a shift; None where that is not told."""
        return None

    def _say(self, reason: Any) -> None:
        """Add what is seen of a reason, in words."""
        said = self.report.told(reason.seen_by(self.report.audience))
        if said not in self.others and len(self.others) < _MOST_REASONS:
            self.others.append(said)

    def _nobody(self) -> Iterator[ShortSet]:
        """Open shifts that nobody may take, together by the rule that keeps most people out."""
        nobody = [shift for shift in self.report.open_shifts if not shift.eligible_workers]
        most_told = _MOST_REASONS // 2
        most = max(min(_MOST_ASKED, _MOST_PAIRS // max(self.report.columns.n_workers, 1)), most_told)
        by_rule: dict[str, list[OpenShift]] = {}
        for at, shift in enumerate(nobody):
            reason = self._why_nobody(shift) if at < most else None
            rule = ""
            if isinstance(reason, NoEligibleWorker):
                seen = reason.seen_by(self.report.audience).removed_alone
                rule = max(seen, key=seen.__getitem__, default="")
                if at < most_told:
                    self._say(reason)
            by_rule.setdefault(rule, []).append(shift)
        yield from (self._kept_out(rule, shifts) for rule, shifts in by_rule.items())

    def _kept_out(self, rule: str, shifts: list[OpenShift]) -> ShortSet:
        words, seats = self.words, sum(shift.open_seats for shift in shifts)
        counts = {"seats": words.some("seats", seats), "shifts": words.some("shifts", len(shifts))}
        text = [words("nobody_eligible_text", **counts)]
        if rule:
            name = words.known(f"rules.{rule}.name", rule)
            text.append(words("nobody_eligible_rule", rule=name))
        rows = np.array([self.report.columns.shift_row[shift.shift_id] for shift in shifts])
        return self._set("nobody_eligible", words.sentences(text), rows, self._seats(seats))

    def _unfit(self) -> Iterator[ShortSet]:
        people = self._told(sum(not worker.eligible_shifts for worker in self.report.assignment.unplaced))
        if people:
            gap = self._people(people)
            text = self.words("no_shift_eligible_text", people=gap.told)
            yield self._set("no_shift_eligible", text, np.zeros(0, np.intp), gap)

    def _told(self, people: int, *, at_most: bool = False) -> int | None:
        """How many people are told of, down or up so that what follows from it is true."""
        told: int | None = self.report.shown("people_of_shortage", people)
        return told + LEAST_PEOPLE if at_most and told is not None and told < people else told

    def _seats(self, n: int) -> _Gap:
        return _Gap(n, self.words.some("seats", n))

    def _people(self, n: int) -> _Gap:
        return _Gap(n, self.report.people(n))

    def _set(self, cause: str, text: str, shifts: IndexArray, gap: _Gap) -> ShortSet:
        title = self.words("cause", n=gap.told, cause=self.words(cause))
        return ShortSet(title, text, self._skills(shifts), gap.size)

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


class _Sets(_OfRulesAlone):
    """All the sets of one report, where everybody takes one shift."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.hall = HallSets(report.solved.problem, report.assignment.plain_solution.shift)

    def of_empty_seats(self) -> list[ShortSet]:
        """Look for those that leave seats open."""
        return [*self._short_of_workers(), *super().of_empty_seats()]

    def of_people(self) -> list[ShortSet]:
        """Look for those that leave people without a shift."""
        return [*self._short_of_seats(), *super().of_people()]

    def _why_nobody(self, shift: OpenShift) -> Any:
        return self.report.explainer.why_empty(shift.shift_id)

    def _short_of_workers(self) -> Iterator[ShortSet]:
        """Sets of seats with too few people, until every open shift that some may take is in one."""
        covered = np.zeros(self.report.columns.n_shifts, dtype=bool)
        asked, sets = 0, list[BoolArray]()
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
                sets.append(found.shifts)
        for found in map(self.hall.with_eligible, joined(sets)):
            people = self._told(found.people, at_most=True)
            if people is not None and people < found.seats:
                gap = self._seats(found.seats - people)
                yield self._of_hall("too_few_workers", "too_few_workers_text", found, people, gap)

    def _short_of_seats(self) -> Iterator[ShortSet]:
        """Sets of people with too few seats, of those who could work somewhere."""
        covered = np.zeros(self.report.columns.n_workers, dtype=bool)
        asked, sets = 0, list[BoolArray]()
        for worker in self.report.assignment.unplaced:
            row = self.report.columns.worker_row[worker.worker_id]
            if not worker.eligible_shifts or covered[row] or asked == _MOST_SETS:
                continue
            asked += 1
            found = self.hall.of_seats(row)
            if found is not None:
                covered |= found.workers
                sets.append(found.shifts)
            elif self.report.shows_people:
                self._say(self.report.explainer.why_unplaced(worker.worker_id))
        for found in map(self.hall.with_confined, joined(sets)):
            people = self._told(found.people)
            if people is not None and people > found.seats:
                gap = self._people(people - found.seats)
                yield self._of_hall("too_few_seats", "too_few_seats_text", found, people, gap)

    def _of_hall(self, cause: str, text: str, found: HallSet, people: int, gap: _Gap) -> ShortSet:
        told = self.words(
            text,
            people=self.report.people(people),
            seats=self.words.some("seats", found.seats),
            shifts=self.words.some("shifts", int(found.shifts.sum())),
            gap=gap.told,
        )
        return self._set(cause, told, np.flatnonzero(found.shifts), gap)
