"""The command line with folders of tables: in, out, from one form into another, in two languages."""

from __future__ import annotations

import csv
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gigmatch as gm
from gigmatch.cli import commands
from gigmatch.cli.formats import SAMPLES

MORNING = "日期,时区,币种,名称,纬度,经度,坐标系\n2025/9/19,Asia/Shanghai,CNY,零工市场,39.9,116.195,WGS-84\n"
WORKERS = "编号,工种,最低日薪\n老李,瓦工、小工,200\n老赵,小工,\n老王,木工,\n"
SHIFTS = (
    "编号,雇主编号,纬度,经度,坐标系,工种,开始时间,结束时间,报酬,计酬单位\n"
    "砌墙,王家,39.91,116.2,WGS-84,瓦工,08:00,17:00,260,天\n"
    "搬砖,王家,39.91,116.2,WGS-84,小工,08:00,17:00,180,天\n"
)


def run(*words: object, **environment: str):
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(commands.app, [str(word) for word in words], env=environment)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a newcomer has: three files, saved by Excel in China."""
    made = tmp_path / "tables"
    made.mkdir()
    for name, text in (("早市", MORNING), ("零工", WORKERS), ("班次", SHIFTS)):
        (made / f"{name}.csv").write_bytes(text.encode("gb18030"))
    return made


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


GB18030 = "注意：早市.csv、班次.csv、零工.csv：不是 UTF-8，按 GB18030 读取；其中一格是 '日期'\n"


def test_three_files_give_an_assignment(folder: Path, tmp_path: Path) -> None:
    """Tables in, tables out, and a proof that checks and explains from the same folder."""
    out = tmp_path / "answer"
    code, text, error = run("solve", folder, "--out", out, "--lang", "zh")
    assert (code, error) == (0, "")
    assert text.startswith("3 名零工，2 个班次共 2 个名额")
    assert GB18030 in text
    header, *placed = rows(out / "placements.csv")
    assert header[:6] == ["零工编号", "班次编号", "工作名称", "工种", "地点", "时间"]
    assert [row[:4] for row in placed] == [["老李", "砌墙", "瓦工", "瓦工"], ["老赵", "搬砖", "小工", "小工"]]
    assert [row[6] for row in placed] == ["260", "180"]
    assert all("08:00–17:00" in row[5] and row[7].isdecimal() and row[9] == "否" for row in placed)
    assert rows(out / "unplaced.csv")[1:] == [["老王", "0", "没有符合条件的班次"]]
    assert [len(rows(out / f"{name}.csv")) for name in ("open_shifts", "warnings", "left_out")] == [1, 1, 1]
    code, text, _ = run("check", folder, out / "assignment.json", "--lang", "zh")
    assert (code, text.startswith("验证通过：2 人已安排，已证明最优")) == (0, True)
    code, text, _ = run("explain", folder, out / "assignment.json", "--worker", "老王", "--lang", "zh")
    assert (code, text.startswith("老王 没有班次")) == (0, True)
    code, text, _ = run("advise", folder, out / "assignment.json", "--worker", "老王")
    assert (code, "老王" in text) == (0, True)
    walk_in = tmp_path / "walk-in.json"
    walk_in.write_text(
        '{"id": "新来的", "station_id": "market", "skills": [{"skill": "瓦工"}]}', encoding="utf-8"
    )
    code, text, _ = run("explain", folder, out / "assignment.json", "--newcomer", walk_in)
    assert (code, text.startswith("Shifts for 新来的")) == (0, True)


def test_forms_can_be_mixed(folder: Path, tmp_path: Path) -> None:
    """What was made from tables is verified against JSON, and the other way round; another morning is not."""
    morning, out, answer = tmp_path / "m.json", tmp_path / "answer", tmp_path / "a.json"
    assert run("convert", folder, morning)[0] == 0
    assert run("solve", folder, "--out", out)[0] == run("solve", morning, "--out", answer)[0] == 0
    for assignment in (out / "assignment.json", answer):
        for source in (folder, morning):
            assert run("check", source, assignment)[0] == 0
            assert run("explain", source, assignment, "--shift", "砌墙", "--worker", "老赵")[0] == 0
    (folder / "零工.csv").write_text(WORKERS.replace("200", "201"), encoding="utf-8")
    run("convert", folder, morning)
    for assignment in (out / "assignment.json", answer):
        for source in (folder, morning):
            code, _, error = run("check", source, assignment)
            assert (code, "from another morning" in error) == (2, True)


def test_bad_rows_are_refused_or_listed(folder: Path, tmp_path: Path) -> None:
    """With file, row and column as in the spreadsheet; left out they are counted, listed and written."""
    (folder / "零工.csv").write_text(WORKERS.replace("200", "两百") + "老赵,小工,\n", encoding="utf-8")
    code, text, error = run("solve", folder)
    assert (code, text) == (2, "")
    assert "零工.csv, row 2, column 最低日薪 (pay_floor_per_day): is no finite number. Got '两百'." in error
    assert "零工.csv, row 5, column 编号 (id): is already 零工.csv, row 3, column 编号 (id)" in error
    out = tmp_path / "answer"
    code, text, error = run("solve", folder, "--on-error", "collect", "--out", out)
    assert (code, text.startswith("2 workers")) == (0, True)
    listed = rows(out / "left_out.csv")[1:]
    assert f"left out: {len(listed)} rows" in error
    assert all(f"  {place}: {why}" in error for _, _, why, place in listed)
    assert {place for _, _, _, place in listed} == {"零工.csv, row 2", "零工.csv, row 5"}
    words = ("check", folder, out / "assignment.json")
    assert run(*words, "--on-error", "collect")[0] == 0
    assert run(*words)[0] == 2
    answer = tmp_path / "a.json"
    data = json.loads(run("solve", folder, "--on-error", "collect", "--json", "--out", answer)[1])
    assert len(data["left_out"]) == len(listed)
    assert len(json.loads((tmp_path / "a.left_out.json").read_bytes())) == len(listed)


def test_bad_rows_can_be_left_out_everywhere(folder: Path, tmp_path: Path) -> None:
    """The same report on standard error from every command that reads a morning, and pages of the answer."""
    (folder / "零工.csv").write_text(WORKERS.replace("200", "两百"), encoding="utf-8")
    out, made = tmp_path / "answer", tmp_path / "made"
    assert run("solve", folder, "--on-error", "collect", "--out", out)[0] == 0
    commands_with_words = [
        ("convert", folder, made),
        ("check", folder, out),
        ("explain", folder, out, "--worker", "老赵"),
        ("explain", folder, out, "--skills"),
        ("advise", folder, out, "--worker", "老王"),
        ("report", folder, out, "--out", tmp_path / "r.html"),
        ("board", folder, out, "--text"),
        ("slips", folder, out, "--out", tmp_path / "s.html"),
    ]
    for words in commands_with_words:
        assert run(*words)[0] == 2, words
        code, _, error = run(*words, "--on-error", "collect")
        note, *_ = error.splitlines()
        left_out = next(line for line in error.splitlines() if line.startswith("left out"))
        assert (code, left_out) == (0, "left out: 3 rows (workers 1, worker_skills 2)"), words
        assert note.startswith("note: 早市.csv, 班次.csv: read as GB18030"), words
        assert "  零工.csv, row 2: pay_floor_per_day: is no finite number. Got '两百'." in error
    assert gm.columns_from_files(made).worker_ids == gm.Assignment.load(out / "assignment.json").worker_ids


def test_training_for_several_mornings(tmp_path: Path) -> None:
    """One programme for all of them, from files and folders alike; checked in the order it was made for."""
    mornings = []
    for name, seed, form in (("mon", 7, ".json"), ("tue", 8, "")):
        run("sample", "jingshi", "--size", 60, "--seed", seed, "--out", tmp_path / f"{name}{form}")
        run("solve", tmp_path / f"{name}{form}", "--out", tmp_path / f"answer-{name}")
        mornings.append([tmp_path / f"{name}{form}", tmp_path / f"answer-{name}"])
    both, programme = [path for pair in mornings for path in pair], tmp_path / "p.json"
    assert run("advise", *both, "--train", 2, "--out", programme)[0] == 0
    made = gm.TrainingProgramme.load(programme)
    assert (len(made.mornings), len(made.lessons)) == (2, 2)
    drawn = [gm.samples.jingshi(seed=seed, workers=60) for seed in (7, 8)]
    assert gm.in_words(made, *drawn) + "\n" == run("advise", *both, "--train", 2)[1]
    code, text, _ = run("check", *both, "--programme", programme)
    assert (code, text.splitlines()[-1]) == (0, "verified: a training programme for 2 mornings")
    code, _, error = run("check", *mornings[1], *mornings[0], "--programme", programme)
    assert (code, error.startswith("rejected: mornings[0]")) == (1, True)
    for words, message in (
        (("advise", *both[:3], "--train", 2), "in pairs"),
        (("advise", *both, "--worker", "x"), "for --train"),
        (("check", *both), "for --programme"),
        (("check", *both[:2], "--programme", both[0]), "this is a morning, not a training programme"),
    ):
        code, _, error = run(*words)
        assert (code, message in error) == (2, True)


@pytest.mark.parametrize("form", ["csv", "parquet", "json"])
def test_a_city_is_written(tmp_path: Path, form: str) -> None:
    """The morning that is solved as it is drawn, in every form."""
    out = tmp_path / ("city.json" if form == "json" else "city")
    assert run("sample", "--name", "city", "--size", 300, "--seed", 3, "--out", out, "--to", form)[0] == 0
    drawn = gm.samples.city(300, 60, 3)
    if form == "json":
        assert gm.match(gm.Morning.load(out)).solved.columns.digest() == drawn.digest()
    else:
        assert gm.columns_from_files(out).digest() == drawn.digest()


def test_names_with_capitals_are_the_same_names(tmp_path: Path) -> None:
    """Of files, columns and choices, as people type them."""
    for name, text in (
        (
            "Morning",
            "Date,Time zone,currency,Name,Lat,Lon,Datum\n2025-09-19,Asia/Shanghai,CNY,H,39.9,116.2,wgs-84\n",
        ),
        ("workers", "ID,Skills,Pay floor per day\nli,mason,200\n"),
        (
            "shifts",
            "Id,Employer-ID,Lat,Lon,Datum,Skills,Start min,End_Min,Pay amount,Pay unit\n"
            "wall,wang,39.91,116.2,WGS-84,mason,8:00,17:00,260,Day\n",
        ),
    ):
        (tmp_path / f"{name}.CSV").write_text(text)
    assert run("solve", tmp_path, "--json")[0] == 0
    (tmp_path / "workers.CSV").unlink()
    code, _, error = run("solve", tmp_path)
    assert (code, error) == (0, "note: the morning has no workers; is the file workers.csv in the folder?\n")
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "Book.xls").touch()
    assert "save every sheet of Book.xls as CSV" in run("solve", tmp_path / "only")[2]
    assert "save it as .xlsx, a sheet per table" in run("solve", tmp_path / "only" / "Book.xls")[2]


def test_many_bad_rows_are_not_all_shown(folder: Path) -> None:
    """The rest is counted."""
    bad = "".join(f"老{at},小工,不知道\n" for at in range(30))
    (folder / "零工.csv").write_text(WORKERS + bad, encoding="utf-8")
    code, _, error = run("solve", folder, "--on-error", "collect")
    assert (code, error.splitlines()[-1].startswith("  ... and 40 more; `gigmatch solve --out`")) == (0, True)


def test_convert_there_and_back(tmp_path: Path) -> None:
    """JSON to CSV to Parquet and back: the same bytes."""
    gm.samples.jingshi(workers=60).save(tmp_path / "a.json")
    for source, out in (("a.json", "csv"), ("csv", "parquet"), ("parquet", "b.json")):
        code, text, error = run("convert", tmp_path / source, tmp_path / out)
        assert (code, text, error) == (0, f"written: {tmp_path / out}\n", "")
    assert (tmp_path / "csv" / "workers.csv").is_file()
    assert (tmp_path / "parquet" / "workers.parquet").is_file()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_folder_of_parquet_is_answered_in_parquet(tmp_path: Path) -> None:
    """Unless another form is asked for."""
    assert (
        run("sample", "--name", "jingshi", "--size", 60, "--out", tmp_path / "in", "--to", "parquet")[0] == 0
    )
    assert run("solve", tmp_path / "in", "--out", tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "placements.parquet").is_file()
    assert run("solve", tmp_path / "in", "--out", tmp_path / "csv", "--to", "csv")[0] == 0
    assert (tmp_path / "csv" / "placements.csv").is_file()
    assert run("solve", tmp_path / "in", "--out", tmp_path / "a.json")[0] == 0
    saved = [gm.Assignment.load(path) for path in (tmp_path / "a.json", tmp_path / "out" / "assignment.json")]
    assert saved[0].pairs == saved[1].pairs


def test_a_city_is_solved_as_it_is_drawn() -> None:
    """Straight into columns."""
    code, text, _ = run("solve", "--sample", "city", "--size", 300)
    assert (code, text.startswith("300 workers")) == (0, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["solve", "{tables}", "--out", "{tables}"], "is the folder that the tables are read from"),
        (["solve", "{tables}", "--out", "{file}"], "is a file; give a folder"),
        (["solve", "{tables}", "--out", "{tables}", "--to", "json"], "is a folder; give a file"),
        (["solve", "{file}"], "is one table; give the folder"),
        (["solve", "{json}", "--on-error", "collect"], "--on-error, --extra and --encoding are for tables"),
        (["convert", "{tables}", "{tables}"], "is the folder that the tables are read from"),
        (["solve", "{empty}"], "has no table; give a file per table"),
        (["solve", "{tables}", "--on-error", "ignore"], "is not one of"),
    ],
)
def test_a_mistake_with_folders_is_named(
    folder: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    """Code 2 and the way out, before any work."""
    (tmp_path / "m.json").write_text("{}")
    (tmp_path / "empty").mkdir()
    names = {
        "tables": folder,
        "file": folder / "零工.csv",
        "json": tmp_path / "m.json",
        "empty": tmp_path / "empty",
    }
    code, text, error = run(*(word.format(**names) for word in words))
    assert (code, text, "Traceback" in error) == (2, "", False)
    assert message in " ".join(error.replace("│", " ").split())


# -- two languages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "",
        "solve",
        "convert",
        "sample",
        "check",
        "explain",
        "advise",
        "schema",
        "report",
        "board",
        "slips",
        "warmup",
    ],
)
def test_help_in_both_languages(command: str) -> None:
    """By option and by environment; the option is stronger."""
    words = [command] if command else []
    assert "Examples:" in run(*words, "--help")[1]
    assert "示例：" in run(*words, "--lang", "zh", "--help")[1]
    assert "示例：" in run(*words, "--help", GIGMATCH_LANG="zh_CN.UTF-8")[1]
    assert "Examples:" in run(*words, "--lang", "en", "--help", GIGMATCH_LANG="zh")[1]


def test_chinese_help_is_not_cut_off() -> None:
    """Lines are folded where Rich would end them with dots; the language holds even after --help."""
    for words in (
        ["--help", "--lang", "zh"],
        ["explain", "--help", "--lang=zh"],
        ["solve", "--help", "--lang", "zh"],
    ):
        text = run(*words, COLUMNS="80")[1]
        assert ("示例：" in text, "显示本帮助" in text, "…" in text) == (True, True, False)


def test_messages_in_chinese() -> None:
    """Whichever way it is asked for; the next command speaks as it is asked."""
    assert run("--lang", "zh", "solve")[2] == "错误：请给出早市的文件或 --sample，二者之一\n"
    assert run("solve", GIGMATCH_LANG="zh")[2].startswith("错误：")
    assert run("solve")[2].startswith("error: give a morning's file or --sample")
    assert run("solve", GIGMATCH_LANG="de_DE")[2].startswith("error: ")


def test_what_a_terminal_cannot_show_is_escaped(folder: Path) -> None:
    """No traceback where the encoding has no Chinese."""
    words = [sys.executable, "-m", "gigmatch.cli", "solve", str(folder), "--lang", "zh"]
    env = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(words, capture_output=True, encoding="latin-1", env=env, check=False)
    assert (done.returncode, done.stderr.isascii()) == (0, True)
    assert "\\u540d" in done.stdout


def test_every_sample_is_known() -> None:
    """Whatever draws a morning from a seed can be asked for by its name."""
    made = {
        name for name in gm.samples.__all__ if _gives(getattr(gm.samples, name)) in ("Morning", "Columns")
    }
    assert made == {name for name in SAMPLES if hasattr(gm.samples, name)}


def _gives(function: object) -> object:
    return inspect.signature(function).return_annotation if inspect.isfunction(function) else None


def test_days_and_crews_are_solved_from_a_folder(folder: Path) -> None:
    """Two shifts in order of time, a crew and two who go together, and what a shift lacks on the board."""
    workers = "编号,最多班次\n老李,2\n老赵,\n老王,\n"
    heads = "编号,雇主编号,纬度,经度,坐标系,开始时间,结束时间,报酬,计酬单位,人数,最少人数,班组编号\n"
    shifts = (
        ("保洁", "06:00,09:00,90,班次,1,,"),
        ("洗碗", "18:00,22:00,110,班次,1,,"),
        ("砌墙", "07:00,17:00,300,班次,2,,墙组"),
        ("分拣", "19:00,23:00,130,班次,4,4,"),
    )
    for name, text in (
        ("零工", workers),
        ("班次", heads + "".join(f"{key},王家,39.91,116.2,WGS-84,{rest}\n" for key, rest in shifts)),
        ("班组", "编号,名称\n墙组,王家砌墙班\n"),
        ("结伴", "编号\n夫妻\n"),
        ("结伴成员", "结伴编号,零工编号\n夫妻,老赵\n夫妻,老王\n"),
    ):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    code, out, err = run("solve", folder, "--out", folder / "answer", "--lang", "zh")
    assert code == 0, err
    assert "未抽签" in out
    assert [row[:2] for row in rows(folder / "answer" / "placements.csv")[1:]] == [
        ["老李", "保洁"],
        ["老李", "洗碗"],
        ["老王", "砌墙"],
        ["老赵", "砌墙"],
    ]
    page = folder / "board.html"
    code, _, err = run("board", folder, folder / "answer", "--lang", "zh", "--out", page)
    assert code == 0, err
    assert "满 4 人才开工：还差 4 人" in page.read_text(encoding="utf-8")
    pair = (folder, folder / "answer", "--lang", "zh")
    assert run("check", *pair)[1].startswith("验证通过：4 人次已安排")
    for command, *more in (("advise",), ("explain", "--recommend")):
        code, _, err = run(command, *pair, "--worker", "老李", *more)
        assert (code, "--shift" in err, "why_" in err) == (2, True, False)
