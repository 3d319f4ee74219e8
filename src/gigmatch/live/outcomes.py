"""What an event changed, from who was touched by it."""

from __future__ import annotations

from collections import defaultdict

from gigmatch.live import events as e
from gigmatch.live.hall import Hall, Touched
from gigmatch.pairing.policy import POINTS_SCALE

__all__ = ["outcome_of"]


def outcome_of(hall: Hall, event: e.Event, number: int, touched: Touched) -> e.Outcome:
    """Return what an event changed of a repaired hall."""
    placed, moved, dropped, otherwise = [], [], [], []
    seats: dict[int, int] = defaultdict(int)
    gains: dict[str, int] = defaultdict(int)
    for worker, before in sorted(touched.before.items()):
        shift = hall.shift_of(worker)
        after = None if shift is None else (shift, *hall.worth(worker, shift))
        for sign, had in ((-1, before), (1, after)):
            if had is not None:
                seats[had[1]] += sign
                gains[worker] += sign * had[2]
        if (before and before[0]) == shift:
            continue
        if shift is None:
            assert before is not None
            dropped.append(e.Placed(worker_id=worker, shift_id=before[0]))
        elif before is None:
            placed.append(e.Placed(worker_id=worker, shift_id=shift))
        else:
            moved.append(e.Moved(worker_id=worker, from_shift_id=before[0], to_shift_id=shift))
        if worker in hall.workers and hall.told.get(worker, shift) != shift:
            otherwise.append(worker)
    return e.Outcome(
        number=number,
        event=event,
        placed=tuple(placed),
        moved=tuple(moved),
        dropped=tuple(dropped),
        seats_by_tier={tier: n for tier, n in sorted(seats.items()) if n},
        points=sum(gains.values()) / POINTS_SCALE,
        gains={worker: gain / POINTS_SCALE for worker, gain in gains.items() if gain},
        told_otherwise=tuple(otherwise),
        offers_ended=tuple(e.Placed(worker_id=worker, shift_id=shift) for worker, shift in touched.ended),
        shifts_closed=tuple(touched.closed),
    )
