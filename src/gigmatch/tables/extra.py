"""Columns that the schema does not have: listed and left, kept as free attributes, or refused.

Those named for what nobody may be matched by are dropped, whichever is asked for, and counted.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gigmatch.i18n import Told
from gigmatch.model.values import field_for, is_protected
from gigmatch.tables.aliases import spreadsheet_headers
from gigmatch.tables.checked import path_of
from gigmatch.tables.folders import Given
from gigmatch.tables.provenance import ConcatenatedRows, DerivedRows, Provenance
from gigmatch.tables.schema import schema

__all__ = ["settled"]

_KEEPING = {"workers": ("worker_attributes", "worker_id"), "shifts": ("shift_attributes", "shift_id")}
_TYPES = {"boolean": pa.types.is_boolean, "integer": pa.types.is_integer, "number": pa.types.is_floating}


def settled(given: Given, extra: str) -> Given:
    """Tables without the columns that the schema does not have, unless those are to be refused.

    Kept ones become rows of ``worker_attributes`` and ``shift_attributes``; other tables have no such rows,
    and theirs are told of as ignored ones are, and so is what tells who somebody is, such as ``phone``. The
    column that divides a table into parts is known, and nothing is told of it.
    """
    tables, provenance, notes = dict(given.tables), dict(given.provenance), list(given.notes)
    for name, table in given.tables.items():
        known = {column.name for column in schema()[name].columns}
        for column in [each for each in table.column_names if each not in known]:
            place = _place(given, name, column)
            cells, divides = len(table) - table.column(column).null_count, (name, column) in given.dividing
            if is_protected(column):
                notes.append(Told.of("notes.protected_dropped", place=place, n=cells))
            elif extra == "refuse" and not divides:
                continue
            elif extra == "keep" and _may_be_kept(name, table, column):
                _keep(tables, provenance, name, column)
            elif divides:
                pass  # it was read as where the row lies
            else:
                notes.append(_not_read(given, name, column, place, cells))
            tables[name] = tables[name].drop_columns([column])
    return given._replace(tables=tables, provenance=provenance, notes=tuple(notes))


def _may_be_kept(name: str, table: Any, column: str) -> bool:
    """Whether a column can be free attributes, which rules see: not one that tells who somebody is."""
    return name in _KEEPING and "id" in table.column_names and field_for(column) is None


def _place(given: Given, table: str, column: str) -> Told:
    if table in given.provenance:
        return given.provenance[table].path(None, column)
    return path_of(table, None, column)


def _not_read(given: Given, table: str, column: str, place: Told, cells: int) -> Told:
    """What is told of a column that was not read, with the one that may have been meant."""
    names = told = [each.name for each in schema()[table].columns]
    if table in given.provenance:
        told = spreadsheet_headers(table, chinese=not column.isascii())
    field = field_for(column)
    field = "title" if (table, field) == ("shifts", "name") else field
    near = [field] if field in names else get_close_matches(column, told, 1)
    if near:
        return Told.of("notes.columns_not_read_like", place=place, n=cells, near=near[0])
    return Told.of("notes.columns_not_read", place=place, n=cells)


def _keep(tables: dict[str, Any], provenance: dict[str, Provenance], name: str, column: str) -> None:
    """A column as a row of free attributes for each of its cells, after those that are there."""
    target, owner = _KEEPING[name]
    table = tables[name]
    rows = np.flatnonzero(table.column(column).is_valid().to_numpy())
    values = table.column(column).take(pa.array(rows))
    kind = next((kind for kind, is_so in _TYPES.items() if is_so(values.type)), "text")
    n = len(rows)
    made = pa.table(
        {
            owner: table.column("id").take(pa.array(rows)),
            "name": pa.array([column] * n, pa.large_string()),
            "value": _texts(values),
            "type": pa.array([kind] * n, pa.large_string()),
        }
    )
    before = tables.get(target)
    tables[target] = (
        made if before is None else pa.concat_tables([before, made], promote_options="permissive")
    )
    if name in provenance:
        shown = {owner: "id", "name": column, "value": column, "type": column}
        derived = DerivedRows(provenance[name], rows.tolist(), shown)
        old = [] if before is None else [(provenance[target], len(before))] if target in provenance else None
        if old is not None:
            provenance[target] = ConcatenatedRows(*old, (derived, n))


def _texts(values: Any) -> Any:
    if pa.types.is_boolean(values.type):
        return pc.if_else(values, "true", "false").cast(pa.large_string())
    try:
        return values.cast(pa.large_string())
    except pa.ArrowNotImplementedError:
        return pa.chunked_array([pa.array(map(str, values.to_pylist()), pa.large_string())])
