"""The eligible pairs of a morning with their points: from blocks of candidates straight into rows.

Blocks come in order of the workers, so rows are only ever appended to, and nothing is sorted. Where
not all pairs are held, a *selection* says block by block which are, and what does not depend on holding them
is counted over all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Generic, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns
from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int32Array,
    Int64Array,
    freeze,
    row_counts,
    row_owners,
    row_pointers,
)
from gigmatch.core.statistics import Stages
from gigmatch.core.threads import Progress
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.travel import Travel
from gigmatch.problem.first_come import FirstCome, Serving

__all__ = ["Eligible", "Held", "Selection", "eligible_pairs", "pair_keys", "scored_blocks", "unbarred"]

Selection = Callable[[Pairs, Int64Array], BoolArray]
ROOM = 1.25  # the rows reserved over those that the workers so far let expect

T = TypeVar("T")
N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Eligible:
    """Eligible pairs in rows by worker, shifts ascending; all of them, or those that were selected."""

    columns: Columns
    travel: Travel
    indptr: Int64Array
    """The pairs of worker ``i`` are ``indptr[i]`` up to ``indptr[i + 1]``: int64[n_workers + 1]."""
    shift: Int32Array
    points: Int64Array
    """In units of 1/`POINTS_SCALE`: int64[n_pairs]."""
    shifts_of: Int64Array
    """Eligible shifts of every worker, held here or not: int64[n_workers]."""
    workers_of: Int64Array
    """Eligible workers of every shift, held here or not: int64[n_shifts]."""
    first_come: Int32Array
    """Shift of every worker, first come, first served, -1 for none: int32[n_workers]."""

    @property
    def is_whole(self) -> bool:
        """Whether all of them are held."""
        return len(self.shift) == int(self.shifts_of.sum())

    @cached_property
    def pairs(self) -> Pairs:
        """The pairs held, for rules and scorers."""
        return Pairs(self.columns, self.travel, row_owners(self.indptr), self.shift)

    @cached_property
    def key(self) -> Int64Array:
        """Worker and shift of every pair held in one number, ascending: int64[n_pairs]."""
        return pair_keys(self.pairs)

    def holds(self, pairs: Pairs) -> BoolArray:
        """Which pairs, sorted by worker, then shift, are held: bool[n_pairs]."""
        found = np.zeros(len(pairs), dtype=bool)
        if len(pairs):
            first, last = pairs.worker[0], pairs.worker[-1]
            mine, asked = self.key[self.indptr[first] : self.indptr[last + 1]], pair_keys(pairs)
            at = np.minimum(np.searchsorted(asked, mine), len(asked) - 1)
            found[at[asked[at] == mine]] = True
        return found

    def only(self, kept: BoolArray) -> Self:
        """The same with some of the pairs held."""
        count = np.bincount(self.pairs.worker[kept], minlength=self.columns.n_workers)
        rows = row_pointers(count), self.shift[kept], self.points[kept]
        return self._of_rows(*rows)

    def union(self, other: Held) -> Self:
        """These pairs and others of the same morning, none of which is among these."""
        pairs = [self.pairs, Pairs(self.columns, self.travel, other.worker, other.shift)]
        key = np.concatenate([self.key, pair_keys(pairs[1])])
        order = np.argsort(key, kind="stable")  # which merges what is in order already
        count = np.bincount(other.worker, minlength=self.columns.n_workers)
        return self._of_rows(
            self.indptr + row_pointers(count),
            np.concatenate([self.shift, other.shift])[order],
            np.concatenate([self.points, other.points])[order],
        )

    def _of_rows(self, indptr: Int64Array, shift: Int32Array, points: Int64Array) -> Self:
        return replace(self, indptr=freeze(indptr), shift=freeze(shift), points=freeze(points))


class Held(NamedTuple):
    """Pairs with their points, in any order."""

    worker: IndexArray
    shift: Int32Array
    points: Int64Array

    @classmethod
    def some_of(cls, pairs: Pairs, points: Int64Array, kept: BoolArray) -> Self:
        """Those that a selection wants held."""
        at = np.flatnonzero(kept)
        return cls(pairs.worker.take(at), pairs.shift.take(at).astype(np.int32), points.take(at))

    @classmethod
    def joined(cls, parts: Sequence[Held]) -> Self:
        """All of some parts, one after the other."""
        none = cls(np.empty(0, np.intp), np.empty(0, np.int32), np.empty(0, np.int64))
        return cls(*map(np.concatenate, zip(none, *parts, strict=True)))


def pair_keys(pairs: Pairs) -> Int64Array:
    """Worker and shift of every pair in one number, in order of workers, then shifts: int64[n_pairs]."""
    key: Int64Array = pairs.worker * np.int64(max(pairs.columns.n_shifts, 1)) + pairs.shift
    return key


class _Block(NamedTuple):
    """What one block of pairs comes to."""

    pairs: Pairs
    points: Int64Array
    runs: IndexArray
    """Where the pairs of each of its workers begin, and where the last ones end."""
    kept_shift: Int32Array
    kept_points: Int64Array
    kept_count: Int64Array
    """Pairs kept of each of its workers."""
    by_shift: Int64Array


def scored_blocks(
    candidates: Candidates, policy: Policy, barred: Int64Array
) -> Callable[[Pairs], tuple[Pairs, Int64Array]]:
    """What turns a block of feasible pairs into eligible pairs with points; for threads.

    Parameters
    ----------
    candidates : Candidates
        Where the blocks come from.
    policy : Policy
        What gives points.
    barred : int64[k, 2]
        Forbidden pairs, rows of worker and shift.
    """
    points_of = policy.scorecard(candidates.columns, candidates.travel, compiled=candidates.is_compiled)
    allowed = unbarred(barred)

    def scored(pairs: Pairs) -> tuple[Pairs, Int64Array]:
        pairs = allowed(pairs)
        return pairs, points_of(pairs)

    return scored


def unbarred(barred: Int64Array) -> Callable[[Pairs], Pairs]:
    """What leaves out of any pairs those of ``barred``, int64[k, 2] of worker and shift; for threads."""
    forbidden = barred[:, 0] << 32 | barred[:, 1]

    def allowed(pairs: Pairs) -> Pairs:
        if not len(forbidden):
            return pairs
        return pairs.take(~np.isin(pairs.worker << 32 | pairs.shift, forbidden))

    return allowed


def eligible_pairs(
    candidates: Candidates,
    policy: Policy,
    barred: Int64Array,
    select: Selection | None = None,
    progress: Progress | None = None,
    stages: Stages | None = None,
    served: Serving | None = None,
) -> Eligible:
    """Every eligible pair with its points, or those of them that a selection wants held.

    Parameters
    ----------
    candidates : Candidates
        The morning, its rules and its travel.
    policy : Policy
        What gives points.
    barred : int64[k, 2]
        Forbidden pairs, rows of worker and shift.
    select : callable, optional
        ``(pairs, points) -> bool[n_pairs]``, True for the pairs to hold; called in threads on blocks that
        hold all eligible pairs of their workers.
    progress : callable, optional
        Called with ``("candidates", share done)``.
    stages : Stages, optional
        Told what it took.
    served : Serving, optional
        Told of the pairs of everybody in turn; seats are given first come, first served, unless given.
    """
    columns = candidates.columns
    shift, points = _Rows(np.int32), _Rows(np.int64)
    held, shifts_of = np.zeros((2, columns.n_workers), np.int64)
    workers_of = np.zeros(columns.n_shifts, np.int64)
    if served is None:
        served = FirstCome(columns.n_workers, columns.shifts.capacity, compiled=candidates.is_compiled)
    work = partial(_block, scored_blocks(candidates, policy, barred), select)
    done = 0
    for block in candidates.each(work, progress, stages):
        workers = block.pairs.worker[block.runs[:-1]]
        held[workers] = block.kept_count
        shifts_of[workers] = row_counts(block.runs)
        workers_of += block.by_shift
        done += len(workers)
        share = done / len(candidates.workers)
        shift.append(block.kept_shift, share)
        points.append(block.kept_points, share)
        if select is not None:  # else it is quicker at the end, with both cores free
            served.serve(workers, block.runs, block.pairs.shift, block.points)
    if stages is not None:
        stages.at("baseline")
    rows = freeze(row_pointers(held)), shift.done(), points.done()
    if select is None:
        served.serve_all(*rows)
    return Eligible(columns, candidates.travel, *rows, shifts_of, workers_of, served.shift)


def _block(
    scored: Callable[[Pairs], tuple[Pairs, Int64Array]], select: Selection | None, pairs: Pairs
) -> _Block:
    pairs, points = scored(pairs)
    runs = pairs.runs
    by_shift = np.bincount(pairs.shift, minlength=pairs.columns.n_shifts)
    if select is None:
        return _Block(pairs, points, runs, pairs.shift.astype(np.int32), points, row_counts(runs), by_shift)
    kept = select(pairs, points)
    count = np.add.reduceat(kept, runs[:-1], dtype=np.int64)
    at = np.flatnonzero(kept)
    return _Block(
        pairs, points, runs, pairs.shift.take(at).astype(np.int32), points.take(at), count, by_shift
    )


class _Rows(Generic[N]):
    """An array that is appended to, with room for what the workers so far let expect.

    Room that is not written to takes no memory, and numpy's own comes in larger pages than what is resized.
    """

    def __init__(self, dtype: type[N]) -> None:
        self._array: NDArray[N] = np.empty(0, dtype)
        self._size = 0

    def append(self, part: NDArray[N], share: float) -> None:
        """Append, where with the part this share of all the workers is done."""
        end = self._size + len(part)
        if end > len(self._array):
            held = self._array[: self._size]
            self._array = np.empty(int(max(end / share, len(self._array)) * ROOM), part.dtype)
            self._array[: self._size] = held
        self._array[self._size : end] = part
        self._size = end

    def done(self) -> NDArray[Any]:
        return freeze(self._array)[: self._size]  # so that a `Problem` shares it
