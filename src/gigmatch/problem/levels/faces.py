"""The plain problem of each level, and the face of what is still equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gigmatch.core import kernels
from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, freeze, per_entry, read_only
from gigmatch.errors import InvalidProblemError
from gigmatch.problem.integers import exact_sum, row_blocks
from gigmatch.problem.levels.base import DrawnLevel, WeightedLevel, Weights, laid_out, weights_at

if TYPE_CHECKING:
    from gigmatch.problem.problem import Problem
    from gigmatch.problem.solution import Certificate

__all__ = ["Face", "drawn_problem", "level_problem", "reduced_costs", "tight_pairs", "weights_of"]

_BLOCK: Final = 1 << 16
_COMPILED: Final = "gigmatch.problem.loops"
_NONE: Final = freeze(np.zeros(0, np.int64))
_OfRows = Callable[[int, int], tuple[Int64Array, int]]
"""``(begin, end)`` of some rows to their tight pairs, if listed, and the first that is broken, else -1."""


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
    def of(cls, problem: Problem, certificates: Sequence[Certificate], tight: Int64Array) -> Face:
        """What the certificates of the weighted levels leave; the ``tight_pairs`` of the last are given."""
        *above, last = certificates
        worker, shift = last.worker_price > 0, last.shift_price > 0
        for certificate in above:
            tight = tight[reduced_costs(problem, certificate, tight) == 0]
            worker = worker | (certificate.worker_price > 0)
            shift = shift | (certificate.shift_price > 0)
        return cls(tight, worker, shift)

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
        tail, head, _ = self._residual(problem, shift)
        return not (tail == head).any() and _circles(tail, head, problem.n_shifts + 1)[0] > problem.n_shifts

    def undecided(self, problem: Problem, shift: Int32Array) -> tuple[BoolArray, BoolArray]:
        """Which of ``pairs`` another assignment on this face may choose in place of what ``shift`` does.

        All that another one changes lies on circles of the residual network, see `is_single`. Who is on none
        stays where they are, and so do others in seats that no circle goes through.

        Returns
        -------
        bool[n_pairs of the face], bool[n_workers]
            The pairs, and the workers whose pairs they are.
        """
        tail, head, node = self._residual(problem, shift)
        of_node = _circles(tail, head, problem.n_shifts + 1)[1][node]
        home = _homes(shift, problem.n_shifts)
        worker, to = _workers_in_order(problem, self.pairs), problem.shift[self.pairs]
        on_circle = of_node[home[worker]] == of_node[to]
        moves = (shift >= 0) & ~self.worker & (of_node[home] == of_node[-1])
        moves[worker[on_circle & (home[worker] != to)]] = True
        return on_circle & moves[worker], moves

    def _residual(self, problem: Problem, shift: Int32Array) -> tuple[Int64Array, Int64Array, Int64Array]:
        """Tails and heads of the residual edges between nodes, and the node of every shift.

        The last node, ``n_shifts``, is the outside.
        """
        outside, capacity = problem.n_shifts, problem.capacity
        home = _homes(shift, outside)
        fill = np.bincount(shift[shift >= 0], minlength=outside)
        partly = (fill > 0) & (fill < capacity)
        leave = home[(shift >= 0) & ~self.worker]
        fillable = np.flatnonzero(~self.shift & (fill == 0) & (capacity > 0))
        emptiable = np.flatnonzero(~self.shift & (fill > 0) & (fill == capacity))
        start, to = home[_workers_in_order(problem, self.pairs)], problem.shift[self.pairs]
        move = start != to
        node = np.append(np.where(partly, outside, np.arange(outside)), outside)
        tail = np.concatenate([start[move], leave, fillable, np.full(len(emptiable), outside)])
        head = np.concatenate([to[move], np.full(len(leave) + len(fillable), outside), emptiable])
        return node[tail], node[head], node


def _homes(shift: Int32Array, outside: int) -> Int64Array:
    """The shift of every worker, the outside for who has none."""
    return np.where(shift >= 0, shift, outside).astype(np.int64)


def _circles(tail: Int64Array, head: Int64Array, size: int) -> tuple[int, Int32Array]:
    """Into how many parts edges link nodes by circles, and the part of every node."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(tail)), (tail, head)), shape=(size, size))
    n, part = connected_components(graph.tocsr(), connection="strong")
    return int(n), part


def weights_of(problem: Problem, level: WeightedLevel, multipliers: Mapping[str, int]) -> Weights:
    """What a certificate of a level proves: its weights, plus multiples of those of some levels above it."""
    weights = level.weights(problem)
    for above, own in zip(problem.weighted, problem.weights, strict=True):
        if scale := multipliers.get(above.name, 0):
            weights = weights.plus(own.times(scale))
    return weights


def level_problem(
    problem: Problem, level: WeightedLevel, multipliers: Mapping[str, int] | None = None
) -> Problem:
    """The plain problem of a weighted level, in which a certificate's prices are dual prices.

    Parameters
    ----------
    problem : Problem
        With all its levels.
    level : WeightedLevel
        One of them.
    multipliers : mapping of str to int, optional
        What the weights of levels above count here, by name; 0 for those left out.

    Examples
    --------
    >>> from gigmatch.problem import POINTS, Problem
    >>> problem = Problem(indptr=[0, 2], shift=[0, 1], weight=[9, 7], capacity=[1, 1], tier=[2, 1])
    >>> level_problem(problem, POINTS, {"seats": 10}).weight.tolist()
    [19, 27]
    """
    return problem.plain(laid_out(problem, weights_of(problem, level, multipliers or {})))


def drawn_problem(
    problem: Problem, level: DrawnLevel, face: Face, *, draw: int = 0, multiplier: int = 0
) -> Problem:
    """The plain problem of one round of a drawn level, on the pairs of a face.

    Parameters
    ----------
    problem : Problem
        With all its levels.
    level : DrawnLevel
        The one that is drawn.
    face : Face
        What the levels and rounds before leave.
    draw : int
        The round.
    multiplier : int
        Weight added for every obligation of the face that a pair meets.
    """
    worker, shift = _workers_in_order(problem, face.pairs), problem.shift[face.pairs]
    weight = level.drawn(problem, draw, worker, shift) + (multiplier * face.worker).take(worker)
    weight += (multiplier * face.shift).take(shift)
    return problem.plain(weight, face.pairs)


def _workers_in_order(problem: Problem, pairs: Int64Array) -> Int32Array:
    """Worker row of pairs in ascending order: `Problem.workers_of`, without a search for each of them."""
    return per_entry(np.arange(problem.n_workers, dtype=np.int32), np.searchsorted(pairs, problem.indptr))


def tight_pairs(
    problem: Problem, certificate: Certificate, face: Face | None = None, *, listed: bool = True
) -> tuple[Int64Array, int | None]:
    """Pairs whose reduced cost ``u[i] + p[j] - w[i, j]`` is 0, and the first where it is below 0.

    One pass in blocks that fit into a processor's cache. Weights that belong to a worker or a shift alone
    come off its price, and are never laid out.

    Parameters
    ----------
    problem : Problem
        With all its levels.
    certificate : Certificate
        Prices of the right shapes.
    face : Face, optional
        Needed for a drawn level.
    listed : bool
        Whether tight pairs are wanted; None are listed otherwise, which saves memory where nearly all are.

    Returns
    -------
    tight : array of int64
        Positions in ``problem``, ascending; incomplete if the second is not None.
    broken : int or None
        Position in ``problem`` of the first pair whose prices are too low.
    """
    if problem.is_weighted(certificate.level):
        level = problem.weighted[problem.place(certificate.level)]
        weights = weights_of(problem, level, certificate.multipliers)
        return _tight(problem, certificate, weights, listed)
    if problem.drawn is None or face is None:
        raise InvalidProblemError("face_missing", level=certificate.level, value=face)
    plain = drawn_problem(
        problem, problem.drawn, face, draw=certificate.draw, multiplier=certificate.multiplier
    )
    found, broken = _tight(plain, certificate, Weights(pair=plain.weight), listed)
    return face.pairs[found], None if broken is None else int(face.pairs[broken])


def reduced_costs(problem: Problem, certificate: Certificate, pairs: Int64Array) -> Int64Array:
    """``u[i] + p[j] - w[i, j]`` of some pairs at a weighted level, given by position."""
    level = problem.weighted[problem.place(certificate.level)]
    weights = weights_of(problem, level, certificate.multipliers)
    price: Int64Array = certificate.worker_price[_workers_in_order(problem, pairs)]
    price = price + certificate.shift_price[problem.shift[pairs]]
    return price - weights_at(problem, weights, pairs)


def _tight(
    plain: Problem, certificate: Certificate, weights: Weights, listed: bool
) -> tuple[Int64Array, int | None]:
    """As `tight_pairs`, of a problem in rows by worker."""
    worker, shift = certificate.worker_price, certificate.shift_price
    if weights.worker is not None:
        worker = worker - weights.worker
    if weights.shift is not None:
        shift = shift - weights.shift
    compiled = kernels.are_worth_it(_COMPILED, plain.n_workers * plain.n_shifts)
    of_rows = (_compiled_rows if compiled else _plain_rows)(plain, worker, shift, weights.pair, listed)
    tight = [_NONE]
    for begin, end in row_blocks(plain.indptr, _BLOCK):
        found, broken = of_rows(begin, end)
        tight.append(found)
        if broken >= 0:
            return np.concatenate(tight), broken
    return np.concatenate(tight), None


def _plain_rows(
    plain: Problem, worker: Int64Array, shift: Int64Array, weight: Int64Array | None, listed: bool
) -> _OfRows:
    def of_rows(begin: int, end: int) -> tuple[Int64Array, int]:
        low, high = plain.indptr[begin], plain.indptr[end]
        cost = shift.take(plain.shift[low:high])
        cost += np.repeat(worker[begin:end], np.diff(plain.indptr[begin : end + 1]))
        if weight is not None:
            cost -= weight[low:high]
        least = cost.min() if len(cost) else 1
        tight = np.flatnonzero(cost == 0) + low if least <= 0 and listed else _NONE
        return tight, int(low + (cost < 0).argmax()) if least < 0 else -1

    return of_rows


def _compiled_rows(
    plain: Problem, worker: Int64Array, shift: Int64Array, weight: Int64Array | None, listed: bool
) -> _OfRows:
    """`_plain_rows` in one loop: numpy would carry every block through memory once a step."""
    from gigmatch.problem.loops import note_tight

    arrays = plain.indptr, plain.shift, _NONE if weight is None else weight, worker, shift
    given = [read_only(np.ascontiguousarray(array)) for array in arrays]

    def of_rows(begin: int, end: int) -> tuple[Int64Array, int]:
        room = int(plain.indptr[end] - plain.indptr[begin]) if listed else 0
        tight = np.empty(room, np.int64)
        n, broken = note_tight(tight, begin, end, *given)
        return tight[:n].copy(), broken

    return of_rows
