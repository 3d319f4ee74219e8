"""A morning that moves: after every event the answer is the best one, as if it had been solved anew."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import singledispatchmethod
from pathlib import Path
from threading import RLock
from typing import Any, Final, NamedTuple, Self

import numpy as np

from gigmatch.assignment.instance import Instance, check_kinds, draw_lots
from gigmatch.assignment.promises import IdPairs
from gigmatch.columns import Columns, columns_of
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import GigmatchError, InvalidInputError, SolverError, UnsupportedError
from gigmatch.live import events as e
from gigmatch.live.differences import events_between
from gigmatch.live.journal import Journal
from gigmatch.live.log import Happened, JournalLog, Log, MemoryLog
from gigmatch.live.moments import Moment, moment_of
from gigmatch.live.network import Network
from gigmatch.live.newcomers import Newcomers
from gigmatch.live.past import last_state, morning_of
from gigmatch.live.paths import WORDS
from gigmatch.live.proof import prove
from gigmatch.live.state import Noted, canonical
from gigmatch.matching import match
from gigmatch.model import Morning, Shift, Worker
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.policy import DEFAULT_POLICY, POINTS_SCALE, Policy
from gigmatch.pairing.rules import DEFAULT_RULES, Rule, describe_rule, restore_rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import StraightLine, Travel, describe_travel, restore_travel
from gigmatch.problem import LOTTERY, POINTS, SEATS, Problem, Solution, Weights
from gigmatch.solvers.dual_recovery import side_level_prices

__all__ = ["Live"]

_TIERS: Final = 9
_MOST_SHIFTS: Final = 2**17
_MOST_WEIGHT: Final = 2**61
_LEAST_DEAD: Final = 256


@dataclass
class _Touched:
    """What one event touches, to say afterwards what it changed, and what has to be looked at."""

    before: dict[str, tuple[str, int, int] | None] = field(default_factory=dict)
    """Of everybody touched: shift, tier and points before, None for no seat."""
    workers: list[int] = field(default_factory=list)
    """Who was sent home, or came."""
    shifts: list[int] = field(default_factory=list)
    """Where a seat was left or came."""
    erased: list[str] = field(default_factory=list)
    """Of whom nothing is to be kept."""


class _Start(NamedTuple):
    """What a network begins with: everybody's pairs, and where they sit at which prices, best or nearly."""

    instance: Instance
    eligible: Eligible
    tier_word: Int64Array
    price: Int64Array
    shift: Int32Array


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
    ) -> None:
        self._know(morning, rules, policy, travel, clock)
        self._pins.update(keep)
        self._barred.update(((w, s), True) for w, s in forbid)
        self._open()
        if journal is not None:
            self._log = self._begin(journal)

    _log: Log

    def _know(
        self,
        morning: Morning,
        rules: Sequence[Rule],
        policy: Policy,
        travel: Travel | None,
        clock: Callable[[], Moment] | None,
    ) -> None:
        """Take in what is so before anything happens."""
        self._travel = StraightLine() if travel is None else travel
        check_kinds(morning, policy, self._travel)
        if not isinstance(morning, Morning):
            raise UnsupportedError("live_needs_morning")
        self._morning, self._rules, self._policy, self._clock = morning, tuple(rules), policy, clock
        self._workers = Noted[str, Worker]({worker.id: worker for worker in morning.workers})
        self._shifts = Noted[str, Shift]({shift.id: shift for shift in morning.shifts})
        self._pins = Noted[str, str]()
        self._barred = Noted[tuple[str, str], bool]()
        self._told = Noted[str, str]()
        self._log = MemoryLog()
        self._lock = RLock()

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
            return cls._resumed(journal, rules, scorers, travel, clock)
        except BaseException:
            journal.close()
            raise

    @classmethod
    def _resumed(
        cls,
        journal: Journal,
        rules: Sequence[Rule],
        scorers: Sequence[Scorer],
        travel: Travel | None,
        clock: Callable[[], Moment] | None,
    ) -> Self:
        past, live = last_state(journal), cls.__new__(cls)
        live._know(
            morning_of(journal, past),
            [restore_rule(entry, tuple(rules)) for entry in past.opening["rules"]],
            Policy.restore(past.state.of("policy")[""], scorers),
            restore_travel(past.opening["travel"], travel),
            clock,
        )
        live._pins.update(past.state.of("promised"))
        live._told.update(past.state.of("told"))
        live._barred.update((tuple(json.loads(pair)), True) for pair in past.state.of("barred"))
        live._log = JournalLog(journal, past.state, live._hint)
        placements = past.state.of("placements")
        live._open(past.hint and {**past.hint, "placements": placements})
        live._note_other_decisions(placements)
        return live

    def _begin(self, path: str | Path) -> JournalLog:
        """Make a journal of what is so now."""
        base = self._morning.model_copy(update={"workers": (), "shifts": ()})
        law = columns_of(base.model_copy(update={"requests": ()}))
        opening = {
            "morning": base.model_dump(mode="json", exclude_defaults=True),
            "rules": [describe_rule(rule, law) for rule in self._rules],
            "travel": describe_travel(self._travel),
        }
        rows = {
            name: {key if isinstance(key, str) else canonical(key): value for key, value in table.items()}
            for name, table in self._tables.items()
        }
        rows["policy"] = {"": self._policy.describe()}
        return JournalLog.make(path, opening, rows, self.pairs, self._hint, self._time(None))

    @property
    def _tables(self) -> dict[str, Noted[Any, Any]]:
        """All that is so besides policy and placements, as the journal calls it."""
        return {
            "workers": self._workers,
            "shifts": self._shifts,
            "promised": self._pins,
            "barred": self._barred,
            "told": self._told,
        }

    def _changes(self, policy: Policy) -> dict[str, dict[str, Any]]:
        """What became otherwise in the tables, and where the policy was another before."""
        changes = {
            name: {key if isinstance(key, str) else canonical(key): table.get(key) for key in table.changed}
            for name, table in self._tables.items()
        }
        if policy is not self._policy:
            changes["policy"] = {"": self._policy.describe()}
        return changes

    def _hint(self) -> dict[str, Any]:
        """Prices by which everybody is placed without being solved together."""
        price = self._net.of_shifts["price"]
        prices = {key: price[row].tolist() for key, row in self._shift_row.items()}
        return {"tiers": self._tier_word.tolist(), "prices": prices}

    def _note_other_decisions(self, placements: Mapping[str, str]) -> None:
        """What was placed stands in the past; where the answer is another one now, that is an event."""
        touched, now = _Touched(), dict(self.pairs)
        for worker in placements.keys() | now.keys():
            shift = placements.get(worker)
            if shift != now.get(worker):
                touched.before[worker] = None if shift is None else (shift, *self._worth(worker, shift))
        if touched.before:
            outcome = self._outcome(e.SolvedAnew(), len(self._log) + 1, touched)
            self._log.append(Happened(outcome, e.SolvedAnew(), time=self._time(None)), lambda: None)
            self.flush()

    def _time(self, given: Moment | None) -> int | None:
        if given is None and self._clock is not None:
            given = self._clock()
        return None if given is None else moment_of(given, self._morning.clock)

    def expect(self, events: Sequence[e.Event | Mapping[str, Any]]) -> None:
        """Ask about all who come in some events beforehand, together, which is far quicker than one by one.

        Parameters
        ----------
        events : sequence of Event or mapping
            Soon to be applied, one by one without waiting; `apply` of several does this by itself. Nothing
            happens, and what is wrong with them is said when they are applied.
        """
        come = []
        for event in events:
            with suppress(GigmatchError):
                found = e.as_event(event)
                if isinstance(found, e.WorkerSignedIn | e.WorkerChanged):
                    come.append(found.worker)
        if len(come) > 1:
            with self._lock, suppress(GigmatchError):
                self._newcomers.expect(come)

    def flush(self) -> None:
        """Return once every event so far is on the disk; errors as of `apply`."""
        with self._lock:
            draft = self._log.unsettled(len(self._log))
        if draft is not None:
            self._log.settle(draft)

    def close(self) -> None:
        """Write what is left, and let others go on from the journal; without one, nothing."""
        try:
            self.flush()
        finally:
            with self._lock:
                self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # -- what is asked ------------------------------------------------------------------------------------

    @property
    def morning(self) -> Morning:
        """The morning as it is now, by id; requests for shifts that are gone are left out."""
        with self._lock:
            return self._now()

    def _now(self) -> Morning:
        requests = tuple(
            r for r in self._morning.requests if r.shift_id is None or r.shift_id in self._shifts
        )
        workers, shifts = (
            tuple(each for _, each in sorted(table.items())) for table in (self._workers, self._shifts)
        )
        parts = (workers, shifts, requests)
        return self._morning.model_copy(
            update=dict(zip(("workers", "shifts", "requests"), parts, strict=True))
        )

    @property
    def policy(self) -> Policy:
        """What the market wants now."""
        return self._policy

    @property
    def keep(self) -> tuple[tuple[str, str], ...]:
        """Promised pairs, sorted."""
        with self._lock:
            return tuple(sorted(self._pins.items()))

    @property
    def forbid(self) -> tuple[tuple[str, str], ...]:
        """Forbidden pairs of those here, sorted."""
        with self._lock:
            return tuple(sorted((w, s) for w, s in self._barred if w in self._workers and s in self._shifts))

    @property
    def told(self) -> dict[str, str]:
        """Shift that each worker was told last, by id; of people and shifts that are gone, too."""
        with self._lock:
            return dict(sorted(self._told.items()))

    @property
    def log(self) -> tuple[e.Outcome, ...]:
        """Outcomes of all events so far; event number ``n`` is the n-th. Read from the journal, if any."""
        with self._lock:
            return tuple(self._log.outcomes())

    @property
    def number(self) -> int:
        """The number of the last event, 0 before the first."""
        return len(self._log)

    @property
    def work(self) -> int:
        """Pairs looked at by repairs, since everybody was last solved together."""
        return self._net.work

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(worker id, shift id) of every placement, in the order of ``Assignment.pairs``."""
        with self._lock:
            return self._pairs()

    def _pairs(self) -> tuple[tuple[str, str], ...]:
        found = {worker: shift for worker in self._workers if (shift := self.shift_of(worker)) is not None}
        clock, inf = self._morning.clock, float("inf")
        came = {w: self._workers[w].arrived_at_min for w in found}
        known = [w for w, time in came.items() if time is not None]
        minute = dict(zip(known, clock.minutes(came[w] for w in known).tolist(), strict=True))  # type: ignore[misc]
        return tuple((w, found[w]) for w in sorted(found, key=lambda w: (minute.get(w, inf), w)))

    def shift_of(self, worker_id: str) -> str | None:
        """Shift of a worker, None if they have none or are not here."""
        if worker_id in self._pins:
            return self._pins[worker_id]
        i = self._worker_row.get(worker_id)
        j = -1 if i is None else int(self._net.of_workers["at"][i])
        return None if j < 0 else self._shift_ids[j]

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
            number = self._log.find(key) if isinstance(key, str) else None
            outcome = self._apply(event, key, actor, time) if number is None else self._log.outcome(number)
            draft = self._log.unsettled(outcome.number)
        if wait and draft is not None:
            self._log.settle(draft)
        return outcome

    def _apply(self, given: Any, key: str | None, actor: str | None, time: Moment | None) -> e.Outcome:
        self._refuse_no_text(key=key, actor=actor)
        when, policy, touched = self._time(time), self._policy, _Touched()
        outcome, inverse = self._happen(e.as_event(given), len(self._log) + 1, touched)
        changes = self._changes(policy)
        happened = Happened(outcome, inverse, key, actor, when, changes, tuple(touched.erased))
        try:
            self._log.append(happened, lambda: self._take_back(inverse))
        except BaseException:
            self._take_back(inverse)
            raise
        self._tidy()
        return outcome

    def _take_back(self, inverse: e.Event) -> None:
        self._happen(inverse, 0, _Touched())
        self._tidy()

    def preview(self, event: e.Event | Sequence[e.Event] | Mapping[str, Any]) -> e.Outcome:
        """What an event would change, number 0; parameters and errors as of `apply`."""
        with self._lock:
            outcome, inverse = self._happen(e.as_event(event), 0, _Touched())
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
        return self.apply(e.EventUndone(number=number))

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
        with self._lock:
            whole = self.morning.model_copy(update={"requests": self._morning.requests})
            events = events_between(whole, morning)
            if not events and (key is None or self._log.find(key) is None):
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
        return self.apply(e.PersonErased(worker_id=worker_id))

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
            self._verify()

    def _verify(self) -> None:
        now = Instance.prepare(self.morning, self._rules, self._policy, self._travel, self.keep, self.forbid)
        eligible = now.eligible()
        rows = [self._worker_row[key] for key in now.columns.worker_ids]
        columns = [self._shift_row[key] for key in now.columns.shift_ids]
        prove(
            self._net,
            self._first_words(eligible),
            eligible,
            now.seats,
            now.kept < 0,
            np.array(rows, np.int64),
            np.array(columns, np.int64),
        )

    def _happen(self, event: e.Event, number: int, touched: _Touched) -> tuple[e.Outcome, e.Event]:
        for table in self._tables.values():
            table.changed.clear()
        inverse = self._do(event, touched)
        self._repair(touched)
        return self._outcome(event, number, touched), inverse

    # -- one event after the other; each checks, changes, and returns what takes it back ------------------

    @singledispatchmethod
    def _do(self, event: Any, touched: _Touched) -> e.Event:
        raise InvalidInputError("wrong_type", name="event", kinds="Event", value=event)

    @_do.register
    def _(self, event: e.WorkerSignedIn, touched: _Touched) -> e.Event:
        self._absent("worker", event.worker.id, self._workers)
        worker = self._newcomers.valid_worker(event.worker)
        self._come(worker, self._newcomers.of_worker(worker), touched)
        return e.WorkerLeft(worker_id=worker.id)

    @_do.register
    def _(self, event: e.WorkerLeft, touched: _Touched) -> e.Event:
        self._present("worker", event.worker_id, self._workers)
        worker, pinned = self._workers[event.worker_id], self._pins.get(event.worker_id)
        if pinned is not None:
            self._release(worker.id, touched)
        self._go(worker.id, touched)
        back = e.WorkerSignedIn(worker=worker)
        if pinned is None:
            return back
        return e.EventsTogether(events=(back, e.PromisePinned(worker_id=worker.id, shift_id=pinned)))

    @_do.register
    def _(self, event: e.WorkerChanged, touched: _Touched) -> e.Event:
        self._present("worker", event.worker.id, self._workers)
        worker, old = self._newcomers.valid_worker(event.worker), self._workers[event.worker.id]
        points, pinned = self._newcomers.of_worker(worker), self._pins.get(worker.id)
        if pinned is not None:
            self._eligible(worker.id, pinned, pinned in points)
            self._release(worker.id, touched)
        self._go(worker.id, touched)
        self._come(worker, points, touched)
        if pinned is not None:
            self._pin(worker.id, pinned, touched)
        return e.WorkerChanged(worker=old)

    @_do.register
    def _(self, event: e.ShiftAdded, touched: _Touched) -> e.Event:
        self._absent("shift", event.shift.id, self._shifts)
        shift = self._newcomers.valid_shift(event.shift)
        self._offer(shift, self._newcomers.of_shift(shift), touched)
        return e.ShiftCancelled(shift_id=shift.id)

    @_do.register
    def _(self, event: e.ShiftCancelled, touched: _Touched) -> e.Event:
        self._present("shift", event.shift_id, self._shifts)
        shift = self._shifts[event.shift_id]
        pinned = self._pinned_at(shift.id)
        for worker in pinned:
            self._release(worker, touched)
        self._withdraw(shift.id, touched)
        pins = tuple(e.PromisePinned(worker_id=worker, shift_id=shift.id) for worker in pinned)
        back = e.ShiftAdded(shift=shift)
        return e.EventsTogether(events=(back, *pins)) if pins else back

    @_do.register
    def _(self, event: e.ShiftChanged, touched: _Touched) -> e.Event:
        self._present("shift", event.shift.id, self._shifts)
        shift, old = self._newcomers.valid_shift(event.shift), self._shifts[event.shift.id]
        pinned = self._pinned_at(shift.id)
        if shift.headcount < len(pinned):
            raise InvalidInputError("live_promised_seats", shift=shift.id, n=len(pinned))
        if shift.model_copy(update={"headcount": old.headcount}) == old:
            self._resize(shift, touched)
            return e.ShiftChanged(shift=old)
        points = self._newcomers.of_shift(shift)
        for worker in pinned:
            self._eligible(worker, shift.id, worker in points)
        for worker in pinned:
            self._release(worker, touched)
        self._withdraw(shift.id, touched)
        self._offer(shift, points, touched)
        for worker in pinned:
            self._pin(worker, shift.id, touched)
        return e.ShiftChanged(shift=old)

    @_do.register
    def _(self, event: e.PairForbidden, touched: _Touched) -> e.Event:
        pair = self._known_pair(event.worker_id, event.shift_id)
        if pair in self._barred or self._pins.get(pair[0]) == pair[1]:
            raise InvalidInputError("live_pair_settled", worker=pair[0], shift=pair[1])
        i, j = self._worker_row[pair[0]], self._shift_row[pair[1]]
        if self._net.of_workers["at"][i] == j:
            self._home(i, touched)
        self._barred[pair] = True
        if self._net.value(i, j) is not None:
            self._net.remove_pair(i, j)
        return e.PairAllowed(worker_id=pair[0], shift_id=pair[1])

    @_do.register
    def _(self, event: e.PairAllowed, touched: _Touched) -> e.Event:
        pair = self._known_pair(event.worker_id, event.shift_id)
        if pair not in self._barred:
            raise InvalidInputError("live_pair_settled", worker=pair[0], shift=pair[1])
        del self._barred[pair]
        points = self._newcomers.of_worker(self._workers[pair[0]]).get(pair[1])
        if points is not None:
            i, j = self._worker_row[pair[0]], self._shift_row[pair[1]]
            self._home(i, touched)
            self._net.add_pair(i, j, points + self._tier_word[self._shifts[pair[1]].priority_tier])
        return e.PairForbidden(worker_id=pair[0], shift_id=pair[1])

    @_do.register
    def _(self, event: e.PromisePinned, touched: _Touched) -> e.Event:
        worker, shift = self._known_pair(event.worker_id, event.shift_id)
        if worker in self._pins:
            raise InvalidInputError("live_promised_already", worker=worker, shift=self._pins[worker])
        i, j = self._worker_row[worker], self._shift_row[shift]
        self._eligible(worker, shift, self._net.value(i, j) is not None)
        if self._net.of_shifts["seats"][j] == 0:
            raise InvalidInputError("live_promised_seats", shift=shift, n=len(self._pinned_at(shift)) + 1)
        self._pin(worker, shift, touched)
        return e.PromiseReleased(worker_id=worker)

    @_do.register
    def _(self, event: e.PromiseReleased, touched: _Touched) -> e.Event:
        self._present("worker", event.worker_id, self._workers)
        shift = self._pins.get(event.worker_id)
        if shift is None:
            raise InvalidInputError("live_nothing_promised", worker=event.worker_id)
        self._release(event.worker_id, touched)
        return e.PromisePinned(worker_id=event.worker_id, shift_id=shift)

    @_do.register
    def _(self, event: e.PlacementAnnounced, touched: _Touched) -> e.Event:
        worker, shift = self._known_pair(event.worker_id, event.shift_id)
        self._repair(touched)
        if self.shift_of(worker) != shift:
            raise InvalidInputError("live_not_placed", worker=worker, shift=shift)
        before = self._told.get(worker)
        self._tell(worker, shift, touched)
        return e.AnnouncementWithdrawn(worker_id=worker, shift_id=before)

    @_do.register
    def _(self, event: e.AnnouncementWithdrawn, touched: _Touched) -> e.Event:
        self._present("worker", event.worker_id, self._workers)
        before = self._told.get(event.worker_id)
        self._tell(event.worker_id, event.shift_id, touched)
        return e.AnnouncementWithdrawn(worker_id=event.worker_id, shift_id=before)

    @_do.register
    def _(self, event: e.PolicyChanged, touched: _Touched) -> e.Event:
        old = self._policy
        new = Policy.restore(event.policy, old.plugins)
        self._refuse_levels(new)
        self._repair(touched)
        for worker in self._workers:
            self._touch(worker, touched)
        self._policy = new
        try:
            self._open()
        except Exception:
            self._policy = old
            self._open()
            raise
        return e.PolicyChanged(policy=old.describe())

    @_do.register
    def _(self, event: e.PersonErased, touched: _Touched) -> e.Event:
        self._absent("worker", event.worker_id, self._workers)
        if not self._log.can_erase:
            raise InvalidInputError("live_no_journal")
        touched.erased.append(event.worker_id)
        return e.PersonErased(worker_id=event.worker_id)

    @_do.register
    def _(self, event: e.SolvedAnew, touched: _Touched) -> e.Event:
        return e.SolvedAnew()

    @_do.register
    def _(self, event: e.EventsTogether, touched: _Touched) -> e.Event:
        done: list[e.Event] = []
        self.expect(event.events)
        try:
            for each in event.events:
                done.insert(0, self._do(each, touched))
        except Exception:
            self._repair(touched)
            for inverse in done:
                self._do(inverse, touched)
                self._repair(touched)
            raise
        return e.EventsTogether(events=tuple(done))

    @_do.register
    def _(self, event: e.EventUndone, touched: _Touched) -> e.Event:
        if event.number > len(self._log):
            raise InvalidInputError("live_no_such_event", number=event.number, n=len(self._log))
        return self._do(self._log.inverse(event.number), touched)

    # -- the steps that events are made of ----------------------------------------------------------------

    def _come(self, worker: Worker, points: Mapping[str, int], touched: _Touched) -> None:
        """Somebody is here, at home."""
        self._touch(worker.id, touched)
        told = self._shift_row.get(self._told.get(worker.id, ""), -1)
        here = [key for key in points if (worker.id, key) not in self._barred]
        rows = np.array([self._shift_row[key] for key in here], np.int64)
        value = [points[key] + self._tier_word[self._shifts[key].priority_tier] for key in here]
        lot = self._lot("worker", worker.id, self._net.lots[: self._net.n_workers], self._worker_row)
        i = self._net.add_worker(lot, rows, np.array(value, np.int64), told)
        self._workers[worker.id] = worker
        self._worker_row[worker.id] = i
        self._worker_ids.append(worker.id)
        self._newcomers.add_worker(worker)
        touched.workers.append(i)

    def _go(self, worker_id: str, touched: _Touched) -> None:
        """Somebody without a promise is here no more."""
        self._touch(worker_id, touched)
        i = self._worker_row.pop(worker_id)
        touched.shifts.append(self._net.set_open(i, is_open=False))
        del self._workers[worker_id]
        self._newcomers.drop_worker(worker_id)

    def _offer(self, shift: Shift, points: Mapping[str, int], touched: _Touched) -> None:
        """A shift is there, all its seats empty."""
        here = [key for key in points if (key, shift.id) not in self._barred]
        rows = np.array([self._worker_row[key] for key in here], np.int64)
        value = np.array([points[key] for key in here], np.int64) + self._tier_word[shift.priority_tier]
        lot = self._lot("shift", shift.id, self._net.shift_lots[: self._net.n_shifts], self._shift_row)
        told = [self._worker_row[key] for key in self._told_of[shift.id] if key in self._worker_row]
        j = self._net.add_shift(lot, rows, value, told)
        self._shifts[shift.id] = shift
        self._shift_row[shift.id] = j
        self._shift_ids.append(shift.id)
        self._newcomers.add_shift(shift)
        self._resize(shift, touched)

    def _withdraw(self, shift_id: str, touched: _Touched) -> None:
        """A shift that nobody is promised is there no more."""
        j = self._shift_row[shift_id]
        self._lose(self._net.set_seats(j, 0), j, touched)
        del self._shift_row[shift_id], self._shifts[shift_id]
        self._newcomers.drop_shift(shift_id)

    def _resize(self, shift: Shift, touched: _Touched) -> None:
        """A shift has the seats that it says, less those promised."""
        j = self._shift_row[shift.id]
        self._lose(self._net.set_seats(j, shift.headcount - len(self._pinned_at(shift.id))), j, touched)
        self._shifts[shift.id] = shift
        touched.shifts.append(j)

    def _lose(self, workers: list[int], shift: int, touched: _Touched) -> None:
        """Note who had a seat of a shift until now."""
        for i in workers:
            self._touch(self._worker_ids[i], touched, shift)
        touched.workers += workers

    def _home(self, i: int, touched: _Touched) -> None:
        """Somebody is at home for now."""
        self._touch(self._worker_ids[i], touched)
        touched.shifts.append(self._net.send_home(i))
        touched.workers.append(i)

    def _pin(self, worker_id: str, shift_id: str, touched: _Touched) -> None:
        self._touch(worker_id, touched)
        touched.shifts.append(self._net.set_open(self._worker_row[worker_id], is_open=False))
        self._pins[worker_id] = shift_id
        self._resize(self._shifts[shift_id], touched)

    def _release(self, worker_id: str, touched: _Touched) -> None:
        self._touch(worker_id, touched)
        shift_id = self._pins.pop(worker_id)
        self._resize(self._shifts[shift_id], touched)
        i = self._worker_row[worker_id]
        self._net.set_open(i, is_open=True)
        touched.workers.append(i)

    def _tell(self, worker_id: str, shift_id: str | None, touched: _Touched) -> None:
        self._touch(worker_id, touched)
        self._told_of[self._told.pop(worker_id, "")].discard(worker_id)
        if shift_id is not None:
            self._told[worker_id] = shift_id
            self._told_of[shift_id].add(worker_id)
        i = self._worker_row[worker_id]
        touched.shifts.append(self._net.tell(i, self._shift_row.get(shift_id or "", -1)))
        touched.workers.append(i)

    def _repair(self, touched: _Touched) -> None:
        shifts = [j for j in dict.fromkeys(touched.shifts) if j >= 0]
        for i, j in self._net.repair(dict.fromkeys(touched.workers), shifts):
            self._touch(self._worker_ids[i], touched, j)
        touched.workers.clear()
        touched.shifts.clear()

    # -- what changed -------------------------------------------------------------------------------------

    def _touch(self, worker_id: str, touched: _Touched, shift: int | None = None) -> None:
        """Note what somebody had before the event: the shift of a row, or what they have until now."""
        if worker_id in touched.before:
            return
        name = self.shift_of(worker_id) if shift is None else (self._shift_ids[shift] if shift >= 0 else None)
        touched.before[worker_id] = None if name is None else (name, *self._worth(worker_id, name))

    def _worth(self, worker_id: str, shift_id: str) -> tuple[int, int]:
        """Tier and points of a placement; 0 of one that an earlier process made, and no rule lets stand."""
        tier = self._shifts[shift_id].priority_tier
        value = self._net.value(self._worker_row[worker_id], self._shift_row[shift_id])
        return tier, 0 if value is None else value - self._tier_word[tier]

    def _outcome(self, event: e.Event, number: int, touched: _Touched) -> e.Outcome:
        placed, moved, dropped, otherwise = [], [], [], []
        seats: dict[int, int] = defaultdict(int)
        points = 0
        for worker, before in sorted(touched.before.items()):
            shift = self.shift_of(worker)
            after = None if shift is None else (shift, *self._worth(worker, shift))
            for sign, had in ((-1, before), (1, after)):
                if had is not None:
                    seats[had[1]] += sign
                    points += sign * had[2]
            if (before and before[0]) == shift:
                continue
            if shift is None:
                assert before is not None
                dropped.append(e.Placed(worker_id=worker, shift_id=before[0]))
            elif before is None:
                placed.append(e.Placed(worker_id=worker, shift_id=shift))
            else:
                moved.append(e.Moved(worker_id=worker, from_shift_id=before[0], to_shift_id=shift))
            if worker in self._workers and self._told.get(worker, shift) != shift:
                otherwise.append(worker)
        return e.Outcome(
            number=number,
            event=event,
            placed=tuple(placed),
            moved=tuple(moved),
            dropped=tuple(dropped),
            seats_by_tier={tier: n for tier, n in sorted(seats.items()) if n},
            points=points / POINTS_SCALE,
            told_otherwise=tuple(otherwise),
        )

    # -- everybody together -------------------------------------------------------------------------------

    def _open(self, hint: Mapping[str, Any] | None = None) -> None:
        """Place everybody in the morning as it is: solved, or by what an earlier process knew."""
        self._refuse_levels(self._policy)
        start = self._solved() if hint is None or not self._are_sound(hint) else self._remembered(hint)
        columns, instance = start.eligible.columns, start.instance
        self._worker_ids, self._shift_ids = list(columns.worker_ids), list(columns.shift_ids)
        self._worker_row, self._shift_row = dict(columns.worker_row), dict(columns.shift_row)
        self._told_of: dict[str, set[str]] = defaultdict(set)
        for worker, shift in self._told.items():
            self._told_of[shift].add(worker)
        self._tier_word = start.tier_word
        told = [self._shift_row.get(self._told.get(key, ""), -1) for key in columns.worker_ids]
        self._net = Network(
            start.eligible.pairs.worker,
            start.eligible.shift,
            self._first_words(start.eligible),
            draw_lots(self._policy.seed, "worker", columns.worker_ids),
            draw_lots(self._policy.seed, "shift", columns.shift_ids),
            instance.seats,
            instance.kept < 0,
            np.array(told, np.int64),
        )
        self._net.settle(start.price, start.shift)
        self._is_stale = False
        self._compile(columns)

    def _solved(self) -> _Start:
        """Solve everybody together, and find prices of all words for it."""
        found = match(
            self.morning,
            rules=self._rules,
            policy=self._policy,
            travel=self._travel,
            keep=self.keep,
            forbid=self.forbid,
        ).solved
        assert found is not None
        problem = found.problem  # refused by name where there are plans
        if not found.is_optimal:
            raise SolverError("live_not_proved")
        tier_word, price = self._words_of_tiers(problem, found.solution)
        return _Start(found.instance, found.eligible, tier_word, price, found.solution.shift)

    def _remembered(self, hint: Mapping[str, Any]) -> _Start:
        """What an earlier process knew: from any prices, the best answer is found, from its own at once."""
        now = Instance.prepare(self.morning, self._rules, self._policy, self._travel, self.keep, self.forbid)
        columns, tier_word = now.columns, np.array(hint["tiers"], np.int64)
        price = np.array([hint["prices"].get(key, [0] * WORDS) for key in columns.shift_ids], np.int64)
        had = [columns.shift_row.get(hint["placements"].get(key, ""), -1) for key in columns.worker_ids]
        return _Start(now, now.eligible(), tier_word, price.reshape(-1, WORDS), np.array(had, np.int32))

    def _compile(self, columns: Columns | None = None) -> None:
        """Compile everybody here, if need be, so that newcomers are asked about against all of them."""
        now = self.morning
        columns = columns_of(now) if columns is None else columns
        whole = now.model_copy(update={"requests": self._morning.requests})
        self._newcomers = Newcomers(whole, columns.unlabelled, self._rules, self._policy, self._travel)

    def _tidy(self) -> None:
        """Solve everybody together where most rows are of people who left; compile them where many came."""
        net = self._net
        counts = (net.n_workers, len(self._workers)), (net.n_shifts, len(self._shifts))
        if self._is_stale or any(n > 2 * here + _LEAST_DEAD for n, here in counts):
            self._open()
        elif self._newcomers.are_many:
            expected = self._newcomers.expected
            self._compile()
            self._newcomers.expected = expected

    # -- words of weights ---------------------------------------------------------------------------------

    def _refuse_levels(self, policy: Policy) -> None:
        if policy.levels not in ((SEATS, POINTS, LOTTERY), (POINTS, LOTTERY)):
            raise UnsupportedError("live_levels", names=", ".join(level.name for level in policy.levels))
        if policy.requests != "points":
            raise UnsupportedError("live_requests")

    def _words_of_tiers(self, problem: Problem, solution: Solution) -> tuple[Int64Array, Int64Array]:
        """What a seat of each tier adds to the first word of a pair, and prices of seats that go with it.

        A chain of moves fills one seat more and one less at most, so any weights do that fall from tier to
        tier and outweigh the points of a chain. These are a multiple of the tiers' places, proved by prices
        of their own, and what the certificate of the points multiplies the seats by.
        """
        proof = solution.points_certificate
        if SEATS.name not in [level.name for level in problem.weighted]:
            return np.zeros(_TIERS + 1, np.int64), proof.shift_price
        assert problem.tier is not None
        numbers = np.arange(_TIERS + 1)
        place = _TIERS + 1 - numbers
        rank = np.array([np.sum(np.unique(problem.tier) >= number) for number in numbers])
        own = proof.multipliers.get(SEATS.name, 0)
        scale = self._scale()
        if int(place[1]) * (scale + own) >= _MOST_WEIGHT:
            raise UnsupportedError("live_weights_too_large")
        prices = side_level_prices(problem, Weights(shift=place[problem.tier]), solution.shift)
        assert prices is not None  # the answer has the best seats
        return scale * place + own * rank, scale * prices.shift + proof.shift_price

    def _scale(self) -> int:
        """What a seat more outweighs: the points of a chain."""
        return 1 << (self._policy.most[POINTS.name] * 2 * _MOST_SHIFTS).bit_length()

    def _are_sound(self, hint: Mapping[str, Any]) -> bool:
        """Whether words of tiers and prices are some from which the best answer is found."""
        try:
            tiers = np.array(hint["tiers"], np.int64)
            price = np.array([*hint["prices"].values()], np.int64).reshape(-1, WORDS)
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
            return False
        if SEATS not in self._policy.levels:
            fall = not tiers.any()
        else:
            fall = bool((-np.diff(tiers) >= self._scale()).all())
        first = np.take_along_axis(price, np.argmax(price != 0, axis=1)[:, None], 1)
        is_small = tiers.shape == (_TIERS + 1,) and 0 <= tiers.min() <= tiers.max() < _MOST_WEIGHT
        return fall and is_small and bool((first >= 0).all() and (np.abs(price) < _MOST_WEIGHT // 2).all())

    def _first_words(self, eligible: Eligible) -> Int64Array:
        """First words of the weights of pairs: seats, then points."""
        return self._tier_word[eligible.columns.shifts.tier[eligible.shift]] + eligible.points

    def _lot(self, kind: str, key: str, lots: Int64Array, rows: Mapping[str, int]) -> int:
        """Somebody's lot; should another have the same one, everybody is solved together afterwards."""
        lot = int(draw_lots(self._policy.seed, kind, (key,))[0])
        if np.isin(np.flatnonzero(lots == lot), list(rows.values())).any():
            self._is_stale = True
        return lot

    # -- what makes no sense ------------------------------------------------------------------------------

    def _refuse_no_text(self, **given: Any) -> None:
        for name, value in given.items():
            if value is not None and not (isinstance(value, str) and value):
                raise InvalidInputError("live_no_text", name=name, value=value)

    def _present(self, kind: str, key: str, known: Mapping[str, Any]) -> None:
        if key not in known:
            raise InvalidInputError("unknown_id", kind=f"{kind}_id", id=key)

    def _absent(self, kind: str, key: str, known: Mapping[str, Any]) -> None:
        if key in known:
            raise InvalidInputError("live_already_here", kind=f"{kind}_id", id=key)

    def _known_pair(self, worker_id: str, shift_id: str) -> tuple[str, str]:
        self._present("worker", worker_id, self._workers)
        self._present("shift", shift_id, self._shifts)
        return worker_id, shift_id

    def _eligible(self, worker_id: str, shift_id: str, holds: bool) -> None:
        if not holds:
            raise InvalidInputError("live_not_eligible", worker=worker_id, shift=shift_id)

    def _pinned_at(self, shift_id: str) -> list[str]:
        return sorted(worker for worker, shift in self._pins.items() if shift == shift_id)
