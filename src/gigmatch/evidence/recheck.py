"""The checker of explanations: everything is recomputed from the morning and the assignment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from gigmatch.case import draw_lots
from gigmatch.errors import CertificateError
from gigmatch.evidence import data
from gigmatch.evidence.advice import Advice, TrainingPlan
from gigmatch.evidence.facts import Facts, known
from gigmatch.evidence.parts import Amount, Move, Proof, Ranked, SeatPrice
from gigmatch.evidence.prices import amount, combined_prices, decided_by, in_one_number
from gigmatch.evidence.recheck_advice import AdviceChecker
from gigmatch.evidence.recheck_newcomers import NewcomerCheck
from gigmatch.policy import QUANTUM
from gigmatch.problem.integers import LARGEST_NUMBER, exact_sum

__all__ = ["Rechecker"]

Int64Array = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_Part = TypeVar("_Part", Proof, Amount)
_NO_SEAT = -(2**62)  # the surplus of a pair where there is no seat


class Rechecker:
    """Verifies explanations of an assignment that has been checked itself.

    Parameters
    ----------
    facts : Facts
        The morning, its eligible pairs and the assignment.
    greatest : mapping of str to int
        Price changes that some of the proofs share, see `Reasons`.
    """

    def __init__(self, facts: Facts, greatest: Mapping[str, int] | None = None) -> None:
        self.facts, self.problem, self.greatest = facts, facts.problem, greatest or {}
        self.at = facts.assignment.solution.shift.astype(np.int64)
        self.filled = np.bincount(self.at[self.at >= 0], minlength=self.problem.n_shifts)
        self.has_free = self.filled < self.problem.capacity
        if facts.assignment.status == "optimal":
            self.bonus, (_, self.price) = combined_prices(
                self.problem, facts.assignment.solution, facts.least_bonus
            )
            self.weight = self.problem.weight + self.bonus * self.problem.urgency.take(self.problem.shift)

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
        _same("shift_id", said.shift_id, assignment.shift_of(said.worker_id))
        _same("promised", said.promised, bool(facts.case.kept[worker] >= 0))
        _same("points", said.points, facts.points(worker, shift))
        _same("points_by_scorer", said.points_by_scorer, facts.points_by_scorer(worker, shift))
        pair = facts.pairs(np.array([worker]), np.array([shift]))
        _same("minutes", said.minutes, known(float(pair.minutes[0])))
        _same("pay_total", said.pay_total, float(facts.columns.shifts.pay_total[shift]))
        if said.price is not None:
            self._price(shift, said.price)
        for other in said.alternatives:
            at = facts.shift(other.shift_id)
            _same("alternative.points", other.points, facts.points(worker, at))
            self._forced(worker, at, other.loss, other.proof)
        _in_order([(other.shift_id, other.loss) for other in said.alternatives])
        if said.alternatives:
            told = {facts.shift(other.shift_id): other.loss for other in said.alternatives}
            self._rest_of_worker(worker, told, said.rest)

    def _not_eligible(self, said: data.NotEligible) -> None:
        _same("not_eligible", said, self._as(said, self.facts.not_eligible(*self._pair(said))))

    def _outbid(self, said: data.Outbid) -> None:
        worker, shift = self._pair(said)
        _same("points", said.points, self.facts.points(worker, shift))
        if said.loss is None or said.loss.is_nothing:
            raise CertificateError("an outbid pair must lose something")
        self._forced(worker, shift, said.loss, said.proof)
        _same("holders", said.holders, self.facts.holders(shift))
        _same("instead", said.instead, self.facts.assignment.shift_of(said.worker_id))
        _same("has_free_seat", said.has_free_seat, bool(self.has_free[shift]))
        if said.price is not None:
            self._price(shift, said.price)

    def _tied(self, said: data.Tied) -> None:
        worker, shift = self._pair(said)
        self._as_good(worker, shift, said.seed, said.proof)
        ids = [move.worker_id for move in _given(said.proof).moves]
        _same("draws", said.draws, dict(zip(ids, draw_lots(said.seed, "worker", ids).tolist(), strict=True)))

    def _promised(self, said: data.Promised) -> None:
        worker, shift = self._pair(said)
        self._elsewhere(worker, shift)
        self.facts.points(worker, shift)  # raises for a pair that is not eligible
        _same("promised", said, self._as(said, self.facts.promised(worker, shift)))

    def _no_eligible_shift(self, said: data.NoEligibleShift) -> None:
        if said.newcomer is not None:
            newcomer = self.facts.desk.newcomer(said.newcomer)
            _same("eligible shifts", 0, len(newcomer.shift))
            found = self.facts.no_shift_for_newcomer(newcomer)
            _same("no_eligible_shift", said, self._as(said, found))
            return
        worker = self.facts.worker(said.worker_id)
        _same("eligible shifts", 0, int(self.facts.eligible.shifts_of[worker]))
        _same("no_eligible_shift", said, self._as(said, self.facts.no_eligible_shift(worker)))

    def _no_eligible_worker(self, said: data.NoEligibleWorker) -> None:
        shift = self.facts.shift(said.shift_id)
        _same("eligible workers", 0, int(self.facts.eligible.workers_of[shift]))
        _same("no_eligible_worker", said, self._as(said, self.facts.no_eligible_worker(shift)))

    def _short_of_seats(self, said: data.ShortOfSeats) -> None:
        worker, workers, shifts = self.facts.worker(said.worker_id), *self._sets(said)
        self._unplaced(worker)
        reached = self._marked(self._positions(workers, of="worker"), of="shift")
        if worker not in workers or (reached & ~_mask(shifts, self.problem.n_shifts)).any():
            raise CertificateError(
                "the workers have an eligible shift outside the set, or leave this one out"
            )
        if said.n_seats >= said.n_workers:
            raise CertificateError(f"{said.n_seats} seats are enough for {said.n_workers} workers")
        holders = np.flatnonzero(_mask(shifts, self.problem.n_shifts)[self.at] & (self.at >= 0))
        if self.has_free[shifts].any() or not set(holders.tolist()) <= set(workers):
            raise CertificateError("a seat of the set is free, or held by somebody who could go elsewhere")
        _same("lost_by", said.lost_by, decided_by(said.loss))
        if said.shift_id is not None:
            self._somewhere(worker, self.facts.shift(said.shift_id), said.loss, said.proof)
        elif said.n_seats or said.loss is not None or said.proof is not None:
            raise CertificateError("there are seats: say what placing the worker would lose")

    def _short_of_workers(self, said: data.ShortOfWorkers) -> None:
        shift, workers, shifts = self.facts.shift(said.shift_id), *self._sets(said)
        self._open(shift)
        reached = self._marked(self._positions(shifts, of="shift"), of="worker")
        if shift not in shifts or (reached & ~_mask(workers, self.problem.n_workers)).any():
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
        _same("the worker's shift after the moves", shift, int(after[worker]))
        capacity, filled = self.problem.capacity.copy(), int(self.filled[shift])
        _same("workers at the shift after the moves", filled + 1, int((after == shift).sum()))
        capacity[shift] = filled + 1
        prices = self._prices(said.proof)
        # A seat that must be filled may cost less than nothing: that is what filling it is worth at least.
        self._closes(after, prices, capacity, np.arange(len(prices)) != shift)

    def _seat_tied(self, said: data.SeatTied) -> None:
        worker, shift = self.facts.worker(said.worker_id or ""), self.facts.shift(said.shift_id)
        self._open(shift)
        self._not_short_of_workers(shift)
        after = self._as_good(worker, shift, said.seed, said.proof)
        _same("workers at the shift after the moves", self.filled[shift] + 1, int((after == shift).sum()))

    def _not_proved(self, said: data.NotProved) -> None:
        solution = self.facts.assignment.solution
        if solution.status == "optimal":
            raise CertificateError("the assignment is proved optimal: reasons can be given")
        for key, row in ((said.worker_id, self.facts.worker), (said.shift_id, self.facts.shift)):
            if key is not None:
                row(key)
        _same("gap_points", said.gap_points, solution.gap / QUANTUM)
        _same("stopped", said.stopped, solution.stopped)
        _same("seats_proved", said.seats_proved, any(c.level == "seats" for c in solution.certificates))

    def _ranked_shifts(self, said: data.RankedShifts) -> None:
        if said.newcomer is not None:
            NewcomerCheck(self, said.rest).ranked(said)
            return
        worker = self.facts.worker(said.worker_id)
        told = {self.facts.shift(choice.id): -_given(choice.effect) for choice in said.choices}
        for choice in said.choices:
            self._ranked(worker, self.facts.shift(choice.id), choice)
        _in_order([(choice.id, -_given(choice.effect)) for choice in said.choices])
        self._rest_of_worker(worker, told, said.rest)

    def _ranked_workers(self, said: data.RankedWorkers) -> None:
        shift = self.facts.shift(said.shift_id)
        for choice in said.choices:
            self._ranked(self.facts.worker(choice.id), shift, choice)
        _in_order([(self.facts.worker(choice.id), -_given(choice.effect)) for choice in said.choices])
        unplaced = tuple(
            c.id for c in said.choices if self.facts.assignment.shift[self.facts.worker(c.id)] < 0
        )
        _same("stand_bys", said.stand_bys, unplaced)
        told = {self.facts.worker(choice.id): -_given(choice.effect) for choice in said.choices}
        self._rest_at_shift(shift, told, said.rest)

    def _advice(self, said: Advice) -> None:
        self._advice_checker.advice(said)

    def _plan(self, said: TrainingPlan) -> None:
        self._advice_checker.plan(said)

    @cached_property
    def _advice_checker(self) -> AdviceChecker:
        waiting = _mask(self.problem.shift[self.at[self.problem.worker] < 0], self.problem.n_shifts)
        return AdviceChecker(self.facts, self._reach(waiting), self._reach(self.has_free, back=True))

    def _skill_values(self, said: data.SkillValues) -> None:
        NewcomerCheck(self, said.prices).skill_values(said)

    # -- what they share ------------------------------------------------------------------------------------

    def _pair(self, said: Any) -> tuple[int, int]:
        return self.facts.worker(said.worker_id), self.facts.shift(said.shift_id)

    def _as(self, said: data.Explanation, found: data.Explanation | None) -> data.Explanation | None:
        return None if found is None else found.seen_by(said.audience)

    def _ranked(self, worker: int, shift: int, choice: Ranked) -> None:
        _same("points", choice.points, self.facts.points(worker, shift))
        loss = None if choice.effect is None else -choice.effect
        self._forced(worker, shift, loss, choice.proof)

    def _rest_of_worker(self, worker: int, told: Mapping[int, Amount], rest: Proof | None) -> None:
        """No other shift of a worker loses less than those told, by prices for all the others."""
        pairs = self._positions([worker], of="worker")
        shifts = self.problem.shift[pairs]
        left = (self.problem.capacity[shifts] > 0) & (shifts != self.at[worker])
        left &= ~np.isin(shifts, list(told))
        if left.any():
            price = self._prices(rest)
            bound = exact_sum(np.delete(self._surplus(price, self.problem.capacity), worker))
            bound += _total(price, self.problem.capacity)
            self._come_after(told, shifts[left], bound, self.weight[pairs[left]] - price[shifts[left]])

    def _rest_at_shift(self, shift: int, told: Mapping[int, Amount], rest: Proof | None) -> None:
        """Nobody else at a shift loses less than those told, by prices with a seat less there."""
        pairs = self._positions([shift], of="shift")
        workers = self.problem.worker[pairs]
        left = (self.at[workers] != shift) & ~np.isin(workers, list(told))
        capacity = self.problem.capacity.copy()
        capacity[shift] -= 1
        if left.any() and capacity[shift] >= 0:
            price = self._prices(rest)
            surplus = self._surplus(price, capacity)
            bound = exact_sum(surplus) + _total(price, capacity)
            self._come_after(told, workers[left], bound, self.weight[pairs[left]] - surplus[workers[left]])

    def _come_after(
        self,
        told: Mapping[int, Amount],
        left: npt.NDArray[np.signedinteger],
        bound: int,
        more: Int64Array,
    ) -> None:
        """Choices left out, by row, come after the last one told; with them, ``bound + more`` is the most."""
        last = max(
            ((in_one_number(self.problem, self.bonus, loss), row) for row, loss in told.items()), default=None
        )
        placed = np.flatnonzero(self.at >= 0)
        today = exact_sum(self.weight[self.problem.find(placed, self.at[placed])])
        others = ((today - bound - by, row) for by, row in zip(more.tolist(), left.tolist(), strict=True))
        if last is None or min(others) < last:
            raise CertificateError("a choice left out may lose less than one that is told")

    def _unplaced(self, worker: int) -> None:
        if self.facts.assignment.shift[worker] >= 0:
            raise CertificateError(f"worker {self.facts.columns.worker_ids[worker]!r} has a shift")

    def _elsewhere(self, worker: int, shift: int) -> None:
        if self.facts.assignment.shift[worker] == shift:
            ids = self.facts.columns.worker_ids[worker], self.facts.columns.shift_ids[shift]
            raise CertificateError(f"worker {ids[0]!r} has shift {ids[1]!r}")

    def _open(self, shift: int) -> None:
        if not self.has_free[shift]:
            raise CertificateError(f"shift {self.facts.columns.shift_ids[shift]!r} has no empty seat")

    def _not_short_of_workers(self, shift: int) -> None:
        reached = np.flatnonzero(self._reach(_mask([shift], self.problem.n_shifts), back=True)).tolist()
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
        _same("seed", seed, self.facts.case.policy.seed)
        after = self._better_by(Amount(seats_by_tier={}, points=0.0), proof, shift)
        _same("the worker's shift after the moves", shift, int(after[worker]))
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
        _same("n_workers", said.n_workers, len(workers))
        _same("n_shifts", said.n_shifts, len(shifts))
        _same("n_seats", said.n_seats, int(self.problem.capacity[shifts].sum()))
        return workers, shifts

    def _positions(self, rows: list[int], *, of: str) -> Int64Array:
        """Positions of all pairs of some workers or shifts."""
        side = self.problem.shift if of == "shift" else self.problem.worker
        size = self.problem.n_shifts if of == "shift" else self.problem.n_workers
        return np.flatnonzero(_mask(rows, size)[side])

    def _reach(self, some: Bools, *, back: bool = False) -> Bools:
        """Some shifts, and those to which people there could move on, one after the other: bool[n_shifts].

        ``back``: from which people could come there.
        """
        pairs = np.flatnonzero(self.at[self.problem.worker] >= 0)
        ends = self.at[self.problem.worker[pairs]], self.problem.shift[pairs]
        here, there = ends[::-1] if back else ends
        while True:
            more = some | _mask(there[some[here]], len(some))
            if (more == some).all():
                return some
            some = more

    def _marked(self, positions: Int64Array, *, of: str) -> Bools:
        side = self.problem.shift if of == "shift" else self.problem.worker
        return _mask(side[positions], self.problem.n_shifts if of == "shift" else self.problem.n_workers)

    def _price(self, shift: int, said: SeatPrice) -> None:
        self._changed(+1, shift, -said.one_more, said.proof_one_more)
        _same("one_less", said.one_less is None, not self.problem.capacity[shift])
        if said.one_less is not None:
            self._changed(-1, shift, said.one_less, said.proof_one_less)

    def _changed(self, seats: int, shift: int, loss: Amount, proof: Proof | None) -> None:
        """One seat more or less at a shift."""
        after = self._better_by(loss, proof, shift, seats)
        capacity = self.problem.capacity.copy()
        capacity[shift] += seats
        self._closes(after, self._prices(proof), capacity)

    def _forced(self, worker: int, shift: int, loss: Amount | None, proof: Proof | None) -> None:
        """A pair that must be made: the others do their best with what is left."""
        self._elsewhere(worker, shift)
        after = self._better_by(loss, proof, shift)
        _same("the worker's shift after the moves", shift, int(after[worker]))
        capacity = self.problem.capacity.copy()
        capacity[shift] -= 1
        after[worker] = -1
        self._closes(after, self._prices(proof), capacity, but_for=worker)

    def _somewhere(self, worker: int, shift: int, loss: Amount | None, proof: Proof | None) -> None:
        """A worker who must be placed, wherever it costs least."""
        after = self._better_by(loss, proof, shift)
        _same("the worker's shift after the moves", shift, int(after[worker]))
        self._closes(after, self._prices(proof), self.problem.capacity, must=worker)

    def _better_by(self, loss: Amount | None, proof: Proof | None, shift: int, seats: int = 0) -> Int64Array:
        """The assignment after the moves of a proof, which today's must be better than by so much."""
        after = self._moved(_given(proof).moves, shift, seats)
        _same("the change in seats and points", loss, amount(self.problem, self.at, after))
        return after

    def _prices(self, proof: Proof | None) -> Int64Array:
        proof = _given(proof)
        changes = self.greatest if proof.price_changes is None else proof.price_changes
        if any(abs(change) > LARGEST_NUMBER for change in (proof.of_others, *changes.values())):
            raise CertificateError(f"a price changes by more than {LARGEST_NUMBER}: too much to compute with")
        price = np.maximum(self.price + proof.of_others, 0)
        for key, change in changes.items():
            row = self.facts.shift(key)
            price[row] = self.price[row] + change
        return price

    def _moved(self, moves: Iterable[Move], shift: int, seats: int) -> Int64Array:
        """The assignment after some moves, which must be one of eligible pairs and fit the seats."""
        after = self.at.copy()
        for move in moves:
            worker = self.facts.worker(move.worker_id)
            leaves, to = (-1 if key is None else self.facts.shift(key) for key in (move.leaves, move.goes_to))
            _same(f"what {move.worker_id!r} leaves", leaves, int(after[worker]))
            if to >= 0 and self.facts.position(worker, to) < 0:
                raise CertificateError(f"{move.worker_id!r} is not eligible for {move.goes_to!r}")
            after[worker] = to
        filled = np.bincount(after[after >= 0], minlength=self.problem.n_shifts)
        filled[shift] -= seats
        if (filled > self.problem.capacity).any():
            full = int((filled > self.problem.capacity).argmax())
            raise CertificateError(
                f"after the moves {self.facts.columns.shift_ids[full]!r} has too many workers"
            )
        return after

    def _closes(
        self,
        after: Int64Array,
        price: Int64Array,
        capacity: Int64Array,
        signed: Bools | slice = slice(None),
        *,
        but_for: int = -1,
        must: int = -1,
    ) -> None:
        """No assignment of those workers to those seats is better than ``after`` (weak duality).

        Prices of 0 or more, where ``signed``, bound them all: a worker gets no more than its best surplus, 0
        if it may stay at home, which the one who ``must`` be placed may not.
        """
        best = self._surplus(price, capacity, signed, must)
        bound = exact_sum(best) - (int(best[but_for]) if but_for >= 0 else 0) + _total(price, capacity)
        placed = np.flatnonzero(after >= 0)
        value = exact_sum(self.weight[self.problem.find(placed, after[placed])])
        if bound != value:
            raise CertificateError(f"the prices leave room for {bound - value} more: nothing is proved exact")

    def _surplus(
        self, price: Int64Array, capacity: Int64Array, signed: Bools | slice = slice(None), must: int = -1
    ) -> Int64Array:
        """The most that every worker can have at some prices: int64[n_workers]."""
        if (price[signed] < 0).any():
            raise CertificateError("a seat has a price below 0")
        problem = self.problem
        surplus, rows = self.weight - price.take(problem.shift), np.flatnonzero(np.diff(problem.indptr))
        surplus[(capacity == 0).take(problem.shift)] = _NO_SEAT
        best = np.full(problem.n_workers, _NO_SEAT)
        best[rows] = np.maximum.reduceat(surplus, problem.indptr[rows]) if len(rows) else 0
        return np.where(np.arange(problem.n_workers) == must, best, np.maximum(best, 0))


def _total(price: Int64Array, capacity: Int64Array) -> int:
    """What all seats cost together, exactly."""
    priced = np.flatnonzero(price)
    return sum(a * b for a, b in zip(price[priced].tolist(), capacity[priced].tolist(), strict=True))


def _mask(rows: Any, size: int) -> Bools:
    mask = np.zeros(size, dtype=bool)
    mask[rows] = True
    return mask


def _given(part: _Part | None) -> _Part:
    if part is None:
        raise CertificateError("an exact figure or its proof is missing")
    return part


def _in_order(choices: Sequence[tuple[Any, Amount]]) -> None:
    """The least loss first, equal ones by id or row, and none twice."""
    keys = [(loss.key, which) for which, loss in choices]
    if any(a >= b for a, b in pairwise(keys)):
        raise CertificateError("the choices are not in order of their effect")


def _same(name: str, said: object, found: object) -> None:
    if said != found:
        raise CertificateError(f"{name} does not hold: said {said!r:.200}, found {found!r:.200}")
