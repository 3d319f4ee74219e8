"""What an explanation says, as data: its class, its figures, and the evidence for each of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from gigmatch.evidence.audience import Audience, Explanation, Question
from gigmatch.evidence.eyes import (
    DECIDED,
    DRAWN,
    FROM_THREE,
    MARKET,
    OWN,
    OWN_DECIDED,
    OWN_FROM_THREE,
    OWN_PEOPLE,
    PEOPLE,
    PUBLIC,
)
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
from gigmatch.evidence.plan_parts import Clash, HeldShift, PlanCause, PlanLoss, PlanProof, TriedShift, Verdict
from gigmatch.model import Worker

__all__ = [
    "Audience",
    "Explanation",
    "LeftOutForPoints",
    "NoEligibleShift",
    "NoEligibleWorker",
    "NotEligible",
    "NotProved",
    "OthersFirst",
    "Outbid",
    "Outranked",
    "OutrankedEverywhere",
    "Placed",
    "PlanHeld",
    "PlanImpossible",
    "PlanLeftOut",
    "PlanOutbid",
    "Promised",
    "RankedShifts",
    "RankedWorkers",
    "Reason",
    "SeatLeftForPoints",
    "SeatTied",
    "SeatUnwanted",
    "ShortOfSeats",
    "ShortOfWorkers",
    "SkillValues",
    "StablyPlaced",
    "TeamOutbid",
    "TeamShort",
    "Tied",
]


class _OfWorker(Explanation):
    worker_id: Annotated[str, PUBLIC]


class _OfShift(Explanation):
    shift_id: Annotated[str, PUBLIC]


class _OfPair(_OfWorker):
    shift_id: Annotated[str, DECIDED]


class Placed(_OfPair):
    """Why a worker has a shift."""

    kind: Literal["placed"] = "placed"
    answers: ClassVar[Question | None] = "why there"
    points: Annotated[float | None, OWN]
    points_by_scorer: Annotated[dict[str, float], OWN]
    """In order of the policy; they add up to ``points``."""
    words: Annotated[dict[str, dict[str, str]], OWN] = Field(default_factory=dict)
    """What people call scorers of one's own, by name and language; no field is where there is nothing."""
    minutes: Annotated[float | None, OWN]
    pay_total: Annotated[float, PUBLIC]
    promised: Annotated[bool, DECIDED]
    price: Annotated[SeatPrice | None, MARKET] = None
    """None for a promised seat: it was not on offer."""
    alternatives: Annotated[tuple[Alternative, ...], MARKET] = ()
    """The least loss first, then the shift's id."""
    rest: Annotated[Proof | None, MARKET] = None
    """Prices that prove that no shift left out loses less than the last of the alternatives."""

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = write(self)
        return {name: value for name, value in told.items() if value or name != "words"}


class NotEligible(_OfPair):
    """Why not: the pair breaks rules, or was barred."""

    kind: Literal["not_eligible"] = "not_eligible"
    needs_proof: ClassVar[bool] = False
    refusals: Annotated[tuple[Refusal, ...], OWN]
    """Every rule that refuses."""
    barred: Annotated[bool | None, OWN]
    """Whether the market barred the pair."""
    changes: Annotated[tuple[Change, ...] | None, OWN]
    """A smallest set that makes the pair feasible, all rules run again; None where none is known."""


class Outbid(_OfPair):
    """Why not: eligible, but the total would be worse."""

    kind: Literal["outbid"] = "outbid"
    points: Annotated[float | None, OWN]
    """Of the pair."""
    loss: Annotated[Amount | None, MARKET]
    """Exact loss if the pair were forced; above nothing. None where it is not shown."""
    instead: Annotated[str | None, OWN_DECIDED]
    """The shift that the worker has; None for none, and where it is not shown."""
    has_free_seat: Annotated[bool, DECIDED]
    """Whether a seat there is empty: not others stand in the way then, but better use elsewhere."""
    price: Annotated[SeatPrice | None, MARKET]
    holders: Annotated[tuple[Holder, ...], MARKET]
    """Who has the seats, in order of row."""
    proof: Annotated[Proof | None, MARKET]


class Tied(_OfPair):
    """Why not: forcing it loses exactly nothing, and the lot decided."""

    kind: Literal["tied"] = "tied"
    answers: ClassVar[Question | None] = "why unplaced"
    has_no_shift: Annotated[bool | None, OWN_DECIDED] = False
    """Whether the worker has no shift at all; not shown to an employer."""
    seed: Annotated[int, PUBLIC]
    draws: Annotated[dict[str, int], DRAWN]
    """Of everybody who would move. They decide who is placed, the smaller one first; who of those goes where
    is decided by hashes of both draws, see `Problem`."""
    proof: Annotated[Proof | None, MARKET]


class Promised(_OfPair):
    """Why not: a promise stands in the way."""

    kind: Literal["promised"] = "promised"
    needs_proof: ClassVar[bool] = False
    what: Annotated[Literal["the worker", "every seat"], DECIDED]
    """What was promised elsewhere."""


class NoEligibleShift(_OfWorker):
    """Why a worker has no shift: rules refuse every one."""

    kind: Literal["no_eligible_shift"] = "no_eligible_shift"
    answers: ClassVar[Question | None] = "why unplaced"
    needs_proof: ClassVar[bool] = False
    shifts: Annotated[int, PUBLIC]
    """Shifts there are."""
    refused_by: Annotated[dict[str, int], OWN]
    """Shifts that each rule refuses, in order of the rules."""
    refused_by_it_alone: Annotated[dict[str, int], OWN]
    """Shifts that only this rule refuses."""
    barred: Annotated[int | None, OWN]
    """Shifts that only the market barred."""
    newcomer: Annotated[Worker | None, OWN] = None
    """Everything known about a worker who is not in the morning yet; None for one who is."""


class _FewerSeats(_OfWorker):
    """The only shifts of these workers have fewer seats (Hall 1935)."""

    answers: ClassVar[Question | None] = "why unplaced"
    n_workers: Annotated[int | None, OWN_PEOPLE]
    """None where it is not shown: a few are told apart. The same of what else is counted."""
    n_seats: Annotated[int | None, OWN_FROM_THREE]
    """Of the shifts below, less the promised ones."""
    n_promised: Annotated[int | None, OWN_FROM_THREE] = 0
    """Seats of these shifts that were promised beforehand, besides ``n_seats``."""
    n_shifts: Annotated[int | None, OWN_FROM_THREE]
    workers: Annotated[tuple[str, ...], MARKET]
    """In order of row; promised workers are none of them. None here where the set is shared."""
    shifts: Annotated[tuple[str, ...], MARKET]
    """Every eligible shift of any of them, in order of id. None here where the set is shared."""
    shared_set: Annotated[int | None, MARKET] = None
    """Which of the sets of `Reasons`, counted from 0, holds the workers and the shifts; None where they stand
    here."""
    lost_by: Annotated[Literal["points", "level", "lot", "promise"] | None, OWN_DECIDED]
    """What decided that it was this one; never the tier, since these seats are full either way. By level: one
    of people, or of the market's own. By promise: there are no seats but promised ones."""
    shift_id: Annotated[str | None, MARKET]
    """Where placing this worker would lose least; None where there is no seat."""
    loss: Annotated[Amount | None, MARKET]
    """Exact loss of placing it there; None where there is no seat, or it is not shown."""
    proof: Annotated[Proof | None, MARKET]
    oneself: ClassVar[int] = 1

    @property
    def people_behind(self) -> int:
        """How many others there are in the set."""
        return (self.n_workers or 0) - self.oneself


class ShortOfSeats(_FewerSeats):
    """Why a worker has no shift: the only shifts of these workers have fewer seats (Hall 1935)."""

    kind: Literal["short_of_seats"] = "short_of_seats"


class OthersFirst(_FewerSeats):
    """Why a worker has no shift: too few seats for these workers, and all who have them come first or alike.

    By a level that weighs people alone, right after the seats or at the top. Whoever is in the set has no
    other shift, so that somebody of them is left out whatever is done, and nobody who has a seat comes after
    this worker.
    """

    kind: Literal["others_first"] = "others_first"
    level: Annotated[str, PUBLIC]
    """The level that puts people first, by name."""
    by: Annotated[Literal["waiting", "groups", "level"], PUBLIC]
    """What it goes by: days without work alone, priority groups before them, or what a market made up."""
    words: Annotated[dict[str, str], PUBLIC]
    """What people call the level, by language."""
    ahead: Annotated[int | None, MARKET]
    """How many of those who have the seats come before the worker; None where it is not shown."""
    alike: Annotated[int | None, MARKET]
    """How many of them the level puts beside the worker: what comes after it decided between these; None
    where it is not shown."""


class LeftOutForPoints(_OfWorker):
    """Why a worker has no shift, where points alone count: placing would cost more than it brings."""

    kind: Literal["left_out_for_points"] = "left_out_for_points"
    answers: ClassVar[Question | None] = "why unplaced"
    shift_id: Annotated[str | None, OWN_DECIDED]
    """Where placing the worker would lose least; None where it is not shown."""
    loss: Annotated[Amount | None, MARKET]
    """Exact loss of placing the worker there; None where it is not shown."""
    proof: Annotated[Proof | None, MARKET]


class NoEligibleWorker(_OfShift):
    """Why a seat is empty: rules leave nobody."""

    kind: Literal["no_eligible_worker"] = "no_eligible_worker"
    answers: ClassVar[Question | None] = "why open"
    needs_proof: ClassVar[bool] = False
    workers: Annotated[int, PUBLIC]
    """Workers there are."""
    removed_alone: Annotated[dict[str, int], PEOPLE]
    """Workers whom each rule refuses, whatever the others say, in order of the rules."""
    removed_in_order: Annotated[dict[str, int], PEOPLE]
    """Workers whom each rule refuses of those that the rules before it leave."""
    barred: Annotated[int | None, PEOPLE]
    """Workers left whom the market barred."""
    nobody_has: Annotated[tuple[dict[str, Any], ...], DECIDED] = ()
    """Skills and certificates asked for that nobody here has, as what a change would need."""


class ShortOfWorkers(_OfShift):
    """Why a seat is empty: these seats' only workers are fewer than the seats (Hall 1935)."""

    kind: Literal["short_of_workers"] = "short_of_workers"
    answers: ClassVar[Question | None] = "why open"
    n_workers: Annotated[int | None, PEOPLE]
    """None where it is not shown: a few are told apart. The same of what else is counted."""
    n_seats: Annotated[int | None, FROM_THREE]
    """Of the shifts below, less the promised ones."""
    n_promised: Annotated[int | None, FROM_THREE] = 0
    """Seats of these shifts that were promised beforehand, besides ``n_seats``."""
    n_shifts: Annotated[int | None, FROM_THREE]
    workers: Annotated[tuple[str, ...], MARKET]
    """Every eligible worker of any of the shifts, in order of row; promised workers are none of them. None
    here where the set is shared."""
    shifts: Annotated[tuple[str, ...], MARKET]
    """In order of id. None here where the set is shared."""
    shared_set: Annotated[int | None, MARKET] = None
    """Which of the sets of `Reasons`, counted from 0, holds the workers and the shifts; None where they stand
    here."""

    @property
    def people_behind(self) -> int:
        """How many there are in the set."""
        return self.n_workers or 0


class SeatLeftForPoints(_OfShift):
    """Why a seat is empty, where points alone count: filling it would cost more than it brings."""

    kind: Literal["seat_left_for_points"] = "seat_left_for_points"
    answers: ClassVar[Question | None] = "why open"
    worker_id: Annotated[str | None, MARKET]
    """For whom it would cost least; None where it is not shown."""
    loss: Annotated[Amount | None, MARKET]
    """Exact loss of placing that worker there; None where it is not shown."""
    proof: Annotated[Proof | None, MARKET]


class SeatTied(_OfShift):
    """Why a seat is empty, where points alone count: filling it loses nothing, and the lot decided."""

    kind: Literal["seat_tied"] = "seat_tied"
    answers: ClassVar[Question | None] = "why open"
    worker_id: Annotated[str | None, MARKET]
    """Who could as well be there; None where it is not shown."""
    seed: Annotated[int, PUBLIC]
    proof: Annotated[Proof | None, MARKET]


class StablyPlaced(_OfPair):
    """Why a worker has a shift in a stable answer: no shift that the worker ranks above would have them."""

    kind: Literal["stably_placed"] = "stably_placed"
    answers: ClassVar[Question | None] = "why there"
    needs_proof: ClassVar[bool] = False
    promised: Annotated[bool, DECIDED]
    place: Annotated[int | None, OWN_DECIDED]
    """Of the shift among those that the worker would take, in the worker's order, 1 the first; None for a
    promised one, and where it is not shown."""
    n_shifts: Annotated[int | None, OWN]
    """Eligible shifts that the worker would take; None likewise."""


class Outranked(_OfPair):
    """Why not, in a stable answer: one of the two ranks what it has above the other."""

    kind: Literal["outranked"] = "outranked"
    needs_proof: ClassVar[bool] = False
    decided_by: Annotated[Literal["employer", "worker", "employer_least", "worker_least"] | None, OWN_DECIDED]
    """Who would rather keep what it has; by ``least``: who would rather have nobody; None where not shown."""
    instead: Annotated[str | None, OWN_DECIDED]
    """The shift that the worker has and ranks above; None where that is not why, or it is not shown."""
    n_holders: Annotated[int, DECIDED]
    """All who hold the seats, where the employer ranks them above the worker."""
    n_promised: Annotated[int, DECIDED]
    """Seats there that were promised beforehand, besides."""
    n_by_lot: Annotated[int | None, MARKET]
    """How many of the holders have the same points, so that the lot ranks them above."""
    holders: Annotated[tuple[str, ...], MARKET]
    """Who they are, in order of row."""


class OutrankedEverywhere(_OfWorker):
    """Why a worker has no shift in a stable answer: all seats are held by people ranked above."""

    kind: Literal["outranked_everywhere"] = "outranked_everywhere"
    answers: ClassVar[Question | None] = "why unplaced"
    needs_proof: ClassVar[bool] = False
    n_shifts: Annotated[int | None, OWN]
    """Eligible ones, the sum of the counts but the lots; None, as for these, where it is not shown."""
    n_full: Annotated[int | None, OWN_DECIDED]
    """Shifts whose seats are all held by people whom the employer ranks above, or promised."""
    n_by_lot: Annotated[int | None, OWN_DECIDED]
    """How many of these are held by somebody with the same points, so that the lot decided."""
    n_refused: Annotated[int | None, OWN_DECIDED]
    """Shifts whose employer would rather have nobody."""
    n_unwanted: Annotated[int | None, OWN]
    """Shifts that the worker would rather not have."""


class SeatUnwanted(_OfShift):
    """Why a seat is empty in a stable answer: all who could take it rank what they have above."""

    kind: Literal["seat_unwanted"] = "seat_unwanted"
    answers: ClassVar[Question | None] = "why open"
    needs_proof: ClassVar[bool] = False
    n_workers: Annotated[int | None, MARKET]
    """Eligible ones, the sum of the counts; None, as for these, where it is not shown."""
    n_here: Annotated[int | None, MARKET]
    """Those who have one of its seats."""
    n_elsewhere: Annotated[int | None, MARKET]
    """Those who have a shift that they rank above."""
    n_promised: Annotated[int | None, MARKET]
    """Those who were promised a shift beforehand, this one or another."""
    n_refused: Annotated[int | None, MARKET]
    """Those instead of whom the employer would rather have nobody."""
    n_unwanted: Annotated[int | None, MARKET]
    """Those who would rather have no shift than this one."""


class NotProved(Explanation):
    """No reason can be given: the assignment is not proved optimal. What is known is a bound."""

    kind: Literal["not_proved"] = "not_proved"
    answers: ClassVar[Question | None] = "why there"
    needs_proof: ClassVar[bool] = False
    worker_id: Annotated[str | None, PUBLIC] = None
    shift_id: Annotated[str | None, PUBLIC] = None
    gap_points: Annotated[float | None, MARKET]
    """No assignment has so many points more, or, with seats first, none that fills the seats as well."""
    seats_proved: Annotated[bool, DECIDED]
    """Whether the seats are proved to be filled as well as can be."""
    stopped: Annotated[str, DECIDED]


class PlanOutbid(_OfPair):
    """Why not, among plans and teams: eligible, but the whole would lose by it, or gain nothing.

    Where nothing is lost, no lot decided: the search came upon the answer first.
    """

    kind: Literal["plan_outbid"] = "plan_outbid"
    needs_proof: ClassVar[bool] = False
    points: Annotated[float | None, OWN]
    """Of the pair."""
    verdict: Annotated[Verdict, DECIDED]
    """Whether the whole would be worse."""
    loss: Annotated[PlanLoss | None, MARKET]
    """Of the best answer with the pair against the best of all. None where it is not shown."""
    instead: Annotated[tuple[str, ...], OWN_DECIDED]
    """The shifts that the worker has, in order of time; none where it is not shown."""
    clashes: Annotated[tuple[Clash, ...], OWN_DECIDED]
    """Those of them beside which the worker could not have this one, though several a day are allowed."""
    proof: Annotated[PlanProof | None, MARKET]
    """None where no such answer was found in time: the answer's own proof tells the least loss, and whether
    there is one is not known."""


class PlanImpossible(_OfPair):
    """Why not, among plans and teams: eligible alone, but no answer that keeps to everything has the pair.

    Promises stand in the way, or the shift's team or the worker's companions cannot be had whole.
    """

    kind: Literal["plan_impossible"] = "plan_impossible"
    needs_proof: ClassVar[bool] = False
    points: Annotated[float | None, OWN]
    """Of the pair."""
    cause: Annotated[PlanCause | None, OWN_DECIDED] = None
    """What stands in the way; may be left out."""
    proof: Annotated[PlanProof | None, MARKET]
    """That of all answers none has the pair: as a problem in which nothing else counts. None where the
    answer's own proof tells it."""


class PlanLeftOut(_OfWorker):
    """Why a worker has no shift, among plans and teams: what the whole would lose if they had any.

    Shifts are tried, the most promising first, until no other can lose less, or time is over; of those that
    were not tried the answer's own proof tells the least loss.
    """

    kind: Literal["plan_left_out"] = "plan_left_out"
    needs_proof: ClassVar[bool] = False
    answers: ClassVar[Question | None] = "why unplaced"
    companions: Annotated[tuple[str, ...], MARKET]
    """Who goes together with the worker or not at all, and stays at home as well, in order of row."""
    verdict: Annotated[Verdict | Literal["impossible"], DECIDED]
    """Whether the whole would be worse; impossible where no answer has any of the worker's pairs."""
    shift_id: Annotated[str | None, OWN_DECIDED]
    """Of those tried, the one at which least is lost; None where there is none, or it is not shown."""
    loss: Annotated[PlanLoss | None, MARKET]
    """If the worker has any shift. None where they cannot, or it is not shown."""
    tried: Annotated[tuple[TriedShift, ...], MARKET]
    """In order of trying."""


class PlanHeld(_OfWorker):
    """Why a worker has their day, among plans and teams: what each shift is to the whole."""

    kind: Literal["plan_held"] = "plan_held"
    answers: ClassVar[Question | None] = "why there"
    needs_proof: ClassVar[bool] = False
    shifts: Annotated[tuple[HeldShift, ...], OWN_DECIDED]
    """In order of time."""
    words: Annotated[dict[str, dict[str, str]], OWN] = Field(default_factory=dict)
    """What people call scorers of one's own, by name and language."""


class _OfTeam(_OfShift):
    needs_proof: ClassVar[bool] = False
    answers: ClassVar[Question | None] = "why open"
    crew: Annotated[tuple[str, ...], PUBLIC]
    """The other shifts of its crew, which come with it or not at all, in order of id; none for one alone."""
    n_there: Annotated[int, DECIDED]
    """People at the shift."""
    n_needed: Annotated[int, DECIDED]
    """One more than there are, and the least headcount at least."""


class TeamOutbid(_OfTeam):
    """Why a seat is empty, among plans and teams: with the team that it needs the whole would be worse."""

    kind: Literal["team_outbid"] = "team_outbid"
    verdict: Annotated[Verdict, DECIDED]
    """Whether the whole would be worse."""
    loss: Annotated[PlanLoss | None, MARKET]
    """Of the best answer with ``n_needed`` people there, and all of its crew. None where it is not shown."""
    coming: Annotated[tuple[str, ...], MARKET]
    """Who would then come to the shift, or its crew, in order of row."""
    proof: Annotated[PlanProof | None, MARKET]
    """None where no such answer was found, or looked for: the answer's own proof tells the least loss, and
    whether the people could be had is not known."""


class TeamShort(_OfTeam):
    """Why a seat is empty, among plans and teams: whatever is given up, its team cannot be had."""

    kind: Literal["team_short"] = "team_short"
    n_missing: Annotated[int | None, DECIDED]
    """So many more workers, each for one of its places, would bring it, and fewer would not. None where it
    was not counted, or not to the end."""
    missing: Annotated[dict[str, int], DECIDED]
    """At which of its shifts they would be, in order of id."""
    proof: Annotated[PlanProof | None, MARKET]
    """Who else would be there, as a problem in which it counts alone how many must be added. None where it
    was not counted: the answer's own proof tells that somebody is missing."""


class RankedShifts(_OfWorker):
    """The shifts of one worker by their exact effect on the total, the best first, then by id."""

    kind: Literal["ranked_shifts"] = "ranked_shifts"
    newcomer: Annotated[Worker | None, OWN] = None
    """Everything known about a worker who is not in the morning yet; None for one who is."""
    choices: Annotated[tuple[Ranked, ...], OWN_DECIDED]
    """The effect of a newcomer is held against leaving the newcomer out, which changes nothing."""
    rest: Annotated[Proof | None, MARKET] = None
    """Prices that prove that no shift left out is better than the last choice; a newcomer's, that no choice
    is better than told, either."""


class RankedWorkers(_OfShift):
    """The workers of one shift by their exact effect on the total, the best first, then by row."""

    kind: Literal["ranked_workers"] = "ranked_workers"
    choices: Annotated[tuple[Ranked, ...], MARKET]
    """Those who are not there."""
    stand_bys: Annotated[tuple[Ranked, ...], MARKET]
    """Those who have no shift, among the choices or not: calling one of them empties no other seat."""
    n_stand_bys: Annotated[int | None, MARKET] = 0
    """How many there are in all."""
    rest: Annotated[Proof | None, MARKET] = None
    """Prices that prove that nobody left out is better than the last choice, and nobody without a shift
    better than the last stand-by."""


class SkillValues(Explanation):
    """What one more worker would bring, by skill: everybody else and all the seats stay as they are."""

    kind: Literal["skill_values"] = "skill_values"
    profile: Annotated[Worker | None, MARKET]
    """The worker that is added; each value is for this profile with one skill more. None where it is not
    shown."""
    values: Annotated[tuple[SkillValue, ...], MARKET]
    """Without any skill more, then every skill in order of code, at every level asked for, the lowest
    first."""
    prices: Annotated[Proof | None, MARKET]
    """Prices that prove that no value is greater; moves are those of each value."""


Reason = (
    Placed
    | NotEligible
    | Outbid
    | Tied
    | Promised
    | NoEligibleShift
    | ShortOfSeats
    | OthersFirst
    | LeftOutForPoints
    | NoEligibleWorker
    | ShortOfWorkers
    | SeatLeftForPoints
    | SeatTied
    | StablyPlaced
    | Outranked
    | OutrankedEverywhere
    | SeatUnwanted
    | NotProved
    | PlanHeld
    | PlanOutbid
    | PlanImpossible
    | PlanLeftOut
    | TeamOutbid
    | TeamShort
    | RankedShifts
    | RankedWorkers
    | SkillValues
)
"""Every kind but advice; a new one stands here, and has a method of its name in verifier and writer."""
