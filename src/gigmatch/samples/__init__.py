"""Seeded sample mornings, in any size: synthetic people and shifts among the facts of a real place.

Nobody in a sample exists. What is real, and where it comes from:

* *The market*: the renovation market of Shijingshan in Beijing, its nine street stations, one pool of
  vacancies, same-day pay, "two days, 420 yuan, parking-lock labourer", the man who has just finished
  unloading, live-in care at 7,000 yuan a month, nail sets at 5 to 12 yuan by home carers, cover by the
  district: a newspaper's pages on gig markets, July 2025.
* *Day rates* (sorting 12 h 150-180, concrete, packing and cleaning 170-180, factory cleaning 10 h 240,
  helpers 200-300, carpenters and electricians 300-500): public advertisements, a secondary source. The rates
  of the other trades are set between these.
* *Minimum wages* from 2025-09-01 and the other limits: public, but taken from secondary sources; parameters
  of a sample, not legal advice.
* *Places*: GeoNames (https://www.geonames.org, CC-BY 4.0) or named areas converted from BD-09, all WGS-84 and
  approximate. The hall and the stations Jindingjie and Wulituo are in neither and are placed by eye.

Shares of trades, ages, floors and everything else are made up, chosen so that a morning has the troubles of a
real one. Random numbers are plain integers, so a seed gives the same bytes on every machine.
"""

from __future__ import annotations

from typing import Any

from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning, Skill
from gigmatch.samples.city import city
from gigmatch.samples.dice import Dice
from gigmatch.samples.law import jurisdiction, reference_wages
from gigmatch.samples.offers import shifts
from gigmatch.samples.people import brokers, employers
from gigmatch.samples.people import workers as workers_of
from gigmatch.samples.places import market
from gigmatch.samples.trades import DATE, TRADES

__all__ = ["city", "jingshi"]

_FEWEST_WORKERS = 50
_MOST_WORKERS = 1_000_000
_SEATS_PER_100_WORKERS = 82


def jingshi(seed: int = 7, *, workers: int = 1200) -> Morning:
    """A synthetic morning at a renovation market with nine street stations and one pool of vacancies.

    The market is modelled on the Jingshi gig market of Shijingshan, Beijing; the module's docstring names
    every source. Two people in three walk in at the hall from 04:50, the others registered at a station the
    day before; there are 0.82 seats a worker. Worker ``li-shifu`` has unloaded parcels until 05:20, and shift
    ``parking-locks`` is the one he takes: two days, 420 yuan. Bad luck is in it on purpose: more seats for
    plumbers and electricians than people with a valid licence, lapsed licences, a flood of helpers, shifts
    40 km away, wages below the minimum, employers in arrears, a broker without a licence, and
    ``chimney-repair``, which nobody can take. There are no crews.

    Parameters
    ----------
    seed : int
        Any integer from 0 to 2**64 - 1; the same seed gives the same bytes on every machine.
    workers : int
        How many workers, from 50 to 1,000,000. Seats, employers and brokers grow in proportion; places and
        rates stay as they are.

    Returns
    -------
    Morning

    Raises
    ------
    InvalidInputError
        ``seed`` or ``workers`` is not an integer in its range.

    Examples
    --------
    >>> from gigmatch.samples import jingshi
    >>> morning = jingshi(7)
    >>> len(morning.workers), len(morning.market.stations)
    (1200, 9)
    >>> next(shift for shift in morning.shifts if shift.id == "parking-locks").pay.amount
    420.0
    """
    _check("seed", seed, 0, 2**64 - 1)
    _check("workers", workers, _FEWEST_WORKERS, _MOST_WORKERS)
    dice = Dice(seed)
    employer_ids = [f"e-{i:04d}" for i in range(1, max(10, workers // 20) + 1)]
    broker_ids = [f"b-{i:04d}" for i in range(1, max(4, workers // 100) + 1)]
    return Morning(
        date=DATE,
        time_zone="Asia/Shanghai",
        currency="CNY",
        market=market(),
        skills=tuple(Skill(code=t.code, name=t.name, covers=t.covers) for t in TRADES),
        workers=workers_of(dice, workers, employer_ids),
        employers=employers(dice, employer_ids, workers),
        brokers=brokers(dice, broker_ids),
        shifts=shifts(dice, workers * _SEATS_PER_100_WORKERS // 100, employer_ids, broker_ids),
        market_insurance=True,  # the district's gig insurance
        reference_wages=reference_wages(),
        jurisdiction=jurisdiction(),
    )


def _check(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidInputError(f"{name} must be an integer from {least} to {most}. Got {value!r} instead.")
