"""An answer as a frame and as files: placements, who and what is left over, and rows that were left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

from gigmatch.errors import InvalidInputError
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
    return to_kind(_table("placements", assignment.placements), kind)


def assignment_frames(assignment: Any, kind: FrameKind = "pyarrow") -> dict[str, Any]:
    """Return every table of an answer as a frame, by name; see ``Assignment.to_frames``."""
    return {name: to_kind(_table(name, each), kind) for name, each in _rows(assignment).items()}


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
        Made if it is not there; files of the same names are written anew. For a workbook its own name, which
        ends in ``.xlsx``; the assignment is written beside it as ``.json``.
    kind : {"csv", "parquet", "xlsx"}
        CSV is written as `write_csv` does.
    left_out : sequence of LeftOut
        ``reading.left_out`` of what the answer was made from.

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
    tables = {name: _table(name, each) for name, each in {**_rows(assignment), "left_out": left_out}.items()}
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


def _rows(assignment: Any) -> dict[str, Iterable[tuple[Any, ...]]]:
    """Every table of an answer, in rows."""
    broken = [(w.rule, w.text(), *pair) for w in assignment.warnings for pair in w.pairs]
    return {
        "placements": assignment.placements,
        "unplaced": assignment.unplaced,
        "open_shifts": assignment.open_shifts,
        "warnings": broken,
    }


def _table(name: str, rows: Iterable[tuple[Any, ...]]) -> Any:
    """Rows as an Arrow table, in their order."""
    pa, columns = need("pyarrow"), _COLUMNS[name]
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [
        pa.array(each, getattr(pa, kind)()) for each, kind in zip(values, columns.values(), strict=True)
    ]
    return pa.table(arrays, names=list(columns))
