"""Reasons against brute force: every class and every figure, on random mornings under either objective."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from explaining.brute import SHOWING, World, answers, plain_morning, table_of, table_world, tables, worlds
from gigmatch.evidence import Amount
from tests.conftest import examples, sample

NOTHING = Amount(seats_by_tier={}, points=0.0)
BOTH = st.one_of(worlds(), tables(), tables())


def test_every_class_comes_up():
    """The mornings that these tests draw from show every answer there is."""
    assert {reason.kind for seed in SHOWING for reason in answers(table_world(seed))} == {
        "placed",
        "not_eligible",
        "outbid",
        "tied",
        "promised",
        "no_eligible_shift",
        "short_of_seats",
        "left_out_for_points",
        "no_eligible_worker",
        "short_of_workers",
        "seat_left_for_points",
        "seat_tied",
    }


@examples(20)
@given(BOTH)
def test_why_not_is_of_the_class_that_brute_force_says(world):
    """Refused, promised elsewhere, worse by just so much, or as good."""
    for worker in world.workers:
        for shift in world.shifts:
            if world.has.get(worker) == shift:
                continue
            said = world.explainer.why_not(worker, shift)
            loss = world.loss(lambda choice, w=worker, s=shift: choice.get(w) == s)
            if (worker, shift) not in world.eligible:
                assert said.kind == "not_eligible"
                assert [refusal.rule for refusal in said.refusals] == world.refusing[worker, shift]
                assert said.barred == ((worker, shift) in world.assignment.forbid)
            elif worker in world.promised or not world.seats[shift]:
                assert said.kind == "promised"
                assert said.what == ("the worker" if worker in world.promised else "every seat")
            elif loss == NOTHING:
                assert said.kind == "tied"
            else:
                assert (said.kind, said.loss) == ("outbid", loss)
                assert loss.key > NOTHING.key
                assert [(h.worker_id, round(h.points * 100)) for h in said.holders] == [
                    (w, world.points[w, shift]) for w in world.workers if world.has.get(w) == shift
                ]
                assert said.has_free_seat == (shift in world.open_shifts)
                assert said.instead == world.has.get(worker)


@examples(20)
@given(BOTH)
def test_why_somebody_has_no_shift(world):
    """Nothing eligible; a set that is short of seats, counted anew; else, under points, a loss or a tie."""
    for worker in set(world.workers) - world.has.keys():
        said = world.explainer.why(worker)
        loss = world.loss(lambda choice, w=worker: w in choice)
        if not any(who == worker for who, _ in world.eligible):
            assert said.kind == "no_eligible_shift"
            refused = Counter(n for (w, _), names in world.refusing.items() if w == worker for n in names)
            alone = Counter(
                n
                for (w, _), names in world.refusing.items()
                if w == worker and len(names) == 1
                for n in names
            )
            assert (said.shifts, said.refused_by) == (len(world.shifts), refused)
            assert said.refused_by_it_alone == alone
            assert said.barred == len({s for w, s in world.assignment.forbid if w == worker})
        elif said.kind == "short_of_seats":
            assert worker in said.workers
            assert violates_hall(world, said)
            assert not in_addition(world, worker)
            assert said.loss == loss
            assert said.lost_by == ("promise" if loss is None else "lot" if loss == NOTHING else "points")
        else:
            assert world.policy.objective == "points"
            assert in_addition(world, worker)
            assert said.kind == ("tied" if loss == NOTHING else "left_out_for_points")
            assert said.kind == "tied" or said.loss == loss
            assert world.loss(lambda choice, w=worker, s=said.shift_id: choice.get(w) == s) == loss


@examples(20)
@given(BOTH)
def test_why_a_seat_is_empty(world):
    """The other side of the same."""
    for shift in world.open_shifts:
        said = world.explainer.why_empty(shift)
        taken = list(world.has.values()).count(shift) - list(world.promised.values()).count(shift)
        loss = world.loss(lambda choice, s=shift, n=taken: list(choice.values()).count(s) > n)
        if not any(where == shift for _, where in world.eligible):
            assert said.kind == "no_eligible_worker"
            by_worker = [names for (_, s), names in world.refusing.items() if s == shift]
            assert said.workers == len(by_worker)
            assert said.removed_alone == Counter(name for names in by_worker for name in names)
            assert said.removed_in_order == Counter(names[0] for names in by_worker if names)
            assert said.barred == sum(not names for names in by_worker)
        elif said.kind == "short_of_workers":
            could = {w for w, s in world.on_offer if s in said.shifts}
            assert shift in said.shifts
            assert could == set(said.workers)
            assert len(could) == said.n_workers < said.n_seats == sum(world.seats[s] for s in said.shifts)
            assert said.n_promised == sum(s in said.shifts for s in world.promised.values())
            assert not filled_in_addition(world, shift)
        else:
            assert world.policy.objective == "points"
            assert filled_in_addition(world, shift)
            assert said.kind == ("seat_tied" if loss == NOTHING else "seat_left_for_points")
            assert said.kind == "seat_tied" or said.loss == loss


@examples(20)
@given(BOTH)
def test_prices_and_alternatives_are_exact(world):
    """A seat more, a seat less, and every other shift of somebody placed, the least loss first."""
    for shift in world.shifts:
        price = world.explainer.seat_price(shift)
        assert price.one_more == -world.loss_with(shift, 1)
        assert price.one_less == (world.loss_with(shift, -1) if world.seats[shift] else None)
    for worker, shift in world.has.items():
        said = world.explainer.why(worker)
        assert (said.kind, said.shift_id, said.promised) == ("placed", shift, worker in world.promised)
        assert round(said.points * 100) == world.points[worker, shift]
        assert sum(said.points_by_scorer.values()) == pytest.approx(said.points)
        assert (said.price is None) == said.promised
        assert [(a.shift_id, a.loss) for a in said.alternatives] == [
            (s, loss) for s, loss in ranked(world, worker)
        ]
        assert world.explainer.why(worker, alternatives=1).alternatives == said.alternatives[:1]


@examples(20)
@given(BOTH)
def test_recommendations_are_in_order_of_their_effect(world):
    """Shifts of a worker, workers of a shift, ties by id or row; stand-bys are all of those who have none."""
    for worker in world.workers:
        said = world.explainer.recommend(worker)
        assert [(c.id, -c.effect) for c in said.choices] == ranked(world, worker)
        assert world.explainer.recommend(worker, most=1).choices == said.choices[:1]
    for shift in world.shifts:
        said = world.explainer.recommend_workers(shift)
        found = {
            w: world.loss(lambda choice, w=w, s=shift: choice.get(w) == s)
            for w in world.workers
            if (w, shift) in world.on_offer and world.has.get(w) != shift
        }
        possible = [w for w, loss in found.items() if loss is not None]
        order = sorted(possible, key=lambda w: (found[w].key, world.workers.index(w)))
        assert [(c.id, -c.effect) for c in said.choices] == [(w, found[w]) for w in order]
        waiting = [w for w in order if w not in world.has]
        assert [(c.id, -c.effect) for c in said.stand_bys] == [(w, found[w]) for w in waiting]
        first = world.explainer.recommend_workers(shift, most=1, stand_bys=2)
        assert (first.choices, first.stand_bys) == (said.choices[:1], said.stand_bys[:2])
        assert first.n_stand_bys == said.n_stand_bys == len(waiting)


def test_stand_bys_do_not_depend_on_how_many_choices_are_told():
    """Somebody without a shift is found behind any number of others, here equal ones of earlier rows."""
    world = table_of([[4, None, None], [4, 4, None], [4, None, 4], [0, None, None]], [1, 1, 1], seed=0)
    for most, choices in ((1, ["w1"]), (2, ["w1", "w2"]), (3, ["w1", "w2", "w3"])):
        said = world.explainer.recommend_workers("s0", most=most)
        assert [(choice.id, choice.effect.points) for choice in said.choices] == [(w, -10) for w in choices]
        assert [(choice.id, choice.effect.points) for choice in said.stand_bys] == [("w3", -10)]
        assert world.check(said) == 1
        with pytest.raises(gm.CertificateError, match=r"a choice left out may lose less|proof is missing"):
            world.check(said.model_copy(update={"stand_bys": ()}))
        with pytest.raises(gm.CertificateError, match="n_stand_bys does not hold: said 0, found 1"):
            world.check(said.model_copy(update={"stand_bys": (), "n_stand_bys": 0}))
        with pytest.raises(gm.CertificateError, match="worker 'w1' has a shift"):
            world.check(said.model_copy(update={"stand_bys": said.choices[:1]}))


@examples(20)
@given(BOTH)
def test_everything_gives_the_same_reasons_as_one_by_one(world):
    """Everybody in order of row, then open shifts of id: the same class, and the same loss."""
    told = world.explainer.everything().reasons
    single = [world.explainer.why(worker) for worker in world.workers]
    single += [world.explainer.why_empty(shift) for shift in world.open_shifts]
    assert [(r.kind, getattr(r, "loss", None)) for r in told] == [
        (r.kind, getattr(r, "loss", None)) for r in single
    ]


def test_a_tie_is_not_called_a_loss():
    """Where points alone count, somebody may be out, and a seat empty, by nothing but the lot."""
    out, empty = set(), set()
    for seed in range(8):
        # w1 and w2 are equal at s0; both fit only if w0 moves to s1, which costs points.
        world = table_of([[4, 1], [2, None], [2, None]], [2, 1], seed)
        [unplaced] = set(world.workers) - world.has.keys()
        said = world.explainer.why(unplaced)
        assert (said.kind, said.shift_id) == ("tied", "s0")
        assert world.explainer.why_empty("s1").kind == "seat_left_for_points"
        # w0 is as good at s0 as at s1; both are filled only if w1 moves to s1, which costs points.
        other = table_of([[4, 4, None], [None, 0, 4], [None, None, 2]], [1, 1, 1], seed)
        [shift] = other.open_shifts
        tied = other.explainer.why_empty(shift)
        assert (tied.kind, tied.worker_id, tied.seed) == ("seat_tied", "w0", seed)
        for each, reason in ((world, said), (other, tied)):
            assert each.check(reason) == 1
            each.check(each.explainer.everything())
        out.add(unplaced)
        empty.add(shift)
    assert (out, empty) == ({"w1", "w2"}, {"s0", "s1"})


@examples(6)
@given(tables(), st.integers(0, 3))
def test_a_pair_that_is_tied_gets_the_shift_by_another_seed(world, seed):
    """What is told of the lot: another assignment is as good, and the seed decides between them."""
    for worker in world.workers:
        for shift in world.shifts:
            if world.has.get(worker) != shift:
                said = world.explainer.why_not(worker, shift)
                if said.kind == "tied":
                    after = dict(world.has)
                    for move in said.proof.moves:
                        assert after.pop(move.worker_id, None) == move.leaves
                        after |= {} if move.goes_to is None else {move.worker_id: move.goes_to}
                    free = {w: s for w, s in after.items() if w not in world.promised}
                    assert after[worker] == shift
                    assert world.value(free) == world.today
                    assert said.draws.keys() == {move.worker_id for move in said.proof.moves}


def figures(assignment: gm.Assignment) -> tuple[dict[int, int], int]:
    """Filled seats by tier, and hundredths of points."""
    filled = {tier: filled for tier, (filled, _) in assignment.summary.seats_by_tier.items()}
    return filled, int(assignment.points_by_scorer.sum())


def less(before: gm.Assignment, after: gm.Assignment) -> Amount:
    """How much less the second is."""
    (old, points), (new, others) = figures(before), figures(after)
    seats = {tier: old.get(tier, 0) - new.get(tier, 0) for tier in sorted(old.keys() | new.keys())}
    return Amount(seats_by_tier={t: n for t, n in seats.items() if n}, points=(points - others) / 100)


@pytest.mark.parametrize("objective", ["seats", "points"])
def test_the_sample_morning_matched_again_confirms_the_figures(objective):
    """Pairs kept, and seats added: a new match loses and gains exactly what was told."""
    policy = gm.DEFAULT_POLICY.with_objective(objective)
    morning = sample("jingshi", seed=7, workers=200)
    assignment = gm.match(morning, policy=policy)
    explainer = gm.explain(morning, assignment)
    pairs = assignment.solved.held[0].pairs
    outbid = 0
    for at in range(3, len(pairs), len(pairs) // 40):
        worker, shift = assignment.worker_ids[pairs.worker[at]], assignment.shift_ids[pairs.shift[at]]
        if assignment.shift_of(worker) != shift:
            said = explainer.why_not(worker, shift)
            loss = less(assignment, gm.match(morning, policy=policy, keep=[(worker, shift)]))
            told = Amount(
                seats_by_tier=loss.seats_by_tier if objective == "seats" else {}, points=loss.points
            )
            assert told == (said.loss if said.kind == "outbid" else NOTHING)
            outbid += said.kind == "outbid"
    assert outbid > 15
    for shift in morning.shifts[::12]:
        more = shift.model_copy(update={"headcount": shift.headcount + 1})
        shifts = tuple(more if s.id == shift.id else s for s in morning.shifts)
        gain = less(gm.match(morning.model_copy(update={"shifts": shifts}), policy=policy), assignment)
        told = Amount(seats_by_tier=gain.seats_by_tier if objective == "seats" else {}, points=gain.points)
        assert told == explainer.seat_price(shift.id).one_more


# ------------------------------------------------------------------------------------------- not proved


@pytest.fixture(scope="module")
def stopped() -> gm.Explainer:
    morning = sample("jingshi", seed=7, workers=120)
    return gm.explain(morning, gm.match(morning, time_limit_s=0))


def test_without_a_proof_only_what_rules_say_is_told(stopped):
    """Everything else is a bound: the gap, and why there is none better."""
    explainer, assignment = stopped, stopped.assignment
    assert assignment.status == "feasible"
    told = [explainer.why(w) for w in assignment.worker_ids]
    told += [explainer.why_empty(o.shift_id) for o in assignment.open_shifts]
    told += [explainer.recommend(w) for w in assignment.worker_ids[:5]]
    told += [explainer.recommend_workers(s) for s in assignment.shift_ids[:5]]
    told += [
        explainer.why_not(w, s)
        for w in assignment.worker_ids[:10]
        for s in assignment.shift_ids[:6]
        if assignment.shift_of(w) != s
    ]
    kinds = {reason.kind for reason in told}
    assert kinds == {"not_proved", "not_eligible", "no_eligible_shift", "no_eligible_worker"}
    for reason in told:
        if reason.kind == "not_proved":
            assert reason.gap_points == assignment.solution.gap / 100 > 0
            assert (reason.stopped, reason.seats_proved) == ("time limit", False)
    assert gm.check_reasons(explainer.solved.morning, assignment, told) == len(told)
    everything = explainer.everything()
    assert everything.greatest == {}
    assert gm.check_reasons(explainer.solved.morning, assignment, everything) == len(everything.reasons)
    with pytest.raises(gm.InvalidInputError, match="not proved optimal: a seat has no exact price"):
        explainer.seat_price(assignment.shift_ids[0])


# ------------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda x: x.why("nobody"), "worker_id 'nobody' is not in the morning"),
        (lambda x: x.why_not("w0", "nowhere"), "shift_id 'nowhere' is not in the morning"),
        (lambda x: x.why_not("w0", x.assignment.shift_of("w0")), r"ask why\('w0'\)"),
        (lambda x: x.why_unplaced("w0"), r"worker 'w0' has a shift: ask why\('w0'\)"),
        (lambda x: x.why_empty("s0"), "'s0' has no empty seat: all 1 are taken"),
        (lambda x: x.recommend("w0", most=0), "most must be a whole number of at least 1; got 0"),
        (lambda x: x.recommend_workers("s0", most=2.0), "most must be a whole number of at least 1; got 2.0"),
        (lambda x: x.recommend_workers("s0", stand_bys=0), "stand_bys must be a whole number of at least 1"),
        (lambda x: x.why("w0", alternatives=-1), "alternatives must be a whole number of at least 0; got -1"),
        (lambda x: x.recommend(None), "worker_id None is not in the morning"),
    ],
)
def test_a_mistake_is_named(ask, message):
    """With the id or the number, and what to ask instead."""
    morning = plain_morning(2, [1, 1], [5, 5])
    explainer = gm.explain(morning, gm.match(morning, keep=[("w0", "s0")]))
    with pytest.raises(gm.InvalidInputError, match=message):
        ask(explainer)


def test_an_altered_assignment_is_not_explained():
    """Reasons rest on the certificates: what they do not prove is refused at the door."""
    morning = sample("jingshi", seed=7, workers=100)
    data = gm.match(morning).to_dict()
    data["solution"]["shift"] = data["solution"]["shift"][::-1]
    with pytest.raises(gm.CertificateError, match="but the problem has no such pair"):
        gm.explain(morning, gm.Assignment.from_dict(data))
    data = gm.match(morning).to_dict()
    data["placed_shift"] = data["placed_shift"][::-1]
    with pytest.raises(gm.CertificateError, match="it was altered"):
        gm.explain(morning, gm.Assignment.from_dict(data))
    with pytest.raises(gm.InvalidInputError, match="another morning"):
        gm.explain(sample("jingshi", seed=8, workers=100), gm.match(morning))


def test_pairs_left_out_while_solving_are_explained_too():
    """An assignment solved on some pairs, or loaded from a file, has the same reasons."""
    morning = sample("jingshi", seed=3, workers=150)
    whole = gm.match(morning)
    told = gm.explain(morning, whole).everything()
    for other in (gm.match(morning, max_pairs=600), gm.Assignment.from_dict(whole.to_dict())):
        found = gm.explain(morning, other).everything()
        assert [(r.kind, getattr(r, "loss", 0)) for r in found.reasons] == [
            (r.kind, getattr(r, "loss", 0)) for r in told.reasons
        ]
        gm.check_reasons(morning, other, found)


def test_columns_are_explained_but_for_what_would_help():
    """A morning that came as columns has no objects to try changes on."""
    morning = sample("jingshi", seed=7, workers=100)
    columns = gm.columns_of(morning)
    explainer = gm.explain(columns, gm.match(columns))
    refused = next(u.worker_id for u in explainer.assignment.unplaced if not u.eligible_shifts)
    said = explainer.why_not(refused, explainer.assignment.shift_ids[0])
    assert (said.kind, said.changes) == ("not_eligible", None)
    gm.check_reasons(columns, explainer.assignment, [said])


# ------------------------------------------------------------------------------------------- by definition


def ranked(world: World, worker: str) -> list[tuple[str, Amount]]:
    """Other shifts of a worker that it could have, the least loss first, then by id."""
    found = [
        (s, world.loss(lambda choice, s=s: choice.get(worker) == s))
        for s in world.shifts
        if (worker, s) in world.on_offer and world.has.get(worker) != s
    ]
    return sorted(((s, loss) for s, loss in found if loss is not None), key=lambda e: (e[1].key, e[0]))


def in_addition(world: World, worker: str) -> bool:
    """Whether a worker can be placed with everybody who is placed today."""
    today = {w for w in world.has if w not in world.promised}
    return any(today | {worker} <= choice.keys() for _, choice in world.every)


def filled_in_addition(world: World, shift: str) -> bool:
    """Whether one seat more of a shift can be filled with every seat that is filled today."""
    wanted = Counter(s for w, s in world.has.items() if w not in world.promised) + Counter([shift])
    return any(Counter(choice.values()) >= wanted for _, choice in world.every)


def violates_hall(world: World, said) -> bool:
    """Whether the only shifts of these workers have fewer seats than they are many, each counted once."""
    workers, shifts = set(said.workers), set(said.shifts)
    reached = {s for w, s in world.on_offer if w in workers}
    seats = sum(world.seats[s] for s in shifts)
    counted = (said.n_workers, said.n_seats, said.n_shifts) == (len(workers), seats, len(shifts))
    counted &= said.n_promised == sum(s in shifts for s in world.promised.values())
    return counted and reached <= shifts and seats < len(workers) and not workers & world.promised.keys()
