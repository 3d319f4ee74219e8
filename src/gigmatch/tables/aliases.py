"""Chinese names that CSV files may have instead of the schema's, and columns they may have besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from unicodedata import normalize

from gigmatch.model.aliases import CHINESE, CHINESE_CHOICES, CHINESE_OTHERS, CHINESE_TABLES, SYNONYMS
from gigmatch.model.values import BLANKS
from gigmatch.tables.schema import schema

__all__ = [
    "CHINESE",
    "CHINESE_CHOICES",
    "CHINESE_TABLES",
    "SHORTHAND",
    "header_names",
    "known_names",
    "spreadsheet_headers",
    "table_name",
]

SHORTHAND: dict[str, dict[str, str]] = {
    "morning": {"name": "名称", "lat": "纬度", "lon": "经度", "datum": "坐标系", "label": "地点"},
    "workers": {"skills": "工种", "start_min": "开始时间", "end_min": "结束时间"},
    "shifts": {"skills": "工种", "start_min": "开始时间", "end_min": "结束时间", "break_min": "休息分钟"},
}
"""What a CSV file may have besides, with Chinese headers: other tables in short, see ``tables.shorthand``."""


def _aliases(table: str) -> dict[str, str]:
    """Names by Chinese header."""
    known = {CHINESE[column.name]: column.name for column in schema()[table].columns}
    known |= CHINESE_OTHERS.get(table, {})
    return known | {header: name for name, header in SHORTHAND.get(table, {}).items()}


def header_names(table: str, header: Sequence[str]) -> list[str]:
    """Names of the schema for the headers of a table's file; what is no alias stays as it is.

    Capital letters, and spaces or hyphens for underscores, make no other name. A synonym is taken for a
    column that has no header of its own, the first where there are several.
    """
    aliases = _aliases(table)
    plain = {name: name for name in aliases.values()} | aliases
    synonyms = {word: name for name, words in SYNONYMS.items() if name in plain for word in words}
    if table in schema():  # a key is called there as elsewhere: the id of a worker is the worker_id of others
        synonyms |= dict.fromkeys(_key_elsewhere(table), "id")
    texts = [normalize("NFKC", text).strip(BLANKS) for text in header]
    names = [_named(text, plain) or text for text in texts]
    for at, text in enumerate(texts):
        name = _named(text, synonyms) if names[at] not in plain.values() else None
        if name and name not in names:
            names[at] = name
    return names


def _named(text: str, words: Mapping[str, str]) -> str | None:
    return words.get(text) or words.get(text.lower().replace(" ", "_").replace("-", "_"))


def _key_elsewhere(table: str) -> tuple[str, ...]:
    """What others call the ids of a table: ``worker_id``, and so on."""
    name = f"{table.removesuffix('s')}_id"
    if schema()[table].key != ("id",) or name not in CHINESE:
        return ()
    return (name, CHINESE[name], *SYNONYMS.get(name, ()))


def known_names(table: str) -> frozenset[str]:
    """The names that a table's file may have, those of what it may hold in short included."""
    return frozenset(_aliases(table).values()) if table in schema() else frozenset()


def spreadsheet_headers(table: str, *, chinese: bool) -> list[str]:
    """The headers that a table's file may have."""
    aliases = _aliases(table)
    return list(aliases) if chinese else list(dict.fromkeys(aliases.values()))


def table_name(stem: str) -> str:
    """The table of a file's name, which may be Chinese or have capital letters."""
    stem = normalize("NFKC", stem).strip(BLANKS)
    return {header: name for name, header in CHINESE_TABLES.items()}.get(stem, stem.lower())
