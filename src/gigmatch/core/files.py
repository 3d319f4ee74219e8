"""Reading files, with errors that say what is wrong."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any, Final

from gigmatch.core.memory import available_bytes
from gigmatch.errors import InvalidFileError, TooLargeError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by, said_by_system

__all__ = ["parsed_json", "read_bytes", "refuse_swollen", "require_file", "swells", "utf8_text"]

_BESIDES: Final = 4  # times as much memory as a file has bytes, to make anything of it
_CALM: Final = 1 << 26  # bytes that are never too many
_MOST_TIMES: Final = 200  # as much as packing may save
_KINDS: Final = {
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFDIR: "folder",
}


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file, or an error that says what is wrong with the path.

    Raises
    ------
    InvalidFileError
        It cannot be read, or is no file: a pipe or a device could be read for ever.
    TooLargeError
        There is no memory for what it holds.
    """
    require_file(path)
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise InvalidFileError("cannot_read", path=path, error=said_by_system(error)) from None


def require_file(path: str | Path) -> None:
    """Raise the errors of `read_bytes` without reading, and without opening what might wait for ever."""
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise InvalidFileError("cannot_read", path=path, error=said_by_system(error)) from None
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        what = Told.of(f"words.{_KINDS.get(kind, 'device')}")
        raise InvalidFileError("no_file", path=path, what=what)
    _refuse_beyond_memory(path, found.st_size * _BESIDES)


def refuse_swollen(path: str | Path, packed: int, unpacked: int, times: int = 1) -> None:
    """Raise TooLargeError where a packed file holds far more than its size lets expect, or than memory does.

    Parameters
    ----------
    path : str or Path
        The file.
    packed, unpacked : int
        Its bytes, and those of what it holds.
    times : int
        As much memory as that is taken to make anything of it.
    """
    if swells(packed, unpacked):
        raise TooLargeError("swollen", path=path, packed=packed, unpacked=unpacked, most=_MOST_TIMES)
    _refuse_beyond_memory(path, unpacked * times)


def swells(packed: int, unpacked: int) -> bool:
    """Whether what a packed file holds is far more than its size lets expect."""
    return unpacked > max(_CALM, packed * _MOST_TIMES)


def _refuse_beyond_memory(path: str | Path, needed: int) -> None:
    if needed > _CALM and needed > (free := available_bytes()):
        raise TooLargeError("file_beyond_memory", path=path, needed=needed / 2**30, free=free / 2**30)


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
