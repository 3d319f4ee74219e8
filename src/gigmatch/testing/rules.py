"""Whether a rule keeps its contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from hypothesis import strategies as st
from pydantic import ValidationError

from gigmatch.columns import Columns, columns_of
from gigmatch.core import kernels
from gigmatch.core.arrays import IndexArray
from gigmatch.errors import GigmatchError
from gigmatch.model import Morning
from gigmatch.pairing.candidates import compiled_verdicts, verdicts
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import (
    Remedy,
    Rule,
    apply_rule,
    check_rules,
    describe_rule,
    explain_rule,
    restore_rule,
    rule_name,
)
from gigmatch.pairing.travel import StraightLine
from gigmatch.testing.bulk import Example, Values, bulk_clauses, examples_of, pairs_of, shown, smaller
from gigmatch.testing.contract import Clause, hold, refuse

__all__ = ["check_rule"]


def check_rule(rule: Rule, *, on: st.SearchStrategy[Morning] | None = None, examples: int = 60) -> None:
    """Hold a rule of one's own to its contract, on random small mornings.

    The clauses, in this order:

    1. name, severity and ``prunes`` are what `gigmatch.pairing.rules.base` allows, and it can be saved and
       restored;
    2. it does not write into columns or pairs;
    3. it answers with bool[n_pairs], no pairs and mornings without anybody included;
    4. it is deterministic, and the verdict on a pair depends neither on the block nor on the order of pairs;
    5. it keeps no state, and may be called from several threads at once;
    6. what it declares with ``prunes`` is true, and its ``table`` and its compiled form, if it has them, say
       what it says;
    7. ``explain``, if there is one, gives a ``Finding`` of plain data, the same each time, for any pair; and
       where a remedy sets one field of the worker, the shift or the market to a number, a text or a flag, the
       rule then lets the pair stand.

    Parameters
    ----------
    rule : Rule
        Any callable ``(columns, pairs) -> bool[n_pairs]``.
    on : strategy of Morning, optional
        Where mornings come from, ``mornings()`` unless given; ``mornings().map(mine)`` where the rule reads
        attributes of one's own.
    examples : int
        How many mornings.

    Raises
    ------
    AssertionError
        With the first clause that is broken, how, and the smallest morning found that shows it.

    Examples
    --------
    >>> def no_nights(columns, pairs):
    ...     return columns.shifts.end_min[pairs.shift] <= 1320
    >>> no_nights.prunes = "shift"
    >>> check_rule(no_nights)
    >>> no_nights.prunes = "reach"
    >>> check_rule(no_nights)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    AssertionError: rule 'no_nights' breaks its contract: what it declares with prunes='reach' is true.
    ...
    """
    what = f"rule {rule_name(rule)!r}"
    cases = examples_of(on, examples)
    _check_declarations(what, rule, cases[0].columns)
    clauses = [
        *bulk_clauses(rule, lambda rule: partial(_verdicts, rule)),
        Clause(f"what it declares with prunes={_prunes(rule)!r} is true", partial(_pruned_wrongly, rule)),
        Clause("its table and its compiled form say what it says", partial(_said_otherwise, rule)),
    ]
    if getattr(rule, "explain", None):
        clauses += [
            Clause("it explains every pair with a Finding of plain data", partial(_unexplained, rule)),
            Clause("a pair stands once a remedy is taken", partial(_not_remedied, rule)),
        ]
    hold(what, clauses, cases, smaller, shown)


def _verdicts(rule: Rule, columns: Columns, worker: IndexArray, shift: IndexArray) -> Values:
    return apply_rule(rule, columns, pairs_of(columns, worker, shift))


def _prunes(rule: Rule) -> str | None:
    return getattr(rule, "prunes", None)


def _check_declarations(what: str, rule: Rule, columns: Columns) -> None:
    sentence = "its declarations make sense, and it can be saved and restored"
    try:
        check_rules([rule])
        saved = json.loads(json.dumps(describe_rule(rule, columns)))
        restore_rule(saved, [rule])
    except (GigmatchError, TypeError, ValueError) as error:
        refuse(what, sentence, str(error))


def _pruned_wrongly(rule: Rule, example: Example) -> str | None:
    """A pair whose verdict differs where the declaration says that it cannot."""
    kind, columns = _prunes(rule), example.columns
    verdict = _verdicts(rule, columns, *example.rows)
    if kind is None or not len(verdict):
        return None
    if kind == "reach":
        minutes = pairs_of(columns, *example.rows).minutes
        beyond = minutes > columns.workers.travel_limit_min[example.rows[0]]
        at = np.flatnonzero(verdict & beyond)
        return f"{example.named(int(at[0]))}: beyond the worker's reach, and may stand" if len(at) else None
    table = example.table(verdict)
    _, first, group = np.unique(columns.shifts.requirement, return_index=True, return_inverse=True)
    like = {"worker": table[:, :1], "shift": table[:1], "requirement": table[:, first[group]]}[kind]
    at = np.flatnonzero((table != like).ravel())
    return f"{example.named(int(at[0]))}: {verdict[at[0]]}, but not for its like" if len(at) else None


def _said_otherwise(rule: Rule, example: Example) -> str | None:
    """A pair on which the rule says one thing, and its table or its compiled form another."""
    columns, travel = example.columns, StraightLine()
    plain = example.table(_verdicts(rule, columns, *example.rows))
    again = {"table": verdicts(rule, columns, travel, *map(np.arange, plain.shape))}
    if kernels.is_available() and (compiled := compiled_verdicts(rule, columns, travel)) is not None:
        again["compiled form"] = compiled
    for name, said in again.items():
        at = np.flatnonzero(said != plain)
        if len(at):
            return f"{example.named(int(at[0]))}: {plain.ravel()[at[0]]}, but not by its {name}"
    return None


def _unexplained(rule: Rule, example: Example) -> str | None:
    """A pair without a proper finding."""
    for at, pair in enumerate(_each(example)):
        once, again = (explain_rule(rule, example.columns, pair) for _ in range(2))
        if once != again:
            return f"{example.named(at)}: {once} at first, {again} when asked again"
        try:
            json.dumps([once.values, [remedy.needed for remedy in once.remedies]], allow_nan=False)
        except (TypeError, ValueError) as error:
            return f"{example.named(at)}: {once} is no plain data ({error})"
        if reason := next(filter(None, map(_odd, once.remedies)), None):
            return f"{example.named(at)}: {reason}"
    return None


def _odd(remedy: Remedy) -> str | None:
    good = isinstance(remedy, Remedy) and remedy.side in ("worker", "shift", "market")
    return None if good else f"{remedy!r} is no Remedy for the worker, the shift or the market"


def _not_remedied(rule: Rule, example: Example) -> str | None:
    """A refused pair that is still refused after a remedy that sets one field."""
    for at, pair in enumerate(_each(example)):
        for remedy in explain_rule(rule, example.columns, pair).remedies:
            morning = _after(example, pair, remedy)
            if morning is not None and not _stands(rule, example, morning, pair):
                return f"{example.named(at)}: refused even with {remedy}"
    return None


def _each(example: Example) -> Iterator[Pairs]:
    pairs = pairs_of(example.columns, *example.rows)
    return (pairs.take(slice(at, at + 1)) for at in range(len(pairs)))


def _after(example: Example, pair: Pairs, remedy: Remedy) -> Morning | None:
    """The morning with one field set; None if the remedy is not as simple as that."""
    morning, columns = example.morning, example.columns
    if not isinstance(remedy.needed, bool | int | float | str):
        return None
    if remedy.side == "market":
        changed: Morning | None = _with(morning, remedy)
        return changed
    name, row = f"{remedy.side}s", (pair.worker if remedy.side == "worker" else pair.shift)[0]
    identifier = (columns.worker_ids if remedy.side == "worker" else columns.shift_ids)[row]
    listed = [_with(one, remedy) if one.id == identifier else one for one in getattr(morning, name)]
    return None if None in listed else morning.model_copy(update={name: tuple(listed)})


def _with(model: Any, remedy: Remedy) -> Any:
    """The model with the field that a remedy names, validated; None if it has none or may not be so."""
    if remedy.field not in type(model).model_fields:
        return None
    try:
        return type(model)(**(dict(model) | {remedy.field: remedy.needed}))
    except ValidationError:
        return None


def _stands(rule: Rule, example: Example, morning: Morning, pair: Pairs) -> bool:
    old, new = example.columns, columns_of(morning)
    worker = np.array([new.worker_row[old.worker_ids[pair.worker[0]]]])
    shift = np.array([new.shift_row[old.shift_ids[pair.shift[0]]]])
    return bool(_verdicts(rule, new, worker, shift)[0])
