"""People first: classes of workers, against every assignment there is, and what they cost nobody."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import gigmatch as gm
import oracles
from evidence.tampering import altered
from explaining.brute import World, answers, people_world, table_of
from gigmatch.errors import InvalidPolicyError
from gigmatch.problem import Further
from gigmatch.solvers import solve
from gigmatch.testing import check_level
from tests.conftest import for_each, is_nightly, many, sample

GROUP = "zero_employment_household"


def days_of(world: World) -> dict[str, int]:
    """Days without work, 0 where nobody knows."""
    return {w.id: w.days_since_last_placement or 0 for w in world.morning.workers}


def classes(world: World, choice: Mapping[str, str]) -> tuple[int, ...]:
    """How many of each class are placed, those who have waited longest first."""
    days, steps = days_of(world), [0, *world.policy.people.days, 10**9]
    bounds = [*pairwise(steps)][:0:-1]
    return tuple(sum(low <= days[w] < high for w in choice) for low, high in bounds)


def seats_and_points(world: World, choice: Mapping[str, str]) -> tuple[tuple[int, ...], int]:
    """Seats by tier, none where points alone count, and points."""
    *seats, points = world.value(choice)
    return (tuple(seats) if world.policy.levels[0] == gm.SEATS else ()), points


def test_class_by_class_and_no_seat_is_lost(first_number):
    """By trying all: the seats of no level of people, then as many as can be of each class, then points."""
    for seed in range(first_number, first_number + many(10) * (20 if is_nightly() else 1)):
        world = people_world(seed)
        own = {w: s for w, s in world.has.items() if w not in world.promised}

        def rank(choice: Mapping[str, str], world: World = world) -> tuple[Any, ...]:
            seats, points = seats_and_points(world, choice)
            return seats, classes(world, choice), points

        every = [*map(rank, world.all_choices())]
        assert rank(own) == max(every), world
        assert rank(own)[1] == max(best for _, best, _ in every), world


def test_both_best_values_are_reached_together(first_number):
    """Mendelsohn and Dulmage, by trying all: seats by tier as without, and the best of every class at once.

    Anywhere in the order people are placed class by class among what the levels above leave.
    """
    for seed in range(first_number, first_number + many(80)):
        problem, rank = small_problem(np.random.default_rng([seed, 2]))
        found = tuple(solve(problem).shift.tolist())
        every = [(*oracles.rank(problem, a), counted(rank, a), a) for a in oracles.assignments(problem)]
        place = [level.name for level in problem.levels].index("people")
        above = max(each[:place] for each in every)
        assert oracles.rank(problem, found)[:place] == above, seed
        best = max(counted for *before, counted, _ in every if tuple(before[:place]) == above)
        assert counted(rank, found) == best, seed
        if place == 1 and problem.levels[0] == gm.SEATS:
            assert best == max(counted for *_, counted, _ in every), seed


def small_problem(rng: np.random.Generator) -> tuple[gm.Problem, list[int]]:
    """A handful of workers in classes, seats of several tiers; people after the seats, at the top or last."""
    n, m = int(rng.integers(1, 6)), int(rng.integers(1, 4))
    table = np.where(rng.random((n, m)) < 0.6, rng.integers(0, 6, (n, m)), -1)
    rows = [[None if weight < 0 else int(weight) for weight in row] for row in table]
    rank = rng.integers(0, 4, n)
    people = Further("people", worker=rank)
    orders = [gm.SEATS, people, gm.POINTS], [people, gm.POINTS], [gm.SEATS, gm.POINTS, people]
    levels = [*orders[rng.integers(3)], gm.LOTTERY]
    tier, lot = rng.integers(1, 4, m), np.arange(n)
    return oracles.make(rows, rng.integers(0, 3, m), tier=tier, lot=lot, levels=levels), rank.tolist()


def counted(rank: list[int], assignment: tuple[int, ...]) -> tuple[int, ...]:
    """How many of each class are placed, the first class first."""
    placed = [rank[row] for row, shift in enumerate(assignment) if shift >= 0]
    return tuple(placed.count(each) for each in (3, 2, 1))


def test_reasons_count_who_comes_first(first_number):
    """Nobody there comes after; who comes before and who is alike is counted; the checker takes it."""
    found = 0
    for seed in range(first_number, first_number + many(5)):
        world = people_world(seed)
        told = answers(world)
        assert world.check(*told)
        assert world.check(world.explainer.everything())
        days, steps = days_of(world), world.policy.people.days
        rank = {w: sum(n >= step for step in steps) for w, n in days.items()}
        for said in told:
            if said.kind == "short_of_seats":
                there = [w for w, s in world.has.items() if s in said.shifts and w not in world.promised]
                assert all(rank[w] == rank[said.worker_id] for w in there)
            if said.kind != "others_first":
                continue
            found += 1
            there = [rank[w] for w, s in world.has.items() if s in said.shifts and w not in world.promised]
            own = rank[said.worker_id]
            assert len(there) == said.n_seats
            assert (said.ahead, said.alike) == (sum(n > own for n in there), sum(n == own for n in there))
            assert max(there) > own
            assert min(there) >= own
            assert (said.lost_by == "level") == (said.alike == 0)
    assert found


def test_a_reason_that_says_something_else_is_refused():
    """Every field of it, and a claim that puts people first whom no level puts first."""
    world = people_world(3)
    said = next(each for each in answers(world) if each.kind == "others_first")
    for path, other in altered(said):
        if other != said and not path.startswith("proof."):
            with pytest.raises((gm.CertificateError, gm.InvalidInputError)):
                world.check(other)
    plain = gm.match(
        world.morning,
        rules=world.rules,
        policy=world.policy.with_people(None),
        keep=world.assignment.keep,
        forbid=world.assignment.forbid,
    )
    with pytest.raises(gm.CertificateError, match=r"no level of the policy puts people first|has a shift"):
        gm.check_reasons(world.morning, plain, [said], rules=world.rules, scorers=world.scorers)


def test_a_later_comer_in_a_seat_is_found():
    """A set that is short, but where somebody has a seat who comes after: no reason for this worker."""
    rows = [[4, None], [4, None], [None, 4], [None, 4]]
    plain = table_of(rows, [1, 1], seed=0, objective="seats")
    days = dict(zip(plain.workers, (9, 5, 0, 0), strict=True))
    people = (w.model_copy(update={"days_since_last_placement": days[w.id]}) for w in plain.morning.workers)
    morning = plain.morning.model_copy(update={"workers": tuple(people)})
    policy, barred = plain.policy.with_people(), plain.assignment.forbid
    answer = gm.match(morning, rules=(), policy=policy, forbid=barred)
    world = World(morning, answer, (), policy)
    said = world.explainer.why("w1")
    assert (said.kind, said.ahead, said.alike, said.lost_by) == ("others_first", 1, 0, "level")
    assert world.check(said)
    more = {"workers": tuple(world.workers), "shifts": ("s0", "s1")}
    forged = said.model_copy(update={**more, "n_workers": 4, "n_seats": 2, "n_shifts": 2})
    with pytest.raises(gm.CertificateError, match="1 of those who have the seats come after w1"):
        world.check(forged)


# -- the level itself ---------------------------------------------------------------------------------------


@for_each(
    [
        (gm.People(), [0, 0, 1, 6, 30, 30], 30),
        (gm.People(7), [0, 0, 0, 0, 1, 1], 1),
        (gm.People((14, 3, 3)), [0, 0, 0, 1, 2, 2], 2),
        (gm.People(range(1, 6)), [0, 0, 1, 5, 5, 5], 5),
        (gm.People(7, groups=(GROUP,)), [0, 0, 0, 2, 1, 1], 3),
        (gm.People(7, groups=["nobody_here"]), [0, 0, 0, 0, 1, 1], 3),
    ]
)
def test_classes_by_days_and_groups(people, due, largest):
    """Unknown counts as not waited; all above the last day are alike; groups count where named."""
    drawn = sample("jingshi", 7, workers=50)
    days = [None, 0, 1, 6, 30, 400]
    workers = tuple(
        worker.model_copy(
            update={"days_since_last_placement": n, "priority_groups": (GROUP,) if n == 6 else ()}
        )
        for worker, n in zip(drawn.workers, days, strict=False)
    )
    columns = gm.columns_of(drawn.model_copy(update={"workers": workers}))
    rows = [columns.worker_row[worker.id] for worker in workers]
    assert people.of_workers(columns)[rows].tolist() == due
    assert people.largest == largest


def test_it_keeps_the_contract_of_a_level():
    """Nobody's class depends on who else is there."""
    check_level(gm.People((1, 7), groups=(GROUP,)), examples=4)


@for_each(
    [
        ({"at_least": 0}, "people_days"),
        ({"at_least": ()}, "people_days"),
        ({"at_least": 2.5}, "people_days"),
        ({"at_least": "7"}, "people_days"),
        ({"at_least": True}, "people_days"),
        ({"groups": GROUP}, "people_groups"),
        ({"groups": (GROUP, GROUP)}, "people_groups"),
        ({"groups": (7,)}, "people_groups"),
        ({"groups": ("female_worker",)}, "people_protected"),
        ({"at_least": range(1, 1_002)}, "people_too_many_classes"),
    ]
)
def test_classes_that_make_no_sense(given, code):
    """Are refused by name."""
    with pytest.raises(InvalidPolicyError) as caught:
        gm.People(**given)
    assert caught.value.code == code


def test_where_it_stands_in_a_policy():
    """After the seats, at the top without them, in the place of another one; saved and read back."""
    policy = gm.DEFAULT_POLICY.with_people()
    assert [level.name for level in policy.levels] == ["seats", "people", "points", "lottery"]
    assert policy.people == gm.People()
    assert [level.name for level in gm.Policy(objective="points").with_people().levels][:2] == [
        "people",
        "points",
    ]
    week = policy.with_people(gm.People(7, [GROUP]))
    assert week.people == gm.People((7,), (GROUP,))
    assert week.with_people(None) == gm.DEFAULT_POLICY
    assert gm.Policy.from_json(week.to_json()) == week
    assert week == gm.DEFAULT_POLICY.with_levels(gm.SEATS, gm.People(7, [GROUP]), gm.POINTS, gm.LOTTERY)
    assert "等候久者" in week.text("zh")


def test_an_answer_is_saved_checked_and_told():
    """With nothing passed again; its summary tells how those fare who have waited, also in Chinese."""
    morning = sample("jingshi", 7, workers=120)
    policy = gm.DEFAULT_POLICY.with_people(gm.People((3, 7)))
    answer, plain = gm.match(morning, policy=policy), gm.match(morning)
    loaded = gm.Assignment.from_json(answer.to_json())
    terms = gm.check(morning, loaded, policy=policy)
    assert [(level.name, level.is_own) for level in terms.levels][1] == ("people", False)
    assert answer.summary.seats_by_tier == plain.summary.seats_by_tier
    assert (loaded.waiting, plain.waiting) == ((), ())
    week, three = answer.waiting
    assert (week.at_least, three.at_least) == (7, 3)
    assert week.people <= three.people
    days = {w.id: w.days_since_last_placement or 0 for w in morning.workers}
    assert week.placed == sum(days[w] >= 7 for w, _ in answer.pairs)
    assert f"waited 7 days or more, and could take a shift: {week.placed} of {week.people}" in str(answer)
    assert "等候 7 天及以上" in answer.text("zh")


def test_others_see_nobody():
    """A worker is told that others come first, no id and nobody's days; few are not counted."""
    morning = sample("jingshi", 7, workers=120)
    answer = gm.match(morning, policy=gm.DEFAULT_POLICY.with_people())
    reasons = [r for r in gm.explain(morning, answer).everything().reasons if r.kind == "others_first"]
    said = reasons[0]
    seen = said.seen_by("worker")
    assert (seen.workers, seen.loss, seen.proof) == ((), None, None)
    assert "waited" in gm.in_words(seen)
    assert "等得" in gm.in_words(seen, lang="zh")
    few = said.model_copy(update={"ahead": 2, "alike": 9})
    assert (few.seen_by("worker").ahead, few.seen_by("worker").alike) == (None, None)
    assert few.seen_by("manager").ahead == 2
    others = few.seen_by("worker")
    assert "or count as" in gm.in_words(others)


def test_levels_of_ones_own_have_the_reason_too():
    """Any level of people alone, right after the seats, in the words that it brings."""

    class Regulars:
        name, largest = "regulars", 1
        words: Mapping[str, str] = {"en": "regulars", "zh": "常客"}

        def of_workers(self, columns: gm.Columns) -> Any:
            return (np.arange(columns.n_workers) * 0 + (columns.workers.rating > 4)).astype(np.int64)

    morning = sample("jingshi", 7, workers=120)
    policy = gm.DEFAULT_POLICY.with_levels(gm.SEATS, Regulars(), gm.POINTS, gm.LOTTERY)
    answer = gm.match(morning, policy=policy)
    reasons = gm.explain(morning, answer).everything()
    gm.check_reasons(morning, answer, reasons)
    said = [each for each in reasons.reasons if each.kind == "others_first"]
    assert {each.by for each in said} == {"level"}
    assert "（常客）" in gm.in_words(said[0], lang="zh")
    assert "(regulars)" in gm.in_words(said[0])
