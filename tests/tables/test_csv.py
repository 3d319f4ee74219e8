"""CSV files lose nothing, come from any spreadsheet, and do nothing when opened in one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.columns import columns_of
from gigmatch.errors import InvalidFileError, InvalidMorningError
from gigmatch.model import Morning
from gigmatch.tables.aliases import CHINESE
from gigmatch.tables.schema import schema
from gigmatch.tables.spreadsheets import read_csv_file, write_csv_file
from strategies import mornings
from tests.conftest import examples

MORNING = "date,time_zone,currency,market_id\n2025-07-19,Asia/Shanghai,CNY,hall\n"
STATIONS = "id,name,lat,lon,datum\nhall,Hall,39.9,116.2,WGS-84\n"


def folder_of(folder: Path, **files: str | bytes) -> Path:
    """A folder with a morning, a hall and these files."""
    for name, text in ({"morning": MORNING, "stations": STATIONS} | files).items():
        raw = text if isinstance(text, bytes) else text.encode()
        (folder / f"{name}.csv").write_bytes(raw)
    return folder


@examples(6)
@given(mornings(crews=True))
def test_csv_loses_nothing(morning: Morning) -> None:
    """There and back: the same morning, the same columns; a second writing leaves nothing of the first."""
    with TemporaryDirectory() as folder:
        gm.write_csv(gm.samples.jingshi(workers=50), folder)
        gm.write_csv(morning, folder)
        assert gm.morning_from_files(folder) == morning
        assert gm.read_csv(folder).digest() == columns_of(morning).digest()


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")) | st.text(
    "=+-@\t\r\n'\",;工 a"
)


@examples(60)
@given(st.lists(st.none() | TEXTS, min_size=1, max_size=5))
def test_text_comes_back(texts: list[str | None]) -> None:
    """Whatever it holds: quotes, commas, breaks, formulas, nothing; empty text is not unknown."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "crews.csv")
        names = [str(at) for at in range(len(texts))]
        write_csv_file(pa.table({"id": names, "name": pa.array(texts, pa.string())}), path)
        assert read_csv_file(path).table.column("name").to_pylist() == texts


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@SUM(A1)", "\tx", "'quoted'", '=HYPERLINK("x")'])
def test_formulas_are_defused(tmp_path: Path, text: str) -> None:
    """What a spreadsheet would calculate is written as text, and read as it was."""
    write_csv_file(pa.table({"name": [text]}), tmp_path / "crews.csv")
    written = (tmp_path / "crews.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert written.startswith("\"'")


ROWS = "编号,驿站编号,到场时间,评分,已投保\n李师傅,hall,05:20,4.5,是\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    """As Excel in China saves them."""
    columns = gm.read_csv(folder_of(tmp_path, workers=ROWS.encode(encoding)))
    assert columns.worker_ids == ("李师傅",)
    assert (columns.workers.rating.tolist(), columns.workers.insured.tolist()) == ([4.5], [True])


def test_every_column_has_one_chinese_name() -> None:
    """No two columns of a table share one."""
    assert {c.name for t in schema().values() for c in t.columns} == CHINESE.keys()
    for table in schema().values():
        names = [CHINESE[column.name] for column in table.columns]
        assert len(set(names)) == len(names)


def test_bad_rows_are_listed(tmp_path: Path) -> None:
    """Raised or collected, with the row under the header."""
    folder_of(tmp_path, workers="id,station_id,rating\na,hall,4\nb,hall,nine\n")
    message = r"workers.csv, row 3, column rating: is no finite number. Got 'nine'."
    with pytest.raises(InvalidMorningError, match=message):
        gm.read_csv(tmp_path)
    columns = gm.read_csv(tmp_path, on_error="collect")
    assert columns.worker_ids == ("a",)
    why = "rating: is no finite number. Got 'nine'."
    assert columns.reading.left_out == (("workers", 1, why, "workers.csv, row 3"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Empty CSV file"),
        ("id,id\n1,2\n", "names a column twice"),
        ("id,编号\n1,2\n", "names a column twice"),
        ("id,station_id\n1,hall\n\n1,hall,3\n", "row 4 has 3 cells, the header 2"),
        ('id,station_id\n1,hall\n"1\n', "row 3 has 1 cells, the header 2"),
        (b"id\n\xff\xff\xff\n", "neither UTF-8 nor GB18030"),
    ],
)
def test_broken_files(tmp_path: Path, text: str | bytes, message: str) -> None:
    """The file is named, and what is wrong with it."""
    with pytest.raises(InvalidFileError, match=message) as caught:
        gm.read_csv(folder_of(tmp_path, workers=text))
    assert "workers.csv" in str(caught.value)
