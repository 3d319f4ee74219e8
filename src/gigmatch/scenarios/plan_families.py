"""Seeded families of problems of plans and teams; ``family(n_workers, n_shifts, seed, scarce=False)``.

Places lie in one city, shifts of 2 to 9 hours between six in the morning and eleven at night. About three
pairs in a hundred are there, at least 8 and at most 150 a worker: some 46,000 where 2,000 workers meet 800
shifts, 1.2 million where 10,000 meet 4,000. Weights are points in units of 1/100, from 0 to about 10,000. In
the plenty there are more people than seats for them, where it is scarce half as many again seats.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int32Array, Int64Array, row_pointers
from gigmatch.problem import Problem
from gigmatch.problem.followers import follower_rows
from gigmatch.problem.plans import PlanProblem

__all__ = ["PLANS", "PlanFamily", "chains", "crews", "groups", "headcounts", "mixed"]

_TRADES, _EMPLOYERS = 12, 5  # trades; shifts of an employer
_PAIRS, _FEWEST, _MOST = 0.0335, 8, 150
_DAY, _WEEK, _EACH = 0, 1, 2  # amounts: minutes today, this week, this week for one employer
_KM_PER_MIN, _SET_OFF_MIN, _BREAK_MIN = 0.25, 5, 10


class PlanFamily(Protocol):
    """What makes a problem of plans and teams."""

    def __call__(self, n_workers: int, n_shifts: int, seed: int, scarce: bool = False) -> PlanProblem:
        """A problem of the family: the same for the same arguments."""
        ...


class _City(NamedTuple):
    """Where and when."""

    home: Float64Array
    """In km, within a square of 10: float64[n_workers, 2]."""
    place: Float64Array
    begin: Int64Array
    """Minutes since midnight: int64[n_shifts]."""
    end: Int64Array
    pairs: Problem


def chains(n_workers: int, n_shifts: int, seed: int, scarce: bool = False) -> PlanProblem:
    """2 to 5 shifts a worker, with limits of the day for everybody, of the week and by employer for many."""
    rng = np.random.default_rng(seed)
    return _problem(
        rng, _city(rng, n_workers, n_shifts, scarce, shifts_each=2), rng.integers(2, 6, n_workers)
    )


def headcounts(n_workers: int, n_shifts: int, seed: int, scarce: bool = False) -> PlanProblem:
    """One shift a worker; every third shift with room for it takes place with two people or more only."""
    rng = np.random.default_rng(seed)
    city = _city(rng, n_workers, n_shifts, scarce)
    return _problem(rng, city, _ones(n_workers), minimum=_minimum(rng, city.pairs.capacity))


def crews(n_workers: int, n_shifts: int, seed: int, scarce: bool = False) -> PlanProblem:
    """One shift a worker; nearly a quarter of the shifts are in crews of 2 to 6, all of them full or none."""
    rng = np.random.default_rng(seed)
    city = _city(rng, n_workers, n_shifts, scarce)
    crew = _crews(rng, n_shifts)
    return _problem(
        rng, city, _ones(n_workers), minimum=np.where(crew >= 0, city.pairs.capacity, 1), crew=crew
    )


def groups(n_workers: int, n_shifts: int, seed: int, scarce: bool = False) -> PlanProblem:
    """One shift a worker; a fifth of the workers go by two or three, to one shift or to one crew."""
    rng = np.random.default_rng(seed)
    city, crew = _city(rng, n_workers, n_shifts, scarce), _crews(rng, n_shifts)
    minimum = np.where(crew >= 0, (city.pairs.capacity + 1) // 2, 1)
    return _problem(rng, city, _ones(n_workers), minimum=minimum, crew=crew, grouped=True)


def mixed(n_workers: int, n_shifts: int, seed: int, scarce: bool = False) -> PlanProblem:
    """Everything at once, in three tiers: half the workers take 2 to 5 shifts, a fifth go in groups."""
    rng = np.random.default_rng(seed)
    city = _city(rng, n_workers, n_shifts, scarce, shifts_each=1.5, tiers=3)
    crew = _crews(rng, n_shifts)
    minimum = np.where(crew >= 0, city.pairs.capacity, _minimum(rng, city.pairs.capacity))
    most = np.where(rng.random(n_workers) < 0.5, 1, rng.integers(2, 6, n_workers))
    return _problem(rng, city, most, minimum=minimum, crew=crew, grouped=True)


PLANS: dict[str, PlanFamily] = {
    family.__name__: family for family in (chains, headcounts, crews, groups, mixed)
}
"""The families by name."""


def _city(
    rng: np.random.Generator,
    n_workers: int,
    n_shifts: int,
    scarce: bool,
    shifts_each: float = 1,
    tiers: int = 1,
) -> _City:
    home, place = rng.random((n_workers, 2)) * 10, rng.random((n_shifts, 2)) * 10
    begin, end = _times(rng, n_shifts)
    seats = (1.5 if scarce else 0.6) * n_workers * shifts_each / n_shifts
    capacity = 1 + rng.poisson(max(seats - 1, 0), n_shifts)
    worker, shift, km = _pairs(rng, home, place)
    pay = rng.integers(0, 4_001, n_shifts)
    weight = 4_000 * np.maximum(1 - km / 10, 0) + pay[shift] + rng.integers(0, 2_001, len(worker))
    pairs = Problem(
        indptr=row_pointers(np.bincount(worker, minlength=n_workers)),
        shift=shift.astype(np.int32),
        weight=np.rint(weight).astype(np.int64),
        capacity=capacity,
        tier=rng.integers(1, tiers + 1, n_shifts) if tiers > 1 else None,
    )
    return _City(home, place, begin, end, pairs)


def _times(rng: np.random.Generator, n_shifts: int) -> tuple[Int64Array, Int64Array]:
    """Whole days, mornings, evenings, and jobs of two to four hours at any time, on quarters of an hour."""
    kind = rng.choice(4, n_shifts, p=[0.2, 0.2, 0.2, 0.4])
    low = np.array([24, 24, 64, 28])[kind]
    begin = low + rng.integers(0, np.array([12, 12, 12, 48])[kind] + 1)
    length = np.array([28, 12, 10, 8])[kind] + rng.integers(0, 9, n_shifts)
    return 15 * begin, 15 * (begin + length)


def _pairs(
    rng: np.random.Generator, home: Float64Array, place: Float64Array
) -> tuple[IndexArray, IndexArray, Float64Array]:
    """Worker, shift and distance in km, by worker and shift: the nearest shifts of each worker's trades."""
    from scipy.spatial import cKDTree

    n_workers, n_shifts = len(home), len(place)
    degree = min(max(round(_PAIRS * n_shifts), _FEWEST), _MOST, n_shifts)
    trade, able = rng.integers(0, _TRADES, n_shifts), rng.random((n_workers, _TRADES)) < 0.4
    looked = min(n_shifts, 3 * degree)
    km, near = cKDTree(place).query(home, np.arange(1, looked + 1))
    fits = np.take_along_axis(able, trade[near], axis=1)
    fits &= np.cumsum(fits, axis=1) <= degree + rng.integers(-degree // 4, degree // 4 + 1, (n_workers, 1))
    worker, at = np.nonzero(fits)
    order = np.lexsort((near[worker, at], worker))
    return worker[order], near[worker, at][order], km[worker, at][order]


def _problem(
    rng: np.random.Generator,
    city: _City,
    most_shifts: Int64Array,
    minimum: Int64Array | None = None,
    crew: Int64Array | None = None,
    grouped: bool = False,
) -> PlanProblem:
    n_workers, n_shifts = city.pairs.n_workers, city.pairs.n_shifts
    nobody = np.full(n_workers, -1, np.int64)
    group, in_crew = _groups(rng, n_workers) if grouped else (nobody, np.zeros(0, bool))
    most_shifts = np.where(group >= 0, 1, most_shifts)
    employer = rng.integers(0, max(n_shifts // _EMPLOYERS, 1), n_shifts)
    minutes, none = city.end - city.begin, np.zeros(n_shifts, np.int64)
    worker, amount, of_class, most = _limits(rng, np.flatnonzero(most_shifts > 1), employer)
    indptr, follower = _followers(city, most_shifts)
    return PlanProblem(
        pairs=city.pairs,
        most_shifts=most_shifts,
        follower_indptr=indptr,
        follower=follower,
        rank=np.argsort(np.lexsort((city.end, city.begin))),
        amount=np.stack([minutes, minutes * rng.integers(1, 3, n_shifts), minutes]),
        amount_class=np.stack([none, none, employer]),
        limit_indptr=row_pointers(np.bincount(worker, minlength=n_workers)),
        limit_amount=amount,
        limit_class=of_class,
        limit_most=most,
        minimum=np.ones(n_shifts, np.int64) if minimum is None else minimum,
        crew=np.full(n_shifts, -1, np.int64) if crew is None else crew,
        group=group,
        group_in_crew=in_crew,
        kept=np.zeros(0, np.int64),
    )


def _followers(city: _City, most_shifts: Int64Array) -> tuple[Int64Array, Int32Array]:
    """The way to the next place, and a break, fit between the two."""

    def joins(worker: IndexArray, first: Int32Array, second: Int32Array) -> BoolArray:
        km = np.hypot(*(city.place[first] - city.place[second]).T)
        away = np.where(km > 0, _SET_OFF_MIN, 0) + km / _KM_PER_MIN
        fits: BoolArray = city.begin[second] - city.end[first] >= _BREAK_MIN + away
        return fits

    pairs, everybody = city.pairs, np.zeros(len(most_shifts), np.int64)
    return follower_rows(pairs.indptr, pairs.shift, most_shifts > 1, city.begin, city.end, joins, everybody)


def _limits(
    rng: np.random.Generator, several: IndexArray, employer: Int64Array
) -> tuple[Int64Array, Int64Array, Int64Array, Int64Array]:
    """Worker, amount, class and most, by worker: the day for all, for half the week, for a third an employer.

    A single shift is always within them.
    """
    amount = np.tile([_DAY, _WEEK, _EACH], len(several))
    worker = np.repeat(several, 3)
    of_class = np.where(amount == _EACH, rng.choice(employer, len(amount)), -1)
    most = 60 * rng.integers(np.array([9, 18, 9])[amount], np.array([12, 44, 16])[amount] + 1)
    kept = rng.random(len(amount)) < np.array([1, 1 / 2, 1 / 3])[amount]
    return worker[kept], amount[kept], of_class[kept], most[kept]


def _ones(n: int) -> Int64Array:
    return np.ones(n, np.int64)


def _minimum(rng: np.random.Generator, capacity: Int64Array) -> Int64Array:
    """For every third shift any number from 2 on, as far as there are seats; 1 for the others."""
    least = 1 + rng.integers(0, np.maximum(capacity, 1))
    return np.where(rng.random(len(capacity)) < 1 / 3, np.minimum(np.maximum(least, 2), capacity), 1)


def _crews(rng: np.random.Generator, n_shifts: int) -> Int64Array:
    """Crews of 2 to 6 shifts, 23 % of them: int64[n_shifts], -1 for none."""
    size = rng.integers(2, 7, n_shifts)
    inside = int(0.23 * n_shifts)
    crew = np.full(n_shifts, -1, np.int64)
    number = np.repeat(np.arange(n_shifts), size)[:inside]
    number = number[: len(number) - (inside > 0 and np.count_nonzero(number == number[-1]) == 1)]
    crew[rng.permutation(n_shifts)[: len(number)]] = number
    return crew


def _groups(rng: np.random.Generator, n_workers: int) -> tuple[Int64Array, BoolArray]:
    """A fifth of the workers by two or three, and whether each group goes to a crew."""
    size = rng.integers(2, 4, n_workers)
    count = int(np.searchsorted(np.cumsum(size), n_workers // 5, side="right"))
    group = np.full(n_workers, -1, np.int64)
    number = np.repeat(np.arange(count), size[:count])
    group[rng.permutation(n_workers)[: len(number)]] = number
    return group, rng.random(count) < 1 / 2
