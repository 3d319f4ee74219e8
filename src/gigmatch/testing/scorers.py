"""Whether a scorer keeps its contract."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
from hypothesis import strategies as st

from gigmatch.columns import Columns
from gigmatch.core import kernels
from gigmatch.core.arrays import IndexArray
from gigmatch.errors import GigmatchError
from gigmatch.model import Morning
from gigmatch.pairing.compiled.scores import PointsLoop
from gigmatch.pairing.scoring import (
    Scorer,
    apply_scorer,
    describe_scorer,
    scorer_depends_on,
    scorer_name,
    scorer_side,
)
from gigmatch.testing.bulk import Example, Values, bulk_clauses, examples_of, pairs_of, shown, smaller
from gigmatch.testing.contract import Clause, hold, refuse

__all__ = ["check_scorer"]

_WEIGHTS = (1, 2_500, 100_000_000)
"""Weights in whole units, up to the largest of a policy."""


def check_scorer(scorer: Scorer, *, on: st.SearchStrategy[Morning] | None = None, examples: int = 60) -> None:
    """Hold a scorer of one's own to its contract, on random small mornings.

    The clauses, in this order:

    1. name, ``side`` and ``depends_on`` are what `gigmatch.pairing.scoring` allows, and its parameters can be
       saved;
    2. it does not write into columns or pairs;
    3. it answers with float64[n_pairs] in [0, 1], no pairs and mornings without anybody included;
    4. it is deterministic, and the score of a pair depends neither on the block nor on the order of pairs;
    5. it keeps no state, and may be called from several threads at once;
    6. what it declares with ``depends_on`` is true, and its compiled form, if it has one, gives the same
       points.

    Parameters
    ----------
    scorer : Scorer
        Any callable ``(columns, pairs) -> float64[n_pairs]``.
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
    >>> def pays_well(columns, pairs):
    ...     return columns.shifts.pay_per_hour[pairs.shift] / 100
    >>> check_scorer(pays_well)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    AssertionError: scorer 'pays_well' breaks its contract: it answers any morning with an array of its kind.
    scorer 'pays_well' gave ... for worker ..., shift ...: scores run from 0 to 1, neutral 0.5
    ...
    """
    what = f"scorer {scorer_name(scorer)!r}"
    try:
        scorer_side(scorer)
        side = scorer_depends_on(scorer)
        json.dumps(describe_scorer(scorer))
    except (GigmatchError, TypeError, ValueError) as error:
        refuse(what, "its declarations make sense, and its parameters can be saved", str(error))
    clauses = [
        *bulk_clauses(scorer, lambda scorer: partial(_scores, scorer)),
        Clause(f"what it declares with depends_on={side!r} is true", partial(_depends, scorer)),
        Clause("its compiled form gives the same points", partial(_scored_otherwise, scorer)),
    ]
    hold(what, clauses, examples_of(on, examples), smaller, shown)


def _scores(scorer: Scorer, columns: Columns, worker: IndexArray, shift: IndexArray) -> Values:
    return apply_scorer(scorer, columns, pairs_of(columns, worker, shift))


def _depends(scorer: Scorer, example: Example) -> str | None:
    """A pair whose score differs from that of its row, where it may not."""
    side, scores = scorer_depends_on(scorer), _scores(scorer, example.columns, *example.rows)
    if side is None or not len(scores):
        return None
    table = example.table(scores)
    like = table[:, :1] if side == "worker" else table[:1]
    at = np.flatnonzero((table != like).ravel())
    return f"{example.named(int(at[0]))}: {scores[at[0]]}, but not for its like" if len(at) else None


def _scored_otherwise(scorer: Scorer, example: Example) -> str | None:
    """A pair that its compiled form gives other points, of any weight."""
    columns, pairs = example.columns, pairs_of(example.columns, *example.rows)
    if not kernels.is_available():
        return None
    for weight in _WEIGHTS:
        nothing = (np.zeros(n, np.int64) for n in (columns.n_workers, columns.n_shifts))
        loop = PointsLoop(columns, pairs.travel, [(scorer, weight)], *nothing)
        if loop.rest:
            return None
        plain, compiled = np.rint(_scores(scorer, columns, *example.rows) * weight), loop(pairs)
        at = np.flatnonzero(plain != compiled)
        if len(at):
            points = f"{plain[at[0]]} of {weight} points, but {compiled[at[0]]} by its compiled form"
            return f"{example.named(int(at[0]))}: {points}"
    return None
