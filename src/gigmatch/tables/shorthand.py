"""CSV files in short: what a hall's clerk writes in three files instead of seven.

* ``morning`` may have the hall's ``name``, ``lat``, ``lon``, ``datum`` and ``label`` where there is no table
  ``stations``; without a ``market_id`` the only station is the market.
* ``shifts`` may have ``start_min``, ``end_min`` and ``break_min``, which become a row of ``periods``;
  ``workers`` may have ``start_min`` and ``end_min``, which become a row of ``windows``.
* ``shifts`` and ``workers`` may have ``skills``, some names in one cell, which become rows of
  ``shift_skills`` and ``worker_skills``.
* Where there is no table ``employers`` or ``skills``, they are those that the other tables name.
* Where ``workers`` has no column of a home or a station, everybody is at the market.

What is made so is checked like any other row, and named by the row of the file that it was made from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gigmatch.tables.aliases import SHORTHAND
from gigmatch.tables.cells import SPOILT
from gigmatch.tables.provenance import ConcatenatedRows, DerivedRows, Sheet
from gigmatch.tables.schema import schema
from gigmatch.tables.tidying import tidy_texts

__all__ = ["expand"]

_BETWEEN = r"[;；,，、/|\n]"
_SPANS = {"workers": ("windows", "worker_id"), "shifts": ("periods", "shift_id")}
_SKILLS = {"workers": ("worker_skills", "worker_id"), "shifts": ("shift_skills", "shift_id")}
_MARKET = "market"
# The columns that name the rows of a table, for where that table is not given.
_NAMING = {
    "employers": (("shifts", "employer_id"),),
    "skills": (
        ("worker_skills", "skill"),
        ("shift_skills", "skill"),
        ("reference_wages", "skill"),
        ("skill_covers", "skill"),
        ("skill_covers", "covered"),
    ),
}

Sheets = dict[str, Sheet]


def expand(sheets: Sheets, others: Collection[str] = ()) -> Sheets:
    """The same tables with everything that was written in short in the tables where it belongs.

    ``others`` names tables that come from elsewhere, and are not made up for.
    """
    sheets = dict(sheets)
    _hall(sheets, others)
    for name in ("workers", "shifts"):
        if name in sheets:
            _spans(sheets, name)
            _skills(sheets, name)
    for name, naming in _NAMING.items():
        if name not in sheets and name not in others:
            _named(sheets, name, naming)
    _everybody_is_there(sheets)
    return sheets


def _hall(sheets: Sheets, others: Collection[str]) -> None:
    """The market hall from the morning's own row; the only station as the market."""
    morning = sheets.get("morning")
    if morning is None:
        return
    if "stations" not in {*sheets, *others} and (short := _present(morning, *SHORTHAND["morning"])):
        table = morning.table
        hall = {"id": _ids_of_market(table), **{name: table.column(name) for name in short}}
        provenance = DerivedRows(morning.provenance, range(len(table)), {"id": "market_id"})
        sheets["stations"] = Sheet(pa.table(hall), provenance)
        sheets["morning"] = morning = Sheet(table.drop_columns(short), morning.provenance)
    stations = sheets.get("stations")
    if stations is None or stations.table.num_rows != 1 or "id" not in stations.table.column_names:
        return
    if not _present(morning, "market_id"):
        ids = [stations.table.column("id")[0].as_py()] * morning.table.num_rows
        table = morning.table.append_column("market_id", pa.array(ids, pa.large_string()))
        sheets["morning"] = Sheet(table, morning.provenance)


def _ids_of_market(morning: Any) -> Any:
    if "market_id" in morning.column_names:
        return morning.column("market_id")
    return pa.array([_MARKET] * morning.num_rows, pa.large_string())


def _present(sheet: Sheet, *names: str) -> list[str]:
    return [name for name in names if name in sheet.table.column_names]


def _spans(sheets: Sheets, name: str) -> None:
    """Begin and end within the row as a row of the table of periods or windows."""
    table, owner = _SPANS[name]
    short = [column for column in SHORTHAND[name] if column != "skills"]
    if not (given := _present(sheets[name], *short)):
        return
    sheet = _without(sheets, name, given)
    told = np.any([pc.is_valid(sheet.table.column(column)).to_numpy() for column in given], axis=0)
    rows = np.flatnonzero(told)
    _add(sheets, table, owner, sheet, rows, {c: sheet.table.column(c).take(pa.array(rows)) for c in given})


def _skills(sheets: Sheets, name: str) -> None:
    """Some skills in one cell as a row each."""
    table, owner = _SKILLS[name]
    if not _present(sheets[name], "skills"):
        return
    sheet = _without(sheets, name, ["skills"])
    rows, codes = _separated(sheet.table.column("skills").combine_chunks())
    told = np.flatnonzero(pc.not_equal(codes, "").to_numpy(zero_copy_only=False))
    _add(sheets, table, owner, sheet, rows[told], {"skill": codes.take(pa.array(told))})


def _separated(cells: Any) -> tuple[Any, Any]:
    """The names in cells, each with its row; what a spreadsheet has put in the place of one stays whole."""
    spoilt = pc.match_substring_regex(cells, f"^({SPOILT})$")
    parts = pc.split_pattern_regex(pc.if_else(spoilt, None, cells), _BETWEEN)
    rows = np.append(pc.list_parent_indices(parts).to_numpy(), np.flatnonzero(pc.fill_null(spoilt, False)))
    codes, _ = tidy_texts(pa.concat_arrays([pc.list_flatten(parts), cells.filter(spoilt)]))
    return rows, codes


def _without(sheets: Sheets, name: str, columns: list[str]) -> Sheet:
    """The sheet as it is, after these columns were taken off the one that is kept."""
    sheet = sheets[name]
    sheets[name] = Sheet(sheet.table.drop_columns(columns), sheet.provenance)
    return sheet


def _add(sheets: Sheets, name: str, owner: str, sheet: Sheet, rows: Any, columns: dict[str, Any]) -> None:
    """Rows made from some rows of a sheet, after those that the table has already."""
    if "id" in sheet.table.column_names:
        columns = {owner: sheet.table.column("id").take(pa.array(rows)), **columns}
    fresh = pa.table(columns)
    provenance = DerivedRows(sheet.provenance, rows, {owner: "id", "skill": "skills"})
    if name not in sheets:
        sheets[name] = Sheet(fresh, provenance)
        return
    old = sheets[name]
    both = pa.concat_tables([old.table, fresh], promote_options="default")
    sheets[name] = Sheet(both, ConcatenatedRows((old.provenance, len(old.table)), (provenance, len(fresh))))


def _named(sheets: Sheets, name: str, naming: Sequence[tuple[str, str]]) -> None:
    """A table that is not there: a row for each name that other tables have, from where it comes first."""
    given = [(sheets[table], column) for table, column in naming if table in sheets]
    given = [(sheet, column) for sheet, column in given if column in sheet.table.column_names]
    chunks = [chunk for sheet, column in given for chunk in sheet.table.column(column).chunks]
    names = pa.chunked_array(chunks, pa.large_string()).combine_chunks()
    distinct = pc.drop_null(pc.unique(names))
    if not len(distinct):
        return
    key, columns = schema()[name].key[0], [c.name for c in schema()[name].columns if c.required]
    parts = [
        (
            DerivedRows(sheet.provenance, range(len(sheet.table)), dict.fromkeys(columns, column)),
            len(sheet.table),
        )
        for sheet, column in given
    ]
    first = pc.index_in(distinct, value_set=names).to_numpy()
    provenance = DerivedRows(ConcatenatedRows(*parts), first, {})
    sheets[name] = Sheet(pa.table(dict.fromkeys([key, *columns], distinct)), provenance)


def _everybody_is_there(sheets: Sheets) -> None:
    """Workers of whom no home and no station is told came to the market."""
    morning, workers = sheets.get("morning"), sheets.get("workers")
    if morning is None or workers is None or morning.table.num_rows != 1:
        return
    places = ("station_id", "home_lat", "home_lon", "home_datum", "home_label")
    if _present(workers, *places) or not _present(morning, "market_id"):
        return
    market = [morning.table.column("market_id")[0].as_py()] * workers.table.num_rows
    table = workers.table.append_column("station_id", pa.array(market, pa.large_string()))
    sheets["workers"] = Sheet(table, workers.provenance)
