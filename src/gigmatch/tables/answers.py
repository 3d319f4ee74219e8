"""An answer as a frame and as files: placements, who and what is left over, and rows that were left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

from gigmatch.columns import Columns, columns_of, labels_of
from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning
from gigmatch.model.reading import LeftOut
from gigmatch.tables.frames import FrameKind, need, to_kind
from gigmatch.tables.writing import FileKind, write_table

__all__ = ["assignment_frame", "assignment_frames", "assignment_to_files"]

# Columns of each table with their types of Arrow.
_COLUMNS: dict[str, dict[str, str]] = {
    "placements": {
        "worker_id": "string",
        "shift_id": "string",
        "points": "float64",
        "minutes": "float64",
        "pay_total": "float64",
        "kept": "bool_",
    },
    "names": {
        "worker_name": "string",
        "worker_contact": "string",
        "shift_title": "string",
        "shift_address": "string",
    },
    "unplaced": {"worker_id": "string", "eligible_shifts": "int64", "fact": "string"},
    "open_shifts": {
        "shift_id": "string",
        "open_seats": "int64",
        "eligible_workers": "int64",
        "fact": "string",
    },
    "warnings": {"rule": "string", "sentence": "string", "worker_id": "string", "shift_id": "string"},
    "left_out": {"table": "string", "row": "int64", "why": "string", "place": "string"},
}


def assignment_frame(
    assignment: Any, kind: FrameKind = "pyarrow", *, names_from: Morning | Columns | None = None
) -> Any:
    """Who works where, as a frame with a row per placement.

    Parameters
    ----------
    assignment : Assignment
        From ``match`` or ``Assignment.load``.
    kind : {"pandas", "polars", "pyarrow"}
        What the frame is.
    names_from : Morning or Columns, optional
        What it was made from: ``worker_name``, ``worker_contact``, ``shift_title`` and ``shift_address``
        follow, which are left out unless asked for.

    Returns
    -------
    frame
        ``worker_id``, ``shift_id``, ``points``, ``minutes``, ``pay_total`` and ``kept``, in order of the
        worker's row: arrival, then id.

    Raises
    ------
    InvalidInputError
        The names are those of another morning.

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
    return to_kind(_placements(assignment, names_from), kind)


def assignment_frames(
    assignment: Any, kind: FrameKind = "pyarrow", *, names_from: Morning | Columns | None = None
) -> dict[str, Any]:
    """Return every table of an answer as a frame, by name; see ``Assignment.to_frames``."""
    return {name: to_kind(table, kind) for name, table in _tables(assignment, names_from).items()}


def assignment_to_files(
    assignment: Any,
    folder: str | Path,
    kind: FileKind = "csv",
    left_out: Sequence[LeftOut] = (),
    *,
    names_from: Morning | Columns | None = None,
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
        Made if it is not there; files of the same names are written anew. For a workbook its own name, which
        ends in ``.xlsx``; the assignment is written beside it as ``.json``.
    kind : {"csv", "parquet", "xlsx"}
        CSV is written as `write_csv` does.
    left_out : sequence of LeftOut
        ``reading.left_out`` of what the answer was made from.
    names_from : Morning or Columns, optional
        As for `assignment_frame`: names and contacts in ``placements``; never in ``assignment.json``.

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
    if kind not in get_args(FileKind):
        raise InvalidInputError(
            "unknown_option", name="kind", names=", ".join(get_args(FileKind)), value=kind
        )
    tables = _tables(assignment, names_from) | {"left_out": _table("left_out", left_out)}
    if kind == "xlsx":
        need("openpyxl")
        from gigmatch.tables.workbooks import write_workbook

        write_workbook(tables, Path(folder))
        assignment.save(Path(folder).with_suffix(".json"))
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(table, Path(folder, f"{name}.{kind}"))
    assignment.save(Path(folder, "assignment.json"))


def _tables(assignment: Any, names_from: Morning | Columns | None) -> dict[str, Any]:
    """Every table of an answer."""
    broken = [(w.rule, w.text(), *pair) for w in assignment.warnings for pair in w.pairs]
    rows = {"unplaced": assignment.unplaced, "open_shifts": assignment.open_shifts, "warnings": broken}
    tables = {name: _table(name, each) for name, each in rows.items()}
    return {"placements": _placements(assignment, names_from), **tables}


def _placements(assignment: Any, names_from: Morning | Columns | None) -> Any:
    """Every placement, with what people read of it where that is asked for."""
    table = _table("placements", assignment.placements)
    if names_from is None:
        return table
    of_columns = assignment.morning_digest.startswith("columns ")
    source = columns_of(names_from) if of_columns and isinstance(names_from, Morning) else names_from
    if source.digest() != assignment.morning_digest:
        raise InvalidInputError("another_morning")
    labels = labels_of(names_from)
    told = [
        (
            labels.worker_name[worker],
            labels.worker_contact[worker],
            labels.shift_title[shift],
            labels.shift_address[shift],
        )
        for worker, shift in zip(
            assignment.placed_worker.tolist(), assignment.placed_shift.tolist(), strict=True
        )
    ]
    for column in (named := _table("names", told)).column_names:
        table = table.append_column(column, named.column(column))
    return table


def _table(name: str, rows: Iterable[tuple[Any, ...]]) -> Any:
    """Rows as an Arrow table, in their order."""
    pa, columns = need("pyarrow"), _COLUMNS[name]
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [
        pa.array(each, getattr(pa, kind)()) for each, kind in zip(values, columns.values(), strict=True)
    ]
    return pa.table(arrays, names=list(columns))
