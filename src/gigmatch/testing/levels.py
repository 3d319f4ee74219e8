"""Whether a level of a policy keeps its contract."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
from hypothesis import strategies as st

from gigmatch.columns import Columns, columns_of
from gigmatch.core.arrays import IndexArray
from gigmatch.errors import GigmatchError
from gigmatch.model import Morning
from gigmatch.model.morning import of_those_here
from gigmatch.pairing.levels import PolicyLevel, check_levels, describe_level, further_level
from gigmatch.problem import LOTTERY, POINTS
from gigmatch.testing.bulk import Example, Values, bulk_clauses, examples_of, pairs_of, shown, smaller
from gigmatch.testing.contract import Clause, hold, refuse

__all__ = ["check_level"]


def check_level(
    level: PolicyLevel, *, on: st.SearchStrategy[Morning] | None = None, examples: int = 60
) -> None:
    """Hold a level of one's own to its contract, on random small mornings.

    The clauses, in this order:

    1. its name, words and largest weight are what `PolicyLevel` allows, and its parameters can be saved;
    2. it does not write into columns or pairs;
    3. it answers with int64 weights from 0 to its largest, mornings without anybody included;
    4. it is deterministic, and the weight of a pair depends neither on the block nor on the order of pairs;
    5. it keeps no state, and may be called from several threads at once;
    6. nobody's weight depends on who else is there.

    Parameters
    ----------
    level : PolicyLevel
        What weighs workers, shifts or pairs.
    on : strategy of Morning, optional
        Where mornings come from, ``mornings()`` unless given.
    examples : int
        How many mornings.

    Raises
    ------
    AssertionError
        With the first clause that is broken, how, and the smallest morning found that shows it.

    Examples
    --------
    >>> class First:
    ...     name, largest = "first", 1
    ...     words = {"en": "first in the hall", "zh": "最先到的人"}
    ...     def of_workers(self, columns):
    ...         return (np.arange(columns.n_workers) == 0).astype(np.int64)
    >>> check_level(First())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    AssertionError: level 'first' breaks its contract: nobody's weight depends on who else is there.
    ...
    """
    what = f"level {getattr(level, 'name', level)!r}"
    try:
        check_levels((level, POINTS, LOTTERY))
        json.dumps(describe_level(level))
    except (GigmatchError, TypeError, ValueError) as error:
        refuse(what, "its declarations make sense, and its parameters can be saved", str(error))
    clauses = [
        *bulk_clauses(level, lambda level: partial(_weights, level)),
        Clause("nobody's weight depends on who else is there", partial(_depends, level)),
    ]
    hold(what, clauses, examples_of(on, examples), smaller, shown)


def _weights(level: PolicyLevel, columns: Columns, worker: IndexArray, shift: IndexArray) -> Values:
    found = further_level(level, columns, pairs_of(columns, worker, shift))
    total = np.zeros(len(worker), np.int64) if found.pair is None else found.pair.copy()
    if found.worker is not None:
        total += found.worker[worker]
    return total if found.shift is None else total + found.shift[shift]


def _depends(level: PolicyLevel, example: Example) -> str | None:
    """A pair that weighs something else when its worker is alone."""
    table = example.table(_weights(level, example.columns, *example.rows))
    people = {worker.id: worker for worker in example.morning.workers}
    for row, name in enumerate(example.columns.worker_ids):
        alone = columns_of(of_those_here(example.morning.model_copy(update={"workers": (people[name],)})))
        shifts = np.arange(alone.n_shifts)
        weights = _weights(level, alone, np.zeros_like(shifts), shifts)
        if differ := np.flatnonzero(weights != table[row]).tolist():
            pair = example.named(row * example.columns.n_shifts + differ[0])
            return f"{pair}: {table[row, differ[0]]}, and {weights[differ[0]]} when nobody else is there"
    return None
