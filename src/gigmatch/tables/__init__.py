"""A morning as tables: one relational schema, read from frames and files and written to them.

`schema` lists every table and column; ``docs/schema.md`` shows it, and so do the scripts for PostgreSQL and
SQLite beside it: ``select *`` of each table is what the functions here take. Frames are those of pandas,
polars, pyarrow, and whatever else narwhals reads. Tables that a morning does not need may be missing, and so
may columns that are not required; unknown columns are refused, since they would be dropped without a word.

Values may be written as databases and spreadsheets write them:

* ids as text, as UUIDs, which become their text, or as whole numbers, which become their digits;
* money and other numbers as integers, floats, decimals or text;
* times as whole minutes since the morning's midnight, as text ``"HH:MM"``, as times of the morning's day, or
  as timestamps: with a zone, they are moved to the morning's zone; seconds are dropped;
* dates as dates, as text, or as timestamps of midnight;
* booleans as such, as 0 and 1, or as text such as ``true`` and ``no``;
* what is unknown as NULL, None or NaN; where the schema has a default, unknown means the default.

Columns are made without a Python object per row. Needs ``pip install 'gigmatch[tables]'``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, overload

from gigmatch.columns import Columns
from gigmatch.core.threads import keep_freed_memory
from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning
from gigmatch.tables.folders import Given, from_folder, from_frames
from gigmatch.tables.frames import FrameKind, need, to_kind
from gigmatch.tables.results import LeftOut, Loaded, LoadedMorning
from gigmatch.tables.schema import Column, Table, schema

__all__ = [
    "Column",
    "FrameKind",
    "LeftOut",
    "Loaded",
    "LoadedMorning",
    "Table",
    "assignment_frame",
    "assignment_to_files",
    "columns_from_files",
    "columns_from_frames",
    "morning_from_files",
    "morning_from_frames",
    "morning_to_frames",
    "read_csv",
    "read_parquet",
    "schema",
    "write_csv",
    "write_parquet",
]

OnError = Literal["raise", "collect"]
FileKind = Literal["csv", "parquet"]


@overload
def columns_from_frames(*, on_error: Literal["raise"] = "raise", **tables: Any) -> Columns: ...


@overload
def columns_from_frames(*, on_error: Literal["collect"], **tables: Any) -> Loaded: ...


def columns_from_frames(*, on_error: OnError = "raise", **tables: Any) -> Columns | Loaded:
    """Columns from frames, the same as by way of a `Morning`, without an object per row.

    Parameters
    ----------
    on_error : {"raise", "collect"}
        ``collect`` leaves out rows with a problem, with the worker or shift they belong to and whatever
        refers to them, and lists them. Problems of the tables that everybody depends on (``morning``,
        ``stations``, ``limits``, ``skills``, ``skill_covers``, ``reference_wages``) and of whole columns are
        raised even then.
    **tables : frame or mapping
        By the names of `schema`; ``morning`` and ``stations`` are needed. A mapping has a list per column, or
        a scalar for the one row of ``morning``.

    Returns
    -------
    Columns or Loaded
        Workers in order of arrival then id, shifts in order of id; with ``collect``, the columns and the rows
        left out.

    Raises
    ------
    InvalidMorningError
        Listing every problem with table, row (from 0) and column.
    InvalidInputError
        A table that the schema does not have, or what is no frame.
    UnsupportedError
        The extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> columns = gm.columns_from_frames(
    ...     morning={
    ...         "date": "2025-09-19",
    ...         "time_zone": "Asia/Shanghai",
    ...         "currency": "CNY",
    ...         "market_id": "hall",
    ...     },
    ...     stations={"id": ["hall"], "name": ["Hall"], "lat": [39.9], "lon": [116.2], "datum": ["WGS-84"]},
    ...     workers={"id": [7, 12], "station_id": ["hall", "hall"], "rating": [4.5, None]},
    ... )
    >>> columns.worker_ids, columns.workers.rating
    (('12', '7'), array([nan, 4.5]))
    """
    return _columns(from_frames(tables), "the tables", on_error)


@overload
def read_parquet(folder: str | Path, *, on_error: Literal["raise"] = "raise") -> Columns: ...


@overload
def read_parquet(folder: str | Path, *, on_error: Literal["collect"]) -> Loaded: ...


def read_parquet(folder: str | Path, *, on_error: OnError = "raise") -> Columns | Loaded:
    """Columns from a folder of Parquet files, one a table: ``workers.parquet``, ``shifts.parquet``, ...

    Parameters
    ----------
    folder : str or Path
        Where the files are; those that a morning does not need may be missing.
    on_error : {"raise", "collect"}
        As for `columns_from_frames`.

    Returns
    -------
    Columns or Loaded
        As from `columns_from_frames`.

    Raises
    ------
    InvalidFileError
        A file that cannot be read, or one that is no table of the schema.
    InvalidMorningError
        Listing every problem with table, row (from 0) and column.
    UnsupportedError
        The extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_parquet(gm.samples.jingshi(workers=50), folder)
    ...     columns = gm.read_parquet(folder)
    >>> columns.n_workers
    50
    """
    return _columns(from_folder(Path(folder), "parquet"), str(folder), on_error)


@overload
def read_csv(folder: str | Path, *, on_error: Literal["raise"] = "raise") -> Columns: ...


@overload
def read_csv(folder: str | Path, *, on_error: Literal["collect"]) -> Loaded: ...


def read_csv(folder: str | Path, *, on_error: OnError = "raise") -> Columns | Loaded:
    """Columns from a folder of CSV files, one a table: ``workers.csv``, ``shifts.csv``, ...

    Files have commas and a header with the names of the schema, or the Chinese ones that ``docs/schema.md``
    lists; they are in UTF-8, with or without a byte order mark, or in GB18030. An empty cell is unknown,
    ``""`` is empty text. An apostrophe before ``= + - @`` is taken off: it only keeps spreadsheets calm.
    Three files will do, ``morning.csv``, ``workers.csv`` and ``shifts.csv``: what other tables would hold may
    be written in them in short, which the same page explains.

    Parameters
    ----------
    folder : str or Path
        Where the files are; those that a morning does not need may be missing.
    on_error : {"raise", "collect"}
        As for `columns_from_frames`.

    Returns
    -------
    Columns or Loaded
        As from `columns_from_frames`.

    Raises
    ------
    InvalidFileError
        A file that cannot be read, or one that is no table of the schema.
    InvalidMorningError
        Listing every problem with file, row (as a spreadsheet numbers them, the header being row 1) and
        column.
    UnsupportedError
        The extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_csv(gm.samples.jingshi(workers=50), folder)
    ...     columns = gm.read_csv(folder)
    >>> columns.n_workers
    50
    """
    return _columns(from_folder(Path(folder), "csv"), str(folder), on_error)


@overload
def columns_from_files(folder: str | Path, *, on_error: Literal["raise"] = "raise") -> Columns: ...


@overload
def columns_from_files(folder: str | Path, *, on_error: Literal["collect"]) -> Loaded: ...


def columns_from_files(folder: str | Path, *, on_error: OnError = "raise") -> Columns | Loaded:
    """Columns from a folder of files, one a table, in Parquet or CSV.

    Parameters
    ----------
    folder : str or Path
        With files as for `read_parquet` or `read_csv`; no table may be there twice.
    on_error : {"raise", "collect"}
        As for `columns_from_frames`.

    Returns
    -------
    Columns or Loaded
        As from `columns_from_frames`.

    Raises
    ------
    InvalidFileError, InvalidMorningError, UnsupportedError
        As for `read_parquet` and `read_csv`.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_csv(gm.samples.jingshi(workers=50), folder)
    ...     loaded = gm.columns_from_files(folder, on_error="collect")
    >>> loaded.columns.n_workers, loaded.left_out
    (50, ())
    """
    return _columns(from_folder(Path(folder), "parquet", "csv"), str(folder), on_error)


@overload
def morning_from_frames(*, on_error: Literal["raise"] = "raise", **tables: Any) -> Morning: ...


@overload
def morning_from_frames(*, on_error: Literal["collect"], **tables: Any) -> LoadedMorning: ...


def morning_from_frames(*, on_error: OnError = "raise", **tables: Any) -> Morning | LoadedMorning:
    """A `Morning` from frames: objects, for whatever needs more than columns.

    Parameters
    ----------
    on_error : {"raise", "collect"}
        As for `columns_from_frames`.
    **tables : frame or mapping
        As for `columns_from_frames`.

    Returns
    -------
    Morning or LoadedMorning
        Everything in order of the rows; with ``collect``, the morning and the rows left out.

    Raises
    ------
    InvalidMorningError, InvalidInputError, UnsupportedError
        As for `columns_from_frames`.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(workers=50)
    >>> gm.morning_from_frames(**gm.morning_to_frames(morning)) == morning
    True
    """
    return _morning(from_frames(tables), "the tables", on_error)


@overload
def morning_from_files(folder: str | Path, *, on_error: Literal["raise"] = "raise") -> Morning: ...


@overload
def morning_from_files(folder: str | Path, *, on_error: Literal["collect"]) -> LoadedMorning: ...


def morning_from_files(folder: str | Path, *, on_error: OnError = "raise") -> Morning | LoadedMorning:
    """A `Morning` from a folder of files, one a table, in Parquet or CSV.

    Parameters
    ----------
    folder : str or Path
        With files as for `read_parquet` or `read_csv`; no table may be there twice.
    on_error : {"raise", "collect"}
        As for `columns_from_frames`.

    Returns
    -------
    Morning or LoadedMorning
        Everything in order of the rows; with ``collect``, the morning and the rows left out.

    Raises
    ------
    InvalidFileError, InvalidMorningError, UnsupportedError
        As for `read_parquet`.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> morning = gm.samples.jingshi(workers=50)
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_csv(morning, folder)
    ...     gm.morning_from_files(folder) == morning
    True
    """
    return _morning(from_folder(Path(folder), "parquet", "csv"), str(folder), on_error)


def _morning(given: Given, source: str, on_error: OnError) -> Morning | LoadedMorning:
    from gigmatch.tables.mornings import morning_of

    found, left_out = _sound(given, source, on_error)
    morning = morning_of(found, source)
    return morning if on_error == "raise" else LoadedMorning(morning, left_out)


def morning_to_frames(morning: Morning, kind: FrameKind = "pyarrow") -> dict[str, Any]:
    """Every table of a morning as a frame, by name.

    Parameters
    ----------
    morning : Morning
        Everything in it is written; `morning_from_frames` gives it back.
    kind : {"pandas", "polars", "pyarrow"}
        What the frames are.

    Returns
    -------
    dict of str to frame
        In the order of `schema`, tables without rows included.

    Examples
    --------
    >>> import gigmatch as gm
    >>> frames = gm.morning_to_frames(gm.samples.jingshi(workers=50))
    >>> frames["workers"].num_rows
    50
    """
    need("pyarrow")
    from gigmatch.tables.writing import tables_of

    return {name: to_kind(table, kind) for name, table in tables_of(morning).items()}


def write_parquet(morning: Morning | Mapping[str, Any], folder: str | Path) -> None:
    """Write a morning as Parquet files, one a table, for `read_parquet`.

    Parameters
    ----------
    morning : Morning or mapping of str to frame
        Everything in it is written; frames or mappings by the names of `schema`, as they are: what is wrong
        with them is told by whoever reads them.
    folder : str or Path
        Made if it is not there; files of the same names are written anew, those of other tables removed.

    Raises
    ------
    InvalidInputError
        A table that the schema does not have, or what is no frame.
    UnsupportedError
        The extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_parquet(gm.samples.jingshi(workers=50), folder)
    """
    need("pyarrow.parquet")
    _write_all(_tables_to_write(morning), Path(folder), "parquet")


def write_csv(morning: Morning | Mapping[str, Any], folder: str | Path) -> None:
    """Write a morning as CSV files, one a table, for `read_csv` and for spreadsheets.

    In UTF-8 with a byte order mark, by which Excel knows it. Text that a spreadsheet would take for a formula
    gets an apostrophe in front, which reading takes off again.

    Parameters
    ----------
    morning : Morning or mapping of str to frame
        As for `write_parquet`; tables without rows are left out.
    folder : str or Path
        Made if it is not there; files of the same names are written anew, those of other tables removed.

    Raises
    ------
    InvalidInputError, UnsupportedError
        As for `write_parquet`.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_csv(gm.samples.jingshi(workers=50), folder)
    """
    need("pyarrow.csv")
    tables = _tables_to_write(morning)
    _write_all({name: table for name, table in tables.items() if table.num_rows}, Path(folder), "csv")


def _tables_to_write(morning: Morning | Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(morning, Mapping):
        return morning_to_frames(morning)
    given = from_frames(morning).tables
    from gigmatch.tables.writing import with_whole_numbers

    return {name: with_whole_numbers(name, table) for name, table in given.items()}


def _write_all(tables: Mapping[str, Any], folder: Path, kind: FileKind) -> None:
    """A file for each table, and none for the others, of which an older morning may have left one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in schema():
        path = folder / f"{name}.{kind}"
        if name in tables:
            _write(tables[name], path)
        else:
            path.unlink(missing_ok=True)


def assignment_frame(assignment: Any, kind: FrameKind = "pyarrow") -> Any:
    """Who works where, as a frame with a row per placement.

    Parameters
    ----------
    assignment : Assignment
        From ``match`` or ``Assignment.load``.
    kind : {"pandas", "polars", "pyarrow"}
        What the frame is.

    Returns
    -------
    frame
        ``worker_id``, ``shift_id``, ``points``, ``minutes``, ``pay_total`` and ``kept``, in order of the
        worker's row: arrival, then id.

    Examples
    --------
    >>> import gigmatch as gm
    >>> assignment = gm.match(gm.samples.jingshi(workers=50))
    >>> frame = gm.assignment_frame(assignment)
    >>> frame.column_names
    ['worker_id', 'shift_id', 'points', 'minutes', 'pay_total', 'kept']
    >>> frame.num_rows == assignment.summary.placements
    True
    """
    pa = need("pyarrow")
    types = {"worker_id": pa.string(), "shift_id": pa.string(), "kept": pa.bool_()}
    rows = list(zip(*assignment.placements, strict=True)) or [()] * len(_PLACEMENT)
    columns = [
        pa.array(values, types.get(name, pa.float64())) for name, values in zip(_PLACEMENT, rows, strict=True)
    ]
    return to_kind(pa.table(columns, names=list(_PLACEMENT)), kind)


_PLACEMENT = ("worker_id", "shift_id", "points", "minutes", "pay_total", "kept")


def assignment_to_files(
    assignment: Any, folder: str | Path, kind: FileKind = "csv", left_out: Sequence[LeftOut] = ()
) -> None:
    """Write an answer as files, one a table, and the assignment with its proof beside them.

    ``placements`` as from `assignment_frame`; ``unplaced`` and ``open_shifts`` with the fact about each;
    ``warnings`` with the placements that break a rule that only warns; ``left_out`` with the rows of the
    input that are not in it; ``assignment.json`` for ``Assignment.load`` and whoever checks it.

    Parameters
    ----------
    assignment : Assignment
        From ``match`` or ``Assignment.load``.
    folder : str or Path
        Made if it is not there; files of the same names are written anew.
    kind : {"csv", "parquet"}
        CSV is written as `write_csv` does.
    left_out : sequence of LeftOut
        From `columns_from_files` with ``on_error="collect"``.

    Raises
    ------
    InvalidInputError
        Another kind of file.
    UnsupportedError
        The extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> assignment = gm.match(gm.samples.jingshi(workers=50))
    >>> with TemporaryDirectory() as folder:
    ...     gm.assignment_to_files(assignment, folder)
    ...     print(*sorted(path.name for path in Path(folder).iterdir()))
    assignment.json left_out.csv open_shifts.csv placements.csv unplaced.csv warnings.csv
    """
    need("pyarrow")
    from gigmatch.tables.answers import tables_of_answer

    if kind not in get_args(FileKind):
        raise InvalidInputError(f"kind must be one of {', '.join(get_args(FileKind))}. Got {kind!r}.")
    Path(folder).mkdir(parents=True, exist_ok=True)
    tables = {"placements": assignment_frame(assignment)} | tables_of_answer(assignment, left_out)
    for name, table in tables.items():
        _write(table, Path(folder, f"{name}.{kind}"))
    assignment.save(Path(folder, "assignment.json"))


def _write(table: Any, path: Path) -> None:
    if path.suffix == ".parquet":
        need("pyarrow.parquet").write_table(table, path)
        return
    from gigmatch.tables.spreadsheets import write_csv_file

    write_csv_file(table, path)


def _columns(given: Given, source: str, on_error: OnError) -> Columns | Loaded:
    from gigmatch.tables.bulk import columns_of_tables

    keep_freed_memory()
    found, left_out = _sound(given, source, on_error)
    columns = columns_of_tables(found)
    return columns if on_error == "raise" else Loaded(columns, left_out)


def _sound(given: Given, source: str, on_error: OnError) -> tuple[Any, tuple[LeftOut, ...]]:
    from gigmatch.tables.bulk import sound_tables

    if on_error not in get_args(OnError):
        raise InvalidInputError(f"on_error must be 'raise' or 'collect'. Got {on_error!r}.")
    return sound_tables(given.tables, source, collect=on_error == "collect", origins=given.origins)
