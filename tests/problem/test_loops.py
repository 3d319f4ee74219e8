"""What is done in loops is the same as by numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.core import kernels
from gigmatch.problem import Certificate, tight_pairs
from gigmatch.problem import problem as problems
from tests.conftest import examples

pytest.importorskip("numba")


def both_ways(ask):
    """What is answered by numpy, and in a loop."""
    answers = []
    for compiled in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernels, "are_worth_it", lambda module, pairs, compiled=compiled: compiled)
            patch.setattr(problems, "MANY", 0)
            answers.append(ask())
    return answers


@examples(60)
@given(oracles.problems(max_workers=5, max_shifts=5, tiers=True), st.data())
def test_tight_pairs(problem, data):
    """Of seats and points, with prices that are right or too low, listed or not."""
    prices, sizes = st.integers(0, 3), (problem.n_workers, problem.n_shifts)
    drawn = [data.draw(st.lists(prices, min_size=size, max_size=size)) for size in sizes]
    worker_price, shift_price = (np.array(each, np.int64) for each in drawn)
    for level in problem.weighted:
        proof = Certificate(level=level.name, worker_price=worker_price, shift_price=shift_price)
        for listed in (True, False):

            def ask(proof=proof, listed=listed):
                tight, broken = tight_pairs(problem, proof, listed=listed)
                return (tight if broken is None else tight[tight < broken]).tolist(), broken

            plain, compiled = both_ways(ask)
            assert plain == compiled
            assert listed or not plain[0]


@examples(30)
@given(oracles.problems(max_workers=5, max_shifts=5))
def test_find(problem):
    """Every worker with every shift, and shifts that there are not."""
    worker, shift = np.meshgrid(np.arange(problem.n_workers), np.arange(-1, problem.n_shifts + 1))
    plain, compiled = both_ways(lambda: problem.find(worker, shift))
    np.testing.assert_array_equal(plain, compiled)
    assert (plain >= 0).sum() == problem.n_pairs
