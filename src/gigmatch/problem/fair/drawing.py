"""One assignment drawn from a fair lottery, with exactly its chances.

By hand: no library here rounds a plan so that every seat stays filled and every chance is kept.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.arrays import Int32Array
from gigmatch.core.splitmix import SplitMix64
from gigmatch.problem.fair.blocks import FairBlock, FairShares

__all__ = ["Rounding", "draw"]

_PURPOSE = "fair_lottery"


def draw(shares: FairShares, seed: int) -> Int32Array:
    """Draw the shift row of every worker, -1 for none: int32[n_workers].

    Dependent rounding (Gandhi, Khuller, Parthasarathy and Srinivasan 2006), block after block: along a path
    of undecided pairs, from somebody with one such pair to somebody else with one, every second pair gains
    what the others lose, up to where the first of them is decided, or the other way round; which way is
    drawn so that no pair's chance changes. Every seat of a block stays filled, and nobody gets two.

    Parameters
    ----------
    shares : FairShares
        What is drawn from.
    seed : int
        The published one. `SplitMix64.keyed` of ``"fair_lottery"`` and this seed gives the numbers.

    Returns
    -------
    array of int32, shape (n_workers,)
        The same for the same seed, on every machine.
    """
    at, numbers = shares.sure.shift.copy(), SplitMix64.keyed(_PURPOSE, seed)
    for block in shares.blocks:
        for worker, shift in Rounding(block, numbers).decided():
            at[worker] = shift
    return at.astype(np.int32, copy=False)


_Pair = tuple[int, int]


class Rounding:
    """Pairs of a block that are not decided yet; they form a forest, since its plan is the only one.

    Parameters
    ----------
    block : FairBlock
        Verified, or just made.
    numbers : SplitMix64
        What is drawn from.
    """

    def __init__(self, block: FairBlock, numbers: SplitMix64) -> None:
        self._whole, self._numbers = block.chance.denominator, numbers
        rows = zip(block.plan_worker.tolist(), block.plan_shift.tolist(), strict=True)
        self._share: dict[_Pair, int] = dict(zip(rows, block.share.tolist(), strict=True))
        self._of_worker: dict[int, dict[int, None]] = {}  # shifts in order: sets have none
        self._of_shift: dict[int, dict[int, None]] = {}
        self._taken: list[_Pair] = []
        for worker, shift in self._share:
            self._of_worker.setdefault(worker, {})[shift] = None
            self._of_shift.setdefault(shift, {})[worker] = None

    def decided(self) -> list[_Pair]:
        """Decide them all; returns those that are taken."""
        ends = [worker for worker in reversed(self._of_worker) if self._is_end(worker)]
        while ends:
            if self._is_end(ends[-1]):
                ends += filter(self._is_end, self._move_along(self._path_from(ends[-1])))
            else:
                ends.pop()
        return self._taken

    def _is_end(self, worker: int) -> bool:
        return len(self._of_worker[worker]) == 1

    def _path_from(self, worker: int) -> list[_Pair]:
        """Pairs from one end to another; a shift has two or none undecided, since its seats are whole."""
        path, before = [], None
        while True:
            shift = next(shift for shift in self._of_worker[worker] if shift != before)
            path.append((worker, shift))
            worker, before = self._other_at(shift, worker), shift
            path.append((worker, shift))
            if self._is_end(worker):
                return path

    def _other_at(self, shift: int, worker: int) -> int:
        """Who else has a pair there: an end if there is one, so that paths are short."""
        first = None
        for other in self._of_shift[shift]:
            if other == worker:
                continue
            if self._is_end(other):
                return other
            first = other if first is None else first
        assert first is not None
        return first

    def _move_along(self, path: list[_Pair]) -> list[int]:
        """Draw which way, and strike out what is decided; returns whose pairs these are."""
        there, back = path[::2], path[1::2]
        up, down = self._room(there, back), self._room(back, there)
        step = up if self._numbers.happens(down, up + down) else -down
        for pairs, change in ((there, step), (back, -step)):
            for pair in pairs:
                self._share[pair] += change
        decided = [pair for pair in path if self._share[pair] in (0, self._whole)]
        for worker, shift in decided:
            del self._of_worker[worker][shift], self._of_shift[shift][worker]
        self._taken += [pair for pair in decided if self._share[pair]]
        return [worker for worker, _ in decided]

    def _room(self, rising: list[_Pair], falling: list[_Pair]) -> int:
        least = min(self._share[pair] for pair in falling)
        return min(least, self._whole - max(self._share[pair] for pair in rising))
