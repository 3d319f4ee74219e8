"""What explanations are made of: amounts, moves, proofs, prices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from gigmatch.core.saved import Saved
from gigmatch.errors import InvalidFileError
from gigmatch.evidence.eyes import (
    DECIDED,
    LEAST_PEOPLE,
    MARKET,
    OWN,
    OWN_DECIDED,
    PUBLIC,
    Audience,
    Eyes,
    eyes_of,
    seen_with,
    sees_everything,
)
from gigmatch.model.problems import said_by_pydantic

__all__ = [
    "Alternative",
    "Amount",
    "Change",
    "HallSet",
    "Holder",
    "Move",
    "Proof",
    "Ranked",
    "Record",
    "Refusal",
    "SavedRecord",
    "SeatPrice",
    "SkillValue",
    "Sum",
]

_TIERS = 9


_ALWAYS = {"kind": DECIDED, "audience": PUBLIC}
"""What everybody sees of whatever is shown."""


class Record(BaseModel):
    """Frozen, no field that is not declared, and none without those who may see it.

    ``eyes`` says by field who sees it, as it is declared beside the field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    eyes: ClassVar[dict[str, Eyes]] = {}
    oneself: ClassVar[int] = 0
    """How many of the people that it counts it is told to."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Gather the eyes of every field."""
        declared = {name: [*eyes_of(field.metadata)] for name, field in cls.model_fields.items()}
        declared |= {name: [eyes] for name, eyes in _ALWAYS.items() if name in declared}
        if bare := [name for name, found in declared.items() if len(found) != 1]:
            raise TypeError(cls.__name__, *bare)
        cls.eyes = {name: found[0] for name, found in declared.items()}

    @property
    def people_behind(self) -> int:
        """How many others stand behind what is shown only from three on."""
        return 0

    def shown_to(self, audience: Audience) -> Self:
        """The same with what somebody may see, inside as well.

        Parameters
        ----------
        audience : "worker", "employer", "manager" or "auditor"
            "worker" is the one whom it is about.
        """
        if sees_everything(audience):
            return self
        return self.model_copy(update={name: self._shown(name, audience) for name in self.eyes})

    def _shown(self, name: str, audience: Audience) -> Any:
        """What somebody sees of a field; what stands for nothing where it is hidden."""
        value, eye = getattr(self, name), self.eyes[name].of(audience)
        if eye.of_oneself:
            own = getattr(self, "worker_id", None)
            return {key: one for key, one in value.items() if key == own}
        size = getattr(self, "kind", "")
        seen = seen_with(eye, value, people=self.people_behind, oneself=self.oneself, size=size)
        if seen is None:
            return _nothing(type(self).model_fields[name].annotation)
        if eye.from_three and isinstance(seen, tuple):
            seen = tuple(one for one in seen if one.people_behind >= LEAST_PEOPLE)
        return _inside(seen, audience)


def _nothing(annotation: Any) -> Any:
    """What stands where nothing is shown: None, or an empty list or table where that cannot be."""
    if type(None) in get_args(annotation):
        return None
    return (get_origin(annotation) or annotation)()


def _inside(value: Any, audience: Audience) -> Any:
    """What somebody sees of records, whatever they lie in; all else as it is."""
    if isinstance(value, Record):
        return value.shown_to(audience)
    if isinstance(value, tuple) and any(isinstance(one, Record) for one in value):
        return tuple(_inside(one, audience) for one in value)
    return value


class SavedRecord(Record, Saved):
    """A record that has files of its own."""

    def to_json(self, indent: int | None = None) -> bytes:
        """Return it as JSON in UTF-8.

        Parameters
        ----------
        indent : int, optional
            Spaces a level is moved in by; all in one line if not given.
        """
        return self.saved_as.enveloped(self.model_dump_json(indent=indent))

    @classmethod
    def from_json(cls, data: bytes | str, *, source: str | Path | None = None) -> Self:
        """Read what `to_json` gave, or ``model_dump_json``.

        Raises
        ------
        InvalidFileError
            As for every saved kind, and for fields that hold something else.
        """
        fields, place = cls._fields_in(data, source, cls.model_fields)
        try:
            return cls.model_validate(fields, strict=False)  # JSON has no tuples
        except ValidationError as error:
            first = error.errors()[0]
            at = ".".join(map(str, first["loc"]))
            raise InvalidFileError(
                "saved_field", source=place, due=cls.saved_as.told, at=at, error=said_by_pydantic(error, cls)
            ) from None


class Sum(Record):
    """An amount of a level of the market's own, with what people call it."""

    n: Annotated[int, MARKET]
    words: Annotated[dict[str, str], MARKET]
    """By language: ``en`` and ``zh``."""


class Amount(Record):
    """Seats by tier, then points; compared tier by tier, the most urgent first. Not the lottery.

    Levels of a market's own stand between them or after the points, in order; each is there wherever the
    market has it, and no field is where there are none.
    """

    seats_by_tier: Annotated[dict[int, int], Field(strict=False), MARKET]
    """Filled seats gained or lost by priority tier; tiers without any are left out, all of them where points
    alone count."""
    points: Annotated[float, MARKET]
    """In points, exact to 1/100."""
    above_points: Annotated[dict[str, Sum], MARKET] = {}
    """Of levels that count before points, by name."""
    below_points: Annotated[dict[str, Sum], MARKET] = {}
    """Of levels that count after points, by name."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all is gained or lost."""
        return not any(self.key)

    @property
    def is_gain(self) -> bool:
        """Whether the first level on which anything changes is better for it."""
        return next(filter(None, self.key), 0) > 0

    @property
    def seats(self) -> int:
        """Filled seats of all tiers together."""
        return sum(self.seats_by_tier.values())

    @property
    def key(self) -> tuple[float, ...]:
        """What orders amounts of one market: the seats of tiers 1 to 9, then the levels in order."""
        seats = (self.seats_by_tier.get(tier, 0) for tier in range(_TIERS + 1))
        above, below = ((one.n for one in part.values()) for part in (self.above_points, self.below_points))
        return (*seats, *above, self.points, *below)

    def __neg__(self) -> Amount:
        return Amount(
            seats_by_tier={tier: -n for tier, n in self.seats_by_tier.items()},
            points=-self.points + 0.0,
            above_points=_negative(self.above_points),
            below_points=_negative(self.below_points),
        )

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = write(self)
        return {name: value for name, value in told.items() if value or not name.endswith("_points")}


def _negative(sums: dict[str, Sum]) -> dict[str, Sum]:
    return {name: Sum(n=-one.n, words=one.words) for name, one in sums.items()}


class Move(Record):
    """One worker who changes places; None stands for no shift."""

    worker_id: Annotated[str, MARKET]
    leaves: Annotated[str | None, MARKET]
    goes_to: Annotated[str | None, MARKET]


class Proof(Record):
    """Why an amount is exact: an assignment that reaches it, and prices that none can beat."""

    moves: Annotated[tuple[Move, ...], MARKET]
    """From the assignment explained to that one."""
    price_changes: Annotated[dict[str, int] | None, MARKET]
    """By shift: what to add to the seat prices of the certificates, all levels in one number. None stands for
    prices that many figures share: those of a newcomer's ranking or of skill values, else the greatest ones
    of `Reasons`."""
    of_others: Annotated[int, MARKET] = 0
    """What to add to the prices of the shifts not named, as far as they do not fall below 0."""


class HallSet(Record):
    """Workers and shifts of a shortage that many reasons share (Hall 1935)."""

    workers: Annotated[tuple[str, ...], MARKET]
    """In order of row."""
    shifts: Annotated[tuple[str, ...], MARKET]
    """In order of id."""


class SeatPrice(Record):
    """What a seat is worth. Prices are not unique: this is the whole range, level by level."""

    one_more: Annotated[Amount, MARKET]
    """Exact gain of one more seat: the least price."""
    one_less: Annotated[Amount | None, MARKET]
    """Exact loss of one seat less: the greatest price. None where no seat is left to lose."""
    proof_one_more: Annotated[Proof | None, MARKET] = None
    proof_one_less: Annotated[Proof | None, MARKET] = None


class Alternative(Record):
    """Another shift the worker could have had."""

    shift_id: Annotated[str, MARKET]
    points: Annotated[float, MARKET]
    """Of the pair."""
    loss: Annotated[Amount, MARKET]
    """Exact loss in all, if the worker had to have it."""
    proof: Annotated[Proof | None, MARKET] = None


class Refusal(Record):
    """A rule that refuses the pair, and the values it looked at."""

    rule: Annotated[str, OWN]
    sentence: Annotated[str | dict[str, str], OWN]
    """What it demands, in English; in each of its languages where a rule of one's own brings them."""
    values: Annotated[dict[str, Any], OWN]


class Change(Record):
    """One change to what the morning says, at the nearest value that helps."""

    side: Annotated[Literal["worker", "shift", "market"], OWN]
    field: Annotated[str, OWN]
    needed: Annotated[Any, OWN]
    rule: Annotated[str, OWN]
    """The rule it satisfies."""


class Holder(Record):
    """Somebody who has a seat that another wanted."""

    worker_id: Annotated[str, MARKET]
    points: Annotated[float, MARKET]
    """Of that worker on this seat."""
    promised: Annotated[bool, MARKET]
    """Whether the seat was promised beforehand."""


class Ranked(Record):
    """One choice, and what it would do to the whole."""

    id: Annotated[str, OWN_DECIDED]
    points: Annotated[float, OWN]
    """Of the pair."""
    effect: Annotated[Amount | None, MARKET]
    """Exact change of the total if it were made, below 0 for a loss; None where it is not shown."""
    proof: Annotated[Proof | None, MARKET] = None


class SkillValue(Record):
    """What one more worker brings who has a skill at a level."""

    skill: Annotated[str | None, MARKET]
    """None for one without any."""
    level: Annotated[int | None, MARKET]
    """5 (lowest) to 1; None without a skill."""
    gain: Annotated[Amount, MARKET]
    """Exact; nothing where it is best to leave the worker out."""
    shift_id: Annotated[str | None, MARKET]
    """Where the worker would be placed; None for nowhere."""
    points: Annotated[float, MARKET]
    """Of the worker there; 0 for nowhere."""
    proof: Annotated[Proof, MARKET]
    """The moves that make room."""
