"""The residual network of a morning that moves: arrays that grow in place, and the repairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, UInt64Array, consecutive
from gigmatch.core.threads import in_order
from gigmatch.live.paths import (
    DRAWS,
    WORDS,
    Net,
    Pool,
    Search,
    fill,
    lay_columns,
    lay_rows,
    place,
    price_seat,
    price_worker,
    seat,
    settle,
)
from gigmatch.problem import LOTTERY

__all__ = ["Network", "lot_words"]

_LEAST_ROOM = 8
_LOW_BITS = 32


def lot_words(lot: Int64Array) -> Int64Array:
    """Two words a lot, together 1 or more, and greater for a smaller lot: int64[n, 2]."""
    turned = np.uint64(2**63) - lot.view(np.uint64)
    return np.stack([turned >> np.uint64(_LOW_BITS), turned & np.uint64(2**_LOW_BITS - 1)], axis=1).astype(
        np.int64
    )


def _draws(lot: Int64Array) -> UInt64Array:
    """The workers' parts of the first `DRAWS` rounds: uint64[n, DRAWS]."""
    return np.stack([LOTTERY.part_of_worker(draw + 1, lot) for draw in range(DRAWS)], axis=1)


class _Rows:
    """Rows of pairs in pools, each with some room to grow; a row that outgrows it moves to the end."""

    def __init__(self, size: Int64Array, lay_out: Callable[[Int64Array, Pool], None]) -> None:
        """Make room for rows of some sizes, and have them written from where each begins."""
        self.size, self.room = size, size + size // 8 + 4
        self.start = np.cumsum(self.room) - self.room
        self.used = int(self.room.sum())
        n = self.used + self.used // 8 + 64
        pools = np.empty(n, np.int32), np.empty(n, np.int64)
        lay_out(self.start, pools)
        self.pools: list[NDArray[Any]] = [*pools]

    def add_row(self, row: int, other: Int32Array, value: Int64Array) -> None:
        """Lay out a new row, the next one or any that is empty."""
        self.size, self.room, self.start = (
            grown(each, row + 1) for each in (self.size, self.room, self.start)
        )
        self._move(np.array([row]), np.array([len(other) + _LEAST_ROOM]))
        at = slice(int(self.start[row]), int(self.start[row]) + len(other))
        for pool, values in zip(self.pools, (other, value), strict=True):
            pool[at] = values
        self.size[row] = len(other)

    def append(self, rows: Int64Array, other: int, value: Int64Array) -> None:
        """Give one more entry to each of some rows, all of them different."""
        full = rows[self.size[rows] == self.room[rows]]
        self._move(full, 2 * self.size[full] + _LEAST_ROOM)
        at = self.start[rows] + self.size[rows]
        for pool, values in zip(self.pools, (other, value), strict=True):
            pool[at] = values
        self.size[rows] += 1

    def remove(self, row: int, other: int) -> None:
        """Take an entry out; the last of the row takes its place."""
        at, last = self.find(row, other), int(self.start[row] + self.size[row]) - 1
        for pool in self.pools:
            pool[at] = pool[last]
        self.size[row] -= 1

    def find(self, row: int, other: int) -> int:
        """Where an entry stands, -1 if it is not there."""
        start = int(self.start[row])
        hits = np.flatnonzero(self.pools[0][start : start + int(self.size[row])] == other)
        return start + int(hits[0]) if len(hits) else -1

    def _move(self, rows: Int64Array, room: Int64Array) -> None:
        """Give rows other room, at the end."""
        size, start = self.size[rows], self.used + np.cumsum(room) - room
        self.used += int(room.sum())
        old, new = consecutive(self.start[rows], size), consecutive(start, size)
        for at, pool in enumerate(self.pools):
            self.pools[at] = pool = grown(pool, self.used)
            pool[new] = pool[old]
        self.start[rows], self.room[rows] = start, room


def grown(array: NDArray[Any], n: int, fill_with: int = 0) -> NDArray[Any]:
    """The array itself if it has ``n`` rows, else one with room for more, the old rows in front."""
    if len(array) >= n:
        return array
    shape = max(n + n // 4, 16), *array.shape[1:]
    more = np.full(shape, fill_with, array.dtype, order="F" if array.flags.fnc else "C")
    more[: len(array)] = array
    return more


class Network:
    """Workers, shifts, pairs, prices, and who sits where; all by number, never reused.

    Parameters
    ----------
    indptr : array of int64
        Where the pairs of each worker begin, and where the last ones end.
    shift, points : arrays, shape (n_pairs,)
        Shift of every pair, and its points.
    base : array of int64
        First word of the weight of every shift's pairs, less their points.
    lot, shift_lot : array of int64
        Lots of everybody.
    seats : array of int64
        Seats of every shift that are not promised.
    open_ : array of bool
        Whether each worker is not promised.
    told : array of int64
        Shift that each worker was told, -1 for none.
    """

    def __init__(
        self,
        indptr: Int64Array,
        shift: Int32Array,
        points: Int64Array,
        base: Int64Array,
        lot: Int64Array,
        shift_lot: Int64Array,
        seats: Int64Array,
        open_: BoolArray,
        told: Int64Array,
    ) -> None:
        n, m = len(lot), len(shift_lot)
        self.n_workers, self.n_shifts = n, m
        self.lots, self.shift_lots = lot.copy(), shift_lot.copy()
        pairs = indptr, shift, points, base
        sizes = np.diff(indptr), np.bincount(shift, minlength=m)
        sides = zip(sizes, (partial(lay_rows, *pairs), partial(lay_columns, *pairs)), strict=True)
        self.rows, self.columns = in_order(lambda side: _Rows(*side), sides)
        self.of_workers = {
            "after": np.full(n, -1),
            "before": np.full(n, -1),
            "at": np.full(n, -1),
            "told": told.copy(),
            "open": open_.copy(),
            "lot": lot_words(lot),
            "draws": _draws(lot),
            "profit": np.zeros((n, WORDS), np.int64, order="F"),
        }
        self.of_shifts = {
            "seats": seats.astype(np.int64),
            "filled": np.zeros(m, np.int64),
            "first": np.full(m, -1),
            "shift_draws": LOTTERY.part_of_shift(shift_lot),
            "price": np.zeros((m, WORDS), np.int64, order="F"),
        }
        self.work = 0
        """Pairs looked at by repairs so far."""
        self._room_for_search()

    def _room_for_search(self) -> None:
        m = len(self.of_shifts["seats"])
        self.search = Search(
            number=np.zeros(1, np.int64),
            mark=np.zeros(m, np.int64),
            heap=np.zeros(m, np.int64),
            position=np.zeros(m, np.int64),
            distance=np.zeros((m, WORDS), np.int64),
            worker=np.zeros(m, np.int64),
            source=np.zeros(m, np.int64),
            done=np.zeros(m, np.int64),
            best=np.zeros(WORDS, np.int64),
            base=np.zeros(WORDS, np.int64),
            log=np.zeros((2 * m + 4, 2), np.int64),
            logged=np.zeros(1, np.int64),
        )

    @property
    def net(self) -> Net:
        """The arrays, as the kernels take them."""
        rows, columns = self.rows, self.columns
        (to, value), (of, value_of) = rows.pools, columns.pools
        return Net(
            row_start=rows.start,
            row_size=rows.size,
            row_shift=to,
            row_value=value,
            column_start=columns.start,
            column_size=columns.size,
            column_worker=of,
            column_value=value_of,
            **self.of_shifts,
            **self.of_workers,
        )

    # -- who is there ---------------------------------------------------------------------------------------

    def add_worker(self, lot: int, shifts: Int64Array, value: Int64Array, told: int) -> int:
        """Somebody more, at home and with the least price; returns the number."""
        i = self.n_workers
        self.n_workers += 1
        self.lots = grown(self.lots, i + 1)
        self.lots[i] = lot
        empty = {"after": -1, "before": -1, "at": -1, "told": -1}
        for name, array in self.of_workers.items():
            self.of_workers[name] = grown(array, i + 1, empty.get(name, 0))
        self.of_workers["told"][i], self.of_workers["open"][i] = told, True
        self.of_workers["lot"][i] = lot_words(self.lots[i : i + 1])[0]
        self.of_workers["draws"][i] = _draws(self.lots[i : i + 1])[0]
        self.rows.add_row(i, shifts.astype(np.int32), value)
        self.columns.append(shifts, i, value)
        price_worker(self.net, i)
        return i

    def add_shift(self, lot: int, workers: Int64Array, value: Int64Array, told: Iterable[int]) -> int:
        """A shift more, without seats; ``told`` are workers who were told it. Returns the number."""
        j = self.n_shifts
        self.n_shifts += 1
        self.shift_lots = grown(self.shift_lots, j + 1)
        self.shift_lots[j] = lot
        for name, array in self.of_shifts.items():
            self.of_shifts[name] = grown(array, j + 1, -1 if name == "first" else 0)
        if len(self.search.mark) < len(self.of_shifts["seats"]):
            self._room_for_search()
        for i in told:
            self.of_workers["told"][i] = j
        self.of_shifts["shift_draws"][j] = LOTTERY.part_of_shift(self.shift_lots[j : j + 1])[0]
        self.columns.add_row(j, workers.astype(np.int32), value)
        self.rows.append(workers, j, value)
        return j

    def remove_pair(self, i: int, j: int) -> None:
        """Take a pair out on which nobody sits."""
        self.rows.remove(i, j)
        self.columns.remove(j, i)

    def add_pair(self, i: int, j: int, value: int) -> None:
        """Put a pair in; worker ``i`` must be at home."""
        self.rows.append(np.array([i]), j, np.array([value]))
        self.columns.append(np.array([j]), i, np.array([value]))
        price_worker(self.net, i)

    def value(self, i: int, j: int) -> int | None:
        """First word of the weight of a pair, None if there is none."""
        at = self.rows.find(i, j)
        return None if at < 0 else int(self.rows.pools[1][at])

    # -- changes; each leaves behind workers at home and empty seats that `repair` looks at -----------------

    def send_home(self, i: int) -> int:
        """Take a worker out of their seat; returns its shift, -1 for none."""
        j = int(self.of_workers["at"][i])
        if j >= 0:
            self.search.logged[0] = 0
            seat(self.net, self.search, i, -1)
        return j

    def set_open(self, i: int, *, is_open: bool) -> int:
        """Let a worker take part, or not; returns the shift whose seat that leaves empty, -1 for none."""
        j = self.send_home(i)
        self.of_workers["open"][i] = is_open
        if is_open:
            price_worker(self.net, i)
        return j

    def set_seats(self, j: int, seats: int) -> list[int]:
        """Give a shift other seats; returns the workers who lose theirs."""
        held, lost = self.of_shifts, []
        while held["filled"][j] > seats:
            lost.append(int(held["first"][j]))
            self.send_home(lost[-1])
        if held["seats"][j] == 0 and seats > 0:
            held["seats"][j] = seats
            price_seat(self.net, j)
        held["seats"][j] = seats
        return lost

    def tell(self, i: int, j: int, bonus: int) -> int:
        """Note what a worker was told; that pair is worth the bonus more, and the one told before less.

        Returns the shift whose seat that leaves empty, -1 for none.
        """
        workers, before = self.of_workers, int(self.of_workers["told"][i])
        if before == j:
            return -1
        self._add_value(i, before, -bonus)
        self._add_value(i, j, bonus)
        if workers["at"][i] == j >= 0:
            workers["profit"][i, :2] += bonus, 1
            workers["told"][i] = j
            return -1
        left = self.send_home(i)
        workers["told"][i] = j
        price_worker(self.net, i)
        return left

    def weigh_told(self, bonus: int) -> None:
        """Let the pair that each worker was told be worth a bonus more."""
        told = self.of_workers["told"][: self.n_workers]
        for i in np.flatnonzero(told >= 0).tolist() if bonus else ():
            self._add_value(i, int(told[i]), bonus)

    def _add_value(self, i: int, j: int, more: int) -> None:
        """Let a pair, if there is one, be worth more."""
        for rows, row, other in ((self.rows, i, j), (self.columns, j, i)):
            if more and j >= 0 and (at := rows.find(row, other)) >= 0:
                rows.pools[1][at] += more

    # -- repairs --------------------------------------------------------------------------------------------

    def repair(self, workers: Iterable[int], shifts: Iterable[int]) -> list[tuple[int, int]]:
        """Make the answer the best again; returns who left which shift, -1 for home, move by move."""
        net, moves = self.net, []
        for i in workers:
            self.work += int(place(net, self.search, i))
            moves += self._moves()
        for j in shifts:
            while True:
                self.work += int(fill(net, self.search, j))
                found = self._moves()
                if not found:
                    break
                moves += found
        return moves

    def _moves(self) -> list[tuple[int, int]]:
        return [(i, j) for i, j in self.search.log[: int(self.search.logged[0])].tolist()]

    def settle(self, price: Int64Array, near: Int32Array) -> None:
        """Make the answer the best from any prices, their first words or all, and where workers may sit."""
        words = price if price.ndim > 1 else price[:, None]
        self.of_shifts["price"][: len(words), : words.shape[1]] = words
        self.work += int(settle(self.net, self.search, near.astype(np.int64)))
