"""What makes one sample another: its place, its trades, the work on offer, and how people come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gigmatch.core.splitmix import SplitMix64
from gigmatch.model import Market, Shift, TimeSpan, Worker
from gigmatch.scenarios.places import Place
from gigmatch.scenarios.trades import Trade, Work

__all__ = ["SampleSpec"]


class SampleSpec(NamedTuple):
    market: Market
    trades: tuple[Trade, ...]
    works: tuple[Work, ...]
    places: tuple[tuple[tuple[Place, ...], int], ...]
    """Where the work is, each group with how often it is."""
    gap_places: tuple[Place, ...]
    """Where flexible work is done."""
    whereabouts: Callable[[SplitMix64, bool], dict[str, Any]]
    """Where somebody came from, when, and how far they go; of people at home, from home."""
    arrival: Callable[[SplitMix64], int]
    """When somebody walks in."""
    windows: Callable[[SplitMix64, str], tuple[TimeSpan, ...]]
    """When somebody of a trade is free."""
    wanted: tuple[tuple[str | None, int], ...]
    """How people want to be paid."""
    settlements: tuple[tuple[str | None, int], ...]
    """How work is paid, other than by the month."""
    crafts: tuple[str, ...] = ()
    """Trades of which some people know two; the second is never plumbing."""
    known: tuple[Worker, ...] = ()
    """People who are there whatever the seed."""
    offered: tuple[Shift, ...] = ()
    """Shifts that are there whatever the seed."""
    usual_workers: int = 1200
    seats_per_100_workers: int = 82
    insured: bool = True
    """Whether the district covers everybody whom the market places."""
    from_the_night: int = 8
    """Percent of helpers, loaders and sorters who have only just come off a night's work."""
    through_brokers: int = 45
    """Percent of shifts."""
    several: int = 0
    """Percent of people who take two shifts a day, or three."""
