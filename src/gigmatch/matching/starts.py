"""Where a search begins: an older answer in the rows of a new morning, what is the same told by ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.columns import Columns
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import CertificateError, InvalidInputError
from gigmatch.i18n import Told
from gigmatch.problem import POINTS, Solution
from gigmatch.problem.plans import LEAF, Branching, LevelClaim, PlanCertificate, PlanSolution, Split

__all__ = ["plain_start", "plan_start"]

MOST_MULTIPLIER = 2**40  # far above what any morning needs, and safe to multiply


def plain_start(columns: Columns, old: Assignment) -> Solution:
    """An older answer in the rows of these columns: who is still here keeps the shift that is still there.

    Raises
    ------
    InvalidInputError
        It is damaged, proves nothing of the points, or somebody has several shifts.
    """
    if isinstance(solution := old.solution, PlanSolution):
        raise InvalidInputError("start_damaged", error=Told.of("errors.start_several_shifts"))
    try:
        points = solution.points_certificate
    except CertificateError:
        raise InvalidInputError("start_without_certificate") from None
    _check(old, points.shift_price, list(points.multipliers.values()))
    shift = np.full(columns.n_workers, -1, np.int32)
    worker_row, shift_row = _rows(old.worker_ids, columns.worker_row), _rows(old.shift_ids, columns.shift_row)
    still = worker_row[old.placed_worker] >= 0
    shift[worker_row[old.placed_worker[still]]] = shift_row[old.placed_shift[still]]
    nothing = np.zeros(columns.n_workers, np.int64)
    price = _moved(points.shift_price, shift_row, columns.n_shifts)
    return replace(
        solution, shift=shift, certificates=(replace(points, worker_price=nothing, shift_price=price),)
    )


def plan_start(columns: Columns, old: Assignment) -> PlanSolution:
    """An older answer in the rows of these columns: who is still here keeps the shifts that are still there.

    Of its proofs the prices of the first leaf of the last are taken, those of a plain answer as they are.

    Raises
    ------
    InvalidInputError
        It is damaged, or proves nothing of the points.
    """
    scale, multipliers, price = _first_leaf(old)
    _check(old, price // max(scale, 1), [each // max(scale, 1) for each in multipliers], plain=False)
    worker_row, shift_row = _rows(old.worker_ids, columns.worker_row), _rows(old.shift_ids, columns.shift_row)
    worker, shift = worker_row[old.placed_worker], shift_row[old.placed_shift]
    still = np.flatnonzero((worker >= 0) & (shift >= 0))
    still = still[np.argsort(worker[still], kind="stable")]
    nothing = np.empty(0, np.int64)
    split = Split(
        scale=scale,
        multipliers=multipliers,
        shift_price=_moved(price, shift_row, columns.n_shifts),
        pair=nothing,
        pair_price=nothing,
    )
    leaf = Branching(kind=np.array([LEAF]), what=np.zeros(1, np.int64))
    return PlanSolution(
        worker=worker[still],
        shift=shift[still],
        claims=(LevelClaim(POINTS.name, 0, 0),),
        certificates=(PlanCertificate(level=POINTS.name, branching=leaf, splits=(split,)),),
        status="feasible",
        stopped="heuristic",
    )


def _first_leaf(old: Assignment) -> tuple[int, tuple[int, ...], Int64Array]:
    """Scale, multipliers of the levels above, and price of every shift."""
    solution = old.solution
    try:
        if isinstance(solution, PlanSolution):
            split = solution.certificates[-1].splits[0]
            return split.scale, split.multipliers, split.shift_price
        return 1, (), solution.points_certificate.shift_price
    except (CertificateError, IndexError):
        raise InvalidInputError("start_without_certificate") from None


def _check(old: Assignment, price: Int64Array, multipliers: Sequence[int], *, plain: bool = True) -> None:
    """A loaded start may hold anything: its rows must be those of its own ids."""
    n_shifts = len(old.shift_ids)
    rows = ((old.placed_worker, len(old.worker_ids)), (old.placed_shift, n_shifts))
    rules = {
        Told.of("errors.start_rows"): all(
            len(at) == len(old.placed_worker) and not ((at < 0) | (at >= n)).any() for at, n in rows
        ),
        Told.of("errors.start_several_shifts"): old.is_plain or not plain,
        Told.of("errors.start_prices"): len(price) == n_shifts,
        Told.of("errors.start_multipliers", most=MOST_MULTIPLIER): all(
            0 <= multiplier <= MOST_MULTIPLIER for multiplier in multipliers
        ),
    }
    for rule, holds in rules.items():
        if not holds:
            raise InvalidInputError("start_damaged", error=rule)


def _rows(ids: Sequence[str], row_of: Mapping[str, int]) -> Int32Array:
    """Row of every id, -1 where it is not there any more."""
    return np.array([row_of.get(key, -1) for key in ids], np.int32)


def _moved(price: Int64Array, shift_row: Int32Array, n_shifts: int) -> Int64Array:
    """Price of every shift, 0 for a new one."""
    moved, known = np.zeros(n_shifts, np.int64), shift_row >= 0
    moved[shift_row[known]] = price[known]
    return moved
