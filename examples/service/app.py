"""The service, put together. Nothing but HTTP happens on the event loop; all else is in threads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response

import gigmatch as gm
from service import answer_routes, hall_routes, row_routes
from service.desk import Desk, status_of
from service.district import District, warm_up
from service.hall import Hall
from service.problems import as_json, install
from service.settings import Settings
from service.shapes import Readiness

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service; ``uvicorn --factory service.app:create_app --app-dir examples`` serves it."""
    chosen = settings or Settings.from_environment()

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        for name in chosen.districts:
            district = await asyncio.to_thread(District, name, chosen.url(name))
            hall = await asyncio.to_thread(Hall, chosen.journal_of(name))
            app.state.desks[name] = Desk(district, hall, chosen.longest_match_s)
        app.state.warming = asyncio.ensure_future(_warm())
        try:
            yield
        finally:
            await asyncio.wait({app.state.warming})  # a thread cannot be ended
            for desk in app.state.desks.values():
                desk.close()

    app = FastAPI(title="gigmatch", version=gm.__version__, lifespan=opened, redirect_slashes=False)
    app.state.desks, app.state.settings = {}, chosen
    app.get("/health", summary="Whether the service runs", response_model=Readiness)(_health)
    app.get(
        "/ready",
        summary="Whether it can match, or still compiles",
        response_model=Readiness,
        responses={503: {"model": Readiness, "description": "Not yet."}},
    )(_ready)
    app.include_router(row_routes.router)
    app.include_router(answer_routes.router)
    app.include_router(hall_routes.router)
    install(app)
    return app


async def _warm() -> None:
    """Compile in a thread while the service answers already; what fails is written down."""
    try:
        await asyncio.to_thread(warm_up)
    except Exception:
        logging.getLogger("gigmatch.service").exception("what has to be compiled could not be")
        raise


async def _health(request: Request) -> Readiness:
    return status_of(request.app)


async def _ready(request: Request) -> Response:
    found = status_of(request.app)
    response = as_json(found.model_dump(), 200 if found.status == "ready" else 503)
    if found.status == "compiling":
        response.headers["Retry-After"] = "1"
    return response
