"""Whom to ask, what they say, what is said to whom, who stands by, and what time does to all of it."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.live import events as e
from gigmatch.live import hall
from gigmatch.live.outcomes import outcome_of
from live.streams import REFUSED, Stream, anew, state_of
from tests.conftest import a_morning, a_shift, a_worker, examples, is_nightly, sample

NOON = [gm.Period(start_min="12:00", end_min="16:00")]


def a_hall(**given) -> gm.Live:
    """Two shifts, the urgent one at noon, and three people, one of whom has nothing."""
    people = (a_worker(name) for name in ("u", "v", "w"))
    shifts = a_shift("early"), a_shift("noon", periods=NOON, priority_tier=1)
    return gm.Live(a_morning(*people, *shifts), **given)


def worker_at(live: gm.Live, shift: str) -> str:
    return next(w for w, s in live.pairs if s == shift)


def asked_all(live: gm.Live) -> gm.Live:
    live.apply(list(live.offers()))
    return live


def test_whom_to_ask_in_which_order_and_how_long():
    """The urgent tier first; minutes to answer from what the clock shows, before the shift begins."""
    live = a_hall(asking=gm.live.Asking(answer_min=20, closing_min=30))
    assert [(offer.shift_id, offer.until) for offer in live.offers()] == [("noon", None), ("early", None)]
    assert [offer.until for offer in live.offers("6:00")] == [6 * 60 + 20] * 2
    assert [offer.until for offer in live.offers("11:25")] == [11 * 60 + 30, 11 * 60 + 26]
    live.apply(e.TimeMoved(minute="6:00"))
    assert [offer.until for offer in live.offers()] == [6 * 60 + 20] * 2
    asked_all(live)
    assert live.offers() == ()
    assert [offer.worker_id for offer in live.open_offers] == sorted(w for w, _ in live.pairs)
    assert live.told == dict(live.pairs)
    with pytest.raises(gm.InvalidInputError) as refused:
        live.offers("soon")
    assert refused.value.code == "live_no_minute"


def test_yes_is_a_promise_and_no_is_repaired_at_once():
    """Who accepts is pinned; who declines is barred, and somebody else has the seat in the same event."""
    live = asked_all(a_hall())
    yes, no = worker_at(live, "noon"), worker_at(live, "early")
    (other,) = {"u", "v", "w"} - {yes, no}
    live.apply(e.OfferAccepted(worker_id=yes, shift_id="noon"))
    assert (live.keep, len(live.open_offers)) == (((yes, "noon"),), 1)
    outcome = live.apply(e.OfferDeclined(worker_id=no, shift_id="early", reason="too far"))
    assert outcome.placed == (e.Placed(worker_id=other, shift_id="early"),)
    assert outcome.dropped == (e.Placed(worker_id=no, shift_id="early"),)
    assert (live.forbid, live.open_offers, live.told) == (((no, "early"),), (), {yes: "noon"})
    assert [offer.worker_id for offer in live.offers()] == [other]
    live.undo(outcome.number)
    assert [offer.worker_id for offer in live.open_offers] == [no]
    live.verify()


def test_time_ends_offers_and_closes_shifts():
    """Who did not answer is barred; a shift that begins keeps whoever was told it, and takes nobody more."""
    live = a_hall(asking=gm.live.Asking(answer_min=10))
    live.apply(e.TimeMoved(minute="5:00"))
    asked_all(live)
    noon, early = worker_at(live, "noon"), worker_at(live, "early")
    (other,) = {"u", "v", "w"} - {noon, early}
    assert live.apply(e.TimeMoved(minute="5:09")).offers_ended == ()
    outcome = live.apply(e.TimeMoved(minute="5:10"))
    assert {(one.worker_id, one.shift_id) for one in outcome.offers_ended} == {
        (noon, "noon"),
        (early, "early"),
    }
    assert live.forbid == tuple(sorted([(noon, "noon"), (early, "early")]))
    slip = worker_at(live, "noon")
    live.apply(e.PlacementAnnounced(worker_id=slip, shift_id="noon"))
    outcome = live.apply(e.TimeMoved(minute="12:00"))
    assert outcome.shifts_closed == ("early", "noon")
    assert live.pairs == live.keep == ((slip, "noon"),)
    assert [one.shift_id for one in outcome.dropped] == ["early"]
    assert live.closed == {"early": 1}
    assert live.apply(e.TimeMoved(minute="13:00")).shifts_closed == ()
    assert live.pairs == anew(live).pairs
    live.verify()
    live.undo(outcome.number - 1)
    with pytest.raises(gm.InvalidInputError) as refused:
        live.undo(outcome.number)
    assert refused.value.code == "live_noted_since"
    assert other in {"u", "v", "w"}


def test_who_does_not_come():
    """They are away until they sign in again; the seat is filled or closed; taken back, all is as before."""
    live = asked_all(a_hall())
    missing = worker_at(live, "noon")
    live.apply(e.OfferAccepted(worker_id=missing, shift_id="noon"))
    live.apply(e.TimeMoved(minute="12:00"))
    before = state_of(live)
    for is_excused, is_replaced in product((False, True), repeat=2):
        event = e.NoShow(worker_id=missing, shift_id="noon", is_excused=is_excused, is_replaced=is_replaced)
        away = live.apply(event)
        assert ("noon" in dict(live.pairs).values()) == is_replaced
        live.apply(e.WorkerSignedIn(worker=a_worker(missing)))
        assert ((missing, "noon") in live.forbid) != is_excused
        assert live.pairs == anew(live).pairs
        live.verify()
        live.undo(away.number + 1)
        live.undo(away.number)
        assert state_of(live) == before


def test_work_and_back():
    """Who checked in is promised the seat; what makes no sense is refused; back early, the seat is closed."""
    live = a_hall()
    at_work = worker_at(live, "early")
    live.apply(e.CheckedIn(worker_id=at_work, shift_id="early"))
    assert (live.at_work, live.keep) == ({at_work: "early"}, ((at_work, "early"),))
    for event in (
        e.PromiseReleased(worker_id=at_work),
        e.NoShow(worker_id=at_work, shift_id="early"),
        e.CheckedIn(worker_id=at_work, shift_id="early"),
    ):
        with pytest.raises(gm.InvalidInputError) as refused:
            live.apply(event)
        assert refused.value.code == "live_at_work"
    live.apply(e.BackEarly(worker_id=at_work))
    assert (live.at_work, live.closed) == ({}, {"early": 1})
    assert [shift for _, shift in live.pairs] == ["noon"]
    live.apply(e.SeatsClosed(shift_id="early", seats=0))
    assert len(live.pairs) == 2


def test_a_decision_by_hand_goes_before_promises_and_answers():
    """Who said no to it, or was promised another shift, has it for certain, for a reason."""
    live = a_hall()
    one = worker_at(live, "noon")
    live.apply(
        [e.PairForbidden(worker_id=one, shift_id="early"), e.PromisePinned(worker_id=one, shift_id="noon")]
    )
    outcome = live.apply(e.Overruled(worker_id=one, shift_id="early", reason="the employer rang"))
    assert (live.keep, live.forbid) == (((one, "early"),), ())
    assert outcome.moved[0].worker_id == one
    live.verify()
    with pytest.raises(gm.InvalidInputError) as refused:
        live.apply(e.Overruled(worker_id=one, shift_id="early", reason=""))
    assert refused.value.code == "live_no_text"


def test_who_is_asked_for_by_name():
    """By shift or employer, before they and the shift come or after: the points are those of the morning."""
    policy = gm.DEFAULT_POLICY.with_scorer(gm.scoring.Requested(), 40)
    live = a_hall(policy=policy)
    home = ({"u", "v", "w"} - dict(live.pairs).keys()).pop()
    asked = gm.Request(worker_id=home, shift_id="noon")
    live.apply(e.WorkerRequested(request=asked))
    assert live.shift_of(home) == "noon"
    live.apply(e.ShiftAdded(shift=a_shift("late", headcount=1, priority_tier=1)))
    by = gm.Request(worker_id="x", employer_id=live.morning.employers[0].id)
    live.apply(e.WorkerRequested(request=by))
    live.apply(e.WorkerSignedIn(worker=a_worker("x")))
    live.apply(e.ShiftChanged(shift=a_shift("late", headcount=1, priority_tier=2)))
    assert live.pairs == anew(live).pairs
    live.verify()
    live.apply(e.RequestWithdrawn(request=asked))
    assert live.pairs == anew(live).pairs
    live.sync(live.morning.model_copy(update={"requests": (asked,)}))
    assert live.morning.requests == (asked,)
    assert live.pairs == anew(live).pairs


NAMES = {"worker_id": "w", "shift_id": "noon"}
SENSELESS = (
    (e.OfferMade(worker_id="u", shift_id="nothing"), "unknown_id"),
    (e.OfferAccepted(**NAMES), "live_no_offer"),
    (e.OfferDeclined(**NAMES), "live_not_told"),
    (e.NoShow(**NAMES), "live_not_told"),
    (e.BackEarly(worker_id="w"), "live_not_at_work"),
    (e.SeatsClosed(shift_id="nothing", seats=1), "unknown_id"),
    (e.TimeMoved(minute="3:59"), "live_time_back"),
    (e.RequestWithdrawn(request=gm.Request(**NAMES)), "live_not_asked"),
    (e.WorkerRequested(request=gm.Request(worker_id="w", employer_id="nobody")), "unknown_id"),
    *(
        (e.MessageSaid(message=gm.live.Message(to=to, says=says, **NAMES)), "live_not_due")
        for to, kinds in {
            "worker": ("withdrawn", "expected", "not_expected"),
            "employer": ("expected", "not_expected", "withdrawn", "offer", "promised"),
        }.items()
        for says in kinds
    ),
    (e.MessageSaid(message=gm.live.Message(to="worker", says="promised", until=9, **NAMES)), "live_not_due"),
)


def test_what_makes_no_sense_is_refused():
    """By name, and nothing changes."""
    live = a_hall()
    live.apply([e.PairForbidden(worker_id="w", shift_id="noon"), e.TimeMoved(minute="4:00")])
    before = state_of(live)
    for event, code in SENSELESS:
        with pytest.raises(gm.InvalidInputError) as refused:
            live.apply(event)
        assert refused.value.code == code, event
        assert state_of(live) == before


def test_many_at_once_are_solved_together(monkeypatch):
    """When nobody has answered in time: the same outcome as path by path."""
    lives = [gm.Live(sample("jingshi", seed=0, workers=50)) for _ in range(2)]
    outcomes, solved = [], []
    monkeypatch.setattr(hall.Hall, "_solve_anew", counted(hall.Hall._solve_anew, solved))
    for live in lives:
        live.apply(list(live.offers("5:00")))
        outcomes.append(live.apply(e.TimeMoved(minute="5:15")))
        live.verify()
        monkeypatch.setattr(hall, "MANY", 5)
    assert outcomes[0] == outcomes[1]
    assert len(solved) == 1


def counted(method, calls):
    def noted(*given):
        calls.append(given)
        return method(*given)

    return noted


def test_an_answer_is_due_later_than_now():
    """By the clock, if it was set; what is due as it strikes is over."""
    live = a_hall()
    offer = live.offers("6:00")[0]
    live.apply(e.TimeMoved(minute=offer.until))
    with pytest.raises(gm.InvalidInputError) as refused:
        live.apply(offer)
    assert refused.value.code == "live_until_past"
    live.apply(offer.model_copy(update={"until": offer.until + 1}))
    assert len(live.open_offers) == 1


def test_an_offer_stands_once():
    """To somebody with an open offer of the shift, or a promise, none is made; a request is not doubled."""
    live = asked_all(a_hall())
    (first, second) = live.open_offers
    live.apply(e.OfferAccepted(worker_id=second.worker_id, shift_id=second.shift_id))
    request = e.WorkerRequested(request=gm.Request(worker_id="x", shift_id="noon"))
    live.apply(request)
    for event, code in (
        (first, "live_offered_already"),
        (second, "live_promised_already"),
        (request, "live_already_asked"),
    ):
        with pytest.raises(gm.InvalidInputError) as refused:
            live.apply(event)
        assert refused.value.code == code


# -- what is said -------------------------------------------------------------------------------------


def said(live: gm.Live) -> list[tuple[str, str, str]]:
    """What has to be said now; all of it is said."""
    messages = live.outbox()
    for message in messages:
        live.apply(e.MessageSaid(message=message))
    assert live.outbox() == ()
    return [(message.says, message.worker_id, message.shift_id) for message in messages]


def test_each_thing_is_said_once(tmp_path):
    """An offer, a promise, who is expected, what counts no more; nothing of what nobody heard of."""
    path = tmp_path / "a.db"
    with a_hall(journal=path) as live:
        asked_all(live)
        noon, early = worker_at(live, "noon"), worker_at(live, "early")
        assert said(live) == [("offer", early, "early"), ("offer", noon, "noon")]
        live.apply(e.OfferAccepted(worker_id=noon, shift_id="noon"))
        due = live.outbox()
        assert [(one.to, one.says) for one in due] == [("worker", "promised"), ("employer", "expected")]
        live.apply(e.MessageSaid(message=due[0]))
    with gm.Live.open(path) as live:
        assert live.outbox() == due[1:]
        with pytest.raises(gm.InvalidInputError):
            live.apply(e.MessageSaid(message=due[0]))
        assert said(live) == [("expected", noon, "noon")]
        live.apply(e.OfferWithdrawn(worker_id=early, shift_id="early"))
        assert live.outbox() == ()  # the seat is still theirs: perhaps they are asked again
        live.apply(e.ShiftCancelled(shift_id="early"))
        assert said(live) == [("withdrawn", early, "early")]
        live.apply(e.OfferDeclined(worker_id=noon, shift_id="noon"))
        assert said(live) == [("not_expected", noon, "noon")]
        (offer,) = live.offers()
        live.apply([offer, e.OfferWithdrawn(worker_id=offer.worker_id, shift_id=offer.shift_id)])
        assert said(live) == []


@examples(3)
@given(st.randoms(use_true_random=False))
def test_whatever_happens_everybody_knows(random):
    """Of people who believe the last message, once all was said: who has a shift that counts knows it, and
    nobody believes in another; no message comes twice in a row.
    """
    stream = Stream(sample("jingshi", seed=random.randrange(2), workers=50), random)
    live, heard = stream.live, {}
    for _ in range(60 if is_nightly() else 20):
        event = stream.event()
        try:
            live.apply(event)
        except REFUSED:
            continue
        for message in live.outbox():
            key = message.to, message.worker_id, message.shift_id if message.to == "employer" else ""
            assert heard.get(key) != message
            heard[key] = message
            live.apply(e.MessageSaid(message=message))
        assert live.outbox() == ()
        open_now = {offer.worker_id: offer for offer in live.open_offers}
        promised = dict(live.keep)
        for (to, worker, _), message in heard.items():
            if to == "worker" and worker in open_now and live.shift_of(worker) == open_now[worker].shift_id:
                assert (message.says, message.shift_id) == ("offer", open_now[worker].shift_id)
            if to == "worker" and live.shift_of(worker) is None and worker not in {*live.told}:
                assert message.says in ("withdrawn", "offer", "promised")
        for worker, shift in promised.items():
            if worker not in live.at_work:
                assert heard["employer", worker, shift].says == "expected"
            assert heard["worker", worker, ""].says == "promised"
            assert heard["worker", worker, ""].shift_id == shift


# -- who stands by ------------------------------------------------------------------------------------


@examples(3)
@given(st.randoms(use_true_random=False))
def test_who_stands_by_is_who_would_come(random):
    """What is said beforehand is what happens when somebody does not come, and the first says no."""
    live = gm.Live(sample("jingshi", seed=random.randrange(2), workers=50))
    live.apply([each for each in live.offers() if random.random() < 0.7])
    worker, shift = random.choice(sorted(live.told.items()))
    before = state_of(live)
    found = live.stand_bys(shift, 2)
    assert state_of(live) == before
    due = live.apply(e.NoShow(worker_id=worker, shift_id=shift, is_excused=True))
    came = {w for w, s in live.pairs if s == shift} - {w for w, s in before[2][0] if s == shift}
    assert [stand_by.worker_id for stand_by in found[:1]] == sorted(came)
    if found:
        first = found[0].outcome
        moved = [one for one in due.moved if one.worker_id != worker]
        assert [one for one in first.moved if one.worker_id != first.event.worker_id] == moved
        live.apply(e.PairForbidden(worker_id=found[0].worker_id, shift_id=shift))
        came = {w for w, s in live.pairs if s == shift} - {w for w, s in before[2][0] if s == shift}
        assert [stand_by.worker_id for stand_by in found[1:2]] == sorted(came)
    live.verify()


def test_nobody_stands_by_where_nobody_was_told():
    """And a shift that is not there is refused."""
    live = a_hall()
    assert live.stand_bys("noon") == ()
    with pytest.raises(gm.InvalidInputError):
        live.stand_bys("nothing")


def test_a_stream_with_offers_is_opened_as_it_was(tmp_path):
    """Offers, messages, closed seats, what the clock showed, rules and prices."""
    stream = Stream(sample("jingshi", seed=1, workers=50), Random(8), tmp_path / "a.db")
    for number in range(80 if is_nightly() else 40):
        try:
            stream.live.apply(stream.event(), time=300 + number)
        except REFUSED:
            continue
    due = state_of(stream.live), stream.live.log
    stream.live.close()
    with gm.Live.open(tmp_path / "a.db") as opened:
        assert (state_of(opened), opened.log) == due
        opened.verify()


@pytest.mark.parametrize("most", ["3", None, 2.5, -1, True])
def test_who_stands_by_of_no_number(most):
    """Is refused by name."""
    live = asked_all(a_hall())
    with pytest.raises(gm.InvalidInputError) as refused:
        live.stand_bys("noon", most)
    assert (refused.value.code, refused.value.parameters["name"]) == ("integer_too_small", "most")
    with pytest.raises(gm.InvalidInputError) as refused:
        live.stand_bys(["noon"])
    assert refused.value.code == "wrong_type"


def test_who_stands_by_fails(monkeypatch):
    """Whatever fails while it is looked for, all is as it was afterwards."""
    live = asked_all(a_hall())
    live.apply(e.OfferAccepted(worker_id=worker_at(live, "noon"), shift_id="noon"))
    live.apply(e.WorkerSignedIn(worker=a_worker("x")))
    before, calls = state_of(live), []

    def fails_then(*given):
        calls.append(given)
        if len(calls) == 2:
            raise MemoryError
        return outcome_of(*given)

    monkeypatch.setattr("gigmatch.live.offers.outcome_of", fails_then)
    with pytest.raises(MemoryError):
        live.stand_bys("noon")
    assert state_of(live) == before
    live.verify()
