"""The auction beside its peers in the same run; writes a table to ``benchmarks/results``.

``python benchmarks/compare.py`` takes a minute; ``--sizes 50000`` and ``--sizes 200000`` take minutes and
gigabytes, because of the peers. Alternating runs, medians; "OR-Tools" is SimpleMinCostFlow with its building.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

from families import FAMILIES, HARDER, with_levels
from gigmatch.problem import Problem, assignment_value
from gigmatch.solvers import Auction, Control, Greedy, _flow, solve, warmup

RESULTS = Path(__file__).parent / "results"
HEAD = (
    "| family | workers | pairs | auction | solve | all levels | levels / solve | OR-Tools | ratio | greedy |"
)


def main() -> int:
    """Measure the families asked for and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000])
    parser.add_argument("--families", nargs="+", default=["city"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-rounds", type=int, default=1)
    parser.add_argument("--no-levels", action="store_true")
    parser.add_argument("--name", default="auction")
    options = parser.parse_args()
    warmup()
    lines = [HEAD, "| --- " + "| ---: " * (HEAD.count("|") - 2) + "|"]
    print("\n".join(lines), flush=True)
    for size in options.sizes:
        for family in options.families:
            problem = {**FAMILIES, **HARDER}[family](size, size // 5, 1)
            lines.append(row(family, problem, options.rounds, options.peer_rounds, not options.no_levels))
            print(lines[-1], flush=True)
    packages = ", ".join(f"{name} {version(name)}" for name in ("numba", "numpy", "ortools"))
    title = f"# Auction and peers\n\nSeconds, medians. {platform.machine()}, {packages}.\n\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{options.name}.md").write_text(title + "\n".join(lines) + "\n")
    return 0


def row(family: str, problem: Problem, rounds: int, peer_rounds: int, with_all: bool) -> str:
    """One line: every contender in turn, again and again."""
    levels = with_levels(problem, 1)
    arrays = (problem.indptr, problem.shift, problem.weight, problem.capacity)
    runs: dict[str, tuple[int, Callable[[], object]]] = {
        "auction": (rounds, lambda: Auction()(problem, Control()).shift),
        "solve": (rounds, lambda: solve(problem, "auction").shift),
        "levels": (rounds if with_all else 0, lambda: solve(levels, "auction")),
        "ortools": (peer_rounds, lambda: _flow.solve_flow(*arrays)),
        "greedy": (peer_rounds, lambda: Greedy()(problem, Control()).shift),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    values = {}
    for turn in range(rounds):
        for name, (most, run) in runs.items():
            if turn < most:
                began = time.perf_counter()
                answer = run()
                seconds[name].append(time.perf_counter() - began)
                if name in ("auction", "ortools"):
                    values[name] = assignment_value(problem, answer)
    assert len(set(values.values())) <= 1, f"{family}: the values differ, {values}"
    t = {name: median(times) for name, times in seconds.items() if times}
    peer = (
        f"{t['ortools']:.2f} | {t['ortools'] / t['auction']:.1f} | {t['greedy']:.2f}"
        if peer_rounds
        else "| | "
    )
    ours = f"{t['auction']:.3f} | {t['solve']:.3f}"
    every = f"{t['levels']:.3f} | {t['levels'] / t['solve']:.2f}" if with_all else "| "
    return f"| {family} | {problem.n_workers:,} | {problem.n_pairs:,} | {ours} | {every} | {peer} |"


if __name__ == "__main__":
    sys.exit(main())
