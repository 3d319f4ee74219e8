"""Reading pages in tests: well-formed, what is read in them and in what font, what they load."""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from html.parser import HTMLParser

from fontTools.ttLib import TTFont

import gigmatch as gm
from tests.conftest import sample

__all__ = ["HOSTILE", "Page", "chinese", "fonts_in", "glyphs_of", "hostile_morning", "read_page"]

_VOID = {"meta", "link", "br", "img", "input", "hr"}
_BLOCKS = ("CJK ", "IDEOGRAPHIC ", "KANGXI ", "FULLWIDTH ", "BOPOMOFO ", "HIRAGANA ", "KATAKANA ")
_FACE = re.compile(r"src: url\(data:font/woff;base64,([\w+/=]+)\) format\(\"woff\"\)")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}&amp;龘𠀋\ue123\u202e\u200fevil"
_LONG = "Donaudampfschifffahrt" * 8


class Page(HTMLParser):
    """A page that was read; fails on tags that do not match."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        """Everything that can be read, labels for screen readers too."""
        labels = [attrs.get("aria-label") or "" for _, attrs in self.tags]
        return " ".join(" ".join([*self.texts, *labels]).split())

    @property
    def characters(self) -> set[str]:
        """All that may come to be seen, by the script as well."""
        values = (value or "" for _, attrs in self.tags for value in attrs.values())
        return set("".join([*self.texts, *values]))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every tag of a name."""
        return [attrs for name, attrs in self.tags if name == tag]


def chinese(characters) -> set[str]:
    """Those that a font for Latin letters does not have, by their names in Unicode; no old kana."""
    named = {c for c in characters if c < "\U00010000" or c >= "\U00020000"}
    return {c for c in named if unicodedata.name(c, "").startswith(_BLOCKS) or "\ue000" <= c <= "\uf8ff"}


def fonts_in(text: str) -> list[TTFont]:
    """The fonts that a page takes along."""
    return [TTFont(io.BytesIO(base64.b64decode(data))) for data in _FACE.findall(text)]


def glyphs_of(font: TTFont) -> dict[str, bytes]:
    """Outlines by character."""
    return {chr(code): font["glyf"][name].compile(font["glyf"]) for code, name in font.getBestCmap().items()}


def read_page(text: str) -> Page:
    """The page, if it is well-formed, runs and loads nothing of others, and has a glyph for all Chinese."""
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    [policy] = [m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy
    for tag, attrs in page.tags:
        assert tag not in ("img", "iframe", "object", "embed", "link", "base", "audio", "video", "form")
        assert not {name for name in attrs if name.startswith("on") or name in ("src", "style", "srcset")}, (
            attrs
        )
        assert (attrs.get("href") or "#").startswith("#")
    css = text[text.index("<style>") : text.index("</style>")]
    fonts = fonts_in(css)
    assert css.count("url(") == len(fonts) == css.count("@font-face") - css.count("src: local(")
    assert ("font-src data:" in policy) == bool(fonts)
    assert "@import" not in css
    drawn = {character: glyph for font in fonts for character, glyph in glyphs_of(font).items()}
    assert chinese(page.characters) <= drawn.keys() <= set(text)
    assert sum(len(font.getBestCmap()) for font in fonts) == len(drawn)
    assert [character for character, glyph in drawn.items() if not glyph] in ([], ["\u3000"])
    assert len(page.named("script")) == ("script-src" in policy)
    return page


def hostile_morning(workers: int = 60) -> gm.Morning:
    """A sample in which everything that has a name has a hostile one."""
    base = sample("jingshi", seed=7, workers=workers)
    data = base.model_dump(mode="json", exclude_defaults=True)
    data["market"]["name"] = HOSTILE
    for at, station in enumerate(data["market"]["stations"]):
        station["name"] = f"{HOSTILE if at % 2 else _LONG}{at}"
    for skill in data["skills"]:
        skill["name"] = f"{skill['name']}{HOSTILE}"
    for party in data["employers"] + data["brokers"]:
        party["name"], party["licence"] = HOSTILE, HOSTILE
    new_id = {worker["id"]: f"{worker['id']}{HOSTILE}" for worker in data["workers"]}
    for at, worker in enumerate(data["workers"]):
        worker["id"] = new_id[worker["id"]]
        worker["station_id"] = worker["station_id"] if at else "hall"
    for employer in data["employers"]:
        employer["refused_worker_ids"] = []
    for at, shift in enumerate(data["shifts"]):
        shift["id"] = f"{shift['id']}{HOSTILE}"
        shift["location"]["label"] = _LONG if at % 3 else HOSTILE
        for credential in shift.get("credentials", ()):
            credential["kind"] = HOSTILE
    for worker in data["workers"]:
        for credential in worker.get("credentials", ()):
            credential["kind"] = HOSTILE
    return gm.Morning.model_validate(data | {"schema_version": 1})
