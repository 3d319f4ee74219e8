"""CSV as spreadsheets write and read it: separators, titles above the headers, formulas made harmless."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gigmatch.errors import InvalidFileError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by
from gigmatch.tables.aliases import header_names, table_name
from gigmatch.tables.provenance import Sheet
from gigmatch.tables.sheets import RISKY, Grid, column_of, header_row, sheet_of
from gigmatch.tables.texts import plain

__all__ = ["harmless", "read_csv_text", "write_csv_file"]

_BOM = b"\xef\xbb\xbf"
_SEPARATORS = ",;\t|"
_WIDE = frozenset("，；")
# A first line that tells a spreadsheet what stands between the columns.
_TOLD = re.compile(r"sep=(.)\r?\n")
# A number with three digits behind its only mark, which is a thousand times as much elsewhere.
_TWO_WAYS = r"^\s*[+-]?[1-9]\d{0,2}[.,]\d{3}\s*$"
# Rows that a title above the headers may have, headers included, and their characters.
_MOST_ABOVE, _ENOUGH = 10, 1 << 16
# Columns beyond those that Python finds in the header, should Arrow find more.
_SPARE = 64
# Fewer characters than this are not worth waking threads.
_LARGE = 1 << 20


class _Layout(NamedTuple):
    """How a file is written."""

    separator: str
    above: tuple[str, ...]
    """What stands in rows above the headers."""
    start: int
    """Where the headers begin, in characters."""
    row: int
    """The row that they are, from 1."""


def read_csv_text(text: str, path: Path) -> Sheet:
    """The text of a CSV file as a table of text; an empty cell is unknown, ``""`` is empty text.

    Commas, semicolons, tabs or bars stand between the columns; rows above the headers are a title.
    """
    name = table_name(path.stem)
    layout = _layout(text, name)
    table = _cells(text[layout.start :], layout, path)
    if any(not pa.types.is_large_string(column.type) for column in table.columns):
        raise InvalidFileError("no_csv", path=path)
    header = [column[0].as_py() or "" for column in table.columns]
    if len(header) == 1 and (other := set(header[0]) & _WIDE):
        raise InvalidFileError("wrong_separator", path=path, marks=", ".join(map(repr, sorted(other))))
    columns = table.slice(1).columns
    if layout.separator == ";":
        names = header_names(name, header)
        columns = [_in_doubt(name, *each) for each in zip(names, columns, strict=True)]

    def numbers() -> Sequence[int]:
        try:
            records = enumerate(_read(text[layout.start :], layout.separator), layout.row)
            return [number for number, record in records if record][1:]
        except csv.Error:
            return ()

    return sheet_of(Grid(path.name, layout.above, header, columns, numbers), name)


def _layout(text: str, table: str) -> _Layout:
    """What stands between the columns, and where the headers begin: as most names of columns are found."""
    told = _TOLD.match(text)
    first = (told.end(), 2) if told else (0, 1)
    best, most = _Layout(told[1] if told else _frequent(text), (), *first), 0
    for separator in told[1] if told else _SEPARATORS:
        records = list(_records(text, *first, separator))
        at, found = header_row(table, [record for *_, record in records])
        if found > most:
            above = tuple(" ".join(filter(None, record)) for *_, record in records[:at])
            best, most = _Layout(separator, above, *records[at][:2]), found
    return best


def _records(text: str, start: int, row: int, separator: str) -> Iterator[tuple[int, int, list[str]]]:
    """The first rows in which something stands, and where each begins."""
    stream = io.StringIO(text[: start + _ENOUGH], newline="")
    stream.seek(start)
    reader, at = csv.reader(iter(stream.readline, ""), delimiter=separator), start
    try:
        for record, number in zip(reader, range(row, row + _MOST_ABOVE), strict=False):
            if any(record):
                yield at, number, record
            at = stream.tell()
    except csv.Error:
        return


def _frequent(text: str) -> str:
    """The separator that stands most often in the first line."""
    line = text.lstrip().partition("\n")[0]
    return max(_SEPARATORS, key=line.count)


def _in_doubt(table: str, name: str, column: Any) -> Any:
    """Numbers of a file with semicolons, where a comma may be a decimal point: both meanings of one."""
    known = column_of(table, name)
    if known is None or known.kind not in ("number", "money", "integer") or (known.most or 1000) < 1000:
        return column
    doubt = pc.match_substring_regex(column, _TWO_WAYS)
    if not pc.any(doubt).as_py():
        return column
    texts = [
        f"{text} ({re.sub('[.,]', '', plain(text))}? {plain(text).replace(',', '.')}?)" if odd else text
        for text, odd in zip(column.to_pylist(), doubt.to_pylist(), strict=True)
    ]
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def _cells(text: str, layout: _Layout, path: Path) -> Any:
    """Every row of the file, the header too."""
    try:
        width = len(next((record for record in _read(text, layout.separator) if record), []))
        return pacsv.read_csv(
            pa.py_buffer(text.encode()),
            read_options=pacsv.ReadOptions(autogenerate_column_names=True, use_threads=len(text) > _LARGE),
            parse_options=pacsv.ParseOptions(newlines_in_values=True, delimiter=layout.separator),
            convert_options=pacsv.ConvertOptions(
                column_types={f"f{at}": pa.large_string() for at in range(width + _SPARE)},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except (pa.ArrowException, csv.Error, UnicodeError) as error:
        why = _ragged(text, layout) or Told.of("errors.no_csv_because", error=said_by(error))
        raise InvalidFileError("in_place", place=path, error=why) from None


def _read(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _ragged(text: str, layout: _Layout) -> Told | None:
    """Which row has other than the header's number of cells, in words; None if none has."""
    try:
        records = enumerate(_read(text, layout.separator), layout.row)
        sizes = ((number, len(record)) for number, record in records if record)
        _, width = next(sizes)
        number, count = next((number, count) for number, count in sizes if count != width)
    except (StopIteration, csv.Error):
        return None
    return Told.of("errors.ragged_row", row=number, n=count, width=width)


def write_csv_file(table: Any, path: Path) -> None:
    """An Arrow table as CSV in UTF-8 with a byte order mark, by which Excel knows it.

    Text that a spreadsheet would take for a formula gets an apostrophe in front, which reading takes off.
    """
    columns = [harmless(column) for column in table.columns]
    names = harmless(pa.array(table.column_names, pa.string())).to_pylist()
    with path.open("wb") as file:
        file.write(_BOM)
        pacsv.write_csv(pa.table(columns, names=names), file)


def harmless(column: Any) -> Any:
    """A column with an apostrophe before text that a spreadsheet would take for a formula."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        return column
    return pc.replace_substring_regex(column.cast(pa.large_string()), f"^({RISKY})", r"'\1")
