"""What an answer's own proof says of others: never more than is lost, by any answer there is."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import plan_oracles as plain
from gigmatch.problem.plans import (
    LEAF,
    NEVER,
    PAIR,
    TEAM,
    Branching,
    LevelClaim,
    PlanCertificate,
    PlanProblem,
    PlanSolution,
    Split,
    least_losses,
)
from gigmatch.solvers.plans import solve_plans
from tests.conftest import examples


@pytest.fixture(autouse=True)
def _plain(plain_plan_kernels):
    """Small problems wait for no compiler."""


def any_proof(problem: PlanProblem, place: int, random: Random) -> PlanCertificate:
    """Any prices and any tree: whatever they prove must hold."""
    n, m = problem.pairs.n_pairs, problem.pairs.n_shifts
    nodes = list[tuple[int, int]]()

    def grow(depth: int) -> None:
        if not depth or not n or random.random() < 0.3:
            nodes.append((LEAF, random.randint(0, 1)))
            return
        kind = random.choice((PAIR, TEAM))
        nodes.append((kind, random.randrange(n if kind == PAIR else m)))
        grow(depth - 1)
        grow(depth - 1)

    def split() -> Split:
        pair = sorted(random.sample(range(n), random.randint(0, n))) if random.random() < 0.5 else []
        return Split(
            scale=random.randint(1, 3),
            multipliers=[random.randint(-1, 3) for _ in range(random.choice((0, place)))],
            shift_price=[random.randint(-2, 9) for _ in range(m)],
            pair=pair,
            pair_price=[random.randint(-2, 9) for _ in pair],
        )

    grow(random.randint(0, 3))
    kind, what = zip(*nodes, strict=True)
    tree = Branching(kind=kind, what=what)
    return PlanCertificate(level=problem.levels[place].name, branching=tree, splits=(split(), split()))


def refute(problem: PlanProblem, solution: PlanSolution, needed: Sequence[int]) -> None:
    """Hold what is said to be lost against every answer there is."""
    value = [claim.value for claim in solution.claims]
    losses = least_losses(problem, solution, np.array(needed))
    shift = problem.pairs.shift
    for pairs in plain.answers(problem):
        found = plain.values(problem, pairs)
        fill = np.bincount(shift[list(pairs)], minlength=len(needed))
        for place, least in enumerate(losses):
            weighs_above = any(any(split.multipliers) for split in solution.certificates[place].splits)
            if weighs_above and list(found[:place]) != value[:place]:
                continue
            lost = value[place] - found[place]
            assert (least.pair[list(pairs)] <= lost).all()
            assert (least.shift[fill >= needed] <= lost).all()


def more(problem: PlanProblem, solution: PlanSolution) -> list[int]:
    """One more at every shift that has a seat, with the least headcount."""
    fill = np.bincount(solution.shift, minlength=problem.pairs.n_shifts)
    return np.minimum(np.maximum(fill + 1, problem.minimum), problem.pairs.capacity).tolist()


@given(plain.plan_problems(most_pairs=8), st.integers(0, 2**32).map(Random))
@examples(30)
def test_no_answer_loses_less(problem: PlanProblem, random: Random):
    """Whatever prices and trees there are, in every mix."""
    if (found := plain.best(problem)) is None:
        return
    value, pairs = found
    worker, shift = plain.listed(problem, pairs)
    proofs = tuple(any_proof(problem, place, random) for place in range(len(value)))
    solution = PlanSolution(
        worker=worker,
        shift=shift,
        claims=tuple(LevelClaim(each.name, n, n) for each, n in zip(problem.levels, value, strict=True)),
        certificates=proofs,
        status="optimal",
        stopped="proved",
    )
    refute(problem, solution, more(problem, solution))


@given(plain.plan_problems(most_pairs=8))
@examples(10)
def test_proofs_of_the_solver_tell_what_stays_as_it_is(problem: PlanProblem):
    """Nothing is lost by what the answer has; of others no more is said than is lost."""
    if plain.best(problem) is None:
        return
    solution = solve_plans(problem)
    refute(problem, solution, more(problem, solution))
    taken = problem.pairs.find(solution.worker, solution.shift)
    assert all((level.pair[taken] <= 0).all() for level in least_losses(problem, solution, problem.minimum))


def test_what_no_answer_has_is_never(plain_plan_kernels: Any):
    """A team of two that only one could be in."""
    problem = PlanProblem.of(plain.oracles.make([[3, 9]], [1, 2]), minimum=[1, 2])
    [points] = least_losses(problem, solve_plans(problem), np.array([1, 2]))
    assert points.pair.tolist() == [0, NEVER]
    assert points.shift.tolist() == [0, NEVER]
