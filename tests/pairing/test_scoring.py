"""Scorers stay within [0, 1], go the right way, and are neutral on what is not known."""

from __future__ import annotations

import ast
import inspect

import numpy as np
import pytest
from hypothesis import given

from gigmatch import columns
from gigmatch.errors import InvalidPolicyError, PluginError
from gigmatch.model import (
    PROTECTED_ATTRIBUTES,
    Employer,
    Location,
    PastEmployer,
    Pay,
    ReferenceWage,
    SkillRequirement,
    WorkerSkill,
)
from gigmatch.pairing import rules, scoring
from gigmatch.pairing.policy import DEFAULT_POLICY
from gigmatch.pairing.rules import hours, place_and_pay, protection, skills, trust
from gigmatch.pairing.scoring import (
    NEUTRAL,
    SCORERS,
    GoodPay,
    InPriorityGroup,
    Nearness,
    Scorer,
    SkillFit,
    WaitingLonger,
    apply_scorer,
    describe_scorer,
    scorer_depends_on,
    scorer_name,
    scorer_side,
)
from strategies import mornings
from tests.conftest import DATE, a_morning, a_shift, a_worker, all_pairs


def score(name, worker=None, shift=None, scorer=None, **fields):
    """One scorer's view of the only pair of a morning."""
    pairs = all_pairs(a_morning(worker or a_worker(), shift or a_shift(), **fields))
    return float(apply_scorer(scorer or SCORERS[name](), pairs.columns, pairs)[0])


@given(mornings())
def test_within_bounds_on_any_morning(morning):
    """Finite, 0 to 1, the same block by block, whatever is known or not."""
    pairs = all_pairs(morning)
    for scorer in SCORERS.values():
        whole = apply_scorer(scorer(), pairs.columns, pairs)
        parts = [
            apply_scorer(scorer(), pairs.columns, pairs.take(slice(at, at + 3)))
            for at in range(0, len(pairs), 3)
        ]
        assert whole.tolist() == [value for part in parts for value in part]


@given(mornings())
def test_what_a_scorer_declares_is_all_it_depends_on(morning):
    """Of all pairs of a worker, or of a shift, the score is one; both kinds are among the built-in ones."""
    pairs = all_pairs(morning)
    declared = {name: scorer_depends_on(kind()) for name, kind in SCORERS.items()}
    assert set(declared.values()) == {"worker", "shift", None}
    for name, side in declared.items():
        if side:
            scores = apply_scorer(SCORERS[name](), pairs.columns, pairs)
            table = scores.reshape(pairs.columns.n_workers, pairs.columns.n_shifts)
            assert (table == (table[:, :1] if side == "worker" else table[:1])).all()


@pytest.mark.parametrize("side", ["both", "", 1, True, ["worker"]])
def test_depends_on_is_one_of_three(side):
    """The error names the scorer, what it declares and what it may."""

    def mine(columns, pairs):
        return np.zeros(len(pairs))

    assert scorer_depends_on(mine) is None
    mine.depends_on = side
    with pytest.raises(
        InvalidPolicyError, match=r"scorer 'mine' declares depends_on=.*use 'worker', 'shift'"
    ):
        scorer_depends_on(mine)


def test_neutral_on_a_morning_that_says_nothing():
    """No score for or against anybody; no travel at all is near, no group is no priority."""
    waiting_for_the_bus = pytest.approx(1 - 10 / 60)
    expected = dict.fromkeys(SCORERS, NEUTRAL) | {
        "nearness": waiting_for_the_bus,
        "priority_group": 0,
        "requested": 0,
    }
    assert {name: score(name) for name in SCORERS} == expected


MASON = {"all_of": (SkillRequirement(skill="a", least_level=4),)}


@pytest.mark.parametrize(("level", "expected"), [(4, 1), (3, 0.85), (1, 0.55), (5, NEUTRAL), (None, NEUTRAL)])
def test_skill_fit(level, expected):
    """1 at the level asked for, less for every level above; neutral where another skill got the worker in."""
    worker = a_worker(skills=(WorkerSkill(skill="a", level=level),))
    assert score("skill_fit", worker, a_shift(**MASON), skills="a") == pytest.approx(expected)
    assert score("skill_fit", worker, a_shift(), skills="a") == NEUTRAL
    steep = score("", worker, a_shift(**MASON), SkillFit(per_level=1), skills="a")
    assert steep == (expected if expected in (1, NEUTRAL) else 0)


def test_nearness_falls_with_the_way():
    """1 at the door, 0 at the worker's limit and beyond; 60 minutes where no limit is known."""
    places = [Location(lat=39.9 + step / 200, lon=116.2, datum="WGS-84") for step in range(20)]
    shifts = [a_shift(f"{at:02}", location=place) for at, place in enumerate(places)]
    pairs = all_pairs(
        a_morning(a_worker("a", travel_mode="walk", travel_limit_min=30), a_worker("b"), *shifts)
    )
    near = apply_scorer(Nearness(), pairs.columns, pairs).reshape(2, -1)
    assert near[0, 0] == 1
    assert near.min() == 0
    np.testing.assert_allclose(near[0], np.maximum(1 - pairs.minutes[:20] / 30, 0))
    np.testing.assert_allclose(near[1], np.maximum(1 - pairs.minutes[20:] / 60, 0))


WAGE = {"skills": "a", "reference_wages": (ReferenceWage(skill="a", per_hour=20, as_of=DATE, source="s"),)}


@pytest.mark.parametrize(
    ("per_hour", "floor", "wage", "expected"),
    [
        (20, 20, False, 0),
        (30, 20, False, 0.5),
        (40, 20, False, 1),
        (400, 20, False, 1),
        (30, 0, False, NEUTRAL),  # a floor of nothing says nothing
        (10, None, True, 0),
        (20, None, True, 0.5),
        (30, None, True, 1),
        (30, 20, True, 0.75),  # the mean of both
        (30, None, False, NEUTRAL),
    ],
)
def test_good_pay(per_hour, floor, wage, expected):
    """Against the floor, against the going wage, or the mean where both are known."""
    shift = a_shift(pay=Pay(amount=per_hour, unit="hour"), any_of=(SkillRequirement(skill="a"),))
    worker = a_worker(pay_floor_per_hour=floor)
    fields = WAGE if wage else {"skills": "a"}
    assert score("pay", worker, shift, **fields) == pytest.approx(expected)


def test_more_pay_is_never_worse():
    """Whatever is known of floor and wage."""
    shifts = [
        a_shift(f"{x:03}", pay=Pay(amount=x, unit="hour"), any_of=(SkillRequirement(skill="a"),))
        for x in range(60)
    ]
    workers = [a_worker(str(floor), pay_floor_per_hour=floor) for floor in (None, 0, 15, 25.5)]
    for fields in (WAGE, {"skills": "a"}):
        pairs = all_pairs(a_morning(*workers, *shifts, **fields))
        by_worker = apply_scorer(GoodPay(), pairs.columns, pairs).reshape(4, -1)
        assert (np.diff(by_worker, axis=1) >= 0).all()


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        ("weekly", "weekly", 1),
        ("weekly", "monthly", 0),
        ("weekly", "same_day", 1),
        ("same_day", "weekly", 0),
        (None, "same_day", NEUTRAL),
        ("weekly", None, NEUTRAL),
        (None, None, NEUTRAL),
    ],
)
def test_wanted_settlement(wanted, offered, expected):
    """As wanted, or the same day, is best; a wish, so the rest is only worst."""
    assert score("settlement", a_worker(wanted_settlement=wanted), a_shift(settlement=offered)) == expected


@pytest.mark.parametrize(("rating", "expected"), [(None, NEUTRAL), (0, 0), (4.9, 0.98), (5, 1)])
def test_reliability(rating, expected):
    """Rating over five."""
    assert score("reliability", a_worker(rating=rating)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("praise", "prefers", "expected"),
    [
        ("stranger", False, NEUTRAL),
        ("stranger", True, 1),
        (None, False, 0.75),
        (None, True, 1),
        (True, False, 1),
        (False, False, 0),
        (False, True, 0),
    ],
)
def test_repeat_employer(praise, prefers, expected):
    """Praise and preference are best, a complaint is worst even so, having met is good."""
    past = () if praise == "stranger" else (PastEmployer(employer_id="e", praise=praise),)
    worker = a_worker(past_employers=past, preferred_employer_ids=("e",) if prefers else ())
    assert score("repeat_employer", worker) == expected


@pytest.mark.parametrize(("days", "expected"), [(None, NEUTRAL), (0, 0), (7, 0.5), (14, 1), (400, 1)])
def test_waiting_longer(days, expected):
    """Full after a fortnight."""
    assert score("waiting", a_worker(days_since_last_placement=days)) == expected


@pytest.mark.parametrize(
    ("standing", "punctual", "expected"),
    [("ok", None, NEUTRAL), ("ok", 0.8, 0.8), ("arrears", 0.8, 0), ("suspended", None, 0)],
)
def test_employer_trust(standing, punctual, expected):
    """Wages paid on time, nothing for whoever is not in good standing."""
    employer = Employer(id="e", standing=standing, payment_punctuality=punctual)
    assert score("employer_trust", employers=(employer,)) == expected


@pytest.mark.parametrize(
    ("groups", "member", "expected"),
    [((), (), 0), ((), ("b",), 1), (("a",), ("b",), 0), (("a", "b"), ("b",), 1)],
)
def test_priority_groups(groups, member, expected):
    """Any group, or those named; nobody's by default."""
    worker = a_worker(priority_groups=member)
    assert score("", worker, scorer=InPriorityGroup(groups)) == expected
    assert dict(zip(DEFAULT_POLICY.names, DEFAULT_POLICY.scorers, strict=True))["priority_group"][1] == 0


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        (SkillFit, {"per_level": -0.1}, "scorer 'skill_fit' has per_level=-0.1; use a number from 0 to 1"),
        (SkillFit, {"per_level": float("nan")}, "per_level=nan"),
        (Nearness, {"usual_limit_min": 0}, "usual_limit_min=0; use minutes from 1 to 1440"),
        (WaitingLonger, {"full_days": "14"}, "full_days='14'; use days"),
        (WaitingLonger, {"full_days": True}, "full_days=True; use days"),
        (InPriorityGroup, {"groups": "abc"}, "groups='abc'; use a tuple"),
        (InPriorityGroup, {"groups": (1,)}, r"groups=\(1,\); use a tuple"),
    ],
)
def test_parameters_that_make_no_sense(kind, parameters, message):
    """Scorer, parameter, value and rule stand in the message."""
    with pytest.raises(InvalidPolicyError, match=message):
        kind(**parameters)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (np.zeros(3), r"scorer 'odd' must return float64\[2\].* got float64\[3\]"),
        (np.zeros(2, np.float32), r"got float32\[2\]"),
        (np.ones(2, bool), r"got bool\[2\]"),
        ([0.5, 0.5], "got list"),
        (np.array([0.5, np.nan]), "scorer 'odd' gave nan for worker 'w', shift 't': scores run from 0 to 1"),
        (np.array([-0.1, 0.5]), "gave -0.1 for worker 'w', shift 's'"),
        (np.array([0.5, np.inf]), "gave inf for worker 'w', shift 't'"),
        (np.array([0.5, 1.0000001]), "gave 1.0000001 for worker 'w', shift 't'"),
    ],
)
def test_scores_are_held_to_their_contract(returned, message):
    """Scorer and pair stand in the message."""
    pairs = all_pairs(a_morning(a_worker(), a_shift("s"), a_shift("t")))

    def odd(columns, pairs):
        return returned

    with pytest.raises(PluginError, match=message):
        apply_scorer(odd, pairs.columns, pairs)


def test_a_scorer_of_a_few_lines():
    """A function is enough; it takes the market's view unless it says otherwise."""

    def brings_tools(columns, pairs):
        """1 for workers with tools of their own."""
        return (columns.workers.attributes["tools"][pairs.worker] == "own").astype(float)

    workers = [a_worker("a", attributes={"tools": "own"}), a_worker("b")]
    pairs = all_pairs(a_morning(*workers, a_shift()))
    assert isinstance(brings_tools, Scorer)
    assert apply_scorer(brings_tools, pairs.columns, pairs).tolist() == [1, 0]
    assert describe_scorer(brings_tools) == {"name": "brings_tools", "version": 1, "parameters": {}}
    assert scorer_side(brings_tools) == "market"
    brings_tools.side = "nobody"
    with pytest.raises(InvalidPolicyError, match="scorer 'brings_tools' has side 'nobody'"):
        scorer_side(brings_tools)


def test_the_table_of_scorers():
    """Every scorer of the default policy can be found by its name, and says whose view it takes."""
    assert set(SCORERS) == {*DEFAULT_POLICY.names, "requested"}
    sides = {name: scorer_side(kind()) for name, kind in SCORERS.items()}
    assert set(sides.values()) == {"worker", "employer", "market"}
    assert [scorer_name(kind()) for kind in SCORERS.values()] == list(SCORERS)


@pytest.mark.parametrize("module", [columns, scoring, rules, hours, place_and_pay, protection, skills, trust])
def test_nothing_protected_is_looked_at(module):
    """No name, attribute or text in the code of columns, rules and scorers is a protected attribute."""
    tree = ast.parse(inspect.getsource(module))
    words = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    words |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    words |= {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    assert not {word.replace("_", "").casefold() for word in words} & PROTECTED_ATTRIBUTES
