"""A metropolis in any size, drawn in arrays: no object per worker or shift.

Every draw is a hash of seed, purpose and row (the finaliser of splitmix64), followed by arithmetic that all
machines round alike, so a seed gives the same bytes everywhere and rows do not depend on one another. What is
drawn are the rows of a morning; columns are compiled from them as from any other, and tables written.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import (
    RANKS,
    SETTLEMENTS,
    STANDINGS,
    Asked,
    Columns,
    GoTogether,
    Held,
    Links,
    Places,
    Rows,
    ShiftRows,
    Times,
    WorkerRows,
    compiled,
)
from gigmatch.core.arrays import BoolArray, Float64Array, Int64Array, place_in_row, row_owners, row_pointers
from gigmatch.core.limits import check_whole
from gigmatch.core.mixing import mixed
from gigmatch.model import WallClock
from gigmatch.model.datum import DATUMS, to_wgs84_many
from gigmatch.model.pay import PAY_UNITS
from gigmatch.scenarios.city_tables import tables_of
from gigmatch.scenarios.law import jurisdiction
from gigmatch.scenarios.trades import DATE

__all__ = ["city", "city_tables"]

_TRADES = 40
_CENTRES = 30
_KM_PER_DEGREE = (111.2, 85.3)  # of latitude, and of longitude at 40 degrees north
_MIDDLE = (39.9, 116.4)
_LICENSED = {3: "electrician", 7: "health", 12: "work_at_height"}  # trades that ask for a certificate
# Start, end and paid hours of the standard days, in minutes after midnight.
_DAYS = ((420, 960), (450, 990), (480, 1020), (480, 960), (540, 1080), (360, 840), (780, 1200), (600, 1140))
_BREAK_MIN = 60
_LARGEST = 5_000_000
_REGULARS = 35  # percent who have worked for one of the employers this week


def city(workers: int = 50_000, shifts: int = 10_000, seed: int = 0) -> Columns:
    """A synthetic metropolis: thirty centres, forty trades, a market in any size.

    Workers live around the centres, have one to three trades, the common ones most often, and go as far as
    their mode of travel takes them; shifts have five seats on average. Beyond 10,000 shifts the city is
    denser and people look less far, so that a worker keeps a few hundred eligible shifts. Nobody in it
    exists; rates and limits are those of the other samples. A million workers and 200,000 shifts take some
    three seconds and 0.6 gigabytes.

    Parameters
    ----------
    workers, shifts : int
        How many, from 1 to 5,000,000 each.
    seed : int
        From 0 to 2**63 - 1; the same seed gives the same bytes on every machine.

    Returns
    -------
    Columns
        For ``match`` and everything below it.

    Raises
    ------
    InvalidInputError
        A number is not an integer in its range.

    See Also
    --------
    city_tables : the same city as tables.

    Examples
    --------
    >>> columns = city(workers=1_000, shifts=200, seed=1)
    >>> columns.n_workers, columns.worker_ids[-1], int(columns.shifts.capacity.sum())
    (1000, 'w-0001000', 935)
    """
    return compiled(_rows(workers, shifts, seed))


def city_tables(
    workers: int = 50_000, shifts: int = 10_000, seed: int = 0, *, partitions: int | None = None
) -> dict[str, dict[str, Any]]:
    """The city of `city` as tables, for ``write_parquet``, ``write_csv`` and ``morning_from_frames``.

    Parameters
    ----------
    workers, shifts, seed : int
        As for `city`.
    partitions : int, optional
        Into how many districts of as many people the city is divided, from 1 on: the column ``district`` of
        the workers, for ``write_parquet(..., partition_by="district")``.

    Returns
    -------
    dict of str to dict
        By the names of ``gigmatch.tables.schema``, an array or list per column; what has no row is left out.
        Read back they are the columns of `city`, to the byte.

    Raises
    ------
    InvalidInputError
        A number is not an integer in its range.

    Examples
    --------
    >>> import gigmatch as gm
    >>> tables = gm.samples.city_tables(workers=100, shifts=20, seed=1)
    >>> len(tables["workers"]["id"]), int(tables["periods"]["start_min"][0])
    (100, 780)
    >>> gm.columns_from_frames(**tables).digest() == gm.samples.city(100, 20, seed=1).digest()
    True
    """
    rows = _rows(workers, shifts, seed)
    tables = tables_of(rows, _MIDDLE)
    if partitions is not None:
        check_whole("partitions", partitions, 1, workers)
        tables["workers"]["district"] = _districts(rows.workers.places, partitions)
    return tables


def _rows(workers: int, shifts: int, seed: int) -> Rows:
    """What is drawn: all that columns and tables are made from."""
    for name, value, least, most in (
        ("workers", workers, 1, _LARGEST),
        ("shifts", shifts, 1, _LARGEST),
        ("seed", seed, 0, 2**63 - 1),
    ):
        check_whole(name, value, least, most)
    people, offers = _Draws(seed, 1, workers), _Draws(seed, 2, shifts)
    n_employers, n_brokers = max(shifts // 8, 1), max(shifts // 40, 1)
    firms, agents = _Draws(seed, 3, n_employers), _Draws(seed, 4, n_brokers)
    return Rows(
        clock=WallClock(DATE, "Asia/Shanghai"),
        currency="CNY",
        market_insurance=True,
        arrivals_bind=True,
        limits=jurisdiction().limits,
        skill_codes=tuple(f"trade-{code:02}" for code in range(_TRADES)),
        covers=(_NOBODY, _NOBODY),
        wages=(230 + 4 * np.arange(_TRADES)) / 9,
        kinds=tuple(_LICENSED.values()),
        workers=_worker_rows(people, sqrt(10_000 / max(shifts, 10_000))),
        shifts=_shift_rows(offers, n_employers, n_brokers),
        employer_ids=_ids("e", n_employers),
        employer_standing=firms.weighted(1, (97, 2, 1)).astype(np.int8),
        employer_punctuality=firms.known(2, 70, firms.between(3, 60, 100) / 100),
        broker_ids=_ids("b", n_brokers),
        broker_standing=agents.weighted(1, (97, 3)).astype(np.int8) * np.int8(STANDINGS.index("suspended")),
        broker_licensed=agents.chance(2, 95),
        hours=_links(people, 60, n_employers, _REGULARS, _regular_hours(people)),
        past=_links(people, 62, n_employers, 60, _PRAISE[people.weighted(63, (5, 60, 35))]),
        preferred=_links(people, 64, n_employers, 15, np.ones(workers)),
        refused_by_worker=_links(people, 65, n_employers, 8, np.ones(workers)),
        refused_by_employer=Links(_NOBODY, _NOBODY, np.empty(0)),
        refused_by_broker=_links(people, 66, n_brokers, 2, np.ones(workers)),
    )


def _districts(places: Places, n: int) -> Int64Array:
    """A number for everybody's district: strips from south to north, each divided from west to east."""
    strips = max(round(sqrt(n)), 1)
    place = np.empty(len(places.lat), np.int64)
    place[np.argsort(places.lat, kind="stable")] = np.arange(len(place))
    order = np.lexsort((places.lon, place * strips // len(place)))
    place[order] = np.arange(len(place))
    return place * n // len(place)


_NOBODY = np.empty(0, dtype=np.int64)
_PRAISE = np.array([0.0, 2.0, 1.0])  # complained of, neither, praised


class _Draws:
    """Draws for the rows of one table; every purpose has its number."""

    def __init__(self, seed: int, table: int, rows: int) -> None:
        self.seed, self.table, self.rows = seed, table, rows

    def uniform(self, purpose: int) -> Float64Array:
        """In [0, 1): float64[rows]."""
        key = (self.seed * 0x9E3779B97F4A7C15 + self.table * 1_000_003 + purpose) % 2**64
        numbers = np.arange(self.rows, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        bits = mixed(numbers + mixed(np.full(1, key, dtype=np.uint64)))
        draws: Float64Array = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return draws

    def between(self, purpose: int, least: int, most: int) -> Int64Array:
        """Whole numbers, both ends included: int64[rows]."""
        return least + np.floor(self.uniform(purpose) * (most - least + 1)).astype(np.int64)

    def chance(self, purpose: int, percent: float) -> BoolArray:
        """True so often: bool[rows]."""
        hit: BoolArray = self.uniform(purpose) < percent / 100
        return hit

    def weighted(self, purpose: int, weights: Sequence[float]) -> Int64Array:
        """Positions in ``weights``, in proportion to them: int64[rows]."""
        bounds = np.cumsum(weights) / sum(weights)
        return np.minimum(np.searchsorted(bounds, self.uniform(purpose), side="right"), len(weights) - 1)

    def known(
        self, purpose: int, percent: float, values: NDArray[np.floating | np.signedinteger]
    ) -> Float64Array:
        """The values, NaN for those that are not known: float64[rows]."""
        return np.where(self.chance(purpose, percent), values.astype(np.float64), np.nan)

    def bell(self, purpose: int, spread: float) -> Float64Array:
        """About normal around 0 with that standard deviation: the sum of three draws."""
        total = self.uniform(purpose) + self.uniform(purpose + 1000) + self.uniform(purpose + 2000)
        return (total - 1.5) * (2 * spread)

    def places(self, purpose: int, spread_km: float) -> Places:
        """Around the centres of the city, which are the same for everybody."""
        centres = _Draws(self.seed, 0, _CENTRES)
        at = self.between(purpose, 0, _CENTRES - 1)
        lat, lon = [
            middle + (centres.bell(1 + axis, 6.2)[at] + self.bell(purpose + 1 + axis, spread_km)) / km
            for axis, (middle, km) in enumerate(zip(_MIDDLE, _KM_PER_DEGREE, strict=True))
        ]
        datum = np.full(self.rows, DATUMS.index("WGS-84"), dtype=np.int8)
        return Places(*to_wgs84_many(lat, lon, datum), datum)


def _popularity() -> list[float]:
    return [1 / (k + 1) for k in range(_TRADES)]


def _worker_rows(draws: _Draws, reach: float) -> WorkerRows:
    n, mode = draws.rows, draws.weighted(10, (4, 38, 50, 8)).astype(np.int8)  # in order of MODES
    ids = _ids("w", n)
    wage = 15 + draws.between(11, 0, 12)
    end = draws.between(12, 1080, 1380)
    last_shift_end = draws.known(30, 50, draws.between(31, -480, 330))
    free_from = np.fmax(draws.between(38, 300, 420), last_shift_end).astype(np.int64)
    rank = _ranks(draws)
    skilled, trade = np.nonzero(rank)
    certified = [(rank[:, code] > 0) & draws.chance(40 + code, 85) for code in _LICENSED]
    holder, kind = np.nonzero(np.stack(certified, axis=1))
    group_row = np.flatnonzero(draws.chance(41, 4))
    return WorkerRows(
        ids=lambda: ids,
        plain={
            "mode": mode,
            "travel_limit_min": _limits(draws, mode, reach),
            "floor_per_hour": draws.known(15, 20, wage),
            "floor_per_day": draws.known(16, 60, wage * 9),
            "settlement": _settlement(draws.weighted(17, (15, 70, 8, 7))),
            "insured": draws.chance(18, 10),
            "insurance_required": draws.chance(19, 15),
            "arrived_at_min": np.full(n, np.nan),
            "last_shift_end_min": last_shift_end,
            "days_waiting": draws.known(34, 80, draws.weighted(35, (30, 25, 12, 8, 4, 3, 2, 2, 1))),
            "rating": draws.known(36, 60, draws.between(37, 30, 50) / 10),
            "max_shifts": np.ones(n, dtype=np.int32),
            "max_hours_today": np.full(n, np.nan),
            "least_break_min": np.zeros(n, dtype=np.int32),
        },
        places=draws.places(20, 3.0),
        birth_date=np.full(n, np.datetime64("NaT"), dtype="datetime64[D]"),
        age_years=draws.known(13, 85, draws.between(14, 17, 66)),
        hours_this_week=_hours_this_week(draws),
        windows=Times(np.arange(n), free_from, np.where(draws.chance(39, 40), end + 1440, end)),
        commitments=Times(_NOBODY, _NOBODY, _NOBODY),
        skills=Held(skilled, trade, RANKS - rank[skilled, trade].astype(np.int64)),
        credentials=Held(holder, kind, np.full(len(holder), _LOWEST)),
        level_known=np.zeros(len(holder), dtype=bool),
        valid_to=np.full(len(holder), np.datetime64("NaT"), dtype="datetime64[D]"),
        review_due=np.full(len(holder), np.datetime64("NaT"), dtype="datetime64[D]"),
        group_names=("low_income_household",)[: len(group_row)],
        group_row=group_row,
        group=np.zeros(len(group_row), dtype=np.int64),
        companions=GoTogether(_NOBODY, _NOBODY, np.zeros(0, dtype=bool)),
        attributes={},
    )


_LOWEST = RANKS - 1  # level of credentials that have none


def _regular_hours(draws: _Draws) -> Float64Array:
    """Hours for one employer this week, of those who have worked for one."""
    return draws.between(61, 4, 20).astype(np.float64)


def _hours_this_week(draws: _Draws) -> Float64Array:
    """Known for some, and at least the hours for one employer."""
    known = draws.known(32, 70, draws.between(33, 0, 40))
    with_one: Float64Array = np.where(
        draws.chance(60 + 100, _REGULARS), np.fmax(known, _regular_hours(draws)), known
    )
    return with_one


def _ranks(draws: _Draws) -> NDArray[np.int8]:
    """Rank in each of the trades, 0 without it: int8[n, n_trades]."""
    rank = np.zeros((draws.rows, _TRADES), dtype=np.int8)
    for k in range(3):
        held = np.flatnonzero(draws.chance(50 + k, (100, 55, 25)[k]))
        trade = draws.weighted(53 + k, _popularity())[held]
        level = (1 + draws.weighted(56 + k, (35, 27, 22, 12, 4)))[held].astype(np.int8)
        rank[held, trade] = np.maximum(rank[held, trade], level)
    return rank


def _limits(draws: _Draws, mode: NDArray[np.int8], reach: float) -> Float64Array:
    """Minutes that each goes at most; ``reach`` shortens the moving part of them."""
    by_mode = np.array([[30, 30, 40, 40], [40, 45, 60, 60], [45, 60, 75, 90], [45, 60, 60, 75]])
    standing = np.array([0.0, 2.0, 10.0, 5.0])[mode]  # minutes before one moves
    limit = by_mode[mode, draws.weighted(21, (12, 25, 48, 15))]
    rounded: Float64Array = np.rint((standing + (limit - standing) * reach) * 4) / 4
    return rounded


def _shift_rows(draws: _Draws, n_employers: int, n_brokers: int) -> ShiftRows:
    every = np.arange(draws.rows)
    trade, rank = draws.weighted(1, _popularity()), 1 + draws.weighted(2, (70, 20, 10))  # mostly no mastery
    days = 1 + draws.chance(3, 12).astype(np.int64)
    start, end = np.array(_DAYS)[draws.weighted(4, (10, 14, 24, 14, 14, 8, 6, 10))].T
    per_hour = (200 + 4 * trade + 15 * rank + draws.between(5, -40, 120)) / 9
    asking, hazardous = np.flatnonzero(np.isin(trade, list(_LICENSED))), np.flatnonzero(draws.chance(13, 8))
    ids, unknown = _ids("s", draws.rows), np.full(draws.rows, -1, dtype=np.int8)
    return ShiftRows(
        ids=lambda: ids,
        plain={
            "employer": draws.between(6, 0, n_employers - 1).astype(np.int32),
            "broker": np.where(draws.chance(7, 45), draws.between(8, 0, n_brokers - 1), -1).astype(np.int32),
            "capacity": 1 + draws.weighted(9, (6, 9, 14, 17, 17, 13, 10, 8, 6)),
            "tier": np.array([2, 3, 5, 6])[draws.weighted(10, (2, 5, 89, 4))],
            "settlement": _settlement(draws.weighted(11, (10, 72, 10, 8))),
            "insured": draws.chance(12, 30),
            "outdoor": draws.chance(15, 40).astype(np.int8),
            "meals": unknown,
            "lodging": unknown.copy(),
            "min_age_years": draws.known(16, 30, np.full(draws.rows, 18.0)),
            "max_age_years": draws.known(17, 25, 50 + 5 * draws.between(18, 0, 3)),
        },
        places=draws.places(20, 5.0),
        periods=_periods(start, end, days),
        break_min=np.full(int(days.sum()), _BREAK_MIN),
        min_minutes=np.zeros(draws.rows, dtype=np.int64),
        pay_amount=np.rint(per_hour * (end - start - _BREAK_MIN) / 60) * days,
        pay_unit=np.full(draws.rows, PAY_UNITS.index("shift"), dtype=np.int8),
        pieces=np.zeros(draws.rows, dtype=np.int64),
        hazard_row=hazardous,
        hazard=draws.between(14, 0, 2)[hazardous],
        crew=np.full(draws.rows, -1),
        minimum_headcount=np.zeros(draws.rows, dtype=np.int64),
        all_of=Asked(every, trade, RANKS - rank),
        any_of=Asked(_NOBODY, _NOBODY, _NOBODY),
        credentials=Asked(
            asking, np.searchsorted(list(_LICENSED), trade[asking]), np.full(len(asking), _LOWEST)
        ),
        attributes={},
    )


def _settlement(kind: Int64Array) -> NDArray[np.int8]:
    """Unknown, the same day, weekly or monthly."""
    codes = [-1, *(SETTLEMENTS.index(name) for name in ("same_day", "weekly", "monthly"))]
    return np.array(codes, dtype=np.int8)[kind]


def _periods(start: Int64Array, end: Int64Array, days: Int64Array) -> Times:
    """The same hours on one day, or on two in a row."""
    indptr = row_pointers(days)
    row, day = row_owners(indptr), 1440 * place_in_row(indptr)
    return Times(row, start[row] + day, end[row] + day)


def _links(draws: _Draws, purpose: int, n_others: int, percent: float, value: Float64Array) -> Links:
    """Something between so many of the workers and one of the others each."""
    rows = np.flatnonzero(draws.chance(purpose + 100, percent))
    return Links(rows, draws.between(purpose + 200, 0, n_others - 1)[rows], value[rows])


def _ids(kind: str, count: int) -> tuple[str, ...]:
    return tuple(f"{kind}-{number:07}" for number in range(1, count + 1))
