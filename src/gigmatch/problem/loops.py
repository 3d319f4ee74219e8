"""What goes through the pairs of workers, row after row, as loops: first come, first served, and proofs.

By hand: numpy would carry every block through memory once a step.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel, kernel_part

__all__ = ["find", "note_tight", "serve"]

_AT_ONCE = 128  # pairs of which the least is found before one of them is looked for


@kernel
def serve(left: Array, taken: Array, workers: Array, indptr: Array, shift: Array, weight: Array) -> None:
    """Give each worker the best shift that has a seat left, the first of equal ones; none below 0."""
    for row in range(len(workers)):
        k, end = indptr[row], indptr[row + 1]
        best = _greatest_open(shift[k:end], weight[k:end], left)
        if best < 0:
            continue
        while weight[k] < best or left[shift[k]] <= 0:
            k += 1
        left[shift[k]] -= 1
        taken[workers[row]] = shift[k]


@kernel_part
def _greatest_open(shifts: Array, weights: Array, left: Array) -> Number:
    """The greatest weight where a seat is left, -1 if there is none from 0 up; several at once."""
    greatest = np.int64(-1)
    for k in range(len(shifts)):
        greatest = max(greatest, weights[k] if left[np.uintp(shifts[k])] > 0 else np.int64(-1))
    return greatest


@kernel
def find(found: Array, indptr: Array, shift: Array, workers: Array, shifts: Array) -> None:
    """Write where each of some pairs stands, -1 for one that is not there."""
    for at in range(len(workers)):
        place, last, wanted = indptr[workers[at]], indptr[workers[at] + 1], shifts[at]
        left = last - place
        while left > 1:  # without a branch, so that the next search begins before this one ends
            half = left >> 1
            place += half * (shift[place + half - 1] < wanted)
            left -= half
        found[at] = place if place < last and shift[place] == wanted else -1


@kernel
def note_tight(
    tight: Array,
    begin: Number,
    end: Number,
    indptr: Array,
    shift: Array,
    weight: Array,
    worker_price: Array,
    shift_price: Array,
) -> tuple[int, int]:
    """Write which pairs of some rows weigh as much as both prices, in ``tight`` unless it is empty.

    An empty ``weight`` stands for 0 everywhere. Returns how many were written, and the first pair that weighs
    more, -1 without one; after it nothing is looked at.
    """
    n = 0
    for row in range(begin, end):
        last = indptr[row + 1]
        for low in range(indptr[row], last, _AT_ONCE):
            shifts, weights = shift[low : min(low + _AT_ONCE, last)], weight[low : min(low + _AT_ONCE, last)]
            least = worker_price[row] + _least(shifts, weights, shift_price)
            if least > 0 or (least == 0 and not len(tight)):
                continue
            for k in range(len(shifts)):
                cost = worker_price[row] + shift_price[shifts[k]] - (weights[k] if len(weights) else 0)
                if cost < 0:
                    return n, low + k
                if cost == 0 and len(tight):
                    tight[n] = low + k
                    n += 1
    return n, -1


@kernel_part
def _least(shifts: Array, weights: Array, shift_price: Array) -> Number:
    """What the prices of some shifts exceed the weights by at least."""
    least = np.int64(2**62)
    if len(weights):
        for k in range(len(shifts)):
            least = min(least, shift_price[np.uintp(shifts[k])] - weights[k])
    else:
        for k in range(len(shifts)):
            least = min(least, shift_price[np.uintp(shifts[k])])
    return least
