"""The map of a report: where people go, drawn and told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from gigmatch.evidence.eyes import LEAST_PEOPLE, gathered
from gigmatch.pages.figures import Dot, Flow, Sketch, labels, sketch
from gigmatch.pages.figures.places import Places
from gigmatch.pages.reports.report import Report
from gigmatch.pages.svg import scale_bar

__all__ = ["map_of", "without_ending"]


def map_of(report: Report) -> dict[str, Any] | None:
    """What the map shows; None where no place is known."""
    places, words = report.formatter.places, report.words
    if not places.names or not report.shows(places):
        return None
    drawn = _drawn(report, places)
    people = [mark.workers for mark in drawn.marks]
    by_place = people if report.shows_people else gathered(people)
    names = without_ending([name or report.formatter.market for name in places.names])
    km, length = scale_bar(drawn)
    return {
        "drawn": drawn,
        "flows": [(flow, _told_flow(report, flow)) for flow in drawn.flows],
        "dots": [(dot, _told_dot(report, dot)) for dot in drawn.dots],
        "marks": [(mark, _told_mark(report, k, by_place[k])) for k, mark in enumerate(drawn.marks)],
        "broadest": max((flow.people for flow in drawn.flows), default=1),
        "most_seats": max((dot.seats for dot in drawn.dots), default=1),
        "wide": labels(drawn, names, 15),
        "narrow": labels(drawn, names, 30),
        "are_stations": places.are_stations,
        "km": words("km", n=f"{km:g}"),
        "length": length,
        "label": words(
            "map_label",
            places=words.some("places", len(places.names)),
            shifts=words.some("shifts", report.columns.n_shifts),
            people=words.some("people", drawn.people),
        ),
        "notes": words.sentences(_notes(report, drawn)),
    }


def _drawn(report: Report, places: Places) -> Sketch:
    """The map; for others no way of a few people, and all by steps."""
    drawn = sketch(report.solved, places, least_people=1 if report.shows_people else LEAST_PEOPLE)
    shown = ((flow, report.shown("people_of_way", flow.people)) for flow in drawn.flows)
    flows = tuple(flow._replace(people=people) for flow, people in shown)
    return drawn._replace(flows=flows, people=sum(flow.people for flow in flows))


def _notes(report: Report, drawn: Sketch) -> list[str]:
    """What the map leaves out, and what stands at its edge."""
    words = report.words
    placements = words.some("placements", int((~report.solved.is_waiting).sum()))
    notes = [words("map_people", shown=words.count(drawn.people), placements=placements)]
    if not report.solved.is_plain:
        notes.append(words("map_first_shifts"))
    if report.formatter.places.is_one:
        notes.append(words("one_place", place=report.formatter.place(0)))
    if not report.shows_people:
        notes.append(words("map_few", n=LEAST_PEOPLE))
    if drawn.shifts_beyond:
        notes.append(words("map_beyond", shifts=words.some("shifts", drawn.shifts_beyond)))
    return notes


def _told_flow(report: Report, flow: Flow) -> str:
    people = report.people(flow.people)
    return report.words("map_flow", people=people, place=report.formatter.place(flow.place))


def _told_dot(report: Report, dot: Dot) -> str:
    words = report.words
    seats = {"seats": words.some("seats", dot.seats), "open": words.count(dot.open_seats)}
    if len(dot.shifts) == 1:
        return words("map_shift", name=report.formatter.name(dot.shifts[0]), **seats)
    return words("map_shifts", shifts=words.some("shifts", len(dot.shifts)), **seats)


def _told_mark(report: Report, place: int, people: int | None) -> str:
    """The name of a place, and how many people are counted there; not so few that it tells somebody."""
    name = report.formatter.place(place)
    if people is None:
        return name
    return report.words("map_place", place=name, people=report.people(people))


def without_ending(names: Sequence[str]) -> list[str]:
    """Names of stations without the words that all of them end in, so that the map has room; the market's as
    it is. In Chinese a word is two characters at least.
    """
    market, stations = names[:1], names[1:]
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*map(reversed, stations), strict=False))
    ending = "".join(letters[0] for letters in alike)[::-1] if len(stations) > 1 else ""
    if ending < "\u2e80":
        ending = ending[ending.find(" ") :] if " " in ending else ""
    if len(ending) < 2 or ending in stations:
        return list(names)
    return [*market, *(name.removesuffix(ending) for name in stations)]
