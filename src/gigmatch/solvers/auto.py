"""Which solver is taken: by its name, or by what the shape of the problem can cost."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Final

from gigmatch.core import kernels
from gigmatch.core.threads import thread_count
from gigmatch.errors import InvalidInputError
from gigmatch.i18n import Told
from gigmatch.problem import Problem
from gigmatch.solvers.auction import Auction
from gigmatch.solvers.base import Solver, abilities_of
from gigmatch.solvers.greedy import Greedy
from gigmatch.solvers.mincostflow import SHORT_WORK, MinCostFlow, most_flow_work, most_pairs_of_work

__all__ = ["HINT_FROM_PAIRS", "choose", "find_solver", "solving_bytes"]

# Where the extra would save seconds, its absence is worth a warning.
HINT_FROM_PAIRS: Final = 1_000_000

_NAMED: Final = {"auction": Auction, "greedy": Greedy, "mincostflow": MinCostFlow}

_hinted = False


def find_solver(solver: str | Solver, threads: int | None = None) -> Callable[[Problem], Solver]:
    """What picks the solver of a plain problem.

    Parameters
    ----------
    solver, threads
        As for `solve`.

    Raises
    ------
    InvalidInputError
        It is neither a known name nor a solver, or ``threads`` is no number of threads.
    """
    thread_count(threads)
    if solver == "auto":
        return partial(choose, threads=threads)
    given = _given(solver, threads)
    return lambda problem: given


def solving_bytes(solver: str | Solver, n_pairs: int, n_workers: int, n_shifts: int) -> float:
    """Memory that solving takes, of up to so many pairs at most, beyond that of the problem.

    Parameters
    ----------
    solver
        As for `find_solver`.
    n_pairs, n_workers, n_shifts : int
        The size of the problem.
    """
    if solver != "auto":
        return n_pairs * abilities_of(_given(solver)).bytes_per_pair
    if not kernels.is_available():
        return solving_bytes("mincostflow", n_pairs, n_workers, n_shifts)
    by_flow = min(n_pairs, most_pairs_of_work(SHORT_WORK, n_workers, n_shifts))
    parts = ("auction", n_pairs), ("mincostflow", by_flow)
    return max(solving_bytes(name, pairs, n_workers, n_shifts) for name, pairs in parts)


def _given(solver: str | Solver, threads: int | None = None) -> Solver:
    """The solver itself, given or named."""
    if isinstance(solver, str) and solver in _NAMED:
        named: Solver = Auction(threads) if solver == "auction" else _NAMED[solver]()
        return named
    if isinstance(solver, Solver) and not isinstance(solver, type):
        return solver
    names = ", ".join(repr(name) for name in ("auto", *_NAMED))
    raise InvalidInputError("unknown_solver", names=names, value=solver)


def choose(problem: Problem, threads: int | None = None) -> Solver:
    """Min-cost flow where it is short for certain, else the auction where numba is installed.

    A longer flow would run in a child process, which takes as long to start as a new process takes to load
    the auction's compiled code; in a warm one the auction is ahead far earlier.

    Warns
    -----
    UserWarning
        Once a process, if a problem is large and numba is missing.
    """
    if most_flow_work(problem) <= SHORT_WORK:
        return MinCostFlow()
    auction = Auction(threads)
    if auction.supports(problem) is None:
        return auction
    if problem.n_pairs >= HINT_FROM_PAIRS:
        _hint(problem.n_pairs)
    return MinCostFlow()


def _hint(n_pairs: int) -> None:
    global _hinted
    if not _hinted:
        _hinted = True
        warnings.warn(
            Told.of("errors.auction_would_be_faster", n=f"{n_pairs:,}"),
            UserWarning,
            stacklevel=4,
        )
