"""What people write in cells: read where it has one meaning, refused with the way out where it has two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from gigmatch.model import WallClock
from gigmatch.tables.cells import read_cells, unread
from gigmatch.tables.schema import schema
from gigmatch.tables.texts import UnreadableError, clock_minutes, day, number, truth

CLOCK = WallClock(dt.date(2025, 9, 19), "Asia/Shanghai")
TIMES: dict[str, int] = {
    **dict.fromkeys(
        ("8:00", "08:00", "08.00", "8:00 AM", "8:00:00", "8点", "８：００", "0800", "8h", "8 am"), 480
    ),
    **dict.fromkeys(("上午8点半", "8:30", "830", "0830", "8点30分", "八点半", "8h30", "早上8:30"), 510),
    **dict.fromkeys(("5:00 PM", "5 p.m.", "下午5点", "17:00", "1700", "2025/9/19 下午 5:00:00"), 1020),
    **dict.fromkeys(("12:00 AM", "0:00", "24:00 "), 0) | {"24:00": 1440, "12:00 PM": 720, "12:30 am": 30},
    **dict.fromkeys(("30:00", "次日6:00", "2025-09-20 06:00", "9/20/2025 6:00 AM"), 1800),
    **dict.fromkeys(("2025-09-19T08:00:00+08:00", "2025-09-19T00:00:00Z", "1900/1/0 8:00"), 480),
    "-0:30": -30,
    "晚上10点": 1320,
    "中午12点": 720,
    "中午1点": 780,
}
del TIMES["24:00 "]
NO_TIMES = (
    "8",
    "17",
    "０８",
    "480",
    "1261",
    "8.5",
    "8:60",
    "13:00 PM",
    "0:30 AM",
    "上午14点",
    "",
    "x",
    "noon",
)
DAYS = {
    **dict.fromkeys(("2025-09-19", "2025/9/19", "2025.9.19", "2025年9月19日", "20250919"), (2025, 9, 19)),
    **dict.fromkeys(("19/9/2025", "9/19/2025", "19.09.2025", "Sep 19, 2025", "19-Sep-2025"), (2025, 9, 19)),
    **dict.fromkeys(("2025-09-19 00:00:00", "2025年9月19日 星期五", "２０２５／９／１９"), (2025, 9, 19)),
    "4/4/2025": (2025, 4, 4),
}
NO_DAYS = (
    "03/04/2025",
    "3.4.2025",
    "25/9/19",
    "19-Sep-25",
    "9月19日",
    "2025-02-30",
    "45919",
    "2025-09-19 08:00",
)
NUMBERS = {
    ("1,200", "pay_amount"): 1200,
    ("1,200.50", "pay_amount"): 1200.5,
    ("1.200,50", "pay_amount"): 1200.5,
    ("1 200,50", "pay_amount"): 1200.5,
    ("12,5", "pay_amount"): 12.5,
    ("３００", "pay_amount"): 300,
    ("300元", "pay_amount"): 300,
    ("￥300", "pay_amount"): 300,
    ("39.91N", "lat"): 39.91,
    ("39,916", "lat"): 39.916,
    ("S39.91", "lat"): -39.91,
    ("116.2°E", "lon"): 116.2,
    ("东经116.2", "lon"): 116.2,
    ("2人", "headcount"): 2,
    ("45分钟", "break_min"): 45,
    ("90%", "payment_punctuality"): 0.9,
}
NO_NUMBERS = (("$300", "pay_amount"), ("300元/小时", "pay_amount"), ("2万", "pay_amount"), ("39.91E", "lat"))
NO_NUMBERS += (
    ("1小时", "break_min"),
    ("1_000", "headcount"),
    ("1,20,0", "headcount"),
    ("两百", "pay_amount"),
)


# As a spreadsheet shows times and days where the cells have no format, and what they are taken for.
COUNTED_TIMES = {
    "0.708333333333333": "17:00",
    "0.25": "6:00",
    "1.25": "30:00",
    "45919": "2025-09-19 0:00",
    "45919.5": "2025-09-19 12:00",
}
COUNTED_DAYS = {"45919": "2025-09-19", "29284": "1980-03-04"}


def _refused(read: Callable[..., Any], text: str) -> bool:
    try:
        read(text)
    except UnreadableError:
        return True
    return False


def test_times_as_clocks_show_them() -> None:
    """Whatever names one minute of the day; an hour alone could be a minute, and is refused."""
    assert {text: clock_minutes(text, CLOCK) for text in TIMES} == TIMES
    assert [text for text in NO_TIMES if not _refused(lambda text: clock_minutes(text, CLOCK), text)] == []


def test_numbers_that_spreadsheets_count_times_by_are_named() -> None:
    """A time in a cell without a format is refused with what it is; 0.25 is no quarter past midnight."""
    for read, told in ((lambda text: clock_minutes(text, CLOCK), COUNTED_TIMES), (day, COUNTED_DAYS)):
        for text, meant in told.items():
            with pytest.raises(UnreadableError, match=f"inner number for {meant};"):
                read(text)
    assert clock_minutes("01.25", CLOCK) == clock_minutes("1.25 am", CLOCK) == 85


BERLIN = WallClock(dt.date(2025, 10, 25), "Europe/Berlin")
NIGHT_TIMES = {
    **dict.fromkeys(("26:30", "次日2点半", "2025-10-26 02:30", "2025-10-26T02:30+02:00"), 1590),
    **dict.fromkeys(("26:30B", "次日2:30b", "2025-10-26 2:30 B", "2025-10-26T01:30Z"), 1650),
    **dict.fromkeys(("30:00", "2025/10/26 上午6点", "2025-10-26 06:00+0100", "2025-10-26T10:00+05"), 1860),
}


def test_times_of_a_night_on_which_clocks_go_back() -> None:
    """Minutes that pass; of a time that comes twice a B names the second, and so does a zone, not both."""
    assert {text: clock_minutes(text, BERLIN) for text in NIGHT_TIMES} == NIGHT_TIMES
    assert _refused(lambda text: clock_minutes(text, BERLIN), "2025-10-26T02:30B+01:00")
    column = schema()["windows"].column("start_min")
    found = read_cells(column, pa.array([*NIGHT_TIMES, "2025-10-26T02:30B+01:00"]), BERLIN)
    assert found.values[:-1].tolist() == list(NIGHT_TIMES.values())
    assert found.bad.tolist() == [False] * len(NIGHT_TIMES) + [True]


def test_days_either_way_round() -> None:
    """Whatever names one day; one that could be two is refused with both."""
    assert {text: day(text) for text in DAYS} == {text: dt.date(*told) for text, told in DAYS.items()}
    assert [text for text in NO_DAYS if not _refused(day, text)] == []
    with pytest.raises(UnreadableError, match="as 2025-03-04 and as 2025-04-03"):
        day("03/04/2025")


def _most(name: str) -> float | None:
    return next(c.most for t in schema().values() for c in t.columns if c.name == name)


def test_numbers_with_what_people_write_beside_them() -> None:
    """Separators, wide digits, units of the column; another unit or currency is another number."""
    found = {key: number(key[0], key[1], _most(key[1]), "CNY") for key in NUMBERS}
    assert found == NUMBERS
    kept = [
        key
        for key in NO_NUMBERS
        if not _refused(lambda t, k=key: number(t, k[1], _most(k[1]), "CNY"), key[0])
    ]
    assert kept == []


def test_ticks_are_yes() -> None:
    """A cross is yes here and no there."""
    assert [truth(text) for text in ("√", "是", "Ｙ", "否", "无")] == [True, True, True, False, False]
    assert _refused(truth, "x")


@pytest.mark.parametrize(
    ("table", "column", "cells", "expected"),
    [
        ("shifts", "datum", ["高德", "wgs84", "GCJ-02", "百度", "?"], [1, 0, 1, 2, None]),
        ("workers", "birth_date", ["1980-02-29", "1980/2/29", "", None, "29.2.1980"], None),
        ("periods", "start_min", ["08:00", "8", None, "8点"], [480, None, None, 480]),
        ("workers", "insured", ["true", "√", "no", "?"], [1, 1, 0, None]),
        ("shifts", "headcount", ["1", "1,200", "1.5", "2.0"], [1, 1200, None, 2]),
    ],
)
def test_odd_cells_among_plain_ones(
    table: str, column: str, cells: list[Any], expected: list[Any] | None
) -> None:
    """Each is read by itself, and only those that cannot be are bad."""
    found = read_cells(schema()[table].column(column), pa.array(cells, pa.string()), CLOCK)
    values = [v if k else None for v, k in zip(found.values.tolist(), found.known.tolist(), strict=True)]
    leap = dt.date(1980, 2, 29)
    assert values == (expected or [leap, leap, None, None, leap])


def test_the_way_out_is_told() -> None:
    """What to write instead."""
    start, born = schema()["periods"].column("start_min"), schema()["workers"].column("birth_date")
    assert "write 8:00" in unread(start, "8")
    assert "2025-03-04" in unread(born, "03/04/2025")
    assert "format the column as text" in unread(schema()["workers"].column("id"), "1.10105E+17")
