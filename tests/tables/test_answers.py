"""An answer as tables: who goes where as people say it, rounded, and in the language asked for."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import gigmatch as gm
from catalogues import TEXTS
from gigmatch.assignment.entries import OpenShift, Unplaced
from gigmatch.i18n import Told
from gigmatch.model import Pay
from gigmatch.pages.html import plain
from gigmatch.tables import answers
from page_reader import HOSTILE
from tests.conftest import a_morning, a_shift, a_worker, matched

pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def answer() -> gm.Assignment:
    return matched("jingshi", seed=7)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_placements_say_where_when_and_what(answer: gm.Assignment) -> None:
    """In the words of the pages, in order of placement; figures rounded, and never a name."""
    told = gm.assignment_frame(answer).to_pylist()
    shifts = answer.placed_shifts()
    assert [(row["worker_id"], row["shift_id"]) for row in told] == list(answer.pairs)
    for row, placed in zip(told, answer.placements, strict=True):
        said = row["shift_title"], row["skill"], row["shift_place"], row["time"]
        assert said == tuple(shifts[placed.shift_id])
        assert all(said)
        assert (row["minutes"], row["kept"]) == (round(placed.minutes), placed.kept)
        assert (row["points"], row["pay_total"]) == (placed.points, round(placed.pay_total, 2))
        assert "worker_name" not in row


def test_people_call_a_shift_as_pages_do(answer: gm.Assignment) -> None:
    """Where it is, what it is and when it begins; the last rows are counted, none where all are shown."""
    lines = answer.placements_text(lang="zh", most=8).splitlines()
    assert "金顶街 · 装卸工 20:00  9月19日（周五） 20:00–次日 04:00" in lines[8]
    assert lines[9] == f"……另有 {len(answer.pairs) - 8} 条"
    assert len(answer.placements_text(most=len(answer.pairs)).splitlines()) == len(answer.pairs) + 1
    for most in (0, True, 2.0):
        with pytest.raises(gm.InvalidInputError, match="most must be a whole number of at least 1"):
            answer.placements_text(most=most)


def test_names_are_told_where_they_are_known() -> None:
    """On the screen by themselves, in tables if asked for, beside the id; none moves the cursor."""
    worker = a_worker("w").model_copy(update={"name": f"Li\x1b[2J{HOSTILE}", "contact": "PHONE"})
    shift = a_shift("s", title="Wall", address="Gate 3", pay=Pay(amount=99.999, unit="day"))
    morning = a_morning(worker, a_worker("v"), shift, a_shift("t"))
    answer = gm.match(morning)
    assert "Li" in (text := answer.placements_text())
    assert plain(text.replace("\n", "")) == text.replace("\n", "")
    assert max(map(len, text.splitlines())) < 120
    names = ["worker_name", "worker_contact", "shift_address"]
    assert not {*names} & {*gm.assignment_frame(answer).column_names}
    asked = gm.assignment_frame(answer, names_from=morning)
    assert asked.column_names[:4] == ["worker_id", *names[:2], "shift_id"]
    by_worker = {row["worker_id"]: row for row in asked.to_pylist()}
    assert {row["shift_id"] for row in by_worker.values()} == {"s", "t"}
    assert by_worker["w"]["worker_contact"] == "PHONE"
    (at_wall,) = (row for row in by_worker.values() if row["shift_id"] == "s")
    assert (at_wall["shift_title"], at_wall["shift_address"], at_wall["pay_total"]) == ("Wall", "Gate 3", 100)


def test_chinese_tables_are_chinese(tmp_path: Path) -> None:
    """Headers as files of mornings have them, facts and what is so; the file with the proof is the same."""
    answer = matched("jingshi", seed=7)
    for lang in ("en", "zh-CN"):
        gm.assignment_to_files(answer, tmp_path / lang, lang=lang)
    english, chinese = tmp_path / "en", tmp_path / "zh-CN"
    assert [path.name for path in sorted(chinese.iterdir())] == [p.name for p in sorted(english.iterdir())]
    for path in chinese.glob("*.csv"):
        header = path.read_text(encoding="utf-8-sig").splitlines()[0]
        assert header.isascii() is False
        assert not any(character.isalpha() and character.isascii() for character in header)
    placed = rows(chinese / "placements.csv")
    assert {row["已约定"] for row in placed} == {"否"}
    assert [row["零工编号"] for row in placed] == [worker for worker, _ in answer.pairs]
    pairs = zip(rows(english / "unplaced.csv"), rows(chinese / "unplaced.csv"), strict=True)
    assert {(mine["fact"], theirs["情况"]) for mine, theirs in pairs} == {
        ("eligible, not placed", "符合条件，未安排"),
        ("no eligible shift", "没有符合条件的班次"),
    }
    assert rows(chinese / "warnings.csv")[0]["规则要求"] == answer.warnings[0].text("zh")
    assert (english / "assignment.json").read_bytes() == (chinese / "assignment.json").read_bytes()


def test_every_header_and_fact_has_its_text() -> None:
    """English headers are the names in code; none is left over."""
    columns = {name for table in answers._COLUMNS.values() for name in table}
    facts = {fact for entry in (Unplaced, OpenShift) for fact in get_args(get_type_hints(entry)["fact"])}
    told = {name: answers._header(name, "zh") for name in columns}
    assert [name for name, header in told.items() if header == name] == []
    assert {name: answers._header(name, "en") for name in columns} == {name: name for name in columns}
    texts = {key: forms[0] for key, forms in TEXTS["en"].items() if key.startswith("answers.")}
    keys = {Told.named("answers", name).key for name in facts | {"yes", "no"}}
    assert keys <= texts.keys() <= keys | {f"answers.{name}" for name in columns}
    assert {texts[Told.named("answers", fact).key] for fact in facts} == facts


def test_a_loaded_answer_tells_of_shifts_with_its_morning() -> None:
    """Nothing is told without it; ids and figures always are."""
    morning = a_morning(a_worker(), a_shift("s", title="Wall"))
    made = gm.match(morning)
    loaded = gm.Assignment.from_json(made.to_json())
    (alone,) = gm.assignment_frame(loaded).to_pylist()
    assert (alone["shift_title"], alone["time"], alone["shift_id"], alone["pay_total"]) == ("", "", "s", 200)
    frames = [gm.assignment_frame(each, names_from=morning) for each in (made, loaded)]
    assert frames[0].equals(frames[1])
    with pytest.raises(gm.InvalidInputError, match="morning"):
        loaded.placements_text()
    assert gm.match(a_morning(a_shift())).placements_text() == ""
