"""Pages of a morning of whole days and whole crews: slips, board, call lists, report, timeline."""

from __future__ import annotations

import re
from dataclasses import replace

import matplotlib
import pytest

matplotlib.use("Agg")

import gigmatch as gm
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.pages import plot
from gigmatch.pages.figures import Stint, days_of, hours_between
from gigmatch.pairing.rules.hours import HoursToday
from gigmatch.pairing.succession import ReachesNext
from gigmatch.problem.plans import certified_bound
from page_reader import HOSTILE, read_page
from tests.conftest import a_morning, a_shift, a_worker, changed

AUDIENCES = ("manager", "auditor", "worker", "employer")
TEXTS = {"en": ("Does not take place", "Not drawn"), "zh": ("不开工", "未抽签")}


def shift(name: str, start: int, end: int, *, away: float = 0, **given) -> gm.Shift:
    at = gm.Location(lat=39.9 + away, lon=116.2, datum="WGS-84")
    return a_shift(name, periods=(gm.Period(start_min=start, end_min=end),), location=at, **given)


def day_morning(said: str = "") -> gm.Morning:
    """Two who take several shifts, a crew that comes, one that does not, and a stall that lacks people."""
    cleaner, mason_too = ((gm.WorkerSkill(skill=code, level=1),) for code in "cm")
    people = [
        changed(a_worker("li", max_shifts=3, least_break_min=30), name=f"Li{said}", skills=cleaner),
        a_worker("wang", max_shifts=2),
        *(a_worker(f"w{at}", skills=mason_too) for at in range(3)),
    ]
    mason = (gm.SkillRequirement(skill="m"),)
    shifts = [
        shift("cleaning", 360, 540, all_of=(gm.SkillRequirement(skill="c"),), title=f"Cleaning{said}"),
        shift("dishes", 1080, 1320, away=0.05, headcount=2),
        shift("lunch", 660, 780),
        shift("masons", 360, 840, headcount=2, crew_id="wall", all_of=mason, priority_tier=1),
        shift("helpers", 360, 840, crew_id="wall", all_of=mason, priority_tier=1),
        shift("roofers", 360, 840, headcount=9, crew_id="roof"),
        shift("stall", 600, 840, headcount=8, minimum_headcount=6),
    ]
    crews = (gm.Crew(id="wall", name=f"Wall{said}"), gm.Crew(id="roof", name=f"Roof{said}"))
    return a_morning(*people, *shifts, skills="cm", crews=crews)


@pytest.fixture(scope="module")
def answer() -> gm.Assignment:
    return gm.match(day_morning())


@pytest.fixture(scope="module")
def hostile() -> gm.Assignment:
    return gm.match(day_morning(HOSTILE))


def opened(answer: gm.Assignment) -> gm.Assignment:
    """The same answer before the search was done: prices of nothing prove how far it may be from the best."""
    solution, problem = answer.solution, answer.solved.plan_problem
    proofs = [
        replace(
            proof,
            branching=replace(proof.branching, kind=[0], what=[0]),
            splits=(
                replace(
                    proof.splits[0],
                    scale=1,
                    multipliers=(0,) * place,
                    shift_price=proof.splits[0].shift_price * 0,
                    pair=proof.splits[0].pair[:0],
                    pair_price=proof.splits[0].pair_price[:0],
                ),
            ),
        )
        for place, proof in enumerate(solution.certificates)
    ]
    claims = [
        replace(claim, bound=certified_bound(problem, place, proof, [0] * place))
        for place, (claim, proof) in enumerate(zip(solution.claims, proofs, strict=True))
    ]
    found = replace(
        solution, claims=tuple(claims), certificates=tuple(proofs), status="feasible", stopped="time limit"
    )
    solved = answer.solved
    return replace(solved, answer=found).assignment()


def page(answer: gm.Assignment, kind: str, folder, **options) -> str:
    path = folder / f"{kind}.html"
    getattr(answer, kind)(path, **options)
    return path.read_text(encoding="utf-8")


def test_the_answer_is_such_a_day(answer):
    """Everything that the pages have to show is in it."""
    assert answer.shifts_of("li") == ("cleaning", "lunch", "dishes")
    assert answer.shifts_of("wang") == ("dishes",) or len(answer.shifts_of("wang")) == 2
    assert len(answer.fill["masons"]) == 2
    assert answer.fill["roofers"] == answer.fill["stall"] == ()


def test_a_slip_has_the_whole_day(answer, tmp_path):
    """In order, with the way between, the time until the next begins, and what all pay together."""
    text = read_page(page(answer, "slips", tmp_path)).text
    slips = text.split("Work slip · ")[1:]
    assert len(slips) == len({worker for worker, _ in answer.pairs})
    [li] = [slip for slip in slips if "Li" in slip[:80]]
    assert "3 shifts, 600 CNY in all" in li
    assert li.index("Cleaning") < li.index("lunch") < li.index("dishes")
    [_, way] = days_of(answer.solved)[0].ways
    assert way > 30
    assert f"About {way:.0f} min from the shift before." in li
    assert "2 h from the end of that one until this one begins." in li
    assert "5 h from the end of that one" in li
    assert "Shift 2" not in " ".join(slip for slip in slips if "w0" in slip)


def test_what_lacks_people_says_how_many(answer, tmp_path):
    """On the board, in the terminal, and on the list of whoever calls names."""
    told = (
        "with the whole crew Roof only: 9 people missing",
        "with 6 people or more: 6 people missing",
    )
    for text in (
        read_page(page(answer, "board", tmp_path)).text,
        answer.board_text(width=100),
        read_page(page(answer, "call_lists", tmp_path)).text,
    ):
        assert all(each in text for each in told)
        assert "Wall only" not in text


def test_nobody_stands_by_without_companions(tmp_path):
    """Somebody who goes with others only is no help alone."""
    people = [a_worker(name) for name in ("li", "wang", "zhao")]
    group = gm.Companions(id="g", worker_ids=("wang", "zhao"), together="shift")
    found = gm.match(a_morning(*people, shift("a", 360, 600), companions=(group,)), keep=[("li", "a")])
    calls = read_page(page(found, "call_lists", tmp_path)).text
    assert "No stand-by" in calls


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_report_tells_of_days_and_crews(answer, tmp_path, lang, audience):
    """Crews to everybody, days to those who may see who works where; the lottery was not drawn."""
    not_there, not_drawn = TEXTS[lang]
    html = page(answer, "report", tmp_path, lang=lang, audience=audience, advice=1)
    text = read_page(html).text
    sees = audience in ("manager", "auditor")
    assert not_there in text
    assert not_drawn in text
    assert {"en": "of 3 crews", "zh": "3 个班组"}[lang] in text
    assert ('class="day"' in html) == sees
    assert ("wang" in text) == sees
    assert html.count('class="crew"') == (3 if sees else 0)
    lottery = {"en": "by lot", "zh": "由抽签决定"}[lang]
    assert lottery not in text


def test_the_report_tells_what_is_proved(answer, tmp_path):
    """Level by level, tiers by themselves; before the search, how far each may be from its best."""
    text = read_page(page(answer, "report", tmp_path)).text
    assert "As many seats of priority 1 as possible 3 3 nothing" in text
    assert "This assignment is worth exactly that much." in text
    early = opened(answer)
    assert early.status == "feasible"
    text = read_page(page(early, "report", tmp_path)).text
    assert "Not proved optimal" in text
    assert "work stopped early (time limit)" in text
    gap = early.solution.points_claim.gap / 100
    assert f"at most {gap:,.2f} points below those of the best" in text
    seats = next(claim for claim in early.solution.claims if not claim.is_closed)
    assert re.search(rf"as possible {seats.value} {seats.bound} {seats.gap} ", text)


def test_it_counts_people_and_not_shifts(answer, tmp_path):
    """Whoever has three shifts is one of those who have work."""
    people = len({worker for worker, _ in answer.pairs})
    assert answer.summary.placements > people
    assert f"{people} of 5 people have work this morning" in read_page(page(answer, "report", tmp_path)).text
    assert re.search(rf"people placed +{people} +", str(answer))
    assert "安排人次" in answer.text("zh")


def test_names_are_only_text(hostile, tmp_path):
    """Of workers, shifts and crews, on every page."""
    for kind in ("report", "slips", "call_lists", "board"):
        html = page(hostile, kind, tmp_path)
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "alert(1)" in read_page(html).text
    assert "\u202e" not in hostile.board_text()


def test_rules_that_warn_over_the_day_are_told(tmp_path):
    """The placements of whoever breaks them with several shifts together, or by what follows on what."""
    rules = [rule for rule in gm.DEFAULT_RULES if not isinstance(rule, HoursToday)]
    li = a_worker("li", max_shifts=2, max_hours_today=4.0)
    morning = a_morning(li, shift("early", 360, 540), shift("noon", 550, 720, away=0.05))
    steps = [ReachesNext(severity="warn")]
    found = gm.match(morning, rules=[*rules, HoursToday(severity="warn")], succession=steps)
    assert [(each.rule, each.pairs) for each in found.warnings] == [
        (name, (("li", "early"), ("li", "noon"))) for name in ("hours_today", "way_between")
    ]
    assert "2 placed against" in str(found)
    text = read_page(page(found, "report", tmp_path)).text
    assert "No placement breaks a rule" not in text
    assert all(
        called in text
        for called in ("no time for the way to the next shift", "more hours than the worker takes today")
    )
    found.save(tmp_path / "a.json")
    assert gm.Assignment.load(tmp_path / "a.json").warnings == found.warnings


def test_the_timeline_draws_every_period(answer):
    """Those of most shifts first; crews in another colour, and what is not shown is counted."""
    axes = plot.timeline(answer)
    assert len(axes.patches) == len(answer.pairs)
    assert axes.get_yticklabels()[0].get_text() == "Li"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["at work", "in a crew"]
    assert plot.timeline(answer, most=1).get_title() == "who works when (4 more not shown)"
    with pytest.raises(gm.InvalidInputError, match="most"):
        plot.timeline(answer, most=0)


@pytest.mark.parametrize(("first", "last", "step"), [(370, 1320, 120), (0, 1440, 180), (-60, 20_000, 2880)])
def test_marks_of_a_timeline_enclose_it(first, last, step):
    """No more than can be read, at round times."""
    marks = hours_between([Stint(0, first, last, False)])
    assert marks[0] <= first
    assert marks[-1] >= last
    assert marks.step == step


def test_a_loaded_answer_has_the_same_slips(answer, tmp_path):
    """The ways between follow from the morning."""
    answer.save(tmp_path / "a.json")
    loaded = gm.Assignment.load(tmp_path / "a.json")
    assert page(loaded, "slips", tmp_path, morning=answer.solved.morning) == page(answer, "slips", tmp_path)
    assert SolvedMorning.of(loaded, morning=answer.solved.morning).has_plans
