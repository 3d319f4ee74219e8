"""The command line: what it prints, writes and returns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gigmatch as gm
from gigmatch.cli import commands, main


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """A folder with a morning and its assignment."""
    folder = tmp_path_factory.mktemp("files")
    morning = gm.samples.jingshi(seed=7, workers=100)
    morning.save(folder / "morning.json")
    gm.match(morning).save(folder / "assignment.json")
    return folder


def run(*words: object):
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(commands.app, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def test_solve_a_sample():
    """The README's first command: the summary of the sample morning."""
    code, text, _ = run("solve", "--sample", "jingshi", "--seed", 7)
    assert code == 0
    assert text.startswith("1,200 workers")
    assert "proved optimal" in text


def test_solve_a_file_and_save(files, tmp_path):
    """A morning's file in, the same assignment file out as from Python."""
    code, text, _ = run("solve", files / "morning.json", "--out", tmp_path / "a.json")
    assert (code, "100 workers" in text) == (0, True)
    assert (tmp_path / "a.json").read_bytes() == (files / "assignment.json").read_bytes()


def test_solve_as_json(files):
    """Everything a program wants to read, on standard output."""
    code, text, _ = run("solve", files / "morning.json", "--json")
    data = json.loads(text)
    assert (code, data["status"], data["gap_points"]) == (0, "optimal", 0)
    assert len(data["placements"]) == data["summary"]["placements"]
    assert len(data["placements"]) + len(data["unplaced"]) == 100


def test_solve_with_a_policy(files, tmp_path):
    """A saved policy is used."""
    gm.DEFAULT_POLICY.with_weight("pay", 0).save(tmp_path / "policy.json")
    code, text, _ = run("solve", files / "morning.json", "--policy", tmp_path / "policy.json", "--json")
    assert (code, json.loads(text)["status"]) == (0, "optimal")


def test_not_proved_has_its_own_code(files):
    """A limit of no time: a feasible answer, and code 3."""
    code, text, _ = run("solve", files / "morning.json", "--time-limit", 0)
    assert (code, "not proved optimal" in text) == (3, True)


def test_sample_and_schema(tmp_path):
    """A sample comes as the same bytes to a file and to standard output; the schema describes it."""
    code, text, _ = run("sample", "jingshi", "--seed", 2, "--workers", 60)
    assert code == 0
    assert run("sample", "jingshi", "--seed", 2, "--workers", 60, "--out", tmp_path / "m.json")[0] == 0
    assert (tmp_path / "m.json").read_text(encoding="utf-8") == text
    code, text, _ = run("schema")
    assert (code, "workers" in json.loads(text)["properties"]) == (0, True)


def test_check(files):
    """A saved answer is verified from the two files alone."""
    code, text, _ = run("check", files / "assignment.json", files / "morning.json")
    assert (code, text.startswith("verified:"), "proved optimal" in text) == (0, True, True)
    code, text, _ = run("check", files / "assignment.json", files / "morning.json", "--json")
    data = json.loads(text)
    assert (data["verified"], data["status"], data["terms"]["seed"]) == (True, "optimal", 0)


def test_check_against_the_published_policy(files, tmp_path):
    """The policy that was published must be the one used, seed included."""
    gm.DEFAULT_POLICY.save(tmp_path / "published.json")
    gm.DEFAULT_POLICY.with_seed(1).save(tmp_path / "other.json")
    words = ("check", files / "assignment.json", files / "morning.json", "--policy")
    assert run(*words, tmp_path / "published.json")[0] == 0
    code, _, error = run(*words, tmp_path / "other.json")
    assert (code, "another policy" in error) == (1, True)


def test_check_rejects(files, tmp_path):
    """A tampered answer: code 1 and the first thing that breaks."""
    data = json.loads((files / "assignment.json").read_text(encoding="utf-8"))
    data["solution"]["value"] += 1
    (tmp_path / "bad.json").write_text(json.dumps(data))
    code, text, error = run("check", tmp_path / "bad.json", files / "morning.json")
    assert (code, text, error.startswith("rejected: the value is")) == (1, "", True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["solve", "nowhere.json"], "error: nowhere.json: cannot be read"),
        (["solve"], "error: give a morning's file or --sample"),
        (["solve", "a.json", "--sample", "jingshi"], "error: give a morning's file or --sample"),
        (["solve", "--sample", "jingshi", "--policy", "nowhere.json"], "error: nowhere.json: cannot be read"),
        (["sample", "jingshi", "--out", "no/such/folder/m.json"], "No such file or directory"),
        (["solve", "--sample", "jingshi", "--out", "no/such/folder/a.json"], "there is no folder"),
        (["sample", "nothing"], "is not one of"),
        (["check", "nowhere.json", "nowhere.json"], "error: nowhere.json: cannot be read"),
    ],
)
def test_a_mistake_is_answered_without_a_traceback(words, message):
    """Code 2 and a message on standard error, for every kind of mistake."""
    code, _, error = run(*words)
    assert (code, "Traceback" in error) == (2, False)
    assert message in error


def test_a_broken_morning_lists_its_problems(tmp_path):
    """Every problem with its path, code 2."""
    (tmp_path / "m.json").write_text('{"date": "2025-13-01", "workers": [{"id": ""}]}')
    code, _, error = run("solve", tmp_path / "m.json")
    assert code == 2
    assert "date: " in error
    assert "workers[0].id: " in error


def test_interrupted(monkeypatch, files):
    """Ctrl-C ends with code 130 and one word."""

    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands.gm, "match", interrupt)
    code, _, error = run("solve", files / "morning.json")
    assert (code, error.strip()) == (130, "interrupted")


def test_warmup():
    """Compiles ahead, or loads what is compiled, and says so."""
    assert run("warmup")[:2] == (0, "compiled\n")


def test_version_and_help():
    """The version on request; the commands where none is given."""
    assert run("--version")[1].strip() == gm.__version__
    code, text, error = run()
    assert "solve" in text + error
    assert code in (0, 2)
    assert "--sample" in run("solve", "--help")[1]


def test_progress_only_where_somebody_looks(monkeypatch):
    """No bar in a pipe; a callback that draws one on a terminal."""
    with commands._progress() as progress:
        assert progress is None
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with commands._progress() as progress:
        assert progress is not None
        progress("points", 0.5)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    """No traceback where the extra is missing, but the command that mends it."""
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "gigmatch.cli.commands")
    with pytest.raises(SystemExit, match=r"pip install 'gigmatch\[cli\]'"):
        main()


def test_the_installed_command(files):
    """As a process of its own: a quiet standard error and the code of success."""
    words = [sys.executable, "-m", "gigmatch.cli", "check", files / "assignment.json", files / "morning.json"]
    done = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("verified:")
