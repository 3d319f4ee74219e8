"""What goes wrong, as HTTP: a status, and a list of problems that says where, what and how to go on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

import gigmatch as gm

__all__ = [
    "CLIENT_GONE",
    "MOST_LISTED",
    "Problem",
    "RefusedError",
    "as_json",
    "install",
    "said_by",
    "shortened",
]

CLIENT_GONE = 499  # as nginx writes it down; nobody is there to read it
MOST_LISTED = 100  # problems in one answer
_MOST_SAID = 1_000  # characters of a message
_MOST_ECHOED = 200  # characters of a value, and entries of a list


class Problem(NamedTuple):
    """One thing that is wrong: where, what for programs, and what for people."""

    path: str
    """``workers[3].rating``, ``line 7``, ``body.since``, ``query.worker``; empty for the whole request."""
    code: str
    """As gigmatch's errors have it; ``pydantic.`` and its type of error for its findings."""
    message: str
    parameters: Mapping[str, Any]
    """What fills the text of the code."""


class RefusedError(HTTPException):
    """What the service itself does not do: a status, and every problem.

    Parameters
    ----------
    status : int
        Of HTTP.
    *problems : Problem
        The first is what the error is called by.
    more : int
        Problems that were counted and not kept.
    """

    def __init__(self, status: int, *problems: Problem, more: int = 0) -> None:
        super().__init__(status, problems[0].message)
        self.problems, self.more = problems, more

    @classmethod
    def of(cls, status: int, code: str, message: str, path: str = "", /, **parameters: Any) -> RefusedError:
        """Refuse for one reason; the message's gaps are the parameters."""
        return cls(status, Problem(path, code, message.format(**parameters), parameters))


_STATUS: dict[type[Exception], int] = {
    ClientDisconnect: CLIENT_GONE,
    gm.TooLargeError: 413,
    gm.InvalidInputError: 422,
    gm.StoppedError: 422,  # more time is needed than it asks for; if it hung up, nobody reads this
    gm.UnsupportedError: 422,
    gm.WeightOverflowError: 422,
    RequestValidationError: 422,
    IntegrityError: 422,  # the database refuses a row
    DataError: 422,
    ProgrammingError: 422,  # PostgreSQL's name for a value of another type
    gm.JournalError: 503,  # the disk is full, or somebody else writes
    OperationalError: 503,  # the database is away, or locked
    NoConnectionError: 503,  # all its connections are taken
    Exception: 500,
}

_AGAIN = {"Retry-After": "1"}
_HEADERS = {408: {"Connection": "close"}, 409: _AGAIN, 413: {"Connection": "close"}, 503: _AGAIN}


def as_json(data: Any, status: int = 200) -> Response:
    """A response, written where this is called; FastAPI would write it on the event loop."""
    text = json.dumps(data, ensure_ascii=False, default=_plain)
    return Response(text.encode(errors="backslashreplace"), status, media_type="application/json")


def _plain(value: Any) -> Any:
    """What databases and parameters hold besides JSON."""
    return float(value) if isinstance(value, Decimal) else str(value)


def install(app: FastAPI) -> None:
    """Answer every error in one shape."""
    app.add_exception_handler(HTTPException, _handle_http)
    for kind, status in _STATUS.items():
        app.add_exception_handler(kind, _handler(status))


async def _handle_http(request: Request, error: Any) -> Response:
    """Answer what the service refuses, and what the framework does: unknown paths and methods."""
    refused = error if isinstance(error, RefusedError) else _of_framework(request, error)
    return _response(error.status_code, refused, error.headers)


def _of_framework(request: Request, error: Any) -> RefusedError:
    status, path = error.status_code, request.url.path
    if status == 404:
        message = "there is no {path}; /docs lists what there is"
        return RefusedError.of(404, "unknown_path", message, path=path)
    if status == 405:
        message = "{path} does not take {method}"
        return RefusedError.of(405, "unknown_method", message, path=path, method=request.method)
    return RefusedError.of(status, "http", "{reason}", reason=error.detail)


def _handler(status: int) -> Any:
    async def handle(_: Request, error: Exception) -> Response:
        return _response(status, error)

    return handle


def _response(status: int, error: Any, headers: Mapping[str, str] | None = None) -> Response:
    problems, n = _problems(error)
    listed = [problem._asdict() for problem in problems]
    body = {
        "error": type(error).__name__,
        "code": error.code if isinstance(error, gm.GigmatchError) else problems[0].code,
        "parameters": getattr(error, "parameters", problems[0].parameters),
        "problems": listed,
        "more": n - len(listed),
    }
    response = as_json(_bounded(body), status)
    response.headers.update({**_HEADERS.get(status, {}), **(headers or {})})
    return response


def _problems(error: Any) -> tuple[list[Problem], int]:
    """The first problems of an error, and how many it has."""
    if isinstance(error, RefusedError):
        return list(error.problems[:MOST_LISTED]), len(error.problems) + error.more
    if isinstance(error, gm.InvalidMorningError):
        first, n = error.problems[:MOST_LISTED], len(error.problems) + error.more
        return [Problem(p.path, p.code, p.message, p.parameters) for p in first], n
    if isinstance(error, RequestValidationError):
        return list(said_by(error.errors()[:MOST_LISTED])), len(error.errors())
    if isinstance(error, gm.GigmatchError):
        return [Problem(_place(error), error.code, str(error), error.parameters)], 1
    if type(error) in _STATUS:
        return [Problem("", "database", str(getattr(error, "orig", error)), {})], 1
    return [Problem("", "internal", "a mistake of the service's own; its log has more", {})], 1


def _place(error: gm.GigmatchError) -> str:
    """What of a request the library's error is about."""
    about = error.parameters
    if isinstance(error, gm.InvalidPairsError):
        return f"body.{about.get('name', 'keep')}" + (f"[{about['at']}]" if "at" in about else "")
    return f"query.{about['kind'].removesuffix('_id')}" if error.code == "unknown_id" else ""


def said_by(found: Iterable[Any], path: str = "") -> Iterator[Problem]:
    """What pydantic finds below a path, as problems."""
    for line in found:
        place = tuple(line["loc"])
        message, value = line["msg"], line["input"]
        if isinstance(value, str | int | float):
            message += f". Got {shortened(value)!r}."
        yield Problem(_joined(path, place), f"pydantic.{line['type']}", message, line.get("ctx", {}))


def _joined(path: str, place: tuple[Any, ...]) -> str:
    steps = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return f"{path}{''.join(steps)}".lstrip(".")


def shortened(value: Any) -> str:
    """A value as text that fits on a line."""
    text = str(value)
    return text if len(text) <= _MOST_ECHOED else f"{text[:_MOST_ECHOED]}…"


def _bounded(value: Any, most: int = _MOST_ECHOED) -> Any:
    """The same as plain data of JSON, no part of it longer than what is worth reading."""
    if isinstance(value, Mapping):
        kept = list(value.items())[:_MOST_ECHOED]
        return {shortened(k): _bounded(v, _MOST_SAID if k == "message" else most) for k, v in kept}
    if isinstance(value, list | tuple):
        return [_bounded(each) for each in value[:_MOST_ECHOED]]
    if isinstance(value, bool | None) or (isinstance(value, int) and abs(value) < 2**63):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"
