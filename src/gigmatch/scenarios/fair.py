"""The fair of Mentougou: steady posts with office hours, and flexible work between other duties."""

from __future__ import annotations

from typing import Any

from gigmatch.core.splitmix import SplitMix64
from gigmatch.model import Market, Pay, Period, Shift, SkillRequirement, Station, TimeSpan
from gigmatch.scenarios.places import Place, at, near
from gigmatch.scenarios.sample_spec import SampleSpec
from gigmatch.scenarios.trades import DAY, FEW, SOME, Trade, Work, like, trades_of

__all__ = ["fair"]

# WGS-84 in millionths of a degree. (G) GeoNames, CC-BY 4.0; (B) named area, converted from BD-09; (~) by eye.
_FAIR = Place("门头沟区零工市场", 39_930_000, 116_100_000)  # (~)
_QUARTERS = (
    ("dayu", Place("大峪", 39_934_800, 116_097_400)),  # (B)
    ("chengzi", Place("城子", 39_952_200, 116_088_000)),  # (B)
    ("fengcun", Place("冯村", 39_909_000, 116_095_300)),  # (B)
    ("shimenying", Place("石门营", 39_891_700, 116_101_500)),  # (B)
)
_DISTRICT = tuple(place for _, place in _QUARTERS)
_EAST = (
    Place("苹果园", 39_927_000, 116_181_300),  # (B)
    Place("古城", 39_906_100, 116_184_400),  # (B)
    Place("广宁街道", 39_927_100, 116_137_400),  # (G)
    Place("八角", 39_911_900, 116_192_400),  # (B)
)
_FAR = (
    Place("金融街街道", 39_912_200, 116_356_100),  # (G)
    Place("潭柘寺镇", 39_872_100, 116_028_300),  # (G)
    Place("军庄镇", 40_001_200, 116_092_700),  # (G)
)

_TRADES = (
    Trade("clerk", "文员", (), 200, (160, 240)),
    Trade("shop", "店员", (), 170, (160, 220)),
    *trades_of(cleaning=120, housekeeping=140, elder_care=110, catering=130),
    Trade("tutoring", "课后辅导员", ("clerk",), 50, (200, 400)),
    *trades_of(nail_sets=80),
)
_FREE = (("any", 30), ("office", 25), ("school", 25), ("evening", 20))
_BETWEEN = (("08:30", "12:00"), ("13:00", "17:30"), ("18:30", "20:30"))


# Live-in care at 7,000 a month and nail sets at some yuan a piece, up to 2,000 a month: the newspaper; office
# hours from nine to five, catering, housekeeping, tutoring after school: the kinds of post at the fair there.
# Their rates are made up, some below the part-time minimum of 27.7 yuan an hour.
_WORKS = (
    Work("office", "clerk", 26, (4000, 6000, 250), headcounts=FEW).for_a_month().at("09:00", minutes=480),
    Work("shop", "shop", 24, (4200, 5400, 200), starts=("09:00", "10:00")).for_a_month(),
    like("live-in-care", 18),
    Work("kitchen-help", "catering", 20, (24, 32, 2), hazards=("heat",))
    .for_a_week()
    .at("10:00", "17:00", minutes=240, break_min=0),
    like("after-school", 14, headcounts=SOME).for_a_week(),
    Work(
        "day-care", "elder_care", 12, (220, 320, 20), credential="health", first_day=1, days=((3, 1), (5, 2))
    ),
    Work("housekeeping", "housekeeping", 30, (35, 50, 5), "hour", first_day=1, gaps=_BETWEEN, headcounts=FEW),
    Work("cleaning", "cleaning", 22, (25, 35, 2), "hour", first_day=1, gaps=_BETWEEN),
    like("nail-sets", 18, headcounts=SOME),
)


def fair() -> SampleSpec:
    stations = tuple(
        Station(id=code, name=f"{place.name}零工驿站", location=at(place)) for code, place in _QUARTERS
    )
    market = Market(
        id="hall",
        name=_FAIR.name,
        location=at(_FAIR),
        opening=TimeSpan(start_min="08:30", end_min="12:00"),
        stations=stations,
    )
    return SampleSpec(
        market=market,
        trades=_TRADES,
        works=_WORKS,
        places=((_DISTRICT, 60), (_EAST, 28), (_FAR, 12)),
        gap_places=_DISTRICT,
        whereabouts=_whereabouts,
        arrival=_arrival,
        windows=_windows,
        wanted=(("same_day", 25), ("weekly", 20), ("monthly", 30), (None, 25)),
        settlements=(("same_day", 25), ("weekly", 35), ("monthly", 30), (None, 10)),
        offered=(_night_market(),),
        usual_workers=500,
        seats_per_100_workers=44,
        from_the_night=0,
        through_brokers=10,
    )


def _whereabouts(rng: SplitMix64, at_home: bool) -> dict[str, Any]:
    """At the fair, or registered from home by telephone the day before."""
    code, place = rng.choice(_QUARTERS)
    mode = "walk" if at_home else rng.weighted((("transit", 60), ("cycle", 25), ("walk", 10), ("drive", 5)))
    came = rng.chance(80)
    limits = ((20, 30), (30, 70)) if mode == "walk" else ((30, 35), (45, 40), (60, 25))
    return {
        "station_id": "hall" if came else code,
        "home": at(near(rng, place, 4_000 if at_home else 12_000), label=False),
        "arrived_at_min": _arrival(rng) if came else rng.between(9 * 60, 17 * 60) - DAY,
        "travel_mode": mode,
        "travel_limit_min": rng.weighted(limits),
    }


def _arrival(rng: SplitMix64) -> int:
    """Through the hours of the fair, from 08:30 to 11:30."""
    return 8 * 60 + 30 + rng.below(181)


def _windows(rng: SplitMix64, trade: str) -> tuple[TimeSpan, ...]:
    """Free at any time, in office hours for weeks, while the children are at school, or in the evening."""
    for_weeks = trade == "elder_care" and rng.chance(50)
    kind = "any" if for_weeks else rng.weighted(_FREE)
    if kind == "any":
        return ()
    start, end = {"office": (510, 1110), "school": (510, 930), "evening": (960, 1320)}[kind]
    return tuple(TimeSpan(start_min=day * DAY + start, end_min=day * DAY + end) for day in range(33))


def _night_market() -> Shift:
    """A stall of the same evening: shop or catering, at once."""
    return Shift(
        id="night-market",
        employer_id="e-0002",
        location=at(_DISTRICT[0]),
        periods=(Period(start_min="17:00", end_min="22:00"),),
        headcount=4,
        any_of=(SkillRequirement(skill="shop"), SkillRequirement(skill="catering")),
        pay=Pay(amount=30, unit="hour"),
        settlement="same_day",
        min_age_years=18,
        priority_tier=1,
    )
