"""How a page is made: templates that escape, one file that loads nothing, written all at once."""

from __future__ import annotations

import base64
import hashlib
import os
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.i18n.foreign import said_by_system
from gigmatch.pages.typefaces import font_faces
from gigmatch.pages.words import Words

__all__ = ["plain", "render", "write"]

_HEAD = "default-src 'none'; base-uri 'none'; form-action 'none'"


class PageStyle(NamedTuple):
    """The style of a page, and the policy that allows it."""

    css: str
    policy: str


def render(template: str, words: Words, style: str, script: str | None = None, **values: Any) -> str:
    """A page as text.

    Parameters
    ----------
    template : str
        File name of the template.
    words : Words
        Its language.
    style : str
        Names of its style sheets, separated by blanks.
    script : str, optional
        Name of its script.
    **values
        What the template shows; every text is escaped there.

    Returns
    -------
    str
        HTML whose policy lets it run its own style and script, and load nothing. A font for the Chinese in
        it, wherever that came from, is part of its style.

    Raises
    ------
    UnsupportedError
        The extra ``report`` is not installed.

    Warns
    -----
    UserWarning
        There is Chinese in it, and no font for it to take along.
    """
    css = "\n".join(_text(f"{name}.css") for name in style.split())
    js = _text(f"{script}.js") if script else ""

    def style_of(html: str) -> PageStyle:
        return _page_style(css, js, font_faces(html))

    page: str = (
        _environment()
        .get_template(template)
        .render(w=words, js=js, style_of=style_of, version=_version(), **values)
    )
    return page


def _page_style(css: str, js: str, fonts: str) -> PageStyle:
    policy = f"{_HEAD}; style-src {_hash(css + fonts)}"
    policy += "; font-src data:" if fonts else ""
    policy += f"; script-src {_hash(js)}" if js else ""
    return PageStyle(css + fonts, policy)


def write(path: str | Path, text: str) -> None:
    """Write a page all at once, so that a screen that reads it meanwhile never sees half of it.

    Raises
    ------
    InvalidInputError
        The folder is not there, or the path cannot be written.
    """
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n", errors="replace")
        beside.replace(target)
    except (OSError, ValueError) as error:
        beside.unlink(missing_ok=True)
        raise InvalidInputError("cannot_write", path=path, error=said_by_system(error)) from None


def plain(text: str) -> str:
    """A text without the characters that move a terminal's cursor or turn its lines."""
    if text.isprintable():
        return text
    return "".join(" " if character in "\n\t" else character for character in text if _is_plain(character))


def _is_plain(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


@cache
def _environment() -> Any:
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
    except ModuleNotFoundError as missing:
        raise UnsupportedError.without("report", str(missing.name), "pages") from None
    return Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _text(name: str) -> str:
    return files("gigmatch.pages").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("gigmatch")
    except PackageNotFoundError:
        return ""
