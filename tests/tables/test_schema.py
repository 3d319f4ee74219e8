"""The published schema is one: what the models say, what the documents show, what a database takes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given

from gigmatch.columns import columns_of
from gigmatch.model import Morning, Shift, Worker
from gigmatch.tables import columns_from_frames, morning_from_frames, schema
from gigmatch.tables.from_morning import tables_of
from strategies import mornings
from tests.conftest import examples

SCRIPT = Path(__file__).parents[2] / "docs" / "schema-sqlite.sql"


def test_every_field_has_a_place() -> None:
    """No field of a worker or a shift is left without a column or a table."""
    for name, model in (("workers", Worker), ("shifts", Shift)):
        columns = {column.path[0] for column in schema()[name].columns}
        lists = {field for t in schema().values() if t.path[:1] == (name,) for field in t.path[-1].split(",")}
        assert columns | (lists - {name}) == set(model.model_fields)
    held = {column.path[0] for column in schema()["morning"].columns if column.path}
    lists = {table.path[0] for table in schema().values() if table.path}
    assert held | lists | {"market"} == set(Morning.model_fields)


def test_what_is_referred_to_stands_before() -> None:
    """So that a script can create, and a program fill, the tables in their order."""
    seen: set[str] = set()
    for table in schema().values():
        seen.add(table.name)
        assert {column.refers for column in table.columns if column.refers} <= seen, table.name


def filled(morning: Morning) -> sqlite3.Connection:
    """A database with the morning's tables."""
    base = sqlite3.connect(":memory:")
    base.execute("pragma foreign_keys = on")
    base.executescript(SCRIPT.read_text(encoding="utf-8"))
    for name, table in tables_of(morning).items():
        marks = ", ".join("?" * table.num_columns)
        dates = [str(v) if hasattr(v, "isoformat") else v for row in table.to_pylist() for v in row.values()]
        rows = [dates[at : at + table.num_columns] for at in range(0, len(dates), table.num_columns)]
        base.executemany(f"insert into {name} values ({marks})", rows)
    return base


@examples(8)
@given(mornings(crews=True))
def test_a_database_holds_a_morning(morning: Morning) -> None:
    """Its constraints let every valid morning in, and ``select *`` of each table gives it back."""
    base = filled(morning)
    frames = {}
    for name in schema():
        cursor = base.execute(f"select * from {name} order by rowid")
        rows = cursor.fetchall()
        frames[name] = {column[0]: [row[at] for row in rows] for at, column in enumerate(cursor.description)}
    base.close()
    assert morning_from_frames(**frames) == morning
    assert columns_from_frames(**frames).digest() == columns_of(morning).digest()


@pytest.mark.parametrize(
    "statement",
    [
        "update workers set rating = 6",
        "update workers set home_lat = null, station_id = 'hall'",
        "update periods set end_min = start_min",
        "update periods set break_min = 100000",
        "update shifts set pay_unit = 'piece'",
        "update shifts set employer_id = 'nobody'",
        "update shifts set attendance = 'flexible'",
        "insert into workers (id, home_lat, home_lon) values ('x', 1, 1)",
        "insert into workers (id) values ('x')",
    ],
)
def test_a_database_refuses_what_the_model_refuses(statement: str) -> None:
    """Ranges, choices, references and what goes together are constraints."""
    from tests.conftest import a_morning, a_shift, a_worker

    base = filled(a_morning(a_worker(), a_shift()))
    with pytest.raises(sqlite3.IntegrityError):
        base.execute(statement)
    base.close()
