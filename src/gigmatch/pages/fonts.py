"""The Chinese font that pages take along and plots fall back to, cut down to the characters wanted.

It comes with the package ``zhplot`` (Noto Sans SC under the SIL Open Font License), so a page is the same
wherever it is written. Without that package it is one of this machine's. What no font of it can show, such as
a rare character of a name, is given a glyph that shows its code point: there are no empty boxes. Needs
the extra ``report``.
"""

from __future__ import annotations

import io
import warnings
from bisect import bisect
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gigmatch.i18n import Told

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

__all__ = [
    "CODES",
    "FAMILIES",
    "HAN",
    "RANGES",
    "FontFace",
    "Source",
    "covered",
    "faces",
    "han",
    "installed",
    "source_font",
]

RANGES = (
    (0x2E80, 0x9FFF),  # radicals, punctuation, kana, bopomofo, enclosed and squared ones, ideographs
    (0xE000, 0xFAFF),  # private use, which names out of older registers have; compatibility ideographs
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFFEF),  # fullwidth forms
    (0x1F200, 0x1F2FF),
    (0x20000, 0x3FFFF),  # extensions B and later
)
"""Code points that Chinese may need and that a font for Latin letters does not have, both ends included."""

HAN, CODES = "gigmatch Han", "gigmatch code points"
"""Names of the two faces that a page may take along."""

FAMILIES = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC"),
    *("Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Noto Sans CJK JP"),
    *("Hiragino Sans GB", "Heiti SC", "SimSun", "Noto Serif CJK SC", "Droid Sans Fallback"),
    "Arial Unicode MS",
)
"""Fonts for Chinese that a machine may have, the most suitable first."""

_PAGES = 16  # alike pages follow each other: slips after slips, a board that is written anew
_STARTS = [first for first, _ in RANGES]
_COPYRIGHT, _NAMES, _LICENCE, _LICENCE_URL = 0, (1, 2, 4, 6), 13, 14
_FORBIDDEN = 0x0002 | 0x0100 | 0x0200  # of fsType: no embedding, no subset, bitmaps only
_LETTER_TABLES = ("BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx", "gasp", "meta")


class Source(NamedTuple):
    """A font in a file; ``number`` is its place in a collection."""

    path: str
    number: int


class FontFace(NamedTuple):
    """A font for a page: its family and its bytes as WOFF."""

    family: str
    woff: bytes


def han(text: str) -> str:
    """The characters of a text that need a font for Chinese, each once, by code point.

    >>> han("Wang 王, 小王（wang）")
    '小王（）'
    """
    return "".join(sorted(character for character in set(text) if _is_han(ord(character))))


def _is_han(code: int) -> bool:
    at = bisect(_STARTS, code) - 1
    return at >= 0 and code <= RANGES[at][1]


@cache
def source_font() -> Source | None:
    """The font of the package ``zhplot``, else one of the machine's; None where there is neither."""
    spec = find_spec("zhplot")  # not imported: that would change matplotlib's settings
    for folder in (spec and spec.submodule_search_locations) or ():
        for path in sorted(Path(folder, "fonts").glob("*.ttf")):
            return Source(str(path), 0)
    found = filter(None, map(installed, FAMILIES))
    return next(filter(_may_be_embedded, found), None)


def installed(family: str | None) -> Source | None:
    """The font of a family that matplotlib finds on this machine, if any; that of its default for None."""
    try:
        from matplotlib.font_manager import FontProperties, findfont
    except ModuleNotFoundError:
        return None
    try:
        path = findfont(FontProperties(family=family), fallback_to_default=family is None)
    except ValueError:
        return None
    return Source(str(path), getattr(path, "face_index", 0))


def _may_be_embedded(source: Source) -> bool:
    """Whether the font's own flags let a part of it go into a document."""
    with _opened(source) as font:
        return not font["OS/2"].fsType & _FORBIDDEN


@cache
def covered(source: Source) -> frozenset[int]:
    """Code points that a font has a glyph for."""
    with _opened(source) as font:
        return frozenset(font.getBestCmap() or ())


def faces(characters: str) -> tuple[FontFace, ...]:
    """Fonts for exactly these characters, as small as they can be.

    Parameters
    ----------
    characters : str
        Such as `han` finds.

    Returns
    -------
    tuple of FontFace
        `HAN` with the characters that the font has, then `CODES`, whose glyphs are the code points of those
        that it has not. Either is left out where it would be empty. The same bytes for the same characters.

    Warns
    -----
    UserWarning
        There is no Chinese font, neither of the package nor of the machine; the result is empty.
    """
    if not characters:
        return ()
    source = source_font()
    if source is None:
        warnings.warn(
            Told.of("errors.no_chinese_font"),
            UserWarning,
            stacklevel=2,
        )
        return ()
    known = covered(source)
    shown = "".join(character for character in characters if ord(character) in known)
    others = "".join(character for character in characters if ord(character) not in known)
    found = []
    if shown:
        found.append(FontFace(HAN, _subset(source, shown)))
    if others:
        found.append(FontFace(CODES, _code_points(source, others)))
    return tuple(found)


def _opened(source: Source) -> TTFont:
    from fontTools.ttLib import TTFont

    font = TTFont(source.path, fontNumber=source.number, lazy=True, recalcTimestamp=False)
    if "glyf" in font:  # else it would name all of them by their characters, which takes longer than the rest
        font.setGlyphOrder(list(_numbered(font["maxp"].numGlyphs)))
    return font


@cache
def _numbered(n: int) -> tuple[str, ...]:
    """Names of so many glyphs, which no page will have in it."""
    return (".notdef", *(f"glyph{number:05}" for number in range(1, n)))


@lru_cache(_PAGES)
def _subset(source: Source, characters: str) -> bytes:
    """The outlines of some characters and the licence; no hints, nothing about how letters join."""
    from fontTools.subset import Options, Subsetter

    options = Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
        name_IDs=[_COPYRIGHT, *_NAMES, _LICENCE, _LICENCE_URL],
        name_languages=[0x409],
    )
    options.drop_tables += _LETTER_TABLES
    with _opened(source) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=map(ord, characters))
        subsetter.subset(font)
        return _woff(font)


def _woff(font: TTFont) -> bytes:
    file = io.BytesIO()
    font.flavor = "woff"
    font.save(file)
    return file.getvalue()


# -- what the font does not have ---------------------------------------------------------------------------

_EM, _SIZE = 1000, 0.7
_TOP, _BOTTOM, _LINE, _EDGE, _MARGIN, _COLUMN = 820, -60, 40, 60, 150, 430
_BASELINE = 125


def _code_points(source: Source, characters: str) -> bytes:
    """A font that shows every character as its code point: hexadecimal digits in a frame."""
    from fontTools.fontBuilder import FontBuilder

    with _opened(source) as font:
        draw = _framed(font)
        glyphs = {f"u{ord(character):X}": draw(f"{ord(character):X}") for character in characters}
        texts = {"copyright": _COPYRIGHT, "licenseDescription": _LICENCE}
        licence = {name: font["name"].getDebugName(number) or "" for name, number in texts.items()}
    outlines = {".notdef": draw("")[0]} | {name: glyph for name, (glyph, _) in glyphs.items()}
    made = FontBuilder(_EM)
    made.updateHead(created=0, modified=0)  # not today: the same bytes for the same characters
    made.setupGlyphOrder(list(outlines))
    made.setupCharacterMap({int(name[1:], 16): name for name in glyphs})
    made.setupGlyf(outlines)
    widths = {".notdef": _EM} | {name: width for name, (_, width) in glyphs.items()}
    made.setupHorizontalMetrics({name: (width, _EDGE) for name, width in widths.items()})
    made.setupHorizontalHeader(ascent=_TOP, descent=_BOTTOM)
    made.setupNameTable({"familyName": CODES, "styleName": "Regular", **licence})
    made.setupOS2(sTypoAscender=_TOP, sTypoDescender=_BOTTOM, usWinAscent=_TOP, usWinDescent=-_BOTTOM)
    made.setupPost(keepGlyphNames=False)
    return _woff(made.font)


def _framed(font: TTFont) -> Callable[[str], tuple[Any, int]]:
    """What draws hexadecimal digits of a font in a frame, as one glyph, and tells how wide it is."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    scale = _SIZE * _EM / font["head"].unitsPerEm

    def draw(digits: str) -> tuple[Any, int]:
        glyph = TTGlyphPen(None)
        pen = Cu2QuPen(glyph, max_err=1.0)
        width = len(digits) * _COLUMN + 2 * _MARGIN
        _frame(pen, width)
        for at, digit in enumerate(digits):
            drawn, outline = glyphs[names[ord(digit)]], DecomposingRecordingPen(glyphs)
            drawn.draw(outline)
            x = _MARGIN + (at + 0.5) * _COLUMN - scale * drawn.width / 2
            outline.replay(TransformPen(pen, (scale, 0, 0, scale, x, _BASELINE)))
        return glyph.glyph(), width

    return draw


def _frame(pen: Any, width: int) -> None:
    """A rectangle, and its inside the other way round."""
    left, right, low, high = _EDGE, width - _EDGE, _BOTTOM, _TOP
    outside = [(left, low), (left, high), (right, high), (right, low)]
    left, right, low, high = left + _LINE, right - _LINE, low + _LINE, high - _LINE
    inside = [(left, low), (right, low), (right, high), (left, high)]
    for first, *others in (outside, inside):
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
