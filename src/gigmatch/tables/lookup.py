"""Which row a name leads to, for millions of names at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from gigmatch.core import kernels
from gigmatch.core.arrays import Int64Array

if TYPE_CHECKING:
    from gigmatch.core.hashing import HashTable

__all__ = ["Lookup"]

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
        self._table: HashTable | None = None
        self._compiled(len(keys))

    @cached_property
    def is_rising(self) -> bool:
        """Whether each key comes after the one before it, by code points, and none is missing."""
        keys = self._names
        return len(keys) < 2 or bool(pc.all(pc.less(keys[:-1], keys[1:]), skip_nulls=False).as_py())

    def rows(self, names: Any) -> Int64Array:
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

    def again(self) -> tuple[Int64Array, Int64Array]:
        """Rows of keys that stood in an earlier row already, and the first such row of each."""
        table = self._compiled(len(self._names))
        if table and not table.repeats:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        first = self.rows(self._names)
        late = np.flatnonzero((first >= 0) & (first != np.arange(len(first)))).astype(np.int64)
        return late, first[late]

    def _compiled(self, n: int) -> HashTable | None:
        """The way for many keys or names, from the first time on that it is worth it."""
        if max(n, len(self._keys)) < _MANY or not kernels.is_available():
            return self._table
        from gigmatch.core.hashing import HashTable

        self._table = self._table or HashTable(self._keys, self.is_rising)
        return self._table
