"""Answers made better part by part: always answers, ever better, and the best where a part is all."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

import plan_oracles as plain
from gigmatch.problem.plans import PlanProblem, check_answer
from gigmatch.scenarios.plan_families import PLANS
from gigmatch.solvers.base import Control
from gigmatch.solvers.plans import parts
from gigmatch.solvers.plans.crews import first_come
from gigmatch.solvers.plans.master import Master
from gigmatch.solvers.plans.parts import in_parts
from gigmatch.solvers.plans.teams import Teams
from gigmatch.solvers.plans.units import Units
from gigmatch.solvers.plans.whole import among
from tests.conftest import seldom


@pytest.fixture(autouse=True)
def _plain(plain_plan_kernels):
    """Small problems wait for no compiler."""


def improved(problem: PlanProblem) -> tuple[Master, list[int]]:
    """The pool of each one's best plans at prices from high to none, and what the answers are worth."""
    units, weight = Units(problem), problem.pairs.weight
    master = Master(problem, units, Teams(problem), Control())
    master.aim(weight)
    for price in range(0, 10_000, 1000):
        best = units.best(np.maximum(weight - price, 0))
        some = np.flatnonzero(best.value)
        master.add_plans(some, best.plan[some])
    answer = first_come(problem)
    master.plans_of(answer)
    best, price = units.best(weight), np.zeros(len(weight), np.int64)
    lost = best.value[master.unit] - np.append(weight, 0)[master.pool].sum(axis=1)
    values = [int(weight[answer].sum())]
    for pairs in in_parts(master, answer, lost, best.value, price):
        worker, shift = problem.pairs.workers_of(pairs), problem.pairs.shift[pairs]
        order = np.lexsort((problem.rank[shift], worker))
        check_answer(problem, worker[order], shift[order])
        values.append(int(weight[pairs].sum()))
    return master, values


@pytest.mark.parametrize("name", ["chains", *map(seldom, sorted(PLANS.keys() - {"chains"}))])
def test_the_best_of_the_pool_is_found(name):
    """Where a part is everybody; ever better on the way."""
    master, values = improved(PLANS[name](24, 12, 3, scarce=True))
    assert values == sorted(set(values))
    assert len(values) > 1
    assert values[-1] == master.worth(among(master, np.ones(len(master.unit), bool)))


def test_small_parts(monkeypatch):
    """Of three: nothing that they find is worse, and most of what there is they find."""
    monkeypatch.setattr(parts, "_SIZES", (3,))
    ends = []
    for number in range(2):
        master, values = improved(PLANS["chains"](16, 8, number, scarce=True))
        assert values == sorted(set(values))
        ends.append(values[-1] / master.worth(among(master, np.ones(len(master.unit), bool))))
    assert 0.95 < min(ends) <= max(ends) <= 1


def test_every_mix():
    """No answer of any small problem is made one that is none."""
    for number in range(40):
        problem = plain.small(Random(number))
        if not (len(problem.kept) or len(problem.due)):
            _, values = improved(problem)
            assert values == sorted(set(values))
