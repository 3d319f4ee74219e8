"""Rows as they are sent: JSON, one a line, each with the name of its table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import gigmatch as gm
from gigmatch.tables import schema
from service.database import Rows, Tables

__all__ = ["beside", "read", "written"]


def read(body: bytes) -> dict[str, list[dict[str, Any]]]:
    r"""Rows by table.

    A line at a time: ``json.loads`` holds the interpreter lock from beginning to end, which for all the rows
    of a busy morning would be long enough to be felt on the event loop.

    Raises
    ------
    InvalidMorningError
        Listing every line that is none.

    Examples
    --------
    >>> read(b'{"table": "workers", "id": "li"}\n{"table": "workers", "id": 7}')
    {'workers': [{'id': 'li'}, {'id': 7}]}
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    problems = []
    for number, line in enumerate(body.splitlines(), start=1):
        if line.strip():
            row = _row(line)
            if isinstance(row, str):
                problems.append((f"line {number}", row))
            else:
                rows.setdefault(row.pop("table"), []).append(row)
    if problems:
        raise gm.InvalidMorningError(problems, "the body")
    return rows


def _row(line: bytes) -> dict[str, Any] | str:
    """A row, or what is wrong with it."""
    try:
        row = json.loads(line)
    except ValueError as error:
        return f"is not JSON ({error}). Send one object a line."
    if not isinstance(row, dict) or row.get("table") not in schema():
        return f'must be an object whose "table" is one of {", ".join(schema())}.'
    return row


def beside(rows: Rows, old: Tables) -> dict[str, Any]:
    """New rows, then old ones, as gigmatch takes them: so problems have the numbers of the new ones."""
    return {name: _joined(rows.get(name, ()), table.to_pydict()) for name, table in old.items()}


def _joined(rows: Iterable[Any], old: dict[str, list[Any]]) -> dict[str, list[Any]]:
    n_old = len(next(iter(old.values())))
    names = dict.fromkeys([*old, *(name for row in rows for name in row)])
    return {name: [row.get(name) for row in rows] + old.get(name, [None] * n_old) for name in names}


def written(morning: gm.Morning) -> Iterator[str]:
    """The lines that `read` reads."""
    for name, table in gm.morning_to_frames(morning).items():
        for row in table.to_pylist():
            known = {key: value for key, value in row.items() if value is not None}
            yield json.dumps({"table": name} | known, ensure_ascii=False, default=str)


if __name__ == "__main__":
    for text in written(gm.samples.jingshi(seed=7)):
        print(text)
