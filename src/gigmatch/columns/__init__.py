"""The morning as read-only arrays (`columns`), and the one compile step, after which nothing sees a Worker.

Objects become rows of numbers (`objects`), and rows become columns (`compile`): free time and hours
(`spans`), skills and credentials (`needs`). Tables become the same rows by a way of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from gigmatch.columns.columns import (
    FOREVER_MIN,
    HAZARDS,
    MODES,
    RANKS,
    SETTLEMENTS,
    STANDINGS,
    YEAR,
    Columns,
    HeldCredentials,
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
from gigmatch.columns.interleaving import n_interleaving
from gigmatch.columns.labels import LabelColumn, Labels, OfferedPay, StationLabels, names_by
from gigmatch.columns.labels import labels_of as _labels_of
from gigmatch.columns.labels import names_of as _names_of
from gigmatch.columns.objects import rows_of
from gigmatch.columns.rows import Asked, GoTogether, Held, Links, Places, Rows, ShiftRows, Times, WorkerRows
from gigmatch.columns.sites import FAR_KM, Sites, place_notes
from gigmatch.model import Morning
from gigmatch.model.reading import was_read

__all__ = [
    "FAR_KM",
    "FOREVER_MIN",
    "HAZARDS",
    "MODES",
    "RANKS",
    "SETTLEMENTS",
    "STANDINGS",
    "YEAR",
    "Asked",
    "Columns",
    "GoTogether",
    "Held",
    "HeldCredentials",
    "LabelColumn",
    "Labels",
    "LimitColumn",
    "Links",
    "OfferedPay",
    "Places",
    "Relation",
    "Rows",
    "ShiftColumns",
    "ShiftRows",
    "Sites",
    "Spans",
    "StationLabels",
    "Times",
    "WorkerColumns",
    "WorkerRows",
    "Xyz",
    "bit_words",
    "columns_and_rows",
    "columns_of",
    "compiled",
    "frozen",
    "labels_of",
    "n_interleaving",
    "names_by",
    "names_of",
    "place_notes",
]


def labels_of(morning: Morning | Columns) -> Labels:
    """What people read of a morning, or of its columns, by row."""
    return _labels_of(morning) if isinstance(morning, Morning) else morning.labels or Labels()


def names_of(morning: Morning | Columns) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Names by code, of skills and of stations, without looking at anybody."""
    if isinstance(morning, Morning):
        return _names_of(morning)
    labels = labels_of(morning)
    return labels.skill_name, labels.station_name


def columns_of(morning: Morning) -> Columns:
    """Compile a morning into columns.

    Parameters
    ----------
    morning : Morning
        Valid by construction; what was put together past that is looked at once more.

    Returns
    -------
    Columns
        Workers in order of arrival then id, shifts in order of id.

    Raises
    ------
    InvalidMorningError
        An id is there twice, or a reference leads nowhere.

    Examples
    --------
    >>> import gigmatch as gm
    >>> columns = columns_of(gm.samples.jingshi(seed=7))
    >>> columns.workers.rating.shape == (columns.n_workers,)
    True
    """
    morning.refuse_broken()
    return was_read(compiled(rows_of(morning)), morning.reading)


def columns_and_rows(morning: Morning) -> tuple[Columns, Rows]:
    """Return columns without labels or notes, of a morning that is known to be whole, and their rows."""
    rows = rows_of(morning, is_read=False)
    return compiled(rows), rows
