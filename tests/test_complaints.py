"""The shell's errors in Chinese: every message has its sentence, and loses nothing of what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import fuzz_files
import gigmatch as gm
from gigmatch.cli import complaints
from gigmatch.cli.complaints import CATALOGUE, in_chinese, place, reason
from gigmatch.cli.complaints.skeletons import Skeleton
from rules.oracle import STEADY

HAN = re.compile("[\u4e00-\u9fff]")
SOURCE = Path(gm.__file__).parent
# What only Python code can do wrong: its own objects, arrays, plug-ins, plots and tests.
OF_PYTHON = (
    *("plot.py", "testing", "problem", "plugins.py", "scoring.py", "pairs.py", "travel.py", "matching.py"),
    *("solvers/_flow.py", "solvers/levels.py", "solvers/auction", "samples/days.py", "__init__.py"),
)
ALSO_OF_PYTHON = (
    "a finding is about one pair",
    "must explain with a Finding",
    "rules are",
    "]: pass a list of rules",
    "a rule is a callable",
    "declares prunes=",
    "leaves its severity to the law",
    "a scorer is a callable",
    "give (scorer, weight)",
    "no scorer is named",
    "gave ",
    "mornings is empty",
    "must be (morning, assignment)",
    "is not eligible for shift row",
    "cancel must offer is_set()",
)


def said(error: str) -> str:
    return in_chinese(gm.GigmatchError(error))


def _literals(node: ast.expr) -> list[str] | None:
    """The text of a message between its holes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        parts = [""]
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts[-1] += str(value.value)
            else:
                parts.append("")
        return parts
    return None


def _raised() -> Iterator[tuple[str, list[str]]]:
    """Where a message is raised, and its text between the holes."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(OF_PYTHON):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                called = ast.unparse(node.exc.func)
                message = node.exc.args[1 if called == "PydanticCustomError" else 0]
                if called.endswith("Error") and (parts := _literals(message)) and any(parts):
                    yield f"{name}:{node.lineno}", parts


MESSAGES = dict(_raised())


def test_there_are_messages() -> None:
    assert len(MESSAGES) > 100


@pytest.mark.parametrize("where", MESSAGES)
def test_every_message_has_its_sentence(where: str) -> None:
    """A new message of the library needs an entry in the catalogue, or a word on why nobody will see it."""
    parts = MESSAGES[where]
    if any(known in part for known in ALSO_OF_PYTHON for part in parts):
        return
    text = parts[0] + "".join(f"v{at}v{part}" for at, part in enumerate(parts[1:]))
    if not re.search("[a-z]", re.sub(r"reasons|mornings|broken", "", "".join(parts))):
        return  # a place and another message
    told = said(text)
    assert HAN.search(told), text
    twice = "ask why(" in text or "ask recommend(" in text  # the same id, as Python is asked
    assert all(f"v{at}v" in told for at in range(len(parts) - 1 - twice)), told


# Whatever names and files may hold, but no words, which could be those of another message.
HOSTILE = st.text("'\"\\{}%\n\t:;.,[]0<&>$\u202e工", min_size=1, max_size=6)


WITH_HOLES = [text for text in CATALOGUE if Skeleton.of(text).names]


@settings(STEADY, max_examples=1000)
@given(st.sampled_from(WITH_HOLES), st.data())
def test_whatever_stands_in_a_hole_is_kept(english: str, data: Any) -> None:
    skeleton = Skeleton.of(english)
    values = [data.draw(HOSTILE) for _ in skeleton.names]
    if any(value.startswith((":", ".")) or value.endswith((":", ".")) for value in values):
        return  # these touch the marks between two messages
    text = skeleton.literals[0]
    for value, literal in zip(values, skeleton.literals[1:], strict=True):
        text += value + literal
    told = said(text)
    assert HAN.search(told.replace("工", "")) or not HAN.search(CATALOGUE[english])
    assert all(value in told for name, value in zip(skeleton.names, values, strict=True) if name in told)


@pytest.mark.parametrize("english", CATALOGUE)
def test_a_sentence_has_only_holes_that_the_message_has(english: str) -> None:
    asked = set(Skeleton.of(CATALOGUE[english]).names)
    assert asked <= set(Skeleton.of(english).names)
    assert CATALOGUE[english].format(**dict.fromkeys(asked, "x"))


def test_spoilt_files_are_answered_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every problem of every file, and every row that is left out; the values stay as they are."""
    errors: list[gm.GigmatchError] = []
    rows: set[gm.tables.LeftOut] = set()

    def listening(read: Any) -> Any:
        def reading(*args: Any, **options: Any) -> Any:
            try:
                found = read(*args, **options)
            except gm.GigmatchError as error:
                errors.append(error)
                raise
            rows.update(getattr(found, "left_out", ()))
            return found

        return reading

    bases = fuzz_files.Bases()
    monkeypatch.setattr(gm, "columns_from_files", listening(gm.columns_from_files))
    for kind in (gm.Morning, gm.Assignment, gm.Policy, gm.Reasons):
        monkeypatch.setattr(kind, "load", staticmethod(listening(kind.load)))
    for number in range(1000, 1150):
        fuzz_files.check(number, bases)
    assert len(errors) > 100
    assert len(rows) > 20
    for error in errors:
        problems = error.problems if isinstance(error, gm.InvalidMorningError) else [("", str(error))]
        told = in_chinese(error)
        for path, message in problems[:100]:
            assert HAN.search(said(message)), message
            got = re.search(r"Got ('[^']*')\.$", message)
            assert got is None or got[1] in told
            assert place(path) in told
    for row in rows:
        assert HAN.search(reason(row.why)), row.why


@pytest.mark.parametrize("n", [10, 20, 21, 3000])
@pytest.mark.parametrize(
    "part", ["x: ", "a; b: ", "a: b; c. d, ", "f.csv: cannot be read (", "is not JSON ("]
)
def test_however_long_and_hostile_it_takes_few_looks(part: str, n: int) -> None:
    """Text that looks like message within message is not taken apart in every way that there is."""
    complaints._told.cache_clear()
    said("f: names a column twice, or by two of its names: " + part * n)
    assert complaints._told.cache_info().misses < 2000


def test_a_message_without_an_entry_is_told_as_it_is() -> None:
    assert said("the moon is made of cheese: {x}") == "the moon is made of cheese: {x}"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Field required.", "缺少这一项；请补上。"),
        (
            "a.json: is not JSON (expected value at line 1 column 2)",
            "a.json：不是 JSON（第 1 行第 2 个字符处：应有一个值）；请改正文件，或重新导出",
        ),
        (
            "'worker' is no table of the schema; did you mean 'workers'? Its tables are a, b.",
            "'worker' 不是规定的表名；是不是 'workers'？规定的表有：a, b。",
        ),
    ],
)
def test_sentences(english: str, chinese: str) -> None:
    assert said(english) == chinese


def test_places() -> None:
    assert place("零工.csv, row 3, column 评分 (rating)") == "零工.csv，第 3 行，列 评分 (rating)"
    assert place("workers.csv, row 3, column rating") == "workers.csv，第 3 行，列 rating（评分）"
    assert place("workers[3].rating") == "workers[3].rating（评分）"
    assert place("no place; at all") == "no place; at all"


def test_the_shell_answers_in_the_language_asked_for(tmp_path: Path) -> None:
    from gigmatch.cli.commands import app

    (tmp_path / "workers.csv").write_text("id,lat\nli,39\nli,39\n", encoding="utf-8")
    run = CliRunner().invoke
    english = run(app, ["solve", str(tmp_path)])
    chinese = run(app, ["solve", str(tmp_path), "--lang", "zh"])
    assert english.exit_code == chinese.exit_code == 2
    assert not HAN.search(english.output)
    assert all(HAN.search(line) for line in chinese.output.strip().splitlines())
    assert "workers.csv，第 3 行" in chinese.output
    assert "'li'" in chinese.output
