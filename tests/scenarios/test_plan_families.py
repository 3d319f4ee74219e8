"""Families of problems of plans and teams: valid, alike for one seed, and with what they are named for."""

import numpy as np
import pytest

from gigmatch.core.arrays import per_entry
from gigmatch.scenarios.plan_families import PLANS
from tests.conftest import for_each


def _of(family, seed=1, scarce=False):
    return PLANS[family](60, 30, seed, scarce)


@for_each(PLANS)
def test_one_seed_makes_one_problem_and_another_seed_another(name):
    """Every array is alike, and other seeds have other weights."""
    first, again, other = _of(name), _of(name), _of(name, seed=2)
    for field in ("follower", "limit_most", "minimum", "crew", "group"):
        np.testing.assert_array_equal(getattr(first, field), getattr(again, field))
    np.testing.assert_array_equal(first.pairs.weight, again.pairs.weight)
    assert first.pairs.weight.tolist() != other.pairs.weight.tolist()


@for_each(PLANS)
def test_arrays_are_as_the_problem_says(name):
    """Followers are of the same worker, later, ascending; minima within the seats; groups take one shift."""
    problem = _of(name, scarce=True)
    first = per_entry(np.arange(problem.pairs.n_pairs), problem.follower_indptr)
    owner, rank = problem.pairs.worker, problem.rank[problem.pairs.shift]
    assert (owner[first] == owner[problem.follower]).all()
    assert (rank[first] < rank[problem.follower]).all()
    assert (np.diff(problem.follower)[first[1:] == first[:-1]] > 0).all()
    assert ((problem.minimum >= 1) & (problem.minimum <= problem.pairs.capacity)).all()
    assert (problem.most_shifts[problem.group >= 0] == 1).all()
    assert (np.bincount(problem.group[problem.group >= 0]) >= 2).all()
    assert (np.bincount(problem.crew[problem.crew >= 0]) >= 2).all()


@pytest.mark.parametrize("family", ["chains", "mixed"])
def test_plans_of_several_shifts_are_there(family):
    """Some pair has a follower that fits into the worker's day."""
    problem = _of(family)
    assert len(problem.follower)
    assert problem.most_shifts.max() > 2


def test_what_is_scarce_has_more_seats_than_people():
    """Seats to workers: below one in the plenty, above one where it is scarce."""
    seats = [_of("crews", scarce=scarce).pairs.capacity.sum() for scarce in (False, True)]
    assert seats[0] < 60 < seats[1]
