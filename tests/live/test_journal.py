"""What survives: every acknowledged event and no other, whatever is cut off, full or tampered with."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

import gigmatch as gm
from gigmatch.live import events as e
from gigmatch.live.journal import Journal
from gigmatch.live.past import steps
from live.streams import REFUSED, Stream, state_of
from tests.conftest import a_morning, a_shift, a_worker, sample

HERE = (a_worker("w", contact="Wang"), a_worker("v"), a_shift("s", headcount=2), a_shift("t"))


def copied(path: Path, to: Path) -> Path:
    """A journal as it lies on the disk now."""
    for end in ("", "-wal"):
        if (each := Path(f"{path}{end}")).exists():
            shutil.copy(each, f"{to}{end}")
    return to


def test_a_stream_is_opened_as_it_was(tmp_path):
    """Byte for byte, from any of its copies, events undone, refused and together among them; and goes on."""
    stream = Stream(sample("jingshi", seed=1, workers=50), Random(3), tmp_path / "a.db")
    for number in range(30):
        try:
            stream.live.apply(stream.event(), key=f"k{number}", actor="desk", time=300 + number)
        except REFUSED:
            continue
    for path in (copied(tmp_path / "a.db", tmp_path / "b.db"), tmp_path / "a.db"):
        due = state_of(stream.live), stream.live.log
        if path.name == "a.db":
            stream.live.close()
        with gm.Live.open(path) as opened:
            assert (state_of(opened), opened.log) == due
            opened.verify()
            n = len(opened.log)
            assert opened.apply(e.WorkerSignedIn(worker=a_worker("new", station_id=None))).number == n + 1


def test_what_is_gone_through_is_what_was_decided(tmp_path):
    """Every entry leads to the state it says, from the first one on as from a snapshot."""
    stream = Stream(sample("jingshi", seed=0, workers=50), Random(5), tmp_path / "a.db")
    told = [dict(stream.live.pairs)]
    for _ in range(15):
        try:
            stream.live.apply(stream.event())
        except REFUSED:
            continue
        told.append(dict(stream.live.pairs))
    stream.live.close()
    with closing(Journal(tmp_path / "a.db")) as journal:
        found = [dict(step.state.of("placements")) for step in steps(journal)]
    assert found == told


def test_a_key_counts_once(tmp_path):
    """The first outcome again, also of another process, and nothing changes."""
    with gm.Live(a_morning(*HERE), journal=tmp_path / "a.db") as live:
        first = live.apply(e.WorkerLeft(worker_id="w"), key="k")
        assert live.apply(e.WorkerLeft(worker_id="w"), key="k") == first
        assert live.apply(e.WorkerLeft(worker_id="w"), key="k", wait=False) == first
    with gm.Live.open(tmp_path / "a.db") as live:
        assert live.apply(e.WorkerLeft(worker_id="w"), key="k") == first
        assert len(live.log) == 1
    live, left = gm.Live(a_morning(*HERE)), e.WorkerLeft(worker_id="w")
    assert live.apply(left, key="k") == live.apply(left, key="k")


def test_many_threads_are_acknowledged_together(tmp_path, monkeypatch):
    """Each event once, in an order that is the journal's, in fewer transactions than events."""
    workers, written = [a_worker(f"w{n}") for n in range(40)], []
    real = gm.live.journal._write

    def write(file, batch, *more):
        written.append(len(batch))
        real(file, batch, *more)

    monkeypatch.setattr(gm.live.journal, "_write", write)
    with gm.Live(a_morning(*HERE), journal=tmp_path / "a.db") as live:

        def come(worker):
            return live.apply(e.WorkerSignedIn(worker=worker), key=worker.id)

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(come, workers * 2))
        assert sorted(each.number for each in outcomes) == sorted([*range(1, 41)] * 2)
        assert sum(written) == 41
        live.verify()
        due = state_of(live), live.log
    with gm.Live.open(tmp_path / "a.db") as live:
        assert (state_of(live), live.log) == due


def test_a_group_is_one_transaction(tmp_path):
    """What is not waited for is on the disk after `flush`, and not before."""
    with gm.Live(a_morning(*HERE), journal=tmp_path / "a.db") as live:
        for n in range(5):
            live.apply(e.WorkerSignedIn(worker=a_worker(f"x{n}")), wait=False)
        assert live.undo(5).number == 6
        live.apply(e.WorkerSignedIn(worker=a_worker("x5")), key="k", wait=False)
        with closing(Journal(tmp_path / "a.db")) as journal:
            assert journal.written == 6
            assert len(live.log) == 7
            live.flush()
            assert [entry.number for entry in journal.entries()] == [*range(8)]


def test_one_writes_and_many_read(tmp_path):
    """A second writer is refused, and told who the first one is; readers are not."""
    path = tmp_path / "a.db"
    with gm.Live(a_morning(*HERE), journal=path) as live:
        live.apply(e.WorkerLeft(worker_id="w"))
        with pytest.raises(gm.JournalError, match="another writer has it") as refused:
            gm.Live.open(path)
        assert refused.value.parameters["name"].endswith(f", {os.getpid()}")
        with closing(Journal(path)) as one, closing(Journal(path)) as other:
            assert one.written == other.written == 1
    gm.Live.open(path).close()


@pytest.mark.parametrize("what", ["text", "sqlite", "newer", "missing", "there"])
def test_what_is_no_journal_is_refused(tmp_path, what):
    """By name: other files, other databases, later formats, and what is there already."""
    path = tmp_path / "a.db"
    if what == "text":
        path.write_text("no database " * 100)
    elif what != "missing":
        with closing(gm.Live(a_morning(*HERE), journal=path)):
            pass
        with closing(sqlite3.connect(path)) as file:
            file.execute(f"PRAGMA {'application_id' if what == 'sqlite' else 'secure_delete'} = 0")
            file.execute(f"PRAGMA user_version = {99 if what == 'newer' else 1}")
    with pytest.raises(gm.InvalidFileError) as refused:
        gm.Live(a_morning(*HERE), journal=path) if what == "there" else gm.Live.open(path)
    codes = {"sqlite": "journal_none", "newer": "saved_newer", "there": "journal_is_there"}
    assert refused.value.code == codes.get(what, "cannot_read")


TAMPER = {
    "body": ("UPDATE entries SET body = replace(body, '\"desk\"', '\"boss\"') WHERE number = 2", 2),
    "key": ("UPDATE entries SET key = 'other' WHERE number = 1", 1),
    "gone": ("DELETE FROM entries WHERE number = 1", 1),
    "moved": ("UPDATE entries SET number = 9 WHERE number = 3", 3),
    "first": ("UPDATE entries SET body = replace(body, '\"placed\"', '\"moved\"') WHERE number = 0", 0),
    "record": ("UPDATE people SET text = replace(text, 'Wang', 'Wong')", 0),
    "record_other": ("UPDATE people SET text = x'00', salt = 'x'", 0),
    "record_gone": ("DELETE FROM people WHERE person = 'v'", 0),
}


@pytest.mark.parametrize("what", TAMPER)
def test_the_first_entry_that_was_tampered_with_is_named(tmp_path, what):
    """Entries, keys, order and records of who is here."""
    path, (change, number) = tmp_path / "a.db", TAMPER[what]
    with gm.Live(a_morning(*HERE), journal=path) as live:
        for n in range(4):
            live.apply(e.WorkerSignedIn(worker=a_worker(f"x{n}")), actor="desk", key=f"k{n}")
    with closing(sqlite3.connect(path)) as file:
        assert file.execute(change).rowcount > 0
        file.commit()
    with pytest.raises(gm.CertificateError, match=f"entry {number} is not as it was written"):
        gm.Live.open(path)


@pytest.mark.parametrize("spoil", ["tables", "hint", "none", "prices"])
def test_a_spoilt_snapshot_does_no_harm(tmp_path, spoil):
    """The entries have all of it; prices are no more than a start."""
    path = tmp_path / "a.db"
    with gm.Live(sample("jingshi", 7, workers=50), journal=path) as live:
        live.apply(e.WorkerLeft(worker_id=live.pairs[0][0]))
        due = state_of(live), live.log
    with closing(sqlite3.connect(path)) as file:
        for number, body in file.execute("SELECT * FROM snapshots").fetchall():
            kept = json.loads(body)
            if spoil == "tables":
                kept["tables"]["placements"].popitem()
            elif spoil == "hint":
                kept["hint"]["tiers"][2] = kept["hint"]["tiers"][1]
            elif spoil == "prices":
                kept["hint"]["prices"] = {key: [7 * n] * 8 for n, key in enumerate(kept["hint"]["prices"])}
            text = "no" if spoil == "none" else json.dumps(kept)
            file.execute("UPDATE snapshots SET body = ? WHERE number = ?", (text, number))
        file.commit()
    with gm.Live.open(path) as live:
        assert (state_of(live), live.log) == due
        live.verify()


def test_a_person_is_erased(tmp_path):
    """Nothing of them is left in the file but the id; the chain holds, and the rest is gone through."""
    path, reason = tmp_path / "a.db", "had to see Doctor Li"
    with gm.Live(a_morning(*HERE), journal=path) as live:
        shift = dict(live.pairs)["w"]
        live.apply(e.WorkerChanged(worker=a_worker("w", contact="Wang 139-0000-0000")))
        live.apply(e.PairForbidden(worker_id="w", shift_id=shift, reason=reason))
        assert live.log[1].event.reason == reason
        with pytest.raises(gm.InvalidInputError, match="is in the morning still"):
            live.erase("w")
        left = live.apply(e.WorkerLeft(worker_id="w"))
        live.erase("w")
        with pytest.raises(gm.InvalidInputError, match="was erased"):
            live.undo(left.number)
        due = state_of(live), live.log
        for file in tmp_path.iterdir():
            data = file.read_bytes()
            assert not any(word.encode() in data for word in ("Wang", reason, "139-0000"))
    with gm.Live.open(path) as live:
        assert (state_of(live), live.log) == due
        assert live.log[0].event.worker.contact == ""
        assert live.log[1].event.reason == ""
        live.verify()
    with pytest.raises(gm.InvalidInputError, match="without a journal"):
        gm.Live(a_morning(*HERE)).erase("x")


def test_entries_hold_ids_and_digests_alone(tmp_path):
    """Two journals of one morning differ by their salts, and in nothing that can be asked."""
    lives = [gm.Live(a_morning(*HERE), journal=tmp_path / name) for name in ("a.db", "b.db")]
    for live in lives:
        live.apply(e.WorkerLeft(worker_id="w"))
    assert state_of(lives[0]) == state_of(lives[1])
    files = [[entry.body for entry in live._hall.log.journal.entries()] for live in lives]
    assert files[0] != files[1]
    assert not any("Wang" in body for bodies in files for body in bodies)
    for live in lives:
        live.close()


def test_another_version_decides_nothing_anew(tmp_path):
    """What was placed stays so in the past; where the answer is another one now, that is an event."""

    def early(columns, pairs):
        return (pairs.worker == 0).astype(float) * early.sign

    early.sign = 1.0
    policy = gm.DEFAULT_POLICY.only("pay").with_scorer(early, 40)
    path = tmp_path / "a.db"
    with gm.Live(a_morning(a_worker("a"), a_worker("b"), a_shift("s")), policy=policy, journal=path) as live:
        assert live.pairs == (("a", "s"),)
        live.apply(e.WorkerSignedIn(worker=a_worker("c")), time="6:12")
        past = live.log
    with pytest.raises(gm.InvalidPolicyError):
        gm.Live.open(path)
    early.sign = 0.0
    with gm.Live.open(path, scorers=[early]) as live:
        assert live.log[:1] == past
        [event] = live.log[1:]
        assert isinstance(event.event, e.SolvedAnew) == (live.pairs != (("a", "s"),))
        live.verify()
        due = live.log
    with gm.Live.open(path, scorers=[early]) as live:
        assert live.log == due


class Full:
    """The disk of a journal, which fills up."""

    def __init__(self, live: gm.Live):
        self.file = live._hall.log.journal._file
        self.pages = self.file.execute("PRAGMA page_count").fetchone()[0]

    def fill(self) -> None:
        self.file.execute(f"PRAGMA max_page_count = {self.pages}")

    def empty(self) -> None:
        self.file.execute("PRAGMA max_page_count = 1000000")


def test_a_full_disk_takes_back_what_it_cannot_hold(tmp_path):
    """Nothing changes, keys are free again, and with room it goes on, with all that were acknowledged."""
    path = tmp_path / "a.db"
    with gm.Live(a_morning(*HERE), journal=path) as live:
        live.apply(e.WorkerLeft(worker_id="w"), key="first")
        due, disk, n = (state_of(live), live.log), Full(live), 0
        disk.fill()
        with pytest.raises(gm.JournalError, match="could not be written"):  # noqa: PT012
            for n in range(200):
                live.apply(e.WorkerSignedIn(worker=a_worker(f"x{n}", contact="N" * 500)), key=f"k{n}")
                due = state_of(live), live.log
        assert (state_of(live), live.log) == due
        live.verify()
        for more in range(3):
            live.apply(e.WorkerSignedIn(worker=a_worker(f"y{more}", contact="N" * 9000)), wait=False)
        with pytest.raises(gm.JournalError):
            live.flush()
        assert (state_of(live), live.log) == due
        disk.empty()
        assert live.apply(e.WorkerSignedIn(worker=a_worker(f"x{n}")), key=f"k{n}").number == n + 2
        due = state_of(live), live.log
    with gm.Live.open(path) as live:
        assert (state_of(live), live.log) == due


@pytest.mark.parametrize("step", [997, pytest.param(1, marks=pytest.mark.nightly)])
def test_power_fails_anywhere_between_two_acknowledgements(tmp_path, step):
    """What was written ahead is cut off or spoilt at every byte: the file has what was acknowledged."""
    path, sizes = tmp_path / "a.db", []
    live = gm.Live(a_morning(*HERE), journal=path)
    for n in range(3):
        live.apply(e.WorkerSignedIn(worker=a_worker(f"x{n}")))
        sizes.append(Path(f"{path}-wal").stat().st_size)
    whole, random, points = Path(f"{path}-wal").read_bytes(), Random(1), 0
    for cut in range(sizes[0], sizes[2] + 1, step):
        acknowledged = sum(size <= cut for size in sizes)
        copy = copied(path, tmp_path / "cut.db")
        tail = random.randbytes(100) if cut % 128 else b""
        Path(f"{copy}-wal").write_bytes(whole[:cut] + tail)
        Path(f"{copy}-shm").unlink(missing_ok=True)
        with closing(Journal(copy)) as journal:
            assert journal.written == acknowledged
            assert journal.head == live._hall.log.journal.entry(acknowledged)
        points += 1
    assert points > (5_000 if step == 1 else 5)
    live.close()


def test_hashes_made_anew_do_not_hide_what_does_not_follow(tmp_path):
    """Whoever writes a whole chain still has to say what the outcomes lead to."""
    path = tmp_path / "a.db"
    with gm.Live(a_morning(*HERE), journal=path) as live:
        live.apply(e.WorkerLeft(worker_id="w"))
        live.apply(e.WorkerSignedIn(worker=a_worker("x")))
        entries = list(live._hall.log.journal.entries())
    for forged in ('"w"', None):
        with closing(sqlite3.connect(path)) as file:
            before = entries[0].hash
            for entry in entries[1:]:
                body = entry.body.replace('"w"', '"v"') if forged else "{}"
                new = type(entry).after(before, entry.number, entry.key, body)
                file.execute(
                    "UPDATE entries SET body = ?, hash = ? WHERE number = ?", (body, new.hash, entry.number)
                )
                before = new.hash
            file.execute("DELETE FROM snapshots")
            file.commit()
        with pytest.raises(gm.CertificateError, match="entry 1 is not as it was written"):
            gm.Live.open(path)


def test_what_cannot_be_written_down_changes_nothing(tmp_path):
    """No text as a key, half a character as an actor: refused by name, and the answer stands."""
    with gm.Live(a_morning(*HERE), journal=tmp_path / "a.db") as live:
        due = state_of(live), live.log
        for given in ({"key": 7}, {"key": ""}, {"actor": 7}, {"actor": "\ud800"}, {"time": "soon"}):
            with pytest.raises(gm.InvalidInputError):
                live.apply(e.WorkerLeft(worker_id="w"), **given)
        assert (state_of(live), live.log) == due
        live.verify()
        assert live.apply(e.WorkerLeft(worker_id="w")).number == 1


def test_an_empty_hall_is_kept(tmp_path):
    """Nobody and nothing, and then somebody."""
    with gm.Live(a_morning(), journal=tmp_path / "a.db") as live:
        live.apply(e.WorkerSignedIn(worker=a_worker("x")))
    with gm.Live.open(tmp_path / "a.db") as live:
        live.apply(e.ShiftAdded(shift=a_shift("s")))
        assert live.pairs == (("x", "s"),)
        live.verify()
