"""Tables to columns, beside pyarrow reading the same files and doing nothing with them.

The sample city is written as Parquet, a fifth as many shifts as workers; ``read_parquet`` reads, checks and
compiles it. In turns, in one process, after one run of each to bring the files into memory.
"""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq  # of the extra `tables`

from gigmatch import Columns, read_parquet, samples, write_parquet
from measure import in_turns
from report import basic_options, in_digits, save, table

__all__ = ["main"]


@dataclass
class Folder:
    """One size, and what was measured of it: the seconds of every run."""

    workers: int
    shifts: int
    rows: int
    gigmatch: list[float] = field(default_factory=list)
    pyarrow: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times as long gigmatch takes as pyarrow."""
        return median(self.gigmatch) / median(self.pyarrow)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sizes asked for, and write them down after each."""
    options = basic_options(__doc__, "reading").parse_args(arguments)
    found: list[Folder] = []
    head = ["workers", "shifts", "rows of all tables", "read_parquet, s", "pyarrow, s", "ratio"]
    for workers in options.sizes:
        found.append(measured(workers, options))
        figures = {"folders": [asdict(folder) | {"ratio": folder.ratio} for folder in found]}
        save(options, "From Parquet to columns", [table(head, map(_row, found))], figures)
        print(" | ".join(_row(found[-1])), flush=True)
    return 0


def measured(workers: int, options: Namespace) -> Folder:
    """Both in turns on a city; the first turn does not count."""
    city = {"workers": workers, "shifts": max(workers // 5, 1), "seed": options.seed}
    with TemporaryDirectory() as made:
        write_parquet(samples.city_tables(**city), made)
        runs = {
            "pyarrow": (options.peer_rounds + 1, partial(_by_pyarrow, Path(made))),
            "gigmatch": (options.rounds + 1, partial(read_parquet, made)),
        }
        folder = Folder(city["workers"], city["shifts"], _rows(Path(made)))
        for name, seconds, answer in in_turns(runs, time.perf_counter):
            assert not isinstance(answer, Columns) or answer.n_workers == workers
            getattr(folder, name).append(seconds)
            del answer  # nobody reads beside what another one holds
    del folder.gigmatch[0], folder.pyarrow[0]
    return folder


def _by_pyarrow(folder: Path) -> list[Any]:
    return [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))]


def _rows(folder: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("*.parquet"))


def _row(folder: Folder) -> list[str]:
    sizes = [f"{size:,}" for size in (folder.workers, folder.shifts, folder.rows)]
    return [*sizes, *map(in_digits, (median(folder.gigmatch), median(folder.pyarrow), folder.ratio))]


if __name__ == "__main__":
    sys.exit(main())
