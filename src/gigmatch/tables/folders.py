"""What is given as tables: frames of any kind, a folder with a file each, or a workbook with a sheet each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gigmatch.core.files import read_bytes, refuse_swollen, require_file, swells
from gigmatch.core.threads import in_order
from gigmatch.errors import InvalidFileError, InvalidInputError
from gigmatch.i18n import Told, joined
from gigmatch.tables.aliases import table_name
from gigmatch.tables.frames import arrow_table, need
from gigmatch.tables.provenance import FileRows, Provenance, Sheet
from gigmatch.tables.schema import schema

__all__ = ["Given", "from_folder", "from_frames", "from_parts", "parts_of_folder"]

_CSV = (".csv", ".tsv", ".txt")
_SUFFIXES = {"parquet": (".parquet",), "csv": _CSV, "xlsx": (".xlsx", ".xlsm")}
# Files that hold tables in whatever form: what is beside the tables and not read is named.
_TABLES = {
    *_CSV,
    ".parquet",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".ods",
    ".et",
    ".numbers",
    ".feather",
    ".arrow",
}


_CODED = {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}  # how Parquet writes a text once, however often it stands
_LEAST_BYTES = 8  # of a value in memory


class Given(NamedTuple):
    """Arrow tables by name, and where those from spreadsheets have their rows from."""

    tables: dict[str, Any]
    provenance: dict[str, Provenance]
    notes: tuple[Told, ...] = ()
    """What was not taken as it was written."""
    dividing: frozenset[tuple[str, str]] = frozenset()
    """Tables that were written in parts, each with the column that says which part a row is in."""


def from_frames(tables: Mapping[str, Any]) -> Given:
    """Tables given as frames of any kind."""
    for name in tables:
        if name not in schema():
            raise InvalidInputError("no_such_table", name=name, guess=_guess(name))
    need("pyarrow")
    from gigmatch.tables.tidying import tidied

    arrow = {name: arrow_table(name, frame) for name, frame in tables.items() if frame is not None}
    found = {name: tidied(name, table) for name, table in arrow.items()}
    return Given({name: each.table for name, each in found.items()}, {}, _notes(found.values()))


def _notes(found: Iterable[Any]) -> tuple[Told, ...]:
    return tuple(note for each in found for note in each.notes)


def _guess(name: str) -> Told:
    tables = ", ".join(schema())
    if near := get_close_matches(name, schema(), 1):
        return Told.of("errors.table_like", near=near[0], tables=tables)
    return Told.of("errors.tables_are", tables=tables)


def from_folder(folder: Path, *kinds: str, encoding: str | None = None) -> Given:
    """The tables of a folder in one kind of files or several, or of one workbook.

    Sheets of a workbook and files go together; no table may be there twice.
    """
    if "xlsx" in kinds and folder.is_file() and folder.suffix.lower() in _SUFFIXES["xlsx"]:
        paths = [folder]
    elif folder.is_dir():
        paths = sorted(p for p in folder.iterdir() if not p.name.startswith((".", "~$")))
    else:
        raise InvalidFileError("no_folder", path=folder, suffix=kinds[0])
    need("pyarrow")
    of_kind = {kind: [p for p in paths if _is_table(p, kind)] for kind in kinds}
    books, notes = _workbooks(of_kind.get("xlsx", []))
    texts, encodings = _texts(folder, of_kind.get("csv", []), encoding)
    frames = _frames(folder, of_kind.get("parquet", []))
    sheets = _together(folder, books, texts)
    if both := sorted(frames.keys() & sheets):
        raise InvalidFileError("table_in_two_formats", path=folder, names=", ".join(both))
    notes += encodings + _unread(paths, of_kind, {*frames, *sheets})
    if not frames and not sheets:
        raise _no_tables(folder, kinds, paths)
    divided = {
        (path.stem, part.partition("=")[0]) for path in of_kind.get("parquet", []) for part in _parts(path)
    }
    return _given(sheets, frames, notes)._replace(dividing=frozenset(divided))


def parts_of_folder(folder: Path) -> tuple[str, ...]:
    """Names of the parts that the workers of a folder of Parquet files lie in, sorted; none for one file."""
    if not folder.is_dir():
        raise InvalidFileError("no_folder", path=folder, suffix="parquet")
    return _parts(folder / "workers.parquet")


def _parts(path: Path) -> tuple[str, ...]:
    return tuple(sorted(each.name for each in path.iterdir() if each.is_dir())) if path.is_dir() else ()


def from_parts(
    folder: Path, part: str, names: Collection[str], columns: Sequence[str] | None = None
) -> Given:
    """Tables of a folder of Parquet files, those that lie in parts of one part alone.

    Parameters
    ----------
    folder : Path
        Where they are.
    part : str
        Name of a part; empty where there are none.
    names : collection of str
        Which tables.
    columns : sequence of str, optional
        Which columns of them; all unless given.
    """
    need("pyarrow.parquet")
    known, found = {"", *parts_of_folder(folder)}, {}
    for name, path in _by_table(
        sorted(each for each in folder.iterdir() if _is_table(each, "parquet"))
    ).items():
        if strange := set(_parts(path)) - known:
            raise InvalidFileError("part_without_workers", path=path, part=min(strange))
        at = path / part if _parts(path) else path
        if name in names and at.exists():
            found[name] = at
    by_path = {path: name for name, path in found.items()}
    frames = _read(
        found, lambda path: _read_parquet_file(path, by_path[path], columns), lambda at: -_size(at)
    )
    return _given({}, frames, ())


def _is_table(path: Path, kind: str) -> bool:
    """Whether a file is to be read; text that is not named as a table need not be one."""
    suffix = path.suffix.lower()
    return suffix in _SUFFIXES[kind] and (suffix not in (".txt", ".tsv") or table_name(path.stem) in schema())


def _unread(
    paths: Sequence[Path], of_kind: Mapping[str, Sequence[Path]], found: set[str]
) -> tuple[Told, ...]:
    """What is beside the tables and looks like one; an error where a table is missing that it may be."""
    read = {path for each in of_kind.values() for path in each}
    suffixes = ", ".join(_SUFFIXES[kind][0] for kind in of_kind)
    notes = []
    for path in paths:
        if path in read or path.suffix.lower() not in _TABLES:
            continue
        if table_name(path.stem) in schema().keys() - found:
            raise InvalidFileError("unread_table", path=path, suffixes=suffixes)
        notes.append(Told.of("notes.file_not_read", path=path.name, suffixes=suffixes))
    return tuple(notes)


def _no_tables(folder: Path, kinds: Sequence[str], paths: Sequence[Path]) -> InvalidFileError:
    files = joined("errors.or", [Told.of("errors.two_files", suffix=kind) for kind in kinds])
    books = [path.name for path in paths if path.suffix.lower() in (".xlsx", ".xls", ".ods")]
    if books:
        return InvalidFileError("only_a_workbook", path=folder, files=files, workbook=min(books))
    return InvalidFileError("no_tables", path=folder, files=files)


def _given(sheets: Mapping[str, Sheet], frames: Mapping[str, Any], notes: tuple[Told, ...]) -> Given:
    """Tables with what is written in short in its place, and with their ids tidied."""
    from gigmatch.tables.tidying import tidied

    tidy = {name: tidied(name, table) for name, table in frames.items()}
    notes += _notes(sheets.values()) + _notes(tidy.values())
    found = {name: each.table for name, each in tidy.items()}
    if not sheets:
        return Given(found, {}, notes)
    from gigmatch.tables.shorthand import expand

    whole = expand(dict(sheets), found)
    tables = found | {name: sheet.table for name, sheet in whole.items()}
    provenance: dict[str, Provenance] = {
        name: FileRows(f"{name}.csv", {}, list) for name in schema().keys() - tables
    }
    return Given(tables, provenance | {name: sheet.provenance for name, sheet in whole.items()}, notes)


def _together(folder: Path, *parts: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """Sheets of several kinds of files."""
    found: dict[str, Sheet] = {}
    for part in parts:
        if both := sorted(found.keys() & part):
            raise InvalidFileError("table_in_two_formats", path=folder, names=", ".join(both))
        found |= part
    return found


def _workbooks(paths: Sequence[Path]) -> tuple[dict[str, Sheet], tuple[Told, ...]]:
    """The tables of workbooks, and their sheets that are none."""
    found: dict[str, Sheet] = {}
    notes: tuple[Told, ...] = ()
    for path in paths:
        need("openpyxl")
        from gigmatch.tables.workbooks import read_workbook

        sheets, more = read_workbook(path)
        found, notes = _together(path, found, sheets), notes + more
    return found, notes


def _by_table(paths: Sequence[Path]) -> dict[str, Path]:
    """Files by the table that their names say."""
    found: dict[str, Path] = {}
    for path in paths:
        name = path.stem if path.suffix.lower() == ".parquet" else table_name(path.stem)
        if name not in schema():
            raise InvalidFileError("file_is_no_table", path=path, name=path.stem, guess=_guess(path.stem))
        if name in found:
            raise InvalidFileError("table_twice", path=path, table=name)
        found[name] = path
    return found


def _texts(
    folder: Path, paths: Sequence[Path], encoding: str | None
) -> tuple[dict[str, Sheet], tuple[Told, ...]]:
    """The tables of CSV files, and in what encoding they were read."""
    by_table = _by_table(paths)
    if not by_table:
        return {}, ()
    need("pyarrow.csv")
    from gigmatch.tables.encodings import decoded
    from gigmatch.tables.spreadsheets import read_csv_text

    texts, notes = decoded({path: read_bytes(path) for path in by_table.values()}, encoding)
    return _read(
        by_table, lambda path: read_csv_text(texts[path], path), lambda path: -len(texts[path])
    ), notes


def _frames(folder: Path, paths: Sequence[Path]) -> dict[str, Any]:
    """The tables of Parquet files."""
    if paths:
        need("pyarrow.parquet")
    by_table = _by_table(paths)
    names = {path: name for name, path in by_table.items()}
    return _read(by_table, lambda path: _read_parquet_file(path, names[path]), lambda path: -_size(path))


def _read(by_table: Mapping[str, Path], read: Any, size: Any) -> dict[str, Any]:
    """Every file read, the longest work first; in the order of the names given."""

    def table(path: Path) -> Any:
        try:
            return read(path)
        except InvalidFileError:
            raise
        except (OSError, ValueError, need("pyarrow").ArrowException) as error:
            raise InvalidFileError("cannot_read", path=path, error=error) from None

    by_size = sorted(by_table, key=lambda name: size(by_table[name]))
    found = dict(zip(by_size, in_order(table, [by_table[name] for name in by_size]), strict=True))
    return {name: found[name] for name in by_table}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # reading it will say so
        return 0


def _read_parquet_file(path: Path, name: str, only: Sequence[str] | None = None) -> Any:
    """A Parquet file as an Arrow table; a ValueError where a name or a text in it is damaged."""
    parquet, few = need("pyarrow.parquet"), _few_values(name)
    if path.is_dir():  # written in parts
        parts = [part for part in path.rglob("*") if not part.is_dir()]
        swelling = set[str]().union(*(_swelling(part) for part in parts if part.suffix == ".parquet"))
        kept = only and [each for each in parquet.ParquetDataset(path).schema.names if each in only]
        table = parquet.read_table(path, columns=kept, read_dictionary=[*{*few} | swelling])
    else:
        parts, swelling = [path], _swelling(path)
        with parquet.ParquetFile(path) as plain:
            there = {plain.schema.column(at).path for at in range(len(plain.schema))}
            coded = [*({*few} | swelling) & there]
            with parquet.ParquetFile(path, metadata=plain.metadata, read_dictionary=coded) as file:
                table = file.read([each for each in only if each in there] if only else None)
    if swelling:
        table = _written_out(path, sum(map(_size, parts)), table, swelling - {*few})
    names = table.column_names  # decodes them
    if len(set(names)) < len(names):
        raise InvalidFileError("column_twice", path=path, columns=", ".join(names))
    for column in table.columns:  # texts are decoded only when somebody looks at one
        if not _is_ascii(column):
            column.validate(full=True)
    return table


def _swelling(path: Path) -> set[str]:
    """Columns of a Parquet file in which a text stands once and may be meant far too often; mostly none.

    Refuses a file that says of itself that it holds far too much.
    """
    require_file(path)
    parquet, packed = need("pyarrow.parquet"), _size(path)
    with parquet.ParquetFile(path) as file:
        metadata, columns = file.metadata, [file.schema.column(at) for at in range(len(file.schema))]
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    refuse_swollen(path, packed, sum(group.total_byte_size for group in groups))
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    # A damaged chunk ends the process where its metadata are asked for, and is an error to who reads: the
    # first row of each group is read before. It brings along every text that stands once, as a dictionary.
    try:
        rows, is_bounded = _first_rows(path, texts), all(column.path == column.name for column in columns)
    except (OSError, NotImplementedError):  # damaged, or an encoding of which pyarrow has no dictionaries
        rows, is_bounded = _first_rows(path, []), False
    chunks = [group.column(at) for group in groups for at in range(metadata.num_columns)]
    said = sum(chunk.total_uncompressed_size for chunk in chunks)
    refuse_swollen(path, packed, max(said, _LEAST_BYTES * metadata.num_rows * metadata.num_columns))
    for chunk in chunks:
        if "DELTA_BYTE_ARRAY" in chunk.encodings:  # each text as the one before and a bit: at most so much
            refuse_swollen(path, packed, chunk.num_values * chunk.total_uncompressed_size)
    most = sum(starmap(_most_bytes, zip(groups, rows, strict=True)))
    coded = {chunk.path_in_schema for chunk in chunks if _CODED & {*chunk.encodings}}
    return coded if swells(packed, said + most) or not is_bounded else set()


def _first_rows(path: Path, texts: Sequence[str]) -> list[Any]:
    """The first row of each group of a Parquet file, some of its texts as dictionaries of the whole group."""
    with need("pyarrow.parquet").ParquetFile(path, read_dictionary=texts, pre_buffer=True) as file:
        groups = range(file.metadata.num_row_groups)
        return [next(file.iter_batches(batch_size=1, row_groups=[at]), None) for at in groups]


def _most_bytes(group: Any, first: Any) -> int:
    """What the texts of a group of rows come to at most: the longest that stands once, in every row."""
    pc, dictionary = need("pyarrow.compute"), need("pyarrow").DictionaryArray
    coded = [] if first is None else [each for each in first.columns if isinstance(each, dictionary)]
    longest = (pc.max(pc.binary_length(column.dictionary)).as_py() or 0 for column in coded)
    return int(group.num_rows * sum(longest))


def _written_out(path: Path, packed: int, table: Any, texts: set[str]) -> Any:
    """A table with some of its texts written out, if all of them come to no more than they may."""
    pa, pc, size = need("pyarrow"), need("pyarrow.compute"), table.nbytes
    for at, column in enumerate(table.columns):
        if not pa.types.is_dictionary(column.type):
            continue
        for chunk in column.chunks:
            size += pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
        refuse_swollen(path, packed, size)
        if (name := table.column_names[at]) in texts:
            table = table.set_column(at, name, column.cast(column.type.value_type))
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
