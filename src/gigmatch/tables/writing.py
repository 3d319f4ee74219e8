"""A morning into frames and files, one a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from typing import Any, Literal

from gigmatch.columns import Columns
from gigmatch.errors import UnsupportedError
from gigmatch.model import Morning
from gigmatch.tables.folders import from_frames
from gigmatch.tables.frames import FrameKind, need, to_kind
from gigmatch.tables.schema import schema

__all__ = ["FileKind", "morning_to_frames", "write_csv", "write_parquet", "write_table", "write_xlsx"]

FileKind = Literal["csv", "parquet", "xlsx"]


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

    Raises
    ------
    UnsupportedError
        The morning came as columns, which do not hold all of it; or the extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> frames = gm.morning_to_frames(gm.samples.jingshi(workers=50))
    >>> frames["workers"].num_rows
    50
    """
    if isinstance(morning, Columns):
        raise UnsupportedError("columns_not_written")
    need("pyarrow")
    from gigmatch.tables.from_morning import tables_of

    return {name: to_kind(table, kind) for name, table in tables_of(morning).items()}


def write_parquet(
    morning: Morning | Mapping[str, Any], folder: str | Path, *, partition_by: str | None = None
) -> None:
    """Write a morning as Parquet files, one a table, for `read_parquet`.

    Parameters
    ----------
    morning : Morning or mapping of str to frame
        Everything in it is written; frames or mappings by the names of `schema`, as they are: what is wrong
        with them is told by whoever reads them.
    folder : str or Path
        Made if it is not there; files of the same names are written anew, those of other tables removed.
    partition_by : str, optional
        A column of the workers that no schema knows, such as ``"district"``: every table that names workers
        becomes a folder with a folder for each value, which `Partitioned` reads one by one.

    Raises
    ------
    InvalidInputError
        A table that the schema does not have, what is no frame, or a column that not everybody has.
    UnsupportedError
        As for `morning_to_frames`.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_parquet(gm.samples.jingshi(workers=50), folder)
    """
    need("pyarrow.parquet")
    tables = _tables_to_write(morning)
    from gigmatch.tables.partitioned import split

    parts = {} if partition_by is None else split(tables, partition_by)
    _write_all({name: table for name, table in tables.items() if name not in parts}, Path(folder), "parquet")
    for name, table in parts.items():
        need("pyarrow.parquet").write_to_dataset(
            table,
            Path(folder, f"{name}.parquet"),
            partition_cols=[partition_by],
            basename_template="part-{i}.parquet",
        )


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


def write_xlsx(morning: Morning | Mapping[str, Any], path: str | Path) -> None:
    """Write a morning as a workbook for Excel, a sheet a table, for `columns_from_files` and for people.

    Parameters
    ----------
    morning : Morning or mapping of str to frame
        As for `write_parquet`; tables without rows are left out.
    path : str or Path
        Ends in ``.xlsx``; written anew.

    Raises
    ------
    InvalidInputError, UnsupportedError
        As for `write_parquet`; also a text with control characters, which no workbook can hold.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_xlsx(gm.samples.jingshi(workers=50), Path(folder, "morning.xlsx"))
    ...     gm.columns_from_files(Path(folder, "morning.xlsx")).n_workers
    50
    """
    need("openpyxl")
    tables = _tables_to_write(morning)
    from gigmatch.tables.from_morning import with_clock_times
    from gigmatch.tables.workbooks import write_workbook

    filled = {name: with_clock_times(name, table) for name, table in tables.items() if table.num_rows}
    write_workbook(filled, Path(path))


def _tables_to_write(morning: Morning | Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(morning, Mapping):
        return morning_to_frames(morning)
    given = from_frames(morning).tables
    from gigmatch.tables.from_morning import with_whole_numbers

    return {name: with_whole_numbers(name, table) for name, table in given.items()}


def _write_all(tables: Mapping[str, Any], folder: Path, kind: FileKind) -> None:
    """A file for each table, and none for the others, of which an older morning may have left one."""
    from gigmatch.tables.from_morning import with_clock_times

    folder.mkdir(parents=True, exist_ok=True)
    for name in schema():
        path = folder / f"{name}.{kind}"
        if path.is_dir():
            rmtree(path)
        path.unlink(missing_ok=True)
        if name in tables:
            write_table(tables[name] if kind == "parquet" else with_clock_times(name, tables[name]), path)


def write_table(table: Any, path: Path) -> None:
    """Write one table as the ending of the path says."""
    if path.suffix == ".parquet":
        need("pyarrow.parquet").write_table(table, path)
        return
    from gigmatch.tables.spreadsheets import write_csv_file

    write_csv_file(table, path)
