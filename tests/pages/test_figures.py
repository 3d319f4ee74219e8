"""What pages and plots show, held against counts in plain Python."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.pages.figures import (
    bins,
    fill_by_hour,
    fill_by_place,
    fill_by_skill,
    pay_per_day,
    places_of,
    sketch,
)
from strategies import mornings
from tests.conftest import examples, matched, sample


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=300)


@pytest.fixture(scope="module")
def view(morning) -> SolvedMorning:
    return SolvedMorning.of(gm.match(morning))


def leading(shift: gm.Shift) -> str | None:
    needs = (*shift.all_of, *shift.any_of)
    return needs[0].skill if needs else None


@examples(20)
@given(mornings())
def test_tallies_are_those_of_counting(morning):
    """By skill and hour: every seat once, filled ones by who is there."""
    answer = gm.match(morning)
    view = SolvedMorning.of(answer)
    seats, filled, by_hour = Counter(), Counter(), Counter()
    for shift in morning.shifts:
        seats[leading(shift)] += shift.headcount
        filled[leading(shift)] += len(answer.fill[shift.id])
        by_hour[f"{min(p.start_min for p in shift.periods) // 60 % 24:02}:00"] += shift.headcount
    tallies = fill_by_skill(view)
    assert {t.code or None: t.seats for t in tallies} == dict(seats)
    assert {t.code or None: t.filled for t in tallies} == {code: filled[code] for code in seats}
    assert [t.seats for t in tallies] == sorted((t.seats for t in tallies), reverse=True)
    assert {t.name: t.seats for t in fill_by_hour(view)} == dict(by_hour)


def test_people_belong_where_they_registered(morning, view):
    """The market and its stations in their order; everybody is counted once."""
    places = places_of(view)
    rows = fill_by_place(view, places)
    assert places.codes == ("hall", *(station.id for station in morning.market.stations))
    registered = Counter(worker.station_id for worker in morning.workers)
    assert {row.code: row.workers for row in rows} == {code: registered[code] for code in places.codes}
    assert sum(row.placed for row in rows) == len(view.worker)
    assert sum(row.seats for row in rows) == sum(shift.headcount for shift in morning.shifts)


def test_shifts_belong_to_the_nearest_place(view):
    """By brute force, on the plane; and the plane tells the kilometres of the sphere."""
    places = places_of(view)
    between = np.linalg.norm(places.shifts_at[:, None] - places.at[None], axis=2)
    assert (places.of_shift == between.argmin(axis=1)).all()
    first, last = (np.stack(view.columns.shifts.xyz_dm, axis=1)[row].astype(float) for row in (0, -1))
    chord_km = float(np.linalg.norm(first - last)) / 10_000
    plane_km = float(np.linalg.norm(places.shifts_at[0] - places.shifts_at[-1]))
    assert plane_km == pytest.approx(chord_km, rel=1e-3)


def test_columns_have_areas():
    """Without stations: a grid, everybody in it, named from the north-west."""
    view = SolvedMorning.of(matched("city", workers=500, shifts=100, seed=3))
    places = places_of(view)
    assert not places.are_stations
    assert set(places.names) <= {f"{column}{row}" for column in "ABCDE" for row in range(1, 6)}
    assert sum(row.workers for row in fill_by_place(view, places)) == 500
    x, y = (dict(zip(places.names, places.at[:, axis], strict=True)) for axis in (0, 1))
    assert x["A3"] < x["C3"] < x["E3"]
    assert y["C1"] > y["C3"] > y["C5"]


@examples(20)
@given(mornings())
def test_the_map_holds_what_it_says(morning):
    """Wherever the places are, poles included: everything drawn lies inside, and nothing is counted twice."""
    view = SolvedMorning.of(gm.match(morning))
    drawn = sketch(view, places_of(view))
    points = [(d.x, d.y) for d in (*drawn.dots, *drawn.marks)] + [(f.x2, f.y2) for f in drawn.flows]
    assert all(20 <= x <= drawn.width - 20 and 20 <= y <= drawn.height - 20 for x, y in points)
    assert all(0 <= f.xm <= drawn.width and 0 <= f.ym <= drawn.height for f in drawn.flows)
    assert sorted(row for dot in drawn.dots for row in dot.shifts) == list(range(len(morning.shifts)))
    assert sum(len(dot.shifts) for dot in drawn.dots if dot.is_beyond) == drawn.shifts_beyond
    assert sum(dot.open_seats for dot in drawn.dots) == int(view.open.sum())
    assert drawn.people == sum(flow.people for flow in drawn.flows) == len(view.worker)


def test_what_is_far_from_all_else_stands_at_the_edge(morning):
    """In its direction; and the others have the room that they had."""
    far = morning.shifts[0].model_copy(
        update={"id": "far", "location": gm.Location(lat=42.0, lon=116.2, datum="WGS-84")}
    )
    views = [
        SolvedMorning.of(gm.match(morning.model_copy(update={"shifts": shifts})))
        for shifts in (morning.shifts, (*morning.shifts, far))
    ]
    before, after = (sketch(view, places_of(view)) for view in views)
    [dot] = [dot for dot in after.dots if dot.shifts == (views[1].shift_row("far"),)]
    assert dot.is_beyond
    assert dot.y == pytest.approx(26)
    assert after.km < 1.2 * before.km


@pytest.mark.parametrize("way", ["objects", "columns"])
def test_a_hall_alone_is_one_place(morning, way):
    """No areas are made up where there is no station."""
    market = morning.market.model_copy(update={"stations": ()})
    workers = tuple(
        w.model_copy(update={"station_id": market.id, "home": None}) for w in morning.workers[:30]
    )
    hall = morning.model_copy(update={"market": market, "workers": workers})
    view = SolvedMorning.of(gm.match(hall if way == "objects" else gm.columns_of(hall)))
    places = places_of(view)
    assert places.is_one
    assert places.names == (market.name,)
    assert set(places.of_worker) == set(places.of_shift) == {0}


def test_few_people_are_left_out(view):
    """For eyes that must not tell anybody: no way of fewer than five."""
    everybody, many = (sketch(view, places_of(view), least_people=n) for n in (1, 5))
    assert min(flow.people for flow in everybody.flows) < 5 <= min(flow.people for flow in many.flows)
    assert [f for f in everybody.flows if f.people >= 5] == list(many.flows)


def test_a_large_map_is_bounded():
    """Thousands of shifts become cells, none of them lost."""
    view = SolvedMorning.of(matched("city", workers=200, shifts=3_000, seed=1))
    drawn = sketch(view, places_of(view))
    assert len(drawn.dots) <= 600
    assert len(drawn.flows) <= 140
    assert sorted(row for dot in drawn.dots for row in dot.shifts) == list(range(3_000))


@given(st.lists(st.floats(0, 1e6) | st.just(float("inf")) | st.just(float("nan")), max_size=60))
def test_bins_lose_nobody(values):
    """Every known value is in a bin, bins are few, even and in order, the rest is counted."""
    found = bins(np.array(values, dtype=np.float64))
    known = [value for value in values if np.isfinite(value)]
    assert int(found.counts.sum()) == len(known)
    assert found.beyond == len(values) - len(known)
    assert len(found.counts) == len(found.edges) - 1 <= 16
    assert all(a < b for a, b in pairwise(found.edges.tolist()))
    assert found.median == (pytest.approx(np.median(known)) if known else None)


def test_pay_is_that_of_the_pay_table(morning, view):
    """Per day, in order of the placements."""
    from gigmatch.model.pay import pay_rates

    shifts = {shift.id: shift for shift in morning.shifts}
    expected = [pay_rates(shifts[shift]).per_day for shift in view.shift_names(view.shift)]
    assert pay_per_day(view).tolist() == pytest.approx(expected)


def test_a_solved_morning_refuses_what_does_not_belong(morning, view, tmp_path):
    """A loaded assignment needs its morning, and no other."""
    view.assignment().save(tmp_path / "a.json")
    loaded = gm.Assignment.load(tmp_path / "a.json")
    assert SolvedMorning.of(loaded, morning=morning).filled.tolist() == view.filled.tolist()
    with pytest.raises(gm.InvalidInputError, match="pass it in morning="):
        SolvedMorning.of(loaded)
    with pytest.raises(gm.InvalidInputError, match="another morning"):
        SolvedMorning.of(loaded, morning=sample("jingshi", seed=8, workers=300))
    with pytest.raises(gm.InvalidInputError, match="must be of type Assignment; got 'x'"):
        SolvedMorning.of("x")
    with pytest.raises(gm.InvalidInputError, match="must be a Morning or Columns; got 7"):
        SolvedMorning.of(loaded, morning=7)
