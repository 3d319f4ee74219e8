"""How unevenly something is spread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.core.spreads import gini, worst_decile

AMOUNTS = st.lists(st.integers(0, 1000), max_size=40).map(np.array)


@given(AMOUNTS)
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    """As it is defined, over all pairs; whole numbers at whatever scale."""
    due = np.abs(values[:, None] - values).mean() / 2 / values.mean() if values.any() else 0.0
    assert gini(values) == pytest.approx(due)
    assert gini(values * 7) == pytest.approx(due)


@given(AMOUNTS)
def test_the_worst_tenth_are_whole_people(values):
    """Rounded up, so that there is one of ten and two of eleven; nobody has nothing."""
    n = -(-len(values) // 10)
    assert worst_decile(values) == pytest.approx(np.mean(sorted(values)[-n:]) if n else 0.0)
