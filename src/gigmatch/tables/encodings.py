"""In which encoding text files are: by what marks them, else by evidence from all of them together.

Bytes that are UTF-8 are hardly ever anything else. The older encodings of spreadsheets are told apart by how
common the characters are that they make of the bytes, by words that are known from elsewhere, and, between
those that are left, by where the morning is. What stays in doubt is asked for.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gigmatch.errors import InvalidFileError, InvalidInputError
from gigmatch.i18n import Told, joined
from gigmatch.model.aliases import CHINESE, CHINESE_CHOICES

__all__ = ["Decoded", "decoded"]


class Decoded(NamedTuple):
    """The text of each file, and how those were read that nothing marked."""

    texts: dict[Path, str]
    notes: tuple[Told, ...]


def decoded(files: Mapping[Path, bytes], encoding: str | None = None) -> Decoded:
    """Decode files of one folder, those that are not marked and not UTF-8 all in one encoding.

    Raises
    ------
    InvalidFileError
        It is in doubt which, and ``encoding`` does not say so, or they are not in it.
    InvalidInputError
        There is no such encoding.
    """
    if encoding is not None:
        _lookup(encoding)
    texts = {path: text for path, raw in files.items() if (text := _marked(path, raw)) is not None}
    home = _home(files.values())
    others = {path: raw for path, raw in files.items() if path not in texts}
    texts |= {path: raw.decode() for path, raw in others.items() if _is_utf8(raw, encoding or home)}
    others = {path: raw for path, raw in others.items() if path not in texts}
    if encoding is None and (known := _words(texts.values())):
        texts |= {path: raw.decode() for path, raw in others.items() if _is_utf8_beside(raw, known, home)}
        others = {path: raw for path, raw in others.items() if path not in texts}
    if not others:
        return Decoded(texts, ())
    if encoding is not None:
        return Decoded(texts | {path: _strictly(path, raw, encoding) for path, raw in others.items()}, ())
    chosen = _chosen(others, _words(texts.values()) | _KNOWN, home)
    texts |= {path: raw.decode(chosen) for path, raw in others.items()}
    names = joined("errors.comma", [Told(path.name, "") for path in others])
    values = {"files": names, "encoding": _NAMES[chosen]}
    example = next(word for path in others for word in _listed(texts[path]))
    return Decoded(texts, (Told.of("notes.encoding", n=len(others), example=example, **values),))


def _lookup(encoding: str) -> None:
    try:
        b"".decode(encoding)
        codecs.lookup(encoding)
    except (LookupError, UnicodeError):
        raise InvalidInputError("no_such_encoding", value=encoding) from None


def _strictly(path: Path, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeError:
        raise InvalidFileError("other_encoding", path=path, encoding=encoding) from None


# -- what is certain -----------------------------------------------------------------------------------------

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def _marked(path: Path, raw: bytes) -> str | None:
    """The text of a file that begins with a byte order mark, or has a zero in every other byte."""
    encoding = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)
    if encoding is None and b"\0" in raw[:2000] and len(raw) % 2 == 0:
        head = raw[:2000]
        even, odd = head[::2].count(0), head[1::2].count(0)
        encoding = "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else None
    return None if encoding is None else _strictly(path, raw, encoding)


def _is_utf8(raw: bytes, other: str | None) -> bool:
    """Whether bytes are UTF-8, and no pairs of bytes that a Chinese spreadsheet writes as well."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return False
    if raw.isascii() or other not in _COMMON or other == "cp1252" or max(text) >= "\u0800":
        return True
    return _western(text) >= _PLAUSIBLE or _share(raw, str(other)) < _PLAUSIBLE


def _is_utf8_beside(raw: bytes, known: set[str], home: str | None) -> bool:
    """Whether bytes that could be UTF-8 are, beside files that are: unless they make words of these else."""
    return _decodes(raw, "utf-8") and not known & _words([raw.decode(str(home))])


# -- what is likely ------------------------------------------------------------------------------------------

_PLAUSIBLE, _CLEAR = 0.7, 0.15
_NAMES = {
    "gb18030": "GB18030",
    "big5hkscs": "Big5",
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
}
_ZONES = {
    "gb18030": "Asia/(Shanghai|Urumqi|Chongqing|Harbin|Kashgar|Singapore)|PRC",
    "big5hkscs": "Asia/(Taipei|Hong_Kong|Macau|Macao)|Hongkong|ROC",
    "cp932": "Asia/Tokyo|Japan",
    "cp949": "Asia/(Seoul|Pyongyang)|ROK",
    "cp1250": "Europe/(Warsaw|Prague|Bratislava|Budapest|Ljubljana|Zagreb|Sarajevo|Belgrade|Bucharest)",
    "cp1252": "(Europe|America|Africa|Australia|Atlantic)/[A-Z]",
}


def _home(files: Iterable[bytes]) -> str | None:
    """The encoding that spreadsheets write where the morning is, by its time zone."""
    for encoding, zones in _ZONES.items():
        if any(re.search(rf"\b({zones})".encode(), raw[:100_000]) for raw in files):
            return encoding
    return None


def _chosen(files: Mapping[Path, bytes], known: set[str], home: str | None) -> str:
    """The one encoding that all of some files are in, by the evidence."""
    raw = b"\n".join(files.values())
    shares = {encoding: _share(raw, encoding) for encoding in _COMMON if _decodes(raw, encoding)}
    if home == "cp1250" and "cp1252" in shares:
        shares["cp1250"] = shares.pop("cp1252")
    words = {encoding: len(_words([raw.decode(encoding)]) & known) for encoding in shares}
    most = max(words.values(), default=0)
    if most and list(words.values()).count(most) == 1:
        return max(words, key=lambda encoding: words[encoding])
    best = max(shares.values(), default=0.0)
    likely = [each for each, share in shares.items() if share >= max(_PLAUSIBLE, best - _CLEAR)]
    if len(likely) == 1 or home in likely:
        return home if home in likely and home else likely[0]
    raise _in_doubt(next(iter(files)), raw, likely)


def _in_doubt(path: Path, raw: bytes, likely: list[str]) -> InvalidFileError:
    """What is said of encodings that files could be in, with how each would be read."""
    if not likely:
        return InvalidFileError("unknown_encoding", path=path)
    ways = [
        Told.of("errors.way_to_read", encoding=each, text=_listed(raw.decode(each))[0]) for each in likely
    ]
    return InvalidFileError("unsure_encoding", path=path, ways=joined("errors.or", ways), example=likely[0])


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _share(raw: bytes, encoding: str) -> float:
    """How common the characters are, from 0 to 1, that an encoding makes of the bytes beyond ASCII."""
    text = raw[:_ENOUGH].decode(encoding, errors="ignore")
    if encoding in ("cp1252", "cp1250"):
        return _western(text)
    weights = [_COMMON[encoding](c.encode(encoding)) for c in text if c > "\x7f"]
    return sum(weights) / len(weights) if weights else 0.0


_ENOUGH = 200_000
_ACCENTED = frozenset(
    "äöüßÄÖÜẞéèêëÉÈÊËáàâãåæÁÀÂÃÅÆçÇíìîïÍÌÎÏñÑóòôõøœÓÒÔÕØŒúùûýÿÚÙÛÝšžŠŽðþąćęłńóśźżčďěňřťůőűăâîșțđ"
)
_SIGNS = frozenset("€£–—‘’“”…°§²³·º\u00a0«»¡¿")


def _western(text: str) -> float:
    """The share of letters beyond ASCII that stand by themselves within or beside a word of ASCII letters."""
    high = [at for at, character in enumerate(text) if character > "\x7f"]
    likely = sum(text[at] in _SIGNS or (text[at] in _ACCENTED and _in_word(text, at)) for at in high)
    return likely / len(high) if high else 0.0


def _in_word(text: str, at: int) -> bool:
    beside = (text[max(at - 1, 0)] if at else "", text[at + 1 : at + 2])
    return any(each.isascii() and each.isalpha() for each in beside) and not any(
        each > "\x7f" for each in beside
    )


def _chinese(pair: bytes) -> float:
    """GB 2312: signs, the 3,755 common characters, the others; beyond it hardly anything is ever written."""
    if len(pair) != 2 or pair[1] < 0xA1:
        return 0.0
    return (
        1.0 if 0xB0 <= pair[0] <= 0xD7 or 0xA1 <= pair[0] <= 0xA3 else 0.5 if 0xD8 <= pair[0] <= 0xF7 else 0.0
    )


def _traditional(pair: bytes) -> float:
    """Big5: signs, the 5,401 common characters, the others."""
    if len(pair) != 2:
        return 0.0
    return 1.0 if 0xA1 <= pair[0] <= 0xC6 else 0.4 if 0xC9 <= pair[0] <= 0xF9 else 0.0


def _japanese(pair: bytes) -> float:
    """Shift-JIS: signs, kana, the 2,965 common characters, the others; half-width kana are seldom."""
    if len(pair) != 2:
        return 0.2
    return 1.0 if pair[0] in (0x81, 0x82, 0x83) or 0x88 <= pair[0] <= 0x98 else 0.4


def _korean(pair: bytes) -> float:
    """EUC-KR: signs and the 2,350 common syllables."""
    return float(len(pair) == 2 and pair[1] >= 0xA1 and (0xB0 <= pair[0] <= 0xC8 or 0xA1 <= pair[0] <= 0xA3))


_COMMON: dict[str, Callable[[bytes], float]] = {
    "gb18030": _chinese,
    "big5hkscs": _traditional,
    "cp932": _japanese,
    "cp949": _korean,
    "cp1252": lambda pair: 1.0,
}


def _listed(text: str) -> list[str]:
    """Cells of a text beyond ASCII, in their order."""
    cells = (cell.strip() for cell in re.split(r'[,;\t|\r\n"]+', text))
    return [cell for cell in cells if not cell.isascii()]


def _words(texts: Iterable[str]) -> set[str]:
    """Cells of texts beyond ASCII."""
    return {cell for text in texts for cell in _listed(text)}


_KNOWN = {*CHINESE.values(), *CHINESE_CHOICES.values()}
