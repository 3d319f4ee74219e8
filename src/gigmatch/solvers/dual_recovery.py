"""Exact integer dual prices, recovered from an optimal assignment.

With the assignment fixed, complementary slackness leaves inequalities between shift prices only: for a
worker ``i`` at shift ``j`` and any other of its shifts ``k``, ``p[k] >= p[j] - w[i, j] + w[i, k]``; for a
worker that is not placed, ``p[k] >= w[i, k]``; for a holder, ``p[j] <= w[i, j]``, since ``u[i] >= 0``; and
``p[j] = 0`` where a seat is empty. These are longest-path inequalities, so their solutions form a lattice
(Shapley and Shubik 1971): there is a least one and a greatest one, found by label correction from below and
from above. The system has a solution exactly if the assignment is optimal.

By hand: scipy's Bellman-Ford counts in floats, and nothing can stop it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, per_entry, row_entries, row_pointers
from gigmatch.problem import Problem, Weights
from gigmatch.problem.prices import worker_prices_at
from gigmatch.solvers.base import Control

__all__ = ["Prices", "greatest_prices", "least_prices"]


_WORKERS_AT_ONCE: Final = 256  # whose pairs fit into a processor's cache


class Prices(NamedTuple):
    """Dual prices: int64, shapes (n_workers,) and (n_shifts,), 0 or more."""

    worker: Int64Array
    shift: Int64Array


def least_prices(problem: Problem, shift: Int32Array, control: Control | None = None) -> Prices | None:
    """Least shift prices that prove an assignment optimal, or None exactly if it is not optimal.

    The least price of a full shift is what one more seat there would gain. A shift without seats gets the
    price at which nobody wants one.

    Parameters
    ----------
    problem : Problem
        Its levels and lots are ignored.
    shift : array of int32, shape (n_workers,)
        A feasible assignment, -1 for nobody's.
    control : Control, optional
        Checked between rounds.

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> least_prices(problem, np.array([1, 0])).shift.tolist()
    [2, 0]
    >>> least_prices(problem, np.array([0, -1])) is None
    True
    """
    control = control or Control()
    held = _Held(problem, shift)
    price, ceiling = np.zeros(problem.n_shifts, np.int64), held.ceiling()
    active = np.flatnonzero(problem.degree)
    if (ceiling < 0).any():
        return None
    # Round r settles all longest paths of r shifts; a rise after n_shifts rounds runs round a gaining cycle.
    for _ in range(problem.n_shifts + 1):
        control.check()
        pairs, degree = row_entries(problem.indptr, active)
        to = problem.shift.take(pairs)
        asked = problem.weight.take(pairs)
        asked += np.repeat(held.base(price, active), degree)
        rises = np.flatnonzero(asked > price.take(to))
        raised = _raise(price, to[rises], asked[rises])
        if (price[raised] > ceiling[raised]).any():
            return None
        active = held.workers_at(raised)
        if not active.size:
            return prices_at(problem, price)
    return None


def greatest_prices(problem: Problem, shift: Int32Array, control: Control | None = None) -> Prices | None:
    """Greatest shift prices that prove an assignment optimal, or None exactly if it is not optimal.

    The greatest price of a full shift is what one seat fewer there would lose. A shift without seats, whose
    price has no upper limit, gets the price at which nobody wants one.

    Parameters and None as in ``least_prices``.

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> greatest_prices(problem, np.array([1, 0])).shift.tolist()
    [8, 6]
    """
    control = control or Control()
    held = _Held(problem, shift)
    price = held.ceiling()
    worker_price = np.zeros(problem.n_workers, np.int64)
    columns = _Columns(problem)
    active = np.flatnonzero(problem.capacity > 0)
    # Ends for the same reason as in least_prices.
    for _ in range(problem.n_shifts + 1):
        if (price[active] < 0).any():
            return None
        control.check()
        pairs, degree = row_entries(columns.indptr, active)
        who = columns.worker.take(pairs)
        wanted = columns.weight.take(pairs) - np.repeat(price[active], degree)
        rises = np.flatnonzero(wanted > worker_price.take(who))
        raised = _raise(worker_price, who[rises], wanted[rises])
        if (shift[raised] < 0).any():
            return None  # nobody placed this worker, yet some seat is worth its price
        active = _lower(price, shift[raised], held.weight[raised] - worker_price[raised])
        if not active.size:
            closed = problem.capacity == 0
            price[closed] = _needed(problem, worker_price)[closed]
            return Prices(worker_price, price)
    return None


def prices_of_nothing(problem: Problem) -> Prices:
    """Prices that prove some bound without any work: every worker at its best weight, every seat at 0."""
    return prices_at(problem, np.zeros(problem.n_shifts, np.int64))


def prices_at(problem: Problem, price: Int64Array) -> Prices:
    """Some shift prices and the least worker prices that go with them: they prove some bound."""
    return Prices(worker_prices_at(problem, price), price)


def shifts_of(problem: Problem, workers: Int64Array, control: Control) -> BoolArray:
    """Which shifts are in the row of any of some workers."""
    found = np.zeros(problem.n_shifts, np.bool_)
    for begin in range(0, len(workers), _WORKERS_AT_ONCE):
        control.check()
        pairs, _ = row_entries(problem.indptr, workers[begin : begin + _WORKERS_AT_ONCE])
        found[problem.shift.take(pairs)] = True
    return found


def side_level_prices(
    problem: Problem,
    weights: Weights,
    shift: Int32Array,
    control: Control | None = None,
    *,
    shifts_of: Callable[[Problem, Int64Array, Control], BoolArray] = shifts_of,
) -> Prices | None:
    """Least prices of a level that weighs no pairs, or None exactly if an assignment is not best there.

    Let ``q = w - p``, what a shift of weight ``w`` leaves to a worker besides the worker's weight ``a``. A
    worker at ``j`` allows no ``k`` in its row more than ``q[j]``, one that is not placed no more than ``-a``;
    who is placed needs ``-a`` at least, and an empty seat must keep ``q = w``. The greatest ``q`` is found
    from the least limit up, as in Dijkstra's algorithm, and every row is read once, by ``shifts_of``.

    Parameters
    ----------
    problem : Problem
        Its own weights, levels and lots are ignored.
    weights : Weights
        Of workers and of shifts.
    shift : array of int32, shape (n_workers,)
        A feasible assignment, -1 for nobody's.
    control : Control, optional
        Checked between rounds.
    shifts_of : callable
        Which shifts are in the row of any of some workers.
    """
    control = control or Control()
    held, own, worth = _Held(problem, shift), weights.worker, weights.shift
    own = np.zeros(problem.n_workers, np.int64) if own is None else own
    worth = np.zeros(problem.n_shifts, np.int64) if worth is None else worth
    needed = np.where(held.fill < problem.capacity, worth, np.iinfo(np.int64).min)
    np.maximum.at(needed, shift[held.placed], -own[held.placed])
    left, settled = worth.copy(), np.zeros(problem.n_shifts, np.bool_)
    home = np.flatnonzero(shift < 0)
    for limit in np.unique(np.concatenate([-own[home], worth])).tolist():
        workers = home[own[home] == -limit]
        while True:
            found = shifts_of(problem, workers, control)
            left[found] = np.minimum(left[found], limit)
            reached = np.flatnonzero((left <= limit) & ~settled)
            if (left < needed)[reached].any():
                return None
            settled[reached] = True
            workers = held.workers_at(reached)
            if not reached.size:
                break
    if (left < needed).any():
        return None
    worker_price = np.zeros(problem.n_workers, np.int64)
    worker_price[held.placed] = own[held.placed] + left[shift[held.placed]]
    return Prices(worker_price, worth - left)


class _Held:
    """What every worker holds in an assignment, and who is at every shift."""

    def __init__(self, problem: Problem, shift: Int32Array) -> None:
        self.problem, self.shift = problem, shift
        self.placed = np.flatnonzero(shift >= 0)
        self.weight = np.zeros(problem.n_workers, np.int64)
        self.weight[self.placed] = problem.weight[problem.find(self.placed, shift[self.placed])]
        self.order = self.placed[np.argsort(shift[self.placed], kind="stable")]
        self.fill = np.bincount(shift[self.placed], minlength=problem.n_shifts)
        self.start = row_pointers(self.fill)

    def ceiling(self) -> Int64Array:
        """No price exceeds 0 where a seat is empty, nor the least weight held; no limit without seats."""
        ceiling = np.full(self.problem.n_shifts, np.iinfo(np.int64).max)
        np.minimum.at(ceiling, self.shift[self.placed], self.weight[self.placed])
        ceiling[self.fill < self.problem.capacity] = np.minimum(ceiling, 0)[self.fill < self.problem.capacity]
        return ceiling

    def base(self, price: Int64Array, workers: Int64Array) -> Int64Array:
        """``-u`` of each worker: the price of its shift minus the weight it holds, 0 if not placed."""
        at = self.shift[workers]
        paid: Int64Array = np.where(at >= 0, price.take(at, mode="clip"), 0) - self.weight[workers]
        return paid

    def workers_at(self, shifts: Int64Array) -> Int64Array:
        """Rows of the workers at some shifts."""
        return self.order[row_entries(self.start, shifts)[0]]


class _Columns:
    """The pairs by shift."""

    def __init__(self, problem: Problem) -> None:
        from scipy.sparse import csr_array

        # A transpose sorts the pairs by shift in two passes: it counts each column, and puts every entry
        # into its place, rows ascending. The entries are positions of pairs: all else is gathered by them.
        shape = (problem.n_workers, problem.n_shifts)
        position = np.arange(problem.n_pairs)
        order = csr_array((position, problem.shift, problem.indptr), shape=shape).tocsc()
        self.indptr = order.indptr.astype(np.int64)
        self.worker, self.weight = order.indices, problem.weight[order.data]


def _raise(values: Int64Array, index: npt.NDArray[np.signedinteger], to: Int64Array) -> Int64Array:
    """Raise ``values[index]`` to at least ``to``; returns the positions raised, ascending."""
    before = values.copy()
    np.maximum.at(values, index, to)
    return np.flatnonzero(values > before)


def _lower(values: Int64Array, index: npt.NDArray[np.signedinteger], to: Int64Array) -> Int64Array:
    """Lower ``values[index]`` to at most ``to``; returns the positions lowered, ascending."""
    before = values.copy()
    np.minimum.at(values, index, to)
    return np.flatnonzero(values < before)


def _needed(problem: Problem, worker_price: Int64Array) -> Int64Array:
    """``p[j] = max(0, max over i of w[i, j] - u[i])``."""
    price = np.zeros(problem.n_shifts, np.int64)
    np.maximum.at(price, problem.shift, problem.weight - per_entry(worker_price, problem.indptr))
    return price
