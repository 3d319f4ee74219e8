"""Who could move where in an assignment: the one search through its residual network.

By hand: scipy's breadth-first order begins at one node, and this at many.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.arrays import BoolArray, Int64Array, Integers, row_entries
from gigmatch.problem.problem import Problem

__all__ = ["Moves"]


class Moves:
    """Moves of people from shift to shift, forwards and backwards.

    Parameters
    ----------
    tail, head : array of int, shape (k,)
        Shift rows between which somebody could move; a move may be given several times.
    n_shifts : int
        Number of shifts.
    """

    def __init__(self, tail: Integers, head: Integers, n_shifts: int) -> None:
        from scipy.sparse import csr_array

        self.n_shifts = n_shifts
        moves = csr_array((np.ones(len(tail), np.bool_), (tail, head)), shape=(n_shifts, n_shifts))
        self._forward, self._back = ((way.indptr, way.indices) for way in (moves, moves.T.tocsr()))

    @classmethod
    def of(cls, problem: Problem, shift: Integers) -> Moves:
        """Return every move that the people placed at ``shift`` (int[n_workers], -1 for none) could make.

        Examples
        --------
        >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
        >>> moves = Moves.of(problem, np.array([0, -1]))
        >>> moves.reach(np.array([0])).tolist()
        [True, True]
        >>> moves.reach(np.array([0]), back=True).tolist()
        [True, False]
        """
        home = shift.take(problem.worker)
        placed = np.flatnonzero(home >= 0)
        return cls(home[placed], problem.shift[placed], problem.n_shifts)

    def reach(self, shifts: Int64Array, *, back: bool = False) -> BoolArray:
        """Return which shifts people of some shifts could come to, directly or by others moving on.

        Parameters
        ----------
        shifts : array of int64
            Rows of the shifts to begin with, which count as reached.
        back : bool
            Search the other way: from which shifts people could come there.

        Returns
        -------
        array of bool, shape (n_shifts,)
        """
        indptr, ends = self._back if back else self._forward
        seen, fresh = np.zeros(self.n_shifts, np.bool_), shifts
        while fresh.size:
            before = seen.copy()
            seen[fresh] = True
            fresh = np.flatnonzero(seen & ~before)
            fresh = ends[row_entries(indptr, fresh)[0]]
        return seen
