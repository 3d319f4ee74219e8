"""What a journal adds to a live morning: acknowledged events a second, opening, and memory over a long run.

    python benchmarks/journal.py --workers 3000 10000 --events 1000
    python benchmarks/journal.py --long 50000

Seconds of the clock and, as other work on the machine does not count there, of the processor.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TypeVar

import gigmatch as gm

T = TypeVar("T")
SEED = 1
GROUP = 100


def timed(what: str, done: Callable[[], T], n_events: int = 0) -> T:
    """What is done, with a line that says how long it took."""
    wall, cpu = perf_counter(), process_time()
    found = done()
    wall, cpu = perf_counter() - wall, process_time() - cpu
    rate = f"  {n_events / wall:7,.0f}/s {n_events / cpu:7,.0f}/s" if n_events else ""
    print(f"  {what:34} {wall:8.2f} s {cpu:8.2f} s{rate}", flush=True)
    return found


def in_groups(live: gm.Live, events: Sequence[gm.live.Event]) -> None:
    """Let events happen, a group on the disk at a time."""
    for at in range(0, len(events), GROUP):
        live.expect(events[at : at + GROUP])
        for event in events[at : at + GROUP]:
            live.apply(event, wait=False)
        live.flush()


def one_size(workers: int, n: int, path: Path) -> None:
    """One morning: events in every way, and opened from its snapshot and from entries after it."""
    print(f"{workers:,} workers")
    morning = gm.morning_from_frames(
        **gm.samples.city_tables(workers=workers, shifts=workers // 5, seed=SEED)
    )
    live = timed("begin", lambda: gm.Live(morning, journal=path))
    random = Random(SEED)
    told = [gm.live.PlacementAnnounced(worker_id=w, shift_id=s) for w, s in live.pairs]
    people = list(morning.workers)
    random.shuffle(told)
    random.shuffle(people)
    moves = [
        event
        for worker in people[: n // 2]
        for event in (gm.live.WorkerLeft(worker_id=worker.id), gm.live.WorkerSignedIn(worker=worker))
    ]
    timed("told, one by one", lambda: [live.apply(event) for event in told[:n]], n)
    timed("told, in groups", lambda: in_groups(live, told[n : 2 * n]), n)
    with ThreadPoolExecutor(16) as pool:
        timed("told, by 16 threads", lambda: list(pool.map(live.apply, told[2 * n : 3 * n])), n)
    timed("left and back, in groups", lambda: in_groups(live, moves), n)
    timed("close", live.close)
    live = timed("open from the snapshot", lambda: gm.Live.open(path))
    live.verify()
    live.close()
    print(f"  {path.stat().st_size / 1e6:.1f} MB")


def long_run(n: int, path: Path) -> None:
    """Memory at every tenth of many events that leave a morning as it was."""
    with gm.Live(gm.samples.jingshi(seed=SEED, workers=100), journal=path) as live:
        worker, shift = live.pairs[0]
        for at in range(n // 2):
            live.apply(gm.live.PlacementAnnounced(worker_id=worker, shift_id=shift), wait=False)
            live.apply(gm.live.AnnouncementWithdrawn(worker_id=worker), wait=at % GROUP == 0)
            if at % (n // 20) == 0:
                most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"  event {live.number:8,}: {most:6.1f} MB at most", flush=True)


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, nargs="*", default=[3_000])
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--long", type=int, default=0)
    asked = parser.parse_args()
    gm.Live(gm.samples.jingshi(seed=SEED, workers=50))  # compiled beforehand
    with TemporaryDirectory() as folder:
        if asked.long:
            long_run(asked.long, Path(folder, "long.db"))
            return
        for workers in asked.workers:
            one_size(workers, asked.events, Path(folder, f"{workers}.db"))


if __name__ == "__main__":
    main()
