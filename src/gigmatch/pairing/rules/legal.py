"""What the legal rules have in common: where the jurisdiction's table is silent, they are too."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray, Float64Array
from gigmatch.model import LimitKind
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

    @abstractmethod
    def _holds(self, columns: Columns, pairs: Pairs, value: Float64Array) -> BoolArray:
        """True where the pair respects the limit's value: bool[n_pairs].

        There is a value for each pair, or one for all; where it is NaN, no limit is in force.
        """

    @abstractmethod
    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        """What was seen in one pair."""
