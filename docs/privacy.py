"""Who may see what: the tables of a page, from the eyes that are declared beside every field and figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from gigmatch import evidence
from gigmatch.evidence import Explanation
from gigmatch.evidence.eyes import MEASURES, STEPS, Eye, Eyes
from gigmatch.evidence.parts import Record
from gigmatch.pages.eyes import CALLS, REPORT

PAGE = Path(__file__).with_name("privacy.md")
TABLE = re.compile(r"<!-- table (\w+) -->\n.*?<!-- end -->\n", flags=re.S)

SAID = {
    "report.shifts": "seats, shifts and their pay",
    "report.policy": "policy, weights, seed",
    "report.placed": "how many are placed, seats filled and open, wages offered",
    "report.points_in_all": "points in all",
    "report.median_way": "median of the ways",
    "report.people_by_place": "people by place, and how many of them are placed",
    "report.people_of_way": "people of a way on the map",
    "report.people_of_shortage": "people of a shortage",
    "report.eligible": "eligible people of an open shift",
    "report.warned": "placements concerned by a warning",
    "report.gap": "bound of points that may be missing",
    "report.persons": "names and ids of people, placements, advice",
    "report.ways": "distribution of the ways",
    "report.areas": "areas, where there are no stations",
    "report.sums": "means by scorer, sums of prices, promises, digest",
    "calls.placed": "names and arrival of those placed",
    "calls.stand_bys": "how many stand by",
    "calls.contacts": "ids and names of stand-bys, contacts",
    "calls.others": "shifts of other employers",
}
"""Figures of pages in words."""


def documents() -> dict[str, str]:
    """The page, by its path, its tables made anew."""
    made = {"steps": steps, "explanations": explanations, "report": report, "calls": calls}

    def written(found: re.Match[str]) -> str:
        rows = "\n".join(made[found[1]]())
        return f"<!-- table {found[1]} -->\n{rows}\n<!-- end -->\n"

    return {PAGE.name: TABLE.sub(written, PAGE.read_text(encoding="utf-8"))}


def steps() -> Iterator[str]:
    """By what figures are rounded."""
    yield "| what | step |\n| --- | --- |"
    for measure, step in STEPS.items():
        kinds = ", ".join(kind for kind, one in MEASURES.items() if one == measure)
        yield f"| {measure}{f' ({kinds})' if kinds else ''} | {step:,} |"


def explanations() -> Iterator[str]:
    """Every field of every kind, then of their parts."""
    yield "| of | field | worker | employer |\n| --- | --- | --- | --- |"
    for one in sorted(records(), key=lambda one: (not issubclass(one, Explanation), one.__name__)):
        yield from _rows(f"`{one.__name__}`", {f"`{name}`": eyes for name, eyes in one.eyes.items()})


def report() -> Iterator[str]:
    """Every figure of the report."""
    return _figures("report", REPORT)


def calls() -> Iterator[str]:
    """What stands on call lists."""
    return _figures("calls", CALLS)


def _figures(page: str, figures: Mapping[str, Eyes]) -> Iterator[str]:
    yield "| what | worker | employer |\n| --- | --- | --- |"
    for name, eyes in figures.items():
        yield f"| {SAID[f'{page}.{name}']} | {told(eyes.worker)} | {told(eyes.employer)} |"


def _rows(name: str, fields: Mapping[str, Eyes]) -> Iterator[str]:
    """Fields that are seen alike in one row, those that nobody sees last."""
    cells = {field: (told(eyes.worker), told(eyes.employer)) for field, eyes in fields.items()}
    first = {alike: at for at, alike in reversed([*enumerate(cells.values())])}
    order = sorted(cells, key=lambda field: (cells[field] == ("–", "–"), first[cells[field]]))
    for (worker, employer), alike in groupby(order, key=cells.__getitem__):
        yield f"| {name} | {', '.join(alike)} | {worker} | {employer} |"


def told(eye: Eye) -> str:
    """How somebody sees it, in words."""
    if not eye.is_shown:
        return "–"
    if eye.of_oneself:
        return "own"
    if eye.measure == "people":
        return "counted in threes"
    said = ["by steps"] if eye.measure else []
    said += ["from three"] if eye.from_three else []
    return ", ".join(said) or ("decided" if eye.is_decided else "seen")


def records() -> list[type[Record]]:
    """Every class of explanations and of what they are made of, once."""
    public = [getattr(evidence, name) for name in evidence.__all__]
    classes = [one for one in public if isinstance(one, type) and issubclass(one, Record)]
    return [one for one in classes if one.eyes and one is not Explanation]
