"""``match`` end to end from 1,000 to 1,000,000 workers: seconds by stage, and memory beside them.

Every size of the sample ``city`` in a process of its own, by two ways: all pairs at once, and some of them
held (``max_pairs``), which proves the same figures over all pairs. What was measured before with the same
seed is kept, so that a run that was stopped goes on where it was; ``--anew`` measures it again.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import plots
from gigmatch import Assignment, Columns, match, samples, warmup
from measure import Alone, RunError, alone
from report import basic_options, in_digits, save, save_plot, table

__all__ = ["SIZES", "STAGES", "Grown", "main"]

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
WAYS = {"all": None, "some": 15}
"""Pairs of a worker held at first, by way; None for all."""
STAGES = {
    "sampling": ("sampling",),
    "pairs": ("compile", "prepare", "candidates", "rules", "scoring", "baseline", "problem"),
    "solving": ("solve", "prove"),
    "pricing": ("pricing",),
    "verifying": ("verify",),
    "answer": ("answer",),
}
"""What statistics call the stages, in a few groups."""
ABOUT = (
    "`all` holds every pair, `some` about 15 a worker and prices the others. Passes: pairs looked at in "
    "samples, in the pass over all and again, as many times as all there are; in brackets the rounds of "
    "pricing. Seconds are those of wall time, then those on a processor, in all and by stage: other work on "
    "the machine matters little to these. Every answer is proved on all levels over all pairs, and both ways "
    "give the same figures."
)


@dataclass(frozen=True)
class Grown:
    """One size by one way."""

    workers: int
    way: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    stages: dict[str, float]
    """Seconds of wall time by group."""
    counts: dict[str, int]
    value: int
    placements: int

    @classmethod
    def of(cls, workers: int, way: str, seen: Alone) -> Grown:
        """What was seen of a run."""
        stages, counts, value, placements = seen.told
        grouped = {group: sum(_of_stage(stages, names)) for group, names in STAGES.items()}
        figures = seen.seconds, seen.cpu_seconds, seen.peak_bytes
        return cls(workers, way, *figures, grouped, counts, value, placements)

    @property
    def profile(self) -> dict[str, float]:
        """Seconds on a processor by group of stages: of what all take, as time on the wall is shared out."""
        return {stage: self.cpu_seconds * part / self.seconds for stage, part in self.stages.items()}

    @property
    def passes(self) -> float:
        """Pairs looked at, as many times as all there are."""
        again = (self.counts.get(name, 0) for name in ("pairs in samples", "pairs looked at again"))
        return 1 + sum(again) / max(self.counts["pairs looked at"], 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sizes asked for, and write table and plot after each."""
    parser = basic_options(__doc__, "growth")
    parser.set_defaults(sizes=list(SIZES), rounds=1)
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--most-at-once", type=int, default=100_000, help="workers up to whom `all` is run")
    parser.add_argument("--anew", action="store_true", help="measure again what was measured before")
    options = parser.parse_args(arguments)
    found = [] if options.anew else list(_measured_before(options))
    for workers in options.sizes:
        for way in options.ways:
            known = any((one.workers, one.way) == (workers, way) for one in found)
            if known or (way == "all" and workers > options.most_at_once):
                continue
            found.append(_measured(workers, way, options.seed))
            found.sort(key=lambda one: (one.workers, list(WAYS).index(one.way)))
            _agree(found)
            _save(options, found)
            print(" | ".join(_row(found, found.index(found[-1]))), flush=True)
    _save(options, found)
    return 0


def _measured_before(options: Namespace) -> Iterator[Grown]:
    path = options.out / f"{options.name}.json"
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        if before["options"]["seed"] == options.seed:
            yield from (Grown(**each) for each in before["grown"])


def _measured(workers: int, way: str, seed: int) -> Grown:
    each = WAYS[way]
    run = match if each is None else partial(match, max_pairs=each * workers)
    try:
        return Grown.of(workers, way, alone(partial(_ready, workers, seed), run, tell=_told))
    except RunError as error:
        raise SystemExit(f"{workers:,} workers, {way} pairs: {error}") from None


def _ready(workers: int, seed: int) -> Columns:
    warmup()
    match(samples.city(workers=200, shifts=40, seed=seed))
    return samples.city(workers=workers, shifts=workers // 5, seed=seed)


def _told(answer: Assignment) -> tuple[dict[str, float], dict[str, int], int, int]:
    assert answer.status == "optimal"
    statistics = answer.statistics
    figures = answer.solution.value, answer.summary.placements
    return dict(statistics.seconds), dict(statistics.counts), *figures


def _of_stage(stages: dict[str, float], names: Sequence[str]) -> Iterator[float]:
    return (seconds for stage, seconds in stages.items() if stage in names or stage.split()[0] in names)


def _agree(found: Sequence[Grown]) -> None:
    """Both ways are worth the same."""
    for one in found:
        others = {(each.value, each.placements) for each in found if each.workers == one.workers}
        assert len(others) == 1, f"{one.workers:,} workers: {others}"


def _save(options: Namespace, found: Sequence[Grown]) -> None:
    head = [
        "workers",
        "pairs",
        "way",
        "seconds",
        "on a processor",
        *STAGES,
        "peak, MB",
        "held a worker",
        "passes",
    ]
    rows = [_row(found, at) for at in range(len(found))]
    figures: dict[str, Any] = {"grown": [asdict(one) for one in found]}
    save(options, "Growth", [ABOUT, table(head, rows)], figures)
    save_plot(options, partial(plots.growth, found, list(STAGES)))


def _row(found: Sequence[Grown], at: int) -> list[str]:
    one = found[at]
    rounds = one.counts.get("rounds", 0)
    return [
        f"{one.workers:,}",
        f"{one.counts['pairs feasible']:,}",
        one.way,
        *map(in_digits, (one.seconds, one.cpu_seconds, *one.profile.values())),
        f"{one.peak_bytes / 1e6:,.0f}",
        f"{one.counts['pairs held'] / one.workers:.1f}",
        f"{one.passes:.2f} ({rounds})" if rounds else "1",
    ]


if __name__ == "__main__":
    sys.exit(main())
