"""The auction: exact on every family, the same with any number of threads, stoppable, never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from check_auction import KINDS, check, small_problem
from gigmatch.core import kernels
from gigmatch.errors import InvalidInputError, SolveInterrupted, UnsupportedError
from gigmatch.matching.warmup import warmup
from gigmatch.problem import Problem, assignment_value, verify
from gigmatch.scenarios import families
from gigmatch.solvers import (
    Auction,
    Control,
    PlainAnswer,
    auto,
    greatest_prices,
    solve,
)
from gigmatch.solvers.base import StopSolving
from tests.conftest import examples, is_nightly, many, seldom

pytest.importorskip("numba")
engine = pytest.importorskip("gigmatch.solvers.auction.engine")


@pytest.fixture(scope="module")
def large():
    """Some thousand workers, ten thousand at night; the auction needs a few tenths of a second."""
    warmup()
    n = 10_000 if is_nightly() else 4_000
    return oracles.random_problem(n, n // 5, 120, seed=1, seats=10)


@pytest.fixture(scope="module")
def solved(large):
    """What the auction finds."""
    return solve(large, "auction")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seeds", [range(15), seldom(range(15, 50))], ids=str)
def test_every_family_agrees_with_min_cost_flow(kind, seeds):
    """Prices that prove the optimum, and the value that another method finds."""
    for seed in seeds:
        problem = small_problem(kind, seed)
        check(problem, Auction(threads=1)(problem, Control()))


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0), (3, 3)])
def test_nothing_to_match(n, m):
    """No workers, no shifts or no pairs: nobody is placed, and that is optimal."""
    problem = oracles.make([[None] * m] * n, [2] * m)
    solution = solve(problem, "auction")
    assert solution.shift.tolist() == [-1] * n
    assert (solution.value, solution.status, solution.solver) == (0, "optimal", "auction")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("high", [1, 5, 1000])
def test_all_levels_are_those_of_min_cost_flow(seed, high):
    """Tiers and lots make the answer one: both solvers must find it, lottery by auction included."""
    plain = oracles.random_problem(60, 25, 8, seed, high=high, low=-1)
    rng = np.random.default_rng(seed)
    problem = Problem(
        indptr=plain.indptr,
        shift=plain.shift,
        weight=plain.weight,
        capacity=plain.capacity,
        tier=rng.integers(0, 3, 25),
        lot=rng.permutation(60),
        shift_lot=rng.permutation(25),
    )
    assert solve(problem, "auction").shift.tolist() == solve(problem, "mincostflow").shift.tolist()


def test_weights_at_the_limit_of_a_problem():
    """The heaviest weight that a Problem accepts is still exact."""
    heaviest = (2**63 - 1) // (4 * (3 + 3 + 1))
    problem = oracles.make([[heaviest, heaviest - 1, 0]] * 3, [1, 1, 1])
    assert solve(problem, "auction").value == 2 * heaviest - 1


def test_long_rows_and_the_larger_phases(large):
    """Bounds, stale lists, reverse steps and repairs, on a problem with a few hundred thousand pairs."""
    check(large, Auction()(large, Control()))


def test_whole_columns_are_the_way_out():
    """Products make the lists too short-sighted: the reverse auction is undone and done on all pairs."""
    rng = np.random.default_rng(0)
    n, m = 2000, 400
    own, place = rng.integers(1, 101, n), rng.integers(1, 101, m)
    problem = Problem(
        indptr=np.arange(n + 1) * m,
        shift=np.tile(np.arange(m, dtype=np.int32), n),
        weight=np.outer(own, place).ravel(),
        capacity=np.full(m, 3),
    )
    check(problem, Auction()(problem, Control()))


@pytest.mark.parametrize(
    ("roll_back", "calm", "auctions"), [seldom(2, 2, 3), (2, 2, 0), seldom(2, 0, 1), (0, 0, 3)]
)
@pytest.mark.parametrize("kind", ["uniform", "product", "near tied", "wide"])
def test_bounds_that_are_not_trusted_or_trusted_too_much(monkeypatch, kind, roll_back, calm, auctions):
    """Exactness rests on pricing all pairs: with the bounds ignored, lists grow until nothing is missing."""
    monkeypatch.setattr(engine, "_ROLL_BACK", roll_back)
    monkeypatch.setattr(engine, "_CALM", calm)
    monkeypatch.setattr(engine, "_AUCTIONS", auctions)
    monkeypatch.setattr(engine, "_SLACK", 50.0)
    rng = np.random.default_rng(7)
    n, m = 600, 150
    weight = {
        "uniform": rng.integers(0, 1000, (n, m)),
        "product": np.outer(rng.integers(1, 100, n), rng.integers(1, 100, m)),
        "near tied": 1000 - rng.integers(0, 3, (n, m)),
        "wide": rng.integers(0, 2**50, (n, m)),
    }[kind]
    problem = Problem(
        indptr=np.arange(n + 1) * m,
        shift=np.tile(np.arange(m, dtype=np.int32), n),
        weight=weight.ravel(),
        capacity=rng.integers(0, 7, m),
    )
    assert solve(problem, "auction").value == solve(problem, "mincostflow").value


def test_any_number_of_threads_gives_the_same_bytes(large, monkeypatch):
    """Assignment and prices alike, by argument and by environment variable."""
    answers = [Auction(threads=threads)(large, Control()) for threads in (1, 2, 3)]
    monkeypatch.setenv("GIGMATCH_THREADS", "2")
    answers.append(Auction()(large, Control()))
    for name in ("shift", "worker_price", "shift_price"):
        assert len({getattr(answer, name).tobytes() for answer in answers}) == 1


def test_work_is_counted_alike(large, monkeypatch):
    """By kind, the same in every run, in any threads; augmentations where epsilon stays coarse."""
    counts = []
    for threads in (1, 2, 1, 3):
        control = Control()
        Auction(threads=threads)(large, control)
        counts.append(control.counts)
    assert all(each == counts[0] for each in counts)
    assert counts[0]["phases"] > 1
    assert counts[0]["bids"] >= large.n_workers
    assert counts[0]["lists"] >= large.n_workers
    assert counts[0]["pairs in lists"] >= large.n_pairs
    assert counts[0]["pricings of all pairs"] >= 1
    monkeypatch.setattr(engine, "_LAST", 40.0)
    control, again = Control(), Control()
    for each, threads in ((control, 1), (again, 3)):
        assert Auction(threads=threads)(large, each).optimal
    assert control.counts == again.counts
    assert control.counts["augmentations"] > 0
    assert control.counts["pairs in augmentations"] > control.counts["augmentations"]


@pytest.mark.parametrize("threads", [0, -1])
def test_threads_below_one_are_refused(threads):
    """The message says what to give."""
    with pytest.raises(InvalidInputError, match="threads must be a whole number from 1 to 1,024"):
        Auction(threads=threads)(oracles.make([[1]], [1]), Control())


def test_a_thread_count_that_is_no_number_is_refused(monkeypatch):
    """The environment variable is named."""
    monkeypatch.setenv("GIGMATCH_THREADS", "many")
    with pytest.raises(InvalidInputError, match=r"GIGMATCH_THREADS must be a whole number.*'many'"):
        Auction()(oracles.make([[1]], [1]), Control())


@pytest.mark.timing
def test_other_threads_go_on_meanwhile(large):
    """A heartbeat ticks all through; concurrent calls of the solver give the same answer."""
    beats, done = [], threading.Event()

    def beat():
        while not done.is_set():
            beats.append(time.monotonic())
            time.sleep(0.005)

    heart = threading.Thread(target=beat)
    answers = []
    runs = [
        threading.Thread(target=lambda: answers.append(Auction(threads=2)(large, Control())))
        for _ in range(2)
    ]
    heart.start()
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    done.set()
    heart.join()
    assert max(np.diff(beats)) < 0.3
    assert answers[0].shift.tolist() == answers[1].shift.tolist()


class Later:
    """A cancel token that is set at the k-th look."""

    def __init__(self, looks):
        self.left = looks

    def is_set(self):
        self.left -= 1
        return self.left < 0


@pytest.fixture(scope="module")
def looks(large):
    """How often a whole run looks at the token; in some threads it is now more, now less."""
    token = Later(10**9)
    Auction(threads=1)(large, Control(cancel=token))
    return 10**9 - token.left


@pytest.mark.parametrize("part", [0.0, 0.1, 0.3, 0.5, 0.8])
def test_cancelled_anywhere_the_answer_holds(large, looks, solved, part):
    """A feasible answer with a true bound, and never "optimal"."""
    solution = solve(large, "auction", cancel=Later(1 + int(part * looks)))
    verify(large, solution)
    assert (solution.status, solution.stopped) == ("feasible", "cancelled")
    assert 0 < solution.value <= solved.value <= solution.bound


def test_stopped_before_it_begins_nothing_is_left(large):
    """While the weights are still being packed there is no answer to leave; solve serves in row order."""
    control = Control(time_limit_s=0)
    with pytest.raises(StopSolving):
        Auction()(large, control)
    assert control.left is None


def test_the_bound_of_a_stopped_run_is_close(large, looks):
    """Late in the run value and bound are within a percent: prices are taken over, not only the answer."""
    control = Control(cancel=Later(int(0.9 * looks)))
    with pytest.raises(StopSolving):
        Auction(threads=1)(large, control)
    solution = solve(large, Auction(threads=1), cancel=Later(int(0.9 * looks)))
    assert control.left is not None
    assert solution.gap < 0.01 * solution.value


@pytest.mark.timing
def test_a_time_limit_is_kept(large):
    """To within the check of the answer, with tiers too."""
    for problem in (large, replace(large, tier=np.zeros(large.n_shifts, np.int64))):
        began = time.monotonic()
        solution = solve(problem, "auction", time_limit_s=0.03)
        assert time.monotonic() - began < 1.5
        assert solution.stopped in ("time limit", "proved")
        assert 0 < solution.value <= solution.bound


def test_an_interrupt_carries_the_answer_so_far(large, looks, monkeypatch):
    """Ctrl-C is a KeyboardInterrupt with a verified solution."""
    interrupt = Later(looks // 2)

    def interrupted(self):
        if interrupt.is_set():
            raise KeyboardInterrupt

    monkeypatch.setattr(Control, "check", interrupted)
    with pytest.raises(SolveInterrupted, match="interrupted with a solution of value") as caught:
        solve(large, "auction")
    assert caught.value.solution.status == "feasible"
    assert 0 < caught.value.solution.value <= caught.value.solution.bound


def test_a_start_saves_work_and_proves_the_same(large, solved):
    """From its own answer: little work, same value. From a morning that moved on: exact all the same."""
    assert solve(large, "auction", start=solved).value == solved.value
    rng = np.random.default_rng(3)
    moved = Problem(
        indptr=large.indptr,
        shift=large.shift,
        weight=np.maximum(large.weight + rng.integers(-20, 21, large.n_pairs), 0),
        capacity=rng.permutation(large.capacity),
    )
    assert solve(moved, "auction", start=solved).value == solve(moved, "auction").value


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_start_changes_nothing(kind):
    """Shifts that are not there, prices out of range, other people's answers: still optimal."""
    for seed in range(10):
        problem = small_problem(kind, seed)
        rng = np.random.default_rng(seed)
        start = PlainAnswer(
            shift=rng.integers(-1, problem.n_shifts + 2, problem.n_workers).astype(np.int32),
            optimal=False,
            shift_price=rng.integers(-5, 2**60, problem.n_shifts) if seed % 2 else None,
        )
        check(problem, Auction()(problem, Control(), start=start))


def test_a_start_must_have_the_same_rows(large):
    """Rows that mean something else are refused with the numbers."""
    other = solve(oracles.make([[1, 2]], [1, 1]))
    with pytest.raises(InvalidInputError, match=f"start has 1 workers, the problem {large.n_workers}"):
        solve(large, start=other)


def test_solvers_without_a_start_ignore_it():
    """Min-cost flow is asked as ever; only the auction takes a start."""
    problem = oracles.make([[9, 7], [8, None]], [1, 1], tier=[1, 2])
    assert solve(problem, "mincostflow", start=solve(problem)).value == 15
    assert Auction.warm_start


@pytest.mark.parametrize("kind", KINDS)
def test_what_takes_too_long_is_left_to_augmenting_paths(monkeypatch, kind):
    """Out of patience at once, every answer is exact all the same, searches from all who wait included."""
    monkeypatch.setattr(engine, "_PATIENCE", 0)
    monkeypatch.setattr(engine, "_PATIENCE_IF_SPARSE", 0)
    for searched, dense, seeds in ((3, 4, range(many(4))), (0, 0, range(100, 100 + many(4)))):
        monkeypatch.setattr(engine, "_SEARCHED", searched)
        monkeypatch.setattr(engine, "_DENSE", dense)
        for seed in seeds:
            problem, control = small_problem(kind, seed), Control()
            check(problem, Auction(threads=1)(problem, control))
            assert control.counts["auctions given up"] == 1


@examples(30)
@given(
    problem=oracles.problems(),
    rounds=st.integers(0, 3),
    searched=st.sampled_from([0, 1, 3]),
    dense=st.sampled_from([0, 10**9]),
)
def test_paths_alone_find_what_rivals_find(problem, rounds, searched, dense):
    """From any beginning, one by one or together, with a heap or without: the prices prove it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_DENSE", dense)
        for name, value in (("_FIRST_ROUNDS", rounds), ("_SEARCHED", searched), ("_MANY", 1)):
            patch.setattr(engine, name, value)
        patch.setattr(engine, "_PATIENCE_IF_SPARSE", 0)
        answer = Auction(threads=1)(problem.plain(problem.weight), Control())
    check(problem.plain(problem.weight), answer)


@pytest.mark.parametrize("family", families.CLIFFS)
def test_a_cliff_is_none(family):
    """The auction or paths, by the work that it takes: as much as min-cost flow finds, with little work."""
    problem, control = families.CLIFFS[family](300, 300, 1), Control()
    answer = Auction(threads=1)(problem, control)
    check(problem, answer)


def test_a_long_street_is_solved_at_once():
    """Prices rise along all of it: the auction is given up, the paths go through each pair few times."""
    problem, control = families.band(3_000, 0, 1), Control()
    assert Auction(threads=1)(problem, control).optimal
    assert control.counts["auctions given up"] == 1
    assert control.counts["pairs in augmentations"] < 50 * problem.n_pairs


def test_out_of_rounds_it_is_exact(monkeypatch):
    """Whether work or rounds run out makes no difference."""
    monkeypatch.setattr(engine, "_ROUNDS", 0)
    problem = small_problem("uniform", 1)
    check(problem, Auction()(problem, Control()))


@pytest.mark.parametrize(("searched", "dense"), [(0, 0), (3, 0), (3, 4)])
def test_a_stop_among_the_paths_leaves_the_better_of_both(monkeypatch, searched, dense):
    """The auction's assignment or theirs, whichever is worth more, and the bound that is closer."""
    monkeypatch.setattr(engine, "_PATIENCE", 1)
    monkeypatch.setattr(engine, "_SEARCHED", searched)
    monkeypatch.setattr(engine, "_DENSE", dense)
    monkeypatch.setattr(engine, "_ENTRIES", 100)
    problem = families.near_tied(1_000, 200, 1)
    token = Later(10**9)
    control = Control(cancel=token)
    optimum = assignment_value(problem, Auction(threads=1)(problem, control).shift)
    assert control.counts["auctions given up"] == 1
    looks = 10**9 - token.left
    for part in (0.5, 0.99):
        solution = solve(problem, Auction(threads=1), cancel=Later(int(part * looks)))
        assert (solution.status, solution.stopped) == ("feasible", "cancelled")
        assert 0.9 * optimum < solution.value <= optimum <= solution.bound


def test_auto_takes_the_auction_where_a_flow_may_be_long(large):
    """The choice goes by what the shape can cost a min-cost flow, not by pairs, and is recorded."""
    assert solve(large).solver == "auction"
    assert solve(oracles.make([[1]], [1])).solver == "mincostflow"
    assert solve(families.street(1_400, 0, 1)).solver == "mincostflow"
    assert solve(families.street(1_500, 0, 1)).solver == "auction"
    few_shifts = oracles.random_problem(3_000, 10, 8, seed=1)
    assert few_shifts.n_pairs > families.street(1_500, 0, 1).n_pairs
    assert solve(few_shifts).solver == "mincostflow"


def test_without_numba(large, monkeypatch):
    """Auto solves by min-cost flow and hints once at the extra; the auction itself says what it needs."""
    monkeypatch.setattr(kernels, "find_spec", lambda name: None)
    monkeypatch.setattr(auto, "HINT_FROM_PAIRS", 1)
    monkeypatch.setattr(auto, "_hinted", False)
    with pytest.warns(UserWarning, match=r"pip install numba") as told:
        assert auto.choose(large).name == "mincostflow"
    assert len(told) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert auto.choose(large).name == "mincostflow"
    with pytest.raises(UnsupportedError, match=r"needs numba: pip install numba"):
        solve(large, "auction")
    with pytest.raises(UnsupportedError, match="needed for warmup"):
        warmup()


def test_the_first_compile_is_announced(monkeypatch):
    """Where no kernel is cached, progress says what it waits for."""
    told = []
    monkeypatch.setattr(kernels, "_seen", False)
    monkeypatch.setattr(kernels, "_is_ready", lambda compiled: False)
    solve(oracles.make([[1]], [1]), "auction", progress=lambda stage, fraction: told.append(stage))
    assert "compiling" in told


def test_kernels_compile_without_a_place_for_a_cache(monkeypatch):
    """A read-only container without a home: compiled, only not kept."""
    import numba

    asked = []

    def njit(**options):
        asked.append(options)
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(numba, "njit", njit)
    monkeypatch.setattr(kernels, "_KERNELS", [])
    assert kernels.kernel(len) is len
    kept, not_kept = asked
    assert kept == {**not_kept, "cache": True} != not_kept


@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="is that already")
def test_kernels_are_right_as_plain_python():
    """Uncompiled, with Python's own bounds checks: no index out of range, the same answers."""
    code = (
        "from check_auction import KINDS, check, small_problem\n"
        "from gigmatch.solvers import Auction, Control\n"
        "for kind in KINDS:\n"
        "    problem = small_problem(kind, 3)\n"
        "    check(problem, Auction(threads=1)(problem, Control()))\n"
    )
    folder = Path(__file__).parents[2] / "benchmarks"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(folder)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=300)


def test_prices_lie_in_the_range_of_all_prices(large, solved):
    """No shift price is above the greatest that proves the optimum."""
    greatest = greatest_prices(large, solved.shift)
    open_shifts = large.capacity > 0
    assert (solved.shift_price <= greatest.shift)[open_shifts].all()
