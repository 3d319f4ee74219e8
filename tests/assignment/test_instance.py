"""An instance settles everything before pairs are looked at; a solved morning says what a solution means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.assignment.instance import Instance, draw_lots
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.pairing.rules import DEFAULT_RULES
from gigmatch.pairing.travel import StraightLine
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, for_each


def instance_of(morning, **options):
    usual = {"rules": DEFAULT_RULES, "policy": gm.DEFAULT_POLICY, "travel": StraightLine()}
    return Instance.prepare(morning, **usual | {"keep": (), "forbid": ()} | options)


def crowd(**changes):
    """Three workers, a shift of two seats and one of one, everybody everywhere."""
    shifts = (a_shift("x", headcount=2), a_shift("y"))
    return a_morning(*(a_worker(name) for name in "abc"), *shifts, **changes)


@examples(20)
@given(mornings(), st.sampled_from(["seats", "points"]), st.integers(0, 2**63 - 1))
def test_a_frame_is_the_problem_without_its_pairs(morning, objective, seed):
    """Seats, tiers and lots do not depend on which pairs are held."""
    instance = instance_of(morning, policy=gm.DEFAULT_POLICY.with_objective(objective).with_seed(seed))
    frame, problem = instance.frame(), instance.problem(instance.eligible())
    assert (frame.n_workers, frame.n_shifts, frame.n_pairs) == (problem.n_workers, problem.n_shifts, 0)
    assert (frame.tier is None) == (objective == "points")
    for name in ("capacity", "tier", "lot", "shift_lot", "tier_weight"):
        one, other = getattr(frame, name), getattr(problem, name)
        assert one is other is None or one.tolist() == other.tolist(), name


def test_lots_may_wait():
    """Until nothing but the lottery is left there is none in the problem."""
    instance = instance_of(crowd())
    problem = instance.problem(instance.eligible(), lots=False)
    assert (problem.lot, problem.shift_lot) == (None, None)
    assert instance.problem(instance.eligible()).lot.tolist() == draw_lots(0, "worker", "abc").tolist()


def test_promises_take_worker_and_seat_out_of_the_problem():
    """Whoever is promised has no pairs left, the seat is gone, and everybody else is as before."""
    instance = instance_of(crowd(), keep=[("b", "x")], forbid=[("c", "y")])
    eligible = instance.eligible()
    problem = instance.problem(eligible)
    assert instance.kept.tolist() == [-1, 0, -1]
    assert instance.seats.tolist() == problem.capacity.tolist() == [1, 1]
    assert eligible.shifts_of.tolist() == [2, 2, 1]
    assert problem.indptr.tolist() == [0, 2, 2, 3]
    assert problem.shift.tolist() == [0, 1, 0]
    assert problem.weight.tolist() == eligible.points[[0, 1, 4]].tolist()


def test_a_solution_in_ids():
    """Promised pairs are added, figures are those of the pairs placed, and what it was made from stays."""
    instance = instance_of(crowd(), keep=[("b", "x")])
    eligible = instance.eligible()
    problem = instance.problem(eligible)
    solution = replace(gm.solve(problem), shift=np.array([1, -1, 0], np.int32))
    found = SolvedMorning.from_solution(instance, eligible, problem, solution).assignment()
    assert found.pairs == (("a", "y"), ("b", "x"), ("c", "x"))
    assert found.points_by_scorer.sum(axis=1).tolist() == eligible.points[[1, 2, 4]].tolist()
    assert found.baseline.placements == 3
    assert (found.seconds, found.morning_digest) == (None, crowd().digest())
    assert found.solved.held == (eligible, problem)


def test_warnings_name_who_is_placed_against_a_rule():
    """In order of the workers, and only of rules that warn."""

    def not_b(columns, pairs):
        """Nobody called b."""
        return pairs.worker != 1

    not_b.severity = "warn"
    instance = instance_of(crowd(), rules=[not_b])
    eligible = instance.eligible()
    problem = instance.problem(eligible)
    found = SolvedMorning.from_solution(instance, eligible, problem, gm.solve(problem)).assignment()
    placed = [pair for pair in found.pairs if pair[0] == "b"]
    assert [(w.rule, w.sentence, list(w.pairs)) for w in found.warnings] == [
        ("not_b", "Nobody called b.", placed)
    ]


@pytest.mark.parametrize("at", ["minimum_headcount", "crew"])
def test_columns_that_ask_for_all_or_nothing_are_refused(at):
    """As a morning is that they might have come from; the first such shift and their number are told."""
    columns = gm.columns_of(crowd())
    value = np.array([0, 1], np.int32) if at == "crew" else np.array([2, 1], np.int32)
    what = "belongs to a crew" if at == "crew" else "has minimum_headcount 2"
    asking = replace(columns, shifts=replace(columns.shifts, **{at: value}))
    count = 2 if at == "crew" else 1
    with pytest.raises(gm.UnsupportedError, match=rf"shift 'x' {what}: .*\({count} such in all\)"):
        instance_of(asking)


@examples(20)
@given(st.lists(st.text(max_size=3), unique=True), st.integers(0, 2**63 - 1), st.randoms())
def test_everybodys_lot_depends_on_nobody_else(ids, seed, random):
    """The same alone, among others and in any order; other kinds and seeds draw otherwise."""
    lots = dict(zip(ids, draw_lots(seed, "worker", ids).tolist(), strict=True))
    assert len(set(lots.values())) == len(ids)
    assert all(0 <= lot < 2**63 for lot in lots.values())
    random.shuffle(ids)
    assert draw_lots(seed, "worker", ids).tolist() == [lots[key] for key in ids]
    for key in ids[:1]:
        assert draw_lots(seed, "worker", [key]).tolist() == [lots[key]]
        assert draw_lots(seed, "shift", [key]).tolist() != [lots[key]]
        assert draw_lots(seed ^ 1, "worker", [key]).tolist() != [lots[key]]


def test_what_came_as_columns_is_not_compiled_again():
    """Nor what somebody has compiled before."""
    columns = gm.columns_of(crowd())
    assert instance_of(columns).columns.workers is columns.workers
    assert instance_of(crowd(), columns=columns).columns.workers is columns.workers


@pytest.mark.parametrize("given", [crowd(), gm.columns_of(crowd())], ids=["objects", "columns"])
def test_the_morning_is_digested_once(monkeypatch, given):
    """By `match`, and by `check` of its answer."""
    kind, asked = type(given), []
    digest = kind.digest
    monkeypatch.setattr(kind, "digest", lambda morning: asked.append(kind) or digest(morning))
    answer = gm.match(given)
    assert len(asked) == 1
    gm.check(given, answer)
    assert len(asked) == 2


def bypassed() -> dict[str, tuple[object, str]]:
    """Mornings that were put together past their validation, and the first problem of each."""
    good = crowd()
    fields = {name: getattr(good, name) for name in type(good).model_fields}
    twice, columns = (*good.workers, good.workers[0]), gm.columns_of(good)
    homeless = good.workers[0].model_copy(update={"home": None, "station_id": "gone"})
    return {
        "worker twice": (good.model_copy(update={"workers": twice}), "workers[3].id"),
        "never validated": (gm.Morning.model_construct(**fields | {"workers": twice}), "workers[3].id"),
        "shift twice": (good.model_copy(update={"shifts": good.shifts * 2}), "shifts[2].id"),
        "no employer": (good.model_copy(update={"employers": ()}), "shifts[0].employer_id"),
        "no station": (good.model_copy(update={"workers": (homeless,)}), "workers[0].station_id"),
        "columns, worker": (replace(columns, worker_ids=("a", "b", "a")), "workers[2].id"),
        "columns, shift": (replace(columns, shift_ids=("x", "x")), "shifts[1].id"),
    }


@for_each(bypassed())
def test_nobody_is_there_twice_whatever_the_way_in(name):
    """Matching refuses it, and so does the checker, whatever an assignment says."""
    morning, path = bypassed()[name]
    answer = replace(gm.match(crowd()), morning_digest=morning.digest())
    for door in (lambda: gm.match(morning), lambda: gm.check(morning, answer)):
        with pytest.raises(gm.InvalidMorningError) as caught:
            door()
        assert path in [problem.path for problem in caught.value.problems]
