"""The morning as relational tables: one published list, from which everything else about tables follows.

Types, ranges, choices, defaults and descriptions come from the models, so a table can hold what a Morning can
hold, no more and no less. What is written here is only what the models do not know: which field becomes a
column of which table, what refers to what, and what a row belongs to.

By hand: SQLAlchemy's tables know neither minutes nor the lists of a morning, and readers do not need it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple

from gigmatch.model import Morning

__all__ = ["Column", "Table", "schema"]

Kind = Literal["id", "text", "choice", "integer", "minute", "number", "money", "boolean", "date"]


class Column(NamedTuple):
    """One column of a table."""

    name: str
    kind: Kind
    """``minute``: whole minutes of the clock since the morning's midnight, ``"HH:MM"`` or a timestamp."""
    required: bool
    """Whether every row must have a value; elsewhere a missing one is unknown, or the default."""
    description: str
    path: tuple[str, ...] = ()
    """Where the value stands in the model of a row; empty where the row is the value, or its owner's id."""
    default: Any = None
    least: float | None = None
    most: float | None = None
    above: float | None = None
    """Bound that a value may not reach, where there is one instead of ``least``."""
    choices: tuple[str, ...] = ()
    refers: str = ""
    """Table whose key the value must be."""
    names: str = ""
    """Table whose key the value may be; it may also name somebody who is not here this morning."""


class Table(NamedTuple):
    """One table, with a row per thing."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that tell the rows apart; without any, equal rows may stand in it."""
    owner: str
    """Column that names what the row belongs to and is no part of it; empty for what stands alone."""
    path: tuple[str, ...]
    """Lists of the Morning whose items are the rows."""
    checks: tuple[str, ...]
    """What else holds within a row, as SQL."""

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.columns if column.name == name)


_SPAN = ("end_min > start_min",)
_PLACE = "lat=location.lat lon=location.lon datum=location.datum label=location.label"
_PARTY = "id name contact licence standing payment_punctuality"

# Name, lists of the Morning, columns, key, checks, description. ``>t`` must name a row of t, ``~t`` may.
_TABLES: tuple[tuple[str, str, str, str, tuple[str, ...], str], ...] = (
    (
        "stations",
        "Station",
        f"id name contact {_PLACE} opening_start_min=opening.start_min opening_end_min=opening.end_min",
        "id",
        ("opening_end_min > opening_start_min", "(opening_start_min is null) = (opening_end_min is null)"),
        "The market hall, which ``morning.market_id`` names, and the street stations linked with it.",
    ),
    (
        "morning",
        "Morning",
        "date time_zone currency market_id>stations market_insurance arrivals_bind jurisdiction "
        "schema_version",
        "date",
        (),
        "The morning itself, in one row.",
    ),
    (
        "limits",
        "LegalLimit jurisdiction.limits",
        "kind value valid_from valid_to source severity",
        "kind valid_from",
        ("valid_to >= valid_from",),
        "Legal limits of the place, dated; at most one of a kind in force on any day.",
    ),
    ("skills", "Skill skills", "code name scheme scheme_version", "code", (), "Skills that others name."),
    (
        "skill_covers",
        "- skills.covers",
        "skill>skills covered>skills",
        "",
        (),
        "Skills that a skill covers at the same level, transitively: a mason's covers a helper's.",
    ),
    (
        "reference_wages",
        "ReferenceWage reference_wages",
        "skill>skills per_hour as_of source",
        "skill",
        (),
        "Going wages by skill, frozen.",
    ),
    ("employers", "Employer employers", _PARTY, "id", (), "Everybody who offers shifts."),
    (
        "employer_refusals",
        "- employers.refused_worker_ids",
        "employer_id>employers worker_id~workers",
        "",
        (),
        "Workers whom an employer refuses; need not be here this morning.",
    ),
    ("brokers", "Broker brokers", _PARTY, "id", (), "Brokers whom shifts are offered through."),
    (
        "broker_refusals",
        "- brokers.refused_worker_ids",
        "broker_id>brokers worker_id~workers",
        "",
        (),
        "Workers whom a broker refuses; need not be here this morning.",
    ),
    ("crews", "Crew crews", "id name", "id", (), "Crews that shifts belong to."),
    (
        "workers",
        "Worker workers",
        "id name contact home_lat=home.lat home_lon=home.lon home_datum=home.datum home_label=home.label "
        "station_id>stations arrived_at_min birth_date age_years pay_floor_per_hour pay_floor_per_day "
        "wanted_settlement travel_limit_min travel_mode insured insurance_required last_shift_end_min "
        "hours_this_week days_since_last_placement rating max_shifts max_hours_today least_break_min",
        "id",
        (
            "(home_lat is null) = (home_lon is null) and (home_lat is null) = (home_datum is null)",
            "home_label is null or home_lat is not null",
            "home_lat is not null or station_id is not null",
            "birth_date is null or age_years is null",
        ),
        "People looking for work.",
    ),
    (
        "companions",
        "Companions companions",
        "id together",
        "id",
        (),
        "Workers who go together or not at all.",
    ),
    (
        "companion_members",
        "- companions.worker_ids",
        "companions_id>companions worker_id>workers",
        "",
        (),
        "Who they are: two or more of each, nobody in two of them.",
    ),
    (
        "worker_skills",
        "WorkerSkill workers.skills",
        "worker_id>workers skill>skills level",
        "",
        (),
        "Skills that workers have.",
    ),
    (
        "credentials",
        "Credential workers.credentials",
        "worker_id>workers kind level valid_to review_due",
        "",
        (),
        "Licences and certificates that workers hold.",
    ),
    (
        "windows",
        "TimeSpan workers.windows",
        "worker_id>workers start_min end_min",
        "",
        _SPAN,
        "When workers can work; one without a window is free all the time.",
    ),
    (
        "commitments",
        "TimeSpan workers.commitments",
        "worker_id>workers start_min end_min",
        "",
        _SPAN,
        "When workers are taken already.",
    ),
    (
        "employer_hours",
        "EmployerHours workers.hours_by_employer",
        "worker_id>workers employer_id~employers hours",
        "",
        (),
        "Hours worked this week, by employer.",
    ),
    (
        "past_employers",
        "PastEmployer workers.past_employers",
        "worker_id>workers employer_id~employers shifts praise",
        "",
        (),
        "Employers whom workers have worked for.",
    ),
    (
        "worker_groups",
        "- workers.priority_groups",
        "worker_id>workers priority_group",
        "",
        (),
        "Priority groups that workers are in; they count only where a market's policy opts in.",
    ),
    (
        "worker_refusals",
        "- workers.refused_employer_ids",
        "worker_id>workers employer_id~employers",
        "",
        (),
        "Employers whom a worker will not work for.",
    ),
    (
        "worker_preferences",
        "- workers.preferred_employer_ids",
        "worker_id>workers employer_id~employers",
        "",
        (),
        "Employers whom a worker would rather work for.",
    ),
    (
        "worker_attributes",
        "- workers.attributes",
        "worker_id>workers name value type",
        "worker_id name",
        (),
        "Free attributes of workers, for a market's own rules and scorers.",
    ),
    (
        "shifts",
        "Shift shifts",
        f"id title employer_id>employers broker_id>brokers {_PLACE} address attendance min_minutes headcount "
        "minimum_headcount pay_amount=pay.amount pay_unit=pay.unit pay_expected_pieces=pay.expected_pieces "
        "settlement meals lodging insurance outdoor min_age_years max_age_years priority_tier crew_id>crews",
        "id",
        (
            "minimum_headcount <= coalesce(headcount, 1)",
            "max_age_years >= min_age_years",
            "(coalesce(attendance, 'fixed') = 'flexible') = (min_minutes is not null)",
            "(pay_unit = 'piece') = (pay_expected_pieces is not null)",
        ),
        "Work offered: one or more seats for the same periods at the same place.",
    ),
    (
        "periods",
        "Period shifts.periods",
        "shift_id>shifts start_min end_min break_min",
        "",
        (*_SPAN, "coalesce(break_min, 0) < end_min - start_min"),
        "When shifts are: at least one period each, without overlaps.",
    ),
    (
        "shift_skills",
        "SkillRequirement shifts.all_of,any_of",
        "shift_id>shifts skill>skills least_level asked position",
        "",
        (),
        "Skills that shifts ask for.",
    ),
    (
        "shift_credentials",
        "CredentialRequirement shifts.credentials",
        "shift_id>shifts kind least_level",
        "",
        (),
        "Licences and certificates of which a worker needs every one.",
    ),
    ("shift_hazards", "- shifts.hazards", "shift_id>shifts hazard", "", (), "Hazards of shifts."),
    (
        "shift_attributes",
        "- shifts.attributes",
        "shift_id>shifts name value type",
        "shift_id name",
        (),
        "Free attributes of shifts.",
    ),
    (
        "requests",
        "Request requests",
        "worker_id~workers shift_id>shifts employer_id>employers",
        "",
        ("(shift_id is null) <> (employer_id is null)",),
        "Workers whom employers asked for by name, for one shift or for any of theirs.",
    ),
)

_OWNERS = {"workers": "worker_id", "shifts": "shift_id", "skills": "skill"}
_OWNERS |= {"employers": "employer_id", "brokers": "broker_id", "companions": "companions_id"}
_ASKED = Column(
    "asked",
    "choice",
    False,
    "``all_of``: the worker needs every such skill; ``any_of``: at least one of them.",
    default="all_of",
    choices=("all_of", "any_of"),
)
_POSITION = Column(
    "position",
    "integer",
    False,
    "Order of a shift's skills; the least is the leading one, ``all_of`` before ``any_of``. Missing: the "
    "order of the rows.",
    least=-1e9,
    most=1e9,
)
_VALUE = Column("value", "text", True, "The value, written as text.")
_TYPE = Column(
    "type",
    "choice",
    False,
    "What the text stands for: ``true`` is a boolean, ``-12`` an integer, ``0.5`` a number.",
    default="text",
    choices=("text", "boolean", "integer", "number"),
)
_MARKET = Column("market_id", "id", True, "The station that is the market hall.", refers="stations")
_JURISDICTION = Column("jurisdiction", "text", False, "Whose law the limits are.", default="none")
_BY_HAND = {"asked": _ASKED, "position": _POSITION, "value": _VALUE, "type": _TYPE}
_BY_HAND |= {"market_id": _MARKET, "jurisdiction": _JURISDICTION}
# Columns that list the items of a field of a model.
_ITEM = {"covered": "Skill covers", "priority_group": "Worker priority_groups", "hazard": "Shift hazards"}
_ABOUT = {
    "priority_group": "Name of the group; protected ones are refused.",
    "hazard": "The hazard.",
    "covered": "The skill that is covered.",
    "worker_id": "The worker.",
    "employer_id": "The employer.",
    "broker_id": "The broker.",
    "companions_id": "Those who go together.",
    "shift_id": "The shift.",
    "skill": "Code of the skill.",
    "name": "Name of the attribute; protected ones are refused.",
}


@cache
def schema() -> dict[str, Table]:
    """Every table by name; those referred to stand before those that refer.

    Examples
    --------
    >>> tables = schema()
    >>> tables["windows"].owner, [column.name for column in tables["windows"].columns]
    ('worker_id', ['worker_id', 'start_min', 'end_min'])
    >>> tables["workers"].column("rating").most
    5
    """
    found = Morning.model_json_schema()
    models = found["$defs"] | {"Morning": found}
    models["Station"] = {
        "properties": models["Station"]["properties"],
        "required": ["id", "name", "location"],
    }
    return {row[0]: _table(models, *row) for row in _TABLES}


def _table(
    models: Any, name: str, source: str, columns: str, key: str, checks: tuple[str, ...], about: str
) -> Table:
    model, _, place = source.partition(" ")
    path = tuple(place.split(".")) if place else ()
    owner = _OWNERS.get(path[0], "") if len(path) == 2 else ""
    made = tuple(_column(models, models.get(model), text, owner) for text in columns.split())
    return Table(name, about, made, tuple(key.split()), owner, path, checks)


def _column(models: Any, model: Any, text: str, owner: str) -> Column:
    """A column from its line: ``name``, ``name=path.to.field``, ``name>table`` or ``name~table``."""
    text, _, names = text.partition("~")
    text, _, refers = text.partition(">")
    name, _, path = text.partition("=")
    if name in _BY_HAND and (model is None or name not in model["properties"] or name == "jurisdiction"):
        return _BY_HAND[name]._replace(refers=refers)
    steps = tuple((path or name).split("."))
    if name == owner or model is None:
        return _name_column(models, name, refers, names)
    field, required = _field(models, model, steps)
    return _typed(name, field, required)._replace(path=steps, refers=refers, names=names)


def _name_column(models: Any, name: str, refers: str, names: str) -> Column:
    """A column that is nothing but a name: of the owner, or of what the row says of it."""
    column = Column(name, "id", True, _ABOUT[name], refers=refers, names=names)
    if name in _ITEM:
        model, field = _ITEM[name].split()
        typed = _typed(name, models[model]["properties"][field]["items"], True)
        column = column._replace(kind=typed.kind, choices=typed.choices)
    return column


def _field(models: Any, model: Any, steps: tuple[str, ...]) -> tuple[Any, bool]:
    """JSON schema of a field of a model, or of a model within it, and whether it must be given."""
    field, required = model["properties"][steps[0]], steps[0] in model.get("required", ())
    if len(steps) == 1:
        return field, required
    reference = _alternatives(field)[0]["$ref"]
    inner, needed = _field(models, models[reference.rpartition("/")[2]], steps[1:])
    return inner, required and needed


def _alternatives(field: Any) -> list[Any]:
    return [part for part in field.get("anyOf", [field]) if part.get("type") != "null"]


def _typed(name: str, field: Any, required: bool) -> Column:
    kinds = _alternatives(field)
    first = kinds[0]
    return Column(
        name,
        _kind(kinds),
        required,
        " ".join(field.get("description", "").split()),
        default=field.get("default"),
        least=first.get("minimum", first.get("const")),
        most=first.get("maximum", first.get("const")),
        above=first.get("exclusiveMinimum"),
        choices=tuple(first.get("enum", ())),
    )


def _kind(kinds: list[Any]) -> Kind:
    first = kinds[0]
    if len(kinds) == 2:
        return "minute"
    if "enum" in first:
        return "choice"
    if first["type"] == "string":
        return "date" if first.get("format") == "date" else "id" if "maxLength" in first else "text"
    if first["type"] == "number":
        return "money" if first.get("maximum") == 1e9 else "number"
    return "boolean" if first["type"] == "boolean" else "integer"
