"""A look at some pairs finds what a look at all of them would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.reduced_costs import prices_of, reduced_costs_of
from gigmatch.core.statistics import Stages
from gigmatch.matching.pricing import LeftOut, Pricing
from gigmatch.pairing.nearest import LEAST
from gigmatch.pairing.rules import DEFAULT_RULES
from gigmatch.problem import Certificate, Solution
from tests.conftest import examples, sample

EVERYTHING = 1 << 20


@pytest.fixture(scope="module")
def instance() -> Instance:
    town = sample("city", workers=60, shifts=15, seed=2)
    return Instance.prepare(town, DEFAULT_RULES, gm.DEFAULT_POLICY, gm.StraightLine(), (), ())


@pytest.fixture(scope="module")
def whole(instance):
    return instance.eligible()


def priced(instance, seats: list[int], points: list[int], multiplier: int) -> Solution:
    """Any prices of shifts, and of workers such that few pairs violate them."""
    frame = instance.frame(lots=False)
    proofs = []
    for level, price, multipliers in (("seats", seats, {}), ("points", points, {"seats": multiplier})):
        worker = np.full(frame.n_workers, 0 if level == "seats" else 2_000, np.int64)
        proofs.append(
            Certificate(
                level=level,
                worker_price=worker,
                shift_price=np.array(price, np.int64),
                multipliers=multipliers,
            )
        )
    return Solution(
        shift=np.full(frame.n_workers, -1, np.int32),
        value=0,
        bound=0,
        certificates=tuple(proofs),
        status="optimal",
        stopped="proved",
    )


def left_out(most: int) -> dict[str, LeftOut]:
    """That no pair left out is worth more to anybody, where shifts cost nothing."""
    return {"points": LeftOut({"points": 1}, np.zeros(15, np.int64), np.full(60, most))}


def every_one(instance, whole, held, solution, slack):
    """What a look at all pairs finds, as sets: to bring back, and violating."""
    costs = [cost(whole.pairs, whole.points) for cost in reduced_costs_of(instance, solution)]
    left = ~held.holds(whole.pairs)
    violating = np.minimum.reduce(costs) < 0
    matters = violating | (costs[-1] <= slack)
    pairs = list(zip(whole.pairs.worker.tolist(), whole.shift.tolist(), strict=True))
    return [{pairs[at] for at in np.flatnonzero(left & some)} for some in (matters, violating)]


PRICES = st.lists(st.integers(2_000, 7_000), min_size=15, max_size=15)
SEATS = st.lists(st.integers(3, 6), min_size=15, max_size=15)
LOOKS = st.lists(
    st.tuples(SEATS, PRICES, st.sampled_from([0, 0, 500]), st.integers(0, 300)), min_size=1, max_size=4
)


@examples(12)
@given(LOOKS, st.integers(1, 9))
def test_a_look_misses_nothing(instance, whole, looks, step):
    """Look after look, prices moving as they like, everything that matters is brought back."""
    held = whole.only(np.arange(len(whole.shift)) % step == 0)
    nothing_left = left_out(20_000 if step > 1 else LEAST)
    pricing = Pricing(instance, held, nothing_left, EVERYTHING, Stages())
    for seats, points, multiplier, slack in looks:
        solution = priced(instance, seats, points, multiplier)
        matters, violating = every_one(instance, whole, pricing.eligible, solution, slack)
        found = pricing.look(prices_of(instance, solution), slack)
        assert set(zip(found.pairs.worker.tolist(), found.pairs.shift.tolist(), strict=True)) == matters
        assert found.violating == len(violating)
        assert not found.is_cut
        pricing.eligible = pricing.eligible.union(found.pairs)


def test_prices_that_creep_down_are_followed(instance, whole):
    """What was known of pairs left out grows old with every look that does not go through them."""
    random = np.random.default_rng(4)
    held = whole.only(np.zeros(len(whole.shift), dtype=bool))
    left = left_out(20_000)
    stages = Stages()
    pricing, price, looks = Pricing(instance, held, left, EVERYTHING, stages), np.full(15, 7_000), 60
    for _ in range(looks):
        solution = priced(instance, [6] * 15, price.tolist(), 0)
        matters, _ = every_one(instance, whole, pricing.eligible, solution, 20)
        found = pricing.look(prices_of(instance, solution), 20)
        assert set(zip(found.pairs.worker.tolist(), found.pairs.shift.tolist(), strict=True)) == matters
        pricing.eligible = pricing.eligible.union(found.pairs)
        price = price - random.integers(-10, 40, 15)
    assert 0 < len(pricing.eligible.shift) < len(whole.shift)
    assert stages.counts["pairs looked at again"] < looks * len(whole.shift) / 4


def test_a_few_of_each_worker_come_at_once(instance, whole):
    """Those that violate most; how many there are is told all the same."""
    held = whole.only(np.arange(len(whole.shift)) % 5 == 0)
    solution = priced(instance, [6] * 15, [0] * 15, 0)
    matters, violating = every_one(instance, whole, held, solution, 0)
    left = left_out(20_000)
    found = Pricing(instance, held, left, 2, Stages()).look(prices_of(instance, solution), 0)
    count = np.bincount(found.pairs.worker, minlength=60)
    assert count.max() == 2
    assert found.violating == len(violating) > len(found.pairs.shift)
    assert set(zip(found.pairs.worker.tolist(), found.pairs.shift.tolist(), strict=True)) < matters


def test_the_whole_face_comes_at_last(instance, whole):
    """What was left of it is told, and brought back where all of it is asked for."""
    held = whole.only(np.zeros(len(whole.shift), dtype=bool))
    level = gm.Policy(())
    even = Instance.prepare(
        sample("city", workers=60, shifts=15, seed=2), DEFAULT_RULES, level, gm.StraightLine(), (), ()
    )
    frame = even.frame(lots=False)
    free = [
        Certificate(level="points", worker_price=np.zeros(60, np.int64), shift_price=np.zeros(15, np.int64)),
        Certificate(level="seats", worker_price=np.zeros(60, np.int64), shift_price=frame.tier_weight.copy()),
    ]
    solution = Solution(
        shift=np.full(60, -1, np.int32),
        value=0,
        bound=0,
        certificates=tuple(reversed(free)),
        status="optimal",
        stopped="proved",
    )
    pricing = Pricing(even, held, left_out(0), 2, Stages())
    first = pricing.look(prices_of(even, solution), 0)
    assert (first.violating, first.is_cut) == (0, True)
    pricing.eligible = pricing.eligible.union(first.pairs)
    rest = pricing.look(prices_of(even, solution), None)
    assert not rest.is_cut
    assert len(first.pairs.shift) + len(rest.pairs.shift) == len(whole.shift)
