"""Chinese map datums come back to WGS-84 to within a centimetre or so, and points become space."""

from __future__ import annotations

from math import cos, hypot, pi, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.model.datum import cartesian_dm, to_wgs84
from tests.conftest import examples

METRES_PER_DEGREE = 111_195

inside = st.tuples(st.floats(18.2, 53.5), st.floats(73.7, 134.9))
anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def gcj02(lat: float, lon: float) -> tuple[float, float]:
    """The published forward transform, written out from its description apart from the module's code."""
    x, y, a, e2 = lon - 105, lat - 35, 6378245.0, 0.00669342162296594323
    common = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    u = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    u += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    u += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    v = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    v += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    v += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    w = 1 - e2 * sin(radians(lat)) ** 2
    d_lat = u * 180 / ((a * (1 - e2)) / (w * sqrt(w)) * pi)
    d_lon = v * 180 / (a / sqrt(w) * cos(radians(lat)) * pi)
    return lat + d_lat, lon + d_lon


def bd09(lat: float, lon: float) -> tuple[float, float]:
    """Baidu's published step from GCJ-02."""
    z = hypot(lon, lat) + 0.00002 * sin(lat * pi * 3000 / 180)
    theta = np.arctan2(lat, lon) + 0.000003 * cos(lon * pi * 3000 / 180)
    return z * sin(theta) + 0.006, z * cos(theta) + 0.0065


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two near points."""
    return hypot(a[0] - b[0], (a[1] - b[1]) * cos(radians(a[0]))) * METRES_PER_DEGREE


def test_known_point() -> None:
    """The example that the coordtransform library publishes for 39.915 N 116.404 E."""
    back = to_wgs84(39.91640428150164, 116.41024449916938, "GCJ-02")
    assert back == pytest.approx((39.915, 116.404), abs=1e-7)
    from_baidu = to_wgs84(39.915, 116.404, "BD-09")
    assert from_baidu == to_wgs84(39.90865673957631, 116.39762729119315, "GCJ-02")


@examples(100)
@given(inside)
def test_gcj02_is_undone(point: tuple[float, float]) -> None:
    """Forward and back within 1e-6 degrees, and the other way round, all over China."""
    assert to_wgs84(*gcj02(*point), "GCJ-02") == pytest.approx(point, abs=1e-6)
    assert gcj02(*to_wgs84(*point, "GCJ-02")) == pytest.approx(point, abs=1e-6)


@examples(100)
@given(inside)
def test_bd09_is_undone(point: tuple[float, float]) -> None:
    """Baidu's published inverse is approximate; what is left is under a metre."""
    assert metres(to_wgs84(*bd09(*gcj02(*point)), "BD-09"), point) < 1


@examples(100)
@given(inside)
def test_datums_lie_far_apart(point: tuple[float, float]) -> None:
    """Taking one datum for another puts a person at the wrong corner, up to some 1.5 km away."""
    assert 5 < metres(to_wgs84(*point, "GCJ-02"), point) < 1500


@examples(100)
@given(anywhere)
def test_wgs84_stays(point: tuple[float, float]) -> None:
    """WGS-84 is only rounded, to about a centimetre."""
    assert to_wgs84(*point, "WGS-84") == (round(point[0], 7), round(point[1], 7))


@pytest.mark.parametrize(
    "point",
    [
        (35.68, 139.77),
        (0.0, 0.0),
        (-33.9, 151.2),
        (51.5, -0.1),
        (90.0, 180.0),
        (-90.0, -180.0),
        (0.8, 100.0),
        (56.0, 100.0),
    ],
)
def test_outside_china_gcj02_is_wgs84(point: tuple[float, float]) -> None:
    """Outside China nothing is shifted."""
    assert to_wgs84(*point, "GCJ-02") == point


@examples(100)
@given(inside)
def test_rounded_to_a_centimetre(point: tuple[float, float]) -> None:
    """Seven decimals, so that libraries whose sine differs in the last bit agree."""
    lat, lon = to_wgs84(*point, "BD-09")
    assert (lat, lon) == (round(lat, 7), round(lon, 7))


@examples(100)
@given(st.lists(anywhere, max_size=5))
def test_points_in_space(points: list[tuple[float, float]]) -> None:
    """Every point is on the mean sphere to a decimetre, where numpy's own sine puts it."""
    lat, lon = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    xyz = cartesian_dm(lat, lon)
    phi, lam = np.radians(lat), np.radians(lon)
    expected = (
        np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1) * 63_710_088
    )
    assert xyz.dtype == np.int32
    assert xyz.shape == (len(points), 3)
    np.testing.assert_allclose(xyz, expected, atol=0.6)


def test_space_has_no_seams() -> None:
    """Either side of the antimeridian, and all the longitudes of a pole, are neighbours."""
    xyz = cartesian_dm(np.array([0.0, 0.0, 90.0, 90.0]), np.array([179.9999, -179.9999, 0.0, 135.0]))
    assert np.abs(xyz[0] - xyz[1]).max() < 300  # 22 m
    np.testing.assert_array_equal(xyz[2], xyz[3])


def test_chord_is_as_good_as_the_arc() -> None:
    """A degree of latitude is 111,195 m on the mean sphere, and its chord no more than a few metres less."""
    a, b = cartesian_dm(np.array([39.0, 40.0]), np.array([116.0, 116.0])).astype(float)
    assert np.linalg.norm(a - b) / 10 == pytest.approx(METRES_PER_DEGREE, abs=2)
