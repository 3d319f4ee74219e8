"""A morning of several shifts a worker, crews and companions, made ready to solve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

import gigmatch as gm
from gigmatch.assignment.instance import Instance
from gigmatch.model import Companions, Crew, Period
from gigmatch.pairing.rules import rule_severity
from gigmatch.pairing.rules.plan_limits import NO_LIMIT
from gigmatch.pairing.succession import apply_succession
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples


def prepared(morning, keep=(), policy=gm.DEFAULT_POLICY, **options):
    """Its instance, of whoever solves plans."""
    travel = gm.StraightLine()
    return Instance.prepare(morning, gm.DEFAULT_RULES, policy, travel, keep, (), plans=True, **options)


def problem_of(morning, **options):
    """Its problem."""
    instance = prepared(morning, **options)
    return instance.plan_problem(instance.eligible())


def at(name, start, end, **fields):
    return a_shift(name, periods=[Period(start_min=start, end_min=end)], **fields)


def day(**fields):
    """Two workers of up to three shifts, one of a single one; three shifts in a row and one across two."""
    people = [a_worker("a", max_shifts=3), a_worker("b", max_shifts=3, max_hours_today=5), a_worker("c")]
    shifts = [at("1", 480, 600), at("2", 600, 720), at("3", 660, 780), at("4", 780, 960)]
    return a_morning(*people, *shifts, **fields)


def ids_of(instance, problem, positions):
    """Pairs as texts."""
    worker, shift = problem.pairs.worker[positions], problem.pairs.shift[positions]
    names = instance.columns
    return [names.worker_ids[w] + names.shift_ids[s] for w, s in zip(worker, shift, strict=True)]


def test_a_day_in_integers():
    """Who may follow whom, how many and how long, in order of time."""
    instance = prepared(day())
    assert not instance.is_plain
    problem = instance.plan_problem(instance.eligible())
    assert problem.most_shifts.tolist() == [3, 3, 1]
    joined = {}
    for pair in range(problem.pairs.n_pairs):
        low, high = problem.follower_indptr[pair : pair + 2]
        [name] = ids_of(instance, problem, [pair])
        joined[name] = ids_of(instance, problem, problem.follower[low:high])
    assert joined["a1"] == ["a2", "a3", "a4"]
    assert joined["a2"] == joined["a3"] == ["a4"]
    assert joined["b1"] == ["b2", "b3", "b4"]
    assert joined["c1"] == joined["a4"] == []
    limits = problem.limit_indptr.tolist()
    assert limits == [0, 0, 1, 1]
    assert problem.amount.tolist() == [[2, 2, 2, 3]]
    assert problem.limit_most.tolist() == [5]


def test_crews_and_companions_in_integers():
    """A crew's least headcounts are its seats; groups as they go."""
    people = [a_worker(name) for name in "abc"]
    shifts = [a_shift("m", crew_id="k", headcount=2), a_shift("n", crew_id="k"), a_shift("o", headcount=3)]
    both = Companions(id="x", worker_ids=("c", "a"), together="crew")
    instance = prepared(a_morning(*people, *shifts, crews=[Crew(id="k")], companions=[both]))
    problem = instance.plan_problem(instance.eligible())
    assert problem.minimum.tolist() == [2, 1, 1]
    assert problem.crew.tolist() == [0, 0, -1]
    assert (problem.group.tolist(), problem.group_in_crew.tolist()) == ([0, -1, 0], [True])


def test_promised_pairs_stay_in_the_problem():
    """They take up their day and their seats there."""
    instance = prepared(day(), keep=[("a", "4"), ("b", "2"), ("a", "1")])
    problem = instance.plan_problem(instance.eligible())
    assert sorted(ids_of(instance, problem, problem.kept)) == ["a1", "a4", "b2"]
    assert problem.pairs.capacity.tolist() == [1, 1, 1, 1]
    assert instance.seats.tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("keep", "at", "message"),
    [
        ([("a", "2"), ("a", "3")], "keep[1]", "does not follow"),
        ([("a", "1"), ("a", "1")], "keep[1]", "promised pair already"),
        ([("c", "1"), ("c", "4")], "keep[1]", "promised pair already"),
        ([("b", "1"), ("b", "2"), ("b", "4")], "keep[2]", "over a limit of hours"),
    ],
)
def test_promises_that_are_no_plan(keep, at, message):
    """Named with the promise that cannot be held beside the others."""
    with pytest.raises(gm.InvalidPairsError) as caught:
        problem_of(day(), keep=keep)
    assert at in str(caught.value)
    assert message in str(caught.value)
    assert caught.value.text("zh")


def test_more_promises_than_shifts():
    """No more than the worker takes."""
    people = [a_worker("a", max_shifts=2)]
    shifts = [at(str(k), 480 + 100 * k, 560 + 100 * k) for k in range(3)]
    with pytest.raises(gm.InvalidPairsError, match="at most 2 shifts"):
        prepared(a_morning(*people, *shifts), keep=[("a", str(k)) for k in range(3)])


def test_what_is_not_solved_with_plans_is_refused():
    """The level of people: it would need what holds for plain seats alone."""
    with pytest.raises(gm.UnsupportedError, match="'a' may take several shifts"):
        prepared(day(), policy=gm.DEFAULT_POLICY.with_people(gm.People(at_least=7)))


def test_a_plain_morning_is_plain():
    """One shift each, every seat for itself, whatever the hours of today."""
    assert prepared(
        a_morning(a_worker(max_hours_today=3), a_shift(headcount=2, minimum_headcount=1))
    ).is_plain
    assert not prepared(a_morning(a_worker(), a_shift(headcount=2, minimum_headcount=2))).is_plain


@examples(20)
@given(mornings(5, 5, crews=True))
def test_followers_are_what_the_rules_allow(morning):
    """Of every two pairs of somebody of several shifts, asked one by one; and each pair alone is a plan."""
    instance = prepared(morning)
    columns = instance.columns
    problem = instance.plan_problem(instance.eligible())
    pairs = problem.pairs
    assert problem.fits_alone(np.arange(pairs.n_pairs)).all()
    blocking = [rule for rule in instance.succession if rule_severity(rule, columns) == "block"]
    for first in range(pairs.n_pairs):
        low, high = problem.follower_indptr[first : first + 2]
        expected = []
        for second in range(pairs.n_pairs):
            worker, a, b = pairs.worker[[first]], pairs.shift[[first]], pairs.shift[[second]]
            expected += [second] * bool(
                pairs.worker[second] == worker[0]
                and columns.workers.max_shifts[worker[0]] > 1
                and columns.shifts.end_min[a[0]] <= columns.shifts.start_min[b[0]]
                and all(apply_succession(rule, columns, worker, a, b)[0] for rule in blocking)
            )
        assert problem.follower[low:high].tolist() == expected


@examples(20)
@given(mornings(4, 5, crews=True))
def test_limits_hold_just_what_the_rules_say(morning):
    """Two shifts that follow on one another are within all limits unless a rule that blocks says no."""
    instance = prepared(morning)
    columns, problem = instance.columns, instance.plan_problem(instance.eligible())
    pairs = problem.pairs
    rules = [r for r in instance.rules if hasattr(r, "plan_limits") and rule_severity(r, columns) == "block"]
    for first in range(pairs.n_pairs):
        for second in problem.follower[problem.follower_indptr[first] : problem.follower_indptr[first + 1]]:
            row, shifts = int(pairs.worker[first]), pairs.shift[[first, second]]
            own = np.arange(problem.limit_indptr[row], problem.limit_indptr[row + 1])
            within = all(
                problem.used(np.full(2, k), shifts).sum() <= problem.limit_most[k] for k in own.tolist()
            )
            assert within == all(
                _within(limit, row, shifts) for r in rules for limit in r.plan_limits(columns)
            )


def _within(limit, row, shifts):
    """Whether two shifts keep a limit; each of them does so alone, however its hours are rounded."""
    amount, each = limit.amount[shifts], limit.of_class
    if each is not None and each[shifts[0]] != each[shifts[1]]:
        return True
    of_class = np.array([0 if each is None else each[shifts[0]]])
    most = int(limit.most(np.array([row]), of_class)[0])
    return most == NO_LIMIT or amount.sum() <= max(most, amount.max()) or not amount.min()
