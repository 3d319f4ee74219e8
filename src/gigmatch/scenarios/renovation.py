"""The renovation market of Shijingshan with its nine street stations."""

from __future__ import annotations

from typing import Any

from gigmatch.core.splitmix import SplitMix64
from gigmatch.model import (
    CredentialRequirement,
    Market,
    Pay,
    Shift,
    SkillRequirement,
    Station,
    TimeSpan,
)
from gigmatch.scenarios.people import day_windows, li_shifu
from gigmatch.scenarios.places import AROUND, CAR_PARK, DISTRICT, FAR, HALL, STATIONS, at, near
from gigmatch.scenarios.sample_spec import SampleSpec
from gigmatch.scenarios.shifts import parking_locks, periods
from gigmatch.scenarios.trades import CRAFTS, DAY, SETTLEMENTS, TRADES, WORKS

__all__ = ["renovation"]


def renovation() -> SampleSpec:
    return SampleSpec(
        market=_market(),
        trades=TRADES,
        works=WORKS,
        places=((DISTRICT, 62), (AROUND, 34), (FAR, 4)),
        gap_places=tuple(place for _, place in STATIONS),
        whereabouts=_whereabouts,
        arrival=_arrival,
        windows=day_windows,
        wanted=(("same_day", 70), ("weekly", 8), ("monthly", 7), (None, 15)),
        settlements=SETTLEMENTS,
        crafts=CRAFTS,
        known=(li_shifu(),),
        offered=(parking_locks(CAR_PARK), _storm_drain(), _chimney_repair()),
    )


def _market() -> Market:
    stations = tuple(
        Station(
            id=code,
            name=f"{place.name}零工驿站",
            location=at(place),
            opening=TimeSpan(start_min="08:30", end_min="17:30"),
        )
        for code, place in STATIONS
    )
    opening = TimeSpan(start_min="04:30", end_min="18:00")
    return Market(id="hall", name=HALL.name, location=at(HALL), opening=opening, stations=stations)


def _whereabouts(rng: SplitMix64, at_home: bool) -> dict[str, Any]:
    """Where and when the worker came or registered, and how far the worker goes."""
    station, place = rng.choice(STATIONS)
    if at_home:  # near the station, on foot
        home, mode = near(rng, place, 4_000), "walk"
    else:
        home = near(rng, rng.choice(AROUND) if rng.chance(30) else place, 9_000)
        mode = rng.weighted((("transit", 50), ("cycle", 38), ("drive", 8), ("walk", 4)))
    walks_in = not at_home and rng.chance(67)
    from_hall = walks_in and rng.chance(50)
    limits = ((30, 100),) if mode == "walk" else ((30, 12), (45, 25), (60, 38), (75, 10), (90, 15))
    return {
        "station_id": "hall" if walks_in else station,
        "home": None if from_hall else at(home, label=False),
        "arrived_at_min": _arrival(rng) if walks_in else rng.between(9 * 60, 17 * 60) - DAY,
        "travel_mode": mode,
        "travel_limit_min": rng.weighted(limits),
    }


def _arrival(rng: SplitMix64) -> int:
    """From 04:50 to 07:40, most of them in the first hour and a half."""
    return 4 * 60 + 50 + min(rng.below(171), rng.below(171))


def _storm_drain() -> Shift:
    """After the rain of the night: plumbers or masons, at once."""
    return Shift(
        id="storm-drain",
        employer_id="e-0002",
        location=at(DISTRICT[8]),
        periods=periods(7 * 60 + 30, 600, 60, (0,)),
        headcount=3,
        any_of=(SkillRequirement(skill="plumber"), SkillRequirement(skill="mason")),
        pay=Pay(amount=400, unit="day"),
        settlement="same_day",
        outdoor=True,
        hazards=("confined",),
        min_age_years=18,
        priority_tier=1,
    )


def _chimney_repair() -> Shift:
    """Asks for a certificate that nobody in this morning holds."""
    return Shift(
        id="chimney-repair",
        employer_id="e-0003",
        location=at(DISTRICT[6]),
        periods=periods(8 * 60, 540, 60, (0,)),
        all_of=(SkillRequirement(skill="mason", least_level=1),),
        credentials=(CredentialRequirement(kind="work_at_height"),),
        pay=Pay(amount=600, unit="day"),
        settlement="same_day",
        outdoor=True,
        hazards=("height",),
    )
