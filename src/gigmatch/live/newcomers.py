"""Pairs of a worker or a shift that comes: from the rules, scorers and travel that all others came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from math import isqrt
from typing import Any, NamedTuple

import numpy as np

from gigmatch.assignment.instance import refuse_unsolved
from gigmatch.columns import Columns, columns_of
from gigmatch.columns.added_workers import AddedShiftColumns, AddedWorkerColumns, alike
from gigmatch.core.arrays import IndexArray
from gigmatch.errors import InvalidMorningError
from gigmatch.model import Morning, Shift, Worker
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule, apply_rule, rule_severity
from gigmatch.pairing.travel import Travel

__all__ = ["Newcomers"]

MOST_LATE = 64
"""So many may come at least before they are compiled with all others."""
_PER_ROOT = 2
_MOST_PAIRS = 1 << 21


class Expected(NamedTuple):
    """Somebody who is about to come."""

    given: Worker
    valid: Worker
    """The same, as the morning could have had them."""
    points: dict[str, int]
    """At every shift that no rule refuses them, by id."""


class Newcomers:
    """Asks about whoever comes, against those of a morning and those who came since.

    Parameters
    ----------
    morning : Morning
        Everybody here.
    columns : Columns
        Of that morning.
    rules, policy, travel
        As for ``gigmatch.match``.
    """

    def __init__(
        self, morning: Morning, columns: Columns, rules: Sequence[Rule], policy: Policy, travel: Travel
    ) -> None:
        self._morning, self._columns = morning, columns
        self._rules, self._policy, self._travel = rules, policy, travel
        self._at_early_shifts = AddedWorkerColumns(morning, columns)
        self._for_early_workers = AddedShiftColumns(morning, columns)
        self._at_late_shifts: AddedWorkerColumns | None = None
        self._for_late_workers: AddedShiftColumns | None = None
        self._workers, self._shifts = set(columns.worker_ids), set(columns.shift_ids)
        self.expected: dict[str, Expected] = {}
        """Who is about to come, by id."""
        self._late_workers: dict[str, Worker] = {}
        self._late_shifts: dict[str, Shift] = {}
        self._alone = self._part(employers=(), brokers=(), requests=())

    @property
    def are_many(self) -> bool:
        """Whether it is time to compile everybody together.

        That takes as long as there are people, shared by so many who come; and so many are compiled again for
        the next shift: in all it is least near the root of both.
        """
        most = max(MOST_LATE, _PER_ROOT * isqrt(self._columns.n_workers))
        return max(len(self._late_workers), len(self._late_shifts)) > most

    # -- who is asked about ---------------------------------------------------------------------------------

    def valid_worker(self, worker: Worker) -> Worker:
        """The worker, if the morning could have had them; raises InvalidMorningError otherwise."""
        known = self.expected.get(worker.id)
        if known is not None and known.given == worker:
            return known.valid
        return self._alone.with_workers(worker).workers[0]

    def valid_shift(self, shift: Shift) -> Shift:
        """The shift, if the morning could have had it; raises InvalidMorningError otherwise."""
        employers = tuple(each for each in self._morning.employers if each.id == shift.employer_id)
        brokers = tuple(each for each in self._morning.brokers if each.id == shift.broker_id)
        parts = {"employers": employers, "brokers": brokers, "crews": self._morning.crews}
        return self._alone.model_copy(update=parts).with_shifts(shift).shifts[0]

    def add_worker(self, worker: Worker) -> None:
        """Ask about this worker from now on, whoever had their id."""
        self.drop_worker(worker.id)
        self.expected.pop(worker.id, None)
        self._late_workers[worker.id] = worker

    def drop_worker(self, worker_id: str) -> None:
        """Do not ask about a worker any more."""
        self._workers.discard(worker_id)
        self._late_workers.pop(worker_id, None)
        self._for_late_workers = None

    def add_shift(self, shift: Shift) -> None:
        """Ask about this shift from now on, whichever had its id."""
        self.drop_shift(shift.id)
        self.expected.clear()
        self._late_shifts[shift.id] = shift

    def drop_shift(self, shift_id: str) -> None:
        """Do not ask about a shift any more."""
        self._shifts.discard(shift_id)
        self._late_shifts.pop(shift_id, None)
        self._at_late_shifts = None

    # -- what is asked --------------------------------------------------------------------------------------

    def of_worker(self, worker: Worker) -> dict[str, int]:
        """Points of a worker, in hundredths, at every shift that no rule refuses them, by id."""
        known = self.expected.get(worker.id)
        if known is None or known.valid != worker:
            return self._of_workers(worker)[worker.id]
        here = self._shifts | self._late_shifts.keys()
        return {shift: value for shift, value in known.points.items() if shift in here}

    def expect(self, workers: Iterable[Worker]) -> None:
        """Ask about several who are about to come, together; whoever could not come is left out."""
        valid: dict[str, tuple[Worker, Worker]] = {}
        for worker in workers:
            with suppress(InvalidMorningError):
                valid[worker.id] = worker, self.valid_worker(worker)
        asked, many = list(valid.values()), max(_MOST_PAIRS // max(len(self._shifts), 1), 1)
        for at in range(0, len(asked), many):
            some = asked[at : at + many]
            points = self._of_workers(*(each for _, each in some))
            self.expected |= {each.id: Expected(given, each, points[each.id]) for given, each in some}

    def _of_workers(self, *workers: Worker) -> dict[str, dict[str, int]]:
        """Points of some workers at every shift, by their ids."""
        points: dict[str, dict[str, int]] = {worker.id: {} for worker in workers}
        for (worker, shift), value in self._points(self._at_early_shifts.of(*workers)).items():
            if shift in self._shifts:
                points[worker][shift] = value
        if self._late_shifts:
            if self._at_late_shifts is None:
                part = self._part(shifts=tuple(self._late_shifts.values()))
                self._at_late_shifts = AddedWorkerColumns(part, self._compiled(part))
            for (worker, shift), value in self._points(self._at_late_shifts.of(*workers)).items():
                points[worker][shift] = value
        return points

    def of_shift(self, shift: Shift) -> dict[str, int]:
        """Points of every worker, in hundredths, whom no rule refuses a shift, by id.

        Raises UnsupportedError for a shift of a kind that is not solved.
        """
        columns = self._for_early_workers.of(shift)
        refuse_unsolved(columns)
        found = self._points(columns)
        points = {worker: value for (worker, _), value in found.items() if worker in self._workers}
        if self._late_workers:
            if self._for_late_workers is None:
                part = self._part(workers=tuple(self._late_workers.values()))
                self._for_late_workers = AddedShiftColumns(part, self._compiled(part))
            found = self._points(self._for_late_workers.of(shift))
            points |= {worker: value for (worker, _), value in found.items()}
        return points

    def _part(self, **parts: Any) -> Morning:
        """The morning with these people or shifts alone; requests stay, as of anybody who is not there."""
        return self._morning.model_copy(update={"workers": (), "companions": (), "shifts": (), **parts})

    def _compiled(self, part: Morning) -> Columns:
        """Columns of a part of the morning, with the groups and attributes of all."""
        asked = tuple(each for each in part.requests if each.shift_id is None)
        return alike(columns_of(part.model_copy(update={"requests": asked})).unlabelled, self._columns)

    def _points(self, columns: Columns) -> dict[tuple[str, str], int]:
        """Points of every pair of the columns that no rule refuses."""
        pairs = Pairs(columns, self._travel, *_all_pairs(columns))
        for rule in self._rules:
            if rule_severity(rule, columns) == "block" and len(pairs):
                pairs = pairs.take(apply_rule(rule, columns, pairs))
        points = self._policy.points(columns, pairs).tolist()
        names = zip(pairs.worker.tolist(), pairs.shift.tolist(), points, strict=True)
        workers, shifts = columns.worker_ids, columns.shift_ids
        return {(workers[i], shifts[j]): value for i, j, value in names}


def _all_pairs(columns: Columns) -> tuple[IndexArray, IndexArray]:
    worker = np.repeat(np.arange(columns.n_workers), columns.n_shifts)
    return worker, np.tile(np.arange(columns.n_shifts), columns.n_workers)
