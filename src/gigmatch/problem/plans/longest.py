"""Best plans of workers, compiled: the longest path over who may follow whom, within their limits.

The best path of so many shifts comes first, in as many passes over the arcs. Only where it breaks a limit of
the worker are plans carried on by *labels*, value and amounts so far, of which those are dropped that another
one is as good as in everything, or that cannot come above the best plan known (Irnich and Desaulniers 2005).

By hand: no well-kept library searches paths with resources over so many small networks.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int32Array,
    Int64Array,
    Integers,
    place_in_row,
    row_counts,
    row_entries,
    row_owners,
    row_pointers,
    run_pointers,
)
from gigmatch.problem.plans.problem import PlanProblem

__all__ = ["FREE", "GONE", "NOTHING", "TAKEN", "BestPlans", "PairStates", "best_plans"]

_Network = tuple[Int64Array, Int32Array, Int64Array, Int32Array, Int64Array]
_Limits = tuple[Int64Array, Int64Array, Int64Array, Int64Array]
PairStates = npt.NDArray[np.int8]
FREE: Final = 0
TAKEN: Final = 1
"""The pair must be taken."""
GONE: Final = 2
"""It must not."""
NOTHING: Final = np.int64(-(2**63))
"""Where there is no plan, not even the empty one."""


class BestPlans(NamedTuple):
    """The best plan of each of some workers."""

    value: Int64Array
    """What it gains, `NOTHING` where there is none: int64[n_rows]."""
    chosen: BoolArray
    """Whether it has each of the workers' pairs, row after row: bool[n_entries]."""


class _Rows(NamedTuple):
    """Workers, and their pairs row after row."""

    row: Int64Array
    start: Int64Array
    """Where the pairs of each begin here: int64[n_rows + 1]."""
    pairs: Int64Array
    """Positions in the problem."""


class _Dues(NamedTuple):
    """How many pairs must be taken, so that a plan has them all.

    A plan may begin with a pair where ``here == due``, go on from one to another where ``here`` of that
    equals ``later`` of this, and end where ``later == 0``. Of a pair that must not be taken, ``here`` is -1.
    """

    due: Int64Array
    """By the worker: int64[n_rows]."""
    later: Int64Array
    """Of those that come after each pair: int64[n_entries]."""
    here: Int64Array
    """The pair itself included."""


def best_plans(problem: PlanProblem, rows: Integers, gain: Int64Array, state: PairStates) -> BestPlans:
    """Return the plan of each worker with the greatest gain, of equal ones the first that is found.

    Parameters
    ----------
    problem : PlanProblem
        Groups are ignored: everybody goes alone.
    rows : array of int, shape (n_rows,)
        Workers.
    gain : array of int64, shape (n_entries,)
        What each of their pairs gains, row after row; sums over a row must stay within 64 bits.
    state : array of int8, shape (n_entries,)
        `FREE`, `TAKEN` or `GONE`, for each of these pairs.

    Examples
    --------
    >>> from gigmatch.problem import Problem
    >>> pairs = Problem(indptr=[0, 3], shift=[0, 1, 2], weight=[4, 5, 6], capacity=[1, 1, 1])
    >>> problem = PlanProblem.of(pairs, most_shifts=[2], follower_indptr=[0, 1, 2, 2], follower=[1, 2])
    >>> best = best_plans(problem, np.array([0]), np.array([4, 5, 6]), np.zeros(3, np.int8))
    >>> best.value.tolist(), best.chosen.tolist()
    ([11], [False, True, True])
    """
    from gigmatch.problem.plans import paths

    rows = np.array(rows, np.int64)
    pairs, counts = row_entries(problem.pairs.indptr, rows)
    those = _Rows(rows, row_pointers(counts), pairs)
    dues = _dues(problem, those, state)
    value, chosen = np.empty(len(rows), np.int64), np.zeros(len(pairs), np.bool_)
    network = _network(problem, rows)
    paths.longest(*network, those.start, gain, *dues, value, chosen)
    broken = _broken(problem, those, chosen)
    for k in broken.tolist():
        chosen[those.start[k] : those.start[k + 1]] = False
    if len(broken):
        limits = _limits(problem, those, broken)
        paths.longest_within(*network, those.start, gain, *dues, broken, *limits, value, chosen)
    return BestPlans(value, chosen)


def _network(problem: PlanProblem, rows: Int64Array) -> _Network:
    """What the kernels know of the problem."""
    followers = problem.follower_indptr, problem.follower
    return problem.pairs.indptr[rows], problem.by_rank, *followers, problem.most_shifts[rows]


def _dues(problem: PlanProblem, those: _Rows, state: PairStates) -> _Dues:
    taken, gone = state == TAKEN, state == GONE
    zeros = np.zeros(len(those.pairs), np.int64)
    if not taken.any():
        return _Dues(np.zeros(len(those.row), np.int64), zeros, -gone.astype(np.int64))
    ordered, owner = problem.by_rank[those.pairs], row_owners(those.start)
    entry = ordered + (those.start[:-1] - problem.pairs.indptr[those.row])[owner]
    passed = np.append(0, np.cumsum(taken[entry]))
    runs = run_pointers(owner, problem.rank[problem.pairs.shift[ordered]])
    later = zeros
    later[entry] = passed[those.start[owner + 1]] - np.repeat(passed[runs[1:]], np.diff(runs))
    here = np.where(gone, -1, later + taken)
    return _Dues(np.diff(passed[those.start]), later, here)


def _broken(problem: PlanProblem, those: _Rows, chosen: BoolArray) -> IndexArray:
    """Which of the plans break a limit of their worker."""
    entry = np.flatnonzero(chosen)
    owner = np.searchsorted(those.start, entry, side="right") - 1
    limit, counts = row_entries(problem.limit_indptr, those.row[owner])
    shift = np.repeat(problem.pairs.shift[those.pairs[entry]], counts)
    used = np.zeros(len(problem.limit_most), np.int64)
    np.add.at(used, limit, problem.used(limit, shift))
    return np.unique(np.repeat(owner, counts)[used[limit] > problem.limit_most[limit]])


def _limits(
    problem: PlanProblem, those: _Rows, broken: IndexArray
) -> tuple[Int64Array, Int64Array, Int64Array, Int64Array]:
    """What pairs of some workers take and the most there is: of the number of shifts, then of each limit.

    Returns where the pairs of each worker begin among the amounts, these, pair by pair, where each worker's
    limits begin, and these.
    """
    rows = those.row[broken]
    pairs, n_pairs = row_entries(problem.pairs.indptr, rows)
    width = 1 + row_counts(problem.limit_indptr)[rows]
    start = row_pointers(width)
    row, limit = _columns(problem, rows, start)
    most = problem.most_shifts[row]
    most[limit >= 0] = problem.limit_most[limit[limit >= 0]]
    each = row_pointers(np.repeat(width, n_pairs))
    owner = row_owners(each)
    _, limit = _columns(problem, np.repeat(rows, n_pairs), each)
    use = np.ones(len(owner), np.int64)
    shift = problem.pairs.shift[pairs[owner[limit >= 0]]]
    use[limit >= 0] = problem.used(limit[limit >= 0], shift)
    return row_pointers(width * n_pairs), use, start, most


def _columns(problem: PlanProblem, rows: Integers, start: Int64Array) -> tuple[Int64Array, Int64Array]:
    """The worker, and the limit, of each column: -1 for the first one, the number of shifts."""
    row, column = rows[row_owners(start)], place_in_row(start)
    return row, np.where(column == 0, -1, problem.limit_indptr[row] + column - 1)
