"""The shapes of what comes and goes: rows after gigmatch's own schema, answers after its types, errors."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, NotRequired, Required, get_type_hints

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    RootModel,
    StrictInt,
    TypeAdapter,
    WithJsonSchema,
    create_model,
)
from typing_extensions import TypedDict

from gigmatch import assignment
from gigmatch.evidence.data import Reason
from gigmatch.tables import Column, Table, schema

__all__ = [
    "CHANGES",
    "ROW",
    "ROWS",
    "TITLES",
    "Answer",
    "AnswerFile",
    "Answers",
    "Changed",
    "Counts",
    "Difference",
    "Failure",
    "Happening",
    "Made",
    "MatchRequest",
    "Opened",
    "Readiness",
    "Rows",
    "ToldReason",
]


def _as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


_ID = Annotated[
    str,
    BeforeValidator(_as_text),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1, "maxLength": 200}, {"type": "integer"}]}),
]
_KINDS: dict[str, Any] = {
    "id": _ID,
    "text": Annotated[str, Field(max_length=1_000, pattern=r"^[^\x00]*$")],
    "integer": int,
    "minute": int,
    "number": float,
    "money": float,
    "boolean": bool,
    "date": Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})],
}
_STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


def _typed(column: Column) -> Any:
    """What a column holds, as JSON has it."""
    kind = Literal[column.choices] if column.choices else _KINDS[column.kind]
    bounds = Field(ge=column.least, le=column.most, gt=column.above)
    bounded = Annotated[kind, bounds] if column.kind in ("integer", "minute", "number", "money") else kind
    value = bounded if column.required else bounded | None
    return Annotated[value, Field(description=column.description)]


def _shape(name: str, fields: dict[str, Any], about: str) -> Any:
    made = TypedDict(name, fields)  # type: ignore[misc]
    made.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
    made.__doc__ = about
    return made


def _row(table: Table) -> Any:
    fields = {c.name: (Required if c.required else NotRequired)[_typed(c)] for c in table.columns}
    named = {"table": Required[Literal[table.name]], **fields}
    return _shape(f"{_title(table)}Row", named, table.description)


def _changes(table: Table) -> Any:
    fields = {column.name: NotRequired[_typed(column)] for column in table.columns}
    return _shape(f"{_title(table)}Changes", fields, f"What becomes different: {table.description}")


def _title(table: Table) -> str:
    return table.name.title().replace("_", "")


_ROW_TYPES = {name: _row(table) for name, table in schema().items()}
TITLES = [each.__name__ for each in _ROW_TYPES.values()]
"""What a row of each table is called."""
ROWS = {name: TypeAdapter(each) for name, each in _ROW_TYPES.items()}
"""A row of each table, with the table's name in it."""
CHANGES = {name: TypeAdapter(_changes(table)) for name, table in schema().items()}
"""Some columns of a row of each table."""
ROW: Any = Annotated[reduce(or_, _ROW_TYPES.values()), Field(discriminator="table")]
"""A row of whatever table."""


class Rows(BaseModel):
    """Rows of a table, in order of its key."""

    rows: list[ROW]
    total: int = Field(description="How many rows meet the conditions, on this page or not.")


class Changed(BaseModel):
    """How many rows were changed or deleted."""

    rows: int = Field(description="Those that met the conditions.")
    with_them: dict[str, int] = Field(description="Rows that belonged to them and went along, by table.")


class Counts(RootModel[dict[str, int]]):
    """Rows of each table, of those that have any."""


Pairs = Annotated[list[tuple[str, str]], FailFast()]


class MatchRequest(BaseModel):
    """What a match is asked to hold to."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    keep: Pairs = Field([], description="Promised pairs (worker, shift).")
    forbid: Pairs = Field([], description="Barred pairs (worker, shift).")
    since: StrictInt | None = Field(
        None, ge=1, lt=2**31, description="An older answer, to begin with and to compare with."
    )
    time_limit_s: float | None = Field(
        None, gt=0, strict=True, description="The service's own limit, if not less."
    )


def _entry(kind: type) -> Any:
    """A named tuple as the object that it becomes in JSON."""
    fields: Any = {name: (hint, ...) for name, hint in get_type_hints(kind).items()}
    return create_model(kind.__name__, __doc__=kind.__doc__, **fields)


Difference = assignment.Difference
_Placement, _Unplaced, _OpenShift, _Warning = map(
    _entry,
    (assignment.Placement, assignment.Unplaced, assignment.OpenShift, assignment.SoftViolation),
)


class _Summed(BaseModel):
    answer: int = Field(description="Its number.")
    status: Literal["optimal", "feasible"]
    summary: assignment.Summary


class Made(_Summed):
    """An answer that was just made."""

    difference: Difference | None = Field(description="What changed since the older one that was named.")


class Answer(_Summed):
    """Who works where, who is left over, which seats are empty."""

    placements: list[_Placement]  # type: ignore[valid-type]
    unplaced: list[_Unplaced]  # type: ignore[valid-type]
    open_shifts: list[_OpenShift]  # type: ignore[valid-type]
    warnings: list[_Warning]  # type: ignore[valid-type]


class AnswerLine(BaseModel):
    """One answer in the list: nobody's name."""

    answer: int
    status: Literal["optimal", "feasible"]
    morning_digest: str


class Answers(BaseModel):
    """A page of the answers, the newest first."""

    answers: list[AnswerLine]
    total: int


class AnswerFile(BaseModel):
    """The answer as `Assignment.save` writes it and `gigmatch check` takes it."""

    model_config = ConfigDict(extra="allow")

    format: Literal["gigmatch.assignment"]
    version: int
    morning_digest: str
    worker_ids: list[str]
    shift_ids: list[str]
    placed_worker: list[int] = Field(
        description="Of each placement, where its worker stands in `worker_ids`."
    )
    placed_shift: list[int] = Field(description="Of each placement, where its shift stands in `shift_ids`.")


class ToldReason(BaseModel):
    """A reason in words, and as data."""

    words: str
    reason: Annotated[Reason, Field(discriminator="kind")]


class Problem(BaseModel):
    """One thing that is wrong."""

    path: str = Field(description="`workers[3].rating`, `line 7`, `body.since`; empty for the whole request.")
    code: str = Field(description="What is wrong, for programs.")
    message: str = Field(description="What is wrong, and the way out.")
    parameters: dict[str, Any] = Field(description="What fills the text of the code.")


class Failure(BaseModel):
    """Why something was not done."""

    error: str = Field(description="The kind of error.")
    code: str
    parameters: dict[str, Any]
    problems: list[Problem] = Field(description="The first hundred.")
    more: int = Field(description="How many problems there are besides.")


class Happening(BaseModel):
    """Something that happens in the hall."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    event: dict[str, Any] | list[dict[str, Any]] = Field(
        description="As `gigmatch.live` has them, told apart by `event`; several are repaired together."
    )
    key: str | None = Field(None, max_length=200, description="The client's own name for it.")
    actor: str | None = Field(None, max_length=200, description="Who lets it happen.")
    time: str | StrictInt | None = Field(None, description="When: 6:12, or a moment with its zone.")


class Opened(BaseModel):
    """A hall that was just opened."""

    placed: int


class Readiness(BaseModel):
    """Whether the service can match."""

    status: Literal["compiling", "ready", "failed"]
