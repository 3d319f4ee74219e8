"""The texts of one room in one language, and texts of somebody's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from typing import Any

from gigmatch import i18n

__all__ = ["Texts", "by_language", "called", "every_lang", "own_text"]


class Texts:
    """Looks texts up by the rest of their keys, in their room or else among those that rooms share.

    Parameters
    ----------
    room : str
        What their keys begin with, such as ``"pages"``.
    lang : str
        Such as ``"zh"``.

    Examples
    --------
    >>> Texts("pages", "zh")("minutes", n=13)
    '13 分钟'
    """

    def __init__(self, room: str, lang: str) -> None:
        self.room, self.lang = room, lang

    def __call__(self, key: str, /, **values: Any) -> str:
        """The text of a key, filled in."""
        return i18n.text(_whole(self.room, key), self.lang, **values)

    def plural(self, key: str, n: int, /, **values: Any) -> str:
        """The form of a text for so many."""
        return i18n.plural(_whole(self.room, key), n, self.lang, **values)

    def known(self, key: str, name: str) -> str:
        """A text of the whole catalogue where there is one, such as a scorer's; else the name itself."""
        told = i18n.text(key, self.lang)
        return name if told == key else told

    def sentences(self, told: Iterable[str]) -> str:
        """Sentences one after the other."""
        every = [*told]
        return reduce(self._and_then, every) if every else ""

    def _and_then(self, told: str, more: str) -> str:
        return i18n.text("shared.next_sentence", self.lang, told=told, more=more)


@lru_cache(maxsize=4096)
def _whole(room: str, key: str) -> str:
    """The whole key of a text: of the room, or of those that rooms share."""
    own = f"{room}.{key}"
    return own if i18n.has(own) else f"shared.{key}"


def every_lang(key: str) -> dict[str, str]:
    """A text in every language that has it."""
    return {lang: i18n.text(key, lang) for lang in i18n.languages() if i18n.has(key, lang)}


def called(key: str, name: str, lang: str) -> str:
    """What people call a rule or scorer; in English and where it has none its name, as in code.

    Examples
    --------
    >>> called("rules.{}.name", "rest", "zh"), called("rules.{}.name", "rest", "en")
    ('休息时间不足', 'rest')
    """
    key = key.format(name)
    return i18n.text(key, lang) if i18n.known(lang) != "en" and i18n.has(key, lang) else name


def by_language(words: str | Mapping[str, str]) -> dict[str, str]:
    """Return one's own words by language, in alphabetical order; text alone is English.

    Examples
    --------
    >>> by_language("hall"), by_language({"zh": "大厅", "en": "hall"})
    ({'en': 'hall'}, {'en': 'hall', 'zh': '大厅'})
    """
    return {"en": words} if isinstance(words, str) else {code: words[code] for code in sorted(words)}


def own_text(words: str | Mapping[str, str], lang: str) -> str:
    """What somebody's own rule, scorer or level is called in a language: in English where it has none.

    Examples
    --------
    >>> own_text({"en": "first in the hall", "zh": "最先到的人"}, "zh"), own_text("hall", "zh")
    ('最先到的人', 'hall')
    """
    return words if isinstance(words, str) else words[i18n.known(lang, words) or "en"]
