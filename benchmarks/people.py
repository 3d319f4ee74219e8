"""``match`` with the longest waiting first, beside ``match`` without, on the sample ``city``.

Classes day by day, a week alone, and none, in turns, in one process: from a morning as columns to the proved
answer. No seat is lost and every answer is proved, or it says so and stops.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from statistics import median

from gigmatch import DEFAULT_POLICY, Assignment, People, match, samples, warmup
from measure import in_turns
from report import basic_options, in_digits, save, table

__all__ = ["POLICIES", "Morning", "main"]

POLICIES = {
    "without": DEFAULT_POLICY,
    "a week": DEFAULT_POLICY.with_people(People(7)),
    "day by day": DEFAULT_POLICY.with_people(),
}


@dataclass
class Morning:
    """One size, and what was measured of it: the seconds of every run, by policy."""

    workers: int
    shifts: int
    pairs: int
    seconds: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in POLICIES})
    points: dict[str, float] = field(default_factory=dict)

    @property
    def ratios(self) -> dict[str, float]:
        """How many times as long each takes as without people first."""
        usual = median(self.seconds["without"])
        return {name: median(seconds) / usual for name, seconds in self.seconds.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sizes asked for, and write them down after each."""
    options = basic_options(__doc__, "people").parse_args(arguments)
    warmup()
    match(samples.city(workers=200, shifts=40, seed=1))
    mornings: list[Morning] = []
    for workers in options.sizes:
        mornings.append(measured(workers, options))
        figures = {"mornings": [asdict(morning) | {"ratios": morning.ratios} for morning in mornings]}
        save(options, "People first", [_table(mornings)], figures)
        print(" | ".join(_row(mornings[-1])), flush=True)
    return 0


def measured(workers: int, options: Namespace) -> Morning:
    """All policies in turns."""
    columns = samples.city(workers=workers, shifts=workers // 5, seed=options.seed)
    morning, seats = Morning(workers, columns.n_shifts, 0), dict[str, object]()
    runs = {
        name: (options.rounds, partial(match, columns, policy=policy)) for name, policy in POLICIES.items()
    }
    for name, seconds, answer in in_turns(runs):
        assert isinstance(answer, Assignment)
        assert answer.status == "optimal"
        seats[name], morning.points[name] = answer.summary.seats_by_tier, answer.summary.points
        morning.pairs = int(answer.eligible_shifts.sum())
        morning.seconds[name].append(seconds)
    assert all(each == seats["without"] for each in seats.values()), f"{workers:,} workers: {seats}"
    return morning


def _table(mornings: Sequence[Morning]) -> str:
    head = (
        "workers",
        "shifts",
        "pairs",
        *(f"{name}, s" for name in POLICIES),
        *(f"x, {n}" for n in POLICIES),
    )
    return table(head, map(_row, mornings))


def _row(morning: Morning) -> list[str]:
    sizes = (f"{n:,}" for n in (morning.workers, morning.shifts, morning.pairs))
    seconds = (in_digits(median(each)) for each in morning.seconds.values())
    return [*sizes, *seconds, *(f"{ratio:.2f}" for ratio in morning.ratios.values())]


if __name__ == "__main__":
    raise SystemExit(main())
