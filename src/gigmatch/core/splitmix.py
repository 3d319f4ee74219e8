"""Random numbers that are the same on every machine.

By hand: numpy promises a generator's bits, but not the numbers that it draws from them (NEP 19).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Self, TypeVar

__all__ = ["SplitMix64"]

T = TypeVar("T")


class SplitMix64:
    """SplitMix64 (Steele, Lea and Flood 2014): integers only, so the same numbers everywhere."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def _next(self) -> int:
        mask = (1 << 64) - 1
        self._state = (self._state + 0x9E37_79B9_7F4A_7C15) & mask
        mixed = ((self._state ^ (self._state >> 30)) * 0xBF58_476D_1CE4_E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB) & mask
        return mixed ^ (mixed >> 31)

    @classmethod
    def keyed(cls, purpose: str, seed: int) -> Self:
        """Return the stream of a published seed for one purpose, which has nothing in common with others.

        It begins at the BLAKE2b-64 of nothing, keyed with purpose and seed.
        """
        key = f"{purpose} {seed}".encode()
        return cls(int.from_bytes(blake2b(digest_size=8, key=key).digest(), "big"))

    def below(self, n: int) -> int:
        """One of 0 to ``n - 1``, each as likely to 2**-64."""
        return (self._next() * n) >> 64

    def happens(self, part: int, whole: int) -> bool:
        """Draw whether something happens whose chance is exactly ``part / whole``.

        Numbers that would favour one side are thrown away.

        Parameters
        ----------
        part, whole : int
            Whole is at most 2**64.

        Examples
        --------
        >>> numbers = SplitMix64.keyed("coin", 7)
        >>> [numbers.happens(1, 2) for _ in range(6)]
        [True, False, True, False, False, True]
        """
        end = (1 << 64) - (1 << 64) % whole
        while (number := self._next()) >= end:
            pass
        return number % whole < part

    def between(self, low: int, high: int, step: int = 1) -> int:
        """One of low, low + step, ... up to high."""
        return low + step * self.below((high - low) // step + 1)

    def chance(self, percent: int) -> bool:
        """Whether something happens whose chance is so many in a hundred."""
        return self.below(100) < percent

    def choice(self, items: Sequence[T]) -> T:
        """One of some items, each as likely."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[tuple[T, int]]) -> T:
        """One of some items, each as likely as its weight says."""
        ends = list(accumulate(weight for _, weight in items))
        return items[bisect_right(ends, self.below(ends[-1]))][0]
