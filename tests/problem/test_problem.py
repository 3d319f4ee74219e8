"""Problem: what it accepts. verify: that nothing false passes. Face: which answers are as good."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.errors import CertificateError, InvalidProblemError, WeightOverflowError
from gigmatch.problem import (
    LOTTERY,
    Certificate,
    Face,
    Problem,
    Solution,
    drawn_problem,
    tight_pairs,
    verify,
)
from gigmatch.solvers import solve
from tests.conftest import examples

SMALL = {"indptr": [0, 2, 3], "shift": [0, 1, 0], "weight": [9, 7, 8], "capacity": [1, 1]}


def small(**changes):
    return Problem(**{**SMALL, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"indptr": []}, r"indptr must start with 0 .* got \[\]"),
        ({"indptr": [1, 2, 3]}, r"indptr must start with 0 and end with len\(shift\) = 3, got \[1, 3\]"),
        ({"indptr": [0, 2, 4]}, r"got \[0, 4\]"),
        ({"indptr": [0, 5, 3]}, r"indptr must not fall, but indptr\[2\] = 3 < 5"),
        ({"indptr": [[0, 3]]}, r"indptr must be one-dimensional, got shape \(1, 2\)"),
        ({"weight": [9, 7]}, r"weight has 2 entries, shift 3"),
        ({"weight": [9.0, 7.0, 8.0]}, r"weight must hold 64-bit integers, got dtype float64; round first"),
        ({"weight": np.array([9, 2**63, 8], np.uint64)}, r"weight\[1\] = 9223372036854775808 does not fit"),
        ({"weight": [True, False, True]}, r"weight must hold 64-bit integers, got dtype bool"),
        ({"shift": [1, 0, 0]}, r"shift\[1\] = 0 follows 1; sort every row"),
        ({"shift": [1, 1, 0]}, r"shift\[1\] = 1 follows 1; sort every row and drop duplicates"),
        ({"shift": [0, 2, 0]}, r"shift\[1\] = 2 is no row of the 2 shifts"),
        ({"shift": [-1, 1, 0]}, r"shift\[0\] = -1 is no row"),
        ({"shift": [0, 2**40, 0]}, r"shift\[1\] = 1099511627776 does not fit into int32"),
        ({"capacity": [1, -1]}, r"capacity\[1\] = -1; it must be 0 or more"),
        ({"tier": [1]}, r"tier has 1 entries, expected one per shift, 2"),
        ({"lot": [1]}, r"lot has 1 entries, expected 2"),
        ({"lot": [4, 4]}, r"lot must be distinct, but lot\[0\] = lot\[1\] = 4"),
        ({"lot": [1, 2], "shift_lot": [3, 3]}, r"shift_lot must be distinct"),
        ({"lot": [1, 2], "shift_lot": [3]}, r"shift_lot has 1 entries, expected 2"),
        ({"shift_lot": [3, 4]}, r"shift_lot is given without lot"),
    ],
)
def test_refuses_what_is_no_problem(changes, message):
    """Every rule names the field, the place, the value and the way out."""
    with pytest.raises(InvalidProblemError, match=message):
        small(**changes)


def test_a_row_may_start_lower_than_the_last_one_ended():
    """Shifts rise within a worker only, also across workers without pairs."""
    problem = Problem(indptr=[0, 0, 1, 1, 2, 2], shift=[1, 0], weight=[1, 2], capacity=[1, 1])
    assert problem.worker.tolist() == [1, 3]


def test_arrays_are_read_only_and_copied_unless_they_were():
    """Nobody can change a problem: not through it, not through the array it was made from."""
    weight = np.array([9, 7, 8])
    problem = small(weight=weight)
    weight[0] = 0
    assert problem.weight[0] == 9
    with pytest.raises(ValueError, match="read-only"):
        problem.weight[0] = 1
    assert small(weight=problem.weight).weight is problem.weight


def test_sizes_and_rows():
    """The derived arrays have the documented lengths and types."""
    problem = small()
    assert (problem.n_workers, problem.n_shifts, problem.n_pairs) == (2, 2, 3)
    assert problem.worker.tolist() == [0, 0, 1]
    assert problem.worker.dtype == np.int32


def test_only_the_order_of_tiers_matters():
    """Weights of tiers count distinct ones from the last one, 0 without tiers."""
    assert small(tier=[5, -3]).tier_weight.tolist() == [1, 2]
    assert small(tier=[5, 5]).tier_weight.tolist() == [1, 1]
    assert small().tier_weight.tolist() == [0, 0]


@examples(60)
@given(oracles.problems())
def test_find_is_the_inverse_of_the_pair_arrays(problem):
    """Every pair is found at its position, and every other combination is not."""
    workers, shifts = np.mgrid[0 : problem.n_workers, 0 : problem.n_shifts].reshape(2, -1)
    table = np.full((problem.n_workers, problem.n_shifts), -1)
    table[problem.worker, problem.shift] = np.arange(problem.n_pairs)
    assert problem.find(workers, shifts).tolist() == table.ravel().tolist()


def test_largest_weight_is_accepted_and_solved():
    """The largest weight allowed by the message is exact, one more is refused."""
    for levels in ({}, {"tier": [1, 2]}, {"tier": [1, 2], "lot": [2, 1]}):
        with pytest.raises(WeightOverflowError, match=r"above \d+") as caught:
            small(weight=[2**62, 1, 1], **levels)
        largest = int(str(caught.value).split(" is above ")[1].split(",")[0])
        problem = small(weight=[largest, largest - 1, largest - 2], **levels)
        assert solve(problem).value == 2 * largest - 3
        with pytest.raises(WeightOverflowError, match=rf"weight of {largest + 1} is above {largest}"):
            small(weight=[largest + 1, 0, 0], **levels)
        with pytest.raises(WeightOverflowError, match=r"use coarser units"):
            small(weight=[-largest - 1, 0, 0], **levels)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (5, 3), (40, 9)])
def test_largest_weight_suits_the_solver(n, m):
    """OR-Tools scales costs by the number of nodes; every weight a Problem accepts survives that."""
    largest = (2**63 - 1) // (4 * (n + m + 1))
    rng = np.random.default_rng(n)
    table = (largest - rng.integers(0, 1000, (n, m))).tolist()
    problem = oracles.make(table, [1] * m)
    shift = oracles.make((np.array(table) - largest + 1000).tolist(), [1] * m)
    assert solve(problem).value - min(n, m) * (largest - 1000) == oracles.by_expanded_seats(shift)


def test_lottery_refuses_too_many_workers():
    """Where the lottery's own numbers would not be exact, that is said before solving."""
    n = 4_000_000
    with pytest.raises(WeightOverflowError, match="4000000 workers are too many for an exact lottery"):
        Problem(indptr=np.zeros(n + 1, np.int64), shift=[], weight=[], capacity=[], lot=np.arange(n))


def test_lottery_needs_a_face():
    """The lottery is drawn on a face only."""
    proof = Certificate(level="lottery", worker_price=[0, 0], shift_price=[0, 0])
    with pytest.raises(InvalidProblemError, match="face=None"):
        tight_pairs(small(lot=[1, 2]), proof)


def test_hashes_depend_on_identity_not_on_rows():
    """A pair keeps its 16-bit number when workers and shifts change places, and gets another each round."""
    problem = oracles.make([[1, 1], [1, 1]], [1, 1], lot=[10, 20], shift_lot=[7, 8])
    turned = oracles.permuted(problem, [1, 0], [1, 0])
    rounds = [_hashes(problem, draw) for draw in (1, 2)]
    assert _hashes(turned, 1) == rounds[0][::-1]
    assert rounds[0] != rounds[1]
    assert all(0 <= number < 2**16 for number in rounds[0] + rounds[1])


def test_hashes_are_what_they_were():
    """The published lottery stays the same for ever: splitmix64, here in Python's own integers."""
    problem = oracles.make([[1, 1], [1, 1]], [1, 1], lot=[10, -20], shift_lot=[7, 2**62])
    pairs = [(lot, shift) for lot in (10, -20) for shift in (7, 2**62)]
    assert _hashes(problem, 3) == [_splitmix(lot, shift, 3) for lot, shift in pairs]
    assert _hashes(oracles.make([[1, 1], [1, 1]], [1, 1], lot=[10, 20], shift_lot=[7, 8]), 1) == [
        64839,
        29813,
        52287,
        31059,
    ]


def _splitmix(lot, shift_lot, draw):
    def mix(x):
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        x = (x ^ x >> 27) * 0x94D049BB133111EB % 2**64
        return x ^ x >> 31

    inner = mix((lot + draw * 0x9E3779B97F4A7C15) % 2**64) + mix(shift_lot % 2**64)
    return mix(inner % 2**64) >> 48


def _hashes(problem, draw):
    return drawn_problem(problem, LOTTERY, Face.whole(problem), draw=draw).weight.tolist()


@examples(60)
@given(oracles.problems(lots=False))
def test_face_knows_whether_an_answer_is_the_only_one(problem):
    """Single by the residual graph exactly if brute force finds one optimum."""
    solution = solve(problem)
    face = Face.of(problem, solution.certificates, tight_pairs(problem, solution.certificates[-1])[0])
    assert face.is_single(problem, solution.shift) == (len(oracles.best(problem)) == 1)
    others = np.array(oracles.best(problem))
    pairs, workers = face.undecided(problem, solution.shift)
    assert workers.tolist() == (others != solution.shift).any(axis=0).tolist()
    rows, shifts = problem.workers_of(face.pairs), problem.shift[face.pairs]
    used = [workers[row] and at in others[:, row] for row, at in zip(rows, shifts, strict=True)]
    assert pairs.tolist() == used


LEVELS = oracles.make(
    [[5, 4, None], [5, 5, 1], [3, None, 2], [2, 2, 2]],
    [1, 2, 1],
    tier=[2, 1, 2],
    lot=[3, 1, 4, 2],
    shift_lot=[1, 2, 3],
)


def _prices(solution, level, **changes):
    """The solution with one certificate changed."""
    proofs = [replace(c, **changes) if c.level == level else c for c in solution.certificates]
    return replace(solution, certificates=tuple(proofs))


def _moved(array, position, by):
    changed = array.copy()
    changed[position] += by
    return changed


def test_verify_accepts_the_truth():
    """An optimal answer on all levels passes."""
    solution = solve(LEVELS)
    assert {c.level for c in solution.certificates} == {"seats", "points", "lottery"}
    verify(LEVELS, solution)


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda s: replace(s, shift=s.shift[:-1]), r"shift has shape \(3,\), expected \(4,\)"),
        (lambda s: replace(s, shift=[2, -1, -1, -1]), r"worker 0 is at shift 2, but .* no such pair"),
        (lambda s: replace(s, shift=[-5, -1, -1, -1]), r"worker 0 is at shift -5, but .* no such pair"),
        (lambda s: replace(s, shift=[0, 0, -1, -1]), r"shift 0 has 2 workers, over its capacity 1"),
        (lambda s: replace(s, value=s.value + 1), r"the value is \d+, but the chosen pairs sum to \d+"),
        (lambda s: replace(s, bound=s.bound + 1), r"the bound is \d+, but the prices prove \d+"),
        (lambda s: replace(s, status="best"), r"status must be one of 'optimal', 'feasible'; got 'best'"),
        (lambda s: replace(s, stopped="time limit"), r"'optimal' does not go with stopped 'time limit'"),
        (lambda s: replace(s, status="feasible"), r"feasible needs the levels"),
        (lambda s: replace(s, certificates=()), r"optimal needs the levels"),
        (lambda s: replace(s, certificates=s.certificates[1:]), r"optimal needs the levels"),
        (lambda s: replace(s, certificates=s.certificates[::-1]), r"optimal needs the levels"),
        (lambda s: replace(s, certificates=s.certificates[:2]), r"the lottery is not finished"),
        (lambda s: _prices(s, "points", worker_price=[1]), r"worker prices have shape \(1,\), not \(4,\)"),
        (lambda s: _prices(s, "seats", shift_price=[-1, 9, 9]), r"seats: shift 0 has price -1, not in"),
        (lambda s: _prices(s, "seats", shift_price=[2**62, 9, 9]), r"seats: shift 0 has price 46.*, not in"),
        (lambda s: _prices(s, "points", multipliers={"seats": 2**62}), r"points: multipliers that reach 9.*"),
        (
            lambda s: _prices(s, "points", multipliers={"seats": 99}),
            r"points: worker \d and shift \d have prices .* below",
        ),
        (
            lambda s: _prices(s, "seats", worker_price=[0] * 4, shift_price=[0] * 3),
            r"prices 0 \+ 0, below the",
        ),
        (lambda s: _prices(s, "seats", worker_price=[9] * 4), r"seats: the prices sum to \d+, but the assig"),
        (lambda s: _prices(s, "lottery", worker_price=[99] * 4), r"lottery: the prices sum to \d+, but"),
        (lambda s: _prices(s, "points", multiplier=3), r"points: multiplier 3, but the level is not drawn"),
        (
            lambda s: _prices(s, "seats", multipliers={"points": 1}),
            r"multiplier of points, which is no level",
        ),
    ],
)
def test_verify_names_what_breaks(tamper, message):
    """Each kind of tampering is refused with its rows and numbers."""
    with pytest.raises(CertificateError, match=message):
        verify(LEVELS, tamper(solve(LEVELS)))


def test_verify_refuses_multipliers_without_certified_seats():
    """A bound with the seats taken off holds only among the best seats, so these must be proved."""
    problem = small(tier=[1, 2])
    points = Certificate(
        level="points", worker_price=[19, 8], shift_price=[20, 18], multipliers={"seats": 10}
    )
    solution = Solution(
        shift=[0, -1], value=9, bound=65 - 20, certificates=(points,), status="feasible", stopped="heuristic"
    )
    with pytest.raises(CertificateError, match="multiplier 10, but nothing proves that the seats are best"):
        verify(problem, solution)


def test_prices_need_a_points_certificate():
    """Without one a solution has no prices, and says so."""
    solution = Solution(shift=[-1], value=0, bound=0, certificates=(), status="feasible", stopped="heuristic")
    with pytest.raises(CertificateError, match="no certificate of the points"):
        _ = solution.shift_price


def test_solution_shows_gap_and_prices():
    """The gap is what is not proved; the prices are those of the points."""
    solution = solve(small(), "greedy")
    assert (solution.value, solution.bound, solution.gap) == (9, 17, 8)
    assert solution.worker_price.tolist() == [9, 8]
    assert solution.shift_price.tolist() == [0, 0]


@st.composite
def tampered(draw):
    """A problem, and its true solution with one number or one part changed."""
    problem = draw(oracles.problems(max_workers=4, max_shifts=3))
    solution = solve(problem)
    kinds = [
        "value",
        "bound",
        "shift",
        "claim",
        "worker_price",
        "shift_price",
        "multiplier",
        "drop",
        "prices of 0",
    ]
    kind, by = draw(st.sampled_from(kinds)), draw(st.sampled_from([-7, -1, 1, 2, 40]))
    proofs = list(solution.certificates)
    which = draw(st.integers(0, len(proofs) - 1))
    if kind in ("value", "bound"):
        return problem, replace(solution, **{kind: getattr(solution, kind) + by})
    if kind == "claim":
        shift = draw(st.sampled_from(list(oracles.assignments(problem))))
        value = oracles.points(problem, shift)
        return problem, replace(solution, shift=np.array(shift, np.int32), value=value, bound=value)
    if kind == "shift" and problem.n_workers:
        row = draw(st.integers(0, problem.n_workers - 1))
        return problem, replace(solution, shift=_moved(solution.shift, row, by))
    if kind in ("worker_price", "shift_price") and len(getattr(proofs[which], kind)):
        price = getattr(proofs[which], kind)
        proofs[which] = replace(
            proofs[which], **{kind: _moved(price, draw(st.integers(0, len(price) - 1)), by)}
        )
    elif kind == "multiplier":
        old = proofs[which]
        raised = {name: scale + by for name, scale in old.multipliers.items()}
        proofs[which] = replace(old, multipliers=raised, multiplier=old.multiplier + by * (not raised))
    elif kind == "prices of 0":
        zeros = {"worker_price": [0] * problem.n_workers, "shift_price": [0] * problem.n_shifts}
        proofs[which] = replace(proofs[which], **zeros)
    else:
        del proofs[which]
    return problem, replace(solution, certificates=tuple(proofs))


@examples(120)
@given(tampered())
def test_what_verify_lets_pass_is_true(case):
    """Whatever is changed: verify refuses it, or the answer is optimal by brute force all the same."""
    problem, solution = case
    try:
        verify(problem, solution)
    except CertificateError:
        return
    answer = tuple(solution.shift.tolist())
    assert solution.value == solution.bound == oracles.points(problem, answer)
    assert answer in oracles.best(problem)
    assert problem.lot is None or oracles.drawn(problem) == [answer]


def test_a_view_that_somebody_can_still_write_into_is_copied():
    """A read-only view of a writable array does not change under the problem; a frozen one is shared."""
    base = np.array([9, 7, 8])
    view = base[:]
    view.flags.writeable = False
    problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=view, capacity=[1, 1])
    base[0] = 1
    assert problem.weight.tolist() == [9, 7, 8]
    frozen = np.array([9, 7, 8])
    frozen.flags.writeable = False
    assert Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=frozen, capacity=[1, 1]).weight is frozen


@pytest.mark.parametrize("weight", [None, [[1, 2], [3]], ["a", "b", "c"], [2**70, 1, 1], [1.5, 1, 1]])
def test_weights_that_are_no_integers(weight):
    """Whatever is not a list of 64-bit integers is one kind of error."""
    with pytest.raises(InvalidProblemError, match="weight"):
        Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=weight, capacity=[1, 1])


def test_multipliers_are_told_by_level():
    """A number alone says of no level what it multiplies."""
    with pytest.raises(InvalidProblemError, match="multipliers"):
        Certificate(level="points", worker_price=[0], shift_price=[0], multipliers=3)
