"""What is given as tables: frames of any kind, or a folder with a file each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gigmatch.core.threads import in_order
from gigmatch.errors import InvalidFileError, InvalidInputError
from gigmatch.i18n import Told, joined
from gigmatch.tables.aliases import table_name
from gigmatch.tables.frames import arrow_table, need
from gigmatch.tables.provenance import FileRows, Provenance
from gigmatch.tables.schema import schema

__all__ = ["Given", "from_folder", "from_frames"]


class Given(NamedTuple):
    """Arrow tables by name, and where those from spreadsheets have their rows from."""

    tables: dict[str, Any]
    provenance: dict[str, Provenance]
    notes: tuple[Told, ...] = ()
    """What was not taken as it was written."""


def from_frames(tables: Mapping[str, Any]) -> Given:
    """Tables given as frames of any kind."""
    for name in tables:
        if name not in schema():
            raise InvalidInputError("no_such_table", name=name, guess=_guess(name))
    need("pyarrow")
    from gigmatch.tables.tidying import tidied

    found = {
        name: tidied(name, arrow_table(name, frame)) for name, frame in tables.items() if frame is not None
    }
    return Given({name: each.table for name, each in found.items()}, {}, _notes(found.values()))


def _notes(tidied: Iterable[Any]) -> tuple[Told, ...]:
    return tuple(note for each in tidied for note in each.notes)


def _guess(name: str) -> Told:
    tables = ", ".join(schema())
    if near := get_close_matches(name, schema(), 1):
        return Told.of("errors.table_like", near=near[0], tables=tables)
    return Told.of("errors.tables_are", tables=tables)


def from_folder(folder: Path, *suffixes: str) -> Given:
    """The tables of a folder, a file each, in one format or both."""
    if not folder.is_dir():
        raise InvalidFileError("no_folder", path=folder, suffix=suffixes[0])
    read = {suffix: _files(folder, suffix) for suffix in suffixes}
    found, sheets = read.get("parquet", {}), read.get("csv", {})
    if both := sorted(found.keys() & sheets):
        raise InvalidFileError("table_in_two_formats", path=folder, names=", ".join(both))
    if not found and not sheets:
        files = joined("errors.or", [Told.of("errors.two_files", suffix=suffix) for suffix in suffixes])
        others = [path.name for path in folder.iterdir() if path.suffix.lower() in (".xlsx", ".xls", ".ods")]
        if others:
            raise InvalidFileError("only_a_workbook", path=folder, files=files, workbook=min(others))
        raise InvalidFileError("no_tables", path=folder, files=files)
    if not sheets:
        return Given(found, {})
    from gigmatch.tables.shorthand import expand

    whole = expand(sheets, found)
    tables = found | {name: sheet.table for name, sheet in whole.items()}
    provenance: dict[str, Provenance] = {
        name: FileRows(f"{name}.csv", {}, list) for name in schema().keys() - tables
    }
    return Given(tables, provenance | {name: sheet.provenance for name, sheet in whole.items()})


def _files(folder: Path, suffix: str) -> dict[str, Any]:
    """Tables of one format by name: from Parquet as they are, from CSV with their provenance."""
    read = _reader(suffix)
    paths: dict[str, Path] = {}
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() == f".{suffix}"):
        if (name := table_name(path.stem) if suffix == "csv" else path.stem) not in schema():
            raise InvalidFileError("file_is_no_table", path=path, name=path.stem, guess=_guess(path.stem))
        if name in paths:
            raise InvalidFileError("table_twice", path=path, table=name)
        paths[name] = path

    def table(path: Path) -> Any:
        try:
            return read(path)
        except InvalidFileError:
            raise
        except (OSError, ValueError, need("pyarrow").ArrowException) as error:
            raise InvalidFileError("cannot_read", path=path, error=error) from None

    by_size = sorted(paths, key=lambda name: -_size(paths[name]))  # the longest work first
    found = dict(zip(by_size, in_order(table, [paths[name] for name in by_size]), strict=True))
    return {name: found[name] for name in paths}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # reading it will say so
        return 0


def _reader(suffix: str) -> Any:
    if suffix == "parquet":
        need("pyarrow.parquet")
        return _read_parquet_file
    need("pyarrow.csv")
    from gigmatch.tables.spreadsheets import read_csv_file

    return read_csv_file


def _read_parquet_file(path: Path) -> Any:
    """A Parquet file as an Arrow table; a ValueError where a name or a text in it is damaged."""
    parquet, few = need("pyarrow.parquet"), _few_values(path.stem)
    if path.is_dir():  # written in parts
        table = parquet.read_table(path, read_dictionary=few)
    else:
        with parquet.ParquetFile(path) as plain:
            there = {plain.schema.column(at).path for at in range(len(plain.schema))}
            few = [name for name in few if name in there]
            with parquet.ParquetFile(path, metadata=plain.metadata, read_dictionary=few) as coded:
                table = coded.read()
    names = table.column_names  # decodes them
    if len(set(names)) < len(names):
        raise InvalidFileError("column_twice", path=path, columns=", ".join(names))
    for column in table.columns:  # texts are decoded only when somebody looks at one
        if not _is_ascii(column):
            column.validate(full=True)
    return table


def _is_ascii(column: Any) -> bool:
    """Whether a column is text whose bytes are right whatever they are meant to be."""
    buffers = [chunk.buffers()[-1] for chunk in column.chunks if str(column.type) == "string"]
    data = [np.frombuffer(buffer, dtype=np.uint8) for buffer in buffers if buffer]
    return bool(buffers) and all(each.max(initial=0) < 0x80 for each in data)


def _few_values(table: str) -> list[str]:
    """Columns that repeat few values: choices, and what refers to tables of few rows."""
    many = ("workers", "shifts")
    return [
        column.name
        for column in schema()[table].columns
        if column.kind == "choice" or (column.refers or column.names or "workers") not in many
    ]
