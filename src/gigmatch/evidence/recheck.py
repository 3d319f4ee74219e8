"""The checker of explanations: everything is recomputed from the morning and the assignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from gigmatch.case import draw_lots
from gigmatch.errors import CertificateError
from gigmatch.evidence import data
from gigmatch.evidence.advice import Advice, TrainingPlan
from gigmatch.evidence.claims import given, in_order, mask, same
from gigmatch.evidence.duality import Duality
from gigmatch.evidence.facts import known
from gigmatch.evidence.parts import Amount, Proof, Ranked
from gigmatch.evidence.prices import decided_by
from gigmatch.evidence.recheck_advice import AdviceChecker
from gigmatch.evidence.recheck_newcomers import NewcomerCheck
from gigmatch.policy import QUANTUM

__all__ = ["Rechecker"]

Int64Array = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Rechecker(Duality):
    """Verifies explanations of an assignment that has been checked itself.

    Parameters
    ----------
    facts : Facts
        The morning, its eligible pairs and the assignment.
    greatest : mapping of str to int
        Price changes that some of the proofs share, see `Reasons`.
    """

    def check(self, explanation: data.Explanation) -> None:
        """Raise CertificateError, naming the first thing that does not hold.

        Parameters
        ----------
        explanation : Explanation
            Made for a manager or an auditor: for other eyes the evidence is left out.
        """
        if explanation.audience not in ("manager", "auditor"):
            raise CertificateError(
                f"an explanation for the {explanation.audience} carries no evidence; check the auditor's"
            )
        optimal = self.facts.assignment.status == "optimal"
        if not optimal and not isinstance(
            explanation,
            data.NotProved | data.NotEligible | data.Promised | data.NoEligibleShift | data.NoEligibleWorker,
        ):
            raise CertificateError("the assignment is not proved optimal: it has no such reason")
        checks: Mapping[type, Callable[[Any], None]] = {
            data.Placed: self._placed,
            data.NotEligible: self._not_eligible,
            data.Outbid: self._outbid,
            data.Tied: self._tied,
            data.Promised: self._promised,
            data.NoEligibleShift: self._no_eligible_shift,
            data.ShortOfSeats: self._short_of_seats,
            data.LeftOutForPoints: self._left_out,
            data.NoEligibleWorker: self._no_eligible_worker,
            data.ShortOfWorkers: self._short_of_workers,
            data.SeatLeftForPoints: self._seat_left,
            data.SeatTied: self._seat_tied,
            data.NotProved: self._not_proved,
            data.RankedShifts: self._ranked_shifts,
            data.RankedWorkers: self._ranked_workers,
            Advice: self._advice,
            TrainingPlan: self._plan,
            data.SkillValues: self._skill_values,
        }
        checks[type(explanation)](explanation)

    # -- one method a class ---------------------------------------------------------------------------------

    def _placed(self, said: data.Placed) -> None:
        worker, shift = self._pair(said)
        facts, assignment = self.facts, self.facts.assignment
        same("shift_id", said.shift_id, assignment.shift_of(said.worker_id))
        same("promised", said.promised, bool(facts.case.kept[worker] >= 0))
        same("points", said.points, facts.points(worker, shift))
        same("points_by_scorer", said.points_by_scorer, facts.points_by_scorer(worker, shift))
        pair = facts.pairs(np.array([worker]), np.array([shift]))
        same("minutes", said.minutes, known(float(pair.minutes[0])))
        same("pay_total", said.pay_total, float(facts.columns.shifts.pay_total[shift]))
        if said.price is not None:
            self._price(shift, said.price)
        for other in said.alternatives:
            at = facts.shift(other.shift_id)
            same("alternative.points", other.points, facts.points(worker, at))
            self._forced(worker, at, other.loss, other.proof)
        in_order([(other.shift_id, other.loss) for other in said.alternatives])
        if said.alternatives:
            told = {facts.shift(other.shift_id): other.loss for other in said.alternatives}
            self._rest_of_worker(worker, told, said.rest)

    def _not_eligible(self, said: data.NotEligible) -> None:
        same("not_eligible", said, self._as(said, self.facts.not_eligible(*self._pair(said))))

    def _outbid(self, said: data.Outbid) -> None:
        worker, shift = self._pair(said)
        same("points", said.points, self.facts.points(worker, shift))
        if said.loss is None or said.loss.is_nothing:
            raise CertificateError("an outbid pair must lose something")
        self._forced(worker, shift, said.loss, said.proof)
        same("holders", said.holders, self.facts.holders(shift))
        same("instead", said.instead, self.facts.assignment.shift_of(said.worker_id))
        same("has_free_seat", said.has_free_seat, bool(self.has_free[shift]))
        if said.price is not None:
            self._price(shift, said.price)

    def _tied(self, said: data.Tied) -> None:
        worker, shift = self._pair(said)
        self._as_good(worker, shift, said.seed, said.proof)
        ids = [move.worker_id for move in given(said.proof).moves]
        same("draws", said.draws, dict(zip(ids, draw_lots(said.seed, "worker", ids).tolist(), strict=True)))

    def _promised(self, said: data.Promised) -> None:
        worker, shift = self._pair(said)
        self._elsewhere(worker, shift)
        self.facts.points(worker, shift)  # raises for a pair that is not eligible
        same("promised", said, self._as(said, self.facts.promised(worker, shift)))

    def _no_eligible_shift(self, said: data.NoEligibleShift) -> None:
        if said.newcomer is not None:
            newcomer = self.facts.desk.newcomer(said.newcomer)
            same("eligible shifts", 0, len(newcomer.shift))
            found = self.facts.no_shift_for_newcomer(newcomer)
            same("no_eligible_shift", said, self._as(said, found))
            return
        worker = self.facts.worker(said.worker_id)
        same("eligible shifts", 0, int(self.facts.eligible.shifts_of[worker]))
        same("no_eligible_shift", said, self._as(said, self.facts.no_eligible_shift(worker)))

    def _no_eligible_worker(self, said: data.NoEligibleWorker) -> None:
        shift = self.facts.shift(said.shift_id)
        same("eligible workers", 0, int(self.facts.eligible.workers_of[shift]))
        same("no_eligible_worker", said, self._as(said, self.facts.no_eligible_worker(shift)))

    def _short_of_seats(self, said: data.ShortOfSeats) -> None:
        worker, workers, shifts = self.facts.worker(said.worker_id), *self._sets(said)
        self._unplaced(worker)
        reached = self._marked(self._positions(workers, of="worker"), of="shift")
        if worker not in workers or (reached & ~mask(shifts, self.problem.n_shifts)).any():
            raise CertificateError(
                "the workers have an eligible shift outside the set, or leave this one out"
            )
        if said.n_seats >= said.n_workers:
            raise CertificateError(f"{said.n_seats} seats are enough for {said.n_workers} workers")
        holders = np.flatnonzero(mask(shifts, self.problem.n_shifts)[self.at] & (self.at >= 0))
        if self.has_free[shifts].any() or not set(holders.tolist()) <= set(workers):
            raise CertificateError("a seat of the set is free, or held by somebody who could go elsewhere")
        same("lost_by", said.lost_by, decided_by(said.loss))
        if said.shift_id is not None:
            self._somewhere(worker, self.facts.shift(said.shift_id), said.loss, said.proof)
        elif said.n_seats or said.loss is not None or said.proof is not None:
            raise CertificateError("there are seats: say what placing the worker would lose")

    def _short_of_workers(self, said: data.ShortOfWorkers) -> None:
        shift, workers, shifts = self.facts.shift(said.shift_id), *self._sets(said)
        self._open(shift)
        reached = self._marked(self._positions(shifts, of="shift"), of="worker")
        if shift not in shifts or (reached & ~mask(workers, self.problem.n_workers)).any():
            raise CertificateError(
                "the shifts have an eligible worker outside the set, or leave this one out"
            )
        if said.n_workers >= said.n_seats:
            raise CertificateError(f"{said.n_workers} workers are enough for {said.n_seats} seats")
        if not np.isin(self.at[workers], shifts).all():
            raise CertificateError("somebody who could take a seat of the set holds none of them")

    def _left_out(self, said: data.LeftOutForPoints) -> None:
        worker, shift = self._pair(said)
        self._unplaced(worker)
        self._for_points(said.loss)
        reached = self._reach(self._marked(self._positions([worker], of="worker"), of="shift"))
        if not self.has_free[reached].any():
            raise CertificateError("no free seat can be reached: the worker is short of seats")
        self._somewhere(worker, shift, said.loss, said.proof)

    def _seat_left(self, said: data.SeatLeftForPoints) -> None:
        worker, shift = self.facts.worker(said.worker_id or ""), self.facts.shift(said.shift_id)
        self._open(shift)
        self._for_points(said.loss)
        self._not_short_of_workers(shift)
        after = self._better_by(said.loss, said.proof, shift)
        same("the worker's shift after the moves", shift, int(after[worker]))
        capacity, filled = self.problem.capacity.copy(), int(self.filled[shift])
        same("workers at the shift after the moves", filled + 1, int((after == shift).sum()))
        capacity[shift] = filled + 1
        prices = self._prices(said.proof)
        # A seat that must be filled may cost less than nothing: that is what filling it is worth at least.
        self._closes(after, prices, capacity, np.arange(len(prices)) != shift)

    def _seat_tied(self, said: data.SeatTied) -> None:
        worker, shift = self.facts.worker(said.worker_id or ""), self.facts.shift(said.shift_id)
        self._open(shift)
        self._not_short_of_workers(shift)
        after = self._as_good(worker, shift, said.seed, said.proof)
        same("workers at the shift after the moves", self.filled[shift] + 1, int((after == shift).sum()))

    def _not_proved(self, said: data.NotProved) -> None:
        solution = self.facts.assignment.solution
        if solution.status == "optimal":
            raise CertificateError("the assignment is proved optimal: reasons can be given")
        for key, row in ((said.worker_id, self.facts.worker), (said.shift_id, self.facts.shift)):
            if key is not None:
                row(key)
        same("gap_points", said.gap_points, solution.gap / QUANTUM)
        same("stopped", said.stopped, solution.stopped)
        same("seats_proved", said.seats_proved, any(c.level == "seats" for c in solution.certificates))

    def _ranked_shifts(self, said: data.RankedShifts) -> None:
        if said.newcomer is not None:
            NewcomerCheck(self, said.rest).ranked(said)
            return
        worker = self.facts.worker(said.worker_id)
        told = {self.facts.shift(choice.id): -given(choice.effect) for choice in said.choices}
        for choice in said.choices:
            self._ranked(worker, self.facts.shift(choice.id), choice)
        in_order([(choice.id, -given(choice.effect)) for choice in said.choices])
        self._rest_of_worker(worker, told, said.rest)

    def _ranked_workers(self, said: data.RankedWorkers) -> None:
        shift = self.facts.shift(said.shift_id)
        for choice in said.choices:
            self._ranked(self.facts.worker(choice.id), shift, choice)
        in_order([(self.facts.worker(choice.id), -given(choice.effect)) for choice in said.choices])
        unplaced = tuple(
            c.id for c in said.choices if self.facts.assignment.shift[self.facts.worker(c.id)] < 0
        )
        same("stand_bys", said.stand_bys, unplaced)
        told = {self.facts.worker(choice.id): -given(choice.effect) for choice in said.choices}
        self._rest_at_shift(shift, told, said.rest)

    def _advice(self, said: Advice) -> None:
        self._advice_checker.advice(said)

    def _plan(self, said: TrainingPlan) -> None:
        self._advice_checker.plan(said)

    @cached_property
    def _advice_checker(self) -> AdviceChecker:
        waiting = mask(self.problem.shift[self.at[self.problem.worker] < 0], self.problem.n_shifts)
        return AdviceChecker(self.facts, self._reach(waiting), self._reach(self.has_free, back=True))

    def _skill_values(self, said: data.SkillValues) -> None:
        NewcomerCheck(self, said.prices).skill_values(said)

    # -- what they share ------------------------------------------------------------------------------------

    def _pair(self, said: Any) -> tuple[int, int]:
        return self.facts.worker(said.worker_id), self.facts.shift(said.shift_id)

    def _as(self, said: data.Explanation, found: data.Explanation | None) -> data.Explanation | None:
        return None if found is None else found.seen_by(said.audience)

    def _ranked(self, worker: int, shift: int, choice: Ranked) -> None:
        same("points", choice.points, self.facts.points(worker, shift))
        loss = None if choice.effect is None else -choice.effect
        self._forced(worker, shift, loss, choice.proof)

    def _unplaced(self, worker: int) -> None:
        if self.facts.assignment.shift[worker] >= 0:
            raise CertificateError(f"worker {self.facts.columns.worker_ids[worker]!r} has a shift")

    def _open(self, shift: int) -> None:
        if not self.has_free[shift]:
            raise CertificateError(f"shift {self.facts.columns.shift_ids[shift]!r} has no empty seat")

    def _not_short_of_workers(self, shift: int) -> None:
        reached = np.flatnonzero(self._reach(mask([shift], self.problem.n_shifts), back=True)).tolist()
        if not (self.at[self.problem.worker[self._positions(reached, of="shift")]] < 0).any():
            raise CertificateError("nobody without a shift can come: the shift is short of workers")

    def _for_points(self, loss: Amount | None) -> None:
        if self.problem.tier is not None:
            raise CertificateError("nobody is left out for points where seats come first")
        if loss is None or loss.points <= 0:
            raise CertificateError("what is left out for points must cost some")

    def _as_good(self, worker: int, shift: int, seed: int, proof: Proof | None) -> Int64Array:
        """The assignment after the moves of a tie, which loses nothing."""
        self._elsewhere(worker, shift)
        same("seed", seed, self.facts.case.policy.seed)
        after = self._better_by(Amount(seats_by_tier={}, points=0.0), proof, shift)
        same("the worker's shift after the moves", shift, int(after[worker]))
        return after

    def _sets(self, said: data.ShortOfSeats | data.ShortOfWorkers) -> tuple[list[int], list[int]]:
        """Rows of a Hall set, its figures checked."""
        workers = [self.facts.worker(key) for key in said.workers]
        shifts = [self.facts.shift(key) for key in said.shifts]
        if len(set(workers)) < len(workers) or len(set(shifts)) < len(shifts):
            raise CertificateError("somebody or some shift is counted twice")
        if (self.facts.case.kept[workers] >= 0).any():
            raise CertificateError("a promised worker is not looking for a seat")
        if (
            not self.facts.eligible.shifts_of[workers].all()
            or not self.facts.eligible.workers_of[shifts].all()
        ):
            raise CertificateError("somebody or some shift has nothing eligible at all, and does not count")
        same("n_workers", said.n_workers, len(workers))
        same("n_shifts", said.n_shifts, len(shifts))
        same("n_seats", said.n_seats, int(self.problem.capacity[shifts].sum()))
        return workers, shifts

    def _reach(self, some: Bools, *, back: bool = False) -> Bools:
        """Some shifts, and those to which people there could move on, one after the other: bool[n_shifts].

        ``back``: from which people could come there.
        """
        pairs = np.flatnonzero(self.at[self.problem.worker] >= 0)
        ends = self.at[self.problem.worker[pairs]], self.problem.shift[pairs]
        here, there = ends[::-1] if back else ends
        while True:
            more = some | mask(there[some[here]], len(some))
            if (more == some).all():
                return some
            some = more

    def _marked(self, positions: Int64Array, *, of: str) -> Bools:
        side = self.problem.shift if of == "shift" else self.problem.worker
        return mask(side[positions], self.problem.n_shifts if of == "shift" else self.problem.n_workers)
