"""An answer as Arrow tables, besides its placements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from gigmatch.tables.results import LeftOut

__all__ = ["tables_of_answer"]

_TEXT, _COUNT = pa.string(), pa.int64()
_COLUMNS: dict[str, dict[str, Any]] = {
    "unplaced": {"worker_id": _TEXT, "eligible_shifts": _COUNT, "fact": _TEXT},
    "open_shifts": {"shift_id": _TEXT, "open_seats": _COUNT, "eligible_workers": _COUNT, "fact": _TEXT},
    "warnings": {"rule": _TEXT, "sentence": _TEXT, "worker_id": _TEXT, "shift_id": _TEXT},
    "left_out": {"table": _TEXT, "row": _COUNT, "why": _TEXT, "place": _TEXT},
}


def tables_of_answer(assignment: Any, left_out: Sequence[LeftOut]) -> dict[str, Any]:
    """Who and what is left over, warnings, and the rows that were left out, in the assignment's order."""
    broken = [(w.rule, w.sentence, *pair) for w in assignment.warnings for pair in w.pairs]
    rows: dict[str, Iterable[tuple[Any, ...]]] = {
        "unplaced": assignment.unplaced,
        "open_shifts": assignment.open_shifts,
        "warnings": broken,
        "left_out": left_out,
    }
    return {name: _table(list(rows[name]), columns) for name, columns in _COLUMNS.items()}


def _table(rows: list[tuple[Any, ...]], columns: dict[str, Any]) -> Any:
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    arrays = [pa.array(list(each), kind) for each, kind in zip(values, columns.values(), strict=True)]
    return pa.table(arrays, names=list(columns))
