"""The sample mornings: reproducible to the byte, and what their docstring promises is in them."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gigmatch as gm
import oracles
from columns.test_columns import arrays
from gigmatch.columns import MODES, SETTLEMENTS, STANDINGS, Columns, Relation, Spans, columns_of
from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning, Shift, Worker
from gigmatch.model.pay import pay_rates
from gigmatch.pairing.candidates import feasible_pairs
from gigmatch.pairing.rules import DEFAULT_RULES
from gigmatch.pairing.travel import StraightLine
from gigmatch.scenarios import city, city_tables, jingshi
from pairing.test_candidates import brute_force, rows, strict

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
    assert morning.digest() == SEED_7
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
    assert Morning.from_json(sample.to_json()) == sample
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
    assert all(shift.minimum_headcount is None for shift in morning.shifts)


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
    assert not any(worker.name or worker.contact for worker in morning.workers)
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
        InvalidInputError, match=rf"{name} must be a whole number from .*; got {arguments[name]!r}"
    ):
        jingshi(**arguments)


# -------------------------------------------------------------------------------------------------- city

CITY_7 = "columns 669ba35c8700dd9b2098f73ae18fd0e1fed2419ba4b8c672981486e8bdab1bf0"


@pytest.fixture(scope="module")
def town() -> Columns:
    """A city small enough to look at every pair of it."""
    return city(workers=1500, shifts=300, seed=7)


@pytest.fixture(scope="module", params=["city", "compiled"])
def columns(request: pytest.FixtureRequest) -> Columns:
    """Columns drawn, and columns compiled: what holds of these must hold of those."""
    return city(1500, 300, seed=7) if request.param == "city" else columns_of(jingshi(7))


def numbered(words: Any) -> list[int]:
    """The bits of every row as one number."""
    return [sum(int(bits) << (64 * at) for at, bits in enumerate(row)) for row in zip(*words, strict=True)]


def test_a_city_is_the_same_for_a_seed(town: Columns) -> None:
    """These very bytes, on any machine; another seed is another city."""
    assert town.digest() == city(workers=1500, shifts=300, seed=7).digest() == CITY_7
    assert city(workers=1500, shifts=300, seed=8).digest() != CITY_7


@pytest.mark.parametrize(("workers", "shifts"), [(1, 1), (1, 200), (300, 1), (77, 41), (2000, 12_000)])
@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_a_city_has_the_size_asked_for(workers: int, shifts: int, seed: int) -> None:
    """Any size, down to one worker and one shift, ids in order, and it can be matched."""
    columns = city(workers, shifts, seed)
    assert columns.worker_ids == tuple(f"w-{n:07}" for n in range(1, workers + 1))
    assert columns.shift_ids == tuple(f"s-{n:07}" for n in range(1, shifts + 1))
    if workers * shifts < 100_000:
        assert gm.match(columns).status == "optimal"


def test_workers_do_not_depend_on_one_another() -> None:
    """The first hundred of a larger city are the same people."""
    small, large = (dict(arrays(city(n, 60, seed=3).workers)) for n in (100, 400))
    assert small.keys() == large.keys()
    for path, array in small.items():
        if not path.startswith((".free", ".commitments", ".credentials")):
            assert np.array_equal(array, large[path][:100], equal_nan=array.dtype.kind == "f"), path


def test_every_array_of_a_city_is_read_only(town: Columns) -> None:
    """As of columns that were compiled."""
    found = dict(arrays(town))
    assert len(found) > 60
    assert [path for path, array in found.items() if array.flags.writeable] == []


def test_a_city_has_the_arrays_of_compiled_columns(town: Columns) -> None:
    """The same names, dtypes and rows; only words of bits, as many as it takes, may be more."""
    compiled = dict(arrays(columns_of(jingshi(7, workers=100))))
    found = dict(arrays(town))
    assert set(compiled) <= set(found)
    assert {path: found[path].dtype for path in compiled} == {p: a.dtype for p, a in compiled.items()}
    for part, n in ((town.workers, town.n_workers), (town.shifts, town.n_shifts)):
        for path, array in arrays(part):
            assert (
                path.startswith((".free", ".commitments", ".periods", ".credentials")) or len(array) == n
            ), path


def test_ids_are_distinct_and_in_order(columns: Columns) -> None:
    """Of workers, whose order is that of arrival, at least distinct."""
    assert len(set(columns.worker_ids)) == columns.n_workers
    for ids in (columns.shift_ids, columns.employer_ids, columns.broker_ids, columns.skill_codes):
        assert sorted(set(ids)) == list(ids)
    for needs in (columns.skill_needs, columns.credential_needs):
        assert sorted(set(needs)) == list(needs)


@pytest.mark.parametrize("side", ["free", "periods"])
def test_intervals_are_in_order_and_apart(columns: Columns, side: str) -> None:
    """In rows without gaps, each begins before it ends, the next one no sooner."""
    spans: Spans = columns.workers.free if side == "free" else columns.shifts.periods
    n = columns.n_workers if side == "free" else columns.n_shifts
    assert spans.indptr[0] == 0
    assert spans.indptr[-1] == len(spans.start) == len(spans.end)
    assert (spans.counts >= (side == "periods")).all()
    assert len(spans.counts) == n
    assert (spans.start < spans.end).all()
    row = np.repeat(np.arange(n), spans.counts)
    assert (spans.end[:-1] <= spans.start[1:])[row[:-1] == row[1:]].all()


@pytest.mark.parametrize(
    "name", ["employer_hours", "praise", "preferred", "refused_employer", "refused_broker"]
)
def test_relations_are_sorted(columns: Columns, name: str) -> None:
    """Each pair once, in order, of workers and others that there are."""
    relation: Relation = getattr(columns, name)
    assert relation.n_others == len(columns.broker_ids if name == "refused_broker" else columns.employer_ids)
    assert len(relation.key) == len(relation.value)
    assert (np.diff(relation.key) > 0).all()
    assert ((relation.key >= 0) & (relation.key < columns.n_workers * relation.n_others)).all()
    values = {"praise": {0, 0.5, 1}, "preferred": {1}, "refused_employer": {1, 2, 3}, "refused_broker": {1}}
    assert set(relation.value.tolist()) <= values.get(name, set(relation.value[relation.value >= 0].tolist()))


def test_equal_numbers_are_equal_requirements(columns: Columns) -> None:
    """Numbers run from 0, and are equal exactly where skills, alternatives and credentials are."""
    shifts = columns.shifts
    needs = [numbered(words) for words in (shifts.skills_all, shifts.skills_any, shifts.credentials_all)]
    together = set(zip(shifts.requirement.tolist(), *needs, strict=True))
    assert {number for number, *_ in together} == set(range(len(together)))
    assert len({tuple(asked) for _, *asked in together}) == len(together)


def test_equal_numbers_are_equal_schedules(columns: Columns) -> None:
    """Numbers run from 0, and are equal exactly where periods and minutes are; start and end are theirs."""
    shifts, spans = columns.shifts, columns.shifts.periods
    cuts = spans.indptr[1:-1]
    starts, ends = (tuple(map(tuple, np.split(x, cuts))) for x in (spans.start, spans.end))
    together = set(zip(shifts.schedule.tolist(), starts, ends, shifts.min_minutes.tolist(), strict=True))
    assert {number for number, *_ in together} == set(range(len(together)))
    assert len({tuple(times) for _, *times in together}) == len(together)
    assert shifts.start_min.tolist() == [min(row) for row in starts]
    assert shifts.end_min.tolist() == [max(row) for row in ends]
    assert shifts.days.tolist() == [len({minute // 1440 for minute in row}) for row in starts]


def test_bits_say_who_meets_what(columns: Columns) -> None:
    """A worker meets a need from its rank on; every need is some shift's; the leading skill is asked for."""
    workers, shifts = columns.workers, columns.shifts
    met = numbered(workers.skills_met)
    for bit, (code, least) in enumerate(columns.skill_needs):
        rank = workers.skill_rank[:, columns.skill_codes.index(code)]
        assert [number >> bit & 1 for number in met] == (rank >= least).astype(int).tolist()
    every, some = numbered(shifts.skills_all), numbered(shifts.skills_any)
    asked = [a | b for a, b in zip(every, some, strict=True)]
    assert set().union(*(bits_of(number) for number in asked)) == set(range(len(columns.skill_needs)))
    papers = set().union(*(bits_of(number) for number in numbered(shifts.credentials_all)))
    assert papers == set(range(len(columns.credential_needs)))
    for number, skill, rank in zip(asked, shifts.leading_skill, shifts.leading_rank, strict=True):
        needs = {columns.skill_needs[bit] for bit in bits_of(number)}
        assert (columns.skill_codes[skill], rank) in needs


def bits_of(number: int) -> set[int]:
    return {bit for bit in range(number.bit_length()) if number >> bit & 1}


def test_figures_of_shifts_follow_from_one_another(columns: Columns) -> None:
    """Pay per hour and per day are parts of the whole, hours fit into the periods, rows and codes exist."""
    shifts, workers = columns.shifts, columns.workers
    np.testing.assert_allclose(shifts.pay_per_hour * shifts.hours, shifts.pay_total)
    np.testing.assert_allclose(shifts.pay_per_day * shifts.days, shifts.pay_total)
    minutes = np.add.reduceat(shifts.periods.end - shifts.periods.start, shifts.periods.indptr[:-1])
    assert (shifts.hours * 60 <= minutes).all()
    assert (shifts.hours > 0).all()
    assert (shifts.longest_day_hours <= shifts.hours).all()
    assert (shifts.hours_this_week <= shifts.hours).all()
    for codes, least, count in (
        (shifts.employer, 0, len(columns.employer_ids)),
        (shifts.broker, -1, len(columns.broker_ids)),
        (shifts.settlement, -1, len(SETTLEMENTS)),
        (workers.settlement, -1, len(SETTLEMENTS)),
        (workers.mode, 0, len(MODES)),
        (columns.employer_standing, 0, len(STANDINGS)),
        (columns.broker_standing, 0, len(STANDINGS)),
        (shifts.tier, 1, 10),
        (shifts.capacity, 1, 1000),
        (workers.skill_rank, 0, 6),
    ):
        assert ((codes >= least) & (codes < count)).all()
    assert (workers.travel_limit_min > 0).all()


def test_nobody_is_free_before_the_last_shift_ends(town: Columns) -> None:
    """What `WorkerColumns.free` promises."""
    workers = town.workers
    owner = np.repeat(np.arange(town.n_workers), workers.free.counts)
    assert not (workers.free.start < workers.last_shift_end_min[owner]).any()


def test_hours_with_an_employer_are_hours_this_week(town: Columns) -> None:
    """Whoever is known to have worked for somebody has a week that is known, as after compiling."""
    worked = town.employer_hours.key // town.employer_hours.n_others
    assert not np.isnan(town.workers.hours_this_week[worked]).any()


@pytest.mark.parametrize("seed", [1, 2])
def test_rules_in_a_city_as_brute_force(seed: int) -> None:
    """The index finds the very pairs that all rules on all pairs leave, as they are and all blocking."""
    columns = city(400, 90, seed)
    for rules in (DEFAULT_RULES, tuple(map(strict, DEFAULT_RULES))):
        found = rows(feasible_pairs(columns, rules, StraightLine()))
        assert found == brute_force(columns, rules, StraightLine())
        assert 100 < len(found) < 400 * 90 / 4


def test_a_city_is_matched_and_proved(town: Columns) -> None:
    """Optimal, checked, worth what another solver finds, and most seats that can be filled are."""
    answer = gm.match(town, policy=gm.DEFAULT_POLICY.with_objective("points"))
    assert answer.status == "optimal"
    assert answer.solution.value == oracles.by_expanded_seats(answer.solved.problem)
    gm.check(town, answer)
    seats = gm.match(town).summary
    assert seats.placements > 0.5 * min(seats.seats, seats.workers)


def test_eligible_shifts_stay_a_few_hundred() -> None:
    """Beyond 10,000 shifts people look less far, so that the pairs of a worker do not grow with the city."""
    usual, large = (gm.estimate_pairs(city(2000, n), DEFAULT_RULES, StraightLine()) for n in (10_000, 40_000))
    assert 100 < usual / 2000 < 1000
    assert large < 1.5 * usual


@pytest.mark.timing
def test_a_large_city_is_drawn_in_seconds() -> None:
    """A hundred thousand workers, without an object for any of them."""
    began = time.perf_counter()
    columns = city(workers=100_000, shifts=20_000, seed=1)
    assert time.perf_counter() - began < 20
    assert columns.workers.rating.shape == (100_000,)


@pytest.mark.parametrize(("workers", "shifts"), [(1, 1), (1, 200), (300, 1), (77, 41), (1500, 300)])
@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_a_city_as_tables_is_the_same_city(workers: int, shifts: int, seed: int, tmp_path: Path) -> None:
    """From frames, Parquet, CSV and objects the very columns that are drawn."""
    drawn, tables = city(workers, shifts, seed).digest(), city_tables(workers, shifts, seed)
    assert gm.columns_from_frames(**tables).digest() == drawn
    gm.write_parquet(tables, tmp_path / "parquet")
    gm.write_csv(tables, tmp_path / "csv")
    assert gm.read_parquet(tmp_path / "parquet").digest() == drawn
    assert gm.read_csv(tmp_path / "csv").digest() == drawn
    assert columns_of(gm.morning_from_files(tmp_path / "csv")).digest() == drawn


@pytest.mark.timing
def test_a_large_city_is_written_in_seconds(tmp_path: Path) -> None:
    """A hundred thousand workers, without an object for any of them."""
    began = time.perf_counter()
    gm.write_parquet(city_tables(workers=100_000, shifts=20_000, seed=1), tmp_path)
    assert time.perf_counter() - began < 20
    assert gm.read_parquet(tmp_path).digest() == city(workers=100_000, shifts=20_000, seed=1).digest()


@pytest.mark.parametrize("name", ["workers", "shifts", "seed"])
@pytest.mark.parametrize("value", [-1, 2**63, 5.0, True, "7", None])
def test_bad_arguments_of_a_city(name: str, value: Any) -> None:
    """Each is named, with the range and the value."""
    most = {"seed": 2**63 - 1}.get(name, 5_000_000)
    message = rf"{name} must be a whole number from {int(name != 'seed')} to {most:,}; got {value!r}"
    with pytest.raises(InvalidInputError, match=message):
        city(**{name: value})


@pytest.mark.parametrize("arguments", [{"workers": 0}, {"shifts": 0}, {"workers": 5_000_001}])
def test_a_city_has_its_limits(arguments: dict[str, Any]) -> None:
    """Nobody, nothing, and more than five million are refused."""
    with pytest.raises(InvalidInputError, match="must be a whole number from 1 to 5,000,000"):
        city(**arguments)
