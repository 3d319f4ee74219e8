"""Processes that write a journal and are killed: what they were told is on the disk, is.

``python killed.py MODE POINTS FOLDER``; ``MODE`` is ``write`` (killed after the n-th write of SQLite, before
whatever comes next, synchronisation included), ``time`` (after some milliseconds) or ``full`` (files may
not grow beyond n bytes). Every process is a fork, so that hundreds take seconds.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import resource
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

import gigmatch as gm
from gigmatch.live import events as e
from gigmatch.live.journal import Journal

PLACE = gm.Location(lat=39.9, lon=116.2, datum="WGS-84")
HALL = gm.Market(id="hall", name="Hall", location=PLACE)
MORNING = gm.Morning(date="2025-07-19", time_zone="Asia/Shanghai", currency="CNY", market=HALL)
EVENTS = 24
WRITE = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64)
SET = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)


class Vfs(ctypes.Structure):
    """``sqlite3_vfs``, as far as the calls of the system that it makes can be replaced."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("version", "size", "longest")),
        *((f"pointer_{n}", ctypes.c_void_p) for n in range(3)),
        *((f"method_{n}", ctypes.c_void_p) for n in range(13)),
        ("set_call", SET),
    ]


def die_after(n: int) -> None:
    """Let this process be killed as soon as SQLite's n-th write is done."""
    library = ctypes.CDLL(ctypes.util.find_library("sqlite3"))
    library.sqlite3_vfs_find.restype = ctypes.POINTER(Vfs)
    vfs, left = library.sqlite3_vfs_find(None), [n]

    @WRITE
    def write(file: int, data: int, size: int, at: int) -> int:
        done = os.pwrite(file, ctypes.string_at(data, size), at)
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    die_after.kept = write  # type: ignore[attr-defined]
    for name in (b"pwrite", b"pwrite64"):
        vfs.contents.set_call(ctypes.addressof(vfs.contents), name, ctypes.cast(write, ctypes.c_void_p))


def work(path: Path, told: int) -> None:
    """Write events, alone and in threes, and tell what was acknowledged."""
    live = gm.Live.open(path) if path.exists() and path.stat().st_size else gm.Live(MORNING, journal=path)
    os.write(told, b"open\n")
    waiting: list[str] = []
    for n in range(EVENTS):
        worker = gm.Worker(id=f"w{n}", home=PLACE, contact="N" * 300)
        waiting.append(worker.id)
        try:
            live.apply(e.WorkerSignedIn(worker=worker), key=worker.id, wait=n % 8 == 0)
            if n % 4 == 0:
                live.flush()
                os.write(told, "".join(f"{each}\n" for each in waiting).encode())
                waiting.clear()
        except gm.JournalError:
            waiting.clear()
    live.close()
    os.write(told, "".join(f"{each}\n" for each in waiting).encode())


def run(mode: str, point: int, path: Path) -> list[str]:
    """What a process was told, which was killed at a point."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        if mode == "write":
            die_after(point)
        if mode == "full":
            resource.setrlimit(resource.RLIMIT_FSIZE, (point, point))
        try:
            work(path, writing)
        except gm.GigmatchError:
            os._exit(3)
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
            os._exit(4)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        lines = [told.readline()]
        if mode == "time":
            time.sleep(point / 1000)
            os.kill(child, signal.SIGKILL)
        lines += told.readlines()
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) != 4
    return [line.strip() for line in lines if line]


def check(mode: str, point: int, path: Path) -> int:
    """Whether all that was acknowledged is there, in order, and nothing that was not sent; how many."""
    told = run(mode, point, path)
    if "open" not in told and (not path.exists() or not is_begun(path)):
        return 0
    with closing(Journal(path)) as journal:
        found = [str(entry.key) for entry in journal.entries()][1:]
    acknowledged = told[1:]
    sent = [f"w{n}" for n in range(EVENTS)]
    assert [key for key in sent if key in found] == found, (mode, point, found)
    assert not set(acknowledged) - set(found), (mode, point, told, found)
    if mode == "full":
        assert found == acknowledged, (mode, point, told, found)
    with gm.Live.open(path) as live:
        assert [worker.id for worker in live.morning.workers] == sorted(found)
        live.apply(e.WorkerSignedIn(worker=gm.Worker(id="last", home=PLACE)))
    return len(found)


def is_begun(path: Path) -> bool:
    """Whether there is a first entry; a file without may be begun anew."""
    try:
        Journal(path).close()
    except gm.InvalidFileError:
        gm.Live(MORNING, journal=path).close()
        for end in ("", "-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        return False
    return True


def main() -> None:
    """Kill at every point, and print how often, and how many numbers of events were left behind."""
    mode, points, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    last = {"write": 260, "time": 260, "full": 160_000}[mode]
    step = max(last // points, 1)
    random, found = Random(points), []
    for at in range(points):
        point = 1 + at * step + random.randrange(step)
        found.append(check(mode, point, folder / f"{at}.db"))
        for left in folder.glob(f"{at}.db*"):
            left.unlink()
    print(len(found), len(set(found)), min(found), max(found))


if __name__ == "__main__":
    main()
