"""The checker of what is said about newcomers: one set of prices bounds them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from gigmatch.errors import CertificateError
from gigmatch.evidence import data
from gigmatch.evidence.added_workers import AddedWorker, AddedWorkers, skilled, skills_asked_for
from gigmatch.evidence.parts import Amount, Move, Proof, SkillValue
from gigmatch.evidence.prices import amount, effect_of_newcomer, in_one_number
from gigmatch.pairing.policy import POINTS_SCALE

if TYPE_CHECKING:
    from gigmatch.evidence.verifier import ReasonVerifier

__all__ = ["AddedWorkerVerifier"]


class AddedWorkerVerifier:
    """Verifies what newcomers would bring.

    With prices that close the gap of today's assignment, no assignment that has a newcomer at a shift is
    better than today's by more than the newcomer's weight there less the price of the seat (weak duality).

    Parameters
    ----------
    checker : ReasonVerifier
        Of the assignment.
    prices : Proof, optional
        The prices; what is said is rejected without.
    """

    def __init__(self, checker: ReasonVerifier, prices: Proof | None) -> None:
        if prices is None or prices.price_changes is None:
            raise CertificateError("prices_missing")
        self.checker, self.solved, self.problem = checker, checker.solved, checker.problem
        self._added = AddedWorkers(checker.solved)
        self.price = checker.prices_of(prices)
        checker.closes(checker.at, self.price, self.problem.capacity)

    def ranked(self, said: data.RankedShifts) -> None:
        """Every choice has its effect, in order, and none left out is better than the last."""
        newcomer = self._newcomer(said)
        told: dict[int, Amount] = {}
        for choice in said.choices:
            shift = self.solved.shift_row(choice.id)
            told[shift] = self._seat(newcomer, shift, choice.points, choice.effect, choice.proof)
        keys = [(-self._number(effect), shift) for shift, effect in told.items()]
        if keys != sorted(keys) or len(told) < len(said.choices):
            raise CertificateError("choices_out_of_order")
        self._none_better(newcomer, told)

    def skill_values(self, said: data.SkillValues) -> None:
        """Every skill at every level asked for, the best that can be done with it, and that it can be."""
        if said.profile is None:
            raise CertificateError("profile_missing")
        asked = [(value.skill, value.level) for value in said.values]
        if asked != skills_asked_for(self.solved.columns):
            raise CertificateError("values_out_of_order")
        for value in said.values:
            worker = skilled(said.profile, value.skill, value.level)
            self._value(self._added.added(worker), value)

    def _newcomer(self, said: data.RankedShifts) -> AddedWorker:
        assert said.newcomer is not None
        if said.newcomer.id != said.worker_id:
            raise CertificateError("not_the_added_worker", worker=said.worker_id)
        return self._added.added(said.newcomer)

    def _value(self, newcomer: AddedWorker, value: SkillValue) -> None:
        if value.shift_id is not None:
            self._seat(newcomer, self.solved.shift_row(value.shift_id), value.points, value.gain, value.proof)
        elif not value.gain.is_nothing or value.points or value.proof != Proof(moves=(), price_changes=None):
            raise CertificateError("left_out_worker_brings")
        most = max([0, *self._bounds(newcomer).values()])
        if self._number(value.gain) < most:
            raise CertificateError("worker_may_bring_more")

    def _seat(
        self, newcomer: AddedWorker, shift: int, points: float, effect: Amount | None, proof: Proof | None
    ) -> Amount:
        """The moves bring the effect, and the prices allow no more."""
        if effect is None or proof is None or proof.price_changes is not None or proof.of_others:
            raise CertificateError("added_worker_not_proved")
        weight = newcomer.weight_at(shift)
        if points != weight / POINTS_SCALE:
            raise CertificateError("does_not_hold", name="points", said=points, found=weight / POINTS_SCALE)
        name = self.solved.columns.shift_ids[shift]
        if proof.moves[:1] != (Move(worker_id=newcomer.worker.id, leaves=None, goes_to=name),):
            raise CertificateError("first_move_not_of_added_worker", shift=name)
        after = self.checker.moved(proof.moves[1:], shift, seats=-1)
        lost = amount(self.problem, self.checker.at, after)
        found = effect_of_newcomer(self.problem, shift, newcomer.weights_at(shift), lost)
        if effect != found:
            raise CertificateError("moves_bring_other", found=found, said=effect)
        if self._number(effect) != self._bounds(newcomer)[shift]:
            raise CertificateError("effect_not_proved")
        return effect

    def _none_better(self, newcomer: AddedWorker, told: Mapping[int, Amount]) -> None:
        left = [(-bound, shift) for shift, bound in self._bounds(newcomer).items() if shift not in told]
        last = max(((-self._number(effect), shift) for shift, effect in told.items()), default=None)
        if left and (last is None or min(left) < last):
            raise CertificateError("better_choice_left_out")

    def _bounds(self, newcomer: AddedWorker) -> dict[int, int]:
        """The most that the newcomer can bring at each shift that has a seat, all levels in one number."""
        rows = newcomer.shift[self.problem.capacity[newcomer.shift] > 0]
        at = np.searchsorted(newcomer.shift, rows)
        most = newcomer.in_one_number(self.checker.scales)[at] - self.price[rows]
        return dict(zip(rows.tolist(), most.tolist(), strict=True))

    def _number(self, effect: Amount) -> int:
        return in_one_number(self.problem, self.checker.scales, effect)
