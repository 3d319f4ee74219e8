"""One run of the auction: the phases in order, in slices short enough to be stopped between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array
from gigmatch.problem import Problem
from gigmatch.problem.integers import row_blocks
from gigmatch.solvers.auction import augment, duals, forward, reverse, shortlists
from gigmatch.solvers.auction.pool import Team
from gigmatch.solvers.auction.workspace import WIDTH, Columns, Lists, Places, Rows, Search, Seats
from gigmatch.solvers.base import Control, PlainAnswer

__all__ = ["UNDOINGS", "Engine", "GaveUpError", "shifts_of"]


# Weights and prices below this are held in 32 bits.
_NARROW: Final = 2**29
# The first epsilon is the heaviest weight over _FIRST, every later one the one before over _SHRINK, the last
# _LAST of a unit: what that leaves is repaired by a few augmenting paths.
_FIRST: Final = 16
_SHRINK: Final = 6
_LAST: Final = 0.02
# A list is stale once its best is so many epsilons below its bound.
_SLACK: Final = 4
# Stale lists are made anew so many at a time: enough to share out, few enough to see the newest prices.
_STALE_AT_ONCE: Final = 4096
# Above this share of unhappy workers a reverse auction on the lists is undone: the first time it is left to
# the next, finer phase, then repeated on whole columns. Below the other one bounds are trusted from then on.
_ROLL_BACK: Final = 0.3
UNDOINGS: Final = 2
_CALM: Final = 0.02
# Rounds of pricing all pairs, and how many of them may go back to the auction.
_ROUNDS: Final = 40
_AUCTIONS: Final = 3
# Bids, or list entries, between two looks at the clock: 10 to 20 ms.
_BIDS: Final = 50_000
_ENTRIES: Final = 2_000_000
_PAIRS: Final = 1_000_000
_WORKERS: Final = 10_000
_WORKERS_LISTED: Final = 100_000
# Pairs brought into columns at a time, as long as the counters of all parts are not too many.
_SCATTERED: Final = 500_000
_COUNTED: Final = 2**25
# Work after which an input is left to min-cost flow, in list entries per pair and worker.
_PATIENCE: Final = 100


class GaveUpError(Exception):
    """The input needs too many rounds or too much work; min-cost flow takes over."""


class Engine:
    """The state of one run.

    Parameters
    ----------
    problem : Problem
        Plain; tiers and lots are ignored.
    team : Team
        Runs what can run side by side, and checks the run.
    """

    def __init__(self, problem: Problem, team: Team) -> None:
        self.problem, self.team = problem, team
        self.check, self.count = team.control.check, team.control.count
        self.n_workers, self.n_shifts = problem.n_workers, problem.n_shifts
        self.everybody = np.arange(self.n_workers, dtype=np.int32)
        self.widest = int(np.diff(problem.indptr).max(initial=0))
        self.blocks = row_blocks(problem.indptr, _PAIRS) if problem.n_workers else []
        self.portions = list(pairwise([*range(0, self.n_workers, _WORKERS_LISTED), self.n_workers]))
        self.rows = Rows(_fixed(problem.indptr), _fixed(problem.shift), _fixed(problem.weight))
        self.lightest, self.heaviest = problem.extent
        # Scaled by n + 1, an assignment within n * epsilon of the optimum is optimal at epsilon 1.
        self.unit = self.n_workers + 1
        self.last = max(1, int(self.unit * _LAST))
        self.work = 0
        self.patience = _PATIENCE * (problem.n_pairs + 64 * self.n_workers + 1_000_000)
        self.price = np.zeros(self.n_shifts, np.int64)
        self.closed = np.flatnonzero(problem.capacity == 0)
        self.is_narrow = -_NARROW < self.lightest <= self.heaviest < _NARROW
        self.dtype: np.dtype[np.signedinteger[Any]] = (
            np.dtype(np.int32) if self.is_narrow else np.dtype(np.int64)
        )
        self.scale = self.unit
        self.lists = Lists.empty(self.n_workers, self.dtype)
        self.seats = self._seats()
        self.places = Places(
            np.full(self.n_workers, -1, np.int32),
            np.zeros(self.n_workers, np.int64),
            np.zeros(self.n_workers, np.int64),
        )
        self.profit = np.zeros(self.n_workers, np.int64)
        self.stack = np.empty(self.n_workers + 1, np.int32)
        self.columns: Columns | None = None
        self.lists_changed = True
        self.all_columns: Columns | None = None
        self.search = Search.empty(self.n_shifts)
        self.undone = 0
        self.price[self.closed] = self._never * self.unit

    @property
    def cautious(self) -> bool:
        """Whether reverse auctions on the lists are tried no more."""
        return self.undone >= UNDOINGS

    @property
    def _never(self) -> int:
        """A price at which nobody wants a seat."""
        return self.heaviest + 1

    # -- the run --------------------------------------------------------------------------------------------

    def run(self, start: PlainAnswer | None = None) -> PlainAnswer:
        """Solve to optimality; raises ``GaveUpError`` where min-cost flow is the better tool."""
        self.rows = self._rows()
        epsilon = max(1, self.heaviest * self.unit // _FIRST)
        if start is not None:
            self._begin_with(start)
            epsilon = min(epsilon, self._distance())
        self._refresh(self.everybody)
        self._auction(epsilon, bounded=True, rising=start is None)
        self._to_integers()
        auctions = 0
        for _ in range(_ROUNDS):
            best = self._best_surplus()
            wrong = np.flatnonzero(best > self.profit).astype(np.int32)
            if not wrong.size:
                return self._answer(optimal=True)
            if auctions < _AUCTIONS and len(wrong) > max(50, self.n_workers // 200):
                auctions += 1
                gap = int(np.quantile((best - self.profit)[wrong], 0.9))
                self._grow(self.everybody)
                self.price *= self.unit
                self.scale = self.unit
                self._auction(max(1, gap * self.unit // 2), bounded=False)
                self._to_integers()
            else:
                self._grow(wrong)
                arguments = (self.lists, self.price, self.profit, self.seats, self.places, wrong, self.stack)
                self._repair(duals.unsettle(*arguments))
        raise GaveUpError

    def best_so_far(self) -> PlainAnswer | None:
        """The assignment of the moment, free seats given to whoever comes first, and prices that bound it.

        None before the run has begun.

        Any prices of 0 or more do, with ``u[i] = max(0, max over k of w[i, k] - p[k])``. Checks nothing and
        takes one pass or two over the pairs: the run has been stopped already.
        """
        if self.rows.weight.dtype != self.dtype:
            return None
        self.price //= self.scale
        self.scale = 1
        self.price[np.diff(self.seats.first) < self.problem.capacity] = 0
        at, price = self.places.shift, self.price.astype(self.dtype)
        free = self.problem.capacity - np.bincount(at[at >= 0], minlength=self.n_shifts)
        for a, b in self.blocks if self.problem.n_pairs else ():
            shortlists.take_free_seats(self.rows, a, b, free, at)
            shortlists.best_surplus(self.rows, price, a, b, self.profit)
        return self._answer(optimal=False)

    def _answer(self, *, optimal: bool) -> PlainAnswer:
        return PlainAnswer(
            shift=self.places.shift, optimal=optimal, worker_price=self.profit, shift_price=self.price
        )

    # -- the auction ----------------------------------------------------------------------------------------

    def _auction(self, epsilon: int, *, bounded: bool, rising: bool = False) -> None:
        """Forward and reverse in turn, ``epsilon`` falling to the last.

        ``bounded``: pairs that are on no list are watched through the lists' bounds; once nearly nobody is
        unhappy that ends, and what was missed is found when all pairs are priced. ``rising``: prices began
        at 0, so the lists of the beginning are far from those of the end of the first phase.
        """
        first = True
        while True:
            self.count("phases")
            self._forward(epsilon, bounded)
            if rising and first:
                self._refresh(self.everybody)
            unhappy = self._reverse(epsilon, bounded)
            if bounded and not first and not self.cautious and unhappy <= _CALM * self.n_workers:
                bounded = False
            first = False
            if epsilon <= self.last:
                return
            epsilon = max(self.last, epsilon // _SHRINK)

    def _forward(self, epsilon: int, bounded: bool) -> None:
        """Until nobody bids."""
        common = (self.lists, self.unit, self.price, self.seats, self.places, epsilon)
        waiting = 0
        self.seats.filled[:] = 0
        for a, b in self.portions:
            waiting = forward.keep_happy(*common, self.stack, waiting, a, b)
            self.check()
        self.lists_changed |= bounded
        slack = max(self.unit, int(epsilon * _SLACK)) if bounded else 0
        whole, floor = self._whole_prices()
        arguments: tuple[Any, ...]
        arguments = (self.rows, whole, floor, self.widest, *common, slack, self.stack)
        stale = np.empty(self.n_workers, np.int32)
        late = np.empty(self.n_workers, np.int32)
        n_late = 0
        while True:
            while waiting:
                waiting, n_stale, bids = forward.bid(*arguments, waiting, stale, _BIDS)
                late[n_late : n_late + n_stale] = stale[:n_stale]
                n_late += n_stale
                self.count("bids", bids)
                self._spend(bids * WIDTH)
            if not n_late:
                return
            count = min(n_late, _STALE_AT_ONCE)
            n_late -= count
            again = late[n_late : n_late + count].copy()
            self._refresh(again)
            self.stack[:count] = again
            waiting = count

    def _reverse(self, epsilon: int, bounded: bool) -> int:
        """Until no empty seat has a price; returns how many workers are unhappy with it, 0 if nothing moved.

        On the lists first; where too many are unhappy then, the step is undone, and put off or done on all
        pairs.
        """
        if not self._has_costly_gaps():
            return 0 if bounded else self.n_workers
        if not bounded:
            self._attract(self._list_columns(), epsilon)
            return 0
        if not self.cautious:
            before = [array.copy() for array in self._moving()]
            self._attract(self._list_columns(), epsilon)
            unhappy = self._unhappy(epsilon)
            if unhappy <= _ROLL_BACK * self.n_workers:
                return unhappy
            for array, old in zip(self._moving(), before, strict=True):
                array[:] = old
            self.count("reverse auctions undone")
            self.undone = self.undone + 1 if epsilon > self.last else UNDOINGS
            if not self.cautious:
                self._refresh(self.everybody)
                return self.n_workers
        self._attract(self._every_column(), epsilon)
        return self._unhappy(epsilon)

    def _moving(self) -> tuple[npt.NDArray[np.signedinteger], ...]:
        """What a reverse auction changes."""
        places, seats = self.places, self.seats
        return self.price, places.shift, places.weight, seats.filled, seats.holder

    def _has_costly_gaps(self) -> bool:
        return bool(((self.seats.filled < np.diff(self.seats.first)) & (self.price > 0)).any())

    def _unhappy(self, epsilon: int) -> int:
        """Make every list anew at the prices of the moment and count."""
        self._refresh(self.everybody)
        common = (self.lists, self.unit, self.price, self.places, epsilon)
        return int(sum(reverse.count_unhappy(*common, a, b) for a, b in self.portions))

    def _attract(self, columns: Columns, epsilon: int) -> None:
        """The reverse auction on some columns."""
        self.count("reverse auctions")
        reverse.note_slots(self.seats, self.places)
        self.profit[:] = self.places.weight * self.unit - self.price.take(self.places.shift, mode="clip")
        self.profit[self.places.shift < 0] = 0
        queue = np.empty(2 * self.n_shifts + 1, np.int64)
        value, entry = np.empty((2, self.n_workers + 1), np.int64)
        size = reverse.queue_empty_seats(self.price, self.seats, queue)
        common = (columns, self.unit, self.price, self.seats, self.places, self.profit, epsilon, queue)
        while size:
            size, work = reverse.attract(*common, size, value, entry, _ENTRIES)
            self.count("pairs in reverse auctions", work)
            self._spend(work)

    # -- exact integers -------------------------------------------------------------------------------------

    def _to_integers(self) -> None:
        """Integer prices that fit the auction's assignment nearly, then a repair of the rest."""
        np.maximum(self.price // self.unit - 1, 0, out=self.price)
        self.scale = 1
        self.price[self.closed] = self._never
        lists, price, profit = self.lists, self.price, self.profit
        reverse.note_slots(self.seats, self.places)
        queue, queued = np.empty(self.n_workers, np.int32), np.empty(self.n_workers, np.bool_)
        common = (lists, price, profit, self.seats, self.places)
        duals.queue_everybody(price, profit, self.places, queue, queued)
        head, size, left = 0, self.n_workers, 20 * WIDTH * self.n_workers
        while size and left > 0:
            arguments = (*common, queue, queued, head, size, min(left, _ENTRIES))
            head, size, work = duals.correct_upward(*arguments)
            self.count("pairs in corrections", work)
            left -= work
            self._spend(work)
        self._repair(self._settle())

    def _settle(self) -> int:
        """Seat everybody who can be at its best; returns how many are not and wait on the stack."""
        common = (self.lists, self.price, self.profit, self.seats, self.places)
        self.seats.filled[:] = 0
        for a, b in self.portions:
            duals.settle(*common, a, b)
            self.check()
        waiting = 0
        for a, b in self.portions:
            waiting = duals.use_free_seats(*common, self.stack, waiting, a, b)
            self.check()
        return waiting

    def _repair(self, waiting: int) -> None:
        """Make assignment and prices optimal on the lists."""
        common = (self.price, self.profit, self.seats, self.places, self.search)
        before = int(self.search.number[0])
        while waiting:
            waiting, work = augment.place_workers(self.lists, *common, self.stack, waiting, _ENTRIES)
            self.count("pairs in augmentations", work)
            self._spend(work)
        if self._has_costly_gaps():
            shift, columns = 0, self._list_columns()
            while shift < self.n_shifts:
                shift, work = augment.fill_seats(columns, *common, shift, _ENTRIES)
                self.count("pairs in augmentations", work)
                self._spend(work)
        self.count("augmentations", int(self.search.number[0]) - before)

    # -- lists and columns ----------------------------------------------------------------------------------

    def _refresh(self, workers: Int32Array, into: Lists | None = None) -> None:
        """Make the lists of some workers anew at the prices of the moment."""
        self.lists_changed = True
        self.count("lists", len(workers))
        self.count("pairs in lists", self._degrees(workers))
        whole, floor = self._whole_prices()
        task = partial(shortlists.shortlist, self.rows, whole, self.scale, floor)
        rest = (self.places.shift, self.widest, self.lists if into is None else into)
        self.team.each(partial(task, part, *rest) for part in self._parts(workers))

    def _degrees(self, workers: Int32Array) -> int:
        """Pairs of some workers."""
        if workers is self.everybody:
            return self.problem.n_pairs
        return int((self.problem.indptr[workers + 1] - self.problem.indptr[workers]).sum())

    def _whole_prices(self) -> tuple[npt.NDArray[Any], Any]:
        """Prices in whole units, rounded down, as the weights are held; and a number below any surplus."""
        floor = np.iinfo(self.dtype).min // 2
        return (self.price // self.scale).astype(self.dtype), self.dtype.type(floor)

    def _parts(self, workers: Int32Array) -> Iterator[Int32Array]:
        """Some workers in portions, each with about as many pairs."""
        if workers is self.everybody:
            return (workers[a:b] for a, b in self.blocks)
        ends = np.linspace(0, len(workers), self.team.threads + 1).astype(int).tolist()
        return (workers[a:b] for a, b in pairwise(ends) if b > a)

    def _grow(self, workers: Int32Array) -> None:
        """Add the best pairs at today's integer prices to the lists of some workers; none is dropped."""
        new = Lists.empty(self.n_workers, self.dtype)
        self._refresh(workers, into=new)
        room = self.lists.size.astype(np.int64) + new.size
        start = np.concatenate([[0], np.cumsum(room)])
        merged = Lists(
            start[:-1],
            np.zeros(self.n_workers, np.int32),
            np.empty(start[-1], np.int32),
            np.empty(start[-1], self.dtype),
            np.zeros(self.n_workers, np.int64),
        )
        fresh = np.zeros(self.n_shifts, np.int32)
        for a, b in self.portions:
            shortlists.merge(self.lists, new, merged, a, b, fresh)
            self.check()
        self.lists = merged

    def _best_surplus(self) -> Int64Array:
        """``max(0, max over k of w[i, k] - p[k])`` over all pairs."""
        self.count("pricings of all pairs")
        best = np.zeros(self.n_workers, np.int64)
        price = (self.price // self.scale).astype(self.dtype)
        if self.problem.n_pairs:
            task = partial(shortlists.best_surplus, self.rows, price)
            self.team.each(partial(task, a, b, best) for a, b in self.blocks)
        return best

    def _list_columns(self) -> Columns:
        """The lists by shift, made anew where the lists have changed; the arrays are used again."""
        if self.columns is not None and not self.lists_changed:
            return self.columns
        self.lists_changed = False
        total = int(self.lists.size.sum())
        if self.columns is None or len(self.columns.worker) < total:
            self.columns = _empty_columns(self.n_shifts, total, self.dtype)
        self._by_shift(self.lists, self.columns, total)
        return self.columns

    def _every_column(self) -> Columns:
        """All pairs by shift, made once."""
        if self.all_columns is None:
            rows, n_pairs = self.rows, self.problem.n_pairs
            every = Lists(rows.start[:-1], np.diff(rows.start), rows.shift, rows.weight, self.lists.bound)
            self.all_columns = _empty_columns(self.n_shifts, n_pairs, self.dtype)
            self._by_shift(every, self.all_columns, n_pairs)
        return self.all_columns

    def _by_shift(self, lists: Lists, columns: Columns, n_pairs: int) -> None:
        """Lists as columns: parts of the workers count, then write, side by side."""
        count = min(n_pairs // _SCATTERED, _COUNTED // max(self.n_shifts, 1))
        count = max(4 * self.team.threads, count)
        bounds = np.searchsorted(np.cumsum(lists.size), np.arange(1, count) * (n_pairs // count))
        parts = list(pairwise([0, *bounds.tolist(), self.n_workers]))
        counts = np.zeros((len(parts), self.n_shifts), np.int64)
        self.team.each(
            partial(reverse.column_counts, lists, a, b, found)
            for (a, b), found in zip(parts, counts, strict=True)
        )
        np.cumsum(counts.sum(axis=0), out=columns.start[1:])
        place = columns.start[:-1] + np.cumsum(counts, axis=0) - counts
        self.team.each(
            partial(reverse.fill_columns, lists, a, b, at, columns)
            for (a, b), at in zip(parts, place, strict=True)
        )

    # -- the beginning --------------------------------------------------------------------------------------

    def _rows(self) -> Rows:
        """The problem's arrays; weights in 32 bits where all of them fit."""
        problem, weight = self.problem, self.problem.weight
        if self.is_narrow:
            narrow = np.empty(problem.n_pairs, np.int32)

            def copy(a: int, b: int) -> None:
                low, high = problem.indptr[a], problem.indptr[b]
                narrow[low:high] = weight[low:high]

            self.team.each(partial(copy, a, b) for a, b in self.blocks)
            return self.rows._replace(weight=_fixed(narrow))
        return self.rows

    def _seats(self) -> Seats:
        """Seats beyond the degree of a shift stay empty for certain; one of them is kept to say so."""
        capacity = np.minimum(self.problem.capacity, self.n_workers + 1)
        if int(capacity.sum()) > 4 * self.n_workers + self.n_shifts:
            degree = np.bincount(self.problem.shift, minlength=self.n_shifts)
            capacity = np.minimum(capacity, degree + 1)
        first = np.concatenate([[0], np.cumsum(capacity)])
        slots = int(first[-1])
        return Seats(
            first, np.zeros(self.n_shifts, np.int64), np.zeros(slots, np.int64), np.zeros(slots, np.int32)
        )

    def _begin_with(self, start: PlainAnswer) -> None:
        """Take over prices, and every pair that still exists while seats last."""
        if start.shift_price is not None:
            price = np.clip(start.shift_price, 0, self.heaviest) * self.unit
            self.price[:] = np.where(self.problem.capacity == 0, self.price, price)
        placed = np.flatnonzero((start.shift >= 0) & (start.shift < self.n_shifts))
        pair = self.problem.find(placed, start.shift[placed])
        placed, pair = placed[pair >= 0], pair[pair >= 0]
        order = np.argsort(self.problem.shift[pair], kind="stable")
        placed, pair = placed[order], pair[order]
        shift = self.problem.shift[pair]
        rank = np.arange(len(shift)) - np.searchsorted(shift, shift)
        fits = rank < np.diff(self.seats.first)[shift]
        self.places.shift[placed[fits]] = shift[fits]
        self.places.weight[placed[fits]] = self.problem.weight[pair[fits]]

    def _distance(self) -> int:
        """The duality gap of a start per worker, scaled: at that epsilon the start is right on average."""
        held = np.where(self.places.shift >= 0, self.places.weight, 0)
        price = self.price // self.unit
        seats = np.minimum(self.problem.capacity, self.n_workers)
        gap = float(self._best_surplus().sum()) + float(seats @ price) - float(held.sum())
        return max(1, int(gap * self.unit / max(1, self.n_workers)))

    def _spend(self, entries: int) -> None:
        """Count work done, look at the clock, and stop what takes too long."""
        self.work += entries
        self.check()
        if self.work > self.patience:
            raise GaveUpError


def _empty_columns(n_shifts: int, n_pairs: int, dtype: np.dtype[np.signedinteger[Any]]) -> Columns:
    return Columns(np.zeros(n_shifts + 1, np.int64), np.empty(n_pairs, np.int32), np.empty(n_pairs, dtype))


def shifts_of(problem: Problem, workers: Int64Array, control: Control) -> BoolArray:
    """Which shifts are in the row of any of some workers."""
    found = np.zeros(problem.n_shifts, np.bool_)
    # The weights play no part; an empty array keeps this to one compiled version.
    rows = Rows(_fixed(problem.indptr), _fixed(problem.shift), _fixed(np.zeros(0, np.int64)))
    for begin in range(0, len(workers), _WORKERS):
        control.check()
        shortlists.mark_shifts(rows, workers[begin : begin + _WORKERS], found)
    return found


def _fixed(array: npt.NDArray[np.signedinteger]) -> npt.NDArray[np.signedinteger]:
    """A read-only view, so that every problem is of the same type to numba."""
    view = array.view()
    view.flags.writeable = False
    return view
