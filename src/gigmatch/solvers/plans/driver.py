"""Solve a problem of plans and teams, level by level, and prove what is claimed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.core.limits import Limits
from gigmatch.errors import (
    CertificateError,
    InvalidInputError,
    SolveInterrupted,
    StoppedError,
    UnsupportedError,
)
from gigmatch.i18n import Told
from gigmatch.problem import Stopped
from gigmatch.problem.plans import (
    LEAF,
    Branching,
    LevelClaim,
    PlanCertificate,
    PlanProblem,
    PlanSolution,
    Split,
    check_answer,
)
from gigmatch.solvers.base import CancelToken, Control, Progress, StopSolving
from gigmatch.solvers.plans.ascent import SCALE, first_prices, near_plans, price_rounds
from gigmatch.solvers.plans.bounds import Bounds
from gigmatch.solvers.plans.crews import by_teams, first_come
from gigmatch.solvers.plans.decisions import Decisions
from gigmatch.solvers.plans.greedy import at_prices
from gigmatch.solvers.plans.master import MOST_INSIDE, Master
from gigmatch.solvers.plans.teams import Teams
from gigmatch.solvers.plans.tree import Prices, Tree
from gigmatch.solvers.plans.units import Best, Units
from gigmatch.solvers.plans.whole import around

__all__ = ["solve_plans"]

NAME: Final = "branchandprice"
_ROUNDS: Final = 200
_KEPT_ROUNDS: Final = 20
_STALLED: Final = 1e-3  # of the bound, in as many rounds as are kept
_STALLED_LARGE: Final = 1e-5
_NEAR: Final = 10
_TURNS: Final = 6
_MANY: Final = 2000  # people


def solve_plans(
    problem: PlanProblem,
    *,
    start: PlanSolution | None = None,
    threads: int | None = None,
    time_limit_s: float | None = None,
    limits: Limits | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> PlanSolution:
    """Solve all levels of a problem of plans and teams, and prove the answer.

    Parameters
    ----------
    problem : PlanProblem
        What to solve.
    start : PlanSolution, optional
        Of a similar problem with the same workers and shifts in the same rows: its prices and what of its
        answer is still there save time. What is proved never depends on it.
    threads, time_limit_s, limits, cancel, progress
        As for `gigmatch.solve`. The answer does not depend on the number of threads.

    Returns
    -------
    PlanSolution
        ``status`` is "optimal" only where every level is proved; else bounds hold, level by level.

    Raises
    ------
    InvalidInputError
        For a limit out of its range, or a start with other rows.
    UnsupportedError
        No answer keeps every pair that is promised.
    StoppedError
        Stopped before there was an answer that keeps every pair that is promised.
    SolverError
        HiGHS fails.
    SolveInterrupted
        On Ctrl-C: a ``KeyboardInterrupt`` that carries the best solution so far.
    """
    limits = Limits.of(limits, time_limit_s=time_limit_s, threads=threads)
    control = Control(limits.time_limit_s, cancel, progress)
    run = _Run(problem, control, limits, start)
    stopped: Stopped = "cancelled"
    try:
        try:
            run.all_levels()
            stopped = "proved"
        except StopSolving as stop:
            stopped = stop.reason
        return run.solution(stopped)
    except KeyboardInterrupt as interrupt:
        raise SolveInterrupted(run.solution(stopped)) from interrupt


class _Run:
    """One run: the best answer so far and what is proved of it."""

    def __init__(
        self, problem: PlanProblem, control: Control, limits: Limits, start: PlanSolution | None
    ) -> None:
        self.problem, self.control, self.limits, self.start = problem, control, limits, start
        self.levels = problem.levels
        self.weights: list[Int64Array] = []
        self.closed: list[PlanCertificate] = []
        self.values: list[int] = []
        self.tree: Tree | None = None
        self.best: Int64Array | None = None
        self.rank: tuple[int, ...] = ()
        self.units = Units(problem, limits.threads)
        self.teams = Teams(problem)
        self._none = Split(
            scale=1,
            shift_price=np.zeros(problem.pairs.n_shifts, np.int64),
            pair=np.empty(0, np.int64),
            pair_price=np.empty(0, np.int64),
        )
        self._raised = self._none
        """Under prices that were raised, which prove something where there is one level alone."""
        if not (len(problem.kept) or len(problem.due)):
            self._keep(np.empty(0, np.int64))
            self._keep(first_come(problem))

    def all_levels(self) -> None:
        """Go through the levels; an exception leaves the best answer and the proofs so far behind."""
        self.control.stages.at("baseline")
        master = Master(self.problem, self.units, self.teams, self.control)
        self._first_plans(master)
        for place, level in enumerate(self.levels):
            self.control.stages.at(f"solve {level.name}")
            self.control.report(level.name, place / len(self.levels))
            weight = level.weight
            above = list(zip(self.weights, self.values, strict=True))
            bounds = Bounds(self.problem, self.units, self.teams, weight, above)
            master.aim(weight)
            split = self._first_split(place)
            self.tree = Tree(master, bounds, self.control, split, self._scale(place), self._accepts(place))
            if place == len(self.levels) - 1 and not place:
                self.tree.centre = Prices(self.price, np.empty(0), np.empty(0))
            self.tree.run()
            if self.best is None:
                raise UnsupportedError("promises_not_feasible")
            self.closed.append(self.tree.certificate(level.name))
            self.values.append(self.rank[place])
            self.weights.append(weight)
            self.tree = None
            master.add_level(weight, self.rank[place])
        self.control.report("done", 1.0)

    def _first_split(self, place: int) -> Split:
        """What the start proves of a level with, else prices of 0."""
        none = replace(self._none, multipliers=(0,) * place) if place else self._alone
        proofs = () if self.start is None else self.start.certificates
        for proof in proofs:
            split = proof.splits[0]
            if proof.level == self.levels[place].name and len(split.multipliers) == place and split.scale:
                known = split.pair < self.problem.pairs.n_pairs
                return replace(split, pair=split.pair[known], pair_price=split.pair_price[known])
        return none

    @property
    def _alone(self) -> Split:
        """What proves something of any level, whatever those above are."""
        return self._raised if len(self.levels) == 1 else self._none

    def _scale(self, place: int) -> int:
        """Above four times the number of rounded prices in a bound."""
        pairs = self.problem.pairs
        n = int(np.minimum(pairs.capacity, self.problem.pairs_of_shift).sum()) + self.units.n_units
        reach = max(level.largest for level in self.levels[: place + 1]) + 1
        scale = max(1 << 10, 1 << (8 * n).bit_length())
        while scale > 1 and scale * reach * self.units.width > 1 << 44:
            scale //= 2
        return scale

    def _first_plans(self, master: Master) -> None:
        """Plans of the start, and plans that are good under prices that were raised from those there are."""
        by, price = self._first_prices()
        weight = np.zeros(self.problem.pairs.n_pairs, np.int64)
        for times, level in zip(by, self.levels, strict=True):
            if times:
                weight += times * level.weight
        if self.start is not None:
            self._take_start(master, self.start)
        self._ascend(master, weight, first_prices(self.problem, weight) if price is None else price)

    def _first_prices(self) -> tuple[list[int], Int64Array | None]:
        """What each level counts, and prices for that: those of the start, else none."""
        if self.start is not None:
            split = self.start.certificates[-1].splits[0]
            if split.scale and len(split.multipliers) == len(self.levels) - 1:
                by = [-(-times // split.scale) for times in (*split.multipliers, split.scale)]
                return by, np.maximum(split.shift_price // split.scale, 0)
        by, reach = list[int](), 0
        for level in reversed(self.levels):
            by.insert(0, 1 + 2 * reach)
            reach += by[0] * level.largest
        return by, None

    def _take_start(self, master: Master, start: PlanSolution) -> None:
        """Keep the answer of the start if it still is one, and its plans that still are plans."""
        pairs = self.problem.pairs
        if len(start.certificates[-1].splits[0].shift_price) != pairs.n_shifts:
            raise InvalidInputError(
                "start_of_other_size",
                rows=len(start.certificates[-1].splits[0].shift_price),
                name="shifts",
                due=pairs.n_shifts,
            )
        with suppress(CertificateError):
            answer = check_answer(self.problem, start.worker, start.shift)
            master.plans_of(answer)
            self._keep(answer)

    def _ascend(self, master: Master, weight: Int64Array, price: Int64Array) -> None:
        """Add the plans of the last rounds of the ascent, and of prices near the best ones."""
        stalled = _STALLED if self.problem.pairs.n_shifts <= MOST_INSIDE else _STALLED_LARGE
        found, bounds, at = deque[Best](maxlen=_KEPT_ROUNDS), list[int](), price
        for bound, prices, best in price_rounds(self.units, weight, price, _ROUNDS):
            self.control.check()
            self.control.count("price rounds")
            found.append(best)
            if not bounds or bound < bounds[-1]:
                at = prices
                self._raised = replace(self._none, scale=SCALE, shift_price=prices)
            bounds.append(min([bound, *bounds[-1:]]))
            if len(bounds) > _KEPT_ROUNDS and bounds[-_KEPT_ROUNDS] - bounds[-1] < bounds[-1] * stalled:
                break
        self.price = at / SCALE
        for best in (*found, *near_plans(self.units, weight, at, _NEAR)):
            self.control.check()
            some = np.flatnonzero(best.value)
            master.add_plans(some, best.plan[some])
        if not (len(self.problem.kept) or len(self.problem.due)):
            self._improve(master, SCALE * weight, at)

    def _improve(self, master: Master, weight: Int64Array, price: Int64Array) -> None:
        """Keep a good answer at some prices, where there are many people made better where it loses."""
        answer = at_prices(self.units, self.teams, weight, price, self.control)
        self._keep(answer)
        if self.teams.n_teams:
            whole = by_teams(self.units, self.teams, weight, self.control)
            other = at_prices(self.units, self.teams, weight, price, self.control, whole)
            self._keep(other)
            answer = max(answer, other, key=lambda pairs: weight[pairs].sum())
        turns = _TURNS if self.units.n_units >= _MANY else 0
        master.aim(weight // SCALE)
        for _ in range(turns):
            better = around(master, answer, weight, price)
            if better is None or weight[better].sum() <= weight[answer].sum():
                return
            answer = better
            self._keep(answer)

    def _accepts(self, place: int) -> Callable[[Int64Array | None], Int64Array | None]:
        def accept(pairs: Int64Array | None) -> Int64Array | None:
            if pairs is not None:
                self._keep(pairs)
            return self.best if list(self.rank[:place]) == self.values else None

        return accept

    def _keep(self, pairs: Int64Array) -> None:
        """Remember the answer that is best level by level, unless floats only took it for one."""
        rank = tuple(level.value_of(pairs) for level in self.levels)
        if self.best is not None and rank <= self.rank:
            return
        with suppress(CertificateError):
            check_answer(self.problem, *self._rows(pairs))
            self.best, self.rank = pairs, rank

    def _rows(self, answer: Int64Array) -> tuple[Int32Array, Int32Array]:
        """Workers and shifts of pairs, by worker, then by rank."""
        pairs = self.problem.pairs
        worker, shift = pairs.workers_of(answer), pairs.shift[answer]
        order = np.lexsort((self.problem.rank[shift], worker))
        return worker[order], shift[order]

    def solution(self, stopped: Stopped) -> PlanSolution:
        """The best answer with its claims."""
        if self.best is None:
            raise StoppedError("stopped_before_promises", reason=Told.named("stopped", stopped))
        proofs, bounds = list(self.closed), list(self.values)
        if self.tree is not None:
            proof = self.tree.certificate(self.levels[len(proofs)].name)
            proofs.append(proof)
            bounds.append(max(self.tree.bound, self.rank[len(bounds)]))
        for place in range(len(proofs), len(self.levels)):
            proof, bound = self._without(place)
            proofs.append(proof)
            bounds.append(bound)
        names = [level.name for level in self.levels]
        claims = tuple(map(LevelClaim, names, self.rank, bounds))
        proved = all(claim.is_closed for claim in claims)
        worker, shift = self._rows(self.best)
        return PlanSolution(
            worker=worker,
            shift=shift,
            claims=claims,
            certificates=tuple(proofs),
            status="optimal" if proved else "feasible",
            stopped="proved" if proved else stopped,
            solver=NAME,
            statistics=self.control.stages.statistics(),
        )

    def _without(self, place: int) -> tuple[PlanCertificate, int]:
        """A bound on a level whatever those above are."""
        leaf = Branching(kind=np.array([LEAF]), what=np.zeros(1, np.int64))
        proof = PlanCertificate(level=self.levels[place].name, branching=leaf, splits=(self._alone,))
        bounds = Bounds(self.problem, self.units, self.teams, self.levels[place].weight, ())
        nothing = Decisions.of(self.problem, self.units, self.teams, ())
        return proof, bounds.of(self._alone, nothing).bound or 0
