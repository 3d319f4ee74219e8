"""Ids as they are meant: without blanks around them, and each letter written in one way.

A blank behind a name, which nobody sees, would make it another name, and whoever it refuses another employer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gigmatch.i18n import Told
from gigmatch.model.values import BLANKS
from gigmatch.tables.cells import bytes_of
from gigmatch.tables.checked import path_of
from gigmatch.tables.schema import schema

__all__ = ["Tidied", "tidied", "tidy_texts"]


class Tidied(NamedTuple):
    """A table with its ids as they are meant, and what is told of those that were not."""

    table: Any
    notes: tuple[Told, ...]


def tidied(name: str, table: Any, path: Callable[[str], Told] | None = None) -> Tidied:
    """Tidy every column of ids of a table.

    ``path`` gives what a column is called; ``table.column`` if it is left out.
    """
    notes = []
    for column in schema()[name].columns:
        if column.kind != "id" or column.name not in table.column_names:
            continue
        at = table.column_names.index(column.name)
        raw = table.column(at)
        tidy, changed = tidy_texts(raw)
        if len(changed):
            table = table.set_column(at, column.name, tidy)
            first = int(changed[0])
            values = {"before": raw[first].as_py(), "after": tidy[first].as_py() or ""}
            place = path(column.name) if path else path_of(name, None, column.name)
            notes.append(Told.of("notes.ids_tidied", n=len(changed), place=place, **values))
    return Tidied(table, tuple(notes))


def tidy_texts(column: Any) -> tuple[Any, Any]:
    """A column without blanks around its texts and with letters composed, and the rows that this changed."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        if len(tidy_texts(pa.chunked_array(_dictionaries(column), kind.value_type))[1]):
            return tidy_texts(column.cast(kind.value_type))
        return column, ()
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return column, ()
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    if not any(map(_may_be_untidy, chunks)):
        return column, ()
    tidy = pc.utf8_normalize(pc.utf8_trim(column, characters=BLANKS), "NFC")
    changed = np.flatnonzero(pc.fill_null(pc.not_equal(tidy, column), False).to_numpy(zero_copy_only=False))
    return (tidy, changed) if len(changed) else (column, ())


def _dictionaries(column: Any) -> list[Any]:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return [chunk.dictionary for chunk in chunks]


def _may_be_untidy(texts: Any) -> bool:
    """Whether there is anything but ASCII without blanks: a glance at the bytes, where most are."""
    raw = bytes_of(texts)
    return bool(len(raw) and (raw.min() <= 0x20 or raw.max() >= 0x80))
