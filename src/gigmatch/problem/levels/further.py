"""Further levels: weights of workers, shifts or pairs that somebody hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from gigmatch import i18n
from gigmatch.core.arrays import Int64Array
from gigmatch.errors import InvalidProblemError
from gigmatch.problem.integers import as_integers
from gigmatch.problem.levels.base import ToldAs, Weights

if TYPE_CHECKING:
    from gigmatch.problem.problem import Problem

__all__ = ["Further"]


@dataclass(frozen=True, eq=False)
class Further:
    """A level of whole weights, told as their sum.

    Parameters
    ----------
    name : str
        Names it in certificates and amounts.
    worker, shift, pair : array of int64, optional
        Weights of workers, of shifts and of pairs, which add up.
    words : mapping, optional
        What people call it, ``{"en": ..., "zh": ...}``; its name unless given.

    Examples
    --------
    >>> from gigmatch.problem import POINTS, Problem
    >>> first = Further("waited", worker=[0, 2])
    >>> problem = Problem(
    ...     indptr=[0, 1, 2], shift=[0, 0], weight=[9, 7], capacity=[1], levels=[first, POINTS]
    ... )
    >>> from gigmatch.solvers import solve
    >>> solve(problem).shift.tolist()
    [-1, 0]
    """

    name: str
    worker: Int64Array | None = None
    shift: Int64Array | None = None
    pair: Int64Array | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    needs: ClassVar[tuple[str, ...]] = ()
    is_drawn: ClassVar[Literal[False]] = False
    is_bound: ClassVar[bool] = False
    fills_seats: ClassVar[bool] = False
    told: ClassVar[ToldAs] = ToldAs.SUM

    def __post_init__(self) -> None:
        for side in ("worker", "shift", "pair"):
            given: Any = getattr(self, side)
            if given is not None:
                array = as_integers(
                    i18n.Told.of("errors.of_level", side=side, name=self.name), given, np.int64
                )
                object.__setattr__(self, side, array)
        if not self.words:
            object.__setattr__(self, "words", {"en": self.name})

    def weights(self, problem: Problem) -> Weights:
        """The weights handed in, if the problem has as many workers, shifts and pairs."""
        sizes = {"worker": problem.n_workers, "shift": problem.n_shifts, "pair": problem.n_pairs}
        for side, size in sizes.items():
            part: Int64Array | None = getattr(self, side)
            if part is not None and len(part) != size:
                raise InvalidProblemError(
                    "level_wrong_length", side=side, name=self.name, n=len(part), m=size
                )
        return Weights(self.worker, self.shift, self.pair)
