"""How the Chinese of a page is written: in a font that the reader has, else in one that the page brings.

The names of these faces stand first in the pages' style, before the fonts for Latin letters, and each face is
for Chinese alone, so those keep theirs. Last they would be wrong: where the first font of a text has no glyph
and a later one is still being read, Chromium keeps the box that it drew meanwhile.
"""

from __future__ import annotations

import base64

from gigmatch.pages.fonts import CODES, HAN, RANGES, FontFace, faces, han

__all__ = ["font_faces"]

_CHINESE = ", ".join(f"U+{first:X}-{last:X}" for first, last in RANGES)
_OWN, _OWN_RARE = "gigmatch own", "gigmatch own rare"
# Full and PostScript names of good fonts that readers have, by system; a face takes the first that is there.
_REGULAR = (
    *("PingFangSC-Regular", "PingFang SC", "HiraginoSansGB-W3", "Microsoft YaHei", "MicrosoftYaHei"),
    *("HarmonyOS Sans SC", "MiSans", "NotoSansCJKsc-Regular", "Noto Sans CJK SC", "NotoSansSC-Regular"),
    *("Noto Sans SC", "SourceHanSansSC-Regular", "SourceHanSansCN-Regular", "WenQuanYiMicroHei"),
)
_BOLD = (
    *("PingFangSC-Semibold", "HiraginoSansGB-W6", "Microsoft YaHei Bold", "MicrosoftYaHei-Bold"),
    *("HarmonyOS Sans SC Bold", "NotoSansCJKsc-Bold", "NotoSansSC-Bold", "SourceHanSansSC-Bold"),
    "SourceHanSansCN-Bold",
)
_RARE = ("SimSun-ExtB", "MingLiU-ExtB", "PlangothicP1-Regular", "HanaMinB", "BabelStoneHan")


def font_faces(html: str) -> str:
    """The style that a page's Chinese needs, nothing for a page without any.

    Parameters
    ----------
    html : str
        Everything that is seen, and the script that shows it.

    Returns
    -------
    str
        ``@font-face`` rules: the reader's own fonts by name, then the characters of this page from
        `gigmatch.pages.fonts` as data, then code points for those that no font has.

    Warns
    -----
    UserWarning
        As `gigmatch.pages.fonts.faces`.
    """
    brought = {face.family: _brought(face) for face in faces(han(html))}
    if not brought:
        return ""
    rules = [_own(_OWN, "1 550", _REGULAR), _own(_OWN, "551 1000", _BOLD), brought.get(HAN, "")]
    if CODES in brought:
        rules += [_own(_OWN_RARE, "1 1000", _RARE), brought[CODES]]
    return "".join(rules)


def _brought(face: FontFace) -> str:
    data = base64.b64encode(face.woff).decode()
    return _rule(face.family, "400", f'url(data:font/woff;base64,{data}) format("woff")')


def _own(family: str, weights: str, names: tuple[str, ...]) -> str:
    return _rule(family, weights, ", ".join(f'local("{name}")' for name in names))


def _rule(family: str, weights: str, source: str) -> str:
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weights}; font-display: block; '
        f"unicode-range: {_CHINESE}; src: {source}; }}\n"
    )
