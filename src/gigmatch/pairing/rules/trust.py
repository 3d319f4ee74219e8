"""Who may hire, and who will not have whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gigmatch.columns import STANDINGS, Columns
from gigmatch.core.arrays import BoolArray
from gigmatch.pairing.compiled.forms import RuleForm, Unlisted
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules.base import CatalogueSentence, Finding, Remedy, Severity

__all__ = ["BrokerInStanding", "EmployerInStanding", "NotRefused"]

_OK = STANDINGS.index("ok")


@dataclass(frozen=True)
class EmployerInStanding:
    """The employer neither owes wages nor is suspended."""

    severity: Severity = "block"
    name: ClassVar[str] = "employer_standing"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()
    prunes: ClassVar[str] = "shift"

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        good: BoolArray = columns.employer_standing == _OK
        return good[columns.shifts.employer[pairs.shift]]

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """The employer and its standing."""
        employer = int(columns.shifts.employer[pair.shift[0]])
        standing = STANDINGS[columns.employer_standing[employer]]
        values = {"employer_id": columns.employer_ids[employer], "standing": standing}
        return Finding(values, (Remedy("shift", "employer.standing", "ok"),))


@dataclass(frozen=True)
class BrokerInStanding:
    """The broker has a licence and a standing of ``ok``; a shift offered without one passes."""

    severity: Severity = "block"
    name: ClassVar[str] = "broker_standing"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()
    prunes: ClassVar[str] = "shift"

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        # row -1, no broker, finds the value appended at the end
        good = np.append(columns.broker_licensed & (columns.broker_standing == _OK), True)
        return good[columns.shifts.broker[pairs.shift]]

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """The broker, its licence and its standing."""
        broker = int(columns.shifts.broker[pair.shift[0]])
        if broker < 0:
            return Finding({"broker_id": None})
        licensed, standing = bool(columns.broker_licensed[broker]), STANDINGS[columns.broker_standing[broker]]
        values = {"broker_id": columns.broker_ids[broker], "licensed": licensed, "standing": standing}
        needed = {"licence": "any", "standing": "ok"}
        return Finding(values, (Remedy("shift", "broker", needed), Remedy("shift", "broker_id", None)))


@dataclass(frozen=True)
class NotRefused:
    """Neither does the worker refuse the employer, nor the employer or the broker the worker."""

    severity: Severity = "block"
    name: ClassVar[str] = "refused"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        employer, broker = columns.shifts.employer[pairs.shift], columns.shifts.broker[pairs.shift]
        refused = columns.refused_employer.has(pairs.worker, employer)
        return ~(refused | columns.refused_broker.has(pairs.worker, broker))

    def _compiled(self, columns: Columns) -> tuple[RuleForm, ...]:
        """Say it in arrays."""
        return (
            Unlisted(columns.refused_employer, columns.shifts.employer),
            Unlisted(columns.refused_broker, columns.shifts.broker),
        )

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Who refuses whom; each refusal would have to be taken back."""
        employer, broker = columns.shifts.employer[pair.shift], columns.shifts.broker[pair.shift]
        who = int(columns.refused_employer.get(pair.worker, employer, 0.0)[0])
        values = {
            "by_worker": bool(who & 1),
            "by_employer": bool(who & 2),
            "by_broker": bool(columns.refused_broker.has(pair.worker, broker)[0]),
        }
        return Finding(
            values, (Remedy("market", "refusals", [k for k, refuses in values.items() if refuses]),)
        )
