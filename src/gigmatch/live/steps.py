"""What every kind of event does to a hall: it is checked, then done, and what takes it back is returned."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from gigmatch.errors import InvalidInputError
from gigmatch.live import events as e
from gigmatch.live.hall import Hall, Touched
from gigmatch.live.weights import refuse_levels
from gigmatch.pairing.policy import Policy

__all__ = ["do"]


@singledispatch
def do(event: Any, hall: Hall, touched: Touched) -> e.Event:
    """Let something happen to a hall, to be repaired afterwards; returns what takes it back.

    Raises InvalidInputError, before anything is changed, for what makes no sense now.
    """
    raise InvalidInputError("wrong_type", name="event", kinds="Event", value=event)


@do.register
def _(event: e.WorkerSignedIn, hall: Hall, touched: Touched) -> e.Event:
    _absent("worker", event.worker.id, hall.workers)
    worker = hall.newcomers.valid_worker(event.worker)
    hall.add_worker(worker, hall.newcomers.of_worker(worker), touched)
    return e.WorkerLeft(worker_id=worker.id)


@do.register
def _(event: e.WorkerLeft, hall: Hall, touched: Touched) -> e.Event:
    _present("worker", event.worker_id, hall.workers)
    worker, pinned = hall.workers[event.worker_id], hall.pins.get(event.worker_id)
    if pinned is not None:
        hall.release(worker.id, touched)
    hall.remove_worker(worker.id, touched)
    back = e.WorkerSignedIn(worker=worker)
    if pinned is None:
        return back
    return e.EventsTogether(events=(back, e.PromisePinned(worker_id=worker.id, shift_id=pinned)))


@do.register
def _(event: e.WorkerChanged, hall: Hall, touched: Touched) -> e.Event:
    _present("worker", event.worker.id, hall.workers)
    worker, old = hall.newcomers.valid_worker(event.worker), hall.workers[event.worker.id]
    points, pinned = hall.newcomers.of_worker(worker), hall.pins.get(worker.id)
    if pinned is not None:
        _eligible(worker.id, pinned, pinned in points)
        hall.release(worker.id, touched)
    hall.remove_worker(worker.id, touched)
    hall.add_worker(worker, points, touched)
    if pinned is not None:
        hall.pin(worker.id, pinned, touched)
    return e.WorkerChanged(worker=old)


@do.register
def _(event: e.ShiftAdded, hall: Hall, touched: Touched) -> e.Event:
    _absent("shift", event.shift.id, hall.shifts)
    shift = hall.newcomers.valid_shift(event.shift)
    hall.add_shift(shift, hall.newcomers.of_shift(shift), touched)
    return e.ShiftCancelled(shift_id=shift.id)


@do.register
def _(event: e.ShiftCancelled, hall: Hall, touched: Touched) -> e.Event:
    _present("shift", event.shift_id, hall.shifts)
    shift = hall.shifts[event.shift_id]
    pinned = hall.pinned_at(shift.id)
    for worker in pinned:
        hall.release(worker, touched)
    hall.remove_shift(shift.id, touched)
    pins = tuple(e.PromisePinned(worker_id=worker, shift_id=shift.id) for worker in pinned)
    back = e.ShiftAdded(shift=shift)
    return e.EventsTogether(events=(back, *pins)) if pins else back


@do.register
def _(event: e.ShiftChanged, hall: Hall, touched: Touched) -> e.Event:
    _present("shift", event.shift.id, hall.shifts)
    shift, old = hall.newcomers.valid_shift(event.shift), hall.shifts[event.shift.id]
    pinned = hall.pinned_at(shift.id)
    if shift.headcount < len(pinned):
        raise InvalidInputError("live_promised_seats", shift=shift.id, n=len(pinned))
    if shift.model_copy(update={"headcount": old.headcount}) == old:
        hall.resize(shift, touched)
        return e.ShiftChanged(shift=old)
    points = hall.newcomers.of_shift(shift)
    for worker in pinned:
        _eligible(worker, shift.id, worker in points)
    for worker in pinned:
        hall.release(worker, touched)
    hall.remove_shift(shift.id, touched)
    hall.add_shift(shift, points, touched)
    for worker in pinned:
        hall.pin(worker, shift.id, touched)
    return e.ShiftChanged(shift=old)


@do.register
def _(event: e.PairForbidden, hall: Hall, touched: Touched) -> e.Event:
    pair = _known_pair(hall, event.worker_id, event.shift_id)
    if pair in hall.barred or hall.pins.get(pair[0]) == pair[1]:
        raise InvalidInputError("live_pair_settled", worker=pair[0], shift=pair[1])
    i, j = hall.worker_row[pair[0]], hall.shift_row[pair[1]]
    if hall.net.of_workers["at"][i] == j:
        hall.send_home(i, touched)
    hall.barred[pair] = True
    if hall.net.value(i, j) is not None:
        hall.net.remove_pair(i, j)
    return e.PairAllowed(worker_id=pair[0], shift_id=pair[1])


@do.register
def _(event: e.PairAllowed, hall: Hall, touched: Touched) -> e.Event:
    pair = _known_pair(hall, event.worker_id, event.shift_id)
    if pair not in hall.barred:
        raise InvalidInputError("live_pair_settled", worker=pair[0], shift=pair[1])
    del hall.barred[pair]
    points = hall.newcomers.of_worker(hall.workers[pair[0]]).get(pair[1])
    if points is not None:
        i, j = hall.worker_row[pair[0]], hall.shift_row[pair[1]]
        hall.send_home(i, touched)
        hall.net.add_pair(i, j, points + hall.tier_word[hall.shifts[pair[1]].priority_tier])
    return e.PairForbidden(worker_id=pair[0], shift_id=pair[1])


@do.register
def _(event: e.PromisePinned, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = _known_pair(hall, event.worker_id, event.shift_id)
    if worker in hall.pins:
        raise InvalidInputError("live_promised_already", worker=worker, shift=hall.pins[worker])
    i, j = hall.worker_row[worker], hall.shift_row[shift]
    _eligible(worker, shift, hall.net.value(i, j) is not None)
    if hall.net.of_shifts["seats"][j] == 0:
        raise InvalidInputError("live_promised_seats", shift=shift, n=len(hall.pinned_at(shift)) + 1)
    hall.pin(worker, shift, touched)
    return e.PromiseReleased(worker_id=worker)


@do.register
def _(event: e.PromiseReleased, hall: Hall, touched: Touched) -> e.Event:
    _present("worker", event.worker_id, hall.workers)
    shift = hall.pins.get(event.worker_id)
    if shift is None:
        raise InvalidInputError("live_nothing_promised", worker=event.worker_id)
    hall.release(event.worker_id, touched)
    return e.PromisePinned(worker_id=event.worker_id, shift_id=shift)


@do.register
def _(event: e.PlacementAnnounced, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = _known_pair(hall, event.worker_id, event.shift_id)
    hall.repair(touched)
    if hall.shift_of(worker) != shift:
        raise InvalidInputError("live_not_placed", worker=worker, shift=shift)
    before = hall.told.get(worker)
    hall.tell(worker, shift, touched)
    return e.AnnouncementWithdrawn(worker_id=worker, shift_id=before)


@do.register
def _(event: e.AnnouncementWithdrawn, hall: Hall, touched: Touched) -> e.Event:
    _present("worker", event.worker_id, hall.workers)
    before = hall.told.get(event.worker_id)
    hall.tell(event.worker_id, event.shift_id, touched)
    return e.AnnouncementWithdrawn(worker_id=event.worker_id, shift_id=before)


@do.register
def _(event: e.PolicyChanged, hall: Hall, touched: Touched) -> e.Event:
    old = hall.policy
    new = Policy.restore(event.policy, old.plugins)
    refuse_levels(new)
    hall.repair(touched)
    for worker in hall.workers:
        hall.touch(worker, touched)
    hall.policy = new
    try:
        hall.open()
    except Exception:
        hall.policy = old
        hall.open()
        raise
    return e.PolicyChanged(policy=old.describe())


@do.register
def _(event: e.PersonErased, hall: Hall, touched: Touched) -> e.Event:
    _absent("worker", event.worker_id, hall.workers)
    if not hall.log.can_erase:
        raise InvalidInputError("live_no_journal")
    touched.erased.append(event.worker_id)
    return e.PersonErased(worker_id=event.worker_id)


@do.register
def _(event: e.SolvedAnew, hall: Hall, touched: Touched) -> e.Event:
    return e.SolvedAnew()


@do.register
def _(event: e.EventsTogether, hall: Hall, touched: Touched) -> e.Event:
    done: list[e.Event] = []
    hall.expect(event.events)
    try:
        for each in event.events:
            done.insert(0, do(each, hall, touched))
    except Exception:
        hall.repair(touched)
        for inverse in done:
            do(inverse, hall, touched)
            hall.repair(touched)
        raise
    return e.EventsTogether(events=tuple(done))


@do.register
def _(event: e.EventUndone, hall: Hall, touched: Touched) -> e.Event:
    if event.number > len(hall.log):
        raise InvalidInputError("live_no_such_event", number=event.number, n=len(hall.log))
    return do(hall.log.inverse(event.number), hall, touched)


def _known_pair(hall: Hall, worker_id: str, shift_id: str) -> tuple[str, str]:
    _present("worker", worker_id, hall.workers)
    _present("shift", shift_id, hall.shifts)
    return worker_id, shift_id


def _present(kind: str, key: str, known: Mapping[str, Any]) -> None:
    if key not in known:
        raise InvalidInputError("unknown_id", kind=f"{kind}_id", id=key)


def _absent(kind: str, key: str, known: Mapping[str, Any]) -> None:
    if key in known:
        raise InvalidInputError("live_already_here", kind=f"{kind}_id", id=key)


def _eligible(worker_id: str, shift_id: str, holds: bool) -> None:
    if not holds:
        raise InvalidInputError("live_not_eligible", worker=worker_id, shift=shift_id)
