"""What people write in a cell, one text at a time: times, days, numbers, truths and choices.

Whatever can be read in one way only is read so; what can be read in two is refused with the way out.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from gigmatch.i18n import Told
from gigmatch.model import MINUTES_PER_DAY
from gigmatch.model.aliases import CHINESE_CHOICES, listed_choices
from gigmatch.model.clock import SecondTime, WallClock, clock_text
from gigmatch.model.values import BLANKS

__all__ = ["UnreadableError", "choice", "clock_minutes", "day", "number", "plain", "truth"]


class UnreadableError(ValueError):
    """A text that cannot be read, or in more than one way; ``told`` says why, and what to write."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self.told = told


def plain(text: str) -> str:
    """A text in letters and digits of ordinary width, without blanks around it, in small letters."""
    return unicodedata.normalize("NFKC", text).strip(BLANKS).lower()


# -- times ---------------------------------------------------------------------------------------------------

_HALVES = r"a\.?m\.?|p\.?m\.?"
_EARLY, _NOON, _LATE = "凌晨|清晨|早上|早晨|清早|早|上午", "中午", "下午|傍晚|晚上|晚"
_NEXT = "次日|翌日|明日|明天|第二天"
_TIME = re.compile(
    rf"(?P<next>{_NEXT})? ?(?P<word>{_EARLY}|{_NOON}|{_LATE})? ?"
    r"(?:(?P<minus>-)?(?P<hours>\d{1,6}):(?P<minutes>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?P<again> ?b)?"
    r"|(?P<dotted>\d{1,2})\.(?P<dots>[0-5]\d)"
    r"|(?P<spoken>\d{1,2})[点點时時](?:(?P<part>半|一刻|三刻|整|正)|(?P<told>[0-5]?\d)分?)?"
    r"|(?P<french>\d{1,2})h(?P<after>[0-5]\d)?"
    rf"|(?P<figures>\d{{3,4}})|(?P<bare>\d{{1,2}})(?=[ ap]))"
    rf" ?(?P<half>{_HALVES})?",
    re.ASCII,
)
_STAMP = re.compile(
    rf"(?P<day>\d.*?)(?:t| +|(?<=日))(?P<time>(?:{_EARLY}|{_NOON}|{_LATE})? ?\d{{1,2}}[:点].*?)"
    r" ?(?P<zone>z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_NO_DAY = re.compile(
    r"(?:1899[-/]12[-/]3[01]|1900[-/]0?1[-/]00?)[t ]+"
)  # how a spreadsheet shows a time alone
# Days since 1900, or parts of a day or two, as a spreadsheet shows times where the cells have no format.
_COUNTED = re.compile(r"(?P<days>[1-5]\d{4})(?:\.\d+)?|[01]?\.\d+", re.ASCII)
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}
_SPOKEN = re.compile("([一二两三四五六七八九十]{1,2})(?=[点點时時])")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIGURES = {name: at for at, name in enumerate("零一二三四五六七八九十")} | {"两": 2, "十一": 11, "十二": 12}


def clock_minutes(text: str, clock: WallClock | None) -> int:
    """Minutes that pass from the morning's midnight to a time of the day, or to a moment of some day.

    A time without a zone is one of the clock on the wall, and with a B behind it the second of its name;
    without a clock it stays what it is, and there are no moments.
    """
    told = _NO_DAY.sub("", plain(text))
    told = _SPOKEN.sub(lambda found: str(_FIGURES.get(found[1], found[1])), told)
    if counted := _counted_time(told):
        raise UnreadableError(Told.of("errors.cell_time_counted", time=counted))
    if found := _TIME.fullmatch(told):
        return clock.minute(_time(found)) if clock else _time(found)
    if clock and (found := _STAMP.fullmatch(told)):
        return _moment(found, clock)
    if re.fullmatch("[0-9]{1,2}", told):
        raise UnreadableError(Told.of("errors.cell_time_bare", hours=int(told)))
    raise UnreadableError(Told.of("errors.cell_no_time"))


def _counted_time(told: str) -> str | None:
    """The time, or the day and the time, that a text is if it is a number of days."""
    if not (found := _COUNTED.fullmatch(told)):
        return None
    days, minutes = divmod(round(float(told) * MINUTES_PER_DAY), MINUTES_PER_DAY)
    if not found["days"]:
        return clock_text(days * MINUTES_PER_DAY + minutes)
    return f"{_counted_day(days).isoformat()} {clock_text(minutes)}"


def _counted_day(days: int) -> dt.date:
    return dt.date(1899, 12, 30) + dt.timedelta(days=days)


def _time(found: re.Match[str]) -> int:
    """A time of the clock on the wall as it was told, its parts put together."""
    part = found.groupdict()
    hours, minutes = next(
        (part[h], part[m] if m else None)
        for h, m in (
            ("hours", "minutes"),
            ("dotted", "dots"),
            ("spoken", "told"),
            ("french", "after"),
            ("figures", None),
            ("bare", None),
        )
        if part[h]
    )
    if part["figures"]:
        hours, minutes = hours[:-2], hours[-2:]
    whole = _hours(int(hours), part["word"], part["half"])
    rest = _PARTS.get(part["part"] or "", int(minutes or 0))
    if rest > 59 or (part["figures"] and whole * 60 + rest > MINUTES_PER_DAY):
        raise UnreadableError(Told.of("errors.cell_no_time"))
    told = whole * 60 + rest + (MINUTES_PER_DAY if part["next"] else 0)
    if part["minus"]:
        told = -told
    return SecondTime(told) if part["again"] else told


def _hours(hours: int, word: str | None, half: str | None) -> int:
    """Hours since midnight, of hours of the first or second half of the day."""
    if half:
        if word or not 1 <= hours <= 12:
            raise UnreadableError(Told.of("errors.cell_no_time"))
        return hours % 12 + (12 if half.startswith("p") else 0)
    if not word:
        return hours
    late = word in _LATE.split("|")
    if hours > 23 or (hours > 12 and not late) or (hours == 12 and word in ("傍晚", "晚上", "晚", "凌晨")):
        raise UnreadableError(Told.of("errors.cell_no_time"))
    return hours + 12 if hours < 12 and (late or (word == _NOON and hours < 6)) else hours


def _moment(found: re.Match[str], clock: WallClock) -> int:
    """A moment of some day: of the clock on the wall, or of a zone, which says which of two times it is."""
    date, time = day(found["day"]), _TIME.fullmatch(found["time"])
    if not time or (time["again"] and found["zone"]):
        raise UnreadableError(Told.of("errors.cell_no_time"))
    minutes = _time(time)
    if not found["zone"]:
        return clock.minute(type(minutes)(minutes + (date - clock.date).days * MINUTES_PER_DAY))
    zone = found["zone"].replace(":", "").replace("z", "+0000").ljust(5, "0")
    try:
        midnight = dt.datetime.combine(date, dt.time(), dt.datetime.strptime(zone, "%z").tzinfo)
    except ValueError:
        raise UnreadableError(Told.of("errors.cell_no_time")) from None
    moment = midnight - _EPOCH + dt.timedelta(minutes=minutes)
    return int(clock.since_midnight(np.array([moment // dt.timedelta(microseconds=1)]))[0])


# -- days ----------------------------------------------------------------------------------------------------

_YEAR_FIRST = re.compile(r"(\d{4}) ?[-/.年 ] ?(\d{1,2}) ?[-/.月 ] ?(\d{1,2}) ?日?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{1,2}) ?[-/. ] ?(\d{4})", re.ASCII)
_NAMED = re.compile(
    r"(?:(\d{1,2})[-. ]+)?([a-z]{3,9})\.?[-. ]+(?:(\d{1,2})(?:st|nd|rd|th)?,? +)?(\d{4})", re.ASCII
)
_TIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_MIDNIGHT = re.compile(r"(?:t| +)0?0:00(?::00(?:\.0+)?)?$")
_WEEKDAY = re.compile(r" ?\(?(?:星期|周)[一二三四五六日天]\)?$")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def day(text: str) -> dt.date:
    """The day that a text names, whichever way round; refused where it can be two days."""
    told = _WEEKDAY.sub("", _MIDNIGHT.sub("", plain(text)))
    if found := _YEAR_FIRST.fullmatch(told) or _TIGHT.fullmatch(told):
        return _date(*map(int, found.groups()))
    if found := _YEAR_LAST.fullmatch(told):
        first, second, year = map(int, found.groups())
        if first != second and max(first, second) <= 12:
            ways = (_date(year, first, second), _date(year, second, first))
            raise UnreadableError(
                Told.of("errors.two_days", first=ways[0].isoformat(), second=ways[1].isoformat())
            )
        return _date(year, *((second, first) if first > 12 else (first, second)))
    if (found := _NAMED.fullmatch(told)) and bool(found[1]) != bool(found[3]):
        months = [at for at, name in enumerate(_MONTHS, 1) if found[2] in (name, name[:3])]
        if months:
            return _date(int(found[4]), months[0], int(found[1] or found[3]))
    if (found := _COUNTED.fullmatch(told)) and found["days"]:
        counted = _counted_day(int(found["days"])).isoformat()
        raise UnreadableError(Told.of("errors.cell_day_counted", day=counted))
    raise UnreadableError(Told.of("errors.no_day_of_calendar"))


def _date(year: int, month: int, day_of_month: int) -> dt.date:
    try:
        return dt.date(year, month, day_of_month)
    except ValueError:
        raise UnreadableError(Told.of("errors.no_day_of_calendar")) from None


# -- numbers, truths, choices --------------------------------------------------------------------------------

_FIGURE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_CONTINENTAL = re.compile(
    r"[+-]?\d{1,3}(?:([ .'])\d{3})(?:\1\d{3})*,\d+|[+-]?\d{1,3}(?:[ ']\d{3})+(?:\.\d*)?", re.ASCII
)
_COMMA = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})", re.ASCII)
_SIDES = {"n": 1, "e": 1, "s": -1, "w": -1, "北纬": 1, "东经": 1, "南纬": -1, "西经": -1, "北": 1, "东": 1}
_COORDINATE = re.compile(r"(n|s|北纬|南纬|e|w|东经|西经)? ?([\d.,]+) ?[°度]? ?(n|s|e|w)?", re.ASCII)
_MONEY = {
    "CNY": ("元", "圆", "块", "块钱", "元整", "人民币", "rmb", "cny", "¥"),
    "EUR": ("€", "eur"),
    "USD": ("$", "usd"),
    "GBP": ("£", "gbp"),
    "JPY": ("円", "¥", "jpy"),
    "HKD": ("hk$", "hkd", "元"),
    "TWD": ("nt$", "twd", "元"),
}
_UNITS = (
    (("headcount",), ("人", "名", "位", "个", "个人")),
    (("level", "tier"), ("级",)),
    (("age_years",), ("岁", "周岁")),
    (("hours", "hours_this_week"), ("小时", "个小时", "h")),
    (("days",), ("天", "日")),
    (("minutes", "break_min", "limit_min"), ("分钟", "分", "min")),
    (("pieces",), ("件",)),
)


def number(text: str, name: str = "", most: float | None = None, currency: str = "") -> float:
    """A finite number, with the separators and the unit that people write with it.

    ``name`` is the column, which says what unit there may be; ``most`` what it may hold, which says how a
    comma is meant; ``currency`` what money may be in.
    """
    told = plain(text)
    if name.endswith(("lat", "lon")):
        told = _coordinate(told, name)
    for unit in _units(name, currency):
        if told != unit and (told.endswith(unit) or told.startswith(unit)):
            told = told.removesuffix(unit).removeprefix(unit).strip()
            break
    if told.endswith("%") and most == 1:
        return number(told[:-1]) / 100
    if _COMMA.fullmatch(told) or (_GROUPED.fullmatch(told) and most is not None and most < 1000):
        told = told.replace(",", ".")
    elif _GROUPED.fullmatch(told):
        told = told.replace(",", "")
    elif _CONTINENTAL.fullmatch(told):
        told = re.sub("[ ']", "", told)
        told = told.replace(".", "").replace(",", ".") if "," in told else told
    if not _FIGURE.fullmatch(told):
        raise UnreadableError(Told.of("errors.cell_no_number"))
    if not math.isfinite(value := float(told)):
        raise UnreadableError(Told.of("errors.cell_no_number"))
    return value


def _units(name: str, currency: str) -> Sequence[str]:
    if (name.startswith("pay_") and name != "pay_expected_pieces") or name == "per_hour":
        return _MONEY.get(currency, ())
    return next((units for ends, units in _UNITS if name.endswith(ends)), ())


def _coordinate(told: str, name: str) -> str:
    """Degrees with a sign instead of the side of the world."""
    found = _COORDINATE.fullmatch(told)
    if not found or not (side := found[1] or found[3]) or (found[1] and found[3]):
        return told.removesuffix("°").removesuffix("度")
    if (side in "ns北纬南纬") != name.endswith("lat"):
        raise UnreadableError(Told.of("errors.cell_no_number"))
    return found[2] if _SIDES[side] > 0 else f"-{found[2]}"


_TRUE = frozenset(["true", "t", "yes", "y", "1", "是", "有", "对", "√", "✓", "✔", "☑", "真"])
_FALSE = frozenset(["false", "f", "no", "n", "0", "否", "无", "没有", "不", "不是", "☐", "假"])


def truth(text: str) -> bool:
    """Whether a text says yes."""
    told = plain(text)
    if told in _TRUE or told in _FALSE:
        return told in _TRUE
    raise UnreadableError(Told.of("errors.cell_no_boolean"))


_CHOICES = {word: name for name, word in CHINESE_CHOICES.items()} | {
    "高德": "GCJ-02",
    "高德地图": "GCJ-02",
    "腾讯": "GCJ-02",
    "腾讯地图": "GCJ-02",
    "火星坐标": "GCJ-02",
    "国测局": "GCJ-02",
    "百度": "BD-09",
    "百度地图": "BD-09",
    "gps": "WGS-84",
}


def choice(text: str, names: Sequence[str]) -> str:
    """The name among some that a text is another way to write."""
    told = plain(text)
    same = {re.sub("[-_ ]", "", name.lower()): name for name in names}
    found = same.get(re.sub("[-_ ]", "", told)) or _CHOICES.get(told)
    if found is None or found not in names:
        raise UnreadableError(Told.of("errors.no_choice", choices=listed_choices(names)))
    return found
