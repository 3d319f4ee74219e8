"""Bulk validation knows what the model knows: the same morning is refused, for the same rows."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import gigmatch as gm
from gigmatch.errors import InvalidMorningError
from gigmatch.model import Morning
from gigmatch.tables import schema
from gigmatch.tables.checked import attribute_value
from gigmatch.tables.checking import checked
from gigmatch.tables.from_morning import arrow_types, tables_of
from gigmatch.tables.to_morning import assembled
from strategies import mornings
from tests.conftest import examples

TEXTS = (None, "", "x", "sex", "hall", "w1", "s1", "e1", "ghost", "mason", "\x00", "x" * 201, "true", "1.5")
NUMBERS = (None, -1, 0, 1, 5, 6, 130, 131, 480, 1440, 1e6, 1e9, 2e9, -30000, 0.5)
DATES = (None, dt.date(2025, 7, 19), dt.date(2024, 2, 29), dt.date(2025, 7, 20), dt.date(1850, 1, 1))


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table of a small morning, spoilt in one to three cells or rows."""
    tables = tables_of(draw(mornings(3, 3, crews=True)))
    rows = {name: table.to_pylist() for name, table in tables.items()}
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([name for name in rows if rows[name]]))
        at = draw(st.integers(0, len(rows[name]) - 1))
        fault = draw(st.sampled_from(("cell", "cell", "cell", "double", "remove")))
        if fault == "remove" and name != "morning":
            del rows[name][at]
        elif fault == "double" and name != "morning":
            rows[name].append(copy.deepcopy(rows[name][at]))
        else:
            column = draw(st.sampled_from(schema()[name].columns))
            rows[name][at][column.name] = draw(_junk(column))
    return rows


def _junk(column: Any) -> st.SearchStrategy[Any]:
    if column.choices:
        return st.sampled_from((*column.choices, *TEXTS))
    kinds = {"id": TEXTS, "text": TEXTS, "boolean": (None, True, False), "date": DATES}
    values = kinds.get(column.kind, NUMBERS)
    if column.kind in ("integer", "minute"):
        values = tuple(x if x is None else int(x) for x in NUMBERS)
    return st.sampled_from(values)


def as_tables(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The rows as Arrow tables in the types of the schema."""
    return {
        name: pa.table(
            {
                column.name: pa.array([row.get(column.name) for row in of], arrow_types()[column.kind])
                for column in schema()[name].columns
            }
        )
        for name, of in rows.items()
    }


def refused(rows: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether the model refuses the morning that the rows are of, put together one object at a time."""
    rows = copy.deepcopy(rows)
    known = {
        name: [{k: v for k, v in row.items() if v is not None} for row in of] for name, of in rows.items()
    }
    try:
        for name in ("worker_attributes", "shift_attributes"):
            for row in known[name]:
                row["value"] = attribute_value(row["value"], row.get("type", "text"))
                if isinstance(row["value"], ValueError):
                    return True
                if row.get("type", "text") not in ("text", "boolean", "integer", "number"):
                    return True
        for row in known["shift_skills"]:
            row.setdefault("asked", "all_of")
        names = [
            (row[t.owner], row["name"])
            for t in schema().values()
            if "value" in [c.name for c in t.columns] and t.owner
            for row in known[t.name]
        ]
        if len(names) != len(set(names)):
            return True  # a dictionary would drop one of them
        known["morning"][0].setdefault("jurisdiction", "none")
        Morning.model_validate(assembled(known))
    except (KeyError, StopIteration, ValidationError):  # no name, no owner, no market
        return True
    return any(row.get("asked") not in ("all_of", "any_of") for row in known["shift_skills"])


@examples(30)
@given(spoilt())
def test_the_model_and_the_tables_agree(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Whatever is spoilt, the tables are refused if and only if the model refuses the same morning."""
    found = checked(as_tables(rows))
    assert bool(found.problems) == refused(rows), found.problems[:5]


PLACE = {"lat": 39.9, "lon": 116.2, "datum": "WGS-84"}
MORNING = {"date": "2025-07-19", "time_zone": "Asia/Shanghai", "currency": "CNY", "market_id": "hall"}
SOUND: dict[str, list[dict[str, Any]]] = {
    "morning": [MORNING],
    "stations": [{"id": "hall", "name": "Hall"} | PLACE],
    "skills": [{"code": "x", "name": "X"}],
    "employers": [{"id": "e"}],
    "workers": [{"id": "w", "station_id": "hall"}],
    "shifts": [{"id": "s", "employer_id": "e", "pay_amount": 1, "pay_unit": "day"} | PLACE],
    "periods": [{"shift_id": "s", "start_min": 480, "end_min": 1080}],
}
LIMIT = {"kind": "min_rest_hours", "value": 8, "valid_from": "2025-01-01", "source": "s"}
LATE = {"shift_id": "s", "start_min": 1020, "end_min": 1200}
TOGETHER = {"companions": [{"id": "both"}]}
GOES = {"companions_id": "both", "worker_id": "w"}

PROBLEMS: list[tuple[dict[str, list[dict[str, Any]]], str, str]] = [
    (
        {"workers": [{"id": "w", "station_id": "nowhere"}]},
        "workers[0].station_id",
        "names nothing in stations",
    ),
    ({"workers": [{"id": "w", "station_id": "hall"}] * 2}, "workers[1].id", "is already workers[0].id"),
    ({"workers": [{"id": None, "station_id": "hall"}]}, "workers[0].id", "is missing: every row needs one"),
    ({"workers": [{"id": "w"}]}, "workers[0]", "needs a home or a station_id"),
    ({"workers": [{"id": "w", "home_lat": 1, "home_lon": 1}]}, "workers[0]", "go together"),
    ({"workers": [{"id": "w", "station_id": "hall", "home_label": "here"}]}, "workers[0]", "go together"),
    (
        {"workers": [{"id": "w", "station_id": "hall", "age_years": 30, "birth_date": "1995-01-01"}]},
        "workers[0]",
        "not both",
    ),
    (
        {"workers": [{"id": "w", "station_id": "hall", "birth_date": "2025-07-20"}]},
        "workers[0].birth_date",
        "after the morning's date",
    ),
    (
        {"workers": [{"id": "w", "station_id": "hall", "travel_limit_min": 0}]},
        "workers[0].travel_limit_min",
        "greater than 0",
    ),
    (
        {"worker_skills": [{"worker_id": "w", "skill": "y"}]},
        "worker_skills[0].skill",
        "names nothing in skills",
    ),
    (
        {"worker_skills": [{"worker_id": "v", "skill": "x"}]},
        "worker_skills[0].worker_id",
        "names nothing in workers",
    ),
    (
        {"worker_skills": [{"worker_id": "w", "skill": "x", "level": 2.5}]},
        "worker_skills[0].level",
        "is no whole number",
    ),
    (
        {"windows": [{"worker_id": "w", "start_min": "18:00", "end_min": "08:00"}]},
        "windows[0]",
        "in end_min",
    ),
    (
        {"worker_groups": [{"worker_id": "w", "priority_group": "女"}]},
        "worker_groups[0].priority_group",
        "is protected",
    ),
    (
        {"worker_attributes": [{"worker_id": "w", "name": "gender", "value": "x"}]},
        "worker_attributes[0].name",
        "is protected",
    ),
    (
        {"worker_attributes": [{"worker_id": "w", "name": "a", "value": "x"}] * 2},
        "worker_attributes[1].name",
        "must be given once",
    ),
    (
        {"shift_attributes": [{"shift_id": "s", "name": "a", "value": "x", "type": "integer"}]},
        "shift_attributes[0].value",
        "is no integer",
    ),
    (
        {"shift_attributes": [{"shift_id": "s", "name": "a", "value": "x", "type": "boolean"}]},
        "shift_attributes[0].value",
        "is no boolean",
    ),
    (
        {"shift_attributes": [{"shift_id": "s", "name": "a", "value": "inf", "type": "number"}]},
        "shift_attributes[0].value",
        "is no finite number",
    ),
    ({"shifts": [SOUND["shifts"][0] | {"pay_unit": "piece"}]}, "shifts[0]", "goes with pay_unit 'piece'"),
    (
        {"shifts": [SOUND["shifts"][0] | {"pay_expected_pieces": 3}]},
        "shifts[0]",
        "goes with pay_unit 'piece'",
    ),
    (
        {"shifts": [SOUND["shifts"][0] | {"attendance": "flexible"}]},
        "shifts[0]",
        "goes with attendance 'flexible'",
    ),
    (
        {"shifts": [SOUND["shifts"][0] | {"attendance": "flexible", "min_minutes": 601}]},
        "shifts[0]",
        "longer than all periods",
    ),
    ({"shifts": [SOUND["shifts"][0] | {"minimum_headcount": 2}]}, "shifts[0]", "above headcount"),
    (
        {"shifts": [SOUND["shifts"][0] | {"min_age_years": 40, "max_age_years": 30}]},
        "shifts[0]",
        "above max_age_years",
    ),
    ({"periods": []}, "shifts[0]", "has no periods"),
    ({"periods": [SOUND["periods"][0], LATE]}, "shifts[0]", "periods overlap"),
    ({"periods": [LATE | {"break_min": 180}]}, "periods[0]", "leaves no work in a period of 180 minutes"),
    ({"limits": [LIMIT | {"kind": "paid_days_per_month", "value": 0}]}, "limits[0]", "above 0"),
    ({"limits": [LIMIT | {"kind": "luck"}]}, "limits[0].kind", "Input should be 'minimum_wage_per_hour', "),
    ({"limits": [LIMIT, LIMIT | {"valid_from": "2025-02-01"}]}, "limits[1].valid_from", "overlaps limits[0]"),
    ({"stations": [SOUND["stations"][0] | {"opening_start_min": 1}]}, "stations[0]", "go together"),
    ({"morning": [MORNING | {"market_id": "x"}]}, "morning[0].market_id", "names nothing in stations"),
    ({"morning": [MORNING | {"date": "someday"}]}, "morning[0].date", "a date is YYYY-MM-DD"),
    (TOGETHER | {"companion_members": [GOES]}, "companions[0]", "names 1 worker(s)"),
    (
        TOGETHER | {"companion_members": [GOES, GOES]},
        "companion_members[1].worker_id",
        "'w' is already among",
    ),
    (
        TOGETHER
        | {
            "workers": [
                SOUND["workers"][0] | {"max_shifts": 1},
                {"id": "v", "station_id": "hall", "max_shifts": 2},
            ],
            "companion_members": [GOES, GOES | {"worker_id": "v"}],
        },
        "companion_members[1].worker_id",
        "'v' has max_shifts 2",
    ),
    ({"morning": [MORNING | {"schema_version": 2}]}, "morning[0].schema_version", "less than or equal to 1"),
]


def as_given(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Rows as tables with the columns that some row has."""
    return {name: pa.Table.from_pylist(of) for name, of in rows.items() if of}


def test_a_sound_morning_has_no_problems() -> None:
    """What the cases below start from."""
    assert checked(as_given(SOUND)).problems == []


@pytest.mark.parametrize(("change", "path", "message"), PROBLEMS, ids=[f"{p} {m}" for _, p, m in PROBLEMS])
def test_problems(change: dict[str, Any], path: str, message: str) -> None:
    """Each rule names table, row and column and says what is wrong; nothing else is reported with it."""
    (problem,) = checked(as_given(SOUND | change)).problems
    assert problem.path == path
    assert message in problem.message


def test_a_rule_that_tables_do_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the model ever refuse what the tables let pass, its own error is told."""
    from gigmatch.tables import to_morning as module

    monkeypatch.setattr(module, "assembled", lambda rows: {})
    with pytest.raises(InvalidMorningError, match="the set of tables has"):
        gm.morning_from_frames(**as_given(SOUND))
