"""Ways: as long as they should be, never longer than the bound an index prunes with."""

from __future__ import annotations

import json
from math import inf, nan

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gigmatch.errors import InvalidInputError, InvalidPolicyError, PluginError
from gigmatch.model import Location
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.travel import StraightLine, Travel, ZoneMatrix, describe_travel, restore_travel
from pairing.rules.oracle import haversine_m, place
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, all_pairs, models

MODES = ("walk", "cycle", "transit", "drive")
BEIJING = Location(lat=39.9, lon=116.2, datum="WGS-84")
TIANJIN = Location(lat=39.12, lon=117.19, datum="WGS-84")


def at(lat, lon, datum="WGS-84"):
    return Location(lat=lat, lon=lon, datum=datum)


@st.composite
def straight_lines(draw):
    """Any detour and any sensible speeds."""
    speeds = [draw(st.sampled_from([0.1, 4.8, 20.0, 900.0])) for _ in MODES]
    starts = [draw(st.sampled_from([0.0, 2.5, 15.0, 30.0, 2000.0])) for _ in MODES]
    return StraightLine(
        detour=draw(st.sampled_from([1.0, 1.3, 3.0])),
        speed_kmh=dict(zip(MODES, speeds, strict=True)),
        start_min=dict(zip(MODES, starts, strict=True)),
    )


def way(home, work, travel=None, **worker):
    """Minutes and metres of one pair."""
    pair = all_pairs(a_morning(a_worker(home=home, **worker), a_shift(location=work)), travel)
    return float(pair.minutes[0]), float(pair.metres[0])


@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.floats(-0.6, 0.6),
    st.floats(-0.6, 0.6),
    st.sampled_from(["WGS-84", "GCJ-02", "BD-09"]),
)
def test_metres_like_haversine(lat, lon, north, east, datum):
    """Within 1e-4 of the arc up to 100 km, and a decimetre where it is short, in any datum."""
    home = at(lat, lon, datum)
    work = at(max(-90.0, min(90.0, lat + north)), (lon + east + 180) % 360 - 180, datum)
    arc = haversine_m(home.wgs84(), work.wgs84())
    assume(arc <= 100_000)
    assert way(home, work, StraightLine(detour=1))[1] == pytest.approx(arc, rel=1e-4, abs=0.2)


def test_datums_meet():
    """One place in three datums is one place, within the metre that the conversion promises."""
    wgs, gcj = at(39.9072988, 116.3912589), at(39.9087, 116.3975, "GCJ-02")
    assert way(wgs, gcj)[1] < 2
    assert way(at(39.9072988, 116.3912589, "BD-09"), gcj)[1] > 500


@pytest.mark.parametrize(
    ("mode", "minutes"),
    [("walk", 1300 / 80), ("cycle", 2 + 78 / 14), ("transit", 13.9), ("drive", 5 + 78 / 28)],
)
def test_minutes_by_mode(mode, minutes):
    """A kilometre as the crow flies is 1.3 km of way, at the mode's speed after its start."""
    work = at(39.9 + 1000 / 6_371_008.8 * 180 / np.pi, 116.2)
    found = way(BEIJING, work, travel_mode=mode)
    assert found == (pytest.approx(minutes, abs=0.01), pytest.approx(1300, abs=0.5))


@given(mornings(), straight_lines())
def test_the_radius_is_a_bound(morning, travel):
    """Whatever can be reached within the limit lies within the radius; without a limit there is none."""
    pairs = all_pairs(morning, travel)
    radius = travel.radius_m(pairs.columns, pairs.columns.workers.travel_limit_min)
    straight = all_pairs(morning, StraightLine(detour=1)).metres
    for (worker, _), minutes, metres, most in zip(
        models(morning, pairs), pairs.minutes, straight, radius[pairs.worker], strict=True
    ):
        if worker.travel_limit_min is None:
            assert most == inf
        elif minutes <= worker.travel_limit_min:
            assert metres <= most + 1e-6


ZONES = (BEIJING, TIANJIN)
MINUTES = [[12.0, 70.0], [75.0, inf]]
METRES = [[4000.0, 110_000.0], [112_000.0, inf]]


@given(mornings())
def test_the_nearest_zone_counts(morning):
    """From the zone of the worker's place to the zone of the shift's, the first of equally near ones."""
    zones = (TIANJIN, BEIJING, BEIJING, at(31.23, 121.47))
    table = np.arange(16.0).reshape(4, 4)
    pairs = all_pairs(morning, ZoneMatrix(zones, table, table * 1000))

    def nearest(location):
        away = [haversine_m(zone.wgs84(), location.wgs84()) for zone in zones]
        return min(range(len(zones)), key=away.__getitem__)

    expected = [
        4.0 * nearest(place(morning, worker)) + nearest(shift.location)
        for worker, shift in models(morning, pairs)
    ]
    assert pairs.minutes.tolist() == expected
    assert pairs.metres.tolist() == [1000 * value for value in expected]


def test_no_way_between_zones():
    """Inf is no way; ways there and back may differ, modes do not, and nothing is pruned."""
    matrix = ZoneMatrix(ZONES, MINUTES, METRES)
    assert way(BEIJING, TIANJIN, matrix, travel_mode="walk") == (70, 110_000)
    assert way(TIANJIN, BEIJING, matrix) == (75, 112_000)
    assert way(TIANJIN, TIANJIN, matrix) == (inf, inf)
    columns = all_pairs(a_morning(a_worker())).columns
    assert matrix.radius_m(columns, columns.workers.travel_limit_min) is None


def test_a_matrix_keeps_its_own_copy():
    """Changing the caller's array later changes nothing."""
    table = np.array(MINUTES)
    matrix = ZoneMatrix(ZONES, table, METRES)
    table[:] = 0
    assert way(BEIJING, BEIJING, matrix)[0] == 12


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"detour": 0.99}, r"detour must be a number of at least 1.0; got 0.99"),
        ({"detour": nan}, r"detour must be .* got nan"),
        ({"detour": "1.3"}, r"detour must be .* got '1.3'"),
        (
            {"speed_kmh": {"walk": 5}},
            r"speed_kmh must give each of walk, .*; got \['walk'\]",
        ),
        (
            {"speed_kmh": dict.fromkeys(MODES, 0.0)},
            r"speed_kmh\['walk'\] must be .* at least 0.1; got 0",
        ),
        (
            {"start_min": dict.fromkeys(MODES, -1)},
            r"start_min\['walk'\] must be .* at least 0.0; got -1",
        ),
        ({"start_min": dict.fromkeys(MODES, inf)}, r"start_min\['walk'\] must be .* got inf"),
    ],
)
def test_straight_lines_that_make_no_sense(arguments, message):
    """Field, rule and value stand in the message."""
    with pytest.raises(InvalidInputError, match=message):
        StraightLine(**arguments)


@pytest.mark.parametrize(
    ("zones", "minutes", "metres", "message"),
    [
        ((), [], [], "zones is empty"),
        (ZONES, [[1.0]], METRES, r"minutes must have shape \(2, 2\), a row per zone; got \(1, 1\)"),
        (ZONES, MINUTES, [1, 2], r"metres must have shape \(2, 2\)"),
        (ZONES, [[0, 1], [nan, 0]], METRES, r"minutes\[1, 0\] is nan: every entry must be at least 0"),
        (ZONES, MINUTES, [[0, -1], [0, 0]], r"metres\[0, 1\] is -1.0: every entry must be at least 0"),
        (ZONES, [[0, "far"], [1, 0]], METRES, "minutes must be a table of numbers"),
        (ZONES, [[0], [1, 0]], METRES, "minutes must be a table of numbers"),
    ],
)
def test_matrices_that_make_no_sense(zones, minutes, metres, message):
    """Field, place, rule and value stand in the message."""
    with pytest.raises(InvalidInputError, match=message):
        ZoneMatrix(zones, minutes, metres)


@given(straight_lines())
def test_straight_lines_are_made_again(travel):
    """From JSON, equal to the one described."""
    assert isinstance(travel, Travel)
    assert restore_travel(json.loads(json.dumps(describe_travel(travel))), None) == travel


class Teleport:
    """A travel of a user's own."""

    def minutes(self, columns, worker, shift):
        return np.zeros(len(worker))

    metres = minutes

    def radius_m(self, columns, minutes):
        return None


def test_matrices_are_known_again():
    """The same tables pass, others do not, and none at all cannot be made from a digest."""
    matrix = ZoneMatrix(ZONES, MINUTES, METRES)
    saved = json.loads(json.dumps(describe_travel(matrix)))
    again = ZoneMatrix(ZONES, MINUTES, METRES)
    assert restore_travel(saved, again) is again
    with pytest.raises(InvalidPolicyError, match="pass it in Python, with travel="):
        restore_travel(saved, None)
    for other in (ZoneMatrix(ZONES, METRES, METRES), StraightLine(), Teleport()):
        with pytest.raises(InvalidPolicyError, match="its description differs"):
            restore_travel(saved, other)


def test_travels_of_ones_own_are_known_by_kind():
    """They need no describe."""
    mine = Teleport()
    assert isinstance(mine, Travel)
    assert describe_travel(mine) == {"kind": "Teleport"}
    assert restore_travel({"kind": "Teleport"}, mine) is mine


@pytest.mark.parametrize(
    "data",
    [None, [], "x", {}]
    + [{"kind": "straight_line", **rest} for rest in ({"detour": -1}, {"wings": 2}, {"speed_kmh": None})],
)
def test_saved_travels_that_are_none(data):
    """Garbage is refused as such."""
    with pytest.raises(InvalidPolicyError, match=r"not a saved travel|pass it in Python, with travel="):
        restore_travel(data, None)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (np.array([nan]), "Odd.minutes gave nan: at least 0"),
        (np.array([-1.0]), "Odd.minutes gave -1.0: at least 0"),
        (np.array([1]), r"Odd.minutes must return float64\[1\].* got int64\[1\]"),
        (np.zeros(2), r"Odd.minutes must return float64\[1\].* got float64\[2\]"),
        ([1.0], "got list"),
    ],
)
@pytest.mark.parametrize("what", ["minutes", "metres"])
def test_travels_are_held_to_their_contract(returned, message, what):
    """Shape, dtype and range of minutes and metres, named after the travel."""

    class Odd(Teleport):
        def minutes(self, columns, worker, shift):
            return returned

        metres = minutes

    pair = all_pairs(a_morning(a_worker(), a_shift()), Odd())
    with pytest.raises(PluginError, match=message.replace("minutes", what)):
        getattr(pair, what)


def test_pairs_ask_for_the_way_once():
    """Blocks of pairs whose way is known do not ask again."""
    asked = []

    class Counting(Teleport):
        def minutes(self, columns, worker, shift):
            asked.append(len(worker))
            return np.arange(float(len(worker)))

    pairs = all_pairs(a_morning(*(a_worker(name) for name in "abc"), a_shift()), Counting())
    assert pairs.minutes is pairs.minutes
    assert pairs.take(slice(1, 3)).minutes.tolist() == [1, 2]
    assert pairs.take(np.array([True, False, True])).minutes.tolist() == [0, 2]
    assert (asked, len(pairs), pairs.indptr.tolist()) == ([3], 3, [0, 1, 2, 3])
    assert isinstance(pairs.take(slice(0, 0)), Pairs)
