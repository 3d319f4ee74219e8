"""Reasons of plans and teams: another answer is looked for, in which what was asked for is so."""

from __future__ import annotations

from time import perf_counter
from typing import Final

import numpy as np

from gigmatch.core.limits import Limits
from gigmatch.errors import StoppedError, UnsupportedError
from gigmatch.evidence import data, refusals
from gigmatch.evidence.plan_causes import cause_of
from gigmatch.evidence.plan_parts import HeldShift, PlanProof, TriedShift
from gigmatch.evidence.plans import OtherPlans
from gigmatch.explaining.exchanges import with_pair, with_people
from gigmatch.problem.plans import PlanProblem, PlanSolution
from gigmatch.solvers.plans import solve_plans

__all__ = ["PlanReasons"]

_MOST_TRIED: Final = 8  # shifts of somebody who has none


class PlanReasons:
    """Gives the reasons of an answer of plans and teams.

    Where no other answer is found in time, the answer's own proof tells what is lost at least.

    Parameters
    ----------
    others : OtherPlans
        What other answers are asked for.
    limits : Limits
        Of all searches for one question together; `everything` is one.
    """

    def __init__(self, others: OtherPlans, limits: Limits) -> None:
        self.others, self.limits = others, limits
        self.solved = others.solved
        self._began = perf_counter()

    # -- questions ------------------------------------------------------------------------------------------

    def why_not(self, worker: int, shift: int) -> data.PlanOutbid | data.PlanImpossible:
        """Why an eligible pair is none of the answer."""
        self._begin()
        found, floor = self._best_with(worker, shift), self.others.pair_floor(worker, shift)
        if found is None:
            proof = None if floor is None else self._never(worker, shift)
            if floor is None or proof is not None:
                return self._impossible(worker, shift, proof)
            loss = self.others.floor_loss(floor)
        else:
            loss = self.others.loss(found, floor)
        columns = self.solved.columns
        return data.PlanOutbid(
            worker_id=columns.worker_ids[worker],
            shift_id=columns.shift_ids[shift],
            points=self.solved.points(worker, shift),
            verdict=loss.verdict,
            loss=loss,
            instead=self.others.day_ids(worker),
            clashes=self.others.clashes(worker, shift),
            proof=self._proof(found),
        )

    def why(self, worker: int) -> data.PlanHeld:
        """Why somebody has their day: each shift, and what the whole would lose if they did without it."""
        self._begin()
        return self._held(worker, *(self._with_loss(worker, one) for one in self.others.held(worker)))

    def why_unplaced(self, worker: int) -> data.PlanLeftOut | data.NoEligibleShift:
        """Why somebody has no shift."""
        self._begin()
        return self._unplaced(worker, most=_MOST_TRIED)

    def why_empty(self, shift: int) -> data.TeamOutbid | data.TeamShort | data.NoEligibleWorker:
        """Why nobody more comes to a shift."""
        self._begin()
        return self._empty(shift)

    def everything(self) -> tuple[data.Reason, ...]:
        """The reason for everybody and every open shift: workers in order of row, then shifts of id.

        Most by the answer's own proof; where that does not tell a loss, searches go on while there is time.
        """
        self._begin()
        open_shifts = np.flatnonzero(self.solved.open > 0).tolist()
        of_shifts = [self._known_empty(shift) for shift in open_shifts]
        of_workers = [self._known(worker) for worker in range(self.solved.columns.n_workers)]
        return (*of_workers, *of_shifts)

    # -- somebody -------------------------------------------------------------------------------------------

    def _known(self, worker: int) -> data.Reason:
        """By the answer's own proof, unless that tells no loss."""
        if not self.solved.is_waiting[worker]:
            return self._held(worker, *self.others.held(worker))
        told = self._unplaced(worker, most=0)
        is_open = isinstance(told, data.PlanLeftOut) and told.verdict == "open"
        return self._unplaced(worker, most=_MOST_TRIED) if is_open and self._has_time else told

    def _held(self, worker: int, *shifts: HeldShift) -> data.PlanHeld:
        return data.PlanHeld(
            worker_id=self.solved.columns.worker_ids[worker],
            shifts=shifts,
            words=self.solved.instance.policy.words,
        )

    def _with_loss(self, worker: int, one: HeldShift) -> HeldShift:
        if one.promised:
            return one
        asked = self.others.without_pair(worker, self.solved.shift_row(one.shift_id))
        found = self._best(asked, self.others.answer)
        if found is None:  # what was promised to others needs them there, or time is over
            return one
        told = {"without": self.others.loss(found, None), "proof": self._proof(found)}
        return one.model_copy(update=told)

    def _unplaced(self, worker: int, most: int) -> data.PlanLeftOut | data.NoEligibleShift:
        """Tried at so many shifts at most, until no other can lose less."""
        if not self.solved.eligible.shifts_of[worker]:
            return refusals.no_eligible_shift(self.solved, worker)
        found, told = dict[int, PlanSolution | None](), list[TriedShift]()
        known = self.others.left_out(worker, found)
        for shift in self.others.promising(worker)[:most]:
            if (known["loss"] is not None and known["loss"].is_exact) or not self._has_time:
                break
            other = self._best_with(worker, shift)
            proof = self._never(worker, shift) if other is None else self._proof(other)
            if proof is None:
                break
            found[shift] = other
            shift_id = self.solved.columns.shift_ids[shift]
            told.append(TriedShift(shift_id=shift_id, is_possible=other is not None, proof=proof))
            known = self.others.left_out(worker, found)
        return data.PlanLeftOut(
            worker_id=self.solved.columns.worker_ids[worker],
            companions=self.others.companions(worker),
            tried=tuple(told),
            **known,
        )

    def _impossible(self, worker: int, shift: int, proof: PlanProof | None) -> data.PlanImpossible:
        columns = self.solved.columns
        return data.PlanImpossible(
            worker_id=columns.worker_ids[worker],
            shift_id=columns.shift_ids[shift],
            points=self.solved.points(worker, shift),
            cause=cause_of(self.solved, worker, shift),
            proof=proof,
        )

    def _never(self, worker: int, shift: int) -> PlanProof | None:
        """The proof that no answer has a pair; None where there is one, or none was found in time."""
        found = self._counted(self.others.counting(worker, shift))
        return None if found is None or found.bound else self.others.proof(found)

    # -- a shift --------------------------------------------------------------------------------------------

    def _known_empty(self, shift: int) -> data.Reason:
        """By the answer's own proof, unless that tells no loss."""
        floor = self.others.team_floor(shift)
        is_known = floor is not None and self.others.floor_loss(floor).verdict == "worse"
        return self._team_outbid(shift, None) if is_known else self._empty(shift)

    def _empty(self, shift: int) -> data.TeamOutbid | data.TeamShort | data.NoEligibleWorker:
        if not self.solved.eligible.workers_of[shift]:
            return refusals.no_eligible_worker(self.solved, shift)
        asked = self.others.with_one_more(shift)
        needed = np.where(self.others.problem.unit == self.others.problem.unit[shift], asked.minimum, 0)
        found = self._best(asked, with_people(asked, self.others.answer, needed))
        if found is not None:
            return self._team_outbid(shift, found)
        counted = self._counted(self.others.with_added(shift))
        if counted is not None and counted.bound:
            return self._team_short(shift, counted)
        if self.others.team_floor(shift) is None:
            return self._team_short(shift, None)
        return self._team_outbid(shift, None)

    def _team_outbid(self, shift: int, found: PlanSolution | None) -> data.TeamOutbid:
        floor = self.others.team_floor(shift)
        if found is None:
            assert floor is not None
            loss = self.others.floor_loss(floor)
        else:
            loss = self.others.loss(found, floor)
        return data.TeamOutbid(
            **self.others.about_team(shift),
            verdict=loss.verdict,
            loss=loss,
            coming=() if found is None else self.others.coming(shift, found),
            proof=self._proof(found),
        )

    def _team_short(self, shift: int, counted: PlanSolution | None) -> data.TeamShort:
        return data.TeamShort(
            **self.others.about_team(shift),
            n_missing=None if counted is None else self.others.n_missing(counted),
            missing={} if counted is None else self.others.missing(shift, counted),
            proof=self._proof(counted),
        )

    # -- searches -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Take the time for a question."""
        self._began = perf_counter()

    @property
    def _left(self) -> Limits:
        return self.limits.after(perf_counter() - self._began)

    @property
    def _has_time(self) -> bool:
        return self._left.time_limit_s != 0

    def _best_with(self, worker: int, shift: int) -> PlanSolution | None:
        """The best answer with a pair; None if there is none, or none in time."""
        problem, answer = self.others.problem, self.others.answer
        pair = int(problem.pairs.find([worker], [shift])[0])
        return self._best(self.others.with_pair(worker, shift), with_pair(problem, answer, pair))

    def _best(self, asked: PlanProblem, start: PlanSolution) -> PlanSolution | None:
        """The best answer, from one that is near; None if there is none, or none in time."""
        if not self._has_time:
            return None
        try:
            return solve_plans(asked, start=start, limits=self._left)
        except StoppedError:
            return None
        except UnsupportedError as error:
            if error.code != "promises_not_feasible":
                raise
            return None

    def _counted(self, asked: PlanProblem) -> PlanSolution | None:
        """The best answer to a problem in which something else counts; None if there is none in time."""
        if not self._has_time:
            return None
        try:
            return solve_plans(asked, limits=self._left)
        except StoppedError:
            return None

    def _proof(self, found: PlanSolution | None) -> PlanProof | None:
        return None if found is None else self.others.proof(found)
