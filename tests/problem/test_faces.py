"""Tight pairs are the same by the loop and by numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.core import kernels
from gigmatch.problem import Certificate, tight_pairs
from tests.conftest import examples


@examples(60)
@given(oracles.problems(max_workers=5, max_shifts=5, tiers=True), st.data())
def test_tight_pairs_by_a_loop(problem, data):
    """Of seats and points, with prices that are right or too low, listed or not."""
    pytest.importorskip("numba")
    prices = st.integers(0, 3)
    sizes = problem.n_workers, problem.n_shifts
    drawn = [data.draw(st.lists(prices, min_size=size, max_size=size)) for size in sizes]
    worker_price, shift_price = (np.array(each, np.int64) for each in drawn)
    for level in problem.weighted:
        proof = Certificate(level=level.name, worker_price=worker_price, shift_price=shift_price)
        for listed in (True, False):
            by_way = []
            for compiled in (False, True):
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(kernels, "are_worth_it", lambda module, pairs, compiled=compiled: compiled)
                    tight, broken = tight_pairs(problem, proof, listed=listed)
                before = tight if broken is None else tight[tight < broken]
                by_way.append((before.tolist(), broken))
            assert by_way[0] == by_way[1]
            assert listed or not by_way[0][0]
