"""From a morning to columns: every number where it belongs, whatever order the input came in."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from columns.test_columns import arrays
from gigmatch.columns import FOREVER_MIN, HAZARDS, MODES, SETTLEMENTS, STANDINGS, columns_of
from gigmatch.model import (
    Broker,
    Credential,
    CredentialRequirement,
    Crew,
    Employer,
    EmployerHours,
    Jurisdiction,
    LegalLimit,
    PastEmployer,
    Pay,
    Period,
    ReferenceWage,
    Skill,
    SkillRequirement,
    TimeSpan,
    WorkerSkill,
)
from gigmatch.pairing.rules import HasSkills, apply_rule
from pairing.rules.oracle import age, given_by, hours_in_week, longest_day, minutes_of, pay, real
from strategies import mornings
from tests.conftest import DATE, a_morning, a_shift, a_worker, all_pairs, changed


def same(a, b):
    """Whether two columns are equal, array by array."""
    left, right = dict(arrays(a)), dict(arrays(b))
    others = [
        f.name
        for f in fields(a)
        if f.name not in ("workers", "shifts", "notes") and type(getattr(a, f.name)) is tuple
    ]
    return (
        left.keys() == right.keys()
        and [x.severity for x in a.limits.values()] == [x.severity for x in b.limits.values()]
        and all(left[path].dtype == right[path].dtype for path in left)
        and all(_equal(left[path], right[path]) for path in left)
        and all(
            getattr(a, name) == getattr(b, name)
            for name in [*others, "market_insurance", "arrivals_bind", "clock"]
        )
    )


def _equal(left, right):
    if left.dtype == object:
        return list(map(repr, left)) == list(map(repr, right))
    return np.array_equal(left, right, equal_nan=left.dtype.kind in "fM")


@given(mornings(), st.randoms(use_true_random=False))
def test_order_of_the_lists_never_matters(morning, random):
    """Shuffle every list of the morning, and the lists within workers and shifts: equal arrays."""

    def shuffled(items):
        items = list(items)
        random.shuffle(items)
        return tuple(items)

    names = "skills credentials windows commitments hours_by_employer past_employers refused_employer_ids"
    workers = [
        changed(w, **{name: shuffled(getattr(w, name)) for name in names.split()}) for w in morning.workers
    ]
    shifts = [changed(s, periods=shuffled(s.periods), hazards=shuffled(s.hazards)) for s in morning.shifts]
    other = changed(
        morning,
        workers=shuffled(workers),
        shifts=shuffled(shifts),
        **{name: shuffled(getattr(morning, name)) for name in ("skills", "employers", "brokers")},
        jurisdiction=changed(morning.jurisdiction, limits=shuffled(morning.jurisdiction.limits)),
    )
    assert same(columns_of(morning), columns_of(other))


def test_workers_by_arrival_then_id():
    """Unknown arrivals stand last; ids compare as text."""
    arrivals = {"b": 300, "a": 300, "late": 400, "10": None, "9": None, "early": -5}
    columns = columns_of(a_morning(*(a_worker(name, arrived_at_min=at) for name, at in arrivals.items())))
    assert columns.worker_ids == ("early", "a", "b", "late", "10", "9")


def test_unknown_is_not_zero():
    """A worker and a shift that say nothing are NaN, -1 and without bound."""
    columns = columns_of(a_morning(a_worker(), a_shift(), employers=[Employer(id="e")]))
    workers, shifts = columns.workers, columns.shifts
    unknown = "travel_limit_min age_years floor_per_hour floor_per_day last_shift_end_min hours_this_week"
    for name in [*unknown.split(), "days_waiting", "rating"]:
        assert np.isnan(getattr(workers, name)).all(), name
    for name in ("reference_per_hour", "min_age_years", "max_age_years"):
        assert np.isnan(getattr(shifts, name)).all(), name
    assert np.isnan(columns.employer_punctuality).all()
    for codes in (workers.settlement, shifts.settlement, shifts.broker, shifts.leading_skill):
        assert codes.tolist() == [-1]
    assert (workers.free.start.tolist(), workers.free.end.tolist()) == ([-FOREVER_MIN], [FOREVER_MIN])
    assert (workers.insured.tolist(), shifts.insured.tolist()) == ([False], [False])
    assert columns.limits == {}


@given(mornings())
def test_plain_fields(morning):
    """Numbers, codes and flags are those of the model, row by row."""
    columns = columns_of(morning)
    workers = {w.id: w for w in morning.workers}
    shifts = {s.id: s for s in morning.shifts}

    def known(array, row):
        return None if np.isnan(array[row]) else array[row]

    for row, name in enumerate(columns.worker_ids):
        worker, column = workers[name], columns.workers
        assert MODES[column.mode[row]] == worker.travel_mode
        assert column.settlement[row] == (
            -1 if worker.wanted_settlement is None else SETTLEMENTS.index(worker.wanted_settlement)
        )
        assert known(column.age_years, row) == age(worker, morning.date)
        assert known(column.rating, row) == worker.rating
        assert known(column.days_waiting, row) == worker.days_since_last_placement
        assert known(column.floor_per_hour, row) == worker.pay_floor_per_hour
        assert known(column.travel_limit_min, row) == worker.travel_limit_min
        groups = {group for at, group in enumerate(columns.priority_groups) if column.groups[row, at]}
        assert groups == set(worker.priority_groups)
        assert {
            key: a[row] for key, a in column.attributes.items() if a[row] is not None
        } == worker.attributes
    for row, name in enumerate(columns.shift_ids):
        shift, column, paid = shifts[name], columns.shifts, pay(morning, shifts[name])
        assert (column.pay_total[row], column.pay_per_hour[row], column.pay_per_day[row]) == paid[:3]
        assert (column.hours[row], column.days[row]) == paid[3:]
        assert column.longest_day_hours[row] == pytest.approx(longest_day(morning, shift), rel=1e-15)
        assert column.hours_this_week[row] == pytest.approx(float(hours_in_week(morning, shift)))
        assert (column.capacity[row], column.tier[row]) == (shift.headcount, shift.priority_tier)
        assert columns.employer_ids[column.employer[row]] == shift.employer_id
        assert (*columns.broker_ids, None)[column.broker[row]] == shift.broker_id
        assert {h for at, h in enumerate(HAZARDS) if column.hazards[row] >> at & 1} == set(shift.hazards)
        assert column.start_min[row] == min(real(morning, p.start_min) for p in shift.periods)
        assert column.end_min[row] == max(real(morning, p.end_min) for p in shift.periods)
    assert [STANDINGS[code] for code in columns.employer_standing] == [
        e.standing for e in sorted(morning.employers, key=lambda e: e.id)
    ]


@given(mornings(max_shifts=1))
def test_free_time_minute_by_minute(morning):
    """Windows less commitments, from the last shift's end on; the intervals are apart and in order."""
    columns = columns_of(morning)
    all_day = range(-2000, 5000)
    for row, name in enumerate(columns.worker_ids):
        worker = next(w for w in morning.workers if w.id == name)
        expected = minutes_of(morning, worker.windows) if worker.windows else set(all_day)
        ended = -2000 if worker.last_shift_end_min is None else real(morning, worker.last_shift_end_min)
        expected = {minute for minute in expected if minute >= ended}
        bounds = slice(*columns.workers.free.indptr[row : row + 2])
        start, end = columns.workers.free.start[bounds].tolist(), columns.workers.free.end[bounds].tolist()
        found = {minute for a, b in zip(start, end, strict=True) for minute in all_day if a <= minute < b}
        assert found == expected - minutes_of(morning, worker.commitments)
        assert all(before < after for before, after in zip(end, start[1:], strict=False))


@given(mornings())
def test_ranks_are_levels_turned_round(morning):
    """Level 5 is rank 1, level 1 rank 5, the best of what is held and covered counts, rings and all."""
    columns = columns_of(morning)
    for row, name in enumerate(columns.worker_ids):
        worker = next(w for w in morning.workers if w.id == name)
        for at, code in enumerate(columns.skill_codes):
            held = [6 - (s.level or 5) for s in worker.skills if code in given_by(morning, s.skill)]
            assert columns.workers.skill_rank[row, at] == max(held, default=0)


@given(mornings())
def test_equal_requirements_have_equal_numbers(morning):
    """Numbers are equal where the sets of skills, alternatives and credentials with their day are."""
    columns = columns_of(morning)
    bits = np.stack(
        [np.zeros(columns.n_shifts, np.uint64)]
        + [
            w
            for words in ("skills_all", "skills_any", "credentials_all")
            for w in getattr(columns.shifts, words)
        ]
    )
    for a in range(columns.n_shifts):
        for b in range(columns.n_shifts):
            equal = columns.shifts.requirement[a] == columns.shifts.requirement[b]
            assert equal == (bits[:, a] == bits[:, b]).all()


def test_more_needs_than_bits_in_a_word():
    """150 different skills take three words, and each worker still fits the own shift alone."""
    codes = [f"k{at:03}" for at in range(150)]
    parts = [a_worker(f"w{code}", skills=(WorkerSkill(skill=code),)) for code in codes]
    parts += [a_shift(f"s{code}", all_of=(SkillRequirement(skill=code),)) for code in codes]
    pairs = all_pairs(a_morning(*parts, skills=[Skill(code=code, name=code) for code in codes]))
    assert len(pairs.columns.workers.skills_met) == 3
    assert apply_rule(HasSkills(), pairs.columns, pairs).reshape(150, 150).tolist() == np.eye(150).tolist()


def test_the_leading_skill():
    """The first of all_of, else of any_of, with its level and its going wage."""
    needs = [SkillRequirement(skill=code, least_level=2) for code in "ba"]
    wages = [ReferenceWage(skill=code, per_hour=10, as_of=DATE, source="s") for code in "a"]
    shifts = [a_shift("1", all_of=needs), a_shift("2", any_of=needs[1:]), a_shift("3")]
    columns = columns_of(a_morning(*shifts, skills="ab", reference_wages=wages))
    assert columns.shifts.leading_skill.tolist() == [columns.skill_codes.index(c) for c in "ba"] + [-1]
    assert columns.shifts.leading_rank.tolist() == [4, 4, 0]
    np.testing.assert_equal(columns.shifts.reference_per_hour, [np.nan, 10, np.nan])


@pytest.mark.parametrize(
    "known", [{}, {"valid_to": DATE}, {"review_due": DATE}, {"valid_to": DATE, "level": 3}]
)
@pytest.mark.parametrize("end", ["10:00", "24:00", "24:01"])
@pytest.mark.parametrize("least", [5, 3])
def test_credentials_by_day(known, end, least):
    """What is valid on the shift's last day at the level; no level is level 5."""
    worker = a_worker(credentials=(Credential(kind="health", **known),))
    need = CredentialRequirement(kind="health", least_level=least)
    shift = a_shift(periods=(Period(start_min="08:00", end_min=end),), credentials=(need,))
    columns = columns_of(a_morning(worker, shift))
    last = DATE + dt.timedelta(end == "24:01")
    assert columns.credential_needs == (("health", 6 - least, last),)
    met = (len(known) == 0 or last == DATE) and known.get("level", 5) <= least
    assert columns.workers.credentials_met[0].tolist() == [met]


@pytest.mark.parametrize(
    ("all_employers", "by_employer", "week"),
    [(None, [], None), (0, [4], 0), (None, [4, 8], 12), (20, [4, 8], 20), (None, [0], 0)],
)
def test_hours_this_week(all_employers, by_employer, week):
    """What is given in all counts, else the sum over employers, else nothing is known."""
    rows = [EmployerHours(employer_id=f"e{at}", hours=hours) for at, hours in enumerate(by_employer)]
    columns = columns_of(a_morning(a_worker(hours_this_week=all_employers, hours_by_employer=rows)))
    np.testing.assert_equal(columns.workers.hours_this_week, [np.nan if week is None else week])


@pytest.mark.parametrize(
    ("opinions", "value"),
    [([True], 1), ([False], 0), ([None], 0.5), ([True, None], 1), ([None, False], 0), ([True, False], 0)],
)
def test_praise(opinions, value):
    """Of two opinions the worse counts, and either more than none."""
    past = tuple(PastEmployer(employer_id="e", praise=opinion) for opinion in opinions)
    columns = columns_of(a_morning(a_worker(past_employers=past)))
    row = np.zeros(1, np.int32)
    assert columns.praise.get(row, row, np.nan).tolist() == [value]


def test_relations():
    """Refusals by either side, hours added up, preferences; absent ids and doubles do not matter."""
    worker = a_worker(
        refused_employer_ids=("e", "e", "ghost"),
        preferred_employer_ids=("f", "f", "ghost"),
        hours_by_employer=[
            EmployerHours(employer_id=e, hours=h) for e, h in (("f", 4), ("f", 8), ("ghost", 9))
        ],
    )
    employers = [Employer(id=e, refused_worker_ids=("w", "w", "ghost")) for e in "ge"] + [Employer(id="f")]
    brokers = [Broker(id="c", refused_worker_ids=("w", "w", "v")), Broker(id="b")]
    columns = columns_of(a_morning(worker, employers=employers, brokers=brokers))
    assert (columns.employer_ids, columns.broker_ids) == (("e", "f", "g"), ("b", "c"))
    everybody = np.arange(3, dtype=np.int32)
    nobody = np.zeros(3, np.int32)
    assert columns.refused_employer.get(nobody, everybody, 0).tolist() == [3, 0, 2]
    assert columns.preferred.has(nobody, everybody).tolist() == [False, True, False]
    assert columns.employer_hours.get(nobody, everybody, 0).tolist() == [0, 12, 0]
    assert columns.refused_broker.has(nobody[:2], everybody[:2]).tolist() == [False, True]


def test_free_attributes():
    """By name, None where somebody has none; values keep their type."""
    columns = columns_of(a_morning(a_worker("a", attributes={"own": True, "n": 1}), a_worker("b"), a_shift()))
    assert {name: array.tolist() for name, array in columns.workers.attributes.items()} == {
        "own": [True, None],
        "n": [1, None],
    }
    assert columns.shifts.attributes == {}


@pytest.mark.parametrize(("since", "until", "there"), [(0, None, 1), (0, 0, 1), (1, None, 0), (-9, -1, 0)])
def test_limits_in_force(since, until, there):
    """Both days included; the paid days of a month of the day turn monthly pay into daily."""
    first, last = (None if day is None else DATE + dt.timedelta(day) for day in (since, until))
    limit = LegalLimit(kind="paid_days_per_month", value=30, source="s", valid_from=first, valid_to=last)
    shift = a_shift(pay=Pay(amount=6525, unit="month"))
    columns = columns_of(a_morning(shift, jurisdiction=Jurisdiction(name="here", limits=(limit,))))
    found = {kind: (column.value.tolist(), column.severity) for kind, column in columns.limits.items()}
    assert found == ({"paid_days_per_month": ([30], "warn")} if there else {})
    assert columns.shifts.pay_per_day.tolist() == [6525 / 30 if there else 300]


@pytest.mark.parametrize(
    ("date", "hours"),
    [("2025-07-14", 40), ("2025-07-19", 16), ("2025-07-20", 8)],
    ids=["Monday", "Saturday", "Sunday"],
)
def test_hours_to_sunday(date, hours):
    """Of five days from today, those up to Sunday; a night that begins on Sunday belongs to it."""
    days = [Period(start_min=1320 + 1440 * day, end_min=1800 + 1440 * day) for day in range(5)]
    columns = columns_of(a_morning(a_shift(periods=days), date=date))
    assert columns.shifts.hours_this_week.tolist() == [hours]


def test_crews_and_least_headcounts():
    """Crews are numbered in order of id, -1 where there is none; an ordinary shift needs one worker."""
    parts = (
        a_shift("a", crew_id="z"),
        a_shift("b"),
        a_shift("c", crew_id="k", headcount=4, minimum_headcount=3),
        a_shift("d", crew_id="z"),
    )
    shifts = columns_of(a_morning(*parts, crews=(Crew(id="z"), Crew(id="k"), Crew(id="empty")))).shifts
    assert shifts.crew.tolist() == [1, -1, 0, 1]
    assert shifts.minimum_headcount.tolist() == [1, 1, 3, 1]
    assert (shifts.crew.dtype, shifts.minimum_headcount.dtype) == (np.int32, np.int32)


def test_the_currency_comes_along():
    """Sums of pay are told in it."""
    assert columns_of(a_morning(currency="USD")).currency == "USD"


def test_stations_stand_in_for_homes():
    """A worker without a home sets out from the station; touching windows are one."""
    windows = tuple(TimeSpan(start_min=a, end_min=b) for a, b in ((600, 700), (480, 600)))
    columns = columns_of(
        a_morning(a_worker("a"), a_worker("b", home=None, station_id="hall", windows=windows))
    )
    assert [axis[0] == axis[1] for axis in columns.workers.xyz_dm] == [True] * 3
    assert columns.workers.free.start.tolist() == [-FOREVER_MIN, 480]
    assert columns.workers.free.end.tolist() == [FOREVER_MIN, 700]
