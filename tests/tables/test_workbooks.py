"""Workbooks of Excel hold what CSV files hold, and what they show is what is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given

import gigmatch as gm
from gigmatch.errors import InvalidFileError, InvalidInputError, InvalidMorningError
from strategies import mornings
from tests.conftest import examples, sample

MORNING = [
    ["date", "time_zone", "currency", "market_id"],
    [dt.date(2025, 9, 19), "Asia/Shanghai", "CNY", "hall"],
]
STATIONS = [["id", "name", "lat", "lon", "datum"], ["hall", "Hall", 39.9, 116.2, "WGS-84"]]


def book(path: Path, formats: dict[str, str] | None = None, **sheets: list[list[Any]]) -> Path:
    """A workbook with a morning, a hall and these sheets; formats of the cells of the last one."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in ({"morning": MORNING, "stations": STATIONS} | sheets).items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    made.save(path)
    return path


def test_a_morning_goes_into_a_workbook_and_back(tmp_path: Path) -> None:
    """And its answer beside it."""
    morning = sample("jingshi", workers=50)
    gm.write_xlsx(morning, tmp_path / "morning.xlsx")
    assert gm.morning_from_files(tmp_path / "morning.xlsx") == morning
    columns = gm.columns_from_files(tmp_path)
    assert {note.key for note in columns.notes} == {"notes.nobody_has"}
    gm.assignment_to_files(gm.match(columns), tmp_path / "answer.xlsx", "xlsx")
    assert gm.Assignment.load(tmp_path / "answer.json").status == "optimal"
    assert "placements" in openpyxl.load_workbook(tmp_path / "answer.xlsx").sheetnames


def test_cells_are_read_as_excel_shows_them(tmp_path: Path) -> None:
    """Times, dates, leading zeros, truths; sheets with Chinese names and a title."""
    workers = [
        ["零工名单"],
        ["编号", "驿站编号", "到场时间", "出生日期", "已投保"],
        [7, "hall", dt.time(5, 30), dt.datetime(1980, 2, 29), True],
        ["a ", "hall", dt.datetime(2025, 9, 19, 6, 15), "1980/2/29", "√"],
    ]
    morning = gm.morning_from_files(book(tmp_path / "m.xlsx", {"A3": "000"}, 零工=workers))
    told = [(each.id, each.arrived_at_min, each.birth_date, each.insured) for each in morning.workers]
    leap = dt.date(1980, 2, 29)
    assert told == [("007", 330, leap, True), ("a", 375, leap, True)]
    assert [note.key for note in morning.reading.notes] == ["notes.title_rows", "notes.ids_tidied"]


@pytest.mark.parametrize(
    ("cell", "error", "message"),
    [
        (110105199003070000, InvalidMorningError, "a spreadsheet has put this in the place of an id"),
        ("#N/A", InvalidMorningError, "a spreadsheet has put this in the place of an id"),
        ("=A1", InvalidFileError, r"m.xlsx\[workers\], row 2: has a formula that was never calculated"),
    ],
)
def test_cells_that_hold_nothing_certain(tmp_path: Path, cell: Any, error: Any, message: str) -> None:
    """Refused, with the way out."""
    rows = [["id", "station_id"], [cell, "hall"]]
    with pytest.raises(error, match=message):
        gm.columns_from_files(book(tmp_path / "m.xlsx", workers=rows))


def test_a_stray_cell_far_below_costs_nothing(tmp_path: Path) -> None:
    """A blank in the last row that a sheet has: no row between is ever made into cells."""
    rows = [["id", "station_id"], ["a", "hall"]]
    path = book(tmp_path / "m.xlsx", workers=rows)
    made = openpyxl.load_workbook(path)
    made["workers"].cell(300_000, 1, " ")
    made.save(path)
    columns = gm.columns_from_files(path)
    assert columns.worker_ids == ("a",)
    [note] = columns.reading.notes
    assert "299998 rows are empty" in note
    made["workers"].cell(300_000, 1, "b")
    made.save(path)
    with pytest.raises(InvalidMorningError, match=r"row 300000: needs a home or a station_id"):
        gm.columns_from_files(path)


def test_merged_cells_and_typed_hours_are_refused(tmp_path: Path) -> None:
    """A name over two rows stands in the first alone; 8 is no time."""
    rows = [["id", "station_id", "arrived_at_min"], ["a", "hall", 8], ["b", None, "8:00"]]
    path = book(tmp_path / "m.xlsx", workers=rows)
    with pytest.raises(InvalidMorningError, match=r"for a time of the day write 8:00. Got '8'"):
        gm.columns_from_files(path)
    made = openpyxl.load_workbook(path)
    made["workers"].merge_cells("B2:B3")
    made.save(path)
    with pytest.raises(InvalidFileError, match="cells B2:B3 are merged"):
        gm.columns_from_files(path)


def test_a_workbook_beside_csv_files_is_read(tmp_path: Path) -> None:
    """Its only sheet is the table that the file is named for; sheets that are none are told of."""
    made = openpyxl.Workbook()
    for row in (["编号", "驿站编号"], ["老李", "hall"]):
        made.active.append(row)
    made.save(tmp_path / "零工.xlsx")
    (tmp_path / "morning.csv").write_text(
        "date,time_zone,currency,name,lat,lon,datum\n2025-09-19,Asia/Shanghai,CNY,Hall,39.9,116.2,WGS-84\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidMorningError, match="names nothing in stations"):
        gm.columns_from_files(tmp_path)
    made.active["B2"] = "market"
    made.create_sheet("notes")["A1"] = "call Zhao"
    made.active.title = "零工"
    made.save(tmp_path / "零工.xlsx")
    columns = gm.columns_from_files(tmp_path)
    assert columns.worker_ids == ("老李",)
    assert [note.key for note in columns.reading.notes] == ["notes.sheet_not_read"]
    (tmp_path / "零工.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(InvalidFileError, match="is no workbook that can be read"):
        gm.columns_from_files(tmp_path)


@examples(4)
@given(mornings(crews=True))
def test_nothing_is_lost_in_a_workbook_or_in_parquet(morning: gm.Morning) -> None:
    """There and back: the same morning."""
    with TemporaryDirectory() as folder:
        gm.write_xlsx(morning, Path(folder, "morning.xlsx"))
        assert gm.morning_from_files(Path(folder, "morning.xlsx")) == morning
        gm.write_parquet(morning, Path(folder, "parquet"))
        assert gm.morning_from_files(Path(folder, "parquet")) == morning


def test_texts_come_back_from_a_workbook(tmp_path: Path) -> None:
    """Formulas, what looks like a number, nothing and empty text; control characters are refused."""
    names = ["=1+1", "'x", "'=x", "007", "1e5", " a ", "a\nb", None]
    frames = gm.morning_to_frames(sample("jingshi", workers=50), "pyarrow")
    crews = pa.table({"id": [f"c{at}" for at in range(len(names))], "name": pa.array(names, pa.string())})
    gm.write_xlsx({**frames, "crews": crews}, tmp_path / "m.xlsx")
    assert [crew.name for crew in gm.morning_from_files(tmp_path / "m.xlsx").crews] == [
        "" if name is None else name for name in names
    ]
    with pytest.raises(InvalidInputError, match="control characters"):
        gm.write_xlsx({**frames, "crews": {"id": ["c"], "name": ["\x01"]}}, tmp_path / "m.xlsx")


def test_a_date_beyond_all_dates_is_told_by_its_cell(tmp_path: Path) -> None:
    """Where openpyxl would warn, in its own words, of what the row's error says."""
    book = openpyxl.Workbook()
    book.active.title = "workers"
    book.active.append(["id", "birth_date"])
    book.active.append(["w1", 9_007_199_254_740_992])
    book.active["B2"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "m.xlsx")
    with pytest.raises(InvalidMorningError, match=r"row 2, column birth_date: a date is YYYY-MM-DD"):
        gm.columns_from_files(tmp_path)
