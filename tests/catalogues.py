"""The catalogues of texts in tests: what stands in them, and what their texts leave to be filled in."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

from gigmatch import i18n

__all__ = ["AMISS", "TEXTS", "gaps"]

AMISS = re.compile(
    r"[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff][,;:()!?]|[,;:()!?][\u4e00-\u9fff]|，，|。。|；。|工人"
)
"""What Chinese does not have: half width between Chinese, blanks in it, another word for whom it is about."""


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
