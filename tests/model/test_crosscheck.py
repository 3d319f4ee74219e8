"""What the parts of a morning say about each other is checked, in models and in raw data alike."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gigmatch.model import Morning, crosscheck
from gigmatch.model.crosscheck import cross_problems
from strategies import mornings, raw_mornings
from tests.conftest import examples

PLACE = {"lat": 39.9, "lon": 116.2, "datum": "WGS-84"}


def raw(**parts: Any) -> dict[str, Any]:
    """A valid morning with nothing in it, and then these parts."""
    market = {"id": "hall", "name": "Hall", "location": PLACE}
    basis = {"date": "2025-07-19", "time_zone": "Asia/Shanghai", "currency": "CNY", "market": market}
    return basis | parts


def worker(**parts: Any) -> dict[str, Any]:
    return {"id": "w", "home": PLACE} | parts


def shift(**parts: Any) -> dict[str, Any]:
    pay = {"amount": 1, "unit": "day"}
    periods = [{"start_min": 0, "end_min": 60}]
    return {"id": "s", "employer_id": "e", "location": PLACE, "periods": periods, "pay": pay} | parts


def limit(**parts: Any) -> dict[str, Any]:
    return {"kind": "min_rest_hours", "value": 8, "valid_from": "2025-01-01", "source": "s"} | parts


def found(data: dict[str, Any]) -> dict[tuple[int | str, ...], str]:
    """Path and message of every problem that building a morning finds."""
    with pytest.raises(ValidationError) as caught:
        Morning.model_validate(data)
    return {line["loc"]: line["msg"] for line in caught.value.errors()}


STATION = {"id": "st", "name": "St", "location": PLACE}
TWICE = [
    ("skills", "code", {"code": "x", "name": "X"}),
    ("workers", "id", worker(id="x")),
    ("employers", "id", {"id": "x"}),
    ("brokers", "id", {"id": "x"}),
    ("shifts", "id", shift(id="x", employer_id="e")),
    ("crews", "id", {"id": "x"}),
]


@pytest.mark.parametrize(("name", "key", "item"), TWICE, ids=[name for name, _, _ in TWICE])
def test_duplicate(name: str, key: str, item: dict[str, Any]) -> None:
    """A second thing of the same id is reported where it stands, and says where the first one is."""
    other = item | {key: "y"}
    data = raw(**({"employers": [{"id": "e"}]} | {name: [item, other, item, item]}))
    problems = found(data)
    assert set(problems) == {(name, 2, key), (name, 3, key)}
    assert problems[name, 2, key] == f"is already {name}[0].{key}: every {key} must be given once"


def test_duplicate_reference_wage() -> None:
    """Two going wages for one skill would make the scores depend on their order."""
    wage = {"skill": "x", "per_hour": 1, "as_of": "2025-01-01", "source": "s"}
    data = raw(skills=[{"code": "x", "name": "X"}], reference_wages=[wage, wage | {"per_hour": 2}])
    assert set(found(data)) == {("reference_wages", 1, "skill")}


@pytest.mark.parametrize("identifier", ["hall", "st"])
def test_duplicate_station(identifier: str) -> None:
    """A station may share its id neither with another station nor with the market."""
    market = {
        "id": "hall",
        "name": "Hall",
        "location": PLACE,
        "stations": [STATION, STATION | {"id": identifier}],
    }
    problems = found(raw(market=market))
    assert set(problems) == {("market", "stations", 1, "id")}
    assert "another station or of the market" in problems["market", "stations", 1, "id"]


def test_ids_of_different_kinds_may_be_equal() -> None:
    """A worker, a shift, an employer and a crew may all be called the same."""
    data = raw(
        workers=[worker(id="x")],
        employers=[{"id": "x"}],
        brokers=[{"id": "x"}],
        crews=[{"id": "x"}],
        shifts=[shift(id="x", employer_id="x", broker_id="x", crew_id="x")],
    )
    assert cross_problems(Morning.model_validate(data)) == []


DANGLING: list[tuple[dict[str, Any], tuple[int | str, ...], str]] = [
    ({"workers": [worker(station_id="?")]}, ("workers", 0, "station_id"), "stations"),
    ({"workers": [worker(skills=[{"skill": "?"}])]}, ("workers", 0, "skills", 0, "skill"), "skills"),
    ({"shifts": [shift(employer_id="?")]}, ("shifts", 0, "employer_id"), "employers"),
    ({"shifts": [shift(broker_id="?")]}, ("shifts", 0, "broker_id"), "brokers"),
    ({"shifts": [shift(crew_id="?")]}, ("shifts", 0, "crew_id"), "crews"),
    ({"shifts": [shift(all_of=[{"skill": "?"}])]}, ("shifts", 0, "all_of", 0, "skill"), "skills"),
    ({"shifts": [shift(any_of=[{"skill": "?"}])]}, ("shifts", 0, "any_of", 0, "skill"), "skills"),
    ({"skills": [{"code": "x", "name": "X", "covers": ["x", "?"]}]}, ("skills", 0, "covers", 1), "skills"),
    (
        {"reference_wages": [{"skill": "?", "per_hour": 1, "as_of": "2025-01-01", "source": "s"}]},
        ("reference_wages", 0, "skill"),
        "skills",
    ),
]


@pytest.mark.parametrize(
    ("parts", "path", "kind"), DANGLING, ids=[".".join(map(str, p)) for _, p, _ in DANGLING]
)
def test_dangling(parts: dict[str, Any], path: tuple[int | str, ...], kind: str) -> None:
    """A reference that leads nowhere is reported at its path, with the list it should lead to."""
    problems = found(raw(**({"employers": [{"id": "e"}]} | parts)))
    assert problems == {path: f"names nothing in {kind}: add it there, or correct the reference"}


@pytest.mark.parametrize("station", ["hall", "st"])
def test_the_market_is_a_station_too(station: str) -> None:
    """Workers may register at a station or at the hall itself."""
    market = {"id": "hall", "name": "Hall", "location": PLACE, "stations": [STATION]}
    Morning.model_validate(raw(market=market, workers=[worker(station_id=station)]))


def test_people_who_are_not_here_may_be_named() -> None:
    """Refusals, preferences and the past may name employers and workers who are not here this morning."""
    wishes = {"refused_employer_ids": ["gone"], "preferred_employer_ids": ["gone"]}
    past = {
        "past_employers": [{"employer_id": "gone"}],
        "hours_by_employer": [{"employer_id": "gone", "hours": 1}],
    }
    Morning.model_validate(
        raw(
            workers=[worker(**wishes, **past)],
            employers=[{"id": "e", "refused_worker_ids": ["gone"]}],
        )
    )


@pytest.mark.parametrize("zone", ["Asia/Beijing", "CST+8", "+08:00", "", "../etc/passwd"])
def test_time_zone(zone: str) -> None:
    """A time zone is a name of the IANA database."""
    assert found(raw(time_zone=zone)) == {("time_zone",): "is not an IANA time zone such as 'Asia/Shanghai'"}


def test_time_zone_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine has no time zone database there is nothing to hold the name to."""
    monkeypatch.setattr(crosscheck, "_time_zones", frozenset)
    assert cross_problems(raw(time_zone="Nowhere/Land")) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"valid_from": "2025-07-01"}),
        ({"valid_to": "2025-07-01"}, {"valid_from": "2025-07-01"}),
        ({"valid_from": "2025-07-01"}, {"valid_from": "2025-01-01", "valid_to": "2025-07-01"}),
        ({}, {}),
    ],
)
def test_two_limits_at_once(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Two limits of a kind in force on one day would make the answer depend on their order."""
    law = {"name": "x", "limits": [limit(**first), limit(**second)]}
    problems = found(raw(jurisdiction=law))
    assert set(problems) == {("jurisdiction", "limits", 1, "valid_from")}
    assert "overlaps limits[0] of the same kind" in problems["jurisdiction", "limits", 1, "valid_from"]


def test_limits_that_follow_each_other() -> None:
    """A limit that begins the day after the last one ended is fine, and so is another kind."""
    law = {
        "name": "x",
        "limits": [
            limit(valid_to="2025-06-30"),
            limit(valid_from="2025-07-01"),
            limit(kind="youth_age_years", value=18),
        ],
    }
    assert len(Morning.model_validate(raw(jurisdiction=law)).jurisdiction.limits) == 3


def test_found_beside_broken_fields() -> None:
    """Broken references come together with broken fields, and one place is reported once."""
    data = raw(
        currency="?",
        workers=[worker(skills=[{"skill": "?", "level": 9}], station_id=7), worker()],
        shifts=[shift(employer_id="", all_of="mason")],
    )
    assert set(found(data)) == {
        ("currency",),
        ("workers", 0, "skills", 0, "level"),
        ("workers", 0, "skills", 0, "skill"),
        ("workers", 0, "station_id"),
        ("workers", 1, "id"),
        ("shifts", 0, "employer_id"),
        ("shifts", 0, "all_of"),
    }


@pytest.mark.parametrize("identifier", [[], {}, None, 7, [[]]])
def test_an_id_may_be_anything_in_raw_data(identifier: Any) -> None:
    """An id that is a list, say, is a broken field; looking for duplicates and references survives it."""
    market = {"id": identifier, "name": "", "location": PLACE, "stations": [{"id": identifier}, STATION]}
    data = raw(market=market, employers=[{"id": identifier}, {"id": "e"}], shifts=[shift(id=identifier)])
    assert cross_problems(data) == []


@pytest.mark.parametrize("data", [None, [], 7, "x", {}, {"workers": 7, "market": [], "shifts": {"id": 1}}])
def test_anything_at_all(data: Any) -> None:
    """Whatever is looked at, there are no problems between parts that are not there."""
    assert cross_problems(data) == []


@examples(10)
@given(mornings(crews=True))
def test_valid_mornings_have_no_problems(morning: Morning) -> None:
    """What could be built has no cross problems, as models and as the raw data they came from."""
    assert cross_problems(morning) == []
    assert cross_problems(morning.model_dump()) == []


@examples(30)
@given(raw_mornings())
def test_raw_data_never_breaks_the_check(data: dict[str, Any]) -> None:
    """The check itself survives any raw data, and points only at what is there."""
    for problem in cross_problems(data):
        node: Any = data
        for part in problem["loc"]:
            node = node[part]
        assert node == problem["input"]


@examples(25)
@given(mornings(4, 4), st.data())
def test_taking_away_an_employer_dangles(morning: Morning, data: st.DataObject) -> None:
    """Without its employer every shift of that employer is reported, and no other."""
    gone = data.draw(st.sampled_from([employer.id for employer in morning.employers]))
    rest = tuple(employer for employer in morning.employers if employer.id != gone)
    problems = cross_problems(morning.model_copy(update={"employers": rest}))
    expected = {("shifts", j, "employer_id") for j, s in enumerate(morning.shifts) if s.employer_id == gone}
    assert {problem["loc"] for problem in problems} == expected


def test_nobody_is_born_after_the_morning() -> None:
    """A birth date in the future is a slip of the pen."""
    problems = found(raw(workers=[worker(birth_date="2999-01-01")]))
    assert problems == {("workers", 0, "birth_date"): "is after the morning's date"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"valid_from": "2025-07-02", "valid_to": "2025-07-01"}, "would never be in force"),
        ({"kind": "paid_days_per_month", "value": 0}, "a month needs paid days"),
    ],
)
def test_limits_that_make_no_sense(changes: dict[str, Any], message: str) -> None:
    """A limit that is never in force, or that pay cannot be spread over."""
    (problem,) = found(raw(jurisdiction={"name": "x", "limits": [limit(**changes)]})).values()
    assert message in problem


def test_broken_days_have_no_consequences() -> None:
    """A day that cannot be read is reported alone: nothing is said to be before or after it."""
    law = {"name": "x", "limits": [limit(valid_from=0), limit(valid_to="x"), limit()]}
    data = raw(date=0, workers=[worker(birth_date="1985-01-01")], jurisdiction=law)
    limits = ("jurisdiction", "limits")
    assert set(found(data)) == {("date",), (*limits, 0, "valid_from"), (*limits, 1, "valid_to")}


def test_limits_overlap_in_raw_data_too() -> None:
    """Reported together with a field that is broken elsewhere."""
    data = raw(currency="yuan", jurisdiction={"name": "x", "limits": [limit(), limit()]})
    assert set(found(data)) == {("currency",), ("jurisdiction", "limits", 1, "valid_from")}


@pytest.mark.parametrize(
    ("zone", "rest", "least", "wrong"),
    [
        ("Europe/Berlin", 500, None, False),  # 22:00 to 6:00 lasts nine hours
        ("Europe/Berlin", 540, None, True),
        ("Asia/Shanghai", 500, None, True),
        ("Europe/Berlin", 0, 540, False),
        ("Europe/Berlin", 0, 541, True),
        ("Asia/Shanghai", 0, 481, True),
    ],
)
def test_a_night_on_which_clocks_go_back_lasts_longer(
    zone: str, rest: int, least: int | None, *, wrong: bool
) -> None:
    """Breaks and least hours are held against minutes that pass, which the morning knows alone."""
    night = {"start_min": "22:00", "end_min": "30:00", "break_min": rest}
    hours = {"attendance": "flexible", "min_minutes": least} if least else {}
    data = raw(
        date="2025-10-25", time_zone=zone, employers=[{"id": "e"}], shifts=[shift(periods=[night], **hours)]
    )
    if wrong:
        assert found(data)
    else:
        assert Morning.model_validate(data).shifts[0].periods[0].break_min == rest
