"""What an explanation says, as data: its class, its figures, and the evidence for each of them."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from gigmatch.evidence.audience import Audience, Explanation, Hidden, Question
from gigmatch.evidence.parts import (
    Alternative,
    Amount,
    Change,
    Holder,
    Proof,
    Ranked,
    Refusal,
    SeatPrice,
    SkillValue,
)
from gigmatch.model import Worker

__all__ = [
    "Audience",
    "Explanation",
    "LeftOutForPoints",
    "NoEligibleShift",
    "NoEligibleWorker",
    "NotEligible",
    "NotProved",
    "Outbid",
    "Placed",
    "Promised",
    "RankedShifts",
    "RankedWorkers",
    "Reason",
    "SeatLeftForPoints",
    "SeatTied",
    "ShortOfSeats",
    "ShortOfWorkers",
    "SkillValues",
    "Tied",
]


class _OfWorker(Explanation):
    worker_id: str


class _OfShift(Explanation):
    shift_id: str


class _OfPair(_OfWorker):
    shift_id: str


class Placed(_OfPair):
    """Why a worker has a shift."""

    kind: Literal["placed"] = "placed"
    answers: ClassVar[Question | None] = "why there"
    points: float
    points_by_scorer: dict[str, float]
    """In order of the policy; they add up to ``points``."""
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    """What people call scorers of one's own, by name and language; no field is where there is nothing."""
    minutes: float | None
    pay_total: float
    promised: bool
    price: SeatPrice | None = None
    """None for a promised seat: it was not on offer."""
    alternatives: tuple[Alternative, ...] = ()
    """The least loss first, then the shift's id."""
    rest: Proof | None = None
    """Prices that prove that no shift left out loses less than the last of the alternatives."""
    private: ClassVar[Hidden] = {"price": None, "alternatives": (), "rest": None}
    of_the_worker: ClassVar[Hidden] = {"points_by_scorer": {}, "words": {}, "minutes": None}

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = write(self)
        return {name: value for name, value in told.items() if value or name != "words"}


class NotEligible(_OfPair):
    """Why not: the pair breaks rules, or was barred."""

    kind: Literal["not_eligible"] = "not_eligible"
    needs_proof: ClassVar[bool] = False
    refusals: tuple[Refusal, ...]
    """Every rule that refuses."""
    barred: bool
    """Whether the market barred the pair."""
    changes: tuple[Change, ...] | None
    """A smallest set that makes the pair feasible, all rules run again; None where none is known."""
    of_the_worker: ClassVar[Hidden] = {"refusals": (), "changes": None}


class Outbid(_OfPair):
    """Why not: eligible, but the total would be worse."""

    kind: Literal["outbid"] = "outbid"
    points: float
    """Of the pair."""
    loss: Amount | None
    """Exact loss if the pair were forced; above nothing. None where it is not shown."""
    instead: str | None
    """The shift that the worker has; None for none, and where it is not shown."""
    has_free_seat: bool
    """Whether a seat there is empty: not others stand in the way then, but better use elsewhere."""
    price: SeatPrice | None
    holders: tuple[Holder, ...]
    """Who has the seats, in order of row."""
    proof: Proof | None
    private: ClassVar[Hidden] = {"loss": None, "price": None, "holders": (), "proof": None}
    of_the_worker: ClassVar[Hidden] = {"instead": None}


class Tied(_OfPair):
    """Why not: forcing it loses exactly nothing, and the lot decided."""

    kind: Literal["tied"] = "tied"
    answers: ClassVar[Question | None] = "why unplaced"
    has_no_shift: bool = False
    """Whether the worker has no shift at all; not shown to an employer."""
    seed: int
    draws: dict[str, int]
    """Of everybody who would move. They decide who is placed, the smaller one first; who of those goes where
    is decided by hashes of both draws, see `Problem`."""
    proof: Proof | None
    private: ClassVar[Hidden] = {"draws": {}, "proof": None}
    of_the_worker: ClassVar[Hidden] = {"has_no_shift": False}

    def seen_by(self, audience: Audience) -> Self:
        """As for every explanation; one's own draw is always shown."""
        seen = super().seen_by(audience)
        own = {key: draw for key, draw in self.draws.items() if key == self.worker_id}
        return seen if audience in ("manager", "auditor") else seen.model_copy(update={"draws": own})


class Promised(_OfPair):
    """Why not: a promise stands in the way."""

    kind: Literal["promised"] = "promised"
    needs_proof: ClassVar[bool] = False
    what: Literal["the worker", "every seat"]
    """What was promised elsewhere."""


class NoEligibleShift(_OfWorker):
    """Why a worker has no shift: rules refuse every one."""

    kind: Literal["no_eligible_shift"] = "no_eligible_shift"
    answers: ClassVar[Question | None] = "why unplaced"
    needs_proof: ClassVar[bool] = False
    shifts: int
    """Shifts there are."""
    refused_by: dict[str, int]
    """Shifts that each rule refuses, in order of the rules."""
    refused_by_it_alone: dict[str, int]
    """Shifts that only this rule refuses."""
    barred: int
    """Shifts that only the market barred."""
    newcomer: Worker | None = None
    """Everything known about a worker who is not in the morning yet; None for one who is."""
    of_the_worker: ClassVar[Hidden] = {"refused_by": {}, "refused_by_it_alone": {}, "newcomer": None}


class ShortOfSeats(_OfWorker):
    """Why a worker has no shift: the only shifts of these workers have fewer seats (Hall 1935)."""

    kind: Literal["short_of_seats"] = "short_of_seats"
    answers: ClassVar[Question | None] = "why unplaced"
    n_workers: int | None
    """None where it is not shown: a few are told apart."""
    n_seats: int
    """Of the shifts below, less the promised ones."""
    n_promised: int = 0
    """Seats of these shifts that were promised beforehand, besides ``n_seats``."""
    n_shifts: int
    workers: tuple[str, ...]
    """In order of row; promised workers are none of them. None here where the set is shared."""
    shifts: tuple[str, ...]
    """Every eligible shift of any of them, in order of id. None here where the set is shared."""
    shared_set: int | None = None
    """Which of the sets of `Reasons`, counted from 0, holds the workers and the shifts; None where they stand
    here."""
    lost_by: Literal["points", "level", "lot", "promise"]
    """What decided that it was this one; never the tier, since these seats are full either way. By level: a
    level of the market's own. By promise: there are no seats but promised ones."""
    shift_id: str | None
    """Where placing this worker would lose least; None where there is no seat."""
    loss: Amount | None
    """Exact loss of placing it there; None where there is no seat, or it is not shown."""
    proof: Proof | None
    private: ClassVar[Hidden] = {"workers": (), "loss": None, "proof": None}

    def seen_by(self, audience: Audience) -> Self:
        """As for every explanation; so few others that one is told from another are not counted."""
        return super().seen_by(audience).model_copy(update=_uncounted(self.n_workers, 1, audience))


class LeftOutForPoints(_OfPair):
    """Why a worker has no shift, where points alone count: placing would cost more than it brings."""

    kind: Literal["left_out_for_points"] = "left_out_for_points"
    answers: ClassVar[Question | None] = "why unplaced"
    loss: Amount | None
    """Exact loss of placing the worker at ``shift_id``, where it is least; None where it is not shown."""
    proof: Proof | None
    private: ClassVar[Hidden] = {"loss": None, "proof": None}


class NoEligibleWorker(_OfShift):
    """Why a seat is empty: rules leave nobody."""

    kind: Literal["no_eligible_worker"] = "no_eligible_worker"
    answers: ClassVar[Question | None] = "why open"
    needs_proof: ClassVar[bool] = False
    workers: int
    """Workers there are."""
    removed_alone: dict[str, int]
    """Workers whom each rule refuses, whatever the others say, in order of the rules."""
    removed_in_order: dict[str, int]
    """Workers whom each rule refuses of those that the rules before it leave."""
    barred: int
    """Workers left whom the market barred."""
    nobody_has: tuple[dict[str, Any], ...] = ()
    """Skills and certificates asked for that nobody here has, as what a change would need."""


class ShortOfWorkers(_OfShift):
    """Why a seat is empty: these seats' only workers are fewer than the seats (Hall 1935)."""

    kind: Literal["short_of_workers"] = "short_of_workers"
    answers: ClassVar[Question | None] = "why open"
    n_workers: int | None
    """None where it is not shown: a few are told apart."""
    n_seats: int
    """Of the shifts below, less the promised ones."""
    n_promised: int = 0
    """Seats of these shifts that were promised beforehand, besides ``n_seats``."""
    n_shifts: int
    workers: tuple[str, ...]
    """Every eligible worker of any of the shifts, in order of row; promised workers are none of them. None
    here where the set is shared."""
    shifts: tuple[str, ...]
    """In order of id. None here where the set is shared."""
    shared_set: int | None = None
    """Which of the sets of `Reasons`, counted from 0, holds the workers and the shifts; None where they stand
    here."""
    private: ClassVar[Hidden] = {"workers": ()}

    def seen_by(self, audience: Audience) -> Self:
        """As for every explanation; so few people that one is told from another are not counted."""
        return super().seen_by(audience).model_copy(update=_uncounted(self.n_workers, 0, audience))


_FEW = 3


def _uncounted(n_workers: int | None, oneself: int, audience: Audience) -> Hidden:
    """What hides a count of others, for eyes that must not tell one of them from another."""
    few = n_workers is not None and 0 < n_workers - oneself < _FEW
    return {"n_workers": None} if few and audience not in ("manager", "auditor") else {}


class SeatLeftForPoints(_OfShift):
    """Why a seat is empty, where points alone count: filling it would cost more than it brings."""

    kind: Literal["seat_left_for_points"] = "seat_left_for_points"
    answers: ClassVar[Question | None] = "why open"
    worker_id: str | None
    """For whom it would cost least; None where it is not shown."""
    loss: Amount | None
    """Exact loss of placing that worker there; None where it is not shown."""
    proof: Proof | None
    private: ClassVar[Hidden] = {"worker_id": None, "loss": None, "proof": None}


class SeatTied(_OfShift):
    """Why a seat is empty, where points alone count: filling it loses nothing, and the lot decided."""

    kind: Literal["seat_tied"] = "seat_tied"
    answers: ClassVar[Question | None] = "why open"
    worker_id: str | None
    """Who could as well be there; None where it is not shown."""
    seed: int
    proof: Proof | None
    private: ClassVar[Hidden] = {"worker_id": None, "proof": None}


class NotProved(Explanation):
    """No reason can be given: the assignment is not proved optimal. What is known is a bound."""

    kind: Literal["not_proved"] = "not_proved"
    answers: ClassVar[Question | None] = "why there"
    needs_proof: ClassVar[bool] = False
    worker_id: str | None = None
    shift_id: str | None = None
    gap_points: float
    """No assignment has so many points more, or, with seats first, none that fills the seats as well."""
    seats_proved: bool
    """Whether the seats are proved to be filled as well as can be."""
    stopped: str


class RankedShifts(_OfWorker):
    """The shifts of one worker by their exact effect on the total, the best first, then by id."""

    kind: Literal["ranked_shifts"] = "ranked_shifts"
    newcomer: Worker | None = None
    """Everything known about a worker who is not in the morning yet; None for one who is."""
    choices: tuple[Ranked, ...]
    """The effect of a newcomer is held against leaving the newcomer out, which changes nothing."""
    rest: Proof | None = None
    """Prices that prove that no shift left out is better than the last choice; a newcomer's, that no choice
    is better than told, either."""
    private: ClassVar[Hidden] = {"rest": None}
    of_the_worker: ClassVar[Hidden] = {"choices": (), "newcomer": None}

    def seen_by(self, audience: Audience) -> Self:
        """As for every explanation; the worker sees the order of the shifts, not what it does to others."""
        seen = super().seen_by(audience)
        if audience != "worker":
            return seen
        bare = tuple(choice.model_copy(update={"effect": None, "proof": None}) for choice in self.choices)
        return seen.model_copy(update={"choices": bare})


class RankedWorkers(_OfShift):
    """The workers of one shift by their exact effect on the total, the best first, then by row."""

    kind: Literal["ranked_workers"] = "ranked_workers"
    choices: tuple[Ranked, ...]
    """Those who are not there."""
    stand_bys: tuple[Ranked, ...]
    """Those who have no shift, among the choices or not: calling one of them empties no other seat."""
    n_stand_bys: int = 0
    """How many there are in all."""
    rest: Proof | None = None
    """Prices that prove that nobody left out is better than the last choice, and nobody without a shift
    better than the last stand-by."""
    private: ClassVar[Hidden] = {"choices": (), "stand_bys": (), "n_stand_bys": 0, "rest": None}


class SkillValues(Explanation):
    """What one more worker would bring, by skill: everybody else and all the seats stay as they are."""

    kind: Literal["skill_values"] = "skill_values"
    profile: Worker | None
    """The worker that is added; each value is for this profile with one skill more. None where it is not
    shown."""
    values: tuple[SkillValue, ...]
    """Without any skill more, then every skill in order of code, at every level asked for, the lowest
    first."""
    prices: Proof | None
    """Prices that prove that no value is greater; moves are those of each value."""
    private: ClassVar[Hidden] = {"profile": None, "values": (), "prices": None}


Reason = (
    Placed
    | NotEligible
    | Outbid
    | Tied
    | Promised
    | NoEligibleShift
    | ShortOfSeats
    | LeftOutForPoints
    | NoEligibleWorker
    | ShortOfWorkers
    | SeatLeftForPoints
    | SeatTied
    | NotProved
    | RankedShifts
    | RankedWorkers
    | SkillValues
)
"""Every kind but advice; a new one stands here, and has a method of its name in verifier and writer."""
