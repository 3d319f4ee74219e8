"""Rows in order, by counting where rows are what is sorted by: a tenth of the time of comparing.

By a trick with scipy: numpy's stable sort counts numbers of up to 16 bits only.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int64Array

__all__ = ["by_number", "by_row"]

_FEW = 1 << 12  # sorted sooner than a table is set up
_FAR = 8  # times n: a table that is mostly empty


def by_number(numbers: Int64Array) -> IndexArray:
    """Order of numbers from 0, equal ones as they stand; by counting, unless they reach far beyond n."""
    n = len(numbers)
    if (numbers[1:] >= numbers[:-1]).all():
        return np.arange(n)
    highest = int(numbers.max())
    if n < _FEW or highest > _FAR * n:
        return np.argsort(numbers, kind="stable")
    from scipy.sparse import csr_array

    # Sorting by counting, done by a transpose: of a matrix with one cell a row, in the column of its number.
    # To gather it by columns, scipy counts the cells of each column, adds the counts up to where each column
    # begins, and puts the rows there as they come: two passes, and equal numbers keep their order.
    cells = (np.ones(n, dtype=np.int8), numbers.astype(np.int32), np.arange(n + 1, dtype=np.int32))
    counted = csr_array(cells, shape=(n, highest + 1)).tocsc()
    order: IndexArray = counted.indices.astype(np.intp)
    return order


def by_row(row: Int64Array, *keys: Int64Array | Float64Array) -> IndexArray:
    """Order by row, then by each key in turn; equal ones as they stand."""
    order = by_number(row)
    placed = row[order]
    tied: BoolArray = placed[1:] == placed[:-1]
    for key in keys:
        if not tied.any():
            break
        step = np.diff(key[order])
        if (step[tied] < 0).any():  # the rows do not say it all
            return np.lexsort((*keys[::-1], row))
        tied &= step == 0
    return order
