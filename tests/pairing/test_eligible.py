"""Eligible pairs come block by block into rows: all or some held, and everything counted over all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.columns import columns_of
from gigmatch.pairing import candidates
from gigmatch.pairing.candidates import Candidates, feasible_pairs
from gigmatch.pairing.eligible import _Rows, best_of_each, eligible_pairs, scored_blocks
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import DEFAULT_POLICY
from gigmatch.pairing.rules import DEFAULT_RULES, WithinReach
from gigmatch.pairing.travel import StraightLine
from gigmatch.problem import Problem
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, sample

NOTHING = np.zeros((0, 2), np.int64)
RULES = st.sampled_from([DEFAULT_RULES, (WithinReach(),), ()])


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


@pytest.mark.parametrize("select", [None, best_of_each(4)], ids=["all", "some"])
def test_rows_grow_block_by_block(monkeypatch, select):
    """Some hundred blocks of a worker each come to the same rows as one of all."""
    case = prepared(columns_of(sample("jingshi", 7, workers=200)))
    expected = eligible_pairs(case, DEFAULT_POLICY, NOTHING, select)
    monkeypatch.setattr(candidates, "BLOCK_PAIRS", 1)
    found = eligible_pairs(case, DEFAULT_POLICY, NOTHING, select)
    for name in ("indptr", "shift", "points", "shifts_of", "workers_of", "first_come"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name


@pytest.mark.parametrize("select", [None, best_of_each(4)], ids=["all", "some"])
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


# ------------------------------------------------------------------------------------------- best of each


@st.composite
def rows_with_points(draw):
    """Rows of three workers, with points that are often equal."""
    columns = columns_of(
        a_morning(*(a_worker(name) for name in "abc"), *(a_shift(f"{n:02}") for n in range(20)))
    )
    chosen = [draw(st.sets(st.integers(0, 19))) for _ in range(3)]
    worker = [at for at, shifts in enumerate(chosen) for _ in shifts]
    shift = [number for shifts in chosen for number in sorted(shifts)]
    pairs = Pairs(columns, StraightLine(), np.array(worker, np.intp), np.array(shift, np.intp))
    values = draw(st.lists(st.integers(0, 9), min_size=len(pairs), max_size=len(pairs)))
    return pairs, np.array(values, np.int64)


@given(rows_with_points(), st.integers(2, 24))
def test_the_best_and_some_of_the_rest(drawn, count):
    """At most so many a worker, the best half of them always, and all of a row that is short."""
    pairs, points = drawn
    kept = best_of_each(count)(pairs, points)
    for worker in range(3):
        mine = pairs.worker == worker
        order = np.lexsort((pairs.shift[mine], -points[mine]))
        assert kept[mine].sum() <= count
        assert kept[mine][order[: count - count // 2]].all()
        assert kept[mine].all() or mine.sum() > count // 2


def test_the_rest_is_spread_over_the_row():
    """Where all want the same shifts, everybody holds some of the others too."""
    columns = columns_of(a_morning(a_worker(), *(a_shift(f"{n:03}") for n in range(100))))
    pairs = Pairs(columns, StraightLine(), np.zeros(100, np.intp), np.arange(100))
    kept = np.flatnonzero(best_of_each(20)(pairs, 100 - np.arange(100)))
    assert kept.tolist() == [*range(10), *range(10, 100, 10)]


# -------------------------------------------------------------------------------------------------- union


@examples(12)
@given(mornings(), RULES, st.integers(1, 6), st.integers(1, 6))
def test_a_union_is_what_both_would_select(morning, rules, one, other):
    """Each pair once, with its own points, rows in order; figures over all pairs stay."""
    case = prepared(columns_of(morning), rules)

    def every(step):
        return lambda pairs, points: (pairs.worker + 2 * pairs.shift) % step == 0

    def found(select):
        return eligible_pairs(case, DEFAULT_POLICY, NOTHING, select)

    parts = [found(every(step)) for step in (one, other)]
    both = found(lambda pairs, points: every(one)(pairs, points) | every(other)(pairs, points))
    for union in (parts[0].union(parts[1]), parts[1].union(parts[0]), both.union(parts[0]), both.union(both)):
        for name in ("indptr", "shift", "points", "shifts_of", "workers_of", "first_come"):
            assert getattr(union, name).tolist() == getattr(both, name).tolist(), name
            assert getattr(union, name).dtype == getattr(both, name).dtype, name


def test_rows_grow_past_what_was_expected():
    rows = _Rows(np.int64)
    rows.append(np.arange(3), 0.9)  # nearly done, it seems
    for k in range(1, 50):
        rows.append(np.arange(3 * k, 3 * k + 3), 0.9 + k / 1000)
    done = rows.done()
    assert done.tolist() == list(range(150))
    assert not done.flags.writeable
    assert not done.base.flags.writeable, "a Problem would copy it"
