"""A live morning of a sample: who walks in when, what employers telephone, and what people answer.

What is real is in the pages on gig markets (July 2025) that the samples are made after: an offer is made a
little after six and answered at once ("two days, 420 yuan, going?" - "going."), and at the fair of Mentougou
nearly 150 of 500 reached an intent. So three in ten say yes at the fair. That a hall fills from 04:50, that
offers are made from 05:30, and that it is empty after 08:00, is a secondary source. All other shares are made
up: in a hall 75 in a hundred say yes, 17 say no and 8 nothing; 40 shifts in a hundred are called in by
telephone, 3 are cancelled and 6 want more people; 6 people in a hundred give up and go home; 4 in a hundred
who said yes do not come to work, one in three of them with an excuse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from gigmatch.core.splitmix import SplitMix64
from gigmatch.live import events as e
from gigmatch.model import Morning, Shift, Worker
from gigmatch.scenarios.days import spec_of
from gigmatch.scenarios.generate import generate

if TYPE_CHECKING:
    from gigmatch.live.live import Live

__all__ = ["Call", "Stream", "stream"]

_STEP: Final = 5
"""Minutes between two rounds of asking."""
_LATE: Final = 10
"""Minutes after the beginning by which somebody is at work, or did not come."""
_LEAST_NOTICE: Final = 30
"""Minutes before the beginning by which a shift is called in."""
_PHONED, _CANCELLED, _RAISED, _GIVE_UP, _ABSENT, _EXCUSED = 40, 3, 6, 6, 4, 33


class _Hours(NamedTuple):
    """When a hall opens, when it begins to ask and is empty, and how many in a hundred say yes and no."""

    opens: int
    asks: int
    closes: int
    yes: int
    no: int


_HALL: Final = _Hours(4 * 60 + 50, 5 * 60 + 30, 8 * 60, 75, 17)
_HOURS: Final = {
    "jingshi": _HALL,
    "majuqiao": _HALL,
    "mentougou": _Hours(8 * 60 + 30, 9 * 60, 11 * 60 + 30, 30, 60),
}


class Call(NamedTuple):
    """Something that happens, and when."""

    minute: int
    """What the clock shows."""
    event: e.Event


@dataclass(frozen=True)
class Stream:
    """A morning as it begins, and all that happens in it; made by `stream`."""

    morning: Morning
    """Who is there when the hall opens, and the shifts that are known then."""
    calls: tuple[Call, ...]
    """Whatever happens whoever is placed where, in order: people come and give up, shifts are called in,
    changed and cancelled."""
    sample: str
    seed: int

    def happenings(self, live: Live) -> Iterator[Call]:
        """Every event in order, what people answer among them; each is applied before the next is asked for.

        Parameters
        ----------
        live : Live
            Of `morning`; nothing else happens in it. Whom it asks is asked, in rounds.

        Yields
        ------
        Call
            The same for the same answers of ``live``, on every machine.

        Examples
        --------
        >>> import gigmatch as gm
        >>> stream = gm.samples.stream("jingshi", seed=7, workers=50)
        >>> live = gm.Live(stream.morning)
        >>> for minute, event in stream.happenings(live):
        ...     outcome = live.apply(event, time=minute)
        >>> live.verify()
        """
        return _Hall(self, live).happenings()


class _Hall:
    """What somebody at the desk knows while a stream happens."""

    def __init__(self, stream: Stream, live: Live) -> None:
        self._live, self._seed, self._hours = live, stream.seed, _HOURS[stream.sample]
        self._calls = defaultdict[int, list[e.Event]](list)
        for minute, event in stream.calls:
            self._calls[minute].append(event)
        self._begins = {shift.id: _begin(shift) for shift in stream.morning.shifts}
        self._taken: dict[str, str] = {}
        self._asked: set[str] = set()
        self._open: set[tuple[str, str]] = set()

    def happenings(self) -> Iterator[Call]:
        """Minute after minute."""
        last = max(self._hours.closes + 2 * _STEP, *(call for call in self._calls), 0)
        for minute in range(self._hours.opens, last + 1):
            for event in self._at(minute):
                yield Call(minute, event)

    def _at(self, minute: int) -> Iterator[e.Event]:
        if minute % _STEP == 0:
            yield e.TimeMoved(minute=minute)
        self._open = {(offer.worker_id, offer.shift_id) for offer in self._live.open_offers}
        for event in self._calls.pop(minute, ()):
            if self._makes_sense(event):
                yield event
        if minute % _STEP == 0 and self._hours.asks <= minute <= self._hours.closes:
            for offer in self._live.offers():
                self._ask(offer, minute)
                yield offer

    def _makes_sense(self, event: e.Event) -> bool:
        """Whether somebody still says so; and what the desk knows from it."""
        match event:
            case e.ShiftAdded(shift=shift):
                self._begins[shift.id] = _begin(shift)
            case e.ShiftCancelled(shift_id=gone):
                del self._begins[gone]
                self._taken = {worker: shift for worker, shift in self._taken.items() if shift != gone}
            case e.WorkerLeft(worker_id=worker):
                return worker not in self._asked
            case e.OfferAccepted() | e.OfferDeclined():
                return self._is_answered(event)
            case e.CheckedIn() | e.NoShow():
                return self._taken.get(event.worker_id) == event.shift_id
        return True

    def _is_answered(self, event: e.OfferAccepted | e.OfferDeclined) -> bool:
        """Whether the seat is still theirs to say yes or no to; who says yes comes to work, or does not."""
        worker, shift = event.worker_id, event.shift_id
        if (worker, shift) not in self._open or self._live.shift_of(worker) != shift:
            return False
        begins = self._begins[shift]
        if isinstance(event, e.OfferAccepted):
            self._taken[worker] = shift
            if begins <= self._hours.closes:
                self._calls[begins + _LATE].append(self._comes(worker, shift))
        return True

    def _ask(self, offer: e.OfferMade, minute: int) -> None:
        """What somebody says, and when; or nothing."""
        worker, shift = offer.worker_id, offer.shift_id
        random, pair = _numbers(self._seed, "answer", worker, shift), {"worker_id": worker, "shift_id": shift}
        self._asked.add(worker)
        yes, no = self._hours.yes, self._hours.no
        says = random.weighted(((e.OfferAccepted, yes), (e.OfferDeclined, no), (None, 100 - yes - no)))
        if says is not None:
            self._calls[minute + random.between(1, 2 * _STEP)].append(says(**pair))

    def _comes(self, worker: str, shift: str) -> e.Event:
        random, pair = _numbers(self._seed, "comes", worker, shift), {"worker_id": worker, "shift_id": shift}
        if not random.chance(_ABSENT):
            return e.CheckedIn(**pair)
        return e.NoShow(**pair, is_excused=random.chance(_EXCUSED))


def stream(sample: str = "majuqiao", seed: int = 7, *, workers: int | None = None) -> Stream:
    """A live morning of a sample: who is there when the hall opens, and everything that happens until noon.

    Parameters
    ----------
    sample : "majuqiao", "jingshi" or "mentougou"
        Whose people and shifts these are.
    seed : int
        From 0 to 2**64 - 1.
    workers : int, optional
        How many come in all; as many as the sample has of its own unless given.

    Returns
    -------
    Stream

    Raises
    ------
    InvalidInputError
        There is no such sample, or a number is not an integer in its range.

    Examples
    --------
    >>> import gigmatch as gm
    >>> stream = gm.samples.stream("majuqiao", seed=7, workers=200)
    >>> len(stream.morning.workers), len(stream.morning.shifts), len(stream.calls)
    (83, 5, 127)
    >>> minute, event = stream.calls[0]
    >>> event.event
    'worker_signed_in'
    """
    spec = spec_of(sample)
    whole = generate(spec, seed, spec.usual_workers if workers is None else workers)
    hours = _HOURS[sample]
    comes = {worker.id: _arrival(worker, hours) for worker in whole.workers}
    known = {shift.id for shift in spec.offered}
    phoned = {shift.id: 0 if shift.id in known else _phoned(shift, hours, seed) for shift in whole.shifts}
    calls = [*_of_people(whole.workers, comes, hours, seed), *_of_shifts(whole.shifts, phoned, hours, seed)]
    here = {
        "workers": tuple(worker for worker in whole.workers if not comes[worker.id]),
        "shifts": tuple(shift for shift in whole.shifts if not phoned[shift.id]),
    }
    return Stream(
        morning=whole.model_copy(update=here),
        calls=tuple(sorted(calls, key=lambda call: call.minute)),
        sample=sample,
        seed=seed,
    )


def _arrival(worker: Worker, hours: _Hours) -> int:
    """When somebody walks in; 0 for who is there at first, or registered before."""
    minute = worker.arrived_at_min
    return 0 if minute is None or minute <= hours.opens else minute


def _phoned(shift: Shift, hours: _Hours, seed: int) -> int:
    """When a shift is called in; 0 if it is known at first."""
    random = _numbers(seed, "called", shift.id)
    latest = min(hours.closes, _begin(shift) - _LEAST_NOTICE)
    if not random.chance(_PHONED) or latest <= hours.opens:
        return 0
    return random.between(hours.opens + 1, latest)


def _of_people(workers: Iterable[Worker], comes: dict[str, int], hours: _Hours, seed: int) -> Iterator[Call]:
    for worker in workers:
        came = comes[worker.id]
        if came:
            yield Call(came, e.WorkerSignedIn(worker=worker))
        random = _numbers(seed, "patience", worker.id)
        if random.chance(_GIVE_UP):
            yield Call(max(came, hours.opens) + random.between(45, 150), e.WorkerLeft(worker_id=worker.id))


def _of_shifts(shifts: Iterable[Shift], phoned: dict[str, int], hours: _Hours, seed: int) -> Iterator[Call]:
    for shift in shifts:
        random, known = _numbers(seed, "employer", shift.id), phoned[shift.id]
        if known:
            yield Call(known, e.ShiftAdded(shift=shift))
        first, last = max(known, hours.opens) + 1, min(hours.closes, _begin(shift) - 1)
        if first + 2 > last:
            continue
        if random.chance(_CANCELLED):
            yield Call(random.between(first, last), e.ShiftCancelled(shift_id=shift.id))
        elif random.chance(_RAISED):
            more = shift.model_copy(update={"headcount": shift.headcount + random.between(1, 5)})
            yield Call(random.between(first, last), e.ShiftChanged(shift=more))


def _begin(shift: Shift) -> int:
    return min(period.start_min for period in shift.periods)


def _numbers(seed: int, *purpose: str) -> SplitMix64:
    """Random numbers of one thing about somebody, which have nothing to do with any others."""
    return SplitMix64.keyed(" ".join(purpose), seed)
