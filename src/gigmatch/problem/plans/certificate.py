"""What proves a bound: a split of every pair's weight, and a tree of decisions with a split at each leaf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gigmatch.core.arrays import Int64Array
from gigmatch.errors import InvalidProblemError
from gigmatch.problem.integers import as_integer, as_integers

__all__ = ["LEAF", "PAIR", "TEAM", "Branching", "PlanCertificate", "Split"]

LEAF: Final = 0  # kinds of nodes
PAIR: Final = 1
TEAM: Final = 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Split:
    """A split of weights: what each pair is worth to the shift's side; the rest is the worker's.

    The weight that is split is ``scale * weight of the level + sum(multipliers * weights of the levels
    above)``. Under the decisions on the way to the leaf, no answer with the proved values of the levels above
    is worth more at the level than ``floor((total - sum(multipliers * those values)) / scale)``, where
    ``total`` is the best plan of every worker or group and the best team of every shift or crew, added up.
    With ``scale`` 0 and no multipliers nothing is weighed: a total below 0 shows that nothing is feasible.

    Attributes
    ----------
    scale : int
        0 or more; prices are in units of a ``scale``-th of a point.
    multipliers : tuple of int
        One for each level above, in order.
    shift_price : array of int64, shape (n_shifts,)
        What every pair of the shift is worth to the shift, unless listed; may be negative.
    pair : array of int64, shape (k,)
        Positions of pairs with a price of their own, ascending: only where there are teams or groups.
    pair_price : array of int64, shape (k,)
        Theirs; may be negative.
    """

    scale: int
    multipliers: tuple[int, ...] = ()
    shift_price: Int64Array
    pair: Int64Array
    pair_price: Int64Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", as_integer("scale", self.scale))
        object.__setattr__(self, "multipliers", _as_multipliers(self.multipliers))
        _take_in(self, "shift_price", "pair", "pair_price")


@dataclass(frozen=True, eq=False, kw_only=True)
class Branching:
    """A tree of decisions, in preorder; a node's first child is the one where it holds.

    Attributes
    ----------
    kind : array of int64, shape (n_nodes,)
        0 for a leaf, 1 for *this pair is taken*, 2 for *this shift, or crew, takes place*.
    what : array of int64, shape (n_nodes,)
        Of a leaf, the position of its split; of a pair, its position; of a team, a shift (any of a crew).
    """

    kind: Int64Array
    what: Int64Array

    def __post_init__(self) -> None:
        _take_in(self, "kind", "what")


@dataclass(frozen=True, eq=False, kw_only=True)
class PlanCertificate:
    """The proof of one level: nothing is worth more than its greatest leaf allows.

    Attributes
    ----------
    level : str
        Name of the level.
    branching : Branching
        The decisions; a single leaf where one split is enough.
    splits : tuple of Split
        Of the leaves.
    """

    level: str
    branching: Branching
    splits: tuple[Split, ...]


def _take_in(record: Any, *names: str) -> None:
    for name in names:
        object.__setattr__(record, name, as_integers(name, getattr(record, name), np.int64))


def _as_multipliers(given: Any) -> tuple[int, ...]:
    if not isinstance(given, list | tuple):
        raise InvalidProblemError("no_list_of_integers", name="multipliers", error=repr(given))
    return tuple(as_integer(f"multipliers[{at}]", value) for at, value in enumerate(given))
