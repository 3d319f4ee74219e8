"""A grid of cells as a table: where its headers are, what they name, and which rows are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gigmatch.core.arrays import BoolArray
from gigmatch.errors import InvalidFileError
from gigmatch.i18n import Told
from gigmatch.model.values import BLANKS
from gigmatch.tables.aliases import header_names, known_names
from gigmatch.tables.cells import bytes_of
from gigmatch.tables.provenance import FileRows, Sheet
from gigmatch.tables.schema import Column, schema
from gigmatch.tables.texts import plain
from gigmatch.tables.tidying import tidied

__all__ = ["RISKY", "Grid", "column_of", "header_row", "sheet_of"]

_SUMS = ("Total", "TOTAL", "total", "Subtotal", "合计", "总计", "小计", "共计", "合計", "總計", "小計")
# What begins a line below a table: a sum, perhaps with its figure, or who has made it.
_BELOW = re.compile(
    r"((grand ?|sub-?)?totals?|sum|average|mean|合计|总计|小计|共计|总数|汇总|平均|平均值|合計|總計|小計)"
    r" ?:? ?[\d.,]* ?(人|名|位|人次|个|条|行|元|people|workers|shifts|rows)?"
    r"|(制表|填表|制单|统计|审核|复核|负责|经办|批准|登记)(人|员|日期|时间)?:.*"
)
RISKY = r"[=+\-@\t\r\n＝＋－＠']"
"""What a spreadsheet takes for a formula, and the mark itself, so that taking it off loses nothing."""
_MARKED = rf"^'({RISKY})"


class Grid(NamedTuple):
    """The cells of a file or of a sheet of a workbook, as text; what is not there is null."""

    file: str
    """What it is called."""
    above: Sequence[str]
    """What stands in rows above the headers."""
    header: Sequence[str]
    columns: Sequence[Any]
    """Arrow, one a header."""
    numbered: Callable[[], Sequence[int]]
    """Gives the row of the spreadsheet of each row; called once, and only where a row is named."""


def header_row(table: str, records: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Which of the first rows has the headers, and how many of a table's it has: the first with at least two.

    The first of all where none has as many.
    """
    found = [len(set(header_names(table, record)) & known_names(table)) for record in records] or [0]
    least = min(2, max(found))
    at = next(at for at, n in enumerate(found) if n >= least)
    return at, found[at]


def column_of(table: str, name: str) -> Column | None:
    """What the schema says of a column, of one that is short for another table's, too."""
    tables = {
        "morning": ("morning", "stations"),
        "workers": ("workers", "windows"),
        "shifts": ("shifts", "periods"),
    }
    for each in tables.get(table, (table,)):
        if found := next((c for c in schema()[each].columns if c.name == name), None):
            return found
    return None


def sheet_of(grid: Grid, table: str) -> Sheet:
    """A grid as a table of the schema, with what was noticed in it; its ids are tidied.

    Columns in which nothing stands are no columns, rows in which nothing stands, or the headers again, or a
    sum at the end, are no rows.
    """
    headers = [re.sub(_MARKED, r"\1", text.strip(BLANKS)) for text in grid.header]
    names = header_names(table, headers)
    columns = [_plain(table, *each) for each in zip(names, grid.columns, strict=True)]
    kept = [at for at, name in enumerate(names) if name or columns[at].null_count < len(columns[at])]
    names = [names[at] or f"({_letter(at)})" for at in kept]
    if len(set(names)) < len(names):
        raise InvalidFileError("column_by_two_names", path=grid.file, columns=", ".join(headers))
    whole = pa.table([columns[at] for at in kept], names=names)
    there, notes = _rows(grid, whole, [headers[at] for at in kept])

    def numbers() -> Sequence[int]:
        rows = np.asarray(grid.numbered(), dtype=np.int64)
        if len(rows) != len(there):  # read in another way than Python reads it
            rows = np.arange(2, len(there) + 2)
        found: Sequence[int] = rows[there].tolist()
        return found

    shown = {name: headers[at] or name for name, at in zip(names, kept, strict=True)}
    provenance = FileRows(grid.file, shown, numbers)
    found = tidied(
        table, whole if there.all() else whole.filter(pa.array(there)), lambda c: provenance.path(None, c)
    )
    return Sheet(found.table, provenance, (*notes, *found.notes))


def _letter(at: int) -> str:
    """What spreadsheets call a column."""
    return (_letter(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def _plain(table: str, name: str, column: Any) -> Any:
    """Cells without the mark that keeps spreadsheets calm; but for text, blanks are nothing."""
    column = (
        pc.replace_substring_regex(column, _MARKED, r"\1")
        if _has(column, lambda raw: raw == 0x27)
        else column
    )
    known = column_of(table, name)
    if known is not None and known.kind == "text":
        return column
    if not _has(column, lambda raw: (raw <= 0x20) | (raw >= 0x80)):
        return column
    blank = pc.and_(pc.equal(pc.utf8_trim(column, characters=BLANKS), ""), pc.not_equal(column, ""))
    return pc.if_else(blank, pa.scalar(None, column.type), column) if pc.any(blank).as_py() else column


def _has(column: Any, condition: Callable[[Any], Any]) -> bool:
    """Whether a byte of any text meets a condition."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return any(condition(bytes_of(chunk)).any() for chunk in chunks)


def _rows(grid: Grid, table: Any, headers: Sequence[str]) -> tuple[BoolArray, list[Told]]:
    """Which rows are rows of the table, and what is told of the others."""
    notes = []
    if grid.above:
        notes.append(
            Told.of("notes.title_rows", file=grid.file, n=len(grid.above), text=" / ".join(grid.above))
        )
    there = _has_something(table)
    if empty := int((~there).sum()):
        notes.append(Told.of("notes.empty_rows", file=grid.file, n=empty))
    again = _repeats(table, headers)
    if again.any():
        notes.append(Told.of("notes.header_again", file=grid.file, n=int(again.sum())))
        there &= ~again
    for at in sorted([*_sums_between(table, there), *_below(table, there)]):
        place = Told.of("places.row", file=grid.file, row=grid.numbered()[at])
        notes.append(Told.of("notes.total_row", place=place, text=_texts(table, at)[0]))
        there[at] = False
    return there, notes


def _texts(table: Any, row: int) -> list[str]:
    """What stands in a row, from the left."""
    return [text for column in table.columns if (text := column[row].as_py())]


def _below(table: Any, there: BoolArray) -> Iterator[int]:
    """The rows at the end that are below the table rather than in it."""
    for at in np.flatnonzero(there)[::-1].tolist():
        if not _BELOW.fullmatch(plain(_texts(table, at)[0])):
            return
        yield at


def _sums_between(table: Any, there: BoolArray) -> list[int]:
    """The rows before the last that are sums: they say so, and have fewer cells than the row above."""
    if not table.num_columns or not there.any():
        return []
    says = pc.is_in(table.column(0), value_set=pa.array(_SUMS, pa.large_string())).to_numpy()
    rows, last = np.flatnonzero(there), int(np.flatnonzero(there)[-1])
    found = [(int(rows[i - 1]), int(rows[i])) for i in np.flatnonzero(says[rows]) if 0 < i < len(rows)]
    return [at for above, at in found if at < last and len(_texts(table, at)) < len(_texts(table, above))]


def _repeats(table: Any, headers: Sequence[str]) -> BoolArray:
    """Which rows are the headers once more, as on every page of what is printed; two of them at least."""
    named = [(header, column) for header, column in zip(headers, table.columns, strict=True) if header]
    again = np.full(table.num_rows, len(named) > 1)
    for header, column in named:
        if not again.any():
            break
        again &= pc.fill_null(pc.equal(column, header), False).to_numpy(zero_copy_only=False)
    return again


def _has_something(table: Any) -> BoolArray:
    """Which rows have a value at all: spreadsheets write empty ones, too."""
    there = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        if there.all():
            break
        there |= pc.is_valid(column).to_numpy()
    return there
