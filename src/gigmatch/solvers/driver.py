"""The driver: turns the levels of a problem into plain problems, and proves what the solver answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Final

import numpy as np

from gigmatch.core import kernels
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.core.limits import Limits
from gigmatch.errors import (
    CertificateError,
    InvalidInputError,
    PluginError,
    SolveInterrupted,
    SolverError,
    UnsupportedError,
)
from gigmatch.i18n import Told
from gigmatch.problem import (
    Certificate,
    DrawnLevel,
    Face,
    Problem,
    Solution,
    Stopped,
    assignment_value,
    check_assignment,
    drawn_problem,
    level_problem,
    level_values,
    tight_pairs,
    verify,
    weights_of,
)
from gigmatch.solvers.auto import find_solver
from gigmatch.solvers.base import (
    CancelToken,
    Control,
    PlainAnswer,
    Progress,
    Solver,
    StopSolving,
    abilities_of,
)
from gigmatch.solvers.dual_recovery import (
    Prices,
    least_prices,
    prices_at,
    prices_of_nothing,
    shifts_of,
    side_level_prices,
)
from gigmatch.solvers.greedy import Greedy
from gigmatch.solvers.mincostflow import MinCostFlow
from gigmatch.solvers.multipliers import Multipliers, rising
from gigmatch.solvers.parts import Part

__all__ = ["draw", "solve"]


_MOST_DRAWS: Final = 64
_PLENTY: Final = 1.25  # seats a worker
_MANY_EVEN: Final = 1 << 17  # pairs beyond which no solver is as quick as placing workers by rank
_FEW: Final = 0.5  # of the pairs of a face; where more are undecided, it is worth while to begin near


def solve(
    problem: Problem,
    solver: str | Solver = "auto",
    *,
    start: Solution | None = None,
    threads: int | None = None,
    time_limit_s: float | None = None,
    limits: Limits | None = None,
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
        time where they are nearly right. What is proved never depends on it. Solvers without a
        warm start do without.
    threads : int, optional
        At most so many; unless given, ``GIGMATCH_THREADS`` of the environment, else every CPU allowed. The
        answer does not depend on it. Only the auction uses them.
    time_limit_s : float, optional
        Seconds of wall time after which the best answer so far is returned; 0 asks for the greedy one.
        Preparing and checking that answer takes a little longer.
    limits : Limits, optional
        ``threads`` and ``time_limit_s`` in one object; none may be given twice.
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
        For a solver that is not known, a limit out of its range, or a start with other rows.
    UnsupportedError
        If the solver says that it cannot solve this problem.
    PluginError
        If the solver returns something infeasible, wrongly claims that it is optimal, or declares an ability
        that it does not have.
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
    limits = Limits.of(limits, time_limit_s=time_limit_s, threads=threads)
    control = Control(limits.time_limit_s, cancel, progress)
    control.stages.at(f"solve {problem.bound_level.name}")
    run = _Run(problem, find_solver(solver, limits.threads), control, start)
    return run.to_the_end(run.all_levels)


def draw(
    problem: Problem,
    proved: Solution,
    solver: str | Solver = "auto",
    *,
    limits: Limits | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Go on to the level that is drawn from a solution that is proved on all levels above it.

    Its certificates stay as they are; so what they prove of pairs that the problem does not hold stays, too.

    Parameters
    ----------
    problem : Problem
        With the level to draw; it may hold more pairs than the one that was solved.
    proved : Solution
        Optimal on the levels above.
    solver, limits, cancel, progress
        As for `solve`, which says what is raised as well.
    """
    limits = Limits.of(limits)
    control = Control(limits.time_limit_s, cancel, progress)
    control.stages.at("verify")
    run = _Run(problem, find_solver(solver, limits.threads), control)
    run.best, run.certificates = proved.shift, list(proved.certificates)
    return run.to_the_end(run.drawn_level)


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
        self.able = abilities_of(self.solver)
        self.start = None if start is None else _start(problem, start)
        self.multipliers: dict[str, int] = {}
        self.best: Int32Array | None = None
        self.certificates: list[Certificate] = []
        self.draws: list[Certificate] = []
        if (reason := self.solver.supports(problem)) is not None:
            raise UnsupportedError("solver_cannot_solve", name=self.solver.name, why=reason)

    def all_levels(self) -> None:
        """Go through the levels; an exception leaves the best answer and the complete proofs behind."""
        problem = self.problem
        self.control.report(problem.bound_level.name, 0.0)
        if not self.solver.exact:
            self._keep(self._ask(level_problem(problem, problem.bound_level), None, self.solver).shift)
            raise StopSolving("heuristic")
        self._weighted()
        self.drawn_level()

    def drawn_level(self) -> None:
        """Draw what is still equal, where a level is drawn."""
        if (level := self.problem.drawn) is not None:
            self.control.report(level.name, 0.8)
            self._all_draws(level)

    def to_the_end(self, work: Callable[[], None]) -> Solution:
        """What there is once some work is done or stopped, verified."""
        stopped: Stopped = "cancelled"
        try:
            try:
                work()
                stopped = "proved"
            except StopSolving as stop:
                stopped = stop.reason
            self.control.report("verify", 0.95)
            solution = self.verified(stopped)
            self.control.report("done", 1.0)
        except KeyboardInterrupt as interrupt:
            raise SolveInterrupted(self.verified(stopped)) from interrupt
        return solution

    def verified(self, stopped: Stopped) -> Solution:
        """What there is, with a proof of at least some bound, verified."""
        self.control.stages.at("verify")
        problem = self.problem
        proofs = self.certificates or [self._take_what_is_left()]
        shift = Greedy()(problem, Control()).shift if self.best is None else self.best
        points = next(proof for proof in proofs if proof.level == problem.bound_level.name)
        values = dict(
            zip((level.name for level in problem.weighted), level_values(problem, shift), strict=True)
        )
        solution = Solution(
            shift=shift,
            value=values[points.level],
            bound=points.bound(problem) - sum(by * values[name] for name, by in points.multipliers.items()),
            certificates=(*proofs, *self.draws) if stopped == "proved" else tuple(proofs),
            status="optimal" if stopped == "proved" else "feasible",
            stopped=stopped,
            solver=self.solver.name,
        )
        try:
            verify(problem, solution)
        except CertificateError as error:
            raise (self._unproved(error) if self.able.is_trusted else error) from error
        return replace(solution, statistics=self.control.stages.statistics())

    def _take_what_is_left(self) -> Certificate:
        """The best bound on the points after a stop, from the prices the solver left, if it left any.

        Its assignment is kept as well, if it is better than what there is.
        """
        name = self.problem.bound_level.name
        bounds = [_certificate(name, prices_of_nothing(self.problem))]
        left = self.control.left
        if left is not None and _is_well_formed(left):
            with suppress(CertificateError):
                check_assignment(self.problem, left.shift)
                self._keep(left.shift.astype(np.int32, copy=False))
            if left.shift_price is not None:
                scales = dict(self.multipliers)
                scale = scales.pop(name, 1)
                price = self._moved(left.shift_price, {above: -by for above, by in scales.items()})
                bounds.append(_certificate(name, prices_at(self.problem, price // max(scale, 1))))
        return min(bounds, key=lambda bound: bound.bound(self.problem))

    def _weighted(self) -> None:
        """Raise the multipliers until one answer is best on every level, with those above multiplied.

        No assignment that is as good on the levels above is then better on the next: ordinary proofs make the
        lexicographic one, with multipliers far below what would be needed to prove it by size alone.
        """
        problem, *_, last = self.problem, *self.problem.weighted
        # The answer without multipliers, its prices lifted, is a start from which they cost little.
        # One that was found without has prices that are near without, too.
        is_bare = self.start is None or not any(self.start[2].values())
        multipliers = Multipliers(problem, from_nothing=self.able.warm_start and is_bare)
        while True:
            self.multipliers = multipliers.of(len(problem.weighted) - 1)
            plain = level_problem(problem, last, self.multipliers)
            shift, prices = self._exact(plain, last.name, self._warm())
            proofs = list[Certificate]()
            for place in range(len(problem.weighted) - 1):
                if (proof := self._proof_above(place, multipliers.of(place), shift)) is None:
                    break
                proofs.append(proof)
            else:
                self.certificates = [*proofs, _certificate(last.name, prices, self.multipliers)]
                return
            self.start = shift, prices.shift, self.multipliers
            if not multipliers.raise_after(place):
                missed = problem.weighted[place].name
                raise SolverError("solver_missed_level", name=self.solver.name, level=missed)

    def _proof_above(self, place: int, multipliers: dict[str, int], shift: Int32Array) -> Certificate | None:
        """What proves an answer the best on a level, or None if it is not."""
        problem, level = self.problem, self.problem.weighted[place]
        self.control.stages.at(f"prove {level.name}")
        weights = weights_of(problem, level, multipliers)
        if weights.pair is None:
            reached = self.able.shifts_of or shifts_of
            prices = side_level_prices(problem, weights, shift, self.control, shifts_of=reached)
        else:
            prices = least_prices(level_problem(problem, level, multipliers), shift, self.control)
        return None if prices is None else _certificate(level.name, prices, multipliers)

    def _warm(self) -> PlainAnswer | None:
        """The start at other multipliers; where seats are plenty, prices of empty ones are not lifted."""
        if self.start is None:
            return None
        shift, price, old = self.start
        names = [level.name for level in self.problem.weighted]
        more = {name: self.multipliers.get(name, 0) - old.get(name, 0) for name in names}
        price = self._moved(price, more)
        if max(more.values()) > 0 and self.problem.capacity.sum() > _PLENTY * self.problem.n_workers:
            filled = np.bincount(shift[shift >= 0], minlength=self.problem.n_shifts)
            price = np.where(filled < self.problem.capacity, 0, price)
        return PlainAnswer(shift=shift, optimal=False, shift_price=price)

    def _moved(self, price: Int64Array, more: dict[str, int]) -> Int64Array:
        """Shift prices with other multipliers; what belongs to workers and pairs does not move them."""
        for level, weights in zip(self.problem.weighted, self.problem.weights, strict=True):
            if weights.shift is not None and (by := more.get(level.name, 0)):
                price = price + by * weights.shift
        return np.maximum(price, 0)

    def _all_draws(self, level: DrawnLevel) -> None:
        """Draw until one answer is left."""
        self.control.stages.at(f"solve {level.name}")
        tight, broken = tight_pairs(self.problem, self.certificates[-1])
        if broken is not None:
            raise self._unproved(Told.of("errors.price_too_low", at=int(broken)))
        if not self._closes(self.certificates[-1]):
            raise self._unproved(Told.of("errors.prices_do_not_sum"))
        face = Face.of(self.problem, self.certificates, tight)
        for draw in count():
            assert self.best is not None
            if face.is_single(self.problem, self.best):
                return
            if draw == _MOST_DRAWS:
                raise SolverError("draws_exhausted", level=level.name, n=draw)
            face = self._draw_undecided(level, face, draw) or self._draw(level, face, draw)

    def _closes(self, proof: Certificate) -> bool:
        assert self.best is not None
        *above, value = level_values(self.problem, self.best)
        names = (level.name for level in self.problem.weighted)
        value += sum(proof.multipliers.get(name, 0) * by for name, by in zip(names, above, strict=False))
        return value == proof.bound(self.problem)

    def _draw(self, level: DrawnLevel, face: Face, draw: int) -> Face:
        """The part of a face that one round of a draw leaves."""
        due = face.obligations(self.problem)
        is_even, n_pairs = level.is_of_worker(draw), len(face.pairs)
        is_spared = is_even and n_pairs > self.able.most_even_pairs * self.problem.n_workers
        by_rank = is_spared or (is_even and n_pairs > _MANY_EVEN)
        assert self.best is not None
        for multiplier in rising(*level.multipliers(self.problem, draw)):
            plain = drawn_problem(self.problem, level, face, draw=draw, multiplier=multiplier)
            near = PlainAnswer(
                shift=self.best, optimal=False, shift_price=multiplier * face.shift.astype(np.int64)
            )
            found = self._by_rank(plain, level, face, multiplier) if by_rank else None
            shift, prices = found or self._exact(plain, level.name, near, keep=False, is_spared=is_spared)
            if face.met(shift) == due:
                return self._drawn(level, face, shift, prices, draw, multiplier)
        raise SolverError("solver_missed_obligations", name=self.solver.name, level=level.name)

    def _by_rank(
        self, plain: Problem, level: DrawnLevel, face: Face, multiplier: int
    ) -> tuple[Int32Array, Prices] | None:
        """Answer and proof where every worker has one number, None where they are not found this way."""
        if not kernels.is_available():
            return None
        from gigmatch.solvers.auction.ranks import place_by_rank

        assert self.best is not None
        self.control.stages.at(f"solve {level.name}")
        found = place_by_rank(plain, face, multiplier, self.best, self.control)
        if found is None:
            return None
        shift, prices = found
        is_proved = _certificate(level.name, prices).bound(plain) == assignment_value(plain, shift)
        return found if is_proved else None

    def _draw_undecided(self, level: DrawnLevel, face: Face, draw: int) -> Face | None:
        """`_draw` from what is not decided yet, None where that is much or proves nothing.

        Everybody else keeps the seat that they have in every answer on the face.
        """
        assert self.best is not None
        pairs, workers = face.undecided(self.problem, self.best)
        if np.count_nonzero(pairs) > _FEW * len(pairs):
            return None
        for multiplier in rising(*level.multipliers(self.problem, draw)):
            plain = drawn_problem(self.problem, level, face, draw=draw, multiplier=multiplier)
            part = Part.of(plain, np.flatnonzero(pairs), workers, self.best)
            near = PlainAnswer(
                shift=part.start, optimal=False, shift_price=(multiplier * face.shift)[part.shifts]
            )
            self.control.stages.at(f"solve {level.name}")
            answer = self._ask(part.problem, near, self.solver)
            shift = part.whole(answer.shift)
            self.control.stages.at(f"prove {level.name}")
            prices = least_prices(plain, shift, self.control) if answer.optimal else None
            if prices is not None and face.met(shift) == face.obligations(self.problem):
                return self._drawn(level, face, shift, prices, draw, multiplier)
        return None

    def _drawn(
        self, level: DrawnLevel, face: Face, shift: Int32Array, prices: Prices, draw: int, multiplier: int
    ) -> Face:
        """Note the answer of a round, and return the part of the face that it leaves."""
        proof = _certificate(level.name, prices, multiplier=multiplier, draw=draw)
        self.best = shift
        self.draws.append(proof)
        return face.narrow(proof, tight_pairs(self.problem, proof, face)[0])

    def _exact(
        self,
        plain: Problem,
        name: str,
        start: PlainAnswer | None = None,
        *,
        keep: bool = True,
        is_spared: bool = False,
    ) -> tuple[Int32Array, Prices]:
        """An optimal answer with its proof; stops the run if the solver has none.

        ``name``: of the level, for statistics.
        ``is_spared``: min-cost flow is asked in place of the solver.
        """
        self.control.stages.at(f"solve {name}")
        answer = self._ask(plain, start, MinCostFlow() if is_spared else self.solver)
        if keep:
            self._keep(answer.shift)
        self.control.check()
        if not answer.optimal:
            raise StopSolving("heuristic")
        self.control.report("prices", 0.6)
        self.control.stages.at(f"prove {name}")
        return answer.shift, self._prove(plain, answer, is_own=not is_spared)

    def _ask(self, plain: Problem, start: PlainAnswer | None, solver: Solver) -> PlainAnswer:
        """The solver's answer, feasible for certain."""
        self.control.check()
        if start is not None and solver is self.solver and self.able.warm_start:
            answer = solver(plain, self.control, start=start)  # type: ignore[call-arg]
        else:
            answer = solver(plain, self.control)
        if not _is_well_formed(answer):
            raise PluginError("solver_no_answer", name=solver.name, value=answer)
        try:
            check_assignment(plain, answer.shift)
        except CertificateError as error:
            raise PluginError("solver_no_assignment", name=solver.name, error=error) from error
        return replace(answer, shift=answer.shift.astype(np.int32, copy=False))

    def _prove(self, plain: Problem, answer: PlainAnswer, *, is_own: bool) -> Prices:
        """Prices that prove an answer optimal: the solver's own if it gave any."""
        if answer.worker_price is not None and answer.shift_price is not None:
            prices = Prices(answer.worker_price, answer.shift_price)
            if not (is_own and self.able.trusted_prices):
                self._check_prices(plain, answer.shift, prices)
            return prices
        if is_own and self.able.own_prices:
            raise PluginError("solver_without_prices", name=self.solver.name)
        recovered = least_prices(plain, answer.shift, self.control)
        if recovered is None:
            raise PluginError("solver_not_optimal", name=self.solver.name)
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
                    certificates=(_certificate(plain.bound_level.name, prices),),
                    status="optimal",
                    stopped="proved",
                ),
            )
        except (CertificateError, InvalidInputError) as error:
            raise self._unproved(error) from error

    def _unproved(self, reason: object) -> PluginError:
        return PluginError("solver_prices_prove_nothing", name=self.solver.name, error=reason)

    def _keep(self, shift: Int32Array) -> None:
        """Remember the assignment that is best level by level."""
        if self.best is None or self._rank(shift) > self._rank(self.best):
            self.best = shift

    def _rank(self, shift: Int32Array) -> tuple[int, ...]:
        return level_values(self.problem, shift)


def _is_well_formed(answer: object) -> bool:
    if not isinstance(answer, PlainAnswer) or not isinstance(answer.shift, np.ndarray):
        return False
    return answer.shift.dtype.kind == "i"


def _start(problem: Problem, start: Solution) -> tuple[Int32Array, Int64Array, dict[str, int]]:
    """Assignment, shift prices and multipliers of a solution with the same rows."""
    points = start.points_certificate
    for name, rows, due in (
        ("workers", len(start.shift), problem.n_workers),
        ("shifts", len(points.shift_price), problem.n_shifts),
    ):
        if rows != due:
            raise InvalidInputError("start_of_other_size", rows=rows, name=name, due=due)
    return start.shift, points.shift_price, dict(points.multipliers)


def _certificate(
    level: str,
    prices: Prices,
    multipliers: dict[str, int] | None = None,
    *,
    multiplier: int = 0,
    draw: int = 0,
) -> Certificate:
    return Certificate(
        level=level,
        worker_price=prices.worker,
        shift_price=prices.shift,
        multipliers=multipliers or {},
        multiplier=multiplier,
        draw=draw,
    )
