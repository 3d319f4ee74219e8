"""Which pairs matter at given prices, by their reduced costs."""

from __future__ import annotations

import numpy as np

from gigmatch.assignment.instance import Instance
from gigmatch.core.arrays import BoolArray, Int64Array, place_in_row, run_pointers
from gigmatch.pairing.eligible import Selection
from gigmatch.pairing.pairs import Pairs
from gigmatch.problem import Certificate, Solution

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
    costs = [_Cost(instance, proof) for proof in _proofs(solution)]

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
    costs = [_Cost(instance, proof) for proof in _proofs(solution)]

    def select(pairs: Pairs, points: Int64Array) -> BoolArray:
        tight, better = np.ones(len(pairs), dtype=bool), np.zeros(len(pairs), dtype=bool)
        for cost in costs:
            reduced = cost(pairs, points)
            better |= reduced < 0
            tight &= reduced == 0
        return tight | better

    return select


def _proofs(solution: Solution) -> list[Certificate]:
    return [proof for proof in solution.certificates if proof.level != "lottery"]


class _Cost:
    """Reduced costs of any pairs at the prices of a certificate of the seats or the points."""

    def __init__(self, instance: Instance, proof: Certificate) -> None:
        urgency = instance.frame(lots=False).urgency
        self.seats = proof.level == "seats"
        # A promised worker has no pairs in the problem: no price of such a one is ever too low.
        self.worker = np.where(instance.kept < 0, proof.worker_price, 2**61)
        self.shift = proof.shift_price - (urgency if self.seats else proof.bonus * urgency)

    def __call__(self, pairs: Pairs, points: Int64Array) -> Int64Array:
        cost: Int64Array = self.shift.take(pairs.shift)
        cost += self.worker.take(pairs.worker)
        if not self.seats:
            cost -= points
        return cost
