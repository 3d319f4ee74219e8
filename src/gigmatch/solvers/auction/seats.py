"""Taking and leaving seats outside the forward auction, where the order of holders means nothing."""

from __future__ import annotations

from gigmatch.core.kernels import Number, kernel
from gigmatch.solvers.auction.workspace import Places, Seats

__all__ = ["enter", "leave"]


@kernel
def enter(seats: Seats, places: Places, worker: Number, j: Number, weight: Number) -> None:
    """Give a worker an empty seat of shift ``j``."""
    slot = seats.first[j] + seats.filled[j]
    seats.filled[j] += 1
    seats.holder[slot] = worker
    places.shift[worker] = j
    places.slot[worker] = slot
    places.weight[worker] = weight


@kernel
def leave(seats: Seats, places: Places, worker: Number) -> None:
    """Take a worker from its seat; the last holder of the shift moves into the slot."""
    j = places.shift[worker]
    slot = places.slot[worker]
    last = seats.first[j] + seats.filled[j] - 1
    moved = seats.holder[last]
    seats.holder[slot] = moved
    places.slot[moved] = slot
    seats.filled[j] -= 1
    places.shift[worker] = -1
