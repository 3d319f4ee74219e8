"""The problem: pairs as in the plain one, which may follow which, and what comes whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array
from gigmatch.problem.problem import Problem

__all__ = ["PlanProblem"]


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
    follower : array of int32 or int64, shape (n_followers,)
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
        The most that the shifts of a plan may take together.
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
