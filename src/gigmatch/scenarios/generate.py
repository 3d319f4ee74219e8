"""A morning drawn by its recipe."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning, Skill
from gigmatch.scenarios.law import jurisdiction, reference_wages
from gigmatch.scenarios.offers import shifts
from gigmatch.scenarios.people import brokers, employers, workers
from gigmatch.scenarios.sample_spec import Recipe
from gigmatch.scenarios.splitmix import Dice
from gigmatch.scenarios.trades import DATE

__all__ = ["check_whole", "drawn"]

_FEWEST_WORKERS = 50
_MOST_WORKERS = 1_000_000


def drawn(recipe: Recipe, seed: int, count: int, date: dt.date = DATE) -> Morning:
    """The first morning of a recipe: everybody and everything anew."""
    check_whole("seed", seed, 0, 2**64 - 1)
    check_whole("workers", count, _FEWEST_WORKERS, _MOST_WORKERS)
    dice = Dice(seed)
    employer_ids = [f"e-{i:04d}" for i in range(1, max(10, count // 20) + 1)]
    broker_ids = [f"b-{i:04d}" for i in range(1, max(4, count // 100) + 1)]
    return Morning(
        date=date,
        time_zone="Asia/Shanghai",
        currency="CNY",
        market=recipe.market,
        skills=tuple(Skill(code=t.code, name=t.name, covers=t.covers) for t in recipe.trades),
        workers=workers(dice, recipe, count, employer_ids),
        employers=employers(dice, employer_ids, count),
        brokers=brokers(dice, broker_ids),
        shifts=shifts(
            dice, recipe, count * recipe.seats_per_100_workers // 100, employer_ids, broker_ids, date
        ),
        market_insurance=recipe.insured,
        reference_wages=reference_wages(recipe.trades),
        jurisdiction=jurisdiction(),
    )


def check_whole(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidInputError(f"{name} must be an integer from {least} to {most}. Got {value!r} instead.")
