"""Which pairs matter at given prices, by their reduced costs."""

from __future__ import annotations

import numpy as np

from gigmatch.assignment.instance import Instance
from gigmatch.core.arrays import BoolArray, Int64Array, place_in_row, run_pointers
from gigmatch.errors import CertificateError
from gigmatch.pairing.eligible import Selection
from gigmatch.pairing.levels import pair_weights
from gigmatch.pairing.pairs import Pairs
from gigmatch.problem import Certificate, Problem, Solution, weights_of
from gigmatch.problem.integers import LARGEST_NUMBER

__all__ = ["on_face_or_violating", "pairs_to_verify", "violating"]

VIOLATORS_AT_ONCE = 8


def pairs_to_verify(instance: Instance, solution: Solution) -> Selection:
    """The pairs on which everything that a solution claims can be checked as well as on all.

    Those are the pairs chosen, those that its prices do not cover, and those of the face of its lottery.
    """
    wanted = on_face_or_violating(instance, solution)

    def select(pairs: Pairs, points: Int64Array) -> BoolArray:
        kept = wanted(pairs, points)
        kept |= solution.shift.take(pairs.worker) == pairs.shift
        return kept

    return select


def violating(instance: Instance, solution: Solution) -> Selection:
    """Pairs that would improve the answer at its prices, the `VIOLATORS_AT_ONCE` best of each worker."""
    costs = _costs(instance, solution)

    def select(pairs: Pairs, points: Int64Array) -> BoolArray:
        worst = np.zeros(len(pairs), np.int64)
        for cost in costs:
            np.minimum(worst, cost(pairs, points), out=worst)
        found = np.flatnonzero(worst < 0)
        order = found[np.lexsort((worst[found], pairs.worker[found]))]
        place = place_in_row(run_pointers(pairs.worker[order]))
        kept = np.zeros(len(pairs), dtype=bool)
        kept[order[place < VIOLATORS_AT_ONCE]] = True
        return kept

    return select


def on_face_or_violating(instance: Instance, solution: Solution) -> Selection:
    """Pairs whose reduced cost is below 0 on some level, or 0 on every one."""
    costs = _costs(instance, solution)

    def select(pairs: Pairs, points: Int64Array) -> BoolArray:
        tight, better = np.ones(len(pairs), dtype=bool), np.zeros(len(pairs), dtype=bool)
        for cost in costs:
            reduced = cost(pairs, points)
            better |= reduced < 0
            tight &= reduced == 0
        return tight | better

    return select


def _costs(instance: Instance, solution: Solution) -> list[_Cost]:
    """Of every certificate of a level that is proved by prices."""
    frame = instance.frame(lots=False)
    return [
        _Cost(instance, frame, proof) for proof in solution.certificates if frame.is_weighted(proof.level)
    ]


class _Cost:
    """Reduced costs of any pairs at the prices of a certificate."""

    def __init__(self, instance: Instance, frame: Problem, proof: Certificate) -> None:
        place = frame.place(proof.level)
        weights = weights_of(frame, frame.weighted[place], proof.multipliers)
        # A promised worker has no pairs in the problem: no price of such a one is ever too low.
        self.worker = np.where(instance.kept < 0, proof.worker_price, 2**61)
        self.shift = proof.shift_price
        if weights.worker is not None:
            self.worker = self.worker - weights.worker
        if weights.shift is not None:
            self.shift = self.shift - weights.shift
        scales = {**proof.multipliers, proof.level: 1}
        levels = instance.policy.levels
        weighed = ((pair_weights(level, instance.columns), level.name) for level in levels)
        self.parts = [(ask, scale) for ask, name in weighed if ask and (scale := scales.get(name, 0))]
        most = instance.policy.most
        if any(abs(by) * most.get(name, 0) > LARGEST_NUMBER // 2 for name, by in scales.items()):
            raise CertificateError("multipliers_too_large", level=proof.level, given=dict(proof.multipliers))

    def __call__(self, pairs: Pairs, points: Int64Array) -> Int64Array:
        cost: Int64Array = self.shift.take(pairs.shift)
        cost += self.worker.take(pairs.worker)
        for weigh, scale in self.parts:
            weights = weigh(pairs, points)
            cost -= weights if scale == 1 else scale * weights
        return cost
