"""The driver: turns the levels of a problem into plain problems, and proves what the solver answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain, count
from typing import Final

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.core.threads import thread_count
from gigmatch.errors import (
    CertificateError,
    InvalidInputError,
    PluginError,
    SolveInterrupted,
    SolverError,
    UnsupportedError,
)
from gigmatch.problem import (
    Certificate,
    Face,
    Level,
    Problem,
    Solution,
    Stopped,
    assignment_value,
    check_assignment,
    level_problem,
    seats_value,
    tight_pairs,
    verify,
)
from gigmatch.solvers.auction import Auction
from gigmatch.solvers.auto import choose
from gigmatch.solvers.base import CancelToken, Control, PlainAnswer, Progress, Solver, StopSolving, WarmSolver
from gigmatch.solvers.dual_recovery import Prices, least_prices, prices_at, prices_of_nothing, seat_prices_of
from gigmatch.solvers.greedy import Greedy
from gigmatch.solvers.mincostflow import MinCostFlow

__all__ = ["find_solver", "solve"]


_NAMED: Final = {"auction": Auction, "greedy": Greedy, "mincostflow": MinCostFlow}
_RAISE: Final = 16
_MOST_DRAWS: Final = 64
_WIDE: Final = 48  # pairs a worker
_PLENTY: Final = 1.25  # seats a worker


def solve(
    problem: Problem,
    solver: str | Solver = "auto",
    *,
    start: Solution | None = None,
    threads: int | None = None,
    time_limit_s: float | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Solve all levels of a problem and prove the answer.

    Parameters
    ----------
    problem : Problem
        What to solve.
    solver : str or Solver
        ``"auction"`` (extra ``fast``) and ``"mincostflow"`` are exact, ``"auto"`` takes the auction for large
        problems where it is installed and min-cost flow otherwise, ``"greedy"`` is first come, first served;
        or any object that meets the ``Solver`` protocol.
    start : Solution, optional
        Of a similar problem with the same workers and shifts in the same rows: its assignment and prices save
        time where they are nearly right. What is proved never depends on it. Only the auction uses it.
    threads : int, optional
        At most so many; unless given, ``GIGMATCH_THREADS`` of the environment, else every CPU allowed. The
        answer does not depend on it. Only the auction uses them.
    time_limit_s : float, optional
        Seconds of wall time after which the best answer so far is returned; 0 asks for the greedy one.
        Preparing and checking that answer takes a little longer.
    cancel : CancelToken, optional
        Anything with ``is_set()``; once it is set the run ends as at the time limit.
    progress : callable, optional
        ``progress(stage, fraction)``, called in this thread.

    Returns
    -------
    Solution
        Verified. ``status`` is "optimal" only if every level is proved; otherwise ``stopped`` says why
        not, and ``bound`` holds all the same. With lots given, an optimal answer is the only one;
        without, which of several optima is returned depends on the solver.

    Raises
    ------
    InvalidInputError
        For a solver that is not known, a time limit below 0, or a start with other rows.
    UnsupportedError
        If the solver says that it cannot solve this problem.
    PluginError
        If the solver returns something infeasible, or wrongly claims that it is optimal.
    SolverError
        If the solver fails.
    SolveInterrupted
        On Ctrl-C: a ``KeyboardInterrupt`` that carries the best solution so far.

    Warns
    -----
    UserWarning
        Once, if ``"auto"`` meets a large problem and the extra ``fast`` is not installed.

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> solution = solve(problem)
    >>> solution.shift.tolist(), solution.value, solution.status
    ([1, 0], 15, 'optimal')
    >>> solve(problem, "greedy").value
    9
    """
    began = time.monotonic()
    control = Control(time_limit_s, cancel, progress)
    run = _Run(problem, find_solver(solver, threads), control, start)
    stopped: Stopped = "proved"
    try:
        run.all_levels()
    except StopSolving as stop:
        stopped = stop.reason
    except KeyboardInterrupt as interrupt:
        raise SolveInterrupted(run.verified("cancelled", began)) from interrupt
    control.report("verify", 0.95)
    solution = run.verified(stopped, began)
    control.report("done", 1.0)
    return solution


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
    if isinstance(solver, str) and solver in _NAMED:
        named: Solver = Auction(threads) if solver == "auction" else _NAMED[solver]()
        return lambda problem: named
    if isinstance(solver, Solver) and not isinstance(solver, type):
        given = solver
        return lambda problem: given
    names = ", ".join(repr(name) for name in ("auto", *_NAMED))
    raise InvalidInputError(f"solver must be one of {names} or meet the Solver protocol; got {solver!r}")


class _Run:
    """One run: the best assignment so far and what is proved of it."""

    def __init__(
        self,
        problem: Problem,
        pick: Callable[[Problem], Solver],
        control: Control,
        start: Solution | None = None,
    ) -> None:
        self.problem, self.control = problem, control
        self.solver = pick(problem)
        self.start = None if start is None else _start(problem, start)
        self.bonus = 0
        self.best: Int32Array | None = None
        self.certificates: list[Certificate] = []
        if (reason := self.solver.supports(problem)) is not None:
            raise UnsupportedError(f"solver {self.solver.name!r} cannot solve this problem: {reason}")

    def all_levels(self) -> None:
        """Go through the levels; an exception leaves the best answer and the complete proofs behind."""
        self.control.report("points", 0.0)
        if not self.solver.exact:
            self._keep(self._ask(level_problem(self.problem, "points"), None, self.solver).shift)
            raise StopSolving("heuristic")
        self._seats_and_points()
        if self.problem.lot is not None:
            self.control.report("lottery", 0.8)
            self._lottery()

    def verified(self, stopped: Stopped, began: float) -> Solution:
        """What there is, with a proof of at least some bound, verified."""
        problem, proofs = self.problem, self.certificates
        if stopped != "proved":
            proofs = [proof for proof in proofs if proof.level != "lottery"]
            proofs = proofs or [self._take_what_is_left()]
        shift = Greedy()(problem, Control()).shift if self.best is None else self.best
        points = next(proof for proof in proofs if proof.level == "points")
        solution = Solution(
            shift=shift,
            value=assignment_value(problem, shift),
            bound=points.bound(problem) - points.bonus * seats_value(problem, shift),
            certificates=tuple(proofs),
            status="optimal" if stopped == "proved" else "feasible",
            stopped=stopped,
            solver=self.solver.name,
            seconds=time.monotonic() - began,
        )
        verify(problem, solution)
        return solution

    def _take_what_is_left(self) -> Certificate:
        """The best bound on the points after a stop, from the prices the solver left, if it left any.

        Its assignment is kept as well, if it is better than what there is.
        """
        bounds = [_certificate("points", prices_of_nothing(self.problem))]
        left, self.control.left = self.control.left, None
        if left is not None and _is_well_formed(left):
            with suppress(CertificateError):
                check_assignment(self.problem, left.shift)
                self._keep(left.shift.astype(np.int32, copy=False))
            if left.shift_price is not None:
                price = np.maximum(left.shift_price - self.bonus * self.problem.urgency, 0)
                bounds.append(_certificate("points", prices_at(self.problem, price)))
        return min(bounds, key=lambda bound: bound.bound(self.problem))

    def _seats_and_points(self) -> None:
        """Raise the bonus until one assignment is optimal for the seats alone and for points plus bonus.

        No assignment that fills the seats as well then has more points: two ordinary proofs make the
        lexicographic one, with a bonus far below what would be needed to prove it by size alone.
        """
        problem = self.problem
        for bonus in self._bonuses():
            self.bonus = bonus
            plain = level_problem(problem, "points", bonus=bonus)
            shift, prices = self._exact(plain, self._warm(bonus))
            points = _certificate("points", prices, bonus=bonus)
            if problem.tier is None:
                self.certificates = [points]
                return
            if (seat_prices := self._seat_prices(shift)) is not None:
                self.certificates = [_certificate("seats", seat_prices), points]
                return
            self.start = shift, prices.shift, bonus
        raise SolverError(f"solver {self.solver.name!r} missed the best seats at the largest bonus")

    def _seat_prices(self, shift: Int32Array) -> Prices | None:
        """Prices that prove the seats best, or None if they are not; compiled where the solver is."""
        if not isinstance(self.solver, Auction):
            return seat_prices_of(self.problem, shift, self.control)
        from gigmatch.solvers.auction.pairs import shifts_of

        return seat_prices_of(self.problem, shift, self.control, shifts_of=shifts_of)

    def _warm(self, bonus: int) -> PlainAnswer | None:
        """The start, its prices moved to another bonus; where seats are plenty, empty ones are not lifted."""
        if self.start is None:
            return None
        shift, price, old = self.start
        price = np.maximum(price + (bonus - old) * self.problem.urgency, 0)
        if bonus > old and self.problem.capacity.sum() > _PLENTY * self.problem.n_workers:
            filled = np.bincount(shift[shift >= 0], minlength=self.problem.n_shifts)
            price = np.where(filled < self.problem.capacity, 0, price)
        return PlainAnswer(shift=shift, optimal=False, shift_price=price)

    def _bonuses(self) -> Iterator[int]:
        if self.problem.tier is None:
            return iter([0])
        lightest, heaviest = self.problem.extent
        rising = _rising(2 * max(heaviest, -lightest) + 1, self.problem.largest_bonus)
        # The answer without a bonus, its prices lifted, is a start from which a bonus costs little.
        cold = isinstance(self.solver, WarmSolver) and self.start is None
        return chain([0], rising) if cold else rising

    def _lottery(self) -> None:
        """Draw until one answer is left."""
        *seats, points = self.certificates
        tight = tight_pairs(self.problem, points)[0]
        face = Face.of(self.problem, points, tight, seats[0] if seats else None)
        for draw in count():
            assert self.best is not None
            if face.is_single(self.problem, self.best):
                return
            if draw == _MOST_DRAWS:
                raise SolverError(f"the lottery left several answers after {draw} draws")
            face = self._draw(face, draw)

    def _draw(self, face: Face, draw: int) -> Face:
        """The part of a face that one round of the lottery leaves."""
        n_workers, due = self.problem.n_workers, face.obligations(self.problem)
        assert self.best is not None
        # Ranks sit on workers only, so one exchange path changes them by n at most; hashes sit on pairs.
        start = n_workers + 1 if draw == 0 else 2 << 16
        for bonus in _rising(start, (n_workers + 1) << 16):
            plain = level_problem(self.problem, "lottery", bonus=bonus, draw=draw, face=face)
            near = PlainAnswer(
                shift=self.best, optimal=False, shift_price=bonus * face.shift.astype(np.int64)
            )
            shift, prices = self._exact(plain, near, keep=False, creeping=draw == 0)
            if face.met(shift) == due:
                proof = _certificate("lottery", prices, bonus=bonus, draw=draw)
                self.best = shift
                self.certificates.append(proof)
                return face.narrow(proof, tight_pairs(self.problem, proof, face)[0])
        raise SolverError(
            f"solver {self.solver.name!r} missed obligations of the lottery at the largest bonus"
        )

    def _exact(
        self,
        plain: Problem,
        start: PlainAnswer | None = None,
        *,
        keep: bool = True,
        creeping: bool = False,
    ) -> tuple[Int32Array, Prices]:
        """An optimal answer with its proof; stops the run if the solver has none.

        ``creeping``: all pairs of a worker weigh the same, so bids rise by next to nothing. Where there are
        many such pairs, min-cost flow is quicker than our auction.
        """
        wide = creeping and isinstance(self.solver, Auction) and plain.n_pairs > _WIDE * plain.n_workers
        answer = self._ask(plain, start, MinCostFlow() if wide else self.solver)
        if keep:
            self._keep(answer.shift)
        self.control.check()
        if not answer.optimal:
            raise StopSolving("heuristic")
        self.control.report("prices", 0.6)
        return answer.shift, self._prove(plain, answer)

    def _ask(self, plain: Problem, start: PlainAnswer | None, solver: Solver) -> PlainAnswer:
        """The solver's answer, feasible for certain."""
        self.control.check()
        if start is not None and isinstance(solver, WarmSolver):
            answer = solver(plain, self.control, start=start)
        else:
            answer = solver(plain, self.control)
        if not _is_well_formed(answer):
            raise PluginError(f"solver {solver.name!r} must return a PlainAnswer of integers; got {answer!r}")
        try:
            check_assignment(plain, answer.shift)
        except CertificateError as error:
            raise PluginError(f"solver {solver.name!r} returned no assignment: {error}") from error
        return replace(answer, shift=answer.shift.astype(np.int32, copy=False))

    def _prove(self, plain: Problem, answer: PlainAnswer) -> Prices:
        """Prices that prove an answer optimal: the solver's own if it gave any."""
        if answer.worker_price is not None and answer.shift_price is not None:
            prices = Prices(answer.worker_price, answer.shift_price)
            if not isinstance(self.solver, Auction):  # ours are checked once, at the end, with all the rest
                self._check_prices(plain, answer.shift, prices)
            return prices
        recovered = least_prices(plain, answer.shift, self.control)
        if recovered is None:
            raise PluginError(f"solver {self.solver.name!r} claims an optimum, but something better exists")
        return recovered

    def _check_prices(self, plain: Problem, shift: Int32Array, prices: Prices) -> None:
        value = assignment_value(plain, shift)
        try:
            verify(
                plain,
                Solution(
                    shift=shift,
                    value=value,
                    bound=value,
                    certificates=(_certificate("points", prices),),
                    status="optimal",
                    stopped="proved",
                ),
            )
        except (CertificateError, InvalidInputError) as error:
            raise PluginError(
                f"solver {self.solver.name!r} gave prices that prove nothing: {error}"
            ) from error

    def _keep(self, shift: Int32Array) -> None:
        """Remember the assignment with the best seats, then the most points."""
        if self.best is None or self._rank(shift) > self._rank(self.best):
            self.best = shift

    def _rank(self, shift: Int32Array) -> tuple[int, int]:
        return seats_value(self.problem, shift), assignment_value(self.problem, shift)


def _is_well_formed(answer: object) -> bool:
    if not isinstance(answer, PlainAnswer) or not isinstance(answer.shift, np.ndarray):
        return False
    return answer.shift.dtype.kind == "i"


def _start(problem: Problem, start: Solution) -> tuple[Int32Array, Int64Array, int]:
    """Assignment, shift prices and bonus of a solution with the same rows."""
    points = start.points_certificate
    for name, rows, due in (
        ("workers", len(start.shift), problem.n_workers),
        ("shifts", len(points.shift_price), problem.n_shifts),
    ):
        if rows != due:
            raise InvalidInputError(
                f"start has {rows} {name}, the problem {due}: rows must mean the same in both; "
                "bring the solution into the rows of the problem, or leave start out"
            )
    return start.shift, points.shift_price, points.bonus


def _rising(start: int, ceiling: int) -> Iterator[int]:
    """Start and its multiples by 16 below the ceiling, then the ceiling."""
    while start < ceiling:
        yield start
        start *= _RAISE
    yield ceiling


def _certificate(level: Level, prices: Prices, *, bonus: int = 0, draw: int = 0) -> Certificate:
    return Certificate(
        level=level, worker_price=prices.worker, shift_price=prices.shift, bonus=bonus, draw=draw
    )
