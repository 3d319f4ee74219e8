"""Counts: seats filled by skill, hour and place; pay and ways in bins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import Float64Array, IndexArray, Int64Array
from gigmatch.pages.figures.places import Places

__all__ = [
    "Bins",
    "PlaceTally",
    "Tally",
    "bins",
    "fill_by_hour",
    "fill_by_place",
    "fill_by_skill",
    "pay_per_day",
]

_STEPS = (1, 2, 2.5, 5)
_MOST_BINS = 14


class Tally(NamedTuple):
    """Seats of one kind."""

    name: str | None
    """None for shifts that ask for no skill."""
    filled: int
    seats: int
    code: str = ""
    """What stands for the name where it cannot be written."""

    @property
    def share(self) -> float:
        """Filled of all, 0 to 1."""
        return self.filled / self.seats if self.seats else 0.0


class PlaceTally(NamedTuple):
    """One station or area: its people, and the seats nearest to it."""

    name: str
    code: str
    workers: int
    placed: int
    seats: int
    filled: int


class Bins(NamedTuple):
    """A histogram: ``counts[k]`` values lie from ``edges[k]`` up to ``edges[k + 1]``."""

    edges: Float64Array
    counts: Int64Array
    beyond: int
    """Values that are infinite or unknown."""
    median: float | None


def fill_by_skill(solved: SolvedMorning) -> list[Tally]:
    """Seats by the leading skill of their shift, most seats first, then by code."""
    codes = solved.columns.skill_codes
    at = solved.columns.shifts.leading_skill.astype(np.intp)
    filled, seats = _sums(solved, np.where(at >= 0, at, len(codes)), len(codes) + 1)
    named = [(solved.skill_names[code], code) for code in codes] + [(None, "")]
    rows = zip(named, filled, seats, strict=True)
    found = [Tally(name, f, s, code) for (name, code), f, s in rows if s]
    return sorted(found, key=lambda tally: (-tally.seats, tally.code))


def fill_by_hour(solved: SolvedMorning) -> list[Tally]:
    """Seats by the hour of the day at which their shift begins, hours without seats left out."""
    start = solved.columns.clock.wall(solved.columns.shifts.start_min)
    filled, seats = _sums(solved, start.astype(np.intp) // 60 % 24, 24)
    return [Tally(f"{hour:02}:00", filled[hour], seats[hour]) for hour in range(24) if seats[hour]]


def fill_by_place(solved: SolvedMorning, places: Places) -> list[PlaceTally]:
    """People and seats by place, in order of the places."""
    n, names = len(places.names), (places.names, places.codes)
    filled, seats = _sums(solved, places.of_shift, n)
    workers = np.bincount(places.of_worker, minlength=n).tolist()
    placed = np.bincount(places.of_worker[np.unique(solved.worker)], minlength=n).tolist()
    return [PlaceTally(*row) for row in zip(*names, workers, placed, seats, filled, strict=True)]


def pay_per_day(solved: SolvedMorning) -> Float64Array:
    """Pay per day of every placement, in the morning's currency: float64[n_placements]."""
    return solved.columns.shifts.pay_per_day[solved.shift]


def bins(values: Float64Array) -> Bins:
    """Values in at most 14 bins with round edges, the few largest together in the last.

    Parameters
    ----------
    values : float64[k]
        Any; what is not finite is counted apart.

    Returns
    -------
    Bins

    Examples
    --------
    >>> found = bins(np.array([1.0, 12.0, 13.0, 29.0]))
    >>> found.edges.tolist()[:3], found.counts.tolist()[:3], found.median
    ([0.0, 2.5, 5.0], [1, 0, 0], 12.5)
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return Bins(np.array([0.0, 1.0]), np.zeros(1, np.int64), len(values), None)
    low, high = float(known.min()), float(np.quantile(known, 0.99))
    step = _round_step(max(high - low, 1.0))
    first = np.floor(low / step)
    edges = step * np.arange(first, max(np.floor(high / step), first) + 2)
    counts = np.histogram(np.clip(known, edges[0], edges[-1]), edges)[0].astype(np.int64)
    return Bins(edges, counts, len(values) - len(known), float(np.median(known)))


def _round_step(span: float) -> float:
    """The least step of 1, 2, 2.5 or 5 times a power of ten that needs few enough bins."""
    ten = 10.0 ** np.floor(np.log10(span / _MOST_BINS))
    steps = [factor * power for power in (ten, 10 * ten) for factor in _STEPS]
    return float(next(step for step in steps if span / step <= _MOST_BINS - 1))


def _sums(solved: SolvedMorning, group: IndexArray, n: int) -> tuple[list[int], list[int]]:
    """Seats taken and seats offered by group of the shift."""
    seats = np.zeros(n, np.int64)
    filled = np.zeros(n, np.int64)
    np.add.at(seats, group, solved.columns.shifts.capacity)
    np.add.at(filled, group, solved.filled)
    return filled.tolist(), seats.tolist()
