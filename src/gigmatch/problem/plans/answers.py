"""Whether an answer is one: pairs that exist, seats, least headcounts, crews, groups, plans, promises."""

from __future__ import annotations

import numpy as np

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, row_entries
from gigmatch.errors import CertificateError
from gigmatch.problem.integers import first_true
from gigmatch.problem.plans.problem import PlanProblem

__all__ = ["check_answer"]


def check_answer(problem: PlanProblem, worker: Int32Array, shift: Int32Array) -> Int64Array:
    """Return the positions of the pairs of an answer that keeps to everything.

    Parameters
    ----------
    problem : PlanProblem
        What was asked.
    worker, shift : arrays of int32, shape (n_placements,)
        Who takes what, by worker, then by rank of the shift.

    Raises
    ------
    CertificateError
        Naming the first thing that breaks, with its rows and numbers.

    Examples
    --------
    >>> from gigmatch.problem import Problem
    >>> pairs = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 2])
    >>> problem = PlanProblem.of(pairs, minimum=[1, 2])
    >>> check_answer(problem, np.array([0], np.int32), np.array([0], np.int32)).tolist()
    [0]
    >>> check_answer(problem, np.array([0], np.int32), np.array([1], np.int32))
    Traceback (most recent call last):
    ...
    gigmatch.errors.CertificateError: shift 1 has 1 workers, and takes place with 2 or more
    """
    pairs = _pairs_of(problem, worker, shift)
    _check_teams(problem, shift)
    _check_groups(problem, worker, shift)
    _check_plans(problem, worker, pairs)
    if (missing := first_true(~np.isin(problem.kept, pairs))) is not None:
        pair = problem.kept[missing]
        row = problem.pairs.workers_of(np.array([pair]))[0]
        raise CertificateError("promise_broken", row=row, at=problem.pairs.shift[pair])
    return pairs


def _pairs_of(problem: PlanProblem, worker: Int32Array, shift: Int32Array) -> Int64Array:
    if len(worker) != len(shift):
        raise CertificateError("wrong_length", name="shift", n=len(shift), m=len(worker))
    known = (worker >= 0) & (worker < problem.pairs.n_workers)
    pairs = np.full(len(worker), -1, np.int64)
    pairs[known] = problem.pairs.find(worker[known], shift[known])
    if (at := first_true(pairs < 0)) is not None:
        raise CertificateError("no_such_pair", row=worker[at], at=shift[at])
    return pairs


def _check_teams(problem: PlanProblem, shift: Int32Array) -> None:
    """Every shift has nobody, or as many as it may and must; of a crew, all have somebody or none has."""
    fill, capacity = np.bincount(shift, minlength=problem.pairs.n_shifts), problem.pairs.capacity
    if (row := first_true(fill > capacity)) is not None:
        raise CertificateError("over_capacity", row=row, n=fill[row], most=capacity[row])
    if (row := first_true((fill > 0) & (fill < problem.minimum))) is not None:
        raise CertificateError("below_minimum", row=row, n=fill[row], least=problem.minimum[row])
    there = np.zeros(problem.n_units, np.bool_)
    there[problem.unit[shift]] = True
    if (row := first_true(there[problem.unit] & (fill == 0))) is not None:
        raise CertificateError("crew_in_part", crew=problem.crew[row], row=row)
    if (row := first_true(fill[problem.due] == 0)) is not None:
        raise CertificateError("due_shift_stays_away", row=problem.due[row])


def _check_groups(problem: PlanProblem, worker: Int32Array, shift: Int32Array) -> None:
    """Of a group, all have something or none has, and to all it is the same shift, or the same crew."""
    if not len(worker):
        return
    goal = np.full(problem.pairs.n_workers, -1, np.int64)
    goal[worker] = shift
    members = np.flatnonzero(problem.group >= 0)
    group, goal = problem.group[members], goal[members]
    away = goal < 0
    goal = np.where(away | ~problem.group_in_crew[group], goal, problem.crew[goal])
    first = np.full(problem.n_groups, -1, np.int64)
    first[group[::-1]] = goal[::-1]
    apart = (goal != first[group]) | (~away & (goal < 0))
    if (at := first_true(apart)) is not None:
        raise CertificateError("group_apart", group=group[at], row=members[at])


def _check_plans(problem: PlanProblem, worker: Int32Array, pairs: Int64Array) -> None:
    """Each pair of a worker may follow on the one before, and there are no more than limits allow."""
    if (at := first_true(worker[1:] < worker[:-1])) is not None:
        raise CertificateError("not_by_worker", row=worker[at + 1], before=worker[at])
    same = np.flatnonzero(worker[1:] == worker[:-1])
    before, after = pairs[same], pairs[same + 1]
    if (at := first_true(~_is_follower(problem, before, after))) is not None:
        first, second = problem.pairs.shift[[before[at], after[at]]]
        raise CertificateError("shift_does_not_follow", row=worker[same[at]], first=first, second=second)
    count = np.bincount(worker, minlength=problem.pairs.n_workers)
    if (row := first_true(count > problem.most_shifts)) is not None:
        raise CertificateError("plan_too_long", row=row, n=count[row], most=problem.most_shifts[row])
    _check_limits(problem, worker, problem.pairs.shift[pairs])


def _is_follower(problem: PlanProblem, before: Int64Array, after: Int64Array) -> BoolArray:
    """Whether the one pair is among the followers of the other."""
    entries, counts = row_entries(problem.follower_indptr, before)
    owner = np.repeat(np.arange(len(before)), counts)
    hit = owner[problem.follower[entries] == after[owner]]
    is_follower = np.zeros(len(before), np.bool_)
    is_follower[hit] = True
    return is_follower


def _check_limits(problem: PlanProblem, worker: Int32Array, shift: Int32Array) -> None:
    limit, counts = row_entries(problem.limit_indptr, worker)
    used = np.zeros(len(problem.limit_most), np.int64)
    np.add.at(used, limit, problem.used(limit, np.repeat(shift, counts)))
    if (at := first_true(used > problem.limit_most)) is not None:
        row = np.searchsorted(problem.limit_indptr, at, side="right") - 1
        raise CertificateError("plan_over_limit", row=row, limit=at, n=used[at], most=problem.limit_most[at])
