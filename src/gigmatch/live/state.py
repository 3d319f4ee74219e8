"""What a journal says is so: tables of plain values, and a digest that follows every change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

__all__ = ["Changes", "Noted", "State", "canonical", "row_key"]

Changes = Mapping[str, Mapping[str, Any]]
"""By table and key what is so now, None for what is no more."""

_BYTES: Final = 256
_encoded: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode

K = TypeVar("K")
V = TypeVar("V")


def canonical(value: Any) -> str:
    """Return plain data as JSON, the same text for what is equal."""
    return _encoded(value)


def row_key(key: Any) -> str:
    """Return what a row of a table is called: a text as it is, anything else as JSON."""
    return key if isinstance(key, str) else canonical(key)


class State:
    """Tables of plain values by key; it knows none of them.

    The digest adds up one long hash a row (Bellare and Micciancio 1997), so that a change costs what it
    touches, and the order of the changes before leaves no trace.

    Parameters
    ----------
    tables : mapping
        Values by table and key, as JSON gives them.

    Examples
    --------
    >>> state, empty = State(), State().digest
    >>> state.change({"pins": {"w1": "s1", "w2": "s2"}})
    {'pins': {'w1': None, 'w2': None}}
    >>> back = state.change({"pins": {"w2": None}})
    >>> state.tables, State(state.tables).digest == state.digest != empty
    ({'pins': {'w1': 's1'}}, True)
    """

    def __init__(self, tables: Changes | None = None) -> None:
        self.tables: dict[str, dict[str, Any]] = {}
        self._sum = 0
        self.change(tables or {})

    def of(self, table: str) -> dict[str, Any]:
        """Return the rows of a table, none if there is no such table."""
        return self.tables.get(table, {})

    def change(self, changes: Changes) -> dict[str, dict[str, Any]]:
        """Let something be so; returns the changes that take it back."""
        back: dict[str, dict[str, Any]] = {}
        for table, rows in changes.items():
            held, before = self.tables.setdefault(table, {}), back.setdefault(table, {})
            for key, value in rows.items():
                before[key] = old = held.pop(key, None)
                if old is not None:
                    self._sum -= _hashed(table, key, old)
                if value is not None:
                    held[key] = value
                    self._sum += _hashed(table, key, value)
        return back

    @property
    def digest(self) -> str:
        """Names the state: hexadecimal."""
        total = self._sum % (1 << 8 * _BYTES)
        return hashlib.sha256(total.to_bytes(_BYTES, "big")).hexdigest()

    def to_json(self) -> str:
        """Return the tables as JSON, the same text for what is equal."""
        return canonical({table: rows for table, rows in self.tables.items() if rows})


class Noted(dict[K, V]):
    """A dict that notes, in ``changed``, which keys were set or taken out one by one.

    Examples
    --------
    >>> pins = Noted({"w1": "s1"})
    >>> pins["w2"] = pins.pop("w1")
    >>> list(pins.changed)
    ['w1', 'w2']
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.changed: dict[K, None] = {}

    def __setitem__(self, key: K, value: V) -> None:
        self.changed[key] = None
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        self.changed[key] = None
        super().__delitem__(key)

    def pop(self, key: K, *default: Any) -> Any:
        """Take a key out, as of any dict."""
        self.changed[key] = None
        return super().pop(key, *default)


def _hashed(table: str, key: str, value: Any) -> int:
    row = canonical([table, key, value]).encode()
    return int.from_bytes(hashlib.shake_256(row).digest(_BYTES), "big")
