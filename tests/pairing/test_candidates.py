"""Candidates are exactly the pairs that no blocking rule refuses, and the others are not looked at."""

from __future__ import annotations

from time import sleep

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.columns import columns_of
from gigmatch.core import kernels
from gigmatch.core.limits import Limits
from gigmatch.core.threads import THREADS_VARIABLE
from gigmatch.errors import PluginError, TooLargeError
from gigmatch.model import Location
from gigmatch.pairing import candidates
from gigmatch.pairing.candidates import BYTES_PER_PAIR, Candidates, estimate_pairs, feasible_pairs
from gigmatch.pairing.compiled import rules as loops
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import DEFAULT_RULES, HasSkills, WithinReach, apply_rule, rule_name, rule_severity
from gigmatch.pairing.rules.base import PRUNES
from gigmatch.pairing.travel import StraightLine, ZoneMatrix
from pairing.test_travel import ZONES, straight_lines
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, all_pairs, sample


@pytest.fixture(scope="module")
def jingshi():
    return columns_of(sample("jingshi", seed=7))


def brute_force(columns, rules, travel):
    """Every blocking rule on the full cross product: list of (worker row, shift row)."""
    worker, shift = np.indices((columns.n_workers, columns.n_shifts), dtype=np.int32).reshape(2, -1)
    pairs = Pairs(columns, travel, worker, shift)
    for rule in rules:
        if rule_severity(rule, columns) == "block":
            pairs = pairs.take(apply_rule(rule, columns, pairs))
    return rows(pairs)


def rows(pairs):
    return list(zip(pairs.worker.tolist(), pairs.shift.tolist(), strict=True))


class Jumpy:
    """A travel of one's own with a bound: minutes are kilometres, but never fewer than five."""

    def metres(self, columns, worker, shift):
        return StraightLine(detour=1).metres(columns, worker, shift)

    def minutes(self, columns, worker, shift):
        return np.maximum(self.metres(columns, worker, shift) / 1000, 5)

    def radius_m(self, columns, minutes):
        return np.where(np.isnan(minutes), np.inf, minutes * 1000)


def odd_workers(columns, pairs):
    return pairs.worker % 2 == 1


def even_shifts(columns, pairs):
    return pairs.shift % 2 == 0


def low_numbers(columns, pairs):
    return (columns.shifts.requirement[pairs.shift] + pairs.worker) % 3 != 0


def half_as_far(columns, pairs):
    limit = columns.workers.travel_limit_min[pairs.worker]
    return ~(pairs.minutes > limit / 2)


def mixed(columns, pairs):
    return (pairs.worker + pairs.shift) % 2 == 0


odd_workers.prunes = "worker"
even_shifts.prunes = "shift"
low_numbers.prunes = "requirement"
half_as_far.prunes = "reach"
OWN = (odd_workers, even_shifts, low_numbers, half_as_far, mixed)

TRAVELS = st.one_of(
    st.just(StraightLine()),
    straight_lines(),
    st.just(ZoneMatrix(ZONES, [[5, 70], [80, np.inf]], [[1, 2], [3, np.inf]])),
    st.just(Jumpy()),
)


def in_loops(patch, compiled, **sizes):
    """Have rules asked in compiled loops, with constants of that module, or as they are, come what may."""
    compiled = compiled and kernels.is_available()
    patch.setattr(kernels, "are_worth_it", lambda module, pairs: compiled)
    for name, size in sizes.items():
        patch.setattr(loops, name, size)


def strict(rule):
    """A default rule that blocks, whatever the law says."""
    return type(rule)(severity="block")


@given(
    mornings(),
    st.lists(st.sampled_from(DEFAULT_RULES), unique_by=rule_name).flatmap(
        lambda rules: st.tuples(*(st.sampled_from((rule, strict(rule))) for rule in rules))
    ),
    st.lists(st.sampled_from(OWN), max_size=2, unique_by=rule_name),
    TRAVELS,
    st.booleans(),
)
def test_as_brute_force(morning, rules, own, travel, compiled):
    """Any rules, any travel, compiled or not: the same pairs, in the same order, with the same minutes."""
    columns = columns_of(morning)
    with pytest.MonkeyPatch.context() as patch:
        in_loops(patch, compiled)
        found = feasible_pairs(columns, [*rules, *own], travel)
    assert rows(found) == brute_force(columns, [*rules, *own], travel)
    assert (found.worker.dtype, found.shift.dtype) == (np.intp, np.intp)
    np.testing.assert_array_equal(found.minutes, travel.minutes(columns, found.worker, found.shift))
    assert estimate_pairs(columns, [*rules, *own], travel) == len(found)


@given(
    mornings(max_workers=12, max_shifts=8),
    st.sampled_from([1, 3, 64]),
    st.integers(1, 5),
    st.booleans(),
    st.sampled_from([1, 256]),
    st.sampled_from([0, 64]),
)
def test_whatever_the_blocks(morning, block, slab, compiled, classes, cells):
    """Blocks and slabs of any size give the same pairs; so do classes that are too many, and cells."""
    columns = columns_of(morning)
    with pytest.MonkeyPatch.context() as patch:
        in_loops(patch, compiled, BLOCK_PAIRS=block, MOST_CLASSES=classes)
        patch.setattr(candidates, "CELLS_PER_SHIFT", cells)
        patch.setattr(candidates, "BLOCK_PAIRS", block)
        patch.setattr(candidates, "SLAB_WORKERS", slab)
        patch.setattr(candidates, "PARTS_FROM_PAIRS", 0)
        found = feasible_pairs(columns, DEFAULT_RULES, StraightLine())
    assert rows(found) == brute_force(columns, DEFAULT_RULES, StraightLine())


@given(
    mornings(),
    st.permutations([*map(strict, DEFAULT_RULES), half_as_far, mixed]),
    st.sampled_from([0, 1 << 22]),
    st.sampled_from([0.0, 0.9, 1.1]),
)
def test_whatever_the_order_of_the_rules(morning, rules, limit, sieve):
    """The caller's order, that of a sample's refusals, early and late sieving: equal pairs."""
    columns = columns_of(morning)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "ORDER_FROM_PAIRS", limit)
        patch.setattr(candidates, "SIEVE_BELOW", sieve)
        found = feasible_pairs(columns, rules, StraightLine())
    assert rows(found) == brute_force(columns, sorted(rules, key=rule_name), StraightLine())


def test_the_choosiest_rule_comes_first(jingshi, monkeypatch):
    """In a large morning, by how many of a sample it refuses; the others are asked of what it leaves."""
    seen = {"idle": 0, "sharp": 0}

    def idle(columns, pairs):
        seen["idle"] += len(pairs)
        return np.ones(len(pairs), dtype=bool)

    def sharp(columns, pairs):
        seen["sharp"] += len(pairs)
        return pairs.shift % 8 == 0

    def total(limit):
        seen.update(idle=0, sharp=0)
        monkeypatch.setattr(candidates, "ORDER_FROM_PAIRS", limit)
        feasible_pairs(jingshi, [idle, sharp], StraightLine())
        return dict(seen)

    pairs = jingshi.n_workers * jingshi.n_shifts
    assert total(pairs + 1) == {"idle": pairs, "sharp": pairs}
    assert total(pairs)["idle"] < pairs


def refusing(eighths, name, prunes=None, seconds=0.0):
    """A rule that refuses so many of eight shifts, and takes its time."""

    def rule(columns, pairs):
        sleep(seconds)
        return pairs.shift % 8 >= eighths

    rule.__name__, rule.prunes = name, prunes
    return rule


@pytest.mark.parametrize("slow", [None, 0, 1, 2, 3])
def test_no_clock_orders_the_rules(jingshi, monkeypatch, slow):
    """Refusals count, a third where the way is asked for; equals stay as given; whichever is slow."""
    monkeypatch.setattr(candidates, "ORDER_FROM_PAIRS", 0)
    kinds = [(1, "one", None), (1, "other", None), (6, "way", "reach"), (3, "three", None)]
    rules = [refusing(*kind, seconds=0.01 * (at == slow)) for at, kind in enumerate(kinds)]
    found = Candidates.prepare(jingshi, rules, StraightLine())
    assert [rule_name(rule) for rule in found.rules] == ["three", "way", "one", "other"]


@pytest.mark.parametrize("prunes", [None, *PRUNES])
@pytest.mark.parametrize("threads", ["1", "3"])
def test_rules_see_pairs_by_worker(jingshi, monkeypatch, threads, prunes):
    """Whatever a rule prunes by, in whatever thread: one run for each worker, in order."""
    monkeypatch.setenv(THREADS_VARIABLE, threads)
    monkeypatch.setattr(candidates, "BLOCK_PAIRS", 5000)
    monkeypatch.setattr(candidates, "SLAB_WORKERS", 100)
    monkeypatch.setattr(candidates, "PARTS_FROM_PAIRS", 0)
    monkeypatch.setattr(candidates, "ORDER_FROM_PAIRS", 0)
    runs, ascending = [], []

    def watching(columns, pairs):
        runs.append(bool((np.diff(pairs.worker) >= 0).all()))
        ascending.append(bool((np.diff(pairs.worker * columns.n_shifts + pairs.shift) > 0).all()))
        return pairs.shift >= 0

    watching.prunes = prunes
    found = feasible_pairs(jingshi, [watching, *DEFAULT_RULES], StraightLine())
    assert all(runs)
    assert prunes not in (None, "reach") or (all(ascending) and len(ascending) >= 12)
    assert rows(found) == brute_force(jingshi, DEFAULT_RULES, StraightLine())


@given(mornings(max_workers=12), st.sampled_from([1, 5, 1 << 18]), st.integers(1, 5))
def test_blocks_hold_whole_workers(morning, block, slab):
    """One after the other they are all feasible pairs; everything of a worker is in one of them."""
    columns = columns_of(morning)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BLOCK_PAIRS", block)
        patch.setattr(candidates, "SLAB_WORKERS", slab)
        patch.setattr(candidates, "PARTS_FROM_PAIRS", 0)
        found = Candidates.prepare(columns, [WithinReach()], StraightLine())
        blocks = list(found.each(lambda pairs: pairs))
        assert list(found.each(len)) == [len(pairs) for pairs in blocks]
    workers = [set(pairs.worker.tolist()) for pairs in blocks]
    assert sum(map(len, workers)) == len(set().union(*workers))
    together = [pair for pairs in blocks for pair in rows(pairs)]
    assert together == brute_force(columns, [WithinReach()], StraightLine())


@given(mornings(max_workers=12), st.integers(2, 5), st.randoms())
def test_samples_and_parts_are_some_of_all(morning, every, random):
    """Of each range one in so many; of some workers and shifts all that there are."""
    columns = columns_of(morning)
    whole = Candidates.prepare(columns, [WithinReach()], StraightLine())

    def found(candidates):
        return [pair for pairs in candidates.each(lambda pairs: pairs) for pair in rows(pairs)]

    pairs = found(whole)
    sample = found(whole.sampled(every))
    assert set(sample) <= set(pairs)
    assert sample == sorted(sample)
    workers, shifts = (
        np.array([random.random() < 0.5 for _ in range(n)], dtype=bool)
        for n in (columns.n_workers, columns.n_shifts)
    )
    assert found(whole.part(workers)) == [(i, j) for i, j in pairs if workers[i]]
    assert found(whole.part(workers, shifts)) == [(i, j) for i, j in pairs if workers[i] and shifts[j]]


def test_a_sample_is_of_about_one_in_so_many(jingshi):
    """Whichever worker it is, and every shift is in some."""
    whole = Candidates.prepare(jingshi, DEFAULT_RULES, StraightLine())
    blocks = list(whole.sampled(4).each(lambda pairs: pairs.shift))
    pairs = len(feasible_pairs(jingshi, DEFAULT_RULES, StraightLine()))
    shifts = np.concatenate(blocks)
    assert pairs / 4.4 < len(shifts) < pairs / 3.6
    everywhere = np.unique(feasible_pairs(jingshi, DEFAULT_RULES, StraightLine()).shift)
    assert len(np.unique(shifts)) > 0.95 * len(everywhere)


def test_no_rules_all_pairs():
    """Nothing is pruned that no rule refuses."""
    pairs = all_pairs(a_morning(*(a_worker(n) for n in "abc"), *(a_shift(n) for n in "xy")))
    assert rows(feasible_pairs(pairs.columns, [], StraightLine())) == rows(pairs)


POINTS = st.one_of(
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)),  # anywhere, most pairs thousands of km apart
    st.tuples(st.floats(-0.5, 0.5), st.sampled_from([179.9, 180.0, -180.0, -179.8])),  # at the antimeridian
    st.tuples(st.sampled_from([89.9, 90.0, -89.95, -90.0]), st.floats(-180, 180)),  # at the poles
    st.tuples(st.floats(39.0, 41.0), st.floats(115.0, 118.0)),  # within 250 km
)


@given(
    st.lists(st.tuples(POINTS, st.sampled_from([0.5, 30.0, 240.0, 1440.0, None])), max_size=12),
    st.lists(POINTS, max_size=12),
    straight_lines(),
    st.booleans(),
)
def test_anywhere_on_earth(homes, places, travel, compiled):
    """The grid holds every shift in reach: over the date line, the poles, far away and without a limit."""
    workers = [
        a_worker(f"{at:02}", home=Location(lat=lat, lon=lon, datum="WGS-84"), travel_limit_min=limit)
        for at, ((lat, lon), limit) in enumerate(homes)
    ]
    shifts = [
        a_shift(f"{at:02}", location=Location(lat=lat, lon=lon, datum="WGS-84"))
        for at, (lat, lon) in enumerate(places)
    ]
    columns = columns_of(a_morning(*workers, *shifts))
    with pytest.MonkeyPatch.context() as patch:
        in_loops(patch, compiled)
        found = feasible_pairs(columns, [WithinReach()], travel)
    assert rows(found) == brute_force(columns, [WithinReach()], travel)


def test_a_crowd_as_brute_force(jingshi):
    """The sample morning, all rules."""
    found = feasible_pairs(jingshi, DEFAULT_RULES, StraightLine())
    assert rows(found) == brute_force(jingshi, DEFAULT_RULES, StraightLine())


def test_impossible_pairs_are_not_visited(jingshi):
    """Of 386,000 pairs, rules that prune nothing see fewer than one in five."""
    seen = []

    def counting(columns, pairs):
        seen.append(len(pairs))
        return np.ones(len(pairs), dtype=bool)

    found = feasible_pairs(jingshi, [counting, *DEFAULT_RULES], StraightLine())
    assert len(found) <= sum(seen) < jingshi.n_workers * jingshi.n_shifts / 5


def test_rules_that_warn_are_not_asked(jingshi):
    """Neither for their verdict nor for what they prune."""

    def never(columns, pairs):
        raise AssertionError

    never.severity, never.prunes = "warn", "requirement"
    assert len(feasible_pairs(jingshi, [never, WithinReach()], StraightLine())) > 0


def test_an_unknown_index_is_an_error(jingshi):
    """What a rule declares must be one of four."""

    def guess(columns, pairs):
        return mixed(columns, pairs)

    guess.prunes = "moon"
    with pytest.raises(PluginError, match="rule 'guess' declares prunes='moon'; use one of worker, shift"):
        feasible_pairs(jingshi, [guess], StraightLine())


@pytest.mark.parametrize(
    ("radius", "message"),
    [
        (lambda n: np.zeros(n + 1), r"Odd.radius_m must return float64\[1200\].* got float64\[1201\]"),
        (lambda n: np.zeros(n, np.int64), r"got int64\[1200\]"),
        (lambda n: [0.0] * n, "got list"),
        (lambda n: 5.0, "got float"),
        (lambda n: np.full(n, np.nan), "Odd.radius_m gave nan: at least 0"),
        (lambda n: np.full(n, -1.0), "Odd.radius_m gave -1.0: at least 0"),
    ],
)
def test_a_malformed_radius_is_an_error(jingshi, radius, message):
    """Shape, dtype and range, named after the travel."""

    class Odd(Jumpy):
        def radius_m(self, columns, minutes):
            return radius(len(minutes))

    with pytest.raises(PluginError, match=message):
        feasible_pairs(jingshi, DEFAULT_RULES, Odd())


def test_the_estimate_is_close():
    """From a sample of 512 in 5,000 workers, within five per cent."""
    columns = columns_of(sample("jingshi", seed=7, workers=5000))
    found = len(feasible_pairs(columns, DEFAULT_RULES, StraightLine()))
    assert estimate_pairs(columns, DEFAULT_RULES, StraightLine()) == pytest.approx(found, rel=0.05)


def test_too_large_is_refused_with_the_figure(jingshi):
    """Before the pairs are made; whatever fits the limit exactly is made."""
    expected = estimate_pairs(jingshi, DEFAULT_RULES, StraightLine())
    allowed = 2 * expected * BYTES_PER_PAIR  # parts, and all of them once more
    with pytest.raises(
        TooLargeError, match=rf"about {expected:,} feasible pairs would take 0.0 GiB.*raise memory"
    ):
        feasible_pairs(jingshi, DEFAULT_RULES, StraightLine(), memory_bytes=allowed - 1)
    feasible_pairs(jingshi, DEFAULT_RULES, StraightLine(), memory_bytes=allowed)


def test_fewer_held_at_once_take_less(jingshi):
    """Refused are pairs that are held, and the way out is named; where fewer exist, fewer count."""
    found, ten_each = Candidates.prepare(jingshi, DEFAULT_RULES, StraightLine()), (10).__mul__
    with pytest.raises(
        TooLargeError, match=r"about 2,000 feasible pairs .*hold fewer at once with max_pairs"
    ):
        found.refuse_too_large(Limits(memory_bytes=20_000 - 1, max_pairs=2000), ten_each)
    found.refuse_too_large(Limits(memory_bytes=20_000, max_pairs=2000), ten_each)
    found.refuse_too_large(Limits(memory_bytes=ten_each(found.estimate()), max_pairs=10**9), ten_each)


def test_feasible_pairs_are_read_only(jingshi):
    """Whoever is handed them cannot change them for the next."""
    found = feasible_pairs(jingshi, DEFAULT_RULES, StraightLine())
    assert not any(array.flags.writeable for array in (found.worker, found.shift, found.minutes))


def test_progress_is_told(jingshi, monkeypatch):
    """Slab by slab up to 1."""
    monkeypatch.setattr(candidates, "SLAB_WORKERS", 500)
    monkeypatch.setattr(candidates, "PARTS_FROM_PAIRS", 0)
    told = []
    feasible_pairs(jingshi, [HasSkills()], StraightLine(), progress=lambda *step: told.append(step))
    assert told == [("candidates", 500 / 1200), ("candidates", 1000 / 1200), ("candidates", 1.0)]


@pytest.mark.parametrize("parts", [(), (a_worker(),), (a_shift(),)], ids=["nobody", "no shift", "no worker"])
def test_empty_mornings(parts, monkeypatch):
    """No workers or no shifts, no pairs, and no rule falls over them, nor does finding their order."""
    monkeypatch.setattr(candidates, "ORDER_FROM_PAIRS", 0)
    columns = columns_of(a_morning(*parts))
    found = feasible_pairs(columns, [*DEFAULT_RULES, *OWN], StraightLine())
    assert (rows(found), found.minutes.tolist()) == ([], [])
    assert found.indptr.tolist() == [0] * (columns.n_workers + 1)
