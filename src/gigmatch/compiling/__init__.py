"""From a Morning to its Columns: the one compile step, after which nothing looks at a Worker again.

Objects become rows of numbers (`objects`), and rows become columns (`compile`): free time and hours
(`spans`), skills and credentials (`needs`). Tables become the same rows by a way of their own.
"""

from __future__ import annotations

from gigmatch.columns import Columns
from gigmatch.compiling.compile import compiled
from gigmatch.compiling.objects import rows_of
from gigmatch.compiling.rows import Asked, Held, Links, Places, Rows, ShiftRows, Times, WorkerRows
from gigmatch.model import Morning

__all__ = [
    "Asked",
    "Held",
    "Links",
    "Places",
    "Rows",
    "ShiftRows",
    "Times",
    "WorkerRows",
    "columns_of",
    "compiled",
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
