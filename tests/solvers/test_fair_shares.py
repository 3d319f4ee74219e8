"""The fair lottery in integers: against a linear programme by rounds, its certificate, and what is drawn."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from scipy.optimize import linprog

import oracles
from gigmatch.errors import SolverError
from gigmatch.problem import LOTTERY, POINTS, SEATS, Problem, check_assignment, level_values
from gigmatch.problem.fair import draw, verify_shares
from gigmatch.problem.fair.drawing import Rounding
from gigmatch.solvers import Control, flow, solve
from gigmatch.solvers.fair_shares import fair_shares
from tests.conftest import is_nightly, many

LEVELS = (SEATS, POINTS, LOTTERY)


def shares_of(problem):
    """The lottery and the best answer beside it."""
    best = solve(problem, "mincostflow")
    return fair_shares(problem, best, lambda part: solve(part, "mincostflow"), Control()), best


def random_problem(seed) -> Problem:
    """Few weights and few tiers, so that much is equal; mostly more people than seats."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(3, 11), rng.integers(1, 6)
    table = np.where(rng.random((n, m)) < rng.uniform(0.2, 0.8), rng.integers(0, 4, (n, m)), -1)
    rows = [[None if weight < 0 else int(weight) for weight in row] for row in table]
    lots = {"lot": rng.permutation(n), "shift_lot": rng.permutation(m)}
    return oracles.make(rows, rng.integers(0, 3, m), tier=rng.integers(1, 3, m), levels=LEVELS, **lots)


class Leximin:
    """A linear programme over lotteries with the best seats by tier: chances are raised round by round."""

    def __init__(self, problem, best):
        self.problem, pairs = problem, np.arange(problem.n_pairs)
        self.of_worker = np.zeros((problem.n_workers, problem.n_pairs + 1))  # the last column is `least`
        self.of_worker[problem.worker, pairs] = 1
        self.of_shift = np.zeros((problem.n_shifts, problem.n_pairs + 1))
        self.of_shift[problem.shift, pairs] = 1
        filled = np.bincount(best.shift[best.shift >= 0], minlength=problem.n_shifts)
        tiers = [problem.tier == tier for tier in np.unique(problem.tier)]
        self.seats = [self.of_shift[tier].sum(axis=0) for tier in tiers]
        self.filled = [filled[tier].sum() for tier in tiers]

    def most(self, aim, fixed, raised, least=0.0):
        """The most of an aim where some chances are fixed, and others are ``least`` beyond a number."""
        beyond = self.of_worker[raised].copy()
        beyond[:, -1] = -1
        found = linprog(
            -aim,
            A_ub=np.vstack([self.of_worker, self.of_shift, -beyond]),
            b_ub=[*np.ones(len(self.of_worker)), *self.problem.capacity, *[-least] * len(raised)],
            A_eq=np.vstack([*self.seats, self.of_worker[[*fixed]]]),
            b_eq=[*self.filled, *fixed.values()],
            bounds=[*[(0, 1)] * self.problem.n_pairs, (0, None)],
        )
        assert found.status == 0, found.message
        return -found.fun

    def chances(self):
        """Raise all who can be raised together; whoever can be raised no further alone is fixed."""
        left, fixed = list(range(self.problem.n_workers)), {}
        together = np.append(np.zeros(self.problem.n_pairs), 1)
        while left:
            least = self.most(together, fixed, left)
            alone = [self.most(self.of_worker[row], fixed, left, least - 1e-9) for row in left]
            fixed |= {row: least for row, reach in zip(left, alone, strict=True) if reach < least + 1e-6}
            left = [row for row in left if row not in fixed]
        return [fixed[row] for row in range(self.problem.n_workers)]

    def points(self, chances):
        """The most expected weight with these chances."""
        return self.most(np.append(self.problem.weight, 0.0), dict(enumerate(map(float, chances))), [])


def by_sets(problem) -> list[Fraction]:
    """Chances by definition of the blocks: the tightest set of people, then the tightest of the others."""
    reach = [set(problem.shift[slice(*ends)].tolist()) for ends in pairwise(problem.indptr)]
    found, used = [Fraction(1)] * len(reach), set()
    left = set(range(len(reach)))
    while left:
        ratio, _, people = min(
            (Fraction(int(problem.capacity[[*shifts - used]].sum()), size), -size, people)
            for size in range(1, len(left) + 1)
            for people in combinations(sorted(left), size)
            for shifts in [set().union(*(reach[row] for row in people))]
        )
        if ratio >= 1:
            break
        for row in people:
            found[row] = ratio
        used |= set().union(*(reach[row] for row in people))
        left -= {*people}
    return found


def test_chances_and_points_agree_with_a_linear_programme(first_number):
    """Ties, tiers, shifts without seats and people without shifts included."""
    contested = 0
    for seed in range(first_number, first_number + many(16)):
        problem = random_problem(seed)
        shares, best = shares_of(problem)
        found, programme = shares.chances, Leximin(problem, best)
        assert [*map(float, found)] == pytest.approx(programme.chances(), abs=1e-6), seed
        assert float(shares.expected_value) == pytest.approx(programme.points(found), abs=1e-5), seed
        contested += len(shares.blocks)
    assert contested > many(10)


def test_chances_agree_with_the_sets_and_are_proved(first_number):
    """Exactly; and every draw has the best seats, at most one seat each, and its certificate holds."""
    for seed in range(first_number, first_number + many(60) * (5 if is_nightly() else 1)):
        problem = random_problem(seed)
        shares, best = shares_of(problem)
        assert shares.chances == by_sets(problem), seed
        verify_shares(problem, shares, best)
        at = draw(shares, seed)
        check_assignment(problem, at)
        assert level_values(problem, at)[0] == level_values(problem, best.shift)[0]


def test_draws_have_exactly_the_chances():
    """Every way that the numbers can fall, by its chance: pairs come as often as the plan says."""
    for seed in range(many(20)):
        problem = random_problem(seed)
        shares, _ = shares_of(problem)
        for block in shares.blocks:
            whole = block.chance.denominator
            due = zip(block.plan_worker.tolist(), block.plan_shift.tolist(), strict=True)
            plan = {pair: Fraction(n, whole) for pair, n in zip(due, block.share.tolist(), strict=True)}
            assert outcomes(block) == plan


def test_a_flow_that_is_not_best_is_noticed(monkeypatch):
    """Nothing that OR-Tools answers is trusted: without prices that prove it there is no lottery."""

    def worst(indptr, shift, weight, supply, demand):
        return flow.solve_transport(indptr, shift, -weight, supply, demand)

    problem = oracles.make([[9, 1], [1, 9], [5, 5]], [1, 1], tier=[1, 1], lot=[0, 1, 2], levels=LEVELS)
    monkeypatch.setitem(flow.TASKS, "transport", worst)
    with pytest.raises(SolverError, match="no prices prove them"):
        shares_of(problem)


@pytest.mark.nightly
def test_a_hundred_thousand_draws_come_as_often_as_the_chances_say():
    """Every pair of a plan within four and a half standard deviations."""
    shares, n = shares_of(random_problem(1))[0], 100_000
    assert len(shares.blocks) > 1
    counts = Counter(pair for seed in range(n) for pair in enumerate(draw(shares, seed).tolist()))
    for block in shares.blocks:
        pairs = zip(block.plan_worker.tolist(), block.plan_shift.tolist(), strict=True)
        for pair, share in zip(pairs, block.share.tolist(), strict=True):
            chance = share / block.chance.denominator
            assert abs(counts[pair] - n * chance) < 4.5 * (n * chance * (1 - chance)) ** 0.5


class Script:
    """Numbers that fall as it is written, and tell of the first time that nothing is."""

    def __init__(self, falls):
        self.falls, self.fork = iter(falls), None

    def happens(self, part, whole):
        fall = next(self.falls, None)
        if fall is None:
            self.fork = self.fork or (part, whole)
        return bool(fall)


def outcomes(block) -> dict[tuple[int, int], Fraction]:
    """How likely each pair is, over every branch of the draw."""
    found, branches = Counter(), [((), Fraction(1))]
    while branches:
        taken, chance = branches.pop()
        numbers = Script(taken)
        pairs = Rounding(block, numbers).decided()
        if numbers.fork is None:
            found.update(dict.fromkeys(pairs, chance))
            continue
        up, whole = numbers.fork
        branches += [((*taken, True), chance * Fraction(up, whole))]
        branches += [((*taken, False), chance * Fraction(whole - up, whole))]
    return found
