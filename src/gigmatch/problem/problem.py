"""The problem: pairs in rows by worker, weights, seats, and the levels of the objective."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt

from gigmatch.core import kernels
from gigmatch.core.arrays import Int32Array, Int64Array, per_entry, read_only, row_counts
from gigmatch.errors import InvalidProblemError, WeightOverflowError
from gigmatch.problem.export import dimacs_lines, mps_lines, weights_on, write_lines
from gigmatch.problem.integers import INT64_MAX, as_integers, exact_sum, extent, first_true
from gigmatch.problem.levels.base import DrawnLevel, Level, WeightedLevel, Weights
from gigmatch.problem.levels.lottery import HASH_BITS, LOTTERY
from gigmatch.problem.levels.points import POINTS
from gigmatch.problem.levels.seats import SEATS

__all__ = ["LOOPS", "MANY", "Problem"]

LOOPS = "gigmatch.problem.loops"
MANY = 64  # pairs; fewer are found before a loop has begun


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """A many-to-one assignment problem: maximise, rows are workers, columns are shifts.

    A worker takes at most one shift, shift ``j`` at most ``capacity[j]`` workers; leaving anybody or any seat
    out is worth 0. The objective has levels, each decided only among the best of the level above:

    1. *seats*, where ``tier`` is given: fill as many seats of the most urgent tier as possible, then of the
       next, by the small weights ``tier_weight``, see `Seats`.
    2. *points*: the sum of ``weight`` over the chosen pairs.
    3. *lottery*, where ``lot`` is given: the set of placed workers that is best by draw, the smallest lot
       first; then the pairs by hashes of ``(lot, shift_lot)``, round by round, until one answer is left. It
       depends neither on the solver nor, with ``shift_lot`` given, on the order of rows and columns.

    ``levels`` lists others, or another order.

    Parameters
    ----------
    indptr : array of int64, shape (n_workers + 1,)
        The pairs of worker ``i`` are ``indptr[i]`` up to, not including, ``indptr[i + 1]``.
    shift : array of int32, shape (n_pairs,)
        Shift row of every pair, strictly ascending within a worker.
    weight : array of int64, shape (n_pairs,)
        Weight of every pair. May be negative: such a pair is chosen only to fill a seat of some tier.
    capacity : array of int64, shape (n_shifts,)
        Seats of every shift, 0 or more.
    tier : array of int64, shape (n_shifts,), optional
        Smaller is more urgent; only the order of the numbers matters.
    lot : array of int64, shape (n_workers,), optional
        The draw of every worker, all distinct; the smaller goes first.
    shift_lot : array of int64, shape (n_shifts,), optional
        Identity of a shift in the lottery, all distinct; its row unless given. Only with ``lot``.
    levels : sequence of Level, optional
        The levels in order, ``POINTS`` among them once, at most one that is drawn, at the end. Unless given:
        ``SEATS`` where there are tiers, ``POINTS``, and ``LOTTERY`` where there are lots.

    Raises
    ------
    InvalidProblemError
        For the first array that breaks a rule, with its name, position and value.
    WeightOverflowError
        If some sum of weights might not be exact in 64 bits; the message says the largest weight allowed.

    Notes
    -----
    Arrays are kept read-only; one that nobody can write into any more is shared, any other is copied.

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> problem.n_workers, problem.n_shifts, problem.n_pairs
    (2, 2, 3)
    """

    indptr: Int64Array
    shift: Int32Array
    weight: Int64Array
    capacity: Int64Array
    tier: Int64Array | None = None
    lot: Int64Array | None = None
    shift_lot: Int64Array | None = None
    levels: Sequence[Level] | None = None

    def __post_init__(self) -> None:
        for name in ("indptr", "shift", "weight", "capacity", "tier", "lot", "shift_lot"):
            value = getattr(self, name)
            if value is not None or name in ("indptr", "shift", "weight", "capacity"):
                dtype = np.int32 if name == "shift" else np.int64
                object.__setattr__(self, name, as_integers(name, value, dtype))
        _check_rows(self)
        _check_shifts(self)
        _check_lots(self)
        _check_levels(self)
        _check_exact(self)

    @property
    def n_workers(self) -> int:
        """Number of workers, rows of the problem."""
        return len(self.indptr) - 1

    @property
    def n_shifts(self) -> int:
        """Number of shifts, columns of the problem."""
        return len(self.capacity)

    @property
    def n_pairs(self) -> int:
        """Number of pairs that may be chosen."""
        return len(self.shift)

    @cached_property
    def worker(self) -> Int32Array:
        """Worker row of every pair, ascending: int32, shape (n_pairs,)."""
        return per_entry(np.arange(self.n_workers, dtype=np.int32), self.indptr)

    @property
    def degree(self) -> Int64Array:
        """How many pairs every worker has: int64, shape (n_workers,)."""
        return row_counts(self.indptr)

    @cached_property
    def tier_weight(self) -> Int64Array:
        """Weight of a seat of every shift: T for the most urgent of T tiers, 1 for the last, 0 without."""
        if self.tier is None:
            return np.zeros(self.n_shifts, np.int64)
        tiers, rank = np.unique(self.tier, return_inverse=True)
        return (len(tiers) - rank).astype(np.int64)

    @cached_property
    def weighted(self) -> tuple[WeightedLevel, ...]:
        """The levels that are proved by prices, in order."""
        if self.levels is None:
            return (POINTS,) if self.tier is None else (SEATS, POINTS)
        return tuple(level for level in self.levels if not level.is_drawn)

    @cached_property
    def weights(self) -> tuple[Weights, ...]:
        """What each of `weighted` maximises."""
        return tuple(level.weights(self) for level in self.weighted)

    @property
    def drawn(self) -> DrawnLevel | None:
        """The level that is drawn among what is equal on all others, if there is one."""
        if self.levels is None:
            return None if self.lot is None else LOTTERY
        return next((level for level in self.levels if level.is_drawn), None)

    @property
    def bound_level(self) -> WeightedLevel:
        """The level whose certificate gives the bound of a solution."""
        return next(level for level in self.weighted if level.is_bound)

    @property
    def fills_seats(self) -> bool:
        """Whether as many seats are filled as can be, before anything else."""
        return self.weighted[0].fills_seats

    def is_weighted(self, name: str) -> bool:
        """Whether one of `weighted` has this name."""
        return any(level.name == name for level in self.weighted)

    def place(self, name: str) -> int:
        """Where the level of a name stands in `weighted`."""
        return [level.name for level in self.weighted].index(name)

    @cached_property
    def extent(self) -> tuple[int, int]:
        """Least and greatest weight, 0 included."""
        return extent(self.weight)

    @cached_property
    def largest_multipliers(self) -> tuple[int, ...]:
        """For each of `weighted`: a multiplier of the sum of those above that it can never outweigh."""
        most = self._most_placed
        spreads = (high - low for low, high in map(self.extent_of, range(len(self.weighted))))
        return tuple(1 + most * spread for spread in spreads)

    @cached_property
    def enough_multipliers(self) -> tuple[int, ...]:
        """As `largest_multipliers`, as small as theory allows: what a proof needs at most.

        For the best set of seats and the best set of workers there is one assignment that covers both
        (Mendelsohn and Dulmage 1958), so 1 does where a level weighs one side, and all above it the other.
        """
        return tuple(
            1 if place and self._covers_both(place) else largest
            for place, largest in enumerate(self.largest_multipliers)
        )

    def _covers_both(self, place: int) -> bool:
        own, above = self.weights[place], self.weights[:place]
        if own.pair is not None or any(one.pair is not None or one.extent[0] < 0 for one in (own, *above)):
            return False
        on_workers = own.shift is None and all(one.worker is None for one in above)
        return on_workers or (own.worker is None and all(one.shift is None for one in above))

    @property
    def _most_placed(self) -> int:
        return min(self.n_workers, exact_sum(np.minimum(self.capacity, self.n_workers)))

    def extent_of(self, place: int) -> tuple[int, int]:
        """Least and greatest weight that there may be on the level at ``place`` of `weighted`, 0 included."""
        return self.extent if self.weighted[place].is_bound else self.weights[place].extent

    def workers_of(self, pairs: Int64Array) -> Int32Array:
        """Worker row of some pairs, given by position: int32; needs no array over all pairs."""
        return (np.searchsorted(self.indptr, pairs, side="right") - 1).astype(np.int32)

    def find(self, worker: npt.ArrayLike, shift: npt.ArrayLike) -> Int64Array:
        """Position of each pair ``(worker[k], shift[k])``: int64, shape of the input, -1 where there is none.

        Parameters
        ----------
        worker, shift : array of int, same shape
            Worker rows, all valid, and shift rows, any number.

        Examples
        --------
        >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
        >>> problem.find([0, 1], [1, 1]).tolist()
        [1, -1]
        """
        worker, shift = np.asarray(worker, np.int64), np.asarray(shift)
        if worker.size >= MANY and kernels.are_worth_it(LOOPS, self.n_workers * self.n_shifts):
            return self._found_in_a_loop(worker, shift.astype(np.int64, copy=False))
        low, end = self.indptr[worker], self.indptr[worker + 1]
        if not self.n_pairs:
            return np.full(worker.shape, -1, np.int64)
        high, last = end, self.n_pairs - 1
        for _ in range(int((end - low).max(initial=0)).bit_length()):
            middle = (low + high) // 2
            below = (low < high) & (self.shift[np.minimum(middle, last)] < shift)
            low, high = np.where(below, middle + 1, low), np.where(below, high, middle)
        found = (low < end) & (self.shift[np.minimum(low, last)] == shift)
        return np.where(found, low, -1)

    def _found_in_a_loop(self, worker: Int64Array, shift: Int64Array) -> Int64Array:
        """As `find`: numpy would go through all pairs asked for once a step of the search."""
        from gigmatch.problem.loops import find

        found = np.empty(worker.shape, np.int64)
        arrays = self.indptr, self.shift, worker.ravel(), shift.ravel()
        find(found.reshape(-1), *(read_only(np.ascontiguousarray(array)) for array in arrays))
        return found

    def plain(self, weight: Int64Array, pairs: Int64Array | None = None) -> Problem:
        """The same workers and seats with other weights and without tiers and lots; not validated again.

        Parameters
        ----------
        weight : array of int64
            One weight per pair kept.
        pairs : array of int64, ascending, optional
            Positions of the pairs kept; all of them unless given.
        """
        indptr, shift = self.indptr, self.shift
        if pairs is not None:
            indptr, shift = np.searchsorted(pairs, self.indptr).astype(np.int64), self.shift[pairs]
        plain = object.__new__(Problem)
        values = {"indptr": indptr, "shift": shift, "weight": weight, "capacity": self.capacity}
        if pairs is None and "worker" in vars(self):
            values["worker"] = self.worker  # fills the cached property: the rows are the same
        vars(plain).update(values, tier=None, lot=None, shift_lot=None, levels=None)
        return plain

    def to_mps(self, path_or_file: str | Path | TextIO, level: str = "points") -> None:
        """Write one level as a linear programme in free MPS, for other solvers.

        Maximise ``value``, the sum of the weights of the chosen pairs. Column ``x3_5`` is the pair of worker
        row 3 and shift row 5, row ``w3`` allows worker 3 one pair at most, and row ``s5`` allows shift 5 as
        many as it has seats. The matrix is totally unimodular: every vertex is a whole assignment, so that no
        column need be an integer.

        Parameters
        ----------
        path_or_file : str, Path or text file
            A path is written anew; a file that is open stays open.
        level : str
            Name of the level that is written, of those in `weighted`. It is written alone: what is best on it
            need not be best on the levels above it.

        Raises
        ------
        InvalidInputError
            No weighted level has this name.

        Examples
        --------
        >>> import io
        >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
        >>> file = io.StringIO()
        >>> problem.to_mps(file)
        >>> file.getvalue().splitlines()[9:13]
        ['COLUMNS', '    x0_0 value 9 w0 1', '    x0_0 s0 1', '    x0_1 value 7 w0 1']
        """
        write_lines(mps_lines(self, weights_on(self, level)), path_or_file)

    def to_dimacs(self, path_or_file: str | Path | TextIO, level: str = "points") -> None:
        """Write one level as a min-cost flow in DIMACS format, for other solvers.

        Workers are the first nodes, in order of row, then shifts, then the sink. Every worker sends one unit
        to the sink, through a shift or straight there; the arc of a pair costs its weight with the sign
        turned, so that the least cost is minus the greatest sum of weights.

        Parameters
        ----------
        path_or_file : str, Path or text file
            A path is written anew; a file that is open stays open.
        level : str
            Name of the level that is written, of those in `weighted`. It is written alone: what is best on it
            need not be best on the levels above it.

        Raises
        ------
        InvalidInputError
            No weighted level has this name.

        Examples
        --------
        >>> import sys
        >>> Problem(indptr=[0, 1], shift=[0], weight=[9], capacity=[3]).to_dimacs(sys.stdout)
        c workers 1 to 1, shifts 2 to 2, sink 3
        p min 3 3
        n 1 1
        n 3 -1
        a 1 2 0 1 -9
        a 1 3 0 1 0
        a 2 3 0 1 0
        """
        write_lines(dimacs_lines(self, weights_on(self, level)), path_or_file)


def _check_rows(problem: Problem) -> None:
    indptr, shift, weight = problem.indptr, problem.shift, problem.weight
    if not len(indptr) or indptr[0] != 0 or indptr[-1] != len(shift):
        ends = [*indptr[:1].tolist(), *indptr[-1:].tolist()]
        raise InvalidProblemError("indptr_ends", n=len(shift), found=ends)
    if (row := first_true(row_counts(indptr) < 0)) is not None:
        raise InvalidProblemError("indptr_falls", at=row + 1, a=indptr[row + 1], b=indptr[row])
    if len(weight) != len(shift):
        raise InvalidProblemError("weight_wrong_length", n=len(weight), m=len(shift))
    rises = shift[1:] > shift[:-1]
    starts = indptr[1:-1]
    rises[starts[(starts > 0) & (starts < len(shift))] - 1] = True  # a new worker may start anywhere
    if (pair := first_true(~rises)) is not None:
        raise InvalidProblemError("shifts_not_rising", at=pair + 1, a=shift[pair + 1], b=shift[pair])


def _check_shifts(problem: Problem) -> None:
    capacity, shift, count = problem.capacity, problem.shift, problem.n_shifts
    if (row := first_true(capacity < 0)) is not None:
        raise InvalidProblemError("capacity_below_zero", at=row, n=capacity[row])
    least, most = extent(shift)
    if least < 0 or (len(shift) and most >= count):
        pair = first_true((shift < 0) | (shift >= count))
        assert pair is not None
        raise InvalidProblemError("no_row_of_shifts", at=pair, row=shift[pair], n=count)
    if problem.tier is not None and len(problem.tier) != count:
        raise InvalidProblemError("tier_wrong_length", n=len(problem.tier), m=count)


def _check_lots(problem: Problem) -> None:
    if problem.shift_lot is not None and problem.lot is None:
        raise InvalidProblemError("shift_lot_without_lot")
    for name, size in (("lot", problem.n_workers), ("shift_lot", problem.n_shifts)):
        lot = getattr(problem, name)
        if lot is None:
            continue
        if len(lot) != size:
            raise InvalidProblemError("wrong_length", name=name, n=len(lot), m=size)
        order = np.argsort(lot, kind="stable")
        if (same := first_true(np.diff(lot[order]) == 0)) is not None:
            first, second = order[same], order[same + 1]
            raise InvalidProblemError("not_distinct", name=name, first=first, second=second, value=lot[first])


def _check_levels(problem: Problem) -> None:
    """Levels have names of their own, and what they need; the points are there, and a draw ends them."""
    if problem.levels is None:
        return
    levels = tuple(problem.levels)
    object.__setattr__(problem, "levels", levels)
    names = [level.name for level in levels]
    if len(set(names)) < len(names):
        raise InvalidProblemError("problem_levels_same_name", names=names)
    if sum(level.is_bound for level in problem.weighted) != 1:
        raise InvalidProblemError("levels_without_points", names=names)
    if POINTS.name not in names:
        raise InvalidProblemError("points_named_otherwise", points=POINTS.name, names=names)
    if any(level.is_drawn for level in levels[:-1]):
        raise InvalidProblemError("drawn_level_not_last", names=names)
    for level in levels:
        if missing := [field for field in level.needs if getattr(problem, field) is None]:
            raise InvalidProblemError("level_needs", name=level.name, field=missing[0])
    _ = problem.weights  # refuses weights of other sizes


def _check_exact(problem: Problem) -> None:
    """Refuse what could leave 64 bits: weights times nodes times 4 is what min-cost flow may need."""
    ceiling = INT64_MAX // (4 * (problem.n_workers + problem.n_shifts + 1))
    above = 0
    for place, level in enumerate(problem.weighted):
        if level.is_bound:
            _check_weight(problem, above, ceiling)
        least, most = problem.extent_of(place)
        above = max(most, -least) + (problem.enough_multipliers[place] * above if place else 0)
        if above > ceiling:
            raise WeightOverflowError(
                "level_weights_too_large",
                name=level.name,
                reach=above,
                most=ceiling,
                n=problem.n_workers,
                m=problem.n_shifts,
            )
    if problem.drawn is not None and 3 * (problem.n_workers + 1) << HASH_BITS > ceiling:
        raise WeightOverflowError("too_many_workers_for_lottery", n=problem.n_workers)


def _check_weight(problem: Problem, above: int, ceiling: int) -> None:
    """Weights of pairs leave room for the levels above them, ``above`` at most."""
    lightest, heaviest = problem.extent
    spreads = 2 if lightest < 0 else 1
    largest = (ceiling - above) // (1 + above * problem._most_placed * spreads)
    if (worst := max(heaviest, -lightest)) > largest:
        tiers = int(problem.tier_weight.max(initial=0))
        raise WeightOverflowError(
            "weight_too_large",
            worst=worst,
            most=largest,
            n=problem.n_workers,
            m=problem.n_shifts,
            tiers=tiers,
        )
