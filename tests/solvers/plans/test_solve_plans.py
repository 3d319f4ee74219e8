"""Plans and teams, solved: as by trying all, proved, stopped, promised, and the same each time."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from threading import Event

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import plan_oracles as plain
from gigmatch.core.limits import Limits
from gigmatch.errors import (
    CertificateError,
    InvalidInputError,
    SolveInterrupted,
    StoppedError,
    UnsupportedError,
)
from gigmatch.problem import Problem
from gigmatch.problem.plans import PlanProblem, PlanSolution, verify_plans
from gigmatch.scenarios.plan_families import PLANS, mixed
from gigmatch.solvers.plans import solve_plans
from tests.conftest import examples

RANDOMS = st.integers(0, 2**32).map(Random)


@pytest.fixture(autouse=True)
def _plain(plain_plan_kernels):
    """Small problems wait for no compiler."""


def values(solution: PlanSolution) -> tuple[int, ...]:
    return tuple(claim.value for claim in solution.claims)


@examples(60)
@given(plain.plan_problems())
def test_the_answer_is_as_good_as_the_best_of_all_and_proved(problem):
    """Every mix: chains, limits, least headcounts, crews, groups, promises, tiers, negative weights."""
    best = plain.best(problem)
    if best is None:
        with pytest.raises(UnsupportedError, match="promised"):
            solve_plans(problem)
        return
    solution = solve_plans(problem)
    verify_plans(problem, solution)
    assert values(solution) == best[0]
    assert solution.status == "optimal"


@pytest.mark.parametrize("number", [20014, 20131, 20167])
def test_a_dive_ends_in_an_answer_or_in_nothing(number):
    """Plans may be whole where a team comes in part: such are no answer."""
    problem = plain.small(Random(number))
    solution = solve_plans(problem)
    verify_plans(problem, solution)
    assert values(solution) == plain.best(problem)[0]


def test_families_are_proved():
    """A small problem of each, scarce and plenty, with every level closed."""
    for family in PLANS.values():
        for scarce in (False, True):
            problem = family(12, 8, 1, scarce=scarce)
            solution = solve_plans(problem)
            verify_plans(problem, solution)
            assert solution.status == "optimal"


def test_threads_do_not_matter():
    """The same answer and the same proof."""
    problem = mixed(30, 15, 3)
    one, two = (solve_plans(problem, threads=threads) for threads in (1, 2))
    assert one.claims == two.claims
    assert one.worker.tolist() == two.worker.tolist()
    assert one.shift.tolist() == two.shift.tolist()
    for first, second in zip(one.certificates, two.certificates, strict=True):
        assert first.branching.what.tolist() == second.branching.what.tolist()
        for left, right in zip(first.splits, second.splits, strict=True):
            assert left.shift_price.tolist() == right.shift_price.tolist()


def test_a_run_that_is_stopped_claims_what_holds():
    """At once, or in the middle: verified, with bounds."""
    problem = mixed(30, 15, 3)
    best = values(solve_plans(problem))
    cancel = Event()
    cancel.set()
    for stopped, solution in (
        ("time limit", solve_plans(problem, time_limit_s=0)),
        ("cancelled", solve_plans(problem, cancel=cancel)),
    ):
        verify_plans(problem, solution)
        assert solution.status == "feasible"
        assert solution.stopped == stopped
        assert solution.claims[0].value <= best[0] <= solution.claims[0].bound


class _After:
    """Set, or interrupted, after so many looks."""

    def __init__(self, looks: int, error: type[BaseException] | None = None) -> None:
        self.looks, self.error = looks, error

    def is_set(self) -> bool:
        self.looks -= 1
        if self.looks < 0 and self.error:
            error, self.error = self.error, None
            raise error
        return self.looks < 0


@pytest.mark.parametrize("looks", [1, 15, 40, 90])
def test_wherever_it_is_stopped(looks):
    """What is claimed is verified, whichever level it was at; Ctrl-C carries the same."""
    problem = mixed(30, 15, 3)
    solution = solve_plans(problem, cancel=_After(looks))
    verify_plans(problem, solution)
    with pytest.raises(SolveInterrupted) as caught:
        solve_plans(problem, cancel=_After(looks, KeyboardInterrupt))
    verify_plans(problem, caught.value.solution)


def test_a_start_saves_work_and_changes_no_value():
    """Fewer rounds from prices and answer of the same problem; rows of another are refused."""
    problem = mixed(30, 15, 3)
    cold = solve_plans(problem)
    warm = solve_plans(problem, start=cold)
    verify_plans(problem, warm)
    assert values(warm) == values(cold)
    assert warm.statistics.counts.get("rounds", 0) < cold.statistics.counts["rounds"]
    with pytest.raises(InvalidInputError, match="rows must mean the same"):
        solve_plans(mixed(30, 14, 3), start=cold)


def test_promises_that_cannot_be_kept_together():
    """Two promised a single seat: nothing is feasible, and nothing is claimed before that is known."""
    pairs = Problem(indptr=[0, 1, 2], shift=[0, 0], weight=[1, 2], capacity=[1])
    problem = PlanProblem.of(pairs, kept=[0, 1])
    with pytest.raises(UnsupportedError, match="no answer keeps every promised pair"):
        solve_plans(problem)
    with pytest.raises(StoppedError, match="before there was an answer that keeps every promised pair"):
        solve_plans(problem, limits=Limits(time_limit_s=0))


def test_progress_never_falls():
    """Fractions of the whole, to 1."""
    told: list[float] = []
    solve_plans(mixed(12, 8, 1), progress=lambda stage, fraction: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1


def test_nothing_at_all():
    """No workers, no shifts, no pairs."""
    for indptr, capacity in (([0], []), ([0, 0], [1]), ([0], [1])):
        pairs = Problem(
            indptr=indptr, shift=np.empty(0, np.int32), weight=np.empty(0, np.int64), capacity=capacity
        )
        problem = PlanProblem.of(pairs)
        solution = solve_plans(problem)
        verify_plans(problem, solution)
        assert values(solution) == (0,)


def test_what_is_due_takes_place():
    """The best of all answers in which somebody is there, or none if there is no such answer."""
    proved = 0
    for seed in range(12):
        random = Random(seed)
        problem = plain.small(random, most_pairs=8)
        problem = replace(problem, due=[random.randrange(problem.pairs.n_shifts)])
        best = plain.best(problem)
        if best is None:
            with pytest.raises(UnsupportedError, match="promised"):
                solve_plans(problem)
            continue
        solution = solve_plans(problem)
        verify_plans(problem, solution)
        assert tuple(claim.value for claim in solution.claims) == best[0]
        proved += 1
        if (there := set(solution.shift.tolist())) != {*range(problem.pairs.n_shifts)}:
            away = min({*range(problem.pairs.n_shifts)} - there)
            with pytest.raises(CertificateError, match="is due, and nobody is there"):
                verify_plans(replace(problem, due=[away]), solution)
    assert proved
