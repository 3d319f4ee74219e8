"""A morning that moves: after every event the answer is the best one, as if it had been solved anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from types import NoneType
from typing import Any, Self

from gigmatch.assignment.promises import IdPairs, id_pairs
from gigmatch.errors import GigmatchError, InvalidInputError
from gigmatch.live import events as e
from gigmatch.live import kept
from gigmatch.live.asking import Asking, Message
from gigmatch.live.composed import do
from gigmatch.live.differences import events_between
from gigmatch.live.hall import Hall, Touched
from gigmatch.live.journal import Journal
from gigmatch.live.log import Happened
from gigmatch.live.moments import Moment, minute_of, moment_of
from gigmatch.live.offers import StandBy, offers, open_offers, stand_bys
from gigmatch.live.outbox import outbox
from gigmatch.live.outcomes import outcome_of
from gigmatch.live.steps import present
from gigmatch.model import Morning
from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
from gigmatch.pairing.rules import DEFAULT_RULES, Rule, check_rules
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel

__all__ = ["Live"]


class Live:
    """A morning that moves, and its best assignment at any time.

    After every event the answer is the best for seats by tier, then points, then fewest changes to what
    people have been told, then the published lottery. Where nobody has been told anything it is what
    ``gigmatch.match`` gives for the morning as it is now.

    Parameters
    ----------
    morning : Morning
        As it is when it opens.
    rules, policy, travel, keep, forbid
        As for ``gigmatch.match``.
    journal : str or Path, optional
        A file to be made, which holds from now on whatever happens; `Live.open` goes on from it.
    clock : callable, optional
        Gives the time of an event that comes without one, as ``time=`` of `apply` takes it.
    asking : Asking, optional
        How people are asked, and at what price whoever was told a shift is moved.

    Raises
    ------
    InvalidInputError
        As for ``gigmatch.match``; or there is such a file.
    JournalError
        The journal cannot be written.
    UnsupportedError
        The policy has other levels than those of an objective, or promises what is asked for by name; or the
        morning came as columns, or is one that this version does not solve.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from gigmatch.live import events
    >>> live = gm.Live(gm.samples.jingshi(seed=7, workers=50))
    >>> outcome = live.apply(events.ShiftCancelled(shift_id=live.morning.shifts[0].id))
    >>> live.pairs == gm.match(live.morning).pairs
    True
    >>> live.undo(outcome.number).number, len(live.log)
    (2, 2)
    """

    def __init__(
        self,
        morning: Morning,
        *,
        rules: Sequence[Rule] = DEFAULT_RULES,
        policy: Policy = DEFAULT_POLICY,
        travel: Travel | None = None,
        keep: IdPairs = (),
        forbid: IdPairs = (),
        journal: str | Path | None = None,
        clock: Callable[[], Moment] | None = None,
        asking: Asking = Asking(),  # noqa: B008
    ) -> None:
        _refuse_others("asking", asking, Asking)
        hall = Hall(morning, check_rules(rules), policy, travel, asking)
        hall.pins.update(id_pairs(keep, "keep"))
        hall.barred.update((pair, True) for pair in id_pairs(forbid, "forbid"))
        hall.open()
        self._take(hall, clock)
        if journal is not None:
            kept.begin(hall, journal, self._time(None))

    def _take(self, hall: Hall, clock: Callable[[], Moment] | None) -> None:
        _refuse_others("clock", clock, Callable, NoneType)
        self._hall, self._clock, self._lock = hall, clock, RLock()

    # -- on disk ------------------------------------------------------------------------------------------

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        rules: Sequence[Rule] = (),
        scorers: Sequence[Scorer] = (),
        travel: Travel | None = None,
        clock: Callable[[], Moment] | None = None,
    ) -> Self:
        """Go on from a journal, in the state after its last event.

        What its entries say happened is taken as it is said, and never decided anew. Should the rules of
        this version lead to another answer than the last entry's, that is an event ``SolvedAnew``.

        Parameters
        ----------
        path : str or Path
            What ``journal=`` made.
        rules, scorers, travel
            The user's own that it names.
        clock
            As for `Live`.

        Raises
        ------
        InvalidFileError
            It is no journal, or one of a later format.
        InvalidPolicyError
            A rule, scorer or travel that it names was not given, or is of another version.
        JournalError
            Somebody else writes it; the message says who.
        CertificateError
            It was tampered with; the message names the first entry that is not as it was written.
        """
        journal = Journal(path, is_writer=True)
        try:
            hall, placements = kept.resume(journal, rules, scorers, travel)
            live = cls.__new__(cls)
            live._take(hall, clock)
            live._note_other_decisions(placements)
        except BaseException:
            journal.close()
            raise
        return live

    def _note_other_decisions(self, placements: Mapping[str, str]) -> None:
        """What was placed stands in the past; where the answer is another one now, that is an event."""
        touched, hall, now = Touched(), self._hall, self._hall.placements
        for worker in placements.keys() | now.keys():
            shift = placements.get(worker)
            if shift != now.get(worker):
                touched.before[worker] = None if shift is None else (shift, *hall.worth(worker, shift))
        if touched.before:
            outcome = outcome_of(hall, e.SolvedAnew(), len(hall.log) + 1, touched)
            hall.log.append(Happened(outcome, e.SolvedAnew(), time=self._time(None)), lambda: None)
            self.flush()

    def _time(self, given: Moment | None) -> int | None:
        if given is None and self._clock is not None:
            given = self._clock()
        return None if given is None else moment_of(given, self._hall.base.clock)

    def expect(self, events: Sequence[e.Event | Mapping[str, Any]]) -> None:
        """Ask about all who come in some events beforehand, together, which is far quicker than one by one.

        Parameters
        ----------
        events : sequence of Event or mapping
            Soon to be applied, one by one without waiting; `apply` of several does this by itself. Nothing
            happens, and what is wrong with them is said when they are applied.
        """
        _refuse_others("events", events, Iterable)
        found = []
        for event in events:
            with suppress(GigmatchError):
                found.append(e.as_event(event))
        with self._lock:
            self._hall.expect(found)

    def flush(self) -> None:
        """Return once every event so far is on the disk; errors as of `apply`."""
        with self._lock:
            draft = self._hall.log.unsettled(len(self._hall.log))
        if draft is not None:
            self._hall.log.settle(draft)

    def close(self) -> None:
        """Write what is left, and let others go on from the journal; without one, nothing."""
        try:
            self.flush()
        finally:
            with self._lock:
                self._hall.log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # -- what is asked ------------------------------------------------------------------------------------

    @property
    def morning(self) -> Morning:
        """The morning as it is now, by id; requests for shifts that are gone are left out."""
        with self._lock:
            return self._hall.morning

    @property
    def policy(self) -> Policy:
        """What the market wants now."""
        return self._hall.policy

    @property
    def keep(self) -> tuple[tuple[str, str], ...]:
        """Promised pairs, sorted."""
        with self._lock:
            return self._hall.keep

    @property
    def forbid(self) -> tuple[tuple[str, str], ...]:
        """Forbidden pairs of those here, sorted."""
        with self._lock:
            return self._hall.forbid

    @property
    def told(self) -> dict[str, str]:
        """Shift that each worker was told last, by id; of people and shifts that are gone, too."""
        with self._lock:
            return dict(sorted(self._hall.told.items()))

    @property
    def log(self) -> tuple[e.Outcome, ...]:
        """Outcomes of all events so far; event number ``n`` is the n-th. Read from the journal, if any."""
        with self._lock:
            return tuple(self._hall.log.outcomes())

    @property
    def number(self) -> int:
        """The number of the last event, 0 before the first."""
        return len(self._hall.log)

    @property
    def work(self) -> int:
        """Pairs looked at by repairs, since everybody was last solved together."""
        return self._hall.net.work

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(worker id, shift id) of every placement, in the order of ``Assignment.pairs``."""
        with self._lock:
            return self._hall.pairs

    def shift_of(self, worker_id: str) -> str | None:
        """Shift of a worker, None if they have none or are not here."""
        return self._hall.shift_of(worker_id)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that hold now."""
        return self._hall.rules

    def rules_changed(self, rules: Sequence[Rule]) -> e.RulesChanged:
        """Return the event by which other rules hold: built-in ones, or those of one's own that hold now."""
        return e.RulesChanged(rules=tuple(self._hall.described(check_rules(rules))))

    @property
    def closed(self) -> dict[str, int]:
        """How many seats of shifts are not filled any more, by id; those without are left out."""
        with self._lock:
            return dict(sorted(self._hall.notes["closed"].items()))

    @property
    def asking(self) -> Asking:
        """How people are asked, and at what price they are moved."""
        return self._hall.asking

    @property
    def minute(self) -> int | None:
        """What the clock showed last, by an event ``TimeMoved``; None before any."""
        now = self._hall.notes["clock"].get("now")
        return None if now is None else self._hall.base.clock.shown(now)

    @property
    def open_offers(self) -> tuple[e.OfferMade, ...]:
        """Offers that were made and not answered, by worker."""
        with self._lock:
            return open_offers(self._hall)

    @property
    def at_work(self) -> dict[str, str]:
        """Shift of everybody who checked in there, by worker."""
        with self._lock:
            return dict(sorted(self._hall.notes["at_work"].items()))

    def offers(self, minute: int | str | None = None) -> tuple[e.OfferMade, ...]:
        """Whom to ask now, in this order, and when each answer is due: everybody placed who was not told it.

        The most urgent tier comes first, then the shift that begins first, then most points, then the id.
        Whoever was told another shift before is among them. Each is the event that makes the offer.

        Parameters
        ----------
        minute : int or str, optional
            What the clock shows, as in fields; what it showed last unless given (``TimeMoved``). Without
            either, no answer is due.
        """
        clock = self._hall.base.clock
        now = None if minute is None else clock.minute(minute_of(minute))
        with self._lock:
            return offers(self._hall, now)

    def outbox(self) -> tuple[Message, ...]:
        """What has to be said to whom: all that is otherwise than they have heard.

        What counts no more comes first, then offers, promises, and who is expected at work, each by beginning
        of the shift. Once said, it is acknowledged: ``live.apply(MessageSaid(message=message))``.
        """
        with self._lock:
            return outbox(self._hall)

    def stand_bys(self, shift_id: str, most: int = 3) -> tuple[StandBy, ...]:
        """Who comes, in this order, should somebody who was told a shift not come, and what that changes.

        The first is who takes the seat when the answer is repaired; the second, if the first one says no; and
        so on. Nobody where nobody was told or promised it, or nobody can come.

        Raises
        ------
        InvalidInputError
            There is no such shift, or ``most`` is no whole number from 0 on.
        """
        _refuse_others("shift_id", shift_id, str)
        if isinstance(most, bool) or not isinstance(most, int) or most < 0:
            raise InvalidInputError("integer_too_small", name="most", least=0, value=most)
        with self._lock:
            present("shift", shift_id, self._hall.shifts)
            return stand_bys(self._hall, shift_id, most)

    # -- what happens -------------------------------------------------------------------------------------

    def apply(
        self,
        event: e.Event | Sequence[e.Event] | Mapping[str, Any],
        *,
        key: str | None = None,
        actor: str | None = None,
        time: Moment | None = None,
        wait: bool = True,
    ) -> e.Outcome:
        """Let something happen, and repair the answer; any number of threads may.

        Parameters
        ----------
        event : Event, sequence of Event, or mapping
            Several are repaired once, and undone together; a mapping has the fields of one, as in JSON.
        key : str, optional
            The client's own name for it: what comes again under a key changes nothing, and gives the outcome
            of the first time.
        actor : str, optional
            Who lets it happen, for the journal.
        time : datetime, int or str, optional
            When, for the journal: a datetime with its zone or the ISO text of one, or a time of the morning's
            clock (``"6:12"``); else what the clock says, if there is one.
        wait : bool
            Whether to return only once it is on the disk, where there is a journal. What is not waited for
            may be lost until `flush` returns, and is written together.

        Returns
        -------
        Outcome
            What changed.

        Raises
        ------
        InvalidInputError
            The event makes no sense now: an unknown id, one that is there already, a pair that no rule lets
            stand. Nothing has changed then.
        UnsupportedError
            A shift of a kind that this version does not solve.
        JournalError
            It could not be written. It was taken back, and whatever came after it.
        """
        with self._lock:
            number = self._hall.log.find(key) if isinstance(key, str) else None
            outcome = (
                self._apply(event, key, actor, time) if number is None else self._hall.log.outcome(number)
            )
            draft = self._hall.log.unsettled(outcome.number)
        if wait and draft is not None:
            self._hall.log.settle(draft)
        return outcome

    def _apply(self, given: Any, key: str | None, actor: str | None, time: Moment | None) -> e.Outcome:
        _refuse_no_text(key=key, actor=actor)
        hall, when, touched = self._hall, self._time(time), Touched()
        policy = hall.policy
        outcome, inverse = self._happen(e.as_event(given), len(hall.log) + 1, touched)
        changes = hall.changes(policy)
        happened = Happened(outcome, inverse, key, actor, when, changes, tuple(touched.erased))
        try:
            hall.log.append(happened, lambda: self._take_back(inverse))
        except BaseException:
            self._take_back(inverse)
            raise
        hall.tidy()
        return outcome

    def _take_back(self, inverse: e.Event) -> None:
        self._happen(inverse, 0, Touched())
        self._hall.tidy()

    def preview(self, event: e.Event | Sequence[e.Event] | Mapping[str, Any]) -> e.Outcome:
        """What an event would change, number 0; parameters and errors as of `apply`."""
        with self._lock:
            outcome, inverse = self._happen(e.as_event(event), 0, Touched())
            self._take_back(inverse)
            return outcome

    def undo(self, number: int) -> e.Outcome:
        """Take back what an event did, by its number; what came after it stays. An event of its own.

        Parameters
        ----------
        number : int
            Of the event, as its outcome has it.

        Raises
        ------
        InvalidInputError
            There is no such event, or it cannot be taken back now: whoever came has left since.
        """
        return self.apply({"event": "event_undone", "number": number})

    def sync(
        self,
        morning: Morning,
        *,
        key: str | None = None,
        actor: str | None = None,
        time: Moment | None = None,
    ) -> e.Outcome | None:
        """Let happen, together, all by which another state of the tables differs.

        Parameters
        ----------
        morning : Morning
            As it is to be; promises, what was told and what is forbidden stay.
        key, actor, time
            As for `apply`.

        Returns
        -------
        Outcome or None
            What changed; None where nothing differs.

        Raises
        ------
        InvalidInputError
            It differs in more than workers and shifts, or somebody's promise would not hold; nothing has
            changed then. Others as of `apply`.
        """
        _refuse_others("morning", morning, Morning)
        with self._lock:
            whole = self.morning.model_copy(update={"requests": self._hall.requests})
            events = events_between(whole, morning)
            if not events and (key is None or self._hall.log.find(key) is None):
                return None
            outcome = self.apply(events, key=key, actor=actor, time=time, wait=False)
        self.flush()
        return outcome

    def erase(self, worker_id: str) -> e.Outcome:
        """Erase what the journal holds of somebody who is not here any more. An event of its own.

        Their record, and reasons told of them, are gone from the file; their id stays in its entries, which
        remain a chain, and so do the seats that they had.

        Raises
        ------
        InvalidInputError
            They are here, or there is no journal.
        """
        return self.apply({"event": "person_erased", "worker_id": worker_id})

    def verify(self) -> None:
        """Prove the answer, from the morning as it is now.

        Rules, scorers and travel are asked about every pair anew; the prices prove that no assignment is
        better, level by level; and none is equal to it.

        Raises
        ------
        CertificateError
            Naming what does not hold.
        """
        with self._lock:
            self._hall.verify()

    def _happen(self, event: e.Event, number: int, touched: Touched) -> tuple[e.Outcome, e.Event]:
        hall = self._hall
        for table in hall.tables.values():
            table.changed.clear()
        inverse = do(event, hall, touched)
        hall.repair(touched)
        return outcome_of(hall, event, number, touched), inverse


def _refuse_others(name: str, value: Any, kind: Any, *others: Any) -> None:
    if not isinstance(value, (kind, *others)):
        raise InvalidInputError("wrong_type", name=name, kinds=kind.__name__, value=value)


def _refuse_no_text(**given: Any) -> None:
    for name, value in given.items():
        if value is not None and not (isinstance(value, str) and value):
            raise InvalidInputError("live_no_text", name=name, value=value)
