"""Exact figures: an assignment that reaches one, and prices that nothing can beat (weak duality)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import BoolArray, Int64Array, row_maximum
from gigmatch.errors import CertificateError
from gigmatch.evidence.assertions import given, mask, same
from gigmatch.evidence.parts import Amount, Move, Proof, SeatPrice
from gigmatch.evidence.prices import amount, combined_prices, in_one_number
from gigmatch.i18n import Told
from gigmatch.problem.integers import LARGEST_NUMBER, exact_sum

__all__ = ["Duality"]

_NO_SEAT = -(2**62)  # the surplus of a pair where there is no seat


class Duality:
    """Verifies what a change of an assignment loses.

    Parameters
    ----------
    solved : SolvedMorning
        The morning, its eligible pairs and the assignment.
    greatest : mapping of str to int
        Price changes that some of the proofs share, see `Reasons`.
    """

    def __init__(self, solved: SolvedMorning, greatest: Mapping[str, int] | None = None) -> None:
        self.solved, self.problem, self.greatest = solved, solved.problem, greatest or {}
        self.at = solved.solution.shift.astype(np.int64)
        self.filled = np.bincount(self.at[self.at >= 0], minlength=self.problem.n_shifts)
        self.has_free = self.filled < self.problem.capacity
        if solved.is_optimal:
            combined = combined_prices(self.problem, solved.solution, solved.least_multipliers)
            self.scales, self.price = combined.scales, combined.shift_price
            self.weight = combined.of_pairs(self.problem)

    def _price(self, shift: int, said: SeatPrice) -> None:
        self._changed(+1, shift, -said.one_more, said.proof_one_more)
        same("one_less", said.one_less is None, not self.problem.capacity[shift])
        if said.one_less is not None:
            self._changed(-1, shift, said.one_less, said.proof_one_less)

    def _changed(self, seats: int, shift: int, loss: Amount, proof: Proof | None) -> None:
        """One seat more or less at a shift."""
        after = self._better_by(loss, proof, shift, seats)
        capacity = self.problem.capacity.copy()
        capacity[shift] += seats
        self.closes(after, self.prices_of(proof), capacity)

    def _forced(self, worker: int, shift: int, loss: Amount | None, proof: Proof | None) -> None:
        """A pair that must be made: the others do their best with what is left."""
        self._elsewhere(worker, shift)
        after = self._better_by(loss, proof, shift)
        same(Told.of("claims.shift_after_moves"), shift, int(after[worker]))
        capacity = self.problem.capacity.copy()
        capacity[shift] -= 1
        after[worker] = -1
        self.closes(after, self.prices_of(proof), capacity, but_for=worker)

    def _somewhere(self, worker: int, shift: int, loss: Amount | None, proof: Proof | None) -> None:
        """A worker who must be placed, wherever it costs least."""
        after = self._better_by(loss, proof, shift)
        same(Told.of("claims.shift_after_moves"), shift, int(after[worker]))
        best, bound = self._all_at(given(proof))
        self._meets(after, bound - max(int(best[worker]), 0) + int(best[worker]))

    def _rest_of_worker(self, worker: int, told: Mapping[int, Amount], rest: Proof | None) -> None:
        """No other shift of a worker loses less than those told, by prices for all the others."""
        pairs = self._positions([worker], of="worker")
        shifts = self.problem.shift[pairs]
        left = (self.problem.capacity[shifts] > 0) & (shifts != self.at[worker])
        left &= ~np.isin(shifts, list(told))
        if left.any():
            price = self.prices_of(rest)
            best, bound = self._priced(price)
            bound -= max(int(best[worker]), 0)
            self._come_after(told, shifts[left], bound, self.weight[pairs[left]] - price[shifts[left]])

    def _rest_at_shift(
        self, shift: int, told: Mapping[int, Amount], rest: Proof | None, *, at_home: bool
    ) -> None:
        """Nobody else, or ``at_home``, loses less at a shift than those told, by prices with a seat less."""
        pairs = self._positions([shift], of="shift")
        workers = self.problem.worker[pairs]
        left = (self.at[workers] < 0) if at_home else (self.at[workers] != shift)
        left &= ~np.isin(workers, list(told))
        capacity = self.problem.capacity.copy()
        capacity[shift] -= 1
        if left.any() and capacity[shift] >= 0:
            price = self.prices_of(rest)
            surplus = np.maximum(self._surplus(price, capacity), 0)
            bound = exact_sum(surplus) + _total(price, capacity)
            self._come_after(told, workers[left], bound, self.weight[pairs[left]] - surplus[workers[left]])

    def _come_after(
        self,
        told: Mapping[int, Amount],
        left: npt.NDArray[np.signedinteger],
        bound: int,
        more: Int64Array,
    ) -> None:
        """Choices left out, by row, come after the last one told; with them, ``bound + more`` is the most."""
        last = max(
            ((in_one_number(self.problem, self.scales, loss), row) for row, loss in told.items()),
            default=None,
        )
        others = (
            (self._today - bound - by, row) for by, row in zip(more.tolist(), left.tolist(), strict=True)
        )
        if last is None or min(others) < last:
            raise CertificateError("cheaper_choice_left_out")

    def _better_by(self, loss: Amount | None, proof: Proof | None, shift: int, seats: int = 0) -> Int64Array:
        """The assignment after the moves of a proof, which today's must be better than by so much."""
        after = self.moved(given(proof).moves, shift, seats)
        same(Told.of("claims.change_in_value"), loss, amount(self.problem, self.at, after))
        return after

    def prices_of(self, proof: Proof | None) -> Int64Array:
        """Prices of all seats that a proof gives, as changes to those of the certificates."""
        proof = given(proof)
        changes = self.greatest if proof.price_changes is None else proof.price_changes
        if any(abs(change) > LARGEST_NUMBER for change in (proof.of_others, *changes.values())):
            raise CertificateError("price_change_too_large", most=LARGEST_NUMBER)
        price = np.maximum(self.price + proof.of_others, 0)
        for key, change in changes.items():
            row = self.solved.shift_row(key)
            price[row] = self.price[row] + change
        return price

    def moved(self, moves: Iterable[Move], shift: int, seats: int) -> Int64Array:
        """The assignment after some moves, which must be one of eligible pairs and fit the seats."""
        after = self.at.copy()
        for move in moves:
            worker = self.solved.worker_row(move.worker_id)
            leaves, to = (
                -1 if key is None else self.solved.shift_row(key) for key in (move.leaves, move.goes_to)
            )
            same(Told.of("claims.left_shift", worker=move.worker_id), leaves, int(after[worker]))
            if to >= 0 and self.solved.position(worker, to) < 0:
                raise CertificateError("not_eligible", worker=move.worker_id, shift=move.goes_to)
            after[worker] = to
        filled = np.bincount(after[after >= 0], minlength=self.problem.n_shifts)
        filled[shift] -= seats
        if (filled > self.problem.capacity).any():
            full = int((filled > self.problem.capacity).argmax())
            raise CertificateError("too_many_after_moves", shift=self.solved.columns.shift_ids[full])
        return after

    def closes(
        self,
        after: Int64Array,
        price: Int64Array,
        capacity: Int64Array,
        signed: BoolArray | slice = slice(None),
        *,
        but_for: int = -1,
    ) -> None:
        """Raise CertificateError unless no assignment to those seats is better than ``after`` (weak duality).

        Prices of 0 or more, where ``signed``, bound them all: a worker gets no more than its best surplus, 0
        if it stays at home.
        """
        best = np.maximum(self._surplus(price, capacity, signed), 0)
        bound = exact_sum(best) - (int(best[but_for]) if but_for >= 0 else 0) + _total(price, capacity)
        self._meets(after, bound)

    def _meets(self, after: Int64Array, bound: int) -> None:
        """An assignment is worth as much as a bound on all: there is no better one."""
        moved = np.flatnonzero(after != self.at).tolist()
        value = self._today + sum(
            self._worth(row, after[row]) - self._worth(row, self.at[row]) for row in moved
        )
        if bound != value:
            raise CertificateError("room_left_by_prices", n=bound - value)

    def _worth(self, worker: int, shift: int) -> int:
        """What a worker's place is worth, nothing at home."""
        return int(self.weight[self.solved.position(worker, shift)]) if shift >= 0 else 0

    @cached_property
    def _today(self) -> int:
        placed = np.flatnonzero(self.at >= 0)
        return exact_sum(self.weight[self.problem.find(placed, self.at[placed])])

    def _all_at(self, proof: Proof) -> tuple[Int64Array, int]:
        """Every worker's best surplus at the prices of a proof, and a bound on what all are worth together.

        The prices that many proofs share are gone through once.
        """
        if proof.price_changes is None and not proof.of_others:
            return self._all_at_greatest
        return self._priced(self.prices_of(proof))

    @cached_property
    def _all_at_greatest(self) -> tuple[Int64Array, int]:
        return self._priced(self.prices_of(Proof(moves=(), price_changes=None)))

    def _priced(self, price: Int64Array) -> tuple[Int64Array, int]:
        best = self._surplus(price, self.problem.capacity)
        return best, exact_sum(np.maximum(best, 0)) + _total(price, self.problem.capacity)

    def _surplus(
        self, price: Int64Array, capacity: Int64Array, signed: BoolArray | slice = slice(None)
    ) -> Int64Array:
        """The most that every worker can have from a seat at some prices: int64[n_workers]."""
        if (price[signed] < 0).any():
            raise CertificateError("seat_price_below_zero")
        problem = self.problem
        surplus = self.weight - price.take(problem.shift)
        surplus[(capacity == 0).take(problem.shift)] = _NO_SEAT
        return row_maximum(surplus, problem.indptr, empty=_NO_SEAT)

    def _elsewhere(self, worker: int, shift: int) -> None:
        if self.solved.at[worker] == shift:
            ids = self.solved.columns.worker_ids[worker], self.solved.columns.shift_ids[shift]
            raise CertificateError("worker_has_that_shift", worker=ids[0], shift=ids[1])

    def _positions(self, rows: list[int], *, of: str) -> Int64Array:
        """Positions of all pairs of some workers or shifts."""
        side = self.problem.shift if of == "shift" else self.problem.worker
        size = self.problem.n_shifts if of == "shift" else self.problem.n_workers
        return np.flatnonzero(mask(rows, size)[side])


def _total(price: Int64Array, capacity: Int64Array) -> int:
    """What all seats cost together, exactly."""
    priced = np.flatnonzero(price)
    return sum(a * b for a, b in zip(price[priced].tolist(), capacity[priced].tolist(), strict=True))
