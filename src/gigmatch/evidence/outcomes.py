"""What a changed morning comes to: its best assignment as evidence, and the evidence verified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.assignment.case import Case
from gigmatch.columns import Columns
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.evidence.advice import Outcome
from gigmatch.evidence.facts import Facts
from gigmatch.evidence.parts import Move
from gigmatch.evidence.prices import certificate_of
from gigmatch.model import Morning
from gigmatch.problem import Certificate, Problem, Solution, assignment_value, verify
from gigmatch.problem.integers import LARGEST_NUMBER

__all__ = ["Reached", "outcome_of", "reached"]


class Reached(NamedTuple):
    """The assignment that an outcome proves best."""

    shift: Int32Array
    """Shift row of every worker, promised ones included, -1 for none."""
    wages: float
    """Wages offered to those placed."""


def outcome_of(old: Assignment, new: Assignment) -> Outcome:
    """The evidence that a new assignment leaves, told as moves from an old one with the same ids.

    Parameters
    ----------
    old, new : Assignment
        Both proved optimal; of two mornings with the same workers and shifts.
    """
    before, after = old.solution.shift, new.solution.shift

    def name(row: int) -> str | None:
        return None if row < 0 else new.shift_ids[row]

    def told(proof: Certificate) -> dict[str, int]:
        rows = np.flatnonzero(proof.shift_price)
        prices = zip(rows.tolist(), proof.shift_price[rows].tolist(), strict=True)
        return {new.shift_ids[row]: price for row, price in prices}

    points = new.solution.points_certificate
    seats = next((proof for proof in new.certificates if proof.level == "seats"), None)
    return Outcome(
        moves=tuple(
            Move(worker_id=new.worker_ids[k], leaves=name(int(before[k])), goes_to=name(int(after[k])))
            for k in np.flatnonzero(before != after).tolist()
        ),
        bonus=points.bonus,
        seat_prices={} if seats is None else told(seats),
        prices=told(points),
    )


def reached(facts: Facts, changed: Morning, outcome: Outcome) -> Reached:
    """Verify that the moves lead to a best assignment of a changed morning.

    Parameters
    ----------
    facts : Facts
        Of the morning as it is, and its assignment; rules, policy and promises stay.
    changed : Morning
        With the same workers and shifts.
    outcome : Outcome
        What to verify.

    Raises
    ------
    CertificateError
        The moves do not start from the assignment, lead to none, or the prices leave room for a better one.
    """
    old = facts.case
    case = Case.prepare(changed, old.rules, old.policy, old.travel, old.keep, old.forbid)
    problem = case.problem(case.eligible(), lots=False)
    if not 0 <= outcome.bonus <= problem.largest_bonus:
        raise CertificateError(f"bonus {outcome.bonus} is not in [0, {problem.largest_bonus}]")
    shift = _after(facts, outcome)
    proofs = [certificate_of(problem, "points", _row_prices(facts, outcome.prices), outcome.bonus)]
    if problem.tier is not None:
        proofs.insert(0, certificate_of(problem, "seats", _row_prices(facts, outcome.seat_prices)))
    verify(problem, _solution(problem, shift, tuple(proofs)))
    everybody = np.where(case.kept >= 0, case.kept, shift)
    return Reached(everybody, wages(case.columns, everybody))


def wages(columns: Columns, shift: Int32Array) -> float:
    """Wages offered to those placed."""
    return float(columns.shifts.pay_total[shift[shift >= 0]].sum())


def _solution(problem: Problem, shift: Int32Array, proofs: tuple[Certificate, ...]) -> Solution:
    pairs = problem.find(np.flatnonzero(shift >= 0), shift[shift >= 0])
    if (pairs < 0).any():
        raise CertificateError("the moves lead somebody to a shift that they are not eligible for")
    value = assignment_value(problem, shift)
    return Solution(
        shift=shift, value=value, bound=value, certificates=proofs, status="optimal", stopped="proved"
    )


def _after(facts: Facts, outcome: Outcome) -> Int32Array:
    """The assignment after the moves."""
    shift = facts.assignment.solution.shift.copy()
    if len({move.worker_id for move in outcome.moves}) < len(outcome.moves):
        raise CertificateError("somebody moves twice")
    for move in outcome.moves:
        worker = facts.worker(move.worker_id)
        leaves, to = (-1 if key is None else facts.shift(key) for key in (move.leaves, move.goes_to))
        if leaves != shift[worker] or to == leaves:
            raise CertificateError(f"{move.worker_id!r} does not leave {move.leaves!r} for elsewhere")
        shift[worker] = to
    return shift


def _row_prices(facts: Facts, prices: Mapping[str, int]) -> Int64Array:
    found = np.zeros(facts.problem.n_shifts, np.int64)
    for key, price in prices.items():
        if not 0 <= price <= LARGEST_NUMBER:
            raise CertificateError(f"a seat of {key!r} has price {price}, not in [0, {LARGEST_NUMBER}]")
        found[facts.shift(key)] = price
    return found
