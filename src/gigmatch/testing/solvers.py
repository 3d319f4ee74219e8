"""Whether a solver keeps its contract."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from gigmatch.core.arrays import BoolArray, row_pointers
from gigmatch.errors import CertificateError, GigmatchError, InvalidInputError, PluginError, SolverError
from gigmatch.i18n import Told
from gigmatch.problem import (
    POINTS,
    Certificate,
    Problem,
    Solution,
    assignment_value,
    check_assignment,
    level_problem,
    verify,
)
from gigmatch.scenarios import problem as sample_problem
from gigmatch.solvers import Control, MinCostFlow, PlainAnswer, Solver, solve
from gigmatch.solvers.base import StopSolving, abilities_of
from gigmatch.solvers.dual_recovery import shifts_of as plain_shifts_of
from gigmatch.testing.bulk import side_by_side, untouched
from gigmatch.testing.contract import Clause, drawn, hold, refuse
from gigmatch.testing.problems import best_value, problems

__all__ = ["check_solver"]

_FAMILIES = ("uniform", "tied", "scarce", "additive")
_THREADS = 3


def check_solver(solver: Solver, *, examples: int = 60) -> None:
    """Hold a solver of one's own to its contract, on random small problems and a few larger ones.

    The clauses, in this order:

    1. it has a name, says whether it is ``exact``, and for every problem why it cannot solve it, or None;
    2. it does not write into the problem;
    3. it answers with a `PlainAnswer` whose pairs exist and fit the seats;
    4. an exact solver finds the optimum, which is found by trying all, and claims it; others claim nothing
       that is not so; prices, if it gives any, are both given and prove it;
    5. it is deterministic, keeps no state, and may be called from several threads at once;
    6. asked to stop, it lets ``StopSolving`` pass or returns an assignment;
    7. what it declares of `gigmatch.solvers.Abilities` it has: no start misleads it, however wrong; prices of
       its own are always there; shifts that it says are in some rows are those;
    8. through ``gigmatch.solve``, which adds tiers and lots, the answer is verified, and of an exact solver
       proved optimal and, with lots, that of min-cost flow;
    9. problems of some hundred workers are solved as min-cost flow solves them.

    Problems that it says it cannot solve are left out.

    Parameters
    ----------
    solver : Solver
        Anything that meets the protocol.
    examples : int
        How many small problems.

    Raises
    ------
    AssertionError
        With the first clause that is broken, how, and the smallest problem found that shows it; also if it
        can solve none of the problems.

    Examples
    --------
    >>> from gigmatch.solvers import Greedy, MinCostFlow
    >>> check_solver(MinCostFlow(), examples=20)
    >>> check_solver(Greedy(), examples=20)
    """
    if isinstance(solver, type) or not isinstance(solver, Solver):
        refuse(f"solver {solver!r}", "it has name, exact, supports and a call", "it is no Solver")
    what = f"solver {solver.name!r}"
    if not isinstance(solver.name, str) or not isinstance(solver.exact, bool):
        refuse(what, "name is a text and exact a flag", f"{solver.name!r}, {solver.exact!r}")
    try:
        abilities_of(solver)
    except PluginError as error:
        refuse(what, "it declares abilities that it may have", str(error))
    new = untouched(solver)
    found = drawn(problems(), examples, lambda problem: problem.n_workers * problem.n_shifts)
    small = [_Example(problem, found[-1]) for problem in found]
    hold(
        what,
        [Clause("it says why it cannot solve a problem", partial(_unsaid, solver))],
        small,
        _smaller,
        _shown,
    )
    small = [example for example in small if _supports(solver, example)]
    if not small:
        refuse(what, "it solves some problem", f"it can solve none of {examples} small ones")
    hold(what, _clauses(solver, new), small, _smaller, _shown)
    if solver.exact:
        larger = [_Example(sample_problem(name, workers=300, seed=1), found[-1]) for name in _FAMILIES]
        large = Clause("it solves larger problems as min-cost flow does", partial(_worse, solver))
        hold(what, [large], [e for e in larger if _supports(solver, e)], lambda _: (), _shown)


@dataclass(frozen=True, eq=False)
class _Example:
    """A problem with its levels, and another that a solver must not mix it up with."""

    problem: Problem
    other: Problem

    @cached_property
    def plain(self) -> Problem:
        """Without levels, as solvers get it."""
        return level_problem(self.problem, POINTS)

    @cached_property
    def other_plain(self) -> Problem:
        return level_problem(self.other, POINTS)


def _smaller(example: _Example) -> Iterator[_Example]:
    """The same problem without one of its workers or pairs."""
    problem = example.problem
    for worker in range(problem.n_workers):
        rows = np.arange(problem.n_workers) != worker
        yield _Example(_part(problem, rows, problem.worker != worker), example.other)
    everybody = np.ones(problem.n_workers, dtype=bool)
    for pair in range(problem.n_pairs):
        yield _Example(_part(problem, everybody, np.arange(problem.n_pairs) != pair), example.other)


def _part(problem: Problem, workers: BoolArray, pairs: BoolArray) -> Problem:
    counts = np.bincount(problem.worker[pairs], minlength=problem.n_workers)[workers]
    return Problem(
        indptr=row_pointers(counts),
        shift=problem.shift[pairs],
        weight=problem.weight[pairs],
        capacity=problem.capacity,
        tier=problem.tier,
        lot=None if problem.lot is None else problem.lot[workers],
        shift_lot=problem.shift_lot,
    )


def _shown(example: _Example) -> str:
    names = ("indptr", "shift", "weight", "capacity", "tier", "lot", "shift_lot")
    given = {name: value for name in names if (value := getattr(example.problem, name)) is not None}
    if example.problem.n_pairs > 100:
        return f"A problem of {example.problem.n_workers} workers and {example.problem.n_pairs} pairs."
    fields = ", ".join(f"{name}={value.tolist()}" for name, value in given.items())
    return f"The smallest problem found that shows it:\nProblem({fields})"


def _clauses(solver: Solver, new: Solver) -> list[Clause]:
    answer = "it answers with a PlainAnswer whose pairs exist and fit the seats"
    clauses = [
        Clause("it does not write into the problem", partial(_written, solver)),
        Clause(answer, partial(_no_assignment, solver)),
        Clause("what it claims to be optimal is, and an exact solver claims it", partial(_wrong, solver)),
        Clause("prices are given both or not at all, and prove the claim", partial(_no_proof, solver)),
        Clause("the same problem has the same answer", partial(_changed, solver)),
        Clause("it keeps no state from one problem to another", partial(_stateful, solver, new)),
        Clause("it may be called from several threads at once", partial(_raced, solver)),
        Clause("asked to stop, it stops or answers", partial(_unstopped, solver)),
    ]
    able = abilities_of(solver)
    if able.warm_start:
        clauses.append(Clause("it finds the optimum from any start", partial(_misled, solver)))
    if able.own_prices:
        clauses.append(Clause("prices of its own are always there", partial(_priceless, solver)))
    if able.shifts_of is not None:
        clauses.append(Clause("shifts_of names the shifts in some rows", partial(_misread, able.shifts_of)))
    return [*clauses, Clause("gigmatch.solve proves its answers on all levels", partial(_unproved, solver))]


def _ask(solver: Solver, problem: Problem, **start: PlainAnswer) -> PlainAnswer:
    try:
        return solver(problem, Control(), **start)
    except StopSolving as stop:  # no Exception, so that nobody but `solve` catches it by mistake
        raise SolverError("stopped_unasked", reason=Told.named("stopped", stop.reason)) from None


def _supports(solver: Solver, example: _Example) -> bool:
    return solver.supports(example.plain) is None and solver.supports(example.problem) is None


def _unsaid(solver: Solver, example: _Example) -> str | None:
    once, again = (solver.supports(example.plain) for _ in range(2))
    if not isinstance(once, str | None):
        return f"supports() gave {once!r}: the reason as a text, or None"
    return None if once == again else f"supports() gave {once!r}, then {again!r}"


def _written(solver: Solver, example: _Example) -> str | None:
    """Arrays are read-only; whoever makes them writeable changes a copy that is looked at."""
    arrays = ("indptr", "shift", "weight", "capacity")
    problem = Problem(**{name: getattr(example.plain, name).copy() for name in arrays})
    try:
        _ask(solver, problem)
    except ValueError as error:
        return f"it raised {error!r}" if "read-only" in str(error) else None
    except Exception:
        return None  # another clause's matter
    for name in arrays:
        if not np.array_equal(getattr(problem, name), getattr(example.plain, name)):
            return f"{name} is not what it was"
    return None


def _no_assignment(solver: Solver, example: _Example) -> str | None:
    return _bad(_ask(solver, example.plain), example.plain)


def _bad(answer: Any, problem: Problem) -> str | None:
    """What is wrong with an answer, whatever it claims."""
    if not isinstance(answer, PlainAnswer):
        return f"it answered with {answer!r}"
    if not isinstance(answer.shift, np.ndarray) or answer.shift.dtype.kind != "i":
        return f"shift is {answer.shift!r}: an array of int32"
    try:
        check_assignment(problem, answer.shift)
    except CertificateError as error:
        return str(error)
    return None


def _wrong(solver: Solver, example: _Example) -> str | None:
    answer = _ask(solver, example.plain)
    value, best = assignment_value(example.plain, answer.shift), best_value(example.plain)
    if answer.optimal and value != best:
        return f"it claims {value} to be optimal; {best} can be reached"
    if solver.exact and not answer.optimal:
        return f"it is exact, and does not claim its answer of {value} to be optimal"
    return None


def _no_proof(solver: Solver, example: _Example) -> str | None:
    answer = _ask(solver, example.plain)
    given = [price for price in (answer.worker_price, answer.shift_price) if price is not None]
    if len(given) != 2 or not answer.optimal:
        return (
            "one of worker_price and shift_price is missing" if len(given) == 1 and answer.optimal else None
        )
    value = assignment_value(example.plain, answer.shift)
    try:
        proof = Certificate(level=POINTS.name, worker_price=given[0], shift_price=given[1])
        claim = Solution(
            shift=answer.shift.astype(np.int32),
            value=value,
            bound=value,
            certificates=(proof,),
            status="optimal",
            stopped="proved",
        )
        verify(example.plain, claim)
    except (CertificateError, InvalidInputError) as error:
        return str(error)
    return None


def _changed(solver: Solver, example: _Example) -> str | None:
    once, again = (_ask(solver, example.plain) for _ in range(2))
    return _difference(once, again, "at first", "when asked again")


def _stateful(solver: Solver, new: Solver, example: _Example) -> str | None:
    """A solver that has seen other problems against itself before, and against one that has seen none."""
    before = _ask(solver, example.plain)
    if solver.supports(example.other_plain) is None:
        _ask(solver, example.other_plain)
    after, alone = _ask(solver, example.plain), _ask(untouched(new), example.plain)
    return _difference(before, after, "before another problem", "after it") or _difference(
        alone, after, "when new", "after other problems"
    )


def _raced(solver: Solver, example: _Example) -> str | None:
    alone, ready = _ask(solver, example.plain), threading.Barrier(_THREADS)
    other = example.other_plain if solver.supports(example.other_plain) is None else example.plain

    def run(number: int) -> PlainAnswer:
        ready.wait()
        return _ask(solver, other if number % 2 else example.plain)

    answers = side_by_side(run, _THREADS)[::2]
    reasons = (_difference(alone, answer, "alone", "beside other threads") for answer in answers)
    return next(filter(None, reasons), None)


def _difference(once: PlainAnswer, again: PlainAnswer, first: str, second: str) -> str | None:
    if np.array_equal(once.shift, again.shift) and once.optimal == again.optimal:
        return None
    return f"shift is {once.shift.tolist()} {first}, {again.shift.tolist()} {second}"


def _unstopped(solver: Solver, example: _Example) -> str | None:
    """Cancelled before it begins, and out of time within ``solve``."""
    cancelled = threading.Event()
    cancelled.set()
    try:
        answer = solver(example.plain, Control(cancel=cancelled))
    except StopSolving:
        answer = None
    if answer is not None and (reason := _bad(answer, example.plain)):
        return f"cancelled: {reason}"
    return _failed(solver, example.problem, time_limit_s=0.0)


def _priceless(solver: Solver, example: _Example) -> str | None:
    answer = _ask(solver, example.plain)
    if answer.optimal and (answer.worker_price is None or answer.shift_price is None):
        return "it declares own_prices, and gave none"
    return None


def _misread(shifts_of: Callable[..., Any], example: _Example) -> str | None:
    """Of every second worker, of all, and of none."""
    plain, rows = example.plain, np.arange(example.plain.n_workers)
    for workers in (rows[::2], rows, rows[:0]):
        found, due = shifts_of(plain, workers, Control()), plain_shifts_of(plain, workers, Control())
        if not isinstance(found, np.ndarray) or found.dtype != np.bool_ or found.tolist() != due.tolist():
            return f"shifts_of({workers.tolist()}) gave {found!r}; it is {due.tolist()}"
    return None


def _misled(solver: Any, example: _Example) -> str | None:
    """Nobody placed at no prices; everybody at the last shift, at absurd ones."""
    plain = example.plain
    best = best_value(plain)
    for shift, price in ((-1, 0), (plain.n_shifts - 1, 2**40)):
        start = PlainAnswer(
            shift=np.full(plain.n_workers, shift, np.int32),
            optimal=False,
            shift_price=np.full(plain.n_shifts, price, np.int64),
        )
        answer = _ask(solver, plain, start=start)
        if reason := _bad(answer, plain):
            return reason
        if answer.optimal and (value := assignment_value(plain, answer.shift)) != best:
            return f"from {start}, it claims {value} to be optimal; {best} can be reached"
    return None


def _unproved(solver: Solver, example: _Example) -> str | None:
    if reason := _failed(solver, example.problem):
        return reason
    solution = solve(example.problem, solver)
    if not solver.exact:
        return None
    if solution.status != "optimal":
        return f"it is exact, and the answer is {solution.status}, stopped by {solution.stopped}"
    due = solve(example.problem, MinCostFlow())
    if example.problem.lot is not None and not np.array_equal(solution.shift, due.shift):
        return f"shift is {solution.shift.tolist()}; the lottery leaves {due.shift.tolist()} only"
    return None


def _failed(solver: Solver, problem: Problem, **limits: Any) -> str | None:
    """What `solve` says against it; it verifies what it returns."""
    try:
        solve(problem, solver, **limits)
    except GigmatchError as error:
        return f"solve() refuses it: {error}"
    return None


def _worse(solver: Solver, example: _Example) -> str | None:
    answer = _ask(solver, example.plain)
    if reason := _bad(answer, example.plain):
        return reason
    value = assignment_value(example.plain, answer.shift)
    best = assignment_value(example.plain, _ask(MinCostFlow(), example.plain).shift)
    return None if value == best else f"it found {value}, min-cost flow {best}"
