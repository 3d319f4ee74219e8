"""Columns answer by row, and nothing in them can be written or used against anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.columns import (
    Columns,
    HeldCredentials,
    LimitColumn,
    Relation,
    ShiftColumns,
    Spans,
    WorkerColumns,
    bit_words,
    columns_of,
    frozen,
)
from gigmatch.columns import columns as columns_module
from gigmatch.model import PROTECTED_ATTRIBUTES
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, sample


def arrays(part, path=""):
    """Every array reachable from columns, with its path."""
    if isinstance(part, np.ndarray):
        yield path, part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from arrays(value, f"{path}[{key}]")
    elif isinstance(part, tuple):
        for at, value in enumerate(part):
            yield from arrays(value, f"{path}[{at}]")
    elif isinstance(
        part, Columns | LimitColumn | WorkerColumns | ShiftColumns | Spans | Relation | HeldCredentials
    ):
        for field in fields(part):
            yield from arrays(getattr(part, field.name), f"{path}.{field.name}")


@examples(20)
@given(mornings(max_workers=3, max_shifts=3))
def test_every_array_is_read_only(morning):
    """Down to the last relation and free attribute."""
    found = dict(arrays(columns_of(morning)))
    assert len(found) > 60
    assert [path for path, array in found.items() if array.flags.writeable] == []


@given(mornings(max_workers=5, max_shifts=3))
def test_a_row_per_worker_and_shift(morning):
    """Every worker array has n_workers rows, every shift array n_shifts, spans one bound more."""
    columns = columns_of(morning)
    for part, n in ((columns.workers, columns.n_workers), (columns.shifts, columns.n_shifts)):
        for path, array in arrays(part):
            if path.startswith((".free", ".commitments", ".periods")):
                assert path.endswith(("start", "end")) or len(array) == n + 1
            elif not path.startswith(".credentials."):
                assert len(array) == n, path


def test_rows_by_id():
    """Ids lead to rows and back."""
    columns = columns_of(a_morning(*(a_worker(name) for name in "cab"), a_shift("z"), a_shift("y")))
    assert (columns.worker_ids, columns.shift_ids) == (("a", "b", "c"), ("y", "z"))
    assert (columns.worker_row, columns.shift_row) == ({"a": 0, "b": 1, "c": 2}, {"y": 0, "z": 1})


def test_spans_by_row():
    """Row i has the intervals between its bounds."""
    spans = Spans(np.array([0, 2, 2, 3]), np.array([1, 5, 9], np.int32), np.array([2, 6, 10], np.int32))
    assert (spans.counts.tolist(), spans.most) == ([2, 0, 1], 2)
    start, end = spans.nth(np.array([0, 2], np.int32), 0)
    assert (start.tolist(), end.tolist()) == ([1, 9], [2, 10])
    assert Spans(np.array([0]), np.empty(0, np.int32), np.empty(0, np.int32)).most == 0


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 2)), st.integers(0, 5).map(float)))
def test_a_relation_is_a_table(table):
    """Each pair's value, the default for the others and for a party that is not there (-1)."""
    held = sorted((worker * 3 + other, value) for (worker, other), value in table.items())
    key, value = (np.array([row[at] for row in held], kind) for at, kind in ((0, np.int64), (1, np.float64)))
    worker, other = (part.ravel().astype(np.int32) for part in np.mgrid[0:4, -1:3])
    relation = Relation(key, value, 3)
    pairs = list(zip(worker.tolist(), other.tolist(), strict=True))
    assert relation.get(worker, other, 9.0).tolist() == [table.get(pair, 9.0) for pair in pairs]
    assert relation.has(worker, other).tolist() == [pair in table for pair in pairs]


@given(
    st.sets(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=20),
    st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 3)), max_size=12),
    st.sampled_from([0, 40, 1 << 22]),
)
@example({(0, 3)}, [(0, 0), (1, -1)], 0)  # nobody's key is that of the worker before
def test_few_hits_among_many_pairs(table, asked, table_bytes):
    """By a table of the stretch of workers or by search alone, in any order and asked for twice."""
    held = np.array(sorted(worker * 4 + other for worker, other in table), dtype=np.int64)
    relation = Relation(held, held / 64, 4)
    worker, other = np.array(asked, dtype=np.intp).reshape(-1, 2).T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns_module, "TABLE_BYTES", table_bytes)
        found = relation.get(worker, other.astype(np.int32), -1.0)
        has = relation.has(worker, other.astype(np.int32))
    expected = [(pair[0] * 4 + pair[1]) / 64 if pair in table else -1.0 for pair in asked]
    assert found.tolist() == expected
    assert has.tolist() == [pair in table for pair in asked]


@pytest.mark.parametrize("n_bits", [0, 1, 63, 64, 65, 130])
def test_bits_are_packed_into_words_of_64(n_bits):
    """Bit k of a row is bit k % 64 of its word k // 64."""
    bits = np.random.default_rng(n_bits).integers(0, 2, (n_bits, 5), dtype=bool)
    words = bit_words(list(bits), 5)
    assert len(words) == -(-n_bits // 64)
    assert all(word.dtype == np.uint64 for word in words)
    for row in range(5):
        packed = sum(int(word[row]) << (64 * at) for at, word in enumerate(words))
        assert packed == sum(1 << at for at in range(n_bits) if bits[at, row])


@examples(20)
@given(mornings(max_workers=1))
def test_a_shift_of_every_schedule(morning):
    """By its number, which runs from 0 without gaps."""
    shifts = columns_of(morning).shifts
    assert shifts.schedule[shifts.schedule_examples].tolist() == [*range(len(set(shifts.schedule.tolist())))]


# ------------------------------------------------------------------------------------------------ digest


def altered(part, path=""):
    """Copies of columns, each with a single number, text or entry changed, and where."""
    for field in (each for each in fields(part) if each.name not in ("labels", "notes")):
        for where, other in others(getattr(part, field.name), f"{path}.{field.name}"):
            yield where, replace(part, **{field.name: other})


def others(value, path):
    """Values that differ from one in a single place, and where."""
    if isinstance(value, LimitColumn | WorkerColumns | ShiftColumns | Spans | Relation):
        yield from altered(value, path)
    elif isinstance(value, HeldCredentials):
        return  # what they add up to is there beside them
    elif isinstance(value, Mapping):
        yield f"{path} less one", dict(list(value.items())[1:])
        for key, entry in value.items():
            yield from ((where, {**value, key: other}) for where, other in others(entry, f"{path}[{key}]"))
    elif isinstance(value, tuple) and isinstance(value[0], np.ndarray):
        for at, array in enumerate(value):
            words = others(array, f"{path}[{at}]")
            yield from ((where, (*value[:at], other, *value[at + 1 :])) for where, other in words)
    elif isinstance(value, np.ndarray):
        other = value.copy()
        other.flat[-1] = "x" if value.dtype == object else not value.flat[-1]
        yield path, other
    elif isinstance(value, tuple):
        yield path, value[:-1]
    else:
        yield path, f"{value}x" if isinstance(value, str) else not value


@pytest.fixture(scope="module")
def full() -> Columns:
    """Columns in which nothing is empty."""
    columns = columns_of(sample("jingshi", 3, workers=200))
    tools = {"tools": np.array(["own"] * columns.n_workers, dtype=object)}
    meals = {"meals": np.array([2.5] * columns.n_shifts, dtype=object)}
    return frozen(
        replace(
            columns,
            workers=replace(
                columns.workers,
                attributes=tools,
                max_shifts=columns.workers.max_shifts + 1,
                commitments=columns.workers.free,
            ),
            companions_in_crew=np.array([False]),
            shifts=replace(columns.shifts, attributes=meals),
            refused_broker=Relation(np.array([3, 8]), np.ones(2), len(columns.broker_ids)),
            requested_shift=Relation(np.array([2, 5]), np.ones(2), columns.n_shifts),
            requested_employer=Relation(np.array([4, 6]), np.ones(2), len(columns.employer_ids)),
        )
    )


def test_any_change_is_another_digest(full):
    """The last number of every array, every list, limit and setting: each counts, and each differently."""
    copies = dict(altered(full))
    told = {path for path in dict(arrays(full)) if not path.startswith(".workers.credentials.")}
    assert told <= {path.replace("'", "") for path in copies}
    digests = {path: other.digest() for path, other in copies.items()}
    assert full.digest() not in digests.values()
    assert len(set(digests.values())) == len(digests) > 90


def test_what_is_of_several_shifts_is_in_no_plain_digest():
    """Where nobody takes several shifts or goes with others, the digest is as it was without such fields."""
    plain = columns_of(a_morning(a_worker(), a_worker("b"), a_shift()))
    bare = replace(plain, shifts=replace(plain.shifts, first_day_hours=plain.shifts.hours + 1))
    assert bare.digest() == plain.digest()
    assert replace(plain, companions_in_crew=np.zeros(2, bool)).digest() == plain.digest()
    for field, value in (
        ("max_shifts", 2),
        ("max_hours_today", 8.0),
        ("least_break_min", 1),
        ("companions", 0),
    ):
        array = getattr(plain.workers, field)
        workers = replace(plain.workers, **{field: np.array([array[0], value], array.dtype)})
        assert replace(plain, workers=workers).digest() != plain.digest(), field


def test_what_a_number_is_counts_too(full):
    """1, True and 1.0 are three attributes, and the same bytes of another dtype are another array."""

    def tools(value):
        attributes = {"tools": np.array([value] * full.n_workers, dtype=object)}
        return replace(full, workers=replace(full.workers, attributes=attributes)).digest()

    assert len({tools(value) for value in (1, True, 1.0, "1", None)}) == 5
    unsigned = replace(full.shifts, tier=full.shifts.tier.view(np.uint64))
    assert replace(full, shifts=unsigned).digest() != full.digest()


def test_a_digest_is_of_the_values_alone(full):
    """Copies, other strides and another order of the attributes and limits leave it as it is."""
    ranks = np.asfortranarray(full.workers.skill_rank)
    limits = dict(reversed(full.limits.items()))
    same = replace(full, workers=replace(full.workers, skill_rank=ranks), limits=limits)
    assert same.digest() == full.digest()
    assert full.digest().startswith("columns ")


@examples(8)
@given(mornings(crews=True), st.randoms(use_true_random=False))
def test_the_order_of_the_input_is_not_in_the_digest(morning, random):
    """Lists of the morning in another order compile to columns of the same digest."""
    lists = {name: list(getattr(morning, name)) for name in ("workers", "shifts", "employers", "brokers")}
    for items in lists.values():
        random.shuffle(items)
    other = morning.model_copy(update={name: tuple(items) for name, items in lists.items()})
    assert columns_of(other).digest() == columns_of(morning).digest()


@pytest.mark.parametrize("part", [Columns, WorkerColumns, ShiftColumns])
def test_nothing_protected_has_a_column(part):
    """No field of the columns is a protected attribute."""
    words = {word for field in fields(part) for word in (field.name, *field.name.split("_"))}
    assert not words & PROTECTED_ATTRIBUTES


def test_columns_are_shown_in_one_line():
    """How many workers and shifts there are, and no id."""
    morning = a_morning(workers=[a_worker("li")], shifts=[a_shift("wall"), a_shift("load")])
    assert repr(columns_of(morning)) == "Columns(1 worker, 2 shifts)"


def test_labels_are_no_columns():
    """They come along beside the arrays, change no digest, and nothing that decides is handed them."""
    plain = a_morning(a_worker("b"), a_worker("a"), a_shift("x"))
    li = plain.workers[0].model_copy(update={"name": "Li", "contact": "138"})
    told = plain.with_workers(li).with_shifts(a_shift("x", title="Wall"))
    columns = columns_of(told)
    labels = columns.labels
    assert [labels.worker_name[row] for row in range(2)] == ["", "Li"]
    assert (labels.worker_contact[1], labels.shift_title[0], labels.shift_address[0]) == ("138", "Wall", "")
    assert columns.digest() == columns_of(plain).digest()
    seen = []

    def look(columns, pairs):
        seen.extend((columns.labels, pairs.columns.labels))
        return np.ones(len(pairs), dtype=bool)

    def score(columns, pairs):
        return look(columns, pairs).astype(np.float64)

    class Way(gm.StraightLine):
        def minutes(self, columns, worker, shift):
            seen.append(columns.labels)
            return super().minutes(columns, worker, shift)

    gm.match(columns, rules=[look], policy=gm.Policy(((score, 1),)))
    pairs = gm.feasible_pairs(columns, [look], Way())
    gm.Policy(((score, 1),)).points(columns, pairs)
    assert len(pairs.minutes)
    assert set(seen) == {None}
