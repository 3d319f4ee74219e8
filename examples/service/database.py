"""The morning's tables in a database: gigmatch's own schema, written row by row and read by ``select *``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from gigmatch.tables import Column, schema

__all__ = ["Rows", "Tables", "connect", "insert", "select_all", "wipe"]

SCRIPTS = Path(__file__).parents[2] / "docs"

Row = Mapping[str, Any]
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
    return {name: _table(connection, name) for name in schema()}


def _table(connection: Connection, name: str) -> pa.Table:
    result = connection.execute(text(f"select * from {name}"))
    names = list(result.keys())
    columns = list(zip(*result, strict=True)) or [()] * len(names)
    return pa.table([pa.array(column) for column in columns], names=names)


def insert(connection: Connection, rows: Rows) -> None:
    """Add rows, in the order of the schema: what refers to others comes after them."""
    for table in schema().values():
        if given := rows.get(table.name):
            names = [column.name for column in table.columns]
            marks = ", ".join(f":{name}" for name in names)
            statement = text(f"insert into {table.name} ({', '.join(names)}) values ({marks})")
            connection.execute(statement, [_written(table.columns, row) for row in given])


def _written(columns: Sequence[Column], row: Row) -> dict[str, Any]:
    """A row with all its columns; ids may be numbers in JSON, and are text in the database."""
    return {column.name: _as_text(column, row.get(column.name)) for column in columns}


def _as_text(column: Column, value: Any) -> Any:
    return str(value) if value is not None and column.kind in ("id", "text", "choice") else value


def wipe(connection: Connection) -> None:
    """Empty the morning's tables, those that refer to others first."""
    for name in reversed(schema()):
        connection.execute(text(f"delete from {name}"))
