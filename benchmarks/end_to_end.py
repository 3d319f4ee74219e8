"""``match`` from columns to the proved answer, beside OR-Tools solving the points alone.

Default rules and policy on the sample ``city``: everything from a morning as columns to an assignment with
its certificates, against min-cost flow on the pairs and points that come out. In turns, in one process; and
where the time goes, step by step.
"""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import pairwise
from statistics import median

import plots
from gigmatch import DEFAULT_POLICY, DEFAULT_RULES, Columns, StraightLine, match, samples, solve, warmup
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.problem import Problem, assignment_value, check_assignment
from instances import ready, warm
from measure import Alone, alone, cpu_seconds, in_turns, on_disk
from peers import by_ortools
from report import basic_options, in_digits, memory_cell, save, save_plot, table

__all__ = ["STEPS", "Morning", "main", "profile"]

STEPS = {
    "prepare": "indexes",
    "eligible": "candidates, rules, scoring",
    "problem": "problem, lots",
    "points": "seats and points",
    "lottery": "lottery",
    "verify": "verifying",
    "assignment": "assembling",
}


@dataclass
class Morning:
    """One size, and what was measured of it: the seconds of every run."""

    workers: int
    shifts: int
    pairs: int
    match: list[float] = field(default_factory=list)
    ortools: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    memory: dict[str, Alone] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times as long ``match`` takes as OR-Tools."""
        return median(self.match) / median(self.ortools)

    @property
    def profile(self) -> dict[str, float]:
        """Seconds of every step."""
        return {step: median(seconds) for step, seconds in self.steps.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sizes asked for, and write them down after each."""
    parser = basic_options(__doc__, "end_to_end")
    parser.add_argument("--cpu", action="store_true", help="seconds on a processor, whatever else runs")
    options = parser.parse_args(arguments)
    _warm()
    warm("ortools")
    mornings: list[Morning] = []
    for workers in options.sizes:
        mornings.append(measured(workers, options))
        figures = {"mornings": [asdict(morning) | {"ratio": morning.ratio} for morning in mornings]}
        title = "From columns to a proved assignment" + ", seconds on a processor" * options.cpu
        save(options, title, _parts(mornings), figures)
        print(" | ".join(_together(mornings[-1])), flush=True)
    save_plot(options, partial(plots.profiles, mornings, STEPS))
    return 0


def _warm() -> None:
    warmup()
    match(_columns(200, 1))


def _columns(workers: int, seed: int) -> Columns:
    return samples.city(workers=workers, shifts=workers // 5, seed=seed)


def measured(workers: int, options: Namespace) -> Morning:
    """``match``, its steps and OR-Tools in turns, after the memory of the first and the last."""
    columns = _columns(workers, options.seed)
    problem = match(columns).solved.problem
    morning = Morning(problem.n_workers, problem.n_shifts, problem.n_pairs)
    if options.memory:
        morning.memory = _memory(workers, options.seed, problem)
    is_cpu = getattr(options, "cpu", False)
    clock = cpu_seconds if is_cpu else getattr(options, "clock", time.perf_counter)
    runs = {
        "match": (options.rounds, partial(match, columns)),
        "steps": (options.rounds, partial(profile, columns, clock)),
        "ortools": (options.peer_rounds, partial(by_ortools, problem)),
    }
    points = {}
    for name, seconds, answer in in_turns(runs, clock):
        if name == "steps":
            for step, part in answer.items():
                morning.steps[step].append(part)
        elif name == "match":
            assert answer.status == "optimal"
            points[name] = answer.solution.value
            morning.match.append(seconds)
        else:
            check_assignment(problem, answer)
            points[name] = assignment_value(problem, answer)
            morning.ortools.append(seconds)
    assert points["match"] <= points["ortools"], f"{workers:,} workers: {points}"
    return morning


def profile(columns: Columns, clock: Callable[[], float] = time.perf_counter) -> dict[str, float]:
    """Seconds of every step, by the parts that ``match`` is made of."""
    marks = [("prepare", clock())]

    def begin(step: str, fraction: float = 0.0) -> None:
        if step in STEPS:
            marks.append((step, clock()))

    instance = Instance.prepare(columns, DEFAULT_RULES, DEFAULT_POLICY, StraightLine(), (), ())
    begin("eligible")
    eligible = instance.eligible()
    begin("problem")
    problem = instance.problem(eligible)
    solution = solve(problem, progress=begin)
    begin("assignment")
    SolvedMorning.from_solution(instance, eligible, problem, solution).assignment()
    taken = dict.fromkeys(STEPS, 0.0)
    for (step, began), (_, ended) in pairwise([*marks, ("", clock())]):
        taken[step] += ended - began
    return taken


def _memory(workers: int, seed: int, problem: Problem) -> dict[str, Alone]:
    with on_disk(problem) as path:
        return {
            "match": alone(partial(_ready, workers, seed), match),
            "ortools": alone(partial(ready, "ortools", path), by_ortools),
        }


def _ready(workers: int, seed: int) -> Columns:
    _warm()
    return _columns(workers, seed)


def _parts(mornings: Sequence[Morning]) -> list[str]:
    """The tables, each below what it shows."""
    head = ["workers", "shifts", "pairs", "match, s", "OR-Tools, s", "match / OR-Tools"]
    if mornings[0].memory:
        head += [f"{name}, MB, and its own share" for name in ("match", "OR-Tools")]
    sizes = [f"{morning.workers:,} workers" for morning in mornings]
    return [
        table(head, map(_together, mornings)),
        "## Where the time goes: seconds, and the share of the whole",
        table(["step", *sizes], [_step(step, mornings) for step in STEPS]),
    ]


def _together(morning: Morning) -> list[str]:
    sizes = [f"{size:,}" for size in (morning.workers, morning.shifts, morning.pairs)]
    figures = (median(morning.match), median(morning.ortools), morning.ratio)
    return [*sizes, *map(in_digits, figures), *map(memory_cell, morning.memory.values())]


def _step(step: str, mornings: Sequence[Morning]) -> list[str]:
    profiles = [morning.profile for morning in mornings]
    shares = [f"{in_digits(taken[step])}, {taken[step] / sum(taken.values()):.0%}" for taken in profiles]
    return [STEPS[step], *shares]


if __name__ == "__main__":
    sys.exit(main())
