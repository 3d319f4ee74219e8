"""Rows as they are sent: JSON, one a line, each with the name of its table; and which of them are meant."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from io import BytesIO
from typing import Any

from pydantic import ValidationError

import gigmatch as gm
from gigmatch.tables import Column, Table, schema
from service.bodies import LONGEST_ROW, parsed, read_json
from service.database import Rows, Tables
from service.problems import MOST_LISTED, Problem, RefusedError, said_by, shortened
from service.shapes import CHANGES, ROWS

__all__ = ["beside", "conditions", "listed", "read", "read_changes", "require_room", "written"]

_MOST_ROWS = 150_000  # of a district; 20,000 workers and their shifts are 132,000
_TABLES = ", ".join(schema())


def read(body: bytes) -> dict[str, list[dict[str, Any]]]:
    r"""Rows by table.

    A line at a time: ``json.loads`` holds the interpreter lock from beginning to end, which for all the rows
    of a busy morning would be long enough to be felt on the event loop.

    Raises
    ------
    RefusedError
        Listing the first lines that are none, and how many there are besides.

    Examples
    --------
    >>> read(b'{"table": "crews", "id": "li"}\n{"table": "crews", "id": 7}')
    {'crews': [{'id': 'li'}, {'id': '7'}]}
    """
    require_room(body.count(b"\n"))
    rows: dict[str, list[dict[str, Any]]] = {}
    problems: list[Problem] = []
    n_problems = 0
    counts = dict.fromkeys(schema(), 0)
    for number, line in enumerate(BytesIO(body), start=1):
        if not line.strip():
            continue
        table, found = _row(line, number, counts)
        if table:
            counts[table] += 1
        if isinstance(found, dict):
            rows.setdefault(table, []).append(found)
        else:
            problems += found[: MOST_LISTED - len(problems)]
            n_problems += len(found)
    if problems:
        raise RefusedError(422, *problems, more=n_problems - len(problems))
    return rows


def require_room(n_rows: int) -> None:
    """Raise RefusedError for more rows than a district may have."""
    if n_rows > _MOST_ROWS:
        message = "{n_rows:,} rows are more than a district may have, {most:,}"
        raise RefusedError.of(413, "many_rows", message, n_rows=n_rows, most=_MOST_ROWS)


def _row(line: bytes, number: int, counts: Mapping[str, int]) -> tuple[str, dict[str, Any] | list[Problem]]:
    """The table that a line names, and its row or what is wrong with it."""
    try:
        row = _object(line)
    except ValueError as error:
        code, message, parameters = error.args
        return "", [Problem(f"line {number}", code, message.format(**parameters), parameters)]
    table = row["table"]
    try:
        found: dict[str, Any] = ROWS[table].validate_python(row)
    except ValidationError as error:
        return table, list(_said(error, f"{table}[{counts[table]}]"))
    del found["table"]
    return table, found


def _object(line: bytes) -> dict[str, Any]:
    """An object that names a table; raises ValueError with code, message and parameters for anything else."""
    if len(line) > LONGEST_ROW:
        message = "is longer than {most_bytes:,} bytes. Send one object a line."
        raise ValueError("long_line", message, {"most_bytes": LONGEST_ROW})
    try:
        row = read_json(line)
    except ValueError as error:
        message = "is not JSON ({error}). Send one object a line."
        raise ValueError("not_json", message, {"error": shortened(error)}) from None
    if not isinstance(row, dict) or not isinstance(row.get("table"), str) or row["table"] not in ROWS:
        message = 'must be an object whose "table" is one of {tables}.'
        raise ValueError("no_table", message, {"tables": _TABLES})
    return row


def read_changes(table: Table, body: bytes) -> dict[str, Any]:
    """What becomes different in rows of a table; raises RefusedError for what none of its rows can hold."""
    found: dict[str, Any] = parsed(CHANGES[table.name], body, lambda error: _said(error, f"{table.name}[0]"))
    if not found:
        message = "the body names no column; say what becomes different"
        raise RefusedError.of(422, "no_change", message, "body")
    return found


def _said(error: ValidationError, row: str) -> Iterator[Problem]:
    """What is wrong with a row, each with its column."""
    for problem in said_by(error.errors(include_url=False), row):
        if problem.code == "pydantic.extra_forbidden":
            message = f"is no column of {row.partition('[')[0]}."
            yield problem._replace(code="unknown_column", message=message)
        else:
            yield problem


def conditions(table: Table, asked: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Which rows are meant: columns with the value that they hold there; an empty one means unknown.

    Raises
    ------
    RefusedError
        A column is not in the table, stands twice, or cannot hold such a value.

    Examples
    --------
    >>> conditions(schema()["windows"], [("worker_id", "li"), ("start_min", "480")])
    {'worker_id': 'li', 'start_min': 480}
    """
    columns = {column.name: column for column in table.columns}
    found: dict[str, Any] = {}
    for name, text in asked:
        path = f"query.{shortened(name)}"
        if name not in columns:
            message, names = "is no column of {table}; its columns are {columns}", ", ".join(columns)
            raise RefusedError.of(422, "unknown_column", message, path, table=table.name, columns=names)
        if name in found:
            raise RefusedError.of(422, "column_twice", "stands twice; ask for one value at a time", path)
        found[name] = _value(columns[name], text, path)
    return found


_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "minute": (int,),
    "number": (int, float),
    "money": (int, float),
    "boolean": (bool,),
}


def _value(column: Column, text: str, path: str) -> Any:
    if not text or column.kind not in {"date", *_TYPES}:
        return text or None
    with suppress(ValueError):
        if column.kind == "date":
            return date.fromisoformat(text).isoformat()
        value = read_json(text.encode())
        if type(value) in _TYPES[column.kind]:
            return value
    message = "must be {kind}. Got {value!r}."
    raise RefusedError.of(422, "wrong_kind", message, path, kind=column.kind, value=shortened(text))


def beside(rows: Rows, old: Tables) -> dict[str, Any]:
    """New rows, then old ones, as gigmatch takes them: so problems have the numbers of the new ones."""
    return {name: _joined(rows.get(name, ()), table.to_pydict()) for name, table in old.items()}


def _joined(rows: Iterable[Any], old: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: [row.get(name) for row in rows] + values for name, values in old.items()}


def listed(table: Table, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the database as they are sent, with every column."""
    flags = [column.name for column in table.columns if column.kind == "boolean"]  # SQLite has 0 and 1
    return [
        {"table": table.name, **row, **{name: bool(row[name]) for name in flags if row[name] is not None}}
        for row in rows
    ]


def written(morning: gm.Morning) -> Iterator[str]:
    """The lines that `read` reads."""
    for name, table in gm.morning_to_frames(morning).items():
        for row in table.to_pylist():
            known = {key: value for key, value in row.items() if value is not None}
            yield json.dumps({"table": name} | known, ensure_ascii=False, default=str)


if __name__ == "__main__":
    for text in written(gm.samples.jingshi(seed=7)):
        print(text)
