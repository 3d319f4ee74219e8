"""Trades, the work that is offered in them, and what it pays; those of the renovation market among them."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

__all__ = [
    "CRAFTS",
    "DATE",
    "DAY",
    "FEW",
    "HOME_HOURS",
    "MANY",
    "SETTLEMENTS",
    "SOME",
    "TRADES",
    "WORKS",
    "Trade",
    "Weights",
    "Work",
    "like",
    "trades_of",
]

Weights = tuple[tuple[int, int], ...]
"""Numbers, each with how often it comes."""

DATE = dt.date(2025, 9, 19)  # a Friday under the minimum wages of 2025-09-01
DAY = 1440


class Trade(NamedTuple):
    code: str
    name: str
    covers: tuple[str, ...]
    share: int  # of the workers, in thousandths
    wage: tuple[int, int]  # yuan a day


TRADES = (
    Trade("mason", "瓦工", ("helper",), 80, (280, 380)),
    Trade("painter", "油工", ("helper",), 70, (260, 360)),
    Trade("carpenter", "木工", ("helper",), 55, (300, 500)),
    Trade("electrician", "电工", ("helper",), 45, (300, 500)),
    Trade("plumber", "水暖工", ("helper",), 25, (300, 480)),
    Trade("demolition", "拆除工", ("helper",), 35, (240, 320)),
    Trade("helper", "小工", ("loading",), 300, (200, 300)),  # the flood: far more than helpers' seats
    Trade("loading", "装卸工", ("sorting",), 110, (200, 300)),
    Trade("sorting", "分拣员", (), 50, (150, 180)),
    Trade("cleaning", "保洁员", (), 80, (170, 240)),
    Trade("housekeeping", "家政服务员", ("cleaning",), 50, (200, 300)),
    Trade("elder_care", "养老护理员", ("housekeeping",), 35, (220, 320)),
    Trade("catering", "餐饮服务员", (), 40, (180, 240)),
    Trade("tutoring", "课后辅导员", (), 8, (200, 400)),
    Trade("nail_sets", "穿戴甲手工", (), 17, (100, 200)),
)
CRAFTS = ("mason", "painter", "carpenter", "plumber", "demolition")

MANY = ((1, 20), (2, 20), (3, 17), (4, 13), (5, 10), (6, 9), (8, 4), (10, 3), (12, 2), (15, 1), (20, 1))
SOME = ((1, 35), (2, 25), (3, 15), (4, 12), (5, 8), (6, 5))
FEW = ((1, 70), (2, 25), (3, 5))
_EVENLY = ((3, 1), (4, 1), (6, 1))
_BY_DAYS = ((1, 82), (2, 13), (3, 5))  # craftsmen are often asked for two or three days
# Between the housework and lunch, before the children come out of school, after dinner.
HOME_HOURS = (("09:30", "11:30"), ("13:30", "15:30"), ("19:00", "21:00"))


class Work(NamedTuple):
    name: str
    skill: str
    share: int  # of the shifts; a weight
    pay: tuple[int, int, int]  # yuan from, to, step
    unit: str = "day"
    starts: tuple[str, ...] = ("07:30", "08:00", "08:30")
    minutes: int = 540
    break_min: int = 60
    headcounts: Weights = SOME
    hazards: tuple[str, ...] = ()
    outdoor: bool = False
    credential: str | None = None
    days: Weights = ()
    """Days on end; one if nothing is said."""
    first_day: int = 0
    weekdays_to: int = 0
    """Where it is above 0: every working day from the first to before this one."""
    board: bool = False
    """Whether people live in, with meals."""
    gaps: tuple[tuple[str, str], ...] = ()
    """Parts of the day in which so much of it is done as the worker likes, where it is flexible."""

    def at(self, *starts: str, minutes: int, break_min: int = 60) -> Work:
        return self._replace(starts=starts, minutes=minutes, break_min=break_min)

    def for_a_month(self) -> Work:
        """The working days of four weeks, from Monday on."""
        return self._replace(unit="month", first_day=3, weekdays_to=33)

    def for_a_week(self) -> Work:
        """From Monday to Friday."""
        return self._replace(unit="hour", break_min=0, first_day=3, weekdays_to=8)


WORKS = (
    *(
        work._replace(days=_BY_DAYS)
        for work in (
            Work("tiling", "mason", 70, (280, 380, 20)),
            Work("painting", "painter", 60, (260, 360, 20), hazards=("chemical",)),
            Work("carpentry", "carpenter", 45, (300, 500, 20), hazards=("machinery",)),
            Work(
                "wiring", "electrician", 70, (300, 500, 20), hazards=("electrical",), credential="electrician"
            ),
            Work("plumbing", "plumber", 60, (300, 480, 20)),
            Work("demolition", "demolition", 35, (240, 320, 20), hazards=("heavy",)),
            Work("site-help", "helper", 115, (200, 300, 10), headcounts=MANY),
            Work("concrete", "helper", 30, (170, 180, 10), headcounts=MANY, hazards=("heavy",), outdoor=True),
        )
    ),
    Work("unloading", "loading", 90, (200, 300, 10), headcounts=MANY, hazards=("heavy",)),
    Work("night-unloading", "loading", 25, (220, 300, 10), headcounts=MANY, hazards=("heavy", "night")).at(
        "20:00", "21:00", minutes=480, break_min=30
    ),
    Work("parcel-sorting", "sorting", 60, (150, 180, 10), headcounts=MANY).at("07:00", "07:30", minutes=720),
    Work("packing", "sorting", 25, (170, 180, 10), minutes=600, headcounts=MANY),
    Work("cleaning", "cleaning", 75, (170, 180, 10), starts=("07:00", "08:00", "09:00")),
    Work("factory-cleaning", "cleaning", 30, (240, 240, 10), minutes=600, headcounts=MANY),
    Work("window-cleaning", "cleaning", 12, (260, 320, 20), hazards=("height",), outdoor=True),
    Work("housekeeping", "housekeeping", 45, (35, 50, 5), "hour", headcounts=FEW).at(
        "09:00", "10:00", "14:00", minutes=240, break_min=0
    ),
    Work("elder-care", "elder_care", 30, (220, 320, 20), headcounts=FEW, credential="health"),
    Work("live-in-care", "elder_care", 20, (7000, 7000, 500), headcounts=FEW, credential="health", board=True)
    .for_a_month()
    .at("08:00", minutes=600, break_min=120),
    Work(
        "catering", "catering", 50, (180, 240, 10), headcounts=FEW, hazards=("heat",), credential="health"
    ).at("09:00", "10:00", minutes=660, break_min=120),
    Work("after-school", "tutoring", 12, (60, 120, 10), "hour", headcounts=FEW).at(
        "16:00", minutes=180, break_min=0
    ),
    Work("nail-sets", "nail_sets", 18, (5, 12, 1), "piece", headcounts=_EVENLY, gaps=HOME_HOURS),
)
SETTLEMENTS = (("same_day", 60), ("weekly", 14), ("monthly", 9), ("on_completion", 12), (None, 5))


def trades_of(**shares: int) -> tuple[Trade, ...]:
    """Trades of the renovation market by their codes, each with another share of the workers."""
    known = {trade.code: trade for trade in TRADES}
    return tuple(known[code]._replace(share=share) for code, share in shares.items())


def like(name: str, share: int, /, **changed: Any) -> Work:
    """Work of the renovation market with another share of the shifts, and whatever else is different."""
    known = {work.name: work for work in WORKS}
    return known[name]._replace(share=share, **changed)
