"""A policy weighs scores into whole numbers, refuses nonsense, and comes back from a file as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.errors import InvalidFileError, InvalidPolicyError
from gigmatch.pairing import policy as policy_module
from gigmatch.pairing.policy import DEFAULT_POLICY, POINTS_SCALE, Policy
from gigmatch.pairing.scoring import SCORERS, GoodPay, InPriorityGroup, Nearness, WaitingLonger, apply_scorer
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, all_pairs

WEIGHTS = st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)


def half(columns, pairs):
    """Everybody the same."""
    return np.full(len(pairs), 0.5)


def wayward(columns, pairs):
    """Declares what there is not."""
    return half(columns, pairs)


wayward.depends_on = "moon"


@dataclass(frozen=True)
class Tools:
    """A scorer of a user's own, with parameters."""

    words: tuple[str, ...] = ("own",)
    name: ClassVar[str] = "tools"
    version: ClassVar[int] = 3

    def __call__(self, columns, pairs):
        return half(columns, pairs)


@st.composite
def policies(draw):
    """Some built-in scorers and one's own, in any order, with any weights."""
    kinds = draw(st.lists(st.sampled_from([*SCORERS.values(), Tools]), unique=True, max_size=10))
    made = [kind(("a", "b")) if kind in (InPriorityGroup, Tools) else kind() for kind in kinds]
    return Policy(tuple((scorer, draw(WEIGHTS)) for scorer in made), seed=draw(st.integers(0, 2**63 - 1)))


@given(mornings(), policies(), st.sampled_from([1, 7, 1 << 16]))
def test_points_are_the_sum_of_the_breakdown(morning, policy, block):
    """To the quantum, as documented, whatever the block size."""
    pairs = all_pairs(morning)
    breakdown = policy.breakdown(pairs.columns, pairs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy_module, "BLOCK_PAIRS", block)
        points = policy.points(pairs.columns, pairs)
    assert points.dtype == breakdown.dtype == np.int64
    assert breakdown.shape == (len(pairs), len(policy.scorers))
    assert points.tolist() == breakdown.sum(axis=1).tolist()
    for (scorer, weight), column in zip(policy.scorers, breakdown.T, strict=True):
        scores = apply_scorer(scorer, pairs.columns, pairs).tolist()
        assert column.tolist() == [round(score * round(weight * POINTS_SCALE)) for score in scores]


def test_halves_round_to_even():
    """0.5 of an odd hundredth goes to the even neighbour."""
    pairs = all_pairs(a_morning(a_worker(), a_shift()))
    found = [
        Policy([(half, hundredths / 100)]).points(pairs.columns, pairs)[0] for hundredths in (1, 3, 5, 7)
    ]
    assert found == [0, 2, 2, 4]


def test_scorers_without_weight_are_not_asked():
    """They cost nothing until a market opts in."""

    def never(columns, pairs):
        raise AssertionError

    pairs = all_pairs(a_morning(a_worker(), a_shift()))
    assert Policy([(never, 0), (half, 10)]).points(pairs.columns, pairs).tolist() == [500]


class Undeclared:
    """A scorer that keeps to itself what it depends on."""

    def __init__(self, scorer):
        self.scorer, self.name, self.version = scorer, scorer.name, scorer.version

    def __call__(self, columns, pairs):
        return self.scorer(columns, pairs)


@given(mornings(), policies(), st.integers(1, 20))
def test_declared_or_not_the_points_are_the_same(morning, policy, size):
    """What a scorer says it depends on spares work and changes nothing, in blocks of any size."""
    pairs = all_pairs(morning)
    plain = Policy(tuple((Undeclared(scorer), weight) for scorer, weight in policy.scorers))
    expected = plain.breakdown(pairs.columns, pairs).sum(axis=1).tolist()
    points_of = policy.scorecard(pairs.columns, pairs.travel)
    found = [points_of(pairs.take(slice(at, at + size))).tolist() for at in range(0, len(pairs), size)]
    assert [points for block in found for points in block] == expected
    assert policy.points(pairs.columns, pairs).tolist() == expected


@pytest.mark.parametrize(("side", "rows"), [("worker", 3), ("shift", 5)])
def test_one_sided_scorers_are_asked_once_a_row(side, rows):
    """Three workers, five shifts: each row of the side that counts, once, however many blocks follow."""
    asked = []

    def noting(columns, pairs):
        asked.extend(getattr(pairs, side).tolist())
        return getattr(pairs, side) / 8

    noting.depends_on = side
    pairs = all_pairs(a_morning(*(a_worker(name) for name in "abc"), *(a_shift(name) for name in "vwxyz")))
    points_of = Policy([(noting, 8)]).scorecard(pairs.columns, pairs.travel)
    for part in (slice(0, 7), slice(7, 15), slice(0, 15)):
        assert points_of(pairs.take(part)).tolist() == (POINTS_SCALE * getattr(pairs, side)[part]).tolist()
    assert asked == [*range(rows)]


def test_a_few_pairs_are_scored_as_they_are():
    """Whoever asks for one pair does not pay for everybody."""
    asked = []

    def noting(columns, pairs):
        asked.append(len(pairs))
        return np.ones(len(pairs))

    noting.depends_on = "worker"
    pairs = all_pairs(a_morning(*(a_worker(name) for name in "abc"), *(a_shift(name) for name in "vwxyz")))
    assert Policy([(noting, 1)]).points(pairs.columns, pairs.take(slice(6, 7))).tolist() == [POINTS_SCALE]
    assert asked == [1]


@pytest.mark.parametrize("parts", [(), (a_worker(),), (a_shift(),)], ids=["nobody", "no shift", "no worker"])
def test_where_there_are_no_pairs_nobody_is_asked(parts):
    """A side without rows leaves nothing to score."""

    def never(columns, pairs):
        assert not len(pairs)
        return np.zeros(0)

    never.depends_on = "worker"
    pairs = all_pairs(a_morning(*parts))
    policy = Policy([(never, 1), *DEFAULT_POLICY.scorers])
    assert policy.scorecard(pairs.columns, pairs.travel)(pairs).tolist() == []
    assert policy.points(pairs.columns, pairs).tolist() == []


def test_progress_is_told(monkeypatch):
    """Block by block up to 1."""
    monkeypatch.setattr(policy_module, "BLOCK_PAIRS", 2)
    pairs = all_pairs(a_morning(*(a_worker(name) for name in "abc"), a_shift()))
    told = []
    Policy([(half, 1)]).points(pairs.columns, pairs, lambda *step: told.append(step))
    assert told == [("scoring", 2 / 3), ("scoring", 1.0)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scorers": None}, "scorers is None; give a list"),
        ({"scorers": [half]}, r"scorers\[0\] is <function half.*; give \(scorer, weight\)"),
        ({"scorers": [(half, 1, 2)]}, r"scorers\[0\] is .*; give \(scorer, weight\)"),
        ({"scorers": [(half, 1), (GoodPay, 1)]}, r"scorers\[1\] is <class .*: a scorer is a callable"),
        ({"scorers": [("pay", 1)]}, r"scorers\[0\] is 'pay': a scorer is a callable"),
        ({"scorers": [(half, 1), (half, 2)]}, "two scorers are named 'half'"),
        ({"scorers": [(half, "1")]}, "weight of scorer 'half' is '1'; use a number of points"),
        ({"scorers": [(half, True)]}, "weight of scorer 'half' is True; use a number of points"),
        ({"scorers": [(half, float("nan"))]}, "is nan; use 0 to 1000000 points"),
        ({"scorers": [(half, float("inf"))]}, "is inf; use 0 to 1000000 points"),
        ({"scorers": [(half, 10**400)]}, "use 0 to 1000000 points"),
        (
            {"scorers": [(half, -1)]},
            "is -1; use 0 to 1000000 points. To punish what it rewards, score",
        ),
        ({"scorers": [(half, 0.005)]}, "is 0.005; use whole hundredths"),
        ({"scorers": [(wayward, 1)]}, "scorer 'wayward' declares depends_on='moon'; use 'worker', 'shift'"),
        ({"objective": "profit"}, "objective is 'profit'; use 'seats' or 'points'"),
        ({"objective": []}, r"objective is \[\]"),
        ({"seed": -1}, "seed is -1; use a whole number from 0"),
        ({"seed": 2**63}, "seed is 9223372036854775808"),
        ({"seed": True}, "seed is True"),
        ({"seed": 1.0}, "seed is 1.0"),
        ({"scorers": [(half, 0)], "objective": "points"}, "every weight is 0"),
        ({"scorers": [], "objective": "points"}, "every weight is 0"),
    ],
)
def test_policies_that_make_no_sense(arguments, message):
    """One by one, naming scorer or field, value and rule."""
    with pytest.raises(InvalidPolicyError, match=message):
        Policy(**({"scorers": [(half, 1)]} | arguments))


def test_changing_a_policy_makes_another():
    """Scorers are added, replaced in place, weighed anew and picked; the old one stays."""
    base = Policy([(GoodPay(), 25), (Nearness(), 25)])
    assert base.with_scorer(half, 5).scorers == (*base.scorers, (half, 5.0))
    assert base.with_scorer(GoodPay(), 1).scorers == ((GoodPay(), 1.0), (Nearness(), 25.0))
    assert base.with_weight("nearness", 0).scorers == ((GoodPay(), 25.0), (Nearness(), 0.0))
    assert base.only("nearness").names == ("nearness",)
    assert base.only("nearness", "pay").names == ("pay", "nearness")
    assert (base.with_objective("points").objective, base.with_seed(9).seed) == ("points", 9)
    assert (base.names, base.objective, base.seed) == (("pay", "nearness"), "seats", 0)


@pytest.mark.parametrize("change", [lambda p: p.with_weight("luck", 1), lambda p: p.only("pay", "luck")])
def test_unknown_names_are_told(change):
    """With the names there are."""
    with pytest.raises(InvalidPolicyError, match="no scorer is named 'luck'; there are pay, nearness"):
        change(Policy([(GoodPay(), 25), (Nearness(), 25)]))
    with pytest.raises(InvalidPolicyError, match="there are none"):
        Policy([]).only("pay")


def test_a_policy_prints_itself():
    """Aims, seed, and a line a scorer with weight, name and side."""
    policy = Policy([(GoodPay(), 25), (half, 0.5)], seed=3)
    lines = ["policy: seats by tier, then points, then the lottery (seed 3)"]
    lines += ["   25.00  pay              worker", "    0.50  half             market"]
    assert str(policy).splitlines() == lines
    assert str(policy.with_objective("points")).startswith("policy: points, then the lottery")


@given(policies())
def test_a_policy_comes_back(policy):
    """Through plain JSON, equal, and its description too."""
    again = Policy.restore(json.loads(json.dumps(policy.describe())), scorers=[Tools(("a", "b")), half])
    assert again == policy
    assert again.describe() == policy.describe()


def test_a_policy_comes_back_from_a_file(tmp_path):
    """Save and load; one's own scorers are passed in, and win over built-in ones of their name."""
    path = tmp_path / "policy.json"
    mine = DEFAULT_POLICY.with_scorer(Tools(), 20).with_seed(5)
    mine.save(path)
    assert Policy.load(path, scorers=[Tools()]) == mine
    assert Policy.restore(DEFAULT_POLICY.describe()) == DEFAULT_POLICY

    def pay(columns, pairs):
        return half(columns, pairs)

    assert Policy.restore(DEFAULT_POLICY.only("pay").describe(), [pay]).scorers == ((pay, 25.0),)


PAY = {"name": "pay", "version": 1, "parameters": {}, "weight": 25}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (PAY | {"name": "luck"}, r"scorer 'luck' is not built in: pass it in Python, with scorers="),
        (PAY | {"version": 2}, "scorer 'pay' was saved in version 2; this one is version 1"),
        (
            PAY | {"name": "tools", "version": 3},
            r"saved with parameters {}; this one has {'words': \['own'\]}",
        ),
        (PAY | {"parameters": {"luck": 1}}, "not a saved policy"),
        (PAY | {"parameters": None}, "not a saved policy"),
        (PAY | {"weight": None}, "weight of scorer 'pay' is None"),
        (PAY | {"name": []}, "not a saved policy"),
        (PAY | {"name": "waiting", "parameters": {"full_days": 0}}, "full_days=0"),
        ({}, "not a saved policy"),
        (None, "not a saved policy"),
    ],
)
def test_entries_that_are_no_scorer(entry, message):
    """Unknown names, other versions, other parameters and garbage are told apart."""
    with pytest.raises(InvalidPolicyError, match=message):
        Policy.restore({"objective": "seats", "seed": 0, "scorers": [entry]}, [Tools()])


def test_files_that_are_no_policy(tmp_path):
    """Missing, not JSON, not UTF-8, too deep: each its error."""
    with pytest.raises(InvalidFileError, match=r"absent\.json: cannot be read"):
        Policy.load(tmp_path / "absent.json")
    for content in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 5000):
        (tmp_path / "p.json").write_bytes(content)
        with pytest.raises(InvalidFileError, match=r"p\.json: is not JSON"):
            Policy.load(tmp_path / "p.json")


KEYS = ("scorers", "name", "version", "parameters", "weight", "full_days")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats()
    | st.sampled_from(["pay", "waiting", "seats", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["scorers", "name", "version", "parameters", "weight", "full_days"]), inner
        )
    ),
    max_leaves=8,
)


@st.composite
def spoilt(draw):
    """The default policy with one or two values replaced by anything."""
    data = DEFAULT_POLICY.describe()
    for _ in range(draw(st.integers(1, 2))):
        entry = draw(st.sampled_from([data, *(e for e in data["scorers"] if isinstance(e, dict))]))
        entry[draw(st.sampled_from(sorted(entry)))] = draw(JSON)
        if not isinstance(data["scorers"], list):
            break
    return data


@given(JSON | spoilt())
def test_any_json_is_a_policy_or_refused(tmp_path_factory, data):
    """Whatever a file holds: a policy that works, or an error of ours."""
    path: Path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    try:
        policy = Policy.load(path)
    except (InvalidPolicyError, InvalidFileError):
        return
    pairs = all_pairs(a_morning(a_worker(), a_shift()))
    assert policy.points(pairs.columns, pairs)[0] >= 0
    assert Policy.restore(policy.describe()) == policy


def test_full_after_the_days_given():
    """A policy's scorer keeps its parameters."""
    quick = Policy([(WaitingLonger(7), 10)])
    assert quick.describe()["scorers"][0]["parameters"] == {"full_days": 7}
    pairs = all_pairs(a_morning(a_worker(days_since_last_placement=7), a_shift()))
    assert Policy.restore(quick.describe()).points(pairs.columns, pairs).tolist() == [1000]


def test_the_default_scorers_are_there_unless_others_are_given():
    """An objective or a seed alone is a policy."""
    assert Policy() == DEFAULT_POLICY
    assert Policy(objective="points", seed=3).scorers == DEFAULT_POLICY.scorers


def test_an_objective_and_levels_agree():
    """Replacing the objective replaces the levels it stands for; what contradicts it is refused."""
    points = replace(DEFAULT_POLICY, objective="points")
    assert points == DEFAULT_POLICY.with_objective("points")
    assert [level.name for level in points.levels] == ["points", "lottery"]
    assert Policy(levels=points.levels).objective == "points"
    mine = DEFAULT_POLICY.with_levels(*DEFAULT_POLICY.levels[:1], Mine(), *points.levels)
    assert replace(mine, seed=3).levels == mine.levels
    with pytest.raises(InvalidPolicyError, match="give one of the two"):
        replace(mine, objective="points")


class Mine:
    """A level that counts nothing."""

    name, words, largest = "mine", {"en": "mine", "zh": "我的"}, 0

    def of_workers(self, columns):
        return np.zeros(columns.n_workers, np.int64)


def test_levels_are_a_list():
    """In an order that is theirs, as no set has one."""
    with pytest.raises(InvalidPolicyError, match="give a list of levels"):
        Policy(levels={"seats"})
