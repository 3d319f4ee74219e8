"""Who has waited how long, by what counts as a turn: everybody's sums over the days of a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import BoolArray, Float64Array, Int64Array, freeze, run_starts
from gigmatch.ledger.rows import EXCUSED, NO_SHOW, WORKED, LedgerDay, Presence, some_rows
from gigmatch.ledger.turns import Turns
from gigmatch.model.working_time import HOUR_PARTS, hour_parts

__all__ = ["Totals", "totals", "turns_of", "waited_after"]

_AFTER_ALL_DATES = 2**22  # beyond the greatest number that a date has


class Totals(NamedTuple):
    """Sums over all days, of each worker in order of id."""

    worker_ids: tuple[str, ...]
    """Whose they are."""
    days: Int64Array
    """Days on which they were there: int64[n], and so the next ones."""
    turns: Int64Array
    """Days on which they had a turn."""
    placed: Int64Array
    """Days on which they had a shift or several, turned up for or not."""
    offered: Int64Array
    """Offers, placements included."""
    declined: Int64Array
    """Offers they declined."""
    no_shows: Int64Array
    """Days on which they did not turn up for them, without an excuse."""
    excused: Int64Array
    """The same with an excuse."""
    idle: Int64Array
    """Days without work: those that count as waiting, all of them."""
    waiting: Int64Array
    """Days of waiting up to now, since the last turn; what the first morning said they had waited counts."""
    longest: Int64Array
    """The most days of waiting in a row, likewise."""
    hours: Float64Array
    """Paid hours of the shifts they worked: float64[n]."""
    wages: Float64Array
    """Pay of these: float64[n]."""


class _Waits(NamedTuple):
    """By person and date: what each row of the presence adds to the days of waiting."""

    order: Int64Array
    """The rows, in order of worker and date."""
    worker: Int64Array
    before: Int64Array
    """Days of waiting when the day begins."""
    after: Int64Array
    """Days of waiting when it is over."""
    idle: Int64Array
    """Days of waiting that the row stands for: its own, and those not there before it."""
    ends: Int64Array
    """The last row of each worker."""
    at_end: Int64Array
    """Days of waiting of each worker after the last day not there."""


def turns_of(rows: Presence, turns: Turns) -> BoolArray:
    """Which rows are a turn: bool[n_rows]."""
    return _turns_by_work(rows, turns) | (turns.declined & (rows.declined > 0))


def waited_after(rows: Presence, days: Sequence[LedgerDay], turns: Turns) -> Int64Array:
    """Days of waiting when each row's day is over: int64[n_rows]."""
    waits = _waits(rows, days, turns)
    found = np.empty(len(waits.after), np.int64)
    found[waits.order] = waits.after
    return found


def totals(worker_ids: tuple[str, ...], rows: Presence, days: Sequence[LedgerDay], turns: Turns) -> Totals:
    """Add up the days of each worker.

    Parameters
    ----------
    worker_ids : tuple of str
        Each has a row at least.
    rows : Presence
        Of these workers.
    days : sequence of LedgerDay
        What ``rows.day`` stands for.
    turns : Turns
        What counts.
    """
    n = len(worker_ids)
    waits, worked = _waits(rows, days, turns), rows.outcome == WORKED

    def summed(values: NDArray[Any]) -> Int64Array:
        found: Int64Array = np.bincount(rows.worker, values, n).astype(np.int64)
        return freeze(found)

    longest = np.zeros(n, np.int64)
    np.maximum.at(longest, waits.worker, np.maximum(waits.before, waits.after))
    idle: Int64Array = np.bincount(waits.worker, waits.idle, n).astype(np.int64)
    idle += waits.at_end - waits.after[waits.ends]
    hours, wages = (
        np.bincount(rows.worker, values * worked, n).astype(np.float64)
        for values in (hour_parts(rows.hours), rows.wages)
    )
    greatest: Int64Array = np.maximum(longest, waits.at_end)
    return Totals(
        worker_ids=worker_ids,
        days=summed(np.ones(len(rows.worker))),
        turns=summed(turns_of(rows, turns)),
        placed=summed(rows.outcome > 0),
        offered=summed(rows.offered),
        declined=summed(rows.declined),
        no_shows=summed(rows.outcome == NO_SHOW),
        excused=summed(rows.outcome == EXCUSED),
        idle=freeze(idle),
        waiting=freeze(waits.at_end),
        longest=freeze(greatest),
        hours=freeze(hours / HOUR_PARTS),
        wages=freeze(wages),
    )


def _turns_by_work(rows: Presence, turns: Turns) -> BoolArray:
    counts = (
        (rows.outcome == WORKED)
        | (turns.no_show & (rows.outcome == NO_SHOW))
        | (turns.excused & (rows.outcome == EXCUSED))
    )
    is_long: BoolArray = hour_parts(rows.hours) >= hour_parts(turns.least_hours)
    found: BoolArray = counts & is_long & (turns.requested | ~rows.requested)
    return found


def _waits(rows: Presence, days: Sequence[LedgerDay], turns: Turns) -> _Waits:
    """Go through everybody's rows by date, all people at once."""
    markets = sorted({day.market for day in days})
    date_of = np.array([day.date.toordinal() for day in days], np.int64)
    market_of = np.array([markets.index(day.market) for day in days], np.int64)
    order = np.lexsort((rows.day, rows.worker))  # days are in order of date
    rows = some_rows(rows, order)
    worker, date, market = rows.worker.astype(np.int64), date_of[rows.day], market_of[rows.day]
    starts = run_starts(worker)
    ends = np.append(starts[1:], len(worker))[: len(starts)] - 1
    first = np.zeros(len(worker), dtype=bool)
    first[starts] = True

    bound = _running(np.where(_is_bound(rows, turns), date + rows.until, -1), worker)
    bound_before = np.where(first, -1, np.roll(bound, 1))
    busy = turns_of(rows, turns) | (bound_before >= date)
    own = ~busy & (turns.nothing_eligible | (rows.eligible > 0))
    gap = np.zeros(len(worker), np.int64)
    over = np.zeros(len(starts), np.int64)
    if turns.not_there:
        opens = [np.unique(date_of[market_of == each]) for each in range(len(markets))]
        since = np.maximum(np.where(first, date, np.roll(date, 1)), bound_before)
        gap = np.where(first, 0, _between(opens, np.roll(market, 1), since, date))
        never = np.full(len(ends), _AFTER_ALL_DATES)
        over = _between(opens, market[ends], np.maximum(date, bound)[ends], never)

    added = gap + own
    sums = np.cumsum(added)
    # What is taken off the running sum: up to the last turn, or to the first row less what was waited before.
    opening = np.maximum(rows.waited, 0)
    base = np.where(busy, sums, sums - added - opening)
    known = busy | first
    at = np.maximum.accumulate(np.where(known, np.arange(len(worker)), 0))
    after = sums - base[at]
    before = np.where(first, opening, np.roll(after, 1)) + gap
    return _Waits(order, worker, before, after, added, ends, after[ends] + over)


def _is_bound(rows: Presence, turns: Turns) -> BoolArray:
    """Whether work of the row was a turn, and goes on until it is over."""
    found: BoolArray = _turns_by_work(rows, turns) & (rows.outcome == WORKED)
    return found


def _running(values: Int64Array, worker: Int64Array) -> Int64Array:
    """The greatest value so far of each worker, whose rows stand together in order."""
    room = _AFTER_ALL_DATES * 2
    found: Int64Array = np.maximum.accumulate(values + 1 + worker * room) - worker * room - 1
    return found


def _between(
    opens: Sequence[Int64Array], market: Int64Array, since: Int64Array, until: Int64Array
) -> Int64Array:
    """How many days a market was recorded after one date and before another."""
    found = np.zeros(len(market), np.int64)
    for each, dates in enumerate(opens):
        here = market == each
        low = np.searchsorted(dates, since[here], "right")
        found[here] = np.maximum(np.searchsorted(dates, until[here], "left") - low, 0)
    return found
