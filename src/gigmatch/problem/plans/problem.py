"""The problem: pairs as in the plain one, which may follow which, and what comes whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import (
    BoolArray,
    Int32Array,
    Int64Array,
    Integers,
    consecutive,
    freeze,
    per_entry,
    row_counts,
    row_entries,
)
from gigmatch.errors import InvalidProblemError, WeightOverflowError
from gigmatch.problem.integers import LARGEST_NUMBER, as_integers, exact_sum, first_true, row_blocks
from gigmatch.problem.plans.levels import PlanLevel, plan_levels
from gigmatch.problem.problem import Problem

__all__ = ["PlanProblem"]

_FOLLOWERS_AT_ONCE: Final = 1 << 16  # that fit into a processor's cache
_TABLES: Final = ("amount", "amount_class")
_ROWS: Final = (
    "most_shifts",
    "follower_indptr",
    "follower",
    "rank",
    "limit_indptr",
    "limit_amount",
    "limit_class",
    "limit_most",
    "minimum",
    "crew",
    "group",
    "kept",
    "due",
)


@dataclass(frozen=True, eq=False, kw_only=True)
class PlanProblem:
    """An assignment problem in which workers take plans and shifts have teams: maximise.

    A *plan* of a worker is none of their pairs, or pairs ``p1, p2, ...`` of theirs, at most ``most_shifts``,
    each of which may follow directly on the one before, within every limit of theirs. A *team* of a shift is
    nobody, or from ``minimum`` to ``capacity`` people; shifts of a crew have a team each or none at all. A
    group of workers goes together or not at all: to the same shift, or each to some shift of the same crew.

    Parameters
    ----------
    pairs : Problem
        Pairs, weights, seats, tiers, levels, as in the plain problem. Promised pairs are among them.
    most_shifts : array of int64, shape (n_workers,)
        Most shifts of a plan, 1 or more; 1 for whoever belongs to a group.
    follower_indptr : array of int64, shape (n_pairs + 1,)
        Followers of pair ``p`` are ``follower[follower_indptr[p]:follower_indptr[p + 1]]``.
    follower : array of int32, shape (n_followers,)
        Positions of pairs of the same worker that may come directly after, ascending within a pair; their
        shifts have a greater ``rank``.
    rank : array of int64, shape (n_shifts,)
        Order in time: a plan goes up in it.
    amount : array of int64, shape (n_amounts, n_shifts)
        What shifts take of what is limited, 0 or more, such as minutes today and minutes this week.
    amount_class : array of int64, shape (n_amounts, n_shifts)
        Class of the shift for that amount, such as its employer; limits may ask for one.
    limit_indptr : array of int64, shape (n_workers + 1,)
        Limits of worker ``i`` are ``limit_indptr[i]`` up to ``limit_indptr[i + 1]``.
    limit_amount : array of int64, shape (n_limits,)
        Which row of ``amount`` is limited.
    limit_class : array of int64, shape (n_limits,)
        The class that counts; -1 for all shifts.
    limit_most : array of int64, shape (n_limits,)
        The most that the shifts of a plan may take together, 0 or more.
    minimum : array of int64, shape (n_shifts,)
        Fewest people with whom a shift takes place, 1 or more, at most its capacity.
    crew : array of int64, shape (n_shifts,)
        Number of the shift's crew, from 0; -1 for none.
    group : array of int64, shape (n_workers,)
        Number of the worker's group, from 0; -1 for none.
    group_in_crew : array of bool, shape (n_groups,)
        Whether the group goes to one crew; else to one shift.
    kept : array of int64, shape (n_kept,)
        Positions of promised pairs, ascending: they are in every answer.
    due : array of int64, shape (n_due,), optional
        Shifts, ascending, that take place in every answer, each with its crew; none unless given.

    Raises
    ------
    InvalidProblemError
        For the first array that breaks a rule, with its name, position and value.
    WeightOverflowError
        If the weights of an answer might not be summed exactly in 64 bits.

    Notes
    -----
    Arrays are kept read-only; one that nobody can write into any more is shared, any other is copied.

    Examples
    --------
    Worker 0 may take shift 0 and then shift 1, or either; worker 1 only shift 0.

    >>> pairs = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> problem = PlanProblem.of(
    ...     pairs, most_shifts=[2, 1], follower_indptr=[0, 1, 1, 1], follower=[1], minimum=[1, 1]
    ... )
    >>> [level.name for level in problem.levels]
    ['points']
    """

    pairs: Problem
    most_shifts: Int64Array
    follower_indptr: Int64Array
    follower: Int32Array
    rank: Int64Array
    amount: Int64Array
    amount_class: Int64Array
    limit_indptr: Int64Array
    limit_amount: Int64Array
    limit_class: Int64Array
    limit_most: Int64Array
    minimum: Int64Array
    crew: Int64Array
    group: Int64Array
    group_in_crew: BoolArray
    kept: Int64Array
    due: Int64Array = ()  # type: ignore[assignment]  # taken in as an array

    def __post_init__(self) -> None:
        for name in _ROWS:
            dtype = np.int32 if name == "follower" else np.int64
            object.__setattr__(self, name, as_integers(name, getattr(self, name), dtype))
        for name in _TABLES:
            object.__setattr__(self, name, _as_table(name, getattr(self, name)))
        object.__setattr__(self, "group_in_crew", _as_bools("group_in_crew", self.group_in_crew))
        _check_lengths(self)
        _check_ranges(self)
        _check_limits(self)
        _check_teams(self)
        _check_rising(self, "kept")
        _check_rising(self, "due")
        _check_followers(self)
        _check_exact(self)

    @classmethod
    def of(cls, pairs: Problem, **arrays: Any) -> PlanProblem:
        """Return a problem in which everybody takes one shift alone, but for the arrays that are given.

        Parameters
        ----------
        pairs : Problem
            Pairs, weights, seats, tiers, levels.
        **arrays
            Any of the others; shifts come in their own order, and with one person or more, unless given.
        """
        n, m = pairs.n_workers, pairs.n_shifts
        plain: dict[str, Any] = {
            "most_shifts": np.ones(n, np.int64),
            "follower_indptr": np.zeros(pairs.n_pairs + 1, np.int64),
            "follower": (),
            "rank": np.arange(m),
            "amount": np.zeros((0, m), np.int64),
            "amount_class": np.zeros((0, m), np.int64),
            "limit_indptr": np.zeros(n + 1, np.int64),
            "limit_amount": (),
            "limit_class": (),
            "limit_most": (),
            "minimum": np.ones(m, np.int64),
            "crew": np.full(m, -1),
            "group": np.full(n, -1),
            "group_in_crew": (),
            "kept": (),
        }
        return cls(pairs=pairs, **plain | arrays)

    @cached_property
    def levels(self) -> tuple[PlanLevel, ...]:
        """What is maximised in turn: every tier of seats, most urgent first, then the other levels.

        What is drawn is not among them: nothing is drawn among plans.
        """
        return tuple(plan_levels(self.pairs))

    @property
    def n_crews(self) -> int:
        """Number of crews."""
        return int(self.crew.max(initial=-1)) + 1

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.group_in_crew)

    @property
    def n_units(self) -> int:
        """Number of crews and of shifts outside of any."""
        return self.n_crews + int(np.count_nonzero(self.crew < 0))

    @cached_property
    def unit(self) -> Int64Array:
        """Number of what a shift takes place with, its crew or itself: int64[n_shifts]; crews come first."""
        alone = self.crew < 0
        return freeze(np.where(alone, self.n_crews + np.cumsum(alone) - 1, self.crew))

    def fits_alone(self, pairs: Int64Array) -> BoolArray:
        """Whether each of some pairs, given by position, is a plan by itself: within its worker's limits."""
        shift = self.pairs.shift[pairs]
        limit, counts = row_entries(self.limit_indptr, self.pairs.workers_of(pairs))
        owner = np.repeat(np.arange(len(pairs)), counts)
        over = self.used(limit, shift[owner]) > self.limit_most[limit]
        fits = np.ones(len(pairs), np.bool_)
        fits[owner[over]] = False
        return fits

    def used(self, limit: Integers, shift: Integers) -> Int64Array:
        """What each of some shifts takes of what a limit limits; 0 where it does not count: int64."""
        amount, of_class = self.limit_amount[limit], self.limit_class[limit]
        counted = (of_class < 0) | (self.amount_class[amount, shift] == of_class)
        return np.where(counted, self.amount[amount, shift], 0)

    @cached_property
    def pairs_of_shift(self) -> Int64Array:
        """How many pairs every shift has: int64[n_shifts]."""
        return freeze(np.bincount(self.pairs.shift, minlength=self.pairs.n_shifts))

    @cached_property
    def is_kept(self) -> BoolArray:
        """Whether every pair is promised: bool[n_pairs]."""
        kept = np.zeros(self.pairs.n_pairs, np.bool_)
        kept[self.kept] = True
        return freeze(kept)

    @cached_property
    def most_of_a_unit(self) -> int:
        """No worker, group, shift or crew has more pairs, or more members."""
        units = np.bincount(self.unit, self.pairs_of_shift, minlength=self.n_units)
        groups = np.bincount(self.group[self.group >= 0])
        return int(max(each.max(initial=1) for each in (self.pairs.degree, units, groups)))

    @cached_property
    def by_rank(self) -> Int32Array:
        """Positions of the pairs by worker, then by rank of the shift, then by shift: int32[n_pairs]."""
        from scipy.sparse import csr_array

        pairs, position = self.pairs, np.arange(self.pairs.n_pairs, dtype=np.int32)
        if np.all(self.rank[1:] >= self.rank[:-1]):
            return freeze(position)
        place = np.empty(pairs.n_shifts, np.int32)
        place[np.argsort(self.rank, kind="stable")] = np.arange(pairs.n_shifts, dtype=np.int32)
        shape = (pairs.n_workers, pairs.n_shifts)
        rows = csr_array((position, place[pairs.shift], pairs.indptr), shape=shape)
        rows.sort_indices()
        return freeze(rows.data)


def _as_table(name: str, value: Any) -> npt.NDArray[Any]:
    """A read-only table of int64, a row for each amount."""
    array = np.asarray(value)
    if array.ndim != 2:
        raise InvalidProblemError("not_two_dimensional", name=name, shape=array.shape)
    return as_integers(name, array.ravel(), np.int64).reshape(array.shape)


def _as_bools(name: str, value: Any) -> BoolArray:
    array = np.array(value)
    if array.ndim != 1 or (array.size and array.dtype != np.bool_):
        raise InvalidProblemError("no_bools", name=name, dtype=array.dtype, shape=array.shape)
    return freeze(array.astype(np.bool_))


def _check_lengths(problem: PlanProblem) -> None:
    pairs, limits = problem.pairs, len(problem.limit_most)
    due = {
        "most_shifts": pairs.n_workers,
        "follower_indptr": pairs.n_pairs + 1,
        "rank": pairs.n_shifts,
        "limit_indptr": pairs.n_workers + 1,
        "limit_amount": limits,
        "limit_class": limits,
        "minimum": pairs.n_shifts,
        "crew": pairs.n_shifts,
        "group": pairs.n_workers,
    }
    for name, size in due.items():
        if (found := len(getattr(problem, name))) != size:
            raise InvalidProblemError("wrong_length", name=name, n=found, m=size)
    if problem.amount.shape != problem.amount_class.shape or problem.amount.shape[1] != pairs.n_shifts:
        raise InvalidProblemError(
            "amounts_of_other_shape",
            n=pairs.n_shifts,
            amount=problem.amount.shape,
            amount_class=problem.amount_class.shape,
        )
    _check_indptr("follower", problem.follower_indptr, len(problem.follower))
    _check_indptr("limit", problem.limit_indptr, limits)


def _check_indptr(of: str, indptr: Int64Array, size: int) -> None:
    name = f"{of}_indptr"
    if indptr[0] != 0 or indptr[-1] != size:
        raise InvalidProblemError("rows_end", name=name, n=size, found=[int(indptr[0]), int(indptr[-1])])
    if (row := first_true(row_counts(indptr) < 0)) is not None:
        raise InvalidProblemError("rows_fall", name=name, at=row + 1, a=indptr[row + 1], b=indptr[row])


def _check_ranges(problem: PlanProblem) -> None:
    pairs, largest = problem.pairs, LARGEST_NUMBER
    _check_range("most_shifts", problem.most_shifts, 1, largest)
    _check_range("amount", problem.amount, 0, largest)
    _check_range("limit_amount", problem.limit_amount, 0, len(problem.amount) - 1)
    _check_range("limit_class", problem.limit_class, -1, largest)
    _check_range("limit_most", problem.limit_most, 0, largest)
    _check_range("crew", problem.crew, -1, pairs.n_shifts - 1)
    _check_range("group", problem.group, -1, problem.n_groups - 1)
    _check_range("kept", problem.kept, 0, pairs.n_pairs - 1)
    _check_range("due", problem.due, 0, pairs.n_shifts - 1)


def _check_range(name: str, numbers: Int64Array, least: int, most: int) -> None:
    outside = (numbers < least) | (numbers > most)
    if (wrong := first_true(outside.ravel())) is not None:
        at = ", ".join(map(str, np.unravel_index(wrong, numbers.shape)))
        value = int(numbers.flat[wrong])
        raise InvalidProblemError(
            "integer_out_of_range", name=f"{name}[{at}]", least=least, most=most, value=value
        )


def _check_limits(problem: PlanProblem) -> None:
    """No sum of amounts can leave 64 bits."""
    for row, amounts in enumerate(problem.amount):
        if (total := exact_sum(amounts)) > LARGEST_NUMBER:
            raise InvalidProblemError("amounts_too_large", row=row, n=total, most=LARGEST_NUMBER)


def _check_teams(problem: PlanProblem) -> None:
    minimum, capacity = problem.minimum, problem.pairs.capacity
    if (at := first_true((minimum < 1) | (minimum > capacity))) is not None:
        raise InvalidProblemError("minimum_out_of_range", at=at, n=minimum[at], most=capacity[at])
    if (row := first_true((problem.group >= 0) & (problem.most_shifts > 1))) is not None:
        raise InvalidProblemError("group_member_takes_more", row=row, n=problem.most_shifts[row])


def _check_rising(problem: PlanProblem, name: str) -> None:
    rows = getattr(problem, name)
    if (at := first_true(rows[1:] <= rows[:-1])) is not None:
        raise InvalidProblemError("not_rising", name=name, at=at + 1, a=rows[at + 1], b=rows[at])


def _check_followers(problem: PlanProblem) -> None:
    """Followers are later pairs of the same worker, ascending; looked at in blocks of pairs."""
    for begin, end in row_blocks(problem.follower_indptr, _FOLLOWERS_AT_ONCE):
        _check_followers_of(problem, begin, end)


def _check_followers_of(problem: PlanProblem, begin: int, end: int) -> None:
    pairs, indptr = problem.pairs, problem.follower_indptr[begin : end + 1]
    first = int(indptr[0])
    follower = problem.follower[first : int(indptr[-1])]
    before = consecutive(np.array([begin]), np.array([end - begin]))
    worker = pairs.workers_of(before)
    low, high = (per_entry(pairs.indptr[worker + side], indptr) for side in (0, 1))
    before = per_entry(before, indptr)
    if (at := first_true((follower < low) | (follower >= high))) is not None:
        raise InvalidProblemError(
            "follower_of_other_worker", at=first + at, value=follower[at], pair=before[at]
        )
    falls = (follower[1:] <= follower[:-1]) & (before[1:] == before[:-1])
    if (at := first_true(falls)) is not None:
        raise InvalidProblemError(
            "not_rising", name="follower", at=first + at + 1, a=follower[at + 1], b=follower[at]
        )
    earlier, later = (problem.rank[pairs.shift[each]] for each in (before, follower))
    if (at := first_true(later <= earlier)) is not None:
        raise InvalidProblemError(
            "follower_not_later",
            at=first + at,
            value=follower[at],
            pair=before[at],
            a=later[at],
            b=earlier[at],
        )


def _check_exact(problem: PlanProblem) -> None:
    """No sum of weights over an answer can leave 64 bits."""
    most = exact_sum(np.minimum(problem.pairs.capacity, problem.pairs_of_shift))
    for level in problem.levels:
        if (reach := most * level.largest) > LARGEST_NUMBER:
            raise WeightOverflowError(
                "plan_weights_too_large", name=level.name, reach=reach, most=LARGEST_NUMBER
            )
