"""What the routes share: the district that is asked, numbers and pages, and the description of errors."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from service.district import POLICY, RULES, District
from service.hall import Hall
from service.problems import RefusedError
from service.shapes import Failure, Readiness

__all__ = ["ERRORS", "AtDesk", "Desk", "Limit", "Number", "Offset", "status_of"]

ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"model": Failure, "description": "There is no such district, table, row or answer."},
    408: {"model": Failure, "description": "The body did not come in time."},
    409: {"model": Failure, "description": "The district is being matched, or its hall is not open."},
    413: {"model": Failure, "description": "The body is too long, or the problem too large for the memory."},
    422: {"model": Failure, "description": "What was sent is wrong; every problem is listed."},
    503: {"model": Failure, "description": "The service is compiling, or its database is away; ask again."},
}
Number = Annotated[int, Path(ge=1, lt=2**31, description="Of the answer.")]
Limit = Annotated[int, Query(ge=1, le=1_000, description="The most to list.")]
Offset = Annotated[int, Query(ge=0, lt=2**31, description="How many to pass over.")]


class Desk:
    """A district, whether it is being matched just now, and its hall with those who watch it.

    Attributes
    ----------
    changed : asyncio.Event
        Set by the next change of the hall; there is another one afterwards.
    """

    def __init__(self, district: District, hall: Hall, longest_match_s: float) -> None:
        self.district, self.hall, self.longest_match_s = district, hall, longest_match_s
        self.matching, self.changed = asyncio.Lock(), asyncio.Event()

    def open_hall(self) -> int:
        """Open the hall with what the tables hold; returns how many are placed."""
        return self.hall.open(self.district.morning(), rules=RULES, policy=POLICY)

    async def tell_watchers(self) -> None:
        """Wake everybody who waits for a change."""
        told, self.changed = self.changed, asyncio.Event()
        told.set()

    def close(self) -> None:
        """Let go of database and journal."""
        self.hall.close()
        self.district.engine.dispose()


def status_of(app: Any) -> Readiness:
    """Whether everything is compiled."""
    warming: asyncio.Future[None] = app.state.warming
    if not warming.done():
        return Readiness(status="compiling")
    return Readiness(status="failed" if warming.cancelled() or warming.exception() else "ready")


def _desk(district: str, request: Request) -> Desk:
    desks: dict[str, Desk] = request.app.state.desks
    if district not in desks:
        message = "there is no district {district!r}; there are {districts}"
        about = {"district": district, "districts": ", ".join(desks)}
        raise RefusedError.of(404, "no_district", message, "path.district", **about)
    if (status := status_of(request.app).status) != "ready":
        message = "the service is {status}; /ready says when it can be asked"
        raise RefusedError.of(503, "not_ready", message, status=status)
    return desks[district]


AtDesk = Annotated[Desk, Depends(_desk)]
