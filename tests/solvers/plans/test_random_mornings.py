"""Ten thousand small mornings of every mix: as by trying all, proved, and no tampered proof passes."""

from __future__ import annotations

from random import Random

import pytest

import plan_oracles as plain
from gigmatch.errors import CertificateError, InvalidProblemError, UnsupportedError
from gigmatch.problem.plans import verify_plans
from gigmatch.solvers.plans import solve_plans
from plan_tampering import is_true, tampered

PART, TAMPERED = 1_000, 3


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(10))
def test_small_mornings(part, first_number):
    """The best of all answers, level by level; what is tampered with is refused, or true all the same."""
    refused = proved = 0
    for number in range(first_number + PART * part, first_number + PART * (part + 1)):
        random = Random(number)
        problem = plain.small(random)
        best = plain.best(problem)
        if best is None:
            with pytest.raises(UnsupportedError, match="promised"):
                solve_plans(problem)
            continue
        solution = solve_plans(problem)
        verify_plans(problem, solution)
        assert solution.status == "optimal", number
        assert tuple(claim.value for claim in solution.claims) == best[0], number
        proved += 1
        for _ in range(TAMPERED):
            try:
                other = tampered(random, solution)
                verify_plans(problem, other)
            except (CertificateError, InvalidProblemError):
                refused += 1
            else:
                assert is_true(problem, other), number
    print(f"{proved} proved, {refused} of {TAMPERED * proved} tampered answers refused, the others are true")
    assert refused > PART
