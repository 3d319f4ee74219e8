"""Streams of events over a hall, and the same morning solved anew by what knows nothing of repairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np

import gigmatch as gm
from gigmatch.live import events as e

POLICIES = (
    gm.DEFAULT_POLICY.with_scorer(gm.scoring.Requested(), 40),
    gm.DEFAULT_POLICY.only("waiting"),  # many are equal: the lottery decides
    gm.DEFAULT_POLICY.with_objective("points").only("pay"),
)
PRICES = (0, 0, 3.5, 12, None)
REFUSED = (gm.InvalidInputError, gm.UnsupportedError)


@dataclass(frozen=True)
class Stays:
    """A level of one's own: how many keep the shift that they were told."""

    told: tuple[tuple[str, str], ...]
    name: str = "stays"
    words: str = "people who keep what they were told"
    largest: int = 1
    version: int = 1

    def of_pairs(self, columns, pairs):
        told = dict(self.told)
        rows = [columns.shift_row.get(told.get(key, ""), -1) for key in columns.worker_ids]
        return (np.array([*rows, -1])[pairs.worker] == pairs.shift).astype(np.int64)


@dataclass(frozen=True)
class MovesAtAPrice:
    """A scorer of one's own: 1 for the shift that a worker was told."""

    told: tuple[tuple[str, str], ...]
    name: str = "moves_at_a_price"
    words: str = "keeps what was told"
    version: int = 1
    depends_on: None = None

    def __call__(self, columns, pairs):
        return Stays(self.told).of_pairs(columns, pairs).astype(np.float64)


@dataclass(frozen=True)
class SeatsOf:
    """A level of one's own: how many seats of a tier are filled."""

    tier: int
    words: str = "seats of a tier"
    largest: int = 1
    version: int = 1

    @property
    def name(self):
        return f"seats_of_{self.tier}"

    def of_pairs(self, columns, pairs):
        return (columns.shifts.tier[pairs.shift] == self.tier).astype(np.int64)


def anew(live: gm.Live) -> gm.Assignment:
    """The morning as it is now, solved from nothing, with the fewest changes as a level of its own.

    A price of moving whoever was told is a scorer; never to move them is the first level.
    """
    policy, told, price = live.policy, tuple(live.told.items()), live.asking.move_price
    if told:
        *seats, points, lottery = policy.levels
        if price is None and seats:
            seats = [SeatsOf(tier) for tier in sorted({shift.priority_tier for shift in live.morning.shifts})]
        levels = (Stays(told), *seats, points) if price is None else (*seats, points, Stays(told))
        policy = policy.with_levels(*levels, lottery)
    if told and price:
        policy = policy.with_scorer(MovesAtAPrice(told), price)
    here = open_now(live)
    return gm.match(
        here,
        rules=live.rules,
        policy=policy,
        keep=live.keep,
        forbid=forbidden(live, here),
        solver="mincostflow",
    )


def open_now(live: gm.Live) -> gm.Morning:
    """The morning as it is now, without the seats that are closed."""
    here, promised = live.morning, [shift for _, shift in live.keep]
    for shift_id, n in live.closed.items():
        shift = next((shift for shift in here.shifts if shift.id == shift_id), None)
        if shift is not None:
            pinned = promised.count(shift_id)
            seats = pinned + max(shift.headcount - pinned - n, 0)
            here = (
                here.with_shifts(shift.model_copy(update={"headcount": seats}))
                if seats
                else without(here, shift_id)
            )
    return here


def without(here: gm.Morning, shift_id: str) -> gm.Morning:
    """The morning without a shift, and without requests for it."""
    asked = tuple(each for each in here.requests if each.shift_id != shift_id)
    return here.model_copy(update={"requests": asked}).without_shifts(shift_id)


def forbidden(live: gm.Live, here: gm.Morning) -> list[tuple[str, str]]:
    """Forbidden pairs of the shifts that are left."""
    shifts = {shift.id for shift in here.shifts}
    return [pair for pair in live.forbid if pair[1] in shifts]


def state_of(live: gm.Live) -> tuple:
    """All that can be asked of a live morning, besides its log."""
    held = (live.pairs, live.keep, live.forbid, live.told, live.closed, live.at_work, live.minute)
    asked = (live.asking, live.rules_changed(live.rules), live.open_offers, live.offers(), live.outbox())
    return live.morning.to_json(), live.policy.to_json(), held, asked


class Stream:
    """Random events over a hall: two thirds of some people and shifts are there when it opens.

    Parameters
    ----------
    pool : Morning
        Everybody who may come.
    random : Random
        Decides.
    journal : Path, optional
        Where it is kept.
    """

    def __init__(self, pool: gm.Morning, random: Random, journal: Path | None = None) -> None:
        self.random = random
        self.workers, self.shifts = list(pool.workers), list(pool.shifts)
        here = pool
        for worker in self.workers[::3]:
            here = here.without_workers(worker.id)
        for shift in self.shifts[::3]:
            here = here.without_shifts(shift.id)
        asked = [
            gm.Request(worker_id=w.id, shift_id=random.choice(here.shifts).id) for w in self.workers[::4]
        ]
        asked += [
            gm.Request(worker_id=w.id, employer_id=s.employer_id)
            for w, s in zip(self.workers[1::2], self.shifts, strict=False)
        ]
        here = here.model_copy(update={"requests": tuple(asked)})
        policy = random.choice(POLICIES).with_seed(random.randrange(9))
        asking = gm.live.Asking(move_price=random.choice(PRICES))
        self.live = gm.Live(here, policy=policy, journal=journal, asking=asking)
        self.minute = 290

    def event(self) -> e.Event | list[e.Event]:
        """The next one; perhaps one that makes no sense now."""
        kinds = (
            *(self.sign_in,) * 3,
            self.leave,
            self.change_worker,
            *(self.add,) * 2,
            self.cancel,
            self.resize,
            self.change_shift,
            *(self.forbid,) * 2,
            self.allow,
            *(self.pin,) * 2,
            self.release,
            *(self.announce,) * 2,
            self.withdraw,
            self.undo,
            self.several,
            *(self.offer,) * 2,
            *(self.answer,) * 3,
            *(self.work,) * 2,
            self.overrule,
            self.ask_by_name,
            self.later,
            *(self.say,) * 2,
            self.want_otherwise,
        )
        return self.random.choice(kinds)()

    def one(self, of: Sequence, otherwise=("nobody", "nothing")):
        return self.random.choice(of) if of else otherwise

    def here(self) -> gm.Morning:
        return self.live.morning

    def sign_in(self):
        here = {worker.id for worker in self.here().workers}
        away = [worker for worker in self.workers if worker.id not in here]
        return e.WorkerSignedIn(worker=self.random.choice(away or self.workers))

    def leave(self):
        return e.WorkerLeft(worker_id=self.random.choice(self.workers).id)

    def change_worker(self):
        worker, like = self.random.sample(self.workers, 2)
        fields = ("skills", "travel_limit_min", "days_since_last_placement", "windows")
        return e.WorkerChanged(worker=worker.model_copy(update={f: getattr(like, f) for f in fields}))

    def add(self):
        return e.ShiftAdded(shift=self.random.choice(self.shifts))

    def cancel(self):
        return e.ShiftCancelled(shift_id=self.random.choice(self.shifts).id)

    def resize(self):
        shift = self.one(self.here().shifts, self.shifts[0])
        seats = max(shift.headcount + self.random.choice((-3, -1, 1, 2)), 1)
        return e.ShiftChanged(shift=shift.model_copy(update={"headcount": seats}))

    def change_shift(self):
        shift = self.random.choice(self.shifts)
        pay = shift.pay.model_copy(update={"amount": shift.pay.amount * self.random.choice((0.75, 1.5))})
        tier = self.random.choice((shift.priority_tier, 1, 9))
        return e.ShiftChanged(shift=shift.model_copy(update={"pay": pay, "priority_tier": tier}))

    def forbid(self):
        worker, shift = self.one(self.live.pairs)
        return e.PairForbidden(worker_id=worker, shift_id=shift, reason="too far")

    def allow(self):
        worker, shift = self.one(self.live.forbid)
        return e.PairAllowed(worker_id=worker, shift_id=shift)

    def pin(self):
        worker, shift = self.one(self.live.pairs)
        if self.random.random() < 0.5:
            worker, shift = self.random.choice(self.workers).id, self.random.choice(self.shifts).id
        return e.PromisePinned(worker_id=worker, shift_id=shift)

    def release(self):
        return e.PromiseReleased(worker_id=self.one(self.live.keep)[0])

    def announce(self):
        some = [pair for pair in self.live.pairs if self.random.random() < 0.3]
        return [e.PlacementAnnounced(worker_id=worker, shift_id=shift) for worker, shift in some]

    def withdraw(self):
        return e.AnnouncementWithdrawn(worker_id=self.one(list(self.live.told), "nobody"))

    def offer(self):
        return [each for each in self.live.offers(self.minute) if self.random.random() < 0.3]

    def answer(self):
        kinds = (e.OfferAccepted, e.OfferAccepted, e.OfferDeclined, e.OfferExpired, e.OfferWithdrawn)
        worker, shift = self.one([(each.worker_id, each.shift_id) for each in self.live.open_offers])
        if self.random.random() < 0.2:
            worker, shift = self.one([*self.live.told.items()])
        return self.random.choice(kinds)(worker_id=worker, shift_id=shift)

    def work(self):
        worker, shift = self.one(self.live.keep)
        there = self.one(list(self.live.at_work), "nobody")
        excused, replaced = (self.random.random() < 0.5 for _ in range(2))
        return self.random.choice(
            [
                e.CheckedIn(worker_id=worker, shift_id=shift),
                e.NoShow(worker_id=worker, shift_id=shift, is_excused=excused, is_replaced=replaced),
                e.BackEarly(worker_id=there),
                e.SeatsClosed(shift_id=self.random.choice(self.shifts).id, seats=self.random.randrange(3)),
            ]
        )

    def overrule(self):
        (worker, _), (_, shift) = self.one(self.live.pairs), self.one(self.live.pairs)
        return e.Overruled(worker_id=worker, shift_id=shift, reason="she asked")

    def ask_by_name(self):
        worker, shift = self.random.choice(self.workers), self.one(self.here().shifts, self.shifts[0])
        request = self.random.choice(
            [
                gm.Request(worker_id=worker.id, shift_id=shift.id),
                gm.Request(worker_id=worker.id, employer_id=shift.employer_id),
                *self.here().requests,
            ]
        )
        kind = e.RequestWithdrawn if request in self.here().requests else e.WorkerRequested
        return kind(request=request)

    def later(self):
        self.minute += self.random.choice((2, 10, 40))
        return e.TimeMoved(minute=self.minute)

    def say(self):
        return [e.MessageSaid(message=each) for each in self.live.outbox() if self.random.random() < 0.5]

    def want_otherwise(self):
        if self.random.random() < 0.5:
            return e.AskingChanged(asking=gm.live.Asking(move_price=self.random.choice(PRICES)))
        return self.live.rules_changed([rule for rule in gm.DEFAULT_RULES if self.random.random() < 0.9])

    def undo(self):
        return e.EventUndone(number=self.random.randrange(len(self.live.log) + 1) + 1)

    def several(self):
        if self.random.random() < 0.2:
            policy = self.random.choice(POLICIES).with_seed(self.random.randrange(9))
            return e.PolicyChanged(policy=policy.describe())
        return [self.sign_in(), self.leave(), self.resize(), self.forbid()][self.random.randrange(3) :]

    def step(self) -> None:
        """One event, and everything that must hold after it."""
        live, event = self.live, self.event()
        before, state = dict(live.pairs), state_of(live)
        try:
            expected = live.preview(event)
        except REFUSED:
            assert state_of(live) == state
            return
        assert state_of(live) == state
        outcome = live.apply(event)
        assert outcome.model_copy(update={"number": 0}) == expected
        assert type(outcome).model_validate_json(outcome.model_dump_json()) == outcome
        self.tells_what_changed(outcome, before)
        assert live.pairs == anew(live).pairs

    def tells_what_changed(self, outcome: e.Outcome, before: dict[str, str]) -> None:
        """An outcome is the difference of the placements, and its chains are who made room for whom."""
        after = dict(self.live.pairs)
        placed = {one.worker_id: one.shift_id for one in outcome.placed}
        dropped = {one.worker_id: one.shift_id for one in outcome.dropped}
        moved = {one.worker_id: (one.from_shift_id, one.to_shift_id) for one in outcome.moved}
        assert placed == {w: s for w, s in after.items() if w not in before}
        assert dropped == {w: s for w, s in before.items() if w not in after}
        assert moved == {w: (before[w], s) for w, s in after.items() if before.get(w, s) != s}
        assert round(sum(outcome.gains.values()), 2) == round(outcome.points, 2)
        links = [link for chain in outcome.chains for link in chain.links]
        assert {(one.worker_id, before.get(one.worker_id), after.get(one.worker_id)) for one in links} == {
            tuple(one) for one in links
        }
        assert sorted(one.worker_id for one in links) == sorted({*placed, *dropped, *moved})
        assert sum(chain.seats for chain in outcome.chains) == len(placed) - len(dropped)
        for chain in outcome.chains:
            assert all(a.to_shift_id == b.from_shift_id for a, b in pairwise(chain.links))
