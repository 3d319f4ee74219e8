"""The language that somebody asks for."""

from __future__ import annotations

from gigmatch import i18n
from gigmatch.errors import InvalidInputError

__all__ = ["known_lang"]


def known_lang(lang: str) -> str:
    """Return the language that a code means, of those that there is a catalogue of.

    Raises
    ------
    InvalidInputError
        There is none.

    Examples
    --------
    >>> known_lang("zh_CN.UTF-8")
    'zh'
    """
    if (known := i18n.known(lang)) is None:
        raise InvalidInputError("unknown_option", name="lang", names=", ".join(i18n.languages()), value=lang)
    return known
