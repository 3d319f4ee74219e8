"""The morning as read-only arrays (`columns`), and the one compile step, after which nothing sees a Worker.

Objects become rows of numbers (`objects`), and rows become columns (`compile`): free time and hours
(`spans`), skills and credentials (`needs`). Tables become the same rows by a way of their own.
"""

from __future__ import annotations

from gigmatch.columns.columns import (
    FOREVER_MIN,
    HAZARDS,
    MODES,
    RANKS,
    SETTLEMENTS,
    STANDINGS,
    Columns,
    LimitColumn,
    Relation,
    ShiftColumns,
    Spans,
    WorkerColumns,
    Xyz,
    bit_words,
    frozen,
)
from gigmatch.columns.compile import compiled
from gigmatch.columns.objects import rows_of
from gigmatch.columns.rows import Asked, Held, Links, Places, Rows, ShiftRows, Times, WorkerRows
from gigmatch.model import Morning

__all__ = [
    "FOREVER_MIN",
    "HAZARDS",
    "MODES",
    "RANKS",
    "SETTLEMENTS",
    "STANDINGS",
    "Asked",
    "Columns",
    "Held",
    "LimitColumn",
    "Links",
    "Places",
    "Relation",
    "Rows",
    "ShiftColumns",
    "ShiftRows",
    "Spans",
    "Times",
    "WorkerColumns",
    "WorkerRows",
    "Xyz",
    "bit_words",
    "columns_of",
    "compiled",
    "frozen",
]


def columns_of(morning: Morning) -> Columns:
    """Compile a morning into columns.

    Parameters
    ----------
    morning : Morning
        Valid by construction.

    Returns
    -------
    Columns
        Workers in order of arrival then id, shifts in order of id.

    Examples
    --------
    >>> import gigmatch as gm
    >>> columns = columns_of(gm.samples.jingshi(seed=7))
    >>> columns.workers.rating.shape == (columns.n_workers,)
    True
    """
    return compiled(rows_of(morning))
