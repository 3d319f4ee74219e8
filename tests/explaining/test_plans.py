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
        from gigmatch.solvers.plans import dispensable, teams

        as_plain_python(patch, paths, dispensable, teams)
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


def left_at_home() -> gm.Morning:
    """One seat for mo or li, who is worth less there; a wall that takes six; and ko goes with lu alone."""
    people = a_worker("li"), a_worker("mo", rating=3.0), a_worker("ko"), a_worker("lu")
    wall = (at(name, 360, 840, headcount=3, crew_id="wall") for name in ("masons", "helpers"))
    both = gm.Companions(id="two", worker_ids=("ko", "lu"), together="shift")
    crews = {"crews": (gm.Crew(id="wall"),), "companions": (both,)}
    return a_morning(*people, at("cleaning", 360, 600), *wall, **crews)


def other_than(worker: str, ask: gm.Explainer) -> str:
    """Of the two that overlap, of which each has one, the one that somebody has not."""
    return next(one for one in ("cleaning", "lunch") if one not in ask.assignment.shifts_of(worker))


@pytest.fixture(scope="module")
def ask() -> gm.Explainer:
    morning = wall_and_dishes()
    return gm.explain(morning, gm.match(morning))


@pytest.fixture(scope="module")
def home() -> gm.Explainer:
    morning = left_at_home()
    return gm.explain(morning, gm.match(morning))


@pytest.fixture(scope="module")
def at_home(home: gm.Explainer) -> dict[str, Any]:
    """Why some have no shift."""
    return {name: home.why_unplaced(name) for name in ("li", "ko")}


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
    assert "no answer has it. No single thing is in the way" in gm.in_words(told["impossible"])
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
    ("worse", {"proof": None}, "loss does not hold"),
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


def test_why_somebody_has_no_shift(home, at_home):
    """The exact loss at the best shift; that nothing can be had; and who stays at home with them."""
    li, ko = at_home["li"], at_home["ko"]
    assert (li.verdict, li.shift_id, li.loss.exact.points, li.loss.is_exact) == (
        "worse",
        "cleaning",
        0.5,
        True,
    )
    assert "Least would be lost with cleaning: all in all 0.50 points" in gm.in_words(li)
    assert (ko.verdict, ko.loss, ko.companions) == ("impossible", None, ("lu",))
    assert "lu 与 ko 同行，要么都去，要么都不去" in gm.in_words(ko, lang="zh")
    assert check(home, li, ko) == 2
    for said in (li, ko):
        for eyes in ("worker", "employer"):
            seen = said.seen_by(eyes)
            assert (seen.loss, seen.tried, seen.companions) == (None, (), ())
            assert all(gm.in_words(seen, lang=lang) for lang in ("en", "zh"))


OF_HOME = [
    ("li", {"verdict": "open"}, "verdict does not hold"),
    ("li", {"tried": ()}, "shift_id does not hold"),
    ("li", {"shift_id": "masons"}, "shift_id does not hold"),
    ("li", {"worker_id": "mo"}, "worker 'mo' has a shift"),
    ("li", {"worker_id": "ko"}, "companions does not hold"),
    ("ko", {"tried": ()}, "does not hold"),
    ("ko", {"companions": ()}, "companions does not hold"),
]


@pytest.mark.parametrize(("who", "changed", "message"), OF_HOME)
def test_what_is_tampered_with_of_those_at_home_is_refused(home, at_home, who, changed, message):
    """What the whole would lose, where, and what was tried."""
    with pytest.raises(gm.CertificateError, match=message):
        check(home, at_home[who].model_copy(update=changed))


def test_every_shift_that_was_tried_has_its_proof(home, at_home):
    """Whether it is possible, for that shift, and once."""
    [first, *rest] = at_home["ko"].tried
    for update in ({"is_possible": True}, {"shift_id": "helpers"}, {"proof": None}):
        other = {"tried": (first.model_copy(update=update), *rest)}
        with pytest.raises(gm.CertificateError):
            check(home, at_home["ko"].model_copy(update=other))


def test_the_reasons_of_a_whole_morning(ask, home):
    """Everybody and every open shift has one, and all are verified; none may be left out."""
    for each in (ask, home):
        whole = each.everything()
        assert whole.whole
        assert not whole.missing(each.assignment)
        assert gm.check_reasons(each.solved.morning, each.assignment, whole, complete=True) == len(
            whole.reasons
        )
        fewer = whole.model_copy(update={"reasons": whole.reasons[1:]})
        with pytest.raises(gm.CertificateError, match="not everybody has a reason"):
            gm.check_reasons(each.solved.morning, each.assignment, fewer)


def test_without_time_the_proof_of_the_answer_tells_what_is_lost_at_least(home):
    """Nothing is searched: what is told is less, and as true."""
    hurried = gm.explain(home.solved.morning, home.assignment, limits=gm.Limits(time_limit_s=0))
    whole = hurried.everything()
    assert check(home, *whole.reasons) == len(whole.reasons)
    assert not whole.missing(home.assignment)
    said = [hurried.why_unplaced("li"), hurried.why_not("li", "masons"), hurried.why_empty("masons")]
    assert [one.verdict for one in said] == ["open", "worse", "worse"]
    assert [one.proof for one in said[1:]] == [None, None]
    assert check(home, *said) == 3
    assert "at least" in gm.in_words(said[1])
    assert "总体损失：至少 " in gm.in_words(said[2], lang="zh")
    with pytest.raises(gm.CertificateError, match="loss does not hold"):
        check(home, said[2].model_copy(update={"loss": said[0].loss}))
    with pytest.raises(gm.CertificateError, match="figure"):
        check(home, gm.evidence.TeamShort(**team(home, "masons"), n_missing=None, missing={}, proof=None))


def team(ask: gm.Explainer, shift: str) -> dict[str, Any]:
    """What is told of every team that does not come."""
    return OtherPlans(ask.solved).about_team(ask.solved.shift_row(shift))


def promised(*parts: Any, keep: tuple[tuple[str, str], ...], **fields: Any) -> gm.Explainer:
    """Of a morning in which something was promised."""
    morning = a_morning(*parts, **fields)
    return gm.explain(morning, gm.match(morning, keep=keep))


PAIR = {"companions": (gm.Companions(id="two", worker_ids=("ko", "lu")),), "skills": "c"}
IN_CREW = {"companions": (gm.Companions(id="two", worker_ids=("ko", "lu"), together="crew"),)}
WALL = {"crews": (gm.Crew(id="wall"),)}
LI, KO, LU = (
    a_worker("li", max_shifts=2, least_break_min=60, max_hours_today=8),
    a_worker("ko"),
    a_worker("lu"),
)
AM, PM = at("am", 360, 600, headcount=2), at("pm", 630, 900, headcount=2)
MASONS = at("masons", 360, 840, headcount=3, crew_id="wall")
COOK = (gm.SkillRequirement(skill="c"),)
CAUSES = {
    "seats": ((LI, KO, at("am", 360, 600)), ("ko", "am"), {}, ("li", "am"), "1 of its 1 seats were promised"),
    "seats, none promised": (
        (KO, LU, at("am", 360, 600)),
        None,
        PAIR,
        ("ko", "am"),
        "It has 1 seat, and 2 would have to come together.",
    ),
    "most_shifts": ((LI, KO, AM, PM), ("ko", "am"), {}, ("ko", "pm"), "am was promised, and they take one"),
    "times": ((LI, AM, at("pm", 590, 700)), ("li", "am"), {}, ("li", "pm"), "am was promised, and the times"),
    "succession": (
        (LI, AM, PM),
        ("li", "am"),
        {},
        ("li", "pm"),
        "the next shift (30 minutes between the two, 60 minutes needed)",
    ),
    "limit": ((LI, AM, at("pm", 700, 1000)), ("li", "am"), {}, ("li", "pm"), "9 hours, at most 8"),
    "companion": (
        (
            LI,
            KO,
            LU.model_copy(update={"skills": (gm.WorkerSkill(skill="c"),)}),
            at("pm", 630, 900, all_of=COOK, headcount=2),
            AM,
        ),
        ("li", "am"),
        PAIR,
        ("lu", "pm"),
        "ko, who goes together with them or not at all, cannot go there",
    ),
    "companion_promised": ((KO, LU, AM, PM), ("lu", "am"), PAIR, ("ko", "pm"), "was promised another shift"),
    "no_crew": ((KO, LU, MASONS, AM), None, WALL | IN_CREW, ("ko", "am"), "it belongs to none"),
    "team": (
        (LI, KO, MASONS),
        None,
        WALL,
        ("li", "masons"),
        "masons takes place with at least 3, and only 2",
    ),
}


@pytest.mark.parametrize("what", CAUSES)
def test_the_cause_of_what_no_answer_has(what):
    """The first thing that tells it, with its figures; verified, and told as far as others may see it."""
    parts, kept, fields, pair, words = CAUSES[what]
    ask = promised(*parts, keep=(kept,) if kept else (), **fields)
    said = ask.why_not(*pair)
    assert (said.kind, said.cause.what) == ("plan_impossible", what.split(",")[0])
    assert words in gm.in_words(said)
    assert check(ask, said) == 1
    for eyes in ("worker", "employer"):
        assert all(gm.in_words(said.seen_by(eyes), lang=lang) for lang in ("en", "zh"))
    assert said.seen_by("employer").cause is None
    with pytest.raises(gm.CertificateError, match="cause does not hold"):
        check(ask, said.model_copy(update={"cause": gm.evidence.PlanCause(what="together")}))


def test_losses_between_bounds():
    """Where a gap is left nothing is claimed but what both bounds allow, and nothing of the levels below."""
    morning = wall_and_dishes()
    ask = gm.explain(morning, gm.match(morning))
    others = OtherPlans(ask.solved)
    seats, *rest = others.answer.claims
    open_one = replace(others.answer, claims=(replace(seats, bound=seats.value + 2), *rest))
    assert others.loss(open_one, None).verdict == "tied"  # it could not be better than the best
    others.answer = open_one
    loss = others.loss(open_one, None)
    assert (loss.at_least.seats, loss.at_most.seats) == (0, 2)
    said = ask.why_not("jo", "dishes").model_copy(update={"loss": loss, "verdict": "open"})
    assert "between nothing and 2 seats of tier 1" in gm.in_words(said)
    assert "总体损失：0 分到 2 个优先级 1 的名额之间。" in gm.in_words(said, lang="zh")


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
    hurried = PlanReasons(others, gm.Limits(time_limit_s=0))
    taken, said = set(others.pairs.tolist()), list[Any]()
    for pair in sorted(set(range(problem.pairs.n_pairs)) - taken):
        worker, shift = int(problem.pairs.worker[pair]), int(problem.pairs.shift[pair])
        lost = _lost(best, plan_oracles.best(others.with_pair(worker, shift)), others)
        told = ask.why_not(worker, shift)
        assert (told.kind, getattr(getattr(told, "loss", None), "exact", None)) == (
            ("plan_impossible", None) if lost is None else ("plan_outbid", lost)
        )
        said += [told, bound := hurried.why_not(worker, shift)]
        assert _loses_as_much(bound, lost)
    for worker in solved.is_waiting.nonzero()[0].tolist():
        rows = [p for p in range(problem.pairs.n_pairs) if problem.pairs.worker[p] == worker]
        each = [plan_oracles.best(others.with_pair(worker, int(problem.pairs.shift[p]))) for p in rows]
        lost = _lost(best, max((one for one in each if one), default=None), others)
        told = ask.why_unplaced(worker)
        if told.kind == "plan_left_out":
            assert (told.verdict == "impossible") == (lost is None)
            assert not told.loss or not told.loss.is_exact or told.loss.exact == lost
            assert all(_loses_as_much(one, lost) for one in (told, hurried.why_unplaced(worker)))
        said.append(told)
    for shift in (solved.open > 0).nonzero()[0].tolist():
        told = ask.why_empty(shift)
        lost = _lost(best, plan_oracles.best(others.with_one_more(shift)), others)
        assert (told.kind == "team_short") == (lost is None) or told.kind == "no_eligible_worker"
        assert lost is None or told.loss.exact == lost
        said += [told, bound := hurried.why_empty(shift)]
        assert _loses_as_much(bound, lost)
    gm.check_reasons(given, solved.assignment(), [*said, *ask.everything(), *hurried.everything()])


def _loses_as_much(said: Any, lost: Any) -> bool:
    """Whether the loss that is told at least is not above the true one, on its level and those above."""
    loss = getattr(said, "loss", None)
    if loss is None or lost is None:
        return lost is None or said.kind == "no_eligible_worker"
    if loss.at_least is None or loss.at_least.is_nothing or not loss.exact.is_nothing:
        return True
    known = 1 + next(place for place, one in enumerate(loss.at_least.key) if one)
    return bool(loss.at_least.key[:known] <= lost.key[:known])


def _lost(best: Any, other: Any, others: OtherPlans) -> Any:
    """What an answer is worth more than another, as an amount."""
    if other is None:
        return None
    names = [level.name for level in others.problem.levels]
    return others._amount({n: a - b for n, a, b in zip(names, best[0], other[0], strict=True)})
