"""What the legal rules have in common: where the jurisdiction's table is silent, they are too."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray
from gigmatch.model import LimitKind
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules.base import Finding, Severity

__all__ = ["LegalRule"]


@dataclass(frozen=True)
class LegalRule(ABC):
    """A rule that holds pairs against one legal limit; without it everything passes, nothing is found."""

    severity: Severity | None = None
    version: ClassVar[int] = 1
    limit: ClassVar[LimitKind]

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        limit = columns.limits.get(self.limit)
        return np.ones(len(pairs), dtype=bool) if limit is None else self._holds(columns, pairs, limit.value)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """What was held against the limit, the limit, and what would satisfy it."""
        limit = columns.limits.get(self.limit)
        return Finding({}) if limit is None else self._finding(columns, pair, limit.value)

    @abstractmethod
    def _holds(self, columns: Columns, pairs: Pairs, value: float) -> BoolArray:
        """True where the pair respects the limit's value: bool[n_pairs]."""

    @abstractmethod
    def _finding(self, columns: Columns, pair: Pairs, value: float) -> Finding:
        """What was seen in one pair."""
