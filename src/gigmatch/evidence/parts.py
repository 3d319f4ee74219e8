"""What explanations are made of: amounts, moves, proofs, prices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

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


class Record(BaseModel):
    """Frozen, and no field that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


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

    n: int
    words: dict[str, str]
    """By language: ``en`` and ``zh``."""


class Amount(Record):
    """Seats by tier, then points; compared tier by tier, the most urgent first. Not the lottery.

    Levels of a market's own stand between them or after the points, in order; each is there wherever the
    market has it, and no field is where there are none.
    """

    seats_by_tier: Annotated[dict[int, int], Field(strict=False)]
    """Filled seats gained or lost by priority tier; tiers without any are left out, all of them where points
    alone count."""
    points: float
    """In points, exact to 1/100."""
    above_points: dict[str, Sum] = {}
    """Of levels that count before points, by name."""
    below_points: dict[str, Sum] = {}
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

    worker_id: str
    leaves: str | None
    goes_to: str | None


class Proof(Record):
    """Why an amount is exact: an assignment that reaches it, and prices that none can beat."""

    moves: tuple[Move, ...]
    """From the assignment explained to that one."""
    price_changes: dict[str, int] | None
    """By shift: what to add to the seat prices of the certificates, all levels in one number. None stands for
    prices that many figures share: those of a newcomer's ranking or of skill values, else the greatest ones
    of `Reasons`."""
    of_others: int = 0
    """What to add to the prices of the shifts not named, as far as they do not fall below 0."""


class HallSet(Record):
    """Workers and shifts of a shortage that many reasons share (Hall 1935)."""

    workers: tuple[str, ...]
    """In order of row."""
    shifts: tuple[str, ...]
    """In order of id."""


class SeatPrice(Record):
    """What a seat is worth. Prices are not unique: this is the whole range, level by level."""

    one_more: Amount
    """Exact gain of one more seat: the least price."""
    one_less: Amount | None
    """Exact loss of one seat less: the greatest price. None where no seat is left to lose."""
    proof_one_more: Proof | None = None
    proof_one_less: Proof | None = None


class Alternative(Record):
    """Another shift the worker could have had."""

    shift_id: str
    points: float
    """Of the pair."""
    loss: Amount
    """Exact loss in all, if the worker had to have it."""
    proof: Proof | None = None


class Refusal(Record):
    """A rule that refuses the pair, and the values it looked at."""

    rule: str
    sentence: str | dict[str, str]
    """What it demands, in English; in each of its languages where a rule of one's own brings them."""
    values: dict[str, Any]


class Change(Record):
    """One change to what the morning says, at the nearest value that helps."""

    side: Literal["worker", "shift", "market"]
    field: str
    needed: Any
    rule: str
    """The rule it satisfies."""


class Holder(Record):
    """Somebody who has a seat that another wanted."""

    worker_id: str
    points: float
    """Of that worker on this seat."""
    promised: bool
    """Whether the seat was promised beforehand."""


class Ranked(Record):
    """One choice, and what it would do to the whole."""

    id: str
    points: float
    """Of the pair."""
    effect: Amount | None
    """Exact change of the total if it were made, below 0 for a loss; None where it is not shown."""
    proof: Proof | None = None


class SkillValue(Record):
    """What one more worker brings who has a skill at a level."""

    skill: str | None
    """None for one without any."""
    level: int | None
    """5 (lowest) to 1; None without a skill."""
    gain: Amount
    """Exact; nothing where it is best to leave the worker out."""
    shift_id: str | None
    """Where the worker would be placed; None for nowhere."""
    points: float
    """Of the worker there; 0 for nowhere."""
    proof: Proof
    """The moves that make room."""
