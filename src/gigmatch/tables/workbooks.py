"""Workbooks of Excel, a sheet a table: read as the text that a CSV file would hold, and written.

The one place that knows openpyxl.
"""

from __future__ import annotations

import datetime as dt
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow as pa

from gigmatch.core.files import refuse_swollen, require_file
from gigmatch.errors import InvalidFileError, InvalidInputError, TooLargeError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by
from gigmatch.model.clock import clock_text
from gigmatch.tables.aliases import table_name
from gigmatch.tables.frames import need
from gigmatch.tables.provenance import Sheet
from gigmatch.tables.schema import schema
from gigmatch.tables.sheets import Grid, header_row, sheet_of
from gigmatch.tables.spreadsheets import harmless

__all__ = ["read_workbook", "write_workbook"]

_MOST_ABOVE = 10
_MOST_CELLS = 20_000_000  # of a sheet
_OBJECTS = 10  # bytes of a cell in memory for one of XML
_MOST_DIGITS = 15  # that a number of Excel holds


def read_workbook(path: Path) -> tuple[dict[str, Sheet], tuple[Told, ...]]:
    """The tables of a workbook by name, and the sheets that are none.

    A sheet is the table that its name says, the only sheet of a workbook also the one that the file's does.
    """
    require_file(path)
    book = _opened(path, data_only=False)  # formulas as they are written, and which cells are merged
    filled = [sheet for sheet in book.worksheets if sheet.max_row > 1 or any(map(_text, sheet[1]))]
    with _quiet(), closing(_opened(path, data_only=True, read_only=True)) as values:
        return _tables(path, filled, values)


def _tables(path: Path, filled: Sequence[Any], values: Any) -> tuple[dict[str, Sheet], tuple[Told, ...]]:
    """Those sheets that are tables; ``values`` is the same workbook as openpyxl streams it."""
    found: dict[str, Sheet] = {}
    notes = []
    for sheet in filled:
        name = table_name(sheet.title)
        if name not in schema() and len(filled) == 1:
            name = table_name(path.stem)
        if name not in schema():
            notes.append(Told.of("notes.sheet_not_read", path=path.name, sheet=sheet.title))
        elif name in found:
            raise InvalidFileError("table_twice", path=path, table=name)
        else:
            called = path.name if len(filled) == 1 else f"{path.name}[{sheet.title}]"
            texts = _texts(_cells(values[sheet.title], path), sheet, called)
            found[name] = sheet_of(_grid(texts, sheet, name, called), name)
    return found, tuple(notes)


def _opened(path: Path, **options: bool) -> Any:
    openpyxl = need("openpyxl")
    try:
        with ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        refuse_swollen(path, path.stat().st_size, unpacked, _OBJECTS)
        with _quiet():
            return openpyxl.load_workbook(path, **options)
    except TooLargeError:
        raise
    except Exception as error:  # of zipfile, of XML, of openpyxl itself: all kinds
        raise InvalidFileError("no_workbook", path=path, error=said_by(error)) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Have openpyxl not warn: of styles and extensions that hold no cells, of dates that rows tell about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _cells(values: Any, path: Path) -> Iterator[Any]:
    """The cells of a sheet that is streamed, which makes none of the gaps between them."""
    try:
        values.reset_dimensions()  # which the file tells, and may tell wrongly
        yield from filter(lambda cell: hasattr(cell, "row"), chain.from_iterable(values.iter_rows()))
    except Exception as error:  # as above
        raise InvalidFileError("no_workbook", path=path, error=said_by(error)) from None


def _grid(texts: Mapping[int, Mapping[int, str]], sheet: Any, table: str, called: str) -> Grid:
    """The cells of a sheet as text, the headers found among its first rows."""
    n_rows, n_columns = sheet.max_row, sheet.max_column
    filled = sorted(texts)
    first = filled[:_MOST_ABOVE] or [0]
    above = [[texts.get(at, {}).get(column, "") for column in range(n_columns)] for at in first]
    head = first[at_head := header_row(table, above)[0]]
    for merged in sheet.merged_cells.ranges:
        if merged.max_row > merged.min_row and merged.max_row > head + 1:
            raise InvalidFileError("merged_cells", place=called, cells=str(merged))
    columns: list[list[str | None]] = [[None] * (n_rows - head - 1) for _ in range(n_columns)]
    for at in filled[bisect_right(filled, head) :]:
        for column, text in texts[at].items():
            columns[column][at - head - 1] = text
    return Grid(
        called,
        [" ".join(filter(None, row)) for row in above[:at_head]],
        above[at_head],
        [pa.chunked_array([pa.array(column, pa.large_string())]) for column in columns],
        lambda: range(head + 2, n_rows + 1),
    )


def _texts(cells: Iterable[Any], sheet: Any, called: str) -> dict[int, dict[int, str]]:
    """The cells in which something stands, by row and column from 0; a sheet may reach far beyond."""
    n_rows, n_columns = sheet.max_row, sheet.max_column
    if n_rows * n_columns > _MOST_CELLS:  # one cell far away makes billions
        raise InvalidFileError(
            "sheet_too_wide", place=called, rows=n_rows, columns=n_columns, most=_MOST_CELLS
        )
    found: dict[int, dict[int, str]] = {}
    for cell in cells:
        if text := _text(cell):
            found.setdefault(cell.row - 1, {})[cell.column - 1] = text
        elif cell.value is None and sheet.cell(cell.row, cell.column).data_type == "f":
            place = Told.of("places.row", file=called, row=cell.row)
            raise InvalidFileError("formula_not_calculated", place=place)
    return found


def _text(cell: Any) -> str | None:
    """A value as a person would write it into a CSV file; one that Excel has rounded as Excel shows it."""
    value = cell.value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _figures(value, cell.number_format)
    if isinstance(value, dt.datetime) and value.year <= 1900:  # hours beyond a day, in a format of hours
        value -= dt.datetime(1899, 12, 31)
    if isinstance(value, dt.timedelta):
        return clock_text(int(value.total_seconds() // 60))
    if isinstance(value, dt.time):
        return f"{value.hour}:{value.minute:02}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return None if value is None else str(value)


def _figures(value: float, number_format: str) -> str:
    """A number in full; one of more digits than Excel keeps as it would be shown, which no id is."""
    if abs(value) >= 10**_MOST_DIGITS:
        return f"{value:.5E}"
    if value == int(value):
        digits = str(int(value))
        return digits.zfill(len(number_format)) if number_format.strip("0") == "" else digits
    return repr(value)


def write_workbook(tables: Mapping[str, Any], path: Path) -> None:
    """Write Arrow tables as the sheets of a workbook: text as text, whatever a formula would begin with."""
    cells = {name: [harmless(column).to_pylist() for column in t.columns] for name, t in tables.items()}
    _refuse_unwritable(cells)
    with path.open("wb") as file:  # first of all: half a workbook, where it cannot be, would stay open
        book = need("openpyxl").Workbook(write_only=True)
        for name, table in tables.items():
            sheet = book.create_sheet(name)
            sheet.append(table.column_names)
            for row in zip(*cells[name], strict=True):
                sheet.append([_cell(sheet, value) for value in row])
        if not tables:
            book.create_sheet("morning")
        book.save(file)


def _refuse_unwritable(cells: Mapping[str, list[list[Any]]]) -> None:
    """No text with characters that a workbook cannot hold."""
    illegal = need("openpyxl.cell.cell").ILLEGAL_CHARACTERS_RE
    for table, columns in cells.items():
        for value in chain.from_iterable(columns):
            if isinstance(value, str) and illegal.search(value):
                raise InvalidInputError("not_in_workbook", table=table, value=value[:80])


def _cell(sheet: Any, value: Any) -> Any:
    """A value for a cell; what is no number stays as it is written."""
    if not isinstance(value, str):
        return value
    cell = need("openpyxl.cell").WriteOnlyCell(sheet, value)
    cell.data_type, cell.number_format = "s", "@"
    return cell
