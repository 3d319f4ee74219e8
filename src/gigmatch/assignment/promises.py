"""Promised and forbidden pairs: ids to rows, and the refusal of a promise that cannot be held."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array
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

__all__ = ["IdPairs", "follow_from_requests", "id_pairs", "kept_rows", "pair_rows", "requested_pairs"]

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
    """Shift row of each promised worker, the first of several, -1 for the others: int32[n_workers].

    Raises
    ------
    InvalidPairsError
        For the first promise, in the order given, that cannot be held. Rules are asked for all the promises
        before one that cannot be held whatever they say, in one block.
    """
    rows = pair_rows(columns, keep, "keep")
    kept = np.full(columns.n_workers, -1, dtype=np.int32)
    left, most = columns.shifts.capacity.copy(), columns.workers.max_shifts
    promised, barred = np.zeros(columns.n_workers, np.int64), set(forbid)
    fault = None
    for at, (worker, shift) in enumerate(rows.tolist()):
        left[shift] -= 1
        if keep[at] in keep[:at] or (kept[worker] >= 0 and most[worker] == 1):
            fault = Told.of("errors.promised_already")
        elif promised[worker] == most[worker]:
            fault = Told.of("errors.promised_most", n=int(most[worker]))
        elif keep[at] in barred:
            fault = Told.of("errors.promised_and_forbidden")
        elif left[shift] < 0:
            fault = Told.of("errors.promised_seats", n=int(columns.shifts.capacity[shift]))
        if fault:
            _refuse_broken(columns, keep, rows[:at], rules, travel)
            raise InvalidPairsError("in_place", place=_where(keep, at), error=fault)
        promised[worker] += 1
        if kept[worker] < 0:
            kept[worker] = shift
    _refuse_broken(columns, keep, rows, rules, travel)
    return kept


def requested_pairs(
    columns: Columns,
    keep: Sequence[tuple[str, str]],
    forbid: Sequence[tuple[str, str]],
    rules: Sequence[Rule],
    travel: Travel,
) -> list[tuple[str, str]]:
    """Pairs that employers asked for by name and that can be promised besides ``keep``.

    Requests for a shift come first, then those for any shift of an employer, each in order of the worker's
    row; of the employer's shifts the most urgent is taken, then the first by id. What was promised already,
    what a blocking rule refuses or ``forbid`` bars, and what finds no seat, is left out.
    """
    asked = _asked_for(columns)
    kept, barred = (
        pair_rows(columns, keep, "keep"),
        set(map(tuple, pair_rows(columns, forbid, "forbid").tolist())),
    )
    may = _may_stand(columns, asked, rules, travel)
    left = columns.shifts.capacity.copy()
    np.subtract.at(left, kept[:, 1], 1)
    placed, found = set(kept[:, 0].tolist()), []
    for worker, shift in map(tuple, asked[may].tolist()):
        if worker not in placed and (worker, shift) not in barred and left[shift] > 0:
            placed.add(worker)
            left[shift] -= 1
            found.append((columns.worker_ids[worker], columns.shift_ids[shift]))
    return found


def follow_from_requests(
    columns: Columns,
    keep: Sequence[tuple[str, str]],
    forbid: Sequence[tuple[str, str]],
    rules: Sequence[Rule],
    travel: Travel,
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Part promised pairs into those that follow from nothing, and those that `requested_pairs` adds.

    Both are sorted, and the same in whatever order the pairs come. Where the market promised some that were
    asked for, and in another way than requests would be promised, a few others may count as its own, too.

    Parameters
    ----------
    columns, forbid, rules, travel
        As for `requested_pairs`.
    keep : sequence of (worker id, shift id)
        All that is promised, requests included: `requested_pairs` adds nothing to them.
    """
    asked = {(columns.worker_ids[w], columns.shift_ids[s]) for w, s in _asked_for(columns).tolist()}
    pairs = sorted(keep, key=lambda pair: (pair in asked, pair))

    def rest_follows(n: int) -> bool:  # of the first n; and then of any more, so that halving finds the least
        return {*pairs[n:]} == {*requested_pairs(columns, pairs[:n], forbid, rules, travel)}

    n = bisect_left(range(len(pairs)), True, key=rest_follows)
    return tuple(sorted(pairs[:n])), tuple(pairs[n:])


def _asked_for(columns: Columns) -> Int64Array:
    """Rows of worker and shift of every pair asked for, in the order in which they are promised."""
    first = np.stack(np.divmod(columns.requested_shift.key, max(columns.n_shifts, 1)), axis=1)
    shifts = columns.shifts
    order = np.lexsort((shifts.tier, shifts.employer))  # stable: by id within
    bounds = np.searchsorted(shifts.employer[order], np.arange(len(columns.employer_ids) + 1))
    n = columns.requested_employer.n_others
    pairs = zip(
        *(part.tolist() for part in np.divmod(columns.requested_employer.key, max(n, 1))), strict=True
    )
    rest = [(w, s) for w, e in pairs for s in order[bounds[e] : bounds[e + 1]].tolist()]
    return np.concatenate([first, np.array(rest, np.int64).reshape(-1, 2)])


def _may_stand(columns: Columns, asked: Int64Array, rules: Sequence[Rule], travel: Travel) -> BoolArray:
    """Which of some pairs no blocking rule refuses: bool[k]."""
    may = np.ones(len(asked), dtype=bool)
    if len(asked):
        order = np.lexsort((asked[:, 1], asked[:, 0]))  # rules see pairs by worker
        pairs = Pairs(columns, travel, *asked[order].T)
        for rule in rules:
            if rule_severity(rule, columns) == "block":
                may[order] &= apply_rule(rule, columns, pairs)
    return may


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
