"""What happens in the hall, and what it changed: one union of events, JSON in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from gigmatch.i18n import Told
from gigmatch.live.asking import Asking, Message
from gigmatch.live.chains import Chain, Link, chains_of
from gigmatch.model import Request, Shift, Worker
from gigmatch.model.morning import morning_error
from gigmatch.model.values import Count, Id, Minute, Model, Text

__all__ = [
    "PERSONAL",
    "AnnouncementWithdrawn",
    "AnyEvent",
    "AskingChanged",
    "BackEarly",
    "CheckedIn",
    "Event",
    "EventUndone",
    "EventsTogether",
    "MessageSaid",
    "Moved",
    "NoShow",
    "Note",
    "NotesRestored",
    "OfferAccepted",
    "OfferDeclined",
    "OfferExpired",
    "OfferMade",
    "OfferWithdrawn",
    "Outcome",
    "Overruled",
    "PairAllowed",
    "PairForbidden",
    "PersonErased",
    "Placed",
    "PlacementAnnounced",
    "PolicyChanged",
    "PromisePinned",
    "PromiseReleased",
    "RequestWithdrawn",
    "RulesChanged",
    "SeatsClosed",
    "ShiftAdded",
    "ShiftCancelled",
    "ShiftChanged",
    "SolvedAnew",
    "TimeMoved",
    "WorkerChanged",
    "WorkerLeft",
    "WorkerRequested",
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


class WorkerRequested(AnyEvent):
    """An employer asks for somebody by name, who need not be here."""

    event: Literal["worker_requested"] = "worker_requested"
    request: Request


class RequestWithdrawn(AnyEvent):
    """An employer does not ask for somebody any more."""

    event: Literal["request_withdrawn"] = "request_withdrawn"
    request: Request


class OfferMade(AnyEvent):
    """A worker is asked whether they take the shift that they have now, which tells them of it."""

    event: Literal["offer_made"] = "offer_made"
    worker_id: Id
    shift_id: Id
    until: Minute | None = None
    """When the answer is due, after what the clock shows; it does not end by itself if missing."""


class OfferAccepted(AnyEvent):
    """A worker says yes, and has the seat for certain."""

    event: Literal["offer_accepted"] = "offer_accepted"
    worker_id: Id
    shift_id: Id


class OfferDeclined(AnyEvent):
    """A worker says no to a shift that they were told or promised; the pair is forbidden from now on."""

    event: Literal["offer_declined"] = "offer_declined"
    worker_id: Id
    shift_id: Id
    reason: Annotated[Text, PERSONAL] = ""
    """In their own words; nothing reads it."""


class OfferExpired(AnyEvent):
    """A worker did not answer: the offer ends, and if the seat is still theirs the pair is forbidden."""

    event: Literal["offer_expired"] = "offer_expired"
    worker_id: Id
    shift_id: Id


class OfferWithdrawn(AnyEvent):
    """An offer ends before it is answered; what the worker was told counts no more."""

    event: Literal["offer_withdrawn"] = "offer_withdrawn"
    worker_id: Id
    shift_id: Id
    reason: Annotated[Text, PERSONAL] = ""
    """In somebody's own words; nothing reads it."""


class CheckedIn(AnyEvent):
    """A worker is at work: the seat is theirs for certain."""

    event: Literal["checked_in"] = "checked_in"
    worker_id: Id
    shift_id: Id


class NoShow(AnyEvent):
    """A worker did not come to work. They are not here until they sign in again."""

    event: Literal["no_show"] = "no_show"
    worker_id: Id
    shift_id: Id
    is_excused: bool = False
    """Otherwise the pair is forbidden from now on."""
    is_replaced: bool = True
    """Whether somebody else is wanted in the seat; else it is closed."""
    reason: Annotated[Text, PERSONAL] = ""
    """In somebody's own words; nothing reads it."""


class BackEarly(AnyEvent):
    """A worker who was at work is back and free again; the seat is closed."""

    event: Literal["back_early"] = "back_early"
    worker_id: Id


class SeatsClosed(AnyEvent):
    """Some seats of a shift are not filled any more; 0 opens all of them again."""

    event: Literal["seats_closed"] = "seats_closed"
    shift_id: Id
    seats: Count
    """How many, of those that nobody is promised."""


class Overruled(AnyEvent):
    """Somebody decides by hand that a worker has a shift for certain, whatever the answer was."""

    event: Literal["overruled"] = "overruled"
    worker_id: Id
    shift_id: Id
    reason: Annotated[Text, PERSONAL]
    """Why, in somebody's own words; not empty."""


class TimeMoved(AnyEvent):
    """It is later: offers that are due end, and shifts that have begun are closed.

    Whoever was told a shift that begins, and has it without an open offer, is promised it; open offers of it
    end; its other seats are closed.
    """

    event: Literal["time_moved"] = "time_moved"
    minute: Minute
    """What the clock shows."""


class MessageSaid(AnyEvent):
    """Something of the outbox was said, and is not in it any more."""

    event: Literal["message_said"] = "message_said"
    message: Message


class RulesChanged(AnyEvent):
    """Other rules hold from now on."""

    event: Literal["rules_changed"] = "rules_changed"
    rules: tuple[dict[str, Any], ...]
    """Each as a journal and a saved answer describe it; rules of one's own are those of before."""


class AskingChanged(AnyEvent):
    """People are asked in another way from now on, or moved at another price."""

    event: Literal["asking_changed"] = "asking_changed"
    asking: Asking


class Note(Model):
    """A row of what is noted besides, after an event and before it."""

    table: Literal["offers", "said", "at_work", "begun", "closed", "clock"]
    key: str
    after: Any = None
    before: Any = None


class NotesRestored(AnyEvent):
    """What was noted besides is as it was before; a part of what takes other events back."""

    event: Literal["notes_restored"] = "notes_restored"
    notes: tuple[Note, ...]


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
    number: Annotated[int, Field(strict=True, ge=1)]
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
    | WorkerRequested
    | RequestWithdrawn
    | OfferMade
    | OfferAccepted
    | OfferDeclined
    | OfferExpired
    | OfferWithdrawn
    | CheckedIn
    | NoShow
    | BackEarly
    | SeatsClosed
    | Overruled
    | TimeMoved
    | MessageSaid
    | RulesChanged
    | AskingChanged
    | NotesRestored
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
    gains: dict[Id, float] = Field(default_factory=dict)
    """Points more of everybody who has more or fewer, by worker; together they are ``points``."""
    told_otherwise: tuple[Id, ...] = ()
    """Of those placed, moved or dropped, whoever was told another shift than they have now, and is here."""
    offers_ended: tuple[Placed, ...] = ()
    """Offers that ended without an answer because time moved on."""
    shifts_closed: tuple[Id, ...] = ()
    """Shifts that have begun."""

    @property
    def chains(self) -> tuple[Chain, ...]:
        """Why so: who made room for whom, and what each chain of them adds."""
        links = [Link(one.worker_id, None, one.shift_id) for one in self.placed]
        links += [Link(one.worker_id, one.from_shift_id, one.to_shift_id) for one in self.moved]
        links += [Link(one.worker_id, one.shift_id, None) for one in self.dropped]
        return chains_of(links, self.gains)


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
