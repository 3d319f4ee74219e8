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
from gigmatch.cli.complaints.proofs import PROOFS
from gigmatch.cli.complaints.skeletons import QUOTED, Skeleton

__all__ = ["CATALOGUE", "in_chinese", "place", "reason"]

CATALOGUE: dict[str, str] = {
    english.rstrip("."): chinese.rstrip("。")
    for part in (MORNINGS, FIELDS, ANSWERS, PROOFS, FOREIGN)
    for english, chinese in part.items()
}
"""Sentences in Chinese by skeletons in English, both without the full stop at the end."""

_MOST_PROBLEMS = 100  # as many as an InvalidMorningError has in its text
_MOST_SPLITS = 20  # places where a message may be two; no message of ours has more, whatever a file holds
_ROW = re.compile(r"(?P<file>[^,]*\.csv)(?:, row (?P<row>\d+))?(?:, column (?P<column>.*))?", re.DOTALL)
_BOTH = re.compile(r".* \(\w+\)", re.DOTALL)
_PATH = re.compile(r"\w+(?:\[\d+\]|\.\w+)*")
_COUNT = re.compile(r"(?P<source>.*?) has (?P<n>\d+) problems?:\n  (?P<rest>.*)", re.DOTALL)


class _Told(NamedTuple):
    """A text in Chinese, and how many characters of the English one were known: the more, the surer."""

    text: str
    known: int


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


@lru_cache(1024)
def _told(text: str) -> _Told:
    """A message as the reading of it that knows most of its text."""
    return max(_readings(text), key=lambda told: told.known, default=_Told(text, 0))


def _readings(text: str) -> Iterator[_Told]:
    if text[-1:] == "." and (told := _known(text.rstrip("."))):
        yield _Told(f"{told.text}。", told.known)
    elif told := _known(text):
        yield told
    at = text.rfind(". Got ")
    if at > 0 and text[-1] == "." and QUOTED.fullmatch(text, at + 6, len(text) - 1):
        body = _told(text[:at])
        if body.known:
            yield _Told(f"{body.text}。现在是 {text[at + 6 : -1]}。", body.known + 7)
    if found := _COUNT.fullmatch(text):
        yield _listed(found)
    for head, rest in _splits(text, "; "):
        first, others = _known(head), _told(rest)
        if first and first.known and others.known:
            yield _Told(f"{first.text}；{others.text}", first.known + others.known)
    for head, rest in _splits(text, ": "):
        inner = _told(rest)
        if inner.known:
            yield _Told(f"{place(head)}：{inner.text}", inner.known)


def _listed(found: re.Match[str]) -> _Told:
    """A broken morning within another message: its problems line by line."""
    lines = [_told(line) for line in found["rest"].split("\n  ")]
    head = f"{_told(found['source']).text} 有 {found['n']} 个问题："
    return _Told("\n  ".join([head, *(line.text for line in lines)]), 15 + sum(line.known for line in lines))


def _splits(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """The text cut in two at each mark; not at all where there are more than a message of ours has."""
    if text.count(mark) > _MOST_SPLITS:
        return
    at = text.find(mark)
    while at >= 0:
        yield text[:at], text[at + len(mark) :]
        at = text.find(mark, at + 1)


@lru_cache(1024)
def _known(text: str) -> _Told | None:
    """A message by the skeleton that says most of it, what stands in its holes included."""
    best: _Told | None = None
    for skeleton, chinese in _skeletons():
        if (values := skeleton.values(text)) is not None:
            told = {name: _HOLES.get(name, _as_it_is)(value) for name, value in values.items()}
            known = skeleton.size + sum(value.known for value in told.values())
            if best is None or known > best.known:
                best = _Told(chinese.format(**{name: value.text for name, value in told.items()}), known)
    return best


@lru_cache(1024)
def _sentences(text: str) -> _Told:
    """Sentences one after the other, each with its column before it where it has one."""
    best = _of_column(text)
    for head, rest in _splits(text, ". "):
        first = _of_column(f"{head}.")
        if first.known:
            others = _sentences(rest)
            if first.known + others.known > best.known:
                best = _Told(f"{first.text}{others.text}", first.known + others.known)
    return best


def _of_column(text: str) -> _Told:
    column, mark, message = text.partition(": ")
    if mark and column in gm.tables.aliases.CHINESE:
        told = _told(message)
        return _Told(f"{_column(column)}：{told.text}", told.known)
    return _told(text)


def _as_it_is(value: str) -> _Told:
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


def _guess(text: str) -> _Told:
    return _Told("；", 1) if text == "." else _told(text)


def _plain(change: Callable[[str], str]) -> Callable[[str], _Told]:
    return lambda value: _Told(change(value), 0)


_HOLES: dict[str, Callable[[str], _Told]] = {
    **dict.fromkeys(("error", "why", "what", "rest", "source"), _told),
    "guess": _guess,
    "place": _plain(place),
    "column": _plain(_column),
    "table": _plain(_table),
    "choices": _plain(_choices),
}
"""What is done with what stands in a hole, by the hole's name."""
