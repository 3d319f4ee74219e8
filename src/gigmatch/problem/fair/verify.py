"""The verifier of fair lotteries: recomputes every claim in integers, asks no solver and trusts nobody."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gigmatch.core.arrays import BoolArray, IndexArray, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.problem.fair.blocks import (
    LEVELS,
    BlockPairs,
    BlockPrices,
    FairBlock,
    FairShares,
    block_pairs,
    is_single,
    sure_problem,
)
from gigmatch.problem.integers import LARGEST_NUMBER, exact_sum, first_true
from gigmatch.problem.levels.base import value_of
from gigmatch.problem.problem import Problem
from gigmatch.problem.solution import Solution
from gigmatch.problem.verify import verify

__all__ = ["verify_shares"]

_LARGEST = LARGEST_NUMBER // 2


def verify_shares(problem: Problem, shares: FairShares, best: Solution) -> None:
    """Check everything that a fair lottery claims, from the problem and the claim alone.

    That is: the blocks are a chain of Hall sets, so that nobody's chance can be raised without lowering that
    of somebody who has no greater one; every plan reaches the chances of its block; no other has more weight,
    and among those that have as much it is the one due by lot; whoever is in no block and has a seat to go to
    is placed for sure; and every draw has the best seats.

    Parameters
    ----------
    problem : Problem
        With the levels seats, points and lottery.
    shares : FairShares
        What is claimed.
    best : Solution
        Optimal for the problem, and verified.

    Raises
    ------
    CertificateError
        Naming the first thing that does not hold.
    """
    if problem.levels is None or tuple(problem.levels) != LEVELS:
        raise CertificateError("lottery_other_levels")
    _check_chain(problem, shares.blocks)
    for at, block in enumerate(shares.blocks):
        try:
            _BlockVerifier(problem, block).verify()
        except CertificateError as error:
            raise CertificateError("error_in_block", at=at, error=error) from None
    rest = sure_problem(problem, shares.blocks)
    verify(rest, shares.sure)
    if shares.sure.status != "optimal":
        raise CertificateError("sure_not_proved")
    has_seat = np.bincount(rest.worker[rest.capacity[rest.shift] > 0], minlength=rest.n_workers) > 0
    if (left := first_true(has_seat & (shares.sure.shift < 0))) is not None:
        raise CertificateError("sure_left_out", row=left)
    _check_seats(problem, shares, best)


def _check_seats(problem: Problem, shares: FairShares, best: Solution) -> None:
    """Every seat of the blocks, and those of the sure ones, are worth what the best seats are."""
    seats = problem.weights[0]
    shared = sum(
        exact_sum(problem.capacity[block.shift] * problem.tier_weight[block.shift]) for block in shares.blocks
    )
    found = shared + value_of(problem, seats, shares.sure.shift)
    if found != (due := value_of(problem, seats, best.shift)):
        raise CertificateError("lottery_loses_seats", found=found, due=due)


def _check_chain(problem: Problem, blocks: Sequence[FairBlock]) -> None:
    """Chances rise, nobody and no seat is in two blocks, and nobody has a seat to go to in a later one."""
    for at, block in enumerate(blocks):
        _check_rows(problem, block, at)
    for at, (one, next_one) in enumerate(pairwise(blocks)):
        if (one.chance, int(one.worker[0])) >= (next_one.chance, int(next_one.worker[0])):
            raise CertificateError("blocks_out_of_order", at=at + 1)
    block_of_worker = np.full(problem.n_workers, -1, np.int64)
    block_of_shift = np.full(problem.n_shifts, len(blocks), np.int64)
    for at, block in enumerate(blocks):
        if (block_of_worker[block.worker] >= 0).any() or (block_of_shift[block.shift] < len(blocks)).any():
            raise CertificateError("row_in_two_blocks", at=at)
        block_of_worker[block.worker], block_of_shift[block.shift] = at, at
    own = block_of_worker[problem.worker]
    beyond = (own >= 0) & (block_of_shift[problem.shift] > own) & (problem.capacity[problem.shift] > 0)
    if (pair := first_true(beyond)) is not None:
        raise CertificateError(
            "seat_beyond_block", at=own[pair], row=problem.worker[pair], shift=problem.shift[pair]
        )


def _check_rows(problem: Problem, block: FairBlock, at: int) -> None:
    """Rows that are there, ascending; shifts with seats, fewer than the people, and as many as it says."""
    for rows, size in ((block.worker, problem.n_workers), (block.shift, problem.n_shifts)):
        if not len(rows) or rows[0] < 0 or rows[-1] >= size or (np.diff(rows) <= 0).any():
            raise CertificateError("block_rows", at=at)
    capacity = problem.capacity[block.shift]
    if (seats := exact_sum(capacity)) != block.seats or not (capacity > 0).all():
        raise CertificateError("block_seats", at=at, said=block.seats, found=seats)
    if block.seats >= block.people:
        raise CertificateError("block_without_contest", at=at, n=block.seats, people=block.people)


class _BlockVerifier:
    """Checks the plan of one block, whose rows are right."""

    def __init__(self, problem: Problem, block: FairBlock) -> None:
        self.problem, self.block = problem, block
        self.pairs = block_pairs(problem, block.worker, block.shift)
        self.capacity = problem.capacity[block.shift]

    def verify(self) -> None:
        """Raise for the first thing that does not hold."""
        self._check_in_one_piece()
        amount = self._amounts()
        self._check_sums(amount)
        weight = self.problem.weight[self.pairs.at]
        if (value := _product(weight, amount)) != self.block.value:
            raise CertificateError("block_value", said=self.block.value, found=value)
        self._check_rounds(weight, amount)

    def _check_in_one_piece(self) -> None:
        """No part of the block stands alone: else its people would be told the sizes of something else."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        pairs, people = self.pairs, self.block.people
        size = people + len(self.block.shift)
        ends = pairs.worker, people + pairs.shift
        graph = coo_array((np.ones(len(pairs.at)), ends), shape=(size, size)).tocsr()
        if connected_components(graph, directed=False, return_labels=False) != 1:
            raise CertificateError("block_in_pieces")

    def _amounts(self) -> Int64Array:
        """Share of every pair within the block, 0 for those not in the plan."""
        block, amount = self.block, np.zeros(len(self.pairs.at), np.int64)
        if not len(block.plan_worker) == len(block.plan_shift) == len(block.share):
            raise CertificateError("plan_pairs")
        rows = block.plan_worker, block.plan_shift
        sizes = self.problem.n_workers, self.problem.n_shifts
        if any(((part < 0) | (part >= size)).any() for part, size in zip(rows, sizes, strict=True)):
            raise CertificateError("plan_pairs")
        at = self.problem.find(*rows)
        place = np.minimum(np.searchsorted(self.pairs.at, at), max(len(amount) - 1, 0))
        if (np.diff(at) <= 0).any() or not np.array_equal(self.pairs.at[place], at):
            raise CertificateError("plan_pairs")
        if ((block.share <= 0) | (block.share > block.chance.denominator)).any():
            raise CertificateError("plan_pairs")
        amount[place] = block.share
        return amount

    def _check_sums(self, amount: Int64Array) -> None:
        """Everybody's chance is that of the block, and every seat is filled."""
        chance = self.block.chance
        of_worker = _sums(self.pairs.worker, amount, self.block.people)
        if (row := first_true(of_worker != chance.numerator)) is not None:
            raise CertificateError("plan_misses_chance", row=self.block.worker[row], chance=chance)
        of_shift = _sums(self.pairs.shift, amount, len(self.block.shift))
        if (row := first_true(of_shift != self.capacity * chance.denominator)) is not None:
            raise CertificateError("plan_misses_seats", row=self.block.shift[row])

    def _check_rounds(self, weight: Int64Array, amount: Int64Array) -> None:
        """Every round is proved on what those before leave, and the last leaves one plan."""
        pairs, people, n_shifts = self.pairs, self.block.people, len(self.block.shift)
        for number, prices in enumerate(self.block.rounds):
            if number and is_single(pairs, amount, people, n_shifts):
                raise CertificateError("rounds_to_no_end", number=number)
            if number:
                weight = self._drawn(pairs, number)
            tight = self._tight(pairs, prices, weight, number)
            if (amount[~tight] > 0).any():
                raise CertificateError("plan_not_best", number=number)
            pairs, amount = pairs.take(tight), amount[tight]
        if not self.block.rounds or not is_single(pairs, amount, people, n_shifts):
            raise CertificateError("plan_not_single")

    def _drawn(self, pairs: BlockPairs, number: int) -> Int64Array:
        drawn = self.problem.drawn
        assert drawn is not None
        return drawn.drawn(self.problem, number, self.problem.worker[pairs.at], self.problem.shift[pairs.at])

    def _tight(self, pairs: BlockPairs, prices: BlockPrices, weight: Int64Array, number: int) -> BoolArray:
        """Pairs that weigh as much as their prices; none may weigh more."""
        sizes = self.block.people, len(self.block.shift)
        for price, size in zip(prices, sizes, strict=True):
            if price.shape != (size,) or ((price > _LARGEST) | (price < -_LARGEST)).any():
                raise CertificateError("block_prices", number=number)
        left = prices.worker[pairs.worker] + prices.shift[pairs.shift] - weight
        if (pair := first_true(left < 0)) is not None:
            row = self.block.worker[pairs.worker[pair]]
            raise CertificateError("block_prices_below", number=number, row=row)
        tight: BoolArray = left == 0
        return tight


def _sums(rows: IndexArray, amount: Int64Array, size: int) -> Int64Array:
    """Sums by row; shares are whole numbers below 2**31, so that none leaves 64 bits."""
    found = np.zeros(size, np.int64)
    np.add.at(found, rows, amount)
    return found


def _product(one: Int64Array, other: Int64Array) -> int:
    some = np.flatnonzero(other)
    return sum(a * b for a, b in zip(one[some].tolist(), other[some].tolist(), strict=True))
