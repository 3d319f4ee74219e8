"""Board, slips and call lists: what they say, and that they are safe."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections import Counter

import pytest
from hypothesis import given

import gigmatch as gm
from gigmatch.pages.figures.tallies import fill_by_hour
from gigmatch.pages.shift_formatter import ShiftFormatter
from gigmatch.pages.words import Words
from page_reader import HOSTILE, hostile_morning, read_page
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, matched, sample

HALL = {"lat": 39.9, "lon": 116.2, "datum": "WGS-84"}


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=200)


@pytest.fixture(scope="module")
def answer(morning) -> gm.Assignment:
    return gm.match(morning)


def written(answer, folder, kind, **options):
    getattr(answer, kind)(folder / "page.html", **options)
    return read_page((folder / "page.html").read_text(encoding="utf-8"))


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in line)


# -- the board -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_board_shows_every_open_shift(answer, tmp_path, lang):
    """With its seats and no id; four to a page, and it turns: a round takes less than two minutes."""
    page = written(answer, tmp_path, "board", lang=lang)
    assert not [shift for shift in answer.open_shifts if shift.shift_id in page.text]
    assert len(page.named("li")) == len(answer.open_shifts)
    pages = [tag for tag in page.named("ul") if tag["class"] == "page"]
    assert len(pages) == -(-len(answer.open_shifts) // 4)
    [body] = page.named("body")
    assert 5_000 <= int(body["data-ms"]) <= min(12_000, 120_000 / len(pages))
    [slow] = written(answer, tmp_path, "board", seconds=50).named("body")
    assert slow["data-ms"] == "50000"
    assert "data-reload" not in body
    assert all(button.get("aria-label") or button["id"] == "pause" for button in page.named("button"))
    [main] = page.named("main")
    assert main["aria-live"] == "off"  # while it turns by itself; the script makes it polite when it pauses
    assert not [worker for worker in answer.worker_ids if f"{worker} " in page.text]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 80])
def test_the_board_as_text(answer, lang, columns):
    """Every open shift, no line wider than the terminal, Chinese counted as two."""
    lines = answer.board_text(lang=lang, width=columns).splitlines()
    assert all(width(line) <= columns for line in lines)
    for shift in answer.open_shifts:
        assert any(shift.shift_id in line for line in lines)


def test_hostile_names_do_not_move_the_cursor():
    """No control character, no direction mark reaches a terminal."""
    base = sample("jingshi", seed=7, workers=60)
    skills = tuple(s.model_copy(update={"name": "\x1b[2J\u202e\n工\x07" + "长" * 60}) for s in base.skills)
    text = gm.match(base.model_copy(update={"skills": skills})).board_text(width=60)
    assert {c for c in text if unicodedata.category(c) in ("Cc", "Cf")} == {"\n"}
    assert all(width(line) <= 60 for line in text.splitlines())


def test_the_urgent_come_first(tmp_path):
    """In order of priority, marked where it is more than ordinary."""
    base = one_shift().shifts[0]
    tiers = {"usual": 5, "soon": 3, "rush": 1, "later": 9}
    shifts = [
        base.model_copy(update={"id": f"{k}", "title": name, "priority_tier": tier})
        for k, (name, tier) in enumerate(tiers.items())
    ]
    answer = gm.match(one_shift().model_copy(update={"workers": (), "shifts": tuple(shifts)}))
    text = written(answer, tmp_path, "board").text
    assert re.findall(r"(?:(urgent) )?\b(usual|soon|rush|later)\b", text) == [
        ("urgent", "rush"),
        ("urgent", "soon"),
        ("", "usual"),
        ("", "later"),
    ]


def test_a_full_morning_has_an_empty_board(tmp_path):
    """And says so."""
    base = sample("jingshi", seed=7, workers=60)
    answer = gm.match(base.model_copy(update={"shifts": ()}))
    assert "Every seat is taken." in written(answer, tmp_path, "board").text
    assert answer.board_text(lang="zh").endswith("名额已满。")


def test_a_long_board_says_what_it_leaves_out(answer, tmp_path, monkeypatch):
    """In numbers, on the screen and in the terminal."""
    monkeypatch.setattr("gigmatch.pages.boards._MOST_OFFERS", 4)
    left_out = f"{len(answer.open_shifts) - 4} shifts more with open seats: ask at the desk."
    assert left_out in written(answer, tmp_path, "board", reload=True).text
    assert answer.board_text().endswith(left_out)


# -- slips and call lists ------------------------------------------------------------------------------------


def one_shift(**fields) -> gm.Morning:
    """A morning of one worker and one shift."""
    shift = {
        "id": "job",
        "employer_id": "wang",
        "broker_id": "li",
        "location": HALL | {"label": "仓库"},
        "periods": [{"start_min": "08:00", "end_min": "17:00"}, {"start_min": "32:00", "end_min": "41:00"}],
        "pay": {"amount": 420, "unit": "shift"},
        **fields,
    }
    return gm.Morning(
        date="2025-09-19",
        time_zone="Asia/Shanghai",
        currency="CNY",
        market={"id": "hall", "name": "大厅", "location": HALL},
        skills=[{"code": "mason", "name": "瓦工"}],
        employers=[{"id": "wang", "name": "王老板"}],
        brokers=[{"id": "li", "name": "李经纪", "licence": "A-7"}],
        workers=[
            {
                "id": "zhao",
                "station_id": "hall",
                "arrived_at_min": "05:10",
                "skills": [{"skill": "mason", "level": 1}],
                "credentials": [{"kind": "health"}],
            }
        ],
        shifts=[shift],
    )


@pytest.mark.parametrize("paper", ["a4", "80mm"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everybody_placed_has_a_slip(answer, tmp_path, lang, paper):
    """One each, with the shift."""
    page = written(answer, tmp_path, "slips", lang=lang, paper=paper)
    labels = [tag["aria-label"] for tag in page.named("article")]
    assert [label.split()[-1] for label in labels] == [worker for worker, _ in answer.pairs]


def test_a_slip_says_everything(tmp_path):
    """Where, when, what to bring, pay, settlement, cover, whom to ask."""
    fields = {
        "settlement": "same_day",
        "insurance": True,
        "outdoor": True,
        "meals": False,
        "hazards": ["heavy"],
        "credentials": [{"kind": "health"}],
        "all_of": [{"skill": "mason", "least_level": 3}],
    }
    answer = gm.match(one_shift(**fields))
    english = written(answer, tmp_path, "slips", lang="en").text
    chinese = written(answer, tmp_path, "slips", lang="zh").text
    for told in (
        "仓库",
        "Fri 19 Sep, Sat 20 Sep, 08:00\u2060–\u206017:00",
        "瓦工, level 3 or better",
        "420 CNY in all",
        "paid the same day",
        "health certificate, food and water, clothes for the weather, sturdy shoes and gloves",
        "heavy loads",
        "The employer covers you.",
        "Broker 李经纪, licence A-7",
        "Employer 王老板",
        "Desk: 大厅",
    ):
        assert told in english
    for told in ("瓦工（3 级及以上）", "共 420 元", "日结", "健康证", "雇主已为您投保。", "服务台：大厅"):
        assert told in chinese


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pay": {"amount": 35, "unit": "hour"}}, ("35 CNY an hour", "630 CNY in all")),
        ({"pay": {"amount": 210, "unit": "day"}}, ("210 CNY a day", "420 CNY in all")),
        ({"pay": {"amount": 8, "unit": "piece", "expected_pieces": 9}}, ("8 CNY a piece", "72 CNY in all")),
        ({"pay": {"amount": 7000, "unit": "month"}}, ("7,000 CNY a month", "643.68 CNY in all")),
        (
            {"periods": [{"start_min": "20:00", "end_min": "28:00"}]},
            ("Fri 19 Sep, 20:00\u2060–\u206004:00 next day",),
        ),
        (
            {"attendance": "flexible", "min_minutes": 150},
            ("2.5 h of these, freely chosen",),
        ),
        (
            {"periods": [{"start_min": 1440 * d + 480, "end_min": 1440 * d + 540 + d} for d in range(15)]},
            ("Fri 19 Sep, 08:00", "and 3 more"),
        ),
        (
            {"periods": [{"start_min": 1440 * d + 480, "end_min": 1440 * d + 540} for d in (0, 1, 5)]},
            ("Fri 19 Sep, Sat 20 Sep, Wed 24 Sep, 08:00",),
        ),
        (
            {"periods": [{"start_min": 1440 * d + 480, "end_min": 1440 * d + 540} for d in range(4)]},
            ("4 days, Fri 19 Sep to Mon 22 Sep, 08:00",),
        ),
        (
            {"periods": [{"start_min": 1440 * d, "end_min": 1440 * d + 60} for d in (3, 4, 5, 6, 7, 10)]},
            ("6 weekdays, Mon 22 Sep to Mon 29 Sep, 00:00",),
        ),
        (
            {"periods": [{"start_min": 2880 * d + 480, "end_min": 2880 * d + 540} for d in range(6)]},
            ("6 days from Fri 19 Sep to Mon 29 Sep, ask which, 08:00",),
        ),
        ({"periods": [{"start_min": 480, "end_min": 1440}]}, ("24:00",)),
        ({"any_of": [{"skill": "mason", "least_level": 2}, {"skill": "mason"}]}, (" or ",)),
        ({"lodging": True, "meals": True}, ("water, what you need to stay over",)),
        ({}, ("no skill asked", "ask when it is paid", "No cover is known. You may refuse.")),
    ],
)
def test_how_things_are_said(tmp_path, fields, said):
    """Pay in every unit, days and nights, freely chosen minutes."""
    text = written(gm.match(one_shift(**fields)), tmp_path, "slips", lang="en").text
    for told in said:
        assert told in text


def test_days_go_by_their_dates():
    """From columns as from objects; on the day itself the first two are today and tomorrow."""
    from gigmatch.assignment.solved import SolvedMorning

    solved = SolvedMorning.of(gm.match(gm.columns_of(one_shift()).unlabelled))
    formatter, spoken = (ShiftFormatter(solved, Words("en"), says_today=today) for today in (False, True))
    assert [formatter.day(offset) for offset in range(3)] == ["Fri 19 Sep", "Sat 20 Sep", "Sun 21 Sep"]
    assert [spoken.day(offset) for offset in range(3)] == ["today", "tomorrow", "Sun 21 Sep"]
    assert formatter.clock(-60) == "yesterday 23:00"
    assert formatter.clock(None) == "–"


def test_times_are_those_of_the_clock_on_the_wall(tmp_path):
    """On the night on which clocks go back: of periods, and of the hours that seats are told by."""
    periods = [gm.Period(start_min="22:00", end_min="26:30B"), gm.Period(start_min="28:00", end_min="30:00")]
    morning = a_morning(
        a_worker(arrived_at_min="21:00"),
        a_shift(periods=periods),
        date="2025-10-25",
        time_zone="Europe/Berlin",
    )
    answer = gm.match(morning)
    text = written(answer, tmp_path, "slips", lang="en").text
    assert "22:00⁠–⁠02:30 (second time) next day" in text
    assert "04:00⁠–⁠06:00" in text
    formatter = ShiftFormatter(answer.solved, Words("zh"))
    assert "次日 02:30（第二次）" in " ".join(formatter.when(0))
    assert [tally.name for tally in fill_by_hour(answer.solved)] == ["22:00"]
    later = a_morning(a_shift(periods=periods[1:]), date="2025-10-25", time_zone="Europe/Berlin")
    assert [tally.name for tally in fill_by_hour(gm.match(later).solved)] == ["04:00"]


def test_call_lists_are_by_arrival_with_stand_bys(morning, answer, tmp_path):
    """Names in order of arrival; stand-bys have no shift, may take this one, and are the best who do."""
    explainer = gm.explain(morning, answer)
    page = written(answer, tmp_path, "call_lists", lang="en")
    assert len(page.named("article")) == len(answer.shift_ids)
    text = page.text
    for shift, workers in answer.fill.items():
        assert shift in text
        assert all(worker in text for worker in workers)
    [shift] = [s for s in ("parking-locks",) if s in answer.shift_ids]
    from gigmatch.assignment.solved import SolvedMorning
    from gigmatch.pages.paper import _StandBys

    found = _StandBys(SolvedMorning.of(answer)).of(answer.shift_ids.index(shift))
    home = {unplaced.worker_id for unplaced in answer.unplaced}
    row = explainer.solved.shift_row(shift)
    able = [w for w in answer.worker_ids if w in home and _eligible(explainer, w, row)]
    points = {w: explainer.solved.points(explainer.solved.worker_row(w), row) for w in able}
    best = sorted(able, key=lambda w: (-points[w], answer.worker_ids.index(w)))
    assert [answer.worker_ids[row] for row in found] == best[:5]


def _eligible(explainer, worker, row) -> bool:
    return explainer.solved.position(explainer.solved.worker_row(worker), row) >= 0


def test_an_employers_call_list_has_their_own_shifts(morning, answer, tmp_path):
    """Nobody placed elsewhere is in it, no stand-by by name or id, and these are counted in threes."""
    employer = Counter(shift.employer_id for shift in morning.shifts).most_common(1)[0][0]
    own = {shift.id for shift in morning.shifts if shift.employer_id == employer}
    text = written(answer, tmp_path, "call_lists", lang="en", employer=employer).text
    assert {shift for shift in answer.shift_ids if shift in text} == own
    placed = {worker for worker, shift in answer.pairs if shift in own}
    assert {worker for worker in answer.worker_ids if worker in text} == placed
    counts = {int(n) for n in re.findall(r"(\d+) people or more stand by", text)}
    assert all(n and n % 3 == 0 for n in counts)
    with pytest.raises(gm.InvalidInputError, match="employer 'nobody' is not in the morning"):
        written(answer, tmp_path, "call_lists", employer="nobody")


def test_paper_that_is_cut_says_so(answer, tmp_path, monkeypatch):
    """How many of how many."""
    monkeypatch.setattr("gigmatch.pages.paper._MOST_SLIPS", 3)
    monkeypatch.setattr("gigmatch.pages.paper._MOST_LISTS", 2)
    slips, calls = (written(answer, tmp_path, kind, lang="en") for kind in ("slips", "call_lists"))
    assert f"Only the first 3 of {len(answer.pairs)} slips are here." in slips.text
    assert f"Only the first 2 of {len(answer.shift_ids)} shifts are here." in calls.text
    assert (len(slips.named("article")), len(calls.named("article"))) == (3, 2)


# -- all of them ---------------------------------------------------------------------------------------------


@examples(1)
@given(some=mornings())
def test_any_morning_has_pages(tmp_path_factory, some):
    """Whatever is missing in it, and from its file as well."""
    folder = tmp_path_factory.mktemp("any")
    answer = gm.match(some)
    answer.save(folder / "a.json")
    loaded = gm.Assignment.load(folder / "a.json")
    for kind in ("board", "slips", "call_lists"):
        written(answer, folder, kind, lang="zh")
        first = (folder / "page.html").read_bytes()
        written(loaded, folder, kind, lang="zh", morning=some)
        assert (folder / "page.html").read_bytes() == first
    assert answer.board_text() == loaded.board_text(morning=some)


@pytest.mark.parametrize("kind", ["board", "slips", "call_lists"])
def test_names_stay_names(tmp_path, kind):
    """Nothing of a hostile name becomes a tag, and all of it can be read."""
    page = written(gm.match(hostile_morning()), tmp_path, kind)
    assert HOSTILE.split("\u202e")[0] in page.text


def test_columns_have_pages(tmp_path):
    """Ids and areas where there are no names."""
    answer = matched("city", workers=300, shifts=60)
    for kind in ("board", "slips", "call_lists"):
        assert "area " in written(answer, tmp_path, kind, lang="en").text


def test_mistakes_are_told(answer, tmp_path):
    """By name, with what may be given."""
    with pytest.raises(gm.InvalidInputError, match="paper must be one of a4, 80mm; got 'a3'"):
        answer.slips(tmp_path / "x.html", paper="a3")
    with pytest.raises(
        gm.InvalidInputError, match=r"seconds must be a number from 1 to 3,600, or None .*; got 0"
    ):
        answer.board(tmp_path / "x.html", seconds=0)
    with pytest.raises(gm.InvalidInputError, match="width must be a whole number of at least 40; got 3"):
        answer.board_text(width=3)
    assert not (tmp_path / "x.html").exists()


def test_without_the_extra_it_says_what_to_install():
    """Text needs nothing, nor does the module of plots as long as nothing is drawn."""
    code = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(('jinja2', 'matplotlib', 'matplotlib.pyplot')))\n"
        "import gigmatch as gm\n"
        "answer = gm.match(gm.samples.jingshi(workers=50))\n"
        "print(len(answer.board_text()) > 100)\n"
        "for show in (lambda: answer.board('never.html'), lambda: gm.plot.travel(answer)):\n"
        "    try:\n        show()\n"
        "    except gm.UnsupportedError as error:\n        print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("True\n"), done.stderr
    assert done.stdout.count("pip install fonttools jinja2 matplotlib zhplot") == 2


# -- who sees what -------------------------------------------------------------------------------------------


def named_morning() -> gm.Morning:
    """One placed, one waiting, every label told; a rule that warns is broken."""
    who = {"home": HALL, "travel_mode": "walk"}
    shift = {"id": "s", "employer_id": "e", "broker_id": "b", "location": HALL | {"label": "PLACE"}}
    shift |= {"periods": [{"start_min": 480, "end_min": 720}], "pay": {"amount": 90, "unit": "shift"}}
    return gm.Morning(
        date="2025-07-19",
        time_zone="Asia/Shanghai",
        currency="CNY",
        market={"id": "hall", "name": "MARKET", "contact": "DESK-PHONE", "location": HALL},
        workers=[
            {"id": "w", "name": "PLACED", "contact": "PHONE-W", "arrived_at_min": 300} | who,
            {"id": "v", "name": "WAITING", "contact": "PHONE-V", "arrived_at_min": 310} | who,
        ],
        employers=[{"id": "e", "name": "EMPLOYER", "contact": "BOSS-PHONE"}],
        brokers=[{"id": "b", "name": "BROKER", "contact": "BROKER-PHONE", "licence": "L"}],
        shifts=[shift | {"title": "TITLE", "address": "ADDRESS"}],
    )


def never(columns, pairs):
    """Nobody should."""
    return pairs.worker < 0


never.severity = "warn"
PERSONAL = {"PLACED", "WAITING", "PHONE-W", "PHONE-V"}
WORK = {"PLACE", "TITLE", "ADDRESS", "MARKET"}
TO_ASK = {"DESK-PHONE", "EMPLOYER", "BOSS-PHONE", "BROKER", "BROKER-PHONE"}
SEEN = [
    ("slips", {}, {"PLACED", *WORK, *TO_ASK}),
    ("call_lists", {"employer": "e"}, {"PLACED", *WORK}),
    ("call_lists", {}, {*PERSONAL, *WORK}),
    ("report", {"audience": "manager"}, {"PLACED", "MARKET", "TITLE"}),
    *(
        ("report", {"audience": who}, {"MARKET", "PLACE", "TITLE"})
        for who in ("worker", "employer", "auditor")
    ),
]


@pytest.mark.parametrize("way", ["objects", "tables"])
def test_names_are_seen_by_those_whom_they_concern(tmp_path, way):
    """Everybody's own, the employer's people, all for the desk; whatever the way in, and nobody else's."""
    whole = named_morning()
    morning = whole if way == "objects" else gm.columns_from_frames(**gm.morning_to_frames(whole))
    answer = gm.match(morning, rules=[*gm.DEFAULT_RULES, never])
    assert answer.pairs == (("w", "s"),)
    for kind, options, seen in SEEN:
        page = written(answer, tmp_path, kind, **({"advice": 0} if kind == "report" else {}) | options)
        words = {label for label in PERSONAL | WORK | TO_ASK if label in page.text.replace("LABEL", "")}
        assert words == seen | ({"PLACE"} if "PLACED" in words else set()), (kind, options)
    full = gm.match(gm.columns_from_frames(**gm.morning_to_frames(whole.without_workers("w", "v"))))
    board = full.board_text()
    assert all(label in board for label in ("TITLE", "PLACE", "ADDRESS"))


def test_names_are_in_no_saved_answer_unless_asked_for(tmp_path):
    """Placements have them on demand; the file with the proof never does."""
    morning = named_morning()
    answer = gm.match(morning)
    gm.assignment_to_files(answer, tmp_path / "plain")
    gm.assignment_to_files(answer, tmp_path / "named", names_from=morning)
    texts = {path: path.read_text() for path in tmp_path.rglob("*.*")}
    having = {(path.parent.name, path.name) for path, text in texts.items() if "PLACED" in text}
    assert having == {("named", "placements.csv")}
    [row] = gm.assignment_frame(answer, names_from=morning).to_pylist()
    labels = {"worker_name": "PLACED", "worker_contact": "PHONE-W", "shift_title": "TITLE"}
    assert row.items() >= (labels | {"shift_address": "ADDRESS"}).items()
    with pytest.raises(gm.InvalidInputError):
        answer.to_frames(names_from=morning.without_workers("v"))
