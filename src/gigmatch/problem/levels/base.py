"""What a level is: whole weights to be maximised, or a draw; each decided among the best of those above."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.problem.integers import exact_sum, extent

if TYPE_CHECKING:
    from gigmatch.problem.problem import Problem

__all__ = ["DrawnLevel", "Level", "ToldAs", "WeightedLevel", "Weights", "laid_out", "value_of", "weights_at"]

_BLOCK: Final = 1 << 16


class Weights(NamedTuple):
    """Whole weights in parts that add up; None stands for 0 everywhere.

    What belongs to a worker or a shift alone comes off its price: it is never laid out over the pairs.
    """

    worker: Int64Array | None = None
    """int64[n_workers]."""
    shift: Int64Array | None = None
    """int64[n_shifts]."""
    pair: Int64Array | None = None
    """int64[n_pairs]."""

    @property
    def extent(self) -> tuple[int, int]:
        """Least and greatest sum of the parts that there may be, 0 included."""
        least, greatest = zip((0, 0), *(extent(part) for part in self if part is not None), strict=True)
        return sum(least), sum(greatest)

    @property
    def is_of_shifts(self) -> bool:
        """Whether shifts alone have weights, none below 0."""
        return self.worker is None and self.pair is None and self.shift is not None and self.extent[0] == 0

    def times(self, scale: int) -> Weights:
        """The same weights multiplied."""
        return self if scale == 1 else Weights(*(None if part is None else scale * part for part in self))

    def plus(self, other: Weights) -> Weights:
        """The sum of two, part by part."""
        return Weights(*(_sum(*parts) for parts in zip(self, other, strict=True)))


class ToldAs(Enum):
    """How an amount of a level is told."""

    SEATS_BY_TIER = "seats by tier"
    POINTS = "points"
    SUM = "sum"
    """As the sum of its weights, with the level's words."""


class WeightedLevel(Protocol):
    """A level that is best where a sum of weights is greatest, proved by prices.

    Its certificate proves its weights plus multiples of those of the levels above, see `Certificate`.
    """

    @property
    def name(self) -> str:
        """Names it in certificates; no two levels of a problem have the same."""
        ...

    @property
    def words(self) -> Mapping[str, str]:
        """What people call it: ``{"en": ..., "zh": ...}``."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Fields of the `Problem` that must be given for it."""
        ...

    @property
    def is_drawn(self) -> Literal[False]:
        """Tells it from a `DrawnLevel`."""
        ...

    @property
    def is_bound(self) -> bool:
        """Whether it weighs ``Problem.weight``, so that its certificate gives the bound of the solution."""
        ...

    @property
    def fills_seats(self) -> bool:
        """Whether, with no level above it, its best answers have the most seats that can be filled."""
        ...

    @property
    def told(self) -> ToldAs:
        """How an amount of it is told."""
        ...

    def weights(self, problem: Problem) -> Weights:
        """Weights to maximise."""
        ...


class DrawnLevel(Protocol):
    """A level that leaves one answer of those that are still equal, by rounds of a draw."""

    @property
    def name(self) -> str:
        """As for a `WeightedLevel`, and so are ``words`` and ``needs``."""
        ...

    @property
    def words(self) -> Mapping[str, str]:
        """What people call it."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Fields of the `Problem` that must be given for it."""
        ...

    @property
    def is_drawn(self) -> Literal[True]:
        """Tells it from a `WeightedLevel`."""
        ...

    def drawn(self, problem: Problem, draw: int, worker: Int32Array, shift: Int32Array) -> Int64Array:
        """The numbers of some pairs in one round, 0 or more; their sum is maximised."""
        ...

    def is_of_worker(self, draw: int) -> bool:
        """Whether all pairs of a worker have the same number in a round."""
        ...

    def multipliers(self, problem: Problem, draw: int) -> tuple[int, int]:
        """A multiplier for the obligations of a face that mostly does, and one that always does."""
        ...


Level = WeightedLevel | DrawnLevel
"""What a problem is decided by, one after the other: a level of weights, or the draw that comes last."""


def laid_out(problem: Problem, weights: Weights) -> Int64Array:
    """The weight of every pair: int64[n_pairs]; an array that stands alone is not copied."""
    if weights.worker is None and weights.shift is None and weights.pair is not None:
        return weights.pair
    total = np.zeros(problem.n_pairs, np.int64)
    for low in range(0, problem.n_pairs, _BLOCK):
        part = slice(low, low + _BLOCK)
        if weights.shift is not None:
            weights.shift.take(problem.shift[part], out=total[part], mode="clip")
        if weights.pair is not None:
            total[part] += weights.pair[part]
    if weights.worker is not None:
        total += np.repeat(weights.worker, np.diff(problem.indptr))
    return total


def weights_at(problem: Problem, weights: Weights, pairs: Int64Array) -> Int64Array:
    """The weight of some pairs, given by position."""
    total = np.zeros(len(pairs), np.int64) if weights.pair is None else weights.pair[pairs]
    if weights.shift is not None:
        total = total + weights.shift[problem.shift[pairs]]
    return total if weights.worker is None else total + weights.worker[problem.workers_of(pairs)]


def value_of(problem: Problem, weights: Weights, shift: Int32Array) -> int:
    """The exact sum of weights over the pairs of an assignment, all of which must exist."""
    worker = np.flatnonzero(shift >= 0)
    at = shift[worker]
    parts: list[Any] = []
    if weights.worker is not None:
        parts.append(weights.worker[worker])
    if weights.shift is not None:
        parts.append(weights.shift[at])
    if weights.pair is not None:
        parts.append(weights.pair[problem.find(worker, at)])
    return sum(exact_sum(part) for part in parts)


def _sum(one: Int64Array | None, other: Int64Array | None) -> Int64Array | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other
