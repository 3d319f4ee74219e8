"""Hard rules: which pairs of worker and shift may stand at all.

`DEFAULT_RULES` are every market's, quick and choosy ones first, since each sees only what those before it
leave; legal ones take their severity from the morning's jurisdiction table and pass everything where the
table is silent. See `gigmatch.pairing.rules.base` for what a rule of your own must offer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gigmatch.pairing.rules.base import (
    Finding,
    Remedy,
    Rule,
    Severity,
    apply_rule,
    check_rules,
    describe_rule,
    explain_rule,
    rule_name,
    rule_sentence,
    rule_severity,
    told_by,
    told_sentence,
)
from gigmatch.pairing.rules.base import restore_rule as _restore_rule
from gigmatch.pairing.rules.hours import (
    DailyHours,
    HasArrived,
    HoursToday,
    IsFree,
    Rested,
    WeeklyHours,
    WeeklyHoursPerEmployer,
)
from gigmatch.pairing.rules.place_and_pay import (
    LongWay,
    MeetsPayFloor,
    MinimumWage,
    PartTimeMinimumWage,
    WithinReach,
)
from gigmatch.pairing.rules.plan_limits import NO_LIMIT, PlanLimit
from gigmatch.pairing.rules.protection import (
    AgeBounds,
    IsInsured,
    MinimumAge,
    OverAgeProtection,
    YouthProtection,
)
from gigmatch.pairing.rules.skills import HasCredentials, HasSkills
from gigmatch.pairing.rules.trust import BrokerInStanding, EmployerInStanding, NotRefused

__all__ = [
    "DEFAULT_RULES",
    "NO_LIMIT",
    "AgeBounds",
    "BrokerInStanding",
    "DailyHours",
    "EmployerInStanding",
    "Finding",
    "HasArrived",
    "HasCredentials",
    "HasSkills",
    "HoursToday",
    "IsFree",
    "IsInsured",
    "LongWay",
    "MeetsPayFloor",
    "MinimumAge",
    "MinimumWage",
    "NotRefused",
    "OverAgeProtection",
    "PartTimeMinimumWage",
    "PlanLimit",
    "Remedy",
    "Rested",
    "Rule",
    "Severity",
    "WeeklyHours",
    "WeeklyHoursPerEmployer",
    "WithinReach",
    "YouthProtection",
    "apply_rule",
    "check_rules",
    "describe_rule",
    "explain_rule",
    "is_library_rule",
    "restore_rule",
    "rule_name",
    "rule_sentence",
    "rule_severity",
    "told_by",
    "told_sentence",
]

DEFAULT_RULES: tuple[Rule, ...] = (
    HasSkills(),
    HasCredentials(),
    MeetsPayFloor(),
    WithinReach(),
    IsFree(),
    HasArrived(),
    HoursToday(),
    NotRefused(),
    EmployerInStanding(),
    BrokerInStanding(),
    IsInsured(),
    AgeBounds(),
    MinimumAge(),
    YouthProtection(),
    OverAgeProtection(),
    MinimumWage(),
    PartTimeMinimumWage(),
    Rested(),
    DailyHours(),
    WeeklyHours(),
    WeeklyHoursPerEmployer(),
    LongWay(),
)
"""Every market's rules, quick and choosy ones first; legal ones take their severity from the jurisdiction."""
_KINDS: dict[str, type[Any]] = {rule_name(rule): type(rule) for rule in DEFAULT_RULES}


def is_library_rule(rule: Rule) -> bool:
    """Whether the code of a rule is that of the library, and not somebody's own under a name of its."""
    return type(rule) is _KINDS.get(rule_name(rule))


def restore_rule(entry: Mapping[str, Any], own: Sequence[Rule] = ()) -> Rule:
    """The rule that `describe_rule` described: the user's own of that name, or a default one."""
    return _restore_rule(entry, own, list(_KINDS.values()))
