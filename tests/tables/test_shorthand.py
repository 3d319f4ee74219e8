"""Three files are enough: what they hold in short is what the whole schema would hold."""

from __future__ import annotations

from pathlib import Path

import pytest

import gigmatch as gm
from gigmatch.errors import InvalidFileError, InvalidMorningError
from gigmatch.tables.aliases import CHINESE_CHOICES, CHINESE_TABLES, SHORTHAND
from gigmatch.tables.schema import schema

CHINESE = {
    "早市": "日期,时区,币种,名称,纬度,经度,坐标系\n"
    "2025/9/19,Asia/Shanghai,CNY,零工市场,39.9,116.195,WGS-84\n",
    "零工": "编号,工种,最低日薪,开始时间,结束时间\n老李,瓦工、小工,200,6:30:00,20:00\n老赵,小工,,,\n,,,,\n",
    "班次": "编号,雇主编号,纬度,经度,坐标系,工种,开始时间,结束时间,报酬,计酬单位\n"
    "砌墙,王家,39.91,116.2,WGS-84,瓦工,08:00,17:00,260,天\n\n"
    "搬砖,王家,39.91,116.2,WGS-84,小工,08:00,17:00,180,天\n",
}
WHOLE = {
    "morning": "date,time_zone,currency,market_id\n2025-09-19,Asia/Shanghai,CNY,market\n",
    "stations": "id,name,lat,lon,datum\nmarket,零工市场,39.9,116.195,WGS-84\n",
    "employers": "id\n王家\n",
    "skills": "code,name\n瓦工,瓦工\n小工,小工\n",
    "workers": "id,station_id,pay_floor_per_day\n老李,market,200\n老赵,market,\n",
    "windows": "worker_id,start_min,end_min\n老李,6:30,20:00\n",
    "worker_skills": "worker_id,skill\n老李,瓦工\n老李,小工\n老赵,小工\n",
    "shifts": "id,employer_id,lat,lon,datum,pay_amount,pay_unit\n"
    "砌墙,王家,39.91,116.2,WGS-84,260,day\n搬砖,王家,39.91,116.2,WGS-84,180,day\n",
    "periods": "shift_id,start_min,end_min\n砌墙,8:00,17:00\n搬砖,8:00,17:00\n",
    "shift_skills": "shift_id,skill\n砌墙,瓦工\n搬砖,小工\n",
}


def written(folder: Path, files: dict[str, str], encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_three_chinese_files_are_the_whole(tmp_path: Path, encoding: str) -> None:
    """The same columns as from all ten tables, and everybody is placed."""
    short = written(tmp_path / "short", CHINESE, encoding)
    whole = written(tmp_path / "whole", WHOLE)
    assert gm.read_csv(short).digest() == gm.read_csv(whole).digest()
    assert gm.morning_from_files(short) == gm.morning_from_files(whole)
    assert gm.match(gm.columns_from_files(short)).pairs == (("老李", "砌墙"), ("老赵", "搬砖"))


def test_short_and_long_go_together(tmp_path: Path) -> None:
    """Rows of a table that is there stand before those made from another; both are named by their file."""
    files = CHINESE | {"班次时段": "班次编号,开始时间,结束时间\n砌墙,18:00,17:30\n"}
    with pytest.raises(InvalidMorningError) as caught:
        gm.read_csv(written(tmp_path, files))
    assert [path for path, _ in caught.value.problems] == ["班次时段.csv, row 2"]
    files["班次时段"] = "班次编号,开始时间,结束时间\n砌墙,18:00,20:00\n砌墙,16:00,17:30\n"
    with pytest.raises(InvalidMorningError, match=r"班次.csv, row 2: periods overlap"):
        gm.read_csv(written(tmp_path, files))


@pytest.mark.parametrize(
    ("table", "old", "new", "path"),
    [
        ("班次", "08:00,17:00,180", "08:00,8,180", "班次.csv, row 4, column 结束时间 (end_min)"),
        ("班次", "08:00,17:00,180", "08:00,,180", "班次.csv, row 4, column 结束时间 (end_min)"),
        ("班次", "砌墙,王家", "砌墙,", "班次.csv, row 2, column 雇主编号 (employer_id)"),
        ("班次", "260,天", "260,块", "班次.csv, row 2, column 计酬单位 (pay_unit)"),
        ("零工", "老赵,小工", "老赵,小\t工", "零工.csv, row 3, column 工种 (skills)"),
        ("零工", "老赵", "老李", "零工.csv, row 3, column 编号 (id)"),
        ("零工", "最低日薪", "日薪", "零工.csv, column 日薪"),
        ("早市", "39.9,", "99,", "早市.csv, row 2, column 纬度 (lat)"),
        ("早市", "2025/9/19", "2025/9/31", "早市.csv, row 2, column 日期 (date)"),
    ],
)
def test_errors_name_what_was_written(tmp_path: Path, table: str, old: str, new: str, path: str) -> None:
    """File, row as the spreadsheet numbers it, and the header that stands there."""
    assert old in CHINESE[table]
    with pytest.raises(InvalidMorningError) as caught:
        gm.read_csv(written(tmp_path, CHINESE | {table: CHINESE[table].replace(old, new)}), extra="refuse")
    assert path in dict(caught.value.problems), caught.value


def test_what_is_made_is_left_out_with_its_row(tmp_path: Path) -> None:
    """A shift whose time cannot be read is no shift, and both rows are listed."""
    files = CHINESE | {"班次": CHINESE["班次"].replace("08:00,17:00,180", "08:00,8,180")}
    columns = gm.columns_from_files(written(tmp_path, files), on_error="collect")
    assert columns.shift_ids == ("砌墙",)
    assert {(row.table, row.place) for row in columns.reading.left_out} == {
        ("shifts", "班次.csv, row 4"),
        ("periods", "班次.csv, row 4"),
        ("shift_skills", "班次.csv, row 4"),
    }


def test_what_is_given_is_not_made_up(tmp_path: Path) -> None:
    """With a table of employers, or of skills, one that is not in it is refused, also where it is Parquet."""
    files = CHINESE | {"雇主": "编号\n李家\n"}
    with pytest.raises(InvalidMorningError, match="names nothing in employers"):
        gm.read_csv(written(tmp_path / "csv", files))
    folder = written(tmp_path / "both", CHINESE)
    gm.write_parquet(gm.morning_from_files(written(tmp_path / "whole", WHOLE)), tmp_path / "parquet")
    (tmp_path / "parquet" / "skills.parquet").rename(folder / "skills.parquet")
    assert gm.columns_from_files(folder).digest() == gm.read_csv(tmp_path / "whole").digest()


def test_a_row_keeps_its_number_below_cells_with_breaks(tmp_path: Path) -> None:
    """A cell of two lines is one row of the spreadsheet."""
    files = WHOLE | {
        "workers": 'id,station_id,home_label,rating\n"a",market,,4\nb,market,,"5\n"\nc,market,,x\n'
    }
    with pytest.raises(InvalidMorningError) as caught:
        gm.read_csv(written(tmp_path, files))
    assert "workers.csv, row 4, column rating" in dict(caught.value.problems)


def test_what_is_missing_is_named_by_its_file(tmp_path: Path) -> None:
    """With what would do; the columns of a table are listed once."""
    files = {
        "workers": "id,wage,shoes\na,1,b\n",
        "shifts": "id,employer_id,lat,lon,datum,pay_amount,pay_unit\ns,e,39.9,116.2,WGS-84,200,day\n",
    }
    with pytest.raises(InvalidMorningError) as caught:
        gm.read_csv(written(tmp_path, files), extra="refuse")
    problems = dict(caught.value.problems)
    assert problems["morning.csv"].endswith("market_id (or the hall's name, lat, lon and datum).")
    assert problems["shifts.csv, row 2"].endswith("when it is, or in start_min and end_min here.")
    assert "the table has id, name, contact, home_lat" in problems["workers.csv, column wage"]
    assert problems["workers.csv, column shoes"] == "is no column of this table. Leave it out."


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "has no table; give a file per table, such as workers.csv"),
        ({"workers": "id\na\n", "零工": "编号\na\n"}, "the table workers is there twice"),
        ({"零工": "编号；工种\na；b\n"}, "has '；' between the columns; save it as CSV with commas"),
        ({"工人": "编号\na\n"}, "'工人' is no table of the schema"),
    ],
)
def test_folders_that_are_none(tmp_path: Path, files: dict[str, str], message: str) -> None:
    """Said before anything is read."""
    with pytest.raises(InvalidFileError, match=message):
        gm.read_csv(written(tmp_path, files))


def test_every_table_and_choice_has_one_chinese_name() -> None:
    """No two tables, no two choices of a column share one."""
    assert CHINESE_TABLES.keys() == schema().keys()
    assert len(set(CHINESE_TABLES.values())) == len(CHINESE_TABLES)
    assert len(set(CHINESE_CHOICES.values())) == len(CHINESE_CHOICES)
    choices = {name for t in schema().values() for c in t.columns for name in c.choices}
    assert CHINESE_CHOICES.keys() <= choices
    for table, columns in SHORTHAND.items():
        assert not columns.keys() & {column.name for column in schema()[table].columns}
