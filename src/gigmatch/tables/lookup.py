"""Which row a name leads to, for millions of names at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gigmatch import kernels
from gigmatch.columns import Longs

if TYPE_CHECKING:
    from gigmatch.tables.hashing import Texts

__all__ = ["Lookup", "practise"]

_MANY = 1 << 16  # keys or names that are worth loading compiled code for


class Lookup:
    """The rows of a key column by name; where a name stands twice, its first row.

    Parameters
    ----------
    keys : pyarrow.LargeStringArray
        Missing ones are nobody's name.

    Notes
    -----
    Many names are looked up by compiled code where the extra ``fast`` is installed, all others by Arrow,
    which takes several times as long. The answers are the same.
    """

    def __init__(self, keys: Any) -> None:
        self._names = keys
        self._keys = keys.drop_null() if keys.null_count else keys
        self._table: _Table | None = None
        self._compiled(len(keys))

    @cached_property
    def is_rising(self) -> bool:
        """Whether each key comes after the one before it, by code points, and none is missing."""
        keys = self._names
        return len(keys) < 2 or bool(pc.all(pc.less(keys[:-1], keys[1:]), skip_nulls=False).as_py())

    def rows(self, names: Any) -> Longs:
        """Row of each name, -1 where it is not there or missing."""
        if not len(names) or not len(self._keys):
            return np.full(len(names), -1, dtype=np.int64)
        table = self._compiled(len(names))
        if table:
            at = table.find(names)
        else:
            found = pc.index_in(names, value_set=self._keys, skip_nulls=True)
            at = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        if not self._names.null_count:
            return at
        row = np.flatnonzero(self._names.is_valid().to_numpy(zero_copy_only=False))
        return np.append(row, -1)[at]

    def again(self) -> tuple[Longs, Longs]:
        """Rows of keys that stood in an earlier row already, and the first such row of each."""
        table = self._compiled(len(self._names))
        if table and not table.repeats:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        first = self.rows(self._names)
        late = np.flatnonzero((first >= 0) & (first != np.arange(len(first)))).astype(np.int64)
        return late, first[late]

    def _compiled(self, n: int) -> _Table | None:
        """The way for many keys or names, from the first time on that it is worth it."""
        if max(n, len(self._keys)) < _MANY or not kernels.is_available():
            return self._table
        self._table = self._table or _Table(self._keys, self.is_rising)
        return self._table


class _Table:
    """Compiled lookup among keys, none of them missing."""

    def __init__(self, keys: Any, is_rising: bool) -> None:
        self._keys = _texts(keys)
        self._slots: NDArray[np.int32] | None = None
        self.repeats = 0
        if not is_rising:
            self._fill()

    def find(self, names: Any) -> Longs:
        """Rows of names, the missing ones' -1."""
        from gigmatch.tables import hashing

        texts, found = _texts(names), np.full(len(names), -1, dtype=np.int64)
        if self.repeats or hashing.walk(self._keys, texts, found):
            hashing.find(self._fill(), self._keys, texts, found)
        if names.null_count:
            found[names.is_null().to_numpy(zero_copy_only=False)] = -1
        return found

    def _fill(self) -> NDArray[np.int32]:
        """The hash table, which keys in order can do without until a name is not where it is expected."""
        from gigmatch.tables import hashing

        if self._slots is None:
            slots = np.full(1 << (len(self._keys.ends).bit_length() + 1), -1, dtype=np.int32)
            self.repeats = hashing.fill(slots, self._keys)
            self._slots = slots
        return self._slots


def _texts(array: Any) -> Texts:
    from gigmatch.tables.hashing import Texts

    _, ends, data = array.buffers()
    bounds = np.frombuffer(ends, dtype=np.int64, count=array.offset + len(array) + 1)[array.offset :]
    raw: NDArray[np.uint8] = np.frombuffer(data if data is not None and data.size else b"\0", dtype=np.uint8)
    return Texts(bounds, raw)


def practise() -> None:
    """Look something up, so that everything is compiled."""
    table = _Table(pa.array(["two", "one"], type=pa.large_string()), is_rising=False)
    table.find(pa.array(["three"], type=pa.large_string()))
