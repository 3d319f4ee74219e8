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

from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from gigmatch.core import kernels
from gigmatch.core.arrays import (
    BoolArray,
    Int32Array,
    Int64Array,
    per_entry,
    read_only,
    row_entries,
    row_pointers,
)
from gigmatch.problem import Problem, Weights
from gigmatch.problem.prices import worker_prices_at
from gigmatch.solvers.base import Control

__all__ = ["Prices", "greatest_prices", "least_prices"]


_LOOPS: Final = "gigmatch.solvers.loops"
_PAIRS_IN_A_LOOP: Final = 1 << 22  # some ten milliseconds
_PASSES: Final = 16  # through all pairs; where prices go far along chains, it matters what is looked at first
_WORKERS_AT_ONCE: Final = 256  # whose pairs fit into a processor's cache
_PAIRS_AT_ONCE: Final = 8_192
_AGAIN: Final = 64  # looks at one part, at most
_SORTED: Final = 16  # that part of all positions is sorted rather than marked
# Where so few pairs are due, they are looked at without numpy, so many shifts on end.
_FEW_PAIRS: Final = 64
_LOOKS_AT_ONCE: Final = 4096
_LOOKS: Final = 64  # a shift beyond those of the rounds; a gaining cycle must not be gone round for ever


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
    rise = _Rise(problem, shift, control or Control())
    if (rise.ceiling < 0).any() or not rise.among(np.flatnonzero((problem.degree > 0) & (shift < 0))):
        return None
    rise.note(np.unique(shift[shift >= 0]))
    if not rise.in_a_loop():
        return None
    # Round r settles all longest paths of r shifts; a rise after n_shifts rounds runs round a gaining cycle.
    for _ in range(problem.n_shifts + 1):
        if not (due := rise.due()).size:
            return prices_at(problem, rise.price)
        if not (rise.one_by_one(due) if rise.are_few(due) else rise.in_order(due)):
            return None
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
            if not reached.size:
                break
            workers = _spread(held, held.workers_at(reached), limit, left, settled)
    if (left < needed).any():
        return None
    worker_price = np.zeros(problem.n_workers, np.int64)
    worker_price[held.placed] = own[held.placed] + left[shift[held.placed]]
    return Prices(worker_price, worth - left)


def _spread(held: _Held, workers: Int64Array, limit: int, left: Int64Array, settled: BoolArray) -> Int64Array:
    """Settle what a few workers reach, then those who are there, until they are many; returns who is next."""
    problem, queue = held.problem, deque(workers[: _FEW_PAIRS + 1].tolist())
    if len(queue) > _FEW_PAIRS:
        return workers
    for _ in range(_LOOKS_AT_ONCE):
        if not 0 < len(queue) <= _FEW_PAIRS:
            break
        begin, end = problem.indptr[queue[0] : queue[0] + 2].tolist()
        if end - begin > _FEW_PAIRS:
            break
        queue.popleft()
        for to in problem.shift[begin:end].tolist():
            if not settled[to]:
                left[to], settled[to] = min(left[to], limit), True
                queue += held.workers_of(to)
    return np.array(queue, np.int64)


class _Rise:
    """Least prices on their way up. Each way of raising them says whether none is too high."""

    def __init__(self, problem: Problem, shift: Int32Array, control: Control) -> None:
        self.problem, self.control = problem, control
        self.held = _Held(problem, shift)
        self.price, self.ceiling = np.zeros(problem.n_shifts, np.int64), self.held.ceiling()
        degree = problem.degree[self.held.placed]
        pairs_at = np.bincount(shift[self.held.placed], degree, minlength=problem.n_shifts)
        self.pairs_at = pairs_at.astype(np.int64)
        self.is_due = np.zeros(problem.n_shifts, np.bool_)
        self.noted: list[Int64Array] = []
        self.left = _LOOKS * problem.n_shifts

    def note(self, shifts: npt.NDArray[np.signedinteger]) -> None:
        """Have the workers of some shifts looked at in the next round."""
        self.is_due[shifts] = True
        self.noted.append(shifts.astype(np.int64))

    def due(self) -> Int64Array:
        """Return the shifts whose workers are to be looked at: cheapest first, since chains mostly go up."""
        shifts = np.unique(np.concatenate(self.noted)) if self.noted else np.zeros(0, np.int64)
        shifts, self.noted = shifts[self.is_due[shifts]], []
        return shifts[np.argsort(self.price[shifts], kind="stable")]

    def are_few(self, shifts: Int64Array) -> bool:
        """Whether numpy would take longer to begin than to look."""
        return self.left > 0 and int(self.pairs_at[shifts].sum()) <= _FEW_PAIRS

    def in_a_loop(self) -> bool:
        """Look at all that is due, and at what that raises, where there is a loop, unless it takes long."""
        problem, queue, due = self.problem, np.zeros(self.problem.n_shifts, np.int64), self.due()
        queue[: len(due)] = due
        first, waiting, left = 0, len(due), 0
        if kernels.are_worth_it(_LOOPS, problem.n_workers * problem.n_shifts):
            from gigmatch.solvers.loops import rise

            held = self.held
            arrays = problem.indptr, problem.shift, problem.weight, held.start, held.order, held.weight
            given = [read_only(array) for array in (*arrays, self.ceiling)]
            left = _PASSES * (problem.n_pairs + problem.n_workers)
            while waiting > 0 and left > 0:
                self.control.check()
                state = self.price, self.is_due, queue, first, waiting
                first, waiting, rest = rise(*state, _PAIRS_IN_A_LOOP, *given)
                left -= _PAIRS_IN_A_LOOP - rest
        self.note(queue.take(np.arange(first, first + waiting), mode="wrap"))
        return waiting >= 0

    def in_order(self, shifts: Int64Array) -> bool:
        """Look at the workers of some shifts, a part at a time: one has mostly settled before the next."""
        part = np.cumsum(self.pairs_at[shifts]) // _PAIRS_AT_ONCE
        for some in np.split(shifts, np.flatnonzero(np.diff(part)) + 1):
            due, looks = some, 0
            while due.size and looks < _AGAIN and (looks == 0 or self.left > 0):
                self.is_due[due] = False
                if not self.among(self.held.workers_at(due)):
                    return False
                self.left -= len(due) if looks else 0
                looks += 1
                due = some[self.is_due[some]]
        return True

    def among(self, workers: Int64Array) -> bool:
        """Raise prices to what some workers ask at least."""
        self.control.check()
        pairs, degree = row_entries(self.problem.indptr, workers)
        to = self.problem.shift.take(pairs)
        asked = self.problem.weight.take(pairs)
        asked += np.repeat(self.held.base(self.price, workers), degree)
        rises = np.flatnonzero(asked > self.price.take(to))
        raised = _raise(self.price, to[rises], asked[rises])
        self.note(raised)
        return not (self.price[raised] > self.ceiling[raised]).any()

    def one_by_one(self, shifts: Int64Array) -> bool:
        """Look at some shifts and go on to those that they raise, until many are to be looked at."""
        problem, price = self.problem, self.price
        queue, ahead = deque(shifts.tolist()), int(self.pairs_at[shifts].sum())
        looks = 0
        while queue and (looks < len(shifts) or (ahead <= _FEW_PAIRS and looks < _LOOKS_AT_ONCE)):
            at = queue.popleft()
            looks += 1
            ahead -= int(self.pairs_at[at])
            self.is_due[at] = False
            for worker in self.held.workers_of(at):
                base = price[at] - self.held.weight[worker]
                row = slice(problem.indptr[worker], problem.indptr[worker + 1])
                for to, weight in zip(problem.shift[row].tolist(), problem.weight[row].tolist(), strict=True):
                    if weight + base <= price[to]:
                        continue
                    price[to] = weight + base
                    if price[to] > self.ceiling[to]:
                        return False
                    if not self.is_due[to]:
                        self.is_due[to] = True
                        queue.append(to)
                        ahead += int(self.pairs_at[to])
        self.left -= looks - len(shifts)
        self.control.check()
        self.note(np.array(queue, np.int64))
        return True


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

    def workers_of(self, shift: int) -> list[int]:
        """Rows of the workers at one shift."""
        found: list[int] = self.order[self.start[shift] : self.start[shift + 1]].tolist()
        return found


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
    """Raise ``values[index]`` to at least ``to``, which are greater; returns the positions, ascending."""
    np.maximum.at(values, index, to)
    return _distinct(index, len(values))


def _lower(values: Int64Array, index: npt.NDArray[np.signedinteger], to: Int64Array) -> Int64Array:
    """Lower ``values[index]`` to at most ``to``; returns the positions lowered, ascending."""
    lower = np.flatnonzero(to < values[index])
    np.minimum.at(values, index[lower], to[lower])
    return _distinct(index[lower], len(values))


def _distinct(index: npt.NDArray[np.signedinteger], n: int) -> Int64Array:
    """The positions in an index of ``n``, ascending: sorted where they are few, else marked."""
    if len(index) < n // _SORTED:
        return np.unique(index).astype(np.int64)
    marked = np.zeros(n, np.bool_)
    marked[index] = True
    return np.flatnonzero(marked)


def _needed(problem: Problem, worker_price: Int64Array) -> Int64Array:
    """``p[j] = max(0, max over i of w[i, j] - u[i])``."""
    price = np.zeros(problem.n_shifts, np.int64)
    np.maximum.at(price, problem.shift, problem.weight - per_entry(worker_price, problem.indptr))
    return price
