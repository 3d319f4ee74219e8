"""A hall as it is now: who is there, what stands beforehand, and the best assignment of all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from gigmatch.assignment.instance import Instance, check_kinds, draw_lots
from gigmatch.columns import Columns, columns_and_rows
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.core.garbage import uncollected
from gigmatch.errors import GigmatchError, SolverError, UnsupportedError
from gigmatch.live.asking import Asking
from gigmatch.live.events import newcomers_in
from gigmatch.live.log import Log, MemoryLog
from gigmatch.live.network import Network
from gigmatch.live.newcomers import Newcomers
from gigmatch.live.paths import WORDS
from gigmatch.live.proof import prove
from gigmatch.live.state import Noted, canonical, row_key
from gigmatch.live.weights import are_sound, bonus_of, refuse_levels, words_of_tiers
from gigmatch.matching import match_one_each
from gigmatch.model import Morning, Request, Shift, Worker
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule, describe_rule
from gigmatch.pairing.travel import StraightLine, Travel

__all__ = ["MANY", "NOTES", "Hall", "Touched", "request_key"]

_LEAST_DEAD: Final = 256
MANY = 256
"""More people than this, and than a part of all, are solved with everybody rather than each by a path."""
_PART: Final = 8
NOTES: Final = ("offers", "said", "at_work", "begun", "closed", "clock")
"""Open offers and who is at work, by worker; what was said; shifts that have begun; how many seats of a shift
are closed; what the clock shows."""


@dataclass
class Touched:
    """What one event touches, to say afterwards what it changed, and what has to be looked at."""

    before: dict[str, tuple[str, int, int] | None] = field(default_factory=dict)
    """Of everybody touched: shift, tier and points before, None for no seat."""
    workers: list[int] = field(default_factory=list)
    """Who was sent home, or came."""
    shifts: list[int] = field(default_factory=list)
    """Where a seat was left or came."""
    erased: list[str] = field(default_factory=list)
    """Of whom nothing is to be kept."""
    ended: list[tuple[str, str]] = field(default_factory=list)
    """Worker and shift of offers that ended without an answer."""
    closed: list[str] = field(default_factory=list)
    """Shifts that have begun."""


class _Start(NamedTuple):
    """What a network begins with: everybody's pairs, and where they sit at which prices, best or nearly."""

    instance: Instance
    eligible: Eligible
    tier_word: Int64Array
    price: Int64Array
    shift: Int32Array


def request_key(request: Request) -> str:
    """Return what a request is called in a table: its JSON."""
    return canonical(request.model_dump(exclude_none=True))


class Hall:
    """A morning, what stands beforehand in it, and its best assignment, which every step may spoil.

    The steps that events are made of note who they touched; after them `repair` makes the answer the best.
    It knows no lock: whoever calls holds one.

    Parameters
    ----------
    morning : Morning
        As it is before anything happens.
    rules, policy, travel
        As for ``gigmatch.match``.
    asking : Asking
        How people are asked, and at what price they are moved.

    Attributes
    ----------
    workers, shifts, pins, barred, told : Noted
        Who and what is there, promises and what was told last by worker, pairs that must not be.
    asked : Noted
        Requests that are otherwise than in the beginning: whether each is there now.
    notes : dict
        What decides no placement, by the names of `NOTES`, and how many seats are closed.
    settings : Noted
        What is wanted otherwise than in the beginning, as plain data.
    net : Network
        The assignment and its prices.
    log : Log
        What happened so far.
    """

    def __init__(
        self,
        morning: Morning,
        rules: Sequence[Rule],
        policy: Policy,
        travel: Travel | None,
        asking: Asking,
    ) -> None:
        self.travel = StraightLine() if travel is None else travel
        check_kinds(morning, policy, self.travel)
        if not isinstance(morning, Morning):
            raise UnsupportedError("live_needs_morning")
        self.base, self.rules, self.policy = morning, tuple(rules), policy
        self.workers = Noted[str, Worker]({worker.id: worker for worker in morning.workers})
        self.shifts = Noted[str, Shift]({shift.id: shift for shift in morning.shifts})
        self.pins = Noted[str, str]()
        self.barred = Noted[tuple[str, str], bool]()
        self.told = Noted[str, str]()
        self.asked = Noted[str, bool]()
        self.notes = {name: Noted[str, Any]() for name in NOTES}
        self.settings = Noted[str, Any]()
        self.asking = asking
        if asking != Asking():
            self.settings["asking"] = asking.model_dump(mode="json")
        self.log: Log = MemoryLog()

    # -- what is so -----------------------------------------------------------------------------------------

    @property
    def morning(self) -> Morning:
        """As it is now, by id; requests for shifts that are gone are left out."""
        workers, shifts = (tuple(each for _, each in sorted(t.items())) for t in (self.workers, self.shifts))
        asked = (r for r in self.requests if r.shift_id is None or r.shift_id in self.shifts)
        parts = {"workers": workers, "shifts": shifts, "requests": tuple(asked)}
        return self.base.model_copy(update=parts)

    @property
    def requests(self) -> tuple[Request, ...]:
        """Who is asked for by name, for shifts that are gone, too: those of the beginning, then others."""
        first = [each for each in self.base.requests if self.asked.get(request_key(each), True)]
        more = sorted(key for key, is_there in self.asked.items() if is_there)
        return (*first, *map(Request.model_validate_json, more))

    def described(self, rules: Sequence[Rule]) -> list[dict[str, Any]]:
        """Rules as plain data, each with the severity that it has here."""
        law, _ = columns_and_rows(self.base.model_copy(update={"workers": (), "shifts": (), "requests": ()}))
        return [describe_rule(rule, law) for rule in rules]

    @property
    def keep(self) -> tuple[tuple[str, str], ...]:
        """Promised pairs, sorted."""
        return tuple(sorted(self.pins.items()))

    @property
    def forbid(self) -> tuple[tuple[str, str], ...]:
        """Forbidden pairs of those here, sorted."""
        return tuple(sorted((w, s) for w, s in self.barred if w in self.workers and s in self.shifts))

    @property
    def placements(self) -> dict[str, str]:
        """Shift of everybody who has one, in no order."""
        return {worker: shift for worker in self.workers if (shift := self.shift_of(worker)) is not None}

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(worker id, shift id) of every placement, in the order of ``Assignment.pairs``."""
        found = self.placements
        clock, inf = self.base.clock, float("inf")
        came = {w: self.workers[w].arrived_at_min for w in found}
        known = [w for w, time in came.items() if time is not None]
        minute = dict(zip(known, clock.minutes(came[w] for w in known).tolist(), strict=True))  # type: ignore[misc]
        return tuple((w, found[w]) for w in sorted(found, key=lambda w: (minute.get(w, inf), w)))

    def shift_of(self, worker_id: str) -> str | None:
        """Shift of a worker, None if they have none or are not here."""
        if worker_id in self.pins:
            return self.pins[worker_id]
        i = self.worker_row.get(worker_id)
        j = -1 if i is None else int(self.net.of_workers["at"][i])
        return None if j < 0 else self.shift_ids[j]

    @property
    def tables(self) -> dict[str, Noted[Any, Any]]:
        """All that is so besides policy and placements, as the journal calls it."""
        return {
            "workers": self.workers,
            "shifts": self.shifts,
            "promised": self.pins,
            "barred": self.barred,
            "told": self.told,
            "asked": self.asked,
            "settings": self.settings,
            **self.notes,
        }

    def verify(self) -> None:
        """Prove the answer, from the morning as it is now; errors as of `Live.verify`."""
        now = Instance.prepare(self.morning, self.rules, self.policy, self.travel, self.keep, self.forbid)
        eligible = now.eligible()
        rows = [self.worker_row[key] for key in now.columns.worker_ids]
        columns = [self.shift_row[key] for key in now.columns.shift_ids]
        prove(
            self.net,
            self._first_words(eligible),
            eligible,
            self._open_seats(now),
            now.kept < 0,
            np.array(rows, np.int64),
            np.array(columns, np.int64),
        )

    # -- the steps that events are made of ----------------------------------------------------------------

    def add_worker(self, worker: Worker, points: Mapping[str, int], touched: Touched) -> None:
        """Somebody is here, at home."""
        self.touch(worker.id, touched)
        told = self.shift_row.get(self.told.get(worker.id, ""), -1)
        here = [key for key in points if (worker.id, key) not in self.barred]
        rows = np.array([self.shift_row[key] for key in here], np.int64)
        value = [self.value(worker.id, self.shifts[key], points[key]) for key in here]
        i = self.net.add_worker(self._lot("worker", worker.id), rows, np.array(value, np.int64), told)
        self.workers[worker.id] = worker
        self.worker_row[worker.id] = i
        self.worker_ids.append(worker.id)
        self.newcomers.add_worker(worker)
        touched.workers.append(i)

    def remove_worker(self, worker_id: str, touched: Touched) -> None:
        """Somebody without a promise is here no more."""
        self.touch(worker_id, touched)
        i = self.worker_row.pop(worker_id)
        touched.shifts.append(self.net.set_open(i, is_open=False))
        self._lots["worker"].discard(int(self.net.lots[i]))
        del self.workers[worker_id]
        self.newcomers.drop_worker(worker_id)

    def add_shift(self, shift: Shift, points: Mapping[str, int], touched: Touched) -> None:
        """A shift is there, all its seats empty."""
        here = [key for key in points if (key, shift.id) not in self.barred]
        rows = np.array([self.worker_row[key] for key in here], np.int64)
        told_it = self._told_of[shift.id]
        value = np.array([points[key] + (self.bonus if key in told_it else 0) for key in here], np.int64)
        told = [self.worker_row[key] for key in told_it if key in self.worker_row]
        words = value + self.tier_word[shift.priority_tier]
        j = self.net.add_shift(self._lot("shift", shift.id), rows, words, told)
        self.shifts[shift.id] = shift
        self.shift_row[shift.id] = j
        self.shift_ids.append(shift.id)
        self.newcomers.add_shift(shift)
        self.resize(shift, touched)

    def remove_shift(self, shift_id: str, touched: Touched) -> None:
        """A shift that nobody is promised is there no more."""
        j = self.shift_row[shift_id]
        self._lose(self.net.set_seats(j, 0), j, touched)
        self._lots["shift"].discard(int(self.net.shift_lots[j]))
        del self.shift_row[shift_id], self.shifts[shift_id]
        self.newcomers.drop_shift(shift_id)

    def resize(self, shift: Shift, touched: Touched) -> None:
        """A shift has the seats that it says, less those promised."""
        j = self.shift_row[shift.id]
        seats = shift.headcount - len(self.pinned_at(shift.id)) - self.notes["closed"].get(shift.id, 0)
        self._lose(self.net.set_seats(j, max(seats, 0)), j, touched)
        self.shifts[shift.id] = shift
        touched.shifts.append(j)

    def _lose(self, workers: list[int], shift: int, touched: Touched) -> None:
        """Note who had a seat of a shift until now."""
        for i in workers:
            self.touch(self.worker_ids[i], touched, shift)
        touched.workers += workers

    def send_home(self, i: int, touched: Touched) -> None:
        """Somebody is at home for now."""
        self.touch(self.worker_ids[i], touched)
        touched.shifts.append(self.net.send_home(i))
        touched.workers.append(i)

    def pin(self, worker_id: str, shift_id: str, touched: Touched) -> None:
        """Somebody is promised a seat."""
        self.touch(worker_id, touched)
        touched.shifts.append(self.net.set_open(self.worker_row[worker_id], is_open=False))
        self.pins[worker_id] = shift_id
        self._pinned_at[shift_id].add(worker_id)
        self.resize(self.shifts[shift_id], touched)

    def release(self, worker_id: str, touched: Touched) -> None:
        """Somebody is promised nothing any more."""
        self.touch(worker_id, touched)
        shift_id = self.pins.pop(worker_id)
        self._pinned_at[shift_id].discard(worker_id)
        self.resize(self.shifts[shift_id], touched)
        i = self.worker_row[worker_id]
        self.net.set_open(i, is_open=True)
        touched.workers.append(i)

    def step_aside(self, worker_id: str, touched: Touched) -> str | None:
        """Somebody does not take part until they come back; returns what they were promised."""
        self.touch(worker_id, touched)
        pinned = self.pins.get(worker_id)
        if pinned is not None:
            self.release(worker_id, touched)
        touched.shifts.append(self.net.set_open(self.worker_row[worker_id], is_open=False))
        return pinned

    def come_back(self, worker_id: str, pinned: str | None, touched: Touched) -> None:
        """Somebody takes part again, with the promise that they had."""
        i = self.worker_row[worker_id]
        self.net.set_open(i, is_open=True)
        touched.workers.append(i)
        if pinned is not None:
            self.pin(worker_id, pinned, touched)

    def told_of(self, shift_id: str) -> set[str]:
        """Who here was told a shift last."""
        return self._told_of[shift_id] & self.workers.keys()

    def tell(self, worker_id: str, shift_id: str | None, touched: Touched) -> None:
        """Somebody was told a shift last, or nothing that counts."""
        self.touch(worker_id, touched)
        self._told_of[self.told.pop(worker_id, "")].discard(worker_id)
        if shift_id is not None:
            self.told[worker_id] = shift_id
            self._told_of[shift_id].add(worker_id)
        i = self.worker_row[worker_id]
        touched.shifts.append(self.net.tell(i, self.shift_row.get(shift_id or "", -1), self.bonus))
        touched.workers.append(i)

    def repair(self, touched: Touched) -> None:
        """Make the answer the best again: by paths, or solved together where so many are touched."""
        if len(touched.workers) > max(MANY, len(self.workers) // _PART):
            self._solve_anew(touched)
        shifts = [j for j in dict.fromkeys(touched.shifts) if j >= 0]
        for i, j in self.net.repair(dict.fromkeys(touched.workers), shifts):
            self.touch(self.worker_ids[i], touched, j)
        touched.workers.clear()
        touched.shifts.clear()

    def _solve_anew(self, touched: Touched) -> None:
        for worker in self.workers:
            self.touch(worker, touched)
        self.open()
        touched.workers.clear()
        touched.shifts.clear()

    def pinned_at(self, shift_id: str) -> list[str]:
        """Who is promised a shift, sorted."""
        return sorted(self._pinned_at[shift_id])

    # -- what changed -------------------------------------------------------------------------------------

    def touch(self, worker_id: str, touched: Touched, shift: int | None = None) -> None:
        """Note what somebody had before the event: the shift of a row, or what they have until now."""
        if worker_id in touched.before:
            return
        name = self.shift_of(worker_id) if shift is None else (self.shift_ids[shift] if shift >= 0 else None)
        touched.before[worker_id] = None if name is None else (name, *self.worth(worker_id, name))

    def worth(self, worker_id: str, shift_id: str) -> tuple[int, int]:
        """Tier and points of a placement; 0 of one that an earlier process made, and no rule lets stand."""
        tier = self.shifts[shift_id].priority_tier
        value = self.net.value(self.worker_row[worker_id], self.shift_row[shift_id])
        return tier, 0 if value is None else value - self.value(worker_id, self.shifts[shift_id], 0)

    def value(self, worker_id: str, shift: Shift, points: int) -> int:
        """First word of the weight of a pair: seat, points, and what it takes to move whoever was told it."""
        bonus = self.bonus if self.told.get(worker_id) == shift.id else 0
        return points + int(self.tier_word[shift.priority_tier]) + bonus

    def changes(self, policy: Policy) -> dict[str, dict[str, Any]]:
        """What became otherwise in the tables, and where the policy was another before."""
        changes = {
            name: {row_key(key): table.get(key) for key in table.changed}
            for name, table in self.tables.items()
        }
        if policy is not self.policy:
            changes["policy"] = {"": self.policy.describe()}
        return changes

    def expect(self, events: Iterable[Any]) -> None:
        """Ask about all who come in some events together, if they are several."""
        come = newcomers_in(events)
        if len(come) > 1:
            with suppress(GigmatchError):
                self.newcomers.expect(come)

    # -- everybody together -------------------------------------------------------------------------------

    @uncollected()
    def open(self, hint: Mapping[str, Any] | None = None) -> None:
        """Place everybody in the morning as it is: solved, or by what an earlier process knew."""
        refuse_levels(self.policy)
        now = self.morning
        columns, rows = columns_and_rows(now)
        if hint is None or not are_sound(self.policy, self.asking, hint):
            now.refuse_broken()
            start = self._solved(columns)
        else:
            start = self._remembered(columns, hint)
        self.worker_ids, self.shift_ids = list(columns.worker_ids), list(columns.shift_ids)
        self.worker_row, self.shift_row = dict(columns.worker_row), dict(columns.shift_row)
        self._told_of: dict[str, set[str]] = defaultdict(set)
        for worker, shift in self.told.items():
            self._told_of[shift].add(worker)
        self._pinned_at: dict[str, set[str]] = defaultdict(set)
        for worker, shift in self.pins.items():
            self._pinned_at[shift].add(worker)
        self.tier_word, self.bonus = start.tier_word, bonus_of(self.policy, self.asking, start.tier_word)
        lot, shift_lot = (
            draw_lots(self.policy.seed, kind, ids)
            for kind, ids in (("worker", self.worker_ids), ("shift", self.shift_ids))
        )
        self._lots = {"worker": set(lot.tolist()), "shift": set(shift_lot.tolist())}
        told = [self.shift_row.get(self.told.get(key, ""), -1) for key in columns.worker_ids]
        self.net = Network(
            start.eligible.indptr,
            start.eligible.shift,
            start.eligible.points,
            self._base(columns),
            lot,
            shift_lot,
            self._open_seats(start.instance),
            start.instance.kept < 0,
            np.array(told, np.int64),
        )
        self.net.weigh_told(self.bonus)
        self.net.settle(start.price, start.shift)
        self._is_stale = False
        whole = now.model_copy(update={"requests": self.requests})
        self.newcomers = Newcomers(whole, columns.unlabelled, rows, self.rules, self.policy, self.travel)

    def _solved(self, columns: Columns) -> _Start:
        """Solve everybody together, and find prices of all words for it."""
        found = match_one_each(
            columns,
            rules=self.rules,
            policy=self.policy,
            travel=self.travel,
            keep=self.keep,
            forbid=self.forbid,
        ).solved
        assert found is not None
        problem = found.problem
        if not found.is_optimal:
            raise SolverError("live_not_proved")
        tier_word, price = words_of_tiers(self.policy, self.asking, problem, found.solution)
        return _Start(found.instance, found.eligible, tier_word, price, found.solution.shift)

    def _remembered(self, columns: Columns, hint: Mapping[str, Any]) -> _Start:
        """What an earlier process knew: from any prices, the best answer is found, from its own at once."""
        now = Instance.prepare(columns, self.rules, self.policy, self.travel, self.keep, self.forbid)
        tier_word = np.array(hint["tiers"], np.int64)
        price = np.array([hint["prices"].get(key, [0] * WORDS) for key in columns.shift_ids], np.int64)
        had = [columns.shift_row.get(hint["placements"].get(key, ""), -1) for key in columns.worker_ids]
        return _Start(now, now.eligible(), tier_word, price.reshape(-1, WORDS), np.array(had, np.int32))

    def tidy(self) -> None:
        """Solve everybody together where most rows are of people who left."""
        net = self.net
        counts = (net.n_workers, len(self.workers)), (net.n_shifts, len(self.shifts))
        if self._is_stale or any(n > 2 * here + _LEAST_DEAD for n, here in counts):
            self.open()

    def _base(self, columns: Columns) -> Int64Array:
        """What a seat of every shift is worth: first words of the weights of its pairs, less their points."""
        return self.tier_word[columns.shifts.tier]

    def _first_words(self, eligible: Eligible) -> Int64Array:
        """First words of the weights of pairs, as `value` gives each."""
        columns = eligible.columns
        told = np.array([columns.shift_row.get(self.told.get(key, ""), -1) for key in columns.worker_ids])
        is_told = np.append(told, -1)[eligible.pairs.worker] == eligible.shift
        return self._base(columns)[eligible.shift] + eligible.points + np.where(is_told, self.bonus, 0)

    def _open_seats(self, instance: Instance) -> Int64Array:
        """Seats of every shift that are neither promised nor closed."""
        closed = [self.notes["closed"].get(key, 0) for key in instance.columns.shift_ids]
        return np.maximum(instance.seats - np.array(closed, np.int64), 0)

    def _lot(self, kind: str, key: str) -> int:
        """Somebody's lot; should another have the same one, everybody is solved together afterwards."""
        lot, lots = int(draw_lots(self.policy.seed, kind, (key,))[0]), self._lots[kind]
        self._is_stale = self._is_stale or lot in lots
        lots.add(lot)
        return lot

    def hint(self) -> dict[str, Any]:
        """Prices by which everybody is placed without being solved together."""
        price = self.net.of_shifts["price"]
        prices = {key: price[row].tolist() for key, row in self.shift_row.items()}
        return {"tiers": self.tier_word.tolist(), "prices": prices}
