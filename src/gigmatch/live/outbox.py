"""What has to be said to whom: the difference between what is so and what was heard last.

Nothing is queued, so nothing is said twice, or said that counts no more: an offer that ended before anybody
heard of it leaves no trace.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from gigmatch.live.asking import Message
from gigmatch.live.hall import Hall
from gigmatch.live.state import canonical

__all__ = ["begins_at", "employer_slot", "heard", "is_due", "outbox", "told_as", "worker_slot"]

_ORDER: Final = ("withdrawn", "not_expected", "offer", "promised", "expected")
_SAID_TO: Final = {"worker": ("withdrawn", "offer", "promised"), "employer": ("not_expected", "expected")}


def outbox(hall: Hall) -> tuple[Message, ...]:
    """Return all that has to be said: what counts no more first, then by beginning of the shift and id."""
    due = (*_to_workers(hall), *_to_employers(hall))
    starts = {key: begins_at(hall, key) for key in {one.shift_id for one in due} if key in hall.shifts}
    return tuple(
        sorted(due, key=lambda m: (_ORDER.index(m.says), starts.get(m.shift_id, -1), m.shift_id, m.worker_id))
    )


def is_due(hall: Hall, message: Message) -> bool:
    """Whether something has to be said, or may have had to be, of a worker and a shift that are here."""
    if message.says not in _SAID_TO[message.to] or (message.says != "offer" and message.until is not None):
        return False
    if message.to == "employer":
        return message in _to_employers(hall)
    if message.says == "withdrawn":
        return _to_worker(hall, message.worker_id) == message
    is_here = message.worker_id in hall.workers and message.shift_id in hall.shifts
    return is_here and heard(hall, message.worker_id) != told_as(message, hall)


def heard(hall: Hall, worker_id: str) -> dict[str, Any] | None:
    """Return what a worker heard last of a shift that they have, None if nothing that counts."""
    said, told = hall.notes["said"].get(worker_slot(worker_id)), hall.told.get(worker_id)
    if worker_id in hall.notes["offers"] or told is None or (said and said["shift"] == told):
        return said
    return _saying("told", told)


def told_as(message: Message, hall: Hall) -> dict[str, Any]:
    """Return what a worker has heard once a message is said."""
    until = None if message.until is None else hall.base.clock.minute(message.until)
    return _saying(message.says, message.shift_id, until)


def worker_slot(worker_id: str) -> str:
    """Return where it is noted what a worker heard."""
    return canonical(["worker", worker_id])


def employer_slot(shift_id: str, worker_id: str) -> str:
    """Return where it is noted what the employer of a shift heard of a worker."""
    return canonical(["employer", shift_id, worker_id])


def begins_at(hall: Hall, shift_id: str) -> int:
    """Return when a shift begins: elapsed minutes."""
    return int(hall.base.clock.minutes(p.start_min for p in hall.shifts[shift_id].periods).min())


def _saying(says: str, shift: str, until: int | None = None) -> dict[str, Any]:
    return {"says": says, "shift": shift, "until": until}


def _to_workers(hall: Hall) -> Iterator[Message]:
    slots = [json.loads(slot) for slot in hall.notes["said"]]
    heard_of = {slot[1] for slot in slots if slot[0] == "worker"}
    for worker in sorted(heard_of | hall.pins.keys() | hall.told.keys()):
        if worker in hall.workers and (message := _to_worker(hall, worker)):
            yield message


def _to_worker(hall: Hall, worker: str) -> Message | None:
    known, so = heard(hall, worker), _standing(hall, worker)
    if so is None:
        if known is None or hall.shift_of(worker) is not None:
            return None
        return Message(to="worker", says="withdrawn", worker_id=worker, shift_id=known["shift"])
    if so["says"] == "told" or so == known:
        return None
    until = None if so["until"] is None else hall.base.clock.shown(so["until"])
    before = known["shift"] if known and known["shift"] != so["shift"] else None
    which = {"worker_id": worker, "shift_id": so["shift"]}
    return Message(to="worker", says=so["says"], until=until, instead_of=before, **which)


def _standing(hall: Hall, worker: str) -> dict[str, Any] | None:
    """What counts for a worker now, None where they have nothing, or have not been asked yet."""
    if worker in hall.pins:
        return _saying("promised", hall.pins[worker])
    offer, shift = hall.notes["offers"].get(worker), hall.shift_of(worker)
    if shift is None or shift != (hall.told.get(worker) if offer is None else offer["shift"]):
        return None
    return _saying("told", shift) if offer is None else _saying("offer", shift, offer["until"])


def _to_employers(hall: Hall) -> Iterator[Message]:
    said = hall.notes["said"]
    for worker, shift in sorted(hall.pins.items()):
        if worker not in hall.notes["at_work"] and employer_slot(shift, worker) not in said:
            yield Message(to="employer", says="expected", worker_id=worker, shift_id=shift)
    for slot in sorted(said):
        to, *whom = json.loads(slot)
        if to == "employer" and whom[0] in hall.shifts and hall.pins.get(whom[1]) != whom[0]:
            yield Message(to="employer", says="not_expected", worker_id=whom[1], shift_id=whom[0])
