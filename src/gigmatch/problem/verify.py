"""The verifier: recomputes every claim in integers, and trusts nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import numpy as np

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.problem.integers import LARGEST_NUMBER, exact_sum, first_true
from gigmatch.problem.levels.base import WeightedLevel, Weights, value_of, weights_at
from gigmatch.problem.levels.faces import Face, drawn_problem, tight_pairs, weights_of
from gigmatch.problem.problem import Problem
from gigmatch.problem.solution import Certificate, Solution, Stopped

__all__ = [
    "assignment_value",
    "check_assignment",
    "check_claim",
    "check_multipliers",
    "level_values",
    "verify",
]


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
    values = dict(zip(map(_name, problem.weighted), level_values(problem, solution.shift), strict=True))
    if (value := values[problem.bound_level.name]) != solution.value:
        raise CertificateError("value_does_not_hold", said=solution.value, found=value)
    proofs = [proof for proof in solution.certificates if proof.level in values]
    tight = np.zeros(0, np.int64)
    for proof in proofs:
        tight = _check_dual_feasible(problem, proof, None, listed=proof is proofs[-1])
        if solution.status == "optimal" or _is_above_bound(problem, proof):
            _check_closes(problem, proof, values[proof.level] + _of_those_above(proof, values))
    _check_bound(problem, solution, values)
    if solution.status == "optimal" and problem.drawn is not None:
        _check_draws(problem, solution, Face.of(problem, proofs, tight))


def _name(level: WeightedLevel) -> str:
    return level.name


def _of_those_above(proof: Certificate, values: Mapping[str, int]) -> int:
    """What an assignment is worth on the levels above, as a certificate multiplies them."""
    return sum(multiplier * values[name] for name, multiplier in proof.multipliers.items())


def _check_draws(problem: Problem, solution: Solution, face: Face) -> None:
    """Every round is proved on what the rounds before leave, and they leave one answer."""
    assert problem.drawn is not None
    for proof in solution.certificates:
        if proof.level != problem.drawn.name:
            continue
        tight = _check_dual_feasible(problem, proof, face)
        plain = drawn_problem(problem, problem.drawn, face, draw=proof.draw, multiplier=proof.multiplier)
        _check_closes(problem, proof, assignment_value(plain, solution.shift))
        face = face.narrow(proof, tight)
    if not face.is_single(problem, solution.shift):
        raise CertificateError("lottery_not_finished", name=problem.drawn.name)


def _is_above_bound(problem: Problem, proof: Certificate) -> bool:
    return problem.place(proof.level) < problem.place(problem.bound_level.name)


def check_claim(problem: Problem, solution: Solution) -> None:
    """Raise CertificateError unless a solution makes sense, whatever the pairs: levels, status and shapes."""
    _check_shape(problem, solution.shift)
    _check_levels(problem, solution)
    for certificate in solution.certificates:
        _check_numbers(problem, certificate)


def _check_shape(problem: Problem, shift: Int32Array) -> None:
    if shift.shape != (problem.n_workers,):
        raise CertificateError("wrong_shape", found=shift.shape, n=problem.n_workers)


def check_assignment(problem: Problem, shift: Int32Array) -> None:
    """Raise CertificateError unless every chosen pair exists and every shift has the seats."""
    _check_shape(problem, shift)
    worker = np.flatnonzero(shift != -1)
    pair = problem.find(worker, shift[worker])
    if (missing := first_true(pair < 0)) is not None:
        row = worker[missing]
        raise CertificateError("no_such_pair", row=row, at=shift[row])
    fill = np.bincount(shift[worker], minlength=problem.n_shifts)
    if (over := first_true(fill > problem.capacity)) is not None:
        raise CertificateError("over_capacity", row=over, n=fill[over], most=problem.capacity[over])


def _check_levels(problem: Problem, solution: Solution) -> None:
    """The levels are the ones due, in order, and the status fits them."""
    if solution.status not in ("optimal", "feasible"):
        raise CertificateError(
            "unknown_option", name="status", names="'optimal', 'feasible'", value=solution.status
        )
    claim = [(certificate.level, certificate.draw) for certificate in solution.certificates]
    due = [(problem.bound_level.name, 0)]
    if solution.status == "optimal" or len(claim) > 1:
        due = [(level.name, 0) for level in problem.weighted]
    if problem.drawn is not None and solution.status == "optimal":
        due += [(problem.drawn.name, draw) for draw in range(len(claim) - len(due))]
    if claim != due:
        raise CertificateError("wrong_certificates", status=solution.status, due=due, claim=claim)
    if solution.stopped not in get_args(Stopped):
        raise CertificateError(
            "unknown_option",
            name="stopped",
            names=", ".join(map(repr, get_args(Stopped))),
            value=solution.stopped,
        )
    if (solution.status == "optimal") != (solution.stopped == "proved"):
        raise CertificateError("status_and_stopped", status=solution.status, stopped=solution.stopped)


def _check_numbers(problem: Problem, certificate: Certificate) -> None:
    """Prices of the right shape, not negative, and nothing so large that a sum of two could wrap."""
    for name, size in (("worker", problem.n_workers), ("shift", problem.n_shifts)):
        price = getattr(certificate, f"{name}_price")
        if price.shape != (size,):
            raise CertificateError(
                "prices_of_other_shape", level=certificate.level, name=name, found=price.shape, n=size
            )
        if (wrong := first_true((price < 0) | (price > LARGEST_NUMBER))) is not None:
            raise CertificateError(
                "price_out_of_range",
                level=certificate.level,
                name=name,
                row=wrong,
                price=price[wrong],
                most=LARGEST_NUMBER,
            )
    check_multipliers(problem, certificate)


def check_multipliers(problem: Problem, certificate: Certificate) -> None:
    """Raise CertificateError for multipliers of other than levels above, or too large to compute with."""
    name, reach = certificate.level, 2 * abs(certificate.multiplier)
    place = problem.place(name) if problem.is_weighted(name) else 0
    above = [level.name for level in problem.weighted[:place]]
    for level, multiplier in certificate.multipliers.items():
        if level not in above:
            raise CertificateError("multiplier_of_no_level_above", level=name, name=level)
        least, most = problem.extent_of(above.index(level))
        reach += abs(multiplier) * max(most, -least)
    if certificate.multiplier and problem.is_weighted(name):
        raise CertificateError("multiplier_of_weighted_level", level=name, by=certificate.multiplier)
    if reach > LARGEST_NUMBER // 2:
        raise CertificateError("multipliers_reach_too_far", level=name, reach=reach)


def _check_dual_feasible(
    problem: Problem, certificate: Certificate, face: Face | None, *, listed: bool = True
) -> Int64Array:
    """``u[i] + p[j] >= w[i, j]`` for every pair of the level; returns the tight ones, if they are listed."""
    tight, broken = tight_pairs(problem, certificate, face, listed=listed)
    if broken is not None:
        worker, shift = problem.workers_of(np.array([broken]))[0], problem.shift[broken]
        u, p = certificate.worker_price[worker], certificate.shift_price[shift]
        weight = _weight_of(problem, certificate, face, broken)
        raise CertificateError(
            "prices_below_weight", level=certificate.level, row=worker, at=shift, u=u, p=p, weight=weight
        )
    return tight


def _weight_of(problem: Problem, proof: Certificate, face: Face | None, pair: int) -> int:
    """Weight of one pair at a certificate's level."""
    if face is None:
        return int(weights_at(problem, _weights(problem, proof), np.array([pair]))[0])
    assert problem.drawn is not None
    plain = drawn_problem(problem, problem.drawn, face, draw=proof.draw, multiplier=proof.multiplier)
    return int(plain.weight[np.searchsorted(face.pairs, pair)])


def _weights(problem: Problem, proof: Certificate) -> Weights:
    return weights_of(problem, problem.weighted[problem.place(proof.level)], proof.multipliers)


def _check_closes(problem: Problem, certificate: Certificate, value: int) -> None:
    """The value of the assignment at the level is the bound that the prices give."""
    if value != (bound := certificate.bound(problem)):
        raise CertificateError("prices_do_not_close", level=certificate.level, bound=bound, value=value)


def _check_bound(problem: Problem, solution: Solution, values: Mapping[str, int]) -> None:
    """All that are best on the levels above are worth as much there, so that much comes off the bound."""
    proof = solution.points_certificate
    proved = {certificate.level for certificate in solution.certificates}
    for name, multiplier in proof.multipliers.items():
        if multiplier and name not in proved:
            raise CertificateError("level_above_not_proved", level=proof.level, by=multiplier, name=name)
    if (bound := proof.bound(problem) - _of_those_above(proof, values)) != solution.bound:
        raise CertificateError("bound_not_proved", said=solution.bound, found=bound)


def level_values(problem: Problem, shift: Int32Array) -> tuple[int, ...]:
    """What an assignment, all of whose pairs exist, is worth on each of the weighted levels, in order."""
    return tuple(value_of(problem, weights, shift) for weights in problem.weights)


def assignment_value(problem: Problem, shift: Int32Array) -> int:
    """Sum of ``weight`` over the pairs of an assignment, all of which must exist."""
    worker = np.flatnonzero(shift >= 0)
    return exact_sum(problem.weight[problem.find(worker, shift[worker])])
