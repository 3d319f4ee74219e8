"""The checker: takes every explanation that is made, and nothing that says something else."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from evidence.tampering import altered, other_classes
from explaining.brute import World, answers, rankings, table_of, table_world, tables, worlds
from gigmatch.evidence import Amount, Explanation, Move, Promised, Proof, SeatTied, Tied
from gigmatch.evidence.verifier import ReasonVerifier
from tests.conftest import examples, sample


def takes(world: World, said: Explanation) -> bool:
    """Whether the checker takes it; anything but a clear rejection is an error."""
    try:
        ReasonVerifier(world.explainer.solved).check(said)
    except (gm.CertificateError, gm.InvalidInputError):
        return False
    return True


@examples(20)
@given(st.one_of(worlds(), tables(), tables()), st.integers(1, 3))
def test_what_is_made_is_taken(world, most):
    """One by one, all together, from JSON, and for an assignment that was saved and loaded."""
    told = [*answers(world), *rankings(world, most)]
    loaded = gm.Assignment.from_dict(world.assignment.to_dict())
    for each in (gm.Reasons.of(told), world.explainer.everything()):
        read = gm.Reasons.from_json(each.to_json())
        assert read == each
        assert world.check(each) == world.check(read.seen_by("auditor")) == len(each.reasons)
        named = {"rules": world.rules, "scorers": world.scorers}
        assert gm.check_reasons(world.morning, loaded, read, **named) == len(each.reasons)


@examples(20)
@given(tables(), st.integers(1, 2))
def test_one_thing_changed_is_rejected(world, most):
    """Figures, names, lists and tables of every explanation; proofs that are missing."""
    for said in [*answers(world), *rankings(world, most)]:
        for path, other in altered(said):
            assert takes(world, other) == only_less(said, other), (said, path, other)


def only_less(said: Explanation, other: Explanation) -> bool:
    """Whether nothing but the last of a list, which need not be whole, is left out, or a price."""
    for name in ("alternatives", "choices", "stand_bys"):
        if getattr(said, name, ()) != getattr(other, name, ()):
            left, whole = getattr(other, name), getattr(said, name)
            alone = said.model_copy(update={name: left}) == other
            is_first = left == whole[: len(left)] and said.rest is not None
            return alone and ((is_first and bool(left)) or (name == "alternatives" and not left))
    return said == other


@examples(20)
@given(tables())
def test_another_class_is_rejected(world):
    """However credible it is made: every question has one class of answers only."""
    told = answers(world)
    right = {question(said) for said in told}
    for said in told:
        for other in other_classes(world, said):
            assert not takes(world, other) or question(other) in right, (said, other)


def question(said: Explanation) -> tuple[str, ...]:
    """The class, and what was asked: why a seat is empty, why a worker has none, why a pair is not made."""
    of_shift = "no_eligible_worker", "short_of_workers", "seat_left_for_points", "seat_tied"
    of_worker = "placed", "no_eligible_shift", "short_of_seats", "left_out_for_points"
    if said.kind in of_shift:
        return said.kind, said.shift_id
    return (
        (said.kind, said.worker_id) if said.kind in of_worker else (said.kind, said.worker_id, said.shift_id)
    )


@examples(20)
@given(tables(), st.data())
def test_other_prices_and_moves_prove_what_is_said_or_nothing(world, data):
    """A changed proof may hold as well; a changed figure never does, whatever the proof."""
    with_proofs = [r for r in answers(world) if getattr(r, "proof", None) and getattr(r, "loss", None)]
    for said in with_proofs:
        changes = st.dictionaries(st.sampled_from(world.shifts), st.integers(-3000, 3000))
        moves = data.draw(st.lists(st.sampled_from(said.proof.moves), max_size=3))
        if moves and data.draw(st.booleans()):
            goes_to = data.draw(st.sampled_from([None, *world.shifts]))
            moves[-1] = moves[-1].model_copy(update={"goes_to": goes_to})
        proof = Proof(moves=tuple(moves), price_changes=data.draw(changes))
        mixed = (
            proof,
            said.proof.model_copy(update={"moves": proof.moves}),
            proof.model_copy(update={"moves": said.proof.moves}),
        )
        for each in mixed:
            takes(world, said.model_copy(update={"proof": each}))
            for points in (-1.0, 2.5, -said.loss.points):
                loss = Amount(seats_by_tier=said.loss.seats_by_tier, points=said.loss.points + points)
                assert not takes(world, said.model_copy(update={"proof": each, "loss": loss})) or not points


def test_a_ranking_that_was_cut_leaves_out_nothing_better():
    """The best may not be left out, nor the first of equal ones; more may be cut from the end."""
    world = table_of([[4, 2, 2, 2], *[[None, None, None, 3 - i] for i in range(4)]], [1, 1, 1, 1], seed=0)
    rankings = (
        (world.explainer.recommend("w0", most=2), "choices"),
        (world.explainer.why("w0", alternatives=2), "alternatives"),
        (world.explainer.recommend_workers("s3", most=2), "choices"),
        (world.explainer.recommend_workers("s3", stand_bys=2), "stand_bys"),
    )
    for said, name in rankings:
        first, second = getattr(said, name)
        assert takes(world, said)
        for left, right in (((first,), True), ((second,), False), ((second, first), False)):
            assert takes(world, said.model_copy(update={name: left})) == right
        assert not takes(world, said.model_copy(update={"rest": None}))


def test_prices_that_would_wrap_prove_nothing():
    """4 seats at 2**62 + 750 sum to 3,000 in 64 bits, and would prove a loss three times the true one."""
    world = table_of([*[[4]] * 5, [2]], [5], seed=0)
    said = world.explainer.why_not("w5", "s0")
    assert (said.kind, said.loss.points) == ("outbid", 5)
    leave = tuple(Move(worker_id=key, leaves="s0", goes_to=None) for key in ("w0", "w1"))
    moves = (Move(worker_id="w5", leaves=None, goes_to="s0"), *leave)
    today = int(world.assignment.solution.shift_price[0])
    for price in (2**62 + 750, 2**62, 2**63, 2**64 + 750, 10**30):
        for changes, others in (({"s0": price - today}, 0), ({}, price - today)):
            proof = Proof(moves=moves, price_changes=changes, of_others=others)
            loss = Amount(seats_by_tier={}, points=15.0)
            with pytest.raises(gm.CertificateError, match="too much to compute with"):
                world.check(said.model_copy(update={"loss": loss, "proof": proof}))


def test_a_pair_that_is_made_is_not_refused():
    """Nobody is tied with, promised away from, or offered as an alternative, what they have."""
    world = table_of([[4, 2], [4, 2]], [1, 1], seed=0)
    worker, shift = next(iter(world.has.items()))
    nothing = Proof(moves=(), price_changes={})
    assert not takes(world, Tied(worker_id=worker, shift_id=shift, seed=0, draws={}, proof=nothing))
    assert not takes(world, SeatTied(worker_id=worker, shift_id=shift, seed=0, proof=nothing))
    assert not takes(world, Promised(worker_id=worker, shift_id=shift, what="the worker"))
    placed = world.explainer.why(worker)
    own = placed.alternatives[0].model_copy(
        update={
            "shift_id": shift,
            "points": placed.points,
            "loss": Amount(seats_by_tier={}, points=0.0),
            "proof": nothing,
        }
    )
    assert not takes(world, placed.model_copy(update={"alternatives": (own,)}))


def test_a_seat_is_not_filled_by_who_has_one_there():
    """A shift of two seats, one of them empty: whoever has the other is not the one to come."""
    world = table_of([[4, None], [0, 4], [None, 2]], [2, 1], seed=0)
    said = world.explainer.why_empty("s0")
    assert (said.kind, said.worker_id, world.has["w0"]) == ("seat_left_for_points", "w1", "s0")
    assert takes(world, said)
    assert not takes(world, said.model_copy(update={"worker_id": "w0"}))


def test_a_shortage_elsewhere_is_no_reason():
    """Sets short of seats or workers are held to the one in question: others' shortage does not count."""
    # w0 moves to s1 only at a cost, so w1 is left out for points; w2 and w3 are short of seats at s2.
    rows = [[4, 0, None], [2, None, None], [None, None, 4], [None, None, 2], [None, None, 2]]
    world = table_of(rows, [1, 1, 1], seed=0)
    left, short = world.explainer.why("w1"), world.explainer.why("w3")
    assert (left.kind, short.kind) == ("left_out_for_points", "short_of_seats")
    union = short.model_copy(
        update={
            "worker_id": "w1",
            "workers": ("w0", "w1", *short.workers),
            "shifts": ("s0", "s1", "s2"),
            "n_workers": 5,
            "n_seats": 3,
            "n_shifts": 3,
            "shift_id": left.shift_id,
            "loss": left.loss,
            "proof": left.proof,
        }
    )
    assert takes(world, short)
    assert not takes(world, union)
    assert takes(world, left)


@examples(20)
@given(tables())
def test_a_set_cut_down_is_short_in_itself_or_rejected(world):
    """With one worker or shift less, counted right: full, closed, and short of seats, or the other way."""
    holds = {w: s for w, s in world.has.items() if w not in world.promised}
    for said in answers(world):
        if said.kind not in ("short_of_seats", "short_of_workers"):
            continue
        for side in ("workers", "shifts"):
            for one in getattr(said, side):
                sets = {"workers": set(said.workers), "shifts": set(said.shifts)}
                sets[side].remove(one)
                workers, shifts = sets["workers"], sets["shifts"]
                cut = counted(world, said, workers, shifts)
                taken = [s for w, s in holds.items() if s in shifts]
                if said.kind == "short_of_seats":
                    closed = {s for w, s in world.on_offer if w in workers} <= shifts
                    inside = {w for w, s in holds.items() if s in shifts} <= workers
                    full = all(taken.count(s) == world.seats[s] for s in shifts)
                    right = closed and inside and full and said.worker_id in workers
                else:
                    closed = {w for w, s in world.on_offer if s in shifts} <= workers
                    right = (
                        closed and all(holds.get(w) in shifts for w in workers) and said.shift_id in shifts
                    )
                assert takes(world, cut) == right


def counted(world: World, said: Explanation, workers: set[str], shifts: set[str]) -> Explanation:
    """The same of other sets, their figures right."""
    seats = sum(world.seats[s] for s in shifts)
    figures = {"n_workers": len(workers), "n_shifts": len(shifts), "n_seats": seats}
    lists = {"workers": tuple(sorted(workers)), "shifts": tuple(sorted(shifts))}
    return said.model_copy(update={**figures, **lists})


@examples(20)
@given(tables())
def test_seats_are_promised_only_where_all_are(world):
    """Nobody is told of promises who lost to others."""
    for said in answers(world):
        if said.kind == "short_of_seats":
            by_promise = {"lost_by": "promise", "shift_id": None, "loss": None, "proof": None}
            assert takes(world, said.model_copy(update=by_promise)) == (said.lost_by == "promise")


@pytest.mark.parametrize("audience", ["worker", "employer"])
def test_what_shows_no_evidence_is_not_taken(audience):
    """A worker's or an employer's explanation proves nothing; the auditor's does."""
    world = table_world(28)
    for said in answers(world):
        assert not takes(world, said.seen_by(audience))
        assert takes(world, said.seen_by("auditor"))


def test_names_are_held_to_their_figures():
    """On a morning where all differ, an explanation fits nobody else and no other shift."""
    morning = sample("jingshi", seed=7, workers=100)
    assignment = gm.match(morning)
    explainer = gm.explain(morning, assignment)
    told = explainer.everything()
    seen = Counter()
    for at, said in enumerate(told.reasons):
        other = told.reasons[at - 1]
        swapped = {
            name: getattr(other, name)
            for name in ("worker_id", "shift_id")
            if getattr(said, name, None) and getattr(other, name, None) not in (None, getattr(said, name))
        }
        if not swapped or seen[said.kind] > 5:
            continue
        seen[said.kind] += 1
        for name, key in swapped.items():
            wrong = told.model_copy(update={"reasons": (said.model_copy(update={name: key}),)})
            with pytest.raises(gm.CertificateError, match=rf"reasons\[0\] \({said.kind}\): "):
                gm.check_reasons(morning, assignment, wrong)
    assert {"placed", "short_of_seats", "no_eligible_shift"} <= seen.keys()


def test_greatest_prices_that_were_changed_prove_nothing():
    """The prices that many reasons share are held to closing the gap, too."""
    morning = sample("jingshi", seed=7, workers=100)
    assignment = gm.match(morning)
    told = gm.explain(morning, assignment).everything()
    shared = [r for r in told.reasons if getattr(r, "proof", None) and r.proof.price_changes is None]
    assert shared
    assert told.greatest
    for greatest in ({}, {key: by + 7 for key, by in told.greatest.items()}, {"nowhere": 1}):
        with pytest.raises(gm.CertificateError, match=r"reasons\[0\]"):
            gm.check_reasons(morning, assignment, gm.Reasons(greatest=greatest, reasons=tuple(shared)))


def test_an_assignment_that_is_not_proved_has_no_reasons():
    """Nor has one that is proved only a bound."""
    morning = sample("jingshi", seed=7, workers=100)
    proved, stopped = gm.match(morning), gm.match(morning, time_limit_s=0)
    placed = gm.explain(morning, proved).why(proved.pairs[0][0])
    bound = gm.explain(morning, stopped).why(stopped.pairs[0][0])
    assert gm.check_reasons(morning, stopped, [bound]) == 1
    with pytest.raises(gm.CertificateError, match="not proved optimal: it has no such reason"):
        gm.check_reasons(morning, stopped, [placed])
    with pytest.raises(gm.CertificateError, match="is proved optimal: reasons can be given"):
        gm.check_reasons(morning, proved, [bound])
    for name, value in (
        ("gap_points", 0.0),
        ("stopped", "cancelled"),
        ("seats_proved", True),
        ("worker_id", "x"),
    ):
        with pytest.raises(gm.CertificateError, match=r"reasons\[0\] \(not_proved\)"):
            gm.check_reasons(morning, stopped, [bound.model_copy(update={name: value})])
