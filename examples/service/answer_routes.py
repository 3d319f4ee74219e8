"""The routes of answers: made, listed, shown, compared, explained, deleted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import TypeAdapter, ValidationError

import gigmatch as gm
from service import shapes
from service.bodies import order, parsed
from service.desk import ERRORS, AtDesk, Limit, Number, Offset
from service.district import Answer, Terms
from service.problems import CLIENT_GONE, Problem, RefusedError, as_json, said_by
from service.shapes import MatchRequest

__all__ = ["router"]

T = TypeVar("T")
Audience = Literal["worker", "employer", "manager", "auditor"]
router = APIRouter(prefix="/{district}/answers", responses=ERRORS, tags=["answers"])
_REQUEST = TypeAdapter(MatchRequest)
_TERMS = {"required": True, "content": {"application/json": {"schema": _REQUEST.json_schema()}}}
Since = Annotated[int, Query(ge=1, lt=2**31, description="An older answer.")]


@router.get("", summary="The answers there are, the newest first", response_model=shapes.Answers)
def list_answers(desk: AtDesk, limit: Limit = 100, offset: Offset = 0) -> Response:
    """For the market's operator: numbers, statuses and digests, nobody's name."""
    found, total = desk.district.answers(limit, offset)
    return as_json({"answers": found, "total": total})


@router.post(
    "",
    status_code=201,
    summary="Match what the tables hold now, and store the answer",
    response_model=shapes.Made,
    openapi_extra={"requestBody": _TERMS},
)
async def match(desk: AtDesk, request: Request, body: Annotated[bytes, Depends(order)]) -> Response:
    """One match at a time; it is cancelled, and not stored, when the client hangs up."""
    terms = await asyncio.to_thread(_terms, body)
    if desk.matching.locked():
        message = "{district} is being matched; ask again when that is done"
        raise RefusedError.of(409, "busy", message, district=desk.district.name)
    limit = min(terms.time_limit_s or desk.longest_match_s, desk.longest_match_s)
    asked = Terms(terms.keep, terms.forbid, terms.since, limit)

    def work(cancel: threading.Event) -> Response:
        answer = desk.district.match(asked, cancel)
        return Response(status_code=CLIENT_GONE) if answer is None else as_json(_made(answer), 201)

    async with desk.matching:
        return await _while_connected(request, work)


def _terms(body: bytes) -> MatchRequest:
    return parsed(_REQUEST, body, _said)


def _said(error: ValidationError) -> Iterator[Problem]:
    return said_by(error.errors(include_url=False), "body")


async def _while_connected(request: Request, work: Callable[[threading.Event], T]) -> T:
    """Do the work in a thread, and tell it to stop once nobody waits for it: gone, or shutting down."""
    cancel = threading.Event()
    job = asyncio.ensure_future(asyncio.to_thread(work, cancel))
    gone = asyncio.ensure_future(request.receive())  # the body is read: all that may come is a hanging up
    try:
        await asyncio.wait({job, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        cancel.set()
        gone.cancel()
        await asyncio.wait({job})  # a thread cannot be ended; the district is free when it is done
    return job.result()


def _made(answer: Answer) -> dict[str, Any]:
    since = None if answer.since is None else asdict(answer.assignment.diff(answer.since))
    return {"answer": answer.number, "difference": since} | _summary(answer.assignment)


def _summary(assignment: gm.Assignment) -> dict[str, Any]:
    return {"status": assignment.status, "summary": asdict(assignment.summary)}


@router.get(
    "/{number}",
    summary="Who works where, who is left over, which seats are empty",
    response_model=shapes.Answer,
)
def answer(desk: AtDesk, number: Number) -> Response:
    found = desk.district.answer(number)
    listed = {
        name: [item._asdict() for item in getattr(found, name)]
        for name in ("placements", "unplaced", "open_shifts", "warnings")
    }
    return as_json({"answer": number} | _summary(found) | listed)


@router.delete("/{number}", summary="Delete an answer, and the rows it was made from", status_code=204)
def delete_answer(desk: AtDesk, number: Number) -> None:
    desk.district.delete_answer(number)


@router.get(
    "/{number}/file", summary="The answer as `gigmatch check` takes it", response_model=shapes.AnswerFile
)
def answer_file(desk: AtDesk, number: Number) -> Response:
    return as_json(desk.district.answer(number).to_dict())


@router.get(
    "/{number}/difference", summary="What changed since an older answer", response_model=shapes.Difference
)
def difference(desk: AtDesk, number: Number, since: Since) -> Response:
    return as_json(asdict(desk.district.answer(number).diff(desk.district.answer(since, "query.since"))))


class Listener:
    """For whose eyes a reason is, and in which language; who may ask as whom is for the login to decide."""

    def __init__(self, audience: Audience = "manager", lang: Literal["en", "zh"] = "en") -> None:
        self.audience, self.lang = audience, lang

    def told(self, reason: Any) -> Response:
        """The reason as data and in words."""
        seen = reason.seen_by(self.audience)
        return as_json({"words": gm.in_words(seen, lang=self.lang), "reason": seen.model_dump(mode="json")})


Told = Annotated[Listener, Depends()]


@router.get("/{number}/why", summary="Why a worker has its shift, or none", response_model=shapes.ToldReason)
def why(desk: AtDesk, number: Number, worker: str, listener: Told) -> Response:
    return listener.told(desk.district.explainer(number).why(worker))


@router.get(
    "/{number}/why-not", summary="Why a worker does not have that shift", response_model=shapes.ToldReason
)
def why_not(desk: AtDesk, number: Number, worker: str, shift: str, listener: Told) -> Response:
    return listener.told(desk.district.explainer(number).why_not(worker, shift))


@router.get("/{number}/why-empty", summary="Why a shift has empty seats", response_model=shapes.ToldReason)
def why_empty(desk: AtDesk, number: Number, shift: str, listener: Told) -> Response:
    return listener.told(desk.district.explainer(number).why_empty(shift))
