"""Whether two sides would keep an answer: who would rather have each other, in one pass over the pairs.

Both sides' likings are strict: points, and where those are equal the lots, one for each worker and one for
each shift, so that one number says everything of a pair, the greater the better. A pair *blocks* if it
may stand, the worker would rather have the shift than what there is, and the shift has an empty seat or would
rather have the worker than one of its own. An answer without such a pair is *stable* (Gale and Shapley 1962).

The same pass shows whether it is the stable answer that is best for one side. For workers: every full shift
names, of all who would rather be there, the worker it likes best, and points to where that one is now. Were
there a better stable answer, some shifts would pass workers on in a circle of these; and along any circle
they can (Gusfield and Irving 1989, by *rotations*). For employers the same holds the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeVar

import numpy as np

from gigmatch.assignment.instance import Instance, draw_lots
from gigmatch.core.arrays import IndexArray, Int32Array, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.pairing.eligible import unbarred
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.preferences import NOBODY, Preferences, ProposingSide

__all__ = ["Keys", "Look", "Standing", "TwoSided", "verify_stable"]

_NEVER = np.iinfo(np.int64).max

T = TypeVar("T")


class Keys(NamedTuple):
    """How both sides like some pairs: the greater the better, no two of one worker or of one shift alike."""

    rows: tuple[IndexArray, IndexArray]
    """Worker and shift of each pair."""
    worker: Int64Array
    """How the worker likes the shift; `NOBODY` for not at all."""
    employer: Int64Array
    """How the employer likes the worker; `NOBODY` for not at all."""


class Look(NamedTuple):
    """What one pass over the pairs of an answer comes to."""

    worker: IndexArray
    """Worker row of each pair that blocks, in order of the rows."""
    shift: IndexArray
    """Shift row of each."""
    unwanted: IndexArray
    """Placements that one of the two would rather not have, by position."""
    is_best: bool
    """Whether it is the best of all stable answers for the side asked about, if it is stable."""


@dataclass(frozen=True)
class TwoSided:
    """Two sides of an instance, and how each likes the pairs.

    Parameters
    ----------
    instance : Instance
        The morning. Promised workers and seats are no part of the market, and barred pairs may not stand.
    preferences : Preferences
        What each side likes.
    """

    instance: Instance
    preferences: Preferences

    @cached_property
    def lot_of_worker(self) -> Int64Array:
        """How well each worker has drawn, n - 1 the best: int64[n_workers]."""
        return _well_drawn(self.instance, "worker", self.instance.columns.worker_ids)

    @cached_property
    def lot_of_shift(self) -> Int64Array:
        """How well each shift has drawn, n - 1 the best: int64[n_shifts]."""
        return _well_drawn(self.instance, "shift", self.instance.columns.shift_ids)

    @cached_property
    def _scored(self) -> Callable[[Pairs], tuple[Int64Array, Int64Array]]:
        return self.preferences.scorecard(
            self.instance.columns, self.instance.travel, compiled=self.instance.candidates.is_compiled
        )

    def keys(self, pairs: Pairs) -> Keys:
        """How both sides like some pairs; may be called in several threads."""
        worker, employer = self._scored(pairs)
        return Keys(
            (pairs.worker, pairs.shift),
            _ranked(worker, self.lot_of_shift, pairs.shift),
            _ranked(employer, self.lot_of_worker, pairs.worker),
        )

    def each(self, function: Callable[[Keys], T]) -> Iterable[T]:
        """``function`` of all eligible pairs, block by block in order of the workers, in threads."""
        allowed = unbarred(self.instance.barred)
        self.prepare()
        return self.instance.candidates.each(lambda pairs: function(self.keys(allowed(pairs))))

    def prepare(self) -> None:
        """Make what all keys are made of, once, before threads ask for them."""
        _ = self._scored, self.lot_of_worker, self.lot_of_shift

    def look(
        self,
        worker: Int32Array,
        shift: Int32Array,
        side: ProposingSide = "worker",
        each: Callable[[Callable[[Keys], _Seen]], Iterable[_Seen]] | None = None,
    ) -> Look:
        """Go once through the pairs of an answer.

        Parameters
        ----------
        worker, shift : int32[n_placements]
            Rows of the placements, one shift a worker; promised ones may be among them, and do not count.
        side : {"worker", "employer"}
            For whom it is said whether the answer is the best stable one.
        each : callable, optional
            Calls a function with `Keys` of all eligible pairs, where they have been made.
        """
        held = Standing.of(self, worker, shift)
        best = np.full(len(held.worst if side == "worker" else held.own), NOBODY, np.int64)
        found = [(np.zeros(0, np.intp),) * 2]
        for seen in (each or self.each)(partial(held.see, side)):
            found.append(seen.blocking)
            np.maximum.at(best, *seen.envied)
        rows, columns = (np.concatenate(part) for part in zip(*found, strict=True))
        return Look(rows, columns, held.unwanted, not held.has_circle(side, best))


class _Seen(NamedTuple):
    """What a block of pairs comes to."""

    blocking: tuple[IndexArray, IndexArray]
    envied: tuple[IndexArray, Int64Array]
    """Rows of those who give something up for the side, and how they like what they would get."""


@dataclass(frozen=True)
class Standing:
    """How well those who are placed like each other."""

    sides: TwoSided
    own: Int64Array
    """How each worker likes the shift that there is, `NOBODY` without one: int64[n_workers]."""
    worst: Int64Array
    """How each shift likes the worker it likes least, `NOBODY` with an empty seat: int64[n_shifts]."""
    at: Int32Array
    """Shift row of each worker, -1 for none: int32[n_workers]."""
    unwanted: IndexArray
    """Placements that one of the two would rather not have, by position."""

    @classmethod
    def of(cls, sides: TwoSided, worker: Int32Array, shift: Int32Array) -> Standing:
        """Ask both sides about the placements; promised workers and seats want nothing else."""
        instance = sides.instance
        is_free = instance.kept[worker] < 0
        w, s = worker[is_free].astype(np.intp), shift[is_free].astype(np.intp)
        keys = sides.keys(Pairs(instance.columns, instance.travel, w, s))
        own = np.where(instance.kept < 0, NOBODY, _NEVER)
        own[w] = keys.worker
        worst = np.full(len(instance.seats), _NEVER)
        np.minimum.at(worst, s, keys.employer)
        worst[np.bincount(s, minlength=len(worst)) < instance.seats] = NOBODY
        at = np.full(len(own), -1, np.int32)
        at[w] = s
        disliked = np.minimum(keys.worker, keys.employer) == NOBODY
        return cls(sides, own, worst, at, np.flatnonzero(is_free)[disliked])

    def see(self, side: ProposingSide, keys: Keys) -> _Seen:
        """Look at a block: which pairs block, and who would give what up."""
        worker, shift = keys.rows
        own, worst = self.own.take(worker), self.worst.take(shift)
        wants, is_wanted = keys.worker > own, keys.employer > worst
        blocking = np.flatnonzero(wants & is_wanted)
        if side == "worker":
            at = np.flatnonzero(wants & (keys.employer > NOBODY))
            envied = shift[at], keys.employer[at]
        else:
            at = np.flatnonzero(is_wanted & (keys.worker < own) & (keys.worker > NOBODY))
            envied = worker[at], keys.worker[at]
        return _Seen((worker[blocking], shift[blocking]), envied)

    def has_circle(self, side: ProposingSide, best: Int64Array) -> bool:
        """Whether some could pass on what they have, all around, to the good of the side."""
        n = len(best)
        some = np.flatnonzero(best > NOBODY)
        following = np.full(n + 1, n)
        if side == "worker":
            coming = _drawn_by(self.sides.lot_of_worker, best[some])
            following[some] = self.at[coming]
        else:
            worst = self.worst[_drawn_by(self.sides.lot_of_shift, best[some])]
            full = worst > NOBODY
            following[some[full]] = _drawn_by(self.sides.lot_of_worker, worst[full])
        following[following < 0] = n
        for _ in range(n.bit_length()):  # twice as far each time: whoever is in no circle arrives at the end
            following = following[following]
        return bool((following < n).any())


def verify_stable(instance: Instance, shift: Int32Array, each: Any = None) -> None:
    """Raise CertificateError unless what is to be stable is, and is the best stable answer for its side.

    Parameters
    ----------
    instance : Instance
        The morning, and what a stable answer has to be; nothing where it need not be one.
    shift : int32[n_workers]
        Shift row of each worker, -1 for none, all of them eligible pairs; without the promised ones.
    each : callable, optional
        As for `TwoSided.look`.
    """
    if instance.stable is None:
        return
    worker, columns, side = (
        np.flatnonzero(shift >= 0).astype(np.int32),
        instance.columns,
        instance.stable.side,
    )
    seen = TwoSided(instance, instance.stable.preferences).look(worker, shift[worker], side, each)
    if len(seen.unwanted):
        row = worker[seen.unwanted[0]]
        ids = columns.worker_ids[row], columns.shift_ids[shift[row]]
        raise CertificateError("placement_unwanted", worker=ids[0], shift=ids[1])
    if n := len(seen.worker):
        ids = columns.worker_ids[seen.worker[0]], columns.shift_ids[seen.shift[0]]
        raise CertificateError("pair_blocks", worker=ids[0], shift=ids[1], n=n)
    if not seen.is_best:
        raise CertificateError("not_best_for_side", side=side)


def _well_drawn(instance: Instance, kind: str, ids: Sequence[str]) -> Int64Array:
    order = np.argsort(draw_lots(instance.policy.seed, kind, ids))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order) - 1, -1, -1)
    return rank


def _ranked(points: Int64Array, lot: Int64Array, other: IndexArray) -> Int64Array:
    """Points first, then the lot of the other side: one number.

    A scorer gives 2**27 at most, so that 64 bits hold those of a hundred scorers for 2**29 people.
    """
    key: Int64Array = points * len(lot) + lot.take(other)
    key[points == NOBODY] = NOBODY
    return key


def _drawn_by(lot: Int64Array, key: Int64Array) -> IndexArray:
    """Whose lot is in a key: the rows."""
    row = np.empty(len(lot), np.intp)
    row[lot] = np.arange(len(lot))
    return row[key % max(len(lot), 1)]
