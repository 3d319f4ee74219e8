"""Whole days and whole crews, from a morning to a proved answer in ids."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

import gigmatch as gm
import plan_oracles
from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.problem.plans import PlanProblem, verify_plans, whole_only
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples


def shift(name: str, start: int, end: int, **given) -> gm.Shift:
    return a_shift(name, periods=(gm.Period(start_min=start, end_min=end),), **given)


def of(workers, shifts, **given) -> gm.Morning:
    return a_morning(*workers, *shifts, **given)


CLEANING, LUNCH, DISHES = shift("cleaning", 360, 600), shift("lunch", 570, 780), shift("dishes", 1080, 1320)


def test_the_mornings_cleaning_and_the_evenings_dishes():
    """Who may take two takes both; lunch begins before the cleaning ends."""
    answer = gm.match(of([a_worker("li", max_shifts=2)], [CLEANING, LUNCH, DISHES]))
    assert answer.status == "optimal"
    assert len(answer.shifts_of("li")) == 2
    assert "dishes" in answer.shifts_of("li")
    assert not answer.is_plain
    assert answer.summary.placements == 2


def test_one_shift_is_the_default():
    """Nobody has a second shift who did not say so, and the morning is a plain one."""
    answer = gm.match(of([a_worker("li")], [CLEANING, DISHES]))
    assert answer.summary.placements == 1
    assert not answer.solved.has_plans


def test_a_crew_comes_whole_or_not_at_all():
    """Two masons and three helpers, or no wall: the fifth decides."""
    wall = [
        shift("masons", 360, 840, headcount=2, crew_id="wall"),
        shift("helpers", 360, 840, headcount=3, crew_id="wall"),
    ]
    people = [a_worker(f"w{k}") for k in range(5)]
    crews = (gm.Crew(id="wall"),)
    assert gm.match(of(people, wall, crews=crews)).summary.placements == 5
    short = gm.match(of(people[:4], wall, crews=crews))
    assert short.summary.placements == 0
    assert short.status == "optimal"
    assert short.baseline.placements == 0  # nor is anybody sent who comes first


def test_a_stall_opens_with_at_least_four():
    """Three are sent elsewhere, four open it."""
    stall, other = shift("stall", 360, 840, headcount=6, minimum_headcount=4), shift("other", 360, 840)
    found = gm.match(of([a_worker(f"w{k}") for k in range(4)], [stall]))
    assert len(found.fill["stall"]) == 4
    found = gm.match(of([a_worker(f"w{k}") for k in range(3)], [stall, other]))
    assert found.fill == {"other": found.fill["other"], "stall": ()}
    assert len(found.fill["other"]) == 1


def test_a_promise_counts_towards_the_least_headcount():
    """Three of the four are promised: the fourth goes with them, though another shift is worth more."""
    stall = shift("stall", 360, 840, headcount=4, minimum_headcount=4)
    people = [a_worker(f"w{k}") for k in range(4)]
    keep = [(f"w{k}", "stall") for k in range(3)]
    found = gm.match(of(people, [stall, shift("other", 360, 840, priority_tier=1)]), keep=keep)
    assert len(found.fill["stall"]) == 4
    assert [each.kept for each in found.placements].count(True) == 3


def test_another_answer_of_plans_is_a_start():
    """By ids, whoever is gone by then; the answer is the same as without."""
    people = [a_worker(f"w{k}", max_shifts=2) for k in range(4)]
    before = gm.match(of(people, [CLEANING, DISHES, LUNCH]))
    after = of([*people[1:], a_worker("new", max_shifts=3)], [CLEANING, LUNCH, shift("night", 1330, 1430)])
    assert gm.match(after, start=before).solution.claims == gm.match(after).solution.claims


@pytest.mark.parametrize("options", [{"solver": "auction"}, {"max_pairs": 100}])
def test_what_is_not_solved_with_plans_is_refused_by_name(options):
    """Rather than done wrongly."""
    with pytest.raises(UnsupportedError, match=r"(for mornings in which|solved by branchandprice alone)"):
        gm.match(of([a_worker("li", max_shifts=2)], [CLEANING, DISHES]), **options)


def test_it_is_no_start_of_a_plain_morning():
    """There everybody has one shift."""
    answer = gm.match(of([a_worker("li", max_shifts=2)], [CLEANING, DISHES]))
    with pytest.raises(InvalidInputError, match="nobody may have several shifts"):
        gm.match(of([a_worker("li")], [CLEANING]), start=answer)


def test_the_proof_in_words():
    """What is proved, and that the lottery was not drawn; or how far each level may be from its best."""
    answer = gm.match(of([a_worker("li", max_shifts=2)], [CLEANING, DISHES]))
    assert "the lottery is not drawn" in str(answer)
    assert "未抽签" in answer.text("zh")
    seats, *others = answer.solution.claims
    claims = (replace(seats, bound=seats.value + 2), *others)
    solution = replace(answer.solution, claims=claims, status="feasible", stopped="time limit")
    told = str(replace(answer, solution=solution))
    assert "seats of tier 5: at most 2 more" in told
    assert "the lottery is not drawn" in told
    assert "优先级 5 的名额：最多还能多 2 个" in replace(answer, solution=solution).text("zh")
    terms = gm.check(answer.solved.morning, answer)
    assert "no lottery is drawn" in str(terms)
    assert "不抽签" in terms.text("zh")


@given(mornings(crews=True))
@examples(20)
def test_small_mornings_are_solved_as_by_hand(given):
    """Level by level what trying every answer finds, and verified."""
    try:
        solved = gm.match(given).solved
    except UnsupportedError:  # no lots together with people first, or promises that nobody can keep
        return
    if not solved.has_plans:
        return
    problem = solved.plan_problem
    verify_plans(problem, solved.answer)
    if problem.pairs.n_pairs <= 12:
        due = plan_oracles.best(problem)
        assert due is not None
        assert tuple(claim.value for claim in solved.answer.claims) == due[0]


def test_what_is_left_of_first_come_first_served():
    """Short teams stay away, with them the rest of their crew, and whoever goes with one of these."""
    pairs = gm.Problem(indptr=[0, 1, 2, 3, 4], shift=[0, 1, 2, 2], weight=[1, 1, 1, 1], capacity=[1, 2, 2])
    problem = PlanProblem.of(
        pairs, minimum=[1, 2, 1], crew=[0, 0, -1], group=[0, -1, 0, -1], group_in_crew=[False]
    )
    assert whole_only(problem, pairs.shift).tolist() == [-1, -1, -1, 2]


WITHOUT_PLANS = {
    "live": gm.Live,
    "fair lottery": gm.fair_lottery,
    "fairness": gm.fairness_curve,
    "hall": lambda morning: gm.mechanisms.Hall(way="raffle")(morning, 1),
    "stable": gm.stable,
    "people first": lambda morning: gm.match(morning, policy=gm.DEFAULT_POLICY.with_people(gm.People())),
}


@pytest.mark.parametrize("what", WITHOUT_PLANS)
def test_what_is_for_one_shift_each_refuses_others_before_any_work(what, monkeypatch):
    """No pair is made, and somebody is named."""
    monkeypatch.setattr("gigmatch.assignment.instance.Instance.eligible", None)
    with pytest.raises(UnsupportedError) as refused:
        WITHOUT_PLANS[what](of([a_worker("li", max_shifts=2)], [CLEANING, DISHES]))
    assert refused.value.code == "worker_several_shifts"
    assert refused.value.parameters["worker"] == "li"


def test_an_adviser_and_an_optimum_are_refused_where_there_are_plans():
    """With the way out, before anything is matched."""
    answer = gm.match(of([a_worker("li", max_shifts=2)], [CLEANING, DISHES]))
    ask = gm.explain(answer.solved.morning, answer)
    with pytest.raises(UnsupportedError, match="Ask why_empty"):
        gm.Adviser(ask)
    for question in (
        lambda: ask.seat_price("dishes"),
        lambda: ask.recommend("li"),
        lambda: ask.recommend_workers("dishes"),
        lambda: ask.recommend_newcomer({"id": "new", "station_id": "hall"}),
        ask.skill_values,
    ):
        with pytest.raises(UnsupportedError, match="Ask why_not"):
            question()
    with pytest.raises(UnsupportedError, match="not done where people may take several shifts"):
        gm.lost_to_optimum(answer)
