"""What people who are not in the morning yet would bring, at once: the prices of all seats are known.

A newcomer takes a seat, and the others do their best with one seat less: the total changes by the newcomer's
weight there less the greatest price of the seat. Those prices come from one search of the residual network,
and no newcomer changes them. They prove all figures together, see `gigmatch.evidence.verify_added_workers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import Int64Array
from gigmatch.evidence import data
from gigmatch.evidence.added_workers import AddedWorker, AddedWorkers, read_worker, skilled, skills_asked_for
from gigmatch.evidence.parts import Amount, Move, Proof, Ranked, SkillValue
from gigmatch.evidence.prices import amount, effect_of_newcomer
from gigmatch.explaining.residual import IMPOSSIBLE, Residual
from gigmatch.model import Worker
from gigmatch.pairing.policy import POINTS_SCALE

__all__ = ["AddedWorkerEffects"]

_NOTHING = Amount(seats_by_tier={}, points=0.0)


class AddedWorkerEffects:
    """Says what newcomers would bring.

    Parameters
    ----------
    solved : SolvedMorning
        Of an assignment that is proved optimal.
    residual : Residual
        Of that assignment, in a number that nothing of a newcomer outweighs.
    added : AddedWorkers
        Where they could work.
    """

    def __init__(self, solved: SolvedMorning, residual: Residual, added: AddedWorkers) -> None:
        self.solved, self.residual, self.problem = solved, residual, solved.problem
        self._added = added
        self._room: dict[int, tuple[Amount, tuple[Move, ...]]] = {}

    def ranked(self, newcomer: AddedWorker, most: int) -> data.RankedShifts:
        """The shifts of a newcomer, at most so many, the best first, then by id."""
        effects = self.effects(newcomer)
        order = np.argsort(-effects, kind="stable")
        best = order[effects[order] > -IMPOSSIBLE][:most].tolist()
        return data.RankedShifts(
            worker_id=newcomer.worker.id,
            newcomer=newcomer.worker,
            choices=tuple(self._choice(newcomer, at) for at in best),
            rest=self.prices,
        )

    def skill_values(self, profile: Worker | Mapping[str, Any] | None) -> data.SkillValues:
        """What one more worker of a profile would bring, by skill and level."""
        worker = self._added.unassuming() if profile is None else read_worker(profile)
        asked = skills_asked_for(self.solved.columns)
        return data.SkillValues(
            profile=worker,
            values=tuple(self._value(worker, skill, level) for skill, level in asked),
            prices=self.prices,
        )

    def effects(self, newcomer: AddedWorker) -> Int64Array:
        """What the newcomer brings at each eligible shift, all levels in one number: int64[n_eligible].

        Below ``-2**61`` where every seat is promised.
        """
        rows = newcomer.shift
        effect = newcomer.in_one_number(self.residual.scales)
        return np.where(self.problem.capacity[rows] > 0, effect - self._greatest[rows], -2 * IMPOSSIBLE)

    @cached_property
    def prices(self) -> Proof:
        """The greatest prices of all seats, as changes to those of the certificates."""
        change = self._greatest - self.residual.shift_price
        rows = np.flatnonzero(change)
        names = self.solved.shift_names(rows)
        return Proof(moves=(), price_changes=dict(zip(names, change[rows].tolist(), strict=True)))

    @cached_property
    def _greatest(self) -> Int64Array:
        """Greatest prices, those of the certificates where there is no seat."""
        price: Int64Array = np.where(
            self.problem.capacity > 0, self.residual.greatest_price, self.residual.shift_price
        )
        return price

    def _choice(self, newcomer: AddedWorker, at: int) -> Ranked:
        shift, points, effect, proof = self._seated(newcomer, at)
        return Ranked(id=shift, points=points, effect=effect, proof=proof)

    def _value(self, profile: Worker, skill: str | None, level: int | None) -> SkillValue:
        newcomer = self._added.added(skilled(profile, skill, level))
        effects = self.effects(newcomer)
        shift, points, gain, proof = None, 0.0, _NOTHING, Proof(moves=(), price_changes=None)
        if effects.max(initial=0) > 0:
            shift, points, gain, proof = self._seated(newcomer, int(effects.argmax()))
        return SkillValue(skill=skill, level=level, gain=gain, shift_id=shift, points=points, proof=proof)

    def _seated(self, newcomer: AddedWorker, at: int) -> tuple[str, float, Amount, Proof]:
        """A newcomer at one of the eligible shifts: which, its points, what it brings, and the moves.

        The newcomer moves first, and then who makes room.
        """
        shift, weight = int(newcomer.shift[at]), int(newcomer.weight[at])
        name, (lost, others) = self.solved.columns.shift_ids[shift], self._room_at(shift)
        effect = effect_of_newcomer(self.problem, shift, newcomer.weights_at(shift), lost)
        first = Move(worker_id=newcomer.worker.id, leaves=None, goes_to=name)
        return name, weight / POINTS_SCALE, effect, Proof(moves=(first, *others), price_changes=None)

    def _room_at(self, shift: int) -> tuple[Amount, tuple[Move, ...]]:
        """What the others lose with a seat less, and how they move then; kept for the next newcomer."""
        if shift not in self._room:
            after, moves = self.residual.at.copy(), []
            workers, shifts = self.solved.columns.worker_ids, self.solved.columns.shift_ids
            for worker, *ends in self.residual.moves_after_loss(shift):
                after[worker] = ends[1]
                leaves, to = (None if row < 0 else shifts[row] for row in ends)
                moves.append(Move(worker_id=workers[worker], leaves=leaves, goes_to=to))
            self._room[shift] = amount(self.problem, self.residual.at, after), tuple(moves)
        return self._room[shift]
