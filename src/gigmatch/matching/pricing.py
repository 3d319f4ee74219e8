"""Prices over all eligible pairs of which only some are held, without looking at all of them again.

Of every worker it is known what the pairs left out were worth at most, at prices of then. They are worth
more now by as much as the shift's price fell since. So a pair can only matter now if its worker has come down
to that bound, or its shift's price fell by more than the others': a look goes through the pairs of these
workers, and those of all the others with these shifts. It finds all that a look at every pair would find.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from gigmatch.assignment.instance import Instance
from gigmatch.assignment.reduced_costs import Prices, ReducedCosts
from gigmatch.core.arrays import BoolArray, Int64Array, place_in_row, run_pointers
from gigmatch.core.statistics import Stages
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.eligible import Eligible, Held, scored_blocks
from gigmatch.pairing.nearest import LEAST, nearest_first
from gigmatch.pairing.pairs import Pairs
from gigmatch.problem import POINTS

__all__ = ["Found", "LeftOut", "Pricing"]


@dataclass(frozen=True)
class LeftOut:
    """What the pairs that are not held are worth at most to their workers, at some prices."""

    scales: Mapping[str, int]
    """By what the weights of pairs are multiplied, by level."""
    shift: Int64Array
    """The prices of then, less what belongs to shifts alone: int64[n_shifts]."""
    most: Int64Array
    """int64[n_workers]."""

    @classmethod
    def nothing_known(cls, cost: ReducedCosts) -> LeftOut | None:
        """What is known of any pair: where pairs weigh nothing, it is worth 0 without prices."""
        if cost.scales:
            return None
        return cls({}, np.zeros_like(cost.shift), np.zeros_like(cost.worker))

    def fallen(self, cost: ReducedCosts) -> Int64Array:
        """By how much each price fell since."""
        return self.shift - cost.shift


@dataclass(frozen=True)
class Found:
    """What a look brought back."""

    pairs: Held
    violating: int
    """How many violate the prices, brought back or not."""
    is_cut: bool
    """Whether pairs on the face were left for later."""


@dataclass(frozen=True)
class _Due:
    """Who is to be looked at, and by how much no other price fell."""

    workers: BoolArray
    shifts: BoolArray
    fallen: int


class Pricing:
    """Prices all eligible pairs that are not held.

    Parameters
    ----------
    instance : Instance
        The morning.
    eligible : Eligible
        Pairs held, with the number of all of them by worker and by shift.
    left : mapping of str to LeftOut
        What is known of the others, by level; nothing of one that is not there.
    at_once : int
        Pairs of a worker that a look brings back at most, where not the whole face is asked for.
    stages : Stages
        Told how many pairs were looked at.
    """

    def __init__(
        self,
        instance: Instance,
        eligible: Eligible,
        left: Mapping[str, LeftOut],
        at_once: int,
        stages: Stages,
    ) -> None:
        self.instance, self.eligible, self.at_once, self.stages = instance, eligible, at_once, stages
        self.left = dict(left)

    def look(self, prices: Sequence[Prices], slack: int | None) -> Found:
        """Every pair that is not held and violates the prices, is on the face, or nearly so.

        Parameters
        ----------
        prices : sequence of Prices
            By which a solution is proved on the pairs held, on all levels but one that is drawn.
        slack : int, optional
            Up to which reduced cost at the level of the points pairs are brought back, ``at_once`` of a
            worker at most; without, all of those on the face are.
        """
        costs = [ReducedCosts(each, self.instance) for each in prices]
        dues = [self._due(cost, (slack or 0) + 1 if cost.level == POINTS.name else 0) for cost in costs]
        workers = np.logical_or.reduce([due.workers for due in dues])
        shifts = np.logical_or.reduce([due.shifts for due in dues])
        look = _Look(self.eligible, costs, slack, self.at_once)
        candidates = self.instance.candidates
        self._go_through(candidates.part(workers), look)
        if shifts.any():
            self._go_through(candidates.part(~workers, shifts), look)
        for cost, due in zip(costs, dues, strict=True):
            if cost.scales:
                self.left[cost.level] = self._known_now(cost, due, workers, look.most[cost.level])
        return look.found()

    def _due(self, cost: ReducedCosts, margin: int) -> _Due:
        """Whose pairs may have reduced costs below some margin: as few pairs as can be."""
        left = self.left.get(cost.level) or LeftOut.nothing_known(cost)
        if left is None or left.scales != cost.scales:
            everybody = np.ones(len(cost.worker), dtype=bool)
            return _Due(everybody, np.zeros(len(cost.shift), dtype=bool), 0)
        room = cost.worker - left.most - margin
        fallen = left.fallen(cost)
        limit = _least_work(room, self.eligible.shifts_of, fallen, self.eligible.workers_of)
        shifts = fallen > limit
        return _Due(room < limit, shifts, int(fallen[~shifts].max(initial=-(2**60))))

    def _go_through(self, candidates: Candidates, look: _Look) -> None:
        spent = Stages()
        scored = scored_blocks(candidates, self.instance.policy, self.instance.barred)
        for _ in candidates.each(lambda block: look.at(*scored(block)), stages=spent):
            pass
        self.stages.count("pairs looked at again", spent.counts.get("pairs looked at", 0))

    def _known_now(self, cost: ReducedCosts, due: _Due, looked_at: BoolArray, most: Int64Array) -> LeftOut:
        """What is known at the prices of now."""
        known = self.left.get(cost.level)
        if known is not None and known.scales == cost.scales:
            before = np.where(looked_at | (known.most == LEAST), LEAST, known.most + due.fallen)
            most = np.maximum(most, before)
        return LeftOut(cost.scales, cost.shift, most)


class _Look:
    """What a look finds in blocks of pairs, in threads."""

    def __init__(
        self, eligible: Eligible, costs: Sequence[ReducedCosts], slack: int | None, at_once: int
    ) -> None:
        self.eligible, self.costs, self.slack, self.at_once = eligible, costs, slack, at_once
        n_workers = len(eligible.shifts_of)
        self.most = {cost.level: np.full(n_workers, LEAST) for cost in costs if cost.scales}
        self._parts: dict[tuple[int, int], Held] = {}
        self._violating, self._is_cut, self._lock = 0, False, Lock()

    def at(self, pairs: Pairs, points: Int64Array) -> None:
        """Look at a block."""
        if not len(pairs):
            return
        worst, tight = np.zeros(len(pairs), np.int64), np.ones(len(pairs), dtype=bool)
        reduced = {}
        for cost in self.costs:
            reduced[cost.level] = by = cost(pairs, points)
            np.minimum(worst, by, out=worst)
            tight &= by == 0
        near = reduced[POINTS.name]
        fresh = ~self.eligible.holds(pairs)
        wanted = fresh & ((worst < 0) | (tight if self.slack is None else near <= self.slack))
        kept = wanted if self.slack is None else self._cut(pairs, wanted, np.minimum(worst, near))
        fresh &= ~kept
        self._note_left(pairs, reduced, fresh)
        part = Held.some_of(pairs, points, kept)
        with self._lock:
            self._parts[int(pairs.worker[0]), int(pairs.shift[0])] = part
            self._violating += int(np.count_nonzero(wanted & (worst < 0)))
            self._is_cut |= bool((fresh & tight).any())

    def found(self) -> Found:
        """All of it, in order whichever block was first."""
        parts = [self._parts[place] for place in sorted(self._parts)]
        return Found(Held.joined(parts), self._violating, self._is_cut)

    def _cut(self, pairs: Pairs, wanted: BoolArray, key: Int64Array) -> BoolArray:
        """The best few of every worker."""
        at = np.flatnonzero(wanted)
        order = at[nearest_first(pairs.worker.take(at), key.take(at))]
        place = place_in_row(run_pointers(pairs.worker.take(order)))
        kept = np.zeros(len(pairs), dtype=bool)
        kept[order[place < self.at_once]] = True
        return kept

    def _note_left(self, pairs: Pairs, reduced: dict[str, Int64Array], left: BoolArray) -> None:
        """Note what the pairs that are still left out are worth at most."""
        workers = pairs.worker[pairs.starts]
        for cost in self.costs:
            if cost.scales:
                worth = np.where(left, cost.worker.take(pairs.worker) - reduced[cost.level], LEAST)
                most = np.maximum.reduceat(worth, pairs.starts)
                self.most[cost.level][workers] = np.maximum(self.most[cost.level][workers], most)


def _least_work(room: Int64Array, of_worker: Int64Array, fallen: Int64Array, of_shift: Int64Array) -> int:
    """The limit for which workers with less room, and shifts that fell more, have the fewest pairs."""
    by_room, by_fall = np.argsort(room, kind="stable"), np.argsort(fallen, kind="stable")
    limits = np.unique(fallen) if len(fallen) else np.zeros(1, np.int64)
    below = np.concatenate([[0], np.cumsum(of_worker[by_room])])
    above = np.concatenate([[0], np.cumsum(of_shift[by_fall])])
    work = below[np.searchsorted(room[by_room], limits, side="left")]
    work = work + above[-1] - above[np.searchsorted(fallen[by_fall], limits, side="right")]
    return int(limits[np.argmin(work)])
