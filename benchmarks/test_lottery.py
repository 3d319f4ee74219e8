"""The fair lottery of a metropolis, from columns to proved chances, then a draw, then its verification.

Run with ``pytest benchmarks/test_lottery.py``. It should take no longer than 2 s at 3,000
workers and 10 s at 10,000, with half as many seats as people.
"""

from __future__ import annotations

from functools import cache

import pytest

from gigmatch import check_lottery, fair_lottery, samples

SIZES = [(3_000, 300), (10_000, 1_000)]
SEED = 1


@cache
def columns_of(size):
    return samples.city(workers=size[0], shifts=size[1], seed=SEED)


@cache
def lottery_of(size):
    return fair_lottery(columns_of(size))


@pytest.fixture(params=SIZES, ids="{0[0]:,} workers".format)
def size(request):
    return request.param


def test_fair_lottery(benchmark, size):
    """Pairs, the best assignment, blocks, plans and prices."""
    columns = columns_of(size)
    found = benchmark.pedantic(fair_lottery, (columns,), rounds=3, warmup_rounds=1)
    assert found.shares.blocks


def test_draw(benchmark, size):
    """An assignment, with everything that is told of it."""
    lottery = lottery_of(size)
    drawn = benchmark.pedantic(lottery.draw, (7,), rounds=3)
    assert drawn.summary.placements == lottery.best.summary.placements


def test_check_lottery(benchmark, size):
    """All is made anew."""
    lottery = lottery_of(size)
    benchmark.pedantic(check_lottery, (columns_of(size), lottery, lottery.draw(7)), rounds=3)
