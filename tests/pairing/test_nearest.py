"""Held at first: what is near the best of its worker, and the nearest workers of every shift."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.columns import columns_of
from gigmatch.pairing import candidates
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.eligible import eligible_pairs
from gigmatch.pairing.nearest import LEAST, UNBOUNDED, Nearest
from gigmatch.pairing.policy import DEFAULT_POLICY
from gigmatch.pairing.travel import StraightLine
from tests.conftest import a_morning, a_shift, a_worker, examples

N_WORKERS, N_SHIFTS = 7, 6
NOTHING = np.zeros((0, 2), np.int64)


@pytest.fixture(scope="module")
def case():
    """Everybody may take every shift."""
    morning = a_morning(
        *(a_worker(f"w{n}") for n in range(N_WORKERS)), *(a_shift(f"s{n}") for n in range(N_SHIFTS))
    )
    return Candidates.prepare(columns_of(morning), (), StraightLine())


def chosen(case, nearest, block=1 << 18):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BLOCK_PAIRS", block)
        return nearest.held(eligible_pairs(case, DEFAULT_POLICY, NOTHING, nearest))


COSTS = st.lists(st.integers(-9, 9), min_size=N_WORKERS * N_SHIFTS, max_size=N_WORKERS * N_SHIFTS)
SLACKS = st.lists(st.sampled_from([0, 2, 5, UNBOUNDED]), min_size=N_WORKERS, max_size=N_WORKERS)


@examples(30)
@given(COSTS, SLACKS, st.integers(1, 7), st.integers(0, 3), st.sampled_from([0, -4]))
def test_what_is_near_is_held(case, values, slack, each, of_shift, floor):
    """Whole rows within the slack unless there are too many, and the nearest of each shift; the same from
    blocks of any size. Nothing left out is worth more than is noted.
    """
    cost = np.array(values, np.int64).reshape(N_WORKERS, N_SHIFTS)
    slack = np.array(slack, np.int64)

    def made():
        return Nearest(
            lambda pairs, points: cost[pairs.worker, pairs.shift],
            np.full(N_WORKERS, floor, np.int64),
            slack,
            each,
            np.full(N_SHIFTS, of_shift),
        )

    nearest = made()
    found = chosen(case, nearest)
    held = np.zeros((N_WORKERS, N_SHIFTS), dtype=bool)
    held[found.pairs.worker, found.shift] = True
    again = chosen(case, made(), block=1)
    assert (again.pairs.worker.tolist(), again.shift.tolist()) == (
        found.pairs.worker.tolist(),
        found.shift.tolist(),
    )
    distance = cost + np.maximum(-cost.min(axis=1), floor)[:, None]
    for worker in range(N_WORKERS):
        within = distance[worker] <= slack[worker]
        farthest = np.sort(distance[worker][within])[: min(each, within.sum())].max(initial=-1)
        assert held[worker][within & (distance[worker] < farthest)].all()
        assert held[worker].sum() >= min(each, within.sum())
        left = -cost[worker][~held[worker]]
        assert left.max(initial=LEAST) <= nearest.left[worker]
    for shift in range(N_SHIFTS):
        nearby = np.sort(distance[:, shift])[:of_shift].max(initial=-1)
        assert held[distance[:, shift] < nearby, shift].all()
        assert held[:, shift].sum() >= of_shift
    assert held.sum() <= N_WORKERS * each + N_SHIFTS * of_shift


def test_equals_are_spread(case):
    """Where all cost the same, not everybody is sent to the first shifts."""
    everywhere = Nearest(
        lambda pairs, points: np.zeros(len(pairs), np.int64),
        np.zeros(N_WORKERS, np.int64),
        np.zeros(N_WORKERS, np.int64),
        2,
        np.zeros(N_SHIFTS, np.int64),
    )
    found = chosen(case, everywhere)
    assert np.diff(found.indptr).tolist() == [2] * N_WORKERS
    assert len(np.unique(found.shift)) > N_SHIFTS // 2
