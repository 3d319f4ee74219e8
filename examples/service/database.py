"""The morning's tables in a database: gigmatch's own schema, written row by row and read by ``select *``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from gigmatch.tables import Table, schema

__all__ = [
    "Row",
    "Rows",
    "Tables",
    "connect",
    "count",
    "delete",
    "going",
    "insert",
    "meeting",
    "met",
    "select",
    "select_all",
    "update",
    "wipe",
]

SCRIPTS = Path(__file__).parents[2] / "docs"

Row = Mapping[str, Any]
"""Values by column; as conditions, those that a row must have."""
Rows = Mapping[str, Sequence[Row]]
"""Rows by table."""
Tables = dict[str, pa.Table]
"""Every table of the schema, as gigmatch takes them."""


def connect(url: str, district: str) -> Engine:
    """An engine whose database has the tables, made with the published script where they are missing."""
    if url.startswith("sqlite"):
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin"))
    else:
        engine = create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"create schema if not exists {district}"))
        if not inspect(connection).has_table("morning"):
            _run(connection, (SCRIPTS / f"schema-{engine.dialect.name}.sql").read_text(encoding="utf-8"))
    return engine


def _prepare_sqlite(raw: Any, _: Any) -> None:
    """Keep references, and let all the reads of a transaction see one state: sqlite3 begins none to read."""
    raw.execute("pragma foreign_keys = on")
    raw.isolation_level = None


def _run(connection: Connection, script: str) -> None:
    """Statement by statement: each ends with a semicolon at the end of a line, and no text has one there."""
    for statement in filter(None, script.strip().split(";\n")):
        connection.exec_driver_sql(statement)


def select_all(connection: Connection) -> Tables:
    """All there is, by plain ``select *``."""
    return {name: select(connection, name) for name in schema()}


def select(
    connection: Connection, name: str, but: str = "false", values: Row = MappingProxyType({})
) -> pa.Table:
    """A table, or what is left of it without the rows of a condition in SQL with its values."""
    result = connection.execute(text(f"select * from {name} where ({but}) is not true"), dict(values))
    names = list(result.keys())
    columns = list(zip(*result, strict=True)) or [()] * len(names)
    return pa.table([pa.array(column) for column in columns], names=names)


def meeting(
    connection: Connection, table: Table, where: Row, limit: int | None = None, offset: int = 0
) -> list[dict[str, Any]]:
    """Rows that meet conditions, in order of the key, or of all columns where there is none."""
    order = ", ".join(table.key or [column.name for column in table.columns])
    page = "" if limit is None else f" limit {limit:d} offset {offset:d}"
    statement = text(f"select * from {table.name} where {met(where)} order by {order}{page}")
    return [dict(row) for row in connection.execute(statement, dict(where)).mappings()]


def count(connection: Connection, name: str, where: Row) -> int:
    """How many rows meet conditions."""
    statement = text(f"select count(*) from {name} where {met(where)}")
    return int(connection.execute(statement, dict(where)).scalar_one())


def met(where: Row) -> str:
    """Conditions in SQL; the names are columns of the schema, never a client's text."""
    parts = [f"{name} is null" if value is None else f"{name} = :{name}" for name, value in where.items()]
    return " and ".join(parts) or "true"


def insert(connection: Connection, rows: Rows) -> None:
    """Add rows, in the order of the schema: what refers to others comes after them."""
    for table in schema().values():
        if given := rows.get(table.name):
            names = [column.name for column in table.columns]
            marks = ", ".join(f":{name}" for name in names)
            statement = text(f"insert into {table.name} ({', '.join(names)}) values ({marks})")
            connection.execute(statement, [{name: row.get(name) for name in names} for row in given])


def update(connection: Connection, name: str, where: Row, changes: Row) -> None:
    """Change columns of the rows that meet conditions."""
    new = {f"new_{column}": value for column, value in changes.items()}
    settings = ", ".join(f"{column} = :new_{column}" for column in changes)
    connection.execute(text(f"update {name} set {settings} where {met(where)}"), {**where, **new})


def going(table: Table, where: Row) -> dict[str, str]:
    """Conditions in SQL by table: of what goes with the rows that meet conditions, then of these."""
    ours = f"select {table.key[0]} from {table.name} where {met(where)}" if table.key else ""
    owned = [other for other in schema().values() if other.owner]
    found = {
        other.name: f"{other.owner} in ({ours})"
        for other in owned
        if other.column(other.owner).refers == table.name
    }
    return {**found, table.name: met(where)}


def delete(connection: Connection, going: Mapping[str, str], values: Row) -> dict[str, int]:
    """Delete rows by conditions in SQL with their values, in this order; how many, by table."""
    return {
        name: connection.execute(text(f"delete from {name} where {condition}"), dict(values)).rowcount
        for name, condition in going.items()
    }


def wipe(connection: Connection) -> None:
    """Empty the morning's tables, those that refer to others first."""
    for name in reversed(schema()):
        connection.execute(text(f"delete from {name}"))
