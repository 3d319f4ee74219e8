"""All eligible pairs of a morning, wherever they are: what column generation asks of them, and no more.

They may be those of one process (`Part`), or lie in parts on many machines, each of which is a `Part` of its
own workers and the shifts that they reach; what is asked and answered are rows, prices and a few pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gigmatch.assignment.instance import Instance, Progress
from gigmatch.assignment.reduced_costs import Prices, ReducedCosts
from gigmatch.core.arrays import IndexArray, Int64Array, row_maximum
from gigmatch.core.statistics import Stages
from gigmatch.matching.pricing import Found, LeftOut, Pricing
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.eligible import Eligible, Held, eligible_pairs, scored_blocks
from gigmatch.pairing.nearest import Nearest
from gigmatch.pairing.pairs import Pairs
from gigmatch.problem.first_come import Serving, Unserved

__all__ = ["AllPairs", "Near", "Part"]


@dataclass(frozen=True)
class Near:
    """Which pairs are held at first: those near the best of their worker or shift at some prices."""

    prices: Prices
    """Of the level of the points."""
    slack: Int64Array
    """The greatest distance of a pair of each worker: int64[n_workers]."""
    each: int
    """Pairs of a worker at most, but for those that a shift wants."""
    of_shift: Int64Array
    """Workers wanted of every shift: int64[n_shifts]."""
    at_once: int
    """Pairs of a worker that a look brings back at most later on."""

    def part(self, workers: IndexArray, shifts: IndexArray) -> Near:
        """What of it is about some workers and shifts, by row."""
        prices, slack = self.prices.part(workers, shifts), self.slack[workers]
        return Near(prices, slack, self.each, self.of_shift[shifts], self.at_once)

    def selection(self, instance: Instance) -> Nearest:
        """What selects them."""
        cost = ReducedCosts(self.prices, instance)
        return Nearest(cost.without_worker, cost.nothing, self.slack, self.each, self.of_shift)


class AllPairs(Protocol):
    """What column generation asks of all eligible pairs."""

    @property
    def held(self) -> Eligible:
        """The pairs held by now, with the number of all of them by worker and by shift."""
        ...

    def estimate(self) -> int:
        """How many there are, about."""
        ...

    def sampled(self, every: int, near: Near | None = None) -> Eligible:
        """About one in ``every`` so many pairs of each worker, or of those the ones near the best."""
        ...

    def begin(self, near: Near, chosen: Held) -> None:
        """Go through all pairs, and hold those near the best and some that are chosen already."""
        ...

    def look(self, prices: Sequence[Prices], slack: int | None) -> Found:
        """Hold what matters at other prices, as `gigmatch.matching.pricing.Pricing.look` finds it."""
        ...

    def most(self, prices: Sequence[Int64Array]) -> Int64Array:
        """What the best pair of every worker is worth at some prices of the shifts, 0 at least.

        Parameters
        ----------
        prices : sequence of int64[n_shifts]
            Some.

        Returns
        -------
        int64[n_prices, n_workers]
        """
        ...


class Part:
    """All eligible pairs of the workers of an instance, in this process.

    Parameters
    ----------
    instance : Instance
        A morning, or some of its workers with the shifts that they reach.
    stages : Stages
        Told what it takes.
    progress : callable, optional
        Called with ``("candidates", share done)`` in every pass over the pairs.
    served : Serving, optional
        Who is served first come, first served, in the pass over all pairs; the workers of the instance
        unless given.
    """

    def __init__(
        self,
        instance: Instance,
        stages: Stages,
        progress: Progress | None = None,
        served: Serving | None = None,
    ) -> None:
        self.instance, self.stages, self.progress, self.served = instance, stages, progress, served

    @property
    def held(self) -> Eligible:
        """The pairs held by now."""
        return self.pricing.eligible

    def estimate(self) -> int:
        """How many there are, about."""
        return self.instance.candidates.estimate()

    def sampled(self, every: int, near: Near | None = None) -> Eligible:
        """About one in ``every`` so many pairs of each worker, or of those the ones near the best."""
        self.stages.at("sampling")
        nearest = None if near is None else near.selection(self.instance)
        spent = Stages()
        unserved = Unserved(self.instance.columns.n_workers)
        found = self._eligible(self.instance.candidates.sampled(every), nearest, spent, unserved)
        self.stages.count("pairs in samples", spent.counts.get("pairs looked at", 0))
        return found if nearest is None else nearest.held(found)

    def begin(self, near: Near, chosen: Held) -> None:
        """Go through all pairs, and hold those near the best and some that are chosen already."""
        self.stages.at("candidates")
        instance, nearest = self.instance, near.selection(self.instance)
        eligible = nearest.held(self._eligible(instance.candidates, nearest, self.stages, self.served))
        pairs = Pairs(instance.columns, instance.travel, chosen.worker, chosen.shift)
        missing = ~eligible.holds(pairs)
        eligible = eligible.union(Held.some_of(pairs, chosen.points, missing))
        prices = near.prices
        left = {prices.level: LeftOut(prices.scales, prices.shift, nearest.left)}
        self.pricing = Pricing(instance, eligible, left, near.at_once, self.stages)

    def look(self, prices: Sequence[Prices], slack: int | None) -> Found:
        """Hold what matters at other prices."""
        self.stages.at("pricing")
        found = self.pricing.look(prices, slack)
        self.pricing.eligible = self.pricing.eligible.union(found.pairs)
        return found

    def most(self, prices: Sequence[Int64Array]) -> Int64Array:
        """What the best pair of every worker is worth at some prices of the shifts, 0 at least."""
        instance = self.instance
        scored = scored_blocks(instance.candidates, instance.policy, instance.barred)
        found = np.zeros((len(prices), instance.columns.n_workers), np.int64)

        def best(block: Pairs) -> tuple[IndexArray, list[Int64Array]]:
            pairs, weight = scored(block)
            each = [row_maximum(weight - price.take(pairs.shift), pairs.runs) for price in prices]
            return pairs.worker[pairs.starts], each

        for workers, each in instance.candidates.each(best):
            for most, part in zip(found, each, strict=True):
                most[workers] = np.maximum(part, 0)
        return found

    def _eligible(
        self, candidates: Candidates, nearest: Nearest | None, spent: Stages, served: Serving | None = None
    ) -> Eligible:
        policy, barred = self.instance.policy, self.instance.barred
        return eligible_pairs(candidates, policy, barred, nearest, self.progress, spent, served)
