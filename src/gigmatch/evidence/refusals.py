"""What follows from the morning and its rules alone: who is refused where, and by what.

The verifier calls the same functions as the explainer: they only ask every rule again and count, so that a
second way of doing it would be the same one; what a solver decided is never in them.
"""

from __future__ import annotations

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import IndexArray, Int64Array
from gigmatch.evidence.added_workers import AddedWorker
from gigmatch.evidence.data import NoEligibleShift, NoEligibleWorker, NotEligible, Promised
from gigmatch.evidence.parts import Holder, Refusal
from gigmatch.evidence.recourse import plain, smallest_changes
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import explain_rule, rule_name, told_by
from gigmatch.pairing.rules.skills import nobody_has

__all__ = [
    "holders",
    "known",
    "no_eligible_shift",
    "no_eligible_worker",
    "no_shift_for_added_worker",
    "not_eligible",
    "promised",
]


def holders(solved: SolvedMorning, shift: int) -> tuple[Holder, ...]:
    """List who has the seats of a shift, in order of row.

    Parameters
    ----------
    solved : SolvedMorning
        With its placements.
    shift : int
        Row.
    """
    rows = solved.worker[solved.shift == shift]
    return tuple(
        Holder(worker_id=key, points=solved.points(row, shift), promised=solved.is_promised(row))
        for row, key in zip(rows.tolist(), solved.names(rows), strict=True)
    )


def promised(solved: SolvedMorning, worker: int, shift: int) -> Promised | None:
    """Tell the promise that stands in the way of an eligible pair, if there is one.

    Parameters
    ----------
    solved : SolvedMorning
        With its promises.
    worker, shift : int
        Rows.
    """
    if not solved.is_promised(worker) and solved.instance.seats[shift] > 0:
        return None
    return Promised(
        worker_id=solved.columns.worker_ids[worker],
        shift_id=solved.columns.shift_ids[shift],
        what="the worker" if solved.is_promised(worker) else "every seat",
    )


def not_eligible(solved: SolvedMorning, worker: int, shift: int) -> NotEligible | None:
    """Tell every rule that refuses a pair, and a smallest set of changes; None for an eligible pair.

    Parameters
    ----------
    solved : SolvedMorning
        With its rules.
    worker, shift : int
        Rows.
    """
    pair = solved.pairs(np.array([worker]), np.array([shift]))
    refused, barred = solved.refused(pair)[:, 0], solved.is_barred(worker, shift)
    if not refused.any() and not barred:
        return None
    return NotEligible(
        worker_id=solved.columns.worker_ids[worker],
        shift_id=solved.columns.shift_ids[shift],
        refusals=tuple(
            Refusal(
                rule=rule_name(rule),
                sentence=told_by(rule),
                values=plain(explain_rule(rule, solved.columns, pair).values),
            )
            for rule, no in zip(solved.blocking, refused, strict=True)
            if no
        ),
        barred=barred,
        changes=smallest_changes(solved.instance, worker, shift),
    )


def no_eligible_shift(solved: SolvedMorning, worker: int) -> NoEligibleShift:
    """Count what refuses a worker everywhere, each rule in all and alone.

    Parameters
    ----------
    solved : SolvedMorning
        With its rules.
    worker : int
        Row.
    """
    shifts = np.arange(solved.columns.n_shifts)
    barred = np.unique(solved.instance.barred[solved.instance.barred[:, 0] == worker, 1])
    pairs = solved.pairs(np.full(len(shifts), worker), shifts)
    return _no_shift(solved, solved.columns.worker_ids[worker], pairs, barred)


def no_shift_for_added_worker(solved: SolvedMorning, added: AddedWorker) -> NoEligibleShift:
    """Count what refuses an added worker everywhere; nobody barred somebody who was not there.

    Parameters
    ----------
    solved : SolvedMorning
        With its rules.
    added : AddedWorker
        With their pairs.
    """
    found = _no_shift(solved, added.worker.id, added.pairs, np.zeros(0, np.int64))
    return found.model_copy(update={"newcomer": added.worker})


def no_eligible_worker(solved: SolvedMorning, shift: int) -> NoEligibleWorker:
    """Count what leaves a shift without anybody, each rule alone and in order.

    Parameters
    ----------
    solved : SolvedMorning
        With its rules.
    shift : int
        Row.
    """
    workers = np.arange(solved.columns.n_workers)
    refused = solved.refused(solved.pairs(workers, np.full(len(workers), shift)))
    before = np.logical_or.accumulate(np.vstack([np.zeros((1, len(workers)), bool), refused]))[:-1]
    barred = np.unique(solved.instance.barred[solved.instance.barred[:, 1] == shift, 0])
    return NoEligibleWorker(
        shift_id=solved.columns.shift_ids[shift],
        workers=len(workers),
        removed_alone=_by_rule(solved, refused.sum(axis=1)),
        removed_in_order=_by_rule(solved, (refused & ~before).sum(axis=1)),
        barred=int((~refused[:, barred].any(axis=0)).sum()),
        nobody_has=tuple(nobody_has(solved.columns, shift)),
    )


def known(minutes: float) -> float | None:
    """Minutes of a way, None where there is none."""
    return minutes if np.isfinite(minutes) else None


def _no_shift(
    solved: SolvedMorning, worker_id: str, pairs: Pairs, barred: IndexArray | Int64Array
) -> NoEligibleShift:
    """Count, of all pairs of a worker, what each rule refuses in all and alone."""
    refused = solved.refused(pairs)
    by = refused.sum(axis=0)
    return NoEligibleShift(
        worker_id=worker_id,
        shifts=len(pairs),
        refused_by=_by_rule(solved, refused.sum(axis=1)),
        refused_by_it_alone=_by_rule(solved, (refused & (by == 1)).sum(axis=1)),
        barred=int((by[barred] == 0).sum()),
    )


def _by_rule(solved: SolvedMorning, counts: IndexArray | Int64Array) -> dict[str, int]:
    names = [rule_name(rule) for rule in solved.blocking]
    return {name: int(n) for name, n in zip(names, counts.tolist(), strict=True) if n}
