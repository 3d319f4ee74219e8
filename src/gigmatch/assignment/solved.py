"""One solved morning: made once, and taken as it is by all that explains, checks and shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, cast

import numpy as np

from gigmatch.assignment.assignment import Assignment
from gigmatch.assignment.entries import RequestOutcome, SoftViolation, WaitingCount
from gigmatch.assignment.instance import Instance, columns_as
from gigmatch.assignment.restoring import refuse_other, restore_instance, restore_plugins
from gigmatch.assignment.summary import Summary, summarise
from gigmatch.assignment.two_sided import TwoSided
from gigmatch.assignment.verifying import verify_chosen
from gigmatch.columns import Columns, Labels, Relation, labels_of
from gigmatch.core.arrays import BoolArray, IndexArray, Int32Array, Int64Array
from gigmatch.core.limits import Limits
from gigmatch.core.statistics import Stages
from gigmatch.errors import CertificateError, InvalidInputError, UnsupportedError
from gigmatch.model import Morning, Shift, Worker
from gigmatch.pairing.candidates import BYTES_PER_PAIR
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.people import known_days
from gigmatch.pairing.plans import warned_plans
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.pairing.rules import (
    Rule,
    apply_rule,
    describe_rule,
    rule_name,
    rule_severity,
    told_by,
)
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.succession import SuccessionRule, describe_succession
from gigmatch.pairing.travel import Travel, describe_travel
from gigmatch.problem import Problem, Solution, verify
from gigmatch.problem.plans import PlanProblem, PlanSolution, verify_plans, whole_only

__all__ = ["SolvedMorning"]


@dataclass(frozen=True, eq=False)
class SolvedMorning:
    """A morning, its instance, its eligible pairs, its problem and the solution.

    `from_solution` makes one where a morning is solved; `of` finds that of an assignment, or makes it anew
    from a morning and an assignment that was loaded. What costs something and is not there yet is made when
    it is asked for first: placements can be shown without any pair.
    """

    morning: Morning | Columns
    """As it came."""
    columns: Columns
    worker: Int32Array
    """Worker row of each placement, ascending, promised ones included: int32[n_placements]."""
    shift: Int32Array
    """Shift row of each placement: int32[n_placements]."""
    answer: Solution | PlanSolution
    source: Instance | partial[Instance]
    """The instance, or what makes it where it is asked for."""
    held: tuple[Eligible, Problem | PlanProblem] | None = None
    """The pairs it was solved from, perhaps not all, and their problem; None where it was made anew."""

    @classmethod
    def from_solution(
        cls, instance: Instance, eligible: Eligible, problem: Problem, solution: Solution
    ) -> SolvedMorning:
        """Put a solution beside what it solves; promised pairs are placements, too.

        Parameters
        ----------
        instance : Instance
            What was solved.
        eligible : Eligible
            The pairs that were held in the end.
        problem : Problem
            Of these pairs.
        solution : Solution
            Verified.
        """
        at = instance.with_promises(solution.shift)
        worker = np.flatnonzero(at >= 0).astype(np.int32)
        held = eligible, problem
        return cls(instance.morning, instance.columns, worker, at[worker], solution, instance, held)

    @classmethod
    def from_plans(
        cls, instance: Instance, eligible: Eligible, problem: PlanProblem, solution: PlanSolution
    ) -> SolvedMorning:
        """Put an answer of plans and teams beside what it solves, as `from_solution` does."""
        placed, held = (solution.worker, solution.shift), (eligible, problem)
        return cls(instance.morning, instance.columns, *placed, solution, instance, held)

    @classmethod
    def of(
        cls,
        assignment: Assignment,
        *,
        morning: Morning | Columns | None = None,
        rules: Sequence[Rule] = (),
        scorers: Sequence[Scorer] = (),
        travel: Travel | None = None,
    ) -> SolvedMorning:
        """Find the solved morning of an assignment, or make it anew for one that was loaded.

        Parameters
        ----------
        assignment : Assignment
            Just made, or loaded from a file.
        morning : Morning or Columns, optional
            What it was made from; a loaded assignment needs it.
        rules, scorers, travel
            The user's own that a loaded assignment names, as for ``gigmatch.check``.

        Raises
        ------
        InvalidInputError
            There is no morning, the assignment was made from another one, or something is of another kind.
        """
        if not isinstance(assignment, Assignment):
            raise InvalidInputError("wrong_type", name="assignment", kinds="Assignment", value=assignment)
        if morning is not None and not isinstance(morning, Morning | Columns):
            raise InvalidInputError("no_morning", value=morning)
        solved = assignment.solved
        if solved is None and morning is None:
            raise InvalidInputError("morning_missing")
        if solved is None:
            assert morning is not None
            refuse_other(morning, assignment)
            return cls._restored(morning, assignment, rules, scorers, travel)
        if rules or scorers or travel:
            restore_plugins(assignment, rules, scorers, travel)  # refuses what is not what it was made with
        if morning is None or morning is solved.morning:
            return solved
        refuse_other(morning, assignment)
        return solved._with_objects(morning)

    def _with_objects(self, morning: Morning | Columns) -> SolvedMorning:
        """The same with the morning's objects, where it was solved as columns and they are given now."""
        if self.objects or not isinstance(morning, Morning):
            return self
        return replace(self, morning=morning, source=replace(self.instance, morning=morning))

    @classmethod
    def _restored(
        cls,
        morning: Morning | Columns,
        assignment: Assignment,
        rules: Sequence[Rule],
        scorers: Sequence[Scorer],
        travel: Travel | None,
    ) -> SolvedMorning:
        columns = columns_as(morning).unlabelled
        return cls(
            morning,
            columns,
            assignment.placed_worker,
            assignment.placed_shift,
            assignment.solution,
            partial(
                restore_instance,
                morning,
                assignment,
                rules=rules,
                scorers=scorers,
                travel=travel,
                columns=columns,
            ),
        )

    # -- what it was solved as ------------------------------------------------------------------------------

    @cached_property
    def instance(self) -> Instance:
        """Rules, policy, travel, promises and candidates."""
        return self.source if isinstance(self.source, Instance) else self.source()

    @cached_property
    def eligible(self) -> Eligible:
        """Every eligible pair, with its points.

        Raises
        ------
        TooLargeError
            Not all were held when it was solved, and all would not fit into memory.
        """
        if self.held is not None and self.held[0].is_whole:
            return self.held[0]
        self.instance.candidates.refuse_too_large(Limits(), lambda n: n * BYTES_PER_PAIR)
        return self.instance.eligible()

    @property
    def solution(self) -> Solution:
        """The solution of a plain problem.

        Raises
        ------
        UnsupportedError
            It is one of plans and teams.
        """
        if isinstance(self.answer, PlanSolution):
            raise UnsupportedError("solution_of_plans")
        return self.answer

    @cached_property
    def problem(self) -> Problem:
        """The plain problem over all eligible pairs.

        Raises
        ------
        CertificateError
            The solution was loaded, and does not prove what it claims.
        UnsupportedError
            It was solved as one of plans and teams.
        """
        solution = self.solution
        if self.held is not None and self.held[0].is_whole:
            assert isinstance(self.held[1], Problem)
            return self.held[1]
        problem = self.instance.problem(self.eligible)
        if self.held is None:
            verify(problem, solution)
            verify_chosen(self.instance, solution)
            if not self._follows():
                raise CertificateError("shift_altered")
        return problem

    @cached_property
    def plan_problem(self) -> PlanProblem:
        """The problem of plans and teams over all eligible pairs; raises as `problem`, for a plain one."""
        if not isinstance(self.answer, PlanSolution):
            raise UnsupportedError("solution_of_no_plans")
        if self.held is not None and self.held[0].is_whole:
            assert isinstance(self.held[1], PlanProblem)
            return self.held[1]
        problem = self.instance.plan_problem(self.eligible)
        if self.held is None:
            verify_plans(problem, self.answer)
            if not self._follows():
                raise CertificateError("shift_altered")
        return problem

    @property
    def has_prices(self) -> bool:
        """Whether one price a seat proves each level: there are no plans, and nobody has several shifts."""
        return self.is_plain and not self.has_plans

    @property
    def has_plans(self) -> bool:
        """Whether it was solved as a problem of plans and teams."""
        return isinstance(self.answer, PlanSolution)

    def verified(self) -> SolvedMorning:
        """Return it if its solution was verified; a loaded one is, and raises CertificateError otherwise."""
        if self.held is None:
            _ = self.plan_problem if self.has_plans else self.problem
        return self

    def _follows(self) -> bool:
        """Whether the placements are those of the solution and the promises."""
        if isinstance(self.answer, PlanSolution):
            placed = (self.answer.worker, self.worker), (self.answer.shift, self.shift)
            return all(np.array_equal(*each) for each in placed)
        at = self.instance.with_promises(self.solution.shift)
        worker = np.flatnonzero(at >= 0)
        return np.array_equal(worker, self.worker) and np.array_equal(at[worker], self.shift)

    @cached_property
    def sides(self) -> TwoSided:
        """What workers and employers like, where the answer is a stable one.

        Raises
        ------
        UnsupportedError
            It was not chosen by what they like.
        """
        stable = self.instance.stable
        if stable is None:
            raise UnsupportedError("not_stable")
        return TwoSided(self.instance, stable.preferences)

    @property
    def is_optimal(self) -> bool:
        """Whether every level is proved."""
        return self.answer.status == "optimal"

    # -- placements -----------------------------------------------------------------------------------------

    @cached_property
    def pairs_placed(self) -> Pairs:
        """The placements, for rules and scorers."""
        return self.pairs(self.worker.astype(np.intp), self.shift.astype(np.intp))

    @cached_property
    def is_plain(self) -> bool:
        """Whether nobody has more than one shift."""
        return not (np.diff(self.worker) == 0).any()

    @cached_property
    def at(self) -> Int32Array:
        """Shift row of each worker, -1 for none: int32[n_workers]; UnsupportedError if one has several."""
        if not self.is_plain:
            raise UnsupportedError("no_reasons_with_several_shifts")
        at = np.full(self.columns.n_workers, -1, np.int32)
        at[self.worker] = self.shift
        return at

    @cached_property
    def is_waiting(self) -> BoolArray:
        """Whether each worker has no shift: bool[n_workers]."""
        waiting = np.ones(self.columns.n_workers, dtype=bool)
        waiting[self.worker] = False
        return waiting

    @cached_property
    def missing(self) -> Int64Array:
        """People that a shift which comes whole needs before it takes place, else 0: int64[n_shifts]."""
        shifts = self.columns.shifts
        least = np.where((shifts.crew >= 0) | (shifts.minimum_headcount > 1), shifts.minimum_headcount, 0)
        missing: Int64Array = np.maximum(least - self.filled, 0)
        return missing

    @cached_property
    def filled(self) -> Int64Array:
        """Seats taken of each shift: int64[n_shifts]."""
        return np.bincount(self.shift, minlength=self.columns.n_shifts).astype(np.int64)

    @cached_property
    def open(self) -> Int64Array:
        """Empty seats of each shift: int64[n_shifts]."""
        return self.columns.shifts.capacity - self.filled

    @cached_property
    def points_placed(self) -> Int64Array:
        """Points of each placement by scorer, in hundredths: int64[n_placements, n_scorers]."""
        return self.instance.policy.breakdown(self.columns, self.pairs_placed)

    def placement(self, worker: int) -> tuple[dict[str, float], float]:
        """Points by scorer and minutes of the way of somebody placed."""
        row = int(np.searchsorted(self.worker, worker))
        parts = (self.points_placed[row] / POINTS_SCALE).tolist()
        return dict(zip(self.instance.policy.names, parts, strict=True)), float(
            self.pairs_placed.minutes[row]
        )

    # -- rows and ids ---------------------------------------------------------------------------------------

    def worker_row(self, worker_id: str) -> int:
        """Row of a worker; raises InvalidInputError for one that is not in the morning."""
        return _row("worker_id", worker_id, self.columns.worker_row)

    def shift_row(self, shift_id: str) -> int:
        """Row of a shift; raises InvalidInputError for one that is not in the morning."""
        return _row("shift_id", shift_id, self.columns.shift_row)

    def names(self, workers: IndexArray | Int64Array | Int32Array) -> tuple[str, ...]:
        """Ids of some workers, by row."""
        return tuple(self.columns.worker_ids[row] for row in workers.tolist())

    def shift_names(self, shifts: IndexArray | Int64Array | Int32Array) -> tuple[str, ...]:
        """Ids of some shifts, by row."""
        return tuple(self.columns.shift_ids[row] for row in shifts.tolist())

    # -- pairs ----------------------------------------------------------------------------------------------

    def pairs(self, workers: IndexArray | Int64Array, shifts: IndexArray | Int64Array) -> Pairs:
        """Any pairs, for rules and scorers."""
        return Pairs(self.columns, self.instance.travel, workers, shifts)

    def position(self, worker: int, shift: int) -> int:
        """Where a pair stands in the problem, -1 if it is not there: not eligible, barred or promised."""
        return _position(self.problem.indptr, self.problem.shift, worker, shift)

    def points(self, worker: int, shift: int) -> float:
        """Points of an eligible pair; raises InvalidInputError for any other."""
        at = _position(self.eligible.indptr, self.eligible.shift, worker, shift)
        if at < 0:
            ids = self.columns.worker_ids[worker], self.columns.shift_ids[shift]
            raise InvalidInputError("pair_has_no_points", worker=ids[0], shift=ids[1])
        return int(self.eligible.points[at]) / POINTS_SCALE

    def points_by_scorer(self, worker: int, shift: int) -> dict[str, float]:
        """Points of any pair by scorer."""
        pair = self.pairs(np.array([worker]), np.array([shift]))
        parts = self.instance.policy.breakdown(self.columns, pair)[0] / POINTS_SCALE
        return dict(zip(self.instance.policy.names, parts.tolist(), strict=True))

    @cached_property
    def blocking(self) -> tuple[Rule, ...]:
        """The rules that block, in their order."""
        return tuple(rule for rule in self.instance.rules if rule_severity(rule, self.columns) == "block")

    def refused(self, pairs: Pairs) -> BoolArray:
        """Which rule refuses which pair: bool[n_rules, n_pairs], rules as in ``blocking``."""
        verdicts = [~apply_rule(rule, pairs.columns, pairs) for rule in self.blocking]
        return np.array(verdicts, dtype=bool).reshape(len(self.blocking), len(pairs))

    @cached_property
    def least_multipliers(self) -> dict[str, int]:
        """By level: a multiplier of those above that all weights of everybody here, and of one more, do not
        outweigh.
        """
        people = self.columns.n_workers + 1
        return {name: 1 + people * most for name, most in self.instance.policy.most.items()}

    @property
    def are_seats_proved(self) -> bool:
        """Whether the seats are proved to be filled as well as can be."""
        if isinstance(self.answer, PlanSolution):
            return self.answer.are_seats_closed
        proved = {proof.level for proof in self.solution.certificates}
        return self.problem.fills_seats and self.problem.weighted[0].name in proved

    def is_promised(self, worker: int) -> bool:
        """Whether a worker was promised a shift beforehand."""
        return bool(self.instance.kept[worker] >= 0)

    def is_barred(self, worker: int, shift: int) -> bool:
        """Whether the market barred the pair."""
        return bool((self.instance.barred == (worker, shift)).all(axis=1).any())

    @cached_property
    def promised_seats(self) -> Int64Array:
        """Seats of every shift that were promised beforehand: int64[n_shifts]."""
        return self.columns.shifts.capacity - self.instance.seats

    # -- whom employers asked for by name -------------------------------------------------------------------

    @cached_property
    def requests(self) -> tuple[RequestOutcome, ...]:
        """What became of every request for somebody here: for shifts, then for any of an employer's."""
        columns = self.columns
        asked, wanted = columns.requested_shift, columns.requested_employer
        of_shifts = (
            self._outcome(worker, np.array([shift]), shift_id=columns.shift_ids[shift])
            for worker, shift in _rows_of(asked)
        )
        of_employers = (
            self._outcome(
                worker,
                np.flatnonzero(columns.shifts.employer == employer),
                employer_id=columns.employer_ids[employer],
            )
            for worker, employer in _rows_of(wanted)
        )
        return (*of_shifts, *of_employers)

    def _outcome(
        self, worker: int, shifts: IndexArray, shift_id: str | None = None, employer_id: str | None = None
    ) -> RequestOutcome:
        """Of a request for any of some shifts."""
        outcome = partial(RequestOutcome, self.columns.worker_ids[worker], shift_id, employer_id)
        if np.isin(self.shift[self.worker == worker], shifts).any():
            return outcome("met", None)
        refused = self.refused(self.pairs(np.full(len(shifts), worker), shifts))
        may = shifts[~refused.any(axis=0)]
        if len(shifts) and not len(may):
            return outcome("refused", rule_name(self.blocking[int(np.argmax(refused[:, 0]))]))
        if len(may) and all(self.is_barred(worker, int(shift)) for shift in may):
            return outcome("barred", None)
        return outcome("missed", None)

    @cached_property
    def waiting(self) -> tuple[WaitingCount, ...]:
        """How those fare who have waited longest, the longest first; none where no level puts them first."""
        people = self.instance.policy.people
        return () if people is None else self.waiting_at_least(*reversed(people.shown))

    def waiting_at_least(self, *days: int) -> tuple[WaitingCount, ...]:
        """How those fare who have waited at least so many days, for each number of days."""
        known, first = known_days(self.columns), self._counted.first_come >= 0

        def count(at_least: int) -> WaitingCount:
            due = self._is_able & (known >= at_least)
            placed, first_come = (int((due & who).sum()) for who in (self._is_placed, first))
            return WaitingCount(at_least, int(due.sum()), placed, first_come)

        return tuple(map(count, days))

    @property
    def longest_wait(self) -> int | None:
        """Most days without work of anybody who could take a shift and has none; None without anybody."""
        left = known_days(self.columns)[self._is_able & ~self._is_placed]
        return int(left.max()) if len(left) else None

    @property
    def _counted(self) -> Eligible:
        """Pairs that say how many each has, perhaps not all held."""
        return self.eligible if self.held is None else self.held[0]

    @property
    def _is_able(self) -> BoolArray:
        return self._counted.shifts_of > 0

    @property
    def _is_placed(self) -> BoolArray:
        placed = np.zeros(self.columns.n_workers, np.bool_)
        placed[self.worker] = True
        return placed

    # -- what people read -----------------------------------------------------------------------------------

    @cached_property
    def skill_names(self) -> Mapping[str, str]:
        """Name of every skill by code; codes that have none name themselves."""
        return {code: code for code in self.columns.skill_codes} | dict(self.labels.skill_name)

    @cached_property
    def shifts_by_id(self) -> Mapping[str, Shift]:
        """Every shift of a `Morning`; empty for columns."""
        return {shift.id: shift for shift in self.objects.shifts} if self.objects else {}

    @cached_property
    def workers_by_id(self) -> Mapping[str, Worker]:
        """Every worker of a `Morning`; empty for columns."""
        return {worker.id: worker for worker in self.objects.workers} if self.objects else {}

    @cached_property
    def labels(self) -> Labels:
        """Names, contacts, titles and addresses, by row."""
        return labels_of(self.morning)

    @property
    def objects(self) -> Morning | None:
        """The morning as objects; None where it came as columns."""
        return self.morning if isinstance(self.morning, Morning) else None

    def skill_of(self, shift: int) -> str | None:
        """Name of the leading skill of a shift; None where it asks for none."""
        code = int(self.columns.shifts.leading_skill[shift])
        return None if code < 0 else self.skill_names[self.columns.skill_codes[code]]

    # -- the answer in ids ----------------------------------------------------------------------------------

    def assignment(self, digest: str | None = None, stages: Stages | None = None) -> Assignment:
        """Tell the answer in ids, with everything that follows from it.

        Parameters
        ----------
        digest : str, optional
            Of the morning, where it is known.
        stages : Stages, optional
            What it took so far; the answer is told what all of it took.
        """
        columns, instance = self.columns, self.instance
        held = self.held[0] if self.held is not None else self.eligible
        answer = Assignment(
            worker_ids=columns.worker_ids,
            shift_ids=columns.shift_ids,
            headcount=columns.shifts.capacity,
            tier=columns.shifts.tier,
            placed_worker=self.worker,
            placed_shift=self.shift,
            eligible_shifts=held.shifts_of,
            eligible_workers=held.workers_of,
            scorers=instance.policy.names,
            points_by_scorer=self.points_placed,
            minutes=self.pairs_placed.minutes,
            pay_total=columns.shifts.pay_total[self.shift],
            keep=instance.keep,
            forbid=instance.forbid,
            warnings=tuple(self._soft_violations()),
            baseline=self._summary(self._first_come(held)),
            solution=self.answer,
            policy=instance.policy.describe(),
            rules=tuple(describe_rule(rule, columns) for rule in instance.rules),
            travel=describe_travel(instance.travel),
            morning_digest=digest or self.morning.digest(),
            currency=columns.currency,
            mechanism=instance.chosen.describe(),
            succession=self._succession,
        )
        if stages is not None:
            object.__setattr__(answer, "statistics", stages.statistics())
        object.__setattr__(answer, "solved", self)
        return answer

    def _first_come(self, held: Eligible) -> Int32Array:
        """Shift of every worker, first come, first served; nobody goes where a team or group is not whole."""
        return whole_only(self.plan_problem, held.first_come) if self.has_plans else held.first_come

    @property
    def _succession(self) -> tuple[dict[str, Any], ...]:
        rules = self.instance.succession if self.has_plans else ()
        return tuple(describe_succession(rule, self.columns) for rule in rules)

    def _summary(self, at: Int32Array) -> Summary:
        """Headline figures of one shift a worker, -1 for none."""
        columns, worker = self.columns, np.flatnonzero(at >= 0)
        placed = self.pairs(worker, at[worker].astype(np.intp))
        return summarise(
            columns.n_workers,
            columns.shifts.capacity,
            columns.shifts.tier,
            at[worker],
            self.instance.policy.points(columns, placed),
            placed.minutes,
            columns.shifts.pay_total[placed.shift],
        )

    def _soft_violations(self) -> Iterable[SoftViolation]:
        rules, columns = self.instance.rules, self.columns
        over = self._warned_plans(rules, ())
        for rule in rules:
            if rule_severity(rule, columns) == "warn":
                broken = ~apply_rule(rule, columns, self.pairs_placed)
                if (workers := over.get(rule_name(rule))) is not None:
                    broken |= np.isin(self.worker, workers)
                yield from self._soft_violation(rule, broken)
        after = self._warned_plans((), self.instance.succession)
        for step in self.instance.succession:
            rule = cast(Rule, step)  # named, told and severe as rules on pairs are
            if (workers := after.get(rule_name(rule))) is not None:
                yield from self._soft_violation(rule, np.isin(self.worker, workers))

    def _warned_plans(
        self, rules: Sequence[Rule], succession: Sequence[SuccessionRule]
    ) -> Mapping[str, Int64Array]:
        """Who breaks which rule that warns with several shifts together, by its name."""
        if self.is_plain:
            return {}
        return warned_plans(self.columns, rules, succession, self.worker, self.shift)

    def _soft_violation(self, rule: Rule, broken: BoolArray) -> Iterable[SoftViolation]:
        """A rule with the placements that break it, if there are any."""
        if broken.any():
            ids = self.names(self.worker[broken]), self.shift_names(self.shift[broken])
            yield SoftViolation(rule_name(rule), told_by(rule), tuple(zip(*ids, strict=True)))


def _rows_of(relation: Relation) -> Iterable[tuple[int, int]]:
    """Worker and other of every pair of a relation."""
    worker, other = np.divmod(relation.key, max(relation.n_others, 1))
    return zip(worker.tolist(), other.tolist(), strict=True)


def _row(name: str, key: Any, rows: Mapping[str, int]) -> int:
    if key not in rows:
        raise InvalidInputError("unknown_id", kind=name, id=key)
    return int(rows[key])


def _position(indptr: Int64Array, shift: Int32Array, worker: int, wanted: int) -> int:
    """Where a pair stands in rows by worker with shifts ascending, -1 if it is not there."""
    low, high = indptr[worker : worker + 2].tolist()
    at = low + int(np.searchsorted(shift[low:high], wanted))
    return at if at < high and shift[at] == wanted else -1
