"""A district's live morning: events in, outcomes out, and what the board shows; without a word of HTTP."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import gigmatch as gm
from service.problems import RefusedError

__all__ = ["Hall", "Shown"]


class Shown(NamedTuple):
    """What the board shows after an event."""

    number: int
    """Of the event."""
    shifts: dict[str, dict[str, Any]]
    """By id, of those with seats that are open and that nobody was told or promised."""


class Hall:
    """A morning that moves, kept in a journal; any number of threads may call.

    Parameters
    ----------
    path : Path
        The journal. Where there is one, the morning goes on from it.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        self._live = gm.Live.open(path) if path.exists() else None
        self._shown: Shown | None = None

    @property
    def live(self) -> gm.Live:
        """The morning; raises RefusedError before it was opened."""
        if self._live is None:
            raise RefusedError.of(409, "no_hall", "the hall is not open; PUT hall opens it")
        return self._live

    def open(self, morning: gm.Morning, **terms: Any) -> int:
        """Begin with a morning; returns how many are placed. Raises RefusedError if it has begun already."""
        with self._lock:
            if self._live is not None:
                raise RefusedError.of(409, "hall_is_open", "the hall is open already; events change it")
            self._live = gm.Live(morning, journal=self._path, **terms)
            return len(self._live.pairs)

    def close(self) -> None:
        """Let go of the journal."""
        if self._live is not None:
            self._live.close()

    def board(self) -> Shown:
        """What the board shows now, counted once for all who look."""
        with self._lock:
            live, shown = self.live, self._shown
            if shown is None or shown.number != live.number:
                self._shown = shown = Shown(live.number, _vacancies(live))
            return shown


def _vacancies(live: gm.Live) -> dict[str, dict[str, Any]]:
    taken = {worker: shift for worker, shift in live.told.items() if live.shift_of(worker) == shift}
    filled, morning = Counter((taken | dict(live.keep)).values()) + Counter(live.closed), live.morning
    employers = {employer.id: employer.name or employer.id for employer in morning.employers}
    return {
        shift.id: {
            "title": shift.title or shift.id,
            "employer": employers[shift.employer_id],
            "pay": f"{shift.pay.amount:g} {morning.currency} / {shift.pay.unit}",
            "free": shift.headcount - filled[shift.id],
        }
        for shift in morning.shifts
        if shift.headcount > filled[shift.id]
    }
