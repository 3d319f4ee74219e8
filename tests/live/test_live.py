"""A morning that moves: after every event the answer is that of solving anew, and what was told is kept."""

from __future__ import annotations

from functools import cache, partial
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.live import event_from_json, hall
from gigmatch.live import events as e
from live.streams import Stays, Stream, anew
from tests.conftest import a_morning, a_shift, a_worker, examples, is_nightly, sample


@examples(4)
@given(st.randoms(use_true_random=False))
def test_every_event_is_as_solving_anew(random):
    """Placements, lottery included, fewest changes included, preview, outcome: event after event."""
    stream = Stream(sample("jingshi", seed=random.randrange(2), workers=50), random)
    for _ in range(60 if is_nightly() else 15):
        stream.step()
    stream.live.verify()


@pytest.mark.nightly
def test_a_long_run_at_3000(first_number):
    """Many events over one large hall: verified, and at the end as solving anew."""
    stream = Stream(sample("majuqiao", seed=3, workers=3_000), Random(first_number))
    for number in range(80):
        try:
            stream.live.apply(stream.event())
        except (gm.InvalidInputError, gm.UnsupportedError):
            continue
        if number % 20 == 0:
            stream.live.verify()
            assert stream.live.pairs == anew(stream.live).pairs


class ByIds:
    """Points by the ids alone, 0 to 2, so that many assignments are equal."""

    name, words, version, depends_on = "by_ids", "by ids", 1, None

    def __call__(self, columns, pairs):
        ids = zip(pairs.worker.tolist(), pairs.shift.tolist(), strict=True)
        found = [(3 * ord(columns.worker_ids[i][-1]) + 5 * ord(columns.shift_ids[j][-1])) % 3 for i, j in ids]
        return np.array(found, dtype=np.float64) / 2


@examples(6)
@given(st.data())
def test_changes_what_was_told_as_little_as_can_be(data):
    """By brute force, at any price of moving somebody: none is better, of all assignments."""
    workers = [a_worker(f"w{n}") for n in range(5)]
    shifts = [
        a_shift(f"s{n}", headcount=data.draw(st.integers(1, 2)), priority_tier=n % 2 + 1) for n in range(3)
    ]
    policy = gm.Policy(scorers=[(ByIds(), 10)])
    price = data.draw(st.sampled_from((0, 5, 20, None)))
    live = gm.Live(a_morning(*workers, *shifts), policy=policy, asking=gm.live.Asking(move_price=price))
    live.apply([e.PlacementAnnounced(worker_id=w, shift_id=s) for w, s in live.pairs])
    for _ in range(3):
        event = data.draw(
            st.sampled_from(
                [
                    *(e.PairForbidden(worker_id=w, shift_id=s) for w, s in live.pairs),
                    *(e.WorkerLeft(worker_id=worker.id) for worker in live.morning.workers),
                    *(e.ShiftCancelled(shift_id=shift.id) for shift in live.morning.shifts[1:]),
                ]
            )
        )
        live.apply(event)
        assert _worth(live, dict(live.pairs)) == max(_worth(live, each) for each in _assignments(live))


def _assignments(live):
    """Every assignment of the morning as it is now."""
    workers = [worker.id for worker in live.morning.workers]
    room = {shift.id: shift.headcount for shift in live.morning.shifts}
    for chosen in product([None, *room], repeat=len(workers)):
        pairs = {w: s for w, s in zip(workers, chosen, strict=True) if s is not None}
        if not any((w, s) in live.forbid for w, s in pairs.items()) and all(
            chosen.count(key) <= seats for key, seats in room.items()
        ):
            yield pairs


def _worth(live, pairs):
    """Seats by tier, points at the price of those who are moved, and how many keep what they were told."""
    tier = {shift.id: shift.priority_tier for shift in live.morning.shifts}
    points = sum((3 * ord(w[-1]) + 5 * ord(s[-1])) % 3 * 5 for w, s in pairs.items())
    filled = [sum(tier[s] == number for s in pairs.values()) for number in (1, 2)]
    kept, price = sum(live.told.get(w) == s for w, s in pairs.items()), live.asking.move_price
    return (kept, *filled, points) if price is None else (*filled, points + kept * price, kept)


def test_the_price_of_moving_somebody():
    """Below what it is worth they are moved, above it not; a seat is worth any price; None: nothing is."""
    better = gm.Policy(scorers=[(ByIds(), 10)])  # shift a by 5 points
    for price, has_moved, has_seat in ((0, True, True), (1000, False, True), (None, False, False)):
        asking = gm.live.Asking(move_price=price)
        live = gm.Live(a_morning(a_worker("w"), a_shift("b")), policy=better, asking=asking)
        live.apply(e.PlacementAnnounced(worker_id="w", shift_id="b"))
        outcome = live.apply(e.ShiftAdded(shift=a_shift("a")))
        assert (live.shift_of("w") == "a") == has_moved
        assert outcome.points == 5 * has_moved
        live.verify()
        live = gm.Live(a_morning(a_worker("w"), a_shift("a")), rules=[_only()], asking=asking)
        live.apply(e.ShiftAdded(shift=a_shift("b")))
        told = live.shift_of("w")
        live.apply(e.PlacementAnnounced(worker_id="w", shift_id=told))
        live.apply(e.WorkerSignedIn(worker=a_worker("new", attributes={"only": told})))
        assert (len(live.pairs) == 2) == has_seat
        live.verify()


def test_a_price_beyond_all_needs_room():
    """Where points are so many that one number has no room for more than all of them, it is refused."""
    huge = gm.Policy(scorers=[(ByIds(), 1_000_000)])
    hall = a_morning(a_worker("w"), a_shift("b"))
    with pytest.raises(gm.UnsupportedError) as refused:
        gm.Live(hall, policy=huge, asking=gm.live.Asking(move_price=None))
    assert refused.value.code == "live_weights_too_large"
    gm.Live(hall, policy=huge).verify()


def test_a_modest_bonus_would_lose_a_seat():
    """Somebody comes who can only have the seat of somebody told: they move, and both have one."""
    far = e.WorkerSignedIn(worker=a_worker("new", attributes={"only": "a"}))
    rule = _only()
    live = gm.Live(
        a_morning(a_worker("old"), a_shift("a"), a_shift("b", pay=gm.Pay(amount=1, unit="day"))), rules=[rule]
    )
    assert live.pairs == (("old", "a"),)
    live.apply(e.PlacementAnnounced(worker_id="old", shift_id="a"))
    outcome = live.apply(far)
    assert outcome.moved == (e.Moved(worker_id="old", from_shift_id="a", to_shift_id="b"),)
    assert outcome.placed == (e.Placed(worker_id="new", shift_id="a"),)
    assert outcome.told_otherwise == ("old",)
    assert outcome.seats_by_tier == {5: 1}
    live.verify()


def _only():
    def only(columns, pairs):
        wanted = columns.workers.attributes.get("only")
        names = np.array(columns.shift_ids)[pairs.shift]
        if wanted is None:
            return np.ones(len(pairs), dtype=bool)
        asked = wanted[pairs.worker]
        return np.array([a is None or a == b for a, b in zip(asked, names, strict=True)], dtype=bool)

    return only


LIVE = (a_worker("w", pay_floor_per_day=150), a_worker("v"), a_shift("s", headcount=2), a_shift("t"))


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (e.WorkerSignedIn(worker=a_worker("w")), "live_already_here"),
        (e.PersonErased(worker_id="w"), "live_still_here"),
        (e.WorkerLeft(worker_id="x"), "unknown_id"),
        (e.ShiftCancelled(shift_id="x"), "unknown_id"),
        (e.PairAllowed(worker_id="w", shift_id="s"), "live_pair_settled"),
        (e.PromiseReleased(worker_id="v"), "live_nothing_promised"),
        (e.PromisePinned(worker_id="w", shift_id="t"), "live_promised_already"),
        (e.PlacementAnnounced(worker_id="w", shift_id="t"), "live_not_placed"),
        (e.EventUndone(number=1), "live_no_such_event"),
        (e.ShiftAdded(shift=a_shift("u", crew_id="c")), None),
        (e.ShiftAdded(shift=a_shift("u", headcount=2, minimum_headcount=2)), "shift_all_or_nothing"),
        (e.ShiftAdded(shift=a_shift("u", employer_id="nobody")), None),
        ([e.WorkerLeft(worker_id="v"), e.WorkerLeft(worker_id="v")], "unknown_id"),
        ("later", "wrong_type"),
        (["later"], None),
        ({"event": "worker_left", "worker_id": "x"}, "unknown_id"),
    ],
    ids=repr,
)
def test_what_makes_no_sense_changes_nothing(event, code):
    """It is refused by name, and the answer stands."""
    live = gm.Live(a_morning(*LIVE), keep=[("w", "s")])
    before, told = live.pairs, live.keep
    with pytest.raises((gm.InvalidInputError, gm.UnsupportedError)) as refused:
        live.apply(event)
    assert code is None or refused.value.code == code
    assert (live.pairs, live.keep, live.log) == (before, told, ())
    live.verify()


WRONG = (
    *(("Live", {name: 3}) for name in ("asking", "rules", "keep", "forbid", "clock", "policy", "travel")),
    *(("undo", {"number": number}) for number in (0, -1, "x", "1", True, None, 1.5)),
    *(("erase", {"worker_id": worker}) for worker in (3, None, "")),
    ("sync", {"morning": 3}),
    ("expect", {"events": 3}),
    ("apply", {"event": None}),
    ("preview", {"event": 3}),
    ("offers", {"minute": []}),
    ("rules_changed", {"rules": 3}),
)


@pytest.mark.parametrize(("method", "given"), WRONG, ids=repr)
def test_what_is_no_such_thing_is_refused_by_name(method, given):
    """With the value."""
    call = partial(gm.Live, a_morning(*LIVE)) if method == "Live" else getattr(a_live(), method)
    with pytest.raises(gm.InvalidInputError) as refused:
        call(**given)
    ((name, value),) = given.items()
    assert name in str(refused.value)
    assert str(value) in str(refused.value)


@cache
def a_live() -> gm.Live:
    """Nothing happens in it."""
    return gm.Live(a_morning(*LIVE))


def test_a_promise_needs_its_seat_and_its_pair():
    """Headcounts do not fall below the promises, and a changed shift must suit those promised it."""
    live = gm.Live(a_morning(*LIVE, a_worker("x")), keep=[("w", "s"), ("v", "s")])
    with pytest.raises(gm.InvalidInputError) as refused:
        live.apply(e.ShiftChanged(shift=a_shift("s", headcount=1)))
    assert refused.value.code == "live_promised_seats"
    with pytest.raises(gm.InvalidInputError) as refused:
        live.apply(e.ShiftChanged(shift=a_shift("s", headcount=2, pay=gm.Pay(amount=100, unit="day"))))
    assert refused.value.code == "live_not_eligible"
    assert live.pairs == (("v", "s"), ("w", "s"), ("x", "t"))


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (gm.DEFAULT_POLICY.with_requests("promise"), "live_requests"),
        (gm.DEFAULT_POLICY.with_levels(gm.SEATS, Stays(()), gm.POINTS, gm.LOTTERY), "live_levels"),
    ],
    ids=["requests", "levels"],
)
def test_policies_that_are_not_repaired(policy, code):
    """They are refused by name, at the opening and as an event."""
    with pytest.raises(gm.UnsupportedError) as refused:
        gm.Live(a_morning(*LIVE), policy=policy)
    assert refused.value.code == code
    live = gm.Live(a_morning(*LIVE))
    with pytest.raises((gm.UnsupportedError, gm.InvalidPolicyError)):
        live.apply(e.PolicyChanged(policy=policy.describe()))
    assert live.policy == gm.DEFAULT_POLICY


@pytest.mark.parametrize("spoil", ["price", "seat", "told"])
def test_the_proof_sees_what_was_tampered_with(spoil):
    """A price too low, somebody sent home, or another memory of what was told."""
    live = gm.Live(sample("jingshi", seed=7, workers=50))
    pair = live.pairs[0]
    live.apply(e.PlacementAnnounced(worker_id=pair[0], shift_id=pair[1]))
    live.verify()
    network = live._hall.net
    if spoil == "price":
        network.of_shifts["price"][int(np.argmax(network.of_shifts["price"][:, 0])), 0] -= 1
    elif spoil == "seat":
        network.send_home(live._hall.worker_row[pair[0]])
    else:
        network.of_workers["told"][live._hall.worker_row[pair[0]]] = -1
    with pytest.raises(gm.CertificateError):
        live.verify()


def test_events_are_json():
    """In and out, told apart by their names."""
    event = e.EventsTogether(events=(e.WorkerSignedIn(worker=a_worker()), e.ShiftCancelled(shift_id="s")))
    assert event_from_json(event.model_dump_json()) == event
    with pytest.raises(gm.InvalidMorningError, match="the event"):
        event_from_json('{"event": "worker_left"}')


@pytest.mark.nightly
def test_many_who_come_and_go():
    """Rows of those who are gone do not pile up."""
    live = gm.Live(a_morning(a_worker("w"), a_shift("s")))
    for number in range(300):
        live.apply(e.WorkerSignedIn(worker=a_worker(f"w{number}")))
        live.apply(e.WorkerLeft(worker_id=f"w{number}"))
    assert live._hall.net.n_workers < 270
    assert live.pairs == (("w", "s"),)


def test_a_policy_that_cannot_be_solved_changes_nothing(monkeypatch):
    """Solving under it fails half-way: the answer, its prices and the policy are those of before."""
    live = gm.Live(sample("jingshi", 7, workers=50))
    pairs, policy, words = live.pairs, live.policy, hall.words_of_tiers

    def fails_once(*given):
        monkeypatch.setattr(hall, "words_of_tiers", words)
        raise gm.UnsupportedError("live_requests")

    monkeypatch.setattr(hall, "words_of_tiers", fails_once)
    changed = e.PolicyChanged(policy=policy.with_objective("points").describe())
    with pytest.raises(gm.UnsupportedError):
        live.apply(changed)
    assert (live.pairs, live.policy, live.log) == (pairs, policy, ())
    live.verify()
    live.apply(changed)
    live.verify()


@examples(3)
@given(st.randoms(use_true_random=False))
def test_two_states_of_tables_become_events(random):
    """Whatever differs happens, and the answer is that of the other state."""
    live = gm.Live(drawn(random))
    live.apply([e.PlacementAnnounced(worker_id=w, shift_id=s) for w, s in live.pairs[:5]])
    other = drawn(random)
    live.sync(other, actor="tables")
    assert sorted(live.morning.workers, key=str) == sorted(other.workers, key=str)
    assert sorted(live.morning.shifts, key=str) == sorted(other.shifts, key=str)
    assert live.pairs == anew(live).pairs
    assert live.sync(other) is None
    with pytest.raises(gm.InvalidInputError, match="market_insurance of the morning is otherwise"):
        live.sync(other.model_copy(update={"market_insurance": not other.market_insurance}))


def drawn(random) -> gm.Morning:
    """Some people and shifts of one hall, some of them otherwise than in the others."""
    hall = sample("jingshi", seed=0, workers=50)
    workers = [worker for worker in hall.workers if random.random() < 0.8]
    workers = [w.model_copy(update={"rating": random.choice((None, 3.5, w.rating))}) for w in workers]
    shifts = [shift for shift in hall.shifts if random.random() < 0.8]
    shifts = [s.model_copy(update={"headcount": s.headcount + random.randrange(2)}) for s in shifts]
    return hall.model_copy(update={"workers": tuple(workers), "shifts": tuple(shifts)})


def test_who_is_expected_comes_as_anybody():
    """Asked about together or one by one, with shifts that come, change and go between: the same outcomes."""
    hall = sample("jingshi", seed=0, workers=50)
    shifts, late = hall.shifts[:3], hall.workers[:12]
    here = hall.without_workers(*(worker.id for worker in late)).without_shifts(shifts[0].id)
    events = [
        *(e.WorkerSignedIn(worker=worker) for worker in late[:4]),
        e.ShiftCancelled(shift_id=shifts[1].id),
        *(e.WorkerSignedIn(worker=worker) for worker in late[4:6]),
        e.ShiftAdded(shift=shifts[0]),
        e.ShiftChanged(shift=shifts[2].model_copy(update={"priority_tier": 1})),
        *(e.WorkerSignedIn(worker=worker) for worker in late[6:]),
        e.WorkerChanged(worker=late[0].model_copy(update={"rating": 1.0})),
    ]
    alone, together, expecting = (gm.Live(here) for _ in range(3))
    told = [alone.apply(event) for event in events]
    together.apply(events)
    nobody = {"event": "worker_signed_in", "worker": {"id": "x", "station_id": "nowhere"}}
    expecting.expect([*events, nobody, {"event": "nothing"}, late[0]])
    assert [expecting.apply(event) for event in events] == told
    assert alone.pairs == together.pairs == expecting.pairs == anew(alone).pairs
    expecting.verify()
