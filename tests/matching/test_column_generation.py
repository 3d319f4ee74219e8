"""Held are some pairs, proved is the optimum over all: the answer is the one that all at once would give."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.reduced_costs import pairs_to_verify
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import columns_of
from gigmatch.core.arrays import place_in_row
from gigmatch.matching.memory import bytes_taken
from gigmatch.pairing.rules import DEFAULT_RULES, WithinReach
from gigmatch.problem import level_problem
from gigmatch.solvers import Control, MinCostFlow, least_prices, solve
from matching.test_optimal import figures
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, sample

RULES = st.sampled_from([DEFAULT_RULES, (WithinReach(),), ()])
OBJECTIVES = st.sampled_from(["seats", "points"])


def even(columns, pairs):
    """Coarse, so that nearly everything is equal."""
    return ((pairs.worker + pairs.shift) % 2).astype(float)


COARSE = gm.Policy(((even, 1),))
POLICIES = st.sampled_from(
    [gm.DEFAULT_POLICY, COARSE, gm.DEFAULT_POLICY.only("reliability", "employer_trust")]
)


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7)


@pytest.fixture(scope="module")
def answer(morning) -> gm.Assignment:
    return gm.match(morning)


def fewest(morning) -> int:
    """The least that may be held: two pairs a worker."""
    return 2 * max(len(morning.workers), 1)


@st.composite
def wishes(draw, morning):
    """Pairs to keep and to forbid, of a morning without rules: any that do not contradict each other."""
    workers = [worker.id for worker in morning.workers]
    seats = {shift.id: shift.headcount for shift in morning.shifts}
    if not workers or not seats:
        return {}
    pair = st.tuples(st.sampled_from(workers), st.sampled_from(sorted(seats)))
    keep = []
    for worker, shift in draw(st.lists(pair, max_size=3, unique_by=lambda p: p[0])):
        if seats[shift]:
            seats[shift] -= 1
            keep.append((worker, shift))
    forbid = [p for p in draw(st.lists(pair, max_size=4)) if p not in keep]
    return {"keep": keep, "forbid": forbid}


# ------------------------------------------------------------------------------------------- the same answer


@examples(10)
@given(mornings(), RULES, POLICIES, OBJECTIVES, st.integers(0, 3), st.integers(1, 3))
def test_the_same_answer_from_some_pairs(morning, rules, policy, objective, seed, times):
    """Pairs, value, counts, warnings and baseline are those of all pairs, and check accepts the proof."""
    options = {"rules": rules, "policy": policy.with_objective(objective).with_seed(seed)}
    some = gm.match(morning, max_pairs=times * fewest(morning), **options)
    assert figures(some) == figures(gm.match(morning, **options))
    assert some.status == "optimal"
    gm.check(morning, gm.Assignment.from_dict(some.to_dict()), scorers=[even])


@examples(10)
@given(st.data(), mornings(), POLICIES, OBJECTIVES)
def test_the_same_answer_around_promises(data, morning, policy, objective):
    """Whoever is promised takes no part in the pricing, and barred pairs are not brought back."""
    options = {"rules": (), "policy": policy.with_objective(objective), **data.draw(wishes(morning))}
    some = gm.match(morning, max_pairs=fewest(morning), **options)
    assert figures(some) == figures(gm.match(morning, **options))
    held = dict(zip(some.worker_ids, np.diff(some.solved.held[0].indptr).tolist(), strict=True))
    assert all(held[worker] <= 2 for worker, _ in some.keep)
    gm.check(morning, some, scorers=[even])


@examples(5)
@given(mornings(), RULES, POLICIES, OBJECTIVES)
def test_the_same_answer_by_auction(morning, rules, policy, objective):
    """Another solver, other prices, which bring back other pairs."""
    pytest.importorskip("numba")
    options = {"rules": rules, "policy": policy.with_objective(objective)}
    some = gm.match(morning, max_pairs=fewest(morning), solver="auction", **options)
    assert figures(some) == figures(gm.match(morning, solver="mincostflow", **options))
    gm.check(morning, some, scorers=[even])


@pytest.mark.parametrize("solver", ["mincostflow", "auction"])
@pytest.mark.parametrize("objective", ["seats", "points"])
def test_a_real_morning_from_two_pairs_each(morning, solver, objective):
    """The sample: the same answer, though not half of the pairs are ever held."""
    if solver == "auction":
        pytest.importorskip("numba")
    policy = gm.DEFAULT_POLICY.with_objective(objective)
    full = gm.match(morning, policy=policy)
    some = gm.match(morning, policy=policy, max_pairs=fewest(morning), solver=solver)
    assert figures(some) == figures(full)
    assert fewest(morning) < len(some.solved.held[0].pairs) < len(full.solved.held[0].pairs) / 2
    gm.check(morning, some)


def test_a_real_morning_of_ties():
    """With one coarse scorer most pairs are on the face, and the lottery is drawn over all of them."""
    small = sample("jingshi", seed=5, workers=150)
    for policy in (COARSE, gm.Policy(())):
        some = gm.match(small, policy=policy, max_pairs=fewest(small))
        assert figures(some) == figures(gm.match(small, policy=policy))
        gm.check(small, some, scorers=[even])


HELD = {
    "z-a": 10,
    "b-a": 0,
    "b-k": 10,
    "c-a": 0,
    "c-l": 10,
    "d-a": 0,
    "d-m": 10,
    "e-a": 0,
    "e-n": 10,
    "f-k": 5,
}
CHAIN = {"b-l": 0, "c-m": 0, "d-n": 0, "e-o": 0}


def chain() -> tuple[gm.Morning, gm.Policy, list[tuple[str, str]]]:
    """One more seat can be filled if b, c, d and e all move on, at a loss that no small multiplier covers.

    The pairs on which they would move are not among the two of each that are held at first; and not all of
    them are missed at prices that prove the points, seats included, on the others. The rest is to be barred.
    """
    morning = a_morning(*(a_worker(name) for name in "bcdefz"), *(a_shift(name) for name in "aklmno"))
    points = HELD | CHAIN

    def table(columns, pairs):
        ids = zip(pairs.worker.tolist(), pairs.shift.tolist(), strict=True)
        names = [f"{columns.worker_ids[i]}-{columns.shift_ids[j]}" for i, j in ids]
        return np.array([points.get(name, 0) / 10 for name in names])

    every = [(worker.id, shift.id) for worker in morning.workers for shift in morning.shifts]
    return morning, gm.Policy(((table, 10),)), [pair for pair in every if "-".join(pair) not in points]


def test_a_seat_that_only_the_level_of_the_seats_misses():
    """Pairs are brought back for the seats alone, too."""
    morning, policy, barred = chain()
    options = {"rules": (), "policy": policy}
    full = gm.match(morning, forbid=barred, **options)
    assert full.summary.placements == 6
    assert figures(gm.match(morning, forbid=barred, max_pairs=12, **options)) == figures(full)
    without = gm.match(morning, forbid=[*barred, ("d", "n"), ("e", "o")], **options)
    assert without.summary.placements == 5


def test_a_city_from_some_pairs():
    """From columns, with keep, forbid and a start, the answer is that of all pairs."""
    town = sample("city", workers=600, shifts=150, seed=4)
    full = gm.match(town)
    wanted = {"keep": full.pairs[:20], "forbid": full.pairs[20:60]}
    expected = gm.match(town, **wanted)
    some = gm.match(town, max_pairs=1200, start=full, **wanted)
    assert figures(some) == figures(expected)
    assert expected.pairs != full.pairs
    gm.check(town, some)


def test_more_than_there_are_is_all(morning, answer):
    """A limit that nobody reaches holds every pair, and the proof is the same to the byte."""
    widest = int(answer.eligible_shifts.max())
    some = gm.match(morning, max_pairs=2 * widest * len(morning.workers))
    assert len(some.solved.held[0].pairs) == len(answer.solved.held[0].pairs)
    assert some.to_dict() == answer.to_dict()


def test_the_same_with_any_number_of_threads(morning):
    """Blocks are put together in one order, so that the file is the same to the byte."""
    one, three = (gm.match(morning, max_pairs=fewest(morning), threads=count) for count in (1, 3))
    assert one.to_dict() == three.to_dict()


# ----------------------------------------------------------------------------------------- stopped early


@examples(10)
@given(st.data(), mornings(), POLICIES, OBJECTIVES)
def test_the_bound_of_a_stopped_run_holds_for_all_pairs(data, morning, policy, objective):
    """No time at all: feasible, and nothing over all pairs is worth more than its bound."""
    options = {"rules": (), "policy": policy.with_objective(objective), **data.draw(wishes(morning))}
    stopped = gm.match(morning, max_pairs=fewest(morning), time_limit_s=0, **options)
    best = gm.match(morning, **options | {"policy": options["policy"].with_objective("points")})
    assert (stopped.status, stopped.solution.stopped) == ("feasible", "time limit")
    assert stopped.solution.value <= best.solution.value <= stopped.solution.bound
    gm.check(morning, stopped, scorers=[even])


class After:
    """A token that is set once it has been asked so many times."""

    def __init__(self, times):
        self.left = times

    def is_set(self):
        self.left -= 1
        return self.left < 0


@pytest.fixture(scope="module")
def stopped():
    """A small morning stopped after 0, 1, 2 ... looks at the token, until it is proved."""
    morning, found = sample("jingshi", seed=9, workers=200), []
    while not found or found[-1].status != "optimal":
        found.append(gm.match(morning, max_pairs=400, cancel=After(len(found))))
    return morning, found


def test_wherever_it_is_stopped_the_answer_checks(stopped):
    """In whatever round, and at whatever level: honest about why, with a bound for all pairs."""
    morning, found = stopped
    best = gm.match(morning, policy=gm.DEFAULT_POLICY.with_objective("points")).solution.value
    assert len(found) > 20
    assert {one.solution.stopped for one in found[:-1]} == {"cancelled"}
    for one in found[:-1]:
        assert one.solution.value <= best <= one.solution.bound
    for one in found[::9]:
        gm.check(morning, one)


def test_the_answer_of_an_earlier_round_is_not_forgotten(stopped):
    """Whoever waits longer gets no worse an answer, nor a worse bound."""
    found = stopped[1][:-1]
    rank = [(one.summary.placements, one.solution.value) for one in found]
    bound = [one.solution.bound for one in found]
    assert rank == sorted(rank)
    assert bound == sorted(bound, reverse=True)


class Leaving:
    """A solver that solves, leaves the answer with prices that prove it, and is stopped before it says so."""

    name, exact = "leaving", True

    def __init__(self):
        self.cancel = threading.Event()

    def supports(self, problem):
        return None

    def __call__(self, problem, control):
        answer = MinCostFlow()(problem, Control())
        worker_price, shift_price = least_prices(problem, answer.shift)
        control.leave(replace(answer, worker_price=worker_price, shift_price=shift_price))
        self.cancel.set()
        control.check()


@pytest.mark.parametrize("objective", ["seats", "points"])
def test_prices_that_a_solver_leaves_are_lifted_to_all_pairs(morning, objective):
    """They bound the pairs held, by less than all pairs are worth; the bound that is told holds for all."""
    solver, policy = Leaving(), gm.DEFAULT_POLICY.with_objective(objective)
    found = gm.match(morning, policy=policy, max_pairs=fewest(morning), solver=solver, cancel=solver.cancel)
    best = gm.match(morning, policy=policy.with_objective("points")).solution.value
    points = replace(found.solved.held[1], tier=None, lot=None, shift_lot=None, levels=None)
    held = gm.solve(points).value
    assert found.status == "feasible"
    assert held < best <= found.solution.bound
    gm.check(morning, found)


def test_a_run_stopped_in_the_lottery_has_a_close_bound(stopped):
    """The points were proved: their prices, less those of the seats, leave next to no gap."""
    _, found = stopped
    assert found[-2].pairs == found[-1].pairs or found[-2].solution.value == found[-1].solution.value
    assert found[-2].solution.gap < found[-1].solution.value / 50 < found[0].solution.gap


def test_whoever_is_promised_adds_nothing_to_the_bound():
    """With everybody promised there is nothing left to gain."""
    morning = a_morning(a_worker("a"), a_worker("b"), a_shift("x"), a_shift("y"))
    found = gm.match(morning, keep=[("a", "x"), ("b", "y")], max_pairs=4, time_limit_s=0)
    assert (found.summary.placements, found.solution.value, found.solution.bound) == (2, 0, 0)


def test_first_come_on_some_pairs_is_bounded_over_all(morning):
    """A solver that proves nothing leaves an answer with a bound that checks."""
    greedy = gm.match(morning, max_pairs=fewest(morning), solver="greedy")
    assert (greedy.status, greedy.solution.stopped) == ("feasible", "heuristic")
    best = gm.match(morning, policy=gm.DEFAULT_POLICY.with_objective("points"))
    assert greedy.solution.bound >= best.solution.value
    gm.check(morning, greedy)


# ------------------------------------------------------------------------------------------ progress, memory


def test_progress_says_how_many_of_the_pairs_that_matter_are_held(morning):
    """Candidates, then solving and pricing in turns, up to 1 when none is missing."""
    told = []
    gm.match(morning, max_pairs=fewest(morning), progress=lambda *step: told.append(step))
    assert told[0][0] == "candidates"
    shares = [fraction for stage, fraction in told if stage == "pricing"]
    assert len(shares) >= 3
    assert all(0 < share <= 1 for share in shares)
    assert shares[-1] == 1


def test_what_does_not_fit_says_how_to_make_it_fit(morning, answer):
    """Too much at once is refused with the way out; fewer fit; those that matter and do not are counted."""
    held = len(gm.match(morning, max_pairs=fewest(morning)).solved.held[0].pairs)
    taken = bytes_taken(columns_of(morning), "auto")
    enough, total = int(taken(held)), taken(len(answer.solved.held[0].pairs))
    assert 2 * enough < total
    for at_once in (None, 2 * held):
        with pytest.raises(gm.TooLargeError, match="hold fewer at once with max_pairs"):
            gm.match(morning, memory_bytes=enough // 2, max_pairs=at_once)
    assert gm.match(morning, memory_bytes=enough, max_pairs=fewest(morning)).pairs == answer.pairs
    little = int(taken(fewest(morning)))
    with pytest.raises(gm.TooLargeError, match=r"[\d,]+ of the pairs matter and must be held, more than fit"):
        gm.match(morning, memory_bytes=little, max_pairs=fewest(morning))


def test_where_all_pairs_do_not_fit_some_are_held(morning, answer):
    """Nobody has to ask for it, and the figures are those of all pairs."""
    taken = bytes_taken(columns_of(morning), "auto")
    some = gm.match(morning, memory_bytes=int(taken(len(answer.solved.held[0].pairs) // 4 * 3)))
    assert figures(some) == figures(answer)
    assert len(some.solved.held[0].pairs) < len(answer.solved.held[0].pairs)


# -------------------------------------------------------------------------------------------------- claims


def instance_of(morning, **options):
    usual = {"rules": DEFAULT_RULES, "policy": gm.DEFAULT_POLICY, "travel": gm.StraightLine()}
    return Instance.prepare(morning, **usual | {"keep": (), "forbid": ()} | options)


@pytest.mark.parametrize("objective", ["seats", "points"])
@pytest.mark.parametrize("status", ["optimal", "feasible"])
def test_what_is_proved_on_some_pairs_is_not_proved(morning, objective, status):
    """An optimum or a bound over two pairs each, passed off as one over all, is rejected by check."""
    instance = instance_of(morning, policy=gm.DEFAULT_POLICY.with_objective(objective))
    eligible = instance.eligible(lambda pairs, _: place_in_row(pairs.runs) < 2)
    problem = instance.problem(eligible)
    solution = solve(problem)
    if status == "feasible":
        proofs = tuple(proof for proof in solution.certificates if proof.level != "lottery")
        solution = replace(solution, certificates=proofs, status=status, stopped="time limit")
    gm.verify(problem, solution)
    with pytest.raises(gm.CertificateError, match="below the weight"):
        gm.check(morning, SolvedMorning.from_solution(instance, eligible, problem, solution).assignment())


def test_seats_proved_on_some_pairs_are_not_proved():
    """Where the prices of the points hold for all pairs, those of the seats are looked at as well."""
    morning, policy, barred = chain()
    instance = instance_of(morning, rules=(), policy=policy, forbid=barred)
    d, e, n, o = 2, 3, 4, 5
    eligible = instance.eligible(
        lambda pairs, _: ~np.isin(pairs.worker * 6 + pairs.shift, [d * 6 + n, e * 6 + o])
    )
    problem = instance.problem(eligible)
    solution = solve(problem, "mincostflow")
    false = SolvedMorning.from_solution(instance, eligible, problem, solution).assignment()
    gm.verify(problem, false.solution)
    with pytest.raises(gm.CertificateError, match=r"seats: worker 2 and shift 4 have .*below the weight"):
        gm.check(morning, false, scorers=[policy.scorers[0][0]])


@examples(10)
@given(mornings(), RULES, POLICIES, OBJECTIVES)
def test_what_is_claimed_rests_on_few_pairs(morning, rules, policy, objective):
    """Of an optimum: the pairs whose prices fit exactly on the seats and on the points, nobody else's."""
    options = {"rules": rules, "policy": policy.with_objective(objective)}
    full = gm.match(morning, **options)
    instance, problem, solution = instance_of(morning, **options), full.solved.held[1], full.solution
    tight = np.ones(problem.n_pairs, dtype=bool)
    for proof in solution.certificates:
        if problem.is_weighted(proof.level):
            level = problem.weighted[problem.place(proof.level)]
            weight = level_problem(problem, level, proof.multipliers).weight
            tight &= proof.worker_price[problem.worker] + proof.shift_price[problem.shift] == weight
    held = instance.eligible(pairs_to_verify(instance, solution))
    assert held.pairs.worker.tolist() == problem.worker[tight].tolist()
    assert held.shift.tolist() == problem.shift[tight].tolist()
    gm.verify(instance.problem(held), solution)
