"""A hash table of texts, compiled: where millions of names lead to, in nanoseconds each.

By hand: a million names in a million keys take Arrow's ``index_in`` nearly four times as long.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.core.kernels import Array, Number, kernel, kernel_part

__all__ = ["HashTable", "warmup"]

_BLOCK = 1024  # names that are taken step by step together
_FAR = 1 << 10  # rows ahead of the last one found among which a name is looked for first
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # odd, bits well spread
_HALF, _BYTE = np.uint64(32), np.uint64(8)


class _Texts(NamedTuple):
    """Texts as Arrow holds them."""

    ends: Array
    """int64[n + 1]: where each begins, which is where the one before ends, and where the last one ends."""
    data: Array
    """uint8: the bytes of all, never empty."""


@kernel_part
def _equal(a: _Texts, i: Number, b: _Texts, j: Number) -> bool:
    """Whether text i of some is text j of others; numbered names differ at their ends first."""
    size = a.ends[i + 1] - a.ends[i]
    if b.ends[j + 1] - b.ends[j] != size:
        return False
    left = size
    while left and a.data[a.ends[i] + left - 1] == b.data[b.ends[j] + left - 1]:
        left -= 1
    return bool(left == 0)


@kernel_part
def _mixed(number: Number) -> Number:
    """Every bit of the result depends on every lower one, and on the upper ones by the shift."""
    number = number * _SPREAD
    return number ^ (number >> _HALF)


@kernel_part
def _slot(table: Array, texts: _Texts, i: Number) -> Number:
    """The slot at which a text is looked for first."""
    # Eight bytes a multiplication. The length goes in first, since a last word does not tell its zero bytes;
    # the upper half comes out, since a product mixes upwards only.
    first, end = texts.ends[i], texts.ends[i + 1]
    found, word = np.uint64(end - first), np.uint64(0)
    for at in range(first, end):
        word = (word << _BYTE) | np.uint64(texts.data[at])
        if (at - first) & 7 == 7:
            found, word = _mixed(found ^ word), np.uint64(0)
    return np.int64((_mixed(_mixed(found ^ word)) >> _HALF) & np.uint64(len(table) - 1))


@kernel_part
def _probed(table: Array, slot: Number, keys: _Texts, texts: _Texts, i: Number) -> Number:
    """From a slot on, the one of a text, or the empty one where it would be."""
    while table[slot] >= 0 and not _equal(keys, np.int64(table[slot]), texts, i):
        slot = slot + 1 if slot + 1 < len(table) else 0
    return slot


@kernel
def _fill(table: Array, keys: _Texts) -> Number:
    """Enter the rows of keys, of equal ones the first; returns how many were there already.

    The table has a power of two of slots, more than there are keys, all of them -1.
    """
    # Slots of a block come first: then no step waits for hashing, and many wait for memory at once.
    slots = np.empty(_BLOCK, np.int64)
    n, again = len(keys.ends) - 1, 0
    for low in range(0, n, _BLOCK):
        high = min(low + _BLOCK, n)
        for row in range(low, high):
            slots[row - low] = _slot(table, keys, row)
        for row in range(low, high):
            slot = _probed(table, slots[row - low], keys, keys, row)
            if table[slot] < 0:
                table[slot] = row
            else:
                again += 1
    return again


@kernel
def _walk(keys: _Texts, names: _Texts, out: Array) -> Number:
    """Row of each name that is just ahead of the last one found, -1 for the others; returns how many.

    Most tables follow the order of those that they refer to, and need no more. No key may be there twice.
    """
    last, reach, left = 0, _FAR, 0
    for i in range(len(names.ends) - 1):
        row, end = last, min(last + reach, len(keys.ends) - 1)
        while row < end and not _equal(keys, np.int64(row), names, i):
            row += 1
        if row < end:
            out[i], last, reach = row, row, _FAR
        else:
            out[i], reach, left = -1, (reach + 1) // 2, left + 1
    return left


@kernel
def _find(table: Array, keys: _Texts, names: _Texts, out: Array) -> None:
    """Row in a filled table of each name that has none yet; -1 stays where it is not there.

    Block by block and step by step, so that memory is waited for by many at once.
    """
    slots, left, rows = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.int64)
    ends, likely = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.bool_)
    n = len(names.ends) - 1
    for low in range(0, n, _BLOCK):
        many = 0
        for i in range(low, min(low + _BLOCK, n)):
            if out[i] < 0:
                slots[many], left[many] = _slot(table, names, i), i
                many += 1
        for k in range(many):
            rows[k] = table[slots[k]]
        for k in range(many):
            ends[k] = keys.ends[rows[k] + 1]
        for k in range(many):
            likely[k] = rows[k] >= 0 and keys.data[ends[k] - 1] == names.data[names.ends[left[k] + 1] - 1]
        for k in range(many):
            i, row = left[k], rows[k]
            if not likely[k] or not _equal(keys, row, names, i):
                row = table[_probed(table, slots[k], keys, names, i)]
            out[i] = row


class HashTable:
    """Rows of keys, none of them missing, by name.

    Parameters
    ----------
    keys : pyarrow.LargeStringArray
        Of equal ones the first counts.
    is_rising : bool
        Whether each comes after the one before; then the table is filled only for a name that is not where
        the order of the keys makes it expected.
    """

    def __init__(self, keys: Any, is_rising: bool) -> None:
        self._keys = _texts(keys)
        self._slots: Int32Array | None = None
        self.repeats = 0
        """How many keys were there already."""
        if not is_rising:
            self._filled()

    def find(self, names: Any) -> Int64Array:
        """Row of each name, -1 where it is not there or missing: int64[n]."""
        texts, found = _texts(names), np.full(len(names), -1, dtype=np.int64)
        if self.repeats or _walk(self._keys, texts, found):
            _find(self._filled(), self._keys, texts, found)
        if names.null_count:
            found[names.is_null().to_numpy(zero_copy_only=False)] = -1
        return found

    def _filled(self) -> Int32Array:
        if self._slots is None:
            slots = np.full(1 << (len(self._keys.ends).bit_length() + 1), -1, dtype=np.int32)
            self.repeats = _fill(slots, self._keys)
            self._slots = slots
        return self._slots


def _texts(array: Any) -> _Texts:
    _, ends, data = array.buffers()
    bounds = np.frombuffer(ends, dtype=np.int64, count=array.offset + len(array) + 1)[array.offset :]
    raw: NDArray[np.uint8] = np.frombuffer(data if data is not None and data.size else b"\0", dtype=np.uint8)
    return _Texts(bounds, raw)


def warmup() -> None:
    """Look something up, so that every kernel is compiled."""
    table = HashTable(pa.array(["two", "one"], type=pa.large_string()), is_rising=False)
    table.find(pa.array(["three"], type=pa.large_string()))
