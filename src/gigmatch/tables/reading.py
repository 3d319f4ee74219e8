"""Mornings out of frames and files: as columns, without an object per row, or as a `Morning`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from gigmatch.columns import Columns
from gigmatch.core.threads import keep_freed_memory
from gigmatch.errors import InvalidInputError
from gigmatch.i18n import Told
from gigmatch.model import Morning
from gigmatch.model.reading import Reading, was_read
from gigmatch.tables.folders import Given, from_folder, from_frames

__all__ = [
    "columns_from_files",
    "columns_from_frames",
    "columns_given",
    "morning_from_files",
    "morning_from_frames",
    "read_csv",
    "read_parquet",
]

OnError = Literal["raise", "collect"]
Extra = Literal["keep", "ignore", "refuse"]
_ALL = ("parquet", "csv", "xlsx")


def columns_from_frames(*, on_error: OnError = "raise", extra: Extra = "ignore", **tables: Any) -> Columns:
    """Columns from frames, the same as by way of a `Morning`, without an object per row.

    Parameters
    ----------
    on_error : {"raise", "collect"}
        ``collect`` leaves out rows with a problem, with the worker or shift they belong to and whatever
        refers to them, and lists them. Problems of the tables that everybody depends on (``morning``,
        ``stations``, ``limits``, ``skills``, ``skill_covers``, ``reference_wages``) and of whole columns are
        raised even then.
    extra : {"ignore", "keep", "refuse"}
        What becomes of columns that the schema does not have: they are not read and told of in
        ``reading.notes``, kept as free attributes of workers and shifts, or raised as problems. Those named
        for what nobody may be matched by, such as sex or the number of an identity card, are always dropped.
    **tables : frame or mapping
        By the names of `schema`; ``morning`` and ``stations`` are needed. A mapping has a list per column, or
        a scalar for the one row of ``morning``.

    Returns
    -------
    Columns
        Workers in order of arrival then id, shifts in order of id. Their ``reading`` lists what was left out
        and what was noted.

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
    return _columns(from_frames(tables), Told.of("sources.tables"), on_error, extra)


def read_parquet(folder: str | Path, *, on_error: OnError = "raise", extra: Extra = "ignore") -> Columns:
    """Columns from a folder of Parquet files, one a table: ``workers.parquet``, ``shifts.parquet``, ...

    Arguments, result and errors are those of `columns_from_files`.

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
    return _columns(from_folder(Path(folder), "parquet"), str(folder), on_error, extra)


def read_csv(
    folder: str | Path, *, on_error: OnError = "raise", extra: Extra = "ignore", encoding: str | None = None
) -> Columns:
    """Columns from a folder of CSV files, one a table: ``workers.csv``, ``shifts.csv``, ...

    Files have commas, semicolons, tabs or bars, and a header with the names of the schema, or the Chinese
    ones that ``docs/schema.md`` lists. They are in UTF-8, in UTF-16 with a byte order mark, or all in one
    older encoding, which is told in ``reading.notes``. An empty cell is unknown, ``""`` is empty text. An
    apostrophe before ``= + - @``, wide or not, is taken off: it only keeps spreadsheets calm.
    Three files will do, ``morning.csv``, ``workers.csv`` and ``shifts.csv``: what other tables would hold may
    be written in them in short, which the same page explains.

    Arguments, result and errors are those of `columns_from_files`.

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
    return _columns(from_folder(Path(folder), "csv", encoding=encoding), str(folder), on_error, extra)


def columns_from_files(
    folder: str | Path, *, on_error: OnError = "raise", extra: Extra = "ignore", encoding: str | None = None
) -> Columns:
    """Columns from a folder of files, one a table, in Parquet, CSV or workbooks, or from one workbook.

    Parameters
    ----------
    folder : str or Path
        With files as for `read_parquet` or `read_csv`, or ``.xlsx`` with a sheet a table; tables that a
        morning does not need may be missing, and no table may be there twice. Or one such workbook.
    on_error, extra
        As for `columns_from_frames`.
    encoding : str, optional
        In which text files are that are neither marked nor UTF-8, such as ``"gb18030"`` or ``"cp1252"``;
        found out if it is left out, and asked for where the files leave it in doubt.

    Returns
    -------
    Columns
        As from `columns_from_frames`.

    Raises
    ------
    InvalidFileError
        A file that cannot be read, or one that is no table of the schema.
    InvalidMorningError
        Listing every problem with table, row (from 0) and column; of CSV with file, row (as a spreadsheet
        numbers them, the header being row 1) and column.
    UnsupportedError
        The extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_csv(gm.samples.jingshi(workers=50), folder)
    ...     columns = gm.columns_from_files(folder, on_error="collect")
    >>> columns.n_workers, columns.reading.left_out
    (50, ())
    """
    return _columns(from_folder(Path(folder), *_ALL, encoding=encoding), str(folder), on_error, extra)


def morning_from_frames(*, on_error: OnError = "raise", extra: Extra = "ignore", **tables: Any) -> Morning:
    """A `Morning` from frames: objects, for whatever needs more than columns.

    Parameters
    ----------
    on_error, extra
        As for `columns_from_frames`.
    **tables : frame or mapping
        As for `columns_from_frames`.

    Returns
    -------
    Morning
        Everything in order of the rows; its ``reading`` lists what was left out and what was noted.

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
    return _morning(from_frames(tables), Told.of("sources.tables"), on_error, extra)


def morning_from_files(
    folder: str | Path, *, on_error: OnError = "raise", extra: Extra = "ignore", encoding: str | None = None
) -> Morning:
    """A `Morning` from a folder of files, one a table, in Parquet, CSV or workbooks, or from one workbook.

    Arguments and errors are those of `columns_from_files`, the result that of `morning_from_frames`.

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
    return _morning(from_folder(Path(folder), *_ALL, encoding=encoding), str(folder), on_error, extra)


def _morning(given: Given, source: str, on_error: OnError, extra: Extra) -> Morning:
    from gigmatch.tables.to_morning import morning_of

    found, reading = _sound(given, source, on_error, extra)
    return was_read(morning_of(found, source), reading)


def columns_given(given: Given, source: str) -> Columns:
    """Columns of tables that have been read; whatever is wrong with them is an error."""
    return _columns(given, source, "raise", "ignore")


def _columns(given: Given, source: str, on_error: OnError, extra: Extra) -> Columns:
    from gigmatch.tables.bulk import columns_of_tables

    keep_freed_memory()
    found, reading = _sound(given, source, on_error, extra)
    return was_read(columns_of_tables(found), reading)


def _sound(given: Given, source: str, on_error: OnError, extra: Extra) -> tuple[Any, Reading]:
    from gigmatch.tables.bulk import sound_tables

    if on_error not in get_args(OnError):
        raise InvalidInputError("unknown_option", name="on_error", names="'raise', 'collect'", value=on_error)
    if extra not in get_args(Extra):
        raise InvalidInputError(
            "unknown_option", name="extra", names="'ignore', 'keep', 'refuse'", value=extra
        )
    from gigmatch.tables.extra import settled

    given = settled(given, extra)
    found, reading = sound_tables(
        given.tables, source, collect=on_error == "collect", provenance=given.provenance
    )
    return found, replace(reading, notes=given.notes)
