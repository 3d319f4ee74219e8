"""What a checker does to a single claim."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from gigmatch.core.arrays import BoolArray
from gigmatch.errors import CertificateError
from gigmatch.evidence.parts import Amount, Proof

__all__ = ["given", "in_order", "mask", "same"]

_Part = TypeVar("_Part", Proof, Amount)


def given(part: _Part | None) -> _Part:
    """The part, which must be there."""
    if part is None:
        raise CertificateError("figure_missing")
    return part


def in_order(choices: Sequence[tuple[Any, Amount]]) -> None:
    """The least loss first, equal ones by id or row, and none twice."""
    keys = [(loss.key, which) for which, loss in choices]
    if any(a >= b for a, b in pairwise(keys)):
        raise CertificateError("choices_out_of_order")


def mask(rows: Any, size: int) -> BoolArray:
    """Some rows marked: bool[size]."""
    marked = np.zeros(size, dtype=bool)
    marked[rows] = True
    return marked


def same(name: str, said: object, found: object) -> None:
    """What is said must be what is found; the name is a field's, or a claim of the catalogue."""
    if said != found:
        raise CertificateError("does_not_hold", name=name, said=said, found=found)
