"""Tables read by the schema, with every problem that checks have found in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.i18n import Told
from gigmatch.model.aliases import named
from gigmatch.tables.cells import NO_CLOCK, Cells, whole
from gigmatch.tables.frames import NO_TEXT
from gigmatch.tables.lookup import Lookup
from gigmatch.tables.provenance import ProvenanceByTable
from gigmatch.tables.schema import Column, schema

__all__ = [
    "MOST_DETAILED",
    "Checked",
    "Problem",
    "Tables",
    "attribute_value",
    "attribute_values",
    "decoded",
    "plain_rows",
]

MOST_DETAILED = 1000
"""Rows of a table of which is told what is wrong with them; more are counted, since each takes memory."""

Tables = Mapping[str, Any]
"""Arrow tables by name; what is not there has no rows."""


class Problem(NamedTuple):
    """One thing that is wrong with a table."""

    table: str
    row: int | None
    """From 0; None where the table as a whole is concerned."""
    column: str
    """Empty where the row as a whole is concerned."""
    message: Told
    """Rule, value and way out."""

    @property
    def path(self) -> Told:
        """``table[row].column``, as far as known."""
        return path_of(self.table, self.row, self.column)


def path_of(table: str, row: int | None, column: str) -> Told:
    """Return ``table[row].column``, as far as known."""
    at = "" if row is None else f"[{row}]"
    words = (f"{table}_{column}", column) if column else (table,)
    return named(f"{table}{at}{'.' if column else ''}{column}", *words)


class Checked:
    """Tables read by the schema, with every problem found in them."""

    def __init__(
        self,
        tables: Tables,
        given: Mapping[str, Int64Array] | None = None,
        provenance: ProvenanceByTable | None = None,
    ) -> None:
        self.tables = tables
        self.given = given or {}
        """Of tables of which rows were left out, the row of each row in the table as given."""
        self.provenance = provenance or {}
        self.problems: list[Problem] = []
        """What is wrong with tables as a whole, and in detail with `MOST_DETAILED` rows of each."""
        self.counts: Counter[tuple[str, str]] = Counter()
        """How many problems there are in all, by table and column."""
        self.wrong: dict[str, BoolArray] = {}
        """By table, which rows have a problem; a table without any is not there."""
        self.cells: dict[str, dict[str, Cells]] = {}
        self._told: Counter[str] = Counter()
        self.rows: dict[str, int] = {}
        self.owners: dict[str, Int64Array] = {}
        """Of each table with owners, the row of each row's owner; -1 where it has none."""
        self.lookups: dict[str, Lookup] = {}
        """By table with a key that others can name."""
        self.targets: dict[tuple[str, str], Int64Array] = {}
        """By table and column, the row that a name leads to; -1 where it leads nowhere or is missing."""
        self.clock = NO_CLOCK
        """Of the morning's place, by which times have been read; without changes where it is not known."""

    def add(
        self, table: str, where: BoolArray | int, column: str, message: Told | Callable[[int], Told]
    ) -> None:
        """Report a row, or those of a mask; with a column, with the value that stands there."""
        found = np.array([where]) if isinstance(where, int) else np.flatnonzero(where)
        if not len(found):
            return
        self.wrong.setdefault(table, np.zeros(self.rows[table], dtype=bool))[found] = True
        room = max(MOST_DETAILED - self._told[table], 0)
        rows: list[int] = found[:room].tolist()
        self.counts[table, column] += len(found)
        self._told[table] += len(rows)
        for row, value in zip(rows, self._as_given(table, rows, column), strict=True):
            said = message if isinstance(message, Told) else message(row)
            self.problems.append(Problem(table, row, column, _with_value(said, value)))

    def _as_given(self, table: str, rows: list[int], column: str) -> list[Any]:
        """What stands in some rows of a column; None where it is empty, and where there is no such column."""
        if not rows or not column or column not in self.tables[table].column_names:
            return [None] * len(rows)
        return self.tables[table].column(column).take(pa.array(rows, pa.int64())).to_pylist()  # type: ignore[no-any-return]

    def path(self, table: str, row: int | None, column: str = "") -> Told:
        """What a row or a cell is called: ``workers[3].rating``, or by its file and the row there."""
        if row is not None and table in self.given:
            row = int(self.given[table][row])
        if table in self.provenance:
            return self.provenance[table].path(row, column)
        return path_of(table, row, column)

    def values(self, table: str, column: str) -> Any:
        """The values of a column, as `Cells` has them."""
        return decoded(self.cells[table][column].values)

    def known(self, table: str, column: str) -> BoolArray:
        """Which rows have a value in a column."""
        return self.cells[table][column].known

    def whole(self, table: str, column: str) -> Int64Array:
        """Whole numbers of a column, 0 where nothing is known."""
        return whole(self.values(table, column))


def _with_value(message: Told, value: Any) -> Told:
    """What is said, with a full stop and with the value where there is one."""
    if value is None:
        return Told.of("errors.sentence", message=message)
    return Told.of("errors.got", message=message, got=str(value).removeprefix(NO_TEXT)[:80])


def decoded(values: Any) -> Any:
    """Text that may be written as codes."""
    return values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values


def plain_rows(found: Checked, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a small table as dictionaries of what is known, for the model."""
    columns = {column.name: _plain_values(found, table, column) for column in schema()[table].columns}
    for row in range(found.rows[table]):
        yield {name: values[row] for name, values in columns.items() if values[row] is not None}


def _plain_values(found: Checked, table: str, column: Column) -> list[Any]:
    """Values of a column as Python has them, None where nothing is known."""
    values = found.values(table, column.name)
    if not isinstance(values, np.ndarray):
        texts: list[Any] = values.to_pylist()
        return texts
    if column.choices:
        return [None if code < 0 else column.choices[code] for code in values.tolist()]
    if column.kind == "boolean":
        return [None if code < 0 else bool(code) for code in values.tolist()]
    if column.kind == "date":
        days: list[Any] = values.tolist()
        return days
    kinds: dict[str, Callable[[Any], Any]] = {"integer": int, "minute": lambda x: found.clock.shown(int(x))}
    kind = kinds.get(column.kind, float)
    return [None if value != value else kind(value) for value in values.tolist()]


def attribute_values(found: Checked, table: str) -> list[Any]:
    """Values of free attributes in their type; a ValueError where one cannot be read."""
    kinds = schema()[table].column("type").choices
    codes = found.values(table, "type").tolist()
    texts = found.values(table, "value").to_pylist()
    return [attribute_value(text, kinds[code]) for text, code in zip(texts, codes, strict=True)]


def attribute_value(text: str | None, kind: str) -> Any:
    """Read a free attribute in its type; a ValueError, as a value, where it cannot be read."""
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[str(text).lower()]
        if kind == "integer":
            return int(str(text))
        value: Any = float(str(text)) if kind == "number" else text
    except (KeyError, ValueError):
        return ValueError(Told.of("errors.attribute_of_other_type", kind=kind))
    if kind == "number" and not np.isfinite(value):
        return ValueError(Told.of("errors.attribute_not_finite"))
    return value
