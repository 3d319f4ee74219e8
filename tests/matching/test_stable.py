"""Stable matching against brute force, published examples and theory; blocking pairs of any assignment."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gigmatch as gm
from conftest import a_morning, a_shift, a_worker, for_each, is_nightly, many, matched, sample
from gigmatch.assignment.two_sided import TwoSided
from gigmatch.core.arrays import row_pointers
from gigmatch.matching import deferred_acceptance as plain
from gigmatch.matching.deferred_acceptance import Lists, deferred_acceptance
from gigmatch.pairing.preferences import Preferences

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "stable" / "hospital_residents.json"
Ranks = np.ndarray
"""How one side likes the other, by worker and shift: the greater the better, below 0 not at all."""


# -- small markets, and everything that can be done in them --------------------------------------------------


def every_answer(n_workers: int, seats: Sequence[int], may: Ranks) -> Iterator[tuple[int, ...]]:
    """Every assignment of acceptable pairs within the seats: shift of each worker, -1 for none."""
    options = [[-1, *np.flatnonzero(may[w]).tolist()] for w in range(n_workers)]
    for at in product(*options):
        if all(at.count(s) <= n for s, n in enumerate(seats)):
            yield at


def blocking(at: Sequence[int], seats: Sequence[int], own: Ranks, theirs: Ranks) -> list[tuple[int, int]]:
    """Pairs that would rather have each other, straight from the definition."""
    found = []
    for w, s in np.ndindex(own.shape):
        if own[w, s] < 0 or theirs[w, s] < 0 or at[w] == s:
            continue
        wants = at[w] < 0 or own[w, s] > own[w, at[w]]
        there = [v for v in range(len(at)) if at[v] == s]
        if wants and (len(there) < seats[s] or any(theirs[w, s] > theirs[v, s] for v in there)):
            found.append((w, s))
    return found


def stable_answers(seats: Sequence[int], own: Ranks, theirs: Ranks) -> list[tuple[int, ...]]:
    """All stable assignments."""
    every = every_answer(len(own), seats, (own >= 0) & (theirs >= 0))
    return [at for at in every if not blocking(at, seats, own, theirs)]


def lists_of(own: Ranks, theirs: Ranks) -> Lists:
    """The pairs of a small market in rows by worker."""
    n, m = own.shape
    other = np.tile(np.arange(m, dtype=np.int32), n)
    return Lists(
        np.arange(n + 1) * m, other, m, own.ravel().astype(np.int64), theirs.ravel().astype(np.int64)
    )


def propose(seats: Sequence[int], own: Ranks, theirs: Ranks, side: str = "worker") -> tuple[int, ...]:
    """Shift of each worker by deferred acceptance."""
    lists, room, one = lists_of(own, theirs), np.array(seats), np.ones(len(own), np.int64)
    if side == "worker":
        worker, shift, _ = deferred_acceptance(lists, one, room)
    else:
        shift, worker, _ = deferred_acceptance(lists.turned(), room, one)
    at = np.full(len(own), -1)
    at[worker] = shift
    return tuple(at.tolist())


def around(rng: np.random.Generator, n: int, seats: Sequence[int]) -> tuple[Ranks, Ranks]:
    """Points by which all could have their first choice, and shifts like those best who like them least."""
    m = len(seats)
    first = np.resize(np.repeat(np.arange(m), seats), n) if sum(seats) else np.zeros(n, int)
    own = m - 1 - (np.arange(m) - rng.permutation(first)[:, None]) % m
    return own, m - 1 - own


def strict(
    rng: np.random.Generator, n: int, seats: Sequence[int], refused: float = 0.1
) -> tuple[Ranks, Ranks]:
    """Strict lists of either side, some short; some markets have several stable answers."""
    own, theirs = around(rng, n, seats) if rng.random() < 0.7 else np.zeros((2, n, len(seats)))
    noise = rng.random((2, n, len(seats))) * 1.2
    own, theirs = (
        np.argsort(np.argsort(one + n, axis), axis)
        for one, n, axis in zip((own, theirs), noise, (1, 0), strict=False)
    )
    for ranks in (own, theirs):
        ranks[rng.random(ranks.shape) < refused] = -1
    return own, theirs


def is_best_of(at: Sequence[int], answers: Sequence[tuple[int, ...]], own: Ranks) -> bool:
    """Whether every worker likes it at least as well as any of the answers."""
    return all(
        all(a == b or (a >= 0 and (b < 0 or own[w, a] > own[w, b])) for w, (a, b) in enumerate(pairs))
        for pairs in (list(zip(at, other, strict=True)) for other in answers)
    )


def test_the_proposing_side_has_the_best_of_all_stable_answers_and_the_other_the_worst():
    """By brute force; and for strict lists all of them place the same people and fill as many seats."""
    rng = np.random.default_rng(1)
    several = 0
    for _ in range(many(60) * (4 if is_nightly() else 1)):
        seats = rng.integers(0, 3, rng.integers(1, 5)).tolist()
        own, theirs = strict(rng, int(np.clip(sum(seats) + rng.integers(-1, 2), 2, 5)), seats, 0.05)
        answers = stable_answers(seats, own, theirs)
        several += len(answers) > 1
        of_workers, of_employers = (propose(seats, own, theirs, side) for side in ("worker", "employer"))
        assert {of_workers, of_employers} <= {*answers}
        assert is_best_of(of_workers, answers, own)
        for other in answers:
            assert is_best_of(other, [of_employers], own)
            assert [s < 0 for s in other] == [s < 0 for s in of_workers]  # rural hospitals
            assert sorted(other) == sorted(of_workers)
    assert several > 5


def test_no_worker_gains_by_any_false_list_where_workers_propose():
    """Every list that a worker could give, short ones too, held to what the true one brings."""
    rng = np.random.default_rng(2)
    for _ in range(many(25)):
        n, m = 4, 3
        seats = rng.integers(1, 3, m).tolist()
        own, theirs = strict(rng, n, seats)
        honest = propose(seats, own, theirs)
        for w in range(n):
            for length in range(m + 1):
                for order in permutations(range(m), length):
                    told = own.copy()
                    told[w] = -1
                    told[w, list(order)] = np.arange(length, 0, -1)
                    got = propose(seats, told, theirs)[w]
                    true = own[w, got] if got >= 0 else -1
                    assert true <= (own[w, honest[w]] if honest[w] >= 0 else -1)


def test_an_employer_with_several_seats_can_gain_by_a_false_list():
    """Employer 2, whose list is 0231, gains by naming 2 and 1 only, whoever proposes."""
    seats, own, theirs = [1, 1, 2], np.full((4, 3), -1), np.full((4, 3), -1)
    for w, order in enumerate(("102", "021", "102", "201")):
        own[w, [int(s) for s in order]] = range(3, 0, -1)
    for s, order in enumerate(("0321", "3201", "0231")):
        theirs[[int(w) for w in order], s] = range(4, 0, -1)
    false = theirs.copy()
    false[[0, 3], 2] = -1

    for side in ("worker", "employer"):
        assert propose(seats, own, theirs, side) == (0, 2, 1, 2)  # 1 and 3, the last two of its list
        assert propose(seats, own, false, side) == (0, 2, 2, 1)  # 1 and 2: 2 stands above 3


@for_each([(100, 20, 8), (300, 40, 40), (40, 200, 30)])
def test_compiled_or_not_the_answer_is_the_same(n, m, degree):
    """Whichever side proposes; the lists of the two are gone through in other ways."""
    rng = np.random.default_rng(n)
    rows = (np.sort(rng.choice(m, degree, replace=False)) for _ in range(n))
    other = np.concatenate([*rows]).astype(np.int32)
    points = rng.integers(-20, 100, (2, n * degree))
    own = np.where(points[0] < 0, -1, points[0] * m + rng.permutation(m)[other])
    theirs = np.where(points[1] < 0, -1, points[1] * n + np.repeat(rng.permutation(n), degree))
    lists = Lists(row_pointers(np.full(n, degree)), other, m, own, theirs)
    seats, one = rng.integers(0, 4, m), np.ones(n, np.int64)
    for rows, quota, room in ((lists, one, seats), (lists.turned(), seats, one)):
        compiled = deferred_acceptance(rows, quota, room)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plain, "is_available", lambda: False)
            slow = deferred_acceptance(rows, quota, room)
        kept = [{*zip(p.tolist(), r.tolist(), strict=True)} for p, r, _ in (compiled, slow)]
        assert kept[0] == kept[1]
        assert compiled[2] == slow[2] >= len(kept[0])
        assert len(kept[0]) > 5


def test_rows_turn_the_same_without_a_compiler(monkeypatch):
    """Pairs by the other side, in the same order."""
    own, theirs = strict(np.random.default_rng(3), 6, [1, 2, 0, 2])
    fast = lists_of(own, theirs).turned()
    monkeypatch.setattr(plain, "is_available", lambda: False)
    for one, other in zip(fast.arrays, lists_of(own, theirs).turned().arrays, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.skipif(not SHARED.is_file(), reason="the examples of others are not here")
def test_published_examples_are_met():
    """The residents' best answers that other libraries publish."""
    for case in json.loads(SHARED.read_text(encoding="utf-8")):
        residents, hospitals = list(case["residents"]), list(case["hospitals"])
        own, theirs = np.full((2, len(residents), len(hospitals)), -1)
        for w, name in enumerate(residents):
            for place, hospital in enumerate(case["residents"][name]):
                own[w, hospitals.index(hospital)] = 100 - place
        for s, name in enumerate(hospitals):
            for place, resident in enumerate(case["hospitals"][name]):
                theirs[residents.index(resident), s] = 100 - place
        at = propose([case["capacities"][name] for name in hospitals], own, theirs)
        got = {
            hospitals[s]: {residents[w] for w in range(len(residents)) if at[w] == s}
            for s in range(len(hospitals))
        }
        assert {k: v for k, v in got.items() if v} == {
            k: {*v} for k, v in case["expected_resident_optimal"].items() if v
        }, case["name"]


# -- mornings ------------------------------------------------------------------------------------------------


SEATS = 1, 3, 1


@cache
def hall() -> gm.Morning:
    """Five workers and three shifts, all of which may be paired where there are no rules."""
    shifts = (a_shift(f"s{s}", headcount=n) for s, n in enumerate(SEATS))
    return a_morning(*(a_worker(f"w{w}") for w in range(5)), *shifts)


@cache
def everybody() -> gm.Pairs:
    return gm.feasible_pairs(gm.columns_of(hall()), (), gm.StraightLine())


def liking(own: Ranks, theirs: Ranks) -> gm.Policy:
    """A policy whose scorers say the points of either side, 0 to 4."""
    scorers = (
        (gm.GivenScores(name, everybody(), ranks.ravel() / 4, side=name), 4)
        for name, ranks in (("worker", own), ("employer", theirs))
    )
    return gm.Policy(tuple(scorers))


def with_lots(own: Ranks, theirs: Ranks, least: float, seed: int) -> tuple[Ranks, Ranks]:
    """Strict ranks from points and lots, as documented: points first, then the smaller lot."""
    from gigmatch.assignment.instance import draw_lots

    columns = gm.columns_of(hall())
    of_shift = draw_lots(seed, "shift", columns.shift_ids)
    of_worker = draw_lots(seed, "worker", columns.worker_ids)
    place_s, place_w = (np.argsort(np.argsort(-lots)) for lots in (of_shift, of_worker))
    mine = np.where(own >= least, own * 10 + place_s[None, :], -1)
    yours = np.where(theirs >= least, theirs * 10 + place_w[:, None], -1)
    return mine, yours


def test_mornings_ties_and_thresholds_included_agree_with_brute_force():
    """The best stable answer of either side, every blocking pair of any answer, and who is told best."""
    rng = np.random.default_rng(4)
    several = 0
    for seed in range(many(6) * (10 if is_nightly() else 1)):
        points = rng.integers(0, 5, (2, 5, 3))
        if seed % 4:
            points = np.abs(np.stack(around(rng, 5, SEATS)) * 2 - rng.integers(0, 2, (2, 5, 3)))
        policy, least = gm.DEFAULT_POLICY.with_seed(seed), int(rng.integers(0, 2))
        own, theirs = with_lots(*points, least, seed)
        answers = stable_answers(SEATS, own, theirs)
        several += len(answers) > 1
        least_points = {"worker_least": least or None, "employer_least": least or None}
        terms = {"preferences": liking(*points), **least_points}
        found = {
            side: gm.stable(hall(), side=side, rules=(), policy=policy, **terms)
            for side in ("worker", "employer")
        }
        assert is_best_of(found["worker"].shift.tolist(), answers, own)
        assert all(is_best_of(other, [found["employer"].shift.tolist()], own) for other in answers)
        sides = TwoSided(
            found["worker"].solved.instance, Preferences(liking(*points), least or None, least or None)
        )
        for at in [*answers, *(tuple(rng.integers(-1, 3, 5).tolist()) for _ in range(5))]:
            if any(at.count(s) > n for s, n in enumerate(SEATS)):
                continue
            workers = np.flatnonzero(np.array(at) >= 0).astype(np.int32)
            shifts = np.array(at, np.int32)[workers]
            seen = {side: sides.look(workers, shifts, side) for side in ("worker", "employer")}
            if at in answers:
                for side, look in seen.items():
                    assert not len(look.worker)
                    assert not len(look.unwanted)
                    assert look.is_best == (at == tuple(found[side].shift.tolist()))
            elif all(own[w, s] >= 0 and theirs[w, s] >= 0 for w, s in zip(workers, shifts, strict=True)):
                look = seen["worker"]
                pairs = zip(look.worker.tolist(), look.shift.tolist(), strict=True)
                assert sorted(pairs) == blocking(at, SEATS, own, theirs)
    assert several > 1


def test_blocking_pairs_of_the_optimum_are_those_of_the_definition():
    """On a sample with rules, scorers of every side and ties by lot."""
    morning = sample("jingshi", workers=60)
    optimum = matched("jingshi", workers=60)
    solved = optimum.solved
    sides = TwoSided(solved.instance, Preferences(solved.instance.policy))
    keys = sides.keys(solved.eligible.pairs)
    own, theirs = np.full((2, solved.columns.n_workers, solved.columns.n_shifts), -1)
    own[keys.rows], theirs[keys.rows] = keys.worker, keys.employer
    due = blocking(optimum.shift.tolist(), optimum.headcount.tolist(), own, theirs)
    found = gm.blocking_pairs(optimum)
    assert list(found) == [(optimum.worker_ids[w], optimum.shift_ids[s]) for w, s in due]
    assert found[0] == next(iter(found))
    assert found[:2] == (*found,)[:2]
    assert not found.is_stable
    loaded = gm.Assignment.from_json(optimum.to_json())
    assert list(gm.blocking_pairs(loaded, morning=morning)) == list(found)
    with pytest.raises(gm.InvalidInputError, match="does not hold its morning"):
        gm.blocking_pairs(loaded)


def test_each_side_is_asked_by_its_own_scorers():
    """Points of both sides add up to those of the policy."""
    assignment = matched("jingshi", workers=60)
    sides = Preferences(assignment.solved.instance.policy)
    pairs = assignment.solved.eligible.pairs
    worker, employer = sides.scorecard(pairs.columns, pairs.travel)(pairs)
    np.testing.assert_array_equal(worker + employer, assignment.solved.eligible.points)
    assert sides.of_side("worker").names == ("pay", "nearness", "settlement", "employer_trust")


# -- the answer ----------------------------------------------------------------------------------------------


@cache
def answer(side: str = "worker", **options) -> gm.Assignment:
    return gm.stable(sample("jingshi", workers=60), side=side, **options)


def test_a_stable_answer_is_an_ordinary_assignment():
    """The same bytes again, saved, loaded, checked, told in words; its status says what it is."""
    morning, found = sample("jingshi", workers=60), answer()
    assert found.status == "stable"
    assert found.mechanism["side"] == "worker"
    assert found.to_json() == gm.stable(morning).to_json()
    loaded = gm.Assignment.from_json(found.to_json())
    assert loaded.to_json() == found.to_json()
    assert gm.check(morning, loaded) == gm.check(morning, found)
    assert not gm.blocking_pairs(loaded, morning=morning)


@for_each(({"time_limit_s": 0}, {"limits": gm.Limits(time_limit_s=0)}, {"cancel": True}))
def test_what_is_stopped_has_no_stable_answer(stop: dict[str, Any]) -> None:
    """A limit is not passed over, whichever way it is given, nor is a token; there is no half a curve."""
    token = threading.Event()
    token.set()
    with pytest.raises(gm.StoppedError, match="before there was a stable answer"):
        gm.stable(sample("jingshi", workers=60), **stop | ({"cancel": token} if "cancel" in stop else {}))
    with pytest.raises(gm.StoppedError, match="cancelled after 0 of 5 matches"):
        gm.fairness_curve(sample("jingshi", workers=60), cancel=token)


def test_promised_people_and_seats_are_no_part_of_the_market():
    """A promise stands, a barred pair does not, and neither blocks."""
    morning = sample("jingshi", workers=60)
    first, second = answer().pairs[:2]
    found = gm.stable(morning, keep=[first], forbid=[second])
    assert first in found.pairs
    assert second not in found.pairs
    assert gm.blocking_pairs(found).is_stable
    gm.check(morning, gm.Assignment.from_json(found.to_json()))


def test_what_is_tampered_with_is_rejected():
    """Somebody taken out, another answer called stable, a threshold made up, another seed."""
    morning, found = sample("jingshi", workers=60), answer()
    optimum = matched("jingshi", workers=60)
    with pytest.raises(gm.CertificateError, match="would rather have each other"):
        gm.check(morning, replace(optimum, mechanism=found.mechanism))
    for change in ({"worker_least": 60.0}, {"employer_least": 60.0}):
        with pytest.raises(gm.CertificateError, match="would rather have nobody"):
            gm.check(morning, replace(found, mechanism={**found.mechanism, **change}))
    with pytest.raises(gm.InvalidFileError):
        gm.check(morning, replace(found, mechanism={"name": "optimal", "x": 1}))
    with pytest.raises(gm.CertificateError):
        gm.explain(morning, replace(optimum, mechanism=found.mechanism))
    for damage in ({"side": "nobody"}, {"side": None}, {"preferences": 7}, {"worker_least": "x"}):
        with pytest.raises(gm.GigmatchError):
            gm.check(morning, replace(found, mechanism={**found.mechanism, **damage}))
    saved = found.to_dict()
    for mechanism in (
        {},
        [],
        "stable",
        {"name": "stable"},
        {**found.mechanism, "side": [1]},
        {"name": "best"},
        {"name": "lottery"},
        {"name": "lottery", "tie_seed": True},
        {"name": "raffle", "seed": 1},
    ):
        with pytest.raises(gm.InvalidFileError):
            gm.Assignment.from_dict({**saved, "mechanism": mechanism})
    told = {name: value for name, value in saved.items() if name != "mechanism"}
    assert gm.Assignment.from_dict(told).status == "feasible"  # as a file of an earlier version


def test_the_best_for_the_other_side_is_not_the_best_for_this_one():
    """Two who like each other's place better: stable both ways, and told apart."""
    own = np.array([[4, 1, 0], [1, 4, 0], [0, 0, 4], [0, 0, 0], [0, 0, 0]])
    theirs = np.array([[1, 4, 0], [4, 1, 0], [0, 0, 4], [0, 3, 0], [0, 2, 0]])
    terms = {"rules": (), "preferences": liking(own, theirs)}
    best = {side: gm.stable(hall(), side=side, **terms) for side in ("worker", "employer")}
    assert best["worker"].pairs != best["employer"].pairs
    for side, other in (("worker", "employer"), ("employer", "worker")):
        scorers = [scorer for scorer, _ in terms["preferences"].scorers]
        loaded = gm.Assignment.from_json(best[side].to_json())
        gm.check(hall(), loaded, scorers=scorers)
        with pytest.raises(gm.CertificateError, match="not the best stable one"):
            gm.check(hall(), replace(loaded, mechanism={**loaded.mechanism, "side": other}), scorers=scorers)
    with pytest.raises(gm.InvalidPolicyError, match="not built in"):
        gm.check(hall(), loaded)


def test_given_scores_are_known_by_what_they_hold():
    """Other lists are of another version; pairs that are not listed score 0; damage is refused."""
    pairs = everybody()
    scores = np.linspace(0, 1, len(pairs))
    given = gm.GivenScores("mine", pairs, scores, side="worker")
    assert given.version != gm.GivenScores("mine", pairs, scores[::-1], side="worker").version
    few = gm.GivenScores("few", pairs.take(slice(3, 6)), np.ones(3), side="worker")
    assert few(pairs.columns, pairs).tolist() == [0, 0, 0, 1, 1, 1] + [0] * 9
    none = gm.GivenScores("none", pairs.take(slice(0, 0)), np.ones(0), side="worker")
    assert not none(pairs.columns, pairs).any()
    for damaged in (scores[:-1], scores[None]):
        with pytest.raises(gm.InvalidInputError, match="as many as the pairs"):
            gm.GivenScores("mine", pairs, damaged, side="worker")


def test_what_makes_no_sense_is_refused():
    """Sides, thresholds and preferences that are none."""
    for options in (
        {"side": "market"},
        {"worker_least": -1},
        {"employer_least": True},
        {"worker_least": float("nan")},
        {"preferences": "mine"},
        {"policy": None},
    ):
        with pytest.raises(gm.InvalidInputError):
            gm.stable(hall(), **options)


def test_nobody_at_all():
    """Mornings without workers or shifts are stable."""
    for morning in (a_morning(), a_morning(a_worker()), a_morning(a_shift())):
        found = gm.stable(morning)
        assert not found.pairs
        assert gm.blocking_pairs(found).is_stable
        gm.check(morning, found)


def test_the_summary_says_what_it_is():
    """In both languages, for either side."""
    assert "stable, and of all stable answers the best for every worker" in answer().text()
    assert "稳定，且在所有稳定安排中对每个雇主都最好" in answer("employer").text("zh")


def test_the_terms_tell_what_was_asked_for():
    """Side, thresholds and whose likings; an optimal answer is under other terms."""
    morning = sample("jingshi", workers=60)
    terms = gm.check(morning, answer(worker_least=30))
    assert terms.mechanism.name == "stable"
    assert terms.mechanism.parameters["worker_least"] == 30
    assert terms.mechanism.parameters["preferences"]["pay"]["weight"] == 25
    head, how, least = str(terms).splitlines()[:3]
    assert head.startswith("terms: stable, best for workers, seed 0")
    assert how == "how it is chosen: stable, not the best by its levels"
    assert least == "workers would rather have nobody below a score of 30"
    assert (terms.status, terms.gap_points) == (None, None)
    assert gm.Terms.from_json(terms.to_json()) == terms
    with pytest.raises(gm.CertificateError, match="how it is chosen: stable, not the best"):
        gm.check(morning, answer(), terms=gm.Terms.of(morning))
    with pytest.raises(gm.CertificateError, match="side"):
        gm.check(morning, answer("employer"), terms=gm.check(morning, answer()))


def test_what_is_lost_is_exact():
    """The difference of two sums; nothing against itself; other terms, or no proof, are refused."""
    morning, optimum = sample("jingshi", workers=60), matched("jingshi", workers=60)
    lost = gm.lost_to_optimum(answer(), optimum)
    assert lost == gm.lost_to_optimum(answer())
    assert lost.seats == optimum.summary.placements - answer().summary.placements
    assert lost.points == pytest.approx(optimum.summary.points - answer().summary.points)
    assert gm.lost_to_optimum(optimum, gm.Assignment.from_json(optimum.to_json()), morning=morning).is_nothing
    with pytest.raises(gm.InvalidInputError, match="not proved"):
        gm.lost_to_optimum(optimum, answer())
    with pytest.raises(gm.InvalidInputError, match="policy differs"):
        gm.lost_to_optimum(answer(), gm.match(morning, policy=gm.DEFAULT_POLICY.with_seed(1)))


def test_blocking_pairs_are_shown_as_a_count():
    """And by whose preferences they are looked for can be said."""
    found = gm.blocking_pairs(answer(), preferences=gm.DEFAULT_POLICY.only("pay", "reliability"))
    assert repr(found) == f"BlockingPairs(unwanted=0, {len(found)} pairs)"
    assert len(found) > 0
    strict = gm.blocking_pairs(answer(), employer_least=60)
    assert not strict.is_stable
    assert {*strict.unwanted} <= {*answer().pairs}
