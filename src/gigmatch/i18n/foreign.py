"""What others say within our texts: Python of a file, the system of a path."""

from __future__ import annotations

import errno
from json import JSONDecodeError

from gigmatch.i18n import Told

__all__ = ["said_by", "said_by_system", "shown"]


def said_by(error: BaseException) -> Told:
    """Return what an error of Python's or of the system's says, to be told in any language."""
    said = str(error)
    if isinstance(error, JSONDecodeError):
        why = Told(error.msg, f"json.{error.msg}")
        values = {"error": why, "line": error.lineno, "column": error.colno, "char": error.pos}
        return Told(said, "json.at", values)
    if isinstance(error, UnicodeDecodeError):
        why = Told(error.reason, f"unicode.{error.reason}")
        byte = f"0x{error.object[error.start]:02x}"
        values = {"error": why, "at": error.start, "codec": error.encoding, "byte": byte}
        return Told(said, "unicode.at", values)
    if isinstance(error, RecursionError):
        return Told(said, "python.recursion")
    if isinstance(error, OSError) and error.errno and error.strerror:
        return _said_by_system(error, said)
    return Told(said, f"python.{said}")


def said_by_system(error: Exception) -> Told:
    """Return what the system has against a path, without the path."""
    if not isinstance(error, OSError) or not error.strerror:
        return said_by(error)
    return Told(error.strerror, f"system.{errno.errorcode.get(error.errno or 0, '')}")


def shown(error: Exception) -> Told:
    """Return an error of Python's as it is shown, with its class."""
    if isinstance(error, KeyError):
        return Told.of("errors.key_missing", key=error.args[0])
    return Told(repr(error), "python.shown", {"kind": type(error).__name__, "error": said_by(error)})


def _said_by_system(error: OSError, said: str) -> Told:
    values = {"number": error.errno, "error": said_by_system(error)}
    if error.filename is None:
        return Told(said, "system.at", values)
    return Told(said, "system.at_path", {**values, "path": error.filename})
