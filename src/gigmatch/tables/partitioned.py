"""A morning in Parquet files whose workers lie in parts, by district or whatever else, and are read by part.

The layout is that of partitioned data sets everywhere: tables that name workers are folders with a folder
for each part, such as ``workers.parquet/district=3/``, the others are files. ``read_parquet`` reads all of it
as one morning, whatever the parts are; who has one process needs nothing of this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import Int64Array
from gigmatch.errors import InvalidFileError, InvalidInputError
from gigmatch.i18n.foreign import said_by_system
from gigmatch.tables.folders import Given, from_parts, parts_of_folder
from gigmatch.tables.frames import need
from gigmatch.tables.reading import columns_given
from gigmatch.tables.schema import schema

__all__ = [
    "Outline",
    "Partitioned",
    "clear_placements",
    "ids_digest",
    "outline_of",
    "split",
    "worker_tables",
    "write_placements",
]

_IN_OUTLINE = ("id", "arrived_at_min")  # by which workers stand in order
_WHOLE = ""
_PLACEMENTS = "placements.parquet"


class Outline(NamedTuple):
    """What a morning is without what is known of its workers."""

    columns: Columns
    """Every shift as it is; of the workers their ids alone, in the order of the whole morning."""
    rows: tuple[Int64Array, ...]
    """Rows of the workers of each part, ascending."""


@dataclass(frozen=True)
class Partitioned:
    """A morning in a folder of Parquet files, to be read part by part.

    Parameters
    ----------
    folder : str or Path
        As ``write_parquet`` writes it with ``partition_by``; a folder without parts is one part. Every
        machine that reads a part finds it under this name.
    into : str or Path, optional
        Folder that the placements of each part are written to, as Parquet files in parts of the same names.

    Raises
    ------
    InvalidInputError
        Something is no path; ``into`` is the folder that is read, holds what is read where placements go, or
        cannot be a folder since a file stands there.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from tempfile import TemporaryDirectory
    >>> tables = gm.samples.city_tables(200, 50, seed=1, partitions=3)
    >>> with TemporaryDirectory() as folder:
    ...     gm.write_parquet(tables, folder, partition_by="district")
    ...     source = gm.Partitioned(folder)
    ...     source.parts, source.part("district=1").n_workers
    (('district=0', 'district=1', 'district=2'), 67)
    """

    folder: str | Path
    into: str | Path | None = None

    def __post_init__(self) -> None:
        for name in ("folder", "into"):
            value = getattr(self, name)
            if isinstance(value, Path):
                object.__setattr__(self, name, str(value))
            elif not (isinstance(value, str) or (value is None and name == "into")):
                raise InvalidInputError("wrong_type", name=name, kinds="str", value=value)
        if self.into is not None:
            _refuse_target(Path(self.folder).resolve(), Path(self.into).resolve())

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts, sorted; one without a name where the workers are in one file."""
        return parts_of_folder(Path(self.folder)) or (_WHOLE,)

    def told(self, part: str) -> str:
        """What a part is called."""
        return part or str(self.folder)

    def part(self, name: str) -> Columns:
        """The workers of a part, with every shift.

        Raises
        ------
        InvalidFileError, InvalidMorningError, UnsupportedError
            As for ``read_parquet``.
        """
        given = from_parts(Path(self.folder), name, schema())
        return columns_given(given, str(Path(self.folder, name))).unlabelled


def outline_of(source: Partitioned) -> Outline:
    """All shifts, and the order of the workers of a data set; raises as `Partitioned.part`."""
    pa, folder = need("pyarrow"), Path(source.folder)
    shared = from_parts(folder, _WHOLE, schema().keys() - {*worker_tables()}).tables
    workers = [
        table
        for part in source.parts
        for table in from_parts(folder, part, {"workers"}, _IN_OUTLINE).tables.values()
    ]
    people = pa.concat_tables(workers, promote_options="permissive") if workers else pa.table({})
    if "morning" in shared and shared["morning"].num_rows and "market_id" in shared["morning"].column_names:
        hall = shared["morning"].column("market_id")[0].as_py()  # nobody's place is known here
        people = people.append_column("station_id", pa.array([hall] * people.num_rows))
    columns = columns_given(Given({**shared, "workers": people}, {}), str(folder)).unlabelled
    return Outline(columns, tuple(_rows(columns, table) for table in workers))


def write_placements(into: str | Path, part: str, columns: dict[str, Any]) -> None:
    """Write the placements of a part, all of them or none.

    Raises
    ------
    InvalidFileError
        They cannot be written: the disk is full, say.
    """
    path = Path(into, _PLACEMENTS, part, "part-0.parquet")
    fresh = path.with_suffix(f".{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            need("pyarrow.parquet").write_table(need("pyarrow").table(columns), fresh)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidFileError("answer_not_written", path=path, error=said_by_system(error)) from None


def clear_placements(into: str | Path) -> None:
    """Remove what an older answer left; raises InvalidFileError where that cannot be."""
    path = Path(into, _PLACEMENTS)
    try:
        if path.exists():
            rmtree(path)
    except OSError as error:
        raise InvalidFileError("answer_not_written", path=path, error=said_by_system(error)) from None


def _refuse_target(source: Path, into: Path) -> None:
    """Refuse an answer that would lie among the tables, take them away, or find a file in its way."""
    if into.is_relative_to(source) or source.is_relative_to(into / _PLACEMENTS):
        raise InvalidInputError("answer_in_source", into=str(into), folder=str(source))
    there = next(path for path in (into, *into.parents) if path.exists())
    if not there.is_dir():
        raise InvalidInputError("answer_in_file", into=str(into), path=str(there))


def ids_digest(ids: Sequence[str]) -> str:
    """SHA-256 of some ids in order: whether two read the same rows."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def _rows(columns: Columns, workers: Any) -> Int64Array:
    """Rows of the columns, ascending, of the workers in a table."""
    pa, pc = need("pyarrow"), need("pyarrow.compute")
    ids = workers.column("id").cast(pa.string())
    place = pc.index_in(ids, value_set=pa.array(columns.worker_ids, pa.string()))
    return np.sort(place.to_numpy().astype(np.int64))


def worker_tables() -> tuple[str, ...]:
    """Tables that name workers."""
    return tuple(
        name
        for name, table in schema().items()
        if name == "workers" or any("workers" in (c.refers, c.names) for c in table.columns)
    )


def split(tables: dict[str, Any], by: str) -> dict[str, Any]:
    """Tables that name workers with a column that says which part a row is in.

    Raises
    ------
    InvalidInputError
        The table of the workers has no such column, or nothing stands there for somebody.
    """
    pa, pc = need("pyarrow"), need("pyarrow.compute")
    workers = tables.get("workers")
    if workers is None or by not in workers.column_names or workers.column(by).null_count:
        raise InvalidInputError("no_partition_column", name=by)
    of_worker = workers.column(by).combine_chunks()
    found = {"workers": workers}
    for name in worker_tables():
        if name not in tables or name == "workers":
            continue
        table = tables[name]
        at = pc.index_in(table.column("worker_id").cast(pa.string()), workers.column("id").cast(pa.string()))
        at = pc.fill_null(at, 0)  # somebody who is not here this morning: told in any part
        found[name] = table.append_column(by, of_worker.take(at))
    return found
