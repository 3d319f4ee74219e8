"""The problem of plans and teams: what is refused, its levels, and orders that others build on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import oracles
from gigmatch.errors import InvalidProblemError, WeightOverflowError
from gigmatch.problem import POINTS, SEATS, Further, Problem
from gigmatch.problem.plans import PlanProblem
from tests.conftest import for_each

# Worker 0 may take shifts 0, 1, 2 in this order; worker 1 shifts 0 and 2.
PAIRS = oracles.make([[4, 5, 6], [7, None, 8]], [1, 2, 1])
CHAINS = {
    "most_shifts": [3, 1],
    "follower_indptr": [0, 2, 3, 3, 3, 3],
    "follower": [1, 2, 2],
    "amount": [[5, 5, 5], [1, 2, 3]],
    "amount_class": [[0, 0, 0], [0, 0, 1]],
    "limit_indptr": [0, 2, 2],
    "limit_amount": [0, 1],
    "limit_class": [-1, 1],
    "limit_most": [10, 3],
    "crew": [0, 0, -1],
    "minimum": [1, 2, 1],
    "kept": [1],
}
BROKEN = [
    ({"most_shifts": [3]}, "most_shifts has 1 entries, expected 2"),
    ({"most_shifts": [3, 0]}, r"most_shifts\[1\] must be a whole number from 1 .* got 0"),
    (
        {"follower_indptr": [0, 2, 3, 3, 3, 4]},
        r"must start with 0 and end with 3, got \[0, 4\]",
    ),
    ({"follower_indptr": [0, 3, 2, 3, 3, 3]}, r"follower_indptr\[2\] = 2 < 3"),
    ({"follower": [1, 3, 2]}, r"follower\[1\] = 3, after pair 0"),
    ({"follower": [1, -1, 2]}, r"follower\[1\] = -1, after pair 0"),
    ({"follower": [2, 1, 2]}, r"follower\[1\] = 1 follows 2"),
    ({"follower": [1, 2, 1]}, r"follower\[2\] = 1, after pair 1: its shift has rank 1, which is not above 1"),
    ({"rank": [0, 0, 1]}, r"follower\[0\] = 1, after pair 0"),
    ({"rank": [0, 1]}, "rank has 2 entries, expected 3"),
    ({"amount": [5, 5, 5]}, r"amount must be a table .* got shape \(3,\)"),
    ({"amount": [[5, 5, 5]]}, r"got shapes \(1, 3\) and \(2, 3\)"),
    ({"amount": [[5, 5, 5], [1, -2, 3]]}, r"amount\[1, 1\] must be .* got -2"),
    ({"amount": [[2**60, 2**60, 2**60], [0, 0, 0]]}, r"amount\[0\] sums to"),
    ({"limit_amount": [0, 2]}, r"limit_amount\[1\] must be .* to 1; got 2"),
    ({"limit_class": [-2, 0]}, r"limit_class\[0\]"),
    ({"limit_class": [0]}, "limit_class has 1 entries, expected 2"),
    ({"limit_indptr": [0, 1, 1]}, "limit_indptr must start with 0 and end with 2"),
    ({"minimum": [1, 3, 1]}, r"minimum\[1\] = 3; it must be from 1 to the shift's capacity, 2"),
    ({"minimum": [1, 2, 0]}, r"minimum\[2\] = 0"),
    ({"crew": [0, 3, -1]}, r"crew\[1\] must be .* to 2; got 3"),
    ({"group": [-1, 0]}, r"group\[1\] must be .* to -1; got 0"),
    ({"group": [0, 0], "group_in_crew": [True]}, r"most_shifts\[0\] = 3, but worker 0 belongs to a group"),
    ({"group_in_crew": [1]}, "group_in_crew must be a list of True and False"),
    ({"kept": [5]}, r"kept\[0\] must be .* to 4; got 5"),
    ({"kept": [1, 1]}, r"kept\[1\] = 1 follows 1"),
    ({"kept": [0.5]}, "kept"),
]


def test_arrays_that_fit_are_kept_as_they_are():
    """Read-only and of the type that is said."""
    problem = PlanProblem.of(PAIRS, **CHAINS)
    assert problem.follower.dtype == np.int32
    assert problem.amount.shape == (2, 3)
    assert not problem.amount.flags.writeable
    assert (problem.n_crews, problem.n_groups, problem.n_units) == (1, 0, 2)
    assert problem.unit.tolist() == [0, 0, 1]
    assert problem.pairs_of_shift.tolist() == [2, 1, 2]


@for_each(BROKEN)
def test_arrays_that_do_not_fit(change, message):
    """Each is refused with its name, position and value."""
    with pytest.raises(InvalidProblemError, match=message):
        PlanProblem.of(PAIRS, **CHAINS | change)


def test_the_order_of_a_plan_is_the_rank_of_its_shifts():
    """Whatever the order of the columns; equal ranks by column."""
    assert PlanProblem.of(PAIRS).by_rank.tolist() == [0, 1, 2, 3, 4]
    assert PlanProblem.of(PAIRS, rank=[5, 0, -1]).by_rank.tolist() == [2, 1, 0, 4, 3]
    assert PlanProblem.of(PAIRS, rank=[1, 0, 1]).by_rank.tolist() == [1, 0, 2, 3, 4]


def test_every_tier_is_a_level_of_its_own():
    """The most urgent first, in the place of the seats; what is drawn is no level of plans."""
    waited = Further("waited", worker=[2, -3])
    levels = (waited, SEATS, POINTS)
    pairs = replace(PAIRS, tier=[7, -1, 7], levels=levels)
    found = PlanProblem.of(pairs).levels
    assert [level.name for level in found] == ["waited", "seats 1", "seats 2", "points"]
    assert [level.weight.tolist() for level in found] == [
        [2, 2, 2, -3, -3],
        [0, 1, 0, 0, 0],
        [1, 0, 1, 1, 1],
        [4, 5, 6, 7, 8],
    ]
    assert [level.value_of(np.array([0, 4])) for level in found] == [-1, 0, 2, 12]
    assert [level.largest for level in found] == [3, 1, 1, 8]
    drawn = replace(PAIRS, tier=[1, 1, 1], lot=[1, 0])
    assert [level.name for level in PlanProblem.of(drawn).levels] == ["seats 1", "points"]


def test_sums_that_might_leave_64_bits():
    """Several shifts a worker add up to more than the plain problem allows for."""
    n = 24
    ceiling = (2**63 - 1) // (4 * (2 * n + 1))
    pairs = Problem(
        indptr=np.arange(0, n * n + 1, n),
        shift=np.tile(np.arange(n, dtype=np.int32), n),
        weight=np.full(n * n, ceiling // 2),
        capacity=np.full(n, n),
    )
    with pytest.raises(WeightOverflowError, match="level 'points' may reach"):
        PlanProblem.of(pairs)
    PlanProblem.of(replace(pairs, capacity=np.full(n, 1)))
