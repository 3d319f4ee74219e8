"""The one catalogue of texts: whatever people read, by key and language.

A catalogue is a gettext file, ``en.po`` and ``zh.po`` here, read as it is. Keys say where a text belongs
(``errors.unknown_worker``, ``rules.rest.sentence``, ``pages.no_shortage``); gaps are those of `str.format`.
A language of one's own is one more file in the folder that ``GIGMATCH_LOCALES`` names when the first text is
told; one for a language that is here goes before it, text by text. What a language lacks is told in English.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache, reduce
from pathlib import Path
from typing import Any, Final, Self

from gigmatch.i18n.po import Catalogue, read_po
from gigmatch.i18n.printable import printable

__all__ = ["Joined", "Told", "has", "joined", "known", "languages", "plural", "printable", "tell", "text"]

_HERE: Final = Path(__file__).parent
_NAME: Final = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
# What filling a text raises if its gaps are not those that it is given.
_UNFILLED: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class Told(str):
    """A text in English that can be told in other languages, too.

    Attributes
    ----------
    key : str
        Of the catalogue; where a language does not have it, or it is empty, the English is told.
    values : Mapping of str to Any
        What fills its gaps.
    """

    __slots__ = ("key", "values")
    key: str
    values: Mapping[str, Any]

    def __new__(cls, english: str, key: str, values: Mapping[str, Any] | None = None) -> Self:
        """Attach to an English text what tells it in other languages."""
        self = super().__new__(cls, english)
        self.key, self.values = key, values or {}
        return self

    @classmethod
    def of(cls, key: str, /, **values: Any) -> Self:
        """Tell a text of the catalogue in English."""
        return cls(text(key, **values), key, values)

    @classmethod
    def named(cls, room: str, name: str) -> Self:
        """Tell a name that saved data hold, such as ``time limit``; its key has underscores for blanks."""
        return cls(name, f"{room}." + name.replace(" ", "_").replace("'", "").replace(",", ""))

    def text(self, lang: str = "en") -> str:
        """Tell it in a language."""
        is_english = lang == "en" or not self.key or not (has(self.key, lang) or has(self.key))
        return str(self) if is_english else text(self.key, lang, **self.values)

    def __str__(self) -> str:
        return str.__str__(self)

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, Any]]:  # type: ignore[override]
        return str(self), self.key, self.values


class Joined(Told):
    """Texts in one, which can be told in other languages, too; ``parts`` are among its values."""

    __slots__ = ()

    def text(self, lang: str = "en") -> str:
        """Tell all of them in a language."""
        return _joined(self.key, self.values["parts"], lang)


def joined(key: str, parts: Sequence[Told]) -> Joined:
    """Join texts, which can be told in several languages, by a text with the gaps ``first`` and ``rest``."""
    return Joined(_joined(key, parts, "en"), key, {"parts": tuple(parts)})


def _joined(key: str, parts: Sequence[Told], lang: str) -> str:
    told = (part.text(lang) for part in parts)
    return reduce(lambda first, rest: text(key, lang, first=first, rest=rest), told)


def tell(value: Any, lang: str = "en") -> Any:
    """Tell a value in a language if it can be told in several, and give any other as it is."""
    return value.text(lang) if isinstance(value, Told) else value


def text(key: str, lang: str = "en", /, **values: Any) -> str:
    """Tell a text in a language, in English where it has none, and the key itself where there is no text.

    Parameters
    ----------
    key : str
        Of the catalogue.
    lang : str
        Such as ``"zh"``, which ``"zh-CN"`` and ``"zh_CN.UTF-8"`` stand for, too.
    **values
        What fills the gaps; a `Told` among them is told in the same language. A number ``n``
        chooses the form of a text that has several.
    """
    return _told(key, values.get("n"), lang, values)


def plural(key: str, n: int, lang: str = "en", /, **values: Any) -> str:
    """Tell a text in the form for ``n`` of something, which is ``{n}`` in it, with separators.

    Parameters
    ----------
    key, lang, **values
        As for `text`.
    n : int
        How many.
    """
    return _told(key, n, lang, {"n": f"{n:,}", **values})


def _told(key: str, n: Any, lang: str, values: Mapping[str, Any]) -> str:
    """Fill a text in; one with other gaps, as in a catalogue of one's own, must not hide what is said."""
    for code in (lang, "en"):
        if (template := _template(key, n, code)) is not None:
            try:
                return printable(template.format(**(values if lang == "en" else _all_told(values, lang))))
            except _UNFILLED:
                continue
    return printable(key)


def _all_told(values: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What fills a text, told in a language; in English every value is told as it is filled in."""
    return {name: tell(value, lang) for name, value in values.items()}


def _template(key: str, n: Any, lang: str) -> str | None:
    count = n if isinstance(n, int) else 1
    for catalogue in _catalogues(lang):
        if (found := catalogue.find(key, count)) is not None:
            return found
    return None


def has(key: str, lang: str = "en") -> bool:
    """Whether a language has a text of its own."""
    return _template(key, 1, lang) is not None


def languages() -> tuple[str, ...]:
    """List the languages that there are catalogues of, in alphabetical order."""
    return _languages(_own_folder())


def known(lang: str, among: Iterable[str] | None = None) -> str | None:
    """Name the language that a code means, ``zh`` for ``zh-CN`` and ``zh_CN.UTF-8``; None if there is none.

    Parameters
    ----------
    lang : str
        The code, in upper or lower case.
    among : iterable of str, optional
        The languages that there are; those of the catalogue if it is left out.
    """
    return _known(str(lang), languages() if among is None else tuple(among))


@lru_cache(maxsize=256)
def _known(lang: str, among: tuple[str, ...]) -> str | None:
    asked = lang.partition(".")[0].replace("-", "_").lower()
    codes = {code.replace("-", "_").lower(): code for code in among}
    return codes.get(asked) or codes.get(asked.partition("_")[0])


@cache
def _languages(own: str | None) -> tuple[str, ...]:
    names = {path.stem for folder in _folders(own) for path in folder.glob("*.po")}
    return tuple(sorted(filter(_NAME.fullmatch, names)))


def _folders(own: str | None) -> list[Path]:
    """Where catalogues are, those that go before others first."""
    return [*([Path(own)] if own else []), _HERE]


@cache
def _own_folder() -> str | None:
    return os.environ.get("GIGMATCH_LOCALES")


@lru_cache(maxsize=256)
def _catalogues(lang: str) -> tuple[Catalogue, ...]:
    """Return the catalogues of a language, the first going before the others; none if there are none."""
    own = _own_folder()
    code = _known(lang, _languages(own))
    return () if code is None else _read(code, own)


@cache
def _read(lang: str, own: str | None) -> tuple[Catalogue, ...]:
    paths = (folder / f"{lang}.po" for folder in _folders(own))
    return tuple(filter(None, map(_readable, filter(Path.is_file, paths))))


def _readable(path: Path) -> Catalogue | None:
    """Read a catalogue; one that cannot be read must not hide what is told, so it warns."""
    try:
        return read_po(path)
    except (OSError, ValueError) as error:
        warnings.warn(f"{path}: no catalogue ({error}): mend it or take it away", stacklevel=2)
        return None
