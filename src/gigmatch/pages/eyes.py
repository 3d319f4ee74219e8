"""Who may see what of the pages: the same eyes as beside the fields of explanations, by figure."""

from __future__ import annotations

from collections.abc import Mapping

from gigmatch.evidence.eyes import (
    DECIDED,
    MARKET,
    PEOPLE,
    PUBLIC,
    ROUNDED_MINUTES,
    ROUNDED_POINTS,
    Eyes,
)

__all__ = ["CALLS", "REPORT"]

REPORT: Mapping[str, Eyes] = {
    "shifts": PUBLIC,
    "policy": PUBLIC,
    "placed": DECIDED,
    "points_in_all": ROUNDED_POINTS,
    "median_way": ROUNDED_MINUTES,
    "people_by_place": PEOPLE,
    "people_of_way": PEOPLE,
    "people_of_shortage": PEOPLE,
    "eligible": PEOPLE,
    "warned": PEOPLE,
    "gap": ROUNDED_POINTS,
    "persons": MARKET,
    "ways": MARKET,
    "areas": MARKET,
    "sums": MARKET,
}
"""Of the report, whose worker is any worker."""
CALLS: Mapping[str, Eyes] = {
    "placed": Eyes(MARKET.worker, DECIDED.employer),
    "stand_bys": Eyes(MARKET.worker, PEOPLE.employer),
    "contacts": MARKET,
    "others": MARKET,
}
"""Of call lists."""
