"""CSV as spreadsheets write and read it: encodings, headers in Chinese, formulas made harmless."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gigmatch.errors import InvalidFileError
from gigmatch.files import read_bytes
from gigmatch.tables.aliases import header_names

__all__ = ["read_csv_file", "write_csv_file"]

_BOM = b"\xef\xbb\xbf"
# What a spreadsheet takes for a formula, and the mark itself, so that taking it off loses nothing.
_RISKY = r"^[=+\-@\t\r']"
_MARKED = r"^'([=+\-@\t\r'])"


def read_csv_file(path: Path) -> Any:
    """A CSV file as an Arrow table of text; an empty cell is unknown, ``""`` is empty text.

    UTF-8 with or without a byte order mark, else GB18030, which Excel in China writes.
    """
    text = _decoded(path)
    header = next(csv.reader(io.StringIO(text, newline="")), [])
    names = header_names(path.stem, header)
    if len(set(names)) < len(names):
        raise InvalidFileError(f"{path}: names a column twice, or by two of its names: {', '.join(header)}")
    try:
        table = pacsv.read_csv(
            pa.py_buffer(text.encode()),
            parse_options=pacsv.ParseOptions(newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise InvalidFileError(f"{path}: is no CSV with commas and a header ({error})") from None
    columns = [pc.replace_substring_regex(column, _MARKED, r"\1") for column in table.columns]
    return pa.table(columns, names=names)


def _decoded(path: Path) -> str:
    raw = read_bytes(path).removeprefix(_BOM)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidFileError(f"{path}: is neither UTF-8 nor GB18030; save it as CSV UTF-8")


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
