"""Levels of one's own: between seats and points and below them, from the integers up to the pages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
import oracles
from gigmatch.errors import CertificateError, InvalidPolicyError, InvalidProblemError, PluginError
from gigmatch.evidence import Reasons
from gigmatch.pairing.levels import level_words
from gigmatch.problem import LOTTERY, POINTS, SEATS, Certificate, Further, Problem, level_values, verify
from gigmatch.solvers import Auction, MinCostFlow, solve
from gigmatch.testing import check_level
from tests.conftest import a_morning, a_shift, a_worker, examples, many, seldom

WORDS = {"en": "points for waiting", "zh": "分等候"}


# -- integers -----------------------------------------------------------------------------------------------


@st.composite
def layered(draw) -> Problem:
    """A small problem with further levels between seats and points, below the points, or both."""
    base = draw(oracles.problems(max_workers=4, max_shifts=3, lots=True))
    few = st.integers(0, 2)

    def part(size: int) -> Any:
        return draw(st.lists(few, min_size=size, max_size=size)) if draw(st.booleans()) else None

    sizes = base.n_workers, base.n_shifts, base.n_pairs
    above = (
        [Further("above", *map(part, sizes))] if draw(st.booleans()) else [Further("above", part(sizes[0]))]
    )
    below = [Further("below", *map(part, sizes))] if draw(st.booleans()) else []
    seats = [] if base.tier is None else [SEATS]
    return replace(base, levels=[*seats, *above, POINTS, *below, LOTTERY])


@examples(120)
@given(layered())
def test_levels_of_ones_own_are_decided_in_order(problem):
    """By trying all: best level by level, then by lot, whichever the solver; and proved."""
    due = oracles.drawn(problem)
    for solver in ("mincostflow", "auction"):
        solution = solve(problem, solver)
        assert solution.status == "optimal"
        assert [tuple(solution.shift.tolist())] == due
        assert solution.value == oracles.points(problem, due[0])
        proved = [proof.level for proof in solution.certificates if proof.level != "lottery"]
        assert proved == [level.name for level in problem.weighted]
        verify(problem, solution)


@st.composite
def tampered(draw):
    """A problem with its true solution, one number or one part of which is changed."""
    problem = draw(layered())
    solution = solve(problem)
    proofs, by = list(solution.certificates), draw(st.sampled_from([-9, -1, 1, 3, 50]))
    at = draw(st.integers(0, len(proofs) - 1))
    kind = draw(st.sampled_from(["claim", "price", "multiplier", "drop", "swap", "free"]))
    if kind == "claim":
        shift = draw(st.sampled_from(list(oracles.assignments(problem))))
        value = oracles.points(problem, shift)
        return problem, replace(solution, shift=np.array(shift, np.int32), value=value, bound=value)
    if kind == "price" and problem.n_workers:
        price = proofs[at].worker_price.copy()
        price[draw(st.integers(0, len(price) - 1))] += by
        proofs[at] = replace(proofs[at], worker_price=price)
    elif kind == "multiplier":
        raised = {name: scale + by for name, scale in proofs[at].multipliers.items()}
        proofs[at] = replace(proofs[at], multipliers=raised)
    elif kind == "swap":
        proofs[at], proofs[0] = proofs[0], proofs[at]
    elif kind == "free":
        nothing = {"worker_price": [0] * problem.n_workers, "shift_price": [0] * problem.n_shifts}
        proofs[at] = replace(proofs[at], **nothing)
    else:
        del proofs[at]
    return problem, replace(solution, certificates=tuple(proofs))


@examples(300)
@given(tampered())
def test_what_passes_is_true(case):
    """Whatever is changed: it is refused, or the answer is the best all the same."""
    problem, solution = case
    try:
        verify(problem, solution)
    except CertificateError:
        return
    assert [tuple(solution.shift.tolist())] == oracles.drawn(problem)


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([SEATS, LOTTERY], "must hold the points once"),
        ([POINTS, POINTS], "names of their own"),
        ([LOTTERY, POINTS], "stands at the end"),
        ([SEATS, POINTS], "level 'seats' needs tier"),
        ([POINTS, Further("x", worker=[1])], "worker of level 'x' has 1 entries, expected 2"),
    ],
)
def test_levels_that_make_no_sense(levels, message):
    """Are refused with what is wrong."""
    with pytest.raises(InvalidProblemError, match=message):
        oracles.make([[1], [2]], [1], lot=[1, 2], levels=levels)


def test_people_first_costs_no_seat_and_needs_no_large_multiplier():
    """Mendelsohn and Dulmage: the best seats and the best workers fit together, at a multiplier of 1."""
    rng = np.random.default_rng(3)
    base = oracles.random_problem(80, 30, 6, seed=4)
    people = Further("people", worker=rng.integers(0, 4, base.n_workers))
    tier, lot = rng.integers(1, 4, base.n_shifts), np.arange(base.n_workers)
    plain = replace(base, tier=tier, lot=lot)
    problem = replace(plain, levels=[SEATS, people, POINTS, LOTTERY])
    seats, found, _ = level_values(problem, solve(problem).shift)
    assert seats == level_values(plain, solve(plain).shift)[0]
    alone = replace(problem, levels=[people, POINTS, LOTTERY])
    assert found == level_values(alone, solve(alone).shift)[0]
    assert problem.enough_multipliers[1] == 1
    assert solve(problem).certificates[1].multipliers == {"seats": 1}


# -- a morning ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Veterans:
    """Everybody counts by how often they have waited in vain."""

    days: int = 5
    name: str = "veterans"
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)
    largest: int = 3

    def of_workers(self, columns: gm.Columns) -> Any:
        """One for each so many days, three at most."""
        days = np.nan_to_num(columns.workers.days_waiting)
        return np.minimum(days // self.days, self.largest).astype(np.int64)


@dataclass(frozen=True)
class OddPairs:
    """Below the points: pairs whose shift has an odd row."""

    name: str = "odd"
    words: Mapping[str, str] = field(default_factory=lambda: {"en": "odd pairs", "zh": "对单号"})
    largest: int = 1

    def of_pairs(self, columns: gm.Columns, pairs: gm.Pairs) -> Any:
        """1 for those."""
        return (pairs.shift % 2).astype(np.int64)


OWN = [Veterans(), OddPairs()]
POLICY = gm.DEFAULT_POLICY.with_levels(SEATS, Veterans(), POINTS, OddPairs(), LOTTERY)


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    """With more people than seats, who have waited for different times."""
    drawn = gm.samples.jingshi(7, workers=120)
    people = (
        worker.model_copy(update={"days_since_last_placement": 7 * row % 23})
        for row, worker in enumerate(drawn.workers)
    )
    return drawn.model_copy(update={"workers": tuple(people)})


@pytest.fixture(scope="module")
def answer(morning) -> gm.Assignment:
    return gm.match(morning, policy=POLICY)


def waited(morning: gm.Morning, assignment: gm.Assignment) -> int:
    """What the placed count."""
    placed = {worker for worker, _ in assignment.pairs}
    return sum(min(w.days_since_last_placement // 5, 3) for w in morning.workers if w.id in placed)


def test_a_level_goes_before_points_and_costs_no_seat(morning, answer):
    """Veterans are placed where seats allow it; some points are lost by it, and no seat of any tier."""
    plain = gm.match(morning)
    assert answer.status == "optimal"
    assert answer.summary.seats_by_tier == plain.summary.seats_by_tier
    assert waited(morning, answer) > waited(morning, plain)
    assert answer.solution.value < plain.solution.value
    assert f"seats, {WORDS['en']}, points, odd pairs" in str(answer)
    terms = gm.check(morning, answer, scorers=OWN, policy=POLICY)
    assert terms.objective == "seats"
    assert [level.name for level in terms.levels if level.is_own] == ["veterans", "odd"]
    assert "what counts, in order: seats, then veterans, then points, then odd, then lottery" in str(terms)


@pytest.mark.parametrize("solver", [MinCostFlow(), Auction()])
def test_solvers_and_few_pairs_have_the_same_answer(morning, answer, solver):
    """The levels leave one answer, also where pairs are brought back by their reduced costs."""
    assert gm.match(morning, policy=POLICY, solver=solver).pairs == answer.pairs
    assert gm.match(morning, policy=POLICY, solver=solver, max_pairs=240).pairs == answer.pairs
    assert gm.match(morning, policy=POLICY, solver=solver, start=gm.match(morning)).pairs == answer.pairs


def test_a_saved_answer_is_checked_with_its_levels(morning, answer, tmp_path):
    """Saved, read back and checked; a tampered proof, another level and a missing one are refused."""
    path = tmp_path / "answer.json"
    answer.save(path)
    loaded = gm.Assignment.load(path)
    assert loaded.to_dict() == answer.to_dict()
    gm.check(morning, loaded, scorers=OWN)
    assert gm.Policy.restore(answer.policy, OWN) == POLICY
    with pytest.raises(InvalidPolicyError, match="level 'veterans' is not built in"):
        gm.check(morning, loaded)
    with pytest.raises(InvalidPolicyError, match="level 'veterans' was saved as"):
        gm.check(morning, loaded, scorers=[Veterans(days=3), OddPairs()])
    for at in range(4):
        data = json.loads(path.read_text())
        proof = data["solution"]["certificates"][at]
        proof["worker_price"] = [price + (row == 3) for row, price in enumerate(proof["worker_price"])]
        with pytest.raises(CertificateError, match=proof["level"]):
            gm.check(morning, gm.Assignment.from_dict(data), scorers=OWN)
    data["solution"]["certificates"][3]["multipliers"]["points"] = 2**58
    with pytest.raises(CertificateError, match="too large"):
        gm.check(morning, gm.Assignment.from_dict(data), scorers=OWN)


@pytest.mark.parametrize("levels", [POLICY.levels, seldom(POLICY.levels[1:])])
def test_every_reason_is_proved(morning, levels):
    """With seats first or not: all reasons are verified, and what is lost is told in the level's words."""
    few = morning.model_copy(update={"workers": morning.workers[:90]})
    answer = gm.match(few, policy=POLICY.with_levels(*levels))
    explainer = gm.explain(few, answer, scorers=OWN)
    reasons = explainer.everything()
    asked = [explainer.why(worker) for worker in answer.worker_ids[:20]]
    asked += [explainer.recommend(worker) for worker in answer.worker_ids[:6]]
    for worker in answer.worker_ids[:10]:
        free = [shift for shift in answer.shift_ids[:8] if shift != answer.shift_of(worker)]
        asked += [explainer.why_not(worker, shift) for shift in free]
    gm.check_reasons(few, answer, reasons, scorers=OWN)
    assert gm.check_reasons(few, answer, Reasons.of(asked), scorers=OWN) == len(asked)
    told = [gm.in_words(reason, few) for reason in (*reasons.reasons, *asked)]
    assert any(WORDS["en"] in text for text in told)
    assert any(WORDS["zh"] in gm.in_words(reason, few, lang="zh") for reason in asked)
    lost = Counter(getattr(reason, "lost_by", None) for reason in reasons.reasons)
    assert lost["level"] or levels[0].name != "seats"
    _refuses_other_amounts(few, answer, asked)


def _refuses_other_amounts(morning, answer, asked):
    """One unit of the level more or less in a loss is no proof of it."""
    outbid = next(reason for reason in asked if reason.kind == "outbid")
    sums = outbid.loss.above_points
    wrong = {"veterans": sums["veterans"].model_copy(update={"n": sums["veterans"].n + 1})}
    loss = outbid.loss.model_copy(update={"above_points": wrong})
    with pytest.raises(CertificateError, match="does not hold"):
        gm.check_reasons(morning, answer, [outbid.model_copy(update={"loss": loss})], scorers=OWN)


def test_newcomers_count_on_the_level_too(morning, answer):
    """Somebody who has waited is worth more than the same person who has not; both figures are proved."""
    explainer = gm.explain(morning, answer, scorers=OWN)
    known = morning.workers[0].model_dump(exclude_defaults=True)
    known |= {"id": "new"}
    ranked = [explainer.recommend_newcomer({**known, "days_since_last_placement": days}) for days in (0, 40)]
    gm.check_reasons(morning, answer, ranked, scorers=OWN)
    fresh, waited_long = (one.choices[0].effect for one in ranked)
    assert waited_long.above_points["veterans"].n == fresh.above_points["veterans"].n + 3


def test_advice_is_proved_on_all_levels(morning, answer):
    """The outcome of a change has a certificate a level."""
    adviser = gm.Adviser(gm.explain(morning, answer, scorers=OWN))
    given = [adviser.fill(shift.shift_id) for shift in answer.open_shifts[:3]]
    given += [adviser.place(worker.worker_id) for worker in answer.unplaced[:3]]
    gm.check_reasons(morning, answer, given, scorers=OWN)
    proofs = [option.outcome.proofs for advice in given for option in advice.options]
    for told in proofs:
        assert [proof.level for proof in told] == ["seats", "veterans", "points", "odd"]


def test_summary_difference_and_frames_need_nothing_of_the_level(morning, answer):
    """They tell who works where, whatever decided it."""
    plain = gm.match(morning)
    assert answer.summary.placements == len(answer.pairs) == plain.summary.placements
    change = answer.diff(plain)
    assert len(change.moved) + change.unchanged + len(change.placed) == len(answer.pairs)
    frame = gm.assignment_frame(answer, "pyarrow")
    assert list(zip(*(frame[name].to_pylist() for name in ("worker_id", "shift_id")), strict=True)) == list(
        answer.pairs
    )


@pytest.mark.parametrize("lang", [seldom("en"), "zh"])
def test_pages_tell_the_level(morning, answer, tmp_path, lang):
    """The report names it among the aims and the proofs; slips need nothing."""
    answer.report(tmp_path / "report.html", morning=morning, lang=lang, scorers=OWN)
    answer.slips(tmp_path / "slips.html", morning=morning, lang=lang)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text.count(WORDS[lang]) >= 2
    assert level_words(answer.policy, lang)["veterans"] == WORDS[lang]
    assert (tmp_path / "slips.html").stat().st_size > 1000


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ((SEATS, Veterans(), LOTTERY), "hold points"),
        ((Veterans(), SEATS, POINTS, LOTTERY), "begin with seats"),
        ((SEATS, POINTS), "end with lottery"),
        ((POINTS, Veterans(), Veterans(days=2), LOTTERY), "two levels are named 'veterans'"),
        ((POINTS, Veterans(name="pay"), LOTTERY), "a level and a scorer are named 'pay'"),
        ((POINTS, Veterans(largest=-1), LOTTERY), "largest of level 'veterans' is -1"),
        ((POINTS, Veterans, LOTTERY), "a level is an object with a name"),
        ((POINTS, Certificate, LOTTERY), "a level is an object with a name"),
        ((POINTS, Further("x", worker=[1]), LOTTERY), "has none of of_workers"),
    ],
)
def test_levels_that_a_policy_refuses(levels, message):
    """Each with what is wrong."""
    with pytest.raises(InvalidPolicyError, match=message):
        POLICY.with_levels(*levels)


def test_words_in_english_are_enough():
    """As for rules and scorers: text, or text by language; another language is told in English."""
    for words in ("veterans", {"en": "veterans"}):
        policy = POLICY.with_levels(POINTS, Veterans(words=words), LOTTERY)
        assert level_words(policy.describe(), "zh")["veterans"] == "veterans"
        assert "得分，其次veterans" in policy.text("zh")
    with pytest.raises(gm.PluginError, match="words of level 'veterans' is"):
        POLICY.with_levels(POINTS, Veterans(words={"zh": "老手"}), LOTTERY)


@pytest.mark.parametrize("level", OWN)
def test_levels_keep_their_contract(level):
    """The conformity check passes them."""
    check_level(level, examples=many(10))


@pytest.mark.usefixtures("few_steps")
def test_levels_that_break_their_contract():
    """Declarations, ranges, and weights that depend on others are found."""
    for level, message in (
        (Veterans(words={}), "its declarations make sense"),
        (Greater(largest=1), "an array of its kind"),
        (Relative(), "nobody's weight depends on who else is there"),
    ):
        with pytest.raises(AssertionError, match=message):
            check_level(level, examples=many(10))


@pytest.mark.usefixtures("few_steps")
def test_companions_and_requests_do_not_disturb_the_check():
    """Whoever is left out of a smaller morning takes along what names them."""
    people = a_worker("v", days_since_last_placement=5), a_worker("w"), a_worker("x")
    both = gm.Companions(id="two", worker_ids=("v", "w"))
    asked = gm.Request(worker_id="v", shift_id="s")
    on = st.just(a_morning(*people, a_shift(), a_shift("t"), companions=(both,), requests=(asked,)))
    check_level(Veterans(), on=on, examples=1)
    with pytest.raises(AssertionError, match="nobody's weight depends on who else is there"):
        check_level(Relative(), on=on, examples=1)


def test_weights_out_of_range_are_refused(morning):
    """A level that gives more than it says is named."""
    with pytest.raises(PluginError, match="of_workers of level 'veterans' must give weights from 0 to 1"):
        gm.match(morning, policy=POLICY.with_levels(SEATS, Greater(largest=1), POINTS, LOTTERY))


class Greater(Veterans):
    """One that says that its weights are smaller than they are."""

    def of_workers(self, columns: gm.Columns) -> Any:
        return np.full(columns.n_workers, 2)


class Relative(Veterans):
    """One for which those count who have waited longest of all."""

    def of_workers(self, columns: gm.Columns) -> Any:
        days = np.nan_to_num(columns.workers.days_waiting)
        return (days == days.max(initial=0)).astype(np.int64)


def test_a_level_beyond_its_own_largest_is_refused():
    """By name, with both figures: what it multiplies would not be enough."""

    @dataclass(frozen=True)
    class Boundless(Veterans):
        def of_workers(self, columns: gm.Columns) -> Any:
            return np.full(columns.n_workers, self.largest)

        def of_shifts(self, columns: gm.Columns) -> Any:
            return np.ones(columns.n_shifts, np.int64)

    policy = gm.DEFAULT_POLICY.with_levels(SEATS, Boundless(), POINTS, LOTTERY)
    with pytest.raises(PluginError) as caught:
        gm.match(gm.samples.jingshi(seed=7, workers=50), policy=policy)
    assert (caught.value.code, caught.value.parameters["most"]) == ("level_above_its_largest", 4)


def test_points_have_their_name():
    """Whatever else weighs the pairs' points would be told as something else."""

    class Renamed(type(POINTS)):
        name = "credits"

    problem = oracles.make([[1]], [1])
    with pytest.raises(InvalidProblemError, match="credits"):
        replace(problem, levels=[Renamed(name="credits"), LOTTERY])
