"""Places that lie implausibly far from the market: told beside the columns, and taken as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Any, NamedTuple

import numpy as np

from gigmatch.core.arrays import BoolArray, Float64Array
from gigmatch.i18n import Told
from gigmatch.model import Morning
from gigmatch.model.aliases import named

__all__ = ["FAR_KM", "Sites", "place_notes", "sites_of"]

FAR_KM = 100.0
"""From the market; nobody goes so far for a day's work."""

_KM_PER_DEGREE = 111.2
_EARTH_KM = 6371.0
_MOST_NOTES = 100  # of one kind of place
_LEAST_PLACES = 3  # that may outvote the market

Point = tuple[float, float]
"""Latitude and longitude, in degrees of any datum: they differ by less than a kilometre."""


class Sites(NamedTuple):
    """Places of one kind, as they were given."""

    lat: Float64Array
    """NaN where there is none."""
    lon: Float64Array
    name: Callable[[int], str]
    """Id of the one in a row."""
    path: Callable[[int], Told]
    """Where that row was given."""


def place_notes(market: Sites, kinds: Sequence[Sites]) -> tuple[Told, ...]:
    """A note for every place that lies further than `FAR_KM` from the market.

    Where most places do, the market's own is noted, and theirs are held against where most of them are.

    Parameters
    ----------
    market : Sites
        The market alone.
    kinds : sequence of Sites
        Stations, workers' homes, shifts.
    """
    centre = float(market.lat[0]), float(market.lon[0])
    notes: list[Told] = []
    where, itself = Told.of("words.the_market"), None
    far = [_are_far(sites.lat, sites.lon, centre) for sites in kinds]
    known = sum(int(np.count_nonzero(~np.isnan(sites.lat))) for sites in kinds)
    if known >= _LEAST_PLACES and 2 * sum(map(np.count_nonzero, far)) > known:
        lat, lon = (np.concatenate([getattr(sites, part) for sites in kinds]) for part in ("lat", "lon"))
        centre = float(np.nanmedian(lat)), float(np.nanmedian(lon))
        far = [_are_far(sites.lat, sites.lon, centre) for sites in kinds]
        where, itself = Told.of("words.most_places"), market.path(0)
        notes = [_note(market, 0, centre, where, "far_market")]
    for sites, mask in zip(kinds, far, strict=True):
        rows = [row for row in np.flatnonzero(mask).tolist() if itself is None or sites.path(row) != itself]
        notes += _notes(sites, rows, centre, where)
    return tuple(notes)


def _are_far(lat: Float64Array, lon: Float64Array, centre: Point) -> BoolArray:
    """Which places are far; on a plane, which is right to a few per cent at such distances."""
    east = (lon - centre[1] + 540) % 360 - 180
    far: BoolArray = np.hypot(lat - centre[0], east * cos(radians(centre[0]))) * _KM_PER_DEGREE > FAR_KM
    return far


def _notes(sites: Sites, rows: Sequence[int], centre: Point, where: Told) -> list[Told]:
    notes = [_note(sites, row, centre, where) for row in rows[:_MOST_NOTES]]
    if left := len(rows) - len(notes):
        notes.append(_told(sites, rows[_MOST_NOTES], "far_more", n=left))
    return notes


def _note(sites: Sites, row: int, centre: Point, where: Told, unexplained: str = "far") -> Told:
    """How far a place is from where the others are, and what would explain it."""
    point = float(sites.lat[row]), float(sites.lon[row])
    km = f"{_km(point, centre):,.0f}"
    what = _cause(point, centre) or unexplained
    return _told(sites, row, what, id=sites.name(row), km=km, where=where)


def _told(sites: Sites, row: int, what: str, **values: Any) -> Told:
    """A note with its place: ``workers[3].home``, or ``workers.csv, row 5``."""
    return Told.of("errors.in_place", place=sites.path(row), error=Told.of(f"notes.{what}", **values))


def _cause(point: Point, centre: Point) -> str | None:
    """What would explain a place that is far, as far as it can be told."""
    lat, lon = point
    if not lat or not lon:
        return "far_zero"
    if abs(lon) <= 90 and _km((lon, lat), centre) <= FAR_KM:
        return "far_exchanged"
    if any(_km(other, centre) <= FAR_KM for other in ((lat, -lon), (-lat, lon), (-lat, -lon))):
        return "far_sign"
    return None


def _km(a: Point, b: Point) -> float:
    """The way along the Earth's surface."""
    lat, other = radians(a[0]), radians(b[0])
    across = sqrt(cos(lat) * cos(other)) * sin(radians(a[1] - b[1]) / 2)
    return 2 * _EARTH_KM * asin(min(hypot(sin((lat - other) / 2), across), 1.0))


def sites_of(morning: Morning) -> tuple[Sites, list[Sites]]:
    """The market, and the stations, homes and shifts of a morning, for `place_notes`."""
    kinds = (
        ("market.location", [morning.market], "location"),
        ("market.stations[{}].location", morning.market.stations, "location"),
        ("workers[{}].home", morning.workers, "home"),
        ("shifts[{}].location", morning.shifts, "location"),
    )
    market, *others = (_sites(*kind) for kind in kinds)
    return market, others


def _sites(path: str, items: Sequence[Any], field: str) -> Sites:
    """The places that a field of some items holds."""
    places = [getattr(item, field) for item in items]
    lat, lon = (
        np.array([getattr(place, part, np.nan) for place in places], dtype=np.float64)
        for part in ("lat", "lon")
    )
    return Sites(lat, lon, lambda row: str(items[row].id), lambda row: named(path.format(row)))
