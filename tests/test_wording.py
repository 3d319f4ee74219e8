"""Explanations in words: of every kind, in both languages, from hostile names, and nothing false."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gigmatch as gm
from explaining.brute import SOME, answers, every_kind, rankings, table_of, tables, worlds
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
