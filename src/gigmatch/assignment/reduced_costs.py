"""Which pairs matter at given prices, by their reduced costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gigmatch.assignment.instance import Instance
from gigmatch.core.arrays import BoolArray, IndexArray, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.pairing.eligible import Selection
from gigmatch.pairing.levels import pair_weights
from gigmatch.pairing.pairs import Pairs
from gigmatch.problem import Certificate, Problem, Solution, weights_of
from gigmatch.problem.integers import LARGEST_NUMBER

__all__ = ["Prices", "ReducedCosts", "pairs_that_matter", "pairs_to_verify", "prices_of", "reduced_costs_of"]

NOBODY = 2**61
"""The price of a worker who has no pairs, far above any other."""


def pairs_to_verify(instance: Instance, solution: Solution) -> Selection:
    """The pairs on which everything that a solution claims can be checked as well as on all.

    Those are the pairs chosen, those that its prices do not cover, and those of the face of its lottery.
    """
    matter = pairs_that_matter(reduced_costs_of(instance, solution))

    def select(pairs: Pairs, points: Int64Array) -> BoolArray:
        found: BoolArray = matter(pairs, points)
        found |= solution.shift.take(pairs.worker) == pairs.shift
        return found

    return select


def pairs_that_matter(costs: Sequence[ReducedCosts]) -> Selection:
    """The pairs that prices do not cover, and those of the face: any of them may be in a best answer."""

    def select(pairs: Pairs, points: Int64Array) -> BoolArray:
        tight, better = np.ones(len(pairs), dtype=bool), np.zeros(len(pairs), dtype=bool)
        for cost in costs:
            reduced = cost(pairs, points)
            better |= reduced < 0
            tight &= reduced == 0
        return tight | better

    return select


def reduced_costs_of(instance: Instance, solution: Solution) -> list[ReducedCosts]:
    """Reduced costs by every certificate of a level that is proved by prices, in order."""
    return [ReducedCosts(prices, instance) for prices in prices_of(instance, solution)]


def prices_of(instance: Instance, solution: Solution) -> list[Prices]:
    """The prices of every certificate of a level that is proved by prices, in order."""
    frame = instance.frame(lots=False)
    return [
        Prices.of(instance, frame, proof) for proof in solution.certificates if frame.is_weighted(proof.level)
    ]


@dataclass(frozen=True)
class Prices:
    """The prices of a certificate, less what belongs to workers or shifts alone: numbers only."""

    level: str
    """Its name."""
    worker: Int64Array
    """Prices of the workers less what belongs to them alone: int64[n_workers]; `NOBODY` for whoever is
    promised, since a worker without pairs in the problem has no price that is too low."""
    shift: Int64Array
    """Prices of the shifts less what belongs to them alone: int64[n_shifts]."""
    nothing: Int64Array
    """What is as good to each worker as no shift: 0 less what belongs to the worker alone."""
    scales: Mapping[str, int]
    """By what the weights of pairs are multiplied, by level; empty for a certificate that weighs no pairs."""

    @classmethod
    def of(cls, instance: Instance, frame: Problem, proof: Certificate) -> Prices:
        """Those of a certificate.

        Parameters
        ----------
        instance : Instance
            The morning.
        frame : Problem
            Of it, without pairs.
        proof : Certificate
            Of a weighted level of the problem.
        """
        weights = weights_of(frame, frame.weighted[frame.place(proof.level)], proof.multipliers)
        worker = np.where(instance.kept < 0, proof.worker_price, NOBODY)
        nothing = np.zeros_like(worker) if weights.worker is None else -weights.worker
        shift = proof.shift_price if weights.shift is None else proof.shift_price - weights.shift
        by_level = {**proof.multipliers, proof.level: 1}
        most = instance.policy.most
        if any(abs(by) * most.get(name, 0) > LARGEST_NUMBER // 2 for name, by in by_level.items()):
            raise CertificateError("multipliers_too_large", level=proof.level, given=dict(proof.multipliers))
        names = [level.name for level in instance.policy.levels if pair_weights(level, instance.columns)]
        scales = {name: by_level[name] for name in names if by_level.get(name, 0)}
        return cls(proof.level, worker + nothing, shift, nothing, scales)

    def part(self, workers: IndexArray, shifts: IndexArray) -> Prices:
        """Those of some workers and shifts, by row."""
        rows = self.worker[workers], self.shift[shifts], self.nothing[workers]
        return Prices(self.level, *rows, self.scales)


class ReducedCosts:
    """Reduced costs of any pairs at some prices: ``worker[i] + shift[j]`` less the weights of the pair.

    Parameters
    ----------
    prices : Prices
        With a price for every worker and shift of the instance.
    instance : Instance
        What weighs the pairs.
    """

    def __init__(self, prices: Prices, instance: Instance) -> None:
        self.prices = prices
        self.level, self.worker, self.shift = prices.level, prices.worker, prices.shift
        self.nothing, self.scales = prices.nothing, prices.scales
        weighed = {level.name: pair_weights(level, instance.columns) for level in instance.policy.levels}
        asked = ((weighed[name], scale) for name, scale in prices.scales.items())
        self._parts = [(ask, scale) for ask, scale in asked if ask]

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
