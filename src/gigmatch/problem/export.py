"""One level of a problem as text for other solvers: a linear programme in MPS, a min-cost flow in DIMACS.

Sources of the formats: IBM, Mathematical Programming System/360 (1969), free form with ``OBJSENSE`` as CPLEX,
Gurobi and HiGHS read it; the First DIMACS Implementation Challenge, "The core experiments" (1990).

By hand: what OR-Tools and HiGHS write has floats for weights, and neither writes DIMACS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from gigmatch.core.arrays import Int64Array
from gigmatch.errors import InvalidInputError
from gigmatch.problem.levels.base import laid_out

if TYPE_CHECKING:
    from gigmatch.problem.problem import Problem

__all__ = ["dimacs_lines", "mps_lines", "weights_on", "write_lines"]


def mps_lines(problem: Problem, weight: Int64Array) -> Iterator[str]:
    """Yield the lines of ``Problem.to_mps`` for a weight per pair, without line ends."""
    yield from ("NAME gigmatch FREE", "OBJSENSE", "    MAX", "ROWS", " N value")
    yield from (f" L w{worker}" for worker in range(problem.n_workers))
    yield from (f" L s{shift}" for shift in range(problem.n_shifts))
    yield "COLUMNS"
    for worker, shift, gain in zip(problem.worker, problem.shift, weight.tolist(), strict=True):
        yield f"    x{worker}_{shift} value {gain} w{worker} 1"
        yield f"    x{worker}_{shift} s{shift} 1"
    yield "RHS"
    yield from (f"    rhs w{worker} 1" for worker in range(problem.n_workers))
    yield from (f"    rhs s{shift} {seats}" for shift, seats in enumerate(problem.capacity.tolist()))
    yield "ENDATA"


def dimacs_lines(problem: Problem, weight: Int64Array) -> Iterator[str]:
    """Yield the lines of ``Problem.to_dimacs`` for a weight per pair, without line ends."""
    workers, shifts = problem.n_workers, problem.n_shifts
    sink = workers + shifts + 1
    yield f"c workers 1 to {workers}, shifts {workers + 1} to {workers + shifts}, sink {sink}"
    yield f"p min {sink} {problem.n_pairs + workers + shifts}"
    yield from (f"n {worker} 1" for worker in range(1, workers + 1))
    yield f"n {sink} {-workers}"
    for worker, shift, gain in zip(problem.worker, problem.shift, weight.tolist(), strict=True):
        yield f"a {worker + 1} {workers + shift + 1} 0 1 {-gain}"
    yield from (f"a {worker} {sink} 0 1 0" for worker in range(1, workers + 1))
    seats = np.minimum(problem.capacity, workers).tolist()
    yield from (f"a {workers + shift} {sink} 0 {n} 0" for shift, n in enumerate(seats, 1))


def write_lines(lines: Iterable[str], path_or_file: str | Path | TextIO) -> None:
    """Write lines to a path, anew, or to a text file that is open.

    Parameters
    ----------
    lines : iterable of str
        In ASCII, without line ends.
    path_or_file : str, Path or text file
        One that is open is written to where it stands, and stays open.

    Examples
    --------
    >>> import sys
    >>> write_lines(["p min 1 0", "n 1 0"], sys.stdout)
    p min 1 0
    n 1 0
    """
    if isinstance(path_or_file, str | Path):
        with Path(path_or_file).open("w", encoding="ascii", newline="\n") as file:
            write_lines(lines, file)
    else:
        path_or_file.writelines(f"{line}\n" for line in lines)


def weights_on(problem: Problem, level: str) -> Int64Array:
    """Return the weight of every pair on the level of a name, as int64[n_pairs].

    Raises
    ------
    InvalidInputError
        No weighted level has this name.

    Examples
    --------
    >>> from gigmatch.problem import Problem
    >>> problem = Problem(indptr=[0, 2], shift=[0, 1], weight=[9, 7], capacity=[1, 1], tier=[2, 1])
    >>> weights_on(problem, "seats").tolist()
    [1, 2]
    """
    for one, weights in zip(problem.weighted, problem.weights, strict=True):
        if one.name == level:
            return laid_out(problem, weights)
    names = ", ".join(one.name for one in problem.weighted)
    raise InvalidInputError("no_weighted_level", names=names, value=level)
