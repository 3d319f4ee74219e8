"""A solved morning, and the answer in ids: summary, difference, saving.

An `Instance` is a morning made ready to solve; a `SolvedMorning` is one with its answer, taken as it is by
all that explains, checks and shows it; an `Assignment` is the answer in ids, and a `FairLottery` what
assignments are drawn from.
"""

from gigmatch.assignment.assignment import Assignment
from gigmatch.assignment.comparison import Change, Comparison, Estimate, Outcome
from gigmatch.assignment.difference import Difference
from gigmatch.assignment.entries import (
    OpenShift,
    Placement,
    RequestOutcome,
    SoftViolation,
    Unplaced,
    WaitingCount,
)
from gigmatch.assignment.fair_lottery import Chance, FairLottery
from gigmatch.assignment.fairness import FairnessCurve, FairnessPoint
from gigmatch.assignment.summary import Summary

__all__ = [
    "Assignment",
    "Chance",
    "Change",
    "Comparison",
    "Difference",
    "Estimate",
    "FairLottery",
    "FairnessCurve",
    "FairnessPoint",
    "OpenShift",
    "Outcome",
    "Placement",
    "RequestOutcome",
    "SoftViolation",
    "Summary",
    "Unplaced",
    "WaitingCount",
]
