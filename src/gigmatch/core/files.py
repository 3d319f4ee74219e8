"""Reading files, with errors that say what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gigmatch.errors import InvalidFileError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by, said_by_system

__all__ = ["parsed_json", "read_bytes", "utf8_text"]


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file, or an InvalidFileError that says what is wrong with the path."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise InvalidFileError("cannot_read", path=path, error=said_by_system(error)) from None


def utf8_text(data: bytes | str) -> str:
    """The text of bytes in UTF-8, without the mark that some editors begin a file with."""
    return data if isinstance(data, str) else data.decode("utf-8-sig")


def parsed_json(data: bytes | str, source: object) -> Any:
    """What JSON holds, every text in it whole and every key of an object once.

    Parameters
    ----------
    data : bytes or str
        In UTF-8 where it is bytes.
    source : str or Path
        Where it stands, for errors.

    Raises
    ------
    InvalidFileError
        It is none, or names a key twice in one object: one of the two would be lost.

    Examples
    --------
    >>> parsed_json(b'{"seed": 7}', "my-policy.json")
    {'seed': 7}
    """
    repeated: list[str] = []

    def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            repeated.extend(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        return found

    try:
        text = utf8_text(data)
        found = json.loads(text, object_pairs_hook=each_once)
    except (ValueError, RecursionError) as error:
        raise InvalidFileError("not_json", source=source, error=said_by(error)) from None
    if repeated:
        raise InvalidFileError("key_twice", source=source, name=repeated[0])
    if "\\u" in text and not _is_whole(found):
        raise InvalidFileError("not_json", source=source, error=Told.of("errors.half_a_character"))
    return found


def _is_whole(found: Any) -> bool:
    """Whether no text has half of a character that JSON writes as two."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
