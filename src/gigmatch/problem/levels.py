"""The levels of the objective: the plain problem of each, and the face of what is still equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array
from gigmatch.errors import InvalidProblemError
from gigmatch.problem.integers import exact_sum, row_blocks
from gigmatch.problem.problem import HASH_BITS, Problem
from gigmatch.problem.solution import Certificate, Level

__all__ = ["Face", "level_problem", "tight_pairs"]

_BLOCK: Final = 1 << 16


@dataclass(frozen=True, eq=False)
class Face:
    """All assignments that are equally good so far.

    They are those that choose among ``pairs`` only, place every worker in ``worker`` and fill every seat of
    the shifts in ``shift`` (complementary slackness).

    Attributes
    ----------
    pairs : array of int64
        Positions of the pairs that may be chosen, ascending.
    worker : array of bool, shape (n_workers,)
        Who must be placed.
    shift : array of bool, shape (n_shifts,)
        Which shifts must be full.
    """

    pairs: Int64Array
    worker: BoolArray
    shift: BoolArray

    @classmethod
    def whole(cls, problem: Problem) -> Face:
        """Every assignment there is."""
        pairs = np.arange(problem.n_pairs, dtype=np.int64)
        return cls(pairs, np.zeros(problem.n_workers, np.bool_), np.zeros(problem.n_shifts, np.bool_))

    @classmethod
    def of(cls, problem: Problem, points: Certificate, tight: Int64Array, seats: Certificate | None) -> Face:
        """What the certificates of the points, whose ``tight_pairs`` are given, and of the seats leave."""
        worker, shift = points.worker_price > 0, points.shift_price > 0
        if seats is None:
            return cls(tight, worker, shift)
        at, to = problem.workers_of(tight), problem.shift[tight]
        cost = seats.worker_price[at] + seats.shift_price[to] - problem.urgency[to]
        return cls(tight[cost == 0], worker | (seats.worker_price > 0), shift | (seats.shift_price > 0))

    def narrow(self, certificate: Certificate, tight: Int64Array) -> Face:
        """What one more round of the lottery leaves, whose ``tight_pairs`` on this face are given."""
        return Face(
            tight,
            self.worker | (certificate.worker_price > 0),
            self.shift | (certificate.shift_price > 0),
        )

    def obligations(self, problem: Problem) -> int:
        """How many obligations there are: workers to place and seats to fill."""
        return int(self.worker.sum()) + exact_sum(problem.capacity[self.shift])

    def met(self, shift: Int32Array) -> int:
        """How many obligations an assignment meets."""
        placed = shift >= 0
        return int((self.worker & placed).sum()) + int(self.shift[shift[placed]].sum())

    def is_single(self, problem: Problem, shift: Int32Array) -> bool:
        """Whether ``shift``, an assignment on this face, is the only one.

        Another one differs by cycles of the residual network. Its nodes are the shifts and one node for
        everything outside, since the number of placed workers is free. A shift that need not be full and is
        neither empty nor full passes people in and out freely, so it is the outside too; an edge that thereby
        becomes a loop is a change of its own. Hence: single exactly if no directed cycle is left.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        tail, head = self._residual(problem, shift)
        if (tail == head).any():
            return False
        size = problem.n_shifts + 1
        graph = coo_array((np.ones(len(tail)), (tail, head)), shape=(size, size))
        components = connected_components(graph.tocsr(), connection="strong", return_labels=False)
        return int(components) == size

    def _residual(self, problem: Problem, shift: Int32Array) -> tuple[Int64Array, Int64Array]:
        """Tails and heads of the residual edges between shifts; ``n_shifts`` is the outside."""
        outside, capacity = problem.n_shifts, problem.capacity
        home = np.where(shift >= 0, shift, outside).astype(np.int64)
        fill = np.bincount(shift[shift >= 0], minlength=outside)
        partly = (fill > 0) & (fill < capacity)
        leave = home[(shift >= 0) & ~self.worker]
        fillable = np.flatnonzero(~self.shift & (fill == 0) & (capacity > 0))
        emptiable = np.flatnonzero(~self.shift & (fill > 0) & (fill == capacity))
        start, to = home[problem.workers_of(self.pairs)], problem.shift[self.pairs]
        move = start != to
        node = np.append(np.where(partly, outside, np.arange(outside)), outside)
        tail = np.concatenate([start[move], leave, fillable, np.full(len(emptiable), outside)])
        head = np.concatenate([to[move], np.full(len(leave) + len(fillable), outside), emptiable])
        return node[tail], node[head]


def level_problem(
    problem: Problem, level: Level, *, bonus: int = 0, draw: int = 0, face: Face | None = None
) -> Problem:
    """The plain problem of one level, in which a certificate's prices are dual prices.

    Parameters
    ----------
    problem : Problem
        With all its levels.
    level : "seats", "points" or "lottery"
        Seats: weight ``urgency`` of the shift. Points: ``weight + bonus * urgency``. Lottery: the draw's
        numbers on the pairs of ``face``, plus ``bonus`` for every obligation of the face that a pair meets.
    bonus : int
        See ``level``.
    draw : int
        Round of the lottery. Round 0 ranks the workers, n for the smallest lot; the later ones give every
        pair a 16-bit number.
    face : Face, optional
        Needed for the lottery.

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2], shift=[0, 1], weight=[9, 7], capacity=[1, 1], tier=[2, 1])
    >>> level_problem(problem, "points", bonus=10).weight.tolist()
    [19, 27]
    """
    if level == "seats":
        return problem.plain(problem.urgency.take(problem.shift))
    if level == "points":
        if not bonus:
            return problem.plain(problem.weight)
        extra, weight = bonus * problem.urgency, np.empty(problem.n_pairs, np.int64)
        for low in range(0, problem.n_pairs, _BLOCK):
            part = slice(low, low + _BLOCK)
            np.add(extra.take(problem.shift[part]), problem.weight[part], out=weight[part])
        return problem.plain(weight)
    if face is None:
        raise InvalidProblemError("the lottery is drawn on a face; got face=None")
    worker, shift = problem.workers_of(face.pairs), problem.shift[face.pairs]
    owed = face.worker[worker].astype(np.int64) + face.shift[shift]
    return problem.plain(_draw(problem, draw, worker, shift) + bonus * owed, face.pairs)


def tight_pairs(
    problem: Problem, certificate: Certificate, face: Face | None = None
) -> tuple[Int64Array, int | None]:
    """Pairs whose reduced cost ``u[i] + p[j] - w[i, j]`` is 0, and the first where it is below 0.

    One pass in blocks that fit into a processor's cache. The weights of seats and bonus belong to the shift
    alone, so they come off its price, and no weight of the level is ever laid out.

    Parameters
    ----------
    problem : Problem
        With all its levels.
    certificate : Certificate
        Prices of the right shapes.
    face : Face, optional
        Needed for the lottery.

    Returns
    -------
    tight : array of int64
        Positions in ``problem``, ascending; incomplete if the second is not None. None are listed for the
        seats, where nearly all are tight: ``Face.of`` looks at those that the points leave.
    broken : int or None
        Position in ``problem`` of the first pair whose prices are too low.
    """
    level, price, weight = certificate.level, certificate.shift_price, problem.weight
    plain = problem
    if level == "seats":
        price = price - problem.urgency
    elif level == "points":
        price = price - certificate.bonus * problem.urgency
    else:
        plain = level_problem(problem, level, bonus=certificate.bonus, draw=certificate.draw, face=face)
        weight = plain.weight
    tight: list[Int64Array] = []
    broken = None
    for begin, end in row_blocks(plain.indptr, _BLOCK):
        low, high = plain.indptr[begin], plain.indptr[end]
        cost = price.take(plain.shift[low:high])
        cost += np.repeat(certificate.worker_price[begin:end], np.diff(plain.indptr[begin : end + 1]))
        if level != "seats":
            cost -= weight[low:high]
        least = cost.min() if len(cost) else 1
        if least < 0:
            broken = int(low + (cost < 0).argmax())
            break
        if least == 0 and level != "seats":
            tight.append(np.flatnonzero(cost == 0) + low)
    found = np.concatenate([np.zeros(0, np.int64), *tight])
    if level == "lottery" and face is not None:
        return face.pairs[found], None if broken is None else int(face.pairs[broken])
    return found, broken


def _draw(problem: Problem, draw: int, worker: Int32Array, shift: Int32Array) -> Int64Array:
    """The lottery's numbers of pairs in one round, 0 or more."""
    lot = problem.lot
    assert lot is not None
    if draw == 0:
        rank = np.empty(problem.n_workers, np.int64)
        rank[np.argsort(lot)] = np.arange(problem.n_workers, 0, -1)
        return rank[worker]
    shift_lot = problem.shift_lot
    if shift_lot is None:
        shift_lot = np.arange(problem.n_shifts, dtype=np.int64)
    step = np.uint64(draw * 0x9E3779B97F4A7C15 % 2**64)
    mixed = _mix(_mix(lot.view(np.uint64) + step)[worker] + _mix(shift_lot.view(np.uint64))[shift])
    return (mixed >> np.uint64(64 - HASH_BITS)).astype(np.int64)


def _mix(number: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): every input bit changes every output bit."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))
