"""What every kind of event does to a hall: it is checked, then done, and what takes it back is returned."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from gigmatch.errors import InvalidInputError
from gigmatch.live import events as e
from gigmatch.live.hall import Hall, Touched, request_key
from gigmatch.live.weights import refuse_levels
from gigmatch.model import Request, Worker
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import check_rules, is_library_rule, restore_rule

__all__ = ["Noting", "do", "known_pair", "offered", "present", "refuse_at_work", "together"]


class Noting:
    """Notes what decides no placement, and what takes that back.

    Parameters
    ----------
    hall : Hall
        Whose notes they are.
    touched : Touched
        Told whose seats are closed.
    """

    def __init__(self, hall: Hall, touched: Touched) -> None:
        self._hall, self._touched = hall, touched
        self._notes: list[e.Note] = []

    def put(self, table: str, key: str, value: Any) -> None:
        """Let a row be a plain value, None for no row."""
        rows = self._hall.notes[table]
        note = e.Note(table=table, key=key, after=value, before=rows.get(key))
        if note.after == note.before:
            return
        rows.pop(key, None)
        if value is not None:
            rows[key] = value
        if table == "closed" and key in self._hall.shifts:
            self._hall.resize(self._hall.shifts[key], self._touched)
        self._notes.append(note)

    def drop(self, table: str, key: str) -> None:
        """Let there be no such row."""
        self.put(table, key, None)

    @property
    def back(self) -> tuple[e.Event, ...]:
        """What takes them back: one event, or none."""
        return (e.NotesRestored(notes=tuple(reversed(self._notes))),) if self._notes else ()


def together(*events: e.Event) -> e.Event:
    """Return some events as one."""
    return events[0] if len(events) == 1 else e.EventsTogether(events=events)


def offered(hall: Hall, worker_id: str) -> str | None:
    """Return the shift of somebody's open offer, None if there is none."""
    offer = hall.notes["offers"].get(worker_id)
    return None if offer is None else str(offer["shift"])


def refuse_at_work(hall: Hall, worker_id: str) -> None:
    """Raise InvalidInputError for somebody who is at work."""
    if worker_id in hall.notes["at_work"]:
        raise InvalidInputError("live_at_work", worker=worker_id, shift=hall.notes["at_work"][worker_id])


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
    present("worker", event.worker_id, hall.workers)
    worker, pinned = hall.workers[event.worker_id], hall.pins.get(event.worker_id)
    notes = Noting(hall, touched)
    notes.drop("offers", worker.id)
    notes.drop("at_work", worker.id)
    if pinned is not None:
        if pinned in hall.notes["begun"]:
            notes.put("closed", pinned, hall.notes["closed"].get(pinned, 0) + 1)
        hall.release(worker.id, touched)
    hall.remove_worker(worker.id, touched)
    pins = () if pinned is None else (e.PromisePinned(worker_id=worker.id, shift_id=pinned),)
    return together(e.WorkerSignedIn(worker=worker), *notes.back, *pins)


@do.register
def _(event: e.WorkerChanged, hall: Hall, touched: Touched) -> e.Event:
    present("worker", event.worker.id, hall.workers)
    worker, old = hall.newcomers.valid_worker(event.worker), hall.workers[event.worker.id]
    _renew(hall, worker, touched)
    return e.WorkerChanged(worker=old)


@do.register
def _(event: e.ShiftAdded, hall: Hall, touched: Touched) -> e.Event:
    _absent("shift", event.shift.id, hall.shifts)
    shift = hall.newcomers.valid_shift(event.shift)
    hall.add_shift(shift, hall.newcomers.of_shift(shift), touched)
    return e.ShiftCancelled(shift_id=shift.id)


@do.register
def _(event: e.ShiftCancelled, hall: Hall, touched: Touched) -> e.Event:
    present("shift", event.shift_id, hall.shifts)
    shift = hall.shifts[event.shift_id]
    pinned, notes = hall.pinned_at(shift.id), Noting(hall, touched)
    for table in ("begun", "closed"):
        notes.drop(table, shift.id)
    for worker in [worker for worker in hall.notes["offers"] if offered(hall, worker) == shift.id]:
        notes.drop("offers", worker)
    for worker in pinned:
        notes.drop("at_work", worker)
        hall.release(worker, touched)
    hall.remove_shift(shift.id, touched)
    pins = (e.PromisePinned(worker_id=worker, shift_id=shift.id) for worker in pinned)
    return together(e.ShiftAdded(shift=shift), *pins, *notes.back)


@do.register
def _(event: e.ShiftChanged, hall: Hall, touched: Touched) -> e.Event:
    present("shift", event.shift.id, hall.shifts)
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
    pair = known_pair(hall, event.worker_id, event.shift_id)
    if pair in hall.barred or hall.pins.get(pair[0]) == pair[1]:
        raise InvalidInputError("live_pair_settled", worker=pair[0], shift=pair[1])
    i, j = hall.worker_row[pair[0]], hall.shift_row[pair[1]]
    if hall.net.of_workers["at"][i] == j:
        hall.send_home(i, touched)
    hall.barred[pair] = True
    if hall.net.value(i, j) is not None:
        hall.net.remove_pair(i, j)
    notes = Noting(hall, touched)
    if offered(hall, pair[0]) == pair[1]:
        notes.drop("offers", pair[0])
    return together(e.PairAllowed(worker_id=pair[0], shift_id=pair[1]), *notes.back)


@do.register
def _(event: e.PairAllowed, hall: Hall, touched: Touched) -> e.Event:
    pair = known_pair(hall, event.worker_id, event.shift_id)
    if pair not in hall.barred:
        raise InvalidInputError("live_pair_settled", worker=pair[0], shift=pair[1])
    del hall.barred[pair]
    points = hall.newcomers.of_worker(hall.workers[pair[0]]).get(pair[1])
    if points is not None:
        i, j = hall.worker_row[pair[0]], hall.shift_row[pair[1]]
        hall.send_home(i, touched)
        hall.net.add_pair(i, j, hall.value(pair[0], hall.shifts[pair[1]], points))
    return e.PairForbidden(worker_id=pair[0], shift_id=pair[1])


@do.register
def _(event: e.PromisePinned, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = known_pair(hall, event.worker_id, event.shift_id)
    if worker in hall.pins:
        raise InvalidInputError("live_promised_already", worker=worker, shift=hall.pins[worker])
    i, j = hall.worker_row[worker], hall.shift_row[shift]
    _eligible(worker, shift, hall.net.value(i, j) is not None)
    if hall.net.of_shifts["seats"][j] == 0:
        raise InvalidInputError("live_promised_seats", shift=shift, n=len(hall.pinned_at(shift)) + 1)
    hall.pin(worker, shift, touched)
    notes = Noting(hall, touched)
    notes.drop("offers", worker)
    return together(e.PromiseReleased(worker_id=worker), *notes.back)


@do.register
def _(event: e.PromiseReleased, hall: Hall, touched: Touched) -> e.Event:
    present("worker", event.worker_id, hall.workers)
    shift = hall.pins.get(event.worker_id)
    if shift is None:
        raise InvalidInputError("live_nothing_promised", worker=event.worker_id)
    refuse_at_work(hall, event.worker_id)
    hall.release(event.worker_id, touched)
    return e.PromisePinned(worker_id=event.worker_id, shift_id=shift)


@do.register
def _(event: e.PlacementAnnounced, hall: Hall, touched: Touched) -> e.Event:
    worker, shift = known_pair(hall, event.worker_id, event.shift_id)
    hall.repair(touched)
    if hall.shift_of(worker) != shift:
        raise InvalidInputError("live_not_placed", worker=worker, shift=shift)
    before, notes = hall.told.get(worker), Noting(hall, touched)
    if offered(hall, worker) != shift:
        notes.drop("offers", worker)
    hall.tell(worker, shift, touched)
    return together(e.AnnouncementWithdrawn(worker_id=worker, shift_id=before), *notes.back)


@do.register
def _(event: e.AnnouncementWithdrawn, hall: Hall, touched: Touched) -> e.Event:
    present("worker", event.worker_id, hall.workers)
    before = hall.told.get(event.worker_id)
    hall.tell(event.worker_id, event.shift_id, touched)
    return e.AnnouncementWithdrawn(worker_id=event.worker_id, shift_id=before)


@do.register
def _(event: e.PolicyChanged, hall: Hall, touched: Touched) -> e.Event:
    old = hall.policy
    new = Policy.restore(event.policy, old.plugins)
    refuse_levels(new)
    _want(hall, touched, policy=new)
    return e.PolicyChanged(policy=old.describe())


@do.register
def _(event: e.RulesChanged, hall: Hall, touched: Touched) -> e.Event:
    old = hall.described(hall.rules)
    own = tuple(rule for rule in hall.rules if not is_library_rule(rule))
    new = tuple(restore_rule(entry, own) for entry in event.rules)
    _want(hall, touched, rules=check_rules(new))
    hall.settings["rules"] = hall.described(hall.rules)
    return e.RulesChanged(rules=tuple(old))


@do.register
def _(event: e.AskingChanged, hall: Hall, touched: Touched) -> e.Event:
    old = hall.asking
    if event.asking.move_price == old.move_price:
        hall.asking = event.asking
    else:
        _want(hall, touched, asking=event.asking)
    hall.settings["asking"] = event.asking.model_dump(mode="json")
    return e.AskingChanged(asking=old)


def _want(hall: Hall, touched: Touched, **other: Any) -> None:
    """Solve everybody together under something else, or leave all as it was."""
    hall.repair(touched)
    for worker in hall.workers:
        hall.touch(worker, touched)
    known = None if "policy" in other else {**hall.hint(), "placements": hall.placements}
    old = {name: getattr(hall, name) for name in other}
    vars(hall).update(other)
    try:
        hall.open(known)
    except Exception:
        vars(hall).update(old)
        hall.open()
        raise


@do.register
def _(event: e.SeatsClosed, hall: Hall, touched: Touched) -> e.Event:
    present("shift", event.shift_id, hall.shifts)
    notes = Noting(hall, touched)
    notes.put("closed", event.shift_id, event.seats or None)
    return together(*notes.back)


@do.register
def _(event: e.NotesRestored, hall: Hall, touched: Touched) -> e.Event:
    for note in event.notes:
        if hall.notes[note.table].get(note.key) != note.after:
            raise InvalidInputError("live_noted_since", table=note.table, key=note.key)
    notes = Noting(hall, touched)
    for note in event.notes:
        notes.put(note.table, note.key, note.before)
    return together(*notes.back)


@do.register
def _(event: e.PersonErased, hall: Hall, touched: Touched) -> e.Event:
    if event.worker_id in hall.workers:
        raise InvalidInputError("live_still_here", worker=event.worker_id)
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


@do.register
def _(event: e.WorkerRequested, hall: Hall, touched: Touched) -> e.Event:
    request = event.request
    if request.shift_id is not None:
        present("shift", request.shift_id, hall.shifts)
    else:
        present("employer", str(request.employer_id), {each.id: each for each in hall.base.employers})
    if request in hall.requests:
        raise InvalidInputError("live_already_asked", worker=request.worker_id)
    _ask(hall, request, touched, is_there=True)
    return e.RequestWithdrawn(request=request)


@do.register
def _(event: e.RequestWithdrawn, hall: Hall, touched: Touched) -> e.Event:
    if event.request not in hall.requests:
        raise InvalidInputError("live_not_asked", worker=event.request.worker_id)
    _ask(hall, event.request, touched, is_there=False)
    return e.WorkerRequested(request=event.request)


def _ask(hall: Hall, request: Request, touched: Touched, *, is_there: bool) -> None:
    """Let an employer ask for somebody by name, or not, and count that for whoever is here."""
    _turn_request(hall, request, is_there)
    try:
        if request.worker_id in hall.workers:
            _renew(hall, hall.workers[request.worker_id], touched)
    except InvalidInputError:
        _turn_request(hall, request, not is_there)
        raise


def _turn_request(hall: Hall, request: Request, is_there: bool) -> None:
    key = request_key(request)
    if key in hall.asked:
        del hall.asked[key]
    else:
        hall.asked[key] = is_there
    hall.newcomers.take_requests(hall.requests)


def _renew(hall: Hall, worker: Worker, touched: Touched) -> None:
    """Somebody here is as given, with the pairs and points that go with it; a promise to them stays."""
    points, pinned = hall.newcomers.of_worker(worker), hall.pins.get(worker.id)
    if pinned is not None:
        _eligible(worker.id, pinned, pinned in points)
        hall.release(worker.id, touched)
    hall.remove_worker(worker.id, touched)
    hall.add_worker(worker, points, touched)
    if pinned is not None:
        hall.pin(worker.id, pinned, touched)


def known_pair(hall: Hall, worker_id: str, shift_id: str) -> tuple[str, str]:
    """Return a worker and a shift that are here; raises InvalidInputError otherwise."""
    present("worker", worker_id, hall.workers)
    present("shift", shift_id, hall.shifts)
    return worker_id, shift_id


def present(kind: str, key: str, known: Mapping[str, Any]) -> None:
    """Raise InvalidInputError for an id that is not here."""
    if key not in known:
        raise InvalidInputError("unknown_id", kind=f"{kind}_id", id=key)


def _absent(kind: str, key: str, known: Mapping[str, Any]) -> None:
    if key in known:
        raise InvalidInputError("live_already_here", kind=f"{kind}_id", id=key)


def _eligible(worker_id: str, shift_id: str, holds: bool) -> None:
    if not holds:
        raise InvalidInputError("live_not_eligible", worker=worker_id, shift=shift_id)
