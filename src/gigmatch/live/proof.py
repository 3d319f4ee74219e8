"""The proof of a morning that moves: prices of several words, held against pairs that were made anew."""

from __future__ import annotations

import numpy as np

from gigmatch.core.arrays import BoolArray, Int64Array, per_entry, row_owners, row_pointers
from gigmatch.errors import CertificateError
from gigmatch.live.network import Network, lot_words
from gigmatch.live.paths import WORDS
from gigmatch.pairing.eligible import Eligible
from gigmatch.problem import LOTTERY, Problem
from gigmatch.problem.levels import Face

__all__ = ["prove"]


def prove(
    network: Network,
    value: Int64Array,
    eligible: Eligible,
    seats: Int64Array,
    is_open: BoolArray,
    row: Int64Array,
    column: Int64Array,
) -> None:
    """Raise CertificateError unless an answer is the best of a morning, and the only one that good.

    With prices that are nowhere below the weights, no assignment has more than their sum; one that pays all
    of them has it. The words are compared in order throughout, which is all that this needs.

    Parameters
    ----------
    network : Network
        What is proved: who sits where, what they were told, and the prices.
    value : array of int64
        First word of the weight of every pair.
    eligible : Eligible
        The pairs, made anew.
    seats : array of int64
        Seats of every shift that are not promised.
    is_open : array of bool
        Whether each worker has no promise.
    row, column : array of int64
        Number in the network of each worker and shift of the pairs.
    """
    workers, shifts = network.of_workers, network.of_shifts
    numbers = np.full(network.n_shifts + 1, -1, np.int32)
    numbers[column] = np.arange(len(column))
    at, told = numbers[workers["at"][row]], numbers[workers["told"][row]]
    profit, price = workers["profit"][row], shifts["price"][column].copy()
    _hold("seats", np.array_equal(shifts["seats"][column], seats))
    _hold("promises", np.array_equal(workers["open"][row], is_open) and not (at[~is_open] >= 0).any())
    profit[~is_open], price[seats == 0] = 0, 0
    held = per_entry(is_open, eligible.indptr) & (seats > 0)[eligible.shift]
    pairs_of = np.bincount(row_owners(eligible.indptr)[held], minlength=len(row))
    problem = Problem(
        indptr=row_pointers(pairs_of),
        shift=eligible.shift[held],
        weight=value[held],
        capacity=seats,
    )
    lot, shift_lot = network.lots[row], network.shift_lots[column]
    tight = _tight(problem, profit, price, told, lot, shift_lot)
    filled = np.bincount(at[at >= 0], minlength=len(column))
    works, costs = _positive("workers", profit), _positive("seats", price)
    _hold("seats", not (filled > seats).any())
    _hold("workers", not (works & (at < 0)).any())
    _hold("seats", not (costs & (filled < seats)).any())
    placed = np.flatnonzero(at >= 0)
    _hold("placements", np.isin(problem.find(placed, at[placed]), tight).all())
    if not Face(tight, works, costs).is_single(problem, at):
        raise CertificateError("live_another_as_good")


def _tight(
    problem: Problem,
    profit: Int64Array,
    price: Int64Array,
    told: Int64Array,
    lot: Int64Array,
    shift_lot: Int64Array,
) -> Int64Array:
    """Positions of the pairs of reduced cost 0, ascending; raises CertificateError where one is below."""
    left, lots = np.arange(problem.n_pairs), lot_words(lot)
    for k in range(WORDS):
        worker, shift = problem.workers_of(left), problem.shift[left]
        if k == 0:
            word = problem.weight[left]
        elif k == 1:
            word = (told[worker] == shift).astype(np.int64)
        elif k < 4:
            word = lots[worker, k - 2]
        else:
            word = LOTTERY.of_lots(k - 3, lot, worker, shift_lot, shift)
        reduced = profit[worker, k] + price[shift, k] - word
        _hold("pairs", not (reduced < 0).any())
        left = left[reduced == 0]
    return left


def _positive(name: str, words: Int64Array) -> BoolArray:
    """Which prices are above 0; raises CertificateError where one is below."""
    sign = np.zeros(len(words), np.int64)
    for k in range(WORDS):
        sign = np.where(sign == 0, np.sign(words[:, k]), sign)
    _hold(name, not (sign < 0).any())
    return sign > 0


def _hold(what: str, holds: object) -> None:
    if not holds:
        raise CertificateError("live_proof_fails", what=what)
