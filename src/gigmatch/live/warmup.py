"""Compiling ahead: all that a match uses, and what a live morning uses besides."""

from __future__ import annotations

from gigmatch.live import events as e
from gigmatch.live.live import Live
from gigmatch.matching.warmup import warmup as warmup_match
from gigmatch.pairing.warmup import smallest_morning

__all__ = ["warmup"]


def warmup(*, live: bool = False) -> None:
    """Compile ahead the auction (32 and 64 bits), rules, scorers, proofs, plans, stable matching, tables.

    For a container image, or before the first request: quick where that was done before, since later
    processes load the code from numba's cache (``__pycache__`` beside the modules, else a directory of the
    user, or ``NUMBA_CACHE_DIR``).

    Parameters
    ----------
    live : bool
        Whether what repairs a live morning is compiled, too: some ten seconds more.

    Raises
    ------
    UnsupportedError
        Where numba is not installed.
    """
    warmup_match()
    if live:
        _repair_a_little()


def _repair_a_little() -> None:
    """Two people, a shift, and what calls every kernel once."""
    morning = smallest_morning(workers=2)
    hall, (shift,) = Live(morning), morning.shifts
    worker_id, _ = hall.pairs[0]
    hall.apply(e.WorkerLeft(worker_id=worker_id))
    hall.apply(e.ShiftCancelled(shift_id=shift.id))
    hall.apply(e.ShiftAdded(shift=shift))
