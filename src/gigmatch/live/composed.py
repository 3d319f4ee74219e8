"""Events that are made of others: offers and their answers, work, decisions by hand, and time."""

from __future__ import annotations

from gigmatch.errors import InvalidInputError
from gigmatch.live import events as e
from gigmatch.live.hall import Hall, Touched
from gigmatch.live.outbox import begins_at, employer_slot, heard, is_due, told_as, worker_slot
from gigmatch.live.steps import Noting, do, known_pair, offered, present, refuse_at_work, together

__all__ = ["do"]


@do.register
def _(event: e.OfferMade, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = known_pair(hall, event.worker_id, event.shift_id)
    if worker in hall.pins:
        raise InvalidInputError("live_promised_already", worker=worker, shift=hall.pins[worker])
    if offered(hall, worker) == shift:
        raise InvalidInputError("live_offered_already", worker=worker, shift=shift)
    clock, before, now = hall.base.clock, heard(hall, worker), hall.notes["clock"].get("now")
    due = None if event.until is None else clock.minute(event.until)
    if due is not None and now is not None and due <= now:
        raise InvalidInputError("live_until_past", value=event.until, now=clock.shown(now))
    back = do(e.PlacementAnnounced(worker_id=worker, shift_id=shift), hall, touched)
    notes = Noting(hall, touched)
    notes.put("said", worker_slot(worker), before)
    notes.put("offers", worker, {"shift": shift, "until": due})
    return together(*notes.back, back)


@do.register
def _(event: e.OfferAccepted, hall: Hall, touched: Touched) -> e.Event:
    pair = _open_offer(hall, event.worker_id, event.shift_id)
    return do(e.PromisePinned(worker_id=pair[0], shift_id=pair[1]), hall, touched)


@do.register
def _(event: e.OfferDeclined, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = known_pair(hall, event.worker_id, event.shift_id)
    if shift not in (hall.told.get(worker), hall.pins.get(worker)):
        raise InvalidInputError("live_not_told", worker=worker, shift=shift)
    refuse_at_work(hall, worker)
    parts = [*_unpinned(hall, worker, shift), *_untold(hall, worker, shift), *_barred(hall, worker, shift)]
    back = _in_turn(hall, touched, *parts)
    notes = Noting(hall, touched)
    notes.drop("said", worker_slot(worker))
    return together(*notes.back, back)


@do.register
def _(event: e.OfferExpired, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = _open_offer(hall, event.worker_id, event.shift_id)
    lost = _barred(hall, worker, shift) if hall.shift_of(worker) == shift else []
    return _ended(hall, touched, worker, shift, *lost)


@do.register
def _(event: e.OfferWithdrawn, hall: Hall, touched: Touched) -> e.Event:
    return _ended(hall, touched, *_open_offer(hall, event.worker_id, event.shift_id))


def _ended(hall: Hall, touched: Touched, worker: str, shift: str, *parts: e.Event) -> e.Event:
    """End an open offer, which counts for nothing then."""
    notes = Noting(hall, touched)
    notes.drop("offers", worker)
    return together(_in_turn(hall, touched, *_untold(hall, worker, shift), *parts), *notes.back)


@do.register
def _(event: e.CheckedIn, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = known_pair(hall, event.worker_id, event.shift_id)
    refuse_at_work(hall, worker)
    pin = e.PromisePinned(worker_id=worker, shift_id=shift)
    back = _in_turn(hall, touched, *([] if hall.pins.get(worker) == shift else [pin]))
    notes = Noting(hall, touched)
    notes.put("at_work", worker, shift)
    notes.drop("said", employer_slot(shift, worker))
    return together(*notes.back, back)


@do.register
def _(event: e.NoShow, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = known_pair(hall, event.worker_id, event.shift_id)
    refuse_at_work(hall, worker)
    hall.repair(touched)
    if shift not in (hall.shift_of(worker), hall.told.get(worker)):
        raise InvalidInputError("live_not_told", worker=worker, shift=shift)
    has_seat = hall.shift_of(worker) == shift
    parts = [*_unpinned(hall, worker, shift), *_untold(hall, worker, shift)]
    parts += [] if event.is_excused else _barred(hall, worker, shift)
    parts += [] if event.is_replaced or not has_seat else [_closing(hall, shift)]
    back = _in_turn(hall, touched, *parts, e.WorkerLeft(worker_id=worker))
    return together(*_silent(hall, touched, worker, shift).back, back)


@do.register
def _(event: e.BackEarly, hall: Hall, touched: Touched) -> e.Event:
    worker = event.worker_id
    present("worker", worker, hall.workers)
    if worker not in hall.notes["at_work"]:
        raise InvalidInputError("live_not_at_work", worker=worker)
    shift, notes = (
        hall.notes["at_work"][worker],
        _silent(hall, touched, worker, hall.notes["at_work"][worker]),
    )
    notes.drop("at_work", worker)
    release = e.PromiseReleased(worker_id=worker)
    parts = [release, *_untold(hall, worker, shift), _closing(hall, shift)]
    return together(_in_turn(hall, touched, *parts), *notes.back)


@do.register
def _(event: e.Overruled, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = known_pair(hall, event.worker_id, event.shift_id)
    if not event.reason:
        raise InvalidInputError("live_no_text", name="reason", value=event.reason)
    parts: list[e.Event] = []
    if hall.pins.get(worker, shift) != shift:
        parts.append(e.PromiseReleased(worker_id=worker))
    if (worker, shift) in hall.barred:
        parts.append(e.PairAllowed(worker_id=worker, shift_id=shift))
    return _in_turn(hall, touched, *parts, e.PromisePinned(worker_id=worker, shift_id=shift))


@do.register
def _(event: e.MessageSaid, hall: Hall, touched: Touched) -> e.Event:
    message = event.message
    worker, shift = message.worker_id, message.shift_id
    if not is_due(hall, message):
        raise InvalidInputError("live_not_due", says=message.says, worker=worker, shift=shift)
    notes, parts = Noting(hall, touched), []
    if message.to == "employer":
        is_expected = True if message.says == "expected" else None
        notes.put("said", employer_slot(shift, worker), is_expected)
    elif message.says == "withdrawn":
        notes.drop("said", worker_slot(worker))
        notes.drop("offers", worker)
        parts = [e.AnnouncementWithdrawn(worker_id=worker)]
    else:
        notes.put("said", worker_slot(worker), told_as(message, hall))
        if hall.told.get(worker) != shift:
            parts = [e.AnnouncementWithdrawn(worker_id=worker, shift_id=shift)]
    return together(_in_turn(hall, touched, *parts), *notes.back)


@do.register
def _(event: e.TimeMoved, hall: Hall, touched: Touched) -> e.Event:
    clock, before = hall.base.clock, hall.notes["clock"].get("now")
    now = clock.minute(event.minute)
    if before is not None and now < before:
        raise InvalidInputError("live_time_back", value=event.minute, now=clock.shown(before))
    hall.repair(touched)
    starts = {key: begins_at(hall, key) for key in sorted(hall.shifts)}
    begun = [key for key, at in starts.items() if at <= now and hall.notes["begun"].get(key) != at]
    due = [
        (worker, offer["shift"])
        for worker, offer in sorted(hall.notes["offers"].items())
        if offer["shift"] in begun or (offer["until"] is not None and offer["until"] <= now)
    ]
    parts: list[e.Event] = [part for key in begun for part in _beginning(hall, key)]
    back = _in_turn(hall, touched, *(e.OfferExpired(worker_id=w, shift_id=s) for w, s in due), *parts)
    notes = Noting(hall, touched)
    notes.put("clock", "now", now)
    for key in begun:
        notes.put("begun", key, starts[key])
    touched.ended += due
    touched.closed += begun
    return together(*notes.back, back)


def _beginning(hall: Hall, shift: str) -> list[e.Event]:
    """What is so once a shift begins: whoever was told it is promised it, and its other seats are closed."""
    told = [worker for worker in sorted(hall.told_of(shift)) if hall.shift_of(worker) == shift]
    sure = [worker for worker in told if worker not in hall.pins and offered(hall, worker) != shift]
    left = hall.shifts[shift].headcount - len(hall.pinned_at(shift)) - len(sure)
    pins = [e.PromisePinned(worker_id=worker, shift_id=shift) for worker in sure]
    return [*pins, e.SeatsClosed(shift_id=shift, seats=max(left, 0))]


def _in_turn(hall: Hall, touched: Touched, *parts: e.Event) -> e.Event:
    """Let some events happen, all or none; returns what takes them back."""
    return do(e.EventsTogether(events=parts), hall, touched)


def _open_offer(hall: Hall, worker_id: str, shift_id: str) -> tuple[str, str]:
    pair = known_pair(hall, worker_id, shift_id)
    if offered(hall, worker_id) != shift_id:
        raise InvalidInputError("live_no_offer", worker=worker_id, shift=shift_id)
    return pair


def _unpinned(hall: Hall, worker: str, shift: str) -> list[e.Event]:
    """Ends a promise of a shift, if there is one."""
    return [e.PromiseReleased(worker_id=worker)] if hall.pins.get(worker) == shift else []


def _untold(hall: Hall, worker: str, shift: str) -> list[e.Event]:
    """Lets what somebody was told count no more, if it was this shift."""
    return [e.AnnouncementWithdrawn(worker_id=worker)] if hall.told.get(worker) == shift else []


def _barred(hall: Hall, worker: str, shift: str) -> list[e.Event]:
    """Forbids a pair, if it is not."""
    pair = e.PairForbidden(worker_id=worker, shift_id=shift)
    return [] if (worker, shift) in hall.barred else [pair]


def _closing(hall: Hall, shift: str) -> e.Event:
    """Closes one seat more."""
    return e.SeatsClosed(shift_id=shift, seats=hall.notes["closed"].get(shift, 0) + 1)


def _silent(hall: Hall, touched: Touched, worker: str, shift: str) -> Noting:
    """Nothing has to be said of somebody's shift, to them or to its employer: both know."""
    notes = Noting(hall, touched)
    notes.drop("said", worker_slot(worker))
    notes.drop("said", employer_slot(shift, worker))
    return notes
