"""The report: what it says, to whom, and that it is one safe file of bounded size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from evidence.test_privacy import CHANGES, market
from explaining.test_advice import FAR
from explaining.test_advice import morning as market_of
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.pages.reports.advice import effort, sensible
from gigmatch.pages.reports.hall_sets import HallSets
from gigmatch.pages.reports.map import without_ending
from gigmatch.pages.shift_formatter import ShiftFormatter
from gigmatch.pages.words import Words
from page_reader import HOSTILE, hostile_morning, read_page
from strategies import mornings
from tests.conftest import examples, matched, sample, seldom


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=200)


@pytest.fixture(scope="module")
def answer(morning) -> gm.Assignment:
    return gm.match(morning)


def written(answer, folder, **options) -> str:
    options = {"advice": 0, **options}
    answer.report(folder / "report.html", **options)
    return (folder / "report.html").read_text(encoding="utf-8")


def called(answer) -> Callable[[str], str]:
    """What people call a shift of an id."""
    solved = SolvedMorning.of(answer)
    formatter = ShiftFormatter(solved, Words("en"))
    return lambda shift: formatter.name(solved.shift_row(shift))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_says_the_headline_figures(answer, tmp_path, lang):
    """Beside those of first come, first served and the difference; policy, seed and proof in words."""
    page = read_page(written(answer, tmp_path, lang=lang))
    summary, greedy = answer.summary, answer.baseline
    for one in (summary, greedy):
        assert f"{one.placements:,}" in page.text
        assert f"{one.wages_offered:,.0f}" in page.text
        assert f"{one.placements / one.seats:.1%}" in page.text
        assert f"{one.points:,.0f}" in page.text
    assert f"+{summary.placements - greedy.placements} " in page.text
    assert f"+{round(summary.points) - round(greedy.points):,} " in page.text
    assert {"en": "Proved optimal", "zh": "已证明最优"}[lang] in page.text
    assert answer.morning_digest in page.text
    assert {"en": "Seed 0.", "zh": "种子 0。"}[lang] in page.text
    [html] = page.named("html")
    assert html["lang"] == {"en": "en", "zh": "zh-CN"}[lang]


@pytest.mark.parametrize(("lang", "told"), [("en", "A raffle: shifts"), ("zh", "抽签：班次")])
def test_it_says_how_it_was_chosen(tmp_path, lang, told):
    """An answer of a hall is none that looked for the best, and no price proves anything of it."""
    few = sample("jingshi", seed=7, workers=50)
    raffle = gm.mechanisms.Hall(way="raffle")(few, 1)
    text = read_page(written(raffle, tmp_path, lang=lang)).text
    assert told in text
    assert {"en": "Not the best by proof: raffle", "zh": "未证明最优：抽签"}[lang] in text
    assert {"en": "Nobody looked for the best", "zh": "没有寻求整体最优"}[lang] in text
    drawn = gm.fair_lottery(few).draw(1)
    text = read_page(written(drawn, tmp_path, lang=lang)).text
    assert {"en": "of all lotteries over such assignments the fairest", "zh": "取最公平的"}[lang] in text


def test_every_picture_and_table_speaks(answer, tmp_path):
    """Pictures are hidden or have a label, tables have heads with a scope, one first heading, landmarks."""
    page = read_page(written(answer, tmp_path))
    for svg in page.named("svg"):
        assert svg.get("aria-hidden") == "true" or (svg["role"] == "img" and svg["aria-label"])
    assert all(head["scope"] in ("col", "row") for head in page.named("th"))
    assert len(page.named("h1")) == len(page.named("main")) == len(page.named("nav")) == 1
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for link in page.named("a"):
        assert link["href"][1:] in ids


def test_the_biggest_cause_of_empty_seats_is_first(answer, tmp_path):
    """Then smaller ones; each by its seats, and together no more than there are."""
    page = read_page(written(answer, tmp_path))
    told = page.text[page.text.index("Why seats are empty") : page.text.index("Why people have no shift")]
    seats = [int(n) for n in re.findall(r"(\d+) seats?: ", told)]
    assert len(seats) > 3
    assert seats == sorted(seats, reverse=True)
    people = [int(n) for n in re.findall(r"(\d+) (?:person|people): ", page.text)]
    assert people == sorted(people, reverse=True)
    assert sum(seats) <= answer.summary.seats - answer.summary.placements
    assert sum(people) <= len(answer.unplaced)


@pytest.mark.parametrize(("audience", "sees_people"), [("auditor", True), ("worker", False)])
def test_everything_is_listed(answer, tmp_path, audience, sees_people):
    """A row for every placement and every open shift, with its id; what is beyond so many is counted."""
    text = written(answer, tmp_path, audience=audience)
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", text)
    rows = Counter(cell for cell in cells if cell in answer.shift_ids)
    expected = Counter(shift.shift_id for shift in answer.open_shifts)
    assert rows == expected + Counter(shift for _, shift in answer.pairs if sees_people)
    assert all((worker in cells) == sees_people for worker, _ in answer.pairs)


def test_a_long_list_says_what_it_leaves_out(answer, tmp_path, monkeypatch):
    """How many of how many."""
    module = import_module("gigmatch.pages.reports.listings")
    monkeypatch.setattr(module, "_MOST_ROWS", 2)
    text = written(answer, tmp_path)
    assert f"Only the first 2 of {len(answer.pairs)} are here" in text
    assert f"Only the first 2 of {len(answer.open_shifts)} are here" in text


def test_the_map_has_room_for_names():
    """What all stations end in is left out; not where nothing would be left of one."""
    assert without_ending(["大厅驿站", "老山驿站", "八角驿站"]) == ["大厅驿站", "老山", "八角"]
    assert without_ending(["hall", "驿站", "八角驿站"]) == ["hall", "驿站", "八角驿站"]
    assert without_ending(["h", "West street station", "East street station"]) == ["h", "West", "East"]
    assert without_ending(["h", "Kington", "Brighton"]) == ["h", "Kington", "Brighton"]
    assert without_ending(["h", "苹果园", "梨园"]) == ["h", "苹果园", "梨园"]
    assert without_ending(["hall", "one"]) == ["hall", "one"]
    assert without_ending([]) == []


def test_pictures_do_not_follow_the_users_style(answer, tmp_path):
    """Nor leave anything behind in it."""
    import matplotlib

    first = written(answer, tmp_path)
    with matplotlib.rc_context({"axes.facecolor": "red", "font.size": 30}):
        assert written(answer, tmp_path) == first
        assert matplotlib.rcParams["font.size"] == 30


def test_the_same_answer_gives_the_same_bytes(morning, answer, tmp_path):
    """Pictures included, from the file as well."""
    first = written(answer, tmp_path)
    answer.save(tmp_path / "a.json")
    assert written(gm.Assignment.load(tmp_path / "a.json"), tmp_path, morning=morning) == first


def test_names_stay_names(tmp_path):
    """Whatever they are: nothing of them becomes a tag, and all of them can be read."""
    answer = gm.match(hostile_morning())
    for lang in ("en", "zh"):
        page = read_page(written(answer, tmp_path, lang=lang, advice=1))
        assert HOSTILE.split("\u202e")[0] in page.text


@pytest.mark.parametrize("audience", ["worker", "employer"])
def test_others_stay_unnamed(morning, answer, tmp_path, audience):
    """No worker's id, no employer's name, no advice, no way of a few people."""
    page = read_page(written(answer, tmp_path, audience=audience, advice=3))
    names = [worker.id for worker in morning.workers] + [e.name for e in morning.employers]
    assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", page.text)]
    assert "What would help" not in page.text
    assert "fewer than 3 people are left out" in page.text


def test_a_manager_sees_whom_a_warning_concerns(answer, tmp_path):
    """Some pairs by name, and how many more there are."""
    page = read_page(written(answer, tmp_path))
    worker, shift = answer.warnings[0].pairs[0]
    assert f"{worker} at {called(answer)(shift)}" in page.text


def test_it_advises(tmp_path):
    """What the adviser says of shifts with many open seats, the least effort first, and of training."""
    morning = sample("jingshi", seed=7)
    answer = gm.match(morning)
    page = read_page(written(answer, tmp_path, advice=1))
    adviser = gm.Adviser(gm.explain(morning, answer))
    most = sorted(answer.open_shifts, key=lambda shift: (-shift.open_seats, shift.shift_id))[:3]
    found = [advice for shift in most if (advice := sensible(adviser.fill(shift.shift_id))).options]
    assert len(found) > 1
    for advice in (min(found, key=effort), adviser.train(1)):
        told = gm.in_words(advice, morning, shift_name=called(answer))
        assert " ".join(told.split()) in page.text


def test_chinese_training_goes_by_names(morning, answer, tmp_path):
    """Skills as the tables beside it name them, no code; wages in yuan."""
    page = read_page(written(answer, tmp_path, lang="zh", advice=2))
    assert re.search(r"学“[\u4e00-\u9fff]+”到 \d 级", page.text)
    codes = {skill.code for skill in morning.skills}
    assert not codes & set(re.findall(r"(?<![\w-])[a-z_]+(?![\w-])", page.text))
    assert re.search(r"工资合计增加 [\d,.]+ 元：", page.text)


@pytest.mark.parametrize("sample", [seldom("jingshi"), "mentougou", seldom("majuqiao")])
def test_pages_read_well(sample, tmp_path):
    """One of anything is no plural, no figure is long, and Chinese is punctuated as Chinese."""
    answer = gm.match(getattr(gm.samples, sample)(seed=7, workers=100))
    path = tmp_path / "page.html"
    for lang in ("en", "zh"):
        written(answer, tmp_path, lang=lang, advice=2)
        pages = [(tmp_path / "report.html").read_text(encoding="utf-8")]
        for write in (answer.board, answer.slips, answer.call_lists):
            write(path, lang=lang)
            pages.append(path.read_text(encoding="utf-8"))
        for text in [*(read_page(page).text for page in pages), answer.board_text(lang=lang)]:
            assert not re.findall(r"(?<![\w-])1 (?!has\b|is\b)[a-z]+s\b", text)
            assert not re.findall(r"\d\.\d{3}", text)
            assert not re.findall(r"[\u4e00-\u9fff][,;!?(]|[,;!?)][\u4e00-\u9fff]", text) or lang == "en"


def test_transport_that_nobody_would_take_is_not_told():
    """An hour more is the most; pay comes first."""
    change = gm.Adviser(gm.explain(*_small())).fill("far")
    assert [option.kind for option in change.options] == ["transport"]
    assert not sensible(change).options


def _small() -> tuple[gm.Morning, gm.Assignment]:
    """One worker who goes 10 minutes on foot, and a shift some 20 km away."""
    base = sample("jingshi", seed=7, workers=60)
    worker = next(w for w in base.workers if w.id == "li-shifu")
    shift = next(s for s in base.shifts if s.id == "parking-locks")
    far = {"id": "far", "location": gm.Location(lat=40.1, lon=116.195, datum="WGS-84")}
    changes = {
        "workers": (worker.model_copy(update={"travel_limit_min": 10.0}),),
        "shifts": (shift.model_copy(update=far),),
    }
    morning = base.model_copy(update=changes)
    return morning, gm.match(morning)


def test_shortages_are_those_of_the_explainer(morning, answer):
    """Set by set: the same workers and shifts, found without prices."""
    explainer = gm.explain(morning, answer)
    counts = HallSets(explainer.solved.problem, answer.solution.shift)
    columns, seen = explainer.solved.columns, set()
    for shift in answer.open_shifts:
        reason = explainer.why_empty(shift.shift_id)
        found = counts.of_workers(columns.shift_row[shift.shift_id])
        if reason.kind == "short_of_workers":
            assert explainer.solved.shift_names(np.flatnonzero(found.shifts)) == reason.shifts
            assert (found.people, found.seats) == (reason.n_workers, reason.n_seats)
            assert found.people < found.seats
        seen.add(reason.kind)
    for worker in answer.unplaced:
        if not worker.eligible_shifts:
            continue
        reason = explainer.why_unplaced(worker.worker_id)
        found = counts.of_seats(columns.worker_row[worker.worker_id])
        assert explainer.solved.names(np.flatnonzero(found.workers)) == reason.workers
        assert (found.people, found.seats) == (reason.n_workers, reason.n_seats)
        assert found.people > found.seats
        seen.add(reason.kind)
    assert {"short_of_workers", "short_of_seats"} <= seen


def test_where_points_alone_count_there_may_be_no_set(morning):
    """A seat is free and somebody could come: no shortage can be counted."""
    policy = gm.DEFAULT_POLICY.with_objective("points")
    shift = next(s for s in morning.shifts if s.id == "parking-locks")
    worker = next(w for w in morning.workers if w.id == "li-shifu")
    small = morning.model_copy(update={"workers": (worker,), "shifts": (shift,)})
    explainer = gm.explain(small, gm.match(small, policy=policy))
    nobody = np.full(1, -1, np.int32)
    assert HallSets(explainer.solved.problem, nobody).of_seats(0) is None
    assert HallSets(explainer.solved.problem, nobody).of_workers(0) is None


@examples(2)
@given(some=mornings(), audience=st.sampled_from(["manager", "worker"]))
def test_any_morning_has_a_report(tmp_path_factory, some, audience):
    """Whatever is missing in it."""
    read_page(written(gm.match(some), tmp_path_factory.mktemp("any"), audience=audience, lang="zh"))


def test_not_proved_is_said(morning, tmp_path):
    """And how far from the best it may be."""
    answer = gm.match(morning, time_limit_s=0)
    page = read_page(written(answer, tmp_path, advice=2))
    assert "Not proved optimal" in page.text
    assert "points below; work stopped early" in page.text
    assert "what would change it is not known" in page.text


def test_own_rules_promises_and_points_first(morning, answer, tmp_path):
    """A rule of one's own by its sentence, a promise by its number."""

    def no_dinner(columns, pairs):
        """Home for dinner."""
        return columns.shifts.end_min[pairs.shift] < 17 * 60

    no_dinner.severity = "warn"
    own = [*gm.DEFAULT_RULES, no_dinner]
    pair = answer.pairs[0]
    policy = gm.DEFAULT_POLICY.with_objective("points")
    other = gm.match(morning, rules=own, keep=[pair], policy=policy)
    page = read_page(written(other, tmp_path, rules=[no_dinner]))
    assert "does not hold: Home for dinner." in page.text
    assert "1 pair promised beforehand" in page.text
    assert "The most points, wherever they come from" in page.text


def test_a_city_in_columns(tmp_path):
    """Areas for stations, codes for names, no advice; small, since everything is counted together."""
    answer = matched("city", workers=4_000, shifts=2_500, seed=1)
    text = written(answer, tmp_path, advice=3)
    page = read_page(text)
    assert len(text) < 1_000_000
    assert "By area" in page.text
    assert "came as columns" in page.text


def test_a_large_morning_is_not_advised(morning, answer, tmp_path, monkeypatch):
    """It would take long, and says so."""
    monkeypatch.setattr("gigmatch.pages.reports.advice._LARGEST_ADVISED", 100)
    assert "For 200 people advice would take long" in read_page(written(answer, tmp_path, advice=1)).text


def test_mistakes_are_told(answer, tmp_path):
    """By name, with the way out; nothing is written."""
    for options, message in (
        ({"lang": "fr"}, "lang must be one of en, zh; got 'fr'"),
        ({"audience": "press"}, "audience must be one of worker, employer, manager, auditor; got 'press'"),
        ({"advice": -1}, "advice must be a whole number of at least 0; got -1"),
        ({"advice": True}, "advice must be a whole number"),
    ):
        with pytest.raises(gm.InvalidInputError, match=message):
            answer.report(tmp_path / "x.html", **options)
    with pytest.raises(gm.InvalidInputError, match="cannot be written"):
        answer.report(tmp_path / "nowhere" / "x.html", advice=0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("audience", "fate"), [("worker", "placed"), ("employer", "unplaced")])
def test_pages_of_others_are_the_same_whatever_is_hidden(tmp_path, audience, fate):
    """Report, board, call lists, byte by byte: limit, floor, home, rating, wish and refusal of somebody."""
    every = {name: value for change in CHANGES.values() for name, value in change.items()}
    told = []
    for change in ({}, every):
        made = gm.match(market(fate, **change))
        made.board(tmp_path / "board.html")
        made.call_lists(tmp_path / "calls.html")
        pages = [(tmp_path / name).read_text(encoding="utf-8") for name in ("board.html", "calls.html")]
        told.append([written(made, tmp_path, audience=audience), *pages])
    assert told[0] == told[1]


def test_a_row_that_is_left_out_is_not_found_by_subtraction(tmp_path):
    """Two are left out or none, people are told in threes, and so are ways, warnings and who is eligible."""
    stations = [
        {"id": f"st{k}", "name": f"Post {k}", "location": {**FAR, "lat": 39.9 + k / 99}} for k in range(4)
    ]
    people = [("hall", 6), ("st0", 7), ("st1", 5), ("st2", 4), ("st3", 1)]
    workers = [{"id": f"{where}-{i}", "station_id": where} for where, n in people for i in range(n)]
    made = market_of(workers, [{"id": "s", "headcount": 30}], market={"stations": stations})
    page = read_page(written(gm.match(made), tmp_path, audience="employer"))
    rows = dict(re.findall(r"Post (\d) (\S+) \S+ \d+ \d+", page.text[page.text.index("By station") :]))
    assert rows == {"0": "6", "1": "3", "2": "–", "3": "–"}
    assert gm.match(made).morning_digest not in page.text
