"""The headline figures of an assignment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigmatch.core.arrays import Float64Array, Int32Array, Int64Array
from gigmatch.pairing.policy import POINTS_SCALE

__all__ = ["Summary", "summarise"]


@dataclass(frozen=True)
class Summary:
    """Headline figures of an assignment."""

    workers: int
    placements: int
    shifts: int
    seats: int
    open_shifts: int
    """Shifts with at least one empty seat."""
    seats_by_tier: dict[int, tuple[int, int]]
    """Seats filled and seats offered by priority tier."""
    mean_points: float | None
    """Mean points of a placement; None without one."""
    wages_offered: float
    """Sum of the pay offered to everybody placed; wages offered are not wages paid."""
    median_travel_min: float | None
    """Median minutes of the way to work; None without a placement."""

    @property
    def points(self) -> float:
        """Points of all placements together, exact to 1/100; the mean falls where more people are placed."""
        return round((self.mean_points or 0.0) * self.placements, 2)


def summarise(
    n_workers: int,
    headcount: Int64Array,
    tier: Int64Array,
    shift: Int32Array,
    points: Int64Array,
    minutes: Float64Array,
    pay_total: Float64Array,
) -> Summary:
    """Add up the headline figures of placements.

    Parameters
    ----------
    n_workers : int
        Everybody, placed or not.
    headcount, tier : int64[n_shifts]
        Seats and priority tier of each shift.
    shift, points, minutes, pay_total : array, shape (n_placements,)
        Of each placement: row of the shift, hundredths of a point, minutes of the way, pay offered.
    """
    filled = np.bincount(shift, minlength=len(headcount))
    placements = len(shift)
    return Summary(
        workers=n_workers,
        placements=placements,
        shifts=len(headcount),
        seats=int(headcount.sum()),
        open_shifts=int((filled < headcount).sum()),
        seats_by_tier={
            int(t): (int(filled[tier == t].sum()), int(headcount[tier == t].sum())) for t in np.unique(tier)
        },
        mean_points=int(points.sum()) / POINTS_SCALE / placements if placements else None,
        wages_offered=float(pay_total.sum()),
        median_travel_min=float(np.median(minutes)) if placements else None,
    )
