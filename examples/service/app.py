"""The routes. Nothing but HTTP happens on the event loop; all else is in threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

import gigmatch as gm
from service.district import Answer, District, Terms, warm_up
from service.problems import BusyError, as_json, install
from service.rows import read
from service.settings import Settings

__all__ = ["create_app"]

T = TypeVar("T")
Audience = Literal["worker", "employer", "manager", "auditor"]
_CLIENT_GONE = 499  # as nginx writes it down; nobody is there to read it


class MatchRequest(BaseModel):
    """What a match is asked to hold to."""

    model_config = ConfigDict(extra="forbid")

    keep: list[tuple[str, str]] = Field([], description="Promised pairs (worker, shift).")
    forbid: list[tuple[str, str]] = Field([], description="Barred pairs (worker, shift).")
    since: int | None = Field(None, description="An older answer, to begin with and to compare with.")
    time_limit_s: float | None = Field(None, gt=0, description="The service's own limit, if not less.")


class Desk:
    """A district, and whether it is being matched just now."""

    def __init__(self, district: District, longest_match_s: float) -> None:
        self.district, self.longest_match_s = district, longest_match_s
        self.matching = asyncio.Lock()


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service; ``uvicorn --factory service.app:create_app --app-dir examples`` serves it."""
    chosen = settings or Settings.from_environment()

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(warm_up)
        for name in chosen.districts:
            district = await asyncio.to_thread(District, name, chosen.url(name))
            app.state.desks[name] = Desk(district, chosen.longest_match_s)
        yield
        for desk in app.state.desks.values():
            desk.district.engine.dispose()

    app = FastAPI(title="gigmatch", version=gm.__version__, lifespan=opened)
    app.state.desks = {}
    app.include_router(router)
    install(app)
    return app


def _desk(district: str, request: Request) -> Desk:
    desks: dict[str, Desk] = request.app.state.desks
    if district not in desks:
        raise LookupError(f"there is no district {district!r}; there are {', '.join(desks)}")
    return desks[district]


AtDesk = Annotated[Desk, Depends(_desk)]
router = APIRouter(prefix="/{district}")


@router.put("/rows", summary="Take a morning's rows in place of all others")
async def replace_rows(desk: AtDesk, request: Request) -> Response:
    """Body: a row a line, JSON with its table's name under ``table``."""
    body = await request.body()
    return await asyncio.to_thread(_load, desk, body, replace=True)


@router.post("/rows", summary="Take more rows: somebody walked in, a shift was called out")
async def add_rows(desk: AtDesk, request: Request) -> Response:
    """Body: as for ``PUT``."""
    body = await request.body()
    return await asyncio.to_thread(_load, desk, body, replace=False)


def _load(desk: Desk, body: bytes, *, replace: bool) -> Response:
    return as_json(desk.district.load(read(body), replace=replace))


@router.post("/answers", status_code=201, summary="Match what the tables hold now, and store the answer")
async def match(desk: AtDesk, terms: MatchRequest, request: Request) -> Response:
    """One match at a time; it is cancelled, and not stored, when the client hangs up."""
    if desk.matching.locked():
        raise BusyError(f"{desk.district.name} is being matched; ask again when that is done")
    limit = min(terms.time_limit_s or desk.longest_match_s, desk.longest_match_s)
    asked = Terms(terms.keep, terms.forbid, terms.since, limit)

    def work(cancel: threading.Event) -> Response:
        answer = desk.district.match(asked, cancel)
        return Response(status_code=_CLIENT_GONE) if answer is None else as_json(_made(answer), 201)

    async with desk.matching:
        return await _while_connected(request, work)


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


@router.get("/answers/{number}", summary="Who works where, who is left over, which seats are empty")
def answer(desk: AtDesk, number: int) -> Response:
    found = desk.district.answer(number)
    listed = {
        name: [item._asdict() for item in getattr(found, name)]
        for name in ("placements", "unplaced", "open_shifts", "warnings")
    }
    return as_json({"answer": number} | _summary(found) | listed)


@router.get("/answers/{number}/file", summary="The answer as `gigmatch check` takes it")
def answer_file(desk: AtDesk, number: int) -> Response:
    return as_json(desk.district.answer(number).to_dict())


@router.get("/answers/{number}/difference", summary="What changed since an older answer")
def difference(desk: AtDesk, number: int, since: int) -> Response:
    return as_json(asdict(desk.district.answer(number).diff(desk.district.answer(since))))


class Listener:
    """For whose eyes a reason is, and in which language; who may ask as whom is for the login to decide."""

    def __init__(self, audience: Audience = "manager", lang: Literal["en", "zh"] = "en") -> None:
        self.audience, self.lang = audience, lang

    def told(self, reason: Any) -> Response:
        """The reason as data and in words."""
        seen = reason.seen_by(self.audience)
        return as_json({"words": gm.in_words(seen, lang=self.lang), "reason": seen.model_dump(mode="json")})


Told = Annotated[Listener, Depends()]


@router.get("/answers/{number}/why", summary="Why a worker has its shift, or none")
def why(desk: AtDesk, number: int, worker: str, listener: Told) -> Response:
    return listener.told(desk.district.explainer(number).why(worker))


@router.get("/answers/{number}/why-not", summary="Why a worker does not have that shift")
def why_not(desk: AtDesk, number: int, worker: str, shift: str, listener: Told) -> Response:
    return listener.told(desk.district.explainer(number).why_not(worker, shift))


@router.get("/answers/{number}/why-empty", summary="Why a shift has empty seats")
def why_empty(desk: AtDesk, number: int, shift: str, listener: Told) -> Response:
    return listener.told(desk.district.explainer(number).why_empty(shift))
