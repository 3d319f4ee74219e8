"""What halls do today: against loops a person long, and a raffle against its chances."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.assignment.halls import HALLS, first_come, raffle
from gigmatch.assignment.instance import Instance, draw_lots
from gigmatch.model import Morning
from gigmatch.pairing.policy import DEFAULT_POLICY
from gigmatch.pairing.rules import DEFAULT_RULES
from gigmatch.pairing.travel import StraightLine
from tests.conftest import a_morning, a_shift, a_worker, examples
from tests.strategies import mornings

FIRST = {
    "first_come": lambda columns, lot, row: row,
    "longest_waiting_first": lambda columns, lot, row: (-known(columns.workers.days_waiting[row]), lot[row]),
    "fewest_hours_first": lambda columns, lot, row: (known(columns.workers.hours_this_week[row]), lot[row]),
}


def known(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def ready(morning: Morning, keep: Any = ()) -> tuple[Instance, Any]:
    instance = Instance.prepare(morning, DEFAULT_RULES, DEFAULT_POLICY, StraightLine(), keep, ())
    return instance, instance.eligible()


def pairs_of(instance: Instance, eligible: Any) -> dict[int, dict[int, int]]:
    """Points by shift of every worker who is not promised one."""
    problem = instance.problem(eligible, lots=False)
    rows = [slice(*problem.indptr[row : row + 2]) for row in range(problem.n_workers)]
    return {
        row: dict(zip(problem.shift[at].tolist(), problem.weight[at].tolist(), strict=True))
        for row, at in enumerate(rows)
    }


@given(morning=mornings(), seed=st.integers(0, 99))
@examples(10)
def test_in_turn_everybody_takes_the_best_left(morning: Morning, seed: int) -> None:
    """Person after person, for each order."""
    instance, eligible = ready(morning)
    lot = draw_lots(seed, "worker", instance.columns.worker_ids)
    for name, first in FIRST.items():
        left, due = instance.seats.copy(), np.full(instance.columns.n_workers, -1)
        offers = pairs_of(instance, eligible)
        for row in sorted(offers, key=lambda row: first(instance.columns, lot, row)):
            open_ones = [(-points, shift) for shift, points in offers[row].items() if left[shift]]
            if open_ones:
                due[row] = min(open_ones)[1]
                left[due[row]] -= 1
        assert HALLS[name](instance, eligible, seed).tolist() == due.tolist(), name


@given(morning=mornings(), seed=st.integers(0, 99))
@examples(10)
def test_no_seat_is_wasted(morning: Morning, seed: int) -> None:
    """By any: seats suffice, pairs are eligible, and nobody without a shift could have an open seat."""
    instance, eligible = ready(morning)
    offers = pairs_of(instance, eligible)
    for mechanism in HALLS.values():
        found = mechanism(instance, eligible, seed)
        assert found.tolist() == mechanism(instance, eligible, seed).tolist()
        left = instance.seats - np.bincount(found[found >= 0], minlength=instance.columns.n_shifts)
        assert (left >= 0).all()
        for row, shift in enumerate(found.tolist()):
            assert shift in offers[row] if shift >= 0 else not any(left[each] for each in offers[row])


def test_first_come_is_the_baseline_without_promises() -> None:
    """That which every assignment is held against."""
    morning = a_morning(*(a_worker(name) for name in "abcd"), a_shift("s", headcount=2), a_shift("t"))
    instance, eligible = ready(morning)
    assert first_come(instance, eligible, 0).tolist() == eligible.first_come.tolist()


@pytest.mark.parametrize("name", HALLS)
def test_promises_stand(name: str) -> None:
    """Whoever else comes first."""
    morning = a_morning(
        a_worker("a", days_since_last_placement=9), a_worker("b", hours_this_week=30), a_shift()
    )
    instance, eligible = ready(morning, keep=[("b", "s")])
    assert HALLS[name](instance, eligible, 0).tolist() == [-1, 0]


def test_every_card_is_drawn_alike() -> None:
    """Two seats for five people, and then one for the three who are left, over 2,000 seeds."""
    morning = a_morning(*(a_worker(name) for name in "abcde"), a_shift("s", headcount=2), a_shift("t"))
    instance, eligible = ready(morning)
    drawn = Counter(
        (row, shift) for seed in range(2000) for row, shift in enumerate(raffle(instance, eligible, seed))
    )
    for row in range(5):
        assert abs(drawn[row, 0] / 2000 - 2 / 5) < 0.05
        assert abs(drawn[row, 1] / 2000 - 1 / 5) < 0.045
