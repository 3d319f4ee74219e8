"""Structures on which some method or other breaks down, the auction beside OR-Tools and scipy: a table.

``python benchmarks/cliffs.py`` takes some minutes, most of them for peers that run into the budget. Seconds
are those on a processor, whatever else the machine does; every answer is checked, all are worth the same.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from gigmatch.scenarios.families import CLIFFS
from instances import Instance, measured_on, warm
from measure import cpu_seconds
from report import basic_options, in_digits, save, table

__all__ = ["CASES", "Case", "main"]

OURS = ("auction", "points")
PEERS = ("ortools", "scipy")
ABOUT = (
    "Seconds on a processor. Auction: the solver alone, augmenting paths included where it leaves all to "
    "them; points: the certificate made and verified too. Ratio: points to the quicker peer, or to "
    "the budget where neither kept it. Too large: scipy needs a column per seat."
)


@dataclass(frozen=True)
class Case:
    """A family in a size."""

    family: str
    workers: int
    shifts: int = 0
    """Where the family has no number of its own."""


CASES = (
    Case("street", 16_000),
    Case("street", 200_000),
    Case("ring", 24_000),
    Case("ring", 200_000),
    Case("street_tied", 100_000),
    Case("blocks", 15_000),
    Case("band", 20_000),
    Case("few_shifts", 417_126),
    Case("difference", 1_500, 1_500),
    Case("difference", 3_000, 3_000),
    Case("rank_one", 2_000, 2_000),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every case, and write the table after each."""
    parser = basic_options(__doc__, "cliffs")
    parser.add_argument("--budget", type=float, default=20, help="seconds of wall time for a peer")
    parser.add_argument("--families", nargs="+", default=list(CLIFFS), choices=list(CLIFFS))
    parser.add_argument("--workers", type=int, help="instead of the sizes of the cases")
    options = parser.parse_args(arguments)
    names = [*OURS, *PEERS]
    measuring = Namespace(**vars(options), limited=PEERS, clock=cpu_seconds)
    for name in names:
        warm(name)
    instances: list[Instance] = []
    for case in CASES:
        if case.family in options.families:
            workers = options.workers or case.workers
            shifts = options.workers or case.shifts
            problem = CLIFFS[case.family](workers, shifts, options.seed)
            instances.append(measured_on(case.family, problem, names, measuring))
            _save(options, instances)
            print(" | ".join(_row(instances[-1], options.budget)), flush=True)
    return 0


def _save(options: Namespace, instances: Sequence[Instance]) -> None:
    head = ["family", "workers", "pairs", "auction", "points", "OR-Tools", "scipy", "points / quicker peer"]
    rows = [_row(each, options.budget) for each in instances]
    save(options, "Cliffs", [ABOUT, table(head, rows)], {"instances": [asdict(each) for each in instances]})


def _row(instance: Instance, budget: float) -> list[str]:
    seconds = [instance.median(name) for name in PEERS]
    quicker = min((each for each in seconds if each is not None), default=None)
    ours = instance.median("points") or 0.0
    ratio = f"{ours / quicker:.2f}" if quicker else f"< {ours / budget:.2f}"
    cells = [instance.left_out.get(name) or in_digits(instance.median(name)) for name in (*OURS, *PEERS)]
    return [instance.family, f"{instance.workers:,}", f"{instance.pairs:,}", *cells, ratio]


if __name__ == "__main__":
    sys.exit(main())
