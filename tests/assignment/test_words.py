"""An assignment in words: the same in Python and in the shell, in every language."""

from __future__ import annotations

import re

import pytest

import gigmatch as gm
from gigmatch.core.widths import columns_of_text
from tests.conftest import a_morning, a_shift, a_worker

LATIN = re.compile(r"[A-Za-z]{2,}")
MORNING = gm.samples.jingshi(workers=120)


@pytest.mark.parametrize("limit", [None, 0])
def test_a_summary_is_told_in_chinese(limit):
    """Proved or stopped: English are but names of programs and of the data, and columns stand straight."""
    answer = gm.match(MORNING, time_limit_s=limit)
    told = answer.text("zh")
    assert set(LATIN.findall(re.sub("'[a-z_]+'", "", told))) == {"gigmatch", answer.solution.solver}
    assert {columns_of_text(line) for line in told.splitlines()[1:8]} == {46}
    assert (answer.text(), answer.text("xx")) == (str(answer), str(answer))


def test_a_difference_is_told_in_chinese():
    """How many, and everybody by id."""
    before = gm.match(a_morning(a_worker("li"), a_shift("wall")))
    after = gm.match(a_morning(a_worker("wu"), a_shift("wall")))
    told = after.diff(before)
    assert told.text("zh").splitlines() == [
        "新安排 1 人，不再安排 1 人，换班次 0 人，不变 0 人",
        "  + wu -> wall",
        "  - li（原为 wall）",
    ]
    assert (told.text(), told.text("xx")) == (str(told), str(told))


def test_a_policy_is_told_in_chinese():
    """Levels, seed, scorers and whose view each takes."""
    policy = gm.DEFAULT_POLICY
    assert not LATIN.search(policy.text("zh"))
    assert policy.text("zh").startswith("策略：名额（按优先级），其次得分，最后抽签（种子 0）\n")
    assert (policy.text(), policy.text("xx")) == (str(policy), str(policy))


def test_terms_are_told_in_chinese():
    """Rules by what people call them, levels of one's own by their names."""
    answer = gm.match(MORNING, rules=gm.DEFAULT_RULES[1:])
    terms = gm.check(MORNING, answer)
    left_out = gm.rule_in_words(gm.DEFAULT_RULES[0].name, lang="zh")
    assert terms.text("zh").splitlines() == [
        "条件：名额优先，种子 0，约定 0 对，禁止 0 对",
        f"规则“{left_out}”：未采用",
        "市场声明为所有人统一投保",
    ]
    assert (terms.text(), terms.text("xx")) == (str(terms), str(terms))
