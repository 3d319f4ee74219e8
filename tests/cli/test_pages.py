"""The commands that write pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import gigmatch as gm
from gigmatch.cli.commands import app
from page_reader import read_page
from tests.conftest import sample


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """A folder with a morning and its assignment."""
    folder = tmp_path_factory.mktemp("files")
    morning = sample("jingshi", seed=7, workers=60)
    morning.save(folder / "morning.json")
    gm.match(morning).save(folder / "assignment.json")
    return folder


def run(files, command, *words):
    paths = [files / "morning.json", files / "assignment.json"]
    result = CliRunner().invoke(app, [str(word) for word in (command, *paths, *words)])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["report", "--advice", 0, "--lang", "zh", "--audience", "auditor"], "早市报告"),
        (["board", "--seconds", 5, "--reload", "--lang", "zh"], "现有空缺"),
        (["slips", "--paper", "80mm", "--lang", "zh"], "上工单"),
        (["slips", "--calls", "--employer", "e-0001", "--lang", "en"], "Call lists"),
    ],
)
def test_a_page_is_written(files, tmp_path, words, title):
    """Where it was asked for, and the path is printed."""
    code, text, error = run(files, *words, "--out", tmp_path / "page.html")
    assert (code, text.strip(), error) == (0, str(tmp_path / "page.html"), "")
    assert title in read_page((tmp_path / "page.html").read_text(encoding="utf-8")).text


def test_the_board_in_a_terminal(files):
    """Nothing is written then."""
    code, text, _ = run(files, "board", "--text", "--lang", "zh", "--width", 60)
    assert (code, text.startswith("现有空缺")) == (0, True)


def test_mistakes_have_no_traceback(files, tmp_path):
    """A folder that is not there, an employer without lists, another morning."""
    code, text, error = run(files, "slips", "--employer", "e-0001", "--out", tmp_path / "s.html")
    assert (code, text, "--employer is for --calls" in error) == (2, "", True)
    code, text, error = run(files, "board", "--out", tmp_path / "nowhere" / "b.html")
    assert (code, text, "there is no folder" in error) == (2, "", True)
    sample("jingshi", seed=8, workers=60).save(tmp_path / "other.json")
    paths = [str(tmp_path / "other.json"), str(files / "assignment.json")]
    result = CliRunner().invoke(app, ["slips", *paths, "--out", str(tmp_path / "s.html")])
    assert (result.exit_code, "another morning" in result.stderr) == (2, True)
