"""What a change costs, against every assignment there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.errors import SolverError
from gigmatch.evidence.prices import amount, combined_prices
from gigmatch.explaining import residual
from gigmatch.explaining.residual import Residual
from gigmatch.problem import Problem, verify
from gigmatch.solvers import solve

IMPOSSIBLE = 2**61


def worth(problem, assignment) -> int:
    """All levels in one number, as the residual network has them."""
    scale = _scale(combined_prices(problem, solve(problem)).scales)
    seats = sum(int(problem.tier_weight[j]) for j in assignment if j >= 0)
    return oracles.points(problem, assignment) + scale * seats


def _scale(scales) -> int:
    """What a seat counts, 0 without tiers."""
    return scales[0] if len(scales) > 1 else 0


def solved(problem) -> tuple[Residual, int]:
    network = Residual(problem, solve(problem))
    return network, worth(problem, network.at.tolist())


def most(problem, allowed=lambda assignment: True) -> int | None:
    """The greatest worth among assignments that are allowed, None if there is none."""
    return max((worth(problem, a) for a in oracles.assignments(problem) if allowed(a)), default=None)


def moved(network, change) -> list[int]:
    """The assignment after the moves, each of which starts where the worker is."""
    after = network.at.tolist()
    for worker, leaves, to in change.moves:
        assert after[worker] == leaves
        after[worker] = to
    return after


def with_capacity(problem, shift, seats) -> Problem:
    capacity = problem.capacity.copy()
    capacity[shift] += seats
    return replace(problem, capacity=capacity)


@given(oracles.problems(max_workers=4, max_shifts=3))
def test_forcing_a_pair_costs_exactly_what_the_best_assignment_with_it_lacks(problem):
    """By every assignment that has the pair; the moves reach it; the loss by worker and by shift agree."""
    network, today = solved(problem)
    for pair in range(problem.n_pairs):
        worker, shift = int(problem.worker[pair]), int(problem.shift[pair])
        if network.at[worker] == shift:
            continue
        best = most(problem, lambda a, i=worker, j=shift: a[i] == j)
        by_worker = network.losses_of_worker(worker)[pair - problem.indptr[worker]]
        rows, by_shift = network.losses_at_shift(shift)
        if best is None:
            assert problem.capacity[shift] == 0
            assert by_worker >= IMPOSSIBLE
            continue
        change = network.forced(worker, shift, pair)
        assert change.loss == by_worker == by_shift[rows.tolist().index(worker)] == today - best
        after = moved(network, change)
        assert after[worker] == shift
        assert worth(problem, after) == best
        assert (
            np.bincount([j for j in after if j >= 0], minlength=problem.n_shifts) <= problem.capacity
        ).all()


@given(oracles.problems(max_workers=4, max_shifts=3))
def test_prices_are_the_gain_of_a_seat_and_the_loss_of_one(problem):
    """The least and the greatest price of every seat, by solving with one seat more and one less."""
    network, today = solved(problem)
    scale = _scale(network.scales)
    for shift in range(problem.n_shifts):
        gain = _value(with_capacity(problem, shift, 1), scale) - today
        change = network.with_seat(shift)
        assert -change.loss == network.least_price[shift] == gain
        if problem.capacity[shift]:
            loss = today - _value(with_capacity(problem, shift, -1), scale)
            assert network.without_seat(shift).loss == network.greatest_price[shift] == loss


def _value(problem, scale) -> int:
    return max(
        oracles.points(problem, a) + scale * sum(int(problem.tier_weight[j]) for j in a if j >= 0)
        for a in oracles.assignments(problem)
    )


@given(oracles.problems(max_workers=4, max_shifts=3))
def test_placing_somebody_and_filling_a_seat_cost_the_least_there_is(problem):
    """Whoever is left over, wherever it is cheapest; and an empty seat, by whoever costs least."""
    network, today = solved(problem)
    for worker in np.flatnonzero((network.at < 0) & (np.diff(problem.indptr) > 0)).tolist():
        best = most(problem, lambda a, i=worker: a[i] >= 0)
        if best is not None:
            change = network.placed(worker)
            assert change.loss == network.placed_at_most(worker).loss == today - best
            assert worth(problem, moved(network, change)) == best
            assert worth(problem, moved(network, network.placed_at_most(worker))) == best
    for shift in np.flatnonzero(network.filled < problem.capacity).tolist():
        more = int(network.filled[shift]) + 1
        best = most(problem, lambda a, j=shift, n=more: a.count(j) >= n)
        change = network.filled_more(shift)
        if best is None:
            assert change.loss >= IMPOSSIBLE - abs(today)
        else:
            assert change.loss == today - best
            assert worth(problem, moved(network, change)) == best


@given(oracles.problems(max_workers=5, max_shifts=4), st.data())
def test_reach_follows_who_could_move_on(problem, data):
    """By walking from holder to holder, and back."""
    network, _ = solved(problem)
    if not problem.n_shifts:
        return
    start = data.draw(st.integers(0, problem.n_shifts - 1))
    forward, back = {start}, {start}
    steps = [(int(network.at[i]), int(j)) for i, j in zip(problem.worker, problem.shift, strict=True)]
    for _ in range(problem.n_shifts):
        forward |= {j for k, j in steps if k in forward}
        back |= {k for k, j in steps if j in back and k >= 0}
    reached = network.reach(np.array([start]))
    assert set(np.flatnonzero(reached).tolist()) == forward
    assert set(np.flatnonzero(network.reach(np.array([start]), back=True)).tolist()) == back


@given(oracles.problems(max_workers=4, max_shifts=3, tiers=True))
def test_the_certificates_together_prove_all_levels_at_once(problem):
    """Their sum closes the gap at a scale that no points outweigh; amounts split it by tier again."""
    problem = replace(problem, tier=problem.tier + 1)  # as in mornings, no tier is below 0
    solution = solve(problem)
    scales, workers, shifts = combined_prices(problem, solution)
    at = solution.shift.astype(np.int64)
    assert int(workers.sum()) + int((shifts * problem.capacity).sum()) == worth(problem, at.tolist())
    for other in oracles.assignments(problem):
        lost = amount(problem, at, np.array(other, np.int64))
        assert lost.key >= amount(problem, at, at).key
        assert worth(problem, at.tolist()) - worth(problem, other) >= 0
    assert scales[-2] >= problem.largest_multipliers[-1]


def test_large_random_problems_agree_with_solving_anew():
    """300 workers, tiers: forced pairs and seats against a solve of the changed problem."""
    base = oracles.random_problem(300, 60, 12, seed=5)
    problem = replace(base, tier=np.random.default_rng(1).integers(1, 4, base.n_shifts))
    solution = solve(problem)
    network = Residual(problem, solution)
    rng = np.random.default_rng(2)
    for shift in rng.choice(problem.n_shifts, 15, replace=False).tolist():
        more = solve(with_capacity(problem, shift, 1))
        verify(with_capacity(problem, shift, 1), more)
        assert network.least_price[shift] == _combined(problem, more) - _combined(problem, solution)
    for pair in rng.choice(problem.n_pairs, 40, replace=False).tolist():
        worker, shift = int(problem.worker[pair]), int(problem.shift[pair])
        if problem.capacity[shift] and network.at[worker] != shift:
            kept = problem.worker != worker
            indptr = np.searchsorted(np.flatnonzero(kept), problem.indptr)
            rest = replace(
                with_capacity(problem, shift, -1),
                indptr=indptr,
                shift=problem.shift[kept],
                weight=problem.weight[kept],
            )
            forced = _combined(rest, solve(rest), _scale(network.scales)) + network.weight[pair]
            assert network.forced(worker, shift, pair).loss == _combined(problem, solution) - forced


def _combined(problem, solution, scale=None) -> int:
    scale = _scale(combined_prices(problem, solution).scales) if scale is None else scale
    placed = solution.shift[solution.shift >= 0]
    return solution.value + scale * int(problem.tier_weight[placed].sum())


def test_distances_beyond_exact_numbers_are_refused(monkeypatch):
    """Rather a refusal than a figure that is off by one."""
    monkeypatch.setattr(residual, "_EXACT", 1.0)
    problem = oracles.make([[5, 3], [4, None]], [1, 1])
    with pytest.raises(SolverError, match="coarser weights"):
        Residual(problem, solve(problem)).forced(0, 0, 0)
