"""Least prices on their way up, as a loop."""

from __future__ import annotations

from gigmatch.core.kernels import Array, Number, kernel

__all__ = ["rise"]


@kernel
def rise(
    price: Array,
    is_due: Array,
    queue: Array,
    first: Number,
    waiting: Number,
    looks: Number,
    indptr: Array,
    shift: Array,
    weight: Array,
    start: Array,
    holder: Array,
    held: Array,
    ceiling: Array,
) -> tuple[int, int, int]:
    """Look at the holders of the shifts in a queue, and queue those that they raise; so many at most.

    The queue is a ring with room for every shift: ``waiting`` of them from ``first`` on, all that are due.

    Returns
    -------
    first, how many wait, -1 of them where a price is above its ceiling; and the looks that are left
    """
    size = len(queue)
    while waiting and looks > 0:
        at = queue[first]
        first = first + 1 if first + 1 < size else 0
        waiting -= 1
        is_due[at] = False
        for place in range(start[at], start[at + 1]):
            worker = holder[place]
            base = price[at] - held[worker]
            looks -= indptr[worker + 1] - indptr[worker] + 1
            for k in range(indptr[worker], indptr[worker + 1]):
                to, asked = shift[k], weight[k] + base
                if asked <= price[to]:
                    continue
                price[to] = asked
                if asked > ceiling[to]:
                    return first, -1, looks
                if not is_due[to]:
                    is_due[to] = True
                    last = first + waiting
                    queue[last if last < size else last - size] = to
                    waiting += 1
    return first, waiting, looks
