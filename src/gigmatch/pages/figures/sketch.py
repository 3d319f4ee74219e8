"""A map without tiles: places, shifts and where people go, in the coordinates of a drawing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray
from gigmatch.pages.figures.places import Places

__all__ = ["Dot", "Flow", "Mark", "Sketch", "sketch"]

WIDTH = 1000.0
_LEAST_HEIGHT, _MOST_HEIGHT = 460.0, 760.0
_MARGIN = 0.07
_MOST_DOTS, _MOST_FLOWS = 600, 140
_CELLS = 18  # that ends of ways are gathered in, along the width
_LEAST_KM = 0.5
_FAR = 2.5  # so many times as far from the middle as three quarters of all is further out than is drawn
_EDGE = 26.0  # of the drawing, where what lies further out stands


class Mark(NamedTuple):
    """A station or an area."""

    name: str
    code: str
    x: float
    y: float
    workers: int


class Dot(NamedTuple):
    """A shift, or the shifts of one cell of a grid where there are many."""

    x: float
    y: float
    seats: int
    open_seats: int
    shifts: tuple[int, ...]
    """Their rows."""
    is_beyond: bool
    """Whether it lies further out, and is drawn at the edge in its direction."""


class Flow(NamedTuple):
    """People who go from a place to the shifts of one cell of a grid, in a curve bent towards one point."""

    place: int
    x1: float
    y1: float
    xm: float
    ym: float
    x2: float
    y2: float
    people: int


class Sketch(NamedTuple):
    """Everything drawn; x runs east from 0 to ``width``, y south from 0 to ``height``."""

    width: float
    height: float
    km: float
    """Kilometres across the width."""
    marks: tuple[Mark, ...]
    dots: tuple[Dot, ...]
    flows: tuple[Flow, ...]
    """The fewest people first, so that the broadest lie on top."""
    people: int
    """Placements of which the drawing shows the way."""
    shifts_beyond: int
    """Shifts that lie further out, drawn at the edge."""


class _Frame(NamedTuple):
    """From kilometres to the drawing."""

    low: Float64Array
    high: Float64Array
    height: float

    def drawn(self, points: Float64Array) -> tuple[Float64Array, BoolArray]:
        """Where points are drawn, those further out at the edge in their direction; which ones are these."""
        scale, middle = WIDTH / float(self.high[0] - self.low[0]), np.array([WIDTH, self.height]) / 2
        away = (points - (self.low + self.high) / 2) * np.array([scale, -scale])
        excess = np.maximum((np.abs(away) / (middle - _EDGE)).max(axis=1, initial=0.0), 1.0)
        return middle + away / excess[:, None], excess > 1.0


def sketch(solved: SolvedMorning, places: Places, *, least_people: int = 1) -> Sketch:
    """The map of an assignment.

    Parameters
    ----------
    solved : SolvedMorning
        An assignment with its morning.
    places : Places
        Where people come from.
    least_people : int
        Ways of fewer people together are left out, so that nobody is told by a way of their own.

    Returns
    -------
    Sketch
        Of at most 600 dots and 140 ways, those of most people; what is left out is counted.
    """
    frame = _frame(places)
    at, is_beyond = frame.drawn(places.shifts_at)
    places_at, _ = frame.drawn(places.at)
    flows = _flows(solved, places, places_at, at, frame.height, least_people)
    workers = np.bincount(places.of_worker, minlength=len(places.names)).tolist()
    rows = zip(places.names, places.codes, places_at.tolist(), workers, strict=True)
    return Sketch(
        width=WIDTH,
        height=frame.height,
        km=float(frame.high[0] - frame.low[0]),
        marks=tuple(Mark(name, code, x, y, n) for name, code, (x, y), n in rows),
        dots=tuple(_dots(solved, at, is_beyond)),
        flows=flows,
        people=sum(flow.people for flow in flows),
        shifts_beyond=int(is_beyond.sum()),
    )


def _frame(places: Places) -> _Frame:
    """Around the places and all shifts but those far from the others, neither too flat nor too tall."""
    every = np.concatenate([places.at, places.shifts_at])
    if not len(every):
        every = np.zeros((1, 2))
    distance = np.sqrt(((every - np.median(every, axis=0)) ** 2).sum(axis=1))
    is_near = distance <= max(_FAR * float(np.quantile(distance, 0.75)), _LEAST_KM)
    every = np.concatenate([places.at, every[is_near]])
    low, high = every.min(axis=0), every.max(axis=0)
    middle, size = (low + high) / 2, np.maximum(high - low, _LEAST_KM) * (1 + 2 * _MARGIN)
    height = float(np.clip(WIDTH * size[1] / size[0], _LEAST_HEIGHT, _MOST_HEIGHT))
    width_km = max(size[0], size[1] * WIDTH / height)
    half = np.array([width_km, width_km * height / WIDTH]) / 2
    return _Frame(middle - half, middle + half, height)


def _dots(solved: SolvedMorning, at: Float64Array, is_beyond: BoolArray) -> list[Dot]:
    """A dot a shift, or a dot a cell; those with open seats last, so that they lie on top."""
    n_shifts = len(at)
    cell = np.arange(n_shifts) if n_shifts <= _MOST_DOTS else _cells(at, 22) * 2 + is_beyond
    _, cell, count = np.unique(cell, return_inverse=True, return_counts=True)
    rows = np.split(np.argsort(cell, kind="stable"), np.cumsum(count)[:-1]) if n_shifts else []
    seats, empty = solved.columns.shifts.capacity, solved.open
    found = [
        Dot(
            x=float(at[own, 0].mean()),
            y=float(at[own, 1].mean()),
            seats=int(seats[own].sum()),
            open_seats=int(empty[own].sum()),
            shifts=tuple(own.tolist()),
            is_beyond=bool(is_beyond[own[0]]),
        )
        for own in rows
    ]
    return sorted(found, key=lambda dot: (dot.open_seats > 0, -dot.seats, dot.x, dot.y))


def _flows(
    solved: SolvedMorning,
    places: Places,
    places_at: Float64Array,
    at: Float64Array,
    height: float,
    least_people: int,
) -> tuple[Flow, ...]:
    """The broadest ways; a curve's three points lie in the drawing, and so does it."""
    way = np.diff(solved.worker, prepend=-1) != 0  # from home: to the first shift of each
    start, end = places.of_worker[solved.worker[way]], at[solved.shift[way]]
    key, group = np.unique(start * (_CELLS * _CELLS) + _cells(end, _CELLS), return_inverse=True)
    people = np.bincount(group, minlength=len(key))
    ends = np.stack([_added(group, end[:, axis], len(key)) for axis in (0, 1)], axis=1) / people[:, None]
    start = key // (_CELLS * _CELLS)
    starts = places_at[start]
    bend = 0.08 * (ends - starts)[:, ::-1] * np.array([1.0, -1.0])
    bends = np.clip((starts + ends) / 2 + bend, 0.0, [WIDTH, height])
    curves = np.concatenate([starts, bends, ends], axis=1)
    order = np.argsort(-people, kind="stable")[:_MOST_FLOWS]
    kept = [k for k in order.tolist() if people[k] >= least_people]
    return tuple(_flow(int(start[k]), curves[k], int(people[k])) for k in reversed(kept))


def _flow(place: int, curve: Float64Array, people: int) -> Flow:
    x1, y1, xm, ym, x2, y2 = curve.tolist()
    return Flow(place, x1, y1, xm, ym, x2, y2, people)


def _cells(points: Float64Array, across: int) -> IndexArray:
    """Number of the cell of each point; a drawing is no taller than wide."""
    cells = np.minimum(np.maximum(points * (across / WIDTH), 0.0), across - 1.0).astype(np.intp)
    return cells[:, 1] * across + cells[:, 0]


def _added(group: IndexArray, values: NDArray[np.generic], n: int) -> Float64Array:
    return np.bincount(group, values.astype(np.float64), n).astype(np.float64)
