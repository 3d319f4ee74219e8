"""Reading files, with errors that say what is wrong."""

from __future__ import annotations

from pathlib import Path

from gigmatch.errors import InvalidFileError

__all__ = ["read_bytes"]


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file, or an InvalidFileError that says what is wrong with the path."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise InvalidFileError(
            f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})"
        ) from None
