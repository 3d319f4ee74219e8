"""Words of a page: counts, money, lists; and every text that is asked for by a name put together is there."""

from __future__ import annotations

import re

import pytest

import gigmatch as gm
from catalogues import TEXTS
from gigmatch import i18n
from gigmatch.columns import HAZARDS, SETTLEMENTS
from gigmatch.model.pay import PAY_UNITS
from gigmatch.pages.words import Words
from gigmatch.pairing.rules import DEFAULT_RULES, rule_name


def test_every_name_that_is_asked_for_has_a_text():
    """What is put together from codes of the model."""
    wanted = [f"pages.pay_{unit}" for unit in PAY_UNITS]
    wanted += [f"pages.settle_{name}" for name in (*SETTLEMENTS, "unknown")]
    wanted += [f"hazards.{name}" for name in HAZARDS]
    wanted += [f"rules.{rule_name(rule)}.name" for rule in DEFAULT_RULES]
    wanted += [f"scorers.{name}" for name in gm.DEFAULT_POLICY.names]
    wanted += [f"pages.proof_{level}" for level in ("seats", "points", "lottery")]
    wanted += [f"pages.policy_{aim}" for aim in ("seats", "points")]
    wanted += [f"pages.insurance_{who}" for who in ("market", "employer", "own", "none")]
    for lang in ("en", "zh"):
        assert [key for key in wanted if not i18n.has(key, lang)] == []


def test_words_count_and_list():
    """One or more, thousands, money, and lists that say how much they leave out."""
    english, chinese = Words("en"), Words("zh")
    assert (english.some("people", 1), english.some("people", 0)) == ("1 person", "0 people")
    assert (english.money(7080.5, "CNY"), chinese.money(300, "CNY")) == ("7,080.50 CNY", "300 元")
    assert chinese.money(3, "JPY") == "3 JPY"
    assert english.listed(["a", "b", "c"], 2) == "a, b, and 1 more"
    assert (english.share(1, 3), english.share(0, 0)) == ("33.3%", "–")
    assert english.known("scorers.mine", "mine") == "mine"
    assert (english.sentences([]), english.sentences(["A.", "B."])) == ("", "A. B.")
    assert chinese.sentences(["甲。", "乙。", "丙。"]) == "甲。乙。丙。"


def test_figures_are_read_at_a_glance():
    """Whole minutes, hours with their minutes, points without needless zeros; one is no plural."""
    english, chinese = Words("en"), Words("zh")
    told = [english.minutes(minutes) for minutes in (9.76, 0.3, 0.0, None, float("inf"))]
    assert told == ["10 min", "under 1 min", "0 min", "–", "–"]
    assert [chinese.minutes(minutes) for minutes in (9.76, 0.3)] == ["10 分钟", "不到 1 分钟"]
    assert [english.hours(hours) for hours in (1.5, 4 / 3, 0.75, 2.0)] == [
        "1.5 h",
        "1 h 20 min",
        "45 min",
        "2 h",
    ]
    assert [chinese.hours(hours) for hours in (1.5, 4 / 3)] == ["1.5 小时", "1 小时 20 分钟"]
    assert [english.points(points) for points in (1.0, 2.5, 1234.0)] == [
        "1 point",
        "2.50 points",
        "1,234 points",
    ]
    for key, forms in TEXTS["en"].items():
        if key.startswith("pages.") and re.search(COUNTED, forms[0]) and key not in ALWAYS_MANY:
            assert len(forms) > 1, key


COUNTED = r"{(n|shown|seats|filled)} [a-z]+s\b"
ALWAYS_MANY = {
    f"pages.{key}"
    for key in ("days_later", "days_between", "mondays_to_fridays", "days_within", "slips_cut", "calls_cut")
}


def test_other_languages_are_refused():
    """With those that there are."""
    with pytest.raises(gm.InvalidInputError, match="lang must be one of en, zh; got 'de'"):
        Words("de")
