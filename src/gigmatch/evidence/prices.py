"""All levels in one number, and back: the prices of the certificates together, and amounts by tier."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from gigmatch.core.arrays import Int64Array
from gigmatch.evidence.parts import Amount
from gigmatch.pairing.policy import QUANTUM
from gigmatch.problem import Certificate, Level, Problem, Solution, level_problem
from gigmatch.problem.prices import worker_prices_at

__all__ = [
    "amount",
    "certificate_of",
    "combined_prices",
    "decided_by",
    "effect_of_newcomer",
    "in_one_number",
]


def combined_prices(
    problem: Problem, solution: Solution, least: int = 0
) -> tuple[int, tuple[Int64Array, Int64Array]]:
    """A bonus that no sum of points outweighs, and prices that prove the answer at it.

    The certificate of the points proves ``weight + b * urgency``, that of the seats ``urgency``; their sum,
    the second one multiplied, proves any greater bonus, since the answer is the best for both.

    Parameters
    ----------
    problem : Problem
        With tiers, or without for an objective of points alone.
    solution : Solution
        Proved optimal.
    least : int
        The bonus is at least this: what points outside the problem, a newcomer's, must not outweigh either.

    Returns
    -------
    bonus : int
        Weight per unit of urgency, 0 without tiers.
    prices : tuple of int64[n_workers] and int64[n_shifts]
        Of workers and of seats.
    """
    points = solution.points_certificate
    if problem.tier is None:
        return 0, (points.worker_price, points.shift_price)
    seats = next(proof for proof in solution.certificates if proof.level == "seats")
    more = max(problem.largest_bonus - points.bonus, least - points.bonus, 0)
    workers = points.worker_price + more * seats.worker_price
    return points.bonus + more, (workers, points.shift_price + more * seats.shift_price)


def certificate_of(problem: Problem, level: Level, price: Int64Array, bonus: int = 0) -> Certificate:
    """The certificate that seat prices make: every worker's price is the most that it could gain at them.

    Parameters
    ----------
    problem : Problem
        With all its levels.
    level : "seats" or "points"
        What is proved.
    price : array of int64, shape (n_shifts,)
        Of a seat of every shift.
    bonus : int
        Of the points, as in `Certificate`.
    """
    worker = worker_prices_at(level_problem(problem, level, bonus=bonus), price)
    return Certificate(level=level, worker_price=worker, shift_price=price, bonus=bonus)


def amount(
    problem: Problem, before: npt.NDArray[np.signedinteger], after: npt.NDArray[np.signedinteger]
) -> Amount:
    """How much better one assignment is than another, as seats by tier and points; below 0 if it is worse.

    Where points alone count, seats do not: only points are told.

    Parameters
    ----------
    problem : Problem
        Where the pairs of both are.
    before, after : array of int, shape (n_workers,)
        Shift row of every worker, -1 for none; the amount is that of ``before`` less that of ``after``.
    """
    changed = np.flatnonzero(before != after)
    seats: dict[int, int] = {}
    points = 0
    for sign, shifts in ((1, before[changed]), (-1, after[changed])):
        placed = shifts >= 0
        points += sign * int(problem.weight[problem.find(changed[placed], shifts[placed])].sum())
        for tier in problem.tier[shifts[placed]].tolist() if problem.tier is not None else ():
            seats[tier] = seats.get(tier, 0) + sign
    return Amount(seats_by_tier={tier: n for tier, n in sorted(seats.items()) if n}, points=points / QUANTUM)


def effect_of_newcomer(problem: Problem, shift: int, weight: int, lost: Amount) -> Amount:
    """What it brings to seat a newcomer at a shift where the others make room; below 0 for a loss.

    Parameters
    ----------
    problem : Problem
        Of the others.
    shift : int
        Row of the newcomer's shift.
    weight : int
        Of the newcomer there.
    lost : Amount
        What the others lose by it.
    """
    seats = {} if problem.tier is None else {int(problem.tier[shift]): 1}
    for tier, n in lost.seats_by_tier.items():
        seats[tier] = seats.get(tier, 0) - n
    points = weight - round(lost.points * QUANTUM)
    return Amount(seats_by_tier={tier: n for tier, n in sorted(seats.items()) if n}, points=points / QUANTUM)


def in_one_number(problem: Problem, bonus: int, amount: Amount) -> int:
    """An amount with all levels in one number, as the prices have them.

    Parameters
    ----------
    problem : Problem
        Whose tiers the amount counts.
    bonus : int
        Of `combined_prices`.
    amount : Amount
        What to add up.
    """
    tiers = [] if problem.tier is None else problem.tier.tolist()
    urgency = dict(zip(tiers, problem.urgency.tolist(), strict=False))
    seats: int = sum(n * urgency[tier] for tier, n in amount.seats_by_tier.items())
    return round(amount.points * QUANTUM) + bonus * seats


def decided_by(loss: Amount | None) -> Literal["points", "lot", "promise"]:
    """What decides between people of whom only some can be placed; the seats are full either way.

    No loss at all where nobody can be placed, since every seat is promised.
    """
    if loss is None:
        return "promise"
    return "lot" if loss.is_nothing else "points"
