"""What several shifts a worker may be, for the pairs of a morning, in integers.

Which shift may follow on which, from the rules of succession; what all shifts of a worker may take
together, from the rules on pairs that say so (`gigmatch.pairing.rules.plan_limits`). Rules that only warn
limit nothing: `warned_plans` finds who breaks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import (
    BoolArray,
    IndexArray,
    Int32Array,
    Int64Array,
    consecutive,
    per_entry,
    row_counts,
    row_pointers,
    run_pointers,
)
from gigmatch.pairing.rules.base import Rule, rule_name, rule_severity
from gigmatch.pairing.rules.plan_limits import NO_LIMIT, PlanLimit
from gigmatch.pairing.succession import SuccessionRule, apply_succession, joins, worker_kinds
from gigmatch.problem.followers import follower_rows

__all__ = ["PlanLimits", "plan_arrays", "plan_limits", "ranks", "warned_plans"]


class PlanLimits(NamedTuple):
    """Limits over the shifts of a worker, as a `PlanProblem` holds them."""

    amount: Int64Array
    amount_class: Int64Array
    limit_indptr: Int64Array
    limit_amount: Int64Array
    limit_class: Int64Array
    limit_most: Int64Array


def plan_arrays(
    columns: Columns,
    rules: Sequence[Rule],
    succession: Sequence[SuccessionRule],
    indptr: Int64Array,
    shift: Int32Array,
    threads: int | None = None,
) -> dict[str, Any]:
    """Everything that a `PlanProblem` of some pairs holds besides them, but for the promised ones.

    Parameters
    ----------
    columns : Columns
        Of the morning.
    rules, succession : sequences
        Those that stand; the ones that only warn limit nothing.
    indptr, shift : arrays, shapes (n_workers + 1,) and (n_pairs,)
        Eligible pairs by worker, shifts ascending.
    threads : int, optional
        As for ``gigmatch.match``.
    """
    workers, shifts = columns.workers, columns.shifts
    several = workers.max_shifts > 1
    follower_indptr, follower = follower_rows(
        indptr,
        shift,
        several,
        shifts.start_min,
        shifts.end_min,
        joins(succession, columns),
        worker_kinds(succession, columns),
        threads,
    )
    return {
        "most_shifts": workers.max_shifts,
        "follower_indptr": follower_indptr,
        "follower": follower,
        "rank": ranks(columns),
        **plan_limits(columns, rules, indptr, shift)._asdict(),
        "minimum": shifts.minimum_headcount,
        "crew": shifts.crew,
        "group": workers.companions,
        "group_in_crew": columns.companions_in_crew,
    }


def ranks(columns: Columns) -> Int64Array:
    """Place of every shift in order of time: by beginning, then end, then id: int64[n_shifts]."""
    order = np.lexsort((columns.shifts.end_min, columns.shifts.start_min))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def plan_limits(columns: Columns, rules: Sequence[Rule], indptr: Int64Array, shift: Int32Array) -> PlanLimits:
    """The limits that the pairs of a worker could exceed together; those of others are left out.

    A pair that is eligible is so alone: no limit is below what one of the worker's pairs takes.
    """
    entries: dict[tuple[bytes, bytes], _Row] = {}
    for limit in _limits(columns, rules, "block"):
        scale = max(int(np.gcd.reduce(limit.amount)), 1)
        found = _exceeded(columns, limit, indptr, shift)
        if len(found.worker):
            of_class = np.zeros(columns.n_shifts, np.int64) if limit.of_class is None else limit.of_class
            amount = limit.amount // scale
            row = entries.setdefault((amount.tobytes(), of_class.tobytes()), _Row(amount, of_class, []))
            row.found.append(found._replace(most=found.most // scale))
    return _laid_out(columns, list(entries.values()))


class _Found(NamedTuple):
    """Limits of workers on one amount."""

    worker: Int64Array
    of_class: Int64Array
    """-1 for all shifts."""
    most: Int64Array


class _Row(NamedTuple):
    amount: Int64Array
    of_class: Any
    found: list[_Found]


def _limits(columns: Columns, rules: Sequence[Any], severity: str) -> Iterator[PlanLimit]:
    for rule in rules:
        if hasattr(rule, "plan_limits") and rule_severity(rule, columns) == severity:
            yield from rule.plan_limits(columns)


def _exceeded(columns: Columns, limit: PlanLimit, indptr: Int64Array, shift: Int32Array) -> _Found:
    """Where the largest pairs of a worker, as many as they may take, would come to more than is left."""
    most_shifts = columns.workers.max_shifts
    is_asked = per_entry((most_shifts > 1) & (row_counts(indptr) > 1), indptr) & (limit.amount > 0)[shift]
    pairs = np.flatnonzero(is_asked)
    worker = np.searchsorted(indptr, pairs, side="right") - 1
    classes = (
        np.zeros(columns.n_shifts, np.int64) if limit.of_class is None else limit.of_class.astype(np.int64)
    )
    amounts, place = np.unique(
        -limit.amount, return_inverse=True
    )  # sorted as numbers: far quicker than by keys
    n_classes = int(classes.max(initial=0)) + 1
    key = (worker * n_classes + classes[shift[pairs]]) * len(amounts) + place[shift[pairs]]
    key.sort()
    unit, place = np.divmod(key, len(amounts))
    amount, runs = -amounts[place], run_pointers(unit)
    first, sizes = runs[:-1], row_counts(runs)
    if not len(first):
        return _Found(first, first, first)
    worker, of_class = np.divmod(unit[first], n_classes)
    taken = consecutive(np.zeros(len(sizes), np.int64), sizes) < np.repeat(most_shifts[worker], sizes)
    together = np.add.reduceat(np.where(taken, amount, 0), first)
    left = limit.most(worker, of_class)
    most = np.maximum(left, amount[first])
    over = (left != NO_LIMIT) & (together > most)
    named = np.full(len(worker), -1, np.int64) if limit.of_class is None else of_class
    return _Found(worker[over], named[over], most[over])


def _laid_out(columns: Columns, rows: Sequence[_Row]) -> PlanLimits:
    """Limits by worker; of several on one amount and class the least."""
    nothing = np.empty(0, np.int64)
    each = [(at, found) for at, row in enumerate(rows) for found in row.found]
    worker = np.concatenate([nothing, *(found.worker for _, found in each)])
    amount = np.concatenate([nothing, *(np.full(len(found.worker), at) for at, found in each)])
    of_class = np.concatenate([nothing, *(found.of_class for _, found in each)])
    most = np.concatenate([nothing, *(found.most for _, found in each)])
    order = np.lexsort((most, of_class, amount, worker))
    order = order[run_pointers(worker[order], amount[order], of_class[order])[:-1]]
    shape = (len(rows), columns.n_shifts)
    return PlanLimits(
        amount=np.array([row.amount for row in rows], np.int64).reshape(shape),
        amount_class=np.array([row.of_class for row in rows], np.int64).reshape(shape),
        limit_indptr=row_pointers(np.bincount(worker[order], minlength=columns.n_workers)),
        limit_amount=amount[order],
        limit_class=of_class[order],
        limit_most=most[order],
    )


def warned_plans(
    columns: Columns,
    rules: Sequence[Rule],
    succession: Sequence[SuccessionRule],
    worker: Int32Array,
    shift: Int32Array,
) -> dict[str, Int64Array]:
    """Who breaks which rule that warns with several shifts together: rows of workers, ascending, by name.

    Parameters
    ----------
    columns : Columns
        Of the morning.
    rules, succession : sequences
        Those that stand.
    worker, shift : arrays, shape (n_placements,)
        Who has which shift, in any order.
    """
    order = np.lexsort((ranks(columns)[shift], worker))
    who: IndexArray = worker[order].astype(np.intp)
    what: IndexArray = shift[order].astype(np.intp)
    found: dict[str, Int64Array] = {}
    for rule in rules:
        for limit in _limits(columns, [rule], "warn"):
            over = _over(limit, who, what)
            found[rule_name(rule)] = np.union1d(found.get(rule_name(rule), over), over)
    after = np.flatnonzero(who[1:] == who[:-1])
    for step in succession:
        if rule_severity(step, columns) == "warn":  # type: ignore[arg-type]
            ok = apply_succession(step, columns, who[after], what[after], what[after + 1])
            found[rule_name(step)] = np.unique(who[after][~ok])  # type: ignore[arg-type]
    return {name: rows for name, rows in found.items() if len(rows)}


def _over(limit: PlanLimit, worker: IndexArray, shift: IndexArray) -> Int64Array:
    """Workers of several shifts that take more together than is left."""
    of_class: Any = np.zeros(len(shift), np.int64) if limit.of_class is None else limit.of_class[shift]
    order = np.lexsort((of_class, worker))
    worker, of_class, amount = worker[order], of_class[order], limit.amount[shift[order]]
    runs = run_pointers(worker, of_class)
    first = runs[:-1]
    if not len(first):
        return np.empty(0, np.int64)
    several: BoolArray = row_counts(runs) > 1
    most = limit.most(worker[first], of_class[first])
    over = several & (most != NO_LIMIT) & (np.add.reduceat(amount, first) > most)
    return np.unique(worker[first][over]).astype(np.int64)
