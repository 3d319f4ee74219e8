"""Rows laid end to end, against lists of lists; and who can write where."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.core import arrays

ROWS = st.lists(st.lists(st.integers(-9, 9), max_size=4), max_size=8)


def laid(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """The entries one after the other, and the pointers, built by hand."""
    entries = np.array([value for row in rows for value in row], dtype=np.int64)
    return entries, np.array([sum(map(len, rows[:at])) for at in range(len(rows) + 1)], dtype=np.int64)


@given(ROWS)
def test_pointers_counts_and_owners(rows):
    """What says where rows are comes back from each other."""
    _, indptr = laid(rows)
    counts = [len(row) for row in rows]
    assert arrays.row_pointers(np.array(counts, dtype=np.int64)).tolist() == indptr.tolist()
    assert arrays.row_counts(indptr).tolist() == counts
    assert arrays.row_owners(indptr).tolist() == [at for at, row in enumerate(rows) for _ in row]
    assert arrays.place_in_row(indptr).tolist() == [at for row in rows for at in range(len(row))]
    assert arrays.per_entry(np.array(counts), indptr).tolist() == [len(row) for row in rows for _ in row]


@given(ROWS, st.data())
def test_entries_of_some_rows(rows, data):
    """In the order asked for, rows twice and empty rows included."""
    entries, indptr = laid(rows)
    asked = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=6) if rows else st.just([]))
    at, counts = arrays.row_entries(indptr, np.array(asked, dtype=np.int64))
    assert entries[at].tolist() == [value for row in asked for value in rows[row]]
    assert counts.tolist() == [len(rows[row]) for row in asked]


@given(ROWS, st.integers(-20, 20))
def test_maximum_of_each_row(rows, empty):
    """Empty rows get what is said, wherever they stand; a part of the rows is as good as all."""
    entries, indptr = laid(rows)
    expected = [max(row, default=empty) for row in rows]
    assert arrays.row_maximum(entries, indptr, empty).tolist() == expected
    for begin in range(len(rows)):
        part = arrays.row_maximum(entries[indptr[begin] :], indptr[begin:], empty)
        assert part.tolist() == expected[begin:]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), max_size=20))
def test_runs_are_where_a_key_changes(pairs):
    """Of one key or of several, as `itertools.groupby` has them."""
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    starts = [at for at, pair in enumerate(pairs) if at == 0 or pair != pairs[at - 1]]
    assert arrays.run_starts(first, second).tolist() == starts
    assert arrays.run_pointers(first, second).tolist() == [*starts, len(pairs)]
    lengths = [len(list(run)) for _, run in groupby(first.tolist())]
    assert arrays.row_counts(arrays.run_pointers(first)).tolist() == lengths


def test_consecutive_numbers_of_several_ranges():
    """Ranges may be empty, and overlap."""
    assert arrays.consecutive(np.array([5, 7, 0]), np.array([2, 0, 3])).tolist() == [5, 6, 0, 1, 2]
    assert arrays.consecutive(np.array([5, 7, 0]), np.array([2, 0, 3]), 4).tolist() == [5, 9, 0, 4, 8]
    assert arrays.consecutive(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []


def test_a_view_is_read_only_and_its_array_is_not():
    """Who holds the array can still write, and the view shows it; a frozen array is closed to all."""
    array = np.arange(3)
    view = arrays.read_only(array)
    array[0] = 7
    assert view.tolist() == [7, 1, 2]
    assert arrays.freeze(array) is array
    for closed in (view, array):
        with pytest.raises(ValueError, match="read-only"):
            closed[0] = 1
