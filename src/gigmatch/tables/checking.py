"""Tables read, and every rule of the schema and of the model held against whole tables at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gigmatch.core.arrays import BoolArray, Float64Array, Int64Array
from gigmatch.core.threads import in_order
from gigmatch.i18n import Told
from gigmatch.model.clock import WallClock
from gigmatch.model.cross_rules import already_there, leads_nowhere
from gigmatch.model.crosscheck import cross_problems
from gigmatch.model.problems import maybe_exchanged
from gigmatch.model.values import is_protected, protected
from gigmatch.tables.aliases import spreadsheet_headers
from gigmatch.tables.cells import NO_CLOCK, Cells, codes_of, read_cells, unread
from gigmatch.tables.checked import Checked, Problem, Tables, decoded
from gigmatch.tables.lookup import Lookup
from gigmatch.tables.model_rules import check_model
from gigmatch.tables.provenance import ProvenanceByTable
from gigmatch.tables.schema import Column, Table, schema

__all__ = ["checked"]

_LARGE = 1 << 14  # rows of a table


def checked(
    tables: Tables, given: Mapping[str, Int64Array] | None = None, provenance: ProvenanceByTable | None = None
) -> Checked:
    """Read tables and hold every rule against them; rows are named as they were given."""
    found = Checked(tables, given, provenance)
    _check_names(found)
    _read(found, [schema()["morning"]], None)
    clock = _clock(found)
    found.clock = clock or NO_CLOCK
    others = [table for name, table in schema().items() if name != "morning"]
    _read(found, others, clock, _first(found, "currency"))
    _check_keys(found)
    _check_references(found)
    check_model(found)
    found.problems.sort(key=lambda p: (list(schema()).index(p.table), -1 if p.row is None else p.row))
    return found


def _check_names(found: Checked) -> None:
    """No column that the schema does not have: it would be dropped without a word."""
    for name, table in found.tables.items():
        known = [column.name for column in schema()[name].columns]
        unknown = [column for column in table.column_names if column not in known]
        for column in unknown:
            if is_protected(column):
                message = protected("column", column)
            else:
                told = known if name not in found.provenance else _headers(name, column)
                message = Told.of("errors.unknown_column")
                if near := get_close_matches(column, told, 1):
                    message = Told.of("errors.unknown_column_like", near=near[0])
                if column == unknown[0] or name not in found.provenance:
                    message = Told.of("errors.and", first=message, rest=_columns(told))
            message = Told.of("errors.sentence", message=message)
            found.problems.append(Problem(name, None, column, message))


def _columns(names: Sequence[str]) -> Told:
    return Told.of("errors.table_has", columns=", ".join(names))


def _headers(table: str, like: str) -> list[str]:
    """Every header that a table's file may have, in the language of one that it should not."""
    return spreadsheet_headers(table, chinese=not like.isascii())


def _read(found: Checked, tables: Iterable[Table], clock: WallClock | None, currency: str = "") -> None:
    """Read every column of some tables, with the checks that look at one cell alone."""
    columns = [(table, column) for table in tables for column in table.columns]
    for table, _ in columns:
        frame = found.tables.get(table.name)
        found.rows[table.name] = 0 if frame is None else frame.num_rows
    given = [(table, column, _raw(found, table.name, column)) for table, column in columns]
    # Columns of large tables one by one, those of small ones all together: handing over has its price.
    parts = [[each] for each in given if found.rows[each[0].name] >= _LARGE]
    parts.append([each for each in given if found.rows[each[0].name] < _LARGE])
    done = in_order(lambda part: [_read_column(*each, clock, currency) for each in part], parts)
    for (table, column, _), (cells, lookup) in zip(chain(*parts), chain.from_iterable(done), strict=True):
        if lookup:
            found.lookups[table.name] = lookup
        _check_cells(found, table.name, column, cells)


def _read_column(
    table: Table, column: Column, raw: Any, clock: WallClock | None, currency: str
) -> tuple[Cells, Lookup | None]:
    """A column read, and looked up in where it is a key that others can name."""
    cells = _filled(read_cells(column, raw, clock, currency), column)
    is_key = table.key == (column.name,) and table.name != "morning"
    return cells, Lookup(decoded(cells.values)) if is_key else None


def _raw(found: Checked, table: str, column: Column) -> Any:
    """A column as it was given, or as unknown as it is."""
    frame = found.tables.get(table)
    if frame is not None and column.name in frame.column_names:
        return frame.column(column.name)
    if frame is not None and column.required:
        found.problems.append(Problem(table, None, column.name, _missing(table, column)))
    return pa.nulls(found.rows[table])


def _filled(cells: Cells, column: Column) -> Cells:
    """Unknown values replaced by the default of the column, where it has one."""
    default, values = column.default, cells.values
    if default is None:
        return cells
    if column.choices:
        values = np.where(values < 0, np.int8(column.choices.index(default)), values)
    elif column.kind == "text":
        values = pc.fill_null(decoded(values), default)
    elif column.kind == "boolean":
        values = np.where(values < 0, np.int8(default), values)
    else:
        values = np.where(np.isnan(values), float(default), values)
    return cells._replace(values=values)


def _check_cells(found: Checked, table: str, column: Column, cells: Cells) -> None:
    """What can be read, is there and lies within its bounds."""
    found.add(table, cells.bad, column.name, lambda row: unread(column, _given(found, table, row, column)))
    if column.required and column.name in getattr(found.tables.get(table), "column_names", ()):
        found.add(table, ~cells.known & ~cells.bad, column.name, _missing(table, column))
    bounds: list[tuple[float | None, str, Callable[[Float64Array, float], BoolArray]]] = [
        (column.least, "errors.below_least", np.less),
        (column.most, "errors.above_most", np.greater),
        (column.above, "errors.not_above", np.less_equal),
    ]
    for bound, key, broken in bounds:
        if bound is not None:
            outside = broken(cells.values, bound) & cells.known
            if outside.any():
                found.add(table, outside, column.name, _outside(column, cells, Told.of(key, bound=bound)))
                values = np.where(outside, np.nan, cells.values)
                cells = Cells(values, cells.known & ~outside, cells.bad | outside)
    found.cells.setdefault(table, {})[column.name] = cells


def _outside(column: Column, cells: Cells, told: Told) -> Callable[[int], Told]:
    """What is said of each value outside a bound."""
    if column.kind == "minute":
        return lambda row: Told.of("errors.time_too_far")
    if not column.name.endswith("lat"):
        return lambda row: told
    return lambda row: maybe_exchanged(float(cells.values[row])) or told


def _given(found: Checked, table: str, row: int, column: Column) -> Any:
    return found.tables[table].column(column.name)[row].as_py()


def _missing(table: str, column: Column) -> Told:
    """What is said of a value that is missing, with what it would be."""
    wanted = Told(column.description.rstrip("."), f"fields.{table}.{column.name}")
    return Told.of("errors.value_missing", wanted=wanted)


def _clock(found: Checked) -> WallClock | None:
    """The clock of the morning's place, if its date and zone make sense."""
    dates, zone = found.values("morning", "date"), _first(found, "time_zone")
    if not len(dates) or np.isnat(dates[0]) or not zone or cross_problems({"time_zone": zone}):
        return None
    return WallClock(dates[0].astype(dt.date), zone)


def _first(found: Checked, name: str) -> str:
    """A text of the morning's row, if there is one."""
    texts = found.values("morning", name)
    return texts[0].as_py() or "" if len(texts) else ""


def _check_keys(found: Checked) -> None:
    """Every key once; composite keys are those of few rows."""
    for name, lookup in found.lookups.items():
        (key,), (again, first) = schema()[name].key, lookup.again()
        where = np.zeros(found.rows[name], dtype=bool)
        where[again] = True
        found.add(name, where, key, partial(_twice, found, name, key, again, first))


def _twice(found: Checked, table: str, key: str, again: Int64Array, first: Int64Array, row: int) -> Told:
    """What is said of a key that stood in an earlier row."""
    earlier = int(first[np.searchsorted(again, row)])
    return already_there(found.path(table, earlier, key), key)


def _check_references(found: Checked) -> None:
    """Where every name leads to."""
    naming = [(table.name, column) for table in schema().values() for column in table.columns]
    leading = [(name, column) for name, column in naming if column.refers or column.names]
    leading.sort(key=lambda item: -found.rows[item[0]])  # the longest work first
    targets = in_order(lambda item: _target(found, *item), leading)
    for (name, column), target in zip(leading, targets, strict=True):
        found.targets[name, column.name] = target
        if column.name == schema()[name].owner:
            found.owners[name] = found.targets[name, column.name]
    for name, column in naming:
        if column.refers:
            lost = (found.targets[name, column.name] < 0) & found.known(name, column.name)
            found.add(name, lost, column.name, leads_nowhere(column.refers))


def _target(found: Checked, name: str, column: Column) -> Int64Array:
    """Row of what each name of a column leads to; -1 where it is not there."""
    if not found.known(name, column.name).any():
        return np.broadcast_to(np.int64(-1), (found.rows[name],))
    lookup, names = found.lookups[column.refers or column.names], found.cells[name][column.name].values
    if not isinstance(names, pa.DictionaryArray):
        return lookup.rows(names)
    rows: Int64Array = np.append(lookup.rows(names.dictionary), -1)[codes_of(names)]
    return rows
