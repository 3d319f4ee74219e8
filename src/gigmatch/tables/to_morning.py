"""From checked tables back to a Morning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from gigmatch.model import Morning
from gigmatch.model.morning import morning_error
from gigmatch.tables.checked import Checked, attribute_values, plain_rows
from gigmatch.tables.schema import Table, schema

__all__ = ["assembled", "morning_of"]

Row = dict[str, Any]


def morning_of(found: Checked, source: str) -> Morning:
    """The Morning that sound tables hold, in the order of their rows."""
    rows = {name: list(plain_rows(found, name)) for name in schema()}
    for name in ("worker_attributes", "shift_attributes"):
        for row, value in zip(rows[name], attribute_values(found, name), strict=True):
            row["value"] = value
    try:
        return Morning.model_validate(assembled(rows))
    except ValidationError as error:  # a rule of the model that the tables' checks do not know
        raise morning_error(error, source) from None


def assembled(rows: Mapping[str, Sequence[Row]]) -> Row:
    """The rows of all tables as the nested dictionaries that a Morning is validated from."""
    data: Row = dict(rows["morning"][0])
    market, law = data.pop("market_id"), data.pop("jurisdiction")
    stations = [_nested(schema()["stations"], row) for row in rows["stations"]]
    hall = next(at for at, station in enumerate(stations) if station["id"] == market)
    data["market"] = stations.pop(hall) | {"stations": stations}
    data["jurisdiction"] = {"name": law, "limits": list(rows["limits"])}
    for table in schema().values():
        if len(table.path) == 1:
            data[table.name] = [_nested(table, row) for row in rows[table.name]]
    for table in schema().values():
        if table.owner:
            _hang(data[table.path[0]], table, rows[table.name])
    return data


def _nested(table: Table, row: Row) -> Row:
    """A row as its model is written, with models within it."""
    item: Row = {}
    for column in table.columns:
        if column.path and column.name in row:
            inner = item
            for step in column.path[:-1]:
                inner = inner.setdefault(step, {})
            inner[column.path[-1]] = row[column.name]
    return item


def _hang(owners: Sequence[Row], table: Table, rows: Sequence[Row]) -> None:
    """Give every owner its rows of a table, as a list, a mapping or two lists."""
    key = schema()[table.path[0]].key[0]
    by_id = {owner[key]: owner for owner in owners}
    if table.path[1] == "attributes":
        for row in rows:
            by_id[row[table.owner]].setdefault("attributes", {})[row["name"]] = row["value"]
        return
    if table.name == "shift_skills":
        rows = sorted(rows, key=lambda row: row.get("position", float("inf")))
    for row in rows:
        models = any(column.path for column in table.columns)
        item = _nested(table, row) if models else row[table.columns[1].name]
        by_id[row[table.owner]].setdefault(row.get("asked", table.path[1]), []).append(item)
