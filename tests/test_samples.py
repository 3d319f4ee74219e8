"""The sample mornings: reproducible to the byte, and what their docstring promises is in them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning, Shift, Worker
from gigmatch.pay import pay_rates
from gigmatch.samples import jingshi

SEED_7 = "9d1fbabc43aba3c14e3429ca1dc5aedb9635733d40327179cb17baad3b17ea7f"


@pytest.fixture(scope="module")
def morning() -> Morning:
    return jingshi(7)


def seats(morning: Morning) -> Counter[str]:
    """Seats by the skill a shift asks for first."""
    count: Counter[str] = Counter()
    for shift in morning.shifts:
        count[(shift.all_of or shift.any_of)[0].skill] += shift.headcount
    return count


def holders(morning: Morning, skill: str) -> list[Worker]:
    return [worker for worker in morning.workers if skill in {known.skill for known in worker.skills}]


def shift_named(morning: Morning, name: str) -> Shift:
    return next(shift for shift in morning.shifts if shift.id == name)


def test_same_bytes_for_a_seed(morning: Morning) -> None:
    """Seed 7 gives these very bytes, on any machine and with any numpy."""
    assert hashlib.sha256(morning.to_json()).hexdigest() == SEED_7
    assert jingshi(7).to_json() == morning.to_json()
    assert jingshi() == morning


def test_another_seed_is_another_morning(morning: Morning) -> None:
    """Another seed changes workers and shifts, not the place, the trades or the law."""
    other = jingshi(8)
    assert other.to_json() != morning.to_json()
    assert (other.market, other.skills, other.jurisdiction) == (
        morning.market,
        morning.skills,
        morning.jurisdiction,
    )


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**64 - 1])
def test_any_seed_is_valid(seed: int) -> None:
    """Every seed builds, survives a round trip, and holds the two that everybody knows."""
    sample = jingshi(seed, workers=200)
    assert Morning.model_validate_json(sample.to_json()) == sample
    assert shift_named(sample, "parking-locks").headcount == 12
    assert sample.workers[0].id == "li-shifu"


@pytest.mark.parametrize("workers", [50, 51, 333, 1200, 5000])
def test_grows_in_proportion(workers: int) -> None:
    """Seats grow with workers; places and rates stay as they are."""
    sample = jingshi(3, workers=workers)
    total = sum(shift.headcount for shift in sample.shifts)
    assert len(sample.workers) == workers
    assert 0.75 * workers <= total <= 0.82 * workers + 19
    assert len(sample.market.stations) == 9
    assert sample.reference_wages == jingshi(7, workers=50).reference_wages


def test_size_and_shape(morning: Morning) -> None:
    """About 300 shifts with about 0.82 seats a worker, head-counts from 1 to 20 and mostly up to 6."""
    heads = [shift.headcount for shift in morning.shifts]
    assert len(morning.workers) == 1200
    assert 250 <= len(heads) <= 350
    assert 0.75 <= sum(heads) / 1200 <= 0.9
    assert max(heads) == 20
    assert sum(head <= 6 for head in heads) > 0.9 * len(heads)
    assert (len(morning.employers), len(morning.brokers)) == (60, 12)
    assert not morning.crews
    assert all(shift.minimum_headcount == 1 for shift in morning.shifts)


def test_li_shifu_and_his_shift(morning: Morning) -> None:
    """The man who stopped unloading at 05:20 has the skill, the days and the place for two days at 420."""
    man, shift = morning.workers[0], shift_named(morning, "parking-locks")
    assert man.id == "li-shifu"
    assert man.last_shift_end_min == 5 * 60 + 20
    assert {need.skill for need in shift.all_of} <= {skill.skill for skill in man.skills}
    assert (shift.pay.amount, shift.pay.unit, len(shift.periods)) == (420, "shift", 2)
    assert pay_rates(shift).per_day >= (man.pay_floor_per_day or 0)
    for free, period in zip(man.windows, shift.periods, strict=True):
        assert free.start_min <= period.start_min
        assert period.end_min <= free.end_min
    assert man.station_id == morning.market.id
    lat, lon = morning.market.location.wgs84()
    assert abs(shift.location.lat - lat) + abs(shift.location.lon - lon) < 0.005  # some minutes' walk
    assert man.wanted_settlement != shift.settlement  # a wish that the offer does not meet


def test_employer_and_broker_of_parking_locks_are_sound(morning: Morning) -> None:
    """Nothing stands in the way of that shift from the other side either."""
    shift = shift_named(morning, "parking-locks")
    employer = next(party for party in morning.employers if party.id == shift.employer_id)
    broker = next(party for party in morning.brokers if party.id == shift.broker_id)
    assert employer.standing == broker.standing == "ok"
    assert broker.licence is not None
    assert "li-shifu" not in employer.refused_worker_ids


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_scarce_and_flooded_trades(seed: int) -> None:
    """More seats than plumbers and licensed electricians; far more helpers than helpers' seats."""
    sample = jingshi(seed)
    licensed = [
        worker
        for worker in holders(sample, "electrician")
        if any(c.kind == "electrician" and not lapsed(c, sample) for c in worker.credentials)
    ]
    assert seats(sample)["electrician"] > len(licensed)
    assert seats(sample)["plumber"] > len(holders(sample, "plumber"))
    assert len(holders(sample, "helper")) > 1.3 * seats(sample)["helper"]


def lapsed(credential: Any, morning: Morning) -> bool:
    return min(credential.valid_to, credential.review_due) < morning.date


def test_bad_luck_is_in_it(morning: Morning) -> None:
    """Lapsed licences, far shifts, wages below the minimum, arrears, an unlicensed broker, a vain offer."""
    papers = [c for worker in morning.workers for c in worker.credentials if c.kind == "electrician"]
    assert sum(lapsed(credential, morning) for credential in papers) >= 3
    assert sum(shift.location.lon > 116.5 for shift in morning.shifts) >= 5
    least = morning.jurisdiction.limit("minimum_wage_per_hour", morning.date)
    assert least is not None
    assert sum(pay_rates(shift).per_hour < least.value for shift in morning.shifts) >= 5
    assert Counter(e.standing for e in morning.employers) == {"ok": 57, "arrears": 2, "suspended": 1}
    assert sum(broker.licence is None for broker in morning.brokers) == 1
    assert sum(broker.standing == "suspended" for broker in morning.brokers) == 1
    asked = shift_named(morning, "chimney-repair").credentials[0].kind
    assert not any(c.kind == asked for worker in morning.workers for c in worker.credentials)


def test_urgent_work(morning: Morning) -> None:
    """The storm drain comes first, a little elder care second, nearly all the rest is ordinary."""
    tiers = Counter(shift.priority_tier for shift in morning.shifts)
    assert shift_named(morning, "storm-drain").priority_tier == 1
    assert tiers[1] + tiers[2] < 0.05 * len(morning.shifts)
    assert tiers[5] > 0.85 * len(morning.shifts)


def test_people(morning: Morning) -> None:
    """Most walk in between 04:50 and 07:40, most want same-day pay, and much about them is unknown."""
    people = morning.workers
    at_hall = [worker for worker in people if worker.station_id == "hall"]
    arrivals = [worker.arrived_at_min or 0 for worker in at_hall]
    assert len(at_hall) > 0.6 * len(people)
    assert min(arrivals) >= 290
    assert max(arrivals) <= 460
    assert sum(worker.wanted_settlement == "same_day" for worker in people) > 0.6 * len(people)
    assert sum(worker.rating is None for worker in people) > 0.5 * len(people)
    assert any(worker.birth_date is None and worker.age_years is None for worker in people)
    assert {worker.travel_mode for worker in people} == {"walk", "cycle", "transit", "drive"}
    assert all(30 <= (worker.travel_limit_min or 0) <= 90 for worker in people)


def test_home_carers(morning: Morning) -> None:
    """Nail sets are flexible piece work for people on foot with two or three gaps in their day."""
    carers = holders(morning, "nail_sets")
    assert carers
    assert all(worker.travel_mode == "walk" and 2 <= len(worker.windows) <= 3 for worker in carers)
    sets = [shift for shift in morning.shifts if shift.pay.unit == "piece"]
    assert sets
    assert all(shift.attendance == "flexible" and 5 <= shift.pay.amount <= 12 for shift in sets)


def test_all_kinds_of_pay(morning: Morning) -> None:
    """Every unit of pay occurs, and live-in care pays 7,000 a month with board and lodging."""
    assert {shift.pay.unit for shift in morning.shifts} == {"hour", "day", "shift", "piece", "month"}
    live_in = [shift for shift in morning.shifts if shift.pay.unit == "month"]
    assert all((s.pay.amount, s.meals, s.lodging, len(s.periods)) == (7000, True, True, 22) for s in live_in)


def test_every_limit_has_a_source(morning: Morning) -> None:
    """The law is in force on the day, says where it comes from, and blocks only where it must."""
    limits = morning.jurisdiction.limits
    assert len(limits) == 10
    assert all(limit.in_force(morning.date) and "secondary source" in limit.source for limit in limits)
    assert {limit.kind for limit in limits if limit.severity == "block"} == {
        "minimum_age_years",
        "youth_age_years",
    }


def test_no_names_of_persons(morning: Morning) -> None:
    """Workers are ids only, homes carry no label, and nothing stands in the free attributes."""
    assert "name" not in Worker.model_fields
    assert all(worker.home is None or worker.home.label is None for worker in morning.workers)
    assert not any(worker.attributes for worker in morning.workers)


def test_coordinates_are_millionths(morning: Morning) -> None:
    """Coordinates come from integers, so that their text never depends on a machine's floats."""
    shown = json.loads(morning.to_json())
    places = [shift["location"] for shift in shown["shifts"]]
    assert all(round(place["lat"] * 1_000_000) / 1_000_000 == place["lat"] for place in places)
    assert {place["datum"] for place in places} == {"WGS-84"}


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"),
        ({"seed": 1.0}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": "7"}, "seed"),
        ({"workers": 49}, "workers"),
        ({"workers": 1_000_001}, "workers"),
        ({"workers": 100.0}, "workers"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], name: str) -> None:
    """An argument out of range is named, with the rule and the value that broke it."""
    with pytest.raises(
        InvalidInputError, match=rf"{name} must be an integer from .* Got {arguments[name]!r}"
    ):
        jingshi(**arguments)
