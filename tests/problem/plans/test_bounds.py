"""What splits prove: the best of every unit as by trying all, and never less than the best answer."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import plan_oracles as plain
from gigmatch.errors import CertificateError
from gigmatch.problem.plans import (
    FREE,
    GONE,
    LEAF,
    NOTHING,
    PAIR,
    TAKEN,
    TEAM,
    Branching,
    Decision,
    PlanCertificate,
    PlanProblem,
    Split,
    SplitBound,
    best_plans,
    certified_bound,
)
from tests.conftest import examples, many

RANDOMS = st.integers(0, 2**32).map(Random)


@pytest.fixture(autouse=True)
def _plain(plain_plan_kernels):
    """Small problems wait for no compiler."""


def random_split(random: Random, problem: PlanProblem, place: int) -> Split:
    """Any numbers."""
    pairs = problem.pairs
    listed = sorted(random.sample(range(pairs.n_pairs), random.randint(0, pairs.n_pairs)))
    scale = random.choice([1, 1, 2, 5])
    return Split(
        scale=scale,
        multipliers=[random.randint(-2, 4) for _ in range(random.choice([0, place]))],
        shift_price=[random.randint(-2, 6) * random.choice([0, scale]) for _ in range(pairs.n_shifts)],
        pair=listed,
        pair_price=[random.randint(-9, 9) for _ in listed],
    )


def random_decisions(random: Random, problem: PlanProblem) -> list[Decision]:
    """A few, which may contradict each other."""
    found = []
    for _ in range(random.randint(0, 4)):
        kind = random.choice([PAIR, PAIR, TEAM])
        count = problem.pairs.n_pairs if kind == PAIR else problem.pairs.n_shifts
        if count:
            found.append(Decision(kind, random.randrange(count), random.random() < 0.5))
    return found


def weight_of(problem: PlanProblem, place: int, split: Split) -> list[int]:
    """What is split of every pair."""
    parts = [split.scale * problem.levels[place].weight]
    parts += [by * level.weight for by, level in zip(split.multipliers, problem.levels, strict=False)]
    return sum(parts).tolist()


def price_of(problem: PlanProblem, split: Split) -> list[int]:
    """What every pair is worth to its shift."""
    price = split.shift_price[problem.pairs.shift]
    price[split.pair] = split.pair_price
    return price.tolist()


@examples(120)
@given(plain.plan_problems(), RANDOMS)
def test_units_are_as_good_as_the_best_of_all_they_could_do(problem, random):
    """Plans, groups, teams and crews, promises and decisions: the same total as by trying all."""
    place = random.randrange(len(problem.levels))
    split = random_split(random, problem, place)
    bound = SplitBound(problem, place, split)
    weight, price = weight_of(problem, place, split), price_of(problem, split)
    assert bound.total() == plain.split_total(problem, weight, price)
    decisions = random_decisions(random, problem)
    assert bound.total(decisions) == plain.split_total(problem, weight, price, decisions)
    assert bound.total() == plain.split_total(problem, weight, price)  # leaves share the work of the root


def random_tree(random: Random, problem: PlanProblem, n_splits: int) -> Branching:
    """Any decisions."""
    nodes: list[tuple[int, int]] = []

    def grow(depth: int) -> None:
        kind = random.choice([LEAF, PAIR, PAIR, TEAM]) if depth < 4 else LEAF
        most = {LEAF: n_splits, PAIR: problem.pairs.n_pairs, TEAM: problem.pairs.n_shifts}[kind]
        if kind == LEAF or not most:
            nodes.append((LEAF, random.randrange(n_splits)))
            return
        nodes.append((kind, random.randrange(most)))
        grow(depth + 1)
        grow(depth + 1)

    grow(0)
    kind, what = zip(*nodes, strict=True)
    return Branching(kind=kind, what=what)


@examples(80)
@given(plain.plan_problems(), RANDOMS)
def test_any_tree_of_any_splits_proves_a_bound(problem, random):
    """No answer that has the values above is worth more than what it comes to, whatever the numbers."""
    place = random.randrange(len(problem.levels))
    splits = tuple(random_split(random, problem, place) for _ in range(3))
    tree = random_tree(random, problem, len(splits))
    proof = PlanCertificate(level=problem.levels[place].name, branching=tree, splits=splits)
    best = plain.best(problem)
    due = best[0] if best else (0,) * len(problem.levels)
    bound = certified_bound(problem, place, proof, due)
    if best:
        assert bound is not None
        assert bound >= due[place]


@examples(60)
@given(plain.plan_problems(), RANDOMS)
def test_a_leaf_of_scale_0_shows_that_nothing_is_feasible_or_nothing_at_all(problem, random):
    """Where it says so, there is no answer with the values above; where there is one, it is refused."""
    place = random.randrange(len(problem.levels))
    split = random_split(random, problem, place)
    split = Split(
        scale=0,
        multipliers=split.multipliers,
        shift_price=split.shift_price,
        pair=split.pair,
        pair_price=split.pair_price,
    )
    best = plain.best(problem)
    due = best[0] if best else (0,) * len(problem.levels)
    bound = SplitBound(problem, place, split)
    total = bound.total()
    if total is None or total < sum(by * value for by, value in zip(split.multipliers, due, strict=False)):
        assert bound.bound((), due) is None
        assert best is None
    else:
        with pytest.raises(CertificateError, match="must come below 0"):
            bound.bound((), due)


def long_day(random: Random) -> PlanProblem:
    """A worker with a dozen shifts that may nearly all follow each other, and three limits that bind."""
    n = 12
    rows = [[q for q in range(p + 1, n) if random.random() < 0.7] for p in range(n)]
    return PlanProblem.of(
        plain.oracles.make([[0] * n], [1] * n),
        most_shifts=[random.randint(2, 5)],
        follower_indptr=np.cumsum([0, *map(len, rows)]),
        follower=[q for row in rows for q in row],
        amount=[[random.randint(0, 9) for _ in range(n)] for _ in range(2)],
        amount_class=[[random.randint(0, 1) for _ in range(n)] for _ in range(2)],
        limit_indptr=[0, 3],
        limit_amount=[0, 1, 1],
        limit_class=[-1, -1, random.randint(0, 1)],
        limit_most=[random.randint(4, 20) for _ in range(3)],
    )


def test_labels_where_limits_bind():
    """Long days with many plans: as good as the best of all that keep the limits and have what they must."""
    random = Random(5)
    for _ in range(many(40)):
        problem = long_day(random)
        gain = np.array([random.randint(-3, 30) for _ in range(12)])
        state = np.array([random.choice([FREE] * 9 + [TAKEN, GONE]) for _ in range(12)], np.int8)
        found = best_plans(problem, np.array([0]), gain, state)
        due, gone = (set(np.flatnonzero(state == each).tolist()) for each in (TAKEN, GONE))
        options = {
            plan: int(gain[list(plan)].sum())
            for plan in plain.plans(problem, 0)
            if due <= set(plan) and not gone & set(plan)
        }
        assert found.value[0] == max(options.values(), default=NOTHING)
        if options:
            assert options[tuple(np.flatnonzero(found.chosen).tolist())] == found.value[0]


def test_a_worker_who_must_take_what_cannot_be_taken():
    """Has no plan; a unit without an option makes the leaf infeasible."""
    pairs = plain.oracles.make([[4, 5]], [1, 1])
    problem = PlanProblem.of(pairs)
    split = Split(scale=1, shift_price=[0, 0], pair=[], pair_price=[])
    both = [Decision(PAIR, 0, True), Decision(PAIR, 1, True)]
    assert SplitBound(problem, 0, split).bound(both) is None
    assert best_plans(problem, np.array([0]), np.array([4, 5]), np.ones(2, np.int8)).value[0] == NOTHING
