"""HiGHS as it is used here: whatever else it ends with is an error that says so."""

from __future__ import annotations

import numpy as np
import pytest

from gigmatch.errors import SolverError
from gigmatch.solvers import Control
from gigmatch.solvers.plans.highs import new_highs, run_highs


def test_an_end_that_is_none_is_named():
    """A program without a best answer."""
    highs = new_highs()
    highs.addVars(1, np.zeros(1), np.full(1, np.inf))
    highs.changeColCost(0, -1.0)
    with pytest.raises(SolverError, match="HiGHS stopped with Unbounded"):
        run_highs(highs, Control(None, None))
