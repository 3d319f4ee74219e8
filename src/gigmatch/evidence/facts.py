"""What follows from the morning and its rules alone: who is eligible where, and who is refused by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from gigmatch.assignment import Assignment
from gigmatch.assignment.case import Case
from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int64Array
from gigmatch.errors import CertificateError, InvalidInputError
from gigmatch.evidence.added_workers import Desk, Newcomer
from gigmatch.evidence.data import NoEligibleShift, NoEligibleWorker, NotEligible, Promised
from gigmatch.evidence.parts import Holder, Refusal
from gigmatch.evidence.recourse import plain, smallest_changes
from gigmatch.model import Morning
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.pairing.rules import Rule, apply_rule, explain_rule, rule_name, rule_sentence, rule_severity
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel
from gigmatch.problem import Problem, verify

__all__ = ["Facts", "known"]


@dataclass(frozen=True, eq=False)
class Facts:
    """A morning, every eligible pair of it, and an assignment.

    Made by `Facts.of`.
    """

    morning: Morning | Columns
    case: Case
    eligible: Eligible
    problem: Problem
    assignment: Assignment

    @classmethod
    def of(
        cls,
        morning: Morning | Columns,
        assignment: Assignment,
        *,
        rules: Sequence[Rule] = (),
        scorers: Sequence[Scorer] = (),
        travel: Travel | None = None,
    ) -> Self:
        """Make the pairs anew, or take those that the assignment was solved from if it still holds all.

        Parameters
        ----------
        morning : Morning or Columns
            What the assignment was made from.
        assignment : Assignment
            Of that morning.
        rules, scorers, travel
            The user's own, as for ``gigmatch.check``.

        Raises
        ------
        CertificateError
            The assignment was made from another morning, or its certificates do not prove what it claims.
        """
        case = Case.of(morning, assignment, rules=rules, scorers=scorers, travel=travel)
        held = assignment.prepared.eligible if assignment.prepared else None
        if held is None or len(held.shift) != int(held.shifts_of.sum()):
            held = case.eligible()
        problem, solution = case.problem(held), assignment.solution
        verify(problem, solution)
        if not np.array_equal(assignment.shift, np.where(case.kept >= 0, case.kept, solution.shift)):
            raise CertificateError("shift does not follow from the solution and the promises: it was altered")
        return cls(morning, case, held, problem, assignment)

    @property
    def columns(self) -> Columns:
        """The morning's columns."""
        return self.case.columns

    def worker(self, worker_id: str) -> int:
        """Row of a worker; raises InvalidInputError for one that is not in the morning."""
        return _row("worker_id", worker_id, self.columns.worker_row)

    def shift(self, shift_id: str) -> int:
        """Row of a shift; raises InvalidInputError for one that is not in the morning."""
        return _row("shift_id", shift_id, self.columns.shift_row)

    def names(self, workers: npt.NDArray[np.signedinteger]) -> tuple[str, ...]:
        """Ids of some workers, by row."""
        return tuple(self.columns.worker_ids[row] for row in workers.tolist())

    def shift_names(self, shifts: npt.NDArray[np.signedinteger]) -> tuple[str, ...]:
        """Ids of some shifts, by row."""
        return tuple(self.columns.shift_ids[row] for row in shifts.tolist())

    def position(self, worker: int, shift: int) -> int:
        """Where a pair stands in the problem, -1 if it is not there: not eligible, barred or promised."""
        low, high = self.problem.indptr[worker : worker + 2].tolist()
        at = low + int(np.searchsorted(self.problem.shift[low:high], shift))
        return at if at < high and self.problem.shift[at] == shift else -1

    def pairs(self, workers: IndexArray, shifts: IndexArray) -> Pairs:
        """Any pairs, for rules and scorers."""
        return Pairs(self.columns, self.case.travel, workers, shifts)

    @cached_property
    def desk(self) -> Desk:
        """Where people come who are not in the morning yet; raises UnsupportedError for columns alone."""
        return Desk(self.morning, self.case)

    @cached_property
    def least_multipliers(self) -> dict[str, int]:
        """By level: a multiplier of those above that all weights of everybody here, and of one more, do not
        outweigh.
        """
        people = self.columns.n_workers + 1
        return {name: 1 + people * most for name, most in self.case.policy.most.items()}

    @property
    def are_seats_proved(self) -> bool:
        """Whether the seats are proved to be filled as well as can be."""
        proved = {proof.level for proof in self.assignment.certificates}
        return self.problem.fills_seats and self.problem.weighted[0].name in proved

    @cached_property
    def blocking(self) -> tuple[Rule, ...]:
        """The rules that block, in their order."""
        return tuple(rule for rule in self.case.rules if rule_severity(rule, self.columns) == "block")

    def refused(self, pairs: Pairs) -> BoolArray:
        """Which rule refuses which pair: bool[n_rules, n_pairs], rules as in ``blocking``."""
        verdicts = [~apply_rule(rule, pairs.columns, pairs) for rule in self.blocking]
        return np.array(verdicts, dtype=bool).reshape(len(self.blocking), len(pairs))

    @cached_property
    def promised_seats(self) -> Int64Array:
        """Seats of every shift that were promised beforehand: int64[n_shifts]."""
        kept = self.case.kept
        return np.bincount(kept[kept >= 0], minlength=self.columns.n_shifts)

    def is_barred(self, worker: int, shift: int) -> bool:
        """Whether the market barred the pair."""
        return bool((self.case.barred == (worker, shift)).all(axis=1).any())

    def points(self, worker: int, shift: int) -> float:
        """Points of an eligible pair; raises InvalidInputError for any other."""
        low, high = self.eligible.indptr[worker : worker + 2].tolist()
        at = low + int(np.searchsorted(self.eligible.shift[low:high], shift))
        if at == high or self.eligible.shift[at] != shift:
            ids = self.columns.worker_ids[worker], self.columns.shift_ids[shift]
            raise InvalidInputError(f"{ids[0]!r} is not eligible for {ids[1]!r}: the pair has no points")
        return int(self.eligible.points[at]) / POINTS_SCALE

    def points_by_scorer(self, worker: int, shift: int) -> dict[str, float]:
        """Points of any pair by scorer."""
        pair = self.pairs(np.array([worker]), np.array([shift]))
        parts = self.case.policy.breakdown(self.columns, pair)[0] / POINTS_SCALE
        return dict(zip(self.case.policy.names, parts.tolist(), strict=True))

    def placement(self, worker: int) -> tuple[dict[str, float], float]:
        """Points by scorer and minutes of the way of somebody placed; made anew for all at once, once."""
        rows, parts, minutes = self._placements
        at = int(np.searchsorted(rows, worker))
        return dict(zip(self.case.policy.names, parts[at].tolist(), strict=True)), float(minutes[at])

    @cached_property
    def _placements(self) -> tuple[IndexArray, Float64Array, Float64Array]:
        """Rows of all who are placed, their points by scorer and the minutes of their ways."""
        rows = np.flatnonzero(self.assignment.shift >= 0)
        pairs = self.pairs(rows, self.assignment.shift[rows].astype(np.intp))
        return rows, self.case.policy.breakdown(self.columns, pairs) / POINTS_SCALE, pairs.minutes

    def holders(self, shift: int) -> tuple[Holder, ...]:
        """Who has the seats of a shift, in order of row."""
        rows = np.flatnonzero(self.assignment.shift == shift)
        return tuple(
            Holder(worker_id=key, points=self.points(row, shift), promised=bool(self.case.kept[row] >= 0))
            for row, key in zip(rows.tolist(), self.names(rows), strict=True)
        )

    def promised(self, worker: int, shift: int) -> Promised | None:
        """The promise that stands in the way of an eligible pair, if there is one."""
        if self.case.kept[worker] < 0 and self.case.seats[shift] > 0:
            return None
        return Promised(
            worker_id=self.columns.worker_ids[worker],
            shift_id=self.columns.shift_ids[shift],
            what="the worker" if self.case.kept[worker] >= 0 else "every seat",
        )

    def not_eligible(self, worker: int, shift: int) -> NotEligible | None:
        """Every rule that refuses a pair, and a smallest set of changes; None for an eligible pair."""
        pair = self.pairs(np.array([worker]), np.array([shift]))
        refused, barred = self.refused(pair)[:, 0], self.is_barred(worker, shift)
        if not refused.any() and not barred:
            return None
        return NotEligible(
            worker_id=self.columns.worker_ids[worker],
            shift_id=self.columns.shift_ids[shift],
            refusals=tuple(
                Refusal(
                    rule=rule_name(rule),
                    sentence=rule_sentence(rule),
                    values=plain(explain_rule(rule, self.columns, pair).values),
                )
                for rule, no in zip(self.blocking, refused, strict=True)
                if no
            ),
            barred=barred,
            changes=smallest_changes(self.morning, self.case, worker, shift),
        )

    def no_eligible_shift(self, worker: int) -> NoEligibleShift:
        """What refuses a worker everywhere, each rule in all and alone."""
        shifts = np.arange(self.columns.n_shifts)
        barred = np.unique(self.case.barred[self.case.barred[:, 0] == worker, 1])
        pairs = self.pairs(np.full(len(shifts), worker), shifts)
        return self._no_shift(self.columns.worker_ids[worker], pairs, barred)

    def no_shift_for_newcomer(self, newcomer: Newcomer) -> NoEligibleShift:
        """What refuses a newcomer everywhere; nobody barred somebody who was not there."""
        worker = newcomer.worker
        found = self._no_shift(worker.id, newcomer.pairs, np.zeros(0, np.int64))
        return found.model_copy(update={"newcomer": worker})

    def _no_shift(self, worker_id: str, pairs: Pairs, barred: IndexArray) -> NoEligibleShift:
        """Of all pairs of a worker: what each rule refuses in all and alone."""
        refused = self.refused(pairs)
        by = refused.sum(axis=0)
        return NoEligibleShift(
            worker_id=worker_id,
            shifts=len(pairs),
            refused_by=self._counts(refused.sum(axis=1)),
            refused_by_it_alone=self._counts((refused & (by == 1)).sum(axis=1)),
            barred=int((by[barred] == 0).sum()),
        )

    def no_eligible_worker(self, shift: int) -> NoEligibleWorker:
        """What leaves a shift without anybody, each rule alone and in order."""
        workers = np.arange(self.columns.n_workers)
        refused = self.refused(self.pairs(workers, np.full(len(workers), shift)))
        before = np.logical_or.accumulate(np.vstack([np.zeros((1, len(workers)), bool), refused]))[:-1]
        barred = np.unique(self.case.barred[self.case.barred[:, 1] == shift, 0])
        return NoEligibleWorker(
            shift_id=self.columns.shift_ids[shift],
            workers=len(workers),
            removed_alone=self._counts(refused.sum(axis=1)),
            removed_in_order=self._counts((refused & ~before).sum(axis=1)),
            barred=int((~refused[:, barred].any(axis=0)).sum()),
        )

    def _counts(self, counts: npt.NDArray[np.signedinteger]) -> dict[str, int]:
        names = [rule_name(rule) for rule in self.blocking]
        return {name: int(n) for name, n in zip(names, counts.tolist(), strict=True) if n}


def known(minutes: float) -> float | None:
    """Minutes of a way, None where there is none."""
    return minutes if np.isfinite(minutes) else None


def _row(name: str, key: Any, rows: Any) -> int:
    if key not in rows:
        raise InvalidInputError(f"{name} {key!r} is not in the morning")
    return int(rows[key])
