"""All levels in one number, and back: the prices of the certificates together, and amounts level by level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import Int64Array
from gigmatch.evidence.parts import Amount, Sum
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.problem import Certificate, Problem, Solution, ToldAs, WeightedLevel, Weights, weights_of
from gigmatch.problem.levels.base import laid_out, value_of
from gigmatch.problem.levels.seats import SEATS
from gigmatch.problem.prices import worker_prices_at

__all__ = [
    "Combined",
    "amount",
    "amount_of_levels",
    "certificate_of",
    "combined_prices",
    "decided_by",
    "effect_of_newcomer",
    "in_one_number",
]


class Combined(NamedTuple):
    """All levels in one number, and prices that prove the answer at it."""

    scales: tuple[int, ...]
    """What a unit of each level counts: so much that nothing on the levels below outweighs it."""
    worker_price: Int64Array
    """Of workers: int64[n_workers]."""
    shift_price: Int64Array
    """Of seats: int64[n_shifts]."""

    def weights(self, problem: Problem) -> Weights:
        """The weights in parts, all levels in one number."""
        weights = Weights()
        for own, scale in zip(problem.weights, self.scales, strict=True):
            weights = weights.plus(own.times(scale))
        return weights

    def of_pairs(self, problem: Problem) -> Int64Array:
        """The weight of every pair, all levels in one number: int64[n_pairs]."""
        return laid_out(problem, self.weights(problem))


def combined_prices(problem: Problem, solution: Solution, least: Mapping[str, int] | None = None) -> Combined:
    """A number in which no level is outweighed by those below, and prices that prove the answer at it.

    A certificate proves the weights of its level plus multiples of those above; sums of certificates, each
    multiplied, prove any number in which those above count for more, since the answer is the best for all.

    Parameters
    ----------
    problem : Problem
        With its levels.
    solution : Solution
        Proved optimal.
    least : mapping of str to int, optional
        What a level multiplies those above by at least, by name: what is outside the problem, a newcomer's,
        must not outweigh them either.
    """
    names = [level.name for level in problem.weighted]
    proofs = [next(proof for proof in solution.certificates if proof.level == name) for name in names]
    scales, times = [1], [1]
    for place in reversed(range(1, len(names))):
        below = list(zip(proofs[place:], times, strict=True))
        proved = sum(by * proof.multipliers.get(names[place - 1], 0) for proof, by in below)
        factor = max(problem.largest_multipliers[place], (least or {}).get(names[place], 0))
        scales.insert(0, max(factor * scales[0], proved))
        times.insert(0, scales[0] - proved)
    worker, shift = np.zeros(problem.n_workers, np.int64), np.zeros(problem.n_shifts, np.int64)
    for proof, by in zip(proofs, times, strict=True):
        worker, shift = worker + by * proof.worker_price, shift + by * proof.shift_price
    return Combined(tuple(scales), worker, shift)


def certificate_of(
    problem: Problem, level: WeightedLevel, price: Int64Array, multipliers: Mapping[str, int]
) -> Certificate:
    """The certificate that seat prices make: every worker's price is the most that it could gain at them.

    Parameters
    ----------
    problem : Problem
        With all its levels.
    level : WeightedLevel
        What is proved.
    price : array of int64, shape (n_shifts,)
        Of a seat of every shift.
    multipliers : mapping of str to int
        As in `Certificate`.
    """
    weight = laid_out(problem, weights_of(problem, level, multipliers))
    worker = worker_prices_at(problem.plain(weight), price)
    return Certificate(level=level.name, worker_price=worker, shift_price=price, multipliers=multipliers)


def amount(
    problem: Problem, before: npt.NDArray[np.signedinteger], after: npt.NDArray[np.signedinteger]
) -> Amount:
    """How much better one assignment is than another, level by level; below 0 if it is worse.

    Where no level is about seats they do not count, and none are told.

    Parameters
    ----------
    problem : Problem
        Where the pairs of both are.
    before, after : array of int, shape (n_workers,)
        Shift row of every worker, -1 for none; the amount is that of ``before`` less that of ``after``.
    """
    differ = before != after
    ends = [
        (sign, np.where(differ, shift, -1).astype(np.int32)) for sign, shift in ((1, before), (-1, after))
    ]

    def difference(weights: Weights) -> int:
        return sum(sign * value_of(problem, weights, shift) for sign, shift in ends)

    def by_tier() -> dict[int, int]:
        seats: dict[int, int] = {}
        for sign, shift in ends:
            for tier in _tiers(problem)[shift[shift >= 0]].tolist():
                seats[tier] = seats.get(tier, 0) + sign
        return seats

    weights = dict(zip((level.name for level in problem.weighted), problem.weights, strict=True))
    return _told(problem, lambda level: difference(weights[level.name]), by_tier)


def effect_of_newcomer(problem: Problem, shift: int, weights: tuple[int, ...], lost: Amount) -> Amount:
    """What it brings to seat a newcomer at a shift where the others make room; below 0 for a loss.

    Parameters
    ----------
    problem : Problem
        Of the others.
    shift : int
        Row of the newcomer's shift.
    weights : tuple of int
        Of the newcomer there, level by level.
    lost : Amount
        What the others lose by it.
    """
    own = dict(zip((level.name for level in problem.weighted), weights, strict=True))

    def by_tier() -> dict[int, int]:
        seats = {int(_tiers(problem)[shift]): 1}
        for tier, n in lost.seats_by_tier.items():
            seats[tier] = seats.get(tier, 0) - n
        return seats

    return _told(problem, lambda level: own[level.name] - _units(level, lost), by_tier)


def amount_of_levels(problem: Problem, units: Mapping[str, int]) -> Amount:
    """An amount from the units of some levels of plans, of which each tier of seats is one; 0 of others.

    Parameters
    ----------
    problem : Problem
        The pairs of the plans.
    units : mapping of str to int
        By name, as in `PlanProblem.levels`.
    """

    def by_tier() -> dict[int, int]:
        tiers = np.unique(_tiers(problem)).tolist()
        return {tier: units.get(f"{SEATS.name} {at}", 0) for at, tier in enumerate(tiers, start=1)}

    return _told(problem, lambda level: units.get(level.name, 0), by_tier)


def in_one_number(problem: Problem, scales: tuple[int, ...], amount: Amount) -> int:
    """An amount with all levels in one number, as the prices have them.

    Parameters
    ----------
    problem : Problem
        Whose levels and tiers the amount counts.
    scales : tuple of int
        Of `Combined`.
    amount : Amount
        What to add up.
    """
    return sum(
        scale * (_seats(problem, amount) if level.told is ToldAs.SEATS_BY_TIER else _units(level, amount))
        for level, scale in zip(problem.weighted, scales, strict=True)
    )


def _told(
    problem: Problem,
    units: Callable[[WeightedLevel], int],
    by_tier: Callable[[], dict[int, int]],
) -> Amount:
    """An amount, of which ``units`` gives those of a level, and ``by_tier`` the seats."""
    seats: dict[int, int] = {}
    points = 0
    sums: dict[bool, dict[str, Sum]] = {True: {}, False: {}}
    is_above = True
    for level in problem.weighted:
        if level.told is ToldAs.SEATS_BY_TIER:
            seats = by_tier()
        elif level.told is ToldAs.POINTS:
            points, is_above = units(level), False
        else:
            sums[is_above][level.name] = Sum(n=units(level), words=dict(level.words))
    return Amount(
        seats_by_tier={tier: n for tier, n in sorted(seats.items()) if n},
        points=points / POINTS_SCALE,
        above_points=sums[True],
        below_points=sums[False],
    )


def _units(level: WeightedLevel, amount: Amount) -> int:
    """What an amount holds of a level that does not count seats."""
    if level.told is ToldAs.POINTS:
        return round(amount.points * POINTS_SCALE)
    found = {**amount.above_points, **amount.below_points}.get(level.name)
    return 0 if found is None else found.n


def _seats(problem: Problem, amount: Amount) -> int:
    weight = dict(zip(_tiers(problem).tolist(), problem.tier_weight.tolist(), strict=True))
    return sum(n * weight[tier] for tier, n in amount.seats_by_tier.items())


def _tiers(problem: Problem) -> Int64Array:
    assert problem.tier is not None  # a level that is told by tier needs them
    return problem.tier


def decided_by(loss: Amount | None) -> Literal["points", "level", "lot", "promise"]:
    """What decides between people of whom only some can be placed; the seats are full either way.

    No loss at all where nobody can be placed, since every seat is promised.
    """
    if loss is None:
        return "promise"
    if any(one.n for one in loss.above_points.values()):
        return "level"
    if loss.points:
        return "points"
    return "lot" if loss.is_nothing else "level"
