"""Taking and leaving seats outside the forward auction, where the order of holders means nothing."""

from __future__ import annotations

from gigmatch.core.kernels import Number, kernel_part
from gigmatch.solvers.auction.workspace import Seating, Seats

__all__ = ["assign", "release"]


@kernel_part
def assign(seats: Seats, seating: Seating, worker: Number, j: Number, weight: Number) -> None:
    """Give a worker an empty seat of shift ``j``."""
    slot = seats.first[j] + seats.filled[j]
    seats.filled[j] += 1
    seats.holder[slot] = worker
    seating.shift[worker] = j
    seating.slot[worker] = slot
    seating.weight[worker] = weight


@kernel_part
def release(seats: Seats, seating: Seating, worker: Number) -> None:
    """Take a worker from its seat; the last holder of the shift moves into the slot."""
    j = seating.shift[worker]
    slot = seating.slot[worker]
    last = seats.first[j] + seats.filled[j] - 1
    moved = seats.holder[last]
    seats.holder[slot] = moved
    seating.slot[moved] = slot
    seats.filled[j] -= 1
    seating.shift[worker] = -1
