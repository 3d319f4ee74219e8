"""What a ledger holds, as arrays: its tables, how they are put together, renumbered and sorted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import BoolArray, Float64Array, Int32Array, freeze

__all__ = [
    "EXCUSED",
    "KINDS",
    "NOTHING",
    "NO_SHOW",
    "OUTCOMES",
    "WORKED",
    "Closings",
    "Commitments",
    "Held",
    "LedgerDay",
    "Presence",
    "Tables",
    "WeekHours",
    "Work",
    "empty",
    "of_columns",
    "of_rows",
    "some_rows",
    "together",
    "without_worker",
]

OUTCOMES: Final = ("nothing", "worked", "missed", "excused")
"""What became of somebody's day, by its code in the tables."""
NOTHING, WORKED, NO_SHOW, EXCUSED = range(4)

DTYPES: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("day", "worker", "employer", "eligible", "offered", "declined"), np.int32),
    **dict.fromkeys(("waited", "until", "start_min", "end_min", "met"), np.int32),
    **dict.fromkeys(("requested", "start_again", "end_again", "fixed"), np.bool_),
    **dict.fromkeys(("hours", "wages", "last_end_min"), np.float64),
    "last_end_again": np.bool_,
    "outcome": np.int8,
}
"""Of every column, whichever table it is in."""


class LedgerDay(NamedTuple):
    """A day that was recorded."""

    date: dt.date
    market: str
    """Id of the market."""


class Presence(NamedTuple):
    """A row for everybody who was there, by day and worker."""

    day: Int32Array
    """Position among the ledger's days."""
    worker: Int32Array
    """Position among its workers."""
    eligible: Int32Array
    """Shifts they could have taken."""
    offered: Int32Array
    """Shifts they were offered, those taken included."""
    declined: Int32Array
    """Offers they declined."""
    outcome: NDArray[np.int8]
    """Position in ``OUTCOMES``."""
    requested: BoolArray
    """Whether an employer had asked for them by name for a shift they had."""
    hours: Float64Array
    """Paid hours of the shifts they had, whether they turned up or not; 0 without any."""
    wages: Float64Array
    """Their pay, likewise."""
    until: Int32Array
    """Days from this one to the last on which the shift's work begins."""
    waited: Int32Array
    """Days since the last placement, as the morning had them; -1 unknown."""


class Work(NamedTuple):
    """A row for every day's work of the shifts that were worked, by the day they were taken and worker."""

    day: Int32Array
    """On which the shift was taken."""
    worker: Int32Array
    employer: Int32Array
    start_min: Int32Array
    """Of the clock on the wall, since the midnight of ``day``."""
    start_again: BoolArray
    """Whether the clock shows it for the second time, after it went back."""
    end_min: Int32Array
    end_again: BoolArray
    hours: Float64Array
    """Paid."""
    fixed: BoolArray
    """Whether the worker is bound to be there throughout."""
    met: Int32Array
    """Shifts with this employer before: as the morning had them, and earlier ones of the same day."""


class Closings(NamedTuple):
    """A row for everybody: what was known of them when their last day here was over."""

    day: Int32Array
    worker: Int32Array
    last_end_min: Float64Array
    """End of the last shift, as the morning had it, since its midnight; NaN unknown."""
    last_end_again: BoolArray
    hours: Float64Array
    """This week; NaN unknown."""


class Commitments(NamedTuple):
    """A row for every commitment of their last day, in minutes since its midnight."""

    worker: Int32Array
    start_min: Int32Array
    start_again: BoolArray
    end_min: Int32Array
    end_again: BoolArray


class WeekHours(NamedTuple):
    """A row for every employer of somebody's last week here."""

    worker: Int32Array
    employer: Int32Array
    hours: Float64Array


class Tables(NamedTuple):
    """Every table of a ledger."""

    presence: Presence
    work: Work
    closings: Closings
    commitments: Commitments
    week_hours: WeekHours


Table = TypeVar("Table", bound=NamedTuple)
KINDS: Final[Mapping[str, Any]] = dict(
    zip(Tables._fields, (Presence, Work, Closings, Commitments, WeekHours), strict=True)
)

_OF_THE_LAST: Final = ("closings", "commitments", "week_hours")
"""Tables of which only what the last day of somebody left is kept."""


class Held(NamedTuple):
    """Tables, and what the positions in them stand for, each in order."""

    day: tuple[LedgerDay, ...]
    worker: tuple[str, ...]
    employer: tuple[str, ...]
    tables: Tables


def of_columns(kind: Any, columns: Mapping[str, Any]) -> Any:
    """Make a table of its columns by name, read-only from then on."""
    return kind(*(freeze(np.array(columns[name], DTYPES[name])) for name in kind._fields))


def of_rows(kind: Any, rows: Sequence[tuple[Any, ...]]) -> Any:
    """Make a table of its rows."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(kind._fields)
    return of_columns(kind, dict(zip(kind._fields, map(list, columns), strict=True)))


def some_rows(table: Table, rows: NDArray[Any]) -> Table:
    """Some rows of a table, by position or mask."""
    columns = [freeze(column[rows]) for column in table]
    return type(table)(*columns)


def together(parts: Sequence[Held]) -> Held:
    """Put the tables of several ledgers into one; of everybody's closings the last one is kept.

    Parameters
    ----------
    parts : sequence of Held
        No day and market twice, and nobody twice on one date.
    """
    days, workers, employers = (_every([part[nth] for part in parts]) for nth in range(3))
    whole = Held(days, workers, employers, empty())
    moved = [_renumbered(part, whole) for part in parts]
    last = _last_part(moved, len(workers))
    moved = [_of_workers(part, last == nth, _OF_THE_LAST) for nth, part in enumerate(moved)]
    tables: Any = map(_end_to_end, zip(*moved, strict=True))
    return _compact(whole._replace(tables=_sorted(Tables(*tables))))


def without_worker(held: Held, worker_id: str) -> Held:
    """Leave out every row of somebody, and whatever no other row names."""
    keep = np.array([each != worker_id for each in held.worker], dtype=bool)
    return _compact(held._replace(tables=_of_workers(held.tables, keep, Tables._fields)))


def empty() -> Tables:
    """Return tables without rows."""
    return Tables(**{name: of_rows(kind, ()) for name, kind in KINDS.items()})


def _every(parts: Sequence[Any]) -> tuple[Any, ...]:
    """Every name of some lists once, in order."""
    return tuple(sorted({name for part in parts for name in part}))


def _end_to_end(parts: Sequence[Any]) -> Any:
    """Tables of one kind as one."""
    return type(parts[0])(*map(np.concatenate, zip(*parts, strict=True)))


def _renumbered(part: Held, whole: Held) -> Tables:
    """The tables of a part with the positions of the whole."""
    names = ("day", "worker", "employer")
    at = {name: _positions(getattr(part, name), getattr(whole, name)) for name in names}
    tables: Any = (_replaced(table, at) for table in part.tables)
    return Tables(*tables)


def _replaced(table: Any, at: Mapping[str, Int32Array]) -> Any:
    columns = {name: freeze(at[name][getattr(table, name)]) for name in table._fields if name in at}
    return table._replace(**columns)


def _positions(names: Sequence[Any], among: Sequence[Any]) -> Int32Array:
    """Where each of some names stands among others; -1 for nowhere."""
    place = {name: at for at, name in enumerate(among)}
    return np.array([place.get(name, -1) for name in names], np.int32)


def _last_part(parts: Sequence[Tables], n_workers: int) -> Int32Array:
    """The part that has seen each worker last: int32[n_workers]."""
    seen, last = np.full((2, n_workers), -1, np.int32)
    for nth, part in enumerate(parts):
        row = part.closings
        later = row.day > seen[row.worker]
        seen[row.worker[later]], last[row.worker[later]] = row.day[later], nth
    return last


def _of_workers(tables: Tables, keep: BoolArray, names: Sequence[str]) -> Tables:
    """The tables, in some of them the rows of some workers alone."""
    changed = {name: getattr(tables, name) for name in names}
    return tables._replace(**{name: some_rows(table, keep[table.worker]) for name, table in changed.items()})


def _compact(held: Held) -> Held:
    """Leave out workers and employers that no row names."""
    tables = held.tables
    employers = np.unique(np.concatenate([tables.work.employer, tables.week_hours.employer]))
    less = held._replace(
        worker=tuple(held.worker[at] for at in np.unique(tables.presence.worker)),
        employer=tuple(held.employer[at] for at in employers),
    )
    return less._replace(tables=_renumbered(held, less))


def _sorted(tables: Tables) -> Tables:
    """Rows in order of day and worker, those of what is carried of worker alone; else as they stood."""
    by_worker = {name: _in_order(getattr(tables, name), ("worker",)) for name in _OF_THE_LAST}
    by_day = {name: _in_order(getattr(tables, name), ("day", "worker")) for name in ("presence", "work")}
    return Tables(**by_day, **by_worker)


def _in_order(table: Any, keys: Sequence[str]) -> Any:
    order = np.lexsort([getattr(table, name) for name in reversed(keys)])
    return some_rows(table, order)
