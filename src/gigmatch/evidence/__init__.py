"""Explanations as data, and the checker that re-verifies them: knows no solver, and nothing that explains.

Every explanation is a frozen pydantic model; `Reasons` holds some and reads them back from JSON, `Rechecker`
verifies them from the morning and the assignment. What people read is made from the same data.
"""

from gigmatch.evidence.advice import Advice, Lesson, Option, Outcome, TrainingPlan
from gigmatch.evidence.audience import Audience, Explanation
from gigmatch.evidence.data import (
    LeftOutForPoints,
    NoEligibleShift,
    NoEligibleWorker,
    NotEligible,
    NotProved,
    Outbid,
    Placed,
    Promised,
    RankedShifts,
    RankedWorkers,
    SeatLeftForPoints,
    SeatTied,
    ShortOfSeats,
    ShortOfWorkers,
    SkillValues,
    Tied,
)
from gigmatch.evidence.facts import Facts
from gigmatch.evidence.missing import Missing
from gigmatch.evidence.parts import (
    Alternative,
    Amount,
    Change,
    HallSet,
    Holder,
    Move,
    Proof,
    Ranked,
    Refusal,
    SeatPrice,
    SkillValue,
)
from gigmatch.evidence.prices import amount, combined_prices
from gigmatch.evidence.programmes import TrainingProgramme
from gigmatch.evidence.reasons import Reasons
from gigmatch.evidence.verifier import Rechecker

__all__ = [
    "Advice",
    "Alternative",
    "Amount",
    "Audience",
    "Change",
    "Explanation",
    "Facts",
    "HallSet",
    "Holder",
    "LeftOutForPoints",
    "Lesson",
    "Missing",
    "Move",
    "NoEligibleShift",
    "NoEligibleWorker",
    "NotEligible",
    "NotProved",
    "Option",
    "Outbid",
    "Outcome",
    "Placed",
    "Promised",
    "Proof",
    "Ranked",
    "RankedShifts",
    "RankedWorkers",
    "Reasons",
    "Rechecker",
    "Refusal",
    "SeatLeftForPoints",
    "SeatPrice",
    "SeatTied",
    "ShortOfSeats",
    "ShortOfWorkers",
    "SkillValue",
    "SkillValues",
    "Tied",
    "TrainingPlan",
    "TrainingProgramme",
    "amount",
    "combined_prices",
]
