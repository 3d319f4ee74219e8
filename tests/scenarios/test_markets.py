"""Majuqiao and Mentougou: the same to the byte, what their docstrings promise, and work for the rules."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

import gigmatch as gm
from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning
from gigmatch.pairing.rules import DEFAULT_RULES, apply_rule, rule_name
from gigmatch.pairing.travel import StraightLine
from gigmatch.scenarios import jingshi, majuqiao, mentougou
from tests.conftest import seldom

DIGESTS = {
    majuqiao: "c21f7d1786b2065e8b76fb43697642015706a0fcd0f28fb84273046f292cf3c9",
    mentougou: "5b6c56fa518b464119cb1f36423e54b2daffb08d28631d2dd47e2630b7b6323b",
}
each_market = pytest.mark.parametrize("market", list(DIGESTS), ids=lambda market: market.__name__)


@cache
def drawn(market: Any) -> Morning:
    return market(7)


@cache
def matched(market: Any) -> gm.Assignment:
    return gm.match(drawn(market))


@each_market
def test_same_morning_for_a_seed(market: Any) -> None:
    """Seed 7 gives this very morning, on any machine; another seed another morning of the same place."""
    assert market(7).digest() == DIGESTS[market]
    other = market(8)
    assert other.to_json() != drawn(market).to_json()
    assert (other.market, other.skills) == (drawn(market).market, drawn(market).skills)


@each_market
@pytest.mark.parametrize(("seed", "workers"), [(0, 50), (2**64 - 1, 333), seldom(3, 1200)])
def test_any_seed_and_size(market: Any, seed: int, workers: int) -> None:
    """Valid, of the size asked for, seats in proportion."""
    morning = market(seed, workers=workers)
    assert Morning.from_json(morning.to_json()) == morning
    assert len(morning.workers) == workers
    least = {majuqiao: 0.8, mentougou: 0.43}[market] * workers
    assert least <= sum(shift.headcount for shift in morning.shifts) <= least + 0.03 * workers + 80


@each_market
@pytest.mark.parametrize("seed", [7, seldom(8)])
def test_matched_to_the_optimum(market: Any, seed: int) -> None:
    """Proved, checked, better than first come, first served, and neither everybody nor every seat."""
    morning = drawn(market) if seed == 7 else market(seed)
    answer = matched(market) if seed == 7 else gm.match(morning)
    assert answer.status == "optimal"
    gm.check(morning, answer)
    summary, first_come = answer.summary, answer.baseline
    assert first_come.placements < summary.placements < 0.9 * min(summary.seats, summary.workers)
    assert {fact.fact for fact in answer.unplaced} == {"no eligible shift", "eligible, not placed"}
    assert {fact.fact for fact in answer.open_shifts} == {
        "no eligible worker",
        "eligible workers, seats left open",
    }


# Rules without work: nobody says how many hours are enough; at the fair nobody comes off the night, no post
# is long or badly paid, all are covered.
IDLE = {
    majuqiao: {"hours_today"},
    mentougou: {"daily_hours", "hours_today", "insurance", "minimum_age", "minimum_wage", "rest"},
}


@each_market
def test_every_rule_has_work(market: Any) -> None:
    """Each refuses or warns of some pairs and lets others pass, but for those with nothing to do there."""
    columns = gm.columns_of(market(7, workers=500))
    pairs = gm.feasible_pairs(columns, [], StraightLine())
    idle = {rule_name(rule) for rule in DEFAULT_RULES if apply_rule(rule, columns, pairs).all()}
    assert not any(not apply_rule(rule, columns, pairs).any() for rule in DEFAULT_RULES)
    assert idle == IDLE[market]


def test_majuqiao_fills_before_the_sun_is_up() -> None:
    """Four hours of arrivals at one hall; four in five by six; some straight from a night's work."""
    morning = drawn(majuqiao)
    came = [worker.arrived_at_min for worker in morning.workers if worker.id != "li-shifu"]
    assert (min(came), max(came)) >= (230, 230)
    assert max(came) <= 470
    assert 0.75 < sum(minute < 360 for minute in came) / len(came) < 0.83
    assert not morning.market.stations
    assert 0.1 < sum((w.last_shift_end_min or -1) >= 0 for w in morning.workers) / 3000 < 0.25


def test_majuqiao_is_day_labour_by_the_busload() -> None:
    """Pay the same day, brokers, head-counts of a bus, two days at most a few, and rates of the sources."""
    morning = drawn(majuqiao)
    assert sum(w.wanted_settlement == "same_day" for w in morning.workers) > 0.8 * 3000
    assert 0.65 < sum(shift.broker_id is not None for shift in morning.shifts) / len(morning.shifts) < 0.85
    barred = [b.id for b in morning.brokers if b.licence is None or b.standing != "ok"]
    assert len(barred) == len(morning.brokers) // 6
    assert sum(shift.headcount for shift in morning.shifts) / len(morning.shifts) > 8
    rates = {s.pay.amount for s in morning.shifts if s.id.endswith("parcel-sorting")}
    assert rates <= {150, 160, 170, 180}
    man, shift = (next(x for x in part if x.id == name) for part, name in named(morning))
    assert man == jingshi(7).workers[0]
    assert (shift.pay.amount, shift.pay.unit, len(shift.periods)) == (420, "shift", 2)
    assert matched(majuqiao).shift_of("li-shifu") is not None


def named(morning: Morning) -> list[tuple[Any, str]]:
    return [(morning.workers, "li-shifu"), (morning.shifts, "parking-locks")]


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_a_fair_ends_as_the_real_one(seed: int) -> None:
    """Five hundred come, and about as many find a post as reached an intent: between 25 and 40 per cent."""
    answer = gm.match(mentougou(seed))
    assert answer.summary.workers == 500
    assert 0.25 < answer.summary.placements / 500 < 0.4


def test_a_fair_has_steady_and_flexible_posts() -> None:
    """A month of office hours from Monday, live-in care at 7,000, a week of part-time, gaps of one day."""
    shifts = drawn(mentougou).shifts
    by = {name: [s for s in shifts if s.id.endswith(name)] for name in ("office", "live-in-care", "help")}
    for shift in by["office"] + by["live-in-care"]:
        assert shift.pay.unit == "month"
        assert [period.start_min // 1440 for period in shift.periods][:6] == [3, 4, 5, 6, 7, 10]
    assert all((s.periods[0].start_min % 1440, s.periods[0].minutes) == (540, 480) for s in by["office"])
    assert {(s.pay.amount, s.meals, s.lodging) for s in by["live-in-care"]} == {(7000, True, True)}
    assert all(len(shift.periods) == 5 for shift in by["help"])
    flexible = Counter(shift.pay.unit for shift in shifts if shift.attendance == "flexible")
    assert set(flexible) == {"hour", "piece"}
    placed = {shift for _, shift in matched(mentougou).pairs}
    assert {"hour", "month", "piece"} <= {shift.pay.unit for shift in shifts if shift.id in placed}


@each_market
@pytest.mark.parametrize(
    ("arguments", "name"), [({"seed": -1}, "seed"), ({"seed": True}, "seed"), ({"workers": 49}, "workers")]
)
def test_bad_arguments(market: Any, arguments: dict[str, Any], name: str) -> None:
    """As of any sample."""
    with pytest.raises(
        InvalidInputError, match=rf"{name} must be a whole number from .*; got {arguments[name]!r}"
    ):
        market(**arguments)
