"""Days and crews of a report: who works when, and which crews come whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from gigmatch.core.arrays import IndexArray
from gigmatch.pages.figures.days import Day, days_of, fullest_first, hours_between, stints_of
from gigmatch.pages.reports.report import Report

__all__ = ["days"]

_MOST_DAYS = 60
_MOST_TEAMS = 60


class Bar(NamedTuple):
    """Some time at work, in thousandths of the timeline."""

    x: float
    width: float
    in_crew: bool


class Line(NamedTuple):
    """The day of one worker: its bars, and the same in words."""

    name: str
    bars: list[Bar]
    told: list[str]


class Team(NamedTuple):
    """A crew, or a shift that takes place with several people only."""

    name: str
    figures: tuple[str, ...]
    is_there: bool
    told: str


def days(report: Report) -> dict[str, Any] | None:
    """Timeline and teams; None where everybody takes one shift and every seat stands for itself."""
    if not report.solved.has_plans:
        return None
    return {"timeline": _timeline(report) if report.shows_people else None, **_teams(report)}


def _timeline(report: Report) -> dict[str, Any]:
    """Who works when, those of most shifts first."""
    solved = report.solved
    every = fullest_first(solved, days_of(solved))
    shown = every[:_MOST_DAYS]
    stints = [stints_of(solved, day) for day in shown]
    marks = hours_between([stint for each in stints for stint in each])
    first, length = marks[0], max(marks[-1] - marks[0], 1)

    def thousandths(minutes: float) -> float:
        return 1000 * minutes / length

    return {
        "lines": [
            Line(
                report.person(report.columns.worker_ids[day.worker]),
                [
                    Bar(thousandths(s.start_min - first), thousandths(s.end_min - s.start_min), s.in_crew)
                    for s in each
                ],
                list(_told(report, day)),
            )
            for day, each in zip(shown, stints, strict=True)
        ],
        "marks": [(thousandths(mark - first), _clock(report, mark)) for mark in marks],
        "has_crews": any(stint.in_crew for each in stints for stint in each),
        "more": report.more(len(every) - len(shown)),
    }


def _clock(report: Report, minute: int) -> str:
    return report.formatter.clock(report.columns.clock.shown(minute))


def _told(report: Report, day: Day) -> Iterator[str]:
    """A line a shift: when and where; with the way to it from the one before."""
    words, formatter = report.words, report.formatter
    for at, shift in enumerate(day.shifts):
        when = words.listed(list(formatter.when(shift)))
        told = words("day_shift", when=when, shift=formatter.name(shift))
        way = day.ways[at - 1] if at else np.nan
        yield words("day_after_way", shift=told, minutes=words.minutes(way)) if way >= 1 else told


def _teams(report: Report) -> dict[str, Any]:
    """Crews and shifts with a least headcount, those that do not come first."""
    shifts = report.columns.shifts
    crews = [np.flatnonzero(shifts.crew == number) for number in np.unique(shifts.crew[shifts.crew >= 0])]
    alone = np.flatnonzero((shifts.crew < 0) & (shifts.minimum_headcount > 1))
    teams = [_team(report, rows) for rows in (*crews, *alone.reshape(-1, 1))]
    teams.sort(key=lambda team: team.is_there)
    there = sum(team.is_there for team in teams)
    return {
        "teams": teams[:_MOST_TEAMS],
        "teams_lead": report.words(
            "teams_lead", n=report.words.count(there), all=report.words.count(len(teams))
        ),
        "teams_more": report.more(len(teams) - _MOST_TEAMS),
    }


def _team(report: Report, rows: IndexArray) -> Team:
    """One crew, or one shift."""
    words, solved, shifts = report.words, report.solved, report.columns.shifts
    name = report.formatter.crew(int(rows[0])) or report.formatter.name(int(rows[0]))
    least, seats, there = (
        int(part[rows].sum()) for part in (shifts.minimum_headcount, shifts.capacity, solved.filled)
    )
    is_there = not solved.missing[rows].any()
    told = (
        words("team_there") if is_there else words.sentences([words("team_missing"), *_short(report, rows)])
    )
    return Team(name, tuple(map(words.count, (least, seats, there))), is_there, told)


def _short(report: Report, rows: IndexArray) -> list[str]:
    """Which shifts of a team too few people may take, for eyes that see how many do."""
    if not report.shows_people:
        return []
    words, least = report.words, report.columns.shifts.minimum_headcount
    eligible = report.assignment.eligible_workers
    short = [
        words(
            "team_short",
            shift=report.formatter.title_and_work(row),
            least=words.some("people", int(least[row])),
            eligible=words.count(int(eligible[row])),
        )
        for row in rows[eligible[rows] < least[rows]].tolist()
    ]
    return short or [words("team_enough")]
