"""What the legal rules have in common: where the jurisdiction's table is silent, they are too."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray, Float64Array
from gigmatch.model import LimitKind
from gigmatch.pairing.compiled.forms import ByClass, RuleForm, classes_of
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules.base import Finding, Severity

__all__ = ["LegalRule"]


@dataclass(frozen=True)
class LegalRule(ABC):
    """A rule that holds pairs against one legal limit; without it everything passes, nothing is found.

    The limit is the one in force on the days of the shift's work.
    """

    severity: Severity | None = None
    version: ClassVar[int] = 1
    limit: ClassVar[LimitKind]

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        limit = columns.limits.get(self.limit)
        if limit is None:
            return np.ones(len(pairs), dtype=bool)
        return self._holds(columns, pairs, limit.of(pairs.shift))

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """What was held against the limit, the limit, and what would satisfy it."""
        limit = columns.limits.get(self.limit)
        value = np.nan if limit is None else float(limit.value[pair.shift[0]])
        return Finding({}) if np.isnan(value) else self._finding(columns, pair, value)

    def _value(self, columns: Columns) -> Float64Array:
        """Value of the limit by shift, NaN where none is in force: float64[n_shifts]."""
        limit = columns.limits.get(self.limit)
        return np.full(columns.n_shifts, np.nan) if limit is None else limit.value

    def _by_class(self, columns: Columns, *read: NDArray[Any]) -> tuple[RuleForm, ...]:
        """Say in arrays that besides the worker and the limit it reads these of the shift alone."""
        if self.limit not in columns.limits:
            return ()
        return (ByClass(classes_of(self._value(columns), *read)),)

    @abstractmethod
    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        """True where the pair respects the limit's value: bool[n_pairs].

        There is a value for each pair, or one for all; where it is NaN, no limit is in force.
        """

    @abstractmethod
    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        """What was seen in one pair."""
