"""Seconds in turns in this process, or once in a process of its own, where memory is seen as well."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gigmatch.problem import Problem

__all__ = ["Alone", "RunError", "alone", "cpu_seconds", "in_turns", "on_disk", "read_problem"]

ARRAYS = ("indptr", "shift", "weight", "capacity", "tier", "lot", "shift_lot")


@dataclass(frozen=True)
class Alone:
    """One run in a process of its own."""

    seconds: float
    before_bytes: int
    """Held when it begins, libraries and what it is given included (the peak until then, but on Linux)."""
    peak_bytes: int
    """Peak of the process while it runs."""
    cpu_seconds: float = 0.0
    """Time on a processor, whatever else the machine does."""
    told: Any = None
    """What was asked for of its answer."""

    @property
    def own_bytes(self) -> int:
        """The run's share of the peak."""
        return self.peak_bytes - self.before_bytes


class RunError(Exception):
    """A run that gave no answer; says why in a word or two."""


def cpu_seconds() -> float:
    """Time on a processor of this process and of children that have ended, whatever else the machine does."""
    from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def in_turns(
    runs: Mapping[str, tuple[int, Callable[[], Any]]], clock: Callable[[], float] = time.perf_counter
) -> Iterator[tuple[str, float, Any]]:
    """Everybody's first run, everybody's second: name, seconds and answer of each; rounds may differ."""
    for turn in range(max(rounds for rounds, _ in runs.values())):
        for name, (rounds, run) in runs.items():
            if turn < rounds:
                began = clock()
                answer = run()
                yield name, clock() - began, answer
                del answer  # not while the next one is timed


def _nothing(answer: Any) -> None:
    """Tell nothing of an answer."""


def alone(
    prepare: Callable[[], Any],
    run: Callable[[Any], Any],
    limit_s: float | None = None,
    tell: Callable[[Any], Any] = _nothing,
) -> Alone:
    """Run something on what ``prepare`` makes, both in a new process; all must pickle.

    ``tell`` gives what is wanted of the answer; it is not timed.

    Raises
    ------
    RunError
        It took longer than ``limit_s`` seconds, or died.
    """
    # A server's children count their own memory; a child of this process would begin at its peak.
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, prepare, run, tell), daemon=True)
    process.start()
    theirs.close()
    try:
        ours.recv()
        if not ours.poll(limit_s):
            raise RunError(f"> {limit_s:g} s")
        return ours.recv()
    except EOFError:
        raise RunError("failed") from None
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _child(
    pipe: Connection, prepare: Callable[[], Any], run: Callable[[Any], Any], tell: Callable[[Any], Any]
) -> None:
    given = prepare()
    with suppress(OSError):  # Linux can forget the peak of the preparation
        Path("/proc/self/clear_refs").write_text("5")
    before = _peak_bytes()
    pipe.send("ready")
    began, cpu_began = time.perf_counter(), cpu_seconds()
    answer = run(given)
    seconds, cpu, peak = time.perf_counter() - began, cpu_seconds() - cpu_began, _peak_bytes()
    pipe.send(Alone(seconds, before, peak, cpu, tell(answer)))


def _peak_bytes() -> int:
    from resource import RUSAGE_SELF, getrusage

    return getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@contextmanager
def on_disk(problem: Problem) -> Iterator[Path]:
    """A file from which other processes read a problem without the memory that making it took."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "problem.npz")
        arrays = {name: getattr(problem, name) for name in ARRAYS}
        np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
        yield path


def read_problem(path: Path) -> Problem:
    """The problem of ``on_disk``."""
    with np.load(path) as arrays:
        given = dict(arrays)
    for array in given.values():
        array.setflags(write=False)  # so that the problem shares it
    return Problem(**given)
