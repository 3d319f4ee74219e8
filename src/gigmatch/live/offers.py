"""Whom to ask now, in which order and with how long to answer; and who stands by."""

from __future__ import annotations

from gigmatch.live import events as e
from gigmatch.live.hall import Hall, Touched
from gigmatch.live.outbox import begins_at
from gigmatch.live.outcomes import outcome_of
from gigmatch.live.steps import do, offered
from gigmatch.model.values import Id, Model

__all__ = ["StandBy", "offers", "open_offers", "stand_bys"]


class StandBy(Model):
    """Who comes should somebody not come to a shift."""

    worker_id: Id
    outcome: e.Outcome
    """All that it changes, the one who does not come included, and those who stand by before and say no."""


def offers(hall: Hall, now: int | None) -> tuple[e.OfferMade, ...]:
    """Return the offers to make: everybody who has a seat and was not told it.

    The most urgent tier comes first, then who begins first, then who has most points, then the id.

    Parameters
    ----------
    hall : Hall
        Repaired.
    now : int, optional
        Elapsed minutes; what the clock showed last unless given. Without either, no offer ends by itself.
    """
    now = hall.notes["clock"].get("now") if now is None else now
    found, starts = [], {shift: begins_at(hall, shift) for shift in {*hall.placements.values()}}
    for worker, shift in hall.pairs:
        if worker not in hall.pins and hall.told.get(worker) != shift and offered(hall, worker) != shift:
            (tier, points), begins = hall.worth(worker, shift), starts[shift]
            found.append((tier, begins, -points, worker, shift))
    return tuple(
        e.OfferMade(worker_id=worker, shift_id=shift, until=_until(hall, begins, now))
        for _, begins, _, worker, shift in sorted(found)
    )


def open_offers(hall: Hall) -> tuple[e.OfferMade, ...]:
    """Return the offers that were made and not answered, by worker."""
    shown = hall.base.clock.shown
    made = ((worker, each["shift"], each["until"]) for worker, each in sorted(hall.notes["offers"].items()))
    return tuple(
        e.OfferMade(worker_id=worker, shift_id=shift, until=None if due is None else shown(due))
        for worker, shift, due in made
    )


def _until(hall: Hall, begins: int, now: int | None) -> int | None:
    """When an answer is due, at least a minute from now."""
    if now is None:
        return None
    due = min(now + hall.asking.answer_min, begins - hall.asking.closing_min)
    return hall.base.clock.shown(max(due, now + 1))


def stand_bys(hall: Hall, shift_id: str, most: int) -> tuple[StandBy, ...]:
    """Return who comes, in this order, should one of those who were told a shift or promised it not come.

    Each is found by repairing the answer without that one; the next by repairing it where whoever stands by
    before says no. It does not matter who does not come, as nobody else moves for that. Afterwards all is as
    it was.
    """
    absent = _announced(hall, shift_id)
    if absent is None:
        return ()
    found: list[StandBy] = []
    touched, back = Touched(), []
    event = e.NoShow(worker_id=absent, shift_id=shift_id)
    pinned = hall.step_aside(absent, touched)
    there = {worker for worker in hall.workers if hall.shift_of(worker) == shift_id}
    try:
        while len(found) < most:
            hall.repair(touched)
            came = [w for w in touched.before if hall.shift_of(w) == shift_id and w not in there]
            if not came:
                break
            found.append(StandBy(worker_id=came[0], outcome=outcome_of(hall, event, 0, touched)))
            back.append(do(e.PairForbidden(worker_id=came[0], shift_id=shift_id), hall, touched))
    finally:
        for inverse in reversed(back):
            do(inverse, hall, touched)
        hall.come_back(absent, pinned, touched)
        hall.repair(touched)
        hall.tidy()
    return tuple(found)


def _announced(hall: Hall, shift_id: str) -> str | None:
    told = (worker for worker in hall.told_of(shift_id) if hall.shift_of(worker) == shift_id)
    return min((*told, *hall.pinned_at(shift_id)), default=None)
