"""Best plans of workers, compiled: the longest path over who may follow whom, within their limits.

The path without limits comes first, in one pass over the arcs. Only where it breaks a limit of the worker are
plans carried on by *labels*, value and amounts so far, of which those are dropped that another one is as good
as in everything, or that cannot come above the best plan known (Irnich and Desaulniers 2005).

By hand: no well-kept library searches paths with resources over so many small networks.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int64Array,
    Integers,
    place_in_row,
    row_counts,
    row_entries,
    row_owners,
    row_pointers,
    run_pointers,
)
from gigmatch.core.kernels import Array, Number, kernel_or_plain
from gigmatch.problem.plans.problem import PlanProblem

__all__ = ["FREE", "GONE", "NOTHING", "TAKEN", "BestPlans", "PairStates", "best_plans"]

PairStates = npt.NDArray[np.int8]
FREE: Final = 0
TAKEN: Final = 1
"""The pair must be taken."""
GONE: Final = 2
"""It must not."""
NOTHING: Final[Number] = np.int64(-(2**63))
"""Where there is no plan, not even the empty one."""

_VALUE: Final = 0  # columns of labels
_PAIR: Final = 1
_BEFORE: Final = 2
_LINK: Final = 3
_USED: Final = 4


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
    rows = np.array(rows, np.int64)
    pairs, counts = row_entries(problem.pairs.indptr, rows)
    those = _Rows(rows, row_pointers(counts), pairs)
    dues = _dues(problem, those, state)
    value, head = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    most, after = np.empty(len(pairs), np.int64), np.empty(len(pairs), np.int64)
    network = _network(problem, rows)
    _longest(*network, problem.most_shifts[rows], those.start, gain, *dues, most, after, value, head)
    chosen = np.zeros(len(pairs), np.bool_)
    broken = _walk(problem, those, after, head, chosen)
    for k in broken.tolist():
        chosen[those.start[k] : those.start[k + 1]] = False
    if len(broken):
        limits = _limits(problem, those, broken)
        _longest_within(*network, those.start, gain, *dues, broken, *limits, most, value, chosen)
    return BestPlans(value, chosen)


def _network(problem: PlanProblem, rows: Int64Array) -> tuple[Array, Array, Array, Array]:
    """What the kernels know of the problem."""
    return problem.pairs.indptr[rows], problem.by_rank, problem.follower_indptr, problem.follower


def _dues(problem: PlanProblem, those: _Rows, state: PairStates) -> _Dues:
    taken = state == TAKEN
    zeros = np.zeros(len(those.pairs), np.int64)
    if not state.any():
        return _Dues(np.zeros(len(those.row), np.int64), zeros, zeros)
    ordered, owner = problem.by_rank[those.pairs], row_owners(those.start)
    entry = ordered + (those.start[:-1] - problem.pairs.indptr[those.row])[owner]
    passed = np.append(0, np.cumsum(taken[entry]))
    runs = run_pointers(owner, problem.rank[problem.pairs.shift[ordered]])
    later = zeros
    later[entry] = passed[those.start[owner + 1]] - np.repeat(passed[runs[1:]], np.diff(runs))
    here = np.where(state == GONE, -1, later + taken)
    return _Dues(np.diff(passed[those.start]), later, here)


def _walk(
    problem: PlanProblem, those: _Rows, after: Int64Array, head: Int64Array, chosen: BoolArray
) -> IndexArray:
    """Mark the paths that begin at the heads; return which of them break a limit of their worker."""
    owners, entries, owner = [], [], np.flatnonzero(head >= 0)
    entry = head[owner]
    while len(entry):
        owners.append(owner)
        entries.append(entry)
        entry = after[entry]
        owner, entry = owner[entry >= 0], entry[entry >= 0]
    if not owners:
        return np.empty(0, np.intp)
    owner, entry = np.concatenate(owners), np.concatenate(entries)
    chosen[entry] = True
    count = np.bincount(owner, minlength=len(head))
    broken = count > problem.most_shifts[those.row]
    limit, counts = row_entries(problem.limit_indptr, those.row[owner])
    shift = np.repeat(problem.pairs.shift[those.pairs[entry]], counts)
    used = np.zeros(len(problem.limit_most), np.int64)
    np.add.at(used, limit, problem.used(limit, shift))
    broken[np.repeat(owner, counts)[used[limit] > problem.limit_most[limit]]] = True
    return np.flatnonzero(broken)


def _limits(problem: PlanProblem, those: _Rows, broken: IndexArray) -> tuple[Array, Array, Array, Array]:
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


@kernel_or_plain
def _longest(
    first: Array,
    by_rank: Array,
    follower_indptr: Array,
    follower: Array,
    most_shifts: Array,
    start: Array,
    gain: Array,
    due: Array,
    later: Array,
    here: Array,
    most: Array,
    after: Array,
    value: Array,
    head: Array,
) -> None:
    """Best plans without limits: the most from each pair on, which comes next, where they begin."""
    for k in range(len(first)):
        base = start[k] - first[k]
        top, begin = NOTHING if due[k] else np.int64(0), np.int64(-1)
        for place in range(first[k] + start[k + 1] - start[k] - 1, first[k] - 1, -1):
            pair = by_rank[place]
            at = pair + base
            tail, following = NOTHING if later[at] else np.int64(0), np.int64(-1)
            if most_shifts[k] > 1:
                for arc in range(follower_indptr[pair], follower_indptr[pair + 1]):
                    other = follower[arc] + base
                    if most[other] > tail and here[other] == later[at]:
                        tail, following = most[other], other
            after[at], most[at] = following, tail
            if tail != NOTHING:
                most[at] = gain[at] + tail
            if most[at] > top and here[at] == due[k]:
                top, begin = most[at], at
        value[k], head[k] = top, begin


@kernel_or_plain
def _longest_within(
    first: Array,
    by_rank: Array,
    follower_indptr: Array,
    follower: Array,
    start: Array,
    gain: Array,
    due: Array,
    later: Array,
    here: Array,
    broken: Array,
    use_start: Array,
    use: Array,
    limit_start: Array,
    limits: Array,
    most: Array,
    value: Array,
    chosen: Array,
) -> None:
    """Best plans within limits; ``most``, without limits, says what more there can be from a pair on."""
    for number in range(len(broken)):
        k = broken[number]
        base, n = start[k] - first[k], start[k + 1] - start[k]
        width, heads = limit_start[number + 1] - limit_start[number], np.empty(n, np.int64)
        for mine in range(n):
            heads[mine] = -1
        labels, size = np.zeros((64, _USED + width), np.int64), 1
        labels[0, _LINK] = -1  # label 0 is the empty plan, on which all pairs may follow
        top, answer = NOTHING if due[k] else np.int64(0), np.int64(0)
        for place in range(-1, n):
            label, passed, low, high = np.int64(0), due[k], first[k], first[k] + n
            if place >= 0:
                pair = by_rank[first[k] + place]
                label, passed = heads[pair - first[k]], later[pair + base]
                low, high = follower_indptr[pair], follower_indptr[pair + 1]
            while label >= 0:
                so_far = labels[label, _VALUE]
                if passed == 0 and so_far > top:
                    top, answer = so_far, label
                for arc in range(low, high):
                    at = base + (follower[arc] if place >= 0 else arc)
                    if here[at] != passed or most[at] == NOTHING or so_far + most[at] <= top:
                        continue
                    if size == len(labels):
                        more = np.empty((2 * size, _USED + width), np.int64)
                        for each in range(size):
                            for column in range(_USED + width):
                                more[each, column] = labels[each, column]
                        labels = more
                    labels[size, _VALUE], labels[size, _PAIR], labels[size, _BEFORE] = (
                        so_far + gain[at],
                        at,
                        label,
                    )
                    stays = True
                    mine = at - start[k]
                    for limit in range(width):
                        used = labels[label, _USED + limit] + use[use_start[number] + mine * width + limit]
                        labels[size, _USED + limit] = used
                        stays &= used <= limits[limit_start[number] + limit]
                    last, other = np.int64(-1), heads[mine]
                    while stays and other >= 0:
                        is_as_good = labels[other, _VALUE] >= labels[size, _VALUE]
                        is_no_better = labels[other, _VALUE] <= labels[size, _VALUE]
                        for column in range(_USED, _USED + width):
                            is_as_good &= labels[other, column] <= labels[size, column]
                            is_no_better &= labels[other, column] >= labels[size, column]
                        following = labels[other, _LINK]
                        if is_as_good:
                            stays = False
                        elif not is_no_better:
                            last = other
                        elif last < 0:
                            heads[mine] = following
                        else:
                            labels[last, _LINK] = following
                        other = following
                    if stays:
                        labels[size, _LINK], heads[mine] = heads[mine], size
                        size += 1
                label = labels[label, _LINK]
        value[k] = top
        while answer > 0:
            chosen[labels[answer, _PAIR]] = True
            answer = labels[answer, _BEFORE]
