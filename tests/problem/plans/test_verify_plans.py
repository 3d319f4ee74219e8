"""The verifier of plans and teams: true answers pass, tampered ones are refused or say the same truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import oracles
import plan_oracles as plain
from gigmatch.errors import CertificateError, InvalidProblemError
from gigmatch.problem.plans import (
    LEAF,
    PAIR,
    TEAM,
    Branching,
    LevelClaim,
    PlanCertificate,
    PlanProblem,
    PlanSolution,
    Split,
    check_answer,
    verify_plans,
)
from plan_tampering import is_true, tampered
from tests.conftest import examples, for_each

RANDOMS = st.integers(0, 2**32).map(Random)


@pytest.fixture(autouse=True)
def _plain(plain_plan_kernels):
    """Small problems wait for no compiler."""


# -- answers ------------------------------------------------------------------------------------------------

# Workers 0 and 1 take up to two shifts, 0 before 1 before 2; 2 and 3 go together; shifts 2 and 3 are a crew.
PAIRS = oracles.make([[4, 5, 6, 1], [7, 2, 8, 1], [1, 1, 1, 1], [1, 1, 1, 1]], [2, 2, 2, 3])
PROBLEM = PlanProblem.of(
    PAIRS,
    most_shifts=[2, 2, 1, 1],
    follower_indptr=[0, 2, 3, 3, 3, 5, 6, *[6] * 10],
    follower=[1, 2, 2, 5, 6, 6],
    amount=[[3, 4, 5, 1]],
    amount_class=[[0, 0, 0, 1]],
    limit_indptr=[0, 1, 2, 2, 2],
    limit_amount=[0, 0],
    limit_class=[-1, 1],
    limit_most=[7, 9],
    minimum=[1, 2, 2, 1],
    crew=[-1, -1, 0, 0],
    group=[-1, -1, 0, 0],
    group_in_crew=[True],
    kept=[4],
)
ANSWERS = [
    ([1], [0], None),
    ([0, 0, 1, 1], [0, 1, 0, 1], None),
    ([0, 1, 1, 2, 3], [2, 0, 2, 3, 3], None),
    ([1, 1, 2, 3], [0, 2, 2, 3], None),
    ([0, 1, 1], [2, 0], "shift has 2 entries, expected 3"),
    ([1, 4], [0, 0], "worker 4 is at shift 0"),
    ([1, -1], [0, 0], "worker -1 is at shift 0"),
    ([1, 1], [0, 4], "worker 1 is at shift 4"),
    ([0, 1, 2], [0, 0, 0], "shift 0 has 3 workers, over its capacity 2"),
    ([0, 1], [1, 0], "shift 1 has 1 workers, and takes place with 2 or more"),
    ([0, 1, 1], [2, 0, 2], "shift 3 has nobody, but others of crew 0 have"),
    ([1, 2], [0, 0], "worker 2 does not go with the others of group 0"),
    ([0, 1, 1, 2, 3], [2, 0, 2, 3, 0], "worker 3 does not go with the others"),
    ([0, 1, 1, 3], [2, 0, 2, 3], "worker 3 does not go with the others"),
    ([1, 2, 3], [0, 1, 1], "worker 2 does not go with the others"),  # of no crew
    ([1, 0], [0, 0], "worker 0 is listed after worker 1"),
    ([1, 1], [0, 0], "worker 1 cannot take shift 0 directly after shift 0"),
    ([0, 1, 1], [1, 1, 0], "worker 1 cannot take shift 0 directly after shift 1"),
    ([0, 1, 1, 1, 2, 3], [1, 0, 1, 2, 2, 3], "worker 1 has 3 shifts, and takes 2 at most"),
    ([0, 0, 1, 1, 2, 3], [0, 2, 0, 2, 3, 3], "worker 0 comes to 8 by limit 0, which is 7"),
    ([0], [0], "worker 1 was promised shift 0"),
    ([], [], "worker 1 was promised shift 0"),
]


@for_each(ANSWERS)
def test_every_rule_of_an_answer(worker, shift, message):
    """Each broken one is named, with its rows."""
    given = np.array(worker, np.int32), np.array(shift, np.int32)
    if message is None:
        assert len(check_answer(PROBLEM, *given)) == len(worker)
        return
    with pytest.raises(CertificateError, match=message):
        check_answer(PROBLEM, *given)


@examples(60)
@given(plain.plan_problems(), RANDOMS)
def test_answers_are_those_by_definition(problem, random):
    """Whatever pairs are taken: they pass if and only if they are one of all answers."""
    due = set(plain.answers(problem))
    some = sorted(due)[:: max(len(due) // 8, 1)]
    for _ in range(8):
        some.append(tuple(pair for pair in range(problem.pairs.n_pairs) if random.random() < 0.3))
    for pairs in some:
        try:
            check_answer(problem, *plain.listed(problem, pairs))
        except CertificateError:
            assert pairs not in due
        else:
            assert pairs in due


# -- certificates -------------------------------------------------------------------------------------------

TIERED = PlanProblem.of(replace(PAIRS, tier=[2, 1, 2, 2]), most_shifts=[1, 1, 1, 1])


def first(solution: PlanSolution, at: int = 0, **changes: Any) -> PlanSolution:
    """With changes of a certificate."""
    proofs = list(solution.certificates)
    proofs[at] = replace(proofs[at], **changes)
    return replace(solution, certificates=tuple(proofs))


def with_split(solution: PlanSolution, at: int = 0, **changes: Any) -> PlanSolution:
    """With changes of the split of a certificate."""
    return first(solution, at, splits=(replace(solution.certificates[at].splits[0], **changes),))


def with_tree(solution: PlanSolution, kind: list[int], what: list[int]) -> PlanSolution:
    """With another tree in the first certificate."""
    return first(solution, branching=Branching(kind=kind, what=what))


def with_claim(solution: PlanSolution, at: int = 0, **changes: Any) -> PlanSolution:
    """With changes of a claim."""
    claims = list(solution.claims)
    claims[at] = replace(claims[at], **changes)
    return replace(solution, claims=tuple(claims))


def half_open(solution: PlanSolution, **changes: Any) -> PlanSolution:
    """With a first level that is not closed, by what is changed of its split."""
    weak = with_split(with_claim(solution, bound=4), shift_price=[0, 0, 0, 0])
    return replace(weak, status="feasible", stopped="time limit", **changes)


TAMPERED: list[tuple[Callable[[PlanSolution], PlanSolution], str]] = [
    (lambda s: replace(s, claims=s.claims[1:]), r"claims must be of the levels \['seats 1', "),
    (lambda s: replace(s, certificates=s.certificates[:1]), "certificates must be of the levels"),
    (lambda s: replace(s, status="sure"), "status must be one of 'optimal', 'feasible'"),
    (lambda s: replace(s, stopped="tired"), "stopped must be one of"),
    (lambda s: replace(s, stopped="time limit"), "'optimal' does not go with stopped 'time limit'"),
    (lambda s: with_claim(s, bound=3), r"not closed: \['seats 1'\]"),
    (lambda s: replace(s, status="feasible", stopped="cancelled"), r"not closed: \[\]"),
    (lambda s: with_claim(s, value=1, bound=1), "seats 1: the value is 1, but .* sum to 2"),
    (half_open, "^seats 2: multiplier 1, but nothing proves that the seats 1 are best"),
    (lambda s: with_split(s, scale=-1), "scale must be a number of at least 0"),
    (lambda s: with_split(s, multipliers=(1,)), "multipliers has 1 entries, expected 0"),
    (lambda s: with_split(s, shift_price=[0]), "shift_price has 1 entries, expected 4"),
    (lambda s: with_split(s, pair=[0]), "pair_price has 0 entries, expected 1"),
    (lambda s: with_split(s, pair=[16], pair_price=[0]), r"pair\[0\] = 16 is none of the 16"),
    (lambda s: with_split(s, pair=[1, 1], pair_price=[0, 0]), r"pair\[1\] = 1 follows 1"),
    (lambda s: with_split(s, scale=2**60), "seats 1: a split that reaches"),
    (lambda s: with_split(s, scale=0), "seats 1: a leaf of scale 0 comes to"),
    (lambda s: with_split(s, shift_price=[9] * 4), "seats 1: the bound is 2, but the prices prove"),
    (
        lambda s: first(s, branching=Branching(kind=[0], what=[1])),
        r"node 0 of the tree \(kind 0\) names 1",
    ),
    (lambda s: first(s, branching=Branching(kind=[3], what=[0])), r"\(kind 3\) names 0"),
    (lambda s: first(s, branching=Branching(kind=[TEAM], what=[4])), r"\(kind 2\) names 4"),
    (lambda s: first(s, branching=Branching(kind=[0], what=[])), "what has 0 entries, expected 1"),
    (lambda s: first(s, branching=Branching(kind=[PAIR, 0], what=[0, 0])), "the 2 nodes do not"),
    (lambda s: first(s, branching=Branching(kind=[0, 0], what=[0, 0])), "the 2 nodes do not"),
    (lambda s: first(s, branching=Branching(kind=[], what=[])), "the 0 nodes do not make one tree"),
]


def tiered() -> PlanSolution:
    """Of three levels, each proved by one leaf."""
    prices = ([0, 1, 0, 0], ()), ([0] * 4, (1,)), ([0] * 4, (0, 0))
    proofs = [
        PlanCertificate(
            level=level.name,
            branching=Branching(kind=[LEAF], what=[0]),
            splits=(Split(scale=1, multipliers=by, shift_price=price, pair=[], pair_price=[]),),
        )
        for level, (price, by) in zip(TIERED.levels, prices, strict=True)
    ]
    return PlanSolution(
        worker=[0, 1, 2, 3],
        shift=[2, 2, 1, 1],
        claims=(LevelClaim("seats 1", 2, 2), LevelClaim("seats 2", 2, 2), LevelClaim("points", 16, 16)),
        certificates=tuple(proofs),
        status="optimal",
        stopped="proved",
    )


def test_a_proof_of_three_levels():
    """A leaf each; the levels above count by their multipliers."""
    verify_plans(TIERED, tiered())


@for_each(TAMPERED)
def test_every_claim_is_looked_at(change, message):
    """What is wrong is named with its level."""
    with pytest.raises(CertificateError, match=message):
        verify_plans(TIERED, change(tiered()))


@examples(40)
@given(plain.plan_problems(most_pairs=8))
def test_a_true_answer_passes(problem):
    """Every level closed by a tree over pairs."""
    solution = plain.proved(problem)
    assume(solution is not None)
    verify_plans(problem, solution)


@examples(60)
@given(plain.plan_problems(most_pairs=7), RANDOMS)
def test_what_passes_is_true(problem, random):
    """Whatever is changed: it is refused, or what it says is true all the same."""
    solution = plain.proved(problem)
    assume(solution is not None)
    for _ in range(3):
        try:
            other = tampered(random, solution)
            verify_plans(problem, other)
        except (CertificateError, InvalidProblemError):
            continue
        assert is_true(problem, other)
