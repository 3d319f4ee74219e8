"""The texts: both languages, the same places to fill in, none missing and none left over."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import gigmatch as gm
from gigmatch.columns import HAZARDS, SETTLEMENTS
from gigmatch.model.pay import PAY_UNITS
from gigmatch.pages import words as words_module
from gigmatch.pages.texts import TEXTS
from gigmatch.pages.words import Words
from gigmatch.pairing.rules import DEFAULT_RULES, rule_name

FOLDER = Path(words_module.__file__).parent
TEMPLATES = [path.read_text(encoding="utf-8") for path in FOLDER.glob("templates/*.html")]
MODULES = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py")}
MODULES["words.py"] = MODULES["words.py"].partition("\nclass Words")[2]  # what asks, without the table
CODE = "\n".join([*TEMPLATES, *MODULES.values()])


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_fill_in_the_same():
    """Only dates name a month or a weekday in their own way."""
    for key, (english, chinese) in TEXTS.items():
        assert english, key
        assert chinese or key == "sentence_gap"
        if key not in ("day", "date"):
            assert fields(english) == fields(chinese), key
        assert re.search(r"[\u4e00-\u9fff]", english) is None, key


def test_every_text_is_asked_for():
    """By its name, or by the beginning that many share."""
    shared = {"pay", "settle", "hazard", "credential", "scorer", "stopped", "proof", "insurance", "policy"}
    shared |= {"audience", "n", "by", "rule"}
    for key in TEXTS:
        assert f'"{key}"' in CODE or key.partition("_")[0] in shared, key


def test_every_name_that_is_asked_for_has_a_text():
    """What is put together from codes of the model."""
    wanted = [f"pay_{unit}" for unit in PAY_UNITS] + [f"settle_{name}" for name in (*SETTLEMENTS, "unknown")]
    wanted += [f"hazard_{name}" for name in HAZARDS] + [f"rule_{rule_name(rule)}" for rule in DEFAULT_RULES]
    wanted += [f"scorer_{name}" for name in gm.DEFAULT_POLICY.names]
    wanted += [f"proof_{level}" for level in ("seats", "points", "lottery")]
    wanted += [f"policy_{aim}" for aim in ("seats", "points")]
    wanted += [f"insurance_{who}" for who in ("market", "employer", "own", "none")]
    assert set(wanted) <= set(TEXTS)
    asked = set(re.findall(r"""\b(?:w|words|self\.words|write)\(\s*"([a-z_0-9]+)\"""", CODE))
    assert asked <= set(TEXTS)


def test_words_count_and_list():
    """One or more, thousands, money, and lists that say how much they leave out."""
    english, chinese = Words("en"), Words("zh")
    assert (english.some("people", 1), english.some("people", 0)) == ("1 person", "0 people")
    assert (english.money(7080.5, "CNY"), chinese.money(300, "CNY")) == ("7,080.50 CNY", "300 元")
    assert chinese.money(3, "JPY") == "3 JPY"
    assert english.listed(["a", "b", "c"], 2) == "a, b, and 1 more"
    assert (english.share(1, 3), english.share(0, 0)) == ("33.3%", "–")
    assert english.known("scorer", "mine") == "mine"


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
    for key, (text, _) in TEXTS.items():
        if re.search(r"{(n|shown|seats|filled)} [a-z]+s\b", text) and key not in ALWAYS_MANY:
            assert "|" in text, key


ALWAYS_MANY = ("days_later", "days_between", "mondays_to_fridays", "days_within", "slips_cut", "calls_cut")


def test_chinese_is_punctuated_as_chinese():
    """Full width between Chinese, and no blank within it."""
    for key, (_, chinese) in TEXTS.items():
        amiss = r"[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff][,;:()!?]|[,;:()!?][\u4e00-\u9fff]|工人"
        assert key == "weekdays" or not re.search(amiss, chinese), key


def test_other_languages_are_refused():
    """With those that there are."""
    assert get_args(words_module.Language) == ("en", "zh")
    with pytest.raises(gm.InvalidInputError, match="lang must be one of en, zh; got 'de'"):
        Words("de")
