"""A solved morning, and the answer in ids."""

from gigmatch.assignment.assignment import (
    Assignment,
    Difference,
    OpenShift,
    Placement,
    RuleWarning,
    Summary,
    Unplaced,
    summarise,
)

__all__ = [
    "Assignment",
    "Difference",
    "OpenShift",
    "Placement",
    "RuleWarning",
    "Summary",
    "Unplaced",
    "summarise",
]
