"""Reasons of whole days and whole crews: another answer, and how far nothing is better."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

import gigmatch as gm
import plan_oracles
from gigmatch.errors import UnsupportedError
from gigmatch.evidence.plans import OtherPlans
from gigmatch.explaining.plans import PlanReasons
from gigmatch.solvers.plans import solve_plans
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, as_plain_python, examples


@pytest.fixture(scope="module", autouse=True)
def _plain() -> Iterator[None]:
    """Small problems wait for no compiler."""
    with pytest.MonkeyPatch.context() as patch:
        from gigmatch.problem.plans import paths
        from gigmatch.solvers.plans import chains, teams

        as_plain_python(patch, paths, chains, teams)
        yield


def at(name: str, start: int, end: int, **fields: Any) -> gm.Shift:
    return a_shift(name, periods=(gm.Period(start_min=start, end_min=end),), **fields)


def wall_and_dishes() -> gm.Morning:
    """Li may have two shifts, jo one; a stall would take both of them, a wall one more than there are."""
    cleaning, lunch = at("cleaning", 360, 600, priority_tier=1), at("lunch", 570, 780)
    dishes = at("dishes", 1080, 1320)
    stall = at("stall", 360, 840, headcount=2, minimum_headcount=2, priority_tier=9)
    wall = [at("masons", 360, 840, headcount=2, crew_id="wall"), at("helpers", 360, 840, crew_id="wall")]
    people = [a_worker("li", max_shifts=2), a_worker("jo")]
    return a_morning(*people, cleaning, lunch, dishes, stall, *wall, crews=(gm.Crew(id="wall"),))


def other_than(worker: str, ask: gm.Explainer) -> str:
    """Of the two that overlap, of which each has one, the one that somebody has not."""
    return next(one for one in ("cleaning", "lunch") if one not in ask.assignment.shifts_of(worker))


@pytest.fixture(scope="module")
def ask() -> gm.Explainer:
    morning = wall_and_dishes()
    return gm.explain(morning, gm.match(morning))


@pytest.fixture(scope="module")
def told(ask: gm.Explainer) -> dict[str, Any]:
    """A reason of every kind."""
    return {
        "day": ask.why("li"),
        "worse": ask.why_not("jo", "dishes"),
        "as good": ask.why_not("jo", other_than("jo", ask)),
        "impossible": ask.why_not("jo", "masons"),
        "short": ask.why_empty("masons"),
        "stall": ask.why_empty("stall"),
    }


def check(ask: gm.Explainer, *said: Any) -> int:
    return gm.check_reasons(ask.solved.morning, ask.assignment, said)


def test_all_are_verified_saved_and_read_back(ask, told):
    """From the morning alone; for other eyes nothing of the market is left."""
    assert check(ask, *told.values()) == len(told)
    whole = gm.Reasons.of(told.values())
    assert gm.Reasons.from_json(whole.to_json()) == whole
    for said in told.values():
        for eyes in ("worker", "employer"):
            seen = said.seen_by(eyes)
            assert getattr(seen, "proof", None) is getattr(seen, "loss", None) is None
            assert all(gm.in_words(seen, lang=lang) for lang in ("en", "zh"))
    assert not told["day"].seen_by("employer").shifts
    assert told["day"].seen_by("worker").shifts[0].without is None


def test_in_words(told):
    """What the whole would lose, what clashes, who is missing."""
    assert "cost 1 seat of tier 5 and 58.33 points" in gm.in_words(told["worse"])
    assert "the whole would be worth just as much" in gm.in_words(told["as good"])
    assert "no answer has it" in gm.in_words(told["impossible"])
    assert "Without li there, the whole would lose 1 seat of tier 5" in gm.in_words(told["day"])
    assert "1 worker is missing (1 at masons), and not fewer would do" in gm.in_words(told["short"])
    assert "还缺 1 人（masons 缺 1 人）" in gm.in_words(told["short"], lang="zh")
    assert "jo, li would come there" in gm.in_words(told["stall"])


def test_what_stands_in_the_way_of_a_second_shift(ask):
    """Times that overlap, by name of the shift; or the rule that refuses the way."""
    day = ask.assignment.shifts_of("li")
    said = ask.why_not("li", other_than("li", ask))
    assert [(clash.shift_id, clash.rules) for clash in said.clashes] == [(day[0], ())]
    far = a_morning(a_worker("li", max_shifts=2, least_break_min=60), at("a", 360, 600), at("b", 630, 780))
    ask = gm.explain(far, gm.match(far))
    [has] = ask.assignment.shifts_of("li")
    [clash] = ask.why_not("li", "b" if has == "a" else "a").clashes
    assert (clash.shift_id, clash.rules) == (has, ("way_between",))


TAMPERED = [
    ("worse", {"points": 1.0}, "points does not hold"),
    ("worse", {"instead": ()}, "instead does not hold"),
    ("worse", {"verdict": "tied"}, "verdict does not hold"),
    ("worse", {"proof": None}, "figure"),
    ("worse", {"shift_id": "stall"}, "proof|does not"),
    ("impossible", {"shift_id": "stall"}, "points"),
    ("short", {"n_missing": 2}, "n_missing does not hold"),
    ("short", {"missing": {"helpers": 1}}, "missing does not hold"),
    ("short", {"shift_id": "stall"}, "crew does not hold"),
    ("short", {"shift_id": "dishes"}, "no empty seat"),
    ("stall", {"n_needed": 1}, "n_needed does not hold"),
    ("stall", {"coming": ("li",)}, "coming does not hold"),
    ("day", {"shifts": ()}, "worker 'li' has no shift"),
    ("day", {"worker_id": "jo"}, "shifts does not hold"),
]


@pytest.mark.parametrize(("which", "changed", "message"), TAMPERED)
def test_what_is_tampered_with_is_refused(ask, told, which, changed, message):
    """Whatever it says of the pair, the team, the loss."""
    with pytest.raises(gm.CertificateError, match=message):
        check(ask, told[which].model_copy(update=changed))


def test_a_bound_or_a_day_that_is_not_proved_is_refused(ask, told):
    """The other answer must be one, and its proof must prove just what is said."""
    said = told["worse"]
    for changed in (
        {"days": said.proof.days[:1]},
        {"days": (*said.proof.days, said.proof.days[0].model_copy(update={"leaves": (), "goes_to": ()}))},
        {"levels": said.proof.levels[:-1]},
        {"levels": (said.proof.levels[0].model_copy(update={"bound": 0}), *said.proof.levels[1:])},
        {"levels": tuple(reversed(said.proof.levels))},
    ):
        with pytest.raises(gm.CertificateError):
            check(ask, said.model_copy(update={"proof": said.proof.model_copy(update=changed)}))
    bare = said.model_copy(update={"loss": told["as good"].loss, "verdict": "tied"})
    with pytest.raises(gm.CertificateError, match="loss does not hold"):
        check(ask, bare)
    [first, *rest] = told["day"].shifts
    for changed in ({"proof": None}, {"without": None}):
        with pytest.raises(gm.CertificateError, match="figure"):
            check(ask, told["day"].model_copy(update={"shifts": (first.model_copy(update=changed), *rest)}))


def test_nobody_is_missing_where_a_team_can_be_had(ask):
    """Though it is proved that nobody must be added."""
    others = OtherPlans(ask.solved)
    row = ask.solved.shift_row("stall")
    proof = others.proof(solve_plans(others.with_added(row)))
    said = gm.evidence.TeamShort(**others.about_team(row), n_missing=0, missing={}, proof=proof)
    with pytest.raises(gm.CertificateError, match="not proved that anybody is missing"):
        check(ask, said)


def test_reasons_of_other_answers_are_refused(ask, told):
    """A shortage of seats proves nothing among plans, nor plans where everybody has one shift."""
    plain = a_morning(a_worker("li"), at("a", 360, 600))
    answer = gm.match(plain)
    for morning, which, said in (
        (plain, answer, told["worse"]),
        (ask.solved.morning, ask.assignment, gm.explain(plain, answer).why("li")),
    ):
        with pytest.raises(gm.CertificateError, match="no such reason"):
            gm.check_reasons(morning, which, [said])


def test_what_is_not_told_of_plans_is_refused_by_name(ask):
    """Rather than wrongly."""
    for question in (ask.everything, lambda: ask.seat_price("lunch"), lambda: ask.recommend("li")):
        with pytest.raises(UnsupportedError, match=r"plans|several shifts"):
            question()


def test_losses_between_bounds():
    """Where a gap is left nothing is claimed but what both bounds allow, and nothing of the levels below."""
    morning = wall_and_dishes()
    ask = gm.explain(morning, gm.match(morning))
    others = OtherPlans(ask.solved)
    seats, *rest = others.answer.claims
    open_one = replace(others.answer, claims=(replace(seats, bound=seats.value + 2), *rest))
    assert others.loss(open_one).verdict == "tied"  # it could not be better than the best
    others.answer = open_one
    loss = others.loss(open_one)
    assert (loss.at_least.seats, loss.at_most.seats) == (0, 2)
    said = ask.why_not("jo", "dishes").model_copy(update={"loss": loss, "verdict": "open"})
    assert "between nothing and 2 seats of tier 1" in gm.in_words(said)
    assert "0 分 到 2 个优先级 1 的名额 之间" in gm.in_words(said, lang="zh")


@pytest.mark.nightly
@given(mornings(crews=True))
@examples(6)
def test_every_reason_is_right_by_trying_all(given):
    """Losses, what is impossible, and how many are missing, against every answer there is."""
    try:
        solved = gm.match(given).solved
    except UnsupportedError:
        return
    if not solved.has_plans or solved.plan_problem.pairs.n_pairs > 9:
        return
    others, problem = OtherPlans(solved), solved.plan_problem
    ask, best = PlanReasons(others, gm.Limits()), plan_oracles.best(problem)
    taken = set(others.pairs.tolist())
    for pair in sorted(set(range(problem.pairs.n_pairs)) - taken):
        worker, shift = int(problem.pairs.worker[pair]), int(problem.pairs.shift[pair])
        lost = _lost(best, plan_oracles.best(others.with_pair(worker, shift)), others)
        said = ask.why_not(worker, shift)
        assert (said.kind, getattr(getattr(said, "loss", None), "exact", None)) == (
            ("plan_impossible", None) if lost is None else ("plan_outbid", lost)
        )
        gm.check_reasons(given, solved.assignment(), [said])
    for shift in (solved.open > 0).nonzero()[0].tolist():
        said = ask.why_empty(shift)
        lost = _lost(best, plan_oracles.best(others.with_one_more(shift)), others)
        assert (said.kind == "team_short") == (lost is None)
        assert lost is None or said.loss.exact == lost
        gm.check_reasons(given, solved.assignment(), [said])


def _lost(best: Any, other: Any, others: OtherPlans) -> Any:
    """What an answer is worth more than another, as an amount."""
    if other is None:
        return None
    names = [level.name for level in others.problem.levels]
    return others._amount({n: a - b for n, a, b in zip(names, best[0], other[0], strict=True)})
