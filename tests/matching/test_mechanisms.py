"""Mechanisms of a few lines each: against the rule in plain words, and what is refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import gigmatch as gm
from gigmatch.assignment.instance import draw_lots
from gigmatch.matching.mechanisms import assigned
from tests.conftest import a_morning, a_shift, a_worker, sample

BY_HAND = ("first_come", "raffle", "longest_waiting_first", "fewest_hours_first")
STANDARD = gm.mechanisms.STANDARD


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=200)


def chosen_in(order, answer) -> dict[str, str]:
    """Who has what where people choose in an order: the most points among shifts that have a seat left."""
    problem, left = answer.solved.problem, dict(zip(answer.shift_ids, answer.headcount.tolist(), strict=True))
    found = {}
    for row in order:
        at = range(problem.indptr[row], problem.indptr[row + 1])
        offers = [(-problem.weight[k], answer.shift_ids[problem.shift[k]]) for k in at]
        if free := [(cost, name) for cost, name in offers if left[name]]:
            name = min(free)[1]
            left[name] -= 1
            found[answer.worker_ids[row]] = name
    return found


@pytest.mark.parametrize("name", BY_HAND[:1] + BY_HAND[2:])
def test_whoever_has_the_turn_takes_the_best_that_is_left(morning, name):
    """In order of arrival, of waiting or of hours, equal ones by lot; worked out one by one."""
    answer = STANDARD[name](morning, 5)
    workers = answer.solved.columns.workers
    lots = draw_lots(5, "worker", answer.worker_ids)
    key = {
        "first_come": np.arange(len(lots)),
        "longest_waiting_first": -np.nan_to_num(workers.days_waiting),
        "fewest_hours_first": np.nan_to_num(workers.hours_this_week),
    }[name]
    order = sorted(range(len(lots)), key=lambda row: (key[row], lots[row]))
    assert dict(answer.pairs) == chosen_in(order, answer)
    assert (answer.status, answer.solution.solver) == ("feasible", name)


def test_first_come_is_what_every_answer_is_held_against(morning):
    """The baseline of the report, whatever the seed."""
    answers = [STANDARD["first_come"](morning, seed) for seed in (1, 2)]
    assert answers[0].summary == answers[0].baseline == gm.match(morning).baseline
    assert answers[0].pairs == answers[1].pairs


def test_a_raffle_draws_for_each_shift_among_those_left():
    """Over many seeds: everybody alike, nobody twice, all seats taken, and a shift draws anew."""
    people = [a_worker(name) for name in "abcd"]
    two = a_morning(*people, a_shift("s", headcount=2), a_shift("t", headcount=1))
    raffle, had, last = STANDARD["raffle"], Counter(), Counter()
    for seed in range(80):
        pairs = raffle(two, seed).pairs
        assert Counter(shift for _, shift in pairs) == {"s": 2, "t": 1}
        had.update(worker for worker, _ in pairs)
        last.update(worker for worker, shift in pairs if shift == "t")
    assert all(abs(had[name] - 60) < 16 and abs(last[name] - 20) < 16 for name in "abcd")


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_the_same_seed_gives_the_same_answer(morning, name):
    """That rules allow and the checker takes; another seed may give another one."""
    first, again = (assigned(STANDARD[name], morning, 3) for _ in range(2))
    assert first.pairs == again.pairs
    gm.check(morning, first)
    if name in ("raffle", "longest_waiting_first", "fewest_hours_first"):
        assert any(STANDARD[name](morning, seed).pairs != first.pairs for seed in range(4, 8))


def test_the_proved_ones_are_those_of_the_library(morning):
    """By the policy that each was made with, and the seed it was called with."""
    policy = gm.DEFAULT_POLICY.with_seed(3)
    assert STANDARD["points"](morning, 3).to_json() == gm.match(morning, policy=policy).to_json()
    assert STANDARD["stable"](morning, 3).to_json() == gm.stable(morning, policy=policy).to_json()
    first = gm.match(morning, policy=policy.with_people())
    assert STANDARD["people"](morning, 3).to_json() == first.to_json()
    drawn = gm.fair_lottery(morning, policy=policy).draw()
    assert assigned(STANDARD["lottery"], morning, 3).to_json() == drawn.to_json()
    strict = {"side": "employer", "employer_least": 20.0}
    due = gm.stable(morning, policy=policy, **strict)
    assert gm.mechanisms.Stable(**strict)(morning, 3).to_json() == due.to_json()


@pytest.mark.parametrize("name", BY_HAND)
def test_what_a_hall_does_is_done_once_more(morning, name):
    """By the checker, from the file and the seed; placements that somebody chose are no raffle."""
    answer = gm.Assignment.from_json(STANDARD[name](morning, 5).to_json())
    assert answer.mechanism == {"name": name}
    assert f"given out as halls do, by {gm.i18n.text(f'mechanisms.{name}')} with seed 5" in str(answer)
    assert gm.check(morning, answer).mechanism.name == name
    chosen = assigned(lambda *_: gm.match(morning).pairs, morning, 5)
    with pytest.raises(gm.CertificateError, match="do not go together"):
        gm.check(morning, replace(chosen, mechanism=answer.mechanism))
    forged = replace(chosen.solution, stopped="hall")
    with pytest.raises(gm.CertificateError, match=r"is not what .* gives with its seed"):
        gm.check(morning, replace(chosen, mechanism=answer.mechanism, solution=forged))
    with pytest.raises(gm.CertificateError, match="do not go together"):
        gm.check(morning, replace(answer, mechanism={"name": "optimal"}))


def test_placements_are_an_answer(morning):
    """Of anybody: as they are, nobody else placed, and nobody promised anything."""
    due = gm.match(morning)
    found = assigned(lambda morning, seed: due.pairs[:20], morning, 0)
    assert (found.pairs, found.keep) == (due.pairs[:20], ())
    assert found.mechanism == {"name": "given"}
    gm.check(morning, gm.Assignment.from_json(found.to_json()))
    assert assigned(lambda *_: due, morning, 0) is due


class _Bucket:
    """Something to draw from, as a lottery is."""

    def draw(self, seed: int) -> gm.Assignment:
        return STANDARD["raffle"](sample("jingshi", seed=7, workers=200), seed)


def test_something_to_draw_from_is_drawn_from(morning):
    """With the seed."""
    assert assigned(lambda *_: _Bucket(), morning, 4).pairs == STANDARD["raffle"](morning, 4).pairs


def test_what_is_no_answer_is_refused(morning):
    """By name: no mechanism, no placements, somebody twice, a pair that rules refuse."""
    pair = gm.match(morning).pairs[0]
    with pytest.raises(gm.InvalidInputError, match="mechanism must be of type Mechanism"):
        assigned("points", morning, 0)
    with pytest.raises(gm.InvalidPairsError, match="placements"):
        assigned(lambda *_: "abc", morning, 0)
    with pytest.raises(gm.InvalidPairsError):
        assigned(lambda *_: [pair, pair], morning, 0)
    with pytest.raises(gm.InvalidPairsError):
        assigned(lambda *_: [(pair[0], "chimney-repair")], morning, 0)
    with pytest.raises(gm.InvalidInputError, match="way must be one of"):
        gm.mechanisms.Hall(way="by sex")


def test_a_day_of_two_shifts_is_one_of_work_with_the_wages_of_both():
    """Beside another policy; what has one shift a worker alone is refused by name."""
    spans = {"early": (360, 540), "late": (1080, 1320)}
    shifts = [
        a_shift(name, periods=(gm.Period(start_min=start, end_min=end),))
        for name, (start, end) in spans.items()
    ]
    morning = a_morning(a_worker("li", max_shifts=2), a_worker("wu"), *shifts)
    other = gm.mechanisms.Best(policy=gm.DEFAULT_POLICY.with_objective("points"))
    found = gm.compare({"seats": gm.mechanisms.STANDARD["points"], "points": other}, morning)
    for name in found.mechanisms:
        assert found.estimate(name, "placements").mean == 2
        assert found.estimate(name, "wages").mean == 400
    assert "blocking_pairs" not in found.measures
    for name in gm.mechanisms.STANDARD.keys() - {"points"}:
        with pytest.raises(
            gm.UnsupportedError, match=r"'li' may take several shifts|several shifts or go together"
        ):
            gm.mechanisms.STANDARD[name](morning, 1)
