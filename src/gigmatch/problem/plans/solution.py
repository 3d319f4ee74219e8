"""An answer: who takes which shifts, what it is worth on each level, and what is proved of that."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gigmatch.core.arrays import Int32Array
from gigmatch.core.statistics import Statistics
from gigmatch.problem.integers import as_integer, as_integers
from gigmatch.problem.levels.points import POINTS
from gigmatch.problem.plans.certificate import PlanCertificate
from gigmatch.problem.plans.levels import is_of_seats
from gigmatch.problem.solution import Status, Stopped

__all__ = ["LevelClaim", "PlanSolution"]


@dataclass(frozen=True)
class LevelClaim:
    """What an answer is worth on one level, and what nothing that is as good on those above exceeds."""

    level: str
    """Name of the level."""
    value: int
    """Sum of the level's weights over the pairs taken."""
    bound: int
    """Proved; equals ``value`` where the level is closed."""

    def __post_init__(self) -> None:
        for name in ("value", "bound"):
            object.__setattr__(self, name, as_integer(name, getattr(self, name)))

    @property
    def gap(self) -> int:
        """``bound - value``, 0 or more."""
        return self.bound - self.value

    @property
    def is_closed(self) -> bool:
        """Whether the value is proved to be the best."""
        return self.value == self.bound


@dataclass(frozen=True, eq=False, kw_only=True)
class PlanSolution:
    """An answer to a `PlanProblem`.

    Attributes
    ----------
    worker, shift : arrays of int32, shape (n_placements,)
        Pairs taken, by worker, then by rank of the shift.
    claims : tuple of LevelClaim
        Every level in order. Each tier of seats is a level of its own, then come the others. Below the first
        level that is not closed, bounds hold whatever those above are (their multipliers are 0).
    certificates : tuple of PlanCertificate
        The proof of each claim, in the same order.
    status : "optimal" or "feasible"
        Whether every level is closed.
    stopped : str
        Why there was no further work.
    solver : str
        Name of the solver that was asked.
    statistics : Statistics
        What it took.
    """

    worker: Int32Array
    shift: Int32Array
    claims: tuple[LevelClaim, ...]
    certificates: tuple[PlanCertificate, ...]
    status: Status
    stopped: Stopped
    solver: str = ""
    statistics: Statistics = field(default_factory=Statistics)

    def __post_init__(self) -> None:
        for name in ("worker", "shift"):
            object.__setattr__(self, name, as_integers(name, getattr(self, name), np.int32))

    @property
    def points_claim(self) -> LevelClaim:
        """The claim of the points, which every problem has."""
        return next(claim for claim in self.claims if claim.level == POINTS.name)

    @property
    def are_seats_closed(self) -> bool:
        """Whether seats come first, and every tier is proved to be filled as well as can be."""
        seats = [claim for claim in self.claims if is_of_seats(claim.level)]
        return bool(seats) and all(claim.is_closed for claim in self.claims[: len(seats)])

    @property
    def value(self) -> int:
        """Sum of the points."""
        return self.points_claim.value

    @property
    def bound(self) -> int:
        """What is proved of the points."""
        return self.points_claim.bound

    @property
    def gap(self) -> int:
        """``bound - value``."""
        return self.points_claim.gap
