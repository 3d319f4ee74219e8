"""Words that rules and scorers of one's own bring: told by language wherever people read, and checked."""

from __future__ import annotations

import numpy as np
import pytest

import gigmatch as gm
from gigmatch.pairing.rules import rule_sentence
from gigmatch.testing import check_rule, check_scorer
from tests.conftest import a_morning, a_shift, a_worker

SENTENCE = {"en": "Nobody works today.", "zh": "今天没有人上工。"}
WORDS = {"en": "home for dinner", "zh": "回家吃饭"}


def nobody(columns, pairs):
    return np.zeros(len(pairs), bool)


def dinner(columns, pairs):
    return np.full(len(pairs), 0.5)


@pytest.fixture
def rule(monkeypatch):
    """A rule with its sentence in two languages."""
    monkeypatch.setattr(nobody, "sentence", SENTENCE, raising=False)
    return nobody


@pytest.fixture
def policy(monkeypatch):
    """A policy with a scorer that brings words."""
    monkeypatch.setattr(dinner, "words", WORDS, raising=False)
    return gm.Policy([(dinner, 10)])


MORNING = a_morning(a_worker("w"), a_shift("s"))


def test_a_rule_is_told_in_each_language(rule):
    """English where a language is missing; a built-in rule has both."""
    said = gm.explain(MORNING, gm.match(MORNING, rules=[rule]), rules=[rule]).why_not("w", "s")
    assert "does not hold: Nobody works today." in gm.in_words(said)
    assert gm.in_words(said, lang="zh").endswith("不能接 s：今天没有人上工。")
    assert [rule_sentence(rule, lang=code) for code in ("zh", "es")] == [SENTENCE["zh"], SENTENCE["en"]]
    assert rule_sentence(gm.rules.DEFAULT_RULES[0], lang="zh") == "零工具备班次要求的技能。"
    check_rule(rule, examples=2)


def test_a_warning_is_told_in_each_language(rule, tmp_path, monkeypatch):
    """On the report, and after it was saved; in English in the summary and in frames."""
    monkeypatch.setattr(rule, "severity", "warn", raising=False)
    answer = gm.match(MORNING, rules=[rule])
    answer.save(tmp_path / "answer.json")
    again = gm.Assignment.load(tmp_path / "answer.json")
    assert again.warnings == answer.warnings
    assert "placed against nobody: Nobody works today." in str(again)
    for lang, told in (("en", "does not hold: Nobody works today."), ("zh", "不满足：今天没有人上工。")):
        answer.report(tmp_path / "report.html", morning=MORNING, lang=lang)
        assert told in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_scorer_is_told_in_each_language(policy, tmp_path):
    """In explanations, which are verified with it, and on the report."""
    answer = gm.match(MORNING, policy=policy)
    explainer = gm.explain(MORNING, answer)
    said = explainer.why("w")
    assert explainer.everything().reasons[0].words == said.words == {"dinner": WORDS}
    assert "home for dinner 5" in gm.in_words(said)
    assert "回家吃饭 5" in gm.in_words(said, lang="zh")
    assert type(said).model_validate_json(said.model_dump_json()) == said
    assert said.seen_by("employer").words == {}
    for lang, told in WORDS.items():
        answer.report(tmp_path / "report.html", morning=MORNING, lang=lang)
        assert told in (tmp_path / "report.html").read_text(encoding="utf-8")
    check_scorer(dinner, examples=2)


def test_no_words_no_field():
    """What is written of a placement is what it was without scorers of one's own."""
    said = gm.explain(MORNING, gm.match(MORNING)).why("w")
    assert "words" not in said.model_dump()


@pytest.mark.parametrize("words", [7, {"zh": "今天"}, {"en": ""}, {"en": 3}, ["en"]])
def test_words_of_another_type_are_refused(words, monkeypatch):
    """By whoever checks, with what to give."""
    monkeypatch.setattr(nobody, "sentence", words, raising=False)
    monkeypatch.setattr(dinner, "words", words, raising=False)
    for check, plugin in ((check_rule, nobody), (check_scorer, dinner)):
        with pytest.raises(AssertionError, match="give text, or text by language"):
            check(plugin, examples=2)
    with pytest.raises(gm.PluginError, match="sentence of rule 'nobody' is"):
        gm.match(MORNING, rules=[nobody])
    with pytest.raises(gm.PluginError, match="words of scorer 'dinner' is"):
        gm.match(MORNING, policy=gm.DEFAULT_POLICY.with_scorer(dinner, weight=1))
