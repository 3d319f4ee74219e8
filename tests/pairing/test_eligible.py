"""Eligible pairs come block by block into rows: all or some held, and everything counted over all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.columns import columns_of
from gigmatch.core.arrays import place_in_row
from gigmatch.pairing import candidates
from gigmatch.pairing.candidates import Candidates, feasible_pairs
from gigmatch.pairing.eligible import Held, _Rows, eligible_pairs, scored_blocks
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import DEFAULT_POLICY
from gigmatch.pairing.rules import DEFAULT_RULES, WithinReach
from gigmatch.pairing.travel import StraightLine
from gigmatch.problem import Problem
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, sample

NOTHING = np.zeros((0, 2), np.int64)
RULES = st.sampled_from([DEFAULT_RULES, (WithinReach(),), ()])


def first_four(pairs, points):
    """The first few of every worker."""
    return place_in_row(pairs.runs) < 4


def prepared(columns, rules=DEFAULT_RULES):
    return Candidates.prepare(columns, rules, StraightLine())


def listed(pairs):
    return list(zip(pairs.worker.tolist(), pairs.shift.tolist(), strict=True))


@st.composite
def barred(draw, columns):
    """Some pairs of rows, eligible or not."""
    if not columns.n_workers or not columns.n_shifts:
        return NOTHING
    pair = st.tuples(st.integers(0, columns.n_workers - 1), st.integers(0, columns.n_shifts - 1))
    return np.array(draw(st.lists(pair, max_size=4)), np.int64).reshape(-1, 2)


def odd(pairs, points):
    """A selection with no system."""
    return (points // 3 + pairs.worker + pairs.shift) % 2 == 1


@examples(12)
@given(st.data(), mornings(), RULES, st.sampled_from([1, 4, 1 << 18]), st.sampled_from([None, odd]))
def test_as_everything_at_once(data, morning, rules, block, select):
    """All pairs but the barred, or those selected, with their points; counts and baseline are over all."""
    columns = columns_of(morning)
    forbidden = data.draw(barred(columns))
    pairs = feasible_pairs(columns, rules, StraightLine())
    taken = [pair not in forbidden.tolist() for pair in map(list, listed(pairs))]
    pairs = pairs.take(np.array(taken, dtype=bool))
    points = DEFAULT_POLICY.points(columns, pairs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BLOCK_PAIRS", block)
        patch.setattr(candidates, "SLAB_WORKERS", 3)
        patch.setattr(candidates, "PARTS_FROM_PAIRS", 0)
        found = eligible_pairs(prepared(columns, rules), DEFAULT_POLICY, forbidden, select)
    kept = np.ones(len(pairs), dtype=bool) if select is None else select(pairs, points)
    assert listed(found.pairs) == listed(pairs.take(kept))
    assert found.points.tolist() == points[kept].tolist()
    assert found.indptr.tolist() == pairs.take(kept).indptr.tolist()
    assert found.shifts_of.tolist() == np.bincount(pairs.worker, minlength=columns.n_workers).tolist()
    assert found.workers_of.tolist() == np.bincount(pairs.shift, minlength=columns.n_shifts).tolist()
    everything = Problem(
        indptr=pairs.indptr, shift=pairs.shift, weight=points, capacity=columns.shifts.capacity
    )
    assert found.first_come.tolist() == oracles.first_come(everything)


@pytest.mark.parametrize("select", [None, first_four], ids=["all", "some"])
def test_rows_grow_block_by_block(monkeypatch, select):
    """Some hundred blocks of a worker each come to the same rows as one of all."""
    case = prepared(columns_of(sample("jingshi", 7, workers=200)))
    expected = eligible_pairs(case, DEFAULT_POLICY, NOTHING, select)
    monkeypatch.setattr(candidates, "BLOCK_PAIRS", 1)
    found = eligible_pairs(case, DEFAULT_POLICY, NOTHING, select)
    for name in ("indptr", "shift", "points", "shifts_of", "workers_of", "first_come"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name


@pytest.mark.parametrize("select", [None, first_four], ids=["all", "some"])
def test_a_problem_shares_the_arrays(select):
    """They are read-only and of the problem's own dtypes, so that millions of pairs are held once."""
    columns = columns_of(sample("jingshi", 7, workers=200))
    found = eligible_pairs(prepared(columns), DEFAULT_POLICY, NOTHING, select)
    problem = Problem(
        indptr=found.indptr, shift=found.shift, weight=found.points, capacity=columns.shifts.capacity
    )
    for one, other in ((found.indptr, problem.indptr), (found.shift, problem.shift)):
        assert np.shares_memory(one, other)
    assert np.shares_memory(found.points, problem.weight)


def test_progress_is_told():
    """As of the candidates, up to 1."""
    columns, told = columns_of(sample("jingshi", 7, workers=200)), []
    eligible_pairs(prepared(columns), DEFAULT_POLICY, NOTHING, progress=lambda *step: told.append(step))
    assert told[-1] == ("candidates", 1.0)


def test_barred_pairs_have_no_points():
    """A block loses them before anybody scores it; the same ids the other way round are not meant."""
    columns = columns_of(a_morning(*(a_worker(name) for name in "ab"), *(a_shift(name) for name in "xy")))
    scored = scored_blocks(prepared(columns, ()), DEFAULT_POLICY, np.array([[0, 1]]))
    block = Pairs(columns, StraightLine(), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    pairs, points = scored(block)
    assert listed(pairs) == [(0, 0), (1, 0), (1, 1)]
    assert points.tolist() == DEFAULT_POLICY.points(columns, pairs).tolist()


# -------------------------------------------------------------------------------------------------- union


@examples(12)
@given(mornings(), RULES, st.integers(1, 6), st.integers(1, 6), st.randoms())
def test_a_union_is_what_both_would_select(morning, rules, one, other, random):
    """Each pair once, with its own points, rows in order; figures over all pairs stay."""
    case = prepared(columns_of(morning), rules)

    def every(step):
        return lambda pairs, points: (pairs.worker + 2 * pairs.shift) % step == 0

    def found(select):
        return eligible_pairs(case, DEFAULT_POLICY, NOTHING, select)

    first, second = (found(every(step)) for step in (one, other))
    both = found(lambda pairs, points: every(one)(pairs, points) | every(other)(pairs, points))
    more = np.flatnonzero(~first.holds(second.pairs))
    assert sorted(set(listed(second.pairs)) - set(listed(first.pairs))) == [
        listed(second.pairs)[at] for at in more
    ]
    random.shuffle(order := more.tolist())
    parts = [
        Held(second.pairs.worker[at], second.shift[at], second.points[at]) for at in (order[:2], order[2:])
    ]
    union = first.union(Held.joined(parts))
    for name in ("indptr", "shift", "points", "shifts_of", "workers_of", "first_come"):
        assert getattr(union, name).tolist() == getattr(both, name).tolist(), name
        assert getattr(union, name).dtype == getattr(both, name).dtype, name
    kept = every(one)(both.pairs, both.points)
    assert listed(both.only(kept).pairs) == listed(first.pairs)


def test_rows_grow_past_what_was_expected():
    rows = _Rows(np.int64)
    rows.append(np.arange(3), 0.9)  # nearly done, it seems
    for k in range(1, 50):
        rows.append(np.arange(3 * k, 3 * k + 3), 0.9 + k / 1000)
    done = rows.done()
    assert done.tolist() == list(range(150))
    assert not done.flags.writeable
    assert not done.base.flags.writeable, "a Problem would copy it"
