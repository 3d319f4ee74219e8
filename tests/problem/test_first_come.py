"""First come, first served, in portions of any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.problem import first_come
from gigmatch.problem.first_come import FirstCome
from tests.conftest import examples


def in_portions(problem, cuts):
    """Served portion by portion, the way blocks of candidates come: whoever has no pair is in none."""
    served = FirstCome(problem.n_workers, problem.capacity)
    degree = np.diff(problem.indptr)
    for workers in np.split(np.arange(problem.n_workers), cuts):
        some = workers[degree[workers] > 0]
        mine = np.isin(problem.worker, some)
        indptr = np.append(0, np.cumsum(degree[some]))
        served.serve(some, indptr, problem.shift[mine], problem.weight[mine])
    return served.shift.tolist()


@examples(60)
@given(oracles.problems(max_workers=9), st.lists(st.integers(0, 9), max_size=3).map(sorted))
def test_in_portions_as_all_at_once(problem, cuts):
    """Wherever the queue is cut: a seat that went in an earlier portion, or in this one, is gone."""
    assert in_portions(problem, cuts) == oracles.first_come(problem)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("low", "high"), [(-20, 3), (0, 0), (-5, 1000)])
def test_a_crowd_at_few_seats(monkeypatch, seed, low, high):
    """Six hundred for fifty shifts, most full long before the end, with ties and weights below 0."""
    problem = oracles.random_problem(600, 50, 20, seed, low=low, high=high)
    expected = oracles.first_come(problem)
    assert 0 < sum(shift >= 0 for shift in expected) < 600
    for size in (1, 7, 512):
        monkeypatch.setattr(first_come, "_WORKERS_AT_ONCE", size)
        served = FirstCome(600, problem.capacity)
        served.serve_all(problem.indptr, problem.shift, problem.weight)
        assert served.shift.tolist() == expected


def test_rows_may_be_part_of_longer_arrays():
    """A portion's bounds point into the arrays of everybody."""
    problem = oracles.make([[5, None], [9, 8], [7, 1]], [1, 1])
    served = FirstCome(3, problem.capacity)
    served.serve(np.array([1, 2]), problem.indptr[1:], problem.shift, problem.weight)
    assert served.shift.tolist() == [-1, 0, 1]
    served.serve(np.array([0]), problem.indptr[:2], problem.shift, problem.weight)
    assert served.shift.tolist() == [-1, 0, 1]


def test_stopped_it_leaves_the_rest_unserved(monkeypatch):
    """Asked between two portions; whoever was served keeps the seat."""
    monkeypatch.setattr(first_come, "_WORKERS_AT_ONCE", 10)
    problem = oracles.random_problem(35, 20, 5, seed=1)
    answers = iter([False, False, True])
    served = FirstCome(35, problem.capacity)
    served.serve_all(problem.indptr, problem.shift, problem.weight, lambda: next(answers))
    assert served.shift.tolist() == oracles.first_come(problem)[:20] + [-1] * 15
