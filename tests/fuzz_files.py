"""Spoilt files by the thousand: no error but gigmatch's own, and no row that is neither used nor listed.

``python tests/fuzz_files.py --count 100000`` takes about half an hour; a few hundred are part of the tests.
Every case is a folder of tiny CSV or Parquet files, or of workbooks, or a JSON file, of which some are
spoilt: bytes flipped, cut out or put in, columns dropped, renamed, doubled or turned into another type, cells
replaced, encodings broken, files cut short; in workbooks titles, merged cells, sheets that are none besides.
A case is made from its number alone, so ``--first 4711 --count 1`` shows it again.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import json
import random
import sys
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE as _ILLEGAL
from openpyxl.cell.cell import MergedCell

import gigmatch as gm
from gigmatch.model.values import BLANKS
from gigmatch.tables.aliases import table_name
from gigmatch.tables.folders import from_folder

__all__ = ["KINDS", "check", "main"]

WHOLE: dict[str, str] = {
    "morning": "date,time_zone,currency,market_id,market_insurance\n2025-09-19,Asia/Shanghai,CNY,hall,true\n",
    "stations": "id,name,lat,lon,datum,opening_start_min,opening_end_min\n"
    "hall,零工市场,39.9,116.2,WGS-84,5:00,12:00\n"
    "b,老山,39.91,116.21,GCJ-02,,\n",
    "limits": "kind,value,valid_from,source\nmin_rest_hours,8,2025-01-01,law\n",
    "skills": "code,name\nmason,瓦工\nhelper,小工\n",
    "skill_covers": "skill,covered\nmason,helper\n",
    "reference_wages": "skill,per_hour,as_of,source\nmason,30,2025-09-01,list\n",
    "employers": "id,standing,payment_punctuality\nwang,ok,0.9\nzhao,arrears,\n",
    "employer_refusals": "employer_id,worker_id\nwang,nobody\n",
    "brokers": "id,licence\nb1,L-1\n",
    "broker_refusals": "broker_id,worker_id\nb1,nobody\n",
    "workers": "id,station_id,home_lat,home_lon,home_datum,arrived_at_min,birth_date,pay_floor_per_day,"
    "rating,insured\n"
    "1,hall,,,,5:10,1980-02-29,200.50,4.5,true\n2,,39.9,116.2,BD-09,06:20,,,,\n李,b,,,,,,150,,false\n",
    "worker_skills": "worker_id,skill,level\n1,mason,4\n2,helper,\n李,helper,5\n",
    "credentials": "worker_id,kind,valid_to\n1,electrician,2026-01-01\n",
    "windows": "worker_id,start_min,end_min\n1,6:00,20:00\n2,07:00,18:00\n2,19:00,22:00\n",
    "commitments": "worker_id,start_min,end_min\n1,21:00,22:00\n",
    "employer_hours": "worker_id,employer_id,hours\n1,wang,12.5\n",
    "past_employers": "worker_id,employer_id,shifts,praise\n2,wang,3,true\n",
    "worker_groups": "worker_id,priority_group\n李,low_income_household\n",
    "worker_refusals": "worker_id,employer_id\n李,zhao\n",
    "worker_preferences": "worker_id,employer_id\n1,wang\n",
    "worker_attributes": "worker_id,name,value,type\n1,boots,true,boolean\n2,size,42,integer\n",
    "shifts": "id,employer_id,broker_id,lat,lon,datum,headcount,pay_amount,pay_unit,priority_tier\n"
    "s1,wang,b1,39.91,116.2,WGS-84,2,260,day,1\ns2,zhao,,39.92,116.22,WGS-84,1,25,hour,\n",
    "periods": "shift_id,start_min,end_min,break_min\ns1,8:00,17:00,60\ns2,08:00,12:00,\ns2,32:00,36:00,\n",
    "shift_skills": "shift_id,skill,least_level,asked\ns1,mason,5,all_of\ns2,helper,,any_of\n",
    "shift_credentials": "shift_id,kind\ns1,electrician\n",
    "shift_hazards": "shift_id,hazard\ns1,height\n",
    "shift_attributes": "shift_id,name,value\ns1,floor,3\n",
}
SHORT: dict[str, str] = {
    "早市": "日期,时区,币种,名称,纬度,经度,坐标系\n2025/9/19,Asia/Shanghai,CNY,零工市场,39.9,116.2,WGS-84\n",
    "零工": "编号,工种,最低日薪,开始时间,结束时间\n"
    "老李,瓦工、小工,200,6:30:00,20:00\n老赵,小工,,,\n,,,,\n老王,,,,\n",
    "班次": "编号,雇主编号,纬度,经度,坐标系,工种,开始时间,结束时间,报酬,计酬单位\n"
    "砌墙,王家,39.91,116.2,WGS-84,瓦工,08:00,17:00,260,天\n搬砖,王家,39.9,116.2,WGS-84,,08:00,17:00,180,天\n",
}
HOSTILE = (
    *(
        "",
        " ",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "-1",
        "0",
        "-0",
        "1e999",
        "1e-999",
        "99999999999999999999",
        "0x10",
    ),
    *(
        "1_000",
        "1,000",
        "合计",
        "8点",
        "03/04/2025",
        "300元",
        "wang ",
        "1.1E+17",
        "#N/A",
        "١٢",
        "½",
        "=1+1",
        "'=1",
        "''",
        "+86",
        "-x",
        "@A1",
        "\x00",
        "\t",
        "\x7f",
        "\r",
        "\n",
    ),
    *("2025-02-30", "2025/9/19", "0000-00-00", "9999-12-31", "10000-01-01", "2025-09-19T08:00:00+08:00"),
    *(
        "24:00",
        "99:99",
        "8:00",
        "08:00:00",
        "999999:59",
        "-1:00",
        "true",
        "是",
        "TRUE",
        "2",
        "男",
        "sex",
        "民族",
    ),
    *(
        "hall",
        "1",
        "2",
        "李",
        "s1",
        "s2",
        "mason",
        "wang",
        "all_of",
        "block",
        "Mars/Base",
        "CNY",
        "WGS-84",
        "天",
    ),
    *(
        "\ufeff",
        "\u202e",
        "🧱",
        "\ud7ff",
        "a" * 201,
        "a" * 3000,
        '"',
        '""',
        "'",
        ";",
        "、",
        "瓦工;;小工",
        "{}",
        "[]",
    ),
    *(
        "../../x",
        "%s%n",
        "<script>",
        "null",
        "None",
        "NULL",
        "N/A",
        "1.7976931348623157e309",
        "-20161",
        "600001",
    ),
)
NAMES = (
    "id",
    "编号",
    "",
    " ",
    "sex",
    "性别",
    "start_min",
    "skills",
    "工种",
    "market_id",
    "lat",
    "名称",
    "x",
    "ID",
)
TYPED = (
    *(None, True, False, 0, -1, 1.5, -0.0, 0.1 + 0.2, 1e308, 1e-300, 2**53 + 1, 110105199001011234),
    *(dt.date(2025, 9, 19), dt.datetime(2025, 9, 19, 8, 30), dt.datetime(1900, 1, 1), dt.time(8), dt.time(0)),
    *(45919.375, dt.datetime(9999, 12, 31, 23, 59, 59), dt.time(23, 59, 59, 999), dt.timedelta(hours=30)),
    *(dt.timedelta(days=-1), "=A1", "=1/0", "=SUM(A1:A9)", "#N/A", "#DIV/0!", "=", " ", "\n"),
)
"""What cells of a workbook hold besides text."""
FORMATS = ("General", "0", "000000", "0.00", "[h]:mm", "h:mm", "yyyy-mm-dd", "@", "0%", ";;;", "#,##0")


# -- what is spoilt ------------------------------------------------------------------------------------------


def _flip(dice: random.Random, raw: bytes) -> bytes:
    data = bytearray(raw)
    for _ in range(dice.choice((1, 1, 2, 8))):
        if data:
            data[dice.randrange(len(data))] = dice.choice((dice.randrange(256), 0, 10, 13, 34, 44, 39, 61))
    return bytes(data)


def _cut(dice: random.Random, raw: bytes) -> bytes:
    return raw[: dice.randrange(len(raw) + 1)]


def _take_out(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randrange(len(raw) + 1)
    return raw[:at] + raw[at + dice.randrange(1, 30) :]


def _put_in(dice: random.Random, raw: bytes) -> bytes:
    at, other = dice.randrange(len(raw) + 1), dice.randrange(len(raw) + 1)
    part = dice.choice((raw[other : other + 40], dice.randbytes(4), dice.choice(HOSTILE).encode()))
    return raw[:at] + part + raw[at:]


def _recode(dice: random.Random, raw: bytes) -> bytes:
    text = raw.decode("utf-8", errors="replace")
    encoding = dice.choice(("gb18030", "utf-16", "utf-16-le", "utf-8-sig", "big5", "latin-1", "utf-7"))
    return text.encode(encoding, errors="replace")


def _lines(dice: random.Random, raw: bytes) -> bytes:
    return raw.replace(b"\n", dice.choice((b"\r\n", b"\r", b"\n\n", b"\n,\n", b"\x0b\n", b"")))


BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip,
    _flip,
    _cut,
    _take_out,
    _put_in,
    _recode,
    _lines,
)


def _cells(dice: random.Random, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of cells with a column, a row or some cells spoilt; the first row is the header."""
    width = len(rows[0])
    what = dice.choice(("cell", "cell", "cell", "drop", "rename", "double", "swap", "row", "rows"))
    column = dice.randrange(width)
    if what == "cell" and len(rows) > 1:
        for _ in range(dice.choice((1, 1, 2, 4))):
            rows[dice.randrange(1, len(rows))][dice.randrange(width)] = dice.choice(HOSTILE)
    elif what == "drop" and width > 1:
        rows = [row[:column] + row[column + 1 :] for row in rows]
    elif what == "rename":
        rows[0][column] = dice.choice(NAMES)
    elif what == "double":
        rows = [[*row, row[column]] for row in rows]
    elif what == "swap":
        rows[0][column], rows[0][-1] = rows[0][-1], rows[0][column]
    elif what == "row":
        rows.append(list(dice.choice(rows)))
    elif len(rows) > 1:
        del rows[dice.randrange(1, len(rows))]
    return rows


def _csv(dice: random.Random, text: str) -> bytes:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for _ in range(dice.choice((0, 1, 1, 2))):
        rows = _cells(dice, rows)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    raw = out.getvalue().encode()
    return dice.choice(BYTES)(dice, raw) if dice.random() < 0.15 else raw


def _turned(dice: random.Random, column: Any) -> Any:
    """A column in another type, as far as Arrow can."""
    kinds = (
        *(
            pa.string(),
            pa.large_string(),
            pa.binary(),
            pa.int8(),
            pa.uint64(),
            pa.float16(),
            pa.float32(),
            pa.bool_(),
        ),
        *(
            pa.decimal128(20, 3),
            pa.date32(),
            pa.date64(),
            pa.timestamp("ns"),
            pa.timestamp("s", "Asia/Tokyo"),
        ),
        *(pa.time32("s"), pa.duration("ms"), pa.null(), pa.dictionary(pa.int32(), pa.string())),
    )
    n, kind = len(column), dice.choice(kinds)
    odd = {
        "list": lambda: pa.array([[1, 2]] * n),
        "struct": lambda: pa.array([{"a": 1}] * n),
        "map": lambda: pa.array([[("a", 1)]] * n, pa.map_(pa.string(), pa.int64())),
        "nulls": lambda: pa.nulls(n, kind),
    }
    if dice.random() < 0.3:
        return odd[dice.choice(list(odd))]()
    try:
        return column.cast(kind, safe=False)
    except (pa.ArrowException, NotImplementedError, ValueError):
        return column.cast(pa.string())


def _parquet(dice: random.Random, table: Any) -> bytes:
    names, columns = list(table.column_names), list(table.columns)
    what, at = (
        dice.choice(("cell", "cell", "type", "type", "drop", "rename", "double", "bytes")),
        dice.randrange(len(names)),
    )
    if what == "cell" and len(table):
        cells = [None if cell is None else str(cell) for cell in columns[at].to_pylist()]
        cells[dice.randrange(len(cells))] = dice.choice(HOSTILE)
        columns[at] = pa.array(cells, pa.string())
    elif what == "type":
        columns[at] = _turned(dice, columns[at])
    elif what == "drop" and len(names) > 1:
        del names[at], columns[at]
    elif what == "rename":
        names[at] = dice.choice(NAMES)
    elif what == "double":
        names.append(names[at])
        columns.append(columns[at])
    spoilt = pa.table(columns, names=names)
    if dice.random() < 0.3 and len(spoilt):
        spoilt = pa.concat_tables([spoilt, spoilt.slice(0, 1)])
    return dice.choice(BYTES)(dice, _packed(spoilt)) if what == "bytes" else _packed(spoilt)


def _packed(table: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, use_dictionary=False)
    return sink.getvalue()


def _as_typed(text: str) -> Any:
    """A text as Excel keeps it where somebody types it in."""
    kinds: tuple[Callable[[str], Any], ...] = (int, float, dt.date.fromisoformat, dt.time.fromisoformat)
    for kind in kinds:
        try:
            return kind(text.zfill(5) if ":" in text else text)
        except ValueError:
            continue
    return {"true": True, "false": False, "": None}.get(text, text)


def _sheet(dice: random.Random, sheet: Any, text: str, *, spoilt: bool) -> None:
    """Fill a sheet with a table; its cells typed or as text."""
    rows: list[list[Any]] = list(csv.reader(io.StringIO(text, newline="")))
    if spoilt and dice.random() < 0.6:
        rows = _cells(dice, rows)
    if dice.random() < 0.7:
        rows = [rows[0], *([_as_typed(cell) for cell in row] for row in rows[1:])]
    for row in rows:
        sheet.append([_ILLEGAL.sub("", cell) if isinstance(cell, str) else cell for cell in row])
    if spoilt:
        for _ in range(dice.choice((0, 1, 1, 2))):
            _in_sheet(dice, sheet)


def _in_sheet(dice: random.Random, sheet: Any) -> None:
    what = dice.choice(("cell", "cell", "cell", "format", "format", "title", "merge", "row", "column", "far"))
    row, column = dice.randint(1, sheet.max_row), dice.randint(1, sheet.max_column)
    if what == "cell":
        _write(sheet, row, column, dice.choice(TYPED))
    elif what == "format":
        for at in range(2, sheet.max_row + 1):
            sheet.cell(at, column).number_format = dice.choice(FORMATS)
    elif what == "title":
        sheet.insert_rows(1, dice.choice((1, 1, 2, 11)))
        _write(sheet, 1, 1, dice.choice(("九月十九日 早市", "Hall", 2025, dt.date(2025, 9, 19), "id")))
        if dice.random() < 0.7:
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=sheet.max_column)
    elif what == "merge":
        below, right = row + dice.randrange(3), column + dice.randrange(3)
        sheet.merge_cells(start_row=row, start_column=column, end_row=below, end_column=right)
    elif what == "row":
        sheet.insert_rows(row)
    elif what == "column":
        sheet.insert_cols(column)
    else:
        below, right = dice.choice((3, 40, 900)), dice.choice((0, 1, 30))
        _write(sheet, row + below, column + right, dice.choice(TYPED))


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):  # which shows what another holds
        cell.value = value


def _book(dice: random.Random, texts: dict[str, str], spoilt: Iterable[str]) -> bytes:
    """Tables as the sheets of a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in texts.items():
        _sheet(dice, book.create_sheet(name), text, spoilt=name in spoilt)
    if dice.random() < 0.1:
        extra = book.create_sheet(dice.choice(("Sheet1", "说明", "workers", "零工", "WORKERS ", "limits")))
        extra.append(dice.sample(TYPED, 3))
    if len(book.worksheets) > 1 and dice.random() < 0.1:
        dice.choice(book.worksheets).sheet_state = dice.choice(("hidden", "veryHidden"))
    sink = io.BytesIO()
    book.save(sink)
    raw = sink.getvalue()
    chance = dice.random()
    if chance < 0.1:
        return dice.choice(BYTES)(dice, raw)
    return _repacked(dice, raw) if chance < 0.3 else raw


def _repacked(dice: random.Random, raw: bytes) -> bytes:
    """The same archive with one of its parts spoilt, or without it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(sink, "w") as new:
        target = dice.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name != target:
                new.writestr(name, part)
            elif dice.random() < 0.8:
                new.writestr(name, dice.choice(BYTES)(dice, part))
    return sink.getvalue()


def _json(dice: random.Random, data: Any) -> bytes:
    data = json.loads(json.dumps(data))
    for _ in range(dice.choice((0, 1, 1, 2))):
        inside = list(_containers(data))
        where = dice.choice(inside)
        if not where:
            continue
        key = dice.choice(list(where) if isinstance(where, dict) else range(len(where)))
        values = (
            *HOSTILE,
            None,
            True,
            -1,
            2**70,
            1e308,
            [],
            {},
            [[]],
            json.loads(json.dumps(data.get("workers"))),
        )
        what = dice.choice(("value", "value", "drop", "rename", "double"))
        if what == "value":
            where[key] = dice.choice(values)
        elif what == "drop":
            del where[key]
        elif isinstance(where, dict):
            where[dice.choice(NAMES)] = where.pop(key) if what == "rename" else where[key]
        else:
            where.append(where[key])
    text = json.dumps(data, ensure_ascii=False)
    if dice.random() < 0.1:
        text = f'{text[:-1]}, "{dice.choice(list(data))}": []}}'
    raw = text.encode()
    return dice.choice(BYTES)(dice, raw) if dice.random() < 0.4 else raw


def _containers(data: Any) -> Any:
    yield data
    for inner in data.values() if isinstance(data, dict) else data:
        if isinstance(inner, dict | list):
            yield from _containers(inner)


# -- what is checked -----------------------------------------------------------------------------------------


class Bases:
    """What is spoilt, in every form; made once."""

    def __init__(self) -> None:
        with TemporaryDirectory() as folder:
            for name, text in WHOLE.items():
                Path(folder, f"{name}.csv").write_text(text, encoding="utf-8")
            self.morning = gm.morning_from_files(folder)
        self.parquet = {n: t for n, t in gm.morning_to_frames(self.morning).items() if t.num_rows}
        self.raw = {name: _packed(table) for name, table in self.parquet.items()}
        self.morning_json = json.loads(self.morning.to_json())
        assignment = gm.match(self.morning)
        self.assignment = assignment.to_dict()
        with TemporaryDirectory() as folder:
            gm.DEFAULT_POLICY.save(Path(folder, "policy.json"))
            self.policy = json.loads(Path(folder, "policy.json").read_bytes())
        self.reasons = json.loads(gm.explain(self.morning, assignment).everything().to_json())


RAISING = frozenset(("morning", "stations", "limits", "skills", "skill_covers", "reference_wages"))
NEEDED = frozenset(("morning", "stations", "skills", "employers", "brokers", "workers", "shifts", "periods"))
"""Tables without which the others would be refused; any of the rest may be missing."""


def _chosen(dice: random.Random, names: Iterable[str], needed: Iterable[str]) -> tuple[list[str], list[str]]:
    """Which tables a case has, and which of them are spoilt: few of those whose rows are never left out."""
    pool = [name for name in sorted(names) if table_name(name) not in RAISING or dice.random() < 0.2]
    spoilt = dice.sample(pool, min(dice.choice((1, 2, 3, 4, 6)), len(pool)))
    return [name for name in names if name in needed or name in spoilt or dice.random() < 0.3], spoilt


def _csv_case(dice: random.Random, bases: Bases, folder: Path) -> int:
    texts, needed = (WHOLE, NEEDED) if dice.random() < 0.3 else (SHORT, SHORT)
    there, spoilt = _chosen(dice, texts, needed)
    for name in there:
        raw = _csv(dice, texts[name]) if name in spoilt else texts[name].encode()
        (folder / f"{name}.csv").write_bytes(raw)
    _check_folder(folder)
    return len(spoilt)


def _parquet_case(dice: random.Random, bases: Bases, folder: Path) -> int:
    there, spoilt = _chosen(dice, bases.parquet, NEEDED)
    for name in there:
        raw = _parquet(dice, bases.parquet[name]) if name in spoilt else bases.raw[name]
        (folder / f"{name}.parquet").write_bytes(raw)
    _check_folder(folder)
    return len(spoilt)


def _xlsx_case(dice: random.Random, bases: Bases, folder: Path) -> int:
    """All tables as one workbook, or each as one; or one sheet beside CSV files."""
    texts, needed = (WHOLE, NEEDED) if dice.random() < 0.15 else (SHORT, SHORT)
    there, spoilt = _chosen(dice, texts, needed)
    if dice.random() < 0.1:
        there.remove(dice.choice(there))
    way = dice.choice(("one", "one", "each", "beside"))
    alone = dice.choice(there)
    books = {
        "one": {"早市": there},
        "each": {name: [name] for name in there},
        "beside": {alone: [alone]},
    }[way]
    for file, names in books.items():
        raw = _book(dice, {name: texts[name] for name in names}, spoilt)
        (folder / f"{file}.xlsx").write_bytes(raw)
    for name in there if way == "beside" else ():
        if name != alone:
            (folder / f"{name}.csv").write_text(texts[name], encoding="utf-8")
    _check_folder(folder)
    return max(len(spoilt), 1)


def _json_case(dice: random.Random, bases: Bases, folder: Path) -> int:
    readers: dict[str, Callable[[Path], Any]] = {
        "morning_json": gm.Morning.load,
        "assignment": gm.Assignment.load,
        "policy": gm.Policy.load,
        "reasons": gm.Reasons.load,
    }
    name = dice.choice(("morning_json", "morning_json", *readers))
    path = folder / "file.json"
    path.write_bytes(_json(dice, getattr(bases, name)))
    try:
        read = readers[name](path)
    except gm.GigmatchError:
        return 1
    if name == "morning_json":
        told = json.loads(path.read_bytes(), object_pairs_hook=_once)
        for key in ("workers", "shifts", "employers", "brokers", "skills", "crews"):
            assert len(getattr(read, key)) == len(told.get(key, ())), (
                f"{key}: some are neither used nor refused"
            )
    return 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({key for key, _ in pairs}) == len(pairs), "a key that is there twice was dropped"
    return dict(pairs)


def _check_folder(folder: Path) -> None:
    """Raised or collected, with every row used or listed."""
    try:
        columns = gm.columns_from_files(folder, on_error="collect")
    except gm.GigmatchError as error:
        if isinstance(error, gm.InvalidMorningError):
            _is_refused(folder)
        return
    if columns.reading.left_out:
        _is_refused(folder)
    listed = Counter(row.table for row in columns.reading.left_out)
    assert len(set(columns.reading.left_out)) == len(columns.reading.left_out)
    used = {"workers": columns.n_workers, "shifts": columns.n_shifts}
    for name, n in used.items():
        if (rows := _rows_in(folder, name)) is not None:
            rows -= _told_of(columns.reading.notes, name)
            assert n + listed[name] == rows, f"{name}: {n} used and {listed[name]} listed of {rows}"
    if columns.reading.left_out:
        _check_rest(folder, columns)


def _told_of(notes: Iterable[Any], table: str) -> int:
    """Rows of a file that notes say are none: a title, the headers once more, a sum at the end."""
    kinds = ("notes.title_rows", "notes.header_again", "notes.total_row")
    told = [note for note in notes if note.key in kinds]
    files = [
        str(note.values["file"] if "file" in note.values else note.values["place"].values["file"])
        for note in told
    ]
    return sum(n.values.get("n", 1) for n, file in zip(told, files, strict=True) if _table_of(file) == table)


def _table_of(file: str) -> str:
    """The table that notes call ``零工.csv`` or ``早市.xlsx[零工]``."""
    book, _, sheet = file.removesuffix("]").partition("[")
    return table_name(sheet or Path(book).stem)


def _is_refused(folder: Path) -> None:
    """What is not read as it is, is refused unless it may be left out."""
    try:
        gm.columns_from_files(folder)
    except gm.InvalidMorningError:
        return
    raise AssertionError("rows are left out, or nothing is read, of what is sound")


def _check_rest(folder: Path, columns: Any) -> None:
    """Without the rows that are listed, the same tables are sound and give the same columns."""
    tables = dict(from_folder(folder, "parquet", "csv", "xlsx").tables)
    gone: dict[str, set[int]] = {}
    for row in columns.reading.left_out:
        gone.setdefault(row.table, set()).add(row.row)
    for name, rows in gone.items():
        n = tables[name].num_rows
        assert rows <= set(range(n))
        tables[name] = tables[name].filter(pa.array([at not in rows for at in range(n)], pa.bool_()))
    assert gm.columns_from_frames(**tables).digest() == columns.digest()


def _rows_in(folder: Path, table: str) -> int | None:
    """Rows of a file in which something stands, counted without gigmatch; None where it is not there."""
    for path in folder.iterdir():
        if path.suffix == ".parquet" and path.stem == table:
            return int(pq.read_metadata(path).num_rows)
        if path.suffix == ".csv" and table_name(path.stem) == table:
            return _records(path.read_bytes())
        if path.suffix == ".xlsx" and (found := _filled(path, table)) is not None:
            return found
    return 0


def _filled(path: Path, table: str) -> int | None:
    """Rows of a workbook's sheet in which something stands, but for the headers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
    filled = {sheet.title: _rows_of(sheet) for sheet in book.worksheets}
    filled = {name: n for name, n in filled.items() if n}
    for name, n in filled.items():
        if table_name(name) == table or (len(filled) == 1 and table_name(path.stem) == table):
            return n - 1
    return None


def _rows_of(sheet: Any) -> int:
    rows = sheet.iter_rows(values_only=True)
    return sum(any(str("" if cell is None else cell).strip(BLANKS) for cell in row) for row in rows)


def _records(raw: bytes) -> int | None:
    if b"\0" in raw:
        return None  # in two bytes a character, or damaged
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if '"' in text:
            return None  # empty text and nothing at all look the same to Python's reader
        cells = (
            [cell.strip(BLANKS) for cell in record] for record in csv.reader(io.StringIO(text, newline=""))
        )
        records = [record for record in cells if any(record)]
        return len(records) - 1
    return None


KINDS: dict[str, Callable[[random.Random, Bases, Path], int]] = {
    "csv": _csv_case,
    "parquet": _parquet_case,
    "json": _json_case,
    "xlsx": _xlsx_case,
}


def check(number: int, bases: Bases, kind: str | None = None) -> int:
    """One case, by its number; returns how many files were spoilt. Raises where something is wrong."""
    dice = random.Random(number)
    drawn = dice.choices(list(KINDS), (5, 3, 4, 2))[0]
    with TemporaryDirectory() as folder:
        return KINDS[kind or drawn](dice, bases, Path(folder))


def main(arguments: list[str] | None = None) -> int:
    """Spoil as many files as asked for; returns 1 if one of them was not answered as it should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="spoilt files")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--kind", choices=list(KINDS), help="cases of this kind alone")
    parser.add_argument("--most", type=int, default=10, help="failures to stop at")
    options = parser.parse_args(arguments)
    pa.set_cpu_count(1)
    bases, began, files, number, failed = Bases(), time.monotonic(), 0, options.first, []
    while files < options.count and len(failed) < options.most:
        try:
            files += check(number, bases, options.kind)
        except Exception as error:  # whatever it is, it should not have come through
            failed.append(number)
            print(f"case {number}: {type(error).__name__}: {error}"[:600], flush=True)
            files += 1
        number += 1
        if number % 500 == 0:
            print(f"{files:,} files in {time.monotonic() - began:,.0f} s", flush=True)
    print(f"{files:,} spoilt files in {number - options.first:,} cases: {len(failed)} failed {failed}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
