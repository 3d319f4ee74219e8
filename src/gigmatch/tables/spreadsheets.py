"""CSV as spreadsheets write and read it: encodings, headers in Chinese, formulas made harmless."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gigmatch.core.arrays import BoolArray
from gigmatch.core.files import read_bytes
from gigmatch.errors import InvalidFileError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by
from gigmatch.tables.aliases import CHINESE_CHOICES, header_names, table_name
from gigmatch.tables.provenance import FileRows, Sheet
from gigmatch.tables.schema import schema

__all__ = ["read_csv_file", "write_csv_file"]

_BOM = b"\xef\xbb\xbf"
# What a spreadsheet takes for a formula, and the mark itself, so that taking it off loses nothing.
_RISKY = r"^[=+\-@\t\r']"
_MARKED = r"^'([=+\-@\t\r'])"
# Dates as spreadsheets write them once they know one, in China or elsewhere: the year comes first.
_DATE = r"^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*$"
_SECONDS = r"^\s*(\d{1,6}:\d\d):\d\d\s*$"
# What is already as the schema has it.
_ISO = r"^\d{4}-\d{2}-\d{2}$"
_NO_SECONDS = r"^[^:]*:?[^:]*$"
_CHOICES = {word: name for name, word in CHINESE_CHOICES.items()}
_SEPARATORS = frozenset(";\t，；")
# Columns beyond those that Python finds in the header, should Arrow find more.
_SPARE = 64
# Fewer characters than this are not worth waking threads.
_LARGE = 1 << 20


def read_csv_file(path: Path) -> Sheet:
    """A CSV file as an Arrow table of text; an empty cell is unknown, ``""`` is empty text.

    UTF-8 with or without a byte order mark, else GB18030, which Excel in China writes. Rows and columns in
    which nothing stands are no rows and columns.
    """
    table = _cells(_decoded(path), path)
    if any(not pa.types.is_large_string(column.type) for column in table.columns):
        raise InvalidFileError("no_csv", path=path)
    header = [column[0].as_py() or "" for column in table.columns]
    if len(header) == 1 and (other := set(header[0]) & _SEPARATORS):
        told = ", ".join(map(repr, sorted(other)))
        raise InvalidFileError("wrong_separator", path=path, marks=told)
    name = table_name(path.stem)
    names, columns = header_names(name, header), table.slice(1).columns
    empty = [not told and each.null_count == len(each) for told, each in zip(names, columns, strict=True)]
    kept = [at for at, is_empty in enumerate(empty) if not is_empty]
    names, columns = [names[at] for at in kept], [columns[at] for at in kept]
    if len(set(names)) < len(names):
        raise InvalidFileError("column_by_two_names", path=path, columns=", ".join(header))
    columns = [pc.replace_substring_regex(column, _MARKED, r"\1") for column in columns]
    whole = pa.table([_plain(name, *each) for each in zip(names, columns, strict=True)], names=names)
    there = _has_something(whole)
    headers = {told: header[at].strip() for told, at in zip(names, kept, strict=True)}
    provenance = FileRows(path.name, headers, lambda: _numbers(_decoded(path), there))
    return Sheet(whole if there.all() else whole.filter(pa.array(there)), provenance)


def _cells(text: str, path: Path) -> Any:
    """Every row of the file, the header too."""
    try:
        width = len(next((record for record in csv.reader(io.StringIO(text, newline="")) if record), []))
        return pacsv.read_csv(
            pa.py_buffer(text.encode()),
            read_options=pacsv.ReadOptions(autogenerate_column_names=True, use_threads=len(text) > _LARGE),
            parse_options=pacsv.ParseOptions(newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types={f"f{at}": pa.large_string() for at in range(width + _SPARE)},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except (pa.ArrowException, csv.Error, UnicodeError) as error:
        why = _ragged(text) or Told.of("errors.no_csv_because", error=said_by(error))
        raise InvalidFileError("in_place", place=path, error=why) from None


def _ragged(text: str) -> Told | None:
    """Which row has other than the header's number of cells, in words; None if none has."""
    try:
        records = enumerate(csv.reader(io.StringIO(text, newline="")), 1)
        sizes = ((number, len(record)) for number, record in records if record)
        _, width = next(sizes)
        number, count = next((number, count) for number, count in sizes if count != width)
    except (StopIteration, csv.Error):
        return None
    return Told.of("errors.ragged_row", row=number, n=count, width=width)


def _has_something(table: Any) -> BoolArray:
    """Which rows have a value at all: spreadsheets write empty ones, too."""
    there = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        if there.all():
            break
        there |= pc.is_valid(column).to_numpy()
    return there


def _numbers(text: str, there: BoolArray) -> Sequence[int]:
    """The row of the spreadsheet of each row of the table, rows with nothing counted along."""
    try:
        records = enumerate(csv.reader(io.StringIO(text, newline="")), 1)
        rows = np.array([number for number, record in records if record][1:], dtype=np.int64)
    except csv.Error:
        rows = np.empty(0, dtype=np.int64)
    if len(rows) != len(there):  # read in another way than Python reads it
        rows = np.arange(2, len(there) + 2)
    numbers: Sequence[int] = rows[there].tolist()
    return numbers


def _plain(table: str, name: str, column: Any) -> Any:
    """Cells as spreadsheets write them, as the schema has them: dates, times, Chinese words for choices."""
    tables = ("stations", "morning") if table == "morning" else (table,)  # the hall, in short
    known = {c.name: c for each in tables if each in schema() for c in schema()[each].columns}
    kind = known[name].kind if name in known else "minute" if name in ("start_min", "end_min") else ""
    if kind == "date":
        return _changed(column, _iso, _ISO)
    if kind == "minute":
        return _changed(column, lambda text: re.sub(_SECONDS, r"\1", text), _NO_SECONDS)
    if kind == "choice":
        return _changed(column, *_choosing(known[name].choices))
    return column


def _choosing(names: Sequence[str]) -> tuple[Callable[[str], str], str]:
    """What turns Chinese words and other capitals into the names of choices, and what needs no change."""
    words = _CHOICES | {name.lower(): name for name in names}
    return lambda text: words.get(text.strip().lower(), text), f"^({'|'.join(map(re.escape, names))})$"


def _changed(column: Any, change: Callable[[str], str], unless: str) -> Any:
    """A column with each distinct text changed, unless all of them match."""
    if pc.all(pc.match_substring_regex(column, unless)).as_py() is not False:
        return column
    coded = column.combine_chunks().dictionary_encode()
    texts = [None if text is None else change(text) for text in coded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.large_string()).take(coded.indices)])


def _iso(text: str) -> str:
    """``2025/9/19``, ``2025.9.19`` and ``2025年9月19日`` as ``2025-09-19``; anything else as it is."""
    found = re.fullmatch(_DATE, text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text


def _decoded(path: Path) -> str:
    raw = read_bytes(path).removeprefix(_BOM)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidFileError("unknown_encoding", path=path)


def write_csv_file(table: Any, path: Path) -> None:
    """An Arrow table as CSV in UTF-8 with a byte order mark, by which Excel knows it.

    Text that a spreadsheet would take for a formula gets an apostrophe in front, which reading takes off.
    """
    columns = [_harmless(column) for column in table.columns]
    with path.open("wb") as file:
        file.write(_BOM)
        pacsv.write_csv(pa.table(columns, names=table.column_names), file)


def _harmless(column: Any) -> Any:
    if not pa.types.is_string(column.type):
        return column
    risky = pc.match_substring_regex(column, _RISKY)
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
