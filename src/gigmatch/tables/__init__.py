"""A morning as tables: one relational schema, read from frames and files and written to them.

`schema` lists every table and column; ``docs/schema.md`` shows it, and so do the scripts for PostgreSQL and
SQLite beside it: ``select *`` of each table is what the functions here take. Frames are those of pandas,
polars, pyarrow, and whatever else narwhals reads. Tables that a morning does not need may be missing, and so
may columns that are not required; unknown columns are told of and not read, or kept, or refused.

Values may be written as databases and spreadsheets write them:

* ids as text, as UUIDs, which become their text, or as whole numbers, which become their digits;
* money and other numbers as integers, floats, decimals or text, with separators and units;
* times as whole minutes since the morning's midnight, as text that clocks show, as times of the morning's
  day, or as timestamps: with a zone, they are moved to the morning's zone; seconds are dropped;
* dates as dates, as text, or as timestamps of midnight;
* booleans as such, as 0 and 1, or as text such as ``true`` and ``no``;
* what is unknown as NULL, None or NaN; where the schema has a default, unknown means the default.

Columns are made without a Python object per row. Needs the extra ``tables``.
"""

from gigmatch.model.reading import LeftOut, Reading
from gigmatch.tables.answers import assignment_frame, assignment_frames, assignment_to_files
from gigmatch.tables.editing import without_rows
from gigmatch.tables.frames import FrameKind
from gigmatch.tables.reading import (
    columns_from_files,
    columns_from_frames,
    morning_from_files,
    morning_from_frames,
    read_csv,
    read_parquet,
)
from gigmatch.tables.schema import Column, Table, schema
from gigmatch.tables.writing import morning_to_frames, write_csv, write_parquet, write_xlsx

__all__ = [
    "Column",
    "FrameKind",
    "LeftOut",
    "Reading",
    "Table",
    "assignment_frame",
    "assignment_frames",
    "assignment_to_files",
    "columns_from_files",
    "columns_from_frames",
    "morning_from_files",
    "morning_from_frames",
    "morning_to_frames",
    "read_csv",
    "read_parquet",
    "schema",
    "without_rows",
    "write_csv",
    "write_parquet",
    "write_xlsx",
]
