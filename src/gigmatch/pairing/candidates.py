"""The feasible pairs of a morning, found without visiting the impossible ones.

What depends on one side alone is asked once per worker or shift; skills and credentials once per worker and
*requirement* (shifts that ask for the same share one). What is left is a list of requirements per worker. A
grid over the shifts then gives, for each worker and requirement, the shifts inside a box around the worker's
reach, as ranges of one sorted array. The ranges are expanded in blocks of workers, sorted, and the remaining
rules look at pairs that are all but feasible.

The grid lies in the plane through the Earth that is square to the direction of the shifts' centre. Projecting
onto a plane never lengthens a distance, so the box holds every shift in reach, anywhere on Earth.

An index is used only if an active blocking rule declares what it may prune
(`gigmatch.pairing.rules.base`), so other rules, no rules, and travel without a bound by distance stay
correct.

The grid is made by hand: scipy's k-d tree has one reach for all, or answers with a list for each worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns, Xyz
from gigmatch.core.arrays import (
    BoolArray,
    Float64Array,
    IndexArray,
    Int32Array,
    Int64Array,
    consecutive,
    freeze,
    run_pointers,
)
from gigmatch.core.limits import Limits
from gigmatch.core.plugins import checked_array
from gigmatch.core.statistics import Stages, Statistics
from gigmatch.core.threads import Progress, in_order, keep_freed_memory
from gigmatch.errors import PluginError, TooLargeError
from gigmatch.i18n import Told
from gigmatch.pairing.compiled.forms import SPREAD, declared, is_worth_it
from gigmatch.pairing.compiled.rules import GridArrays, RuleLoop, fixed
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import Rule, apply_rule, rule_name, rule_severity
from gigmatch.pairing.rules.base import PRUNES, check_prunes
from gigmatch.pairing.travel import Travel

__all__ = [
    "BYTES_PER_PAIR",
    "Candidates",
    "compiled_verdicts",
    "estimate_pairs",
    "feasible_pairs",
    "shifts_in_reach",
    "verdicts",
]

BLOCK_PAIRS = 1 << 18  # small enough for the caches, large enough for threads to run side by side
SLAB_WORKERS = 1 << 10
ROWS_PER_REACH = 2
CELLS_PER_SHIFT = 64  # beyond, a compiled loop looks rows up by halving
SLAB_PAIRS = 1 << 21
SAMPLE_WORKERS = 512
SIEVE_BELOW = 0.9  # refused pairs are carried along until leaving them out saves more than it costs
PARTS_FROM_PAIRS = 1 << 20  # fewer, impossible ones included, are gone through in one piece, in one thread
ORDER_FROM_PAIRS = 1 << 22  # fewer, impossible ones included, are done with before an order is found
WAY_COST = 3  # a rule that asks for the way takes about as long as three that look into columns
UNASKED_BYTES = 1 << 26  # what is not asked for: to ask takes longer than it takes to fill them
BYTES_PER_PAIR = 24
"""Memory that pairs with their points take each: 12 once they are made, and as much while they are."""

T = TypeVar("T")
Taken = Callable[[int], float]


def feasible_pairs(
    columns: Columns,
    rules: Sequence[Rule],
    travel: Travel,
    *,
    memory_bytes: int | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Pairs:
    """Every pair that no blocking rule refuses.

    Parameters
    ----------
    columns : Columns
        The morning.
    rules : sequence of Rule
        Those whose severity is ``"warn"`` are not asked.
    travel : Travel
        How long the way is.
    memory_bytes : int, optional
        Memory that pairs and solver may take; what the machine has available, if not given.
    limits : Limits, optional
        ``memory_bytes`` and ``threads`` in one object; none may be given twice.
    progress : callable, optional
        Called with ``("candidates", share done)``.

    Returns
    -------
    Pairs
        IndexArray by worker, shifts ascending within a row, with the minutes of travel.

    Raises
    ------
    TooLargeError
        The pairs would not fit; the message gives the estimate.
    PluginError
        A rule or the travel returned something that breaks its contract.

    Examples
    --------
    >>> import gigmatch as gm
    >>> columns = gm.columns_of(gm.samples.jingshi(seed=7))
    >>> pairs = feasible_pairs(columns, gm.DEFAULT_RULES, gm.StraightLine())
    >>> bool((np.diff(pairs.worker) >= 0).all())
    True
    """
    limits = Limits.of(limits, memory_bytes=memory_bytes)
    candidates = Candidates.prepare(columns, rules, travel, limits.threads)
    candidates.refuse_too_large(replace(limits, max_pairs=None), lambda n: 2 * n * BYTES_PER_PAIR)
    return _joined(columns, travel, list(candidates.each(lambda block: block, progress)))


def estimate_pairs(columns: Columns, rules: Sequence[Rule], travel: Travel) -> int:
    """How many feasible pairs to expect, from a sample of workers spread evenly over the rows.

    Parameters
    ----------
    columns, rules, travel
        As for `feasible_pairs`.

    Returns
    -------
    int
        Exact where there are no more workers than the sample holds.
    """
    return Candidates.prepare(columns, rules, travel).estimate()


def shifts_in_reach(columns: Columns, rules: Sequence[Rule], travel: Travel) -> BoolArray:
    """Shifts that somebody may reach: those within a box around everybody's reach: bool[n_shifts].

    All of them where no blocking rule bounds the way, or the travel has no bound by distance.

    Parameters
    ----------
    columns, rules, travel
        As for `feasible_pairs`.
    """
    found = np.ones(columns.n_shifts, dtype=bool)
    bounds = any(_prunes(rule) == "reach" and rule_severity(rule, columns) == "block" for rule in rules)
    radius_m = _radius(columns, travel) if bounds else None
    if radius_m is None or not columns.n_workers:
        return found
    reach = radius_m * 10 + 10  # in decimetres, and one metre to spare
    for home, there in zip(columns.workers.xyz_dm, columns.shifts.xyz_dm, strict=True):
        found &= (there >= (home - reach).min()) & (there <= (home + reach).max())
    return found


def verdicts(
    rule: Rule, columns: Columns, travel: Travel, workers: IndexArray, shifts: IndexArray
) -> BoolArray:
    """A rule's verdict on each of some workers with each of some shifts, by its ``table`` if it has one.

    Returns
    -------
    bool[n_workers, n_shifts]
        Of those that were asked about.

    Raises
    ------
    PluginError
        It answered with something else.
    """
    if (table := declared(rule, "table")) is not None:
        what = Told.of("errors.of_rule", name=rule_name(rule))
        found = np.ravel(table(rule, columns, workers, shifts))
        told: BoolArray = checked_array(what, found, np.bool_, len(workers) * len(shifts))
        return told.reshape(len(workers), len(shifts))
    pairs = Pairs(columns, travel, np.repeat(workers, len(shifts)), np.tile(shifts, len(workers)))
    return apply_rule(rule, columns, pairs).reshape(len(workers), len(shifts))


def compiled_verdicts(rule: Rule, columns: Columns, travel: Travel) -> BoolArray | None:
    """What the compiled form of a rule says of everybody and every shift: bool[n_workers, n_shifts].

    None where it has none for this morning and this travel.
    """
    everybody, shifts = np.arange(columns.n_workers), np.arange(columns.n_shifts)
    grid = _Grid.over(columns, shifts, np.zeros(columns.n_shifts, np.int32), None)
    loop = RuleLoop.over(columns, travel, [rule], grid.arrays())
    if loop.rest:
        return None
    found = np.zeros((columns.n_workers, columns.n_shifts), dtype=bool)
    met = np.ones((columns.n_workers, len(grid.groups)), dtype=bool)

    def each(asked: Rule, workers: IndexArray, of: IndexArray) -> BoolArray:
        return verdicts(asked, columns, travel, workers, of)

    for worker, shift, _, _ in loop.blocks(everybody, met, each):
        found[worker, shift] = True
    return found


@dataclass(frozen=True)
class Candidates:
    """What is prepared once for a morning, to go through its feasible pairs any number of times."""

    columns: Columns
    travel: Travel
    rules: tuple[Rule, ...]
    """Rules that every pair must still pass."""
    by_requirement: tuple[Rule, ...]
    """Rules asked once per worker and requirement."""
    workers: IndexArray
    """Workers who pass the rules that look at workers alone, ascending."""
    grid: _Grid
    loop: RuleLoop | None = None
    """Asks the rules that have a compiled form; None where all are asked as they are."""
    threads: int | None = None
    """How many go through the pairs at most, as for `gigmatch.core.threads.thread_count`."""
    asked: tuple[Rule, ...] = ()
    """Rules that every pair must pass, whether the loop asks them or they are asked as they are."""
    every: int = 1
    """Of the pairs of each worker only about one of so many is gone through, spread over the map."""

    @classmethod
    def prepare(
        cls,
        columns: Columns,
        rules: Sequence[Rule],
        travel: Travel,
        threads: int | None = None,
        *,
        plain: bool = False,
    ) -> Self:
        """Ask every rule that can be asked once a row, and lay the grid.

        Parameters
        ----------
        columns, rules, travel
            As for `feasible_pairs`.
        threads : int, optional
            As for `gigmatch.core.threads.thread_count`.
        plain : bool
            That rules and scorers are asked as they are, whatever compiled forms they have.
        """
        active = [rule for rule in rules if rule_severity(rule, columns) == "block"]
        by = {kind: tuple(r for r in active if _prunes(r) == kind) for kind in (*PRUNES, None)}
        radius = _radius(columns, travel) if by["reach"] else None
        groups = (
            columns.shifts.requirement if by["requirement"] else np.zeros(columns.n_shifts, dtype=np.int32)
        )
        shifts = _one_sided(columns, travel, by["shift"], "shift")
        grid = _Grid.over(columns, shifts, groups, radius)
        left = tuple(r for r in active if r in (*by["reach"], *by[None]))
        is_compiled = not plain and is_worth_it(columns)
        loop = RuleLoop.over(columns, travel, left, grid.arrays()) if is_compiled else None
        found = cls(
            columns=columns,
            travel=travel,
            rules=left if loop is None else loop.rest,
            by_requirement=by["requirement"],
            workers=_one_sided(columns, travel, by["worker"], "worker"),
            grid=grid,
            loop=loop,
            threads=threads,
            asked=left,
        )
        large = columns.n_workers * columns.n_shifts >= ORDER_FROM_PAIRS
        return replace(found, rules=found._choosiest_first()) if large and found.rules[1:] else found

    @property
    def _is_small(self) -> bool:
        return self.columns.n_workers * self.columns.n_shifts < PARTS_FROM_PAIRS

    @property
    def is_compiled(self) -> bool:
        """Whether compiled forms are asked where there are such."""
        return self.loop is not None

    def sampled(self, every: int) -> Self:
        """The same with about one of ``every`` so many pairs of each worker, other ones for other workers."""
        return replace(self, every=every)

    def part(self, is_worker: BoolArray, is_shift: BoolArray | None = None) -> Self:
        """The same with some workers alone, and some shifts if they are given."""
        some = replace(self, workers=self.workers[is_worker[self.workers]])
        if is_shift is None:
            return some
        grid, loop = self.grid.part(is_shift), self.loop
        if loop is not None:
            loop = RuleLoop.over(self.columns, self.travel, self.asked, grid.arrays())
        return replace(some, grid=grid, loop=loop)

    def each(
        self, function: Callable[[Pairs], T], progress: Progress | None = None, stages: Stages | None = None
    ) -> Iterator[T]:
        """``function`` of every block of feasible pairs, in order of the workers.

        Parameters
        ----------
        function : callable
            Called in several threads at once, with pairs sorted by worker, then shift; a worker's pairs are
            in one block.
        progress : callable, optional
            Called with ``("candidates", share done)``.
        stages : Stages, optional
            Told how many pairs there were, and what went into candidates, rules and the function (scoring).

        Yields
        ------
        result
        """

        def of_slab(workers: IndexArray) -> tuple[int, list[T], Statistics]:
            results, spent = [], Stages()
            spent.at("candidates")
            for block, looked_at in self.blocks(workers):
                spent.count("pairs looked at", looked_at)
                spent.at("rules")
                pairs = self.feasible(block)
                spent.count("pairs feasible", len(pairs))
                spent.at("scoring")
                results.append(function(pairs))
                spent.at("candidates")
            return len(workers), results, spent.statistics()

        keep_freed_memory()
        if self.loop is not None:
            self.loop.load(progress)
        done = 0
        for count, results, spent in in_order(of_slab, self.slabs(), 1 if self._is_small else self.threads):
            yield from results
            done += count
            if stages is not None:
                stages.share(spent)
            if progress:
                progress("candidates", done / len(self.workers))

    def slabs(self) -> Iterator[IndexArray]:
        """The workers in slabs; workers times requirements bounds what a slab holds at once."""
        most = len(self.workers) if self._is_small else SLAB_WORKERS
        size = max(min(most, SLAB_PAIRS // max(len(self.grid.groups), 1)), 1)
        for first in range(0, len(self.workers), size):
            yield self.workers[first : first + size]

    def blocks(self, workers: IndexArray) -> Iterator[tuple[Pairs, int]]:
        """Candidate pairs of some workers, sorted, some ten thousand at a time, and how many were looked at.

        Where there is a loop, those that pass its rules.
        """
        met = self._requirements_met(workers)
        if self.loop is not None:
            for worker, shift, runs, looked_at in self.loop.blocks(workers, met, self._each, self.every):
                yield Pairs(self.columns, self.travel, worker, shift, runs), looked_at
            return
        row, group = np.nonzero(met)
        low, high, worker = self.grid.ranges(workers[row], group)
        count = high - low
        if self.every > 1:
            low, count = self._some_of(worker, low, high)
        for cut in _cuts(worker, count):
            at = consecutive(low[cut], count[cut], self.every)
            found = self.grid.shift.take(at)
            owner = np.repeat(worker[cut], count[cut])
            _sort_each(found, owner)
            yield Pairs(self.columns, self.travel, owner, found), len(owner)

    def _some_of(
        self, worker: IndexArray, low: Int64Array, high: Int64Array
    ) -> tuple[Int64Array, Int64Array]:
        """Where to begin in each range, and how many to take, ``every`` apart."""
        begin = low + (worker * SPREAD + low) % self.every
        return begin, np.maximum(-(-(high - begin) // self.every), 0)

    def feasible(self, pairs: Pairs) -> Pairs:
        """Those of the pairs that pass the remaining rules."""
        ok = np.ones(len(pairs), dtype=bool)
        for rule in self.rules:
            ok &= apply_rule(rule, self.columns, pairs)
            if np.count_nonzero(ok) < SIEVE_BELOW * len(ok):
                pairs = pairs.take(ok)
                ok = np.ones(len(pairs), dtype=bool)
        return pairs if ok.all() else pairs.take(ok)

    def _choosiest_first(self) -> tuple[Rule, ...]:
        """The rules in order of how many of some of the pairs they refuse, most first; of equals, as given.

        Refusals of a rule that asks for the way count less by `WAY_COST`. The pairs are those of workers
        spread evenly over the rows, and counts decide, not clocks, so the order is the same on every machine.
        """
        workers = self.workers[:: max(len(self.workers) // SAMPLE_WORKERS, 1)]
        sample, _ = next(self.blocks(workers), (None, 0))
        if sample is None:
            return self.rules

        def worth(rule: Rule) -> float:
            refused = len(sample) - np.count_nonzero(apply_rule(rule, self.columns, sample))
            return refused / (WAY_COST if _prunes(rule) == "reach" else 1)

        return tuple(sorted(self.rules, key=worth, reverse=True))

    def estimate(self) -> int:
        """How many feasible pairs to expect, see `estimate_pairs`."""
        step = -(-len(self.workers) // SAMPLE_WORKERS) or 1
        sample = self.workers[::step]
        found = sum(len(self.feasible(block)) for block, _ in self.blocks(sample))
        return round(found * len(self.workers) / len(sample)) if len(sample) else 0

    def fit(self, limits: Limits, taken: Taken) -> bool:
        """Whether the pairs, of which ``max_pairs`` are held at once, fit into memory."""
        return self._too_many(limits, taken) is None

    def refuse_too_large(self, limits: Limits, taken: Taken) -> None:
        """Raise TooLargeError if the pairs, of which ``max_pairs`` are held at once, would not fit.

        Parameters
        ----------
        limits : Limits
            ``memory_bytes`` and ``max_pairs``.
        taken : callable
            What says how many bytes so many pairs take at most, with all that is done with them.
        """
        if (pairs := self._too_many(limits, taken)) is not None:
            size, most = taken(pairs) / 2**30, limits.allowed_bytes / 2**30
            raise TooLargeError("too_many_pairs", n=pairs, size=size, most=most)

    def _too_many(self, limits: Limits, taken: Taken) -> int | None:
        """How many pairs would be held, where they do not fit."""
        at_most, pairs = limits.max_pairs, self.columns.n_workers * self.columns.n_shifts
        least = taken(min(pairs, at_most or pairs))  # even if every pair were feasible
        if least <= UNASKED_BYTES and limits.memory_bytes is None:
            return None
        if least <= (allowed := limits.allowed_bytes):
            return None
        pairs = self.estimate()
        pairs = min(pairs, at_most or pairs)
        return pairs if taken(pairs) > allowed else None

    def _requirements_met(self, workers: IndexArray) -> BoolArray:
        """Whether each of some workers meets each requirement: bool[n, n_requirements]."""
        met = np.ones((len(workers), len(self.grid.groups)), dtype=bool)
        for rule in self.by_requirement:
            met &= self._each(rule, workers, self.grid.examples)
        return met

    def _each(self, rule: Rule, workers: IndexArray, shifts: IndexArray) -> BoolArray:
        """A rule's verdict on each of some workers with each of some shifts: bool[n, m]."""
        return verdicts(rule, self.columns, self.travel, workers, shifts)


@dataclass(frozen=True)
class _Grid:
    """Shifts sorted by requirement, then by row of a grid, then along the row."""

    groups: Int64Array
    """Requirement numbers in use."""
    examples: IndexArray
    """A shift of each."""
    shift: Int32Array
    """Shifts in the order of ``key``."""
    key: Int64Array
    n_rows: int
    height_dm: float
    """Height of a grid row."""
    row_of: Int64Array
    """First and last grid row within each worker's reach: int64[2, n_workers]."""
    home: Float64Array
    """Each worker's place along the rows and across, and reach, in decimetres: float64[3, n_workers]."""
    widest: int
    """The last place along a row, and one."""

    @classmethod
    def over(
        cls, columns: Columns, shifts: IndexArray, groups: Int32Array, radius_m: Float64Array | None
    ) -> _Grid:
        numbers, example, group = np.unique(groups[shifts], return_index=True, return_inverse=True)
        radius = np.full(columns.n_workers, np.inf) if radius_m is None else radius_m * 10 + 10
        (x, y), (wx, wy) = _plane(columns, shifts)
        height = _height(radius, y)
        n_rows = int(y.max(initial=0) // height) + 1
        key = _key(group, n_rows, (y // height).astype(np.int64), x.astype(np.int64))
        order = np.lexsort((shifts, key))
        return cls(
            groups=numbers.astype(np.int64),
            examples=shifts[example],
            shift=shifts[order].astype(np.int32),
            key=key[order],
            n_rows=n_rows,
            height_dm=height,
            row_of=np.stack([_clipped((wy + s * radius) / height, n_rows - 1) for s in (-1, 1)]),
            home=np.stack([wx, wy, radius]),
            widest=int(x.max(initial=0)) + 1,
        )

    def arrays(self) -> GridArrays:
        """What a compiled loop reads of it."""
        cells_each = self.n_rows if len(self.groups) * self.n_rows <= CELLS_PER_SHIFT * len(self.key) else 1
        rows = np.arange(len(self.groups) * cells_each + 1) * (self.n_rows // cells_each)
        return GridArrays(
            shift=fixed(self.shift, np.int32),
            key=fixed(self.key, np.int64),
            cell=fixed(np.searchsorted(self.key, rows << 32), np.int64),
            cells_each=cells_each,
            n_rows=self.n_rows,
            height_dm=self.height_dm,
            widest=float(self.widest),
            row_of=fixed(self.row_of, np.int64),
            home=fixed(self.home, np.float64),
        )

    def part(self, is_shift: BoolArray) -> Self:
        """The same with some of the shifts."""
        kept = is_shift[self.shift]
        return replace(self, shift=self.shift[kept], key=self.key[kept])

    def ranges(self, worker: IndexArray, group: IndexArray) -> tuple[Int64Array, Int64Array, IndexArray]:
        """Ranges of ``shift`` that hold all shifts in reach, one per worker, requirement and grid row."""
        first, last = self.row_of[0][worker], self.row_of[1][worker]
        count = last - first + 1
        owner = np.repeat(worker, count)
        row = consecutive(first, count)
        part = np.repeat(group, count)
        first, last = self._chord(owner, row)
        low = np.searchsorted(self.key, _key(part, self.n_rows, row, first), side="left")
        high = np.searchsorted(self.key, _key(part, self.n_rows, row, last), side="right")
        some = high > low
        return low[some], high[some], owner[some]

    def _chord(self, worker: IndexArray, row: Int64Array) -> tuple[Int64Array, Int64Array]:
        """First and last place along each row that the circle of the worker's reach touches."""
        x, y, reach = self.home.take(worker, axis=1)
        near = np.clip(y, row * self.height_dm, (row + 1) * self.height_dm)
        half = np.sqrt(np.maximum(reach * reach - (y - near) ** 2, 0))
        return _clipped(x - half, self.widest), _clipped(x + half, self.widest)


def _prunes(rule: Rule) -> str | None:
    check_prunes(rule)
    return getattr(rule, "prunes", None)


def _one_sided(columns: Columns, travel: Travel, rules: Sequence[Rule], side: str) -> IndexArray:
    """Rows of one side that pass the rules which look at that side alone."""
    n, others = columns.n_workers, columns.n_shifts
    if side == "shift":
        n, others = others, n
    rows = np.arange(n if others else 0)
    other = np.zeros(len(rows), dtype=np.intp)
    pairs = Pairs(columns, travel, *((rows, other) if side == "worker" else (other, rows)))
    ok = np.ones(len(rows), dtype=bool)
    for rule in rules:
        ok &= apply_rule(rule, columns, pairs)
    return rows[ok]


def _radius(columns: Columns, travel: Travel) -> Float64Array | None:
    bound = travel.radius_m(columns, columns.workers.travel_limit_min)
    if bound is None:
        return None
    what = f"{type(travel).__name__}.radius_m"
    radius: Float64Array = checked_array(what, bound, np.float64, columns.n_workers)
    if not (radius >= 0).all():
        raise PluginError("radius_below_zero", what=what, value=radius.min())
    return radius


def _plane(
    columns: Columns, shifts: IndexArray
) -> tuple[tuple[Float64Array, Float64Array], tuple[Float64Array, Float64Array]]:
    """Shifts and workers in a plane square to the direction of the shifts' centre, in decimetres from the
    lowest shift.
    """
    at = np.stack([axis[shifts] for axis in columns.shifts.xyz_dm]).astype(np.float64)
    centre = at.sum(axis=1) if len(shifts) else np.array([1.0, 0.0, 0.0])
    spread = np.argmin(np.abs(centre))  # the axis least along the centre gives the steadiest cross product
    east = np.cross(np.eye(3)[spread], centre)
    east /= max(float(np.sqrt((east * east).sum())), 1.0)
    north = np.cross(centre, east)
    north /= max(float(np.sqrt((north * north).sum())), 1.0)
    from_dm = [_along(columns.workers.xyz_dm, axis) for axis in (east, north)]
    shift_dm = [_along(columns.shifts.xyz_dm, axis)[shifts] for axis in (east, north)]
    lowest = [float(values.min(initial=np.inf)) if len(shifts) else 0.0 for values in shift_dm]
    x, y = (values - low for values, low in zip(shift_dm, lowest, strict=True))
    wx, wy = (values - low for values, low in zip(from_dm, lowest, strict=True))
    return (x, y), (wx, wy)


def _along(xyz: Xyz, axis: Float64Array) -> Float64Array:
    total: Float64Array = xyz[0] * axis[0] + xyz[1] * axis[1] + xyz[2] * axis[2]
    return total


def _height(radius: Float64Array, y: Float64Array) -> float:
    """Height of a grid row: a part of the usual reach, so that rows follow the circle of it closely."""
    finite = radius[np.isfinite(radius)]
    tallest = float(y.max(initial=0)) + 1
    usual = float(np.median(finite)) / ROWS_PER_REACH if len(finite) else tallest
    return min(max(usual, tallest / 1024), tallest)


def _clipped(values: Float64Array, most: int) -> Int64Array:
    return np.floor(np.clip(values, 0, most)).astype(np.int64)


def _key(group: NDArray[np.integer[Any]], n_rows: int, row: Int64Array, along: Int64Array) -> Int64Array:
    key: Int64Array = ((group.astype(np.int64) * n_rows + row) << 32) | along
    return key


def _sort_each(shift: Int32Array, owner: IndexArray) -> None:
    """Sort the shifts of each owner where they lie; eight times as fast as sorting all of them by a key."""
    for start, end in pairwise(run_pointers(owner).tolist()):
        shift[start:end].sort()


def _cuts(worker: IndexArray, count: Int64Array) -> Iterator[slice]:
    """Slices of the ranges that hold whole workers and about `BLOCK_PAIRS` pairs each."""
    if not len(worker):
        return
    ends = run_pointers(worker)[1:]
    block = np.cumsum(count)[ends - 1] // BLOCK_PAIRS
    stops = ends[run_pointers(block)[1:] - 1]
    yield from map(slice, [0, *stops[:-1]], stops)


def _joined(columns: Columns, travel: Travel, parts: Sequence[Pairs]) -> Pairs:
    worker = np.concatenate([np.empty(0, np.intp), *(part.worker for part in parts)])
    shift = np.concatenate([np.empty(0, np.intp), *(part.shift for part in parts)])
    pairs = Pairs(columns, travel, worker, shift)
    if all("minutes" in part.ways for part in parts):
        pairs.ways["minutes"] = freeze(np.concatenate([np.empty(0), *(part.minutes for part in parts)]))
    return pairs
