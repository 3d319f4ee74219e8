"""Which row a name leads to, for millions of names at once.

Arrow's own lookup compares text by text in one thread; most of a large morning's reading would be waiting for
it. Here a name is first reduced to a fingerprint, and a row is only looked at where the fingerprint points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gigmatch.columns import Longs
from gigmatch.tables.cells import mask_of
from gigmatch.threads import in_order

__all__ = ["Lookup"]

Prints = NDArray[np.uint64]

_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93)  # odd, bits well spread
_FEW = 1 << 12  # keys that Arrow's own table holds in the cache
_BLOCK = 1 << 16  # names that stay in the cache
_LOWEST = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)  # masks of the first n bytes


class Lookup:
    """The rows of a key column by name; where a name stands twice, its first row.

    Parameters
    ----------
    keys : pyarrow.LargeStringArray
        Missing ones are nobody's name.

    Notes
    -----
    An open hash table in rounds: a round writes every key that has no place yet to the slot that its
    fingerprint gives, and the first to claim a slot keeps it. What has no place after the last round, such as
    a key that is there twice, is left to Arrow's lookup, and so are the keys of a small table. Texts are
    compared whatever their fingerprints, so none is ever taken for another.
    """

    def __init__(self, keys: Any) -> None:
        self.keys = keys
        self._bits = max(4, len(keys).bit_length() + 1)
        self._factors = _FACTORS if len(keys) > _FEW else ()
        self._tables: list[NDArray[np.int32]] = []
        rest: Longs = np.flatnonzero(keys.is_valid().to_numpy(zero_copy_only=False)).astype(np.int64)
        self._left = [rest]  # rows without a place, before each round and in the end
        prints = _fingerprints(keys)[rest]
        for factor in self._factors:
            slots = _slots(prints, factor, self._bits)
            table = np.full(1 << self._bits, -1, dtype=np.int32)
            table[slots[::-1]] = rest[::-1]  # of several the last one written stays: the first row
            out = np.flatnonzero(table[slots] != rest)
            rest, prints = rest[out], prints[out]
            self._tables.append(table)
            self._left.append(rest)

    def rows(self, names: Any) -> Longs:
        """Row of each name, -1 where it is not there or missing."""
        if not len(self.keys):
            return np.full(len(names), -1, dtype=np.int64)
        blocks = range(0, len(names), _BLOCK)
        found = in_order(lambda first: self._rows(names.slice(first, _BLOCK)), blocks)
        return np.concatenate([np.empty(0, dtype=np.int64), *found])

    def _rows(self, names: Any) -> Longs:
        found, todo = np.full(len(names), -1, dtype=np.int64), np.arange(len(names))
        prints = _fingerprints(names)
        for factor, table in zip(self._factors, self._tables, strict=True):
            at = table[_slots(prints, factor, self._bits)]
            same = mask_of(pc.equal(self.keys.take(pa.array(np.maximum(at, 0))), names))
            found[todo[same]] = at[same]
            left = np.flatnonzero((at >= 0) & ~same)  # an empty slot: no key with this fingerprint
            if not len(left):
                return found
            todo, prints, names = todo[left], prints[left], names.take(pa.array(left))
        found[todo] = _arrow_rows(names, self.keys, self._left[-1])
        return found

    def again(self) -> tuple[Longs, Longs]:
        """Rows of keys that stood in an earlier row already, and the first such row of each."""
        late = self._left[:2][-1]  # a key that is there again cannot have been placed in the first round
        first = self.rows(self.keys.take(pa.array(late)))
        repeated = first != late
        return late[repeated], first[repeated]


def _arrow_rows(names: Any, keys: Any, among: Longs) -> Longs:
    at = pc.index_in(names, value_set=keys.take(pa.array(among)), skip_nulls=True)
    rows: Longs = np.append(among, -1)[pc.fill_null(at, len(among)).to_numpy(zero_copy_only=False)]
    return rows


def _slots(prints: Prints, factor: int, bits: int) -> NDArray[np.int64]:
    return ((prints * np.uint64(factor)) >> np.uint64(64 - bits)).astype(np.int64)


def _fingerprints(texts: Any) -> Prints:
    """A number from the first 8 bytes of each text, its last 8 and its length."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64, count=texts.offset + len(texts) + 1)[texts.offset :]
    start, size = int(ends[0]), int(ends[-1] - ends[0])
    raw = np.zeros(size + 8, dtype=np.uint8)
    if size:
        raw[:size] = np.frombuffer(data, dtype=np.uint8, count=size, offset=start)
    ends = ends - start
    eights = np.lib.stride_tricks.as_strided(raw[:8].view(np.uint64), (len(raw) - 7,), (1,))
    first, length = ends[:-1], np.diff(ends)
    head, tail = eights[first], eights[np.maximum(ends[1:] - 8, first)]
    if len(length) and length.min() < 8:
        inside = _LOWEST[np.minimum(length, 8)]
        head, tail = head & inside, tail & inside
    return _mixed(_mixed(head) ^ tail) + length.astype(np.uint64)


def _mixed(numbers: Prints) -> Prints:
    """Every bit of the result depends on every lower one, and on the upper ones by the shift."""
    numbers = numbers * np.uint64(_FACTORS[0])
    mixed: Prints = numbers ^ (numbers >> np.uint64(32))
    return mixed
