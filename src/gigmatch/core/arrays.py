"""Arrays: what their types are called, read-only ones, and rows of different lengths laid end to end.

Rows laid end to end (compressed sparse rows): the entries of row ``i`` are ``indptr[i]`` up to, not
including, ``indptr[i + 1]``, of one array or several. A *run* is a row of entries that are equal in some key.

By hand, in a line or two of numpy each: scipy's sparse arrays add up entries of one place, and know no runs.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BitWords",
    "BoolArray",
    "Float64Array",
    "IndexArray",
    "Int32Array",
    "Int64Array",
    "Integers",
    "UInt64Array",
    "consecutive",
    "freeze",
    "per_entry",
    "place_in_row",
    "read_only",
    "row_counts",
    "row_entries",
    "row_maximum",
    "row_owners",
    "row_pointers",
    "run_pointers",
    "run_starts",
]

BoolArray = NDArray[np.bool_]
Int32Array = NDArray[np.int32]
Int64Array = NDArray[np.int64]
UInt64Array = NDArray[np.uint64]
Float64Array = NDArray[np.float64]
IndexArray = NDArray[np.intp]
"""Rows of something else."""
BitWords = tuple[NDArray[np.uint64], ...]
"""Sets of up to 64 members a word, a word a row."""
Integers = NDArray[np.signedinteger[Any]]
"""Whole numbers of any width."""

Array = TypeVar("Array", bound=NDArray[Any])
Value = TypeVar("Value", bound=np.generic)


def freeze(array: Array) -> Array:
    """Return the array itself, which nobody can write into from now on."""
    array.flags.writeable = False
    return array


def read_only(array: Array) -> Array:
    """Return a view that nobody can write through; the array itself stays as it is."""
    return freeze(array.view())


def row_pointers(counts: NDArray[Any]) -> Int64Array:
    """Return where each row begins, and where the last one ends, from their lengths: int64[n + 1]."""
    indptr = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=indptr[1:])
    return indptr


def row_counts(indptr: Array) -> Array:
    """Return how many entries each row has."""
    counts: Array = indptr[1:] - indptr[:-1]
    return counts


def per_entry(values: NDArray[Value], indptr: Integers) -> NDArray[Value]:
    """Give every entry the value of its row."""
    return np.repeat(values, row_counts(indptr))


def row_owners(indptr: Integers) -> IndexArray:
    """Return the row of every entry, ascending."""
    return per_entry(np.arange(len(indptr) - 1, dtype=np.intp), indptr)


def consecutive(start: Integers, count: Integers, step: int = 1) -> Int64Array:
    """Return ``start[i], start[i] + step, ...``, ``count[i]`` of them, for every i one after the other."""
    end = np.cumsum(count, dtype=np.int64)
    numbers = np.arange(0, step * end[-1] if len(end) else 0, step, dtype=np.int64)
    numbers += np.repeat(start - step * (end - count), count)
    return numbers


def row_entries(indptr: Integers, rows: Integers) -> tuple[Int64Array, Integers]:
    """Return the positions of all entries of some rows, row after row, and how many each of them has."""
    start = indptr[rows]
    count = indptr[rows + 1] - start
    return consecutive(start, count), count


def place_in_row(indptr: Integers) -> Int64Array:
    """Return how many entries stand before each entry in its row."""
    return consecutive(np.zeros(len(indptr) - 1, np.int64), row_counts(indptr))


def row_maximum(values: NDArray[Value], indptr: Integers, empty: int = 0) -> NDArray[Value]:
    """Return the greatest value of each row, ``empty`` for rows without entries.

    The rows may be a part of many, then ``values`` are those of that part.
    """
    greatest = np.full(len(indptr) - 1, empty, values.dtype)
    some = np.flatnonzero(row_counts(indptr))  # else reduceat gives an empty row the next row's first value
    greatest[some] = np.maximum.reduceat(values, indptr[some] - indptr[0])
    return greatest


def run_starts(*keys: NDArray[Any]) -> IndexArray:
    """Return where each run begins of entries that are equal in every key, ascending."""
    if not len(keys[0]):
        return np.empty(0, np.intp)
    differs = keys[0][1:] != keys[0][:-1]
    for key in keys[1:]:
        differs |= key[1:] != key[:-1]
    return np.concatenate([[0], np.flatnonzero(differs) + 1])


def run_pointers(*keys: NDArray[Any]) -> IndexArray:
    """Return where each run begins, and where the last one ends, as for `run_starts`."""
    return np.append(run_starts(*keys), len(keys[0]))
