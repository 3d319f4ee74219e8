"""Compiled loops and plain callables give the same answer, to the bit, alone and mixed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch import samples
from gigmatch.assignment.instance import Instance
from gigmatch.columns import columns_of
from gigmatch.core import kernels
from gigmatch.core.arrays import Int64Array
from gigmatch.core.statistics import Stages
from gigmatch.pairing import candidates
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.compiled import forms
from gigmatch.pairing.policy import DEFAULT_POLICY
from gigmatch.pairing.rules import DEFAULT_RULES, MeetsPayFloor, WithinReach
from gigmatch.pairing.scoring import Nearness, Requested
from gigmatch.pairing.travel import StraightLine, ZoneMatrix
from pairing.test_travel import ZONES
from strategies import mornings
from tests.conftest import all_pairs, sample

pytest.importorskip("numba")


def odd(columns, pairs):
    """A scorer of one's own."""
    return (pairs.worker + pairs.shift) % 3 / 2


def not_thirteen(columns, pairs):
    """A rule of one's own."""
    return (pairs.worker + pairs.shift) % 13 != 0


def eligible(patch, compiled, columns, rules, policy, threads=None):
    """The eligible pairs and what was counted, in loops or not."""
    patch.setattr(kernels, "are_worth_it", lambda module, pairs: compiled)
    instance = Instance.prepare(columns, rules, policy, StraightLine(), (), (), threads)
    stages = Stages()
    return instance.eligible(stages=stages), stages.statistics().counts


def arrays(found):
    return {f.name: getattr(found, f.name) for f in fields(found) if f.name not in ("columns", "travel")}


@pytest.fixture(scope="module")
def city():
    return samples.city(workers=700, shifts=160, seed=5)


@pytest.mark.parametrize("name", ["jingshi", "majuqiao", "mentougou", "city"])
def test_the_same_to_the_bit(monkeypatch, city, name):
    """Every array of the eligible pairs, whatever the threads, with plug-ins of one's own among them."""
    columns = city if name == "city" else columns_of(sample(name, seed=7))
    rules = [not_thirteen, *DEFAULT_RULES]
    policy = DEFAULT_POLICY.with_scorer(odd, 7.31).with_scorer(Requested(), 12.5)
    plain, looked_at = eligible(monkeypatch, False, columns, rules, policy)
    assert len(plain.shift) > 1_000
    monkeypatch.setattr(candidates, "PARTS_FROM_PAIRS", 0)
    for threads in (1, 3):
        compiled, also_looked_at = eligible(monkeypatch, True, columns, rules, policy, threads)
        assert also_looked_at["pairs looked at"] >= looked_at["pairs feasible"]
        for key, values in arrays(plain).items():
            np.testing.assert_array_equal(arrays(compiled)[key], values, err_msg=key)
            assert arrays(compiled)[key].dtype == values.dtype


@pytest.mark.parametrize("every", [2, 7])
def test_the_same_samples(monkeypatch, city, every):
    """About one pair in so many, the same ones in loops or not, of most workers."""
    found = []
    for compiled in (False, True):
        monkeypatch.setattr(kernels, "are_worth_it", lambda module, pairs, compiled=compiled: compiled)
        candidates = Candidates.prepare(city, DEFAULT_RULES, StraightLine())
        assert candidates.is_compiled == compiled
        blocks = list(candidates.sampled(every).each(lambda pairs: pairs))
        found.append([(pairs.worker.tolist(), pairs.shift.tolist()) for pairs in blocks if len(pairs)])
    assert found[0] == found[1]
    count = sum(len(worker) for worker, _ in found[0])
    assert count == pytest.approx(candidates.estimate() / every, rel=0.1)


@given(mornings(), st.sampled_from([StraightLine(), ZoneMatrix(ZONES, [[5, 70], [80, 2]], [[1, 2], [3, 4]])]))
def test_points_of_any_pairs(morning, travel):
    """All pairs, by worker or not, with any travel."""
    pairs = all_pairs(morning, travel)
    policy = DEFAULT_POLICY.with_scorer(odd, 3)
    for some in (pairs, pairs.take(np.arange(len(pairs)) % 3 == 1)):
        with pytest.MonkeyPatch.context() as patch:
            by_way: list[Int64Array] = []
            for compiled in (False, True):
                patch.setattr(kernels, "are_worth_it", lambda module, pairs, compiled=compiled: compiled)
                card = policy.scorecard(pairs.columns, travel)
                by_way.append(card(some.take(slice(None))))
        np.testing.assert_array_equal(*by_way)


def test_who_inherits_has_no_form(city):
    """Another meaning under the same declarations would be refused, or not, by the form of the parent."""

    class Generous(MeetsPayFloor):
        def __call__(self, columns, pairs):
            return np.ones(len(pairs), dtype=bool)

    class Slow(StraightLine):
        def minutes(self, columns, worker, shift):
            return super().minutes(columns, worker, shift) * 2

    assert forms.form_of(MeetsPayFloor(), city) is not None
    assert forms.form_of(StraightLine(), city) is not None
    assert forms.form_of(Nearness(), city) is not None
    for one in (Generous(), Slow(), odd, not_thirteen):
        assert forms.form_of(one, city) is None


def test_the_reach_of_minutes_that_are_none(city):
    """Nobody goes where even the start takes too long, and everybody anywhere where there is no limit."""
    straight = forms.form_of(StraightLine(), city)
    n = city.n_workers
    assert (straight.reach(np.full(n, -1.0)) == -1).all()
    assert (straight.reach(straight.start_min) >= 0).all()
    assert (straight.reach(np.full(n, sys.float_info.max)) == sys.float_info.max).all()
    most = forms.form_of(WithinReach(), city)[0].most
    everybody, reach = slice(None), straight.reach(most)
    assert (straight.minutes(everybody, reach) <= most).all()
    assert (straight.minutes(everybody, np.nextafter(reach, np.inf)) > most).all()


def test_small_mornings_load_nothing():
    """Unless the loops are loaded already."""
    code = (
        "import sys, gigmatch as gm\n"
        "gm.match(gm.samples.jingshi(seed=7, workers=60))\n"
        "assert not {'numba', 'gigmatch.pairing.compiled.kernels'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@pytest.mark.nightly
@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="is that already")
def test_kernels_are_right_as_plain_python():
    """Uncompiled, with Python's own bounds checks: no index out of range, the same answers."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    tests = [f"{__file__}::{test}" for test in ("test_points_of_any_pairs", "test_the_same_to_the_bit")]
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        env=environment,
        check=True,
        timeout=600,
    )
