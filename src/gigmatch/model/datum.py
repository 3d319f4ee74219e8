"""Coordinates: the datums of Chinese maps, converted to WGS-84, and points in space.

Amap and Tencent publish GCJ-02, Baidu publishes BD-09; both lie 100 to 700 m and more off WGS-84, further
than a station's catchment, so every location says which datum it is in. GCJ-02 shifts a point by a published
function of its place; undoing it is a fixed-point iteration. Inside China the result is within 1 m of the
truth; outside, GCJ-02 equals WGS-84.

By hand: pyproj knows no GCJ-02, and sines differ in the last bit from library to library.
"""

from __future__ import annotations

from math import factorial, pi
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import BoolArray, Float64Array, Int32Array

__all__ = ["DATUMS", "Datum", "cartesian_dm", "to_wgs84", "to_wgs84_many"]


Datum = Literal["WGS-84", "GCJ-02", "BD-09"]
DATUMS: tuple[str, ...] = get_args(Datum)
Point = float | Float64Array  # the formulas take one number or an array, with the same bits in the answer

_SEMI_MAJOR_M = 6_378_245.0  # Krasovsky 1940 ellipsoid, which GCJ-02 is built on
_ECCENTRICITY_2 = 0.006_693_421_622_965_943
_MEAN_RADIUS_DM = 63_710_088
_BD_TURNS = 3000 / 180  # half turns a degree
_SINE = [(-1) ** k * pi ** (2 * k + 1) / factorial(2 * k + 1) for k in range(11)]
# Terms of Taylor series in the square of an angle, of cosine and of sine over the angle
_COS = [(-1) ** k / factorial(2 * k) for k in range(16)]
_SIN = [(-1) ** k / factorial(2 * k + 1) for k in range(16)]
_BLOCK = 1 << 12  # points that stay in the cache


def to_wgs84(lat: float, lon: float, datum: Datum) -> tuple[float, float]:
    """Latitude and longitude in WGS-84, in degrees rounded to 1e-7 (about 1 cm).

    Parameters
    ----------
    lat, lon : float
        Degrees in ``datum``.
    datum : {"WGS-84", "GCJ-02", "BD-09"}
        What the degrees are in.

    Returns
    -------
    tuple of float
        ``(lat, lon)`` in WGS-84.

    Examples
    --------
    >>> to_wgs84(39.9087, 116.3975, "WGS-84")
    (39.9087, 116.3975)
    >>> to_wgs84(39.9087, 116.3975, "GCJ-02")
    (39.9072988, 116.3912589)
    """
    north: Point = lat
    east: Point = lon
    if datum != "WGS-84" and _in_china(lat, lon):
        if datum == "BD-09":
            north, east = _bd09_to_gcj02(north, east)
        north, east = _gcj02_to_wgs84(north, east)
    return round(float(north), 7), round(float(east), 7)


def to_wgs84_many(
    lat: Float64Array, lon: Float64Array, datum: NDArray[np.int8]
) -> tuple[Float64Array, Float64Array]:
    """`to_wgs84` of many points at once, with the same bits in the answer.

    Parameters
    ----------
    lat, lon : float64[k]
        Degrees in their datum.
    datum : int8[k]
        Positions in ``DATUMS``.

    Returns
    -------
    tuple of float64[k]
        ``(lat, lon)`` in WGS-84.

    Examples
    --------
    >>> lat, lon = to_wgs84_many(np.array([39.9087] * 2), np.array([116.3975] * 2), np.array([0, 1], np.int8))
    >>> lat.tolist(), lon.tolist()
    ([39.9087, 39.9072988], [116.3975, 116.3912589])
    """
    lat, lon = np.array(lat, dtype=np.float64), np.array(lon, dtype=np.float64)
    shifted = np.flatnonzero((datum != DATUMS.index("WGS-84")) & _in_china(lat, lon))
    baidu = shifted[datum[shifted] == DATUMS.index("BD-09")]
    lat[baidu], lon[baidu] = _bd09_to_gcj02(lat[baidu], lon[baidu])
    for first in range(0, len(shifted), _BLOCK):
        block = shifted[first : first + _BLOCK]
        lat[block], lon[block] = _gcj02_to_wgs84(lat[block], lon[block])
    return _to_7_places(lat), _to_7_places(lon)


def _to_7_places(x: Float64Array) -> Float64Array:
    """What Python's ``round(x, 7)`` gives, which looks at the exact value where others round twice."""
    scaled = x * 1e7
    whole = np.rint(scaled)
    rounded: Float64Array = whole / 1e7
    doubtful = np.flatnonzero(np.abs(np.abs(scaled - whole) - 0.5) < 1e-6)
    rounded[doubtful] = [round(degrees, 7) for degrees in x[doubtful].tolist()]
    return rounded


def _in_china(lat: Point, lon: Point) -> BoolArray:
    """The box outside which the Chinese datums equal WGS-84."""
    inside: BoolArray = np.logical_and.reduce(
        [
            np.greater_equal(lat, 0.8293),
            np.less_equal(lat, 55.8271),
            np.greater_equal(lon, 72.004),
            np.less_equal(lon, 137.8347),
        ]
    )
    return inside


def _bd09_to_gcj02(lat: Point, lon: Point) -> tuple[Point, Point]:
    x, y = lon - 0.0065, lat - 0.006
    root = np.sqrt(x * x + y * y)
    radius = root - 0.00002 * _sine(y * _BD_TURNS)
    turn = -0.000003 * _sine(x * _BD_TURNS + 0.5) / pi  # in half turns, as all angles here
    across, along = _sine(turn + 0.5), _sine(turn)
    return radius * (y * across + x * along) / root, radius * (x * across - y * along) / root


def _gcj02_to_wgs84(lat: Point, lon: Point) -> tuple[Point, Point]:
    true_lat, true_lon = lat, lon
    for _ in range(5):  # each turn shrinks the error about a thousandfold
        d_lat, d_lon = _gcj02_offset(true_lat, true_lon)
        true_lat, true_lon = lat - d_lat, lon - d_lon
    return true_lat, true_lon


def _gcj02_offset(lat: Point, lon: Point) -> tuple[Point, Point]:
    """Degrees that GCJ-02 adds at a WGS-84 point."""
    x, y, phi = lon - 105.0, lat - 35.0, lat / 180
    root = np.sqrt(np.abs(x))
    # All sines together: of one point alone they take as long as one of them.
    angles = (6 * x, 2 * x, y, y / 3, y / 12, y / 30, x, x / 3, x / 12, x / 30, phi, phi + 0.5)
    sines = np.asarray(_sine(np.stack(angles)))
    waves = 20 * sines[0] + 20 * sines[1]
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (waves + 20 * sines[2] + 40 * sines[3]) * 2 / 3
    north = north + (160 * sines[4] + 320 * sines[5]) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (waves + 20 * sines[6] + 40 * sines[7]) * 2 / 3
    east = east + (150 * sines[8] + 300 * sines[9]) * 2 / 3
    magic = 1 - _ECCENTRICITY_2 * sines[10] ** 2
    metres_per_degree_lat = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_2) / (magic * np.sqrt(magic)) * pi / 180
    metres_per_degree_lon = _SEMI_MAJOR_M / np.sqrt(magic) * sines[11] * pi / 180
    return north / metres_per_degree_lat, east / metres_per_degree_lon


def _sine(half_turns: Point) -> Point:
    """Sine of an angle in half turns, to about 1e-15, the same bits on every machine."""
    turns = half_turns - 2 * np.rint(half_turns / 2)  # exact, in [-1, 1]
    folded = turns - (turns > 0.5) * (2 * turns - 1) - (turns < -0.5) * (2 * turns + 1)
    square = folded * folded
    total: Point = _SINE[-1] + 0 * square
    for term in _SINE[-2::-1]:
        total = total * square + term
    return total * folded


def cartesian_dm(lat: Float64Array, lon: Float64Array) -> Int32Array:
    """Points on the mean sphere, in decimetres from the Earth's centre: int32[k, 3].

    Straight distances between such points are chords, within about 1 m of the arc at 100 km. Sine and cosine
    are summed here: libraries differ in the last bit, and every machine has to give the same answer.
    """
    phi, lam = np.asarray(lat) * (pi / 180), np.asarray(lon) * (pi / 180)
    squares = np.stack([phi * phi, lam * lam])
    (across, cos), (up, sin) = _series(_COS, squares), _series(_SIN, squares)
    xyz = np.empty((*phi.shape, 3), dtype=np.int32)
    for axis, along in enumerate((across * cos, across * sin * lam, up * phi)):
        xyz[..., axis] = np.rint(along * _MEAN_RADIUS_DM)
    return xyz


def _series(terms: list[float], square: Float64Array) -> Float64Array:
    """Taylor series of cosine, or of sine over its angle; enough for 1e-15 up to angles of pi."""
    total = np.full_like(square, terms[-1])
    for term in terms[-2::-1]:
        total *= square
        total += term
    return total
