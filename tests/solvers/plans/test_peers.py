"""Plans and teams against solvers of whole models: HiGHS and CP-SAT have the same values on every level."""

from __future__ import annotations

from random import Random

import pytest

import plan_oracles as plain
from gigmatch.problem.plans import PlanProblem, verify_plans
from gigmatch.scenarios.plan_families import PLANS
from gigmatch.solvers.plans import solve_plans
from plan_models import by_cp_sat, by_highs, level_by_level
from tests.conftest import many, seldom

pytestmark = pytest.mark.peers


def agree(problem: PlanProblem, *peers) -> None:
    """The same value as all peers on every level, proved."""
    solution = solve_plans(problem)
    verify_plans(problem, solution)
    assert solution.status == "optimal"
    found = tuple(claim.value for claim in solution.claims)
    for peer in peers:
        assert found == level_by_level(problem, peer), peer.__name__


@pytest.mark.usefixtures("plain_plan_kernels")
def test_the_model_is_the_problem():
    """On small ones the whole model has the values of trying all."""
    for number in range(many(12)):
        problem = plain.small(Random(number))
        if best := plain.best(problem):
            assert level_by_level(problem, by_highs) == best[0]


@pytest.mark.usefixtures("plain_plan_kernels")
@pytest.mark.parametrize("scarce", [False, seldom(True)])
@pytest.mark.parametrize("name", sorted(PLANS))
def test_families(name, scarce):
    """Some dozens of people."""
    agree(PLANS[name](24, 12, 5, scarce=scarce), by_highs)


@pytest.mark.nightly
@pytest.mark.parametrize("scarce", [False, True])
@pytest.mark.parametrize("name", sorted(PLANS))
def test_families_of_200_people(name, scarce):
    """Both peers."""
    pytest.importorskip("ortools")
    agree(PLANS[name](200, 80, 6, scarce=scarce), by_highs, by_cp_sat)
