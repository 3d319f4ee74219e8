"""What halls do today, a mechanism each: first come first served, a raffle, rotation lists.

Each takes an instance with all of its eligible pairs, and a seed, and gives everybody's shift. Promised pairs
stand, barred ones do not; nobody is placed in two shifts, and no seat is left open to somebody who could take
it and has none. The same seed gives the same placements on every machine; a seed draws only what is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from gigmatch.assignment.choosing import HALL_WAYS
from gigmatch.assignment.instance import Instance, draw_lots
from gigmatch.core.arrays import Float64Array, Int32Array, Int64Array, row_entries, row_owners, row_pointers
from gigmatch.core.mixing import mixed
from gigmatch.pairing.eligible import Eligible
from gigmatch.problem.first_come import FirstCome

__all__ = [
    "HALLS",
    "Hall",
    "fewest_hours_first",
    "first_come",
    "longest_waiting_first",
    "raffle",
]


class Hall(Protocol):
    """What turns a morning into placements."""

    def __call__(self, instance: Instance, eligible: Eligible, seed: int) -> Int32Array:
        """Place people.

        Parameters
        ----------
        instance : Instance
            The morning, made ready.
        eligible : Eligible
            All of its eligible pairs: ``instance.eligible()``.
        seed : int
            Of whatever is drawn.

        Returns
        -------
        int32[n_workers]
            Shift row of each worker, -1 for none.
        """
        ...


def first_come(instance: Instance, eligible: Eligible, seed: int) -> Int32Array:
    """Everybody takes the best shift left, in order of arrival; nothing is drawn."""
    return _in_turn(instance, eligible, np.arange(instance.columns.n_workers))


def longest_waiting_first(instance: Instance, eligible: Eligible, seed: int) -> Int32Array:
    """Everybody takes the best shift left, those who have waited longest first; ties are drawn.

    Unknown waiting counts as none.
    """
    return _in_turn(instance, eligible, _ranked(instance, -instance.columns.workers.days_waiting, seed))


def fewest_hours_first(instance: Instance, eligible: Eligible, seed: int) -> Int32Array:
    """Everybody takes the best shift left, those with the fewest hours this week first; ties are drawn.

    Unknown hours count as none.
    """
    return _in_turn(instance, eligible, _ranked(instance, instance.columns.workers.hours_this_week, seed))


def raffle(instance: Instance, eligible: Eligible, seed: int) -> Int32Array:
    """Seat after seat is drawn among those who could take it and have none, as from a bucket of cards.

    Shifts come in order of start, then of id. Everybody's ticket for a shift follows from the seed and both
    ids alone.
    """
    columns, problem = instance.columns, instance.problem(eligible, lots=False)
    order = np.argsort(problem.shift, kind="stable")
    worker, shift = row_owners(problem.indptr)[order], problem.shift[order]
    ticket = _mixed(
        draw_lots(seed, "worker", columns.worker_ids)[worker],
        draw_lots(seed, "shift", columns.shift_ids)[shift],
    )
    indptr = row_pointers(np.bincount(shift, minlength=columns.n_shifts))
    found = np.full(columns.n_workers, -1, np.int32)
    for row in np.argsort(columns.shifts.start_min, kind="stable").tolist():
        here = slice(indptr[row], indptr[row + 1])
        free = found[worker[here]] < 0
        drawn = np.argsort(ticket[here][free], kind="stable")[: problem.capacity[row]]
        found[worker[here][free][drawn]] = row
    return instance.with_promises(found)


_EVERY: Final[tuple[Hall, ...]] = (first_come, raffle, longest_waiting_first, fewest_hours_first)
HALLS: Final[Mapping[str, Hall]] = MappingProxyType(dict(zip(HALL_WAYS, _EVERY, strict=True)))
"""Every mechanism here, by name."""


def _ranked(instance: Instance, first: Float64Array, seed: int) -> NDArray[np.intp]:
    """Workers from the least value to the greatest, unknown ones as 0, ties by lot."""
    lots = draw_lots(seed, "worker", instance.columns.worker_ids)
    return np.lexsort((lots, np.nan_to_num(first)))


def _in_turn(instance: Instance, eligible: Eligible, order: NDArray[Any]) -> Int32Array:
    """Everybody takes the shift left that is best for the whole's points, in an order."""
    problem = instance.problem(eligible, lots=False)
    entries, counts = row_entries(problem.indptr, order)
    served = FirstCome(len(order), problem.capacity)
    served.serve(order, row_pointers(counts), problem.shift[entries], problem.weight[entries])
    return instance.with_promises(served.shift)


def _mixed(worker: Int64Array, shift: Int64Array) -> NDArray[np.uint64]:
    """A number for each pair of lots, as if drawn."""
    return mixed(worker.astype(np.uint64) + shift.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
