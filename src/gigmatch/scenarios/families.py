"""Seeded families of problems, many of them hard on purpose; ``family(n_workers, n_shifts, seed)``.

Weights are points in units of 1/100, from 0 to about 10,000. A shift has five seats on average: about as many
seats as workers where there are five workers a shift. `gigmatch.scenarios.problem` asks for one by its name.
With one version of numpy the same arguments give the same problem on every machine.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import Int64Array, row_pointers
from gigmatch.core.limits import check_whole
from gigmatch.errors import InvalidInputError
from gigmatch.problem import Problem

__all__ = [
    "CLIFFS",
    "EVERY",
    "FAMILIES",
    "HARDER",
    "additive",
    "band",
    "blocks",
    "city",
    "city_crowded",
    "city_long",
    "city_short",
    "city_single",
    "difference",
    "districts",
    "few_shifts",
    "giant",
    "near_tied",
    "problem",
    "product",
    "rank_one",
    "ring",
    "scarce",
    "street",
    "street_tied",
    "tied",
    "uniform",
    "with_levels",
]

_SKILLS = 40
_REACH_KM = 15.0
_DEGREE = 100
_FEWEST, _MOST = 20, 5_000_000
_BLOCK, _FEW = 29, 49  # workers of a block; shifts where there are few


def city(n_workers: int, n_shifts: int, seed: int, headcount: int = 5) -> Problem:
    """Clustered: 30 centres, 40 skills up to three a worker; near, paid and skilled is better.

    Beyond 10,000 shifts the city is denser and people look less far, so that a row has about 600 pairs.
    """
    from scipy.spatial import cKDTree

    reach = _REACH_KM * min(1.0, (10_000 / n_shifts) ** 0.5)

    rng = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, _SKILLS + 1)
    popularity /= popularity.sum()
    centres = rng.normal(0, 14, (30, 2))
    home = centres[rng.integers(0, 30, n_workers)] + rng.normal(0, 3, (n_workers, 2))
    place = centres[rng.integers(0, 30, n_shifts)] + rng.normal(0, 5, (n_shifts, 2))
    skills = rng.choice(_SKILLS, (n_workers, 3), p=popularity)
    level = rng.integers(1, 6, (n_workers, _SKILLS))
    skill, needed = rng.choice(_SKILLS, n_shifts, p=popularity), rng.integers(1, 4, n_shifts)
    pay, reserve = rng.gamma(8, 35, n_shifts) + 100, rng.gamma(8, 25, n_workers)
    workers, shifts, weights = [], [], []
    for k in range(_SKILLS):
        able, asking = np.flatnonzero((skills == k).any(axis=1)), np.flatnonzero(skill == k)
        if not able.size or not asking.size:
            continue
        near = cKDTree(home[able]).sparse_distance_matrix(
            cKDTree(place[asking]), reach, output_type="coo_matrix"
        )
        i, j, km = able[near.row], asking[near.col], near.data
        good = (level[i, k] >= needed[j]) & (pay[j] >= reserve[i])
        i, j, km = i[good], j[good], km[good]
        closeness, gain = 1 - km / reach, np.clip((pay[j] - reserve[i]) / 300, 0, 1)
        fit = 1 - (level[i, k] - needed[j]) / 5
        workers.append(i)
        shifts.append(j)
        weights.append(np.rint(100 * (40 * closeness + 40 * gain + 20 * fit)))
    capacity = 1 + rng.poisson(headcount - 1, n_shifts)
    nothing = np.empty(0, np.int64)
    worker, shift, weight = (np.concatenate([nothing, *parts]) for parts in (workers, shifts, weights))
    return _problem(worker, shift, weight, n_workers, capacity)


def uniform(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Random pairs, about 100 a worker, with random weights."""
    rng, worker, shift, capacity = _sparse(n_workers, n_shifts, seed)
    return _problem(worker, shift, rng.integers(0, 10_001, len(worker)), n_workers, capacity)


def scarce(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Half the shifts want a skill that one worker in ten has: those workers are fought over."""
    rng, worker, shift, capacity = _sparse(n_workers, n_shifts, seed)
    rare, able = rng.random(n_shifts) < 0.5, rng.random(n_workers) < 0.1
    kept = ~rare[shift] | able[worker]
    weight = rng.integers(0, 5_001, len(worker)) + 5_000 * rare[shift]
    return _problem(worker[kept], shift[kept], weight[kept], n_workers, capacity)


def tied(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Random pairs with four distinct weights: many optima, long lotteries."""
    rng, worker, shift, capacity = _sparse(n_workers, n_shifts, seed)
    return _problem(worker, shift, 2_500 * rng.integers(1, 5, len(worker)), n_workers, capacity)


def additive(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """``a[i] + b[j]``: who and where count, the pair does not, so nearly every pair is tight."""
    rng, worker, shift, capacity = _sparse(n_workers, n_shifts, seed)
    own, place = rng.integers(0, 5_001, n_workers), rng.integers(0, 5_001, n_shifts)
    return _problem(worker, shift, own[worker] + place[shift], n_workers, capacity)


def city_short(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """The city with three workers a seat."""
    return city(n_workers, n_workers // 15, seed)


def city_long(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """The city with five seats a worker."""
    return city(n_workers, n_workers, seed)


def city_single(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """The city with one seat a shift and as many shifts as workers."""
    return city(n_workers, n_workers, seed, headcount=1)


def city_crowded(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """The city with twenty seats a shift, as many seats as workers."""
    return city(n_workers, n_workers // 20, seed, headcount=20)


def near_tied(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Random pairs worth 10,000 less 0 to 3: everything is nearly as good as everything else."""
    rng, worker, shift, capacity = _sparse(n_workers, n_shifts, seed)
    return _problem(worker, shift, 10_000 - rng.integers(0, 4, len(worker)), n_workers, capacity)


def product(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """``a[i] * b[j]``: everybody agrees on who is best and where it is best (Machol and Wien 1976)."""
    rng, worker, shift, capacity = _sparse(n_workers, n_shifts, seed)
    own, place = rng.integers(1, 101, n_workers), rng.integers(1, 101, n_shifts)
    return _problem(worker, shift, own[worker] * place[shift], n_workers, capacity)


def giant(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """The uniform family, and one shift with seats for half of the workers that all of them can take."""
    small = uniform(n_workers, n_shifts - 1, seed)
    rng = np.random.default_rng(seed)
    return _problem(
        np.concatenate([small.worker, np.arange(n_workers)]),
        np.concatenate([small.shift, np.full(n_workers, n_shifts - 1)]),
        np.concatenate([small.weight, rng.integers(0, 10_001, n_workers)]),
        n_workers,
        np.append(small.capacity, n_workers // 2),
    )


def districts(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Twenty districts without a pair between them."""
    parts = [uniform(n_workers // 20, n_shifts // 20, seed + k) for k in range(20)]
    return _problem(
        np.concatenate([part.worker + k * (n_workers // 20) for k, part in enumerate(parts)]),
        np.concatenate([part.shift + k * (n_shifts // 20) for k, part in enumerate(parts)]),
        np.concatenate([part.weight for part in parts]),
        n_workers // 20 * 20,
        np.concatenate([part.capacity for part in parts]),
    )


def street(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Workers between neighbouring shifts of one seat, each reaching two, the next one a little better."""
    rng, worker, shift = _along(n_workers, range(2), seed)
    weight = np.where(shift > worker, 9_001, 9_000 - rng.integers(0, 4, len(worker)))
    return _problem(worker, shift, weight, n_workers, _one_seat(n_workers))


def street_tied(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """The street where every pair is worth the same, with a seat too few: so is every seat, all along it."""
    _, worker, shift = _along(n_workers, range(-1, 1), seed)
    kept = shift < n_workers - 1
    return _problem(
        worker[kept], shift[kept], np.full(kept.sum(), 5_000), n_workers, _one_seat(n_workers - 1)
    )


def ring(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """The street closed to a ring, with near ties."""
    rng = np.random.default_rng(seed)
    worker = np.repeat(np.arange(n_workers), 2)
    shift = (worker + np.tile([0, 1], n_workers)) % n_workers
    return _problem(worker, shift, 10_000 - rng.integers(0, 4, len(worker)), n_workers, _one_seat(n_workers))


def blocks(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Near ties in blocks of 29, each joined to the next: the first has a seat too few, the last one more."""
    rng = np.random.default_rng(seed)
    worker = np.repeat(np.arange(n_workers), _BLOCK + 1)
    place = np.tile(np.arange(_BLOCK + 1), n_workers)
    shift = worker // _BLOCK * _BLOCK + place
    joins = (place < _BLOCK) | (worker % _BLOCK == 0) | (worker + _BLOCK >= n_workers)
    kept = joins & (shift > 0) & (shift <= n_workers)
    worker, shift = worker[kept], shift[kept] - 1
    return _problem(worker, shift, 10_000 - rng.integers(0, 4, len(worker)), n_workers, _one_seat(n_workers))


def band(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Products in a band around the diagonal, both sides ascending: prices rise along all of it."""
    rng, worker, shift = _along(n_workers, range(-10, 11), seed)
    own, place = np.sort(rng.integers(1, 10_001, (2, n_workers)))
    return _problem(worker, shift, own[worker] * place[shift], n_workers, _one_seat(n_workers))


def few_shifts(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """49 shifts with as many seats as there are workers, of whom each reaches four; long weights."""
    rng = np.random.default_rng(seed)
    worker = np.repeat(np.arange(n_workers), 4)
    steps = rng.integers(1, _FEW // 4, (n_workers, 4)).cumsum(axis=1)
    shift = (rng.integers(0, _FEW, (n_workers, 1)) + steps).ravel() % _FEW
    seats = np.full(_FEW, -(-n_workers // _FEW))
    return _problem(worker, shift, rng.integers(0, 10**9, len(worker)), n_workers, seats)


def difference(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Every pair, the better the closer the two are on a line; one seat a shift."""
    rng = np.random.default_rng(seed)
    own, place = rng.integers(0, 10_001, n_workers), rng.integers(0, 10_001, n_shifts)
    return _all_pairs(10_000 - np.abs(np.subtract.outer(own, place)))


def rank_one(n_workers: int, n_shifts: int, seed: int) -> Problem:
    """Every pair, ``a[i] * b[j]``; one seat a shift."""
    rng = np.random.default_rng(seed)
    own, place = rng.integers(1, 101, n_workers), rng.integers(1, 101, n_shifts)
    return _all_pairs(np.multiply.outer(own, place))


FAMILIES: dict[str, Callable[[int, int, int], Problem]] = {
    family.__name__: family for family in (city, uniform, scarce, tied, additive)
}
HARDER: dict[str, Callable[[int, int, int], Problem]] = {
    family.__name__: family
    for family in (
        city_short,
        city_long,
        city_single,
        city_crowded,
        near_tied,
        product,
        giant,
        districts,
    )
}
EVERY = FAMILIES | HARDER
CLIFFS: dict[str, Callable[[int, int, int], Problem]] = {
    family.__name__: family
    for family in (street, street_tied, ring, blocks, band, few_shifts, difference, rank_one)
}
"""Structures on which some method or other breaks down: long alternating paths, prices with far to go."""
_NAMED = EVERY | CLIFFS


def problem(
    family: str = "city",
    *,
    workers: int = 10_000,
    shifts: int | None = None,
    seed: int = 0,
    levels: bool = False,
) -> Problem:
    """A problem of one of the families that the benchmarks are made of.

    Parameters
    ----------
    family : str
        One of ``gigmatch.scenarios.families.EVERY`` or ``CLIFFS``; their functions say what is hard about
        them.
    workers : int
        From 20 to 5,000,000.
    shifts : int, optional
        From 20 to 5,000,000; a fifth of the workers unless given, which makes about as many seats as workers.
        ``city_short``, ``city_long``, ``city_single``, ``city_crowded`` and the cliffs with few pairs a
        worker have their own number.
    seed : int
        From 0 to 2**63 - 1.
    levels : bool
        Whether shifts have tiers and workers lots.

    Returns
    -------
    Problem

    Raises
    ------
    InvalidInputError
        There is no such family, or a number is not an integer in its range.

    Examples
    --------
    >>> tied = problem("tied", workers=100, seed=1)
    >>> tied.n_workers, tied.n_shifts, sorted(set(tied.weight.tolist()))
    (100, 20, [2500, 5000, 7500, 10000])
    """
    if family not in _NAMED:
        names = ", ".join(repr(name) for name in _NAMED)
        raise InvalidInputError("unknown_option", name="family", names=names, value=family)
    check_whole("workers", workers, _FEWEST, _MOST)
    n_shifts = max(workers // 5, _FEWEST) if shifts is None else shifts
    check_whole("shifts", n_shifts, _FEWEST, _MOST)
    check_whole("seed", seed, 0, 2**63 - 1)
    drawn = _NAMED[family](workers, n_shifts, seed)
    return with_levels(drawn, seed) if levels else drawn


def with_levels(problem: Problem, seed: int) -> Problem:
    """The same problem with three tiers and with lots."""
    rng = np.random.default_rng(seed)
    return Problem(
        indptr=problem.indptr,
        shift=problem.shift,
        weight=problem.weight,
        capacity=problem.capacity,
        tier=rng.integers(1, 4, problem.n_shifts),
        lot=rng.permutation(problem.n_workers),
        shift_lot=rng.permutation(problem.n_shifts),
    )


def _sparse(
    n_workers: int, n_shifts: int, seed: int
) -> tuple[np.random.Generator, Int64Array, Int64Array, Int64Array]:
    """Random distinct pairs by worker and shift, and capacities."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, n_workers * n_shifts, n_workers * min(_DEGREE, n_shifts))
    worker, shift = np.divmod(np.unique(drawn), n_shifts)
    return rng, worker, shift, 1 + rng.poisson(4, n_shifts)


def _along(n: int, steps: range, seed: int) -> tuple[np.random.Generator, Int64Array, Int64Array]:
    """Pairs of worker ``i`` with shifts ``i + step``, as far as there are any."""
    worker = np.repeat(np.arange(n), len(steps))
    shift = worker + np.tile(np.array(steps), n)
    kept = (shift >= 0) & (shift < n)
    return np.random.default_rng(seed), worker[kept], shift[kept]


def _one_seat(n_shifts: int) -> Int64Array:
    return np.ones(n_shifts, np.int64)


def _all_pairs(weight: Int64Array) -> Problem:
    """One seat a shift."""
    n_workers, n_shifts = weight.shape
    return Problem(
        indptr=np.arange(n_workers + 1, dtype=np.int64) * n_shifts,
        shift=np.tile(np.arange(n_shifts, dtype=np.int32), n_workers),
        weight=weight.ravel(),
        capacity=_one_seat(n_shifts),
    )


def _problem(
    worker: npt.NDArray[np.integer],
    shift: npt.NDArray[np.integer],
    weight: npt.NDArray[np.number],
    n_workers: int,
    capacity: Int64Array,
) -> Problem:
    order = np.lexsort((shift, worker))
    degree = np.bincount(worker, minlength=n_workers)
    return Problem(
        indptr=row_pointers(degree),
        shift=shift[order].astype(np.int32),
        weight=weight[order].astype(np.int64),
        capacity=capacity,
    )
