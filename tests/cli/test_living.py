"""A morning that moves on the command line: lines in, lines out, and what the journal tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gigmatch as gm
from gigmatch.cli import commands
from tests.conftest import a_morning, a_shift, a_worker

pytestmark = pytest.mark.usefixtures("plain_live_kernels")
LEFT = {"event": "worker_left", "worker_id": "w"}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with a small morning."""
    a_morning(a_worker("w"), a_worker("v"), a_shift("s")).save(tmp_path / "morning.json")
    return tmp_path


def run(*words: object, lines: list[object] = ()):
    """Exit code, answers to the lines (or all that was printed), and standard error."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    result = CliRunner().invoke(commands.app, [str(word) for word in words], input="\n".join(texts))
    answers = [json.loads(line) for line in result.stdout.splitlines()] if lines else result.stdout
    return result.exit_code, answers, result.stderr


def test_events_in_outcomes_out(folder):
    """Each line is answered in order; with a key again by the first answer, also of a later process."""
    path, keyed = folder / "a.db", {"event": LEFT, "key": "k", "actor": "desk", "time": "6:12"}
    lines = [keyed, "", [{"event": "worker_signed_in", "worker": {"id": "x", "home": None}}], keyed]
    lines[2] = [{"event": "worker_signed_in", "worker": json.loads(a_worker("x").model_dump_json())}]
    code, answers, _ = run("live", folder / "morning.json", "--journal", path, lines=lines)
    assert code == 0
    assert [(each["line"], each["outcome"]["number"]) for each in answers] == [(1, 1), (3, 2), (4, 1)]
    assert answers[0]["outcome"] == answers[2]["outcome"]
    code, again, told = run("live", folder / "morning.json", "--journal", path, lines=[keyed])
    assert (code, again[0]["outcome"]) == (0, answers[0]["outcome"])
    assert "going on after event 2" in told


WRONG = {
    "nonsense": ("bad_line", "is no JSON"),
    "7": ("bad_line", "7 is no event"),
    '{"event": "worker_left"}': ("has_problems", "worker_id: Field required"),
    '{"event": "nothing"}': (
        "has_problems",
        "event: no kind of event is called 'nothing'; there are 'worker_s",
    ),
    '{"event": "worker_lef"}': ("has_problems", "did you mean 'worker_left'?"),
    '{"event": {}}': ("has_problems", "event: the kind of the event is missing"),
    '[{"event": "worker_left", "worker_id": "w"}, {}]': (
        "has_problems",
        "events_together.events[1].event: the kind of the event is missing",
    ),
    '{"event": {"event": "worker_left", "worker_id": "w"}, "when": 1}': ("bad_line", "'when' does not stand"),
    '{"event": {"event": "worker_left", "worker_id": "w"}, "key": 1}': ("live_no_text", "key: 1 is no text"),
    '{"event": {"event": "worker_left", "worker_id": "w"}, "time": "soon"}': ("live_no_moment", "'6:12'"),
    '{"event": {"event": "worker_left", "worker_id": "w"}, "time": "2025-09-19T05:00:00"}': (
        "live_no_zone",
        "time '2025-09-19T05:00:00' does not say its zone",
    ),
    '{"event": {"event": "policy_changed", "policy": {}}}': (
        "not_a_saved_policy",
        "not a saved policy: 'scorers' is missing",
    ),
    '{"event": "policy_changed", "policy": {"x": NaN}}': ("bad_line", "is no JSON"),
    '{"event": {"event": "worker_left", "worker_id": "w"}, "actor": "\\ud800"}': (
        "live_not_plain",
        "no JSON has",
    ),
    "[" * 5000 + "]" * 5000: ("bad_line", "is no JSON"),
    '{"event": "worker_left", "worker_id": "nobody"}': ("unknown_id", "'nobody' is not in the morning"),
}


def test_a_wrong_line_is_answered_and_changes_nothing(folder):
    """With what is wrong, in the language spoken; the next one is taken."""
    where = ("live", folder / "morning.json", "--journal", folder / "a.db")
    code, answers, _ = run(*where, lines=[*WRONG, LEFT])
    assert code == 0
    for answer, (due, message) in zip(answers, WRONG.values(), strict=False):
        assert answer["error"]["code"] == due
        assert message in answer["error"]["message"]
    assert answers[2]["error"]["problems"][0]["path"] == "worker_left.worker_id"
    assert answers[-1]["outcome"]["number"] == 1
    assert "不是 JSON" in run(*where, "--lang", "zh", lines=["nonsense"])[1][0]["error"]["message"]


QUESTIONS = (
    {"ask": "placements"},
    {"ask": "offers", "minute": "6:00", "key": "q"},
    {"event": "offer_made", "worker_id": "w", "shift_id": "s", "until": "6:15"},
    {"ask": "open_offers"},
    {"ask": "outbox"},
    {"ask": "stand_bys", "shift_id": "s", "most": 1},
    {"ask": "preview", "event": {"event": "offer_declined", "worker_id": "w", "shift_id": "s"}},
)


def test_questions_are_answered_in_their_turn(folder):
    """By what is so after the lines before; what is no question by an error."""
    where = ("live", folder / "morning.json", "--journal", folder / "a.db")
    with gm.Live(
        gm.Morning.load(folder / "morning.json"), forbid=[("v", "s")], journal=folder / "a.db"
    ) as live:
        live.apply({"event": "pair_allowed", "worker_id": "v", "shift_id": "s"})
        worker = live.pairs[0][0]
    other = "v" if worker == "w" else "w"
    lines = json.loads(json.dumps(QUESTIONS).replace('"w"', f'"{worker}"'))
    code, answers, _ = run(*where, lines=lines)
    assert code == 0
    held, offers, _, made, outbox, by, preview = answers
    assert held == {"line": 1, "ask": "placements", "answer": {worker: "s"}}
    assert (offers["key"], offers["answer"][0]["until"]) == ("q", 375)
    assert made["answer"] == offers["answer"]
    assert [each["says"] for each in outbox["answer"]] == ["offer"]
    assert [each["worker_id"] for each in by["answer"]] == [other]
    assert preview["answer"]["placed"] == [{"worker_id": other, "shift_id": "s"}]
    wrong = [{"ask": "nothing"}, {"ask": 1}, {"ask": "outbox", "minute": 1}, {"ask": "preview"}]
    for answer in run(*where, lines=wrong)[1]:
        assert answer["error"]["code"] == "bad_line"


MISASKED = (
    *({"ask": "stand_bys", "shift_id": "s", "most": most} for most in ("3", None, 2.5, [], {})),
    *({"ask": "stand_bys", "shift_id": shift} for shift in (["s"], {}, 3, None)),
    *({"ask": "offers", "minute": minute} for minute in ("soon", [], {}, True, 1e300, 10**30)),
    *({"ask": "preview", "event": event} for event in (3, None, "s", [3], {}, {"event": []})),
    *({"event": LEFT, "time": time} for time in ([], {}, 1e300, 10**30, "T")),
    *({"event": LEFT, name: value} for name in ("key", "actor") for value in ([], {}, 1, "")),
)


def test_what_is_asked_with_something_else_changes_nothing(folder):
    """Each such line is answered by an error, and the lines around it by what they change."""
    where = ("live", folder / "morning.json", "--journal", folder / "a.db")
    offer = {"event": "offer_made", "worker_id": "w", "shift_id": "s"}
    code, answers, _ = run(
        *where, lines=[{"ask": "placements"}, offer | {"worker_id": "v"}, offer, *MISASKED, LEFT]
    )
    assert (code, sum("outcome" in answer for answer in answers)) == (0, 2)
    taken = [line for line, answer in zip(MISASKED, answers[3:], strict=False) if "error" not in answer]
    assert taken == []
    assert answers[-1]["outcome"]["number"] == 2


def test_lines_before_one_that_fails_are_answered(folder, monkeypatch):
    """Whatever ends the process: they are on the disk."""
    monkeypatch.setattr(gm.Live, "outbox", lambda _: 1 / 0)
    where = ("live", folder / "morning.json", "--journal", folder / "a.db")
    code, answers, _ = run(*where, lines=[LEFT, {"ask": "outbox"}])
    assert (code, [each["outcome"]["number"] for each in answers]) == (1, [1])


def test_a_full_disk_is_answered(folder, monkeypatch):
    """What could not be written is an error line, and what could stays answered."""
    with gm.Live(gm.Morning.load(folder / "morning.json"), journal=folder / "a.db") as live:
        live.apply(LEFT, key="k")
    real = gm.live.journal._write

    def write(file, batch, *more):
        raise gm.live.journal.sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(gm.live.journal, "_write", write)
    lines = [{"event": LEFT, "key": "k"}, {"event": "worker_left", "worker_id": "v"}, {"ask": "outbox"}]
    code, answers, _ = run("live", folder / "morning.json", "--journal", folder / "a.db", lines=lines)
    monkeypatch.setattr(gm.live.journal, "_write", real)
    assert (code, answers[0]["outcome"]["number"]) == (0, 1)
    assert [each["error"]["code"] for each in answers[1:]] == ["journal_not_written"] * 2
    with gm.live.History(folder / "a.db") as history:
        assert history.at().number == 1


def test_what_a_journal_tells(folder):
    """Figures, a minute, a story; as data; one question at a time, and of a journal that is there."""
    path = folder / "a.db"
    run("live", folder / "morning.json", "--journal", path, lines=[{"event": LEFT, "time": "6:12"}])
    assert "departures: 1" in run("replay", path)[1]
    assert "After" not in run("replay", path, "--at", "6:12")[1]
    assert "6:12  event 1, w left" in run("replay", path, "--worker", "w")[1]
    assert json.loads(run("replay", path, "--json")[1])["number"] == 1
    assert json.loads(run("replay", path, "--at", "6:12", "--json")[1])["placements"] == {"v": "s"}
    story = json.loads(run("replay", path, "--worker", "w", "--json")[1])
    assert story["events"][0]["outcome"]["event"]["worker_id"] == "w"
    assert run("replay", path, "--worker", "w", "--at", "6:12")[0] == 2
    assert run("replay", folder / "nowhere.db")[0] == 2
    assert run("replay", folder / "morning.json")[0] == 2
