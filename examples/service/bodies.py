"""Bodies: read as far as they are allowed to be long and slow, and as JSON that every program reads alike."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any, NoReturn, TypeVar

from fastapi import Request
from pydantic import TypeAdapter, ValidationError

from service.problems import Problem, RefusedError, shortened

__all__ = ["LONGEST_ROW", "changes", "order", "parsed", "read_json", "upload"]

T = TypeVar("T")

LONGEST_ROW = 65_536
"""Bytes of a row, and of what changes in some."""
_MOST_ORDER_BYTES = 4_000_000  # 100,000 promised pairs
_MOST_MEMBERS = 100  # of an object
_LEAST, _MOST = -(2**63), 2**63 - 1


async def upload(request: Request) -> bytes:
    """The rows that are sent, as many as the settings allow."""
    return await _body(request, int(request.app.state.settings.largest_upload_mb * 1e6))


async def order(request: Request) -> bytes:
    """What a match is asked to hold to."""
    return await _body(request, _MOST_ORDER_BYTES)


async def changes(request: Request) -> bytes:
    """What becomes different in some rows."""
    return await _body(request, LONGEST_ROW)


async def _body(request: Request, most: int) -> bytes:
    """A body, as far as it is allowed to be.

    Raises
    ------
    RefusedError
        413 as soon as it is longer than `most` bytes, or says that it will be; 408 if it comes too slowly.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 18 or int(announced) > most):
        _refuse_length(most)
    limit_s = request.app.state.settings.longest_upload_s
    found = bytearray()
    try:
        async with asyncio.timeout(limit_s):
            async for chunk in request.stream():
                found += chunk
                if len(found) > most:
                    _refuse_length(most)
    except TimeoutError:
        message = "the body did not come within {seconds:g} seconds; send it anew"
        raise RefusedError.of(408, "slow_body", message, seconds=limit_s) from None
    return bytes(found)


def _refuse_length(most: int) -> NoReturn:
    message = "the body is longer than {most_bytes:,} bytes, the most that is read at once"
    raise RefusedError.of(413, "long_body", message, most_bytes=most)


def read_json(data: bytes) -> Any:
    """A value of JSON in UTF-8.

    Raises
    ------
    ValueError
        It is none, or programs would read it differently: a name twice in an object, a whole number beyond
        64 bits, NaN or Infinity, half of a character. It is too deep, or has an object of too many members.

    Examples
    --------
    >>> read_json(b'{"id": "li", "id": "chen"}')
    Traceback (most recent call last):
    ValueError: "id" stands twice in one object
    """
    text = data.decode()
    try:
        value = json.loads(text, **_STRICT)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("half of a character is escaped in it") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def parsed(kind: TypeAdapter[T], body: bytes, said: Callable[[ValidationError], Iterable[Problem]]) -> T:
    """What a body of JSON stands for; raises RefusedError with what is said of another kind."""
    try:
        return kind.validate_python(read_json(body))
    except ValidationError as error:
        raise RefusedError(422, *said(error)) from None
    except ValueError as error:
        message = "is not JSON ({error})"
        raise RefusedError.of(422, "not_json", message, "body", error=shortened(error)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(pairs) > _MOST_MEMBERS:
        raise ValueError(f"an object in it has {len(pairs):,} members; {_MOST_MEMBERS} are the most")
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise ValueError(f'"{twice}" stands twice in one object')
    return found


def _integer(digits: str) -> int:
    if len(digits) > 20 or not _LEAST <= int(digits) <= _MOST:
        raise _too_large(digits)
    return int(digits)


def _number(digits: str) -> float:
    if not isfinite(value := float(digits)):
        raise _too_large(digits)
    return value


def _too_large(digits: str) -> ValueError:
    return ValueError(f"a number does not fit into 64 bits: {shortened(digits)}")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


_STRICT: dict[str, Any] = {
    "object_pairs_hook": _object,
    "parse_int": _integer,
    "parse_float": _number,
    "parse_constant": _no_constant,
}
