"""The days of a run as rows of a ledger, counted as every ledger is: who could work, did, and waited."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.columns import Columns
from gigmatch.core.arrays import Int64Array
from gigmatch.ledger import LedgerDay, Totals, Turns
from gigmatch.ledger.rows import NOTHING, WORKED, Presence, of_columns
from gigmatch.ledger.waiting import totals, waited_after

__all__ = ["Diary", "Waits"]


class Waits(NamedTuple):
    """How those waited who could have taken a shift on any day, or had one; on such days alone."""

    longest: Int64Array
    """Most days in a row that each had waited in the evening of any of these days: int64[n]."""
    idle: Int64Array
    """Of these days those without work, of each: int64[n]."""


@dataclass
class Diary:
    """Days of one run, in order of date; all are added before anything is counted.

    Parameters
    ----------
    turns : Turns
        What counts as work, and which days as waiting.
    """

    turns: Turns
    _days: list[LedgerDay] = field(default_factory=list)
    _parts: list[Presence] = field(default_factory=list)
    _number: dict[str, int] = field(default_factory=dict)

    def add(self, answer: Assignment, columns: Columns) -> None:
        """Write down a day: its answer, and the columns of its morning."""
        shifts, had = columns.shifts, answer.placed_worker
        day, n = len(self._days), columns.n_workers
        hours, wages = (
            np.bincount(had, values, n) for values in (shifts.hours[answer.placed_shift], answer.pay_total)
        )
        until = np.zeros(n, np.int64)
        np.maximum.at(until, had, shifts.last_day[answer.placed_shift])
        offered = np.bincount(had, minlength=n)
        waited = columns.workers.days_waiting
        rows = {
            "day": np.full(n, day),
            "worker": [self._number.setdefault(name, len(self._number)) for name in columns.worker_ids],
            "eligible": answer.eligible_shifts,
            "offered": offered,
            "declined": np.zeros(n),
            "outcome": np.where(offered > 0, WORKED, NOTHING),
            "requested": np.zeros(n),
            "hours": hours,
            "wages": wages,
            "until": until,
            "waited": np.where(np.isnan(waited), -1, waited),
        }
        self._days.append(LedgerDay(columns.clock.date, ""))
        self._parts.append(of_columns(Presence, rows))

    @cached_property
    def totals(self) -> Totals:
        """Sums over all days, of everybody who was there."""
        return totals(tuple(self._number), self._rows, self._days, self.turns)

    @property
    def waits(self) -> Waits:
        """How those waited whom some mechanism could have helped, on the days on which it could."""
        rows, n = self._rows, len(self._number)
        after = waited_after(rows, self._days, self.turns)
        could = (rows.eligible > 0) | (rows.outcome > 0)
        counts = could | (after == 0)
        longest, is_meant = np.zeros(n, np.int64), np.zeros(n, np.bool_)
        np.maximum.at(longest, rows.worker[counts], after[counts])
        is_meant[rows.worker[could]] = True
        idle = np.bincount(rows.worker[could & (after > 0)], minlength=n)
        return Waits(longest[is_meant], idle[is_meant])

    def worked(self) -> tuple[dict[str, int], dict[str, float]]:
        """Days on which everybody was given work, and their wages, by id."""
        sums = self.totals
        placed, wages = (
            dict(zip(sums.worker_ids, each.tolist(), strict=True)) for each in (sums.placed, sums.wages)
        )
        return placed, wages

    def known(self) -> dict[str, float]:
        """Days that everybody of the first morning had waited, 0 where nobody knows."""
        first = self._parts[0]
        return dict(zip(self._number, np.maximum(first.waited, 0).tolist(), strict=False))

    @property
    def _rows(self) -> Presence:
        return Presence(*map(np.concatenate, zip(*self._parts, strict=True)))
