"""The library's errors in Chinese.

The library speaks English; the shell translates. A message is held against the skeletons of all messages, the
one with the most literal text is taken, and its sentence in Chinese gets the same values. What a hole with one
of a few names holds is translated too: ``error``, ``why`` and the like hold messages, ``place`` a row of a
file, ``column`` and ``table`` names that a spreadsheet has Chinese words for. What has no entry stays English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import gigmatch as gm
from gigmatch.cli.complaints.answers import ANSWERS
from gigmatch.cli.complaints.foreign import FOREIGN
from gigmatch.cli.complaints.mornings import FIELDS, MORNINGS
from gigmatch.cli.complaints.programs import PROGRAMS
from gigmatch.cli.complaints.proofs import PROOFS
from gigmatch.cli.complaints.skeletons import QUOTED, Skeleton, veiled

__all__ = ["CATALOGUE", "in_chinese", "place", "reason"]

CATALOGUE: dict[str, str] = {
    english.rstrip("."): chinese.rstrip("。")
    for part in (MORNINGS, FIELDS, ANSWERS, PROGRAMS, PROOFS, FOREIGN)
    for english, chinese in part.items()
}
"""Sentences in Chinese by skeletons in English, both without the full stop at the end."""

_MOST_PROBLEMS = 100  # as many as an InvalidMorningError has in its text
# What files hold is not ours: a message is taken apart only as far as messages of ours go.
_MOST_PARTS = 40  # messages in one, or places before one
_LONGEST_PART = 6  # marks within a message, and one
_LONGEST_HEAD = 500  # characters of a place before a message
_DEEPEST = 6  # messages within messages
_LONGEST = 4000  # characters of a message that others are looked for in
_WITHIN_QUOTES = 0.01  # how far to trust what is known only if literals stand within quotes
_ROW = re.compile(r"(?P<file>[^,]*\.csv)(?:, row (?P<row>\d+))?(?:, column (?P<column>.*))?", re.DOTALL)
_BOTH = re.compile(r".* \(\w+\)", re.DOTALL)
_PATH = re.compile(r"\w+(?:\[\d+\]|\.\w+)*")
_COUNT = re.compile(r"(?P<source>.*?) has (?P<n>\d+) problems?:\n  (?P<rest>.*)", re.DOTALL)


class _Told(NamedTuple):
    """A text in Chinese, and how many characters of the English one were known: the more, the surer."""

    text: str
    known: float


def in_chinese(error: BaseException) -> str:
    """An error's message in Chinese; in English as far as it is not known."""
    if not isinstance(error, gm.InvalidMorningError):
        return _told(str(error)).text
    lines = [_problem(path, message) for path, message in error.problems[:_MOST_PROBLEMS]]
    if (more := len(error.problems) - len(lines)) > 0:
        lines.append(f"另有 {more:,} 个问题没有列出：请先改好以上各项，再试一次")
    source = _told(error.source).text
    return "\n  ".join([f"{source} 有 {len(error.problems)} 个问题：", *lines])


def _problem(path: str, message: str) -> str:
    return f"{place(path)}：{_told(message).text}"


def place(path: str) -> str:
    """Where something is: ``workers.csv, row 3, column x`` or ``workers[3].rating``, with Chinese words."""
    if found := _ROW.fullmatch(path):
        file, row, name = found["file"], found["row"], found["column"]
        parts = [file] + ([f"第 {row} 行"] if row else [])
        if name:
            parts.append(f"列 {name if _BOTH.fullmatch(name) else _column(name)}")
        return "，".join(parts)
    names = re.findall(r"[^\W\d]\w*", path) if _PATH.fullmatch(path) else []
    words = gm.tables.aliases.CHINESE | gm.tables.aliases.CHINESE_TABLES
    for name in ("_".join(names[-2:]), *names[-1:]):
        if name in words:
            return f"{path}（{words[name]}）"
    return path


def reason(text: str) -> str:
    """Why a row was left out: all that is wrong with it, sentence after sentence."""
    return _sentences(text).text


@cache
def _skeletons() -> list[tuple[Skeleton, str]]:
    """Every skeleton with its sentence, the most literal text first."""
    known = [(Skeleton.of(text), chinese) for text, chinese in CATALOGUE.items()]
    return sorted(known, key=lambda entry: (-entry[0].size, len(entry[0].names)))


@lru_cache(4096)
def _told(text: str, depth: int = 0) -> _Told:
    """A message as the reading of it that knows most of its text, perhaps with a place before it."""
    best = _whole(text, depth)
    if depth > 1 or len(text) > _LONGEST:
        return best
    shape, at = veiled(text), -1
    for _ in range(_MOST_PARTS):
        if (at := shape.find(": ", at + 1, _LONGEST_HEAD)) < 0:
            break
        inner = _whole(text[at + 2 :], depth)
        if inner.known > best.known:
            best = _Told(f"{place(text[:at])}：{inner.text}", inner.known)
    return best


def _whole(text: str, depth: int) -> _Told:
    """A message without anything before it; as it is where it is not known."""
    return max(_readings(text, depth), key=lambda told: told.known, default=_Told(text, 0))


def _readings(text: str, depth: int) -> Iterator[_Told]:
    if depth > _DEEPEST:
        return
    if told := _known(text, depth if len(text) <= _LONGEST else _DEEPEST):
        yield told
    at = text.rfind(". Got ")
    if at > 0 and text[-1] == "." and QUOTED.fullmatch(text, at + 6, len(text) - 1):
        body = _told(text[:at], depth + 1)
        if body.known:
            yield _Told(f"{body.text}。现在是 {text[at + 6 : -1]}。", body.known + 7)
    if found := _COUNT.fullmatch(text):
        yield _listed(found, depth + 1)
    if len(text) > _LONGEST:
        return
    if joined := _joined(text, "; ", "；", lambda part: _known(part, depth)):
        yield joined


def _listed(found: re.Match[str], depth: int) -> _Told:
    """A broken morning within another message: its problems line by line."""
    lines = [_told(line, depth) for line in found["rest"].split("\n  ")]
    head = f"{_told(found['source'], depth).text} 有 {found['n']} 个问题："
    return _Told("\n  ".join([head, *(line.text for line in lines)]), 15 + sum(line.known for line in lines))


def _joined(text: str, mark: str, comma: str, read: Callable[[str], _Told | None]) -> _Told | None:
    """Some messages one after the other, of which some may have the mark within; None where one is unknown.

    From left to right, the best way to every place that is reached: a few looks for each, however long the
    text is.
    """
    parts = _apart(text, mark)
    best: dict[int, _Told] = {0: _Told("", 0)}
    for first in range(len(parts)):
        for end in range(first + 1, min(first + _LONGEST_PART, len(parts)) + 1) if first in best else ():
            told = read(mark.join(parts[first:end]) + ("" if end == len(parts) else mark.rstrip("; ")))
            if told and told.known and (end not in best or best[first].known + told.known > best[end].known):
                before = best[first].text + (comma if first else "")
                best[end] = _Told(before + told.text, best[first].known + told.known)
    return best.get(len(parts)) if len(parts) > 1 else None


def _apart(text: str, mark: str) -> list[str]:
    """The text between the marks, as far as these do not stand in quotes."""
    parts, at = [], 0
    for shape in veiled(text).split(mark, _MOST_PARTS):
        parts.append(text[at : at + len(shape)])
        at += len(shape) + len(mark)
    return parts


@lru_cache(4096)
def _known(text: str, depth: int) -> _Told | None:
    """A message by the skeleton that says most of it, what stands in its holes included."""
    bare = text.removesuffix(".")
    for shape, trust in ((veiled(bare), 1.0), (None, _WITHIN_QUOTES)):
        best: _Told | None = None
        for skeleton, chinese in _skeletons():
            if (values := skeleton.values(bare, shape)) is not None:
                told = {name: _HOLES.get(name, _as_it_is)(value, depth + 1) for name, value in values.items()}
                known = skeleton.size + sum(value.known for value in told.values())
                if best is None or known * trust > best.known:
                    best = _Told(
                        chinese.format(**{n: value.text for n, value in told.items()}), known * trust
                    )
        if best:
            return best._replace(text=f"{best.text}。") if bare != text else best
    return None


def _sentences(text: str) -> _Told:
    """Sentences one after the other, each with its column before it where it has one."""
    one, some = _of_column(text), _joined(text, ". ", "", _of_column)
    return some if some and some.known > one.known else one


def _of_column(text: str) -> _Told:
    column, mark, message = text.partition(": ")
    if mark and column in gm.tables.aliases.CHINESE:
        told = _told(message)
        return _Told(f"{_column(column)}：{told.text}", told.known)
    return _told(text)


def _as_it_is(value: str, depth: int) -> _Told:
    return _Told(value, 0)


def _column(name: str) -> str:
    chinese = gm.tables.aliases.CHINESE.get(name)
    return f"{name}（{chinese}）" if chinese else name


def _table(name: str) -> str:
    chinese = gm.tables.aliases.CHINESE_TABLES.get(name)
    return f"{name}（{chinese}）" if chinese else name


def _choices(text: str) -> str:
    """``'day', 'hour' or 'shift'`` with the Chinese word of each."""
    words = gm.tables.aliases.CHINESE_CHOICES

    def with_word(found: re.Match[str]) -> str:
        chinese = words.get(found[1])
        return f"'{found[1]}'（{chinese}）" if chinese else found[0]

    return re.sub(r"'([^']*)'", with_word, text)


def _guess(text: str, depth: int) -> _Told:
    return _Told("；", 1) if text == "." else _told(text, depth)


def _plain(change: Callable[[str], str]) -> Callable[[str, int], _Told]:
    return lambda value, depth: _Told(change(value), 0)


_HOLES: dict[str, Callable[[str, int], _Told]] = {
    **dict.fromkeys(("error", "why", "what", "rest", "source"), _told),
    "guess": _guess,
    "place": _plain(place),
    "column": _plain(_column),
    "table": _plain(_table),
    "choices": _plain(_choices),
}
"""What is done with what stands in a hole, by the hole's name."""
