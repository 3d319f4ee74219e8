"""Seeded sample mornings, in any size: synthetic people and shifts among the facts of a real place.

Nobody in a sample exists. What is real, and where it comes from:

* *Jingshi*: the renovation market of Shijingshan in Beijing, its nine street stations, one pool of
  vacancies, same-day pay, "two days, 420 yuan, parking-lock labourer", the man who has just finished
  unloading, live-in care at 7,000 yuan a month, nail sets at 5 to 12 yuan by home carers, cover by the
  district: a newspaper's pages on gig markets, July 2025.
* *Majuqiao*: once a place where people waited by the roadside for whoever came, and where illegal brokers
  were fought; now a hall with breakfast, brokers, and the man of the parking locks, who in truth was here:
  the same pages. One busy market has hundreds to a few thousand people a morning: a secondary source.
* *Mentougou*: a fair in July 2025 with posts from nine to five and flexible ones, housekeeping, catering,
  tutoring after school, live-in care; 500 came and nearly 150 reached an intent: the same pages.
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

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gigmatch.model import Morning
from gigmatch.scenarios.building_site import building_site
from gigmatch.scenarios.city import city, city_tables
from gigmatch.scenarios.day_labour import day_labour
from gigmatch.scenarios.days import Day, first_day
from gigmatch.scenarios.fair import fair
from gigmatch.scenarios.families import problem
from gigmatch.scenarios.generate import generate
from gigmatch.scenarios.renovation import renovation

if TYPE_CHECKING:  # loaded once they are asked for, since they load what repairs a live morning
    from gigmatch.scenarios.streams import Call, Stream, stream

__all__ = [
    "Call",
    "Day",
    "Stream",
    "city",
    "city_tables",
    "first_day",
    "jingshi",
    "majuqiao",
    "mentougou",
    "problem",
    "site",
    "stream",
]


def __getattr__(name: str) -> Any:
    """Load the samples of live mornings, once."""
    if name not in ("Call", "Stream", "stream"):
        raise AttributeError(name)
    value = globals()[name] = getattr(import_module("gigmatch.scenarios.streams"), name)
    return value


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
    >>> from gigmatch.scenarios import jingshi
    >>> morning = jingshi(7)
    >>> len(morning.workers), len(morning.market.stations)
    (1200, 9)
    >>> next(shift for shift in morning.shifts if shift.id == "parking-locks").pay.amount
    420.0
    """
    return generate(renovation(), seed, workers)


def majuqiao(seed: int = 7, *, workers: int = 3000, evenings: bool = False) -> Morning:
    """A synthetic morning of day labour: busloads for sorting halls, warehouses, factories and sites.

    The market is modelled on Majuqiao in Tongzhou, Beijing; the module's docstring names every source. There
    is one hall and no station. People come through four hours, 03:50 to 07:50, four in five of them before
    the sun is up; one helper, loader or sorter in five has only just come off a night's work, so that rest
    and the hours of the week warn. Seven in eight want their pay the same day. Three shifts in four come
    through brokers, of whom one in six has no licence or is suspended: those shifts are lost. Head-counts are
    mostly busloads, up to 40, and there are 0.82 seats a worker. The district covers nobody here, so work
    without cover is refused by some. Worker ``li-shifu`` and shift ``parking-locks`` are those of `jingshi`;
    ``overnight-parcels``, 60 seats in the evening, are to be filled first; ``too-young`` is fifteen.
    There are no crews.

    With ``evenings`` there are small jobs as well, at breakfast, at noon and in the evening, 1.2 seats a
    worker in all, and nearly half of the people take two shifts a day, or three: ``max_shifts``, with a break
    between them and the hours that are enough. It is another morning, not this one with more in it.

    The other arguments, result and errors are those of `jingshi`.

    Examples
    --------
    >>> from gigmatch.scenarios import majuqiao
    >>> morning = majuqiao(7)
    >>> len(morning.workers), len(morning.shifts), min(worker.arrived_at_min for worker in morning.workers)
    (3000, 241, 230)
    >>> sum(worker.max_shifts > 1 for worker in majuqiao(7, workers=100, evenings=True).workers)
    40
    """
    return generate(day_labour(evenings), seed, workers)


def site(seed: int = 7, *, workers: int = 400) -> Morning:
    """A synthetic morning of building sites that hire whole crews: all of them come, or nobody does.

    The hall is that of `majuqiao`, with more masons, carpenters and electricians. A crew is a wall (two
    masons, three helpers), formwork, a roof or wiring, each kind of work a shift of its own in it, full or
    not at all; unloading and concrete take place with half of their people, too, but not with fewer. The
    crews want more masons and carpenters than there are, so that not all of them can come. One craftsman in
    four goes only with his helper, to the same crew; some couples go to the same shift.

    Arguments, result and errors are those of `jingshi`.

    Examples
    --------
    >>> from gigmatch.scenarios import site
    >>> morning = site(7)
    >>> len(morning.workers), len(morning.crews), len(morning.companions)
    (400, 100, 38)
    """
    return building_site(seed, workers)


def mentougou(seed: int = 7, *, workers: int = 500) -> Morning:
    """A synthetic fair: steady posts with office hours from Monday on, and flexible work in a day's gaps.

    Modelled on a fair of Mentougou, Beijing; the module's docstring names every source. Four in five come to
    the fair from 08:30 to 11:30, the others registered at one of four stations. Posts are for a month of
    working days (office, shop, live-in care at 7,000 yuan with board), for a week of lunches, afternoons or
    evenings, or flexible: some minutes in the gaps of a day, by the hour or by the piece. Free are people at
    any time, in office hours, while the children are at school, or in the evening, so most posts fit few of
    them: about one in three finds one, as at the real fair. ``night-market``, this very evening, is to be
    filled first. There are no crews.

    Arguments, result and errors are those of `jingshi`.

    Examples
    --------
    >>> from gigmatch.scenarios import mentougou
    >>> fair = mentougou(7)
    >>> len(fair.workers), sorted({shift.pay.unit for shift in fair.shifts})
    (500, ['day', 'hour', 'month', 'piece', 'shift'])
    """
    return generate(fair(), seed, workers)
