"""The benchmark families: what each one's docstring promises, reproducible, solvable in any size."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import gigmatch as gm
import oracles
from gigmatch.errors import InvalidInputError
from gigmatch.problem import Problem
from gigmatch.scenarios import problem
from gigmatch.scenarios.families import CLIFFS, EVERY


def pairs_alike(a: Problem, b: Problem) -> bool:
    names = ("indptr", "shift", "weight", "capacity")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)


@pytest.mark.parametrize("family", EVERY)
def test_a_family_is_the_same_for_a_seed(family: str) -> None:
    """Another seed is another problem; sizes as asked for, or the family's own; weights are points."""
    found = problem(family, workers=400, seed=5)
    assert pairs_alike(found, problem(family, workers=400, seed=5))
    assert not pairs_alike(found, problem(family, workers=400, seed=6))
    shifts = {"city_short": 26, "city_long": 400, "city_single": 400, "city_crowded": 20}.get(family, 80)
    assert (found.n_workers, found.n_shifts) == (400, shifts)
    assert found.weight.min() >= 0
    assert found.weight.max() <= 10_000
    assert found.n_pairs > 200


@pytest.mark.parametrize("family", EVERY)
@pytest.mark.parametrize("workers", [20, 61])
def test_a_family_in_the_smallest_sizes(family: str, workers: int) -> None:
    """Solved and worth what another solver finds, with levels and without."""
    plain = problem(family, workers=workers, seed=2)
    assert gm.solve(plain).value == oracles.by_expanded_seats(plain)
    levelled = problem(family, workers=workers, seed=2, levels=True)
    assert levelled.tier is not None
    assert levelled.lot is not None
    assert gm.solve(levelled).status == "optimal"


@pytest.mark.parametrize("family", CLIFFS)
def test_a_cliff_in_small(family: str) -> None:
    """The same for a seed, another for another, and worth what another solver finds."""
    found = problem(family, workers=60, shifts=60, seed=5)
    assert pairs_alike(found, problem(family, workers=60, shifts=60, seed=5))
    assert pairs_alike(found, problem(family, workers=60, shifts=60, seed=6)) == (family == "street_tied")
    assert (found.n_workers, found.n_shifts) == (60, {"few_shifts": 49, "street_tied": 59}.get(family, 60))
    assert gm.solve(found).value == oracles.by_expanded_seats(found)


def test_what_is_hard_about_them() -> None:
    """Few weights, weights that add or multiply, one shift for everybody, districts apart."""
    of = {family: problem(family, workers=200, seed=1) for family in EVERY}
    assert len(np.unique(of["tied"].weight)) == 4
    assert len(np.unique(of["near_tied"].weight)) == 4
    for family, value in (("additive", np.add), ("product", np.multiply)):
        assert rank_one(of[family], np.subtract if value is np.add else np.divide)
    giant = of["giant"]
    assert np.bincount(giant.shift)[-1] == 200
    assert giant.capacity[-1] == 100
    districts = of["districts"]
    assert (districts.worker // 10 == districts.shift // 2).all()


def rank_one(found: Problem, apart: Any) -> bool:
    """Whether two workers differ in all their common shifts alike."""
    rows = [dict(zip(s.tolist(), w.tolist(), strict=True)) for s, w in by_worker(found)]
    for a, b in pairwise(rows):
        common = [float(apart(a[j], b[j])) for j in a.keys() & b.keys()]
        if common and max(common) - min(common) > 1e-9:
            return False
    return True


def by_worker(found: Problem) -> list[tuple[np.ndarray, np.ndarray]]:
    cuts = found.indptr[1:-1]
    return list(zip(np.split(found.shift, cuts), np.split(found.weight, cuts), strict=True))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"family": "easy"}, "family must be one of 'city', 'uniform', .*; got 'easy'"),
        ({"workers": 19}, "workers must be a whole number from 20 to 5,000,000; got 19"),
        ({"shifts": 0}, "shifts must be a whole number from 20"),
        ({"seed": 1.5}, "seed must be a whole number from 0"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    """Each is named, with its range."""
    with pytest.raises(InvalidInputError, match=message):
        problem(**arguments)
