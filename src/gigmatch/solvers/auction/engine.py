"""One run of the auction: the phases in order, in slices short enough to be stopped between them."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import Int32Array, place_in_row, row_counts, row_pointers, run_pointers
from gigmatch.problem import Problem, assignment_value
from gigmatch.problem.integers import exact_sum
from gigmatch.solvers.auction import augment, duals, forward, reverse, shortlists, together
from gigmatch.solvers.auction.pairs import PairStore
from gigmatch.solvers.auction.pool import WorkerPool
from gigmatch.solvers.auction.workspace import WIDTH, Lists, PairColumns, Search, Seating, Seats, State
from gigmatch.solvers.base import PlainAnswer

__all__ = ["Engine"]

# The first epsilon is the heaviest weight over _FIRST, every later one the one before over _SHRINK, the last
# _LAST of a unit: what that leaves is repaired by a few augmenting paths.
_FIRST: Final = 16
_SHRINK: Final = 6
_LAST: Final = 0.02
# A list is stale once its best is so many epsilons below its bound.
_SLACK: Final = 4
# Stale lists are made anew so many at a time: enough to share out, few enough to see the newest prices.
_STALE_AT_ONCE: Final = 4096
# Above this share of unhappy workers a reverse auction on the lists is undone and repeated on whole columns.
# Where rows are longer than _LONG on average, and not dense, it is left to the next, finer phase the first
# time: prices then have further to fall in smaller steps, but maybe on lists. Below _CALM bounds are trusted
# from then on.
_ROLL_BACK: Final = 0.3
_LONG: Final = 8 * WIDTH
_CALM: Final = 0.02
# Rounds of pricing all pairs, and how many of them may go back to the auction: where more than _SOME workers
# have a better pair outside their lists, and placing them by paths goes through over a part of all pairs.
_ROUNDS: Final = 40
_AUCTIONS: Final = 3
_SOME: Final = 50
_PART: Final = 8
# Bids, or list entries, between two looks at the clock: 10 to 20 ms.
_BIDS: Final = 50_000
_ENTRIES: Final = 2_000_000
# Work after which augmenting paths do all of it, in list entries per pair and worker: less where the lists
# hold whole rows, since long alternating paths, on which prices rise in small steps, need sparse rows.
_PATIENCE: Final = 100
_PATIENCE_IF_SPARSE: Final = 12
# Rows are dense that hold one in so many shifts on average.
_DENSE: Final = 4
# Rounds of bids that make a beginning for the paths, bids on end in them, and workers between two looks at
# the clock.
_FIRST_ROUNDS: Final = 3
_ON_END: Final = 16
_WORKERS: Final = 10_000
# Searches one by one through so many times all pairs, then one from all together; again if it places so many.
_SEARCHED: Final = 3
_MANY: Final = 8


class _GaveUpError(Exception):
    """The auction needs too many rounds or too much work; augmenting paths take over."""


class Engine:
    """The state of one run.

    Parameters
    ----------
    problem : Problem
        Plain; tiers and lots are ignored.
    pool : WorkerPool
        Runs what can run side by side, and checks the run.
    """

    def __init__(self, problem: Problem, pool: WorkerPool) -> None:
        self.problem = problem
        self.check, self.count = pool.control.check, pool.control.count
        self.n_workers, self.n_shifts = problem.n_workers, problem.n_shifts
        self.seats = self._seats()
        self.seating = Seating(
            np.full(self.n_workers, -1, np.int32),
            np.zeros(self.n_workers, np.int64),
            np.zeros(self.n_workers, np.int64),
        )
        self.pairs = PairStore(problem, pool, self.seating.shift)
        self.heaviest = problem.extent[1]
        # Scaled by n + 1, an assignment within n * epsilon of the optimum is optimal at epsilon 1.
        self.unit = self.n_workers + 1
        self.scale = self.unit
        self.last = max(1, int(self.unit * _LAST))
        self.work = 0
        self.is_dense = _DENSE * problem.n_pairs >= self.n_workers * self.n_shifts
        patience = _PATIENCE if self.pairs.widest > WIDTH else _PATIENCE_IF_SPARSE
        self.patience: float = patience * (problem.n_pairs + 64 * self.n_workers + 1_000_000)
        self.price = np.zeros(self.n_shifts, np.int64)
        self.closed = np.flatnonzero(problem.capacity == 0)
        self.price[self.closed] = self._never * self.unit
        self.given_up: PlainAnswer | None = None
        self.profit = np.zeros(self.n_workers, np.int64)
        self.state = State(self.price, self.profit, self.seats, self.seating)
        self.stack = np.empty(self.n_workers + 1, np.int32)
        self.search = Search.empty(self.n_shifts)
        self.cautious = False
        self.patient = not self.is_dense and problem.n_pairs > _LONG * self.n_workers

    @property
    def _never(self) -> int:
        """A price at which nobody wants a seat."""
        return self.heaviest + 1

    # -- the run --------------------------------------------------------------------------------------------

    def run(self, start: PlainAnswer | None = None) -> PlainAnswer:
        """Solve to optimality: by the auction, else by augmenting paths alone."""
        self.pairs.pack()
        try:
            return self._by_auction(start)
        except _GaveUpError:
            return self._by_paths()

    def _by_auction(self, start: PlainAnswer | None) -> PlainAnswer:
        epsilon = max(1, self.heaviest * self.unit // _FIRST)
        if start is not None:
            self._begin_with(start)
            epsilon = min(epsilon, self._distance())
        self._refresh_everybody()
        self._auction(epsilon, bounded=True, rising=start is None)
        self._to_integers()
        auctions = 0
        for _ in range(_ROUNDS):
            best = self.pairs.best_surplus(self.price, self.scale)
            wrong = np.flatnonzero(best > self.profit).astype(np.int32)
            if not wrong.size:
                return self._answer()
            missed = best[wrong] - self.profit[wrong]
            self.pairs.grow(wrong, self.price, self.scale)
            may_return = auctions < _AUCTIONS and len(wrong) > _SOME
            budget = self.problem.n_pairs // _PART if may_return else math.inf
            if not self._augment(self._repair_slackness_of(wrong), budget):
                auctions += 1
                gap = int(np.quantile(missed, 0.9))
                self.pairs.grow(self.pairs.everybody, self.price, self.scale)
                self.price *= self.unit
                self.scale = self.unit
                self._auction(max(1, gap * self.unit // 2), bounded=False)
                self._to_integers()
        raise _GaveUpError

    def _by_paths(self) -> PlainAnswer:
        """Anew from prices of 0 on all pairs: some exact bids, then one shortest augmenting path a worker."""
        self.count("auctions given up")
        self.given_up = self._so_far()
        self.patience = math.inf
        self.price[:], self.profit[:], self.seats.filled[:], self.seating.shift[:] = 0, 0, 0, -1
        self.price[self.closed] = self._never
        rows = self.pairs.every_row()
        waiting = self._bid_exactly(rows)
        reverse.note_slots(self.seats, self.seating)
        for a, b in self.pairs.portions:
            duals.note_profits(rows, self.price, self.profit, a, b)
            self.check()
        if self.is_dense:
            self._place(rows, waiting, are_long=True)
            return self._answer()
        while waiting:
            waiting = self._place(rows, waiting, _SEARCHED * self.problem.n_pairs)
            waiting = self._place_together(rows, waiting)
        return self._answer()

    def _bid_exactly(self, rows: Lists) -> int:
        """Some rounds of bids at an epsilon of 0; returns how many wait on the stack then."""
        waiting = self.n_workers
        self.stack[:waiting] = self.pairs.everybody
        for _ in range(_FIRST_ROUNDS):
            ends, waiting = [*range(0, waiting, _WORKERS), waiting], 0
            for a, b in pairwise(ends):
                waiting = forward.bid_exactly(rows, self.state, self.stack, waiting, a, b, _ON_END)
                self.check()
        return int(waiting)

    def warmup(self) -> None:
        """Run, and take the steps that a run may do without, so that every kernel has been compiled."""
        self.run()
        self._attract(self.pairs.every_column(), 1)
        self._unhappy(1)
        self.pairs.grow(self.pairs.everybody, self.price, self.scale)
        self._repair_slackness_of(self.pairs.everybody)
        augment.fill_seats(self.pairs.list_columns(), self.state, self.search, 0, 1)
        self._by_paths()
        together.place_together(self.pairs.every_row(), self.state, self.search, self.stack, 0)

    def best_so_far(self) -> PlainAnswer | None:
        """The assignment of the moment, free seats given to whoever comes first, and prices that bound it.

        None before the run has begun.

        Any prices of 0 or more do, with ``u[i] = max(0, max over k of w[i, k] - p[k])``. Checks nothing and
        takes one pass or two over the pairs: the run has been stopped already.
        """
        if not self.pairs.is_packed:
            return None
        so_far = self._so_far()
        return so_far if self.given_up is None else self._best_of(so_far, self.given_up)

    def _so_far(self) -> PlainAnswer:
        """The same of what is under way, in arrays of its own."""
        self.price //= self.scale
        self.scale = 1
        self.price[row_counts(self.seats.first) < self.problem.capacity] = 0
        at, price = self.seating.shift, self.pairs.whole(self.price, 1)
        free = self.problem.capacity - np.bincount(at[at >= 0], minlength=self.n_shifts)
        for a, b in self.pairs.blocks if self.problem.n_pairs else ():
            shortlists.take_free_seats(self.pairs.rows, a, b, free, at)
            shortlists.best_surplus(self.pairs.rows, price, a, b, self.profit)
        return PlainAnswer(
            shift=at.copy(),
            optimal=False,
            worker_price=self.profit.copy(),
            shift_price=self.price.copy(),
        )

    def _best_of(self, *answers: PlainAnswer) -> PlainAnswer:
        """The best assignment of some, with the prices that bound it best."""
        best = max(answers, key=lambda answer: assignment_value(self.problem, answer.shift))
        closest = min(answers, key=self._bound)
        return replace(best, worker_price=closest.worker_price, shift_price=closest.shift_price)

    def _bound(self, answer: PlainAnswer) -> int:
        assert answer.worker_price is not None
        assert answer.shift_price is not None
        seats = np.minimum(self.problem.capacity, self.n_workers)
        return exact_sum(answer.worker_price) + exact_sum(seats * answer.shift_price)

    def _answer(self) -> PlainAnswer:
        return PlainAnswer(
            shift=self.seating.shift, optimal=True, worker_price=self.profit, shift_price=self.price
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
                self._refresh_everybody()
            unhappy = self._reverse(epsilon, bounded)
            if bounded and not first and not self.cautious and unhappy <= _CALM * self.n_workers:
                bounded = False
            first = False
            if epsilon <= self.last:
                return
            epsilon = max(self.last, epsilon // _SHRINK)

    def _forward(self, epsilon: int, bounded: bool) -> None:
        """Until nobody bids."""
        pairs = self.pairs
        common = (self.unit, self.state, epsilon)
        waiting, lists = 0, pairs.lists.read_only
        self.seats.filled[:] = 0
        for a, b in pairs.portions:
            waiting = forward.keep_happy(lists, *common, self.stack, waiting, a, b)
            self.check()
        pairs.lists_changed |= bounded
        slack = max(self.unit, int(epsilon * _SLACK)) if bounded else 0
        whole = pairs.whole(self.price, self.scale)
        arguments: tuple[Any, ...]
        arguments = (pairs.rows, whole, pairs.floor, pairs.widest, pairs.lists, *common, slack, self.stack)
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
            pairs.refresh(again, self.price, self.scale)
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
            self._attract(self.pairs.list_columns(), epsilon)
            return 0
        if not self.cautious:
            before = [array.copy() for array in self._moving()]
            self._attract(self.pairs.list_columns(), epsilon)
            unhappy = self._unhappy(epsilon)
            if unhappy <= _ROLL_BACK * self.n_workers:
                return unhappy
            for array, old in zip(self._moving(), before, strict=True):
                array[:] = old
            self.count("reverse auctions undone")
            if self.patient and epsilon > self.last:
                self.patient = False
                self._refresh_everybody()
                return self.n_workers
            self.cautious = True
        self._attract(self.pairs.every_column(), epsilon)
        return self._unhappy(epsilon)

    def _moving(self) -> tuple[npt.NDArray[np.signedinteger], ...]:
        """What a reverse auction changes."""
        seating, seats = self.seating, self.seats
        return self.price, seating.shift, seating.weight, seats.filled, seats.holder

    def _refresh_everybody(self) -> None:
        """Make every list anew at the prices of the moment."""
        self.pairs.refresh(self.pairs.everybody, self.price, self.scale)

    def _has_costly_gaps(self) -> bool:
        return bool(((self.seats.filled < row_counts(self.seats.first)) & (self.price > 0)).any())

    def _unhappy(self, epsilon: int) -> int:
        """Count the unhappy on lists made anew at the prices of the moment."""
        self._refresh_everybody()
        common = (self.pairs.lists.read_only, self.unit, self.price, self.seating, epsilon)
        return int(sum(reverse.count_unhappy(*common, a, b) for a, b in self.pairs.portions))

    def _attract(self, columns: PairColumns, epsilon: int) -> None:
        """The reverse auction on some columns."""
        self.count("reverse auctions")
        reverse.note_slots(self.seats, self.seating)
        self.profit[:] = self.seating.weight * self.unit - self.price.take(self.seating.shift, mode="clip")
        self.profit[self.seating.shift < 0] = 0
        queue = np.empty(2 * self.n_shifts + 1, np.int64)
        value, entry = np.empty((2, self.n_workers + 1), np.int64)
        size = reverse.queue_empty_seats(self.price, self.seats, queue)
        common = (columns, self.unit, self.state, epsilon, queue)
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
        reverse.note_slots(self.seats, self.seating)
        queue, queued = np.empty(self.n_workers, np.int32), np.empty(self.n_workers, np.bool_)
        duals.queue_everybody(self.state, queue, queued)
        head, size, left = 0, self.n_workers, 20 * WIDTH * self.n_workers
        lists = self.pairs.lists.read_only
        while size and left > 0:
            arguments = (lists, self.state, queue, queued, head, size, min(left, _ENTRIES))
            head, size, work = duals.correct_upward(*arguments)
            self.count("pairs in corrections", work)
            left -= work
            self._spend(work)
        self._augment(self._repair_slackness())

    def _repair_slackness(self) -> int:
        """Seat everybody who can be at its best; returns how many are not and wait on the stack."""
        lists, state = self.pairs.lists.read_only, self.state
        self.seats.filled[:] = 0
        for a, b in self.pairs.portions:
            duals.repair_slackness(lists, state, a, b)
            self.check()
        waiting = 0
        for a, b in self.pairs.portions:
            waiting = duals.use_free_seats(lists, state, self.stack, waiting, a, b)
            self.check()
        return waiting

    def _repair_slackness_of(self, workers: Int32Array) -> int:
        """The same for workers whose lists have grown."""
        lists = self.pairs.lists.read_only
        return int(duals.repair_slackness_of(lists, self.state, workers, self.stack))

    def _augment(self, waiting: int, budget: float = math.inf) -> bool:
        """Make assignment and prices optimal on the lists; False if placing takes more than a budget."""
        if self._place(self.pairs.lists.read_only, waiting, budget):
            return False
        before = int(self.search.number[0])
        if self._has_costly_gaps():
            shift, columns = 0, self.pairs.list_columns()
            while shift < self.n_shifts:
                shift, work = augment.fill_seats(columns, self.state, self.search, shift, _ENTRIES)
                self.count("pairs in augmentations", work)
                self._spend(work)
        self.count("augmentations", int(self.search.number[0]) - before)
        return True

    def _place(self, lists: Lists, waiting: int, budget: float = math.inf, *, are_long: bool = False) -> int:
        """Place those who wait by a path each, for about ``budget`` entries; returns how many wait still."""
        before, left = int(self.search.number[0]), budget
        while waiting and left > 0:
            arguments = (lists, self.state, self.search, self.stack, waiting, min(left, _ENTRIES))
            waiting, work = augment.place_workers(*arguments, are_long)
            self.count("pairs in augmentations", work)
            left -= work
            self._spend(work)
        self.count("augmentations", int(self.search.number[0]) - before)
        return waiting

    def _place_together(self, lists: Lists, waiting: int) -> int:
        """Place those who wait many at a time, as long as there are many; returns how many wait still."""
        placed = _MANY
        while waiting and placed >= _MANY:
            placed = waiting
            waiting, work = together.place_together(lists, self.state, self.search, self.stack, waiting)
            placed -= waiting
            self.count("searches together")
            self.count("pairs in augmentations", work)
            self._spend(work)
        return waiting

    # -- the beginning --------------------------------------------------------------------------------------

    def _seats(self) -> Seats:
        """Seats beyond the degree of a shift stay empty for certain; one of them is kept to say so."""
        capacity = np.minimum(self.problem.capacity, self.n_workers + 1)
        if int(capacity.sum()) > 4 * self.n_workers + self.n_shifts:
            degree = np.bincount(self.problem.shift, minlength=self.n_shifts)
            capacity = np.minimum(capacity, degree + 1)
        first = row_pointers(capacity)
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
        rank = place_in_row(run_pointers(shift))
        fits = rank < row_counts(self.seats.first)[shift]
        self.seating.shift[placed[fits]] = shift[fits]
        self.seating.weight[placed[fits]] = self.problem.weight[pair[fits]]

    def _distance(self) -> int:
        """The duality gap of a start per worker, scaled: at that epsilon the start is right on average."""
        held = np.where(self.seating.shift >= 0, self.seating.weight, 0)
        price = self.price // self.unit
        seats = np.minimum(self.problem.capacity, self.n_workers)
        best = self.pairs.best_surplus(self.price, self.scale)
        gap = float(best.sum()) + float(seats @ price) - float(held.sum())
        return max(1, int(gap * self.unit / max(1, self.n_workers)))

    def _spend(self, entries: int) -> None:
        """Count work done, look at the clock, and stop what takes too long."""
        self.work += entries
        self.check()
        if self.work > self.patience:
            raise _GaveUpError
