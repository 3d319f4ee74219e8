"""Every rule of the model and between its parts, held against whole tables at once.

The rules are those of `gigmatch.model`; where one concerns a handful of rows, the model itself is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from gigmatch.columns.orders import by_row
from gigmatch.core.arrays import BoolArray, Float64Array, Int64Array
from gigmatch.core.threads import in_order
from gigmatch.model import LegalLimit, Morning
from gigmatch.model.cross_rules import (
    AGES,
    BREAK,
    FLEXIBLE,
    HEADCOUNT,
    NOWHERE,
    OVERLAP,
    PIECES,
    SPAN,
    TOO_LONG,
    TWO_AGES,
    UNBORN,
    already_there,
    leads_nowhere,
)
from gigmatch.model.crosscheck import cross_problems
from gigmatch.model.values import is_protected, protected
from gigmatch.tables.aliases import spreadsheet_headers
from gigmatch.tables.cells import Cells, Clock, codes_of, mask_of, read_cells, unread, whole
from gigmatch.tables.lookup import Lookup
from gigmatch.tables.provenance import Origins
from gigmatch.tables.schema import Column, Table, schema

__all__ = ["Checked", "Problem", "checked"]

_LARGE = 1 << 14  # rows of a table
Tables = Mapping[str, Any]
"""Arrow tables by name; what is not there has no rows."""


class Problem(NamedTuple):
    """One thing that is wrong with a table."""

    table: str
    row: int | None
    """From 0; None where the table as a whole is concerned."""
    column: str
    """Empty where the row as a whole is concerned."""
    message: str
    """Rule, value and way out."""

    @property
    def path(self) -> str:
        """``table[row].column``, as far as known."""
        row = "" if self.row is None else f"[{self.row}]"
        return f"{self.table}{row}{'.' if self.column else ''}{self.column}"


class Checked:
    """Tables read by the schema, with every problem found in them."""

    def __init__(
        self, tables: Tables, given: Mapping[str, Int64Array] | None = None, origins: Origins | None = None
    ) -> None:
        self.tables = tables
        self.given = given or {}
        """Of tables of which rows were left out, the row of each row in the table as given."""
        self.origins = origins or {}
        self.problems: list[Problem] = []
        self.cells: dict[str, dict[str, Cells]] = {}
        self.rows: dict[str, int] = {}
        self.owners: dict[str, Int64Array] = {}
        """Of each table with owners, the row of each row's owner; -1 where it has none."""
        self.lookups: dict[str, Lookup] = {}
        """By table with a key that others can name."""
        self.targets: dict[tuple[str, str], Int64Array] = {}
        """By table and column, the row that a name leads to; -1 where it leads nowhere or is missing."""

    def add(
        self, table: str, where: BoolArray | int, column: str, message: str | Callable[[int], str]
    ) -> None:
        """Report a row, or those of a mask; with a column, with the value that stands there."""
        for row in [where] if isinstance(where, int) else np.flatnonzero(where).tolist():
            text = message if isinstance(message, str) else message(row)
            self.problems.append(Problem(table, row, column, text + self._got(table, row, column)))

    def path(self, table: str, row: int | None, column: str = "") -> str:
        """What a row or a cell is called: ``workers[3].rating``, or by its file and the row there."""
        if row is not None and table in self.given:
            row = int(self.given[table][row])
        if table in self.origins:
            return self.origins[table].path(row, column)
        return Problem(table, row, column, "").path

    def _got(self, table: str, row: int, column: str) -> str:
        if not column or column not in self.tables[table].column_names:
            return ""
        value = self.tables[table].column(column)[row].as_py()
        return "." if value is None else f". Got {str(value)[:80]!r}."

    def values(self, table: str, column: str) -> Any:
        """The values of a column, as `Cells` has them."""
        return _decoded(self.cells[table][column].values)

    def known(self, table: str, column: str) -> BoolArray:
        """Which rows have a value in a column."""
        return self.cells[table][column].known

    def whole(self, table: str, column: str) -> Int64Array:
        """Whole numbers of a column, 0 where nothing is known."""
        return whole(self.values(table, column))


def checked(
    tables: Tables, given: Mapping[str, Int64Array] | None = None, origins: Origins | None = None
) -> Checked:
    """Read tables and hold every rule against them; rows are named as they were given."""
    found = Checked(tables, given, origins)
    _check_names(found)
    _read(found, [schema()["morning"]], None)
    _read(found, [table for name, table in schema().items() if name != "morning"], _clock(found))
    _check_keys(found)
    _check_references(found)
    _check_morning(found)
    _check_limits(found)
    _check_workers(found)
    _check_shifts(found)
    for name in ("windows", "commitments", "periods"):
        _check_spans(found, name, "start_min", "end_min")
    _check_spans(found, "stations", "opening_start_min", "opening_end_min")
    _check_protected(found)
    _check_attributes(found)
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
                told = known if name not in found.origins else _headers(name, column)
                near = get_close_matches(column, told, 1)
                guess = f"; did you mean {near[0]!r}?" if near else "."
                message = f"is no column of this table{guess} Leave it out"
                if column == unknown[0] or name not in found.origins:
                    message += f"; the table has {', '.join(told)}"
            found.problems.append(Problem(name, None, column, message + "."))


def _headers(table: str, like: str) -> list[str]:
    """Every header that a table's file may have, in the language of one that it should not."""
    return spreadsheet_headers(table, chinese=not like.isascii())


def _read(found: Checked, tables: Iterable[Table], clock: Clock | None) -> None:
    """Read every column of some tables, with the checks that look at one cell alone."""
    columns = [(table, column) for table in tables for column in table.columns]
    for table, _ in columns:
        frame = found.tables.get(table.name)
        found.rows[table.name] = 0 if frame is None else frame.num_rows
    given = [(table, column, _raw(found, table.name, column)) for table, column in columns]
    # Columns of large tables one by one, those of small ones all together: handing over has its price.
    parts = [[each] for each in given if found.rows[each[0].name] >= _LARGE]
    parts.append([each for each in given if found.rows[each[0].name] < _LARGE])
    done = in_order(lambda part: [_read_column(*each, clock) for each in part], parts)
    for (table, column, _), (cells, lookup) in zip(chain(*parts), chain.from_iterable(done), strict=True):
        if lookup:
            found.lookups[table.name] = lookup
        _check_cells(found, table.name, column, cells)


def _decoded(values: Any) -> Any:
    """Text that may be written as codes."""
    return values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values


def _read_column(table: Table, column: Column, raw: Any, clock: Clock | None) -> tuple[Cells, Lookup | None]:
    """A column read, and looked up in where it is a key that others can name."""
    cells = _filled(read_cells(column, raw, clock), column)
    is_key = table.key == (column.name,) and table.name != "morning"
    return cells, Lookup(_decoded(cells.values)) if is_key else None


def _raw(found: Checked, table: str, column: Column) -> Any:
    """A column as it was given, or as unknown as it is."""
    frame = found.tables.get(table)
    if frame is not None and column.name in frame.column_names:
        return frame.column(column.name)
    if frame is not None and column.required:
        message = f"is missing: every row needs one. {column.description}"
        found.problems.append(Problem(table, None, column.name, message))
    return pa.nulls(found.rows[table])


def _filled(cells: Cells, column: Column) -> Cells:
    """Unknown values replaced by the default of the column, where it has one."""
    default, values = column.default, cells.values
    if default is None:
        return cells
    if column.choices:
        values = np.where(values < 0, np.int8(column.choices.index(default)), values)
    elif column.kind == "text":
        values = pc.fill_null(_decoded(values), default)
    elif column.kind == "boolean":
        values = np.where(values < 0, np.int8(default), values)
    else:
        values = np.where(np.isnan(values), float(default), values)
    return cells._replace(values=values)


def _check_cells(found: Checked, table: str, column: Column, cells: Cells) -> None:
    """What can be read, is there and lies within its bounds."""
    found.add(table, cells.bad, column.name, unread(column))
    if column.required and column.name in getattr(found.tables.get(table), "column_names", ()):
        message = f"is missing: every row needs one. {column.description}"
        found.add(table, ~cells.known & ~cells.bad, column.name, message)
    bounds: list[tuple[float | None, str, Callable[[Float64Array, float], BoolArray]]] = [
        (column.least, "greater than or equal to", np.less),
        (column.most, "less than or equal to", np.greater),
        (column.above, "greater than", np.less_equal),
    ]
    for bound, words, broken in bounds:
        if bound is not None:
            outside = broken(cells.values, bound) & cells.known
            if outside.any():
                found.add(table, outside, column.name, f"Input should be {words} {bound:.10g}")
                values = np.where(outside, np.nan, cells.values)
                cells = Cells(values, cells.known & ~outside, cells.bad | outside)
    found.cells.setdefault(table, {})[column.name] = cells


def _clock(found: Checked) -> Clock | None:
    """The morning's midnight and zone, as far as they make sense."""
    dates, zones = found.values("morning", "date"), found.values("morning", "time_zone")
    zone = zones[0].as_py() if len(zones) else None
    if not len(dates) or np.isnat(dates[0]) or not zone or cross_problems({"time_zone": zone}):
        return None
    return Clock(dates[0].astype(dt.date), zone)


def _check_keys(found: Checked) -> None:
    """Every key once; composite keys are those of few rows."""
    for name, lookup in found.lookups.items():
        (key,), (again, first) = schema()[name].key, lookup.again()
        for row, before in zip(again.tolist(), first.tolist(), strict=True):
            earlier = found.path(name, before, key)
            found.add(name, row, key, already_there(earlier, key))


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


def _check_morning(found: Checked) -> None:
    """One row; what the model says of its date, currency and zone."""
    n = found.rows["morning"]
    if n != 1:
        short = " (or the hall's name, lat, lon and datum)" if "morning" in found.origins else ""
        message = f"must have exactly one row, and has {n}: date, time_zone, currency and market_id{short}"
        found.problems.append(Problem("morning", None, "", f"{message}."))
        return
    told = {name: _first(found, name) for name in ("date", "time_zone", "currency")}
    market = {"id": "market", "name": "", "location": {"lat": 0.0, "lon": 0.0, "datum": "WGS-84"}}
    try:
        Morning.model_validate({**{k: v for k, v in told.items() if v is not None}, "market": market})
    except ValidationError as error:
        for line in error.errors():
            column = str(line["loc"][0])
            if line["type"] != "missing":
                found.add("morning", 0, column, line["msg"])


def _first(found: Checked, column: str) -> Any:
    value = found.values("morning", column)[0]
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.astype(dt.date)
    return value.as_py()


def _check_limits(found: Checked) -> None:
    """Legal limits are few: the model itself reads them."""
    if any(problem.table == "limits" for problem in found.problems):
        return
    rows = list(plain_rows(found, "limits"))
    for at, row in enumerate(rows):
        try:
            LegalLimit.model_validate(row)
        except ValidationError as error:
            found.add("limits", at, "", f"{error.errors()[0]['msg']}.")
    for line in cross_problems({"jurisdiction": {"limits": rows}}):
        kind: Any = line["type"]
        found.add("limits", int(line["loc"][2]), "valid_from", kind.context["message"])


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
    kind: Callable[[Any], Any] = int if column.kind in ("integer", "minute") else float
    return [None if value != value else kind(value) for value in values.tolist()]


def _check_spans(found: Checked, table: str, begin: str, end: str) -> None:
    starts, ends = found.values(table, begin), found.values(table, end)

    def backwards(row: int) -> str:
        return SPAN.text.format(end=f"{ends[row]:.0f}", start=f"{starts[row]:.0f}", column=end)

    found.add(table, SPAN.broken(ends, starts), "", lambda row: f"{backwards(row)}.")
    if table == "stations":
        together = found.known(table, begin) != found.known(table, end)
        bad = found.cells[table][begin].bad | found.cells[table][end].bad
        found.add(table, together & ~bad, "", f"{begin} and {end} go together: give both or neither.")
    if table == "periods":
        length, rest = ends - starts, found.values(table, "break_min")

        def breaks(row: int) -> str:
            return BREAK.text.format(rest=f"{rest[row]:.0f}", length=f"{length[row]:.0f}") + "."

        found.add(table, BREAK.broken(rest, length) & (length > 0), "", breaks)


def _check_workers(found: Checked) -> None:
    def known(column: str) -> BoolArray:
        return found.known("workers", column) | found.cells["workers"][column].bad

    lat, lon, datum, label = (known(f"home_{part}") for part in ("lat", "lon", "datum", "label"))
    message = "home_lat, home_lon and home_datum go together: give all or none (and no home_label without)."
    parted = (lat != lon) | (lat != datum) | (label & ~lat)
    found.add("workers", parted, "", message)
    nowhere = NOWHERE.broken(~lat, ~known("station_id"))
    found.add("workers", nowhere & ~parted, "", f"{NOWHERE.text}.")
    two_ages = TWO_AGES.broken(known("birth_date"), known("age_years"))
    found.add("workers", two_ages, "", f"{TWO_AGES.text}.")
    dates = found.values("morning", "date")
    if len(dates):
        unborn = UNBORN.broken(found.values("workers", "birth_date"), dates[0])
        found.add("workers", unborn, "birth_date", UNBORN.text)


def _check_shifts(found: Checked) -> None:
    def number(column: str) -> Float64Array:
        values: Float64Array = found.values("shifts", column)
        return values

    fields = found.cells["shifts"]
    flexible = found.values("shifts", "attendance") == 1
    timed = fields["min_minutes"].known | fields["min_minutes"].bad
    piece = schema()["shifts"].column("pay_unit").choices.index("piece")
    counted = fields["pay_expected_pieces"].known | fields["pay_expected_pieces"].bad
    paid = fields["pay_unit"].known
    pieces = PIECES.text.format(pieces="pay_expected_pieces", unit="pay_unit")
    rules = [
        (HEADCOUNT.broken(number("minimum_headcount"), number("headcount")), HEADCOUNT.text),
        (AGES.broken(number("min_age_years"), number("max_age_years")), AGES.text),
        (FLEXIBLE.broken(flexible, timed) & ~fields["attendance"].bad, FLEXIBLE.text),
        (PIECES.broken(fields["pay_unit"].values == piece, counted) & paid, pieces),
    ]
    for broken, message in rules:
        found.add("shifts", broken, "", f"{message}.")
    _check_periods(found, flexible)


def _check_periods(found: Checked, flexible: BoolArray) -> None:
    """What a shift's periods say together; of shifts whose periods can all be read."""
    n, owner = found.rows["shifts"], found.owners["periods"]
    starts, ends = found.values("periods", "start_min"), found.values("periods", "end_min")
    work = ends - starts - found.values("periods", "break_min")
    mine = owner >= 0
    counts = np.bincount(owner[mine], minlength=n)
    short = ", or in start_min and end_min here" if "shifts" in found.origins else ""
    message = f"has no periods: say in the table periods when it is{short}."
    found.add("shifts", (counts == 0) & found.known("shifts", "id"), "", message)
    length = np.bincount(owner[mine], weights=work[mine], minlength=n).astype(np.float64)  # NaN if any is
    least = found.values("shifts", "min_minutes")
    too_long = flexible & TOO_LONG.broken(least, length) & (counts > 0)
    found.add("shifts", too_long, "", f"{TOO_LONG.text}.")
    order = by_row(owner + 1, starts, ends)
    row, start, end = owner[order], starts[order], ends[order]
    clash = (row[1:] == row[:-1]) & OVERLAP.broken(end[:-1], start[1:]) & (row[1:] >= 0)
    overlapping = np.zeros(n, dtype=bool)
    overlapping[row[1:][clash]] = True
    found.add("shifts", overlapping & ~np.isnan(length), "", f"{OVERLAP.text}.")


def _check_protected(found: Checked) -> None:
    """Nobody's sex or origin may come in by a side door."""
    for table, column, what in (
        ("worker_groups", "priority_group", "group"),
        ("worker_attributes", "name", "attribute"),
        ("shift_attributes", "name", "attribute"),
    ):
        names = found.values(table, column)
        for name in pc.unique(names).to_pylist():
            if name is not None and is_protected(name):
                found.add(table, mask_of(pc.equal(names, name)), column, protected(what, name))


def _check_attributes(found: Checked) -> None:
    """Values that can be read as their type, each name once for each worker or shift."""
    for table, owner in (("worker_attributes", "worker_id"), ("shift_attributes", "shift_id")):
        first: dict[tuple[Any, Any], int] = {}
        owners, names = found.values(table, owner).to_pylist(), found.values(table, "name").to_pylist()
        for row, key in enumerate(zip(owners, names, strict=True)):
            if None not in key and first.setdefault(key, row) != row:
                found.add(table, row, "name", already_there(found.path(table, first[key], "name"), "name"))
        values = attribute_values(found, table)
        broken = np.array([isinstance(value, ValueError) for value in values], dtype=bool)
        found.add(table, broken, "value", lambda row, values=values: str(values[row]))  # type: ignore[misc]


def attribute_values(found: Checked, table: str) -> list[Any]:
    """Values of free attributes in their type; a ValueError where one cannot be read."""
    kinds = schema()[table].column("type").choices
    codes = found.values(table, "type").tolist()
    texts = found.values(table, "value").to_pylist()
    return [_attribute(text, kinds[code]) for text, code in zip(texts, codes, strict=True)]


def _attribute(text: str | None, kind: str) -> Any:
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[str(text).lower()]
        if kind == "integer":
            return int(str(text))
        value: Any = float(str(text)) if kind == "number" else text
    except (KeyError, ValueError):
        return ValueError(f"is no {kind}: correct the value or the type")
    if kind == "number" and not np.isfinite(value):
        return ValueError("is no finite number: correct the value or the type")
    return value
