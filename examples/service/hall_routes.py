"""The routes of a live morning: opened, told what happens, and watched on a board that changes by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import TypeAdapter, ValidationError

import gigmatch as gm
from service.bodies import order, parsed
from service.desk import ERRORS, AtDesk, Desk
from service.problems import Problem, as_json, said_by
from service.shapes import Happening, Opened

__all__ = ["router"]

router = APIRouter(prefix="/{district}", responses=ERRORS, tags=["hall"])
_HAPPENING = TypeAdapter(Happening)
_BODY = {"required": True, "content": {"application/json": {"schema": _HAPPENING.json_schema()}}}
_PAGE = (Path(__file__).parent / "board.html").read_text(encoding="utf-8")
_AT_MOST_EVERY_S = 0.2
_STILL_HERE_S = 15.0


@router.put(
    "/hall", status_code=201, summary="Open the hall with what the tables hold", response_model=Opened
)
async def open_hall(desk: AtDesk) -> Response:
    """From now on events change it, not rows; it is kept in a journal, and goes on after a restart."""
    placed = await asyncio.to_thread(desk.open_hall)
    await desk.tell_watchers()
    return as_json({"placed": placed}, 201)


@router.post(
    "/events",
    summary="Let something happen, and repair the answer",
    response_model=gm.live.Outcome,
    openapi_extra={"requestBody": _BODY},
)
async def happen(desk: AtDesk, body: Annotated[bytes, Depends(order)]) -> Response:
    """Answered once it is on the disk. What comes again under a key changes nothing, and is answered so."""
    outcome = await asyncio.to_thread(_applied, desk, body)
    await desk.tell_watchers()
    return outcome


def _applied(desk: Desk, body: bytes) -> Response:
    told = parsed(_HAPPENING, body, _said)
    outcome = desk.hall.live.apply(told.event, key=told.key, actor=told.actor, time=told.time)
    return as_json(outcome.model_dump(mode="json"))


def _said(error: ValidationError) -> Iterator[Problem]:
    return said_by(error.errors(include_url=False), "body")


@router.get("/offers", summary="Whom to ask now, in which order, and until when")
async def offers(desk: AtDesk, minute: str | None = None) -> list[gm.live.OfferMade]:
    """Each is the event that makes the offer; ``minute`` is what the clock shows, such as 6:12."""
    return list(await asyncio.to_thread(desk.hall.live.offers, minute))


@router.get("/outbox", summary="What has to be said to whom")
async def outbox(desk: AtDesk) -> list[gm.live.Message]:
    """Once said, it is acknowledged by the event ``message_said``, and does not come again."""
    return list(await asyncio.to_thread(desk.hall.live.outbox))


@router.get("/stand-bys/{shift_id}", summary="Who comes should somebody not come to a shift")
async def stand_bys(desk: AtDesk, shift_id: str) -> list[gm.live.StandBy]:
    """In this order, and what that changes."""
    return list(await asyncio.to_thread(desk.hall.live.stand_bys, shift_id))


@router.get("/board", summary="The board of a hall, in a browser", response_class=HTMLResponse)
def board(desk: AtDesk) -> HTMLResponse:
    """Vacancies: a seat that somebody was told or promised is gone within a second."""
    return HTMLResponse(_PAGE)


@router.get(
    "/board/changes",
    summary="What the board shows, and every change of it",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def changes(desk: AtDesk) -> StreamingResponse:
    """Server-sent events: all shifts with free seats, then those that changed, null for what is gone."""
    await asyncio.to_thread(desk.hall.board)  # refused before anything is sent
    return StreamingResponse(
        _changes(desk), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _changes(desk: Desk) -> AsyncIterator[str]:
    before: dict[str, Any] = {}
    while True:
        changed = desk.changed  # before looking, so that nothing is missed
        shown = await asyncio.to_thread(desk.hall.board)
        gone = dict.fromkeys(before.keys() - shown.shifts.keys())
        new = {key: value for key, value in shown.shifts.items() if before.get(key) != value}
        if not before or new or gone:
            yield f"id: {shown.number}\ndata: {json.dumps({**gone, **new}, ensure_ascii=False)}\n\n"
        before = shown.shifts
        await asyncio.sleep(_AT_MOST_EVERY_S)
        try:
            async with asyncio.timeout(_STILL_HERE_S):
                await changed.wait()
        except TimeoutError:
            yield ": still here\n\n"  # whoever is gone is found out
