"""What it costs to put those first who have waited longest: figures of one morning, rule by rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from gigmatch import i18n
from gigmatch.assignment.assignment import Assignment
from gigmatch.assignment.entries import WaitingCount
from gigmatch.assignment.saving import summary_dict, summary_from
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.assignment.summary import Summary
from gigmatch.core.html_tables import html_table
from gigmatch.core.saved import FileFormat, Saved
from gigmatch.core.widths import to_the_left, to_the_right
from gigmatch.errors import GigmatchError, InvalidFileError
from gigmatch.i18n.texts import Texts
from gigmatch.pairing.levels import describe_level, restore_levels
from gigmatch.pairing.people import People

__all__ = ["FairnessCurve", "FairnessPoint"]

_LARGEST = 2**53
_DAYS = (30, 14, 7, 3, 1)
_COLUMNS = ("first", "placements", "points", "cost", "wages", "travel", "longest_wait")
_WIDTHS = (44, 11, 12, 10, 14, 9, 14)


@dataclass(frozen=True)
class FairnessPoint:
    """One rule of who comes first, and what the morning's best assignment under it comes to."""

    people: People | None
    """Who comes first; None for nobody."""
    is_proved: bool
    """Whether the assignment is proved optimal."""
    summary: Summary
    mean_travel_min: float | None
    """Mean minutes of the way of those placed, as far as they are known; None without any."""
    waiting: tuple[WaitingCount, ...]
    """How those fare who have waited at least 30, 14, 7, 3 days and 1 day."""
    longest_wait: int | None
    """Most days without work of anybody who could take a shift and has none; None if all of them have one."""
    cost: float | None
    """Points less than at the first point, exact to 1/100; None where either is not proved."""

    @classmethod
    def of(cls, answer: Assignment, first: Assignment) -> Self:
        """Take the figures of an assignment.

        Parameters
        ----------
        answer : Assignment
            Just made.
        first : Assignment
            What the cost is held against.
        """
        solved, known = SolvedMorning.of(answer), answer.minutes[np.isfinite(answer.minutes)]
        are_proved = answer.status == first.status == "optimal"
        return cls(
            people=solved.instance.policy.people,
            is_proved=answer.status == "optimal",
            summary=answer.summary,
            mean_travel_min=float(known.mean()) if len(known) else None,
            waiting=solved.waiting_at_least(*_DAYS),
            longest_wait=solved.longest_wait,
            cost=round(first.summary.points - answer.summary.points, 2) if are_proved else None,
        )

    def share_placed(self, at_least: int = 7) -> float | None:
        """Return the share placed of those who waited 30, 14, 7, 3 or 1 days; None where there are none."""
        found = next(each for each in self.waiting if each.at_least == at_least)
        return found.placed / found.people if found.people else None

    def text(self, lang: str = "en") -> str:
        """Tell who comes first, in a language; `str` in English."""
        return i18n.text("fairness.nobody", lang) if self.people is None else self.people.text(lang)

    def short(self, lang: str = "en") -> str:
        """Tell it as on an axis."""
        return self.text(lang) if self.people is None else self.people.short(lang)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class FairnessCurve(Saved):
    """Points, wages, ways and seats of a morning, by how strictly waiting counts; see `fairness_curve`."""

    saved_as: ClassVar = FileFormat("fairness_curve", 1, is_bare=False)
    points: tuple[FairnessPoint, ...]
    """In the order asked for."""
    currency: str
    morning_digest: str
    """As that of the assignments."""

    def __len__(self) -> int:
        return len(self.points)

    def records(self, lang: str = "en") -> list[dict[str, Any]]:
        """Return a flat row for every point, as ``pandas.DataFrame`` and others take it.

        Parameters
        ----------
        lang : str
            In which ``first`` tells who comes first.

        Returns
        -------
        list of dict
            ``first``, ``classes``, ``is_proved``, ``placements``, ``seats``, ``points``, ``cost``, ``wages``,
            ``median_travel_min``, ``mean_travel_min``, ``longest_wait``, and for 30, 14, 7, 3 days and 1 day
            ``waited_7`` and ``placed_7``: who could take a shift and had waited so long, and who of them has
            one.
        """
        return [_record(point, lang) for point in self.points]

    def text(self, lang: str = "en") -> str:
        """Tell it as a table in a language; `str` in English.

        Parameters
        ----------
        lang : str
            Such as ``"zh"``; a language that has no catalogue is told in English.
        """
        texts = Texts("fairness", lang)
        rows = [tuple(map(texts, _COLUMNS)), *(self._row(point, texts) for point in self.points)]
        return "\n".join(map(_line, rows))

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        records = self.records()
        return html_table([*records[0]], [[*row.values()] for row in records]) if records else ""

    def to_json(self) -> bytes:
        """Return the curve as JSON in UTF-8."""
        fields = {
            "morning_digest": self.morning_digest,
            "currency": self.currency,
            "points": [
                asdict(point)
                | {
                    "people": None if point.people is None else describe_level(point.people),
                    "summary": summary_dict(point.summary),
                    "waiting": [list(each) for each in point.waiting],
                }
                for point in self.points
            ],
        }
        return self.saved_as.enveloped(json.dumps(fields, ensure_ascii=False, indent=1))

    @classmethod
    def from_json(cls, data: bytes | str, *, source: str | Path | None = None) -> Self:
        """Read a curve that `to_json` gave; raises InvalidFileError as for every saved kind."""
        fields, place = cls._fields_in(data, source, ("morning_digest", "currency", "points"))
        try:
            points = tuple(map(_point, fields["points"]))
            return cls(points, str(fields["currency"]), str(fields["morning_digest"]))
        except (KeyError, TypeError, ValueError, AttributeError, GigmatchError) as error:
            raise InvalidFileError("not_a_saved_curve", source=place, error=error) from None

    def _row(self, point: FairnessPoint, texts: Texts) -> tuple[str, ...]:
        summary, travel = point.summary, point.mean_travel_min
        currency = texts.known(f"currencies.{self.currency}", self.currency)
        return (
            point.text(texts.lang),
            f"{summary.placements:,}",
            f"{summary.points:,.2f}",
            "-" if point.cost is None else f"{point.cost:,.2f}",
            texts("money", amount=f"{summary.wages_offered:,.0f}", currency=currency),
            "-" if travel is None else texts("minutes", n=f"{travel:.1f}"),
            "-" if point.longest_wait is None else texts.plural("n_days", point.longest_wait),
        )


def _line(cells: tuple[str, ...]) -> str:
    first, *rest = zip(cells, _WIDTHS, strict=True)
    return to_the_left(*first) + "".join(to_the_right(*cell) for cell in rest)


def _record(point: FairnessPoint, lang: str) -> dict[str, Any]:
    summary = point.summary
    waited = {f"waited_{each.at_least}": each.people for each in point.waiting}
    placed = {f"placed_{each.at_least}": each.placed for each in point.waiting}
    return {
        "first": point.text(lang),
        "classes": 0 if point.people is None else point.people.largest,
        "is_proved": point.is_proved,
        "placements": summary.placements,
        "seats": summary.seats,
        "points": summary.points,
        "cost": point.cost,
        "wages": summary.wages_offered,
        "median_travel_min": summary.median_travel_min,
        "mean_travel_min": point.mean_travel_min,
        "longest_wait": point.longest_wait,
        **waited,
        **placed,
    }


def _point(data: Mapping[str, Any]) -> FairnessPoint:
    people = None if data["people"] is None else restore_levels([data["people"]], {})[0]
    told = {"summary": summary_from(data["summary"]), "people": people}
    waiting = tuple(WaitingCount(*each) for each in data["waiting"])
    point = FairnessPoint(**{**data, **told, "waiting": waiting})
    if not _is_sound(point):
        raise ValueError(data)
    return point


def _is_sound(point: FairnessPoint) -> bool:
    """Whether figures are numbers, counts whole ones, and days those that there are."""
    summary, known = point.summary, (point.mean_travel_min, point.cost)
    maybe = (summary.mean_points, summary.median_travel_min, *known)
    figures = (summary.wages_offered, *(figure for figure in maybe if figure is not None))
    counts = (summary.workers, summary.placements, summary.shifts, summary.seats, summary.open_shifts)
    waited = (*chain.from_iterable(point.waiting), 0 if point.longest_wait is None else point.longest_wait)
    return (
        isinstance(point.is_proved, bool)
        and tuple(each.at_least for each in point.waiting) == _DAYS
        and all(type(figure) in (int, float) and abs(figure) < _LARGEST for figure in figures)
        and all(type(count) is int and 0 <= count < _LARGEST for count in (*counts, *waited))
    )
