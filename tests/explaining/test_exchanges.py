"""Answers near another one: whatever was made room for is an answer, and has what was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

import plan_oracles as plain
from gigmatch.explaining.exchanges import with_pair, with_people
from gigmatch.problem.plans import PlanProblem, PlanSolution, check_answer
from tests.conftest import examples


@pytest.fixture(autouse=True)
def _plain(plain_plan_kernels):
    """Small problems wait for no compiler."""


def best(problem: PlanProblem) -> PlanSolution | None:
    """The best answer, without proofs."""
    if (found := plain.best(problem)) is None:
        return None
    worker, shift = plain.listed(problem, found[1])
    return PlanSolution(
        worker=worker, shift=shift, claims=(), certificates=(), status="feasible", stopped="given"
    )


@given(plain.plan_problems(most_pairs=8))
@examples(25)
def test_who_comes_and_who_makes_room_are_an_answer(problem: PlanProblem):
    """Where the shift takes place already, or all its people were found."""
    if (answer := best(problem)) is None:
        return
    taken = set(problem.pairs.find(answer.worker, answer.shift).tolist())
    fill = np.bincount(answer.shift, minlength=problem.pairs.n_shifts)
    for pair in sorted(set(range(problem.pairs.n_pairs)) - taken):
        near = with_pair(problem, answer, pair)
        came = set(problem.pairs.find(near.worker, near.shift).tolist()) - taken
        assert came <= {pair}
        if came and fill[problem.pairs.shift[pair]] >= problem.minimum[problem.pairs.shift[pair]]:
            check_answer(replace(problem, kept=np.union1d(problem.kept, [pair])), near.worker, near.shift)
    for shift in np.flatnonzero(fill < problem.pairs.capacity).tolist():
        minimum = problem.minimum.copy()
        minimum[shift] = max(minimum[shift], fill[shift] + 1)
        asked = replace(problem, minimum=minimum, due=np.array([shift]))
        needed = np.where(problem.unit == problem.unit[shift], minimum, 0)
        near = with_people(asked, answer, needed)
        if (np.bincount(near.shift, minlength=len(fill)) >= needed).all():
            check_answer(asked, near.worker, near.shift)


def test_the_one_who_counts_least_makes_room():
    """Of two in a shift with two seats, and who has a second shift leaves what is not beside the new one."""
    pairs = plain.oracles.make([[5, None, None], [9, 4, 3], [7, None, None]], [2, 1, 1])
    arrays = {"most_shifts": [1, 2, 1], "follower_indptr": [0, 0, 0, 1, 1, 1], "follower": [3]}
    problem = PlanProblem.of(pairs, **arrays)
    answer = replace(best(problem), worker=[0, 1, 1], shift=[0, 1, 2])
    near = with_pair(problem, answer, 1)
    assert sorted(zip(near.worker.tolist(), near.shift.tolist(), strict=True)) == [(0, 0), (1, 0)]
    answer = replace(answer, worker=[0, 1], shift=[0, 0])
    near = with_pair(problem, answer, 4)
    assert sorted(zip(near.worker.tolist(), near.shift.tolist(), strict=True)) == [(1, 0), (2, 0)]
