"""What can be said of a rule, a scorer or a travel in arrays, so that one loop can ask all of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns, Relation, Xyz
from gigmatch.core import kernels
from gigmatch.core.arrays import Float64Array, Int32Array

__all__ = [
    "SPREAD",
    "AtMost",
    "ByClass",
    "Falling",
    "Listed",
    "LookedUp",
    "Raised",
    "RuleForm",
    "ScorerForm",
    "Straight",
    "Unlisted",
    "WithinMinutes",
    "classes_of",
    "declared",
    "form_of",
    "is_worth_it",
]

LOOPS = "gigmatch.pairing.compiled.kernels"
SPREAD = 2654435761  # a multiplier that sends neighbours far apart
_NEXT = 1e-15  # as far as rounding mostly leads away from what algebra says

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class AtMost:
    """A rule: the worker's figure is at most the shift's; one that is NaN refuses nothing."""

    worker: Float64Array
    """float64[n_workers]."""
    shift: Float64Array
    """float64[n_shifts]."""


@dataclass(frozen=True, eq=False)
class WithinMinutes:
    """A rule: the way takes at most the worker's minutes."""

    most: Float64Array
    """float64[n_workers], finite."""


@dataclass(frozen=True, eq=False)
class ByClass:
    """A rule: the verdict depends on the worker and the shift's class, and the plain one tells each."""

    of: Int32Array
    """Class of every shift, from 0 on: int32[n_shifts]."""


@dataclass(frozen=True, eq=False)
class Unlisted:
    """A rule: the worker and what the shift belongs to are not in a list."""

    listed: Relation
    """Pairs of a worker and an employer, a broker or whatever a shift belongs to."""
    of: Int32Array
    """What every shift belongs to, -1 for nothing: int32[n_shifts]."""


@dataclass(frozen=True, eq=False)
class LookedUp:
    """A scorer: ``score[rank[worker, column[shift]] + above[shift]]``."""

    rank: NDArray[np.int8]
    """int8[n_workers, n_columns]."""
    column: Int32Array
    """int32[n_shifts]."""
    above: Int32Array
    """int32[n_shifts]."""
    score: Float64Array
    """In [0, 1]: float64[n_places]."""


@dataclass(frozen=True, eq=False)
class Falling:
    """A scorer: 1 at no travel, 0 from the worker's minutes on, evenly in between."""

    zero_min: Float64Array
    """float64[n_workers], above 0."""


@dataclass(frozen=True, eq=False)
class Raised:
    """A scorer: by how much the shift's figure exceeds the worker's, 1 at the double.

    That in the mean with ``beside``; where one of the two is NaN, the other counts alone, where both are,
    ``neutral``.
    """

    worker: Float64Array
    """float64[n_workers]; NaN where nothing is to be exceeded."""
    shift: Float64Array
    """float64[n_shifts]."""
    beside: Float64Array
    """In [0, 1] or NaN: float64[n_shifts]."""
    neutral: float


@dataclass(frozen=True, eq=False)
class Listed:
    """A scorer: what a list says of the worker and what the shift belongs to; else ``otherwise``."""

    listed: Relation
    """Values in [0, 1]."""
    of: Int32Array
    """What every shift belongs to, -1 for nothing: int32[n_shifts]."""
    otherwise: float


@dataclass(frozen=True, eq=False)
class Straight:
    """A travel: ``distance * metres_per_dm / metres_per_min + start_min``, as the crow flies."""

    here: Xyz
    """Of every worker, in decimetres: int32[n_workers] three times."""
    there: Xyz
    """Of every shift: int32[n_shifts] three times."""
    metres_per_dm: float
    metres_per_min: Float64Array
    """float64[n_workers], above 0."""
    start_min: Float64Array
    """float64[n_workers], at least 0."""

    def minutes(self, worker: Any, square_dm: Float64Array) -> Float64Array:
        """Minutes of some workers at the square of a distance."""
        way = np.sqrt(square_dm) * self.metres_per_dm
        minutes: Float64Array = way / self.metres_per_min[worker] + self.start_min[worker]
        return minutes

    def reach(self, most_min: Float64Array) -> Float64Array:
        """The greatest square of a distance at which `minutes` are at most these: float64[n_workers].

        -1 where there is none. Whatever `minutes` round, they never fall as the distance grows, so that the
        greatest number is found by halving; most lie next to what algebra says, the others anywhere.
        """
        everybody, greatest = slice(None), sys.float_info.max
        with np.errstate(over="ignore"):  # no limit, no bound
            guess = np.maximum(most_min - self.start_min, 0) * self.metres_per_min / self.metres_per_dm
            low = np.minimum(guess * guess * (1 - _NEXT), greatest)
            high = np.minimum(guess * guess * (1 + _NEXT), greatest)
        low[self.minutes(everybody, low) > most_min] = 0.0
        high[self.minutes(everybody, high) <= most_min] = greatest
        within = self.minutes(everybody, high) <= most_min
        low[within] = high[within]
        # Numbers that are not below 0 stand in the order of their bits.
        low_bits, high_bits = low.view(np.int64), high.view(np.int64)
        while (left := np.flatnonzero(high_bits - low_bits > 1)).size:
            middle = low_bits[left] + (high_bits[left] - low_bits[left]) // 2
            within = self.minutes(left, middle.view(np.float64)) <= most_min[left]
            low_bits[left] = np.where(within, middle, low_bits[left])
            high_bits[left] = np.where(within, high_bits[left], middle)
        low[self.minutes(everybody, low) > most_min] = -1.0  # not even where they are
        return low


RuleForm = AtMost | WithinMinutes | ByClass | Unlisted
ScorerForm = LookedUp | Falling | Raised | Listed


def form_of(plugin: Any, columns: Columns) -> Any:
    """The compiled form of a plug-in, None where it has none, or not for this morning."""
    compiled = declared(plugin, "_compiled")
    return None if compiled is None else compiled(plugin, columns)


def declared(plugin: Any, name: str) -> Callable[..., Any] | None:
    """A method by which a plug-in says again what it does, to be called with it first.

    What a class inherits says nothing of itself: it may do something else.
    """
    method: Callable[..., Any] | None = vars(type(plugin)).get(name)
    return method


def is_worth_it(columns: Columns) -> bool:
    """Whether the loops are to be used, see `gigmatch.core.kernels.are_worth_it`; the answer is the same."""
    pairs = columns.n_workers * columns.n_shifts
    return pairs > 0 and kernels.are_worth_it(LOOPS, pairs)


def classes_of(*values: NDArray[Any]) -> Int32Array:
    """Give a number to every distinct combination of values, by shift: int32[n_shifts]."""
    number = np.zeros(len(values[0]), np.int64)
    for value in values:
        bits = value.astype(np.float64).view(np.int64)  # NaN is equal to itself
        distinct, each = np.unique(bits, return_inverse=True)
        number = np.unique(number * len(distinct) + each, return_inverse=True)[1]
    return number.astype(np.int32)
