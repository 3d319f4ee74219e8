"""Answers, each stored with the rows it was made from: so it can be explained as long as it is kept."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pyarrow.parquet as parquet
from sqlalchemy import Column, Connection, ForeignKey, Integer, LargeBinary, MetaData, String, Table, func
from sqlalchemy import select as select_from

import gigmatch as gm
from gigmatch.tables import schema
from service.database import Tables
from service.problems import RefusedError

__all__ = ["create", "delete", "listed", "load", "load_rows", "require", "store"]

_PATH = "path.number"
_METADATA = MetaData()
_ANSWERS = Table(
    "answers",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("morning_digest", String(200), nullable=False),
    Column("status", String(20), nullable=False),
    Column("body", LargeBinary, nullable=False),  # JSON, as Assignment.save writes it
    sqlite_autoincrement=True,  # the number of a deleted answer is not given again
)
_ROWS = Table(
    "answer_rows",
    _METADATA,
    Column("answer_id", ForeignKey("answers.id"), primary_key=True),
    Column("name", String(50), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # Parquet
)


def create(connection: Connection) -> None:
    """Make the two tables where they are missing."""
    _METADATA.create_all(connection)


def store(connection: Connection, answer: gm.Assignment, tables: Tables) -> int:
    """Keep an answer and what it was made from; its number."""
    values = {"morning_digest": answer.morning_digest, "status": answer.status, "body": answer.to_json()}
    result = connection.execute(_ANSWERS.insert().values(values))
    number: int = result.inserted_primary_key[0]  # type: ignore[index]
    rows = [{"answer_id": number, "name": name, "body": _parquet(tables[name])} for name in schema()]
    connection.execute(_ROWS.insert(), rows)
    return number


def load(connection: Connection, number: int, place: str = _PATH) -> gm.Assignment:
    """An answer; raises RefusedError for a number that there is not, which stands in that place."""
    require(connection, number, place)
    body = connection.execute(select_from(_ANSWERS.c.body).where(_ANSWERS.c.id == number)).scalar_one()
    return gm.Assignment.from_json(body)


def require(connection: Connection, number: int, place: str = _PATH) -> None:
    """Raise RefusedError for a number that there is not."""
    if not connection.scalar(select_from(func.count()).where(_ANSWERS.c.id == number)):
        raise RefusedError.of(404, "no_answer", "there is no answer {number}", place, number=number)


def listed(connection: Connection, limit: int, offset: int) -> tuple[list[dict[str, Any]], int]:
    """A page of the answers, the newest first, and how many there are."""
    columns = (_ANSWERS.c.id.label("answer"), _ANSWERS.c.status, _ANSWERS.c.morning_digest)
    query = select_from(*columns).order_by(_ANSWERS.c.id.desc()).limit(limit).offset(offset)
    total = connection.scalar(select_from(func.count()).select_from(_ANSWERS))
    return [dict(row) for row in connection.execute(query).mappings()], total or 0


def delete(connection: Connection, number: int) -> None:
    """Delete an answer with the rows it was made from; raises RefusedError for a number that there is not."""
    require(connection, number)
    connection.execute(_ROWS.delete().where(_ROWS.c.answer_id == number))
    connection.execute(_ANSWERS.delete().where(_ANSWERS.c.id == number))


def load_rows(connection: Connection, number: int) -> Tables:
    """The rows that an answer was made from."""
    query = select_from(_ROWS.c.name, _ROWS.c.body).where(_ROWS.c.answer_id == number)
    return {name: parquet.read_table(BytesIO(body)) for name, body in connection.execute(query)}


def _parquet(table: Any) -> bytes:
    file = BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()
