"""A part of a plain problem: some workers, some of their pairs, and the seats that the others leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, row_pointers
from gigmatch.problem import Problem

__all__ = ["Part"]


@dataclass(frozen=True, eq=False)
class Part:
    """Some workers whose shifts may change, as a problem of their own.

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[2, 1])
    >>> part = Part.of(problem, np.array([0, 1]), np.array([True, False]), np.array([1, 0], np.int32))
    >>> part.problem.weight.tolist(), part.problem.capacity.tolist(), part.start.tolist()
    ([9, 7], [1, 1], [1])
    >>> part.whole(np.array([0])).tolist()
    [0, 0]
    """

    problem: Problem
    """A row for each of the workers, in order, and a column for each shift of their pairs."""
    shifts: Int64Array
    """The shifts as rows of the whole problem, ascending."""
    _workers: BoolArray
    _shift: Int32Array

    @classmethod
    def of(cls, problem: Problem, pairs: Int64Array, workers: BoolArray, shift: Int32Array) -> Self:
        """Take some pairs of some workers out of a plain problem.

        Parameters
        ----------
        problem : Problem
            Plain.
        pairs : array of int64
            Positions, ascending, of pairs of these workers; those that they have are among them.
        workers : array of bool, shape (n_workers,)
            Who is in it.
        shift : array of int32, shape (n_workers,)
            Where everybody is, -1 for nobody's; the others stay there.
        """
        shifts, column = np.unique(problem.shift[pairs], return_inverse=True)
        taken = np.bincount(shift[~workers & (shift >= 0)], minlength=problem.n_shifts)
        count = np.bincount(problem.workers_of(pairs), minlength=problem.n_workers)
        part = Problem(
            indptr=row_pointers(count[workers]),
            shift=column.astype(np.int32),
            weight=problem.weight[pairs],
            capacity=(problem.capacity - taken)[shifts],
        )
        return cls(part, shifts.astype(np.int64), workers, shift)

    @property
    def start(self) -> Int32Array:
        """Where its workers are: int32, a column of the part, -1 for nobody's."""
        at = self._shift[self._workers]
        return np.where(at >= 0, np.searchsorted(self.shifts, at), -1).astype(np.int32)

    def whole(self, answer: Int32Array) -> Int32Array:
        """Where everybody is with an answer to the part: int32[n_workers], -1 for nobody's."""
        shift = self._shift.copy()
        shift[self._workers] = np.append(self.shifts, -1)[answer]
        return shift
