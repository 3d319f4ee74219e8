"""Other answers near one of plans and teams: somebody more comes, and whoever counts least makes room.

They need not be the best: searches begin with them, so that a loss is between two bounds however soon a
search ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.problem.plans import PlanProblem, PlanSolution

__all__ = ["with_pair", "with_people"]


def with_pair(problem: PlanProblem, answer: PlanSolution, pair: int) -> PlanSolution:
    """Return a start with a pair: the answer in which others make room, or as it is where nobody can.

    Parameters
    ----------
    problem : PlanProblem
        What was asked.
    answer : PlanSolution
        To it; claims and proofs are handed on as they are.
    pair : int
        Position; none of the answer's.
    """
    near = _Near(problem, answer)
    if (change := near.change(pair)) is not None:
        near.take(change)
    return near.start()


def with_people(problem: PlanProblem, answer: PlanSolution, needed: Int64Array) -> PlanSolution:
    """Return a start with so many people at some shifts, or with as many as can be had one by one.

    Parameters
    ----------
    problem, answer
        As for `with_pair`.
    needed : array of int64, shape (n_shifts,)
        At each shift; 0 where it does not matter.
    """
    near = _Near(problem, answer)
    for shift in np.flatnonzero(needed > near.fill).tolist():
        while near.fill[shift] < needed[shift]:
            best = min(near.changes(shift), key=lambda change: change.lost, default=None)
            if best is None:
                break
            near.take(best)
    return near.start()


class _Change(NamedTuple):
    """A pair that comes, and those that go for it."""

    pair: int
    gone: tuple[int, ...]
    lost: tuple[int, ...]
    """Level by level."""


class _Near:
    """An answer that is changed pair by pair.

    Nobody leaves what was promised, what they have come to, their group, or a team that needs them.
    """

    def __init__(self, problem: PlanProblem, answer: PlanSolution) -> None:
        self.problem, self.answer, self.pairs = problem, answer, problem.pairs
        self.taken = set(self.pairs.find(answer.worker, answer.shift).tolist())
        self.fill = np.bincount(answer.shift, minlength=self.pairs.n_shifts)
        self.stays = set(problem.kept.tolist())
        self.weights = [level.weight for level in problem.levels]

    def changes(self, shift: int) -> Iterator[_Change]:
        """Every way in which one more may come to a shift."""
        found = map(self.change, np.flatnonzero(self.pairs.shift == shift).tolist())
        return (change for change in found if change is not None)

    def change(self, pair: int) -> _Change | None:
        """What a pair costs; None where it cannot come, or there is no room to be made."""
        worker, shift = int(self.pairs.worker[pair]), int(self.pairs.shift[pair])
        if pair in self.taken or self.problem.group[worker] >= 0:
            return None
        own = self._own(worker)
        gone = next((some for some in self._clashing(own, pair) if self._is_plan(own - some | {pair})), None)
        if gone is None or not all(map(self._may_go, gone)):
            return None
        if self.fill[shift] >= self.pairs.capacity[shift]:
            holders = [one for one in self._at(shift) if self._may_make_room(one)]
            if not holders:
                return None
            gone = gone | {min(holders, key=self._worth)}
        lost = (sum(int(weight[one]) for one in gone) - int(weight[pair]) for weight in self.weights)
        return _Change(pair, tuple(sorted(gone)), tuple(lost))

    def take(self, change: _Change) -> None:
        """Make a change."""
        self.taken = self.taken - {*change.gone} | {change.pair}
        self.stays.add(change.pair)
        np.subtract.at(self.fill, self.pairs.shift[[*change.gone]], 1)
        self.fill[self.pairs.shift[change.pair]] += 1

    def start(self) -> PlanSolution:
        """The answer as it is now, for a search to begin with."""
        taken = np.array(sorted(self.taken), np.int64)
        worker, shift = self.pairs.workers_of(taken), self.pairs.shift[taken]
        order = np.lexsort((self.problem.rank[shift], worker))
        return replace(self.answer, worker=worker[order], shift=shift[order])

    # -- who has what ---------------------------------------------------------------------------------------

    def _own(self, worker: int) -> set[int]:
        return self.taken.intersection(range(*self.pairs.indptr[worker : worker + 2].tolist()))

    def _at(self, shift: int) -> list[int]:
        return sorted(self.taken.intersection(np.flatnonzero(self.pairs.shift == shift).tolist()))

    def _worth(self, pair: int) -> tuple[int, ...]:
        return tuple(int(weight[pair]) for weight in self.weights)

    def _clashing(self, own: set[int], pair: int) -> Iterator[set[int]]:
        """What of somebody's day goes for a pair: nothing, what is not beside it, all of it."""
        yield set()
        yield {one for one in own if not self._is_plan({one, pair})}
        yield own

    def _may_go(self, pair: int) -> bool:
        """Whether somebody may leave a shift for good, of which others remain enough, or nobody."""
        shift = self.pairs.shift[pair]
        left = self.fill[shift] - 1
        is_enough = left >= self.problem.minimum[shift] or (not left and self.problem.crew[shift] < 0)
        return bool(is_enough) and self._is_free(pair)

    def _may_make_room(self, pair: int) -> bool:
        """Whether somebody may leave a shift to which another comes."""
        own = self._own(int(self.pairs.worker[pair]))
        return self._is_free(pair) and self._is_plan(own - {pair})

    def _is_free(self, pair: int) -> bool:
        return pair not in self.stays and self.problem.group[self.pairs.worker[pair]] < 0

    def _is_plan(self, some: set[int]) -> bool:
        """Whether some pairs of one worker are a plan."""
        if not some:
            return True
        day = sorted(some, key=lambda pair: (self.problem.rank[self.pairs.shift[pair]], pair))
        worker = int(self.pairs.worker[day[0]])
        return (
            len(day) <= self.problem.most_shifts[worker]
            and all(self._follows(*both) for both in pairwise(day))
            and self._is_within_limits(worker, self.pairs.shift[day])
        )

    def _follows(self, first: int, second: int) -> bool:
        low, high = self.problem.follower_indptr[first : first + 2]
        return second in self.problem.follower[low:high].tolist()

    def _is_within_limits(self, worker: int, shifts: Int32Array) -> bool:
        limits = range(*self.problem.limit_indptr[worker : worker + 2].tolist())
        return all(
            self.problem.used(np.full(len(shifts), limit), shifts).sum() <= self.problem.limit_most[limit]
            for limit in limits
        )
