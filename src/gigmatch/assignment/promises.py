"""Promised and forbidden pairs: ids to rows, and the refusal of a promise that cannot be held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import InvalidPairsError
from gigmatch.i18n import Told
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import (
    Rule,
    apply_rule,
    explain_rule,
    rule_name,
    rule_severity,
    told_sentence,
)
from gigmatch.pairing.travel import Travel

__all__ = ["IdPairs", "id_pairs", "kept_rows", "pair_rows"]

IdPairs = Iterable[tuple[str, str]]


def id_pairs(pairs: IdPairs, name: str) -> tuple[tuple[str, str], ...]:
    """The pairs as given, if they are pairs of ids; ``name`` is what they were passed as."""
    if isinstance(pairs, str | Mapping) or not isinstance(pairs, Iterable):
        raise InvalidPairsError("pairs_no_sequence", name=name, value=pairs)
    found = tuple(tuple(pair) if isinstance(pair, tuple | list) else (pair,) for pair in pairs)
    for at, pair in enumerate(found):
        if len(pair) != 2 or not all(isinstance(key, str) for key in pair):
            raise InvalidPairsError("no_pair_of_ids", name=name, at=at, value=pair)
    return found  # type: ignore[return-value]


def pair_rows(columns: Columns, pairs: Sequence[tuple[str, str]], name: str) -> Int64Array:
    """Rows of worker and shift of pairs of ids: int64[k, 2]."""
    rows = np.empty((len(pairs), 2), dtype=np.int64)
    for at, pair in enumerate(pairs):
        sides = ("worker", columns.worker_row), ("shift", columns.shift_row)
        for key, (side, known) in zip(pair, sides, strict=True):
            if key not in known:
                raise InvalidPairsError(
                    "pair_not_in_morning", name=name, at=at, kind=Told.of(f"words.{side}"), id=key
                )
            rows[at, 0 if side == "worker" else 1] = known[key]
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
            fault = Told.of("errors.promised_already")
        elif keep[at] in barred:
            fault = Told.of("errors.promised_and_forbidden")
        elif left[shift] < 0:
            fault = Told.of("errors.promised_seats", n=int(columns.shifts.capacity[shift]))
        if fault:
            _refuse_broken(columns, keep, rows[:at], rules, travel)
            raise InvalidPairsError("in_place", place=_where(keep, at), error=fault)
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
            "promise_refused",
            where=_where(keep, at),
            rule=rule_name(rule),
            error=told_sentence(rule),
            seen=seen,
        )


def _where(keep: Sequence[tuple[str, str]], at: int) -> str:
    return f"keep[{at}] {keep[at]!r}"
