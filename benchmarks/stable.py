"""Stable matching on the sample city, for either side, beside the optimum of the same morning.

From columns to the verified answer, by stage: what comes before *ranking* is the same as for ``match``;
*ranking* asks both sides for the points of every pair, *proposals* is deferred acceptance from scored pairs,
*verify* the pass that proves it stable and the best for its side. In turns, in one process, after one run of
each to compile. Deferred acceptance is measured once more alone, in time on a processor, so that other
processes matter little; for employers with the turning of the rows.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from gigmatch import Assignment, Columns, match, samples, stable
from gigmatch.matching.deferred_acceptance import Lists, deferred_acceptance
from measure import in_turns
from report import basic_options, in_digits, save, table

__all__ = ["main"]

STAGES = ("ranking", "proposals", "verify")


@dataclass
class City:
    """One size, and what was measured of it: of every run the seconds in all, and those of some stages."""

    workers: int
    shifts: int
    pairs: int = 0
    proposals: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    on_processor: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, seconds: float, answer: Assignment) -> None:
        """Count a run."""
        told = answer.statistics
        assert told is not None
        self.pairs = int(answer.eligible_shifts.sum())
        self.seconds.setdefault(name, []).append(seconds)
        if name != "match":
            self.proposals[name] = told.counts["proposals"]
            for stage in STAGES:
                self.seconds.setdefault(f"{name} {stage}", []).append(told.seconds[stage])

    def middle(self, name: str) -> float:
        """The median of all runs but the first."""
        return median(self.seconds[name][1:])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sizes asked for, and write them down after each."""
    options = basic_options(__doc__, "stable").parse_args(arguments)
    found: list[City] = []
    head = [
        "workers x shifts",
        "pairs",
        "side",
        "proposals kept at first",
        *(f"{stage}, s" for stage in STAGES),
    ]
    head += ["proposals on a processor, s", "in all, s", "match, s", "ratio"]
    for workers in options.sizes:
        city = City(workers, max(workers // 5, 1))
        found.append(city)
        columns = samples.city(workers=city.workers, shifts=city.shifts, seed=options.seed)
        runs = {name: (options.rounds + 1, run) for name, run in _runs(columns).items()}
        for name, seconds, answer in in_turns(runs, time.perf_counter):
            city.add(name, seconds, answer)
            del answer  # nobody runs beside what another one holds
        city.on_processor = _on_processor(stable(columns))
        rows = [_row(each, side) for each in found for side in ("worker", "employer")]
        save(options, "Stable matching", [table(head, rows)], {"cities": list(map(asdict, found))})
        print("\n".join(" | ".join(_row(city, side)) for side in ("worker", "employer")), flush=True)
    return 0


def _runs(columns: Columns) -> dict[str, Callable[[], Any]]:
    sides: dict[str, Callable[[], Any]] = {
        "worker": partial(stable, columns, side="worker"),
        "employer": partial(stable, columns, side="employer"),
    }
    return sides | {"match": partial(match, columns)}


def _on_processor(answer: Assignment) -> dict[str, float]:
    """Seconds of a processor that deferred acceptance takes from scored pairs, by side."""
    solved = answer.solved
    assert solved is not None
    keys = solved.sides.keys(solved.eligible.pairs)
    rows = solved.eligible
    lists = Lists(rows.indptr, rows.shift, len(answer.shift_ids), keys.worker, keys.employer)
    one, seats = np.ones(len(answer.worker_ids), np.int64), solved.instance.seats
    began = time.thread_time()
    of_workers = deferred_acceptance(lists, one, seats)
    between = time.thread_time()
    deferred_acceptance(lists.turned(), seats, one)
    assert len(of_workers[0]) == len(answer.pairs)
    return {"worker": between - began, "employer": time.thread_time() - between}


def _row(city: City, side: str) -> list[str]:
    seconds = [city.middle(f"{side} {stage}") for stage in STAGES]
    whole, best = city.middle(side), city.middle("match")
    size = f"{city.workers:,} x {city.shifts:,}"
    return [
        size,
        f"{city.pairs:,}",
        side,
        f"{city.proposals[side]:,}",
        *map(in_digits, (*seconds, city.on_processor[side], whole, best, whole / best)),
    ]


if __name__ == "__main__":
    sys.exit(main())
