"""Explanations in words: of every kind, in both languages, from hostile names, and nothing false."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from catalogues import AMISS
from explaining.brute import answers, every_kind, plain_morning, rankings, table_of, tables, worlds
from gigmatch import i18n
from gigmatch.columns import STANDINGS
from gigmatch.evidence import (
    Advice,
    Amount,
    Change,
    Lesson,
    NoEligibleShift,
    NoEligibleWorker,
    NotEligible,
    NotProved,
    Option,
    RankedWorkers,
    Refusal,
    ShortOfSeats,
    ShortOfWorkers,
    TrainingPlan,
    TrainingProgramme,
)
from gigmatch.evidence.counterfactuals import SHIFT_KINDS, WORKER_KINDS
from gigmatch.evidence.eyes import MEASURES
from gigmatch.messages.fields import FIELDS
from gigmatch.messages.formats import money
from tests.conftest import a_morning, a_shift, a_worker, examples, sample, seldom

HOSTILE = ["{0}", "{worker}", "{", "}}", "%s", "a\nb", "'\"", "<b>", "{n:>9}", "\\", "李"]
# Words of the data itself, which stay as they are in Chinese: a scorer of one's own, and the morning's codes.
NAMES = {"Table", "skill", "kind"}
ONE_OF_MANY = re.compile(r"(?<![\w-])1 (?!has\b|is\b)[a-z]+s\b")


def amount(seats=None, points=0.0) -> Amount:
    return Amount(seats_by_tier=seats or {}, points=points)


@examples(12)
@given(st.one_of(worlds(), tables()))
def test_every_explanation_has_words(world):
    """Whole sentences that name whom they are about, for all eyes."""
    for said in [*answers(world), *rankings(world, 2)]:
        for audience in ("worker", "employer", "manager", "auditor"):
            for lang, stop in (("en", "."), ("zh", "。")):
                seen = said.seen_by(audience)
                told = gm.in_words(seen, lang=lang)
                assert told.endswith(stop)
                assert ":." not in told
                assert "：。" not in told
                assert "None" not in told
                assert "{" not in told
                assert not ONE_OF_MANY.search(told)
                assert not re.search(r"\d\.\d{3}", told)
                ids = {getattr(seen, name, None) for name in ("worker_id", "shift_id")} - {None}
                hidden = said.kind.startswith("ranked") and audience in ("worker", "employer")
                assert hidden or any(key in told for key in ids)


@examples(12)
@given(tables())
def test_no_english_is_left_in_chinese(world):
    """But for names: ids, codes and scorers of one's own."""
    for said in [*answers(world), *rankings(world, 3)]:
        for audience in ("worker", "manager"):
            words = set(re.findall(r"[A-Za-z_]{2,}", gm.in_words(said.seen_by(audience), lang="zh")))
            assert words <= NAMES, words


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_name_has_a_text(lang):
    """Every rule, scorer, field and kind of change, in every language."""
    kinds = {kind.name for kind in (*SHIFT_KINDS.values(), *WORKER_KINDS.values())}
    assert kinds == MEASURES.keys()
    wanted = [f"rules.{rule.name}.name" for rule in gm.rules.DEFAULT_RULES]
    wanted += [f"scorers.{name}" for name in gm.DEFAULT_POLICY.names]
    wanted += [f"reasons.change_{kind.replace(' ', '_')}" for kind in kinds]
    wanted += [f"fields.{name}" for name in FIELDS]
    wanted += [f"standings.{name}" for name in STANDINGS]
    assert [key for key in wanted if not i18n.has(key, lang)] == []


def test_ids_are_told_by_the_names_given():
    """Every one of them: what is told with names is what is told with ids, each replaced."""
    names = {"worker_name": lambda key: f"<{key}>", "shift_name": lambda key: f"[{key}]"}
    told = 0
    for said in [*(said for said, _ in every_kind()), a_plan(2), a_programme(2)]:
        plain, named = gm.in_words(said), gm.in_words(said, **names)
        assert named == re.sub(r"\bs\d+\b", r"[\g<0>]", re.sub(r"\bw\d+\b", r"<\g<0>>", plain))
        told += named.count("<") + named.count("[")
    assert told > 30


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_only_names(name):
    """Whatever an id looks like, it is put in as it is, and nothing else comes of it."""
    for said, _ in every_kind():
        ids = {field: name for field in ("worker_id", "shift_id", "instead") if getattr(said, field, None)}
        draws = {"draws": {name: said.draws[said.worker_id]}} if said.kind == "tied" else {}
        other = said.model_copy(update={**ids, **draws})
        for lang in ("en", "zh"):
            plain, told = gm.in_words(said, lang=lang), gm.in_words(other, lang=lang)
            for field in ids:
                plain = re.sub(rf"\b{getattr(said, field)}\b", lambda _: name, plain)
            assert name in told or said.kind == "not_proved"
            assert len(told) == len(plain)


def test_a_refusal_with_all_its_values():
    """Rules, values and what it would take, as people write them."""
    skills = (gm.SkillRequirement(skill="a", least_level=3),)
    worker = a_worker(pay_floor_per_day=300, travel_limit_min=5.0)
    morning = a_morning(worker, a_shift(all_of=skills), skills="a")
    said = gm.explain(morning, gm.match(morning)).why_not("w", "s")
    told = gm.in_words(said)
    assert told.startswith(
        "w cannot take s, since this does not hold: The worker has the skills that the shift"
    )
    assert "asks for (a: level 3 or better asked, none held, nobody here has it); The shift pays" in told
    assert "It would take: the worker's skills: a at level 3; the shift's pay in all: 300" in told
    told = gm.in_words(said, morning, lang="zh")
    assert (
        "缺少班次要求的技能（a：要求 3 级及以上，目前不会，在场无人具备）；报酬低于零工的底价（时薪：" in told
    )
    assert "需要改变：零工的技能：a 3 级；班次的总报酬：300 元" in told


@pytest.mark.parametrize(
    ("seats", "points", "english", "chinese"),
    [
        ({}, 0.0, "nothing", "0 分"),
        ({}, 2.5, "2.50 points", "2.50 分"),
        ({}, 1.0, "1 point", "1 分"),
        ({5: 1}, 10.0, "1 seat of tier 5 and 10 points", "1 个优先级 5 的名额和 10 分"),
        (
            {1: 2},
            -1234.5,
            "2 seats of tier 1, but bring 1,234.50 points",
            "2 个优先级 1 的名额，但增加 1,234.50 分",
        ),
        (
            {1: 1, 5: -2},
            3.0,
            "1 seat of tier 1 and 3 points, but bring 2 seats of tier 5",
            "1 个优先级 1 的名额和 3 分，但增加 2 个优先级 5 的名额",
        ),
        (
            {1: 1, 2: 2},
            3.0,
            "1 seat of tier 1, 2 seats of tier 2 and 3 points",
            "1 个优先级 1 的名额、2 个优先级 2 的名额和 3 分",
        ),
    ],
)
def test_amounts_have_no_signs(seats, points, english, chinese):
    """What is lost, and what is gained by it: nobody has to read a minus."""
    said = next(said for said, _ in every_kind() if said.kind == "outbid")
    said = said.model_copy(update={"loss": amount(seats, points)})
    assert f"would, all in all, cost {english}." in gm.in_words(said)
    assert chinese in gm.in_words(said, lang="zh")
    ranking = next(said for said, _ in every_kind() if said.kind == "ranked_shifts")
    choice = ranking.choices[0].model_copy(update={"effect": -amount(seats, points)})
    assert f"would cost {english})" in gm.in_words(ranking.model_copy(update={"choices": (choice,)}))


def test_a_free_seat_is_not_said_to_be_taken():
    """Somebody of more use elsewhere is not outbid by others."""
    world = table_of([[4, 1], [None, None]], [1, 1], seed=0)
    said = world.explainer.why_not("w0", "s1")
    assert (said.kind, said.has_free_seat, said.instead, said.holders) == ("outbid", True, "s0", ())
    told = gm.in_words(said)
    assert told.startswith(
        "w0 could take s1 (2.50 points), where a seat is free, but is of more use in another shift."
    )
    assert "w0 has s0." in told
    assert "s0" not in gm.in_words(said.seen_by("employer"))


def test_stand_bys_are_told_with_how_many_there_are():
    """All of them by name, or the first and the number."""
    world = table_of([[4], *[[3]] * 7], [1], seed=0)
    said = world.explainer.recommend_workers("s0", most=2)
    names = [stand_by.id for stand_by in said.stand_bys]
    told = f"Stand-bys, who have no shift, the first of 7: {', '.join(names[:5])}."
    assert gm.in_words(said).endswith(told)
    assert f"可候补的人共 7 名，靠前的：{'、'.join(names[:5])}。" in gm.in_words(said, lang="zh")
    few = table_of([[4], [3], [3]], [1], seed=0).explainer.recommend_workers("s0", stand_bys=1)
    assert gm.in_words(few).endswith("who have no shift, the first of 2: w1.")
    both = table_of([[4], [3], [3]], [1], seed=0).explainer.recommend_workers("s0")
    assert gm.in_words(both).endswith("who have no shift: w1, w2.")


def test_what_is_not_there_is_not_listed():
    """Nobody barred, no rule, no choice: no sentence without an end."""
    nobody = NoEligibleShift(worker_id="w", shifts=0, refused_by={}, refused_by_it_alone={}, barred=0)
    assert gm.in_words(nobody) == "w has no shift: there are none."
    assert gm.in_words(nobody, lang="zh") == "w 没有班次：早市没有任何班次。"
    one = nobody.model_copy(update={"shifts": 1})
    assert gm.in_words(one) == "w has no shift: the only one, of 1, is not eligible."
    barred = nobody.model_copy(update={"shifts": 2, "barred": 2})
    assert gm.in_words(barred) == "w has no shift: none of 2 shifts is eligible. Barred by the market: 2."
    order = {"reach": 1, "skill": 9}
    empty = NoEligibleWorker(shift_id="s", workers=10, removed_alone={}, removed_in_order=order, barred=0)
    assert "by one rule after the other: reach (1), skill (9)." in gm.in_words(empty)
    none = RankedWorkers(shift_id="s", choices=(), stand_bys=())
    assert gm.in_words(none) == "Nobody else can be placed at s."
    assert gm.in_words(none.seen_by("employer")) == "Who else could be where is shown to the market alone."


def test_who_is_out_by_the_lot_is_said_to_have_no_shift():
    """Of a tie, whether the worker has another shift or none; to an employer, neither."""
    world = table_of([[4, 1], [2, None], [2, None]], [2, 1], seed=0)
    [unplaced] = set(world.workers) - world.has.keys()
    said = world.explainer.why(unplaced)
    assert (said.kind, said.has_no_shift) == ("tied", True)
    told = f"{unplaced} has no shift, but could as well have s0: forcing it costs nothing, so the lot decided"
    assert gm.in_words(said).startswith(told)
    assert gm.in_words(said.seen_by("worker"), lang="zh").startswith(
        f"{unplaced} 没有班次，但同样可以去 s0："
    )
    assert "no shift" not in gm.in_words(said.seen_by("employer"))
    assert "没有班次" not in gm.in_words(said.seen_by("employer"), lang="zh")
    equal = table_of([[4, 4], [4, 4]], [1, 1], seed=0)
    other = equal.explainer.why_not("w0", next(s for s in equal.shifts if s != equal.has["w0"]))
    assert (other.kind, other.has_no_shift) == ("tied", False)
    assert "no shift" not in gm.in_words(other)


def test_seats_are_counted_besides_the_promised_ones():
    """Of both shortages, in both languages, and not where none is promised."""
    morning = plain_morning(6, [3, 4], [5, 5])
    barred = [(f"w{i}", "s1") for i in range(1, 4)] + [(f"w{i}", "s0") for i in (4, 5)]
    for keep, english, chinese in (
        ([], "", ""),
        ([("w0", "s1")], " (besides 1 promised seat)", "（已约定的 1 个名额除外）"),
    ):
        assignment = gm.match(morning, rules=(), keep=keep, forbid=barred)
        explainer = gm.explain(morning, assignment)
        said = explainer.why_empty("s1")
        assert (said.kind, said.n_promised) == ("short_of_workers", len(keep))
        seats, people = 4 - len(keep), 3 - len(keep)
        told = f"s1 has an empty seat: {seats} seats{english} of 1 shift have only {people} workers."
        assert gm.in_words(said) == told
        assert f"共 {seats} 个名额{chinese}，能去的只有 {people} 人" in gm.in_words(said, lang="zh")
    keep = [("w0", "s0"), ("w1", "s0")]
    assignment = gm.match(morning, rules=(), keep=keep, forbid=barred)
    said = gm.explain(morning, assignment).why(assignment.unplaced[0].worker_id)
    assert (said.kind, said.n_seats, said.n_promised) == ("short_of_seats", 1, 2)
    assert "2 workers have only 1 shift with 1 seat (besides 2 promised seats)." in gm.in_words(said)
    assert "而那里只有 1 个名额（已约定的 2 个名额除外）。" in gm.in_words(said, lang="zh")
    for wrong in (0, 1, 3):
        with pytest.raises(gm.CertificateError, match="n_promised does not hold"):
            gm.check_reasons(morning, assignment, [said.model_copy(update={"n_promised": wrong})])


def test_seats_that_were_promised_are_said_to_be():
    """Not lost by points or lot, where every seat was promised beforehand."""
    said = ShortOfSeats(
        worker_id="w",
        n_workers=1,
        n_seats=0,
        n_shifts=1,
        workers=("w",),
        shifts=("s",),
        lost_by="promise",
        shift_id=None,
        loss=None,
        proof=None,
    )
    assert gm.in_words(said).endswith("Every seat there was promised beforehand.")
    assert gm.in_words(said, lang="zh").endswith("那里的名额都已事先约定。")


@pytest.mark.parametrize("stopped", ["time limit", "cancelled", "heuristic"])
def test_what_is_not_proved_is_a_bound(stopped):
    """The gap, and why there is none better; in Chinese without a word of English."""
    said = NotProved(worker_id="w", gap_points=1234.5, seats_proved=True, stopped=stopped)
    assert "at most 1,234.50 points are missing, with the seats filled as well as can be" in gm.in_words(said)
    assert not re.findall("[a-z]{2}", gm.in_words(said, lang="zh"))
    unproved = said.model_copy(update={"seats_proved": False})
    assert gm.in_words(unproved).endswith("points are missing, the seats apart, of which nothing is proved.")


def test_another_language_is_refused():
    """By name, with those there are."""
    with pytest.raises(gm.InvalidInputError, match="lang must be one of en, zh; got 'fr'"):
        gm.in_words(every_kind()[0][0], lang="fr")


# -- one and many --------------------------------------------------------------------------------------------


def test_one_is_no_plural():
    """Of a shortage, a refusal, a bound and a plan: noun and verb."""
    counts = {"n_workers": 1, "n_seats": 1, "n_shifts": 1, "n_promised": 1, "workers": (), "shifts": ()}
    lost = {"lost_by": "lot", "shift_id": None, "loss": None, "proof": None}
    told = gm.in_words(ShortOfSeats(worker_id="w", **counts, **lost))
    assert "1 worker has only 1 shift with 1 seat (besides 1 promised seat)." in told
    assert (
        gm.in_words(ShortOfWorkers(shift_id="s", **counts))
        == "s has an empty seat: 1 seat (besides 1 promised seat) of 1 shift has only 1 worker."
    )
    nobody = NoEligibleWorker(shift_id="s", workers=1, removed_alone={}, removed_in_order={}, barred=0)
    assert gm.in_words(nobody) == "s stays empty: the only worker, of 1, is not eligible."
    bound = NotProved(worker_id="w", gap_points=1.0, seats_proved=True, stopped="heuristic")
    assert "at most 1 point is missing, with" in gm.in_words(bound)
    assert gm.in_words(a_plan(1)).startswith("Training 1 person brings 1 placement more and 200 of wages: ")
    assert "no plan for 1 person brings more than 1 placement." in gm.in_words(a_plan(1))
    assert gm.in_words(a_programme(1)).startswith(
        "Training 1 person brings, in 1 morning together, 1 placement"
    )
    assert gm.in_words(a_plan(2)).endswith("no plan for 2 people brings more than 2 placements.")


def a_plan(people: int, **changes) -> TrainingPlan:
    lessons = [
        Lesson(worker_id=f"w{k}", skill="mason" if k else "joiner", level=4, shift_id=None)
        for k in range(people)
    ]
    fields = {"more_placements": people, "more_wages": 200.0, "bound": people, "outcome": None, **changes}
    return TrainingPlan(people=people, lessons=tuple(lessons), **fields)


def a_programme(people: int) -> TrainingProgramme:
    plan = a_plan(people)
    return TrainingProgramme(people=people, lessons=plan.lessons, mornings=(plan,), bound=people)


SAMPLES = {"jingshi": 150, "mentougou": 80, "majuqiao": 150}


@pytest.mark.parametrize("name", [seldom("jingshi"), "mentougou", seldom("majuqiao")])
def test_samples_are_told_as_people_speak(name):
    """Every reason, and advice: no plural of one, no long fraction, no field's name; in Chinese no code."""
    morning = getattr(gm.samples, name)(seed=7, workers=SAMPLES[name])
    explainer = gm.explain(morning, answer := gm.match(morning))
    adviser = gm.Adviser(explainer)
    said = [*explainer.everything().reasons, explainer.skill_values(), adviser.train(2)]
    said += [adviser.place(worker.worker_id) for worker in answer.unplaced[:4]]
    said += [adviser.fill(shift.shift_id) for shift in answer.open_shifts[:4]]
    others = list(explainer.solved.columns.shift_ids)[:25]
    said += [explainer.why_not(answer.unplaced[0].worker_id, shift) for shift in others]
    codes = {skill.code for skill in morning.skills} | set(FIELDS) - {"minutes", "free", "covered"}
    for one in said:
        english, chinese = gm.in_words(one), gm.in_words(one, morning, lang="zh")
        assert not ONE_OF_MANY.search(english), english
        for told in (english, chinese):
            assert not re.search(r"\d\.\d{3}", told), told
        words = set(re.findall(r"(?<![\w-])[a-z_]+(?![\w-])", chinese))
        assert not words & codes, chinese
        assert not AMISS.search(re.sub(r"[\w-]+-[\w-]+", "", chinese)), chinese


# -- figures -------------------------------------------------------------------------------------------------


def advice(kind, field, size, needed, unit="", side="worker") -> Advice:
    change = Change(side=side, field=field, needed=needed, rule="r")
    option = {"worker_id": "w", "shift_id": "s", "more_placements": 1, "moved": 0, "outcome": None}
    option = Option(kind=kind, size=size, unit=unit, changes=(change,), **option)
    return Advice(worker_id="w", shift_id=None, options=(option,), is_smallest=True)


@pytest.mark.parametrize(
    ("kind", "field", "size", "needed", "english", "chinese"),
    [
        (
            "wider reach",
            "travel_limit_min",
            9.76,
            39.76,
            "by 10 minutes of travel, to 40 minutes",
            "放宽 10 分钟，到 40 分钟",
        ),
        (
            "wider reach",
            "travel_limit_min",
            0.07,
            30.07,
            "by under 1 minute of travel, to 31 minutes",
            "放宽 1 分钟以内，到 31 分钟",
        ),
        (
            "transport",
            "travel_limit_min",
            1.0,
            31.0,
            "for 1 minute of travel more, 31 minutes in all",
            "多 1 分钟，共 31 分钟",
        ),
        (
            "higher pay",
            "pay_total",
            30.0,
            170.5,
            "by 30 CNY for the shift, 170.50 CNY in all",
            "提高 30 元，共 170.50 元",
        ),
        (
            "lower pay floor",
            "pay_floor_per_hour",
            190 / 9,
            170 / 9,
            "by 21.12 CNY an hour, to 18.88 CNY",
            "时薪底价降低 21.12 元，降到 18.88 元",
        ),
        (
            "lower pay floor",
            "pay_floor_per_day",
            56.0,
            104.0,
            "by 56 CNY a day, to 104 CNY",
            "日薪底价降低 56 元，降到 104 元",
        ),
        ("earlier end", "end_min", 30.0, -30, "earlier end by 30 minutes (w", "提早 30 分钟收工（w"),
        (
            "more free time",
            "free",
            60.0,
            [[1020, 1080]],
            "by 60 minutes, 17:00–18:00",
            "增加 60 分钟，17:00–18:00",
        ),
        (
            "one skill",
            "skills",
            1.0,
            [{"skill": "mason", "level": 5}],
            "by 1 skill level, 瓦工 (mason) at level 5",
            "瓦工 5 级，提高 1 级",
        ),
        (
            "one skill",
            "skills",
            2.0,
            [{"skill": "mason", "level": 4}],
            "by 2 skill levels, 瓦工 (mason) at",
            "瓦工 4 级，提高 2 级",
        ),
        (
            "one certificate",
            "credentials",
            1.0,
            [{"kind": "electrician", "level": 5, "valid_to": "2025-09-19"}],
            "one certificate, electrician's licence, valid to 2025-09-19 at least",
            "考取一张证书，电工证，有效期至少到 2025-09-19",
        ),
        (
            "another station",
            "station_id",
            2131.36,
            "hall",
            "another station, 京石零工市场 (hall), 2.1 km from",
            "换到另一驿站，京石零工市场，距现址 2.1 公里",
        ),
        ("another station", "station_id", 850.38, "hall", "851 m from", "距现址 851 米"),
    ],
)
def test_changes_are_rounded_to_what_suffices(kind, field, size, needed, english, chinese):
    """Up where more is needed, a floor down; minutes whole, money to two digits, a long way in kilometres."""
    morning = sample("jingshi", seed=7, workers=60)
    said = advice(kind, field, size, needed)
    assert english in gm.in_words(said, morning)
    assert chinese in gm.in_words(said, morning, lang="zh")
    assert f"{size!r}" in said.model_dump_json()


def test_what_is_too_little_never_looks_like_enough():
    """A way longer than the limit, pay below the floor: rounded apart, in both languages."""
    worker = a_worker(pay_floor_per_hour=18.89, travel_limit_min=5.0)
    morning = a_morning(worker, a_shift(pay={"amount": 170 / 9 * 9, "unit": "shift"}))
    said = gm.explain(morning, gm.match(morning)).why_not("w", "s")
    values = {"minutes": 5.004, "travel_limit_min": 5.0}
    pay = {"pay_per_hour": 170 / 9, "pay_floor_per_hour": 18.89, "pay_floor_per_day": None}
    reach, floor = (
        said.refusals[0].model_copy(update={"rule": rule, "values": told})
        for rule, told in (("reach", values), ("pay_floor", pay))
    )
    said = said.model_copy(update={"refusals": (reach, floor), "changes": None})
    assert "(way: 6 minutes; travel limit: 5 minutes)" in gm.in_words(said)
    assert "(pay an hour: 18.88; pay floor an hour: 18.89)" in gm.in_words(said)
    told = gm.in_words(said, morning, lang="zh")
    assert (
        "（路程：6 分钟；路程上限：5 分钟）；报酬低于零工的底价（时薪：18.88 元；时薪底价：18.89 元）" in told
    )


@given(st.floats(0, 1e7), st.booleans())
@examples(40)
def test_money_is_rounded_to_its_side(value, up):
    """To hundredths, never beyond by one, and what is whole has no zeros."""
    written = money(value, up=up)
    read = float(written.replace(",", ""))
    assert abs(read - value) < 0.01 + 1e-6
    assert read >= value - 1e-6 if up else read <= value + 1e-6
    assert not written.endswith(".00")


@pytest.mark.parametrize(
    ("values", "english", "chinese"),
    [
        (
            {"rest_hours": 7.5, "min_rest_hours": 11.0},
            "rest: 7.5 hours; least rest: 11 hours",
            "已休息：7.5 小时；至少休息：11 小时",
        ),
        ({"rest_hours": 1.0}, "rest: 1 hour", "已休息：1 小时"),
        ({"shift_hours": 10 + 59 / 60}, "hours of the shift: 10 h 59 min", "该班次工时：10 小时 59 分钟"),
        (
            {"age_years": 17, "hazards": ["heavy", "night"]},
            "age: 17; hazards: heavy loads, night work",
            "年龄：17 岁；危险作业：重体力劳动、夜班",
        ),
        (
            {"licensed": False, "standing": "arrears"},
            "licence: no; standing: arrears",
            "许可证：无；状态：欠薪",
        ),
        (
            {"by_worker": True, "by_broker": False},
            "refused by the worker: yes",
            "零工拒绝：是；经纪人拒绝：否",
        ),
        ({"minutes": None, "travel_limit_min": None}, "(way: not known)", "（路程：未知）"),
        ({"free": []}, "free time: none", "空闲时间：无"),
        (
            {"free": [[None, 480], [1200, None]]},
            "free time: until 08:00, from 20:00",
            "空闲时间：08:00 以前、20:00 以后",
        ),
        ({"free": [[None, None]]}, "free time: always", "空闲时间：全天"),
        ({"periods": [[1320, 1800]]}, "periods: 22:00–day 2 06:00", "班次时段：22:00–第 2 天 06:00"),
        ({"periods": [[1920, 2460]]}, "periods: day 2 08:00–17:00", "班次时段：第 2 天 08:00–17:00"),
        (
            {"joiner": {"least_level": 5, "level": None}},
            "joiner: asked, not held",
            "joiner：要求会，目前不会",
        ),
        (
            {"joiner": {"least_level": 2, "level": 3, "nobody_has": True}},
            "joiner: level 2 or better asked, level 3 held, nobody here has it",
            "joiner：要求 2 级及以上，现为 3 级，在场无人具备",
        ),
        (
            {
                "health": {
                    "least_level": 5,
                    "valid_on": "2025-09-19",
                    "lacks": ["certificate"],
                    "nobody_has": True,
                }
            },
            "health certificate: asked valid on 2025-09-19, none held, nobody here has it",
            "健康证：要求 2025-09-19 有效，未持有，在场无人具备",
        ),
        (
            {
                "health": {
                    "least_level": 5,
                    "valid_on": "2025-09-19",
                    "lacks": ["validity"],
                    "level": None,
                    "valid_to": "2025-09-01",
                }
            },
            "health certificate: asked valid on 2025-09-19, the one held is valid to 2025-09-01 only",
            "健康证：要求 2025-09-19 有效，所持证件有效期只到 2025-09-01",
        ),
        (
            {"mine": 18.8888888889, "other": {"deep": [1, 2.0]}},
            "mine: 18.89; other: deep [1, 2]",
            "mine：18.89；other：deep [1、2]",
        ),
    ],
)
def test_values_of_rules_in_words(values, english, chinese):
    """Names, units and times of the day; a rule of one's own as it names them."""
    refusal = Refusal(rule="mine", sentence="It holds.", values=values)
    said = NotEligible(worker_id="w", shift_id="s", refusals=(refusal,), barred=False, changes=None)
    assert english in gm.in_words(said)
    assert chinese in gm.in_words(said, lang="zh")


@pytest.mark.parametrize("name", [*FIELDS, "mine"])
def test_whatever_a_rule_saw_can_be_told(name):
    """Rules of one's own may call anything by any name: no value is too strange to be written."""
    strange = [None, True, -1, 1e300, float("inf"), float("nan"), "", "{0}", [], {}, [[1]], [[None, "x"]]]
    strange += [{"least_level": 5, "valid_on": 1, "lacks": [[]]}, {"kind": 1, "level": {}, "valid_to": 2}]
    strange += [{"skill": 1}, [{"skill": "a"}], {"lacks": True}, [-60, 60], [[-60, 60]], {"a": [{"b": None}]}]
    for value in strange:
        refusal = Refusal(rule="skill", sentence="It holds.", values={name: value})
        change = Change(side="shift", field=name, needed=value, rule="skill")
        said = {"refusals": (refusal,), "barred": False, "changes": (change,)}
        for lang, stop in (("en", "."), ("zh", "。")):
            told = gm.in_words(NotEligible(worker_id="w", shift_id="s", **said), lang=lang)
            assert told.endswith(stop)


# -- names ---------------------------------------------------------------------------------------------------


def named(**names: str) -> gm.Morning:
    skills = tuple(gm.Skill(code=code, name=name) for code, name in names.items())
    return a_morning(a_worker(), a_shift()).model_copy(update={"skills": skills})


def test_skills_go_by_their_names():
    """With the code where two have one name, and the code alone where there is no name, or no morning."""
    plan, both = a_plan(2), named(joiner="木工", mason="瓦工")
    assert "w0 学“木工”到 4 级、w1 学“瓦工”到 4 级" in gm.in_words(plan, both, lang="zh")
    assert "w0 in 木工 (joiner) to level 4" in gm.in_words(plan, both)
    assert "w0 in Joiner to level 4" in gm.in_words(plan, named(joiner="Joiner"))
    assert "w1 学“mason”到 4 级" in gm.in_words(plan, lang="zh")
    assert "w1 学“mason”到 4 级" in gm.in_words(plan, named(joiner="木工", mason=""), lang="zh")
    assert "w1 学“工匠（mason）”到 4 级" in gm.in_words(plan, named(joiner="工匠", mason="工匠"), lang="zh")
    assert "1 人学“木工”到 4 级（w0）；1 人学“瓦工”到 4 级（w1）" in gm.in_words(
        a_programme(2), named(joiner="木工"), named(mason="瓦工"), lang="zh"
    )
    columns = gm.columns_of(both)
    assert gm.in_words(plan, columns) == gm.in_words(plan, both)
    assert "200 CNY of wages: w0 in joiner" in gm.in_words(plan, columns.unlabelled)
    with pytest.raises(gm.InvalidInputError, match="morning must be a Morning or Columns; got 'jingshi'"):
        gm.in_words(plan, "jingshi", lang="zh")


def test_wages_are_more_or_less():
    """More placements may be worth less in all."""
    plan = a_plan(1, more_wages=-20.0)
    assert "1 placement more and 20 of wages less: " in gm.in_words(plan)
    assert "可多安排 1 人，工资合计减少 20 元：" in gm.in_words(plan, lang="zh")
