"""Order by counting: against numpy's sorts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.columns import orders

ROWS = st.lists(
    st.tuples(st.integers(0, 6) | st.integers(0, 2**40), st.integers(-2, 2), st.integers(-2, 2)), max_size=30
)


@pytest.fixture(params=[1, 1 << 12], ids=["counted", "few"], autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "_FEW", request.param)


@given(ROWS)
def test_by_row_is_a_stable_sort_by_row_then_keys(rows: list[tuple[int, int, int]]) -> None:
    row, first, second = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    assert orders.by_number(row).tolist() == np.argsort(row, kind="stable").tolist()
    assert orders.by_row(row).tolist() == np.argsort(row, kind="stable").tolist()
    assert orders.by_row(row, first).tolist() == np.lexsort((first, row)).tolist()
    assert orders.by_row(row, first, second).tolist() == np.lexsort((second, first, row)).tolist()
