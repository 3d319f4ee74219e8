"""One family in one size: what is measured of it, and what follows from several of them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from gigmatch.matching.warmup import warmup
from gigmatch.problem import Problem, assignment_value, check_assignment
from gigmatch.scenarios.families import EVERY, uniform, with_levels
from measure import Alone, RunError, alone, in_turns, on_disk, read_problem
from peers import CONTENDERS, OURS, pairs_to_seats

__all__ = ["Instance", "exponent", "growing", "measured", "measured_on", "ready", "warm"]


@dataclass
class Instance:
    """One family in one size; the figures by contender."""

    family: str
    workers: int
    shifts: int
    pairs: int
    pairs_to_seats: int
    seconds: dict[str, list[float]] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    memory: dict[str, Alone] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    """Why somebody did not run."""

    @classmethod
    def of(cls, family: str, problem: Problem, names: Iterable[str]) -> Instance:
        """Nothing measured yet, and left out who cannot be."""
        size = problem.n_workers, problem.n_shifts, problem.n_pairs, pairs_to_seats(problem)
        reasons = {name: CONTENDERS[name].refusal(problem) for name in names}
        return cls(family, *size, left_out={name: reason for name, reason in reasons.items() if reason})

    def median(self, name: str) -> float | None:
        """Seconds."""
        return median(self.seconds[name]) if name in self.seconds else None

    def ratio(self, name: str, base: str) -> float | None:
        """How many times as long one takes as another."""
        taken, other = self.median(name), self.median(base)
        return None if taken is None or other is None else taken / other

    def record(self, name: str, seconds: float, problem: Problem, shift: NDArray[np.int32]) -> None:
        """Add a run, its answer checked."""
        check_assignment(problem, shift)
        points = assignment_value(problem, shift)
        best = self.points.get("auction", points)
        right = points == best if CONTENDERS[name].exact else points <= best
        assert right, f"{self.family}, {self.workers:,} workers: {name} has {points} points, auction {best}"
        self.points[name] = points
        self.seconds.setdefault(name, []).append(seconds)


def measured(family: str, size: int, names: Sequence[str], options: Namespace) -> Instance:
    """First everybody who has to run alone, then all in turns."""
    problem = with_levels(EVERY[family](size, size // 5, options.seed), options.seed)
    return measured_on(family, problem, names, options)


def measured_on(family: str, problem: Problem, names: Sequence[str], options: Namespace) -> Instance:
    """The same of a problem that is there already."""
    instance = Instance.of(family, problem, names)
    with on_disk(problem) as path:
        del problem  # the processes need the memory
        for name in names:
            if name not in instance.left_out and (options.memory or _has_limit(name, options)):
                _run_alone(instance, name, path, options)
        problem = read_problem(path)
    runs = {
        name: (options.rounds if name in OURS else options.peer_rounds, partial(contender.solve, problem))
        for name, contender in CONTENDERS.items()
        if name in names and name not in instance.left_out
    }
    for name, seconds, shift in in_turns(runs, getattr(options, "clock", perf_counter)):
        instance.record(name, seconds, problem, shift)
    return instance


def _has_limit(name: str, options: Namespace) -> bool:
    """Whether a contender may not take longer than the budget; ``options.limited`` names more of them."""
    return CONTENDERS[name].most is not None or name in getattr(options, "limited", ())


def _run_alone(instance: Instance, name: str, path: Path, options: Namespace) -> None:
    """See that a contender with a limit ends in time, and what memory it takes."""
    contender = CONTENDERS[name]
    limit = options.budget if _has_limit(name, options) else None
    try:
        seen = alone(partial(ready, name, path), contender.solve, limit)
    except RunError as error:
        instance.left_out[name] = str(error)
    else:
        if options.memory:
            instance.memory[name] = seen


def ready(name: str, path: Path) -> Problem:
    """What a process of its own begins with."""
    warm(name)
    return read_problem(path)


def warm(name: str) -> None:
    """Import and compile what a contender needs."""
    if name in OURS:
        warmup()
    CONTENDERS[name].solve(with_levels(uniform(50, 10, 1), 1))


def growing(instances: Iterable[Instance]) -> dict[str, list[Instance]]:
    """The families with several sizes, smallest first."""
    families = groupby(instances, key=lambda each: each.family)
    by_size = {family: sorted(same, key=lambda each: each.pairs) for family, same in families}
    return {family: same for family, same in by_size.items() if same[0].pairs < same[-1].pairs}


def exponent(instances: Iterable[Instance], name: str) -> float | None:
    """The slope of log(seconds) over log(pairs) by least squares; None below two sizes."""
    taken = {each.pairs: seconds for each in instances if (seconds := each.median(name)) is not None}
    if len(taken) < 2:
        return None
    return float(np.polyfit(np.log(list(taken)), np.log(list(taken.values())), 1)[0])
