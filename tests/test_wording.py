"""Explanations in words: of every kind, in both languages, from hostile names, and nothing false."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gigmatch as gm
from explaining.brute import SOME, answers, every_kind, plain_morning, rankings, table_of, tables, worlds
from gigmatch.evidence import (
    Amount,
    NoEligibleShift,
    NoEligibleWorker,
    NotProved,
    RankedWorkers,
    ShortOfSeats,
)
from gigmatch.wording.phrases import RULES_ZH, WORDS
from rules.oracle import a_morning, a_shift, a_worker

HOSTILE = ["{0}", "{worker}", "{", "}}", "%s", "a\nb", "'\"", "<b>", "{n:>9}", "\\", "李"]
# Words of the data itself, which stay as they are in Chinese: scorers, fields, skills and ids.
NAMES = {*gm.DEFAULT_POLICY.names, "Table", *gm.Worker.model_fields, *gm.Shift.model_fields}


def amount(seats=None, points=0.0) -> Amount:
    return Amount(seats_by_tier=seats or {}, points=points)


@settings(SOME, max_examples=60)
@given(st.one_of(worlds(), tables()))
def test_every_explanation_has_words(world):
    """Whole sentences that name whom they are about, for all eyes."""
    for said in [*answers(world), *rankings(world, 2)]:
        for audience in ("worker", "employer", "manager", "auditor"):
            for language, stop in (("en", "."), ("zh", "。")):
                seen = said.seen_by(audience)
                told = gm.in_words(seen, language)
                assert told.endswith(stop)
                assert ":." not in told
                assert "：。" not in told
                assert "None" not in told
                assert "{" not in told
                ids = {getattr(seen, name, None) for name in ("worker_id", "shift_id")} - {None}
                hidden = said.kind.startswith("ranked") and audience in ("worker", "employer")
                assert hidden or any(key in told for key in ids)


@settings(SOME, max_examples=60)
@given(tables())
def test_no_english_is_left_in_chinese(world):
    """But for names: ids, scorers and fields."""
    for said in [*answers(world), *rankings(world, 3)]:
        for audience in ("worker", "manager"):
            words = set(re.findall(r"[A-Za-z_]{2,}", gm.in_words(said.seen_by(audience), "zh")))
            assert words <= NAMES, words


def test_the_same_is_told_in_both_languages():
    """Every phrase is there twice, with the same gaps to fill."""
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    for name, phrase in WORDS["en"].items():
        gaps = [set(re.findall(r"{(\w+)", text)) - {"s"} for text in (phrase, WORDS["zh"][name])]
        assert gaps[0] == gaps[1], name


def test_every_default_rule_has_a_chinese_name():
    """None is left as the English sentence."""
    assert {rule.name for rule in gm.rules.DEFAULT_RULES} <= RULES_ZH.keys()


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_only_names(name):
    """Whatever an id looks like, it is put in as it is, and nothing else comes of it."""
    for said, _ in every_kind():
        ids = {field: name for field in ("worker_id", "shift_id", "instead") if getattr(said, field, None)}
        draws = {"draws": {name: said.draws[said.worker_id]}} if said.kind == "tied" else {}
        other = said.model_copy(update={**ids, **draws})
        for language in ("en", "zh"):
            plain, told = gm.in_words(said, language), gm.in_words(other, language)
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
    assert "asks for (a [least_level 3, level none]); The shift pays" in told
    assert "It would take: the worker's skills: [skill a, level 3]; the shift's pay_total: 300" in told
    assert "缺少班次要求的技能（a [least_level 3、level 无]）；报酬低于工人的底价" in gm.in_words(said, "zh")


@pytest.mark.parametrize(
    ("seats", "points", "english", "chinese"),
    [
        ({}, 0.0, "nothing", "零"),
        ({}, 2.5, "2.50 points", "2.50 分"),
        ({5: 1}, 10.0, "1 seat of tier 5 and 10.00 points", "第 5 级名额 1 个、10.00 分"),
        (
            {1: 2},
            -1234.5,
            "2 seats of tier 1, but bring 1,234.50 points",
            "第 1 级名额 2 个，但增加1,234.50 分",
        ),
        (
            {1: 1, 5: -2},
            3.0,
            "1 seat of tier 1 and 3.00 points, but bring 2 seats of tier 5",
            "，但增加第 5 级名额 2 个",
        ),
    ],
)
def test_amounts_have_no_signs(seats, points, english, chinese):
    """What is lost, and what is gained by it: nobody has to read a minus."""
    said = next(said for said, _ in every_kind() if said.kind == "outbid")
    said = said.model_copy(update={"loss": amount(seats, points)})
    assert f"would, all in all, cost {english}." in gm.in_words(said)
    assert chinese in gm.in_words(said, "zh")
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
    assert f"可候补的人共 7 名，靠前的：{'、'.join(names[:5])}。" in gm.in_words(said, "zh")
    few = table_of([[4], [3], [3]], [1], seed=0).explainer.recommend_workers("s0", stand_bys=1)
    assert gm.in_words(few).endswith("who have no shift, the first of 2: w1.")
    both = table_of([[4], [3], [3]], [1], seed=0).explainer.recommend_workers("s0")
    assert gm.in_words(both).endswith("who have no shift: w1, w2.")


def test_what_is_not_there_is_not_listed():
    """Nobody barred, no rule, no choice: no sentence without an end."""
    nobody = NoEligibleShift(worker_id="w", shifts=0, refused_by={}, refused_by_it_alone={}, barred=0)
    assert gm.in_words(nobody) == "w has no shift: none of 0 shifts is eligible."
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
    assert gm.in_words(said.seen_by("worker"), "zh").startswith(f"{unplaced} 没有班次，但同样可以去 s0：")
    assert "no shift" not in gm.in_words(said.seen_by("employer"))
    assert "没有班次" not in gm.in_words(said.seen_by("employer"), "zh")
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
        told = f"s1 has an empty seat: {seats} seats{english} of 1 shifts have only {people} workers."
        assert gm.in_words(said) == told
        assert f"共 {seats} 个名额{chinese}，能去的只有 {people} 个人" in gm.in_words(said, "zh")
    keep = [("w0", "s0"), ("w1", "s0")]
    assignment = gm.match(morning, rules=(), keep=keep, forbid=barred)
    said = gm.explain(morning, assignment).why(assignment.unplaced[0].worker_id)
    assert (said.kind, said.n_seats, said.n_promised) == ("short_of_seats", 1, 2)
    assert "2 workers have only 1 shifts with 1 seats (besides 2 promised seats)." in gm.in_words(said)
    assert "而那里只有 1 个名额（已约定的 2 个名额除外）。" in gm.in_words(said, "zh")
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
    assert gm.in_words(said, "zh").endswith("那里的名额都已事先约定。")


@pytest.mark.parametrize("stopped", ["time limit", "cancelled", "heuristic"])
def test_what_is_not_proved_is_a_bound(stopped):
    """The gap, and why there is none better; in Chinese without a word of English."""
    said = NotProved(worker_id="w", gap_points=1234.5, seats_proved=True, stopped=stopped)
    assert "at most 1,234.50 points are missing, with the seats filled as well as can be" in gm.in_words(said)
    assert not re.findall("[a-z]{2}", gm.in_words(said, "zh"))
    unproved = said.model_copy(update={"seats_proved": False})
    assert gm.in_words(unproved).endswith("points are missing, the seats apart, of which nothing is proved.")


def test_another_language_is_refused():
    """By name, with those there are."""
    with pytest.raises(gm.InvalidInputError, match="language must be one of en, zh; got 'fr'"):
        gm.in_words(every_kind()[0][0], "fr")
