"""A map without tiles: places, shifts and where people go, in the coordinates of a drawing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray
from gigmatch.pages.figures.places import Places
from gigmatch.pages.figures.view import View

__all__ = ["Dot", "Flow", "Mark", "Sketch", "sketch"]

WIDTH = 1000.0
_LEAST_HEIGHT, _MOST_HEIGHT = 460.0, 760.0
_MARGIN = 0.07
_MOST_DOTS, _MOST_FLOWS = 600, 140
_CELLS = 18  # that ends of ways are gathered in, along the width
_LEAST_KM = 0.5


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
    shifts: int


class Flow(NamedTuple):
    """People who go from a place to the shifts of one cell of a grid."""

    x1: float
    y1: float
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
    shifts_outside: int
    """Shifts that lie too far out to be drawn."""


class _Frame(NamedTuple):
    """From kilometres to the drawing."""

    low: Float64Array
    high: Float64Array
    height: float

    def drawn(self, points: Float64Array) -> Float64Array:
        scale = WIDTH / float(self.high[0] - self.low[0])
        drawn: Float64Array = (
            np.stack([points[:, 0] - self.low[0], self.high[1] - points[:, 1]], axis=1) * scale
        )
        return drawn

    def holds(self, points: Float64Array) -> BoolArray:
        edge = 0.02 * (self.high - self.low)
        inside = (points >= self.low + edge) & (points <= self.high - edge)
        return inside[:, 0] & inside[:, 1]


def sketch(view: View, places: Places, *, least_people: int = 1) -> Sketch:
    """The map of an assignment.

    Parameters
    ----------
    view : View
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
    inside = frame.holds(places.shifts_at)
    at = frame.drawn(places.shifts_at)
    flows, people = _flows(view, places, frame, at, inside, least_people)
    workers = np.bincount(places.of_worker, minlength=len(places.names)).tolist()
    rows = zip(places.names, places.codes, frame.drawn(places.at).tolist(), workers, strict=True)
    return Sketch(
        width=WIDTH,
        height=frame.height,
        km=float(frame.high[0] - frame.low[0]),
        marks=tuple(Mark(name, code, x, y, n) for name, code, (x, y), n in rows),
        dots=tuple(_dots(view, at, inside)),
        flows=flows,
        people=people,
        shifts_outside=int((~inside).sum()),
    )


def _frame(places: Places) -> _Frame:
    """Around the places and nearly all shifts, neither too flat nor too tall."""
    every = places.at
    if len(places.shifts_at):
        every = np.concatenate([every, np.quantile(places.shifts_at, [0.06, 0.94], axis=0)])
    if not len(every):
        every = np.zeros((1, 2))
    low, high = every.min(axis=0), every.max(axis=0)
    middle, size = (low + high) / 2, np.maximum(high - low, _LEAST_KM) * (1 + 2 * _MARGIN)
    height = float(np.clip(WIDTH * size[1] / size[0], _LEAST_HEIGHT, _MOST_HEIGHT))
    width_km = max(size[0], size[1] * WIDTH / height)
    half = np.array([width_km, width_km * height / WIDTH]) / 2
    return _Frame(middle - half, middle + half, height)


def _dots(view: View, at: Float64Array, inside: BoolArray) -> list[Dot]:
    """A dot a shift, or a dot a cell."""
    rows = np.flatnonzero(inside)
    cells = np.arange(len(rows)) if len(rows) <= _MOST_DOTS else _cells(at[rows], 28)
    n = int(cells.max(initial=-1)) + 1
    seats, empty = view.columns.shifts.capacity[rows], view.open[rows]
    count = np.bincount(cells, minlength=n)
    x, y, s, o = (_added(cells, values, n) for values in (at[rows, 0], at[rows, 1], seats, empty))
    found = [
        Dot(x[k] / count[k], y[k] / count[k], int(s[k]), int(o[k]), int(count[k]))
        for k in np.flatnonzero(count).tolist()
    ]
    return sorted(found, key=lambda dot: (-dot.seats, dot.x, dot.y))[:_MOST_DOTS]


def _flows(
    view: View,
    places: Places,
    frame: _Frame,
    at: Float64Array,
    inside: BoolArray,
    least_people: int,
) -> tuple[tuple[Flow, ...], int]:
    """The broadest ways, and how many people they show."""
    seen = inside[view.shift]
    start, end = places.of_worker[view.placed[seen]], at[view.shift[seen]]
    key, group = np.unique(start * (_CELLS * _CELLS) + _cells(end, _CELLS), return_inverse=True)
    people = np.bincount(group, minlength=len(key))
    x, y = (_added(group, end[:, axis], len(key)) for axis in (0, 1))
    starts = frame.drawn(places.at)[key // (_CELLS * _CELLS)].tolist()
    order = np.argsort(-people, kind="stable")[:_MOST_FLOWS]
    kept = [k for k in order.tolist() if people[k] >= least_people]
    flows = []
    for k in reversed(kept):
        (x1, y1), n = starts[k], int(people[k])
        flows.append(Flow(x1, y1, x[k] / n, y[k] / n, n))
    return tuple(flows), sum(flow.people for flow in flows)


def _cells(points: Float64Array, across: int) -> IndexArray:
    """Number of the cell of each point; a drawing is no taller than wide."""
    cells = np.minimum(np.maximum(points * (across / WIDTH), 0.0), across - 1.0).astype(np.intp)
    return cells[:, 1] * across + cells[:, 0]


def _added(group: IndexArray, values: NDArray[np.generic], n: int) -> Float64Array:
    return np.bincount(group, values.astype(np.float64), n).astype(np.float64)
