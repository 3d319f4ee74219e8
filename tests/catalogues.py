"""The catalogues of texts in tests: what stands in them, and what their texts leave to be filled in."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

from gigmatch import i18n

__all__ = ["AMISS", "OTHER_WORDS", "TEXTS", "gaps"]

AMISS = re.compile(
    r"[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff][,;:()!?]|[,;:()!?][\u4e00-\u9fff]|，，|。。|；。"
)
"""What Chinese does not have: half width between Chinese, and blanks in it."""

OTHER_WORDS = {
    "工人": "零工",
    "用工方": "雇主",
    "招工方": "雇主",
    "警示": "提醒",
    "警告": "提醒",
    "培训计划": "培训方案",
    "层": "目标",
    "出行": "路程",
    "招满": "填满",
    "空名额": "空缺",
    "空额": "空缺",
    "平均得分": "平均分",
    "已安排人数": "安排人数",
    "评分策略": "策略",
    "核验": "验证",
    "理由": "原因",
    "派工": "安排",
}
"""Chinese words that another one stands for everywhere: one word for one thing."""


def _texts(lang: str) -> dict[str, tuple[str, ...]]:
    """Every text of a language in its forms, by key."""
    with (Path(i18n.__file__).parent / f"{lang}.po").open("rb") as lines:
        entries = [entry for entry in read_po(lines) if entry.id]
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        key, forms = (entry.id, entry.string) if isinstance(entry.id, str) else (entry.id[0], entry.string)
        assert key not in found, f"{key} stands twice in {lang}"
        found[key] = (forms,) if isinstance(forms, str) else tuple(forms)
    return found


TEXTS = {lang: _texts(lang) for lang in ("en", "zh")}
"""By language and key, in all forms."""


def gaps(*forms: str) -> set[str]:
    """Names of what is filled in."""
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}
