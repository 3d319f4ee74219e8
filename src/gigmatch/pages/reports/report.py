"""What every part of a report knows: the morning, the answer, its language and for whom it is."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple, get_args

from gigmatch.assignment import Assignment, OpenShift
from gigmatch.assignment.choosing import OPTIMAL
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.evidence.eyes import Audience, seen_with, sees_everything
from gigmatch.explaining import Explainer
from gigmatch.messages import in_words
from gigmatch.pages.eyes import REPORT
from gigmatch.pages.figures.places import Places
from gigmatch.pages.shift_formatter import ShiftFormatter
from gigmatch.pages.words import Words

__all__ = ["AUDIENCES", "Audience", "Report", "Row"]

AUDIENCES = get_args(Audience)


class Row(NamedTuple):
    """A row of a table with a bar."""

    name: str
    figures: tuple[str, ...]
    share: float
    """0 to 1."""
    written: str


class Report:
    """A report to be written; see ``gigmatch.pages.report``."""

    def __init__(
        self, solved: SolvedMorning, assignment: Assignment, words: Words, audience: Audience, advice: int
    ) -> None:
        self.solved, self.assignment, self.words = solved, assignment, words
        self.audience, self.advice = audience, advice
        self.columns, self.explainer = solved.columns, Explainer(solved, assignment)
        self.formatter = ShiftFormatter(solved, words)
        self.shows_people = sees_everything(audience)
        self.is_proved = assignment.status == "optimal"

    @property
    def badge(self) -> str:
        """What is proved of the assignment, in a word or two."""
        name = self.assignment.mechanism["name"]
        if name != OPTIMAL.name:
            told = self.words.known(f"mechanisms.{name}", name)
            return self.words("stable") if self.assignment.is_stable else self.words("made_by", way=told)
        return self.words("proved" if self.is_proved else "not_proved")

    @cached_property
    def open_shifts(self) -> list[OpenShift]:
        """Shifts with empty seats, the most first, then by id."""
        return sorted(self.assignment.open_shifts, key=lambda shift: (-shift.open_seats, shift.shift_id))

    def shown(self, what: str, value: Any, people: int = 0) -> Any:
        """A figure of `REPORT` as it is seen by those whom the page is for; None for nothing."""
        return seen_with(REPORT[what].of(self.audience), value, people=people)

    def shows(self, places: Places) -> bool:
        """Whether places are shown: areas lie where people live."""
        return self.shows_people or places.are_stations

    def people(self, n: int) -> str:
        """So many people; others read it as about so many."""
        told = self.words.some("people", n)
        return told if self.shows_people else self.words("about", what=told)

    def person(self, worker_id: str) -> str:
        """A worker by name and id for the market's own people; by id for an auditor."""
        if self.audience != "manager":
            return worker_id
        return self.formatter.person(self.columns.worker_row[worker_id])

    def told(self, reason: Any) -> str:
        """An explanation in words, everything by its name."""
        return in_words(
            reason,
            self.solved.morning,
            lang=self.words.lang,
            worker_name=self.person,
            shift_name=self.shift,
        )

    def shift(self, shift_id: str) -> str:
        """A shift by what people call it."""
        return self.formatter.name(self.columns.shift_row[shift_id])

    def row(self, name: str, filled: int, seats: int) -> Row:
        """A row of seats: how many, how many are filled and how many open."""
        figures = (seats, filled, seats - filled)
        share = filled / seats if seats else 0.0
        return Row(name, tuple(map(self.words.count, figures)), share, self.words.share(filled, seats))

    def more(self, n: int) -> str:
        """How many rows a table leaves out; empty where it has all."""
        return self.words.plural("more_rows", n) if n > 0 else ""
