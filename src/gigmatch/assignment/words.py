"""An assignment in words: its size, headline figures beside first come first served, proof and warnings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import chain, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np

from gigmatch.assignment.summary import Summary
from gigmatch.core.widths import to_the_left, to_the_right
from gigmatch.i18n import Told, text
from gigmatch.i18n.texts import Texts, called
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.problem import POINTS, SEATS
from gigmatch.problem.plans import PlanSolution, is_of_seats

if TYPE_CHECKING:
    from gigmatch.assignment.assignment import Assignment

__all__ = ["AssignmentWords"]

_WIDTHS = (18, 14, 14)
_MOST_NOTES = 10  # that are shown
_FIGURES = ("placements", "filled", "points_in_all", "wages", "travel", "open_shifts")
_MADE: Final = {"fair lottery": "drawn", "hall": "hall", "given": "given"}
"""What is told of an answer that looks for nothing better, by why it stopped."""


class AssignmentWords:
    """Tells the summary of an assignment in a language.

    Parameters
    ----------
    assignment : Assignment
        What it is of.
    lang : str
        Such as ``"zh"``.
    """

    def __init__(self, assignment: Assignment, lang: str) -> None:
        self._assignment, self._lang, self.texts = assignment, lang, Texts("summary", lang)

    def __str__(self) -> str:
        rows = [self.header(), *self.figures()]
        return "\n".join([self.size(), *map(_row, rows), *self.notes()])

    def size(self) -> str:
        """How many people, seats and shifts there are."""
        names, summary = ("workers", "seats", "shifts"), self._assignment.summary
        return self.texts("size", **{n: self.texts.plural(f"n_{n}", getattr(summary, n)) for n in names})

    def header(self) -> tuple[str, str, str]:
        """What stands above the columns of the figures."""
        return "", self.texts("ours"), self.texts("first_come")

    def figures(self) -> list[tuple[str, str, str]]:
        """Name, value, and the value of first come, first served."""
        columns = (
            map(self.texts, _FIGURES),
            *map(self._values, (self._assignment.summary, self._assignment.baseline)),
        )
        rows = list(zip(*columns, strict=True))
        return rows if self._assignment.is_plain else [self._people(), *self._of_days(rows)]

    def _people(self) -> tuple[str, str, str]:
        """How many have work, where some have several shifts; first come, first served everybody has one."""
        placed, first = int(self._assignment.is_placed.sum()), self._assignment.baseline.placements
        return self.texts("people_placed"), f"{placed:,}", f"{first:,}"

    def _of_days(self, rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """The figures, the first of which counts shifts, and not people."""
        return [(self.texts("placements_of_days"), *rows[0][1:]), *rows[1:]]

    def notes(self) -> list[str]:
        """What is proved, then who has waited, rules that warn, requests by name, and what looks wrong."""
        parts = self._waiting(), self._warnings(), self._requests(), self._looks_wrong()
        return [self._proof(), *chain(*parts)]

    def _values(self, summary: Summary) -> list[str]:
        share = summary.placements / summary.seats if summary.seats else 0.0
        travel = summary.median_travel_min
        code = self._assignment.currency
        currency = self.texts.known(f"currencies.{code}", code)
        return [
            f"{summary.placements:,}",
            f"{share:.1%}",
            f"{summary.points:,.2f}",
            self.texts("money", amount=f"{summary.wages_offered:,.0f}", currency=currency),
            "-" if travel is None else self._minutes(travel),
            f"{summary.open_shifts:,}",
        ]

    def _minutes(self, minutes: float) -> str:
        is_short = 0 < minutes < 1
        return self.texts("under_a_minute") if is_short else self.texts("minutes", n=f"{minutes:.0f}")

    def _waiting(self) -> Iterable[str]:
        for each in self._assignment.waiting:
            told = {name: f"{n:,}" for name, n in each._asdict().items()}
            yield self.texts.plural("waiting", each.at_least, **told)

    def _warnings(self) -> Iterable[str]:
        for warning in self._assignment.warnings:
            rule = called("rules.{}.name", warning.rule, self._lang)
            n, sentence = f"{len(warning.pairs):,}", warning.text(self._lang)
            yield self.texts("warning", n=n, rule=rule, sentence=sentence)

    def _requests(self) -> Iterable[str]:
        if requests := self._assignment.requests:
            met = sum(each.fact == "met" for each in requests)
            yield self.texts("requests", met=f"{met:,}", n=f"{len(requests):,}")

    def _looks_wrong(self) -> Iterable[str]:
        notes = self._assignment.notes
        for note in notes[:_MOST_NOTES]:
            yield self.texts("note", note=note.text(self._lang))
        if (left := len(notes) - _MOST_NOTES) > 0:
            yield self.texts("more_notes", n=f"{left:,}")

    def _proof(self) -> str:
        solution, seconds = self._assignment.solution, self._assignment.seconds
        took = "" if seconds is None else self.texts("took", seconds=f"{seconds:.2f}")
        if self._assignment.is_stable:
            side = text(f"words.{self._assignment.mechanism['side']}", self._lang)
            return self.texts("stable", side=side, solver=solution.solver, took=took)
        levels = self._proved_levels()
        if solution.status == "optimal":
            told = self.texts("list").join(levels)
            if isinstance(solution, PlanSolution):
                return self.texts("optimal_plans", levels=told, solver=solution.solver, took=took)
            return self.texts("optimal", levels=told, solver=solution.solver, took=took)
        if made := _MADE.get(solution.stopped):
            asked = self._assignment
            way = text(f"mechanisms.{asked.mechanism['name']}", self._lang)
            missing = self._missing(levels)
            return self.texts(made, way=way, seed=asked.policy["seed"], missing=missing, took=took)
        stopped = Told.named("stopped", solution.stopped).text(self._lang)
        told = "stopped_plans" if isinstance(solution, PlanSolution) else "stopped"
        missing = self._missing(levels)
        return self.texts(told, stopped=stopped, missing=missing, solver=solution.solver, took=took)

    def _missing(self, levels: Iterable[str]) -> str:
        """Return how much better the best can be, where it is not proved."""
        solution = self._assignment.solution
        if isinstance(solution, PlanSolution):
            return reduce(self._and, self._open_levels(solution))
        if solution.gap == 0 and len(self._assignment.certificates) > 1:
            return self.texts("undrawn", levels=reduce(self._and, levels))
        return self._below(solution.gap)

    def _below(self, gap: int) -> str:
        points = f"{gap / POINTS_SCALE:,.2f}".removesuffix(".00")
        return self.texts.plural("below", 1 if points == "1" else 2, points=points)

    def _open_levels(self, solution: PlanSolution) -> Iterable[str]:
        """How much better every level can be that is not proved, seats by tier."""
        words = self._assignment.level_words(self._lang)
        for claim in solution.claims:
            if claim.level == POINTS.name and not claim.is_closed:
                yield self._below(claim.gap)
            elif not claim.is_closed:
                is_tier = is_of_seats(claim.level)
                level = self._tier(claim.level) if is_tier else words[claim.level]
                yield self.texts("open_level", level=level, n=f"{claim.gap:,}")

    def _tier(self, level: str) -> str:
        """The seats of a tier, of which a level knows the place alone."""
        place = int(level.removeprefix(f"{SEATS.name} "))
        return self.texts("tier", n=int(np.unique(self._assignment.tier)[place - 1]))

    def _and(self, first: str, rest: str) -> str:
        return self.texts("and", first=first, rest=rest)

    def _proved_levels(self) -> list[str]:
        """What people call the levels that have a proof, each once."""
        words, solution = self._assignment.level_words(self._lang), self._assignment.solution
        names = [proof.level for proof in solution.certificates]
        if isinstance(solution, PlanSolution):
            names = [claim.level for claim in takewhile(attrgetter("is_closed"), solution.claims)]
            names = [SEATS.name if is_of_seats(name) else name for name in names]
        return list(dict.fromkeys(words[name] for name in names))


def _row(cells: tuple[str, ...]) -> str:
    """The first to the left, figures to the right."""
    first, *rest = zip(cells, _WIDTHS, strict=True)
    return to_the_left(*first) + "".join(to_the_right(*cell) for cell in rest)
