"""The loop from pairs to points: which forms it asks, and what it is called with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array, IndexArray, Int32Array, Int64Array, read_only
from gigmatch.pairing.compiled.forms import Falling, Listed, LookedUp, Raised, ScorerForm, Straight, form_of
from gigmatch.pairing.compiled.rules import fixed, laid_end_to_end, rows_of
from gigmatch.pairing.pairs import Pairs

__all__ = ["PointsLoop", "WaysLoop"]

Weighed = Sequence[tuple[Any, int]]
"""Forms with the points, in whole units, that they bring where they score 1."""


class _LookedUp(NamedTuple):
    rank: NDArray[np.int8]
    """Of all forms, side by side."""
    column: Int32Array
    above: Int32Array
    points: Float64Array
    """Of all forms, end to end."""


class _Falling(NamedTuple):
    zero_min: Float64Array
    weight: Float64Array


class _Raised(NamedTuple):
    worker: Float64Array
    shift: Float64Array
    beside: Float64Array
    alone: Float64Array
    """Points where nothing is known of the worker."""
    weight: Float64Array


class _Listed(NamedTuple):
    listed_from: Int64Array
    listed: Int64Array
    extra: Float64Array
    """Points that an entry brings beyond those of the others."""
    belongs_to: Int32Array


class PointsLoop:
    """The scorers that have a form, each with its weight in whole units.

    Parameters
    ----------
    columns : Columns
        The morning.
    travel : Travel
        What the pairs are made with.
    scorers : sequence of (Scorer, int)
        With and without a form.
    of_worker, of_shift : int64[n_workers], int64[n_shifts]
        Points of one side alone.

    Attributes
    ----------
    rest : list of (Scorer, int)
        Those without a form, which are not counted here.
    """

    def __init__(
        self, columns: Columns, travel: Any, scorers: Weighed, of_worker: Int64Array, of_shift: Int64Array
    ) -> None:
        found = [(form_of(scorer, columns), weight) for scorer, weight in scorers]
        self.rest = [entry for entry, (form, _) in zip(scorers, found, strict=True) if form is None]
        listed = _of_kind(Listed, found)
        usual = sum(np.rint(form.otherwise * weight) for form, weight in listed)
        self._base = fixed(of_worker + usual, np.float64), fixed(of_shift, np.float64)
        falling = _of_kind(Falling, found)
        self._asks_for_ways = bool(falling)
        self._forms: tuple[Any, ...] = (
            *_looked_up(_of_kind(LookedUp, found), columns),
            *_falling(falling, columns),
            *_raised(_of_kind(Raised, found), columns),
            *_listed(listed, columns),
        )
        self._ways = WaysLoop.of(travel, columns)

    def __call__(self, pairs: Pairs) -> Float64Array:
        """Points of pairs that come in runs of one worker, whole numbers: float64[n_pairs]."""
        from gigmatch.pairing.compiled.kernels import points_of_rows

        minutes = np.empty(0)
        if self._asks_for_ways:
            if self._ways is not None and "minutes" not in pairs.ways:
                pairs.ways["minutes"] = read_only(self._ways(pairs))
            minutes = pairs.minutes
        total = np.empty(len(pairs))
        points_of_rows(total, *_rows(pairs), *self._base, fixed(minutes, np.float64), *self._forms)
        return total


class WaysLoop(NamedTuple):
    """Minutes of ways that have a compiled form: what the loop reads, in its order."""

    here: Int32Array
    there: Int32Array
    metres_per_dm: float
    metres_per_min: Float64Array
    start_min: Float64Array

    @classmethod
    def of(cls, travel: Any, columns: Columns) -> WaysLoop | None:
        """Lay it beside the rows; None for a travel without such a form."""
        straight: Straight | None = form_of(travel, columns)
        if straight is None:
            return None
        return cls(
            fixed(np.stack(straight.here, axis=1), np.int32),
            fixed(np.stack(straight.there, axis=1), np.int32),
            float(straight.metres_per_dm),
            fixed(straight.metres_per_min, np.float64),
            fixed(straight.start_min, np.float64),
        )

    def __call__(self, pairs: Pairs) -> Float64Array:
        """Minutes of the way of pairs that come in runs of one worker: float64[n_pairs]."""
        from gigmatch.pairing.compiled.kernels import minutes_of_rows

        minutes = np.empty(len(pairs))
        minutes_of_rows(minutes, *_rows(pairs), *self)
        return minutes


def _rows(pairs: Pairs) -> tuple[IndexArray, IndexArray, IndexArray]:
    return fixed(pairs.worker, np.intp), fixed(pairs.shift, np.intp), fixed(pairs.runs, np.intp)


def _of_kind(kind: type[Any], found: Sequence[tuple[ScorerForm | None, int]]) -> list[tuple[Any, int]]:
    return [(form, weight) for form, weight in found if isinstance(form, kind) and weight]


def _looked_up(forms: Weighed, columns: Columns) -> _LookedUp:
    ranks, points = [np.empty((columns.n_workers, 0), np.int8)], [np.empty(0)]
    column, above = [], []
    for form, weight in forms:
        column.append(form.column + sum(rank.shape[1] for rank in ranks))
        above.append(form.above + sum(map(len, points)))
        ranks.append(form.rank)
        points.append(np.rint(form.score * weight))
    return _LookedUp(
        rank=fixed(np.concatenate(ranks, axis=1), np.int8),
        column=rows_of(column, np.int32, columns.n_shifts),
        above=rows_of(above, np.int32, columns.n_shifts),
        points=fixed(np.concatenate(points), np.float64),
    )


def _falling(forms: Weighed, columns: Columns) -> _Falling:
    zero_min = rows_of([form.zero_min for form, _ in forms], np.float64, columns.n_workers)
    return _Falling(zero_min, _weights(forms))


def _raised(forms: Weighed, columns: Columns) -> _Raised:
    alone = [
        np.rint(np.where(np.isnan(form.beside), form.neutral, form.beside) * weight) for form, weight in forms
    ]
    return _Raised(
        worker=rows_of([form.worker for form, _ in forms], np.float64, columns.n_workers),
        shift=rows_of([form.shift for form, _ in forms], np.float64, columns.n_shifts),
        beside=rows_of([form.beside for form, _ in forms], np.float64, columns.n_shifts),
        alone=rows_of(alone, np.float64, columns.n_shifts),
        weight=_weights(forms),
    )


def _listed(forms: Weighed, columns: Columns) -> _Listed:
    starts, others, values = laid_end_to_end([form.listed for form, _ in forms], columns.n_workers)
    sizes = [len(form.listed.key) for form, _ in forms]
    usual = np.repeat(np.array([np.rint(form.otherwise * weight) for form, weight in forms]), sizes)
    extra = np.rint(values * np.repeat(_weights(forms), sizes)) - usual
    of = [form.of for form, _ in forms]
    return _Listed(starts, others, fixed(extra, np.float64), rows_of(of, np.int32, columns.n_shifts))


def _weights(forms: Weighed) -> Float64Array:
    weights: Float64Array = fixed([weight for _, weight in forms], np.float64)
    return weights
