"""A Morning as Arrow tables, by the schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from typing import Any

import pyarrow as pa

from gigmatch.model import Morning
from gigmatch.model.clock import SecondTime
from gigmatch.tables.schema import Column, Table, schema

__all__ = ["arrow_types", "tables_of", "with_whole_numbers"]

Row = dict[str, Any]


def tables_of(morning: Morning) -> dict[str, Any]:
    """Every table of a morning, in the order of its lists; those without rows too."""
    return {table.name: _arrow(table, list(_rows(morning, table))) for table in schema().values()}


def _arrow(table: Table, rows: list[Row]) -> Any:
    columns = [_column(c, [row.get(c.name) for row in rows]) for c in table.columns]
    return pa.table(columns, names=[column.name for column in table.columns])


def _column(column: Column, values: list[Any]) -> Any:
    """A column of its type; of text where a number could not tell the second time that a clock shows."""
    if column.kind == "minute" and any(isinstance(value, SecondTime) for value in values):
        return pa.array([None if value is None else str(value) for value in values], type=pa.string())
    return pa.array(values, type=arrow_types()[column.kind])


def arrow_types() -> dict[str, Any]:
    """Type of Arrow for each kind of column."""
    text, whole, real = pa.string(), pa.int64(), pa.float64()
    kinds = {"id": text, "text": text, "choice": text, "integer": whole, "minute": whole}
    return kinds | {"number": real, "money": real, "boolean": pa.bool_(), "date": pa.date32()}


def with_whole_numbers(name: str, table: Any) -> Any:
    """A table of others, with whole numbers as such where they came as floats, which have room for NaN."""
    whole = {column.name for column in schema()[name].columns if column.kind in ("integer", "minute")}
    for at, field in enumerate(table.schema):
        if field.name in whole and pa.types.is_floating(field.type):
            with suppress(pa.ArrowInvalid):  # it is read as it is, and told where it stands
                table = table.set_column(at, field.name, table.column(at).cast(pa.int64()))
    return table


def _rows(morning: Morning, table: Table) -> Iterator[Row]:
    special = {"morning": _morning_row, "stations": _stations, "shift_skills": _shift_skills}
    if table.name in special:
        yield from special[table.name](morning)
    elif table.owner:
        yield from _owned(morning, table)
    else:
        for item in reduce(getattr, table.path, morning):
            yield _row(table.columns, item)


def _owned(morning: Morning, table: Table) -> Iterator[Row]:
    owners = schema()[table.path[0]]
    for owner in getattr(morning, owners.name):
        head = {table.owner: getattr(owner, owners.key[0])}
        items = getattr(owner, table.path[1])
        if isinstance(items, dict):
            for name, value in items.items():
                yield head | {"name": name} | _attribute(value)
        else:
            for item in items:
                yield head | _row(table.columns[1:], item)


def _row(columns: tuple[Column, ...], item: Any) -> Row:
    return {column.name: _at(item, column.path) for column in columns}


def _at(item: Any, path: tuple[str, ...]) -> Any:
    """The value at a path within a model; None where something on the way is missing."""
    for step in path:
        item = None if item is None else getattr(item, step)
    return item


def _attribute(value: Any) -> Row:
    if isinstance(value, bool):
        return {"value": str(value).lower(), "type": "boolean"}
    kind = {str: "text", int: "integer", float: "number"}[type(value)]
    return {"value": str(value), "type": kind}


def _morning_row(morning: Morning) -> Iterator[Row]:
    plain = [c for c in schema()["morning"].columns if c.path]
    named = {"market_id": morning.market.id, "jurisdiction": morning.jurisdiction.name}
    yield _row(tuple(plain), morning) | named


def _stations(morning: Morning) -> Iterator[Row]:
    for station in (morning.market, *morning.market.stations):
        yield _row(schema()["stations"].columns, station)


def _shift_skills(morning: Morning) -> Iterator[Row]:
    columns = tuple(c for c in schema()["shift_skills"].columns if c.path)
    for shift in morning.shifts:
        for asked in ("all_of", "any_of"):
            for position, need in enumerate(getattr(shift, asked)):
                head = {"shift_id": shift.id, "asked": asked, "position": position}
                yield head | _row(columns, need)
