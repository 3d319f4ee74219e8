"""What a fair lottery consists of: blocks of people and seats, and the plan by which each is divided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int32Array,
    Int64Array,
    freeze,
    row_pointers,
)
from gigmatch.problem.levels import LOTTERY, POINTS, SEATS, Level
from gigmatch.problem.problem import Problem
from gigmatch.problem.solution import Solution

__all__ = [
    "LEVELS",
    "BlockPairs",
    "BlockPrices",
    "FairBlock",
    "FairShares",
    "block_pairs",
    "is_single",
    "sure_problem",
]


LEVELS: Final[tuple[Level, ...]] = (SEATS, POINTS, LOTTERY)
"""What a fair lottery is defined for; with other levels, other sets of people can be placed."""


class BlockPrices(NamedTuple):
    """Dual prices of a round of a block: no pair weighs more than its two, those of the plan as much."""

    worker: Int64Array
    """Of any sign: int64[n_people]."""
    shift: Int64Array
    """Per seat, of any sign: int64[n_block_shifts]."""


@dataclass(frozen=True, eq=False, kw_only=True)
class FairBlock:
    """People who share too few seats, and how these are divided evenly among them.

    Attributes
    ----------
    worker, shift : array of int32
        Rows of its people and of the shifts whose seats they share, ascending.
    seats : int
        Of these shifts together, at least 1 and fewer than the people.
    plan_worker, plan_shift : array of int32
        Rows of the pairs that may be drawn, by worker and then by shift.
    share : array of int64
        Chance of each of these pairs, in parts of ``chance.denominator``, 1 or more.
    value : int
        Expected weight of the pair that each draws, added up, in parts of ``chance.denominator``.
    rounds : tuple of BlockPrices
        The proof that no other plan of this block has more weight, then, round after round of the lots among
        what is equal so far, that this one is the one due.
    """

    worker: Int32Array
    shift: Int32Array
    seats: int
    plan_worker: Int32Array
    plan_shift: Int32Array
    share: Int64Array
    value: int
    rounds: tuple[BlockPrices, ...]

    @property
    def people(self) -> int:
        """How many they are."""
        return len(self.worker)

    @property
    def chance(self) -> Fraction:
        """Everybody's chance: seats by people."""
        return Fraction(self.seats, self.people)


@dataclass(frozen=True, eq=False, kw_only=True)
class FairShares:
    """A whole fair lottery: the blocks from the least chance on, and where those are who are sure of a seat.

    Attributes
    ----------
    blocks : tuple of FairBlock
        By chance, then by the first worker.
    sure : Solution
        Optimal for ``sure_problem``: everybody who has a pair there is placed in every draw, always alike.
    """

    blocks: tuple[FairBlock, ...]
    sure: Solution

    @property
    def expected_value(self) -> Fraction:
        """Sum of weights that a draw has on average, exact."""
        return sum(
            (Fraction(block.value, block.chance.denominator) for block in self.blocks),
            start=Fraction(self.sure.value),
        )

    @property
    def chances(self) -> list[Fraction]:
        """Chance of every worker, by row."""
        found = [Fraction(int(at >= 0)) for at in self.sure.shift.tolist()]
        for block in self.blocks:
            for row in block.worker.tolist():
                found[row] = block.chance
        return found


class BlockPairs(NamedTuple):
    """The pairs within a block, in rows by its people; both sides are counted within the block."""

    at: Int64Array
    """Positions in the problem, ascending: int64[n]."""
    worker: IndexArray
    shift: IndexArray

    def indptr(self, n_workers: int) -> Int64Array:
        """Where each row begins."""
        return row_pointers(np.bincount(self.worker, minlength=n_workers))

    def take(self, some: BoolArray) -> BlockPairs:
        """Some of them."""
        return BlockPairs(self.at[some], self.worker[some], self.shift[some])


def block_pairs(problem: Problem, worker: Int32Array, shift: Int32Array) -> BlockPairs:
    """Return the pairs of some workers with some shifts, both given by rows, ascending."""
    place = np.full(problem.n_shifts, -1, np.int64)
    place[shift] = np.arange(len(shift))
    start, count = problem.indptr[worker], problem.degree[worker]
    of_worker = np.repeat(np.arange(len(worker)), count)
    offset = np.arange(len(of_worker)) - np.repeat(np.cumsum(count) - count, count)
    at = np.repeat(start, count) + offset
    to = place[problem.shift[at]]
    inside = to >= 0
    return BlockPairs(at[inside], of_worker[inside], to[inside])


def sure_problem(problem: Problem, blocks: Sequence[FairBlock]) -> Problem:
    """Return the problem without the people and shifts of all blocks, rows as they are."""
    if not blocks:
        return problem
    shared = np.zeros(problem.n_shifts, np.bool_)
    drawn = np.zeros(problem.n_workers, np.bool_)
    for block in blocks:
        shared[block.shift] = True
        drawn[block.worker] = True
    stay = ~(shared[problem.shift] | drawn[problem.worker])
    counts = np.bincount(problem.worker[stay], minlength=problem.n_workers)
    return Problem(
        indptr=freeze(row_pointers(counts)),
        shift=freeze(problem.shift[stay]),
        weight=freeze(problem.weight[stay]),
        capacity=problem.capacity,
        tier=problem.tier,
        lot=problem.lot,
        shift_lot=problem.shift_lot,
        levels=problem.levels,
    )


def is_single(pairs: BlockPairs, amount: Int64Array, n_workers: int, n_shifts: int) -> bool:
    """Whether amounts along some pairs are the only ones with these sums by worker and by shift.

    Others differ by circles, in which pairs that are used and pairs to be used take turns. There is none
    exactly if the used pairs form no circle, no other pair joins two ends of one of their trees, and the
    other pairs, from tree to tree, lead nowhere back.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = n_workers + n_shifts
    tail, head = pairs.worker, n_workers + pairs.shift
    used = amount > 0

    def parts(tail: IndexArray, head: IndexArray, size: int, kind: str) -> tuple[int, IndexArray]:
        graph = coo_array((np.ones(len(tail)), (tail, head)), shape=(size, size)).tocsr()
        n, label = connected_components(graph, directed=kind == "strong", connection=kind)
        return int(n), label

    n_trees, tree = parts(tail[used], head[used], size, "weak")
    if n_trees + int(used.sum()) != size:
        return False
    tail, head = tree[tail[~used]], tree[head[~used]]
    return not (tail == head).any() and parts(tail, head, n_trees, "strong")[0] == n_trees
