"""Promises are held or refused, in one block, as if each had been looked at alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.assignment.promises import follow_from_requests, kept_rows, requested_pairs
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import DEFAULT_RULES, apply_rule, rule_name, rule_severity
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, for_each

TRAVEL = gm.StraightLine()


def faults(columns, keep, forbid):
    """What is wrong with the first promise that cannot be held, each looked at alone; None if all can."""
    workers, left = set(), dict(zip(columns.shift_ids, columns.shifts.capacity.tolist(), strict=True))
    for at, (worker, shift) in enumerate(keep):
        left[shift] -= 1
        pair = Pairs(
            columns, TRAVEL, np.array([columns.worker_row[worker]]), np.array([columns.shift_row[shift]])
        )
        checks = [
            (worker in workers, "the worker has a promised pair already"),
            ((worker, shift) in forbid, "the pair is forbidden too"),
            (left[shift] < 0, "the shift has only"),
            *(
                (not apply_rule(rule, columns, pair)[0], f"refused by rule {rule_name(rule)!r}")
                for rule in DEFAULT_RULES
                if rule_severity(rule, columns) == "block"
            ),
        ]
        for fault, text in checks:
            if fault:
                return f"keep[{at}] {(worker, shift)!r}: {text}"
        workers.add(worker)
    return None


@examples(100)
@given(mornings(max_workers=8, max_shifts=5), st.data())
def test_as_one_promise_after_the_other(morning, data):
    """Whatever is promised and barred: the rows, or the refusal of the first that cannot be held."""
    columns = gm.columns_of(morning)
    possible = gm.feasible_pairs(columns, DEFAULT_RULES, TRAVEL)
    ids = [
        (columns.worker_ids[worker], columns.shift_ids[shift])
        for worker, shift in zip(possible.worker.tolist(), possible.shift.tolist(), strict=True)
    ]
    every = [(worker, shift) for worker in columns.worker_ids for shift in columns.shift_ids]
    some = [st.lists(st.sampled_from(pairs), max_size=6) for pairs in (ids, every) if pairs]
    keep = data.draw(st.one_of(some) if some else st.just([]))
    forbid = data.draw(st.lists(st.sampled_from(every), max_size=3) if every else st.just([]))
    expected = faults(columns, keep, forbid)
    if expected is None:
        kept = kept_rows(columns, keep, forbid, DEFAULT_RULES, TRAVEL)
        held = {columns.worker_ids[i]: columns.shift_ids[kept[i]] for i in np.flatnonzero(kept >= 0)}
        assert held == dict(keep)
    else:
        with pytest.raises(gm.InvalidPairsError) as refused:
            kept_rows(columns, keep, forbid, DEFAULT_RULES, TRAVEL)
        assert str(refused.value).startswith(expected)


def crowd(n):
    """``n`` workers and a shift for all of them."""
    return gm.columns_of(a_morning(*(a_worker(f"w{k:03}") for k in range(n)), a_shift("x", headcount=n)))


def test_a_rule_is_called_once_for_all_promises():
    """Two hundred promises, in any order: one block, by worker."""
    columns, blocks = crowd(200), []

    def watching(columns, pairs):
        blocks.append(pairs.worker.tolist())
        return np.ones(len(pairs), dtype=bool)

    keep = [(worker, "x") for worker in reversed(columns.worker_ids)]
    assert kept_rows(columns, keep, [], [watching], TRAVEL).tolist() == [0] * 200
    assert blocks == [list(range(200))]
    kept_rows(columns, [], [], [watching], TRAVEL)
    assert len(blocks) == 1  # nothing promised, nothing asked


def test_the_first_broken_promise_and_the_first_rule_that_breaks_it():
    """In the order in which promises and rules were given, whatever the order of the rows."""
    columns = crowd(4)

    def early(columns, pairs):
        """Not the first worker."""
        return pairs.worker != 0

    def late(columns, pairs):
        """Only the second worker."""
        return pairs.worker == 1

    keep = [(columns.worker_ids[row], "x") for row in (1, 3, 0, 1)]
    for rules, first in (([early, late], "late"), ([late, early], "late"), ([early], "early")):
        at = {"late": 1, "early": 2}[first]
        with pytest.raises(gm.InvalidPairsError, match=rf"keep\[{at}\] .*: refused by rule '{first}'"):
            kept_rows(columns, keep, [], rules, TRAVEL)
    with pytest.raises(gm.InvalidPairsError, match=r"keep\[0\] .*: refused by rule 'early': Not the first"):
        kept_rows(columns, keep[2:], [], [early, late], TRAVEL)
    with pytest.raises(gm.InvalidPairsError, match=r"keep\[3\] .*: the worker has a promised pair already"):
        kept_rows(columns, keep, [], [], TRAVEL)


# -- whom employers ask for by name --------------------------------------------------------------------------


def asked(*requests, **changes):
    """Two seats at x, one at y, of two employers; a, b and c may go everywhere, and these are asked for."""
    shifts = (a_shift("x", headcount=2), a_shift("y", employer_id="f"))
    employers = [gm.Employer(id="e"), gm.Employer(id="f")]
    fields = {"employers": employers, "requests": [gm.Request(**each) for each in requests]}
    return a_morning(*(a_worker(name) for name in "abc"), *shifts, **fields | changes)


PROMISE = gm.DEFAULT_POLICY.with_requests("promise")
PROMISED = {
    "for a shift": ([{"worker_id": "c", "shift_id": "y"}], {}, [("c", "y")]),
    "for an employer": ([{"worker_id": "b", "employer_id": "f"}], {}, [("b", "y")]),
    "nobody here": ([{"worker_id": "z", "shift_id": "y"}], {}, []),
    "one seat for two": ([{"worker_id": w, "shift_id": "y"} for w in "cb"], {}, [("b", "y")]),
    "a shift before an employer": (
        [{"worker_id": "a", "employer_id": "f"}, {"worker_id": "c", "shift_id": "y"}],
        {},
        [("c", "y")],
    ),
    "promised elsewhere": ([{"worker_id": "c", "shift_id": "y"}], {"keep": [("c", "x")]}, [("c", "x")]),
    "seat promised": ([{"worker_id": "c", "shift_id": "y"}], {"keep": [("a", "y")]}, [("a", "y")]),
    "barred": ([{"worker_id": "c", "shift_id": "y"}], {"forbid": [("c", "y")]}, []),
}


@for_each(PROMISED)
def test_requests_are_promised_where_they_can_be(name):
    """In a fixed order, around what was promised; saved, loaded and checked like any promise."""
    requests, options, kept = PROMISED[name]
    morning = asked(*requests)
    answer = gm.match(morning, policy=PROMISE, **options)
    assert list(answer.keep) == kept
    assert set(kept) <= set(answer.pairs)
    gm.check(morning, gm.Assignment.from_dict(answer.to_dict()), policy=PROMISE)
    assert gm.match(morning, **options).keep == tuple(options.get("keep", ()))


@examples(25)
@given(st.data())
def test_promises_are_parted_into_those_that_follow_from_requests_and_others(data):
    """The fewest, in a fixed order, from which the others follow; and any more of them do as well."""
    workers = [a_worker(name) for name in "abcde"]
    shifts = [
        a_shift(name, employer_id=of, headcount=data.draw(st.integers(1, 2)), priority_tier=tier)
        for name, of, tier in (("x", "e", 2), ("y", "e", 1), ("z", "f", 1))
    ]
    wanted = data.draw(
        st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["x", "y", "z", "e", "f"])), unique=True)
    )
    requests = [
        gm.Request(worker_id=w, **{"employer_id" if of in "ef" else "shift_id": of}) for w, of in wanted
    ]
    employers = (gm.Employer(id="e"), gm.Employer(id="f"))
    columns = gm.columns_of(a_morning(*workers, *shifts, employers=employers, requests=requests))
    every = [(w, s) for w in "abcde" for s in "xyz"]
    forbid = data.draw(st.lists(st.sampled_from(every), max_size=3))
    others = [pair for pair in every if pair not in forbid]
    keep = data.draw(st.lists(st.sampled_from(others), max_size=4, unique_by=lambda pair: pair[0]))
    assume(all(sum(s == shift.id for _, s in keep) <= shift.headcount for shift in shifts))
    rest = columns, forbid, DEFAULT_RULES, TRAVEL
    whole = [*keep, *requested_pairs(rest[0], keep, *rest[1:])]
    given, follow = follow_from_requests(rest[0], data.draw(st.permutations(whole)), *rest[1:])
    assert sorted([*given, *follow]) == sorted(whole)
    assert sorted(requested_pairs(rest[0], given, *rest[1:])) == sorted(follow)
    asked = {*keep} & {(w, s) for w, s in every if {(w, s), (w, "f" if s == "z" else "e")} & {*wanted}}
    assert asked or sorted(given) == sorted(keep)  # none of its own choice was asked for: it is told exactly
    for n in range(len(follow) + 1):
        more = requested_pairs(rest[0], [*given, *follow[:n]], *rest[1:])
        assert sorted(more) == sorted(follow[n:])


def test_a_request_against_a_rule_is_no_promise():
    """The employer's wish does not outdo the worker's refusal."""
    morning = asked({"worker_id": "c", "shift_id": "y"}, {"worker_id": "a", "shift_id": "y"})
    refusing = morning.with_workers(a_worker("c", refused_employer_ids=("f",)))
    assert gm.match(refusing, policy=PROMISE).keep == (("a", "y"),)
    assert (
        gm.match(refusing.with_workers(a_worker("a", refused_employer_ids=("f",))), policy=PROMISE).keep == ()
    )


@for_each([[{"worker_id": "c", "shift_id": "y"}], [{"worker_id": "c", "employer_id": "f"}]])
def test_requests_count_as_points_if_the_policy_weighs_them(request_):
    """The scorer gives its weight to the pair asked for, and to no other; off unless a market adds it."""
    morning = asked(*request_)
    policy = gm.DEFAULT_POLICY.with_scorer(gm.scoring.Requested(), 20)
    answer = gm.match(morning, policy=policy)
    assert ("c", "y") in answer.pairs
    points = {pair: parts["requested"] for pair, parts in answer.breakdown().items()}
    assert {pair: each for pair, each in points.items() if each} == {("c", "y"): 20.0}
    assert gm.Policy.restore(policy.describe()).describe() == policy.describe()
    tables = gm.columns_from_frames(**gm.morning_to_frames(morning))
    assert gm.match(tables, policy=policy).pairs == answer.pairs


def test_a_request_names_one_thing():
    """A shift or an employer, in objects and in tables; and one that is there."""
    for broken in ({}, {"shift_id": "y", "employer_id": "f"}):
        with pytest.raises(ValueError, match="give exactly one of shift_id and employer_id"):
            gm.Request(worker_id="a", **broken)
    frames = gm.morning_to_frames(asked())
    rows = {"worker_id": ["a", "b", "c"], "shift_id": ["x", None, "no"], "employer_id": ["f", None, None]}
    with pytest.raises(gm.InvalidMorningError) as caught:
        gm.columns_from_frames(**frames | {"requests": rows})
    assert [problem.code for problem in caught.value.problems] == [
        "asked_for_one",
        "asked_for_one",
        "leads_nowhere",
    ]
    with pytest.raises(gm.InvalidPolicyError, match="use 'points' or 'promise'"):
        gm.DEFAULT_POLICY.with_requests("maybe")
    morning = asked({"worker_id": "a", "shift_id": "x"}, {"worker_id": "z", "employer_id": "f"})
    assert morning.without_shifts("x").requests == morning.requests[1:]
    assert gm.morning_from_frames(**gm.morning_to_frames(morning)) == morning
    assert gm.Policy.restore(PROMISE.describe()) == PROMISE


def test_what_became_of_requests_is_told():
    """Met, against which rule, barred, or without a seat; and counted with the answer."""
    wanted = [{"worker_id": w, "shift_id": "y"} for w in "abc"] + [{"worker_id": "b", "employer_id": "e"}]
    morning = asked(*wanted).with_workers(a_worker("c", refused_employer_ids=("f",)))
    answer = gm.match(morning, policy=PROMISE, forbid=[("b", "y")])
    told = {each[:3]: each[3:] for each in answer.requests}
    assert told == {
        ("a", "y", None): ("met", None),
        ("b", "y", None): ("barred", None),
        ("c", "y", None): ("refused", "refused"),
        ("b", None, "e"): ("met", None),
    }
    assert str(answer).splitlines()[-1] == "requests: 2 of 4 asked for by name placed as asked"
    full = gm.match(asked(*wanted[:2]), policy=PROMISE)
    assert [each.fact for each in full.requests] == ["met", "missed"]
    assert gm.Assignment.from_dict(full.to_dict()).requests == ()
