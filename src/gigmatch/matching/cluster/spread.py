"""All pairs of a morning that lies in blocks: what blocks answer, as rows of the whole morning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gigmatch.assignment.instance import Instance, Progress
from gigmatch.assignment.reduced_costs import Prices
from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int32Array,
    Int64Array,
    consecutive,
    freeze,
    row_pointers,
)
from gigmatch.core.statistics import Stages, Statistics
from gigmatch.matching.all_pairs import Near
from gigmatch.matching.cluster import blocks
from gigmatch.matching.cluster.runner import Runner, Task
from gigmatch.matching.pricing import Found
from gigmatch.matching.queue import Favoured, first_come
from gigmatch.pairing.eligible import Eligible, Held

__all__ = ["Spread"]


class Spread:
    """All pairs of a morning, in blocks.

    Parameters
    ----------
    instance : Instance
        The morning without what is known of its workers; its candidates are not asked.
    runner : Runner
        Has the blocks, settled.
    workers, shifts : sequence of int64 arrays
        Rows of each block's workers and shifts in the morning, ascending.
    estimate : int
        How many pairs there are, about.
    stages : Stages
        Told what it takes.
    progress : callable, optional
        Called with a stage and the share of the blocks that are done.
    """

    def __init__(
        self,
        instance: Instance,
        runner: Runner,
        workers: Sequence[Int64Array],
        shifts: Sequence[Int64Array],
        estimate: int,
        stages: Stages,
        progress: Progress | None = None,
    ) -> None:
        self.instance, self.runner, self.workers, self.shifts = instance, runner, workers, shifts
        self._estimate, self.stages, self.progress = estimate, stages, progress

    def estimate(self) -> int:
        """How many there are, about."""
        return self._estimate

    def sampled(self, every: int, near: Near | None = None) -> Eligible:
        """About one in ``every`` so many pairs of each worker, or of those the ones near the best."""
        self.stages.at("sampling")
        parts = [near and near.part(*rows) for rows in self._rows()]
        found = self._all("candidates", blocks.sampled, [(every, part) for part in parts])
        self._count(spent for _, spent in found)
        return self._eligible([rows for rows, _ in found])

    def begin(self, near: Near, chosen: Held) -> None:
        """Go through all pairs, and hold those near the best and some that are chosen already."""
        self.stages.at("candidates")
        given = [
            (near.part(workers, shifts), self._held_by(chosen, workers, shifts))
            for workers, shifts in self._rows()
        ]
        found = self._all("candidates", blocks.begun, given)
        self._count(each.spent for each in found)
        columns = self.instance.columns
        shifts_of, workers_of = np.zeros(columns.n_workers, np.int64), np.zeros(columns.n_shifts, np.int64)
        for (workers, shifts), each in zip(self._rows(), found, strict=True):
            shifts_of[workers] = each.shifts_of
            workers_of[shifts] += each.workers_of
        self.stages.at("baseline")
        served = first_come(
            self._favoured({at: each.favoured for at, each in enumerate(found)}),
            columns.shifts.capacity,
            self._more,
        )
        counted = shifts_of, workers_of, served
        self.held = self._eligible([each.held for each in found], counted)

    def look(self, prices: Sequence[Prices], slack: int | None) -> Found:
        """Hold what matters at other prices."""
        self.stages.at("pricing")
        found = self._all(
            "pricing", blocks.looked, [(part, slack) for part in self._parts(prices)], told=False
        )
        self._count(spent for *_, spent in found)
        held = Held.joined(
            [
                Held(workers[part.worker], shifts[part.shift].astype(np.int32), part.points.astype(np.int64))
                for (workers, shifts), (part, *_) in zip(self._rows(), found, strict=True)
            ]
        )
        self.held = self.held.union(held)
        return Found(held, sum(each[1] for each in found), any(each[2] for each in found))

    def most(self, prices: Sequence[Int64Array]) -> Int64Array:
        """What the best pair of every worker is worth at some prices of the shifts, 0 at least."""
        given = [([price[shifts] for price in prices],) for shifts in self.shifts]
        found = np.zeros((len(prices), self.instance.columns.n_workers), np.int64)
        for workers, part in zip(self.workers, self._all("bound", blocks.most, given), strict=True):
            found[:, workers] = part
        return found

    def verify(self, prices: Sequence[Prices]) -> int:
        """Look at every pair once more; how many there are. Raises CertificateError if one was missed."""
        return sum(self._all("verify", blocks.verified, [(part,) for part in self._parts(prices)]))

    def answers(self, shift: Int32Array, served: Int32Array) -> list[blocks.Answered]:
        """What each block tells of its placements, and of who is served first: int32[n_workers] each."""
        given = [
            tuple(_local(at[workers], shifts) for at in (shift, served)) for workers, shifts in self._rows()
        ]
        return self._all("answer", blocks.answered, given)

    # -- rows of the morning and of blocks -------------------------------------------------------------------

    def _rows(self) -> Iterator[tuple[Int64Array, Int64Array]]:
        return zip(self.workers, self.shifts, strict=True)

    def _parts(self, prices: Sequence[Prices]) -> list[list[Prices]]:
        return [[each.part(*rows) for each in prices] for rows in self._rows()]

    def _held_by(self, held: Held, workers: Int64Array, shifts: Int64Array) -> Held:
        """The pairs of the workers of a block, in its rows."""
        mine = np.isin(held.worker, workers)
        worker, shift = np.searchsorted(workers, held.worker[mine]), np.searchsorted(shifts, held.shift[mine])
        return Held(worker, shift.astype(np.int32), held.points[mine])

    def _eligible(
        self,
        parts: Sequence[blocks.Rows],
        counted: tuple[Int64Array, Int64Array, Int32Array] | None = None,
    ) -> Eligible:
        """Pairs of all blocks in rows by worker, with numbers of all pairs where they are known."""
        columns = self.instance.columns
        n, m = columns.n_workers, columns.n_shifts
        if counted is None:
            counted = np.zeros(n, np.int64), np.zeros(m, np.int64), np.full(n, -1, np.int32)
        count = np.zeros(n, np.int64)
        for workers, part in zip(self.workers, parts, strict=True):
            count[workers] = part.counts
        indptr = row_pointers(count)
        shift, points = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.int64)
        for (workers, shifts), part in zip(self._rows(), parts, strict=True):
            at = consecutive(indptr[workers], part.counts)
            shift[at], points[at] = shifts[part.shift], part.points
        rows = freeze(indptr), freeze(shift), freeze(points)
        return Eligible(columns, self.instance.travel, *rows, *counted)

    def _favoured(self, found: dict[int, tuple[Int32Array, Int32Array, BoolArray]]) -> Favoured:
        is_all = np.ones(self.instance.columns.n_workers, dtype=bool)
        worker, shift = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for at, (local, best, whole) in found.items():
            worker.append(self.workers[at][local].astype(np.int32))
            shift.append(self.shifts[at][best].astype(np.int32))
            is_all[self.workers[at]] = whole
        return Favoured(np.concatenate(worker), np.concatenate(shift), is_all)

    def _more(self, asking: IndexArray, last: Int64Array, times: int) -> Favoured:
        """The best shifts that some workers have a chance of, asked of their blocks."""
        given: list[tuple[Any, ...] | None] = []
        most = blocks.LISTED * times
        for workers, shifts in self._rows():
            local = np.flatnonzero(np.isin(workers, asking))
            asked = blocks.Asked(local, workers[local], last[shifts], most)
            given.append((asked,) if len(local) else None)
        return self._favoured(dict(self.runner.run("baseline", blocks.favoured, given)))

    # -- tasks ----------------------------------------------------------------------------------------------

    def _all(
        self, stage: str, task: Task, arguments: Sequence[tuple[Any, ...]], *, told: bool = True
    ) -> list[Any]:
        """The answers of all blocks, in their order."""
        found: dict[int, Any] = {}
        for at, answer in self.runner.run(stage, task, arguments):
            found[at] = answer
            if self.progress and told:
                self.progress(stage, len(found) / len(arguments))
        return [found[at] for at in range(len(arguments))]

    def _count(self, parts: Any) -> None:
        """Add up what blocks counted."""
        for part in parts:
            self.stages.share(Statistics({}, part.counts))


def _local(at: Int32Array, shifts: Int64Array) -> Int32Array:
    """Rows of the block's shifts, of rows of the morning's; -1 stays."""
    return np.where(at >= 0, np.searchsorted(shifts, at), -1).astype(np.int32)
