"""What a user writes: every field is described and checked, and files are read back as they were written."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError, field_validator
from pydantic_core import PydanticCustomError

import gigmatch.model as model
from gigmatch.errors import InvalidFileError, InvalidInputError, InvalidMorningError
from gigmatch.model import (
    SCHEMA_VERSION,
    Jurisdiction,
    LegalLimit,
    Location,
    Morning,
    Period,
    TimeSpan,
    Worker,
)
from strategies import mornings, raw_mornings
from tests.conftest import examples, for_each

PLACE = {"lat": 39.9, "lon": 116.2, "datum": "WGS-84"}
VALID: dict[str, Any] = {
    "date": "2025-07-19",
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "market": {
        "id": "hall",
        "name": "Hall",
        "location": PLACE,
        "stations": [{"id": "gucheng", "name": "古城", "location": PLACE}],
    },
    "skills": [{"code": "mason", "name": "瓦工", "covers": ["helper"]}, {"code": "helper", "name": "小工"}],
    "workers": [
        {
            "id": "w1",
            "home": PLACE,
            "station_id": "gucheng",
            "skills": [{"skill": "mason", "level": 3}],
            "credentials": [{"kind": "health", "valid_to": "2026-01-01"}],
            "windows": [{"start_min": "06:00", "end_min": "20:00"}],
            "age_years": 40,
            "attributes": {"tools": "own"},
        }
    ],
    "employers": [{"id": "e1"}],
    "brokers": [{"id": "b1", "licence": "京-1"}],
    "shifts": [
        {
            "id": "s1",
            "employer_id": "e1",
            "broker_id": "b1",
            "crew_id": "c1",
            "location": PLACE,
            "periods": [
                {"start_min": "08:00", "end_min": "18:00", "break_min": 60},
                {"start_min": "32:00", "end_min": "41:00"},
            ],
            "all_of": [{"skill": "helper"}],
            "any_of": [{"skill": "mason", "least_level": 4}],
            "pay": {"amount": 420, "unit": "shift"},
        }
    ],
    "crews": [{"id": "c1"}],
    "reference_wages": [{"skill": "mason", "per_hour": 35, "as_of": "2025-07-01", "source": "s"}],
    "jurisdiction": {
        "name": "Beijing",
        "limits": [
            {"kind": "minimum_age_years", "value": 16, "valid_from": "1995-01-01", "source": "Labour Law"}
        ],
    },
}
MISSING = object()


def spoilt(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The valid morning with values put in, or taken out, at paths such as ``workers.0.id``."""
    data = copy.deepcopy(VALID)
    for path, value in changes:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        holder: Any = data
        for part in way:
            holder = holder[part]
        if value is MISSING:
            del holder[last]
        elif isinstance(holder, list):
            holder[last : last + 1] = [value]
        else:
            holder[last] = value
    return data


def loaded(tmp_path: Path, data: Any) -> Morning:
    path = tmp_path / "morning.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return Morning.load(path)


def attempt(tmp_path: Path, data: Any) -> Morning | InvalidMorningError:
    """The morning, or the one error that may come instead; any other exception fails the test."""
    try:
        return loaded(tmp_path, data)
    except InvalidMorningError as error:
        return error


def problems(tmp_path: Path, *changes: tuple[str, Any]) -> dict[str, str]:
    """Messages of every problem that loading finds, by path, a line each."""
    with pytest.raises(InvalidMorningError) as caught:
        loaded(tmp_path, spoilt(*changes))
    assert str(caught.value).startswith(str(tmp_path / "morning.json"))
    found: dict[str, str] = {}
    for path, message in caught.value.problems:
        found[path] = f"{found[path]}\n{message}" if path in found else str(message)
    return found


def models() -> list[type[BaseModel]]:
    public = [getattr(model, name) for name in model.__all__]
    return [thing for thing in public if isinstance(thing, type) and issubclass(thing, BaseModel)]


# --- Every model


@for_each(models())
def test_every_field_is_described(kind: type[BaseModel]) -> None:
    """The JSON schema has a sentence for each model and each field."""
    schema = kind.model_json_schema()
    for name, part in {kind.__name__: schema, **schema.get("$defs", {})}.items():
        assert part.get("description"), name
        for field, described in part["properties"].items():
            assert described.get("description"), f"{name}.{field}"


@for_each(models())
def test_frozen_and_closed(kind: type[BaseModel]) -> None:
    """No model can be changed, takes a field it does not know, or a number that is none."""
    assert kind.model_config["frozen"]
    assert kind.model_config["extra"] == "forbid"
    assert not kind.model_config["allow_inf_nan"]


def test_every_model_is_public() -> None:
    """All models that a morning is made of can be imported by name."""
    named = set(Morning.model_json_schema()["$defs"]) | {"Morning"}
    assert named <= {kind.__name__ for kind in models()}


def test_assignment_fails() -> None:
    """A worker, once built, stays as it is."""
    worker = Worker(id="w", station_id="hall")
    with pytest.raises(ValidationError, match="frozen"):
        worker.id = "other"


def test_unknown_field_is_named(tmp_path: Path) -> None:
    """A misspelt field is an error at its path, not silently lost."""
    said = problems(tmp_path, ("workers.0.skils", []))["workers[0].skils"]
    assert said == "unknown key, did you mean 'skills'?."


# --- The JSON schema


KEYWORDS = {
    *("type", "enum", "const", "anyOf", "$ref", "$defs", "format", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "items", "minItems", "maxItems"),
    *("properties", "patternProperties", "propertyNames", "additionalProperties", "required"),
    *("title", "description", "default"),
}
BY_NAME = ("properties", "patternProperties", "$defs")  # keywords that hold schemas by name
TYPES = {
    "integer": int,
    "number": (int, float),
    "string": str,
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


def schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and all within it."""
    if not isinstance(schema, dict):  # additionalProperties may be plain true or false
        return
    yield schema
    inner = [part for name in BY_NAME for part in schema.get(name, {}).values()]
    inner += [schema.get(name) for name in ("items", "propertyNames", "additionalProperties")]
    for part in inner + schema.get("anyOf", []):
        yield from schemas(part)


def fits(schema: dict[str, Any], value: Any, defs: dict[str, Any]) -> bool:
    """Whether a value fits a schema, by the keywords that say what a value looks like."""
    if "$ref" in schema:
        return fits(defs[schema["$ref"].rsplit("/", 1)[1]], value, defs)
    if "anyOf" in schema:
        return any(fits(part, value, defs) for part in schema["anyOf"])
    if isinstance(value, bool) != (schema.get("type") == "boolean"):
        return False
    if not isinstance(value, TYPES[schema["type"]]) or value not in schema.get("enum", [value]):
        return False
    if isinstance(value, str):
        return bool(re.search(schema.get("pattern", ""), value))
    if isinstance(value, list):
        return all(fits(schema["items"], item, defs) for item in value)
    if isinstance(value, dict) and "properties" in schema:
        parts = schema["properties"]
        known = set(schema.get("required", [])) <= set(value) <= set(parts)
        return known and all(fits(parts[name], part, defs) for name, part in value.items())
    if isinstance(value, int | float):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def test_schema_has_known_keywords_only() -> None:
    """What a field may hold is said in the words of JSON Schema, not in pydantic's own."""
    found = list(schemas(Morning.model_json_schema()))
    assert len(found) > 100
    for schema in found:
        assert set(schema) <= KEYWORDS, schema


def test_schema_of_days_and_minutes() -> None:
    """A day is a date, bounded or not; a minute is a number or clock text."""
    schema = Morning.model_json_schema()
    day = {"type": "string", "format": "date"}
    assert day.items() <= schema["properties"]["date"].items()
    assert schema["$defs"]["Worker"]["properties"]["birth_date"]["anyOf"] == [day, {"type": "null"}]
    assert schema["$defs"]["TimeSpan"]["properties"]["start_min"]["anyOf"] == [
        {"type": "integer", "minimum": -20160, "maximum": 600000},
        {"type": "string", "pattern": r"^-?\d+:[0-5]\dB?$"},
    ]


CLOCKS = [("08:30", True), ("-0:30", True), ("32:00", True), (510, True), (-60, True), ("8:5", False)]
CLOCKS += [("08:60", False), ("", False), (600_001, False), (8.5, False), (True, False), (None, False)]


@pytest.mark.parametrize(("value", "expected"), CLOCKS)
def test_schema_takes_clock_text(value: Any, expected: bool) -> None:
    """A morning written by hand fits the schema just when it can be loaded."""
    schema = Morning.model_json_schema()
    data = spoilt(("shifts.0.periods", [{"start_min": value, "end_min": "40:00"}]))
    assert fits(schema, data, schema["$defs"]) == expected
    if expected:
        Morning.model_validate(data)
    else:
        with pytest.raises(ValidationError):
            Morning.model_validate(data)


# --- Times


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("00:00", 0),
        ("08:30", 510),
        ("-1:00", -60),
        ("8:05", 485),
        ("24:00", 1440),
        ("32:00", 1920),
        ("100:59", 6059),
        (-60, -60),
    ],
)
def test_clock(text: str | int, minutes: int) -> None:
    """Clock strings are minutes since the morning's midnight, and hours may run past 24."""
    assert TimeSpan(start_min=text, end_min=10_000).start_min == minutes


@pytest.mark.parametrize(
    "text",
    [
        "8:5",
        "24:61",
        "08:60",
        "x",
        "",
        ":",
        "08",
        "08:",
        ":30",
        "--1:00",
        "08:30:00",
        " 08:30",
        "٠٨:٣٠",
        "8.5:00",
    ],
)
def test_bad_clock(text: str, tmp_path: Path) -> None:
    """Anything else is refused, and the message shows what a time looks like and what was found."""
    found = problems(tmp_path, ("workers.0.windows.0.start_min", text))
    message = found["workers[0].windows[0].start_min"]
    assert "HH:MM" in message
    assert repr(text) in message


@pytest.mark.parametrize("value", [True, 8.5, 480.0, [], {}, "9999999999:00", 600_001, -20_161])
def test_time_is_a_whole_minute_within_reason(value: Any, tmp_path: Path) -> None:
    """Booleans, fractions and times a year off are no times."""
    assert set(problems(tmp_path, ("workers.0.arrived_at_min", value))) == {"workers[0].arrived_at_min"}


@pytest.mark.parametrize(("start", "end"), [("22:00", "06:00"), ("08:00", "08:00")])
def test_ends_before_it_starts(start: str, end: str, tmp_path: Path) -> None:
    """A span that ends before it starts says how to write one past midnight."""
    span = {"start_min": start, "end_min": end}
    assert "the next day, write" in problems(tmp_path, ("workers.0.windows.0", span))["workers[0].windows[0]"]
    assert "the next day, write" in problems(tmp_path, ("shifts.0.periods.0", span))["shifts[0].periods[0]"]


@pytest.mark.parametrize("rest", [60, 61])
def test_break_leaves_work(rest: int, tmp_path: Path) -> None:
    """A break as long as its period is refused."""
    period = {"start_min": 480, "end_min": 540, "break_min": rest}
    found = problems(tmp_path, ("shifts.0.periods.0", period))
    assert found["shifts[0].periods[0]"].startswith(
        f"break_min {rest} leaves no work in a period of 60 minutes"
    )
    assert Period(start_min=480, end_min=540, break_min=59).minutes == 60


# --- Days


DAYS = [
    "date",
    "workers.0.birth_date",
    "workers.0.credentials.0.valid_to",
    "workers.0.credentials.0.review_due",
    "reference_wages.0.as_of",
    "jurisdiction.limits.0.valid_from",
    "jurisdiction.limits.0.valid_to",
]
NO_DAYS = [
    0,
    "0",
    1.5,
    True,
    "",
    "20250719",
    "2025-W29-6",
    "2025-7-19",
    "2025-07-19T00:00:00",
    "٢٠٢٥-٠٧-١٩",
    [],
]


@pytest.mark.parametrize("path", DAYS)
def test_no_day(path: str, tmp_path: Path) -> None:
    """Nothing but a date is read as one: not the number 0 as the first day of 1970."""
    shown = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path.split(".")).lstrip(".")
    for value in NO_DAYS:
        found = problems(tmp_path, (path, value))
        assert set(found) == {shown}
        assert found[shown].startswith("a date is YYYY-MM-DD, as in 2025-07-19.")


def test_days_in_python() -> None:
    """A date is taken as it is; a moment is not cut down to its day."""
    day = dt.date(1985, 1, 1)
    assert Worker(id="w", station_id="s", birth_date=day).birth_date == day
    with pytest.raises(ValidationError, match="a date is YYYY-MM-DD"):
        Worker(id="w", station_id="s", birth_date=dt.datetime(1985, 1, 1))


# --- Single fields


BAD_FIELDS = [
    ("workers.0.home.lat", 90.1, "perhaps exchanged"),
    ("workers.0.home.lat", 180.1, "less than or equal to 90"),
    ("workers.0.home.lat", -90.1, "perhaps exchanged"),
    ("workers.0.home.lon", 180.5, "less than or equal to 180"),
    ("workers.0.home.lon", -181, "greater than or equal to -180"),
    ("workers.0.home.lat", float("nan"), "finite number"),
    ("workers.0.home.lon", float("inf"), "finite number"),
    ("workers.0.home.lat", "39.9", "valid number"),
    ("workers.0.home.datum", "wgs84", "'WGS-84', 'GCJ-02' or 'BD-09'"),
    ("workers.0.home.datum", MISSING, "Field required"),
    ("workers.0.id", "", "an id is 1 to 200 characters without control characters"),
    ("workers.0.id", "x" * 201, "an id is 1 to 200 characters"),
    ("workers.0.id", "a\nb", "an id is 1 to 200 characters"),
    ("workers.0.id", 7, "valid string"),
    ("workers.0.skills.0.level", 6, "less than or equal to 5"),
    ("workers.0.skills.0.level", 0, "greater than or equal to 1"),
    ("workers.0.skills.0.level", True, "valid integer"),
    ("workers.0.credentials.0.valid_to", "2026-02-30", "a day that the calendar has"),
    ("workers.0.age_years", -1, "greater than or equal to 0"),
    ("workers.0.age_years", 131, "less than or equal to 130"),
    ("workers.0.age_years", 40.0, "valid integer"),
    ("workers.0.pay_floor_per_hour", -1, "greater than or equal to 0"),
    ("workers.0.pay_floor_per_day", float("inf"), "finite number"),
    ("workers.0.pay_floor_per_day", 2e9, "less than or equal to"),
    ("workers.0.wanted_settlement", "daily", "'same_day'"),
    ("workers.0.travel_limit_min", 0, "greater than 0"),
    ("workers.0.travel_mode", "fly", "'walk'"),
    ("workers.0.insurance_required", 1, "valid boolean"),
    ("workers.0.insured", "yes", "valid boolean"),
    ("workers.0.rating", 5.1, "less than or equal to 5"),
    ("workers.0.rating", True, "valid number"),
    ("workers.0.hours_this_week", -0.5, "greater than or equal to 0"),
    ("workers.0.days_since_last_placement", 1.5, "valid integer"),
    ("employers.0.standing", "bad", "'ok', 'arrears' or 'suspended'"),
    ("employers.0.payment_punctuality", 1.01, "less than or equal to 1"),
    ("brokers.0.licence", 7, "valid string"),
    ("shifts.0.headcount", 0, "greater than or equal to 1"),
    ("shifts.0.headcount", True, "valid integer"),
    ("shifts.0.headcount", "3", "valid integer"),
    ("shifts.0.periods", [], "at least 1 item"),
    ("shifts.0.periods", MISSING, "Field required"),
    ("shifts.0.pay.amount", -1, "greater than or equal to 0"),
    ("shifts.0.pay.amount", float("nan"), "finite number"),
    ("shifts.0.pay.amount", True, "valid number"),
    ("shifts.0.pay.unit", "week", "'hour'"),
    ("shifts.0.hazards", ["boredom"], "'heavy'"),
    ("shifts.0.priority_tier", 0, "greater than or equal to 1"),
    ("shifts.0.priority_tier", 10, "less than or equal to 9"),
    ("shifts.0.min_minutes", 0, "greater than or equal to 1"),
    ("reference_wages.0.per_hour", 0, "greater than 0"),
    ("jurisdiction.limits.0.kind", "tea_breaks", "'minimum_wage_per_hour'"),
    ("jurisdiction.limits.0.value", -1, "greater than or equal to 0"),
    ("jurisdiction.limits.0.severity", "ignore", "'warn' or 'block'"),
    ("schema_version", 2, "Input should be 1"),
    ("date", "19 July", "a date is YYYY-MM-DD, as in 2025-07-19"),
    ("date", "1899-12-31", "greater than or equal to 1900-01-01"),
    ("date", "2200-01-02", "less than or equal to 2200-01-01"),
    ("date", MISSING, "Field required"),
    ("currency", "yuan", "three capital letters"),
    ("currency", "cny", "three capital letters"),
    ("time_zone", "Beijing", "is not an IANA time zone"),
    ("time_zone", 8, "valid string"),
    ("market_insurance", "true", "valid boolean"),
    ("workers", {}, "valid array"),
    ("workers.0", 7, "should be an object"),
]


@for_each(BAD_FIELDS)
def test_bad_field(path: str, value: Any, message: str, tmp_path: Path) -> None:
    """A value out of its range is reported alone, at its path, with the rule."""
    shown = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path.split(".")).lstrip(".")
    found = problems(tmp_path, (path, value))
    hits = [text for where, text in found.items() if where == shown or where.startswith(f"{shown}[")]
    assert hits, found
    assert message in hits[0]


def test_error_shows_the_value(tmp_path: Path) -> None:
    """The message ends with what was found, cut short where it is long."""
    assert problems(tmp_path, ("workers.0.rating", 9.5))["workers[0].rating"].endswith("Got '9.5'.")
    long = problems(tmp_path, ("currency", "x" * 500))["currency"]
    assert long.endswith(f"Got {'x' * 80!r}.")


# --- Rules between the fields of one thing


def test_one_age_only(tmp_path: Path) -> None:
    """A date of birth and an age can disagree, so only one is taken."""
    found = problems(tmp_path, ("workers.0.birth_date", "1985-01-01"))
    assert "not both" in found["workers[0]"]


def test_somewhere_to_set_out_from(tmp_path: Path) -> None:
    """Without a home the station will do; without both nobody can say how far it is."""
    assert loaded(tmp_path, spoilt(("workers.0.home", MISSING))).workers[0].home is None
    assert loaded(tmp_path, spoilt(("workers.0.station_id", MISSING))).workers[0].station_id is None
    found = problems(tmp_path, ("workers.0.home", MISSING), ("workers.0.station_id", MISSING))
    assert "nobody can be placed from nowhere" in found["workers[0]"]


@pytest.mark.parametrize(
    "pay",
    [{"amount": 8, "unit": "piece"}, {"amount": 8, "unit": "day", "expected_pieces": 3}],
)
def test_pieces_go_with_piece_pay(pay: dict[str, Any], tmp_path: Path) -> None:
    """Expected pieces are needed with piece pay and refused with any other."""
    found = problems(tmp_path, ("shifts.0.pay", pay))
    assert "expected_pieces goes with unit 'piece'" in found["shifts[0].pay"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ((("shifts.0.minimum_headcount", 2),), "minimum_headcount is above headcount"),
        ((("shifts.0.min_age_years", 50), ("shifts.0.max_age_years", 40)), "min_age_years is above"),
        ((("shifts.0.attendance", "flexible"),), "min_minutes goes with attendance 'flexible'"),
        ((("shifts.0.min_minutes", 60),), "min_minutes goes with attendance 'flexible'"),
        (
            (("shifts.0.attendance", "flexible"), ("shifts.0.min_minutes", 1141)),
            "min_minutes is longer than all periods",
        ),
        ((("shifts.0.periods.1", {"start_min": "17:59", "end_min": "20:00"}),), "periods overlap"),
        ((("shifts.0.periods.1", {"start_min": "07:00", "end_min": "08:01"}),), "periods overlap"),
    ],
)
def test_shift_rules(changes: tuple[tuple[str, Any], ...], message: str, tmp_path: Path) -> None:
    """A shift that contradicts itself is refused with the rule it breaks."""
    assert message in problems(tmp_path, *changes)["shifts[0]"]


def test_all_broken_rules_of_one_thing(tmp_path: Path) -> None:
    """A thing that breaks several of its rules says so of each, and each is a problem with its own code."""
    shift = problems(
        tmp_path,
        ("shifts.0.minimum_headcount", 2),
        ("shifts.0.min_minutes", 60),
        ("shifts.0.periods.1", {"start_min": "17:59", "end_min": "20:00"}),
    )["shifts[0]"]
    assert shift == (
        "minimum_headcount is above headcount: it could never take place.\n"
        "min_minutes goes with attendance 'flexible', and only with it.\n"
        "periods overlap: join them into one."
    )
    two_ages = ("workers.0.birth_date", "1985-01-01")
    nowhere = (("workers.0.home", MISSING), ("workers.0.station_id", MISSING))
    worker = problems(tmp_path, two_ages, *nowhere)["workers[0]"]
    assert "not both" in worker
    assert "from nowhere" in worker
    paid_days = {"kind": "paid_days_per_month", "value": 0, "source": "s"}
    limit = paid_days | {"valid_from": "2025-01-02", "valid_to": "2025-01-01"}
    found = problems(tmp_path, ("jurisdiction.limits.0", limit))["jurisdiction.limits[0]"]
    assert "never be in force" in found
    assert "a month needs paid days" in found


def test_shift_boundaries_that_are_fine(tmp_path: Path) -> None:
    """Touching periods, all minutes of a flexible shift, equal ages and full minimum head-count are valid."""
    data = spoilt(
        ("shifts.0.periods.1", {"start_min": "18:00", "end_min": "20:00"}),
        ("shifts.0.attendance", "flexible"),
        ("shifts.0.min_minutes", 660),
        ("shifts.0.min_age_years", 40),
        ("shifts.0.max_age_years", 40),
        ("shifts.0.headcount", 3),
        ("shifts.0.minimum_headcount", 3),
    )
    assert len(loaded(tmp_path, data).shifts[0].periods) == 2


PROTECTED = [
    *(
        "sex",
        "Gender",
        "Id Card",
        "ID_CARD",
        "idCard",
        "worker_id_card",
        "is_female",
        "isFemale",
    ),
    *("male", "sex_code", "worker_gender", "workerGENDER", "SEXCode", "gender2", "s-e-x", "ｓｅｘ", "hukou"),
    *("women", "Young Men", "minority_group", "worker_性别", "worker性别", "sex性", "男", "女", "女工"),
    *("性别", "民族", "少数民族", "户籍地", "身份证", "身份证号码", "押金"),
    *("id_number", "National ID", "passport", "证件号码", "护照号"),
]
HARMLESS = [
    "manual",
    "mandarin",
    "remark",
    "unisex",
    "manager",
    "Womenswear",
    "embrace",
    "tools",
    "idle card",
]
HARMLESS += [
    "foreman",
    "essex",
    "boycott",
    "human",
    "mané",
    "工具",
    "普通话",
    "zero_employment_household",
    "0",
]


@for_each(product(["workers", "shifts"], PROTECTED))
def test_protected_attributes(owner: str, key: str, tmp_path: Path) -> None:
    """What must never be modelled cannot come in as a free attribute, however it is written."""
    found = problems(tmp_path, (f"{owner}.0.attributes", {"tools": "own", key: "x"}))
    assert f"attribute '{key}' is protected" in found[f"{owner}[0].attributes"]


def test_every_protected_attribute_is_named(tmp_path: Path) -> None:
    """Two protected attributes are reported both at once."""
    found = problems(tmp_path, ("workers.0.attributes", {"sex": 1, "remark": 1, "民族": 1}))
    message = found["workers[0].attributes"]
    assert "'sex' is protected" in message
    assert "'民族' is protected" in message
    assert "remark" not in message


@for_each(PROTECTED)
def test_protected_groups(group: str, tmp_path: Path) -> None:
    """A group of people is no side door for what must never be modelled either."""
    found = problems(tmp_path, ("workers.0.priority_groups", ["low_income", group]))
    assert set(found) == {"workers[0].priority_groups[1]"}
    assert f"group '{group}' is protected" in found["workers[0].priority_groups[1]"]


@for_each(HARMLESS)
def test_harmless_names(name: str, tmp_path: Path) -> None:
    """A word that only has the letters of a protected one in it is an ordinary word."""
    data = spoilt(("workers.0.attributes", {name: "x"}), ("workers.0.priority_groups", [name]))
    assert loaded(tmp_path, data).workers[0].priority_groups == (name,)


@pytest.mark.parametrize("value", ["own", "", True, False, 0, 1, 2**70, 1.0, -0.5])
def test_attribute_values_keep_their_kind(value: Any, tmp_path: Path) -> None:
    """True stays True, 1 stays 1 and 1.0 stays 1.0, through a file and back."""
    kept = loaded(tmp_path, spoilt(("workers.0.attributes", {"x": value}))).workers[0].attributes["x"]
    assert (type(kept), kept) == (type(value), value)


@pytest.mark.parametrize("value", [None, [], {}, float("nan"), float("inf")])
def test_attribute_values_are_plain(value: Any, tmp_path: Path) -> None:
    """Lists, objects, nothing and not-a-number are no attribute values."""
    assert any(
        path.startswith("workers[0].attributes.x")
        for path in problems(tmp_path, ("workers.0.attributes", {"x": value}))
    )


# --- All at once


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Broken fields, broken rules, duplicates and dangling references come in one error."""
    found = problems(
        tmp_path,
        ("currency", "yuan"),
        ("time_zone", "Nowhere/Land"),
        ("workers.0.age_years", -1),
        ("workers.0.windows.0.start_min", "8:5"),
        ("shifts.0.minimum_headcount", 2),
        ("shifts.0.pay", {"amount": 8, "unit": "piece"}),
        ("employers.1", {"id": "e1"}),
        ("workers.0.attributes", {"sex": "x"}),
        ("workers.0.station_id", "nowhere"),
    )
    assert set(found) == {
        "currency",
        "time_zone",
        "workers[0].age_years",
        "workers[0].windows[0].start_min",
        "shifts[0].pay",
        "employers[1].id",
        "workers[0].attributes",
        "workers[0].station_id",
    }


def test_every_rule_passes_through_with_others(tmp_path: Path) -> None:
    """Each of the model's own errors survives being reported together with a dangling reference."""
    span = {"start_min": 60, "end_min": 0}
    rest = {"start_min": 0, "end_min": 60, "break_min": 60}
    for changes, path in [
        ((("workers.0.windows.0", span),), "workers[0].windows[0]"),
        ((("shifts.0.periods.0", rest),), "shifts[0].periods[0]"),
        ((("shifts.0.minimum_headcount", 2),), "shifts[0]"),
        ((("workers.0.birth_date", "1985-01-01"),), "workers[0]"),
        ((("workers.0.home", MISSING), ("workers.0.station_id", MISSING)), "workers[0]"),
    ]:
        found = problems(tmp_path, *changes, ("shifts.0.employer_id", "nobody"))
        assert set(found) == {path, "shifts[0].employer_id"}


class Odd(BaseModel):
    """A part with an error of a type that gigmatch has never heard of."""

    odd: int

    @field_validator("odd")
    @classmethod
    def _is_odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise PydanticCustomError("parity", "{value} is even", {"value": value})
        return value


class OddMorning(Morning):
    """A morning with such a part in it."""

    odd: Odd


def test_new_types_of_error_pass_through() -> None:
    """A type of error need not be listed anywhere to be reported together with others."""
    data = spoilt(("employers", [])) | {"odd": {"odd": 2}}
    with pytest.raises(ValidationError) as caught:
        OddMorning.model_validate(data)
    lines = {line["loc"]: (line["type"], line["msg"]) for line in caught.value.errors()}
    assert lines["odd", "odd"] == ("parity", "2 is even")
    assert lines["shifts", 0, "employer_id"][0] == "leads_nowhere"


def test_building_raises_pydantic_error() -> None:
    """Built in Python, the same problems come as pydantic's own error, which is a ValueError."""
    with pytest.raises(ValueError, match="currency"):
        Morning.model_validate(spoilt(("currency", "yuan")))
    with pytest.raises(ValidationError, match="names nothing in employers"):
        Morning.model_validate(spoilt(("employers", [])))


# --- Law and small helpers


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (model.Skill, {"code": "mason", "name": "\ud800"}),
        (model.Employer, {"id": "wang", "name": "Wa\udfffng"}),
        (model.Broker, {"id": "b", "licence": "\ud800"}),
        (model.Location, {"lat": 39.9, "lon": 116.2, "datum": "WGS-84", "label": "\ud800"}),
        (model.Worker, {"id": "w", "station_id": "hall", "attributes": {"boots": "\ud800"}}),
    ],
)
def test_no_text_has_half_a_character(kind: type[BaseModel], values: dict[str, Any]) -> None:
    """It could be neither saved nor printed."""
    with pytest.raises(ValidationError, match="half of a character"):
        kind.model_validate(values)


def test_limits_in_force() -> None:
    """The limit of the day is the one whose dates hold it; both ends count."""
    first = LegalLimit(
        kind="min_rest_hours",
        value=8,
        valid_from=dt.date(2025, 1, 1),
        valid_to=dt.date(2025, 6, 30),
        source="s",
    )
    second = first.model_copy(update={"value": 9, "valid_from": dt.date(2025, 7, 1), "valid_to": None})
    law = Jurisdiction(name="x", limits=(first, second))
    days = [(2024, 12, 31), (2025, 1, 1), (2025, 6, 30), (2025, 7, 1), (2099, 1, 1)]
    found = [law.limit("min_rest_hours", dt.date(*day)) for day in days]
    assert [limit and limit.value for limit in found] == [None, 8, 8, 9, 9]
    assert law.limit("youth_age_years", dt.date(2025, 7, 1)) is None


def test_helpers() -> None:
    """Spans know their length, places their WGS-84."""
    morning = Morning.model_validate(VALID)
    assert TimeSpan(start_min="22:00", end_min="30:00").minutes == 480
    assert Location(lat=39.9, lon=116.2, datum="WGS-84").wgs84() == (39.9, 116.2)
    assert morning.schema_version == SCHEMA_VERSION == 1


def test_unknown_is_none_never_zero() -> None:
    """Everything that may be unknown is None by default."""
    worker, shift = Worker(id="w", station_id="s"), Morning.model_validate(VALID).shifts[0]
    unknown = {"pay_floor_per_day", "travel_limit_min", "rating", "last_shift_end_min", "hours_this_week"}
    assert all(getattr(worker, name) is None for name in unknown)
    assert shift.insurance is shift.outdoor is shift.settlement is None


# --- Files


@examples(30)
@given(mornings(crews=True))
def test_round_trip(tmp_path: Path, morning: Morning) -> None:
    """What was saved is loaded as it was, and saved again to the same bytes."""
    path = tmp_path / "morning.json"
    morning.save(path)
    again = Morning.load(path)
    assert again == morning
    assert again.to_json() == path.read_bytes() == morning.to_json()


@examples(30)
@given(mornings(3, 3))
def test_python_round_trip(morning: Morning) -> None:
    """A dump validates to an equal morning, and validating a morning changes nothing."""
    assert Morning.model_validate(morning.model_dump()) == morning
    assert Morning.model_validate(morning) == morning


@examples(30)
@given(mornings(2, 2))
def test_digest(morning: Morning) -> None:
    """The digest is the hash of the fields, and changes with any of them."""
    head = b'"format": "gigmatch.morning",\n "version": 3'
    fields = morning.to_json().replace(head, b'"schema_version": 1')
    assert morning.digest() == hashlib.sha256(fields).hexdigest()
    changed = morning.model_copy(update={"market_insurance": not morning.market_insurance})
    assert changed.digest() != morning.digest()


def test_digest_is_stable() -> None:
    """The name of a morning never changes: whatever a file says of itself besides."""
    assert (
        Morning.model_validate(VALID).digest()
        == "1d4e599685c93ccbb0ec0672a041ce25f0f75efa3bbd3dd6c873681eaed86a02"
    )


def test_file_is_readable() -> None:
    """The file is UTF-8 text: version first, Chinese as it is, defaults left out, a newline at the end."""
    text = Morning.model_validate(VALID).to_json().decode()
    assert text.startswith('{\n "format": "gigmatch.morning",\n "version": 3,\n "date": "2025-07-19",')
    assert text.endswith("}\n")
    assert "瓦工" in text
    assert "null" not in text
    assert "headcount" not in text


def test_shortest_file(tmp_path: Path) -> None:
    """A file of another version is refused, one without a version is read as version 1."""
    assert loaded(tmp_path, VALID).schema_version == 1
    assert "Got '99'" in problems(tmp_path, ("schema_version", 99))["schema_version"]


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(InvalidFileError, match=r"none\.json: cannot be read \(No such file"):
        Morning.load(tmp_path / "none.json")


def test_directory(tmp_path: Path) -> None:
    """A directory is no morning."""
    with pytest.raises(InvalidFileError, match="is a folder, no file"):
        Morning.load(tmp_path)


def test_impossible_path() -> None:
    """A path that no file can have is a bad path, not a crash."""
    with pytest.raises(InvalidFileError, match="null byte"):
        Morning.load("a\x00b")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"hello", b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 10_000, b'{"date": ' + b"9" * 5000 + b"}"],
    ids=["empty", "cut", "words", "bytes", "surrogate", "deep", "long-number"],
)
def test_not_json(data: bytes, tmp_path: Path) -> None:
    """What is not JSON is told apart from a morning that is wrong."""
    path = tmp_path / "morning.json"
    path.write_bytes(data)
    with pytest.raises(InvalidFileError, match="is not JSON"):
        Morning.load(path)


@pytest.mark.parametrize("data", [[], None, 7, "x", True, [VALID]])
def test_top_level_is_an_object(data: Any, tmp_path: Path) -> None:
    """A file of anything but an object is no morning."""
    with pytest.raises(
        InvalidFileError, match=rf"a morning is an object in JSON; this is {type(data).__name__}"
    ):
        loaded(tmp_path, data)


@examples(30)
@given(st.binary(max_size=200))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    """Whatever the bytes, loading fails with gigmatch's own errors."""
    path = tmp_path / "morning.json"
    path.write_bytes(data)
    with pytest.raises((InvalidFileError, InvalidMorningError)):
        Morning.load(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "market", *VALID]), inner)
    ),
    max_leaves=8,
)


@examples(12)
@given(st.dictionaries(st.sampled_from(sorted(VALID)), JSON, min_size=1))
def test_any_json_in_place_of_a_part(tmp_path: Path, parts: dict[str, Any]) -> None:
    """Any JSON in place of any part loads, or fails with gigmatch's own error."""
    found = attempt(tmp_path, VALID | parts)
    assert isinstance(found, Morning) or found.problems


@examples(40)
@given(raw_mornings())
def test_spoilt_mornings(tmp_path: Path, data: dict[str, Any]) -> None:
    """A morning with a fault or three loads, or says what is wrong and where; nothing else ever comes out."""
    found = attempt(tmp_path, data)
    if isinstance(found, Morning):
        assert Morning.from_json(found.to_json()) == found
    else:
        assert all(path and message for path, message in found.problems)


def test_a_morning_is_shown_in_one_line() -> None:
    """Its date, its market and counts, and nothing about anybody; pretty printers show no more."""
    morning = Morning.model_validate(VALID)
    shown = repr(morning)
    assert shown == "Morning(date=2025-07-19, market='hall', 1 worker, 1 shift)"
    assert str(morning) == f"{morning}" == shown
    assert dict(morning.__repr_args__()).keys() == {"date", "market", "workers", "shifts"}


def small() -> Morning:
    """Two workers and a shift."""
    pay, periods = {"amount": 200, "unit": "day"}, [{"start_min": 480, "end_min": 1020}]
    shift = {"id": "s", "employer_id": "e", "location": PLACE, "periods": periods, "pay": pay}
    workers = [{"id": "li", "home": PLACE, "rating": 4.0}, {"id": "wu", "home": PLACE}]
    return Morning.model_validate(VALID | {"workers": workers, "employers": [{"id": "e"}], "shifts": [shift]})


def test_edits_put_in_replace_and_leave_out() -> None:
    """Whoever has the id of somebody there takes their place; objects and mappings alike."""
    morning = small()
    more = morning.with_workers({"id": "zhao", "home": PLACE}, Worker(id="li", home=PLACE, rating=5.0))
    assert [(one.id, one.rating) for one in more.workers] == [("li", 5.0), ("wu", None), ("zhao", None)]
    assert morning.with_workers(*morning.workers).with_shifts(*morning.shifts) == morning
    assert more.without_workers("zhao", "li").workers == morning.workers[1:]
    assert morning.without_shifts("s").with_shifts(*morning.shifts) == morning


EDITS: dict[str, tuple[Any, str]] = {
    "one given twice": (lambda m: m.with_workers(m.workers[0], m.workers[0]), "workers[2].id"),
    "no such station": (lambda m: m.with_workers({"id": "x", "station_id": "y"}), "workers[2].station_id"),
    "past validation": (
        lambda m: m.with_workers(m.workers[1].model_copy(update={"rating": 9.0})),
        "workers[1].rating",
    ),
    "no employer": (
        lambda m: m.with_shifts(m.shifts[0].model_copy(update={"employer_id": "x"})),
        "shifts[0].employer_id",
    ),
    "no worker": (lambda m: m.with_workers("li"), "workers[2]"),
}


@for_each(EDITS)
def test_edits_are_held_to_every_rule(name: str) -> None:
    """What would not be a morning is refused, with the path of what is wrong."""
    edit, path = EDITS[name]
    with pytest.raises(InvalidMorningError) as caught:
        edit(small())
    assert path in [problem.path for problem in caught.value.problems]


def test_who_is_not_there_cannot_be_left_out() -> None:
    """An id that nobody has is a mistake."""
    with pytest.raises(InvalidInputError, match="worker_id 'nobody' is not in the morning"):
        small().without_workers("li", "nobody")
    with pytest.raises(InvalidInputError, match="shift_id 'x' is not in the morning"):
        small().without_shifts("x")


@for_each(["name", "Full name", "phone", "电话", "姓名"])
def test_an_attribute_does_not_tell_who_somebody_is(name: str) -> None:
    """Rules and scorers see attributes; who somebody is has fields that they do not see."""
    with pytest.raises(ValidationError, match="which they do not see"):
        Worker(id="w", home=PLACE, attributes={name: "x"})


@pytest.mark.parametrize("untidy", ["wang ", "\u00a0wang", "wang\u3000", "Jose\u0301", "wang\u200b"])
def test_an_id_with_blanks_or_letters_in_parts_is_refused(untidy):
    """It looks like another one and is none; the tidy one is told."""
    with pytest.raises(ValidationError, match=r"write .(wang|José)"):
        model.Employer(id=untidy)
    hall = {"id": "hall", "name": "hall", "location": {"lat": 39.9, "lon": 116.2, "datum": "WGS-84"}}
    data = {"date": "2025-09-19", "time_zone": "UTC", "currency": "CNY", "market": hall}
    with pytest.raises(InvalidMorningError) as caught:
        Morning.from_json(json.dumps(data | {"employers": [{"id": untidy}]}))
    [problem] = caught.value.problems
    assert (problem.path, problem.code) == ("employers[0].id", "id_not_tidy")
