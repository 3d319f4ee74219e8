"""Words of weights: by how much a seat of a tier outweighs points, proved and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from gigmatch.core.arrays import Int64Array
from gigmatch.errors import UnsupportedError
from gigmatch.live.asking import Asking
from gigmatch.live.paths import WORDS
from gigmatch.pairing.policy import POINTS_SCALE, Policy
from gigmatch.problem import LOTTERY, POINTS, SEATS, Problem, Solution, Weights
from gigmatch.solvers.dual_recovery import side_level_prices

__all__ = ["are_sound", "bonus_of", "refuse_levels", "words_of_tiers"]

_TIERS: Final = 9
_MOST_SHIFTS: Final = 2**17
_MOST_WEIGHT: Final = 2**61


def refuse_levels(policy: Policy) -> None:
    """Raise UnsupportedError for a policy of other levels than a live morning knows."""
    if policy.levels not in ((SEATS, POINTS, LOTTERY), (POINTS, LOTTERY)):
        raise UnsupportedError("live_levels", names=", ".join(level.name for level in policy.levels))
    if policy.requests != "points":
        raise UnsupportedError("live_requests")


def words_of_tiers(
    policy: Policy, asking: Asking, problem: Problem, solution: Solution
) -> tuple[Int64Array, Int64Array]:
    """What a seat of each tier adds to the first word of a pair, and prices of seats that go with it.

    A chain of moves fills one seat more and one less at most, so any weights do that fall from tier to
    tier and outweigh the points of a chain. These are a multiple of the tiers' places, proved by prices
    of their own, and what the certificate of the points multiplies the seats by.
    """
    proof = solution.points_certificate
    if SEATS.name not in [level.name for level in problem.weighted]:
        return np.zeros(_TIERS + 1, np.int64), proof.shift_price
    assert problem.tier is not None
    numbers = np.arange(_TIERS + 1)
    place = _TIERS + 1 - numbers
    rank = np.array([np.sum(np.unique(problem.tier) >= number) for number in numbers])
    own = proof.multipliers.get(SEATS.name, 0)
    scale = _scale(policy, asking)
    if int(place[1]) * (scale + own) >= _MOST_WEIGHT:
        raise UnsupportedError("live_weights_too_large")
    prices = side_level_prices(problem, Weights(shift=place[problem.tier]), solution.shift)
    assert prices is not None  # the answer has the best seats
    return scale * place + own * rank, scale * prices.shift + proof.shift_price


def bonus_of(policy: Policy, asking: Asking, tier_word: Int64Array) -> int:
    """Return what a pair is worth more for whoever was told it: the price, or more than any chain gains.

    Raises UnsupportedError where that is too much for one number.
    """
    if asking.move_price is not None:
        return _price(asking)
    bonus = 2 * (int(tier_word.max()) + _scale(policy, asking))
    if bonus * _MOST_SHIFTS >= _MOST_WEIGHT:
        raise UnsupportedError("live_weights_too_large")
    return bonus


def _price(asking: Asking) -> int:
    return round((asking.move_price or 0) * POINTS_SCALE)


def _scale(policy: Policy, asking: Asking) -> int:
    """What a seat more outweighs: the points of a chain, and prices of those that it moves."""
    return 1 << ((policy.most[POINTS.name] + _price(asking)) * 2 * _MOST_SHIFTS).bit_length()


def are_sound(policy: Policy, asking: Asking, hint: Mapping[str, Any]) -> bool:
    """Whether words of tiers and prices are some from which the best answer is found."""
    try:
        tiers = np.array(hint["tiers"], np.int64)
        price = np.array([*hint["prices"].values()], np.int64).reshape(-1, WORDS)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return False
    has_seats = SEATS in policy.levels
    fall = bool((-np.diff(tiers) >= _scale(policy, asking)).all()) if has_seats else not tiers.any()
    first = np.take_along_axis(price, np.argmax(price != 0, axis=1)[:, None], 1)
    is_small = tiers.shape == (_TIERS + 1,) and 0 <= tiers.min() <= tiers.max() < _MOST_WEIGHT
    return fall and is_small and bool((first >= 0).all() and (np.abs(price) < _MOST_WEIGHT // 2).all())
