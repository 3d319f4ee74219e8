"""What a journal tells, while somebody writes it and for years: figures, any minute, one person's story."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import gigmatch as gm
from gigmatch.live import events as e
from tests.conftest import a_morning, a_shift, a_worker

HEAD = "f4e1f4062c0cebdc5b85709e3aa02d6ee55df885984bbc90c6b3e7c291954451"
HERE = (a_worker("w"), a_worker("v"), a_shift("s", headcount=2), a_shift("t"))
OLD = Path(__file__).parents[1] / "saved" / "0.1.0" / "journal.db"


@pytest.fixture
def live(tmp_path):
    """An hour of one hall."""
    with gm.Live(a_morning(*HERE), journal=tmp_path / "a.db", clock=lambda: "4:50") as live:
        live.apply(e.WorkerLeft(worker_id="w"), time="6:12", actor="desk 2")
        live.apply([e.ShiftCancelled(shift_id=live.pairs[0][1])], time="6:20")
        live.apply(e.PairForbidden(worker_id="v", shift_id=live.pairs[0][1], reason="too far"), time=384)
        live.apply(e.SolvedAnew(), time=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
        yield live


def test_what_was_so_at_any_minute(live, tmp_path):
    """After the last event until then; before the opening nothing was."""
    with gm.live.History(tmp_path / "a.db") as history:
        seen = {minute: history.at(minute) for minute in ("4:50", "6:11", "6:12", "6:19", "6:20", None)}
        assert [each.number for each in seen.values()] == [0, 0, 1, 1, 2, 4]
        assert set(seen["6:11"].workers) == set(seen["6:11"].placements) == {"w", "v"}
        assert set(seen["6:12"].placements) == {"v"}
        assert seen[None].placements == dict(live.pairs)
        assert seen["6:11"].headcounts == {"s": 2, "t": 1}
        assert seen["6:12"].time == dt.datetime(2025, 7, 18, 22, 12, tzinfo=dt.UTC)
        for wrong in ("4:49", "soon", dt.datetime(2025, 7, 19)):
            with pytest.raises(gm.InvalidInputError):
                history.at(wrong)
        live.apply(e.WorkerSignedIn(worker=a_worker("x")), time="6:30")
        assert "x" in history.at().workers


def test_one_persons_story(live, tmp_path):
    """What was about them or changed what they had, in order, in both languages; nobody else's."""
    with gm.live.History(tmp_path / "a.db") as history:
        story = history.of("v")
        numbers = [each.outcome.number for each in story]
        assert numbers[-2:] == [2, 3]
        assert story[-1].shown == "6:24"
        told = history.story("v")
        assert "6:20  event 2, 1 event together: moved from shift" in told
        assert "v shall not have shift" in told
        assert "(too far): " in told
        assert "零工 v 的早市" in history.story("v", lang="zh")
        assert [each.actor for each in history.of("w")] == ["desk 2"]
        with pytest.raises(gm.InvalidInputError, match="is not in the morning"):
            history.of("nobody")


def test_a_story_tells_of_offers_and_of_who_made_room(tmp_path):
    """What somebody was asked, answered and heard; and why they moved: who went before them, and who came."""
    with gm.Live(a_morning(a_worker("v"), a_worker("w"), a_shift("s")), journal=tmp_path / "b.db") as live:
        (offer,) = live.offers("5:00")
        live.apply(offer, time="5:00")
        (message,) = live.outbox()
        live.apply(e.MessageSaid(message=message), time="5:01")
        live.apply(e.OfferDeclined(worker_id=offer.worker_id, shift_id="s", reason="too far"), time="5:02")
        live.apply(e.TimeMoved(minute="5:03"), time="5:03")
    other = ({"v", "w"} - {offer.worker_id}).pop()
    with gm.live.History(tmp_path / "b.db") as history:
        story = history.story(offer.worker_id)
        assert f"5:00  event 1, {offer.worker_id} was offered shift s" in story
        assert "5:01  event 2" in story
        assert f"event 3, {offer.worker_id} said no to shift s (too far): lost shift s" in story
        assert f"; in turn: {other} to s, {offer.worker_id} out of s" in story
        assert f"依次为：零工 {other} 去班次 s，零工" in history.story(offer.worker_id, lang="zh")
        assert "event 4" not in story
        assert history.at("5:01").offers == {offer.worker_id: "s"}
        assert history.at("5:02").offers == history.at().at_work == {}


def test_figures(live, tmp_path):
    """How much happened, and the hash of the last entry."""
    with gm.live.History(tmp_path / "a.db") as history:
        text = history.text()
        assert "4 events, 4:50 to 2030-01-01" in text
        assert history.head in text
        assert "departures: 1" in text
        assert "离开：1 次" in history.text("zh")
        assert [each.outcome for each in history.happenings()] == list(live.log)


def test_every_kind_is_told_in_words():
    """In both languages."""
    kinds = e.AnyEvent.__subclasses__()
    assert len(kinds) > 15
    for kind in kinds:
        name = kind.model_fields["event"].default
        for lang in ("en", "zh"):
            assert gm.live.history.has(f"history.kind_{name}", lang), name
            assert gm.live.history.has(f"history.happened_{name}", lang), name


def test_a_journal_of_the_first_format_is_read(tmp_path):
    """Gone through as it was written, and gone on from."""
    shutil.copy(OLD, tmp_path / "old.db")
    with gm.live.History(tmp_path / "old.db") as history:
        assert history.head == HEAD
        kinds = [each.outcome.event.event for each in history.happenings()]
        assert kinds == ["worker_left", "placement_announced"]
    with gm.Live.open(tmp_path / "old.db") as live:
        live.verify()
        live.apply(e.WorkerLeft(worker_id="v"))
        live.apply(e.TimeMoved(minute="6:30"))
        assert live.number == 4
    with closing(sqlite3.connect(tmp_path / "old.db")) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (2,)
    with gm.Live.open(tmp_path / "old.db") as live:
        assert live.minute == 390
