"""Every rule says of every pair what the model says, and stands where it should at its boundaries."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given

import gigmatch as gm
from gigmatch.columns import columns_of
from gigmatch.model import (
    Broker,
    Credential,
    CredentialRequirement,
    Employer,
    EmployerHours,
    Jurisdiction,
    LegalLimit,
    Location,
    Pay,
    Period,
    Skill,
    SkillRequirement,
    TimeSpan,
    WorkerSkill,
)
from gigmatch.pairing.candidates import feasible_pairs
from gigmatch.pairing.rules import DEFAULT_RULES, LongWay, apply_rule, explain_rule, rule_name, rule_severity
from gigmatch.pairing.travel import StraightLine
from pairing.rules.oracle import ORACLES
from strategies import mornings
from tests.conftest import DATE, DAY, a_morning, a_shift, a_worker, all_pairs, changed, models

RULES = {rule_name(rule): rule for rule in DEFAULT_RULES}


def ok(name, worker=None, shift=None, **fields):
    """The verdict of one rule on the only pair of a morning."""
    pairs = all_pairs(a_morning(worker or a_worker(), shift or a_shift(), **fields))
    return bool(apply_rule(RULES[name], pairs.columns, pairs)[0])


def law(severity="warn", since=DATE, until=None, **limits):
    """A jurisdiction with these limits."""
    rows = [
        LegalLimit(kind=kind, value=value, valid_from=since, valid_to=until, source="s", severity=severity)
        for kind, value in limits.items()
    ]
    return Jurisdiction(name="here", limits=rows)


def test_every_default_rule_has_an_oracle():
    """No rule goes unchecked below."""
    assert ORACLES.keys() == RULES.keys()


@given(mornings())
def test_as_the_model_says(morning):
    """All rules, all pairs, against the slow definitions."""
    pairs = all_pairs(morning)
    pair_models = models(morning, pairs)
    for name, rule in RULES.items():
        expected = [ORACLES[name](morning, worker, shift) for worker, shift in pair_models]
        assert apply_rule(rule, pairs.columns, pairs).tolist() == expected, name


@given(mornings(max_workers=4, max_shifts=3))
def test_alone_as_in_a_crowd(morning):
    """A verdict does not depend on the other pairs of the block, nor on their order."""
    twice = (*morning.shifts, *(changed(shift, id=f"{shift.id} again") for shift in morning.shifts))
    pairs = all_pairs(changed(morning, shifts=twice))
    alone = [pairs.take(slice(at, at + 1)) for at in range(len(pairs))]
    for name, rule in RULES.items():
        verdicts = apply_rule(rule, pairs.columns, pairs).tolist()
        assert verdicts == [apply_rule(rule, pairs.columns, pair)[0] for pair in alone], name
        assert verdicts[::-1] == apply_rule(rule, pairs.columns, pairs.take(slice(None, None, -1))).tolist()


def test_unknown_passes():
    """A worker of whom nothing is known passes every rule under every law."""
    everything = law(
        minimum_age_years=16,
        youth_age_years=18,
        over_age_years=60,
        min_rest_hours=11,
        max_hours_per_week=44,
        max_hours_per_week_per_employer=24,
        max_hours_per_day=9,
    )
    shift = a_shift(hazards=("height",), min_age_years=18, max_age_years=60)
    for name in RULES:
        assert ok(name, a_worker(), shift, jurisdiction=everything), name


@pytest.mark.parametrize("lists", ["all_of", "any_of"])
@pytest.mark.parametrize(
    ("level", "least", "met"), [(None, 5, True), (None, 4, False), (3, 3, True), (4, 3, False)]
)
def test_levels(lists, level, least, met):
    """The level asked for will do, the one below not; a level that is not known counts as 5."""
    worker = a_worker(skills=(WorkerSkill(skill="a", level=level),))
    shift = a_shift(**{lists: (SkillRequirement(skill="a", least_level=least),)})
    assert ok("skill", worker, shift, skills="a") == met


def test_covered_skills_count_at_the_covering_level():
    """A mason who covers a plasterer who covers a helper is a helper of the mason's level, not vice versa."""
    skills = [Skill(code=a, name=a, covers=b) for a, b in (("a", ("b",)), ("b", ("c",)), ("c", ()))]
    mason, helper = (a_worker(skills=(WorkerSkill(skill=code, level=2),)) for code in "ac")
    wants = {code: a_shift(all_of=(SkillRequirement(skill=code, least_level=2),)) for code in "ac"}
    assert ok("skill", mason, wants["c"], skills=skills)
    assert not ok("skill", helper, wants["a"], skills=skills)


LAST_DAY = DATE + dt.timedelta(1)


@pytest.mark.parametrize("field", ["valid_to", "review_due"])
@pytest.mark.parametrize(("day", "met"), [(None, True), (LAST_DAY, True), (DATE, False)])
@pytest.mark.parametrize("end", ["24:01", "48:00"])
def test_credentials_hold_to_the_last_day(field, day, met, end):
    """Expiry and review count on the last day of the shift, midnight not included."""
    worker = a_worker(credentials=(Credential(kind="health", **{field: day}),))
    periods = (Period(start_min="08:00", end_min="10:00"), Period(start_min="23:00", end_min=end))
    shift = a_shift(periods=periods, credentials=(CredentialRequirement(kind="health"),))
    assert ok("credential", worker, shift) == met


@pytest.mark.parametrize(
    ("windows", "commitments", "free"),
    [
        ([], [], True),
        ([(480, 1080)], [], True),
        ([(480, 1079)], [], False),
        ([(481, 1080)], [], False),
        ([(480, 700), (700, 1080)], [], True),
        ([(480, 700), (701, 1080)], [], False),
        ([], [(0, 480), (1080, 1440)], True),
        ([], [(0, 481)], False),
        ([(480, 1080)], [(600, 601)], False),
    ],
)
def test_fixed_shifts_need_all_their_time(windows, commitments, free):
    """To the minute, with touching windows joined and commitments taken out."""
    spans = [tuple(TimeSpan(start_min=a, end_min=b) for a, b in part) for part in (windows, commitments)]
    assert ok("availability", a_worker(windows=spans[0], commitments=spans[1])) == free


@pytest.mark.parametrize(("needed", "free"), [(90, True), (91, False)])
def test_flexible_shifts_need_some_of_their_time(needed, free):
    """A home carer's gaps add up over windows and periods, less the commitment between."""
    windows = (TimeSpan(start_min=540, end_min=600), TimeSpan(start_min=1080, end_min=1140))
    worker = a_worker(windows=windows, commitments=(TimeSpan(start_min=555, end_min=585),))
    periods = (Period(start_min=480, end_min=720), Period(start_min=1020, end_min=1440))
    shift = a_shift(periods=periods, attendance="flexible", min_minutes=needed)
    assert ok("availability", worker, shift) == free


@pytest.mark.parametrize(
    ("end", "free"), [(None, True), (480, True), (481, False), (1080, False), (2000, False)]
)
def test_nobody_is_free_before_the_last_shift_has_ended(end, free):
    """Though windows say so; ending as the next begins will do."""
    for windows in ((), (TimeSpan(start_min=0, end_min=1440),)):
        assert ok("availability", a_worker(last_shift_end_min=end, windows=windows)) == free


@pytest.mark.parametrize(("end", "free"), [(540, True), (541, False)])
def test_flexible_shifts_wait_for_the_last_to_end(end, free):
    """What is left of ten hours after it must be enough."""
    shift = a_shift(attendance="flexible", min_minutes=540, periods=(Period(start_min=480, end_min=1080),))
    assert ok("availability", a_worker(last_shift_end_min=end), shift) == free


@pytest.mark.parametrize("mode", ["walk", "cycle", "transit", "drive"])
def test_reach_ends_at_the_limit(mode):
    """A way as long as the limit will do, one a hair longer will not."""
    there = a_shift(location=Location(lat=39.91, lon=116.21, datum="WGS-84"))
    way = float(all_pairs(a_morning(a_worker(travel_mode=mode), there)).minutes[0])
    for most, met in ((way, True), (np.nextafter(way, 0), False)):
        assert ok("reach", a_worker(travel_mode=mode, travel_limit_min=float(most)), there) == met


def test_a_long_way_warns():
    """From three hours on, or what the rule says, whatever the worker accepts; days are too many."""
    there = a_shift(location=Location(lat=40.4, lon=116.9, datum="WGS-84"))
    pair = all_pairs(a_morning(a_worker(travel_limit_min=1440.0), there))
    way = float(pair.minutes[0])
    assert 180 < way < 1440
    verdicts = {most: apply_rule(LongWay(most_min=most), pair.columns, pair)[0] for most in (way, 180.0)}
    assert verdicts == {way: True, 180.0: False}
    assert explain_rule(LongWay(), pair.columns, pair).values == {"minutes": way, "most_minutes": 180.0}
    for most in (0, 1441, True, "3 h"):
        with pytest.raises(gm.InvalidPolicyError, match="use more than 0 and at most 1440 minutes"):
            LongWay(most_min=most)


@pytest.mark.parametrize(
    ("floor", "met"),
    [
        ({}, True),
        ({"pay_floor_per_hour": 20}, True),
        ({"pay_floor_per_hour": 20.01}, False),
        ({"pay_floor_per_day": 180}, True),
        ({"pay_floor_per_day": 180.01}, False),
        ({"pay_floor_per_hour": 1, "pay_floor_per_day": 181}, False),
    ],
)
def test_both_floors(floor, met):
    """180 for nine paid hours is 20 an hour: exactly the floor will do."""
    assert ok("pay_floor", a_worker(**floor), a_shift(pay=Pay(amount=180, unit="day"))) == met


@pytest.mark.parametrize("rate", [14.6, 20.1, 26.4, 27.7])
def test_pay_equal_to_floor_and_minimum_will_do(rate):
    """Whatever the length of the shift: 14.6 an hour for 390 minutes is 14.6 an hour."""
    lengths = [Period(start_min=0, end_min=minutes) for minutes in range(5, 1441, 5)]
    hour, day = (Pay(amount=rate, unit=unit) for unit in ("hour", "day"))
    shifts = [a_shift(f"h{p.end_min}", periods=(p,), pay=hour) for p in lengths]
    kinds = {"minimum_wage_per_hour": rate, "minimum_wage_per_hour_part_time": rate}
    pairs = all_pairs(a_morning(a_worker(pay_floor_per_hour=rate), *shifts, jurisdiction=law(**kinds)))
    for name in ("pay_floor", "minimum_wage", "minimum_wage_part_time"):
        assert apply_rule(RULES[name], pairs.columns, pairs).all(), name
    shifts = [a_shift(f"d{p.end_min}", periods=(p,), pay=day) for p in lengths]
    pairs = all_pairs(a_morning(a_worker(pay_floor_per_day=rate), *shifts))
    assert apply_rule(RULES["pay_floor"], pairs.columns, pairs).all()


@pytest.mark.parametrize(
    ("limits", "hours", "per_hour", "minimum", "part_time"),
    [
        ({"minimum_wage_per_hour": 15}, 9, 14.9, False, True),
        ({"minimum_wage_per_hour": 15}, 9, 15, True, True),
        ({"minimum_wage_per_hour": 15}, 4, 14.9, False, True),  # one minimum for all
        ({"minimum_wage_per_hour": 15, "minimum_wage_per_hour_part_time": 28}, 4, 14.9, True, False),
        ({"minimum_wage_per_hour": 15, "minimum_wage_per_hour_part_time": 28}, 4.5, 16, True, True),
        ({"minimum_wage_per_hour_part_time": 28}, 4, 28, True, True),
        ({}, 4, 0, True, True),
    ],
)
def test_minimum_wages(limits, hours, per_hour, minimum, part_time):
    """Four hours are part-time and have their own minimum where the table has one, else the one for all."""
    period = Period(start_min=480, end_min=480 + int(hours * 60))
    shift = a_shift(periods=(period,), pay=Pay(amount=per_hour, unit="hour"))
    assert ok("minimum_wage", None, shift, jurisdiction=law(**limits)) == minimum
    assert ok("minimum_wage_part_time", None, shift, jurisdiction=law(**limits)) == part_time


@pytest.mark.parametrize(("years", "met"), [(15, False), (16, True)])
def test_minimum_age(years, met):
    """The birthday itself counts."""
    assert ok("minimum_age", a_worker(age_years=years), jurisdiction=law(minimum_age_years=16)) == met
    born = DATE.replace(year=DATE.year - 16) + dt.timedelta(0 if met else 1)
    assert ok("minimum_age", a_worker(birth_date=born), jurisdiction=law(minimum_age_years=16)) == met


@pytest.mark.parametrize(("years", "met"), [(17, False), (18, True), (60, True), (61, False), (None, True)])
def test_age_bounds(years, met):
    """Both ends belong to the bounds."""
    assert ok("age_bounds", a_worker(age_years=years), a_shift(min_age_years=18, max_age_years=60)) == met


@pytest.mark.parametrize(
    ("years", "hazards", "met"), [(17, (), True), (17, ("heat",), False), (18, ("heat",), True)]
)
def test_youth(years, hazards, met):
    """The young are kept from hazards, from nothing else."""
    shift = a_shift(hazards=hazards)
    assert (
        ok("youth_protection", a_worker(age_years=years), shift, jurisdiction=law(youth_age_years=18)) == met
    )


@pytest.mark.parametrize(
    ("years", "changes", "limits", "met"),
    [
        (59, {"hazards": ("heat",)}, {}, True),
        (60, {"hazards": ("heat",), "insurance": True}, {}, False),
        (60, {"insurance": True}, {}, False),  # nine hours
        (60, {"insurance": True}, {"max_hours_per_day": 9}, True),
        (60, {"insurance": None}, {"max_hours_per_day": 9}, False),
    ],
)
def test_over_age(years, changes, limits, met):
    """From the limit on: no hazards, no overtime, and cover that is known."""
    jurisdiction = law(over_age_years=60, **limits)
    assert (
        ok("over_age_protection", a_worker(age_years=years), a_shift(**changes), jurisdiction=jurisdiction)
        == met
    )


@pytest.mark.parametrize(
    ("worker", "shift", "market", "met"),
    [
        (None, None, False, False),
        (False, False, False, False),
        (True, None, False, True),
        (None, True, False, True),
        (None, None, True, True),
    ],
)
def test_insurance(worker, shift, market, met):
    """Anybody's cover will do; cover that is not known is none."""
    required = a_worker(insured=worker, insurance_required=True)
    assert ok("insurance", required, a_shift(insurance=shift), market_insurance=market) == met
    assert ok("insurance", a_worker(insured=worker), a_shift(insurance=shift), market_insurance=market)


@pytest.mark.parametrize(("standing", "met"), [("ok", True), ("arrears", False), ("suspended", False)])
@pytest.mark.parametrize("licence", ["x", "", None])
def test_standing(standing, licence, met):
    """Arrears and suspension keep employers and brokers out, and brokers without a licence; not other ids."""
    employers = (Employer(id="e", standing=standing), Employer(id="f"))
    brokers = (Broker(id="b", licence=licence, standing=standing), Broker(id="c"))
    assert ok("employer_standing", employers=employers) == met
    assert ok("broker_standing", None, a_shift(broker_id="b"), brokers=brokers) == (met and bool(licence))
    assert ok("broker_standing", None, a_shift(), brokers=brokers)


@pytest.mark.parametrize("side", ["worker", "employer", "broker", "nobody"])
def test_refused_by_anybody(side):
    """One refusal is enough; those of and against others do not matter."""
    worker = a_worker(refused_employer_ids=("e", "ghost") if side == "worker" else ("ghost",))
    parties = {
        "employers": (Employer(id="e", refused_worker_ids=("w",) if side == "employer" else ("x",)),),
        "brokers": (Broker(id="b", refused_worker_ids=("w",) if side == "broker" else ("x",)),),
    }
    assert ok("refused", worker, a_shift(broker_id="b"), **parties) == (side == "nobody")


@pytest.mark.parametrize(("hours", "met"), [(8, True), (8.01, False), (0, True)])
def test_rest(hours, met):
    """Exactly the legal rest will do."""
    worker = a_worker(last_shift_end_min=0)
    assert ok("rest", worker, jurisdiction=law(min_rest_hours=hours)) == met


@pytest.mark.parametrize(
    ("more", "most", "met"),
    [
        ((), {"max_hours_per_day": 9}, True),  # an hour of ten is an unpaid break
        ((), {"max_hours_per_day": 8.99}, False),
        ((1920, 2460), {"max_hours_per_day": 9}, True),  # each day for itself
        ((1080, 1081), {"max_hours_per_day": 9}, False),  # the same day
        ((1080, 1081), {}, True),
    ],
)
def test_daily_hours(more, most, met):
    """Exactly the legal hours will do, on the longest day, whoever works."""
    later = [Period(start_min=more[0], end_min=more[1])] if more else []
    assert ok("daily_hours", None, a_shift(periods=(DAY, *later)), jurisdiction=law(**most)) == met


@pytest.mark.parametrize(
    ("most", "periods", "met"),
    [
        (None, ((480, 1080),), True),
        (10, ((480, 1080),), True),
        (9.99, ((480, 1080),), False),
        (4, ((480, 720), (1920, 2460)), True),  # tomorrow does not count
        (4, ((1920, 2460),), True),
        (4, ((-720, -480), (480, 720)), True),  # nor yesterday
        (3, ((-720, -480), (480, 720)), False),
        (3, ((-720, -480), (480, 600), (1920, 2460)), False),  # of what goes on the longest day is taken
    ],
)
def test_hours_today(most, periods, met):
    """Exactly the most hours will do, on the morning's date."""
    times = [Period(start_min=start, end_min=end) for start, end in periods]
    assert ok("hours_today", a_worker(max_hours_today=most), a_shift(periods=times)) == met


@pytest.mark.parametrize(("needed", "met"), [(960, True), (961, False)])
def test_daily_hours_of_a_flexible_shift(needed, met):
    """They are spread evenly over its days."""
    days = (Period(start_min=0, end_min=1440), Period(start_min=1440, end_min=2880))
    shift = a_shift(periods=days, attendance="flexible", min_minutes=needed)
    assert ok("daily_hours", None, shift, jurisdiction=law(max_hours_per_day=8)) == met


@pytest.mark.parametrize(("worked", "met"), [(35, True), (35.5, False), (None, True)])
def test_weekly_hours(worked, met):
    """Exactly the legal hours will do; the days after Sunday belong to another week."""
    days = tuple(Period(start_min=480 + 1440 * d, end_min=1020 + 1440 * d) for d in (0, 2, 3))
    week = law(max_hours_per_week=44)
    assert (
        ok("weekly_hours", a_worker(hours_this_week=worked), a_shift(periods=days), jurisdiction=week) == met
    )
    by = (EmployerHours(employer_id="ghost", hours=worked or 0),)
    assert ok("weekly_hours", a_worker(hours_by_employer=by), a_shift(periods=days), jurisdiction=week) == met


@pytest.mark.parametrize(("who", "worked", "met"), [("e", 15, True), ("e", 15.5, False), ("ghost", 60, True)])
def test_weekly_hours_per_employer(who, worked, met):
    """Only hours for the same employer count."""
    worker = a_worker(hours_by_employer=(EmployerHours(employer_id=who, hours=worked),))
    week = law(max_hours_per_week_per_employer=24)
    assert ok("weekly_hours_per_employer", worker, jurisdiction=week) == met


@pytest.mark.parametrize(("severity", "stays"), [("warn", True), ("block", False)])
def test_the_man_who_unloaded_all_night(severity, stays):
    """He may take the two-day, 420 yuan offer at 08:00 unless the law of the place blocks him."""
    periods = (Period(start_min="08:00", end_min="17:00"), Period(start_min="32:00", end_min="41:00"))
    offer = a_shift(periods=periods, pay=Pay(amount=420, unit="shift"))
    man = a_worker(last_shift_end_min="05:20", pay_floor_per_day=180)
    columns = columns_of(a_morning(man, offer, jurisdiction=law(severity, min_rest_hours=11)))
    assert len(feasible_pairs(columns, DEFAULT_RULES, StraightLine())) == stays


LEGAL = {rule.limit: rule for rule in DEFAULT_RULES if hasattr(rule, "limit")}


@pytest.mark.parametrize("kind", sorted(LEGAL))
@pytest.mark.parametrize("severity", ["warn", "block"])
def test_the_law_says_how_severe(kind, severity):
    """Legal rules take their severity from the table in force, else warn; a rule's own wins."""
    rule = LEGAL[kind]
    now = columns_of(a_morning(jurisdiction=law(severity, **{kind: 1})))
    past = columns_of(
        a_morning(jurisdiction=law(severity, until=DATE, since=DATE, **{kind: 1}), date="2025-07-20")
    )
    assert (rule_severity(rule, now), rule_severity(rule, past)) == (severity, "warn")
    assert rule_severity(type(rule)(severity="block"), past) == "block"
    assert rule_severity(type(rule)(severity="warn"), now) == "warn"


def test_others_block():
    """Rules that no law stands behind block by themselves; but a long way may be meant."""
    columns = columns_of(a_morning())
    others = [rule for rule in DEFAULT_RULES if not hasattr(rule, "limit")]
    assert [rule_name(rule) for rule in others if rule_severity(rule, columns) != "block"] == ["long_way"]
    assert rule_severity(lambda columns, pairs: np.ones(len(pairs), dtype=bool), columns) == "block"
