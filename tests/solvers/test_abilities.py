"""Abilities: what a solver of somebody's own declares, what it gains by it, and what becomes of a lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import oracles
from gigmatch.errors import GigmatchError, PluginError
from gigmatch.solvers import Abilities, Auction, Control, MinCostFlow, PlainAnswer, least_prices, solve
from gigmatch.solvers.auto import solving_bytes
from gigmatch.solvers.base import abilities_of
from gigmatch.solvers.dual_recovery import shifts_of
from gigmatch.solvers.mincostflow import SHORT_WORK, flow_work, most_pairs_of_work
from gigmatch.testing import check_solver
from tests.conftest import examples

LEVELS = oracles.make([[5, 4], [5, 1], [3, 5]], [1, 1], tier=[1, 2], lot=[3, 1, 2])


class Able:
    """A solver of somebody's own that is able to do everything."""

    name = "able"
    exact = True
    warm_start = True
    own_prices = True
    trusted_prices = True
    most_even_pairs = 2.0

    def supports(self, problem: Any) -> None:
        """All."""

    def shifts_of(self, problem: Any, workers: Any, control: Control) -> Any:
        """Which shifts are in the row of any of some workers."""
        return shifts_of(problem, workers, control)

    def __call__(self, problem: Any, control: Control, start: PlainAnswer | None = None) -> PlainAnswer:
        answer = MinCostFlow()(problem, control)
        prices = least_prices(problem, answer.shift, control)
        return replace(answer, worker_price=prices.worker, shift_price=prices.shift)


class Counting(Able):
    """One that says what it was asked with."""

    def __init__(self) -> None:
        self.starts: list[Any] = []
        self.rows = 0

    def shifts_of(self, problem: Any, workers: Any, control: Control) -> Any:
        self.rows += 1
        return super().shifts_of(problem, workers, control)

    def __call__(self, problem: Any, control: Control, start: PlainAnswer | None = None) -> PlainAnswer:
        self.starts.append(start)
        return super().__call__(problem, control)


def test_an_able_solver_keeps_its_contract():
    """Its abilities are held to what they promise."""
    check_solver(Able(), examples=30)


@examples(100)
@given(oracles.problems(lots=True))
def test_the_answer_does_not_depend_on_abilities(problem):
    """They change how long it takes, and nothing else."""
    assert solve(problem, Able()).shift.tolist() == solve(problem, MinCostFlow()).shift.tolist()


def test_abilities_are_used():
    """A start is given after the first question, rows are read by its own helper, and even pairs spared."""
    solver = Counting()
    solution = solve(LEVELS, solver)
    assert solution.status == "optimal"
    assert solver.starts[0] is None
    assert all(start is not None for start in solver.starts[1:])
    assert solver.rows > 0
    wide = oracles.make([[1, 1, 1], [1, 1, 1]], [1, 1, 1], lot=[1, 2])
    spared = Counting()
    solve(wide, spared)
    asked = Counting()
    asked.most_even_pairs = 9.0
    solve(wide, asked)
    assert len(spared.starts) == len(asked.starts) - 1


def test_who_is_silent_is_able_to_do_nothing_more():
    """The defaults; the auction declares all."""
    assert abilities_of(MinCostFlow()) == Abilities(bytes_per_pair=116)
    auction = abilities_of(Auction())
    assert auction.warm_start
    assert auction.own_prices
    assert auction.is_trusted
    assert auction.most_even_pairs == 48


def test_what_solving_takes():
    """By the solver that will run, up to so many pairs; more by one that does not say it."""
    size = 10**6, 10_000, 2_000
    assert solving_bytes("auction", *size) == solving_bytes(Auction(), *size) == 24 * 10**6
    assert solving_bytes("mincostflow", *size) == 116 * 10**6
    assert solving_bytes(Able(), *size) == 72 * 10**6
    pytest.importorskip("numba")
    assert solving_bytes("auto", *size) == solving_bytes("auction", *size)
    few = 10_000, 1_000, 200
    assert solving_bytes("auto", *few) == solving_bytes("mincostflow", *few)
    sizes = [solving_bytes("auto", pairs, 4_000, 10) for pairs in range(0, 40_000_001, 1_000_000)]
    assert sizes == sorted(sizes)
    at_most = most_pairs_of_work(SHORT_WORK, 4_000, 10)
    assert flow_work(at_most, 4_000, 10) <= SHORT_WORK < flow_work(at_most + 1, 4_000, 10)


class NoStart(Able):
    def __call__(self, problem: Any, control: Control) -> PlainAnswer:
        return super().__call__(problem, control)


class NoPrices(Able):
    def __call__(self, problem: Any, control: Control, start: Any = None) -> PlainAnswer:
        return MinCostFlow()(problem, control)


@dataclass
class Wrong(Able):
    """Its prices are too high, or too low."""

    by: int

    def __call__(self, problem: Any, control: Control, start: Any = None) -> PlainAnswer:
        answer = super().__call__(problem, control)
        return replace(answer, worker_price=np.maximum(answer.worker_price + self.by, 0))


class Blind(Able):
    def shifts_of(self, problem: Any, workers: Any, control: Control) -> Any:
        return np.zeros(problem.n_shifts, np.bool_)


class Untold(Able):
    own_prices = False


class Odd(Able):
    warm_start: Any = "yes"


class Uncounted(Able):
    most_even_pairs: Any = "many"


class Unweighed(Able):
    bytes_per_pair: Any = True


class Uncalled(Able):
    shifts_of: Any = 3


LIARS = [
    (NoStart(), "declares warm_start, but cannot be called with start="),
    (NoPrices(), "declares own_prices, and gave none"),
    (Wrong(1), "gave prices that prove nothing"),
    (Wrong(-1), "gave prices that prove nothing"),
    (Untold(), "declares trusted_prices without own_prices"),
    (Odd(), "must declare warm_start as True or False; got 'yes'"),
    (Uncounted(), "must declare most_even_pairs as a number; got 'many'"),
    (Unweighed(), "must declare bytes_per_pair as a number; got True"),
    (Uncalled(), "must declare shifts_of as a callable; got 3"),
]


@pytest.mark.parametrize(("solver", "message"), LIARS)
def test_a_lie_is_an_error_that_names_the_solver(solver, message):
    """With tiers and lots, and without; it never becomes an answer."""
    for problem in (LEVELS, replace(LEVELS, lot=None), replace(LEVELS, tier=None)):
        with pytest.raises(PluginError, match=f"solver 'able' {message}"):
            solve(problem, solver)


@pytest.mark.parametrize("solver", [solver for solver, _ in LIARS] + [Blind()])
def test_the_conformity_check_finds_a_lie(solver):
    """Each of them."""
    with pytest.raises(AssertionError):
        check_solver(solver, examples=20)


@examples(100)
@given(oracles.problems(lots=True, tiers=True))
def test_a_helper_that_misreads_rows_proves_nothing(problem):
    """The answer is right, or there is none."""
    try:
        solution = solve(problem, Blind())
    except GigmatchError:
        return
    assert [tuple(solution.shift.tolist())] == oracles.drawn(problem)
