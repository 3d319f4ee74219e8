"""The lottery: who is placed by ranks of the lots, then who goes where by hashes, round by round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array, Integers, UInt64Array
from gigmatch.core.mixing import mixed
from gigmatch.i18n.texts import every_lang

if TYPE_CHECKING:
    from gigmatch.problem.problem import Problem

__all__ = ["HASH_BITS", "LOTTERY", "Lottery"]

HASH_BITS: Final = 16
_BLOCK: Final = 1 << 14  # pairs at a time: what is computed of them fits into a processor's cache


@dataclass(frozen=True)
class Lottery:
    """Round 0 ranks the workers, n for the smallest lot; the later ones give every pair a 16-bit number."""

    name: str = "lottery"
    needs: ClassVar[tuple[str, ...]] = ("lot",)
    is_drawn: ClassVar[Literal[True]] = True

    @property
    def words(self) -> Mapping[str, str]:
        """What people call it, by language."""
        return every_lang("levels.lottery")

    def drawn(self, problem: Problem, draw: int, worker: Int32Array, shift: Int32Array) -> Int64Array:
        """The numbers of some pairs in one round, 0 or more."""
        lot = problem.lot
        assert lot is not None
        if draw == 0:
            rank = np.empty(problem.n_workers, np.int64)
            rank[np.argsort(lot)] = np.arange(problem.n_workers, 0, -1)
            return rank[worker]
        shift_lot = problem.shift_lot
        if shift_lot is None:
            shift_lot = np.arange(problem.n_shifts, dtype=np.int64)
        return self.of_lots(draw, lot, worker, shift_lot, shift)

    def of_lots(
        self, draw: int, lot: Int64Array, worker: Integers, shift_lot: Int64Array, shift: Integers
    ) -> Int64Array:
        """The numbers of some pairs in a round after round 0, 0 to 2**16 - 1, which follow from two lots.

        Parameters
        ----------
        draw : int
            The round, 1 or more.
        lot, shift_lot : array of int64
            Lots of workers and of shifts.
        worker, shift : array of int
            The pairs, as rows of these.
        """
        of_worker, of_shift = self.part_of_worker(draw, lot), self.part_of_shift(shift_lot)
        numbers = np.empty(len(worker), np.int64)
        for low in range(0, len(worker), _BLOCK):
            part = slice(low, low + _BLOCK)
            bits = mixed(of_worker[worker[part]] + of_shift[shift[part]])
            numbers[part] = bits >> np.uint64(64 - HASH_BITS)
        return numbers

    def part_of_worker(self, draw: int, lot: Int64Array) -> UInt64Array:
        """What workers bring to the numbers of their pairs in a round, to be added and `mixed`: uint64[n]."""
        return mixed(lot.view(np.uint64) + np.uint64(draw * 0x9E3779B97F4A7C15 % 2**64))

    def part_of_shift(self, shift_lot: Int64Array) -> UInt64Array:
        """What shifts bring to the numbers of their pairs in every round: uint64[m]."""
        return mixed(shift_lot.view(np.uint64))

    def is_of_worker(self, draw: int) -> bool:
        """In round 0."""
        return draw == 0

    def multipliers(self, problem: Problem, draw: int) -> tuple[int, int]:
        """Ranks sit on workers only, so one exchange path changes them by n at most; hashes sit on pairs."""
        size = problem.n_workers + 1
        return size if draw == 0 else 2 << HASH_BITS, size << HASH_BITS


LOTTERY = Lottery()
"""The level that decides by lot among what is equal on all others."""
