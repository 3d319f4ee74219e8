"""The checker of explanations: everything is recomputed from the morning and the assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from gigmatch.assignment.instance import draw_lots
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.evidence import data, refusals
from gigmatch.evidence.advice import Advice, TrainingPlan
from gigmatch.evidence.assertions import given, in_order, same
from gigmatch.evidence.duality import Duality
from gigmatch.evidence.parts import Amount, HallSet, Proof, Ranked
from gigmatch.evidence.precedence import precedence
from gigmatch.evidence.prices import amount, decided_by
from gigmatch.evidence.refusals import known
from gigmatch.evidence.shortage import Shortages
from gigmatch.evidence.two_sided import StableReasons
from gigmatch.evidence.verify_added_workers import AddedWorkerVerifier
from gigmatch.evidence.verify_recourse import RecourseVerifier
from gigmatch.evidence.verify_refusals import RefusalVerifier
from gigmatch.i18n import Told
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.problem.reach import Moves

__all__ = ["ReasonVerifier"]


class ReasonVerifier(RefusalVerifier, Duality):
    """Verifies explanations of an assignment that has been checked itself.

    Parameters
    ----------
    solved : SolvedMorning
        The morning, its eligible pairs and the assignment.
    greatest : mapping of str to int
        Price changes that some of the proofs share, see `Reasons`.
    sets : sequence of HallSet
        Sets that some of the explanations share, see `Reasons`.
    """

    def __init__(
        self, solved: SolvedMorning, greatest: Mapping[str, int] | None = None, sets: Sequence[HallSet] = ()
    ) -> None:
        super().__init__(solved, greatest)
        self.shortages = Shortages(solved, sets)

    def check_part(self, plan: TrainingPlan, *, is_of_others: bool) -> None:
        """As `check`, of one morning's part of a programme.

        Parameters
        ----------
        plan : TrainingPlan
            What the programme comes to here.
        is_of_others : bool
            Whether there are lessons that may have been chosen for other mornings alone.
        """
        self._shown(plan)
        self._recourse.plan(plan, is_of_others=is_of_others)

    # -- one method a kind, of its name ---------------------------------------------------------------------

    def _placed(self, said: data.Placed) -> None:
        worker, shift = self._pair(said)
        solved = self.solved
        if solved.at[worker] != shift:
            raise CertificateError("worker_without_that_shift", worker=said.worker_id, shift=said.shift_id)
        same("promised", said.promised, solved.is_promised(worker))
        same("points", said.points, solved.points(worker, shift))
        points_by_scorer, minutes = solved.placement(worker)
        same("points_by_scorer", said.points_by_scorer, points_by_scorer)
        same("words", said.words, solved.instance.policy.words)
        same("minutes", said.minutes, known(minutes))
        same("pay_total", said.pay_total, float(solved.columns.shifts.pay_total[shift]))
        if said.price is not None:
            self._price(shift, said.price)
        for other in said.alternatives:
            at = solved.shift_row(other.shift_id)
            same("alternative.points", other.points, solved.points(worker, at))
            self._forced(worker, at, other.loss, other.proof)
        in_order([(other.shift_id, other.loss) for other in said.alternatives])
        if said.alternatives:
            told = {solved.shift_row(other.shift_id): other.loss for other in said.alternatives}
            self._rest_of_worker(worker, told, said.rest)

    def _outbid(self, said: data.Outbid) -> None:
        worker, shift = self._pair(said)
        same("points", said.points, self.solved.points(worker, shift))
        if said.loss is None or said.loss.is_nothing:
            raise CertificateError("outbid_without_loss")
        self._forced(worker, shift, said.loss, said.proof)
        same("holders", said.holders, refusals.holders(self.solved, shift))
        same("instead", said.instead, self._shift_id(worker))
        same("has_free_seat", said.has_free_seat, bool(self.has_free[shift]))
        if said.price is not None:
            self._price(shift, said.price)

    def _tied(self, said: data.Tied) -> None:
        worker, shift = self._pair(said)
        self._as_good(worker, shift, said.seed, said.proof)
        same("has_no_shift", said.has_no_shift, bool(self.solved.at[worker] < 0))
        ids = [move.worker_id for move in given(said.proof).moves]
        same("draws", said.draws, dict(zip(ids, draw_lots(said.seed, "worker", ids).tolist(), strict=True)))

    def _promised(self, said: data.Promised) -> None:
        worker, shift = self._pair(said)
        self._elsewhere(worker, shift)
        self.solved.points(worker, shift)  # raises for a pair that is not eligible
        same("promised", said, self._as(said, refusals.promised(self.solved, worker, shift)))

    def _others_first(self, said: data.OthersFirst) -> None:
        order = precedence(self.solved)
        if order is None:
            raise CertificateError("no_level_of_people")
        same("level", said.level, order.level.name)
        same("by", said.by, order.by)
        same("words", said.words, dict(order.level.words))
        seated = self._short_of_seats(said)
        found = order.among(self.solved.worker_row(said.worker_id), seated)
        if found.behind:
            raise CertificateError("somebody_behind_has_seat", worker=said.worker_id, n=found.behind)
        same("ahead", said.ahead, found.ahead)
        same("alike", said.alike, found.alike)

    def _short_of_seats(self, said: data.ShortOfSeats | data.OthersFirst) -> Int64Array:
        """Rows of those who have the seats."""
        worker = self.solved.worker_row(said.worker_id)
        self._unplaced(worker)
        seated = self.shortages.of_seats(said)
        same("lost_by", said.lost_by, decided_by(said.loss))
        if said.shift_id is not None:
            self._somewhere(worker, self.solved.shift_row(said.shift_id), said.loss, said.proof)
        elif said.n_seats or said.loss is not None or said.proof is not None:
            raise CertificateError("loss_missing")
        return seated

    def _short_of_workers(self, said: data.ShortOfWorkers) -> None:
        self._open(self.solved.shift_row(said.shift_id))
        self.shortages.of_workers(said)

    def _left_out_for_points(self, said: data.LeftOutForPoints) -> None:
        worker, shift = self._pair(said)
        self._unplaced(worker)
        self._for_points(said.loss)
        row = slice(*self.problem.indptr[worker : worker + 2])
        if not self._leads_to_free[self.problem.shift[row]].any():
            raise CertificateError("no_free_seat_in_reach")
        self._somewhere(worker, shift, said.loss, said.proof)

    def _seat_left_for_points(self, said: data.SeatLeftForPoints) -> None:
        worker, shift = self.solved.worker_row(said.worker_id or ""), self.solved.shift_row(said.shift_id)
        self._open(shift)
        self._elsewhere(worker, shift)
        self._for_points(said.loss)
        self._can_be_reached(shift)
        after = self._better_by(said.loss, said.proof, shift)
        same(Told.of("claims.shift_after_moves"), shift, int(after[worker]))
        capacity, filled = self.problem.capacity.copy(), int(self.filled[shift])
        same(Told.of("claims.workers_after_moves"), filled + 1, int((after == shift).sum()))
        capacity[shift] = filled + 1
        prices = self.prices_of(said.proof)
        # A seat that must be filled may cost less than nothing: that is what filling it is worth at least.
        self.closes(after, prices, capacity, np.arange(len(prices)) != shift)

    def _seat_tied(self, said: data.SeatTied) -> None:
        worker, shift = self.solved.worker_row(said.worker_id or ""), self.solved.shift_row(said.shift_id)
        self._open(shift)
        self._can_be_reached(shift)
        after = self._as_good(worker, shift, said.seed, said.proof)
        same(Told.of("claims.workers_after_moves"), self.filled[shift] + 1, int((after == shift).sum()))

    def _not_proved(self, said: data.NotProved) -> None:
        solution = self.solved.solution
        if solution.status == "optimal":
            raise CertificateError("reasons_can_be_given")
        for key, row in ((said.worker_id, self.solved.worker_row), (said.shift_id, self.solved.shift_row)):
            if key is not None:
                row(key)
        same("gap_points", said.gap_points, solution.gap / POINTS_SCALE)
        same("stopped", said.stopped, solution.stopped)
        same("seats_proved", said.seats_proved, self.solved.are_seats_proved)

    def _stably_placed(self, said: data.StablyPlaced) -> None:
        worker, shift = self._pair(said)
        if self.solved.at[worker] != shift:
            raise CertificateError("worker_without_that_shift", worker=said.worker_id, shift=said.shift_id)
        same("stably_placed", said, self._as(said, self._stable.placed(worker)))

    def _outranked(self, said: data.Outranked) -> None:
        worker, shift = self._pair(said)
        self._elsewhere(worker, shift)
        self.solved.points(worker, shift)  # raises for a pair that is not eligible
        if refusals.promised(self.solved, worker, shift) is not None:
            raise CertificateError("promise_decides")
        same("outranked", said, self._as(said, self._stable.outranked(worker, shift)))

    def _outranked_everywhere(self, said: data.OutrankedEverywhere) -> None:
        worker = self.solved.worker_row(said.worker_id)
        self._unplaced(worker)
        same("outranked_everywhere", said, self._as(said, self._stable.outranked_everywhere(worker)))

    def _seat_unwanted(self, said: data.SeatUnwanted) -> None:
        shift = self.solved.shift_row(said.shift_id)
        self._open(shift)
        same("seat_unwanted", said, self._as(said, self._stable.seat_unwanted(shift)))

    @cached_property
    def _stable(self) -> StableReasons:
        if self.solved.instance.stable is None:
            raise CertificateError("not_stable")
        return StableReasons(self.solved)

    def _ranked_shifts(self, said: data.RankedShifts) -> None:
        if said.newcomer is not None:
            AddedWorkerVerifier(self, said.rest).ranked(said)
            return
        worker = self.solved.worker_row(said.worker_id)
        told = {self.solved.shift_row(choice.id): -given(choice.effect) for choice in said.choices}
        for choice in said.choices:
            self._ranked(worker, self.solved.shift_row(choice.id), choice)
        in_order([(choice.id, -given(choice.effect)) for choice in said.choices])
        self._rest_of_worker(worker, told, said.rest)

    def _ranked_workers(self, said: data.RankedWorkers) -> None:
        shift = self.solved.shift_row(said.shift_id)
        same("n_stand_bys", said.n_stand_bys, self._waiting_for(shift))
        for stand_by in said.stand_bys:
            self._unplaced(self.solved.worker_row(stand_by.id))
        for choice in (*said.choices, *(one for one in said.stand_bys if one not in said.choices)):
            self._ranked(self.solved.worker_row(choice.id), shift, choice)
        for choices, at_home in ((said.choices, False), (said.stand_bys, True)):
            told = [(self.solved.worker_row(choice.id), -given(choice.effect)) for choice in choices]
            in_order(told)
            self._rest_at_shift(shift, dict(told), said.rest, at_home=at_home)

    def _advice(self, said: Advice) -> None:
        self._recourse.advice(said)

    def _training_plan(self, said: TrainingPlan) -> None:
        self._recourse.plan(said)

    @cached_property
    def _recourse(self) -> RecourseVerifier:
        return RecourseVerifier(self.solved, self._from_home, self._leads_to_free)

    def _skill_values(self, said: data.SkillValues) -> None:
        AddedWorkerVerifier(self, said.prices).skill_values(said)

    # -- what they share ------------------------------------------------------------------------------------

    def _shift_id(self, worker: int) -> str | None:
        """Id of the shift that a worker has."""
        row = int(self.solved.at[worker])
        return None if row < 0 else self.solved.columns.shift_ids[row]

    def _ranked(self, worker: int, shift: int, choice: Ranked) -> None:
        same("points", choice.points, self.solved.points(worker, shift))
        loss = None if choice.effect is None else -choice.effect
        self._forced(worker, shift, loss, choice.proof)

    def _unplaced(self, worker: int) -> None:
        if self.solved.at[worker] >= 0:
            raise CertificateError("worker_has_shift", worker=self.solved.columns.worker_ids[worker])

    def _waiting_for(self, shift: int) -> int:
        """How many without a shift could have one of its seats."""
        workers = self.problem.worker[self._positions([shift], of="shift")]
        return int((self.at[workers] < 0).sum()) if self.problem.capacity[shift] else 0

    def _open(self, shift: int) -> None:
        if not self.has_free[shift]:
            raise CertificateError("no_empty_seat", shift=self.solved.columns.shift_ids[shift])

    def _can_be_reached(self, shift: int) -> None:
        if not self._from_home[shift]:
            raise CertificateError("nobody_in_reach")

    def _for_points(self, loss: Amount | None) -> None:
        if self.problem.fills_seats:
            raise CertificateError("left_out_for_points")
        if loss is None or not loss.is_gain:
            raise CertificateError("left_out_without_cost")

    def _as_good(self, worker: int, shift: int, seed: int, proof: Proof | None) -> Int64Array:
        """The assignment after the moves of a tie, which loses nothing."""
        self._elsewhere(worker, shift)
        same("seed", seed, self.solved.instance.policy.seed)
        after = self._better_by(amount(self.problem, self.at, self.at), proof, shift)
        same(Told.of("claims.shift_after_moves"), shift, int(after[worker]))
        return after

    @cached_property
    def _leads_to_free(self) -> BoolArray:
        """Shifts with a free seat, or whose people could come to one, perhaps by a chain: bool[n_shifts]."""
        return self._moves.reach(np.flatnonzero(self.has_free), back=True)

    @cached_property
    def _from_home(self) -> BoolArray:
        """Shifts that people without one could come to, or others whose place they take: bool[n_shifts]."""
        waiting = (self.at < 0)[self.problem.worker]
        return self._moves.reach(self.problem.shift[waiting].astype(np.int64))

    @cached_property
    def _moves(self) -> Moves:
        return Moves.of(self.problem, self.at)
