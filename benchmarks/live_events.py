"""What one event of a live morning takes, by kind, beside matching again from the answer before.

    python benchmarks/live_events.py --workers 3000 10000 --rounds 100

Times are of the processor, in milliseconds, all of them with making the pairs of whoever comes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from time import process_time

import numpy as np

import gigmatch as gm

SEED = 3


def round_of_events(live: gm.Live, random: Random) -> Iterator[tuple[str, gm.live.Event]]:
    """Every kind of event once; the morning is afterwards as it was, but for what was told."""
    worker, shift = random.choice(live.morning.workers), random.choice(live.morning.shifts)
    yield "worker leaves", gm.live.WorkerLeft(worker_id=worker.id)
    yield "worker comes", gm.live.WorkerSignedIn(worker=worker)
    yield "shift cancelled", gm.live.ShiftCancelled(shift_id=shift.id)
    yield "shift added", gm.live.ShiftAdded(shift=shift)
    more = shift.model_copy(update={"headcount": shift.headcount + 1})
    yield "one seat more", gm.live.ShiftChanged(shift=more)
    yield "one seat less", gm.live.ShiftChanged(shift=shift)
    worker_id, shift_id = random.choice(live.pairs)
    pair = {"worker_id": worker_id, "shift_id": shift_id}
    yield "told", gm.live.PlacementAnnounced(**pair)
    yield "promised", gm.live.PromisePinned(**pair)
    yield "released", gm.live.PromiseReleased(worker_id=worker_id)
    yield "declined", gm.live.PairForbidden(**pair)
    yield "allowed again", gm.live.PairAllowed(**pair)


def measured(workers: int, rounds: int) -> None:
    """Print a table for one size."""
    morning = gm.samples.majuqiao(seed=SEED, workers=workers)
    first = gm.match(morning)
    began = process_time()
    gm.match(morning, start=first)
    again = process_time() - began
    gm.Live(gm.samples.majuqiao(seed=SEED, workers=50))  # compiles
    began = process_time()
    live = gm.Live(morning)
    opened = process_time() - began
    random, times, work = Random(SEED), defaultdict(list), defaultdict(list)
    for _ in range(rounds):
        for kind, event in round_of_events(live, random):
            before, began = live.work, process_time()
            live.apply(event)
            times[kind].append(1e3 * (process_time() - began))
            work[kind].append(live.work - before)
    live.verify()
    n_pairs = int(first.eligible_shifts.sum())
    print(f"\n{workers:,} workers, {len(morning.shifts):,} shifts, {n_pairs:,} pairs: `match(start=)`")
    print(f"{1e3 * again:,.0f} ms, opening {opened:.1f} s; {rounds} events a kind, verified at the end.\n")
    print("| Event | median ms | 95 % | 99 % | pairs looked at, median |\n| --- | --- | --- | --- | --- |")
    for kind, found in times.items():
        figures = " | ".join(f"{np.percentile(found, at):.2f}" for at in (50, 95, 99))
        print(f"| {kind} | {figures} | {np.median(work[kind]):,.0f} |")


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[3_000, 10_000])
    parser.add_argument("--rounds", type=int, default=100)
    asked = parser.parse_args()
    for workers in asked.workers:
        measured(workers, asked.rounds)


if __name__ == "__main__":
    main()
