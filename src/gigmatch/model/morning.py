"""The morning as a whole: checked together, loaded and saved."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticKnownError

from gigmatch.core.files import utf8_text
from gigmatch.core.reprs import one_line
from gigmatch.core.saved import FileFormat, Saved
from gigmatch.errors import InvalidFileError, InvalidInputError, InvalidMorningError
from gigmatch.i18n import Told
from gigmatch.model.aliases import named
from gigmatch.model.clock import WallClock
from gigmatch.model.crosscheck import cross_problems
from gigmatch.model.law import Jurisdiction, ReferenceWage
from gigmatch.model.people import Broker, Companions, Employer, Worker
from gigmatch.model.places import Market
from gigmatch.model.problems import broken, every_rule, place_of, said_of
from gigmatch.model.reading import Reading, reading_of, was_read
from gigmatch.model.skills import Skill
from gigmatch.model.values import Currency, Flag, Model, read_day
from gigmatch.model.work import Crew, Request, Shift

__all__ = ["SCHEMA_VERSION", "Morning"]

SCHEMA_VERSION = 1


class Morning(Model, Saved):
    """Everything known before the morning is assigned.

    The order of the top-level lists never matters: in any order, the same people and shifts are assigned
    alike.

    Raises
    ------
    pydantic.ValidationError
        Listing every problem with its path: fields out of range, duplicate ids, dangling references.

    Examples
    --------
    >>> import gigmatch as gm
    >>> hall = gm.Market(id="hall", name="Hall", location=gm.Location(lat=39.9, lon=116.2, datum="WGS-84"))
    >>> morning = gm.Morning(date="2025-07-19", time_zone="Asia/Shanghai", currency="CNY", market=hall)
    >>> morning
    Morning(date=2025-07-19, market='hall', 0 workers, 0 shifts)
    """

    saved_as: ClassVar = FileFormat("morning", 3)
    schema_version: Literal[1] = 1
    """Version of this schema; a file of another version is refused."""
    # Not Annotated[Day, ...]: bounds around a validator come out in the JSON schema, where dates have none.
    date: Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 1, 1)), BeforeValidator(read_day)]
    """The day whose midnight all minutes count from."""
    time_zone: str
    """IANA name of the time zone, such as ``Asia/Shanghai``."""
    currency: Currency
    """ISO 4217 code of the currency of all money."""
    market: Market
    """The market, with its stations."""
    skills: tuple[Skill, ...] = ()
    """Every skill that a worker or a shift names."""
    workers: tuple[Worker, ...] = ()
    """People looking for work."""
    companions: tuple[Companions, ...] = ()
    """Workers who go together or not at all."""
    employers: tuple[Employer, ...] = ()
    """Everybody who offers shifts."""
    brokers: tuple[Broker, ...] = ()
    """Brokers shifts are offered through."""
    shifts: tuple[Shift, ...] = ()
    """Work offered."""
    crews: tuple[Crew, ...] = ()
    """Crews that shifts belong to."""
    requests: tuple[Request, ...] = ()
    """Workers whom employers asked for by name; what that means, the policy says."""
    market_insurance: Flag = False
    """Whether the market (the district) covers everybody it places."""
    arrivals_bind: Flag = True
    """Whether nobody is placed in work that begins before they arrived; false where arrivals are but the
    order in which people registered."""
    reference_wages: tuple[ReferenceWage, ...] = ()
    """Going wages by skill, frozen."""
    jurisdiction: Jurisdiction = Jurisdiction(name="none")
    """Legal limits of the place."""

    @model_validator(mode="wrap")
    @classmethod
    def _all_problems_at_once(cls, data: Any, handler: ValidatorFunctionWrapHandler) -> Self:
        """Report broken references together with broken fields, so that one look shows all of them."""
        if isinstance(data, dict) and "format" in data:
            data = cls.saved_as.opened(data, cls.saved_as.told)
        try:
            morning: Self = handler(data)
        except ValidationError as error:
            problems = [_as_detail(line) for line in _roots(error.errors())]
            problems += [p for p in cross_problems(data) if p["loc"] not in {q["loc"] for q in problems}]
            raise ValidationError.from_exception_data(cls.__name__, problems) from None
        problems = cross_problems(morning)
        if problems:
            raise ValidationError.from_exception_data(cls.__name__, problems)
        return morning

    @property
    def clock(self) -> WallClock:
        """The clock of the place, which turns times of fields into minutes that pass, and back."""
        return WallClock(self.date, self.time_zone)

    @property
    def reading(self) -> Reading:
        """What reading it from tables left out and noted; nothing where it was not read from tables."""
        return reading_of(self)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Add what a file says of itself, which may be left out where one is written by hand."""
        found = handler.resolve_ref_schema(handler(core_schema))
        head: dict[str, Any] = {
            "format": {"const": cls.saved_as.head["format"], "description": "What the file holds."},
            "version": {
                "type": "integer",
                "minimum": 1,
                "maximum": cls.saved_as.version,
                "description": "Version of the file's format; goes with ``format``.",
            },
        }
        return {**found, "properties": head | found["properties"]}

    def __repr_args__(self) -> list[tuple[str, Any]]:
        """Return what pretty printers show: no more than `repr`."""
        counts = {"workers": len(self.workers), "shifts": len(self.shifts)}
        return [("date", self.date), ("market", self.market.id), *counts.items()]

    def __repr__(self) -> str:
        named = {"date": self.date, "market": repr(self.market.id)}
        return one_line(type(self), named, {"worker": len(self.workers), "shift": len(self.shifts)})

    __str__ = __repr__

    def with_workers(self, *workers: Worker | Mapping[str, Any]) -> Self:
        """The morning with these workers: in the place of those of their id, or beside the others.

        Parameters
        ----------
        *workers : Worker or mapping
            Validated as if they had been there from the start.

        Returns
        -------
        Morning
            Whole and valid, unlike what ``model_copy(update=...)`` returns.

        Raises
        ------
        InvalidMorningError
            Listing every problem with its path: fields out of range, an id given twice, dangling references.

        Examples
        --------
        >>> import gigmatch as gm
        >>> morning = gm.samples.jingshi(seed=7, workers=50)
        >>> morning.with_workers({"id": "walk-in", "station_id": "hall"})
        Morning(date=2025-09-19, market='hall', 51 workers, 10 shifts)
        """
        return self._edited(workers=_with_items(self.workers, workers))

    def without_workers(self, *worker_ids: str) -> Self:
        """The morning without these workers; what others say of them stays, as of anybody who is not here.

        Those who would go with one of them only go alone.

        Raises
        ------
        InvalidInputError
            Naming the first id that is not in the morning.
        """
        companions = tuple(each for each in self.companions if not {*each.worker_ids} & {*worker_ids})
        left = _without_items(self.workers, worker_ids, "worker_id")
        return self._edited(workers=left, companions=companions)

    def with_shifts(self, *shifts: Shift | Mapping[str, Any]) -> Self:
        """The morning with these shifts; parameters and errors as of `with_workers`."""
        return self._edited(shifts=_with_items(self.shifts, shifts))

    def without_shifts(self, *shift_ids: str) -> Self:
        """The morning without these shifts and requests for them; errors as of `without_workers`."""
        requests = tuple(each for each in self.requests if each.shift_id not in shift_ids)
        return self._edited(shifts=_without_items(self.shifts, shift_ids, "shift_id"), requests=requests)

    def _edited(self, **parts: Any) -> Self:
        """The morning with other parts, validated as a whole."""
        whole = {name: getattr(self, name) for name in type(self).model_fields}
        try:
            return was_read(type(self).model_validate(whole | parts), self.reading)
        except ValidationError as error:
            raise morning_error(error) from None

    def refuse_broken(self) -> None:
        """Raise InvalidMorningError if parts contradict each other, as ``model_copy`` may have left them."""
        if problems := cross_problems(self):
            raise morning_error(ValidationError.from_exception_data(type(self).__name__, problems))

    @classmethod
    def from_json(cls, data: bytes | str, *, source: str | Path | None = None) -> Self:
        """Read a morning that `to_json` gave, or that was written by hand after ``gigmatch schema``.

        Parameters
        ----------
        data : bytes or str
            JSON, in UTF-8 where it is bytes; of an older version, too.
        source : str or Path, optional
            Where it is from, for errors.

        Raises
        ------
        InvalidFileError
            It is not JSON, names a key twice in one object, holds something else than a morning, or is of a
            later version.
        InvalidMorningError
            Listing every problem with its path.
        """
        _, place = cls._fields_in(data, source)
        try:  # pydantic reads JSON itself, since it then speaks of arrays and objects
            return cls.model_validate_json(utf8_text(data))
        except ValidationError as error:
            first = error.errors()[0]
            if first["type"] == "json_invalid":  # nested too deeply for it
                raise InvalidFileError("not_json", source=place, error=said_of(first)) from None
            raise morning_error(error, place) from None

    def to_json(self) -> bytes:
        """The morning as JSON in UTF-8, one person or shift a few lines, defaults left out."""
        return self.saved_as.enveloped(self._fields_as_text())

    def _fields_as_text(self) -> str:
        return self.model_dump_json(exclude_defaults=True, indent=1)

    def digest(self) -> str:
        """SHA-256 of what the morning holds, in hexadecimal: names the input of an assignment.

        What a file says of itself is not part of it, so it is the same in every version of the file.
        """
        head, rest = self._fields_as_text().split("{", 1)
        text = f'{head}{{\n "schema_version": {self.schema_version},{rest}\n'
        return hashlib.sha256(text.encode()).hexdigest()


def _with_items(old: Iterable[Any], given: Iterable[Any]) -> tuple[Any, ...]:
    """Those given in the place of those of their id, the others after them, as data to be validated."""
    fresh = [item.model_dump(warnings=False) if isinstance(item, Model) else item for item in given]
    by_id = {_id_of(item): item for item in fresh}
    if len(by_id) < len(fresh):  # one of two would be lost; validation says which
        return (*old, *fresh)
    placed = [by_id.pop(item.id, item) for item in old]
    return (*placed, *by_id.values())


def _id_of(item: Any) -> Any:
    key = item.get("id") if isinstance(item, Mapping) else None
    return key if isinstance(key, str) else id(item)


def _without_items(old: Iterable[Any], ids: Iterable[str], name: str) -> tuple[Any, ...]:
    known, gone = {item.id for item in old}, dict.fromkeys(ids)
    if missing := [key for key in gone if key not in known]:
        raise InvalidInputError("unknown_id", kind=name, id=missing[0])
    return tuple(item for item in old if item.id not in gone)


def of_those_here(morning: Morning) -> Morning:
    """The morning without companions and requests of workers and shifts that are not in it.

    Parameters
    ----------
    morning : Morning
        A part of one, as ``model_copy`` left it: fewer workers or shifts, and everything else.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.site(seed=7, workers=50)
    >>> alone = of_those_here(morning.model_copy(update={"workers": morning.workers[:1]}))
    >>> len(morning.companions) > 0, alone.companions
    (True, ())
    """
    workers = {worker.id for worker in morning.workers}
    shifts = {None, *(shift.id for shift in morning.shifts)}
    parts = {
        "companions": tuple(each for each in morning.companions if workers.issuperset(each.worker_ids)),
        "requests": tuple(each for each in morning.requests if each.shift_id in shifts),
    }
    return morning.model_copy(update=parts)


def morning_error(
    error: ValidationError, source: str | None = None, model: type[BaseModel] = Morning
) -> InvalidMorningError:
    """Pydantic's findings in the data for a model as gigmatch's error, one line each."""
    found = [
        (_path(place_of(line)), _message(line, said))
        for line in error.errors()
        for said in every_rule(said_of(line, model))
    ]
    return InvalidMorningError(found, source)


def _path(loc: tuple[int | str, ...]) -> Told:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    names = [part for part in loc if isinstance(part, str)]
    return named(text.lstrip(".") or "morning", "_".join(names[-2:]), *names[-1:])


def _message(error: Any, said: Told) -> Told:
    value = error["input"]
    if isinstance(value, str | int | float | None):
        return Told.of("errors.got", message=said, got=str(value)[:80])
    return Told.of("errors.sentence", message=said)


def _roots(lines: list[Any]) -> list[Any]:
    """The lines that do not follow from others: a list counts as too short once its items fail."""
    paths = [line["loc"] for line in lines]
    return [
        line
        for line in lines
        if line["type"] != "too_short"
        or not any(path[:-1] and path[: len(line["loc"])] == line["loc"] != path for path in paths)
    ]


def _as_detail(line: Any) -> InitErrorDetails:
    """An error line of pydantic's, ready to be raised again with others."""
    name, context = line["type"], line.get("ctx", {})
    if isinstance(told := context.get("message"), Told):
        return InitErrorDetails(type=broken(told), loc=line["loc"], input=line["input"])
    kind = name if _knows(name, context) else PydanticCustomError(name, line["msg"])
    return InitErrorDetails(type=kind, loc=line["loc"], input=line["input"], ctx=context)


def _knows(name: Any, context: dict[str, Any]) -> bool:
    """Whether a type of error is pydantic's own; by asking, since it publishes no list of them to ask."""
    try:
        PydanticKnownError(name, context)
    except (KeyError, TypeError):
        return False
    return True
