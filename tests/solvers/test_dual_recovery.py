"""Dual prices: that they prove optimality, and that their range is what a seat is worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.core import kernels
from gigmatch.problem import Problem, Weights
from gigmatch.problem.levels.base import laid_out
from gigmatch.scenarios import families
from gigmatch.solvers import Control, dual_recovery, greatest_prices, least_prices, solve
from gigmatch.solvers.dual_recovery import side_level_prices
from tests.conftest import examples

RECOVER = [least_prices, greatest_prices]


def value(problem, shift, by) -> int:
    """The optimum with ``by`` more seats at one shift, by brute force."""
    capacity = problem.capacity.copy()
    capacity[shift] += by
    changed = Problem(indptr=problem.indptr, shift=problem.shift, weight=problem.weight, capacity=capacity)
    return max(oracles.points(changed, a) for a in oracles.assignments(changed))


@examples(60)
@given(oracles.problems(max_workers=4, max_shifts=3, tiers=False, lots=False))
def test_the_range_is_what_a_seat_is_worth(problem):
    """The least price is the gain of one more seat, the greatest the loss of one fewer: exactly."""
    shift = solve(problem).shift
    least, greatest = least_prices(problem, shift), greatest_prices(problem, shift)
    for j in range(problem.n_shifts):
        assert least.shift[j] == value(problem, j, 1) - value(problem, j, 0) or not problem.capacity[j]
        if problem.capacity[j]:
            assert greatest.shift[j] == value(problem, j, 0) - value(problem, j, -1)


@pytest.mark.parametrize("recover", RECOVER)
@examples(60)
@given(oracles.problems(max_workers=4, max_shifts=3, tiers=False, lots=False), st.randoms())
def test_prices_exist_exactly_for_optima(recover, problem, random):
    """Of any feasible assignment: prices that close if it is optimal, None if it is not."""
    everything = list(oracles.assignments(problem))
    best = max(oracles.points(problem, a) for a in everything)
    for assignment in random.sample(everything, min(6, len(everything))):
        prices = recover(problem, np.array(assignment, np.int32))
        assert (prices is None) == (oracles.points(problem, assignment) < best)
        if prices is not None:
            _assert_proves(problem, prices, best)


@pytest.mark.parametrize("recover", RECOVER)
def test_prices_of_a_larger_problem(recover):
    """Hundreds of workers, long chains of displacement, both ends of the range."""
    problem = oracles.random_problem(300, 80, 12, seed=5)
    solution = solve(problem)
    _assert_proves(problem, recover(problem, solution.shift), solution.value)


@examples(50)
@given(oracles.problems(max_workers=4, max_shifts=3, tiers=False, lots=False), st.randoms())
def test_levels_that_weigh_no_pairs_have_the_same_least_prices(problem, random):
    """Of any assignment, by one reading of the rows: what label correction over the pairs finds, or None."""
    own, worth = ([random.randint(0, 3) for _ in range(n)] for n in (problem.n_workers, problem.n_shifts))
    parts = {"worker": np.array(own, np.int64), "shift": np.array(worth, np.int64)}
    for left_out in ("", "worker", "shift"):
        weights = Weights(**{name: None if name == left_out else part for name, part in parts.items()})
        plain = problem.plain(laid_out(problem, weights))
        for assignment in random.sample(every := list(oracles.assignments(problem)), min(4, len(every))):
            shift = np.array(assignment, np.int32)
            found, due = side_level_prices(problem, weights, shift), least_prices(plain, shift)
            assert (found is None) == (due is None)
            if found is not None and (problem.capacity > 0).all():
                assert (found.shift == due.shift).all()
                assert (found.worker == due.worker).all()


@pytest.mark.parametrize("few", [0, 64, 10**9])
@pytest.mark.parametrize("family", ["street", "street_tied", "band", "rank_one", "few_shifts"])
def test_prices_that_rise_along_everything(monkeypatch, family, few):
    """One by one, in order, or both in turns: they prove the optimum, and are the least that do."""
    problem = families.CLIFFS[family](90, 90, 1)
    best = solve(problem, "mincostflow")
    expected = least_prices(problem, best.shift)
    for name, value in (("_FEW_PAIRS", few), ("_PAIRS_AT_ONCE", 50), ("_LOOKS_AT_ONCE", 7)):
        monkeypatch.setattr(dual_recovery, name, value)
    prices = least_prices(problem, best.shift)
    _assert_proves(problem, prices, best.value)
    assert prices.shift.tolist() == expected.shift.tolist()


@pytest.mark.parametrize("few", [0, 10**9])
def test_a_gaining_cycle_ends(monkeypatch, few):
    """Everybody is one unit off, round a ring: found in rounds, not when a price reaches a ceiling."""
    monkeypatch.setattr(dual_recovery, "_FEW_PAIRS", few)
    n = 200
    shift = np.stack([np.arange(n), (np.arange(n) + 1) % n], axis=1)
    weight = np.tile([10**12, 10**12 + 1], n)
    order = np.argsort(shift, axis=1)
    problem = Problem(
        indptr=np.arange(n + 1) * 2,
        shift=np.take_along_axis(shift, order, axis=1).ravel().astype(np.int32),
        weight=np.take_along_axis(weight.reshape(n, 2), order, axis=1).ravel(),
        capacity=np.ones(n, np.int64),
    )
    assert least_prices(problem, np.arange(n, dtype=np.int32)) is None
    assert least_prices(problem, ((np.arange(n) + 1) % n).astype(np.int32)) is not None


def test_a_long_street_takes_little_work():
    """The price of a seat too few reaches every one of 20,000 shifts, in few rounds of numpy's."""
    problem = families.street_tied(20_000, 0, 1)
    control = _Counting()
    shift = np.append(np.arange(19_999), -1).astype(np.int32)
    assert least_prices(problem, shift, control).shift.tolist() == [5_000] * 19_999
    assert control.checks < 100


def test_seats_are_proved_along_a_long_street():
    """Where the last worker wants one seat more, every seat is worth one: found without a round a shift."""
    problem = families.street_tied(20_000, 0, 1)
    shift, seats = np.append(np.arange(19_999), -1).astype(np.int32), Weights(shift=np.ones(19_999, np.int64))
    control = _Counting()
    prices = side_level_prices(problem, seats, shift, control)
    assert prices.shift.tolist() == [1] * 19_999
    assert not prices.worker.any()
    assert control.checks < 100
    fewer = np.append(np.arange(19_998), [-1, -1]).astype(np.int32)
    assert side_level_prices(problem, seats, fewer) is None


class _Counting(Control):
    checks = 0

    def check(self):
        self.checks += 1


def _assert_proves(problem, prices, best):
    assert min([*prices.worker, *prices.shift], default=0) >= 0
    assert (prices.worker[problem.worker] + prices.shift[problem.shift] >= problem.weight).all()
    assert prices.worker.sum() + (problem.capacity * prices.shift).sum() == best


@pytest.mark.parametrize("recover", RECOVER)
def test_a_gaining_cycle_ends_after_as_many_rounds_as_shifts(recover):
    """Two workers who should swap, with weights so large that unit steps would take for ever."""
    huge = 10**16
    problem = oracles.make([[huge, huge + 1, None], [huge, huge, huge], [None, None, huge]], [1, 1, 1])
    assert recover(problem, np.array([0, 1, 2], np.int32)) is None


@pytest.mark.parametrize("recover", RECOVER)
def test_a_held_pair_below_zero_is_never_optimal(recover):
    """Leaving the seat empty is better."""
    assert recover(oracles.make([[-1]], [1]), np.array([0], np.int32)) is None


def test_closed_shifts_are_priced_above_everybody():
    """A shift without seats gets the price at which nobody wants one."""
    problem = oracles.make([[9, 4], [8, None]], [0, 1])
    shift = np.array([1, -1], np.int32)
    assert least_prices(problem, shift).shift.tolist() == [8, 0]
    assert greatest_prices(problem, shift).shift.tolist() == [9, 4]


@pytest.mark.parametrize(("at_once", "passes"), [(1 << 20, 16), (1, 16), (1, 1)])
@examples(30)
@given(problem=oracles.problems(max_workers=5, max_shifts=4, tiers=False, lots=False), random=st.randoms())
def test_least_prices_in_a_loop(at_once, passes, problem, random):
    """The same as by numpy, in one go, in many, and where that takes too long; None for no optimum, too."""
    pytest.importorskip("numba")
    everything = list(oracles.assignments(problem))
    for assignment in random.sample(everything, min(4, len(everything))):
        found = []
        for compiled in (False, True):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(kernels, "are_worth_it", lambda module, pairs, compiled=compiled: compiled)
                patch.setattr(dual_recovery, "_PAIRS_IN_A_LOOP", at_once)
                patch.setattr(dual_recovery, "_PASSES", passes)
                prices = least_prices(problem, np.array(assignment, np.int32))
                found.append(prices and [price.tolist() for price in prices])
        assert found[0] == found[1]
