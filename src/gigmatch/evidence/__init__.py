"""Explanations as data, and the checker that re-verifies them: knows no solver, and nothing that explains.

Every explanation is a frozen pydantic model; `Reasons` holds some and reads them back from JSON;
`gigmatch.check_reasons` verifies them from the morning and the assignment. What people read is made from the
same data.
"""

from gigmatch.evidence.advice import Advice, Lesson, LevelPrices, Option, Outcome, TrainingPlan
from gigmatch.evidence.audience import Audience, Explanation, Question
from gigmatch.evidence.data import (
    LeftOutForPoints,
    NoEligibleShift,
    NoEligibleWorker,
    NotEligible,
    NotProved,
    OthersFirst,
    Outbid,
    Outranked,
    OutrankedEverywhere,
    Placed,
    Promised,
    RankedShifts,
    RankedWorkers,
    Reason,
    SeatLeftForPoints,
    SeatTied,
    SeatUnwanted,
    ShortOfSeats,
    ShortOfWorkers,
    SkillValues,
    StablyPlaced,
    Tied,
)
from gigmatch.evidence.eyes import LEAST_PEOPLE, STEPS, Eye, Eyes
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
    Record,
    Refusal,
    SeatPrice,
    SkillValue,
    Sum,
)
from gigmatch.evidence.programmes import TrainingProgramme
from gigmatch.evidence.reasons import Reasons
from gigmatch.evidence.terms import LimitTerms, PartTerms, RuleTerms, ScorerTerms, Terms
from gigmatch.evidence.terms_differences import TermsDifference

__all__ = [
    "LEAST_PEOPLE",
    "STEPS",
    "Advice",
    "Alternative",
    "Amount",
    "Audience",
    "Change",
    "Explanation",
    "Eye",
    "Eyes",
    "HallSet",
    "Holder",
    "LeftOutForPoints",
    "Lesson",
    "LevelPrices",
    "LimitTerms",
    "Missing",
    "Move",
    "NoEligibleShift",
    "NoEligibleWorker",
    "NotEligible",
    "NotProved",
    "Option",
    "OthersFirst",
    "Outbid",
    "Outcome",
    "Outranked",
    "OutrankedEverywhere",
    "PartTerms",
    "Placed",
    "Promised",
    "Proof",
    "Question",
    "Ranked",
    "RankedShifts",
    "RankedWorkers",
    "Reason",
    "Reasons",
    "Record",
    "Refusal",
    "RuleTerms",
    "ScorerTerms",
    "SeatLeftForPoints",
    "SeatPrice",
    "SeatTied",
    "SeatUnwanted",
    "ShortOfSeats",
    "ShortOfWorkers",
    "SkillValue",
    "SkillValues",
    "StablyPlaced",
    "Sum",
    "Terms",
    "TermsDifference",
    "Tied",
    "TrainingPlan",
    "TrainingProgramme",
]
