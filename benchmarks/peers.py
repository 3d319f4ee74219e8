"""The auction and its peers: each takes a problem and returns a shift row per worker, -1 for nobody's.

What a peer has to build before it can begin, a graph, a programme or a table, is part of its work. All but
``levels`` look at the points alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.problem import Problem
from gigmatch.solvers import Auction, Control, Greedy, flow, solve

__all__ = ["CONTENDERS", "OURS", "PEERS", "Contender", "pairs_to_seats", "version_of"]

Shifts = NDArray[np.int32]


def by_auction(problem: Problem) -> Shifts:
    """The solver itself; the prices it returns prove the answer."""
    return Auction()(problem.plain(problem.weight), Control()).shift


def by_points(problem: Problem) -> Shifts:
    """The auction, its certificate made and verified."""
    return solve(problem.plain(problem.weight), "auction").shift


def by_levels(problem: Problem) -> Shifts:
    """The default objective: seats by tier, points and the lottery, all certificates verified."""
    return solve(problem, "auction").shift


def by_ortools(problem: Problem) -> Shifts:
    """OR-Tools: SimpleMinCostFlow in this process."""
    return flow.solve_flow(problem.indptr, problem.shift, problem.weight, problem.capacity)


def by_greedy(problem: Problem) -> Shifts:
    """First come, first served."""
    return Greedy()(problem, Control()).shift


def by_highs(problem: Problem) -> Shifts:
    """HiGHS: the linear programme, whose vertices are assignments, by interior point and crossover.

    Without presolve that is its fastest way on most families; simplex, its default, takes ten times as long
    on some.
    """
    import highspy

    highs = highspy.Highs()
    for name, value in {"output_flag": False, "solver": "ipm", "presolve": "off"}.items():
        highs.setOptionValue(name, value)
    highs.passModel(_programme(problem))
    highs.run()
    if (status := highs.getModelStatus()) != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS stopped with {highs.modelStatusToString(status)!r}")
    share = np.asarray(highs.getSolution().col_value)
    chosen = np.flatnonzero(share > 0.5)
    if np.abs(share - np.rint(share)).max() > 1e-6:
        raise RuntimeError("HiGHS answered with fractions: its optimum is no vertex")
    shift = np.full(problem.n_workers, -1, np.int32)
    shift[problem.worker[chosen]] = problem.shift[chosen]
    return shift


def _programme(problem: Problem) -> Any:
    """A column a pair, a row a worker and a row a shift."""
    from highspy import HighsLp, MatrixFormat, ObjSense, kHighsInf

    programme, (n_workers, n_pairs) = HighsLp(), (problem.n_workers, problem.n_pairs)
    programme.num_col_, programme.num_row_ = n_pairs, n_workers + problem.n_shifts
    programme.sense_ = ObjSense.kMaximize
    programme.col_cost_ = problem.weight.astype(np.float64)
    programme.col_lower_ = np.zeros(n_pairs)
    programme.col_upper_ = np.full(n_pairs, kHighsInf)
    programme.row_lower_ = np.full(programme.num_row_, -kHighsInf)
    programme.row_upper_ = np.concatenate([np.ones(n_workers), problem.capacity])
    matrix = programme.a_matrix_
    matrix.format_ = MatrixFormat.kColwise
    matrix.start_ = np.arange(0, 2 * n_pairs + 1, 2, dtype=np.int32)
    matrix.index_ = np.stack([problem.worker, n_workers + problem.shift], axis=1).ravel().astype(np.int32)
    matrix.value_ = np.ones(2 * n_pairs)
    return programme


def by_scipy(problem: Problem) -> Shifts:
    """scipy: min_weight_full_bipartite_matching on a column per seat and a home per worker."""
    from scipy.sparse import hstack
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns = min_weight_full_bipartite_matching(hstack(_seat_costs(problem), format="csr"))
    return _shifts_of(problem, columns[np.argsort(rows)])


def by_lapx(problem: Problem) -> Shifts:
    """lapx: the sparse solver lapmod, whose table must be square, so that every seat gets a row.

    A seat's row takes the seat if it stays empty, else the home of the worker who sits there. From 10,000
    workers on lapmod is ahead of lapx's dense solvers, whose tables no longer fit soon after.
    """
    from lap import lapmod
    from scipy.sparse import block_array, csr_array, eye_array

    pairs, home = _seat_costs(problem)
    mirrored = csr_array((np.ones_like(pairs.data), pairs.indices, pairs.indptr), pairs.shape).T
    square = block_array([[pairs, home], [eye_array(pairs.shape[1], dtype=np.int64), mirrored]], format="csr")
    square.sort_indices()
    columns, _ = lapmod(square.shape[0], square.data, square.indptr, square.indices, return_cost=False)
    return _shifts_of(problem, columns[: problem.n_workers])


def pairs_to_seats(problem: Problem) -> int:
    """How many pairs there are of a worker and a single seat."""
    return int(_seats(problem)[problem.shift].sum())


def _seats(problem: Problem) -> NDArray[np.int64]:
    """Seats of every shift, no more than workers who can take them."""
    return np.minimum(problem.capacity, np.bincount(problem.shift, minlength=problem.n_shifts))


def _seat_costs(problem: Problem) -> tuple[Any, Any]:
    """Costs of every worker in single seats, and at home: two sparse tables with a row per worker."""
    from scipy.sparse import csr_array, eye_array

    seats, n_workers = _seats(problem), problem.n_workers
    copies = seats[problem.shift]
    ends = np.cumsum(copies)
    place = np.arange(ends[-1]) - np.repeat(ends - copies, copies)
    column = np.repeat((np.cumsum(seats) - seats)[problem.shift], copies) + place
    best = int(problem.weight.max()) + 1  # a cost of 0 would be no edge at all
    pairs = csr_array(
        (best - np.repeat(problem.weight, copies), column, np.append(0, ends)[problem.indptr]),
        shape=(n_workers, int(seats.sum())),
    )
    return pairs, best * eye_array(n_workers, dtype=np.int64, format="csr")


def _shifts_of(problem: Problem, column: NDArray[np.integer]) -> Shifts:
    """The shift of every worker's column, seats first and homes after them."""
    seats = _seats(problem)
    shift = np.append(np.repeat(np.arange(problem.n_shifts), seats), -1)
    return shift[np.minimum(column, seats.sum())].astype(np.int32)


def version_of(package: str) -> str | None:
    """The installed version, None where there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@dataclass(frozen=True)
class Contender:
    """One column of the tables."""

    label: str
    solve: Callable[[Problem], Shifts]
    package: str
    exact: bool = True
    """Whether its points are the most there are; they are never more."""
    most: int | None = None
    """Pairs beyond which it is not asked: it would take very long or more memory than there is."""
    size: Callable[[Problem], int] = lambda problem: problem.n_pairs

    @property
    def version(self) -> str | None:
        """Of its package, None where that is not installed."""
        return version_of(self.package)

    def refusal(self, problem: Problem) -> str | None:
        """Why it is not asked, None if it is."""
        if self.version is None:
            return "not installed"
        if self.most is not None and self.size(problem) > self.most:
            return "too large"
        return None


OURS = {
    "auction": Contender("auction", by_auction, "numba"),
    "points": Contender("points", by_points, "numba"),
    "levels": Contender("levels", by_levels, "numba", exact=False),
}
PEERS = {
    "ortools": Contender("OR-Tools", by_ortools, "ortools"),
    "highs": Contender("HiGHS", by_highs, "highspy", most=1_500_000),
    "scipy": Contender("scipy", by_scipy, "scipy", most=10_000_000, size=pairs_to_seats),
    "lapx": Contender("lapx", by_lapx, "lapx", most=10_000_000, size=pairs_to_seats),
    "greedy": Contender("greedy", by_greedy, "gigmatch", exact=False),
}
CONTENDERS = OURS | PEERS
