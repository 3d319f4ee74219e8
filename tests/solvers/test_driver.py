"""solve: right on every level, the same whoever solves it, and honest when it is stopped."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.core.limits import Limits
from gigmatch.errors import (
    InvalidInputError,
    PluginError,
    SolveInterrupted,
    SolverError,
    UnsupportedError,
)
from gigmatch.problem import Problem, verify
from gigmatch.solvers import (
    Control,
    MinCostFlow,
    PlainAnswer,
    Solver,
    draw,
    driver,
    greatest_prices,
    multipliers,
    solve,
)
from tests.conftest import examples

PROBLEM = oracles.make([[9, 7], [8, None]], [1, 1])
LEVELS = oracles.make([[5, 5], [5, 5], [5, 5]], [1, 1], tier=[1, 2], lot=[3, 1, 2])


@examples(60)
@given(oracles.problems())
def test_best_on_every_level(problem):
    """Seats by tier, then points, then the lottery: as by definition over all assignments."""
    solution = solve(problem)
    answer = tuple(solution.shift.tolist())
    assert answer in oracles.best(problem)
    assert problem.lot is None or oracles.drawn(problem) == [answer]
    assert (solution.status, solution.stopped, solution.gap) == ("optimal", "proved", 0)


@examples(30)
@given(oracles.problems(lots=True))
def test_lots_may_be_drawn_later(problem):
    """From a solution on the levels above, whose certificates stay as they are."""
    above = solve(replace(problem, lot=None, shift_lot=None))
    later = draw(problem, above)
    assert later.shift.tolist() == solve(problem).shift.tolist()
    assert (later.status, later.value) == ("optimal", above.value)
    for before, after in zip(above.certificates, later.certificates, strict=False):
        assert before is after


def test_a_draw_that_is_stopped_keeps_what_is_proved():
    """Its bound too."""
    above = solve(replace(LEVELS, lot=None, levels=None))
    stopped = draw(LEVELS, above, limits=Limits(time_limit_s=0))
    assert (stopped.status, stopped.stopped) == ("feasible", "time limit")
    assert (stopped.value, stopped.bound) == (above.value, above.bound)


@examples(60)
@given(oracles.problems(lots=True), st.randoms())
def test_the_answer_does_not_depend_on_the_order(problem, random):
    """Rows and columns in another order, lots carried along: everybody gets the same shift."""
    workers, shifts = list(range(problem.n_workers)), list(range(problem.n_shifts))
    random.shuffle(workers)
    random.shuffle(shifts)
    answer = solve(problem).shift
    moved = solve(oracles.permuted(problem, workers, shifts)).shift
    assert [shifts[j] if j >= 0 else -1 for j in moved] == answer[workers].tolist()


@pytest.mark.peers
@examples(20)
@given(oracles.problems(lots=True))
def test_the_answer_does_not_depend_on_the_solver(problem):
    """HiGHS, another method altogether, leads to the same assignment."""
    assert solve(problem, oracles.Highs()).shift.tolist() == solve(problem).shift.tolist()


@pytest.mark.peers
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("high", [1, 5, 1000])
def test_random_problems_agree_with_scipy_and_highs(seed, high):
    """A few hundred pairs, tied and not, some weights below 0: two peers find the same optimum."""
    problem = oracles.random_problem(60, 25, 8, seed, high=high, low=-1)
    value = solve(problem).value
    assert value == oracles.by_expanded_seats(problem)
    assert value == oracles.assignment_points(problem, oracles.by_highs(problem))


@pytest.mark.parametrize("high", [0, 1, 1000])
def test_large_lotteries_do_not_depend_on_order_or_solver(high):
    """Hundreds of workers with few distinct weights, three tiers: the answer is still one."""
    plain = oracles.random_problem(120, 40, 8, seed=3, high=high)
    rng = np.random.default_rng(4)
    problem = Problem(
        indptr=plain.indptr,
        shift=plain.shift,
        weight=plain.weight,
        capacity=plain.capacity,
        tier=rng.integers(0, 3, 40),
        lot=rng.permutation(120),
        shift_lot=rng.permutation(40),
    )
    solution = solve(problem)
    workers, shifts = rng.permutation(120), rng.permutation(40)
    moved = solve(oracles.permuted(problem, workers, shifts), oracles.Highs()).shift
    assert np.where(moved >= 0, shifts[moved], -1).tolist() == solution.shift[workers].tolist()


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0), (3, 3)])
def test_nothing_to_match(n, m):
    """No workers, no shifts or no pairs: the empty assignment is optimal on every level."""
    problem = oracles.make([[None] * m] * n, [2] * m, tier=[1] * m, lot=np.arange(n))
    solution = solve(problem)
    assert solution.shift.tolist() == [-1] * n
    assert (solution.value, solution.bound, solution.status) == (0, 0, "optimal")


def test_capacities_of_zero_and_beyond():
    """A closed shift takes nobody, a huge one everybody; sums stay exact."""
    problem = oracles.make([[9, 1], [9, 2]], [0, 2**62], tier=[1, 2], lot=[1, 2])
    solution = solve(problem)
    assert solution.shift.tolist() == [1, 1]
    assert solution.value == 3


def test_a_seat_of_a_tier_is_filled_at_a_loss():
    """With tiers a negative weight is taken where that fills a seat, without tiers never."""
    assert solve(oracles.make([[-5]], [1])).shift.tolist() == [-1]
    assert solve(oracles.make([[-5]], [1], tier=[1])).value == -5


def test_the_multiplier_is_raised_until_the_seats_are_best():
    """A long chain of costly moves for one more seat: a modest multiplier fails, a greater one does."""
    length = 60
    table = [[None] * (length + 1) for _ in range(length)]
    for i, row in enumerate(table):
        row[i], row[i + 1] = 100, -100
    table.append([100] + [None] * length)
    solution = solve(oracles.make(table, [1] * (length + 1), tier=[1] * (length + 1)))
    assert (solution.shift >= 0).all()
    assert solution.points_certificate.multipliers["seats"] > 201


def test_progress_is_told_in_order():
    """Stages by name, the fraction never falls and ends at 1."""
    told = []
    solve(LEVELS, progress=lambda *news: told.append(news))
    assert [stage for stage, _ in told][:2] == ["points", "prices"]
    assert "lottery" in dict(told)
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert told[-1] == ("done", 1.0)


@pytest.mark.parametrize("solver", ["cplex", None, 3, len])
def test_unknown_solvers_are_refused(solver):
    """The message lists the names there are."""
    names = "'auto', 'auction', 'greedy', 'mincostflow'"
    with pytest.raises(InvalidInputError, match=f"must be one of {names} or meet the"):
        solve(PROBLEM, solver)


@pytest.mark.parametrize("limit", [-1, float("nan")])
def test_time_limits_below_zero_are_refused(limit):
    """Zero is allowed, none is None."""
    with pytest.raises(
        InvalidInputError, match="time_limit_s must be a number of seconds from 0 to 1,000,000,000"
    ):
        solve(PROBLEM, time_limit_s=limit)


@dataclass
class Scripted:
    """A solver that returns what it is told to."""

    answer: Any
    name: str = "scripted"
    exact: bool = True
    reason: str | None = None

    def supports(self, problem):
        return self.reason

    def __call__(self, problem, control):
        return self.answer(problem, control) if callable(self.answer) else self.answer


def answer(shift, optimal=True, **prices):
    return PlainAnswer(shift=np.asarray(shift), optimal=optimal, **prices)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "must return a PlainAnswer of integers; got None"),
        (answer([1.0, 0.0]), "must return a PlainAnswer of integers"),
        (PlainAnswer(shift=[1, 0], optimal=True), "must return a PlainAnswer of integers"),
        (answer([1]), r"no assignment: shift has shape \(1,\), expected \(2,\)"),
        (answer([1, 1]), "no assignment: worker 1 is at shift 1, but the problem has no such pair"),
        (answer([0, 0]), "no assignment: shift 0 has 2 workers, over its capacity 1"),
        (answer([0, 9]), "no assignment: worker 1 is at shift 9"),
        (answer([0, -1]), "claims an optimum, but something better exists"),
        (
            answer([1, 0], worker_price=[0, 0], shift_price=[0, 0]),
            "prove nothing: points: worker 0 and shift 0",
        ),
        (
            answer([1, 0], worker_price=[0.5, 0], shift_price=[0, 0]),
            "prove nothing: worker_price must hold 64-bit int",
        ),
        (
            answer([0, -1], worker_price=[7, 6], shift_price=[2, 0]),
            "prove nothing: points: the prices sum to",
        ),
    ],
)
def test_a_plugin_that_breaks_its_contract_is_named(returned, message):
    """Shape, type, range, feasibility, a false claim, false prices: all found, all named."""
    with pytest.raises(PluginError, match=f"solver 'scripted'.*{message}"):
        solve(PROBLEM, Scripted(returned))


def test_a_plugin_may_bring_its_own_prices():
    """Prices that hold are kept as the certificate; int64 rows are as good as int32."""

    def with_prices(problem, control):
        shift = MinCostFlow()(problem, control).shift
        prices = greatest_prices(problem, shift)
        return answer(shift.astype(np.int64), worker_price=prices.worker, shift_price=prices.shift)

    solution = solve(PROBLEM, Scripted(with_prices))
    assert solution.shift_price.tolist() == [8, 6]
    assert solution.shift.dtype == np.int32


def test_a_plugin_may_decline():
    """What it does not support is refused before solving, with its reason."""
    with pytest.raises(UnsupportedError, match="'scripted' cannot solve this problem: only on Sundays"):
        solve(PROBLEM, Scripted(None, reason="only on Sundays"))


def test_a_plugin_that_is_not_sure_makes_no_claim():
    """An exact solver that returns optimal=False ends as a heuristic, with a bound that holds."""
    solution = solve(LEVELS, Scripted(answer([0, -1, -1], optimal=False)))
    assert (solution.status, solution.stopped, solution.value) == ("feasible", "heuristic", 5)
    assert solution.bound == 15


def test_the_better_of_two_answers_is_kept():
    """A run stopped later returns its best answer by seats, then points, not its last one."""
    answers = iter([answer([0, 1, -1]), answer([0, -1, -1], optimal=False)])
    first_is_not_provable = oracles.make([[9, 9], [9, 9], [9, 9]], [1, 1], tier=[1, 2])
    solver = Scripted(lambda problem, control: next(answers))
    solution = solve(first_is_not_provable, solver)
    assert solution.status == "optimal"
    run = driver._Run(first_is_not_provable, lambda problem: solver, Control())
    run._keep(np.array([0, 1, -1], np.int32))
    run._keep(np.array([0, -1, -1], np.int32))
    assert run.best.tolist() == [0, 1, -1]


def test_protocol_is_met_by_the_built_in_solvers():
    """A type checker and isinstance agree."""
    assert isinstance(MinCostFlow(), Solver)
    assert isinstance(oracles.Highs(), Solver)
    assert not isinstance(print, Solver)


def test_without_time_the_hall_decides():
    """A time limit of 0 returns first come, first served, and says why."""
    solution = solve(LEVELS, time_limit_s=0)
    assert (solution.status, solution.stopped) == ("feasible", "time limit")
    assert solution.shift.tolist() == solve(LEVELS, "greedy").shift.tolist()
    assert solution.bound == 15


def test_cancelled_before_it_starts():
    """Anything with is_set() cancels."""
    cancel = threading.Event()
    cancel.set()
    assert solve(PROBLEM, cancel=cancel).stopped == "cancelled"


@pytest.mark.parametrize("calls", range(1, 12))
def test_stopped_anywhere_the_answer_holds(calls):
    """Cancelled at the k-th look at the token: verified, with the best answer and the proofs so far."""

    class Later:
        left = calls

        def is_set(self):
            self.left -= 1
            return self.left < 0

    solution = solve(LEVELS, cancel=Later())
    verify(LEVELS, solution)
    assert (solution.status == "optimal") == (solution.stopped == "proved")
    levels_proved = [c.level for c in solution.certificates]
    if solution.status == "feasible":
        assert levels_proved in (["points"], ["seats", "points"])
        assert solution.gap == (5 if levels_proved == ["points"] else 0)


@pytest.mark.parametrize("stage", ["verify", "done"])
def test_an_interrupt_at_the_end_loses_nothing(stage):
    """Ctrl-C while the answer is checked, or told: it is carried along, proved as it is."""

    def interrupt(now, fraction):
        if now == stage:
            raise KeyboardInterrupt

    with pytest.raises(SolveInterrupted) as caught:
        solve(LEVELS, progress=interrupt)
    assert caught.value.solution.status == "optimal"
    assert caught.value.solution.shift.tolist() == solve(LEVELS).shift.tolist()


def test_an_interrupt_while_checking_what_a_stop_left(monkeypatch):
    """The second check has all that the first had."""
    checks = []

    def once(problem, solution):
        checks.append(solution)
        if len(checks) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(driver, "verify", once)
    with pytest.raises(SolveInterrupted) as caught:
        solve(LEVELS, time_limit_s=0)
    first, second = checks
    assert (first.bound, first.shift.tolist()) == (second.bound, second.shift.tolist())
    assert first.stopped == caught.value.solution.stopped == "time limit"


def test_a_lottery_without_end_is_an_error(monkeypatch):
    """Draws are counted; the last one says that several answers are left."""
    monkeypatch.setattr(driver, "_MOST_DRAWS", 0)
    with pytest.raises(SolverError, match="the lottery left several answers after 0 draws"):
        solve(LEVELS)


def test_a_multiplier_that_never_suffices_is_an_error(monkeypatch):
    """Cannot happen with right arithmetic; if it does, nothing is claimed."""
    monkeypatch.setattr(multipliers, "rising", lambda start, ceiling: iter([0]))
    monkeypatch.setattr(driver, "rising", lambda start, ceiling: iter([]))
    with pytest.raises(SolverError, match="missed the best seats"):
        solve(oracles.make([[100, -100], [100, None]], [1, 1], tier=[1, 1]))
    with pytest.raises(SolverError, match="missed obligations of the lottery"):
        solve(oracles.make([[5], [5]], [1], lot=[1, 2]))
