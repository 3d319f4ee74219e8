"""Best plans, compiled: the same as in plain Python."""

from __future__ import annotations

import numpy as np

from gigmatch.problem.plans import best_plans
from gigmatch.scenarios.plan_families import chains


def test_compiled_plans_are_those_of_plain_python(request):
    """Value and pairs, with limits, with pairs that must be taken and without, many labels a worker."""
    problem = chains(40, 400, 3)
    rng = np.random.default_rng(4)
    rows = np.arange(problem.pairs.n_workers)
    gain = rng.integers(-50, 400, problem.pairs.n_pairs)
    state = (rng.random(len(gain)) < 1 / 80).astype(np.int8)
    cases = [(gain, state), (gain, 0 * state), (np.abs(gain), 2 * state)]
    compiled = [best_plans(problem, rows, *case) for case in cases]
    request.getfixturevalue("plain_plan_kernels")
    for case, found in zip(cases, compiled, strict=True):
        plain = best_plans(problem, rows, *case)
        assert plain.value.tolist() == found.value.tolist()
        assert plain.chosen.tolist() == found.chosen.tolist()
