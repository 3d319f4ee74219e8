"""Reading files, with errors that say what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gigmatch.errors import InvalidFileError
from gigmatch.i18n.foreign import said_by_system

__all__ = ["read_bytes", "read_json"]


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file, or an InvalidFileError that says what is wrong with the path."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise InvalidFileError("cannot_read", path=path, error=said_by_system(error)) from None


def read_json(data: bytes | str) -> Any:
    """What JSON holds; a ValueError where it is none, or names a key twice: one of the two would be lost."""
    return json.loads(data, object_pairs_hook=_each_once)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidFileError("key_twice", name=twice)
    return found
