"""The routes of rows: taken, listed, changed, deleted."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from gigmatch.tables import Table, schema
from service import rows
from service.bodies import changes, upload
from service.desk import ERRORS, AtDesk, Desk, Limit, Offset
from service.problems import RefusedError, as_json
from service.shapes import CHANGES, TITLES, Changed, Counts
from service.shapes import Rows as Page

__all__ = ["router"]

router = APIRouter(prefix="/{district}/rows", responses=ERRORS, tags=["rows"])
_PAGING = ("limit", "offset")


def _table(
    table: Annotated[str, Path(description="Its name.", json_schema_extra={"enum": [*schema()]})],
) -> Table:
    if table not in schema():
        message = "there is no table {table!r}; there are {tables}"
        raise RefusedError.of(404, "no_table", message, "path.table", table=table, tables=", ".join(schema()))
    return schema()[table]


def _conditions(request: Request, table: Annotated[Table, Depends(_table)]) -> dict[str, Any]:
    return rows.conditions(
        table, [each for each in request.query_params.multi_items() if each[0] not in _PAGING]
    )


def _some_conditions(where: Annotated[dict[str, Any], Depends(_conditions)]) -> dict[str, Any]:
    if not where:
        message = "say which rows: ?column=value, several with &"
        raise RefusedError.of(422, "no_condition", message, "query")
    return where


AtTable = Annotated[Table, Depends(_table)]
Where = Annotated[dict[str, Any], Depends(_conditions)]
Which = Annotated[dict[str, Any], Depends(_some_conditions)]
Upload = Annotated[bytes, Depends(upload)]
Changes = Annotated[bytes, Depends(changes)]

_WHICH = {
    "name": "where",
    "in": "query",
    "style": "form",
    "explode": True,
    "description": "Columns with the value that the rows meant have there; an empty one means unknown.",
    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    "example": {"worker_id": "li-shifu"},
}
_LINES = {
    "required": True,
    "content": {
        "application/jsonl": {
            "schema": {
                "description": "A row a line.",
                "oneOf": [{"$ref": f"#/components/schemas/{title}"} for title in TITLES],
                "discriminator": {"propertyName": "table"},
            }
        }
    },
}
_COLUMNS = {
    "required": True,
    "content": {"application/json": {"schema": {"anyOf": [each.json_schema() for each in CHANGES.values()]}}},
}


@router.put(
    "",
    summary="Take a morning's rows in place of all others",
    response_model=Counts,
    openapi_extra={"requestBody": _LINES},
)
async def replace_rows(desk: AtDesk, body: Upload) -> Response:
    """Body: a row a line, JSON with its table's name under ``table``. Every row is taken, or none."""
    return await asyncio.to_thread(_load, desk, body, replace=True)


@router.post(
    "",
    summary="Take more rows: somebody walked in, a shift was called out",
    response_model=Counts,
    openapi_extra={"requestBody": _LINES},
)
async def add_rows(desk: AtDesk, body: Upload) -> Response:
    """Body: as for ``PUT``."""
    return await asyncio.to_thread(_load, desk, body, replace=False)


def _load(desk: Desk, body: bytes, *, replace: bool) -> Response:
    return as_json(desk.district.load(rows.read(body), replace=replace))


@router.get("", summary="How many rows each table has", response_model=Counts)
def count_rows(desk: AtDesk) -> Response:
    return as_json(desk.district.counts())


@router.delete("", summary="Delete all rows of all tables; the answers stay", status_code=204)
def delete_all(desk: AtDesk) -> None:
    desk.district.wipe()


@router.get(
    "/{table}",
    summary="Rows of a table, as they are sent",
    response_model=Page,
    openapi_extra={"parameters": [_WHICH]},
)
def list_rows(desk: AtDesk, table: AtTable, where: Where, limit: Limit = 100, offset: Offset = 0) -> Response:
    found, total = desk.district.rows(table, where, limit, offset)
    return as_json({"rows": found, "total": total})


@router.patch(
    "/{table}",
    summary="Change columns of some rows",
    response_model=Changed,
    openapi_extra={"parameters": [_WHICH], "requestBody": _COLUMNS},
)
async def change_rows(desk: AtDesk, table: AtTable, where: Which, body: Changes) -> Response:
    """Body: an object of columns with what stands there from now on; null means unknown."""

    def work() -> Response:
        n_rows = desk.district.change(table, where, rows.read_changes(table, body))
        return as_json({"rows": n_rows, "with_them": {}})

    return await asyncio.to_thread(work)


@router.delete(
    "/{table}",
    summary="Delete some rows, with all that belongs to them",
    response_model=Changed,
    openapi_extra={"parameters": [_WHICH]},
)
def delete_rows(desk: AtDesk, table: AtTable, where: Which) -> Response:
    """A worker's skills and windows go with the worker; a row that others refer to stays."""
    n_rows, with_them = desk.district.delete(table, where)
    return as_json({"rows": n_rows, "with_them": with_them})
