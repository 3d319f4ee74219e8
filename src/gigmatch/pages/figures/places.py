"""Where things are: kilometres on a plane, and the stations or areas that people and shifts belong to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Xyz
from gigmatch.core.arrays import Float64Array, IndexArray
from gigmatch.model.datum import cartesian_dm

__all__ = ["Places", "places_of"]

_SIDE = 5  # areas along a side, where there are no stations
_DM_PER_KM = 10_000
Xy = Float64Array


class Places(NamedTuple):
    """The market with its stations, perhaps none; or areas where neither is known."""

    names: tuple[str, ...]
    codes: tuple[str, ...]
    """Ids of the market and the stations; of a market that has neither name nor id, nothing."""
    are_stations: bool
    at: Xy
    """Kilometres to the east and to the north of a common middle: float64[n_places, 2]."""
    workers_at: Xy
    """Where each worker sets out from: float64[n_workers, 2]."""
    shifts_at: Xy
    """float64[n_shifts, 2]."""
    of_worker: IndexArray
    """Place of each worker: where registered, else the nearest: intp[n_workers]."""
    of_shift: IndexArray
    """The place nearest to each shift: intp[n_shifts]."""

    @property
    def is_one(self) -> bool:
        """Whether the market is the only place that there is."""
        return self.are_stations and len(self.names) == 1


def places_of(solved: SolvedMorning) -> Places:
    """The places of a morning.

    Parameters
    ----------
    solved : SolvedMorning
        An assignment with its morning.

    Returns
    -------
    Places
        The market and its stations, in their order; without stations the market alone. Columns whose labels
        have neither, as those that were drawn: where everybody sets out from one point, that is the market,
        else there is a grid of areas named by column and row, A1 in the north-west. Of equally near places
        the first counts.
    """
    columns = solved.columns
    middle = _middle(columns.shifts.xyz_dm if columns.n_shifts else columns.workers.xyz_dm)
    people, work = _plane(columns.workers.xyz_dm, middle), _plane(columns.shifts.xyz_dm, middle)
    if (stations := solved.labels.stations) is None:
        is_one = len(people) and (people == people[0]).all()
        name = solved.labels.market_name
        return _market(name, people[:1], people, work) if is_one else _areas(people, work)
    x, y, z = cartesian_dm(stations.degrees[:, 0], stations.degrees[:, 1]).T
    at = _plane((x, y, z), middle)
    of_worker = np.where(stations.of_worker >= 0, stations.of_worker, _nearest(people, at))
    names = tuple(name or key for name, key in zip(stations.names, stations.ids, strict=True))
    return Places(names, stations.ids, True, at, people, work, of_worker, _nearest(work, at))


def _middle(points: Xyz) -> Float64Array:
    """A unit vector to the middle of some points on the sphere; east of Greenwich for none.

    Of shifts alone: a map must not tell by a hair where anybody lives.
    """
    every = np.stack(points, axis=1).astype(np.float64)
    for candidate in (every.sum(axis=0), *every[:1]):
        length = float(np.sqrt((candidate**2).sum()))
        if length > _DM_PER_KM:
            return candidate / length  # type: ignore[no-any-return]
    return np.array([1.0, 0.0, 0.0])


def _plane(xyz: Xyz, middle: Float64Array) -> Xy:
    """Kilometres to the east and to the north on the plane that touches the sphere at the middle."""
    east = np.cross([0.0, 0.0, 1.0], middle)
    length = float(np.sqrt((east**2).sum()))
    east = east / length if length > 1e-9 else np.array([0.0, 1.0, 0.0])  # at a pole every way is south
    points = np.stack(xyz, axis=1).astype(np.float64)
    return np.stack([points @ east, points @ np.cross(middle, east)], axis=1) / _DM_PER_KM


def _nearest(points: Xy, places: Xy) -> IndexArray:
    nearest, least = np.zeros(len(points), np.intp), np.full(len(points), np.inf)
    for place, (x, y) in enumerate(places.tolist()):
        square = (points[:, 0] - x) ** 2 + (points[:, 1] - y) ** 2
        closer = square < least
        nearest[closer], least[closer] = place, square[closer]
    return nearest


def _market(name: str, at: Xy, people: Xy, work: Xy) -> Places:
    """The only place that there is."""
    nearest = (np.zeros(len(points), np.intp) for points in (people, work))
    return Places((name,), (name,), True, at, people, work, *nearest)


def _areas(people: Xy, work: Xy) -> Places:
    """A grid over nearly everybody; who is outside belongs to the area at the edge."""
    every = np.concatenate([people, work])
    if not len(every):
        nothing = np.zeros(0, np.intp)
        return Places((), (), False, np.zeros((0, 2)), people, work, nothing, nothing)
    low, high = np.quantile(every, [0.03, 0.97], axis=0)
    step = np.maximum(high - low, 1e-9) / _SIDE
    cells = np.clip(((every - low) // step).astype(np.intp), 0, _SIDE - 1)
    number, at = np.unique((_SIDE - 1 - cells[:, 1]) * _SIDE + cells[:, 0], return_inverse=True)
    row, column = np.divmod(number, _SIDE)
    middles = np.stack([low[0] + (column + 0.5) * step[0], high[1] - (row + 0.5) * step[1]], axis=1)
    names = tuple(f"{chr(65 + c)}{r + 1}" for r, c in zip(row.tolist(), column.tolist(), strict=True))
    return Places(names, names, False, middles, people, work, at[: len(people)], at[len(people) :])
