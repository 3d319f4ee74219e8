"""First answers: whole, and what is answered is never below what a hall does."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

import plan_oracles as plain
from gigmatch import match
from gigmatch.problem import Problem
from gigmatch.problem.first_come import FirstCome
from gigmatch.problem.plans import PlanProblem, check_answer, verify_plans, whole_only
from gigmatch.scenarios import site
from gigmatch.scenarios.plan_families import PLANS
from gigmatch.solvers.base import Control
from gigmatch.solvers.plans import solve_plans
from gigmatch.solvers.plans.crews import by_teams, first_come
from gigmatch.solvers.plans.greedy import at_prices
from gigmatch.solvers.plans.teams import Teams
from gigmatch.solvers.plans.units import Units


@pytest.fixture(autouse=True)
def _plain(plain_plan_kernels):
    """Small problems wait for no compiler."""


def rows(problem: PlanProblem, answer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    worker, shift = problem.pairs.workers_of(answer), problem.pairs.shift[answer]
    order = np.lexsort((problem.rank[shift], worker))
    return worker[order], shift[order]


def of_a_hall(problem: PlanProblem) -> tuple[int, ...]:
    """What first come, first served is worth where teams that are not whole stay away, level by level."""
    pairs = problem.pairs
    served = FirstCome(pairs.n_workers, pairs.capacity)
    served.serve_all(pairs.indptr, pairs.shift, pairs.weight)
    at = whole_only(problem, served.shift)
    taken = np.flatnonzero(at[pairs.workers_of(np.arange(pairs.n_pairs))] == pairs.shift)
    return tuple(level.value_of(taken) for level in problem.levels)


@pytest.mark.parametrize("name", sorted(PLANS))
def test_stopped_at_once_it_is_no_worse_than_a_hall(name):
    """Without any time, too."""
    for number in range(5):
        problem = PLANS[name](20, 10, number, scarce=True)
        if problem.fits_alone(np.arange(problem.pairs.n_pairs)).all():
            solution = solve_plans(problem, time_limit_s=0)
            verify_plans(problem, solution)
            assert tuple(claim.value for claim in solution.claims) >= of_a_hall(problem)
            assert solution.claims[0].value > 0


def test_first_answers_are_answers():
    """Of every mix: no pair of them breaks a rule."""
    teams_found = 0
    for number in range(100):
        problem = plain.small(Random(number))
        if len(problem.kept) or len(problem.due):
            continue
        units, teams, weight = Units(problem), Teams(problem), problem.pairs.weight
        whole = by_teams(units, teams, weight, Control())
        price = np.zeros(problem.pairs.n_shifts, np.int64)
        check_answer(problem, *rows(problem, first_come(problem)))
        check_answer(problem, *rows(problem, whole))
        check_answer(problem, *rows(problem, at_prices(units, teams, weight, price, Control(), whole)))
        teams_found += len(whole) > 0
    assert teams_found > 10


def test_crews_that_first_come_leaves_short_are_filled():
    """Three like the same seat best; by teams, both crews of two are whole."""
    shifts = [0, 1, 2, 3] * 4
    pairs = Problem(indptr=[0, 4, 8, 12, 16], shift=shifts, weight=[9, 3, 8, 2] * 4, capacity=[1] * 4)
    problem = PlanProblem.of(pairs, crew=[0, 0, 1, 1], group=[-1, -1, 0, 0], group_in_crew=[True])
    whole = by_teams(Units(problem), Teams(problem), pairs.weight, Control())
    check_answer(problem, *rows(problem, whole))
    assert len(whole) == 4


def test_every_plan_is_found_where_all_take_one_shift():
    """Each once, so that the best of each unit is among them; none where plans have several shifts."""
    groups = 0
    for number in range(60):
        problem = plain.small(Random(number))
        units, every = Units(problem), Units(problem).every(1000)
        if every is None:
            assert len(problem.follower)
            continue
        unit, plans = every
        assert len(np.unique(plans, axis=0)) == len(plans)
        best = np.zeros(units.n_units, np.int64)
        np.maximum.at(best, unit, np.append(problem.pairs.weight, 0)[plans].sum(axis=1))
        assert best.tolist() == units.best(problem.pairs.weight).value.tolist()
        groups += (unit >= problem.pairs.n_workers).any()
    assert groups


@pytest.mark.nightly
def test_the_sample_of_sites_is_proved():
    """400 people, 100 crews, 38 groups: through a tree of some hundred nodes."""
    assert match(site(7)).solution.status == "optimal"


def test_building_sites_are_proved():
    """Whole crews with companions, scarce: far above a hall, and no worse where there is no time."""
    morning = site(7, workers=50)
    stopped, whole = match(morning, time_limit_s=0), match(morning)
    assert stopped.summary.placements >= stopped.baseline.placements
    assert whole.solution.status == "optimal"
    assert whole.summary.placements > 1.5 * whole.baseline.placements
