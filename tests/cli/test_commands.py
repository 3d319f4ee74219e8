"""The command line: what it prints, writes and returns."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

import gigmatch as gm
from gigmatch.cli import commands, main, working
from tests.conftest import sample


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """A folder with a morning and its assignment."""
    folder = tmp_path_factory.mktemp("files")
    morning = sample("jingshi", seed=7, workers=100)
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


def test_solve_prints_who_goes_where(files, tmp_path):
    """The first ten as from Python, and how many more, under the summary; nothing where nobody is."""
    answer = gm.Assignment.load(files / "assignment.json")
    morning = gm.Morning.load(files / "morning.json")
    for lang in ("en", "zh"):
        text = run("solve", files / "morning.json", "--lang", lang)[1]
        told = answer.placements_text(morning=morning, lang=lang)
        assert text.endswith(f"\n\n{told}\n")
        assert len(told.splitlines()) == 12
        assert str(len(answer.pairs) - 10) in told.splitlines()[-1]
    morning.without_workers(*answer.worker_ids).save(tmp_path / "nobody.json")
    text = run("solve", tmp_path / "nobody.json")[1]
    assert (text.startswith("0 workers"), "\n\n" in text) == (True, False)


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


def test_solve_with_statistics(files):
    """Where the time went and how much was done, in both languages and for programs; not unless asked for."""
    code, text, _ = run("solve", files / "morning.json", "--statistics")
    lines = dict(line.rsplit("  ", 1) for line in text.splitlines() if line.endswith(" s") and "  " in line)
    assert code == 0
    assert {name.strip() for name in lines} >= {"compile", "solve points", "prove seats", "in all"}
    chinese = run("solve", files / "morning.json", "--statistics", "--lang", "zh")[1].splitlines()
    assert any(line.startswith("求解得分  ") and line.endswith(" 秒") for line in chinese)
    assert len({cell_len(line) for line in chinese[-17:]}) == 1
    data = json.loads(run("solve", files / "morning.json", "--json")[1])
    assert data["seconds"] == pytest.approx(sum(data["statistics"]["seconds"].values()))
    assert data["statistics"]["counts"]["pairs held"] > 0
    assert "solve points" not in run("solve", files / "morning.json")[1]


def test_solve_stably(files, tmp_path):
    """The answer that the side likes best of all stable ones, checked and explained from its file."""
    answer = tmp_path / "stable.json"
    code, text, _ = run("solve", files / "morning.json", "--stable", "employer", "--out", answer)
    assert (code, "best for every employer" in text) == (0, True)
    assert gm.Assignment.load(answer).mechanism["side"] == "employer"
    assert "placements, stable, 1 certificate" in run("check", files / "morning.json", answer)[1]
    left_over = gm.Assignment.load(answer).unplaced[-1].worker_id
    assert run("explain", files / "morning.json", answer, "--worker", left_over)[0] == 0
    code, _, error = run("solve", files / "morning.json", "--stable", "worker", "--time-limit", 0)
    assert (code, "before there was a stable answer" in error) == (2, True)


def test_solve_with_a_policy(files, tmp_path):
    """A saved policy is used."""
    gm.DEFAULT_POLICY.with_weight("pay", 0).save(tmp_path / "policy.json")
    code, text, _ = run("solve", files / "morning.json", "--policy", tmp_path / "policy.json", "--json")
    assert (code, json.loads(text)["status"]) == (0, "optimal")


def test_not_proved_has_its_own_code(files):
    """A limit of no time: a feasible answer, and code 3."""
    code, text, _ = run("solve", files / "morning.json", "--time-limit", 0)
    assert (code, "not proved optimal" in text) == (3, True)


def test_a_cluster_takes_parts(tmp_path):
    """A folder of Parquet files, and nothing that needs the whole; one cluster at a time."""
    for words in (["--sample", "jingshi"], [tmp_path, "--stable", "worker"], [tmp_path, "--names"]):
        assert "folder of Parquet" in run("solve", "--local", 2, *words)[2]
    assert "--dask or --local" in run("solve", tmp_path, "--local", 2, "--dask", "tcp://nowhere:1")[2]
    assert "no such file or folder" in run("solve", tmp_path / "nowhere", "--local", 1)[2]
    assert "folder beside it" in run("solve", tmp_path, "--local", 1, "--out", tmp_path / "answer")[2]


def test_sample_and_schema(tmp_path):
    """A sample comes as the same bytes to a file and to standard output; the schema describes it."""
    code, text, _ = run("sample", "jingshi", "--seed", 2, "--size", 60)
    assert code == 0
    assert run("sample", "jingshi", "--seed", 2, "--size", 60, "--out", tmp_path / "m.json")[0] == 0
    assert (tmp_path / "m.json").read_text(encoding="utf-8") == text
    code, text, _ = run("schema")
    assert (code, "workers" in json.loads(text)["properties"]) == (0, True)


def test_check(files):
    """A saved answer is verified from the two files alone."""
    code, text, _ = run("check", files / "morning.json", files / "assignment.json")
    assert (code, text.startswith("verified:"), "proved optimal" in text) == (0, True, True)
    code, text, _ = run("check", files / "morning.json", files / "assignment.json", "--json")
    data = json.loads(text)
    assert (data["verified"], data["status"], data["terms"]["seed"]) == (True, "optimal", 0)


def test_what_is_checked_is_told_in_chinese(files, some, tmp_path):
    """Terms, and who has no reason, without a word of English; in English as the library says it."""
    pair = (files / "morning.json", files / "assignment.json")
    explain(files, "--worker", some["out"], "--out", tmp_path / "r.json")
    words = ("check", *pair, "--reasons", tmp_path / "r.json")
    answer, morning = gm.Assignment.load(pair[1]), gm.Morning.load(pair[0])
    chinese = run(*words, "--lang", "zh")[1]
    assert "条件：名额优先，种子 0，约定 0 对，禁止 0 对\n" in chinese
    assert f"没有原因的：{len(answer.unplaced) - 1} 名没有班次的零工（" in chinese
    assert not set(re.findall(r"(?<![\w-])[a-z]{2,}(?![\w-])", chinese)) - {"parking", "locks"}
    english = run(*words)[1].splitlines()
    assert english[1:3] == str(gm.check(morning, answer)).splitlines()
    missing = gm.Reasons.load(tmp_path / "r.json").missing(answer)
    assert english[-1] == f"without a reason: {missing}"


def test_a_chinese_summary_is_in_yuan(files):
    """And says what the warnings are about without blanks between Chinese."""
    text = run("solve", files / "morning.json", "--lang", "zh")[1]
    assert re.search(r"承诺工资 +[\d,]+ 元 +[\d,]+ 元\n", text)
    assert not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", text)


def test_check_against_the_published_policy(files, tmp_path):
    """The policy that was published must be the one used, seed included."""
    gm.DEFAULT_POLICY.save(tmp_path / "published.json")
    gm.DEFAULT_POLICY.with_seed(1).save(tmp_path / "other.json")
    words = ("check", files / "morning.json", files / "assignment.json", "--policy")
    assert run(*words, tmp_path / "published.json")[0] == 0
    code, _, error = run(*words, tmp_path / "other.json")
    assert (code, "another policy" in error) == (1, True)


def test_check_against_published_terms(files, tmp_path):
    """Written before the morning is matched; whatever differs is named, and what is left open is not."""
    assert run("terms", files / "morning.json", "--open", "kept", "--out", tmp_path / "terms.json")[0] == 0
    published = gm.Terms.load(tmp_path / "terms.json")
    assert published == gm.Terms.of(gm.Morning.load(files / "morning.json")).with_open("kept")
    words = ("check", files / "morning.json", files / "assignment.json", "--terms", tmp_path / "terms.json")
    assert run(*words)[0] == 0
    published.model_copy(update={"seed": 5, "barred": (("w", "s"),)}).save(tmp_path / "terms.json")
    code, text, error = run(*words)
    assert (code, text, error.splitlines()[1:]) == (1, "", ["  seed: 0, not 5", "  not barred: w -> s"])
    assert "  种子：0（而不是：5）" in run(*words, "--lang", "zh")[2]
    code, text, _ = run("terms", files / "morning.json", "--json")
    assert (code, gm.Terms.from_json(text).with_open("kept")) == (
        0,
        published.model_copy(update={"seed": 0, "barred": ()}),
    )
    assert run("terms", files / "morning.json")[1].startswith(
        "terms: seats first, seed 0, 0 kept, 0 barred\n"
    )


def test_what_holds_and_is_not_proved_has_the_same_code_as_when_it_is_solved(files, tmp_path):
    """3, with what it lacks; for programs, too."""
    run("solve", files / "morning.json", "--time-limit", 0, "--out", tmp_path / "a.json")
    code, text, _ = run("check", files / "morning.json", tmp_path / "a.json")
    assert (code, "status: feasible, not proved optimal\n" in text) == (3, True)
    code, text, _ = run("check", files / "morning.json", tmp_path / "a.json", "--json")
    told = json.loads(text)
    assert (code, told["status"], told["terms"]["status"]) == (3, "feasible", "feasible")
    assert ["status"] in [each["path"] for each in told["departures"]]


def test_check_rejects(files, tmp_path):
    """A tampered answer: code 1 and the first thing that breaks."""
    data = json.loads((files / "assignment.json").read_text(encoding="utf-8"))
    data["solution"]["value"] += 1
    (tmp_path / "bad.json").write_text(json.dumps(data))
    code, text, error = run("check", files / "morning.json", tmp_path / "bad.json")
    assert (code, text, error.startswith("rejected: the value is")) == (1, "", True)


@pytest.fixture(scope="module")
def some(files) -> dict[str, str]:
    """Ids to ask about: somebody placed and the shift, somebody who is not, a shift with an empty seat."""
    answer = gm.Assignment.load(files / "assignment.json")
    worker, shift = answer.pairs[0]
    out = next(u.worker_id for u in answer.unplaced if u.eligible_shifts)
    return {"placed": worker, "has": shift, "out": out, "open": answer.open_shifts[0].shift_id}


def explain(files, *words):
    return run("explain", files / "morning.json", files / "assignment.json", *words)


def test_explain_a_worker_and_a_shift(files, some):
    """Why somebody has a shift, has none, has not that one; why a seat is empty."""
    code, text, error = explain(files, "--worker", some["placed"])
    assert (code, error) == (0, "")
    assert text.startswith(f"{some['placed']} has {some['has']}: ")
    assert explain(files, "--worker", some["out"])[1].startswith(f"{some['out']} has no shift: ")
    code, text, _ = explain(files, "--worker", some["out"], "--shift", some["has"])
    assert (code, some["out"] in text, some["has"] in text) == (0, True, True)
    assert some["open"] in explain(files, "--shift", some["open"])[1]


def test_explain_in_chinese_and_as_json(files, some):
    """The same in another language, and as the data that the checker reads."""
    code, text, _ = explain(files, "--worker", some["placed"], "--lang", "zh")
    assert (code, text.startswith(f"{some['placed']} 分到 {some['has']}：")) == (0, True)
    code, text, _ = explain(files, "--worker", some["placed"], "--json")
    [said] = gm.Reasons.from_json(text).reasons
    assert (code, said.kind, said.worker_id, said.audience) == (0, "placed", some["placed"], "manager")


def test_explain_recommends(files, some):
    """Shifts for a worker, workers for a shift."""
    code, text, _ = explain(files, "--worker", some["out"], "--recommend")
    assert (code, text.startswith(f"Shifts for {some['out']}, ")) == (0, True)
    code, text, _ = explain(files, "--shift", some["has"], "--recommend")
    assert (code, text.startswith(f"Workers for {some['has']}, ")) == (0, True)


def test_explain_for_a_newcomer_and_by_skill(files, tmp_path):
    """Somebody at the desk; what one more of each skill brings; both verified from the files."""
    path = tmp_path / "walk-in.json"
    mason = {"id": "walk-in", "station_id": "hall", "skills": [{"skill": "mason"}]}
    path.write_text(json.dumps(mason), encoding="utf-8")
    code, text, error = explain(files, "--newcomer", path)
    assert (code, error, text.startswith("Shifts for walk-in, ")) == (0, "", True)
    assert explain(files, "--skills")[1].startswith("One more worker such as one-more-1 would bring, ")
    for words in (["--newcomer", path], ["--skills"]):
        assert explain(files, *words, "--out", tmp_path / "r.json")[0] == 0
        names = ("morning.json", "assignment.json")
        code, text, _ = run("check", *(files / name for name in names), "--reasons", tmp_path / "r.json")
        assert (code, "verified: 1 reason" in text) == (0, True)


@pytest.mark.parametrize(
    ("content", "words", "message"),
    [
        ("[", [], "walk-in.json: is not JSON"),
        ('{"id": "x", "id": "y"}', [], "walk-in.json: has 'id' twice in one object"),
        ("[]", [], "error: a newcomer is a Worker, or a mapping of its fields; got []"),
        ("null", [], "error: a newcomer is a Worker, or a mapping of its fields; got None"),
        ('{"id": "x"}', [], "error: the newcomer has 1 problem:"),
        ("{}", ["--worker", "{out}"], "error: give --newcomer or --skills alone"),
        ("{}", ["--skills"], "error: give --newcomer or --skills alone"),
        (None, [], "walk-in.json"),
    ],
)
def test_a_newcomer_that_cannot_be_read_is_named(files, some, tmp_path, content, words, message):
    """Code 2 and what is wrong with the file or the words."""
    if content is not None:
        (tmp_path / "walk-in.json").write_text(content, encoding="utf-8")
    asked = ["--newcomer", tmp_path / "walk-in.json", *(word.format(**some) for word in words)]
    code, text, error = explain(files, *asked)
    assert (code, text, message in error, "Traceback" in error) == (2, "", True, False)


@pytest.mark.parametrize("words", [["--recommend"], ["--recommend", "--worker", "{out}", "--shift", "{has}"]])
def test_a_recommendation_is_for_one(files, some, words):
    """Of a worker or of a shift, said before anything is ranked."""
    code, text, error = explain(files, *(word.format(**some) for word in words))
    assert (code, text, "--recommend needs --worker or --shift" in error) == (2, "", True)


@pytest.mark.parametrize("audience", ["worker", "employer"])
def test_explain_for_other_eyes(files, some, audience):
    """No other worker's id, no price; everybody's reasons are refused, before anything is explained."""
    ids = set(gm.Assignment.load(files / "assignment.json").worker_ids)
    asked = (
        ["--worker", "placed"],
        ["--worker", "out", "--recommend"],
        ["--worker", "out", "--shift", "has"],
    )
    for words in asked if audience == "worker" else asked[2:]:
        code, text, _ = explain(
            files, *(some.get(word, word) for word in words), "--audience", audience, "--json"
        )
        assert code == 0
        assert not (ids - {some[words[1]]}) & {word.strip('",: ') for word in text.split()}
    code, text, error = explain(files, "--audience", audience, "--json")
    needed = {"worker": "--worker", "employer": "--shift"}[audience]
    assert (code, text, f"--audience {audience} needs {needed}" in error) == (2, "", True)


def test_explain_everybody_and_check(files, tmp_path):
    """All reasons to a file, which the checker verifies with the assignment."""
    code, text, _ = explain(files, "--out", tmp_path / "reasons.json")
    assert (code, text) == (0, "")
    reasons = gm.Reasons.load(tmp_path / "reasons.json").reasons
    code, text, _ = explain(files)
    assert (code, len(text.splitlines())) == (0, len(reasons))
    words = (
        "check",
        files / "morning.json",
        files / "assignment.json",
        "--reasons",
        tmp_path / "reasons.json",
    )
    code, text, _ = run(*words)
    told = [f"verified: {len(reasons)} reasons", "without a reason: nobody"]
    assert (code, text.splitlines()[-2:]) == (0, told)
    found = json.loads(run(*words, "--complete", "--json")[1])
    nobody = {"unplaced": [], "placed": [], "open_shifts": []}
    assert (found["reasons"], found["missing"]) == (len(reasons), nobody)


def test_check_tells_who_has_no_reason(files, some, tmp_path):
    """Counted and listed for answers to single questions; code 1 where everybody is claimed, or asked for."""
    words = ("check", files / "morning.json", files / "assignment.json", "--reasons", tmp_path / "r.json")
    explain(files, "--worker", some["out"], "--out", tmp_path / "r.json")
    answer = gm.Assignment.load(files / "assignment.json")
    unplaced, open_shifts = len(answer.unplaced) - 1, len(answer.open_shifts)
    code, text, _ = run(*words)
    verified, told = text.splitlines()[-2:]
    assert (code, verified, told[:18]) == (0, "verified: 1 reason", "without a reason: ")
    assert f"{unplaced} workers without a shift (" in told
    assert f"{len(answer.pairs)} workers with a shift (" in told
    assert f"{open_shifts} shifts with an empty seat (" in told
    missing = json.loads(run(*words, "--json")[1])["missing"]
    assert {name: len(ids) for name, ids in missing.items()} == {
        "unplaced": unplaced,
        "placed": len(answer.pairs),
        "open_shifts": open_shifts,
    }
    assert some["out"] not in missing["unplaced"]
    code, text, error = run(*words, "--complete")
    assert (code, error.startswith("rejected: not everybody has a reason; without one: ")) == (1, True)
    assert f" {unplaced} workers without a shift (" in error
    explain(files, "--out", tmp_path / "r.json")
    whole = json.loads((tmp_path / "r.json").read_text())
    whole["reasons"] = [reason for reason in whole["reasons"] if reason.get("worker_id") != some["out"]]
    (tmp_path / "r.json").write_text(json.dumps(whole))
    code, text, error = run(*words)
    assert (code, text) == (1, "")
    assert error.strip().endswith(f"without one: 1 worker without a shift ({some['out']})")
    code, _, error = run(*words[:3], "--complete")
    assert (code, "--complete needs --reasons" in error) == (2, True)


def test_check_rejects_reasons_that_were_altered(files, tmp_path):
    """One figure changed: code 1, and which reason it is; an audience without evidence: the same."""
    words = ("check", files / "morning.json", files / "assignment.json", "--reasons", tmp_path / "r.json")
    explain(files, "--out", tmp_path / "r.json")
    told = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    at = next(k for k, reason in enumerate(told["reasons"]) if reason["kind"] == "short_of_seats")
    told["reasons"][at]["n_seats"] += 1
    (tmp_path / "r.json").write_text(json.dumps(told), encoding="utf-8")
    code, text, error = run(*words)
    assert (code, text) == (1, "")
    assert error.startswith(f"rejected: reasons[{at}] (short_of_seats): n_seats does not hold")
    worker = told["reasons"][at]["worker_id"]
    explain(files, "--worker", worker, "--audience", "worker", "--out", tmp_path / "r.json")
    code, _, error = run(*words)
    assert (code, "carries no evidence" in error) == (1, True)
    (tmp_path / "r.json").write_text("{}", encoding="utf-8")
    code, _, error = run(*words)
    assert (code, "r.json: not reasons: reasons: Field required" in error) == (2, True)


def test_explain_an_altered_assignment(files, tmp_path):
    """What its certificates do not prove is not explained: code 1."""
    data = json.loads((files / "assignment.json").read_text(encoding="utf-8"))
    data["solution"]["value"] += 1
    (tmp_path / "bad.json").write_text(json.dumps(data))
    code, text, error = run("explain", files / "morning.json", tmp_path / "bad.json")
    assert (code, text, error.startswith("rejected: the value is")) == (1, "", True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--worker", "nobody"], "error: worker_id 'nobody' is not in the morning"),
        (["--shift", "nowhere"], "error: shift_id 'nowhere' is not in the morning"),
        (["--worker", "{placed}", "--shift", "nowhere"], "error: shift_id 'nowhere' is not in the morning"),
        (["--worker", "{placed}", "--shift", "{has}"], "'{placed}' has shift '{has}': ask with --worker"),
        (["--worker", "", "--recommend"], "error: worker_id '' is not in the morning"),
        (["--lang", "fr"], "is not one of"),
        (["--audience", "press"], "is not one of"),
        (["--out", "no/such/folder/r.json"], "no/such/folder"),
    ],
)
def test_a_mistake_in_asking_is_named(files, some, words, message):
    """Code 2, a message on standard error, nothing on standard output."""
    code, text, error = explain(files, *(word.format(**some) for word in words))
    assert (code, text, "Traceback" in error) == (2, "", False)
    assert message.format(**some) in error


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["solve", "nowhere.json"], "error: nowhere.json: cannot be read"),
        (["solve"], "error: give a morning's file or --sample"),
        (["solve", "a.json", "--sample", "jingshi"], "error: give a morning's file or --sample"),
        (["solve", "--sample", "jingshi", "--policy", "nowhere.json"], "error: nowhere.json: cannot be read"),
        (["sample", "jingshi", "--out", "no/such/folder/m.json"], "there is no folder"),
        (["sample"], "name the sample once"),
        (["sample", "jingshi", "--name", "city"], "name the sample once"),
        (["sample", "jingshi", "--to", "csv"], "--to csv writes a folder of tables: give it with --out"),
        (["sample", "jingshi", "--size", "10"], "workers must be a whole number from 50"),
        (["solve", "--sample", "nothing"], "'nothing' is not one of"),
        (["solve", "--sample", "jingshi", "--lang", "fr"], "'fr' is not one of 'en', 'zh'"),
        (["convert", "nowhere", "m.json"], "error: nowhere: cannot be read"),
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

    monkeypatch.setattr(gm, "match", interrupt)
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
    with working.working() as work:
        assert work.progress is None
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with working.working() as work:
        assert work.progress is not None
        work.progress("points", 0.5)


def test_a_bar_only_after_a_second(monkeypatch):
    """Nothing for what is quick; what takes longer shows that something happens."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    started = []
    monkeypatch.setattr(working.Progress, "start", lambda bar: started.append(bar))
    with working.working() as work:
        work.at("reading")
    assert not started
    monkeypatch.setattr(working, "PATIENCE_S", 0.01)
    with working.working():
        time.sleep(0.3)
    assert len(started) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="no such signal")
def test_whoever_reads_may_stop():
    """A pipe that is closed ends it quietly, as it ends any other command."""
    words = [sys.executable, "-m", "gigmatch.cli", "sample", "jingshi"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(10)
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), error) == (-signal.SIGPIPE, b"")


def test_what_the_system_refuses_is_named(files, monkeypatch):
    """File, reason and the way out; no numbers of errors."""

    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied", "answer")

    monkeypatch.setattr(gm, "match", refuse)
    code, _, error = run("solve", files / "morning.json")
    assert code == 2
    assert error.startswith("error: answer: cannot be read or written (Permission denied); name a place")


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    """No traceback where the extra is missing, but the command that mends it."""
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "gigmatch.cli.commands")
    monkeypatch.delitem(sys.modules, "gigmatch.cli.app")
    with pytest.raises(SystemExit, match=r"pip install rich typer"):
        main()


def test_the_installed_command(files):
    """As a process of its own: a quiet standard error and the code of success."""
    words = [sys.executable, "-m", "gigmatch.cli", "check", files / "morning.json", files / "assignment.json"]
    done = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("verified:")


def test_a_ledger_is_kept(files, tmp_path):
    """A day is added, measured, read of one person, carried into the next morning; one is erased."""
    kept, day = tmp_path / "ledger.json", (files / "morning.json", files / "assignment.json")
    morning, answer = gm.Morning.load(day[0]), gm.Assignment.load(day[1])
    (first, _), (second, _) = answer.pairs[:2]
    code, text, _ = run("ledger", kept, *day, "--no-show", first, "--excused", second)
    due = gm.Ledger.of(morning, answer, no_shows=[first], excused=[second])
    assert (code, text) == (0, due.measures().text() + "\n")
    assert gm.Ledger.load(kept).to_json() == due.to_json()
    assert run("ledger", kept, "--line", first, "--lang", "zh")[1] == due.line(first).text("zh") + "\n"
    tomorrow = morning.model_copy(update={"date": morning.date + dt.timedelta(1)})
    tomorrow.save(tmp_path / "tomorrow.json")
    assert run("ledger", kept, "--into", tmp_path / "tomorrow.json", "-o", tmp_path / "known.json")[0] == 0
    assert gm.Morning.load(tmp_path / "known.json") == due.carry_into(tomorrow)
    assert run("ledger", kept, "--erase", first)[0] == 0
    assert gm.Ledger.load(kept).to_json() == due.without(first).to_json()


def test_a_ledger_that_cannot_be_kept(files, tmp_path):
    """Half a day, a day twice, absences of no day, one half of carrying, nothing to read: 2, unwritten."""
    kept, day = tmp_path / "ledger.json", (files / "morning.json", files / "assignment.json")
    assert run("ledger", kept)[0] == run("ledger", kept, day[0])[0] == 2
    assert "is in two ledgers" in run("ledger", kept, *day, *day)[2]
    assert "one day" in run("ledger", kept, "--no-show", "w-000012")[2]
    assert "go together" in run("ledger", kept, *day, "--into", day[0])[2]
    assert not kept.exists()


def test_compare_tells_and_writes(tmp_path):
    """Mechanisms of a sample's days, as text, as data, and in every form that a file's name asks for."""
    given = ("compare", "--sample", "jingshi", "--size", 50, "--mechanism", "points", "-m", "raffle")
    told = run(*given, "--days", 2, "--lang", "zh")[1]
    assert "2 天，1 个种子" in told
    assert "抽签" in told
    for name in ("page.html", "table.csv", "plot.svg", "found.json"):
        assert run(*given, "--out", tmp_path / name)[0] == 0
    assert "<table>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert (tmp_path / "table.csv").read_text(encoding="utf-8-sig").startswith("mechanism,measure,figure")
    found = gm.Comparison.load(tmp_path / "found.json")
    assert found.mechanisms == ("points", "raffle")
    assert json.loads(run(*given, "--json")[1]) == json.loads(found.to_json())
    code, _, complaint = run(*given, "--out", tmp_path / "found.txt")
    assert (code, "ends in .html" in complaint) == (2, True)
    assert run("compare", "--days", 2)[0] == 2
