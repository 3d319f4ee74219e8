"""Promised and forbidden pairs: ids to rows, and the refusal of a promise that cannot be held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import InvalidPairsError
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import (
    Rule,
    apply_rule,
    explain_rule,
    rule_name,
    rule_sentence,
    rule_severity,
)
from gigmatch.pairing.travel import Travel

__all__ = ["IdPairs", "id_pairs", "kept_rows", "pair_rows"]

IdPairs = Iterable[tuple[str, str]]


def id_pairs(pairs: IdPairs, name: str) -> tuple[tuple[str, str], ...]:
    """The pairs as given, if they are pairs of ids; ``name`` is what they were passed as."""
    if isinstance(pairs, str | Mapping) or not isinstance(pairs, Iterable):
        raise InvalidPairsError(f"{name} must be a sequence of (worker id, shift id); got {pairs!r:.80}")
    found = tuple(tuple(pair) if isinstance(pair, tuple | list) else (pair,) for pair in pairs)
    for at, pair in enumerate(found):
        if len(pair) != 2 or not all(isinstance(key, str) for key in pair):
            raise InvalidPairsError(f"{name}[{at}] is {pair!r}; give (worker id, shift id)")
    return found  # type: ignore[return-value]


def pair_rows(columns: Columns, pairs: Sequence[tuple[str, str]], name: str) -> Int64Array:
    """Rows of worker and shift of pairs of ids: int64[k, 2]."""
    rows = np.empty((len(pairs), 2), dtype=np.int64)
    for at, pair in enumerate(pairs):
        for side, (key, known) in enumerate(zip(pair, (columns.worker_row, columns.shift_row), strict=True)):
            if key not in known:
                raise InvalidPairsError(
                    f"{name}[{at}] names {('worker', 'shift')[side]} {key!r}, not in the morning"
                )
            rows[at, side] = known[key]
    return rows


def kept_rows(
    columns: Columns,
    keep: Sequence[tuple[str, str]],
    forbid: Sequence[tuple[str, str]],
    rules: Sequence[Rule],
    travel: Travel,
) -> Int32Array:
    """Shift row of each promised worker, -1 for the others: int32[n_workers].

    Raises
    ------
    InvalidPairsError
        For the first promise, in the order given, that cannot be held. Rules are asked for all the promises
        before one that cannot be held whatever they say, in one block.
    """
    rows = pair_rows(columns, keep, "keep")
    kept = np.full(columns.n_workers, -1, dtype=np.int32)
    left = columns.shifts.capacity.copy()
    barred = set(forbid)
    fault = None
    for at, (worker, shift) in enumerate(rows.tolist()):
        left[shift] -= 1
        if kept[worker] >= 0:
            fault = "the worker has a promised pair already; keep one"
        elif keep[at] in barred:
            fault = "the pair is forbidden too; drop it from keep or from forbid"
        elif left[shift] < 0:
            fault = f"the shift has only {columns.shifts.capacity[shift]} seats"
        if fault:
            _refuse_broken(columns, keep, rows[:at], rules, travel)
            raise InvalidPairsError(f"{_where(keep, at)}: {fault}")
        kept[worker] = shift
    _refuse_broken(columns, keep, rows, rules, travel)
    return kept


def _refuse_broken(
    columns: Columns,
    keep: Sequence[tuple[str, str]],
    rows: Int64Array,
    rules: Sequence[Rule],
    travel: Travel,
) -> None:
    """Raise for the first promise that a rule refuses, and the first rule that does; a worker has one."""
    if not len(rows):
        return
    order = np.argsort(rows[:, 0])  # rules see pairs by worker
    pairs = Pairs(columns, travel, *rows[order].T)
    blocking = (rule for rule in rules if rule_severity(rule, columns) == "block")
    refused = [(order[~apply_rule(rule, columns, pairs)], rule) for rule in blocking]
    broken = [(int(at.min()), rule) for at, rule in refused if len(at)]
    if broken:
        at, rule = min(broken, key=itemgetter(0))
        pair = Pairs(columns, travel, *rows[at : at + 1].T)
        seen = ", ".join(f"{key}={value}" for key, value in explain_rule(rule, columns, pair).values.items())
        raise InvalidPairsError(
            f"{_where(keep, at)}: refused by rule {rule_name(rule)!r}: {rule_sentence(rule)} ({seen}) "
            f"Release the promise, or make the rule warn"
        )


def _where(keep: Sequence[tuple[str, str]], at: int) -> str:
    return f"keep[{at}] {keep[at]!r}"
