"""Places that lie implausibly far from the market are noted, with their row and the likely cause."""

from __future__ import annotations

from typing import Any

import pytest

import gigmatch as gm
from gigmatch.columns import columns_of
from tests.conftest import a_morning, a_shift, a_worker, sample

URUMQI = (43.8, 87.6)


def at(lat: float, lon: float) -> gm.Location:
    return gm.Location(lat=lat, lon=lon, datum="WGS-84")


def morning_at(market: tuple[float, float], *homes: tuple[float, float]) -> gm.Morning:
    """Workers of these homes, and a shift at the market."""
    people = [a_worker(f"w{k}", home=at(*home)) for k, home in enumerate(homes)]
    hall = gm.Market(id="hall", name="Hall", location=at(*market))
    return a_morning(*people, a_shift(location=at(*market)), market=hall)


CAUSES = {
    "exchanged": ((87.6, 43.8), "latitude and longitude look exchanged"),
    "zero": ((0.0, 0.0), "looks as if it was not filled in"),
    "half": ((43.8, 0.0), "looks as if it was not filled in"),
    "sign": ((43.8, -87.6), "a minus sign"),
    "city": ((39.9, 116.4), "another city"),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_far_home_is_noted_with_its_likely_cause(cause: str) -> None:
    """The row, the id, and what would explain it; the others are near, and nobody is refused."""
    home, told = CAUSES[cause]
    columns = columns_of(morning_at(URUMQI, URUMQI, home, URUMQI))
    [note] = columns.notes
    assert note.values["place"] == "workers[1].home"
    assert "'w1'" in note
    assert told in note
    assert "离市场" in note.text("zh")


def test_whatever_the_way_in() -> None:
    """Of tables by table and row; a home of nobody is no place, and stations stand for themselves."""
    morning = morning_at(URUMQI, URUMQI, (0.0, 0.0), URUMQI)
    station = gm.Station(id="st", name="St", location=at(43.8, -87.6))
    market = morning.market.model_copy(update={"stations": (station,)})
    morning = morning.model_copy(update={"market": market}).with_workers(
        {"id": "x", "station_id": "st"}, {"id": "y", "station_id": "st"}
    )
    frames = gm.morning_to_frames(morning)
    paths = [note.values["place"] for note in gm.columns_from_frames(**frames).notes]
    assert paths == ["stations[1]", "workers[1]"]
    assert [note.values["place"] for note in columns_of(morning).notes] == [
        "market.stations[0].location",
        "workers[1].home",
    ]


def test_files_are_named(tmp_path: Any) -> None:
    """As a spreadsheet numbers the row."""
    gm.write_csv(morning_at(URUMQI, URUMQI, (0.0, 0.0), URUMQI), tmp_path)
    [note] = gm.read_csv(tmp_path).notes
    assert note.values["place"] == "workers.csv, row 3"


def test_a_market_that_is_far_from_everybody() -> None:
    """Its own place is wrong, not everybody else's."""
    morning = morning_at((0.0, 0.0), *[URUMQI] * 4, (39.9, 116.4))
    assert [note.values["place"] for note in columns_of(morning).notes] == [
        "market.location",
        "workers[4].home",
        "shifts[0].location",
    ]


def test_many_are_counted() -> None:
    """A hundred of a kind are listed."""
    morning = morning_at(URUMQI, *[URUMQI] * 103, *[(0.0, 0.0)] * 103)
    notes = columns_of(morning).notes
    assert len(notes) == 101
    assert notes[-1].values["error"] == "from here on, 3 more lie as far from the market"


def test_samples_have_no_notes() -> None:
    """Nobody there comes from another city, nor round the other side of the world."""
    for name in ("jingshi", "majuqiao", "mentougou"):
        assert "errors.in_place" not in [note.key for note in columns_of(sample(name, 7, workers=100)).notes]
    assert columns_of(morning_at((-17.0, 179.9), (-17.0, -179.9))).notes == ()


def test_notes_are_shown_with_the_answer() -> None:
    """A way of three hundred hours warns, whatever the worker accepts; ten notes are shown."""
    morning = morning_at(URUMQI, (87.6, 43.8), URUMQI)
    answer = gm.match(morning.without_workers("w1"))
    assert [warning.rule for warning in answer.warnings] == ["long_way"]
    shown = str(answer).splitlines()
    assert shown[-2].startswith("warning: 1 placed against long_way: ")
    assert "note: workers[0].home: 'w0' lies" in shown[-1]
    many = gm.match(morning_at(URUMQI, *[URUMQI] * 12, *[(0.0, 0.0)] * 12))
    assert str(many).splitlines()[-1] == "note: 2 more"
    assert gm.Assignment.from_dict(many.to_dict()).notes == ()
