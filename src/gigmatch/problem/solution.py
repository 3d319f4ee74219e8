"""An answer: the assignment, and the certificates that prove what it claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.core.statistics import Statistics
from gigmatch.errors import CertificateError, InvalidProblemError
from gigmatch.problem.integers import as_integer, as_integers, exact_product, exact_sum
from gigmatch.problem.levels.points import POINTS
from gigmatch.problem.problem import Problem

__all__ = ["Certificate", "Solution", "Status", "Stopped"]

Status = Literal["optimal", "feasible"]
Stopped = Literal["proved", "time limit", "cancelled", "heuristic", "fair lottery", "hall", "given"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Certificate:
    """Dual prices that prove one level of a solution.

    Attributes
    ----------
    level : str
        Name of the level that is proved.
    worker_price : array of int64, shape (n_workers,)
        0 or more.
    shift_price : array of int64, shape (n_shifts,)
        Per seat, 0 or more.
    multipliers : mapping of str to int
        What the weights of levels above are multiplied by and added, by name; those left out count 0. An
        answer that is best for that sum, and best on the levels above, is best among those that are.
    multiplier : int
        Of a level that is drawn: weight added per obligation of the face.
    draw : int
        Of a level that is drawn: the round, from 0.
    """

    level: str
    worker_price: Int64Array
    shift_price: Int64Array
    multipliers: Mapping[str, int] = field(default_factory=dict)
    multiplier: int = 0
    draw: int = 0

    def __post_init__(self) -> None:
        for name in ("worker_price", "shift_price"):
            object.__setattr__(self, name, as_integers(name, getattr(self, name), np.int64))
        for name in ("multiplier", "draw"):
            object.__setattr__(self, name, as_integer(name, getattr(self, name)))
        object.__setattr__(self, "multipliers", _as_multipliers(self.multipliers))

    def bound(self, problem: Problem) -> int:
        """Upper bound on every assignment at this level: ``sum(u) + sum(capacity * p)``, exact."""
        return exact_sum(self.worker_price) + exact_product(problem.capacity, self.shift_price)


@dataclass(frozen=True, eq=False, kw_only=True)
class Solution:
    """An assignment, what it is worth, a proved bound, and why the solver stopped.

    Attributes
    ----------
    shift : array of int32, shape (n_workers,)
        Shift row of every worker, -1 for nobody's.
    value : int
        Sum of ``weight`` over the chosen pairs.
    bound : int
        No assignment is worth more; where levels above the points are certified, none that is as good on
        these. Equals ``value`` in an optimal solution.
    certificates : tuple of Certificate
        In order of the levels; the proof of everything claimed.
    status : "optimal" or "feasible"
        Whether every level of the problem is proved.
    stopped : "proved", "time limit", "cancelled", "heuristic", "fair lottery", "hall" or "given"
        Why there was no further work: a fair lottery draws, a hall gives seats out in turn, what was given is
        taken as it is; none of them looks for the most points.
    solver : str
        Name of the solver that was asked.
    statistics : Statistics
        What it took: seconds by stage, and counts of the work; empty where it was not solved here.
    """

    shift: Int32Array
    value: int
    bound: int
    certificates: tuple[Certificate, ...]
    status: Status
    stopped: Stopped
    solver: str = ""
    statistics: Statistics = field(default_factory=Statistics)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shift", as_integers("shift", self.shift, np.int32))
        for name in ("value", "bound"):
            object.__setattr__(self, name, as_integer(name, getattr(self, name)))

    @property
    def seconds(self) -> float:
        """Wall time; 0 where it was not solved here."""
        return self.statistics.total

    @property
    def gap(self) -> int:
        """``bound - value``, 0 or more."""
        return self.bound - self.value

    @property
    def points_certificate(self) -> Certificate:
        """The certificate behind ``bound``; there is one in every solution that verifies."""
        for certificate in self.certificates:
            if certificate.level == POINTS.name:
                return certificate
        raise CertificateError("no_certificate_of_points")

    @property
    def worker_price(self) -> Int64Array:
        """Dual price of every worker in the certificate of the points: int64, shape (n_workers,)."""
        return self.points_certificate.worker_price

    @property
    def shift_price(self) -> Int64Array:
        """Dual price of a seat of every shift in the certificate of the points: int64, shape (n_shifts,)."""
        return self.points_certificate.shift_price


def _as_multipliers(given: Any) -> dict[str, int]:
    if not isinstance(given, Mapping):
        raise InvalidProblemError("multipliers_no_mapping", value=given)
    return {str(name): as_integer(f"multipliers[{name!r}]", value) for name, value in given.items()}
