"""What happened between two states of somebody's tables, as events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from gigmatch.errors import InvalidInputError
from gigmatch.live import events as e
from gigmatch.model import Morning, Shift, Worker

__all__ = ["events_between"]

Row = TypeVar("Row", Worker, Shift)


def events_between(old: Morning, new: Morning) -> tuple[e.Event, ...]:
    """Return what makes one morning the other: who and what is gone, changed and new, and who is asked for.

    Raises
    ------
    InvalidInputError
        They differ in something that no event changes.
    """
    for name in Morning.model_fields.keys() - {"workers", "shifts", "requests"}:
        if getattr(old, name) != getattr(new, name):
            raise InvalidInputError("live_other_morning", name=name)
    here = {None, *(shift.id for shift in new.shifts)}
    asked, asks = ([each for each in one.requests if each.shift_id in here] for one in (old, new))
    shifts, workers = _by_id(old.shifts), _by_id(old.workers)
    return (
        *(e.WorkerLeft(worker_id=key) for key in _gone(workers, new.workers)),
        *(e.ShiftCancelled(shift_id=key) for key in _gone(shifts, new.shifts)),
        *(e.ShiftChanged(shift=shift) for shift in _changed(shifts, new.shifts)),
        *(e.WorkerChanged(worker=worker) for worker in _changed(workers, new.workers)),
        *(e.ShiftAdded(shift=shift) for shift in new.shifts if shift.id not in shifts),
        *(e.WorkerSignedIn(worker=worker) for worker in new.workers if worker.id not in workers),
        *(e.RequestWithdrawn(request=each) for each in asked if each not in asks),
        *(e.WorkerRequested(request=each) for each in asks if each not in asked),
    )


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.id: row for row in rows}


def _gone(old: Mapping[str, Row], new: Iterable[Row]) -> Iterator[str]:
    left = {row.id for row in new}
    return (key for key in old if key not in left)


def _changed(old: Mapping[str, Row], new: Iterable[Row]) -> Iterator[Row]:
    return (row for row in new if old.get(row.id, row) != row)
