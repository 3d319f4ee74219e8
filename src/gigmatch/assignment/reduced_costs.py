"""Which pairs matter at given prices, by their reduced costs."""

from __future__ import annotations

import numpy as np

from gigmatch.assignment.instance import Instance
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.pairing.eligible import Selection
from gigmatch.pairing.levels import pair_weights
from gigmatch.pairing.pairs import Pairs
from gigmatch.problem import Certificate, Problem, Solution, weights_of
from gigmatch.problem.integers import LARGEST_NUMBER

__all__ = ["ReducedCosts", "pairs_to_verify", "reduced_costs_of"]

NOBODY = 2**61
"""The price of a worker who has no pairs, far above any other."""


def pairs_to_verify(instance: Instance, solution: Solution) -> Selection:
    """The pairs on which everything that a solution claims can be checked as well as on all.

    Those are the pairs chosen, those that its prices do not cover, and those of the face of its lottery.
    """
    costs = reduced_costs_of(instance, solution)

    def select(pairs: Pairs, points: Int64Array) -> BoolArray:
        tight, better = np.ones(len(pairs), dtype=bool), np.zeros(len(pairs), dtype=bool)
        for cost in costs:
            reduced = cost(pairs, points)
            better |= reduced < 0
            tight &= reduced == 0
        better |= solution.shift.take(pairs.worker) == pairs.shift
        return tight | better

    return select


def reduced_costs_of(instance: Instance, solution: Solution) -> list[ReducedCosts]:
    """Reduced costs by every certificate of a level that is proved by prices, in order."""
    frame = instance.frame(lots=False)
    return [
        ReducedCosts(instance, frame, proof)
        for proof in solution.certificates
        if frame.is_weighted(proof.level)
    ]


class ReducedCosts:
    """Reduced costs of any pairs at the prices of a certificate: ``worker[i] + shift[j]`` less their weights.

    Parameters
    ----------
    instance : Instance
        The morning.
    frame : Problem
        Of it, without pairs.
    proof : Certificate
        Of a weighted level of the problem.

    Attributes
    ----------
    level : str
        Its name.
    worker : array of int64, shape (n_workers,)
        Prices of the workers less what belongs to them alone; `NOBODY` for whoever is promised, since a
        worker without pairs in the problem has no price that is too low.
    shift : array of int64, shape (n_shifts,)
        Prices of the shifts less what belongs to them alone.
    nothing : array of int64, shape (n_workers,)
        What is as good to each worker as no shift: 0 less what belongs to the worker alone.
    scales : mapping of str to int
        By what the weights of pairs are multiplied, by level; empty for a certificate that weighs no pairs.
    """

    def __init__(self, instance: Instance, frame: Problem, proof: Certificate) -> None:
        place = frame.place(proof.level)
        weights = weights_of(frame, frame.weighted[place], proof.multipliers)
        self.level = proof.level
        self.worker = np.where(instance.kept < 0, proof.worker_price, NOBODY)
        self.shift = proof.shift_price
        self.nothing = np.zeros_like(self.worker) if weights.worker is None else -weights.worker
        self.worker = self.worker + self.nothing
        if weights.shift is not None:
            self.shift = self.shift - weights.shift
        by_level = {**proof.multipliers, proof.level: 1}
        levels = instance.policy.levels
        weighed = ((pair_weights(level, instance.columns), level.name) for level in levels)
        parts = [(name, ask) for ask, name in weighed if ask and by_level.get(name, 0)]
        self.scales = {name: by_level[name] for name, _ in parts}
        self._parts = [(ask, by_level[name]) for name, ask in parts]
        most = instance.policy.most
        if any(abs(by) * most.get(name, 0) > LARGEST_NUMBER // 2 for name, by in by_level.items()):
            raise CertificateError("multipliers_too_large", level=proof.level, given=dict(proof.multipliers))

    def __call__(self, pairs: Pairs, points: Int64Array) -> Int64Array:
        """Reduced cost of every pair: int64[n_pairs]."""
        cost = self.without_worker(pairs, points)
        cost += self.worker.take(pairs.worker)
        return cost

    def without_worker(self, pairs: Pairs, points: Int64Array) -> Int64Array:
        """The same less the price of the worker, the lower the better for the worker: int64[n_pairs]."""
        cost: Int64Array = self.shift.take(pairs.shift)
        for weigh, scale in self._parts:
            weights = weigh(pairs, points)
            cost -= weights if scale == 1 else scale * weights
        return cost
