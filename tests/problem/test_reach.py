"""The search through the residual network, against one move after the other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.problem.reach import Moves


@given(oracles.problems(max_workers=5, max_shifts=5), st.data())
def test_reach_is_the_closure_of_single_moves(problem, data):
    """Forwards and backwards, from any shifts; those at home move nowhere."""
    rows = [problem.shift[slice(*problem.indptr[i : i + 2])].tolist() for i in range(problem.n_workers)]
    at = [data.draw(st.sampled_from([-1, *row])) for row in rows]
    begin = data.draw(
        st.lists(st.integers(0, problem.n_shifts - 1), max_size=3) if problem.n_shifts else st.just([])
    )
    steps = {(home, to) for home, row in zip(at, rows, strict=True) for to in row if home >= 0}
    moves = Moves.of(problem, np.array(at, np.int32))
    for back in (False, True):
        reached = set(begin)
        for _ in range(problem.n_shifts):
            reached |= {b if not back else a for a, b in steps if (b if back else a) in reached}
        found = moves.reach(np.array(begin, np.int64), back=back)
        assert set(np.flatnonzero(found).tolist()) == reached
