"""What happens in the hall, and what it changed: one union of events, JSON in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from gigmatch.i18n import Told
from gigmatch.model import Shift, Worker
from gigmatch.model.morning import morning_error
from gigmatch.model.values import Id, Model, Text

__all__ = [
    "PERSONAL",
    "AnnouncementWithdrawn",
    "AnyEvent",
    "Event",
    "EventUndone",
    "EventsTogether",
    "Moved",
    "Outcome",
    "PairAllowed",
    "PairForbidden",
    "PersonErased",
    "Placed",
    "PlacementAnnounced",
    "PolicyChanged",
    "PromisePinned",
    "PromiseReleased",
    "ShiftAdded",
    "ShiftCancelled",
    "ShiftChanged",
    "SolvedAnew",
    "WorkerChanged",
    "WorkerLeft",
    "WorkerSignedIn",
    "as_event",
    "event_from_json",
    "newcomers_in",
]

PERSONAL: Final = "personal"
"""Stands beside a text that may tell of the event's worker: a journal holds it as it holds their record."""


class AnyEvent(Model):
    """What all events have in common."""

    version: Literal[1] = 1
    """Version of the event's fields."""


class WorkerSignedIn(AnyEvent):
    """Somebody came."""

    event: Literal["worker_signed_in"] = "worker_signed_in"
    worker: Worker


class WorkerChanged(AnyEvent):
    """Something about somebody here is otherwise; the worker as they are now."""

    event: Literal["worker_changed"] = "worker_changed"
    worker: Worker


class WorkerLeft(AnyEvent):
    """Somebody went away; a promise to them ends with it."""

    event: Literal["worker_left"] = "worker_left"
    worker_id: Id


class ShiftAdded(AnyEvent):
    """There is more work, of an employer who is in the morning."""

    event: Literal["shift_added"] = "shift_added"
    shift: Shift


class ShiftChanged(AnyEvent):
    """Headcount, pay, times or anything else of a shift are otherwise; the shift as it is now."""

    event: Literal["shift_changed"] = "shift_changed"
    shift: Shift


class ShiftCancelled(AnyEvent):
    """A shift does not take place; promises of it end with it."""

    event: Literal["shift_cancelled"] = "shift_cancelled"
    shift_id: Id


class PairForbidden(AnyEvent):
    """A worker is not placed at a shift, whatever the rules say: they declined, or somebody barred it."""

    event: Literal["pair_forbidden"] = "pair_forbidden"
    worker_id: Id
    shift_id: Id
    reason: Annotated[Text, PERSONAL] = ""
    """In somebody's own words; nothing reads it."""


class PairAllowed(AnyEvent):
    """A forbidden pair is so no more."""

    event: Literal["pair_allowed"] = "pair_allowed"
    worker_id: Id
    shift_id: Id


class PromisePinned(AnyEvent):
    """A worker has a seat of a shift for certain, and everybody else is matched around it."""

    event: Literal["promise_pinned"] = "promise_pinned"
    worker_id: Id
    shift_id: Id


class PromiseReleased(AnyEvent):
    """A promise holds no more; the worker and the seat are matched as all others."""

    event: Literal["promise_released"] = "promise_released"
    worker_id: Id


class PlacementAnnounced(AnyEvent):
    """A worker was told the shift that they have now: the fewest such are moved, of equally good answers."""

    event: Literal["placement_announced"] = "placement_announced"
    worker_id: Id
    shift_id: Id


class AnnouncementWithdrawn(AnyEvent):
    """What a worker was told counts no more."""

    event: Literal["announcement_withdrawn"] = "announcement_withdrawn"
    worker_id: Id
    shift_id: Id | None = None
    """What they were told before, which counts again; nothing if missing."""


class PolicyChanged(AnyEvent):
    """The market wants something else from now on: scorers, weights, objective or seed."""

    event: Literal["policy_changed"] = "policy_changed"
    policy: dict[str, Any]
    """As ``Policy.describe`` gives it; scorers of one's own are those of the policy before."""


class PersonErased(AnyEvent):
    """What a journal holds of somebody who is not here any more is erased; their id and their seats stay."""

    event: Literal["person_erased"] = "person_erased"
    worker_id: Id


class SolvedAnew(AnyEvent):
    """Everybody was solved together anew: a journal was opened by what decides otherwise than its writer."""

    event: Literal["solved_anew"] = "solved_anew"


class EventsTogether(AnyEvent):
    """Several at once, repaired once."""

    event: Literal["events_together"] = "events_together"
    events: tuple[Event, ...]


class EventUndone(AnyEvent):
    """The effect of an earlier event is taken back; what came after it stays."""

    event: Literal["event_undone"] = "event_undone"
    number: Annotated[int, Field(ge=1)]
    """Of the event, as its outcome has it."""


Event = Annotated[
    WorkerSignedIn
    | WorkerChanged
    | WorkerLeft
    | ShiftAdded
    | ShiftChanged
    | ShiftCancelled
    | PairForbidden
    | PairAllowed
    | PromisePinned
    | PromiseReleased
    | PlacementAnnounced
    | AnnouncementWithdrawn
    | PolicyChanged
    | PersonErased
    | SolvedAnew
    | EventsTogether
    | EventUndone,
    Field(discriminator="event"),
]
"""Anything that happens, told apart by ``event``."""

EventsTogether.model_rebuild()
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Placed(Model):
    """A worker and a shift."""

    worker_id: Id
    shift_id: Id


class Moved(Model):
    """A worker who changed from one shift to another."""

    worker_id: Id
    from_shift_id: Id
    to_shift_id: Id


class Outcome(Model):
    """What an event changed; workers in order of id."""

    version: Literal[1] = 1
    number: int
    """The number of the event, from 1; 0 of one that was only looked at."""
    event: Event
    placed: tuple[Placed, ...] = ()
    """Who had no seat and has one."""
    moved: tuple[Moved, ...] = ()
    """Who has another seat."""
    dropped: tuple[Placed, ...] = ()
    """Who had a seat and has none, those who left included, with the seat they had."""
    seats_by_tier: dict[int, int] = Field(default_factory=dict)
    """How many seats more are filled, fewer below 0, by tier; tiers without a change are left out."""
    points: float = 0.0
    """How many points more all placements have together."""
    told_otherwise: tuple[Id, ...] = ()
    """Of those placed, moved or dropped, whoever was told another shift than they have now, and is here."""


def as_event(value: Any) -> Any:
    """An event of what was given as one: itself, several of them, or the fields of one.

    Anything else is returned as it is; raises InvalidMorningError for fields that make no event.
    """
    if isinstance(value, list | tuple):
        value = {"event": "events_together", "events": tuple(value)}
    return _validated(_EVENT.validate_python, value) if isinstance(value, Mapping) else value


def event_from_json(data: bytes | str) -> Event:
    """Read an event, told apart by its key ``event``.

    Parameters
    ----------
    data : bytes or str
        JSON of one object.

    Raises
    ------
    InvalidMorningError
        Listing every problem with its path.

    Examples
    --------
    >>> event_from_json('{"event": "worker_left", "worker_id": "w1"}')
    WorkerLeft(version=1, event='worker_left', worker_id='w1')
    """
    return _validated(_EVENT.validate_json, data)


def newcomers_in(events: Iterable[Any]) -> list[Worker]:
    """Return everybody who comes, or is otherwise, in some events."""
    return [event.worker for event in events if isinstance(event, WorkerSignedIn | WorkerChanged)]


def _validated(read: Callable[[Any], Event], value: Any) -> Event:
    try:
        return read(value)
    except ValidationError as error:
        raise morning_error(error, Told.of("sources.event")) from None
