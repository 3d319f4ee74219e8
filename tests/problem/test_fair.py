"""The verifier of fair lotteries: every claim is looked at, and none of a tampered one passes."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.errors import CertificateError
from gigmatch.problem import LOTTERY, POINTS, SEATS
from gigmatch.problem.fair import BlockPrices, FairShares, verify_shares
from gigmatch.solvers import Control, solve
from gigmatch.solvers.fair_shares import fair_shares
from tests.conftest import examples, for_each

N = None
# Three share shift 0, three shifts 1 and 2, two shift 5, two shift 6; two are sure, one has nothing.
TABLE = [
    *[[5, N, N, N, N, N, N]] * 3,
    [9, 3, N, N, N, N, N],
    [N, 4, 4, N, N, N, N],
    [N, 2, 4, N, N, N, N],
    [N, N, N, 7, N, N, N],
    [N, N, N, N, 8, N, N],
    *[[N, N, N, N, N, 6, N]] * 2,
    *[[N, N, N, N, N, N, 6]] * 2,
    [N, N, N, 6, N, N, 1],
]


@pytest.fixture(scope="module")
def case():
    """A problem, its best answer and its lottery."""
    n, m = len(TABLE), len(TABLE[0])
    lots = {"lot": np.arange(n), "shift_lot": np.arange(m), "levels": (SEATS, POINTS, LOTTERY)}
    problem = oracles.make(TABLE, [1, 1, 1, 3, 0, 1, 1], tier=[1, 2, 1, 1, 1, 2, 2], **lots)
    best = solve(problem)
    return problem, best, fair_shares(problem, best, solve, Control())


def test_the_lottery_of_the_table(case):
    """Tightest first; equal ones by their first worker, each told its own sizes."""
    problem, best, shares = case
    assert [(block.seats, block.people) for block in shares.blocks] == [(1, 3), (1, 2), (1, 2), (2, 3)]
    assert shares.sure.shift.tolist() == [-1] * 6 + [3] + [-1] * 5 + [3]
    verify_shares(problem, shares, best)


def _with(shares, at, **changes):
    blocks = [*shares.blocks]
    blocks[at] = replace(blocks[at], **changes)
    return replace(shares, blocks=tuple(blocks))


def _merged(one, other):
    """Two blocks told as one."""
    names = ("worker", "shift", "plan_worker", "plan_shift", "share")
    arrays = {name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in names}
    rounds = [
        BlockPrices(*map(np.concatenate, zip(*both, strict=True)))
        for both in zip(one.rounds, other.rounds, strict=True)
    ]
    seats, value = one.seats + other.seats, one.value + other.value
    return replace(one, **arrays, seats=seats, value=value, rounds=tuple(rounds))


def _first_prices(block, by):
    (worker, shift), *rest = block.rounds
    return (BlockPrices(worker + by, shift), *rest)


TAMPERED = {
    "block_rows": lambda s: _with(s, 0, worker=s.blocks[0].worker[::-1]),
    "block_seats": lambda s: _with(s, 0, seats=2),
    "block_without_contest": lambda s: _with(s, 0, worker=s.blocks[0].worker[:1]),
    "blocks_out_of_order": lambda s: replace(s, blocks=s.blocks[::-1]),
    "row_in_two_blocks": lambda s: _with(s, 2, worker=np.array([9, 10], np.int32)),
    "seat_beyond_block": lambda s: replace(s, blocks=s.blocks[1:]),
    "block_in_pieces": lambda s: replace(s, blocks=(s.blocks[0], _merged(*s.blocks[1:3]), *s.blocks[3:])),
    "plan_pairs": lambda s: _with(s, 0, share=s.blocks[0].share - 1),
    "plan_misses_chance": lambda s: _with(s, 3, share=s.blocks[3].share + 1),
    "plan_misses_seats": lambda s: _with(
        s,
        3,
        plan_worker=np.array([3, 4, 5], np.int32),
        plan_shift=np.array([1, 2, 2], np.int32),
        share=np.array([2, 2, 2]),
    ),
    "block_value": lambda s: _with(s, 3, value=s.blocks[3].value + 1),
    "plan_not_best": lambda s: _with(s, 3, rounds=_first_prices(s.blocks[3], 1)),
    "block_prices_below": lambda s: _with(s, 3, rounds=_first_prices(s.blocks[3], -1)),
    "block_prices": lambda s: _with(
        s, 3, rounds=(BlockPrices(np.zeros(2, np.int64), np.zeros(2, np.int64)),)
    ),
    "plan_not_single": lambda s: _with(s, 3, rounds=()),
    "rounds_to_no_end": lambda s: _with(s, 3, rounds=s.blocks[3].rounds * 2),
    "sure_not_proved": lambda s: replace(
        s,
        sure=replace(s.sure, status="feasible", stopped="time limit", certificates=s.sure.certificates[:2]),
    ),
}


@for_each(TAMPERED.items())
def test_a_tampered_lottery_is_rejected(code, tamper, case):
    """Each by what is wrong with it; within a block it is said which."""
    problem, best, shares = case
    with pytest.raises(CertificateError) as caught:
        verify_shares(problem, tamper(shares), best)
    inner = caught.value.parameters.get("error")
    assert code in (caught.value.code, getattr(inner, "key", "").removeprefix("errors."))


def test_whoever_may_be_placed_is(case):
    """A lottery without blocks would leave those out whom the best answer leaves out."""
    problem, best, shares = case
    with pytest.raises(CertificateError) as caught:
        verify_shares(problem, FairShares(blocks=(), sure=best), best)
    assert caught.value.code == "sure_left_out"
    with pytest.raises(CertificateError) as caught:
        verify_shares(problem, shares, replace(best, shift=np.full_like(best.shift, -1)))
    assert caught.value.code == "lottery_loses_seats"
    with pytest.raises(CertificateError) as caught:
        verify_shares(replace(problem, levels=(POINTS, LOTTERY)), shares, best)
    assert caught.value.code == "lottery_other_levels"


@given(st.data())
@examples(100)
def test_no_number_of_a_lottery_can_be_altered(case, data):
    """Any entry of any array or any count, by any amount."""
    problem, best, shares = case
    at = data.draw(st.integers(0, len(shares.blocks) - 1))
    block, by = shares.blocks[at], data.draw(st.integers(-3, 3).filter(bool))
    name = data.draw(st.sampled_from([field.name for field in fields(block)]))
    value = getattr(block, name)
    if isinstance(value, int):
        tampered = value + by
    elif name == "rounds":
        number = data.draw(st.integers(0, len(value) - 1))
        prices = [price.copy() for price in value[number]]
        one = data.draw(st.sampled_from(prices))
        one[data.draw(st.integers(0, len(one) - 1))] += by
        tampered = (*value[:number], BlockPrices(*prices), *value[number + 1 :])
    else:
        tampered = value.copy()
        tampered[data.draw(st.integers(0, len(value) - 1))] += by
    with pytest.raises(CertificateError):
        verify_shares(problem, _with(shares, at, **{name: tampered}), best)
