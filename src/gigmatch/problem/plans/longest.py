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
_STEPS: Final = 6  # first looked for are plans within a 64th of what would be the best, then a 16th, a 4th


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
    value, chosen = np.empty(len(rows), np.int64), np.zeros(len(pairs), np.bool_)
    network = _network(problem, rows)
    _longest(*network, those.start, gain, *dues, value, chosen)
    broken = _broken(problem, those, chosen)
    for k in broken.tolist():
        chosen[those.start[k] : those.start[k + 1]] = False
    if len(broken):
        limits = _limits(problem, those, broken)
        _longest_within(*network, those.start, gain, *dues, broken, *limits, value, chosen)
    return BestPlans(value, chosen)


def _network(problem: PlanProblem, rows: Int64Array) -> tuple[Array, Array, Array, Array, Array]:
    """What the kernels know of the problem."""
    followers = problem.follower_indptr, problem.follower
    return problem.pairs.indptr[rows], problem.by_rank, *followers, problem.most_shifts[rows]


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


def _broken(problem: PlanProblem, those: _Rows, chosen: BoolArray) -> IndexArray:
    """Which of the plans break a limit of their worker."""
    entry = np.flatnonzero(chosen)
    owner = np.searchsorted(those.start, entry, side="right") - 1
    limit, counts = row_entries(problem.limit_indptr, those.row[owner])
    shift = np.repeat(problem.pairs.shift[those.pairs[entry]], counts)
    used = np.zeros(len(problem.limit_most), np.int64)
    np.add.at(used, limit, problem.used(limit, shift))
    return np.unique(np.repeat(owner, counts)[used[limit] > problem.limit_most[limit]])


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
def _layers(
    begin: Number,
    end: Number,
    base: Number,
    by_rank: Array,
    follower_indptr: Array,
    follower: Array,
    most_shifts: Number,
    gain: Array,
    later: Array,
    here: Array,
) -> Array:
    """The most from each pair of a worker on, with 1, 2, ... shifts at most; as many rows as differ.

    The worker's pairs stand from ``begin`` to ``end`` in the problem, and ``base`` further here.
    """
    n = end - begin
    layers = np.empty((max(min(most_shifts, n), 1), n), np.int64)
    for mine in range(n):
        at = begin + base + mine
        layers[0, mine] = NOTHING if later[at] else gain[at]
    for layer in range(1, len(layers)):
        is_more = False
        for place in range(end - 1, begin - 1, -1):
            pair = by_rank[place]
            at = pair + base
            tail = NOTHING if later[at] else np.int64(0)
            for arc in range(follower_indptr[pair], follower_indptr[pair + 1]):
                reached = layers[layer - 1, follower[arc] - begin]
                if reached > tail and here[follower[arc] + base] == later[at]:
                    tail = reached
            found = tail if tail == NOTHING else tail + gain[at]
            layers[layer, pair - begin] = found
            is_more |= found > layers[layer - 1, pair - begin]
        if not is_more:
            return layers[:layer]
    return layers


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
    value: Array,
    chosen: Array,
) -> None:
    """Best plans of as many shifts as may be, within no other limits."""
    for k in range(len(first)):
        begin, end = first[k], first[k] + start[k + 1] - start[k]
        base = start[k] - begin
        layers = _layers(
            begin, end, base, by_rank, follower_indptr, follower, most_shifts[k], gain, later, here
        )
        layer = len(layers) - 1
        top, pair = NOTHING if due[k] else np.int64(0), np.int64(-1)
        for other in range(begin, end):
            if layers[layer, other - begin] > top and here[other + base] == due[k]:
                top, pair = layers[layer, other - begin], np.int64(other)
        value[k] = top
        while pair >= 0:
            at = pair + base
            chosen[at] = True
            rest, following = layers[layer, pair - begin] - gain[at], np.int64(-1)
            layer = layer - 1
            if rest != 0 or later[at] != 0:
                for arc in range(follower_indptr[pair], follower_indptr[pair + 1]):
                    other = follower[arc]
                    if layers[layer, other - begin] == rest and here[other + base] == later[at]:
                        following = other
                        break
            pair = following


@kernel_or_plain
def _longest_within(
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
    broken: Array,
    use_start: Array,
    use: Array,
    limit_start: Array,
    limits: Array,
    value: Array,
    chosen: Array,
) -> None:
    """Best plans of some within all limits; without the others they say what more there can be.

    Plans nearly as good as ``value``, which breaks a limit, are looked for first: so few labels are enough.
    """
    for number in range(len(broken)):
        k = broken[number]
        begin, end = first[k], first[k] + start[k + 1] - start[k]
        base = start[k] - begin
        layers = _layers(
            begin, end, base, by_rank, follower_indptr, follower, most_shifts[k], gain, later, here
        )
        width, heads = limit_start[number + 1] - limit_start[number], np.empty(end - begin, np.int64)
        labels, answer, step = np.zeros((64, _USED + width), np.int64), np.int64(0), _STEPS
        labels[0, _LINK] = -1  # label 0 is the empty plan, on which all pairs may follow
        while answer == 0 and step >= 0:
            least = value[k] - (value[k] >> step)
            step -= 2
            if due[k]:
                least, step = NOTHING, -1
            top, size = least, 1
            for mine in range(end - begin):
                heads[mine] = -1
            for place in range(begin - 1, end):
                label, passed, low, high = np.int64(0), due[k], begin, end
                if place >= begin:
                    pair = by_rank[place]
                    label, passed = heads[pair - begin], later[pair + base]
                    low, high = follower_indptr[pair], follower_indptr[pair + 1]
                while label >= 0:
                    so_far, left = labels[label, _VALUE], most_shifts[k] - labels[label, _USED]
                    if passed == 0 and so_far > top:
                        top, answer = so_far, label
                    layer = min(left, len(layers)) - 1
                    for arc in range(low, high if left > 0 else low):
                        other = follower[arc] if place >= begin else arc
                        at = base + other
                        mine = other - begin
                        if here[at] != passed or layers[layer, mine] == NOTHING:
                            continue
                        if so_far + layers[layer, mine] <= top:
                            continue
                        if size == len(labels):
                            more = np.empty((2 * size, _USED + width), np.int64)
                            for each in range(size):
                                for column in range(_USED + width):
                                    more[each, column] = labels[each, column]
                            labels = more
                        labels[size, _VALUE], labels[size, _PAIR] = so_far + gain[at], at
                        labels[size, _BEFORE] = label
                        stays = True
                        for limit in range(width):
                            used = use[use_start[number] + mine * width + limit]
                            used += labels[label, _USED + limit]
                            labels[size, _USED + limit] = used
                            stays &= used <= limits[limit_start[number] + limit]
                        last, same = np.int64(-1), heads[mine]
                        while stays and same >= 0:
                            is_as_good = labels[same, _VALUE] >= labels[size, _VALUE]
                            is_no_better = labels[same, _VALUE] <= labels[size, _VALUE]
                            for column in range(_USED, _USED + width):
                                is_as_good &= labels[same, column] <= labels[size, column]
                                is_no_better &= labels[same, column] >= labels[size, column]
                            following = labels[same, _LINK]
                            if is_as_good:
                                stays = False
                            elif not is_no_better:
                                last = same
                            elif last < 0:
                                heads[mine] = following
                            else:
                                labels[last, _LINK] = following
                            same = following
                        if stays:
                            labels[size, _LINK], heads[mine] = heads[mine], size
                            size += 1
                    label = labels[label, _LINK]
        value[k] = top
        while answer > 0:
            chosen[labels[answer, _PAIR]] = True
            answer = labels[answer, _BEFORE]
