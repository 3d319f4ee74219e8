"""What plots and pages show, as numbers: who fills what, by skill, hour and place, and where people go."""

from __future__ import annotations

from gigmatch.pages.figures.days import Day, Stint, days_of, fullest_first, hours_between, stints_of
from gigmatch.pages.figures.labels import Label, labels
from gigmatch.pages.figures.places import Places, places_of
from gigmatch.pages.figures.sketch import Dot, Flow, Mark, Sketch, sketch
from gigmatch.pages.figures.tallies import (
    Bins,
    PlaceTally,
    Tally,
    bins,
    fill_by_hour,
    fill_by_place,
    fill_by_skill,
    pay_per_day,
)

__all__ = [
    "Bins",
    "Day",
    "Dot",
    "Flow",
    "Label",
    "Mark",
    "PlaceTally",
    "Places",
    "Sketch",
    "Stint",
    "Tally",
    "bins",
    "days_of",
    "fill_by_hour",
    "fill_by_place",
    "fill_by_skill",
    "fullest_first",
    "hours_between",
    "labels",
    "pay_per_day",
    "places_of",
    "sketch",
    "stints_of",
]
