"""The one catalogue of texts: whatever people read, by key and language.

A catalogue is a gettext file, ``en.po`` and ``zh.po`` here, compiled into the wheel. Keys say where a text
belongs (``errors.unknown_worker``, ``rules.rest.sentence``, ``pages.no_shortage``); gaps are those of
`str.format`. A language of one's own is one more file, here or in the folder that ``GIGMATCH_LOCALES`` names;
what it lacks is told in English.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache, reduce
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, Self

__all__ = ["Message", "Told", "has", "joined", "languages", "plural", "tell", "text"]

_HERE = Path(__file__).parent


class Message(NamedTuple):
    """A text that is told later, in whatever language: its key, and what fills its gaps."""

    key: str
    values: Mapping[str, Any]

    def text(self, language: str = "en") -> str:
        """Tell it in a language."""
        return text(self.key, language, **self.values)


class Told(str):
    """A text in English that can be told in other languages, too.

    Attributes
    ----------
    key : str
        Of the catalogue; where a language does not have it, or it is empty, the English is told.
    values : Mapping of str to Any
        What fills its gaps.
    """

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

    def text(self, language: str = "en") -> str:
        """Tell it in a language."""
        is_english = language == "en" or not self.key or not has(self.key, language)
        return str(self) if is_english else text(self.key, language, **self.values)

    def __str__(self) -> str:
        return str.__str__(self)

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, Any]]:  # type: ignore[override]
        return str(self), self.key, self.values


def tell(value: Any, language: str = "en") -> Any:
    """Tell a value in a language if it can be told in several, and give any other as it is."""
    if isinstance(value, Told):
        return value if language == "en" else value.text(language)
    return value.text(language) if isinstance(value, Message) else value


def joined(key: str, parts: Sequence[Told]) -> Told:
    """Join texts, which can be told in several languages, by a text with the gaps ``first`` and ``rest``."""
    return reduce(lambda first, rest: Told.of(key, first=first, rest=rest), parts)


def text(key: str, language: str = "en", /, **values: Any) -> str:
    """Tell a text in a language, in English where it has none, and the key itself where there is no text.

    Parameters
    ----------
    key : str
        Of the catalogue.
    language : str
        Such as ``"zh"``.
    **values
        What fills the gaps; a `Message` or `Told` among them is told in the same language.
    """
    found = next((told for code in (language, "en") if (told := _catalogue(code).gettext(key)) != key), None)
    return key if found is None else _filled(found, language, values)


def plural(key: str, n: int, language: str = "en", /, **values: Any) -> str:
    """Tell a text in the form for ``n`` of something, which is ``{n}`` in it, with separators.

    Parameters
    ----------
    key, language, **values
        As for `text`.
    n : int
        How many.
    """
    for code in (language, "en"):
        if (told := _catalogue(code).ngettext(key, key, n)) != key:
            return _filled(told, language, {"n": f"{n:,}", **values})
    return key


def has(key: str, language: str = "en") -> bool:
    """Whether a language has a text of its own."""
    return _catalogue(language).gettext(key) != key or _catalogue(language).ngettext(key, key, 2) != key


def languages() -> tuple[str, ...]:
    """List the languages that there are catalogues of, in alphabetical order."""
    return _languages(*_folders())


@cache
def _languages(*folders: Path) -> tuple[str, ...]:
    return tuple(sorted({path.stem for folder in folders for path in folder.glob("*.[mp]o")}))


def _filled(template: str, language: str, values: Mapping[str, Any]) -> str:
    return template.format(**{name: tell(value, language) for name, value in values.items()})


def _folders() -> list[Path]:
    own = os.environ.get("GIGMATCH_LOCALES")
    return [_HERE, *([Path(own)] if own else [])]


@cache
def _catalogue(language: str) -> NullTranslations:
    """Read the catalogue of a language, an empty one if there is none."""
    for folder in _folders():
        if (compiled := folder / f"{language}.mo").is_file():
            return GNUTranslations(BytesIO(compiled.read_bytes()))
        if (source := folder / f"{language}.po").is_file():
            return _compiled(source)
    return NullTranslations()


def _compiled(source: Path) -> GNUTranslations:
    """Compile a catalogue that no build has: in a source tree, or one's own language; needs Babel."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    told = BytesIO()
    with source.open("rb") as lines:
        write_mo(told, read_po(lines))
    told.seek(0)
    return GNUTranslations(told)
