"""What a task does with one block: the workers of one part, with the shifts that they reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from gigmatch.assignment.instance import Instance, refuse_unsolved
from gigmatch.assignment.reduced_costs import Prices, ReducedCosts, pairs_that_matter
from gigmatch.columns import Columns
from gigmatch.columns.parts import of_workers, with_names, with_shifts
from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int32Array, Int64Array, row_counts
from gigmatch.core.statistics import Stages, Statistics
from gigmatch.errors import CertificateError
from gigmatch.matching.all_pairs import Near, Part
from gigmatch.matching.pricing import LeftOut, Pricing
from gigmatch.pairing.candidates import shifts_in_reach
from gigmatch.pairing.eligible import Eligible, Held, scored_blocks
from gigmatch.pairing.levels import is_own
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import POINTS_SCALE, Policy
from gigmatch.pairing.rules import Rule, apply_rule, rule_name, rule_severity
from gigmatch.pairing.travel import Travel
from gigmatch.problem.first_come import Favourites
from gigmatch.tables.partitioned import Partitioned, ids_digest, write_placements

__all__ = [
    "Answered",
    "Asked",
    "Block",
    "Facts",
    "Rows",
    "Wanted",
    "answered",
    "begun",
    "columns_of",
    "favoured",
    "looked",
    "most",
    "opened",
    "sampled",
    "settled",
    "verified",
]

LISTED = 16
"""Shifts of a worker that are told at first for who is served first."""

T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """What is the same for every block: what `match` was asked for."""

    source: Partitioned
    rules: tuple[Rule, ...]
    policy: Policy
    travel: Travel
    keep: tuple[tuple[str, str], ...]
    forbid: tuple[tuple[str, str], ...]
    threads: int


class Facts(NamedTuple):
    """What the centre has to know of a block."""

    workers: str
    """Digest of the ids of its workers, in order."""
    shifts: Int32Array
    """Rows of the shifts that they may reach, ascending."""
    groups: tuple[str, ...]
    attributes: tuple[str, ...]
    weights: Mapping[str, Int64Array]
    """What the levels of a market's own weigh of its workers, by level."""


class Rows(NamedTuple):
    """Pairs of a block in rows by worker: what goes over the wire."""

    counts: Int32Array
    """Pairs of each worker of the block."""
    shift: Int32Array
    """Row of the shift in the block."""
    points: Int64Array

    @classmethod
    def of(cls, eligible: Eligible) -> Rows:
        """All pairs held."""
        return cls(row_counts(eligible.indptr).astype(np.int32), eligible.shift, _narrow(eligible.points))


class Once(Generic[T]):
    """What is made where it is needed first; a copy for another process makes it anew."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._made = make, list[T]()

    def __call__(self) -> T:
        if not self._made:
            self._made.append(self._make())
        return self._made[0]

    def __getstate__(self) -> Callable[[], T]:
        return self._make

    def __setstate__(self, make: Callable[[], T]) -> None:
        self.__init__(make)  # type: ignore[misc]


@dataclass(frozen=True)
class Block:
    """A block as one task leaves it to the next."""

    wanted: Wanted
    part: str
    columns: Columns
    instance: Once[Instance]
    held: Eligible | None = None
    left: Mapping[str, LeftOut] | None = None
    at_once: int = 0

    def __sizeof__(self) -> int:
        """Bytes that it takes, about: what Dask keeps account of."""
        pairs = 0 if self.held is None else len(self.held.shift)
        return 64 * pairs + 400 * (self.columns.n_workers + self.columns.n_shifts)

    def rows(self) -> Part:
        """Its pairs, to be gone through."""
        part = Part(self.instance(), Stages())
        if self.held is not None and self.left is not None:
            part.pricing = Pricing(part.instance, self.held, dict(self.left), self.at_once, part.stages)
        return part

    def after(self, part: Part) -> Block:
        """The block, with what its pairs are now."""
        pricing = part.pricing
        return replace(self, held=pricing.eligible, left=pricing.left, at_once=pricing.at_once)


def opened(_: None, wanted: Wanted, part: str) -> tuple[Block, Facts]:
    """Read a part, and leave out the shifts that nobody in it reaches."""
    columns = wanted.source.part(part)
    refuse_unsolved(columns)
    reached = shifts_in_reach(columns, wanted.rules, wanted.travel)
    named = {shift for _, shift in (*wanted.keep, *wanted.forbid)}
    reached[[columns.shift_row[shift] for shift in named if shift in columns.shift_row]] = True
    some = with_shifts(columns, reached)
    own = [level for level in wanted.policy.levels if is_own(level) and hasattr(level, "of_workers")]
    weights = {level.name: level.of_workers(some) for level in own}
    facts = Facts(
        ids_digest(columns.worker_ids),
        np.flatnonzero(reached).astype(np.int32),
        columns.priority_groups,
        tuple(columns.workers.attributes),
        weights,
    )
    return Block(wanted, part, some, Once(partial(_instance, wanted, some))), facts


def settled(block: Block, groups: tuple[str, ...], attributes: tuple[str, ...]) -> tuple[Block, int]:
    """Let rules see the groups and attributes that others have; about how many pairs there are."""
    columns = with_names(block.columns, groups, attributes)
    block = replace(block, columns=columns, instance=Once(partial(_instance, block.wanted, columns)))
    return block, block.rows().estimate()


def _instance(wanted: Wanted, columns: Columns) -> Instance:
    """A block made ready: promises are held to the rules here, where the workers are known."""
    keep, forbid = (
        tuple(pair for pair in pairs if pair[0] in columns.worker_row)
        for pairs in (wanted.keep, wanted.forbid)
    )
    return Instance.prepare(columns, wanted.rules, wanted.policy, wanted.travel, keep, forbid, wanted.threads)


def sampled(block: Block, every: int, near: Near | None) -> tuple[Block, tuple[Rows, Statistics]]:
    """About one in so many pairs of each worker, or of those the ones near the best."""
    part = block.rows()
    return block, (Rows.of(part.sampled(every, near)), part.stages.statistics())


class Begun(NamedTuple):
    """What the pass over all pairs of a block found."""

    held: Rows
    shifts_of: Int64Array
    workers_of: Int64Array
    favoured: tuple[Int32Array, Int32Array, BoolArray]
    """Rows of workers and of their best shifts, and whether a worker has no others."""
    spent: Statistics


def begun(block: Block, near: Near, chosen: Held) -> tuple[Block, Begun]:
    """Go through all pairs, and hold those near the best and some that are chosen already."""
    part, served = block.rows(), Favourites(block.columns.n_workers, LISTED)
    part.served = served
    part.begin(near, chosen)
    held = part.held
    spent = part.stages.statistics()
    found = Begun(Rows.of(held), held.shifts_of, held.workers_of, (*served.noted, served.is_all), spent)
    return block.after(part), found


def looked(
    block: Block, prices: Sequence[Prices], slack: int | None
) -> tuple[Block, tuple[Held, int, bool, Statistics]]:
    """Hold what matters at other prices."""
    part = block.rows()
    found = part.look(prices, slack)
    held = Held(found.pairs.worker.astype(np.int32), found.pairs.shift, _narrow(found.pairs.points))
    return block.after(part), (held, found.violating, found.is_cut, part.stages.statistics())


def most(block: Block, prices: Sequence[Int64Array]) -> tuple[Block, Int64Array]:
    """What the best pair of every worker is worth at some prices of the shifts."""
    return block, block.rows().most(prices)


class Asked(NamedTuple):
    """Whose best shifts are asked for, and of which."""

    workers: IndexArray
    """Rows of the block, ascending."""
    place: Int64Array
    """Where each of them comes in the morning."""
    last: Int64Array
    """The first who has no chance of each shift of the block: int64[n_shifts]."""
    most: int
    """Shifts of a worker to tell at most."""


def favoured(block: Block, asked: Asked) -> tuple[Block, tuple[Int32Array, Int32Array, BoolArray]]:
    """The best shifts that some workers have a chance of."""
    instance, n = block.instance(), block.columns.n_workers
    is_asked, place = np.zeros(n, dtype=bool), np.zeros(n, np.int64)
    is_asked[asked.workers], place[asked.workers] = True, asked.place
    candidates = instance.candidates.part(is_asked, asked.last > asked.place.min())
    scored = scored_blocks(candidates, instance.policy, instance.barred)
    served = Favourites(n, asked.most)

    def open_to_them(pairs: Pairs) -> tuple[Pairs, Int64Array]:
        pairs, points = scored(pairs)
        has_chance = asked.last.take(pairs.shift) > place.take(pairs.worker)
        return pairs.take(has_chance), points[has_chance]

    for pairs, points in candidates.each(open_to_them):
        served.serve(pairs.worker[pairs.starts], pairs.runs, pairs.shift, points)
    return block, (*served.noted, served.is_all)


def verified(block: Block, prices: Sequence[Prices]) -> tuple[Block, int]:
    """How many pairs there are, each of which was looked at: none that is not held matters at the prices.

    Raises
    ------
    CertificateError
        One does.
    """
    instance, held = block.instance(), block.rows().held
    matter = pairs_that_matter([ReducedCosts(each, instance) for each in prices])
    scored = scored_blocks(instance.candidates, instance.policy, instance.barred)

    def missed(pairs: Pairs) -> tuple[int, int]:
        pairs, points = scored(pairs)
        some = pairs.take(matter(pairs, points))
        return len(pairs), len(some) - int(np.count_nonzero(held.holds(some)))

    n, left = np.sum([(0, 0), *instance.candidates.each(missed)], axis=0).tolist()
    if left:
        raise CertificateError("block_not_priced", n=left)
    return block, n


class Placed(NamedTuple):
    """Pairs of a block that became placements, and what they are."""

    points: Int64Array
    """By scorer: int64[n, n_scorers]."""
    minutes: Float64Array
    pay_total: Float64Array


class Answered(NamedTuple):
    """What a block adds to the answer."""

    placed: Placed
    broken: Mapping[str, BoolArray]
    """Of rules that warn, the placements that break them, by rule; only rules that are broken."""
    first_come: Placed
    """The same of who was served first; points in one column."""


def answered(block: Block, shift: Int32Array, first_come: Int32Array) -> tuple[Block, Answered]:
    """Tell what is to be known of the placements; write them where they are wanted.

    Parameters
    ----------
    block : Block
        As it is at last.
    shift, first_come : int32[n_workers]
        Row of the block's shift of each worker, -1 for none: of the answer, and first come, first served.
    """
    instance, columns = block.instance(), block.columns
    pairs, before = (_pairs(instance, at) for at in (shift, first_come))
    policy, pay = instance.policy, columns.shifts.pay_total
    placed = Placed(policy.breakdown(columns, pairs), pairs.minutes, pay[pairs.shift])
    served = Placed(policy.points(columns, before)[:, None], before.minutes, pay[before.shift])
    warning = [rule for rule in instance.rules if rule_severity(rule, columns) == "warn"]
    if into := block.wanted.source.into:
        _write(into, block, pairs, placed)
    broken = {rule_name(rule): ~apply_rule(rule, columns, pairs) for rule in warning}
    return block, Answered(placed, {name: each for name, each in broken.items() if each.any()}, served)


def _write(into: str | Path, block: Block, pairs: Pairs, placed: Placed) -> None:
    columns, kept = block.columns, block.instance().kept
    told = {
        "worker_id": [columns.worker_ids[row] for row in pairs.worker.tolist()],
        "shift_id": [columns.shift_ids[row] for row in pairs.shift.tolist()],
        "pay_total": placed.pay_total,
        "minutes": placed.minutes,
        "points": placed.points.sum(axis=1) / POINTS_SCALE,
        "kept": kept[pairs.worker] == pairs.shift,
    }
    write_placements(into, block.part, told)


def columns_of(block: Block, names: Sequence[str]) -> tuple[Block, list[Any]]:
    """Some columns of its workers, for the digest of the morning."""
    return block, of_workers(block.columns, names)


def _pairs(instance: Instance, at: Int32Array) -> Pairs:
    workers = np.flatnonzero(at >= 0)
    return Pairs(instance.columns, instance.travel, workers, at[workers].astype(np.intp))


def _narrow(points: Int64Array) -> Int64Array:
    """In half the bytes, where that is enough."""
    if len(points) and (points.min() < -(2**31) or points.max() >= 2**31):
        return points
    return points.astype(np.int32)
