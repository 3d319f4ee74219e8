"""Coordinates: the datums of Chinese maps, converted to WGS-84, and points in space.

Amap and Tencent publish GCJ-02, Baidu publishes BD-09; both lie 100 to 700 m and more off WGS-84, further
than a station's catchment, so every location says which datum it is in. GCJ-02 shifts a point by a published
function of its place; undoing it is a fixed-point iteration. Inside China the result is within 1 m of the
truth; outside, GCJ-02 equals WGS-84.
"""

from __future__ import annotations

from math import atan2, cos, pi, sin, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Datum", "cartesian_dm", "to_wgs84"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]

Datum = Literal["WGS-84", "GCJ-02", "BD-09"]

_SEMI_MAJOR_M = 6_378_245.0  # Krasovsky 1940 ellipsoid, which GCJ-02 is built on
_ECCENTRICITY_2 = 0.006_693_421_622_965_943
_MEAN_RADIUS_DM = 63_710_088
_BD_TURN = pi * 3000 / 180


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
    if datum != "WGS-84" and _in_china(lat, lon):
        if datum == "BD-09":
            lat, lon = _bd09_to_gcj02(lat, lon)
        lat, lon = _gcj02_to_wgs84(lat, lon)
    return round(lat, 7), round(lon, 7)


def _in_china(lat: float, lon: float) -> bool:
    """The box outside which the Chinese datums equal WGS-84."""
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347


def _bd09_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 0.0065, lat - 0.006
    radius = sqrt(x * x + y * y) - 0.00002 * sin(y * _BD_TURN)
    angle = atan2(y, x) - 0.000003 * cos(x * _BD_TURN)
    return radius * sin(angle), radius * cos(angle)


def _gcj02_to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    true_lat, true_lon = lat, lon
    for _ in range(6):  # each turn shrinks the error about a thousandfold
        d_lat, d_lon = _gcj02_offset(true_lat, true_lon)
        true_lat, true_lon = lat - d_lat, lon - d_lon
    return true_lat, true_lon


def _gcj02_offset(lat: float, lon: float) -> tuple[float, float]:
    """Degrees that GCJ-02 adds at a WGS-84 point."""
    x, y = lon - 105.0, lat - 35.0
    root = sqrt(abs(x))
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    phi = lat / 180 * pi
    magic = 1 - _ECCENTRICITY_2 * sin(phi) ** 2
    metres_per_degree_lat = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_2) / (magic * sqrt(magic)) * pi / 180
    metres_per_degree_lon = _SEMI_MAJOR_M / sqrt(magic) * cos(phi) * pi / 180
    return north / metres_per_degree_lat, east / metres_per_degree_lon


def cartesian_dm(lat: FloatArray, lon: FloatArray) -> IntArray:
    """Points on the mean sphere, in decimetres from the Earth's centre: int32[k, 3].

    Straight distances between such points are chords, within about 1 m of the arc at 100 km. Sine and cosine
    are summed here: libraries differ in the last bit, and every machine has to give the same answer.
    """
    phi, lam = np.asarray(lat) * (pi / 180), np.asarray(lon) * (pi / 180)
    across = _cos(phi)
    xyz = np.stack([across * _cos(lam), across * _sin(lam), _sin(phi)], axis=-1)
    return np.rint(xyz * _MEAN_RADIUS_DM).astype(np.int32)


def _sin(x: FloatArray) -> FloatArray:
    return _alternating_series(x, x, 1)


def _cos(x: FloatArray) -> FloatArray:
    return _alternating_series(np.ones_like(x), x, 0)


def _alternating_series(first: FloatArray, x: FloatArray, power: int) -> FloatArray:
    """Taylor series of sine or cosine; thirty powers leave less than 1e-15 for ``|x| <= pi``."""
    term, total = first, first.copy()
    for k in range(power + 2, power + 31, 2):
        term = -term * x * x / (k * (k - 1))
        total = total + term
    return total
