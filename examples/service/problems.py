"""What goes wrong, as HTTP: a status, and a list of problems that says where, what and how to go on."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError

import gigmatch as gm

__all__ = ["BusyError", "as_json", "install"]


class BusyError(Exception):
    """The district is being matched already."""


_STATUS: dict[type[Exception], int] = {
    LookupError: 404,
    BusyError: 409,
    gm.TooLargeError: 413,
    gm.InvalidInputError: 422,
    gm.UnsupportedError: 422,
    RequestValidationError: 422,
    IntegrityError: 422,  # the database refuses a row
    DataError: 422,
    ProgrammingError: 422,  # PostgreSQL's name for a value of another type
    OperationalError: 503,  # the database is away, or locked
}


def as_json(data: Any, status: int = 200) -> Response:
    """A response, written where this is called; FastAPI would write it on the event loop."""
    return Response(json.dumps(data, ensure_ascii=False).encode(), status, media_type="application/json")


def install(app: FastAPI) -> None:
    """Answer every error listed here; any other is a mistake of the service's, and stays a 500."""
    for kind, status in _STATUS.items():
        app.add_exception_handler(kind, _handler(status))


def _handler(status: int) -> Any:
    async def handle(_: Request, error: Exception) -> Response:
        headers = {"Retry-After": "1"} if status in (409, 503) else None
        response = as_json({"error": type(error).__name__, "problems": _problems(error)}, status)
        response.headers.update(headers or {})
        return response

    return handle


def _problems(error: Any) -> list[dict[str, str]]:
    if isinstance(error, gm.InvalidMorningError):
        return [{"path": p.path, "code": p.code, "message": p.message} for p in error.problems]
    if isinstance(error, RequestValidationError):
        return [
            {"path": ".".join(map(str, line["loc"])), "code": line["type"], "message": line["msg"]}
            for line in error.errors()
        ]
    code = error.code if isinstance(error, gm.GigmatchError) else type(error).__name__
    return [{"path": "", "code": code, "message": str(getattr(error, "orig", error))}]
