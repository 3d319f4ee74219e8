"""Rows taken out of the tables of a morning, with all that belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from gigmatch.tables.folders import from_frames
from gigmatch.tables.frames import need
from gigmatch.tables.schema import schema

__all__ = ["without_rows"]


def without_rows(
    tables: Mapping[str, Any], *, workers: Collection[str] = (), shifts: Collection[str] = ()
) -> dict[str, Any]:
    """The tables without some workers and shifts, and without the rows that belong to them.

    What others say of somebody who need not be here, such as an employer's refusals, stays. Those who would
    go with one of the workers only go alone.

    Parameters
    ----------
    tables : mapping of str to frame
        By the names of `schema`.
    workers, shifts : collection of str
        Ids; those that are not there have no rows.

    Returns
    -------
    dict of str to pyarrow.Table
        The same tables, to be read by `columns_from_frames` and its like.

    Raises
    ------
    InvalidInputError
        A table that the schema does not have, or what is no frame.
    UnsupportedError
        The extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> frames = gm.morning_to_frames(gm.samples.jingshi(seed=7, workers=50))
    >>> shift = frames["shifts"]["id"][0].as_py()
    >>> gm.columns_from_frames(**without_rows(frames, shifts=[shift])).n_shifts
    9
    """
    gone, given = {"workers": set(workers), "shifts": set(shifts)}, from_frames(tables).tables
    if workers and "companion_members" in given:
        members = given["companion_members"].to_pylist()
        gone["companions"] = {
            str(row.get("companions_id")) for row in members if str(row.get("worker_id")) in gone["workers"]
        }
    return {name: _kept(name, table, gone) for name, table in given.items()}


def _kept(name: str, table: Any, gone: Mapping[str, Collection[str]]) -> Any:
    """The rows of a table that neither are nor must name one of those that are gone."""
    pa, pc = need("pyarrow"), need("pyarrow.compute")
    for column in schema()[name].columns:
        ids = gone.get(name if schema()[name].key == (column.name,) else column.refers, ())
        if ids and column.name in table.column_names:
            texts = pc.cast(table.column(column.name), pa.large_string())
            table = table.filter(
                pc.invert(pc.is_in(texts, value_set=pa.array(sorted(ids), pa.large_string())))
            )
    return table
