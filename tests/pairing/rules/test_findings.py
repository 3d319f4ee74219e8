"""What a rule says of a pair it refuses: values a person can read, and remedies that really help."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given

from gigmatch.errors import InvalidPolicyError, PluginError
from gigmatch.model import (
    Broker,
    Credential,
    CredentialRequirement,
    EmployerHours,
    Jurisdiction,
    LegalLimit,
    Location,
    Pay,
    Period,
    SkillRequirement,
    TimeSpan,
    WorkerSkill,
)
from gigmatch.pairing.rules import DEFAULT_RULES, Finding, Remedy, apply_rule, explain_rule, rule_name
from pairing.rules.oracle import remedied
from strategies import mornings
from tests.conftest import DATE, a_morning, a_shift, a_worker, all_pairs, examples, models

RULES = {rule_name(rule): rule for rule in DEFAULT_RULES}
NO_REMEDY = {"minimum_age"}


def law(**limits):
    rows = [LegalLimit(kind=k, value=v, valid_from=DATE, source="s") for k, v in limits.items()]
    return Jurisdiction(name="here", limits=rows)


def one_by_one(pairs):
    return [pairs.take(slice(at, at + 1)) for at in range(len(pairs))]


@examples(20)
@given(mornings(max_workers=4, max_shifts=4))
def test_each_remedy_alone_suffices(morning):
    """Apply it to the morning, compile anew, and the rule is satisfied."""
    pairs = all_pairs(morning)
    for pair, (worker, shift) in zip(one_by_one(pairs), models(morning, pairs), strict=True):
        for name, rule in RULES.items():
            for remedy in explain_rule(rule, pairs.columns, pair).remedies:
                better = all_pairs(remedied(morning, worker, shift, remedy))
                row, column = better.columns.worker_row[worker.id], better.columns.shift_row[shift.id]
                at = row * better.columns.n_shifts + column
                assert apply_rule(rule, better.columns, better)[at], (name, remedy)


@given(mornings())
def test_findings_are_data(morning):
    """Values and remedies go into JSON as they are, NaN-free; a satisfied rule has no remedies."""
    pairs = all_pairs(morning)
    for pair in one_by_one(pairs):
        for name, rule in RULES.items():
            finding = explain_rule(rule, pairs.columns, pair)
            json.dumps([finding.values, [r.needed for r in finding.remedies]], allow_nan=False)
            if apply_rule(rule, pairs.columns, pair)[0]:
                assert finding.remedies == (), name


FAR = Location(lat=39.91, lon=116.2, datum="WGS-84")
NINE_TO_TEN = (TimeSpan(start_min=540, end_min=600),)
EXAMPLES = {
    "skill": (
        {"skills": (WorkerSkill(skill="a", level=4),)},
        {"all_of": (SkillRequirement(skill="a", least_level=2),), "any_of": (SkillRequirement(skill="b"),)},
        {"skills": "ab"},
        {
            "a": {"least_level": 2, "level": 4, "nobody_has": True},
            "b": {"least_level": 5, "level": None, "nobody_has": True},
        },
        (Remedy("worker", "skills", [{"skill": "a", "level": 2}, {"skill": "b", "level": 5}]),),
    ),
    "credential": (
        {"credentials": (Credential(kind="health", valid_to="2025-07-18"),)},
        {"credentials": (CredentialRequirement(kind="health"),)},
        {},
        {
            "health": {
                "least_level": 5,
                "valid_on": "2025-07-19",
                "lacks": ["validity"],
                "level": None,
                "valid_to": "2025-07-18",
                "nobody_has": True,
            }
        },
        (
            Remedy(
                "worker",
                "credentials",
                [{"kind": "health", "level": 5, "valid_to": "2025-07-19", "lacks": ["validity"]}],
            ),
        ),
    ),
    "availability": (
        {"commitments": NINE_TO_TEN},
        {},
        {},
        {"periods": [[480, 1080]], "free": [[None, 540], [600, None]]},
        (Remedy("worker", "free", [[480, 1080]]),),
    ),
    "pay_floor": (
        {"pay_floor_per_hour": 20, "pay_floor_per_day": 100},
        {"pay": Pay(amount=90, unit="day")},
        {},
        {"pay_per_hour": 10, "pay_per_day": 90, "pay_floor_per_hour": 20, "pay_floor_per_day": 100},
        (Remedy("shift", "pay_total", 180),),
    ),
    "refused": (
        {"refused_employer_ids": ("e",)},
        {"broker_id": "b"},
        {"brokers": (Broker(id="b", licence="x", refused_worker_ids=("w",)),)},
        {"by_worker": True, "by_employer": False, "by_broker": True},
        (Remedy("market", "refusals", ["by_worker", "by_broker"]),),
    ),
    "broker_standing": (
        {},
        {"broker_id": "b"},
        {"brokers": (Broker(id="b"),)},
        {"broker_id": "b", "licensed": False, "standing": "ok"},
        (
            Remedy("shift", "broker", {"licence": "any", "standing": "ok"}),
            Remedy("shift", "broker_id", None),
        ),
    ),
    "minimum_age": (
        {"age_years": 15},
        {},
        {"jurisdiction": law(minimum_age_years=16)},
        {"age_years": 15, "minimum_age_years": 16},
        (),
    ),
    "age_bounds": (
        {"age_years": 61},
        {"max_age_years": 60},
        {},
        {"age_years": 61, "min_age_years": None, "max_age_years": 60},
        (Remedy("shift", "max_age_years", 61),),
    ),
    "over_age_protection": (
        {"age_years": 60},
        {"hazards": ("heat",)},
        {"jurisdiction": law(over_age_years=60)},
        {
            "age_years": 60,
            "over_age_years": 60,
            "hazards": ["heat"],
            "longest_day_hours": 9,
            "max_hours_per_day": 8,
            "covered": False,
        },
        (
            Remedy(
                "shift",
                "hazards, longest_day_hours, insurance",
                {"hazards": [], "longest_day_hours": 8, "insurance": True},
            ),
        ),
    ),
    "minimum_wage": (
        {},
        {"pay": Pay(amount=90, unit="day")},
        {"jurisdiction": law(minimum_wage_per_hour=15)},
        {"pay_per_hour": 10, "minimum_wage_per_hour": 15},
        (Remedy("shift", "pay_total", 135),),
    ),
    "rest": (
        {"last_shift_end_min": "05:20"},
        {},
        {"jurisdiction": law(min_rest_hours=8)},
        {"rest_hours": 160 / 60, "min_rest_hours": 8},
        (Remedy("shift", "start_min", 800),),
    ),
    "hours_today": (
        {"max_hours_today": 8},
        {},
        {},
        {"hours_today": 9, "max_hours_today": 8},
        (Remedy("worker", "max_hours_today", 9),),
    ),
    "daily_hours": (
        {},
        {},
        {"jurisdiction": law(max_hours_per_day=8)},
        {"longest_day_hours": 9, "max_hours_per_day": 8},
        (Remedy("shift", "longest_day_hours", 8),),
    ),
    "weekly_hours": (
        {"hours_this_week": 40},
        {},
        {"jurisdiction": law(max_hours_per_week=44)},
        {"hours_worked": 40, "shift_hours": 9, "max_hours_per_week": 44},
        (Remedy("shift", "hours_this_week", 4),),
    ),
    "weekly_hours_per_employer": (
        {"hours_by_employer": (EmployerHours(employer_id="e", hours=24),)},
        {},
        {"jurisdiction": law(max_hours_per_week_per_employer=24)},
        {"hours_worked": 24, "shift_hours": 9, "max_hours_per_week_per_employer": 24},
        (),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_seen(name):
    """The values that were looked at and the nearest that would do, in the model's words."""
    worker, shift, fields, values, remedies = EXAMPLES[name]
    pair = all_pairs(a_morning(a_worker(**worker), a_shift(**shift), **fields))
    assert explain_rule(RULES[name], pair.columns, pair) == Finding(values, remedies)


def test_a_way_longer_than_any_limit_has_no_remedy():
    """The model knows no travel limit above a day; a shorter way names its minutes."""
    for place, remedies in ((FAR, 1), (Location(lat=-39.9, lon=-63.8, datum="WGS-84"), 0)):
        pair = all_pairs(a_morning(a_worker(travel_limit_min=1), a_shift(location=place)))
        finding = explain_rule(RULES["reach"], pair.columns, pair)
        assert [r.needed for r in finding.remedies] == [finding.values["minutes"]] * remedies


def test_a_worker_still_elsewhere():
    """The free time that is found begins when the last shift ends; no hours at all cannot be offered."""
    pair = all_pairs(
        a_morning(a_worker(last_shift_end_min=600), a_shift(), jurisdiction=law(max_hours_per_day=0))
    )
    assert explain_rule(RULES["availability"], pair.columns, pair).values["free"] == [[600, None]]
    assert explain_rule(RULES["daily_hours"], pair.columns, pair).remedies == ()


def test_rounding_spoils_no_remedy():
    """Where the sum or the quotient would miss by a hair, the remedy is moved by a hair."""
    nothing = Pay(amount=0, unit="shift")
    short, long = (a_shift(periods=(Period(start_min=0, end_min=end),), pay=nothing) for end in (90, 2880))
    pair = all_pairs(a_morning(a_worker(pay_floor_per_hour=0.35), short))
    raised, _ = explain_rule(RULES["pay_floor"], pair.columns, pair).remedies
    assert 0.35 * 1.5 / 1.5 < 0.35 <= raised.needed / 1.5
    week = law(max_hours_per_week=37.52)
    pair = all_pairs(a_morning(a_worker(hours_this_week=5.23), long, jurisdiction=week))
    (shorter,) = explain_rule(RULES["weekly_hours"], pair.columns, pair).remedies
    assert 5.23 + (37.52 - 5.23) > 37.52 >= 5.23 + shorter.needed


@pytest.mark.parametrize("name", sorted(RULES))
def test_without_a_law_nothing_is_refused(name):
    """A rule whose limit the table does not have can still be asked what it saw."""
    if hasattr(RULES[name], "limit"):
        pair = all_pairs(a_morning(a_worker(age_years=15, hours_this_week=90), a_shift(hazards=("heat",))))
        assert explain_rule(RULES[name], pair.columns, pair).remedies == ()


def refuse(columns, pairs):
    """Nobody may."""
    return np.zeros(len(pairs), dtype=bool)


@dataclass(frozen=True)
class Explained:
    finding: object = None

    def __call__(self, columns, pairs):
        return refuse(columns, pairs)

    def explain(self, columns, pair):
        return self.finding


def test_a_rule_need_not_explain():
    """A plain function that refuses leaves values and remedies unknown; one that explains is heard."""
    pair = all_pairs(a_morning(a_worker(), a_shift()))
    assert explain_rule(refuse, pair.columns, pair) == Finding({})
    mine = Finding({"seen": 1}, (Remedy("worker", "rating", 5),))
    assert explain_rule(Explained(mine), pair.columns, pair) == mine


def test_an_explanation_is_held_to_its_contract():
    """Anything but a Finding is an error that names the rule; so is more than one pair."""
    pair = all_pairs(a_morning(a_worker(), a_shift()))
    with pytest.raises(PluginError, match="rule 'Explained' must explain with a Finding; got 'because'"):
        explain_rule(Explained("because"), pair.columns, pair)
    two = all_pairs(a_morning(a_worker(), a_worker("v"), a_shift()))
    with pytest.raises(InvalidPolicyError, match="one pair; got 2"):
        explain_rule(refuse, two.columns, two)
