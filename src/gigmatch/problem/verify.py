"""The verifier: recomputes every claim in integers, and trusts nobody."""

from __future__ import annotations

from typing import get_args

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.problem.integers import LARGEST_NUMBER, exact_sum, first_true
from gigmatch.problem.levels import Face, level_problem, tight_pairs
from gigmatch.problem.problem import Problem
from gigmatch.problem.solution import Certificate, Level, Solution, Stopped

__all__ = ["assignment_value", "check_assignment", "check_claim", "seats_value", "verify"]


def verify(problem: Problem, solution: Solution) -> None:
    """Check everything that a solution claims, from the problem and the solution alone.

    Recomputes in exact integers: that the assignment exists and fits the seats, its value, every
    certificate, the bound, and, for an optimal solution, that no level is missing and that the lottery leaves
    one answer. Takes one vectorised pass over the pairs per certificate.

    Parameters
    ----------
    problem : Problem
        What was asked.
    solution : Solution
        What was answered.

    Raises
    ------
    CertificateError
        Naming the first thing that breaks, with its rows and numbers.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from gigmatch.solvers import solve
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> solution = solve(problem)
    >>> verify(problem, solution)
    >>> verify(problem, replace(solution, value=16))
    Traceback (most recent call last):
    ...
    gigmatch.errors.CertificateError: the value is 16, but the chosen pairs sum to 15
    """
    check_claim(problem, solution)
    check_assignment(problem, solution.shift)
    if (value := assignment_value(problem, solution.shift)) != solution.value:
        raise CertificateError(f"the value is {solution.value}, but the chosen pairs sum to {value}")
    face: Face | None = None
    for certificate in solution.certificates:
        tight = _check_dual_feasible(problem, certificate, face)
        if solution.status == "optimal" or certificate.level == "seats":
            _check_closes(problem, certificate, face, solution)
        if certificate.level == "points":
            seats = solution.certificates[0] if problem.tier is not None else None
            face = Face.of(problem, certificate, tight, seats if seats is not certificate else None)
        elif face is not None:
            face = face.narrow(certificate, tight)
    _check_bound(problem, solution)
    if (
        solution.status == "optimal"
        and problem.lot is not None
        and face is not None
        and not face.is_single(problem, solution.shift)
    ):
        raise CertificateError("the lottery is not finished: another assignment is as good on every level")


def check_claim(problem: Problem, solution: Solution) -> None:
    """Raise CertificateError unless a solution makes sense, whatever the pairs: levels, status and shapes."""
    _check_shape(problem, solution.shift)
    _check_levels(problem, solution)
    for certificate in solution.certificates:
        _check_numbers(problem, certificate)


def _check_shape(problem: Problem, shift: Int32Array) -> None:
    if shift.shape != (problem.n_workers,):
        raise CertificateError(f"shift has shape {shift.shape}, expected ({problem.n_workers},)")


def check_assignment(problem: Problem, shift: Int32Array) -> None:
    """Raise CertificateError unless every chosen pair exists and every shift has the seats."""
    _check_shape(problem, shift)
    worker = np.flatnonzero(shift != -1)
    pair = problem.find(worker, shift[worker])
    if (missing := first_true(pair < 0)) is not None:
        row = worker[missing]
        raise CertificateError(f"worker {row} is at shift {shift[row]}, but the problem has no such pair")
    fill = np.bincount(shift[worker], minlength=problem.n_shifts)
    if (over := first_true(fill > problem.capacity)) is not None:
        raise CertificateError(
            f"shift {over} has {fill[over]} workers, over its capacity {problem.capacity[over]}"
        )


def _check_levels(problem: Problem, solution: Solution) -> None:
    """The levels are the ones due, in order, and the status fits them."""
    if solution.status not in ("optimal", "feasible"):
        raise CertificateError(f"status must be 'optimal' or 'feasible', got {solution.status!r}")
    claim = [(certificate.level, certificate.draw) for certificate in solution.certificates]
    head: list[tuple[Level, int]] = [("points", 0)]
    if problem.tier is not None and (solution.status == "optimal" or len(claim) > 1):
        head.insert(0, ("seats", 0))
    draws = len(claim) - len(head) if problem.lot is not None and solution.status == "optimal" else 0
    due = head + [("lottery", draw) for draw in range(draws)]
    if claim != due:
        raise CertificateError(f"{solution.status} needs the levels (level, draw) {due}, got {claim}")
    if solution.stopped not in get_args(Stopped):
        raise CertificateError(f"stopped must be one of {get_args(Stopped)}, got {solution.stopped!r}")
    if (solution.status == "optimal") != (solution.stopped == "proved"):
        raise CertificateError(f"status {solution.status!r} does not go with stopped {solution.stopped!r}")


def _check_numbers(problem: Problem, certificate: Certificate) -> None:
    """Prices of the right shape, not negative, and nothing so large that a sum of two could wrap."""
    for name, size in (("worker", problem.n_workers), ("shift", problem.n_shifts)):
        price = getattr(certificate, f"{name}_price")
        if price.shape != (size,):
            raise CertificateError(
                f"{certificate.level}: {name} prices have shape {price.shape}, not ({size},)"
            )
        if (wrong := first_true((price < 0) | (price > LARGEST_NUMBER))) is not None:
            raise CertificateError(
                f"{certificate.level}: {name} {wrong} has price {price[wrong]}, not in [0, {LARGEST_NUMBER}]"
            )
    steps = 2 if certificate.level == "lottery" else int(problem.urgency.max(initial=1))
    if abs(certificate.bonus) * steps > LARGEST_NUMBER // 2:
        raise CertificateError(f"{certificate.level}: bonus {certificate.bonus} is too large to compute with")


def _check_dual_feasible(problem: Problem, certificate: Certificate, face: Face | None) -> Int64Array:
    """``u[i] + p[j] >= w[i, j]`` for every pair of the level; returns the tight ones."""
    tight, broken = tight_pairs(problem, certificate, face)
    if broken is not None:
        worker, shift = problem.workers_of(np.array([broken]))[0], problem.shift[broken]
        u, p = certificate.worker_price[worker], certificate.shift_price[shift]
        weight = _weight_of(problem, certificate, face, broken)
        raise CertificateError(
            f"{certificate.level}: worker {worker} and shift {shift} have prices {u} + {p}, "
            f"below the weight {weight} of their pair"
        )
    return tight


def _weight_of(problem: Problem, certificate: Certificate, face: Face | None, pair: int) -> int:
    """Weight of one pair at a certificate's level."""
    urgency = int(problem.urgency[problem.shift[pair]])
    if certificate.level == "seats":
        return urgency
    if certificate.level == "points":
        return int(problem.weight[pair]) + certificate.bonus * urgency
    assert face is not None
    plain = _level_of(problem, certificate, face)
    return int(plain.weight[np.searchsorted(face.pairs, pair)])


def _level_of(problem: Problem, certificate: Certificate, face: Face | None) -> Problem:
    return level_problem(
        problem, certificate.level, bonus=certificate.bonus, draw=certificate.draw, face=face
    )


def _check_closes(problem: Problem, certificate: Certificate, face: Face | None, solution: Solution) -> None:
    """The value of the assignment at the level is the bound that the prices give."""
    if certificate.level == "lottery":
        value = assignment_value(_level_of(problem, certificate, face), solution.shift)
    else:
        seats = seats_value(problem, solution.shift)
        value = seats if certificate.level == "seats" else solution.value + certificate.bonus * seats
    if value != (bound := certificate.bound(problem)):
        raise CertificateError(
            f"{certificate.level}: the prices sum to {bound}, but the assignment to {value}"
        )


def _check_bound(problem: Problem, solution: Solution) -> None:
    """All assignments that fill the seats best get the same bonus, so it comes off the bound."""
    certificate = solution.points_certificate
    bonus = certificate.bonus * seats_value(problem, solution.shift)
    if bonus and solution.certificates[0].level != "seats":
        raise CertificateError(
            f"points: bonus {certificate.bonus}, but nothing proves that the seats are best"
        )
    if (bound := certificate.bound(problem) - bonus) != solution.bound:
        raise CertificateError(f"the bound is {solution.bound}, but the prices prove {bound}")


def assignment_value(problem: Problem, shift: Int32Array) -> int:
    """Sum of ``weight`` over the pairs of an assignment, all of which must exist."""
    worker = np.flatnonzero(shift >= 0)
    return exact_sum(problem.weight[problem.find(worker, shift[worker])])


def seats_value(problem: Problem, shift: Int32Array) -> int:
    """Sum of ``urgency`` over the seats that an assignment fills."""
    return exact_sum(problem.urgency[shift[shift >= 0]])
