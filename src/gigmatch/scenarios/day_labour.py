"""The day labour market of Majuqiao: busloads for warehouses, sorting halls, factories and sites."""

from __future__ import annotations

from typing import Any

from gigmatch.core.splitmix import SplitMix64
from gigmatch.model import Market, Pay, Shift, SkillRequirement, TimeSpan, Worker, WorkerSkill
from gigmatch.scenarios.people import day_windows, li_shifu
from gigmatch.scenarios.places import Place, at, near
from gigmatch.scenarios.sample_spec import SampleSpec
from gigmatch.scenarios.shifts import parking_locks, periods
from gigmatch.scenarios.trades import Work, like, trades_of

__all__ = ["day_labour"]

# WGS-84 in millionths of a degree. (G) GeoNames, CC-BY 4.0; (B) named area, converted from BD-09; (~) by eye.
_HALL = Place("马驹桥零工市场", 39_745_100, 116_539_600)  # (B), the town
_CORNER = Place("马驹桥商业街", 39_747_000, 116_541_000)  # (~)
_NEAR = (
    _HALL,
    Place("台湖镇", 39_831_000, 116_639_700),  # (G)
    Place("瀛海镇", 39_759_300, 116_434_100),  # (G)
    Place("旧宫镇", 39_802_700, 116_451_000),  # (G)
    Place("青云店镇", 39_676_900, 116_507_000),  # (G)
)
_AROUND = (
    Place("张家湾镇", 39_860_700, 116_699_600),  # (G)
    Place("于家务回族乡", 39_721_000, 116_702_900),  # (G)
    Place("采育镇", 39_651_300, 116_617_200),  # (G)
    Place("安定镇", 39_617_600, 116_489_500),  # (G)
    Place("大红门街道", 39_835_700, 116_399_400),  # (G)
    Place("大兴", 39_740_300, 116_326_900),  # (G)
)
_FAR = (
    Place("顺义", 40_121_700, 116_647_800),  # (G), some 45 km away
    Place("漷县镇", 39_775_400, 116_783_900),  # (G)
)

# Rates of night and evening work are set between those of the day, which are the renovation market's.
_TRADES = trades_of(
    sorting=300, loading=260, helper=220, cleaning=110, catering=40, mason=30, carpenter=20, electrician=20
)
_BUSLOADS = ((4, 15), (6, 20), (8, 20), (10, 15), (15, 12), (20, 10), (30, 6), (40, 2))
_TWO_DAYS = ((1, 75), (2, 20), (3, 5))

_WORKS = (
    like("parcel-sorting", 100, headcounts=_BUSLOADS, break_min=30),
    Work("night-sorting", "sorting", 45, (160, 200, 10), headcounts=_BUSLOADS, hazards=("night",)).at(
        "19:00", "20:00", minutes=660
    ),
    like("unloading", 80, headcounts=_BUSLOADS),
    Work(
        "evening-unloading", "loading", 20, (20, 32, 2), "hour", headcounts=_BUSLOADS, hazards=("heavy",)
    ).at("18:00", minutes=240, break_min=0),
    like("night-unloading", 45, headcounts=_BUSLOADS),
    like("packing", 60, headcounts=_BUSLOADS),
    like("concrete", 25, headcounts=_BUSLOADS, days=_TWO_DAYS),
    like("site-help", 60, headcounts=_BUSLOADS, days=_TWO_DAYS),
    like("cleaning", 35, headcounts=_BUSLOADS, starts=("07:00", "08:00")),
    like("factory-cleaning", 35, headcounts=_BUSLOADS),
    like("catering", 25, name="canteen", starts=("06:30", "09:00")),
    like("tiling", 12, name="bricklaying", days=_TWO_DAYS),
    like("carpentry", 12, name="formwork", hazards=("height",), days=_TWO_DAYS),
    like("wiring", 15, days=()),
)


# Small jobs around the long ones: before them, at noon and after them.
_AROUND_THE_DAY = (
    Work("breakfast", "catering", 30, (22, 30, 2), "hour").at("05:30", "06:00", minutes=150, break_min=0),
    Work("lunch-rush", "catering", 30, (22, 30, 2), "hour").at("10:30", "11:00", minutes=180, break_min=0),
    Work("dishwashing", "cleaning", 60, (18, 24, 2), "hour").at("17:30", "18:00", minutes=240, break_min=0),
    Work("morning-cleaning", "cleaning", 50, (18, 24, 2), "hour", headcounts=_BUSLOADS).at(
        "07:00", "08:00", minutes=240, break_min=0
    ),
    Work("noon-unloading", "loading", 60, (20, 32, 2), "hour", headcounts=_BUSLOADS, hazards=("heavy",)).at(
        "12:00", "13:00", minutes=240, break_min=0
    ),
    Work("evening-sorting", "sorting", 80, (18, 26, 2), "hour", headcounts=_BUSLOADS).at(
        "17:30", "18:30", minutes=240, break_min=0
    ),
)


def day_labour(evenings: bool = False) -> SampleSpec:
    """Whole days, and with ``evenings`` small jobs around them, which some people add to their day."""
    spec = _by_day()
    if not evenings:
        return spec
    works = (*_WORKS, *_AROUND_THE_DAY)
    return spec._replace(works=works, windows=_until_late, several=45, seats_per_100_workers=120)


def _until_late(rng: SplitMix64, trade: str) -> tuple[TimeSpan, ...]:
    """From before dawn into the night, or as long as there is daylight."""
    if rng.chance(40):
        return day_windows(rng, trade)
    start = rng.between(4 * 60 + 30, 6 * 60, 30)
    return (TimeSpan(start_min=start, end_min=rng.between(21 * 60 + 30, 24 * 60, 30)),)


def _by_day() -> SampleSpec:
    hall = Market(
        id="hall",
        name=_HALL.name,
        location=at(_HALL),
        opening=TimeSpan(start_min="03:30", end_min="18:00"),
    )
    return SampleSpec(
        market=hall,
        trades=_TRADES,
        works=_WORKS,
        places=((_NEAR, 60), (_AROUND, 34), (_FAR, 6)),
        gap_places=(),
        whereabouts=_whereabouts,
        arrival=_arrival,
        windows=day_windows,
        wanted=(("same_day", 88), ("weekly", 4), ("monthly", 2), (None, 6)),
        settlements=(("same_day", 78), ("weekly", 9), ("monthly", 4), ("on_completion", 7), (None, 2)),
        crafts=("mason", "carpenter"),
        known=(li_shifu(), _too_young()),
        offered=(parking_locks(_CORNER), _overnight_parcels()),
        usual_workers=3000,
        insured=False,
        from_the_night=22,
        through_brokers=78,
    )


def _whereabouts(rng: SplitMix64, at_home: bool) -> dict[str, Any]:
    """Rented rooms around the hall; from there on foot, by electric bicycle, or in the employer's bus."""
    limits = ((45, 15), (60, 40), (75, 20), (90, 25))
    mode = rng.weighted((("transit", 74), ("cycle", 18), ("walk", 8)))
    return {
        "station_id": "hall",
        "home": at(near(rng, _HALL, 12_000), label=False) if rng.chance(40) else None,
        "arrived_at_min": _arrival(rng),
        "travel_mode": mode,
        "travel_limit_min": 40 if mode == "walk" else rng.weighted(limits),
    }


def _arrival(rng: SplitMix64) -> int:
    """Four hours, from 03:50 to 07:50; half are there by five, four in five before the sun is up."""
    return 3 * 60 + 50 + min(rng.below(241), rng.below(241))


def _too_young() -> Worker:
    """Fifteen, and here all the same: nobody may take them on."""
    return Worker(
        id="too-young",
        station_id="hall",
        skills=(WorkerSkill(skill="sorting"),),
        arrived_at_min="06:10",
        age_years=15,
        wanted_settlement="same_day",
        travel_limit_min=60,
    )


def _overnight_parcels() -> Shift:
    """A sorting hall that must be staffed before the evening's lorries come."""
    return Shift(
        id="overnight-parcels",
        employer_id="e-0002",
        broker_id="b-0002",
        location=at(_NEAR[1]),
        periods=periods(18 * 60 + 30, 690, 60, (0,)),
        headcount=60,
        all_of=(SkillRequirement(skill="sorting"),),
        pay=Pay(amount=210, unit="day"),
        settlement="same_day",
        hazards=("night",),
        min_age_years=18,
        priority_tier=1,
    )
