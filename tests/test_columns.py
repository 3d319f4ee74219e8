"""Columns answer by row, and nothing in them can be written or used against anybody."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.columns import Columns, Relation, ShiftColumns, Spans, WorkerColumns
from gigmatch.compiling import columns_of
from gigmatch.model import PROTECTED_ATTRIBUTES
from rules.oracle import STEADY, a_morning, a_shift, a_worker
from strategies import mornings


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
    elif isinstance(part, Columns | WorkerColumns | ShiftColumns | Spans | Relation):
        for field in fields(part):
            yield from arrays(getattr(part, field.name), f"{path}.{field.name}")


@STEADY
@given(mornings(max_workers=3, max_shifts=3))
def test_every_array_is_read_only(morning):
    """Down to the last relation and free attribute."""
    found = dict(arrays(columns_of(morning)))
    assert len(found) > 60
    assert [path for path, array in found.items() if array.flags.writeable] == []


@STEADY
@given(mornings(max_workers=5, max_shifts=3))
def test_a_row_per_worker_and_shift(morning):
    """Every worker array has n_workers rows, every shift array n_shifts, spans one bound more."""
    columns = columns_of(morning)
    for part, n in ((columns.workers, columns.n_workers), (columns.shifts, columns.n_shifts)):
        for path, array in arrays(part):
            if path.startswith((".free", ".periods")):
                assert path.endswith(("start", "end")) or len(array) == n + 1
            else:
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


@STEADY
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


@pytest.mark.parametrize("part", [Columns, WorkerColumns, ShiftColumns])
def test_nothing_protected_has_a_column(part):
    """No field of the columns is a protected attribute."""
    words = {word for field in fields(part) for word in (field.name, *field.name.split("_"))}
    assert not words & PROTECTED_ATTRIBUTES
