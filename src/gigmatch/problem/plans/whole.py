"""What is left of an answer where whatever is not whole stays away."""

from __future__ import annotations

import numpy as np

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array
from gigmatch.problem.plans.problem import PlanProblem

__all__ = ["whole_only"]


def whole_only(problem: PlanProblem, at: Int32Array) -> Int32Array:
    """Take out of an answer of one shift a worker who cannot go, until every team and group is whole.

    Nobody is sent to a shift that is short of its least headcount, or whose crew is; nobody of a group goes
    without the others. So it is in a hall where the first who come are taken, and the bus does not leave.

    Parameters
    ----------
    problem : PlanProblem
        Tells what is whole.
    at : array of int32, shape (n_workers,)
        Shift of every worker, -1 for none.

    Returns
    -------
    int32[n_workers]
    """
    while (gone := (at >= 0) & (_of_short_teams(problem, at) | _of_parted_groups(problem, at))).any():
        at = np.where(gone, -1, at).astype(np.int32)
    return at


def _of_short_teams(problem: PlanProblem, at: Int32Array) -> BoolArray:
    """Whether each worker is in a shift that does not take place, or in a crew of which one does not."""
    short = np.bincount(at[at >= 0], minlength=len(problem.minimum)) < problem.minimum
    in_crew = problem.crew >= 0
    crew_short = np.zeros(problem.n_crews, dtype=bool)
    np.logical_or.at(crew_short, problem.crew[in_crew], short[in_crew])
    short[in_crew] = crew_short[problem.crew[in_crew]]
    found: BoolArray = np.append(short, False)[at]
    return found


def _of_parted_groups(problem: PlanProblem, at: Int32Array) -> BoolArray:
    """Whether each worker is of a group of which not all are in one shift, or in one crew."""
    member = np.flatnonzero(problem.group >= 0)
    group = problem.group[member]
    place = at[member].astype(np.int64)
    crew: Int64Array = np.append(problem.crew, -1)[place]
    place = np.where(problem.group_in_crew[group], crew, place)
    least = np.full(problem.n_groups, len(problem.minimum), np.int64)
    most = np.full(problem.n_groups, -1, np.int64)
    np.minimum.at(least, group, place)
    np.maximum.at(most, group, place)
    found = np.zeros(len(at), dtype=bool)
    found[member] = ((least != most) | (least < 0))[group]
    return found
