"""What one event of a live morning takes, by kind, beside matching again and beside OR-Tools from scratch.

    python benchmarks/live_events.py --sizes 3000 10000 50000 --rounds 200

Times are of the processor, in milliseconds, all with making the pairs of whoever comes and without the disk,
for which see `journal.py`. Shifts that come and go have five seats.
"""

from __future__ import annotations

from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from random import Random
from time import process_time
from typing import Any

import numpy as np

import gigmatch as gm
from peers import by_ortools
from report import basic_options, in_digits, save, table

TOGETHER = 500
SEATS = 5


@dataclass
class Kind:
    """Times of one kind of event, and how many pairs each looked at."""

    milliseconds: list[float] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        """Median, 95 and 99 in a hundred, and pairs."""
        times = (in_digits(float(np.percentile(self.milliseconds, share))) for share in (50, 95, 99))
        return [name, *times, *(f"{np.percentile(self.pairs, share):,.0f}" for share in (50, 95))]


@dataclass
class Morning:
    """All of one size."""

    workers: int
    shifts: int
    pairs: int
    opening_s: float
    match_ms: float
    ortools_ms: float
    kinds: dict[str, Kind]


def round_of_events(live: gm.Live, shifts: Sequence[gm.Shift], random: Random) -> Iterator[tuple[str, Any]]:
    """Every kind of event once; the morning is afterwards as it was, but for what was told."""
    worker, shift = random.choice(live.morning.workers), random.choice(shifts)
    yield "worker leaves", gm.live.WorkerLeft(worker_id=worker.id)
    yield "worker comes", gm.live.WorkerSignedIn(worker=worker)
    yield "worker changes", gm.live.WorkerChanged(worker=worker.model_copy(update={"rating": 1.0}))
    yield "worker changes", gm.live.WorkerChanged(worker=worker)
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


def many_at_once(live: gm.Live, random: Random) -> Iterator[tuple[str, Any]]:
    """Half of them leave, then half come and others leave, then the others come."""
    people = random.sample(list(live.morning.workers), TOGETHER)
    leave = [gm.live.WorkerLeft(worker_id=worker.id) for worker in people]
    come, half = [gm.live.WorkerSignedIn(worker=worker) for worker in people], TOGETHER // 2
    live.apply(leave[:half])
    yield f"{TOGETHER} come and leave", [*come[:half], *leave[half:]]
    live.apply(come[half:])


def measured(workers: int, options: Namespace) -> Morning:
    """One size."""
    tables = gm.samples.city_tables(workers=workers, shifts=workers // 5, seed=options.seed)
    morning, random = gm.morning_from_frames(**tables), Random(options.seed)
    match_ms, ortools_ms, n_pairs = from_scratch(morning)
    began = process_time()
    live = gm.Live(morning)
    found = Morning(
        workers, len(morning.shifts), n_pairs, process_time() - began, match_ms, ortools_ms, defaultdict(Kind)
    )
    shifts = [shift for shift in morning.shifts if shift.headcount == SEATS]
    for number in range(-1, options.rounds):  # the first round fills caches
        for kind, event in round_of_events(live, shifts, random):
            _apply(live, event, found.kinds[kind] if number >= 0 else Kind())
    for _ in range(max(options.rounds // 20, 3)):
        for kind, event in many_at_once(live, random):
            _apply(live, event, found.kinds[kind])
    live.verify()
    found.kinds = dict(found.kinds)
    return found


def from_scratch(morning: gm.Morning) -> tuple[float, float, int]:
    """Milliseconds of matching again from the answer, and of OR-Tools; pairs."""
    first = gm.match(morning)
    assert first.solved is not None
    problem = first.solved.problem
    match_ms = _milliseconds(lambda: gm.match(morning, start=first))
    return match_ms, _milliseconds(lambda: by_ortools(problem)), int(first.eligible_shifts.sum())


def _apply(live: gm.Live, event: Any, kind: Kind) -> None:
    before = live.work
    kind.milliseconds.append(_milliseconds(lambda: live.apply(event)))
    kind.pairs.append(live.work - before)


def _milliseconds(done: Any) -> float:
    began = process_time()
    done()
    return 1e3 * (process_time() - began)


def _told(morning: Morning) -> str:
    head = ("Event", "median ms", "95 %", "99 %", "pairs looked at", "95 %")
    about = (
        f"{morning.workers:,} workers, {morning.shifts:,} shifts, {morning.pairs:,} pairs. `match(start=)`: "
        f"{in_digits(morning.match_ms)} ms; OR-Tools from scratch, points alone: "
        f"{in_digits(morning.ortools_ms)} ms; opening: {in_digits(morning.opening_s)} s. Verified at the end."
    )
    return "\n\n".join([about, table(head, (kind.row(name) for name, kind in morning.kinds.items()))])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sizes asked for, and write them down after each."""
    parser = basic_options(__doc__, "live")
    parser.set_defaults(rounds=100)
    options = parser.parse_args(arguments)
    gm.warmup(live=True)
    mornings: list[Morning] = []
    for workers in options.sizes:
        mornings.append(measured(workers, options))
        figures = {"mornings": [asdict(morning) for morning in mornings]}
        save(options, "One event of a live morning", map(_told, mornings), figures)
        print(_told(mornings[-1]), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
