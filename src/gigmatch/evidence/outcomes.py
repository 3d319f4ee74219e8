"""What a changed morning comes to: its best assignment as evidence, and the evidence verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import NamedTuple

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import CertificateError
from gigmatch.evidence.advice import LevelPrices, Outcome
from gigmatch.evidence.parts import Move
from gigmatch.evidence.prices import certificate_of
from gigmatch.model import Morning
from gigmatch.problem import (
    Certificate,
    Face,
    Problem,
    Solution,
    assignment_value,
    check_multipliers,
    drawn_problem,
    tight_pairs,
    verify,
)
from gigmatch.problem.integers import LARGEST_NUMBER
from gigmatch.problem.prices import worker_prices_at

__all__ = ["Reached", "outcome_of", "reached"]


class Reached(NamedTuple):
    """The assignment that an outcome proves to be the changed morning's."""

    instance: Instance
    """Of the changed morning."""
    problem: Problem
    shift: Int32Array
    """Shift row of every worker who was not promised one, -1 for none."""

    @property
    def wages(self) -> float:
        """Wages offered to those placed."""
        return wages(self.instance.columns, self.instance.with_promises(self.shift))


def outcome_of(problem: Problem, old: Assignment, new: Assignment) -> Outcome:
    """The evidence that a new assignment leaves, told as moves from an old one with the same ids.

    Parameters
    ----------
    problem : Problem
        With the levels of both.
    old, new : Assignment
        Both proved optimal; of two mornings with the same workers and shifts.
    """
    before, after = old.plain_solution.shift, new.plain_solution.shift

    def name(row: int) -> str | None:
        return None if row < 0 else new.shift_ids[row]

    def told(proof: Certificate) -> LevelPrices:
        rows = np.flatnonzero(proof.shift_price)
        prices = zip(rows.tolist(), proof.shift_price[rows].tolist(), strict=True)
        return LevelPrices(
            level=proof.level,
            multipliers=dict(proof.multipliers),
            multiplier=proof.multiplier,
            draw=proof.draw,
            prices={new.shift_ids[row]: price for row, price in prices},
        )

    return Outcome(
        moves=tuple(
            Move(worker_id=new.worker_ids[k], leaves=name(int(before[k])), goes_to=name(int(after[k])))
            for k in np.flatnonzero(before != after).tolist()
        ),
        proofs=tuple(told(proof) for proof in new.plain_solution.certificates),
    )


def reached(solved: SolvedMorning, changed: Morning, outcome: Outcome) -> Reached:
    """Verify that the moves lead to the assignment of a changed morning: the best one, ties drawn by lot.

    Parameters
    ----------
    solved : SolvedMorning
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
    old = solved.instance
    instance = Instance.prepare(changed, old.rules, old.policy, old.travel, old.keep, old.forbid, plain=True)
    problem = instance.problem(instance.eligible())
    shift = _after(solved, outcome)
    due = [(level.name, 0) for level in problem.weighted]
    if problem.drawn is not None:
        due += [(problem.drawn.name, draw) for draw in range(len(outcome.proofs) - len(due))]
    if [(proof.level, proof.draw) for proof in outcome.proofs] != due:
        raise CertificateError("proofs_out_of_order")
    proofs = [
        certificate_of(problem, level, _row_prices(solved, proof.prices), _multipliers(problem, proof))
        for level, proof in zip(problem.weighted, outcome.proofs, strict=False)
    ]
    draws = _draws(solved, problem, proofs, outcome.proofs[len(proofs) :])
    verify(problem, _solution(problem, shift, (*proofs, *draws)))
    return Reached(instance, problem, shift)


def _draws(
    solved: SolvedMorning, problem: Problem, proofs: Sequence[Certificate], told: Sequence[LevelPrices]
) -> Iterator[Certificate]:
    """The certificates of the lottery's rounds, each on what those before leave."""
    if problem.drawn is None or not told:
        return
    face = Face.of(problem, proofs, tight_pairs(problem, proofs[-1])[0])
    for each in told:
        if each.multipliers:
            raise CertificateError(
                "multiplier_of_no_level_above", level=each.level, name=min(each.multipliers)
            )
        price = _row_prices(solved, each.prices)
        nobody = np.zeros(problem.n_workers, np.int64)
        frame = Certificate(
            level=each.level,
            worker_price=nobody,
            shift_price=price,
            multiplier=each.multiplier,
            draw=each.draw,
        )
        check_multipliers(problem, frame)
        plain = drawn_problem(problem, problem.drawn, face, draw=each.draw, multiplier=each.multiplier)
        proof = replace(frame, worker_price=worker_prices_at(plain, price))
        face = face.narrow(proof, tight_pairs(problem, proof, face)[0])
        yield proof


def _multipliers(problem: Problem, proof: LevelPrices) -> dict[str, int]:
    """The multipliers of a certificate, if they can be computed with."""
    if proof.multiplier:
        raise CertificateError("multiplier_of_weighted_level", level=proof.level, by=proof.multiplier)
    place = problem.place(proof.level)
    for name, multiplier in proof.multipliers.items():
        if name not in [level.name for level in problem.weighted[:place]]:
            raise CertificateError("multiplier_of_no_level_above", level=proof.level, name=name)
        most = prod(problem.largest_multipliers[problem.place(name) + 1 : place + 1])
        if not 0 <= multiplier <= most:
            raise CertificateError("multiplier_out_of_range", by=multiplier, most=most)
    return proof.multipliers


def wages(columns: Columns, shift: Int32Array) -> float:
    """Wages offered to those placed."""
    return float(columns.shifts.pay_total[shift[shift >= 0]].sum())


def _solution(problem: Problem, shift: Int32Array, proofs: tuple[Certificate, ...]) -> Solution:
    pairs = problem.find(np.flatnonzero(shift >= 0), shift[shift >= 0])
    if (pairs < 0).any():
        raise CertificateError("moves_lead_to_ineligible")
    value = assignment_value(problem, shift)
    return Solution(
        shift=shift, value=value, bound=value, certificates=proofs, status="optimal", stopped="proved"
    )


def _after(solved: SolvedMorning, outcome: Outcome) -> Int32Array:
    """The assignment after the moves."""
    shift = solved.solution.shift.copy()
    if len({move.worker_id for move in outcome.moves}) < len(outcome.moves):
        raise CertificateError("moved_twice")
    for move in outcome.moves:
        worker = solved.worker_row(move.worker_id)
        leaves, to = (-1 if key is None else solved.shift_row(key) for key in (move.leaves, move.goes_to))
        if leaves != shift[worker] or to == leaves:
            raise CertificateError("worker_does_not_leave", worker=move.worker_id, shift=move.leaves)
        shift[worker] = to
    return shift


def _row_prices(solved: SolvedMorning, prices: Mapping[str, int]) -> Int64Array:
    found = np.zeros(solved.problem.n_shifts, np.int64)
    for key, price in prices.items():
        if not 0 <= price <= LARGEST_NUMBER:
            raise CertificateError("seat_price_out_of_range", shift=key, price=price, most=LARGEST_NUMBER)
        found[solved.shift_row(key)] = price
    return found
