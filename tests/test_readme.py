"""The README says what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import gigmatch as gm

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.S | re.M)


def without_seconds(text: str) -> str:
    return re.sub(r" in [\d.]+ s$", "", text.strip(), flags=re.M)


@pytest.mark.usefixtures("samples_drawn_once")
def test_the_main_job_prints_what_the_readme_shows(capsys, tmp_path, monkeypatch):
    """The four lines of Python, and their output but for the seconds; files go to a folder of their own."""
    monkeypatch.chdir(tmp_path)
    exec_globals: dict[str, object] = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), exec_globals)  # our own text, not input
    assert without_seconds(capsys.readouterr().out) == without_seconds(blocks("text")[0])


def test_the_error_shown_is_the_error_raised(tmp_path):
    """The broken morning of the README gives the three lines that it shows."""
    place = '{"lat": 99, "lon": 116.2, "datum": "WGS-84"}'
    text = f"""{{
        "date": "2025-07-19", "time_zone": "Asia/Shanghai", "currency": "CNY",
        "market": {{"id": "hall", "name": "Hall", "location": {place.replace("99", "39.9")}}},
        "workers": [{{"id": "a", "station_id": "hall",
                      "windows": [{{"start_min": "09:00", "end_min": "08:00"}}]}}],
        "shifts": [{{"id": "s", "employer_id": "nobody", "location": {place},
                     "periods": [{{"start_min": "08:00", "end_min": "16:00"}}],
                     "pay": {{"amount": 200, "unit": "day"}}}}]}}"""
    (tmp_path / "morning.json").write_text(text)
    try:
        gm.Morning.load(tmp_path / "morning.json")
    except gm.InvalidMorningError as error:
        found = str(error).replace(str(tmp_path / "morning.json"), "morning.json")
    assert found == blocks("text")[1].strip()


def test_quick_start_has_two_commands():
    """Exactly two sh blocks of one line each, under Quick start."""
    section = README.partition("## Quick start\n")[2].partition("\n## ")[0]
    commands = re.findall(r"^```sh\n(.*?)^```$", section, flags=re.S | re.M)
    assert [command.count("\n") for command in commands] == [1, 1]
    assert commands == blocks("sh")


def test_three_csv_files_give_an_assignment(tmp_path):
    """The newcomer's walk: the files as they stand there, the command, and the error shown."""
    from typer.testing import CliRunner

    from gigmatch.cli.commands import app

    folder = tmp_path / "folder"
    folder.mkdir()
    for name, text in zip(("morning", "workers", "shifts"), blocks("csv"), strict=True):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["solve", str(folder), "--out", str(tmp_path / "answer")])
    assert (done.exit_code, "proved optimal" in done.stdout) == (0, True)
    assert gm.Assignment.load(tmp_path / "answer" / "assignment.json").pairs == (
        ("li", "wall"),
        ("zhao", "bricks"),
    )
    (folder / "workers.csv").write_text(blocks("csv")[1].replace("helper,\n", "helper,a lot\n"))
    failed = CliRunner().invoke(app, ["solve", str(folder)])
    shown = re.search(r"\(`(workers.csv, row 3[^`]*)`\)", README)
    assert failed.exit_code == 2
    assert shown[1] in failed.stderr


def test_every_marker_is_listed_for_contributors():
    """As pytest knows them, in the same order and words."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), flags=re.M)
    known = [tuple(marker.split(": ")) for marker in options["ini_options"]["markers"]]
    assert [row for row in rows if row[0] in dict(known)] == known
