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
from gigmatch.errors import InvalidFileError, InvalidInputError, InvalidMorningError
from gigmatch.model import Morning
from gigmatch.tables.aliases import CHINESE
from gigmatch.tables.schema import schema
from gigmatch.tables.spreadsheets import read_csv_text, write_csv_file
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
        assert (
            read_csv_text(path.read_bytes().decode("utf-8-sig"), path).table.column("name").to_pylist()
            == texts
        )


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
        (b"id\n\xff\xff\xff\n", "is not UTF-8"),
    ],
)
def test_broken_files(tmp_path: Path, text: str | bytes, message: str) -> None:
    """The file is named, and what is wrong with it."""
    with pytest.raises(InvalidFileError, match=message) as caught:
        gm.read_csv(folder_of(tmp_path, workers=text))
    assert "workers.csv" in str(caught.value)


def test_names_as_people_write_them(tmp_path: Path) -> None:
    """The header of a spreadsheet, and an attribute that would tell who somebody is."""
    rows = "编号,驿站编号,姓名,电话\nw1,hall,李师傅,138\n"
    folder = folder_of(tmp_path, workers=rows.encode())
    labels = gm.read_csv(folder).labels
    assert (labels.worker_name[0], labels.worker_contact[0]) == ("李师傅", "138")
    folder_of(tmp_path, worker_attributes="worker_id,name,value\nw1,手机,138\n")
    with pytest.raises(InvalidMorningError, match="write it into the field 'contact'"):
        gm.read_csv(folder)


# -- what spreadsheets write ---------------------------------------------------------------------------------

NAMES = {
    "cp1252": ("müller", "José", "François"),
    "gb18030": ("李师傅", "王师傅", "赵师傅"),
    "big5": ("張師傅", "陳師傅", "劉師傅"),
    "shift_jis": ("佐藤", "鈴木さん", "高橋"),
    "utf-16": ("李师傅", "müller", "佐藤"),
}


@pytest.mark.parametrize("encoding", NAMES)
def test_old_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    """With headers in ASCII, where the names alone tell; what was read is told."""
    rows = "".join(f"{name},hall\n" for name in NAMES[encoding])
    files = {"workers": f"id,station_id\n{rows}".encode(encoding)}
    columns = gm.read_csv(folder_of(tmp_path, **files))
    assert set(columns.worker_ids) == set(NAMES[encoding])
    assert [note.key for note in columns.reading.notes] == ["notes.encoding"][encoding == "utf-16" :]


def test_all_files_of_a_folder_tell_in_which_encoding_they_are(tmp_path: Path) -> None:
    """One name could be anything; a file that is UTF-8 has it, too."""
    employers, refusals = "id\n李\n", "worker_id,employer_id\na,李\n"
    files = {
        "workers": "id,station_id\na,hall\n",
        "employers": employers.encode(),
        "worker_refusals": refusals.encode("gb18030"),
    }
    folder_of(tmp_path, **files, morning=MORNING.replace("Asia/Shanghai", "UTC"))
    assert len(gm.read_csv(tmp_path).refused_employer.key) == 1
    (tmp_path / "employers.csv").unlink()
    with pytest.raises(InvalidFileError, match=r"could be gb18030 \(李\).*--encoding gb18030"):
        gm.read_csv(tmp_path)
    (tmp_path / "employers.csv").write_bytes(employers.encode("gb18030"))
    assert len(gm.read_csv(tmp_path, encoding="gb18030").refused_employer.key) == 1
    with pytest.raises(InvalidFileError, match="is not in ascii"):
        gm.read_csv(tmp_path, encoding="ascii")
    with pytest.raises(InvalidInputError, match="no encoding 'klingon'"):
        gm.read_csv(tmp_path, encoding="klingon")


def test_where_the_morning_is_settles_what_could_be_two(tmp_path: Path) -> None:
    """A pair of bytes that UTF-8 has a rare letter for is Chinese in a morning of Shanghai."""
    folder_of(tmp_path, workers="id,station_id\n模,hall\n".encode("gb18030"))
    assert gm.read_csv(tmp_path).worker_ids == ("模",)


def test_what_could_be_two_is_what_the_files_beside_it_are(tmp_path: Path) -> None:
    """Beside UTF-8 it is UTF-8, too, unless only the other reading makes a name that they have."""
    employers = "id\n老王\n模\n"
    folder_of(tmp_path, employers=employers, workers="id,station_id\nwаng,hall\n")
    assert gm.read_csv(tmp_path).worker_ids == ("wаng",)
    folder_of(tmp_path, employers=employers, workers="id,station_id\n模,hall\n".encode("gb18030"))
    assert gm.read_csv(tmp_path).worker_ids == ("模",)


WORKER_ROWS = [["id", "station_id", "pay_floor_per_day"], ["a", "hall", "200"], ["b", "hall", "150"]]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_separators_are_found_out(tmp_path: Path, mark: str) -> None:
    """As spreadsheets of other countries write them."""
    text = "".join(mark.join(row) + "\n" for row in WORKER_ROWS)
    assert gm.read_csv(folder_of(tmp_path, workers=text)).workers.floor_per_day.tolist() == [200, 150]
    (tmp_path / "workers.csv").write_text(f"sep={mark}\n{text}", encoding="utf-8")
    assert gm.read_csv(tmp_path).worker_ids == ("a", "b")


def test_decimal_commas_stand_in_files_with_semicolons(tmp_path: Path) -> None:
    """A number that would be a thousand times another is refused, with both."""
    text = "id;home_lat;home_lon;home_datum;pay_floor_per_day\na;39,916;116,25;WGS-84;200,50\n"
    columns = gm.read_csv(folder_of(tmp_path, workers=text))
    assert columns.workers.floor_per_day.tolist() == [200.5]
    (tmp_path / "workers.csv").write_text(text.replace("200,50", "1,200"), encoding="utf-8")
    with pytest.raises(InvalidMorningError, match=r"Got '1,200 \(1200\? 1.200\?\)'"):
        gm.read_csv(tmp_path)


def test_what_is_no_row_is_told_of(tmp_path: Path) -> None:
    """A title, headers again, empty rows, a sum, a column without a name; rows keep their number."""
    header = "编号,驿站编号,评分,\n"
    rows = f"零工名单,,,\n,,,\n{header}a,hall,4,x\n,,,\n{header}b,hall,nine,\n合计,2,,\n"
    folder_of(tmp_path, workers=rows.replace("nine", "5"))
    columns = gm.read_csv(tmp_path)
    assert columns.worker_ids == ("a", "b")
    assert [note.key.removeprefix("notes.") for note in columns.reading.notes] == [
        *("title_rows", "empty_rows", "header_again", "total_row", "columns_not_read")
    ]
    assert "workers.csv, row 8: begins with '合计'" in columns.reading.notes[3]
    assert "column (D)" in columns.reading.notes[4]
    assert all(note.text("zh") != note for note in columns.reading.notes)
    folder_of(tmp_path, workers=rows)
    with pytest.raises(InvalidMorningError, match=r"workers.csv, row 7, column 评分 \(rating\)"):
        gm.read_csv(tmp_path)


def test_a_first_column_without_a_header_hides_no_row(tmp_path: Path) -> None:
    """As frames write their index: the rows below are no headers, and one that is, is told of."""
    workers = ",id,station_id\n0,w1,hall\n1,w2,hall\n,id,station_id\n2,w3,hall\n"
    columns = gm.columns_from_files(folder_of(tmp_path, workers=workers))
    assert columns.worker_ids == ("w1", "w2", "w3")
    told = [note.text() for note in columns.reading.notes]
    assert "workers.csv: 1 row repeats the headers and was not read" in told
    assert any("column (A)" in text and "3 cells were not read" in text for text in told)


def test_sums_between_rows_and_lines_below_are_told_of(tmp_path: Path) -> None:
    """Also with their figure, and who made the table; who is called so and has a full row is somebody."""
    rows = "id,station_id,rating\na,hall,4\n小计,,4\nTotal,hall,5\nb,hall,\n合计：3人,,\n制表人：王芳,,\n"
    columns = gm.read_csv(folder_of(tmp_path, workers=rows))
    assert columns.worker_ids == ("Total", "a", "b")
    rows_of_notes = [note.values["place"].values["row"] for note in columns.reading.notes]
    assert rows_of_notes == [3, 6, 7]


def test_a_cell_that_becomes_cells_of_several_tables_is_told_of_once(tmp_path: Path) -> None:
    """And what a spreadsheet puts in the place of a name is not taken apart for its stroke."""
    folder_of(tmp_path, workers="id,station_id,skills\n#REF!,hall,mason;helper\nb,hall,#N/A\n")
    with pytest.raises(InvalidMorningError) as caught:
        gm.read_csv(tmp_path)
    assert [problem.path for problem in caught.value.problems] == [
        "workers.csv, row 3, column skills",
        "workers.csv, row 2, column id",
    ]


def test_ids_are_tidied_before_tables_are_made_of_them(tmp_path: Path) -> None:
    """Shifts of one employer, with a blank behind the name in some rows, have one employer."""
    shifts = (
        "id,employer_id,lat,lon,datum,pay_amount,pay_unit,start_min,end_min\n"
        's,wang,39.9,116.2,高德,"1,200",day,8:00,５点\n'.replace("５点", "17:00")
        + "t,wang\u00a0,39.9,116.2,WGS84,300元,day,0800,下午5点\n"
    )
    columns = gm.read_csv(folder_of(tmp_path, workers="id,station_id\na,hall\n", shifts=shifts))
    assert columns.employer_ids == ("wang",)
    assert columns.shifts.pay_per_day.tolist() == [1200, 300]
    assert [note.key for note in columns.reading.notes] == ["notes.ids_tidied"]


def test_tables_that_are_not_read_are_named(tmp_path: Path) -> None:
    """One that a morning would miss is an error; any other is a note."""
    folder_of(tmp_path, workers="id,station_id\na,hall\n")
    (tmp_path / "old.xls").write_bytes(b"")
    (tmp_path / "~$零工.xlsx").write_bytes(b"")
    assert [note.key for note in gm.columns_from_files(tmp_path).reading.notes] == ["notes.file_not_read"]
    (tmp_path / "班次.ods").write_bytes(b"")
    with pytest.raises(InvalidFileError, match=r"班次.ods: is a table in a form that is not read"):
        gm.columns_from_files(tmp_path)


def test_what_shifts_ask_for_and_nobody_has_is_told(tmp_path: Path) -> None:
    """With the name that somebody has; the same from tables and from objects, and with the answer."""
    shifts = (
        "id,employer_id,lat,lon,datum,pay_amount,pay_unit,start_min,end_min,skills\n"
        "s,wang,39.9,116.2,GCJ-02,200,day,8:00,17:00,泥瓦工\nt,wang,39.9,116.2,GCJ-02,200,day,8:00,17:00,小工\n"
    )
    folder_of(
        tmp_path,
        workers="id,station_id,skills\na,hall,瓦工\n",
        shifts=shifts,
        skill_covers="skill,covered\n瓦工,小工\n",
        shift_credentials="shift_id,kind\ns,Height Work\n",
        credentials="worker_id,kind\na,height-work\n",
        worker_refusals="worker_id,employer_id\na,Wang\na,zhao\n",
        requests="worker_id,shift_id\nA,s\nb,s\n",
    )
    columns = gm.read_csv(tmp_path)
    *notes, absent = columns.notes
    assert [note.values["name"] for note in notes] == ["泥瓦工", "Height Work", "Wang", "A"]
    assert str(absent) == "1 person who was asked for by name is not here this morning: 'b'"
    assert [note.values["near"] for note in notes] == ["瓦工", "height-work", "wang", "a"]
    morning = gm.morning_from_files(tmp_path)
    assert columns_of(morning).notes == columns.notes == gm.match(morning).notes == gm.match(columns).notes


def test_headers_that_people_use_as_well(tmp_path: Path) -> None:
    """Synonyms, in either language, for a column that has no header of its own."""
    folder_of(
        tmp_path,
        workers="工号,Station,名字,手机,电话\na,hall,王芳,1,2\n",
        morning=MORNING.replace("currency", "货币"),
    )
    columns = gm.read_csv(tmp_path)
    assert (columns.worker_ids, columns.labels.worker_name[0], columns.labels.worker_contact[0]) == (
        ("a",),
        "王芳",
        "2",
    )
    (note,) = columns.reading.notes
    assert "手机" in str(note)
