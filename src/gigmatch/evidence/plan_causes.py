"""What stands in the way of a pair that no answer of plans and teams has: the first thing that tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import Int64Array
from gigmatch.evidence.plan_parts import PlanCause
from gigmatch.model.working_time import HOUR_PARTS
from gigmatch.pairing.rules import rule_name, rule_severity
from gigmatch.pairing.succession import SuccessionRule, apply_succession, minutes_needed
from gigmatch.problem.plans import NOTHING, TAKEN, best_plans

__all__ = ["cause_of", "refusing"]


def cause_of(solved: SolvedMorning, worker: int, shift: int) -> PlanCause:
    """Tell what stands in the way of a pair, of which it is proved that no answer has it.

    Looked for in this order: promised seats, what the worker was promised, who goes together with the
    worker, who may come to the shift and its crew. What none of these tells comes of all together.

    Parameters
    ----------
    solved : SolvedMorning
        Of plans.
    worker, shift : int
        Rows of an eligible pair.
    """
    return next(_Causes(solved, worker, shift).every(), PlanCause(what="together"))


def refusing(solved: SolvedMorning, worker: int, first: int, second: int) -> tuple[SuccessionRule, ...]:
    """Rules of succession that refuse one shift after another; none where times overlap, which needs no rule.

    Parameters
    ----------
    solved : SolvedMorning
        Of plans.
    worker, first, second : int
        Rows, shifts in order of time.
    """
    columns = solved.columns
    if columns.shifts.start_min[second] < columns.shifts.end_min[first]:
        return ()
    rows = [np.array([row]) for row in (worker, first, second)]
    rules = solved.instance.succession
    return tuple(rule for rule in rules if not apply_succession(rule, columns, *rows)[0])


class _Causes:
    """What stands in the way of one pair."""

    def __init__(self, solved: SolvedMorning, worker: int, shift: int) -> None:
        self.solved, self.problem = solved, solved.plan_problem
        self.worker, self.shift = worker, shift
        self.pairs = self.problem.pairs
        self.pair = int(self.pairs.find([worker], [shift])[0])
        self.kept_worker = self.pairs.workers_of(self.problem.kept)
        self.kept_shift = self.pairs.shift[self.problem.kept]

    def every(self) -> Iterator[PlanCause]:
        """All that there are, in order."""
        yield from self._seats()
        yield from self._own_day()
        yield from self._companions()
        yield from self._team()

    def _seats(self) -> Iterator[PlanCause]:
        """Others were promised so many seats that there is none, or too few for all who go together."""
        group = self.problem.group
        alone = group[self.worker] < 0 or self.problem.group_in_crew[group[self.worker]]
        coming = np.array([self.worker]) if alone else np.flatnonzero(group == group[self.worker])
        there = self.kept_worker[self.kept_shift == self.shift]
        promised, seats = int((~np.isin(there, coming)).sum()), int(self.pairs.capacity[self.shift])
        if promised + len(coming) > seats:
            yield PlanCause(
                what="seats",
                counts={"coming": len(coming), "promised": promised, "seats": seats},
            )

    def _own_day(self) -> Iterator[PlanCause]:
        """What the worker was promised leaves no such day."""
        own = self.kept_shift[self.kept_worker == self.worker].tolist()
        if not own or self._has_day():
            return
        most = int(self.problem.most_shifts[self.worker])
        if len(own) >= most:
            yield PlanCause(what="most_shifts", shift_id=self._id(own[0]), figures={"most": most})
        yield from self._clashes(own)
        yield from self._limits(own)

    def _has_day(self) -> bool:
        """Whether some plan has all that was promised, and the pair."""
        row = slice(*self.pairs.indptr[self.worker : self.worker + 2].tolist())
        state = np.where(self.problem.is_kept[row], TAKEN, 0).astype(np.int8)
        state[self.pair - row.start] = TAKEN
        found = best_plans(self.problem, np.array([self.worker]), np.zeros(len(state), np.int64), state)
        return bool(found.value[0] != NOTHING)

    def _clashes(self, own: Sequence[int]) -> Iterator[PlanCause]:
        """A promised shift beside which there can be no other, with the time that is there and is needed."""
        shifts, rank = self.solved.columns.shifts, self.problem.rank
        for other in sorted(own, key=rank.__getitem__):
            first, second = sorted((other, self.shift), key=rank.__getitem__)
            gap = int(shifts.start_min[second]) - int(shifts.end_min[first])
            if gap < 0:
                yield PlanCause(what="times", shift_id=self._id(other))
            for rule in refusing(self.solved, self.worker, first, second):
                needed = minutes_needed(rule, self.solved.columns, self.worker, first, second)
                known = {} if needed is None else {"minutes_needed": needed}
                yield PlanCause(
                    what="succession",
                    shift_id=self._id(other),
                    rule=rule_name(rule),  # type: ignore[arg-type]
                    figures={"minutes_there": gap} | known,
                )

    def _limits(self, own: Sequence[int]) -> Iterator[PlanCause]:
        """What is promised and the shift are more hours together than a rule leaves."""
        day = np.array([*own, self.shift])
        rules: Any = self.solved.instance.rules
        for rule in rules:
            if not hasattr(rule, "plan_limits") or rule_severity(rule, self.solved.columns) != "block":
                continue
            for limit in rule.plan_limits(self.solved.columns):
                classes = np.zeros(len(day), np.int64) if limit.of_class is None else limit.of_class[day]
                counted = day[classes == classes[-1]]
                asked = np.array([self.worker]), np.array([classes[-1]])
                most, used = int(limit.most(*asked)[0]), int(limit.amount[counted].sum())
                if 0 <= most < used:
                    figures = {"hours": used / HOUR_PARTS, "most": most / HOUR_PARTS}
                    yield PlanCause(what="limit", rule=rule_name(rule), figures=figures)

    def _companions(self) -> Iterator[PlanCause]:
        """Somebody who goes together with the worker may not go there, or was promised something else."""
        group = self.problem.group[self.worker]
        if group < 0:
            return
        goal = self.problem.crew if self.problem.group_in_crew[group] else np.arange(self.pairs.n_shifts)
        if goal[self.shift] < 0:
            yield PlanCause(what="no_crew")
            return
        there = goal == goal[self.shift]
        others = self.problem.group == group
        others[self.worker] = False
        for member in np.flatnonzero(others).tolist():
            name = self.solved.columns.worker_ids[member]
            row = self.pairs.shift[slice(*self.pairs.indptr[member : member + 2].tolist())]
            if not there[row].any():
                yield PlanCause(what="companion", worker_id=name)
            if not there[self.kept_shift[self.kept_worker == member]].all():
                yield PlanCause(what="companion_promised", worker_id=name)

    def _team(self) -> Iterator[PlanCause]:
        """Fewer may come to the shift, or to one of its crew, than it takes place with."""
        team: Int64Array = np.flatnonzero(self.problem.unit == self.problem.unit[self.shift])
        for row in team.tolist():
            may, needed = int(self.problem.pairs_of_shift[row]), int(self.problem.minimum[row])
            if may < needed:
                counts = {"eligible": may, "needed": needed}
                yield PlanCause(what="team", shift_id=self._id(row), counts=counts)

    def _id(self, shift: int) -> str:
        return self.solved.columns.shift_ids[shift]
